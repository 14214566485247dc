"""What every answer owes, whoever asked and whatever they sent. It says what is wrong with one, in words."""

import io
import re
from functools import lru_cache
from html import unescape
from urllib.parse import urlsplit
from zipfile import BadZipFile, ZipFile

from tests.test_entradas_malas import INGLES

from . import maldades
from .cable import SIN_RESPUESTA, Peticion, Respuesta
from .mundo import Mundo

LENTA = 2.0  # seconds
HECHO = (201, 204, 302, 303)
# As they were sent: where one of these is in a page, something was not escaped.
CRUDO = re.compile(
    r"<xq\d|[\"'] onfocus=xq|(?:href|src|action)=[\"']?\s*(?:javascript|data):|(?<![a-z0-9]{4})49xq",
    re.I,
)
CRUDO_TAL_VEZ = (maldades.MARCA, "javascript:", "data:")
DE_DENTRO = re.compile(
    r"Traceback \(most recent|psycopg2|sqlite3\.|django\.(?:db|core|http)|jinja2\.|/site-packages/|"
    r"root:x:0:|SECRET_KEY|ProgrammingError|DataError"
)
INYECTADA = re.compile(r"x-xq|inyectada|bcc", re.I)
FOLIO = re.compile(r"SV-\d{4}-\d{6}")
_SIN_TEXTO = re.compile(r"(?s)<(script|style|textarea|select)\b.*?</\1>|<head>.*?</head>")
_ETIQUETA = re.compile(r"(?s)<[^>]*>")
# In small letters and without bounds it is found ten times faster than what it stands for.
_INGLES_TAL_VEZ = re.compile(
    "this field|select a|enter a|ensure th|required|not found|forbidden|bad request|server error|please|"
    "not exist|must be|already exists|the submitted|invalid|your account|password"
)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORMULA = re.compile(rb"<f[ >/]")


def es_hecho(peticion: Peticion, respuesta: Respuesta) -> bool:
    """Whether it was accepted: then, and only then, something of the product may have changed."""
    if respuesta.estado not in HECHO or peticion.metodo in ("GET", "HEAD", "OPTIONS", "TRACE"):
        return False
    return not lleva_a_entrar(respuesta)


def lleva_a_entrar(respuesta: Respuesta) -> bool:
    destino = respuesta.cabecera("Location") or respuesta.cabecera("HX-Redirect")
    return urlsplit(destino).path in ("/cuenta/login/", "/cuenta/reauthenticate/")


def _leyo_sus_avisos(p: Peticion, r: Respuesta, cambios: list[str]) -> bool:
    """Who opens a case has read what waited for the morning's letter: it will not come twice."""
    return p.metodo == "GET" and r.estado == 200 and cambios == ["casos_aviso"]


def _es_un_aviso_de_intentos(peticion: Peticion, cambios: list[str]) -> bool:
    """A series of wrong passwords or codes is refused, and the person is told by mail."""
    donde = peticion.ruta.startswith(("/cuenta/login/", "/cuenta/2fa/", "/cuenta/reauthenticate/"))
    return donde and set(cambios) <= {"casos_aviso", "django_q_ormq"}


class Juez:
    def __init__(self, mundo: Mundo, anfitrion: str):
        self.mundo, self.anfitrion = mundo, anfitrion
        self._ocultas: dict[str, dict[str, str]] = {}

    def faltas(self, p: Peticion, r: Respuesta, cambios: list[str]) -> list[str]:
        """``cambios``: tables that this request left otherwise."""
        if r.estado == SIN_RESPUESTA:
            return [] if p.es_deforme else [f"sin respuesta: {r.error}"]
        faltas = [f"{r.estado}"] if r.estado >= 500 and not p.es_deforme else []
        if self.es_del_servidor(p, r):
            return faltas
        faltas += self._cabeceras(r)
        faltas += self._adonde(p, r)
        if r.tipo.startswith("text/") or r.tipo == "application/json":
            faltas += self._cuerpo(p, r)
        elif r.tipo == XLSX and p.metodo != "HEAD":
            faltas += _libro(r.cuerpo)
        es_de_lo_normal = _es_un_aviso_de_intentos(p, cambios) or _leyo_sus_avisos(p, r, cambios)
        if cambios and not es_hecho(p, r) and not es_de_lo_normal:
            faltas.append(f"{r.estado} y cambió {', '.join(cambios)}")
        if p.ajena and (200 <= r.estado < 300 or es_hecho(p, r)) and p.metodo != "OPTIONS":
            if cambios or r.estado == 200:
                faltas.append(f"lo ajeno se atendió ({r.estado})")
        return faltas

    @staticmethod
    def es_del_servidor(p: Peticion, r: Respuesta) -> bool:
        """HTTP so wrong that the web server refused it by itself, before the product."""
        return p.es_deforme and r.estado >= 400 and not r.cabecera("X-Robots-Tag")

    @staticmethod
    def _cabeceras(r: Respuesta) -> list[str]:
        faltas = []
        if r.cabecera("X-Content-Type-Options") != "nosniff":
            faltas.append("sin nosniff")
        politica = r.cabecera("Content-Security-Policy")
        if "default-src 'none'" not in politica:
            faltas.append("sin CSP")
        elif "frame-ancestors 'none'" not in politica and "sandbox" not in politica:
            faltas.append("CSP sin frame-ancestors")
        if r.tipo.startswith("text/") and "charset=" not in r.cabecera("Content-Type"):
            faltas.append(f"sin charset: {r.cabecera('Content-Type')}")
        for nombre, valor in r.cabeceras:
            if INYECTADA.search(nombre):
                faltas.append(f"cabecera inyectada: {nombre}: {valor[:60]}")
        for galleta in r.todas("Set-Cookie"):
            if "max-age=0" in galleta.lower():
                continue  # taken away
            if "samesite=" not in galleta.lower():
                faltas.append(f"cookie sin SameSite: {galleta[:30]}")
            if re.match(r"[\w-]*(sessionid|quien)=", galleta) and "httponly" not in galleta.lower():
                faltas.append(f"cookie sin HttpOnly: {galleta[:30]}")
        return faltas

    def _adonde(self, p: Peticion, r: Respuesta) -> list[str]:
        """A redirection stays in the house, whichever header it is in."""
        faltas = []
        for nombre in (
            "Location",
            "HX-Redirect",
            "HX-Location",
            "HX-Push-Url",
            "Refresh",
            "Content-Location",
        ):
            destino = r.cabecera(nombre)
            if not destino:
                continue
            try:
                partes = urlsplit(destino.replace("\\", "/"))
            except ValueError:
                partes = urlsplit("//x")
            if partes.netloc not in ("", self.anfitrion) or partes.scheme not in ("", "http"):
                faltas.append(f"{nombre} lleva fuera: {destino[:80]}")
        return faltas

    def _cuerpo(self, p: Peticion, r: Respuesta) -> list[str]:
        texto, faltas = r.texto, []
        if r.tipo == "text/html":
            bajo = texto.lower()
            if any(m in bajo for m in CRUDO_TAL_VEZ) and (crudo := CRUDO.search(texto)):
                faltas.append(f"sin escapar: {_cerca(texto, crudo)}")
            visible = _visible(texto)
            if _INGLES_TAL_VEZ.search(visible.lower()) and (ingles := INGLES.search(visible)):
                faltas.append(f"en inglés: {_cerca(visible, ingles)}")
        if dentro := DE_DENTRO.search(texto):
            faltas.append(f"se ve por dentro: {_cerca(texto, dentro)}")
        return faltas + self._lo_oculto(p, texto)

    def _lo_oculto(self, p: Peticion, texto: str) -> list[str]:
        """Words planted where this person may not look, and folios of cases that they may not see."""
        quien = p.quien
        if quien not in self._ocultas:
            self._ocultas[quien] = self.mundo.ocultas(quien)
        dichas = [w for w in self._ocultas[quien] if w in texto]
        folios = set(FOLIO.findall(texto)) - self.mundo.visibles[quien]
        folios -= set(FOLIO.findall(p.bytes().decode("latin-1")))
        if not dichas and not folios:
            return []
        # What was accepted meanwhile may have shown it to them.
        self.mundo.leer()
        self._ocultas = {quien: self.mundo.ocultas(quien)}
        dichas = [w for w in self._ocultas[quien] if w in texto]
        folios = (folios & set(self.mundo.folios)) - self.mundo.visibles[quien]
        faltas = [f"se lee «{w}», de {self._ocultas[quien][w]}" for w in dichas]
        return faltas + [f"se lee el folio {f}, que no ve" for f in sorted(folios)]


@lru_cache(maxsize=64)
def _visible(texto: str) -> str:
    """Without addresses, which speak no language."""
    return re.sub(r"\S+@\S+", " ", unescape(_ETIQUETA.sub(" ", _SIN_TEXTO.sub(" ", texto))))


def _cerca(texto: str, hallado: re.Match) -> str:
    return " ".join(texto[max(0, hallado.start() - 40) : hallado.end() + 40].split())


def _libro(contenido: bytes) -> list[str]:
    """A workbook that goes out holds no formula, whatever was typed."""
    try:
        with ZipFile(io.BytesIO(contenido)) as libro:
            hojas = [n for n in libro.namelist() if "/sheet" in n and n.endswith(".xml")]
            con = [n for n in hojas if _FORMULA.search(libro.read(n))]
    except BadZipFile:
        return ["un libro que no se abre"]
    return [f"fórmula en {n}" for n in con]
