"""Business-day arithmetic and deadlines (D§2, D§4.3). Reads only."""

from datetime import date, datetime, timedelta

from django.db.models import DateField, IntegerField, Value
from django.utils import timezone

from casos.catalogos import Estado
from casos.models import DiaInhabil, Plazo
from casos.models.preparada import Preparada
from casos.tiempo_habil import Calendario

# Defaults of D§2, in business days, where no ``Plazo`` row says otherwise.
DIAS = {
    Estado.RECIBIDO: 1,
    Estado.EN_CONTACTO: 2,
    Estado.EN_ANALISIS: 3,
    Estado.POR_DECIDIR: 1,
    Estado.EN_PROPUESTA: 2,
    Estado.EN_MODIFICACION: 5,
    Estado.POR_INFORMAR: 1,
}


def hoy() -> date:
    return timezone.localdate()


def es_habil(fecha: date) -> bool:
    """Monday to Friday and not in the table of non-working days."""
    return fecha.weekday() < 5 and not DiaInhabil.objects.filter(fecha=fecha).exists()


def sumar_habiles(fecha: date, dias: int) -> date:
    """The ``dias``-th business day after ``fecha``; counting starts the day after.

    From a day that does not count the first one is the next that does. One query.
    """
    return _contar(fecha, dias, set(_inhabiles_desde(fecha).values_list("fecha", flat=True)))


class Cuenta:
    """The same arithmetic of many dates with one query: of what a letter or a list counts."""

    def __init__(self) -> None:
        self._inhabiles = set(DiaInhabil.objects.order_by().values_list("fecha", flat=True))

    def sumar(self, fecha: date, dias: int) -> date:
        return _contar(fecha, dias, self._inhabiles)

    def entre(self, desde: date, hasta: date) -> int:
        """Business days after ``desde`` and up to ``hasta``."""
        dias = (desde + timedelta(days=n) for n in range(1, (hasta - desde).days + 1))
        return sum(d.weekday() < 5 and d not in self._inhabiles for d in dias)

    def vez_y_media(self, desde: date, vence: date) -> date:
        """The day on which what was due on ``vence`` has taken one and a half times what it was given.

        Of four business days, the sixth; of one, the second; of three, the fifth.
        """
        plazo = max(self.entre(desde, vence), 1)
        return self.sumar(vence, (plazo + 1) // 2)


def _inhabiles_desde(fecha: date):
    """All that is known after ``fecha``: about seven rows a year; no long closure is cut off."""
    return DiaInhabil.objects.filter(fecha__gt=fecha).order_by()


def _contar(fecha: date, dias: int, inhabiles: set) -> date:
    while dias > 0:
        fecha += timedelta(days=1)
        if fecha.weekday() < 5 and fecha not in inhabiles:
            dias -= 1
    return fecha


_INHABILES = Preparada(lambda fecha: _inhabiles_desde(fecha).values_list("fecha", flat=True), date)


def dias_habiles(desde: datetime) -> Calendario:
    """The calendar from an instant on, to count the business time that passed. One query."""
    vispera = timezone.localdate(desde) - timedelta(days=1)
    return Calendario(frozenset(_INHABILES(vispera)), timezone.get_current_timezone())


def dias_de(estado: str, area=None) -> int:
    """Business days of a step; the area's own where it has one.

    EN_RESPUESTA has none: there the proposal's validity counts, in calendar days (``KeyError``).
    """
    if area is not None:
        propio = area.dias_ajuste if estado == Estado.EN_MODIFICACION else area.dias_opinion
        if propio:
            return propio
    fila = Plazo.objects.filter(estado=estado).values_list("dias", flat=True).first()
    return fila or DIAS[Estado(estado)]


def vence_para(estado: str, desde: datetime, area=None) -> date:
    """Due date of a step begun at ``desde`` (an instant). One query."""
    fecha = timezone.localdate(desde)
    if area is not None:
        return sumar_habiles(fecha, dias_de(estado, area))
    # Each non-working day with 0, and ``fecha`` itself, which does not count, with the step's days.
    inhabiles = _inhabiles_desde(fecha).values_list("fecha", Value(0, IntegerField()))
    del_paso = Plazo.objects.filter(estado=estado).order_by()
    filas = inhabiles.union(del_paso.values_list(Value(fecha, DateField()), "dias"), all=True)
    inhabiles = dict(list(filas))
    return _contar(fecha, inhabiles.get(fecha) or DIAS[Estado(estado)], set(inhabiles))
