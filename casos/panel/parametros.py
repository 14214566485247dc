"""Areas, catalogues and settings; deadlines and the calendar are in ``dias_y_horas``."""

from functools import partial

from django import forms
from django.contrib import admin
from django.db import transaction

from casos.catalogos import Catalogo, Movimiento, PideSegundoFactor, QueAjusta, Unidad
from casos.clientes import indice
from casos.clientes.posibilidades import poner_desde_cuando_ceso
from casos.formularios.campos import VariasDeLaLista
from casos.formularios.telefono_y_correo import CampoCorreos
from casos.models import Area, Concepto, Configuracion, Motivo, TipoRequerimiento
from casos.panel.dias_y_horas import EL_HORARIO, ConJornadas, recalcular_despues
from casos.panel.modelos import Base, DeGerencia, LaUnica, es_administrador, es_gerencia
from casos.personas.areas import revisar_desactivacion

DE_CIFRAS = (Movimiento.SUBE, Movimiento.BAJA)


class AreaForm(forms.ModelForm):
    class Meta:
        model = Area
        fields = ["correo"]
        field_classes = {"correo": CampoCorreos}
        widgets = {"correo": forms.Textarea({"rows": 2})}

    def clean_activa(self):
        activa = self.cleaned_data["activa"]
        if self.initial.get("activa") and not activa:
            revisar_desactivacion(self.instance)
        return activa


@admin.register(Area)
class AreaAdmin(Base):
    """The manager of an area changes its address and deadlines; the administrator, everything."""

    form = AreaForm
    list_display = ["nombre", "codigo", "correo", "opina", "ajusta", "activa"]
    fields = [
        "codigo",
        "nombre",
        "correo",
        "dias_opinion",
        "dias_ajuste",
        "sede",
        "opina",
        "ajusta",
        "que_ajusta",
        "que_se_le_pide",
        "contesta_por_enlace",
        "orden",
        "activa",
    ]
    DEL_RESPONSABLE = ("correo", "dias_opinion", "dias_ajuste", "sede")

    def puede_ver(self, request):
        return es_gerencia(request) or bool(request.user.areas_a_cargo_ids)

    def puede_cambiar(self, request, obj=None):
        if es_administrador(request):
            return True
        suyas = request.user.areas_a_cargo_ids
        return bool(suyas) if obj is None else obj.pk in suyas

    def puede_agregar(self, request):
        return es_administrador(request)

    def get_queryset(self, request):
        areas = super().get_queryset(request)
        return (
            areas if es_gerencia(request) else areas.filter(pk__in=request.user.areas_a_cargo_ids)
        )

    def get_readonly_fields(self, request, obj=None):
        if es_administrador(request):
            return ["codigo"] if obj else []
        return [c for c in self.fields if c not in self.DEL_RESPONSABLE]


class MotivoForm(forms.ModelForm):
    def clean(self):
        """Also where what the texts depend on is only read."""
        datos = super().clean()
        pide_detalle = datos.get("pide_detalle", self.instance.pide_detalle)
        if pide_detalle and datos.get("texto_cliente"):
            self.add_error(
                "texto_cliente", "Un motivo que pide detalle no sugiere texto: déjalo vacío."
            )
        if datos.get("catalogo", self.instance.catalogo) == Catalogo.CLIENTE and datos.get(
            "no_decir"
        ):
            self.add_error("no_decir", "Solo un motivo nuestro dice qué no decir: déjalo vacío.")
        return datos


def cuida_los_textos(request) -> bool:
    """Jurídico's manager keeps what may be told to the client, of whatever area the motive is (§7.8)."""
    a_cargo = request.user.areas_a_cargo_ids
    return (
        bool(a_cargo)
        and Area.objects.filter(pk__in=a_cargo, que_ajusta=QueAjusta.CONTRATO).exists()
    )


@admin.register(Motivo)
class MotivoAdmin(Base):
    """Both catalogues for the gerente; an area's manager, the ones of *ours* that are the area's.

    Of the others of ours, Jurídico's manager changes what is told and what is not.
    """

    form = MotivoForm
    DE_JURIDICO = ("texto_cliente", "no_decir")

    list_display = ["nombre", "catalogo", "area", "activo"]
    list_filter = ["catalogo", "activo"]
    search_fields = ["nombre"]
    fields = ["catalogo", "nombre", "area", "texto_cliente", "no_decir", "pide_detalle",
              "ceso_fecha", "orden", "activo"]  # fmt: skip

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if change and "ceso_fecha" in form.changed_data:
            poner_desde_cuando_ceso(obj)
        if change and "nombre" in form.changed_data:
            # Nobody signs in while the record of security is held: not until the last case is done.
            transaction.on_commit(partial(indice.reindexar, obj.casos.all()))

    def puede_ver(self, request):
        return es_gerencia(request) or bool(request.user.areas_a_cargo_ids)

    def puede_cambiar(self, request, obj=None):
        if es_gerencia(request) or obj is None:
            return self.puede_ver(request)
        if obj.catalogo != Catalogo.NUESTRO:
            return False
        return self._es_de_su_area(request, obj) or cuida_los_textos(request)

    def _es_de_su_area(self, request, obj) -> bool:
        return obj.area_id in request.user.areas_a_cargo_ids

    def get_readonly_fields(self, request, obj=None):
        if obj is None or es_gerencia(request) or self._es_de_su_area(request, obj):
            return []
        return [c for c in self.fields if c not in self.DE_JURIDICO]

    def get_queryset(self, request):
        motivos = super().get_queryset(request).select_related("area")
        if es_gerencia(request):
            return motivos
        nuestros = motivos.filter(catalogo=Catalogo.NUESTRO)
        if cuida_los_textos(request):
            return nuestros
        return nuestros.filter(area__in=request.user.areas_a_cargo_ids)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "area" and not es_gerencia(request):
            kwargs["queryset"] = Area.objects.filter(pk__in=request.user.areas_a_cargo_ids)
        campo = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "area" and not es_gerencia(request):
            campo.required = True
        return campo

    def formfield_for_choice_field(self, db_field, request, **kwargs):
        if db_field.name == "catalogo" and not es_gerencia(request):
            kwargs["choices"] = [(Catalogo.NUESTRO.value, Catalogo.NUESTRO.label)]
        return super().formfield_for_choice_field(db_field, request, **kwargs)


class CatalogoAdmin(DeGerencia):
    list_display = ["nombre", "orden", "activo"]
    list_filter = ["activo"]
    search_fields = ["nombre"]

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        kwargs |= {"widget": forms.CheckboxSelectMultiple, "form_class": VariasDeLaLista}
        return super().formfield_for_manytomany(db_field, request, **kwargs)


class TipoForm(forms.ModelForm):
    def clean(self):
        datos = super().clean()
        concepto, sentido = datos.get("concepto"), datos.get("sentido")
        if concepto and concepto.unidad == Unidad.TEXTO and sentido in DE_CIFRAS:
            self.add_error("sentido", "Un texto no aumenta ni disminuye: elige que la cambia.")
        return datos


@admin.register(TipoRequerimiento)
class TipoAdmin(CatalogoAdmin):
    form = TipoForm
    list_display = ["nombre", "concepto", "sentido", "orden", "activo"]
    list_select_related = ["concepto"]
    fields = ["nombre", "areas", "concepto", "sentido", "orden", "activo"]


@admin.register(Concepto)
class ConceptoAdmin(CatalogoAdmin):
    """An area's manager reads which rows of the sheet concern the area."""

    list_display = ["nombre", "unidad", "limite", "interno", "orden", "activo"]
    fields = ["clave", "nombre", "unidad", "limite", "areas", "interno", "orden", "activo"]

    def puede_ver(self, request):
        return es_gerencia(request) or bool(request.user.areas_a_cargo_ids)

    def puede_cambiar(self, request, obj=None):
        return es_gerencia(request)

    def get_queryset(self, request):
        conceptos = super().get_queryset(request)
        if es_gerencia(request):
            return conceptos
        return conceptos.filter(areas__in=request.user.areas_a_cargo_ids).distinct()

    def get_readonly_fields(self, request, obj=None):
        # Sheets already hold values in this unit under this key.
        return ["clave", "unidad"] if obj else []


class ConfiguracionForm(ConJornadas):
    hora_resumen = forms.TimeField(  # Django's own comes with a script
        label="Hora del resumen de la mañana",
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
        error_messages={"invalid": "Escribe la hora como 8:30."},
        help_text="Cada día hábil, hora de la Ciudad de México, entre las 6:00 y las 18:00.",
    )
    segundo_factor_de = forms.MultipleChoiceField(
        label="A quién se le pide segundo factor",
        choices=PideSegundoFactor.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="La próxima vez que entren se les lleva a activarlo; lo pueden dejar para después tres veces.",
    )


@admin.register(Configuracion)
class ConfiguracionAdmin(LaUnica):
    form = ConfiguracionForm
    DE_ADMINISTRADOR = (
        "segundo_factor_de", "acuse_obliga", "acuse_dias", "arco_dias_respuesta", "arco_dias_efecto", "bloqueo_dias",
    )  # fmt: skip

    def get_fieldsets(self, request, obj=None):
        campos = ["vigencia_dias", "reapertura_dias", "ventas_ve_todo", "hora_resumen"]
        campos += self.DE_ADMINISTRADOR if es_administrador(request) else ()
        return [(None, {"fields": campos}), EL_HORARIO]

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if form.guardar_jornadas():
            recalcular_despues(request)
