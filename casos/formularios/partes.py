"""Parts that several steps' forms share: with whom, what next, the sheet, a file, the contract.

A part adds fields and their ``clean``; it never looks at permissions or writes.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from casos.actos import CONTRAOFERTAR, PEDIR_MAS_ANALISIS, REPLANTEAR, Acto
from casos.catalogos import ContratoTrasNo, Direccion, Estado, Medio
from casos.expediente.carga import vigentes
from casos.expediente.lo_que_cambia import se_le_dice
from casos.models import Concepto, Condicion, Contrato, Motivo, TipoRequerimiento
from casos.models.cliente import MONEDA

from .archivos import CampoArchivo
from .base import Datos, FormularioBase, FormularioPaso
from .campos import (
    CampoFecha,
    CampoFuturo,
    CampoJunto,
    CampoPasado,
    ahora_local,
    con,
    de_lista,
    linea,
    radios,
)
from .condiciones_puestas import ConLoPuesto
from .quien_lo_pide import ConPersona
from .sobre_lo_vigente import (
    LO_VIGENTE,
    Base,
    CampoConfirmado,
    CampoPedido,
    lo_que_extrana,
)
from .valores import mostrar_valor

# What there is to do, by state, with what goes past the alternative declared viable (§7.6).
AL_REBASAR: dict[Estado, Acto] = {
    Estado.EN_PROPUESTA: PEDIR_MAS_ANALISIS,
    Estado.EN_RESPUESTA: CONTRAOFERTAR,
    Estado.EN_MODIFICACION: REPLANTEAR,
}


class ConPlan(FormularioPaso):
    """Next action and its date: the step's own unless a person sets another (rule 8)."""

    plan_requerido = False

    proxima_accion = linea("Siguiente acción", 200)
    proxima_fecha = con(
        CampoFuturo(
            label="Fecha de la siguiente acción",
            help_text="Si los dejas vacíos, sigue lo que pide el paso, con su fecha.",
        ),
        bitacora="Siguiente acción el",
    )

    def preparar(self) -> None:
        super().preparar()
        for campo in ("proxima_accion", "proxima_fecha"):
            self.fields[campo].required = self.plan_requerido
        if self.plan_requerido:
            self.fields["proxima_fecha"].help_text = ""


class ConHoja(FormularioBase):
    """One column of the sheet of conditions, a field per concept."""

    crece = True
    columna = "solicitado"
    hoja_requerida = False
    titulo_hoja = "Condiciones que pide el cliente"
    sobre_que = LO_VIGENTE  # what a change that is typed, "+12", is counted from

    conceptos: list[Concepto]
    filas: dict[int, Condicion]
    en_vigor: dict[int, str]
    moneda: str
    hoja: dict[Concepto, str]
    extranan: dict[int, str]  # what is asked about, by row

    asi_lo_pide = con(CampoConfirmado(label="Confirmó lo que no va con el tipo", required=False))

    def preparar(self) -> None:
        super().preparar()
        condiciones = self.hechos.condiciones if self.hechos else []
        self.filas = {f.concepto_id: f for f in condiciones}
        self.conceptos = self.conceptos_que_pregunta()
        elegido = self.contrato_elegido()
        self.en_vigor = self._en_vigor(elegido)
        self.moneda = self._moneda(elegido)
        for concepto in self.conceptos:
            fila = self.filas.get(concepto.pk)
            campo = CampoPedido(
                concepto, base=self.base_de(concepto), moneda=self.moneda, required=False
            )
            if fila:
                campo.initial = self.valor_inicial(fila)
                campo.help_text = self.comparacion(fila)
            self.fields[self.campo_de(concepto)] = campo
        propios = [self.campo_de(c) for c in self.conceptos]
        self.secciones = [*self.secciones, (self.titulo_hoja, [*propios, "asi_lo_pide"])]
        self.hoja = {f.concepto: self.valor_inicial(f) for f in self.filas.values()}
        # What is stored was asked about when it was: it comes ticked.
        self.extranan = {} if self.is_bound else self._lo_que_extrana(self.lo_pedido())

    def conceptos_que_pregunta(self) -> list[Concepto]:
        return Concepto.activos()

    def campo_de(self, concepto: Concepto) -> str:
        return f"{self.columna}_{concepto.clave}"

    def se_calla(self, concepto: Concepto) -> bool:
        """Whether what is written here is not told to the client."""
        return False

    def valor_inicial(self, fila: Condicion) -> str:
        return getattr(fila, self.columna)

    def comparacion(self, fila: Condicion) -> str:
        """The other columns of the row, beside the field."""
        otras = [("Vigente", fila.vigente), ("Solicitado", fila.solicitado)]
        if self.columna == "acordado":
            otras.append(("Propuesto", fila.propuesto))
        return " · ".join(
            f"{nombre}: {mostrar_valor(fila.concepto, valor)}"
            for nombre, valor in otras
            if valor and nombre.lower() != self.columna
        )

    # -- against what is in force ----------------------------------------------------------------

    def contrato_elegido(self) -> Contrato | None:
        """The contract that is being chosen in the form itself, which the case does not have yet."""
        return None

    def _moneda(self, elegido: Contrato | None) -> str:
        """Of the figures that are typed: the contract's."""
        if elegido:
            return elegido.moneda
        return self.hechos.caso.moneda if self.hechos else MONEDA

    def _en_vigor(self, elegido: Contrato | None) -> dict[int, str]:
        """By concept: of the contract that is being chosen, or what the sheet of the case says."""
        if elegido:
            return vigentes(elegido)
        return {pk: f.vigente for pk, f in self.filas.items() if f.vigente}

    def base_de(self, concepto: Concepto) -> Base:
        """What ``+12`` is counted from."""
        return Base(self.en_vigor.get(concepto.pk, ""))

    def tipos_elegidos(self) -> Iterable[TipoRequerimiento]:
        elegidos = getattr(self, "cleaned_data", {}).get("tipos")
        if elegidos is None:
            return self.hechos.tipos if self.hechos else []
        return elegidos

    def lo_pedido(self) -> dict[Concepto, str]:
        """The rows that the client asks for."""
        return {c: v for c, v in self.hoja.items() if v} if self.columna == "solicitado" else {}

    def _lo_que_extrana(self, pedido: dict[Concepto, str]) -> dict[int, str]:
        """Rows whose value contradicts the type of requirement, with what is asked about it."""
        if not pedido:
            return {}
        tipos = list(self.tipos_elegidos())
        dichas = {
            c.pk: lo_que_extrana(c, v, self.en_vigor.get(c.pk, ""), tipos)
            for c, v in pedido.items()
        }
        return {pk: dicha for pk, dicha in dichas.items() if dicha}

    def asi(self, concepto: Concepto, valor: str) -> str:
        """How it is confirmed: another value is asked about again."""
        return f"{concepto.clave}={valor}"

    def _preguntar_lo_que_extrana(self, datos: Datos) -> None:
        pedido, dichos = self.lo_pedido(), set(datos.get("asi_lo_pide") or ())
        self.extranan = self._lo_que_extrana(pedido)
        confirmados = []
        for concepto, valor in pedido.items():
            if concepto.pk not in self.extranan:
                continue
            if self.asi(concepto, valor) in dichos:
                confirmados.append(concepto.nombre)
            else:
                self.add_error(self.campo_de(concepto), self.extranan[concepto.pk])
        datos["asi_lo_pide"] = confirmados

    def clean(self) -> Datos:
        datos = super().clean()
        self.hoja = {c: datos.get(self.campo_de(c)) or "" for c in self.conceptos}
        if self.hoja_requerida and not any(self.hoja.values()):
            if not any(self.campo_de(c) in self.errors for c in self.conceptos):
                self.faltar_en(self.titulo_hoja, "Escribe al menos una condición.")
        self._preguntar_lo_que_extrana(datos)
        return datos


class ConContrato(ConHoja):
    """The sheet of a contract that is chosen in the same form: what it has today shows at once."""

    contrato = de_lista(
        "Contrato",
        Contrato.objects.none(),
        requerido=False,
        ajena="Elige un contrato vigente de este cliente.",
        bitacora="",
    )

    def contratos_posibles(self) -> QuerySet[Contrato]:
        return Contrato.objects.none()

    def preparar(self) -> None:
        if "contrato" in self.fields:
            self.ofrecer("contrato", self.contratos_posibles())
            self.proponer_el_unico("contrato")
        super().preparar()

    def contrato_elegido(self) -> Contrato | None:
        if "contrato" not in self.fields:
            return None
        clave = self.puesto("contrato")
        clave = str(getattr(clave, "pk", clave) or "")
        if not clave.isdecimal() or len(clave) > 9:
            return None
        return self.contratos_posibles().filter(pk=int(clave)).first()


class ConHojaDePaso(ConHoja, ConLoPuesto):
    """The sheet of a case that is there, with what bounds it."""

    def se_calla(self, concepto: Concepto) -> bool:
        """Of what is offered; the other columns no letter to the client has."""
        if self.columna != "propuesto":
            return False
        return not se_le_dice(concepto, self.filas.get(concepto.pk), lambda: self.hechos.tipos)

    def guardar_condiciones(self, hacer: str = "") -> None:
        """What the column says once it is written keeps to what the areas laid down."""
        queda = {pk: getattr(fila, self.columna) for pk, fila in self.filas.items()}
        queda |= {c.pk: v for c, v in self.hoja.items()}
        self.rechazar_lo_que_no_cumple(queda, self.campo_de, hacer)

    def rechazar_exceso(self, *, menos_lo_que_ya_dice: bool = False) -> None:
        """What is offered or agreed never goes past the alternative declared viable (§7.6).

        The refusal leads to the act that there is for it in this state, with what was escritos.
        """
        escritos = {c: v for c, v in self.hoja.items() if v}
        if menos_lo_que_ya_dice:
            dice = {pk: getattr(fila, self.columna) for pk, fila in self.filas.items()}
            escritos = {c: v for c, v in escritos.items() if dice.get(c.pk) != v}
        pedidos = {self.filas[c.pk].pk: v for c, v in escritos.items() if c.pk in self.filas}
        exceden = [f.concepto for f in self.hechos.exceden_lo_viable(pedidos)]
        nuevas = [c for c in escritos if c.pk not in self.filas]
        for concepto in exceden:
            self.add_error(
                self.campo_de(concepto), f"Rebasa lo que se declaró viable{self._que_hacer}."
            )
        for concepto in nuevas:
            self.add_error(
                self.campo_de(concepto), f"Esta condición no se analizó{self._que_hacer}."
            )
        if exceden or nuevas:
            self.salida = AL_REBASAR.get(Estado(self.caso.estado))
            self.lleva = {f"solicitado_{c.clave}": v for c, v in escritos.items()}

    @property
    def _que_hacer(self) -> str:
        acto = AL_REBASAR.get(Estado(self.caso.estado))
        if consentimiento := self.hechos.consentimiento_sin_confirmar:
            return f": falta que {consentimiento.destinatario} confirme que lo consintió"
        return f": {acto.en_infinitivo()}" if acto else ""


class ConArchivo(FormularioPaso):
    archivo = con(CampoArchivo(label="Archivo", required=False), bitacora="")
    archivo_sensible = con(
        CampoJunto(
            label="El archivo tiene datos sensibles",
            required=False,
            help_text="Se anota quién lo baja y cuándo.",
            junto_a="archivo",
        ),
        muestra_si="archivo=*",
        bitacora="",
    )


class ConContacto(ConPersona):
    """A conversation or an attempt (§7.2)."""

    cuando = con(CampoPasado(label="Cuándo", initial=ahora_local), bitacora="Cuándo")
    medio = radios("Medio", Medio.choices)
    direccion = radios(
        "Quién buscó a quién",
        Direccion.choices,
        inicial=Direccion.SALIENTE,
        requerido=False,
        sin_marca=True,
    )

    def preparar(self) -> None:
        super().preparar()
        if self.caso.canal in Medio.values:
            self.proponer("medio", self.caso.canal)  # the way it came

    def clean(self) -> Datos:
        datos = super().clean()
        self.no_antes("cuando", self.caso.recibido_en, "se recibiera la solicitud")
        return datos


class ConMotivos(FormularioPaso):
    """Why not, of a catalogue: a motive that says nothing by itself asks for its detail."""

    def motivos_elegidos(self, datos: Datos) -> list[Motivo]:
        return list(datos.get("motivos") or [])

    def clean(self) -> Datos:
        datos = super().clean()
        sin_decir = next((m for m in self.motivos_elegidos(datos) if m.pide_detalle), None)
        if sin_decir:
            self.exigir("detalle", f"Elegiste «{sin_decir}»: escribe de qué se trata.")
        return datos


class ConDestinoDelContrato(FormularioPaso):
    """After a "no": the contract stays as it is, is at risk, or ends on a date.

    Of one that has ended already there is nothing to say.
    """

    contrato_tras_no = radios("El contrato", ContratoTrasNo.choices)
    contrato_termina_fecha = con(
        CampoFecha(label="Termina el", required=False),
        muestra_si=f"contrato_tras_no={ContratoTrasNo.TERMINA}",
    )

    def preparar(self) -> None:
        super().preparar()
        if self.caso.contrato and self.caso.contrato.esta_terminado:
            del self.fields["contrato_tras_no"], self.fields["contrato_termina_fecha"]

    def clean(self) -> Datos:
        datos = super().clean()
        if datos.get("contrato_tras_no") == ContratoTrasNo.TERMINA:
            self.exigir("contrato_termina_fecha", "Falta cuándo termina el contrato.")
            contrato, termina = self.caso.contrato, datos.get("contrato_termina_fecha")
            if contrato and termina and termina < contrato.desde_fecha:
                desde = f"{contrato.desde_fecha:%d/%m/%Y}"
                self.add_error("contrato_termina_fecha", f"El contrato empezó el {desde}.")
        else:
            datos["contrato_termina_fecha"] = None
        return datos
