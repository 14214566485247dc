"""What of a case answers each clause of ISO 9001: lines that lead into the case, and no text of anybody.

Each kind (``Evidencia``) is a rule here; which kinds answer which clause is data. A fixed number of statements,
however many cases. Nothing of what people wrote is told, so nothing has to be masked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db.models import Count, QuerySet
from django.template.defaultfilters import filesizeformat
from django.urls import reverse

from casos import actos as a
from casos.actos import SUCESOS
from casos.archivos.tipos import POR_MIME
from casos.catalogos import EstadoAviso
from casos.expediente.acta import Acta, Anotacion, actas
from casos.expediente.conformidad import Juicio, juzgar, veredicto_de
from casos.models import (
    Adjunto,
    Aviso,
    Caso,
    Hallazgo,
    HojaDeSello,
    Satisfaccion,
    Sello,
    Usuario,
)
from casos.permisos.lectura import cliente_para
from casos.veredicto import Veredicto
from casos.vocabulario_de_auditoria import Evidencia

E = Evidencia
# Which events of the log are evidence of each kind.
DE_ACTOS: dict[Evidencia, tuple[a.Suceso, ...]] = {
    E.SOLICITUD: (a.REGISTRAR, a.CORREGIR_DATOS, a.ANALIZAR),
    E.CONTACTOS: (a.CONTACTAR, a.REGISTRAR_CONTACTO, a.CELEBRAR_CITA),
    E.INFORME: (a.INFORMAR, a.CERRAR_MODIFICADO),
    E.OPINIONES: (a.OPINAR, a.OPINAR_VERBAL, a.DISPENSAR, a.CONCLUIR_ANALISIS),
    E.DECISION: (a.ELEVAR, a.DEVOLVER, a.DECLARAR_VIABLE, a.DECLARAR_NO_VIABLE),
    E.PROPUESTAS: (
        a.PRESENTAR, a.VOLVER_A_PRESENTAR, a.CONTRAOFERTAR, a.ACEPTAR, a.RECHAZAR, a.CERRAR_SIN_RESPUESTA,
    ),
    E.AJUSTES: (
        a.AGREGAR_AJUSTE, a.CONFIRMAR_AJUSTE, a.INDICAR_NO_PUEDE, a.INDICAR_NO_APLICA, a.ANOTAR_RESPUESTA,
        a.CONFIRMAR_DESHECHO, a.INDICAR_NO_SE_DESHACE, a.ACEPTAR_COMO_ESTA, a.COMPROBAR,
    ),
    E.CORRECCIONES: (
        a.CORREGIR_CONSTANCIA, a.CORREGIR_CONTACTO, a.CORREGIR_ACORDADO, a.PEDIR_DESHACER, a.REPLANTEAR,
        a.REABRIR, a.NO_REABRIR,
    ),
}  # fmt: skip
SALIERON = (EstadoAviso.ENVIADO, EstadoAviso.RESUMIDO)


@dataclass(frozen=True)
class Dato:
    """One piece of evidence. ``renglon``: of the history, 0 where it is no event's; ``url``: where it is read."""

    que: str
    url: str
    en: datetime | None = None
    renglon: int = 0


@dataclass
class DelCaso:
    """A case of a sample, with what an auditor reads of it."""

    caso: Caso
    juicios: list[Juicio]
    datos: dict[Evidencia, list[Dato]] = field(default_factory=lambda: defaultdict(list))

    @property
    def veredicto(self) -> Veredicto:
        return veredicto_de(self.juicios)

    @property
    def no_cumple(self) -> list[str]:
        return [j.regla.pide for j in self.juicios if j.veredicto is Veredicto.NO_CUMPLE]

    def de_clases(self, clases: Iterable[Evidencia]) -> list[tuple[Evidencia, list[Dato]]]:
        """Each kind with what there is of it, nothing too: that is what an audit looks for."""
        return [(clase, self.datos.get(clase, [])) for clase in clases]


def evidencias_de(casos: QuerySet[Caso], usuario: Usuario) -> list[DelCaso]:
    """By folio, as ``usuario`` may know their clients. Fifteen statements, however many cases."""
    filas = {c.pk: c for c in casos.select_related("cliente", "responsable").order_by("folio")}
    suyos = Caso.objects.filter(pk__in=filas)
    leidos: dict[int, DelCaso] = {}
    for acta in actas(suyos):
        caso = filas[acta.caso]
        cliente_para(caso.cliente, usuario)
        uno = leidos[caso.pk] = DelCaso(caso, juzgar(acta))
        _de_la_historia(uno, acta)
        _de_las_reglas(uno)
    for de_otra_tabla in (_correos, _archivos, _sellos, _satisfaccion, _hallazgos):
        de_otra_tabla(leidos)
    return [leidos[pk] for pk in filas if pk in leidos]


def _renglon(caso: Caso, numero: int) -> str:
    return f"{caso.get_absolute_url()}?todo=1#e{numero}"


def _de_evento(caso: Caso, e: Anotacion, que: str = "") -> Dato:
    suceso = SUCESOS.get(e.accion)
    dicho = que or (suceso.contado if suceso else e.accion)
    return Dato(dicho, _renglon(caso, e.numero), e.en, e.numero)


def _de_la_historia(uno: DelCaso, acta: Acta) -> None:
    caso = uno.caso
    suyas = {("opinion", o.pk): o.area for o in acta.opiniones}
    suyas |= {("ajuste", x.pk): x.area for x in acta.ajustes}
    for clase, cuales in DE_ACTOS.items():
        for e in acta.de(*cuales):
            dato = _de_evento(caso, e)
            if e.sobre in suyas:
                dato = replace(dato, que=f"{dato.que} · {acta.nombre(suyas[e.sobre])}")
            uno.datos[clase].append(dato)
    for e in acta.eventos:
        if cambios := e.datos.get("cambios"):
            cuantas = len({clave.partition(":")[2] for clave in cambios})
            que = "1 condición" if cuantas == 1 else f"{cuantas} condiciones"
            uno.datos[E.CAMBIOS].append(_de_evento(caso, e, f"Se escribió: {que}, antes y después"))
        if version := e.datos.get("version_contrato"):
            dicho = f"Versión {version} de las condiciones del contrato"
            uno.datos[E.CONTRATO].append(_de_evento(caso, e, dicho))
    cabeza = f"{caso.num_eventos} renglones; huella {caso.huella_cabeza}"
    uno.datos[E.BITACORA].append(
        Dato(cabeza, _renglon(caso, caso.num_eventos), renglon=caso.num_eventos)
    )


def _de_las_reglas(uno: DelCaso) -> None:
    for j in uno.juicios:
        for d in j.desviaciones:
            dicho = f"Punto {j.regla.seccion}, {d.veredicto.dicho.lower()}: {d.dicho}"
            uno.datos[E.REGLAS].append(Dato(dicho, _renglon(uno.caso, d.evento), renglon=d.evento))


Leidos = dict[int, DelCaso]


def _correos(leidos: Leidos) -> None:
    por_estado = (
        Aviso.objects.filter(caso__in=leidos)
        .order_by()
        .values_list("caso_id", "estado")
        .annotate(cuantos=Count("pk"))
    )
    cuentas: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for caso, estado, cuantos in por_estado:
        cuentas[caso][estado in SALIERON] += cuantos
    for caso, (no, si) in cuentas.items():
        dicho = f"{si + no} correos; salieron {si}" if si + no != 1 else f"1 correo; salieron {si}"
        url = f"{reverse('avisos')}?caso={leidos[caso].caso.folio}"
        leidos[caso].datos[E.CARTAS].append(Dato(dicho, url))


def _archivos(leidos: Leidos) -> None:
    filas = Adjunto.objects.filter(caso__in=leidos).select_related("evento").order_by("pk")
    for f in filas.only("caso_id", "tipo", "tamano", "sha256", "evento__numero", "evento__en"):
        tipo = f"Archivo {POR_MIME[f.tipo].extension}" if f.tipo in POR_MIME else "Archivo"
        dicho = f"{tipo}, {filesizeformat(f.tamano)}; SHA-256 {f.sha256}"
        dato = Dato(dicho, reverse("archivo", args=[f.pk]), f.evento.en, f.evento.numero)
        leidos[f.caso_id].datos[E.ARCHIVOS].append(dato)


def _sellos(leidos: Leidos) -> None:
    """The first seal that covers what a case has today; else the last one, and up to where it reaches."""
    por_folio = {uno.caso.folio: uno for uno in leidos.values()}
    ultimas = {
        folio: (sello, numero)
        for folio, sello, numero in HojaDeSello.objects.filter(folio__in=por_folio)
        .order_by("folio", "sello")
        .values_list("folio", "sello", "numero")
    }
    numeros = {sello for sello, _ in ultimas.values()}
    dias = dict(Sello.objects.filter(numero__in=numeros).values_list("numero", "dia"))
    for folio, (sello, numero) in ultimas.items():
        uno = por_folio[folio]
        de = f" del {dias[sello]:%d/%m/%Y}" if sello in dias else ""
        hasta = (
            "toda la historia"
            if numero >= uno.caso.num_eventos
            else f"hasta el renglón {numero} de {uno.caso.num_eventos}"
        )
        dato = Dato(f"Sello {sello}{de}: cubre {hasta}", reverse("sellos"), renglon=numero)
        uno.datos[E.SELLO].append(dato)


def _satisfaccion(leidos: Leidos) -> None:
    filas = Satisfaccion.objects.filter(caso__in=leidos).order_by("pk")
    for f in filas.only("caso_id", "estado", "calificacion", "pide_reabrir", "respondida_en"):
        dicho = f.get_estado_display()
        if f.calificacion is not None:
            dicho += f": {f.calificacion} de 10"
        if f.pide_reabrir:
            dicho += "; pidió que se revise"
        caso = leidos[f.caso_id].caso
        dato = Dato(dicho, caso.get_absolute_url(), f.respondida_en)
        leidos[f.caso_id].datos[E.SATISFACCION].append(dato)


def _hallazgos(leidos: Leidos) -> None:
    filas = Hallazgo.objects.filter(caso__in=leidos).order_by("anio", "numero")
    for h in filas.defer("encontrado", "evidencia", "accion", "como", "verificacion"):
        assert h.caso_id is not None
        dicho = f"{h.clave}, {h.get_tipo_display().lower()}: {h.get_estado_display().lower()}"
        dato = Dato(dicho, h.get_absolute_url(), h.levantado_en)
        leidos[h.caso_id].datos[E.HALLAZGOS].append(dato)
