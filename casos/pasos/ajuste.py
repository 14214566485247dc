"""7.7: the areas adjust contract and service, say that they cannot, or undo; the case is closed."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone

from casos import calendario
from casos.actos import (
    ACEPTAR_COMO_ESTA,
    AGREGAR_AJUSTE,
    CERRAR_MODIFICADO,
    CONFIRMAR_AJUSTE,
    CONFIRMAR_DESHECHO,
    DECLARAR_NO_AJUSTABLE,
    INDICAR_NO_APLICA,
    INDICAR_NO_PUEDE,
    INDICAR_NO_SE_DESHACE,
    PEDIR_DESHACER,
    RETIRAR_DESHACER,
)
from casos.catalogos import Estado, EstadoAjuste, Medio, QueAjusta, SiNo, TipoConstancia
from casos.clientes.contratos import dejar_lo_acordado
from casos.formularios.base import Datos, FormularioPaso
from casos.formularios.campos import (
    CampoFecha,
    CampoFuturo,
    CampoPasado,
    ahora_local,
    con,
    de_lista,
    linea,
    radios,
    texto,
)
from casos.formularios.partes import ConArchivo
from casos.formularios.por_area import ConAjustes
from casos.formularios.quien_lo_pide import ConPersona
from casos.models import Ajuste, Usuario

from .constancias import dejar_constancias, lo_dicho, sustituir_lo_dicho
from .contacto import dejar_contacto, persona_de
from .cuentas_del_cierre import contar_areas
from .decision import NoForm, decir_que_no
from .despues_de_cerrar import preguntar_si_llego
from .en_curso import ActoEnCurso
from .notas import MotivoForm
from .periodo_de_nomina import DE_NOMINA, ConPeriodo
from .tabla import paso

DE_CONTRATO = ("convenio", "convenio_referencia", "convenio_fecha")


class AgregarAjusteForm(ConAjustes):
    """An area more, or again one that cannot, does not apply or was undone."""

    propone_contrato = False

    def areas_de_ajuste(self) -> Any:
        h = self.hechos
        ocupadas = [
            a.area_id
            for a in h.ajustes_actuales
            if a.estado in (EstadoAjuste.PENDIENTE, EstadoAjuste.CONFIRMADO)
            and not h.esta_deshecho(a)
        ]
        return super().areas_de_ajuste().exclude(pk__in=ocupadas)


class ConfirmarAjusteForm(ConPeriodo, ConArchivo):
    """§7.7: what was done and from when; the pay period for Nóminas, the amendment for Jurídico."""

    fila: Ajuste
    field_order = [
        "respuesta", "vigor_fecha", "periodo", *DE_NOMINA, "porque_fecha", *DE_CONTRATO, "archivo"
    ]  # fmt: skip

    respuesta = texto("Qué se ajustó", 4000)
    vigor_fecha = con(CampoFecha(label="En vigor a partir del"), bitacora="A partir del")
    porque_fecha = texto(
        "Por qué en esas fechas",
        500,
        requerido=False,
        filas=2,
        ayuda="Solo si no es la fecha acordada.",
        bitacora="Por qué en esas fechas",
    )
    convenio = radios(
        "Convenio modificatorio",
        [(SiNo.SI, "Sí, se hizo"), (SiNo.NO, "No se requiere")],
        requerido=False,
        sin_marca=True,
    )
    convenio_referencia = linea("Referencia del convenio", requerido=False)
    convenio_fecha = con(CampoFecha(label="Fecha del convenio", required=False))

    def preparar(self) -> None:
        super().preparar()
        a = self.fila
        self.proponer("respuesta", a.respuesta)
        self.proponer("vigor_fecha", a.vigor_fecha or self.caso.vigor_fecha)
        if a.area.que_ajusta == QueAjusta.NOMINA:
            self.fields[
                "porque_fecha"
            ].help_text = (
                "Solo si no es la fecha acordada, o si el periodo ya cerró y se paga retroactivo."
            )
            self.ofrecer_periodo()
        else:
            self.quitar(("periodo", *DE_NOMINA))
        if a.area.que_ajusta == QueAjusta.CONTRATO:
            hecho = {True: SiNo.SI, False: SiNo.NO, None: None}[a.convenio_requerido]
            self.proponer("convenio", hecho)
            for campo in DE_CONTRATO[1:]:
                self.proponer(campo, getattr(a, campo))
            self.fields["respuesta"].required = False
            self.fields["respuesta"].help_text = "Puede quedar vacío si escribes el convenio."
        else:
            self.quitar(DE_CONTRATO)

    def clean(self) -> Datos:
        datos = super().clean()
        self.leer_periodo(datos)
        inicio, fin = datos.get("periodo_inicio"), datos.get("periodo_fin")
        if inicio and fin and fin < inicio:
            self.add_error("periodo_fin", "El periodo termina antes de empezar.")
        self._revisar_fechas(datos.get("vigor_fecha"), inicio, fin)
        if "convenio" in self.fields and self.se_ajusto:
            self._leer_convenio(datos)
        self.exigir_como_siempre("respuesta")
        return datos

    @property
    def se_ajusto(self) -> bool:
        return True

    def exigir_como_siempre(self, *campos: str) -> None:
        for campo in campos:
            if campo in self.fields:
                self.exigir(campo, str(self.fields[campo].error_messages["required"]))

    def _leer_convenio(self, datos: Datos) -> None:
        """Whoever writes which amendment it was has said that there was one, and what was adjusted."""
        escrito = [c for c in DE_CONTRATO[1:] if datos.get(c) or c in self.errors]
        if datos.get("convenio") == SiNo.NO:
            for campo in escrito:
                self.add_error(campo, "Dijiste que no se requiere convenio: bórralo o elige «Sí».")
        elif escrito or datos.get("convenio"):
            datos["convenio"] = SiNo.SI
            self.exigir("convenio_referencia", "Falta la referencia del convenio.")
            self.exigir("convenio_fecha", "Falta la fecha del convenio.")
        else:
            self.exigir_como_siempre("convenio")
        referencia, fecha = (datos.get(c) for c in DE_CONTRATO[1:])
        if not datos.get("respuesta") and referencia and fecha:
            datos["respuesta"] = f"Convenio {referencia}, del {fecha:%d/%m/%Y}."

    def _revisar_fechas(self, vigor: date | None, inicio: date | None, fin: date | None) -> None:
        """Against what was agreed: what is otherwise may be so, and then is told why (§7.7)."""
        acordada = self.caso.vigor_fecha
        if vigor and fin and fin < vigor:
            self.add_error(
                "periodo_fin", "El primer periodo termina antes de que esto entre en vigor."
            )
        if vigor and acordada and vigor != acordada:
            self.exigir(
                "porque_fecha", f"Se acordó a partir del {acordada:%d/%m/%Y}: di por qué no."
            )
        if inicio and fin and (cerro := self.cerro(inicio, fin)):
            self.exigir(
                "porque_fecha",
                f"Ese periodo ya cerró, el {cerro:%d/%m/%Y}: di cómo se paga de forma retroactiva.",
            )


class RespuestaForm(ConArchivo):
    """An answer that only needs to say why or what."""

    field_order = ["respuesta", "archivo"]
    etiquetas = {
        INDICAR_NO_PUEDE: "Por qué no se puede",
        INDICAR_NO_APLICA: "Por qué no aplica",
        CONFIRMAR_DESHECHO: "Qué se deshizo",
        INDICAR_NO_SE_DESHACE: "Por qué no se puede deshacer",
    }

    respuesta = texto("Respuesta", 4000)

    def preparar(self) -> None:
        super().preparar()
        self.fields["respuesta"].label = self.etiquetas[self.acto]


class PedirDeshacerForm(FormularioPaso):
    que = texto("Qué se debe deshacer y por qué")
    para = con(CampoFuturo(label="Para cuándo"))

    def preparar(self) -> None:
        super().preparar()
        if not self.is_bound:
            vence = calendario.vence_para(Estado.EN_MODIFICACION, timezone.now(), self.fila.area)
            self.proponer("para", vence)


class AceptarComoEstaForm(FormularioPaso):
    consecuencia = texto("Qué consecuencia tiene y por qué se acepta")


class CerrarModificadoForm(ConPersona):
    """§7.7: who told the client of the start, when and how."""

    secciones = [
        ("Aviso al cliente", ["informo", "persona", "persona_nombre", "cuando", "medio", "nota"])
    ]

    informo = de_lista(
        "Quién le avisó al cliente del inicio",
        Usuario.objects.comerciales(),
        bitacora="Quién informó",
    )
    cuando = con(CampoPasado(label="Cuándo", initial=ahora_local))
    medio = radios("Medio", Medio.choices)
    nota = texto("Nota de cierre", requerido=False, filas=2)

    def preparar(self) -> None:
        super().preparar()
        self.proponer("informo", self.usuario.pk)

    def clean(self) -> Datos:
        datos = super().clean()
        # The acceptance may be written down days after it was said, and the client told meanwhile.
        presentada = self.hechos.propuestas[0].presentada_en
        self.no_antes("cuando", presentada, "se le presentara la propuesta")
        return datos


def pedir_ajustes(en_curso: ActoEnCurso[Any, Any]) -> None:
    """Create the adjustments of the form under the case's last acceptance (rule 2)."""
    en_curso.ajustes = Ajuste.objects.bulk_create(
        Ajuste(
            caso=en_curso.caso,
            aceptacion=en_curso.caso.aceptacion,
            area=e.area,
            que=e.que,
            vence=e.vence,
            verbal=e.verbal,
            pedido_por=en_curso.usuario,
            pedido_en=en_curso.ahora,
        )
        for e in en_curso.form.encargos
    )
    for ajuste in en_curso.ajustes:
        en_curso.hechos.sumar(ajuste)
    contar_areas(en_curso.caso, [a.area_id for a in en_curso.ajustes])
    dichas = [
        lo_dicho(
            en_curso,
            TipoConstancia.AJUSTE,
            destinatario=encargo.avisado,
            dicho_en=encargo.avisado_en,
            texto=ajuste.que,
            ajuste=ajuste,
        )
        for ajuste, encargo in zip(en_curso.ajustes, en_curso.form.encargos, strict=True)
        if ajuste.verbal
    ]
    dejar_constancias(en_curso, *dichas)


def _responder(en_curso: ActoEnCurso[Any, Ajuste], estado: EstadoAjuste, **mas: Any) -> None:
    sustituir_lo_dicho(en_curso, en_curso.fila)
    if en_curso.fila.respondido_en:
        en_curso.cambios["estado"] = [en_curso.fila.estado, str(estado)]
        if en_curso.fila.respuesta:
            en_curso.textos_extra["respuesta_anterior"] = ("Decía", en_curso.fila.respuesta)
    en_curso.cambiar(
        en_curso.fila,
        estado=estado,
        respuesta=en_curso.datos["respuesta"],
        respuesta_verbal="",
        respondido_por=en_curso.usuario,
        respondido_en=en_curso.ahora,
        **mas,
    )


def lo_ajustado(d: Datos) -> Datos:
    """The fields of an ``Ajuste`` that say what was done and from when."""
    return {
        "vigor_fecha": d.get("vigor_fecha"),
        "periodo_inicio": d.get("periodo_inicio"),
        "periodo_fin": d.get("periodo_fin"),
        "convenio_requerido": {"": None, SiNo.SI: True, SiNo.NO: False}[d.get("convenio") or ""],
        "convenio_referencia": d.get("convenio_referencia") or "",
        "convenio_fecha": d.get("convenio_fecha"),
    }


@paso(CONFIRMAR_AJUSTE, ConfirmarAjusteForm)
def confirmar_ajuste(en_curso: ActoEnCurso[ConfirmarAjusteForm, Ajuste]) -> None:
    """§7.7 "Es responsabilidad de cada área hacer el ajuste necesario"."""
    _responder(en_curso, EstadoAjuste.CONFIRMADO, **lo_ajustado(en_curso.datos))


@paso(INDICAR_NO_PUEDE, RespuestaForm)
def indicar_no_puede(en_curso: ActoEnCurso[RespuestaForm, Ajuste]) -> None:
    _responder(en_curso, EstadoAjuste.NO_PUEDE, **lo_ajustado({}))


@paso(INDICAR_NO_APLICA, RespuestaForm)
def indicar_no_aplica(en_curso: ActoEnCurso[RespuestaForm, Ajuste]) -> None:
    _responder(en_curso, EstadoAjuste.NO_APLICA, **lo_ajustado({}))


@paso(AGREGAR_AJUSTE, AgregarAjusteForm)
def agregar_ajuste(en_curso: ActoEnCurso[AgregarAjusteForm, None]) -> None:
    pedir_ajustes(en_curso)


@paso(PEDIR_DESHACER, PedirDeshacerForm)
def pedir_deshacer(en_curso: ActoEnCurso[PedirDeshacerForm, Ajuste]) -> None:
    """An ``Ajuste`` that points to the confirmed one."""
    ajuste = Ajuste.objects.create(
        caso=en_curso.caso,
        aceptacion=en_curso.caso.aceptacion,
        area=en_curso.fila.area,
        deshace=en_curso.fila,
        que=en_curso.datos["que"],
        vence=en_curso.datos["para"],
        pedido_por=en_curso.usuario,
        pedido_en=en_curso.ahora,
    )
    en_curso.hechos.sumar(ajuste)
    en_curso.ajustes.append(ajuste)


@paso(RETIRAR_DESHACER, MotivoForm)
def retirar_deshacer(en_curso: ActoEnCurso[MotivoForm, Ajuste]) -> None:
    en_curso.cambiar(en_curso.fila, estado=EstadoAjuste.CANCELADO)


@paso(CONFIRMAR_DESHECHO, RespuestaForm)
def confirmar_deshecho(en_curso: ActoEnCurso[RespuestaForm, Ajuste]) -> None:
    _responder(en_curso, EstadoAjuste.DESHECHO)


@paso(INDICAR_NO_SE_DESHACE, RespuestaForm)
def indicar_no_se_deshace(en_curso: ActoEnCurso[RespuestaForm, Ajuste]) -> None:
    _responder(en_curso, EstadoAjuste.NO_PUEDE)


@paso(ACEPTAR_COMO_ESTA, AceptarComoEstaForm)
def aceptar_como_esta(en_curso: ActoEnCurso[AceptarComoEstaForm, Ajuste]) -> None:
    """What is not undone stands, with its consequence, by GER's or DG's word (rule 4)."""
    de_quien = {"respondido_por": en_curso.usuario, "respondido_en": en_curso.ahora}
    dicho = {} if en_curso.fila.respondido_en else de_quien  # the area said nothing in time
    en_curso.cambiar(en_curso.fila, estado=EstadoAjuste.ACEPTADO, **dicho)


@paso(CERRAR_MODIFICADO, CerrarModificadoForm)
def cerrar_modificado(en_curso: ActoEnCurso[CerrarModificadoForm, None]) -> None:
    """§7.7 done: *Acordado* becomes the contract's new dated version (rule 6)."""
    d, caso = en_curso.datos, en_curso.caso
    en_curso.transitar()
    dejar_contacto(
        en_curso,
        cuando=d["cuando"],
        medio=d["medio"],
        persona=persona_de(en_curso),
        resumen="Se le avisó al cliente del inicio de lo acordado.",
        efectivo=True,
    )
    assert caso.contrato is not None and caso.vigor_fecha is not None  # since ``aceptar``
    version = dejar_lo_acordado(
        contrato=caso.contrato,
        desde_fecha=caso.vigor_fecha,
        acordado={f.concepto: f.acordado for f in en_curso.hechos.condiciones if f.acordado},
        caso=caso,
        autor=en_curso.usuario,
    )
    caso.version_contrato = version.numero
    en_curso.datos_extra["version_contrato"] = version.numero
    preguntar_si_llego(en_curso)


@paso(DECLARAR_NO_AJUSTABLE, NoForm)
def declarar_no_ajustable(en_curso: ActoEnCurso[NoForm, None]) -> None:
    """§7.7 → §7.8 "En caso de no poder ajustar el servicio actual"."""
    decir_que_no(en_curso)
