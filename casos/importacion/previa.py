"""A workbook read and compared, row by row, in memory: nothing is written but what the page shows."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import asdict, replace
from typing import Any

from django.db import transaction
from django.utils import timezone

from casos.catalogos import EstadoImportacion, Que, TipoImportacion
from casos.hojas import lector
from casos.hojas.columnas import Columnas, Emparejadas, clave, emparejar
from casos.models import Importacion, RenglonImportado

from .de_casos import ImportadorDeCasos
from .de_clientes import DE_PERSONA, PERSONA, ImportadorDeClientes
from .de_contratos import ImportadorDeContratos
from .importador import Importador
from .renglones import Comparada, Fila, con_dato

MOTIVO = "Motivo del rechazo"
LOTE = 500
IMPORTADORES: dict[str, type[Importador]] = {
    TipoImportacion.CLIENTES: ImportadorDeClientes,
    TipoImportacion.CONTRATOS: ImportadorDeContratos,
    TipoImportacion.CASOS: ImportadorDeCasos,
}
NO_ESTA = "El archivo ya no está: súbelo otra vez."


def importador_de(importacion: Importacion) -> type[Importador]:
    return IMPORTADORES[importacion.tipo]


def ver(importacion: Importacion) -> None:
    """Raises ``ValueError`` with a sentence where the workbook cannot be read."""
    clase = importador_de(importacion)
    columnas = clase.columnas()
    try:
        with importacion.archivo.open("rb") as archivo:
            contenido = archivo.read()
            leido = lector.leer(contenido, conocidas=columnas)
    except FileNotFoundError:
        raise ValueError(NO_ESTA) from None
    if not leido.filas:
        raise ValueError("El archivo no tiene renglones debajo de los títulos.")
    emparejadas = _a_mano(emparejar(leido.titulos, columnas), importacion.mapa)
    importacion.leido = _lo_leido(leido, emparejadas, columnas, clase)
    importacion.leido["sha256"] = hashlib.sha256(contenido).hexdigest()
    leidas = set(emparejadas.posiciones.values())
    filas = [
        Fila(r.numero, con_dato(emparejadas.de(r.celdas), clase.siempre), r.errores_en(leidas))
        for r in leido.filas
    ]
    ejemplos = {f.numero for f in filas if clase.es_ejemplo(f)}
    if ejemplos:
        filas = [f for f in filas if f.numero not in ejemplos]
        importacion.leido["avisos"] += [
            f"El renglón {n} es el ejemplo de la plantilla: no se trae." for n in sorted(ejemplos)
        ]
    leidos = [r for r in leido.filas if r.numero not in ejemplos]
    importacion.total = len(leidos)
    if importacion.leido["sin_persona"]:
        for fila in filas:
            fila.textos = {c: t for c, t in fila.textos.items() if c not in DE_PERSONA}
    if importacion.leido["faltan"]:
        _dejar(importacion, [])
        return
    comparadas = comparar_todas(clase, importacion.autor, filas, importacion)
    _dejar(
        importacion,
        [
            _renglon(importacion, f, c, r.celdas)
            for f, c, r in zip(filas, comparadas, leidos, strict=True)
        ],
    )


def comparar_todas(
    clase: type[Importador], autor, filas: list[Fila], importacion: Importacion | None = None
) -> list[Comparada]:
    """In the order of the sheet: what a row would add is there for those under it."""
    importador = clase(autor, filas, importacion=importacion)
    malas, dichas = clase.entre_si([f for f in filas if not f.errores])
    hechas = []
    for fila in filas:
        hecha = importador.comparar(fila)
        if fila.numero in malas and hecha.que != Que.IGUAL:
            # Two that are stored so already come back so from one's own export.
            fila.errores.append(malas[fila.numero])
            hecha = importador.comparar(fila)
        if hecha.que != Que.RECHAZADO and fila.numero in dichas:
            hecha.avisos.append(dichas[fila.numero])
        importador.aceptar(hecha)
        hechas.append(hecha)
    return hechas


def _a_mano(emparejadas: Emparejadas, mapa: dict[str, str]) -> Emparejadas:
    """What a person chose for a heading counts before what it seems to mean."""
    elegidas = {int(p): c for p, c in mapa.items()}
    posiciones = {
        c: p
        for c, p in emparejadas.posiciones.items()
        if p not in elegidas and c not in elegidas.values()
    }
    posiciones |= {c: p for p, c in elegidas.items() if c}
    return replace(emparejadas, posiciones=posiciones)


def _lo_leido(
    leido: lector.Leido, emparejadas: Emparejadas, columnas: Columnas, clase: type[Importador]
) -> dict[str, Any]:
    de_cada_una = {p: c for c, p in emparejadas.posiciones.items()}
    parecidas = {d.posicion: d.parecida for d in emparejadas.desconocidas}
    titulos = [
        {
            "posicion": p,
            "titulo": t,
            "columna": de_cada_una.get(p, ""),
            "parecida": parecidas.get(p, ""),
        }
        for p, t in enumerate(leido.titulos)
        if t and clave(t) != clave(MOTIVO)
    ]
    hay = emparejadas.posiciones
    return {
        "hoja": leido.hoja,
        "otras_hojas": leido.otras_hojas,
        "renglon_de_titulos": leido.renglon_de_titulos,
        "titulos": leido.titulos,
        "columnas": titulos,
        "libres": [c for c in columnas if c not in hay],
        "avisos": leido.avisos,
        "faltan": [c for c in clase.obligatorias[: clase.sin_ellas_nada] if c not in hay],
        "sin_persona": [
            c for c in DE_PERSONA if PERSONA in columnas and PERSONA not in hay and c in hay
        ],
    }


def _renglon(
    importacion: Importacion, fila: Fila, comparada: Comparada, celdas: list[str]
) -> RenglonImportado:
    datos = asdict(comparada) | {"textos": fila.textos}
    for sobra in ("que", "nombre", "poner"):
        del datos[sobra]
    if comparada.que == Que.IGUAL:
        del datos["textos"]
    else:
        datos["celdas"] = celdas
    return RenglonImportado(
        importacion=importacion,
        numero=fila.numero,
        que=comparada.que,
        nombre=comparada.nombre,
        datos=datos,
    )


def _dejar(importacion: Importacion, renglones: list[RenglonImportado]) -> None:
    """The rows in short transactions; only with the last one is the preview there to be seen."""
    # Only of whoever has it taken: one that came to itself after its time must not undo what another left.
    suya = Importacion.objects.filter(
        pk=importacion.pk,
        estado=EstadoImportacion.LEYENDO,
        tomada_hasta=importacion.tomada_hasta,
    )
    with transaction.atomic():
        if not suya.select_for_update().exists():
            return
        importacion.renglones.all().delete()
    for n in range(0, len(renglones), LOTE):
        with transaction.atomic():
            # Cancelled, or wiped because somebody's data went: its rows must not come back.
            if not suya.select_for_update().exists():
                return
            RenglonImportado.objects.bulk_create(renglones[n : n + LOTE])
            suya.update(avance=min(n + LOTE, len(renglones)), total=len(renglones))
    suya.update(
        estado=EstadoImportacion.LISTA,
        leido=importacion.leido | {"cuantos": contar(renglones)},
        avance=0,
        total=importacion.total,
        tomada_hasta=None,
        intentos=0,
        movida_en=timezone.now(),
    )


def contar(renglones) -> dict[str, int]:
    return {str(que): n for que, n in Counter(int(r.que) for r in renglones).items()}
