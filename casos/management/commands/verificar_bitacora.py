"""``manage.py verificar_bitacora``: recompute every chain; names the first broken row."""

from django.core.management.base import BaseCommand, CommandError

from casos.consultas.bitacora import revisar_bitacora
from casos.models import Evento


class Command(BaseCommand):
    help = "Recalcula la cadena de la bitácora y compara todo; nombra la primera fila rota."

    def add_arguments(self, parser):
        parser.add_argument("--caso", default="", help="Solo este folio.")

    def handle(self, *args, caso, **kwargs):
        fallas = 0
        for falla in revisar_bitacora(caso):
            fallas += 1
            self.stderr.write(falla)
        if fallas:
            raise CommandError(f"La bitácora está rota en {fallas} caso(s).")
        self.stdout.write(f"Bitácora íntegra: {Evento.objects.count()} eventos.")
