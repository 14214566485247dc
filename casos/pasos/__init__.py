"""Every act: its form, and the function that carries it out, in the order of the instruction.

One module per step; the door (``puerta``) is the only way in. Importing this package fills the table
of acts and fails where one has nobody to carry it out. No ``request``, no pages.
"""

from . import (
    acuerdo,
    ajuste,
    analisis,
    asignacion,
    cierre,
    citas,
    constancias,
    contacto,
    decision,
    despues_de_cerrar,
    hoja,
    notas,
    propuesta,
    registro,
    respuesta,
    tabla,
)

tabla.revisar()

__all__ = [
    "acuerdo",
    "ajuste",
    "analisis",
    "asignacion",
    "cierre",
    "citas",
    "constancias",
    "contacto",
    "decision",
    "despues_de_cerrar",
    "hoja",
    "notas",
    "propuesta",
    "registro",
    "respuesta",
    "tabla",
]
