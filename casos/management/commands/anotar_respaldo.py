"""``manage.py anotar_respaldo``: the last line of the backup's script, so that its absence is noticed."""

from django.core.management.base import BaseCommand

from casos.models import Latido


class Command(BaseCommand):
    help = "Anota que el respaldo terminó bien; /salud/detalle/ avisa cuando falta."

    def add_arguments(self, parser):
        parser.add_argument(
            "dicho", nargs="?", default="", help="Dónde quedó, si quieres que se lea."
        )

    def handle(self, *args, dicho, **kwargs):
        Latido.dejar(Latido.RESPALDO, dicho=dicho)
