"""Who are you in a case: the hats of a person, and rules made of them that can be joined.

No queries, HTTP or models here: it reads ``usuario.cargos`` and the facts of the case.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from casos.catalogos import ROLES_COMERCIALES, ROLES_DE_LECTURA, Rol

if TYPE_CHECKING:
    from casos.expediente.hechos import Hechos
    from casos.models import Usuario


@dataclass(frozen=True)
class Cargo:
    """One hat a person may act under: their own, or one lent by a ``Suplencia``."""

    usuario_id: int
    rol: str
    es_gerente: bool
    areas: frozenset[int]
    areas_a_cargo: frozenset[int]
    prestado: bool = False

    @property
    def es_gerencia(self) -> bool:
        return self.es_gerente or self.rol == Rol.DG


@dataclass(frozen=True)
class Permiso:
    """The right to an act: the hat it is done under, and what the log must say of it."""

    cargo: Cargo
    en_lugar_de_rc: bool = False  # rule 3: GER or DG where the table says RC
    sin_segregacion: bool = False  # rule 4: who asked also decides, for lack of anyone else


Prueba = Callable[["Hechos", "Usuario", Any], "Permiso | None"]
Condicion = Callable[["Hechos", Any], bool]
Motivo = str | Callable[["Hechos", Any], str]  # why not, in a sentence; "" where it is not expected


class Regla:
    """A predicate ``(hechos, usuario, fila) → Permiso | None``; rules join as ``rc | gerencia``.

    ``alguna_vez`` answers without the conditions: whose act it is, be it too late or too early.
    ``por_que_no`` says to who could expect the act why it is not theirs now: it is shown locked, with
    that sentence, and the door refuses with it.
    """

    def __init__(self, prueba: Prueba, *, condicion: Condicion | None = None, falta: Motivo = ""):
        self._prueba, self._condicion, self._falta = prueba, condicion, falta

    def __call__(self, hechos: Hechos, usuario: Usuario, fila: Any = None) -> Permiso | None:
        if self._condicion and not self._condicion(hechos, fila):
            return None
        return self._prueba(hechos, usuario, fila)

    def alguna_vez(self, hechos: Hechos, usuario: Usuario, fila: Any = None) -> Permiso | None:
        origen = self._prueba
        return (
            origen.alguna_vez(hechos, usuario, fila)
            if isinstance(origen, Regla)
            else (origen(hechos, usuario, fila))
        )

    def por_que_no(self, hechos: Hechos, usuario: Usuario, fila: Any = None) -> str:
        """Of an act that is not theirs now: the reason, or "" where nobody would look for it."""
        if not isinstance(self._prueba, Regla):
            return ""
        if self._condicion is None or self._condicion(hechos, fila):
            return self._prueba.por_que_no(hechos, usuario, fila)
        return _dicho(self._falta, hechos, fila) if self._prueba(hechos, usuario, fila) else ""

    def si(self, condicion: Condicion, falta: Motivo = "") -> Regla:
        """The same right, only while ``condicion(hechos, fila)`` holds; else ``falta`` is said."""
        return Regla(self, condicion=condicion, falta=falta)

    def esperada_por(self, quien: Regla, falta: Motivo) -> Regla:
        """The same right; whom ``quien`` lets would look for it too, and is told why it is not theirs."""
        return _Esperada(self, quien, falta)

    def al_corriente(self) -> Regla:
        """The same right, of who has said that they read the instruction in force (section 9)."""
        return _AlCorriente(self)

    def __or__(self, otra: Regla) -> Regla:
        return _Union(self, otra)


class _Union(Regla):
    """The first of two rules that gives a right."""

    def __init__(self, una: Regla, otra: Regla):
        super().__init__(lambda h, u, f: una(h, u, f) or otra(h, u, f))
        self._partes = (una, otra)

    def alguna_vez(self, hechos: Hechos, usuario: Usuario, fila: Any = None) -> Permiso | None:
        una, otra = self._partes
        return una.alguna_vez(hechos, usuario, fila) or otra.alguna_vez(hechos, usuario, fila)

    def por_que_no(self, hechos: Hechos, usuario: Usuario, fila: Any = None) -> str:
        una, otra = self._partes
        return una.por_que_no(hechos, usuario, fila) or otra.por_que_no(hechos, usuario, fila)


class _Esperada(Regla):
    """A right that others than its own would look for."""

    def __init__(self, regla: Regla, quien: Regla, falta: Motivo):
        super().__init__(regla)
        self._regla, self._quien, self._dice = regla, quien, falta

    def por_que_no(self, hechos: Hechos, usuario: Usuario, fila: Any = None) -> str:
        suya = self._regla.por_que_no(hechos, usuario, fila)
        if suya or not self._quien(hechos, usuario, fila):
            return suya
        return _dicho(self._dice, hechos, fila)


class _AlCorriente(Regla):
    """A right that rests while the person owes the acknowledgement; they are told what to do."""

    def __init__(self, regla: Regla):
        super().__init__(lambda h, u, f: None if u.sin_acuse else regla(h, u, f))
        self._regla = regla

    def alguna_vez(self, hechos: Hechos, usuario: Usuario, fila: Any = None) -> Permiso | None:
        return self._regla.alguna_vez(hechos, usuario, fila)

    def por_que_no(self, hechos: Hechos, usuario: Usuario, fila: Any = None) -> str:
        if usuario.sin_acuse and self._regla(hechos, usuario, fila):
            return usuario.sin_acuse
        return self._regla.por_que_no(hechos, usuario, fila)


def _dicho(falta: Motivo, hechos: Hechos, fila: Any) -> str:
    return falta if isinstance(falta, str) else falta(hechos, fila)


def cargos(usuario: Usuario) -> Iterable[Cargo]:
    """The hats of a person who acts on cases; the administrator and readers have none (rule 3)."""
    if usuario.is_superuser or not usuario.is_active or usuario.rol in ROLES_DE_LECTURA:
        return ()
    return usuario.cargos


def primero(usuario: Usuario, prueba: Callable[[Cargo], bool]) -> Cargo | None:
    return next((c for c in cargos(usuario) if prueba(c)), None)


def _permiso(cargo: Cargo | None) -> Permiso | None:
    return Permiso(cargo) if cargo else None


# -- persons, without a case -----------------------------------------------------------------------


def cargo_comercial(usuario: Usuario) -> Cargo | None:
    """VEN, AC or DG in their own right."""
    return primero(usuario, lambda c: not c.prestado and c.rol in ROLES_COMERCIALES)


def cargo_de_gerencia(usuario: Usuario) -> Cargo | None:
    """GER or DG, whatever the case."""
    return primero(usuario, lambda c: c.es_gerencia)


def trae_casos(usuario: Usuario) -> bool:
    """Gerencia and Dirección, in their own right: who assigns the open cases that come in by a workbook."""
    return primero(usuario, lambda c: c.es_gerencia and not c.prestado) is not None


def actua(usuario: Usuario) -> bool:
    """Whether the person acts on cases at all."""
    return bool(cargos(usuario))


# -- persons in a case -----------------------------------------------------------------------------


def _opina_su_area(h: Hechos, usuario: Usuario) -> bool:
    """An area of the person's own takes part in the case: then no lent right leads it (D§1)."""
    propias = {a for c in cargos(usuario) if not c.prestado for a in c.areas}
    return not propias.isdisjoint(h.areas_que_participan)


@Regla
def rc(h: Hechos, usuario: Usuario, fila: Any) -> Permiso | None:
    """The case's responsible, or their substitute."""
    cargo = primero(
        usuario, lambda c: c.usuario_id == h.caso.responsable_id and c.rol in ROLES_COMERCIALES
    )
    return None if cargo and cargo.prestado and _opina_su_area(h, usuario) else _permiso(cargo)


def cuenta(cargo: Cargo, usuario: Usuario, responsable_id: int | None) -> bool:
    """A lent right does not count where the substitute is RC (rule 4)."""
    return not (cargo.prestado and responsable_id == usuario.pk)


def manda(usuario: Usuario, responsable_id: int | None) -> Cargo | None:
    """The hat of GER or DG that counts in a case of who leads it."""
    return primero(usuario, lambda c: c.es_gerencia and cuenta(c, usuario, responsable_id))


@Regla
def gerencia(h: Hechos, usuario: Usuario, fila: Any) -> Permiso | None:
    """GER or DG."""
    return _permiso(manda(usuario, h.caso.responsable_id))


@Regla
def gerente(h: Hechos, usuario: Usuario, fila: Any) -> Permiso | None:
    """GER: the head of the commercial area."""
    lleva = h.caso.responsable_id
    return _permiso(primero(usuario, lambda c: c.es_gerente and cuenta(c, usuario, lleva)))


@Regla
def direccion(h: Hechos, usuario: Usuario, fila: Any) -> Permiso | None:
    lleva = h.caso.responsable_id
    return _permiso(primero(usuario, lambda c: c.rol == Rol.DG and cuenta(c, usuario, lleva)))


@Regla
def _gerencia_por_rc(h: Hechos, usuario: Usuario, fila: Any) -> Permiso | None:
    permiso = gerencia(h, usuario, fila)
    return permiso and replace(permiso, en_lugar_de_rc=True)


rc_o_gerencia = rc | _gerencia_por_rc  # rule 3
en_lugar_de_rc = _gerencia_por_rc


@Regla
def atencion(h: Hechos, usuario: Usuario, fila: Any) -> Permiso | None:
    return _permiso(primero(usuario, lambda c: c.rol == Rol.AC))


@Regla
def comercial(h: Hechos, usuario: Usuario, fila: Any) -> Permiso | None:
    return _permiso(cargo_comercial(usuario))


@Regla
def cualquiera(h: Hechos, usuario: Usuario, fila: Any) -> Permiso | None:
    """Whoever acts on cases at all, and sees this one."""
    return _permiso(primero(usuario, lambda c: True))


@Regla
def registrante(h: Hechos, usuario: Usuario, fila: Any) -> Permiso | None:
    """Who registered the case (rule 10)."""
    return cualquiera(h, usuario) if usuario.pk == h.caso.registrado_por_id else None


# -- nobody answers what they asked (rule 4) -------------------------------------------------------


def quienes_pidieron(responsable_id: int | None, fila: Any) -> set[int]:
    pidio = getattr(fila, "pedida_por_id", None) or getattr(fila, "pedido_por_id", None)
    return {pk for pk in (responsable_id, pidio) if pk is not None}


def quien_decide(
    usuario: Usuario,
    responsable_id: int | None,
    fila: Any,
    gerencias: Iterable[tuple[int, str, bool]],
    *,
    solo_direccion: bool = False,
    anotada_por: int | None = None,
) -> Permiso | None:
    """GER or DG, or DG alone, who did not ask; where there is nobody else, who asked (rule 4).

    Of what somebody wrote down, never they, nor whoever lends their right. The trays ask it too.
    """

    def puede(c: Cargo) -> bool:
        return (c.rol == Rol.DG if solo_direccion else c.es_gerencia) and (
            anotada_por not in (c.usuario_id, usuario.pk)
        )

    pidieron = quienes_pidieron(responsable_id, fila)
    ajeno = primero(usuario, lambda c: puede(c) and not pidieron & {usuario.pk, c.usuario_id})
    otras = {pk for pk, rol, _ in gerencias if rol == Rol.DG or not solo_direccion}
    if ajeno or otras - pidieron:
        return _permiso(ajeno)
    cargo = primero(usuario, lambda c: puede(c) and cuenta(c, usuario, responsable_id))
    if cargo is None:
        return None
    return Permiso(cargo, sin_segregacion=bool(pidieron & {usuario.pk, cargo.usuario_id}))


@Regla
def _gerencia_ajena(h: Hechos, usuario: Usuario, fila: Any) -> Permiso | None:
    """GER or DG who is neither RC nor the one who asked, nor lends the right of those.

    With nobody else in gerencia or dirección they do it all the same, marked ``sin_segregacion``.
    """
    return quien_decide(usuario, h.caso.responsable_id, fila, h.gerencias)


gerencia_ajena = _gerencia_ajena.esperada_por(
    gerencia, "Lo pediste tú o llevas el caso: lo decide otra persona de gerencia o de dirección."
)


@Regla
def direccion_ajena(h: Hechos, usuario: Usuario, fila: Any) -> Permiso | None:
    """DG who is neither RC nor the one who asked, where there is another one."""
    return quien_decide(usuario, h.caso.responsable_id, fila, h.gerencias, solo_direccion=True)


# -- areas -----------------------------------------------------------------------------------------


def _del_area(
    h: Hechos, usuario: Usuario, fila: Any, de: Callable[[Cargo], frozenset[int]]
) -> Permiso | None:
    """Of the area asked; never the case's RC (D§1) nor the one who asked (rule 4)."""
    if usuario.pk in quienes_pidieron(h.caso.responsable_id, fila):
        return None
    return _permiso(
        primero(
            usuario,
            lambda c: fila.area_id in de(c) and c.usuario_id != h.caso.responsable_id,
        )
    )


@Regla
def es_del_area(h: Hechos, usuario: Usuario, fila: Any) -> Permiso | None:
    """Of the area asked, be it that they asked it themselves."""
    return _permiso(primero(usuario, lambda c: fila.area_id in c.areas))


@Regla
def _miembro(h: Hechos, usuario: Usuario, fila: Any) -> Permiso | None:
    return _del_area(h, usuario, fila, lambda c: c.areas)


@Regla
def _responsable_de_area(h: Hechos, usuario: Usuario, fila: Any) -> Permiso | None:
    return _del_area(h, usuario, fila, lambda c: c.areas_a_cargo)


miembro = _miembro.esperada_por(
    es_del_area, "Lo pediste tú o llevas el caso: contesta otra persona del área."
)
# Manager of the area asked, with the same bars as any member.
responsable_de_area = _responsable_de_area.esperada_por(
    es_del_area, "Lo que ya se contestó solo lo corrige quien está a cargo del área."
)
