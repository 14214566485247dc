"""A site under measure: a gunicorn started as a ``Procfile`` says, and ended by its id."""

import os
import signal
import socket
import subprocess
from pathlib import Path
from time import monotonic, sleep

from .cliente import ANFITRION, Cliente, Fallo, leer_formulario

ENTRADA = "/cuenta/login/"
CLAVE = "demo"
# Sites of this run only; 60 characters, since the product refuses a short one.
SECRETO = "bench-0123456789-abcdefghijklmnopqrstuvwxyz-0123456789-abcdef"


def entorno(python: Path, **propias) -> dict:
    """The environment of a site: nothing of the shell's but where things are."""
    heredadas = {k: os.environ[k] for k in ("HOME", "LANG", "TMPDIR") if k in os.environ}
    ruta = f"{python.parent}:{os.environ['PATH']}"
    return heredadas | {"PATH": ruta, "SECRET_KEY": SECRETO, "DEMO": "1", "DEBUG": "0"} | propias


def puerto_libre() -> int:
    with socket.socket() as enchufe:
        enchufe.bind((ANFITRION, 0))
        return enchufe.getsockname()[1]


class Servidor:
    """``with Servidor(…) as s``: answers at ``s.puerto`` until the block ends."""

    def __init__(self, orden: str, python: Path, raiz: Path, url: str, bitacora: Path, **variables):
        self.puerto = puerto_libre()
        self._orden, self._raiz, self._bitacora = orden, raiz, bitacora
        base = f"http://{ANFITRION}:{self.puerto}"
        self._entorno = entorno(
            python, DATABASE_URL=url, PORT=str(self.puerto), URL_BASE=base, **variables
        )

    def __enter__(self):
        with self._bitacora.open("wb") as salida:
            self._proceso = subprocess.Popen(
                ["bash", "-c", f"exec {self._orden}"],
                cwd=self._raiz,
                env=self._entorno,
                stdin=subprocess.DEVNULL,
                stdout=salida,
                stderr=salida,
                start_new_session=True,
            )
        try:
            self._esperar()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _esperar(self) -> None:
        limite = monotonic() + 60
        while monotonic() < limite and self._proceso.poll() is None:
            try:
                Cliente(self.puerto).ver(ENTRADA)
                return
            except OSError:
                sleep(0.1)
        raise Fallo(f"{self._orden}\ndid not start:\n{self._bitacora.read_text()[-2000:]}")

    def __exit__(self, *error):
        suyos = self.procesos()
        self._proceso.terminate()
        try:
            self._proceso.wait(timeout=15)
        except subprocess.TimeoutExpired:
            for pid in suyos:
                _matar(pid)
            self._proceso.wait()

    def procesos(self) -> list[int]:
        """The master and its workers, by the parent each names."""
        padres = {}
        for carpeta in Path("/proc").iterdir():
            if carpeta.name.isdigit():
                try:
                    partes = (carpeta / "stat").read_text().rpartition(")")[2].split()
                except OSError:
                    continue
                padres.setdefault(int(partes[1]), []).append(int(carpeta.name))
        suyos = [self._proceso.pid]
        for pid in suyos:
            suyos += padres.get(pid, [])
        return suyos

    def memoria(self) -> float:
        """MiB of all its processes, each shared page counted once (PSS)."""
        kib = 0
        for pid in self.procesos():
            for linea in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if linea.startswith("Pss:"):
                    kib += int(linea.split()[1])
        return kib / 1024

    def entrar(self, usuario: str) -> dict:
        """The cookies of a person who has logged in."""
        cliente = Cliente(self.puerto)
        pagina = cliente.ver(ENTRADA)
        formulario = leer_formulario(pagina, "password")
        campo = "login" if "login" in formulario.datos else "username"
        cliente.enviar(ENTRADA, formulario.lleno(**{campo: usuario, "password": CLAVE}), ENTRADA)
        cliente.cerrar()
        return cliente.cookies


def _matar(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
