"""Verbal notices as evidence: left, confirmed, corrected, or accepted by management (rule 9)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from casos.actos import ACEPTAR_CONSTANCIA, CONFIRMAR_CONSTANCIA, CORREGIR_CONSTANCIA
from casos.catalogos import Estado, EstadoConstancia, Sentido, TipoConstancia
from casos.formularios.base import Datos, FormularioPaso
from casos.formularios.campos import radios, texto
from casos.models import Ajuste, Constancia, Opinion, Usuario

from .gestion import Gestion
from .hoja import SinDatosForm
from .notas import MotivoForm
from .situacion import referencia
from .tabla import paso


class CorregirConstanciaForm(FormularioPaso):
    """*Corregir constancia*: what was really said; for an opinion, the right one."""

    fila: Constancia
    field_order = ["sentido", "correccion", "condiciones"]

    sentido = radios("La opinión correcta", Sentido.choices, bitacora="Opinión")
    correccion = texto("Qué se dijo en realidad")
    condiciones = texto("Condiciones", requerido=False, muestra_si=f"sentido={Sentido.CONDICIONES}")

    def preparar(self) -> None:
        super().preparar()
        if self.fila.opinion is None:
            del self.fields["sentido"], self.fields["condiciones"]
        else:
            self.proponer("sentido", self.fila.opinion.sentido)

    def clean(self) -> Datos:
        datos = super().clean()
        if datos.get("sentido") == Sentido.CONDICIONES:
            self.exigir("condiciones", "Faltan las condiciones.")
        elif "condiciones" in self.fields:
            datos["condiciones"] = ""
        return datos


def lo_dicho(
    g: Gestion[Any, Any],
    tipo: TipoConstancia,
    *,
    destinatario: Usuario,
    dicho_en: datetime,
    texto: str,
    opinion: Opinion | None = None,
    ajuste: Ajuste | None = None,
) -> Constancia:
    """What was said verbally, to be left as evidence."""
    return Constancia(
        caso=g.caso,
        tipo=tipo,
        destinatario=destinatario,
        registrada_por=g.usuario,
        registrada_en=g.ahora,
        dicho_en=dicho_en,
        texto=texto[:2000],
        opinion=opinion,
        ajuste=ajuste,
        estado=EstadoConstancia.SIN_CONFIRMAR,
    )


def dejar_constancias(g: Gestion[Any, Any], *dichas: Constancia) -> None:
    """Verbal notices become evidence; who received each confirms or corrects it (rule 9)."""
    for constancia in Constancia.objects.bulk_create(dichas):
        g.hechos.sumar(constancia)
        g.constancias.append(constancia)


def responder(g: Gestion[Any, Constancia], estado: EstadoConstancia, correccion: str = "") -> None:
    g.cambiar(
        g.fila,
        estado=estado,
        correccion=correccion,
        respondida_por=g.usuario,
        respondida_en=g.ahora,
    )


@paso(CONFIRMAR_CONSTANCIA, SinDatosForm)
def confirmar_constancia(g: Gestion[SinDatosForm, Constancia]) -> None:
    responder(g, EstadoConstancia.CONFIRMADA)


@paso(ACEPTAR_CONSTANCIA, MotivoForm)
def aceptar_constancia(g: Gestion[MotivoForm, Constancia]) -> None:
    """GER or DG accepts a verbal opinion that its area has not confirmed (§7.4)."""
    responder(g, EstadoConstancia.ACEPTADA)


@paso(CORREGIR_CONSTANCIA, CorregirConstanciaForm)
def corregir_constancia(g: Gestion[CorregirConstanciaForm, Constancia]) -> None:
    """An assignment is taken back, an opinion becomes what was really said."""
    responder(g, EstadoConstancia.CORREGIDA, g.datos["correccion"])
    if g.fila.tipo == TipoConstancia.ASIGNACION:
        _quitar_responsable(g)
    elif g.fila.opinion is not None and g.caso.estado in (Estado.EN_ANALISIS, Estado.POR_DECIDIR):
        _corregir_opinion(g, g.fila.opinion)


def _quitar_responsable(g: Gestion[CorregirConstanciaForm, Constancia]) -> None:
    """Only while that order is the one in force: a later one stands on its own."""
    caso, c = g.caso, g.fila
    es_la_vigente = (caso.asignado_por_id, caso.asignado_en) == (c.destinatario_id, c.dicho_en)
    if caso.es_abierto and es_la_vigente:
        if caso.responsable:
            g.datos_extra["anterior"] = referencia(caso.responsable)
        caso.responsable = caso.asignado_por = caso.asignado_en = None


def _corregir_opinion(g: Gestion[CorregirConstanciaForm, Constancia], opinion: Opinion) -> None:
    if not opinion.verbal:
        return
    d = g.datos
    g.cambios["sentido"] = [opinion.sentido, d["sentido"]]
    g.textos_extra["fundamento_anterior"] = ("Decía", opinion.fundamento)
    g.cambiar(
        opinion,
        sentido=d["sentido"],
        fundamento=d["correccion"],
        condiciones=d["condiciones"],
        dada_por=g.usuario,
        dada_en=g.ahora,
        verbal=False,
    )
