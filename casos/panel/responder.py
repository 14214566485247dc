"""Opinions and adjustments of the manager's own areas; they are answered on the product's own pages."""

from django.contrib import admin
from django.db.models import Case, Q, Value, When
from django.utils.html import format_html

from casos.actos import DE_UN_CASO, Acto
from casos.catalogos import EstadoAjuste, EstadoOpinion
from casos.expediente.carga import el_mismo
from casos.models import Ajuste, Opinion
from casos.pasos.situacion import situar
from casos.web.volver import desde_el_panel

from .modelos import SoloLectura, es_administrador

# What is owed first, the soonest due of it; then the newest. Opinions and adjustments say it alike.
_PENDIENTE = Q(estado__in=[EstadoOpinion.PENDIENTE, EstadoAjuste.PENDIENTE])
PENDIENTE_PRIMERO = [
    Case(When(_PENDIENTE, then=Value(0)), default=Value(1)),
    Case(When(_PENDIENTE, then="vence")),
    "-pk",
]


class TrabajoAdmin(SoloLectura):
    """Read-only rows with the buttons of the acts that the manager may do now."""

    ordering = PENDIENTE_PRIMERO
    list_select_related = ["caso__cliente", "area"]
    list_filter = ["estado"]
    search_fields = ["caso__folio"]
    change_form_template = "admin/casos/trabajo.html"
    readonly_fields = ["del_caso", "de_area", "quien"]
    de_quien = ""  # the column that says who answered

    def puede_ver(self, request):
        return es_administrador(request) or bool(request.user.areas_a_cargo_ids)

    def get_queryset(self, request):
        filas = super().get_queryset(request)
        if es_administrador(request):
            return filas
        return filas.filter(area__in=request.user.areas_a_cargo_ids)

    @admin.display(description="cliente")
    def cliente(self, obj):
        return str(obj.caso.cliente)

    # Django would link a case and a person to pages of the panel that an area does not have.
    @admin.display(description="caso")
    def del_caso(self, obj):
        return format_html('<a href="{}">{}</a>', obj.caso.get_absolute_url(), obj.caso)

    @admin.display(description="respondió")
    def quien(self, obj):
        return str(getattr(obj, self.de_quien) or "–")

    @admin.display(description="área", ordering="area")
    def de_area(self, obj):
        return str(obj.area)

    @property
    def actos(self) -> list[Acto]:
        """The area's own answers on these rows."""
        modelo = self.model._meta.model_name
        return [a for a in DE_UN_CASO if a.del_area and a.sobre == modelo]

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        if obj is not None:
            exp = el_mismo(obj.caso_id)
            situaciones = [situar(exp, request.user, a, obj.pk) for a in self.actos]
            context["respuestas"] = [
                {"etiqueta": s.acto.etiqueta_para(s.fila), "url": desde_el_panel(s.acto, obj)}
                for s in situaciones
                if s.se_hace
            ]
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)


@admin.register(Opinion)
class OpinionAdmin(TrabajoAdmin):
    de_quien = "dada_por"
    list_display = ["caso", "cliente", "de_area", "estado", "sentido", "vence"]
    fields = ["del_caso", "de_area", "pregunta", "vence", "estado", "sentido", "fundamento", "condiciones",
              "alternativas", "datos_pedidos", "datos_dados", "quien", "dada_en"]  # fmt: skip


@admin.register(Ajuste)
class AjusteAdmin(TrabajoAdmin):
    de_quien = "respondido_por"
    list_display = ["caso", "cliente", "de_area", "que", "estado", "vence"]
    fields = ["del_caso", "de_area", "que", "vence", "estado", "respuesta", "vigor_fecha", "periodo_inicio",
              "periodo_fin", "convenio_referencia", "convenio_fecha", "quien", "respondido_en"]  # fmt: skip
