"""7.1: a request is registered; its data corrected (rule 10)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from casos.actos import CORREGIR_DATOS, REGISTRAR
from casos.catalogos import Canal
from casos.clientes import altas, contratos
from casos.datos_tratados import OrigenDeDatos
from casos.expediente import recien_abierto
from casos.formularios.base import Datos, FormularioPaso
from casos.formularios.campos import (
    CampoFecha,
    CampoPasado,
    VariasDeLaLista,
    ahora_local,
    con,
    de_lista,
    espera_respuesta,
    linea,
    radios,
    texto,
)
from casos.formularios.partes import ConContrato
from casos.formularios.quien_lo_pide import ConClienteNuevo, ConTocaya, personas_de
from casos.formularios.telefono_y_correo import CampoCorreo, CampoTelefono
from casos.models import (
    Caso,
    Cliente,
    Contrato,
    PersonaContacto,
    TipoRequerimiento,
    Usuario,
)
from casos.permisos.lectura import Lee
from casos.rfc import validar_rfc
from casos.textos import igual

from .asignacion import ASIGNAR_AHORA, ConOrden, poner_responsable
from .contacto import personas_o_la_misma
from .en_curso import ActoEnCurso, Apertura
from .escribir_evento import en_json
from .folio import siguiente_folio
from .hoja import escribir_columna, guardar_hoja
from .situacion import referencia
from .tabla import paso

ANTIGUEDAD_MAXIMA = timedelta(days=366)


def tipos_activos() -> QuerySet[TipoRequerimiento]:
    return TipoRequerimiento.objects.filter(activo=True)


class RegistrarForm(ConClienteNuevo, ConTocaya, ConContrato, ConOrden):
    """§7.1: client, contact person, when it was really received and what was asked."""

    antiguedad, muy_vieja = ANTIGUEDAD_MAXIMA, "Fue hace más de un año: revisa la fecha."
    columna = "solicitado"
    titulo_hoja = "Condiciones que pide (si ya las sabes)"
    orden_requerida = False
    secciones = [
        ("Cliente", ["cliente", "cliente_razon_social", "cliente_es_otro", "cliente_nombre", "cliente_rfc",
                     "contrato", "contrato_numero", "contrato_servicio", "contrato_desde"]),
        ("Quién lo pidió", ["persona", "persona_nombre", "persona_es_otra", "persona_puesto", "persona_telefono",
                            "persona_correo"]),
        ("La solicitud", ["recibido_en", "canal", "espera_fecha", "solicitud", "tipos"]),
        ("Responsable", ["asignacion", "responsable", "ordeno", "ordeno_verbal", "ordeno_en"]),
    ]  # fmt: skip

    cliente = con(
        forms.CharField(label="Cliente", required=False, widget=forms.HiddenInput, max_length=20),
        bitacora="",
    )
    contrato = de_lista(
        "Contrato",
        Contrato.objects.none(),
        vacio="Todavía no lo sé",
        requerido=False,
        ajena="Elige un contrato vigente de este cliente.",
        bitacora="",
    )
    contrato_numero = linea(
        "Número de un contrato que falta en la lista",
        40,
        requerido=False,
        bitacora="Contrato agregado",
    )
    contrato_servicio = linea("Servicio de ese contrato", 160, requerido=False, bitacora="Servicio")
    contrato_desde = con(CampoFecha(label="Vigente desde", required=False), bitacora="")
    persona = de_lista(
        "Quién lo pidió",
        PersonaContacto.objects.none(),
        requerido=False,
        ajena="Elige a una persona de este cliente.",
        bitacora="Con quién",
        sin_marca=True,
    )
    persona_nombre = linea(
        "¿Es alguien más? Escribe su nombre",
        requerido=False,
        bitacora="Persona agregada",
        sin_marca=True,
    )
    persona_puesto = linea("Puesto", 80, requerido=False, lee=Lee.QUIEN_LEE_CLIENTES)
    persona_telefono = con(
        CampoTelefono(label="Teléfono", required=False), lee=Lee.QUIEN_LEE_CLIENTES
    )
    persona_correo = con(
        CampoCorreo(label="Correo", required=False, max_length=254), lee=Lee.QUIEN_LEE_CLIENTES
    )
    recibido_en = con(
        CampoPasado(label="Cuándo se recibió en realidad", initial=ahora_local),
        bitacora="Se recibió",
    )
    canal = con(
        forms.ChoiceField(
            label="Por dónde llegó",
            choices=[("", "Elige una opción"), *Canal.choices],
            required=False,
        )
    )
    espera_fecha = espera_respuesta()
    solicitud = texto("Qué pide el cliente", 4000, filas=4)
    tipos = con(
        VariasDeLaLista(
            label="Tipo de requerimiento",
            queryset=TipoRequerimiento.objects.none(),
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )
    )
    asignacion = radios(
        "¿Quién le da seguimiento?",
        [("", "Que lo asigne gerencia"), (ASIGNAR_AHORA, "Asignar ahora")],
        requerido=False,
        inicial="",
        bitacora="",
        sin_marca=True,
    )
    deriva_de = con(
        forms.CharField(required=False, max_length=16, widget=forms.HiddenInput, label="Deriva de"),
        bitacora="",
    )

    cliente_elegido: Cliente | None

    def preparar(self) -> None:
        cliente = self.cliente_elegido = self._cliente_elegido()
        super().preparar()
        if cliente is not None:
            self.ofrecer("persona", personas_de(cliente.pk))
            self.proponer_el_unico("persona")
        self.ofrecer("tipos", tipos_activos())
        for campo in ("responsable", "ordeno", "ordeno_verbal", "ordeno_en"):
            con(self.fields[campo], muestra_si=f"asignacion={ASIGNAR_AHORA}")

    def contratos_posibles(self) -> QuerySet[Contrato]:
        if self.cliente_elegido is None:
            return Contrato.objects.none()
        return Contrato.objects.vigentes().filter(cliente=self.cliente_elegido)

    def contrato_elegido(self) -> Contrato | None:
        """What is typed wins over what is chosen."""
        return None if self.puesto("contrato_numero") else super().contrato_elegido()

    def _cliente_elegido(self) -> Cliente | None:
        pk = self.puesto("cliente")
        pk = getattr(pk, "pk", pk)
        if pk in (None, "") or not str(pk).isdecimal() or len(str(pk)) > 9:
            return None
        return Cliente.objects.filter(pk=int(pk), activo=True, fusionado_en=None).first()

    def clean_cliente(self) -> Cliente | None:
        if self.cleaned_data["cliente"] and self.cliente_elegido is None:
            raise forms.ValidationError("Ese cliente ya no está disponible.")
        return self.cliente_elegido

    def clean_recibido_en(self) -> datetime:
        valor = self.cleaned_data["recibido_en"]
        if valor < timezone.now() - self.antiguedad:
            raise forms.ValidationError(self.muy_vieja)
        return valor

    def clean_deriva_de(self) -> Caso | None:
        folio = self.cleaned_data["deriva_de"]
        if not folio:
            return None
        caso = Caso.objects.visibles_para(self.usuario).filter(folio=folio).first()
        if caso is None:
            raise forms.ValidationError("No existe el caso del que deriva.")
        return caso

    def clean(self) -> Datos:
        datos = super().clean()
        if not datos.get("cliente"):
            self.exigir(
                "cliente_razon_social", "Falta el cliente: búscalo o escribe su razón social."
            )
            self.revisar_que_no_se_repita(datos)
        else:
            datos |= {"cliente_razon_social": "", "cliente_nombre": "", "cliente_rfc": ""}
        self._revisar_contrato(datos)
        self._revisar_persona(datos)
        self.no_antes_del_dia_recibido("espera_fecha", datos.get("recibido_en"))
        if datos.get("asignacion") == ASIGNAR_AHORA:
            self.exigir("responsable", "Falta el responsable.")
            self.exigir("ordeno", "Falta decir quién lo ordenó.")
            self.exigir("ordeno_en", "Falta decir cuándo se ordenó.")
            self.revisar_orden(datos)
        else:
            datos |= {"responsable": None, "ordeno": None, "ordeno_en": None}
            datos["ordeno_verbal"] = False
        return datos

    def _revisar_contrato(self, datos: Datos) -> None:
        """What is typed wins over what is chosen, as in every step: a link may have chosen it."""
        if datos.get("contrato_numero"):
            datos["contrato"] = None
            self.exigir("contrato_servicio", "Falta el servicio del contrato.")
            self.exigir("contrato_desde", "Falta desde cuándo está vigente.")
            if Contrato.objects.filter(numero_igual=igual(datos["contrato_numero"])).exists():
                self.add_error("contrato_numero", "Ya existe un contrato con ese número.")
            self._revisar_rfc_con_contrato(datos)
        elif datos.get("contrato_servicio") or datos.get("contrato_desde"):
            self.exigir("contrato_numero", "Falta el número de ese contrato.")

    def _revisar_rfc_con_contrato(self, datos: Datos) -> None:
        cliente = datos.get("cliente")
        rfc = cliente.rfc if cliente else datos.get("cliente_rfc", "")
        try:
            validar_rfc(rfc, con_contrato=True)
        except forms.ValidationError as error:
            self.add_error("contrato_numero" if cliente else "cliente_rfc", error)

    def _revisar_persona(self, datos: Datos) -> None:
        elegida, nombre = datos.get("persona"), datos.get("persona_nombre")
        if elegida and nombre and igual(nombre) == elegida.nombre_igual:
            self.add_error("persona_nombre", "Ya es a quien elegiste: borra estos datos.")
        elif nombre:
            datos["persona"] = None
            if self.cliente_elegido:
                self.preguntar_por_tocaya(self.cliente_elegido.pk)
        elif not elegida:
            cliente = self.cliente_elegido
            if cliente and personas_de(cliente.pk).exists():
                self.exigir("persona", "Elige quién lo pidió, o escribe su nombre.")
            else:
                self.exigir("persona_nombre", "Escribe quién lo pidió.")
        elif any(datos.get(campo) for campo in self.personales):
            self.exigir(
                "persona_nombre", "Falta su nombre; si es a quien elegiste, borra lo demás."
            )


class CorregirDatosForm(FormularioPaso):
    """Rule 10: the request's own text, person and channel."""

    solicitud = texto("Qué pide el cliente", 4000, filas=4)
    persona = de_lista(
        "Quién lo pidió", PersonaContacto.objects.none(), vacio=None, bitacora="Con quién"
    )
    canal = con(
        forms.ChoiceField(
            label="Por dónde llegó", choices=[("", "Sin dato"), *Canal.choices], required=False
        )
    )
    espera_fecha = espera_respuesta()
    motivo = texto("Por qué lo corriges", 500, filas=2, bitacora="Por qué se corrigió")

    def preparar(self) -> None:
        super().preparar()
        caso = self.caso
        self.ofrecer("persona", personas_o_la_misma(caso, caso.persona_id))
        self.proponer("solicitud", caso.solicitud)
        self.proponer("persona", caso.persona_id)
        self.proponer("canal", caso.canal)
        self.proponer("espera_fecha", caso.espera_fecha)

    def clean(self) -> Datos:
        datos = super().clean()
        self.no_antes_del_dia_recibido("espera_fecha", self.caso.recibido_en)
        return datos


@paso(REGISTRAR, RegistrarForm)
def registrar(a: Apertura[RegistrarForm]) -> ActoEnCurso[RegistrarForm, Any]:
    """§7.1 "Se recibe requerimiento de cliente"."""
    d = a.datos
    cliente, contrato, persona = _de_quien(d, a.usuario)
    caso = Caso(
        folio=siguiente_folio(a.ahora),
        cliente=cliente,
        contrato=contrato,
        persona=persona,
        recibido_en=d["recibido_en"],
        registrado_en=a.ahora,
        registrado_por=a.usuario,
        canal=d["canal"],
        solicitud=d["solicitud"],
        espera_fecha=d["espera_fecha"],
        estado_desde=a.datos["recibido_en"],  # the clock of 7.1 starts with the client
        deriva_de=d["deriva_de"],
        revision=a.revision or 0,
    )
    caso.save()
    if d["persona"] is None:
        # Who came in with this request: their data were written down in it.
        suya = PersonaContacto.objects.filter(pk=persona.pk)
        suya.update(origen=OrigenDeDatos.CASO, origen_folio=caso.folio)
    exp = recien_abierto(caso)
    en_curso: ActoEnCurso[RegistrarForm, Any] = ActoEnCurso(
        a.acto, a.usuario, a.form, a.ahora, a.permiso, exp, None
    )
    en_curso.datos_extra |= {
        "folio": caso.folio,
        "cliente": referencia(cliente),
        "persona": referencia(persona),
    }
    if contrato:
        en_curso.datos_extra["contrato"] = referencia(contrato)
    if d["tipos"]:
        caso.tipos.add(*d["tipos"])
        exp.hechos.tipos = list(d["tipos"])
    escribir_columna(en_curso, "solicitado", a.form.hoja)
    guardar_hoja(en_curso)
    if d["responsable"]:
        poner_responsable(en_curso, d["responsable"], d["ordeno"], d["ordeno_en"])
    return en_curso


def _de_quien(d: Datos, autor: Usuario) -> tuple[Cliente, Contrato | None, PersonaContacto]:
    """Client, contract and person: those chosen, or created in place."""
    cliente = d["cliente"] or altas.crear_cliente(
        razon_social=d["cliente_razon_social"],
        nombre_comercial=d["cliente_nombre"],
        rfc=d["cliente_rfc"],
        autor=autor,
        sin_parecidos=not d["cliente_es_otro"],
    )
    contrato = d["contrato"]
    if contrato is None and d["contrato_numero"]:
        contrato = contratos.crear_contrato(
            cliente=cliente,
            numero=d["contrato_numero"],
            servicio=d["contrato_servicio"],
            desde_fecha=d["contrato_desde"],
            autor=autor,
        )
    persona = d["persona"] or altas.agregar_persona(
        cliente,
        nombre=d["persona_nombre"],
        puesto=d["persona_puesto"],
        telefono=d["persona_telefono"],
        correo=d["persona_correo"],
        autor=autor,
        sin_tocaya=not d["persona_es_otra"],
    )
    return cliente, contrato, persona


@paso(CORREGIR_DATOS, CorregirDatosForm)
def corregir_datos(en_curso: ActoEnCurso[CorregirDatosForm, None]) -> None:
    caso, d = en_curso.caso, en_curso.datos
    if d["solicitud"] != caso.solicitud:
        en_curso.textos_extra["solicitud_anterior"] = ("Decía", caso.solicitud)
    if d["persona"].pk != caso.persona_id:
        en_curso.cambios["persona"] = [
            f"personacontacto:{caso.persona_id}",
            referencia(d["persona"]),
        ]
    if d["canal"] != caso.canal:
        en_curso.cambios["canal"] = [caso.canal, d["canal"]]
    if d["espera_fecha"] != caso.espera_fecha:
        en_curso.cambios["espera_fecha"] = [en_json(caso.espera_fecha), en_json(d["espera_fecha"])]
    caso.solicitud, caso.persona, caso.canal = d["solicitud"], d["persona"], d["canal"]
    caso.espera_fecha = d["espera_fecha"]
