"""Connections that hold on: half a head, half a body, nothing at all, an answer that nobody reads."""

import socket
import threading
import time

CABEZA = b"GET /cuenta/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Relleno: " + b"a" * 4000
CUERPO = (
    b"POST /cuenta/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 4000\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\n\r\n"
)
NO_LEE = b"GET /cuenta/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 50


class Lentas:
    """``with Lentas(puerto, cabezas=25, …) as l``: they drip until the block ends or they are hung up on."""

    def __init__(self, puerto, cabezas=0, cuerpos=0, calladas=0, sin_leer=0, de_a=1, cada=2.0):
        self.puerto, self.de_a, self.cada = puerto, de_a, cada
        self._abre = (
            [(CABEZA, 60)] * cabezas + [(CUERPO, len(CUERPO))] * cuerpos + [(b"", 0)] * calladas
        )
        self._abre += [(NO_LEE, len(NO_LEE))] * sin_leer
        self.colgadas, self._fin = [], threading.Event()  # seconds that each one lasted

    def __enter__(self):
        self._vivas = []
        for texto, de_golpe in self._abre:
            enchufe = socket.create_connection(("127.0.0.1", self.puerto), timeout=30)
            enchufe.sendall(texto[:de_golpe])
            self._vivas.append([enchufe, texto, de_golpe, time.monotonic()])
        self._hilo = threading.Thread(target=self._gotear, daemon=True)
        self._hilo.start()
        return self

    def __exit__(self, *_):
        self._fin.set()
        self._hilo.join()
        for enchufe, *_ in self._vivas:
            enchufe.close()

    @property
    def vivas(self) -> int:
        return len(self._vivas)

    def _gotear(self):
        while not self._fin.wait(self.cada):
            for una in list(self._vivas):
                if self._colgaron(una):
                    self.colgadas.append(time.monotonic() - una[3])
                    una[0].close()
                    self._vivas.remove(una)

    def _colgaron(self, una) -> bool:
        enchufe, texto, van, _ = una
        try:
            if texto is CABEZA:
                enchufe.sendall(texto[van : van + self.de_a] or b"a")
            elif texto is CUERPO:
                enchufe.sendall(b"a" * self.de_a)
            una[2] = van + self.de_a
            if texto is NO_LEE:
                return False
            enchufe.setblocking(False)
            try:
                return enchufe.recv(1000) == b""
            finally:
                enchufe.settimeout(30)
        except BlockingIOError:
            return False
        except OSError:
            return True
