"""Bulk cases for load tests (``manage.py sembrar``): copies of cases that went through the door.

Each copy has its own client, folio, dates and hash chain, so whatever holds for the original holds
for it. Dates move by whole weeks: a Tuesday stays a Tuesday. Rows are written in batches, each in a
transaction, so memory stays flat whatever is asked; nobody else should be writing meanwhile.
No mail is made: it would be sent.
"""

import random
import uuid
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from types import SimpleNamespace
from typing import NamedTuple

from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from casos.catalogos import ABIERTOS, Estado
from casos.clientes.indice import VERSION, DelCliente, texto_de_caso, texto_de_cliente, textos_de
from casos.clientes.indice import Dicho as DeQuien
from casos.models import (
    BusquedaCaso,
    Caso,
    Cliente,
    Consecutivo,
    Contrato,
    PersonaContacto,
    Prueba,
    ValorContrato,
    VersionContrato,
)
from casos.models.bitacora import CERO, digerir, huella_de_evento
from casos.models.consecutivo import DE_CASOS
from casos.models.huellas import antes_de, digerir_tras
from casos.pruebas import leer_todo

from . import nombres
from .moldes import HIJOS, Molde, MoldeCliente, leer_moldes
from .volcado import PorInsert, de_esta_base

TROZO = 125  # written at a time
POR_CLIENTE = 12  # cases of a client, on average
CLIENTES_VIVOS = 10_000  # those that may still get cases; older ones are left alone
ORDEN = (Cliente, PersonaContacto, Contrato, Caso, BusquedaCaso, *HIJOS, Prueba)


# -- when each copy begins -------------------------------------------------------------------------


class Reparto:
    """Which original is copied when: every week as many, the recent ones mostly still open."""

    def __init__(self, moldes, meses: int, ahora: datetime):
        self.ahora = ahora
        hoy = timezone.localdate(ahora)
        lunes = hoy - timedelta(days=hoy.weekday())
        cuantas = max(1, round(meses * 52 / 12))
        self.semanas = []
        for edad in range(cuantas - 1, -1, -1):
            semana = lunes - timedelta(weeks=edad)
            caben = [m for m in moldes if self.cabe(m, semana)]
            if caben:
                abiertos = [m for m in caben if m.caso.estado in ABIERTOS]
                cerrados = [m for m in caben if m.caso.estado not in ABIERTOS]
                # Half of the cases of a month ago are closed; a few are never finished.
                seguidos = max(0.012, 0.9 * 0.8**edad)
                self.semanas.append((semana, abiertos, cerrados, seguidos))

    def cabe(self, molde, semana) -> bool:
        return molde.ultimo + (semana - molde.semana) + timedelta(hours=1) <= self.ahora

    def turnos(self, cuantos: int, azar) -> Iterator[tuple[Molde, timedelta, timedelta]]:
        """Original, whole weeks and exact time of each copy, in the order of their registration."""
        total = len(self.semanas)
        for n, (semana, abiertos, cerrados, seguidos) in enumerate(self.semanas):
            de_esta = []
            for k in range(cuantos * n // total, cuantos * (n + 1) // total):
                siguen = abiertos and (not cerrados or azar.random() < seguidos)
                molde = azar.choice(abiertos if siguen else cerrados)
                semanas = semana - molde.semana
                tiempo = semanas + timedelta(seconds=azar.randrange(3600))
                de_esta.append((molde.caso.registrado_en + tiempo, k, molde, semanas, tiempo))
            de_esta.sort(key=lambda t: t[:2])
            yield from (t[2:] for t in de_esta)


# -- the copies ------------------------------------------------------------------------------------


@dataclass(slots=True)
class Vivo:
    """A client made here, as its next cases need it."""

    base: dict  # first primary keys of its rows
    cliente: SimpleNamespace
    contratos: list
    versiones: list
    textos: DelCliente  # what it is found by, besides its names
    en_ajuste: set = field(default_factory=set)


@dataclass(slots=True)
class Copia:
    """What the functions of a compiled row ask."""

    base: dict
    semanas: timedelta
    tiempo: timedelta
    folio: str
    solicitud: str
    version: int
    fichas: list = field(default_factory=list)  # of its events, by their place
    datos: list = field(default_factory=list)
    huellas: list = field(default_factory=list)
    sales: list = field(default_factory=list)  # of its texts, by their place
    digeridos: list = field(default_factory=list)
    sal: str = ""  # of the digests of its rows

    def previo(self, n: int) -> str:
        return self.huellas[n - 1] if n else CERO


class Dicho(NamedTuple):
    """A text of an event, as ``digerir`` takes it."""

    sal: str
    campo: str
    etiqueta: str
    texto: str
    personal: bool


class Siembra:
    """Makes ``cuantos`` cases; ``hacer`` yields how many there are after each batch."""

    def __init__(
        self,
        cuantos: int,
        *,
        semilla: int,
        meses: int,
        ahora: datetime | None = None,
        volcado: PorInsert | None = None,
    ):
        self.cuantos, self.meses = cuantos, meses
        self.volcado = volcado or de_esta_base()
        self.reparto = Reparto(leer_moldes(self.volcado), meses, ahora or timezone.now())
        # Another run on the same database must not give out the same page tokens.
        self.azar = random.Random(f"{semilla}:{Caso.objects.count()}")
        self.vivos = defaultdict(list)
        self.versiones = {}

    @property
    def hay_de_donde(self) -> bool:
        return bool(self.reparto.semanas)

    def hacer(self) -> Iterator[int]:
        turnos = self.reparto.turnos(self.cuantos, self.azar)
        hechos = 0
        while tanda := list(islice(turnos, self.volcado.tanda)):
            with transaction.atomic():
                self._tanda(tanda, hechos)
                if not hechos:
                    self._comprobar()
            hechos += len(tanda)
            yield hechos
        if connection.vendor == "postgresql":
            # Until autovacuum came by, some minutes later, it would plan for the tables as they were.
            # SQLite is left without: its averages hide that few cases are open (``bench``).
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")

    def _tanda(self, turnos, hechos: int) -> None:
        self.folios = {}
        self.pks = {m._meta.model_name: _ultimo_pk(m) + 1 for m in ORDEN if m is not BusquedaCaso}
        with self.volcado.escribiendo(seguro=hechos > 0) as (escribir, self.esperar):
            for n in range(0, len(turnos), TROZO):
                self.filas = defaultdict(list)
                for molde, semanas, tiempo in turnos[n : n + TROZO]:
                    self._copiar(molde, semanas, tiempo)
                escribir({m: self.filas[m] for m in ORDEN if self.filas[m]})
        for anio, ultimo in self.folios.items():
            Consecutivo.objects.filter(pk=f"{DE_CASOS}{anio}").update(ultimo=ultimo)
        # Rows were given their keys here; the sequences of PostgreSQL must go on after them.
        ordenes = connection.ops.sequence_reset_sql(no_style(), list(ORDEN))
        with connection.cursor() as cursor:
            cursor.executemany(
                f"UPDATE {Contrato._meta.db_table} SET version = %s WHERE id = %s",
                [(version, pk) for pk, version in self.versiones.items()],
            )
            for orden in ordenes:
                cursor.execute(orden)
        self.versiones = {}

    def _comprobar(self) -> None:
        """Raises ``RuntimeError`` where rows are proved otherwise than here: those of the last case written."""
        de_la_ultima, sal = self.ultima
        caso = de_la_ultima.caso_id
        if leer_todo({caso: sal}, __gte=caso) != {caso: de_la_ultima.filas}:
            raise RuntimeError("pruebas.leer_todo digests something else than moldes.dicho.")

    def _copiar(self, molde, semanas, tiempo) -> None:
        vivo = self._vivo(molde)
        base = dict(vivo.base)
        for modelo, filas in molde.filas.items():
            base[modelo._meta.model_name] = self._tomar(modelo, len(filas))
        contrato, version = None, 0
        if molde.contrato is not None:
            contrato = vivo.contratos[molde.contrato]
            if molde.filas[VersionContrato]:
                vivo.versiones[molde.contrato] += 1
                self.versiones[base["contrato"] + molde.contrato] = vivo.versiones[molde.contrato]
            version = vivo.versiones[molde.contrato]
            if molde.caso.estado == Estado.EN_MODIFICACION:
                vivo.en_ajuste.add(molde.contrato)
        detalle = self.azar.choice(nombres.DETALLES)
        copia = Copia(
            base,
            semanas,
            tiempo,
            self._folio(molde.caso.registrado_en + tiempo),
            f"{molde.caso.solicitud} {detalle}",
            version,
        )
        self._encadenar(molde, copia)
        for modelo, filas in molde.filas.items():
            hechas = self.filas[modelo]
            for celdas, cambios in filas:
                fila = celdas.copy()
                for n, hacer in cambios:
                    fila[n] = hacer(copia)
                hechas.append(fila)
        self._probar(molde, copia)
        texto = texto_de_caso(
            SimpleNamespace(
                folio=copia.folio,
                cliente=vivo.cliente,
                contrato=contrato,
                solicitud=copia.solicitud,
                primer_plazo_fecha=None,  # a copy came from no workbook
            ),
            molde.motivos,
        )
        self._agregar(
            BusquedaCaso(
                caso_id=base["caso"], texto=texto, version=VERSION, **vivo.textos._asdict()
            )
        )

    def _probar(self, molde, copia) -> None:
        """What the case's rows are, as a case from before begins to be proved."""
        filas = {}
        for modelo, dichos in molde.dichos.items():
            nombre = modelo._meta.model_name
            antes = antes_de("fila", copia.sal, nombre, version=2)
            filas[nombre] = {
                str(pk): digerir_tras(antes, dicho(copia))
                for pk, dicho in enumerate(dichos, copia.base[nombre])
            }
        prueba = Prueba(
            pk=self._tomar(Prueba, 1),
            caso_id=copia.base["caso"],
            numero=1,
            motivo=Prueba.Motivo.PARTIDA,
            tras=len(molde.eventos),
            huella_evento=copia.huellas[-1],
            todo=True,
            filas=filas,
            previo=CERO,
        )
        prueba.huella = prueba.calcular_huella()
        self._agregar(prueba)
        self.ultima = prueba, copia.sal

    def _encadenar(self, molde, copia) -> None:
        """Tokens of the events, salts of the texts, their digests in the events, and the chain."""
        azar = self.azar.getrandbits
        copia.fichas = [str(uuid.UUID(int=azar(128), version=4)) for _ in molde.eventos]
        copia.sales = [f"{azar(128):032x}" for _ in molde.textos]
        copia.sal = f"{azar(128):032x}"
        copia.digeridos = [
            digerir(Dicho(sal, t.campo, t.etiqueta, t.texto(copia), t.personal))
            for sal, t in zip(copia.sales, molde.textos, strict=True)
        ]
        for evento in molde.eventos:
            copia.datos.append(evento.datos(copia))
            copia.huellas.append(huella_de_evento(evento.canonico(copia)))

    def _agregar(self, objeto) -> None:
        self.filas[type(objeto)].append(self.volcado.fila(objeto))

    def _tomar(self, modelo, cuantas: int) -> int:
        nombre = modelo._meta.model_name
        primero = self.pks[nombre]
        self.pks[nombre] += cuantas
        return primero

    def _folio(self, registrado_en) -> str:
        anio = timezone.localtime(registrado_en).year
        serie = f"{DE_CASOS}{anio}"
        if anio not in self.folios:
            # Locked until the batch is written: a registration meanwhile waits for its number.
            self.esperar()
            self.folios[anio] = Consecutivo.objects.siguiente(serie) - 1
        self.folios[anio] += 1
        return f"{serie}-{self.folios[anio]:06d}"

    # -- clients -----------------------------------------------------------------------------------

    def _vivo(self, molde) -> Vivo:
        """A client like the original's: mostly one that already has cases, now and then a new one."""
        vivos = self.vivos[id(molde.cliente)]
        if vivos and self.azar.random() * POR_CLIENTE >= 1:
            vivo = self.azar.choice(vivos)
            # One case per contract may be in adjustment.
            if molde.caso.estado != Estado.EN_MODIFICACION or molde.contrato not in vivo.en_ajuste:
                return vivo
        vivo = self._nuevo_cliente(molde.cliente)
        vivos.append(vivo)
        if sum(map(len, self.vivos.values())) > CLIENTES_VIVOS:
            vivos.pop(0)
        return vivo

    def _nuevo_cliente(self, molde: MoldeCliente) -> Vivo:
        razon, nombre, rfc = nombres.empresa(self.azar)
        pk = self._tomar(Cliente, 1)
        cliente = Cliente(pk=pk, razon_social=razon, nombre_comercial=nombre, rfc=rfc)
        cliente.texto_busqueda, cliente.texto_version = texto_de_cliente(cliente), VERSION
        dichos = []
        base = {"cliente": pk, "personacontacto": self._tomar(PersonaContacto, len(molde.personas))}
        for n, original in enumerate(molde.personas):
            persona = PersonaContacto(
                pk=base["personacontacto"] + n,
                cliente_id=pk,
                nombre=nombres.persona(self.azar),
                puesto=original.puesto,
                telefono=nombres.telefono(self.azar),
                correo=f"contacto{base['personacontacto'] + n}@cliente.example",
            )
            self._agregar(persona)
            dichos.append(DeQuien(pk, persona.nombre, persona.telefono, persona.correo, ""))
        textos = textos_de(dichos)
        cliente.texto_nombres, cliente.texto_contacto = textos
        self._agregar(cliente)
        base["contrato"] = self._tomar(Contrato, len(molde.contratos))
        vivo = Vivo(
            base,
            SimpleNamespace(razon_social=razon, nombre_comercial=nombre, rfc=rfc),
            [],
            [],
            textos,
        )
        for n, original in enumerate(molde.contratos):
            self._nuevo_contrato(vivo, n, original, molde.valores[n])
        return vivo

    def _nuevo_contrato(self, vivo, n, original, valores) -> None:
        contrato = Contrato(
            pk=vivo.base["contrato"] + n,
            cliente_id=vivo.base["cliente"],
            numero=f"{original.numero[:20]}-{vivo.base['cliente']}-{n + 1}",
            servicio=original.servicio,
            sede=nombres.sede(self.azar),
            moneda=original.moneda,
            # In force before the first of its cases.
            desde_fecha=original.desde_fecha - timedelta(weeks=52 * self.meses // 12),
            version=1 if valores else 0,
        )
        self._agregar(contrato)
        vivo.contratos.append(
            SimpleNamespace(numero=contrato.numero, servicio=contrato.servicio, sede=contrato.sede)
        )
        vivo.versiones.append(contrato.version)
        if not valores:
            return
        version = VersionContrato(
            pk=self._tomar(VersionContrato, 1),
            contrato_id=contrato.pk,
            numero=1,
            desde_fecha=contrato.desde_fecha,
        )
        self._agregar(version)
        primero = self._tomar(ValorContrato, len(valores))
        for k, v in enumerate(valores):
            self._agregar(
                ValorContrato(
                    pk=primero + k, version_id=version.pk, concepto_id=v.concepto_id, valor=v.valor
                )
            )


def _ultimo_pk(modelo) -> int:
    return modelo._base_manager.aggregate(m=Max("pk"))["m"] or 0
