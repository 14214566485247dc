"""The stage of the browser tests: the real server, real mail, and the people with a browser each."""

import pytest
import time_machine
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.utils import timezone
from playwright.sync_api import expect

from casos import calendario, tareas
from casos.catalogos import EstadoAviso
from casos.correo import envio
from casos.models import Aviso, Configuracion
from tests.guion import Guion
from tests.reloj import mediodia

from .gente import ESCRITORIO, Persona, asunto, cuerpo, palabras_inglesas
from .ventana import Ventana

# With the machine full, a page that comes in a moment may take some seconds.
expect.set_options(timeout=20_000)

CHICA = {"width": 800, "height": 500}  # what nobody looks at costs little to draw


class Escena:
    def __init__(self, navegador, url, personas, smtp):
        self.navegador, self.url, self.p, self.smtp = navegador, url, personas, smtp
        self.guion = Guion(personas)
        self.gente = {}
        self.leidos = set()

    def persona(self, nombre="", tamano=ESCRITORIO, javascript=True) -> Persona:
        """The same person always comes back with the same browser, their session in it."""
        if nombre not in self.gente or not nombre:
            nueva = Persona(self.navegador, self.url, nombre, tamano, javascript)
            self.gente[nombre or f"anónimo {len(self.gente)}"] = nueva
            return nueva
        return self.gente[nombre]

    def correo(self, nombre, que):
        """Let the worker send what is due and return the newest unread mail that says ``que``."""
        envio.enviar_pendientes()
        buenos = [
            m
            for m in self.smtp.para(f"{nombre}@ejemplo.mx")
            if que in asunto(m) and id(m) not in self.leidos
        ]
        asuntos = [asunto(m) for m in self.smtp.para(f"{nombre}@ejemplo.mx")]
        assert buenos, f"{nombre} no recibió «{que}»; recibió {asuntos}"
        mensaje = buenos[-1]
        self.leidos.add(id(mensaje))
        ingles = palabras_inglesas(asunto(mensaje) + "\n" + cuerpo(mensaje))
        assert not ingles, f"{asunto(mensaje)}: {ingles}"
        return mensaje

    def espera_el_resumen(self, nombre, que):
        """A letter that only informs: it is written, and waits for that person's morning."""
        suyas = Aviso.objects.filter(usuario__username=nombre, estado=EstadoAviso.RESUMEN)
        asuntos = list(suyas.values_list("asunto", flat=True))
        assert any(que in a for a in asuntos), f"a {nombre} no le espera «{que}», sino {asuntos}"

    def amanece(self, habiles=0):
        """The morning's letters are written: of the first business day from today on, or of one later."""
        hoy = calendario.hoy()
        primero = hoy if calendario.es_habil(hoy) else calendario.sumar_habiles(hoy, 1)
        dia = calendario.sumar_habiles(primero, habiles)
        with time_machine.travel(mediodia(dia), tick=False):
            tareas.enviar_resumenes()
        Aviso.objects.filter(estado=EstadoAviso.PENDIENTE).update(proximo_en=timezone.now())

    def cerrar(self):
        for persona in self.gente.values():
            persona.contexto.close()


@pytest.fixture(scope="session", autouse=True)
def archivos_que_se_guardan():
    """The browser keeps the static files, as it may in production, and does not ask each time."""
    original = StaticFilesHandler.serve

    def servir(self, request):
        respuesta = original(self, request)
        respuesta.headers["Cache-Control"] = "max-age=3600"
        return respuesta

    StaticFilesHandler.serve = servir
    yield
    StaticFilesHandler.serve = original


@pytest.fixture
def escena(browser, live_server, settings, smtp, personas):
    settings.URL_BASE = live_server.url  # the mails' links lead here
    settings.CSRF_TRUSTED_ORIGINS = [live_server.url]
    Configuracion.objects.update(segundo_factor_de=[])  # asked in tests/test_acceso.py
    escena = Escena(browser, live_server.url, personas, smtp)
    yield escena
    escena.cerrar()


@pytest.fixture(scope="session")
def ventana(browser, live_server):
    """Opened once, with its cache: each test sits somebody down at it."""
    ventana = Ventana(browser, live_server.url, tamano=CHICA)
    ventana.pagina.emulate_media(reduced_motion="reduce")
    yield ventana
    ventana.contexto.close()
