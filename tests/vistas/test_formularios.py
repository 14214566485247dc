"""A form drawn again after a refusal: what the page had switched off keeps its default."""

import re

import pytest
from django.utils import timezone

from casos import calendario
from casos.catalogos import Estado
from casos.models import Area, Motivo, TipoRequerimiento
from tests.guion import hace
from tests.personas import sesion_vencida

E = Estado


@pytest.fixture
def guion(mundo):
    return mundo


def aceptacion(caso, **mas):
    return {
        "version": caso.version,
        "persona": caso.persona_id,
        "cuando": timezone.localtime(hace(minutes=5)).strftime("%Y-%m-%dT%H:%M"),
        "medio": "TELEFONO",
        "vigor_fecha": "",
        "ajuste_JUR": "on",
        "que_JUR": "Ajustar solo la cláusula 3.",
        "para_JUR": "",
        "aviso_JUR": "VERBAL",
        "avisado_JUR": "",
        "avisado_en_JUR": "",
    } | mas


def valores(respuesta, *nombres):
    return [respuesta.context["form"][n].value() for n in nombres]


def test_lo_apagado_conserva_su_propuesta(client, guion):
    caso = guion.hasta(E.EN_RESPUESTA)
    client.force_login(guion.p.ventas)
    respuesta = client.post(f"/casos/{caso.folio}/aceptar/", aceptacion(caso))
    assert respuesta.status_code == 422
    vence = calendario.vence_para(E.EN_MODIFICACION, timezone.now())
    assert valores(respuesta, "que_NOM", "para_NOM", "aviso_NOM") == [
        "Ajustar la nómina a lo acordado.",
        vence,
        "CORREO",
    ]
    assert f'value="{vence:%Y-%m-%d}"' in str(respuesta.context["form"]["para_NOM"])


def test_lo_que_se_vio_queda_como_se_dejo(client, guion):
    """What came empty stays empty, and what was typed stays: only the absent is filled in."""
    caso = guion.hasta(E.EN_RESPUESTA)
    client.force_login(guion.p.ventas)
    sin_js = {"que_NOM": "", "para_NOM": "", "aviso_NOM": "CORREO"}
    respuesta = client.post(f"/casos/{caso.folio}/aceptar/", aceptacion(caso) | sin_js)
    assert valores(respuesta, "que_JUR", "para_JUR", "avisado_en_JUR") == [
        "Ajustar solo la cláusula 3.",
        "",
        "",
    ]
    assert valores(respuesta, "que_NOM", "para_NOM") == ["", ""]


def test_sin_area_elegida_siguen_las_fechas(client, guion):
    caso = guion.hasta(E.EN_CONTACTO)
    Area.objects.filter(codigo="FIN").update(dias_opinion=9)
    client.force_login(guion.p.ventas)
    respuesta = client.post(f"/casos/{caso.folio}/analizar/", {"version": caso.version})
    assert respuesta.status_code == 422
    ahora = timezone.now()
    general = calendario.vence_para(E.EN_ANALISIS, ahora)
    de_finanzas = calendario.sumar_habiles(timezone.localdate(ahora), 9)
    assert valores(respuesta, "vence_JUR", "vence_FIN") == [general, de_finanzas]


NUEVA = {"version": 0, "solicitud": "", "asignacion": ""}
CON_ORDEN = {"responsable": "", "ordeno": "", "ordeno_en": ""}


@pytest.mark.parametrize(
    ("mas", "marcada"),
    [({}, True), (CON_ORDEN, False), (CON_ORDEN | {"ordeno_verbal": "on"}, True)],
    ids=["apagada", "vista y sin marcar", "vista y marcada"],
)
def test_lo_ordeno_de_palabra(client, guion, mas, marcada):
    """A box left empty never comes: the fields beside it tell whether the page had it on."""
    client.force_login(guion.p.ventas)
    for elegir in ({}, {"elegir": guion.registrar().cliente_id}):
        respuesta = client.post("/casos/nuevo/", NUEVA | mas | elegir)
        casilla = respuesta.context["form"]["ordeno_verbal"]
        assert ("checked" in str(casilla)) == marcada, elegir


def test_el_borrador_tampoco_desmarca_lo_apagado(client, guion):
    sesion_vencida(client, guion.p.ventas)
    client.post("/casos/nuevo/", NUEVA | {"solicitud": "Pide bajar la tarifa."})
    client.force_login(guion.p.ventas)
    respuesta = client.get("/casos/nuevo/")
    assert "Pide bajar la tarifa." in respuesta.text
    assert "checked" in str(respuesta.context["form"]["ordeno_verbal"])


def test_se_proponen_las_areas_que_suelen_opinar_de_lo_que_se_pide(client, guion):
    tipo = TipoRequerimiento.objects.first()
    tipo.areas.set(Area.objects.filter(codigo__in=["FIN", "NOM"]))  # Nóminas gives no opinions
    caso = guion.contactar(guion.registrar(tipos=[tipo.pk]))
    client.force_login(guion.p.ventas)
    url = f"/casos/{caso.folio}/analizar/"
    marcadas = [
        c
        for c in ("FIN", "JUR", "OPE")
        if "checked" in str(client.get(url).context["form"][f"area_{c}"])
    ]
    assert marcadas == ["FIN"]
    # What was unticked stays so.
    respuesta = client.post(url, {"version": caso.version})
    assert "checked" not in str(respuesta.context["form"]["area_FIN"])


def test_los_textos_que_sugiere_cada_motivo_estan_junto_al_texto(client, guion):
    motivo, otro = Motivo.objects.filter(catalogo="NUESTRO")[:2]
    Motivo.objects.exclude(pk=motivo.pk).update(texto_cliente="")
    Motivo.objects.filter(pk=motivo.pk).update(texto_cliente="Por <ahora> no se puede.")
    caso = guion.hasta(E.POR_DECIDIR)
    client.force_login(guion.p.ventas)
    pagina = client.get(f"/casos/{caso.folio}/declarar_no_viable/").text
    assert "Por &lt;ahora&gt; no se puede.</dd>" in pagina
    assert pagina.count("data-sugiere") == 1
    assert 'data-texto="Por &lt;ahora&gt; no se puede."' in pagina
    assert otro.nombre in pagina
    Motivo.objects.update(texto_cliente="")
    pagina = client.get(f"/casos/{caso.folio}/declarar_no_viable/").text
    assert "Textos sugeridos" not in pagina


def test_lo_que_falta_a_un_grupo_lleva_a_el_y_se_dice_en_el(client, guion):
    """Areas and conditions: the summary leads to the group, which says it and is told by it."""
    caso = guion.hasta(E.EN_CONTACTO)
    client.force_login(guion.p.ventas)
    texto = client.post(f"/casos/{caso.folio}/analizar/", {"version": caso.version}).text
    for grupo, falta in (
        ("areas-que-deben-opinar", "Elige al menos un área, con su pregunta y su fecha."),
        ("condiciones-que-pide-el-cliente", "Escribe al menos una condición."),
    ):
        ancla = f"analizar-grupo-{grupo}"
        assert f'<a href="#{ancla}">{falta}</a>' in texto
        assert f'id="{ancla}" tabindex="-1" aria-describedby="{ancla}-falta"' in texto
        dicho = re.search(rf'<ul class="errorlist" id="{ancla}-falta">(.*?)</ul>', texto, re.S)
        assert falta in dicho[1]


def test_lo_que_falta_dice_que_hacer_sin_repetir_el_nombre(client, guion):
    caso = guion.registrar()
    client.force_login(guion.p.ventas)
    texto = client.post(f"/casos/{caso.folio}/contactar/", {"version": caso.version}).text
    assert ">Elige el medio.</a>" in texto and "Medio: Elige" not in texto
