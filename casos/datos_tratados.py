"""Closed vocabularies of what is done with personal data (LFPDPPP)."""

from django.db.models import TextChoices


class OrigenDeDatos(TextChoices):
    """Where the data of a contact person came from; nothing where nobody said."""

    CLIENTE = "CLIENTE", "Los dio el cliente"
    PERSONA = "PERSONA", "Los dio la propia persona"
    CASO = "CASO", "Se anotaron en un caso"
    IMPORTACION = "IMPORTACION", "Llegaron en un libro de Excel"


class ComoSeDioElAviso(TextChoices):
    """How a privacy notice was given."""

    MOSTRADO = "MOSTRADO", "Se mostró en persona"
    CORREO = "CORREO", "Se envió por correo"
    PALABRA = "PALABRA", "Se dijo por teléfono"
    FIRMADO = "FIRMADO", "Se entregó y lo firmó"
    PUBLICADO = "PUBLICADO", "Se indicó dónde leerlo"


class DecisionDeArchivo(TextChoices):
    BORRAR = "BORRAR", "Borrar el contenido"
    CONSERVAR = "CONSERVAR", "Conservarlo"


class PorDonde(TextChoices):
    CASO = "CASO", "Lo bajó del caso"
    EXPEDIENTE = "EXPEDIENTE", "Iba en el expediente"


class DerechoARCO(TextChoices):
    ACCESO = "ACCESO", "Acceso"
    RECTIFICACION = "RECTIFICACION", "Rectificación"
    CANCELACION = "CANCELACION", "Cancelación"
    OPOSICION = "OPOSICION", "Oposición"


class CalidadDeQuienPide(TextChoices):
    TITULAR = "TITULAR", "La persona de quien son los datos"
    REPRESENTANTE = "REPRESENTANTE", "Quien la representa"


class ViaARCO(TextChoices):
    CORREO = "CORREO", "Por correo"
    ESCRITO = "ESCRITO", "Por escrito"
    TELEFONO = "TELEFONO", "Por teléfono"
    PERSONA = "PERSONA", "En persona"


class EstadoARCO(TextChoices):
    """A request is answered, and what was granted is put into effect."""

    RECIBIDA = "RECIBIDA", "Por contestar"
    PROCEDE = "PROCEDE", "Por hacer efectiva"
    NEGADA = "NEGADA", "Se contestó que no procede"
    HECHA = "HECHA", "Hecha efectiva"


ABIERTAS = (EstadoARCO.RECIBIDA, EstadoARCO.PROCEDE)


class EstadoDePropuesta(TextChoices):
    ESPERA = "ESPERA", "Por confirmar"
    CONFIRMADA = "CONFIRMADA", "Confirmada"
    DESCARTADA = "DESCARTADA", "Se conservan"
