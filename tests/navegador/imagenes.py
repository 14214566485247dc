"""The manual's pictures, taken anew of the real screens with the demonstration behind them: ``make imagenes``.

No part of the suite: pytest collects it when it is named. Light, at the size at which they are read, and as WebP,
which the browser itself writes.
"""

import base64
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.core.management import call_command

from casos.actos import ACTOS
from casos.lecturas.ayuda import MANUAL
from casos.models import Caso, Configuracion, Usuario

from ..guion import botones_de, fresco
from .gente import TELEFONO, Persona

pytestmark = pytest.mark.navegador

CARPETA = MANUAL / "img"
ANCHO, CALIDAD = {"width": 1180, "height": 760}, 68
# The browser of a server may know no Spanish: its dates are put as one in Spanish shows them.
FECHAS = """() => document.querySelectorAll("input[type=date], input[type=datetime-local]").forEach((e) => {
  const [dia, hora] = e.value.split("T");
  const valor = dia ? dia.split("-").reverse().join("/") + (hora ? ` ${hora}` : "") : "dd/mm/aaaa";
  e.type = "text"; e.value = valor;
})"""


@dataclass(frozen=True)
class Imagen:
    nombre: str
    quien: str
    donde: Callable[[], str]
    abre: str = ""  # pressed before it is taken
    desde: str = ""  # what stands at the top of it
    alto: int = ANCHO["height"]  # 0: the whole of it
    tamano: dict | None = None


def se_puede(accion: str, quien="ventas", pagina=True) -> Callable[[], str]:
    """Where ``quien`` may do it now, of the newest case: the act's page, or the case's."""

    def donde() -> str:
        usuario = Usuario.objects.get(username=quien)
        de_esos = Caso.objects.filter(estado__in=ACTOS[accion].estados).order_by("-pk")
        for caso in map(fresco, de_esos):
            for boton in botones_de(caso, usuario):
                if boton.acto.nombre == accion and not boton.faltas:
                    return boton.url if pagina else caso.get_absolute_url()
        raise AssertionError(f"en la demostración {quien} no puede {accion}")

    return donde


def fija(ruta: str) -> Callable[[], str]:
    return lambda: ruta


IMAGENES = [
    Imagen("pendientes", "ventas", fija("/")),
    Imagen("telefono", "ventas", fija("/"), tamano=TELEFONO, alto=TELEFONO["height"]),
    Imagen("caso", "ventas", se_puede("analizar", pagina=False)),
    Imagen("nuevo", "ventas", fija("/casos/nuevo/")),
    Imagen("analizar", "ventas", se_puede("analizar")),
    Imagen("opinar", "finanzas", fija("/"), abre="A favor"),
    Imagen("decidir", "direccion", se_puede("declarar_viable", "direccion")),
    Imagen("presentar", "ventas", se_puede("presentar")),
    Imagen("respuesta", "ventas", se_puede("aceptar", pagina=False), desde="#siguiente", alto=430),
    Imagen("ajuste", "nominas", fija("/"), abre="Confirmar ajuste"),
    Imagen("informar", "atencion", se_puede("informar", "atencion")),
    Imagen("constancias", "juridico", fija("/"), desde="main li:has-text('¿Así fue?')", alto=0),
    Imagen("lista", "gerente", fija("/casos/")),
    Imagen("tablero", "gerente", fija("/tablero/"), desde="main section"),
    Imagen("panel", "juridico", fija("/admin/")),
    Imagen("flujo", "ventas", fija("/procedimiento/"), desde="#diagrama", alto=0),
]


@pytest.fixture
def demostracion(live_server, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    settings.CSRF_TRUSTED_ORIGINS = [live_server.url]
    call_command("cargar_demo")
    Configuracion.objects.update(segundo_factor_de=[])
    return live_server.url


def tomar(persona: Persona, imagen: Imagen) -> None:
    pagina = persona.pagina
    pagina.set_viewport_size(imagen.tamano or ANCHO)
    pagina.goto(imagen.donde())
    if imagen.abre:
        pagina.get_by_role("button", name=imagen.abre, exact=True).first.click()
        pagina.locator("[id^=aqui-]:not([hidden]) form.formulario").first.wait_for()
    pagina.evaluate(FECHAS)
    pagina.mouse.move(0, 0)
    pagina.wait_for_timeout(300)
    caja = {"x": 0, "y": 0, "width": pagina.viewport_size["width"], "height": imagen.alto}
    if imagen.desde:
        parte = pagina.locator(imagen.desde).first.bounding_box()
        caja["height"] = imagen.alto or parte["height"] + 8
        caja |= {"x": parte["x"] - 16, "y": parte["y"] - 4, "width": parte["width"] + 32}
    tomada = pagina.context.new_cdp_session(pagina).send(
        "Page.captureScreenshot",
        {
            "format": "webp",
            "quality": CALIDAD,
            "captureBeyondViewport": True,
            "clip": {**caja, "scale": 1},
        },
    )
    (CARPETA / f"{imagen.nombre}.webp").write_bytes(base64.b64decode(tomada["data"]))


def test_tomar_las_imagenes(browser, demostracion):
    gente: dict[str, Persona] = {}
    for imagen in IMAGENES:
        if imagen.quien not in gente:
            nueva = gente[imagen.quien] = Persona(browser, demostracion, imagen.quien, ANCHO)
            nueva.pagina.emulate_media(color_scheme="light", reduced_motion="reduce")
            nueva.pagina.goto("/cuenta/login/")
            nueva.pagina.locator("[name=login]").fill(imagen.quien)
            nueva.pagina.locator("[name=password]").fill("demo")
            with nueva.pagina.expect_navigation():
                nueva.pagina.get_by_role("button", name="Entrar").click()
        tomar(gente[imagen.quien], imagen)
    for persona in gente.values():
        persona.contexto.close()
