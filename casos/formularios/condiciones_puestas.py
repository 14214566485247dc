"""The areas' conditions in forms: laid down with an opinion (7.3), and kept to where the sheet is fixed.

Rows with fixed names, not formsets: no management form to forge, and one more comes by a press that
sends nothing. A part adds fields and their ``clean``; it never writes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms

from casos import calendario
from casos.actos import CUMPLIR_CONDICION, PASAR_CONDICION, PEDIR_SIN_CONDICION
from casos.catalogos import Sentido, Unidad
from casos.cotas import SOLO_EXACTO, Comparacion, Cota
from casos.expediente.condiciones_de_las_areas import (
    NO_HAY_VALOR,
    YA_PASO,
    Puesta,
    como_van,
    en_pie,
    que_lee,
    revisar,
    rotas,
    ya_paso,
)
from casos.models import Candado, Concepto, Opinion
from casos.models.candado import LARGO
from casos.textos import en_un_renglon

from .base import Datos, FormularioPaso
from .campos import con, linea, marca
from .valores import canonico

OTRA_CONDICION = "otra_condicion"  # the name of the press that asks for one more row
LIBRE = "LIBRE"
MAXIMO = 8
CON_CONDICIONES = f"sentido={Sentido.CONDICIONES}"


@dataclass(frozen=True)
class Escrita:
    """A condition as it was typed: a bound of a concept, or a short text."""

    concepto: Concepto | None
    comparacion: str
    valor: str
    texto: str
    antes: bool

    @property
    def cota(self) -> Cota | None:
        if self.concepto is None:
            return None
        return Cota(self.concepto.nombre, self.concepto.unidad, self.comparacion, self.valor)

    def dicha(self, moneda: str = "") -> str:
        return self.cota.dicha(moneda) if self.cota else self.texto


class ConCondiciones(FormularioPaso):
    """The conditions of an opinion, a few rows; each is of a concept, or in words."""

    condiciones_escritas: list[Escrita]

    @property
    def opinion_dada(self) -> Opinion | None:
        return self.fila

    @cached_property
    def _conceptos(self) -> dict[str, Concepto]:
        return {c.clave: c for c in Concepto.activos()}

    def _sobre_que(self) -> list[tuple[str, str]]:
        """Read when it is drawn or judged."""
        de_la_hoja = [(clave, c.nombre) for clave, c in self._conceptos.items()]
        return [("", "Ninguna"), *de_la_hoja, (LIBRE, "Otra, en palabras")]

    def preparar(self) -> None:
        super().preparar()
        self.condiciones_escritas = []
        if self.opinion_dada is None:
            return
        puestas = [c for c in en_pie(self.hechos) if c.opinion_id == self.opinion_dada.pk]
        for n in range(1, self._cuantas(len(puestas)) + 1):
            self.fields |= self._fila(n)
        for n, candado in enumerate(puestas[:MAXIMO], 1):
            if f"cond_{n}_sobre" in self.fields:
                self.proponer(
                    f"cond_{n}_sobre", candado.concepto.clave if candado.concepto else LIBRE
                )
                self.proponer(f"cond_{n}_como", candado.comparacion)
                self.proponer(f"cond_{n}_valor", candado.valor or candado.texto)
                self.proponer(f"cond_{n}_antes", candado.antes_de_presentar)
        propios = [c for c in self.fields if c.startswith("cond_")]
        antes, hay, despues = self._en_orden().partition("condiciones")
        orden = [*antes.split(), hay, *propios, *despues.split()]
        self.order_fields([c for c in orden if c])

    def _en_orden(self) -> str:
        return " ".join(n for n in self.field_order or () if n)

    def _cuantas(self, puestas: int) -> int:
        """As many as came; of a fresh page, one more than there are."""
        vino = self.data if self.is_bound else self.initial
        numeros = [n for n in range(1, MAXIMO + 1) if f"cond_{n}_sobre" in vino]
        cuantas = max(numeros, default=puestas + 1)
        return min(MAXIMO, cuantas + (OTRA_CONDICION in vino))

    def _fila(self, n: int) -> dict[str, forms.Field]:
        sobre = con(
            forms.ChoiceField(label="Sobre qué", choices=self._sobre_que, required=False),
            muestra_si=CON_CONDICIONES,
            sin_marca=True,
        )
        como = con(
            forms.ChoiceField(
                label="Debe ser", choices=[("", "Elige"), *Comparacion.choices], required=False
            ),
            muestra_si=CON_CONDICIONES,
            sin_marca=True,
        )
        return {
            f"cond_{n}_sobre": sobre,
            f"cond_{n}_como": como,
            f"cond_{n}_valor": linea(
                "Valor, o la condición en palabras",
                LARGO,
                requerido=False,
                muestra_si=CON_CONDICIONES,
                sin_marca=True,
            ),
            f"cond_{n}_antes": marca(
                "En palabras: debe cumplirse antes de presentar la propuesta",
                muestra_si=CON_CONDICIONES,
            ),
        }

    @property
    def puede_otra(self) -> bool:
        return f"cond_{MAXIMO}_sobre" not in self.fields

    @property
    def filas_de_condicion(self) -> list[list[Any]]:
        numeros = [n for n in range(1, MAXIMO + 1) if f"cond_{n}_sobre" in self.fields]
        return [
            [self[f"cond_{n}_{que}"] for que in ("sobre", "como", "valor", "antes")]
            for n in numeros
        ]

    def clean(self) -> Datos:
        datos = super().clean()
        leidas = [
            self._leer(n, datos) for n in range(1, MAXIMO + 1) if f"cond_{n}_sobre" in self.fields
        ]
        if datos.get("sentido") == Sentido.CONDICIONES:
            self.condiciones_escritas = [c for c in leidas if c is not None]
        return datos

    def _leer(self, n: int, datos: Datos) -> Escrita | None:
        """One row, judged; what it says goes to the log in words, so its fields are emptied."""
        de = {q: datos.get(f"cond_{n}_{q}") for q in ("sobre", "como", "valor", "antes")}
        if not self.errors:
            datos |= {f"cond_{n}_{q}": "" for q in de}
        if datos.get("sentido") != Sentido.CONDICIONES or not (de["sobre"] or de["valor"]):
            return None
        campo = f"cond_{n}_valor"
        valor = str(de["valor"] or "")
        if not de["sobre"]:
            self.add_error(f"cond_{n}_sobre", "Elige sobre qué es la condición, o borra su valor.")
        elif not valor:
            self.add_error(
                campo, "Escribe la condición." if de["sobre"] == LIBRE else "Escribe el valor."
            )
        elif de["sobre"] == LIBRE:
            return Escrita(None, "", "", en_un_renglon(valor), bool(de["antes"]))
        else:
            return self._cota(n, self._conceptos[de["sobre"]], str(de["como"] or ""), valor)
        return None

    def _cota(self, n: int, concepto: Concepto, como: str, valor: str) -> Escrita | None:
        campo = f"cond_{n}_valor"
        if not como:
            self.add_error(f"cond_{n}_como", "Elige si es a lo menos, a lo más o exactamente.")
            return None
        if concepto.unidad == Unidad.TEXTO and como != Comparacion.EXACTO:
            self.add_error(f"cond_{n}_como", SOLO_EXACTO)
            return None
        try:
            escrita = Escrita(
                concepto, como, canonico(concepto.unidad, valor, self.caso.moneda), "", False
            )
        except forms.ValidationError as error:
            self.add_error(campo, error)
            return None
        self.condiciones_escritas.append(escrita)
        for otra in self.condiciones_escritas[:-1]:
            if otra.concepto == concepto and otra.cota and escrita.cota:
                if escrita.cota.se_contradice(otra.cota):
                    self.add_error(
                        campo, f"Se contradice con «{otra.dicha()}»: ningún valor cumple las dos."
                    )
        return escrita

    @property
    def avisos(self) -> list[str]:
        """What no proposal can meet is said to who laid it down, who may mean it."""
        return [*super().avisos, *self._imposibles()]

    def _imposibles(self) -> list[str]:
        dichas = []
        for escrita in self.condiciones_escritas:
            cota = escrita.cota
            if cota is None:
                continue
            if ya_paso(cota, calendario.hoy()):
                dichas.append(f"{escrita.dicha()}. {YA_PASO}")
            for otro in en_pie(self.hechos):
                suya = self.opinion_dada is not None and otro.opinion_id == self.opinion_dada.pk
                ajeno = otro.concepto == escrita.concepto and not suya
                if ajeno and otro.cota and not otro.pasada_en and cota.se_contradice(otro.cota):
                    dichas.append(f"{escrita.dicha(self.caso.moneda)}. {NO_HAY_VALOR}")
                    break
        return dichas


@dataclass(frozen=True)
class Renglon:
    """A condition beside a form that must keep to it, with what may be done about it."""

    puesta: Puesta
    salidas: list[tuple[str, str]]


class ConLoPuesto(FormularioPaso):
    """A step that fixes what is offered or agreed: within the areas' conditions (§7.4–7.7)."""

    @property
    def lo_puesto(self) -> list[Renglon]:
        """As its reader may know them."""
        if self.usuario is None or not en_pie(self.hechos):
            return []
        puestas = getattr(self, "revisadas", None) or como_van(self.hechos)
        return [
            Renglon(p, self._salidas(p.candado))
            for p in que_lee(puestas, self.hechos, self.usuario)
        ]

    def _salidas(self, candado: Candado) -> list[tuple[str, str]]:
        estado = self.caso.estado
        return [
            (acto.etiqueta, f"{self.caso.get_absolute_url()}{acto}/{candado.pk}/")
            for acto in (CUMPLIR_CONDICION, PASAR_CONDICION, PEDIR_SIN_CONDICION)
            if estado in acto.estados and acto.quien(self.hechos, self.usuario, candado)
        ]

    def rechazar_lo_que_no_cumple(
        self, valores: Mapping[int, str], campo_de: Callable[[Concepto], str], hacer: str = ""
    ) -> None:
        """Refuse what goes past a condition; ``valores``: by concept, empty where it stays as it is."""
        self.revisadas = revisar(self.hechos, valores)
        for p in rotas(self.revisadas):
            concepto = p.candado.concepto
            assert concepto is not None
            campo = campo_de(concepto)
            self.add_error(campo if campo in self.fields else None, p.por_que_no + hacer)
