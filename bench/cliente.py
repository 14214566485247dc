"""The HTTP client that drives every site alike: keep-alive, cookies, gzip, forms read as a browser does."""

import gzip
import http.client
import re
from dataclasses import dataclass
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from time import perf_counter
from urllib.parse import urlencode

ANFITRION = "127.0.0.1"
# A server closes what has been idle; a new connection is no part of a page's time.
OCIO = 1.0
PLAZO = 60
FORMULARIO = "application/x-www-form-urlencoded"


class Fallo(Exception):
    """A site answered what a page never answers: the measure would mean nothing."""


@dataclass(frozen=True)
class Respuesta:
    estado: int
    ms: float  # from the first byte sent to the last one read
    cuerpo: bytes  # as it travelled
    ruta: str
    destino: str = ""  # of a redirect
    comprimido: bool = False

    @property
    def html(self) -> str:
        return (gzip.decompress(self.cuerpo) if self.comprimido else self.cuerpo).decode()


class Cliente:
    """One browser: its connection and its cookies."""

    def __init__(self, puerto: int, cookies: dict | None = None):
        self.puerto, self.cookies = puerto, dict(cookies or {})
        self._conexion, self._usada = None, 0.0

    def ver(self, ruta: str) -> Respuesta:
        return self._pedir("GET", ruta, None, 200)

    def enviar(self, ruta: str, datos: dict, desde: str) -> Respuesta:
        """Post a form as the page at ``desde`` does; raises ``Fallo`` unless it is redirected."""
        return self._pedir("POST", ruta, urlencode(datos, doseq=True).encode(), 302, desde)

    def subir(self, ruta: str, datos: dict, campo: str, archivo: bytes, desde: str) -> Respuesta:
        """The same with a file."""
        raya = "bench-raya-0123456789"
        partes = [
            f'--{raya}\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n'.encode()
            for n, v in datos.items()
        ]
        cabeza = f'--{raya}\r\nContent-Disposition: form-data; name="{campo}"; filename="bench.xlsx"\r\n\r\n'
        cuerpo = b"".join([*partes, cabeza.encode(), archivo, f"\r\n--{raya}--\r\n".encode()])
        return self._pedir(
            "POST", ruta, cuerpo, 302, desde, f"multipart/form-data; boundary={raya}"
        )

    def cerrar(self) -> None:
        if self._conexion is not None:
            self._conexion.close()
            self._conexion = None

    def _pedir(self, metodo, ruta, cuerpo, esperado, desde="", tipo=FORMULARIO) -> Respuesta:
        conexion = self._conectada()
        cabeceras = {
            "Accept": "text/html,application/xhtml+xml",
            "Accept-Encoding": "gzip",
            "Accept-Language": "es-MX",
            "Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()),
        }
        if cuerpo is not None:
            origen = f"http://{ANFITRION}:{self.puerto}"
            cabeceras |= {
                "Content-Type": tipo,
                "Origin": origen,
                "Referer": origen + desde,
            }
        inicio = perf_counter()
        conexion.request(metodo, ruta, cuerpo, cabeceras)
        respuesta = conexion.getresponse()
        leido = respuesta.read()
        self._usada = perf_counter()
        ms = (self._usada - inicio) * 1000
        if respuesta.will_close:
            self.cerrar()
        self._recordar(respuesta.headers.get_all("Set-Cookie") or ())
        hecha = Respuesta(
            respuesta.status,
            ms,
            leido,
            ruta,
            respuesta.headers.get("Location", ""),
            respuesta.headers.get("Content-Encoding") == "gzip",
        )
        if hecha.estado != esperado or "/login/" in hecha.destino:
            raise Fallo(f"{metodo} {ruta}: {hecha.estado} {hecha.destino}\n{_dice(hecha)}")
        return hecha

    def _conectada(self):
        if self._conexion is not None and perf_counter() - self._usada > OCIO:
            self.cerrar()
        if self._conexion is None:
            self._conexion = http.client.HTTPConnection(ANFITRION, self.puerto, timeout=PLAZO)
            self._conexion.connect()
            self._usada = perf_counter()
        return self._conexion

    def _recordar(self, cabeceras) -> None:
        for cabecera in cabeceras:
            for nombre, dado in SimpleCookie(cabecera).items():
                if dado["max-age"] == "0" or not dado.value:
                    self.cookies.pop(nombre, None)
                else:
                    self.cookies[nombre] = dado.coded_value


def _dice(respuesta: Respuesta) -> str:
    """The words of a page that should not have come: enough to see why."""
    principal = re.search(r"<main.*?</main>", respuesta.html, re.S)
    texto = re.sub(r"<[^>]+>", " ", principal[0] if principal else respuesta.html)
    return " ".join(texto.split())[:600]


# -- forms -----------------------------------------------------------------------------------------


@dataclass
class Formulario:
    """A form of a page, with what a browser would send of it untouched."""

    accion: str
    datos: dict

    def lleno(self, **valores) -> dict:
        return self.datos | valores


class _Lector(HTMLParser):
    def __init__(self):
        super().__init__()
        self.formularios, self._actual = [], None
        self._lista, self._texto = None, None

    def handle_starttag(self, tag, attrs):
        a = dict(attrs)
        if tag == "form":
            self._actual = Formulario(a.get("action") or "", {})
            if (a.get("method") or "").lower() == "post":
                self.formularios.append(self._actual)
        elif self._actual is None or "disabled" in a:
            return
        elif tag == "input" and a.get("name"):
            self._control(a)
        elif tag == "select" and a.get("name"):
            self._lista = (a["name"], "multiple" in a, [], [])
        elif tag == "option" and self._lista:
            nombre, _, todas, elegidas = self._lista
            (elegidas if "selected" in a else todas).append(a.get("value") or "")
        elif tag == "textarea" and a.get("name"):
            self._texto = (a["name"], [])

    def _control(self, a):
        tipo = (a.get("type") or "text").lower()
        if tipo in ("submit", "button", "reset", "image", "file"):
            return
        if tipo in ("checkbox", "radio") and "checked" not in a:
            return
        valor = a.get("value", "on" if tipo == "checkbox" else "") or ""
        if a["name"] in self._actual.datos and tipo == "checkbox":
            previo = self._actual.datos[a["name"]]
            valor = [*(previo if isinstance(previo, list) else [previo]), valor]
        self._actual.datos[a["name"]] = valor

    def handle_data(self, data):
        if self._texto:
            self._texto[1].append(data)

    def handle_endtag(self, tag):
        if tag == "form":
            self._actual = None
        elif tag == "select" and self._lista:
            nombre, varias, todas, elegidas = self._lista
            if varias:
                if elegidas:
                    self._actual.datos[nombre] = elegidas
            elif elegidas or todas:
                self._actual.datos[nombre] = (elegidas or todas)[0]
            self._lista = None
        elif tag == "textarea" and self._texto:
            self._actual.datos[self._texto[0]] = "".join(self._texto[1]).lstrip("\n")
            self._texto = None


def leer_formulario(respuesta: Respuesta, con: str) -> Formulario:
    """The form of a page that has a field called ``con``; its action, where it has none, is the page."""
    lector = _Lector()
    lector.feed(respuesta.html)
    for formulario in lector.formularios:
        if con in formulario.datos:
            formulario.accion = formulario.accion or respuesta.ruta
            return formulario
    raise Fallo(f"{respuesta.ruta}: no tiene un formulario con «{con}».\n{_dice(respuesta)}")
