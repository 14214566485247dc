"""Several cases at once, the team's page, the views that are shared and the columns of each person."""

from datetime import timedelta

import pytest
from django.utils import timezone

from casos.catalogos import Estado, Turno
from casos.lecturas.columnas_de_la_lista import COLUMNAS, LAS_DE_SIEMPRE, columnas_de
from casos.lecturas.equipo import equipo_de
from casos.lecturas.filtros_ofrecidos import Ofrecidos
from casos.lecturas.siguiente_paso import sin_siguiente_accion
from casos.models import Caso, Configuracion, Evento, Usuario, VistaGuardada

from ..factories import CasoFactory

E = Estado


@pytest.fixture
def entra(client, personas):
    def entrar(quien):
        client.force_login(getattr(personas, quien))
        return client

    return entrar


def dia(n):
    return timezone.localdate() + timedelta(days=n)


def elegir(*casos):
    return [f"{c.folio}:{c.responsable_id or 0}" for c in casos]


# -- the next action of several ----------------------------------------------------------------------


def test_la_siguiente_accion_de_varios_con_lo_que_salio_de_cada_uno(entra, personas):
    """Done where it may be; refused with the reason where not, still ticked, with what was typed."""
    mios = [CasoFactory(estado=E.EN_CONTACTO, responsable=personas.ventas) for _ in range(2)]
    ajeno = CasoFactory(estado=E.EN_CONTACTO, responsable=personas.ventas2)
    cerrado = CasoFactory(estado=E.CERRADO, responsable=personas.ventas)
    datos = {
        "caso": elegir(*mios, ajeno, cerrado),
        "proxima_accion": "Llamar a Compras",
        "proxima_fecha": dia(3).isoformat(),
        "aqui": "estado=EN_CONTACTO",
    }
    client = entra("ventas")
    respuesta = client.post("/casos/planear/", datos)
    assert respuesta.status_code == 422
    hechos = Caso.objects.filter(proxima_accion="Llamar a Compras", proxima_fecha=dia(3))
    assert set(hechos) == set(mios)
    assert Evento.objects.filter(accion="planear").count() == 2
    tanda = respuesta.context["tanda"]
    assert tanda.hechos == mios
    dichos = {s.caso: s.rechazo for s in tanda.rechazos}
    assert dichos.keys() == {ajeno, cerrado}
    assert "El caso está en «Cerrado»" in dichos[cerrado]
    for dicho in (
        "2 casos quedaron con su siguiente acción",
        f"{ajeno.folio}: No puedes",
        "Llamar a Compras",
    ):
        assert dicho in respuesta.text
    assert f'value="{ajeno.folio}' not in respuesta.text  # of another's there is nothing to tick
    # Those all right: back to the list as it was.
    respuesta = client.post("/casos/planear/", datos | {"caso": elegir(*mios)})
    assert respuesta["Location"] == "/casos/?estado=EN_CONTACTO"


def test_el_que_ya_no_se_ve_tambien_se_dice(entra, personas):
    """Given to another while the list stood there, and Ventas sees only its own: not passed over in silence."""
    Configuracion.objects.update_or_create(pk=1, defaults={"ventas_ve_todo": False})
    mio, ajeno = (
        CasoFactory(estado=E.EN_CONTACTO, responsable=r)
        for r in (personas.ventas, personas.ventas2)
    )
    cerrado = CasoFactory(estado=E.CERRADO, responsable=personas.ventas)
    datos = {"proxima_accion": "Ir", "proxima_fecha": dia(1).isoformat()}
    client = entra("ventas")
    for casos, dichos in (
        ((mio, ajeno), ("1 caso quedó", f"Ya no está en tu lista: {ajeno.folio}.")),
        ((cerrado, ajeno), (f"Ya no está en tu lista: {ajeno.folio}.",)),
        ((ajeno,), ("Esos casos ya no están en tu lista.",)),
    ):
        respuesta = client.post("/casos/planear/", datos | {"caso": elegir(*casos)}, follow=True)
        for dicho in dichos:
            assert dicho in respuesta.text
    assert Evento.objects.filter(accion="planear").count() == 1


def test_gerencia_dice_por_que_lo_hace_en_lugar_de_otro(entra, personas):
    suyo = CasoFactory(estado=E.EN_CONTACTO, responsable=personas.ventas)
    datos = {"caso": elegir(suyo), "proxima_accion": "Ir", "proxima_fecha": dia(1).isoformat()}
    client = entra("gerente")
    respuesta = client.post("/casos/planear/", datos)
    assert "Por qué lo haces en lugar de" in respuesta.context["tanda"].rechazos[0].rechazo
    assert f'value="{suyo.folio}:{suyo.responsable_id}" checked' in respuesta.text
    assert client.post("/casos/planear/", datos | {"motivo_sustitucion": "Está de viaje"}).url
    assert Evento.objects.get(accion="planear").en_lugar_de == personas.ventas


@pytest.mark.parametrize(
    ("cambio", "dice"),
    [
        ({"caso": []}, "Elige al menos un caso."),
        ({"proxima_accion": " "}, "Escribe qué sigue."),
        ({"proxima_fecha": ""}, "Escribe para qué día."),
        ({"proxima_fecha": "2001-01-01"}, "errorlist"),
        ({"proxima_accion": "x" * 300}, "errorlist"),
    ],
)
def test_lo_mal_escrito_se_dice_junto_al_campo_y_no_cambia_nada(entra, personas, cambio, dice):
    caso = CasoFactory(estado=E.EN_CONTACTO, responsable=personas.ventas)
    datos = {"caso": elegir(caso), "proxima_accion": "Ir", "proxima_fecha": dia(1).isoformat()}
    respuesta = entra("ventas").post("/casos/planear/", datos | cambio)
    assert respuesta.status_code == 422 and dice in respuesta.text
    assert not Evento.objects.filter(accion="planear").exists()


def test_de_varios_solo_hacen_los_que_llevan_casos(entra, personas):
    caso = CasoFactory(estado=E.EN_CONTACTO, responsable=personas.ventas)
    datos = {"caso": elegir(caso), "proxima_accion": "Ir", "proxima_fecha": dia(1).isoformat()}
    for quien in ("juridico", "calidad", "auditor", "admin"):
        client = entra(quien)
        assert client.post("/casos/planear/", datos).status_code == 403
        assert 'name="caso"' not in client.get("/casos/").text
        assert client.post("/equipo/reasignar/", datos).status_code == 403


# -- the team ----------------------------------------------------------------------------------------


def test_cada_cifra_del_equipo_lleva_a_sus_casos_y_a_nadie_le_faltan(entra, personas):
    """Against a slow count, person by person; the link of each gives exactly those."""
    v, v2 = personas.ventas, personas.ventas2
    CasoFactory(vence=dia(-1))
    for vence in (-3, 0, 1, 9, None):
        CasoFactory(
            estado=E.EN_CONTACTO, responsable=v, vence=None if vence is None else dia(vence)
        )
    CasoFactory(estado=E.EN_RESPUESTA, responsable=v, vence=dia(5))
    CasoFactory(estado=E.EN_RESPUESTA, responsable=v2, vence=dia(5), proxima_accion="Llamar",
                proxima_fecha=dia(2))  # fmt: skip
    CasoFactory(estado=E.EN_ANALISIS, responsable=v2, proxima_accion="Ver", proxima_fecha=dia(-1))
    CasoFactory(estado=E.CERRADO, responsable=v2)
    se_fue = CasoFactory(estado=E.EN_CONTACTO).responsable
    Usuario.objects.filter(pk=se_fue.pk).update(is_active=False)
    domingo = dia(6 - timezone.localdate().weekday())
    esperado = {}
    for c in Caso.objects.exclude(estado=E.CERRADO):
        suyos = esperado.setdefault(c.responsable_id or 0, [set(), set(), set(), set()])
        sin_accion = c.turno == Turno.CLIENTE and not (c.proxima_accion or c.proxima_fecha)
        pasada = bool(c.proxima_fecha and c.proxima_fecha < dia(0))
        reglas = (
            True,
            bool(c.vence and c.vence < dia(0)),
            sin_accion or pasada,
            bool(c.vence and dia(0) <= c.vence <= domingo),
        )
        for conjunto, cuenta in zip(suyos, reglas, strict=True):
            if cuenta:
                conjunto.add(c.folio)
    client = entra("gerente")
    filas = {f.pk: f for f in equipo_de(personas.gerente, Ofrecidos(personas.gerente))}
    comerciales = Usuario.objects.comerciales().values_list("pk", flat=True)
    assert filas.keys() == {*esperado, *comerciales}
    for pk, conjuntos in esperado.items():
        for (_, celda), folios in zip(filas[pk].celdas, conjuntos, strict=True):
            assert celda.valor == len(folios)
            lista = client.get(f"/casos/?{celda.consulta}")
            assert {c.folio for c in lista.context["casos"]} == folios and not lista.context[
                "ignorados"
            ]
    assert not filas[se_fue.pk].a_cargo and filas[se_fue.pk].se_reasigna
    assert next(iter(filas)) == 0  # what nobody has comes first
    assert Caso.objects.filter(sin_siguiente_accion(dia(0))).exists()


def test_se_reasigna_ahi_mismo_y_se_dice_de_cada_uno(entra, personas):
    suyos = [CasoFactory(estado=E.EN_CONTACTO, responsable=personas.ventas) for _ in range(3)]
    client = entra("direccion")
    pagina = client.get(f"/equipo/?de={personas.ventas.pk}")
    assert [c.folio for c in pagina.context["casos"]] == [c.folio for c in suyos]
    movido = suyos[2]
    datos = {
        "caso": elegir(*suyos),
        "responsable": personas.ventas2.pk,
        "de": personas.ventas.pk,
    }
    Caso.objects.filter(pk=movido.pk).update(responsable=personas.atencion)
    respuesta = client.post("/equipo/reasignar/", datos)
    assert respuesta.status_code == 422
    assert "2 casos quedaron asignados" in respuesta.text
    assert f"{movido.folio}: Alguien más movió este caso" in respuesta.text
    assert set(Caso.objects.filter(responsable=personas.ventas2)) == set(suyos[:2])
    otro = CasoFactory(estado=E.EN_CONTACTO, responsable=personas.ventas)
    respuesta = client.post("/equipo/reasignar/", datos | {"caso": elegir(otro)}, follow=True)
    assert respuesta.redirect_chain == [(f"/equipo/?de={personas.ventas.pk}", 302)]
    assert otro.folio in respuesta.text


@pytest.mark.parametrize("de", ["abc", "-1", "9" * 30, "999999999", ""])
def test_un_equipo_mal_pedido_no_es_una_falla(entra, personas, de):
    client = entra("gerente")
    assert "no está en tu equipo" in client.get("/equipo/", {"de": de}).text
    assert client.post("/equipo/reasignar/", {"de": de}).status_code == 422
    assert "Aquí verás, por persona" in client.get("/equipo/").text  # nobody has any case yet


# -- shared views --------------------------------------------------------------------------------------


def test_una_vista_compartida_la_ve_su_publico_y_solo_su_duena_la_cambia(entra, personas):
    consulta = "vencidos=on"
    vista = VistaGuardada.objects.create(usuario=personas.gerente, nombre="Urge", consulta=consulta)
    CasoFactory(estado=E.EN_CONTACTO, responsable=personas.atencion, vence=dia(-1))
    url = f"/casos/vistas/{vista.pk}/compartir/"

    def quienes():
        return {
            q
            for q in ("ventas", "atencion", "juridico", "calidad", "auditor", "admin", "direccion")
            if f'Urge <span class="ficha__cuenta">de {personas.gerente}'
            in entra(q).get("/casos/").text
        }

    assert quienes() == set()
    for para, publico in (
        ("VEN", {"ventas"}),
        ("AREAS", {"juridico", "admin"}),  # with no role
        ("TODOS", {"ventas", "atencion", "juridico", "calidad", "admin", "direccion"}),
    ):
        entra("gerente").post(url, {"para": para})
        assert quienes() == publico, para
    # Through it each sees their own cases, and nobody else changes or withdraws it.
    assert len(entra("atencion").get(f"/casos/?{consulta}").context["casos"]) == 1
    assert not entra("juridico").get(f"/casos/?{consulta}").context["casos"]
    for quien in ("ventas", "direccion", "admin"):
        client = entra(quien)
        assert "Borrar la vista" not in client.get(f"/casos/?{consulta}&filtros=1").text
        assert client.post(url, {"para": ""}).status_code == 404
        assert client.post(f"/casos/vistas/{vista.pk}/borrar/").status_code == 404
    pagina = entra("gerente").get(f"/casos/?{consulta}&filtros=1").text
    assert "Quién más ve la vista «Urge»" in pagina and "Borrar la vista «Urge»" in pagina
    # Who is no longer in charge shares nothing.
    Usuario.objects.filter(pk=personas.gerente.pk).update(es_gerente=False)
    assert quienes() == set()


def test_quien_no_esta_a_cargo_no_comparte_y_lo_absurdo_se_dice(entra, personas):
    suya = VistaGuardada.objects.create(usuario=personas.ventas, nombre="Mía", consulta="mios=on")
    client = entra("ventas")
    assert client.post(f"/casos/vistas/{suya.pk}/compartir/", {"para": "TODOS"}).status_code == 403
    assert "Quién más ve" not in client.get("/casos/?mios=on&filtros=1").text
    Usuario.objects.filter(pk=personas.ventas.pk).update(es_gerente=True)
    client.post(f"/casos/vistas/{suya.pk}/compartir/", {"para": "MARCIANOS"})
    assert "Elige con quién, de la lista." in client.get("/casos/").text
    suya.refresh_from_db()
    assert suya.para == ""


# -- columns -------------------------------------------------------------------------------------------


def test_las_columnas_se_quedan_con_la_persona_y_no_cuestan_por_renglon(
    entra, personas, django_assert_max_num_queries
):
    CasoFactory.create_batch(4, estado=E.EN_CONTACTO, responsable=personas.ventas)
    client = entra("ventas")
    elegidas = ["vence", "recibido", "contrato", "servicio", "registro", "canal"]
    assert client.post("/casos/columnas/", {"columna": elegidas, "aqui": "q="}).url == "/casos/?q="
    titulos = [COLUMNAS[c].titulo for c in elegidas]
    with django_assert_max_num_queries(8):
        texto = client.get("/casos/").text
    de_la_tabla = texto.split("<thead")[1].split("</thead>")[0]
    assert all(t in de_la_tabla for t in titulos) and "Responsable" not in de_la_tabla
    assert texto.count('data-columna="Recibido"') == 4
    assert client.get("/casos/exportar/").status_code == 200  # the workbook stays whole
    personas.ventas.refresh_from_db()
    assert columnas_de(personas.ventas) == tuple(elegidas)
    assert columnas_de(personas.ventas2) == LAS_DE_SIEMPRE
    for malas, dice in ((["otra"], "Elige columnas de la lista."), (list(COLUMNAS), "hasta 6")):
        client.post("/casos/columnas/", {"columna": malas})
        assert dice in client.get("/casos/").text
    client.post("/casos/columnas/", {})
    personas.ventas.refresh_from_db()
    assert columnas_de(personas.ventas) == LAS_DE_SIEMPRE
