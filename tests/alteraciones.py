"""What somebody with the database in hand and no triggers may do to it: one alteration at a time, at random."""

import uuid
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.apps import apps
from django.db import models

from casos.lecturas import sellos
from casos.lecturas.verificacion import revisar_bitacora
from casos.lecturas.verificacion_de_configuracion import revisar_configuracion
from casos.lecturas.verificacion_de_seguridad import revisar_registro
from casos.models import (
    CabezaDeConfiguracion,
    CabezaDeSeguridad,
    Caso,
    CertificadoDeSello,
    Consecutivo,
    Evento,
    EventoDeConfiguracion,
    HechoDeSeguridad,
    HojaDeSello,
    Prueba,
    Sello,
)
from casos.models.bitacora import CERO
from casos.pruebas import COLUMNAS, PROBADAS, digerir_fila
from casos.seguridad import que_se_configura as configurado

DEL_CASO = PROBADAS | {Evento: "caso", Prueba: "caso"}
DE_SEGURIDAD = (CabezaDeSeguridad, HechoDeSeguridad)
DE_CONFIGURACION = (*configurado.ENCADENADAS, CabezaDeConfiguracion, EventoDeConfiguracion)
DE_SELLOS = (Sello, HojaDeSello, CertificadoDeSello)
# Of these a listed column may not be altered without being found otherwise.
COMPARADAS = {Caso: {"num_eventos", "huella_cabeza", "sal"}, configurado.Usuario: {"sal"}}


def tablas():
    """All of ours, and those of the libraries that are in a chain."""
    todas = apps.get_models(include_auto_created=True)
    return [m for m in todas if m._meta.app_label == "casos" or m in configurado.ENCADENADAS]


def verificables(listadas):
    """(table, column) of what is not in the list of what is not proved."""
    return [
        (m, c)
        for m in tablas()
        for c in m._meta.concrete_fields
        if not c.primary_key
        and (m._meta.db_table, "*") not in listadas
        and (m._meta.db_table, c.column) not in listadas
    ]


def filas_de(modelo):
    """Keys of the rows that are proved: of a case, where it is of cases."""
    filas = modelo._base_manager.order_by("pk")
    if modelo in DEL_CASO and modelo is not Caso:
        filas = filas.exclude(**{DEL_CASO[modelo]: None})
    return list(filas.values_list("pk", flat=True))


def folio_de(modelo, pk):
    camino = DEL_CASO[modelo]
    caso = modelo._base_manager.filter(pk=pk).values_list(camino, flat=True).first()
    return Caso.objects.filter(pk=caso).values_list("folio", flat=True).first()


def otro(campo, valor, azar):
    """A value that differs from the one before by as little as may be."""
    while isinstance(campo, models.ForeignKey):
        campo = campo.target_field
    if isinstance(campo, models.BooleanField):
        return not valor
    if isinstance(campo, models.JSONField):
        return _otro_json(valor)
    if valor is None:
        return _alguno(campo)
    if isinstance(valor, datetime):
        return valor + timedelta(microseconds=azar.randint(1, 10**6))
    if isinstance(valor, date):
        return valor + timedelta(days=1)
    if isinstance(valor, time):
        return valor.replace(minute=(valor.minute + 1) % 60)
    if isinstance(valor, Decimal):
        return valor + Decimal(1).scaleb(-campo.decimal_places)
    if isinstance(valor, int):
        return valor + 1
    if isinstance(valor, uuid.UUID):
        return uuid.UUID(int=valor.int ^ 1)
    if isinstance(valor, bytes | memoryview):
        return bytes(valor)[:-1] + b"\x00"
    valor = str(valor)
    if campo.choices:
        return azar.choice([str(k) for k, _ in campo.flatchoices if k != valor] or ["x"])
    if not valor:
        return "x"
    n = azar.randrange(len(valor))
    return valor[:n] + ("x" if valor[n] != "x" else "z") + valor[n + 1 :]


def _otro_json(valor):
    if isinstance(valor, dict):
        return {**valor, "otra": 1}
    return [*valor, "otra"] if isinstance(valor, list) else ["otra"]


def _alguno(campo):
    if isinstance(campo, models.DateTimeField):
        return datetime.fromisoformat("2020-01-02T03:04:05+00:00")
    if isinstance(campo, models.DateField):
        return date(2020, 1, 2)
    if isinstance(campo, models.TimeField):
        return time(3, 4)
    return Decimal(7) if isinstance(campo, models.DecimalField) else 1 if isinstance(
        campo, models.IntegerField
    ) else "x"  # fmt: skip


# -- one alteration: each returns the cases where it must be found ---------------------------------


def un_byte(modelo, campo, pk, azar):
    folios = {folio_de(modelo, pk)} if modelo in DEL_CASO else set()
    filas = modelo._base_manager.filter(pk=pk)
    antes = filas.values_list(campo.attname, flat=True).get()
    filas.update(**{campo.attname: otro(campo, antes, azar)})
    return folios | ({folio_de(modelo, pk)} if modelo in DEL_CASO else set())


def una_menos(modelo, campo, pk, azar):
    folios = {folio_de(modelo, pk)} if modelo in DEL_CASO else set()
    filas = modelo._base_manager.filter(pk=pk)
    filas._raw_delete(filas.db)
    return folios


def una_mas(modelo, campo, pk, azar):
    fila = modelo._base_manager.get(pk=pk)
    fila.pk = None
    for c in modelo._meta.concrete_fields:
        if c.unique and not c.primary_key:
            setattr(fila, c.attname, otro(c, getattr(fila, c.attname), azar))
    fila.save_base(raw=True, force_insert=True)
    return {folio_de(modelo, fila.pk)} if modelo in DEL_CASO else set()


def pasada_a_otro_caso(modelo, campo, pk, azar):
    if DEL_CASO.get(modelo) != "caso" or modelo._meta.pk.remote_field:
        return un_byte(modelo, campo, pk, azar)
    de, filas = folio_de(modelo, pk), modelo._base_manager.filter(pk=pk)
    a = azar.choice(list(Caso.objects.exclude(folio=de)))
    filas.update(caso_id=a.pk)
    return {de, a.folio}


def dos_por_dos(modelo, campo, pk, azar):
    """What two rows say, swapped."""
    otras = [p for p in filas_de(modelo) if p != pk]
    azar.shuffle(otras)
    filas = modelo._base_manager
    mio = filas.values_list(campo.attname, flat=True).get(pk=pk)
    for otra in otras[:20]:
        suyo = filas.values_list(campo.attname, flat=True).get(pk=otra)
        if suyo != mio:
            folios = {folio_de(modelo, p) for p in (pk, otra)} if modelo in DEL_CASO else set()
            filas.filter(pk=pk).update(**{campo.attname: suyo})
            filas.filter(pk=otra).update(**{campo.attname: mio})
            return folios
    return un_byte(modelo, campo, pk, azar)


def la_cola_cortada(modelo, campo, pk, azar):
    """The last of a chain goes with all that hangs from it, and its head is set back."""
    cual = azar.choice(["caso", "seguridad", "configuracion"])
    if cual == "caso":
        caso = azar.choice(list(Caso.objects.filter(num_eventos__gt=1)))
        evento = caso.eventos.order_by("-numero").first()
        for m in apps.get_models():
            for c in m._meta.concrete_fields:
                if c.related_model is Evento:
                    hijas = m._base_manager.filter(**{c.name: evento})
                    hijas._raw_delete(hijas.db)
        for filas in (
            Prueba.objects.filter(caso=caso, tras__gte=evento.numero),
            Evento.objects.filter(pk=evento.pk),
        ):
            filas._raw_delete(filas.db)
        Caso.objects.filter(pk=caso.pk).update(
            num_eventos=evento.numero - 1, huella_cabeza=evento.previo, estado=evento.de
        )
        return {caso.folio}
    tabla, cabeza = {
        "seguridad": (HechoDeSeguridad, CabezaDeSeguridad),
        "configuracion": (EventoDeConfiguracion, CabezaDeConfiguracion),
    }[cual]
    fila = tabla.objects.order_by("-numero").first()
    una_menos(tabla, None, fila.pk, azar)
    cabeza.objects.update(numero=fila.numero - 1, huella=fila.previo)
    return set()


def la_cuenta_atras(modelo, campo, pk, azar):
    cual = azar.choice([Consecutivo, CabezaDeSeguridad, CabezaDeConfiguracion, Caso])
    if cual is Caso:
        caso = azar.choice(list(Caso.objects.filter(num_eventos__gt=1)))
        Caso.objects.filter(pk=caso.pk).update(num_eventos=models.F("num_eventos") - 1)
        return {caso.folio}
    cuenta = "ultimo" if cual is Consecutivo else "numero"
    cual.objects.update(**{cuenta: models.F(cuenta) - 1})
    return set()


def _de_valor(modelo):
    """Proved columns that point to no other row."""
    return [
        c
        for c in modelo._meta.concrete_fields
        if c.attname in COLUMNAS[modelo] and not c.is_relation and not c.primary_key
    ]


def rehecho_por_quien_sabe(modelo, campo, pk, azar):
    """A byte, and every proof of the case made anew: only what was kept elsewhere knows."""
    modelo = azar.choice([m for m in PROBADAS if m is not Caso and _de_valor(m) and filas_de(m)])
    pk = azar.choice(filas_de(modelo))
    campo = azar.choice(_de_valor(modelo))
    [folio] = un_byte(modelo, campo, pk, azar)
    caso = Caso.objects.get(folio=folio)
    valores = modelo._base_manager.values_list(*COLUMNAS[modelo]).get(pk=pk)
    ahora, previo = digerir_fila(modelo, caso.sal, valores), CERO
    for prueba in Prueba.objects.filter(caso=caso).order_by("numero"):
        suyas = prueba.filas.get(modelo._meta.model_name, {})
        if str(pk) in suyas:
            suyas[str(pk)] = ahora
        prueba.previo = previo
        prueba.huella = previo = prueba.calcular_huella()
        Prueba.objects.filter(pk=prueba.pk).update(
            filas=prueba.filas, previo=prueba.previo, huella=previo
        )
    return {folio}


# What, and how often.
CLASES = {
    un_byte: 60,
    una_menos: 9,
    una_mas: 9,
    pasada_a_otro_caso: 6,
    dos_por_dos: 6,
    la_cola_cortada: 4,
    la_cuenta_atras: 3,
    rehecho_por_quien_sabe: 3,
}


def lo_que_se_halla(modelo, folios, guardado):
    """Sentences, the nearest check first; the first that says something is enough."""
    for folio in sorted(f for f in folios if f):
        if fallas := list(revisar_bitacora(folio, archivos=False)):
            return fallas
    if modelo in DE_CONFIGURACION and (fallas := revisar_configuracion()):
        return fallas
    if modelo in DE_SEGURIDAD and (falla := revisar_registro()):
        return [falla]
    if fallas := sellos.revisar(*guardado).fallas:
        return [f.dicho for f in fallas]
    return (
        list(revisar_bitacora(archivos=False))
        or revisar_configuracion()
        or [f for f in [revisar_registro()] if f]
    )
