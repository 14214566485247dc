"""``manage.py verificar_bitacora``: recompute every chain; names the first broken row."""

from django.core.management.base import BaseCommand, CommandError

from casos.lecturas.verificacion import revisar_bitacora
from casos.models import Caso, Evento, Latido


class Command(BaseCommand):
    help = "Recalcula la cadena de la bitácora y compara todo; nombra la primera fila rota."

    def add_arguments(self, parser):
        parser.add_argument("--caso", default="", help="Solo este folio.")
        parser.add_argument(
            "--sin-archivos",
            action="store_true",
            help="No lee los archivos entregados: más rápido, pero no halla los que se cambiaron.",
        )

    def handle(self, *args, caso, sin_archivos, **kwargs):
        if caso and not Caso.objects.filter(folio=caso).exists():
            raise CommandError(f"No hay ningún caso {caso}.")
        fallas = 0
        for falla in revisar_bitacora(caso, archivos=not sin_archivos):
            fallas += 1
            self.stderr.write(falla)
        if not caso:
            dicho = "" if not fallas else f"No está íntegra: {fallas} fallas."
            Latido.dejar(Latido.VERIFICACION, bien=not fallas, dicho=dicho)
        if fallas:
            raise CommandError(f"La bitácora no está íntegra. Fallas: {fallas}.")
        eventos = Evento.objects.filter(**({"caso__folio": caso} if caso else {}))
        self.stdout.write(f"Bitácora íntegra: {eventos.count()} eventos.")
