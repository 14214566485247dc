"""SIGKILL to each kind of process, and the database knocked over, cut off, and people's own connections."""

import random
import time

from .escena import Escena
from .procesos import descendientes, hasta_que_sirva, matar

CADA = 0.4  # seconds between two kills of a process that has others beside it


def _matar_uno(escena: Escena, elegir, veces: int, hasta: float, espera) -> tuple[int, list[float]]:
    segundos: list[float] = []
    while len(segundos) < veces and time.monotonic() < hasta:
        pid = elegir()
        if pid is None or not matar(pid):
            time.sleep(0.05)
            continue
        segundos.append(espera(pid))
        time.sleep(CADA)
    return len(segundos), segundos


def de_la_web(escena: Escena, veces: int, hasta: float):
    """A worker: the other one goes on, and the master makes another."""

    def elegir():
        # Both are up: else it would be the site that is killed, not a worker.
        hijos = descendientes(escena.web.pid)
        return random.choice(hijos) if len(hijos) >= 2 else None

    return _matar_uno(escena, elegir, veces, hasta, lambda _: hasta_que_sirva(escena.web.puerto))


def del_maestro(escena: Escena, veces: int, hasta: float):
    def elegir():
        escena.web.hijos()  # remembered, so that they are ended with the rest
        return escena.web.pid if len(descendientes(escena.web.pid)) >= 2 else None

    def espera(pid):
        inicio = time.monotonic()
        while escena.web.pid == pid:
            time.sleep(0.02)
        hasta_que_sirva(escena.web.puerto)
        return time.monotonic() - inicio

    return _matar_uno(escena, elegir, veces, hasta, espera)


def del_trabajador(escena: Escena, veces: int, hasta: float, hijos_tambien: bool = True):
    """Of the command, its cluster, or any process of it; the site never notices."""
    turno = iter(range(10**6))

    def elegir():
        hijos = escena.trabajador.hijos()
        if len(hijos) < 3:
            return None  # it is still starting
        suyo = hijos_tambien and next(turno) % 2
        return random.choice(hijos) if suyo else escena.trabajador.pid

    return _matar_uno(escena, elegir, veces, hasta, lambda _: hasta_que_sirva(escena.web.puerto))


def de_conexiones_con_la_base(escena: Escena, postgres, veces: int):
    segundos = []
    for _ in range(veces):
        postgres.cortar_todas()
        segundos.append(hasta_que_sirva(escena.web.puerto))
        time.sleep(1)
    return veces, segundos


def de_la_base(escena: Escena, postgres, veces: int):
    """Seconds after PostgreSQL itself answers again."""
    segundos = []
    for _ in range(veces):
        time.sleep(2)
        postgres.reiniciar_de_golpe()
        segundos.append(hasta_que_sirva(escena.web.puerto))
    return veces, segundos


def de_lo_que_llevan(escena: Escena, segundos: float):
    """Everybody's first press loses its answer; the second one has it."""
    antes = len(escena.cuaderno.visto)
    escena.cuaderno.cortes.set()
    time.sleep(segundos)
    escena.cuaderno.cortes.clear()
    return len(escena.cuaderno.visto) - antes, []
