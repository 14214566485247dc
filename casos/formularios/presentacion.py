"""How a step's form is laid out: the sheet as a table, each area's fields together. No rules here.

``helper_de`` gives crispy the layout. Its pieces are components of ``templates/componentes/``: crispy's
own would look up and fill a template for each field.
"""

import json
from dataclasses import dataclass, replace

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, LayoutObject
from django.urls import reverse
from django.utils.http import urlencode

from casos.catalogos import NUMERICAS, Unidad
from casos.expediente.condiciones_de_las_areas import Puesta, rotas_por_concepto
from casos.expediente.lo_que_cambia import SE_CALLA, cambian_otras
from casos.formularios.fallos import ancla_de_grupo, del_grupo
from casos.formularios.piezas_de_condiciones import CondicionesPorPoner, LoPuesto
from casos.formularios.renderizador import componente
from casos.formularios.sobre_lo_vigente import (
    LO_PROPUESTO,
    es_un_cambio,
    explicar,
)
from casos.formularios.valores import mostrar_valor

VER_VIGENTE = "ver_vigente"  # the name of the press that asks what a contract has today
COLUMNAS = {"vigente": "Vigente", "solicitado": "Solicitado", "propuesto": "Propuesto"}
# A field that opens a group: what follows with the same ending belongs to that area.
DE_AREA = ("area_", "ajuste_")
# Short fields that read better side by side on a wide screen.
PAREJAS = (
    ("persona", "persona_nombre"),
    ("periodo_inicio", "periodo_fin"),
    ("convenio_referencia", "convenio_fecha"),
    ("proxima_accion", "proxima_fecha"),
    ("inicio", "minutos"),
    ("aviso_en", "aviso_medio"),
    ("responsable", "ordeno"),
)


class Campo(LayoutObject):
    """One field."""

    def __init__(self, nombre: str):
        self.fields = [nombre]

    def render(self, form, context, template_pack=None, **kwargs):
        return componente("componentes/campos.html", "campo")(form[self.fields[0]])


class Grupo(LayoutObject):
    """Pieces under a title."""

    def __init__(self, titulo: str, *piezas):
        self.titulo, self.fields = titulo, list(piezas)

    def render(self, form, context, template_pack=None, **kwargs):
        dentro = self.get_rendered_fields(form, context, template_pack, **kwargs)
        return componente("componentes/campos.html", "grupo_de_campos")(
            self.titulo,
            dentro,
            ancla=ancla_de_grupo(form, self.titulo),
            faltas=del_grupo(form, self.titulo),
        )


class EnContra(LayoutObject):
    """What an area has against it, in view of who decides, and why it was taken to Dirección."""

    fields: list = []

    def render(self, form, context, template_pack=None, **kwargs):
        return componente("componentes/campos.html", "en_contra")(
            form.en_contra, form.caso, decide=form.va_en_contra
        )


class Plegado(Grupo):
    """Pieces that few people need, folded; open where something in them was typed or is wrong."""

    def render(self, form, context, template_pack=None, **kwargs):
        dentro = self.get_rendered_fields(form, context, template_pack, **kwargs)
        campos = [form[campo.name] for campo in self.get_field_names()]
        abierto = any(campo.errors or campo.value() for campo in campos)
        return componente("componentes/campos.html", "plegado")(self.titulo, dentro, abierto)


class Hoja(LayoutObject):
    """The sheet of conditions, with the column of the step to be filled in."""

    def __init__(self, titulo: str, *campos: str):
        self.titulo, self.fields = titulo, list(campos)

    def render(self, form, context, template_pack=None, **kwargs):
        return componente("componentes/hoja.html", "hoja_por_llenar")(**por_llenar(form))


def por_llenar(form) -> dict:
    """The sheet of a form, as its component draws it: what is in force beside what is asked."""
    columnas = [
        (clave, nombre)
        for clave, nombre in COLUMNAS.items()
        if clave != form.columna
        and (
            any(getattr(f, clave) for f in form.filas.values())
            if clave != "vigente"
            else form.en_vigor
        )
    ]
    filas = [_por_llenar(form, concepto, columnas) for concepto in form.conceptos]
    usadas = [f for f in filas if f["usada"]]
    return {
        "id": f"hoja-{form.acto}",
        "titulo": form.titulo_hoja,
        "ancla": ancla_de_grupo(form, form.titulo_hoja),
        "faltas": del_grupo(form, form.titulo_hoja),
        "moneda": form.moneda,
        "columnas": [nombre for _, nombre in columnas],
        "columna": form.columna.capitalize(),
        "filas": usadas or filas,
        "otras": [f for f in filas if not f["usada"]] if usadas else [],
        "abre_otras": any(not f["usada"] and f["campo"].errors for f in filas),
        "sobre": form.sobre_que if form.en_vigor else "",
        "dice": _lo_que_se_ve(form),
    }


def _lo_que_se_ve(form) -> str:
    """What is said to who does not see the figures come in."""
    contrato = form.contrato_elegido()
    if contrato is None:
        return ""
    return (
        f"Se muestra lo vigente del contrato {contrato.numero}."
        if form.en_vigor
        else (f"El contrato {contrato.numero} no tiene condiciones registradas.")
    )


def _por_llenar(form, concepto, columnas) -> dict:
    fila = form.filas.get(concepto.pk)
    campo = form[form.campo_de(concepto)]
    valores = []
    for clave, nombre in columnas:
        if clave == "vigente":
            valor = form.en_vigor.get(concepto.pk, "")
        else:
            valor = getattr(fila, clave) if fila else ""
        valores.append((nombre, mostrar_valor(concepto, valor)))
    _calcular_al_escribir(campo, concepto)
    return {
        "concepto": concepto,
        "campo": campo,
        "nota": SE_CALLA if form.se_calla(concepto) else "",
        "valores": valores,
        "usada": bool(campo.value()) or any(v for _, v in valores),
        "calculo": _calculo(campo),
        "pregunta": _pregunta(form, concepto, campo),
    }


def _calcular_al_escribir(campo, concepto) -> None:
    """A change is counted by the server as soon as it is typed; without scripts, when it is sent."""
    base = campo.field.base
    if base.valor and campo.field.unidad in NUMERICAS:
        de = {"base": base.valor} | ({"propuesto": "1"} if base.nombre == LO_PROPUESTO else {})
        de |= {"moneda": campo.field.moneda} if campo.field.unidad == Unidad.DINERO else {}
        campo.field.widget.attrs |= {
            "data-hx-get": f"{reverse('calculo', args=[concepto.clave])}?{urlencode(de)}",
            "data-hx-trigger": "change",
            "data-hx-target": f"#{campo.auto_id}_calculo",
            "data-hx-swap": "innerHTML",
            "autocomplete": "off",
        }


def _calculo(campo) -> str | None:
    """What comes of a change that was typed; ``None`` where none can be."""
    base, unidad = campo.field.base, campo.field.unidad
    if not base.valor or unidad not in NUMERICAS:
        return None
    escrito = str(campo.value() or "")
    if not es_un_cambio(unidad, escrito):
        return ""
    return explicar(unidad, escrito, base, campo.field.moneda)


def _pregunta(form, concepto, campo) -> dict | None:
    """Beside a value that contradicts the type of requirement: the box that says that it is so."""
    if concepto.pk not in form.extranan:
        return None
    dicho = form.asi(concepto, form.hoja.get(concepto, ""))
    dichos = form["asi_lo_pide"].value() or []
    return {
        "id": f"{campo.auto_id}_asi",
        "nombre": form.add_prefix("asi_lo_pide"),
        "valor": dicho,
        "marcada": not form.is_bound or dicho in dichos,
        "dice": form.extranan[concepto.pk],
    }


class DelContrato(LayoutObject):
    """The contract, chosen in the form itself, and the press that shows what it has today."""

    fields = ["contrato"]

    def render(self, form, context, template_pack=None, **kwargs):
        caso = form.hechos.caso
        mostrar_al_elegir(form, reverse("paso", args=[caso.folio, form.acto.nombre]))
        return componente("componentes/hoja.html", "contrato_por_elegir")(
            form["contrato"], VER_VIGENTE
        )


def mostrar_al_elegir(form, direccion: str) -> None:
    """With scripts, choosing a contract puts in place the sheet with what it has in force."""
    hoja = f"#hoja-{form.acto}"
    form.fields["contrato"].widget.attrs |= {
        "data-hx-post": direccion,
        "data-hx-trigger": "change",
        "data-hx-vals": json.dumps({VER_VIGENTE: "1"}),
        "data-hx-target": hoja,
        "data-hx-select": hoja,
        "data-hx-swap": "outerHTML",
    }


class PorArea(LayoutObject):
    """An area's box: ticked, its own questions open."""

    def __init__(self, casilla: str, *campos: str):
        self.casilla, self.fields = casilla, [casilla, *campos]

    def render(self, form, context, template_pack=None, **kwargs):
        return componente("componentes/campos.html", "por_area")(
            casilla=form[self.casilla],
            fields=[form[c] for c in self.fields[1:]],
            muestra_si=f"{self.casilla}=on",
        )


class Pareja(LayoutObject):
    def __init__(self, *campos: str):
        self.fields = list(campos)

    def render(self, form, context, template_pack=None, **kwargs):
        return componente("componentes/campos.html", "pareja")([form[c] for c in self.fields])


class Sugeridos(LayoutObject):
    """The texts that the chosen motives suggest, to be read and copied."""

    fields: list = []

    def render(self, form, context, template_pack=None, **kwargs):
        return componente("componentes/campos.html", "sugeridos")(form.sugeridos)


@dataclass(frozen=True)
class Celda:
    """One figure of the sheet as it is read; ``cambia``: it is not what is in force."""

    columna: str
    valor: str
    es_cifra: bool
    cambia: bool
    antes: str = ""  # what was asked first, where something else is asked now


@dataclass(frozen=True)
class Fila:
    concepto: str
    celdas: list[Celda]
    rotas: list[Puesta]  # the areas' conditions that it breaks, which the reader may know


@dataclass(frozen=True)
class Condiciones:
    """The sheet as somebody reads it: the rows that change, and the rest with what is in force.

    ``otras``: some rows that they do not read change too.
    """

    columnas: list[str]
    cambian: list[Fila]
    iguales: list[Celda]
    moneda: str
    otras: bool


def condiciones_de(filas, exp) -> Condiciones | None:
    """Rows of the sheet as they are read; the currency is said once, where there are amounts."""
    if not filas:
        return None
    nombres = COLUMNAS | {"acordado": "Acordado"}
    hay = [c for c in nombres if any(getattr(f, c) for f in filas)]
    cambian, iguales = [], []
    rotas = rotas_por_concepto(exp)
    for fila in filas:
        celdas = [_celda(fila, c, nombres[c]) for c in hay]
        suyas = rotas.get(fila.concepto_id, [])
        if suyas or any(c.cambia for c in celdas):
            cambian.append(Fila(str(fila.concepto), celdas, suyas))
        elif celdas[0].valor:
            iguales.append(replace(celdas[0], columna=str(fila.concepto)))
    hay_importes = any(f.concepto.unidad == Unidad.DINERO for f in filas)
    return Condiciones(
        columnas=[nombres[c] for c in hay],
        cambian=cambian,
        iguales=iguales,
        moneda=exp.caso.moneda if hay_importes else "",
        otras=cambian_otras(exp.hechos.condiciones, filas),
    )


def _celda(fila, clave: str, nombre: str) -> Celda:
    valor = getattr(fila, clave)
    return Celda(
        nombre,
        mostrar_valor(fila.concepto, valor),
        fila.concepto.unidad != Unidad.TEXTO,
        cambia=bool(valor) and clave != "vigente" and valor != fila.vigente,
        antes=mostrar_valor(fila.concepto, fila.antes_pidio) if clave == "solicitado" else "",
    )


def helper_de(form) -> FormHelper:
    """The layout of a step's form, from its sections and whatever is left."""
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    partes, dichos = [], set()
    if getattr(form, "en_contra", None):
        partes.append(EnContra())
    if getattr(form, "lo_puesto", None):
        partes.append(LoPuesto())
    junto = {getattr(campo, "junto_a", ""): [nombre] for nombre, campo in form.fields.items()}
    for titulo, nombres in form.secciones:
        seguidos = (c for nombre in nombres for c in (nombre, *junto.get(nombre, ())))
        campos = [c for c in seguidos if c in form.fields and c not in dichos]
        dichos |= set(campos)
        if not campos:
            continue
        if titulo == getattr(form, "titulo_hoja", None):
            partes.append(Hoja(titulo, *campos))
        elif titulo == getattr(form, "titulo_plegado", None):
            partes.append(Plegado(titulo, *_agrupar(campos)))
        else:
            partes.append(Grupo(titulo, *_agrupar(campos)))
    visibles = [c for c in form.fields if c not in dichos and not form[c].is_hidden]
    ocultos = [c for c in form.fields if c not in dichos and form[c].is_hidden]
    helper.layout = Layout(*partes, *_agrupar(visibles), *map(Campo, ocultos))
    return helper


def _agrupar(campos: list) -> list:
    """Fields of one area together, and the pairs of short ones."""
    piezas, pendientes = [], list(campos)
    while pendientes:
        campo = pendientes.pop(0)
        prefijo = next((p for p in DE_AREA if campo.startswith(p)), None)
        if prefijo:
            codigo = campo.removeprefix(prefijo)
            suyos = [c for c in pendientes if c.endswith(f"_{codigo}")]
            pendientes = [c for c in pendientes if c not in suyos]
            piezas.append(PorArea(campo, *suyos))
            continue
        if campo.startswith("cond_"):
            suyos = [c for c in pendientes if c.startswith("cond_")]
            pendientes = [c for c in pendientes if c not in suyos]
            piezas.append(CondicionesPorPoner(campo, *suyos))
            continue
        if campo == "contrato":
            piezas.append(DelContrato())
            continue
        if campo == "texto_cliente":
            piezas.append(Sugeridos())
        otro = next((b for a, b in PAREJAS if a == campo and b in pendientes), None)
        if otro:
            pendientes.remove(otro)
            piezas.append(Pareja(campo, otro))
        else:
            piezas.append(Campo(campo))
    return piezas
