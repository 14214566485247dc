"""How a step's form is laid out: the sheet as a table, each area's fields together. No rules here.

``helper_de`` gives crispy the layout. Its pieces are components of ``templates/componentes/``: crispy's
own would look up and fill a template for each field.
"""

from dataclasses import dataclass, replace

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, LayoutObject

from casos.catalogos import Unidad
from casos.expediente.carga import vigentes
from casos.expediente.lo_que_cambia import cambian_otras
from casos.formularios.fallos import ancla_de_grupo, del_grupo
from casos.formularios.renderizador import componente
from casos.formularios.valores import mostrar_valor
from casos.models.cliente import MONEDA

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
        return componente("componentes/campos.html", "en_contra")(form.en_contra, form.caso)


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
        columnas = [
            (clave, nombre)
            for clave, nombre in COLUMNAS.items()
            if clave != form.columna and any(getattr(f, clave) for f in form.filas.values())
        ]
        en_vigor = {}
        if form.hechos and not any(clave == "vigente" for clave, _ in columnas):
            # The column is copied when the analysis is asked for; until then it is the contract's.
            en_vigor = vigentes(form.hechos.caso.contrato)
            if en_vigor:
                columnas.insert(0, ("vigente", COLUMNAS["vigente"]))
        filas = [self._fila(form, concepto, columnas, en_vigor) for concepto in form.conceptos]
        usadas = [f for f in filas if f["usada"]]
        return componente("componentes/hoja.html", "hoja_por_llenar")(
            titulo=self.titulo,
            ancla=ancla_de_grupo(form, self.titulo),
            faltas=del_grupo(form, self.titulo),
            moneda=form.hechos.caso.moneda if form.hechos else MONEDA,
            columnas=[nombre for _, nombre in columnas],
            columna=form.columna.capitalize(),
            filas=usadas or filas,
            otras=[f for f in filas if not f["usada"]] if usadas else [],
            abre_otras=any(not f["usada"] and f["campo"].errors for f in filas),
        )

    @staticmethod
    def _fila(form, concepto, columnas, en_vigor) -> dict:
        fila = form.filas.get(concepto.pk)
        campo = form[f"{form.columna}_{concepto.clave}"]
        valores = []
        for clave, nombre in columnas:
            valor = getattr(fila, clave) if fila else ""
            if clave == "vigente" and not valor:
                valor = en_vigor.get(concepto.pk, "")
            valores.append((nombre, mostrar_valor(concepto, valor)))
        return {
            "concepto": concepto,
            "campo": campo,
            "valores": valores,
            "usada": bool(campo.value()) or any(v for _, v in valores),
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


@dataclass(frozen=True)
class Fila:
    concepto: str
    celdas: list[Celda]


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


def condiciones_de(filas, exp, en_vigor: dict[int, str] | None = None) -> Condiciones | None:
    """Rows of the sheet as they are read; the currency is said once, where there are amounts.

    ``en_vigor``: of the contract, until the sheet has its own column *Vigente*.
    """
    if not filas:
        return None
    en_vigor = en_vigor or {}
    nombres = COLUMNAS | {"acordado": "Acordado"}
    hay = [c for c in nombres if any(getattr(f, c) or (c == "vigente" and en_vigor) for f in filas)]
    cambian, iguales = [], []
    for fila in filas:
        vigente = fila.vigente or en_vigor.get(fila.concepto_id, "")
        celdas = [_celda(fila, c, nombres[c], vigente) for c in hay]
        if any(c.cambia for c in celdas):
            cambian.append(Fila(str(fila.concepto), celdas))
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


def _celda(fila, clave: str, nombre: str, vigente: str) -> Celda:
    valor = vigente if clave == "vigente" else getattr(fila, clave)
    return Celda(
        nombre,
        mostrar_valor(fila.concepto, valor),
        fila.concepto.unidad != Unidad.TEXTO,
        cambia=bool(valor) and clave != "vigente" and valor != vigente,
    )


def helper_de(form) -> FormHelper:
    """The layout of a step's form, from its sections and whatever is left."""
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    partes, dichos = [], set()
    if getattr(form, "en_contra", None):
        partes.append(EnContra())
    for titulo, nombres in form.secciones:
        campos = [c for c in nombres if c in form.fields and c not in dichos]
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
        if campo == "texto_cliente":
            piezas.append(Sugeridos())
        otro = next((b for a, b in PAREJAS if a == campo and b in pendientes), None)
        if otro:
            pendientes.remove(otro)
            piezas.append(Pareja(campo, otro))
        else:
            piezas.append(Campo(campo))
    return piezas
