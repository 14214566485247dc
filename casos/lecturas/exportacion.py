"""The cases of a list as a workbook: one sheet of cases, one of what was asked and agreed, one of the areas.

A concept is a row of the second sheet and not a block of columns of the first: a firm has twenty, each with five
moments, and a case asks for two; so a figure is filtered and added up by its concept, in a cell of its own type.
No HTTP, no filters here.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import IO, Any

from django.db.models import Prefetch, QuerySet

from casos.catalogos import Catalogo, Estado, EstadoOpinion, Moneda, Unidad
from casos.expediente.carga import conceptos_de
from casos.expediente.lo_que_cambia import cambia
from casos.formularios.valores import mostrar_valor
from casos.hojas.escritor import FECHA, Cifra, Libro
from casos.models import (
    Ajuste,
    Caso,
    Comprobacion,
    Condicion,
    Evento,
    Motivo,
    Opinion,
    Satisfaccion,
    Usuario,
)
from casos.permisos.lectura import (
    cliente_para,
    comentario_para,
    lee_respuesta,
    persona_para,
    rfc_para,
    ve_fundamentos,
    ve_toda_la_hoja,
)

from .siguiente_paso import proxima

LOTE = 500  # cases read at a time, with all that hangs from them
FORMATO_DE_DINERO = {Moneda.MXN: '"$"#,##0.00', Moneda.USD: "[$USD] #,##0.00"}
# In the order in which they come about; asked twice where the client asked something else later.
RONDAS = [("vigente", "vigente"), ("antes_pidio", "pidió primero"), ("solicitado", "pidió"),
          ("propuesto", "se ofreció"), ("acordado", "se acordó")]  # fmt: skip


@dataclass
class Lector:
    """Who the book is written for, and the concepts that concern their areas."""

    usuario: Usuario

    @cached_property
    def suyos(self) -> set[int]:
        return conceptos_de(self.usuario.areas_ids)

    def hoja(self, caso: Caso) -> list[Condicion]:
        """What changes of its sheet, of the rows that this person reads."""
        filas = [f for f in caso.condiciones.all() if f.solicitado or cambia(f)]
        if ve_toda_la_hoja(caso, self.usuario):
            return filas
        return [f for f in filas if f.concepto_id in self.suyos]

    def lee(self, opinion: Opinion, caso: Caso) -> bool:
        return ve_fundamentos(caso, self.usuario, opinion)

    def condiciones(self, caso: Caso) -> str:
        return "\n".join(_renglon(f, caso.moneda) for f in self.hoja(caso))


def _renglon(fila: Condicion, moneda: str) -> str:
    dichos = [(como, getattr(fila, columna)) for columna, como in RONDAS]
    partes = [f"{como} {mostrar_valor(fila.concepto, v, moneda)}" for como, v in dichos if v]
    return f"{fila.concepto}: {'; '.join(partes)}"


# -- what is asked of a case -----------------------------------------------------------------------


def _otros_motivos(caso: Caso) -> str:
    otros = [m for m in caso.motivos.all() if m.pk != caso.motivo_principal_id]
    return "\n".join(str(m) for m in sorted(otros, key=lambda m: (m.orden, m.nombre)))


def _de_quien_es(caso: Caso) -> str:
    principal = caso.motivo_principal
    return Catalogo(principal.catalogo).label if principal else ""


def _cerro(caso: Caso) -> str:
    """Who closed it the last time, if it is closed now."""
    cierres = caso.cierres if caso.estado == Estado.CERRADO else []  # type: ignore[attr-defined]
    return str(cierres[-1].actor or "") if cierres else ""


def _areas(caso: Caso) -> str:
    """What each area answered last, a line an area and part."""
    dichas = {f"{o.area}": _dijo(o) for o in caso.opiniones.all()}  # by round: the last one stays
    dichas |= {f"{a.area}, ajuste": _contesto(a) for a in caso.ajustes.all()}
    return "\n".join(f"{area}: {que}" for area, que in dichas.items())


def _dijo(opinion: Opinion) -> str:
    if opinion.estado == EstadoOpinion.DADA:
        return opinion.get_sentido_display()
    return opinion.get_estado_display()


def _contesto(ajuste: Ajuste) -> str:
    return ajuste.get_estado_display()


Columna = tuple[str, int, Callable[..., Any]]  # title, width, value
CASOS: list[Columna] = [
    ("Folio", 16, lambda c, _: c.folio),
    ("Cliente", 36, lambda c, lector: cliente_para(c.cliente, lector.usuario).razon_social),
    ("RFC", 15, lambda c, lector: rfc_para(c.cliente, lector.usuario)),
    ("Contrato", 18, lambda c, _: c.contrato.numero if c.contrato else ""),
    ("Servicio", 26, lambda c, _: c.contrato.servicio if c.contrato else ""),
    ("Persona de contacto", 26, lambda c, lector: persona_para(c.persona, lector.usuario)),
    ("Qué pide el cliente", 50, lambda c, _: c.solicitud),
    ("Condiciones", 60, lambda c, lector: lector.condiciones(c)),
    ("Áreas", 36, lambda c, _: _areas(c)),
    ("Espera respuesta", 12, lambda c, _: c.espera_fecha),
    ("Estado", 22, lambda c, _: c.get_estado_display()),
    ("Resultado", 24, lambda c, _: c.get_resultado_display()),
    ("Motivo principal", 34, lambda c, _: str(c.motivo_principal or "")),
    ("Otros motivos", 34, lambda c, _: _otros_motivos(c)),
    ("De quién es el motivo", 20, lambda c, _: _de_quien_es(c)),
    ("Pendiente de", 24, lambda c, _: c.pendiente_hoy),
    ("Vence", 12, lambda c, _: c.vence),
    ("Responsable", 24, lambda c, _: str(c.responsable or "")),
    ("Siguiente acción", 36, lambda c, _: (p := proxima(c)) and p.accion),
    ("Fecha de la siguiente acción", 14, lambda c, _: (p := proxima(c)) and p.fecha),
    ("Canal", 14, lambda c, _: c.get_canal_display()),
    ("Recibido", 17, lambda c, _: c.se_recibio),
    ("Registrado", 17, lambda c, _: c.registrado_en),
    ("Registró", 24, lambda c, _: str(c.registrado_por)),
    ("Cerrado", 17, lambda c, _: c.cerrado_en),
    ("Cerró", 24, lambda c, _: _cerro(c)),
    ("Conformidad", 24, lambda c, _: "" if c.veredicto is None else c.veredicto.dicho),
    ("A partir del", 12, lambda c, _: c.vigor_fecha),
    ("Llegó como se acordó", 22, lambda c, _: _llego(c)),
    ("Cómo califica el cliente", 22, lambda c, _: _califica(c)),
    ("Qué dijo de su calificación", 40, lambda c, lector: _comenta(c, lector)),
]


def _la_ultima(filas: Any) -> Any:
    """The last one that was answered; of one that waits nothing is told."""
    dichas = [f for f in filas.all() if f.respondida_en]
    return dichas[-1] if dichas else None


def _llego(c: Caso) -> str:
    ultima = _la_ultima(c.comprobaciones)
    return ultima.get_estado_display() if ultima else ""


def _califica(c: Caso) -> Any:
    ultima = _la_ultima(c.satisfacciones)
    if ultima is None:
        return ""
    return ultima.get_estado_display() if ultima.calificacion is None else ultima.calificacion


def _comenta(c: Caso, lector: Lector) -> str:
    ultima = _la_ultima(c.satisfacciones)
    return comentario_para(ultima, lector.usuario) if ultima else ""


def en_celda(condicion: Condicion, valor: str, moneda: str) -> str | Cifra:
    """A figure of the sheet in its own type; what is none, as it was typed."""
    unidad = condicion.concepto.unidad
    try:
        if valor and unidad == Unidad.DINERO:
            return Cifra(Decimal(valor), FORMATO_DE_DINERO[Moneda(moneda)])
        if valor and unidad == Unidad.ENTERO:
            return Cifra(int(valor), "#,##0")
        if valor and unidad == Unidad.PORCENTAJE:
            tanto = Decimal(valor).normalize()
            decimales = max(0, -int(tanto.as_tuple().exponent))
            return Cifra(tanto / 100, f"0{'.' * bool(decimales)}{'0' * decimales}%")
        if valor and unidad == Unidad.FECHA:
            return Cifra(date.fromisoformat(valor), FECHA)
    except (ValueError, InvalidOperation):
        return valor
    return valor


def _momento(columna: str) -> Callable[..., Any]:
    return lambda f, c, _: en_celda(f, getattr(f, columna), c.moneda)


DEL_CASO: list[Columna] = [
    ("Folio", 16, lambda f, c, _: c.folio),
    ("Cliente", 36, lambda f, c, lector: cliente_para(c.cliente, lector.usuario).razon_social),
    ("Contrato", 18, lambda f, c, _: c.contrato.numero if c.contrato else ""),
]
CONDICIONES: list[Columna] = [
    *DEL_CASO,
    ("Concepto", 24, lambda f, c, _: str(f.concepto)),
    ("Moneda", 9, lambda f, c, _: c.moneda if f.concepto.unidad == Unidad.DINERO else ""),
    ("Vigente", 18, _momento("vigente")),
    ("Pidió primero", 18, _momento("pedido_primero")),
    ("Solicitado", 18, _momento("solicitado")),
    ("Propuesto", 18, _momento("propuesto")),
    ("Acordado", 18, _momento("acordado")),
    ("A partir del", 12, lambda f, c, _: c.vigor_fecha if f.acordado else None),
]


def _fundado(campo: str) -> Callable[..., Any]:
    """A text of an opinion, for who reads its grounds."""
    return lambda o, c, lector: getattr(o, campo) if lector.lee(o, c) else ""


def _si(condicion: bool) -> str:
    return "Sí" if condicion else ""


# Each part of an area in two ways: of an opinion (7.3), of an adjustment (7.7).
AREAS: list[tuple[str, int, Callable[..., Any], Callable[..., Any]]] = [
    *((titulo, ancho, valor, valor) for titulo, ancho, valor in DEL_CASO),
    ("Área", 24, lambda o, c, _: str(o.area), lambda a, c, _: str(a.area)),
    ("Qué se le pidió", 16, lambda o, c, _: "7.3 Opinión",
     lambda a, c, _: "7.7 Deshacer" if a.deshace_id else "7.7 Ajuste"),
    ("Vuelta", 8, lambda o, c, _: o.vuelta, lambda a, c, _: a.aceptacion),
    ("Pregunta o encargo", 44, lambda o, c, _: o.pregunta, lambda a, c, _: a.que),
    ("Lo pidió", 24, lambda o, c, _: str(o.pedida_por), lambda a, c, _: str(a.pedido_por)),
    ("Se le pidió el", 17, lambda o, c, _: o.pedida_en, lambda a, c, _: a.pedido_en),
    ("Vence", 12, lambda o, c, _: o.vence, lambda a, c, _: a.vence),
    ("Respuesta", 24, lambda o, c, _: _dijo(o), lambda a, c, _: _contesto(a)),
    ("Qué respondió", 50, _fundado("fundamento"),
     lambda a, c, lector: a.respuesta if lee_respuesta(c, lector.usuario, a) else ""),
    ("Con qué condiciones", 40, _fundado("condiciones"), lambda a, c, _: ""),
    ("Alternativas", 40, _fundado("alternativas"), lambda a, c, _: ""),
    ("De palabra", 10, lambda o, c, _: _si(o.verbal and bool(o.sentido)),
     lambda a, c, _: _si(bool(a.respuesta_verbal))),
    ("Respondió", 24, lambda o, c, _: str(o.dada_por or ""), lambda a, c, _: str(a.respondido_por or "")),
    ("Respondió el", 17, lambda o, c, _: o.dada_en, lambda a, c, _: a.respondido_en),
    ("En vigor a partir del", 12, lambda o, c, _: None, lambda a, c, _: a.vigor_fecha),
    ("Primer periodo de nómina, del", 12, lambda o, c, _: None, lambda a, c, _: a.periodo_inicio),
    ("al", 12, lambda o, c, _: None, lambda a, c, _: a.periodo_fin),
    ("Convenio", 22, lambda o, c, _: "", lambda a, c, _: _convenio(a)),
    ("Fecha del convenio", 12, lambda o, c, _: None, lambda a, c, _: a.convenio_fecha),
]  # fmt: skip


def _convenio(ajuste: Ajuste) -> str:
    return "No se requiere" if ajuste.convenio_requerido is False else ajuste.convenio_referencia


# -- the book --------------------------------------------------------------------------------------


def con_lo_suyo(casos: QuerySet[Caso]) -> QuerySet[Caso]:
    """The cases with all that the book says of them: so many statements more a batch, not a row."""
    cierres = Evento.objects.filter(a=Estado.CERRADO).exclude(de=Estado.CERRADO)
    return (
        casos.defer("alternativa", "texto_cliente", "servicio_sin_cambio")
        .select_related(
            "cliente", "responsable", "contrato", "persona", "registrado_por", "motivo_principal"
        )
        .prefetch_related(
            Prefetch("condiciones", Condicion.objects.select_related("concepto")),
            Prefetch("comprobaciones", Comprobacion.objects.order_by("pk")),
            Prefetch("satisfacciones", Satisfaccion.objects.order_by("pk")),
            Prefetch("motivos", Motivo.objects.only("nombre", "orden")),
            Prefetch("opiniones", Opinion.objects.select_related("area", "pedida_por", "dada_por")),
            Prefetch(
                "ajustes", Ajuste.objects.select_related("area", "pedido_por", "respondido_por")
            ),
            Prefetch(
                "eventos",
                cierres.select_related("actor").only("caso", "numero", "actor").order_by("numero"),
                to_attr="cierres",
            ),
        )
    )


def escribir_libro(casos: Iterable[Caso], usuario: Usuario, archivo: IO[bytes]) -> int:
    """Write every case to ``archivo``; returns how many. What a person may not see is masked."""
    libro, lector, cuantos = Libro(), Lector(usuario), 0
    de_casos = libro.hoja("Casos", [c[:2] for c in CASOS])
    de_condiciones = libro.hoja("Condiciones", [c[:2] for c in CONDICIONES])
    de_areas = libro.hoja("Áreas", [c[:2] for c in AREAS])
    for caso in casos:
        de_casos.agregar(valor(caso, lector) for _, _, valor in CASOS)
        for fila in lector.hoja(caso):
            de_condiciones.agregar(valor(fila, caso, lector) for _, _, valor in CONDICIONES)
        for opinion in caso.opiniones.all():
            de_areas.agregar(valor(opinion, caso, lector) for _, _, valor, _ in AREAS)
        for ajuste in caso.ajustes.all():
            de_areas.agregar(valor(ajuste, caso, lector) for _, _, _, valor in AREAS)
        cuantos += 1
    libro.guardar(archivo)
    return cuantos
