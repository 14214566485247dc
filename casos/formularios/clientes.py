"""Forms of clients, contact persons and contracts."""

from django import forms
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from casos.catalogos import Moneda
from casos.datos_tratados import OrigenDeDatos
from casos.formularios.calendario_de_pago import DE_PAGO, TITULO, ConPago
from casos.formularios.campos import CampoConfirmacion, CampoFecha, CampoLinea, linea, texto
from casos.formularios.faltas import decir_que_falta
from casos.formularios.telefono_y_correo import CampoCorreo, CampoTelefono
from casos.formularios.valores import campo_de_valor
from casos.models import Cliente, Concepto, Contrato, PersonaContacto
from casos.razon_social import parecida
from casos.rfc import GENERICOS, avisos_de_rfc, validar_rfc
from casos.textos import igual, punto

PARECIDOS = 3  # that are named
SEDE = "sede"  # key of the concept that a contract also carries itself


def repetido(razon_social: str, rfc: str, menos=None) -> tuple[str, str] | None:
    """The field, and how it would repeat another client: its name and RFC, or only its RFC.

    The page, 7.1, the panel and Excel all ask here. The generic RFCs are everybody's.
    """
    otros = Cliente.objects.filter(rfc=rfc, fusionado_en=None).exclude(pk=menos)
    if otros.filter(razon_social_igual=igual(razon_social)).exists():
        que = "ese nombre y ese RFC" if rfc else "ese nombre, también sin RFC"
        return "razon_social", f"Ya existe un cliente con {que}"
    if rfc and rfc not in GENERICOS and (otro := otros.first()):
        return "rfc", f"Ese RFC ya es de {otro}"
    return None


def parecidos(razon_social: str, menos=None) -> list[Cliente]:
    """Clients whose name is nearly this one: with another company form or punctuation, or with another RFC.

    Pages, 7.1 and the panel ask about them, and a box says that it is another client. A workbook asks for many at
    once: ``Cliente.objects.filter(razon_social_parecida__in=[razon_social.parecida(n) for n in nombres])``.
    """
    clave = parecida(razon_social)
    if not clave:
        return []
    otros = Cliente.objects.filter(razon_social_parecida=clave, fusionado_en=None)
    return list(otros.exclude(pk=menos).order_by("razon_social", "pk")[:PARECIDOS])


def que_se_parece(clientes: list[Cliente]) -> str:
    """«Ya está Aceros, S.A. de C.V. (RFC …), que se llama casi igual.»"""
    nombres = " y ".join(f"«{c.razon_social}»" for c in clientes)
    return f"Ya {'está' if len(clientes) == 1 else 'están'} {nombres}, con un nombre casi igual."


def enlaces_a(clientes: list[Cliente]) -> str:
    """To look at each without leaving what is being written."""
    enlaces = format_html_join(
        ", ",
        '<a href="{}" target="_blank" rel="noopener">{}</a>',
        ((reverse("cliente", args=[c.pk]), c.razon_social) for c in clientes),
    )
    return format_html("Revísalo antes: {} (se abre en otra pestaña).", enlaces)


def tocaya_de(cliente_id: int, nombre: str, menos=None) -> PersonaContacto | None:
    """A person of that client with the same name, who may be the same."""
    suyas = PersonaContacto.objects.filter(
        cliente=cliente_id, nombre_igual=igual(nombre), suprimida_en=None, bloqueada_en=None
    )
    return suyas.exclude(pk=menos).order_by("-activa", "pk").first()


class ClienteForm(forms.ModelForm):
    """A client. An RFC that another client has is accepted only by whoever says that they know."""

    rfc_repetido = forms.BooleanField(
        label="Es otro cliente con el mismo RFC",
        required=False,
        help_text="Solo si ya revisaste que no es el mismo.",
    )
    es_otro = CampoConfirmacion(label="Es otro cliente, aunque se llame casi igual")
    field_order = ["razon_social", "es_otro"]

    class Meta:
        model = Cliente
        fields = ["razon_social", "nombre_comercial", "rfc", "notas"]
        field_classes = dict.fromkeys(("razon_social", "nombre_comercial"), CampoLinea)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)
        # Typed with spaces and dashes; the rule itself says what is too long.
        self.fields["rfc"] = forms.CharField(label="RFC", max_length=20, required=False)
        self.fields["notas"].widget.attrs["rows"] = 3
        decir_que_falta(self.fields)
        # Asked only of whoever meets another client with that RFC; answered, it stays in sight.
        if not (self.is_bound and self.data.get(self.add_prefix("rfc_repetido"))):
            self.fields["rfc_repetido"].widget = forms.HiddenInput()
        self.fields["es_otro"].mostrar(bool(self.data.get(self.add_prefix("es_otro"))))

    def clean_rfc(self):
        con_contrato = bool(self.instance.pk) and self.instance.contratos.exists()
        return validar_rfc(self.cleaned_data["rfc"], con_contrato=con_contrato)

    def clean(self):
        datos = super().clean()
        rfc, razon = datos.get("rfc"), datos.get("razon_social")
        cambio = not self.instance.pk or {"rfc", "razon_social"} & set(self.changed_data)
        if razon and rfc is not None and cambio:
            otros = self._parecidos(
                razon, datos
            )  # first: what comes in between is equal, not nearly
            campo, falta = repetido(razon, rfc, self.instance.pk) or ("", "")
            if campo == "razon_social":
                self.add_error(campo, punto(falta))
            elif campo and not datos.get("rfc_repetido"):
                self.fields["rfc_repetido"].widget = forms.CheckboxInput()
                self.add_error(campo, f"{punto(falta)} Si no es el mismo, dilo abajo.")
            if otros and campo != "razon_social":
                self._preguntar_por(otros)
        return datos

    def _parecidos(self, razon: str, datos: dict) -> list[Cliente]:
        suya = self.instance.pk and parecida(razon) == self.instance.razon_social_parecida
        return [] if suya or datos.get("es_otro") else parecidos(razon, self.instance.pk)

    def _preguntar_por(self, otros: list[Cliente]) -> None:
        self.fields["es_otro"].mostrar(True)
        self["es_otro"].help_text = enlaces_a(otros)
        self.add_error("razon_social", f"{que_se_parece(otros)} Si es otro cliente, dilo abajo.")

    def datos(self) -> dict:
        """What is stored."""
        return {campo: self.cleaned_data[campo] for campo in ClienteForm.Meta.fields}

    @property
    def advertencias(self) -> list[str]:
        return avisos_de_rfc(self.cleaned_data.get("rfc", ""))


class PersonaForm(forms.ModelForm):
    """A person of ``instance.cliente``; a new one comes with the client only."""

    es_otra = CampoConfirmacion(label="Es otra persona con el mismo nombre")
    field_order = ["nombre", "es_otra"]

    class Meta:
        model = PersonaContacto
        fields = ["nombre", "puesto", "telefono", "correo", "origen", "activa"]
        field_classes = dict.fromkeys(("nombre", "puesto"), CampoLinea) | {
            "telefono": CampoTelefono,
            "correo": CampoCorreo,
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)
        if not self.instance.pk:
            del self.fields["activa"]
        self._preguntar_el_origen()
        decir_que_falta(self.fields)
        self.fields["es_otra"].mostrar(bool(self.data.get(self.add_prefix("es_otra"))))

    def _preguntar_el_origen(self):
        """Nobody has to know; in a case or a workbook it is the product that knows."""
        ofrecidos = [OrigenDeDatos.CLIENTE, OrigenDeDatos.PERSONA]
        if self.instance.origen and self.instance.origen not in ofrecidos:
            ofrecidos.append(OrigenDeDatos(self.instance.origen))
        self.fields["origen"].choices = [
            ("", "No se sabe"),
            *((o.value, o.label) for o in ofrecidos),
        ]

    def clean(self):
        datos = super().clean()
        nombre, cliente = datos.get("nombre"), self.instance.cliente_id
        mismo = self.instance.pk and igual(nombre or "") == self.instance.nombre_igual
        if not nombre or mismo or datos.get("es_otra"):
            return datos
        if tocaya := tocaya_de(cliente, nombre, self.instance.pk):
            self.fields["es_otra"].mostrar(True)
            puesto = f", {tocaya.puesto}" if tocaya.puesto else ""
            self.add_error(
                "nombre", f"Ya está «{tocaya.nombre}»{puesto}. Si es otra persona, dilo abajo."
            )
        return datos

    def datos(self) -> dict:
        """What is stored."""
        return {c: v for c, v in self.cleaned_data.items() if c in PersonaForm.Meta.fields}


class ContratoForm(ConPago):
    """A new contract, with its conditions in force."""

    def __init__(self, data=None):
        super().__init__(data, label_suffix="")
        self.fields["numero"] = linea("Número de contrato", 40)
        self.fields["servicio"] = linea("Servicio", 160)
        self.fields["sede"] = linea("Sede", 120, requerido=False)
        self.fields["moneda"] = forms.ChoiceField(label="Moneda", choices=Moneda.choices)
        self.fields["desde_fecha"] = CampoFecha(label="Vigente desde")
        self.poner_pago()
        self.conceptos = Concepto.activos()
        elegida = self.data.get("moneda", "")
        moneda = elegida if elegida in Moneda.values else ""
        for c in self._por_llenar():
            self.fields[f"valor_{c.clave}"] = campo_de_valor(c, moneda=moneda, required=False)
        decir_que_falta(self.fields)

    def _por_llenar(self) -> list[Concepto]:
        """Where the service is given is the contract's own: it is not asked for twice."""
        return [c for c in self.conceptos if c.clave != SEDE]

    @property
    def grupos(self) -> list[tuple]:
        propios = ("numero", "servicio", "sede", "moneda", "desde_fecha")
        condiciones = [self[f"valor_{c.clave}"] for c in self._por_llenar()]
        return [
            ("Contrato", [self[c] for c in propios]),
            (TITULO, [self[c] for c in DE_PAGO]),
            ("Condiciones vigentes", condiciones),
        ]

    @property
    def advertencias(self) -> list[str]:
        return [f"{c.label}: {c.aviso}" for c in self.fields.values() if getattr(c, "aviso", "")]

    def clean_numero(self):
        numero = self.cleaned_data["numero"]
        if Contrato.objects.filter(numero_igual=igual(numero)).exists():
            raise forms.ValidationError("Ya existe un contrato con ese número.")
        return numero

    def valores(self) -> dict:
        datos = self.cleaned_data
        return {
            c: datos.get("sede" if c.clave == SEDE else f"valor_{c.clave}") or ""
            for c in self.conceptos
        }


class PagoForm(ConPago):
    """How the payroll of a contract that is already there is paid; all empty: nobody has said."""

    def __init__(self, data=None, *, contrato):
        super().__init__(data, label_suffix="", initial={c: getattr(contrato, c) for c in DE_PAGO})
        self.poner_pago()
        decir_que_falta(self.fields)


class TerminarForm(forms.Form):
    def __init__(self, data=None, *, contrato):
        super().__init__(data, label_suffix="")
        self.contrato = contrato
        self.fields["fecha"] = CampoFecha(
            label="Termina el", help_text="Su último día vigente; puede estar por venir."
        )
        self.fields["motivo"] = texto("Motivo", 200, filas=2)
        decir_que_falta(self.fields)

    def clean_fecha(self):
        fecha = self.cleaned_data["fecha"]
        if fecha < self.contrato.desde_fecha:
            raise forms.ValidationError("El término no puede ser anterior al inicio.")
        return fecha


class SigueForm(forms.Form):
    """A contract goes on: its end is taken back."""

    def __init__(self, data=None):
        super().__init__(data, label_suffix="")
        self.fields["motivo"] = texto("Por qué sigue", 500, filas=2)
        decir_que_falta(self.fields)


class BuscarForm(forms.Form):
    q = forms.CharField(label="Buscar cliente", required=False, max_length=100)
    despues = forms.CharField(required=False, max_length=220)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["q"].sin_marca = True


class FusionarForm(forms.Form):
    """Where the contracts, persons and cases of a duplicate go: one of the ``candidatos``."""

    def __init__(self, data=None, *, origen, candidatos):
        super().__init__(data, label_suffix="")
        campo = self.fields["destino"] = forms.ModelChoiceField(
            label="Cliente que se conserva",
            queryset=Cliente.objects.filter(fusionado_en=None).exclude(pk=origen.pk),
            widget=forms.RadioSelect({"class": "opciones--pila"}),
            empty_label=None,
            error_messages={
                "required": "Elige el cliente que se conserva.",
                "invalid_choice": "Elige uno de la lista.",
            },
        )
        # Any client is valid; those listed are the ones that were found.
        campo.choices = [(c.pk, self._en_palabras(c)) for c in candidatos]

    @staticmethod
    def _en_palabras(cliente) -> str:
        nombres = dict.fromkeys(filter(None, (cliente.razon_social, cliente.nombre_comercial)))
        return " · ".join([*nombres, f"RFC {cliente.rfc}" if cliente.rfc else "sin RFC"])
