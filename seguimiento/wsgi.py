"""WSGI entry point."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.template import engines
from django.urls import reverse

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "seguimiento.settings")
os.umask(0o077)  # the database, files and mails are read by nobody else on the machine
_django = get_wsgi_application()

from casos.web.entorno_jinja import compilar  # noqa: E402  (they need the settings)

from .middleware import se_puede_leer  # noqa: E402

# Once, before the web server makes its workers: what is loaded now they share.
compilar()
engines.all()
reverse("pendientes")
gc.collect()
gc.freeze()  # what the collector does not touch stays shared
# A page makes some thousands of things and lets go of nearly all: looked for cycles each 700, as Python does by
# itself, the collector took a tenth of its time.
gc.set_threshold(5_000, 5, 5)


def application(environ, start_response):
    """Django's. It reads the charset before any middleware runs, where an odd one is a 500."""
    if not se_puede_leer(environ.get("CONTENT_TYPE", "")):
        environ["CONTENT_TYPE"] = "text/plain; charset=x-no-se-usa"  # answered with 415
    return _django(environ, start_response)
