"""Forms of 7.3 and 7.4: ask the areas, give opinions, decide whether it is viable."""

from functools import cached_property

from django import forms

from casos.catalogos import Catalogo, EstadoOpinion, Sentido
from casos.formularios.base import ConArchivo, ConAreas, ConHoja, ConPlan, FormularioPaso
from casos.formularios.campos import CampoPasado, VariasDeLaLista, ahora_local, opciones, texto
from casos.formularios.registro import tipos_activos
from casos.models import Area, Contrato, Motivo, Usuario


def areas_con_gente(caso):
    """Active areas where somebody other than the responsible can answer."""
    gente = Usuario.objects.activos().exclude(pk=caso.responsable_id)
    return Area.objects.filter(
        activa=True,
        pk__in=gente.filter(membresias__activa=True).values("membresias__area_id"),
    )


class ConConsultas(ConAreas):
    def areas_posibles(self):
        return areas_con_gente(self.caso).filter(opina=True)


class AnalizarForm(ConConsultas, ConHoja, FormularioPaso):
    """§7.3: the contract, the types, what is asked, and each area's question."""

    columna = "solicitado"
    hoja_requerida = True

    def preparar(self):
        self.secciones = [("Qué se analiza", ["contrato", "tipos"])]
        super().preparar()
        if self.caso.contrato_id is None or self.caso.contrato.esta_terminado:
            self.fields["contrato"] = forms.ModelChoiceField(
                label="Contrato",
                queryset=Contrato.objects.filter(
                    cliente=self.caso.cliente_id, terminado_fecha=None
                ),
                empty_label="Elige el contrato",
                error_messages={"required": "Falta identificar el contrato."},
            )
        self.fields["tipos"] = VariasDeLaLista(
            label="Tipo de requerimiento",
            queryset=tipos_activos(),
            widget=forms.CheckboxSelectMultiple,
            initial=[] if self.is_bound else [t.pk for t in self.caso.tipos.all()],
            error_messages={"required": "Falta el tipo de requerimiento."},
        )
        if not self.is_bound:
            # What the catalogue says of each type; who asks still says what, or unticks it.
            suelen = Area.objects.filter(tiporequerimiento__casos=self.caso)
            for codigo in suelen.values_list("codigo", flat=True).distinct():
                if casilla := self.fields.get(f"area_{codigo}"):
                    casilla.initial = True


class ConsultarAreaForm(ConConsultas, FormularioPaso):
    """An area more in the same round; never one that is already asked in it."""

    def areas_posibles(self):
        ya = [
            o.area_id
            for o in self.caso.hechos.opiniones
            if o.vuelta == self.caso.vuelta and o.estado != EstadoOpinion.RETIRADA
        ]
        return super().areas_posibles().exclude(pk__in=ya)


class PedirMasAnalisisForm(ConConsultas, FormularioPaso):
    def preparar(self):
        self.secciones = [("Qué falta", ["que_falta"])]
        super().preparar()
        self.fields["que_falta"] = texto("Qué falta por analizar")


class ReplantearForm(ConConsultas, FormularioPaso):
    def preparar(self):
        self.secciones = [("Qué cambió", ["que_cambio"])]
        super().preparar()
        self.fields["que_cambio"] = texto("Qué cambió")


class OpinarForm(ConArchivo, FormularioPaso):
    """§7.3: the area's opinion, with its grounds and what could be offered."""

    field_order = ["sentido", "fundamento", "condiciones", "alternativas", "archivo"]

    def preparar(self):
        super().preparar()
        o = self.objeto
        self.fields["sentido"] = opciones("Tu opinión", Sentido.choices, inicial=o.sentido or None)
        self.fields["fundamento"] = texto("Fundamento", 4000)
        self.fields["condiciones"] = texto(
            "Condiciones", requerido=False, muestra_si="sentido=CONDICIONES"
        )
        self.fields["alternativas"] = texto(
            "Alternativas que se le pueden ofrecer", requerido=False
        )
        for campo in ("fundamento", "condiciones", "alternativas"):
            self.fields[campo].initial = getattr(o, campo)
        self.order_fields(self.field_order)

    def clean(self):
        datos = super().clean()
        if datos.get("sentido") == Sentido.CONDICIONES:
            self.exigir("condiciones", "Faltan las condiciones.")
        else:
            datos["condiciones"] = ""
        return datos


class OpinarVerbalForm(OpinarForm):
    """§7.3, said verbally: who gave it and when; that person gets a *constancia*."""

    field_order = ["quien", "dicho_en", *OpinarForm.field_order]

    def preparar(self):
        super().preparar()
        self.fields["sentido"].label = "Qué opinó"
        self.fields["quien"] = forms.ModelChoiceField(
            label="Quién la dio",
            # Never RC, who may be of the area: nobody answers what they asked (rule 4).
            queryset=Usuario.objects.de_area(self.objeto.area).exclude(
                pk__in=[self.usuario.pk, self.caso.responsable_id]
            ),
            empty_label="Elige a la persona",
        )
        self.fields["dicho_en"] = CampoPasado(label="Cuándo la dio", initial=ahora_local())
        self.order_fields(self.field_order)

    def clean(self):
        datos = super().clean()
        # Asked and answered by word of mouth, it is written down later.
        self.no_antes("dicho_en", self.caso.recibido_en, "se recibiera la solicitud")
        return datos


class PedirDatosForm(FormularioPaso):
    def preparar(self):
        super().preparar()
        self.fields["datos_pedidos"] = texto("Qué datos necesitas para opinar")


class ResponderDatosForm(ConArchivo, FormularioPaso):
    def preparar(self):
        super().preparar()
        self.fields["datos_dados"] = texto("Tu respuesta al área")
        self.order_fields(["datos_dados", "archivo"])


class DeclararViableForm(ConPlan, ConHoja, FormularioPaso):
    """§7.4 sí: the alternative chosen and why."""

    columna = "propuesto"
    titulo_hoja = "Condiciones que se pueden ofrecer"
    plan_requerido = False

    def preparar(self):
        self.secciones = [("Decisión", ["alternativa", "fundamento"])]
        super().preparar()
        self.fields["alternativa"] = texto("Alternativa elegida", 4000)
        self.fields["fundamento"] = texto("Por qué es viable", 4000)

    def valor_inicial(self, fila):
        return fila.propuesto or fila.solicitado or fila.vigente


class CasillasConTexto(forms.CheckboxSelectMultiple):
    """Boxes that carry the text each one suggests for another field."""

    def __init__(self, *, para: str, textos):
        super().__init__()
        self.para, self.textos = para, textos

    def create_option(self, name, value, *args, **kwargs):
        opcion = super().create_option(name, value, *args, **kwargs)
        if texto_sugerido := self.textos().get(value):
            opcion["attrs"] |= {"data-sugiere": self.para, "data-texto": texto_sugerido}
        return opcion


class NoForm(FormularioPaso):
    """Our "no" (7.4, 7.7): motives, the area, and what the client will be told."""

    @cached_property
    def nuestros(self) -> list:
        return list(Motivo.objects.filter(catalogo=Catalogo.NUESTRO, activo=True))

    @property
    def sugeridos(self) -> list:
        """Motives with the text that the panel suggests for the client."""
        return [m for m in self.nuestros if m.texto_cliente]

    def preparar(self):
        super().preparar()
        self.secciones = [
            ("Por qué no", ["motivos", "area", "detalle", "podria_cambiar"]),
            ("Qué se le dirá al cliente", ["texto_cliente", "por_atencion"]),
        ]
        motivos = Motivo.objects.filter(catalogo=Catalogo.NUESTRO, activo=True)
        self.fields["motivos"] = VariasDeLaLista(
            label="Motivos nuestros",
            queryset=motivos,
            widget=CasillasConTexto(
                para="texto_cliente",
                textos=lambda: {m.pk: m.texto_cliente for m in self.sugeridos},
            ),
            error_messages={"required": "Falta al menos un motivo nuestro."},
        )
        self.fields["motivos"].choices = lambda: [(m.pk, m.nombre) for m in self.nuestros]
        self.fields["area"] = forms.ModelChoiceField(
            label="Área de la que viene el motivo",
            queryset=Area.objects.filter(activa=True),
            empty_label="Elige el área",
        )
        self.fields["detalle"] = texto("Detalle interno", 4000, ayuda="No lo verá el cliente.")
        self.fields["podria_cambiar"] = opciones(
            "¿Podría cambiar más adelante?",
            [("SI", "Sí"), ("NO", "No"), ("NO_SE", "No se sabe")],
        )
        self.fields["texto_cliente"] = texto(
            "Texto para el cliente",
            4000,
            ayuda="Sin razones internas: es lo que se le explicará.",
        )
        self.fields["por_atencion"] = opciones(
            "¿Quién le informa?",
            [("NO", "Yo directamente"), ("SI", "Por medio de Atención a Clientes")],
            inicial="NO",
        )


class EditarHojaForm(ConHoja, FormularioPaso):
    """*Solicitado* until ``analizar``; *Propuesto* in 7.4 and 7.5 (rule 6)."""

    hoja_requerida = True

    def preparar(self):
        if self.caso.estado in ("POR_DECIDIR", "EN_PROPUESTA"):
            self.columna = "propuesto"
            self.titulo_hoja = "Condiciones que se proponen"
        super().preparar()

    def clean(self):
        datos = super().clean()
        if self.caso.estado == "EN_PROPUESTA":
            rechazar_exceso(self)
        return datos


def rechazar_exceso(formulario) -> None:
    """What is offered or agreed never goes past the alternative declared viable (§7.6)."""
    pedidos = {
        formulario.filas[c.pk].pk: v
        for c, v in formulario.hoja.items()
        if v and c.pk in formulario.filas
    }
    for fila in formulario.caso.hechos.exceden_lo_viable(pedidos):
        formulario.add_error(
            f"{formulario.columna}_{fila.concepto.clave}",
            "Rebasa lo que se declaró viable: pide más análisis.",
        )
    for concepto, valor in formulario.hoja.items():
        if valor and concepto.pk not in formulario.filas:
            formulario.add_error(
                f"{formulario.columna}_{concepto.clave}",
                "Esta condición no se analizó: pide más análisis.",
            )
