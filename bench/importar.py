"""``python -m bench.importar``: a workbook of 5,000 clients brought in twice while twenty people work.

    make run PORT=8123                                    in another terminal, on SQLite or PostgreSQL
    python -m bench.importar --puerto 8123 --trabajador PID_OF_THE_WORKER

It asks a running demonstration, whose worker must run too: each of the people opens their lists and a case and writes
a note, again and again, beside the import. What counts is the worst of their pages (under 2 s), the second import,
which changes nothing, and what the worker took of processor and memory (with ``--trabajador``, read from /proc).
The database keeps what was brought in.
"""

import argparse
import io
import os
import re
import time
from pathlib import Path
from statistics import quantiles
from threading import Event, Thread

from openpyxl import Workbook

from .cliente import Cliente, Fallo, leer_formulario
from .servidor import CLAVE, ENTRADA

GENTE = ["ventas", "ventas2", "gerente", "atencion", "direccion"]
TITULOS = ["Empresa", "Nombre comercial", "Contacto", "Puesto", "Tel.", "E-mail"]


def main() -> None:
    p = argparse.ArgumentParser(prog="bench.importar", description=__doc__)
    p.add_argument("--puerto", type=int, default=8000)
    p.add_argument("--renglones", type=int, default=5000)
    p.add_argument("--personas", type=int, default=20)
    p.add_argument("--pausa", type=float, default=1.0, help="seconds between two pages of a person")
    p.add_argument("--trabajador", type=int, help="process of «manage.py trabajador»")
    opciones = p.parse_args()
    fin, tiempos, fallos = Event(), [], []
    sesiones = {n: entrar(opciones.puerto, n) for n in GENTE}
    gente = [
        Thread(
            target=trabajar,
            args=(
                Cliente(opciones.puerto, sesiones[GENTE[i % len(GENTE)]]),
                fin,
                tiempos,
                fallos,
                opciones.pausa,
            ),
            daemon=True,
        )
        for i in range(opciones.personas)
    ]
    for persona in gente:
        persona.start()
    gerente = Cliente(opciones.puerto, sesiones["gerente"])
    libro, antes = hacer_libro(opciones.renglones), gastado(opciones.trabajador)
    try:
        for vuelta in ("first", "again"):
            importar(gerente, libro, vuelta)
    finally:
        fin.set()
    for persona in gente:
        persona.join(timeout=70)
    despues = gastado(opciones.trabajador)
    todos = sorted(tiempos)
    print(f"{len(todos)} pages of {opciones.personas} people: worst {todos[-1]:,.0f} ms, "
          f"p95 {quantiles(todos, n=20)[-1]:,.0f} ms, {len(fallos)} failed")  # fmt: skip
    for fallo in fallos[:5]:
        print(f"  {fallo}")
    if opciones.trabajador:
        print(f"worker: {despues[0] - antes[0]:.1f} s of CPU, at most {despues[1]:.0f} MB")


def entrar(puerto: int, nombre: str) -> dict:
    cliente = Cliente(puerto)
    formulario = leer_formulario(cliente.ver(ENTRADA), "password")
    cliente.enviar(ENTRADA, formulario.lleno(login=nombre, password=CLAVE), ENTRADA)
    return cliente.cookies


def trabajar(cliente: Cliente, fin: Event, tiempos: list, fallos: list, pausa: float) -> None:
    """A person of the office: lists, a case, a note."""
    while not fin.is_set():
        try:
            tiempos.append(cliente.ver("/").ms)
            casos = cliente.ver("/casos/?estado=ABIERTOS")
            tiempos.append(casos.ms)
            folio = re.findall(r"/casos/(SV-\d{4}-\d{6})/", casos.html)[hash(id(cliente)) % 5]
            tiempos.append(cliente.ver(f"/casos/{folio}/").ms)
            ruta = f"/casos/{folio}/anotar/"
            pagina = cliente.ver(ruta)
            formulario = leer_formulario(pagina, "version")
            campo = re.search(r'<textarea name="(\w+)"', pagina.html)[1]
            tiempos.append(
                cliente.enviar(ruta, formulario.lleno(**{campo: "Nota del banco."}), ruta).ms
            )
        except (Fallo, OSError, IndexError, TypeError) as error:
            fallos.append(str(error)[:200])
            cliente.cerrar()
        fin.wait(pausa)


def importar(gerente: Cliente, libro: bytes, vuelta: str) -> None:
    ruta = "/clientes/importar/"
    pagina = gerente.ver(ruta)
    formulario = leer_formulario(pagina, "tipo")
    inicio = time.monotonic()
    destino = gerente.subir(ruta, formulario.lleno(tipo="clientes"), "archivo", libro, ruta).destino
    pagina = hasta(gerente, destino, "Todavía no se guarda nada")
    print(f"{vuelta}: previewed in {time.monotonic() - inicio:.1f} s: {dicho(pagina)}")
    if "Confirmar la importación" not in pagina:
        return
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', pagina)[1]
    inicio = time.monotonic()
    gerente.enviar(f"{destino}guardar/", {"csrfmiddlewaretoken": token}, destino)
    pagina = hasta(gerente, destino, "Terminó:")
    print(f"{vuelta}: saved in {time.monotonic() - inicio:.1f} s: {dicho(pagina)}")


def hasta(cliente: Cliente, ruta: str, texto: str) -> str:
    limite = time.monotonic() + 300
    while time.monotonic() < limite:
        pagina = cliente.ver(ruta).html
        if texto in pagina:
            return pagina
        if "errorlist" in pagina:
            raise SystemExit("bench: the workbook was refused.")
        time.sleep(0.5)
    raise SystemExit(f"bench: «{texto}» did not come in five minutes. Does the worker run?")


def dicho(pagina: str) -> str:
    return re.search(r'<p class="destacado">([^<]*)', pagina)[1]


def hacer_libro(renglones: int) -> bytes:
    libro = Workbook(write_only=True)
    hoja = libro.create_sheet("Cartera")
    hoja.append(TITULOS)
    vez = int(time.time())
    for n in range(renglones):
        hoja.append([f"Comercializadora {vez} número {n}, S.A. de C.V.", f"Comercial {n}", f"Persona {n}", "Compras",
                     f"+52 1 55 {2000 + n % 7000} {(n * 7) % 9000 + 1000}", f"p{n}@x{n}.example"])  # fmt: skip
    salida = io.BytesIO()
    libro.save(salida)
    return salida.getvalue()


def gastado(pid: int | None) -> tuple[float, float]:
    """Seconds of processor and megabytes at most of a process and what it started."""
    if not pid:
        return 0.0, 0.0
    segundos, memoria = 0.0, 0.0
    for uno in descendientes(pid):
        try:
            partes = Path(f"/proc/{uno}/stat").read_text().rpartition(")")[2].split()
            estado = Path(f"/proc/{uno}/status").read_text()
        except OSError:
            continue
        segundos += sum(map(int, partes[11:15])) / os.sysconf("SC_CLK_TCK")
        memoria = max(memoria, int(re.search(r"VmHWM:\s+(\d+)", estado)[1]) / 1024)
    return segundos, memoria


def descendientes(pid: int) -> list[int]:
    hijos: dict[int, list[int]] = {}
    for entrada in Path("/proc").iterdir():
        if entrada.name.isdecimal():
            try:
                padre = int((entrada / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
            hijos.setdefault(padre, []).append(int(entrada.name))
    todos, faltan = [], [pid]
    while faltan:
        uno = faltan.pop()
        todos.append(uno)
        faltan += hijos.get(uno, [])
    return todos


if __name__ == "__main__":
    main()
