"""§7.8: who explains our "no" has the approved text and what must not be said, and never reads why inside."""

import re
from io import BytesIO

import pytest
from django.contrib.admin.models import LogEntry
from openpyxl import load_workbook

from casos.catalogos import Catalogo, Estado
from casos.models import Area, Aviso, Caso, Motivo

from .guion import actuar, fresco
from .test_rastreo import destinos

pytestmark = pytest.mark.django_db
E = Estado
NO_DECIR = "No menciones lo que ganamos."


class Marcas:
    """A text for each internal field, that nothing else says."""

    def __init__(self):
        self.dichas = {}

    def __call__(self, campo):
        return self.dichas.setdefault(campo, f"Zz{len(self.dichas):02d}zorzal {campo}")

    def en(self, texto) -> set:
        return {campo for campo, marca in self.dichas.items() if marca.split()[0] in texto}


@pytest.fixture
def m():
    return Marcas()


def opinar(g, caso, area, **datos):
    opinion = next(o for o in caso.hechos.opiniones_actuales if o.area.codigo == area)
    return actuar("opinar", caso, g.de(area), opinion, **datos)


def no_viable(g, m):
    """§7.3 and §7.4, with every text of why in them; the client is told through Atención."""
    caso = g.analizar(g.hasta(E.EN_CONTACTO), "FIN", "OPE")
    caso = opinar(
        g,
        caso,
        "FIN",
        sentido="EN_CONTRA",
        fundamento=m("fundamento"),
        alternativas=m("alternativas"),
    )
    ope = next(o for o in caso.hechos.opiniones if o.area.codigo == "OPE")
    caso = actuar("pedir_datos", caso, g.p.operaciones, ope, datos_pedidos=m("datos_pedidos"))
    caso = actuar("responder_datos", caso, g.p.ventas, ope, datos_dados=m("datos_dados"))
    caso = opinar(
        g,
        caso,
        "OPE",
        sentido="CONDICIONES",
        fundamento=m("fundamento con condiciones"),
        cond_1_sobre="LIBRE",
        cond_1_valor=m("condición"),
    )
    caso = actuar("elevar", caso, g.p.ventas, porque=m("elevar"))
    caso = actuar("devolver", caso, g.p.direccion, motivo=m("devolver"))
    return g.no(caso, por_atencion="SI", detalle=m("detalle"))


def no_ajustable(g, m):
    """§7.7: an area cannot, another said so verbally, and what it had answered."""
    caso = g.hasta(E.EN_MODIFICACION)
    nom, jur = g.ajuste(caso, "NOM"), g.ajuste(caso, "JUR")
    caso = actuar("indicar_no_puede", caso, g.p.nominas, nom, respuesta=m("no puede"))
    caso = actuar(
        "anotar_respuesta", caso, g.p.ventas, jur,
        dijo="NO_PUEDE", quien=g.p.juridico.pk, dicho_en=fresco(caso).estado_desde,
        respuesta=m("de palabra"),
    )  # fmt: skip
    return g.no(caso, "declarar_no_ajustable", por_atencion="SI", detalle=m("no ajustable"))


def del_libro(cliente) -> str:
    libro = load_workbook(BytesIO(cliente.get("/casos/exportar/").getvalue()))
    return "\n".join(str(c) for hoja in libro for fila in hoja.values for c in fila if c)


def todo_lo_que_abre(cliente, caso) -> str:
    """Every page of the case and what it leads to, the workbook, and the letters it lists."""
    raiz = caso.get_absolute_url()
    por_ver = [raiz, f"{raiz}?todo", "/", f"/casos/?q={caso.folio}", f"/avisos/?caso={caso.folio}"]
    vistas, textos = set(), [del_libro(cliente)]
    while por_ver:
        url = por_ver.pop()
        if url in vistas:
            continue
        vistas.add(url)
        respuesta = cliente.get(url)
        if "html" not in respuesta["Content-Type"]:
            continue
        textos.append(respuesta.text)
        suyo = url.startswith(("/casos/SV", "/avisos/"))
        for destino in destinos(url, respuesta.text) if suyo else ():
            de_la_lista = destino.startswith("/avisos/") and f"caso={caso.folio}" in url
            if destino.startswith((raiz, "/clientes/")) or de_la_lista or caso.folio in destino:
                por_ver.append(destino)
    assert len(vistas) > 8
    return "\n".join(textos)


CASOS = {"no viable": no_viable, "no ajustable": no_ajustable}


@pytest.mark.parametrize("hacer", CASOS.values(), ids=CASOS)
def test_quien_solo_informa_no_lee_por_que_y_quien_decide_todo(mundo, client, m, hacer):
    g = mundo
    Motivo.objects.filter(catalogo=Catalogo.NUESTRO).update(no_decir=NO_DECIR)
    caso = hacer(g, m)
    for ronda, quien in (("por informar", "ventas"), ("informado", "gerente")):
        client.force_login(getattr(g.p, quien))
        faltan = set(m.dichas) - m.en(todo_lo_que_abre(client, caso))
        assert not faltan, (ronda, quien)
        client.force_login(g.p.atencion)
        leido = todo_lo_que_abre(client, caso)
        assert caso.texto_cliente in leido
        assert not m.en(leido), ronda
        for marca in m.dichas.values():
            hallados = client.get("/casos/", {"q": marca.split()[0]}).context["casos"]
            assert not list(hallados)
        if ronda == "por informar":
            caso = g.informar(caso, por=g.p.atencion)
    cartas = Aviso.objects.filter(caso=caso, usuario=g.p.atencion)
    assert cartas and not m.en("".join(f"{a.asunto}{a.texto}{a.html}" for a in cartas))
    # The same person, once the case is theirs, decides in it.
    Caso.objects.filter(pk=caso.pk).update(responsable=g.p.atencion)
    assert m.en(todo_lo_que_abre(client, caso)) == set(m.dichas)


def test_quien_informa_tiene_el_kit_en_el_caso_en_la_forma_y_en_la_carta(mundo, client):
    g = mundo
    caso = g.hasta(E.POR_DECIDIR)
    motivo = Motivo.objects.filter(catalogo=Catalogo.NUESTRO).first()
    Motivo.objects.filter(pk=motivo.pk).update(no_decir=NO_DECIR)
    caso = g.no(caso, por_atencion="SI")
    carta = Aviso.objects.get(caso=caso, plantilla="informar_cliente")
    for dicho in (f"Qué decirle: {caso.texto_cliente}", f"No le digas: {NO_DECIR}"):
        assert dicho in carta.texto
    # What was decided stays; what must not be said is what the motives say the day it is told.
    Motivo.objects.filter(pk=motivo.pk).update(no_decir="Ni la tarifa.", texto_cliente="Otro.")
    for quien in ("ventas", "atencion"):
        client.force_login(getattr(g.p, quien))
        for pagina in ("", "informar/"):
            kit = re.search(
                r'<section class="kit".*?</section>',
                client.get(caso.get_absolute_url() + pagina).text,
                re.S,
            )[0]
            assert "Qué decirle" in kit and caso.texto_cliente in kit and "Otro." not in kit
            assert "No le digas" in kit and "Ni la tarifa." in kit and NO_DECIR not in kit
    for quien in ("ventas2", "finanzas", "auditor"):
        client.force_login(getattr(g.p, quien))
        assert "No le digas" not in client.get(caso.get_absolute_url()).text


@pytest.fixture
def entra(client):
    def como(usuario):
        client.force_login(usuario)
        return client

    return como


def guardar(cliente, motivo, **datos):
    del_motivo = {
        "catalogo": motivo.catalogo, "nombre": motivo.nombre, "area": motivo.area_id or "",
        "texto_cliente": motivo.texto_cliente, "orden": motivo.orden, "activo": "on",
    }  # fmt: skip
    return cliente.post(f"/admin/casos/motivo/{motivo.pk}/change/", del_motivo | datos)


@pytest.mark.parametrize("quien", ["gerente", "juridico"])
def test_comercial_y_juridico_cuidan_los_textos_de_nuestros_motivos(mundo, entra, quien):
    usuario = getattr(mundo.p, quien)
    motivo = Motivo.objects.filter(area__codigo="FIN").first()
    dice = {"texto_cliente": "Por ahora no.", "no_decir": NO_DECIR, "nombre": "Otro nombre"}
    assert guardar(entra(usuario), motivo, **dice).status_code == 302
    antes, motivo = motivo.nombre, Motivo.objects.get(pk=motivo.pk)
    assert (motivo.texto_cliente, motivo.no_decir) == ("Por ahora no.", NO_DECIR)
    assert motivo.nombre == (antes if quien == "juridico" else "Otro nombre")
    assert LogEntry.objects.get(object_id=str(motivo.pk)).user == usuario


@pytest.mark.parametrize("quien", ["finanzas", "ventas", "atencion"])
def test_los_demas_no_tocan_los_textos_de_otros(mundo, entra, quien):
    motivo = Motivo.objects.filter(area__codigo="JUR").first()
    assert guardar(entra(getattr(mundo.p, quien)), motivo, no_decir="x").status_code in (
        302,
        403,
        404,
    )
    assert not Motivo.objects.get(pk=motivo.pk).no_decir


def test_lo_que_un_motivo_no_puede_decir_se_dice_junto_al_campo(mundo, entra):
    otro = Motivo.objects.get(catalogo=Catalogo.NUESTRO, pide_detalle=True)
    del_cliente = Motivo.objects.filter(catalogo=Catalogo.CLIENTE).first()
    assert Area.objects.get(codigo="JUR").que_ajusta == "CONTRATO"
    respuesta = guardar(entra(mundo.p.juridico), otro, texto_cliente="Algo.")
    assert respuesta.status_code == 200 and "no sugiere texto" in respuesta.text
    respuesta = guardar(entra(mundo.p.gerente), del_cliente, no_decir="x")
    assert respuesta.status_code == 200 and "Solo un motivo nuestro" in respuesta.text
    assert guardar(entra(mundo.p.juridico), del_cliente, no_decir="x").status_code == 302
    assert not Motivo.objects.exclude(no_decir="").exists()
