"""Where a person's name, mail or telephone stands, in any column of any table, and how it is taken out.

Tables are found by introspection, so one that is added later is searched too. What is in a chain and cannot
change is named in ``INTOCABLES``: it holds no person's data by how it is written (``pasos.escribir_evento``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any

from django.apps import apps
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import models
from django.db.models import Func, Q, TextField, Value
from django.db.models.functions import Cast, Coalesce
from django_q.models import OrmQ, Task

from casos.models import (
    Aviso,
    Borrador,
    BusquedaCaso,
    CambioDeHallazgo,
    Caso,
    Cliente,
    Contrato,
    Empresa,
    Evento,
    Hallazgo,
    HechoDeSeguridad,
    MovimientoARCO,
    NotaDeAuditoria,
    PersonaContacto,
    Rastro,
    RenglonImportado,
    SolicitudARCO,
    TextoEvento,
    Usuario,
)
from casos.models.iguales import Clave
from casos.pruebas import PROBADAS
from casos.seguridad.que_se_configura import ENCADENADAS
from casos.textos import igual

from .formas import Buscador, Formas

# Tables without a datum of a person at a client, or that no one may change, and why.
INTOCABLES = {
    "casos.Evento": "in the chain: it refers to persons by key, and to what was typed by digest",
    "casos.Prueba": "digests, salted anew",
    "casos.EventoDeConfiguracion": "in the chain of what is configured",
    "casos.CabezaDeConfiguracion": "a digest",
    "casos.Sello": "digests",
    "casos.HojaDeSello": "digests",
    "casos.CertificadoDeSello": "digests",
    "casos.CabezaDeSeguridad": "a digest",
    "casos.Supresion": "counts",
    "casos.Bloqueo": "of the person alone; goes with them",
    "casos.PersonaContacto": "rows of persons: each one's data are their own",
    "account.EmailAddress": "of an account alone",
    "mfa.Authenticator": "of an account alone",
    "auth.Permission": "Django's own words",
    "contenttypes.ContentType": "Django's own words",
    "django_q.Schedule": "the worker's own words",
} | {m._meta.label: "the firm's settings: what they were stands in a chain" for m in ENCADENADAS}
NADA = Value("", output_field=TextField())
DE_UNA_VEZ = 500  # rows that are read whole
# Columns that are keys, digests, codes or addresses of ours.
DE_MAQUINA = {
    "huella", "huella_cabeza", "huella_evento", "sal", "previo", "sha256", "adjunto_sha256", "message_id",
    "en_respuesta_a", "folio", "archivo", "session_key", "session_data", "password", "uid", "clave", "codigo", "campo", "etiqueta",
}  # fmt: skip
# Model → the way to its client, of what hangs from one without a case.
_DEL_CLIENTE: dict[type[models.Model], str] = {
    Cliente: "pk",
    Contrato: "cliente",
    Rastro: "cliente",
    BusquedaCaso: "caso__cliente",
    Borrador: "cliente",
    NotaDeAuditoria: "caso__cliente",
    Hallazgo: "caso__cliente",
    CambioDeHallazgo: "hallazgo__caso__cliente",
    SolicitudARCO: "persona__cliente",
    MovimientoARCO: "solicitud__persona__cliente",
}


def modelos() -> Iterator[type[models.Model]]:
    """Those that are searched, in a fixed order."""
    aparte = (Session, OrmQ, Task, RenglonImportado)
    for modelo in apps.get_models(include_auto_created=True):
        if modelo._meta.label not in INTOCABLES and modelo not in aparte and columnas(modelo):
            yield modelo


def columnas(modelo: type[models.Model]) -> list[models.Field]:
    return [
        c
        for c in modelo._meta.local_concrete_fields
        if isinstance(c, models.CharField | models.TextField | models.JSONField)
        and not c.choices
        and not c.primary_key
        and c.name not in DE_MAQUINA
    ]


def camino_al_cliente(modelo: type[models.Model]) -> str:
    """Empty where its rows are of no client."""
    if modelo in _DEL_CLIENTE:
        return _DEL_CLIENTE[modelo]
    if modelo is Caso:
        return "cliente"
    return f"{PROBADAS[modelo]}__cliente" if modelo in PROBADAS else ""


Solo = Mapping[type[models.Model], Collection[int] | None]


class Lugar:
    """Rows of one table that hold what is looked for: each with its new values."""

    def __init__(self, modelo: type[models.Model], filas: dict[int, dict[str, Any]]):
        self.modelo, self.filas = modelo, filas

    def casos(self) -> set[int]:
        """Of the rows that the log of a case proves, whose cases."""
        camino = PROBADAS.get(self.modelo)
        if not camino:
            return set()
        suyas = self.modelo._base_manager.filter(pk__in=self.filas)
        return {c for c in suyas.values_list(camino, flat=True) if c}


def buscar(
    propias: Formas, ajenas: Formas, cliente: int | None, solo: Solo | None = None
) -> Iterator[Lugar]:
    """Where they stand: ``propias`` in rows of that client, ``ajenas`` (what is nobody else's) in all others.

    ``solo``: in these tables alone; of one, in all its rows or in these.
    """
    for modelo in modelos():
        if solo is not None and modelo not in solo:
            continue
        estas = solo and solo[modelo]
        donde = Q() if estas is None else Q(pk__in=list(estas))
        filas: dict[int, dict[str, Any]] = {}
        camino = camino_al_cliente(modelo)
        if ajenas.a_bulto():
            filas |= _en(modelo, ajenas, donde)
        if camino and cliente and propias.a_bulto():
            suyas = Q(**{camino: cliente})
            if modelo is Borrador:
                # Of a request whose client nobody has chosen yet: it may be theirs.
                suyas |= Q(cliente=None)
            filas |= _en(modelo, propias, suyas & donde)
        if filas:
            yield Lugar(modelo, filas)


def donde_se_queda(formas: Formas, cliente: int) -> list[str]:
    """Where they stand and stay, in words: in events that quote the sheet, and in what the firm configured."""
    if not formas.a_bulto():
        return []
    eventos = Evento.objects.filter(pk__in=_en(Evento, formas, Q(caso__cliente=cliente)))
    numeros = eventos.order_by("caso__folio", "numero").values_list("caso__folio", "numero")
    dichos = [f"el renglón {n} de la historia de {folio}" for folio, n in numeros]
    for modelo in ENCADENADAS:
        if modelo is not Usuario and columnas(modelo) and _en(modelo, formas, Q()):
            dichos.append(f"{modelo._meta.verbose_name_plural} (lo que la empresa configuró)")
    return dichos


def _en(modelo: type[models.Model], formas: Formas, donde: Q) -> dict[int, dict[str, Any]]:
    cuales, trozos, buscador = columnas(modelo), formas.a_bulto(), formas.buscador()
    # All that a row says as one text: each look of PostgreSQL at a text costs the same, however short it is.
    textos = [Coalesce(Cast(c.name, TextField()), NADA) for c in cuales]
    todo = EnRenglones(*_en_renglones(textos)) if len(textos) > 1 else textos[0]
    hay = Q()
    for trozo in trozos:  # apart: of several in one pattern it makes much slower work
        hay |= Q(todo__regex=trozo)
    # Folded by its format, a calendar may have a name in two lines: those are read whole.
    if modelo is Aviso:
        hay |= ~Q(calendario="")
    filas = modelo._base_manager.filter(donde).annotate(todo=todo).filter(hay).order_by()
    # Keys first: PostgreSQL looks through a long table with several processes, but not for a cursor.
    llaves = list(filas.values_list("pk", flat=True))
    halladas = {}
    for desde in range(0, len(llaves), DE_UNA_VEZ):
        algunas = llaves[desde : desde + DE_UNA_VEZ]
        suyas = modelo._base_manager.filter(pk__in=algunas).order_by()
        for pk, *valores in suyas.values_list("pk", *(c.attname for c in cuales)):
            nuevos = _limpios(modelo, cuales, valores, buscador)
            if nuevos:
                halladas[pk] = nuevos
    return halladas


class EnRenglones(Func):
    """Texts one after another, in one flat expression: nested as ``Concat`` writes it, SQLite takes few."""

    template = "(%(expressions)s)"
    arg_joiner = " || "
    output_field = TextField()


def _en_renglones(textos: list[Coalesce]) -> Iterator[Coalesce | Value]:
    for texto in textos[:-1]:
        yield texto
        yield Value("\n", output_field=TextField())
    yield textos[-1]


def _limpios(
    modelo: type[models.Model], cuales: list[models.Field], valores: list[Any], buscador: Buscador
) -> dict[str, Any]:
    """Of a row, what changes."""
    nuevos: dict[str, Any] = {}
    for columna, valor in zip(cuales, valores, strict=True):
        if isinstance(columna, Clave):
            continue
        if columna.name == "calendario":
            if buscador.esta_en(str(valor).replace("\r\n ", "").replace("\n ", "")):
                nuevos[columna.name] = ""
            continue
        if not buscador.esta_en(valor):
            continue
        nuevos[columna.name] = _sin(modelo, columna, valor, buscador)
    for columna in cuales:
        if isinstance(columna, Clave) and columna.de in nuevos:
            nuevos[columna.name] = columna.clave(nuevos[columna.de])[: columna.max_length]
    return nuevos


def _sin(modelo: type[models.Model], columna: models.Field, valor: Any, buscador: Buscador) -> Any:
    if isinstance(columna, models.EmailField):
        return "" if columna.blank else Aviso.SUPRIMIDO
    if modelo is Borrador:
        return {}
    limpio = buscador.sin(valor)
    largo = getattr(columna, "max_length", None)
    return limpio[:largo] if largo and isinstance(limpio, str) else limpio


def _ademas(modelo: type[models.Model], en: datetime) -> dict[str, Any]:
    """What of a row is written besides: where a trigger lets it be cleaned, it says when."""
    campos = {c.name for c in modelo._meta.concrete_fields}
    valores: dict[str, Any] = {"suprimido_en": en} if "suprimido_en" in campos else {}
    if modelo is TextoEvento:
        valores["sal"] = ""
    return valores | ({"cerrado_en": en} if modelo is Borrador else {})


def quitar(lugar: Lugar, en: datetime) -> int:
    """Write the new values; how many rows. In the transaction of the suppression."""
    modelo = lugar.modelo
    if modelo is HechoDeSeguridad:
        # Beside the chain it is all or nothing: one digest is of the three.
        return HechoDeSeguridad.objects.filter(pk__in=lugar.filas, suprimido_en=None).update(
            direccion="", dispositivo="", aparte="", sal="", suprimido_en=en
        )
    ademas = _ademas(modelo, en)
    for pk, nuevos in lugar.filas.items():
        modelo._base_manager.filter(pk=pk).update(**nuevos, **ademas)
    return len(lugar.filas)


def quitar_de_sesiones(formas: Formas) -> int:
    """What a page said to somebody and was not shown yet, or they were about to send: it goes from their session."""
    buscador, quitadas = formas.buscador(), 0
    for sesion in Session.objects.all().iterator():
        datos = sesion.get_decoded()
        suyas = [k for k, v in datos.items() if buscador.esta_en(v)]
        if suyas:
            almacen = SessionStore(sesion.session_key)
            for llave in suyas:
                almacen.pop(llave, None)
            almacen.save()
            quitadas += 1
    return quitadas


def quitar_de_la_cola(formas: Formas) -> int:
    """What the worker keeps of its tasks: their arguments, and what went wrong in them."""
    buscador, quitadas = formas.buscador(), 0
    for tarea in Task.objects.all().iterator():
        if buscador.esta_en(f"{tarea.args!r} {tarea.kwargs!r} {tarea.result!r} {tarea.name}"):
            tarea.delete()
            quitadas += 1
    return quitadas


# -- what is also somebody else's ------------------------------------------------------------------


def de_otros(
    formas: Formas, menos: PersonaContacto | Usuario, cliente: int | None = None
) -> Formas:
    """Of these, what another person, a client or the firm has too: it cannot be taken from everywhere.

    ``cliente``: only who may be meant in what is of that client: its persons, and our own people.
    """
    personas = PersonaContacto.objects.filter(suprimida_en=None)
    if cliente:
        personas = personas.filter(cliente=cliente)
    usuarios = Usuario.objects.all()  # of who was suppressed the name stays
    if isinstance(menos, PersonaContacto):
        personas = personas.exclude(pk=menos.pk)
    else:
        usuarios = usuarios.exclude(pk=menos.pk)
    return Formas(
        nombres=_nombres_de_otros(formas.nombres, personas, usuarios, cliente),
        correos={
            c
            for c in formas.correos
            if personas.filter(correo__iexact=c).exists()
            or usuarios.filter(email__iexact=c).exists()
        },
        telefonos={t for t in formas.telefonos if _es_de_otros(t, personas, usuarios)},
    )


def _nombres_de_otros(nombres: set[str], personas, usuarios, cliente: int | None) -> set[str]:
    iguales = {igual(n): n for n in nombres}
    hay = set(personas.filter(nombre_igual__in=iguales).values_list("nombre_igual", flat=True))
    clientes = Cliente.objects.filter(razon_social_igual__in=iguales)
    clientes = clientes.filter(pk=cliente) if cliente else clientes
    hay |= set(clientes.values_list("razon_social_igual", flat=True))
    hay |= {igual(u.get_full_name()) for u in usuarios.only("first_name", "last_name")}
    return {nombre for clave, nombre in iguales.items() if clave in hay}


def _es_de_otros(telefono: str, personas, usuarios) -> bool:
    """By each number, whatever its extension: a switchboard is everybody's."""
    for numero in (n.partition(";")[0] for n in telefono.split(",")):
        suyas = {"telefono__contains": numero}
        if personas.filter(**suyas).exists() or usuarios.filter(**suyas).exists():
            return True
        if Empresa.objects.filter(**suyas).exists():
            return True
    return False
