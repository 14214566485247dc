"""7.5: present the proposal, "ya sea por teléfono o en cita agendada", and correct or renew it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone

from casos import calendario
from casos.actos import PRESENTAR, VOLVER_A_PRESENTAR
from casos.catalogos import (
    ComoSePresento,
    Direccion,
    EstadoCita,
    EstadoPropuesta,
    Medio,
)
from casos.formularios.base import Datos, FormularioPaso
from casos.formularios.campos import (
    CampoFuturo,
    CampoPasado,
    UnaDeLaLista,
    ahora_local,
    con,
    linea,
    marca,
    radios,
    texto,
)
from casos.formularios.partes import ConHojaDePaso, ConPlan
from casos.formularios.quien_lo_pide import ConPersona
from casos.impresos.documentos import Documento
from casos.models import Cita, Condicion, Empresa, PersonaContacto, Propuesta

from .contacto import dejar_contacto, persona_de, planear
from .en_curso import ActoEnCurso
from .entregas import SIN_NOMBRE, borrador_de, entregar_propuesta, filas_dichas
from .hoja import escribir_columna, guardar_hoja
from .tabla import paso

SIN_ENVIARLA = "La presentación se puede registrar sin enviarla."
EN_CITA = f"como={ComoSePresento.CITA}"


class CampoCita(UnaDeLaLista):
    def label_from_instance(self, cita: Cita) -> str:
        cuando = f"{timezone.localtime(cita.inicio):%d/%m/%Y %H:%M}"
        return f"{cita.asunto} · {cuando}"


class PresentarForm(ConPersona, ConPlan, ConHojaDePaso):
    """§7.5: the version with its validity; how, with whom and when it was presented."""

    empresa: Empresa

    columna = "propuesto"
    hoja_requerida = True
    vista_previa = "propuesta_borrador"
    titulo_hoja = "Condiciones propuestas"
    secciones = [
        ("Cómo se presentó", ["como", "cita", "cita_lugar", "cuando", "persona", "persona_nombre"]),
        ("La propuesta", ["texto", "vigencia", "enviar_al_cliente"]),
    ]

    como = radios("Cómo la presentaste", ComoSePresento.choices, bitacora="Cómo se presentó")
    cita = con(
        CampoCita(
            label="En qué cita",
            queryset=Cita.objects.none(),
            required=False,
            empty_label="No estaba programada",
        ),
        muestra_si=EN_CITA,
        bitacora="",
    )
    cita_lugar = linea(
        "Si no estaba programada, dónde fue",
        200,
        requerido=False,
        muestra_si=EN_CITA,
        bitacora="Dónde fue",
    )
    cuando = con(CampoPasado(label="Cuándo", initial=ahora_local))
    texto = texto("Mensaje para el cliente", 4000, requerido=False, ayuda="Sin razones internas.")
    vigencia = con(CampoFuturo(label="Vigente hasta"))
    enviar_al_cliente = marca(
        "Enviar la propuesta por correo al cliente", bitacora="Se envió por correo al cliente"
    )

    def preparar(self) -> None:
        super().preparar()
        self.ofrecer(
            "cita",
            lambda: self.caso.citas.filter(
                Q(estado=EstadoCita.CELEBRADA)
                | Q(estado=EstadoCita.PROGRAMADA, inicio__lte=timezone.now())
            ),
        )
        if not self.is_bound:
            dias = self.hechos.configuracion.vigencia_dias
            self.proponer("vigencia", calendario.hoy() + timedelta(days=dias))
        self.empresa = Empresa.actual()
        correo = self.caso.persona.correo
        self.fields["enviar_al_cliente"].help_text = self._por_que_no_se_envia or (
            f"Llega a {correo}, de parte de {self.empresa.nombre}."
        )

    @property
    def _por_que_no_se_envia(self) -> str:
        """Nobody is kept from recording what was presented by another way."""
        if not self.caso.persona.correo:
            return "La persona de contacto no tiene correo."
        return "" if self.empresa.nombre else f"{SIN_NOMBRE} {SIN_ENVIARLA}"

    def valor_inicial(self, fila: Condicion) -> str:
        return fila.propuesto

    def clean(self) -> Datos:
        datos = super().clean()
        if datos.get("como") != ComoSePresento.CITA:
            datos |= {"cita": None, "cita_lugar": ""}
        elif datos.get("cita"):
            datos["cita_lugar"] = ""
        elif "cita" not in self.errors:
            self.exigir("cita_lugar", "Elige la cita, o di dónde fue si no estaba programada.")
        if datos.get("enviar_al_cliente"):
            if falta := self._por_que_no_se_envia:
                self.add_error("enviar_al_cliente", falta)
            if not any(v and not self.se_calla(c) for c, v in self.hoja.items()):
                self.exigir(
                    "texto", "Ningún renglón se le dice al cliente: escribe tú qué le propones."
                )
        if anteriores := self.hechos.propuestas:
            self.no_antes("cuando", anteriores[0].presentada_en, "se presentara la anterior")
        else:
            self.no_antes("cuando", self.caso.recibido_en, "se recibiera la solicitud")
        self.rechazar_exceso()
        self.guardar_condiciones()
        return datos

    def borrador(self) -> Documento:
        """What is typed, as the client would be given it. Raises ``ValidationError`` where it cannot be read.

        What a draft does not say (how and when it was presented) may be missing or wrong.
        """
        fallos = [str(e) for n in self._del_documento if n in self.errors for e in self.errors[n]]
        if fallos:
            raise ValidationError(fallos)
        d = self.cleaned_data
        elegida = d.get("persona")
        return borrador_de(
            self.exp,
            self.usuario,
            valores={c.pk: v for c, v in self.hoja.items()},
            texto=d.get("texto") or "",
            vigencia=d.get("vigencia"),
            persona=d.get("persona_nombre") or (elegida.nombre if elegida else ""),
        )

    @property
    def _del_documento(self) -> list[str]:
        sin_fecha = not self.data.get("vigencia")  # a draft may go without
        return ["texto", *(() if sin_fecha else ("vigencia",)), *map(self.campo_de, self.conceptos)]


class VolverAPresentarForm(FormularioPaso):
    motivo = texto("Por qué se corrige o se renueva", 1000)


def marcar_viva(en_curso: ActoEnCurso[Any, Any], estado: EstadoPropuesta) -> None:
    """What became of the proposal the client has."""
    viva = en_curso.hechos.propuesta_viva
    if viva:
        en_curso.datos_extra["propuesta"] = viva.numero
        viva.estado = estado
        viva.save(update_fields=["estado"])


@paso(PRESENTAR, PresentarForm)
def presentar(en_curso: ActoEnCurso[PresentarForm, None]) -> None:
    """§7.5 "Ya sea por teléfono o en cita agendada, … o como sea acordado"."""
    d, caso = en_curso.datos, en_curso.caso
    if escribir_columna(en_curso, "propuesto", en_curso.form.hoja):
        guardar_hoja(en_curso)
    en_curso.transitar()
    persona = persona_de(en_curso)
    filas, nada_mas = filas_dichas(en_curso.hechos, "propuesto")
    propuesta = Propuesta.objects.create(
        caso=caso,
        numero=1 + max((p.numero for p in en_curso.hechos.propuestas), default=0),
        texto=d["texto"],
        filas=filas,
        vigencia=d["vigencia"],
        como=d["como"],
        persona=persona,
        presentada_en=d["cuando"],
        presentada_por=en_curso.usuario,
    )
    dejar_contacto(
        en_curso,
        cuando=d["cuando"],
        medio=_medio_de(d["cita"]) if d["como"] == ComoSePresento.CITA else d["como"],
        direccion=Direccion.SALIENTE,
        persona=persona,
        resumen=f"Se presentó la propuesta {propuesta.numero}.",
        efectivo=True,
    )
    en_curso.hechos.sumar(propuesta)
    en_curso.datos_extra["propuesta"] = propuesta.numero
    entregar_propuesta(en_curso, propuesta, en_curso.form.empresa, nada_mas=nada_mas)
    if d["como"] == ComoSePresento.CITA:
        _celebrar(en_curso, persona)
    planear(en_curso)


def _medio_de(cita: Cita | None) -> str:
    return cita.medio if cita else Medio.VISITA


def _celebrar(en_curso: ActoEnCurso[PresentarForm, None], persona: PersonaContacto | None) -> None:
    """The appointment where it was presented was held, whether or not it had been scheduled."""
    cita = en_curso.datos["cita"]
    if cita is None:
        Cita.objects.create(
            caso=en_curso.caso,
            inicio=en_curso.datos["cuando"],
            lugar=en_curso.datos["cita_lugar"],
            asunto="Presentación de la propuesta",
            persona=persona,
            estado=EstadoCita.CELEBRADA,
            organizada_por=en_curso.usuario,
        )
    elif cita.estado == EstadoCita.PROGRAMADA:
        en_curso.cambiar(cita, estado=EstadoCita.CELEBRADA)


@paso(VOLVER_A_PRESENTAR, VolverAPresentarForm)
def volver_a_presentar(en_curso: ActoEnCurso[VolverAPresentarForm, None]) -> None:
    """The old version is superseded; the new one gets the next number."""
    marcar_viva(en_curso, EstadoPropuesta.SUPERADA)
    en_curso.transitar()
