"""What of a case's log is not for everybody: other areas' grounds, and the files given with them.

Reads only; the rule itself is ``permisos.ve_fundamentos``.
"""

from django.urls import reverse

from casos import permisos
from casos.lecturas.rotulos import CON_FUNDAMENTO
from casos.models import Evento


def fila_de(evento, caso):
    """The opinion, adjustment or *constancia* that an event was done on."""
    modelo, _, pk = str(evento.datos.get("sobre", "")).partition(":")
    listas = {"opinion": "opiniones", "ajuste": "ajustes", "constancia": "constancias"}
    filas = getattr(caso.hechos, listas[modelo]) if modelo in listas else ()
    return next((f for f in filas if str(f.pk) == pk), None)


def area_de(evento, caso) -> str:
    fila = fila_de(evento, caso)
    fila = getattr(fila, "opinion", None) or getattr(fila, "ajuste", None) or fila
    return str(getattr(fila, "area", "") or "")


def fundamento_reservado(evento, caso, usuario) -> bool:
    """Other areas' grounds: who may not read them learns only the result (D§5)."""
    if evento.accion not in CON_FUNDAMENTO:
        return False
    fila = fila_de(evento, caso)
    opinion = fila if evento.datos["sobre"].startswith("opinion:") else fila and fila.opinion
    if opinion is None:
        # An assignment or an adjustment said verbally; a row that is not there hides its texts.
        return fila is None
    return not permisos.ve_fundamentos(caso, usuario, opinion)


def _archivo(fila: dict) -> dict:
    return {
        "nombre": fila["nombre"],
        "url": reverse("archivo", args=[fila["id"]]),
        "peso": fila["tamano"],
    }


def archivos_de(evento, caso) -> list[dict]:
    filas = getattr(caso, "lista_archivos", [])
    return [_archivo(a) for a in filas if a["evento_id"] == evento.pk]


def archivos(caso, usuario) -> list[dict]:
    """Files of the case that the reader may open, newest first."""
    reservados = _eventos_reservados(caso, usuario)
    return [_archivo(a) for a in caso.lista_archivos if a["evento_id"] not in reservados]


def _eventos_reservados(caso, usuario) -> set:
    """Acts with files whose grounds are not the reader's; no query where all may be read."""
    con_archivo = {a["evento_id"] for a in caso.lista_archivos}
    if not con_archivo or all(
        permisos.ve_fundamentos(caso, usuario, o) for o in caso.hechos.opiniones
    ):
        return set()
    filas = Evento.objects.filter(pk__in=con_archivo, accion__in=CON_FUNDAMENTO)
    return {e.pk for e in filas if fundamento_reservado(e, caso, usuario)}
