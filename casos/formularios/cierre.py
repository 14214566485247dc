"""Forms of 7.8 and of the ends: inform, withdraw, annul, reopen, and of the *constancias*."""

from django import forms

from casos.catalogos import MEDIOS_ESCRITOS, Estado, Medio, MotivoAnulacion, Sentido
from casos.formularios.ajuste import ConAjustes
from casos.formularios.analisis import ConConsultas
from casos.formularios.base import ConPersona, ConPlan, FormularioPaso
from casos.formularios.campos import CampoPasado, ahora_local, linea, opciones, texto
from casos.formularios.propuesta import ConDestinoDelContrato
from casos.models import Caso, Usuario


class InformarForm(ConPersona, ConDestinoDelContrato):
    """§7.8: "el responsable asignado se comunica con el cliente para explicarle el caso"."""

    persona_requerida = False

    def preparar(self):
        super().preparar()
        self.secciones = [
            ("Qué pasó", ["localizado"]),
            ("La explicación", ["informo", "persona", "persona_nombre", "cuando", "medio",
                                "que_se_dijo", "reaccion"]),
            ("Aviso por escrito", ["aviso_en", "aviso_medio"]),
            ("Qué sigue", ["contrato_tras_no", "contrato_termina_fecha"]),
        ]  # fmt: skip
        si, no = "localizado=SI", "localizado=NO"
        self.fields["localizado"] = opciones(
            "¿Se le informó?",
            [("SI", "Sí, se habló con el cliente"), ("NO", "No se localizó al cliente")],
            inicial="SI",
        )
        self.fields["informo"] = forms.ModelChoiceField(
            label="Quién le informó",
            queryset=Usuario.objects.comerciales(),
            initial=self.usuario.pk,
            empty_label="Elige a la persona",
        )
        for nombre in ("persona", "persona_nombre"):
            self.fields[nombre].widget.attrs["data-muestra-si"] = si
        self.fields["cuando"] = CampoPasado(label="Cuándo", required=False, initial=ahora_local())
        self.fields["cuando"].widget.attrs["data-muestra-si"] = si
        self.fields["medio"] = opciones("Medio", Medio.choices, requerido=False, muestra_si=si)
        self.fields["que_se_dijo"] = texto("Qué se le dijo", 4000, requerido=False, muestra_si=si)
        self.fields["que_se_dijo"].initial = self.caso.texto_cliente
        self.fields["reaccion"] = texto("Cómo lo tomó", requerido=False, muestra_si=si)
        self.fields["aviso_en"] = CampoPasado(label="Cuándo se envió el aviso", required=False)
        self.fields["aviso_en"].widget.attrs["data-muestra-si"] = no
        self.fields["aviso_medio"] = opciones(
            "Por qué medio se envió",
            [(m.value, m.label) for m in MEDIOS_ESCRITOS],
            requerido=False,
            muestra_si=no,
        )
        self.campos_del_contrato()

    def clean(self):
        datos = super().clean()
        if datos.get("localizado") == "NO":
            self.exigir("aviso_en", "Falta cuándo se envió el aviso por escrito.")
            self.exigir("aviso_medio", "Falta por qué medio se envió el aviso.")
            if not self.caso.hechos.tres_intentos_desde_decision:
                self.add_error(
                    None,
                    "Se necesitan al menos 3 intentos, en días distintos y por 2 medios o más, "
                    "desde que se decidió. Regístralos con «Registrar contacto».",
                )
            datos |= {"persona": None, "persona_nombre": "", "cuando": None, "medio": "",
                      "que_se_dijo": "", "reaccion": ""}  # fmt: skip
        elif datos.get("localizado") == "SI":
            if not datos.get("persona_nombre"):
                self.exigir("persona", "Falta decir con quién.")
            self.exigir("cuando", "Falta cuándo se le informó.")
            self.exigir("medio", "Falta el medio.")
            self.exigir("que_se_dijo", "Falta qué se le dijo.")
            self.exigir("reaccion", "Falta cómo lo tomó.")
            datos |= {"aviso_en": None, "aviso_medio": ""}
        for campo in ("cuando", "aviso_en"):
            self.no_antes_del_dia(campo, self.caso.decidido_en, "se decidió")
        self.validar_contrato(datos)
        return datos


class RetirarForm(ConPersona, FormularioPaso):
    secciones = [("El retiro", ["persona", "persona_nombre", "cuando", "motivo"])]

    def preparar(self):
        super().preparar()
        self.fields["cuando"] = CampoPasado(label="Cuándo lo pidió", initial=ahora_local())
        self.fields["motivo"] = texto("Por qué retira su solicitud")

    def clean(self):
        datos = super().clean()
        self.no_antes("cuando", self.caso.recibido_en, "se recibiera la solicitud")
        return datos


class AnularForm(FormularioPaso):
    def preparar(self):
        super().preparar()
        self.fields["anulacion"] = opciones("Por qué se anula", MotivoAnulacion.choices)
        self.fields["folio"] = linea(
            "Folio del caso original", 16, requerido=False, muestra_si="anulacion=DUPLICADO"
        )
        self.fields["enviado_a"] = linea(
            "A quién se le turnó", 120, requerido=False, muestra_si="anulacion=OTRO_TRAMITE"
        )
        self.fields["detalle"] = texto("Explica qué pasó", 1000)

    def clean(self):
        datos = super().clean()
        motivo = datos.get("anulacion")
        self.original = None
        if motivo == MotivoAnulacion.DUPLICADO:
            self.exigir("folio", "Falta el folio del caso original.")
            folio = datos.get("folio")
            if folio:
                self.original = (
                    Caso.objects.visibles_para(self.usuario)
                    .filter(folio=folio.strip().upper())
                    .exclude(pk=self.caso.pk)
                    .first()
                )
                if self.original is None:
                    self.add_error("folio", "No existe otro caso con ese folio.")
        else:
            datos["folio"] = ""
        if motivo == MotivoAnulacion.OTRO_TRAMITE:
            self.exigir("enviado_a", "Falta a quién se le turnó.")
        else:
            datos["enviado_a"] = ""
        return datos


class ReabrirForm(ConPlan, ConConsultas, ConAjustes, FormularioPaso):
    """The reason, and what the state it lands in asks for."""

    plan_requerido = False

    def preparar(self):
        # Only a closed case has a destination; on any other the door refuses before binding.
        cerrado = self.caso.estado == Estado.CERRADO
        self.destino = self.caso.destino_al_reabrir if cerrado else Estado.EN_CONTACTO
        self.areas_requeridas = self.destino == Estado.EN_ANALISIS
        self.ajustes_requeridos = self.destino == Estado.EN_MODIFICACION
        self.secciones = [("Por qué se reabre", ["motivo"])]
        super().preparar()
        self.fields["motivo"] = texto("Motivo", 1000)

    def areas_posibles(self):
        areas = super().areas_posibles()
        return areas if self.areas_requeridas else areas.none()

    def areas_de_ajuste(self):
        areas = super().areas_de_ajuste()
        return areas if self.ajustes_requeridos else areas.none()


class CerrarSinRespuestaForm(FormularioPaso):
    def preparar(self):
        super().preparar()
        self.fields["detalle"] = texto("Qué se intentó", 1000)


class CorregirConstanciaForm(FormularioPaso):
    """*Corregir constancia*: what was really said; for an opinion, the right one."""

    def preparar(self):
        super().preparar()
        self.fields["correccion"] = texto("Qué se dijo en realidad")
        if self.objeto.opinion_id:
            self.fields["sentido"] = opciones(
                "La opinión correcta", Sentido.choices, inicial=self.objeto.opinion.sentido
            )
            self.fields["condiciones"] = texto(
                "Condiciones", requerido=False, muestra_si="sentido=CONDICIONES"
            )
            self.order_fields(["sentido", "correccion", "condiciones"])

    def clean(self):
        datos = super().clean()
        if datos.get("sentido") == Sentido.CONDICIONES:
            self.exigir("condiciones", "Faltan las condiciones.")
        elif "condiciones" in self.fields:
            datos["condiciones"] = ""
        return datos
