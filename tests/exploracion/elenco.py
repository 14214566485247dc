"""Who is who in a case, read from the rows: for the table of D§2, which shares nothing with the product's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.personas import COMERCIALES, DE_AREA

DE_ROL = {"ventas": "VEN", "ventas2": "VEN", "gerente": "VEN", "atencion": "AC", "direccion": "DG"}
TODOS = [*COMERCIALES, *DE_AREA, "calidad", "auditor", "admin", "ajena"]


@dataclass(frozen=True)
class Elenco:
    """The persons of a case by name."""

    rc: str | None
    activos: frozenset[str]
    nombres: dict[int, str]

    @classmethod
    def de(cls, caso: Any, p: Any) -> Elenco:
        gente = {n: getattr(p, n) for n in TODOS}
        nombres = {u.pk: n for n, u in gente.items()}
        activos = frozenset(n for n, u in gente.items() if u.is_active)
        return cls(nombres.get(caso.responsable_id), activos, nombres)

    @property
    def responsable(self) -> set[str]:
        return {self.rc} & self.activos if self.rc else set()

    @property
    def gerente(self) -> set[str]:
        return {"gerente"} & self.activos

    @property
    def direccion(self) -> set[str]:
        return {"direccion"} & self.activos

    @property
    def gerencia(self) -> set[str]:
        return self.gerente | self.direccion

    @property
    def rc_o_gerencia(self) -> set[str]:
        """Rule 3."""
        return self.responsable | self.gerencia

    @property
    def atencion(self) -> set[str]:
        return {"atencion"} & self.activos

    @property
    def comerciales(self) -> set[str]:
        return set(DE_ROL) & self.activos

    def area(self, fila: Any) -> set[str]:
        """Members of the area of a row who may answer it: never RC, never who asked."""
        suyos = {n for n, codigo in DE_AREA.items() if codigo == fila.area.codigo}
        return (suyos & self.activos) - self.pidieron(fila)

    def pidieron(self, fila: Any = None) -> set[str]:
        pks = [getattr(fila, c, None) for c in ("pedida_por_id", "pedido_por_id")]
        return {self.nombres[pk] for pk in pks if pk} | ({self.rc} if self.rc else set())

    def ajena(self, quienes: set[str], fila: Any = None) -> set[str]:
        """Rule 4: nobody answers what they asked; with nobody else, who asked does it all the same."""
        return (quienes - self.pidieron(fila)) or quienes
