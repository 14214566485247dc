"""The GET form of the tablero: which days, narrowed to what, motives split by what. Nonsense is said and ignored."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone

from casos.formularios.campos import CampoFecha
from casos.formularios.fallos import ignorados
from casos.models import Usuario
from casos.permisos.lectura import Alcance

from .filtros_ofrecidos import Ofrecidos
from .periodos import Periodo, con_nombre
from .tablas_de_cifras import Tabla
from .tablero import COMUNES, Base, abiertos, embudo, resultados
from .tablero_de_motivos import DESGLOSES, motivos
from .tablero_de_satisfaccion import satisfaccion
from .tablero_de_tiempos import tiempos

MUCHO = 366 * 5  # days: what one would compare by hand


def _elegir(etiqueta: str, vacio: str) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=etiqueta,
        choices=[("", vacio)],
        required=False,
        error_messages={"invalid_choice": "Elige una opción de la lista."},
    )


class PedidoDeTablero(forms.Form):
    desde = CampoFecha(label="Desde", required=False)
    hasta = CampoFecha(label="Hasta", required=False)
    tipo = _elegir("Tipo de requerimiento", "Todos")
    responsable = _elegir("Responsable", "Todos")
    area = _elegir("Área que participa", "Todas")
    por = _elegir("Motivos, por", "Sin desglosar")

    def __init__(self, datos: QueryDict, *, usuario: Usuario, alcance: Alcance):
        super().__init__(datos, label_suffix="")
        self.usuario, self.alcance = usuario, alcance
        self.opciones = Ofrecidos(usuario)
        areas = self.opciones.areas
        if alcance.areas is not None:
            areas = [(pk, nombre) for pk, nombre in areas if pk in alcance.areas]
            self._ofrecer("area", areas)
            self.fields["area"].choices = self.fields["area"].choices[1:]
            self.fields["area"].label = "Tu área"
        else:
            self._ofrecer("area", areas)
        self._ofrecer("tipo", self.opciones.tipos)
        desgloses = [(clave, d.nombre) for clave, d in DESGLOSES.items()]
        if alcance.personas:
            self._ofrecer("responsable", self.opciones.responsables)
        else:
            del self.fields["responsable"]
            desgloses = [d for d in desgloses if d[0] != "persona"]
        if not alcance.dinero:
            desgloses = [d for d in desgloses if d[0] != "tamano"]
        self._ofrecer("por", desgloses)
        for campo in self.fields.values():
            campo.sin_marca = True
        self.full_clean()

    def _ofrecer(self, campo: str, filas: Any) -> None:
        elegibles = self.fields[campo].choices
        self.fields[campo].choices = [*elegibles, *((str(pk), nombre) for pk, nombre in filas)]

    def clean(self) -> dict[str, Any]:
        datos = self.cleaned_data
        desde, hasta = datos.get("desde"), datos.get("hasta")
        if desde and hasta and desde > hasta:
            self.add_error("hasta", "La fecha final es anterior a la inicial.")
        elif (self.periodo.hasta - self.periodo.desde).days > MUCHO:
            self.add_error("hasta" if hasta else "desde", "Pide hasta cinco años.")
        if {"desde", "hasta"} & set(self.errors):
            datos |= {"desde": None, "hasta": None}  # half of what was asked is another question
        return datos

    @property
    def ignorados(self) -> list[str]:
        return ignorados(self)

    # -- what is asked ---------------------------------------------------------------------------

    @property
    def periodo(self) -> Periodo:
        """This month, where nothing else is asked; to today, or to the end of the month, where one is."""
        desde, hasta = self.cleaned_data.get("desde"), self.cleaned_data.get("hasta")
        _, este_mes = con_nombre(timezone.localdate())[0]
        if desde and not hasta:
            hasta = max(este_mes.hasta, desde)
        if hasta and not desde:
            desde = hasta.replace(day=1)
        if not desde or not hasta:
            return este_mes
        return Periodo(desde, hasta)

    @property
    def desglose(self) -> str:
        return self.cleaned_data.get("por") or ""

    @property
    def comunes(self) -> dict[str, str]:
        """What the list is narrowed to as well; an area's manager always to one of theirs."""
        pedidos = {c: self.cleaned_data.get(c) or "" for c in COMUNES}
        if self.alcance.areas is not None and not pedidos["area"]:
            pedidos["area"] = self.fields["area"].choices[0][0]
        return {c: v for c, v in pedidos.items() if v}

    def consulta(self, periodo: Periodo | None = None) -> str:
        """The query of this same page, with other days."""
        consulta = QueryDict(mutable=True)
        p = periodo or self.periodo
        consulta.update({"desde": p.desde.isoformat(), "hasta": p.hasta.isoformat()})
        consulta.update(self.comunes)
        if self.desglose:
            consulta["por"] = self.desglose
        return consulta.urlencode()

    @property
    def base(self) -> Base:
        suyas = self.alcance.areas
        return Base(
            self.usuario,
            self.opciones,
            self.periodo,
            self.comunes,
            solo_areas=suyas,
            ve_personas=self.alcance.personas,
            ve_dinero=self.alcance.dinero,
        )

    def secciones(self) -> list[tuple[str, list[Tabla]]]:
        """The page, from what is open now to why and how long."""
        base = self.base
        return [
            ("Ahora", abiertos(base)),
            (f"Del periodo: {base.periodo}", [embudo(base), *resultados(base)]),
            ("Por qué no", motivos(base, self.desglose)),
            ("Qué dicen los clientes", satisfaccion(base)),
            ("Cuánto tarda", tiempos(base)),
        ]
