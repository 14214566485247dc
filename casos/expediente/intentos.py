"""How many times the client was looked for and not found, and what is missing to give up (D§2)."""

from typing import NamedTuple

DIAS_DE_INTENTO, MEDIOS_DE_INTENTO = 3, 2


class Intentos(NamedTuple):
    """Attempts at the client that found nobody, as the rule counts them (D§2): days and media."""

    dias: int
    medios: int

    @property
    def bastan(self) -> bool:
        return self.dias >= DIAS_DE_INTENTO and self.medios >= MEDIOS_DE_INTENTO

    @property
    def dicho(self) -> str:
        """ "2 de 3 intentos: falta otro día y otro medio"."""
        van = f"{min(self.dias, DIAS_DE_INTENTO)} de {DIAS_DE_INTENTO} intentos"
        dias, medios = DIAS_DE_INTENTO - self.dias, MEDIOS_DE_INTENTO - self.medios
        if not self.dias:
            return f"{van}: se hacen en días distintos y por {MEDIOS_DE_INTENTO} medios o más"
        faltan = ["otro día" if dias == 1 else f"otros {dias} días"] if dias > 0 else []
        faltan += ["otro medio"] if medios > 0 else []
        if not faltan:
            return van
        return f"{van}: {'faltan' if dias > 1 else 'falta'} {' y '.join(faltan)}"
