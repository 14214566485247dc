"""What a contract remembers: what was asked of it before, what came of it, why, and how long it took. Reads only.

One line a case, of those the reader may see; of the sheet, the rows they read; of what the client said afterwards,
the last figure they gave, never their words.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils import timezone

from casos import calendario
from casos.catalogos import Estado, Resultado
from casos.expediente.tiempo import decimos_de_su_cierre
from casos.formularios.valores import mostrar_valor
from casos.models import Caso, Condicion, Contrato, Satisfaccion, Usuario
from casos.models.despues import CALIFICACION_MAXIMA
from casos.permisos import lectura

from .de_quien_fue import en_dias

A_LA_VISTA = 5
NEGATIVAS = {
    Resultado.NO_VIABLE: "no fue viable",
    Resultado.NO_AJUSTABLE: "no se pudo ajustar",
    Resultado.NO_INTERESADO: "el cliente no aceptó lo que se le ofreció",
}


class Recuerdo(NamedTuple):
    """An earlier case of the contract, in a line."""

    caso: Caso
    pidio: str
    motivo: str
    tardo: str  # "4 días hábiles"; of an open case, nothing
    califico: str  # "8 de 10"; "" where the client gave no figure


class Memoria(NamedTuple):
    contrato: Contrato
    recuerdos: list[Recuerdo]
    cuantos: int  # there are


class Negado(NamedTuple):
    """The same was asked less than a year ago and it was no."""

    caso: Caso
    como: str
    motivo: str

    def __str__(self) -> str:
        cuando = timezone.localtime(self.caso.recibido_en)
        porque = f": {self.motivo}" if self.motivo else ""
        return f"Se pidió lo mismo el {cuando:%d/%m/%Y} y {self.como}{porque}."


def tardo(caso: Caso) -> str:
    """Of one read with ``decimos_de_su_cierre``."""
    decimos = caso.decimos  # type: ignore[attr-defined]
    return "" if decimos is None or caso.estado != Estado.CERRADO else en_dias(decimos)


def memoria(contrato: Contrato, usuario: Usuario, excepto: int | None = None) -> Memoria:
    """The newest cases of a contract: three statements, however many they are."""
    casos = Caso.objects.visibles_para(usuario).filter(contrato=contrato)
    casos = casos.exclude(pk=excepto).exclude(estado=Estado.ANULADO).order_by("-pk")
    filas = Condicion.objects.exclude(solicitado="").select_related("concepto")
    if not lectura.lee_clientes(usuario):
        filas = filas.filter(concepto__areas__in=usuario.areas_ids).distinct()
    dadas = Satisfaccion.objects.filter(caso=OuterRef("pk"), calificacion__isnull=False)
    ultima = Subquery(dadas.order_by("-pk").values("calificacion")[:1])
    ultimos = (
        casos.select_related("motivo_principal")
        .annotate(decimos=decimos_de_su_cierre(), calificacion=ultima)
        .prefetch_related(Prefetch("condiciones", queryset=filas, to_attr="pedidas"))
    )
    recuerdos = [_recuerdo(c, contrato) for c in ultimos[:A_LA_VISTA]]
    mas = len(recuerdos) == A_LA_VISTA
    return Memoria(contrato, recuerdos, casos.count() if mas else len(recuerdos))


def _recuerdo(caso: Caso, contrato: Contrato) -> Recuerdo:
    pedidas: list[Condicion] = caso.pedidas  # type: ignore[attr-defined]
    dichas = "; ".join(_renglon(f, contrato.moneda) for f in pedidas)
    motivo = str(caso.motivo_principal or "")
    dada = caso.calificacion  # type: ignore[attr-defined]
    califico = "" if dada is None else f"{dada} de {CALIFICACION_MAXIMA}"
    return Recuerdo(caso, dichas or caso.solicitud, motivo, tardo(caso), califico)


def _renglon(f: Condicion, moneda: str) -> str:
    """ "Tarifa: pidió $13,000; se ofreció $14,500; se acordó $14,500"."""
    partes = [f"{f.concepto}: pidió {mostrar_valor(f.concepto, f.solicitado, moneda)}"]
    if f.propuesto and f.propuesto != f.acordado:
        partes.append(f"se ofreció {mostrar_valor(f.concepto, f.propuesto, moneda)}")
    if f.acordado:
        partes.append(f"se acordó {mostrar_valor(f.concepto, f.acordado, moneda)}")
    return ", ".join(partes)


def lo_mismo_negado(
    contrato: Contrato,
    usuario: Usuario,
    tipos: Iterable[int],
    conceptos: Iterable[int],
    excepto: int | None = None,
) -> Negado | None:
    """The last case of the contract where one of these types or concepts was asked and it was no.

    Closed less than twelve months ago, and one that the reader may see. It warns, never blocks.
    """
    pidieron = Condicion.objects.exclude(solicitado="").filter(concepto__in=list(conceptos))
    con_tipo = Caso.tipos.through.objects.filter(tiporequerimiento__in=list(tipos))
    casos: QuerySet[Caso] = (
        Caso.objects.visibles_para(usuario)
        .filter(
            Q(pk__in=pidieron.values("caso")) | Q(pk__in=con_tipo.values("caso")),
            contrato=contrato,
            estado=Estado.CERRADO,
            resultado__in=NEGATIVAS,
            cerrado_en__gte=_hace_un_ano(),
        )
        .exclude(pk=excepto)
        .select_related("motivo_principal")
    )
    caso = casos.order_by("-cerrado_en", "-pk").first()
    if caso is None:
        return None
    return Negado(caso, NEGATIVAS[Resultado(caso.resultado)], str(caso.motivo_principal or ""))


def lo_pedido_negado(caso: Caso, usuario: Usuario) -> Negado | None:
    """The same, of what a registered case asks."""
    if caso.contrato is None:
        return None
    tipos = caso.tipos.values_list("pk", flat=True)
    conceptos = caso.condiciones.exclude(solicitado="").values_list("concepto", flat=True)
    return lo_mismo_negado(caso.contrato, usuario, tipos, conceptos, caso.pk)


def _hace_un_ano() -> datetime:
    hoy = calendario.hoy()
    dia = date(hoy.year - 1, hoy.month, 28 if (hoy.month, hoy.day) == (2, 29) else hoy.day)
    return calendario.medianoche(dia)
