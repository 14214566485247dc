"""What there is to attack: every address of the resolver, every form of the pages. Nothing is named here.

A page, a form or a field that is added is found by itself; so is a new parameter of an address, by its name.
"""

import re
from collections import Counter, deque
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from django.apps import apps
from django.urls import get_resolver
from django.utils.regex_helper import normalize

POR_FORMA, CASOS_POR_PERSONA, PAGINAS = 2, 20, 260


# -- addresses -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Direccion:
    nombre: str
    plantilla: str  # "casos/%(folio)s/"
    parametros: tuple[str, ...]

    def con(self, valores: dict) -> str:
        return "/" + self.plantilla % valores


def direcciones() -> list[Direccion]:
    """Every pattern of the root, with what it includes."""

    def recorrer(patrones, prefijo, espacio):
        for patron in patrones:
            plantilla, parametros = normalize(patron.pattern.regex.pattern.lstrip("^"))[0]
            if hasattr(patron, "url_patterns"):
                dentro = ":".join(filter(None, (espacio, patron.namespace)))
                yield from recorrer(patron.url_patterns, prefijo + plantilla, dentro)
                continue
            nombre = patron.name or str(patron.pattern)
            partes = tuple(re.findall(r"%\((\w+)\)s", prefijo + plantilla))
            yield Direccion(
                f"{espacio}:{nombre}" if espacio else nombre, prefijo + plantilla, partes
            )

    return list(recorrer(get_resolver().url_patterns, "", ""))


def modelo_de(direccion: Direccion, parametro: str) -> str | None:
    """The model whose row a parameter names, by the words of the address; ``None`` where none says so."""
    modelos = {m._meta.model_name for m in apps.get_app_config("casos").get_models()}
    de_panel = re.fullmatch(r"admin:casos_(\w+?)_(?:\w+)", direccion.nombre)
    if de_panel and parametro in ("object_id", "pk"):
        return de_panel[1]
    propios = {"persona": "personacontacto", "vista": "vistaguardada", "archivo": "adjunto"}
    palabras = [parametro, *re.split(r"[_:]", direccion.nombre)]
    for palabra in palabras:
        if (modelo := propios.get(palabra, palabra)) in modelos:
            return modelo
    return None


# -- forms -----------------------------------------------------------------------------------------


@dataclass
class Campo:
    nombre: str
    clase: str  # of its input, or "select", "textarea", "boton"
    valor: str = ""
    opciones: list[str] = field(default_factory=list)


@dataclass
class Formulario:
    quien: str
    pagina: str
    metodo: str
    accion: str
    multiparte: bool
    campos: list[Campo] = field(default_factory=list)

    @property
    def forma(self) -> tuple:
        return (self.quien, self.metodo, forma(self.accion))


class Lector(HTMLParser):
    """The forms and the links of a page."""

    def __init__(self, quien: str, pagina: str):
        super().__init__()
        self.quien, self.pagina = quien, pagina
        self.formularios: list[Formulario] = []
        self.enlaces: list[str] = []
        self._form: Formulario | None = None
        self._campo: Campo | None = None

    def handle_starttag(self, tag, attrs):
        a = {k: v or "" for k, v in attrs}
        self.enlaces += [a[k] for k in ("href", "data-hx-get") if a.get(k)]
        if tag == "form":
            self._form = Formulario(
                self.quien,
                self.pagina,
                a.get("method", "get").upper(),
                urljoin(self.pagina, a.get("action") or self.pagina),
                "multipart" in a.get("enctype", ""),
            )
            self.formularios.append(self._form)
        elif self._form is None:
            return
        elif tag in ("input", "button") and a.get("name"):
            clase = "boton" if tag == "button" else a.get("type", "text").lower()
            clase = "boton" if clase in ("submit", "image") else clase
            campo = Campo(a["name"], clase, a.get("value", "on" if clase == "checkbox" else ""))
            if clase == "radio" and (otro := self._ya(a["name"])):
                otro.opciones.append(campo.valor)
                return
            campo.opciones = [campo.valor] if clase == "radio" else []
            self._form.campos.append(campo)
        elif tag in ("select", "textarea") and a.get("name"):
            self._campo = Campo(a["name"], tag)
            self._form.campos.append(self._campo)
        elif tag == "option" and self._campo:
            self._campo.opciones.append(a.get("value", ""))
            if "selected" in a:
                self._campo.valor = a.get("value", "")

    def _ya(self, nombre: str) -> Campo | None:
        return next((c for c in self._form.campos if c.nombre == nombre), None)

    def handle_data(self, data):
        if self._campo and self._campo.clase == "textarea":
            self._campo.valor += data

    def handle_endtag(self, tag):
        if tag == "form":
            self._form = None
        elif tag in ("select", "textarea"):
            self._campo = None


def leer(quien: str, pagina: str, html: str) -> Lector:
    lector = Lector(quien, pagina)
    lector.feed(html)
    return lector


# -- pages -----------------------------------------------------------------------------------------


def forma(url: str) -> str:
    """Pages that differ in a key or a folio are drawn alike; each step of a case is a page of its own."""
    return re.sub(r"SV-\d+-\d+|\d+", "N", urlsplit(url).path)


def rastrear(quien: str, pedir, tope=PAGINAS) -> tuple[list[str], list[Formulario]]:
    """The addresses and forms that ``quien`` meets by links alone; ``pedir(url)`` → the page, or nothing."""
    por_ver, vistas, formas = deque(["/"]), {"/"}, Counter(["/"])
    formularios, de_forma = [], Counter()
    while por_ver and len(vistas) < tope:
        url = por_ver.popleft()
        html = pedir(url)
        if not html:
            continue
        lector = leer(quien, url, html)
        for formulario in lector.formularios:
            de_forma[formulario.forma] += 1
            if de_forma[formulario.forma] <= POR_FORMA:
                formularios.append(formulario)
        for enlace in lector.enlaces:
            destino = urljoin(url, enlace).partition("#")[0]
            partes = urlsplit(destino)
            if partes.netloc or partes.scheme or partes.path.startswith("/static/"):
                continue
            tope_de_forma = CASOS_POR_PERSONA if forma(destino) == "/casos/N/" else POR_FORMA
            if destino not in vistas and formas[forma(destino)] < tope_de_forma:
                vistas.add(destino)
                formas[forma(destino)] += 1
                por_ver.append(destino)
    return sorted(vistas), formularios
