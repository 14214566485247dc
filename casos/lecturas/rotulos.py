"""Words and drawings of the log: how actions, data and figures are called on screen.

Vocabulary only: no queries, no rules.
"""

from casos import catalogos, permisos

VER = {
    "": "Todo",
    "contactos": "Contactos",
    "pasos": "Pasos",
    "correos": "Correos",
    "notas": "Notas",
}
DE_CONTACTO = (
    "contactar", "registrar_contacto", "corregir_contacto", "programar_cita", "mover_cita",
    "celebrar_cita", "cancelar_cita", "presentar", "informar",
)  # fmt: skip
# A question withdrawn says nothing of what the area thinks.
CON_FUNDAMENTO = frozenset(
    a for a, sobre in permisos.SOBRE.items() if sobre in ("opinion", "constancia")
) - {"retirar_consulta"}
ICONOS = {
    "registrar": "recibido", "asignar": "asignar", "contactar": "telefono",
    "registrar_contacto": "telefono", "corregir_contacto": "lapiz", "corregir_datos": "lapiz",
    "editar_hoja": "lapiz", "actualizar_vigente": "lapiz", "anotar": "nota",
    "planear": "calendario", "programar_cita": "calendario", "mover_cita": "calendario",
    "celebrar_cita": "calendario", "cancelar_cita": "calendario", "declarar_viable": "decision",
    "declarar_no_viable": "decision", "declarar_no_ajustable": "decision",
    "contraofertar": "propuesta", "aceptar": "hecho", "rechazar": "rechazado",
    "reabrir": "reabrir", "cerrar_modificado": "hecho", "cerrar_sin_respuesta": "cerrar",
    "retirar": "cerrar", "anular": "cerrar", "seguir": "bandera", "dejar_de_seguir": "bandera",
    "fusionar_cliente": "clientes",
}  # fmt: skip
ICONOS_DE_MEDIO = {
    "TELEFONO": "telefono", "VISITA": "visita", "VIDEOLLAMADA": "videollamada",
    "WHATSAPP": "whatsapp", "CORREO": "correos",
}  # fmt: skip
ICONOS_DE_SECCION = {"7.3": "opinion", "7.5": "propuesta", "7.7": "ajuste", "7.8": "informar"}
CLASES = {
    "aceptar": "hecho", "cerrar_modificado": "hecho", "confirmar_ajuste": "hecho",
    "declarar_viable": "hecho", "rechazar": "rechazado", "declarar_no_viable": "rechazado",
    "declarar_no_ajustable": "rechazado", "indicar_no_puede": "rechazado", "anular": "rechazado",
}  # fmt: skip

# What the data of an event are called on screen; what is not here is not shown.
DATOS = {
    "cuando": "Cuándo", "dicho_en": "Cuándo lo dijo", "recibido_en": "Se recibió",
    "ordeno_en": "Cuándo lo ordenó", "inicio": "Fecha y hora", "aviso_en": "Aviso enviado",
    "medio": "Medio", "direccion": "Quién buscó a quién", "efectivo": "Hubo comunicación",
    "canal": "Por dónde llegó", "persona": "Con quién", "responsable": "Responsable",
    "ordeno": "Lo ordenó", "ordeno_verbal": "De palabra", "quien": "La dio",
    "informo": "Quién informó", "tipos": "Tipo de requerimiento", "contrato": "",
    "sentido": "Opinión", "como": "Cómo se presentó", "vigencia": "Vigente hasta",
    "enviar_al_cliente": "Se envió por correo al cliente", "vigor_fecha": "A partir del",
    "periodo_inicio": "Primer periodo de nómina, del", "periodo_fin": "al",
    "convenio": "Convenio modificatorio", "convenio_fecha": "Fecha del convenio",
    "motivo_principal": "Motivo principal", "motivos": "Motivos", "area": "Área",
    "podria_cambiar": "Podría cambiar", "por_atencion": "Quién informa",
    "contrato_tras_no": "El contrato", "contrato_termina_fecha": "Termina el",
    "llamar_fecha": "Volver a llamar el", "localizado": "Se le informó",
    "aviso_medio": "Medio del aviso", "anulacion": "Motivo", "para": "Para cuándo",
    "minutos": "Duración (minutos)", "proxima_fecha": "Siguiente acción el",
    "consiente": "Consintió rebasar lo declarado viable",
}  # fmt: skip
PALABRAS = {
    "medio": catalogos.Medio, "aviso_medio": catalogos.Medio, "canal": catalogos.Canal,
    "direccion": catalogos.Direccion, "sentido": catalogos.Sentido,
    "como": catalogos.ComoSePresento, "contrato_tras_no": catalogos.ContratoTrasNo,
    "anulacion": catalogos.MotivoAnulacion,
}  # fmt: skip
PALABRAS_SUELTAS = {
    "por_atencion": {"SI": "Atención a Clientes", "NO": "El responsable, directamente"},
    "convenio": {"SI": "Sí, se hizo", "NO": "No se requiere"},
    "podria_cambiar": {"SI": "Sí", "NO": "No", "NO_SE": "No se sabe"},
    "efectivo": {"SI": "Sí", "NO": "No, fue un intento"},
    "localizado": {"SI": "Sí", "NO": "No se le localizó"},
}
TEXTOS_CORTOS = (
    "proxima_accion", "persona_nombre", "persona_puesto", "persona_telefono", "persona_correo",
    "lugar", "asunto", "convenio_referencia", "folio", "enviado_a", "cliente_razon_social",
    "cliente_nombre", "cliente_rfc", "cliente_anterior", "cliente_nuevo",
    "contrato_numero", "contrato_servicio",
)  # fmt: skip
# The text's own label is what its typist was asked; where that does not read as a record, this does.
AL_LEER = {
    "persona_nombre": "Persona agregada", "cliente_razon_social": "Cliente agregado",
    "contrato_numero": "Contrato agregado", "contrato_servicio": "Servicio",
    "datos_pedidos": "Datos que pidió el área", "datos_dados": "Respuesta al área",
    "servicio_sin_cambio": "Por qué no cambia el servicio", "cita_lugar": "Dónde fue",
    "con_que_si": "Con qué habría dicho que sí", "motivo_sustitucion": "Por qué actuó en su lugar",
    ("anular", "detalle"): "Qué pasó", ("corregir_contacto", "motivo"): "Por qué se corrigió",
    ("corregir_datos", "motivo"): "Por qué se corrigió",
}  # fmt: skip
# As the case page: how to reach a person is for who reads the clients, the decision for who reads
# the whole sheet, and another case's folio for who sees that case.
DE_CONTACTO_PERSONAL = ("persona_puesto", "persona_telefono", "persona_correo")
DE_DECISION = {
    "declarar_viable": ("alternativa", "fundamento"),
    "declarar_no_viable": ("detalle",),
    "declarar_no_ajustable": ("detalle",),
}
DE_OTRO_CASO = {"folio": "duplicado_de_id", "deriva_de": "deriva_de_id"}
COLUMNAS = ("vigente", "solicitado", "propuesto", "acordado")
# The result of an opinion is everybody's, whoever may not read its grounds.
SIEMPRE_VISIBLES = ("sentido", "dicho_en", "quien")


def icono_de(accion: str, seccion: str) -> str:
    """The drawing of an action, in the timeline and on the buttons."""
    return ICONOS.get(accion) or ICONOS_DE_SECCION.get(seccion, "derecha")
