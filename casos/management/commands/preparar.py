"""``manage.py preparar``: everything before the first page, in one process so that it is fast."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from casos.datos import demo
from casos.models import Usuario


class Command(BaseCommand):
    help = "Base de datos, archivos estáticos y, si está vacía y DEMO=1, datos de ejemplo."
    requires_system_checks = []  # "make test" runs them; a start must take seconds

    def add_arguments(self, parser):
        parser.add_argument("--puerto", default="8000")
        parser.add_argument("--sin-demo", action="store_true")

    def handle(self, *args, puerto, sin_demo, **kwargs):
        call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
        call_command("createcachetable", verbosity=0)
        call_command("reindexar", stdout=self.stdout)
        call_command("recontar", stdout=self.stdout)
        call_command("empezar_pruebas", stdout=self.stdout, verbosity=0)
        reunir_estaticos()
        vacia = not Usuario.objects.exists()
        if vacia and settings.DEMO and not sin_demo:
            self.stdout.write("Cargando datos de ejemplo; puede tardar un minuto…")
            self.stdout.flush()
            call_command("cargar_demo", stdout=self.stdout)
            vacia = False
        if sin_demo:
            return
        self.stdout.write(f"\nSeguimiento de venta: http://127.0.0.1:{puerto}/")
        if settings.DEMO:
            gente = " ".join([*(usuario for usuario, *_ in demo.PERSONAS), "admin"])
            self.stdout.write(f"Personas de ejemplo (contraseña «demo»): {gente}")
        elif vacia:
            self.stdout.write("Todavía no hay cuentas: crea la primera con «make administrador».")
        self.stdout.write("Ctrl-C lo detiene.\n")


def reunir_estaticos() -> None:
    """``collectstatic``, only when our files or the libraries' versions have changed."""
    huella = hashlib.sha256((settings.BASE_DIR / "requirements.txt").read_bytes())
    carpetas = [d[1] if isinstance(d, tuple) else d for d in settings.STATICFILES_DIRS]
    for carpeta in map(Path, carpetas):
        for archivo in sorted(a for a in carpeta.rglob("*") if a.is_file()):
            huella.update(str(archivo.relative_to(carpeta)).encode() + b"\0" + archivo.read_bytes())
    sello = Path(settings.STATIC_ROOT) / ".huella"
    if sello.exists() and sello.read_text() == huella.hexdigest():
        return
    # Cleared first: what an earlier version left would be served for ever.
    call_command("collectstatic", verbosity=0, interactive=False, clear=True, skip_checks=True)
    sello.write_text(huella.hexdigest())
