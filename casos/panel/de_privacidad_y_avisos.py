"""The firm's privacy notices: a version that was given to somebody no longer changes."""

from django import forms
from django.contrib import admin

from casos.formularios.datos_de_empresa import CampoSitio
from casos.models import AvisoPrivacidad, PlazoDeConservacion
from casos.panel.modelos import Base


class AvisoPrivacidadForm(forms.ModelForm):
    class Meta:
        model = AvisoPrivacidad
        fields = ["version", "desde_fecha", "texto", "enlace", "activo"]
        field_classes = {"enlace": CampoSitio}


@admin.register(AvisoPrivacidad)
class AvisoPrivacidadAdmin(Base):
    form = AvisoPrivacidadForm
    list_display = ["version", "desde_fecha", "enlace", "activo"]
    fields = ["version", "desde_fecha", "texto", "enlace", "activo"]

    def get_readonly_fields(self, request, obj=None):
        dado = obj is not None and obj.entregas.exists()
        return ["version", "desde_fecha", "texto", "enlace"] if dado else []


@admin.register(PlazoDeConservacion)
class PlazoDeConservacionAdmin(Base):
    list_display = ["resultado", "meses"]
    fields = ["resultado", "meses"]

    def get_readonly_fields(self, request, obj=None):
        return ["resultado"] if obj else []
