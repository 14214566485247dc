"""The measure: sites asked in turns, so that whatever else the machine does touches all alike."""

import gc
import statistics
import threading
from dataclasses import dataclass, field
from time import perf_counter

from .cliente import Cliente
from .paginas import CLIENTES, Accion, Pagina
from .servidor import Servidor

RAFAGA = 5  # requests in a row on one site; the first turn of each only warms up


@dataclass
class Sitio:
    """A server with the actions that it understands and the people who have logged in."""

    nombre: str
    casos: int
    servidor: Servidor
    acciones: dict[str, Accion]
    sesiones: dict = field(default_factory=dict)

    @property
    def llave(self) -> tuple[str, int]:
        return self.nombre, self.casos

    def cliente(self, quien: str, n: int = 0) -> Cliente:
        """The ``n``-th browser of a person, on a connection of its own."""
        if (quien, n) not in self.sesiones:
            self.sesiones[quien, n] = self.servidor.entrar(quien)
        return Cliente(self.servidor.puerto, self.sesiones[quien, n])


@dataclass
class Serie:
    """What one site answered for one page at so many clients."""

    ms: list = field(default_factory=list)
    por_segundo: list = field(default_factory=list)  # of each stretch
    kb: float = 0

    def resumen(self) -> dict:
        ordenados = sorted(self.ms)
        return {
            "mediana": round(statistics.median(ordenados), 2),
            "p95": round(ordenados[min(len(ordenados) - 1, int(len(ordenados) * 0.95))], 2),
            "n": len(ordenados),
        } | (
            {"rps": round(statistics.median(self.por_segundo), 1)}
            if self.por_segundo
            else {"kb": round(self.kb, 1)}
        )


def de_uno(sitios: list[tuple[Sitio, str, str]], vueltas: int) -> dict[tuple[str, int], Serie]:
    """One client per site, a few requests each in turn. ``sitios``: site, action, person.

    The first request of a turn is not counted: it finds the processor's caches full of another site.
    """
    series = {sitio.llave: Serie() for sitio, *_ in sitios}
    clientes = {sitio.llave: sitio.cliente(quien) for sitio, _, quien in sitios}
    gc.collect()
    gc.disable()
    try:
        for rafaga in range(1 + -(-vueltas // RAFAGA)):
            # Whoever comes first is not always the same one.
            primero = rafaga % len(sitios)
            for sitio, accion, _ in sitios[primero:] + sitios[:primero]:
                serie, cliente = series[sitio.llave], clientes[sitio.llave]
                for n in range(1 + RAFAGA):
                    respuesta = sitio.acciones[accion](cliente, rafaga * (1 + RAFAGA) + n)
                    if rafaga and n:
                        serie.ms.append(respuesta.ms)
                serie.kb = len(respuesta.cuerpo) / 1024
    finally:
        gc.enable()
        for cliente in clientes.values():
            cliente.cerrar()
    return series


def de_varios(
    sitios: list[tuple[Sitio, str, str]], tramos: int, segundos: float
) -> dict[tuple[str, int], Serie]:
    """``CLIENTES`` at once on one site for a stretch, then on the next; each stretch connects anew,
    since which worker got how many connections is luck."""
    series = {sitio.llave: Serie() for sitio, *_ in sitios}
    desde = 0
    for tramo in range(-1, tramos):
        for sitio, accion, quien in sitios:
            clientes = [sitio.cliente(quien, n) for n in range(CLIENTES)]
            # The stretch that is not counted only wakes every thread of both workers.
            dura = segundos if tramo >= 0 else min(segundos, 1)
            ms, por_segundo = _a_la_vez(clientes, sitio.acciones[accion], desde, dura)
            if tramo >= 0:
                series[sitio.llave].ms += ms
                series[sitio.llave].por_segundo.append(por_segundo)
            # What a site keeps in a browser between pages stays in that browser.
            for n, cliente in enumerate(clientes):
                sitio.sesiones[quien, n] = cliente.cookies
                cliente.cerrar()
        desde += 1000
    return series


def _a_la_vez(clientes, accion, desde, segundos) -> tuple[list, float]:
    listos = threading.Barrier(len(clientes) + 1)
    tiempos = [[] for _ in clientes]
    errores = []
    fin = threading.Event()

    def pedir(n, cliente):
        # Each has its own cases: they come in groups of as many as there are clients.
        turno = desde * len(clientes) + n
        listos.wait()
        while not fin.is_set():
            try:
                tiempos[n].append(accion(cliente, turno).ms)
            except BaseException as error:
                errores.append(error)
                fin.set()
            turno += len(clientes)

    hilos = [threading.Thread(target=pedir, args=par, daemon=True) for par in enumerate(clientes)]
    for hilo in hilos:
        hilo.start()
    listos.wait()
    inicio = perf_counter()
    fin.wait(segundos)
    fin.set()
    for hilo in hilos:
        hilo.join()
    pasado = perf_counter() - inicio
    if errores:
        raise errores[0]
    return [ms for lista in tiempos for ms in lista], sum(map(len, tiempos)) / pasado


def pares(sitios: list[Sitio], pagina: Pagina) -> list[tuple[Sitio, str, str]]:
    """The floor and every checkout, each with its action and its person for this page."""
    return [
        (s, pagina.piso, "ventas") if s.nombre == "floor" else (s, pagina.clave, pagina.quien)
        for s in sitios
    ]
