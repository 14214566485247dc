"""What a person may do on a case now, and what stays locked: by the door's rules. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from casos.actos import DE_UN_CASO, Acto, Lugar
from casos.expediente import Expediente
from casos.models import Usuario
from casos.pasos.situacion import Falta, bajo_llave, faltas_de_la_maquina, filas_de
from casos.permisos.cargos import Permiso


@dataclass(frozen=True)
class Boton:
    """An act offered to a person on a case, or the reason why it is not ready yet."""

    acto: Acto
    permiso: Permiso | None  # ``None``: shown locked, with the reason
    fila: Any
    faltas: tuple[Falta, ...]
    url: str

    @property
    def etiqueta(self) -> str:
        return self.acto.etiqueta_para(self.fila)

    @property
    def bajo_llave(self) -> bool:
        """Shown with its reason, not to be pressed."""
        return self.permiso is None or bool(self.faltas)

    @property
    def razon(self) -> str:
        """Why it is locked."""
        return " ".join(f.mensaje for f in self.faltas)

    @property
    def de_un_toque(self) -> bool:
        """Done with a press where it stands; the rest has a page."""
        return self.acto.lugar == Lugar.DE_UN_TOQUE

    @property
    def ya_contestada(self) -> bool:
        """A manager may correct an answer given: possible, but nobody waits for it."""
        return self.fila is not None and self.fila.estado in self.acto.corrige


def botones(exp: Expediente, usuario: Usuario) -> list[Boton]:
    """What ``usuario`` may do on the case now, in the order of the instruction."""
    ofrecidos = []
    for acto in DE_UN_CASO:
        if exp.caso.estado not in acto.estados:
            continue
        for fila in filas_de(exp.hechos, acto):
            permiso = acto.quien(exp.hechos, usuario, fila)
            if permiso:
                faltas = faltas_de_la_maquina(acto, exp)
                ofrecidos.append(Boton(acto, permiso, fila, faltas, url_de(exp, acto, fila)))
    return ofrecidos


def cerrados(exp: Expediente, usuario: Usuario) -> list[Boton]:
    """What ``usuario`` could look for and may not do now, each with its reason: never just absent."""
    buscados = []
    for acto in DE_UN_CASO:
        for fila in filas_de(exp.hechos, acto):
            if exp.caso.estado in acto.estados and acto.quien(exp.hechos, usuario, fila):
                continue
            if faltas := bajo_llave(exp, usuario, acto, fila):
                buscados.append(Boton(acto, None, fila, faltas, url_de(exp, acto, fila)))
    return buscados


def url_de(exp: Expediente, acto: Acto, fila: Any = None) -> str:
    url = f"{exp.caso.get_absolute_url()}{acto}/"
    return f"{url}{fila.pk}/" if fila is not None else url
