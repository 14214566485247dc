"""``manage.py reindexar``: the search texts that were made as an earlier version made them."""

from time import monotonic

from django.core.management.base import BaseCommand

from casos.clientes import indice
from casos.models import Caso, Cliente


class Command(BaseCommand):
    help = "Rehace los textos de búsqueda que hizo una versión anterior; con --todos, todos."

    def add_arguments(self, parser):
        parser.add_argument("--todos", action="store_true", help="También los que ya están al día.")

    def handle(self, *args, todos, **kwargs):
        clientes, casos = indice.pendientes()
        if todos:
            clientes, casos = Cliente.objects.all(), Caso.objects.all()
        if not (clientes.exists() or casos.exists()):
            return
        inicio = monotonic()
        self.stdout.write("Rehaciendo los textos de búsqueda…")
        self.stdout.flush()
        # Clients first: what is of theirs is copied from them.
        de_clientes = indice.reindexar_clientes(clientes)
        de_casos = indice.reindexar(casos)
        duro = monotonic() - inicio
        self.stdout.write(f"  {de_clientes:,} clientes y {de_casos:,} casos en {duro:.0f} s.")
