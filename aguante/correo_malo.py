"""The mail server in nine ways of failing, each with the letters of a whole case, and a week without it."""

import time
from collections import Counter

from django.utils import timezone

from casos.catalogos import EstadoAviso
from casos.correo import bandeja_de_salida, envio
from casos.models import Aviso

from . import cuenta
from .buzon import BIEN, MODOS
from .escena import Escena, Fila

SEMANA_EN_HORAS, TRAMO = 7 * 24, 6


def fallar(escena: Escena, nombre: str) -> Fila:
    """``nombre`` is one of ``MODOS``. What the mails were, before the server was well again, is what was seen."""
    buzon, desde = escena.buzon, escena.marcar()
    ultimos = Aviso.objects.exclude(caso=None).order_by("-pk").values_list("para", flat=True)
    buzon.rechaza = ultimos.first() or ""
    buzon.modo, antes = MODOS[nombre], buzon.intentos
    with escena.caminando(1):
        pass
    suyos = Aviso.objects.filter(pk__gt=desde[0])
    _hasta(lambda: buzon.intentos > antes, 20)
    if MODOS[nombre] == "semana":
        _una_semana()
    _hasta(lambda: not suyos.filter(estado=EstadoAviso.PENDIENTE, error="").exists(), 8)
    estaban = Counter(suyos.values_list("estado", flat=True))
    buzon.modo, vuelta = BIEN, time.monotonic()
    # The next try comes within the hour: its rows are moved there. Leases take their own time, up to a bound.
    cuenta.adelantar(hours=1)
    bandeja_de_salida.despertar()
    escena.vaciar(espera=30)
    segundos = [time.monotonic() - vuelta]
    if reenviados := envio.reenviar(suyos):
        bandeja_de_salida.despertar()
        escena.vaciar()
    fila = escena.contar(f"Mail: {nombre}", desde, 1, segundos)
    fila.visto[", ".join(f"{n} {e.lower()}" for e, n in sorted(estaban.items()))] += 1
    if reenviados:
        fila.visto[f"{reenviados} resent by hand"] += 1
    return fila


def _hasta(se_cumple, segundos: float) -> None:
    fin = time.monotonic() + segundos
    while not se_cumple() and time.monotonic() < fin:
        time.sleep(0.1)


def _una_semana():
    """Six hours at a time: what waits is tried at its hour, and waits again; no clock is touched."""
    esperan = Aviso.objects.filter(estado=EstadoAviso.PENDIENTE)
    for _ in range(SEMANA_EN_HORAS // TRAMO):
        cuenta.adelantar(hours=TRAMO)
        bandeja_de_salida.despertar()
        _hasta(lambda: not esperan.filter(proximo_en__lte=timezone.now()).exists(), 4)
