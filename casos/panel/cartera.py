"""Clients and contracts for the commercial manager, with Excel in and out."""

import io
import uuid
from collections import Counter

import tablib
from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse

from casos.archivos import disco, tipos
from casos.clientes import altas, contratos
from casos.formularios.archivos import CampoArchivo
from casos.formularios.campos import CampoLinea
from casos.formularios.clientes import ClienteForm, PersonaForm
from casos.models import Cliente, Contrato, PersonaContacto
from casos.panel.modelos import DeGerencia
from casos.panel.recursos import MAXIMO_FILAS, ClienteRecurso, ContratoRecurso, leer_libro, libro_de
from casos.web.formatos import plural

XLSX = tipos.XLSX.mime
MAXIMO_A_LA_VISTA = 300
NUEVO, CAMBIA, IGUAL, RECHAZADO = "Nuevo", "Cambia", "Sin cambios", "Rechazado"
SOLO_EXCEL = "Tiene que ser un archivo de Excel (.xlsx)."
ILEGIBLE = "Este renglón no se pudo leer: revísalo."


class ImportarForm(forms.Form):
    archivo = CampoArchivo(
        label="Archivo de Excel",
        help_text=f"XLSX con encabezados; hasta {MAXIMO_FILAS:,} renglones.",
        widget=forms.FileInput({"accept": ".xlsx"}),
    )

    def clean_archivo(self):
        archivo = self.cleaned_data["archivo"]
        if archivo.tipo != XLSX:
            raise forms.ValidationError(SOLO_EXCEL)
        return archivo


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
    """Import with a preview of every row (new, changed, equal, rejected), and export."""

    recurso = None
    change_list_template = "admin/casos/lista_con_excel.html"

    def get_urls(self):
        nombre = self.model._meta.model_name
        vista = self.admin_site.admin_view
        return [
            path("importar/", vista(self.importar), name=f"casos_{nombre}_importar"),
            path("importar/plantilla/", vista(self.plantilla), name=f"casos_{nombre}_plantilla"),
            path("exportar/", vista(self.exportar), name=f"casos_{nombre}_exportar"),
            *super().get_urls(),
        ]

    def _revisar_permiso(self, request):
        if not self.has_change_permission(request):
            raise PermissionDenied

    def exportar(self, request):
        self._revisar_permiso(request)
        datos = self.recurso().export(self.get_queryset(request))
        return self._libro(datos, f"{self.model._meta.model_name}s")

    def plantilla(self, request):
        """An empty book with every heading that is read."""
        self._revisar_permiso(request)
        datos = tablib.Dataset(headers=self.recurso().columnas())
        return self._libro(datos, f"plantilla_{self.model._meta.model_name}s")

    @staticmethod
    def _libro(datos, nombre) -> HttpResponse:
        respuesta = HttpResponse(libro_de(datos), content_type=XLSX)
        respuesta["Content-Disposition"] = f'attachment; filename="{nombre}.xlsx"'
        return respuesta

    def importar(self, request):
        self._revisar_permiso(request)
        form = (
            ImportarForm(request.POST, request.FILES)
            if request.method == "POST"
            else ImportarForm()
        )
        datos = resultado = None
        clave = f"importar_{self.model._meta.model_name}"
        if request.method == "POST" and request.POST.get("confirmar"):
            return self._confirmar(request, clave)
        if request.method == "POST" and form.is_valid():
            contenido = form.cleaned_data["archivo"].read()
            try:
                datos = leer_libro(contenido, self.recurso())
            except ValueError as error:
                form.add_error("archivo", str(error))
            else:
                self._olvidar(request, clave)
                try:
                    request.session[clave] = disco.guardar(
                        f"importaciones/{uuid.uuid4().hex}.xlsx", io.BytesIO(contenido)
                    )
                    resultado = self.recurso(request.user).import_data(datos, dry_run=True)
                except disco.SinLugar as error:
                    form.add_error("archivo", str(error))
        filas = self._filas(datos, resultado)
        contexto = {
            **self.admin_site.each_context(request),
            "title": f"Importar {self.model._meta.verbose_name_plural} de Excel",
            "opts": self.model._meta,
            "form": form,
            "columnas": self.recurso().columnas(),
            "desconocidas": getattr(datos, "desconocidas", []),
            "filas": filas[:MAXIMO_A_LA_VISTA],
            "sin_mostrar": len(filas[MAXIMO_A_LA_VISTA:]),
            "totales": Counter(f["que"] for f in filas),
            "sin_cambios": sum(f["que"] == IGUAL for f in filas),
            "hay_resultado": resultado is not None,
            "se_puede": any(f["que"] in (NUEVO, CAMBIA) for f in filas),
        }
        estado = 422 if form.is_bound and form.errors else 200
        return TemplateResponse(request, "admin/casos/importar.html", contexto, status=estado)

    QUE = {"new": NUEVO, "update": CAMBIA}

    def _filas(self, datos, resultado) -> list[dict]:
        """What would become of each row of the sheet: the rejected first, then what changes."""
        if resultado is None:
            return []
        malas = {f.number: " ".join(f.error.messages) for f in resultado.invalid_rows}
        filas = []
        for n, fila in enumerate(resultado.rows, start=1):
            error = malas.get(n) or (ILEGIBLE if fila.errors else "")
            que = RECHAZADO if error else self.QUE.get(fila.import_type, IGUAL)
            filas.append(
                {
                    "numero": datos.renglones[n - 1],
                    "que": que,
                    "error": error,
                    "cambios": [] if error else getattr(fila, "cambios", []),
                    "nombre": " · ".join(filter(None, datos[n - 1][:2])),
                }
            )
        orden = (RECHAZADO, CAMBIA, NUEVO, IGUAL)
        return sorted(filas, key=lambda f: orden.index(f["que"]))

    @staticmethod
    def _olvidar(request, clave) -> None:
        """The file of a preview that nobody confirmed."""
        anterior = request.session.pop(clave, "")
        if anterior:
            default_storage.delete(anterior)

    def _confirmar(self, request, clave):
        guardado = request.session.pop(clave, "")
        destino = reverse(f"admin:casos_{self.model._meta.model_name}_changelist")
        if not guardado or not default_storage.exists(guardado):
            messages.error(request, "La vista previa ya no está: sube el archivo otra vez.")
            return redirect(destino)
        with default_storage.open(guardado) as archivo:
            datos = leer_libro(archivo.read(), self.recurso())
        default_storage.delete(guardado)
        resultado = self.recurso(request.user).import_data(datos, dry_run=False)
        if resultado.has_errors():
            # One row that cannot even be tried undoes them all.
            messages.error(
                request, "No se guardó ningún renglón: revisa el archivo y súbelo otra vez."
            )
            return redirect("./")
        t = resultado.totals
        messages.success(
            request,
            f"Listo: {plural(t['new'], 'nuevo,nuevos')}, {t['update']} con cambios, "
            f"{t['skip']} sin cambios"
            + (f", {plural(t['invalid'], 'rechazado,rechazados')}." if t["invalid"] else "."),
        )
        return redirect(destino)


@admin.register(Cliente)
class ClienteAdmin(ConExcel):
    recurso = ClienteRecurso
    form = ClienteForm
    list_display = ["razon_social", "nombre_comercial", "rfc", "activo"]
    list_filter = ["activo"]
    search_fields = ["razon_social", "nombre_comercial", "rfc"]
    fields = ["razon_social", "nombre_comercial", "rfc", "rfc_repetido", "notas"]

    def get_queryset(self, request):
        # A duplicate that was merged lives on in the one that stayed.
        return super().get_queryset(request).filter(fusionado_en=None)

    def save_model(self, request, obj, form, change):
        if change:
            altas.cambiar_cliente(obj, autor=request.user, **form.datos())
        else:
            obj.pk = altas.crear_cliente(**form.datos(), autor=request.user).pk
        for aviso in form.advertencias:
            messages.warning(request, aviso)

    def view_on_site(self, obj):
        return f"/clientes/{obj.pk}/"


class DatosDeContratoForm(forms.ModelForm):
    class Meta:
        model = Contrato
        fields = ["servicio", "sede", "moneda", "desde_fecha"]
        field_classes = dict.fromkeys(("servicio", "sede"), CampoLinea)


@admin.register(Contrato)
class ContratoAdmin(ConExcel):
    recurso = ContratoRecurso
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
    fields = ["cliente", "numero", "servicio", "sede", "moneda", "desde_fecha"]

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
        return self.puede_ver(request) and (obj is None or obj.suprimida_en is None)

    def save_model(self, request, obj, form, change):
        altas.cambiar_persona(obj, autor=request.user, **form.cleaned_data)

    def view_on_site(self, obj):
        return f"/clientes/{obj.cliente_id}/"
