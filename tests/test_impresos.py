"""What the client is given in writing: it says what the sheet says, stays as it was given, and is nobody else's."""

import hashlib
import io
import re
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from casos.catalogos import Estado, Unidad
from casos.clientes.supresion import suprimir_persona
from casos.datos.logo_de_muestra import dibujar
from casos.expediente.carga import el_mismo
from casos.formularios.valores import en_palabras
from casos.impresos import documentos, imprenta
from casos.impresos.congelar import pdf_de
from casos.impresos.documentos import de_propuesta
from casos.models import Aviso, Empresa, Impreso, Propuesta
from casos.pasos.entregas import documento_de
from tests.guion import actuar, en_dias, formulario, fresco, rechaza
from tests.test_entradas_malas import MALOS

E = Estado
HOSTIL = (
    '# $ @ [ ] * _ \\ // <lbl> #panic() #read("/etc/passwd") {x} `raw` $x^2$ = / - + ~ --- "" \''
)
CASO = type(
    "Caso", (), {"folio": "SV-2026-000123", "moneda": "MXN", "cliente": "Aceros", "contrato": None}
)


@pytest.fixture
def g(mundo):
    return mundo


def leido(contenido: bytes) -> str:
    """The text of a PDF, with one kind of blank."""
    paginas = [p.extract_text() for p in PdfReader(io.BytesIO(contenido)).pages]
    return " ".join("\n".join(paginas).replace("\u200b", "").split())


def sin_blancos(texto: str) -> str:
    return re.sub(r"[\s\u200b\u00ad]", "", texto)


def documento(filas=(), texto="Le proponemos esto.", **mas):
    datos = {
        "numero": 1, "filas": filas, "texto": texto, "vigencia": date(2026, 12, 15),
        "fecha": date(2026, 11, 28), "persona": "Gabriela", "firma": ["Mariana"],
        "todo_lo_demas_sigue": True,
    }  # fmt: skip
    return de_propuesta(CASO, Empresa(razon_social="Firma, S.A."), **(datos | mas))


def fila(clave, unidad, vigente, propuesto):
    return {
        "concepto": f"Concepto {clave}", "clave": clave, "unidad": unidad, "vigente": vigente,
        "propuesto": propuesto,
    }  # fmt: skip


# -- the PDF layer ---------------------------------------------------------------------------------

VALORES = {
    Unidad.DINERO: st.decimals(0, 999_999_999, places=2).map(lambda d: f"{d:f}"),
    Unidad.ENTERO: st.integers(0, 999_999).map(str),
    Unidad.PORCENTAJE: st.decimals(0, 100, places=2).map(lambda d: f"{d.normalize():f}"),
    Unidad.FECHA: st.dates(date(2000, 1, 1), date(2100, 1, 1)).map(date.isoformat),
    Unidad.TEXTO: st.text("abcñÁ #$*_[]@\\/<>\"'", min_size=1, max_size=60)
    .map(lambda t: " ".join(t.split()))
    .filter(bool),
}
FILA = st.sampled_from(list(VALORES)).flatmap(
    lambda u: st.tuples(st.just(str(u)), VALORES[u] | st.just(""), VALORES[u])
)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(filas=st.lists(FILA, min_size=1, max_size=8))
def test_el_texto_del_pdf_es_el_de_la_hoja(filas):
    filas = [fila(f"{i}", u, v, p) for i, (u, v, p) in enumerate(filas)]
    texto = sin_blancos(leido(imprenta.imprimir(documento(filas))))
    for f in filas:
        renglon = f["concepto"]
        if f["vigente"] != f["propuesto"]:
            renglon += en_palabras(f["unidad"], f["vigente"], "MXN") or "–"
        renglon += en_palabras(f["unidad"], f["propuesto"], "MXN")
        assert sin_blancos(renglon) in texto, f


@pytest.mark.parametrize(
    "texto",
    [
        HOSTIL,
        "nulo\x00control\x07\x1b[31m fin",
        "derecha \u202eotxet\u202c fin عربي עברית",
        "😀👨‍👩‍👧 日本語 \ufffe \uf8ff",
        "x" * 4000,
        "\n\n\n" + "renglón\n" * 400,
        "",
    ],
    ids=["marcas", "controles", "bidi", "sin_glifo", "una_palabra", "largo", "vacio"],
)
def test_lo_que_se_escribe_es_texto_y_nada_lo_rompe(texto):
    contenido = imprenta.imprimir(
        documento(
            [fila(texto[:90], Unidad.TEXTO, texto[:150], texto[:150] + "!")],
            texto,
            persona=texto[:80],
            firma=[texto[:100], texto[:100]],
        )
    )
    dicho = sin_blancos(leido(contenido))
    assert "Vigentehasta" in dicho and "root:" not in dicho
    if texto == HOSTIL:
        assert sin_blancos(HOSTIL) in dicho
    if "nulo" in texto:
        assert "nulocontrol[31mfin" in dicho
    if len(texto) == 4000:
        assert dicho.count("x") >= 4000  # not one left out of the paper


def test_la_misma_entrada_da_los_mismos_bytes_etiquetados_y_con_titulo():
    uno = imprenta.imprimir(documento(), dibujar())
    assert uno == imprenta.imprimir(documento(), dibujar())
    pdf = PdfReader(io.BytesIO(uno))
    raiz = pdf.trailer["/Root"]
    assert raiz["/Lang"] == "es-MX" and raiz["/MarkInfo"]["/Marked"]
    assert pdf.metadata.title == "Propuesta SV-2026-000123-P1"
    assert [round(float(x)) for x in pdf.pages[0].mediabox[2:]] == [612, 792]
    assert "página 1 de 1" in leido(uno)


def test_una_edicion_que_ya_salio_no_se_cambia():
    """What was frozen is made from it: another look is another file, and ``EDICION`` one more.

    The second digest is of what typst makes of it: a new version of typst that changes it changes the bytes of
    what was given. Then decide: keep the old one, or say it in the CHANGELOG and write the new digest here.
    """
    plantilla = (imprenta.RAIZ / "documento_1.typ").read_bytes()
    assert hashlib.sha256(plantilla).hexdigest() == DE_LA_EDICION_1
    assert hashlib.sha256(imprenta.imprimir(documento())).hexdigest() == DE_LO_QUE_IMPRIME


DE_LA_EDICION_1 = "96fff5321ea9a0887eee25220eed6bb2d2c86696425e569d436b9a9b16edcb8c"
DE_LO_QUE_IMPRIME = "08992a01874be028946184c2e9f4c445b94fff0c3c308a291a71c7636df6fd5a"


def test_un_logo_que_no_se_puede_dibujar_cede_al_nombre(caplog):
    assert "Firma, S.A." in leido(imprenta.imprimir(documento(), b"\x89PNG no es"))
    assert "va con el nombre" in caplog.text
    caplog.clear()


def test_si_el_pdf_no_se_puede_hacer_se_dice_en_espanol(caplog):
    with pytest.raises(imprenta.NoSeImprimio, match="no se pudo hacer"):
        imprenta.imprimir(documento() | {"edicion": 99})
    caplog.clear()


def test_typst_no_se_carga_hasta_que_se_pide_un_pdf():
    import subprocess
    import sys

    dicho = subprocess.run(
        [sys.executable, "-c", "import django; django.setup(); import casos.urls, casos.tareas, sys; "
         "print('typst' in sys.modules)"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert dicho.stdout.strip() == "False"


# -- what was given stays as it was ----------------------------------------------------------------


def renovada(g, **datos):
    """A case whose second version was presented."""
    caso = g.presentar(g.hasta(E.EN_PROPUESTA))
    caso = actuar("volver_a_presentar", caso, g.p.ventas, motivo="Se corrige.")
    datos = {"vigencia": en_dias(20), "texto": "Otra vez."} | datos
    return g.presentar(caso, **datos)


def de_direccion(client, persona, url):
    client.force_login(persona)
    return client.get(url)


def test_los_mismos_bytes_cambie_lo_que_cambie(g, client):
    caso = g.presentar(g.hasta(E.EN_PROPUESTA), texto="Le proponemos bajar la tarifa.")
    url = f"{caso.get_absolute_url()}propuesta-1.pdf"
    antes = de_direccion(client, g.p.ventas, url)
    Empresa.objects.update(razon_social="Otra", nombre_comercial="Otra", direccion="Lejos")
    caso.cliente.__class__.objects.update(razon_social="Otro Cliente")
    caso.contrato.__class__.objects.update(servicio="Otro servicio")
    g.p.ventas.__class__.objects.update(puesto="Otro puesto")
    despues = de_direccion(client, g.p.ventas, url)
    assert antes.content == despues.content
    impreso = Impreso.objects.get(caso=caso)
    assert impreso.huella == impreso.calcular_huella()
    assert caso.eventos.get(accion="presentar").datos["impreso"] == impreso.huella


def test_dice_lo_presentado_y_nada_de_lo_nuestro(g, client):
    caso = g.presentar(g.hasta(E.EN_PROPUESTA), texto="Le proponemos bajar la tarifa.")
    contenido = de_direccion(client, g.p.ventas, f"{caso.get_absolute_url()}propuesta-1.pdf")
    dicho = leido(contenido.content)
    propuesta = Propuesta.objects.get(caso=caso)
    for f in propuesta.filas:
        assert en_palabras(f["unidad"], f["propuesto"], caso.moneda) in dicho
    for esperado in (str(caso.cliente), caso.persona.nombre, "Le proponemos bajar la tarifa.",
                     f"{propuesta.vigencia:%d/%m/%Y}", Empresa.actual().nombre, str(g.p.ventas)):  # fmt: skip
        assert esperado in dicho, esperado
    for nuestro in ("Se conserva el margen", "Bajar la tarifa a 14,500", "Margen", "BORRADOR"):
        assert nuestro not in dicho
    assert contenido["Content-Type"] == "application/pdf"
    assert contenido["Content-Disposition"] == f'inline; filename="{propuesta}.pdf"'
    assert contenido["X-Content-Type-Options"] == "nosniff"
    assert contenido["Content-Security-Policy"].startswith("default-src 'none'")
    bajado = client.get(f"{caso.get_absolute_url()}propuesta-1.pdf?bajar")
    assert bajado["Content-Disposition"] == f'attachment; filename="{propuesta}.pdf"'


def test_la_segunda_dice_que_cambio_y_la_primera_que_fue_sustituida(g, client):
    caso = renovada(g)
    una, dos = Propuesta.objects.filter(caso=caso).order_by("numero")
    ruta = caso.get_absolute_url()
    nueva = leido(de_direccion(client, g.p.ventas, f"{ruta}propuesta-2.pdf").content)
    assert "Qué cambió respecto de la -P1" in nueva
    assert f"Vigente hasta {una.vigencia:%d/%m/%Y} {dos.vigencia:%d/%m/%Y}" in nueva
    vieja = client.get(f"{ruta}propuesta-1.pdf")
    assert "Sustituida por -P2" in leido(vieja.content)
    assert vieja["Content-Disposition"].endswith('-P1-sustituida.pdf"')
    original = client.get(f"{ruta}propuesta-1.pdf?original").content
    assert original == pdf_de(Impreso.objects.get(caso=caso, numero=1))
    assert "Sustituida" not in leido(original)
    pagina = client.get(ruta).content.decode()
    assert "Qué cambió respecto de la -P1" in pagina and "Como se presentó" in pagina


def test_lo_que_cambio_solo_dice_lo_que_cambio():
    antes = [
        fila("a", "ENTERO", "1", "2"),
        fila("b", "ENTERO", "5", "6"),
        fila("c", "ENTERO", "7", "7"),
    ]
    ahora = [
        fila("a", "ENTERO", "1", "3"),
        fila("c", "ENTERO", "7", "7"),
        fila("d", "TEXTO", "", "Sí"),
    ]
    assert [tuple(c.__dict__.values()) for c in documentos.lo_que_cambio(antes, ahora, "MXN")] == [
        ("Concepto a", "2", "3"), ("Concepto d", "sin cambio", "Sí"), ("Concepto b", "6", "5"),
    ]  # fmt: skip


def test_de_lo_presentado_antes_de_guardarse_se_hace_con_los_datos_de_hoy(g, client, monkeypatch):
    with monkeypatch.context() as antes:
        antes.setattr("casos.pasos.propuesta.entregar_propuesta", lambda *a, **k: None)
        caso = g.presentar(g.hasta(E.EN_PROPUESTA))
    propuesta = Propuesta.objects.get(caso=caso)
    dicho = leido(
        de_direccion(client, g.p.ventas, f"{caso.get_absolute_url()}propuesta-1.pdf").content
    )
    assert "hecho con los datos de hoy" in dicho and f"{propuesta.vigencia:%d/%m/%Y}" in dicho
    actuar("enviar_propuesta", caso, g.p.ventas)  # what is sent is kept
    assert Impreso.objects.filter(caso=caso, numero=1).exists()
    assert documento_de(el_mismo(caso.pk), propuesta, Empresa.actual())["referencia"] == str(
        propuesta
    )


def test_se_suprime_el_nombre_de_una_persona_y_queda_lo_demas(g, client):
    caso = g.presentar(g.hasta(E.EN_PROPUESTA))
    nombre = caso.persona.nombre
    suprimir_persona(caso.persona)
    dicho = leido(pdf_de(Impreso.objects.get(caso=caso)))
    assert nombre not in dicho and "«suprimido»" in dicho and "14,500" in dicho


# -- before it is presented ------------------------------------------------------------------------


def test_el_borrador_dice_lo_escrito_y_no_registra_nada(g, client):
    caso = g.hasta(E.EN_PROPUESTA)
    url = f"{caso.get_absolute_url()}propuesta.pdf"
    client.force_login(g.p.ventas)
    pagina = client.get(f"{caso.get_absolute_url()}presentar/")
    assert f'formaction="{url}"' in pagina.content.decode()
    antes = (caso.num_eventos, Impreso.objects.count(), Aviso.objects.count())
    datos = formulario("presentar", g.p.ventas, caso).initial | {
        "propuesto_tarifa": "14550.25", "texto": HOSTIL, "vigencia": en_dias(9).isoformat(),
    }  # fmt: skip
    respuesta = client.post(url, {k: v for k, v in datos.items() if v not in (None, "")})
    assert respuesta.status_code == 200, respuesta.content.decode()
    dicho = leido(respuesta.content)
    assert "BORRADOR" in dicho
    assert "$14,550.25 MXN" in dicho and f"{en_dias(9):%d/%m/%Y}" in dicho
    assert sin_blancos(HOSTIL) in sin_blancos(dicho)
    assert "14,500" in leido(client.get(url).content)
    assert antes == (fresco(caso).num_eventos, Impreso.objects.count(), Aviso.objects.count())


def test_el_borrador_que_no_se_puede_leer_dice_que_corregir(g, client):
    caso = g.hasta(E.EN_PROPUESTA)
    client.force_login(g.p.ventas)
    respuesta = client.post(
        f"{caso.get_absolute_url()}propuesta.pdf", {"propuesto_tarifa": "mucho", "vigencia": "ayer"}
    )
    assert respuesta.status_code == 422 and "No se registró nada" in respuesta.content.decode()


def test_el_borrador_con_entrada_mala(g, client):
    """A PDF or a page that says what to correct; never a fault, and nothing is written."""
    caso = g.hasta(E.EN_PROPUESTA)
    client.force_login(g.p.ventas)
    campos = ("propuesto_tarifa", "propuesto_plazas", "texto", "vigencia", "persona", "persona_nombre",
              "como", "cuando", "version", "ficha")  # fmt: skip
    for clave, malo in MALOS.items():
        for datos in (dict.fromkeys(campos, malo), {"texto": malo}):
            respuesta = client.post(f"{caso.get_absolute_url()}propuesta.pdf", datos)
            assert respuesta.status_code in (200, 422), clave
    assert fresco(caso).num_eventos == caso.num_eventos and not caso.impresos.exists()


def test_sin_pdf_no_se_pierde_ningun_paso(g, client, monkeypatch, caplog):
    monkeypatch.setattr(imprenta, "EDICION", 99)
    monkeypatch.setattr(documentos, "EDICION", 99)
    caso = g.presentar(g.hasta(E.EN_PROPUESTA), enviar_al_cliente="on")
    assert caso.estado == E.EN_RESPUESTA
    respuesta = de_direccion(client, g.p.ventas, f"{caso.get_absolute_url()}propuesta-1.pdf")
    assert respuesta.status_code == 503 and "está a salvo" in respuesta.content.decode()
    caplog.clear()


# -- who is given it -------------------------------------------------------------------------------


def test_quien_puede_leer_los_documentos(g, client):
    """Who reads every row and knows the names; for the rest they are not there (rule 14)."""
    caso = g.aceptar(g.presentar(g.hasta(E.EN_PROPUESTA), enviar_al_cliente="on"))
    ruta, correo = caso.get_absolute_url(), Aviso.objects.get(plantilla="propuesta")
    lo_leen = {}
    for quien in ("ventas", "ventas2", "gerente", "direccion", "calidad", "auditor", "juridico", "nominas",
                  "finanzas", "dh", "ajena", "atencion"):  # fmt: skip
        client.force_login(getattr(g.p, quien))
        lo_leen[quien] = [
            client.get(u).status_code
            for u in (
                f"{ruta}propuesta-1.pdf",
                f"{ruta}acuerdo.pdf",
                f"/avisos/{correo.pk}/adjunto.pdf",
            )
        ]
        caso_visible = client.get(ruta)
        enlaces = caso_visible.content.decode().count("propuesta-1.pdf")
        assert bool(enlaces) == (lo_leen[quien][0] == 200), quien
    todo, nada = [200, 200, 200], [404, 404, 404]
    assert lo_leen == {
        "ventas": todo, "ventas2": [200, 200, 404], "gerente": todo, "direccion": todo,
        "calidad": todo, "auditor": nada, "juridico": [200, 200, 404], "nominas": nada,
        "finanzas": nada, "dh": nada, "ajena": nada, "atencion": nada,
    }  # fmt: skip


# -- sent ------------------------------------------------------------------------------------------


def test_una_propuesta_presentada_se_envia_despues(g, client):
    caso = g.presentar(g.hasta(E.EN_PROPUESTA))
    assert not Aviso.objects.filter(plantilla="propuesta").exists()
    client.force_login(g.p.ventas)
    pagina = client.get(f"{caso.get_absolute_url()}enviar_propuesta/").content.decode()
    assert caso.persona.correo in pagina and f"{caso.folio}-P1.pdf" in pagina
    caso = actuar("enviar_propuesta", caso, g.p.ventas)
    carta = Aviso.objects.get(plantilla="propuesta")
    assert carta.impreso == Impreso.objects.get(caso=caso) and carta.para == caso.persona.correo
    assert f"{caso.folio}-P1.pdf" in carta.texto
    url = f"/avisos/{carta.pk}/"
    Aviso.objects.filter(pk=carta.pk).update(adjunto_sha256="ab" * 32)
    leida = client.get(url).content.decode()
    assert f'<a href="{url}adjunto.pdf">{caso.folio}-P1.pdf</a>' in leida and "ab" * 32 in leida
    assert client.get(f"{url}adjunto.pdf").content == pdf_de(carta.impreso)
    evento = caso.eventos.last()
    assert evento.datos["propuesta"] == 1 and "impreso" not in evento.datos
    # Sent again, it answers the first.
    actuar("enviar_propuesta", caso, g.p.ventas)
    otra = Aviso.objects.filter(plantilla="propuesta").latest("pk")
    assert otra.en_respuesta_a == carta.message_id


@pytest.mark.parametrize("falta", ["correo", "nombre"])
def test_no_se_envia_a_quien_no_se_puede(g, falta):
    caso = g.presentar(g.hasta(E.EN_PROPUESTA))
    if falta == "correo":
        caso.persona.__class__.objects.update(correo="")
    else:
        Empresa.objects.update(razon_social="", nombre_comercial="")
    dicho = rechaza("enviar_propuesta", fresco(caso), g.p.ventas)
    assert {"correo": "no tiene correo", "nombre": "Datos de la empresa"}[falta] in dicho


# -- what was agreed -------------------------------------------------------------------------------


def test_lo_acordado_se_confirma_y_corregido_sustituye(g, client):
    caso = g.aceptar(g.presentar(g.hasta(E.EN_PROPUESTA)))
    ruta = f"{caso.get_absolute_url()}acuerdo.pdf"
    uno = leido(de_direccion(client, g.p.ventas, ruta).content)
    for dicho in ("Confirmación de lo acordado", f"{caso.folio}-A1", f"{caso.vigor_fecha:%d/%m/%Y}",
                  caso.persona.nombre, "Teléfono", "$14,500.00 MXN"):  # fmt: skip
        assert dicho in uno, dicho
    assert "sustituye" not in uno
    caso = actuar(
        "corregir_acordado", caso, g.p.ventas, motivo="Se anotó mal.", vigor_fecha=en_dias(25),
        **{f"acordado_{f.concepto.clave}": f.acordado for f in caso.hechos.condiciones},
    )  # fmt: skip
    dos = leido(client.get(ruta).content)
    assert "sustituye a la -A1, del " in dos and f"{en_dias(25):%d/%m/%Y}" in dos
    assert caso.persona.nombre in dos and "Se anotó mal" not in dos
    caso = actuar("enviar_acuerdo", caso, g.p.ventas)
    carta = Aviso.objects.get(plantilla="lo_acordado")
    assert carta.impreso.nombre == f"{caso.folio}-A2.pdf" and carta.impreso.nombre in carta.texto
    assert Impreso.objects.filter(caso=caso, clase="ACUERDO").count() == 2
