"""The firm's privacy notices: a version that was given to somebody no longer changes."""

from django.contrib import admin

from casos.models import AvisoPrivacidad
from casos.panel.modelos import Base


@admin.register(AvisoPrivacidad)
class AvisoPrivacidadAdmin(Base):
    list_display = ["version", "desde_fecha", "enlace", "activo"]
    fields = ["version", "desde_fecha", "texto", "enlace", "activo"]

    def get_readonly_fields(self, request, obj=None):
        dado = obj is not None and obj.entregas.exists()
        return ["version", "desde_fecha", "texto", "enlace"] if dado else []
