"""The file of one case as a document: its sheet, each act, the mails, the files, the head of its chain.

It says what the case page says to the same person, and no more: the lines are those of ``historia``, the data those
of ``lo_que_lee``, a mail's text is for who reads it there. No HTTP; typst is ``impresos.imprenta``'s.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from casos.archivos import disco
from casos.cotas import en_palabras
from casos.expediente.completo import Completo
from casos.formularios.presentacion import condiciones_de
from casos.impresos.documentos import dia
from casos.impresos.piezas import Documento, Pieza, un_titulo, una_nota, una_tabla, unos_datos
from casos.models import Adjunto, Aviso, Empresa, Evento, RevisionInstruccion, Usuario
from casos.permisos import lectura

from . import historia
from .correos import para_lector
from .de_su_hoja import de_su_hoja
from .lo_que_lee import LoQueLee
from .nombres_cubiertos import NombresCubiertos, de_este_caso, suplente_de

TODA = 1_000_000  # lines of a log: all there are
FALTA, ALTERADO, ENTERO = "falta", "alterado", "entero"
MARCA_DE_CUBIERTO = "Con los nombres cubiertos"
SIN_ARCHIVOS = (
    "Los archivos no van con este documento: los nombres que llevan dentro no se pueden cubrir. "
    "Se cubrieron los nombres que el sistema conoce; un apodo, o alguien de otra empresa, puede seguir en un texto."
)
NO_LO_LEES = "El contenido lo leen quien lo recibió, quien lleva el caso y la gerencia."


@dataclass
class Guardado:
    """A file of the case as it is on the disk today; ``hoy``: its SHA-256, "" where it is not there."""

    adjunto: Adjunto
    hoy: str

    @property
    def como_esta(self) -> str:
        if not self.hoy:
            return FALTA
        return ENTERO if self.hoy == self.adjunto.sha256 else ALTERADO

    @property
    def dicho(self) -> str:
        """What is said of it beside its digest; nothing where it is as it was handed in."""
        if self.adjunto.borrado_en:
            return f"BORRADO el {dia(self.adjunto.borrado_en)} al suprimir datos personales"
        if self.como_esta == FALTA:
            return "FALTA: no está en el disco"
        if self.como_esta == ALTERADO:
            return f"ALTERADO: hoy su SHA-256 es {self.hoy}"
        return ""


@dataclass
class EnPapel:
    """What one person's file of a case is made of."""

    exp: Completo
    usuario: Usuario
    en: datetime
    renglones: list[historia.Renglon] = field(default_factory=list)  # oldest first
    correos: list[Aviso] = field(default_factory=list)
    archivos: list[Guardado] = field(default_factory=list)
    revision: RevisionInstruccion | None = None
    cubre: NombresCubiertos | None = None


def leer(exp: Completo, usuario: Usuario, *, cubierto: bool) -> EnPapel:
    """Everything, in statements that do not grow with what there is; each file's bytes are digested."""
    renglones, _ = historia.pagina(exp, cuantos=TODA)
    eventos = Evento.objects.filter(caso=exp.caso)
    correos = Aviso.objects.filter(caso=exp.caso).select_related("usuario", "area", "impreso")
    numeros: dict[int, int] = dict(eventos.values_list("pk", "numero"))
    papel = EnPapel(exp, usuario, timezone.now(), renglones[::-1])
    for aviso in correos.order_by("pk"):
        aviso.caso = exp.caso
        aviso.del_renglon = numeros.get(aviso.evento_id or 0)  # type: ignore[attr-defined]
        papel.correos.append(para_lector(aviso, usuario))
    adjuntos = Adjunto.objects.filter(caso=exp.caso).select_related("evento").order_by("pk")
    leidos = [a for a in adjuntos if not historia.esta_reservado(a.evento, exp, usuario)]
    papel.archivos = [Guardado(a, huella_de(a)) for a in leidos]
    papel.revision = RevisionInstruccion.objects.filter(numero=exp.caso.revision).first()
    if cubierto:
        papel.cubre = de_este_caso(exp.caso, _nuestros(exp) | {usuario.pk})
    return papel


def _nuestros(exp: Completo) -> set[int]:
    """Who of our people is in the case."""
    caso = exp.caso
    filas = Evento.objects.filter(caso=caso).values_list("actor", "suple_a", "en_lugar_de")
    quienes = {pk for fila in filas for pk in fila}
    quienes |= {caso.responsable_id, caso.registrado_por_id, caso.asignado_por_id}
    quienes |= {u.pk for u in exp.hechos.seguidores}
    return {pk for pk in quienes if pk}


def huella_de(adjunto: Adjunto) -> str:
    """SHA-256 of its bytes today; nothing where they cannot be read."""
    try:
        return disco.huella(adjunto.archivo)
    except OSError:
        return ""


def instante(valor: datetime | date | None) -> str:
    """16/03/2026 10:30:05, by Mexico City's clock."""
    if not isinstance(valor, datetime):
        return dia(valor) if valor else ""
    return f"{timezone.localtime(valor):%d/%m/%Y %H:%M:%S}"


# -- the document ----------------------------------------------------------------------------------


def documento(papel: EnPapel, con_ellos: Callable[[Guardado], str] | None = None) -> Documento:
    """``con_ellos``: the name that each file has in the ZIP that it goes with."""
    caso, cubre = papel.exp.caso, papel.cubre
    local = timezone.localtime(papel.en)
    revision, empresa = papel.revision, Empresa.actual()
    impreso = f"Impreso el {instante(papel.en)} por {papel.usuario}"
    hecho: Documento = {
        "plantilla": "expediente",
        "edicion": 1,
        "titulo": f"Expediente del caso {caso.folio}",
        "subtitulo": f"{caso.cliente}\n{caso.etiqueta_estado}",
        "referencia": caso.folio,
        "pie": f"{caso.folio} · renglón {caso.num_eventos} · {caso.huella_cabeza}",
        "hecho": [local.year, local.month, local.day, local.hour, local.minute, local.second],
        "cabeza": {
            "empresa": empresa.nombre,
            "clase": "EXPEDIENTE",
            "titulo": f"{revision.titulo if revision else 'Seguimiento de venta'} · {caso.folio}",
            "codigo": f"Código: {revision.codigo}"
            if revision
            else "Sin instrucción vigente al abrirse",
            "revision": f"No. Operación: {revision.operacion} · Revisión: {revision.numero}"
            if revision
            else "",
            "impreso": impreso,
            "marca": MARCA_DE_CUBIERTO if cubre else "",
        },
        "portada": _portada(papel, impreso, bool(con_ellos)),
        "piezas": [
            un_titulo("La solicitud"),
            unos_datos(*_la_solicitud(papel)),
            *_la_hoja(papel),
            un_titulo("Historia"),
            *(_acto(papel, r) for r in papel.renglones),
            *_los_correos(papel),
            *_los_archivos(papel, con_ellos),
            *_la_cadena(papel),
        ],
    }
    return cubre.en_todo(hecho) if cubre else hecho


def _dicho(papel: EnPapel, texto: Any) -> str:
    """What somebody typed."""
    return papel.cubre.en_lo_dicho(str(texto)) if papel.cubre else str(texto)


def _portada(papel: EnPapel, impreso: str, en_zip: bool) -> list[Pieza]:
    caso = papel.exp.caso
    cuantos = {"renglones": papel.renglones, "correos": papel.correos, "archivos": papel.archivos}
    contiene = " · ".join(f"{que}: {len(cuales)}" for que, cuales in cuantos.items())
    dicho = [
        ("Estado", caso.etiqueta_estado),
        ("Se recibió", instante(caso.se_recibio)),
        ("Se cerró", instante(caso.cerrado_en)),
        ("Responsable", str(caso.responsable or "Sin asignar")),
        ("Contiene", contiene),
        ("Cabeza de la cadena", caso.huella_cabeza),
    ]  # fmt: skip
    notas = [f"{impreso}. Dice lo que esa persona lee del caso en el sistema."]
    if papel.cubre:
        notas.append(SIN_ARCHIVOS)
    elif en_zip:
        notas.append(
            "Los archivos van junto a este documento; SHA256SUMS tiene la huella de cada uno."
        )
    mal = [g for g in papel.archivos if g.como_esta != ENTERO]
    if mal:
        notas.append(
            f"Archivos que faltan o se alteraron: {len(mal)}. Están señalados en «Archivos»."
        )
    return [unos_datos(*dicho), una_nota("\n\n".join(notas))]


def _la_solicitud(papel: EnPapel) -> list[tuple[str, str]]:
    exp, caso = papel.exp, papel.exp.caso
    lee = LoQueLee(exp, papel.usuario)
    contacto = lee.ve_contacto and not papel.cubre
    contrato = f"{caso.contrato.numero} · {caso.contrato.servicio}" if caso.contrato else ""
    derivado = caso.deriva_de_id in exp.otros_visibles
    return [
        ("Cliente", caso.cliente.razon_social),
        ("RFC", lee.rfc),
        ("Contrato", contrato or "Sin contrato identificado todavía"),
        ("Quién lo pidió", suplente_de(caso.persona) if papel.cubre else lee.persona),
        ("Puesto", caso.persona.puesto if contacto else ""),
        ("Correo", caso.persona.correo if contacto else ""),
        ("Se recibió", instante(caso.se_recibio)),
        ("Canal", caso.get_canal_display() if caso.canal else ""),
        ("Qué pide el cliente", _dicho(papel, caso.solicitud)),
        ("Tipo de requerimiento", ", ".join(map(str, exp.hechos.tipos))),
        ("Deriva de", caso.deriva_de.folio if derivado and caso.deriva_de else ""),
        *((que, _dicho(papel, dice)) for que, dice in de_su_hoja(exp, papel.usuario)),
        ("Alternativa elegida", _dicho(papel, caso.alternativa) if lee.ve_decision else ""),
        ("Registró", f"{caso.registrado_por}, {instante(caso.registrado_en)}"),
        ("Asignó", f"{caso.asignado_por}, {instante(caso.asignado_en)}" if caso.asignado_por else ""),
        ("A partir del", dia(caso.vigor_fecha) if caso.vigor_fecha else ""),
    ]  # fmt: skip


def _la_hoja(papel: EnPapel) -> Iterable[Pieza]:
    hoja = condiciones_de(papel.exp.hoja, papel.exp)
    if hoja is None:
        return
    yield un_titulo("Condiciones")
    if hoja.cambian:
        filas = [
            [f.concepto, *(_dicho(papel, c.valor) or "–" for c in f.celdas)] for f in hoja.cambian
        ]
        yield una_tabla(["Condición", *hoja.columnas], filas, [1.6, *[1] * len(hoja.columnas)])
    yield unos_datos(*((c.columna, _dicho(papel, c.valor)) for c in hoja.iguales))
    if hoja.moneda:
        yield una_nota(f"Importes en {hoja.moneda}.")


def _acto(papel: EnPapel, r: historia.Renglon) -> Pieza:
    moneda = papel.exp.caso.moneda
    que = f"{r.numero}. {r.que}" + (f" → {r.a}" if r.a else "")
    partes = [r.seccion, instante(r.cuando), ", ".join([r.quien, *r.marcas])]
    dichos = [(etiqueta, _dicho(papel, texto)) for etiqueta, texto in r.textos]
    for c in r.cifras:
        antes, ahora = (en_palabras(c.unidad, v, moneda) for v in (c.antes, c.ahora))
        cambio = f"{antes} → {ahora or 'sin valor'}" if antes else ahora or "sin valor"
        dichos.append((f"{c.nombre} ({c.columna.lower()})", _dicho(papel, cambio)))
    dichos += [(nombre, _valor(papel, valor)) for nombre, valor in r.datos]
    if r.reservado:
        dichos.append(("Reservado", "Solo se muestra el resultado."))
    suyos = [a["nombre"] for a in r.archivos]
    if suyos:
        dichos.append(("Archivos", str(len(suyos)) if papel.cubre else ", ".join(suyos)))
    if r.correos:
        dichos.append(("Correos", str(r.correos)))
    return {"tipo": "acto", "que": que, "quien": " · ".join(filter(None, partes)), "dichos": dichos}


def _valor(papel: EnPapel, valor: Any) -> str:
    return instante(valor) if isinstance(valor, date) else _dicho(papel, valor)


def _los_correos(papel: EnPapel) -> Iterable[Pieza]:
    if papel.correos:
        yield un_titulo("Correos")
    for c in papel.correos:
        para = c.area or c.usuario or "Cliente"
        partes = [f"Para: {para}", c.get_estado_display(), instante(c.enviado_en or c.creado_en)]
        if c.del_renglon:  # type: ignore[attr-defined]
            partes.append(f"renglón {c.del_renglon}")  # type: ignore[attr-defined]
        yield {
            "tipo": "acto",
            "que": _dicho(papel, c.asunto),
            "quien": " · ".join(partes),
            "dichos": _el_correo(papel, c),
        }


def _el_correo(papel: EnPapel, c: Aviso) -> list[tuple[str, str]]:
    if c.confidencial:
        return [("Contenido", "Es confidencial.")]
    if not lectura.lee_correo(c, papel.usuario):
        return [("Contenido", NO_LO_LEES)]
    dichos = [("Dirección", _dicho(papel, c.para)), ("Texto", _dicho(papel, c.texto))]
    if c.impreso:
        dichos.append(
            ("Documento", f"{c.impreso.nombre}\nSHA-256: {c.adjunto_sha256 or 'sin enviar'}")
        )
    return dichos


def _los_archivos(papel: EnPapel, con_ellos: Callable[[Guardado], str] | None) -> Iterable[Pieza]:
    if not papel.archivos:
        return
    yield un_titulo("Archivos")
    for n, g in enumerate(papel.archivos, 1):
        a = g.adjunto
        dichos = [("SHA-256 al subirse", a.sha256), ("Hoy", g.dicho)]
        if con_ellos and g.hoy:
            dichos.insert(0, ("En el ZIP", con_ellos(g)))
        yield {
            "tipo": "acto",
            "que": f"Archivo {n}" if papel.cubre else a.nombre,
            "quien": f"{a.tamano:,} bytes · renglón {a.evento.numero}",
            "dichos": [d for d in dichos if d[1]],
        }


def _la_cadena(papel: EnPapel) -> Iterable[Pieza]:
    caso = papel.exp.caso
    yield un_titulo("Cadena de la historia")
    yield unos_datos(
        ("Renglones", str(caso.num_eventos)),
        ("Cabeza (SHA-256)", caso.huella_cabeza),
    )
    yield una_nota(
        "Cada renglón lleva la huella del anterior; la cabeza es la del último. "
        "Quien administra el sistema la compara con verificar_bitacora."
    )
