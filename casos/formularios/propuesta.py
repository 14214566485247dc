"""Forms of 7.5 and 7.6: present, counter-offer, yes and no."""

from datetime import timedelta

from django import forms
from django.db.models import Q
from django.utils import timezone

from casos import calendario, permisos
from casos.catalogos import Catalogo, ComoSePresento, ContratoTrasNo, EstadoCita, Medio
from casos.formularios.ajuste import ConAjustes
from casos.formularios.analisis import ConConsultas, rechazar_exceso
from casos.formularios.base import ConArchivo, ConHoja, ConPersona, ConPlan, FormularioPaso
from casos.formularios.campos import (
    CampoFecha,
    CampoFuturo,
    CampoPasado,
    VariasDeLaLista,
    ahora_local,
    linea,
    opciones,
    texto,
)
from casos.formularios.valores import mostrar_valor
from casos.models import Motivo


class CampoCita(forms.ModelChoiceField):
    def label_from_instance(self, cita):
        cuando = f"{timezone.localtime(cita.inicio):%d/%m/%Y %H:%M}"
        return f"{cita.asunto} · {cuando}"


class PresentarForm(ConPersona, ConPlan, ConHoja, FormularioPaso):
    """§7.5: the version with its validity; how, with whom and when it was presented."""

    columna = "propuesto"
    hoja_requerida = True
    titulo_hoja = "Condiciones propuestas"
    plan_requerido = False

    def preparar(self):
        self.secciones = [
            (
                "Cómo se presentó",
                ["como", "cita", "cita_lugar", "cuando", "persona", "persona_nombre"],
            ),
            ("La propuesta", ["texto", "vigencia", "enviar_al_cliente"]),
        ]
        super().preparar()
        self.fields["como"] = opciones("Cómo la presentaste", ComoSePresento.choices)
        self.fields["cita"] = CampoCita(
            label="En qué cita",
            queryset=self.caso.citas.filter(
                Q(estado=EstadoCita.CELEBRADA)
                | Q(estado=EstadoCita.PROGRAMADA, inicio__lte=timezone.now())
            ),
            required=False,
            empty_label="No estaba programada",
            widget=forms.Select({"data-muestra-si": "como=CITA"}),
        )
        self.fields["cita_lugar"] = linea(
            "Si no estaba programada, dónde fue", 200, requerido=False, muestra_si="como=CITA"
        )
        self.fields["cuando"] = CampoPasado(label="Cuándo", initial=ahora_local())
        self.fields["texto"] = texto(
            "Mensaje para el cliente", 4000, requerido=False, ayuda="Sin razones internas."
        )
        dias = self.caso.hechos.configuracion.vigencia_dias
        self.fields["vigencia"] = CampoFuturo(
            label="Vigente hasta", initial=calendario.hoy() + timedelta(days=dias)
        )
        self.fields["enviar_al_cliente"] = forms.BooleanField(
            label="Enviar la propuesta por correo al cliente",
            required=False,
            help_text=self._a_quien_llega(),
        )

    def _a_quien_llega(self) -> str:
        correo = self.caso.persona.correo
        return f"Llega a {correo}." if correo else "La persona de contacto no tiene correo."

    def valor_inicial(self, fila):
        return fila.propuesto

    def clean(self):
        datos = super().clean()
        if datos.get("como") != ComoSePresento.CITA:
            datos["cita"], datos["cita_lugar"] = None, ""
        elif datos.get("cita"):
            datos["cita_lugar"] = ""
        elif "cita" not in self.errors:
            self.exigir("cita_lugar", "Elige la cita, o di dónde fue si no estaba programada.")
        if datos.get("enviar_al_cliente") and not self.caso.persona.correo:
            self.add_error("enviar_al_cliente", "La persona de contacto no tiene correo.")
        if anteriores := self.caso.hechos.propuestas:
            self.no_antes("cuando", anteriores[0].presentada_en, "se presentara la anterior")
        else:
            self.no_antes("cuando", self.caso.recibido_en, "se recibiera la solicitud")
        rechazar_exceso(self)
        return datos


class VolverAPresentarForm(FormularioPaso):
    def preparar(self):
        super().preparar()
        self.fields["motivo"] = texto("Por qué se corrige o se renueva", 1000)


class ContraofertarForm(ConConsultas, ConHoja, FormularioPaso):
    """§7.6: what the client asks instead.

    Within the alternative declared viable it goes back to be presented; past it, to the areas,
    unless GER or DG (who did not ask) registers it and consents.
    """

    columna = "solicitado"
    hoja_requerida = True
    titulo_hoja = "Condiciones que pide ahora"
    areas_requeridas = False
    titulo_areas = "Áreas que deben opinar, si pide más de lo que se declaró viable"

    def preparar(self):
        self.secciones = [("La contraoferta", ["pide", "consiente"])]
        super().preparar()
        self.fields["pide"] = texto("Qué pide el cliente")
        if permisos.gerencia_ajena(self.caso, self.usuario):
            self.fields["consiente"] = forms.BooleanField(
                label="Consiento que se ofrezca aunque rebase lo declarado viable",
                required=False,
                help_text="Sin tu consentimiento, lo que rebase vuelve a las áreas.",
            )

    def valor_inicial(self, fila):
        return fila.propuesto or fila.vigente

    def comparacion(self, fila):
        partes = [("Vigente", fila.vigente), ("Propuesto", fila.propuesto)]
        return " · ".join(f"{n}: {mostrar_valor(fila.concepto, v)}" for n, v in partes if v)

    def clean(self):
        datos = super().clean()
        ahora = {pk: self.valor_inicial(fila) for pk, fila in self.filas.items()}
        self.cambia = {c: v for c, v in self.hoja.items() if v and v != ahora.get(c.pk)}
        if any(self.hoja.values()) and not self.cambia:
            self.add_error(None, "Cambia al menos una condición: así está la propuesta.")
        pedidos = {self.filas[c.pk].pk: v for c, v in self.cambia.items() if c.pk in self.filas}
        nuevas = [c for c in self.cambia if c.pk not in self.filas]
        exceden = [f.concepto for f in self.caso.hechos.exceden_lo_viable(pedidos)] + nuevas
        self.excede = bool(exceden)
        self.se_analiza = bool(self.consultas) or (self.excede and not datos.get("consiente"))
        if self.se_analiza and not self.consultas:
            self.add_error(
                None,
                f"Rebasa lo que se declaró viable ({', '.join(c.nombre for c in exceden)}): elige las "
                "áreas que lo analizarán, con su pregunta y su fecha.",
            )
        return datos


def respondida(formulario) -> None:
    """The client's yes or no comes after the proposal they were shown (§7.6)."""
    viva = formulario.caso.hechos.propuesta_viva
    if viva:
        formulario.no_antes("cuando", viva.presentada_en, "se le presentara la propuesta")


class AceptarForm(ConPersona, ConArchivo, ConAjustes, ConHoja, FormularioPaso):
    """§7.6 sí → §7.7: who accepted, what was agreed, and what each area adjusts."""

    columna = "acordado"
    hoja_requerida = True
    titulo_hoja = "Condiciones acordadas"

    def preparar(self):
        self.secciones = [
            ("La aceptación", ["persona", "persona_nombre", "cuando", "medio", "vigor_fecha",
                               "archivo"]),
        ]  # fmt: skip
        super().preparar()
        self.fields["cuando"] = CampoPasado(label="Cuándo aceptó", initial=ahora_local())
        self.fields["medio"] = opciones("Cómo lo dijo", Medio.choices)
        self.fields["vigor_fecha"] = CampoFecha(label="A partir del")
        self.fields["servicio_sin_cambio"] = texto(
            "Si ni Nóminas ni R&S ajustan: por qué no cambia el servicio",
            1000,
            requerido=False,
            filas=2,
        )

    def valor_inicial(self, fila):
        return fila.propuesto

    def clean_vigor_fecha(self):
        valor = self.cleaned_data["vigor_fecha"]
        if abs((valor - calendario.hoy()).days) > 3 * 366:
            raise forms.ValidationError("Revisa la fecha: está a más de tres años.")
        # Set by whoever locked the case; the version of another case may begin later than today.
        ultima = getattr(self.caso, "ultima_vigencia", None)
        if ultima and valor < ultima:
            raise forms.ValidationError(
                f"Ya hay condiciones acordadas a partir del {ultima:%d/%m/%Y}: "
                "elige ese día o uno posterior."
            )
        return valor

    def clean(self):
        datos = super().clean()
        elegidas = {area.codigo for area, *_ in self.ajustes}
        if "JUR" not in elegidas:
            self.add_error(None, "Jurídico siempre se notifica: falta su ajuste.")
        if not elegidas & {"NOM", "RYS"}:
            self.exigir(
                "servicio_sin_cambio",
                "Falta el ajuste de Nóminas o de R&S, o por qué no cambia el servicio.",
            )
        else:
            datos["servicio_sin_cambio"] = ""
        respondida(self)
        rechazar_exceso(self)
        return datos


class ConDestinoDelContrato(FormularioPaso):
    """After a "no": the contract stays as it is, is at risk, or ends on a date."""

    def campos_del_contrato(self):
        self.fields["contrato_tras_no"] = opciones("El contrato", ContratoTrasNo.choices)
        self.fields["contrato_termina_fecha"] = CampoFecha(label="Termina el", required=False)
        self.fields["contrato_termina_fecha"].widget.attrs["data-muestra-si"] = (
            "contrato_tras_no=TERMINA"
        )

    def validar_contrato(self, datos):
        if datos.get("contrato_tras_no") == ContratoTrasNo.TERMINA:
            self.exigir("contrato_termina_fecha", "Falta cuándo termina el contrato.")
        else:
            datos["contrato_termina_fecha"] = None


class RechazarForm(ConPersona, ConDestinoDelContrato):
    """§7.6 no: "se identifican motivos y se registra en la base de datos"."""

    def preparar(self):
        super().preparar()
        self.secciones = [
            ("Por qué no", ["motivo_principal", "motivos", "detalle", "con_que_si"]),
            ("Quién lo dijo", ["persona", "persona_nombre", "cuando", "medio"]),
            ("Qué sigue", ["contrato_tras_no", "contrato_termina_fecha", "llamar_fecha"]),
        ]
        motivos = Motivo.objects.filter(catalogo=Catalogo.CLIENTE, activo=True)
        no_lo_dijo = "Déjalo vacío si no lo dijo."
        self.fields["motivo_principal"] = forms.ModelChoiceField(
            label="Motivo principal del cliente",
            queryset=motivos,
            empty_label="Elige el motivo",
            error_messages={"required": "Falta el motivo principal."},
        )
        self.fields["motivos"] = VariasDeLaLista(
            label="Otros motivos",
            queryset=motivos,
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )
        self.fields["detalle"] = texto("Qué dijo", requerido=False, ayuda=no_lo_dijo)
        self.fields["con_que_si"] = texto(
            "¿Con qué habría dicho que sí?", requerido=False, ayuda=no_lo_dijo
        )
        self.fields["cuando"] = CampoPasado(label="Cuándo lo dijo", initial=ahora_local())
        self.fields["medio"] = opciones("Cómo lo dijo", Medio.choices)
        self.campos_del_contrato()
        self.fields["llamar_fecha"] = CampoFuturo(
            label="Volver a llamar el", required=False, help_text=no_lo_dijo
        )

    def clean(self):
        datos = super().clean()
        respondida(self)
        self.validar_contrato(datos)
        return datos
