"""Of the case page: which payroll has what was agreed, and what came of it (§7.7)."""

from __future__ import annotations

from casos.expediente.completo import Completo
from casos.expediente.primer_pago import pagos_de, que_se_paga
from casos.models import Satisfaccion, Usuario
from casos.permisos import lectura


class ConLoAcordado:
    exp: Completo
    usuario: Usuario

    @property
    def primer_pago(self) -> str:
        """Which payroll first has what was agreed, where the contract says how it is paid (§7.7)."""
        caso = self.exp.caso
        if caso.vigor_fecha is None or not (pagos := pagos_de(caso.contrato, caso.vigor_fecha)):
            return ""
        return " ".join(que_se_paga(pagos, caso.vigor_fecha))

    @property
    def hay_preguntas(self) -> bool:
        """Whether it was closed as modified, and it is asked what came of it."""
        return bool(self.exp.hechos.comprobaciones or self.exp.hechos.satisfacciones)

    def comentario(self, satisfaccion: Satisfaccion) -> str:
        return lectura.comentario_para(satisfaccion, self.usuario)
