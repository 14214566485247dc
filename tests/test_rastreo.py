"""A crawl of every link as every kind of person changes nothing and finds nothing broken."""

import hashlib
import re
from collections import Counter, deque
from urllib.parse import urljoin, urlsplit

import pytest
from django.db import connection

from casos.seguridad.anotar import SIN_CAMBIO
from tests.personas import DE_CADA_CLASE

# What is of the session; and that something was taken out is written down, which is no change of it.
NO_CUENTAN = ("django_session", "usersessions_usersession", "cache", "casos_cabezadeseguridad")
SIN_CAMBIO_DICHO = {str(hecho.value) for hecho in SIN_CAMBIO}
HREF = re.compile(r'href="([^"#]+)"')


def digesto() -> str:
    """SHA-256 of every row of every table but those of sessions; last_login is not a change.

    Nor is that somebody read, by opening its case, what would have come in their morning's letter.
    """
    suma = hashlib.sha256()
    with connection.cursor() as cursor:
        for tabla in sorted(connection.introspection.table_names(cursor)):
            if tabla in NO_CUENTAN:
                continue
            cursor.execute(f'SELECT * FROM "{tabla}" ORDER BY 1')
            columnas = [c[0] for c in cursor.description]
            for fila in cursor.fetchall():
                if tabla == "casos_hechodeseguridad" and SIN_CAMBIO_DICHO & set(map(str, fila)):
                    continue
                visible = [v for c, v in zip(columnas, fila, strict=True) if c != "last_login"]
                if tabla == "casos_aviso":
                    visible = ["RESUMEN" if v == "LEIDO" else v for v in visible]
                suma.update(repr((tabla, visible)).encode())
    return suma.hexdigest()


def destinos(url, html):
    """Where the links of a page lead, within the product."""
    for enlace in HREF.findall(html):
        destino = urljoin(url, enlace.replace("&amp;", "&"))
        partes = urlsplit(destino)
        if partes.scheme in ("", "http") and not partes.netloc and partes.path[:8] != "/static/":
            yield destino


def forma(url) -> str:
    """Pages that differ in a key, a folio or the manual's text are drawn alike."""
    return re.sub(r"\d+|(?<=/ayuda/)[\w-]+", "N", urlsplit(url).path)


@pytest.mark.parametrize("quien", DE_CADA_CLASE)
def test_seguir_todos_los_enlaces_no_cambia_nada(mundo, client, quien):
    """Until there is none left: two pages of each kind, all of a kind that has fewer."""
    client.force_login(getattr(mundo.p, quien))
    antes = digesto()
    vistos, formas, por_ver, rotos = {"/"}, Counter(["/"]), deque(["/"]), []
    while por_ver:
        url = por_ver.popleft()
        respuesta = client.get(url)
        if respuesta.status_code >= 400:
            rotos.append((url, respuesta.status_code))
        if "text/html" not in respuesta.headers.get("Content-Type", ""):
            continue
        for destino in destinos(url, respuesta.text):
            if destino not in vistos and formas[forma(destino)] < 2:
                vistos.add(destino)
                formas[forma(destino)] += 1
                por_ver.append(destino)
        assert len(vistos) < 1000, f"no se acaba: {formas.most_common(5)}"
    assert len(formas) > 5
    assert rotos == []
    assert digesto() == antes


def test_el_digesto_si_nota_un_cambio(personas):
    antes = digesto()
    personas.ventas.telefono = "1"
    personas.ventas.save()
    assert digesto() != antes
