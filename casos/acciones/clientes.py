"""Writes on clients, contact persons and contracts. Who may is asked by the page or the panel."""

import re
from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.html import escape

from casos.catalogos import EstadoAviso
from casos.consultas.busqueda import normalizar, rfc_buscable, texto_de_caso
from casos.models import (
    Aviso,
    BusquedaCaso,
    Caso,
    Cliente,
    Concepto,
    Contrato,
    PersonaContacto,
    TextoEvento,
    Usuario,
    ValorContrato,
    VersionContrato,
)
from casos.rfc import GENERICOS, validar_rfc

from .puerta import fuera_de_paso

DE_UN_RENGLON = {"razon_social", "nombre_comercial", "nombre", "puesto", "telefono"}


def _renglon(texto: str) -> str:
    """One line: in a letter, a second one would pass for a paragraph of ours."""
    return " ".join(texto.split())


def _poner(fila, valores: dict) -> None:
    for campo, valor in valores.items():
        setattr(fila, campo, _renglon(valor) if campo in DE_UN_RENGLON else valor)


def _con_candado(fila) -> None:
    """The row as it is now, locked: what was read before may be another's yesterday.

    Not against who only refers to it, as a new case does.
    """
    fila.refresh_from_db(from_queryset=type(fila).objects.select_for_update(no_key=True))


def texto_de_cliente(cliente: Cliente) -> str:
    return normalizar(
        f"{cliente.razon_social} {cliente.nombre_comercial} {rfc_buscable(cliente.rfc)}"
    )


def crear_cliente(*, razon_social, nombre_comercial="", rfc="", notas="") -> Cliente:
    """A new client; raises ``ValidationError`` where the RFC's structure is wrong."""
    cliente = Cliente(
        razon_social=_renglon(razon_social),
        nombre_comercial=_renglon(nombre_comercial),
        rfc=validar_rfc(rfc),
        notas=notas,
    )
    cliente.texto_busqueda = texto_de_cliente(cliente)
    cliente.save()
    return cliente


@transaction.atomic
def cambiar_cliente(cliente: Cliente, **valores) -> Cliente:
    """Raises ``ValidationError`` for one that was merged meanwhile, or with a wrong RFC."""
    _con_candado(cliente)
    if cliente.fusionado_en_id:
        raise ValidationError("Este cliente se fusionó con otro: cambia los datos de ese.")
    _poner(cliente, valores)
    cliente.rfc = validar_rfc(cliente.rfc, con_contrato=cliente.contratos.exists())
    cliente.texto_busqueda = texto_de_cliente(cliente)
    cliente.save(update_fields={*valores, "rfc", "texto_busqueda"})
    reindexar(Caso.objects.filter(cliente=cliente))
    return cliente


def reindexar(casos) -> None:
    """Search text of cases whose client or contract changed its name."""
    for caso in casos.select_related("cliente", "contrato", "persona"):
        BusquedaCaso.objects.filter(caso=caso).update(texto=texto_de_caso(caso))


def agregar_persona(cliente: Cliente, *, nombre, puesto="", telefono="", correo=""):
    return PersonaContacto.objects.create(
        cliente=cliente, nombre=_renglon(nombre), puesto=_renglon(puesto),
        telefono=_renglon(telefono), correo=correo,
    )  # fmt: skip


@transaction.atomic
def cambiar_persona(persona: PersonaContacto, **valores) -> PersonaContacto:
    """Raises ``ValidationError`` where its data were suppressed, be it a moment ago."""
    _con_candado(persona)
    if persona.suprimida_en:
        raise ValidationError("Los datos de esta persona ya se suprimieron.")
    _poner(persona, valores)
    persona.save(update_fields=valores)
    return persona


@transaction.atomic
def suprimir_persona(persona: PersonaContacto) -> None:
    """Personal data go, also those typed in the log and in mails; the case and its chain stay.

    LFPDPPP. What was not sent yet is not sent.
    """
    ahora = timezone.now()
    _con_candado(persona)
    _suprimir_en_correos(persona)
    persona.nombre = f"Contacto suprimido nº {persona.pk}"
    persona.puesto = persona.telefono = persona.correo = ""
    persona.activa = False
    persona.suprimida_en = ahora
    persona.save()
    # Who was created in place was typed there; the event says which person it was.
    TextoEvento.objects.filter(
        personal=True,
        evento__caso__cliente=persona.cliente_id,
        evento__datos__persona=f"personacontacto:{persona.pk}",
    ).update(texto="", suprimido_en=ahora)


def _suprimir_en_correos(persona: PersonaContacto) -> None:
    """What the firm offered stays readable; to whom, by name and address, does not."""
    otras = PersonaContacto.objects.filter(cliente=persona.cliente_id).exclude(pk=persona.pk)
    # A case's mails went to its person, perhaps by an address they had before.
    suyos = Q(caso__persona=persona) & ~Q(para__in=otras.exclude(correo="").values("correo"))
    if persona.correo:
        suyos |= Q(para__iexact=persona.correo)
    al_cliente = Aviso.objects.filter(
        suyos, usuario=None, area=None, caso__cliente=persona.cliente_id
    )
    avisos = list(al_cliente.select_for_update(of=("self",)))
    for aviso in avisos:
        datos = {aviso.para, persona.correo, persona.nombre, persona.telefono} - {""}
        formas = "|".join(re.escape(f) for d in datos for f in {d, escape(d)})
        for campo, largo in (("asunto", 255), ("texto", None), ("html", None), ("error", 500)):
            # Whole words: a short name is also a part of others.
            valor = re.sub(rf"(?<!\w)(?:{formas})(?!\w)", "«suprimido»", getattr(aviso, campo))
            setattr(aviso, campo, valor[:largo])
        aviso.para = Aviso.SUPRIMIDO
        if aviso.estado in (EstadoAviso.PENDIENTE, EstadoAviso.FALLIDO):
            aviso.estado = EstadoAviso.FALLIDO
            aviso.error = "Los datos de la persona se suprimieron: ya no se le escribe."
    # One that a worker is sending right now keeps its claim.
    Aviso.objects.bulk_update(avisos, ["para", "asunto", "texto", "html", "error", "estado"])


def crear_contrato(
    *, cliente, numero, servicio, desde_fecha: date, sede="", moneda="MXN", valores=None
) -> Contrato:
    """A new contract with its conditions in force (version 1 where there are any).

    Raises ``ValidationError`` for a client with a generic RFC.
    """
    validar_rfc(cliente.rfc, con_contrato=True)
    with transaction.atomic(savepoint=False):
        contrato = Contrato.objects.create(
            cliente=cliente, numero=_renglon(numero), servicio=_renglon(servicio),
            sede=_renglon(sede), moneda=moneda, desde_fecha=desde_fecha,
        )  # fmt: skip
        if valores:
            nueva_version(contrato=contrato, desde_fecha=desde_fecha, valores=valores)
    return contrato


def registrar_contrato(**datos) -> Contrato:
    """``crear_contrato`` from the client's page: a number taken meanwhile is told in words.

    The door does not need it: there the whole step is tried again.
    """
    try:
        with transaction.atomic():
            return crear_contrato(**datos)
    except IntegrityError as error:
        if not Contrato.objects.filter(numero__iexact=_renglon(datos["numero"])).exists():
            raise
        raise ValidationError("Ya existe un contrato con ese número.") from error


@transaction.atomic(savepoint=False)
def nueva_version(
    *, contrato: Contrato, desde_fecha: date, valores: dict[Concepto, str], caso=None
) -> VersionContrato:
    """Conditions of a contract from a date on; ``caso`` is the one that changed them (§7.7).

    Called inside the transaction of who changes the contract.
    """
    numero = Contrato.objects.select_for_update().values_list("version", flat=True).get(
        pk=contrato.pk
    )  # fmt: skip
    contrato.version = numero + 1
    contrato.save(update_fields=["version"])
    version = VersionContrato.objects.create(
        contrato=contrato, numero=contrato.version, desde_fecha=desde_fecha, caso=caso
    )
    ValorContrato.objects.bulk_create(
        ValorContrato(version=version, concepto=c, valor=v) for c, v in valores.items() if v
    )
    return version


@transaction.atomic
def terminar_contrato(contrato: Contrato, *, fecha: date, motivo: str) -> None:
    """Ends a contract; refused while a case of it is being adjusted (§7.7)."""
    # Its cases first, as the door does: an acceptance under way is seen here, or sees the end.
    casos = Caso.objects.abiertos().filter(contrato=contrato).order_by("pk")
    estados = casos.select_for_update(no_key=True).values_list("estado", flat=True)
    if "EN_MODIFICACION" in list(estados):
        raise ValidationError("Hay un caso de este contrato en ajuste: ciérralo primero.")
    _con_candado(contrato)
    if fecha < contrato.desde_fecha:
        raise ValidationError("El término no puede ser anterior al inicio.")
    if contrato.esta_terminado:
        raise ValidationError("Ese contrato ya terminó.")
    contrato.terminado_fecha, contrato.motivo_termino = fecha, motivo
    contrato.save(update_fields=["terminado_fecha", "motivo_termino"])


@transaction.atomic
def fusionar_clientes(origen: Cliente, destino: Cliente, *, actor: Usuario) -> None:
    """Contracts, persons and cases of a duplicate pass to ``destino``; the duplicate is kept.

    Each case says in its log whose it was and who merged.
    """
    if origen.pk == destino.pk:
        raise ValidationError("Elige otro cliente: es el mismo.")
    # Two mergers at once, in any direction, wait for each other.
    pareja = Cliente.objects.select_for_update().order_by("pk").in_bulk([origen.pk, destino.pk])
    if any(c.fusionado_en_id for c in pareja.values()):
        raise ValidationError("Uno de los dos ya está fusionado.")
    if pareja[destino.pk].rfc in GENERICOS and origen.contratos.exists():
        raise ValidationError("El RFC genérico no sirve para un cliente con contrato.")
    origen.contratos.update(cliente=destino)
    origen.personas.update(cliente=destino)
    casos = list(origen.casos.order_by("pk").values_list("pk", flat=True))

    def pasar(caso):
        antes, caso.cliente = caso.cliente, destino
        return (
            {"cambios": {"cliente": [f"cliente:{antes.pk}", f"cliente:{destino.pk}"]}},
            {
                "cliente_anterior": (
                    "Cliente anterior",
                    antes.razon_social,
                    antes.es_persona_fisica,
                ),
                "cliente_nuevo": (
                    "Cliente que queda",
                    destino.razon_social,
                    destino.es_persona_fisica,
                ),
            },
        )

    for pk in casos:
        fuera_de_paso(pk, "fusionar_cliente", actor=actor, cambiar=pasar)
    # Those merged into it before follow, so that one look says where a client lives on.
    Cliente.objects.filter(fusionado_en=origen).update(fusionado_en=destino)
    origen.fusionado_en, origen.activo = destino, False
    origen.save(update_fields=["fusionado_en", "activo"])
    reindexar(Caso.objects.filter(pk__in=casos))
