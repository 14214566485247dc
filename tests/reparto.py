"""What runs where, and in what order.

Everything runs on PostgreSQL. A page is drawn from rows, whatever keeps them, so most tests of pages
run only there; on SQLite, which whoever tries the product starts with, ``make test`` runs what is
named here (``pytest -m en_las_dos`` shows and runs it) and every test with threads or processes.
"""

import os
import random
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from django.db import connection

from .sesion import es_transaccional, lo_que_pide

RAIZ = Path(__file__).parent
# ``make test`` asks the short form; ``make completa``, and pytest by itself, all of it.
CORTA = bool(os.environ.get("CORTA"))

EN_LAS_DOS = {
    "It speaks SQL: constraints, triggers, plans, keysets, dates, what a database makes of a value.": [
        "test_auditoria.py::test_la_base_no_deja",
        "test_auditoria.py::test_la_poblacion_son_los_dias",
        "test_auditoria.py::test_una_muestra_se_repite",
        "test_alteraciones.py::test_cada_alteracion",
        "test_bitacora.py",
        "test_conformidad_guardada.py",
        "test_configurado.py",
        "test_disparadores.py",
        "test_registro_de_seguridad.py",
        "test_busqueda.py::test_quien_llama_se_halla",
        "test_busqueda.py::test_los_motivos_se_hallan",
        "test_busqueda.py::test_lo_tecleado_de_otra_manera",
        "test_clientes.py",
        "test_condiciones.py::test_la_base_no_guarda",
        "test_ya_viable.py",
        "test_entradas_malas.py::test_las_listas_con_parametros_malos[/casos/]",
        "test_entradas_malas.py::test_un_valor_malo_entre_buenos",
        "test_envio.py",
        "test_importacion.py::test_importar_contratos_con_sus_condiciones",
        "test_importacion.py::test_las_sentencias_no_crecen_con_los_renglones",
        "test_importacion.py::test_lo_que_se_exporta_vuelve_sin_cambios",
        "test_importacion.py::test_primero_se_ve_y_luego_se_guarda",
        "test_indices.py",
        "test_personas.py",
        "test_plazos.py",
        "test_preparadas.py",
        "test_sembrar.py",
        "test_semillas.py",
        "test_tablero.py::test_cada_cifra",
        "test_tablero.py::test_las_cifras_del_periodo",
        "test_tablero.py::test_las_medianas",
        "test_tablero.py::test_lo_contado_al_cerrar",
        "test_textos.py",
        "test_visibilidad.py::test_la_consulta_es_la_del_diseno",
        "vistas/test_listas.py::test_cada_filtro",
        "vistas/test_listas.py::test_las_paginas_dan_cada_caso_una_vez_de_ida_y_de_vuelta",
        "vistas/test_listas.py::test_los_que_no_vencen_van_al_final",
        "vistas/test_pendientes.py::test_a_cada_quien_lo_que_le_toca",
        "vistas/test_pendientes.py::test_lo_vencido_va_primero",
    ],
    "Every step's door, and who is offered it in every state.": [
        "test_matriz.py::test_cada_accion_la_ofrece_a_quien_toca",
        "test_recorridos.py::test_tras_cada_accion",
    ],
    "What a newcomer starts with: the demonstration, every link as two persons, a whole journey.": [
        "test_demo.py",
        "test_rastreo.py::test_seguir_todos_los_enlaces_no_cambia_nada[gerente]",
        "test_rastreo.py::test_seguir_todos_los_enlaces_no_cambia_nada[finanzas]",
        "navegador/test_recorridos.py::test_e_el_recorrido_principal_sin_javascript",
    ],
}

TODO_EN_LAS_DOS = tuple(parte for partes in EN_LAS_DOS.values() for parte in partes)

# What the clock may break, asked again under each of the awkward ones (``herramientas/relojes.sh``).
CON_OTRO_RELOJ = [
    "test_acciones.py::test_sin_respuesta_pide_tres_intentos_en_dias_y_medios_distintos",
    "test_acciones.py::test_folios_consecutivos_del_anio",
    "test_avisos.py::test_la_constancia",
    "test_avisos.py::test_se_listan_las_condiciones",
    "test_personas.py::",
    "test_plazos.py::",
    "test_reglas.py::test_el_cliente_no_",
    "test_reglas.py::test_la_propuesta_no_se_presenta_antes",
    "test_reglas.py::test_lo_acordado_para_despues",
    "test_reglas.py::test_lo_que_no_se_renegocio",
    "test_reglas.py::test_lo_que_se_escribe_dias_despues",
    "test_reglas.py::test_nada_empieza_antes",
    "test_reglas.py::test_un_contacto_no_es_anterior",
    "test_reglas.py::test_una_nota_no_estrena_el_plazo",
    "test_semillas.py::",
    "test_tablero.py::test_los_periodos",
    "vistas/test_formularios.py::test_lo_apagado",
    "vistas/test_formularios.py::test_sin_area_elegida",
    "vistas/test_pendientes.py::test_las_citas_de_hoy_y_las_que_nadie_marco",
    "vistas/test_pendientes.py::test_lo_que_quede_en_hacer_llega_en_su_dia",
    "vistas/test_pendientes.py::test_lo_vencido_va_primero",
]

# In the short form one of so many cases of a family, by turns: (every, from). They are one promise asked of
# things of one kind, and what one family leaves out is in the turn of the next.
POR_TURNOS = {
    "navegador/test_borradores.py::": (2, 0),
    "navegador/test_condiciones_y_nos.py::": (2, 1),
    "navegador/test_en_su_lugar.py::": (3, 0),
    "navegador/test_falsedades.py::": (4, 0),
    "navegador/test_falsedades_de_pantalla.py::": (4, 1),
    "navegador/test_movimientos.py::": (2, 0),
    "navegador/test_quien_llama.py::": (4, 0),
    "test_acuerdo.py::test_lo_que_no_se_sostuvo": (3, 0),
    "test_admin.py::test_consultas_sin_sentido": (3, 0),
    "test_archivos.py::test_el_nombre_lleva": (4, 0),
    "test_archivos.py::test_se_acepta_por_contenido": (3, 1),
    "test_archivos_hostiles.py::test_nada_tarda_ni_pesa_de_mas": (4, 0),
    "test_arco.py::test_de_quien_son_se_dice": (3, 1),
    "test_bitacora.py::test_lo_que_escribe_la_puerta_siempre_verifica": (2, 1),
    "test_bitacora.py::test_se_halla_cualquier_columna_alterada": (5, 0),
    "test_busqueda.py::test_auditoria_no_halla": (5, 0),
    "test_busqueda.py::test_quien_llama_se_halla": (3, 1),
    "test_cartas.py::test_dice_lo_que_cambia": (2, 0),
    "test_configuracion.py::test_donde_se_dice_que_se_guardo": (2, 1),
    "test_configuracion.py::test_lo_que_no_tiene_sentido": (4, 0),
    "test_configurado.py::test_se_halla_cada_alteracion": (3, 1),
    "test_consultas.py::test_cada_paso_cabe_en_su_presupuesto": (24, 0),
    "test_consultas.py::test_tambien_con_todo_su_formulario_lleno": (12, 6),
    "test_cuentas.py::test_un_codigo_sin_sentido": (2, 0),
    "test_despues_de_cerrar.py::test_falta_algo_del_cliente": (3, 0),
    "test_despues_de_cerrar.py::test_la_base_no_guarda": (3, 1),
    "test_disco_lleno.py::test_por_cada_puerta": (3, 0),
    "test_disparadores.py::test_no_se_cambia_ninguna_columna": (3, 0),
    "test_empresa.py::test_ningun_nombre_rompe_las_cabeceras": (4, 1),
    "test_entrada_al_sistema.py::test_ninguna_pagina_de_cuenta_habla_en_ingles": (3, 0),
    "test_entradas_malas.py::test_las_demas_puertas_con_entrada_mala": (11, 0),
    "test_entradas_malas.py::test_las_demas_puertas_por_donde_no_se_debe": (11, 2),
    "test_entradas_malas.py::test_las_listas_con_parametros_malos": (10, 0),
    "test_entradas_malas.py::test_un_paso_con_entrada_mala": (12, 0),
    "test_entradas_malas.py::test_un_paso_por_donde_no_se_debe": (12, 2),
    "test_entradas_malas.py::test_un_valor_malo_entre_buenos": (8, 4),
    "test_envio.py::test_el_trabajador_envia": (2, 0),
    "test_exportacion.py::test_ninguna_hoja_lleva_formulas": (2, 0),
    "test_fallas.py::test_lo_enviado_esta_en_la_pagina": (3, 0),
    "test_hostil.py::test_el_juez_nota": (3, 0),
    "test_intentos.py::test_dice_cuantos_van": (2, 1),
    "test_la_misma_pagina.py::": (8, 1),
    "test_matriz.py::test_a_los_demas_se_les_niega": (8, 0),
    "test_matriz.py::test_la_puerta_refuta_lo_que_no_ofrece": (4, 2),
    "test_mensajes.py::test_cada_campo_de_cada_acto": (8, 3),
    "test_paquetes.py::test_una_bomba": (3, 0),
    "test_por_donde_se_localiza.py::test_quien_se_suprime": (3, 0),
    "test_rastreo.py::test_seguir_todos_los_enlaces": (7, 1),
    "test_recorridos.py::test_tras_cada_accion": (3, 1),
    "test_reparto_del_tiempo.py::test_cada_quien_tiene_el_tiempo": (3, 0),
    "test_resumen.py::test_el_dia_despues_de_cambiar_la_hora": (3, 0),
    "test_resumen.py::test_sale_de_la_hora_en_adelante": (2, 0),
    "test_resumen.py::test_vez_y_media_contra_contar": (3, 0),
    "test_te_toca_decidir.py::test_lo_que_espera_a_gerencia": (4, 0),
    "test_uno_solo.py::test_un_cliente_sin_rfc": (2, 0),
    "test_urls.py::test_cada_direccion_para_cada_persona": (10, 0),
    "test_urls.py::test_cada_pagina_de_cuenta_para_cada_persona": (4, 1),
    "test_urls.py::test_el_panel_de_un_modelo": (6, 0),
    "test_urls.py::test_lo_demas_del_panel": (2, 1),
    "test_visibilidad.py::test_lo_que_no_se_ve_no_existe": (6, 0),
    "test_visibilidad.py::test_ver_es_uno_solo": (3, 1),
    "vistas/test_caso.py::test_un_caso_que_se_quedo_sin_responsable": (3, 0),
    "vistas/test_listas.py::test_cada_filtro": (2, 0),
    "vistas/test_listas.py::test_la_lista_cuesta_lo_mismo": (2, 1),
    "vistas/test_listas.py::test_lo_absurdo_se_dice": (3, 0),
    "vistas/test_pasos.py::test_cada_accion_disponible_tiene_su_pagina": (10, 4),
    "vistas/test_pasos.py::test_quien_no_puede_no_entra": (10, 0),
    "vistas/test_pendientes.py::test_cuesta_lo_mismo_con_uno": (4, 0),
    "vistas/test_pendientes.py::test_todo_lo_que_ofrece_abre": (4, 0),
}

# Not in the short form at all: what takes longest of each kind, beside something shorter of the same.
SOLO_COMPLETA = [
    "navegador/test_administracion.py::test_la_hora_de_quien",
    "navegador/test_casos_de_excel.py::",
    "navegador/test_citas_del_cliente.py::",
    "navegador/test_despues_del_cierre.py::",
    "navegador/test_importar.py::test_una_lista_de_otro_sistema",
    "navegador/test_la_auditoria.py::",
    "navegador/test_la_instruccion.py::",
    "navegador/test_la_manana.py::",
    "navegador/test_lunes_de_gerencia.py::test_el_lunes",
    "navegador/test_pagina_del_caso.py::test_cada_hoja_impresa",
    "navegador/test_pagina_del_caso.py::test_la_pagina_de_un_caso_abierto_cabe",
    "navegador/test_recorridos.py::test_b_",
    "navegador/test_recorridos.py::test_c_",
    "navegador/test_recorridos.py::test_d_",
    "test_aguante.py::",
    "navegador/test_pagina_del_caso.py::test_la_primera_pantalla",
    "navegador/test_pagina_del_caso.py::test_nada_se_sale",
    "navegador/test_presupuestos.py::test_lo_principal_esta_cerca",
    "navegador/test_presupuestos.py::test_lo_que_pesa_una_primera_visita",
    "test_alteraciones.py::test_lo_que_se_halla_no_esta",
    "test_conexiones_lentas.py::test_las_que_gotean",
    "test_conexiones_lentas.py::test_lo_que_llega_despacio",
    "test_concurrencia.py::test_un_contrato_no_termina",
    "test_consultas.py::test_las_listas_del_panel",
    "test_envio.py::test_cinco_muertes",
    "test_envio.py::test_el_correo_que_no_deja_terminar",
    "test_envio.py::test_un_trabajador_que_muere",
    "test_expediente_del_caso.py::test_cuesta_lo_mismo",
    "test_hostil.py::test_unos_cientos_de_peticiones",
    "test_kit.py::test_quien_solo_informa",
    "test_mudar.py::test_va_y_vuelve",
    "test_pruebas.py::test_se_halla_cada_columna_alterada",
    "test_resumen.py::test_las_sentencias_son_fijas",
    "test_resumen.py::test_quinientas_cosas",
    "test_sembrar.py::test_con_copy",
    "test_sembrar.py::test_de_una_cita_copiada",
    "test_sembrar.py::test_la_misma_semilla",
    "test_sembrar.py::test_si_las_filas",
    "test_tablero.py::test_cada_cifra_lleva",
    "test_tablero.py::test_las_cifras_de_cualquier_historia",
    "test_tablero.py::test_las_medianas",
    "test_tablero.py::test_lo_contado_al_cerrar",
]
# What the short form asks on PostgreSQL only, of what runs on both.
EN_SQLITE_SOLO_COMPLETA = [
    "test_acceso.py::",
    "test_admin.py::",
    "test_alteraciones.py::",
    "test_bitacora.py::test_lo_que_escribe_la_puerta",
    "test_bitacora.py::test_se_halla",
    "test_busqueda.py::",
    "test_calendario.py::",
    "test_clientes.py::",
    "test_concurrencia.py::test_doble_clic_en_auditoria",
    "test_concurrencia.py::test_lo_que_se_numera",
    "test_conexiones_lentas.py::",
    "test_conformidad_guardada.py::test_cada_cifra",
    "test_datos_personales.py::",
    "test_empresa.py::",
    "test_entradas_malas.py::",
    "test_envio.py::",
    "test_falta_configurar.py::",
    "test_fallas.py::test_leer_un_caso",
    "test_fallas.py::test_sin_el_cache",
    "test_importar_a_la_vez.py::",
    "test_la_suite.py::",
    "test_limites.py::",
    "test_personas.py::",
    "test_plazos.py::",
    "test_por_enlace.py::",
    "test_preparadas.py::",
    "test_registro_de_seguridad.py::",
    "test_resumen.py::",
    "test_sellos.py::",
    "test_sembrar.py::",
    "test_tablero.py::",
    "test_uno_solo.py::",
    "test_ya_viable.py::",
]
# And on SQLite only.
EN_POSTGRES_SOLO_COMPLETA = [
    "navegador/test_recorridos.py::test_e_",
    "test_demo.py::test_la_demostracion_recorre_todo",
]


def en_corto_menos(veces: int) -> int:
    """Of what is repeated, or tried at chance: in the short form a third."""
    return veces // 3 if CORTA else veces


def por_turnos(cosas, cada: int, desde: int = 0) -> list:
    """In the short form one of so many, in the others all."""
    return list(cosas)[desde::cada] if CORTA else list(cosas)


# The longest ones, longest first: begun last, one of them would keep a worker busy alone.
LARGOS = [
    "navegador/test_accesibilidad.py",
    "navegador/test_recorridos.py",
    "test_recorridos.py::test_recorridos_al_azar",
    "navegador/",
    "test_envio.py::test_el_correo_que_no_deja_terminar",
    "test_envio.py::test_cinco_muertes",
    "test_demo.py",
    "test_concurrencia.py",
    "test_consultas.py::test_una_lista",
]


def lugar(item) -> str:
    """``vistas/test_listas.py::test_cada_filtro[q]``"""
    return f"{_archivo(item.path)}::{item.name}"


@cache
def _archivo(ruta: Path) -> str:
    return str(ruta.relative_to(RAIZ))


def esta_en(item, lista) -> bool:
    return lugar(item).startswith(tuple(lista))


def turno(item) -> tuple:
    """Longest first; then those that share what the session has ready, so that it is made once."""
    suyo = lugar(item)
    largo = next((n for n, parte in enumerate(LARGOS) if suyo.startswith(parte)), None)
    if largo is not None:
        return (0, largo)
    return (1, es_transaccional(item), tuple(reversed(lo_que_pide(item))))


def pytest_ignore_collect(collection_path, config):
    """Under another clock the rest is not even read: it is four sessions of a few seconds."""
    if config.option.markexpr == "con_otro_reloj" and collection_path.name.startswith("test_"):
        nombre = f"{collection_path.relative_to(RAIZ)}::"
        return None if any(parte.startswith(nombre) for parte in CON_OTRO_RELOJ) else True
    return None


def pytest_itemcollected(item):
    de_navegador = item.get_closest_marker("navegador")
    if esta_en(item, TODO_EN_LAS_DOS) or (es_transaccional(item) and not de_navegador):
        item.add_marker("en_las_dos")
    if esta_en(item, CON_OTRO_RELOJ):
        item.add_marker("con_otro_reloj")


def en_corto(items) -> set:
    """What the short form asks, of the whole."""
    en_sqlite = connection.vendor == "sqlite"
    fuera = SOLO_COMPLETA + (EN_SQLITE_SOLO_COMPLETA if en_sqlite else EN_POSTGRES_SOLO_COMPLETA)
    quedan, vistos = set(), Counter()
    for item in items:
        suyo = lugar(item)
        familia = next((f for f in POR_TURNOS if suyo.startswith(f)), "")
        cada, desde = POR_TURNOS.get(familia, (1, 0))
        if vistos[familia] % cada == desde and not esta_en(item, fuera):
            quedan.add(item)
        vistos[familia] += 1
    return quedan


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """``BARAJA=7 pytest`` puts them in an order of chance: none depends on those before it."""
    # What another clock is asked of is a short form by itself: no list of the ordinary one takes from it.
    if CORTA and config.option.markexpr != "con_otro_reloj":
        quedan = en_corto(items)
        config.hook.pytest_deselected(items=[i for i in items if i not in quedan])
        items[:] = [i for i in items if i in quedan]
    if semilla := os.environ.get("BARAJA"):
        random.Random(semilla).shuffle(items)
    else:
        items.sort(key=turno)
