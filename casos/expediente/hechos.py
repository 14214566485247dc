"""The facts of one case that guards, permissions and screens read. Each list is one query, once.

Reads only. ``Hechos(caso)`` is set as ``caso.hechos`` by the door and by the case page.
"""

from datetime import timedelta
from decimal import Decimal

from django.utils import timezone
from django.utils.functional import cached_property

from casos.catalogos import (
    Estado,
    EstadoAjuste,
    EstadoConstancia,
    EstadoOpinion,
    EstadoPropuesta,
    Limite,
    Resultado,
    Sentido,
    Unidad,
)
from casos.models import Caso, Configuracion, Usuario

NUMERICAS = (Unidad.ENTERO, Unidad.DINERO, Unidad.PORCENTAJE)


class Hechos:
    def __init__(self, caso: Caso):
        self.caso = caso

    # -- lists -----------------------------------------------------------------------------------

    @cached_property
    def opiniones(self) -> list:
        filas = list(
            self.caso.opiniones.select_related("area", "pedida_por", "dada_por").order_by(
                "vuelta", "area__orden", "pk"
            )
        )
        return self._del_caso(filas)

    @cached_property
    def ajustes(self) -> list:
        filas = list(
            self.caso.ajustes.select_related(
                "area", "pedido_por", "respondido_por", "deshace"
            ).order_by("aceptacion", "pk")
        )
        return self._del_caso(filas)

    @cached_property
    def propuestas(self) -> list:
        return self._del_caso(
            list(
                self.caso.propuestas.select_related("presentada_por", "persona").order_by("-numero")
            )
        )

    @cached_property
    def constancias(self) -> list:
        return self._del_caso(
            list(
                self.caso.constancias.select_related(
                    "destinatario", "registrada_por", "opinion", "ajuste"
                ).order_by("pk")
            )
        )

    @cached_property
    def condiciones(self) -> list:
        return self._del_caso(
            list(self.caso.condiciones.select_related("concepto").order_by("concepto__orden", "pk"))
        )

    @cached_property
    def contactos(self) -> list:
        """Newest first; without their texts, which the timeline shows."""
        return self._del_caso(list(self.caso.contactos.defer("resumen").order_by("-cuando", "-pk")))

    @cached_property
    def citas(self) -> list:
        return self._del_caso(
            list(self.caso.citas.select_related("persona").order_by("inicio", "pk"))
        )

    @cached_property
    def seguidores_ids(self) -> set:
        return set(self.caso.seguidores.values_list("pk", flat=True))

    @cached_property
    def configuracion(self) -> Configuracion:
        return Configuracion.actual()

    @cached_property
    def gerencias(self) -> list:
        """Active GER and DG persons: (pk, rol, es_gerente)."""
        return list(Usuario.objects.gerencia().values_list("pk", "rol", "es_gerente"))

    def sumar(self, lista: str, fila) -> None:
        """A row just created joins its list, unless the list is yet to be read."""
        if lista in self.__dict__:
            getattr(self, lista).append(fila)

    def _del_caso(self, filas):
        for fila in filas:
            fila.caso = self.caso
        return filas

    # -- people ----------------------------------------------------------------------------------

    @property
    def hay_direccion(self) -> bool:
        return any(rol == "DG" for _, rol, _ in self.gerencias)

    @property
    def hay_gerente(self) -> bool:
        return any(es_gerente for _, _, es_gerente in self.gerencias)

    def hay_otra_direccion(self, persona_id: int) -> bool:
        return any(rol == "DG" and pk != persona_id for pk, rol, _ in self.gerencias)

    def hay_gerencia_ajena(self, involucrados: set) -> bool:
        """Whether an active GER or DG who did not ask can do it instead (rule 4)."""
        return any(pk not in involucrados for pk, _, _ in self.gerencias)

    # -- 7.2 -------------------------------------------------------------------------------------

    @property
    def hay_contacto_efectivo(self) -> bool:
        return any(c.efectivo for c in self.contactos)

    def intentos_desde(self, instante) -> list:
        return [c for c in self.contactos if not c.efectivo and c.cuando > instante]

    @property
    def tres_intentos(self) -> bool:
        """≥ 3 attempts on different days by ≥ 2 media, after the last effective one (D§2)."""
        logrados = [c.cuando for c in self.contactos if c.efectivo]
        logrados += [p.presentada_en for p in self.propuestas]
        return self._son_suficientes(self.intentos_desde(max([*logrados, self.caso.recibido_en])))

    @property
    def tres_intentos_desde_decision(self) -> bool:
        return self._son_suficientes(self.intentos_desde(self.caso.decidido_en))

    @staticmethod
    def _son_suficientes(intentos) -> bool:
        dias = {timezone.localdate(c.cuando) for c in intentos}
        return len(dias) >= 3 and len({c.medio for c in intentos}) >= 2

    # -- 7.3, 7.4 --------------------------------------------------------------------------------

    @property
    def opiniones_actuales(self) -> list:
        """Per area that of its highest round; withdrawn and cancelled ones do not count (rule 1)."""
        por_area = {}
        for o in self.opiniones:
            if o.estado not in (EstadoOpinion.RETIRADA, EstadoOpinion.CANCELADA):
                por_area[o.area_id] = o
        return list(por_area.values())

    @property
    def opiniones_de_la_vuelta(self) -> list:
        return [o for o in self.opiniones_actuales if o.vuelta == self.caso.vuelta]

    @property
    def opiniones_pendientes(self) -> list:
        return [o for o in self.opiniones_actuales if o.esta_sin_resolver]

    @property
    def opiniones_resueltas(self) -> bool:
        return bool(self.opiniones_actuales) and not self.opiniones_pendientes

    @property
    def hay_opinion_dada(self) -> bool:
        return any(
            o.estado == EstadoOpinion.DADA and o.sentido != Sentido.NO_APLICA
            for o in self.opiniones_actuales
        )

    @property
    def en_contra(self) -> list:
        return [o for o in self.opiniones_actuales if o.sentido == Sentido.EN_CONTRA]

    @property
    def verbales_sin_confirmar(self) -> list:
        actuales = {o.pk for o in self.opiniones_actuales if o.verbal}
        if not actuales:
            return []
        return [
            c
            for c in self.constancias
            if c.opinion_id in actuales and c.estado == EstadoConstancia.SIN_CONFIRMAR
        ]

    # -- 7.5, 7.6 --------------------------------------------------------------------------------

    @property
    def propuesta_viva(self):
        return next((p for p in self.propuestas if p.estado == EstadoPropuesta.PRESENTADA), None)

    @property
    def propuesta_con_vigencia(self) -> bool:
        viva = self.propuesta_viva
        return viva is not None and viva.vigencia >= timezone.localdate()

    @property
    def contrato_vigente(self) -> bool:
        contrato = self.caso.contrato
        return contrato is None or not contrato.esta_terminado

    @property
    def vigente_al_dia(self) -> bool:
        caso = self.caso
        return caso.contrato is None or caso.version_contrato == caso.contrato.version

    @cached_property
    def contrato_libre(self) -> bool:
        return (
            not Caso.objects.filter(contrato=self.caso.contrato_id, estado=Estado.EN_MODIFICACION)
            .exclude(pk=self.caso.pk)
            .exists()
        )

    def exceden_lo_viable(self, pedidos: dict) -> list:
        """Rows (``Condicion``) whose asked value goes past the alternative declared viable.

        ``pedidos`` maps the pk of a row to the value the client asks for (§7.6).
        """
        return [
            fila
            for fila in self.condiciones
            if pedidos.get(fila.pk) and _excede(fila, pedidos[fila.pk])
        ]

    # -- 7.7 -------------------------------------------------------------------------------------

    @property
    def ajustes_de_la_aceptacion(self) -> list:
        return [a for a in self.ajustes if a.aceptacion == self.caso.aceptacion]

    @property
    def ajustes_actuales(self) -> list:
        """Per area its newest adjustment of the last acceptance (rule 2)."""
        por_area = {}
        for a in self.ajustes_de_la_aceptacion:
            if a.deshace_id is None and a.estado != EstadoAjuste.CANCELADO:
                por_area[a.area_id] = a
        return list(por_area.values())

    def es_actual(self, ajuste) -> bool:
        return ajuste in self.ajustes_actuales

    def deshacimientos(self, ajuste) -> list:
        return [
            a
            for a in self.ajustes_de_la_aceptacion
            if a.deshace_id == ajuste.pk and a.estado != EstadoAjuste.CANCELADO
        ]

    def deshacer_abierto(self, ajuste) -> bool:
        """Asked and unanswered, or answered "cannot" and not yet accepted as it stands."""
        return any(
            a.estado in (EstadoAjuste.PENDIENTE, EstadoAjuste.NO_PUEDE)
            for a in self.deshacimientos(ajuste)
        )

    def esta_deshecho(self, ajuste) -> bool:
        return any(a.estado == EstadoAjuste.DESHECHO for a in self.deshacimientos(ajuste))

    @property
    def confirmados_en_pie(self) -> list:
        """Confirmed, neither undone nor accepted as it stands (rule 2)."""
        resueltos = (EstadoAjuste.DESHECHO, EstadoAjuste.ACEPTADO)
        return [
            a
            for a in self.ajustes_de_la_aceptacion
            if a.deshace_id is None
            and a.estado == EstadoAjuste.CONFIRMADO
            and not any(d.estado in resueltos for d in self.deshacimientos(a))
        ]

    @property
    def hay_confirmado(self) -> bool:
        return any(
            a.estado == EstadoAjuste.CONFIRMADO and not self.esta_deshecho(a)
            for a in self.ajustes_actuales
        )

    @property
    def pendientes_de_ajuste(self) -> list:
        return [a for a in self.ajustes_de_la_aceptacion if a.esta_pendiente]

    @property
    def ajustes_resueltos(self) -> bool:
        listos = (EstadoAjuste.CONFIRMADO, EstadoAjuste.NO_APLICA)
        return bool(self.ajustes_actuales) and all(
            a.estado in listos for a in self.ajustes_actuales
        )

    @property
    def juridico_contesto(self) -> bool:
        return any(
            a.area.codigo == "JUR" and a.estado in (EstadoAjuste.CONFIRMADO, EstadoAjuste.NO_APLICA)
            for a in self.ajustes_actuales
        )

    @property
    def deshaciendo(self) -> list:
        """Undoing that is open, or done on what is still an area's current adjustment."""
        return [
            a for a in self.ajustes_actuales if self.deshacer_abierto(a) or self.esta_deshecho(a)
        ]

    @property
    def hay_no_puede(self) -> bool:
        return any(a.estado == EstadoAjuste.NO_PUEDE for a in self.ajustes_actuales)

    # -- deadlines, reopening --------------------------------------------------------------------

    @staticmethod
    def esta_vencido(objeto) -> bool:
        return objeto.vence is not None and objeto.vence < timezone.localdate()

    @property
    def puede_reabrirse(self) -> bool:
        """Within the window; for MODIFICADO it starts with the first pay period (D§2)."""
        caso = self.caso
        if caso.cerrado_en is None:
            return False
        inicio = timezone.localdate(caso.cerrado_en)
        if caso.resultado == Resultado.MODIFICADO:
            nominas = [a.periodo_inicio for a in self.ajustes_de_la_aceptacion if a.periodo_inicio]
            inicio = max([inicio, *nominas])
        return timezone.localdate() <= inicio + timedelta(days=self.configuracion.reapertura_dias)


def _excede(fila, pedido: str) -> bool:
    tope = fila.viable or fila.vigente
    if pedido == tope:
        return False
    limite = fila.concepto.limite
    if limite == Limite.EXACTO or not tope or fila.concepto.unidad not in NUMERICAS:
        return True
    if limite == Limite.MAXIMO:
        return Decimal(pedido) > Decimal(tope)
    return Decimal(pedido) < Decimal(tope)
