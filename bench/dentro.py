"""Run inside a checkout, by its Python: how many statements each page takes, or where its time goes.

The same actions as from outside, through Django's test client. It is run as a file, not as a module, so
that the checkout's own ``bench`` is not taken for this one. What it is asked comes as JSON.
"""

import cProfile
import importlib.util
import json
import os
import pstats
import sys
from collections import Counter
from pathlib import Path
from time import perf_counter
from urllib.parse import urlsplit

AQUI = Path(__file__).resolve().parent


def importar_bench() -> None:
    """This ``bench`` and no other; ``casos`` and the rest come from the checkout."""
    sys.path[0] = str(Path.cwd())
    ficha = importlib.util.spec_from_file_location(
        "bench", AQUI / "__init__.py", submodule_search_locations=[str(AQUI)]
    )
    sys.modules["bench"] = importlib.util.module_from_spec(ficha)
    ficha.loader.exec_module(sys.modules["bench"])


class Navegador:
    """As ``bench.cliente.Cliente``, without a network; ``alrededor`` stands around each request."""

    def __init__(self, quien: str, alrededor):
        from django.contrib.auth import get_user_model
        from django.test import Client

        self._cliente = Client(SERVER_NAME="localhost", HTTP_ACCEPT_ENCODING="gzip")
        self._cliente.force_login(get_user_model().objects.get(username=quien))
        self._alrededor = alrededor

    def ver(self, ruta):
        return self._pedir("GET", ruta, 200, self._cliente.get)

    def enviar(self, ruta, datos, desde):
        return self._pedir("POST", ruta, 302, lambda r: self._cliente.post(r, datos))

    def _pedir(self, metodo, ruta, esperado, pedir):
        from bench.cliente import Fallo, Respuesta

        inicio = perf_counter()
        respuesta = self._alrededor(f"{metodo} {_ultima(ruta)}", lambda: pedir(ruta))
        ms = (perf_counter() - inicio) * 1000
        if respuesta.status_code != esperado:
            raise Fallo(f"{metodo} {ruta}: {respuesta.status_code}")
        comprimido = respuesta.headers.get("Content-Encoding") == "gzip"
        destino = urlsplit(respuesta.headers.get("Location", "")).path
        return Respuesta(esperado, ms, respuesta.content, ruta, destino, comprimido)


def _ultima(ruta: str) -> str:
    return ruta.split("?")[0].rstrip("/").rpartition("/")[2]


def _metodo(respuesta) -> str:
    """Of the request that an action times, as ``Navegador`` names it."""
    return f"{'POST' if respuesta.destino else 'GET'} {_ultima(respuesta.ruta)}"


def contar(accion, quien: str) -> int:
    """Statements of what the action times, the second time it is asked."""
    from django.db import connection

    cuantas = Counter()

    def alrededor(nombre, pedir):
        def uno(ejecutar, *resto):
            cuantas[nombre] += 1
            return ejecutar(*resto)

        cuantas[nombre] = 0
        with connection.execute_wrapper(uno):
            return pedir()

    navegador = Navegador(quien, alrededor)
    accion(navegador, 0)
    return cuantas[_metodo(accion(navegador, 1))]


def perfilar(accion, quien: str, vueltas: int) -> None:
    """Print where the time of an action goes: by kind of code, and the functions that take most."""
    perfil, medido, tiempos = cProfile.Profile(), [], []

    def alrededor(nombre, pedir):
        if nombre not in medido:
            return pedir()
        perfil.enable()
        try:
            return pedir()
        finally:
            perfil.disable()

    navegador = Navegador(quien, alrededor)
    for turno in range(5):
        respuesta = accion(navegador, turno)
    # Without the profiler first: it makes Python look slower beside the database than it is.
    tiempos = sorted(accion(navegador, turno).ms for turno in range(5, 5 + vueltas))
    for turno in range(vueltas):
        medido[:] = [_metodo(respuesta)]
        respuesta = accion(navegador, turno)
    print(f"{tiempos[len(tiempos) // 2]:.1f} ms median of {vueltas} without the profiler")
    datos = pstats.Stats(perfil)
    por_clase = Counter()
    for (archivo, _, nombre), (_, _, propio, _, _) in datos.stats.items():
        por_clase[_clase(archivo, nombre)] += propio
    total = sum(por_clase.values())
    for clase, segundos in por_clase.most_common():
        print(f"{segundos / vueltas * 1000:8.2f} ms {segundos / total:6.1%}  {clase}")
    print()
    for orden in ("tottime", "cumulative"):
        datos.strip_dirs().sort_stats(orden).print_stats(40)


CLASES = (
    ("psycopg2", "database driver"), ("sqlite3", "database driver"), ("django/db/", "ORM"),
    ("django/template/", "templates"), ("jinja2", "templates"), ("<template>", "templates"),
    ("crispy", "crispy"), ("django/forms/", "forms"), ("django/contrib/sessions", "session"),
    ("django/contrib/auth", "auth"), ("allauth", "allauth"), ("django/urls", "URLs"),
    ("django/utils/", "django.utils"), ("json", "json"), ("gzip", "gzip"),
    ("django/", "rest of Django"), ("casos/", "product"), ("seguimiento/", "product"),
)  # fmt: skip


def _clase(archivo: str, nombre: str) -> str:
    if archivo == "~":  # built in
        for parte, clase in (("psycopg2", "database driver"), ("sqlite3", "database driver"), ("zlib", "gzip")):  # fmt: skip
            if parte in nombre:
                return clase
        return "built in"
    return next((clase for parte, clase in CLASES if parte in archivo), "rest")


def main() -> None:
    importar_bench()
    pedido = json.load(sys.stdin)
    os.environ["DJANGO_SETTINGS_MODULE"] = "seguimiento.settings"
    import django

    django.setup()
    from bench.bases import Postgres, Sqlite
    from bench.paginas import OTRAS, PAGINAS, Producto

    bases = (Postgres if pedido["motor"] == "postgres" else Sqlite)(pedido["donde"])
    producto = Producto(bases, pedido["base"], clientes=1)
    acciones = producto.acciones() | producto.otras()
    paginas = [p for p in PAGINAS + OTRAS if p.clave in pedido["paginas"]]
    if pedido.get("perfil"):
        for p in paginas:
            print(f"\n== {p.titulo} ({p.quien})")
            perfilar(acciones[p.clave], p.quien, pedido["perfil"])
    else:
        print(json.dumps({p.clave: contar(acciones[p.clave], p.quien) for p in paginas}))


if __name__ == "__main__":
    main()
