"""Search finds the same on every database: folios, fragments, persons and telephones, in odd writing too."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import F
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casos.busqueda import buscar, buscar_clientes, normalizar, terminos
from casos.catalogos import Catalogo, Estado
from casos.clientes import altas, contratos, indice, supresion
from casos.lecturas import coincidencias
from casos.models import BusquedaCaso, Caso, Cliente, Motivo, PersonaContacto
from casos.pasos import fusion
from casos.permisos.lectura import busca_en

from .factories import CasoFactory, ClienteFactory, ContratoFactory
from .guion import Guion, actuar, consultas, un_contrato
from .reparto import en_corto_menos
from .sesion import escena


def folios(consulta):
    return set(buscar(Caso.objects.all(), consulta).values_list("folio", flat=True))


@pytest.fixture
def casos(db):
    bajio = ClienteFactory(razon_social="Alimentos del Bajío, S.A.", rfc="ABA850101XY2")
    penon = ClienteFactory(razon_social="Textiles Peñón", nombre_comercial="100%_Algodón")
    CasoFactory(folio="SV-2026-000123", cliente=bajio, solicitud="Bajar la TARIFA nocturna")
    CasoFactory(
        folio="SV-2026-000124",
        cliente=penon,
        estado=Estado.EN_CONTACTO,
        contrato=ContratoFactory(cliente=penon, numero="CT-777", servicio="Jardinería"),
        solicitud="Más plazas de noche",
    )
    CasoFactory(folio="SV-2025-000123", cliente=penon, solicitud="Bajar la tarifa de día")


@pytest.mark.parametrize(
    ("texto", "normal"),
    [
        ("  Bajío\tÑandú ", "bajio nandu"),
        ("STRASSE Straße", "strasse strasse"),
        ("ﬁn Ⅳ", "fin iv"),
        ("a\x00b", "ab"),
        ("", ""),
        (None, ""),
    ],
)
def test_se_normaliza_sin_acentos_ni_mayusculas(texto, normal):
    assert normalizar(texto) == normal


@pytest.mark.parametrize(
    ("consulta", "hallados"),
    [
        ("SV-2026-000123", {"SV-2026-000123"}),
        ("sv 2026 123", {"SV-2026-000123"}),
        ("2025-000123", {"SV-2025-000123"}),
        ("SV-2026-000999", set()),
        ("sv-2026", {"SV-2026-000123", "SV-2026-000124"}),
        ("sv-2026-00012", {"SV-2026-000123", "SV-2026-000124"}),
        ("000123", {"SV-2026-000123", "SV-2025-000123"}),
        ("bajio", {"SV-2026-000123"}),
        ("BAJÍO", {"SV-2026-000123"}),
        ("peñ", {"SV-2026-000124", "SV-2025-000123"}),
        ("aba8501", {"SV-2026-000123"}),
        ("ct-777", {"SV-2026-000124"}),
        ("jardineria noche", {"SV-2026-000124"}),
        ("tarifa penon", {"SV-2025-000123"}),
        ("tarifa jardineria", set()),
        ("100%_", {"SV-2026-000124", "SV-2025-000123"}),
        ("100_%", set()),
        ("%", {"SV-2026-000124", "SV-2025-000123"}),
        ("\\", set()),
        ("' OR 1=1 --", set()),
        ("   ", {"SV-2026-000123", "SV-2026-000124", "SV-2025-000123"}),
        ("alimentos, del bajio,", {"SV-2026-000123"}),
        ("(bajío) – «tarifa».", {"SV-2026-000123"}),
        ("bajío s. a.", {"SV-2026-000123"}),
        ("'\"", set()),
        (".", set()),
    ],
)
def test_se_halla(casos, consulta, hallados):
    assert folios(consulta) == hallados


def test_una_consulta_enorme_no_rompe(casos):
    assert folios("tarifa " * 5000) == {"SV-2026-000123", "SV-2025-000123"}


@pytest.mark.skipif("connection.vendor != 'postgresql'")
@pytest.mark.parametrize("consulta", ["gabriela", "55 1234-5678", "d'angelo acero"])
def test_postgresql_busca_fragmentos_con_sus_indices(db, consulta):
    """Of every part of the text: one that had none would be read whole."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")
    plan = buscar(Caso.objects.all(), consulta).explain()
    assert "busqueda_caso_trigramas" in plan and "busqueda_personas_trigramas" in plan
    assert "Seq Scan on casos_busquedacaso" not in plan
    plan = buscar_clientes(Cliente.objects.all(), consulta).explain()
    assert "busqueda_cliente_trigramas" in plan and "Seq Scan" not in plan


@given(st.text(max_size=60), st.text("abios1 ", min_size=1, max_size=4))
def test_lo_que_salta_a_la_vista_esta_en_lo_normalizado(texto, buscado):
    """So the whole text need not be normalised for it."""
    texto = f"{texto}{buscado}{texto}"
    for termino in terminos(buscado):
        if termino.salta_a_la_vista(texto.lower()):
            assert termino.esta_en(normalizar(texto))


# -- persons, telephones, mails, former names, motives -----------------------------------------------


@escena
def una_llamada(personas):
    """A client renamed once, with two persons; one case of it, refused."""
    g = Guion(personas)
    cliente = altas.crear_cliente(razon_social="Aceros D’Angelo, S. A. de C. V.")
    altas.agregar_persona(
        cliente, nombre="Gabriela Núñez-Cano", telefono="55 1234-5678 ext. 12, +1 210 736 5000",
        correo="G.Nunez@aceros.mx",
    )  # fmt: skip
    contrato = un_contrato("CT-2024-15", cliente)
    altas.cambiar_cliente(cliente, razon_social="Metales del Golfo", autor=personas.gerente)
    suyo = Motivo.objects.filter(catalogo=Catalogo.CLIENTE).first()
    caso = g.rechazar(g.hasta(Estado.EN_RESPUESTA, contrato=contrato), motivo_principal=suyo.pk)
    sur = altas.crear_cliente(razon_social="Textiles del Sur")
    otro = g.registrar(un_contrato("CT-9", sur))
    return caso.pk, otro.pk, suyo.pk


@pytest.fixture
def llamada(una_llamada):
    caso, otro, motivo = una_llamada
    return Caso.objects.get(pk=caso), Caso.objects.get(pk=otro), Motivo.objects.get(pk=motivo)


def hallan(consulta, usuario):
    return set(buscar(Caso.objects.all(), consulta, busca_en(usuario)))


DE_PERSONA = ["gabriela", "NÚÑEZ CANO", "nunez–cano", "Gabriela Nuñez-Cano", "laura trevino"]
DE_ANTES = [
    "d'angelo",
    "dangelo",
    "aceros sa de cv",
    "ACEROS D´ANGELO S.A. DE C.V.",
    "Aceros, S. A.",
]
DE_TELEFONO = [
    "55 1234-5678", "5512345678", "+52 1 55 1234 5678", "(55) 1234 5678", "55.12.34.56.78", "5678", "345678",
    "1234-5678", "01 55 1234 5678", "044 55 1234 5678", "tel:+525512345678", "55 1234 5678 ext. 12",
    "+1 (210) 736-5000", "736 5000", "gabriela 55 1234-5678", "55 1234 5678 golfo",
]  # fmt: skip
DE_CORREO = [
    "g.nunez@aceros.mx",
    "mailto:G.NUNEZ@aceros.mx",
    "Gabriela <g.nunez@aceros.mx>",
    "nunez@aceros",
]


@pytest.mark.parametrize("consulta", [*DE_PERSONA, *DE_ANTES, *DE_TELEFONO, *DE_CORREO])
def test_quien_llama_se_halla_por_lo_que_dice(llamada, personas, consulta):
    caso, otro, _ = llamada
    # The other client has a person called Laura too.
    assert hallan(consulta, personas.ventas) == ({caso, otro} if "laura" in consulta else {caso})
    clientes = buscar_clientes(Cliente.objects.all(), consulta, busca_en(personas.ventas))
    assert caso.cliente in clientes


@pytest.mark.parametrize(
    "consulta", ["5679", "12345678 9", "1234", "51234", "gabriela 55 1234-0000", "ana@aceros.mx"]
)
def test_lo_que_no_es_suyo_no_lo_halla(llamada, personas, consulta):
    """Of a few figures, those that a telephone ends in; of many, these and no others."""
    assert llamada[0] not in hallan(consulta, personas.ventas)


@pytest.mark.parametrize("consulta", [*DE_PERSONA, *DE_ANTES, *DE_TELEFONO, *DE_CORREO])
def test_auditoria_no_halla_a_nadie(llamada, personas, consulta, client):
    """Neither case nor client, nor where: by search they would know whom they may not see."""
    caso, otro, _ = llamada
    assert hallan(consulta, personas.auditor) == set()
    assert not buscar_clientes(Cliente.objects.all(), consulta, busca_en(personas.auditor)).exists()
    assert coincidencias.de_casos([caso, otro], consulta, personas.auditor) in ({}, {caso.pk: []}, {
        caso.pk: [], otro.pk: []})  # fmt: skip
    client.force_login(personas.auditor)
    for ruta in ("/casos/", "/clientes/"):
        texto = client.get(ruta, {"q": consulta}).text
        assert (
            "Persona de contacto" not in texto and "Antes:" not in texto and caso.folio not in texto
        )


def test_un_area_halla_personas_de_sus_casos_y_no_como_llamarlas(llamada, personas, client):
    caso, otro, _ = llamada
    client.force_login(personas.finanzas)

    def hallados(consulta):
        return {c.pk for c in client.get("/casos/", {"q": consulta}).context["casos"]}

    assert hallados("gabriela") == hallados("dangelo") == {caso.pk}
    assert hallados("laura") == {caso.pk}, "the other case is not of Finanzas"
    for consulta in ("5512345678", "5678", "g.nunez@aceros.mx"):
        assert hallados(consulta) == set(), consulta
    client.force_login(personas.ventas)
    assert hallados("laura") == {caso.pk, otro.pk} and hallados("5678") == {caso.pk}


@pytest.mark.parametrize(
    ("consulta", "donde"),
    [
        ("gabriela", ["Persona de contacto: Gabriela Núñez-Cano"]),
        ("d'angelo", ["Antes: Aceros D’Angelo, S. A. de C. V."]),
        ("55 1234-5678", ["Teléfono: 55 1234 5678 ext. 12 (Gabriela Núñez-Cano)"]),
        ("5000", ["Teléfono: +1 210-736-5000 (Gabriela Núñez-Cano)"]),
        ("g.nunez@aceros.mx", ["Correo: G.Nunez@aceros.mx (Gabriela Núñez-Cano)"]),
        ("ct-2024", ["Contrato: CT-2024-15"]),
        ("golfo almacén", ["Servicio: Personal de almacén"]),
        ("golfo", []),
        ("tarifa metales", []),
        ("gabriela dangelo tarifa",
         ["Persona de contacto: Gabriela Núñez-Cano", "Antes: Aceros D’Angelo, S. A. de C. V."]),
    ],
)  # fmt: skip
def test_se_dice_donde_se_hallo(llamada, personas, client, consulta, donde):
    caso, *_ = llamada
    halladas = coincidencias.de_casos([caso], consulta, personas.ventas)
    assert [str(x) for x in halladas.get(caso.pk, [])] == donde
    client.force_login(personas.ventas)
    texto = client.get("/casos/", {"q": consulta}).text
    for lugar in donde:
        assert lugar in texto
    assert texto.count('class="hallado"') >= len(donde)


def test_los_motivos_se_hallan_y_se_dicen(llamada, personas):
    caso, otro, motivo = llamada
    for quien in (personas.ventas, personas.auditor):
        assert hallan(motivo.nombre.upper(), quien) == {caso}
    halladas = coincidencias.de_casos([caso], motivo.nombre, personas.auditor)
    assert f"Motivo: {motivo}" in [str(x) for x in halladas[caso.pk]]


def test_quien_llama_sin_tener_casos_se_halla_en_el_buscador(llamada, personas, client):
    nuevo = altas.crear_cliente(razon_social="Sin casos todavía")
    altas.agregar_persona(nuevo, nombre="Zenaida Quiroz", telefono="81 8765 4321")
    for quien, ve in (("ventas", True), ("gerente", True), ("auditor", False), ("finanzas", False)):
        client.force_login(getattr(personas, quien))
        for consulta in ("zenaida", "8187654321", "4321"):
            texto = client.get("/casos/", {"q": consulta}).text
            assert (f'href="/clientes/{nuevo.pk}/"' in texto) == ve, (quien, consulta)
            assert ("Zenaida Quiroz" in texto) == ve
    client.force_login(personas.ventas)
    texto = client.get("/casos/nuevo/", {"buscar": "81 8765-4321"}).text
    assert f'name="elegir" value="{nuevo.pk}"' in texto and "Teléfono: 81 8765 4321" in texto
    assert "Persona de contacto: Zenaida Quiroz" in client.get("/clientes/", {"q": "zenaida"}).text


# -- kept true ---------------------------------------------------------------------------------------


def guardados() -> dict:
    """What everything is found by, as it stands."""
    clientes = Cliente.objects.values_list(
        "pk", "texto_busqueda", "texto_nombres", "texto_contacto"
    )
    casos = BusquedaCaso.objects.values_list("pk", "texto", "nombres", "contacto")
    return {"clientes": set(clientes), "casos": set(casos)}


def revisar_indice() -> None:
    """Made anew, it is the same."""
    antes = guardados()
    assert not BusquedaCaso.objects.exclude(nombres=F("caso__cliente__texto_nombres")).exists()
    indice.reindexar_clientes(Cliente.objects.all())
    indice.reindexar(Caso.objects.all())
    assert guardados() == antes


def test_lo_que_se_escribe_en_un_cliente_se_halla_enseguida_y_lo_que_se_borra_ya_no(
    llamada, personas
):
    caso, otro, motivo = llamada
    cliente, v = caso.cliente, personas.ventas
    revisar_indice()
    nueva = altas.agregar_persona(cliente, nombre="Olga Ibarra", telefono="33 3123 4567", autor=v)
    assert hallan("olga ibarra 4567", v) == {caso}
    revisar_indice()
    altas.cambiar_persona(nueva, nombre="Olga Robles", telefono="33 3999 7788", autor=v)
    assert hallan("ibarra", v) == hallan("4567", v) == set() and hallan("robles 7788", v) == {caso}
    revisar_indice()
    supresion.suprimir_persona(PersonaContacto.objects.get(pk=nueva.pk))
    assert hallan("robles", v) == hallan("7788", v) == hallan("olga", v) == set()
    revisar_indice()
    contratos.cambiar_contrato(caso.contrato, servicio="Limpieza fina", autor=v)
    assert hallan("limpieza fina", v) == {caso}
    revisar_indice()
    altas.cambiar_cliente(cliente, nombre_comercial="Golfo", autor=v)
    altas.cambiar_cliente(cliente, nombre_comercial="Metalgolfo", autor=v)
    assert hallan("metalgolfo dangelo", v) == {caso}
    revisar_indice()
    fusion.fusionar_clientes(cliente, otro.cliente, actor=personas.gerente)
    assert hallan("metales metalgolfo dangelo gabriela", v) == {caso, otro}, "by what it was called"
    revisar_indice()
    assert Cliente.objects.get(pk=cliente.pk).texto_contacto == ""
    tercero = altas.crear_cliente(razon_social="Consorcio Tercero")
    fusion.fusionar_clientes(otro.cliente, tercero, actor=personas.gerente)
    assert hallan("dangelo tercero", v) == {caso, otro}
    revisar_indice()


def test_un_motivo_que_cambia_de_nombre_se_halla_por_el_nuevo(
    llamada, personas, client, django_capture_on_commit_callbacks
):
    """Its cases come after the change: whoever signs in does not wait for the last of them."""
    caso, _, motivo = llamada
    client.force_login(personas.gerente)
    datos = {
        "catalogo": motivo.catalogo,
        "nombre": "Encontró otra agencia",
        "orden": "1",
        "activo": "on",
    }
    with django_capture_on_commit_callbacks() as despues:
        assert client.post(f"/admin/casos/motivo/{motivo.pk}/change/", datos).status_code == 302
    assert hallan("otra agencia", personas.ventas) == set()
    for hacer in despues:
        hacer()
    assert hallan("otra agencia", personas.ventas) == {caso}
    assert hallan(motivo.nombre, personas.ventas) == set()
    revisar_indice()


def test_lo_que_se_olvida_al_replantear_ya_no_se_halla(personas):
    g = Guion(personas)
    caso = g.no(g.hasta(Estado.POR_DECIDIR))
    motivo = caso.motivos.first()
    assert hallan(motivo.nombre, personas.ventas) == {caso}
    actuar("replantear", caso, personas.gerente, motivo="Cambió el margen.", que_cambio="El margen.",
           **consultas("FIN"))  # fmt: skip
    assert hallan(motivo.nombre, personas.ventas) == set()
    revisar_indice()


def test_lo_que_hizo_una_version_anterior_se_rehace_por_lotes(
    llamada, personas, monkeypatch, capsys
):
    """Nothing to do is nothing said; what is new meanwhile is not touched."""
    monkeypatch.setattr(indice, "LOTE", 1)
    call_command("reindexar")
    assert capsys.readouterr().out == ""
    bien = guardados()
    BusquedaCaso.objects.update(texto="x", nombres="x", contacto="x", version=0)
    Cliente.objects.update(
        texto_busqueda="x", texto_nombres="x", texto_contacto="x", texto_version=0
    )
    BusquedaCaso.objects.filter(caso=llamada[1]).delete()
    call_command("reindexar")
    assert "2 clientes y 2 casos" in capsys.readouterr().out
    assert guardados() == bien
    call_command("reindexar")
    assert capsys.readouterr().out == ""
    BusquedaCaso.objects.update(texto="x")
    call_command("reindexar", todos=True)
    assert guardados() == bien


# -- what was typed back in odd ways -----------------------------------------------------------------

LETRAS = st.sampled_from(
    ["Núñez", "O’Farrill", "Peña-Nieto", "J. R.", "Dávila", "García", "Mc Allen", "Ángel"]
)
NOMBRES = st.lists(LETRAS, min_size=1, max_size=3).map(" ".join)
TELEFONOS = st.from_regex(r"(55|81|33|222)[2-9][0-9]{6,7}", fullmatch=True).filter(
    lambda t: len(t) == 10
)
RUIDO = st.sampled_from(
    ["{}", " {} ", "«{}»", "({})", "{},", "{}.", "{} –", "¿{}?", "\u200b{}", "“{}”"]
)


@st.composite
def tecleado(draw, nombre):
    """The same name by another hand: case, quotes, dashes, dots, blanks, width, noise around."""
    cambios = [
        (" ", draw(st.sampled_from([" ", "  ", "\u00a0", "\t"]))),
        ("’", draw(st.sampled_from(["'", "’", "´", "`", ""]))),
        ("-", draw(st.sampled_from(["-", "–", "—", "‐", " "]))),
        (". ", draw(st.sampled_from([". ", ".", " "]))),
    ]
    for este, otro in cambios:
        nombre = nombre.replace(este, otro)
    nombre = draw(st.sampled_from([str.upper, str.lower, str.title, str]))(nombre)
    return draw(RUIDO).format(nombre)


@st.composite
def dictado(draw, telefono):
    partes = draw(st.sampled_from([(2, 6), (3, 6), (2, 4, 6, 8), ()]))
    cortes = [0, *partes, len(telefono)]
    con = draw(st.sampled_from([" ", "-", ".", " - "]))
    junto = con.join(telefono[a:b] for a, b in zip(cortes, cortes[1:], strict=False))
    forma = draw(
        st.sampled_from(
            ["{}", "+52 {}", "+52 1 {}", "01 {}", "044 {}", "tel. {}", "{} ext. 123", " {} "]
        )
    )
    return forma.format(junto)


@settings(
    max_examples=en_corto_menos(120),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_lo_tecleado_de_otra_manera_se_halla(db, data):
    nombre, telefono = data.draw(NOMBRES), data.draw(TELEFONOS)
    cliente = ClienteFactory(razon_social="Uno")
    PersonaContacto.objects.create(cliente=cliente, nombre=nombre, telefono=f"+52{telefono}")
    indice.reindexar_clientes(Cliente.objects.filter(pk=cliente.pk))
    consulta = data.draw(tecleado(nombre))
    assert cliente in buscar_clientes(Cliente.objects.all(), consulta), (nombre, consulta)
    consulta = data.draw(dictado(telefono))
    assert cliente in buscar_clientes(Cliente.objects.all(), consulta), (telefono, consulta)
    finales = telefono[-data.draw(st.integers(4, 10)) :]
    assert cliente in buscar_clientes(Cliente.objects.all(), finales), (telefono, finales)
