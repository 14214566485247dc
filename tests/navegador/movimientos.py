"""What a task costs whoever does it: presses, fields and pages that load.

``Movimientos`` counts what a journey does through it, from where it is made on. A tick and Enter are presses; a text
or a choice is a field; a page is a whole one, not a piece that htmx brings.
"""

from django.conf import settings
from playwright.sync_api import Locator, Page


class Movimientos:
    def __init__(self, pagina: Page):
        self.pagina = pagina
        self.clics = self.campos = self.paginas = 0
        pagina.on("domcontentloaded", self._cargo)

    def _cargo(self, pagina: Page) -> None:
        self.paginas += 1

    def presiona(self, donde: Locator, tecla: str = "", *, lleva: bool = False) -> "Movimientos":
        """Press it, or ``tecla`` on it; ``lleva``: another page loads, and it is waited for."""
        self.clics += 1

        def hacer() -> None:
            donde.press(tecla) if tecla else donde.click()

        if not lleva:
            hacer()
            return self
        with self.pagina.expect_navigation():
            hacer()
        return self

    def llena(self, donde: Locator, valor: str) -> "Movimientos":
        """Type it, or choose it by its words."""
        self.campos += 1
        if donde.evaluate("e => e.tagName") == "SELECT":
            donde.select_option(label=valor)
        else:
            donde.fill(valor)
        return self

    @property
    def total(self) -> int:
        return self.clics + self.campos + self.paginas

    def __str__(self) -> str:
        return f"{self.total} ({self.clics} clics, {self.campos} campos, {self.paginas} páginas)"


def segun_el_manual(tarea: str) -> int:
    """What the table of the appendix says that ``tarea`` costs today."""
    apendice = (settings.BASE_DIR / "docs" / "manual" / "apendice.md").read_text(encoding="utf-8")
    [renglon] = [r for r in apendice.splitlines() if r.startswith(f"| {tarea} |")]
    return int(renglon.split("|")[-2])
