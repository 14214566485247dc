"""7.3: ask the areas, answer, send back, waive; 7.3 again (*Pedir más análisis*, *Replantear*)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.db.models import QuerySet

from casos import calendario
from casos.actos import (
    ANALIZAR,
    CONSULTAR_AREA,
    DISPENSAR,
    OPINAR,
    OPINAR_VERBAL,
    PEDIR_DATOS,
    PEDIR_MAS_ANALISIS,
    REPLANTEAR,
    RESPONDER_DATOS,
    RETIRAR_CONSULTA,
)
from casos.catalogos import Estado, EstadoOpinion, Sentido, TipoConstancia
from casos.formularios.base import Datos, FormularioPaso
from casos.formularios.campos import (
    CampoPasado,
    VariasDeLaLista,
    ahora_local,
    con,
    de_lista,
    espera_respuesta,
    radios,
    texto,
)
from casos.formularios.condiciones_puestas import ConCondiciones
from casos.formularios.partes import ConArchivo, ConContrato, ConHojaDePaso
from casos.formularios.por_area import ConPreguntas
from casos.models import Area, Contrato, Opinion, TipoRequerimiento, Usuario
from casos.textos import punto

from .candados import poner_condiciones
from .constancias import dejar_constancias, lo_dicho, sustituir_lo_dicho
from .cuentas_del_cierre import contar_areas
from .en_curso import ActoEnCurso
from .hoja import copiar_vigente, escribir_columna, guardar_hoja
from .notas import MotivoForm
from .registro import tipos_activos
from .tabla import paso


class AnalizarForm(ConPreguntas, ConContrato, ConHojaDePaso):
    """§7.3: the contract, the types, what is asked, and each area's question."""

    columna = "solicitado"
    hoja_requerida = True
    secciones = [("Qué se analiza", ["contrato", "tipos", "espera_fecha"])]

    contrato = de_lista(
        "Contrato",
        Contrato.objects.none(),
        vacio="Elige el contrato",
        falta="Falta identificar el contrato.",
        bitacora="",
    )
    tipos = con(
        VariasDeLaLista(
            label="Tipo de requerimiento",
            queryset=TipoRequerimiento.objects.none(),
            widget=forms.CheckboxSelectMultiple,
            error_messages={"required": "Falta el tipo de requerimiento."},
        )
    )
    espera_fecha = espera_respuesta()

    def contratos_posibles(self) -> QuerySet[Contrato]:
        return Contrato.objects.vigentes().filter(cliente=self.caso.cliente_id)

    def preparar(self) -> None:
        if self.hechos.contrato_vigente and self.caso.contrato_id is not None:
            del self.fields["contrato"]
        super().preparar()
        self.proponer("espera_fecha", self.caso.espera_fecha)
        self.ofrecer("tipos", tipos_activos())
        self.proponer("tipos", [t.pk for t in self.hechos.tipos])
        if not self.is_bound:
            # What the catalogue says of each type; who asks still says what, or unticks it.
            suelen = Area.objects.filter(tiporequerimiento__in=self.hechos.tipos)
            for codigo in suelen.values_list("codigo", flat=True).distinct():
                if f"area_{codigo}" in self.fields:
                    self.proponer(f"area_{codigo}", True)

    def clean(self) -> Datos:
        datos = super().clean()
        self.no_antes_del_dia_recibido("espera_fecha", self.caso.recibido_en)
        return datos


class ConsultarAreaForm(ConPreguntas):
    """An area more in the same round; never one that is already asked in it."""

    def areas_posibles(self) -> Any:
        ya = [
            o.area_id
            for o in self.hechos.opiniones
            if o.vuelta == self.caso.vuelta and o.estado != EstadoOpinion.RETIRADA
        ]
        return super().areas_posibles().exclude(pk__in=ya)


class PedirMasAnalisisForm(ConPreguntas):
    secciones = [("Qué falta", ["que_falta"])]

    que_falta = texto("Qué falta por analizar")


class ReplantearForm(ConPreguntas):
    secciones = [("Qué cambió", ["que_cambio"])]

    que_cambio = texto("Qué cambió")


class OpinarForm(ConArchivo, ConCondiciones):
    """§7.3: the area's opinion, with its grounds and what could be offered."""

    fila: Opinion
    field_order = ["sentido", "fundamento", "condiciones", "alternativas", "archivo"]

    sentido = radios("Tu opinión", Sentido.choices, bitacora="Opinión")
    fundamento = texto("Fundamento", 4000)
    condiciones = texto("Condiciones", requerido=False, muestra_si=f"sentido={Sentido.CONDICIONES}")
    alternativas = texto("Alternativas que se le pueden ofrecer", requerido=False)

    def preparar(self) -> None:
        super().preparar()
        self.proponer("sentido", self.fila.sentido or None)
        for campo in ("fundamento", "condiciones", "alternativas"):
            self.proponer(campo, getattr(self.fila, campo))

    def clean(self) -> Datos:
        datos = super().clean()
        if datos.get("sentido") == Sentido.CONDICIONES:
            if not self.condiciones_escritas:
                self.exigir("condiciones", "Faltan las condiciones.")
        else:
            datos["condiciones"] = ""
        return datos


class OpinarVerbalForm(OpinarForm):
    """§7.3, said verbally: who gave it and when; that person gets a *constancia*."""

    field_order = ["quien", "dicho_en", *OpinarForm.field_order]

    sentido = radios("Qué opinó", Sentido.choices, bitacora="Opinión")
    quien = de_lista("Quién la dio", Usuario.objects.none(), bitacora="La dio")
    dicho_en = con(
        CampoPasado(label="Cuándo la dio", initial=ahora_local), bitacora="Cuándo lo dijo"
    )

    def preparar(self) -> None:
        super().preparar()
        # Never RC, who may be of the area: nobody answers what they asked (rule 4).
        self.ofrecer(
            "quien",
            Usuario.objects.de_area(self.fila.area).exclude(
                pk__in=[self.usuario.pk, self.caso.responsable_id]
            ),
        )

    def clean(self) -> Datos:
        datos = super().clean()
        # Asked and answered by word of mouth, it is written down later.
        self.no_antes("dicho_en", self.caso.recibido_en, "se recibiera la solicitud")
        return datos


class PedirDatosForm(FormularioPaso):
    datos_pedidos = texto("Qué datos necesitas para opinar", bitacora="Datos que pidió el área")


class ResponderDatosForm(ConArchivo):
    field_order = ["datos_dados", "archivo"]

    datos_dados = texto("Tu respuesta al área", bitacora="Respuesta al área")


def preguntar(en_curso: ActoEnCurso[Any, Any]) -> None:
    """Open the questions of the form in the case's current round (rule 1)."""
    caso = en_curso.caso
    retiradas = {
        o.area_id: o
        for o in en_curso.hechos.opiniones
        if o.vuelta == caso.vuelta and o.estado == EstadoOpinion.RETIRADA
    }
    nuevas = []
    for area, pregunta, vence in en_curso.form.preguntas:
        opinion = retiradas.get(area.pk)
        if opinion is None:
            opinion = Opinion(caso=caso, area=area, vuelta=caso.vuelta)
            nuevas.append(opinion)
        opinion.pregunta, opinion.vence = pregunta, vence
        opinion.pedida_por, opinion.pedida_en = en_curso.usuario, en_curso.ahora
        opinion.estado = EstadoOpinion.PENDIENTE
        opinion.datos_pedidos = opinion.datos_dados = ""
        if opinion.pk:
            opinion.version += 1
            opinion.save()
        en_curso.opiniones.append(opinion)
    for opinion in Opinion.objects.bulk_create(nuevas):
        en_curso.hechos.sumar(opinion)
    contar_areas(caso, [o.area_id for o in nuevas])
    en_curso.datos_extra["vuelta"] = caso.vuelta


def olvidar_el_no(en_curso: ActoEnCurso[Any, Any]) -> None:
    """The case goes on: the words of its earlier end, and what was agreed, stay in the log only."""
    caso = en_curso.caso
    en_curso.cambio_motivos = caso.motivo_principal_id is not None
    caso.motivos.clear()
    caso.motivo_principal = None
    caso.texto_cliente, caso.llamar_fecha = "", None
    if caso.estado != Estado.EN_MODIFICACION:
        caso.vigor_fecha = None
        for fila in en_curso.hechos.condiciones:
            fila.acordado = ""


@paso(ANALIZAR, AnalizarForm)
def analizar(en_curso: ActoEnCurso[AnalizarForm, None]) -> None:
    """§7.3 "Se revisa el tipo de requerimiento del cliente con el área involucrada"."""
    caso = en_curso.caso
    if "contrato" in en_curso.form.fields:
        caso.contrato = en_curso.datos["contrato"]
    caso.tipos.set(en_curso.datos["tipos"])
    caso.espera_fecha = en_curso.datos["espera_fecha"]
    escribir_columna(en_curso, "solicitado", en_curso.form.hoja)
    copiar_vigente(en_curso)
    guardar_hoja(en_curso)
    en_curso.transitar()
    preguntar(en_curso)


@paso(CONSULTAR_AREA, ConsultarAreaForm)
def consultar_area(en_curso: ActoEnCurso[ConsultarAreaForm, None]) -> None:
    preguntar(en_curso)


@paso(RETIRAR_CONSULTA, MotivoForm)
def retirar_consulta(en_curso: ActoEnCurso[MotivoForm, Opinion]) -> None:
    """An unanswered question put to the wrong area."""
    en_curso.cambiar(en_curso.fila, estado=EstadoOpinion.RETIRADA)


def _dar(
    en_curso: ActoEnCurso[Any, Opinion], *, dada_por: Usuario, dada_en: datetime, verbal: bool
) -> None:
    d, o = en_curso.datos, en_curso.fila
    sustituir_lo_dicho(en_curso, o)
    for campo in ("sentido", "fundamento", "condiciones", "alternativas"):
        viejo = getattr(o, campo)
        if o.estado == EstadoOpinion.DADA and viejo != d[campo]:
            if campo == "sentido":
                en_curso.cambios[campo] = [viejo, d[campo]]
            elif viejo:
                en_curso.textos_extra[f"{campo}_anterior"] = ("Decía", viejo)
    poner_condiciones(en_curso, o)
    en_curso.cambiar(
        o,
        estado=EstadoOpinion.DADA,
        sentido=d["sentido"],
        fundamento=d["fundamento"],
        condiciones=d["condiciones"],
        alternativas=d["alternativas"],
        dada_por=dada_por,
        dada_en=dada_en,
        verbal=verbal,
    )


@paso(OPINAR, OpinarForm)
def opinar(en_curso: ActoEnCurso[OpinarForm, Opinion]) -> None:
    """§7.3: the area answers; its manager may correct it while the case is in analysis."""
    _dar(en_curso, dada_por=en_curso.usuario, dada_en=en_curso.ahora, verbal=False)


def _lo_que_opino(opinion: Opinion, escritas: list[str]) -> str:
    """Its conditions too: whoever confirms it answers for the whole."""
    dicho = f"{opinion.get_sentido_display()}. {opinion.fundamento}"
    condiciones = ". ".join(filter(None, [opinion.condiciones.rstrip("."), *escritas]))
    return f"{dicho} Condiciones: {punto(condiciones)}" if condiciones else dicho


@paso(OPINAR_VERBAL, OpinarVerbalForm)
def opinar_verbal(en_curso: ActoEnCurso[OpinarVerbalForm, Opinion]) -> None:
    """§7.3, said verbally: written down by RC, to be confirmed by who gave it."""
    d = en_curso.datos
    _dar(en_curso, dada_por=d["quien"], dada_en=d["dicho_en"], verbal=True)
    dejar_constancias(
        en_curso,
        lo_dicho(
            en_curso,
            TipoConstancia.OPINION,
            destinatario=d["quien"],
            dicho_en=d["dicho_en"],
            texto=_lo_que_opino(
                en_curso.fila,
                [c.dicha(en_curso.caso.moneda) for c in en_curso.form.condiciones_escritas],
            ),
            opinion=en_curso.fila,
        ),
    )


@paso(PEDIR_DATOS, PedirDatosForm)
def pedir_datos(en_curso: ActoEnCurso[PedirDatosForm, Opinion]) -> None:
    """The area sends its question back: ball and clock pass to RC until answered."""
    en_curso.cambiar(
        en_curso.fila,
        estado=EstadoOpinion.DEVUELTA,
        datos_pedidos=en_curso.datos["datos_pedidos"],
        vence=calendario.fecha_para(Estado.EN_CONTACTO, en_curso.ahora),
    )


@paso(RESPONDER_DATOS, ResponderDatosForm)
def responder_datos(en_curso: ActoEnCurso[ResponderDatosForm, Opinion]) -> None:
    """The clock of the area starts anew."""
    en_curso.cambiar(
        en_curso.fila,
        estado=EstadoOpinion.PENDIENTE,
        datos_dados=en_curso.datos["datos_dados"],
        vence=calendario.fecha_para(Estado.EN_ANALISIS, en_curso.ahora, en_curso.fila.area),
    )


@paso(DISPENSAR, MotivoForm)
def dispensar(en_curso: ActoEnCurso[MotivoForm, Opinion]) -> None:
    """GER or DG goes on without an overdue opinion (rule 4 bars who asked)."""
    en_curso.cambiar(
        en_curso.fila, estado=EstadoOpinion.DISPENSADA, motivo_dispensa=en_curso.datos["motivo"]
    )


@paso(PEDIR_MAS_ANALISIS, PedirMasAnalisisForm)
def pedir_mas_analisis(en_curso: ActoEnCurso[PedirMasAnalisisForm, None]) -> None:
    en_curso.transitar()
    preguntar(en_curso)


@paso(REPLANTEAR, ReplantearForm)
def replantear(en_curso: ActoEnCurso[ReplantearForm, None]) -> None:
    en_curso.transitar()
    olvidar_el_no(en_curso)
    copiar_vigente(en_curso)
    guardar_hoja(en_curso)
    preguntar(en_curso)
