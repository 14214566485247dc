"""``manage.py sembrar --casos N``: bulk cases for load tests, on a database with the demonstration."""

from time import monotonic

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from casos.datos.siembra import Siembra

MAXIMO = 1_000_000


class Command(BaseCommand):
    help = "Agrega miles de casos de mentira a la demostración, para medir con muchos datos."

    def add_arguments(self, parser):
        parser.add_argument("--casos", type=int, required=True, help=f"Cuántos, de 1 a {MAXIMO:,}.")
        parser.add_argument(
            "--meses", type=int, default=24, help="En cuántos meses hasta hoy (24)."
        )
        parser.add_argument("--semilla", type=int, default=21, help="Del azar (21).")

    def handle(self, *args, casos, meses, semilla, **kwargs):
        if not 1 <= casos <= MAXIMO:
            raise CommandError(f"Pide entre 1 y {MAXIMO:,} casos.")
        if not 1 <= meses <= 120:
            raise CommandError("Repártelos en 1 a 120 meses.")
        if not (settings.DEMO or settings.DEBUG):
            raise CommandError(
                "Los casos de mentira no se quitan después: solo se siembran con DEMO=1 o DEBUG=1."
            )
        siembra = Siembra(casos, semilla=semilla, meses=meses)
        if not siembra.hay_de_donde:
            raise CommandError(
                "Faltan personas, catálogos y casos de los que copiar: "
                "carga primero la demostración con «manage.py cargar_demo»."
            )
        inicio = dicho = monotonic()
        for hechos in siembra.hacer():
            if monotonic() - dicho >= 5:
                dicho = monotonic()
                self.stdout.write(f"  {hechos:,} de {casos:,} casos")
        duro = monotonic() - inicio
        self.stdout.write(
            f"{casos:,} casos sembrados en {duro:.0f} s, {casos / duro:,.0f} por segundo."
        )
