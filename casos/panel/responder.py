"""Opinions and adjustments of the manager's own areas, answered through the door."""

from dataclasses import replace

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Case, Q, Value, When
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html

from casos.actos import DE_UN_CASO, Acto
from casos.catalogos import EstadoAjuste, EstadoOpinion
from casos.expediente.carga import el_mismo, hoja_de
from casos.formularios.base import version_de
from casos.formularios.escrito import lo_escrito
from casos.formularios.presentacion import condiciones_de
from casos.models import Ajuste, Opinion
from casos.pasos.puerta import ejecutar
from casos.pasos.situacion import Clase, Falta, Rechazo, Situacion, situar
from casos.web.borrador import borrador, desmarcar, recupera
from casos.web.dar_paso import formulario_de, formulario_para_leer

from .modelos import SoloLectura, es_administrador

YA_NO = "Eso ya se contestó o no le toca a tu área."

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

    def get_urls(self):
        info = f"casos_{self.model._meta.model_name}_responder"
        ruta = path(
            "<int:pk>/responder/<slug:accion>/",
            self.admin_site.admin_view(self.responder),
            name=info,
        )
        return [ruta, *super().get_urls()]

    def _enlace(self, obj, accion) -> str:
        nombre = f"admin:casos_{self.model._meta.model_name}_responder"
        return reverse(nombre, args=[obj.pk, accion])

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
                {"etiqueta": s.acto.etiqueta_para(s.fila), "url": self._enlace(obj, s.acto)}
                for s in situaciones
                if s.se_hace
            ]
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    @recupera
    def responder(self, request, pk, accion):
        """The same form as on the case's page, sent to the same door."""
        obj = self.get_queryset(request).filter(pk=pk).first() if len(str(pk)) < 10 else None
        acto = next((a for a in self.actos if a.nombre == accion), None)
        if obj is None or acto is None:
            raise Http404
        if request.method == "POST":
            try:
                hecho = ejecutar(
                    acto,
                    request.user,
                    caso=obj.caso_id,
                    fila=pk,
                    datos=request.POST,
                    archivos=request.FILES,
                )
            except Rechazo as rechazo:
                return self._rechazada(request, obj, rechazo)
            messages.success(request, hecho.mensaje)
            return redirect("admin:index")
        actual = situar(el_mismo(obj.caso_id), request.user, acto, obj.pk)
        escrito = borrador(request)
        if actual.se_hace:
            form = formulario_de(actual, initial=escrito)
            desmarcar(form, escrito)
            return self._pagina(request, obj, actual, form)
        if not escrito:
            raise PermissionDenied(YA_NO)
        return self._pagina(request, obj, replace(actual, faltas=(Falta(YA_NO),)), datos=escrito)

    def _rechazada(self, request, obj, rechazo: Rechazo):
        """The same classes as on the case's page, each with its status."""
        dicha = rechazo.situacion
        if dicha.clase is Clase.VIEJA:
            ahora = situar(el_mismo(obj.caso_id), request.user, dicha.acto, obj.pk)
            form = None
            if ahora.se_hace:
                # The same form with what was typed, and the version of now.
                datos = request.POST.copy()
                datos["version"] = str(version_de(ahora.acto, obj.caso, ahora.fila))
                form = formulario_de(ahora, datos, request.FILES)
            actual = replace(ahora, faltas=dicha.faltas)
            return self._pagina(request, obj, actual, form, datos=request.POST, status=409)
        if dicha.clase in (Clase.AJENO, Clase.RELEVADO, Clase.NO_EXISTE):
            raise PermissionDenied(" ".join(f.mensaje for f in dicha.faltas))
        if rechazo.form is not None:
            return self._pagina(request, obj, dicha, rechazo.form, status=422)
        actual = dicha if dicha.faltas else replace(dicha, faltas=(Falta(YA_NO),))
        return self._pagina(request, obj, actual, datos=request.POST, status=409)

    def _pagina(self, request, obj, actual: Situacion, form=None, *, datos=None, status=None):
        # Beside its field a fault needs no second mention; the rest goes on top.
        faltas = [f.mensaje for f in actual.faltas if not f.campo or form is None]
        if status is None:
            status = 200 if form is not None else 409
        exp = actual.exp or el_mismo(obj.caso_id)
        etiqueta = actual.acto.etiqueta_para(obj)
        contexto = {
            **self.admin_site.each_context(request),
            "title": etiqueta,
            "opts": self.model._meta,
            "fila": obj,
            "caso": obj.caso,
            "condiciones": condiciones_de(hoja_de(exp, obj), exp),
            "form": form,
            "escrito": lo_escrito(formulario_para_leer(actual), datos) if form is None else [],
            "faltas": faltas,
            "boton": etiqueta,
        }
        return TemplateResponse(request, "admin/casos/responder.html", contexto, status=status)


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
