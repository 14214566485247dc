"""Fixtures that stand for the outside world: an SMTP server and a browser."""

import asyncio
import socket
from email import message_from_bytes
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller


class Buzon:
    """What a real SMTP server on loopback received; ``caido`` makes it refuse."""

    def __init__(self):
        self.mensajes, self.crudos = [], []
        self.caido = False
        self.rechaza = set()
        self.demora = 0  # seconds per message

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        if self.caido:
            return "451 Intente más tarde"
        if address in self.rechaza:
            return "550 No existe"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.demora:
            await asyncio.sleep(self.demora)
        self.crudos.append(envelope.content)
        mensaje = message_from_bytes(envelope.content)
        mensaje.destinatarios = list(envelope.rcpt_tos)
        self.mensajes.append(mensaje)
        return "250 OK"

    def para(self, correo):
        return [m for m in self.mensajes if correo in m.destinatarios]


@pytest.fixture
def smtp(settings):
    """A real SMTP server; the settings point at it."""
    buzon = Buzon()
    with socket.socket() as libre:
        libre.bind(("127.0.0.1", 0))
        buzon.puerto = libre.getsockname()[1]
    servidor = Controller(buzon, hostname="127.0.0.1", port=buzon.puerto)
    servidor.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = buzon.puerto
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    yield buzon
    servidor.stop()


# Debian's. The shell is the same engine without a desktop's window around each page, which took more of the
# processor than the pages did; where there is none, the whole browser does.
NAVEGADORES = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium"]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return browser_type_launch_args | {
        "executable_path": next((n for n in NAVEGADORES if Path(n).exists()), NAVEGADORES[-1]),
        "args": ["--no-sandbox", "--disable-dev-shm-usage"],
    }
