"""Layer 6: the shapes and names of the addresses. Whole numbers have at most nine digits."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from casos.views import (
    avisos,
    casos,
    clientes,
    cuenta,
    listas,
    pasos,
    pendientes,
    procedimiento,
    registro,
    salud,
)


class FolioConverter(StringConverter):
    regex = r"SV-[0-9]{4}-[0-9]{6}"


class NumeroConverter:
    regex = r"[0-9]{1,9}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


class AccionConverter(StringConverter):
    regex = r"[a-z_]{2,40}"


register_converter(FolioConverter, "folio")
register_converter(NumeroConverter, "numero")
register_converter(AccionConverter, "accion")

urlpatterns = [
    path("", pendientes.pendientes, name="pendientes"),
    path("archivos/<numero:pk>/", casos.archivo, name="archivo"),
    path("avisos/", avisos.lista, name="avisos"),
    path("avisos/<numero:pk>/", avisos.detalle, name="aviso"),
    path("avisos/<numero:pk>/reenviar/", avisos.reenviar, name="aviso_reenviar"),
    path("casos/", listas.lista, name="casos"),
    path("casos/asignar/", listas.asignar, name="casos_asignar"),
    path("casos/exportar/", listas.exportar, name="casos_exportar"),
    path("casos/vistas/", listas.guardar_vista, name="vista_guardar"),
    path("casos/vistas/<numero:pk>/borrar/", listas.borrar_vista, name="vista_borrar"),
    path("casos/nuevo/", registro.nuevo, name="nuevo"),
    path("clientes/", clientes.lista, name="clientes"),
    path("clientes/nuevo/", clientes.nuevo, name="cliente_nuevo"),
    path("clientes/<numero:pk>/", clientes.ficha, name="cliente"),
    path("clientes/<numero:pk>/editar/", clientes.editar, name="cliente_editar"),
    path("clientes/<numero:pk>/fusionar/", clientes.fusionar, name="cliente_fusionar"),
    path("clientes/<numero:pk>/contratos/nuevo/", clientes.contrato_nuevo, name="contrato_nuevo"),
    path(
        "clientes/<numero:pk>/contratos/<numero:contrato>/terminar/",
        clientes.contrato_terminar,
        name="contrato_terminar",
    ),
    path("clientes/<numero:pk>/personas/nueva/", clientes.persona_nueva, name="persona_nueva"),
    path(
        "clientes/<numero:pk>/personas/<numero:persona>/",
        clientes.persona_editar,
        name="persona_editar",
    ),
    path(
        "clientes/<numero:pk>/personas/<numero:persona>/suprimir/",
        clientes.persona_suprimir,
        name="persona_suprimir",
    ),
    path("configurar/", cuenta.falta_configurar, name="falta_configurar"),
    path("cuenta/", cuenta.cuenta, name="cuenta"),
    path("cuenta/confirm-email/", cuenta.a_mi_cuenta, name="account_email_verification_sent"),
    path("cuenta/confirm-email/<str:clave>/", cuenta.a_mi_cuenta, name="account_confirm_email"),
    path("cuenta/email/", cuenta.a_mi_cuenta, name="account_email"),
    path("cuenta/suplencia/", cuenta.nueva_suplencia, name="suplencia_nueva"),
    path("cuenta/suplencia/<numero:pk>/", cuenta.terminar_suplencia, name="suplencia_terminar"),
    path("procedimiento/", procedimiento.procedimiento, name="procedimiento"),
    path("salud/", salud.salud, name="salud"),
    path("casos/<folio:folio>/", casos.caso, name="caso"),
    path("casos/<folio:folio>/<accion:accion>/", pasos.dar_paso, name="paso"),
    path(
        "casos/<folio:folio>/<accion:accion>/<numero:objeto>/", pasos.dar_paso, name="paso_objeto"
    ),
]
