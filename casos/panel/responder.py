"""Opinions and adjustments of the manager's own areas, answered through the door."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Case, Value, When
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html

from casos import flujo, permisos
from casos.expediente import carga
from casos.expediente.hechos import Hechos
from casos.formularios.base import version_de
from casos.formularios.escrito import lo_escrito
from casos.formularios.presentacion import condiciones_de
from casos.lecturas.botones import etiqueta_de, le_tocaba
from casos.models import Ajuste, Opinion
from casos.panel.modelos import SoloLectura, es_administrador
from casos.pasos import puerta
from casos.pasos.tabla import PASOS
from casos.web.borrador import borrador, desmarcar, recupera


class TrabajoAdmin(SoloLectura):
    """Read-only rows with the buttons of the acts that the manager may do now."""

    acciones = ()
    # What is owed first, the soonest due of it; then the newest.
    ordering = [
        Case(When(estado="PENDIENTE", then=Value(0)), default=Value(1)),
        Case(When(estado="PENDIENTE", then="vence")),
        "-pk",
    ]
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

    def _ofrece(self, usuario, obj):
        caso = obj.caso
        caso.hechos = Hechos(caso)
        lista = getattr(caso.hechos, puerta.LISTA_DE[self.model._meta.model_name])
        fila = next((f for f in lista if f.pk == obj.pk), None)
        return [
            (accion, fila)
            for accion in self.acciones
            if fila is not None
            and caso.estado in flujo.estados_de(accion)
            and permisos.cargo_para(accion, caso, usuario, fila)
        ]

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        if obj is not None:
            context["respuestas"] = [
                {"etiqueta": etiqueta_de(a, fila), "url": self._enlace(obj, a)}
                for a, fila in self._ofrece(request.user, obj)
            ]
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    @recupera
    def responder(self, request, pk, accion):
        """The same form as on the case's page, sent to the same door."""
        obj = self.get_queryset(request).filter(pk=pk).first()
        if obj is None or accion not in self.acciones or len(str(pk)) > 9:
            raise Http404
        usuario = request.user
        ofrecidas = dict(self._ofrece(usuario, obj))
        form = None
        faltas, estado, teclado = [], 200, request.POST
        if request.method == "POST":
            try:
                hecho = puerta.ejecutar(
                    accion, usuario, caso=obj.caso_id, objeto=pk, datos=request.POST,
                    archivos=request.FILES,
                )  # fmt: skip
            except puerta.PaginaVieja as vieja:
                faltas, estado = [f.mensaje for f in vieja.faltas], 409
                obj = self.get_queryset(request).get(pk=pk)
                ahora = dict(self._ofrece(usuario, obj)).get(accion)
                if ahora is not None:
                    # The same form with what was typed, and the version of now.
                    datos = request.POST.copy()
                    datos["version"] = str(version_de(obj.caso, ahora, accion))
                    form = PASOS[accion].formulario(
                        datos, request.FILES, caso=obj.caso, usuario=usuario, accion=accion,
                        objeto=ahora,
                    )  # fmt: skip
            except puerta.SinPermiso as negado:
                if not le_tocaba(usuario, obj):
                    raise
                faltas, estado = [str(negado)], 409
            except puerta.AccionRechazada as error:
                form, estado = error.form, 422
                # Beside its field it needs no second mention; the rest goes on top.
                faltas = [f.mensaje for f in error.faltas if not f.campo or form is None]
            else:
                messages.success(request, hecho.mensaje)
                return redirect("admin:index")
        elif accion not in ofrecidas:
            faltas, estado = ["Eso ya se contestó o no le toca a tu área."], 409
            teclado = borrador(request)
            if not teclado:
                raise PermissionDenied(faltas[0])
        else:
            escrito = borrador(request)
            form = PASOS[accion].formulario(
                caso=obj.caso, usuario=usuario, accion=accion, objeto=ofrecidas[accion],
                initial=escrito,
            )  # fmt: skip
            desmarcar(form, escrito)
        escrito = []
        if form is None:
            vacio = PASOS[accion].formulario(
                caso=obj.caso, usuario=usuario, accion=accion, objeto=obj
            )
            escrito = lo_escrito(vacio, teclado)
        contexto = {
            **self.admin_site.each_context(request),
            "title": etiqueta_de(accion, obj),
            "opts": self.model._meta,
            "fila": obj,
            "caso": obj.caso,
            "condiciones": condiciones_de(carga.hoja_de(obj.caso, obj), obj.caso),
            "form": form,
            "escrito": escrito,
            "faltas": faltas,
            "boton": etiqueta_de(accion, obj),
        }
        return TemplateResponse(request, "admin/casos/responder.html", contexto, status=estado)


@admin.register(Opinion)
class OpinionAdmin(TrabajoAdmin):
    acciones = ("opinar", "pedir_datos")
    de_quien = "dada_por"
    list_display = ["caso", "cliente", "de_area", "estado", "sentido", "vence"]
    fields = ["del_caso", "de_area", "pregunta", "vence", "estado", "sentido", "fundamento", "condiciones",
              "alternativas", "datos_pedidos", "datos_dados", "quien", "dada_en"]  # fmt: skip


@admin.register(Ajuste)
class AjusteAdmin(TrabajoAdmin):
    acciones = ("confirmar_ajuste", "indicar_no_puede", "indicar_no_aplica", "confirmar_deshecho",
                "indicar_no_se_deshace")  # fmt: skip
    de_quien = "respondido_por"
    list_display = ["caso", "cliente", "de_area", "que", "estado", "vence"]
    fields = ["del_caso", "de_area", "que", "vence", "estado", "respuesta", "vigor_fecha", "periodo_inicio",
              "periodo_fin", "convenio_referencia", "convenio_fecha", "quien", "respondido_en"]  # fmt: skip
