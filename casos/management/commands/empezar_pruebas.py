"""``manage.py empezar_pruebas``: the starting point of cases from before their rows were proved."""

from django.core.management.base import BaseCommand
from django.db.models import Max

from casos.models import Caso
from casos.pruebas import empezar_varios

TANDA = 200


class Command(BaseCommand):
    help = "Da su punto de partida a los casos de antes: desde ahí se prueba cada fila. Se puede repetir."

    def handle(self, *args, verbosity=1, **kwargs):
        ultimo = Caso.objects.aggregate(m=Max("pk"))["m"] or 0
        cuantos = 0
        for primero in range(1, ultimo + 1, TANDA):
            cuantos += empezar_varios(primero, primero + TANDA - 1)
        if cuantos or verbosity:
            self.stdout.write(f"Casos con punto de partida nuevo: {cuantos:,}.")
