"""``manage.py archivos_sueltos``: files that no case names, and cases whose file is missing."""

from django.core.management.base import BaseCommand
from django.template.defaultfilters import filesizeformat

from casos.lecturas import sueltos
from casos.tareas import quitar


class Command(BaseCommand):
    help = (
        "Dice qué archivos de más de un día no nombra ningún caso, y a qué casos les falta el suyo."
    )

    def add_arguments(self, parser):
        parser.add_argument("--borrar", action="store_true", help="Quita los que nadie nombra.")

    def handle(self, *args, borrar, **kwargs):
        hallado = sueltos.buscar()
        if borrar:
            hallado.sin_fila = quitar(hallado)
        for ruta, peso in hallado.sin_fila:
            self.stdout.write(
                f"{'quitado' if borrar else 'suelto'}: {ruta} ({filesizeformat(peso)})"
            )
        for fila in hallado.sin_archivo:
            self.stdout.write(fila)
        que = "quitados" if borrar else "sueltos"
        self.stdout.write(
            f"Archivos {que}: {len(hallado.sin_fila)} ({filesizeformat(hallado.peso)}). "
            f"Filas sin su archivo: {len(hallado.sin_archivo)}."
        )
