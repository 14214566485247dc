"""Why an action was refused: everything that is missing, and where it is given."""

from dataclasses import dataclass

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied

from casos import flujo


@dataclass(frozen=True)
class Falta:
    """One thing that is missing, and where it is given (an action, an anchor or a field)."""

    mensaje: str
    campo: str = ""
    enlace: str = ""


class AccionRechazada(Exception):
    """The action was refused; ``faltas`` says everything that is missing."""

    def __init__(self, faltas, form=None, caso=None):
        self.faltas, self.form, self.caso = list(faltas), form, caso
        super().__init__(" ".join(f.mensaje for f in self.faltas))


class PaginaVieja(AccionRechazada):
    """Somebody else moved the case since the page was opened; ``cambios`` are the events."""

    def __init__(self, faltas, form=None, caso=None, cambios=()):
        super().__init__(faltas, form, caso)
        self.cambios = list(cambios)


class SinPermiso(PermissionDenied):
    """The person may not do this on this case."""


def faltas_de_la_maquina(accion: str, caso) -> list[Falta]:
    """Guards of the transition that do not hold now, as sentences."""
    if accion in flujo.ACTOS:
        return []
    transicion = flujo.transiciones()[accion][caso.estado]
    return [Falta(c.falta, enlace=c.enlace) for c in transicion.conditions if not c(caso)]


def faltas_del_formulario(form) -> list[Falta]:
    faltas = []
    for campo, errores in form.errors.items():
        nombre = "" if campo == NON_FIELD_ERRORS else campo
        etiqueta = form.fields[campo].label if nombre and campo in form.fields else ""
        for error in errores:
            mensaje = f"{etiqueta}: {error}" if etiqueta else str(error)
            faltas.append(Falta(mensaje, campo=nombre))
    return faltas
