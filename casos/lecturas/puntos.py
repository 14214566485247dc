"""*Los ocho puntos*: a case as an auditor reads it, a row for each of 7.1–7.8. Reads only, and only the log.

The lines are those of the case page's timeline, masked there; what is missing is said by ``conformidad``, or because
the case has not come so far.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from casos import actos as a
from casos.catalogos import ABIERTOS, Estado, Resultado
from casos.expediente.acta import Acta, actas
from casos.expediente.completo import Completo
from casos.expediente.conformidad import Juicio, juzgar, veredicto_de
from casos.models import Caso
from casos.veredicto import Veredicto

from . import historia
from .historia import Renglon

# What proves that a step was carried out.
PRUEBA: dict[str, tuple[a.Suceso, ...]] = {
    "7.1": (a.REGISTRAR,),
    "7.2": (a.CONTACTAR,),
    "7.3": (a.CONCLUIR_ANALISIS,),
    "7.4": (a.DECLARAR_VIABLE, a.DECLARAR_NO_VIABLE),
    "7.5": (a.PRESENTAR,),
    "7.6": (a.ACEPTAR, a.RECHAZAR, a.CONTRAOFERTAR, a.CERRAR_SIN_RESPUESTA),
    "7.7": (a.CERRAR_MODIFICADO, a.DECLARAR_NO_AJUSTABLE),
    "7.8": (a.INFORMAR,),
}
# Of a step that the case did not go through: why it needs none.
SIN_PASO = {
    Resultado.MODIFICADO: "el contrato se modificó y al cliente se le informó al cerrar 7.7.",
    Resultado.NO_VIABLE: "se decidió en 7.4 que no es viable.",
    Resultado.NO_AJUSTABLE: "no se pudo ajustar.",
    Resultado.NO_INTERESADO: "al cliente no le interesó.",
    Resultado.SIN_RESPUESTA: "el cliente no respondió y el caso se cerró.",
    Resultado.RETIRADO: "el cliente retiró su solicitud.",
}
# What moves only somebody's agenda proves nothing of a step.
DE_AGENDA = (a.PLANEAR.nombre, a.MOVER_LLAMADA.nombre, a.MOVER_CITA.nombre)


@dataclass(frozen=True)
class Falta:
    """What is not there, in words: "Falta", "Observación", "Todavía no" or "No aplica"."""

    que: str
    trato: str
    dicho: str
    evento: int = 0


@dataclass(frozen=True)
class Punto:
    """One of the eight: what was done, by whom, when, with what; and what is missing."""

    seccion: str
    nombre: str
    renglones: list[Renglon]
    faltas: list[Falta]


@dataclass(frozen=True)
class OchoPuntos:
    puntos: list[Punto]
    juicios: list[Juicio]
    veredicto: Veredicto
    esta_completo: bool  # whether all the log was read


def ocho_puntos(exp: Completo) -> OchoPuntos:
    """The eight points of one case for its reader. Seven statements more than the case itself."""
    renglones, sigue = historia.pagina(exp, cuantos=historia.TODOS)
    [acta] = actas(Caso.objects.filter(pk=exp.caso.pk))
    juicios = juzgar(acta)
    puntos = [
        _punto(exp, acta, estado, [r for r in reversed(renglones) if _es_de(r, estado)], juicios)
        for estado in ABIERTOS
    ]
    return OchoPuntos(puntos, juicios, veredicto_de(juicios), sigue is None)


def _es_de(renglon: Renglon, estado: Estado) -> bool:
    """An order to lead it (§6) stands with the request."""
    seccion = "7.1" if renglon.accion == a.ASIGNAR.nombre else renglon.seccion
    return seccion == estado.seccion and renglon.accion not in DE_AGENDA


def _punto(
    exp: Completo, acta: Acta, estado: Estado, suyos: list[Renglon], juicios: list[Juicio]
) -> Punto:
    seccion = estado.seccion
    faltas = list(_lo_que_falta(juicios, seccion))
    if not acta.de(*PRUEBA[seccion]):
        faltas.insert(0, _sin_prueba(exp.caso, acta, estado, bool(suyos)))
    return Punto(seccion, estado.label, suyos, faltas)


def _lo_que_falta(juicios: Iterable[Juicio], seccion: str) -> Iterable[Falta]:
    for j in juicios:
        # Of the whole case (§6, §7): with the request, where one begins to read.
        if (j.regla.seccion if "." in j.regla.seccion else "7.1") != seccion:
            continue
        for d in j.desviaciones:
            que = "Falta" if d.veredicto is Veredicto.NO_CUMPLE else "Observación"
            yield Falta(que, d.veredicto.trato, f"{d.dicho}.", d.evento)


def _sin_prueba(caso: Caso, acta: Acta, estado: Estado, se_empezo: bool) -> Falta:
    if caso.estado == estado or (se_empezo and caso.es_abierto):
        return Falta("Falta", "espera", f"terminar este paso; el caso está en {_donde(caso)}.")
    if caso.es_abierto:
        return Falta("Todavía no", "neutro", f"el caso está en {_donde(caso)}.")
    if caso.estado == Estado.ANULADO:
        return Falta("No aplica", "neutro", "el registro se anuló.")
    return Falta("No aplica", "neutro", SIN_PASO[Resultado(caso.resultado)])


def _donde(caso: Caso) -> str:
    estado = Estado(caso.estado)
    return f"{estado.seccion}, {estado.label}"
