"""How an event is written: what was typed, in data for the chain and texts beside it (D§3)."""

import hashlib
import uuid
from datetime import date
from decimal import Decimal

from django import forms
from django.db import models

from casos import flujo
from casos.models import Evento, RevisionInstruccion, TextoEvento
from casos.models.bitacora import digerir


def escribir_evento(caso, *, accion, de, actor, en, datos, textos, ficha=None, **mas) -> Evento:
    """Append to the case's chain; ``caso`` keeps the count and the head (saved by the caller)."""
    filas = [
        TextoEvento(
            campo=campo,
            etiqueta=str(etiqueta)[:120],
            texto=texto,
            personal=personal,
            sal=uuid.uuid4().hex,
        )
        for campo, (etiqueta, texto, personal) in textos.items()
    ]
    if filas:
        datos["textos"] = {f.campo: digerir(f) for f in filas}
    evento = Evento(
        caso=caso,
        numero=caso.num_eventos + 1,
        seccion=flujo.seccion_de(accion, de),
        revision=caso.revision_vigente or 0,
        accion=accion,
        de=de,
        a=caso.estado,
        actor=actor,
        en=en,
        datos=datos,
        previo=caso.huella_cabeza,
        ficha=ficha or uuid.uuid4(),
        **mas,
    )
    evento.huella = evento.calcular_huella()
    evento.save(force_insert=True)
    for fila in filas:
        fila.evento = evento
    TextoEvento.objects.bulk_create(filas)
    caso.num_eventos, caso.huella_cabeza = evento.numero, evento.huella
    return evento


def revision_vigente() -> int | None:
    """Number of the instruction's revision in force; a locked case brings it along."""
    filas = RevisionInstruccion.objects.filter(vigente=True)
    return filas.values_list("numero", flat=True).first()


def suma_de(archivo) -> str:
    suma = hashlib.sha256()
    for trozo in archivo.chunks():
        suma.update(trozo)
    archivo.seek(0)
    return suma.hexdigest()


def serializar(form) -> tuple[dict, dict]:
    """What was typed, split in data for the hash and free texts kept beside it.

    Persons go by reference (``model:pk``); every free text goes to ``textos``.
    """
    datos, textos = {}, {}
    for nombre, campo in form.fields.items():
        valor = form.cleaned_data.get(nombre)
        if nombre in ("version", "ficha", "archivo") or valor in (None, "", False, []):
            continue
        es_texto = isinstance(valor, str) and not isinstance(
            campo, (forms.ChoiceField, forms.TypedChoiceField)
        )
        if es_texto and not getattr(campo, "es_valor", False):
            textos[nombre] = (campo.label or nombre, valor, getattr(campo, "personal", False))
        else:
            crudo = en_json(valor)
            if crudo != []:
                datos[nombre] = crudo
    return datos, textos


def en_json(valor):
    if isinstance(valor, models.Model):
        return f"{valor._meta.model_name}:{valor.pk}"
    if isinstance(valor, models.QuerySet | list | tuple):
        return [en_json(v) for v in valor]
    if isinstance(valor, date):  # and datetime
        return valor.isoformat()
    if isinstance(valor, Decimal | uuid.UUID):
        return str(valor)
    return valor
