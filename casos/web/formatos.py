"""How dates, figures and words are written, for both template languages. No queries, no rules."""

import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from django.utils import timezone

from casos.catalogos import ContratoTrasNo, EstadoAviso, TipoConstancia, Turno
from casos.fechas import hoy, local
from casos.formularios.valores import en_palabras
from casos.lecturas.de_quien_fue import dias
from casos.textos import punto as punto

# Django's own es-mx names are capitalised, which Spanish does not do.
MESES = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio",
    "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
)  # fmt: skip
DIAS = ("lun", "mar", "mié", "jue", "vie", "sáb", "dom")
MENOS = "\u2212"


# Dates ------------------------------------------------------------------------------------------


def _local(valor):
    """An instant becomes Mexico City's clock; a plain date stays as it is."""
    if isinstance(valor, datetime) and timezone.is_aware(valor):
        return local(valor)
    return valor


def fecha(valor) -> str:
    """16/03/2026"""
    valor = _local(valor)
    return f"{valor:%d/%m/%Y}" if isinstance(valor, date) else ""


def fecha_corta(valor) -> str:
    """29 nov; with the year when it is not this one."""
    valor = _local(valor)
    if not isinstance(valor, date):
        return ""
    texto = f"{valor.day} {MESES[valor.month - 1][:3]}"
    return texto if valor.year == hoy().year else f"{texto} {valor.year}"


def fecha_hora(valor) -> str:
    """lun 3 nov, 10:30"""
    valor = _local(valor)
    if not isinstance(valor, date):
        return ""
    texto = f"{DIAS[valor.weekday()]} {fecha_corta(valor)}"
    return f"{texto}, {valor:%H:%M}" if isinstance(valor, datetime) else texto


def hora(valor) -> str:
    """10:30"""
    valor = _local(valor)
    return f"{valor:%H:%M}" if hasattr(valor, "hour") else ""


def iso(valor) -> str:
    """For <time datetime="…">."""
    valor = _local(valor)
    return valor.isoformat(timespec="minutes") if isinstance(valor, datetime) else str(valor or "")


def vence_fecha(valor) -> str:
    """A due date alone, in words: overdue, today, tomorrow, or the date."""
    valor = _local(valor)
    if not isinstance(valor, date):
        return ""
    dia = valor.date() if isinstance(valor, datetime) else valor
    faltan = (dia - hoy()).days
    if faltan < 0:
        return f"venció el {fecha_corta(dia)}"
    return {0: "vence hoy", 1: "vence mañana"}.get(faltan, f"vence el {fecha_corta(dia)}")


def para_fecha(valor: date) -> str:
    """A day that was set for something, in words."""
    faltan = (valor - hoy()).days
    if faltan < 0:
        return f"era para el {fecha_corta(valor)}"
    return {0: "para hoy", 1: "para mañana"}.get(faltan, f"para el {fecha_corta(valor)}")


def dato(valor, nombre="") -> str:
    """A datum of the log: an instant and a date as such, the rest as it is.

    What takes effect is dated in figures, as a contract does it (D§2).
    """
    if isinstance(valor, datetime):
        return fecha_hora(valor)
    if isinstance(valor, date):
        return fecha(valor) if "partir del" in nombre else fecha_corta(valor)
    return str(valor)


# Figures ----------------------------------------------------------------------------------------


def _decimal(valor):
    try:
        numero = Decimal(str(valor).strip())
    except (InvalidOperation, ValueError):
        return None
    return numero if numero.is_finite() and abs(numero) < Decimal("1e15") else None


def numero(valor) -> str:
    """12,500 or 12.5: as many decimals as it has."""
    cantidad = _decimal(valor)
    if cantidad is None:
        return str(valor or "")
    decimales = max(0, -cantidad.normalize().as_tuple().exponent)
    signo = MENOS if cantidad < 0 else ""
    return f"{signo}{abs(cantidad):,.{min(decimales, 4)}f}"


def valor(guardado, unidad, moneda) -> str:
    """A cell of the sheet as a person reads it, an amount in the contract's currency."""
    return en_palabras(unidad, guardado, moneda)


def cifra(celda) -> str:
    """A figure of the tablero; where there is none, in words."""
    if celda.valor is None:
        return "sin dato"
    if celda.formato == "%":
        return f"{celda.valor}%"
    if celda.formato == "decimal":
        return str(celda.valor)
    if celda.formato == "dias":
        return dias(celda.valor)
    if celda.formato.startswith("dinero"):
        return f"${celda.valor:,.0f}"
    return numero(celda.valor) or "0"


def segun(cantidad, formas: str) -> str:
    """``3|segun("caso,casos")`` → casos"""
    uno, varios = formas.split(",")
    return uno if cantidad == 1 else varios


def plural(cantidad, formas: str) -> str:
    """``3|plural("caso,casos")`` → 3 casos"""
    return f"{numero(cantidad)} {segun(cantidad, formas)}"


# Words ------------------------------------------------------------------------------------------

_REGIMEN = re.compile(
    r",?\s+(S\.?\s?A\.?\s?(P\.?\s?I\.?|B\.?)?|S\.?\s?de\s?R\.?\s?L\.?|S\.?\s?C\.?|A\.?\s?C\.?)"
    r"(\s?de\s?C\.?\s?V\.?)?$",
    re.IGNORECASE,
)
_QUIEN_LO_DIJO = {TipoConstancia.OPINION: "La dio", TipoConstancia.ASIGNACION: "Lo ordenó"}


def sin_regimen(nombre) -> tuple[str, str]:
    """("Manufacturas Delta", ", S.A. de C.V."): a card on a phone has no room for the second."""
    nombre = str(nombre)
    hallado = _REGIMEN.search(nombre)
    return (nombre[: hallado.start()], nombre[hallado.start() :]) if hallado else (nombre, "")


def recorta(texto, largo: int) -> str:
    """At most so many letters; what does not fit ends in "…"."""
    texto = str(texto)
    return texto if len(texto) <= largo else f"{texto[: largo - 1]}…"


def area_de(fila):
    """The area that a row of a case belongs to, if it is of one."""
    return getattr(fila, "area", None)


def desenlace(caso) -> str:
    """Why a case that is over ended so, or from when what was agreed holds."""
    if caso.motivo_principal_id:
        return str(caso.motivo_principal)
    if caso.anulacion:
        return caso.get_anulacion_display()
    return f"A partir del {fecha_corta(caso.vigor_fecha)}" if caso.vigor_fecha else ""


def espera_a(caso) -> str:
    """Whom a case waits for."""
    return (
        "Espera al cliente" if caso.turno_hoy == Turno.CLIENTE else f"Espera a {caso.pendiente_hoy}"
    )


def quien_lo_dijo(constancia) -> str:
    """What the person named by a *constancia* did."""
    return _QUIEN_LO_DIJO.get(constancia.tipo, "Se le avisó a")


_SIN_SALIR_SOLO = {
    EstadoAviso.RESUMEN: "Irá en el de la próxima mañana hábil, si antes no abre el caso.",
    EstadoAviso.RESUMIDO: "",
    EstadoAviso.LEIDO: "Abrió el caso antes de que saliera: ya no hizo falta.",
    EstadoAviso.RETIRADO: "La cita cambió o se canceló antes de que saliera.",
    EstadoAviso.OMITIDO: "No se le envió: así lo eligió en Mi cuenta, o ya no recibe correo.",
}


def va_en_resumen(estado) -> bool:
    """Whether a mail does not leave by itself."""
    return estado in _SIN_SALIR_SOLO


def sobre_el_resumen(estado) -> str:
    """What became of a letter that only informs."""
    return _SIN_SALIR_SOLO[estado]


def termina(caso) -> bool:
    """Whether the client ends the contract."""
    return caso.contrato_tras_no == ContratoTrasNo.TERMINA
