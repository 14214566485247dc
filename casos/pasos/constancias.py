"""Verbal notices as evidence: left, confirmed, corrected, or accepted by management (rule 9)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from casos.actos import (
    ACEPTAR_CONSTANCIA,
    CONFIRMAR_CONSTANCIA,
    CORREGIR_CONSTANCIA,
    REDIRIGIR_CONSTANCIA,
)
from casos.catalogos import (
    ROLES_COMERCIALES,
    Estado,
    EstadoConstancia,
    Rol,
    Sentido,
    TipoConstancia,
)
from casos.expediente import Hechos
from casos.formularios.base import Datos, FormularioPaso
from casos.formularios.campos import PersonaConFuncion, de_lista, radios, texto
from casos.formularios.condiciones_puestas import ConCondiciones
from casos.models import Ajuste, Constancia, Membresia, Opinion, Usuario

from .candados import poner_condiciones
from .en_curso import ActoEnCurso
from .hoja import SinDatosForm, fijar_viable, guardar_hoja
from .notas import MotivoForm
from .situacion import referencia
from .tabla import paso

# An adjustment that waits for its answer again.
SIN_RESPUESTA: dict[str, Any] = {
    "respuesta": "",
    "vigor_fecha": None,
    "periodo_inicio": None,
    "periodo_fin": None,
    "convenio_requerido": None,
    "convenio_referencia": "",
    "convenio_fecha": None,
}


class CorregirConstanciaForm(ConCondiciones):
    """*Corregir constancia*: what was really said; for an opinion, the right one."""

    fila: Constancia
    field_order = ["sentido", "correccion", "condiciones"]

    sentido = radios("La opinión correcta", Sentido.choices, bitacora="Opinión")
    correccion = texto("Qué se dijo en realidad")
    condiciones = texto("Condiciones", requerido=False, muestra_si=f"sentido={Sentido.CONDICIONES}")

    @property
    def opinion_dada(self) -> Opinion | None:
        return self.fila.opinion

    def preparar(self) -> None:
        super().preparar()
        if self.fila.opinion is None:
            del self.fields["sentido"], self.fields["condiciones"]
        else:
            self.proponer("sentido", self.fila.opinion.sentido)

    def clean(self) -> Datos:
        datos = super().clean()
        if datos.get("sentido") == Sentido.CONDICIONES:
            if not self.condiciones_escritas:
                self.exigir("condiciones", "Faltan las condiciones.")
        elif "condiciones" in self.fields:
            datos["condiciones"] = ""
        return datos


class RedirigirConstanciaForm(FormularioPaso):
    """*Enviar a otra persona*: to the right one, of the same kind."""

    fila: Constancia

    a_quien = de_lista(
        "A quién se envía",
        Usuario.objects.none(),
        ajena="Elige a una persona de la lista.",
        clase=PersonaConFuncion,
    )

    def preparar(self) -> None:
        super().preparar()
        fuera = [self.fila.destinatario_id, self.fila.registrada_por_id]
        quienes = quienes_lo_dirian(self.hechos, self.fila).exclude(pk__in=fuera)
        self.ofrecer("a_quien", quienes)
        if not self.is_bound and not quienes.exists():
            self.fields["a_quien"].help_text = "No hay nadie más que la haya podido decir u oír."


def quienes_lo_dirian(h: Hechos, constancia: Constancia) -> QuerySet[Usuario]:
    """Who may have said it, or been told: gerencia, or the area; never who leads the case."""
    fila = constancia.opinion or constancia.ajuste
    if fila is not None:
        return Usuario.objects.de_area(fila.area).exclude(pk=h.caso.responsable_id)
    gerencia = Usuario.objects.gerencia()
    if constancia.tipo != TipoConstancia.CONSENTIMIENTO:
        return gerencia
    consienten = gerencia.exclude(pk=h.caso.responsable_id)
    return consienten.filter(rol=Rol.DG) if h.en_contra else consienten


def participa_su_area(h: Hechos, persona: Usuario) -> bool:
    """Never responsible and area in the same case (D§1)."""
    areas = h.areas_que_participan
    suyas = Membresia.objects.filter(usuario=persona, activa=True, area__in=areas)
    return bool(areas) and suyas.exists()


def lo_dicho(
    en_curso: ActoEnCurso[Any, Any],
    tipo: TipoConstancia,
    *,
    destinatario: Usuario,
    dicho_en: datetime,
    texto: str,
    opinion: Opinion | None = None,
    ajuste: Ajuste | None = None,
    **antes: Any,
) -> Constancia:
    """What was said verbally, to be left as evidence."""
    return Constancia(
        caso=en_curso.caso,
        tipo=tipo,
        destinatario=destinatario,
        registrada_por=en_curso.usuario,
        registrada_en=en_curso.ahora,
        dicho_en=dicho_en,
        texto=texto[:2000],
        opinion=opinion,
        ajuste=ajuste,
        estado=EstadoConstancia.SIN_CONFIRMAR,
        **antes,
    )


def dejar_constancias(en_curso: ActoEnCurso[Any, Any], *dichas: Constancia) -> None:
    """Verbal notices become evidence; who received each confirms or corrects it (rule 9)."""
    for constancia in Constancia.objects.bulk_create(dichas):
        en_curso.hechos.sumar(constancia)
        en_curso.constancias.append(constancia)


def sustituir_lo_dicho(en_curso: ActoEnCurso[Any, Any], fila: Opinion | Ajuste) -> None:
    """What is said now takes the place of an answer written down as said and not confirmed yet."""
    respuestas = (TipoConstancia.OPINION, TipoConstancia.RESPUESTA)
    for c in en_curso.hechos.constancias:
        if fila in (c.opinion, c.ajuste) and c.tipo in respuestas and c.esta_sin_confirmar:
            en_curso.cambiar(
                c,
                estado=EstadoConstancia.CORREGIDA,
                respondida_por=en_curso.usuario,
                respondida_en=en_curso.ahora,
            )


def responder(
    en_curso: ActoEnCurso[Any, Constancia], estado: EstadoConstancia, correccion: str = ""
) -> None:
    en_curso.cambiar(
        en_curso.fila,
        estado=estado,
        correccion=correccion,
        respondida_por=en_curso.usuario,
        respondida_en=en_curso.ahora,
    )


@paso(CONFIRMAR_CONSTANCIA, SinDatosForm)
def confirmar_constancia(en_curso: ActoEnCurso[SinDatosForm, Constancia]) -> None:
    consentimiento = en_curso.hechos.consentimiento_sin_confirmar
    responder(en_curso, EstadoConstancia.CONFIRMADA)
    _contar_respuesta(en_curso)
    if en_curso.fila == consentimiento and en_curso.caso.estado == Estado.EN_PROPUESTA:
        fijar_viable(en_curso)
        guardar_hoja(en_curso)


@paso(ACEPTAR_CONSTANCIA, MotivoForm)
def aceptar_constancia(en_curso: ActoEnCurso[MotivoForm, Constancia]) -> None:
    """GER or DG accepts what an area said verbally and has not confirmed (§7.4, §7.7)."""
    responder(en_curso, EstadoConstancia.ACEPTADA)
    _contar_respuesta(en_curso)


def _contar_respuesta(en_curso: ActoEnCurso[Any, Constancia]) -> None:
    """An answer of 7.7 given verbally counts from now on, where its adjustment still waits."""
    ajuste = en_curso.fila.ajuste
    if (
        en_curso.fila.tipo != TipoConstancia.RESPUESTA
        or ajuste is None
        or not ajuste.esta_pendiente
    ):
        return
    en_curso.cambiar(
        ajuste,
        estado=ajuste.respuesta_verbal,
        respondido_por=en_curso.usuario,
        respondido_en=en_curso.ahora,
    )


@paso(CORREGIR_CONSTANCIA, CorregirConstanciaForm)
def corregir_constancia(en_curso: ActoEnCurso[CorregirConstanciaForm, Constancia]) -> None:
    """An assignment is taken back, an opinion becomes what was really said."""
    responder(en_curso, EstadoConstancia.CORREGIDA, en_curso.datos["correccion"])
    ajuste = en_curso.fila.ajuste
    if en_curso.fila.tipo == TipoConstancia.RESPUESTA and ajuste and ajuste.esta_pendiente:
        en_curso.cambiar(ajuste, respuesta_verbal="", **SIN_RESPUESTA)
    if en_curso.fila.tipo == TipoConstancia.ASIGNACION:
        _quitar_responsable(en_curso)
    elif en_curso.fila.opinion is not None and en_curso.caso.estado in (
        Estado.EN_ANALISIS,
        Estado.POR_DECIDIR,
    ):
        _corregir_opinion(en_curso, en_curso.fila.opinion)


def _es_la_orden_vigente(h: Hechos, constancia: Constancia) -> bool:
    """A later order stands on its own."""
    caso, c = h.caso, constancia
    return (caso.asignado_por_id, caso.asignado_en) == (c.destinatario_id, c.dicho_en)


def _quitar_responsable(en_curso: ActoEnCurso[CorregirConstanciaForm, Constancia]) -> None:
    """The case goes back to who led it before that order, or to nobody."""
    caso, c = en_curso.caso, en_curso.fila
    if not caso.es_abierto or not _es_la_orden_vigente(en_curso.hechos, c):
        return
    if caso.responsable:
        en_curso.datos_extra["anterior"] = referencia(caso.responsable)
    caso.responsable = caso.asignado_por = caso.asignado_en = None
    antes = c.antes
    if antes is None or not (antes.is_active and antes.rol in ROLES_COMERCIALES):
        return
    if not participa_su_area(en_curso.hechos, antes):
        caso.responsable, caso.asignado_por, caso.asignado_en = antes, c.antes_por, c.antes_en
        en_curso.datos_extra["regresa_a"] = referencia(antes)


@paso(REDIRIGIR_CONSTANCIA, RedirigirConstanciaForm)
def redirigir_constancia(en_curso: ActoEnCurso[RedirigirConstanciaForm, Constancia]) -> None:
    """Rule 9: what rests on it names the right person from now on."""
    caso, c, nueva = en_curso.caso, en_curso.fila, en_curso.datos["a_quien"]
    anterior, vigente = c.destinatario, _es_la_orden_vigente(en_curso.hechos, c)
    en_curso.datos_extra["destinatario_anterior"] = referencia(anterior)
    if c.tipo == TipoConstancia.ASIGNACION:
        if vigente:
            caso.asignado_por = nueva
        for otra in en_curso.hechos.constancias:
            if (otra.antes_por_id, otra.antes_en) == (anterior.pk, c.dicho_en):
                en_curso.cambiar(otra, antes_por=nueva)
    if c.opinion and c.opinion.verbal and c.opinion.dada_por_id == anterior.pk:
        en_curso.cambiar(c.opinion, dada_por=nueva)
    # Its own words name who said it.
    texto = str(nueva) + c.texto.removeprefix(str(anterior)) if _se_nombra(c) else c.texto
    en_curso.cambiar(c, destinatario=nueva, texto=texto, reenviada_en=en_curso.ahora)
    en_curso.constancias.append(c)


def _se_nombra(constancia: Constancia) -> bool:
    return constancia.texto.startswith(str(constancia.destinatario))


def _corregir_opinion(
    en_curso: ActoEnCurso[CorregirConstanciaForm, Constancia], opinion: Opinion
) -> None:
    if not opinion.verbal:
        return
    d = en_curso.datos
    en_curso.cambios["sentido"] = [opinion.sentido, d["sentido"]]
    en_curso.textos_extra["fundamento_anterior"] = ("Decía", opinion.fundamento)
    poner_condiciones(en_curso, opinion)
    en_curso.cambiar(
        opinion,
        sentido=d["sentido"],
        fundamento=d["correccion"],
        condiciones=d["condiciones"],
        dada_por=en_curso.usuario,
        dada_en=en_curso.ahora,
        verbal=False,
    )
