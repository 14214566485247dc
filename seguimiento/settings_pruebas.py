"""Settings of the tests: the product's own, made fast and strict."""

import os

os.environ.setdefault("SECRET_KEY", "pruebas-" * 8)
from .settings import *  # noqa: E402, F403
from .settings import DATABASES, VAR  # noqa: E402

# A code of a second factor that is about to change is waited for (tests/segundo_factor.py): seldom, this way.
MFA_TOTP_PERIOD = 85  # seconds
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True  # no collected files in a test run
MEDIA_ROOT = VAR / "pruebas" / "archivos"
LLAVE_DE_SELLOS = VAR / "pruebas" / "llave_de_sellos"
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, not memory: threads and other processes must be able to compete for it.
    # Its own for each run, so that two runs at once do not meet.
    DATABASES["default"]["TEST"] = {"NAME": VAR / "pruebas" / f"base{os.getpid()}.sqlite3"}
    (VAR / "pruebas").mkdir(parents=True, exist_ok=True)
