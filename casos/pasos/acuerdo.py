"""7.7: what was agreed is corrected, or answered for by word of mouth."""

from __future__ import annotations

from typing import Any

from casos import calendario
from casos.actos import ANOTAR_RESPUESTA, CORREGIR_ACORDADO
from casos.catalogos import (
    RESPUESTAS_DE_AJUSTE,
    Estado,
    EstadoAjuste,
    TipoConstancia,
)
from casos.expediente.carga import areas_de
from casos.formularios.base import Datos
from casos.formularios.campos import CampoPasado, ahora_local, con, de_lista, radios, texto
from casos.formularios.partes import ConHojaDePaso
from casos.formularios.vigor import ConVigor
from casos.models import Ajuste, Usuario

from .ajuste import DE_CONTRATO, DE_NOMINA, ConfirmarAjusteForm, lo_ajustado
from .constancias import SIN_RESPUESTA, dejar_constancias, lo_dicho, sustituir_lo_dicho
from .en_curso import ActoEnCurso
from .entregas import entregar_acuerdo, lo_aceptado
from .hoja import escribir_columna, guardar_hoja
from .tabla import paso

YA_SE_AJUSTO = f"dijo={EstadoAjuste.CONFIRMADO}"
DE_LO_AJUSTADO = ("vigor_fecha", *DE_NOMINA, "porque_fecha", *DE_CONTRATO)


class CorregirAcordadoForm(ConVigor, ConHojaDePaso):
    """A figure or the date of the acceptance was written down wrong."""

    columna = "acordado"
    hoja_requerida = True
    titulo_hoja = "Condiciones acordadas"
    secciones = [("Qué se corrige", ["motivo", "vigor_fecha", "es_retroactivo"])]

    motivo = texto("Por qué se corrige", 1000)

    def preparar(self) -> None:
        super().preparar()
        self.proponer("vigor_fecha", self.caso.vigor_fecha)

    def clean(self) -> Datos:
        datos = super().clean()
        self.rechazar_exceso(menos_lo_que_ya_dice=True)
        self.guardar_condiciones()
        dice = {f.concepto: f.acordado for f in self.hechos.condiciones if f.acordado}
        igual = {c: v for c, v in self.hoja.items() if v} == dice
        if not self.errors and igual and datos["vigor_fecha"] == self.caso.vigor_fecha:
            self.faltar_en(self.titulo_hoja, "Corrige al menos una condición, o la fecha.")
        return datos


class AnotarRespuestaForm(ConfirmarAjusteForm):
    """§7.7, said verbally: who gave the answer and when; the area confirms it."""

    field_order = ["dijo", "quien", "dicho_en", *ConfirmarAjusteForm.field_order]

    ofrece_periodos = False
    dijo = radios("Qué contestó", RESPUESTAS_DE_AJUSTE, bitacora="Contestó")
    quien = de_lista("Quién lo dijo", Usuario.objects.none(), bitacora="Lo dijo")
    dicho_en = con(CampoPasado(label="Cuándo lo dijo", initial=ahora_local))

    def preparar(self) -> None:
        super().preparar()
        self.fields["respuesta"].label = "Qué dijo"
        fuera = [self.usuario.pk, self.caso.responsable_id]
        self.ofrecer("quien", Usuario.objects.de_area(self.fila.area).exclude(pk__in=fuera))
        for nombre in DE_LO_AJUSTADO:
            if nombre in self.fields:
                self.fields[nombre].required = False
                self.fields[nombre].widget.attrs["data-muestra-si"] = YA_SE_AJUSTO

    @property
    def se_ajusto(self) -> bool:
        return self.cleaned_data.get("dijo") == EstadoAjuste.CONFIRMADO

    def clean(self) -> Datos:
        if not self.se_ajusto:
            # Of what was not done there are no dates, whatever the page had filled in.
            self.cleaned_data |= {c: None for c in DE_LO_AJUSTADO if c in self.fields}
        datos = super().clean()
        if self.se_ajusto:
            self.exigir_como_siempre("vigor_fecha", *DE_NOMINA)
        # Asked and answered by word of mouth, it may be written down days after it was said.
        presentada = self.hechos.propuestas[0].presentada_en
        self.no_antes("dicho_en", presentada, "se le presentara la propuesta al cliente")
        return datos


@paso(CORREGIR_ACORDADO, CorregirAcordadoForm)
def corregir_acordado(en_curso: ActoEnCurso[CorregirAcordadoForm, None]) -> None:
    """An answer of an area whose rows or date changed waits for it again."""
    caso, d, h = en_curso.caso, en_curso.datos, en_curso.hechos
    antes = {f.concepto_id: f.acordado for f in h.condiciones}
    escribir_columna(en_curso, "acordado", en_curso.form.hoja)
    guardar_hoja(en_curso)
    en_curso.cambio_hoja = True
    cambiadas = {f.concepto_id for f in h.condiciones if f.acordado != antes.get(f.concepto_id, "")}
    nueva_fecha = d["vigor_fecha"] != caso.vigor_fecha
    if nueva_fecha:
        assert caso.vigor_fecha is not None
        en_curso.cambios["vigor_fecha"] = [
            caso.vigor_fecha.isoformat(),
            d["vigor_fecha"].isoformat(),
        ]
        caso.vigor_fecha = d["vigor_fecha"]
    entregar_acuerdo(en_curso, *lo_aceptado(caso))
    tocadas = areas_de(cambiadas)
    for ajuste in h.ajustes_actuales:
        en_curso.ajustes.append(ajuste)
        la_toca = ajuste.area_id in tocadas or (cambiadas and ajuste.area.lee_toda_la_hoja)
        if not nueva_fecha and not la_toca:
            continue
        confirmado = ajuste.estado == EstadoAjuste.CONFIRMADO and not h.deshacimientos(ajuste)
        dicho = ajuste.esta_pendiente and ajuste.respuesta_verbal
        if confirmado or dicho:
            # What it is said to have answered was about what was agreed before.
            sustituir_lo_dicho(en_curso, ajuste)
            _pedir_otra_vez(en_curso, ajuste)
        elif ajuste.esta_pendiente:
            en_curso.cambiar(ajuste)  # a page opened before shows what was agreed before


def _pedir_otra_vez(en_curso: ActoEnCurso[Any, Any], ajuste: Ajuste) -> None:
    """What it had answered stays in the log, and before it to be confirmed anew."""
    if ajuste.respuesta:
        area = ajuste.area.codigo.lower()
        en_curso.textos_extra[f"respuesta_anterior_{area}"] = (
            f"{ajuste.area} había contestado", ajuste.respuesta,
        )  # fmt: skip
    en_curso.cambiar(
        ajuste,
        estado=EstadoAjuste.PENDIENTE,
        respuesta_verbal="",
        vigor_fecha=None,
        respondido_por=None,
        respondido_en=None,
        vence=calendario.fecha_para(Estado.EN_MODIFICACION, en_curso.ahora, ajuste.area),
    )


@paso(ANOTAR_RESPUESTA, AnotarRespuestaForm)
def anotar_respuesta(en_curso: ActoEnCurso[AnotarRespuestaForm, Ajuste]) -> None:
    """§7.7, said verbally: it counts once the area confirms it, or gerencia accepts it (rule 9)."""
    d, ajuste = en_curso.datos, en_curso.fila
    sustituir_lo_dicho(en_curso, ajuste)
    dicho = {"respuesta": d["respuesta"], "respuesta_verbal": d["dijo"]}
    en_curso.cambiar(ajuste, **(SIN_RESPUESTA | lo_ajustado(d) | dicho))
    dejar_constancias(
        en_curso,
        lo_dicho(
            en_curso,
            TipoConstancia.RESPUESTA,
            destinatario=d["quien"],
            dicho_en=d["dicho_en"],
            texto=_en_palabras(ajuste),
            ajuste=ajuste,
        ),
    )


def _en_palabras(ajuste: Ajuste) -> str:
    """What the area is said to have answered, with its dates: it confirms all of it."""
    partes = [f"{EstadoAjuste(ajuste.respuesta_verbal).label}. {ajuste.respuesta}"]
    if ajuste.vigor_fecha:
        partes.append(f"A partir del {ajuste.vigor_fecha:%d/%m/%Y}.")
    if ajuste.periodo_inicio and ajuste.periodo_fin:
        partes.append(
            f"Primer periodo de nómina: del {ajuste.periodo_inicio:%d/%m/%Y} "
            f"al {ajuste.periodo_fin:%d/%m/%Y}."
        )
    if ajuste.convenio_requerido:
        partes.append(
            f"Convenio {ajuste.convenio_referencia}, del {ajuste.convenio_fecha:%d/%m/%Y}."
        )
    elif ajuste.convenio_requerido is False:
        partes.append("No se requiere convenio.")
    return " ".join(partes)
