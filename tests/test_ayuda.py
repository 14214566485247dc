"""The manual is one: what it names is there, what is there it names, and each screen leads to its part."""

import re
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import unquote

import pytest
from django.conf import settings
from django.contrib import admin
from django.urls import reverse

from casos.actos import ACTOS
from casos.lecturas import ayuda
from tests.navegador.imagenes import IMAGENES
from tests.test_urls import CUENTAS, TABLA

PAGINAS = {p.nombre: p for p in ayuda.paginas()}
LUGARES = {f"{n}#{s.ancla}".removesuffix("#") for n, p in PAGINAS.items() for s in p.secciones}
# Answered with no page of the product around it: a file, a piece, a redirection, or before one enters.
SIN_MARCO = {
    "casos_exportar", "calculo", "primer_pago", "plantilla", "exportar", "importacion_rechazados", "tablero_exportar",
    "registro_exportar", "salud", "robots", "seguridad", "ayuda", "ayuda_pagina",
}  # fmt: skip
DE_ENTRADA = {
    "account_inactive", "account_reset_password", "account_reset_password_done",
    "account_reset_password_from_key", "account_reset_password_from_key_done",
}  # fmt: skip
# Set in bold or in italics because it matters, or said by who does it: no word of a button or a screen.
NO_ES_DE_LA_PANTALLA = re.compile(
    r"\(.*\)|usuario|camino|constancia|tu|a partir del|El responsable.*|Una persona del área\.|gerencia.*|"
    r"Gerencia.*|Ventas, Atención a Clientes o Dirección General\.|Cada área.*|sin archivos|"
    r"IT-AC-VTA-VTAS-21, Seguimiento de venta|S\.A\. de C\.V\.|SA DE CV|Cliente 12"
)


def archivos(carpeta: Path, *terminan: str):
    return [p for p in carpeta.rglob("*") if p.suffix in terminan]


def test_el_indice_nombra_cada_pagina_y_los_enlaces_llevan_a_donde_dicen():
    assert {p.stem for p in archivos(ayuda.MANUAL, ".md")} == set(PAGINAS)
    rotos = []
    for nombre, pagina in PAGINAS.items():
        anclas = [s.ancla for s in pagina.secciones]
        assert len(set(anclas)) == len(anclas), nombre
        for destino in re.findall(r'href="([^"]*)"', pagina.html):
            url, _, ancla = unquote(destino).partition("#")
            otra = re.fullmatch(r"(?:/ayuda/([\w-]+)/)?", url)
            lugar = f"{(otra and otra[1]) or nombre}#{ancla}".removesuffix("#")
            if not otra or lugar not in LUGARES:
                rotos.append((nombre, destino))
    assert rotos == []


def test_cada_imagen_esta_dice_lo_que_se_ve_y_todas_caben_en_un_mega():
    usadas = set()
    for pagina in PAGINAS.values():
        for etiqueta in re.findall(r"<img[^>]*>", pagina.html):
            assert re.search(r' alt="[^"]{10,}"', etiqueta), etiqueta
            assert re.search(r' width="\d+" height="\d+"', etiqueta), etiqueta
            usadas.add(re.search(r"ayuda/([\w-]+)\.", etiqueta)[1])
    readme = Path(settings.BASE_DIR, "README.md").read_text(encoding="utf-8")
    usadas |= set(re.findall(r"docs/manual/img/([\w-]+)\.", readme))
    imagenes = list((ayuda.MANUAL / "img").iterdir())
    assert {p.name for p in imagenes} == {f"{nombre}.webp" for nombre in usadas}
    assert usadas == {i.nombre for i in IMAGENES}  # «make imagenes» takes them all
    assert sum(p.stat().st_size for p in imagenes) <= 1024 * 1024


def donde(nombre, **kwargs):
    espacios, _, suyo = nombre.rpartition(":")
    return SimpleNamespace(url_name=suyo, kwargs=kwargs, namespaces=[espacios] if espacios else [])


def test_cada_pantalla_tiene_su_ayuda():
    con_pagina = {n for n, (_, entran, _) in TABLA.items() if entran} - SIN_MARCO
    con_pagina |= {n for n, (_, _, otros) in CUENTAS.items() if otros == 200} - DE_ENTRADA
    de_actos = {"paso", "paso_objeto"}
    assert con_pagina - de_actos - set(ayuda.DE_CADA_PANTALLA) == set()
    lugares = {n: ayuda.lugar_de(donde(n)) for n in con_pagina - de_actos}
    lugares |= {a: ayuda.lugar_de(donde("paso", accion=a)) for a in ACTOS}
    for modelo in admin.site._registry:
        nombre = f"admin:casos_{modelo._meta.model_name}_changelist"
        lugares[nombre] = ayuda.lugar_de(donde(nombre))
    lugares["admin:index"] = ayuda.lugar_de(donde("admin:index"))
    assert {n: lugar for n, lugar in lugares.items() if lugar not in LUGARES} == {}
    assert set(ayuda.DEL_PANEL) <= {m._meta.model_name for m in admin.site._registry}


def test_lo_que_el_manual_resalta_lo_dice_asi_la_pantalla():
    """A button or a page whose name changed is still called the old one by nobody."""
    fuentes = archivos(Path(settings.BASE_DIR, "templates"), ".html", ".txt")
    fuentes += archivos(Path(settings.BASE_DIR, "casos"), ".py")
    dicho = " ".join(" ".join(p.read_text(encoding="utf-8").split()) for p in fuentes).casefold()
    ajenas = []
    for archivo in [ayuda.INDICE, *archivos(ayuda.MANUAL, ".md")]:
        texto = " ".join(archivo.read_text(encoding="utf-8").split())
        texto = re.sub(r"`[^`]*`|!\[[^\]]*\]\([^)]*\)|\]\([^)]*\)", " ", texto)
        for hallado in re.findall(r"\*\*([^*]+)\*\*|\*([^*]+)\*", texto):
            palabras = hallado[0] or hallado[1]
            if palabras.casefold() not in dicho and not NO_ES_DE_LA_PANTALLA.fullmatch(palabras):
                ajenas.append((archivo.name, palabras))
    assert ajenas == []


def test_se_busca_sin_acentos_y_lleva_a_la_seccion(personas, client):
    client.force_login(personas.juridico)
    pagina = client.get("/ayuda/", {"q": "OPINION verbal"}).text
    assert 'href="/ayuda/opiniones/#si-opinaron-de-palabra"' in pagina
    assert "<mark>verbal</mark>" in pagina
    assert "Nada dice todo eso" in client.get("/ayuda/", {"q": "zzz"}).text
    for mala in ("<script>", "\x00", "a" * 5000, "%", "'\"\\"):
        respuesta = client.get("/ayuda/", {"q": mala})
        assert respuesta.status_code in (200, 400) and "<script>alert" not in respuesta.text


@pytest.mark.parametrize(
    ("quien", "primero"),
    [
        ("ventas", ["ventas"]),
        ("gerente", ["ventas", "gerencia"]),
        ("juridico", ["opinan", "ajustan", "dirige"]),
        ("admin", ["administra"]),
        ("auditor", ["lectores"]),
    ],
)
def test_primero_lo_de_cada_quien_y_desde_cada_pagina_se_llega(personas, client, quien, primero):
    client.force_login(getattr(personas, quien))
    pagina = client.get("/ayuda/").text
    lo_tuyo = pagina.partition('id="t-suyas"')[2].partition("</section>")[0]
    assert re.findall(r'href="/ayuda/([\w-]+)/"', lo_tuyo) == primero
    assert client.get("/ayuda/no-existe/").status_code == 404
    casa = client.get("/").text
    assert re.search(r'href="/ayuda/pendientes/"[^>]*>.*?Ayuda', casa, re.S)
    if quien in ("juridico", "admin"):
        panel = client.get(reverse("admin:index")).text
        assert re.search(r'href="/ayuda/administracion/"[^>]*>.*?Ayuda', panel, re.S)
