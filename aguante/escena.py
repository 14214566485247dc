"""The product standing: its database, its two processes, its mail server, and people at work in it."""

import threading
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from casos.correo import bandeja_de_salida

from . import cuenta
from .buzon import Buzon
from .gente import Cuaderno, Equipo
from .procesos import Proceso, hasta_que_sirva


@dataclass
class Fila:
    """A line of the table: what was broken, and what came of it."""

    falla: str
    veces: int
    pasos: int
    perdidos: int
    a_medias: int
    correos: int
    sin_llegar: int
    dobles: int
    segundos: list[float]
    visto: Counter
    bitacora: str = ""

    @property
    def bien(self) -> bool:
        return not (self.perdidos or self.a_medias or self.sin_llegar or self.bitacora)


@dataclass
class Escena:
    raiz: Path
    variables: dict[str, str]
    web: Proceso
    trabajador: Proceso
    buzon: Buzon
    contratos: list[tuple[int, int]]  # client and contract, one pair for each who walks
    cuaderno: Cuaderno = field(default_factory=Cuaderno)
    patron: Counter = field(default_factory=Counter)
    mal: list[str] = field(default_factory=list)  # what broke somebody who walked

    def empezar(self):
        """People enter, and one case is walked in peace: what all the others must look like."""
        self.equipos = [Equipo(self.web.puerto, self.cuaderno, *c) for c in self.contratos]
        for equipo in self.equipos:
            equipo.entrar()
        self.patron = cuenta.firma(self.equipos[0].caminar())
        self.vaciar()

    @contextmanager
    def caminando(self, cuantos: int):
        """They walk case after case; each ends the one at hand before it stops."""
        basta = threading.Event()

        def caminar(equipo: Equipo):
            try:
                while True:
                    equipo.caminar()
                    if basta.is_set():
                        return
            except Exception as error:
                self.mal.append(f"{type(error).__name__}: {error}")
            finally:
                cuenta.de_nuevo()

        hilos = [threading.Thread(target=caminar, args=(e,)) for e in self.equipos[:cuantos]]
        for hilo in hilos:
            hilo.start()
        try:
            yield
        finally:
            basta.set()
            for hilo in hilos:
                hilo.join()

    def medir(self, falla: str, romper, caminan: int = 2) -> Fila:
        """``romper()`` breaks and mends while people walk; returns times broken and seconds until it served."""
        desde = self.marcar()
        with self.caminando(caminan):
            veces, segundos = romper()
        hasta_que_sirva(self.web.puerto)
        cuenta.de_nuevo()
        self.vaciar()
        return self.contar(falla, desde, veces, segundos)

    def marcar(self) -> tuple[int, int, int, int]:
        """From where the next line counts."""
        cuenta.de_nuevo()
        de = self.cuaderno
        return cuenta.ultimo_aviso(), len(de.pasos), len(de.casos), len(de.visto)

    def contar(self, falla: str, desde, veces: int, segundos: list[float]) -> Fila:
        cuenta.de_nuevo()
        aviso, p, c, v = desde
        pasos = self.cuaderno.pasos[p:]
        correos = cuenta.correos(self.buzon, aviso)
        return Fila(
            falla,
            veces,
            len(pasos),
            len(cuenta.perdidos(pasos)),
            len(cuenta.distintos(self.cuaderno.casos[c:], self.patron)),
            correos["escritos"],
            correos["sin_llegar"],
            correos["dobles"],
            segundos,
            Counter(v.que for v in self.cuaderno.visto[v:]),
            cuenta.bitacora(self.raiz, self.variables),
        )

    def faltan(self) -> int:
        return cuenta.por_salir()

    def vaciar(self, espera: float = 20) -> float:
        """Until every mail has left; what a killed worker had taken is given back without waiting its lease."""
        inicio, despierto = time.monotonic(), 0.0
        while cuenta.por_salir():
            pasan = time.monotonic() - inicio
            if pasan > espera:
                self.trabajador.detener()
                cuenta.vencer_arriendos()
                self.trabajador.seguir()
                espera = pasan + 30
            if time.monotonic() - despierto > 3:
                despierto = time.monotonic()
                bandeja_de_salida.despertar()
            if pasan > 180:
                self.mal.append(f"{cuenta.por_salir()} correos no salieron.")
                break
            time.sleep(0.2)
        return time.monotonic() - inicio
