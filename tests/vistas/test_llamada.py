"""*Registrar llamada*: the short form of 7.2, in the row and on its page, by whoever may; the dates it offers."""

from datetime import date

import pytest

from casos import calendario
from casos.catalogos import Direccion, Estado, Medio
from casos.models import Contacto
from casos.pasos.llamada import OTRO_DIA, VOLVER_A_LLAMAR, dias_para_llamar
from tests.guion import fresco

E = Estado


def ruta(caso):
    return f"/casos/{caso.folio}/llamada/"


def tecleado(client, caso, **mas):
    """What the form holds as it is opened, with what is typed."""
    form = client.get(ruta(caso)).context["form"]
    nombres = ("version", "ficha", "medio", "direccion", "persona")
    datos = {n: form[n].value() for n in nombres}
    datos["cuando"] = form["cuando"].value().strftime("%Y-%m-%dT%H:%M")
    datos["sigue"] = ""
    return datos | mas


@pytest.mark.parametrize(
    ("hoy", "dice"),
    [
        (date(2026, 11, 25), ["Mañana, jueves 26 nov", "Viernes 27 nov", "Lunes 30 nov"]),
        (date(2026, 11, 27), ["Lunes 30 nov", "Viernes 4 dic"]),
        (date(2026, 11, 29), ["Mañana, lunes 30 nov", "Viernes 4 dic"]),
        (date(2026, 12, 23), ["Mañana, jueves 24 dic", "Lunes 28 dic"]),
    ],
    ids=["miércoles", "viernes", "domingo", "antes de Navidad"],
)  # fmt: skip
@pytest.mark.django_db
def test_los_dias_que_se_ofrecen_son_habiles_y_dicen_su_fecha(a_solas, hoy, dice):
    dias = dias_para_llamar(hoy)
    assert [d for _, d in dias] == dice
    assert all(calendario.es_habil(d) and d > hoy for d, _ in dias)


@pytest.mark.parametrize("estado", [E.RECIBIDO, E.EN_CONTACTO, E.EN_ANALISIS, E.CERRADO])
@pytest.mark.parametrize("contesto", [True, False], ids=["contestó", "no contestó"])
def test_una_llamada_queda_como_se_vio(mundo, client, estado, contesto):
    caso = mundo.hasta(estado)
    client.force_login(mundo.p.ventas)
    antes = Contacto.objects.filter(caso=caso).count()
    datos = tecleado(client, caso, efectivo="SI" if contesto else "NO")
    if contesto:
        datos["resumen"] = "Pide dos turnos."
    respuesta = client.post(ruta(caso), datos)
    assert respuesta.status_code == 302, respuesta.context["form"].errors
    contacto = Contacto.objects.filter(caso=caso).latest("pk")
    assert Contacto.objects.filter(caso=caso).count() == antes + 1
    assert (contacto.medio, contacto.direccion) == (Medio.TELEFONO, Direccion.SALIENTE)
    assert contacto.efectivo == contesto
    assert contacto.resumen == datos.get("resumen", "")
    assert contacto.persona_id == caso.persona_id
    if estado == E.RECIBIDO:
        assert fresco(caso).estado == E.EN_CONTACTO


@pytest.mark.parametrize(
    ("datos", "campo"),
    [
        ({}, "efectivo"),
        ({"efectivo": "SI"}, "resumen"),
        ({"efectivo": "NO", "sigue": OTRO_DIA}, "otro_dia"),
        ({"efectivo": "NO", "sigue": "2001-01-01"}, "sigue"),
        ({"efectivo": "NO", "sigue": OTRO_DIA, "otro_dia": "2001-01-01"}, "otro_dia"),
        ({"efectivo": "X"}, "efectivo"),
        ({"efectivo": "SI", "resumen": "x" * 501}, "resumen"),
        ({"efectivo": "SI", "resumen": "a", "medio": "SEÑAS"}, "medio"),
    ],
)
def test_lo_que_falta_se_dice_junto_al_campo(mundo, client, datos, campo):
    caso = mundo.hasta(E.EN_CONTACTO)
    client.force_login(mundo.p.ventas)
    antes = Contacto.objects.count()
    respuesta = client.post(ruta(caso), tecleado(client, caso) | datos)
    assert respuesta.status_code == 422 and Contacto.objects.count() == antes
    assert set(respuesta.context["form"].errors) == {campo}


def test_el_dia_elegido_es_la_siguiente_accion(mundo, client):
    caso = mundo.hasta(E.EN_CONTACTO)
    client.force_login(mundo.p.ventas)
    dia = dias_para_llamar(calendario.hoy())[0][0]
    client.post(ruta(caso), tecleado(client, caso, efectivo="NO", sigue=f"{dia}"))
    caso = fresco(caso)
    assert (caso.proxima_accion, caso.proxima_fecha) == (VOLVER_A_LLAMAR, dia)
    otra = tecleado(client, caso, efectivo="NO", sigue=f"{dia}", proxima_accion="Mandar el anexo")
    client.post(ruta(caso), otra)
    assert fresco(caso).proxima_accion == "Mandar el anexo"


@pytest.mark.parametrize("lugar", ["lista", "espero", "toca", "accion", "llamada"])
def test_el_renglon_se_dibuja_otra_vez(mundo, client, lugar):
    caso = mundo.hasta(E.EN_CONTACTO)
    client.force_login(mundo.p.ventas)
    en = f"{lugar}-{caso.pk}"
    htmx = {"HX-Request": "true", "HX-Target": f"aqui-{en}"}
    form = client.get(ruta(caso), headers=htmx).context["form"]
    assert form["lugar"].value() == en and form["resumen"].auto_id == f"{en}-resumen"
    datos = tecleado(client, caso, efectivo="NO", lugar=en)
    respuesta = client.post(ruta(caso), datos, headers=htmx)
    assert respuesta["HX-Retarget"] == respuesta["HX-Reselect"] == f"#fila-{en}"
    assert f'id="fila-{en}"' in respuesta.text and "No contestó" in respuesta.text
    assert respuesta.text.count("data-foco") == 1


@pytest.mark.parametrize("lugar", ["'><b>", "lista-x", "x" * 60, "\0", "lista-1\n"])
def test_un_lugar_que_no_es_ninguno_no_hace_nada(mundo, client, lugar):
    caso = mundo.hasta(E.EN_CONTACTO)
    client.force_login(mundo.p.ventas)
    datos = tecleado(client, caso, efectivo="NO", lugar=lugar)
    respuesta = client.post(ruta(caso), datos, headers={"HX-Request": "true"})
    assert respuesta.status_code in (200, 422) and "'><b>" not in respuesta.text


def test_otro_movio_el_caso_mientras_tanto(mundo, client):
    """The first contact of another makes this one more call; nothing typed is lost."""
    caso = mundo.hasta(E.RECIBIDO)
    client.force_login(mundo.p.ventas)
    datos = tecleado(client, caso, efectivo="SI", resumen="Lo que escribí.")
    mundo.contactar(caso)
    client.post(ruta(caso), datos)
    assert Contacto.objects.filter(caso=caso, resumen="Lo que escribí.").exists()


def test_quien_lo_hace_en_lugar_de_otro_dice_por_que(mundo, client):
    caso = mundo.hasta(E.EN_CONTACTO)
    client.force_login(mundo.p.gerente)
    datos = tecleado(client, caso, efectivo="NO")
    respuesta = client.post(ruta(caso), datos)
    assert set(respuesta.context["form"].errors) == {"motivo_sustitucion"}
    datos["motivo_sustitucion"] = "Está de vacaciones."
    assert client.post(ruta(caso), datos).status_code == 302


@pytest.mark.parametrize(
    "quien", ["ventas", "ventas2", "gerente", "atencion", "finanzas", "auditor"]
)
def test_se_ofrece_donde_se_puede(mundo, client, quien):
    """Each row says what its page would."""
    casos = [mundo.hasta(e) for e in (E.RECIBIDO, E.EN_CONTACTO, E.EN_ANALISIS, E.CERRADO)]
    client.force_login(getattr(mundo.p, quien))
    lista = client.get("/casos/")
    for caso in casos:
        if caso.pk in {c.pk for c in lista.context["casos"]}:
            se_ofrece = f'href="{ruta(caso)}"' in lista.text
            assert se_ofrece == (client.get(ruta(caso)).status_code == 200), caso.estado
