"""What the client asks, against what is in force: shown, counted, questioned, and kept by rounds."""

from importlib import import_module
from io import BytesIO
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection
from openpyxl import load_workbook

from casos import calendario
from casos.catalogos import Estado, Unidad
from casos.clientes import contratos
from casos.formularios.sobre_lo_vigente import Base, calcular, lo_que_extrana
from casos.models import Aviso, Caso, Concepto, Condicion, TipoRequerimiento, ValorContrato
from casos.textos import en_un_renglon
from tests.guion import (
    actuar,
    consultas,
    en_dias,
    formulario,
    fresco,
    hace,
    rechazada,
    un_contrato,
)

E = Estado


@pytest.fixture
def g(mundo):
    return mundo


def tipo(nombre):
    return TipoRequerimiento.objects.get(nombre=nombre)


def fila(caso, clave):
    return next(f for f in fresco(caso).hechos.condiciones if f.concepto.clave == clave)


# -- a change is counted -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("unidad", "escrito", "base", "da"),
    [(Unidad.ENTERO, "+12", "16", "28"),
     (Unidad.ENTERO, "-4", "16", "12"),
     (Unidad.ENTERO, "+25 %", "16", "20"),
     (Unidad.ENTERO, "+1,000", "16", "1016"),
     (Unidad.DINERO, "-4 %", "14700.00", "14112.00"),
     (Unidad.DINERO, "−4%", "14700.00", "14112.00"),
     (Unidad.DINERO, "– 4 %", "14700.00", "14112.00"),
     (Unidad.DINERO, "+ $250.50", "14700.00", "14950.50"),
     (Unidad.DINERO, "+0.333 %", "100.00", "100.33"),
     (Unidad.PORCENTAJE, "+2", "8", "10"),
     (Unidad.PORCENTAJE, "+2 %", "8", "10")],
)  # fmt: skip
def test_un_cambio_se_calcula_sobre_lo_que_hay(unidad, escrito, base, da):
    assert calcular(unidad, escrito, Base(base)) == da


@pytest.mark.parametrize(
    ("unidad", "escrito", "base", "dice"),
    [(Unidad.ENTERO, "+12", "", "No hay un valor del cual partir"),
     (Unidad.ENTERO, "+10 %", "16", "Da 17.6: escribe el número entero"),
     (Unidad.ENTERO, "-17", "16", "Da menos de cero"),
     (Unidad.DINERO, "-101 %", "16", "Da menos de cero"),
     (Unidad.DINERO, "+x", "16", "Escribe un número"),
     (Unidad.DINERO, "++4", "16", "Escribe un número"),
     (Unidad.PORCENTAJE, "+95", "8", "no pasa de 100")],
)  # fmt: skip
def test_lo_que_no_se_puede_calcular_dice_por_que(unidad, escrito, base, dice):
    with pytest.raises(ValidationError, match=dice):
        calcular(unidad, escrito, Base(base))


def test_al_registrar_y_al_analizar_se_entienden_los_cambios(g):
    caso = g.registrar(solicitado_plazas="+12")
    assert fila(caso, "plazas").solicitado == "32"
    caso = g.contactar(caso)
    caso = g.analizar(caso, solicitado_plazas="+25 %", solicitado_tarifa="−4 %")
    assert (fila(caso, "plazas").solicitado, fila(caso, "tarifa").solicitado) == ("25", "14400.00")


def test_la_contraoferta_se_calcula_sobre_lo_propuesto(g):
    caso = g.hasta(E.EN_RESPUESTA)
    assert fila(caso, "tarifa").propuesto == "14500.00"
    caso = actuar("contraofertar", caso, g.p.ventas, pide="Algo más.", solicitado_tarifa="+100")
    assert fila(caso, "tarifa").solicitado == "14600.00"


def test_sin_valor_del_cual_partir_se_dice_junto_al_campo(g):
    for datos in ({"con_contrato": False}, {"solicitado_tarifa": "", "solicitado_sueldo": "+5 %"}):
        with rechazada() as error:
            g.registrar(**{"solicitado_tarifa": "-4 %", **datos})
        [falta] = error.value.faltas
        assert falta.campo.startswith("solicitado_") and "cifra completa" in falta.mensaje


@pytest.mark.parametrize(
    ("consulta", "dice"),
    [({"base": "16", "solicitado_plazas": "+12"}, "= 28 (lo vigente: 16)"),
     ({"base": "16", "solicitado_plazas": "+12", "propuesto": "1"}, "= 28 (lo propuesto: 16)"),
     ({"base": "16", "solicitado_plazas": "28"}, ""),
     ({"base": "16", "solicitado_plazas": "-17"}, "Da menos de cero: lo vigente es 16.")],
)  # fmt: skip
def test_el_calculo_se_muestra_al_escribir(client, g, consulta, dice):
    client.force_login(g.p.ventas)
    assert client.get("/casos/calculo/plazas/", consulta).text == dice


@pytest.mark.parametrize(
    "consulta", [{"base": "x", "solicitado_plazas": "+1"}, {"solicitado_plazas": "+1"}]
)
def test_un_calculo_sin_sentido_no_existe(client, g, consulta):
    client.force_login(g.p.ventas)
    assert client.get("/casos/calculo/plazas/", consulta).status_code == 404
    assert client.get("/casos/calculo/nada/").status_code == 404


# -- what is in force is shown -----------------------------------------------------------------------


def test_la_hoja_dice_lo_vigente_desde_que_hay_contrato(g, client):
    """The page and the form of the same case never disagree, and both say what is so today."""
    caso = g.contactar(g.registrar(solicitado_plazas="28"))
    client.force_login(g.p.ventas)
    for plazas in ("20", "24"):
        if plazas == "24":
            contratos.nueva_version(
                contrato=caso.contrato,
                desde_fecha=calendario.hoy(),
                valores={Concepto.objects.get(clave="plazas"): plazas},
            )
        pagina = client.get(caso.get_absolute_url()).context["pagina"]
        [dicha] = [f for f in pagina.condiciones.cambian if f.concepto == "Plazas"]
        form = formulario("analizar", g.p.ventas, fresco(caso))
        concepto = Concepto.objects.get(clave="plazas").pk
        assert dicha.celdas[0].valor == plazas == form.en_vigor[concepto]
    # Nothing of it is the case's until it is analysed; then it is, and the log says so.
    assert (
        not Condicion.objects.filter(caso=caso)
        .exclude(vigente="")
        .exclude(concepto__clave="plazas")
    )
    caso = g.analizar(caso, solicitado_plazas="28", solicitado_tarifa="")
    assert Condicion.objects.get(caso=caso, concepto__clave="plazas").vigente == "24"
    evento = caso.eventos.get(accion="analizar")
    assert evento.datos["cambios"]["vigente:plazas"] == ["", "24"]


def test_un_caso_que_termino_sin_analizarse_dice_lo_que_habia_ese_dia(g):
    caso = g.contactar(g.registrar(solicitado_plazas="28"))
    caso = actuar("retirar", caso, g.p.ventas, persona=caso.persona_id, cuando=hace(minutes=1),
                  motivo="Ya no.")  # fmt: skip
    contratos.nueva_version(
        contrato=caso.contrato,
        desde_fecha=en_dias(1),
        valores={Concepto.objects.get(clave="plazas"): "99"},
    )
    assert fila(caso, "plazas").vigente == "20"


def solicitud(contrato, **mas):
    return {"version": 0, "cliente": contrato.cliente_id, "contrato": contrato.pk,
            "persona": contrato.cliente.personas.first().pk,
            "recibido_en": f"{hace(hours=1):%Y-%m-%dT%H:%M}", "solicitud": "Más gente."} | mas  # fmt: skip


@pytest.mark.parametrize("htmx", [{}, {"HX-Request": "true", "HX-Target": "hoja-registrar"}])
def test_elegir_el_contrato_muestra_lo_vigente_sin_perder_lo_escrito(client, a_solas, htmx):
    contrato = un_contrato()
    otro = un_contrato("CT-OTRO", contrato.cliente)
    valores = ValorContrato.objects.filter(version__contrato=otro, concepto__clave="plazas")
    valores.update(valor="77")
    client.force_login(a_solas.p.ventas)
    datos = solicitud(otro, ver_vigente="1", solicitud="YA-ESCRITO", solicitado_plazas="+1")
    respuesta = client.post("/casos/nuevo/", datos, headers=htmx)
    assert respuesta.status_code == 200 and not Caso.objects.exists()
    [plazas] = [f for f in respuesta.context["hoja"]["filas"] if f["concepto"].clave == "plazas"]
    assert plazas["valores"] == [("Vigente", "77")]
    assert plazas["calculo"] == "= 78 (lo vigente: 77)"
    assert plazas["campo"].value() == "+1" and "YA-ESCRITO" in respuesta.text
    assert respuesta.context["form"]["contrato"].value() == str(otro.pk)
    assert "errorlist" not in respuesta.text


def test_al_analizar_tambien_se_muestra_lo_del_contrato_que_se_elige(client, g):
    contrato = un_contrato()
    un_contrato("CT-OTRO", contrato.cliente)
    caso = g.contactar(g.registrar(contrato, con_contrato=False))
    client.force_login(g.p.ventas)
    url = f"{caso.get_absolute_url()}analizar/"
    assert formulario("analizar", g.p.ventas, caso).en_vigor == {}
    datos = {"version": 1, "contrato": contrato.pk, "ver_vigente": "1", "pregunta_FIN": "¿Cabe?"}
    respuesta = client.post(url, datos)
    assert respuesta.status_code == 200 and "¿Cabe?" in respuesta.text
    assert set(respuesta.context["form"].en_vigor.values()) == {"20", "15000.00"}
    assert fresco(caso).estado == E.EN_CONTACTO


def test_lo_unico_que_hay_para_elegir_ya_esta_elegido(g, client):
    contrato = un_contrato()
    persona = contrato.cliente.personas.get()
    client.force_login(g.p.ventas)

    def elegido():
        form = client.get("/casos/nuevo/", {"cliente": contrato.cliente_id}).context["form"]
        return form["contrato"].value(), form["persona"].value(), bool(form.en_vigor)

    assert elegido() == (contrato.pk, persona.pk, True)
    un_contrato("CT-OTRO", contrato.cliente)
    assert elegido() == (None, None, False)


@pytest.mark.parametrize(
    ("canal", "medio"),
    [("TELEFONO", "TELEFONO"), ("CORREO", "CORREO"), ("WHATSAPP", "WHATSAPP"), ("OTRO", None),
     ("", None)],
)  # fmt: skip
def test_el_primer_contacto_propone_el_medio_por_el_que_llego(g, canal, medio):
    caso = g.registrar(canal=canal)
    assert formulario("contactar", g.p.ventas, caso)["medio"].value() == medio


# -- what does not go with the type is asked about ---------------------------------------------------


@pytest.mark.parametrize(
    ("nombre", "clave", "valor", "vigente", "extrana"),
    [("Aumento de plazas", "plazas", "12", "16", "es menos que lo vigente (16). Si son 12 más"),
     ("Aumento de plazas", "plazas", "16", "16", "es lo que ya está vigente"),
     ("Aumento de plazas", "plazas", "28", "16", ""),
     ("Aumento de plazas", "plazas", "12", "", ""),
     ("Aumento de plazas", "tarifa", "1.00", "16.00", ""),
     ("Reducción de plazas", "plazas", "20", "16", "es más que lo vigente (16)."),
     ("Reducción de plazas", "plazas", "12", "16", ""),
     ("Ajuste de tarifa", "tarifa", "16.00", "16.00", "es lo que ya está vigente"),
     ("Ajuste de tarifa", "tarifa", "15.00", "16.00", ""),
     ("Cambio de turno u horario", "turno", "dos  turnos", "Dos turnos", "ya está vigente"),
     ("Cambio de turno u horario", "turno", "Nocturno", "Dos turnos", "")],
)  # fmt: skip
def test_lo_que_contradice_al_tipo(db, nombre, clave, valor, vigente, extrana):
    concepto = Concepto.objects.get(clave=clave)
    dicho = lo_que_extrana(concepto, valor, vigente, [tipo(nombre)])
    assert bool(dicho) == bool(extrana) and extrana in dicho


def test_basta_un_tipo_que_si_vaya(db):
    plazas = Concepto.objects.get(clave="plazas")
    tipos = [tipo("Aumento de plazas"), tipo("Reducción de plazas")]
    assert not lo_que_extrana(plazas, "12", "16", tipos)


def test_lo_que_extrana_se_pregunta_y_nadie_queda_sin_poder_decirlo(g):
    """In each form where what the client asks is typed; another value is asked about again."""
    aumento = {"tipos": [tipo("Aumento de plazas").pk]}
    with rechazada(match="pero 12 es menos que lo vigente"):
        g.registrar(**aumento, solicitado_plazas="12")
    with rechazada(match="pero 11 es menos que lo vigente"):
        g.registrar(**aumento, solicitado_plazas="11", asi_lo_pide=["plazas=12"])
    caso = g.registrar(**aumento, solicitado_plazas="-8", asi_lo_pide=["plazas=12"])
    assert fila(caso, "plazas").solicitado == "12"
    assert caso.eventos.get(accion="registrar").datos["asi_lo_pide"] == ["Plazas"]
    caso = g.contactar(caso)
    with rechazada(match="menos que lo vigente"):
        g.analizar(caso, **aumento, solicitado_plazas="12")
    with rechazada(match="menos que lo vigente"):
        actuar("editar_hoja", caso, g.p.ventas, solicitado_plazas="10")
    caso = g.analizar(caso, **aumento, solicitado_plazas="12", asi_lo_pide="plazas=12")
    caso = g.presentar(g.viable(g.opinar(caso), propuesto_plazas="12"))
    with rechazada(match="pero 18 es menos que lo vigente"):
        actuar("contraofertar", caso, g.p.ventas, pide="18", solicitado_plazas="18",
               **consultas("FIN"))  # fmt: skip
    # What stays as it was offered is not asked anew.
    actuar("contraofertar", caso, g.p.ventas, pide="Más", solicitado_tarifa="14600")


def test_la_pregunta_trae_su_casilla_y_lo_guardado_llega_marcado(g, client):
    aumento = {"tipos": [tipo("Aumento de plazas").pk]}
    contrato = un_contrato()
    client.force_login(g.p.ventas)
    respuesta = client.post("/casos/nuevo/", solicitud(contrato, **aumento, solicitado_plazas="12"))
    assert respuesta.status_code == 422
    casilla = 'name="asi_lo_pide" value="plazas=12"'
    assert respuesta.text.count(casilla) == 1 and respuesta.text.count("Sí, así lo pide") == 1
    caso = g.contactar(g.registrar(**aumento, solicitado_plazas="12", asi_lo_pide="plazas=12"))
    pagina = client.get(f"{caso.get_absolute_url()}analizar/").text
    inicio = pagina.index(casilla)
    assert "checked" in pagina[inicio : inicio + 120] and "es menos que lo vigente" in pagina


def test_el_panel_dice_que_mueve_cada_tipo(g, client):
    client.force_login(g.p.gerente)
    fila = tipo("Ampliación del plazo")
    url = f"/admin/casos/tiporequerimiento/{fila.pk}/change/"
    base = {"nombre": fila.nombre, "orden": 9, "activo": "on"}
    plazas, turno = (Concepto.objects.get(clave=c).pk for c in ("plazas", "turno"))
    for mal in ({"concepto": plazas}, {"sentido": "SUBE"}, {"concepto": turno, "sentido": "SUBE"}):
        assert client.post(url, base | mal).status_code == 200, mal
    assert client.post(url, base | {"concepto": plazas, "sentido": "BAJA"}).status_code == 302
    fila.refresh_from_db()
    assert (fila.concepto_id, fila.sentido) == (plazas, "BAJA")


# -- rounds ------------------------------------------------------------------------------------------


@pytest.fixture
def con_rondas(g):
    """Asked 13,900, corrected to 14,000 before it was analysed; then 14,600 and 14,700."""
    caso = g.contactar(g.registrar(solicitado_tarifa="13900"))
    caso = g.presentar(g.viable(g.opinar(g.analizar(caso, solicitado_tarifa="14000"))))
    for pide in ("14600", "14700"):
        caso = actuar("contraofertar", caso, g.p.ventas, pide=pide, solicitado_tarifa=pide)
        caso = g.presentar(caso)
    return caso


def test_lo_primero_que_pidio_se_conserva(con_rondas):
    tarifa = fila(con_rondas, "tarifa")
    assert (tarifa.pedido_primero, tarifa.solicitado) == ("14000.00", "14700.00")
    assert tarifa.antes_pidio == "14000.00"


def test_donde_se_resume_lo_que_pidio_se_dice_lo_primero(con_rondas, g, client):
    client.force_login(g.p.ventas)
    assert "Primero pidió $14,000.00" in client.get(con_rondas.get_absolute_url()).text
    del_cliente = " ".join(client.get(f"/clientes/{con_rondas.cliente_id}/").text.split())
    assert "pidió $14,000.00 MXN; después $14,700.00 MXN" in del_cliente
    libro = load_workbook(BytesIO(client.get("/casos/exportar/").getvalue()))["Casos"]
    columna = [c.value for c in libro[1]].index("Condiciones")
    dicho = libro[2][columna].value
    assert "pidió primero $14,000.00 MXN; pidió $14,700.00 MXN" in dicho
    caso = actuar("asignar", con_rondas, g.p.gerente, responsable=g.p.ventas2.pk,
                  ordeno=g.p.gerente.pk, ordeno_en=hace(minutes=1))  # fmt: skip
    carta = Aviso.objects.get(caso=caso, plantilla="asignado", usuario=g.p.ventas2)
    assert "(primero pidió $14,000.00 MXN)" in carta.texto
    assert "primero pidió $14,000.00 MXN" in carta.html


def test_un_area_no_lee_en_el_libro_los_renglones_que_no_le_tocan(con_rondas, g, client):
    client.force_login(g.p.finanzas)
    actuar("contraofertar", con_rondas, g.p.ventas, pide="Turno", solicitado_turno="Nocturno",
           **consultas("OPE"))  # fmt: skip
    libro = load_workbook(BytesIO(client.get("/casos/exportar/").getvalue()))["Casos"]
    columna = [c.value for c in libro[1]].index("Condiciones")
    assert "Tarifa" in libro[2][columna].value and "Turno" not in libro[2][columna].value


def test_lo_primero_de_los_casos_de_antes_sale_de_la_bitacora(con_rondas, g):
    otro = g.hasta(E.EN_PROPUESTA)
    antes = set(Condicion.objects.values_list("pk", "pedido_primero"))
    Condicion.objects.update(pedido_primero="")
    migracion = import_module("casos.migrations.0013_lo_primero_que_pidio")
    migracion.lo_primero(apps, SimpleNamespace(connection=connection))
    assert set(Condicion.objects.values_list("pk", "pedido_primero")) == antes
    assert fila(otro, "tarifa").pedido_primero == "14000.00"


# -- until when the client expects an answer ---------------------------------------------------------


def test_la_fecha_en_que_espera_respuesta_llega_a_donde_hace_falta(g, client):
    viernes = calendario.sumar_habiles(calendario.hoy(), 1)
    caso = g.contactar(g.registrar(espera_fecha=viernes))
    client.force_login(g.p.ventas)
    for url in (caso.get_absolute_url(), "/casos/", "/"):
        assert "spera respuesta" in client.get(url).text, url
    form = formulario("analizar", g.p.ventas, caso)
    assert {form[f"vence_{a.codigo}"].value() for a in form.areas} == {viernes}
    caso = g.analizar(caso, espera_fecha=viernes)
    carta = Aviso.objects.filter(plantilla="opinion_pedida", caso=caso).latest("pk")
    assert f"El cliente espera respuesta a más tardar el {viernes:%d/%m/%Y}" in carta.texto


def test_lo_planeado_para_despues_de_esa_fecha_se_advierte_y_no_se_impide(g, client):
    espera = calendario.sumar_habiles(calendario.hoy(), 1)
    tarde = calendario.sumar_habiles(espera, 2)
    caso = g.contactar(g.registrar(espera_fecha=espera))
    client.force_login(g.p.ventas)
    assert "Después de esa fecha: el plazo del paso" in en_un_renglon(
        client.get(caso.get_absolute_url()).text
    )
    form = formulario("analizar", g.p.ventas, caso)
    assert (
        form.fields["vence_FIN"].help_text == f"El cliente espera respuesta el {espera:%d/%m/%Y}."
    )
    datos = {"espera_fecha": espera, "vence_FIN": tarde, "vence_JUR": espera}
    caso = g.analizar(caso, "FIN", "JUR", **datos)
    html = en_un_renglon(client.get(caso.get_absolute_url()).text)
    assert (
        "Después de esa fecha: Finanzas, " in html
        and "Jurídico, " not in html.split("Después de esa")[1][:80]
    )
    Caso.objects.filter(pk=caso.pk).update(vence=tarde)
    assert "antes de lo planeado" in client.get("/casos/").text
    [de_finanzas] = [o for o in caso.hechos.opiniones if o.area.codigo == "FIN"]
    client.force_login(g.p.finanzas)
    url = f"{caso.get_absolute_url()}opinar/{de_finanzas.pk}/"
    assert "El cliente espera respuesta el" in client.get(url).text
    # Once they have the answer nobody waits for it.
    caso = g.hasta(Estado.EN_RESPUESTA)
    caso.espera_fecha = espera
    assert caso.espera_respuesta is None and not caso.rebasa_lo_que_espera


def test_una_fecha_que_ya_paso_se_puede_anotar_y_no_apura_a_las_areas(g):
    caso = g.registrar(recibido_en=hace(days=9), espera_fecha=en_dias(-3))
    form = formulario("analizar", g.p.ventas, g.contactar(caso))
    assert all(form[f"vence_{a.codigo}"].value() >= calendario.hoy() for a in form.areas)
    with rechazada(match="antes de que se recibiera"):
        g.registrar(espera_fecha=en_dias(-3))


def test_se_corrige_cuando_espera_respuesta(g):
    caso = g.registrar(espera_fecha=en_dias(4))
    datos = {"solicitud": caso.solicitud, "persona": caso.persona_id, "canal": caso.canal}
    caso = actuar("corregir_datos", caso, g.p.ventas, **datos, espera_fecha=en_dias(6),
                  motivo="Me equivoqué.")  # fmt: skip
    assert caso.espera_fecha == en_dias(6)
    cambio = caso.eventos.latest("numero").datos["cambios"]["espera_fecha"]
    assert cambio == [en_dias(4).isoformat(), en_dias(6).isoformat()]
