"""HTTP by hand: what is sent goes out byte by byte, also what no client would send."""

import gzip
import re
import shlex
import socket
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from time import perf_counter

ANFITRION = "127.0.0.1"
PLAZO = 30
SIN_RESPUESTA = 0
_METODO = re.compile(r"[A-Z]{3,20}\Z")
# gunicorn's limits: what goes past them is refused by the web server itself, in its own words.
RENGLON, CABECERA, CABECERAS = 4094, 8190, 100


@dataclass(frozen=True)
class Peticion:
    """A request as it will be sent. ``cruda``: these bytes and no others."""

    clase: str
    quien: str  # "" for nobody
    metodo: str
    ruta: str
    cabeceras: tuple[tuple[str, str], ...] = ()
    cuerpo: bytes = b""
    nota: str = ""
    cruda: bytes | None = None
    ajena: bool = False  # of somebody else: it may be neither answered nor done

    def bytes(self) -> bytes:
        if self.cruda is not None:
            return self.cruda
        renglones = [f"{self.metodo} {self.ruta} HTTP/1.1"]
        renglones += [f"{n}: {v}" for n, v in self.cabeceras]
        cabeza = "\r\n".join(renglones).encode("latin-1", "replace") + b"\r\n\r\n"
        return cabeza + self.cuerpo

    @property
    def es_deforme(self) -> bool:
        """Whether the web server may refuse it before the product sees it."""
        largas = any(len(n) + len(v) > CABECERA - 10 for n, v in self.cabeceras)
        raras = any(re.search(r"[\x00-\x08\x0a-\x1f\x7f]", n + v) for n, v in self.cabeceras)
        renglon = f"{self.metodo} {self.ruta} HTTP/1.1"
        return (
            self.cruda is not None
            or largas
            or raras
            or len(self.cabeceras) > CABECERAS - 5
            or len(renglon) > RENGLON - 10
            or not _METODO.match(self.metodo)
            or bool(re.search(r"[^\x21-\x7e]", self.ruta))
            or self._estorba()
        )

    def _estorba(self) -> bool:
        """Whether a header that frames the message says what no client would."""
        dicho = {n.lower(): v for n, v in self.cabeceras}
        largo = dicho.get("content-length", "0")
        return (
            "transfer-encoding" in dicho
            or "expect" in dicho
            or not (largo.isascii() and largo.isdigit())
            or int(largo) != len(self.cuerpo)
        )

    def curl(self, puerto: int, carpeta: Path, numero: int) -> str:
        """A line that sends it again; its bytes are left in ``carpeta`` where a shell would spoil them."""
        if self.cruda is not None:
            archivo = carpeta / f"{numero}.peticion"
            archivo.write_bytes(self.cruda)
            return f"nc -q 5 {ANFITRION} {puerto} < {archivo}"
        partes = ["curl", "-sS", "-i", "--path-as-is", "-X", self.metodo]
        for nombre, valor in self.cabeceras:
            if nombre not in ("Content-Length", "Connection"):
                partes += ["-H", f"{nombre}: {valor}"]
        if self.cuerpo:
            archivo = carpeta / f"{numero}.cuerpo"
            archivo.write_bytes(self.cuerpo)
            partes += ["--data-binary", f"@{archivo}"]
        return shlex.join([*partes, f"http://{ANFITRION}:{puerto}{self.ruta}"])


@dataclass(frozen=True)
class Respuesta:
    estado: int
    cabeceras: tuple[tuple[str, str], ...] = ()
    cuerpo: bytes = b""
    segundos: float = 0.0
    error: str = ""

    def cabecera(self, nombre: str) -> str:
        return next((v for n, v in self.cabeceras if n.lower() == nombre.lower()), "")

    def todas(self, nombre: str) -> list[str]:
        return [v for n, v in self.cabeceras if n.lower() == nombre.lower()]

    @property
    def tipo(self) -> str:
        return self.cabecera("Content-Type").partition(";")[0].strip().lower()

    @property
    def texto(self) -> str:
        return self.cuerpo.decode("utf-8", "replace")


class Cable:
    """Sends to a port of this machine, a connection for each request."""

    def __init__(self, puerto: int):
        self.puerto = puerto
        self.anfitrion = f"{ANFITRION}:{puerto}"

    def enviar(self, peticion: Peticion) -> Respuesta:
        inicio = perf_counter()
        try:
            estado, cabeceras, cuerpo = self._hablar(peticion)
        except (OSError, HTTPException, ValueError) as error:
            # It may refuse before all has been sent, and close: that is an answer too.
            dicho = f"{type(error).__name__}: {error}"
            return Respuesta(SIN_RESPUESTA, segundos=perf_counter() - inicio, error=dicho[:200])
        return Respuesta(estado, cabeceras, cuerpo, perf_counter() - inicio)

    def _hablar(self, peticion: Peticion):
        with socket.create_connection((ANFITRION, self.puerto), timeout=PLAZO) as enchufe:
            try:
                enchufe.sendall(peticion.bytes())
            except (BrokenPipeError, ConnectionResetError):
                pass  # what it had to say may be there to be read
            if peticion.cruda is not None:
                enchufe.settimeout(3)  # half a request waits for its other half
                enchufe.shutdown(socket.SHUT_WR)
            leida = HTTPResponse(enchufe, method=peticion.metodo)
            leida.begin()
            cuerpo = leida.read()
            cabeceras = tuple(leida.getheaders())
        if leida.getheader("Content-Encoding") == "gzip":
            cuerpo = gzip.decompress(cuerpo)
        return leida.status, cabeceras, cuerpo
