"""The file of a case: it says what its page says, a third party verifies it alone, and covered it names nobody."""

import io
import re
import subprocess
import zipfile
import zlib
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from casos.catalogos import Estado, Hecho
from casos.lecturas import expediente_en_zip
from casos.lecturas.expediente_en_papel import huella_de
from casos.lecturas.expediente_en_zip import nombre_llano
from casos.lecturas.nombres_cubiertos import NombresCubiertos
from casos.models import (
    Adjunto,
    Caso,
    HechoDeSeguridad,
    LecturaSensible,
    PersonaContacto,
    RevisionInstruccion,
    Usuario,
)
from tests import muestras as m
from tests.escenarios import engrosar, moviendo
from tests.guion import Guion, contacto, fresco, pedir
from tests.test_impresos import HOSTIL, leido, sin_blancos

E = Estado
PDF, ZIP, CUBIERTO = "expediente.pdf", "expediente.zip", "expediente-cubierto.pdf"
CASO_EN_PAPEL = 34  # statements of the PDF; the covered one asks six more, for who there is
NOMBRES_HOSTILES = [
    "../../etc/passwd", "..\\..\\win.ini", "/abs.pdf", "a\nb.pdf", "a\\b.pdf", "-rf.pdf", "CON.pdf",
    "ofícios señor.PDF", "漢字.pdf", ".oculto", "x" * 140 + ".pdf", "a.tar.gz", "", "   ", "*?<>|:.pdf",
]  # fmt: skip


@pytest.fixture
def g(personas, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "archivos"
    return Guion(personas)


def ir(client, usuario, caso, que):
    client.force_login(usuario)
    return client.get(f"{caso.get_absolute_url()}{que}")


def con_archivo(g, caso, nombre="oficio.pdf", **mas):
    datos = contacto(persona=caso.persona_id, **mas) | {"version": caso.version}
    archivos = {"archivo": SimpleUploadedFile(nombre, m.PDF, content_type="application/pdf")}
    return pedir("registrar_contacto", g.p.ventas, caso=caso, datos=datos, archivos=archivos)


def en_disco(respuesta, lugar) -> Path:
    """Unpacked; the folder that holds SHA256SUMS."""
    with zipfile.ZipFile(io.BytesIO(b"".join(respuesta.streaming_content))) as zip_:
        assert zip_.testzip() is None
        zip_.extractall(lugar)
    [manifiesto] = lugar.rglob("SHA256SUMS")
    return manifiesto.parent


def sumas(carpeta):
    return subprocess.run(
        ["sha256sum", "--strict", "-c", "SHA256SUMS"], cwd=carpeta, capture_output=True, text=True
    )


# -- the ZIP -------------------------------------------------------------------------------------------


def test_el_zip_se_verifica_solo_con_sha256sum(g, client, tmp_path):
    caso = g.hasta(E.EN_CONTACTO)
    for _ in range(2):
        con_archivo(g, fresco(caso))  # twice of one name
    carpeta = en_disco(ir(client, g.p.ventas, caso, ZIP), tmp_path / "zip")
    dicho = sumas(carpeta)
    assert dicho.returncode == 0, dicho.stderr
    hay = {str(p.relative_to(carpeta)) for p in carpeta.rglob("*") if p.is_file()}
    assert {r.split(": ")[0] for r in dicho.stdout.splitlines()} == hay - {"SHA256SUMS"}
    assert {f"archivos/00{n}-oficio.pdf" for n in (1, 2)} < hay
    [pdf] = carpeta.glob("*.pdf")
    assert Adjunto.objects.first().sha256 in sin_blancos(leido(pdf.read_bytes()))
    pdf.write_bytes(pdf.read_bytes()[:-1])
    assert sumas(carpeta).returncode


@pytest.mark.parametrize("como", ["falta", "alterado"])
def test_un_archivo_perdido_o_alterado_se_dice_y_lo_demas_se_verifica(g, client, tmp_path, como):
    caso = g.hasta(E.EN_CONTACTO)
    con_archivo(g, caso)
    ruta = Path(Adjunto.objects.get().archivo.path)
    ruta.unlink() if como == "falta" else ruta.write_bytes(b"otra cosa")
    carpeta = en_disco(ir(client, g.p.ventas, caso, ZIP), tmp_path / "zip")
    assert sumas(carpeta).returncode == 0
    assert len(list(carpeta.glob("archivos/*"))) == (como == "alterado")
    assert como.upper() in (carpeta / "LEEME.txt").read_text()
    for contenido in (
        next(carpeta.glob("*.pdf")).read_bytes(),
        ir(client, g.p.ventas, caso, PDF).content,
    ):
        assert como.upper() in leido(contenido)
        assert "faltan o se alteraron: 1" in leido(contenido)


@pytest.mark.parametrize("ruta", ["", "../../fuera.pdf", "/etc/hostname", "casos/no_esta.pdf"])
def test_de_una_ruta_alterada_se_dice_que_falta(ruta):
    assert huella_de(Adjunto(archivo=ruta)) == ""


def test_quien_solo_pregunta_por_el_zip_no_leyo_lo_sensible(g, client):
    caso = g.hasta(E.EN_CONTACTO)
    con_archivo(g, caso)
    with moviendo(caso):
        Adjunto.objects.update(sensible=True)
    client.force_login(g.p.ventas)
    url = f"{caso.get_absolute_url()}{ZIP}"
    assert client.head(url).status_code == 200 and not LecturaSensible.objects.exists()
    b"".join(client.get(url).streaming_content)
    assert LecturaSensible.objects.get().usuario == g.p.ventas


def test_sin_lugar_en_el_disco_se_dice(g, client, monkeypatch):
    def sin_lugar(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(expediente_en_zip.tempfile, "SpooledTemporaryFile", sin_lugar)
    caso = g.hasta(E.RECIBIDO)
    respuesta = ir(client, g.p.ventas, caso, ZIP)
    assert respuesta.status_code == 503
    assert "no tiene lugar" in respuesta.content.decode()
    assert not HechoDeSeguridad.objects.filter(hecho=Hecho.DESCARGA).exists()


@pytest.mark.parametrize("nombre", NOMBRES_HOSTILES)
def test_el_nombre_de_un_archivo_no_es_una_ruta(nombre):
    llano = nombre_llano(nombre)
    assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9-]*(\.[a-z0-9]{1,8})?", llano), llano
    assert len(llano) < 80


def cuerpo(contenido: bytes, pie: str) -> str:
    """Without the head and the foot of each page, which stand between two lines of a text."""
    paginas = [sin_blancos(p.extract_text()) for p in PdfReader(io.BytesIO(contenido)).pages]
    sin_cabeza = (re.split(r"Página\d+de\d+", p)[-1] for p in paginas)
    return "".join(sin_cabeza).replace(sin_blancos(pie), "")


# -- what it says --------------------------------------------------------------------------------------


def test_el_pdf_dice_lo_que_dice_la_pagina(g, client):
    caso = g.hasta(E.EN_MODIFICACION)
    con_archivo(g, caso, resumen="Pidió que fuera por escrito.")
    caso = fresco(caso)
    client.force_login(g.p.ventas)
    pagina = client.get(f"{caso.get_absolute_url()}?todo").context
    contenido = client.get(f"{caso.get_absolute_url()}{PDF}").content
    pie = f"{caso.folio} · renglón {caso.num_eventos} · {caso.huella_cabeza}"
    dice = sin_blancos(leido(contenido)) + cuerpo(contenido, pie)
    dichos = [caso.folio, caso.solicitud, caso.huella_cabeza, "IT-AC-VTA-VTAS-21", "Revisión: 3"]
    dichos += [
        f"No. Operación: {RevisionInstruccion.objects.get(numero=3).operacion}",
        "Página 1 de ",
        f"por {g.p.ventas}",
    ]
    for r in pagina["renglones"]:
        dichos += [
            f"{r.numero}. {r.que}",
            r.quien,
            *r.marcas,
            *(t for par in r.textos for t in par),
        ]
        dichos += [a["nombre"] for a in r.archivos]
    for c in pagina["pagina"].condiciones.cambian:
        dichos += [c.concepto, *(celda.valor for celda in c.celdas)]
    dichos += [t for a in caso.avisos.all() for t in (a.asunto, a.texto)]
    assert [d for d in dichos if sin_blancos(d) not in dice] == []
    meta = PdfReader(io.BytesIO(contenido)).xmp_metadata.stream.get_data()
    assert b"<pdfaid:part>2</pdfaid:part>" in meta


@pytest.mark.parametrize("texto", [HOSTIL, "漢字 😀 ﷽", "a" * 900, "<script>alert(1)</script>"])
def test_lo_que_se_teclea_se_imprime_y_nunca_se_evalua(g, client, texto):
    caso = g.hasta(E.RECIBIDO)
    Caso.objects.filter(pk=caso.pk).update(solicitud=texto)
    PersonaContacto.objects.filter(pk=caso.persona_id).update(nombre=f"Ana {texto[:40]}")
    for que in (PDF, CUBIERTO):
        respuesta = ir(client, g.p.ventas, caso, que)
        assert respuesta.status_code == 200
        if "漢" in texto:  # no letter of ours has it: an ordinary PDF, which says so
            assert "No es PDF/A" in leido(respuesta.content)
        elif que == PDF:
            assert sin_blancos(texto) in sin_blancos(leido(respuesta.content))


def test_lo_que_un_area_no_lee_en_la_pagina_no_va_en_su_expediente(g, client, tmp_path):
    caso = g.analizar(g.hasta(E.EN_CONTACTO), "FIN", "JUR")
    g.opinar(caso, "JUR")
    evento = fresco(caso).eventos.get(accion="opinar")
    Adjunto.objects.create(
        caso=caso, evento=evento, nombre="de_juridico.pdf", tamano=1, sha256="0" * 64,
        archivo="no/hay", subido_por=g.p.juridico,
    )  # fmt: skip
    caso = fresco(caso)
    suyo = leido(ir(client, g.p.juridico, caso, PDF).content)
    assert "Cabe en el margen." in suyo
    assert "de_juridico.pdf" in suyo
    for que in (PDF, CUBIERTO):
        ajeno = leido(ir(client, g.p.finanzas, caso, que).content)
        assert "Cabe en el margen." not in ajeno
        assert not re.search("de_juridico|Archivo 1|0{64}", ajeno)
    zip_ = b"".join(ir(client, g.p.finanzas, caso, ZIP).streaming_content)
    assert b"juridico" not in zip_


# -- who may have it -----------------------------------------------------------------------------------


def test_quien_no_ve_el_caso_no_lo_tiene_y_auditoria_solo_cubierto(g, client):
    caso = g.hasta(E.EN_CONTACTO)
    for que in (PDF, ZIP, CUBIERTO):
        assert ir(client, g.p.ajena, caso, que).status_code == 404
    assert [ir(client, g.p.auditor, caso, q).status_code for q in (PDF, ZIP, CUBIERTO)] == [
        404,
        404,
        200,
    ]
    pagina = client.get(caso.get_absolute_url()).content.decode()
    assert CUBIERTO in pagina
    assert PDF not in pagina
    assert ZIP not in pagina
    assert all(
        q in ir(client, g.p.calidad, caso, "").content.decode() for q in (PDF, ZIP, CUBIERTO)
    )


def test_cada_descarga_queda_en_el_registro_de_seguridad(g, client):
    caso = g.hasta(E.RECIBIDO)
    for que in (PDF, ZIP, CUBIERTO):
        ir(client, g.p.ventas, caso, que)
    dichos = [h.datos for h in HechoDeSeguridad.objects.filter(hecho=Hecho.DESCARGA).order_by("pk")]
    assert [(d["que"], d["expediente"]) for d in dichos] == [
        (caso.folio, "pdf"), (caso.folio, "zip"), (caso.folio, "cubierto"),
    ]  # fmt: skip


# -- the names covered ---------------------------------------------------------------------------------


def todo_lo_que_lleva(contenido: bytes) -> str:
    """Its bytes, those of its streams, and its text."""
    partes = [contenido]
    for trozo in re.findall(rb"stream\r?\n(.*?)endstream", contenido, re.DOTALL):
        try:
            partes.append(zlib.decompressobj().decompress(trozo))
        except zlib.error:
            continue
    return " ".join([leido(contenido), *(p.decode("latin-1") for p in partes)])


@pytest.mark.parametrize("quien", ["ventas", "auditor"])
def test_cubierto_no_nombra_a_nadie_y_a_cada_quien_siempre_igual(g, client, quien):
    caso = g.hasta(E.EN_CONTACTO)
    persona = caso.persona
    persona.nombre = "Xóchitl Zaldívar Ñúñez"
    persona.save()
    Usuario.objects.filter(pk=g.p.ventas.pk).update(first_name="Quetzalli", last_name="Wences")
    notas = (
        "Habló XOCHITL  ZALDIVAR y luego la Sra. Zaldívar; Quetzalli dijo que sí. "
        "Escribir a xochitl.zaldivar@cliente.example o al 55 5555 0123."
    )
    con_archivo(g, fresco(caso), nombre="Carta de Xóchitl Zaldívar.pdf", resumen=notas)
    lo_dicho = todo_lo_que_lleva(ir(client, getattr(g.p, quien), caso, CUBIERTO).content)
    plano = lo_dicho.casefold()
    for nombre in ("xóchitl", "xochitl", "zaldívar", "zaldivar", "ñúñez", "quetzalli", "wences",
                   "5555 0123", "cliente.example"):  # fmt: skip
        assert nombre not in plano, nombre
    assert f"Persona {persona.pk}" in lo_dicho
    assert f"Colaborador {g.p.ventas.pk}" in lo_dicho
    assert "Con los nombres cubiertos" in lo_dicho
    assert "Los archivos no van con este documento" in " ".join(lo_dicho.split())


def test_lo_que_cubre_y_lo_que_deja():
    cubre = NombresCubiertos(
        [("José Peña", "Persona 1"), ("Ana Ruiz", "Persona 2"), ("Ana Ruiz", "Persona 3"), ("Ada", "Colaborador 4")],
        [("José Peña", "Persona 1")],
        ["5512345678", "no"],
    )  # fmt: skip
    assert cubre("JOSE  PEÑA, jose.pena2") == "Persona 1, Persona 12"
    assert cubre("Jose\u0301 Pen\u0303a y Jo\u200bsé Peña") == "Persona 1 y Persona 1"
    assert cubre("Ana Ruiz") == "Persona 2 o Persona 3"
    assert cubre("Anastasia Ruizánchez, cada no, 9ada3") == "Anastasia Ruizánchez, cada no, 9ada3"
    assert cubre.en_lo_dicho("Dijo peña que 5512345678") == "Dijo Persona 1 que Dato personal"
    assert cubre.en_lo_dicho("SV-2026-000123, $1,250,000.00, 16/03/2026") == (
        "SV-2026-000123, $1,250,000.00, 16/03/2026"
    )
    assert NombresCubiertos([])("Ana") == "Ana"


# -- what it costs, and the printed page ---------------------------------------------------------------


def test_cuesta_lo_mismo_con_1_y_con_30(g, client):
    caso = g.hasta(E.EN_ANALISIS)

    def medir():
        cuantas = []
        for que in (PDF, CUBIERTO, ZIP):
            client.force_login(g.p.ventas)
            client.get("/cuenta/")
            with CaptureQueriesContext(connection) as hechas:
                respuesta = client.get(f"{caso.get_absolute_url()}{que}")
                b"".join(respuesta)
            assert respuesta.status_code == 200
            cuantas.append(len(hechas))
        return cuantas

    con_archivo(g, caso)
    engrosar(fresco(caso), 1)
    con_uno = medir()
    engrosar(fresco(caso), 30)
    for _ in range(2):
        con_archivo(g, fresco(caso))
    assert medir() == con_uno
    assert con_uno[0] == con_uno[2] <= CASO_EN_PAPEL
    assert con_uno[1] <= CASO_EN_PAPEL + 6


def test_la_pagina_impresa_dice_codigo_revision_quien_cuando_y_pagina(g, client):
    caso = g.hasta(E.RECIBIDO)
    for donde in ("", "puntos/"):
        html = " ".join(ir(client, g.p.ventas, caso, donde).content.decode().split())
        membrete = re.search(r'class="solo-impreso membrete">(.*?)</p>', html)[1]
        assert "IT-AC-VTA-VTAS-21 rev. 3" in membrete
        assert caso.folio in membrete
        assert f"por {g.p.ventas}" in membrete
    hoja = Path("static/css/seguimiento.css").read_text()
    assert '"Página " counter(page) " de " counter(pages)' in hoja
