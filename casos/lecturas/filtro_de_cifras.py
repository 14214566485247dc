"""What the list of cases may be asked by a figure of the tablero, and nobody types: the cases behind it.

Each is said and taken away as any other filter. What is asked of a closing is asked of one and the same.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, ClassVar

from django import forms
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from casos.calendario import medianoche
from casos.catalogos import (
    ABIERTOS,
    BIT_DE_PASO,
    ContratoTrasNo,
    Estado,
    Resultado,
    Tiempo,
)
from casos.expediente.conformidad import REGLAS
from casos.expediente.lo_juzgado import bits_de
from casos.formularios.campos import CampoFecha
from casos.models import Ajuste, Cierre, Lapso, Opinion, Satisfaccion
from casos.models.caso import juntar
from casos.models.despues import ALTA, BAJA, CALIFICACION_MAXIMA
from casos.veredicto import Veredicto

from .periodos import Periodo, fin_de_semana

SIN_DATO = "0"
# Since it was received: key, words, few words, from and to how many days.
EDADES = [
    ("7", "hasta 7 días naturales", "0–7", 0, 7),
    ("15", "de 8 a 15 días naturales", "8–15", 8, 15),
    ("30", "de 16 a 30 días naturales", "16–30", 16, 30),
    ("60", "de 31 a 60 días naturales", "31–60", 31, 60),
    ("61", "más de 60 días naturales", "61+", 61, None),
]
TAMANOS = [
    ("10", "hasta 10 plazas", 0, 10),
    ("50", "de 11 a 50 plazas", 11, 50),
    ("200", "de 51 a 200 plazas", 51, 200),
    ("201", "más de 200 plazas", 201, None),
]
# How the client rates the change: key, words, from and to which of 0 to 10.
CALIFICAN = [
    ("ALTA", "9 o 10", ALTA, CALIFICACION_MAXIMA),
    ("MEDIA", "7 u 8", BAJA + 1, ALTA - 1),
    ("BAJA", "0 a 6", 0, BAJA),
]
# How a case was followed up, as the list is asked for it → with which verdicts.
CUMPLEN = {
    "CUMPLE": [Veredicto.CUMPLE],
    "OBSERVACION": [Veredicto.OBSERVACION],
    "NO_CUMPLE": [Veredicto.NO_CUMPLE],
    "CUMPLEN": [Veredicto.CUMPLE, Veredicto.OBSERVACION],
}
_DE_PASO = {e.seccion: f"{e.seccion} {e.label}" for e in ABIERTOS}
PASOS_CON_REGLAS = [
    (s, _DE_PASO.get(s, s)) for s in dict.fromkeys(r.seccion for r in REGLAS.values())
]
CONTESTO, SIN_CONTESTAR = "CONTESTO", "NO"
SIEMPRE = Periodo(date(1900, 1, 1), date(9998, 12, 31))


def _oculta(etiqueta: str, choices: list[tuple[str, str]]) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=etiqueta,
        choices=[("", ""), *choices],
        required=False,
        widget=forms.HiddenInput,
        error_messages={"invalid_choice": "Ese valor no existe."},
    )


def entre(campo: str, desde: int, hasta: int | None) -> Q:
    q = Q(**{f"{campo}__gte": desde})
    return q if hasta is None else q & Q(**{f"{campo}__lte": hasta})


def de_edad(clave: str, hoy: date) -> Q:
    """Received so long ago."""
    *_, desde, hasta = next(e for e in EDADES if e[0] == clave)
    q = Q(recibido_en__lt=medianoche(hoy - timedelta(days=desde - 1)))
    if desde == 0:
        q = Q()
    return q if hasta is None else q & Q(recibido_en__gte=medianoche(hoy - timedelta(days=hasta)))


def de_tamano(clave: str) -> Q:
    if clave == SIN_DATO:
        return Q(plazas=None)
    _, _, desde, hasta = next(t for t in TAMANOS if t[0] == clave)
    return entre("plazas", desde, hasta)


def de_la_semana(hoy: date) -> dict[str, date]:
    """What falls due from today to Sunday."""
    return {"vence__gte": hoy, "vence__lte": fin_de_semana(hoy)}


class DeLasCifras(forms.Form):
    edad = _oculta("Recibido hace", [(e[0], e[1]) for e in EDADES])
    semana = forms.BooleanField(
        label="Vencen esta semana", required=False, widget=forms.HiddenInput
    )
    area_vencida = _oculta("Área con respuesta vencida", [])
    area_semana = _oculta("Área que debe responder esta semana", [])
    llego = _oculta("Llegó a", [(e.value, e.label) for e in Estado])
    cerro_desde = CampoFecha(label="Se cerró desde", required=False, widget=forms.HiddenInput)
    cerro_hasta = CampoFecha(label="Se cerró hasta", required=False, widget=forms.HiddenInput)
    cerro_como = _oculta("Se cerró como", list(Resultado.choices))
    cerro_por = _oculta("Se cerró por", [])
    cerro_area = _oculta("De dónde vino el motivo", [])
    cerro_tamano = _oculta(
        "Tamaño del contrato", [*((t[0], t[1]) for t in TAMANOS), (SIN_DATO, "sin dato")]
    )
    cerro_contrato = _oculta("Tras el cierre, el contrato", list(ContratoTrasNo.choices))
    cerro_tiempo = _oculta("Con tiempo de", list(Tiempo.choices))
    cerro_tiempo_area = _oculta("Con tiempo del área", [])

    conformidad_en = _oculta(
        "Conformidad en", [*PASOS_CON_REGLAS, *((r.nombre, r.pide) for r in REGLAS.values())]
    )
    califico_desde = CampoFecha(
        label="Se le preguntó desde", required=False, widget=forms.HiddenInput
    )
    califico_hasta = CampoFecha(
        label="Se le preguntó hasta", required=False, widget=forms.HiddenInput
    )
    califico = _oculta(
        "El cliente",
        [(CONTESTO, "contestó"), *((c[0], f"calificó con {c[1]}") for c in CALIFICAN),
         (SIN_CONTESTAR, "no contestó")],
    )  # fmt: skip

    DE_AREA: ClassVar = ("area_vencida", "area_semana", "cerro_tiempo_area")

    def por_conformidad(self, casos: QuerySet) -> QuerySet:
        """How closed cases were followed up: by all rules, by those of a step, or by one."""
        como, en = (self.cleaned_data.get(c) for c in ("conformidad", "conformidad_en"))
        if not en:
            return casos.filter(conformidad__in=CUMPLEN[como]) if como else casos
        bits = bits_de(en)
        de_ellas = {
            f"de_{c}": F(f"reglas_{c}").bitand(bits) for c in ("aplicadas", "observadas", "rotas")
        }
        casos = casos.annotate(**de_ellas).exclude(conformidad=None).exclude(de_aplicadas=0)
        veredictos = CUMPLEN[como] if como else list(Veredicto)
        if Veredicto.NO_CUMPLE not in veredictos:
            casos = casos.filter(de_rotas=0)
        if Veredicto.OBSERVACION not in veredictos:
            casos = casos.filter(Q(de_observadas=0) | ~Q(de_rotas=0))
        if Veredicto.CUMPLE not in veredictos:
            casos = casos.exclude(de_observadas=0, de_rotas=0)
        return casos

    # -- of the case as it stands ------------------------------------------------------------------

    def _por_edad(self, casos: QuerySet, valor: str) -> QuerySet:
        return casos.filter(de_edad(valor, timezone.localdate()))

    def _por_semana(self, casos: Any, valor: bool) -> QuerySet:
        return casos.abiertos().filter(**de_la_semana(timezone.localdate()))

    def _por_area_vencida(self, casos: QuerySet, valor: str) -> QuerySet:
        return _que_debe(casos, valor, vence__lt=timezone.localdate())

    def _por_area_semana(self, casos: QuerySet, valor: str) -> QuerySet:
        return _que_debe(casos, valor, **de_la_semana(timezone.localdate()))

    def _por_llego(self, casos: QuerySet, valor: str) -> QuerySet:
        """What was annulled does not count (D§2)."""
        bit = BIT_DE_PASO[Estado(valor)]
        andado = casos.annotate(anduvo=F("pasos_andados").bitand(bit))
        return andado.exclude(estado=Estado.ANULADO).filter(anduvo__gt=0)

    # -- of one of its closings ----------------------------------------------------------------------

    def por_cierre(self, casos: QuerySet) -> QuerySet:
        pedido, periodo = self._pedido("cerro")
        if not pedido:
            return casos
        cierres = Cierre.objects.del_periodo(*periodo.instantes)
        if como := pedido.get("cerro_como"):
            cierres = cierres.filter(resultado=como)
        if contrato := pedido.get("cerro_contrato"):
            cierres = cierres.filter(contrato_tras_no=contrato)
        if tamano := pedido.get("cerro_tamano"):
            cierres = cierres.filter(de_tamano(tamano))
        if area := pedido.get("cerro_area"):
            cierres = cierres.filter(area=None if area == SIN_DATO else int(area))
        if motivo := pedido.get("cerro_por"):
            con_el = Cierre.motivos.through.objects.filter(motivo_id=int(motivo))
            cierres = cierres.filter(pk__in=con_el.values("cierre_id"))
        if que := pedido.get("cerro_tiempo"):
            cierres = cierres.filter(pk__in=Lapso.objects.filter(que=que).values("cierre_id"))
        if area := pedido.get("cerro_tiempo_area"):
            suyos = Lapso.objects.filter(area=int(area))
            cierres = cierres.filter(pk__in=suyos.values("cierre_id"))
        return casos.filter(pk__in=cierres.values("caso_id"))

    # -- of what the client says of the change ---------------------------------------------------------

    def por_calificacion(self, casos: QuerySet) -> QuerySet:
        """By the last answer of the days asked for."""
        pedido, periodo = self._pedido("califico")
        if not pedido:
            return casos
        dichas = Satisfaccion.objects.respondidas(*periodo.instantes)
        como = pedido.get("califico")
        if como == SIN_CONTESTAR:
            dichas = dichas.filter(calificacion=None)
        elif como == CONTESTO:
            dichas = dichas.exclude(calificacion=None)
        elif como:
            *_, desde, hasta = next(c for c in CALIFICAN if c[0] == como)
            dichas = dichas.filter(entre("calificacion", desde, hasta))
        return casos.filter(pk__in=dichas.values("caso_id"))

    def _pedido(self, que: str) -> tuple[dict[str, Any], Periodo]:
        """What is asked of one and the same thing, and of which days."""
        pedido = {n: v for n, v in self.cleaned_data.items() if n.split("_")[0] == que and v}
        desde, hasta = pedido.get(f"{que}_desde"), pedido.get(f"{que}_hasta")
        return pedido, Periodo(desde or SIEMPRE.desde, hasta or SIEMPRE.hasta)


def _que_debe(casos: Any, area: str, **cuando: Any) -> QuerySet:
    """An area's own dates, not the case's."""
    hallados = (
        m.objects.pendientes().filter(area=int(area), **cuando).values("caso_id")
        for m in (Opinion, Ajuste)
    )
    return casos.abiertos().filter(pk__in=juntar(*hallados))
