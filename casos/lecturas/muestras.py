"""The samples of the auditor's desk, their notes and findings, as their reader may know them. Reads only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.db.models import Q

from casos.catalogos import Estado, Resultado
from casos.models import (
    Caso,
    ClausulaISO,
    Cliente,
    Hallazgo,
    Muestra,
    NotaDeAuditoria,
    TipoRequerimiento,
    Usuario,
)
from casos.permisos.lectura import cliente_para
from casos.veredicto import Veredicto
from casos.vocabulario_de_auditoria import Estrato, Evidencia

from .evidencias import Dato, DelCaso, evidencias_de
from .lo_anotado import cubierto

CABEN = 100  # samples and findings of one page


@dataclass
class DeClausula:
    """A clause for one case: what answers it, what was noted, what was found."""

    clausula: ClausulaISO
    evidencias: list[tuple[Evidencia, list[Dato]]]
    nota: NotaDeAuditoria | None = None
    texto: str = ""  # of the note, as its reader may know it
    hallazgos: list[Hallazgo] = field(default_factory=list)

    @property
    def cuantas(self) -> int:
        return sum(len(datos) for _, datos in self.evidencias)

    @property
    def con_algo(self) -> list[tuple[Evidencia, list[Dato]]]:
        return [(clase, datos) for clase, datos in self.evidencias if datos]

    @property
    def sin_nada(self) -> list[str]:
        """The kinds of which there is nothing: that is what an audit looks for."""
        return [str(clase.label) for clase, datos in self.evidencias if not datos]


@dataclass
class CasoLeido:
    """A case of the sample, clause by clause."""

    de: DelCaso
    estrato: str
    clausulas: list[DeClausula]

    @property
    def caso(self) -> Caso:
        return self.de.caso

    @property
    def notas(self) -> int:
        return sum(1 for c in self.clausulas if c.texto)

    @property
    def hallazgos(self) -> int:
        return sum(len(c.hallazgos) for c in self.clausulas)


@dataclass
class MuestraLeida:
    muestra: Muestra
    casos: list[CasoLeido]
    clausulas: list[ClausulaISO]
    estratos: list[tuple[str, int, int]]  # name, cases, drawn
    hallazgos: list[Hallazgo]  # of the sample, its cases' and those of no case
    cubre: Callable[[str], str]
    nombre_de: Callable[[str], str]  # of a stratum's key

    @property
    def veredictos(self) -> list[tuple[Veredicto, int]]:
        cuenta: dict[Veredicto, int] = defaultdict(int)
        for c in self.casos:
            cuenta[c.de.veredicto] += 1
        return [(v, cuenta[v]) for v in Veredicto]


def recientes() -> list[Muestra]:
    return list(Muestra.objects.select_related("hecha_por").defer("folios")[:CABEN])


def leer(muestra: Muestra, usuario: Usuario, folio: str = "") -> MuestraLeida:
    """The whole sample, or one case of it. As many statements for one case as for all."""
    estrato_de = dict(muestra.folios)
    pedidos = [f for f in estrato_de if f == folio] if folio else list(estrato_de)
    casos = Caso.objects.visibles_para(usuario).filter(folio__in=pedidos)
    leidos = evidencias_de(casos, usuario)
    suyos = [d.caso.pk for d in leidos]
    notas = _notas(muestra, suyos)
    hallazgos = _hallazgos(muestra, suyos if folio else None)
    usadas = {c for _, c in notas} | {h.clausula_id for h in hallazgos}
    clausulas = list(ClausulaISO.objects.filter(Q(activa=True) | Q(pk__in=usadas)))
    cubre = cubierto(usuario, [d.caso for d in leidos])
    nombre_de = nombres_de_estratos(muestra, usuario)
    de_caso: dict[tuple[int | None, int], list[Hallazgo]] = defaultdict(list)
    for h in hallazgos:
        de_caso[h.caso_id, h.clausula_id].append(h)

    def por_clausula(d: DelCaso) -> list[DeClausula]:
        hechas = []
        for c in clausulas:
            nota = notas.get((d.caso.pk, c.pk))
            texto = cubre(nota.texto) if nota else ""
            suyos = de_caso.get((d.caso.pk, c.pk), [])
            hechas.append(DeClausula(c, d.de_clases(c.clases), nota, texto, suyos))
        return hechas

    return MuestraLeida(
        muestra,
        [CasoLeido(d, nombre_de(estrato_de[d.caso.folio]), por_clausula(d)) for d in leidos],
        clausulas,
        [(nombre_de(clave), hay, van) for clave, hay, van in muestra.estratos],
        hallazgos,
        cubre,
        nombre_de,
    )


def _notas(muestra: Muestra, casos: Iterable[int]) -> dict[tuple[int, int], NotaDeAuditoria]:
    """The last of each case and clause."""
    filas = NotaDeAuditoria.objects.filter(muestra=muestra, caso__in=casos)
    return {
        (n.caso_id, n.clausula_id): n for n in filas.select_related("autor").order_by("version")
    }


def _hallazgos(muestra: Muestra, casos: list[int] | None) -> list[Hallazgo]:
    filas = Hallazgo.objects.filter(muestra=muestra)
    if casos is not None:
        filas = filas.filter(caso__in=casos)
    con = filas.select_related("clausula", "caso", "responsable", "levantado_por", "verificado_por")
    return list(con.order_by("anio", "numero"))


def nombres_de_estratos(
    muestra: Muestra, usuario: Usuario, mas: Iterable[str] = ()
) -> Callable[[str], str]:
    """How each stratum is called, for who reads it; ``mas``: keys that it had not then. One statement at most."""
    claves = [*(clave for clave, *_ in muestra.estratos), *mas]
    estrato = muestra.estrato
    if estrato == Estrato.RESULTADO:
        nombres = {r.value: str(r.label) for r in Resultado}
        nombres |= {"ABIERTO": "Abierto", Estado.ANULADO.value: str(Estado.ANULADO.label)}
    elif estrato == Estrato.PASO:
        nombres = {e.value: f"{e.seccion} {e.label}".strip() for e in Estado}
    elif estrato == Estrato.CLIENTE:
        filas = Cliente.objects.filter(pk__in=_numeros(claves))
        nombres = {str(c.pk): str(cliente_para(c, usuario)) for c in filas}
    elif estrato == Estrato.RESPONSABLE:
        filas_u = Usuario.objects.filter(pk__in=_numeros(claves))
        nombres = {"0": "Sin responsable"} | {str(u.pk): str(u) for u in filas_u}
    elif estrato == Estrato.TIPO:
        tipos = {str(t.pk): str(t) for t in TipoRequerimiento.objects.all()}
        nombres = {c: " y ".join(tipos.get(t, "?") for t in c.split(",")) for c in claves}
        nombres |= {"0": "Sin tipo"}
    else:
        nombres = {"": "Todos"}
    return lambda clave: nombres.get(clave, clave)


def _numeros(claves: Iterable[str]) -> list[int]:
    return [int(c) for c in claves if c.isdecimal()]
