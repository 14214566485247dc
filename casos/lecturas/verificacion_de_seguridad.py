"""Recompute the chain of the record of security, and one digest over all heads. Reads only."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

from casos.catalogos import Hecho
from casos.models import CabezaDeSeguridad, Evento, HechoDeSeguridad
from casos.models.bitacora import CERO
from casos.models.seguridad import VERSION, digerir_partes
from casos.seguridad.anotar import DE_AQUI

from .sin_que_cambie import sin_que_cambie

TANDA = 1000


def revisar_registro() -> str:
    """What is wrong with the record, naming the first broken row; empty where it is whole.

    Facts may come in meanwhile: what stands is compared with the head as it was when this began, and
    the end of the table with a head that nobody moves.
    """
    cabeza = CabezaDeSeguridad.objects.filter(pk=1).first() or CabezaDeSeguridad(pk=1)
    previo, visto, suprimidas, nombrados = CERO, 0, _suprimidas(), _nombrados()
    for fila in _filas(cabeza.numero):
        visto += 1
        esta = f"el hecho {fila.numero} ({fila.hecho}, fila {fila.pk})"
        if fila.numero != visto:
            return f"falta el hecho {visto}; sigue {esta}."
        if fila.version != VERSION or fila.calcular_huella() != fila.huella:
            return f"{esta} fue alterado."
        if fila.previo != previo:
            return f"{esta} no continúa la cadena."
        if fila.suprimido_en is None:
            if fila.calcular_sello() != fila.sello:
                return f"{esta}: lo que va aparte fue alterado."
        elif fila.direccion or fila.dispositivo or fila.aparte or fila.sal:
            return f"{esta}: lo que iba aparte se suprimió y algo hay en su lugar."
        elif fila.numero not in nombrados and fila.numero > max(
            suprimidas[fila.persona_id], suprimidas[fila.autor_id]
        ):
            return f"{esta}: lo que iba aparte se borró sin que nadie lo suprimiera."
        previo = fila.huella
    if visto != cabeza.numero:
        return f"la cabeza dice {cabeza.numero} hechos y hay {visto}."
    if previo != cabeza.huella:
        return "la huella del último hecho no es la que guarda la cabeza."
    return _de_mas()


def _suprimidas() -> dict[int | None, int]:
    """Person → the last fact that tells that what is kept of them here was suppressed."""
    hechos = HechoDeSeguridad.objects.filter(hecho=Hecho.SUPRESION, datos__que=DE_AQUI)
    ultimos = hechos.exclude(persona=None).order_by("numero").values_list("persona", "numero")
    return defaultdict(int, ultimos)


def _nombrados() -> set[int]:
    """Facts that told something of a contact person whose data were suppressed later, by number."""
    hechos = HechoDeSeguridad.objects.filter(hecho=Hecho.SUPRESION, datos__has_key="hechos")
    return {n for numeros in hechos.values_list("datos__hechos", flat=True) for n in numeros}


def _filas(hasta: int) -> Iterator[HechoDeSeguridad]:
    desde = -1
    while tanda := list(
        HechoDeSeguridad.objects.filter(numero__gt=desde, numero__lte=hasta).order_by("numero")[
            :TANDA
        ]
    ):
        yield from tanda
        desde = tanda[-1].numero


def _de_mas() -> str:
    with sin_que_cambie(CabezaDeSeguridad, 1):
        cabeza = CabezaDeSeguridad.objects.filter(pk=1).first()
        hasta = cabeza.numero if cabeza else 0
        sobra = HechoDeSeguridad.objects.filter(numero__gt=hasta).order_by("numero").first()
    return f"sobra el hecho {sobra.numero} (fila {sobra.pk})." if sobra else ""


def huella_de_las_cabezas(al: datetime) -> str:
    """One digest over the last event of every case, and the last fact, that were there at ``al``."""
    cabezas: dict[int, tuple[int, str]] = {}
    eventos = Evento.objects.filter(en__lte=al).order_by("caso_id", "numero")
    for caso, numero, huella in eventos.values_list("caso_id", "numero", "huella").iterator(TANDA):
        cabezas[caso] = (numero, huella)
    hechos = HechoDeSeguridad.objects.filter(en__lte=al).order_by("-numero")
    ultimo = hechos.values_list("numero", "huella").first() or (0, CERO)
    return digerir_partes("cabezas", [[caso, *c] for caso, c in cabezas.items()], list(ultimo))
