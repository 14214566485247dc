"""What a letter says: its words, the rows of the sheet it carries, and the page it leads to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from casos.actos import REGISTRAR, SUCESOS
from casos.catalogos import QueAjusta
from casos.expediente.condiciones_de_las_areas import Puesta, como_van, que_lee
from casos.expediente.kit import kit_de_sus_motivos
from casos.expediente.lo_que_cambia import cambia, del_resto
from casos.expediente.turno import a_quien_le_toca
from casos.models import Area, Caso, Condicion, Empresa
from casos.permisos import lectura
from casos.textos import punto

from .invitaciones import ya_no_va
from .ocasion import Destino, Ocasion
from .reglas import ACUERDO_CORREGIDO, CONSTANCIA, INFORMAR_CLIENTE, Carta

AQUI = "\x1a"  # stands for the sheet while a letter is put together; nobody types it


def contexto_de(ocasion: Ocasion, destino: Destino, carta: Carta) -> dict[str, Any]:
    caso, evento = ocasion.caso, ocasion.evento
    return hoja_para(ocasion, destino, carta) | {
        "caso": caso,
        "cliente": caso.cliente,
        "actor": evento.actor,
        "accion": SUCESOS[evento.accion].etiqueta,
        "datos": ocasion.datos,
        "objeto": ocasion.fila,
        "area": destino.area,
        "sobre": destino.sobre,
        "le_toca": a_quien_le_toca(ocasion.hechos, destino.usuario),
        "boton": carta.rotulo,
        "que": carta.que,
        "se_hizo": SUCESOS[evento.accion].contado,
        "motivo_sustitucion": ocasion.datos.get("motivo_sustitucion", ""),
        "enlace": _enlace(ocasion, destino, carta),
        "para_cliente": bool(destino.correo),
        "impreso": ocasion.impreso if destino.correo else None,
        # Only a client is told who the firm is, and who in it writes.
        "empresa": Empresa.actual() if destino.correo else None,
        "firma": firma_de(ocasion) if destino.correo else None,
        "ajusta_contrato": bool(destino.area and destino.area.que_ajusta == QueAjusta.CONTRATO),
        "la_tenia": carta.invita and ocasion.la_tenia(destino),
        "ya_no_va": carta.invita and ya_no_va(destino.sobre, destino.usuario),
        "se_registro": evento.accion == REGISTRAR.nombre,
        "se_relevo": bool(evento.datos.get("anterior")),
        "vigor_anterior": _fecha(evento.datos.get("cambios", {}).get("vigor_fecha", [""])[0]),
        "condiciones": _condiciones(ocasion, destino),
        "kit": kit_de_sus_motivos(caso) if carta is INFORMAR_CLIENTE else None,
        "regresa_desde": _fecha(evento.datos.get("regresa_desde")),
    }


def _condiciones(ocasion: Ocasion, destino: Destino) -> list[Puesta]:
    """How the areas' conditions fare: an area is told its own, who leads the case all of them."""
    h = ocasion.hechos
    if destino.correo:
        return []
    if destino.area is not None:
        return [p for p in como_van(h) if p.candado.area_id == destino.area.pk]
    lee = destino.usuario is not None
    return que_lee(como_van(h), h, destino.usuario) if lee and destino.usuario else []


@dataclass(frozen=True)
class Firma:
    """Who a letter to the client is from: the person they deal with."""

    nombre: str
    puesto: str
    telefono: str


def firma_de(ocasion: Ocasion) -> Firma | None:
    quien = ocasion.caso.responsable or ocasion.evento.actor
    return (
        None if quien is None else Firma(str(quien), quien.puesto or quien.funcion, quien.telefono)
    )


def contexto_del_resumen(manana: Any) -> dict[str, Any]:
    """Of a person's morning (``lecturas.resumen``): about no one case, and it leads to the trays."""
    return {
        "manana": manana,
        "grupos": manana.grupos,
        "cuenta": f"{settings.URL_BASE}/cuenta/",
        "instruccion_url": f"{settings.URL_BASE}/procedimiento/",
        "privacidad_url": f"{settings.URL_BASE}/privacidad/",
        "solicitudes_url": f"{settings.URL_BASE}/privacidad/solicitudes/",
        "enlace": f"{settings.URL_BASE}/",
        "boton": "Abrir Mis pendientes",
        "caso": None,
        "cliente": None,
        "para_cliente": False,
        "filas": [],
        "resto": "",
    }


def _fecha(iso: str | None) -> date | None:
    """A date as the log keeps it."""
    return date.fromisoformat(iso) if iso else None


def _enlace(ocasion: Ocasion, destino: Destino, carta: Carta) -> str:
    """The one link of a letter; none where it would not open."""
    caso = ocasion.caso
    siguen = ocasion.hechos.seguidores_ids
    abre = not carta.si_abre or lectura.abre_el_caso(caso, destino.usuario, siguen)
    if destino.correo or not abre:
        return ""
    return enlace_a(caso, carta, destino.sobre or ocasion.fila)


def enlace_a(caso: Caso, carta: Carta, fila: Any) -> str:
    """The page a letter leads to: that of an act, on its row, or the case."""
    ruta = caso.get_absolute_url()
    if carta.lleva_a:
        ruta += f"{carta.lleva_a}/" + (f"{fila.pk}/" if fila is not None else "")
    return settings.URL_BASE + ruta


def hoja_para(ocasion: Ocasion, destino: Destino, carta: Carta) -> dict[str, Any]:
    """Columns and rows of the sheet that concern the reader: an area only its own (D§3).

    Beside what is in force only what changes is listed; ``resto`` says what may be said of the others.
    """
    return _hoja(ocasion, destino, carta) | {"moneda": ocasion.caso.moneda}


def _hoja(ocasion: Ocasion, destino: Destino, carta: Carta) -> dict[str, Any]:
    if destino.correo and carta.columnas:
        filas = [(f["concepto"], f["unidad"], [f["propuesto"]], "") for f in destino.sobre.filas]
        return _tabla(["Propuesta"], filas)
    if carta is ACUERDO_CORREGIDO:
        return _corregida(ocasion, destino.area)
    area, columnas = destino.area, carta.columnas
    if carta is CONSTANCIA:
        area = destino.sobre.ajuste and destino.sobre.ajuste.area
        columnas = columnas if area else ()
    if not columnas:
        return _tabla([], [])
    todas = ocasion.hechos.condiciones
    suyas = None if area is None else ocasion.conceptos_de(area)
    propias = [f for f in todas if suyas is None or f.concepto_id in suyas]
    compara = "vigente" in columnas
    return _tabla_de(
        [f for f in propias if cambia(f, columnas) or not compara],
        columnas,
        resto=del_resto(todas, propias, columnas, area) if compara else "",
    )


def _corregida(ocasion: Ocasion, area: Area | None) -> dict[str, Any]:
    """What was agreed before and now, of the rows that were corrected and the reader may know."""
    cambios = ocasion.evento.datos.get("cambios", {})
    corregidas = [
        (f, cambios[f"acordado:{f.concepto.clave}"])
        for f in ocasion.hechos.condiciones
        if f"acordado:{f.concepto.clave}" in cambios
    ]
    suyas = None if area is None else ocasion.conceptos_de(area)
    propias = [(f, v) for f, v in corregidas if suyas is None or f.concepto_id in suyas]
    filas = [(f.concepto.nombre, f.concepto.unidad, valores, "") for f, valores in propias]
    if len(propias) < len(corregidas):
        resto = punto(f"También se corrigieron otras condiciones, que no tocan a {area}")
    else:
        resto = "Lo demás sigue como se acordó."
    return _tabla(["Antes", "Ahora"] if filas else [], filas, resto)


def _tabla_de(elegidas: list[Condicion], columnas: tuple[str, ...], resto: str) -> dict[str, Any]:
    con_algo = [f for f in elegidas if any(getattr(f, c) for c in columnas if c != "vigente")]
    usadas = [c for c in columnas if any(getattr(f, c) for f in con_algo)]
    filas = [
        (
            f.concepto.nombre,
            f.concepto.unidad,
            [getattr(f, c) for c in usadas],
            f.antes_pidio if "solicitado" in usadas else "",
        )
        for f in con_algo
    ]
    return _tabla([c.capitalize() for c in usadas], filas, resto)


def _tabla(columnas: list[str], filas: list[tuple[Any, ...]], resto: str = "") -> dict[str, Any]:
    return {
        "columnas": columnas,
        "filas": [
            dict(zip(("concepto", "unidad", "valores", "antes_pidio"), f, strict=True))
            for f in filas
        ],
        "resto": resto,
    }


def componer(carta: Carta, contexto: dict[str, Any]) -> tuple[str, str, str]:
    """Subject, text and HTML of a letter. Its file: the subject, a blank line, the paragraphs.

    The rows of the sheet go after them, or where the file says ``{{ aqui_la_hoja }}``.
    """
    contexto = {"contesta_a": None, "grupos": []} | contexto | {"aqui_la_hoja": AQUI}
    crudo = render_to_string(f"correos/{carta.plantilla}.txt", contexto).strip()
    asunto, _, cuerpo = crudo.replace("\r\n", "\n").replace("\r", "\n").partition("\n")
    # The line breaks that a person typed are kept: a question or an offer may be a list.
    renglones = [" ".join(r.split()) for r in cuerpo.split("\n")]
    parrafos = [p.strip() for p in re.split(r"\n{2,}", "\n".join(renglones)) if p.strip()]
    corte = parrafos.index(AQUI) if AQUI in parrafos else len(parrafos)
    completo = contexto | {"parrafos": parrafos[:corte], "cierre": parrafos[corte + 1 :]}
    texto = render_to_string("correos/_carta.txt", completo).strip() + "\n"
    html = render_to_string("correos/_carta.html", completo)
    # A line break in a subject would be a header of its own.
    return " ".join(asunto.split())[:255], texto, html
