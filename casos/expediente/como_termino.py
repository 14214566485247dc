"""How a case ended, each time it was closed: read from its log. No queries."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from casos import actos
from casos.catalogos import Estado, Resultado
from casos.reparto_del_tiempo import Anotado

RESULTADO_DE = {
    actos.RECHAZAR.nombre: Resultado.NO_INTERESADO,
    actos.CERRAR_SIN_RESPUESTA.nombre: Resultado.SIN_RESPUESTA,
    actos.CERRAR_MODIFICADO.nombre: Resultado.MODIFICADO,
    actos.RETIRAR.nombre: Resultado.RETIRADO,
}
AL_INFORMAR = {
    actos.DECLARAR_NO_VIABLE.nombre: Resultado.NO_VIABLE,
    actos.DECLARAR_NO_AJUSTABLE.nombre: Resultado.NO_AJUSTABLE,
}


class Desenlace(NamedTuple):
    """A closing: its event, how many events of those read led to it, and why it ended so."""

    evento: Anotado
    leidos: int
    resultado: Resultado
    motivos: frozenset[int]
    area: int | None
    contrato_tras_no: str


def desenlaces(anotados: Iterable[Anotado]) -> list[Desenlace]:
    hechos, el_no = [], None
    for leidos, e in enumerate(anotados, 1):
        if e.accion in AL_INFORMAR:
            el_no = e
        if e.a != Estado.CERRADO or e.de == Estado.CERRADO:
            continue
        resultado, porque = RESULTADO_DE.get(e.accion), e
        if resultado is None:
            assert el_no is not None  # nothing else leads to 7.8
            resultado, porque = AL_INFORMAR[el_no.accion], el_no
        dichos = [porque.datos.get("motivo_principal"), *porque.datos.get("motivos", ())]
        hechos.append(
            Desenlace(
                e,
                leidos,
                resultado,
                frozenset(clave for m in dichos if (clave := _clave(m, "motivo"))),
                _clave(porque.datos.get("area"), "area"),
                e.datos.get("contrato_tras_no", ""),
            )
        )
    return hechos


def _clave(referencia: object, modelo: str) -> int | None:
    """The key of ``motivo:5``. What a withdrawal says of its reason is a text, kept beside the log."""
    nombre, _, pk = str(referencia or "").partition(":")
    return int(pk) if nombre == modelo and pk.isdecimal() else None
