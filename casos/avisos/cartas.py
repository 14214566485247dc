"""What a letter says: its words, the rows of the sheet it carries, and the page it leads to."""

import re

from django.conf import settings
from django.template.loader import render_to_string

from casos import flujo
from casos.catalogos import Rol
from casos.consultas.turnos import a_quien_le_toca

from .reglas import Destino, Ocasion

# letter → the act its button leads to; the rest lead to the case
ENLACES = {
    "por_asignar": "asignar",
    "opinion_pedida": "opinar",
    "datos_pedidos": "responder_datos",
    "datos_dados": "opinar",
    "ajuste_pedido": "confirmar_ajuste",
    "deshacer_pedido": "confirmar_deshecho",
    "constancia": "confirmar_constancia",
    "informar_cliente": "informar",
}
# letter → columns of the sheet it carries, in the words of the screens; the rest carry none
COLUMNAS = {
    "por_asignar": ["solicitado"],
    "asignado": ["vigente", "solicitado", "propuesto", "acordado"],
    "opinion_pedida": ["vigente", "solicitado", "propuesto", "acordado"],
    "datos_dados": ["vigente", "solicitado", "propuesto", "acordado"],
    "viable": ["vigente", "propuesto"],
    "propuesta": ["propuesto"],
    "ajuste_pedido": ["vigente", "acordado"],
    "constancia": ["vigente", "acordado"],
    "deshacer_pedido": ["vigente", "acordado"],
    "modificado": ["vigente", "acordado"],
}
AQUI = "\x1a"  # stands for the sheet while a letter is put together; nobody types it


def contexto_de(ocasion: Ocasion, destino: Destino, plantilla: str) -> dict:
    caso, evento = ocasion.caso, ocasion.evento
    return hoja_para(ocasion, destino, plantilla) | {
        "caso": caso,
        "cliente": caso.cliente,
        "evento": evento,
        "actor": evento.actor,
        "accion": flujo.ETIQUETAS[evento.accion],
        "datos": ocasion.datos,
        "objeto": ocasion.objeto,
        "area": destino.area,
        "sobre": destino.sobre,
        "le_toca": a_quien_le_toca(caso),
        "boton": boton(plantilla),
        "enlace": _enlace(ocasion, destino, plantilla),
        "para_cliente": bool(destino.correo),
        "ajusta_contrato": destino.area is not None and destino.area.codigo == "JUR",
        "se_registro": evento.accion == "registrar",
        "recordatorio": False,
    }


def boton(plantilla: str) -> str:
    accion = ENLACES.get(plantilla)
    if accion in ("confirmar_constancia", "confirmar_deshecho", "confirmar_ajuste"):
        return "Contestar"  # the page also offers to correct, or to say that it cannot be done
    return flujo.ETIQUETAS[accion] if accion else "Abrir el caso"


def _enlace(ocasion: Ocasion, destino: Destino, plantilla: str) -> str:
    """The one link of a letter; none where it would not open."""
    caso = ocasion.caso
    if destino.correo or (plantilla in ("modificado", "cerrado") and not _abre(caso, destino)):
        return ""
    accion, fila = ENLACES.get(plantilla), destino.sobre or ocasion.objeto
    ruta = f"/casos/{caso.folio}/" + (f"{accion}/" if accion else "")
    if accion and fila is not None:
        ruta += f"{fila.pk}/"
    return settings.URL_BASE + ruta


def _abre(caso, destino) -> bool:
    """AC learns how every case ended, and opens its own and those passed to it (D§5)."""
    usuario = destino.usuario
    if usuario is None or caso.paso_por_atencion:
        return True
    suyos = {caso.responsable_id, caso.registrado_por_id}
    suyos |= {u.pk for u in getattr(caso, "quienes_siguen", ())}
    return usuario.pk in suyos or usuario.rol != Rol.AC


def hoja_para(ocasion: Ocasion, destino: Destino, plantilla: str) -> dict:
    """Columns and rows of the sheet that concern the reader: an area only its own (D§3).

    Beside what is in force only what changes is listed; ``igual``, that something was left out.
    """
    return _hoja(ocasion, destino, plantilla) | {"moneda": ocasion.caso.moneda}


def _hoja(ocasion: Ocasion, destino: Destino, plantilla: str) -> dict:
    caso, columnas = ocasion.caso, COLUMNAS.get(plantilla, [])
    if destino.correo and columnas:
        filas = [(f["concepto"], f["unidad"], [f["propuesto"]]) for f in destino.sobre.filas]
        return _tabla(["Propuesta"], filas)
    area = destino.area
    if plantilla == "constancia":
        area = destino.sobre.ajuste and destino.sobre.ajuste.area
        columnas = columnas if area else []
    if not columnas:
        return _tabla([], [])
    suyas = None if area is None else ocasion.conceptos_de(area)
    nuevas = [c for c in columnas if c != "vigente"]
    con_algo = [
        f
        for f in caso.hechos.condiciones
        if (suyas is None or f.concepto_id in suyas) and any(getattr(f, c) for c in nuevas)
    ]
    cambian = con_algo
    if "vigente" in columnas:
        cambian = [f for f in con_algo if {getattr(f, c) for c in nuevas} - {"", f.vigente}]
    columnas = [c for c in columnas if any(getattr(f, c) for f in cambian)]
    filas = [
        (f.concepto.nombre, f.concepto.unidad, [getattr(f, c) for c in columnas]) for f in cambian
    ]
    return _tabla([c.capitalize() for c in columnas], filas, igual=len(cambian) < len(con_algo))


def _tabla(columnas: list, filas: list, igual=False) -> dict:
    return {
        "columnas": columnas,
        "filas": [dict(zip(("concepto", "unidad", "valores"), f, strict=True)) for f in filas],
        "igual": igual,
    }


def componer(plantilla: str, contexto: dict) -> tuple[str, str, str]:
    """Subject, text and HTML of a letter. Its file: the subject, a blank line, the paragraphs.

    The rows of the sheet go after them, or where the file says ``{{ aqui_la_hoja }}``.
    """
    contexto = contexto | {"aqui_la_hoja": AQUI}
    crudo = render_to_string(f"correos/{plantilla}.txt", contexto).strip()
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
