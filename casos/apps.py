"""Wiring of the one app."""

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate


def tras_migrar(sender, using, **kwargs):
    """Triggers of the log and the catalogues that the instruction needs; both idempotent."""
    from casos import disparadores
    from casos.datos import semillas

    # After ``migrate casos zero`` there is nothing to protect or to fill.
    if not disparadores.tablas() <= set(connections[using].introspection.table_names()):
        return
    disparadores.instalar(using)
    semillas.sembrar_catalogos(using)


class CasosConfig(AppConfig):
    name = "casos"
    verbose_name = "Seguimiento de venta"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from casos.formularios import palabras

        palabras.instalar()
        post_migrate.connect(tras_migrar, sender=self)
