"""Wiring of the one app."""

import logging
from contextlib import nullcontext

from django.apps import AppConfig
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate, pre_migrate

log = logging.getLogger(__name__)


def tras_migrar(sender, using, plan=(), **kwargs):
    """Triggers of the log, the catalogues that the instruction needs, and whose move each open case is.

    All idempotent. A release may count turns and deadlines otherwise than the one before: cases that
    were open by then would stand in the wrong tray until somebody acts on them.
    """
    from casos import disparadores
    from casos.datos import semillas
    from casos.seguridad import lo_configurado

    # After ``migrate casos zero`` there is nothing to protect or to fill.
    tablas = set(connections[using].introspection.table_names())
    if not disparadores.tablas() <= tablas:
        return
    disparadores.instalar(using)
    _cifrar_semillas(using, tablas)
    subio = any(m.app_label == "casos" and not atras for m, atras in plan)
    es_la_nuestra = using == DEFAULT_DB_ALIAS
    if es_la_nuestra:
        lo_configurado.al_migrar(subio)
        lo_configurado.encender()
    with lo_configurado.configurando() if es_la_nuestra else nullcontext():
        semillas.sembrar_catalogos(using)
    if subio and es_la_nuestra:
        from casos.pasos.recalculo import recalcular

        recalcular()


def _cifrar_semillas(using, tablas):
    """Those of the second factor that an earlier version, or an earlier key, wrote."""
    from allauth.mfa.models import Authenticator

    from casos.acceso import cifrado

    if Authenticator._meta.db_table not in tablas:  # ``migrate casos`` alone, in an empty database
        return
    hechas, ilegibles = cifrado.recifrar(using)
    if hechas:
        log.info("Semillas de segundo factor cifradas con la clave de hoy: %d.", hechas)
    if ilegibles:
        log.error(
            "No se puede leer el segundo factor de %d personas: falta su clave en SECRET_KEY_FALLBACKS. "
            "Si se perdió, quítaselo en la página de cada una.",
            len(set(ilegibles)),
        )


class CasosConfig(AppConfig):
    name = "casos"
    verbose_name = "Seguimiento de venta"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from casos import vigilancia
        from casos.acceso import escuchas
        from casos.formularios import palabras
        from casos.seguridad import lo_configurado

        escuchas.conectar()
        palabras.instalar()
        vigilancia.instalar()
        connection_created.connect(lo_configurado.escuchar)
        pre_migrate.connect(lo_configurado.apagar, sender=self)
        post_migrate.connect(tras_migrar, sender=self)
