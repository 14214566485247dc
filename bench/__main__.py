"""``python -m bench``: the product and the bare floor beside each other, in one run.

    python -m bench --casos 10000 100000 --base postgres sqlite
    python -m bench --codigo antes=/path/to/another/checkout     beside this checkout and the floor
    python -m bench --de bench/resultados.json                   the tables of an earlier run

It takes two cores for itself: whatever else runs shows in the 95th percentiles.
"""

import argparse
import json
import os
import platform
import signal
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

from . import bases, medida
from .cliente import Fallo
from .codigo import RAIZ, Codigo, correr, nombrar
from .informe import PISO, Informe
from .paginas import OTRAS, PAGINAS, Piso, Producto
from .servidor import Servidor, entorno

PISO_ES = {"DJANGO_SETTINGS_MODULE": "bench.piso.settings"}
# A sent mail per event, as a firm has them after years; ``sembrar`` makes none.
# A mail per event. What is not said here is as in a mail of the demonstration: checkouts differ in their columns.
CARTA = {
    "caso_id": "e.caso_id", "evento_id": "e.id", "usuario_id": "e.actor_id", "plantilla": "'avance'",
    "para": "'alguien@empresa.example'", "asunto": "'Avance del caso'",
    "texto": "'Hola. El caso dio un paso más; entra a verlo.'", "html": "''",
    "message_id": "'<' || e.id || '@bench>'", "en_respuesta_a": "''", "confidencial": "false",
    "estado": "'ENVIADO'", "intentos": "1", "proximo_en": "e.en", "error": "''", "creado_en": "e.en",
    "enviado_en": "e.en",
}  # fmt: skip


def main() -> None:
    opciones = _opciones()
    if opciones.de:
        print(Informe(json.loads(Path(opciones.de).read_text())).texto())
        return
    # Ended politely, every process and database of the run is ended too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Ended."))
    try:
        datos = _correr(opciones)
    except Fallo as fallo:
        raise SystemExit(f"bench: {fallo}") from None
    except KeyboardInterrupt:
        raise SystemExit("bench: interrupted; nothing is left running.") from None
    if datos is None:
        return
    if opciones.salida:
        Path(opciones.salida).write_text(json.dumps(datos, indent=1, ensure_ascii=False) + "\n")
    print(Informe(datos).texto())


def _opciones():
    pedir = argparse.ArgumentParser(
        "python -m bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    pedir.add_argument("--casos", type=int, nargs="+", default=[10_000])
    pedir.add_argument("--base", nargs="+", choices=("postgres", "sqlite"), default=["postgres"])
    pedir.add_argument(
        "--codigo",
        nargs="+",
        default=[],
        metavar="[NAME=]PATH",
        help="other checkouts to measure beside this one",
    )
    pedir.add_argument(
        "--vueltas", type=int, default=60, help="requests per page at one client (60)"
    )
    pedir.add_argument(
        "--tramos", type=int, default=5, help="stretches per page at eight clients (5); 0: none"
    )
    pedir.add_argument("--segundos", type=float, default=2, help="of a stretch (2)")
    pedir.add_argument("--paginas", nargs="+", metavar="KEY", help="only these")
    pedir.add_argument("--todas", action="store_true", help="also the pages that nobody promised")
    pedir.add_argument(
        "--siembra",
        action="store_true",
        help="every checkout sows its own cases, to compare how fast",
    )
    pedir.add_argument(
        "--perfil", action="store_true", help="no measure: where the time of the pages goes"
    )
    pedir.add_argument(
        "--servidor",
        default="",
        metavar="URL",
        help="a PostgreSQL that exists, postgres://user:password@host:port; default a throw-away one",
    )
    pedir.add_argument("--salida", metavar="FILE", help="write the figures as JSON")
    pedir.add_argument(
        "--de", metavar="FILE", help="print the tables of such a file; measures nothing"
    )
    opciones = pedir.parse_args()
    todas = PAGINAS + OTRAS
    if ajenas := set(opciones.paginas or ()) - {p.clave for p in todas}:
        pedir.error(
            f"no such page: {', '.join(sorted(ajenas))}; {', '.join(p.clave for p in todas)}"
        )
    if min(opciones.casos) < 1000:
        pedir.error("--casos takes 1,000 or more: fewer lack cases in some states")
    opciones.casos = sorted(set(opciones.casos))
    opciones.elegidas = [
        p
        for p in todas
        if (p.clave in opciones.paginas if opciones.paginas else opciones.todas or p in PAGINAS)
    ]
    return opciones


def _correr(opciones) -> dict | None:
    codigos = nombrar(opciones.codigo)
    datos = {
        "fecha": datetime.now().isoformat(" ", "minutes"),
        "maquina": {
            "nucleos": os.cpu_count(), "procesador": _procesador(), "carga": os.getloadavg()[0],
            "python": platform.python_version(), "bases": {},
        },
        "opciones": {
            k: getattr(opciones, k) for k in ("casos", "base", "vueltas", "tramos", "segundos")
        },
        "codigos": [{"nombre": c.nombre, "commit": c.commit} for c in codigos],
        "siembra": {}, "memoria": {}, "sentencias": {}, "mediciones": [],
    }  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="bench-") as carpeta:
        for motor in opciones.base:
            with bases.abrir(motor, Path(carpeta), opciones.servidor) as abiertas:
                datos["maquina"]["bases"][motor] = abiertas.version()
                corrida = Corrida(opciones, codigos, abiertas, Path(carpeta), datos)
                corrida.preparar()
                if opciones.perfil:
                    corrida.perfilar()
                else:
                    corrida.medir()
    return None if opciones.perfil else datos


class Corrida:
    """One database engine: what is made on it, and what is measured."""

    def __init__(self, opciones, codigos: list[Codigo], abiertas, carpeta: Path, datos: dict):
        self.o, self.codigos, self.bases = opciones, codigos, abiertas
        self.carpeta, self.datos = carpeta, datos

    def _llave(self, casos: int, sitio: str) -> str:
        return f"{self.bases.motor}/{casos}/{sitio}"

    @staticmethod
    def _base(sitio: str, casos: int) -> str:
        return f"bench_{sitio}_{casos}".lower()

    # -- databases ---------------------------------------------------------------------------------

    def preparar(self) -> None:
        """The demonstration and what is sown, once per kind of tables; then a copy per checkout."""
        demos = {}
        for casos in self.o.casos:
            self._hacer_piso(casos)
            sembradas = {}
            for codigo in self.codigos:
                propia = self._base(codigo.nombre, casos)
                de = sembradas.get(codigo.migraciones)
                if de and not self.o.siembra:
                    url = self.bases.crear(propia, de)
                    codigo.manage(url, "preparar")
                else:
                    sembradas[codigo.migraciones] = propia
                    demo = demos.get(codigo.migraciones) or self._demostrar(codigo)
                    demos[codigo.migraciones] = demo
                    self._sembrar(codigo, demo, propia, casos)
                self.bases.reposar(propia)

    def _demostrar(self, codigo: Codigo) -> str:
        _decir(f"{self.bases.motor}: {codigo.nombre}, the demonstration")
        demo = f"bench_{codigo.nombre}_demo".lower()
        codigo.manage(self.bases.crear(demo), "preparar")
        return demo

    def _sembrar(self, codigo: Codigo, demo: str, propia: str, casos: int) -> None:
        _decir(f"{self.bases.motor}: {codigo.nombre}, {casos:,} cases")
        url = self.bases.crear(propia, demo)
        segundos, pico = codigo.manage(url, "sembrar", "--casos", str(casos))
        self.datos["siembra"][self._llave(casos, codigo.nombre)] = {
            "segundos": round(segundos, 1),
            "por_segundo": round(casos / segundos, 1),
            "pico": round(pico),
        }
        self._escribir_cartas(propia)

    def _escribir_cartas(self, base: str) -> None:
        columnas = [c for c in self.bases.columnas(base, "casos_aviso") if c != "id"]
        valores = ", ".join(CARTA.get(c, f"m.{c}") for c in columnas)
        self.bases.preguntar(
            base,
            f"INSERT INTO casos_aviso ({', '.join(columnas)}) SELECT {valores} FROM casos_evento e, "
            "(SELECT * FROM casos_aviso LIMIT 1) m "
            "WHERE NOT EXISTS (SELECT 1 FROM casos_aviso a WHERE a.evento_id = e.id)",
        )

    def _hacer_piso(self, casos: int) -> None:
        _decir(f"{self.bases.motor}: the floor and {casos:,} rows")
        url = self.bases.crear(self._base(PISO, casos))
        propio = self._piso_en(url)
        orden = [sys.executable, "-m", "django"]
        correr([*orden, "migrate", "-v0"], RAIZ, propio)
        correr([*orden, "llenar", "--filas", str(casos)], RAIZ, propio)
        self.bases.reposar(self._base(PISO, casos))

    def _piso_en(self, url: str) -> dict:
        return entorno(Path(sys.executable), DATABASE_URL=url, **PISO_ES)

    # -- the measure -------------------------------------------------------------------------------

    def medir(self) -> None:
        # All sizes at once: the growth between them is of the same minutes, too.
        with ExitStack() as pila:
            sitios = {n: self._arrancar(pila, n) for n in self.o.casos}
            for pagina in self.o.elegidas:
                _decir(f"{self.bases.motor}: {pagina.titulo} ({pagina.quien})")
                todos = [par for n in self.o.casos for par in medida.pares(sitios[n], pagina)]
                self._anotar(pagina, 1, medida.de_uno(todos, self.o.vueltas))
                if self.o.tramos:
                    series = medida.de_varios(todos, self.o.tramos, self.o.segundos)
                    self._anotar(pagina, medida.CLIENTES, series)
            for casos, suyos in sitios.items():
                for sitio in suyos:
                    memoria = round(sitio.servidor.memoria(), 1)
                    self.datos["memoria"][self._llave(casos, sitio.nombre)] = memoria
        self._contar()

    def _arrancar(self, pila: ExitStack, casos: int) -> list:
        nuestro = self.codigos[0]
        piso = nuestro.orden_web.replace("seguimiento.wsgi", "bench.piso.wsgi")
        sitios = [self._sitio(pila, PISO, casos, piso, nuestro, Piso, **PISO_ES)]
        for codigo in self.codigos:
            sitios.append(
                self._sitio(pila, codigo.nombre, casos, codigo.orden_web, codigo, Producto)
            )
        return sitios

    def _sitio(self, pila, nombre, casos, orden, codigo, paginas, **variables):
        base = self._base(nombre, casos)
        url, bitacora = self.bases.url(base), self.carpeta / f"{base}.log"
        servidor = Servidor(orden, codigo.python, codigo.raiz, url, bitacora, **variables)
        hechas = paginas(self.bases, base)
        acciones = hechas.acciones()
        if paginas is Producto and set(self.o.elegidas) & set(OTRAS):
            acciones |= hechas.otras()
        return medida.Sitio(nombre, casos, pila.enter_context(servidor), acciones)

    def _anotar(self, pagina, clientes: int, series: dict) -> None:
        for (nombre, casos), serie in series.items():
            self.datos["mediciones"].append(
                {
                    "base": self.bases.motor,
                    "casos": casos,
                    "sitio": nombre,
                    "pagina": pagina.clave,
                    "clientes": clientes,
                }
                | serie.resumen()
            )

    # -- from inside -------------------------------------------------------------------------------

    def _contar(self) -> None:
        for casos in self.o.casos:
            for codigo in self.codigos:
                dicho = self._dentro(codigo, casos)
                self.datos["sentencias"][self._llave(casos, codigo.nombre)] = json.loads(dicho)

    def perfilar(self) -> None:
        for casos in self.o.casos:
            for codigo in self.codigos:
                print(f"# {self.bases.motor}, {casos:,} cases, {codigo.nombre}: {codigo.commit}")
                print(self._dentro(codigo, casos, perfil=self.o.vueltas), flush=True)

    def _dentro(self, codigo: Codigo, casos: int, **mas) -> str:
        base = self._base(codigo.nombre, casos)
        pedido = {
            "motor": self.bases.motor,
            "donde": self.bases.donde,
            "base": base,
            "paginas": [p.clave for p in self.o.elegidas],
        } | mas
        hecho = subprocess.run(
            [codigo.python, RAIZ / "bench/dentro.py"],
            cwd=codigo.raiz,
            text=True,
            env=entorno(codigo.python, DATABASE_URL=self.bases.url(base)),
            input=json.dumps(pedido),
            capture_output=True,
        )
        if hecho.returncode:
            raise Fallo(f"{codigo.nombre}, from inside:\n{hecho.stderr[-2000:]}")
        return hecho.stdout


def _procesador() -> str:
    for linea in Path("/proc/cpuinfo").read_text().splitlines():
        if linea.startswith("model name"):
            return " ".join(linea.partition(":")[2].split())
    return platform.machine()


def _decir(que: str) -> None:
    print(f"{datetime.now():%H:%M:%S} {que}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
