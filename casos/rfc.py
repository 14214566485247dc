"""RFC rules: structure blocks, check digit only warns, generics never with a contract."""

from django.core.exceptions import ValidationError
from stdnum.exceptions import ValidationError as ErrorRFC
from stdnum.mx import rfc

GENERICOS = ("XAXX010101000", "XEXX010101000")


def normalizar_rfc(valor: str) -> str:
    return rfc.compact(valor or "")


def validar_rfc(valor: str, *, con_contrato: bool = False) -> str:
    """The RFC in capitals without separators; raises ``ValidationError`` in Spanish."""
    limpio = normalizar_rfc(valor)
    if not limpio:
        return ""
    if limpio in GENERICOS:
        if con_contrato:
            raise ValidationError("El RFC genérico no sirve para un cliente con contrato.")
        return limpio
    if len(limpio) not in (12, 13):
        raise ValidationError("El RFC lleva 12 caracteres (empresa) o 13 (persona física).")
    try:
        return rfc.validate(limpio)
    except ErrorRFC:
        raise ValidationError("La estructura de ese RFC no es válida: revísalo.") from None


def avisos_de_rfc(valor: str) -> list[str]:
    """What deserves a look but does not block: about 1.5 % of real RFCs fail the check digit."""
    limpio = normalizar_rfc(valor)
    if not limpio or limpio in GENERICOS:
        return []
    try:
        rfc.validate(limpio, validate_check_digits=True)
    except ErrorRFC:
        return [
            "El dígito verificador no coincide: confírmalo con la Constancia de Situación Fiscal."
        ]
    return []
