"""One visibility query (D§4.1): what is in a list opens, is found and is exported; nothing else."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from casos.catalogos import Estado
from casos.clientes import altas
from casos.clientes.indice import texto_de_caso
from casos.models import BusquedaCaso, Caso, Cliente, Configuracion
from casos.pasos import fusion

from .factories import (
    AjusteFactory,
    AreaFactory,
    AvisoFactory,
    CasoFactory,
    ClienteFactory,
    ConstanciaFactory,
    OpinionFactory,
    SuplenciaFactory,
)
from .guion import Guion, un_contrato
from .personas import NOMBRES

TODOS = {
    "de_ventas",
    "de_ventas2",
    "con_juridico",
    "con_nominas",
    "por_atencion",
    "sin_asignar",
    "de_atencion",
    "dicho_a_finanzas",
    "cerrado",
}

# Who sees what, with Ventas limited to their own (the stricter setting): D§5.
VEN_Y_SUYOS = {
    "ventas": {"de_ventas", "con_juridico", "con_nominas", "cerrado"},
    "ventas2": {"de_ventas2", "por_atencion", "sin_asignar", "dicho_a_finanzas", "de_ventas"},
    "gerente": TODOS,
    "atencion": {"de_atencion", "por_atencion"},
    "direccion": TODOS,
    "juridico": {"con_juridico"},
    "dh": set(),
    "operaciones": set(),
    "finanzas": {"dicho_a_finanzas"},
    "nominas": {"con_nominas"},
    "rys": set(),
    "calidad": TODOS,
    "auditor": TODOS,
    "admin": TODOS,
    "ajena": set(),
}


@pytest.fixture
def casos(personas):
    """Cases that each person reaches by a different road; ``ventas2`` follows one of ``ventas``."""
    v, v2 = personas.ventas, personas.ventas2
    c = {
        "de_ventas": CasoFactory(
            estado=Estado.EN_CONTACTO, responsable=v, seguidores=[personas.ventas2]
        ),
        "de_ventas2": CasoFactory(estado=Estado.EN_PROPUESTA, responsable=v2),
        "con_juridico": CasoFactory(estado=Estado.EN_ANALISIS, responsable=v),
        "con_nominas": CasoFactory(estado=Estado.EN_MODIFICACION, responsable=v),
        "por_atencion": CasoFactory(
            estado=Estado.POR_INFORMAR, responsable=v2, por_atencion=True, paso_por_atencion=True
        ),
        "sin_asignar": CasoFactory(registrado_por=v2),
        "de_atencion": CasoFactory(estado=Estado.EN_RESPUESTA, responsable=personas.atencion),
        "dicho_a_finanzas": CasoFactory(estado=Estado.EN_CONTACTO, responsable=v2),
        "cerrado": CasoFactory(estado=Estado.CERRADO, responsable=v),
    }
    OpinionFactory(caso=c["con_juridico"])
    AjusteFactory(caso=c["con_nominas"], area=AreaFactory(codigo="NOM"))
    ConstanciaFactory(caso=c["dicho_a_finanzas"], destinatario=personas.finanzas)
    return c


@pytest.fixture
def ventas_limitada(db):
    Configuracion.objects.update_or_create(pk=1, defaults={"ventas_ve_todo": False})


def de_la_lista(client, consulta=""):
    respuesta = client.get(f"/casos/?{consulta}")
    assert respuesta.status_code == 200
    return {c.folio for c in respuesta.context["casos"]}


def del_libro(client):
    libro = load_workbook(BytesIO(client.get("/casos/exportar/").getvalue()))
    return {fila[0].value for fila in libro["Casos"].iter_rows(min_row=2)}


def abre(client, caso) -> bool:
    """Only its history is drawn, which is quick: seen or not is one question for the whole page."""
    solo_historia = {"HX-Request": "true", "HX-Target": "historia"}
    return client.get(f"/casos/{caso.folio}/", headers=solo_historia).status_code == 200


def nombres(casos, folios):
    return {nombre for nombre, caso in casos.items() if caso.folio in folios}


def test_la_consulta_es_la_del_diseno(personas, casos, ventas_limitada):
    ven = {
        quien: nombres(casos, set(Caso.objects.visibles_para(p).values_list("folio", flat=True)))
        for quien, p in vars(personas).items()
    }
    assert ven == VEN_Y_SUYOS


@pytest.mark.parametrize("quien", NOMBRES)
def test_ver_es_uno_solo(client, personas, casos, ventas_limitada, quien):
    """In the list ⇔ opens ⇔ is found ⇔ is in the workbook, and exactly what the design says."""
    client.force_login(getattr(personas, quien))
    en_lista = nombres(casos, de_la_lista(client))
    abren = {n for n, c in casos.items() if abre(client, c)}
    se_hallan = {n for n, c in casos.items() if c.folio in de_la_lista(client, f"q={c.folio}")}
    por_texto = nombres(casos, de_la_lista(client, "q=tarifa"))
    assert en_lista == abren == se_hallan == por_texto == nombres(casos, del_libro(client))
    assert en_lista == VEN_Y_SUYOS[quien]


@pytest.mark.parametrize("quien", NOMBRES)
def test_lo_que_no_se_ve_no_existe(client, personas, casos, ventas_limitada, quien):
    """404, not 403: a folio does not even say that it exists."""
    client.force_login(getattr(personas, quien))
    for nombre in TODOS - VEN_Y_SUYOS[quien]:
        assert client.get(f"/casos/{casos[nombre].folio}/").status_code == 404
        assert client.get(f"/casos/{casos[nombre].folio}/anotar/").status_code == 404


def test_algo_podria_filtrarse():
    """Every restricted person has something hidden from them, or the tests above prove nothing."""
    for quien in (
        "ventas",
        "ventas2",
        "atencion",
        "juridico",
        "nominas",
        "finanzas",
        "dh",
        "ajena",
    ):
        assert TODOS - VEN_Y_SUYOS[quien], quien


@pytest.mark.parametrize("quien", ["ventas", "ventas2"])
def test_ventas_ve_todo_si_la_empresa_asi_lo_quiere(client, personas, casos, quien):
    client.force_login(getattr(personas, quien))
    assert nombres(casos, de_la_lista(client)) == TODOS == nombres(casos, del_libro(client))


def test_una_suplencia_presta_la_vista_y_su_fin_la_quita(client, personas, casos, ventas_limitada):
    prestada = SuplenciaFactory(titular=personas.juridico, suplente=personas.dh)
    client.force_login(personas.dh)
    assert nombres(casos, de_la_lista(client)) == {"con_juridico"}
    prestada.hasta = prestada.desde
    prestada.save()
    assert nombres(casos, de_la_lista(client)) == set()


def test_auditoria_no_ve_a_las_personas_de_contacto(client, personas, casos):
    """The same pages tell a name to others, so that it could leak."""
    nombre = casos["de_ventas"].persona.nombre

    def textos(quien):
        client.force_login(quien)
        libro = load_workbook(BytesIO(client.get("/casos/exportar/").getvalue()))
        celdas = {str(c.value) for fila in libro["Casos"].iter_rows() for c in fila}
        paginas = [
            client.get(u).text for u in ("/", "/casos/", casos["de_ventas"].get_absolute_url())
        ]
        return "\n".join([*celdas, *paginas])

    assert nombre in textos(personas.calidad)
    assert nombre not in textos(personas.auditor)
    assert f"Persona {casos['de_ventas'].persona_id}" in textos(personas.auditor)


def test_auditoria_no_exporta_el_rfc_de_una_persona_fisica(client, personas, casos):
    Cliente.objects.filter(pk=casos["de_ventas"].cliente_id).update(rfc="GODE561231GR8")
    Cliente.objects.filter(pk=casos["de_ventas2"].cliente_id).update(rfc="APN980312QX4")

    def rfcs(quien):
        client.force_login(quien)
        libro = load_workbook(BytesIO(client.get("/casos/exportar/").getvalue()))
        titulos = [c.value for c in libro["Casos"][1]]
        columna = titulos.index("RFC")
        return {fila[columna].value for fila in libro["Casos"].iter_rows(min_row=2)}

    assert {"GODE561231GR8", "APN980312QX4"} <= rfcs(personas.calidad)
    del_auditor = rfcs(personas.auditor)
    assert "GODE561231GR8" not in del_auditor and "APN980312QX4" in del_auditor


def test_auditoria_no_sabe_el_nombre_de_un_cliente_que_es_persona(client, personas, casos):
    """No page, book, address, subject of a mail nor search tells it; a company's name is public."""
    caso, otro = casos["de_ventas"], casos["de_ventas2"]
    for cliente, rfc in ((caso.cliente, "GODE561231GR8"), (otro.cliente, "APN980312QX4")):
        cliente.razon_social = f"Gervasia Ordóñez {len(rfc)}"
        cliente.nombre_comercial = f"Taller Gervasia {len(rfc)}"
        cliente.rfc, cliente.texto_busqueda = rfc, f"gervasia ordonez {len(rfc)}"
        cliente.save()
        BusquedaCaso.objects.update_or_create(
            caso=cliente.casos.get(), defaults={"texto": texto_de_caso(cliente.casos.get())}
        )
    asuntos = (
        "Falta asignar responsable – Taller Gervasia 13",
        "Propuesta 1 para Taller Gervasia 13",
        "Propuesta 2 para Taller Gervasia 13 – Costura",
    )
    cartas = [
        AvisoFactory(
            caso=caso,
            asunto=f"[{caso.folio}] {a}",
            plantilla="propuesta" if "Propuesta" in a else "asignado",
        )
        for a in asuntos
    ]
    rutas = [
        "/casos/",
        f"/casos/?cliente={caso.cliente_id}",
        caso.get_absolute_url(),
        "/clientes/",
        f"/clientes/{caso.cliente_id}/",
        "/avisos/",
        *(f"/avisos/{c.pk}/" for c in cartas),
    ]
    for quien, debe in (("calidad", True), ("auditor", False)):
        client.force_login(getattr(personas, quien))
        for ruta in rutas:
            pagina = client.get(ruta).text
            assert ("Gervasia 13" in pagina or "Ordóñez 13" in pagina) == debe, (quien, ruta)
            assert debe or f"Cliente {caso.cliente_id}" in pagina, ruta
        assert "Taller Gervasia 12" in client.get("/casos/").text
        libro = load_workbook(BytesIO(client.get("/casos/exportar/").getvalue()))
        celdas = {str(c.value) for fila in libro["Casos"].iter_rows() for c in fila}
        assert ("Gervasia Ordóñez 13" in celdas) == debe and "Gervasia Ordóñez 12" in celdas
        for ruta, url in (
            ("/casos/", caso.get_absolute_url()),
            ("/clientes/", f"/clientes/{caso.cliente_id}/"),
        ):
            hallado = client.get(ruta, {"q": "gervasia"}).text
            assert (f'"{url}"' in hallado) == debe and "Gervasia 12" in hallado, (quien, ruta)
            assert f'"{url}"' in client.get(ruta, {"q": "GODE561231GR8"}).text
        assert caso.folio in client.get("/casos/", {"q": caso.folio}).text


def test_ni_lo_sabe_por_lo_que_se_le_niega_ni_por_lo_que_fue(client, personas):
    """Neither a refusal nor a client merged since tells the name of a natural person."""
    g = Guion(personas)
    duplicado = altas.crear_cliente(razon_social="Gervasia Ordóñez", rfc="GODE561231GR8")
    caso = g.informar(g.no(g.hasta(Estado.POR_DECIDIR, contrato=un_contrato("CT-7", duplicado))))
    client.force_login(personas.auditor)
    for datos in ({}, {"version": "999"}):
        for accion in ("planear", "contactar"):
            negado = client.post(f"{caso.get_absolute_url()}{accion}/", datos)
            assert negado.status_code in (403, 409) and "Gervasia" not in negado.text
    queda = altas.crear_cliente(razon_social="Aceros del Norte", rfc="APN980312QX4")
    fusion.fusionar_clientes(duplicado, queda, actor=personas.gerente)
    for ruta in (caso.get_absolute_url(), "/avisos/"):
        client.force_login(personas.calidad)
        assert "Gervasia" in client.get(ruta).text
        client.force_login(personas.auditor)
        pagina = client.get(ruta).text
        assert "Gervasia" not in pagina and "Aceros del Norte" in pagina


def test_las_paginas_de_clientes_del_auditor_no_llevan_nombres_en_su_enlace(
    client, personas, monkeypatch
):
    monkeypatch.setattr("casos.lecturas.clientela.TAMANO", 2)
    for n in range(5):
        ClienteFactory(razon_social=f"Gervasia {9 - n}", rfc=f"GODE56123{n}GR8")
    client.force_login(personas.auditor)
    vistos, ruta = [], "/clientes/"
    while ruta:
        respuesta = client.get(ruta)
        assert "Gervasia" not in respuesta.text
        vistos += respuesta.context["clientes"]
        sigue = respuesta.context["siguiente_url"]
        ruta = f"/clientes/{sigue}" if sigue else ""
    assert len(vistos) == len(set(vistos)) == 5


def test_sin_sesion_no_hay_nada(client, casos):
    for url in ("/", "/casos/", "/casos/exportar/"):
        respuesta = client.get(url)
        assert respuesta.status_code == 302
        assert respuesta["Location"].startswith("/cuenta/login/")


def test_quien_administra_personas_no_guarda_un_nombre_enmascarado(client, personas):
    """An auditor who is also the administrator: what they are shown is what a form would save."""
    cliente = ClienteFactory(razon_social="Ana Ruiz Solís", rfc="RUSA800101AB1")
    assert cliente.es_persona_fisica
    type(personas.auditor).objects.filter(pk=personas.auditor.pk).update(is_superuser=True)
    client.force_login(personas.auditor)
    pagina = client.get(f"/clientes/{cliente.pk}/editar/")
    assert pagina.context["form"]["razon_social"].value() == "Ana Ruiz Solís"
