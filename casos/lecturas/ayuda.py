"""*Ayuda*: ``docs/manual.md`` is its index and ``docs/manual/`` its pages, read once. No tables.

What helps with each screen stands here too: a table of addresses, and for an act the section that names its button.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

from django.conf import settings
from django.templatetags.static import static
from django.urls import ResolverMatch, reverse
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup, escape

from casos.actos import ETIQUETAS
from casos.archivos.logotipo import medir
from casos.archivos.tipos import WEBP
from casos.busqueda import normalizar
from casos.catalogos import Rol
from casos.models import Area, Usuario

MANUAL, INDICE = (settings.BASE_DIR / "docs" / n for n in ("manual", "manual.md"))
LARGO_CONSULTA, LARGO_DEL_TROZO = 100, 180

# The page that says what each role does, which the person of that role finds first.
DE_ROL = {
    Rol.VEN: "ventas",
    Rol.AC: "atencion",
    Rol.DG: "direccion",
    **dict.fromkeys((Rol.CAL, Rol.AUD), "lectores"),
}

SOLICITUDES = "solicitudes solicitud_nueva solicitud solicitud_acto".split()
DE_UNA_PERSONA = [f"privacidad_{que}" for que in "persona bloquear desbloquear suprimir".split()]
EN_PDF = ("privacidad_persona_pdf", "privacidad_usuario_pdf")
DE_CUENTA = [f"privacidad_{q}" for q in "empresa usuario usuario_aviso usuario_suprimir".split()]
# name of the URL → page and section. An act's page is found by its button; who forgets one, a test tells.
DE_CADA_PANTALLA = {
    "pendientes": "pendientes",
    "casos": "buscar#filtros-y-vistas",
    "nuevo": "registrar",
    "caso": "caso",
    "puntos": "lectores#los-ocho-puntos",
    "expediente_pdf": "caso#el-expediente",
    "expediente_zip": "caso#el-expediente",
    "expediente_cubierto": "caso#el-expediente",
    "conformidad": "lectores#conformidad-de-cada-mes",
    "informes": "tablero#informes-mensuales",
    "informe": "tablero#informes-mensuales",
    "llamada": "caso#registrar-llamada",
    "clientes": "clientes",
    "cliente": "clientes#la-página-de-un-cliente",
    "cliente_nuevo": "clientes#la-página-de-un-cliente",
    "cliente_editar": "clientes#la-página-de-un-cliente",
    "cliente_fusionar": "clientes#repetidos-y-datos-personales",
    "contrato_nuevo": "clientes#la-página-de-un-cliente",
    "contrato_pago": "clientes#cómo-se-paga-su-nómina",
    "contrato_terminar": "clientes#terminar-un-contrato",
    "persona_nueva": "clientes#la-página-de-un-cliente",
    "persona_editar": "clientes#la-página-de-un-cliente",
    "persona_aviso": "clientes#repetidos-y-datos-personales",
    "privacidad": "privacidad",
    **dict.fromkeys(EN_PDF, "privacidad#lo-que-se-guarda-de-una-persona"),
    **dict.fromkeys(DE_CUENTA, "privacidad#personas-de-la-empresa"),
    "conservacion": "privacidad#cuánto-se-conservan",
    **dict.fromkeys(SOLICITUDES, "privacidad#solicitudes-arco"),
    **dict.fromkeys(DE_UNA_PERSONA, "privacidad#bloquear-y-suprimir"),
    "lecturas_sensibles": "privacidad#archivos-sensibles",
    "archivo_ficha": "privacidad#archivos-sensibles",
    "importar": "importar",
    "importacion": "importar",
    "avisos": "correos#correos-enviados",
    "aviso": "correos#correos-enviados",
    "procedimiento": "lectores#lo-que-hay-para-revisar",
    "revision": "lectores#la-instrucción-revisiones-y-acuses",
    "revision_comparar": "lectores#la-instrucción-revisiones-y-acuses",
    "revision_editar": "lectores#la-instrucción-revisiones-y-acuses",
    "revision_casos": "lectores#la-instrucción-revisiones-y-acuses",
    "sellos": "lectores#los-sellos",
    "auditoria": "auditoria",
    "muestra_nueva": "auditoria#las-muestras",
    "muestra": "auditoria#las-muestras",
    "muestra_pdf": "auditoria#el-informe",
    "muestra_caso": "auditoria#la-evidencia-por-cláusula",
    "muestra_nota": "auditoria#la-evidencia-por-cláusula",
    "muestra_hallazgo": "auditoria#los-hallazgos",
    "hallazgos": "auditoria#los-hallazgos",
    "hallazgos_exportar": "auditoria#los-hallazgos",
    "hallazgo_nuevo": "auditoria#los-hallazgos",
    "hallazgo": "auditoria#los-hallazgos",
    "hallazgo_paso": "auditoria#los-hallazgos",
    "distribucion": "lectores#la-instrucción-revisiones-y-acuses",
    "distribucion_pdf": "lectores#la-instrucción-revisiones-y-acuses",
    "anexo_pdf": "lectores#lo-que-hay-para-revisar",
    "anexo_bpmn": "lectores#lo-que-hay-para-revisar",
    "revision_pdf": "lectores#lo-que-hay-para-revisar",
    "tablero": "tablero",
    "cuenta": "entrar#mi-cuenta",
    "cuenta_teclas": "entrar#teclas-rápidas",
    "equipo": "equipo",
    "cuenta_correos": "correos#qué-correos-me-llegan",
    "suplencia_nueva": "suplencias",
    "calendario_crear": "entrar#tu-calendario",
    "account_change_password": "entrar#mi-cuenta",
    "account_reauthenticate": "entrar#mi-cuenta",
    "account_logout": "entrar#mi-cuenta",
    "mfa_index": "entrar#segundo-factor",
    "mfa_activate_totp": "entrar#segundo-factor",
    "mfa_deactivate_totp": "entrar#segundo-factor",
    "mfa_view_recovery_codes": "entrar#segundo-factor",
    "mfa_generate_recovery_codes": "entrar#segundo-factor",
    "segundo_factor": "entrar#segundo-factor",
    "falta_configurar": "administra",
    "estado_del_sistema": "administra",
    "registro_de_seguridad": "administracion#registro-de-seguridad",
}
# model of the panel → page and section; of the others, the panel's own page.
EL_PANEL = "administracion"
DEL_PANEL = {
    "usuario": "administracion#personas-y-áreas",
    "area": "administracion#personas-y-áreas",
    "membresia": "administracion#personas-y-áreas",
    "suplencia": "suplencias",
    "plazo": "administracion#plazos-y-días-inhábiles",
    "diainhabil": "administracion#plazos-y-días-inhábiles",
    "empresa": "administracion#datos-de-la-empresa",
    "clausulaiso": "auditoria#la-evidencia-por-cláusula",
    "cliente": "clientes",
    "contrato": "clientes",
    "personacontacto": "clientes",
    "plazodeconservacion": "privacidad#cuánto-se-conservan",
    "avisoprivacidad": "privacidad#origen-y-aviso-de-privacidad",
    "opinion": "opiniones#dar-opinión",
    "ajuste": "ajustes#contestar-un-ajuste",
    "aviso": "correos#correos-enviados",
    "caso": "caso",
    "evento": "caso#historia",
}


@dataclass
class Seccion:
    ancla: str  # empty: what a page begins with
    titulo: str
    palabras: list[str] = field(default_factory=list)
    botones: set[str] = field(default_factory=set)  # what is set in bold

    @property
    def texto(self) -> str:
        return " ".join("".join(self.palabras).split())


@dataclass(frozen=True)
class Pagina:
    nombre: str
    titulo: str
    html: Markup
    secciones: tuple[Seccion, ...]

    @property
    def url(self) -> str:
        return reverse("ayuda_pagina", args=[self.nombre])

    @property
    def entrada(self) -> str:
        """What is said before its first section."""
        return self.secciones[0].texto

    @property
    def anclas(self) -> list[Seccion]:
        return [s for s in self.secciones if s.ancla]


@dataclass(frozen=True)
class Grupo:
    titulo: str
    paginas: tuple[Pagina, ...]


@dataclass(frozen=True)
class Coincidencia:
    """A section that has all the words, with a piece of what it says."""

    pagina: Pagina
    seccion: Seccion
    trozo: Markup

    @property
    def url(self) -> str:
        return f"{self.pagina.url}#{self.seccion.ancla}" if self.seccion.ancla else self.pagina.url


def ancla_de(titulo: str) -> str:
    """As GitHub names a heading's anchor, so that a link holds there and here."""
    return re.sub(r"[^\w\- ]", "", titulo.strip().lower()).replace(" ", "-")


# -- what is written in the files ------------------------------------------------------------------


def _leer() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")


@cache
def indice() -> tuple[Grupo, ...]:
    """The groups of pages in the order of the manual's index. ``LookupError`` where one is not there."""
    grupos: list[tuple[str, list[Pagina]]] = []
    abierto = ""
    for ficha in _leer().parse(INDICE.read_text(encoding="utf-8")):
        if ficha.type == "heading_open":
            abierto = ficha.tag
        elif ficha.type == "inline" and abierto == "h2":
            grupos.append((ficha.content, []))
            abierto = ""
        elif ficha.type == "inline":
            abierto = ""
            for hijo in ficha.children or ():
                destino = str(hijo.attrGet("href") or "")
                if hijo.type == "link_open" and destino.startswith("manual/"):
                    grupos[-1][1].append(_pagina(destino[len("manual/") :].removesuffix(".md")))
    return tuple(Grupo(titulo, tuple(paginas)) for titulo, paginas in grupos)


def paginas() -> Iterator[Pagina]:
    for grupo in indice():
        yield from grupo.paginas


def pagina(nombre: str) -> Pagina | None:
    return next((p for p in paginas() if p.nombre == nombre), None)


def _pagina(nombre: str) -> Pagina:
    archivo = MANUAL / f"{nombre}.md"
    if not archivo.is_file():
        raise LookupError(f"El índice del manual nombra «{nombre}.md», que no existe.")
    md = _leer()
    fichas = md.parse(archivo.read_text(encoding="utf-8"))
    titulo, cuerpo = fichas[1].content, fichas[3:]  # the page draws its own heading
    secciones = [Seccion("", titulo)]
    en_titulo = False
    for ficha in cuerpo:
        if ficha.type == "heading_open":
            en_titulo = True
        elif ficha.type == "heading_close":
            en_titulo = False
        if ficha.type != "inline":
            continue
        hijos = ficha.children or []
        if en_titulo:
            dicho = "".join(h.content for h in hijos)
            secciones.append(Seccion(ancla_de(dicho), dicho))
        else:
            _anotar(secciones[-1], hijos)
        for hijo in hijos:
            _llevar_aqui(hijo)
    _poner_anclas(cuerpo, secciones[1:])
    html = Markup(md.renderer.render(cuerpo, md.options, {}))  # noqa: S704 (our files; html is off)
    return Pagina(nombre, titulo, html, tuple(secciones))


def _anotar(seccion: Seccion, hijos: Sequence[Token]) -> None:
    negrita = ""
    dentro = False
    for hijo in hijos:
        if hijo.type in ("strong_open", "strong_close"):
            if dentro:
                seccion.botones.add(" ".join(negrita.split()))
            dentro, negrita = hijo.type == "strong_open", ""
        dicho = " " if hijo.type == "softbreak" else hijo.content
        if hijo.type == "image":  # its alternative text says what is seen, not what is done
            continue
        if dentro:
            negrita += dicho
        seccion.palabras.append(dicho if hijo.type != "softbreak" else " ")
    seccion.palabras.append(" ")


def _poner_anclas(fichas: Sequence[Token], secciones: Sequence[Seccion]) -> None:
    abren = [f for f in fichas if f.type == "heading_open"]
    for ficha, seccion in zip(abren, secciones, strict=True):
        ficha.attrSet("id", seccion.ancla)


def _llevar_aqui(hijo: Token) -> None:
    """A link between files leads to the page; a picture to the static file, with its size."""
    if hijo.type == "link_open":
        archivo, _, ancla = str(hijo.attrGet("href")).partition("#")
        destino = _url(archivo.removesuffix(".md")) if archivo else ""
        hijo.attrSet("href", destino + (f"#{ancla}" if ancla else ""))
    elif hijo.type == "image":
        nombre = str(hijo.attrGet("src")).removeprefix("img/")
        ancho, alto = _medida(nombre)
        hijo.attrs |= {
            "src": static(f"ayuda/{nombre}"), "width": ancho, "height": alto, "loading": "lazy",
        }  # fmt: skip


def _medida(nombre: str) -> tuple[int, int]:
    return medir((MANUAL / "img" / nombre).read_bytes(), WEBP)


def _url(nombre: str) -> str:
    return reverse("ayuda_pagina", args=[nombre])


# -- searching -------------------------------------------------------------------------------------


def buscar(q: str) -> list[Coincidencia]:
    """The sections that have every word of ``q``, accents or not; those whose title says it first."""
    palabras = normalizar(q).split()
    if not palabras:
        return []
    hallados: list[tuple[tuple[int, ...], Coincidencia]] = []
    for p in paginas():
        for s in p.secciones:
            de_la_pagina, suyo = normalizar(p.titulo), normalizar(s.titulo)
            todo = f"{de_la_pagina} {suyo} {normalizar(s.texto)}"
            if all(w in todo for w in palabras):
                orden = tuple(-sum(w in t for w in palabras) for t in (suyo, de_la_pagina))
                hallados.append((orden, Coincidencia(p, s, _trozo(s, palabras))))
    hallados.sort(key=lambda h: h[0])
    return [h for _, h in hallados]


def _trozo(seccion: Seccion, palabras: Sequence[str]) -> Markup:
    """What the section says around the first of the words, which are marked."""
    dichas = seccion.texto.split()
    marcadas = [any(w in normalizar(d) for w in palabras) for d in dichas]
    primera = next((n for n, m in enumerate(marcadas) if m), 0)
    desde = max(0, primera - 8)
    trozo, largo = [], 0
    for n in range(desde, len(dichas)):
        trozo.append(
            Markup("<mark>{}</mark>").format(dichas[n]) if marcadas[n] else escape(dichas[n])
        )
        largo += len(dichas[n]) + 1
        if largo > LARGO_DEL_TROZO:
            break
    antes, despues = ("… " if desde else ""), (" …" if desde + len(trozo) < len(dichas) else "")
    return Markup(antes) + Markup(" ").join(trozo) + Markup(despues)


# -- what is each person's, and each screen's ------------------------------------------------------


def suyas(usuario: Usuario) -> list[Pagina]:
    """The pages of what this person does: of each of their hats, lent ones too."""
    cargos, nombres = usuario.cargos, set[str]()
    nombres |= {DE_ROL[Rol(c.rol)] for c in cargos if c.rol}
    if usuario.is_superuser:
        nombres.add("administra")
    if usuario.areas_a_cargo_ids:
        nombres.add("dirige")
    if any(c.es_gerente for c in cargos):
        nombres.add("gerencia")
    if areas := usuario.areas_ids:
        for area in Area.objects.filter(pk__in=areas):
            nombres |= {n for n, hace in (("opinan", area.opina), ("ajustan", area.ajusta)) if hace}
    return [p for p in paginas() if p.nombre in nombres]


@cache
def de_los_actos() -> dict[str, str]:
    """The words of a button → the first section that has them in bold; the steps' pages before the others."""
    donde: dict[str, str] = {}
    for grupo in sorted(indice(), key=lambda g: g.titulo != "Paso por paso"):
        for p in grupo.paginas:
            for s in p.secciones:
                for boton in s.botones:
                    donde.setdefault(boton, f"{p.nombre}#{s.ancla}".removesuffix("#"))
    return donde


def lugar_de(donde: ResolverMatch | None) -> str:
    """Page and section that help with this screen; empty where none is said to."""
    if donde is None:
        return ""
    nombre = donde.url_name or ""
    acto = donde.kwargs.get("accion")
    if acto in ETIQUETAS:
        return de_los_actos().get(ETIQUETAS[acto], "")
    if "admin" in donde.namespaces:
        return DEL_PANEL.get(nombre.removeprefix("casos_").partition("_")[0], EL_PANEL)
    return DE_CADA_PANTALLA.get(nombre, "")


def direccion(lugar: str) -> str:
    """The address of a page and section; of the index where it is empty."""
    nombre, _, ancla = lugar.partition("#")
    if not nombre:
        return reverse("ayuda")
    return _url(nombre) + (f"#{ancla}" if ancla else "")
