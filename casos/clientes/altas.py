"""Writes on clients, contact persons and contracts. Who may is asked by the page or the panel."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from casos import direcciones, telefonos
from casos.datos_tratados import OrigenDeDatos
from casos.formularios.clientes import parecidos, tocaya_de
from casos.models import Caso, Cliente, PersonaContacto, Usuario
from casos.rfc import validar_rfc
from casos.textos import en_un_renglon, limpio

from .cambios import dejar_alta, dejar_rastro, leida
from .indice import VERSION, reindexar, texto_de_cliente

DE_UN_RENGLON = {"razon_social", "nombre_comercial", "nombre", "puesto", "telefono"}


def _poner(fila, valores: dict) -> None:
    for campo, valor in valores.items():
        if isinstance(valor, str):
            valor = (en_un_renglon if campo in DE_UN_RENGLON else limpio)(valor)
        setattr(fila, campo, valor)


def con_candado(fila) -> None:
    """The row as it is now, locked: what was read before may be another's yesterday.

    Not against who only refers to it, as a new case does.
    """
    fila.refresh_from_db(from_queryset=type(fila).objects.select_for_update(no_key=True))


class LlegoAntes(IntegrityError):
    """Another's row came first, and whoever typed was not asked about it: they are asked again."""


DE_UN_CLIENTE, DE_SUS_PERSONAS = 20_140_625, 20_140_626  # any numbers that nobody else uses


def _de_uno_en_uno(que: int, cual: int = 0) -> None:
    """Until the transaction ends nobody else adds one: what is looked for now is what there is.

    Of a row that is not there yet there is nothing to lock; SQLite has one writer anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [que, cual])


def crear_cliente(
    *,
    razon_social,
    nombre_comercial="",
    rfc="",
    notas="",
    autor: Usuario | None = None,
    sin_parecidos: bool = False,
) -> Cliente:
    """A new client; raises ``ValidationError`` where the RFC's structure is wrong.

    ``sin_parecidos``: the form saw none of nearly that name. ``LlegoAntes`` where there is one by now.
    """
    cliente = Cliente(
        razon_social=en_un_renglon(razon_social),
        nombre_comercial=en_un_renglon(nombre_comercial),
        rfc=validar_rfc(rfc),
        notas=limpio(notas),
    )
    cliente.texto_busqueda, cliente.texto_version = texto_de_cliente(cliente), VERSION
    with transaction.atomic(savepoint=False):
        _de_uno_en_uno(DE_UN_CLIENTE)
        if sin_parecidos and parecidos(razon_social):
            raise LlegoAntes
        cliente.save()
        dejar_alta(cliente, autor)
    return cliente


@transaction.atomic
def cambiar_cliente(cliente: Cliente, *, autor: Usuario | None = None, **valores) -> Cliente:
    """Raises ``ValidationError`` for one that was merged meanwhile, or with a wrong RFC."""
    con_candado(cliente)
    if cliente.fusionado_en_id:
        raise ValidationError("Este cliente se fusionó con otro: cambia los datos de ese.")
    antes = leida(cliente)
    _poner(cliente, valores)
    cliente.rfc = validar_rfc(cliente.rfc, con_contrato=cliente.contratos.exists())
    cliente.texto_busqueda = texto_de_cliente(cliente)
    claves = {"razon_social_igual", "razon_social_parecida", "texto_busqueda"}
    cliente.save(update_fields={*valores, *claves, "rfc"})
    dejar_rastro(cliente, antes, autor)
    reindexar(Caso.objects.filter(cliente=cliente))
    return cliente


@transaction.atomic(savepoint=False)
def agregar_persona(
    cliente: Cliente,
    *,
    nombre,
    puesto="",
    telefono="",
    correo="",
    origen: str = "",
    folio: str = "",
    autor: Usuario | None = None,
    sin_tocaya: bool = False,
) -> PersonaContacto:
    """Raises ``ValidationError`` where the telephone or the address is none.

    ``origen``: where the data came from, if it is known; ``folio``: in which case they were written down.

    ``sin_tocaya``: the form saw nobody of that name. ``LlegoAntes`` where there is somebody by now.
    """
    if sin_tocaya:
        _de_uno_en_uno(DE_SUS_PERSONAS, cliente.pk)
        if tocaya_de(cliente.pk, nombre):
            raise LlegoAntes
    persona = PersonaContacto.objects.create(
        cliente=cliente,
        nombre=en_un_renglon(nombre),
        puesto=en_un_renglon(puesto),
        telefono=telefonos.leer(telefono),
        correo=direcciones.leer(correo),
        origen=origen or (OrigenDeDatos.CASO if folio else ""),
        origen_folio=folio,
    )
    dejar_alta(persona, autor)
    return persona


@transaction.atomic
def cambiar_persona(
    persona: PersonaContacto, *, autor: Usuario | None = None, **valores
) -> PersonaContacto:
    """Raises ``ValidationError`` where its data were suppressed, be it a moment ago."""
    con_candado(persona)
    if persona.suprimida_en:
        raise ValidationError("Los datos de esta persona ya se suprimieron.")
    if persona.bloqueada_en:
        raise ValidationError("Los datos de esta persona están bloqueados.")
    antes = leida(persona)
    _poner(persona, valores)
    persona.save(update_fields={*valores, "nombre_igual"})
    dejar_rastro(persona, antes, autor)
    return persona
