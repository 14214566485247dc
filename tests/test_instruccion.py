"""``docs/instruccion.md`` says what the code does: its table is held against machine and predicates."""

import json
from pathlib import Path

import pytest
from django.template.loader import get_template

from casos import flujo, permisos
from casos.catalogos import ABIERTOS, Estado
from casos.correo import bandeja_de_salida
from casos.datos import semillas
from casos.diagrama import destinos_de

DOCUMENTO = Path(__file__).parents[1] / "docs" / "instruccion.md"

QUIEN = {
    permisos.rc_o_gerencia: "RC",
    permisos.gerencia: "GER, DG",
    permisos.puede_asignar: "GER, DG; VEN or AC for themselves",
    permisos.puede_registrar_contacto: "RC; AC",
    permisos.puede_declarar_viable: "RC; DG when an opinion is against",
    permisos.puede_informar: "RC; AC when through AC",
    permisos.puede_reabrir: "GER; DG when MODIFICADO",
    permisos.puede_opinar: "member of the area; its manager corrects",
    permisos.puede_pedir_datos: "member of the area",
    permisos.puede_anotar_verbal: "RC",
    permisos.puede_responder_datos: "RC",
    permisos.puede_retirar_consulta: "RC",
    permisos.puede_dispensar: "GER, DG who did not ask; overdue only",
    permisos.puede_confirmar_ajuste: "member of the area; its manager corrects",
    permisos.puede_indicar_no_puede: "member of the area; GER, DG when overdue",
    permisos.puede_indicar_no_aplica: "manager of the area; GER, DG when overdue",
    permisos.puede_pedir_deshacer: "RC",
    permisos.puede_retirar_deshacer: "RC",
    permisos.puede_responder_deshacer: "member of the area",
    permisos.puede_aceptar_como_esta: "GER, DG who did not ask",
    permisos.puede_responder_constancia: "who was told, or a member of the area told",
    permisos.puede_aceptar_constancia: "GER, DG who did not ask nor write it down",
    permisos.puede_corregir_contacto: "who registered it",
    permisos.puede_corregir_datos: "who registered it; RC",
    permisos.puede_anotar: "whoever sees the case and acts on cases",
    permisos.puede_seguir: "VEN, AC, DG other than RC",
    permisos.puede_dejar_de_seguir: "who follows it",
    permisos.puede_actualizar_vigente: "RC",
    permisos.puede_cita: "RC",
}
A_QUIEN = {
    "gerentes": "GER",
    "direccion_si_le_toca": "DG when it becomes theirs",
    "responsable": "RC",
    "anterior": "the former RC",
    "preguntadas": "each area asked",
    "area_del_objeto": "the area",
    "areas_consultadas": "the areas asked",
    "avisadas": "each area told by mail",
    "areas_de_ajuste": "the areas adjusting",
    "areas_sin_tarea": "the other areas",
    "areas_y_atencion": "the areas, AC",
    "atencion_si_pasa": "AC when through AC",
    "direccion_si_hay_contra": "DG when one is against",
    "gerencia_si_hay_riesgo": "GER, DG when at risk or ending",
    "cliente_si_se_pidio": "the client, on a press",
    "area_si_respondio_otro": "the area, when GER or DG answered",
    "quien_la_registro": "who wrote it down",
}


def _estados(estados) -> str:
    estados = tuple(estados)
    if estados == tuple(Estado):
        return "any"
    if estados == ABIERTOS:
        return "any open"
    return ", ".join(e for e in Estado if e in estados)


def _movimiento(accion) -> str:
    if accion == "registrar":
        return "– → RECIBIDO"
    if accion not in flujo.TRANSICIONES:
        return f"in {_estados(flujo.estados_de(accion))}"
    por_estado = flujo.transiciones()[accion]
    destinos = destinos_de(next(iter(por_estado.values())))
    return f"{_estados(por_estado)} → {' / '.join(destinos)}"


def _quien(accion) -> str:
    if accion == "registrar":
        return "VEN, AC, DG"
    if flujo.TRANSICIONES.get(accion, {}).get("por_si_sola"):
        return "by itself"
    return QUIEN[permisos.QUIEN[accion]]


def _correo(accion) -> str:
    reglas = bandeja_de_salida.REGLAS.get(accion, [])
    return "; ".join(f"{A_QUIEN[q]}: `{plantilla}`" for q, plantilla in reglas) or "–"


def filas() -> list[str]:
    """The table as the code would write it, in the order of the instruction."""
    acciones = ["registrar", *flujo.TRANSICIONES, *flujo.ACTOS]
    acciones.sort(key=lambda a: (flujo.seccion_de(a) or "8", a not in flujo.TRANSICIONES))
    return [
        f"| {flujo.seccion_de(a) or '–'} | `{a}` · {flujo.ETIQUETAS[a]} | {_movimiento(a)} "
        f"| {_quien(a)} | {_correo(a)} |"
        for a in acciones
    ]


def en_el_documento(titulo) -> list[str]:
    texto = DOCUMENTO.read_text(encoding="utf-8").split(f"## {titulo}\n")[1].split("\n## ")[0]
    return [r for r in texto.splitlines() if r.startswith("|")][2:]


def test_la_tabla_es_la_del_codigo():
    assert en_el_documento("Step by step") == filas()


def test_estan_todas_las_acciones():
    """Whatever may be done is in the table, and what is in the table may be done."""
    de_la_maquina = {"registrar", *flujo.TRANSICIONES, *flujo.ACTOS}
    assert len(filas()) == len(de_la_maquina)
    assert set(permisos.QUIEN) == de_la_maquina - {"registrar", "concluir_analisis"}
    assert set(bandeja_de_salida.REGLAS) <= de_la_maquina


def test_cada_carta_tiene_su_texto():
    for reglas in (*bandeja_de_salida.REGLAS.values(), bandeja_de_salida.TAMBIEN):
        for _, plantilla in reglas:
            assert get_template(f"correos/{plantilla}.txt")


@pytest.mark.parametrize("estado", ABIERTOS)
def test_cada_seccion_de_7_tiene_un_estado_y_una_salida(estado):
    renglones = en_el_documento("Sections and states")
    suyo = [r for r in renglones if r.startswith(f"| {estado.seccion} |")]
    assert len(suyo) == 1
    assert f"`{estado.value}`" in suyo[0]
    assert f"**{estado.label}**" in suyo[0]
    assert any(estado in flujo.estados_de(a) for a in flujo.TRANSICIONES)


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
