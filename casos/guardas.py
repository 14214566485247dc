"""Guards of the machine: what must already be stored for a step (D§2, column *data*).

Each has the sentence that says what is missing and where it is given: an act of ``casos.actos`` by
its name, or a place of the case page. They read the facts of the case; no queries here. What a
person types is checked by the form of the act.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from casos.catalogos import Estado, Resultado

if TYPE_CHECKING:
    from casos.expediente.hechos import Hechos

E = Estado


@dataclass(frozen=True)
class Guarda:
    """A condition of a transition, with the sentence that says what is missing."""

    prueba: Callable[[Hechos], bool]
    falta: str
    enlace: str = ""
    como_va: Callable[[Hechos], str] | None = None  # how far it is, as a sentence

    def __call__(self, caso: Any) -> bool:
        return self.prueba(caso.hechos)

    def mensaje(self, caso: Any) -> str:
        return f"{self.falta} {self.como_va(caso.hechos)}" if self.como_va else self.falta

    @property
    def __name__(self) -> str:
        return self.prueba.__name__


def guarda(
    falta: str, enlace: str = "", como_va: Callable[[Hechos], str] | None = None
) -> Callable[[Callable[[Hechos], bool]], Guarda]:
    return lambda prueba: Guarda(prueba, falta, enlace, como_va)


@guarda("Falta asignar responsable.", "asignar")
def con_responsable(h: Hechos) -> bool:
    return h.caso.responsable_id is not None


@guarda("Falta al menos un contacto efectivo con el cliente.", "registrar_contacto")
def con_contacto_efectivo(h: Hechos) -> bool:
    return h.hay_contacto_efectivo


@guarda("Faltan opiniones por dar, dispensar o retirar.", "#opiniones")
def opiniones_resueltas(h: Hechos) -> bool:
    return h.opiniones_resueltas


@guarda("Hace falta la opinión real de al menos un área; las dispensadas no bastan.", "#opiniones")
def con_opinion_dada(h: Hechos) -> bool:
    return h.hay_opinion_dada


@guarda(
    "Hay una opinión verbal sin confirmar: la confirma el área, o la acepta gerencia o dirección.",
    "#constancias",
)
def verbales_confirmadas(h: Hechos) -> bool:
    return not h.verbales_sin_confirmar


@guarda(
    "Un área opinó en contra y no hay Dirección General activa: no puede declararse viable.",
    "#opiniones",
)
def en_contra_solo_con_direccion(h: Hechos) -> bool:
    return not h.en_contra or h.hay_direccion


@guarda(
    "Otro caso cambió el contrato: actualiza la columna Vigente antes de seguir.",
    "actualizar_vigente",
)
def vigente_al_dia(h: Hechos) -> bool:
    return h.vigente_al_dia


@guarda("El contrato ya terminó: no se puede modificar.", "#contrato")
def contrato_vigente(h: Hechos) -> bool:
    return h.contrato_vigente


@guarda("Otro caso del mismo contrato está en ajuste; espera a que termine.", "#contrato")
def contrato_libre(h: Hechos) -> bool:
    return h.contrato_libre


@guarda(
    "Se necesitan al menos 3 intentos, en días distintos y por 2 medios o más, "
    "después del último contacto efectivo o presentación.",
    "registrar_contacto",
    lambda h: f"Van {h.intentos.dicho}.",
)
def con_tres_intentos(h: Hechos) -> bool:
    return h.tres_intentos


@guarda("La propuesta presentada sigue con vigencia: espera a que venza.", "#propuestas")
def sin_propuesta_con_vigencia(h: Hechos) -> bool:
    return h.caso.estado != E.EN_RESPUESTA or not h.propuesta_con_vigencia


@guarda(
    "Hay condiciones de las áreas que debían cumplirse antes de presentar.",
    "#condiciones",
    lambda h: h.de_quien_son(antes_de_presentar=True),
)
def condiciones_previas(h: Hechos) -> bool:
    return not h.por_cumplir(antes_de_presentar=True)


@guarda("Hay condiciones de las áreas por cumplir.", "#condiciones", lambda h: h.de_quien_son())
def condiciones_cumplidas(h: Hechos) -> bool:
    return not h.por_cumplir()


@guarda("Faltan ajustes por confirmar o por marcar como no aplicables.", "#ajustes")
def ajustes_resueltos(h: Hechos) -> bool:
    return h.ajustes_resueltos


@guarda("Hace falta al menos un ajuste confirmado.", "#ajustes")
def con_ajuste_confirmado(h: Hechos) -> bool:
    return h.hay_confirmado


@guarda("Jurídico todavía no contesta su ajuste.", "#ajustes")
def juridico_contesto(h: Hechos) -> bool:
    return h.juridico_contesto


@guarda("Hay ajustes que se están deshaciendo o que ya se deshicieron.", "#ajustes")
def sin_deshacer(h: Hechos) -> bool:
    return not h.deshaciendo


@guarda("Ningún área ha indicado que no se puede ajustar.", "#ajustes")
def con_no_se_puede(h: Hechos) -> bool:
    return h.hay_no_puede


@guarda(
    "Hay ajustes confirmados en pie: pide que se deshagan, o que gerencia los acepte como están.",
    "#ajustes",
)
def nada_en_pie(h: Hechos) -> bool:
    return not h.confirmados_en_pie


@guarda("Ya se presentó una propuesta: este caso no se puede anular.")
def nunca_presentado(h: Hechos) -> bool:
    return not h.propuestas


@guarda("El caso ya estuvo cerrado: no se puede anular.")
def nunca_cerrado(h: Hechos) -> bool:
    return h.caso.cerrado_primera_vez_en is None


@guarda("Ya pasó el plazo para reabrirlo: registra una solicitud nueva derivada de este caso.")
def dentro_del_plazo(h: Hechos) -> bool:
    return h.puede_reabrirse


@guarda(
    "Otro caso del mismo contrato está en ajuste o ya lo cambió: registra una solicitud nueva "
    "derivada de este caso.",
    "#contrato",
)
def contrato_como_quedo(h: Hechos) -> bool:
    if h.caso.estado != E.CERRADO or h.caso.resultado != Resultado.MODIFICADO:
        return True
    return h.vigente_al_dia and h.contrato_libre
