"""*Datos de la empresa*: the one row, and its logo as it is kept."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.urls import path, reverse
from django.utils.html import format_html

from casos.archivos.disco import SinLugar
from casos.formularios.datos_de_empresa import EmpresaForm
from casos.models import Empresa
from casos.panel.modelos import LaUnica
from casos.personas import membrete


@admin.register(Empresa)
class EmpresaAdmin(LaUnica):
    """What the mails to clients say of the firm."""

    form = EmpresaForm

    def get_form(self, request, obj=None, **kwargs):
        formulario = super().get_form(request, obj, **kwargs)
        formulario.sin_lugar = getattr(request, "sin_lugar", "")
        return formulario

    def changeform_view(self, request, *args, **kwargs):
        try:
            return super().changeform_view(request, *args, **kwargs)
        except SinLugar as error:
            request.sin_lugar = str(error)  # said beside the field; the rest stays as it was typed
            return super().changeform_view(request, *args, **kwargs)

    def get_fields(self, request, obj=None):
        con_logo = (
            ["logo_actual", "logo_nuevo", "quitar_logo"] if obj and obj.logo_id else ["logo_nuevo"]
        )
        return [*EmpresaForm.Meta.fields, *con_logo]

    def get_readonly_fields(self, request, obj=None):
        return ["logo_actual"] if obj and obj.logo_id else []

    @admin.display(description="Logotipo")
    def logo_actual(self, obj):
        ancho, alto = obj.logo.medidas
        return format_html(
            '<img class="logotipo" src="{}" width="{}" height="{}" alt="Logotipo de {}">',
            reverse("admin:casos_empresa_logo"), ancho, alto, obj.nombre,
        )  # fmt: skip

    def save_model(self, request, obj, form, change):
        membrete.guardar(
            obj,
            logo=form.cleaned_data.get("logo_nuevo"),
            quitar=form.cleaned_data.get("quitar_logo", False),
        )

    def get_urls(self):
        propia = path("logo/", self.admin_site.admin_view(self.ver_logo), name="casos_empresa_logo")
        return [propia, *super().get_urls()]

    def ver_logo(self, request):
        """The picture, of the type that its bytes had; never a page."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        logo = Empresa.actual().logo
        if logo is None:
            raise Http404
        try:
            contenido = logo.bytes()
        except OSError:
            raise Http404 from None
        respuesta = HttpResponse(contenido, content_type=logo.tipo)
        respuesta["X-Content-Type-Options"] = "nosniff"
        respuesta["Content-Security-Policy"] = "default-src 'none'; sandbox"
        respuesta["Content-Disposition"] = "inline"
        return respuesta
