"""The action under way, as the functions that carry it out see it."""

from dataclasses import dataclass, field
from datetime import datetime

from django import forms
from django.db import models

from casos.models import Cargo, Caso, Usuario
from casos.pasos.rechazo import AccionRechazada, faltas_de_la_maquina


@dataclass
class Gestion:
    """One action under way, handed to the function that carries it out."""

    accion: str
    usuario: Usuario
    form: forms.Form
    ahora: datetime
    caso: Caso | None = None
    objeto: models.Model | None = None
    cargo: Cargo | None = None
    cambios: dict = field(default_factory=dict)
    datos_extra: dict = field(default_factory=dict)
    textos_extra: dict = field(default_factory=dict)
    opiniones: list = field(default_factory=list)
    ajustes: list = field(default_factory=list)
    constancias: list = field(default_factory=list)
    canceladas: list = field(default_factory=list)
    estado_inicial: str = ""
    revision: int | None = None
    cambio_hoja: bool = False

    @property
    def datos(self) -> dict:
        return self.form.cleaned_data

    def transitar(self, **kw) -> None:
        """Run the machine's transition of this action; raises with every guard that fails."""
        faltas = faltas_de_la_maquina(self.accion, self.caso)
        if faltas:
            raise AccionRechazada(faltas, self.form, self.caso)
        getattr(self.caso, self.accion)(**kw)

    def cambiar(self, objeto, **valores) -> None:
        """Assign fields of a row, count its version and save it."""
        for nombre, valor in valores.items():
            setattr(objeto, nombre, valor)
        if hasattr(objeto, "version"):
            objeto.version += 1
        objeto.save()
