"""``docs/instruccion.md`` says what the code does: its table is held against machine and predicates."""

import json
from pathlib import Path

import pytest
from django.template.loader import get_template

from casos.actos import ACTOS, CONCLUIR_ANALISIS, REGISTRAR, SUCESOS, Acto
from casos.catalogos import ABIERTOS, Estado
from casos.correo.reglas import REGLAS, SIEMPRE
from casos.datos import semillas
from casos.flujo import TRANSICIONES, destinos_de
from casos.permisos import cargos, predicados, preguntas_del_cierre

DOCUMENTO = Path(__file__).parents[1] / "docs" / "instruccion.md"

QUIEN = {
    cargos.comercial: "VEN, AC, DG",
    cargos.rc_o_gerencia: "RC",
    predicados.de_gerencia: "GER, DG",
    predicados.anular: "GER, DG",
    predicados.asignar: "GER, DG; VEN or AC for themselves",
    predicados.registrar_contacto: "RC; AC",
    predicados.motivo_ceso: "RC, of our no that waits for it",
    predicados.descartar_posibilidad: "RC, of our no that would be viable",
    predicados.mover_llamada: "RC, where a call is to be made",
    predicados.declarar_viable: "RC; DG when an opinion is against; who acknowledged the instruction",
    predicados.declarar_no_viable: "RC who acknowledged the instruction",
    predicados.cerrar_modificado: "RC who acknowledged the instruction",
    predicados.elevar: "RC, with an opinion against",
    predicados.devolver: "DG, once it was taken to them",
    predicados.cumplir_condicion: "RC; member of the area",
    predicados.pedir_sin_condicion: "RC",
    predicados.pasar_condicion: "DG who did not ask; GER where there is no DG",
    predicados.mantener_condicion: "DG who did not ask, once it was asked",
    predicados.informar: "RC; AC when through AC",
    predicados.reabrir: "GER; DG when MODIFICADO",
    predicados.opinar: "member of the area; its manager corrects",
    predicados.pedir_datos: "member of the area",
    predicados.anotar_verbal: "RC",
    predicados.responder_datos: "RC",
    predicados.retirar_consulta: "RC",
    predicados.dispensar: "GER, DG who did not ask; overdue only",
    predicados.confirmar_ajuste: "member of the area; its manager corrects",
    predicados.indicar_no_puede: "member of the area; GER, DG when overdue",
    predicados.indicar_no_aplica: "member of the area; GER, DG when overdue",
    predicados.anotar_respuesta: "RC",
    predicados.corregir_acordado: "RC; GER, DG once something is confirmed",
    predicados.pedir_deshacer: "RC",
    predicados.retirar_deshacer: "RC",
    predicados.responder_deshacer: "member of the area",
    predicados.aceptar_como_esta: "GER, DG who did not ask",
    predicados.responder_constancia: "who was told, or a member of the area told",
    predicados.redirigir_constancia: "who wrote it down; RC",
    predicados.aceptar_constancia: "GER, DG who did not ask nor write it down",
    predicados.corregir_contacto: "who registered it",
    predicados.corregir_datos: "who registered it; RC",
    predicados.anotar: "whoever sees the case and acts on cases",
    predicados.seguir: "VEN, AC, DG other than RC",
    predicados.dejar_de_seguir: "who follows it",
    predicados.actualizar_vigente: "RC",
    predicados.cita: "RC",
    predicados.enviar_propuesta: "RC, while it is in force",
    predicados.enviar_acuerdo: "RC, while it is agreed or once it was modified",
    preguntas_del_cierre.comprobar: "member of the area, once it was paid",
    preguntas_del_cierre.registrar_satisfaccion: "AC, RC; once it applies",
    preguntas_del_cierre.no_reabrir: "who reopens it, where it is asked",
}
A_QUIEN = {
    "gerentes": "GER",
    "direccion_si_le_toca": "DG when it becomes theirs",
    "responsable": "RC",
    "anterior": "the former RC",
    "preguntadas": "each area asked",
    "area_de_la_fila": "the area",
    "areas_consultadas": "the areas asked",
    "avisadas": "each area told by mail",
    "areas_de_ajuste": "the areas adjusting",
    "todas_las_de_ajuste": "each area adjusting",
    "las_que_siguen_si_se_dijo_que_no": "the areas still at work, when it was «no se puede»",
    "las_que_siguen_ajustando": "the areas still at work",
    "gerencia_de_lo_dicho": "GER, DG who did not ask",
    "gerencia_de_la_fila": "GER, DG who did not ask",
    "gerencia_si_ya_se_puede_cerrar": "GER, DG when it may be closed",
    "areas_sin_tarea": "the other areas",
    "areas_y_atencion": "the areas, AC",
    "atencion_si_pasa": "AC when through AC",
    "direccion": "DG",
    "quien_pasa_la_condicion": "DG who did not ask; GER where there is no DG",
    "gerencia_si_hay_riesgo": "GER, DG when at risk or ending",
    "cliente_si_se_pidio": "the client, on a press",
    "cliente": "the client",
    "area_si_respondio_otro": "the area, when another answered",
    "quien_la_registro": "who wrote it down",
    "quienes_reabren_si_se_pide": "DG where it is asked to reopen",
    "areas_a_las_que_no_les_llego": "the area that said no",
    "quien_la_tenia": "who had it by mistake",
    "a_quien_regresa": "the RC it goes back to",
}


def _estados(estados) -> str:
    estados = tuple(estados)
    if estados == tuple(Estado):
        return "any"
    if estados == ABIERTOS:
        return "any open"
    return ", ".join(e for e in Estado if e in estados)


def _movimiento(suceso) -> str:
    if suceso is REGISTRAR:
        return "– → RECIBIDO"
    if suceso.nombre not in TRANSICIONES:
        return f"in {_estados(suceso.estados)}"
    por_estado = TRANSICIONES[suceso.nombre]
    destinos = destinos_de(next(iter(por_estado.values())))
    return f"{_estados(por_estado)} → {' / '.join(destinos)}"


def _quien(suceso) -> str:
    return QUIEN[suceso.quien] if isinstance(suceso, Acto) else "by itself"


def _correo(suceso) -> str:
    reglas = REGLAS[suceso]
    return "; ".join(f"{A_QUIEN[q.__name__]}: `{c.plantilla}`" for q, c in reglas) or "–"


def filas() -> list[str]:
    """The table as the code would write it, in the order of the instruction."""
    sucesos = [*(SUCESOS[n] for n in TRANSICIONES), *ACTOS.values()]
    sucesos = [REGISTRAR, *(s for s in dict.fromkeys(sucesos) if s is not REGISTRAR)]
    sucesos.sort(key=lambda s: (s.seccion or "8", s.nombre not in TRANSICIONES))
    return [
        f"| {s.seccion or '–'} | `{s}` · {s.etiqueta} | {_movimiento(s)} "
        f"| {_quien(s)} | {_correo(s)} |"
        for s in sucesos
    ]


def en_el_documento(titulo) -> list[str]:
    texto = DOCUMENTO.read_text(encoding="utf-8").split(f"## {titulo}\n")[1].split("\n## ")[0]
    return [r for r in texto.splitlines() if r.startswith("|")][2:]


def test_la_tabla_es_la_del_codigo():
    assert en_el_documento("Step by step") == filas()


def test_estan_todas_las_acciones():
    """Whatever may be done is in the table, and what is in the table may be done."""
    assert len(filas()) == len(ACTOS) + len({CONCLUIR_ANALISIS})


def test_cada_carta_tiene_su_texto():
    for _, carta in (regla for reglas in (*REGLAS.values(), SIEMPRE) for regla in reglas):
        assert get_template(f"correos/{carta.plantilla}.txt")


@pytest.mark.parametrize("estado", ABIERTOS)
def test_cada_seccion_de_7_tiene_un_estado_y_una_salida(estado):
    renglones = en_el_documento("Sections and states")
    suyo = [r for r in renglones if r.startswith(f"| {estado.seccion} |")]
    assert len(suyo) == 1
    assert f"`{estado.value}`" in suyo[0]
    assert f"**{estado.label}**" in suyo[0]
    assert any(estado in ACTOS[a].estados for a in TRANSICIONES if a in ACTOS)


def test_los_titulos_de_las_secciones_son_los_del_texto():
    datos = json.loads(Path(semillas.INSTRUCCION).read_text(encoding="utf-8"))
    titulos = {s["clave"]: s["titulo"] for s in datos["secciones"]}
    for renglon in en_el_documento("Sections and states"):
        clave, titulo = (c.strip() for c in renglon.split("|")[1:3])
        assert titulo == titulos[clave]


def test_los_hallazgos_citan_el_texto_tal_cual():
    """What is quoted in the findings is in revision 3, letter by letter."""
    texto = " ".join(semillas.INSTRUCCION.read_text(encoding="utf-8").replace('\\"', '"').split())
    hallazgos = DOCUMENTO.read_text(encoding="utf-8").split("## Findings for Calidad\n")[1]
    citas = [parte.split("»")[0] for parte in hallazgos.split("«")[1:]]
    assert len(citas) >= 5
    for cita in citas:
        assert " ".join(cita.split()) in texto
