"""7.4: is the solution viable? And our "no", which 7.7 says too."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django import forms

from casos.actos import DECLARAR_NO_VIABLE, DECLARAR_VIABLE
from casos.catalogos import Catalogo, PodriaCambiar, SiNo
from casos.formularios.base import FormularioPaso
from casos.formularios.campos import VariasDeLaLista, con, de_lista, radios, texto
from casos.formularios.partes import ConHojaDePaso, ConPlan
from casos.models import Area, Condicion, Motivo
from casos.permisos.lectura import Lee

from .contacto import planear
from .en_curso import ActoEnCurso
from .hoja import escribir_columna, fijar_viable, guardar_hoja
from .tabla import paso


class DeclararViableForm(ConPlan, ConHojaDePaso):
    """§7.4 sí: the alternative chosen and why."""

    columna = "propuesto"
    titulo_hoja = "Condiciones que se pueden ofrecer"
    plan_requerido = False
    secciones = [("Decisión", ["alternativa", "fundamento"])]

    alternativa = texto("Alternativa elegida", 4000, lee=Lee.QUIEN_LEE_LA_HOJA)
    fundamento = texto("Por qué es viable", 4000, lee=Lee.QUIEN_LEE_LA_HOJA)

    def valor_inicial(self, fila: Condicion) -> str:
        return fila.propuesto or fila.solicitado or fila.vigente


class CasillasConTexto(forms.CheckboxSelectMultiple):
    """Boxes that carry the text each one suggests for another field."""

    def __init__(self, *, para: str):
        super().__init__()
        self.para = para
        self.textos: dict[int, str] = {}

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        opcion = super().create_option(name, value, *args, **kwargs)
        if sugerido := self.textos.get(value):
            opcion["attrs"] |= {"data-sugiere": self.para, "data-texto": sugerido}
        return opcion


class NoForm(FormularioPaso):
    """Our "no" (7.4, 7.7): motives, the area, and what the client will be told."""

    secciones = [
        ("Por qué no", ["motivos", "area", "detalle", "podria_cambiar"]),
        ("Qué se le dirá al cliente", ["texto_cliente", "por_atencion"]),
    ]

    motivos = con(
        VariasDeLaLista(
            label="Motivos nuestros",
            queryset=Motivo.objects.filter(catalogo=Catalogo.NUESTRO, activo=True),
            widget=CasillasConTexto(para="texto_cliente"),
            error_messages={"required": "Falta al menos un motivo nuestro."},
        ),
        bitacora="Motivos",
    )
    area = de_lista(
        "Área de la que viene el motivo",
        Area.objects.filter(activa=True),
        vacio="Elige el área",
        bitacora="Área",
    )
    detalle = texto(
        "Detalle interno", 4000, ayuda="No lo verá el cliente.", lee=Lee.QUIEN_LEE_LA_HOJA
    )
    podria_cambiar = radios(
        "¿Podría cambiar más adelante?", PodriaCambiar.choices, bitacora="Podría cambiar"
    )
    texto_cliente = texto(
        "Texto para el cliente", 4000, ayuda="Sin razones internas: es lo que se le explicará."
    )
    por_atencion = radios(
        "¿Quién le informa?",
        [(SiNo.NO, "Yo directamente"), (SiNo.SI, "Por medio de Atención a Clientes")],
        inicial=SiNo.NO,
        bitacora="Quién informa",
        palabras={SiNo.SI: "Atención a Clientes", SiNo.NO: "El responsable, directamente"},
    )

    @property
    def _motivos(self) -> forms.ModelMultipleChoiceField:
        campo = self.fields["motivos"]
        assert isinstance(campo, forms.ModelMultipleChoiceField)
        return campo

    @cached_property
    def nuestros(self) -> list[Motivo]:
        filas = self._motivos.queryset
        assert filas is not None
        return list(filas)

    @property
    def sugeridos(self) -> list[Motivo]:
        """Motives with the text that the panel suggests for the client."""
        return [m for m in self.nuestros if m.texto_cliente]

    def preparar(self) -> None:
        super().preparar()
        self._motivos.choices = self._opciones

    def _opciones(self) -> list[tuple[int, str]]:
        """Read when they are drawn: a step done asks nothing."""
        self._motivos.widget.textos = {m.pk: m.texto_cliente for m in self.sugeridos}
        return [(m.pk, m.nombre) for m in self.nuestros]


@paso(DECLARAR_VIABLE, DeclararViableForm)
def declarar_viable(en_curso: ActoEnCurso[DeclararViableForm, None]) -> None:
    """§7.4 "En caso de SI, se presenta propuesta o cotización"."""
    escribir_columna(en_curso, "propuesto", en_curso.form.hoja)
    en_curso.transitar()
    fijar_viable(en_curso)
    guardar_hoja(en_curso)
    en_curso.caso.alternativa = en_curso.datos["alternativa"]
    planear(en_curso)


def decir_que_no(en_curso: ActoEnCurso[NoForm, None]) -> None:
    """Our "no": its motives and what the client will be told (7.4, 7.7)."""
    en_curso.transitar(por_atencion=en_curso.datos["por_atencion"] == SiNo.SI)
    en_curso.caso.texto_cliente = en_curso.datos["texto_cliente"]
    en_curso.caso.motivos.set(en_curso.datos["motivos"])
    en_curso.caso.motivo_principal = en_curso.datos["motivos"][0]


@paso(DECLARAR_NO_VIABLE, NoForm)
def declarar_no_viable(en_curso: ActoEnCurso[NoForm, None]) -> None:
    """§7.4 "En caso de NO, informar a cliente de motivo directamente o a través de AC"."""
    decir_que_no(en_curso)
