"""The panel: each manager their own area, acts through the door, nothing deleted, Excel in and out."""

import io

import pytest
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook

from casos.catalogos import Estado
from casos.models import (
    Area,
    Aviso,
    Cliente,
    Contrato,
    Evento,
    Membresia,
    Motivo,
    Opinion,
    Usuario,
)
from tests.guion import Guion, fresco


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
        assert not panel.has_delete_permission(peticion), modelo
        if modelo._meta.model_name in ("evento", "aviso", "caso", "opinion", "ajuste"):
            assert not panel.has_change_permission(peticion), modelo
            assert not panel.has_add_permission(peticion), modelo


@pytest.mark.parametrize(
    "nombre", ["ventas", "atencion", "direccion", "calidad", "auditor", "ajena"]
)
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
    assert cliente.get(f"/admin/casos/opinion/{ajena.pk}/responder/opinar/").status_code == 404
    lista = cliente.get("/admin/casos/opinion/").content.decode()
    assert f"/opinion/{mia.pk}/" in lista and f"/opinion/{ajena.pk}/" not in lista
    area = Area.objects.get(codigo="FIN")
    assert cliente.get(f"/admin/casos/area/{area.pk}/change/").status_code == 302
    for oculto in ("usuario", "cliente", "plazo", "evento", "diainhabil"):
        assert cliente.get(f"/admin/casos/{oculto}/").status_code == 403, oculto


def test_la_opinion_se_da_por_la_puerta(g, entra):
    caso = g.hasta(Estado.EN_ANALISIS)
    [o] = caso.hechos.opiniones
    url = f"/admin/casos/opinion/{o.pk}/responder/opinar/"
    cliente = entra(g.p.finanzas)
    assert "responder/opinar" in cliente.get("/admin/").content.decode()
    vacia = cliente.post(url, {"version": o.version})
    assert vacia.status_code == 422
    assert "Este campo es obligatorio" in vacia.content.decode()
    assert Opinion.objects.get(pk=o.pk).estado == "PENDIENTE"
    buena = cliente.post(url, {"version": o.version, "sentido": "A_FAVOR", "fundamento": "Sí."})
    assert buena.status_code == 302
    assert fresco(caso).estado == Estado.POR_DECIDIR
    assert Evento.objects.get(caso=caso, accion="opinar").actor == g.p.finanzas
    assert cliente.post(url, {"version": o.version, "sentido": "A_FAVOR"}).status_code in (403, 422)


def test_el_responsable_cambia_la_direccion_y_los_dias_pero_no_el_nombre(g, entra):
    area = Area.objects.get(codigo="JUR")
    cliente = entra(g.p.juridico)
    datos = {"correo": "juridico@x.example", "dias_opinion": 4, "dias_ajuste": "", "nombre": "Otro"}
    assert cliente.post(f"/admin/casos/area/{area.pk}/change/", datos).status_code == 302
    area.refresh_from_db()
    assert (area.correo, area.dias_opinion, area.nombre) == ("juridico@x.example", 4, "Jurídico")


def test_el_responsable_invita_a_alguien_nuevo_a_su_area_y_no_a_otra(g, entra):
    cliente = entra(g.p.juridico)
    mia, ajena = Area.objects.get(codigo="JUR"), Area.objects.get(codigo="FIN")
    datos = {"usuario": "", "nombre": "Elsa", "apellidos": "Ruiz", "usuario_nuevo": "elsa",
             "correo": "elsa@x.example", "activa": "on"}  # fmt: skip
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
    cliente = entra(g.p.juridico)
    mio = Motivo.objects.filter(area__codigo="JUR").first()
    ajeno = Motivo.objects.filter(area__codigo="FIN").first()
    assert cliente.get(f"/admin/casos/motivo/{mio.pk}/change/").status_code == 200
    assert cliente.get(f"/admin/casos/motivo/{ajeno.pk}/change/").status_code == 302
    assert entra(g.p.gerente).get(f"/admin/casos/motivo/{ajeno.pk}/change/").status_code == 200


def test_la_ultima_persona_de_gerencia_no_se_desactiva(g, entra):
    cliente = entra(g.p.admin)

    def guardar(usuario, **mas):
        datos = {"username": usuario.username, "first_name": "X", "last_name": "", "rol": usuario.rol,
                 "email": "x@x.example", "telefono": ""}  # fmt: skip
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
    datos = {"username": "dh", "first_name": "X", "rol": "", "email": "dh@x.example",
             "is_active": "on", "invitar_otra_vez": "on", "quitar_segundo_factor": "on"}  # fmt: skip
    respuesta = entra(g.p.admin).post(f"/admin/casos/usuario/{g.p.dh.pk}/change/", datos)
    assert respuesta.status_code == 302
    assert not Authenticator.objects.exists()
    assert "/password/reset/key/" in Aviso.objects.get(para="dh@x.example").texto


def test_con_casos_abiertos_no_se_desactiva_hasta_que_gerencia_los_pase(g, entra):
    caso = g.hasta(Estado.EN_CONTACTO)
    datos = {"username": "ventas", "first_name": "X", "last_name": "", "rol": "VEN",
             "email": "x@x.example", "telefono": ""}  # fmt: skip
    url = f"/admin/casos/usuario/{g.p.ventas.pk}/change/"
    respuesta = entra(g.p.admin).post(url, datos)
    assert caso.folio in respuesta.content.decode()
    assert Usuario.objects.get(username="ventas").is_active
    g.asignar(caso, a=g.p.ventas2)
    assert entra(g.p.admin).post(url, datos).status_code == 302
    assert not Usuario.objects.get(username="ventas").is_active


def libro(*filas):
    hoja = Workbook()
    for fila in filas:
        hoja.active.append(fila)
    salida = io.BytesIO()
    hoja.save(salida)
    return SimpleUploadedFile("datos.xlsx", salida.getvalue())


def test_importar_clientes_primero_se_ve_y_luego_se_confirma(g, entra):
    Cliente.objects.create(razon_social="Vieja, S.A.", rfc="", nombre_comercial="Antes")
    cliente = entra(g.p.gerente)
    archivo = libro(
        ["Razón social", "RFC", "Nombre comercial", "Notas"],
        ["Nueva, S.A.", "GODE561231GR8", "Nueva", ""],
        ["Vieja, S.A.", "", "Después", ""],
        ["Mala, S.A.", "NO-ES-RFC", "", ""],
        ["", "", "Sin razón", ""],
    )
    vista = cliente.post("/admin/casos/cliente/importar/", {"archivo": archivo})
    pagina = vista.content.decode()
    assert vista.status_code == 200
    for palabra in ("Nuevo", "Cambia", "Rechazado", "12 caracteres", "Falta la razón social"):
        assert palabra in pagina, palabra
    assert Cliente.objects.count() == 1
    cliente.post("/admin/casos/cliente/importar/", {"confirmar": "1"})
    assert set(Cliente.objects.values_list("razon_social", "nombre_comercial", "rfc")) == {
        ("Nueva, S.A.", "Nueva", "GODE561231GR8"), ("Vieja, S.A.", "Después", ""),
    }  # fmt: skip
    Cliente.objects.filter(rfc="").update(notas="=1+1")
    salida = cliente.get("/admin/casos/cliente/exportar/")
    hoja = load_workbook(io.BytesIO(salida.content)).active
    celdas = {c.value: c.data_type for fila in hoja.iter_rows() for c in fila if c.value}
    assert celdas["=1+1"] == "s"


def test_importar_contratos_con_sus_condiciones(g, entra):
    Cliente.objects.create(razon_social="Nueva, S.A.", rfc="GODE561231GR8")
    cliente = entra(g.p.gerente)
    archivo = libro(
        [
            "Número",
            "Cliente (RFC o razón social)",
            "Servicio",
            "Sede",
            "Moneda",
            "Vigente desde",
            "Plazas",
        ],
        ["CT-1", "GODE561231GR8", "Costura", "Puebla", "MXN", "16/03/2026", "12"],
        ["CT-2", "No existe", "Costura", "", "", "16/03/2026", ""],
        ["CT-3", "Nueva, S.A.", "Costura", "", "EUR", "16/03/2026", ""],
        ["CT-4", "Nueva, S.A.", "Costura", "", "MXN", "ayer", ""],
        ["CT-5", "Nueva, S.A.", "Costura", "", "MXN", "2026-03-16", "doce"],
    )
    pagina = cliente.post("/admin/casos/contrato/importar/", {"archivo": archivo}).content.decode()
    for falta in ("No existe ese cliente", "escribe MXN o USD", "escribe una fecha", "Plazas"):
        assert falta in pagina, falta
    cliente.post("/admin/casos/contrato/importar/", {"confirmar": "1"})
    contrato = Contrato.objects.get()
    assert (contrato.numero, contrato.version) == ("CT-1", 1)
    assert contrato.versiones.get().valores.get().valor == "12"


def test_un_archivo_que_no_es_excel_se_rechaza_con_palabras(g, entra):
    cliente = entra(g.p.gerente)
    for contenido in (b"hola", b"%PDF-1.4 x", b""):
        archivo = SimpleUploadedFile("datos.xlsx", contenido)
        respuesta = cliente.post("/admin/casos/cliente/importar/", {"archivo": archivo})
        assert respuesta.status_code == 422


@pytest.mark.parametrize(
    "consulta", ["?p=99999999", "?e=1", "?creado__year=99999999999", "?o=9.9.9", "?estado__exact=%00x", "?q=" + "x" * 900]
)  # fmt: skip
def test_consultas_sin_sentido_no_tiran_el_panel(g, entra, consulta):
    respuesta = entra(g.p.admin).get("/admin/casos/caso/" + consulta, follow=True)
    assert respuesta.status_code in (200, 400)
