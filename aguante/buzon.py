"""A mail server on loopback that keeps what it takes, and misbehaves in nine ways.

Its own, on plain sockets: a fault is a byte that is not sent, which a library would send.
"""

import re
import socketserver
import threading
import time
from collections import Counter

MODOS = {
    "421 at the greeting": "421",
    "451 for each address": "451",
    "550 for one address": "550",
    "cuts after DATA": "corta",
    "a second for each mail": "lento",
    "silent at the greeting": "mudo",
    "silent in DATA": "mudo_en_data",
    "552 for the sender": "552",
    "away for a week": "semana",
}
BIEN = "bien"


class Buzon(socketserver.ThreadingTCPServer):
    """``with Buzon() as b``: listens at ``b.puerto``; ``b.modo`` says how it behaves."""

    allow_reuse_address = daemon_threads = True
    block_on_close = False

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Trato)
        self.puerto = self.server_address[1]
        self.modo, self.rechaza, self.intentos = BIEN, "", 0
        self.recibidos, self._candado = Counter(), threading.Lock()  # Message-ID → times

    def __enter__(self):
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()

    def guardar(self, texto: bytes) -> None:
        cual = re.search(rb"^Message-ID:\s*(\S+)", texto, re.M | re.I)
        with self._candado:
            self.recibidos[cual[1].decode() if cual else ""] += 1


class _Trato(socketserver.StreamRequestHandler):
    timeout = 60

    def handle(self):
        buzon = self.server
        buzon.intentos += 1
        if buzon.modo in ("mudo", "semana"):
            # A week away is refused at once, so that it does not last a week.
            self._callar("mudo") if buzon.modo == "mudo" else None
            return
        if buzon.modo == "421":
            return self._decir("421 Ahora no")
        self._decir("220 buzon")
        try:
            while linea := self.rfile.readline(2000):
                if self._contestar(linea.strip().upper(), linea):
                    return
        except OSError:
            return

    def _contestar(self, orden: bytes, linea: bytes) -> bool:
        """True: it hangs up."""
        modo = self.server.modo
        if orden.startswith(b"MAIL") and modo == "552":
            self._decir("552 Buzón lleno")
        elif orden.startswith(b"RCPT") and modo == "451":
            self._decir("451 Intente más tarde")
        elif (
            orden.startswith(b"RCPT")
            and modo == "550"
            and self.server.rechaza.upper().encode() in orden
        ):
            self._decir("550 No existe")
        elif orden.startswith(b"DATA"):
            return self._texto(modo)
        elif orden.startswith(b"QUIT"):
            self._decir("221 Adiós")
            return True
        else:
            self._decir("250 bien")
        return False

    def _texto(self, modo: str) -> bool:
        self._decir("354 va")
        lineas = []
        while (linea := self.rfile.readline()) not in (b".\r\n", b""):
            lineas.append(linea)
        if not linea:
            return True  # it was cut in the middle: not taken
        if modo == "mudo_en_data":
            self._callar(modo)
            return True
        if modo == "lento":
            time.sleep(1)
        self.server.guardar(b"".join(lineas))
        if modo == "corta":
            return True
        self._decir("250 guardado")
        return False

    def _callar(self, modo: str):
        while self.server.modo == modo:
            time.sleep(0.1)

    def _decir(self, texto: str):
        try:
            self.wfile.write(f"{texto}\r\n".encode())
        except OSError:
            pass
