"""Layer 1: only the machine. It reads as the instruction, 7.1 to 7.8.

A transition assigns fields of ``self`` and nothing else; its conditions are in ``requisitos``, over
``self.hechos`` (loaded by the door). No queries, mail or ``save()`` here.
"""

from dataclasses import dataclass

from django.db import models
from django_fsm import RETURN_VALUE, ConcurrentTransitionMixin, FSMField, transition

from casos.catalogos import ABIERTOS, Estado, Resultado
from casos.guardas import (
    ajustes_resueltos,
    con_ajuste_confirmado,
    con_contacto_efectivo,
    con_no_se_puede,
    con_opinion_dada,
    con_responsable,
    con_tres_intentos,
    contrato_como_quedo,
    contrato_libre,
    contrato_vigente,
    dentro_del_plazo,
    en_contra_solo_con_direccion,
    juridico_contesto,
    nada_en_pie,
    nunca_cerrado,
    nunca_presentado,
    opiniones_resueltas,
    propuesta_con_vigencia,
    sin_deshacer,
    sin_propuesta_con_vigencia,
    verbales_confirmadas,
    vigente_al_dia,
)

E = Estado


REAPERTURA = {
    Resultado.NO_VIABLE: E.EN_ANALISIS,
    Resultado.NO_AJUSTABLE: E.EN_ANALISIS,
    Resultado.NO_INTERESADO: E.EN_PROPUESTA,
    Resultado.RETIRADO: E.EN_CONTACTO,
    Resultado.MODIFICADO: E.EN_MODIFICACION,
}


def _p(seccion: str, etiqueta: str, **mas) -> dict:
    return {"seccion": seccion, "etiqueta": etiqueta, **mas}


class FlujoCaso(ConcurrentTransitionMixin, models.Model):
    """The states and steps of a case. ``hechos`` is set by whoever acts on it."""

    estado = FSMField(
        "estado", default=E.RECIBIDO, choices=Estado.choices, max_length=16, protected=True
    )
    resultado = models.CharField("resultado", max_length=14, choices=Resultado.choices, blank=True)
    estado_al_cerrar = models.CharField(max_length=16, blank=True, editable=False)
    viene_de_ajuste = models.BooleanField(default=False, editable=False)
    por_atencion = models.BooleanField(default=False, editable=False)
    vuelta = models.PositiveSmallIntegerField(default=0, editable=False)
    aceptacion = models.PositiveSmallIntegerField(default=0, editable=False)

    hechos = None

    class Meta:
        abstract = True

    # 7.1 is ``acciones.registrar``: it creates the row in RECIBIDO.

    # 7.2 Comunicación con cliente
    @transition(
        estado, E.RECIBIDO, E.EN_CONTACTO,
        conditions=[con_responsable],
        custom=_p("7.2", "Registrar primer contacto"),
    )  # fmt: skip
    def contactar(self):
        pass

    # 7.3 Se analiza situación
    @transition(
        estado, E.EN_CONTACTO, E.EN_ANALISIS,
        conditions=[con_contacto_efectivo],
        custom=_p("7.3", "Pedir opinión a las áreas"),
    )  # fmt: skip
    def analizar(self):
        self.vuelta += 1

    @transition(
        estado, E.EN_ANALISIS, E.POR_DECIDIR,
        conditions=[opiniones_resueltas],
        custom=_p("7.3", "Análisis concluido", por_si_sola=True),
    )  # fmt: skip
    def concluir_analisis(self):
        pass

    @transition(
        estado, [E.POR_DECIDIR, E.EN_PROPUESTA], E.EN_ANALISIS,
        custom=_p("7.3", "Pedir más análisis"),
    )  # fmt: skip
    def pedir_mas_analisis(self):
        self.vuelta += 1

    # 7.4 ¿La solución es viable?
    @transition(
        estado, E.POR_DECIDIR, E.EN_PROPUESTA,
        conditions=[con_opinion_dada, verbales_confirmadas, en_contra_solo_con_direccion],
        custom=_p("7.4", "Marcar como viable"),
    )  # fmt: skip
    def declarar_viable(self):
        pass

    @transition(
        estado, E.POR_DECIDIR, E.POR_INFORMAR,
        custom=_p("7.4", "Marcar como no viable"),
    )  # fmt: skip
    def declarar_no_viable(self, por_atencion=False):
        self.viene_de_ajuste = False
        self.por_atencion = por_atencion

    # 7.5 Se presenta propuesta sobre el requerimiento con cliente
    @transition(
        estado, E.EN_PROPUESTA, E.EN_RESPUESTA,
        conditions=[contrato_vigente, vigente_al_dia],
        custom=_p("7.5", "Registrar presentación"),
    )  # fmt: skip
    def presentar(self):
        pass

    @transition(
        estado, E.EN_RESPUESTA, E.EN_PROPUESTA,
        custom=_p("7.5", "Corregir o renovar propuesta"),
    )  # fmt: skip
    def volver_a_presentar(self):
        pass

    # 7.6 ¿Le interesa?
    @transition(
        estado, E.EN_RESPUESTA, RETURN_VALUE(E.EN_PROPUESTA, E.EN_ANALISIS),
        custom=_p("7.6", "Registrar contraoferta"),
    )  # fmt: skip
    def contraofertar(self, se_analiza=False):
        if se_analiza:
            self.vuelta += 1
        return E.EN_ANALISIS if se_analiza else E.EN_PROPUESTA

    @transition(
        estado, E.EN_RESPUESTA, E.EN_MODIFICACION,
        conditions=[propuesta_con_vigencia, contrato_vigente, vigente_al_dia, contrato_libre],
        custom=_p("7.6", "Registrar aceptación"),
    )  # fmt: skip
    def aceptar(self):
        self.aceptacion += 1

    @transition(
        estado, E.EN_RESPUESTA, E.CERRADO,
        custom=_p("7.6", "Registrar que no aceptó"),
    )  # fmt: skip
    def rechazar(self):
        self._cerrar(Resultado.NO_INTERESADO)

    @transition(
        estado, [E.RECIBIDO, E.EN_CONTACTO, E.EN_PROPUESTA, E.EN_RESPUESTA], E.CERRADO,
        conditions=[con_tres_intentos, sin_propuesta_con_vigencia],
        custom=_p("7.6", "Cerrar sin respuesta", secciones={E.RECIBIDO: "7.2", E.EN_CONTACTO: "7.2", E.EN_PROPUESTA: "7.5"}),
    )  # fmt: skip
    def cerrar_sin_respuesta(self):
        self._cerrar(Resultado.SIN_RESPUESTA)

    # 7.7 Modificación de Contrato y de Operación
    @transition(
        estado, E.EN_MODIFICACION, E.CERRADO,
        conditions=[
            ajustes_resueltos, con_ajuste_confirmado, juridico_contesto, sin_deshacer, vigente_al_dia,
        ],
        custom=_p("7.7", "Cerrar como modificado"),
    )  # fmt: skip
    def cerrar_modificado(self):
        self._cerrar(Resultado.MODIFICADO)

    @transition(
        estado, E.EN_MODIFICACION, E.POR_INFORMAR,
        conditions=[con_no_se_puede, nada_en_pie],
        custom=_p("7.7", "Declarar que no se puede ajustar"),
    )  # fmt: skip
    def declarar_no_ajustable(self, por_atencion=False):
        self.viene_de_ajuste = True
        self.por_atencion = por_atencion

    @transition(
        estado, [E.EN_MODIFICACION, E.POR_INFORMAR], E.EN_ANALISIS,
        conditions=[nada_en_pie],
        custom=_p("7.7", "Replantear", secciones={E.POR_INFORMAR: "7.8"}),
    )  # fmt: skip
    def replantear(self):
        self.vuelta += 1
        self.por_atencion = False

    # 7.8 Informar a atención a clientes y/o cliente del motivo
    @transition(
        estado, E.POR_INFORMAR, E.CERRADO,
        custom=_p("7.8", "Registrar que se informó"),
    )  # fmt: skip
    def informar(self):
        self._cerrar(Resultado.NO_AJUSTABLE if self.viene_de_ajuste else Resultado.NO_VIABLE)

    # Outside the numbered steps
    @transition(
        estado,
        [E.RECIBIDO, E.EN_CONTACTO, E.EN_ANALISIS, E.POR_DECIDIR, E.EN_PROPUESTA, E.EN_MODIFICACION],
        E.CERRADO,
        conditions=[nada_en_pie],
        custom=_p("", "Registrar retiro del cliente"),
    )  # fmt: skip
    def retirar(self):
        self._cerrar(Resultado.RETIRADO)

    @transition(
        estado, [E.RECIBIDO, E.EN_CONTACTO, E.EN_ANALISIS, E.POR_DECIDIR], E.ANULADO,
        conditions=[nunca_presentado, nunca_cerrado],
        custom=_p("", "Anular registro", peligrosa=True),
    )  # fmt: skip
    def anular(self):
        pass

    @transition(
        estado, E.CERRADO,
        RETURN_VALUE(E.RECIBIDO, E.EN_CONTACTO, E.EN_ANALISIS, E.EN_PROPUESTA, E.EN_MODIFICACION),
        conditions=[dentro_del_plazo, contrato_como_quedo],
        custom=_p("", "Reabrir caso"),
    )  # fmt: skip
    def reabrir(self):
        destino = self.destino_al_reabrir
        self.resultado = ""
        if destino == E.EN_ANALISIS:
            self.vuelta += 1
        self.por_atencion = False
        return destino

    @property
    def destino_al_reabrir(self) -> Estado:
        """Where ``reabrir`` lands, by the result of the closing (D§2)."""
        if self.resultado == Resultado.SIN_RESPUESTA:
            cerrado_en = Estado(self.estado_al_cerrar)
            return E.EN_PROPUESTA if cerrado_en == E.EN_RESPUESTA else cerrado_en
        return REAPERTURA[self.resultado]

    def _cerrar(self, resultado):
        self.estado_al_cerrar = self.estado
        self.resultado = resultado


@dataclass(frozen=True)
class Acto:
    """An act inside a state: it never changes ``estado``."""

    seccion: str
    etiqueta: str
    estados: tuple


DESDE_CONTACTO = tuple(ABIERTOS[1:])
TODOS = tuple(Estado)

ACTOS = {
    "asignar": Acto("6", "Asignar responsable", ABIERTOS),
    "planear": Acto("7.2", "Programar siguiente acción", ABIERTOS),
    "registrar_contacto": Acto("7.2", "Registrar contacto", (*DESDE_CONTACTO, E.CERRADO)),
    "programar_cita": Acto("7.5", "Programar cita", ABIERTOS),
    "mover_cita": Acto("7.5", "Mover cita", ABIERTOS),
    "celebrar_cita": Acto("7.5", "Marcar como celebrada", ABIERTOS),
    "cancelar_cita": Acto("7.5", "Cancelar cita", TODOS),
    "consultar_area": Acto("7.3", "Consultar otra área", (E.EN_ANALISIS,)),
    "retirar_consulta": Acto("7.3", "Retirar consulta", (E.EN_ANALISIS,)),
    "opinar": Acto("7.3", "Dar opinión", (E.EN_ANALISIS,)),
    "opinar_verbal": Acto("7.3", "Anotar opinión verbal", (E.EN_ANALISIS,)),
    "pedir_datos": Acto("7.3", "Pedir más datos", (E.EN_ANALISIS,)),
    "responder_datos": Acto("7.3", "Responder al área", (E.EN_ANALISIS,)),
    "dispensar": Acto("7.3", "Continuar sin esta opinión", (E.EN_ANALISIS,)),
    "editar_hoja": Acto(
        "7.3", "Editar condiciones",
        (E.RECIBIDO, E.EN_CONTACTO, E.POR_DECIDIR, E.EN_PROPUESTA),
    ),
    "actualizar_vigente": Acto(
        "7.5", "Actualizar columna Vigente",
        (E.EN_ANALISIS, E.POR_DECIDIR, E.EN_PROPUESTA, E.EN_RESPUESTA, E.EN_MODIFICACION),
    ),
    "confirmar_ajuste": Acto("7.7", "Confirmar ajuste", (E.EN_MODIFICACION,)),
    "indicar_no_puede": Acto("7.7", "Indicar que no se puede", (E.EN_MODIFICACION,)),
    "indicar_no_aplica": Acto("7.7", "Indicar que no aplica", (E.EN_MODIFICACION,)),
    "agregar_ajuste": Acto("7.7", "Agregar ajuste", (E.EN_MODIFICACION,)),
    "pedir_deshacer": Acto("7.7", "Pedir que se deshaga", (E.EN_MODIFICACION,)),
    "retirar_deshacer": Acto("7.7", "Ya no deshacer", (E.EN_MODIFICACION,)),
    "confirmar_deshecho": Acto("7.7", "Confirmar que se deshizo", (E.EN_MODIFICACION,)),
    "indicar_no_se_deshace": Acto("7.7", "Indicar que no se puede deshacer", (E.EN_MODIFICACION,)),
    "aceptar_como_esta": Acto("7.7", "Aceptar como está", (E.EN_MODIFICACION,)),
    "confirmar_constancia": Acto("6", "Confirmar constancia", TODOS),
    "corregir_constancia": Acto("6", "Corregir constancia", TODOS),
    "aceptar_constancia": Acto("7.3", "Aceptar opinión verbal", (E.EN_ANALISIS, E.POR_DECIDIR)),
    "corregir_contacto": Acto("7.2", "Corregir contacto", TODOS),
    "corregir_datos": Acto("7.1", "Corregir datos del registro", TODOS),
    "anotar": Acto("", "Escribir nota", TODOS),
    "seguir": Acto("", "Seguir caso", TODOS),
    "dejar_de_seguir": Acto("", "Dejar de seguir", TODOS),
}  # fmt: skip


def transiciones() -> dict:
    """Every transition of the machine by name, in the reading order of the instruction."""
    encontradas = {}
    for nombre, metodo in vars(FlujoCaso).items():
        meta = getattr(metodo, "_django_fsm", None)
        if meta:
            encontradas[nombre] = meta.transitions
    return encontradas


TRANSICIONES = {nombre: next(iter(t.values())).custom for nombre, t in transiciones().items()}
# What changes a case without being anybody's step; see ``puerta.fuera_de_paso``.
FUERA_DE_PASO = {
    "recalcular_plazo": "Plazo recalculado",
    "fusionar_cliente": "Cliente fusionado con otro",
}
ETIQUETAS = (
    {"registrar": "Registrar solicitud"}
    | FUERA_DE_PASO
    | {n: c["etiqueta"] for n, c in TRANSICIONES.items()}
    | {n: a.etiqueta for n, a in ACTOS.items()}
)


def seccion_de(accion: str, estado: str = "") -> str:
    """Section of the instruction an action serves when done from ``estado``."""
    if accion == "registrar":
        return "7.1"
    if accion in FUERA_DE_PASO:
        return ""
    if accion in ACTOS:
        return ACTOS[accion].seccion
    meta = TRANSICIONES[accion]
    return meta.get("secciones", {}).get(estado, meta["seccion"])


def estados_de(accion: str) -> tuple:
    """States from which an action may be done."""
    if accion in ACTOS:
        return ACTOS[accion].estados
    return tuple(Estado(e) for e in transiciones()[accion])
