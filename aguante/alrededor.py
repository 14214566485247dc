"""What stands around: slow connections, the disk, Redis, two clocks, and the way to SQLite and back."""

import shutil
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

from . import procesos
from .base import Postgres
from .escena import Escena, Fila
from .gente import Equipo
from .lentas import Lentas


def lentas(escena: Escena):
    segundos = []
    with Lentas(escena.web.puerto, cabezas=25, cuerpos=25, calladas=200):
        for _ in range(10):
            segundos.append(procesos.hasta_que_sirva(escena.web.puerto))
            time.sleep(1)
    return 250, segundos


def disco_lleno(escena: Escena):
    """A file system of 64 KB where the files go, full; ten seconds later it is taken away."""
    archivos = escena.raiz / "var" / "archivos"
    archivos.mkdir(exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(archivos)], check=True)
    try:
        with (archivos / "relleno").open("wb", buffering=0) as relleno:
            try:
                while relleno.write(b"x" * 4096):
                    pass
            except OSError:
                pass
        time.sleep(10)
    finally:
        subprocess.run(["umount", "-l", str(archivos)], check=True)
    return 1, []


def sin_redis(escena: Escena, nombre: str, carpeta: Path) -> Fila:
    """Queue and cache on Redis; it dies, people enter and walk a case, it comes back."""
    puerto, puerto_web = procesos.puerto_libre(), procesos.puerto_libre()
    redis_url = f"redis://127.0.0.1:{puerto}/0"
    propias = {
        "EMAIL_URL": escena.variables["EMAIL_URL"],
        "CACHE_URL": redis_url,
        "COLA_URL": redis_url,
        "DEMO": "1",
    }
    url = escena.variables["DATABASE_URL"]
    orden = [
        "redis-server",
        "--port",
        str(puerto),
        "--bind",
        "127.0.0.1",
        "--save",
        "",
        "--dir",
        str(carpeta),
    ]
    escena.trabajador.detener()
    with ExitStack() as pila:
        redis = pila.enter_context(
            procesos.Proceso(orden, carpeta, escena.variables, carpeta / "redis.log")
        )
        web = pila.enter_context(procesos.web(escena.raiz, url, carpeta, puerto_web, **propias))
        pila.enter_context(procesos.trabajador(escena.raiz, url, carpeta, puerto_web, **propias))
        procesos.hasta_que_sirva(web.puerto)
        desde = escena.marcar()
        redis.detener()
        segundos = [procesos.hasta_que_sirva(web.puerto)]
        equipo = Equipo(web.puerto, escena.cuaderno, *escena.contratos[0])
        equipo.entrar()
        equipo.caminar()
        redis.seguir()
        vuelta = time.monotonic()
        # By the sweep of each minute alone.
        while escena.faltan() and time.monotonic() - vuelta < 150:
            time.sleep(0.5)
        segundos.append(time.monotonic() - vuelta)
        fila = escena.contar(nombre, desde, 1, segundos[:1])
        fila.visto[f"the mails left {segundos[1]:.0f} s after it was back"] += 1
    escena.trabajador.seguir()
    return fila


def relojes(escena: Escena, nombre: str, carpeta: Path) -> Fila:
    """A second worker five minutes ahead, while each mail takes a second."""
    desde = escena.marcar()
    orden = ["faketime", "-f", "+5m", sys.executable, "manage.py", "trabajador"]
    escena.buzon.modo = "lento"
    with procesos.Proceso(orden, escena.raiz, escena.variables, carpeta / "adelantado.log") as otro:
        fin = time.monotonic() + 30
        while len(otro.hijos()) < 3 and time.monotonic() < fin:
            time.sleep(0.2)
        with escena.caminando(2):
            pass
        escena.vaciar(espera=60)
    escena.buzon.modo = "bien"
    return escena.contar(nombre, desde, 1, [])


def ida_y_vuelta(escena: Escena, nombre: str, postgres: Postgres, carpeta: Path) -> Fila:
    """The last one: web and worker stopped, and every event with its microseconds."""
    desde = escena.marcar()
    escena.web.detener()
    escena.trabajador.detener()
    otra, vuelta = f"sqlite:///{carpeta}/otra.sqlite3", postgres.otra("vuelta")
    falla, inicio = "", time.monotonic()
    for de, a in ((escena.variables["DATABASE_URL"], otra), (otra, vuelta)):
        orden = [sys.executable, "manage.py", "mudar", "--a", a]
        hecho = subprocess.run(
            orden,
            cwd=escena.raiz,
            env=escena.variables | {"DATABASE_URL": de},
            capture_output=True,
            text=True,
        )
        integra = [r for r in hecho.stdout.splitlines() if r.startswith("Bitácora íntegra")]
        if hecho.returncode or not integra:
            falla += hecho.stderr[-800:]
    fila = escena.contar(nombre, desde, 2, [time.monotonic() - inicio])
    fila.bitacora += falla
    fila.visto["".join(integra)] += 1
    return fila


def aparte(escena: Escena, postgres: Postgres, carpeta: Path):
    """Those that need processes of their own; without the program that they need, they are not tried."""
    todas = [
        ("Redis gone (queue and cache)", "redis-server", lambda n: sin_redis(escena, n, carpeta)),
        ("Two mail workers five minutes apart", "faketime", lambda n: relojes(escena, n, carpeta)),
        ("`mudar` to SQLite and back", "", lambda n: ida_y_vuelta(escena, n, postgres, carpeta)),
    ]
    for nombre, programa, hacer in todas:
        if programa and not shutil.which(programa):
            print(f"No se probó «{nombre}»: falta {programa}.")
            continue
        yield nombre, hacer
