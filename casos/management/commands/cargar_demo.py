"""``manage.py cargar_demo``: about 60 cases made through the door under a moved clock.

Their logs are real: every step is an act of a person at its own date. The same every time.
"""

from datetime import timedelta

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from casos.catalogos import Estado, EstadoAviso
from casos.datos.auditoria_de_muestra import auditar
from casos.datos.demo import (
    crear_aviso_de_privacidad,
    crear_contratos,
    crear_empresa,
    crear_personas,
    decir_como_se_pagan,
)
from casos.datos.relato import Relator
from casos.models import Aviso, Caso, Usuario


class Command(BaseCommand):
    help = "Carga personas, clientes, contratos y casos de ejemplo en una base vacía."

    def handle(self, *args, **kwargs):
        if Caso.objects.exists() or Usuario.objects.exists():
            raise CommandError("La base ya tiene datos; la demostración se carga en una vacía.")
        with transaction.atomic():
            crear_empresa()
            crear_aviso_de_privacidad()
            gente = crear_personas()
            contratos = crear_contratos()
            relator = Relator(gente, contratos)
            relator.contar()
            # Told last: what was agreed in the past was paid before anybody wrote down how.
            decir_como_se_pagan(contratos, gente["gerente"])
            auditar(gente)
            # What was told in the past was also mailed in the past.
            pendientes = Aviso.objects.filter(estado=EstadoAviso.PENDIENTE)
            fallido = pendientes.filter(caso__estado=Estado.EN_ANALISIS).order_by("-pk").first()
            pendientes.exclude(pk=fallido.pk).update(
                estado=EstadoAviso.ENVIADO, enviado_en=F("creado_en"), intentos=1
            )
            # What only informed was read on the screen; of the last day, it waits for the morning.
            ayer = timezone.now() - timedelta(days=1)
            Aviso.objects.filter(estado=EstadoAviso.RESUMEN, creado_en__lt=ayer).update(
                estado=EstadoAviso.LEIDO
            )
            Aviso.objects.filter(pk=fallido.pk).update(
                estado=EstadoAviso.FALLIDO,
                intentos=6,
                error="El servidor de correo no responde.",
            )
        self.stdout.write(
            f"{len(gente)} personas, {len(contratos)} contratos, {Caso.objects.count()} casos."
        )
