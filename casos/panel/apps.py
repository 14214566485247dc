"""The panel's place in Django: its own site, and only its own pages on it."""

from django.contrib.admin.apps import SimpleAdminConfig


class PanelConfig(SimpleAdminConfig):
    """Without autodiscovery: libraries would register models of theirs, in English."""

    default_site = "casos.panel.sitio.Panel"

    def ready(self):
        super().ready()
        from casos.panel import (  # noqa: F401
            cartera,
            clausulas_iso,
            de_privacidad_y_avisos,
            dias_y_horas,
            gente,
            la_empresa,
            parametros,
            registros,
            responder,
        )  # fmt: skip
