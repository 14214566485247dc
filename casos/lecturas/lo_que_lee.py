"""What of one case's page a person reads: the rules of ``permisos.lectura``, asked by its template. No queries."""

from __future__ import annotations

from dataclasses import dataclass

from casos.expediente.completo import Completo
from casos.models import (
    Ajuste,
    Cita,
    Comprobacion,
    Constancia,
    Opinion,
    Propuesta,
    Satisfaccion,
    Usuario,
)
from casos.permisos import lectura


@dataclass
class LoQueLee:
    exp: Completo
    usuario: Usuario

    @property
    def persona(self) -> str:
        return lectura.persona_para(self.exp.caso.persona, self.usuario)

    def con_quien(self, fila: Cita | Propuesta | Satisfaccion) -> str:
        return lectura.persona_para(fila.persona, self.usuario)

    @property
    def ve_contacto(self) -> bool:
        return lectura.lee_datos_de_contacto(self.usuario)

    @property
    def rfc(self) -> str:
        return lectura.rfc_para(self.exp.caso.cliente, self.usuario)

    @property
    def ve_decision(self) -> bool:
        return lectura.ve_toda_la_hoja(self.exp.caso, self.usuario)

    @property
    def ve_lo_interno(self) -> bool:
        return lectura.lee_lo_interno(self.exp.caso, self.usuario)

    @property
    def lee_los_puntos(self) -> bool:
        """Who is led to the eight points of the case: who reads everything, and who answers for it."""
        return self.usuario.ve_todo or self.exp.caso.responsable_id == self.usuario.pk

    def ve_respuesta(self, ajuste: Ajuste) -> bool:
        return lectura.lee_respuesta(self.exp.caso, self.usuario, ajuste)

    def ve_diferencia(self, comprobacion: Comprobacion) -> bool:
        return lectura.lee_diferencia(self.exp.caso, self.usuario, comprobacion)

    def ve_fundamento(self, opinion: Opinion) -> bool:
        return lectura.ve_fundamentos(self.exp.caso, self.usuario, opinion)

    def ve_texto(self, constancia: Constancia) -> bool:
        return lectura.ve_lo_dicho(self.exp.hechos, self.usuario, constancia)
