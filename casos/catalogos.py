"""Closed vocabularies of the instruction. No queries, no imports from ``casos``."""

from django.db.models import IntegerChoices, TextChoices


class Estado(TextChoices):
    """One state per step of the instruction (§7.1–7.8), plus the two ends."""

    RECIBIDO = "RECIBIDO", "Recibido"
    EN_CONTACTO = "EN_CONTACTO", "En contacto"
    EN_ANALISIS = "EN_ANALISIS", "En análisis"
    POR_DECIDIR = "POR_DECIDIR", "Por decidir"
    EN_PROPUESTA = "EN_PROPUESTA", "Por presentar"
    EN_RESPUESTA = "EN_RESPUESTA", "Presentado"
    EN_MODIFICACION = "EN_MODIFICACION", "Aceptado, en ajuste"
    POR_INFORMAR = "POR_INFORMAR", "Por informar al cliente"
    CERRADO = "CERRADO", "Cerrado"
    ANULADO = "ANULADO", "Anulado"

    @property
    def seccion(self) -> str:
        """Section of the instruction; empty for the two ends."""
        return SECCION_DE_ESTADO.get(self.value, "")

    @property
    def ayuda(self) -> str:
        return AYUDA_DE_ESTADO[self]


SECCION_DE_ESTADO = {e.value: f"7.{n}" for n, e in enumerate(list(Estado)[:8], start=1)}
AYUDA_DE_ESTADO = {
    Estado.RECIBIDO: "Ya registramos la solicitud; falta asignar responsable o hablar con el cliente.",
    Estado.EN_CONTACTO: "Aclara con el cliente qué necesita y desde cuándo.",
    Estado.EN_ANALISIS: "Las áreas están revisando qué podemos ofrecer.",
    Estado.POR_DECIDIR: "Ya opinaron las áreas; falta decidir si es viable.",
    Estado.EN_PROPUESTA: "Es viable; prepara la propuesta y preséntala al cliente.",
    Estado.EN_RESPUESTA: "El cliente ya tiene la propuesta; dale seguimiento antes de que venza.",
    Estado.EN_MODIFICACION: "El cliente aceptó; las áreas están ajustando el contrato y el servicio.",
    Estado.POR_INFORMAR: "No se pudo; falta explicarle el motivo al cliente.",
    Estado.CERRADO: "El caso terminó; consulta el resultado y el motivo.",
    Estado.ANULADO: "Se registró por error; se conserva, pero no cuenta en las cifras.",
}
ABIERTOS = tuple(list(Estado)[:8])


# How far a case came, of every step it was in: a bit each, kept on the case by its log.
BIT_DE_PASO = {e: 1 << n for n, e in enumerate(Estado)}


class Resultado(TextChoices):
    MODIFICADO = "MODIFICADO", "Contrato modificado"
    NO_VIABLE = "NO_VIABLE", "No viable"
    NO_AJUSTABLE = "NO_AJUSTABLE", "No se pudo ajustar"
    NO_INTERESADO = "NO_INTERESADO", "El cliente no aceptó"
    SIN_RESPUESTA = "SIN_RESPUESTA", "Sin respuesta del cliente"
    RETIRADO = "RETIRADO", "Retirado por el cliente"


class Tiempo(TextChoices):
    """Business time that is counted of a closed case: in each step, of each holder, all of it."""

    RECIBIDO = Estado.RECIBIDO.value, Estado.RECIBIDO.label
    EN_CONTACTO = Estado.EN_CONTACTO.value, Estado.EN_CONTACTO.label
    EN_ANALISIS = Estado.EN_ANALISIS.value, Estado.EN_ANALISIS.label
    POR_DECIDIR = Estado.POR_DECIDIR.value, Estado.POR_DECIDIR.label
    EN_PROPUESTA = Estado.EN_PROPUESTA.value, Estado.EN_PROPUESTA.label
    EN_RESPUESTA = Estado.EN_RESPUESTA.value, Estado.EN_RESPUESTA.label
    EN_MODIFICACION = Estado.EN_MODIFICACION.value, Estado.EN_MODIFICACION.label
    POR_INFORMAR = Estado.POR_INFORMAR.value, Estado.POR_INFORMAR.label
    VENTAS = "VENTAS", "Ventas"
    CLIENTE = "CLIENTE", "Cliente"
    AREA = "AREA", "Área"
    TOTAL = "TOTAL", "Todo el caso"


class Rol(TextChoices):
    """Commercial (or reading) role of a person; areas come by membership."""

    VEN = "VEN", "Ventas"
    AC = "AC", "Atención a Clientes"
    DG = "DG", "Dirección General"
    CAL = "CAL", "Calidad"
    AUD = "AUD", "Auditoría"


ROLES_COMERCIALES = (Rol.VEN, Rol.AC, Rol.DG)
ROLES_DE_LECTURA = (Rol.CAL, Rol.AUD)


class PideSegundoFactor(TextChoices):
    """Whom the firm may ask for a second factor; a role is called as in ``Rol``."""

    ADMINISTRA = "ADM", "Quien administra el sistema"
    DIRECCION = Rol.DG.value, Rol.DG.label
    GERENCIA = "GER", "Gerencia comercial"
    VENTAS = Rol.VEN.value, Rol.VEN.label
    ATENCION = Rol.AC.value, Rol.AC.label
    AREAS = "AREA", "Quien está en un área"
    CALIDAD = Rol.CAL.value, Rol.CAL.label
    AUDITORIA = Rol.AUD.value, Rol.AUD.label


class SiNo(TextChoices):
    SI = "SI", "Sí"
    NO = "NO", "No"


class QueAjusta(TextChoices):
    """What an area adjusts in 7.7: its part in the rules of an acceptance and of its answer."""

    CONTRATO = "CONTRATO", "El contrato: siempre se le notifica"
    NOMINA = "NOMINA", "La nómina: dice el primer periodo"
    SERVICIO = "SERVICIO", "El servicio"
    OTRO = "", "Otra cosa"


class Moneda(TextChoices):
    MXN = "MXN", "MXN"
    USD = "USD", "USD"


class ComoSeAvisa(TextChoices):
    """§7.7: "vía mail o de manera verbal"."""

    CORREO = "CORREO", "Por correo"
    VERBAL = "VERBAL", "Ya le avisé de palabra"


class PodriaCambiar(TextChoices):
    SI = "SI", "Sí"
    NO = "NO", "No"
    NO_SE = "NO_SE", "No se sabe"


class QueSeOfrece(TextChoices):
    """What is decided of each row the client asks about (§7.4)."""

    COMO_LO_PIDE = "PIDE", "Como lo pide"
    OTRO = "OTRO", "Otro valor"
    SIGUE_IGUAL = "IGUAL", "Sigue igual"


class Turno(TextChoices):
    """Who has the ball: *Pendiente de*."""

    GER = "GER", "Gerencia comercial"
    RC = "RC", "Responsable"
    AC = "AC", "Atención a Clientes"
    DG = "DG", "Dirección General"
    AREAS = "AREAS", "Áreas"
    CLIENTE = "CLIENTE", "Cliente"
    NADIE = "", "Nadie"


class Medio(TextChoices):
    TELEFONO = "TELEFONO", "Teléfono"
    VISITA = "VISITA", "Visita"
    VIDEOLLAMADA = "VIDEOLLAMADA", "Videollamada"
    WHATSAPP = "WHATSAPP", "WhatsApp"
    CORREO = "CORREO", "Correo"


MEDIOS_ESCRITOS = (Medio.CORREO, Medio.WHATSAPP)


class Canal(TextChoices):
    """How the request of §7.1 arrived."""

    TELEFONO = "TELEFONO", "Teléfono"
    CORREO = "CORREO", "Correo"
    VISITA = "VISITA", "Visita"
    WHATSAPP = "WHATSAPP", "WhatsApp"
    ATENCION = "ATENCION", "Por Atención a Clientes"
    OTRO = "OTRO", "Otro"


class Direccion(TextChoices):
    SALIENTE = "SALIENTE", "Nosotros al cliente"
    ENTRANTE = "ENTRANTE", "El cliente a nosotros"


class ComoSePresento(TextChoices):
    """§7.5: "ya sea por teléfono o en cita agendada, … o como sea acordado"."""

    TELEFONO = "TELEFONO", "Por teléfono"
    CITA = "CITA", "En una cita"
    VIDEOLLAMADA = "VIDEOLLAMADA", "Por videollamada"
    WHATSAPP = "WHATSAPP", "Por WhatsApp"
    CORREO = "CORREO", "Por correo"


class EstadoOpinion(TextChoices):
    PENDIENTE = "PENDIENTE", "Pendiente"
    DEVUELTA = "DEVUELTA", "Pidió más datos"
    DADA = "DADA", "Dada"
    DISPENSADA = "DISPENSADA", "Se continuó sin ella"
    RETIRADA = "RETIRADA", "Consulta retirada"
    CANCELADA = "CANCELADA", "Cancelada"


class Sentido(TextChoices):
    A_FAVOR = "A_FAVOR", "A favor"
    CONDICIONES = "CONDICIONES", "A favor con condiciones"
    EN_CONTRA = "EN_CONTRA", "En contra"
    NO_APLICA = "NO_APLICA", "No aplica"


class EstadoAjuste(TextChoices):
    PENDIENTE = "PENDIENTE", "Pendiente"
    CONFIRMADO = "CONFIRMADO", "Confirmado"
    NO_PUEDE = "NO_PUEDE", "No se puede"
    NO_APLICA = "NO_APLICA", "No aplica"
    DESHECHO = "DESHECHO", "Deshecho"
    ACEPTADO = "ACEPTADO", "Se acepta como está"
    CANCELADO = "CANCELADO", "Cancelado"


# What an area may answer of what it was asked to adjust (§7.7).
RESPUESTAS_DE_AJUSTE = [
    (str(e.value), str(e.label))
    for e in (EstadoAjuste.CONFIRMADO, EstadoAjuste.NO_PUEDE, EstadoAjuste.NO_APLICA)
]


class EstadoPropuesta(TextChoices):
    PRESENTADA = "PRESENTADA", "Presentada"
    SUPERADA = "SUPERADA", "Sustituida"
    ACEPTADA = "ACEPTADA", "Aceptada"
    RECHAZADA = "RECHAZADA", "No aceptada"


class EstadoCita(TextChoices):
    PROGRAMADA = "PROGRAMADA", "Programada"
    CELEBRADA = "CELEBRADA", "Celebrada"
    CANCELADA = "CANCELADA", "Cancelada"
    AUSENTE = "AUSENTE", "No se presentó"


class TipoConstancia(TextChoices):
    ASIGNACION = "ASIGNACION", "Asignación verbal"
    OPINION = "OPINION", "Opinión verbal"
    AJUSTE = "AJUSTE", "Aviso verbal"
    CONSENTIMIENTO = "CONSIENTE", "Consentimiento verbal"
    RESPUESTA = "RESPUESTA", "Respuesta verbal"


class EstadoConstancia(TextChoices):
    SIN_CONFIRMAR = "SIN_CONFIRMAR", "Sin confirmar"
    CONFIRMADA = "CONFIRMADA", "Confirmada"
    CORREGIDA = "CORREGIDA", "Corregida"
    ACEPTADA = "ACEPTADA", "Aceptada por gerencia"


class ContratoTrasNo(TextChoices):
    """What becomes of the contract after a "no" (§7.6, §7.8)."""

    SIGUE = "SIGUE", "Sigue igual"
    EN_RIESGO = "EN_RIESGO", "Está en riesgo"
    TERMINA = "TERMINA", "Termina"


class Catalogo(TextChoices):
    NUESTRO = "NUESTRO", "Motivos nuestros"
    CLIENTE = "CLIENTE", "Motivos del cliente"


class Unidad(TextChoices):
    TEXTO = "TEXTO", "texto"
    ENTERO = "ENTERO", "número"
    DINERO = "DINERO", "importe"
    PORCENTAJE = "PORCENTAJE", "porcentaje"
    FECHA = "FECHA", "fecha"


NUMERICAS = (Unidad.ENTERO, Unidad.DINERO, Unidad.PORCENTAJE)


class Limite(TextChoices):
    """How the alternative declared viable bounds a later counter-offer (§7.6)."""

    MAXIMO = "MAXIMO", "Es un tope: no se puede pasar de ahí"
    MINIMO = "MINIMO", "Es un piso: no se puede bajar de ahí"
    EXACTO = "EXACTO", "Cualquier cambio se vuelve a analizar"


class Movimiento(TextChoices):
    """How a type of requirement moves a condition in force."""

    SUBE = "SUBE", "La aumenta"
    BAJA = "BAJA", "La disminuye"
    CAMBIA = "CAMBIA", "La cambia, a más o a menos"


class EstadoAviso(TextChoices):
    PENDIENTE = "PENDIENTE", "Por enviar"
    ENVIANDO = "ENVIANDO", "Enviando"
    ENVIADO = "ENVIADO", "Enviado"
    FALLIDO = "FALLIDO", "No se pudo enviar"
    # Of what only informs, and nobody has to act on: the morning's letter carries it.
    RESUMEN = "RESUMEN", "Espera el resumen"
    RESUMIDO = "RESUMIDO", "En el resumen"
    LEIDO = "LEIDO", "Leído antes"
    OMITIDO = "OMITIDO", "Sin correo"
    RETIRADO = "RETIRADO", "Ya no salió"  # an invitation whose appointment changed before


class GrupoDeCartas(TextChoices):
    """What only informs, by what it is about: each person says how they want each group."""

    RESPUESTAS = "respuestas", "Lo que contestan las áreas"
    DECISIONES = "decisiones", "Decisiones y cierres"
    NOVEDADES = "novedades", "Lo que otros hacen en los casos que llevas o sigues"


class Entrega(TextChoices):
    AL_MOMENTO = "AL_MOMENTO", "Cada uno al momento"
    RESUMEN = "RESUMEN", "En el resumen de la mañana"
    NO = "NO", "Sin correo"


class MotivoAnulacion(TextChoices):
    ERROR = "ERROR", "Se registró por error"
    DUPLICADO = "DUPLICADO", "Es duplicado de otro caso"
    OTRO_TRAMITE = "OTRO_TRAMITE", "No es una renegociación"


class OrigenInhabil(TextChoices):
    LFT = "LFT", "Descanso obligatorio (LFT)"
    EMPRESA = "EMPRESA", "De la empresa"
    ELECTORAL = "ELECTORAL", "Jornada electoral"


class TipoImportacion(TextChoices):
    CLIENTES = "clientes", "Clientes"
    CONTRATOS = "contratos", "Contratos"
    CASOS = "casos", "Casos abiertos"


class EstadoImportacion(TextChoices):
    RECIBIDA = "RECIBIDA", "Por leer"
    LEYENDO = "LEYENDO", "Leyendo"
    LISTA = "LISTA", "Por confirmar"
    GUARDANDO = "GUARDANDO", "Guardando"
    TERMINADA = "TERMINADA", "Terminada"
    FALLIDA = "FALLIDA", "No se pudo"
    CANCELADA = "CANCELADA", "Cancelada"


EN_MARCHA = (EstadoImportacion.RECIBIDA, EstadoImportacion.LEYENDO, EstadoImportacion.GUARDANDO)


class Que(IntegerChoices):
    """What becomes of a row of a workbook, in the order in which it is told."""

    RECHAZADO = 0, "Rechazado"
    DEJADO = 1, "Cambió mientras tanto"
    CAMBIA = 2, "Cambia"
    NUEVO = 3, "Nuevo"
    IGUAL = 4, "Sin cambios"


class Hecho(TextChoices):  # what the record of security tells, in the order of its filter; closed
    ENTRADA = "ENTRADA", "Entró"
    ENTRADA_FALLIDA = "ENTRADA_FALLIDA", "Falló al entrar"
    CONFIRMACION_FALLIDA = "CONFIRMACION_FALLIDA", "Falló al confirmar quién es"
    BLOQUEO = "BLOQUEO", "Se bloqueó por intentos fallidos"
    DISPOSITIVO = "DISPOSITIVO", "Entró desde un dispositivo nuevo"
    SALIDA = "SALIDA", "Salió"
    SESIONES = "SESIONES", "Se cerraron sesiones"
    CONTRASENA = "CONTRASENA", "Cambió la contraseña"
    RECUPERACION = "RECUPERACION", "Se pidió recuperar la contraseña"
    CORREO = "CORREO", "Cambió el correo"
    SEGUNDO_FACTOR = "SEGUNDO_FACTOR", "Se activó el segundo factor"
    SIN_SEGUNDO_FACTOR = "SIN_SEGUNDO_FACTOR", "Se quitó el segundo factor"
    CODIGOS = "CODIGOS", "Códigos de recuperación nuevos"
    CODIGO_USADO = "CODIGO_USADO", "Se usó un código de recuperación"
    POSPUSO = "POSPUSO", "Pospuso el segundo factor"
    ALTA = "ALTA", "Se creó la cuenta"
    INVITACION = "INVITACION", "Se invitó"
    DATOS = "DATOS", "Cambiaron los datos de la cuenta"
    ROL = "ROL", "Cambió el rol"
    GERENCIA = "GERENCIA", "Cambió la gerencia comercial"
    ADMINISTRACION = "ADMINISTRACION", "Cambió quién administra el sistema"
    ACTIVIDAD = "ACTIVIDAD", "Se activó o desactivó la cuenta"
    MEMBRESIA = "MEMBRESIA", "Cambió quién está en un área"
    SUPLENCIA = "SUPLENCIA", "Cambió una suplencia"
    CALENDARIO = "CALENDARIO", "Cambió su enlace de calendario"
    AREA = "AREA", "Cambió un área"
    CORREO_DE_AREA = "CORREO_DE_AREA", "Cambió el correo de un área"
    CONFIGURACION = "CONFIGURACION", "Cambió la configuración"
    CATALOGO = "CATALOGO", "Cambió un catálogo"
    NEGADO = "NEGADO", "Se le negó algo"
    NO_EXISTE = "NO_EXISTE", "Pidió lo que no puede ver o no existe"
    EXPORTACION = "EXPORTACION", "Exportó datos"
    DESCARGA = "DESCARGA", "Bajó un archivo"
    IMPORTACION = "IMPORTACION", "Importó datos"
    SUPRESION = "SUPRESION", "Se suprimieron datos personales"
    PRIVACIDAD = "PRIVACIDAD", "Se hizo algo con datos personales"
    REENVIO = "REENVIO", "Reenvió correos"
    CERTIFICADO = "CERTIFICADO", "Se certificó un sello"
