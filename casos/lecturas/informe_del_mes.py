"""What the month's report for the management review says (ISO 9001, 9.3): from what the pages of figures read.

Reads only, with as many statements for one case as for thousands; without a person's name, so that all its readers
read the same. What was given is kept (``InformeMensual``); any other month is made with today's data, and says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils import timezone

from casos import calendario
from casos.calendario import UN_DIA
from casos.impresos import del_mes as papel
from casos.impresos.documentos import dia
from casos.impresos.piezas import Documento, Pieza, un_texto, un_titulo, una_nota
from casos.models import Caso, Empresa, Sello, Usuario
from casos.veredicto import Veredicto

from .conformidad_del_periodo import PASOS, TODO, Conformidad, de_los_cerrados
from .de_quien_fue import dias
from .filtros_ofrecidos import Ofrecidos
from .hallazgos_abiertos import hallazgos_abiertos, que_espera
from .periodos import Periodo
from .tablas_de_cifras import Celda, Tabla
from .tablero import Base, embudo, resultados
from .tablero_de_motivos import motivos
from .tablero_de_satisfaccion import satisfaccion
from .tablero_de_tiempos import tiempos

CON_LOS_DATOS_DE_HOY = "Hecho con los datos de hoy"
EN_CURSO = "Mes en curso"
NADA = "En este mes no se recibió ni se cerró ningún caso."
CABEN = 200  # findings; of more, how many more


def mes_de(dia: date) -> Periodo:
    """The whole month in which a day is."""
    desde = dia.replace(day=1)
    siguiente = (desde + 31 * UN_DIA).replace(day=1)
    return Periodo(desde, siguiente - UN_DIA)


def clave_de(mes: date) -> str:
    return f"{mes:%Y-%m}"


def informe_de(lector: Usuario, mes: Periodo, *, se_da: bool = False) -> Documento:
    """Of one month, for who sees every case. ``se_da``: it is the one that is kept and sent."""
    ahora = timezone.localdate()
    marca = "" if se_da else EN_CURSO if mes.hasta >= ahora else CON_LOS_DATOS_DE_HOY
    base = Base(lector, Ofrecidos(lector), mes, {}, ve_personas=False)
    casos = Caso.objects.all()
    leida, antes = de_los_cerrados(casos, mes), de_los_cerrados(casos, mes.anterior)
    clave = clave_de(mes.desde)
    piezas = [
        *_cifras(base, leida, antes),
        *_conformidad(leida, antes),
        *_sellos(mes),
        *_hallazgos(),
    ]
    return papel.documento(str(mes), clave, Empresa.actual().nombre, marca, piezas)


def cifras_de(documento: Documento) -> list[list[str]]:
    """The month at a glance, for who is sent it: what, how much, against what."""
    return next((p["cifras"] for p in documento["piezas"] if p["tipo"] == "resumen"), [])


# -- the figures -------------------------------------------------------------------------------------


def _cifras(base: Base, leida: Conformidad, antes: Conformidad) -> Iterable[Pieza]:
    recibido, [cerrado, en_riesgo] = embudo(base), resultados(base)
    dicen, califican = satisfaccion(base)
    por_que = motivos(base, "")
    tardo = tiempos(base)
    yield un_titulo("El mes")
    hay = any(t.hay for t in (recibido, cerrado, dicen))
    if not hay:
        yield un_texto(NADA)
    total = cerrado.renglones[-1].celdas
    satisfechos = califican.renglones[0].celdas
    yield papel.resumen([
        ("Recibidos", dicho(recibido.renglones[0].celdas[0]), ""),
        ("Cerrados", dicho(total[0]), f"mes anterior: {dicho(total[1])}"),
        ("Cumplen la instrucción", _de(leida), f"mes anterior: {_de(antes)}"),
        ("Calificación del cliente", dicho(satisfechos[0]), f"mes anterior: {dicho(satisfechos[1])}"),
    ])  # fmt: skip
    if hay:
        yield un_titulo("Cifras")
        for t in (recibido, cerrado, en_riesgo, *tardo, dicen, califican):
            yield from _tabla(t)
    yield un_titulo("Por qué no")
    for t in por_que:
        yield from _motivos(t)


def _de(leida: Conformidad) -> str:
    todos = leida.todos
    return f"{todos.por_ciento}% ({todos.cumplen} de {todos.casos})" if todos.casos else "sin casos"


def _tabla(t: Tabla) -> Iterable[Pieza]:
    if not t.hay:
        yield papel.tabla(t.titulo, [], [])
        yield un_texto(t.vacia)
        return
    filas = [[r.nombre, *map(dicho, r.celdas)] for r in t.renglones]
    yield papel.tabla(t.titulo, t.columnas, filas, total=t.renglones[-1].es_total)
    if t.nota:
        yield una_nota(t.nota)


def _motivos(t: Tabla) -> Iterable[Pieza]:
    """Drawn where there are two or more, each by its number in the table under it."""
    if not t.hay or len(t.renglones) < 2:
        yield from _tabla(t)
        return
    yield papel.tabla(t.titulo, [], [])
    yield papel.pareto([(r.nombre, int(r.celdas[0].valor or 0)) for r in t.renglones])
    filas = [[f"{n}. {r.nombre}", *map(dicho, r.celdas)] for n, r in enumerate(t.renglones, 1)]
    yield papel.tabla("", t.columnas, filas)
    yield una_nota(t.nota)


def dicho(celda: Celda) -> str:
    """A figure as the tablero writes it."""
    if celda.valor is None:
        return "sin dato"
    if isinstance(celda.valor, str):
        return celda.valor
    if celda.formato == "%":
        return f"{celda.valor}%"
    if celda.formato == "dias":
        return dias(int(celda.valor))
    if celda.formato == "decimal":
        return str(celda.valor)
    return f"${celda.valor:,.0f}" if celda.formato.startswith("dinero") else f"{celda.valor:,}"


# -- conformance, seals, findings ----------------------------------------------------------------------


def _conformidad(leida: Conformidad, antes: Conformidad) -> Iterable[Pieza]:
    yield un_titulo("Conformidad con la instrucción")
    if leida.sin_juzgar:
        yield una_nota(f"Casos cerrados sin revisar todavía: {leida.sin_juzgar}.")
    if not leida.todos.casos:
        yield un_texto("En este mes no se cerró ningún caso.")
        return
    [mes], [anterior] = leida.meses, antes.meses
    filas = []
    for seccion, nombre in PASOS.items():
        cuenta, previa = leida.cuenta(seccion, mes), antes.cuenta(seccion, anterior)
        if cuenta.casos:
            previo = f"{previa.por_ciento}%" if previa.casos else "sin casos"
            que = f"{seccion} {nombre}" if seccion != TODO else nombre
            filas.append(
                [que, str(cuenta.casos), str(cuenta.cumplen), f"{cuenta.por_ciento}%", previo]
            )
    columnas = ["Paso", "Casos", "Cumplen", "Del mes", anterior.corto]
    yield papel.tabla("Por paso", columnas, filas)
    yield una_nota(
        "De los casos cerrados en el mes, los que cumplen en cada paso, con observación o sin ella."
    )
    con_desviaciones = [
        [f"{r.seccion} {r.pide}", *(str(c.de[v]) for v in Veredicto)]
        for r, c in leida.por_regla
        if c.casos != c.de[Veredicto.CUMPLE]
    ]
    if con_desviaciones:
        columnas = ["Regla", *(v.dicho for v in Veredicto)]
        yield papel.tabla(
            "Reglas con desviaciones", columnas, con_desviaciones, anchos=(3.2, 1, 1.4, 1)
        )
    if leida.no_cumplen:
        filas = [[c.folio, "; ".join(c.piden)] for c in leida.no_cumplen]
        yield papel.tabla(
            "Casos que no cumplen", ["Caso", "En qué"], filas, anchos=(1, 4), letra=True
        )
        quedan = leida.todos.de[Veredicto.NO_CUMPLE] - len(filas)
        if quedan > 0:
            yield una_nota(f"Y {quedan} más.")


def _sellos(mes: Periodo) -> Iterable[Pieza]:
    yield un_titulo("Sellos del registro")
    sellos = list(Sello.objects.filter(dia__gte=mes.desde, dia__lte=mes.hasta).order_by("numero"))
    if not sellos:
        yield un_texto("En este mes no se hizo ningún sello.")
        return
    filas = [
        [str(s.numero), dia(s.dia), f"{s.casos:,}", f"{s.eventos:,}", s.huella] for s in sellos
    ]
    columnas = ["Sello", "Día", "Casos", "Eventos", "Huella"]
    yield papel.tabla("Del mes", columnas, filas, anchos=(0.6, 1.1, 0.8, 0.9, 5.2), letra=True)
    faltan = _habiles_sin_sello(mes, {s.dia for s in sellos}, sellos[0].numero == 1)
    if faltan:
        yield una_nota(f"Días hábiles sin sello: {', '.join(map(dia, faltan))}.")


def _habiles_sin_sello(mes: Periodo, con_sello: set[date], es_el_primero: bool) -> list[date]:
    """Business days of it, to yesterday; none before the first seal of all. One statement."""
    de_la_firma = calendario.leer(mes.desde - UN_DIA).de()
    desde = min(con_sello) if es_el_primero else mes.desde
    hasta = min(mes.hasta, timezone.localdate() - UN_DIA)
    todos = (desde + n * UN_DIA for n in range((hasta - desde).days + 1))
    return [d for d in todos if d not in con_sello and de_la_firma.es_habil(d)]


def _hallazgos() -> Iterable[Pieza]:
    yield un_titulo("Hallazgos de auditoría abiertos")
    abiertos = list(hallazgos_abiertos()[: CABEN + 1])
    if not abiertos:
        yield un_texto("No hay hallazgos abiertos.")
        return
    filas = [
        [h.clave, h.get_tipo_display(), str(h.clausula), h.caso.folio if h.caso else "–",
         que_espera(h), dia(h.vence) if h.vence else "sin fecha"]
        for h in abiertos[:CABEN]
    ]  # fmt: skip
    columnas = ["Hallazgo", "Clase", "Cláusula", "Caso", "Qué falta", "Vence"]
    yield papel.tabla(
        "A la fecha del informe", columnas, filas, anchos=(1, 1.5, 2, 1.3, 1.5, 1), letra=True
    )
    if len(abiertos) > CABEN:
        yield una_nota(f"Los primeros {CABEN}; los demás están en Auditoría.")
