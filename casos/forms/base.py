"""The base of every step's form and the parts that several of them share.

A part adds fields and their ``clean``; it never looks at permissions or writes.
"""

import uuid
from datetime import datetime
from functools import cache, cached_property, partial

from django import forms
from django.utils import timezone

from casos import permisos, plazos
from casos.catalogos import Direccion, Estado, Medio
from casos.models import Area, Concepto, PersonaContacto
from casos.renderizador import FechaInput

from .archivos import CampoArchivo
from .campos import CampoFuturo, CampoPasado, ahora_local, linea, opciones, texto
from .valores import campo_de_valor, mostrar_valor


def version_de(caso, objeto, accion: str) -> int:
    """What makes a page stale: the row's version, the case's, or who is in charge (D§3)."""
    if objeto is not None:
        return getattr(objeto, "version", 0)
    if caso is None:
        return 0
    if accion == "asignar":
        return caso.responsable_id or 0
    return caso.version


def vencimientos(estado: str):
    """The due date proposed to each area, counted when it is drawn: a step done asks nothing."""
    ahora = timezone.now()
    comun = cache(partial(plazos.vence_para, estado, ahora))
    propios = "dias_ajuste" if estado == Estado.EN_MODIFICACION else "dias_opinion"

    def de(area):
        suyo = getattr(area, propios)
        return partial(plazos.vence_para, estado, ahora, area) if suyo else comun

    return de


def apagados(form: forms.Form, datos) -> set[str]:
    """Fields that the page had switched off: of their condition nothing came, filled in or not.

    A box left empty never comes, so it is judged by the other fields of its condition.
    """
    grupos = {}
    for nombre, campo in form.fields.items():
        condicion = campo.widget.attrs.get("data-muestra-si")
        if condicion:
            grupos.setdefault(condicion, set()).add(nombre)
    return set().union(*(g for g in grupos.values() if not any(c in datos for c in g)))


class CampoDePaso(forms.BoundField):
    """Drawn again after a refusal, what the page had switched off keeps its default."""

    def value(self):
        if self.form.is_bound and self.name in self.form.apagados:
            return self.initial
        return super().value()


class FormularioPaso(forms.Form):
    """Base of every step: the version the person saw, and the token of the page they sent."""

    bound_field_class = CampoDePaso
    secciones: list = []  # [("Título", ["campo", …])]: how the fields are grouped on screen
    personales: tuple = ("persona_nombre", "persona_puesto", "persona_telefono", "persona_correo")

    version = forms.IntegerField(
        widget=forms.HiddenInput, min_value=0, max_value=2_000_000_000,
        error_messages={"required": "La página llegó incompleta: vuelve a abrirla."},
    )  # fmt: skip
    ficha = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, data=None, files=None, *, caso, usuario, accion, objeto=None, initial=None):
        self.caso, self.usuario, self.accion, self.objeto = caso, usuario, accion, objeto
        inicial = {"version": version_de(caso, objeto, accion), "ficha": uuid.uuid4()}
        super().__init__(data, files, initial=inicial | (initial or {}), label_suffix="")
        self.preparar()
        if caso is not None and permisos.exige_motivo_de_sustitucion(accion, caso, usuario):
            self.fields["motivo_sustitucion"] = texto(
                f"Por qué lo haces en lugar de {caso.responsable}", 500, filas=2
            )
        for nombre in self.personales:
            if nombre in self.fields:
                self.fields[nombre].personal = True

    @cached_property
    def apagados(self) -> set[str]:
        return apagados(self, self.data)

    def preparar(self) -> None:
        """Fields that depend on the case; subclasses and parts extend it."""

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

    def exigir(self, campo: str, mensaje: str) -> None:
        """Mark ``campo`` as missing unless it was given or already has an error."""
        if self.cleaned_data.get(campo) in (None, "", []) and campo not in self.errors:
            self.add_error(campo, mensaje)


class ConPersona:
    """With whom at the client: one of its persons, or a new one created in place."""

    persona_requerida = True

    def preparar(self):
        super().preparar()
        self.fields["persona"] = forms.ModelChoiceField(
            label="Con quién",
            queryset=PersonaContacto.objects.filter(
                cliente=self.caso.cliente_id, activa=True, suprimida_en=None
            ).order_by("nombre", "pk"),
            required=False,
            empty_label="Elige a la persona",
            initial=self.caso.persona_id,
            error_messages={"invalid_choice": "Elige a una persona de este cliente."},
        )
        self.fields["persona_nombre"] = linea(
            "¿Es alguien más? Escribe su nombre", requerido=False, ayuda="Se agrega al cliente."
        )

    def clean(self):
        datos = super().clean()
        if (
            self.persona_requerida
            and not datos.get("persona")
            and not datos.get("persona_nombre")
            and "persona" not in self.errors
        ):
            self.add_error("persona", "Falta decir con quién.")
        return datos


class ConPlan:
    """Next action and its date: asked while RC has the ball (rule 8)."""

    plan_requerido = True

    def preparar(self):
        super().preparar()
        self.fields["proxima_accion"] = linea(
            "Siguiente acción", 200, requerido=self.plan_requerido
        )
        self.fields["proxima_fecha"] = CampoFuturo(
            label="Fecha de la siguiente acción", required=self.plan_requerido
        )
        if self.accion == "planear":
            self.fields["proxima_accion"].initial = self.caso.proxima_accion


class ConAreas:
    """Areas to ask, each with its question and due date (rule 1)."""

    areas_requeridas = True
    titulo_areas = "Áreas que deben opinar"

    def areas_posibles(self):
        return Area.objects.filter(activa=True, opina=True)

    def preparar(self):
        super().preparar()
        self.areas = list(self.areas_posibles())
        vence = vencimientos(Estado.EN_ANALISIS)
        for area in self.areas:
            casilla = f"area_{area.codigo}"
            self.fields[casilla] = forms.BooleanField(label=area.nombre, required=False)
            muestra = f"{casilla}=on"
            self.fields[f"pregunta_{area.codigo}"] = texto(
                f"Pregunta para {area.nombre}", requerido=False, muestra_si=muestra, filas=2
            )
            self.fields[f"vence_{area.codigo}"] = CampoFuturo(
                label=f"Para cuándo ({area.nombre})",
                required=False,
                initial=vence(area),
                widget=FechaInput({"data-muestra-si": muestra}),
            )
        self.secciones = [
            *self.secciones,
            (
                self.titulo_areas,
                [
                    f"{campo}_{a.codigo}"
                    for a in self.areas
                    for campo in ("area", "pregunta", "vence")
                ],
            ),
        ]

    def hacen_falta_areas(self, datos) -> bool:
        return self.areas_requeridas

    def clean(self):
        datos = super().clean()
        consultas = []
        for area in self.areas:
            codigo = area.codigo
            if not datos.get(f"area_{codigo}"):
                datos[f"vence_{codigo}"] = None
                datos[f"pregunta_{codigo}"] = ""
                continue
            self.exigir(f"pregunta_{codigo}", f"Falta la pregunta para {area.nombre}.")
            self.exigir(f"vence_{codigo}", f"Falta para cuándo la necesitas de {area.nombre}.")
            consultas.append((area, datos.get(f"pregunta_{codigo}"), datos.get(f"vence_{codigo}")))
        if not consultas and self.hacen_falta_areas(datos):
            self.add_error(None, "Elige al menos un área, con su pregunta y su fecha.")
        self.consultas = consultas
        return datos


class ConHoja:
    """One column of the sheet of conditions, a field per concept."""

    columna = "solicitado"
    hoja_requerida = False
    titulo_hoja = "Condiciones que pide el cliente"

    def preparar(self):
        super().preparar()
        filas = (
            {} if self.caso is None else {f.concepto_id: f for f in self.caso.hechos.condiciones}
        )
        self.filas = filas
        self.conceptos = list(Concepto.objects.filter(activo=True))
        for concepto in self.conceptos:
            fila = filas.get(concepto.pk)
            campo = campo_de_valor(concepto, required=False)
            if fila:
                campo.initial = self.valor_inicial(fila)
                campo.help_text = self.comparacion(fila)
            self.fields[f"{self.columna}_{concepto.clave}"] = campo
        self.secciones = [
            *self.secciones,
            (self.titulo_hoja, [f"{self.columna}_{c.clave}" for c in self.conceptos]),
        ]

    def valor_inicial(self, fila) -> str:
        return getattr(fila, self.columna)

    def comparacion(self, fila) -> str:
        """The other columns of the row, beside the field."""
        otras = [("Vigente", fila.vigente), ("Solicitado", fila.solicitado)]
        if self.columna == "acordado":
            otras.append(("Propuesto", fila.propuesto))
        return " · ".join(
            f"{nombre}: {mostrar_valor(fila.concepto, valor)}"
            for nombre, valor in otras
            if valor and nombre.lower() != self.columna
        )

    def clean(self):
        datos = super().clean()
        self.hoja = {c: datos.get(f"{self.columna}_{c.clave}") or "" for c in self.conceptos}
        if self.hoja_requerida and not any(self.hoja.values()):
            fallidos = any(f"{self.columna}_{c.clave}" in self.errors for c in self.conceptos)
            if not fallidos:
                self.add_error(None, f"{self.titulo_hoja}: falta al menos una condición.")
        return datos


class ConArchivo:
    def preparar(self):
        super().preparar()
        self.fields["archivo"] = CampoArchivo(label="Archivo", required=False)


class ConContacto(ConPersona):
    """A conversation or an attempt (§7.2)."""

    def preparar(self):
        self.fields["cuando"] = CampoPasado(label="Cuándo", initial=ahora_local())
        self.fields["medio"] = opciones("Medio", Medio.choices)
        self.fields["direccion"] = opciones(
            "Quién buscó a quién", Direccion.choices, inicial=Direccion.SALIENTE
        )
        super().preparar()

    def clean(self):
        datos = super().clean()
        self.no_antes("cuando", self.caso.recibido_en, "se recibiera la solicitud")
        return datos
