"""Business days, deadlines and the calendar they are counted by (D§2, D§4.3). Reads only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from math import ceil
from typing import Any, NamedTuple

from django.db.models import (
    BooleanField,
    CharField,
    DateField,
    F,
    IntegerField,
    TimeField,
    Value,
)
from django.db.models.functions import Cast
from django.utils import timezone

from casos.catalogos import Estado
from casos.fechas import hoy as hoy
from casos.models import DiaInhabil, Jornada, Plazo, Sede
from casos.models.preparada import Preparada
from casos.tiempo_habil import DE_SIEMPRE, MINUTOS, Calendario, Calendarios, Horas, Semana

# Defaults of D§2, in business days, where no ``Plazo`` row says otherwise.
DIAS = {
    Estado.RECIBIDO: 1,
    Estado.EN_CONTACTO: 2,
    Estado.EN_ANALISIS: 3,
    Estado.POR_DECIDIR: 1,
    Estado.EN_PROPUESTA: 2,
    Estado.EN_MODIFICACION: 5,
    Estado.POR_INFORMAR: 1,
    Estado.CERRADO: 3,  # closed as modified: whether it arrived, and what the client says
}
UN_DIA = timedelta(days=1)


def medianoche(dia: date) -> datetime:
    """The instant at which a day begins, by Mexico City's clock."""
    return timezone.make_aware(datetime.combine(dia, time.min))


# -- what is stored ----------------------------------------------------------------------------------


class _Fila(NamedTuple):
    """A row of any of the tables: which, a number of its own, and what it says of a day."""

    que: str
    numero: int
    fecha: date | None
    se_trabaja: bool
    desde: time | None
    hasta: time | None
    sede: int | None


INHABIL, JORNADA, PLAZO = "I", "J", "P"


def _filas(tabla: Any, que: str, **columnas: Any) -> Any:
    vacias = {
        "numero": Value(0, IntegerField()),
        "fecha": Cast(Value(None), DateField()),
        "se_trabaja": Value(False, BooleanField()),
        "desde": Cast(Value(None), TimeField()),
        "hasta": Cast(Value(None), TimeField()),
        "sede": Cast(Value(None), IntegerField()),
    }
    dichas = {f"c_{c}": v for c, v in (vacias | columnas).items()}
    return (
        tabla.order_by()
        .annotate(c_que=Value(que, CharField()), **dichas)
        .values_list("c_que", *dichas)
    )


def _todo(vispera: date, estado: str) -> Any:
    """All that is known from a day on: about seven rows a year; no long closure is cut off."""
    dias = _filas(
        DiaInhabil.objects.filter(fecha__gt=vispera),
        INHABIL,
        numero=F("pk"),
        fecha=F("fecha"),
        hasta=F("hasta"),
        sede=F("sede_id"),
    )
    semana = _filas(
        Jornada.objects,
        JORNADA,
        numero=F("dia"),
        se_trabaja=F("se_trabaja"),
        desde=F("desde"),
        hasta=F("hasta"),
    )
    del_paso = _filas(Plazo.objects.filter(estado=estado), PLAZO, numero=F("dias"))
    return dias.union(semana, del_paso, all=True)


_TODO = Preparada(_todo, date, str)


@dataclass(frozen=True)
class Lectura:
    """The calendars from a day on, and the business days of a step where it was asked for."""

    calendarios: Calendarios
    dias: int | None = None

    def de(self, area: Any = None) -> Calendario:
        """Of the site where an area works, or of the firm."""
        return self.calendarios.sede(None if area is None else area.sede_id)


def leer(despues_de: date, estado: str = "") -> Lectura:
    """What counts of each day after one. One statement."""
    return _armar([_Fila(*fila) for fila in _TODO(despues_de, str(estado))])


def _armar(filas: Iterable[_Fila]) -> Lectura:
    filas = list(filas)
    semana = _semana(f for f in filas if f.que == JORNADA)
    dias: dict[int | None, dict[date, int]] = {None: {}}
    for f in filas:
        if f.que == INHABIL and f.fecha:
            de_sede = dias.setdefault(f.sede, {})
            de_sede[f.fecha] = min(_minuto(f.hasta), de_sede.get(f.fecha, MINUTOS))
    firma = dias.pop(None)
    zona = timezone.get_current_timezone()
    de_sede = {
        sede: Calendario(_los_mas_cortos(firma, suyos), zona, semana)
        for sede, suyos in dias.items()
        if sede is not None
    }
    plazo = next((f.numero for f in filas if f.que == PLAZO), None)
    return Lectura(Calendarios(Calendario(firma, zona, semana), de_sede), plazo)


def _minuto(hora: time | None) -> int:
    return 0 if hora is None else hora.hour * 60 + hora.minute


def _los_mas_cortos(unos: dict[date, int], otros: dict[date, int]) -> dict[date, int]:
    return unos | {dia: min(hasta, unos.get(dia, MINUTOS)) for dia, hasta in otros.items()}


def _semana(filas: Iterable[_Fila]) -> Semana:
    """A weekday that nobody set is as always."""
    semana = list(DE_SIEMPRE)
    for f in filas:
        if 0 <= f.numero < len(semana):
            hasta = MINUTOS if f.hasta is None else _minuto(f.hasta)
            horas = Horas(_minuto(f.desde), hasta)
            semana[f.numero] = horas if f.se_trabaja and horas.hasta > horas.desde else None
    return tuple(semana)


# -- days --------------------------------------------------------------------------------------------


def es_habil(fecha: date) -> bool:
    """Whether the firm works on it, if only half of it. One statement."""
    return leer(fecha - UN_DIA).de().es_habil(fecha)


def habil_hasta(fecha: date) -> date:
    """The last business day up to ``fecha``; itself where there is none in two years."""
    antes = fecha - 731 * UN_DIA
    return leer(antes).de().ultimo_habil(fecha, antes) or fecha


def sumar_habiles(fecha: date, dias: int) -> date | None:
    """The ``dias``-th business day after ``fecha``; counting starts the day after. One statement.

    From a day that does not count the first one is the next that does. ``None``: there are not so many.
    """
    return leer(fecha).de().sumar(fecha, dias)


class Cuenta:
    """The same arithmetic of many dates with one query: of what a letter or a list counts."""

    def __init__(self) -> None:
        self._lectura = leer(date.min)
        self._dias: dict[str, int] = {}

    def sumar(self, fecha: date, dias: int, area: Any = None) -> date | None:
        return self._lectura.de(area).sumar(fecha, dias)

    def vez_y_media(self, desde: date, vence: date, area: Any = None) -> date | None:
        """The day on which what was due on ``vence`` has taken one and a half times what it was given.

        Of four business days, the sixth; of one, the second; of three, the fifth.
        """
        plazo = self._lectura.de(area).entre(desde, vence)
        return self._y_media(plazo, vence, area)

    def vez_y_media_de(self, estado: str, vence: date, area: Any = None) -> date | None:
        """The same of a clock that began again after it was asked: by what the step is given."""
        if estado not in self._dias:
            self._dias[estado] = dias_de(estado)
        return self._y_media(_los_del_area(estado, area) or self._dias[estado], vence, area)

    def _y_media(self, plazo: Fraction | int, vence: date, area: Any) -> date | None:
        return self._lectura.de(area).sumar(vence, ceil(Fraction(max(plazo, 1)) / 2))


def calendarios(desde: datetime, sedes: dict[int, int | None]) -> Calendarios:
    """To count the business time that passed from an instant on; ``sedes``: by area. One statement."""
    leidos = leer(timezone.localdate(desde) - UN_DIA).calendarios
    return replace(leidos, sede_de=sedes)


# -- deadlines ---------------------------------------------------------------------------------------


def dias_de(estado: str, area=None) -> int:
    """Business days of a step; the area's own where it has one.

    EN_RESPUESTA has none: there the proposal's validity counts, in calendar days (``KeyError``).
    """
    return _los_del_area(estado, area) or leer(hoy(), estado).dias or DIAS[Estado(estado)]


def _los_del_area(estado: str, area: Any) -> int | None:
    if area is None:
        return None
    return area.dias_ajuste if estado == Estado.EN_MODIFICACION else area.dias_opinion


class Plazos:
    """Due dates of a step begun at an instant, for one area after another. One statement."""

    def __init__(self, estado: str, desde: datetime):
        self.fecha, self.estado = timezone.localdate(desde), estado
        self._lectura = leer(self.fecha, estado)

    def vence(self, area: Any = None) -> date | None:
        dias = _los_del_area(self.estado, area) or self._lectura.dias or DIAS[Estado(self.estado)]
        return self._lectura.de(area).sumar(self.fecha, dias)

    def antes(self, area: Any, tope: date) -> date | None:
        """The last day up to ``tope`` on which the area works and that is still ahead."""
        return self._lectura.de(area).ultimo_habil(tope, self.fecha)


def vence_para(estado: str, desde: datetime, area=None) -> date | None:
    """Due date of a step begun at ``desde`` (an instant). One statement.

    ``None`` where the calendar has not so many business days.
    """
    return Plazos(estado, desde).vence(area)


def fecha_para(estado: str, desde: datetime, area=None) -> date:
    """The same of what must have a date: in calendar days where the calendar gives none."""
    plazos = Plazos(estado, desde)
    dias = _los_del_area(estado, area) or DIAS[Estado(estado)]
    return plazos.vence(area) or plazos.fecha + dias * UN_DIA


# -- a calendar by which nothing would fall due -------------------------------------------------------


def sin_habiles() -> list[str]:
    """Whose calendar has no business day to come, in words: the firm's, or a site's."""
    leidos = leer(hoy()).calendarios
    if leidos.firma.sumar(hoy(), 1) is None:
        return ["la empresa"]
    vacias = [sede for sede, c in leidos.de_sede.items() if c.sumar(hoy(), 1) is None]
    return [str(s) for s in Sede.objects.filter(pk__in=vacias)] if vacias else []


def anios_sin_habiles(
    anios: Iterable[int], *, dia: DiaInhabil | None = None, jornadas: Iterable[Jornada] = ()
) -> list[int]:
    """Years that would be left without a business day, for the firm or a site, once those are saved."""
    anios = sorted(anios)
    puestas = {j.dia: j for j in jornadas}
    filas = [_Fila(*fila) for fila in _TODO(date(anios[0], 1, 1) - UN_DIA, "")]
    quedan = [
        f
        for f in filas
        if not (f.que == INHABIL and dia and f.numero == dia.pk)
        and not (f.que == JORNADA and f.numero in puestas)
    ]
    if dia:
        quedan.append(_Fila(INHABIL, 0, dia.fecha, False, None, dia.hasta, dia.sede_id))
    for j in puestas.values():
        quedan.append(_Fila(JORNADA, j.dia, None, j.se_trabaja, j.desde, j.hasta, None))
    leidos = _armar(quedan).calendarios
    todos = [leidos.firma, *leidos.de_sede.values()]

    def le_queda_alguno(c: Calendario, anio: int) -> bool:
        dias = (date(anio, 1, 1) + n * UN_DIA for n in range(366))
        return any(c.es_habil(d) for d in dias if d.year == anio)

    return [a for a in anios if not all(le_queda_alguno(c, a) for c in todos)]


def de_un_dia(dia: date) -> Horas | None:
    """When its weekday is worked, whatever that day is."""
    return leer(dia).calendarios.firma.semana[dia.weekday()]
