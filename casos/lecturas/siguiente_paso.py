"""Whose move it is on the case page, and which step it is. Reads only; rights are ``permisos``'."""

from dataclasses import dataclass, field

from casos import permisos
from casos.catalogos import Estado, EstadoAjuste, EstadoOpinion, Rol, Turno


def accion_natural(caso) -> str:
    """The step of the instruction that moves this case on from where it stands."""
    h = caso.hechos
    if caso.estado == Estado.EN_MODIFICACION:
        respondidos = h.ajustes_resueltos and h.hay_confirmado and h.juridico_contesto
        listo = respondidos and not h.deshaciendo
        if not listo and h.hay_no_puede and not h.confirmados_en_pie:
            return "declarar_no_ajustable"
        if not listo and not h.pendientes_de_ajuste:
            # All answered, and so it cannot be closed: one more adjustment, or one undone.
            return "agregar_ajuste"
        return "cerrar_modificado" if listo else "confirmar_ajuste"
    return {
        Estado.RECIBIDO: "contactar" if caso.responsable_id else "asignar",
        Estado.EN_CONTACTO: "analizar" if h.hay_contacto_efectivo else "registrar_contacto",
        Estado.EN_ANALISIS: "opinar",
        Estado.POR_DECIDIR: "declarar_viable",
        Estado.EN_PROPUESTA: "presentar",
        Estado.EN_RESPUESTA: "aceptar",
        Estado.POR_INFORMAR: "informar",
    }.get(caso.estado, "")


# The other honest ways out of a step, shown beside the first.
JUNTO_A = {
    "opinar": ("pedir_datos",),
    "declarar_viable": ("declarar_no_viable", "pedir_mas_analisis"),
    "aceptar": ("rechazar", "contraofertar"),
    "agregar_ajuste": ("pedir_deshacer",),
    "confirmar_ajuste": ("indicar_no_puede", "indicar_no_aplica"),
    "confirmar_deshecho": ("indicar_no_se_deshace",),
    "confirmar_constancia": ("corregir_constancia",),
}
# Steps that are a question with several answers, each on its own page, instead of one open form.
ELECCIONES = {
    "aceptar": (
        "¿Le interesa al cliente?",
        "Pregúntale si le interesa lo que presentaste y registra su respuesta.",
    ),
    "agregar_ajuste": (
        "Revisar los ajustes",
        "Ya contestaron todas las áreas, pero así no se puede cerrar: agrega otro ajuste o pide "
        "que se deshaga lo confirmado. Lo que no se puede deshacer lo acepta gerencia o dirección.",
    ),
}
# Answering what a colleague asked comes before anything the case itself could wait for.
ANTES = {
    Estado.EN_ANALISIS: ("responder_datos",),
    Estado.EN_MODIFICACION: ("confirmar_deshecho",),
}


@dataclass
class Siguiente:
    """The move that is this person's: the option, those beside it, and its form."""

    opcion: object
    junto: list = field(default_factory=list)
    formulario: object = None
    presentacion: object = None

    @property
    def es_eleccion(self) -> bool:
        """§7.6 asks a question: clear answers instead of one open form."""
        return self.opcion.accion in ELECCIONES

    @property
    def pregunta(self) -> str:
        return ELECCIONES[self.opcion.accion][0]

    @property
    def explica(self) -> str:
        return ELECCIONES[self.opcion.accion][1]


def es_mi_jugada(caso, usuario, opcion) -> bool:
    """Whether the ball is with this person, and not only at hand in another's place."""
    if opcion.accion == "asignar":
        # To take the case oneself is at hand while it is new; later gerencia gives it, and DG only
        # where no gerente is active.
        gerente = any(c.es_gerente for c in usuario.cargos) or not caso.hechos.hay_gerente
        return caso.estado == Estado.RECIBIDO or (
            gerente and permisos.gerencia(caso, usuario) is not None
        )
    if opcion.accion == "informar" and caso.por_atencion:
        # A responsible who is of Atención a Clientes waits for nobody else.
        return any(c.rol == Rol.AC for c in usuario.cargos)
    if opcion.accion in permisos.DE_RC:
        return permisos.rc(caso, usuario) is not None
    if caso.turno == Turno.AREAS or permisos.SOBRE.get(opcion.accion):
        return True
    if caso.turno == Turno.DG:
        return permisos.direccion(caso, usuario) is not None
    return permisos.rc(caso, usuario) is not None


def siguiente(caso, usuario, opciones) -> Siguiente | None:
    """The next step of the person who looks, or ``None`` when it is not their move."""
    primero = () if caso.responsable_id else ("asignar",)
    for accion in (*primero, *ANTES.get(caso.estado, ()), accion_natural(caso)):
        mias = [o for o in opciones if o.accion == accion and not _ya_contestada(o)]
        if mias and es_mi_jugada(caso, usuario, mias[0]):
            opcion = mias[0]
            junto = [
                o
                for nombre in JUNTO_A.get(accion, ())
                for o in opciones
                if o.accion == nombre and (o.objeto is opcion.objeto or opcion.objeto is None)
            ]
            return Siguiente(opcion, junto)
    return None


def _ya_contestada(opcion) -> bool:
    """A manager may correct an answer given: possible, but nobody waits for it."""
    return (
        opcion.objeto is not None
        and opcion.objeto.estado
        in (
            EstadoOpinion.DADA,
            EstadoAjuste.CONFIRMADO,
            EstadoAjuste.NO_PUEDE,
            EstadoAjuste.NO_APLICA,
        )
        and opcion.accion in ("opinar", "confirmar_ajuste")
    )
