"""What is only looked at: cases, the log, mails, the instruction."""

from django.contrib import admin

from casos.models import Aviso, Caso, Evento, RevisionInstruccion, SeccionInstruccion

from .sitio import SoloLectura, es_gerencia


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
              "responsable", "recibido_en", "registrado_en", "cerrado_en"]  # fmt: skip

    def puede_ver(self, request):
        return es_gerencia(request)

    def view_on_site(self, obj):
        return obj.get_absolute_url()


@admin.register(Evento)
class EventoAdmin(SoloLectura):
    list_display = ["caso", "numero", "accion", "de", "a", "actor", "en"]
    list_select_related = ["caso", "actor"]
    search_fields = ["caso__folio"]
    ordering = ["-pk"]


@admin.register(Aviso)
class AvisoAdmin(SoloLectura):
    list_display = ["asunto", "para", "estado", "intentos", "creado_en", "enviado_en"]
    list_filter = ["estado"]
    search_fields = ["asunto", "para"]
    fields = ["caso", "asunto", "para", "estado", "intentos", "error", "creado_en", "enviado_en"]
    ordering = ["-pk"]

    def view_on_site(self, obj):
        return f"/avisos/{obj.pk}/"


class SeccionEnLinea(admin.TabularInline):
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
    list_display = ["codigo", "numero", "fecha", "vigente"]
    inlines = [SeccionEnLinea]
