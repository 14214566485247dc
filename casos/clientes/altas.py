"""Writes on clients, contact persons and contracts. Who may is asked by the page or the panel."""

from django.core.exceptions import ValidationError
from django.db import transaction

from casos import direcciones, telefonos
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


def crear_cliente(
    *, razon_social, nombre_comercial="", rfc="", notas="", autor: Usuario | None = None
) -> Cliente:
    """A new client; raises ``ValidationError`` where the RFC's structure is wrong."""
    cliente = Cliente(
        razon_social=en_un_renglon(razon_social),
        nombre_comercial=en_un_renglon(nombre_comercial),
        rfc=validar_rfc(rfc),
        notas=limpio(notas),
    )
    cliente.texto_busqueda, cliente.texto_version = texto_de_cliente(cliente), VERSION
    with transaction.atomic(savepoint=False):
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
    cliente: Cliente, *, nombre, puesto="", telefono="", correo="", autor: Usuario | None = None
) -> PersonaContacto:
    """Raises ``ValidationError`` where the telephone or the address is none."""
    persona = PersonaContacto.objects.create(
        cliente=cliente,
        nombre=en_un_renglon(nombre),
        puesto=en_un_renglon(puesto),
        telefono=telefonos.leer(telefono),
        correo=direcciones.leer(correo),
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
    antes = leida(persona)
    _poner(persona, valores)
    persona.save(update_fields={*valores, "nombre_igual"})
    dejar_rastro(persona, antes, autor)
    return persona
