"""``manage.py mostrar_sello``: a seal as text, to be kept outside the system."""

from django.core.management.base import BaseCommand, CommandError

from casos.lecturas.sellos import cabezas_de
from casos.models import Sello
from casos.seguridad.texto_de_sello import escribir


class Command(BaseCommand):
    help = "Muestra un sello (el último, o el que digas) para guardarlo fuera del sistema."

    def add_arguments(self, parser):
        parser.add_argument("numero", nargs="?", type=int)
        parser.add_argument(
            "--con-cabezas",
            action="store_true",
            help="Con la cabeza de cada caso: así el archivo nombra el primero que cambió.",
        )

    def handle(self, *args, numero, con_cabezas, **kwargs):
        cual = {} if numero is None else {"numero": numero}
        sello = Sello.objects.filter(**cual).order_by("-numero").first()
        if sello is None:
            raise CommandError("No hay ese sello." if numero else "Todavía no hay ningún sello.")
        for linea in escribir(sello, cabezas_de(sello) if con_cabezas else ()):
            self.stdout.write(linea)
