"""A crawl of every link as every kind of person changes nothing and finds nothing broken."""

import hashlib
import re
from collections import Counter
from urllib.parse import urljoin, urlsplit

import pytest
from django.db import connection

from casos.catalogos import Estado
from tests.guion import Guion
from tests.personas import NOMBRES

NO_CUENTAN = ("django_session", "cache")
MAXIMO = 130
HREF = re.compile(r'href="([^"#]+)"')


def digesto() -> str:
    """SHA-256 of every row of every table but the session's; last_login is not a change."""
    suma = hashlib.sha256()
    with connection.cursor() as cursor:
        for tabla in sorted(connection.introspection.table_names(cursor)):
            if tabla in NO_CUENTAN:
                continue
            cursor.execute(f'SELECT * FROM "{tabla}" ORDER BY 1')
            columnas = [c[0] for c in cursor.description]
            for fila in cursor.fetchall():
                visible = [v for c, v in zip(columnas, fila, strict=True) if c != "last_login"]
                suma.update(repr((tabla, visible)).encode())
    return suma.hexdigest()


@pytest.fixture
def mundo(personas):
    g = Guion(personas)
    for estado in Estado:
        g.hasta(estado)
    return personas


@pytest.mark.parametrize("quien", NOMBRES)
def test_seguir_todos_los_enlaces_no_cambia_nada(mundo, client, quien):
    client.force_login(getattr(mundo, quien))
    antes = digesto()
    vistos, formas, por_ver, rotos = set(), Counter(), ["/"], []
    while por_ver and len(vistos) < MAXIMO:
        url = por_ver.pop(0)
        forma = re.sub(r"\d+", "N", url.partition("?")[0])
        if url in vistos or formas[forma] >= 3:
            continue
        vistos.add(url)
        formas[forma] += 1
        respuesta = client.get(url)
        if respuesta.status_code >= 400:
            rotos.append((url, respuesta.status_code))
        if "text/html" not in respuesta.headers.get("Content-Type", ""):
            continue
        for enlace in HREF.findall(respuesta.content.decode()):
            destino = urljoin(url, enlace.replace("&amp;", "&"))
            partes = urlsplit(destino)
            if (
                partes.scheme in ("", "http")
                and not partes.netloc
                and not destino.startswith("/static/")
            ):
                por_ver.append(destino)
    assert len(vistos) > 8
    assert rotos == []
    assert digesto() == antes


def test_el_digesto_si_nota_un_cambio(mundo):
    antes = digesto()
    mundo.ventas.telefono = "1"
    mundo.ventas.save()
    assert digesto() != antes
