"""Forms of 7.1 and §6: register a request, say who follows it up."""

from datetime import timedelta

from django import forms
from django.utils import timezone

from casos import permisos
from casos.busqueda import normalizar
from casos.catalogos import Canal
from casos.formularios.base import ConHoja, FormularioPaso
from casos.formularios.campos import (
    CampoFecha,
    CampoPasado,
    VariasDeLaLista,
    ahora_local,
    linea,
    opciones,
    texto,
)
from casos.formularios.clientes import repetido, validar_telefono
from casos.models import (
    Caso,
    Cliente,
    Contrato,
    Membresia,
    PersonaContacto,
    TipoRequerimiento,
    Usuario,
)
from casos.rfc import avisos_de_rfc, validar_rfc

ANTIGUEDAD_MAXIMA = timedelta(days=366)


def tipos_activos():
    return TipoRequerimiento.objects.filter(activo=True)


class ConOrden(FormularioPaso):
    """Who is in charge and who ordered it (§6: "asignado por el Área Comercial de manera verbal")."""

    def campos_de_orden(self, *, requerido=True, muestra_si=""):
        gerencia = Usuario.objects.gerencia()
        if self.caso is None:
            self.es_gerencia = any(c.es_gerencia for c in self.usuario.cargos)
        else:
            self.es_gerencia = permisos.gerencia(self.caso, self.usuario) is not None
        responsables = Usuario.objects.comerciales()
        if not self.es_gerencia:
            responsables = responsables.filter(pk=self.usuario.pk)
        attrs = {"data-muestra-si": muestra_si} if muestra_si else {}
        self.fields["responsable"] = forms.ModelChoiceField(
            label="Responsable",
            queryset=responsables,
            required=requerido,
            initial=None if self.es_gerencia else self.usuario.pk,
            empty_label="Elige a la persona",
            error_messages={"invalid_choice": "Elige a una persona de la lista."},
            widget=forms.Select(attrs),
        )
        self.fields["ordeno"] = forms.ModelChoiceField(
            label="Quién lo ordenó",
            queryset=gerencia,
            required=requerido,
            initial=self.usuario.pk if self.es_gerencia else None,
            empty_label="Elige a la persona",
            error_messages={"invalid_choice": "Elige a una persona de la lista."},
            widget=forms.Select(attrs),
        )
        self.fields["ordeno_verbal"] = forms.BooleanField(
            label="Lo ordenó de palabra",
            required=False,
            initial=not self.es_gerencia,
            help_text="Se le envía una constancia para que la confirme.",
            widget=forms.CheckboxInput(attrs),
        )
        self.fields["ordeno_en"] = CampoPasado(
            label="Cuándo lo ordenó", required=requerido, initial=ahora_local()
        )
        self.fields["ordeno_en"].widget.attrs.update(attrs)

    def validar_orden(self, datos):
        responsable = datos.get("responsable")
        if responsable and self.caso is not None:
            areas = Membresia.objects.filter(usuario=responsable, activa=True).values("area_id")
            if (
                self.caso.opiniones.filter(area__in=areas).exists()
                or self.caso.ajustes.filter(area__in=areas).exists()
            ):
                self.add_error(
                    "responsable",
                    "Su área participa en este caso: no puede ser también responsable.",
                )
        ordeno = datos.get("ordeno")
        if ordeno and ordeno.pk != self.usuario.pk:
            # Written down by another person: it was said, and the one who said it confirms.
            datos["ordeno_verbal"] = True


class RegistrarForm(ConHoja, ConOrden):
    """§7.1: client, contact person, when it was really received and what was asked."""

    columna = "solicitado"
    titulo_hoja = "Condiciones que pide (si ya las sabes)"

    def preparar(self):
        cliente = self._cliente_elegido()
        self.cliente_elegido = cliente
        f = self.fields
        f["cliente"] = forms.CharField(
            label="Cliente", required=False, widget=forms.HiddenInput, max_length=20
        )
        f["cliente_razon_social"] = linea("Razón social del cliente nuevo", 200, requerido=False)
        f["cliente_nombre"] = linea("Nombre comercial", 120, requerido=False)
        f["cliente_rfc"] = linea("RFC", 20, requerido=False)
        f["contrato"] = forms.ModelChoiceField(
            label="Contrato",
            queryset=Contrato.objects.filter(cliente=cliente, terminado_fecha=None)
            if cliente
            else Contrato.objects.none(),
            required=False,
            empty_label="Todavía no lo sé",
            error_messages={"invalid_choice": "Elige un contrato vigente de este cliente."},
        )
        f["contrato_numero"] = linea(
            "Número de un contrato que falta en la lista", 40, requerido=False
        )
        f["contrato_servicio"] = linea("Servicio de ese contrato", 160, requerido=False)
        f["contrato_desde"] = CampoFecha(label="Vigente desde", required=False)
        f["persona"] = forms.ModelChoiceField(
            label="Quién lo pidió",
            queryset=PersonaContacto.objects.filter(cliente=cliente, activa=True, suprimida_en=None)
            if cliente
            else PersonaContacto.objects.none(),
            required=False,
            empty_label="Elige a la persona",
            error_messages={"invalid_choice": "Elige a una persona de este cliente."},
        )
        f["persona_nombre"] = linea("¿Es alguien más? Escribe su nombre", requerido=False)
        f["persona_puesto"] = linea("Puesto", 80, requerido=False)
        f["persona_telefono"] = linea("Teléfono", 20, requerido=False)
        f["persona_correo"] = forms.EmailField(
            label="Correo",
            required=False,
            error_messages={"invalid": "Escribe un correo válido."},
        )
        f["recibido_en"] = CampoPasado(label="Cuándo se recibió en realidad", initial=ahora_local())
        f["canal"] = forms.ChoiceField(
            label="Por dónde llegó",
            choices=[("", "Elige una opción"), *Canal.choices],
            required=False,
        )
        f["solicitud"] = texto("Qué pide el cliente", 4000, filas=4)
        f["tipos"] = VariasDeLaLista(
            label="Tipo de requerimiento",
            queryset=tipos_activos(),
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )
        self.secciones = [
            ("Cliente", ["cliente", "cliente_razon_social", "cliente_nombre", "cliente_rfc",
                         "contrato", "contrato_numero", "contrato_servicio", "contrato_desde"]),
            ("Quién lo pidió", ["persona", "persona_nombre", "persona_puesto", "persona_telefono",
                                "persona_correo"]),
            ("La solicitud", ["recibido_en", "canal", "solicitud", "tipos"]),
            ("Responsable", ["asignacion", "responsable", "ordeno", "ordeno_verbal", "ordeno_en"]),
        ]  # fmt: skip
        f["asignacion"] = opciones(
            "¿Quién le da seguimiento?",
            [("", "Que lo asigne gerencia"), ("AHORA", "Asignar ahora")],
            requerido=False,
            inicial="",
        )
        self.campos_de_orden(requerido=False, muestra_si="asignacion=AHORA")
        f["deriva_de"] = forms.CharField(
            required=False, max_length=16, widget=forms.HiddenInput, label="Deriva de"
        )
        super().preparar()

    def _cliente_elegido(self):
        pk = self.data.get("cliente") if self.is_bound else self.initial.get("cliente")
        pk = getattr(pk, "pk", pk)
        if pk in (None, "") or not str(pk).isdecimal() or len(str(pk)) > 9:
            return None
        return Cliente.objects.filter(pk=int(pk), activo=True, fusionado_en=None).first()

    def clean_cliente(self):
        if self.cleaned_data["cliente"] and self.cliente_elegido is None:
            raise forms.ValidationError("Ese cliente ya no está disponible.")
        return self.cliente_elegido

    def clean_cliente_rfc(self):
        return validar_rfc(self.cleaned_data["cliente_rfc"])

    def clean_persona_telefono(self):
        return validar_telefono(self.cleaned_data["persona_telefono"])

    def clean_recibido_en(self):
        valor = self.cleaned_data["recibido_en"]
        if valor < timezone.now() - ANTIGUEDAD_MAXIMA:
            raise forms.ValidationError("Fue hace más de un año: revisa la fecha.")
        return valor

    def clean_deriva_de(self):
        folio = self.cleaned_data["deriva_de"]
        if not folio:
            return None
        caso = Caso.objects.visibles_para(self.usuario).filter(folio=folio).first()
        if caso is None:
            raise forms.ValidationError("No existe el caso del que deriva.")
        return caso

    def clean(self):
        datos = super().clean()
        if not datos.get("cliente"):
            self.exigir(
                "cliente_razon_social", "Falta el cliente: búscalo o escribe su razón social."
            )
            self._revisar_que_no_se_repita(datos)
        else:
            for campo in ("cliente_razon_social", "cliente_nombre", "cliente_rfc"):
                datos[campo] = ""
        # What is typed wins over what is chosen, as in every step: a link may have chosen it.
        if datos.get("contrato_numero"):
            datos["contrato"] = None
            self.exigir("contrato_servicio", "Falta el servicio del contrato.")
            self.exigir("contrato_desde", "Falta desde cuándo está vigente.")
            if Contrato.objects.filter(numero__iexact=datos["contrato_numero"]).exists():
                self.add_error("contrato_numero", "Ya existe un contrato con ese número.")
            self._revisar_rfc_con_contrato(datos)
        elif datos.get("contrato_servicio") or datos.get("contrato_desde"):
            self.exigir("contrato_numero", "Falta el número de ese contrato.")
        elegida, nombre = datos.get("persona"), datos.get("persona_nombre")
        if elegida and nombre and normalizar(nombre) == normalizar(elegida.nombre):
            self.add_error("persona_nombre", "Ya es a quien elegiste: borra estos datos.")
        elif nombre:
            datos["persona"] = None
        elif not elegida:
            self.exigir("persona_nombre", "Falta decir quién lo pidió.")
        elif any(datos.get(campo) for campo in self.personales):
            self.exigir(
                "persona_nombre", "Falta su nombre; si es a quien elegiste, borra lo demás."
            )
        if datos.get("asignacion") == "AHORA":
            self.exigir("responsable", "Falta el responsable.")
            self.exigir("ordeno", "Falta decir quién lo ordenó.")
            self.exigir("ordeno_en", "Falta decir cuándo se ordenó.")
            self.validar_orden(datos)
        else:
            datos |= {
                "responsable": None,
                "ordeno": None,
                "ordeno_en": None,
                "ordeno_verbal": False,
            }
        return datos

    def _revisar_que_no_se_repita(self, datos):
        razon, rfc = datos.get("cliente_razon_social"), datos.get("cliente_rfc")
        if razon and rfc is not None and (falta := repetido(razon, rfc)):
            self.add_error(f"cliente_{falta[0]}", f"{falta[1]}: búscalo arriba y elígelo.")

    def _revisar_rfc_con_contrato(self, datos):
        cliente = datos.get("cliente")
        try:
            validar_rfc(cliente.rfc if cliente else datos.get("cliente_rfc"), con_contrato=True)
        except forms.ValidationError as error:
            self.add_error("contrato_numero" if cliente else "cliente_rfc", error)

    @property
    def advertencias(self) -> list[str]:
        """What does not block but deserves a look (RFC check digit)."""
        return avisos_de_rfc(self.data.get("cliente_rfc", "")) if self.is_bound else []


class AsignarForm(ConOrden):
    """§6: who follows it up, by whose order, verbally or not."""

    def preparar(self):
        super().preparar()
        self.campos_de_orden()

    def clean(self):
        datos = super().clean()
        self.validar_orden(datos)
        responsable = datos.get("responsable")
        if responsable and responsable.pk == self.caso.responsable_id:
            self.add_error("responsable", "Ya es responsable de este caso.")
        return datos
