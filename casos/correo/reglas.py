"""Who is told about which act: the letters, and the table act → (who, letter).

An act that nobody is told about says so with an empty row: one that is forgotten, or a letter
without its file, stops the start.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings

from casos import actos
from casos.actos import Acto, Suceso
from casos.catalogos import GrupoDeCartas
from casos.correo.ocasion import Destino, Ocasion
from casos.models import Aviso

CONTESTAR = "Contestar"  # the page also offers to correct, or to say that it cannot be done


@dataclass(frozen=True)
class Carta:
    """A letter: its file in ``templates/correos``, and what it carries besides its words."""

    plantilla: str
    columnas: tuple[str, ...] = ()  # of the sheet, in the words of the screens
    lleva_a: Acto | None = None  # the act its button leads to; else the case
    boton: str = ""
    si_abre: bool = False  # no link for whoever may not open the case
    que: str = ""  # what is to be decided, where one letter serves several acts
    cede: bool = False  # not sent to whoever gets another letter of the same event
    invita: bool = False  # it carries an appointment, also to who made it: it is for their calendar
    # What only informs, and of which group: its reader says how they want it. Without one it asks for an
    # act, or says to stop, and leaves at once.
    grupo: GrupoDeCartas | None = None

    @property
    def rotulo(self) -> str:
        """The words of its button."""
        return self.boton or (self.lleva_a.etiqueta if self.lleva_a else "Abrir el caso")


RESPUESTAS, DECISIONES, NOVEDADES = GrupoDeCartas

TODA = ("vigente", "solicitado", "propuesto", "acordado")
DE_AJUSTE = ("vigente", "acordado")

POR_ASIGNAR = Carta("por_asignar", ("solicitado",), actos.ASIGNAR)
ASIGNADO = Carta("asignado", TODA)
RELEVADO = Carta("relevado")
OPINION_PEDIDA = Carta("opinion_pedida", TODA, actos.OPINAR)
CONSULTA_RETIRADA = Carta("consulta_retirada")
DISPENSADA = Carta("dispensada")
OPINION_DADA = Carta("opinion_dada", grupo=RESPUESTAS)
DATOS_PEDIDOS = Carta("datos_pedidos", lleva_a=actos.RESPONDER_DATOS)
DATOS_DADOS = Carta("datos_dados", TODA, actos.OPINAR)
ANALISIS_CONCLUIDO = Carta("analisis_concluido")
ELEVADO = Carta("elevado", ("vigente", "solicitado"), actos.DECLARAR_VIABLE, "Decidir")
DEVUELTO = Carta("devuelto")
VIABLE = Carta("viable", ("vigente", "propuesto"), grupo=DECISIONES)
NO_VIABLE = Carta("no_viable", grupo=DECISIONES)
INFORMAR_CLIENTE = Carta("informar_cliente", lleva_a=actos.INFORMAR)
PROPUESTA = Carta("propuesta", ("propuesto",))
LO_ACORDADO = Carta("lo_acordado")
AL_CLIENTE = (PROPUESTA, LO_ACORDADO)  # "… para <client>" in their subjects
AJUSTE_PEDIDO = Carta("ajuste_pedido", DE_AJUSTE, actos.CONFIRMAR_AJUSTE, CONTESTAR)
AJUSTE_RESPONDIDO = Carta("ajuste_respondido", grupo=RESPUESTAS)
RESPONDIDO_POR_EL_AREA = Carta("ajuste_respondido")  # it has nothing to do any longer
ACUERDO_CORREGIDO = Carta("acuerdo_corregido")  # with what was agreed before and now
DETENTE = Carta("detente")
DESHACER_PEDIDO = Carta("deshacer_pedido", DE_AJUSTE, actos.CONFIRMAR_DESHECHO, CONTESTAR)
DESHACER_RETIRADO = Carta("deshacer_retirado")
ACEPTADO_COMO_ESTA = Carta("aceptado_como_esta", grupo=DECISIONES)
MODIFICADO = Carta("modificado", DE_AJUSTE, si_abre=True, grupo=DECISIONES)
CONDICION_PEDIDA = Carta(
    "condicion_pedida", ("vigente", "propuesto"), actos.PASAR_CONDICION, "Decidir"
)
CONDICION_PASADA = Carta("condicion_pasada")
CONDICION_MANTENIDA = Carta("condicion_mantenida")
CONDICION_CUMPLIDA = Carta("condicion_cumplida", grupo=RESPUESTAS)
CERRADO = Carta("cerrado", si_abre=True, grupo=DECISIONES)
EN_RIESGO = Carta("en_riesgo")
CONTRATO_SIGUE = Carta("contrato_sigue", grupo=DECISIONES)
REABIERTO = Carta("reabierto", grupo=DECISIONES)
CONSTANCIA = Carta("constancia", DE_AJUSTE, actos.CONFIRMAR_CONSTANCIA, CONTESTAR)
CONSTANCIA_CORREGIDA = Carta("constancia_corregida")
YA_NO_TE_TOCA = Carta("constancia_reenviada", si_abre=True)
ALTO = Carta("alto")
ACEPTAR_LO_DICHO = Carta(
    "por_decidir",
    lleva_a=actos.ACEPTAR_CONSTANCIA,
    que="Un área contestó de palabra y no lo ha confirmado: si te consta, puedes aceptarlo.",
)
ACEPTAR_COMO_ESTA = Carta(
    "por_decidir",
    lleva_a=actos.ACEPTAR_COMO_ESTA,
    que="Un área dice que no puede deshacer lo que ajustó: puedes aceptarlo como está.",
)
CERRAR_SIN_RESPUESTA = Carta(
    "por_decidir",
    lleva_a=actos.CERRAR_SIN_RESPUESTA,
    que="El cliente no responde y ya se hicieron los intentos: puedes cerrar el caso sin respuesta.",
)
REAPERTURA_PEDIDA = Carta("reapertura_pedida", lleva_a=actos.REABRIR, boton="Decidir")
NO_SE_REABRE = Carta("no_se_reabre", grupo=DECISIONES)
EN_TU_CASO = Carta("en_tu_caso", cede=True, grupo=NOVEDADES)
AVANCE = Carta("avance", cede=True, grupo=NOVEDADES)
INVITACION = Carta("invitacion", invita=True)
INVITACION_NUESTRA = Carta("invitacion_nuestra", invita=True)
RESUMEN = Carta(Aviso.DE_LA_MANANA)  # of a person's morning; no act brings it about

Regla = tuple[Callable[[Ocasion], list[Destino]], Carta]
O = Ocasion  # noqa: E741

REGLAS: dict[Suceso, tuple[Regla, ...]] = {
    actos.REGISTRAR: ((O.gerentes, POR_ASIGNAR), (O.responsable, ASIGNADO)),
    actos.ASIGNAR: ((O.responsable, ASIGNADO), (O.anterior, RELEVADO)),
    actos.PLANEAR: (),
    actos.CONTACTAR: (),
    actos.REGISTRAR_CONTACTO: ((O.gerencia_si_ya_se_puede_cerrar, CERRAR_SIN_RESPUESTA),),
    actos.MOVER_LLAMADA: (),
    actos.PROGRAMAR_CITA: (),
    actos.MOVER_CITA: (),
    actos.CELEBRAR_CITA: (),
    actos.ANOTAR_AUSENCIA: ((O.gerencia_si_ya_se_puede_cerrar, CERRAR_SIN_RESPUESTA),),
    actos.CANCELAR_CITA: (),
    actos.ANALIZAR: ((O.preguntadas, OPINION_PEDIDA),),
    actos.CONSULTAR_AREA: ((O.preguntadas, OPINION_PEDIDA),),
    actos.RETIRAR_CONSULTA: ((O.area_de_la_fila, CONSULTA_RETIRADA),),
    actos.OPINAR: ((O.responsable, OPINION_DADA), (O.direccion_si_le_toca, OPINION_DADA)),
    actos.OPINAR_VERBAL: (
        (O.responsable, OPINION_DADA),
        (O.gerencia_de_lo_dicho, ACEPTAR_LO_DICHO),
    ),
    actos.PEDIR_DATOS: ((O.responsable, DATOS_PEDIDOS),),
    actos.RESPONDER_DATOS: ((O.area_de_la_fila, DATOS_DADOS),),
    actos.DISPENSAR: ((O.area_de_la_fila, DISPENSADA),),
    actos.CONCLUIR_ANALISIS: ((O.responsable, ANALISIS_CONCLUIDO),),
    actos.PEDIR_MAS_ANALISIS: ((O.preguntadas, OPINION_PEDIDA),),
    actos.EDITAR_HOJA: (),
    actos.ACTUALIZAR_VIGENTE: (),
    actos.DECLARAR_VIABLE: ((O.areas_consultadas, VIABLE), (O.responsable, VIABLE)),
    actos.ELEVAR: ((O.direccion, ELEVADO),),
    actos.DEVOLVER: ((O.responsable, DEVUELTO),),
    actos.CUMPLIR_CONDICION: ((O.area_si_respondio_otro, CONDICION_CUMPLIDA),),
    actos.PEDIR_SIN_CONDICION: ((O.quien_pasa_la_condicion, CONDICION_PEDIDA),),
    actos.PASAR_CONDICION: (
        (O.responsable, CONDICION_PASADA),
        (O.area_de_la_fila, CONDICION_PASADA),
    ),
    actos.MANTENER_CONDICION: ((O.responsable, CONDICION_MANTENIDA),),
    actos.DECLARAR_NO_VIABLE: (
        (O.atencion_si_pasa, INFORMAR_CLIENTE),
        (O.areas_consultadas, NO_VIABLE),
    ),
    actos.PRESENTAR: ((O.cliente_si_se_pidio, PROPUESTA),),
    actos.ENVIAR_PROPUESTA: ((O.cliente, PROPUESTA),),
    actos.VOLVER_A_PRESENTAR: (),
    actos.CONTRAOFERTAR: ((O.preguntadas, OPINION_PEDIDA),),
    actos.ACEPTAR: ((O.avisadas, AJUSTE_PEDIDO),),
    actos.ENVIAR_ACUERDO: ((O.cliente, LO_ACORDADO),),
    actos.RECHAZAR: ((O.areas_consultadas, CERRADO), (O.gerencia_si_hay_riesgo, EN_RIESGO)),
    actos.CERRAR_SIN_RESPUESTA: ((O.responsable, CERRADO),),
    actos.CONFIRMAR_AJUSTE: ((O.responsable, AJUSTE_RESPONDIDO),),
    actos.INDICAR_NO_PUEDE: (
        (O.responsable, AJUSTE_RESPONDIDO),
        (O.las_que_siguen_ajustando, DETENTE),
        (O.area_si_respondio_otro, RESPONDIDO_POR_EL_AREA),
    ),
    actos.INDICAR_NO_APLICA: (
        (O.responsable, AJUSTE_RESPONDIDO),
        (O.area_si_respondio_otro, RESPONDIDO_POR_EL_AREA),
    ),
    actos.ANOTAR_RESPUESTA: ((O.gerencia_de_lo_dicho, ACEPTAR_LO_DICHO),),
    actos.CORREGIR_ACORDADO: ((O.todas_las_de_ajuste, ACUERDO_CORREGIDO),),
    actos.AGREGAR_AJUSTE: ((O.avisadas, AJUSTE_PEDIDO),),
    actos.PEDIR_DESHACER: ((O.avisadas, DESHACER_PEDIDO),),
    actos.RETIRAR_DESHACER: ((O.area_de_la_fila, DESHACER_RETIRADO),),
    actos.CONFIRMAR_DESHECHO: ((O.responsable, AJUSTE_RESPONDIDO),),
    actos.INDICAR_NO_SE_DESHACE: (
        (O.responsable, AJUSTE_RESPONDIDO),
        (O.gerencia_de_la_fila, ACEPTAR_COMO_ESTA),
    ),
    actos.ACEPTAR_COMO_ESTA: (
        (O.responsable, ACEPTADO_COMO_ESTA),
        (O.area_de_la_fila, ACEPTADO_COMO_ESTA),
    ),
    actos.CERRAR_MODIFICADO: ((O.areas_y_atencion, MODIFICADO),),
    actos.DECLARAR_NO_AJUSTABLE: (
        (O.atencion_si_pasa, INFORMAR_CLIENTE),
        (O.areas_de_ajuste, NO_VIABLE),
    ),
    actos.REPLANTEAR: ((O.preguntadas, OPINION_PEDIDA), (O.responsable, AVANCE)),
    actos.INFORMAR: ((O.areas_y_atencion, CERRADO), (O.gerencia_si_hay_riesgo, EN_RIESGO)),
    actos.MOTIVO_CESO: (),
    actos.DESCARTAR_POSIBILIDAD: (),
    actos.RETIRAR: (),
    actos.ANULAR: ((O.responsable, CERRADO), (O.areas_consultadas, CERRADO)),
    actos.REABRIR: (
        (O.responsable, REABIERTO),
        (O.preguntadas, OPINION_PEDIDA),
        (O.avisadas, AJUSTE_PEDIDO),
        (O.areas_sin_tarea, REABIERTO),
        (O.gerentes, POR_ASIGNAR),
    ),
    actos.COMPROBAR: ((O.quienes_reabren_si_se_pide, REAPERTURA_PEDIDA),),
    actos.REGISTRAR_SATISFACCION: ((O.quienes_reabren_si_se_pide, REAPERTURA_PEDIDA),),
    actos.NO_REABRIR: ((O.areas_a_las_que_no_les_llego, NO_SE_REABRE),),
    actos.CONFIRMAR_CONSTANCIA: ((O.las_que_siguen_si_se_dijo_que_no, DETENTE),),
    actos.CORREGIR_CONSTANCIA: (
        (O.quien_la_registro, CONSTANCIA_CORREGIDA),
        (O.anterior, RELEVADO),
        (O.a_quien_regresa, ASIGNADO),
        (O.gerentes, POR_ASIGNAR),
    ),
    actos.REDIRIGIR_CONSTANCIA: ((O.quien_la_tenia, YA_NO_TE_TOCA),),
    actos.ACEPTAR_CONSTANCIA: ((O.las_que_siguen_si_se_dijo_que_no, DETENTE),),
    actos.CORREGIR_CONTACTO: (),
    actos.CORREGIR_DATOS: (),
    actos.ANOTAR: (),
    actos.SEGUIR: (),
    actos.DEJAR_DE_SEGUIR: (),
    actos.RECALCULAR_PLAZO: (),
    actos.FUSIONAR_CLIENTE: (),
    actos.CAMBIAR_REVISION: (),  # hundreds at once; the revision itself is handed to each person
    actos.CONTRATO_SIGUE: ((O.responsable, CONTRATO_SIGUE),),
}
# After those of the act itself, whatever the act.
SIEMPRE: tuple[Regla, ...] = (
    (O.quienes_lo_oyeron, CONSTANCIA),
    (O.detenidas, ALTO),
    (O.cliente_de_la_cita, INVITACION),
    (O.nuestros_de_la_cita, INVITACION_NUESTRA),
    (O.areas_de_lo_que_regresa, AVANCE),
    (O.responsable_si_lo_hizo_otro, EN_TU_CASO),
    (O.seguidores_si_avanza, AVANCE),
)


def revisar() -> None:
    faltan = [str(s) for s in actos.SUCESOS.values() if s not in REGLAS]
    if faltan:
        raise LookupError(f"Falta a quién se le avisa de: {', '.join(faltan)}.")
    cartas = settings.BASE_DIR / "templates" / "correos"
    for reglas in (*REGLAS.values(), SIEMPRE, ((None, RESUMEN),)):
        for _, carta in reglas:
            if not (cartas / f"{carta.plantilla}.txt").is_file():
                raise LookupError(f"Falta la carta templates/correos/{carta.plantilla}.txt.")


revisar()
