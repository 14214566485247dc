"""Clients a person may see, and what a contract remembers (D§6). Reads only."""

from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, Max, OuterRef, Prefetch, Q, Subquery

from casos import calendario
from casos.busqueda import LARGO_CONSULTA, buscar_clientes, es_folio, normalizar
from casos.catalogos import Estado, Unidad
from casos.expediente.tiempo import decimos_de_su_cierre
from casos.models import (
    Caso,
    Cliente,
    Condicion,
    Contacto,
    Contrato,
    Rastro,
    ValorContrato,
    VersionContrato,
)
from casos.permisos import lectura

from .coincidencias import Lugar, de_clientes

TAMANO = 25
CAMBIOS = 50
# Candidates shown to a merging.
CANDIDATOS = 12
# Clients shown above the cases that a search finds.
A_LA_VISTA = 3
CLIENTES_MAXIMO = 12
ABIERTOS_MAXIMO = 6


def visibles_para(usuario):
    """Commercial people and readers see all; an area, the clients of the cases it may see."""
    clientes = Cliente.objects.filter(fusionado_en=None)
    if lectura.lee_clientes(usuario):
        return clientes
    casos = Caso.objects.visibles_para(usuario).order_by()
    return clientes.filter(pk__in=casos.values("cliente_id"))


def pagina(usuario, *, q="", despues_de=""):
    """A page by name: (rows, key of the next). Keyset on (razon_social, pk).

    Where names are masked, by key alone: order and address would tell them.
    """
    por_nombre = not lectura.enmascara(usuario)
    clientes = buscar_clientes(visibles_para(usuario), q, lectura.busca_en(usuario))
    nombre, _, pk = despues_de.rpartition("|")
    if pk.isdecimal() and len(pk) < 10:
        if por_nombre:
            clientes = clientes.filter(razon_social__gte=nombre).exclude(
                razon_social=nombre, pk__lte=int(pk)
            )
        else:
            clientes = clientes.filter(pk__gt=int(pk))
    filas = list(clientes.order_by(*["razon_social"] * por_nombre, "pk")[: TAMANO + 1])
    ultimo = filas[TAMANO - 1] if len(filas) > TAMANO else None
    sigue = f"{ultimo.razon_social if por_nombre else ''}|{ultimo.pk}" if ultimo else ""
    filas = filas[:TAMANO]
    halladas = de_clientes(filas, q, usuario) if q else {}
    return [
        EnLaLista(
            lectura.rfc_para(c, usuario),
            lectura.cliente_para(c, usuario),
            *lo_suyo,
            tuple(halladas.get(c.pk, ())),
        )
        for c, lo_suyo in _con_lo_suyo(filas, usuario)
    ], sigue


def que_coinciden(usuario, q: str) -> tuple[list[tuple[Cliente, list[Lugar]]], bool]:
    """The first clients that a search finds, each with where; and whether there are more.

    An area sees no client without a case, and that one is in the list.
    """
    if es_folio(q) or not lectura.lee_clientes(usuario):
        return [], False
    clientes = buscar_clientes(visibles_para(usuario), q, lectura.busca_en(usuario))
    por_nombre = ["razon_social"] * (not lectura.enmascara(usuario))
    hay = list(clientes.order_by(*por_nombre, "pk")[: A_LA_VISTA + 1])
    halladas = de_clientes(hay[:A_LA_VISTA], q, usuario)
    filas = [(lectura.cliente_para(c, usuario), halladas.get(c.pk, [])) for c in hay[:A_LA_VISTA]]
    return filas, len(hay) > A_LA_VISTA


class EnLaLista(NamedTuple):
    """A client of the list; of its cases, only of those that the reader may see."""

    rfc: str
    cliente: Cliente
    contratos: int  # that have not ended
    abiertos: int
    ultimo: Caso | None  # how the last one ended
    contacto: datetime | None  # the last time it was spoken with
    hallado: tuple[Lugar, ...]  # where it was found, besides its names


def _con_lo_suyo(clientes: list[Cliente], usuario):
    """Each with its figures: five statements, however many they are."""
    claves = [c.pk for c in clientes]
    casos = Caso.objects.visibles_para(usuario).filter(cliente__in=claves).order_by()
    contratos = Contrato.objects.filter(cliente__in=claves, terminado_fecha=None).order_by()
    contactos = Contacto.objects.filter(efectivo=True, caso__in=casos.values("pk")).order_by()
    de_contratos = _por_cliente(contratos, Count("pk"))
    de_abiertos = _por_cliente(casos.abiertos(), Count("pk"))
    de_contactos = _por_cliente(contactos, Max("cuando"), "caso__cliente")
    cerrados = casos.filter(cliente=OuterRef("pk"), estado=Estado.CERRADO)
    ultimo = cerrados.order_by("-cerrado_en", "-pk").values("pk")[:1]
    de_ultimos = Cliente.objects.filter(pk__in=claves).values_list("pk", Subquery(ultimo))
    ultimos = dict(de_ultimos.order_by())
    terminados = Caso.objects.only("estado", "resultado", "cerrado_en").in_bulk(
        [pk for pk in ultimos.values() if pk]
    )
    for c in clientes:
        yield (
            c,
            (
                de_contratos.get(c.pk, 0),
                de_abiertos.get(c.pk, 0),
                terminados.get(ultimos.get(c.pk)),
                de_contactos.get(c.pk),
            ),
        )


def _por_cliente(filas, que, clave="cliente") -> dict:
    return dict(filas.values_list(clave).annotate(que).values_list(clave, que.default_alias))


def destino_final(pk: int) -> int | None:
    """Where a merged client lives on; ``None`` where it was not merged."""
    return Cliente.objects.filter(pk=pk).values_list("fusionado_en", flat=True).first()


def candidatos_a_fusion(origen: Cliente, q: str = "") -> list[Cliente]:
    """Clients that may be the same as ``origen``: what is searched, else same RFC or first word."""
    otros = Cliente.objects.filter(fusionado_en=None).exclude(pk=origen.pk)
    if not q:
        primera = normalizar(origen.razon_social).split()[:1]
        parecidos = Q(texto_busqueda__contains=primera[0]) if primera else Q(pk=None)
        if origen.rfc:
            parecidos |= Q(rfc=origen.rfc)
        otros = otros.filter(parecidos)
    return list(buscar_clientes(otros, q).order_by("razon_social", "pk")[:CANDIDATOS])


def lo_que_pasaria(origen: Cliente) -> dict:
    """How much of it a merging moves."""
    return {
        "contratos": origen.contratos.count(),
        "personas": origen.personas.count(),
        "casos": origen.casos.count(),
    }


def contratos_de(cliente: Cliente, usuario) -> list[Contrato]:
    """Contracts with their versions and the cases of each that this person may see.

    Of the conditions, an area reads only the rows that concern it (D§3).
    """
    valores = ValorContrato.objects.select_related("concepto")
    condiciones = Condicion.objects.select_related("concepto")
    if not lectura.lee_clientes(usuario):
        suyos = {"concepto__areas__in": usuario.areas_ids}
        valores = valores.filter(**suyos).distinct()
        condiciones = condiciones.filter(**suyos).distinct()
    casos = (
        Caso.objects.visibles_para(usuario)
        .filter(cliente=cliente)
        .select_related("cliente", "responsable", "motivo_principal")
        .annotate(decimos=decimos_de_su_cierre())
        .prefetch_related(Prefetch("condiciones", queryset=condiciones))
        .order_by("-pk")
    )
    contratos = list(
        cliente.contratos.prefetch_related(
            Prefetch("versiones", queryset=VersionContrato.objects.select_related("autor")),
            Prefetch("versiones__valores", queryset=valores),
            Prefetch("casos", queryset=casos),
        ).order_by("terminado_fecha", "numero")
    )
    for contrato in contratos:
        _repartir_versiones(contrato)
    return contratos


def cambios_de(cliente: Cliente, usuario) -> list[dict]:
    """Who changed what of the client, its persons and contracts, newest first; also before a merger."""
    if not lectura.lee_clientes(usuario):
        return []
    rastros = Rastro.objects.filter(Q(cliente=cliente) | Q(cliente__fusionado_en=cliente))
    rastros = rastros.select_related("autor", "persona", "contrato", "cliente").order_by("-pk")
    return [
        {"fila": r, "de": lectura.de_quien_es(r, usuario)} | lectura.rastro_para(r, usuario)
        for r in rastros[:CAMBIOS]
    ]


def _repartir_versiones(contrato) -> None:
    """What is in force today, what is agreed for later, and what was before; newest first."""
    hoy = calendario.hoy()
    versiones = sorted(contrato.versiones.all(), key=lambda v: (v.desde_fecha, v.numero))
    empezadas = [v for v in versiones if v.desde_fecha <= hoy] or versiones[:1]
    contrato.en_vigor = empezadas[-1] if empezadas else None
    # Of those that begin the same day only the last one will be in force: it replaced the others.
    contrato.por_venir = [*{v.desde_fecha: v for v in versiones if v not in empezadas}.values()]
    contrato.anteriores = empezadas[-2::-1]
    contrato.hoja = _hoja([v for v in (contrato.en_vigor, *contrato.por_venir) if v])


def _hoja(versiones) -> list[tuple]:
    """Each concept, whether it is a figure, and its value in every version: (value, it changes)."""
    columnas = [{x.concepto: x.valor for x in v.valores.all()} for v in versiones]
    conceptos = sorted({c for col in columnas for c in col}, key=lambda c: (c.orden, c.nombre))
    filas = []
    for concepto in conceptos:
        valores = [col.get(concepto, "") for col in columnas]
        antes = valores[:1] + valores
        cambian = [(v, v != a) for v, a in zip(valores, antes, strict=False)]
        filas.append((concepto, concepto.unidad != Unidad.TEXTO, cambian))
    return filas


# -- asked by who registers (7.1) -------------------------------------------------------------------


def clientes_parecidos(texto: str, usuario) -> list[tuple[Cliente, list[Lugar]]]:
    """Clients that what was typed finds, blind to accents and case, each with where it was found.

    Asked by who registers: they read a natural person's RFC, which is found only whole.
    """
    if not texto.strip():
        return []
    clientes = Cliente.objects.filter(activo=True, fusionado_en=None)
    hallados = buscar_clientes(clientes, texto[:LARGO_CONSULTA], lectura.busca_en(usuario))
    hallados = list(hallados.order_by("razon_social", "pk")[:CLIENTES_MAXIMO])
    donde = de_clientes(hallados, texto[:LARGO_CONSULTA], usuario)
    return [(c, donde.get(c.pk, [])) for c in hallados]


def abiertos_del_cliente(cliente, usuario) -> list[Caso]:
    """Open cases of a client that this person may see: the same request may be among them."""
    casos = Caso.objects.visibles_para(usuario).abiertos().filter(cliente=cliente)
    return list(casos.select_related("contrato", "responsable").order_by("-pk")[:ABIERTOS_MAXIMO])
