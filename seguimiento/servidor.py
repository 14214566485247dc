"""The web's worker: gunicorn keeps the processes, waitress reads and writes the connections.

gunicorn's own workers give a thread to each request while it is being read, so that eight that never end
stop the site. Here one loop reads and writes for everybody, and a thread is taken only by a request that
has come whole. Who does not send it in its time is hung up on.
"""

import os
import socket
import time
from datetime import timedelta
from io import BytesIO
from types import SimpleNamespace

from django.conf import settings
from gunicorn.workers.base import Worker
from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import TcpWSGIServer, UnixWSGIServer
from waitress.task import ErrorTask, ThreadedTaskDispatcher, WSGITask
from waitress.utilities import RequestEntityTooLarge

from seguimiento.fallas import sin_firma

# Seconds. Of a connection that says nothing, of the head of a request, and of its body, which besides
# gets as long as it takes at RITMO: a photo from a bad line comes in, a drip does not hold a place.
OCIO, CABEZA, CUERPO = 30, 20, 30
RITMO = 4 * 1024  # bytes a second
# How long what is sent after an answer that did not wait for it is read and thrown away.
DESAGUE = 20
# Of each worker: connections, and bytes of requests that have come or are coming. What is more makes
# those leave that have been coming for longest.
CONEXIONES, EN_MEMORIA = 800, 96 * 1024 * 1024
DESPEDIDA = 2  # seconds that a worker told to stop leaves its idle connections open

EN_PALABRAS = {
    400: "El servidor no entendió lo que se le pidió.",
    431: "Tu navegador mandó demasiados datos juntos. Borra las cookies de este sitio y entra otra vez.",
    500: "Algo falló de nuestro lado. Inténtalo otra vez en un momento.",
    501: "El servidor no recibe datos codificados de esa manera.",
}


class Peticion(HTTPRequestParser):
    """One that is too long is answered by the product, in its words, without its body."""

    demasiado = False

    def received(self, data):
        leidos = super().received(data)
        if isinstance(self.error, RequestEntityTooLarge):
            self.error, self.demasiado = None, True
            self.headers["CONNECTION"] = "close"  # and so does the answer say
            largo = max(self.content_length, self.body_bytes_received)
            self.headers["CONTENT_LENGTH"] = str(largo)
        return leidos

    def get_body_stream(self):
        return BytesIO() if self.demasiado else super().get_body_stream()


class Tarea(WSGITask):
    def execute(self):
        self.channel.sin_leer = self.request.demasiado
        super().execute()

    def build_response_header(self):
        if not self.channel.server.sigue:
            self.set_close_on_finish()
        return super().build_response_header()

    def finish(self):
        super().finish()
        registro = self.channel.server.registro
        if registro.access_log_enabled:
            entorno = self.get_environment()
            respuesta = SimpleNamespace(status=self.status, sent=self.content_length, headers=())
            duro = timedelta(seconds=time.time() - self.start_time)
            entorno = entorno | {"RAW_URI": sin_firma(entorno["REQUEST_URI"])}
            registro.access(respuesta, SimpleNamespace(headers=()), entorno, duro)


class Ininteligible(ErrorTask):
    """What never gets to the product, in words all the same."""

    def execute(self):
        self.channel.sin_leer = True
        error = self.request.error
        self.status = f"{error.code} {error.reason}"
        self.response_headers.append(("Content-Type", "text/plain; charset=utf-8"))
        self.set_close_on_finish()
        cuerpo = f"{EN_PALABRAS[error.code]}\n".encode()
        self.content_length = len(cuerpo)
        self.write(cuerpo)


class Conexion(HTTPChannel):
    parser_class, task_class, error_task_class = Peticion, Tarea, Ininteligible
    desde = 0.0  # when the request that is coming began
    sin_leer = False  # it was answered without being read to its end
    tira = False  # what still comes is thrown away

    def received(self, data):
        if self.tira:
            return True
        venia, habia = self.request, self.trae
        seguido = super().received(data)
        if self.request is not venia or venia is None:
            self.desde = time.time()
        if self.trae >> 20 > habia >> 20:
            self.server.aligerar()
        return seguido

    def handle_close(self):
        """To close on somebody who is still sending would take the answer away from them."""
        if self.sin_leer and self.connected and not self.tira:
            try:
                self.socket.shutdown(socket.SHUT_WR)
            except OSError:
                pass
            else:
                self.tira, self.will_close, self.desde = True, False, time.time()
                return
        super().handle_close()

    @property
    def trae(self) -> int:
        """Bytes of the body that is coming."""
        peticion = self.request
        return peticion.body_bytes_received if peticion is not None else 0

    @property
    def pesa(self) -> int:
        return self.trae + sum(p.body_bytes_received for p in list(self.requests))

    @property
    def espera(self) -> bool:
        """Nobody here is working for it: it may be told to go."""
        return not (self.requests or self.total_outbufs_len or self.will_close)

    def se_acabo_su_tiempo(self, ahora: float) -> bool:
        if self.requests:
            return False
        if self.tira:
            return ahora - self.desde > DESAGUE
        peticion = self.request
        if peticion is None:
            return ahora - self.last_activity > OCIO
        if not peticion.headers_finished:
            return ahora - self.desde > CABEZA
        return ahora - self.desde > CUERPO + self.trae / RITMO


class _Servidor:
    channel_class = Conexion
    sigue = True

    def readable(self):
        """While all its threads are taken, who comes is for another worker; the end of one wakes this loop."""
        reparto = self.task_dispatcher
        libre = not reparto.queue and reparto.active_count < self.adj.threads
        return super().readable() and libre

    def maintenance(self, ahora):
        """Each second."""
        for canal in self.active_channels.values():
            if canal.se_acabo_su_tiempo(ahora):
                canal.will_close = True
        sobran = len(self.active_channels) - CONEXIONES
        if sobran > 0:
            esperan = [c for c in self.active_channels.values() if c.espera]
            for canal in sorted(esperan, key=lambda c: c.last_activity)[:sobran]:
                canal.will_close = True

    def aligerar(self):
        pesan = sum(c.pesa for c in self.active_channels.values())
        llegan = [c for c in self.active_channels.values() if c.espera and c.trae]
        for canal in sorted(llegan, key=lambda c: c.desde):
            if pesan <= EN_MEMORIA:
                break
            pesan -= canal.trae
            canal.will_close = True

    @property
    def ocupado(self) -> bool:
        return any(
            c.requests or c.request or c.total_outbufs_len for c in self.active_channels.values()
        )


class PorTcp(_Servidor, TcpWSGIServer):
    pass


class PorArchivo(_Servidor, UnixWSGIServer):
    pass


class Trabajador(Worker):
    """gunicorn's ``--worker-class``. ``--threads`` and ``--graceful-timeout`` are its own."""

    def run(self):
        ajustes = Adjustments(
            threads=self.cfg.threads,
            ident=None,
            # The product reads them itself, and only with HTTPS=1 (``settings``).
            clear_untrusted_proxy_headers=False,
            max_request_header_size=32 * 1024,
            max_request_body_size=settings.CUERPO_MAXIMO + 1,
            inbuf_overflow=settings.CUERPO_MAXIMO + 1,  # never in /tmp, which fills up
            # Some more than we keep: the oldest of them leave, and meanwhile nobody waits outside.
            connection_limit=CONEXIONES + 100,
            cleanup_interval=1,
            recv_bytes=64 * 1024,
            log_socket_errors=False,
        )
        self.mapa, reparto = {}, ThreadedTaskDispatcher()
        reparto.queue_logger.disabled = True
        reparto.set_thread_count(ajustes.threads)
        self.servidores = [self._servidor(s.sock, ajustes, reparto) for s in self.sockets]
        while self.alive and self.ppid == os.getppid():
            self._dar_una_vuelta()
        self._despedirse()
        reparto.shutdown(timeout=1)
        wasyncore.close_all(self.mapa, ignore_all=True)

    def _servidor(self, enchufe, ajustes, reparto):
        clase = PorArchivo if enchufe.family == socket.AF_UNIX else PorTcp
        servidor = clase(
            self.wsgi,
            self.mapa,
            _sock=enchufe,
            dispatcher=reparto,
            adj=ajustes,
            sockinfo=(enchufe.family, enchufe.type, enchufe.proto, enchufe.getsockname()),
            bind_socket=False,
        )
        servidor.registro = self.log
        return servidor

    def _dar_una_vuelta(self):
        self.notify()
        wasyncore.loop(timeout=0.5, use_poll=True, map=self.mapa, count=1)

    def _despedirse(self):
        """Nobody new; who is being served, or is sending already, is served to the end if it is soon."""
        for servidor in self.servidores:
            servidor.sigue = False
            # Whoever comes after a master that was killed can listen at once.
            wasyncore.dispatcher.close(servidor)
        inicio = time.monotonic()
        while (pasan := time.monotonic() - inicio) < self.cfg.graceful_timeout:
            abiertas = any(s.active_channels for s in self.servidores)
            if not any(s.ocupado for s in self.servidores) and (pasan > DESPEDIDA or not abiertas):
                break
            self._dar_una_vuelta()
