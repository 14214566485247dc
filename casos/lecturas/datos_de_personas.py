"""What whoever looks after privacy reads: who is blocked, what was given to whom, who read what is sensitive."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

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
from casos.permisos.lectura import enmascara
from casos.textos import igual

A_LA_VISTA, LECTURAS = 50, 100
DE_TELEFONO = 7  # digits that make a telephone, and not the number of a person


def bloqueadas() -> QuerySet[Bloqueo]:
    """Whose term ends first, first."""
    return Bloqueo.objects.select_related("persona__cliente", "por").order_by("hasta", "pk")


class Hallada(NamedTuple):
    persona: PersonaContacto
    nombre: str  # of one blocked, the name that stands apart


def halladas(q: str) -> list[Hallada]:
    """Contact persons whose name, mail, telephone or number has what was typed; those blocked too. Two statements."""
    clave = igual(q)
    if not clave:
        return []
    personas = PersonaContacto.objects.filter(suprimida_en=None).select_related("cliente")
    # Of those blocked the data stand apart and are few: they are compared here.
    apartadas = {
        b.persona_id: b.nombre
        for b in Bloqueo.objects.all()
        if clave in igual(b.nombre) or clave in b.correo.casefold() or _llama(clave, b.telefono)
    }
    hay = Q(pk__in=apartadas) | Q(bloqueada_en=None) & (
        Q(nombre_igual__contains=clave) | Q(correo__icontains=clave)
    )
    if len(cifras := _cifras(clave)) >= DE_TELEFONO:
        hay |= Q(telefono__contains=cifras)
    elif clave == cifras:
        hay |= Q(pk=int(cifras))
    filas = personas.filter(hay).order_by("nombre_igual", "pk")[:A_LA_VISTA]
    return [Hallada(p, apartadas.get(p.pk) or p.nombre) for p in filas]


def _cifras(texto: str) -> str:
    return "".join(filter(str.isdecimal, texto))


def _llama(clave: str, telefono: str) -> bool:
    cifras = _cifras(clave)
    return len(cifras) >= DE_TELEFONO and cifras in telefono


def suprimidas() -> QuerySet[Supresion]:
    filas = Supresion.objects.select_related("persona__cliente", "usuario", "por")
    return filas.order_by("-pk")[:A_LA_VISTA]


def por_confirmar() -> QuerySet[PropuestaDeSupresion]:
    """Whose data are past their term, and nobody has said yet; not who was blocked or suppressed by other ways."""
    filas = PropuestaDeSupresion.objects.filter(
        estado=EstadoDePropuesta.ESPERA, persona__bloqueada_en=None, persona__suprimida_en=None
    )
    return filas.select_related("persona__cliente").order_by("ultimo_cierre", "pk")[:LECTURAS]


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
