"""Names that a person would call the same are the same, on every database (``textos.igual``)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from casos.razon_social import parecida
from casos.textos import igual


class Clave(models.CharField):
    """What the column ``de`` is compared by; written with the row, in bulk too.

    Who saves some columns only (``update_fields``) names it beside ``de``.
    """

    @staticmethod
    def clave(texto: str) -> str:
        raise NotImplementedError

    def __init__(self, *args: Any, de: str, **kwargs: Any):
        self.de = de
        kwargs |= {"editable": False, "default": "", "blank": True}
        kwargs.setdefault("max_length", 600)
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        nombre, ruta, args, kwargs = super().deconstruct()
        for fijo in ("editable", "default", "blank"):
            kwargs.pop(fijo, None)
        return nombre, ruta, args, kwargs | {"de": self.de}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        valor = self.clave(getattr(model_instance, self.de))[: self.max_length]
        guardado = getattr(model_instance, self.attname) or ""
        if not add and guardado.startswith(f"{valor} #"):
            valor = guardado  # of two that an earlier release told apart (migration 0019)
        setattr(model_instance, self.attname, valor)
        return valor


class Igual(Clave):
    clave = staticmethod(igual)


class Parecida(Clave):
    """Of a firm's name: without the form of the company. Nearly equal, which is asked about."""

    clave = staticmethod(parecida)


class NombreUnico(models.Model):
    """A row whose name no other has, however it is written: told beside the field by every form."""

    DENTRO_DE: tuple[str, ...] = ()  # the name is unique within these columns
    REPETIDO = "Ya existe uno con ese nombre."

    class Meta:
        abstract = True

    def clean(self) -> None:
        super().clean()
        [columna] = [c for c in self._meta.concrete_fields if isinstance(c, Igual)]
        if self.pk and self._guardado(columna.de) == getattr(self, columna.de):
            return
        dentro = {c: getattr(self, c) for c in self.DENTRO_DE}
        suyo = {columna.name: igual(getattr(self, columna.de)), **dentro}
        if type(self)._default_manager.filter(**suyo).exclude(pk=self.pk).exists():
            raise ValidationError({columna.de: self.REPETIDO})

    def _guardado(self, campo: str) -> Any:
        return type(self)._default_manager.filter(pk=self.pk).values_list(campo, flat=True).first()
