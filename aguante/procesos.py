"""The product's own processes, supervised as an init system does it, and ended by their ids alone."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path

ANFITRION = "127.0.0.1"
# Of this run alone; 60 characters, since the product refuses a short one.
SECRETO = "aguante-0123456789-abcdefghijklmnopqrstuvwxyz-0123456789-abc"
GUNICORN = (
    "-m gunicorn seguimiento.wsgi --workers 2 --threads 4 --preload --timeout 60 "
    "--graceful-timeout 5 --no-control-socket --worker-class seguimiento.servidor.Trabajador"
)


def puerto_libre() -> int:
    with socket.socket() as enchufe:
        enchufe.bind((ANFITRION, 0))
        return enchufe.getsockname()[1]


def entorno(url: str, puerto: int, **propias: str) -> dict[str, str]:
    """Nothing of the shell's but where things are."""
    heredadas = {
        k: os.environ[k] for k in ("HOME", "LANG", "TMPDIR", "PYTHONPATH") if k in os.environ
    }
    return (
        heredadas
        | {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "SECRET_KEY": SECRETO,
            "DATABASE_URL": url,
            "URL_BASE": f"http://{ANFITRION}:{puerto}",
            "PYTHONUNBUFFERED": "1",
        }
        | propias
    )


def descendientes(pid: int) -> list[int]:
    """The living children of a process, and theirs."""
    hijos: dict[int, list[int]] = {}
    for carpeta in Path("/proc").iterdir():
        if carpeta.name.isdigit():
            try:
                campos = (carpeta / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue  # it ended meanwhile
            if campos[0] != "Z":
                hijos.setdefault(int(campos[1]), []).append(int(carpeta.name))
    todos, por_ver = [], [pid]
    while por_ver:
        suyos = hijos.get(por_ver.pop(), [])
        todos += suyos
        por_ver += suyos
    return todos


def matar(pid: int, senal: int = signal.SIGKILL) -> bool:
    try:
        os.kill(pid, senal)
    except ProcessLookupError:
        return False
    return True


class Proceso:
    """``with Proceso(…) as p``: started again a second after it dies, until the block ends."""

    def __init__(self, orden: list[str], raiz: Path, variables: dict[str, str], registro: Path):
        self._orden, self._raiz, self._variables = orden, raiz, variables
        self._registro = registro
        self._fin, self._quieto = threading.Event(), threading.Event()
        self._mios: set[int] = set()
        self._sesiones: set[int] = set()

    def __enter__(self):
        self._arrancar()
        self._vigia = threading.Thread(target=self._vigilar, daemon=True)
        self._vigia.start()
        return self

    def __exit__(self, *_):
        self._fin.set()
        self._vigia.join()
        self._mios |= {self.pid, *self.hijos()}
        matar(self.pid, signal.SIGTERM)
        try:
            self._proceso.wait(timeout=15)
        except subprocess.TimeoutExpired:
            pass
        # What a killed master left behind is ours as well, as long as it still is that session's.
        for pid in self._mios:
            if _sesion(pid) in self._sesiones:
                matar(pid)
        self._proceso.wait()

    @property
    def pid(self) -> int:
        return self._proceso.pid

    def hijos(self) -> list[int]:
        hijos = descendientes(self.pid)
        self._mios |= set(hijos)
        # The queue's cluster has a session of its own, and may outlive a command that was killed.
        self._sesiones |= {_sesion(pid) for pid in hijos} - {0, os.getsid(0)}
        return hijos

    def detener(self):
        """It ends by itself, and stays so until ``seguir``."""
        self._quieto.set()
        self.hijos()
        matar(self.pid, signal.SIGTERM)
        self._proceso.wait(timeout=60)

    def seguir(self):
        self._arrancar()
        self._quieto.clear()

    def _arrancar(self):
        with self._registro.open("ab") as salida:
            self._proceso = subprocess.Popen(
                self._orden,
                cwd=self._raiz,
                env=self._variables,
                stdin=subprocess.DEVNULL,
                stdout=salida,
                stderr=salida,
                start_new_session=True,
            )
        self._sesiones.add(self._proceso.pid)

    def _vigilar(self):
        while not self._fin.wait(0.1):
            muerto = self._proceso.poll() is not None and not self._quieto.is_set()
            if muerto and not self._fin.wait(1):
                self._arrancar()


def _sesion(pid: int) -> int:
    try:
        return os.getsid(pid)
    except ProcessLookupError:
        return 0


def web(raiz: Path, url: str, carpeta: Path, puerto: int = 0, **variables: str) -> Proceso:
    puerto = puerto or puerto_libre()
    orden = [sys.executable, *GUNICORN.split(), "--bind", f"{ANFITRION}:{puerto}"]
    proceso = Proceso(orden, raiz, entorno(url, puerto, **variables), carpeta / "web.log")
    proceso.puerto = puerto
    return proceso


def trabajador(raiz: Path, url: str, carpeta: Path, puerto: int, **variables: str) -> Proceso:
    orden = [sys.executable, "manage.py", "trabajador"]
    return Proceso(orden, raiz, entorno(url, puerto, **variables), carpeta / "trabajador.log")


def sirve(puerto: int, plazo: float = 2) -> bool:
    try:
        with urllib.request.urlopen(f"http://{ANFITRION}:{puerto}/salud/", timeout=plazo) as r:
            return r.status == 200
    except OSError:
        return False


def hasta_que_sirva(puerto: int, segundos: float = 180, plazo: float = 2) -> float:
    """Seconds that passed; what does not come back within ``segundos`` ends the run."""
    inicio = time.monotonic()
    while not sirve(puerto, plazo):
        if time.monotonic() - inicio > segundos:
            raise TimeoutError(f"El sitio no volvió en {segundos} s.")
        time.sleep(0.05)
    return time.monotonic() - inicio
