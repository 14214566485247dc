"""What each act is given where it may be done: the few answers that lead to different places.

Two areas are asked in 7.3 (Finanzas, Jurídico) and two adjust in 7.7 (Jurídico, Nóminas): more of either
would be more of the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from django.utils import timezone

from tests.guion import ajustes, consultas, contacto, en_dias, hace

from .oferta import AJUSTAN, OPINAN, Datos, Oferta, Ofrece, hace_un_minuto, siempre, tarifa_de
from .ofertas_de_ajuste import (
    agregar_ajuste,
    anotar_respuesta,
    cerrar_modificado,
    confirmar_ajuste,
    corregir_acordado,
    del_area,
    pedir_deshacer,
    respuesta_del_area,
)

# -- 7.1, 7.2 --------------------------------------------------------------------------------------


def _asignar(caso: Any, _: Any, p: Any) -> Iterable[Oferta]:
    if caso.responsable_id is None:
        ordena = p.gerente if p.gerente.is_active else p.direccion
        datos = {"responsable": p.responsable.pk, "ordeno": ordena.pk}
        yield Oferta("", lambda: datos | {"ordeno_en": hace(minutes=1)}, de=lambda e: (
            e.gerente or e.direccion))  # fmt: skip


def _intentos(caso: Any) -> Oferta:
    def datos() -> Datos:
        medio = ("TELEFONO", "WHATSAPP")[timezone.localdate().toordinal() % 2]
        return {"persona": caso.persona_id} | contacto("NO", medio, cuando=hace(minutes=1))

    return Oferta("no contesta", datos, dias=3)


def _contactar(caso: Any, _: Any, p: Any) -> Iterable[Oferta]:
    yield Oferta("se habló", lambda: {"persona": caso.persona_id} | contacto())
    intento = contacto("NO", cuando=hace(minutes=1))
    yield Oferta("no contesta", lambda: {"persona": caso.persona_id} | intento)


def _registrar_contacto(caso: Any, _: Any, p: Any) -> Iterable[Oferta]:
    if caso.estado in ("EN_CONTACTO", "EN_PROPUESTA", "EN_RESPUESTA", "POR_INFORMAR"):
        if not caso.hechos.intentos.bastan:
            yield _intentos(caso)
        datos = {"persona": caso.persona_id}
        yield Oferta("se habló", lambda: datos | contacto(), habla="cliente")


# -- 7.3, 7.4 --------------------------------------------------------------------------------------


def _por_pedir(caso: Any) -> list[str]:
    """The areas to ask again, one of each kind: those that said the same are the same."""
    de: dict[tuple[Any, ...], str] = {}
    contra = {o.area.codigo for o in caso.hechos.en_contra}
    dijo = {o.area.codigo: (o.estado, o.sentido) for o in caso.hechos.opiniones_actuales}
    for codigo in OPINAN:
        de.setdefault((*dijo.get(codigo, ()), codigo in contra), codigo)
    return list(de.values())


def _otra_vuelta(campo: str) -> Ofrece:
    def datos(codigo: str) -> Datos:
        return {campo: "Hace falta."} | consultas(codigo)

    def ofrece(caso: Any, _: Any, p: Any) -> Iterable[Oferta]:
        return [Oferta(c, partial(datos, c)) for c in _por_pedir(caso)]

    return ofrece


def _analizar(caso: Any, _: Any, p: Any) -> Iterable[Oferta]:
    from casos.models import TipoRequerimiento

    datos = {"tipos": [TipoRequerimiento.objects.earliest("pk").pk], "solicitado_tarifa": "14000"}
    yield Oferta("", lambda: datos | consultas(*OPINAN))


def _consultar_area(caso: Any, _: Any, p: Any) -> Iterable[Oferta]:
    ya = {o.area.codigo for o in caso.hechos.opiniones_de_la_vuelta}
    for codigo in [c for c in _por_pedir(caso) if c not in ya]:
        yield Oferta(codigo, partial(consultas, codigo))


def _opinion(sentido: str) -> Datos:
    condiciones = "Con pago a 15 días." if sentido == "CONDICIONES" else ""
    return {"sentido": sentido, "fundamento": "Por el margen.", "condiciones": condiciones}


# What is offered next goes past it; kept to, it binds nothing.
CONDICION = {"cond_1_sobre": "tarifa", "cond_1_como": "MINIMO", "cond_1_valor": "14600"}


def _opinar(caso: Any, o: Any, p: Any) -> Iterable[Oferta]:
    for sentido in ("A_FAVOR", "EN_CONTRA", "NO_APLICA"):
        if o.sentido != sentido:
            yield Oferta(sentido, partial(_opinion, sentido), habla="areas")
    if o.area.codigo == OPINAN[0] and o.sentido != "CONDICIONES":
        yield Oferta("con condición", lambda: _opinion("CONDICIONES") | CONDICION, habla="areas")


def _opinar_verbal(caso: Any, o: Any, p: Any) -> Iterable[Oferta]:
    for sentido in ("A_FAVOR", "EN_CONTRA"):
        dicho = {"quien": p.de_area[o.area.codigo].pk} | _opinion(sentido)
        yield Oferta(sentido, partial(hace_un_minuto, "dicho_en", dicho), habla="areas")


def _declarar_viable(caso: Any, _: Any, p: Any) -> Iterable[Oferta]:
    datos = {
        "alternativa": "Bajar la tarifa.", "fundamento": "Se conserva el margen.",
        "propuesto_tarifa": "14500", "confirma": "on",
    }  # fmt: skip
    if any(c.pasada_en is None for c in caso.hechos.candados):
        datos |= {"propuesto_tarifa": "14700"}
    yield Oferta("", lambda: datos)


def _no(caso: Any, _: Any, p: Any) -> Iterable[Oferta]:
    from casos.models import Motivo

    motivo = Motivo.objects.filter(catalogo="NUESTRO").earliest("pk")
    for como, por_atencion in (("directamente", "NO"), ("por Atención", "SI")):
        datos = {
            "motivos": [motivo.pk], "area": caso.hechos.opiniones[0].area_id,
            "detalle": "No alcanza.", "podria_cambiar": "NO_SE",
            "texto_cliente": "Por ahora no es posible.", "por_atencion": por_atencion,
        }  # fmt: skip
        yield Oferta(como, partial(dict, datos))


# -- 7.5, 7.6 --------------------------------------------------------------------------------------


def _presentar(caso: Any, _: Any, p: Any) -> Iterable[Oferta]:
    h = caso.hechos
    propuesto = {f"propuesto_{f.concepto.clave}": f.propuesto for f in h.condiciones}
    exceden = h.exceden_lo_viable({f.pk: f.propuesto for f in h.condiciones if f.propuesto})
    viable = {f"propuesto_{f.concepto.clave}": f.viable or f.vigente for f in exceden}

    def datos(hoja: Datos) -> Datos:
        comun = {"como": "CORREO", "persona": caso.persona_id, "vigencia": en_dias(15)}
        return comun | {"cuando": hace(minutes=1)} | hoja

    yield Oferta("", partial(datos, propuesto | viable))
    if exceden:
        yield Oferta("lo consentido", partial(datos, propuesto))


def _se_analiza(rebasa: Datos, codigo: str) -> Datos:
    return rebasa | consultas(codigo)


def _contraofertar(caso: Any, _: Any, p: Any) -> Iterable[Oferta]:
    fila = tarifa_de(caso)
    tope, ahora = Decimal(fila.viable or fila.vigente), fila.propuesto or fila.vigente
    cabe = tope + (200 if Decimal(ahora) == tope + 100 else 100)
    pide = {"pide": "Otra tarifa."}
    yield Oferta("cabe", lambda: pide | {"solicitado_tarifa": str(cabe)}, "cliente")
    rebasa = pide | {"solicitado_tarifa": str(tope - 100)}
    for codigo in _por_pedir(caso):
        yield Oferta(f"se analiza, {codigo}", partial(_se_analiza, rebasa, codigo), "cliente")
    consienten = p.direccion if caso.hechos.en_contra or not p.gerente.is_active else p.gerente
    if consienten.is_active and consienten.pk != caso.responsable_id:
        dicho = rebasa | {"consintio": consienten.pk}
        yield Oferta("de palabra", lambda: dicho | {"consintio_en": hace(minutes=1)}, "cliente")
    yield Oferta(
        "lo consiente",
        lambda: rebasa | {"consiente": "on"},
        "cliente",
        de=lambda e: e.direccion if caso.hechos.en_contra else (e.ajena(e.gerencia)),
    )


def _respuesta(caso: Any, cuando: Any) -> Datos:
    return {"persona": caso.persona_id, "cuando": cuando, "medio": "TELEFONO"}


def _aceptar(caso: Any, _: Any, p: Any) -> Iterable[Oferta]:
    acordado = {f"acordado_{f.concepto.clave}": f.propuesto for f in caso.hechos.condiciones}
    viva = caso.hechos.propuesta_viva
    vencida = viva.vigencia < timezone.localdate()
    # Accepted in time, written down late.
    cuando = viva.presentada_en + timedelta(minutes=1) if vencida else None

    def datos(*areas: str) -> Datos:
        comun = _respuesta(caso, cuando or hace(minutes=1)) | {"vigor_fecha": en_dias(20)}
        return comun | acordado | ajustes(*areas)

    yield Oferta("a tiempo" if vencida else "", lambda: datos(*AJUSTAN), "cliente")
    if not vencida:
        solo = {"servicio_sin_cambio": "Solo cambia la tarifa."}
        yield Oferta("solo Jurídico", lambda: datos("JUR") | solo, "cliente")


def _rechazar(caso: Any, _: Any, p: Any) -> Iterable[Oferta]:
    from casos.models import Motivo

    motivo = Motivo.objects.filter(catalogo="CLIENTE").earliest("pk")
    datos = {"motivo_principal": motivo.pk, "contrato_tras_no": "SIGUE"}
    yield Oferta("", lambda: datos | _respuesta(caso, hace(minutes=1)), "cliente")


# -- 7.8, the ends, what was said verbally ---------------------------------------------------------


def _informar(caso: Any, _: Any, p: Any) -> Iterable[Oferta]:
    informo = p.atencion if caso.por_atencion else p.responsable
    datos = {"informo": informo.pk, "contrato_tras_no": "SIGUE"}
    hablo = {
        "localizado": "SI", "persona": caso.persona_id, "medio": "TELEFONO",
        "que_se_dijo": "No es posible.", "reaccion": "Lo entendió.",
    }  # fmt: skip
    yield Oferta("se habló", lambda: datos | hablo | {"cuando": timezone.now()}, "cliente")
    if caso.hechos.intentos.bastan:
        aviso = {"localizado": "NO", "aviso_medio": "CORREO"}
        yield Oferta("no se localizó", lambda: datos | aviso | {"aviso_en": timezone.now()})


def _retirar(caso: Any, _: Any, p: Any) -> Iterable[Oferta]:
    datos = {"persona": caso.persona_id, "motivo": "Ya no lo necesita."}
    yield Oferta("", lambda: datos | {"cuando": hace(minutes=1)}, "cliente")


def _reabrir(caso: Any, _: Any, p: Any) -> Iterable[Oferta]:
    destino = caso.destino_al_reabrir
    if destino == "EN_ANALISIS":
        yield from _otra_vuelta("motivo")(caso, None, p)
    elif destino == "EN_MODIFICACION":
        yield Oferta("NOM", lambda: {"motivo": "Hay que corregir."} | ajustes("NOM"))
    else:
        yield Oferta("", lambda: {"motivo": "El cliente volvió."})


def _parte(c: Any) -> str:
    return "areas" if c.opinion or c.ajuste else ""


def _confirmar_constancia(caso: Any, c: Any, p: Any) -> Iterable[Oferta]:
    yield Oferta(c.tipo, dict, habla=_parte(c))


def _corregir_constancia(caso: Any, c: Any, p: Any) -> Iterable[Oferta]:
    sentido = "A_FAVOR"
    if c.opinion and c.opinion.sentido == "A_FAVOR":
        sentido = "EN_CONTRA"
    datos = {"correccion": "No dije eso."} | ({"sentido": sentido} if c.opinion else {})
    yield Oferta(c.tipo, lambda: datos, habla=_parte(c))


OFERTAS: dict[str, Ofrece] = {
    "asignar": _asignar,
    "contactar": _contactar,
    "registrar_contacto": _registrar_contacto,
    "analizar": _analizar,
    "consultar_area": _consultar_area,
    "retirar_consulta": siempre(motivo="No era para ella."),
    "opinar": _opinar,
    "opinar_verbal": _opinar_verbal,
    "pedir_datos": lambda caso, o, p: [
        Oferta("", lambda: {"datos_pedidos": "¿Cuántas plazas?"}, habla="areas")
    ],
    "responder_datos": siempre(datos_dados="Son veinte."),
    "dispensar": siempre(motivo="No contesta."),
    "pedir_mas_analisis": _otra_vuelta("que_falta"),
    "declarar_viable": _declarar_viable,
    "elevar": siempre(porque="Es nuestro mayor cliente."),
    "devolver": siempre(motivo="No conviene."),
    "pedir_sin_condicion": siempre(porque="Es nuestro mayor cliente."),
    "pasar_condicion": siempre(motivo="Conviene."),
    "mantener_condicion": siempre(motivo="No conviene."),
    "declarar_no_viable": _no,
    "presentar": _presentar,
    "volver_a_presentar": siempre(motivo="Se corrige."),
    "enviar_propuesta": siempre(),
    "enviar_acuerdo": siempre(),
    "contraofertar": _contraofertar,
    "aceptar": _aceptar,
    "rechazar": _rechazar,
    "cerrar_sin_respuesta": siempre(detalle="Se le buscó."),
    "confirmar_ajuste": confirmar_ajuste,
    "indicar_no_puede": respuesta_del_area,
    "indicar_no_aplica": respuesta_del_area,
    "anotar_respuesta": anotar_respuesta,
    "corregir_acordado": corregir_acordado,
    "agregar_ajuste": agregar_ajuste,
    "pedir_deshacer": pedir_deshacer,
    "retirar_deshacer": siempre(motivo="Sí va."),
    "confirmar_deshecho": del_area,
    "indicar_no_se_deshace": del_area,
    "aceptar_como_esta": siempre(consecuencia="Se asume."),
    "cerrar_modificado": cerrar_modificado,
    "declarar_no_ajustable": _no,
    "replantear": _otra_vuelta("que_cambio"),
    "informar": _informar,
    "retirar": _retirar,
    "anular": siempre(anulacion="ERROR", detalle="Se capturó de más."),
    "reabrir": _reabrir,
    "actualizar_vigente": siempre(),
    "confirmar_constancia": _confirmar_constancia,
    "corregir_constancia": _corregir_constancia,
    "aceptar_constancia": lambda caso, c, p: [Oferta(c.tipo, lambda: {"motivo": "Me consta."})],
}

# What leads to no other state: a note, a plan, an appointment, a word corrected, a notice sent on.
NO_SE_EXPLORAN = {
    "planear", "mover_llamada", "programar_cita", "mover_cita", "celebrar_cita", "anotar_ausencia",
    "cancelar_cita", "editar_hoja",
    "corregir_contacto", "corregir_datos", "anotar", "seguir", "dejar_de_seguir",
    "redirigir_constancia", "cumplir_condicion", "motivo_ceso", "descartar_posibilidad",
    "comprobar", "registrar_satisfaccion", "no_reabrir",
}  # fmt: skip


def plazo_que_sigue(caso: Any) -> Any:
    """The date after which what is open now would be overdue; ``None`` where nothing changes."""
    h, hoy = caso.hechos, timezone.localdate()
    if caso.estado == "EN_ANALISIS":
        fechas = [o.vence for o in h.opiniones_pendientes if o.estado == "PENDIENTE"]
    elif caso.estado == "EN_MODIFICACION":
        fechas = [a.vence for a in h.pendientes_de_ajuste]
    elif caso.estado == "EN_RESPUESTA":
        fechas = [h.propuesta_viva.vigencia]
    elif caso.estado == "CERRADO" and h.puede_reabrirse:
        fechas = [hoy + timedelta(days=60)]
    else:
        fechas = []
    por_venir = [f for f in fechas if f >= hoy]
    return max(por_venir) if por_venir else None
