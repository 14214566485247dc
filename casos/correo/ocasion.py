"""One event as its letters see it: who may be written to, each by a name. Reads only."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from casos.actos import ACTOS, DEJAR_DE_SEGUIR, REGISTRAR, SEGUIR
from casos.catalogos import (
    ContratoTrasNo,
    EstadoAjuste,
    EstadoOpinion,
    Rol,
    TipoConstancia,
    Turno,
)
from casos.expediente import Expediente, Hechos
from casos.models import (
    Ajuste,
    Area,
    Aviso,
    Caso,
    Cita,
    Concepto,
    Constancia,
    Evento,
    Impreso,
    Opinion,
    Usuario,
)
from casos.models.despues import EstadoComprobacion
from casos.permisos.cargos import quienes_pidieron
from casos.permisos.predicados import solo_la_acepta_direccion

from . import invitaciones

SIN_NOVEDAD = (REGISTRAR, SEGUIR, DEJAR_DE_SEGUIR)  # nothing that RC would have to know


@dataclass(frozen=True)
class Destino:
    """Somebody to write to: a person, an area, or the client; ``sobre`` is the row it is about."""

    usuario: Usuario | None = None
    area: Area | None = None
    correo: str = ""
    sobre: Any = None


@dataclass
class Ocasion:
    """What happened, with the rows that it concerned."""

    evento: Evento
    exp: Expediente
    datos: dict[str, Any] = field(default_factory=dict)  # what was typed
    fila: Any = None  # the row the act was done on
    opiniones: Sequence[Opinion] = ()
    ajustes: Sequence[Ajuste] = ()
    constancias: Sequence[Constancia] = ()
    canceladas: Sequence[Opinion | Ajuste] = ()
    impreso: Impreso | None = None  # what the client is given in writing
    citas: Sequence[Cita] = ()  # whose invitation goes, or changes

    @property
    def caso(self) -> Caso:
        return self.exp.caso

    @property
    def hechos(self) -> Hechos:
        return self.exp.hechos

    @cached_property
    def _gente(self) -> list[Usuario]:
        personas = Usuario.objects.activos().exclude(rol="").exclude(email="")
        return list(personas.order_by("pk"))

    def _personas(self, prueba: Callable[[Usuario], bool]) -> list[Destino]:
        return [Destino(usuario=u) for u in self._gente if prueba(u)]

    @cached_property
    def _incumbencias(self) -> dict[int, set[int]]:
        """Area → concepts of the sheet that concern it; all areas in one query."""
        incumben: dict[int, set[int]] = {}
        pares = Concepto.areas.through.objects.values_list("area_id", "concepto_id")
        for area, concepto in pares:
            incumben.setdefault(area, set()).add(concepto)
        return incumben

    def conceptos_de(self, area: Area) -> set[int]:
        if area.lee_toda_la_hoja:
            return {f.concepto_id for f in self.hechos.condiciones}
        return self._incumbencias.get(area.pk, set())

    def deja_en_sus_manos(self, persona: Usuario) -> bool:
        """Whether the next move is theirs by this very event, which then cannot wait for the morning.

        Where another event followed it (the analysis ended by itself), that one tells it.
        """
        caso = self.caso
        if self.evento.a != caso.estado:
            return False
        suyo = caso.turno_hoy == Turno.RC and persona.pk == caso.responsable_id
        return suyo or (caso.turno_hoy == Turno.DG and persona.rol == Rol.DG)

    # -- persons ---------------------------------------------------------------------------------

    def responsable(self) -> list[Destino]:
        return [Destino(usuario=self.caso.responsable)] if self.caso.responsable else []

    def anterior(self) -> list[Destino]:
        """Who led the case until now."""
        pk = str(self.evento.datos.get("anterior", "")).partition(":")[2]
        if not pk or pk == str(getattr(self.fila, "registrada_por_id", "")):
            return []  # who wrote a corrected order down is told of the correction
        return [Destino(usuario=Usuario.objects.get(pk=pk))]

    def a_quien_regresa(self) -> list[Destino]:
        """Who led the case before an order that was denied."""
        return self.responsable() if self.evento.datos.get("regresa_a") else []

    def quien_la_tenia(self) -> list[Destino]:
        """To whom a *constancia* went by mistake."""
        pk = str(self.evento.datos["destinatario_anterior"]).partition(":")[2]
        return [Destino(usuario=Usuario.objects.get(pk=pk))]

    def seguidores_si_avanza(self) -> list[Destino]:
        if not self.evento.de or self.evento.a == self.evento.de:
            return []
        return [Destino(usuario=u) for u in self.hechos.seguidores if u.is_active]

    def gerentes(self) -> list[Destino]:
        """Who assigns a case; DG where nobody heads the area, as in the trays."""
        if self.caso.responsable_id:
            return []
        if self.hechos.hay_gerente:
            return self._personas(lambda u: u.es_gerente)
        return self._personas(lambda u: u.rol == Rol.DG)

    def gerencia_si_hay_riesgo(self) -> list[Destino]:
        if self.caso.contrato_tras_no not in (ContratoTrasNo.EN_RIESGO, ContratoTrasNo.TERMINA):
            return []
        return self._personas(lambda u: u.es_gerente or u.rol == Rol.DG)

    def _gerencia_ajena(self, fila: Any, sobre: Any, solo_direccion: bool = False) -> list[Destino]:
        """GER and DG who did not ask; where there is nobody else, who did (rule 4)."""
        pidieron = quienes_pidieron(self.caso.responsable_id, fila)
        gerencia = [
            u for u in self._gente if u.rol == Rol.DG or (u.es_gerente and not solo_direccion)
        ]
        ajena = [u for u in gerencia if u.pk not in pidieron]
        return [Destino(usuario=u, sobre=sobre) for u in ajena or gerencia]

    def gerencia_de_lo_dicho(self) -> list[Destino]:
        """Who may accept what an area said verbally, should it not confirm it."""
        return [
            destino
            for c in self.constancias
            for destino in self._gerencia_ajena(self.fila, c, solo_la_acepta_direccion(c))
        ]

    def gerencia_de_la_fila(self) -> list[Destino]:
        return self._gerencia_ajena(self.fila, self.fila)

    def quien_pasa_la_condicion(self) -> list[Destino]:
        """Dirección; where none is active, gerencia."""
        hay = self.hechos.hay_direccion
        return self._gerencia_ajena(self.fila, self.fila, solo_direccion=hay)

    def gerencia_si_ya_se_puede_cerrar(self) -> list[Destino]:
        """The client was looked for often enough: told once, with the attempt that completes them."""
        return self.gerencia_sin_fila() if self.exp.se_completaron_los_intentos else []

    def gerencia_sin_fila(self) -> list[Destino]:
        """Who may decide on the case itself."""
        return self._gerencia_ajena(None, None)

    def responsable_si_lo_hizo_otro(self) -> list[Destino]:
        """Whoever is RC is told of everything another did in their case, also in their place."""
        acto = ACTOS.get(self.evento.accion)
        suyo = self.evento.actor_id == self.caso.responsable_id
        return [] if suyo or acto is None or acto in SIN_NOVEDAD else self.responsable()

    def direccion(self) -> list[Destino]:
        return self._personas(lambda u: u.rol == Rol.DG and u.pk != self.caso.responsable_id)

    def quienes_reabren_si_se_pide(self) -> list[Destino]:
        """Who reopens what was closed as modified, where this very answer asks for it."""
        if not self.evento.datos.get("pide_que_se_reabra"):
            return []
        if self.hechos.hay_direccion:
            return self._personas(lambda u: u.rol == Rol.DG)
        return self._personas(lambda u: u.es_gerente)

    def areas_a_las_que_no_les_llego(self) -> list[Destino]:
        """Who said that it did not arrive: it stays as it is."""
        no = [c for c in self.hechos.comprobaciones if c.estado == EstadoComprobacion.NO_LLEGO]
        return [Destino(area=c.area) for c in no]

    def direccion_si_le_toca(self) -> list[Destino]:
        """An opinion was corrected while Dirección decides on the case."""
        return self.direccion() if self.caso.turno == Turno.DG else []

    def atencion_si_pasa(self) -> list[Destino]:
        return self._personas(lambda u: u.rol == Rol.AC) if self.caso.por_atencion else []

    def quien_la_registro(self) -> list[Destino]:
        return [Destino(usuario=self.fila.registrada_por)]

    def quienes_lo_oyeron(self) -> list[Destino]:
        """Of what was said verbally: each is asked to confirm it."""
        return [Destino(usuario=c.destinatario, sobre=c) for c in self.constancias]

    def cliente_si_se_pidio(self) -> list[Destino]:
        if not self.datos.get("enviar_al_cliente"):
            return []
        return [Destino(correo=self.caso.persona.correo, sobre=self.hechos.propuesta_viva)]

    def cliente(self) -> list[Destino]:
        """Who is sent a document on a press."""
        return [Destino(correo=self.caso.persona.correo, sobre=self.hechos.propuesta_viva)]

    # -- an appointment --------------------------------------------------------------------------

    @cached_property
    def previas(self) -> list[Aviso]:
        """Invitations of these appointments that were written before."""
        return invitaciones.previas_de(self.citas) if self.citas else []

    def la_tenia(self, destino: Destino) -> bool:
        """Whether an earlier invitation may have reached them: then this one changes it."""
        correo = destino.correo or (destino.usuario.email if destino.usuario else "")
        return any(
            a.cita_id == destino.sobre.pk and a.para.casefold() == correo.casefold()
            for a in self.previas
            if invitaciones.pudo_llegar(a)
        )

    def cliente_de_la_cita(self) -> list[Destino]:
        """Whom the client sends; cancelled, only who may have the invitation."""
        destinos = []
        for cita in self.citas:
            suyas = [a for a in self.previas if a.cita_id == cita.pk and a.usuario_id is None]
            correos = [a.para for a in suyas if invitaciones.pudo_llegar(a)]
            if cita.esta_programada and cita.persona and cita.persona.correo:
                correos.insert(0, cita.persona.correo)
            unicos = {c.casefold(): c for c in reversed(correos)}
            destinos += [Destino(correo=c, sobre=cita) for c in unicos.values()]
        return destinos

    def nuestros_de_la_cita(self) -> list[Destino]:
        """Who organises it, who leads the case, and whoever of the house has the invitation.

        Who goes no more is told so once: the last they have is a CANCEL then.
        """
        destinos = []
        for cita in self.citas:
            suyas = [a for a in self.previas if a.cita_id == cita.pk and a.usuario]
            ultimas = {a.usuario: a.calendario for a in suyas if invitaciones.pudo_llegar(a)}
            van = [u for u, c in ultimas.items() if invitaciones.metodo_de(c) != "CANCEL"]
            if cita.esta_programada:
                van = [*invitaciones.nuestros(cita), *van]
            destinos += [Destino(usuario=u, sobre=cita) for u in dict.fromkeys(van)]
        return destinos

    # -- areas -----------------------------------------------------------------------------------

    def preguntadas(self) -> list[Destino]:
        return [Destino(area=o.area, sobre=o) for o in self.opiniones]

    def avisadas(self) -> list[Destino]:
        """By mail; who was told verbally gets the *constancia* instead (§7.7)."""
        return [Destino(area=a.area, sobre=a) for a in self.ajustes if not a.verbal]

    def todas_las_de_ajuste(self) -> list[Destino]:
        """Told by mail or verbally: what was agreed is corrected for all of them."""
        return [Destino(area=a.area, sobre=a) for a in self.ajustes]

    def las_que_siguen_ajustando(self) -> list[Destino]:
        """Who is still at work on what another area says that cannot be done."""
        pendientes = [a for a in self.hechos.ajustes_actuales if a.esta_pendiente]
        return [Destino(area=a.area, sobre=a) for a in pendientes]

    def las_que_siguen_si_se_dijo_que_no(self) -> list[Destino]:
        """The same, where what an area said verbally counts from now on."""
        c = self.fila
        no = c.tipo == TipoConstancia.RESPUESTA and c.ajuste.estado == EstadoAjuste.NO_PUEDE
        return self.las_que_siguen_ajustando() if no else []

    def detenidas(self) -> list[Destino]:
        return [Destino(area=o.area, sobre=o) for o in self.canceladas]

    def area_de_la_fila(self) -> list[Destino]:
        return [Destino(area=self.fila.area, sobre=self.fila)]

    def area_si_respondio_otro(self) -> list[Destino]:
        """GER or DG answered for an overdue area: the area is told."""
        del_actor = self.evento.actor.areas_ids if self.evento.actor else frozenset()
        return [] if self.fila.area_id in del_actor else self.area_de_la_fila()

    def _areas(self, filas: Iterable[Opinion | Ajuste], menos: Iterable[int] = ()) -> list[Destino]:
        areas = {f.area_id: f.area for f in filas}
        return [Destino(area=a) for pk, a in areas.items() if pk not in menos]

    @property
    def _detenidas(self) -> set[int]:
        """Who is told to halt by this very event."""
        return {o.area_id for o in self.canceladas}

    def areas_consultadas(self) -> list[Destino]:
        """Those still asked: not the withdrawn, nor who is told to halt."""
        fuera = (EstadoOpinion.RETIRADA, EstadoOpinion.CANCELADA)
        preguntadas = [o for o in self.hechos.opiniones if o.estado not in fuera]
        return self._areas(preguntadas, menos=self._detenidas)

    def areas_de_ajuste(self) -> list[Destino]:
        return self._areas(self.hechos.ajustes_de_la_aceptacion, menos=self._detenidas)

    def areas_de_lo_que_regresa(self) -> list[Destino]:
        """Who adjusted what the contract no longer holds (rule 12), and is not told to halt."""
        if not self.evento.datos.get("regresa_desde"):
            return []
        return self.areas_de_ajuste()

    def areas_sin_tarea(self) -> list[Destino]:
        con_tarea = {o.area_id for o in self.opiniones} | {a.area_id for a in self.ajustes}
        return self._areas([*self.hechos.opiniones, *self.hechos.ajustes], menos=con_tarea)

    def areas_y_atencion(self) -> list[Destino]:
        areas = self._areas([*self.hechos.opiniones, *self.hechos.ajustes])
        return areas + self._personas(lambda u: u.rol == Rol.AC)
