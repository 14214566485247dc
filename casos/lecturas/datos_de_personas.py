"""What whoever looks after privacy reads: who is blocked, what was given to whom, who read what is sensitive."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from django.db.models import QuerySet

from casos.busqueda import LARGO_CONSULTA, buscar_personas
from casos.clientes.conservacion_de_datos import por_decidir
from casos.datos_tratados import EstadoDePropuesta
from casos.models import (
    Adjunto,
    Bloqueo,
    EntregaDeAviso,
    LecturaSensible,
    PersonaContacto,
    PropuestaDeSupresion,
    Supresion,
    Usuario,
)
from casos.permisos.de_privacidad import lleva_privacidad
from casos.permisos.lectura import enmascara
from casos.textos import igual

A_LA_VISTA, LECTURAS, HALLADAS = 50, 100, 20


class Hoja(NamedTuple):
    """Some rows of a register, and where the page before and after is; none, empty."""

    filas: list[Any]
    anterior: str
    siguiente: str


def hoja(filas: QuerySet[Any] | list[Any], pedido: Mapping[str, str], cual: str = "hoja") -> Hoja:
    """The page that the address asks for under the name ``cual``; of one that is no number, the first."""
    pedida = pedido.get(cual, "")
    es_numero = pedida.isascii() and pedida.isdecimal() and len(pedida) < 6
    numero = max(int(pedida), 1) if es_numero else 1
    desde = (numero - 1) * A_LA_VISTA
    leidas = list(filas[desde : desde + A_LA_VISTA + 1])
    anterior = f"?{cual}={numero - 1}" if numero > 1 else ""
    siguiente = f"?{cual}={numero + 1}" if len(leidas) > A_LA_VISTA else ""
    return Hoja(leidas[:A_LA_VISTA], anterior, siguiente)


class Hallada(NamedTuple):
    """A contact person that a search finds; of who is blocked, as they were called."""

    persona: PersonaContacto
    datos: PersonaContacto | Bloqueo


def que_coinciden(consulta: str) -> tuple[list[Hallada], bool]:
    """The first ones by number, name, mail or telephone, and whether there are more."""
    filas = list(buscar_personas(consulta[:LARGO_CONSULTA])[: HALLADAS + 1])
    return [Hallada(p, getattr(p, "bloqueo", p)) for p in filas[:HALLADAS]], len(filas) > HALLADAS


def bloqueadas() -> QuerySet[Bloqueo]:
    """Whose term ends first, first."""
    return Bloqueo.objects.select_related("persona__cliente", "por").order_by("hasta", "pk")


def bloqueos_por_decidir(usuario: Usuario, hoy: date) -> list[Bloqueo]:
    """Whose term is over, for who looks after privacy; one statement, and none for anybody else."""
    return list(por_decidir(hoy)[:A_LA_VISTA]) if lleva_privacidad(usuario) else []


def al_abrir_el_dia(usuario: Usuario, hoy: date) -> list[tuple[str, bool]]:
    """In words, without whom: a letter stays in a mailbox; and that it is worth one by itself."""
    return [
        (f"Datos bloqueados de la persona {b.pk}: el plazo llegó el {b.hasta:%d/%m/%Y}", True)
        for b in bloqueos_por_decidir(usuario, hoy)
    ]


def suprimidas() -> QuerySet[Supresion]:
    filas = Supresion.objects.select_related("persona__cliente", "usuario", "por")
    return filas.order_by("-pk")


def de_la_empresa() -> list[Usuario]:
    """Our own people, who is here first; by name, whatever accent it begins with."""
    return sorted(Usuario.objects.all(), key=lambda u: (not u.is_active, igual(str(u)), u.pk))


def avisos_dados_a_cuentas(usuarios: list[Usuario]) -> dict[int, EntregaDeAviso]:
    """The last notice that each of our own was given. One statement."""
    filas = EntregaDeAviso.objects.filter(usuario__in=[u.pk for u in usuarios])
    filas = filas.select_related("aviso").order_by("fecha", "pk")
    return {fila.usuario_id: fila for fila in filas if fila.usuario_id}


def por_confirmar() -> QuerySet[PropuestaDeSupresion]:
    """Whose data are past their term, and nobody has said yet; not who was blocked or suppressed by other ways."""
    filas = PropuestaDeSupresion.objects.filter(
        estado=EstadoDePropuesta.ESPERA, persona__bloqueada_en=None, persona__suprimida_en=None
    )
    return filas.select_related("persona__cliente").order_by("ultimo_cierre", "pk")


def avisos_dados_a(personas: list[PersonaContacto]) -> dict[int, EntregaDeAviso]:
    """The last notice that each was given. One statement."""
    filas = EntregaDeAviso.objects.filter(persona__in=[p.pk for p in personas])
    ultimos: dict[int, EntregaDeAviso] = {}
    for fila in filas.select_related("aviso", "anotada_por").order_by("fecha", "pk"):
        ultimos[fila.persona_id] = fila
    return ultimos


class Leido(NamedTuple):
    lectura: LecturaSensible
    nombre: str  # of the file, as its reader may know it


def lecturas(usuario: Usuario, adjunto: Adjunto | None = None) -> list[Leido]:
    """The last reads of files marked sensitive; names of files may tell persons, and Auditoría reads none."""
    filas = LecturaSensible.objects.select_related("adjunto__caso", "usuario")
    if adjunto is not None:
        filas = filas.filter(adjunto=adjunto)
    oculta = enmascara(usuario)
    return [
        Leido(f, f"Archivo {f.adjunto_id}" if oculta else f.adjunto.nombre)
        for f in filas.order_by("-pk")[:LECTURAS]
    ]


def como_llegaron(persona: PersonaContacto) -> str:
    """Where their data came from, in words."""
    if not persona.origen:
        return "no se sabe"
    dicho = str(persona.get_origen_display())
    if persona.origen_folio:
        return f"{dicho}: {persona.origen_folio}"
    if persona.origen_importacion_id and persona.origen_importacion:
        importacion: Any = persona.origen_importacion
        return f"{dicho}: «{importacion.nombre}», {importacion.creada_en:%d/%m/%Y}"
    return dicho
