"""How an event is written: what was typed, in data for the chain and texts beside it (D§3)."""

from __future__ import annotations

import hashlib
import uuid
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.db import models

from casos.actos import Suceso
from casos.catalogos import BIT_DE_PASO, Estado
from casos.estado_de_revision import EstadoRevision
from casos.expediente import Expediente
from casos.models import Evento, RevisionInstruccion, TextoEvento, Usuario
from casos.models.bitacora import digerir

Textos = dict[str, tuple[str, str, bool]]  # field → label, text, whether it tells a person
DE_LA_PAGINA = ("version", "ficha", "archivo", "archivo_sensible")


def escribir_evento(
    exp: Expediente,
    suceso: Suceso,
    *,
    de: str,
    actor: Usuario | None,
    en: datetime,
    datos: dict[str, Any],
    textos: Textos,
    ficha: uuid.UUID | None = None,
    **mas: Any,
) -> Evento:
    """Append to the case's chain; ``caso`` keeps the count and the head (saved by the caller)."""
    caso = exp.caso
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
        seccion=suceso.seccion_en(de),
        revision=exp.caso.revision,
        accion=suceso.nombre,
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
    if filas:
        TextoEvento.objects.bulk_create(filas)
    caso.num_eventos, caso.huella_cabeza = evento.numero, evento.huella
    caso.pasos_andados |= BIT_DE_PASO[Estado(caso.estado)]
    return evento


def revision_vigente() -> int | None:
    """Number of the instruction's revision in force, which a new case obeys."""
    filas = RevisionInstruccion.objects.filter(estado=EstadoRevision.VIGENTE)
    return filas.values_list("numero", flat=True).first()


def suma_de(archivo: Any) -> str:
    suma = hashlib.sha256()
    for trozo in archivo.chunks():
        suma.update(trozo)
    archivo.seek(0)
    return suma.hexdigest()


def serializar(form: forms.Form) -> tuple[dict[str, Any], Textos]:
    """What was typed, split in data for the hash and free texts kept beside it.

    Persons go by reference (``model:pk``); every free text goes to the texts.
    """
    datos: dict[str, Any] = {}
    textos: Textos = {}
    for nombre, campo in form.fields.items():
        valor = form.cleaned_data.get(nombre)
        # A zero was said: a rating of 0 is one.
        if nombre in DE_LA_PAGINA or valor is False or valor in (None, "", []):
            continue
        es_texto = isinstance(valor, str) and not isinstance(campo, forms.ChoiceField)
        if es_texto and not getattr(campo, "es_valor", False):
            etiqueta = str(campo.label or nombre)
            leible = campo.prepare_value(valor)  # a telephone as it is shown
            textos[nombre] = (etiqueta, leible, getattr(campo, "personal", False))
        else:
            crudo = en_json(valor)
            if crudo != []:
                datos[nombre] = crudo
    return datos, textos


def en_json(valor: Any) -> Any:
    if isinstance(valor, models.Model):
        return f"{valor._meta.model_name}:{valor.pk}"
    if isinstance(valor, models.QuerySet | list | tuple):
        return [en_json(v) for v in valor]
    if isinstance(valor, date):  # and datetime
        return valor.isoformat()
    if isinstance(valor, Decimal | uuid.UUID):
        return str(valor)
    return valor
