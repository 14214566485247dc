"""The act under way, as the function that carries it out sees it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.db import models

from casos.actos import Acto
from casos.catalogos import Estado, Resultado
from casos.clientes.contratos import regresar_lo_acordado
from casos.expediente import Expediente, Hechos
from casos.formularios.base import Datos, FormularioBase, FormularioPaso
from casos.models import Ajuste, Caso, Cita, Constancia, Impreso, Opinion, Usuario
from casos.permisos.cargos import Permiso

from .situacion import exigir_guardas

F = TypeVar("F", bound=FormularioBase)
T = TypeVar("T")


@dataclass
class Apertura(Generic[F]):
    """§7.1: what is known while there is no case yet."""

    acto: Acto
    usuario: Usuario
    form: F
    ahora: datetime
    permiso: Permiso
    revision: int | None

    @property
    def datos(self) -> Datos:
        return self.form.cleaned_data


@dataclass
class ActoEnCurso(Generic[F, T]):
    """An act under way: the form ``F`` that was sent, and the row ``T`` it is done on."""

    acto: Acto
    usuario: Usuario
    form: F
    ahora: datetime
    permiso: Permiso
    exp: Expediente
    fila: T
    estado_inicial: str = ""  # empty where the case was just opened
    en_lugar_de_id: int | None = None  # who led the case, where it is done in their place
    sin_segregacion: bool = False
    sin_cartas: bool = False  # one of hundreds: what it leaves somebody is told in the morning
    cambio_hoja: bool = False
    cambio_motivos: bool = False
    # what the log says besides what was typed
    cambios: dict[str, Sequence[Any]] = field(default_factory=dict)
    datos_extra: Datos = field(default_factory=dict)
    textos_extra: dict[str, tuple[str, str]] = field(default_factory=dict)
    # the rows it concerned, for the letters
    opiniones: list[Opinion] = field(default_factory=list)
    ajustes: list[Ajuste] = field(default_factory=list)
    constancias: list[Constancia] = field(default_factory=list)
    canceladas: list[Opinion | Ajuste] = field(default_factory=list)
    impreso: Impreso | None = None  # what the client is given in writing
    citas: list[Cita] = field(default_factory=list)

    @property
    def caso(self) -> Caso:
        return self.exp.caso

    @property
    def hechos(self) -> Hechos:
        return self.exp.hechos

    @property
    def datos(self) -> Datos:
        return self.form.cleaned_data

    def transitar(self, **kw: Any) -> None:
        """Run the machine's transition of this act; raises with every guard that fails."""
        exigir_guardas(self.acto, self.exp, self.form)
        getattr(self.caso, self.acto.nombre)(**kw)
        de_ajuste = self.estado_inicial == Estado.EN_MODIFICACION
        if de_ajuste and self.caso.resultado != Resultado.MODIFICADO:
            self._regresar_lo_acordado()

    def _regresar_lo_acordado(self) -> None:
        """The contract follows the case: what an earlier closing wrote is taken back (rule 12)."""
        contrato = self.caso.contrato
        version = contrato and regresar_lo_acordado(contrato, self.caso, self.usuario)
        if version:
            self.caso.version_contrato = version.numero
            self.datos_extra["version_contrato"] = version.numero
            self.datos_extra["regresa_desde"] = version.desde_fecha.isoformat()

    def cambiar(self, fila: models.Model, **valores: Any) -> None:
        """Assign fields of a row, count its version and save it."""
        for nombre, valor in valores.items():
            setattr(fila, nombre, valor)
        if hasattr(fila, "version"):
            fila.version += 1
            valores["version"] = fila.version
        fila.save(update_fields=list(valores))


DePaso = ActoEnCurso[FormularioPaso, Any]  # for what several acts share
