"""The shapes and names of the addresses. Whole numbers have at most nine digits."""

from datetime import date

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from casos.web import (
    bajar_archivo,
    bajar_expediente,
    calculo,
    dar_paso,
    llamar,
    para_maquinas,
    registrar,
    salud,
    ver_acceso,
    ver_auditoria,
    ver_ayuda,
    ver_borradores,
    ver_calendario,
    ver_caso,
    ver_clientes,
    ver_conformidad,
    ver_correos,
    ver_cuenta,
    ver_enlace,
    ver_equipo,
    ver_hallazgos,
    ver_importaciones,
    ver_impresos,
    ver_informes,
    ver_lista,
    ver_pendientes,
    ver_privacidad,
    ver_privacidad_de_la_empresa,
    ver_procedimiento,
    ver_revisiones,
    ver_seguridad,
    ver_sellos,
    ver_solicitudes,
    ver_tablero,
    ver_varios,
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


class MesConverter:
    """2026-10: its first day."""

    regex = r"[0-9]{4}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(f"{value}-01")

    def to_url(self, value: str) -> str:
        return value


register_converter(FolioConverter, "folio")
register_converter(NumeroConverter, "numero")
register_converter(AccionConverter, "accion")
register_converter(MesConverter, "mes")

urlpatterns = [
    path("", ver_pendientes.pendientes, name="pendientes"),
    path("archivos/<numero:pk>/", bajar_archivo.archivo, name="archivo"),
    path("auditoria/", ver_auditoria.auditoria, name="auditoria"),
    path("auditoria/nueva/", ver_auditoria.nueva, name="muestra_nueva"),
    path("auditoria/hallazgos/", ver_hallazgos.lista, name="hallazgos"),
    path("auditoria/hallazgos/exportar/", ver_hallazgos.exportar, name="hallazgos_exportar"),
    path("auditoria/hallazgos/nuevo/", ver_hallazgos.nuevo, name="hallazgo_nuevo"),
    path("auditoria/hallazgos/<numero:pk>/", ver_hallazgos.hallazgo, name="hallazgo"),
    path(
        "auditoria/hallazgos/<numero:pk>/<accion:accion>/",
        ver_hallazgos.dar_paso,
        name="hallazgo_paso",
    ),
    path("auditoria/<numero:numero>/", ver_auditoria.muestra, name="muestra"),
    path("auditoria/<numero:numero>.pdf", ver_auditoria.en_pdf, name="muestra_pdf"),
    path("auditoria/<numero:numero>/<folio:folio>/", ver_auditoria.caso, name="muestra_caso"),
    path(
        "auditoria/<numero:numero>/<folio:folio>/hallazgo/",
        ver_hallazgos.del_caso,
        name="muestra_hallazgo",
    ),
    path(
        "auditoria/<numero:numero>/<folio:folio>/nota/<numero:clausula>/",
        ver_auditoria.nota,
        name="muestra_nota",
    ),
    path("archivos/<numero:pk>/ficha/", bajar_archivo.ficha, name="archivo_ficha"),
    path("archivos/<numero:pk>/sensible/", bajar_archivo.sensible, name="archivo_sensible"),
    path("avisos/", ver_correos.lista, name="avisos"),
    path("avisos/reenviar/", ver_correos.reenviar_los_que_fallaron, name="avisos_reenviar"),
    path("avisos/<numero:pk>/", ver_correos.detalle, name="aviso"),
    path("avisos/<numero:pk>/adjunto.pdf", ver_impresos.del_correo, name="aviso_adjunto"),
    path("avisos/<numero:pk>/reenviar/", ver_correos.reenviar, name="aviso_reenviar"),
    path("ayuda/", ver_ayuda.indice, name="ayuda"),
    path("ayuda/<slug:nombre>/", ver_ayuda.pagina, name="ayuda_pagina"),
    path("borrador/", ver_borradores.guardar, name="borrador"),
    path("borrador/descartar/", ver_borradores.descartar, name="borrador_descartar"),
    path("calendario/<str:clave>.ics", ver_calendario.suscrito, name="calendario_suscrito"),
    path("casos/", ver_lista.lista, name="casos"),
    path("casos/asignar/", ver_varios.asignar, name="casos_asignar"),
    path("casos/columnas/", ver_lista.guardar_columnas, name="casos_columnas"),
    path("casos/planear/", ver_varios.planear, name="casos_planear"),
    path("casos/exportar/", ver_lista.exportar, name="casos_exportar"),
    path("casos/vistas/", ver_lista.guardar_vista, name="vista_guardar"),
    path("casos/vistas/<numero:pk>/borrar/", ver_lista.borrar_vista, name="vista_borrar"),
    path("casos/vistas/<numero:pk>/compartir/", ver_lista.compartir_vista, name="vista_compartir"),
    path("casos/nuevo/", registrar.nuevo, name="nuevo"),
    path("casos/calculo/<slug:clave>/", calculo.calculo, name="calculo"),
    path("clientes/", ver_clientes.lista, name="clientes"),
    path("clientes/nuevo/", ver_clientes.nuevo, name="cliente_nuevo"),
    path("clientes/exportar/<slug:tipo>/", ver_importaciones.exportar, name="exportar"),
    path("clientes/importar/", ver_importaciones.importar, name="importar"),
    path("clientes/plantilla/<slug:tipo>/", ver_importaciones.plantilla, name="plantilla"),
    path("clientes/<numero:pk>/", ver_clientes.detalle, name="cliente"),
    path("clientes/<numero:pk>/editar/", ver_clientes.editar, name="cliente_editar"),
    path("clientes/<numero:pk>/fusionar/", ver_clientes.fusionar, name="cliente_fusionar"),
    path(
        "clientes/<numero:pk>/contratos/nuevo/", ver_clientes.contrato_nuevo, name="contrato_nuevo"
    ),
    path(
        "clientes/<numero:pk>/contratos/<numero:contrato>/pago/",
        ver_clientes.contrato_pago,
        name="contrato_pago",
    ),
    path(
        "clientes/<numero:pk>/contratos/<numero:contrato>/terminar/",
        ver_clientes.contrato_terminar,
        name="contrato_terminar",
    ),
    path(
        "clientes/<numero:pk>/contratos/<numero:contrato>/sigue/",
        ver_clientes.contrato_sigue,
        name="contrato_sigue",
    ),
    path("clientes/<numero:pk>/personas/nueva/", ver_clientes.persona_nueva, name="persona_nueva"),
    path(
        "clientes/<numero:pk>/personas/<numero:persona>/",
        ver_clientes.persona_editar,
        name="persona_editar",
    ),
    path(
        "clientes/<numero:pk>/personas/<numero:persona>/aviso/",
        ver_clientes.persona_aviso,
        name="persona_aviso",
    ),
    path("configurar/seguridad/", ver_seguridad.lista, name="registro_de_seguridad"),
    path("configurar/seguridad/exportar/", ver_seguridad.exportar, name="registro_exportar"),
    path("configurar/estado/", salud.pagina, name="estado_del_sistema"),
    path("configurar/", ver_cuenta.falta_configurar, name="falta_configurar"),
    path("cuenta/", ver_cuenta.cuenta, name="cuenta"),
    path("cuenta/calendario/", ver_calendario.crear, name="calendario_crear"),
    path("cuenta/calendario/anular/", ver_calendario.anular, name="calendario_anular"),
    path("cuenta/confirm-email/", ver_cuenta.a_mi_cuenta, name="account_email_verification_sent"),
    path("cuenta/confirm-email/<str:clave>/", ver_cuenta.a_mi_cuenta, name="account_confirm_email"),
    path("cuenta/correos/", ver_cuenta.correos, name="cuenta_correos"),
    path("cuenta/email/", ver_cuenta.a_mi_cuenta, name="account_email"),
    path("cuenta/reauthenticate/", ver_acceso.Confirmar.as_view(), name="account_reauthenticate"),
    path("cuenta/segundo-factor/", ver_acceso.pide_segundo_factor, name="segundo_factor"),
    path("cuenta/segundo-factor/despues/", ver_acceso.posponer, name="segundo_factor_posponer"),
    path("cuenta/sesiones/cerrar/", ver_acceso.cerrar_las_demas, name="sesiones_cerrar"),
    path("cuenta/sesiones/<numero:pk>/cerrar/", ver_acceso.cerrar_una, name="sesion_cerrar"),
    path("cuenta/sessions/", ver_cuenta.a_mi_cuenta, name="usersessions_list"),
    path("cuenta/suplencia/", ver_cuenta.nueva_suplencia, name="suplencia_nueva"),
    path("cuenta/suplencia/<numero:pk>/", ver_cuenta.terminar_suplencia, name="suplencia_terminar"),
    path("cuenta/teclas/", ver_cuenta.teclas, name="cuenta_teclas"),
    path("equipo/", ver_equipo.equipo, name="equipo"),
    path("equipo/reasignar/", ver_equipo.reasignar, name="equipo_reasignar"),
    path("importaciones/<numero:pk>/", ver_importaciones.importacion, name="importacion"),
    path(
        "importaciones/<numero:pk>/cancelar/",
        ver_importaciones.cancelar,
        name="importacion_cancelar",
    ),
    path(
        "importaciones/<numero:pk>/columnas/",
        ver_importaciones.columnas,
        name="importacion_columnas",
    ),
    path(
        "importaciones/<numero:pk>/guardar/", ver_importaciones.guardar, name="importacion_guardar"
    ),
    path(
        "importaciones/<numero:pk>/rechazados/",
        ver_importaciones.rechazados,
        name="importacion_rechazados",
    ),
    path("responder/<str:firma>/", ver_enlace.por_enlace, name="por_enlace"),
    path("responder/<str:firma>/<slug:accion>/", ver_enlace.por_enlace, name="por_enlace_acto"),
    path("privacidad/", ver_privacidad.privacidad, name="privacidad"),
    path("privacidad/solicitudes/", ver_solicitudes.solicitudes, name="solicitudes"),
    path("privacidad/solicitudes/nueva/", ver_solicitudes.nueva, name="solicitud_nueva"),
    path("privacidad/solicitudes/<numero:pk>/", ver_solicitudes.solicitud, name="solicitud"),
    path(
        "privacidad/solicitudes/<numero:pk>/<slug:que>/",
        ver_solicitudes.solicitud_acto,
        name="solicitud_acto",
    ),
    path("privacidad/conservacion/", ver_privacidad.conservacion, name="conservacion"),
    path("privacidad/lecturas/", ver_privacidad.lecturas, name="lecturas_sensibles"),
    path("privacidad/personas/<numero:pk>/", ver_privacidad.persona, name="privacidad_persona"),
    path(
        "privacidad/personas/<numero:pk>/datos.pdf",
        ver_privacidad.persona_pdf,
        name="privacidad_persona_pdf",
    ),
    path("privacidad/empresa/", ver_privacidad_de_la_empresa.empresa, name="privacidad_empresa"),
    path(
        "privacidad/empresa/<numero:pk>/",
        ver_privacidad_de_la_empresa.usuario,
        name="privacidad_usuario",
    ),
    path(
        "privacidad/empresa/<numero:pk>/aviso/",
        ver_privacidad_de_la_empresa.usuario_aviso,
        name="privacidad_usuario_aviso",
    ),
    path(
        "privacidad/empresa/<numero:pk>/suprimir/",
        ver_privacidad_de_la_empresa.usuario_suprimir,
        name="privacidad_usuario_suprimir",
    ),
    path(
        "privacidad/empresa/<numero:pk>/datos.pdf",
        ver_privacidad.usuario_pdf,
        name="privacidad_usuario_pdf",
    ),
    path(
        "privacidad/personas/<numero:pk>/bloquear/",
        ver_privacidad.bloquear,
        name="privacidad_bloquear",
    ),
    path(
        "privacidad/personas/<numero:pk>/desbloquear/",
        ver_privacidad.desbloquear,
        name="privacidad_desbloquear",
    ),
    path(
        "privacidad/personas/<numero:pk>/suprimir/",
        ver_privacidad.suprimir,
        name="privacidad_suprimir",
    ),
    path("procedimiento/", ver_procedimiento.procedimiento, name="procedimiento"),
    path("procedimiento/nueva/", ver_revisiones.nueva, name="revision_nueva"),
    path("procedimiento/sellos/", ver_sellos.sellos, name="sellos"),
    path("procedimiento/casos/", ver_revisiones.casos, name="revision_casos"),
    path("procedimiento/distribucion/", ver_revisiones.distribucion, name="distribucion"),
    path(
        "procedimiento/distribucion.pdf", ver_revisiones.distribucion_pdf, name="distribucion_pdf"
    ),
    path("procedimiento/<numero:numero>/", ver_revisiones.revision, name="revision"),
    path("procedimiento/<numero:numero>/acuse/", ver_revisiones.acuse, name="revision_acuse"),
    path("procedimiento/<numero:numero>/editar/", ver_revisiones.editar, name="revision_editar"),
    path("procedimiento/<numero:numero>/pasar/", ver_revisiones.pasar, name="revision_pasar"),
    path(
        "procedimiento/<numero:numero>/comparar/<numero:otra>/",
        ver_revisiones.comparacion,
        name="revision_comparar",
    ),
    path("procedimiento/conformidad/", ver_conformidad.conformidad, name="conformidad"),
    path("procedimiento/anexo-11.pdf", ver_procedimiento.anexo_pdf, name="anexo_pdf"),
    path("procedimiento/anexo-11.bpmn", ver_procedimiento.anexo_bpmn, name="anexo_bpmn"),
    path("procedimiento/<numero:numero>.pdf", ver_procedimiento.en_pdf, name="revision_pdf"),
    path("tablero/", ver_tablero.tablero, name="tablero"),
    path("tablero/informes/", ver_informes.informes, name="informes"),
    path("tablero/informes/<mes:mes>.pdf", ver_informes.informe, name="informe"),
    path("tablero/exportar/", ver_tablero.exportar, name="tablero_exportar"),
    path("salud/", salud.salud, name="salud"),
    path("salud/detalle/", salud.detalle, name="salud_detalle"),
    path("robots.txt", para_maquinas.robots, name="robots"),
    path("favicon.ico", para_maquinas.favicon, name="favicon"),
    path(".well-known/security.txt", para_maquinas.seguridad, name="seguridad"),
    path("casos/<folio:folio>/", ver_caso.caso, name="caso"),
    path("casos/<folio:folio>/primer-pago/", calculo.primer_pago, name="primer_pago"),
    path("casos/<folio:folio>/acuerdo.pdf", ver_impresos.acuerdo, name="acuerdo_pdf"),
    path("casos/<folio:folio>/propuesta.pdf", ver_impresos.borrador, name="propuesta_borrador"),
    path(
        "casos/<folio:folio>/propuesta-<numero:numero>.pdf",
        ver_impresos.propuesta,
        name="propuesta_pdf",
    ),
    path("casos/<folio:folio>/expediente.pdf", bajar_expediente.en_pdf, name="expediente_pdf"),
    path("casos/<folio:folio>/expediente.zip", bajar_expediente.en_zip, name="expediente_zip"),
    path(
        "casos/<folio:folio>/expediente-cubierto.pdf",
        bajar_expediente.cubierto,
        name="expediente_cubierto",
    ),
    path("casos/<folio:folio>/puntos/", ver_conformidad.puntos, name="puntos"),
    path("casos/<folio:folio>/llamada/", llamar.llamada, name="llamada"),
    path("casos/<folio:folio>/<accion:accion>/", dar_paso.dar_paso, name="paso"),
    path(
        "casos/<folio:folio>/<accion:accion>/<numero:objeto>/",
        dar_paso.dar_paso,
        name="paso_objeto",
    ),
]
