"""One window that people take turns at, each with their own session; by labels, as one reads them.

How a page looks is promised elsewhere: here somebody presses, fills in, and reads what comes.
"""

import re

from django.utils import timezone
from playwright.sync_api import expect

from casos.models import Caso

from .gente import Persona, enlace_de


class Ventana(Persona):
    def turno_de(self, nombre, en="/"):
        self.nombre = nombre
        self.con_sesion()
        return self.abrir(en)

    def abrir(self, en):
        if isinstance(en, Caso):
            en = en.get_absolute_url()
        self.pagina.goto(en)
        return self

    def desde(self, mensaje, nombre):
        """Whoever got this mail follows its link."""
        return self.turno_de(nombre, enlace_de(mensaje))

    # -- reading ------------------------------------------------------------------------------------

    @property
    def texto(self) -> str:
        """What the page says, whatever breaks its lines."""
        return " ".join(self.pagina.locator("main").inner_text().split())

    def lee(self, texto):
        """The page says so, or will in a moment; what it said instead, in one line."""
        try:
            expect(self.pagina.locator("body")).to_contain_text(texto, timeout=20_000)
        except AssertionError:
            leido = self.texto
            raise AssertionError(
                f"{self.nombre} no lee «{texto}» en {self.pagina.url}: {leido}"
            ) from None
        return self

    def no_lee(self, *dichos):
        for dicho in dichos:
            assert dicho not in self.texto, f"{self.nombre} lee «{dicho}» en {self.pagina.url}"
        return self

    def renglon(self, concepto, tabla="table") -> str:
        """A row of a table of conditions."""
        fila = self.pagina.locator(f"main {tabla} tr").filter(
            has=self.pagina.get_by_role("rowheader", name=concepto)
        )
        return " ".join(fila.first.inner_text().split())

    # -- pressing -----------------------------------------------------------------------------------

    def va_a(self, enlace, dentro=None, exacto=True):
        """Press a link that leads to another page."""
        enlaces = (dentro or self.pagina.locator("main")).get_by_role(
            "link", name=enlace, exact=exacto
        )
        with self.pagina.expect_navigation():
            enlaces.first.click()
        return self

    def ofrece(self, que) -> bool:
        """Whether there is anything to press by this name, or a form of it."""
        botones = [self.pagina.locator("main").get_by_role(r, name=que) for r in ("link", "button")]
        return any(b.count() for b in botones)

    def abre(self, boton):
        """Press what opens its form in its place."""
        self.pagina.locator("main").get_by_role("button", name=boton, exact=True).first.click()
        self.pagina.locator("[id^=aqui-]:not([hidden]) form.formulario").first.wait_for()
        return self

    def pone(self, etiqueta, valor, dentro=None):
        """Fill in the field of this label."""
        nombre = re.compile(f"^{re.escape(etiqueta)}( \\(opcional\\))?$")
        campo = (dentro or self.pagina.locator("main")).get_by_label(nombre)
        self._abrir_plegado(campo.first)
        if campo.first.evaluate("e => e.tagName") == "SELECT":
            campo.first.select_option(label=str(valor))
        elif hasattr(valor, "isoformat"):
            campo.first.fill(fecha_de(valor))
        else:
            campo.first.fill(str(valor))
        return self

    def marca(self, opcion, grupo=""):
        """Tick a box, or an option of the question ``grupo``."""
        dentro = self.pagina.locator("main")
        if grupo:
            dentro = dentro.get_by_role("group", name=re.compile(f"^{re.escape(grupo)}")).last
        dentro.get_by_label(opcion, exact=True).first.check()
        return self

    def envia(self, boton, dice="Listo"):
        with self.pagina.expect_navigation():
            self.pagina.locator("main").get_by_role("button", name=boton, exact=True).last.click()
        return self.lee(dice)


def fecha_de(valor) -> str:
    """As a browser's field of dates, or of dates with an hour, keeps it."""
    if hasattr(valor, "hour"):
        return f"{timezone.localtime(valor):%Y-%m-%dT%H:%M}"
    return valor.isoformat()
