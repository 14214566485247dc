"""Budgets in SQL statements (D§4.8): every list at 1 and 30 rows, every step, the case page."""

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casos.catalogos import Estado
from casos.models import TipoRequerimiento
from casos.pasos import puerta
from tests.factories import (
    AjusteFactory,
    AvisoFactory,
    CasoFactory,
    OpinionFactory,
    SuplenciaFactory,
)
from tests.guion import (
    Guion,
    actuar,
    ajustes,
    consultas,
    contacto,
    en_dias,
    hace,
    un_contrato,
)
from tests.test_entradas_malas import con_vigente_atrasado, sin_respuesta

E = Estado
LISTA, PENDIENTES, CASO, PASO = 8, 10, 14, 16


@pytest.fixture
def g(personas):
    return Guion(personas)


def cuantas(client, url):
    with CaptureQueriesContext(
        connection,
    ) as capturadas:
        assert client.get(url).status_code == 200
    return len(capturadas)


@pytest.mark.parametrize(
    "nombre", ["ventas", "gerente", "atencion", "finanzas", "auditor", "admin"]
)
@pytest.mark.parametrize(
    ("url", "tope"),
    [("/casos/", LISTA), ("/", PENDIENTES), ("/clientes/", LISTA), ("/avisos/", LISTA),
     ("/procedimiento/", LISTA)],
)  # fmt: skip
def test_una_lista_cuesta_lo_mismo_con_1_que_con_30(g, client, nombre, url, tope):
    contrato = un_contrato()
    g.hasta(E.EN_ANALISIS, contrato=contrato)
    client.force_login(getattr(g.p, nombre))
    client.get(url)
    con_una = cuantas(client, url)
    for _ in range(8):
        g.hasta(E.EN_ANALISIS, contrato=contrato)
    for _ in range(21):
        g.registrar(contrato)
    assert cuantas(client, url) == con_una <= tope


@pytest.mark.parametrize("estado", list(Estado))
@pytest.mark.parametrize("nombre", ["ventas", "gerente", "finanzas", "auditor"])
def test_la_pagina_de_un_caso(g, client, estado, nombre):
    caso = g.hasta(estado)
    client.force_login(getattr(g.p, nombre))
    if client.get(caso.get_absolute_url()).status_code == 404:
        assert nombre == "finanzas" and not caso.hechos.opiniones
        return
    assert cuantas(client, caso.get_absolute_url()) <= CASO


def test_la_pagina_de_un_caso_largo_cuesta_lo_mismo(g, client):
    caso = g.hasta(E.EN_PROPUESTA)
    client.force_login(g.p.ventas)
    client.get(caso.get_absolute_url())
    corto = cuantas(client, caso.get_absolute_url())
    for i in range(200 - caso.num_eventos):
        datos = contacto(persona=caso.persona_id, resumen=f"Llamada {i}")
        caso = actuar("registrar_contacto", caso, g.p.ventas, **datos)
    assert caso.num_eventos == 200
    assert cuantas(client, caso.get_absolute_url()) == corto <= CASO


@pytest.mark.parametrize("modelo", sorted(m._meta.model_name for m in admin.site._registry))
def test_una_lista_del_panel_cuesta_lo_mismo(g, client, modelo):
    g.hasta(E.EN_MODIFICACION)
    CasoFactory.reset_sequence(5000, force=True)  # away from the folios of the door
    SuplenciaFactory()
    client.force_login(g.p.admin)
    url = f"/admin/casos/{modelo}/"
    client.get(url)
    con_pocas = cuantas(client, url)
    g.hasta(E.EN_MODIFICACION)
    for _ in range(28):
        AjusteFactory()
        OpinionFactory()
        SuplenciaFactory()
        AvisoFactory()
    assert cuantas(client, url) == con_pocas <= LISTA


# -- steps -------------------------------------------------------------------------------------------


# Statements of each act inside its transaction, the most it took in the walk below. They are
# regenerated on purpose: a number that grew is a query that somebody added.
COSTO = {
    "registrar": 16, "asignar": 10, "planear": 6, "anotar": 6, "seguir": 6,
    "dejar_de_seguir": 6, "corregir_datos": 8, "contactar": 8, "corregir_contacto": 10,
    "registrar_contacto": 8, "programar_cita": 7, "mover_cita": 7, "celebrar_cita": 8,
    "cancelar_cita": 7, "editar_hoja": 7, "analizar": 15, "consultar_area": 8,
    "retirar_consulta": 7, "pedir_datos": 8, "responder_datos": 9, "dispensar": 7,
    "opinar_verbal": 12, "opinar": 10, "corregir_constancia": 11, "declarar_viable": 9,
    "pedir_mas_analisis": 8, "presentar": 10, "volver_a_presentar": 7, "contraofertar": 11,
    "aceptar": 16, "confirmar_constancia": 5, "indicar_no_puede": 8, "agregar_ajuste": 9,
    "indicar_no_aplica": 7, "confirmar_ajuste": 8, "pedir_deshacer": 7, "retirar_deshacer": 8,
    "cerrar_modificado": 15, "reabrir": 12, "confirmar_deshecho": 7,
    "indicar_no_se_deshace": 7, "aceptar_como_esta": 7, "declarar_no_ajustable": 11,
    "replantear": 11, "declarar_no_viable": 12, "informar": 11, "aceptar_constancia": 7,
    "anular": 7, "rechazar": 12, "retirar": 9, "cerrar_sin_respuesta": 7,
    "actualizar_vigente": 7,
}  # fmt: skip


class Medidor:
    """Counts the statements of each action inside its one transaction, as the door runs it."""

    def __init__(self, monkeypatch):
        self.veces, self.sql = {}, {}
        original = puerta.ejecutar

        def contar(accion, *args, **kwargs):
            with CaptureQueriesContext(connection) as capturadas:
                hecho = original(accion, *args, **kwargs)
            # The test's own transaction makes the door's a savepoint.
            sql = [q["sql"] for q in capturadas.captured_queries]
            abre = next(i for i, s in enumerate(sql) if s.startswith("SAVEPOINT"))
            cierra = max(i for i, s in enumerate(sql) if s.startswith("RELEASE"))
            previo = self.veces.get(accion, 0)
            if cierra - abre - 1 > previo:
                self.sql[accion] = sql[abre + 1 : cierra]
            self.veces[accion] = max(previo, cierra - abre - 1)
            return hecho

        monkeypatch.setattr(puerta, "ejecutar", contar)


def _registrar_todo_nuevo(g):
    """§7.1 at its dearest: client, contract, person, sheet, types and a verbal order at once."""
    return actuar(
        "registrar", None, g.p.ventas, cliente_razon_social="Nueva, S.A. de C.V.",
        contrato_numero="N-1", contrato_servicio="Limpieza", contrato_desde=en_dias(-90),
        persona_nombre="Ana", recibido_en=hace(hours=2), canal="CORREO", solicitud="Más gente.",
        tipos=list(TipoRequerimiento.objects.values_list("pk", flat=True)[:2]),
        solicitado_tarifa="14000", asignacion="AHORA", responsable=g.p.ventas.pk,
        ordeno=g.p.gerente.pk, ordeno_verbal="on", ordeno_en=hace(hours=1),
    )  # fmt: skip


def test_cada_paso_cabe_en_su_presupuesto(g, monkeypatch):
    m = Medidor(monkeypatch)
    p = g.p
    for persona in vars(p).values():
        assert persona.cargos  # a request has them before it comes to the door
    caso = g.registrar()  # the first of the year also opens the year's row of folios
    del m.veces["registrar"]
    _registrar_todo_nuevo(g)
    actuar("planear", caso, p.ventas, proxima_accion="Llamar", proxima_fecha=en_dias(1))
    actuar("anotar", caso, p.ventas, nota="Nota.")
    actuar("seguir", caso, p.ventas2)
    actuar("dejar_de_seguir", caso, p.ventas2)
    actuar("corregir_datos", caso, p.ventas, solicitud="Otra.", persona=caso.persona_id, motivo="x")
    caso = g.contactar(caso)
    actuar("corregir_contacto", caso, p.ventas, caso.hechos.contactos[0], resumen="Otro.",
           persona=caso.persona_id, motivo="x")  # fmt: skip
    caso = actuar("registrar_contacto", caso, p.ventas, **contacto(persona=caso.persona_id))
    caso = actuar(
        "programar_cita", caso, p.ventas, asunto="a", inicio=hace(days=-1), minutos=30, lugar="b"
    )
    [cita] = caso.hechos.citas
    caso = actuar(
        "mover_cita", caso, p.ventas, cita, inicio=hace(days=-2), minutos=30, lugar="b", motivo="x"
    )
    caso.citas.update(inicio=hace(hours=1))
    caso = actuar("celebrar_cita", caso, p.ventas, cita, resumen="Se vio.")
    caso = actuar(
        "programar_cita", caso, p.ventas, asunto="a", inicio=hace(days=-1), minutos=30, lugar="b"
    )
    caso = actuar("cancelar_cita", caso, p.ventas, caso.hechos.citas[-1], motivo="x")
    actuar("editar_hoja", caso, p.ventas, solicitado_tarifa="14200")
    caso = g.analizar(caso, "FIN", "JUR", "DH")
    caso = actuar("consultar_area", caso, p.ventas, **consultas("OPE"))
    o = {x.area.codigo: x for x in caso.hechos.opiniones}
    caso = actuar("retirar_consulta", caso, p.ventas, o["OPE"], motivo="x")
    caso = actuar("pedir_datos", caso, p.dh, o["DH"], datos_pedidos="¿?")
    caso = actuar("responder_datos", caso, p.ventas, o["DH"], datos_dados="!")
    caso.opiniones.filter(area__codigo="DH").update(vence=hace(days=3).date())
    caso = actuar("dispensar", caso, p.gerente, o["DH"], motivo="x")
    caso = actuar("opinar_verbal", caso, p.ventas, o["JUR"], quien=p.juridico.pk,
                  dicho_en=hace(minutes=1), sentido="A_FAVOR", fundamento="x")  # fmt: skip
    caso = g.opinar(caso, "FIN")
    caso = actuar("corregir_constancia", caso, p.juridico, caso.hechos.constancias[-1],
                  correccion="x", sentido="A_FAVOR")  # fmt: skip
    caso = g.viable(caso)
    caso = actuar("pedir_mas_analisis", caso, p.ventas, que_falta="x", **consultas("FIN"))
    caso = g.viable(g.opinar(caso))
    caso = g.presentar(caso, enviar_al_cliente="on")
    caso = actuar("volver_a_presentar", caso, p.ventas, motivo="x")
    caso = actuar("contraofertar", g.presentar(caso), p.ventas, pide="x", solicitado_tarifa="12000",
                  **consultas("FIN"))  # fmt: skip
    caso = g.viable(g.opinar(caso), propuesto_tarifa="12000")
    caso = g.aceptar(g.presentar(caso), "JUR", "NOM", "RYS", verbal={"RYS": p.rys})
    caso = actuar("confirmar_constancia", caso, p.rys, caso.hechos.constancias[-1])
    caso = actuar("agregar_ajuste", g.no_puede(caso, "RYS"), p.ventas, **ajustes("RYS"))
    caso = actuar("indicar_no_aplica", caso, p.rys, g.ajuste(caso, "RYS"), respuesta="x")
    caso = g.confirmar(g.confirmar(caso, "JUR"), "NOM")
    caso = actuar("pedir_deshacer", caso, p.ventas, g.ajuste(caso, "NOM"), que="x", para=en_dias(2))
    caso = actuar("retirar_deshacer", caso, p.ventas, caso.hechos.ajustes[-1], motivo="x")
    caso = g.cerrar_modificado(caso)
    caso = actuar("reabrir", caso, p.direccion, motivo="x", **ajustes("RYS"))
    for area, como in (("JUR", "confirmar_deshecho"), ("NOM", "indicar_no_se_deshace")):
        caso = actuar(
            "pedir_deshacer", caso, p.ventas, g.ajuste(caso, area), que="x", para=en_dias(2)
        )
        caso = actuar(como, caso, g.de(area), caso.hechos.ajustes[-1], respuesta="x")
    caso = actuar("aceptar_como_esta", caso, p.gerente, caso.hechos.ajustes[-1], consecuencia="x")
    caso = g.no(g.no_puede(caso, "RYS"), "declarar_no_ajustable")
    caso = actuar("replantear", caso, p.gerente, que_cambio="x", **consultas("FIN"))
    g.informar(g.no(g.opinar(caso), por_atencion="SI"), por=p.atencion)
    verbal = g.hasta(E.EN_ANALISIS)
    verbal = actuar("opinar_verbal", verbal, p.ventas, verbal.hechos.opiniones[0], quien=p.finanzas.pk,
                    dicho_en=hace(minutes=1), sentido="A_FAVOR", fundamento="x")  # fmt: skip
    actuar("aceptar_constancia", verbal, p.gerente, verbal.hechos.constancias[-1], motivo="x")
    g.anular(g.registrar())
    g.rechazar(g.hasta(E.EN_RESPUESTA), contrato_tras_no="EN_RIESGO")
    g.retirar(g.hasta(E.EN_ANALISIS))
    actuar("cerrar_sin_respuesta", sin_respuesta(g), p.gerente, detalle="x")
    actuar("actualizar_vigente", con_vigente_atrasado(g), p.ventas)
    assert set(m.veces) == set(puerta.REGISTRO)
    assert m.veces == COSTO
    assert max(COSTO.values()) <= PASO
