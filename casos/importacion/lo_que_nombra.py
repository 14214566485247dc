"""Whom and what a row of open cases names: client, contract, person, owner, types, the case itself.

All that a whole file, or a batch of it, may name is read once; each answer is in memory. What is doubtful is
told of its cell, and never guessed. No writes.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from casos.catalogos import ABIERTOS, Estado
from casos.formularios.clientes import PARECIDOS, que_se_parece
from casos.models import (
    Caso,
    Cliente,
    Contrato,
    PersonaContacto,
    Procedencia,
    TipoRequerimiento,
    Usuario,
)
from casos.razon_social import parecida
from casos.rfc import GENERICOS, normalizar_rfc
from casos.textos import igual

from .importador import por_trozos


class Dudoso(Exception):
    """Why a cell does not say who or what it means, in a sentence."""


class Conocido(NamedTuple):
    """A case that is there already, as a row of a workbook would tell it."""

    folio: str
    cliente: int
    contrato: int | None
    recibido: datetime
    solicitud: str
    estado: str
    referencia: str


class Cartera:
    """The clients that the rows may mean, with their contracts and contact persons."""

    def __init__(self, nombres: Sequence[str], claves: Sequence[str], contratos: Sequence[str]):
        """``nombres``: cells of the client, which may be an RFC; ``claves``: cells of the RFC."""
        self.por_nombre: dict[str, list[Cliente]] = defaultdict(list)
        self.por_parecida: dict[str, list[Cliente]] = defaultdict(list)
        self.por_comercial: dict[str, list[Cliente]] = defaultdict(list)
        self.por_rfc: dict[str, list[Cliente]] = defaultdict(list)
        self.contratos: dict[str, Contrato] = {}
        self.personas: dict[int, dict[str, list[PersonaContacto]]] = {}  # by id() of the client
        self.de_clave: dict[int, Cliente] = {}
        vivos = Cliente.objects.filter(fusionado_en=None, activo=True)
        for trozo in por_trozos(igual(n) for n in nombres):
            self._conocer(vivos.filter(razon_social_igual__in=trozo))
        for trozo in por_trozos(parecida(n) for n in nombres):
            self._conocer(vivos.filter(razon_social_parecida__in=trozo))
        rfc = (normalizar_rfc(c) for c in (*claves, *nombres))
        for trozo in por_trozos(c for c in rfc if c not in GENERICOS):
            self._conocer(vivos.filter(rfc__in=trozo))
        for trozo in por_trozos(igual(n) for n in contratos):
            for contrato in Contrato.objects.filter(numero_igual__in=trozo):
                self.contratos[contrato.numero_igual] = contrato
        self._conocer(vivos.filter(pk__in={c.cliente_id for c in self.contratos.values()}))
        self._por_como_se_les_dice(vivos, {igual(n) for n in nombres})
        for trozo in por_trozos(self.de_clave):
            suyas = PersonaContacto.objects.filter(
                suprimida_en=None, bloqueada_en=None, activa=True
            )
            for persona in suyas.filter(cliente__in=trozo).order_by("pk"):
                cliente = self.de_clave[persona.cliente_id]
                self.personas[id(cliente)][persona.nombre_igual].append(persona)

    def _por_como_se_les_dice(self, vivos, nombres: set[str]) -> None:
        """«Aceros» for «Aceros del Pacífico, S.A. de C.V.»: only of names that found nobody."""
        if not {n for n in nombres if n and n not in self.por_nombre}:
            return
        con_otro = vivos.exclude(nombre_comercial="").values_list("pk", "nombre_comercial")
        hallados = [pk for pk, nombre in con_otro.order_by() if igual(nombre) in nombres]
        for trozo in por_trozos(hallados):
            self._conocer(vivos.filter(pk__in=trozo))

    def _conocer(self, clientes: Iterable[Cliente]) -> None:
        for cliente in clientes:
            if cliente.pk not in self.de_clave:
                self.de_clave[cliente.pk] = cliente
                self.agregar(cliente)

    def agregar(self, cliente: Cliente) -> None:
        self.personas[id(cliente)] = defaultdict(list)
        self.por_nombre[igual(cliente.razon_social)].append(cliente)
        self.por_parecida[parecida(cliente.razon_social)].append(cliente)
        if cliente.nombre_comercial:
            self.por_comercial[igual(cliente.nombre_comercial)].append(cliente)
        if cliente.rfc:
            self.por_rfc[cliente.rfc].append(cliente)

    def cliente(self, nombre: str, rfc: str) -> Cliente | None:
        """By RFC, by its name, by what it is called, by a name nearly equal. Raises ``Dudoso``."""
        clave = normalizar_rfc(rfc) or normalizar_rfc(nombre)
        del_rfc = [] if clave in GENERICOS else self.por_rfc.get(clave, [])
        tocayos = self.por_nombre.get(igual(nombre), [])
        if del_rfc:
            de_los_dos = [c for c in del_rfc if c in tocayos]
            hallados = de_los_dos or del_rfc
        elif rfc and any(c.rfc and c.rfc != clave for c in tocayos):
            otros = [c for c in tocayos if c.rfc == clave or not c.rfc]
            if not otros:
                raise Dudoso(f"Con ese nombre está uno de RFC {tocayos[0].rfc}: revisa cuál es.")
            hallados = otros
        else:
            hallados = (
                tocayos
                or self.por_comercial.get(igual(nombre), [])
                or (self.por_parecida.get(parecida(nombre), []) if parecida(nombre) else [])
            )
        if len(hallados) > 1:
            raise Dudoso(f"{que_se_parece(hallados[:PARECIDOS])} Escribe su RFC.")
        return hallados[0] if hallados else None

    def persona(self, cliente: Cliente, nombre: str) -> PersonaContacto | None:
        suyas = self.personas[id(cliente)]
        if nombre:
            hay = suyas.get(igual(nombre), [])
            if len(hay) > 1:
                raise Dudoso(f"Hay {len(hay)} personas con ese nombre en el cliente.")
            return hay[0] if hay else None
        todas = [p for ps in suyas.values() for p in ps]
        return todas[0] if len(todas) == 1 else None

    def con_contacto(self, cliente: Cliente) -> bool:
        return any(self.personas[id(cliente)].values())


APARTA = re.compile(r"([\n;/,])")  # the types of one cell


class Gente:
    """Who may lead a case, by how a sheet calls them; and the types there are."""

    def __init__(self) -> None:
        self._gente = list(Usuario.objects.comerciales().order_by("pk"))
        self._tipos = list(TipoRequerimiento.objects.filter(activo=True))

    def responsable(self, texto: str) -> Usuario:
        """By username, mail, or the words of the name that only one has. Raises ``Dudoso``."""
        buscado = igual(texto)
        exactos = [u for u in self._gente if buscado in _como_se_dice(u)]
        palabras = set(buscado.split())
        hay = exactos or [u for u in self._gente if palabras <= set(igual(str(u)).split())]
        if len(hay) > 1:
            nombres = ", ".join(f"{u} ({u.username})" for u in hay[:4])
            raise Dudoso(f"Puede ser {nombres}: escribe su usuario.")
        if not hay:
            raise Dudoso("No es nadie de quienes llevan casos: escribe su nombre o su usuario.")
        return hay[0]

    def tipos(self, texto: str) -> list[TipoRequerimiento]:
        """Those said in one cell. A name may hold what separates them: the longest that is one wins."""
        por_nombre = {t.nombre_igual: t for t in self._tipos}
        partes = APARTA.split(texto)  # what was said, and between two what parts them
        tope = max((len(APARTA.split(t.nombre)) for t in self._tipos), default=1)
        hallados: list[TipoRequerimiento] = []
        desde = 0
        while desde < len(partes):
            for hasta in range(min(len(partes), desde + tope), desde, -2):
                if tipo := por_nombre.get(igual("".join(partes[desde:hasta]))):
                    hallados.append(tipo)
                    break
            else:
                hasta, dicho = desde + 1, partes[desde]
                if igual(dicho):
                    cual = "" if igual(dicho) == igual(texto) else f"«{dicho.strip()}» "
                    frase = f"{cual}no es uno de los que hay: {', '.join(self.nombres)}."
                    raise Dudoso(frase[:1].upper() + frase[1:])
            desde = hasta + 1
        return list(dict.fromkeys(hallados))

    @property
    def nombres(self) -> list[str]:
        return [t.nombre for t in self._tipos]

    @property
    def personas(self) -> list[Usuario]:
        return self._gente


def _como_se_dice(u: Usuario) -> tuple[str, ...]:
    """Its username, its mail, its name, or as the template's list gives it."""
    return igual(u.username), igual(u.email), igual(str(u)), igual(f"{u} ({u.username})")


class YaEstan:
    """The cases that are there, of the clients that the rows name."""

    def __init__(
        self,
        clientes: Iterable[int],
        claves: Iterable[str],
        referencias: Iterable[str],
        desde: datetime | None,
    ):
        self.por_clave: dict[str, str] = {}
        self.anulados: set[str] = set()  # folios
        for trozo in por_trozos(claves):
            de_ahi = Procedencia.objects.filter(clave__in=trozo)
            for clave, folio, estado in de_ahi.values_list("clave", "caso__folio", "caso__estado"):
                self.por_clave[clave] = folio
                self._anotar_si_se_anulo(folio, estado)
        self.por_cliente: dict[int, list[Conocido]] = defaultdict(list)
        for trozo in por_trozos(igual(r) for r in referencias):
            self._conocer(Caso.objects.filter(procedencia__referencia_igual__in=trozo))
        for trozo in por_trozos(clientes if desde else ()):
            desde_entonces = Caso.objects.filter(recibido_en__gte=desde - timedelta(days=1))
            self._conocer(desde_entonces.filter(cliente__in=trozo))

    def _conocer(self, casos) -> None:
        filas = casos.order_by().values_list(
            "folio",
            "cliente",
            "contrato",
            "recibido_en",
            "solicitud",
            "estado",
            "procedencia__referencia",
        )
        for *de_el, referencia in filas:
            conocido = Conocido(*de_el, referencia or "")
            self.por_cliente[conocido.cliente].append(conocido)
            self._anotar_si_se_anulo(conocido.folio, conocido.estado)

    def _anotar_si_se_anulo(self, folio: str, estado: str) -> None:
        if estado == Estado.ANULADO:
            self.anulados.add(folio)

    def folio(
        self, clave: str, cliente: int, contrato: int | None, recibido, solicitud: str, suya: str
    ) -> str:
        """The case that a row is, or ""; ``suya``: how their sheet calls it."""
        if clave in self.por_clave:
            return self.por_clave[clave]
        for c in self.por_cliente[cliente]:
            if suya and c.referencia:
                if igual(suya) == igual(c.referencia):
                    return c.folio
                continue
            mismo_dia = abs(c.recibido - recibido) < timedelta(days=1)
            mismo_contrato = contrato is None or c.contrato in (None, contrato)
            if mismo_dia and mismo_contrato and igual(c.solicitud) == igual(solicitud):
                return c.folio
        return ""

    def abierto_del(self, contrato: Contrato) -> str:
        """Another open case of the contract: what whoever registers one is told too."""
        suyos = self.por_cliente[contrato.cliente_id] if contrato.pk else []
        abiertos = (c.folio for c in suyos if c.contrato == contrato.pk and c.estado in ABIERTOS)
        return next(abiertos, "")
