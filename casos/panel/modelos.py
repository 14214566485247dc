"""The base of every page of the panel. No rules about cases here."""

from contextlib import nullcontext

from django import forms
from django.contrib import admin
from django.contrib.admin.options import FORMFIELD_FOR_DBFIELD_DEFAULTS
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, models
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from casos.catalogos import Hecho
from casos.formularios.campos import CampoFecha, CampoFechaHora
from casos.formularios.faltas import que_falta
from casos.formularios.renderizador import AreaTexto
from casos.lecturas.falta_configurar import VUELVE
from casos.seguridad.anotar import anotar
from casos.seguridad.lo_configurado import configurando
from casos.web.confirmacion import con_confirmacion

# The product's own controls, which need no scripts, where Django has its own.
CONTROLES: dict = {tipo: {"widget": None} for tipo in FORMFIELD_FOR_DBFIELD_DEFAULTS} | {
    models.DateTimeField: {"form_class": CampoFechaHora, "widget": None},
    models.DateField: {"form_class": CampoFecha, "widget": None},
    models.TimeField: {"widget": forms.TimeInput({"type": "time"}, format="%H:%M")},
    models.TextField: {"widget": AreaTexto},
}


def es_administrador(request) -> bool:
    return request.user.is_superuser


def es_gerencia(request) -> bool:
    return request.user.is_superuser or request.user.es_gerente


def elegir_el_unico(campo: forms.Field) -> None:
    """Where something must be chosen and there is one to choose, it is chosen: as ``ofrecer`` does."""
    if isinstance(campo, forms.ModelChoiceField) and campo.required:
        posibles = list(campo.queryset[:2])
        if len(posibles) == 1:
            campo.initial, campo.empty_label = posibles[0].pk, None


def vuelve(request) -> HttpResponse | None:
    """To *Falta configurar*, for who came from there."""
    return redirect("falta_configurar") if VUELVE in request.META["QUERY_STRING"] else None


class Base(admin.ModelAdmin):
    """Nothing is deleted (D§3); who may see and change is said by two predicates."""

    list_per_page = 50
    show_full_result_count = False
    save_on_top = False
    view_on_site = False  # Django's way there told the address of what one may not see
    formfield_overrides = CONTROLES

    @property
    def media(self):
        """Nothing: what Django's own pages bring is for widgets that are not here."""
        return forms.Media()

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Without the buttons that open another window."""
        campo = super().formfield_for_dbfield(db_field, request, **kwargs)
        if campo and isinstance(campo.widget, RelatedFieldWidgetWrapper):
            campo.widget = campo.widget.widget
        return campo

    def get_form(self, request, obj=None, **kwargs):
        """Each compulsory field says which datum is missing."""
        formulario = super().get_form(request, obj, **kwargs)
        for campo in formulario.base_fields.values():
            etiqueta = str(campo.label or "")
            dicho = que_falta(campo) or f"Falta este dato: {etiqueta[:1].lower()}{etiqueta[1:]}."
            campo.error_messages["required"] = dicho
            if obj is None and request.method == "GET":
                elegir_el_unico(campo)
        return formulario

    def puede_ver(self, request) -> bool:
        return es_administrador(request)

    def puede_cambiar(self, request, obj=None) -> bool:
        return self.puede_ver(request)

    def puede_agregar(self, request) -> bool:
        return self.puede_cambiar(request)

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    def has_view_permission(self, request, obj=None):
        return request.user.is_active and self.puede_ver(request)

    def has_change_permission(self, request, obj=None):
        return request.user.is_active and self.puede_cambiar(request, obj)

    def has_add_permission(self, request):
        return request.user.is_active and self.puede_agregar(request)

    def has_delete_permission(self, request, obj=None):
        return False

    def changeform_view(self, request, *args, **kwargs):
        """What changes an account asks for the own password first, and gives back what was typed."""
        return con_confirmacion(self._guardar)(request, *args, **kwargs)

    def _guardar(self, request, *args, **kwargs):
        """Another's row came first: asked again, the form sees it, and says so beside the field."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except IntegrityError:
            return super().changeform_view(request, *args, **kwargs)

    def _changeform_view(self, request, *args, **kwargs):
        """Inside its transaction: all that one form changes is one event of the configuration."""
        with configurando() if request.method == "POST" else nullcontext():
            return super()._changeform_view(request, *args, **kwargs)

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        anotar(Hecho.NO_EXISTE, que=request.method, aparte={"ruta": request.path})
        return super()._get_obj_does_not_exist_redirect(request, opts, object_id)

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        if obj is not None and not self.has_change_permission(request, obj):
            nombre = str(self.opts.verbose_name)  # where Django says «Vista …»
            context["title"] = nombre[:1].upper() + nombre[1:]
        context["volver"] = reverse("falta_configurar") if vuelve(request) else ""
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def response_post_save_add(self, request, obj):
        return vuelve(request) or super().response_post_save_add(request, obj)

    def response_post_save_change(self, request, obj):
        return vuelve(request) or super().response_post_save_change(request, obj)

    def get_actions(self, request):
        return {}

    def changelist_view(self, request, extra_context=None):
        # «Seleccione … a modificar» is neither what one always comes for nor how we speak.
        titulo = str(self.opts.verbose_name_plural)
        titulo = titulo[:1].upper() + titulo[1:]
        return super().changelist_view(request, {"title": titulo, **(extra_context or {})})

    def lookup_allowed(self, lookup, value, request=None):
        """Only the filters on offer: a year of five digits, or another's column, is a bad request."""
        campo, _, tipo = lookup.partition("__")
        return campo in self.list_filter and tipo in ("", "exact", "isnull")


class DeGerencia(Base):
    """Catalogues and parameters of the commercial manager (and the administrator)."""

    def puede_ver(self, request):
        return es_gerencia(request)


class LaUnica(DeGerencia):
    """A table of one row: its list leads straight to it, or to where it is made."""

    def puede_agregar(self, request):
        return self.puede_ver(request) and not self.model.objects.exists()

    def render_change_form(self, request, context, **kwargs):
        titulo = str(self.opts.verbose_name).capitalize()
        return super().render_change_form(
            request, context | {"title": titulo, "subtitle": ""}, **kwargs
        )

    def changelist_view(self, request, extra_context=None):
        if not self.has_view_permission(request):
            raise PermissionDenied
        ruta = f"admin:casos_{self.opts.model_name}"
        unica = self.model.objects.order_by("pk").first()
        return redirect(f"{ruta}_change", unica.pk) if unica else redirect(f"{ruta}_add")


class SoloLectura(Base):
    """The log, states and sent mails: nobody edits or deletes them."""

    def puede_cambiar(self, request, obj=None):
        return False

    def puede_agregar(self, request):
        return False
