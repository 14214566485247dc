"""7.8 and the other ends: inform, withdraw, annul, reopen."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from casos.actos import ANULAR, INFORMAR, REABRIR, RETIRAR
from casos.catalogos import (
    MEDIOS_ESCRITOS,
    ROLES_COMERCIALES,
    Direccion,
    Estado,
    Medio,
    MotivoAnulacion,
    SiNo,
)
from casos.expediente.kit import Kit, kit_de_sus_motivos
from casos.formularios.base import Datos, FormularioPaso
from casos.formularios.campos import (
    CampoPasado,
    ahora_local,
    con,
    de_lista,
    linea,
    radios,
    texto,
)
from casos.formularios.partes import ConDestinoDelContrato, ConPlan
from casos.formularios.por_area import ConAjustes, ConPreguntas
from casos.formularios.quien_lo_pide import ConPersona
from casos.models import Caso, Usuario
from casos.permisos.lectura import Lee

from .ajuste import pedir_ajustes
from .analisis import olvidar_el_no, preguntar
from .contacto import dejar_contacto, persona_de, planear
from .despues_de_cerrar import decir_que_llego_distinto, dejar_de_preguntar
from .en_curso import ActoEnCurso
from .hoja import copiar_vigente, guardar_hoja
from .respuesta import destino_del_contrato
from .situacion import referencia
from .tabla import paso

SE_LE_INFORMO, NO_SE_LOCALIZO = f"localizado={SiNo.SI}", f"localizado={SiNo.NO}"


class InformarForm(ConPersona, ConDestinoDelContrato):
    """§7.8: "el responsable asignado se comunica con el cliente para explicarle el caso"."""

    persona_requerida = False
    secciones = [
        ("Qué pasó", ["localizado"]),
        ("La explicación", ["informo", "persona", "persona_nombre", "cuando", "medio",
                            "que_se_dijo", "reaccion"]),
        ("Aviso por escrito", ["aviso_en", "aviso_medio"]),
        ("Qué sigue", ["contrato_tras_no", "contrato_termina_fecha"]),
    ]  # fmt: skip

    localizado = radios(
        "¿Se le informó?",
        [(SiNo.SI, "Sí, se habló con el cliente"), (SiNo.NO, "No se localizó al cliente")],
        inicial=SiNo.SI,
        bitacora="Se le informó",
        palabras={SiNo.SI: "Sí", SiNo.NO: "No se le localizó"},
    )
    informo = de_lista("Quién le informó", Usuario.objects.comerciales(), bitacora="Quién informó")
    cuando = con(
        CampoPasado(label="Cuándo", required=False, initial=ahora_local), muestra_si=SE_LE_INFORMO
    )
    medio = radios("Medio", Medio.choices, requerido=False, muestra_si=SE_LE_INFORMO)
    que_se_dijo = texto("Qué se le dijo", 4000, requerido=False, muestra_si=SE_LE_INFORMO)
    reaccion = texto("Cómo lo tomó", requerido=False, muestra_si=SE_LE_INFORMO)
    aviso_en = con(
        CampoPasado(label="Cuándo se envió el aviso", required=False),
        muestra_si=NO_SE_LOCALIZO,
        bitacora="Aviso enviado",
    )
    aviso_medio = radios(
        "Por qué medio se envió",
        [(m.value, m.label) for m in MEDIOS_ESCRITOS],
        requerido=False,
        muestra_si=NO_SE_LOCALIZO,
        bitacora="Medio del aviso",
    )

    @cached_property
    def kit(self) -> Kit | None:
        return kit_de_sus_motivos(self.caso)

    def preparar(self) -> None:
        super().preparar()
        for nombre in ("persona", "persona_nombre"):
            self.fields[nombre].widget.attrs["data-muestra-si"] = SE_LE_INFORMO
        self.proponer("informo", self.usuario.pk)
        self.proponer("que_se_dijo", self.caso.texto_cliente)

    def clean(self) -> Datos:
        datos = super().clean()
        if datos.get("localizado") == SiNo.NO:
            self.exigir("aviso_en", "Falta cuándo se envió el aviso por escrito.")
            self.exigir("aviso_medio", "Falta por qué medio se envió el aviso.")
            if not self.hechos.tres_intentos_desde_decision:
                self.add_error(
                    None,
                    "Se necesitan al menos 3 intentos, en días distintos y por 2 medios o más, "
                    f"desde que se decidió. Van {self.hechos.intentos.dicho}. "
                    "Regístralos con «Registrar contacto».",
                )
            datos |= {
                "persona": None,
                "persona_nombre": "",
                "cuando": None,
                "medio": "",
                "que_se_dijo": "",
                "reaccion": "",
            }
        elif datos.get("localizado") == SiNo.SI:
            if not datos.get("persona_nombre"):
                self.exigir("persona", "Falta decir con quién.")
            self.exigir("cuando", "Falta cuándo se le informó.")
            self.exigir("medio", "Falta el medio.")
            self.exigir("que_se_dijo", "Falta qué se le dijo.")
            self.exigir("reaccion", "Falta cómo lo tomó.")
            datos |= {"aviso_en": None, "aviso_medio": ""}
        decidido = self.caso.decidido_en
        assert decidido is not None  # it is what led here
        for campo in ("cuando", "aviso_en"):
            self.no_antes_del_dia(campo, decidido, "se decidió")
        return datos


class RetirarForm(ConPersona):
    secciones = [("El retiro", ["persona", "persona_nombre", "cuando", "motivo"])]

    cuando = con(CampoPasado(label="Cuándo lo pidió", initial=ahora_local), bitacora="Cuándo")
    motivo = texto("Por qué retira su solicitud")

    def clean(self) -> Datos:
        datos = super().clean()
        self.no_antes("cuando", self.caso.recibido_en, "se recibiera la solicitud")
        return datos


class AnularForm(FormularioPaso):
    anulacion = radios("Por qué se anula", MotivoAnulacion.choices, bitacora="Motivo")
    folio = linea(
        "Folio del caso original",
        16,
        requerido=False,
        muestra_si=f"anulacion={MotivoAnulacion.DUPLICADO}",
        lee=Lee.QUIEN_VE_EL_OTRO_CASO,
    )
    enviado_a = linea(
        "A quién se le turnó",
        120,
        requerido=False,
        muestra_si=f"anulacion={MotivoAnulacion.OTRO_TRAMITE}",
    )
    detalle = texto("Explica qué pasó", 1000, bitacora="Qué pasó")

    original: Caso | None

    def clean(self) -> Datos:
        datos = super().clean()
        motivo = datos.get("anulacion")
        self.original = None
        if motivo == MotivoAnulacion.DUPLICADO:
            self.exigir("folio", "Falta el folio del caso original.")
            if folio := datos.get("folio"):
                self.original = self._el_original(folio)
        else:
            datos["folio"] = ""
        if motivo == MotivoAnulacion.OTRO_TRAMITE:
            self.exigir("enviado_a", "Falta a quién se le turnó.")
        else:
            datos["enviado_a"] = ""
        return datos

    def _el_original(self, folio: str) -> Caso | None:
        otros = Caso.objects.visibles_para(self.usuario).exclude(pk=self.caso.pk)
        original = otros.filter(folio=folio.strip().upper()).first()
        if original is None:
            self.add_error("folio", "No existe otro caso con ese folio.")
        return original


class ReabrirForm(ConPlan, ConPreguntas, ConAjustes):
    """The reason, and what the state it lands in asks for."""

    secciones = [("Por qué se reabre", ["motivo"])]

    motivo = texto("Motivo", 1000)

    def preparar(self) -> None:
        # Only a closed case has a destination; of any other the page tells only the labels.
        cerrado = self.caso.estado == Estado.CERRADO
        destino = self.caso.destino_al_reabrir if cerrado else Estado.EN_CONTACTO
        self.areas_requeridas = destino == Estado.EN_ANALISIS
        self.ajustes_requeridos = self.propone_contrato = destino == Estado.EN_MODIFICACION
        super().preparar()
        if self.caso.reapertura_pedida_en:
            self.proponer("motivo", self.caso.reapertura_motivo[:1000])
            decir_que_llego_distinto(self)

    def areas_posibles(self) -> Any:
        areas = super().areas_posibles()
        return areas if self.areas_requeridas else areas.none()

    def areas_de_ajuste(self) -> Any:
        areas = super().areas_de_ajuste()
        return areas if self.ajustes_requeridos else areas.none()


@paso(INFORMAR, InformarForm)
def informar(en_curso: ActoEnCurso[InformarForm, None]) -> None:
    """§7.8 "se comunica con el cliente para explicarle el caso"."""
    d = en_curso.datos
    en_curso.transitar()
    if d["localizado"] == SiNo.SI:
        dejar_contacto(
            en_curso,
            cuando=d["cuando"],
            medio=d["medio"],
            direccion=Direccion.SALIENTE,
            persona=persona_de(en_curso),
            resumen=d["que_se_dijo"],
            efectivo=True,
        )
    destino_del_contrato(en_curso)


@paso(RETIRAR, RetirarForm)
def retirar(en_curso: ActoEnCurso[RetirarForm, None]) -> None:
    en_curso.transitar()
    en_curso.caso.contestado_en = en_curso.datos["cuando"]
    persona_de(en_curso)


@paso(ANULAR, AnularForm)
def anular(en_curso: ActoEnCurso[AnularForm, None]) -> None:
    """Registered by mistake: it is kept, but does not count."""
    en_curso.transitar()
    en_curso.caso.anulacion = en_curso.datos["anulacion"]
    en_curso.caso.duplicado_de = en_curso.form.original
    if en_curso.form.original:
        en_curso.datos_extra["duplicado_de"] = en_curso.form.original.folio


@paso(REABRIR, ReabrirForm)
def reabrir(en_curso: ActoEnCurso[ReabrirForm, None]) -> None:
    """The first closing stays in the log and in the figures."""
    caso = en_curso.caso
    en_curso.datos_extra["resultado_anterior"] = caso.resultado
    en_curso.transitar()
    olvidar_el_no(en_curso)
    dejar_de_preguntar(en_curso)
    responsable = caso.responsable
    if responsable and not (responsable.is_active and responsable.rol in ROLES_COMERCIALES):
        # Who left meanwhile cannot take it up: gerencia assigns it anew.
        en_curso.datos_extra["ya_no_lo_lleva"] = referencia(responsable)
        caso.responsable = caso.asignado_por = caso.asignado_en = None
    caso.contrato_tras_no, caso.contrato_termina_fecha = "", None
    if en_curso.form.preguntas:
        copiar_vigente(en_curso)
        preguntar(en_curso)
    guardar_hoja(en_curso)
    if en_curso.form.encargos:
        pedir_ajustes(en_curso)
    planear(en_curso)
