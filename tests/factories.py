"""Rows for tests, each one coherent with the CHECKs. A case walked through the door is made elsewhere.

``CasoFactory(estado=…)`` gives a case standing in that state with what its columns need; its
children (opinions, adjustments, …) have their own factories.
"""

from datetime import timedelta
from functools import cache

import factory
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone
from factory.django import DjangoModelFactory

from casos.catalogos import (
    ABIERTOS,
    Canal,
    Estado,
    EstadoAjuste,
    EstadoOpinion,
    Resultado,
    Rol,
    TipoConstancia,
    Turno,
)
from casos.clientes.indice import indexar, poner_al_dia, preparar_nuevo
from casos.models import (
    Ajuste,
    Area,
    Aviso,
    Caso,
    Cita,
    Cliente,
    Constancia,
    Contacto,
    Contrato,
    Membresia,
    Opinion,
    PersonaContacto,
    Propuesta,
    Suplencia,
    Usuario,
)

CLAVE = "demo"


@cache
def _clave_cifrada() -> str:
    return make_password(CLAVE)


class AreaFactory(DjangoModelFactory):
    class Meta:
        model = Area
        django_get_or_create = ["codigo"]

    codigo = factory.Sequence(lambda n: f"AR{n}")
    nombre = factory.LazyAttribute(lambda o: NOMBRES_DE_AREA.get(o.codigo, f"Área {o.codigo}"))
    opina = factory.LazyAttribute(lambda o: o.codigo not in ("NOM", "RYS"))
    ajusta = True


NOMBRES_DE_AREA = {
    "JUR": "Jurídico",
    "DH": "Desarrollo Humano",
    "OPE": "Operaciones",
    "FIN": "Finanzas",
    "NOM": "Nóminas",
    "RYS": "Reclutamiento y Selección",
}


class UsuarioFactory(DjangoModelFactory):
    """A person without role or area; the traits give one."""

    class Meta:
        model = Usuario
        skip_postgeneration_save = True

    class Params:
        ventas = factory.Trait(rol=Rol.VEN)
        gerente = factory.Trait(rol=Rol.VEN, es_gerente=True)
        atencion = factory.Trait(rol=Rol.AC)
        direccion = factory.Trait(rol=Rol.DG)
        calidad = factory.Trait(rol=Rol.CAL)
        auditor = factory.Trait(rol=Rol.AUD)
        admin = factory.Trait(is_superuser=True, is_staff=True)

    username = factory.Sequence(lambda n: f"persona{n}")
    first_name = factory.LazyAttribute(lambda o: o.username.capitalize())
    last_name = "Pruebas"
    email = factory.LazyAttribute(lambda o: f"{o.username}@ejemplo.mx")
    password = factory.LazyFunction(_clave_cifrada)

    @factory.post_generation
    def areas(obj, crear, codigos, **kwargs):
        """``areas=["JUR"]``: member; ``a_cargo=True`` beside it makes them its manager."""
        for codigo in codigos or []:
            MembresiaFactory(
                usuario=obj,
                area=AreaFactory(codigo=codigo),
                es_responsable=kwargs.get("a_cargo", False),
            )


class MembresiaFactory(DjangoModelFactory):
    class Meta:
        model = Membresia

    usuario = factory.SubFactory(UsuarioFactory)
    area = factory.SubFactory(AreaFactory)


class SuplenciaFactory(DjangoModelFactory):
    """In force today."""

    class Meta:
        model = Suplencia

    titular = factory.SubFactory(UsuarioFactory)
    suplente = factory.SubFactory(UsuarioFactory)
    desde = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=1))
    hasta = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=5))


class ClienteFactory(DjangoModelFactory):
    class Meta:
        model = Cliente

    razon_social = factory.Sequence(lambda n: f"Cliente de Prueba {n}, S.A. de C.V.")
    rfc = factory.Sequence(lambda n: f"CPR{n % 100:02d}0101A{n // 100 % 100:02d}")

    @classmethod
    def _create(cls, modelo, **campos):
        cliente = modelo(**campos)
        preparar_nuevo(cliente, [])
        cliente.save()
        return cliente


class PersonaContactoFactory(DjangoModelFactory):
    class Meta:
        model = PersonaContacto
        skip_postgeneration_save = True

    cliente = factory.SubFactory(ClienteFactory)
    nombre = factory.Sequence(lambda n: f"Contacto Apellido{n}")
    puesto = "Compras"
    telefono = "+525555550100"
    correo = factory.Sequence(lambda n: f"contacto{n}@cliente.mx")

    @factory.post_generation
    def texto_de_busqueda(obj, crear, valor, **kwargs):
        with transaction.atomic():
            poner_al_dia(obj.cliente)


class ContratoFactory(DjangoModelFactory):
    class Meta:
        model = Contrato

    cliente = factory.SubFactory(ClienteFactory)
    numero = factory.Sequence(lambda n: f"CT-{n:05d}")
    servicio = "Limpieza"
    desde_fecha = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=400))


_TURNO = {
    Estado.EN_CONTACTO: (Turno.RC, ""),
    Estado.EN_ANALISIS: (Turno.AREAS, "Jurídico"),
    Estado.POR_DECIDIR: (Turno.RC, ""),
    Estado.EN_PROPUESTA: (Turno.RC, ""),
    Estado.EN_RESPUESTA: (Turno.CLIENTE, "Cliente"),
    Estado.EN_MODIFICACION: (Turno.AREAS, "Jurídico"),
    Estado.POR_INFORMAR: (Turno.RC, ""),
    Estado.CERRADO: (Turno.NADIE, ""),
    Estado.ANULADO: (Turno.NADIE, ""),
}


def _turno(caso) -> str:
    if caso.estado == Estado.POR_INFORMAR and caso.por_atencion:
        return Turno.AC
    if caso.estado == Estado.RECIBIDO:
        return Turno.RC if caso.responsable else Turno.GER
    return _TURNO[caso.estado][0]


def _pendiente_de(caso) -> str:
    if caso.turno == Turno.RC:
        return str(caso.responsable or "")
    if caso.estado == Estado.RECIBIDO:
        return str(Turno.GER.label)
    return _TURNO[caso.estado][1] or str(Turno(caso.turno).label if caso.turno else "")


class CasoFactory(DjangoModelFactory):
    """A case in ``estado`` (RECIBIDO by default, without responsible)."""

    class Meta:
        model = Caso
        skip_postgeneration_save = True

    class Params:
        vencido = factory.Trait(
            vence=factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=3))
        )

    # Away from the folios that the door gives.
    folio = factory.Sequence(lambda n: f"SV-2026-{n + 500_001:06d}")
    revision = 3
    cliente = factory.SubFactory(ClienteFactory)
    persona = factory.LazyAttribute(lambda o: PersonaContactoFactory(cliente=o.cliente))
    estado = Estado.RECIBIDO
    contrato = factory.LazyAttribute(
        lambda o: (
            None
            if o.estado in (Estado.RECIBIDO, Estado.ANULADO)
            else ContratoFactory(cliente=o.cliente)
        )
    )
    responsable = factory.LazyAttribute(
        lambda o: None if o.estado == Estado.RECIBIDO else UsuarioFactory(ventas=True)
    )
    registrado_por = factory.LazyAttribute(lambda o: o.responsable or UsuarioFactory(ventas=True))
    recibido_en = factory.LazyFunction(lambda: timezone.now() - timedelta(days=2))
    registrado_en = factory.LazyAttribute(lambda o: o.recibido_en + timedelta(hours=1))
    estado_desde = factory.LazyAttribute(lambda o: o.registrado_en)
    canal = Canal.TELEFONO
    solicitud = "Pide bajar la tarifa del turno nocturno."
    por_atencion = False
    paso_por_atencion = factory.SelfAttribute("por_atencion")
    turno = factory.LazyAttribute(_turno)
    pendiente_de = factory.LazyAttribute(_pendiente_de)
    vence = factory.LazyAttribute(
        lambda o: timezone.localdate() + timedelta(days=3) if o.estado in ABIERTOS else None
    )
    vuelta = factory.LazyAttribute(
        lambda o: 0 if o.estado in (Estado.RECIBIDO, Estado.EN_CONTACTO, Estado.ANULADO) else 1
    )
    aceptacion = factory.LazyAttribute(lambda o: 1 if o.estado == Estado.EN_MODIFICACION else 0)
    resultado = factory.LazyAttribute(
        lambda o: Resultado.NO_INTERESADO if o.estado == Estado.CERRADO else ""
    )
    estado_al_cerrar = factory.LazyAttribute(
        lambda o: Estado.EN_RESPUESTA if o.estado == Estado.CERRADO else ""
    )
    cerrado_en = factory.LazyAttribute(
        lambda o: timezone.now() if o.estado == Estado.CERRADO else None
    )
    cerrado_primera_vez_en = factory.LazyAttribute(lambda o: o.cerrado_en)
    primer_resultado = factory.LazyAttribute(lambda o: o.resultado)

    @factory.post_generation
    def texto_de_busqueda(obj, crear, valor, **kwargs):
        with transaction.atomic():
            indexar(obj)

    @factory.post_generation
    def seguidores(obj, crear, personas, **kwargs):
        obj.seguidores.add(*(personas or []))

    @factory.post_generation
    def tipos(obj, crear, tipos, **kwargs):
        obj.tipos.add(*(tipos or []))


class OpinionFactory(DjangoModelFactory):
    """Asked and unanswered; ``dada=True`` gives it in favour."""

    class Meta:
        model = Opinion

    class Params:
        dada = factory.Trait(
            estado=EstadoOpinion.DADA,
            sentido="A_FAVOR",
            fundamento="Cabe en el presupuesto.",
            dada_en=factory.LazyFunction(timezone.now),
            dada_por=factory.SubFactory(UsuarioFactory),
        )

    caso = factory.SubFactory(CasoFactory, estado=Estado.EN_ANALISIS)
    area = factory.SubFactory(AreaFactory, codigo="JUR")
    vuelta = factory.LazyAttribute(lambda o: o.caso.vuelta or 1)
    pregunta = "¿Se puede con el contrato actual?"
    pedida_por = factory.LazyAttribute(lambda o: o.caso.responsable)
    pedida_en = factory.LazyFunction(timezone.now)
    vence = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=3))


class AjusteFactory(DjangoModelFactory):
    """Asked and unanswered; ``confirmado=True`` confirms it."""

    class Meta:
        model = Ajuste

    class Params:
        confirmado = factory.Trait(
            estado=EstadoAjuste.CONFIRMADO,
            respuesta="Convenio firmado.",
            vigor_fecha=factory.LazyFunction(timezone.localdate),
            respondido_en=factory.LazyFunction(timezone.now),
            respondido_por=factory.SubFactory(UsuarioFactory),
        )

    caso = factory.SubFactory(CasoFactory, estado=Estado.EN_MODIFICACION)
    aceptacion = factory.LazyAttribute(lambda o: o.caso.aceptacion or 1)
    area = factory.SubFactory(AreaFactory, codigo="JUR")
    que = "Convenio modificatorio de la tarifa."
    vence = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=5))
    pedido_por = factory.LazyAttribute(lambda o: o.caso.responsable)
    pedido_en = factory.LazyFunction(timezone.now)


class PropuestaFactory(DjangoModelFactory):
    class Meta:
        model = Propuesta

    caso = factory.SubFactory(CasoFactory, estado=Estado.EN_RESPUESTA)
    numero = factory.Sequence(lambda n: n + 1)
    vigencia = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=15))
    como = "TELEFONO"
    persona = factory.LazyAttribute(lambda o: o.caso.persona)
    presentada_en = factory.LazyFunction(timezone.now)
    presentada_por = factory.LazyAttribute(lambda o: o.caso.responsable)


class ContactoFactory(DjangoModelFactory):
    class Meta:
        model = Contacto

    caso = factory.SubFactory(CasoFactory, estado=Estado.EN_CONTACTO)
    cuando = factory.LazyFunction(lambda: timezone.now() - timedelta(hours=1))
    medio = "TELEFONO"
    persona = factory.LazyAttribute(lambda o: o.caso.persona)
    resumen = "Aclaramos qué necesita y desde cuándo."
    efectivo = True
    registrado_por = factory.LazyAttribute(lambda o: o.caso.responsable)
    registrado_en = factory.LazyFunction(timezone.now)


class CitaFactory(DjangoModelFactory):
    class Meta:
        model = Cita

    caso = factory.SubFactory(CasoFactory, estado=Estado.EN_PROPUESTA)
    inicio = factory.LazyFunction(lambda: timezone.now() + timedelta(minutes=1))
    lugar = "Oficinas del cliente"
    asunto = "Presentar propuesta"
    organizada_por = factory.LazyAttribute(lambda o: o.caso.responsable)


class ConstanciaFactory(DjangoModelFactory):
    """Of a verbal assignment, unconfirmed."""

    class Meta:
        model = Constancia

    caso = factory.SubFactory(CasoFactory, estado=Estado.EN_CONTACTO)
    tipo = TipoConstancia.ASIGNACION
    destinatario = factory.SubFactory(UsuarioFactory, gerente=True)
    registrada_por = factory.LazyAttribute(lambda o: o.caso.responsable)
    registrada_en = factory.LazyFunction(timezone.now)
    dicho_en = factory.LazyFunction(timezone.now)
    texto = "Me encargó este caso de palabra."


class AvisoFactory(DjangoModelFactory):
    class Meta:
        model = Aviso

    caso = factory.SubFactory(CasoFactory, estado=Estado.EN_CONTACTO)
    plantilla = "asignar"
    para = factory.Sequence(lambda n: f"destino{n}@ejemplo.mx")
    asunto = "Te asignaron un caso"
    texto = "Te asignaron un caso."
    message_id = factory.Sequence(lambda n: f"<prueba-{n}@ejemplo.mx>")
