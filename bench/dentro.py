"""Run inside a checkout, by its Python: how many statements each page takes, or where its time goes.

The same actions as from outside, through Django's test client. It is run as a file, not as a module, so
that the checkout's own ``bench`` is not taken for this one. What it is asked comes as JSON.
"""

import importlib.util
import json
import os
import signal
import sys
from collections import Counter
from pathlib import Path
from time import perf_counter, process_time
from urllib.parse import urlencode, urlsplit

AQUI = Path(__file__).resolve().parent
FORMULARIO = "application/x-www-form-urlencoded"


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
        cuerpo = urlencode(datos, doseq=True)
        return self._pedir("POST", ruta, 302, lambda r: self._cliente.post(r, cuerpo, FORMULARIO))

    def _pedir(self, metodo, ruta, esperado, pedir):
        from bench.cliente import Fallo, Respuesta

        inicio = perf_counter()
        respuesta = self._alrededor(_nombre(metodo, ruta), lambda: pedir(ruta))
        ms = (perf_counter() - inicio) * 1000
        if respuesta.status_code != esperado:
            raise Fallo(f"{metodo} {ruta}: {respuesta.status_code}")
        comprimido = respuesta.headers.get("Content-Encoding") == "gzip"
        destino = urlsplit(respuesta.headers.get("Location", "")).path
        return Respuesta(esperado, ms, respuesta.content, ruta, destino, comprimido)


def _nombre(metodo: str, ruta: str) -> str:
    """Of a kind of request: an action that sends something times no page, so all pages are one kind."""
    return metodo if metodo == "GET" else ruta.rstrip("/").rpartition("/")[2]


def _medida(respuesta) -> str:
    """The kind of request that an action times."""
    return _nombre("POST" if respuesta.destino else "GET", respuesta.ruta)


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
    return cuantas[_medida(accion(navegador, 1))]


# Where a moment of a request belongs: the first line whose words stand in its stack, from the inside.
CLASES = (
    ("waiting for the database", ("db/backends/utils.py:execute", "db/backends/utils.py:_execute")),
    ("compiling statements", ("sql/compiler.py:as_sql", "sql/compiler.py:pre_sql_setup")),
    ("fetching rows", ("sql/compiler.py:results_iter", "sql/compiler.py:execute_sql")),
    ("querysets and instances", ("django/db/models/",)),
    ("crispy", ("crispy",)),
    ("forms", ("django/forms/", "casos/form")),
    ("templates", ("django/template/", "jinja2/", ".html:", "<template>", "templatetags")),
    ("session and person", ("contrib/sessions", "contrib/auth")),
    ("gzip", ("django/utils/text.py:compress", "gzip.py")),
    ("the product's own Python", ("casos/",)),
    ("test client", ("django/test/",)),
    ("middleware and the rest", ("",)),
)  # fmt: skip
CADA = 0.001  # seconds of CPU between two looks, where the kernel is as fine


def perfilar(accion, quien: str, vueltas: int) -> None:
    """Print where the CPU of an action goes, by looking at the stack: a tracer would make Python, and
    templates above all, look slower than they are."""
    from django.db import connection

    clases, propias, medido = Counter(), Counter(), []
    gastado = {"cpu": 0.0, "espera": 0.0, "sentencias": 0, "veces": 0}
    dentro = False

    def mirar(_, marco):
        if not dentro:
            return
        pila = []
        while marco is not None:
            pila.append(f"{_corto(marco.f_code.co_filename)}:{marco.f_code.co_name}")
            marco = marco.f_back
        clases[
            next(c for c, palabras in CLASES if any(p in n for n in pila for p in palabras))
        ] += 1
        propias.update({nombre for nombre in pila if nombre.startswith(("casos/", "seguimiento/"))})

    def sentencia(ejecutar, *resto):
        inicio = perf_counter()
        try:
            return ejecutar(*resto)
        finally:
            gastado["espera"] += perf_counter() - inicio
            gastado["sentencias"] += 1

    def alrededor(nombre, pedir):
        nonlocal dentro
        if nombre not in medido:
            return pedir()
        gastado["veces"] += 1
        with connection.execute_wrapper(sentencia):
            inicio, dentro = process_time(), True
            try:
                return pedir()
            finally:
                dentro = False
                gastado["cpu"] += process_time() - inicio

    navegador = Navegador(quien, alrededor)
    for turno in range(5):
        respuesta = accion(navegador, turno)
    medido.append(_medida(respuesta))
    signal.signal(signal.SIGPROF, mirar)
    signal.setitimer(signal.ITIMER_PROF, CADA, CADA)
    for turno in range(5, 5 + vueltas):
        accion(navegador, turno)
    signal.setitimer(signal.ITIMER_PROF, 0)
    veces, cpu = gastado["veces"], gastado["cpu"] / gastado["veces"] * 1000
    print(
        f"{cpu:.1f} ms of CPU; {gastado['sentencias'] / veces:.0f} statements took "
        f"{gastado['espera'] / veces * 1000:.1f} ms; {sum(clases.values())} looks at {veces} requests"
    )
    por_mirada = cpu / max(1, sum(clases.values()))
    for titulo, cuentas, cuantas in (("by kind", clases, 20), ("with what it calls", propias, 30)):
        print(f"  {titulo}:")
        for que, miradas in cuentas.most_common(cuantas):
            print(f"  {miradas * por_mirada:8.2f} ms {miradas * por_mirada / cpu:6.1%}  {que}")


def _corto(archivo: str) -> str:
    return archivo.rpartition("site-packages/")[2].removeprefix(f"{Path.cwd()}/")


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
