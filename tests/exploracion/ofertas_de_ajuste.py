"""7.7: what the areas answer, what is asked of them, and how it is closed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from tests.guion import ajustes, en_dias, hace

from .oferta import AJUSTAN, Datos, Oferta, hace_un_minuto, tarifa_de


def _hecho(caso: Any, a: Any) -> Datos:
    datos = {"respuesta": "Quedó ajustado.", "vigor_fecha": caso.vigor_fecha}
    if a.area.codigo == "NOM":
        fin = caso.vigor_fecha + timedelta(days=14)
        datos |= {"periodo_inicio": caso.vigor_fecha, "periodo_fin": fin,
                  "porque_fecha": "Se paga retroactivo."}  # fmt: skip
    return datos | ({"convenio": "NO"} if a.area.codigo == "JUR" else {})


def confirmar_ajuste(caso: Any, a: Any, p: Any) -> Iterable[Oferta]:
    if a.estado != "CONFIRMADO":
        yield Oferta("", lambda: _hecho(caso, a), habla="areas")


def respuesta_del_area(caso: Any, a: Any, p: Any) -> Iterable[Oferta]:
    datos = {"respuesta": "Por las fechas."}
    yield Oferta("", lambda: datos, habla="areas", de=lambda e: e.area(a))
    yield Oferta("gerencia", lambda: datos, de=lambda e: e.gerencia)


def anotar_respuesta(caso: Any, a: Any, p: Any) -> Iterable[Oferta]:
    # That the contract needs no change is Jurídico's word, or Dirección's: of the rest it is a no.
    dichos = ("CONFIRMADO", "NO_PUEDE") + ("NO_APLICA",) * (a.area.codigo == "JUR")
    for dijo in dichos:
        dicho = {"dijo": dijo, "quien": p.de_area[a.area.codigo].pk} | _hecho(caso, a)
        yield Oferta(dijo, partial(hace_un_minuto, "dicho_en", dicho), habla="areas")


def corregir_acordado(caso: Any, _: Any, p: Any) -> Iterable[Oferta]:
    fila, motivo = tarifa_de(caso), {"motivo": "Se anotó mal."}
    dice = {f"acordado_{f.concepto.clave}": f.acordado for f in caso.hechos.condiciones}
    otra = {"acordado_tarifa": str(Decimal(fila.acordado) + 100), "vigor_fecha": caso.vigor_fecha}
    yield Oferta("tarifa", lambda: motivo | dice | otra)
    fecha = {"vigor_fecha": caso.vigor_fecha + timedelta(days=1)}
    yield Oferta("fecha", lambda: motivo | dice | fecha)


def agregar_ajuste(caso: Any, _: Any, p: Any) -> Iterable[Oferta]:
    h = caso.hechos
    ocupadas = {
        a.area.codigo
        for a in h.ajustes_actuales
        if a.estado in ("PENDIENTE", "CONFIRMADO") and not h.esta_deshecho(a)
    }
    for codigo in [c for c in AJUSTAN if c not in ocupadas]:
        yield Oferta(codigo, partial(ajustes, codigo))


def pedir_deshacer(caso: Any, a: Any, p: Any) -> Iterable[Oferta]:
    yield Oferta(a.area.codigo, lambda: {"que": "Ya no va.", "para": en_dias(5)})


def del_area(caso: Any, a: Any, p: Any) -> Iterable[Oferta]:
    yield Oferta("", lambda: {"respuesta": "Así quedó."}, habla="areas")


def cerrar_modificado(caso: Any, _: Any, p: Any) -> Iterable[Oferta]:
    informo = caso.responsable_id or p.responsable.pk
    datos = {"informo": informo, "persona": caso.persona_id, "medio": "CORREO"}
    yield Oferta("", lambda: datos | {"cuando": hace(minutes=1)})
