"""``manage.py preparar``: everything before the first page, in one process so that it is fast."""

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from casos.models import Usuario

GENTE = "ventas ventas2 gerente atencion direccion juridico dh operaciones finanzas nominas rys calidad auditor admin"


class Command(BaseCommand):
    help = "Base de datos, archivos estáticos y, si está vacía y DEMO=1, datos de ejemplo."

    def add_arguments(self, parser):
        parser.add_argument("--puerto", default="8000")
        parser.add_argument("--sin-demo", action="store_true")

    def handle(self, *args, puerto, sin_demo, **kwargs):
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
        call_command("collectstatic", verbosity=0, interactive=False)
        vacia = not Usuario.objects.exists()
        if vacia and settings.DEMO and not sin_demo:
            self.stdout.write("Cargando datos de ejemplo…")
            call_command("cargar_demo")
            vacia = False
        if sin_demo:
            return
        self.stdout.write(f"\nSeguimiento de venta: http://127.0.0.1:{puerto}/")
        if settings.DEMO:
            self.stdout.write(f"Personas de ejemplo (contraseña «demo»): {GENTE}")
        elif vacia:
            self.stdout.write("Todavía no hay cuentas: crea la primera con «make administrador».")
        self.stdout.write("Ctrl-C lo detiene.\n")
