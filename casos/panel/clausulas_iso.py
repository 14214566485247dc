"""The clauses of ISO 9001 that are audited: Calidad says what is looked for and what of a case answers it."""

from django import forms
from django.contrib import admin

from casos.models import ClausulaISO
from casos.panel.modelos import Base
from casos.permisos.del_auditor import cuida_las_clausulas
from casos.vocabulario_de_auditoria import Evidencia


class ClausulaForm(forms.ModelForm):
    evidencias = forms.MultipleChoiceField(
        label="Qué evidencia la responde",
        choices=Evidencia.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Elige al menos una evidencia.",
            "invalid_choice": "Elige evidencias de la lista.",
            "invalid_list": "Elige evidencias de la lista.",
        },
    )


@admin.register(ClausulaISO)
class ClausulaAdmin(Base):
    form = ClausulaForm
    list_display = ["numero", "titulo", "activa"]
    fields = ["numero", "titulo", "que_se_busca", "evidencias", "orden", "activa"]

    def puede_ver(self, request):
        return cuida_las_clausulas(request.user)
