"""Guards of the machine: what must already be stored for a step (D§2, column *data*).

Each has the sentence that says what is missing and where it is given. They read ``caso.hechos``;
no queries here. What a person types is checked by the form of the action.
"""

from dataclasses import dataclass

from casos.catalogos import Estado, Resultado

E = Estado


@dataclass(frozen=True)
class Requisito:
    """A guard with the sentence that says what is missing and where it is given."""

    prueba: object
    falta: str
    enlace: str = ""

    def __call__(self, caso) -> bool:
        return self.prueba(caso)

    @property
    def __name__(self) -> str:
        return self.prueba.__name__


def requisito(falta: str, enlace: str = ""):
    return lambda prueba: Requisito(prueba, falta, enlace)


@requisito("Falta asignar responsable.", "asignar")
def con_responsable(caso):
    return caso.responsable_id is not None


@requisito("Falta al menos un contacto efectivo con el cliente.", "registrar_contacto")
def con_contacto_efectivo(caso):
    return caso.hechos.hay_contacto_efectivo


@requisito("Faltan opiniones por dar, dispensar o retirar.", "#opiniones")
def opiniones_resueltas(caso):
    return caso.hechos.opiniones_resueltas


@requisito(
    "Hace falta la opinión real de al menos un área; las dispensadas no bastan.", "#opiniones"
)
def con_opinion_dada(caso):
    return caso.hechos.hay_opinion_dada


@requisito(
    "Hay una opinión verbal sin confirmar: la confirma el área, o la acepta gerencia o dirección.",
    "#constancias",
)
def verbales_confirmadas(caso):
    return not caso.hechos.verbales_sin_confirmar


@requisito(
    "Un área opinó en contra y no hay Dirección General activa: no puede declararse viable.",
    "#opiniones",
)
def en_contra_solo_con_direccion(caso):
    return not caso.hechos.en_contra or caso.hechos.hay_direccion


@requisito(
    "Otro caso cambió el contrato: actualiza la columna Vigente antes de seguir.",
    "actualizar_vigente",
)
def vigente_al_dia(caso):
    return caso.hechos.vigente_al_dia


@requisito("El contrato ya terminó: no se puede modificar.", "#contrato")
def contrato_vigente(caso):
    return caso.hechos.contrato_vigente


@requisito("La propuesta ya venció: corrígela o renuévala.", "volver_a_presentar")
def propuesta_con_vigencia(caso):
    return caso.hechos.propuesta_con_vigencia


@requisito("Otro caso del mismo contrato está en ajuste; espera a que termine.", "#contrato")
def contrato_libre(caso):
    return caso.hechos.contrato_libre


@requisito(
    "Se necesitan al menos 3 intentos, en días distintos y por 2 medios o más, "
    "después del último contacto efectivo o presentación.",
    "registrar_contacto",
)
def con_tres_intentos(caso):
    return caso.hechos.tres_intentos


@requisito("La propuesta presentada sigue con vigencia: espera a que venza.", "#propuestas")
def sin_propuesta_con_vigencia(caso):
    return caso.estado != E.EN_RESPUESTA or not caso.hechos.propuesta_con_vigencia


@requisito("Faltan ajustes por confirmar o por marcar como no aplicables.", "#ajustes")
def ajustes_resueltos(caso):
    return caso.hechos.ajustes_resueltos


@requisito("Hace falta al menos un ajuste confirmado.", "#ajustes")
def con_ajuste_confirmado(caso):
    return caso.hechos.hay_confirmado


@requisito("Jurídico todavía no contesta su ajuste.", "#ajustes")
def juridico_contesto(caso):
    return caso.hechos.juridico_contesto


@requisito("Hay ajustes que se están deshaciendo o que ya se deshicieron.", "#ajustes")
def sin_deshacer(caso):
    return not caso.hechos.deshaciendo


@requisito("Ningún área ha indicado que no se puede ajustar.", "#ajustes")
def con_no_se_puede(caso):
    return caso.hechos.hay_no_puede


@requisito(
    "Hay ajustes confirmados en pie: pide que se deshagan, o que gerencia los acepte como están.",
    "#ajustes",
)
def nada_en_pie(caso):
    return not caso.hechos.confirmados_en_pie


@requisito("Ya se presentó una propuesta: este caso no se puede anular.")
def nunca_presentado(caso):
    return not caso.hechos.propuestas


@requisito("El caso ya estuvo cerrado: no se puede anular.")
def nunca_cerrado(caso):
    return caso.cerrado_primera_vez_en is None


@requisito("Ya pasó el plazo para reabrirlo: registra una solicitud nueva derivada de este caso.")
def dentro_del_plazo(caso):
    return caso.hechos.puede_reabrirse


@requisito(
    "Otro caso del mismo contrato está en ajuste o ya lo cambió: registra una solicitud nueva "
    "derivada de este caso.",
    "#contrato",
)
def contrato_como_quedo(caso):
    if caso.estado != E.CERRADO or caso.resultado != Resultado.MODIFICADO:
        return True
    return caso.hechos.vigente_al_dia and caso.hechos.contrato_libre
