"""Layer 4: the table action → (form, function, title), in the order of the instruction."""

from casos import flujo
from casos.pasos.puerta import REGISTRO, Paso

PASOS: dict[str, Paso] = {a: REGISTRO[a] for a in flujo.ETIQUETAS if a in REGISTRO}
