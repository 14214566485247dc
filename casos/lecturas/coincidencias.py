"""Where a search found what a row of the list does not show: «Teléfono: 55 1234 5678 (Ana López)». Reads only.

Nothing is told here that the reader could not search (``lectura.busca_en``).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from casos import telefonos
from casos.busqueda import Termino, es_folio, es_rfc_de_persona, normalizar, rfc_buscable, terminos
from casos.clientes.indice import Dicho, lo_de
from casos.models import Caso, Cliente, Contrato, Usuario
from casos.permisos.lectura import busca_en


class Lugar(NamedTuple):
    """Where it may have been found, as it is told."""

    donde: str
    dice: str
    telefono: str = ""

    def tiene(self, termino: Termino) -> bool:
        if self.telefono:
            return termino.es_de(self.telefono)
        return termino.esta_en(normalizar(self.dice))

    def __str__(self) -> str:
        return f"{self.donde}: {self.dice}" if self.dice else self.donde


def _pide(consulta: str) -> list[Termino]:
    """Words, not a folio nor a person's whole RFC: those are found by what they are."""
    return [] if es_folio(consulta) or es_rfc_de_persona(consulta) else terminos(consulta)


def _no_estan_en(texto: str, pedidos: list[Termino]) -> list[Termino]:
    """Most stand there as they were typed; only for the rest is the whole text normalised."""
    minusculas = texto.lower()
    faltan = [t for t in pedidos if not t.salta_a_la_vista(minusculas)]
    normal = normalizar(texto) if faltan else ""
    return [t for t in faltan if not t.esta_en(normal)]


def de_clientes(clientes: Iterable[Cliente], consulta: str, usuario: Usuario) -> dict[int, list]:
    """By client, what was found besides its names."""
    pedidos, faltan = _pide(consulta), {}
    for cliente in clientes:
        a_la_vista = f"{cliente.razon_social} {cliente.nombre_comercial} {cliente.rfc}"
        if falta := _no_estan_en(a_la_vista, pedidos):
            faltan[cliente.pk] = falta
    lugares = _de_personas(faltan, usuario) if faltan else {}
    return {pk: _hallados(falta, lugares.get(pk, [])) for pk, falta in faltan.items()}


def de_casos(casos: Iterable[Caso], consulta: str, usuario: Usuario) -> dict[int, list]:
    """By case, what was found besides its folio, its client and what is asked: four statements a page."""
    pedidos, faltan = _pide(consulta), {}
    de_quien = {}
    for caso in casos:
        cliente = caso.cliente
        a_la_vista = (
            f"{caso.folio} {cliente.razon_social} {cliente.nombre_comercial} {caso.solicitud}"
        )
        if falta := _no_estan_en(a_la_vista, pedidos):
            faltan[caso.pk], de_quien[caso.pk] = falta, cliente
    if not faltan:
        return {}
    lugares = defaultdict(list)
    for pk, cliente in de_quien.items():
        if rfc := rfc_buscable(cliente.rfc):
            lugares[pk].append(Lugar("RFC", rfc))
    contratos = Contrato.objects.filter(casos__in=faltan).order_by()
    for pk, *suyo in contratos.values_list("casos", "numero", "servicio", "sede"):
        if pk in faltan:
            lugares[pk] += [
                Lugar(d, s) for d, s in zip(("Contrato", "Servicio", "Sede"), suyo, strict=True)
            ]
    motivos = Caso.motivos.through.objects.filter(caso__in=faltan).order_by("pk")
    for pk, nombre in motivos.values_list("caso_id", "motivo__nombre"):
        lugares[pk].append(Lugar("Motivo", nombre))
    de_personas = _de_personas({c.pk for c in de_quien.values()}, usuario)
    for pk, cliente in de_quien.items():
        lugares[pk] += de_personas.get(cliente.pk, [])
    return {pk: _hallados(falta, lugares[pk]) for pk, falta in faltan.items()}


def _de_personas(clientes: Iterable[int], usuario: Usuario) -> dict[int, list[Lugar]]:
    partes, lugares = busca_en(usuario), defaultdict(list)
    if "nombres" in partes:
        for dicho in lo_de(clientes):
            lugares[dicho.cliente] += [
                lugar
                for lugar in _de_un_dicho(dicho)
                if "contacto" in partes or lugar.donde not in DE_CONTACTO
            ]
    return lugares


DE_CONTACTO = ("Teléfono", "Correo")


def _de_un_dicho(dicho: Dicho) -> Iterator[Lugar]:
    if dicho.antes:
        yield Lugar("Antes", dicho.antes)
        return
    yield Lugar("Persona de contacto", dicho.nombre)
    for numero in filter(None, dicho.telefono.split(",")):
        dice = f"{telefonos.mostrar(numero)} ({dicho.nombre})"
        yield Lugar("Teléfono", dice, telefono=numero)
    if dicho.correo:
        yield Lugar("Correo", f"{dicho.correo} ({dicho.nombre})")


def _hallados(faltan: list[Termino], lugares: list[Lugar]) -> list[Lugar]:
    """For each part that is not in sight, the first place that has it; each place once."""
    hallados: dict[Lugar, None] = {}
    for termino in faltan:
        for lugar in lugares:
            if lugar.tiene(termino):
                hallados[lugar] = None
                break
    return list(hallados)
