"""An act in a sentence: done ("Listo: se registró el contacto (SV-…)"), or not to be done."""

from casos import flujo

SE_HIZO = {
    "registrar": "se registró la solicitud",
    "asignar": "el caso ya tiene responsable",
    "planear": "la siguiente acción quedó programada",
    "contactar": "se registró el primer contacto",
    "registrar_contacto": "se registró el contacto",
    "corregir_contacto": "el contacto quedó corregido",
    "corregir_datos": "los datos del registro quedaron corregidos",
    "programar_cita": "la cita quedó programada",
    "mover_cita": "la cita cambió de fecha",
    "celebrar_cita": "la cita quedó como celebrada",
    "cancelar_cita": "la cita quedó cancelada",
    "editar_hoja": "se guardaron las condiciones",
    "actualizar_vigente": "la columna Vigente quedó al día",
    "analizar": "se pidió opinión a las áreas",
    "consultar_area": "se le pidió opinión a otra área",
    "retirar_consulta": "la consulta quedó retirada",
    "opinar": "tu opinión quedó registrada",
    "opinar_verbal": "se anotó la opinión que te dieron de palabra",
    "pedir_datos": "se pidieron los datos que faltan",
    "responder_datos": "se le respondió al área",
    "dispensar": "se continúa sin esa opinión",
    "pedir_mas_analisis": "se pidió más análisis",
    "replantear": "el caso vuelve a análisis",
    "declarar_viable": "la solución quedó como viable",
    "declarar_no_viable": "la solución quedó como no viable",
    "presentar": "se registró la presentación",
    "volver_a_presentar": "la propuesta quedó abierta para corregirla",
    "contraofertar": "se registró la contraoferta",
    "aceptar": "se registró que el cliente aceptó",
    "rechazar": "se registró que el cliente no aceptó",
    "retirar": "se registró que el cliente retiró su solicitud",
    "cerrar_sin_respuesta": "el caso se cerró sin respuesta del cliente",
    "agregar_ajuste": "se pidió el ajuste",
    "confirmar_ajuste": "el ajuste quedó confirmado",
    "indicar_no_puede": "quedó registrado que no se puede",
    "indicar_no_aplica": "quedó registrado que no aplica",
    "pedir_deshacer": "se pidió que se deshaga",
    "retirar_deshacer": "ya no se pide que se deshaga",
    "confirmar_deshecho": "quedó registrado que se deshizo",
    "indicar_no_se_deshace": "quedó registrado que no se puede deshacer",
    "aceptar_como_esta": "el ajuste se queda como está",
    "cerrar_modificado": "el caso se cerró con el contrato modificado",
    "declarar_no_ajustable": "quedó registrado que no se puede ajustar",
    "informar": "se registró que el cliente está informado",
    "anular": "el registro quedó anulado",
    "reabrir": "el caso se reabrió",
    "confirmar_constancia": "confirmaste lo que se dijo de palabra",
    "corregir_constancia": "quedó corregido lo que se anotó como dicho de palabra",
    "aceptar_constancia": "la opinión verbal quedó aceptada",
    "anotar": "la nota quedó escrita",
    "seguir": "ahora sigues este caso",
    "dejar_de_seguir": "ya no sigues este caso",
}


def se_hizo(accion: str, folio: str) -> str:
    return f"Listo: {SE_HIZO[accion]} ({folio})."


# Acts whose button is not an infinitive.
EN_INFINITIVO = {"retirar_deshacer": "dejar de pedir que se deshaga"}


def en_infinitivo(accion: str) -> str:
    """For "no se puede …": "marcar como viable", "dejar de pedir que se deshaga"."""
    etiqueta = flujo.ETIQUETAS[accion]
    return EN_INFINITIVO.get(accion) or etiqueta[0].lower() + etiqueta[1:]
