"""Believable data for any form, the choices left to chance. No act is named here.

A field is known by its kind, its choices, what it proposes and the answer it hangs from
(``data-muestra-si``), so that the form of a new act is filled in without a line of its own. Whoever
fills it reads the refusal as a person would (``corregir``) and tries again.
"""

import random
from datetime import timedelta

from django import forms
from django.utils import timezone

from casos.formularios.campos import CampoConfirmacion, CampoFecha, CampoFechaHora, CampoPasado
from casos.formularios.valores import CampoValor

from .guion import en_dias


def condicion(campo) -> tuple[str, list[str]]:
    """``("como", ["CITA"])``: the field, and its answers, that bring this one."""
    de, _, valores = campo.widget.attrs.get("data-muestra-si", "").partition("=")
    return de, valores.split("|")


class Inventor:
    """Fills ``form`` by ``azar``; with ``todo``, every field that there is, asked for or not."""

    def __init__(self, form, azar: random.Random, todo=False):
        self.form, self.azar, self.todo = form, azar, todo
        self.campos = {
            n: c
            for n, c in form.fields.items()
            if not c.widget.is_hidden and not isinstance(c, forms.FileField)
        }
        self.datos = {
            n: "" if (v := form.get_initial_for_field(c, n)) is None else v
            for n, c in form.fields.items()
            if c.widget.is_hidden
        }
        abren = {condicion(c)[0] for c in self.campos.values()}
        self.abren = [n for n in self.campos if n in abren]
        self.sueltos = [n for n in self.campos if not condicion(self.campos[n])[0]]
        for nombre in self.sueltos:
            self.datos[nombre] = self.valor(nombre)
        if self._sin_cifras():
            self.datos |= self._unas_cifras()
        self.completar()

    def completar(self) -> None:
        """What hangs from an answer: there when the answer is, gone when it is not."""
        for _ in range(3):  # an answer may hang from another
            for nombre, campo in self.campos.items():
                de, valores = condicion(campo)
                if not de:
                    continue
                if self.todo or self.datos.get(de) in valores:
                    self.datos.setdefault(nombre, self.valor(nombre, hace_falta=True))
                else:
                    self.datos.pop(nombre, None)

    def corregir(self, faltas) -> None:
        """Read a refusal, field by field; where it names none, answer something more."""
        for falta in faltas:
            if isinstance(self.form.fields.get(falta.campo), CampoConfirmacion):
                self.datos[falta.campo] = "on"  # its box appeared with the question
                continue
            nombre = falta.campo if falta.campo in self.campos else None
            if nombre is None:
                self._abrir_otra()
                continue
            inicial = self._inicial(nombre)
            if self.datos.get(nombre) in (None, "", []):
                self.datos[nombre] = self.valor(nombre, hace_falta=True)
            elif inicial not in (None, "") and self.datos[nombre] != inicial:
                self.datos[nombre] = inicial
            elif condicion(self.campos[nombre])[0]:
                de = condicion(self.campos[nombre])[0]
                self.datos[de] = self.valor(de, otro=True)
            elif not self.campos[nombre].required:
                self.datos[nombre] = ""
            else:
                self.datos[nombre] = self.valor(nombre, hace_falta=True, otro=True)
        self.completar()

    # -- one field -------------------------------------------------------------------------------

    def _inicial(self, nombre):
        return self.form.get_initial_for_field(self.campos[nombre], nombre)

    def valor(self, nombre, hace_falta=False, otro=False):
        campo, inicial = self.campos[nombre], self._inicial(nombre)
        hace_falta = hace_falta or campo.required or self.todo
        if isinstance(campo, CampoValor):
            return self._cifra(campo, inicial, hace_falta)
        if isinstance(campo, forms.BooleanField):
            return "on" if self.todo or inicial or self.azar.random() < 0.3 else ""
        if isinstance(campo, forms.ModelMultipleChoiceField):
            filas = [f.pk for f in campo.queryset]
            return self.azar.sample(filas, min(len(filas), self.azar.randint(1, 2)))
        if isinstance(campo, forms.ChoiceField):
            return self._una_de(campo, inicial, hace_falta, otro)
        if not hace_falta and inicial in (None, "") and self.azar.random() < 0.6:
            return ""
        if isinstance(campo, CampoPasado):
            return inicial or timezone.now()
        if isinstance(campo, CampoFechaHora):
            dentro_de = self.azar.choice(
                [timedelta(minutes=5), timedelta(days=1), timedelta(days=3)]
            )
            return inicial or timezone.now() + dentro_de
        if isinstance(campo, CampoFecha):
            return inicial or en_dias(20)
        if isinstance(campo, forms.IntegerField):
            return inicial if inicial is not None else campo.min_value or 1
        if isinstance(campo, forms.EmailField):
            return inicial or "ana@cliente.example"
        return inicial or "Por acuerdo."

    def _una_de(self, campo, inicial, hace_falta, otro):
        if isinstance(campo, forms.ModelChoiceField):
            posibles = [f.pk for f in campo.queryset]
        else:
            posibles = [v for v, _ in campo.choices if v]
        posibles = [p for p in posibles if not otro or p != inicial] or posibles
        inicial = getattr(inicial, "pk", inicial)
        if inicial in posibles and self.azar.random() < 0.5:
            return inicial
        return self.azar.choice(posibles) if posibles and (hace_falta or inicial) else ""

    # -- the figures of the sheet ----------------------------------------------------------------

    def _cifra(self, campo, inicial, hace_falta):
        if not hace_falta and not inicial:
            return ""
        if campo.unidad == "FECHA":
            return inicial or str(en_dias(20))
        if campo.unidad == "TEXTO":
            return inicial or "Nocturno"
        if inicial and self.azar.random() < 0.6:
            return inicial
        return str(int(float(inicial or 12) * self.azar.choice([0.8, 0.95, 1.0, 1.02])))

    def _sin_cifras(self) -> bool:
        hoja = [n for n, c in self.campos.items() if isinstance(c, CampoValor)]
        return bool(hoja) and not any(self.datos.get(n) for n in hoja)

    def _unas_cifras(self) -> dict:
        hoja = [n for n, c in self.campos.items() if isinstance(c, CampoValor)]
        return {
            n: self.valor(n, hace_falta=True) for n in self.azar.sample(hoja, min(2, len(hoja)))
        }

    def _abrir_otra(self) -> None:
        cerradas = [
            n
            for n in self.abren
            if isinstance(self.campos[n], forms.BooleanField) and not self.datos.get(n)
        ]
        cifras = [n for n, c in self.campos.items() if self.datos.get(n) and _es_cifra(c)]
        fechas = [n for n, c in self.campos.items() if self.datos.get(n) and type(c) is CampoFecha]
        quietas = bool(cifras) and all(self.datos[n] == self._inicial(n) for n in cifras)
        # Nothing says what: something is to be otherwise, and a sheet as it was, the first.
        if quietas and self.azar.random() < 0.7:
            nombre = self.azar.choice(cifras)
            otra = float(self.datos[nombre]) * self.azar.choice([0.95, 1.05])
            self.datos[nombre] = str(int(otra))
        elif cerradas:
            self.datos[self.azar.choice(cerradas)] = "on"
        elif fechas:
            self.datos[self.azar.choice(fechas)] = en_dias(self.azar.randint(20, 40))


def _es_cifra(campo) -> bool:
    return isinstance(campo, CampoValor) and campo.unidad not in ("FECHA", "TEXTO")
