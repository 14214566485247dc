"""The originals of the bulk data: cases of the database taken apart, to be copied (``siembra``)."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import models
from django.utils import timezone

from casos.models import (
    Ajuste,
    Caso,
    Cita,
    Condicion,
    Constancia,
    Contacto,
    Contrato,
    Evento,
    Opinion,
    PersonaContacto,
    Propuesta,
    TextoEvento,
    ValorContrato,
    VersionContrato,
)

MOLDES_MAXIMO = 200
# What is copied with a case, and the way from each row to it. In the order in which it is written.
HIJOS = {
    Caso.tipos.through: "caso",
    Caso.motivos.through: "caso",
    Caso.seguidores.through: "caso",
    Condicion: "caso",
    Contacto: "caso",
    Opinion: "caso",
    Propuesta: "caso",
    Cita: "caso",
    Ajuste: "caso",
    Constancia: "caso",
    Evento: "caso",
    TextoEvento: "evento__caso",
    VersionContrato: "caso",
    ValorContrato: "version__caso",
}
_REFERENCIA = re.compile(r"([a-z]+):(\d+)", re.ASCII)
_FECHA = re.compile(r"\d{4}-\d\d-\d\d(T[\d:.]+([+-]\d\d:\d\d|Z))?", re.ASCII)
_CIEGAS = ("usuario", "area", "motivo", "tiporequerimiento")  # what every case shares


class NoSirve(Exception):
    """The case points to something outside itself, so it cannot be copied alone."""


@dataclass
class Molde:
    """A case taken apart: for each table its rows, as values and what changes in each copy."""

    caso: Caso
    dia: date  # of the registration
    ultimo: datetime  # of the last act: no copy may pass the present
    cliente: "MoldeCliente"
    contrato: int | None  # its place among the client's
    filas: dict = field(default_factory=dict)

    @property
    def semana(self) -> date:
        return self.dia - timedelta(days=self.dia.weekday())


@dataclass
class MoldeCliente:
    """A client of the originals: its contracts with their first conditions, and its persons."""

    contratos: list
    personas: list
    valores: list


class _Compilador:
    """Says of each value of a case whether a copy keeps it, or how it makes its own."""

    def __init__(self, caso, cliente: MoldeCliente, filas: dict):
        self.caso = caso
        self.lugar = {("caso", caso.pk): ("caso", 0)}
        for modelo, objetos in (
            filas | {Contrato: cliente.contratos, PersonaContacto: cliente.personas}
        ).items():
            nombre = modelo._meta.model_name
            self.lugar |= {(nombre, o.pk): (nombre, n) for n, o in enumerate(objetos)}
        self.lugar["cliente", caso.cliente_id] = ("cliente", 0)

    def fila(self, objeto) -> tuple[list, list]:
        """Values in the order of the columns, and (column, function of the copy) where it differs."""
        valores, cambios = [], []
        for n, campo in enumerate(objeto._meta.concrete_fields):
            valor = self.de_campo(objeto, campo, getattr(objeto, campo.attname))
            if callable(valor):
                cambios.append((n, valor))
                valor = None
            valores.append(valor)
        return valores, cambios

    def de_campo(self, objeto, campo, valor):
        if valor is None:
            return None
        if (objeto._meta.model, campo.name) in (
            (Caso, "version_contrato"),
            (VersionContrato, "numero"),
        ):
            return lambda c: c.version
        if campo.primary_key:
            return self.referencia(objeto._meta.model_name, valor)
        if isinstance(campo, models.ForeignKey):
            return self.referencia(campo.related_model._meta.model_name, valor)
        if isinstance(campo, models.UUIDField):
            return lambda c: c.uuid()
        if isinstance(campo, models.DateTimeField):
            return lambda c: valor + c.tiempo
        if isinstance(campo, models.DateField):
            return lambda c: valor + c.semanas
        return self.suelto(valor)

    def referencia(self, nombre, pk):
        if (nombre, pk) in self.lugar:
            tabla, n = self.lugar[nombre, pk]
            return lambda c: c.base[tabla] + n
        if nombre in ("concepto", *_CIEGAS):
            return pk
        raise NoSirve(f"{nombre}:{pk}")

    def suelto(self, valor):
        """A value of the log, or of a column of text."""
        if isinstance(valor, dict):
            return self._dict(valor)
        if isinstance(valor, list):
            partes = [self.suelto(v) for v in valor]
            if not any(callable(p) for p in partes):
                return valor
            return lambda c: [p(c) if callable(p) else p for p in partes]
        return self._texto(valor) if isinstance(valor, str) else valor

    def _dict(self, valor):
        partes = {k: self.suelto(v) for k, v in valor.items() if k != "textos"}
        if "version_contrato" in partes:
            partes["version_contrato"] = lambda c: c.version
        return lambda c: {k: p(c) if callable(p) else p for k, p in partes.items()}

    def _texto(self, valor):
        if valor == self.caso.solicitud:
            return lambda c: c.solicitud
        numero = self.caso.folio[3:]
        if numero in valor:
            return lambda c: valor.replace(numero, c.folio[3:])
        if hallada := _FECHA.fullmatch(valor):
            if hallada[1]:
                instante = datetime.fromisoformat(valor)
                return lambda c: (instante + c.tiempo).isoformat()
            dia = date.fromisoformat(valor)
            return lambda c: (dia + c.semanas).isoformat()
        if hallada := _REFERENCIA.fullmatch(valor):
            numero_de = self.referencia(hallada[1], int(hallada[2]))
            if callable(numero_de):
                return lambda c: f"{hallada[1]}:{numero_de(c)}"
        return valor


def leer_moldes() -> list[Molde]:
    """The first cases of the database that can be copied: no files, no tie to other cases."""
    casos = (
        Caso.objects.filter(adjuntos=None)
        .exclude(eventos__textos__suprimido_en__isnull=False)
        .select_related("cliente")
        .order_by("pk")[:MOLDES_MAXIMO]
    )
    clientes, moldes = {}, []
    for caso in casos:
        if caso.cliente_id not in clientes:
            clientes[caso.cliente_id] = _leer_cliente(caso.cliente)
        try:
            moldes.append(_leer_molde(caso, clientes[caso.cliente_id]))
        except NoSirve:
            continue
    return moldes


def _leer_cliente(cliente) -> MoldeCliente:
    contratos = list(cliente.contratos.order_by("pk"))
    valores = ValorContrato.objects.filter(version__numero=1)
    return MoldeCliente(
        contratos,
        list(cliente.personas.order_by("pk")),
        [list(valores.filter(version__contrato=c).order_by("pk")) for c in contratos],
    )


def _leer_molde(caso, cliente) -> Molde:
    filas = {m: list(m.objects.filter(**{ruta: caso}).order_by("pk")) for m, ruta in HIJOS.items()}
    if len(filas[VersionContrato]) > 1:
        raise NoSirve("closed as MODIFICADO more than once")
    filas[Evento].sort(key=lambda e: e.numero)
    compilar = _Compilador(caso, cliente, filas)
    lugares = [c.pk for c in cliente.contratos]
    return Molde(
        caso,
        timezone.localdate(caso.registrado_en),
        filas[Evento][-1].en,
        cliente,
        lugares.index(caso.contrato_id) if caso.contrato_id else None,
        {m: [compilar.fila(o) for o in objetos] for m, objetos in ({Caso: [caso]} | filas).items()},
    )
