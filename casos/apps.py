"""Wiring of the one app."""

from django.apps import AppConfig
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models.signals import post_migrate


def tras_migrar(sender, using, plan=(), **kwargs):
    """Triggers of the log, the catalogues that the instruction needs, and whose move each open case is.

    All idempotent. A release may count turns and deadlines otherwise than the one before: cases that
    were open by then would stand in the wrong tray until somebody acts on them.
    """
    from casos import disparadores
    from casos.datos import semillas

    # After ``migrate casos zero`` there is nothing to protect or to fill.
    if not disparadores.tablas() <= set(connections[using].introspection.table_names()):
        return
    disparadores.instalar(using)
    semillas.sembrar_catalogos(using)
    subio = any(m.app_label == "casos" and not atras for m, atras in plan)
    if subio and using == DEFAULT_DB_ALIAS:
        from casos.pasos.recalculo import recalcular

        recalcular()


class CasosConfig(AppConfig):
    name = "casos"
    verbose_name = "Seguimiento de venta"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from casos.formularios import palabras

        palabras.instalar()
        post_migrate.connect(tras_migrar, sender=self)
