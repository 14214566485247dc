"""The originals of the bulk data: cases of the database taken apart, to be copied (``siembra``)."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from django.db import models
from django.utils import timezone

from casos.models import (
    Ajuste,
    Candado,
    Caso,
    Cierre,
    Cita,
    Comprobacion,
    Condicion,
    Constancia,
    Contacto,
    Contrato,
    Evento,
    Lapso,
    Opinion,
    PersonaContacto,
    Posibilidad,
    Propuesta,
    Satisfaccion,
    TextoEvento,
    ValorContrato,
    VersionContrato,
)
from casos.models.bitacora import REGLA, huella_de_evento
from casos.pruebas import CALLADOS, PROBADAS, en_texto

from .volcado import PorInsert, de_esta_base

MOLDES_MAXIMO = 200
# What is copied with a case, and the way from each row to it. In the order in which it is written.
HIJOS = {
    Caso.tipos.through: "caso",
    Caso.motivos.through: "caso",
    Caso.seguidores.through: "caso",
    Condicion: "caso",
    Contacto: "caso",
    Opinion: "caso",
    Candado: "caso",
    Posibilidad: "caso",
    Propuesta: "caso",
    Cita: "caso",
    Ajuste: "caso",
    Comprobacion: "caso",
    Satisfaccion: "caso",
    Constancia: "caso",
    Evento: "caso",
    TextoEvento: "evento__caso",
    VersionContrato: "caso",
    ValorContrato: "version__caso",
    Cierre: "caso",
    Cierre.motivos.through: "cierre__caso",
    Lapso: "cierre__caso",
}
NO_SE_COPIAN = (
    "textos",
    "impreso",
)  # made anew, and what the client was given, which a copy has not
_REFERENCIA = re.compile(r"([a-z]+):(\d+)", re.ASCII)
_FECHA = re.compile(r"\d{4}-\d\d-\d\d(T[\d:.]+([+-]\d\d:\d\d|Z))?", re.ASCII)
_CIEGAS = ("usuario", "area", "motivo", "tiporequerimiento")  # what every case shares


class NoSirve(Exception):
    """The case points to something outside itself, so it cannot be copied alone."""


@dataclass
class MoldeEvento:
    """An event of the log: what a copy writes down, and the text that its hash covers."""

    datos: Callable  # JSON text
    canonico: Callable
    textos: list  # (field, place among the case's texts), in the order of the fields


@dataclass
class MoldeTexto:
    campo: str
    personal: bool
    etiqueta: str
    texto: Callable


@dataclass
class Molde:
    """A case taken apart: for each table its rows, as cells and what changes in each copy."""

    caso: Caso
    dia: date  # of the registration
    ultimo: datetime  # of the last act: no copy may pass the present
    cliente: "MoldeCliente"
    contrato: int | None  # its place among the client's
    filas: dict = field(default_factory=dict)
    dichos: dict = field(default_factory=dict)  # table → what is proved of each of its rows
    eventos: list[MoldeEvento] = field(default_factory=list)
    textos: list[MoldeTexto] = field(default_factory=list)
    motivos: list[str] = field(default_factory=list)

    @property
    def semana(self) -> date:
        return self.dia - timedelta(days=self.dia.weekday())


@dataclass
class MoldeCliente:
    """A client of the originals: its contracts with their first conditions, and its persons."""

    contratos: list
    personas: list
    valores: list


@dataclass(frozen=True)
class Crudo:
    """Inside a JSON value: text that each copy makes, put there as it is."""

    hacer: Callable


class _Compilador:
    """Says of each value of a case whether a copy keeps it, or how it makes its own."""

    def __init__(self, caso, cliente: MoldeCliente, filas: dict, volcado: PorInsert):
        self.caso, self.volcado = caso, volcado
        self.lugar = {("caso", caso.pk): ("caso", 0)}
        for modelo, objetos in (
            filas | {Contrato: cliente.contratos, PersonaContacto: cliente.personas}
        ).items():
            nombre = modelo._meta.model_name
            self.lugar |= {(nombre, o.pk): (nombre, n) for n, o in enumerate(objetos)}
        self.lugar["cliente", caso.cliente_id] = ("cliente", 0)

    # -- rows --------------------------------------------------------------------------------------

    def fila(self, objeto, lugar: int) -> tuple[list, list]:
        """Cells in the order of the columns, and (column, function of the copy) where it differs."""
        celdas, cambios = [], []
        for n, campo in enumerate(objeto._meta.concrete_fields):
            valor = self.de_campo(objeto, lugar, campo, getattr(objeto, campo.attname))
            if callable(valor):
                cambios.append((n, self.volcado.viva(campo, valor)))
                celdas.append(None)
            else:
                celdas.append(self.volcado.fija(campo, valor))
        return celdas, cambios

    def de_campo(self, objeto, lugar, campo, valor):
        if valor is None:
            return None
        hecho = _HECHOS_AL_COPIAR.get((objeto._meta.model, campo.name))
        if hecho:
            return hecho(lugar)
        if campo.primary_key:
            return self.referencia(objeto._meta.model_name, valor)
        if isinstance(campo, models.ForeignKey):
            return self.referencia(campo.related_model._meta.model_name, valor)
        if isinstance(campo, models.DateTimeField):
            return lambda c: valor + c.tiempo
        if isinstance(campo, models.DateField):
            return lambda c: valor + c.semanas
        if isinstance(campo, models.JSONField):
            return self.en_json(valor, ordenado=False)
        return self.suelto(valor)

    def dicho(self, objeto, lugar: int) -> Callable:
        """The text that the proof of a row digests (``pruebas.lo_dicho``): what is silent, is so in its copies."""
        columnas = {c.attname: c for c in objeto._meta.concrete_fields}
        dicho = {}
        for nombre, callado in CALLADOS[objeto._meta.model]:
            campo, valor = columnas[nombre], getattr(objeto, nombre)
            vivo = self.de_campo(objeto, lugar, campo, valor)
            if valor is None or valor == callado or vivo == "":
                continue
            if isinstance(campo, models.JSONField):
                dicho[nombre] = valor
            elif callable(vivo):
                dicho[nombre] = Crudo(_en_json(campo, vivo))
            else:
                dicho[nombre] = valor if isinstance(valor, int | str) else en_texto(valor)
        return _siempre(self.en_json(dicho))

    def referencia(self, nombre, pk):
        if (nombre, pk) in self.lugar:
            tabla, n = self.lugar[nombre, pk]
            return lambda c: c.base[tabla] + n
        if nombre in ("concepto", *_CIEGAS):
            return pk
        raise NoSirve(f"{nombre}:{pk}")

    def suelto(self, valor):
        """A value of the log, or of a column of text."""
        if not isinstance(valor, str):
            return valor
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

    # -- JSON and the chain ------------------------------------------------------------------------

    def en_json(self, valor, *, ordenado: bool = True):
        """The text of a JSON value: itself, or a function of the copy."""
        piezas = list(self._piezas(valor, ordenado))
        vivas = tuple(p for p in piezas if callable(p))
        if not vivas:
            return "".join(piezas)
        molde = "".join("%s" if callable(p) else p.replace("%", "%%") for p in piezas)
        return lambda c: molde % tuple([p(c) for p in vivas])

    def _piezas(self, valor, ordenado) -> Iterator:
        if isinstance(valor, Crudo):
            yield valor.hacer
        elif isinstance(valor, dict):
            for n, clave in enumerate(sorted(valor) if ordenado else valor):
                yield f"{',' if n else '{'}{_json(clave)}:"
                if clave == "version_contrato":
                    yield lambda c: str(c.version)
                else:
                    yield from self._piezas(valor[clave], ordenado)
            yield "}" if valor else "{}"
        elif isinstance(valor, list):
            for n, uno in enumerate(valor):
                yield "," if n else "["
                yield from self._piezas(uno, ordenado)
            yield "]" if valor else "[]"
        else:
            vivo = self.suelto(valor)
            yield (lambda c: _json(vivo(c))) if callable(vivo) else _json(vivo)

    def evento(self, evento, lugar: int, textos: list) -> MoldeEvento:
        """Raises ``RuntimeError`` where the log is hashed otherwise than here."""
        cuerpo = {
            c.name: getattr(evento, c.attname)
            for c in evento._meta.concrete_fields
            if c.name not in SIN_HUELLA
        } | {"en": evento.en.astimezone(UTC).isoformat(), "ficha": str(evento.ficha)}
        if evento.regla != REGLA or huella_de_evento(_json(cuerpo)) != evento.calcular_huella():
            raise RuntimeError("Evento.calcular_huella covers something else than moldes.evento.")
        suyos = sorted((t.campo, n) for n, t in enumerate(textos) if t.evento_id == evento.pk)
        datos = {k: v for k, v in evento.datos.items() if k not in NO_SE_COPIAN}
        if suyos:
            datos["textos"] = Crudo(_digeridos(suyos))
        vivos = {
            "caso": Crudo(_en_texto(self.referencia("caso", evento.caso_id))),
            "datos": Crudo(lambda c: c.datos[lugar]),
            "ficha": Crudo(lambda c: f'"{c.fichas[lugar]}"'),
            "previo": Crudo(lambda c: f'"{c.previo(lugar)}"'),
        }
        return MoldeEvento(
            _siempre(self.en_json(datos)), _siempre(self.en_json(cuerpo | vivos)), suyos
        )

    def texto(self, fila) -> MoldeTexto:
        return MoldeTexto(
            fila.campo, fila.personal, fila.etiqueta, _siempre(self.suelto(fila.texto))
        )


# Columns that the hash of an event does not cover.
SIN_HUELLA = ("id", "huella")
# What only the making of a copy knows, by the place of the row among those of its table.
_HECHOS_AL_COPIAR = {
    (Caso, "version_contrato"): lambda n: lambda c: c.version,
    (Caso, "sal"): lambda n: lambda c: c.sal,
    (Caso, "huella_cabeza"): lambda n: lambda c: c.huellas[-1],
    (VersionContrato, "numero"): lambda n: lambda c: c.version,
    (Cita, "uid"): lambda n: "",  # of a copy nobody was invited
    (Evento, "ficha"): lambda n: lambda c: c.fichas[n],
    (Evento, "datos"): lambda n: lambda c: c.datos[n],
    (Evento, "previo"): lambda n: lambda c: c.previo(n),
    (Evento, "huella"): lambda n: lambda c: c.huellas[n],
    (TextoEvento, "sal"): lambda n: lambda c: c.sales[n],
}
# As ``Evento.calcular_huella`` writes it.
_json = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode


def _siempre(valor) -> Callable:
    return valor if callable(valor) else lambda c: valor


def _en_texto(numero: Callable) -> Callable:
    return lambda c: str(numero(c))


def _en_json(campo: models.Field, hacer: Callable) -> Callable:
    """A value that each copy makes, as ``pruebas.lo_dicho`` writes it."""
    if isinstance(campo, models.DateField):  # an instant, too
        return lambda c: f'"{en_texto(hacer(c))}"'
    if isinstance(campo, models.CharField | models.TextField):
        return lambda c: _json(hacer(c))
    return _en_texto(hacer)


def _digeridos(suyos: list) -> Callable:
    """The digests of an event's texts, by field."""
    molde = "{" + ",".join(f'{_json(campo)}:"%s"' for campo, _ in suyos) + "}"
    lugares = [n for _, n in suyos]
    return lambda c: molde % tuple([c.digeridos[n] for n in lugares])


def leer_moldes(volcado: PorInsert | None = None) -> list[Molde]:
    """The first cases of the database that can be copied: no files, no tie to other cases.

    Their cells are for ``volcado``; without one, for the database they come from.
    """
    volcado = volcado or de_esta_base()
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
            moldes.append(_leer_molde(caso, clientes[caso.cliente_id], volcado))
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


def _leer_molde(caso, cliente, volcado) -> Molde:
    filas = {m: list(m.objects.filter(**{ruta: caso}).order_by("pk")) for m, ruta in HIJOS.items()}
    if len(filas[VersionContrato]) > 1:
        raise NoSirve("closed as MODIFICADO more than once")
    eventos, textos = filas[Evento], filas[TextoEvento]
    eventos.sort(key=lambda e: e.numero)
    compilar = _Compilador(caso, cliente, filas, volcado)
    lugares = [c.pk for c in cliente.contratos]
    return Molde(
        caso,
        timezone.localdate(caso.registrado_en),
        eventos[-1].en,
        cliente,
        lugares.index(caso.contrato_id) if caso.contrato_id else None,
        {
            m: [compilar.fila(o, n) for n, o in enumerate(objetos)]
            for m, objetos in ({Caso: [caso]} | filas).items()
        },
        {
            m: [compilar.dicho(o, n) for n, o in enumerate(objetos)]
            for m, objetos in ({Caso: [caso]} | filas).items()
            if m in PROBADAS and objetos
        },
        [compilar.evento(e, n, textos) for n, e in enumerate(eventos)],
        [compilar.texto(t) for t in textos],
        [str(m) for m in caso.motivos.order_by("pk")],
    )
