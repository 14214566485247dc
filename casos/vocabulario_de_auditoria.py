"""The closed words of an audit: what a sample is drawn of, what answers a clause, how a finding goes. No queries."""

from django.db.models import TextChoices


class Universo(TextChoices):
    """Of which cases a sample is drawn."""

    CERRADOS = "CERRADOS", "Cerrados en el periodo"
    RECIBIDOS = "RECIBIDOS", "Recibidos en el periodo"


class Estrato(TextChoices):
    """By what the cases are told apart before they are drawn: each group gives its part."""

    NINGUNO = "", "Sin estratos"
    RESULTADO = "RESULTADO", "Por resultado"
    PASO = "PASO", "Por paso en que están"
    CLIENTE = "CLIENTE", "Por cliente"
    RESPONSABLE = "RESPONSABLE", "Por responsable"
    TIPO = "TIPO", "Por tipo de requerimiento"


class Evidencia(TextChoices):
    """What of a case answers a clause. Which of them answer which clause is data (``ClausulaISO``)."""

    SOLICITUD = "SOLICITUD", "Solicitud registrada"
    CONTACTOS = "CONTACTOS", "Contactos y citas con el cliente"
    CARTAS = "CARTAS", "Correos del caso"
    INFORME = "INFORME", "Lo que se informó al cliente"
    OPINIONES = "OPINIONES", "Opiniones de las áreas"
    DECISION = "DECISION", "Decisión de 7.4"
    PROPUESTAS = "PROPUESTAS", "Propuestas presentadas y respuesta del cliente"
    CAMBIOS = "CAMBIOS", "Condiciones antes y después"
    CONTRATO = "CONTRATO", "Versión del contrato que se escribió"
    AJUSTES = "AJUSTES", "Ajustes de las áreas"
    BITACORA = "BITACORA", "Cabeza de la historia"
    SELLO = "SELLO", "Sello que la cubre"
    ARCHIVOS = "ARCHIVOS", "Archivos con su huella"
    SATISFACCION = "SATISFACCION", "Satisfacción del cliente"
    CORRECCIONES = "CORRECCIONES", "Correcciones, constancias y reaperturas"
    REGLAS = "REGLAS", "Puntos de la instrucción que no cumplen o llevan observación"
    HALLAZGOS = "HALLAZGOS", "Hallazgos de auditoría"


class TipoHallazgo(TextChoices):
    MAYOR = "MAYOR", "No conformidad mayor"
    MENOR = "MENOR", "No conformidad menor"
    OBSERVACION = "OBSERVACION", "Observación"
    OPORTUNIDAD = "OPORTUNIDAD", "Oportunidad de mejora"


class EstadoHallazgo(TextChoices):
    ABIERTO = "ABIERTO", "Sin responsable"
    EN_ACCION = "EN_ACCION", "En acción"
    ATENDIDO = "ATENDIDO", "Atendido, por verificar"
    CERRADO = "CERRADO", "Cerrado, fue eficaz"
    SIN_ACCION = "SIN_ACCION", "Cerrado sin acción"


TODOS = "TODOS"  # what a list of findings may be asked for, beside a state
HALLAZGOS_ABIERTOS = (EstadoHallazgo.ABIERTO, EstadoHallazgo.EN_ACCION, EstadoHallazgo.ATENDIDO)
# With whom the ball is: what has an owner and a date.
CON_RESPONSABLE = (EstadoHallazgo.EN_ACCION, EstadoHallazgo.ATENDIDO, EstadoHallazgo.CERRADO)


class PasoDeHallazgo(TextChoices):
    """What is done with a finding; each leaves a line of its history."""

    LEVANTAR = "LEVANTAR", "Se levantó"
    ASIGNAR = "ASIGNAR", "Se asignó"
    ACCION = "ACCION", "Se escribió la acción correctiva"
    ATENDER = "ATENDER", "Se atendió"
    VERIFICAR = "VERIFICAR", "Se verificó: fue eficaz"
    REGRESAR = "REGRESAR", "Se verificó: no fue eficaz"
    DESCARTAR = "DESCARTAR", "Se cerró sin acción"


# What ``auditorias.sorteo`` does, for whoever wants to do it again.
COMO_SE_REPITE = (
    "Los folios de cada estrato se ordenan por el SHA-256 (en hexadecimal) de «semilla:folio» y se toman los primeros. "
    "Cada estrato da uno; los demás se reparten uno a uno al que tenga menos para su tamaño: al de mayor "
    "casos ÷ (2 × sorteados + 1)."
)
