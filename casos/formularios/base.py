"""What every step's form is made of: the version the person saw, the token of the page, its words.

Fields are class attributes; ``preparar`` is only for what depends on the case. A form never writes
and never asks who may: it is given the facts and the right the act is done with.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.db.models import Model, QuerySet
from django.utils import timezone

from casos.actos import ASIGNAR, Acto
from casos.expediente import Expediente, Hechos
from casos.models import Caso, Usuario
from casos.permisos.cargos import Permiso

from .campos import CampoConfirmacion, UnaDeLaLista, texto
from .fallos import DE_GRUPO
from .faltas import decir_que_falta

Datos = dict[str, Any]
POCOS = 10  # fields


def version_de(acto: Acto, caso: Caso | None, fila: Any = None) -> int:
    """What makes a page stale: the row's version, the case's, or who is in charge (D§3)."""
    if fila is not None:
        return getattr(fila, "version", 0)
    if caso is None:
        return 0
    if acto is ASIGNAR:
        return caso.responsable_id or 0
    return caso.version


def apagados(form: forms.Form, datos: Any) -> set[str]:
    """Fields that the page had switched off: of their condition nothing came, filled in or not.

    A box left empty never comes, so it is judged by the other fields of its condition.
    """
    grupos: dict[str, set[str]] = {}
    for nombre, campo in form.fields.items():
        condicion = campo.widget.attrs.get("data-muestra-si")
        if condicion:
            grupos.setdefault(condicion, set()).add(nombre)
    return set().union(*(g for g in grupos.values() if not any(c in datos for c in g)))


class CampoDePaso(forms.BoundField):
    """Drawn again after a refusal, what the page had switched off keeps its default."""

    def value(self) -> Any:
        if self.form.is_bound and self.name in self.form.apagados:
            return self.initial
        return super().value()


class FormularioBase(forms.Form):
    """A form sent to the door. ``secciones``: how its fields are grouped on screen."""

    bound_field_class = CampoDePaso
    secciones: list[tuple[str, list[str]]] = []
    vista_previa: ClassVar[str] = ""  # the address that shows what is typed as a document
    crece: ClassVar[bool] = False  # it has fields for each area, or for each row of the sheet
    personales: ClassVar[tuple[str, ...]] = (
        "persona_nombre", "persona_puesto", "persona_telefono", "persona_correo",
    )  # fmt: skip

    version = forms.IntegerField(
        widget=forms.HiddenInput,
        min_value=0,
        max_value=2_000_000_000,
        error_messages={"required": "La página llegó incompleta: vuelve a abrirla."},
    )
    ficha = forms.UUIDField(widget=forms.HiddenInput, required=False)

    usuario: Usuario
    acto: Acto
    hechos: Hechos | None = None
    cleaned_data: Datos

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        usuario: Usuario,
        acto: Acto,
        version: int = 0,
        initial: Datos | None = None,
        auto_id: str = "id_%s",
    ):
        self.usuario, self.acto = usuario, acto
        propios = {"version": version, "ficha": uuid.uuid4()}
        inicial = propios | (initial or {})
        super().__init__(data, files, initial=inicial, label_suffix="", auto_id=auto_id)
        self.preparar()
        decir_que_falta(self.fields)
        for nombre in self.personales:
            if nombre in self.fields:
                self.fields[nombre].personal = True

    @property
    def kit(self) -> Any:
        """What to tell the client and what not, beside the act that says who told them (§7.8)."""
        return None

    @property
    def dice(self) -> Sequence[tuple[str, str]]:
        """What its page tells of what it will do."""
        return ()

    @classmethod
    def es_corto(cls) -> bool:
        """Whether it may stand open on the case page: a few fields, known before it is made."""
        de_entrada = [
            campo
            for nombre, campo in cls.base_fields.items()
            if not (campo.widget.is_hidden or nombre == "motivo_sustitucion")
            and "data-muestra-si" not in campo.widget.attrs
        ]
        return not cls.crece and len(de_entrada) <= POCOS

    @property
    def avisos(self) -> list[str]:
        """What was typed and is not kept, by field."""
        con_aviso = [c for c in self.fields.values() if getattr(c, "aviso", "")]
        return [f"{c.label}: {getattr(c, 'aviso', '')}" for c in con_aviso]

    @cached_property
    def apagados(self) -> set[str]:
        return apagados(self, self.data)

    def preparar(self) -> None:
        """Fields and choices that depend on the case; subclasses and parts extend it."""

    def ofrecer(
        self,
        campo: str,
        filas: QuerySet | Callable[[], QuerySet],
        ya_leida: Model | None = None,
    ) -> None:
        """The rows that ``campo`` lets choose from, or how to look for them; the only one is chosen already.

        ``ya_leida``: one of them that is at hand, and is not looked for when it is what was chosen.
        """
        del_formulario = self.fields[campo]
        assert isinstance(del_formulario, forms.ModelChoiceField)
        if callable(filas):
            assert isinstance(del_formulario, UnaDeLaLista)
            del_formulario.por_buscar, del_formulario.ya_leida = filas, ya_leida
        else:
            del_formulario.queryset = filas
        if (
            del_formulario.required
            and not self.is_bound
            and isinstance(del_formulario, UnaDeLaLista)
        ):
            # Read once: what is drawn later comes from the same rows.
            ofrecidas = list(del_formulario.queryset)
            if len(ofrecidas) == 1:
                self.proponer(campo, ofrecidas[0].pk)

    def proponer(self, campo: str, valor: Any) -> None:
        """What ``campo`` holds before anything is typed; a choice already made needs no empty one."""
        self.initial.setdefault(campo, valor)
        del_formulario = self.fields[campo]
        if isinstance(del_formulario, forms.ModelChoiceField) and valor is not None:
            if del_formulario.required:
                del_formulario.empty_label = None

    def puesto(self, campo: str) -> Any:
        """What ``campo`` holds as it came, unjudged: for what depends on it while the form is made."""
        return self.data.get(campo) if self.is_bound else self.initial.get(campo)

    def proponer_el_unico(self, campo: str) -> None:
        """Where there is only one to choose, it is chosen; whoever chose none has chosen."""
        filas = self.fields[campo].queryset
        if not self.is_bound and len(primeras := list(filas[:2])) == 1:
            self.proponer(campo, primeras[0].pk)

    def clean(self) -> Datos:
        super().clean()
        return self.cleaned_data

    def faltar_en(self, grupo: str, mensaje: str) -> None:
        """A fault of a whole group of fields, said at the group of that title."""
        self.add_error(None, forms.ValidationError(mensaje, code=f"{DE_GRUPO}{grupo}"))

    def full_clean(self) -> None:
        super().full_clean()
        for nombre, campo in self.fields.items():
            if isinstance(campo, CampoConfirmacion) and self.is_bound:
                campo.mostrar(nombre in self.errors or bool(self.cleaned_data.get(nombre)))

    def confirmar(self, campo: str, mensaje: str) -> None:
        """Ask about what is unusual and may be so: refused until the box of ``campo`` is ticked."""
        if not self.cleaned_data.get(campo):
            self.add_error(campo, forms.ValidationError(mensaje, code="required"))

    def no_antes(self, campo: str, instante: datetime, que: str) -> None:
        """Mark ``campo`` where it says an instant before ``instante``; a browser sends minutes."""
        valor = self.cleaned_data.get(campo)
        if valor and valor < instante.replace(second=0, microsecond=0):
            cuando = timezone.localtime(instante)
            self.add_error(campo, f"No puede ser antes de que {que} ({cuando:%d/%m/%Y %H:%M}).")

    def no_antes_del_dia(self, campo: str, anotado: datetime, que: str) -> None:
        """As ``no_antes``, of what is written down later than it happens: the day is what counts."""
        valor = self.cleaned_data.get(campo)
        if valor and timezone.localdate(valor) < timezone.localdate(anotado):
            dia = timezone.localtime(anotado)
            self.add_error(campo, f"No puede ser antes del día en que {que} ({dia:%d/%m/%Y}).")

    def no_antes_del_dia_recibido(self, campo: str, recibido: datetime | None) -> None:
        """A day that cannot come before the request itself; it may be behind us already."""
        valor = self.cleaned_data.get(campo)
        if valor and recibido and valor < timezone.localdate(recibido):
            dia = timezone.localdate(recibido)
            self.add_error(campo, f"No puede ser antes de que se recibiera ({dia:%d/%m/%Y}).")

    def exigir(self, campo: str, mensaje: str) -> None:
        """Mark ``campo`` as missing unless it was given or already has an error."""
        if self.cleaned_data.get(campo) in (None, "", []) and campo not in self.errors:
            self.add_error(campo, forms.ValidationError(mensaje, code="required"))


class FormularioPaso(FormularioBase):
    """The form of an act on a case that is there, and on one row of it (``fila``)."""

    hechos: Hechos
    fila: Any
    salida: Acto | None = None  # another act that does what this one refused …
    lleva: Datos = {}  # … and what was typed here for it

    motivo_sustitucion = texto(
        "Por qué lo haces", 500, filas=2, bitacora="Por qué actuó en su lugar"
    )

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        exp: Expediente,
        usuario: Usuario,
        acto: Acto,
        permiso: Permiso | None,
        fila: Any = None,
        initial: Datos | None = None,
    ):
        self.exp, self.hechos, self.permiso, self.fila = exp, exp.hechos, permiso, fila
        super().__init__(
            data,
            files,
            usuario=usuario,
            acto=acto,
            version=version_de(acto, exp.caso, fila),
            initial=initial,
            # Two of them may stand on one page, opened in place: no id is another's.
            auto_id=f"{acto}-{fila.pk}-%s" if fila is not None else f"{acto}-%s",
        )
        if self.en_lugar_de_rc:
            # Rule 3: GER or DG in RC's place must say why.
            motivo = self.fields.pop("motivo_sustitucion")
            motivo.label = f"Por qué lo haces en lugar de {self.caso.responsable}"
            self.fields["motivo_sustitucion"] = motivo
        elif permiso is not None:
            del self.fields["motivo_sustitucion"]

    @property
    def caso(self) -> Caso:
        return self.hechos.caso

    @property
    def en_lugar_de_rc(self) -> bool:
        """Whether somebody else leads the case, and this is done in their place."""
        permiso = self.permiso
        return bool(permiso and permiso.en_lugar_de_rc and self.caso.responsable_id)
