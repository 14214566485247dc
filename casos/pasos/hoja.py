"""The sheet of conditions: columns written by several steps, and its own two acts (rule 6)."""

from __future__ import annotations

from typing import Any

from casos import calendario
from casos.actos import ACTUALIZAR_VIGENTE, EDITAR_HOJA
from casos.catalogos import Estado
from casos.expediente.carga import sin_copiar
from casos.formularios.base import Datos, FormularioPaso
from casos.formularios.partes import ConHojaDePaso
from casos.models import Concepto, Condicion, ValorContrato

from .en_curso import ActoEnCurso
from .tabla import paso


class EditarHojaForm(ConHojaDePaso):
    """*Solicitado* until ``analizar``; *Propuesto* in 7.4 and 7.5."""

    hoja_requerida = True

    def preparar(self) -> None:
        if self.caso.estado in (Estado.POR_DECIDIR, Estado.EN_PROPUESTA):
            self.columna = "propuesto"
            self.titulo_hoja = "Condiciones que se proponen"
        super().preparar()

    def clean(self) -> Datos:
        datos = super().clean()
        if self.caso.estado == Estado.EN_PROPUESTA:
            self.rechazar_exceso(menos_lo_que_ya_dice=True)
        return datos


class SinDatosForm(FormularioPaso):
    """Acts that need nothing typed: a press is enough."""


def escribir_columna(
    en_curso: ActoEnCurso[Any, Any], columna: str, valores: dict[Concepto, str]
) -> bool:
    """Put ``valores`` in one column; every edit keeps old and new. Says whether any changed."""
    filas = {f.concepto_id: f for f in en_curso.hechos.condiciones}
    cambio = False
    for concepto, valor in valores.items():
        fila = filas.get(concepto.pk)
        if fila is None:
            if not valor:
                continue
            fila = Condicion(caso=en_curso.caso, concepto=concepto)
            en_curso.hechos.sumar(fila)
        viejo = getattr(fila, columna)
        if viejo != valor:
            setattr(fila, columna, valor)
            if columna == "solicitado" and (not en_curso.caso.vuelta or not fila.pedido_primero):
                # Until it is first analysed the request is only being written down; then it stays.
                fila.pedido_primero = valor
            en_curso.cambios[f"{columna}:{concepto.clave}"] = [viejo, valor]
            cambio = True
    return cambio


def guardar_hoja(en_curso: ActoEnCurso[Any, Any]) -> None:
    """Write the rows of the sheet as they stand in memory, in one statement.

    Until *Vigente* is copied, those that only tell what the contract has today are not the case's.
    """
    copiada = en_curso.caso.version_contrato is not None
    filas = [f for f in en_curso.hechos.condiciones if copiada or f.pk or f.solicitado]
    if filas:
        Condicion.objects.bulk_create(
            filas,
            update_conflicts=True,
            unique_fields=["caso", "concepto"],
            update_fields=[
                "vigente",
                "solicitado",
                "pedido_primero",
                "propuesto",
                "viable",
                "acordado",
            ],  # fmt: skip
        )


def copiar_vigente(en_curso: ActoEnCurso[Any, Any]) -> None:
    """Column *Vigente* from what is in force today, with the contract's version."""
    caso = en_curso.caso
    assert caso.contrato is not None  # nothing is analysed without one
    if sin_copiar(caso):
        for fila in en_curso.hechos.condiciones:
            fila.vigente = ""  # it was read from the contract; the log says that it is copied now
    caso.version_contrato = caso.contrato.version
    valores = {f.concepto: "" for f in en_curso.hechos.condiciones}
    en_vigor = ValorContrato.objects.en_vigor(caso.contrato_id, calendario.hoy())
    for v in en_vigor.select_related("concepto"):
        valores[v.concepto] = v.valor
    escribir_columna(en_curso, "vigente", valores)


def fijar_viable(en_curso: ActoEnCurso[Any, Any]) -> None:
    """What may be offered from now on: the bound of later counter-offers (§7.6)."""
    for fila in en_curso.hechos.condiciones:
        fila.viable = fila.propuesto or fila.vigente


@paso(EDITAR_HOJA, EditarHojaForm)
def editar_hoja(en_curso: ActoEnCurso[EditarHojaForm, None]) -> None:
    en_curso.cambio_hoja = escribir_columna(en_curso, en_curso.form.columna, en_curso.form.hoja)
    guardar_hoja(en_curso)


@paso(ACTUALIZAR_VIGENTE, SinDatosForm)
def actualizar_vigente(en_curso: ActoEnCurso[SinDatosForm, None]) -> None:
    """Another case changed the contract since: refresh the column."""
    copiar_vigente(en_curso)
    guardar_hoja(en_curso)
    en_curso.cambio_hoja = True
