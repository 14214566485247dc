"""Words and drawings of the pages. Formats what it is given: no queries, no rules, no HTTP."""

import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html

from casos.actos import ETIQUETAS
from casos.catalogos import ABIERTOS, Estado, Resultado
from casos.formularios.valores import en_palabras

register = template.Library()

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
        return timezone.localtime(valor)
    return valor


def _mes(valor: date) -> str:
    return MESES[valor.month - 1][:3]


@register.filter
def fecha(valor) -> str:
    """16/03/2026"""
    valor = _local(valor)
    return f"{valor:%d/%m/%Y}" if isinstance(valor, date) else ""


@register.filter
def fecha_corta(valor) -> str:
    """29 nov; with the year when it is not this one."""
    valor = _local(valor)
    if not isinstance(valor, date):
        return ""
    texto = f"{valor.day} {_mes(valor)}"
    return texto if valor.year == timezone.localdate().year else f"{texto} {valor.year}"


@register.filter
def fecha_hora(valor) -> str:
    """lun 3 nov, 10:30"""
    valor = _local(valor)
    if not isinstance(valor, date):
        return ""
    texto = f"{DIAS[valor.weekday()]} {fecha_corta(valor)}"
    return f"{texto}, {valor:%H:%M}" if isinstance(valor, datetime) else texto


@register.filter
def hora(valor) -> str:
    """10:30"""
    valor = _local(valor)
    return f"{valor:%H:%M}" if hasattr(valor, "hour") else ""


@register.filter
def iso(valor) -> str:
    """For <time datetime="…">."""
    valor = _local(valor)
    return valor.isoformat(timespec="minutes") if isinstance(valor, datetime) else str(valor or "")


def _contar(n: int, uno: str, varios: str) -> str:
    return f"{n} {uno if n == 1 else varios}"


@register.filter
def vence(dias) -> str:
    """Business days left (negative: overdue), in words."""
    if dias is None or dias == "":
        return ""
    if dias == 0:
        return "vence hoy"
    cuantos = _contar(abs(dias), "día hábil", "días hábiles")
    return f"vence en {cuantos}" if dias > 0 else f"venció hace {cuantos}"


@register.filter
def vence_fecha(valor) -> str:
    """A due date alone, in words: overdue, today, tomorrow, or the date."""
    valor = _local(valor)
    if not isinstance(valor, date):
        return ""
    dia = valor.date() if isinstance(valor, datetime) else valor
    faltan = (dia - timezone.localdate()).days
    if faltan < 0:
        return f"venció el {fecha_corta(dia)}"
    return {0: "vence hoy", 1: "vence mañana"}.get(faltan, f"vence el {fecha_corta(dia)}")


@register.filter
def esta_vencido(valor) -> bool:
    valor = _local(valor)
    if isinstance(valor, datetime):
        valor = valor.date()
    return isinstance(valor, date) and valor < timezone.localdate()


# Figures ----------------------------------------------------------------------------------------


def _decimal(valor):
    try:
        numero = Decimal(str(valor).strip())
    except (InvalidOperation, ValueError):
        return None
    return numero if numero.is_finite() and abs(numero) < Decimal("1e15") else None


def _miles(numero: Decimal, decimales: int) -> str:
    signo = MENOS if numero < 0 else ""
    return f"{signo}{abs(numero):,.{decimales}f}"


@register.filter
def numero(valor) -> str:
    """12,500 or 12.5: as many decimals as it has."""
    cantidad = _decimal(valor)
    if cantidad is None:
        return str(valor or "")
    decimales = max(0, -cantidad.normalize().as_tuple().exponent)
    return _miles(cantidad, min(decimales, 4))


@register.simple_tag
def valor(guardado, unidad, moneda) -> str:
    """A cell of the sheet as a person reads it, an amount in the contract's currency."""
    return en_palabras(unidad, guardado, moneda)


_REGIMEN = re.compile(
    r",?\s+(S\.?\s?A\.?\s?(P\.?\s?I\.?|B\.?)?|S\.?\s?de\s?R\.?\s?L\.?|S\.?\s?C\.?|A\.?\s?C\.?)"
    r"(\s?de\s?C\.?\s?V\.?)?$",
    re.IGNORECASE,
)


@register.filter
def etiqueta(accion) -> str:
    """The words of an action's button."""
    return ETIQUETAS[accion]


@register.filter
def sin_regimen(nombre) -> tuple[str, str]:
    """("Manufacturas Delta", ", S.A. de C.V."): a card on a phone has no room for the second."""
    nombre = str(nombre)
    hallado = _REGIMEN.search(nombre)
    return (nombre[: hallado.start()], nombre[hallado.start() :]) if hallado else (nombre, "")


@register.filter
def plural(cantidad, formas) -> str:
    """{{ 3|plural:"caso,casos" }} → 3 casos"""
    uno, varios = formas.split(",")
    return f"{numero(cantidad)} {uno if cantidad == 1 else varios}"


# Meaning ----------------------------------------------------------------------------------------

_SIGNIFICADO = {
    Resultado.MODIFICADO: "hecho",
    Resultado.NO_VIABLE: "rechazado",
    Resultado.NO_AJUSTABLE: "rechazado",
    Resultado.NO_INTERESADO: "rechazado",
}


@register.filter
def significado(caso) -> str:
    """One of espera, hecho, rechazado, vencido, neutro. Open is never red unless it is overdue."""
    if caso.estado in ABIERTOS:
        return "vencido" if esta_vencido(caso.vence) else "espera"
    return _SIGNIFICADO.get(caso.resultado, "neutro")


@register.filter
def es_opcional(campo) -> bool:
    """Whether to say "(opcional)". A conditional field is asked for when it shows: no mark."""
    attrs = campo.field.widget.attrs
    return not (
        campo.field.required
        or getattr(campo.field, "sin_marca", False)
        or "data-muestra-si" in attrs
    )


# Drawings ---------------------------------------------------------------------------------------


@register.simple_tag
def icono(nombre: str, texto: str = "", clase: str = "") -> str:
    """An icon of the sprite. Mute by default; ``texto`` gives it a name for who does not see it."""
    clases = f"icono {clase}".strip()
    enlace = f"{static('img/iconos.svg')}#i-{nombre}"
    if texto:
        return format_html(
            '<svg class="{}" width="20" height="20" role="img" aria-label="{}">'
            '<use href="{}"/></svg>',
            clases, texto, enlace,
        )  # fmt: skip
    return format_html(
        '<svg class="{}" width="20" height="20" aria-hidden="true"><use href="{}"/></svg>',
        clases, enlace,
    )  # fmt: skip


_PASOS = tuple(ABIERTOS)
# Where a closed case was last, when nobody says it better.
_ULTIMO = {
    Resultado.MODIFICADO: 7,
    Resultado.NO_VIABLE: 8,
    Resultado.NO_AJUSTABLE: 8,
    Resultado.NO_INTERESADO: 6,
}


def _indice(estado) -> int:
    """1 to 8; 0 when the state is one of the two ends."""
    return _PASOS.index(Estado(estado)) + 1 if estado in _PASOS else 0


def trazar(caso, recorrido=None) -> dict:
    """Where the case is and has been on the eight steps.

    ``recorrido`` maps a section ("7.3") to the date it was last entered; without it the path is
    what the state alone tells.
    """
    actual = _indice(caso.estado)
    abierto = bool(actual)
    visitados = {int(s[2:]) for s in recorrido} if recorrido else set()
    # A closed case ends where its result says; where that is open, at the step entered last.
    ultimo = max(recorrido, key=lambda s: (recorrido[s], s)) if recorrido else "7.0"
    hasta = actual or _ULTIMO.get(caso.resultado, int(ultimo[2:]))
    if visitados:
        rama = 7 if 7 in visitados else 4
    else:
        rama = 7 if caso.resultado == Resultado.NO_AJUSTABLE else 4
        principal = hasta if hasta < 8 else rama
        visitados = set(range(1, principal + 1)) | ({8} if hasta == 8 else set())
    tope = rama if hasta == 8 else hasta
    pasos = []
    for n, estado in enumerate(_PASOS, start=1):
        if n == actual:
            situacion = "actual"
        elif n in visitados and (n <= tope or n == hasta):
            situacion = "hecho"
        else:
            situacion = "pendiente" if abierto and n > hasta else "omitido"
        pasos.append(
            {
                "seccion": estado.seccion,
                "numero": n,
                "etiqueta": estado.label,
                "estado": situacion,
                "fecha": (recorrido or {}).get(estado.seccion),
                # Which rails were travelled: on to the next step or the end, and down to 7.8.
                "sigue": n < tope or (not abierto and n == hasta and hasta in (7, 8)),
                "baja": n == rama and hasta == 8,
            }
        )
    final = None
    if not abierto:
        clase = _SIGNIFICADO.get(caso.resultado, "neutro")
        final = {"etiqueta": caso.etiqueta_estado, "clase": clase, "fecha": caso.cerrado_en}
    return {"pasos": pasos, "final": final, "actual": actual, "hasta": hasta, "rama": rama}


@register.filter
def camino_en_palabras(caso) -> str:
    """For mails and for who listens: "Paso 3 de 8: En análisis"."""
    n = _indice(caso.estado)
    if n:
        return f"Paso {n} de 8: {Estado(caso.estado).label}"
    return f"Terminado: {caso.etiqueta_estado}"


def _x(n: int) -> int:
    return 6 + 12 * (min(n, 7) - 1)


def _trazo(hasta: int, rama: int) -> str:
    """The travelled part of the tiny drawing (96 × 24) as an SVG path."""
    if not hasta:
        return ""
    if hasta < 8:
        return f"M6 7H{_x(hasta)}"
    if rama == 7:
        return f"M6 7H{_x(7)}V18"
    return f"M6 7H{_x(4)}v6q0 5 5 5H{_x(7)}"


@register.inclusion_tag("componentes/camino.html")
def camino(caso=None, tamano="grande", recorrido=None, pasos=None, final=None, titulo=""):
    """The eight-step path: ``grande`` for a page, ``chico`` for a row of a list.

    Either a case, or ``pasos`` (and ``final``) made by the caller: see ``trazar`` for the keys; a
    step may carry ``nota`` (how many cases stand there) and ``url``.
    """
    if caso is None:
        return {"tamano": tamano, "pasos": pasos, "final": final, "titulo": titulo}
    contexto = trazar(caso, recorrido)
    contexto |= {
        "tamano": tamano,
        "titulo": titulo,
        "palabras": camino_en_palabras(caso),
        "etiqueta": Estado(caso.estado).label,
        "ayuda": Estado(caso.estado).ayuda if contexto["actual"] else "",
    }
    if tamano == "chico":
        hasta = contexto["hasta"]
        contexto |= {
            "trazo": _trazo(hasta, contexto["rama"]),
            "x": _x(hasta) if hasta else 0,
            "y": 18 if hasta == 8 else 7,
            "clase": contexto["final"]["clase"] if contexto["final"] else significado(caso),
        }
    return contexto
