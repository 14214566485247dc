"""Clients, contracts, contact persons, and who may touch them."""

import re
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from casos import calendario
from casos.catalogos import Estado, EstadoAviso, Resultado
from casos.clientes import altas, contratos, supresion
from casos.correo import envio
from casos.formularios.clientes import ContratoForm
from casos.formularios.valores import campo_de_valor
from casos.lecturas.verificacion import revisar_bitacora
from casos.models import (
    Aviso,
    BusquedaCaso,
    Caso,
    Cliente,
    Concepto,
    Contrato,
    PersonaContacto,
    Prueba,
    TextoEvento,
    Usuario,
)
from casos.pasos import fusion
from casos.pruebas import probando
from casos.rfc import avisos_de_rfc, validar_rfc
from tests.factories import AvisoFactory, CasoFactory
from tests.guion import Guion, actuar, contacto, en_dias, fresco, hace, un_contrato
from tests.test_concurrencia import _a_la_vez

from .guion import pedir, rechazada


@pytest.fixture
def g(personas):
    return Guion(personas)


@pytest.mark.parametrize(
    ("escrito", "queda"),
    [
        ("gode 561231 gr8", "GODE561231GR8"),
        ("APN980312QX4", "APN980312QX4"),
        ("", ""),
        ("XAXX010101000", "XAXX010101000"),
    ],
)
def test_rfc_se_normaliza(escrito, queda):
    assert validar_rfc(escrito) == queda


@pytest.mark.parametrize(
    "malo", ["GODE561231", "GODE569931GR8", "123", "GODE561231GR8X", "ÁÉÍ000101AAA"]
)
def test_rfc_de_estructura_equivocada_bloquea(malo):
    with pytest.raises(ValidationError):
        validar_rfc(malo)


def test_digito_equivocado_solo_advierte():
    assert validar_rfc("GODE561231GR9") == "GODE561231GR9"
    assert avisos_de_rfc("GODE561231GR9") and not avisos_de_rfc("GODE561231GR8")


def test_el_rfc_generico_no_lleva_contrato(db):
    cliente = altas.crear_cliente(razon_social="Público", rfc="XAXX010101000")
    with pytest.raises(ValidationError):
        contratos.crear_contrato(
            cliente=cliente, numero="1", servicio="s", desde_fecha=date(2026, 1, 1)
        )
    otro = altas.crear_cliente(razon_social="Con contrato")
    contratos.crear_contrato(cliente=otro, numero="2", servicio="s", desde_fecha=date(2026, 1, 1))
    with pytest.raises(ValidationError):
        altas.cambiar_cliente(otro, rfc="XEXX010101000")


def test_fusionar_pasa_todo_y_la_busqueda_lo_halla_por_el_nombre_nuevo(g):
    caso = g.registrar()
    destino = altas.crear_cliente(razon_social="Siderúrgica Única, S.A.")
    fusion.fusionar_clientes(caso.cliente, destino, actor=g.p.gerente)
    caso = fresco(caso)
    assert caso.cliente == caso.contrato.cliente == caso.persona.cliente == destino
    assert "siderurgica unica" in BusquedaCaso.objects.get(caso=caso).texto
    duplicado = Cliente.objects.exclude(pk=destino.pk).get()
    assert (duplicado.fusionado_en, duplicado.activo) == (destino, False)
    with pytest.raises(ValidationError):
        fusion.fusionar_clientes(destino, duplicado, actor=g.p.gerente)
    with pytest.raises(ValidationError):
        fusion.fusionar_clientes(destino, destino, actor=g.p.gerente)


def test_fusionar_queda_en_la_bitacora_de_cada_caso(g, client):
    casos = [g.registrar(), g.hasta(Estado.CERRADO)]
    origen = casos[0].cliente
    with probando([c.pk for c in casos], Prueba.Motivo.RECUENTO):
        Caso.objects.update(cliente=origen)
    ajeno = g.registrar()
    destino = altas.crear_cliente(razon_social="Siderúrgica Única, S.A.")
    antes = {c.pk: c.num_eventos for c in Caso.objects.all()}
    client.force_login(g.p.gerente)
    url = f"/clientes/{origen.pk}/fusionar/"
    assert client.post(url, {"destino": destino.pk}).status_code == 302
    for caso in Caso.objects.filter(pk__in=[c.pk for c in casos]):
        assert caso.num_eventos == antes[caso.pk] + 1
        evento = caso.eventos.latest("numero")
        assert (evento.accion, evento.actor) == ("fusionar_cliente", g.p.gerente)
        assert evento.de == evento.a == caso.estado
        cambio = [f"cliente:{origen.pk}", f"cliente:{destino.pk}"]
        assert evento.datos["cambios"] == {"cliente": cambio}
        pagina = client.get(caso.get_absolute_url()).text
        assert "Cliente fusionado con otro" in pagina and origen.razon_social in pagina
    assert Caso.objects.get(pk=ajeno.pk).num_eventos == antes[ajeno.pk]
    assert list(revisar_bitacora()) == []


def test_un_contrato_en_ajuste_no_se_termina(g):
    caso = g.hasta(Estado.EN_MODIFICACION)
    with pytest.raises(ValidationError):
        contratos.terminar_contrato(caso.contrato, fecha=calendario.hoy(), motivo="x")
    otro = g.hasta(Estado.EN_CONTACTO)
    ayer = calendario.hoy() - timedelta(days=1)
    contratos.terminar_contrato(otro.contrato, fecha=ayer, motivo="Acuerdo.")
    assert Contrato.objects.get(pk=otro.contrato_id).esta_terminado


@pytest.mark.parametrize(
    ("nombre", "ve", "edita"),
    [
        ("ventas", 200, 200),
        ("atencion", 200, 200),
        ("direccion", 200, 200),
        ("calidad", 200, 403),
        ("auditor", 200, 403),
        ("admin", 200, 200),
        ("finanzas", 404, 403),
        ("ajena", 404, 403),
    ],
)
def test_quien_ve_y_quien_edita_un_cliente(g, client, nombre, ve, edita):
    cliente = g.registrar().cliente
    client.force_login(getattr(g.p, nombre))
    assert client.get(f"/clientes/{cliente.pk}/").status_code == ve
    assert client.get(f"/clientes/{cliente.pk}/editar/").status_code == edita


def test_un_area_ve_al_cliente_de_los_casos_que_le_tocan(g, client):
    caso = g.hasta(Estado.EN_ANALISIS)
    client.force_login(g.p.finanzas)
    assert client.get(f"/clientes/{caso.cliente_id}/").status_code == 200


def test_el_auditor_no_ve_datos_personales(g, client):
    caso = g.registrar()
    client.force_login(g.p.auditor)
    pagina = client.get(f"/clientes/{caso.cliente_id}/").content.decode()
    assert "Laura Treviño" not in pagina and "laura@aceros.example" not in pagina
    assert f"Persona {caso.persona_id}" in pagina
    client.force_login(g.p.ventas)
    assert "Laura Treviño" in client.get(f"/clientes/{caso.cliente_id}/").content.decode()


def test_paginas_de_cliente_de_principio_a_fin(g, client):
    client.force_login(g.p.ventas)
    r = client.post(
        "/clientes/nuevo/", {"razon_social": "Zapatos León, S.A.", "rfc": "GODE561231GR9"}
    )
    cliente = Cliente.objects.get()
    assert r.url == f"/clientes/{cliente.pk}/"
    mal = client.post(
        f"/clientes/{cliente.pk}/personas/nueva/", {"nombre": "Eva", "telefono": "12"}
    )
    assert mal.status_code == 422 and "10 dígitos" in mal.content.decode()
    client.post(
        f"/clientes/{cliente.pk}/personas/nueva/", {"nombre": "Eva", "telefono": "4777124431"}
    )
    assert PersonaContacto.objects.get().telefono == "+524777124431"
    assert "477 712 4431" in client.get(f"/clientes/{cliente.pk}/").text
    r = client.post(
        f"/clientes/{cliente.pk}/contratos/nuevo/",
        {
            "numero": "Z-1",
            "servicio": "Costura",
            "moneda": "MXN",
            "desde_fecha": "2026-01-05",
            "valor_plazas": "30",
            "valor_tarifa": "$12,000",
        },
    )
    assert r.status_code == 302
    pagina = client.get(f"/clientes/{cliente.pk}/").content.decode()
    assert "$12,000.00" in pagina and "Z-1" in pagina
    lista = client.get("/clientes/?q=leon").content.decode()
    assert "Zapatos León" in lista
    assert "Ningún cliente coincide" in client.get("/clientes/?q=inexistente").content.decode()


def test_suprimir_los_datos_es_de_quien_los_lleva_y_no_rompe_el_caso(g, client):
    caso = g.registrar()
    url = f"/privacidad/personas/{caso.persona_id}/suprimir/"
    client.force_login(g.p.gerente)
    assert client.post(url).status_code == 404
    Usuario.objects.filter(pk=g.p.gerente.pk).update(lleva_privacidad=True)
    assert client.get(url).status_code == 200
    assert PersonaContacto.objects.get(pk=caso.persona_id).correo
    assert client.post(url).status_code == 302
    persona = PersonaContacto.objects.get(pk=caso.persona_id)
    assert persona.nombre == f"Contacto suprimido nº {persona.pk}" and not persona.correo
    assert client.get(caso.get_absolute_url()).status_code == 200


def test_la_lista_de_clientes_pasa_de_pagina_sin_repetir(g, client):
    for i in range(60):
        altas.crear_cliente(razon_social=f"Cliente {i:03d}")
    client.force_login(g.p.ventas)
    vistos, url = [], "/clientes/"
    for _ in range(5):
        respuesta = client.get(url)
        vistos += [f.cliente.razon_social for f in respuesta.context["clientes"]]
        if not respuesta.context["siguiente_url"]:
            break
        url = "/clientes/" + respuesta.context["siguiente_url"]
    assert vistos == [f"Cliente {i:03d}" for i in range(60)]


def test_de_cada_cliente_se_lee_lo_suyo(g, client):
    """Contracts and open cases, how the last one ended and when it was spoken with."""
    contrato = un_contrato()
    caso = g.contactar(g.registrar(contrato=contrato))
    viejo = CasoFactory(
        cliente=contrato.cliente, estado=Estado.CERRADO, resultado=Resultado.NO_VIABLE
    )
    client.force_login(g.p.ventas)
    respuesta = client.get("/clientes/")
    [fila] = [f for f in respuesta.context["clientes"] if f.cliente == contrato.cliente]
    assert (fila.contratos, fila.abiertos, fila.ultimo) == (
        2,
        1,
        viejo,
    )  # the old case has its own contract
    assert fila.contacto == caso.hechos.contactos[0].cuando
    assert "No viable" in respuesta.text
    # An area counts only the cases that it sees, which is none of these.
    client.force_login(g.p.finanzas)
    assert client.get("/clientes/").context["clientes"] == []
    g.analizar(caso, "FIN")
    [fila] = client.get("/clientes/").context["clientes"]
    assert (fila.abiertos, fila.ultimo) == (1, None)


def test_al_auditor_no_se_le_dice_el_rfc_de_una_persona_en_la_lista(g, client):
    altas.crear_cliente(razon_social="Ana Ruiz Pérez", rfc="RUPA800101AB1")
    client.force_login(g.p.auditor)
    texto = client.get("/clientes/").text
    assert "RUPA800101AB1" not in texto and "Ana Ruiz" not in texto and "Dato personal" in texto


def test_una_fecha_de_la_hoja_no_lleva_largo(db):
    fecha = campo_de_valor(Concepto(nombre="Desde", unidad="FECHA"))
    assert "maxlength" not in fecha.widget.render("x", "", {"maxlength": 200})


def test_un_contrato_nuevo_pregunta_la_sede_una_vez(g, client):
    cliente = g.registrar().cliente
    client.force_login(g.p.ventas)
    url = f"/clientes/{cliente.pk}/contratos/nuevo/"
    pagina = client.get(url).text
    assert len(re.findall(r"<label[^>]*>Sede", pagina)) == 1
    assert (
        "<legend>Contrato</legend>" in pagina and "<legend>Condiciones vigentes</legend>" in pagina
    )
    datos = {"numero": "CT-77", "servicio": "Limpieza", "sede": "Planta Norte", "moneda": "MXN",
             "desde_fecha": "2026-01-05", "valor_plazas": "12"}  # fmt: skip
    assert client.post(url, datos).status_code == 302
    contrato = Contrato.objects.get(numero="CT-77")
    valores = {v.concepto.clave: v.valor for v in contrato.versiones.get().valores.all()}
    assert (contrato.sede, valores) == ("Planta Norte", {"sede": "Planta Norte", "plazas": "12"})


def test_lo_vigente_y_lo_acordado_se_leen_en_una_tabla(g, client):
    contrato = un_contrato()
    plazas = Concepto.objects.get(clave="plazas")
    for desde, cuantas in ((-40, "16"), (40, "28")):
        contratos.nueva_version(
            contrato=contrato, desde_fecha=en_dias(desde), valores={plazas: cuantas}
        )
    client.force_login(g.p.ventas)
    texto = client.get(f"/clientes/{contrato.cliente_id}/").text
    assert texto.count('<caption class="oculto">Condiciones del contrato</caption>') == 1
    fila = re.search(r'scope="row">Plazas</th>(.*?)</tr>', texto, re.S)[1]
    assert re.findall(r'cambia">([^<]*)<', fila) == ["28"]


@pytest.mark.parametrize(
    ("unidad", "escrito", "queda"),
    [("DINERO", "12,500.50", "12500.50"), ("DINERO", "$12,500", "12500.00"), ("DINERO", "12 500 MXN", "12500.00"),
     ("PORCENTAJE", "12 %", "12"), ("PORCENTAJE", "12.5", "12.5"), ("ENTERO", "1,200", "1200"),
     ("ENTERO", "12.0", "12"), ("FECHA", "16/03/26", "2026-03-16"), ("TEXTO", "  lunes   a viernes ", "lunes a viernes"),
     ("TEXTO", "a" * 200, "a" * 200)],
)  # fmt: skip
def test_un_valor_se_guarda_en_su_forma_canonica(unidad, escrito, queda):
    assert campo_de_valor(Concepto(nombre="X", unidad=unidad)).clean(escrito) == queda


@pytest.mark.parametrize(
    ("unidad", "malo"),
    [("DINERO", "12,50"), ("DINERO", "1,2,3"), ("DINERO", "12.345"), ("DINERO", "-5"), ("DINERO", "NaN"),
     ("DINERO", "Infinity"), ("DINERO", "1e5"), ("DINERO", "9" * 15), ("PORCENTAJE", "12,5 %"), ("PORCENTAJE", "101"),
     ("ENTERO", "1 2"), ("ENTERO", "1.5"), ("ENTERO", ""), ("FECHA", "1999-12-31"), ("FECHA", "2100-01-01"),
     ("FECHA", "2026-02-31"), ("FECHA", "03/16/26"), ("TEXTO", "a" * 201)],
)  # fmt: skip
def test_un_valor_que_se_entenderia_mal_se_rechaza(unidad, malo):
    with pytest.raises(ValidationError):
        campo_de_valor(Concepto(nombre="X", unidad=unidad)).clean(malo)


def test_un_area_lee_solo_las_condiciones_que_le_tocan(g, client):
    caso = g.analizar(g.hasta(Estado.EN_CONTACTO), "DH")
    Cliente.objects.filter(pk=caso.cliente_id).update(notas="Regatea siempre.")
    url = f"/clientes/{caso.cliente_id}/"
    client.force_login(g.p.ventas)
    todo = client.get(url).content.decode()
    for dato in ("$15,000.00", "$14,000.00", "laura@aceros.example", "Regatea siempre."):
        assert dato in todo, dato
    client.force_login(g.p.dh)
    pagina = client.get(url).content.decode()
    for dato in ("$15,000.00", "$14,000.00", "laura@aceros.example", "Regatea siempre."):
        assert dato not in pagina, dato
    assert caso.folio in pagina and "Laura Treviño" in pagina


def test_un_importe_lleva_la_moneda_de_su_contrato(g, client):
    cliente = altas.crear_cliente(razon_social="Export, S.A.")
    tarifa = Concepto.objects.get(clave="tarifa")
    contratos.crear_contrato(
        cliente=cliente,
        numero="U-1",
        servicio="s",
        moneda="USD",
        desde_fecha=date(2026, 1, 1),
        valores={tarifa: "900.00"},
    )
    client.force_login(g.p.ventas)
    pagina = client.get(f"/clientes/{cliente.pk}/").content.decode()
    assert "$900.00 USD" in pagina and "MXN" not in pagina


def test_suprimir_quita_tambien_lo_que_se_escribio_en_la_bitacora(g):
    for nombre in ("Zoila Vaca", "Pedro Otro"):
        actuar("contactar", g.registrar(), g.p.ventas, persona_nombre=nombre, **contacto())
    zoila = PersonaContacto.objects.get(nombre="Zoila Vaca")
    supresion.suprimir_persona(zoila)
    assert not TextoEvento.objects.filter(texto__contains="Zoila").exists()
    assert TextoEvento.objects.filter(texto="Pedro Otro").exists()
    assert list(revisar_bitacora()) == []


def enviado(aviso):
    Aviso.objects.filter(pk=aviso.pk).update(
        estado=EstadoAviso.ENVIADO, enviado_en=timezone.now(), proximo_en=timezone.now()
    )


def test_suprimir_quita_la_direccion_de_los_correos_que_recibio(g, client):
    caso = g.hasta(Estado.EN_PROPUESTA)
    laura = PersonaContacto.objects.get(pk=caso.persona_id)
    g.presentar(caso, enviar_al_cliente="on", texto="Hola, Laura Treviño: se la mandamos.")
    suyo = Aviso.objects.get(para=laura.correo)
    enviado(suyo)
    # By an address she had before; and those of others, which stay.
    with probando([caso.pk], Prueba.Motivo.RECUENTO):
        viejo = AvisoFactory(caso=caso, para="antes@aceros.example")
    otra = altas.agregar_persona(caso.cliente, nombre="Otra", correo="otra@aceros.example")
    with probando([caso.pk], Prueba.Motivo.RECUENTO):
        de_otra = AvisoFactory(caso=caso, para=otra.correo)
        de_casa = AvisoFactory(caso=caso, para=laura.correo, usuario=g.p.ventas)
    for aviso in (viejo, de_otra, de_casa):
        enviado(aviso)
    client.force_login(g.p.gerente)
    assert laura.correo in client.get(f"/avisos/{suyo.pk}/").text
    supresion.suprimir_persona(laura)
    pagina = client.get(f"/avisos/{suyo.pk}/").text
    assert "aceros.example" not in pagina and "Laura" not in pagina and "suprimido" in pagina
    assert "La propuesta está vigente hasta el" in pagina
    suyo.refresh_from_db()
    assert "Laura" not in suyo.texto + suyo.html + suyo.asunto
    assert suyo.estado == EstadoAviso.ENVIADO
    assert set(Aviso.objects.filter(para=Aviso.SUPRIMIDO)) == {suyo, viejo, de_casa}
    assert Aviso.objects.get(pk=de_otra.pk).para == otra.correo
    assert client.get("/avisos/").status_code == 200
    assert list(revisar_bitacora()) == []


@pytest.mark.parametrize("estado", [EstadoAviso.PENDIENTE, EstadoAviso.FALLIDO])
def test_lo_que_no_ha_salido_ya_no_sale_a_quien_se_suprimio(g, client, smtp, estado):
    caso = g.hasta(Estado.EN_PROPUESTA)
    g.presentar(caso, enviar_al_cliente="on")
    laura = PersonaContacto.objects.get(pk=caso.persona_id)
    correo = laura.correo
    aviso = Aviso.objects.get(para=correo)
    Aviso.objects.filter(pk=aviso.pk).update(
        estado=estado, error=f"El servidor de correo contestó: 450 <{correo}> espera"
    )
    supresion.suprimir_persona(laura)
    envio.enviar_pendientes()
    assert not smtp.para(correo) and not smtp.para(Aviso.SUPRIMIDO)
    aviso.refresh_from_db()
    assert (aviso.para, aviso.estado) == (Aviso.SUPRIMIDO, EstadoAviso.FALLIDO)
    assert "se suprimieron" in aviso.error and correo not in aviso.error
    client.force_login(g.p.gerente)
    assert "Reenviar" not in client.get(f"/avisos/{aviso.pk}/").text
    assert client.post(f"/avisos/{aviso.pk}/reenviar/").status_code == 403


def test_la_pagina_de_fusion_propone_parecidos_y_busca(g, client):
    origen = altas.crear_cliente(razon_social="Zapatos León, S.A.", rfc="GODE561231GR8")
    parecido = altas.crear_cliente(razon_social="ZAPATOS DE LEÓN")
    del_rfc = altas.crear_cliente(razon_social="Calzado Único", rfc="GODE561231GR8")
    lejano = altas.crear_cliente(razon_social="Aceros del Norte")
    client.force_login(g.p.gerente)
    url = f"/clientes/{origen.pk}/fusionar/"
    assert set(client.get(url).context["candidatos"]) == {parecido, del_rfc}
    assert client.get(url + "?q=aceros").context["candidatos"] == [lejano]
    assert "Ningún cliente coincide" in client.get(url + "?q=nada").content.decode()
    assert client.post(url, {}).status_code == 422
    for malo in ("9" * 25, str(origen.pk), "x", "\x00"):
        assert client.post(url, {"destino": malo}).status_code == 422
    assert client.post(url + "?q=aceros", {"destino": lejano.pk}).status_code == 302
    # A link kept from before leads to the one that stayed, through any number of mergers.
    fusion.fusionar_clientes(lejano, parecido, actor=g.p.gerente)
    assert client.get(f"/clientes/{origen.pk}/").url == f"/clientes/{parecido.pk}/"
    client.force_login(g.p.finanzas)
    assert client.get(f"/clientes/{origen.pk}/", follow=True).status_code == 404


def test_dos_clientes_iguales_no_se_registran(g, client):
    altas.crear_cliente(razon_social="Igual, S.A.")
    client.force_login(g.p.ventas)
    datos = {"razon_social": "IGUAL, S.A.", "nombre_comercial": "", "rfc": "", "notas": ""}
    mal = client.post("/clientes/nuevo/", datos)
    assert mal.status_code == 422 and "también sin RFC" in mal.content.decode()
    con_rfc = datos | {"rfc": "GODE561231GR8", "es_otro": "on"}
    assert client.post("/clientes/nuevo/", con_rfc).status_code == 302


@pytest.mark.parametrize("conocido", [True, False])
def test_registrar_un_contrato_de_un_rfc_generico_lo_dice_junto_al_campo(personas, conocido):
    datos = {
        "contrato_numero": "N-1", "contrato_servicio": "Limpieza", "contrato_desde": "01/06/2026",
        "persona_nombre": "Ana", "recibido_en": hace(hours=2), "canal": "CORREO",
        "solicitud": "Más gente.", "version": 0,
    }  # fmt: skip
    if conocido:
        cliente = altas.crear_cliente(razon_social="Público", rfc="XAXX010101000")
        datos["cliente"] = cliente.pk
    else:
        datos |= {"cliente_razon_social": "Público", "cliente_rfc": "XAXX010101000"}
    with rechazada() as error:
        pedir("registrar", personas.ventas, datos=datos)
    campo = "contrato_numero" if conocido else "cliente_rfc"
    assert [(f.campo, "genérico" in f.mensaje) for f in error.value.faltas] == [(campo, True)]
    assert Cliente.objects.count() == conocido


CONTRATO = {"servicio": "Costura", "moneda": "MXN", "desde_fecha": "2026-01-05"}


@pytest.mark.django_db(transaction=True)
def test_el_mismo_contrato_mandado_varias_veces_a_la_vez_es_uno(personas):
    """The slower ones are told; none sees an error page."""
    cliente = altas.crear_cliente(razon_social="Zapatos León")
    url = f"/clientes/{cliente.pk}/contratos/nuevo/"

    def mandar(navegador, numero):
        return lambda: navegador.post(url, CONTRATO | {"numero": numero})

    navegadores = [Client() for _ in range(6)]
    for navegador in navegadores:
        navegador.force_login(personas.ventas)
    for i in range(3):
        respuestas = _a_la_vez(*[mandar(n, f"Z-{i}") for n in navegadores])
        assert sorted(r.status_code for r in respuestas) == [302, 422, 422, 422, 422, 422]
        for r in respuestas:
            assert r.status_code == 302 or "Ya existe un contrato con ese número." in (
                r.content.decode()
            )
    assert Contrato.objects.count() == 3


@pytest.mark.parametrize("escrito", [("LK-1", "lk-1"), ("Ñ–1", "ñ-1")])
def test_si_otro_lo_registra_mientras_tanto_se_dice(g, client, monkeypatch, escrito):
    """What the form could not see yet, the database refuses, and the form is asked again."""
    cliente = altas.crear_cliente(razon_social="Zapatos León")
    datos = {"cliente": cliente, "servicio": "Costura", "desde_fecha": date(2026, 1, 5)}
    contratos.crear_contrato(numero=escrito[0], **datos)
    a_ciegas = iter([True])
    mirar = ContratoForm.clean_numero

    def clean_numero(self):
        return self.cleaned_data["numero"] if next(a_ciegas, False) else mirar(self)

    monkeypatch.setattr(ContratoForm, "clean_numero", clean_numero)
    client.force_login(g.p.ventas)
    tarde = {
        "numero": escrito[1],
        "servicio": "Corte",
        "moneda": "MXN",
        "desde_fecha": "2026-01-05",
    }
    respuesta = client.post(f"/clientes/{cliente.pk}/contratos/nuevo/", tarde)
    assert respuesta.status_code == 422 and 'value="Corte"' in respuesta.text
    assert "Ya existe un contrato con ese número." in respuesta.text
    assert Contrato.objects.get().numero == escrito[0]


CASO = {"recibido_en": hace(hours=1), "solicitud": "Más gente."}


def test_un_numero_de_contrato_es_el_mismo_en_mayusculas_y_minusculas(g):
    cliente = altas.crear_cliente(razon_social="Zapatos León")
    datos = {"cliente": cliente, "servicio": "Costura", "desde_fecha": date(2026, 1, 5)}
    contratos.crear_contrato(numero="LK-1", **datos)
    with rechazada() as error:
        actuar(
            "registrar",
            None,
            g.p.ventas,
            **CASO,
            cliente=cliente.pk,
            persona_nombre="Ana",
            contrato_numero="lk-1",
            contrato_servicio="Costura",
            contrato_desde=date(2026, 1, 5),
        )
    [falta] = error.value.faltas
    assert falta.campo == "contrato_numero"
    assert falta.mensaje.endswith("Ya existe un contrato con ese número.")
    with pytest.raises(IntegrityError), transaction.atomic():
        contratos.crear_contrato(numero="lk-1", **datos)
    otro = Contrato(numero="lk-1", **datos)
    with pytest.raises(ValidationError, match="Ya existe un contrato con ese número"):
        otro.full_clean()


RENGLONES = "Uno\r\nBcc: todos@x.example"


def test_un_dato_de_un_renglon_no_trae_otros(g, client):
    """In a letter a second line would be one more paragraph, and in its subject an error."""
    client.force_login(g.p.ventas)
    client.post(
        "/clientes/nuevo/",
        {"razon_social": RENGLONES, "nombre_comercial": "Dos\n\ntres", "notas": "Una\nnota"},
    )
    cliente = Cliente.objects.get()
    assert cliente.razon_social == "Uno Bcc: todos@x.example"
    assert (cliente.nombre_comercial, cliente.notas.splitlines()) == ("Dos tres", ["Una", "nota"])
    client.post(
        f"/clientes/{cliente.pk}/personas/nueva/",
        {"nombre": " Ana\u2028Ríos ", "puesto": "Jefa\r\nde compras"},
    )
    persona = PersonaContacto.objects.get()
    assert (persona.nombre, persona.puesto) == ("Ana Ríos", "Jefa de compras")
    client.post(
        f"/clientes/{cliente.pk}/contratos/nuevo/",
        CONTRATO | {"numero": "Z\r\n1", "servicio": "Costura\ny corte", "sede": "León\x0bGto"},
    )
    contrato = Contrato.objects.get()
    assert (contrato.numero, contrato.servicio, contrato.sede) == (
        "Z 1",
        "Costura y corte",
        "León Gto",
    )


def test_tampoco_por_dentro(db):
    """Whoever calls the writes: the panel, an import, a command."""
    cliente = altas.crear_cliente(razon_social=RENGLONES, nombre_comercial="A\nB")
    assert (cliente.razon_social, cliente.nombre_comercial) == ("Uno Bcc: todos@x.example", "A B")
    altas.cambiar_cliente(cliente, razon_social="C\r\nD", notas="E\nF")
    assert (cliente.razon_social, cliente.notas) == ("C D", "E\nF")
    persona = altas.agregar_persona(cliente, nombre="Ana\nRíos", puesto="Jefa\n")
    assert (persona.nombre, persona.puesto) == ("Ana Ríos", "Jefa")
    assert altas.cambiar_persona(persona, nombre="Eva\r\nRíos").nombre == "Eva Ríos"
    contrato = contratos.crear_contrato(
        cliente=cliente, numero="A\n1", servicio="B\nC", sede="D\nE", desde_fecha=date(2026, 1, 5)
    )
    assert (contrato.numero, contrato.servicio, contrato.sede) == ("A 1", "B C", "D E")


def test_al_registrar_un_caso_tampoco(g):
    caso = actuar(
        "registrar",
        None,
        g.p.ventas,
        **CASO,
        cliente_razon_social="Uno\r\n\r\nPárrafo falso",
        persona_nombre="Ana\nRíos",
    )
    assert caso.cliente.razon_social == "Uno Párrafo falso"
    assert caso.persona.nombre == "Ana Ríos"


def test_un_rfc_que_ya_tiene_otro_cliente_pide_decirlo(client, personas):
    altas.crear_cliente(razon_social="Aceros del Norte", rfc="APN980312QX4")
    client.force_login(personas.ventas)
    datos = {"razon_social": "Aceros Nte.", "rfc": "APN980312QX4"}
    respuesta = client.post("/clientes/nuevo/", datos)
    assert respuesta.status_code == 422
    assert "Ese RFC ya es de Aceros del Norte" in respuesta.text
    assert "Es otro cliente con el mismo RFC" in respuesta.text
    assert "Es otro cliente con el mismo RFC" not in client.get("/clientes/nuevo/").text
    assert client.post("/clientes/nuevo/", datos | {"rfc_repetido": "on"}).status_code == 302
    with rechazada(match="búscalo arriba"):
        pedir(
            "registrar",
            personas.ventas,
            datos={
                "version": 0,
                "cliente_razon_social": "Otra",
                "cliente_rfc": "APN980312QX4",
                "persona_nombre": "Ana",
                "recibido_en": hace(hours=1),
                "solicitud": "x",
            },
        )


def test_la_casilla_que_ya_se_marco_sigue_ahi_si_falla_otra_cosa(client, personas):
    altas.crear_cliente(razon_social="Aceros del Norte", rfc="APN980312QX4")
    client.force_login(personas.ventas)
    datos = {"razon_social": "", "rfc": "APN980312QX4", "rfc_repetido": "on"}
    respuesta = client.post("/clientes/nuevo/", datos)
    assert respuesta.status_code == 422
    assert "checked" in str(respuesta.context["form"]["rfc_repetido"])
    assert "Es otro cliente con el mismo RFC" in respuesta.text


@pytest.mark.parametrize(
    ("mas", "campo", "dice"),
    [({"cliente_razon_social": "IGUAL, S.A."}, "cliente_razon_social", "también sin RFC"),
     ({"cliente_rfc": "APN980312QX4"}, "cliente_rfc", "ya es de Aceros"),
     ({"persona_telefono": "abc"}, "persona_telefono", "10 dígitos"),
     ({"persona_telefono": "0000000000"}, "persona_telefono", "55 1234 5678 ext. 1234")],
)  # fmt: skip
def test_al_registrar_un_caso_las_reglas_del_cliente_son_las_mismas(g, mas, campo, dice):
    altas.crear_cliente(razon_social="Igual, S.A.")
    altas.crear_cliente(razon_social="Aceros", rfc="APN980312QX4")
    datos = CASO | {"version": 0, "cliente_razon_social": "Nueva", "persona_nombre": "Ana"} | mas
    with rechazada() as error:
        pedir("registrar", g.p.ventas, datos=datos)
    assert [(f.campo, dice in f.mensaje) for f in error.value.faltas] == [(campo, True)]


def test_un_contrato_puede_terminar_despues_y_hasta_ese_dia_esta_vigente(g, client):
    contrato = g.registrar().contrato
    client.force_login(g.p.gerente)
    url = f"/clientes/{contrato.cliente_id}/contratos/{contrato.pk}/terminar/"
    client.post(url, {"fecha": calendario.hoy().isoformat(), "motivo": "Acuerdo."})
    contrato.refresh_from_db()
    assert (contrato.terminado_fecha, contrato.esta_terminado) == (calendario.hoy(), False)
    assert contrato in Contrato.objects.vigentes()
    Contrato.objects.update(terminado_fecha=calendario.hoy() - timedelta(days=1))
    contrato.refresh_from_db()
    assert contrato.esta_terminado and contrato not in Contrato.objects.vigentes()


# -- what another did meanwhile ----------------------------------------------------------------------


def test_terminar_no_regresa_la_version_que_un_caso_escribio_mientras(g):
    contrato = g.registrar().contrato
    leido = Contrato.objects.get(pk=contrato.pk)
    contratos.nueva_version(contrato=contrato, desde_fecha=date(2026, 1, 1), valores={})
    ayer = calendario.hoy() - timedelta(days=1)
    contratos.terminar_contrato(leido, fecha=ayer, motivo="Acuerdo.")
    queda = Contrato.objects.get(pk=contrato.pk)
    assert (queda.version, queda.esta_terminado) == (2, True)
    with pytest.raises(ValidationError, match="ya terminó"):
        contratos.terminar_contrato(contrato, fecha=calendario.hoy(), motivo="Otra vez.")


def test_cambiar_un_cliente_no_deshace_su_fusion(g, client):
    leido = altas.crear_cliente(razon_social="Zapatos León")
    destino = altas.crear_cliente(razon_social="Zapatos de León")
    fusion.fusionar_clientes(Cliente.objects.get(pk=leido.pk), destino, actor=g.p.gerente)
    with pytest.raises(ValidationError, match="se fusionó"):
        altas.cambiar_cliente(leido, razon_social="Zapatos León, S.A.")
    assert Cliente.objects.get(pk=leido.pk).fusionado_en == destino


def test_cambiar_a_una_persona_no_trae_de_vuelta_lo_suprimido(g):
    caso = g.registrar()
    leida = PersonaContacto.objects.get(pk=caso.persona_id)
    supresion.suprimir_persona(caso.persona)
    with pytest.raises(ValidationError, match="ya se suprimieron"):
        altas.cambiar_persona(leida, nombre="Laura Treviño")
    assert not PersonaContacto.objects.get(pk=caso.persona_id).correo


def test_suprimir_no_regresa_a_la_persona_al_cliente_fusionado(g):
    caso = g.registrar()
    leida = PersonaContacto.objects.get(pk=caso.persona_id)
    destino = altas.crear_cliente(razon_social="Aceros, S.A.")
    fusion.fusionar_clientes(caso.cliente, destino, actor=g.p.gerente)
    supresion.suprimir_persona(leida)
    assert PersonaContacto.objects.get(pk=leida.pk).cliente == destino


def test_quien_llega_tarde_a_cambiar_datos_lo_lee(g, client, monkeypatch):
    caso = g.registrar()
    client.force_login(g.p.ventas)

    def ya_no(*args, **kwargs):
        raise ValidationError("Ya no se puede.")

    for accion in ("cambiar_cliente", "cambiar_persona"):
        monkeypatch.setattr(altas, accion, ya_no)
    for ruta, datos in [
        ("editar/", {"razon_social": "Otra"}),
        (f"personas/{caso.persona_id}/", {"nombre": "Eva"}),
    ]:
        respuesta = client.post(f"/clientes/{caso.cliente_id}/{ruta}", datos)
        assert respuesta.status_code == 422 and "Ya no se puede." in respuesta.text


@pytest.mark.parametrize("queda", ["Costuras, S.A.", "Taller"])
def test_de_una_persona_fusionada_en_una_empresa_no_queda_su_nombre_al_auditor(g, client, queda):
    """Nor from a name within a name."""
    caso = actuar(
        "registrar",
        None,
        g.p.ventas,
        cliente_razon_social="Gervasia Ordóñez",
        cliente_nombre="Taller Gervasia",
        cliente_rfc="GODE561231GR8",
        persona_nombre="Ana",
        recibido_en=hace(hours=2),
        canal="CORREO",
        solicitud="Más gente.",
    )
    asunto = f"[{caso.folio}] Finanzas necesita datos para opinar"
    AvisoFactory(caso=caso, plantilla="datos_pedidos", asunto=f"{asunto} – {caso.cliente}")
    destino = altas.crear_cliente(razon_social=queda, rfc="GOD561231GR8")
    fusion.fusionar_clientes(caso.cliente, destino, actor=g.p.gerente)
    for quien, debe in (("gerente", True), ("auditor", False)):
        client.force_login(getattr(g.p, quien))
        for ruta in (caso.get_absolute_url(), "/avisos/"):
            assert ("Gervasia" in client.get(ruta).text) == debe, (quien, ruta)
    assert f"{asunto} – {destino}" in client.get("/avisos/").text
