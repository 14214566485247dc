"""``manage.py proponer_inhabiles``: what the law adds to the table of non-working days (D§4.3)."""

import math

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from casos import calendario
from casos.catalogos import Hecho, OrigenInhabil
from casos.datos import semillas
from casos.models import DiaInhabil
from casos.pasos.recalculo import pedir_recalculo, recalcular_lo_pedido
from casos.seguridad.anotar import anotar
from casos.seguridad.lo_configurado import configurando


class Command(BaseCommand):
    help = (
        "Compara los días inhábiles de un año con los descansos obligatorios de la LFT (art. 74). "
        "Con --aplicar agrega los que faltan y recalcula los plazos abiertos. No quita ninguno."
    )

    def add_arguments(self, parser):
        parser.add_argument("anio", nargs="?", type=int, help="Por omisión, el siguiente.")
        parser.add_argument("--aplicar", action="store_true", help="Agrega los que faltan.")

    def handle(self, *args, anio, aplicar, **kwargs):
        anio = anio or calendario.hoy().year + 1
        if not 2007 <= anio <= 2100:  # art. 74 as it stands today counts from 2006
            raise CommandError("Elige un año entre 2007 y 2100.")
        propuestos = semillas.propuestos(anio)
        hay = {d.fecha: d for d in DiaInhabil.objects.filter(fecha__year=anio, sede=None)}
        faltan = {f: m for f, m in propuestos.items() if f not in hay}
        for fecha, motivo in faltan.items():
            self.stdout.write(f"falta   {fecha:%d/%m/%Y} {motivo}")
        for fecha, dia in sorted(hay.items()):
            if fecha in propuestos:
                nota = "está"
            elif dia.origen == OrigenInhabil.LFT:
                nota = "sobra"
            else:
                nota = "propio"
            self.stdout.write(f"{nota:<7} {fecha:%d/%m/%Y} {dia.motivo}")
        if not faltan:
            self.stdout.write(f"No falta ninguno de {anio}.")
        elif aplicar:
            with transaction.atomic(), configurando():
                for fecha, motivo in faltan.items():  # one by one: each is written down
                    dia = DiaInhabil.objects.create(
                        fecha=fecha, motivo=motivo, origen=OrigenInhabil.LFT
                    )
                    anotar(Hecho.CATALOGO, que=f"{dia._meta.verbose_name} «{dia}»", alta=True)
                pedir_recalculo()
            self.stdout.write(
                f"Agregados: {len(faltan)}. Plazos que cambiaron: {recalcular_lo_pedido(math.inf)[0]}."
            )
        else:
            self.stdout.write("Para agregar los que faltan: --aplicar")
        self.stdout.write(
            "Las jornadas electorales y los días de la empresa se agregan en el panel."
        )
