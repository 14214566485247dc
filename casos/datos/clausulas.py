"""The clauses that an audit of this process begins with: what is looked for in our own words, and what answers it.

The firm changes them in the panel; a catalogue that has rows is left alone.
"""

from casos.models import ClausulaISO
from casos.vocabulario_de_auditoria import Evidencia as E

CLAUSULAS = [
    (
        "7.5.3",
        "Control de la información documentada",
        "Que la historia del caso está completa y sin alterar, que un sello la cubre y que los archivos son los "
        "que se subieron.",
        (E.BITACORA, E.SELLO, E.ARCHIVOS),
    ),
    (
        "8.2.1",
        "Comunicación con el cliente",
        "Que se habló con el cliente sobre lo que pidió, que consta cuándo y por qué medio, y que supo en qué quedó.",
        (E.CONTACTOS, E.CARTAS, E.INFORME),
    ),
    (
        "8.2.2",
        "Determinación de los requisitos",
        "Que consta qué pidió el cliente y cuándo, y qué condiciones del contrato cambian con ello.",
        (E.SOLICITUD, E.CAMBIOS),
    ),
    (
        "8.2.3",
        "Revisión de los requisitos",
        "Que antes de comprometerse con el cliente opinaron las áreas, se decidió si era viable y se le presentó "
        "solo lo que se decidió.",
        (E.OPINIONES, E.DECISION, E.PROPUESTAS),
    ),
    (
        "8.2.4",
        "Cambios en los requisitos",
        "Que lo acordado llegó al contrato y a cada área que debía ajustar algo, y que se ve qué había antes.",
        (E.CAMBIOS, E.CONTRATO, E.AJUSTES),
    ),
    (
        "9.1.2",
        "Satisfacción del cliente",
        "Que al cliente se le preguntó cómo le fue con el cambio y qué se hizo con lo que respondió.",
        (E.SATISFACCION,),
    ),
    (
        "10.2",
        "No conformidad y acción correctiva",
        "Que lo que salió mal se vio, se corrigió y se siguió hasta comprobar que no se repite.",
        (E.REGLAS, E.CORRECCIONES, E.HALLAZGOS),
    ),
]


def sembrar_clausulas(using: str) -> None:
    """Idempotent."""
    if ClausulaISO.objects.using(using).exists():
        return
    ClausulaISO.objects.using(using).bulk_create(
        ClausulaISO(
            numero=n, titulo=t, que_se_busca=q, evidencias=[e.value for e in suyas], orden=i
        )
        for i, (n, t, q, suyas) in enumerate(CLAUSULAS, 1)
    )
