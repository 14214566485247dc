"""What would make our "no" a yes: written down with it, ceased, or put aside (§7.4, §7.7)."""

from __future__ import annotations

from typing import Any

from casos import calendario
from casos.actos import DESCARTAR_POSIBILIDAD, MOTIVO_CESO
from casos.clientes.posibilidades import cuando_se_cumple, hojas_desde_hoy
from casos.models import Posibilidad

from .en_curso import ActoEnCurso
from .notas import MotivoForm
from .tabla import paso

Clase = Posibilidad.Clase


def poner_posibilidades(en_curso: ActoEnCurso[Any, None]) -> None:
    """What this "no" says takes the place of what an earlier one said."""
    caso, d, form = en_curso.caso, en_curso.datos, en_curso.form
    caso.posibilidades.filter(atendida_en=None).update(
        atendida_en=en_curso.ahora, atendida_por=en_curso.usuario
    )
    comun = {"caso": caso, "escrita_en": en_curso.ahora}
    nuevas = []
    if d.get("viable_fecha"):
        nuevas.append(Posibilidad(clase=Clase.FECHA, desde=d["viable_fecha"], **comun))
    if form.cota_viable is not None:
        concepto, comparacion, valor = form.cota_viable
        nueva = Posibilidad(
            clase=Clase.COTA, concepto=concepto, comparacion=comparacion, valor=valor, **comun
        )
        assert caso.contrato is not None  # nothing is analysed without one
        nueva.desde = cuando_se_cumple(nueva, hojas_desde_hoy(caso.contrato))
        nuevas.append(nueva)
    if d.get("viable_motivo"):
        nuevas += [Posibilidad(clase=Clase.MOTIVO, motivo=m, **comun) for m in d["motivos"]]
    Posibilidad.objects.bulk_create(nuevas)
    if nuevas:
        dichas = [p.dicha(caso.moneda) for p in nuevas]
        en_curso.textos_extra["viable_valor"] = ("Ya sería viable", "; ".join(dichas))


@paso(MOTIVO_CESO, MotivoForm)
def motivo_ceso(en_curso: ActoEnCurso[MotivoForm, None]) -> None:
    """Of this case: what the catalogue says of all of them is said there."""
    for p in en_curso.hechos.motivos_que_siguen:
        en_curso.cambiar(p, desde=calendario.hoy())


@paso(DESCARTAR_POSIBILIDAD, MotivoForm)
def descartar_posibilidad(en_curso: ActoEnCurso[MotivoForm, None]) -> None:
    """It came about and there is nothing to do with it; what has not come about stays."""
    for p in en_curso.hechos.ya_posibles:
        en_curso.cambiar(p, atendida_en=en_curso.ahora, atendida_por=en_curso.usuario)
