"""Only the machine. It reads as the instruction, 7.1 to 7.8.

A transition assigns fields of ``self`` and nothing else; its conditions are in ``guardas``, over the
facts of the case. What a step is called, who may do it and what it writes are not here: see
``casos.actos``. No queries, mail or ``save()``.
"""

from typing import TYPE_CHECKING, Any

from django.db import models
from django_fsm import RETURN_VALUE, ConcurrentTransitionMixin, FSMField, transition

from casos import guardas as g
from casos.catalogos import Estado, Resultado

if TYPE_CHECKING:
    from casos.expediente.hechos import Hechos

E = Estado
REAPERTURA = {
    Resultado.NO_VIABLE: E.EN_ANALISIS,
    Resultado.NO_AJUSTABLE: E.EN_ANALISIS,
    Resultado.NO_INTERESADO: E.EN_PROPUESTA,
    Resultado.RETIRADO: E.EN_CONTACTO,
    Resultado.MODIFICADO: E.EN_MODIFICACION,
}


class FlujoCaso(ConcurrentTransitionMixin, models.Model):
    """The states and steps of a case.

    A case by itself cannot move: its guards ask the facts, which an ``Expediente`` gives it.
    """

    estado = FSMField(
        "estado", default=E.RECIBIDO, choices=Estado.choices, max_length=16, protected=True
    )
    resultado = models.CharField("resultado", max_length=14, choices=Resultado.choices, blank=True)
    estado_al_cerrar = models.CharField(max_length=16, blank=True, editable=False)
    viene_de_ajuste = models.BooleanField(default=False, editable=False)
    por_atencion = models.BooleanField(default=False, editable=False)
    vuelta = models.PositiveSmallIntegerField(default=0, editable=False)
    aceptacion = models.PositiveSmallIntegerField(default=0, editable=False)

    _hechos: "Hechos | None" = None

    class Meta:
        abstract = True

    @property
    def hechos(self) -> "Hechos":
        """The facts its guards ask; raises ``LookupError`` on a case that no ``Expediente`` holds."""
        if self._hechos is None:
            raise LookupError("Un caso se mueve con su expediente.")
        return self._hechos

    # 7.1 is ``pasos.registro.registrar``: it creates the row in RECIBIDO.

    # 7.2 Comunicación con cliente
    @transition(estado, E.RECIBIDO, E.EN_CONTACTO, conditions=[g.con_responsable])
    def contactar(self) -> None:
        pass

    # 7.3 Se analiza situación
    @transition(estado, E.EN_CONTACTO, E.EN_ANALISIS, conditions=[g.con_contacto_efectivo])
    def analizar(self) -> None:
        self.vuelta += 1

    @transition(estado, E.EN_ANALISIS, E.POR_DECIDIR, conditions=[g.opiniones_resueltas])
    def concluir_analisis(self) -> None:
        pass

    @transition(estado, [E.POR_DECIDIR, E.EN_PROPUESTA], E.EN_ANALISIS)
    def pedir_mas_analisis(self) -> None:
        self.vuelta += 1

    # 7.4 ¿La solución es viable?
    @transition(
        estado,
        E.POR_DECIDIR,
        E.EN_PROPUESTA,
        conditions=[g.con_opinion_dada, g.verbales_confirmadas, g.en_contra_solo_con_direccion],
    )
    def declarar_viable(self) -> None:
        pass

    @transition(estado, E.POR_DECIDIR, E.POR_INFORMAR)
    def declarar_no_viable(self, por_atencion: bool = False) -> None:
        self.viene_de_ajuste = False
        self.por_atencion = por_atencion

    # 7.5 Se presenta propuesta sobre el requerimiento con cliente
    @transition(
        estado,
        E.EN_PROPUESTA,
        E.EN_RESPUESTA,
        conditions=[g.contrato_vigente, g.vigente_al_dia, g.condiciones_previas],
    )
    def presentar(self) -> None:
        pass

    @transition(estado, E.EN_RESPUESTA, E.EN_PROPUESTA)
    def volver_a_presentar(self) -> None:
        pass

    # 7.6 ¿Le interesa?
    @transition(estado, E.EN_RESPUESTA, RETURN_VALUE(E.EN_PROPUESTA, E.EN_ANALISIS))
    def contraofertar(self, se_analiza: bool = False) -> Estado:
        if se_analiza:
            self.vuelta += 1
        return E.EN_ANALISIS if se_analiza else E.EN_PROPUESTA

    @transition(
        estado,
        E.EN_RESPUESTA,
        E.EN_MODIFICACION,
        conditions=[
            g.contrato_vigente,
            g.vigente_al_dia,
            g.contrato_libre,
        ],
    )
    def aceptar(self) -> None:
        self.aceptacion += 1

    @transition(estado, E.EN_RESPUESTA, E.CERRADO)
    def rechazar(self) -> None:
        self._cerrar(Resultado.NO_INTERESADO)

    @transition(
        estado,
        [E.EN_CONTACTO, E.EN_PROPUESTA, E.EN_RESPUESTA],
        E.CERRADO,
        conditions=[g.con_tres_intentos, g.sin_propuesta_con_vigencia],
    )
    def cerrar_sin_respuesta(self) -> None:
        self._cerrar(Resultado.SIN_RESPUESTA)

    # 7.7 Modificación de Contrato y de Operación
    @transition(
        estado,
        E.EN_MODIFICACION,
        E.CERRADO,
        conditions=[
            g.ajustes_resueltos,
            g.con_ajuste_confirmado,
            g.juridico_contesto,
            g.sin_deshacer,
            g.condiciones_cumplidas,
            g.vigente_al_dia,
        ],
    )
    def cerrar_modificado(self) -> None:
        self._cerrar(Resultado.MODIFICADO)

    @transition(
        estado, E.EN_MODIFICACION, E.POR_INFORMAR, conditions=[g.con_no_se_puede, g.nada_en_pie]
    )
    def declarar_no_ajustable(self, por_atencion: bool = False) -> None:
        self.viene_de_ajuste = True
        self.por_atencion = por_atencion

    @transition(
        estado, [E.EN_MODIFICACION, E.POR_INFORMAR], E.EN_ANALISIS, conditions=[g.nada_en_pie]
    )
    def replantear(self) -> None:
        self.vuelta += 1
        self.por_atencion = False

    # 7.8 Informar a atención a clientes y/o cliente del motivo
    @transition(estado, E.POR_INFORMAR, E.CERRADO)
    def informar(self) -> None:
        self._cerrar(Resultado.NO_AJUSTABLE if self.viene_de_ajuste else Resultado.NO_VIABLE)

    # Outside the numbered steps
    @transition(
        estado,
        [
            E.RECIBIDO,
            E.EN_CONTACTO,
            E.EN_ANALISIS,
            E.POR_DECIDIR,
            E.EN_PROPUESTA,
            E.EN_MODIFICACION,
        ],
        E.CERRADO,
        conditions=[g.nada_en_pie],
    )
    def retirar(self) -> None:
        self._cerrar(Resultado.RETIRADO)

    @transition(
        estado,
        [E.RECIBIDO, E.EN_CONTACTO, E.EN_ANALISIS, E.POR_DECIDIR, E.EN_PROPUESTA],
        E.ANULADO,
        conditions=[g.nunca_presentado, g.nunca_cerrado],
    )
    def anular(self) -> None:
        pass

    @transition(
        estado,
        E.CERRADO,
        RETURN_VALUE(E.EN_CONTACTO, E.EN_ANALISIS, E.EN_PROPUESTA, E.EN_MODIFICACION),
        conditions=[g.dentro_del_plazo, g.contrato_como_quedo],
    )
    def reabrir(self) -> Estado:
        destino = self.destino_al_reabrir
        self.resultado = ""
        if destino == E.EN_ANALISIS:
            self.vuelta += 1
        self.por_atencion = False
        return destino

    @property
    def destino_al_reabrir(self) -> Estado:
        """Where ``reabrir`` lands, by the result of the closing (D§2)."""
        if self.resultado == Resultado.SIN_RESPUESTA:
            cerrado_en = Estado(self.estado_al_cerrar)
            return E.EN_PROPUESTA if cerrado_en == E.EN_RESPUESTA else cerrado_en
        return REAPERTURA[Resultado(self.resultado)]

    def _cerrar(self, resultado: Resultado) -> None:
        self.estado_al_cerrar = self.estado
        self.resultado = resultado


def transiciones() -> dict[str, dict[str, Any]]:
    """Every transition of the machine by name and state it starts from, in the reading order."""
    return {
        nombre: metodo._django_fsm.transitions
        for nombre, metodo in vars(FlujoCaso).items()
        if hasattr(metodo, "_django_fsm")
    }


TRANSICIONES = transiciones()


def destinos_de(transicion: Any) -> tuple[Estado, ...]:
    """Where a transition may land."""
    destino = transicion.target
    return tuple(Estado(d) for d in getattr(destino, "allowed_states", None) or [destino])
