"""What a state means to whoever looks: one of ``hecho espera rechazado vencido neutro``.

One answer for every row that is shown with a badge, so that no template compares a state. Open is
never red unless it is overdue. No queries, no HTML.
"""

from datetime import date, datetime
from functools import singledispatch

from django.utils import timezone

from casos.catalogos import (
    ABIERTOS,
    EstadoAjuste,
    EstadoAviso,
    EstadoCita,
    EstadoConstancia,
    EstadoPropuesta,
    Resultado,
    Sentido,
)
from casos.fechas import hoy, local
from casos.models import (
    Ajuste,
    Aviso,
    Caso,
    Cita,
    Comprobacion,
    Constancia,
    Opinion,
    Propuesta,
    Satisfaccion,
)
from casos.models.despues import ALTA, BAJA, EstadoComprobacion

HECHO, ESPERA, RECHAZADO, VENCIDO, NEUTRO = "hecho", "espera", "rechazado", "vencido", "neutro"

_DE_RESULTADO = {
    Resultado.MODIFICADO: HECHO,
    Resultado.NO_VIABLE: RECHAZADO,
    Resultado.NO_AJUSTABLE: RECHAZADO,
    Resultado.NO_INTERESADO: RECHAZADO,
}
_DE_SENTIDO = {
    Sentido.A_FAVOR: HECHO,
    Sentido.CONDICIONES: HECHO,
    Sentido.EN_CONTRA: RECHAZADO,
}
_DE_AJUSTE = {
    EstadoAjuste.CONFIRMADO: HECHO,
    EstadoAjuste.DESHECHO: HECHO,
    EstadoAjuste.NO_PUEDE: RECHAZADO,
}
_DE_CONSTANCIA = {EstadoConstancia.SIN_CONFIRMAR: ESPERA, EstadoConstancia.CORREGIDA: RECHAZADO}
_DE_CITA = {
    EstadoCita.CELEBRADA: HECHO,
    EstadoCita.PROGRAMADA: ESPERA,
    EstadoCita.AUSENTE: RECHAZADO,
}
_DE_COMPROBACION = {
    EstadoComprobacion.LLEGO: HECHO,
    EstadoComprobacion.NO_LLEGO: RECHAZADO,
}
_DE_PROPUESTA = {EstadoPropuesta.ACEPTADA: HECHO, EstadoPropuesta.RECHAZADA: RECHAZADO}
_DE_AVISO = {
    EstadoAviso.ENVIADO: HECHO,
    EstadoAviso.FALLIDO: VENCIDO,
    EstadoAviso.RESUMIDO: NEUTRO,
    EstadoAviso.LEIDO: NEUTRO,
    EstadoAviso.OMITIDO: NEUTRO,
    EstadoAviso.RETIRADO: NEUTRO,
}


def esta_vencido(valor) -> bool:
    """Whether a date, or the day of an instant, has passed."""
    if isinstance(valor, datetime):
        valor = (local(valor) if timezone.is_aware(valor) else valor).date()
    return isinstance(valor, date) and valor < hoy()


def de_resultado(resultado: str) -> str:
    """Of how a case ended."""
    return _DE_RESULTADO.get(resultado, NEUTRO)


def _abierto(fecha) -> str:
    return VENCIDO if esta_vencido(fecha) else ESPERA


@singledispatch
def significado(fila) -> str:
    raise TypeError(f"Nadie ha dicho qué significa el estado de {type(fila).__name__}.")


@significado.register
def _(fila: Caso) -> str:
    return _abierto(fila.vence) if fila.estado in ABIERTOS else de_resultado(fila.resultado)


@significado.register
def _(fila: Opinion) -> str:
    if fila.esta_sin_resolver:
        return _abierto(fila.vence)
    return _DE_SENTIDO.get(fila.sentido, NEUTRO)


@significado.register
def _(fila: Ajuste) -> str:
    return _abierto(fila.vence) if fila.esta_pendiente else _DE_AJUSTE.get(fila.estado, NEUTRO)


@significado.register
def _(fila: Propuesta) -> str:
    if fila.estado == EstadoPropuesta.PRESENTADA:
        return _abierto(fila.vigencia)
    return _DE_PROPUESTA.get(fila.estado, NEUTRO)


@significado.register
def _(fila: Constancia) -> str:
    return _DE_CONSTANCIA.get(fila.estado, HECHO)


@significado.register
def _(fila: Comprobacion) -> str:
    if fila.esta_pendiente:
        return _abierto(fila.vence)
    return _DE_COMPROBACION.get(fila.estado, NEUTRO)


@significado.register
def _(fila: Satisfaccion) -> str:
    if fila.esta_pendiente:
        return _abierto(fila.vence)
    if fila.calificacion is None or BAJA < fila.calificacion < ALTA:
        return NEUTRO
    return HECHO if fila.calificacion >= ALTA else RECHAZADO


@significado.register
def _(fila: Cita) -> str:
    return _DE_CITA.get(fila.estado, NEUTRO)


@significado.register
def _(fila: Aviso) -> str:
    return _DE_AVISO.get(fila.estado, ESPERA)
