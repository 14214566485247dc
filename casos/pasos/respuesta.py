"""7.6: is the client interested? Yes, no, something else, or silence (7.2, 7.5, 7.6)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone

from casos.actos import ACEPTAR, CERRAR_SIN_RESPUESTA, CONTRAOFERTAR, RECHAZAR
from casos.catalogos import Catalogo, EstadoPropuesta, Medio, QueAjusta, Rol, TipoConstancia
from casos.clientes.contratos import terminar_por_el_cliente
from casos.formularios.base import Datos, FormularioPaso
from casos.formularios.campos import (
    CampoFuturo,
    CampoPasado,
    VariasDeLaLista,
    ahora_local,
    con,
    de_lista,
    marca,
    radios,
    texto,
)
from casos.formularios.partes import (
    ConArchivo,
    ConDestinoDelContrato,
    ConHojaDePaso,
    ConMotivos,
)
from casos.formularios.por_area import ConAjustes, ConPreguntas
from casos.formularios.quien_lo_pide import ConPersona
from casos.formularios.sobre_lo_vigente import LO_PROPUESTO, Base
from casos.formularios.valores import mostrar_valor
from casos.formularios.vigor import ConVigor
from casos.models import Concepto, Condicion, Motivo, Usuario
from casos.permisos.predicados import consentir

from .ajuste import pedir_ajustes
from .analisis import preguntar
from .constancias import dejar_constancias, lo_dicho
from .contacto import persona_de
from .en_curso import ActoEnCurso
from .entregas import entregar_acuerdo, quien_acepto
from .hoja import escribir_columna, fijar_viable, guardar_hoja
from .propuesta import marcar_viva
from .tabla import paso

QUE_LA_REVISE = " O pídele opinión otra vez a las áreas, abajo."
NO_LO_DIJO = "Déjalo vacío si no lo dijo."


class ContraofertarForm(ConPreguntas, ConHojaDePaso):
    """§7.6: what the client asks instead.

    Within the alternative declared viable it goes back to be presented; past it, to the areas,
    unless GER or DG (who did not ask) consents: on this page, or verbally, written down by RC.
    With an opinion against that stands only DG can (rule 11).
    """

    columna = "solicitado"
    hoja_requerida = True
    titulo_hoja = "Condiciones que pide ahora"
    sobre_que = LO_PROPUESTO
    areas_requeridas = False
    titulo_areas = "Áreas que deben opinar, si pide más de lo que se declaró viable"
    secciones = [("La contraoferta", ["pide"])]
    si_se_consiente = (
        "O si alguien consintió que se ofrezca",
        ["consiente", "consintio", "consintio_en"],
    )

    pide = texto("Qué pide el cliente")
    consiente = marca(
        "Consiento que se ofrezca aunque rebase lo declarado viable",
        ayuda="Sin tu consentimiento, lo que rebase vuelve a las áreas.",
        bitacora="Consintió rebasar lo declarado viable",
    )

    consintio = de_lista(
        "Quién consintió de palabra que se ofrezca",
        Usuario.objects.none(),
        vacio="Nadie todavía",
        requerido=False,
        ayuda="Tendrá que confirmarlo antes de que lo presentes.",
        sin_marca=True,
        bitacora="Consintió de palabra",
    )
    consintio_en = con(
        CampoPasado(label="Cuándo lo consintió", required=False, initial=ahora_local),
        sin_marca=True,
        bitacora="Cuándo consintió",
    )

    cambia: dict[Concepto, str]
    exceden: list[Concepto]
    se_analiza: bool

    def preparar(self) -> None:
        super().preparar()
        self.secciones = [*self.secciones, self.si_se_consiente]  # after the sheet and the areas
        if consentir(self.hechos, self.usuario):
            del self.fields["consintio"], self.fields["consintio_en"]
            return
        del self.fields["consiente"]
        self.ofrecer("consintio", self._quienes_consienten())

    def _quienes_consienten(self) -> Any:
        """Nobody consents to what they asked (rule 4); over an opinion against, only DG."""
        gente = Usuario.objects.gerencia().exclude(
            pk__in=[self.caso.responsable_id, self.usuario.pk]
        )
        return gente.filter(rol=Rol.DG) if self.hechos.en_contra else gente

    def valor_inicial(self, fila: Condicion) -> str:
        return fila.propuesto or fila.vigente

    def base_de(self, concepto: Concepto) -> Base:
        """They answer to what they were offered."""
        fila = self.filas.get(concepto.pk)
        if fila and fila.propuesto:
            return Base(fila.propuesto, LO_PROPUESTO)
        return super().base_de(concepto)

    def lo_pedido(self) -> dict[Concepto, str]:
        """Only what they now ask otherwise: the rest stays as it was offered."""
        ahora = {pk: self.valor_inicial(fila) for pk, fila in self.filas.items()}
        return {c: v for c, v in self.hoja.items() if v and v != ahora.get(c.pk)}

    def comparacion(self, fila: Condicion) -> str:
        partes = [("Vigente", fila.vigente), ("Propuesto", fila.propuesto)]
        return " · ".join(f"{n}: {mostrar_valor(fila.concepto, v)}" for n, v in partes if v)

    def clean(self) -> Datos:
        datos = super().clean()
        self.cambia = self.lo_pedido()
        if any(self.hoja.values()) and not self.cambia:
            self.faltar_en(
                self.titulo_hoja, "Cambia al menos una condición: así está la propuesta."
            )
        pedidos = {self.filas[c.pk].pk: v for c, v in self.cambia.items() if c.pk in self.filas}
        nuevas = [c for c in self.cambia if c.pk not in self.filas]
        self.exceden = [f.concepto for f in self.hechos.exceden_lo_viable(pedidos)] + nuevas
        consentido = datos.get("consiente") or datos.get("consintio")
        self.se_analiza = bool(self.preguntas) or (bool(self.exceden) and not consentido)
        if self.se_analiza and not self.preguntas:
            self.faltar_en(
                self.titulo_areas,
                f"Rebasa lo que se declaró viable ({', '.join(map(str, self.exceden))}): elige las "
                "áreas que lo analizarán, con su pregunta y su fecha, o di quién lo consintió.",
            )
        if not self.se_analiza:
            propuesto = {pk: f.propuesto for pk, f in self.filas.items()}
            propuesto |= {c.pk: v for c, v in self.cambia.items()}
            self.rechazar_lo_que_no_cumple(propuesto, self.campo_de, QUE_LA_REVISE)
        if self.se_analiza or not self.exceden:
            datos |= {"consintio": None}
        if datos.get("consintio"):
            self.exigir("consintio_en", "Falta cuándo lo consintió.")
        else:
            datos |= {"consintio_en": None}
        return datos


class ConRespuesta(ConPersona):
    """The client's yes or no comes after the proposal they were shown (§7.6)."""

    cuando = con(CampoPasado(label="Cuándo lo dijo", initial=ahora_local), bitacora="Cuándo")
    medio = radios("Cómo lo dijo", Medio.choices, bitacora="Medio")

    def clean(self) -> Datos:
        datos = super().clean()
        if viva := self.hechos.propuesta_viva:
            self.no_antes("cuando", viva.presentada_en, "se le presentara la propuesta")
        return datos


class AceptarForm(ConRespuesta, ConVigor, ConArchivo, ConAjustes, ConHojaDePaso):
    """§7.6 sí → §7.7: who accepted, what was agreed, and what each area adjusts."""

    columna = "acordado"
    hoja_requerida = True
    titulo_hoja = "Condiciones acordadas"
    secciones = [
        ("La aceptación", ["persona", "persona_nombre", "cuando", "medio", "vigor_fecha",
                           "es_retroactivo", "archivo"]),
    ]  # fmt: skip

    cuando = con(CampoPasado(label="Cuándo aceptó", initial=ahora_local), bitacora="Cuándo")
    servicio_sin_cambio = texto(
        "Si ni Nóminas ni R&S ajustan: por qué no cambia el servicio",
        1000,
        requerido=False,
        filas=2,
        bitacora="Por qué no cambia el servicio",
        sin_marca=True,
    )

    def valor_inicial(self, fila: Condicion) -> str:
        return fila.propuesto

    def clean_cuando(self) -> datetime:
        """Within the proposal's validity: the day it was accepted counts, not that of writing it."""
        valor = self.cleaned_data["cuando"]
        viva = self.hechos.propuesta_viva
        if viva and timezone.localdate(valor) > viva.vigencia:
            raise forms.ValidationError(
                f"La propuesta venció el {viva.vigencia:%d/%m/%Y}. Si aceptó antes, escribe cuándo; "
                "si no, corrígela o renuévala."
            )
        return valor

    def clean(self) -> Datos:
        datos = super().clean()
        ajustan = {e.area.que_ajusta for e in self.encargos}
        if QueAjusta.CONTRATO not in ajustan:
            self.faltar_en(self.titulo_ajustes, "Jurídico siempre se notifica: elige su ajuste.")
        if ajustan & {QueAjusta.NOMINA, QueAjusta.SERVICIO}:
            datos["servicio_sin_cambio"] = ""
        else:
            self.exigir(
                "servicio_sin_cambio",
                "Falta el ajuste de Nóminas o de R&S, o por qué no cambia el servicio.",
            )
        self.rechazar_exceso()
        self.guardar_condiciones()
        return datos


class RechazarForm(ConRespuesta, ConMotivos, ConDestinoDelContrato):
    """§7.6 no: "se identifican motivos y se registra en la base de datos"."""

    secciones = [
        ("Por qué no", ["motivo_principal", "motivos", "detalle", "con_que_si"]),
        ("Quién lo dijo", ["persona", "persona_nombre", "cuando", "medio"]),
        ("Qué sigue", ["contrato_tras_no", "contrato_termina_fecha", "llamar_fecha"]),
    ]

    motivo_principal = de_lista(
        "Motivo principal del cliente",
        Motivo.objects.filter(catalogo=Catalogo.CLIENTE, activo=True),
        vacio="Elige el motivo",
        falta="Falta el motivo principal.",
        bitacora="Motivo principal",
    )
    motivos = con(
        VariasDeLaLista(
            label="Otros motivos",
            queryset=Motivo.objects.filter(catalogo=Catalogo.CLIENTE, activo=True),
            required=False,
            widget=forms.CheckboxSelectMultiple,
        ),
        bitacora="Motivos",
    )
    detalle = texto("Qué dijo", requerido=False, ayuda=NO_LO_DIJO)
    con_que_si = texto(
        "¿Con qué habría dicho que sí?",
        requerido=False,
        ayuda=NO_LO_DIJO,
        bitacora="Con qué habría dicho que sí",
    )
    llamar_fecha = con(
        CampoFuturo(label="Volver a llamar el", required=False, help_text=NO_LO_DIJO)
    )

    def motivos_elegidos(self, datos: Datos) -> list[Motivo]:
        principal = datos.get("motivo_principal")
        return [*([principal] if principal else []), *super().motivos_elegidos(datos)]


class CerrarSinRespuestaForm(FormularioPaso):
    detalle = texto("Qué se intentó", 1000)


@paso(CONTRAOFERTAR, ContraofertarForm)
def contraofertar(en_curso: ActoEnCurso[ContraofertarForm, None]) -> None:
    """§7.6: back to present while within what was declared viable, otherwise to the areas."""
    consiente = (
        consentir(en_curso.hechos, en_curso.usuario) if en_curso.datos.get("consiente") else None
    )
    if consiente:
        en_curso.sin_segregacion = consiente.sin_segregacion
    marcar_viva(en_curso, EstadoPropuesta.SUPERADA)
    en_curso.caso.contestado_en = en_curso.ahora
    # Only what they now ask otherwise: the rest stays as it was first asked.
    escribir_columna(en_curso, "solicitado", en_curso.form.cambia)
    en_curso.transitar(se_analiza=en_curso.form.se_analiza)
    if en_curso.form.se_analiza:
        preguntar(en_curso)
    else:
        # Within bounds it is what will be presented next.
        escribir_columna(en_curso, "propuesto", en_curso.form.cambia)
        if en_curso.form.exceden and consiente:
            fijar_viable(en_curso)
        elif en_curso.form.exceden:
            _dejar_consentimiento(en_curso)
    guardar_hoja(en_curso)


def _dejar_consentimiento(en_curso: ActoEnCurso[ContraofertarForm, None]) -> None:
    """Given verbally: until it is confirmed nothing past the viable is presented (rule 9)."""
    d, form = en_curso.datos, en_curso.form
    ofrece = [
        f"{c}: {mostrar_valor(c, form.cambia[c], en_curso.caso.moneda)}" for c in form.exceden
    ]
    dejar_constancias(
        en_curso,
        lo_dicho(
            en_curso,
            TipoConstancia.CONSENTIMIENTO,
            destinatario=d["consintio"],
            dicho_en=d["consintio_en"],
            texto=f"Consintió que se ofrezca, aunque rebasa lo declarado viable: {'; '.join(ofrece)}.",
        ),
    )


@paso(ACEPTAR, AceptarForm)
def aceptar(en_curso: ActoEnCurso[AceptarForm, None]) -> None:
    """§7.6 sí → §7.7: "se notifica a Jurídico … así como a Nóminas o R&S"."""
    d, caso = en_curso.datos, en_curso.caso
    escribir_columna(en_curso, "acordado", en_curso.form.hoja)
    guardar_hoja(en_curso)
    en_curso.transitar()
    marcar_viva(en_curso, EstadoPropuesta.ACEPTADA)
    persona = persona_de(en_curso)
    caso.contestado_en = d["cuando"]
    caso.vigor_fecha = d["vigor_fecha"]
    entregar_acuerdo(en_curso, quien_acepto(persona, d["cuando"], d["medio"]), persona)
    caso.servicio_sin_cambio = d["servicio_sin_cambio"]
    pedir_ajustes(en_curso)
    en_curso.datos_extra["aceptacion"] = caso.aceptacion


def destino_del_contrato(en_curso: ActoEnCurso[Any, Any]) -> None:
    """What becomes of the contract after a "no"."""
    en_curso.caso.contrato_tras_no = en_curso.datos.get("contrato_tras_no", "")
    termina = en_curso.caso.contrato_termina_fecha = en_curso.datos["contrato_termina_fecha"]
    if termina:
        terminar_por_el_cliente(en_curso.caso, termina, en_curso.usuario)


@paso(RECHAZAR, RechazarForm)
def rechazar(en_curso: ActoEnCurso[RechazarForm, None]) -> None:
    """§7.6 no: "se identifican motivos y se registra en la base de datos"."""
    d = en_curso.datos
    en_curso.transitar()
    marcar_viva(en_curso, EstadoPropuesta.RECHAZADA)
    persona_de(en_curso)
    en_curso.caso.contestado_en = d["cuando"]
    en_curso.caso.motivo_principal = d["motivo_principal"]
    en_curso.caso.motivos.set([d["motivo_principal"], *d["motivos"]])
    en_curso.cambio_motivos = True
    en_curso.caso.llamar_fecha = d["llamar_fecha"]
    destino_del_contrato(en_curso)


@paso(CERRAR_SIN_RESPUESTA, CerrarSinRespuestaForm)
def cerrar_sin_respuesta(en_curso: ActoEnCurso[CerrarSinRespuestaForm, None]) -> None:
    """§7.2/7.5/7.6: after three attempts on different days by two media."""
    en_curso.transitar()
    marcar_viva(en_curso, EstadoPropuesta.SUPERADA)
