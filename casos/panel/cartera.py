"""Clients and contracts for the commercial manager."""

from django import forms
from django.contrib import admin, messages
from django.db import transaction

from casos.clientes import altas, contratos
from casos.formularios.calendario_de_pago import DE_PAGO, ConPago, campos_de_pago
from casos.formularios.campos import CampoLinea
from casos.formularios.clientes import ClienteForm, PersonaForm
from casos.models import Cliente, Contrato, PersonaContacto
from casos.panel.modelos import DeGerencia


class ConCandado(DeGerencia):
    """What is saved was read under lock: the panel writes whole rows, and cases write them too."""

    def get_object(self, request, object_id, from_field=None):
        fila = super().get_object(request, object_id, from_field)
        guarda = request.method == "POST" and transaction.get_connection().in_atomic_block
        if fila is None or not guarda:
            return fila
        filas = self.get_queryset(request).select_for_update(of=("self",), no_key=True)
        return filas.filter(pk=fila.pk).first()


class ConExcel(ConCandado):
    """Excel in and out is where the data are; from here its buttons lead there."""

    change_list_template = "admin/casos/lista_con_excel.html"


@admin.register(Cliente)
class ClienteAdmin(ConExcel):
    form = ClienteForm
    list_display = ["razon_social", "nombre_comercial", "rfc", "activo"]
    list_filter = ["activo"]
    search_fields = ["razon_social", "nombre_comercial", "rfc"]
    fields = ["razon_social", "nombre_comercial", "rfc", "es_otro", "rfc_repetido", "notas"]

    def get_queryset(self, request):
        # A duplicate that was merged lives on in the one that stayed.
        return super().get_queryset(request).filter(fusionado_en=None)

    def save_model(self, request, obj, form, change):
        if change:
            altas.cambiar_cliente(obj, autor=request.user, **form.datos())
        else:
            nuevo = altas.crear_cliente(
                **form.datos(),
                autor=request.user,
                sin_parecidos=not form.cleaned_data["es_otro"],
            )
            obj.pk = nuevo.pk
        for aviso in form.advertencias:
            messages.warning(request, aviso)

    def view_on_site(self, obj):
        return f"/clientes/{obj.pk}/"


class DatosDeContratoForm(ConPago, forms.ModelForm):
    class Meta:
        model = Contrato
        fields = ["servicio", "sede", "moneda", "desde_fecha", *DE_PAGO]
        field_classes = dict.fromkeys(("servicio", "sede"), CampoLinea)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields |= {c: v for c, v in campos_de_pago().items() if c in self.fields}


@admin.register(Contrato)
class ContratoAdmin(ConExcel):
    form = DatosDeContratoForm
    list_display = [
        "numero",
        "cliente",
        "servicio",
        "sede",
        "desde_fecha",
        "terminado_fecha",
        "version",
    ]
    list_select_related = ["cliente"]
    search_fields = ["numero", "servicio", "cliente__razon_social"]
    fields = ["cliente", "numero", "servicio", "sede", "moneda", "desde_fecha", *DE_PAGO]

    def puede_agregar(self, request):
        return False  # with its conditions, from the client's page

    def get_readonly_fields(self, request, obj=None):
        return ["cliente", "numero"]

    def save_model(self, request, obj, form, change):
        contratos.cambiar_contrato(obj, autor=request.user, **form.cleaned_data)

    def view_on_site(self, obj):
        return f"/clientes/{obj.cliente_id}/"


@admin.register(PersonaContacto)
class PersonaAdmin(ConCandado):
    form = PersonaForm
    list_display = ["nombre", "cliente", "puesto", "activa"]
    list_select_related = ["cliente"]
    search_fields = ["nombre", "cliente__razon_social"]

    def puede_agregar(self, request):
        return False

    def puede_cambiar(self, request, obj=None):
        return self.puede_ver(request) and (obj is None or not obj.se_fue)

    def save_model(self, request, obj, form, change):
        altas.cambiar_persona(obj, autor=request.user, **form.datos())

    def view_on_site(self, obj):
        return f"/clientes/{obj.cliente_id}/"
