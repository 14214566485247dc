"""7.4: is the solution viable? And our "no", which 7.7 says too."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django import forms

from casos.actos import DECLARAR_NO_VIABLE, DECLARAR_VIABLE, DEVOLVER, ELEVAR
from casos.catalogos import Catalogo, PodriaCambiar, QueSeOfrece, SiNo, Unidad
from casos.cotas import SOLO_EXACTO, Comparacion, Cota
from casos.expediente.carga import vigentes
from casos.expediente.lo_que_cambia import SE_CALLA, se_le_dice
from casos.formularios.base import Datos, FormularioPaso
from casos.formularios.campos import (
    CampoConfirmacion,
    CampoFuturo,
    UnaDeLaLista,
    VariasDeLaLista,
    con,
    de_lista,
    linea,
    marca,
    radios,
    texto,
)
from casos.formularios.condiciones_puestas import ConLoPuesto
from casos.formularios.partes import ConMotivos, ConPlan
from casos.formularios.sobre_lo_vigente import Base, CampoPedido
from casos.formularios.valores import canonico, mostrar_valor
from casos.models import Area, Concepto, Condicion, Motivo, Opinion
from casos.permisos.lectura import Lee
from casos.textos import punto

from .contacto import planear
from .en_curso import ActoEnCurso
from .hoja import escribir_columna, fijar_viable, guardar_hoja
from .notas import MotivoForm
from .posibilidades_del_caso import poner_posibilidades
from .tabla import paso


class DeclararViableForm(ConPlan, ConLoPuesto):
    """§7.4 sí: the alternative chosen and why; row by row, nothing decided by a default."""

    crece = True
    va_en_contra = True
    titulo_plegado = "Otras condiciones que también cambian"

    alternativa = texto("Alternativa elegida", 4000, lee=Lee.QUIEN_LEE_LA_HOJA)
    fundamento = texto("Por qué es viable", 4000, lee=Lee.QUIEN_LEE_LO_INTERNO)
    confirma = con(
        CampoConfirmacion(label="Sí, se ofrece así aunque las áreas no lo vieron"),
        bitacora="Se ofrece lo que las áreas no vieron",
    )

    pedidas: dict[Concepto, Condicion]  # the rows to decide
    otras: dict[Concepto, Condicion | None]
    hoja: dict[Concepto, str]

    @property
    def en_contra(self) -> list[Opinion]:
        return self.hechos.en_contra

    def preparar(self) -> None:
        super().preparar()
        filas = {f.concepto: f for f in self.hechos.condiciones}
        self.pedidas = {c: f for c, f in filas.items() if f.solicitado not in ("", f.vigente)}
        activos = [*filas, *Concepto.activos()]
        self.otras = {c: filas.get(c) for c in activos if c not in self.pedidas}
        por_decidir: list[str] = []
        moneda = self.hechos.caso.moneda
        for concepto, fila in self.pedidas.items():
            decision, valor = f"decision_{concepto.clave}", f"propuesto_{concepto.clave}"
            self.fields[decision] = radios(
                f"{concepto}: qué se ofrece", self._opciones_de(fila), requerido=False,
                sin_marca=True,
            )  # fmt: skip
            base = Base(fila.vigente)
            otro = CampoPedido(
                concepto, base=base, moneda=moneda, required=False, label=f"{concepto}: otro valor"
            )
            self.fields[valor] = con(otro, muestra_si=f"{decision}={QueSeOfrece.OTRO}")
            por_decidir += [decision, valor]
        for concepto, sin_pedir in self.otras.items():
            vigente = sin_pedir.vigente if sin_pedir else ""
            campo = CampoPedido(concepto, base=Base(vigente), moneda=moneda, required=False)
            sigue = f"Vacío: sigue en {mostrar_valor(concepto, vigente)}." if vigente else ""
            calla = not se_le_dice(concepto, sin_pedir, lambda: self.hechos.tipos)
            campo.help_text = " ".join(filter(None, [sigue, f"{SE_CALLA}." if calla else ""]))
            self.fields[f"propuesto_{concepto.clave}"] = con(campo, sin_marca=True)
        self.secciones = [
            ("Qué se ofrece de lo que pide", [*por_decidir, "confirma"]),
            (self.titulo_plegado, [f"propuesto_{c.clave}" for c in self.otras]),
            ("Decisión", ["alternativa", "fundamento"]),
        ]

    def _opciones_de(self, fila: Condicion) -> list[tuple[str, str]]:
        pide = mostrar_valor(fila.concepto, fila.solicitado)
        vigente = mostrar_valor(fila.concepto, fila.vigente)
        igual = f"Sigue igual: {vigente}" if vigente else "Sigue igual"
        return [
            (QueSeOfrece.COMO_LO_PIDE, f"Como lo pide: {pide}"),
            (QueSeOfrece.OTRO, QueSeOfrece.OTRO.label),
            (QueSeOfrece.SIGUE_IGUAL, igual),
        ]

    def clean(self) -> Datos:
        datos = super().clean()
        self.hoja = {c: self._decidido(c, f) for c, f in self.pedidas.items()}
        self.hoja |= {c: datos.get(f"propuesto_{c.clave}") or "" for c in self.otras}
        self.rechazar_lo_que_no_cumple(
            {c.pk: v for c, v in self.hoja.items()}, lambda c: f"propuesto_{c.clave}"
        )
        if not self.errors and (nuevas := self._lo_que_no_vieron()):
            self.confirmar("confirma", f"Las áreas no vieron esto: {'; '.join(nuevas)}.")
        return datos

    def _decidido(self, concepto: Concepto, fila: Condicion) -> str:
        decision, campo = f"decision_{concepto.clave}", f"propuesto_{concepto.clave}"
        datos = self.cleaned_data
        otro = datos.get(campo)
        elegido = datos.get(decision) or (QueSeOfrece.OTRO if otro else "")
        if elegido == QueSeOfrece.OTRO:
            self.exigir(campo, punto(f"Escribe qué se ofrece en {concepto}"))
            datos[decision] = elegido
            return otro or ""
        if not elegido:
            self.exigir(decision, punto(f"Elige qué se ofrece en {concepto}"))
            return ""
        # What stays as it is was not renegotiated: no figure is offered.
        valor = fila.solicitado if elegido == QueSeOfrece.COMO_LO_PIDE else ""
        if otro:
            # Without JavaScript both are there to be filled in.
            self.add_error(campo, "Escribiste un valor: elige «Otro valor», o bórralo.")
        datos[campo] = ""
        return valor

    def _lo_que_no_vieron(self) -> list[str]:
        """What is offered and is neither what the areas had before them nor what is in force."""
        dichas = []
        for concepto, valor in self.hoja.items():
            fila = self.pedidas.get(concepto) or self.otras.get(concepto)
            visto = (fila.solicitado or fila.vigente) if fila else ""
            if valor and valor != visto:
                vieron = mostrar_valor(concepto, visto) or "nada"
                ofreces = mostrar_valor(concepto, valor)
                dichas.append(f"{concepto}: vieron {vieron} y ofreces {ofreces}")
        return dichas


class ElevarForm(FormularioPaso):
    """§7.4: RC says why it should be done all the same."""

    va_en_contra = False

    porque = texto(
        "Por qué conviene hacerlo de todos modos",
        lee=Lee.QUIEN_LEE_LO_INTERNO,
        bitacora="Por qué conviene",
    )

    @property
    def en_contra(self) -> list[Opinion]:
        return self.hechos.en_contra


class DevolverForm(MotivoForm):
    motivo = texto("Motivo", 1000, lee=Lee.QUIEN_LEE_LO_INTERNO)


NO_SE_GUARDA = (
    "Cuándo ya sería viable no se guardó, porque no dijiste que podría cambiar más adelante."
)
PODRIA = f"podria_cambiar={PodriaCambiar.SI}"


class CasillasConTexto(forms.CheckboxSelectMultiple):
    """Boxes that carry the text each one suggests for another field."""

    def __init__(self, *, para: str):
        super().__init__()
        self.para = para
        self.textos: dict[int, str] = {}

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        opcion = super().create_option(name, value, *args, **kwargs)
        if sugerido := self.textos.get(value):
            opcion["attrs"] |= {"data-sugiere": self.para, "data-texto": sugerido}
        return opcion


class NoForm(ConMotivos):
    """Our "no" (7.4, 7.7): motives, the area, and what the client will be told."""

    secciones = [
        ("Por qué no", ["motivos", "area", "detalle", "podria_cambiar"]),
        (
            "Cuándo ya sería viable",
            ["viable_fecha", "viable_sobre", "viable_como", "viable_valor", "viable_motivo"],
        ),
        ("Qué se le dirá al cliente", ["texto_cliente", "por_atencion"]),
    ]

    motivos = con(
        VariasDeLaLista(
            label="Motivos nuestros",
            queryset=Motivo.objects.filter(catalogo=Catalogo.NUESTRO, activo=True),
            widget=CasillasConTexto(para="texto_cliente"),
            error_messages={"required": "Falta al menos un motivo nuestro."},
        ),
        bitacora="Motivos",
    )
    area = de_lista(
        "Área de la que viene el motivo",
        Area.objects.filter(activa=True),
        vacio="Elige el área",
        bitacora="Área",
    )
    detalle = texto(
        "Detalle interno", 4000, ayuda="No lo verá el cliente.", lee=Lee.QUIEN_LEE_LO_INTERNO
    )
    podria_cambiar = radios(
        "¿Podría cambiar más adelante?", PodriaCambiar.choices, bitacora="Podría cambiar"
    )
    viable_fecha = con(
        CampoFuturo(
            label="A partir de qué día",
            required=False,
            help_text="Ese día el caso aparece en tus pendientes, listo para copiarse.",
        ),
        muestra_si=PODRIA,
        bitacora="",
    )
    viable_sobre = con(
        UnaDeLaLista(
            label="O cuando el contrato cumpla, sobre qué",
            queryset=Concepto.objects.filter(activo=True),
            required=False,
            empty_label="Ninguna condición",
        ),
        muestra_si=PODRIA,
        bitacora="",
    )
    viable_como = con(
        forms.ChoiceField(
            label="Debe ser", choices=[("", "Elige"), *Comparacion.choices], required=False
        ),
        muestra_si=PODRIA,
        bitacora="",
    )
    viable_valor = linea(
        "Qué valor",
        200,
        requerido=False,
        muestra_si=PODRIA,
        lee=Lee.QUIEN_LEE_LO_INTERNO,
        bitacora="Ya sería viable",
    )
    viable_motivo = marca(
        "O cuando deje de aplicar un motivo de los que elegí", muestra_si=PODRIA, bitacora=""
    )
    texto_cliente = texto(
        "Texto para el cliente", 4000, ayuda="Sin razones internas: es lo que se le explicará."
    )
    por_atencion = radios(
        "¿Quién le informa?",
        [(SiNo.NO, "Yo directamente"), (SiNo.SI, "Por medio de Atención a Clientes")],
        inicial=SiNo.NO,
        bitacora="Quién informa",
        palabras={SiNo.SI: "Atención a Clientes", SiNo.NO: "El responsable, directamente"},
    )

    cota_viable: tuple[Concepto, str, str] | None = None
    sobra = False

    @property
    def avisos(self) -> list[str]:
        """Without scripts what is not asked stands on the page too."""
        return [*super().avisos, *([NO_SE_GUARDA] if self.sobra else [])]

    def clean(self) -> Datos:
        datos = super().clean()
        if datos.get("podria_cambiar") == PodriaCambiar.SI:
            self.cota_viable = self._cota(datos)
        else:
            escrito = ("viable_fecha", "viable_valor", "viable_motivo")
            self.sobra = any(datos.get(c) for c in escrito)
            datos |= {"viable_fecha": None, "viable_motivo": False}
        datos |= {"viable_sobre": None, "viable_como": "", "viable_valor": ""}
        return datos

    def _cota(self, datos: Datos) -> tuple[Concepto, str, str] | None:
        """A bound that the contract does not meet today: else it would be viable already."""
        sobre, como = datos.get("viable_sobre"), datos.get("viable_como") or ""
        valor = datos.get("viable_valor") or ""
        if not (sobre or valor):
            return None
        self.exigir("viable_sobre", "Elige sobre qué condición, o borra el valor.")
        self.exigir("viable_como", "Elige si es a lo menos, a lo más o exactamente.")
        self.exigir("viable_valor", "Escribe el valor.")
        if not (sobre and como and valor):
            return None
        if sobre.unidad == Unidad.TEXTO and como != Comparacion.EXACTO:
            self.add_error("viable_como", SOLO_EXACTO)
            return None
        try:
            valor = canonico(sobre.unidad, valor, self.caso.moneda)
        except forms.ValidationError as error:
            self.add_error("viable_valor", error)
            return None
        cota = Cota(sobre.nombre, sobre.unidad, como, valor)
        assert self.caso.contrato is not None  # nothing is analysed without one
        if cota.se_cumple(vigentes(self.caso.contrato).get(sobre.pk, "")):
            self.add_error(
                "viable_valor", "El contrato ya lo cumple hoy: di qué tendría que cambiar."
            )
            return None
        return sobre, como, valor

    @property
    def _motivos(self) -> forms.ModelMultipleChoiceField:
        campo = self.fields["motivos"]
        assert isinstance(campo, forms.ModelMultipleChoiceField)
        return campo

    @cached_property
    def nuestros(self) -> list[Motivo]:
        filas = self._motivos.queryset
        assert filas is not None
        return list(filas)

    @property
    def sugeridos(self) -> list[Motivo]:
        """Motives with the text that the panel suggests for the client."""
        return [m for m in self.nuestros if m.texto_cliente]

    def preparar(self) -> None:
        super().preparar()
        self._motivos.choices = self._opciones

    def _opciones(self) -> list[tuple[int, str]]:
        """Read when they are drawn: a step done asks nothing."""
        self._motivos.widget.textos = {m.pk: m.texto_cliente for m in self.sugeridos}
        return [(m.pk, m.nombre) for m in self.nuestros]


@paso(DECLARAR_VIABLE, DeclararViableForm)
def declarar_viable(en_curso: ActoEnCurso[DeclararViableForm, None]) -> None:
    """§7.4 "En caso de SI, se presenta propuesta o cotización"."""
    escribir_columna(en_curso, "propuesto", en_curso.form.hoja)
    en_curso.transitar()
    fijar_viable(en_curso)
    guardar_hoja(en_curso)
    en_curso.caso.alternativa = en_curso.datos["alternativa"]
    planear(en_curso)


@paso(ELEVAR, ElevarForm)
def elevar(en_curso: ActoEnCurso[ElevarForm, None]) -> None:
    """§7.4 with an opinion against: Dirección decides whether it is done all the same (rule 11)."""
    en_curso.caso.elevado_en = en_curso.ahora
    en_curso.caso.porque_elevar = en_curso.datos["porque"]
    en_curso.caso.porque_devolver = ""


@paso(DEVOLVER, DevolverForm)
def devolver(en_curso: ActoEnCurso[DevolverForm, None]) -> None:
    """Dirección does not authorise it: the decision is RC's again."""
    en_curso.caso.elevado_en, en_curso.caso.porque_elevar = None, ""
    en_curso.caso.porque_devolver = en_curso.datos["motivo"]


def decir_que_no(en_curso: ActoEnCurso[NoForm, None]) -> None:
    """Our "no": its motives and what the client will be told (7.4, 7.7)."""
    en_curso.transitar(por_atencion=en_curso.datos["por_atencion"] == SiNo.SI)
    en_curso.caso.texto_cliente = en_curso.datos["texto_cliente"]
    en_curso.caso.motivos.set(en_curso.datos["motivos"])
    en_curso.cambio_motivos = True
    en_curso.caso.motivo_principal = en_curso.datos["motivos"][0]
    poner_posibilidades(en_curso)


@paso(DECLARAR_NO_VIABLE, NoForm)
def declarar_no_viable(en_curso: ActoEnCurso[NoForm, None]) -> None:
    """§7.4 "En caso de NO, informar a cliente de motivo directamente o a través de AC"."""
    decir_que_no(en_curso)
