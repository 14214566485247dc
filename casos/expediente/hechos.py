"""The facts of one case that guards, permissions and screens read. No queries: see ``carga``.

``Hechos`` is made whole by the loader, or read when it is asked: no rule of it can lapse for want of
a list.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.utils import timezone

from casos.catalogos import (
    Estado,
    EstadoAjuste,
    EstadoConstancia,
    EstadoOpinion,
    EstadoPropuesta,
    QueAjusta,
    Resultado,
    Rol,
    Sentido,
    TipoConstancia,
)
from casos.models import (
    Ajuste,
    Caso,
    Cita,
    Condicion,
    Configuracion,
    Constancia,
    Contacto,
    Opinion,
    Propuesta,
    TipoRequerimiento,
    Usuario,
)

from .condiciones_de_las_areas import ConCandados
from .gerencias import Gerencia
from .intentos import DIAS_DE_INTENTO, Intentos
from .lo_que_se_pregunta import ConPreguntas
from .ya_viable import ConPosibilidades


@dataclass
class Hechos(ConCandados, ConPosibilidades, ConPreguntas):
    """Everything that hangs from a case and that a rule may ask."""

    caso: Caso
    opiniones: list[Opinion]  # by round, then area
    ajustes: list[Ajuste]
    propuestas: list[Propuesta]  # newest first
    constancias: list[Constancia]
    condiciones: list[Condicion]
    contactos: list[Contacto]  # newest first; without their texts, which the timeline shows
    contrato_libre: bool  # no other case of the contract is being adjusted
    ultima_vigencia: date | None  # from when the contract's last conditions are in force
    al_pedirlo: Mapping[str, Callable[[], Any]]  # what few steps ask: read the first time

    @cached_property
    def citas(self) -> list[Cita]:
        return self.al_pedirlo["citas"]()

    @cached_property
    def tipos(self) -> list[TipoRequerimiento]:
        return self.al_pedirlo["tipos"]()

    @cached_property
    def seguidores(self) -> list[Usuario]:
        return self.al_pedirlo["seguidores"]()

    @cached_property
    def gerencias(self) -> list[Gerencia]:
        return self.al_pedirlo["gerencias"]()

    @cached_property
    def configuracion(self) -> Configuracion:
        return self.al_pedirlo["configuracion"]()

    @property
    def seguidores_ids(self) -> set[int]:
        return {u.pk for u in self.seguidores}

    def sumar(self, fila: Any) -> None:
        """A row just created joins its list."""
        listas: dict[type, list[Any]] = {
            Opinion: self.opiniones,
            Ajuste: self.ajustes,
            Constancia: self.constancias,
            Condicion: self.condiciones,
        }
        if isinstance(fila, Propuesta):
            self.propuestas.insert(0, fila)
        elif isinstance(fila, Contacto):
            self.contactos.insert(0, fila)
        elif isinstance(fila, Cita):
            if "citas" in self.__dict__:  # else it is read with the others
                self.citas.append(fila)
        else:
            listas[type(fila)].append(fila)

    # -- people ----------------------------------------------------------------------------------

    @property
    def hay_direccion(self) -> bool:
        return any(rol == Rol.DG for _, rol, _ in self.gerencias)

    @property
    def hay_gerente(self) -> bool:
        return any(es_gerente for _, _, es_gerente in self.gerencias)

    def hay_direccion_ajena(self, involucrados: set[int]) -> bool:
        """Whether an active DG who did not ask can do it instead (rule 4)."""
        return any(rol == Rol.DG and pk not in involucrados for pk, rol, _ in self.gerencias)

    # -- 7.2 -------------------------------------------------------------------------------------

    @property
    def hay_contacto_efectivo(self) -> bool:
        return any(c.efectivo for c in self.contactos)

    def intentos_desde(self, instante: datetime) -> list[Contacto]:
        return [c for c in self.contactos if not c.efectivo and c.cuando > instante]

    @property
    def intentos(self) -> Intentos:
        """Since the client last spoke with us or was presented something; in 7.8, since it was decided (D§2)."""
        if self.caso.estado == Estado.POR_INFORMAR:
            return self._contar(self.caso.decidido_en)
        logrados = [c.cuando for c in self.contactos if c.efectivo]
        logrados += [p.presentada_en for p in self.propuestas]
        logrados += [self.caso.contestado_en] if self.caso.contestado_en else []
        return self._contar(max([*logrados, self.caso.recibido_en]))

    @property
    def tres_intentos(self) -> bool:
        """≥ 3 attempts on different days by ≥ 2 media."""
        return self.intentos.bastan

    @property
    def tres_intentos_desde_decision(self) -> bool:
        return self._contar(self.caso.decidido_en).bastan

    @property
    def intentos_del_paso(self) -> list[Contacto]:
        """Attempts written down in this step, on its first three different days (rule 8)."""
        desde = self.caso.estado_desde
        intentos = [c for c in self.contactos if not c.efectivo and c.registrado_en >= desde]
        dias = sorted({timezone.localdate(c.cuando) for c in intentos})[:DIAS_DE_INTENTO]
        return [c for c in intentos if timezone.localdate(c.cuando) in dias]

    def _contar(self, desde: datetime | None) -> Intentos:
        intentos = [] if desde is None else self.intentos_desde(desde)
        dias = {timezone.localdate(c.cuando) for c in intentos}
        return Intentos(len(dias), len({c.medio for c in intentos}))

    # -- 7.3, 7.4 --------------------------------------------------------------------------------

    @property
    def areas_que_participan(self) -> set[int]:
        """Keys of the areas that were ever asked something in the case."""
        return {o.area_id for o in self.opiniones} | {a.area_id for a in self.ajustes}

    @property
    def opiniones_actuales(self) -> list[Opinion]:
        """Per area that of its highest round; withdrawn and cancelled ones do not count (rule 1)."""
        por_area = {}
        for o in self.opiniones:
            if o.estado not in (EstadoOpinion.RETIRADA, EstadoOpinion.CANCELADA):
                por_area[o.area_id] = o
        return list(por_area.values())

    @property
    def opiniones_de_la_vuelta(self) -> list[Opinion]:
        return [o for o in self.opiniones_actuales if o.vuelta == self.caso.vuelta]

    @property
    def opiniones_pendientes(self) -> list[Opinion]:
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
    def en_contra(self) -> list[Opinion]:
        """The opinions against that stand (rule 11): the last one each area really gave.

        A question waived, withdrawn or still open replaces nothing; nor does a verbal answer that
        the area itself has not confirmed.
        """
        en_pie: dict[int, Opinion] = {}
        for o in self.opiniones:
            if o.sentido == Sentido.EN_CONTRA:
                en_pie[o.area_id] = o
            elif o.estado == EstadoOpinion.DADA and self.la_dijo_su_area(o):
                en_pie.pop(o.area_id, None)
        return list(en_pie.values())

    def la_dijo_su_area(self, opinion: Opinion) -> bool:
        return not opinion.verbal or any(
            c.opinion_id == opinion.pk and c.estado == EstadoConstancia.CONFIRMADA
            for c in self.constancias
        )

    @property
    def esta_elevado(self) -> bool:
        """Taken to Dirección, which has yet to answer; moot once no opinion against stands."""
        return self.caso.elevado_en is not None and bool(self.en_contra) and self.hay_direccion

    @property
    def verbales_sin_confirmar(self) -> list[Constancia]:
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
    def propuesta_viva(self) -> Propuesta | None:
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

    def exceden_lo_viable(self, pedidos: dict[int, str]) -> list[Condicion]:
        """Rows (``Condicion``) whose asked value goes past the alternative declared viable.

        ``pedidos`` maps the pk of a row to the value the client asks for (§7.6).
        """
        return [
            fila
            for fila in self.condiciones
            if pedidos.get(fila.pk) and fila.rebasa(pedidos[fila.pk])
        ]

    @property
    def consentimiento_sin_confirmar(self) -> Constancia | None:
        """Consent given verbally to go past the viable, which nobody confirmed yet (rule 9).

        Whatever is asked of the areas later starts anew.
        """
        preguntas = [o.pedida_en for o in self.opiniones]
        for c in reversed(self.constancias):
            if c.tipo == TipoConstancia.CONSENTIMIENTO:
                vale = c.esta_sin_confirmar and c.registrada_en >= max(preguntas)
                return c if vale else None
        return None

    # -- 7.7 -------------------------------------------------------------------------------------

    @property
    def ajustes_de_la_aceptacion(self) -> list[Ajuste]:
        return [a for a in self.ajustes if a.aceptacion == self.caso.aceptacion]

    @property
    def ajustes_actuales(self) -> list[Ajuste]:
        """Per area its newest adjustment of the last acceptance (rule 2)."""
        por_area = {}
        for a in self.ajustes_de_la_aceptacion:
            if a.deshace_id is None and a.estado != EstadoAjuste.CANCELADO:
                por_area[a.area_id] = a
        return list(por_area.values())

    def es_actual(self, ajuste: Ajuste) -> bool:
        return ajuste in self.ajustes_actuales

    def deshacimientos(self, ajuste: Ajuste) -> list[Ajuste]:
        return [
            a
            for a in self.ajustes_de_la_aceptacion
            if a.deshace_id == ajuste.pk and a.estado != EstadoAjuste.CANCELADO
        ]

    def deshacer_abierto(self, ajuste: Ajuste) -> bool:
        """Asked and unanswered, or answered "cannot" and not yet accepted as it stands."""
        return any(
            a.estado in (EstadoAjuste.PENDIENTE, EstadoAjuste.NO_PUEDE)
            for a in self.deshacimientos(ajuste)
        )

    def esta_deshecho(self, ajuste: Ajuste) -> bool:
        return any(a.estado == EstadoAjuste.DESHECHO for a in self.deshacimientos(ajuste))

    @property
    def confirmados_en_pie(self) -> list[Ajuste]:
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
    def algo_confirmado(self) -> bool:
        """Whether an area already adjusted something to what was agreed, and it stands."""
        return any(
            a.estado == EstadoAjuste.CONFIRMADO and not self.esta_deshecho(a)
            for a in self.ajustes_de_la_aceptacion
        )

    @property
    def pendientes_de_ajuste(self) -> list[Ajuste]:
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
            a.area.que_ajusta == QueAjusta.CONTRATO
            and a.estado in (EstadoAjuste.CONFIRMADO, EstadoAjuste.NO_APLICA)
            for a in self.ajustes_actuales
        )

    @property
    def deshaciendo(self) -> list[Ajuste]:
        """Undoing that is open, of an older adjustment too, or done on an area's current one."""
        abiertos = [a for a in self.ajustes_de_la_aceptacion if self.deshacer_abierto(a)]
        return abiertos + [a for a in self.ajustes_actuales if self.esta_deshecho(a)]

    @property
    def no_pueden(self) -> list[Ajuste]:
        return [a for a in self.ajustes_actuales if a.estado == EstadoAjuste.NO_PUEDE]

    @property
    def hay_no_puede(self) -> bool:
        return bool(self.no_pueden)

    # -- deadlines, reopening --------------------------------------------------------------------

    @staticmethod
    def esta_vencido(fila: Opinion | Ajuste) -> bool:
        return fila.vence is not None and fila.vence < timezone.localdate()

    @property
    def puede_reabrirse(self) -> bool:
        """Within the window; for MODIFICADO it starts with the first pay period (D§2)."""
        caso = self.caso
        if caso.cerrado_en is None:
            return False
        if caso.reapertura_pedida_en:
            return True  # asked for in time, it waits for who decides
        inicio = timezone.localdate(caso.cerrado_en)
        if caso.resultado == Resultado.MODIFICADO:
            nominas = [a.periodo_inicio for a in self.ajustes_de_la_aceptacion if a.periodo_inicio]
            inicio = max([inicio, *nominas])
        return timezone.localdate() <= inicio + timedelta(days=self.configuracion.reapertura_dias)
