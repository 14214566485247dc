"""The panel: each manager their own area, acts through the door, nothing deleted, Excel in and out."""

import gzip
import re
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.contrib.staticfiles import finders
from django.db import connection, transaction

from casos import tareas
from casos.catalogos import Estado
from casos.models import (
    Area,
    Aviso,
    Caso,
    Concepto,
    Configuracion,
    Contrato,
    DiaInhabil,
    Evento,
    Membresia,
    Motivo,
    Opinion,
    RecalculoPedido,
    Usuario,
)
from casos.pasos import recalculo
from casos.pasos.recalculo import recalcular
from tests.guion import Guion, consultas, en_dias, fresco
from tests.navegador.mundo import del_panel
from tests.personas import CON_CLAVE


@pytest.fixture
def g(personas):
    return Guion(personas)


@pytest.fixture
def entra(client):
    def entrar(usuario):
        client.force_login(usuario)
        return client

    return entrar


def test_solo_los_modelos_del_producto(db):
    assert {m._meta.app_label for m in admin.site._registry} == {"casos"}


def test_nada_se_borra_y_la_bitacora_los_estados_y_los_correos_no_se_tocan(g, rf):
    peticion = rf.get("/")
    peticion.user = g.p.admin
    for modelo, panel in admin.site._registry.items():
        # A day in the calendar is no history of anybody.
        se_borra = modelo._meta.model_name == "diainhabil"
        assert panel.has_delete_permission(peticion) == se_borra, modelo
        if modelo._meta.model_name in ("evento", "aviso", "caso", "opinion", "ajuste"):
            assert not panel.has_change_permission(peticion), modelo
            assert not panel.has_add_permission(peticion), modelo


@pytest.mark.parametrize("nombre", ["ventas", "atencion", "direccion", "auditor", "ajena"])
def test_quien_no_encabeza_nada_no_entra(g, entra, nombre):
    respuesta = entra(getattr(g.p, nombre)).get("/admin/")
    assert respuesta.status_code in (302, 403)


def test_un_responsable_solo_ve_lo_de_su_area(g, entra):
    caso = g.analizar(g.hasta(Estado.EN_CONTACTO), "FIN", "JUR")
    mia, ajena = (
        next(o for o in caso.hechos.opiniones if o.area.codigo == c) for c in ("JUR", "FIN")
    )
    cliente = entra(g.p.juridico)
    assert cliente.get(f"/admin/casos/opinion/{mia.pk}/change/").status_code == 200
    assert cliente.get(f"/admin/casos/opinion/{ajena.pk}/change/").status_code == 302
    lista = cliente.get("/admin/casos/opinion/").content.decode()
    assert f"/opinion/{mia.pk}/" in lista and f"/opinion/{ajena.pk}/" not in lista
    area = Area.objects.get(codigo="FIN")
    assert cliente.get(f"/admin/casos/area/{area.pk}/change/").status_code == 302
    for oculto in ("usuario", "cliente", "plazo", "evento", "diainhabil"):
        assert cliente.get(f"/admin/casos/{oculto}/").status_code == 403, oculto


def test_lo_que_debe_el_area_se_contesta_en_la_pagina_del_caso_y_se_vuelve(g, entra):
    """One page for an answer; also after a refusal it comes back to the panel, and only to the panel."""
    caso = g.hasta(Estado.EN_ANALISIS)
    [o] = caso.hechos.opiniones
    url = f"{caso.get_absolute_url()}opinar/{o.pk}/?volver=panel"
    cliente = entra(g.p.finanzas)
    for pagina in ("/admin/", f"/admin/casos/opinion/{o.pk}/change/"):
        assert f'href="{url}"' in cliente.get(pagina).text
    for pagina in (cliente.get(url), cliente.post(url, {"version": o.version})):
        assert f'action="{url}"' in pagina.text and 'href="/admin/">Cancelar' in pagina.text
    buena = {"version": o.version, "sentido": "A_FAVOR", "fundamento": "Sí."}
    respuesta = cliente.post(url, buena)
    assert (respuesta.status_code, respuesta.url) == (302, "/admin/")
    assert Evento.objects.get(caso=caso, accion="opinar").actor == g.p.finanzas
    a = g.ajuste(g.hasta(Estado.EN_MODIFICACION), "JUR")
    url = f"{a.caso.get_absolute_url()}confirmar_ajuste/{a.pk}/"
    assert f'action="{url}"' in entra(g.p.juridico).get(f"{url}?volver=//otra.mx").text


def test_lo_pendiente_va_primero_y_luego_lo_mas_nuevo(g, entra):
    viejas = [g.opinar(g.hasta(Estado.EN_ANALISIS)).hechos.opiniones[0].pk for _ in range(2)]
    tarde, pronto = (
        g.analizar(g.hasta(Estado.EN_CONTACTO), **consultas("FIN", vence=en_dias(d)))
        .hechos.opiniones[0]
        .pk
        for d in (9, 4)
    )
    lista = entra(g.p.finanzas).get("/admin/casos/opinion/").context["cl"].result_list
    assert [o.pk for o in lista] == [pronto, tarde, *reversed(viejas)]


def test_el_panel_habla_como_la_casa(g, entra):
    """One heading each, and the dates of the screens."""
    g.hasta(Estado.EN_ANALISIS)
    for nombre, titulo in (("finanzas", "Lo de tu área"), ("gerente", "Configuración")):
        texto = entra(getattr(g.p, nombre)).get("/admin/").text
        assert f"<h1>{titulo}</h1>" in texto
        assert texto.count("<h1>") == 1 and ">Vista<" not in texto
    vence = Opinion.objects.get().vence
    assert f"{vence:%d/%m/%Y}" in entra(g.p.finanzas).get("/admin/casos/opinion/").text


def test_el_panel_tutea_y_lleva_al_producto(g, entra):
    """Its own words where the library says «El persona se agregó», «corrija» or «usted»."""
    client = entra(g.p.admin)
    area = Area.objects.get(codigo="FIN")
    datos = {"area": area.pk, "usuario": g.p.ajena.pk, "activa": "on"}
    texto = client.post("/admin/casos/membresia/add/", datos, follow=True).text
    assert "Listo: se agregó «" in texto and "correctamente" not in texto
    texto = client.post("/admin/casos/membresia/add/", {}).text
    assert "No se guardó todavía: revisa lo siguiente" in texto
    assert "orrija" not in texto


def cascara(html: str) -> list[str]:
    """What stands around a page: addresses and words of its header and of its navigation."""
    # Of each page its own: the token, which entry is this one, and the place of the manual.
    propio = r'name="csrfmiddlewaretoken" value="\w+"| aria-current="page"|(?<=href="/ayuda/)[^"]*'
    html = re.sub(propio, "", html)
    partes = re.findall(
        r'<header class="barra">.*?</header>|<nav class="navegacion".*?</nav>', html, re.S
    )
    assert len(partes) == 2
    # The start is no link on itself.
    return [re.sub(r'(barra__marca" tabindex="-1") href="/"', r"\1", p) for p in partes]


def test_el_panel_lleva_la_cascara_del_producto(g, entra):
    fin = Area.objects.get(codigo="FIN").pk
    for nombre in ("finanzas", "gerente", "admin"):
        cliente = entra(getattr(g.p, nombre))
        del_producto, *de_alla = (
            cascara(cliente.get(ruta).text)
            for ruta in ("/", "/admin/", "/admin/casos/area/", f"/admin/casos/area/{fin}/change/")
        )
        assert de_alla == [del_producto] * 3, nombre


ARCHIVO = re.compile(
    r'<(?:link|script|img|iframe)\b[^>]*(?:href|src)="([^"]+)"|<use href="([^"#]+)'
)


def test_cada_pagina_del_panel_es_ligera_y_sin_guiones_de_otros(g, entra):
    """What ``tests/navegador/test_presupuestos.py`` asks, of every page: 45 KB and six requests."""
    g.hasta(Estado.EN_MODIFICACION)
    g.analizar(g.hasta(Estado.EN_CONTACTO), "FIN", "JUR")
    malo = []
    for persona in (g.p.admin, g.p.finanzas):
        cliente = entra(persona)
        for ruta in del_panel(persona):
            texto = cliente.get(ruta, follow=True).text
            archivos = {x or y for x, y in ARCHIVO.findall(texto)}
            pesan = [len(gzip.compress(texto.encode(), 6))] + [
                len(gzip.compress(Path(finders.find(a.removeprefix("/static/"))).read_bytes(), 9))
                for a in archivos
                if a.startswith("/static/")
            ]
            guiones = [a for a in archivos if a.endswith(".js") and a != "/static/js/app.js"]
            if sum(pesan) > 44 * 1024 or len(archivos) > 5 or guiones or "<script>" in texto:
                malo.append((ruta, sum(pesan), archivos))
    assert not malo


def test_lo_unico_que_se_puede_elegir_ya_viene_elegido(g, entra):
    fin = Area.objects.get(codigo="FIN").pk
    for modelo in ("membresia", "motivo"):
        texto = entra(g.p.finanzas).get(f"/admin/casos/{modelo}/add/").text
        opciones = re.search(r'<select name="area".*?</select>', texto, re.S)[0]
        assert re.findall(r'<option value="(\d*)"( selected)?', opciones) == [
            (str(fin), " selected")
        ]
        assert (
            '<option value="" selected' in entra(g.p.admin).get(f"/admin/casos/{modelo}/add/").text
        )


def test_el_panel_va_por_secciones(g, entra):
    """The gravest first; a new page of the panel says in which it stands."""
    secciones = entra(g.p.admin).get("/admin/").context["app_list"]
    assert [s["name"] for s in secciones] == ["Personas y áreas", "Catálogos", "Datos", "Registros"]
    nombres = [m["object_name"] for s in secciones for m in s["models"]]
    assert sorted(nombres) == sorted(m.__name__ for m in admin.site._registry)
    assert [str(m["name"]) for m in secciones[0]["models"]] == [
        "Áreas",
        "Personas",
        "Personas del área",
        "Suplencias",
    ]


def test_de_falta_configurar_se_vuelve_a_ella(g, entra):
    Usuario.objects.filter(es_gerente=True).update(es_gerente=False)
    client = entra(g.p.admin)
    [enlace] = re.findall(
        r'href="(/admin/casos/usuario/add/[^"]+)"', client.get("/configurar/").text
    )
    enlace = enlace.replace("&amp;", "&")
    assert "checked" in str(client.get(enlace).context["adminform"].form["es_gerente"])
    datos = {"username": "rosa", "first_name": "Rosa", "last_name": "Gil", "email": "r@x.mx",
             "rol": "VEN", "es_gerente": "on", "is_active": "on", **CON_CLAVE}  # fmt: skip
    assert client.post(enlace, datos).url == "/configurar/"
    otra = datos | {"username": "eva", "email": "eva@x.mx"}
    assert client.post("/admin/casos/usuario/add/", otra).url != "/configurar/"


def test_el_responsable_cambia_la_direccion_y_los_dias_pero_no_el_nombre(g, entra):
    area = Area.objects.get(codigo="JUR")
    cliente = entra(g.p.juridico)
    datos = {"correo": "juridico@x.example", "dias_opinion": 4, "dias_ajuste": "", "nombre": "Otro"}
    assert cliente.post(f"/admin/casos/area/{area.pk}/change/", datos).status_code == 302
    area.refresh_from_db()
    assert (area.correo, area.dias_opinion, area.nombre) == ("juridico@x.example", 4, "Jurídico")


@pytest.mark.parametrize("campo", ["dias_opinion", "dias_ajuste"])
def test_un_plazo_de_area_no_pasa_de_noventa_dias(g, entra, campo):
    """With 30,000 the deadline falls in another century and no case of the area is ever late."""
    area = Area.objects.get(codigo="JUR")
    url = f"/admin/casos/area/{area.pk}/change/"
    datos = {"correo": "", "dias_opinion": "", "dias_ajuste": ""}
    cliente = entra(g.p.juridico)
    mal = cliente.post(url, datos | {campo: "30000"})
    assert mal.status_code == 200 and "hasta 90 días hábiles" in mal.content.decode()
    assert cliente.post(url, datos | {campo: "90"}).status_code == 302
    assert getattr(Area.objects.get(codigo="JUR"), campo) == 90


def test_un_contrato_cambiado_en_el_panel_queda_en_un_renglon(g, entra):
    contrato = g.registrar().contrato
    datos = {
        "servicio": "Costura\r\n\r\ny corte",
        "sede": "",
        "moneda": "MXN",
        "desde_fecha": "05/01/2026",
    }
    url = f"/admin/casos/contrato/{contrato.pk}/change/"
    assert entra(g.p.gerente).post(url, datos).status_code == 302
    assert Contrato.objects.get(pk=contrato.pk).servicio == "Costura y corte"


def test_un_nombre_de_usuario_no_se_repite_con_otras_letras(g, entra):
    """Fullwidth letters look the same and enter as the same: Django normalises them too."""
    mia = Area.objects.get(codigo="JUR")
    datos = {
        "usuario": "",
        "nombre": "Elsa",
        "apellidos": "Ruiz",
        "usuario_nuevo": "ｄireccion",
        "correo": "elsa@x.example",
        "activa": "on",
        "area": mia.pk,
        **CON_CLAVE,
    }
    respuesta = entra(g.p.juridico).post("/admin/casos/membresia/add/", datos)
    assert "Ya existe ese nombre de usuario" in respuesta.content.decode()
    assert not Usuario.objects.filter(email="elsa@x.example").exists()
    datos["nombre"], datos["usuario_nuevo"] = "Elsa\r\nMaría", "ｅlsa"
    entra(g.p.juridico).post("/admin/casos/membresia/add/", datos)
    assert Usuario.objects.get(username="elsa").first_name == "Elsa María"


def test_el_responsable_invita_a_alguien_nuevo_a_su_area_y_no_a_otra(g, entra):
    cliente = entra(g.p.juridico)
    mia, ajena = Area.objects.get(codigo="JUR"), Area.objects.get(codigo="FIN")
    datos = {
        "usuario": "",
        "nombre": "Elsa",
        "apellidos": "Ruiz",
        "usuario_nuevo": "elsa",
        "correo": "elsa@x.example",
        "activa": "on",
        **CON_CLAVE,
    }
    assert (
        cliente.post("/admin/casos/membresia/add/", datos | {"area": ajena.pk}).status_code == 200
    )
    assert not Usuario.objects.filter(username="elsa").exists()
    assert cliente.post("/admin/casos/membresia/add/", datos | {"area": mia.pk}).status_code == 302
    elsa = Usuario.objects.get(username="elsa")
    assert (elsa.rol, elsa.is_superuser, elsa.has_usable_password()) == ("", False, False)
    assert Membresia.objects.get(usuario=elsa).area == mia
    assert "elsa" in Aviso.objects.get(para="elsa@x.example").texto


def test_el_responsable_solo_toca_los_motivos_nuestros_de_su_area(g, entra):
    cliente = entra(g.p.finanzas)
    mio = Motivo.objects.filter(area__codigo="FIN").first()
    ajeno = Motivo.objects.filter(area__codigo="JUR").first()
    assert cliente.get(f"/admin/casos/motivo/{mio.pk}/change/").status_code == 200
    assert cliente.get(f"/admin/casos/motivo/{ajeno.pk}/change/").status_code == 302
    assert entra(g.p.gerente).get(f"/admin/casos/motivo/{ajeno.pk}/change/").status_code == 200


def test_la_ultima_persona_de_gerencia_no_se_desactiva(g, entra):
    cliente = entra(g.p.admin)

    def guardar(usuario, **mas):
        datos = {
            "username": usuario.username,
            "first_name": "X",
            "last_name": "",
            "rol": usuario.rol,
            "email": f"{usuario.username}@x.example",
            "telefono": "",
            **CON_CLAVE,
        }
        return cliente.post(f"/admin/casos/usuario/{usuario.pk}/change/", datos | mas)

    assert guardar(g.p.direccion).status_code == 302
    for mas in ({}, {"is_active": "on", "is_superuser": "on"}):
        respuesta = guardar(g.p.gerente, es_gerente="on", **mas)
        assert respuesta.status_code == 200
        assert "última persona activa" in respuesta.content.decode()
    assert not Usuario.objects.get(username="gerente").is_superuser
    assert Usuario.objects.get(username="gerente").is_active


def test_el_administrador_vuelve_a_invitar_y_quita_un_segundo_factor(g, entra):
    Authenticator.objects.create(user=g.p.dh, type="totp", data={})
    datos = {
        "username": "dh",
        "first_name": "X",
        "rol": "",
        "email": "dh@x.example",
        "is_active": "on",
        "invitar_otra_vez": "on",
        "quitar_segundo_factor": "on",
        **CON_CLAVE,
    }
    respuesta = entra(g.p.admin).post(f"/admin/casos/usuario/{g.p.dh.pk}/change/", datos)
    assert respuesta.status_code == 302
    assert not Authenticator.objects.exists()
    assert "/password/reset/key/" in Aviso.objects.get(para="dh@x.example", confidencial=True).texto


def test_con_casos_abiertos_no_se_desactiva_hasta_que_gerencia_los_pase(g, entra):
    caso = g.hasta(Estado.EN_CONTACTO)
    datos = {
        "username": "ventas",
        "first_name": "X",
        "last_name": "",
        "rol": "VEN",
        "email": "x@x.example",
        "telefono": "",
        **CON_CLAVE,
    }
    url = f"/admin/casos/usuario/{g.p.ventas.pk}/change/"
    respuesta = entra(g.p.admin).post(url, datos)
    assert caso.folio in respuesta.content.decode()
    assert Usuario.objects.get(username="ventas").is_active
    g.asignar(caso, a=g.p.ventas2)
    assert entra(g.p.admin).post(url, datos).status_code == 302
    assert not Usuario.objects.get(username="ventas").is_active


@pytest.mark.parametrize(
    "consulta",
    [
        "?p=99999999",
        "?p=abc",
        "?e=1",
        "?creado_en__year=99999999999",
        "?fecha__year=99999",
        "?id__exact=" + "9" * 25,
        "?o=9.9.9",
        "?estado__exact=%00x",
        "?activo__exact=zzz",
        "?_popup=1",
        "?_to_field=zz",
        "?q=" + "x" * 900,
    ],
)
def test_consultas_sin_sentido_no_tiran_ninguna_lista(g, entra, consulta):
    cliente = entra(g.p.admin)
    for modelo in admin.site._registry:
        url = f"/admin/casos/{modelo._meta.model_name}/{consulta}"
        assert cliente.get(url, follow=True).status_code in (200, 400), url


def test_cada_pagina_del_panel_abre(g, entra):
    """Lists, blank forms, rows and their history, for each kind of manager."""
    g.hasta(Estado.EN_ANALISIS)
    g.hasta(Estado.EN_MODIFICACION)
    DiaInhabil.objects.get_or_create(fecha="2026-12-25", defaults={"motivo": "Navidad"})
    Configuracion.objects.get_or_create()
    abiertas = 0
    for nombre in ("admin", "gerente", "juridico"):
        cliente = entra(getattr(g.p, nombre))
        for modelo in admin.site._registry:
            base = f"/admin/casos/{modelo._meta.model_name}/"
            fila = modelo._default_manager.order_by("-pk").first()
            filas = [f"{base}{fila.pk}/{que}/" for que in ("change", "history")] if fila else []
            for url in (base, f"{base}add/", *filas):
                estado = cliente.get(url).status_code
                assert estado in (200, 302, 403), (nombre, url, estado)
                abiertas += estado == 200
    assert abiertas > 90


def test_el_administrador_invita_a_una_persona_nueva(g, entra):
    cliente = entra(g.p.admin)
    pagina = cliente.get("/admin/casos/usuario/add/").content.decode()
    assert "Enviar otra vez" not in pagina and "user_permissions" not in pagina
    datos = {
        "username": "nueva",
        "first_name": "Nora",
        "last_name": "Paz",
        "rol": "VEN",
        "email": "nora@x.example",
        "telefono": "",
        "is_active": "on",
        **CON_CLAVE,
    }
    assert cliente.post("/admin/casos/usuario/add/", datos).status_code == 302
    nueva = Usuario.objects.get(username="nueva")
    assert (nueva.is_superuser, nueva.has_usable_password()) == (False, False)
    assert "/password/reset/key/" in Aviso.objects.get(para="nora@x.example").texto


def test_el_responsable_saca_a_alguien_de_su_area_pero_no_a_la_ultima_con_trabajo(g, entra):
    caso = g.analizar(g.hasta(Estado.EN_CONTACTO), "JUR")
    otra = Membresia.objects.create(usuario=g.p.ajena, area=Area.objects.get(codigo="JUR"))
    cliente = entra(g.p.juridico)
    url = f"/admin/casos/membresia/{otra.pk}/change/"
    assert cliente.get(url).status_code == 200
    assert cliente.post(url, {}).status_code == 302
    assert not Membresia.objects.get(pk=otra.pk).activa
    propia = Membresia.objects.get(usuario=g.p.juridico)
    respuesta = cliente.post(f"/admin/casos/membresia/{propia.pk}/change/", {})
    assert respuesta.status_code == 200
    assert "Es la última persona" in respuesta.content.decode()
    assert Membresia.objects.get(pk=propia.pk).activa and caso.pk


@pytest.mark.parametrize(
    ("estado", "codigo", "dice"),
    [
        (Estado.EN_ANALISIS, "FIN", "opiniones sin dar"),
        (Estado.EN_MODIFICACION, "JUR", "ajustes sin responder"),
    ],
)
def test_un_area_con_pendientes_no_se_desactiva(g, entra, estado, codigo, dice):
    caso = g.hasta(estado)
    cliente = entra(g.p.admin)

    def apagar(codigo):
        area = Area.objects.get(codigo=codigo)
        datos = {
            "nombre": area.nombre,
            "correo": "",
            "dias_opinion": "",
            "dias_ajuste": "",
            "opina": "on",
            "ajusta": "on",
            "orden": area.orden,
        }
        respuesta = cliente.post(f"/admin/casos/area/{area.pk}/change/", datos)
        area.refresh_from_db()
        return respuesta, area.activa

    respuesta, activa = apagar(codigo)
    assert (respuesta.status_code, activa) == (200, True)
    [error] = respuesta.context["adminform"].form.errors["activa"]
    assert dice in error and caso.folio in error
    respuesta, activa = apagar("DH")
    assert (respuesta.status_code, activa) == (302, False)
    # One that is already off may still be corrected.
    assert apagar("DH")[0].status_code == 302


def test_el_responsable_lee_las_condiciones_que_tocan_a_su_area(g, entra):
    cliente = entra(g.p.juridico)
    suya, ajena = (
        Concepto.objects.filter(areas__codigo="JUR").first(),
        Concepto.objects.exclude(areas__codigo="JUR").first(),
    )
    url = f"/admin/casos/concepto/{suya.pk}/change/"
    assert cliente.get(url).status_code == 200
    assert cliente.post(url, {"nombre": "Otro"}).status_code == 403
    assert cliente.get(f"/admin/casos/concepto/{ajena.pk}/change/").status_code == 302
    lista = cliente.get("/admin/casos/concepto/").content.decode()
    assert f"/concepto/{suya.pk}/" in lista and f"/concepto/{ajena.pk}/" not in lista


def test_lo_que_uno_mismo_pidio_no_le_espera_en_el_panel(g, entra):
    caso = g.hasta(Estado.EN_ANALISIS)
    [o] = caso.hechos.opiniones
    cliente = entra(g.p.finanzas)
    enlace = f"/opinar/{o.pk}/?volver=panel"
    assert enlace in cliente.get("/admin/").content.decode()
    Opinion.objects.filter(pk=o.pk).update(pedida_por=g.p.finanzas)
    assert enlace not in cliente.get("/admin/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_un_dia_puesto_por_error_se_quita_y_los_plazos_regresan(g, entra):
    antes = g.registrar()
    dia = DiaInhabil.objects.create(fecha=antes.vence, motivo="Error", origen="EMPRESA")
    recalcular()
    assert fresco(antes).vence > antes.vence
    url = f"/admin/casos/diainhabil/{dia.pk}/delete/"
    assert entra(g.p.juridico).post(url, {"post": "yes"}).status_code == 403
    pregunta = entra(g.p.gerente).get(url).text
    assert "Quitar este día" in pregunta and "seguro" not in pregunta
    respuesta = entra(g.p.gerente).post(url, {"post": "yes"}, follow=True)
    assert "Se recalculó el vencimiento de 1 caso." in respuesta.text
    assert fresco(antes).vence == antes.vence and not DiaInhabil.objects.filter(pk=dia.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_los_plazos_se_recalculan_cuando_el_dia_ya_se_guardo(g, entra, monkeypatch):
    """Each case in its own transaction: the panel's does not hold all the open ones meanwhile."""
    caso = g.registrar()
    en_transaccion = []

    def espia(*segundos):
        en_transaccion.append(connection.in_atomic_block)
        return un_rato(*segundos)

    un_rato = recalculo.recalcular_lo_pedido
    monkeypatch.setattr(recalculo, "recalcular_lo_pedido", espia)
    datos = {"fecha": caso.vence.isoformat(), "motivo": "Aniversario", "origen": "EMPRESA"}
    respuesta = entra(g.p.gerente).post("/admin/casos/diainhabil/add/", datos, follow=True)
    assert en_transaccion == [False]
    assert "Se recalculó el vencimiento de 1 caso." in respuesta.content.decode()
    assert fresco(caso).vence > caso.vence


@pytest.mark.django_db(transaction=True)
def test_de_miles_de_casos_sigue_el_trabajador_y_nadie_espera(g, entra, monkeypatch):
    """Who saves a day waits seconds; the rest goes on, slice by slice."""
    casos = [g.registrar() for _ in range(3)]
    vence = casos[0].vence
    monkeypatch.setattr(recalculo, "AL_GUARDAR", -1)
    datos = {"fecha": vence.isoformat(), "motivo": "Aniversario", "origen": "EMPRESA"}
    respuesta = entra(g.p.gerente).post("/admin/casos/diainhabil/add/", datos, follow=True)
    assert "Se están recalculando" in respuesta.text and fresco(casos[0]).vence == vence
    RecalculoPedido.objects.update(despues_de=casos[0].pk)  # a slice ended after the first one
    assert tareas.recalcular_lo_pedido() == 2
    assert [fresco(c).vence > vence for c in casos] == [False, True, True]
    assert not RecalculoPedido.objects.exists() and tareas.recalcular_lo_pedido() == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("que", ["día", "persona"])
def test_quien_guarda_y_se_muere_no_deja_casos_con_la_fecha_de_antes(g, entra, monkeypatch, que):
    """Killed between the commit and the last case: it is owed, and the worker does it."""
    caso = g.registrar()
    vence = caso.vence

    def muere(*_, **solo):
        raise SystemExit

    with monkeypatch.context() as m:
        m.setattr("casos.pasos.recalculo._desde", muere)
        with pytest.raises(SystemExit):
            if que == "día":
                datos = {"fecha": vence.isoformat(), "motivo": "Aniversario", "origen": "EMPRESA"}
                entra(g.p.gerente).post("/admin/casos/diainhabil/add/", datos)
            else:
                with transaction.atomic():
                    DiaInhabil.objects.create(fecha=vence, motivo="Aniversario", origen="EMPRESA")
                    recalculo.pedir_recalculo()
                recalculo.recalcular_lo_pedido(5)
    assert fresco(caso).vence == vence
    tareas.recalcular_lo_pedido()
    assert fresco(caso).vence > vence


@pytest.mark.django_db(transaction=True)
def test_un_caso_que_no_se_puede_recalcular_no_detiene_a_los_de_atras(g, monkeypatch):
    malo, bueno = g.registrar(), g.registrar()
    vence = bueno.vence
    DiaInhabil.objects.create(fecha=vence, motivo="Aniversario", origen="EMPRESA")
    recalculo.pedir_recalculo()
    de_verdad = recalculo.fuera_de_paso

    def falla(pk, *args, **kw):
        if pk == malo.pk:
            raise RuntimeError("no se pudo")
        return de_verdad(pk, *args, **kw)

    with monkeypatch.context() as m:
        m.setattr(recalculo, "fuera_de_paso", falla)
        assert recalculo.recalcular_lo_pedido(5) == (1, True)
    assert fresco(malo).vence == vence < fresco(bueno).vence
    assert recalculo.recalcular_lo_pedido(5) == (1, False)
    assert fresco(malo).vence > vence


@pytest.mark.django_db(transaction=True)
def test_un_cambio_de_rol_solo_recalcula_los_que_esperan_decision(g, entra, monkeypatch):
    """Of all open cases only their turn depends on there being who decides; what moves all counts all."""
    otro, espera = g.registrar(), g.hasta(Estado.POR_DECIDIR)
    vistos = []
    de_verdad = recalculo.fuera_de_paso

    def espia(pk, *args, **kw):
        vistos.append(pk)
        return de_verdad(pk, *args, **kw)

    monkeypatch.setattr(recalculo, "fuera_de_paso", espia)
    url = f"/admin/casos/usuario/{g.p.ventas2.pk}/change/"
    datos = {
        "username": "ventas2", "first_name": "X", "last_name": "", "rol": "DG", "email": "x@x.example",
        "telefono": "", "is_active": "on", **CON_CLAVE,
    }  # fmt: skip
    respuesta = entra(g.p.admin).post(url, datos)
    assert respuesta.status_code == 302 and vistos == [espera.pk]
    recalculo.pedir_recalculo(Estado.POR_DECIDIR)
    recalculo.pedir_recalculo()
    vistos.clear()
    recalculo.recalcular_lo_pedido(5)
    assert vistos == [otro.pk, espera.pk] and not RecalculoPedido.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_lo_que_se_pide_mientras_se_recalcula_no_se_pierde(g, monkeypatch):
    g.registrar()
    recalculo.pedir_recalculo()
    de_verdad = recalculo._desde

    def otro_guarda(*cuanto, **solo):
        recalculo.pedir_recalculo()
        return de_verdad(*cuanto, **solo)

    monkeypatch.setattr(recalculo, "_desde", otro_guarda)
    recalculo.recalcular_lo_pedido(5)
    assert RecalculoPedido.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_la_historia_pedida_por_post_no_pide_candados(g, entra):
    """On PostgreSQL a lock outside a transaction is an error; Django's page takes any method."""
    cliente = g.registrar().cliente
    url = f"/admin/casos/cliente/{cliente.pk}/history/"
    assert entra(g.p.gerente).post(url).status_code == 200


def test_el_panel_no_dice_la_direccion_de_lo_que_no_se_ve(g, entra):
    """Django's *view on site* answers for any row of any table, also with a folio."""
    caso = g.registrar()
    tipo = ContentType.objects.get_for_model(Caso).pk
    for quien in (g.p.juridico, g.p.gerente, g.p.admin):
        respuesta = entra(quien).get(f"/admin/r/{tipo}/{caso.pk}/")
        assert respuesta.status_code == 404 and caso.folio not in respuesta.content.decode()


def test_una_tarjeta_del_panel_no_gasta_renglones_en_lo_que_no_hay(entra, g):
    """A day of the whole firm says neither hour nor site; what there is stands."""
    DiaInhabil.objects.create(fecha=en_dias(30), motivo="Aniversario")
    texto = entra(g.p.gerente).get("/admin/casos/diainhabil/").text
    for columna in ("Se trabaja hasta", "Solo en la sede"):
        assert f'<td data-columna="{columna}" data-vacia ' in texto
    assert '<td data-columna="Motivo" class' in texto


def test_la_unica_no_dice_su_nombre_dos_veces(entra, g):
    texto = entra(g.p.gerente).get("/admin/casos/configuracion/", follow=True).text
    assert "<h1>Configuración</h1>" in texto and "cabecera__sub" not in texto
