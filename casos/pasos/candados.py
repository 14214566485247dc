"""The areas' conditions (§7.3 to §7.7): laid down, ticked, asked to be passed, passed by Dirección."""

from __future__ import annotations

from typing import Any

from django import forms

from casos.actos import (
    CUMPLIR_CONDICION,
    MANTENER_CONDICION,
    PASAR_CONDICION,
    PEDIR_SIN_CONDICION,
)
from casos.expediente.condiciones_de_las_areas import como_van, en_pie, reemplazados
from casos.formularios.base import Datos, FormularioPaso
from casos.formularios.campos import con, texto
from casos.formularios.condiciones_puestas import Escrita
from casos.formularios.partes import ConArchivo
from casos.formularios.valores import campo_de_valor, mostrar_valor
from casos.models import Candado, Opinion

from .en_curso import ActoEnCurso
from .situacion import referencia
from .tabla import paso


class CumplirCondicionForm(ConArchivo):
    """Of one in words: by what it is known to be met."""

    field_order = ["sustento", "archivo"]

    sustento = texto("Cómo consta que se cumplió", 1000)


class PedirSinCondicionForm(FormularioPaso):
    porque = texto("Por qué conviene seguir sin ella", bitacora="Por qué conviene")


class PasarCondicionForm(FormularioPaso):
    """Dirección's own act; of a bound it may say how far."""

    fila: Candado
    field_order = ["motivo", "hasta"]

    motivo = texto("Por qué se autoriza", 1000)
    hasta = con(forms.CharField(label="Hasta qué valor", required=False))

    def preparar(self) -> None:
        super().preparar()
        concepto = self.fila.concepto
        if concepto is None:
            del self.fields["hasta"]
            return
        self.fields["hasta"] = con(
            campo_de_valor(
                concepto,
                moneda=self.caso.moneda,
                required=False,
                label=f"{concepto}: hasta qué valor",
            ),
            bitacora="Se autoriza hasta",
        )
        self.fields["hasta"].help_text = "Vacío: sin límite."
        valor = next((p.valor for p in como_van(self.hechos) if p.candado == self.fila), "")
        if valor:
            dicho = mostrar_valor(concepto, valor, self.caso.moneda)
            self.fields["hasta"].help_text += f" Hoy la hoja dice {dicho}."

    def clean(self) -> Datos:
        datos = super().clean()
        cota, hasta = self.fila.cota, datos.get("hasta")
        if cota and hasta and cota.se_cumple(hasta):
            self.add_error("hasta", "Ese valor ya cumple la condición: no hace falta autorizarlo.")
        return datos


class MantenerCondicionForm(FormularioPaso):
    motivo = texto("Por qué no se autoriza", 1000)


def poner_condiciones(en_curso: ActoEnCurso[Any, Any], opinion: Opinion) -> None:
    """What the area lays down with its opinion; what it had said the same stays as it stood.

    Only what changed is taken off, so a word corrected elsewhere undoes neither a tick nor a pass.
    """
    h, escritas = en_curso.hechos, list(en_curso.form.condiciones_escritas)
    for candado in [c for c in en_pie(h) if c.opinion_id == opinion.pk]:
        igual = next((e for e in escritas if _es_la_misma(e, candado)), None)
        if igual is None:
            en_curso.cambiar(candado, quitado_en=en_curso.ahora)
        else:
            escritas.remove(igual)
    nuevas = Candado.objects.bulk_create(
        Candado(
            caso=en_curso.caso,
            opinion=opinion,
            concepto=e.concepto,
            comparacion=e.comparacion,
            valor=e.valor,
            texto=e.texto,
            antes_de_presentar=e.antes,
        )
        for e in escritas
    )
    h.candados.extend(nuevas)
    for n, e in enumerate(en_curso.form.condiciones_escritas, 1):
        en_curso.textos_extra[f"condicion_{n}"] = (
            f"Condición {n}",
            e.dicha(en_curso.caso.moneda) + (" (antes de presentar)" if e.antes else ""),
        )


def _es_la_misma(e: Escrita, c: Candado) -> bool:
    return (e.concepto, e.comparacion, e.valor, e.texto, e.antes) == (
        c.concepto,
        c.comparacion,
        c.valor,
        c.texto,
        c.antes_de_presentar,
    )


def quitar_las_de_antes(en_curso: ActoEnCurso[Any, Any]) -> None:
    """What the area's standing opinion replaced no longer binds (rule 11)."""
    for candado in reemplazados(en_curso.hechos):
        en_curso.cambiar(candado, quitado_en=en_curso.ahora)


@paso(CUMPLIR_CONDICION, CumplirCondicionForm)
def cumplir_condicion(en_curso: ActoEnCurso[CumplirCondicionForm, Candado]) -> None:
    """Who says so, when, and by what."""
    _decir_cual(en_curso)
    en_curso.cambiar(
        en_curso.fila,
        cumplida_por=en_curso.usuario,
        cumplida_en=en_curso.ahora,
        sustento=en_curso.datos["sustento"],
        pedida_por=None,
        pedida_en=None,
    )


@paso(PEDIR_SIN_CONDICION, PedirSinCondicionForm)
def pedir_sin_condicion(en_curso: ActoEnCurso[PedirSinCondicionForm, Candado]) -> None:
    """As ``elevar``: RC says why it should be done all the same, Dirección decides."""
    _decir_cual(en_curso)
    en_curso.cambiar(
        en_curso.fila,
        pedida_por=en_curso.usuario,
        pedida_en=en_curso.ahora,
        porque=en_curso.datos["porque"],
    )


@paso(PASAR_CONDICION, PasarCondicionForm)
def pasar_condicion(en_curso: ActoEnCurso[PasarCondicionForm, Candado]) -> None:
    """It binds no longer, or only from a value on; the area is told by whom and why."""
    _decir_cual(en_curso)
    en_curso.cambiar(
        en_curso.fila,
        pasada_por=en_curso.usuario,
        pasada_en=en_curso.ahora,
        motivo=en_curso.datos["motivo"],
        autorizado=en_curso.datos.get("hasta") or "",
        pedida_por=None,
        pedida_en=None,
    )


@paso(MANTENER_CONDICION, MantenerCondicionForm)
def mantener_condicion(en_curso: ActoEnCurso[MantenerCondicionForm, Candado]) -> None:
    """Dirección does not let it be passed: the decision is RC's again."""
    _decir_cual(en_curso)
    en_curso.cambiar(en_curso.fila, pedida_por=None, pedida_en=None)


def _decir_cual(en_curso: ActoEnCurso[Any, Candado]) -> None:
    """The timeline says which, also once it is replaced."""
    c = en_curso.fila
    en_curso.datos_extra["de_opinion"] = referencia(c.opinion)
    en_curso.textos_extra["condicion"] = (f"Condición de {c.area}", c.dicho(en_curso.caso.moneda))
