"""Every act once: its section of the instruction, its words, who may do it, and how it is shown.

The only list of acts. A transition of ``flujo.FlujoCaso`` has its block here by the same name; an
act inside a state says in which (``en``). What is typed and what is written is in ``casos.pasos``;
who is told, in ``casos.correo.reglas``. Whatever is forgotten fails when this module, or one of
those, is imported. No queries, no rules: those are in ``permisos`` and ``guardas``.
"""

from __future__ import annotations

from casos.catalogos import ABIERTOS, Estado, EstadoAjuste, EstadoOpinion, Sentido
from casos.clases_de_acto import Acto, Lugar, Sobre, Suceso
from casos.flujo import TRANSICIONES
from casos.permisos import predicados as quien
from casos.permisos import preguntas_del_cierre
from casos.permisos.cargos import comercial, rc_o_gerencia

E = Estado
TODOS = tuple(Estado)
LLEGO = (("SI", "Sí, llegó"), ("NO", "No llegó"))
DESDE_CONTACTO = ABIERTOS[1:]
CON_CONDICIONES = (E.POR_DECIDIR, E.EN_PROPUESTA, E.EN_RESPUESTA, E.EN_MODIFICACION)
DONDE_VA: dict[str, str] = {e: e.seccion for e in CON_CONDICIONES}


# A table of the instruction: the formatter would give each word a line.
# fmt: off

# -- 7.1, 6 and 7.2: receive, assign, talk ---------------------------------------------------------

REGISTRAR = Acto("registrar", "7.1", "Registrar solicitud", "se registró la solicitud",
    comercial, abre_caso=True, icono="recibido", indexa=True)
ASIGNAR = Acto("asignar", "6", "Asignar responsable", "el caso ya tiene responsable", quien.asignar,
    en=ABIERTOS, icono="asignar", relato="Se asignó responsable")
PLANEAR = Acto("planear", "7.2", "Programar siguiente acción",
    "la siguiente acción quedó programada", rc_o_gerencia, en=ABIERTOS, icono="calendario", sin_version=True)
CONTACTAR = Acto("contactar", "7.2", "Registrar primer contacto", "se registró el primer contacto",
    rc_o_gerencia, icono="telefono", contacto=True)
REGISTRAR_CONTACTO = Acto("registrar_contacto", "7.2", "Registrar contacto",
    "se registró el contacto", quien.registrar_contacto, en=(*DESDE_CONTACTO, E.CERRADO),
    icono="telefono", contacto=True, sin_version=True, lugar=Lugar.A_LA_MANO)
MOVER_LLAMADA = Acto("mover_llamada", "7.2", "Cambiar la llamada", "la llamada quedó como dijiste",
    quien.mover_llamada, en=(E.CERRADO,), icono="calendario", sin_version=True,
    relato="Se cambió cuándo volver a llamar")
PROGRAMAR_CITA = Acto("programar_cita", "7.5", "Programar cita", "la cita quedó programada",
    rc_o_gerencia, en=ABIERTOS, icono="calendario", contacto=True, sin_version=True, lugar=Lugar.A_LA_MANO)
MOVER_CITA = Acto("mover_cita", "7.5", "Mover cita", "la cita cambió de fecha", quien.cita,
    en=ABIERTOS, sobre=Sobre.CITA, icono="calendario", contacto=True)
CELEBRAR_CITA = Acto("celebrar_cita", "7.5", "Marcar como celebrada",
    "la cita quedó como celebrada", quien.cita, en=ABIERTOS, sobre=Sobre.CITA, icono="calendario", contacto=True)
ANOTAR_AUSENCIA = Acto("anotar_ausencia", "7.2", "Registrar que no se presentó",
    "quedó registrado que no se presentó", quien.cita, en=ABIERTOS, sobre=Sobre.CITA,
    icono="calendario", contacto=True, relato="El cliente no se presentó a la cita")
CANCELAR_CITA = Acto("cancelar_cita", "7.5", "Cancelar cita", "la cita quedó cancelada", quien.cita,
    en=TODOS, sobre=Sobre.CITA, icono="calendario", contacto=True)

# -- 7.3 Se analiza situación ----------------------------------------------------------------------

ANALIZAR = Acto("analizar", "7.3", "Pedir opinión a las áreas", "se pidió opinión a las áreas",
    rc_o_gerencia, indexa=True,
    en_otro={E.RECIBIDO: ("Primero registra el primer contacto con el cliente.", "contactar")})
CONSULTAR_AREA = Acto("consultar_area", "7.3", "Consultar otra área",
    "se le pidió opinión a otra área", rc_o_gerencia, en=(E.EN_ANALISIS,), sin_version=True)
RETIRAR_CONSULTA = Acto("retirar_consulta", "7.3", "Retirar consulta", "la consulta quedó retirada",
    quien.retirar_consulta, en=(E.EN_ANALISIS,), sobre=Sobre.OPINION, sin_fundamento=True)
OPINAR = Acto("opinar", "7.3", "Dar opinión", "tu opinión quedó registrada", quien.opinar,
    en=(E.EN_ANALISIS, E.POR_DECIDIR), sobre=Sobre.OPINION, corrige=(EstadoOpinion.DADA,),
    al_corregir="Corregir opinión", del_area=True,
    se_abre_con=("sentido", tuple(Sentido.choices)), relato="Se dio la opinión")
OPINAR_VERBAL = Acto("opinar_verbal", "7.3", "Anotar opinión verbal",
    "se anotó la opinión que te dieron de palabra", quien.anotar_verbal, en=(E.EN_ANALISIS,),
    sobre=Sobre.OPINION,
    relato="Se anotó una opinión dada de palabra")
PEDIR_DATOS = Acto("pedir_datos", "7.3", "Pedir más datos", "se pidieron los datos que faltan",
    quien.pedir_datos, en=(E.EN_ANALISIS,), sobre=Sobre.OPINION, del_area=True, junto_a="opinar")
RESPONDER_DATOS = Acto("responder_datos", "7.3", "Responder al área", "se le respondió al área",
    quien.responder_datos, en=(E.EN_ANALISIS,), sobre=Sobre.OPINION)
DISPENSAR = Acto("dispensar", "7.3", "Continuar sin esta opinión", "se continúa sin esa opinión",
    quien.dispensar, en=(E.EN_ANALISIS,), sobre=Sobre.OPINION, relato="Se siguió sin esa opinión")
PEDIR_MAS_ANALISIS = Acto("pedir_mas_analisis", "7.3", "Pedir más análisis",
    "se pidió más análisis", rc_o_gerencia, junto_a="declarar_viable",
    en_otro={E.EN_RESPUESTA: ("El cliente ya tiene la propuesta: registra lo que pide como "
        "contraoferta.", "contraofertar")})
EDITAR_HOJA = Acto("editar_hoja", "7.3", "Editar condiciones", "se guardaron las condiciones",
    rc_o_gerencia, en=(E.RECIBIDO, E.EN_CONTACTO, E.POR_DECIDIR, E.EN_PROPUESTA), icono="lapiz",
    edita_hoja=True,
    en_otro={
        E.EN_ANALISIS: ("Las áreas opinan sobre estas condiciones: se cambian al decidir.", ""),
        E.EN_RESPUESTA: ("El cliente ya tiene esta propuesta: ábrela para corregirla.",
            "volver_a_presentar")})
ACTUALIZAR_VIGENTE = Acto("actualizar_vigente", "7.5", "Actualizar columna Vigente",
    "la columna Vigente quedó al día", quien.actualizar_vigente,
    en=(E.EN_ANALISIS, E.POR_DECIDIR, E.EN_PROPUESTA, E.EN_RESPUESTA, E.EN_MODIFICACION),
    icono="lapiz", edita_hoja=True)

# -- 7.4 ¿La solución es viable? -------------------------------------------------------------------

DECLARAR_VIABLE = Acto("declarar_viable", "7.4", "Marcar como viable",
    "la solución quedó como viable", quien.declarar_viable, icono="decision", tono="hecho",
    en_otro={E.EN_ANALISIS: ("Se decide cuando hayan contestado todas las áreas.", "")})
ELEVAR = Acto("elevar", "7.4", "Llevar a Dirección", "el caso quedó en manos de Dirección",
    quien.elevar, en=(E.POR_DECIDIR,), icono="decision", junto_a="declarar_no_viable",
    relato="Se llevó a Dirección")
DEVOLVER = Acto("devolver", "7.4", "No autorizar", "no se autorizó", quien.devolver,
    en=(E.POR_DECIDIR,), icono="decision", tono="rechazado", junto_a="declarar_viable",
    relato="Dirección no lo autorizó")
DECLARAR_NO_VIABLE = Acto("declarar_no_viable", "7.4", "Marcar como no viable",
    "la solución quedó como no viable", quien.declarar_no_viable, icono="decision", tono="rechazado",
    junto_a="declarar_viable",
    en_otro={E.EN_ANALISIS: ("Se decide cuando hayan contestado todas las áreas.", "")})

# An area's condition binds from 7.4 until the case is closed.
CUMPLIR_CONDICION = Acto("cumplir_condicion", "7.4", "Marcar como cumplida",
    "la condición quedó como cumplida", quien.cumplir_condicion, en=CON_CONDICIONES,
    sobre=Sobre.CANDADO, secciones=DONDE_VA, icono="palomita")
PEDIR_SIN_CONDICION = Acto("pedir_sin_condicion", "7.4", "Pedir que se autorice sin ella",
    "se le pidió a Dirección", quien.pedir_sin_condicion, en=CON_CONDICIONES, sobre=Sobre.CANDADO,
    secciones=DONDE_VA, icono="decision", relato="Se pidió seguir sin una condición")
PASAR_CONDICION = Acto("pasar_condicion", "7.4", "Autorizar sin esta condición",
    "quedó autorizado sin esa condición", quien.pasar_condicion, en=CON_CONDICIONES,
    sobre=Sobre.CANDADO, secciones=DONDE_VA, icono="decision",
    relato="Dirección autorizó seguir sin una condición")
MANTENER_CONDICION = Acto("mantener_condicion", "7.4", "No autorizar sin ella",
    "la condición se mantiene", quien.mantener_condicion, en=CON_CONDICIONES, sobre=Sobre.CANDADO,
    secciones=DONDE_VA, icono="decision", tono="rechazado", junto_a="pasar_condicion",
    relato="Dirección mantuvo una condición")

# -- 7.5 Se presenta propuesta sobre el requerimiento con cliente ----------------------------------

PRESENTAR = Acto("presentar", "7.5", "Registrar presentación", "se registró la presentación",
    rc_o_gerencia, contacto=True)
ENVIAR_PROPUESTA = Acto("enviar_propuesta", "7.5", "Enviar propuesta por correo",
    "la propuesta sale por correo", quien.enviar_propuesta, en=(E.EN_RESPUESTA,), icono="correos")
VOLVER_A_PRESENTAR = Acto("volver_a_presentar", "7.5", "Corregir o renovar propuesta",
    "la propuesta quedó abierta para corregirla", rc_o_gerencia)

# -- 7.6 ¿Le interesa? -----------------------------------------------------------------------------

CONTRAOFERTAR = Acto("contraofertar", "7.6", "Registrar contraoferta",
    "se registró la contraoferta", rc_o_gerencia, icono="propuesta", junto_a="aceptar")
ACEPTAR = Acto("aceptar", "7.6", "Registrar aceptación", "se registró que el cliente aceptó",
    rc_o_gerencia, icono="hecho", tono="hecho", pregunta="¿Le interesa al cliente?",
    explica="Pregúntale si le interesa lo que presentaste y registra su respuesta.",
    en_otro={
        E.EN_PROPUESTA: ("Primero registra que se presentó la propuesta.", "presentar")})
ENVIAR_ACUERDO = Acto("enviar_acuerdo", "7.6", "Enviar lo acordado por correo",
    "lo acordado sale por correo", quien.enviar_acuerdo, en=(E.EN_MODIFICACION, E.CERRADO),
    icono="correos")
RECHAZAR = Acto("rechazar", "7.6", "Registrar que no aceptó",
    "se registró que el cliente no aceptó", rc_o_gerencia, icono="rechazado", tono="rechazado",
    junto_a="aceptar",
    en_otro={E.EN_PROPUESTA: ("Todavía no se le presenta la propuesta: si ya no quiere seguir, "
        "registra su retiro.", "retirar")})
CERRAR_SIN_RESPUESTA = Acto("cerrar_sin_respuesta", "7.6", "Cerrar sin respuesta",
    "el caso se cerró sin respuesta del cliente", quien.de_gerencia,
    secciones={E.EN_CONTACTO: "7.2", E.EN_PROPUESTA: "7.5"}, icono="cerrar",
    peligroso=True)

# -- 7.7 Modificación de Contrato y de Operación ---------------------------------------------------

CONFIRMAR_AJUSTE = Acto("confirmar_ajuste", "7.7", "Confirmar ajuste", "el ajuste quedó confirmado",
    quien.confirmar_ajuste, en=(E.EN_MODIFICACION,), sobre=Sobre.AJUSTE,
    corrige=(EstadoAjuste.CONFIRMADO, EstadoAjuste.NO_PUEDE, EstadoAjuste.NO_APLICA),
    al_corregir="Corregir respuesta", tono="hecho", del_area=True)
INDICAR_NO_PUEDE = Acto("indicar_no_puede", "7.7", "Indicar que no se puede",
    "quedó registrado que no se puede", quien.indicar_no_puede, en=(E.EN_MODIFICACION,),
    sobre=Sobre.AJUSTE, tono="rechazado", del_area=True, junto_a="confirmar_ajuste")
INDICAR_NO_APLICA = Acto("indicar_no_aplica", "7.7", "Indicar que no aplica",
    "quedó registrado que no aplica", quien.indicar_no_aplica, en=(E.EN_MODIFICACION,),
    sobre=Sobre.AJUSTE, del_area=True, junto_a="confirmar_ajuste")
ANOTAR_RESPUESTA = Acto("anotar_respuesta", "7.7", "Anotar respuesta verbal",
    "se anotó la respuesta que te dieron de palabra", quien.anotar_respuesta,
    en=(E.EN_MODIFICACION,), sobre=Sobre.AJUSTE,
    relato="Se anotó una respuesta dada de palabra")
CORREGIR_ACORDADO = Acto("corregir_acordado", "7.7", "Corregir lo acordado",
    "lo acordado quedó corregido", quien.corregir_acordado, en=(E.EN_MODIFICACION,), icono="lapiz",
    edita_hoja=True)
AGREGAR_AJUSTE = Acto("agregar_ajuste", "7.7", "Agregar ajuste", "se pidió el ajuste",
    rc_o_gerencia, en=(E.EN_MODIFICACION,), sin_version=True, pregunta="Revisar los ajustes",
    explica="Ya contestaron todas las áreas, pero así no se puede cerrar: agrega otro ajuste o "
    "pide que se deshaga lo confirmado. Lo que no se puede deshacer lo acepta gerencia o dirección.")
PEDIR_DESHACER = Acto("pedir_deshacer", "7.7", "Pedir que se deshaga", "se pidió que se deshaga",
    quien.pedir_deshacer, en=(E.EN_MODIFICACION,), sobre=Sobre.AJUSTE, junto_a="agregar_ajuste")
RETIRAR_DESHACER = Acto("retirar_deshacer", "7.7", "Ya no deshacer", "ya no se pide que se deshaga",
    quien.retirar_deshacer, infinitivo="dejar de pedir que se deshaga", en=(E.EN_MODIFICACION,),
    sobre=Sobre.AJUSTE,
    relato="Se retiró la petición de deshacer")
CONFIRMAR_DESHECHO = Acto("confirmar_deshecho", "7.7", "Confirmar que se deshizo",
    "quedó registrado que se deshizo", quien.responder_deshacer, en=(E.EN_MODIFICACION,),
    sobre=Sobre.AJUSTE, del_area=True)
INDICAR_NO_SE_DESHACE = Acto("indicar_no_se_deshace", "7.7", "Indicar que no se puede deshacer",
    "quedó registrado que no se puede deshacer", quien.responder_deshacer, en=(E.EN_MODIFICACION,),
    sobre=Sobre.AJUSTE, del_area=True, junto_a="confirmar_deshecho")
ACEPTAR_COMO_ESTA = Acto("aceptar_como_esta", "7.7", "Aceptar como está",
    "el ajuste se queda como está", quien.aceptar_como_esta, en=(E.EN_MODIFICACION,),
    sobre=Sobre.AJUSTE,
    relato="El ajuste se quedó como está")
CERRAR_MODIFICADO = Acto("cerrar_modificado", "7.7", "Cerrar como modificado",
    "el caso se cerró con el contrato modificado", quien.cerrar_modificado, icono="hecho", tono="hecho")
DECLARAR_NO_AJUSTABLE = Acto("declarar_no_ajustable", "7.7", "Declarar que no se puede ajustar",
    "quedó registrado que no se puede ajustar", rc_o_gerencia, icono="decision", tono="rechazado")
COMPROBAR = Acto("comprobar", "7.7", "¿Llegó como se acordó?", "quedó registrado si llegó",
    preguntas_del_cierre.comprobar, infinitivo="responder si llegó como se acordó", en=(E.CERRADO,),
    sobre=Sobre.COMPROBACION, del_area=True, se_abre_con=("llego", LLEGO),
    relato="Se respondió si llegó como se acordó")
REGISTRAR_SATISFACCION = Acto("registrar_satisfaccion", "7.7", "Registrar cómo califica el cliente",
    "se registró cómo califica el cliente", preguntas_del_cierre.registrar_satisfaccion, en=(E.CERRADO,),
    sobre=Sobre.SATISFACCION, icono="telefono", contacto=True)
REPLANTEAR = Acto("replantear", "7.7", "Replantear", "el caso vuelve a análisis", quien.de_gerencia,
    secciones={E.POR_INFORMAR: "7.8"},
    relato="El caso volvió a análisis")

# -- 7.8 Informar a atención a clientes y/o cliente del motivo -------------------------------------

INFORMAR = Acto("informar", "7.8", "Registrar que se informó",
    "se registró que el cliente está informado", quien.informar, contacto=True)

MOTIVO_CESO = Acto("motivo_ceso", "7.8", "El motivo ya no aplica",
    "quedó anotado que el motivo ya no aplica", quien.motivo_ceso, infinitivo="decir que el motivo ya no aplica",
    en=(E.CERRADO,), icono="reabrir", sin_version=True, relato="El motivo dejó de aplicar")
DESCARTAR_POSIBILIDAD = Acto("descartar_posibilidad", "7.8", "Ya no hace falta",
    "quedó descartado", quien.descartar_posibilidad, infinitivo="descartar lo que ya sería viable",
    en=(E.CERRADO,), icono="cerrar", sin_version=True, relato="Se descartó pedirlo otra vez")

# -- outside the numbered steps --------------------------------------------------------------------

RETIRAR = Acto("retirar", "", "Registrar retiro del cliente",
    "se registró que el cliente retiró su solicitud", rc_o_gerencia, icono="cerrar", peligroso=True,
    en_otro={
        E.EN_RESPUESTA: ("El cliente ya tiene la propuesta: registra que no aceptó.", "rechazar"),
        E.POR_INFORMAR: ("Ya se decidió que no: anótalo como reacción al informarle.", "informar")})
ANULAR = Acto("anular", "", "Anular registro", "el registro quedó anulado", quien.anular,
    icono="cerrar", tono="rechazado", peligroso=True,
    en_otro={
        E.EN_RESPUESTA: ("Ya se presentó una propuesta: este caso no se puede anular.", ""),
        E.EN_MODIFICACION: ("Ya se presentó una propuesta: este caso no se puede anular.", ""),
        E.POR_INFORMAR: ("Ya se decidió: el caso se cierra al informar al cliente.", "informar"),
        E.CERRADO: ("Un caso cerrado no se anula.", "")})
REABRIR = Acto("reabrir", "", "Reabrir caso", "el caso se reabrió", quien.reabrir, icono="reabrir",
    en_otro={
        E.ANULADO: ("Un registro anulado no se reabre: registra la solicitud otra vez.", "")})
NO_REABRIR = Acto("no_reabrir", "", "No reabrir", "el caso se queda cerrado", preguntas_del_cierre.no_reabrir,
    infinitivo="decidir que no se reabra", en=(E.CERRADO,), icono="cerrar", sin_version=True, junto_a="reabrir",
    relato="Se decidió no reabrirlo")
CONFIRMAR_CONSTANCIA = Acto("confirmar_constancia", "6", "Confirmar constancia",
    "confirmaste lo que se dijo de palabra", quien.responder_constancia, en=TODOS,
    sobre=Sobre.CONSTANCIA, lugar=Lugar.DE_UN_TOQUE,
    relato="Se confirmó lo que se dijo de palabra")
CORREGIR_CONSTANCIA = Acto("corregir_constancia", "6", "Corregir constancia",
    "quedó corregido lo que se anotó como dicho de palabra", quien.responder_constancia, en=TODOS,
    sobre=Sobre.CONSTANCIA, junto_a="confirmar_constancia")
REDIRIGIR_CONSTANCIA = Acto("redirigir_constancia", "6", "Enviar a otra persona",
    "la constancia se envió a otra persona", quien.redirigir_constancia, en=TODOS,
    sobre=Sobre.CONSTANCIA, infinitivo="enviar la constancia a otra persona")
ACEPTAR_CONSTANCIA = Acto("aceptar_constancia", "7.3", "Aceptar lo dicho de palabra",
    "lo que se dijo de palabra quedó aceptado", quien.aceptar_constancia,
    en=(E.EN_ANALISIS, E.POR_DECIDIR, E.EN_MODIFICACION), sobre=Sobre.CONSTANCIA,
    secciones={E.EN_MODIFICACION: "7.7"})
CORREGIR_CONTACTO = Acto("corregir_contacto", "7.2", "Corregir contacto",
    "el contacto quedó corregido", quien.corregir_contacto, en=TODOS, sobre=Sobre.CONTACTO,
    icono="lapiz", contacto=True)
CORREGIR_DATOS = Acto("corregir_datos", "7.1", "Corregir datos del registro",
    "los datos del registro quedaron corregidos", quien.corregir_datos, en=TODOS, icono="lapiz",
    sin_version=True, indexa=True)
ANOTAR = Acto("anotar", "", "Escribir nota", "la nota quedó escrita", quien.anotar, en=TODOS,
    icono="nota", sin_version=True, lugar=Lugar.A_LA_MANO)
SEGUIR = Acto("seguir", "", "Seguir caso", "ahora sigues este caso", quien.seguir, en=TODOS,
    icono="bandera", sin_version=True, lugar=Lugar.DE_UN_TOQUE, relato="Empezó a seguir el caso")
DEJAR_DE_SEGUIR = Acto("dejar_de_seguir", "", "Dejar de seguir", "ya no sigues este caso",
    quien.dejar_de_seguir, en=TODOS, icono="bandera", sin_version=True, lugar=Lugar.DE_UN_TOQUE,
    relato="Dejó de seguir el caso")

# -- what comes about by itself, or outside any step -----------------------------------------------

CONCLUIR_ANALISIS = Suceso("concluir_analisis", "7.3", "Análisis concluido")
RECALCULAR_PLAZO = Suceso("recalcular_plazo", "", "Plazo recalculado")
CONTRATO_SIGUE = Suceso("contrato_sigue", "", "Se quitó el término del contrato", icono="archivo")
CAMBIAR_REVISION = Suceso("cambiar_revision", "", "Pasó a otra revisión de la instrucción", icono="procedimiento")
FUSIONAR_CLIENTE = Suceso("fusionar_cliente", "", "Cliente fusionado con otro", icono="clientes")

# fmt: on

SUCESOS: dict[str, Suceso] = {
    s.nombre: s for s in list(globals().values()) if isinstance(s, Suceso)
}
ACTOS: dict[str, Acto] = {n: s for n, s in SUCESOS.items() if isinstance(s, Acto)}
# What may be done on a case that is there, in the order of the buttons.
DE_UN_CASO = [a for a in ACTOS.values() if not a.abre_caso]
ETIQUETAS = {n: s.etiqueta for n, s in SUCESOS.items()}


def junto_a(acto: Acto) -> list[Acto]:
    """The other honest answers, shown beside an act: a plain "no" of the same step first."""
    otros = [a for a in ACTOS.values() if a.junto_a == acto.nombre]
    return sorted(otros, key=lambda a: (a.seccion != acto.seccion, not a.tono))


def revisar() -> None:
    """Whatever does not fit together is said when the program starts."""
    from casos import guardas

    for nombre in TRANSICIONES:
        if nombre not in SUCESOS:
            raise LookupError(f"La transición «{nombre}» no tiene acto.")
    for acto in DE_UN_CASO:
        if acto.es_transicion == bool(acto.en):
            raise LookupError(f"«{acto}» es una transición, o dice en qué estados se hace.")
        if acto.sin_version and (acto.es_transicion or acto.sobre or acto.edita_hoja):
            raise LookupError(f"«{acto}» deja vieja la página de alguien: compara versiones.")
        if set(acto.en_otro) & set(acto.estados) or (acto.en_otro and acto.sobre):
            raise LookupError(f"«{acto}» dice por qué no donde sí se hace, o de una fila.")
        for estado, (_, enlace) in acto.en_otro.items():
            if enlace and estado not in ACTOS[enlace].estados:
                raise LookupError(f"«{acto}» lleva a «{enlace}», que en {estado} no se hace.")
        if bool(acto.corrige) != bool(acto.al_corregir):
            raise LookupError(f"«{acto}»: falta su botón al corregir, o qué se corrige.")
        if acto.junto_a and acto.junto_a not in ACTOS:
            raise LookupError(f"«{acto}» va junto a «{acto.junto_a}», que no existe.")
    for guarda in vars(guardas).values():
        enlace = getattr(guarda, "enlace", "")
        if enlace and not enlace.startswith("#") and enlace not in ACTOS:
            raise LookupError(f"«{guarda.__name__}» lleva a «{enlace}», que no existe.")


revisar()
