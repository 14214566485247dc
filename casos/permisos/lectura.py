"""Who reads what (D§5): every rule of masking, in one place.

Which cases exist for a person is ``CasoQuerySet.visibles_para``; here is what of them is told. No
queries, HTTP or models: it is given rows and answers with what may be shown.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING, Any, NamedTuple

from casos.catalogos import ROLES_COMERCIALES, ROLES_DE_LECTURA, Rol, TipoImportacion

from .cargos import trae_casos
from .de_privacidad import lleva_privacidad

if TYPE_CHECKING:
    from collections.abc import Iterable

    from casos.expediente.hechos import Hechos
    from casos.models import (
        Ajuste,
        Aviso,
        Caso,
        Cliente,
        Comprobacion,
        Condicion,
        Opinion,
        PersonaContacto,
        Rastro,
        Satisfaccion,
        Usuario,
    )

DATO_PERSONAL = "Dato personal"
DATO_SUPRIMIDO = "Dato suprimido"
DATO_BLOQUEADO = "Dato bloqueado"


class Lee(Enum):
    """Who reads in the log what was typed in a field of a form."""

    QUIEN_VE_EL_CASO = auto()
    QUIEN_LEE_CLIENTES = auto()  # how to reach a person at the client
    QUIEN_LEE_LA_HOJA = auto()  # what was decided
    QUIEN_LEE_LO_INTERNO = auto()  # why it was decided so
    QUIEN_VE_EL_OTRO_CASO = auto()  # the folio of another case


# -- persons and clients ---------------------------------------------------------------------------


def enmascara(usuario: Usuario) -> bool:
    """An auditor sees the evidence without personal data; who administers people, all of it."""
    return usuario.rol == Rol.AUD and not usuario.is_superuser


def lee_clientes(usuario: Usuario) -> bool:
    """Commercial people, who stands in for one, and readers; the rest, what concerns their areas."""
    return usuario.ve_todo or any(c.rol in ROLES_COMERCIALES for c in usuario.cargos)


def lo_que_importa(usuario: Usuario) -> tuple[TipoImportacion, ...]:
    """What somebody brings in by a workbook; who administers, no cases, since they act on none (rule 3)."""
    cartera = (TipoImportacion.CLIENTES, TipoImportacion.CONTRATOS)
    return (
        *(cartera if usuario.es_gerente or usuario.is_superuser else ()),
        *((TipoImportacion.CASOS,) if trae_casos(usuario) else ()),
    )


def lee_datos_de_contacto(usuario: Usuario) -> bool:
    """Telephone, mail and position of a person at the client: an area needs no more than the name."""
    return lee_clientes(usuario) and not enmascara(usuario)


def lee_seguridad(usuario: Usuario) -> bool:
    """The record of security: who administers, and Auditoría, so that they are not its only reader."""
    return usuario.is_superuser or usuario.rol == Rol.AUD


class Alcance(NamedTuple):
    """What of the tablero somebody sees."""

    areas: frozenset[int] | None  # an area's manager: one of these; else of everything
    personas: bool  # who leads what
    dinero: bool  # what the contracts are worth


def ve_tablero(usuario: Usuario) -> Alcance | None:
    """Gerencia, Dirección and who reads everything; an area's manager, of their own (D§1, §5)."""
    if usuario.is_superuser:
        return None
    if usuario.rol in ROLES_DE_LECTURA:
        return Alcance(None, personas=not enmascara(usuario), dinero=True)
    if any(c.es_gerencia for c in usuario.cargos):
        return Alcance(None, personas=True, dinero=True)
    suyas = frozenset[int]().union(*(c.areas_a_cargo for c in usuario.cargos))
    return Alcance(suyas, personas=True, dinero=False) if suyas else None


def ve_conformidad(usuario: Usuario) -> bool:
    """How all cases were followed up: Calidad, Auditoría, gerencia and Dirección."""
    alcance = ve_tablero(usuario)
    return alcance is not None and alcance.areas is None


# The parts of the search texts: what is everybody's, names of persons and former ones, how they are reached.
TODO_LO_BUSCABLE = ("texto", "nombres", "contacto")


def busca_en(usuario: Usuario) -> tuple[str, ...]:
    """What a person may find a case or a client by: no more than they read of it."""
    if enmascara(usuario):
        return ("texto",)
    return TODO_LO_BUSCABLE if lee_datos_de_contacto(usuario) else ("texto", "nombres")


def cliente_para(cliente: Cliente, usuario: Usuario) -> Cliente:
    """Itself, with a stand-in for a natural person's name where it is masked.

    To be shown, never saved.
    """
    if enmascara(usuario) and cliente.es_persona_fisica:
        cliente.razon_social, cliente.nombre_comercial = f"Cliente {cliente.pk}", ""
    return cliente


def rfc_para(cliente: Cliente, usuario: Usuario) -> str:
    """The RFC of a natural person identifies them."""
    if cliente.rfc and enmascara(usuario) and cliente.es_persona_fisica:
        return DATO_PERSONAL
    return cliente.rfc


def persona_para(persona: PersonaContacto | None, usuario: Usuario) -> str:
    """The name, or a stand-in where it is masked; nothing where there is no person."""
    if persona is None:
        return ""
    return f"Persona {persona.pk}" if enmascara(usuario) else persona.nombre


def comentario_para(satisfaccion: Satisfaccion, usuario: Usuario) -> str:
    """What a person at the client said of the change, in their words."""
    if satisfaccion.comentario and enmascara(usuario):
        return DATO_PERSONAL
    return satisfaccion.comentario


def de_quien_es(rastro: Rastro, usuario: Usuario) -> str:
    """What was changed: the contract, the person, or the client itself."""
    if rastro.contrato:
        return f"Contrato {rastro.contrato.numero}"
    return persona_para(rastro.persona, usuario) if rastro.persona else "Cliente"


def rastro_para(rastro: Rastro, usuario: Usuario) -> dict[str, str]:
    """Old and new of a change. Of persons, and of what a client was called, an auditor reads none."""
    if rastro.suprimido_en:
        return {"antes": DATO_SUPRIMIDO, "despues": DATO_SUPRIMIDO}
    if rastro.persona and rastro.persona.bloqueada_en and not lleva_privacidad(usuario):
        return {"antes": DATO_BLOQUEADO, "despues": DATO_BLOQUEADO}
    if enmascara(usuario) and rastro.contrato is None:
        return {
            "antes": rastro.antes and DATO_PERSONAL,
            "despues": rastro.despues and DATO_PERSONAL,
        }
    return {"antes": rastro.antes, "despues": rastro.despues}


# -- the sheet and the areas' work -----------------------------------------------------------------


def ve_fundamentos(caso: Caso, usuario: Usuario, opinion: Opinion) -> bool:
    """Who reads an area's grounds: RC, management, readers, and the area itself."""
    return usuario.ve_todo or any(
        c.usuario_id == caso.responsable_id or opinion.area_id in c.areas for c in usuario.cargos
    )


def ve_lo_dicho(h: Hechos, usuario: Usuario, fila: Any) -> bool:
    """Whether the texts of an act on this row are read: an opinion's, or of a notice about one.

    A row that is not there hides its texts.
    """
    if fila is None:
        return False
    if hasattr(fila, "deshace_id"):
        return lee_respuesta(h.caso, usuario, fila)
    if not hasattr(fila, "opinion_id"):
        return ve_fundamentos(h.caso, usuario, fila)
    if fila.opinion is not None:
        return ve_fundamentos(h.caso, usuario, fila.opinion)
    # An assignment said verbally is everybody's.
    return fila.ajuste is None or lee_respuesta(h.caso, usuario, fila.ajuste)


def solo_informa(caso: Caso, usuario: Usuario) -> bool:
    """Of Atención and nothing more in this case: told what to say to the client, never why inside (§7.8)."""
    if usuario.ve_todo:
        return False
    decide = {str(r) for r in ROLES_COMERCIALES} - {str(Rol.AC)}
    suyo = any(c.rol in decide or c.usuario_id == caso.responsable_id for c in usuario.cargos)
    return not suyo and any(c.rol == Rol.AC for c in usuario.cargos)


def algo_se_le_reserva(h: Hechos, usuario: Usuario) -> bool:
    """Whether texts or files of some row may not be read: else nobody needs to ask of which."""
    leidos = (ve_fundamentos(h.caso, usuario, o) for o in h.opiniones)
    return solo_informa(h.caso, usuario) or not all(leidos)


def lee_respuesta(caso: Caso, usuario: Usuario, ajuste: Ajuste) -> bool:
    """What an area answered to an adjustment, and why: of who only informs, the area itself (§7.7)."""
    if not solo_informa(caso, usuario):
        return True
    return any(ajuste.area_id in c.areas for c in usuario.cargos)


def lee_diferencia(caso: Caso, usuario: Usuario, comprobacion: Comprobacion) -> bool:
    """What an area says that arrived otherwise: the area itself, and who reads why inside."""
    suya = any(comprobacion.area_id in c.areas for c in usuario.cargos)
    return suya or lee_lo_interno(caso, usuario)


def lee_lo_interno(caso: Caso, usuario: Usuario) -> bool:
    """Why it was decided so: who reads the whole sheet, save who only informs the client."""
    return ve_toda_la_hoja(caso, usuario) and not solo_informa(caso, usuario)


def ve_toda_la_hoja(caso: Caso, usuario: Usuario) -> bool:
    """Areas read only the rows that concern them; everybody else the whole sheet (D§3)."""
    if usuario.ve_todo or caso.registrado_por_id == usuario.pk:
        return True
    return any(c.rol or c.usuario_id == caso.responsable_id for c in usuario.cargos)


def hoja_para(h: Hechos, usuario: Usuario, suyos: set[int]) -> list[Condicion]:
    """Rows of the sheet the person reads; ``suyos``: concepts that concern their areas."""
    if ve_toda_la_hoja(h.caso, usuario):
        return h.condiciones
    return [f for f in h.condiciones if f.concepto_id in suyos]


def lee_impresos(h: Hechos, usuario: Usuario, suyos: set[int]) -> bool:
    """Whether somebody is given what the client was given in writing: it tells every row, and names people.

    Who reads only some rows (rule 14), or may know no names, reads of it on the page.
    """
    completa = len(hoja_para(h, usuario, suyos)) == len(h.condiciones)
    return completa and not enmascara(usuario)


# -- the log ---------------------------------------------------------------------------------------


def lee_campo(caso: Caso, usuario: Usuario, lee: Lee, otro_caso_visible: bool) -> bool:
    """What the case page does not show a reader is not in its log either."""
    if lee is Lee.QUIEN_LEE_CLIENTES:
        return lee_clientes(usuario)
    if lee is Lee.QUIEN_LEE_LA_HOJA:
        return ve_toda_la_hoja(caso, usuario)
    if lee is Lee.QUIEN_LEE_LO_INTERNO:
        return lee_lo_interno(caso, usuario)
    return lee is not Lee.QUIEN_VE_EL_OTRO_CASO or otro_caso_visible


def texto_para(texto: Any, caso: Caso, usuario: Usuario) -> str:
    """A free text of the log (``TextoEvento``), masked where it tells a person."""
    if texto.suprimido_en:
        return DATO_SUPRIMIDO
    if enmascara(usuario) and _es_personal(texto, caso):
        return DATO_PERSONAL
    return texto.texto


def _es_personal(texto: Any, caso: Caso) -> bool:
    # A company's name and RFC are public; a natural person's are not. What the case's client is no
    # longer called may have been the name of one, merged or corrected since.
    if texto.personal or texto.campo in ("cliente_anterior", "cliente_nuevo"):
        return texto.personal
    cliente = caso.cliente
    suyos = (cliente.razon_social, cliente.nombre_comercial, cliente.rfc)
    del_cliente = texto.campo.startswith("cliente_")
    return del_cliente and (cliente.es_persona_fisica or texto.texto not in suyos)


# -- mails -----------------------------------------------------------------------------------------


def lee_correo(aviso: Aviso, usuario: Usuario) -> bool:
    """A confidential body is nobody's; an area's letter carries its grounds only to who reads them."""
    if aviso.confidencial or enmascara(usuario):
        return False
    if aviso.es_resumen:
        return aviso.usuario_id == usuario.pk
    if aviso.caso is None or usuario.ve_todo or aviso.usuario_id == usuario.pk:
        return True
    if aviso.area_id in usuario.areas_ids or aviso.caso.responsable_id == usuario.pk:
        return True
    return any(c.usuario_id == aviso.caso.responsable_id for c in usuario.cargos)


def asunto_para(aviso: Aviso, usuario: Usuario, corte: str) -> str:
    """Its subject without the client's name, where that is a person's whom the reader may not know.

    ``corte`` stands between what and whom: "[folio] what – client, from when".
    """
    caso = aviso.caso
    if caso is None or not enmascara(usuario):
        return aviso.asunto
    que, _, de_quien = aviso.asunto.partition(corte)
    # One that the case's client is no longer called may have been a person's, merged since.
    suyo = f"{de_quien}, ".startswith(f"{caso.cliente}, ")
    if caso.cliente.es_persona_fisica or not suyo:
        return f"{que} – {cliente_para(caso.cliente, usuario)}"
    return aviso.asunto


def abre_el_caso(caso: Caso, usuario: Usuario | None, siguen: Iterable[int]) -> bool:
    """AC learns how every case ended, and opens its own and those passed to it."""
    if usuario is None or caso.paso_por_atencion or usuario.rol != Rol.AC:
        return True
    return usuario.pk in {caso.responsable_id, caso.registrado_por_id, *siguen}


# -- the panel -------------------------------------------------------------------------------------


def puede_administrar(usuario: Usuario) -> bool:
    """Enters the admin panel: administrator, commercial manager, area managers, Calidad for its clauses."""
    if not usuario.is_active:
        return False
    if usuario.is_superuser or usuario.es_gerente or usuario.rol == Rol.CAL:
        return True
    return bool(usuario.areas_a_cargo_ids)
