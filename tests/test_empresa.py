"""Who writes to a client: the firm's data, asked, checked and said in each letter to one."""

import struct
import zlib
from email import message_from_bytes
from email.header import decode_header, make_header
from email.policy import default
from email.utils import parseaddr

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from casos import tareas
from casos.archivos import logotipo
from casos.archivos.tipos import JPEG, PNG, WEBP, ArchivoRechazado
from casos.catalogos import Estado, EstadoAviso
from casos.correo import envio
from casos.datos.logo_de_muestra import dibujar
from casos.lecturas.falta_configurar import lo_que_falta
from casos.models import Aviso, Empresa, Logo, Usuario
from tests.factories import AvisoFactory
from tests.guion import formulario, rechazada
from tests.personas import CON_CLAVE

CAMPOS = {
    "razon_social": "Cía. de Prueba, S.A. de C.V.",
    "nombre_comercial": "",
    "direccion": "Calle 1\nMéxico",
    "telefono": "55 1234 5678",
    "sitio": "",
}


@pytest.fixture
def g(mundo):
    return mundo


@pytest.fixture
def archivos(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def subido(contenido: bytes, nombre: str = "logo.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(nombre, contenido)


def propuesta(g, **datos) -> Aviso:
    g.presentar(g.hasta(Estado.EN_PROPUESTA), enviar_al_cliente="on", **datos)
    return Aviso.objects.filter(plantilla="propuesta").latest("pk")


def mensaje_de(aviso):
    """As it arrives: written out and read again."""
    return message_from_bytes(envio.mensaje(aviso).message().as_bytes())


# -- the letter ------------------------------------------------------------------------------------


def test_el_correo_al_cliente_dice_quien_escribe(g):
    Empresa.objects.update(sitio="https://firma.example/")
    Usuario.objects.filter(pk=g.p.ventas.pk).update(puesto="Ejecutiva", telefono="+525512345678")
    carta = propuesta(g)
    assert carta.asunto.endswith("Propuesta 1 de Personal de Prueba para Aceros del Norte")
    for texto in (carta.texto, carta.html):
        for dicho in (
            str(g.p.ventas), "Ejecutiva", "55 1234 5678", "Personal de Prueba, S.A. de C.V.",
            "Calle de la Prueba 1", "55 5555 0199", "https://firma.example/",
            f"Puede responder a este correo: le llega a {g.p.ventas}.",
        ):  # fmt: skip
            assert dicho in texto, dicho
        assert "Seguimiento de venta" not in texto
    mensaje = mensaje_de(carta)
    assert parseaddr(mensaje["From"]) == (
        "Personal de Prueba",
        parseaddr(settings.DEFAULT_FROM_EMAIL)[1],
    )
    assert mensaje["Reply-To"] == g.p.ventas.email


def test_sin_puesto_ni_telefono_no_quedan_renglones_a_medias(g):
    Empresa.objects.update(direccion="", telefono="", razon_social="Personal de Prueba")
    Usuario.objects.update(puesto="", telefono="")
    texto = propuesta(g).texto
    despedida = texto.partition("Quedamos a sus órdenes.")[2]
    assert despedida == (
        f"\n\n{g.p.ventas}\nVentas\n\nPersonal de Prueba\n\n"
        f"Puede responder a este correo: le llega a {g.p.ventas}.\n"
    )


def test_las_cartas_internas_no_llevan_el_membrete(g):
    propuesta(g)
    internas = Aviso.objects.exclude(plantilla="propuesta")
    assert internas.exists()
    for carta in internas:
        assert not carta.remitente and carta.logo is None
        assert "Personal de Prueba" not in carta.texto + carta.html
        assert mensaje_de(carta)["From"] == settings.DEFAULT_FROM_EMAIL


NOMBRES = [
    "Ñandú & Añil, S.A. de C.V.",
    'Grupo "El Águila", S.C.',
    "O'Higgins <admin@otra.example>",
    "Á" * 200,
    "ASCII muy largo " * 12,
    "Una\r\nBcc: todos@x.example",
    "漢字" * 60,
    "a@b.example",
]


@pytest.mark.parametrize("nombre", NOMBRES)
def test_ningun_nombre_rompe_las_cabeceras(smtp, g, nombre):
    Empresa.objects.update(nombre_comercial="", razon_social=nombre.strip()[:200])
    Usuario.objects.filter(pk=g.p.ventas.pk).update(first_name=nombre[:150], last_name="")
    carta = propuesta(g)
    envio.enviar_pendientes()
    carta.refresh_from_db()
    assert carta.estado == EstadoAviso.ENVIADO, carta.error
    [mensaje] = smtp.para("laura@aceros.example")
    assert len(mensaje.get_all("From")) == 1 and "Bcc" not in mensaje
    de = mensaje["From"].replace("\r\n", "")
    dicho, direccion = parseaddr(de)
    assert direccion == parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    assert str(make_header(decode_header(dicho))) == " ".join(nombre.split())[:200].strip()
    # What a strict reader makes of it, too.
    leido = message_from_bytes(envio.mensaje(carta).message().as_bytes(), policy=default)
    assert not leido["From"].defects and len(leido["From"].addresses) == 1
    assert max(map(len, envio.mensaje(carta).message().as_bytes().splitlines())) < 998


# -- the logo --------------------------------------------------------------------------------------


@pytest.fixture
def con_logo(client, g, archivos):
    client.force_login(g.p.gerente)
    url = f"/admin/casos/empresa/{Empresa.objects.get().pk}/change/"
    assert (
        client.post(url, CAMPOS | CON_CLAVE | {"logo_nuevo": subido(dibujar())}).status_code == 302
    )
    return Empresa.objects.get().logo


def imagenes(aviso):
    return [p for p in mensaje_de(aviso).walk() if p.get_content_maintype() == "image"]


def test_el_logo_va_dentro_del_correo_y_no_se_pide_a_nadie(con_logo, g):
    carta = propuesta(g)
    mensaje = mensaje_de(carta)
    assert [p.get_content_type() for p in mensaje.walk()] == [
        "multipart/mixed", "multipart/related", "multipart/alternative", "text/plain", "text/html",
        "image/png", "application/pdf",
    ]  # fmt: skip
    [parte] = imagenes(carta)
    cid = parte["Content-ID"].strip("<>")
    assert f'src="cid:{cid}"' in carta.html and 'src="http' not in carta.html
    assert f'alt="Logotipo de {Empresa.objects.get().nombre}"' in carta.html
    assert parte["Content-Disposition"] == "inline"
    assert parte.get_payload(decode=True) == dibujar()
    assert con_logo.medidas == (56, 56) and 'width="56" height="56"' in carta.html


def test_reenviado_lleva_el_logo_de_cuando_se_escribio(con_logo, client, g, archivos):
    carta = propuesta(g)
    url = f"/admin/casos/empresa/{Empresa.objects.get().pk}/change/"
    otro = un_png(40, 20)
    assert client.post(url, CAMPOS | CON_CLAVE | {"logo_nuevo": subido(otro)}).status_code == 302
    [parte] = imagenes(Aviso.objects.get(pk=carta.pk))
    assert parte.get_payload(decode=True) == dibujar()
    assert imagenes(propuesta(g))[0].get_payload(decode=True) == otro
    # Neither the one in use nor the one a mail carries is taken for loose.
    assert len(list((archivos / "empresa").iterdir())) == Logo.objects.count() == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("como", ["otro", "quitar"])
def test_el_logo_que_ningun_correo_lleva_se_borra_en_la_noche(con_logo, client, archivos, como):
    """Not as it is changed: a letter may be on its way to its row with it."""
    datos = {"logo_nuevo": subido(un_png(40, 20))} if como == "otro" else {"quitar_logo": "on"}
    url = f"/admin/casos/empresa/{Empresa.objects.get().pk}/change/"
    assert client.post(url, CAMPOS | CON_CLAVE | datos).status_code == 302
    propuesta_en_camino = AvisoFactory(logo=con_logo)
    tareas.limpiar_archivos()
    assert default_storage.exists(con_logo.archivo.name)
    propuesta_en_camino.delete()
    tareas.limpiar_archivos()
    assert not default_storage.exists(con_logo.archivo.name)
    assert Logo.objects.count() == len(list((archivos / "empresa").iterdir())) == (como == "otro")


def test_sin_el_archivo_del_logo_el_correo_sale_igual(con_logo, g, caplog):
    carta = propuesta(g)
    default_storage.delete(con_logo.archivo.name)
    assert not imagenes(carta) and mensaje_de(carta)["Subject"]
    assert "Falta el archivo del logotipo" in caplog.text


def test_el_panel_lo_muestra_como_imagen_y_solo_a_quien_lo_cambia(con_logo, client, g):
    respuesta = client.get("/admin/casos/empresa/logo/")
    assert respuesta.content == dibujar() and respuesta["Content-Type"] == "image/png"
    assert respuesta["X-Content-Type-Options"] == "nosniff"
    assert respuesta["Content-Security-Policy"] == "default-src 'none'; sandbox"
    client.force_login(g.p.juridico)
    assert client.get("/admin/casos/empresa/logo/").status_code == 403


def un_png(ancho: int, alto: int, *, puntos: bytes = b"", bits=8, pasadas=0, otro=b"") -> bytes:
    def trozo(nombre, cuerpo):
        suma = zlib.crc32(nombre + cuerpo)
        return struct.pack(">I", len(cuerpo)) + nombre + cuerpo + struct.pack(">I", suma)

    puntos = puntos or zlib.compress((b"\0" + b"\xff" * ancho) * alto)
    cabeza = struct.pack(">IIBBBBB", ancho, alto, bits, 0, 0, 0, pasadas)
    medio = trozo(otro, b"\0" * 8) if otro else b""
    partes = trozo(b"IHDR", cabeza) + medio + trozo(b"IDAT", puntos) + trozo(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + partes


def un_jpeg(ancho: int, alto: int) -> bytes:
    marco = b"\xff\xc0" + struct.pack(">HBHH", 11, 8, alto, ancho) + b"\x01\x01\x11\x00"
    return (
        b"\xff\xd8\xff\xe0" + struct.pack(">H", 4) + b"ok" + marco + b"\xff\xda\0\x02datos\xff\xd9"
    )


def un_webp(ancho: int, alto: int) -> bytes:
    juntas = (ancho - 1) | (alto - 1) << 14
    cuerpo = b"WEBPVP8L" + struct.pack("<I", 5) + b"\x2f" + struct.pack("<I", juntas) + b"\0"
    return b"RIFF" + struct.pack("<I", len(cuerpo)) + cuerpo


def un_webp_extendido(ancho: int, alto: int) -> bytes:
    lados = (ancho - 1).to_bytes(3, "little") + (alto - 1).to_bytes(3, "little")
    cuerpo = b"WEBPVP8X" + struct.pack("<I", 10) + b"\0\0\0\0" + lados
    return b"RIFF" + struct.pack("<I", len(cuerpo)) + cuerpo


@pytest.mark.parametrize(
    ("hacer", "tipo"),
    [(un_png, PNG), (un_jpeg, JPEG), (un_webp, WEBP), (un_webp_extendido, WEBP)],
)
def test_las_medidas_son_las_de_sus_bytes(hacer, tipo):
    assert logotipo.medir(hacer(640, 200), tipo) == (640, 200)
    for ancho, alto in ((5000, 100), (100, 2001), (8, 8)):
        with pytest.raises(ArchivoRechazado, match="debe medir"):
            logotipo.medir(hacer(ancho, alto), tipo)
    entero = hacer(64, 64)
    for corte in range(12, len(entero)):
        with pytest.raises(ArchivoRechazado, match="dañada"):
            logotipo.medir(entero[:corte] if tipo != WEBP else entero[:corte] or b"", tipo)


def test_un_png_de_menos_bits_o_entrelazado_tambien_es_un_logo():
    en_bits = zlib.compress((b"\0" + b"\xff" * 3) * 20)  # twenty points, a bit each
    assert logotipo.medir(un_png(20, 20, puntos=en_bits, bits=1), PNG) == (20, 20)
    # 16 × 16 in the seven passes of Adam7: (columns, rows) of each
    pasos = [(2, 2), (2, 2), (4, 2), (4, 4), (8, 4), (8, 8), (16, 8)]
    puntos = zlib.compress(b"".join((b"\0" + b"\xff" * c) * r for c, r in pasos))
    assert logotipo.medir(un_png(16, 16, puntos=puntos, pasadas=1), PNG) == (16, 16)


@pytest.mark.parametrize(
    ("contenido", "dice"),
    [
        (un_png(40, 20, puntos=b"no son puntos"), "dañada"),
        (un_png(40, 20, puntos=zlib.compress(b"\0" * 41 * 19)), "dañada"),
        (un_png(40, 20, puntos=zlib.compress(b"\0" * 100_000_000)), "dañada"),
        (un_png(40, 20, puntos=zlib.compress(b"\0" * 41 * 20)[:-6]), "dañada"),
        (un_png(40, 20, otro=b"acTL"), "animación"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'></svg>", "HTML o SVG"),
        (b"%PDF-1.4\n%%EOF", "PNG, JPG o WebP"),
        (un_png(3000, 20), "debe medir"),
        (un_png(40, 20) + b"<script>alert(1)</script>", "dañada"),
        (un_png(40, 20)[:-20], "dañada"),
        (un_png(40, 20) + b"\0" * 400_000, "300 KB"),
        (b"II*\0" + b"\0" * 60, "PNG, JPG o WebP"),
    ],
)
def test_lo_que_no_es_un_logo_se_dice_y_lo_escrito_se_queda(client, g, archivos, contenido, dice):
    client.force_login(g.p.gerente)
    url = f"/admin/casos/empresa/{Empresa.objects.get().pk}/change/"
    datos = (
        CAMPOS | CON_CLAVE | {"razon_social": "Otro Nombre, S.A.", "logo_nuevo": subido(contenido)}
    )
    respuesta = client.post(url, datos)
    assert respuesta.status_code == 200 and dice in respuesta.text
    assert "Otro Nombre, S.A." in respuesta.text
    assert Empresa.objects.get().razon_social != "Otro Nombre, S.A." and not Logo.objects.exists()


def test_sin_lugar_en_el_disco_se_dice_junto_al_logo(client, g, archivos, monkeypatch):
    def lleno(*args, **kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(default_storage, "save", lleno)
    client.force_login(g.p.gerente)
    url = f"/admin/casos/empresa/{Empresa.objects.get().pk}/change/"
    datos = (
        CAMPOS | CON_CLAVE | {"razon_social": "Otro Nombre, S.A.", "logo_nuevo": subido(dibujar())}
    )
    respuesta = client.post(url, datos)
    assert respuesta.status_code == 200 and "no se pudo guardar en el disco" in respuesta.text
    assert "Otro Nombre, S.A." in respuesta.text and not Logo.objects.exists()
    assert Empresa.objects.get().razon_social != "Otro Nombre, S.A."


# -- the panel -------------------------------------------------------------------------------------


def test_los_datos_se_guardan_como_en_todas_partes(client, g):
    client.force_login(g.p.gerente)
    respuesta = client.get("/admin/casos/empresa/")
    url = f"/admin/casos/empresa/{Empresa.objects.get().pk}/change/"
    assert respuesta.status_code == 302 and respuesta["Location"] == url
    raro = {
        "razon_social": "  Cía.\u200b  de\tPrueba ", "sitio": "firma.example", "telefono": "044 55 1234 5678",
        "direccion": "Uno\r\n\r\nDos",
    }  # fmt: skip
    assert client.post(url, CAMPOS | CON_CLAVE | raro).status_code == 302
    empresa = Empresa.objects.get()
    assert (empresa.razon_social, empresa.telefono, empresa.direccion, empresa.sitio) == (
        "Cía. de Prueba", "+525512345678", "Uno\n\nDos", "https://firma.example",
    )  # fmt: skip
    malo = client.post(url, CAMPOS | {"telefono": "123", "razon_social": ""})
    assert "No se entiende el teléfono" in malo.text or "Le faltan dígitos" in malo.text
    assert "Escribe la razón social." in malo.text
    assert client.get("/admin/casos/empresa/add/").status_code == 403  # there is one firm


def test_lo_que_lee_cada_cliente_pide_la_contrasena_y_se_dice(client, g, archivos):
    """One session left open put another firm's name and page in every mail, and nobody was told."""
    Aviso.objects.all().delete()
    antes = Empresa.objects.get()
    client.force_login(g.p.gerente)
    url = f"/admin/casos/empresa/{antes.pk}/change/"
    datos = CAMPOS | {"razon_social": "Otra", "sitio": "https://malo.example"}
    pagina = client.post(url, datos | {"logo_nuevo": subido(dibujar())})
    assert "Confirma que eres tú" in pagina.text and 'value="https://malo.example"' in pagina.text
    # a file cannot be put back in a page: it is asked for again, not lost in silence
    assert "Elige otra vez «logo.png»" in pagina.text and "multipart/form-data" in pagina.text
    assert Empresa.objects.get().razon_social == antes.razon_social and not Aviso.objects.exists()
    con_logo = datos | CON_CLAVE | {"logo_nuevo": subido(dibujar())}
    assert client.post(url, con_logo).status_code == 302 and Logo.objects.exists()
    cartas = Aviso.objects.order_by("pk")
    assert [c.para for c in cartas] == [g.p.admin.email, g.p.direccion.email]
    for carta in cartas:
        assert carta.asunto == "Cambiaron los datos de la empresa"
        assert "Página web: era nada y ahora es https://malo.example." in carta.texto
        assert f"Razón social: era {antes.razon_social} y ahora es Otra." in carta.texto


# -- while nobody has said who the firm is ---------------------------------------------------------


def test_sin_nombre_no_sale_y_se_dice_junto_al_boton_con_lo_escrito(client, g):
    Empresa.objects.all().delete()
    caso = g.hasta(Estado.EN_PROPUESTA)
    ayuda = formulario("presentar", g.p.ventas, caso).fields["enviar_al_cliente"].help_text
    assert "poner el nombre en Datos de la empresa" in ayuda
    with rechazada(match="poner el nombre en Datos de la empresa") as error:
        g.presentar(caso, enviar_al_cliente="on", texto="Lo que escribí.")
    assert [f.campo for f in error.value.faltas] == ["enviar_al_cliente"]
    assert error.value.form["texto"].value() == "Lo que escribí."
    assert not Aviso.objects.filter(plantilla="propuesta").exists()
    # Presented by another way it is recorded all the same.
    caso = g.presentar(caso)
    assert caso.estado == Estado.EN_RESPUESTA


def test_falta_configurar_dice_lo_que_el_cliente_no_leera(g):
    def dichos():
        return [f for f in lo_que_falta() if "empresa" in f.texto and "cliente" in f.texto]

    assert dichos() == []
    Empresa.objects.update(telefono="")
    [falta] = dichos()
    assert falta.texto == "Los correos al cliente no dicen de la empresa: teléfono."
    assert falta.enlace.startswith(f"/admin/casos/empresa/{Empresa.objects.get().pk}/change/")
    assert not falta.de_administrador
    Empresa.objects.all().delete()
    [falta] = dichos()
    assert "No sale ningún correo al cliente" in falta.texto
    assert falta.enlace.startswith("/admin/casos/empresa/add/")


def test_mi_cuenta_y_el_panel_tienen_el_puesto(client, g):
    client.force_login(g.p.ventas)
    datos = {"first_name": "Ana", "last_name": "Ruiz", "email": g.p.ventas.email, "telefono": ""}
    assert client.post("/cuenta/", datos | {"puesto": "Ejecutiva\nde cuenta"}).status_code == 302
    assert Usuario.objects.get(pk=g.p.ventas.pk).puesto == "Ejecutiva de cuenta"
    client.force_login(g.p.admin)
    assert 'name="puesto"' in client.get(f"/admin/casos/usuario/{g.p.ventas.pk}/change/").text
