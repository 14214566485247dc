"""The columns of a workbook of open cases, by the other names that firms give them; and a row of example."""

from datetime import date

from casos.catalogos import Canal
from casos.textos import igual

CLIENTE, RFC, CONTRATO = "Cliente", "RFC", "Contrato"
SERVICIO, DESDE = "Servicio del contrato", "Contrato vigente desde"
PERSONA, PUESTO, TELEFONO, CORREO = "Persona de contacto", "Puesto", "Teléfono", "Correo"
RECIBIDO, CANAL, SOLICITUD, TIPOS = (
    "Se recibió", "Por dónde llegó", "Qué pide", "Tipo de requerimiento")  # fmt: skip
ESPERA, RESPONSABLE, DONDE_VA = "Espera respuesta", "Responsable", "Dónde va"
ACCION, ACCION_FECHA, REFERENCIA = "Siguiente acción", "Fecha de la siguiente acción", "Referencia"
COLUMNAS = {
    CLIENTE: ("Cliente (RFC o razón social)", "Razón social", "Empresa", "Nombre del cliente", "Compañía",
              "Nombre de la empresa", "Nombre o razón social", "Organización"),
    RFC: ("R.F.C.", "RFC del cliente", "Registro federal de contribuyentes"),
    CONTRATO: ("Número de contrato", "Núm. de contrato", "No. de contrato", "Contrato número"),
    SERVICIO: ("Servicio", "Servicio contratado"),
    DESDE: ("Inicio del contrato", "Vigente desde"),
    PERSONA: ("Contacto", "Nombre del contacto", "Quién lo pidió", "Solicitante", "Solicita", "Atención a"),
    PUESTO: ("Cargo", "Puesto del contacto"),
    TELEFONO: ("Tel.", "Tel", "Celular", "Cel.", "Móvil", "WhatsApp", "Teléfono del contacto"),
    CORREO: ("E-mail", "Email", "Mail", "Correo electrónico", "Correo del contacto"),
    RECIBIDO: ("Recibido", "Fecha", "Fecha de recepción", "Fecha de recibido", "Fecha de solicitud",
               "Fecha en que se recibió", "Fecha de ingreso", "Fecha de alta", "Cuándo se recibió"),
    CANAL: ("Canal", "Medio", "Vía", "Medio de recepción", "Cómo llegó"),
    SOLICITUD: ("Solicitud", "Qué pide el cliente", "Requerimiento", "Petición", "Asunto", "Descripción",
                "Qué solicita", "Detalle", "Motivo"),
    TIPOS: ("Tipo", "Tipos", "Tipo de solicitud", "Clasificación"),
    ESPERA: ("Espera respuesta el", "Fecha compromiso", "Fecha límite", "Para cuándo", "Fecha del cliente",
             "Fecha en que espera respuesta"),
    RESPONSABLE: ("Ejecutivo", "Vendedor", "Asignado a", "Encargado", "Quién lo lleva", "A cargo de",
                  "Ejecutivo de ventas", "Responsable del caso"),
    DONDE_VA: ("Estatus", "Estado", "Situación", "Status", "Avance", "Etapa", "En qué va", "Seguimiento",
               "Comentarios", "Observaciones", "Notas"),
    ACCION: ("Próxima acción", "Próximo paso", "Siguiente paso", "Pendiente", "Qué sigue"),
    ACCION_FECHA: ("Fecha siguiente acción", "Fecha de la próxima acción", "Próximo seguimiento",
                   "Fecha de seguimiento", "Fecha del próximo paso"),
    REFERENCIA: ("Folio", "Id", "No.", "Núm.", "Número", "Consecutivo", "Clave", "Ticket", "Folio interno",
                 "Referencia externa"),
}  # fmt: skip

EJEMPLO = "Ejemplo:"  # a row whose client begins so is the template's own
DE_EJEMPLO = {
    CLIENTE: f"{EJEMPLO} Comercializadora del Sur, S.A. de C.V.", RFC: "CSU010203AB1", CONTRATO: "CT-2026-001",
    SERVICIO: "Personal de almacén", DESDE: date(2026, 1, 16), PERSONA: "Ana Ruiz", PUESTO: "Compras",
    TELEFONO: "55 1234 5678", CORREO: "ana.ruiz@ejemplo.com.mx", RECIBIDO: date(2026, 3, 2),
    CANAL: "Teléfono", SOLICITUD: "Pide bajar la tarifa de 12 plazas.", TIPOS: "Ajuste de tarifa",
    ESPERA: date(2026, 3, 20), RESPONSABLE: "ventas", DONDE_VA: "Esperando a Jurídico",
    ACCION: "Llamar a Ana", ACCION_FECHA: date(2026, 3, 12), REFERENCIA: "18",
}  # fmt: skip

_CANALES = {igual(c.label): c for c in Canal} | {
    "tel": Canal.TELEFONO, "llamada": Canal.TELEFONO, "mail": Canal.CORREO, "email": Canal.CORREO,
    "e-mail": Canal.CORREO, "correo electronico": Canal.CORREO, "whats": Canal.WHATSAPP,
    "atencion a clientes": Canal.ATENCION, "cita": Canal.VISITA,
}  # fmt: skip


def canal_de(texto: str) -> Canal:
    """Raises ``ValueError`` with the ones there are."""
    canal = _CANALES.get(igual(texto).rstrip("."))
    if canal is None:
        raise ValueError(f"Usa una de estas: {', '.join(str(c.label) for c in Canal)}.")
    return canal
