"""What a document to the client says, piece by piece (§7.5, §7.6): plain data, written as the pages write it.

Only what the client may be told (D§4.7): no reasons of ours, no opinions. What comes in was already chosen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from casos import telefonos
from casos.formularios.valores import en_palabras
from casos.models import Caso, Empresa

from .imprenta import EDICION
from .piezas import Documento, Pieza, un_texto, un_titulo, una_nota, una_tabla, unos_datos

BORRADOR = "BORRADOR"
SIN_TEXTO = "Con gusto le presentamos nuestra propuesta sobre su solicitud."


@dataclass(frozen=True)
class Cambio:
    """A row that two versions say differently, as it is read."""

    que: str
    antes: str
    ahora: str


def dia(valor: date | datetime) -> str:
    """16/03/2026, by Mexico City's clock."""
    if isinstance(valor, datetime):
        valor = timezone.localtime(valor)
    return f"{valor:%d/%m/%Y}"


def lo_que_cambio(
    antes: Sequence[Mapping[str, str]],
    ahora: Sequence[Mapping[str, str]],
    moneda: str,
    vigencias: tuple[date, date] | None = None,
) -> list[Cambio]:
    """What a version offers otherwise than the one before it, row by row; last, its validity."""
    viejas = {f["clave"]: f for f in antes}
    nuevas = {f["clave"]: f for f in ahora}
    cambios = [
        Cambio(f["concepto"], _dicho(viejas.get(clave), f, moneda), _dicho(f, f, moneda))
        for clave, f in nuevas.items()
        if viejas.get(clave, {}).get("propuesto", f["vigente"]) != f["propuesto"]
    ]
    cambios += [
        Cambio(f["concepto"], _dicho(f, f, moneda), _dicho(None, f, moneda))
        for clave, f in viejas.items()
        if clave not in nuevas and f["propuesto"] != f["vigente"]
    ]
    if vigencias and vigencias[0] != vigencias[1]:
        cambios.append(Cambio("Vigente hasta", dia(vigencias[0]), dia(vigencias[1])))
    return cambios


def _dicho(fila: Mapping[str, str] | None, otra: Mapping[str, str], moneda: str) -> str:
    """What a version says of a row; one that it does not have stays as it is in force."""
    if fila is not None:
        return en_palabras(fila["unidad"], fila["propuesto"], moneda)
    return en_palabras(otra["unidad"], otra["vigente"], moneda) or "sin cambio"


def de_propuesta(
    caso: Caso,
    empresa: Empresa,
    *,
    numero: int,
    filas: Sequence[Mapping[str, str]],
    texto: str,
    vigencia: date | None,
    fecha: date | datetime,
    persona: str,
    firma: Sequence[str],
    todo_lo_demas_sigue: bool,
    anterior: int = 0,
    cambios: Iterable[Cambio] = (),
    marca: str = "",
) -> Documento:
    """§7.5: the version as the client is given it. ``todo_lo_demas_sigue``: no other row changes."""
    piezas: list[Pieza] = [
        unos_datos(
            ("Para", str(caso.cliente)),
            ("Atención", persona),
            ("Contrato", _contrato(caso)),
            ("Fecha", dia(fecha)),
            ("Vigente hasta", dia(vigencia) if vigencia else ""),
        ),
        un_texto(texto or SIN_TEXTO),
    ]
    cambia, sigue = _partir(filas, "propuesto")
    if cambia:
        piezas += [un_titulo("Lo que proponemos"), _tabla("Propuesto", cambia, "propuesto", caso)]
    if sigue:
        piezas += [un_titulo("Lo que sigue como está"), _sigue(sigue, "propuesto", caso)]
    if todo_lo_demas_sigue and (cambia or sigue):
        piezas.append(una_nota("Lo demás del contrato sigue igual."))
    dichos = [[c.que, c.antes, c.ahora] for c in cambios]
    if anterior:
        piezas.append(un_titulo(f"Qué cambió respecto de la -P{anterior}"))
        piezas.append(
            una_tabla(["Condición", f"-P{anterior}", f"-P{numero}"], dichos, resalta=True)
            if dichos
            else un_texto("Las condiciones y la vigencia son las mismas.")
        )  # fmt: skip
    cierre: list[Pieza] = []
    if vigencia:
        cierre += [
            un_titulo("Vigencia"),
            _aviso(
                f"Esta propuesta está vigente hasta el {dia(vigencia)}. {empresa.nombre or 'La empresa'} "
                "sostiene lo que dice si se acepta a más tardar ese día."
            ),
        ]
    piezas.append(_junto(*cierre, _firma(firma)))
    return _documento(caso, empresa, "Propuesta", f"{caso.folio}-P{numero}", piezas, marca)


def de_acuerdo(
    caso: Caso,
    empresa: Empresa,
    *,
    numero: int,
    filas: Sequence[Mapping[str, str]],
    fecha: date | datetime,
    acepto: Sequence[tuple[str, str]],
    firma: Sequence[str],
    todo_lo_demas_sigue: bool,
    sustituye: str = "",
) -> Documento:
    """§7.6 sí: what was agreed, from when, who accepted it, how and when. ``sustituye``: which."""
    assert caso.vigor_fecha is not None
    piezas: list[Pieza] = [
        unos_datos(
            ("Para", str(caso.cliente)),
            ("Atención", dict(acepto).get("Aceptó", "")),
            ("Contrato", _contrato(caso)),
            ("Fecha", dia(fecha)),
        ),
    ]
    if sustituye:
        piezas.append(_aviso(f"Esta confirmación sustituye a {sustituye}."))
    piezas.append(
        un_texto(
            "Confirmamos lo acordado sobre su solicitud, que aplica a partir del "
            f"{dia(caso.vigor_fecha)}."
        )
    )
    cambia, sigue = _partir(filas, "acordado")
    if cambia:
        piezas += [un_titulo("Lo acordado"), _tabla("Acordado", cambia, "acordado", caso)]
    if sigue:
        piezas += [un_titulo("Lo que sigue como está"), _sigue(sigue, "acordado", caso)]
    if todo_lo_demas_sigue and (cambia or sigue):
        piezas.append(una_nota("Lo demás del contrato sigue igual."))
    piezas.append(
        _junto(
            un_titulo("La aceptación"),
            unos_datos(("A partir del", dia(caso.vigor_fecha)), *acepto),
            una_nota("Si algo no quedó como se acordó, por favor díganoslo cuanto antes."),
            _firma(firma),
        )
    )
    referencia = f"{caso.folio}-A{numero}"
    return _documento(caso, empresa, "Confirmación de lo acordado", referencia, piezas)


def sustituida(documento: Documento, por: int) -> Documento:
    """The same version with the mark of the one that came after."""
    return documento | {"marca": f"Sustituida por -P{por}"}


def _documento(
    caso: Caso, empresa: Empresa, titulo: str, referencia: str, piezas: list[Pieza], marca: str = ""
) -> Documento:
    return {
        "edicion": EDICION,
        "titulo": titulo,
        "subtitulo": referencia,
        "referencia": referencia,
        "pie": "borrador, no se ha presentado" if marca == BORRADOR else "",
        "marca": marca,
        "empresa": {"nombre": empresa.nombre, "renglones": _membrete(empresa)},
        "piezas": piezas,
    }


def _membrete(empresa: Empresa) -> list[str]:
    telefono = f"Tel. {telefonos.mostrar(empresa.telefono)}" if empresa.telefono else ""
    renglones = [empresa.razon_aparte, *empresa.direccion.split("\n"), telefono, empresa.sitio]
    return [r.strip() for r in renglones if r.strip()]


def _contrato(caso: Caso) -> str:
    return f"{caso.contrato.numero} · {caso.contrato.servicio}" if caso.contrato else ""


def _partir(
    filas: Sequence[Mapping[str, str]], columna: str
) -> tuple[list[Mapping[str, str]], list[Mapping[str, str]]]:
    """Rows that change, and rows that stay as they are in force."""
    cambia = [f for f in filas if f[columna] != f["vigente"]]
    return cambia, [f for f in filas if f[columna] == f["vigente"]]


def _tabla(nombre: str, filas: Sequence[Mapping[str, str]], columna: str, caso: Caso) -> Pieza:
    dichas = [
        [
            f["concepto"],
            en_palabras(f["unidad"], f["vigente"], caso.moneda) or "–",
            en_palabras(f["unidad"], f[columna], caso.moneda),
        ]
        for f in filas
    ]
    return una_tabla(["Condición", "Vigente", nombre], dichas, resalta=True)


def _sigue(filas: Sequence[Mapping[str, str]], columna: str, caso: Caso) -> Pieza:
    return unos_datos(
        *((f["concepto"], en_palabras(f["unidad"], f[columna], caso.moneda)) for f in filas)
    )


def _firma(renglones: Sequence[str]) -> Pieza:
    return {"tipo": "firma", "renglones": list(renglones)}


def _junto(*piezas: Pieza) -> Pieza:
    return {"tipo": "junto", "piezas": list(piezas)}


def _aviso(texto: str) -> Pieza:
    return {"tipo": "aviso", "texto": texto}
