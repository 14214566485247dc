"""What is only looked at: cases, the log, mails, the instruction."""

from django.contrib import admin

from casos.actos import ETIQUETAS
from casos.catalogos import Estado
from casos.models import (
    Aviso,
    Caso,
    Comprobacion,
    Evento,
    RevisionInstruccion,
    Satisfaccion,
    SeccionInstruccion,
)
from casos.panel.modelos import SoloLectura, es_gerencia
from casos.web.formatos import fecha_hora


@admin.register(Caso)
class CasoAdmin(SoloLectura):
    """The state of a case changes only on its own page, through the door."""

    list_display = [
        "folio",
        "cliente",
        "estado",
        "resultado",
        "pendiente_de",
        "vence",
        "responsable",
    ]
    list_filter = ["estado", "resultado"]
    list_select_related = ["cliente", "responsable"]
    search_fields = ["folio"]
    fields = ["folio", "cliente", "contrato", "estado", "resultado", "pendiente_de", "vence",
              "quien", "recibido_en", "registrado_en", "cerrado_en"]  # fmt: skip
    readonly_fields = ["quien"]

    def puede_ver(self, request):
        return es_gerencia(request)

    # Django would link the person to an account that only the administrator opens.
    @admin.display(description="responsable")
    def quien(self, obj):
        return str(obj.responsable or "–")

    def view_on_site(self, obj):
        return obj.get_absolute_url()


class TrasElCierre(SoloLectura):
    """What is asked once a contract was modified: answered on the case's page, through the door."""

    list_filter = ["estado"]
    list_select_related = ["caso__cliente", "respondida_por"]
    search_fields = ["caso__folio"]
    readonly_fields = ["quien", "de_respuesta"]
    ordering = ["-pk"]

    def puede_ver(self, request):
        return es_gerencia(request)

    @admin.display(description="cliente")
    def cliente(self, obj):
        return str(obj.caso.cliente)

    @admin.display(description="quién respondió")
    def quien(self, obj):
        return str(obj.respondida_por or "–")

    @admin.display(description="cuándo")
    def de_respuesta(self, obj):
        return fecha_hora(obj.respondida_en) if obj.respondida_en else "–"

    def view_on_site(self, obj):
        return obj.caso.get_absolute_url()


@admin.register(Comprobacion)
class ComprobacionAdmin(TrasElCierre):
    list_display = ["caso", "cliente", "area", "estado", "desde_fecha", "vence", "de_respuesta"]
    fields = [
        "caso",
        "area",
        "estado",
        "diferencia",
        "desde_fecha",
        "vence",
        "quien",
        "de_respuesta",
    ]


@admin.register(Satisfaccion)
class SatisfaccionAdmin(TrasElCierre):
    list_display = ["caso", "cliente", "estado", "calificacion", "vence", "de_respuesta"]
    fields = ["caso", "estado", "calificacion", "comentario", "pide_reabrir", "desde_fecha", "vence",
              "quien", "de_respuesta"]  # fmt: skip


@admin.register(Evento)
class EventoAdmin(SoloLectura):
    """The log in words; its texts are read on the page of the case, by who may read them."""

    list_display = ["caso", "orden", "que", "desde", "hacia", "quien", "cuando"]
    list_select_related = ["caso", "actor"]
    search_fields = ["caso__folio"]
    ordering = ["-pk"]
    fields = ["caso", "orden", "que", "de_seccion", "desde", "hacia", "quien", "suple_a", "en_lugar_de",
              "segregacion", "cuando", "de_revision", "huella_previa", "su_huella"]  # fmt: skip
    readonly_fields = fields

    @admin.display(description="número")
    def orden(self, obj):
        return obj.numero

    @admin.display(description="qué pasó")
    def que(self, obj):
        return ETIQUETAS.get(obj.accion, obj.accion)

    # On a row's own page Django writes a None as "None": nothing is a dash.
    @admin.display(description="sección")
    def de_seccion(self, obj):
        return obj.seccion or "–"

    @admin.display(description="estado anterior")
    def desde(self, obj):
        return Estado(obj.de).label if obj.de else "–"

    @admin.display(description="estado")
    def hacia(self, obj):
        return Estado(obj.a).label

    @admin.display(description="quién")
    def quien(self, obj):
        return str(obj.actor or "Por sí solo")

    @admin.display(description="sin otra persona que decidiera", boolean=True)
    def segregacion(self, obj):
        return obj.sin_segregacion

    @admin.display(description="cuándo")
    def cuando(self, obj):
        return fecha_hora(obj.en)

    @admin.display(description="revisión de la instrucción")
    def de_revision(self, obj):
        return obj.revision

    @admin.display(description="huella anterior")
    def huella_previa(self, obj):
        return obj.previo

    @admin.display(description="huella")
    def su_huella(self, obj):
        return obj.huella

    def view_on_site(self, obj):
        return obj.caso.get_absolute_url()


@admin.register(Aviso)
class AvisoAdmin(SoloLectura):
    list_display = ["asunto", "para", "estado", "intentos", "creado_en", "enviado_en"]
    list_filter = ["estado"]
    search_fields = ["asunto", "para"]
    fields = ["caso", "asunto", "para", "estado", "intentos", "error", "creado_en", "enviado_en"]
    ordering = ["-pk"]

    def view_on_site(self, obj):
        return f"/avisos/{obj.pk}/"


class SeccionEnLinea(admin.StackedInline):
    model = SeccionInstruccion
    fields = ["clave", "titulo", "texto"]
    readonly_fields = fields
    extra = 0
    can_delete = False

    def has_add_permission(self, request, obj=None):
        return False

    def has_view_permission(self, request, obj=None):
        return True


@admin.register(RevisionInstruccion)
class RevisionAdmin(SoloLectura):
    list_display = ["codigo", "numero", "fecha", "estado"]
    inlines = [SeccionEnLinea]
