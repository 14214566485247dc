"""The texts that clients and cases are found by, kept true by whoever writes on a client, a person or a case.

What is of the client alone (persons, telephones, mails, former names) is the same text in each of its cases: one
statement writes it, however many they are. ``busqueda`` says how a text is searched.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from time import sleep
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import F, IntegerField, Q, QuerySet, TextField, Value
from django.db.models.functions import Coalesce

from casos.busqueda import cifras_de, normalizar, rfc_buscable
from casos.models import BusquedaCaso, Caso, Cliente, PersonaContacto, Rastro

# Of how the texts are made: what was made by an older one is made again (``manage.py reindexar``).
VERSION = 1
LOTE = 500
PAUSA = 0.15  # seconds between batches, where others could not write otherwise
NOMBRES = ("razon_social", "nombre_comercial")


class Dicho(NamedTuple):
    """A person of a client, or a name that it had."""

    cliente: int
    nombre: str  # of the person
    telefono: str
    correo: str
    antes: str


class DelCliente(NamedTuple):
    nombres: str
    contacto: str


def texto_de_cliente(cliente: Cliente) -> str:
    return normalizar(
        f"{cliente.razon_social} {cliente.nombre_comercial} {rfc_buscable(cliente.rfc)}"
    )


def texto_de_caso(caso: Caso, motivos: Iterable[str] = ()) -> str:
    """What a case is found by, whoever asks: nothing of persons, or an auditor would find them."""
    cliente, contrato = caso.cliente, caso.contrato
    partes = [caso.folio, cliente.razon_social, cliente.nombre_comercial, rfc_buscable(cliente.rfc)]
    if contrato:
        partes += [contrato.numero, contrato.servicio, contrato.sede]
    if caso.primer_plazo_fecha:  # how the firm's own sheet called it
        partes.append(caso.procedencia.referencia)
    return normalizar(" ".join([*partes, *motivos, caso.solicitud]))


def lo_de(clientes: Iterable[int]) -> Iterator[Dicho]:
    """Persons and former names of some clients, those of what was merged into them too: one statement."""
    nada, claves = Value("", TextField()), list(clientes)
    vivo = Coalesce(F("cliente__fusionado_en"), F("cliente"), output_field=IntegerField())
    personas = PersonaContacto.objects.filter(
        cliente__in=claves, suprimida_en=None, bloqueada_en=None
    )
    nombres = Rastro.objects.filter(
        Q(cliente__in=claves, cliente__fusionado_en=None) | Q(cliente__fusionado_en__in=claves),
        campo__in=NOMBRES,
        persona=None,
        contrato=None,
    ).exclude(antes="")
    fusionados = Cliente.objects.filter(fusionado_en__in=claves).order_by()
    partes = [
        personas.order_by().values_list("cliente", "nombre", "telefono", "correo", nada),
        nombres.order_by().annotate(vivo=vivo).values_list("vivo", nada, nada, nada, "antes"),
        *(fusionados.values_list("fusionado_en", nada, nada, nada, n) for n in NOMBRES),
    ]
    primera, *otras = partes
    for fila in sorted(set(primera.union(*otras, all=True))):
        yield Dicho(*fila)


def textos_de(dichos: Iterable[Dicho]) -> DelCliente:
    """Apart by who reads them: names, and how a person is reached."""
    nombres, contacto = [], []
    for d in dichos:
        nombres += [d.nombre, d.antes]
        contacto += [cifras_de(d.telefono), f"{normalizar(d.correo)} "]
    return DelCliente(
        normalizar(" ".join(filter(None, nombres))),
        "".join(c for c in contacto if c.strip()),
    )


def preparar_nuevo(cliente: Cliente, personas: Iterable[PersonaContacto]) -> None:
    """The texts of a client that is about to be written with these persons: it has no cases, nor former names."""
    dichos = {Dicho(0, p.nombre, p.telefono, p.correo, "") for p in personas}
    cliente.texto_busqueda, cliente.texto_version = texto_de_cliente(cliente), VERSION
    cliente.texto_nombres, cliente.texto_contacto = textos_de(sorted(dichos))


def poner_al_dia(cliente: Cliente) -> None:
    """After a person of it, or its name, has changed. In the transaction of who changed it."""
    # Whoever adds another person waits here, and then reads this one too.
    list(
        Cliente.objects.select_for_update(no_key=True).filter(pk=cliente.pk).values("pk").order_by()
    )
    suyos = textos_de(lo_de([cliente.pk]))
    cliente.texto_nombres, cliente.texto_contacto = suyos
    Cliente.objects.filter(pk=cliente.pk).update(
        texto_nombres=suyos.nombres, texto_contacto=suyos.contacto
    )
    BusquedaCaso.objects.filter(caso__cliente=cliente.pk).update(**suyos._asdict())


def indexar(caso: Caso) -> None:
    """Search text in its own table, off the row that every step updates (D§4.8)."""
    motivos = list(caso.motivos.values_list("nombre", flat=True)) if caso.num_eventos > 1 else []
    texto = texto_de_caso(caso, motivos)
    if caso.num_eventos > 1 and BusquedaCaso.objects.filter(caso=caso).update(texto=texto):
        return
    # As they are now, and nobody changes them until this case is there to be changed with them.
    de_ahora = Cliente.objects.select_for_update(no_key=True).filter(pk=caso.cliente_id)
    [suyos] = de_ahora.order_by().values_list("texto_nombres", "texto_contacto")
    BusquedaCaso.objects.create(
        caso=caso, texto=texto, version=VERSION, **DelCliente(*suyos)._asdict()
    )


# -- many at once ----------------------------------------------------------------------------------


def reindexar(casos: QuerySet[Caso]) -> int:
    """The texts of these cases, made anew from what is stored; those of their clients stand."""
    hechos = 0
    for claves in _por_lotes(casos):
        with transaction.atomic():
            _reindexar(claves)
        hechos += len(claves)
        _dejar_pasar()
    return hechos


def _reindexar(claves: list[int]) -> None:
    # Whoever indexes one of them meanwhile waits, and writes over what is written here.
    list(BusquedaCaso.objects.select_for_update().filter(pk__in=claves).order_by("pk").values("pk"))
    motivos = defaultdict(list)
    for caso, motivo in (
        Caso.motivos.through.objects.filter(caso__in=claves)
        .order_by("pk")
        .values_list("caso_id", "motivo__nombre")
    ):
        motivos[caso].append(motivo)
    casos = Caso.objects.filter(pk__in=claves).select_related("cliente", "contrato", "procedencia")
    campos = (
        "folio",
        "solicitud",
        "primer_plazo_fecha",
        "procedencia__referencia",
        "contrato__numero",
        "contrato__servicio",
        "contrato__sede",
    )
    de_cliente = (*NOMBRES, "rfc", "texto_nombres", "texto_contacto")
    filas = []
    for caso in casos.only(*campos, *(f"cliente__{c}" for c in de_cliente)).order_by():
        suyos = DelCliente(caso.cliente.texto_nombres, caso.cliente.texto_contacto)
        texto = texto_de_caso(caso, motivos[caso.pk])
        filas.append(BusquedaCaso(caso=caso, texto=texto, version=VERSION, **suyos._asdict()))
    # CASE WHEN of each row, as ``bulk_update`` writes, costs five times as much.
    BusquedaCaso.objects.bulk_create(
        filas,
        update_conflicts=True,
        unique_fields=["caso"],
        update_fields=["texto", "nombres", "contacto", "version"],
    )


def reindexar_clientes(clientes: QuerySet[Cliente]) -> int:
    """The texts of these clients, made anew; not those of their cases."""
    hechos = 0
    for claves in _por_lotes(clientes):
        with transaction.atomic():
            filas = Cliente.objects.select_for_update(no_key=True).filter(pk__in=claves)
            filas = filas.order_by("pk").only(*NOMBRES, "rfc").in_bulk()
            dichos = defaultdict(list)
            for dicho in lo_de(claves):
                dichos[dicho.cliente].append(dicho)
            for pk, cliente in filas.items():
                cliente.texto_busqueda, cliente.texto_version = texto_de_cliente(cliente), VERSION
                cliente.texto_nombres, cliente.texto_contacto = textos_de(dichos[pk])
            Cliente.objects.bulk_update(
                filas.values(),
                ["texto_busqueda", "texto_nombres", "texto_contacto", "texto_version"],
            )
        hechos += len(claves)
        _dejar_pasar()
    return hechos


def _dejar_pasar() -> None:
    """SQLite has one lock for whoever writes, and no queue before it: whoever waits needs a gap."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        sleep(PAUSA)


def pendientes() -> tuple[QuerySet[Cliente], QuerySet[Caso]]:
    """What was written as texts were made before, or never."""
    return (
        Cliente.objects.filter(texto_version__lt=VERSION),
        Caso.objects.filter(Q(busqueda=None) | Q(busqueda__version__lt=VERSION)),
    )


def _por_lotes(filas: QuerySet) -> Iterator[list[int]]:
    """Keys by key: each batch is read after the one before was written."""
    ultimo = 0
    while claves := list(
        filas.filter(pk__gt=ultimo).order_by("pk").values_list("pk", flat=True)[:LOTE]
    ):
        yield claves
        ultimo = claves[-1]
