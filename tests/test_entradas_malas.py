"""Every door with bad input: an answer in Spanish, nothing half-written, nothing typed lost."""

import random
import re
import sys
import traceback
from html import unescape

import pytest
from django import forms
from django.apps import apps
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.signals import got_request_exception
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client

from casos.actos import ACTOS
from casos.catalogos import Estado
from casos.formularios.campos import CampoFecha, CampoFechaHora
from casos.formularios.valores import CampoValor
from casos.models import CabezaDeSeguridad, Caso, HechoDeSeguridad, VistaGuardada
from casos.pasos.situacion import Rechazo
from casos.pasos.tabla import PASOS
from tests.auditoria import un_hallazgo, una_muestra
from tests.escenarios import lograr
from tests.inventor import Inventor

from .guion import formulario, pedir, rechazada

E = Estado
RESPUESTAS = {200, 302, 400, 403, 404, 405, 409, 413, 415, 422}
INGLES = re.compile(
    r"\b(This field|Select a valid|Enter an?|Ensure (this|that)|is required|not found|forbidden|"
    r"bad request|server error|please|does not exist|must be|already exists|the submitted|invalid|"
    r"your (account|password)|password)\b",
    re.I,
)
DERECHA_A_IZQUIERDA = "\u202eمرحبا\u202c\u200f"
MALOS = {
    "vacio": "",
    "espacios": "   \t\n ",
    "larguisimo": "á" * 6_000,
    "nul": "antes\x00después",
    "emoji": "👩🏽‍🏭🇲🇽" * 5,
    "rtl": DERECHA_A_IZQUIERDA,
    "html": "<script>alert(1)</script><b onclick='x'>&amp;",
    "comillas": "' OR 1=1 -- \" ` {{7*7}} {% now 'Y' %} %s %(x)s",
    "cero": "0",
    "menos": "-1",
    "letras": "abc",
    "enorme": "1" + "0" * 30,
    "pk_grande": "9999999999999999999",
    "nan": "NaN",
    "infinito": "Infinity",
    "exponente": "1e400",
    "otros_digitos": "１２٣",
    "anio_1": "0001-01-01",
    "anio_9999": "9999-12-31",
    "hora_anio_1": "0001-01-01T00:00",
    "hora_anio_9999": "9999-12-31T23:59",
    "no_es_fecha": "2026-02-31",
    "sin_codificar": b"\xff\xfe\xed\xa0\xbd",
}
A_LA_VEZ = (
    "larguisimo",
    "emoji",
    "html",
    "nul",
    "enorme",
    "rtl",
    "comillas",
    "hora_anio_1",
    "sin_codificar",
)
# Sessions are written by whoever knocks; of the product's tables, nothing.
ESCRIBE = re.compile(
    r'\s*(INSERT|UPDATE|DELETE|REPLACE|MERGE|COPY|WITH)\b(?!.{0,12}"(django_session|usersessions_usersession)")',
    re.I,
)
# What was refused is a fact of the record of security, and that is all it leaves.
TABLAS = [
    m._meta.db_table
    for m in apps.get_app_config("casos").get_models(include_auto_created=True)
    if m not in (HechoDeSeguridad, CabezaDeSeguridad)
]


def huella():
    """How many rows each table of the product holds, and where every case stands."""
    sql = " UNION ALL ".join(f"SELECT '{t}', count(*) FROM {t}" for t in TABLAS)
    with connection.cursor() as cursor:
        cursor.execute(sql)
        filas = dict(cursor.fetchall())
    estados = list(
        Caso.objects.order_by("pk").values_list(
            "estado", "version", "num_eventos", "huella_cabeza", "vence", "responsable"
        )
    )
    return filas, estados


def texto_visible(respuesta):
    pagina = respuesta.content.decode(errors="replace")
    pagina = re.sub(r"(?s)<(script|style|textarea|select)\b.*?</\1>|<head>.*?</head>", " ", pagina)
    return unescape(re.sub(r"(?s)<[^>]*>", " ", pagina))


class Sonda:
    """Sends bad input to a door and judges the answer; each press is undone afterwards."""

    def __init__(self, usuario, **defensas):
        self.cliente = Client(raise_request_exception=False, **defensas)
        if usuario is not None:
            self.cliente.force_login(usuario)
        self.problemas = []
        self.falla = self.antes = None
        self.escribio = False
        got_request_exception.connect(self._anotar, weak=False, dispatch_uid="sonda")

    def _anotar(self, **kw):
        tipo, valor, pila = sys.exc_info()
        ultimo = traceback.extract_tb(pila)[-1]
        self.falla = (
            f"{tipo.__name__}: {str(valor)[:150]} ({ultimo.filename[-50:]}:{ultimo.lineno})"
        )

    def _escucha(self, ejecutar, sql, *resto):
        self.escribio = self.escribio or bool(ESCRIBE.match(sql))
        return ejecutar(sql, *resto)

    def __call__(self, nota, pedir, permitidos=RESPUESTAS):
        """``pedir(cliente)`` → its response, after judging it."""
        self.antes = self.antes or huella()
        self.falla, self.escribio = None, False
        cache.clear()  # what is judged is each answer, not how many were asked
        with transaction.atomic():
            with connection.execute_wrapper(self._escucha):
                respuesta = pedir(self.cliente)
            estado = respuesta.status_code
            if estado not in permitidos or self.falla:
                self.problemas.append(f"{nota}: {estado} {self.falla or ''}")
            # What wrote nothing left nothing: the tables are counted after what wrote and was undone.
            dudoso = self.escribio and estado not in (200, 302) and not self.falla
            if dudoso and huella() != self.antes:
                self.problemas.append(f"{nota}: {estado} y quedó algo escrito")
            if estado != 302 and "text/html" in respuesta.get("Content-Type", ""):
                ingles = INGLES.search(texto_visible(respuesta))
                if ingles:
                    self.problemas.append(f"{nota}: en inglés «{ingles[0]}»")
            transaction.set_rollback(True)
        return respuesta

    def por_la_puerta(self, nota, accion, usuario, **kw):
        """The same without a page: done or refused in words, never anything else."""
        with transaction.atomic():
            try:
                pedir(accion, usuario, **kw)
            except Rechazo as error:
                if not error.faltas or INGLES.search(str(error)):
                    self.problemas.append(f"{nota}: {error}")
            except Exception as error:
                self.problemas.append(f"{nota}: {type(error).__name__} {error}"[:300])
            transaction.set_rollback(True)

    def fin(self):
        got_request_exception.disconnect(dispatch_uid="sonda")
        assert not self.problemas, "\n" + "\n".join(dict.fromkeys(self.problemas))


@pytest.fixture
def g(mundo):
    return mundo


def test_la_sonda_nota_lo_que_quedo_escrito(g):
    def deja(_):
        VistaGuardada.objects.create(usuario=g.p.ventas, nombre="Queda", consulta="q=x")
        return HttpResponse("No se pudo.", status=422)

    sonda = Sonda(g.p.ventas)
    sonda("puerta", deja)
    with pytest.raises(AssertionError, match="puerta: 422 y quedó algo escrito"):
        sonda.fin()


# -- steps of a case -------------------------------------------------------------------------------


def formulario_de(pedido):
    return formulario(pedido.accion, pedido.usuario, pedido.caso, pedido.fila)


def repetible(pedido) -> dict:
    """What was typed in it and would be done; without the page's token, to be sent many times."""
    return {n: v for n, v in pedido.datos.items() if n != "ficha"}


def relleno(form) -> dict:
    """What a person might well type in each field of ``form``, asked for or not."""
    datos = Inventor(form, random.Random(1), todo=True).datos
    return {n: v for n, v in datos.items() if n != "ficha"}


DE_UN_CASO = [a for a in PASOS if a != "registrar"]


@pytest.mark.parametrize("accion", DE_UN_CASO)
def test_un_paso_con_entrada_mala(g, accion):
    pedido, _ = lograr(g, accion, todo=True)
    form, bueno, url = formulario_de(pedido), repetible(pedido), pedido.boton.url
    sonda = Sonda(pedido.usuario)
    assert sonda("página", lambda c: c.get(url)).status_code == 200
    sonda("sin nada", lambda c: c.post(url, {}), {422})
    textos = [n for n, c in form.fields.items() if type(c) is forms.CharField]
    # A third of them of each act, by turns: what may break is in parts that the forms share, and each
    # field alone is tried below with every value that may break its kind.
    vez = DE_UN_CASO.index(accion)
    for clave in A_LA_VEZ[vez % 3 :: 3]:
        todos = dict.fromkeys(bueno, MALOS[clave]) | {"version": bueno["version"]}
        r = sonda(f"todo {clave}", lambda c, d=todos: c.post(url, d), {302, 422})
        if r.status_code == 422 and clave in ("html", "emoji", "rtl", "comillas"):
            queda = unescape(r.content.decode()).count(MALOS[clave])
            if queda < len(textos):
                sonda.problemas.append(f"{clave}: se perdió lo escrito ({queda} de {len(textos)})")
    for clave in ("vacio", "menos", "enorme", "nul")[vez % 4 :: 4]:
        mala = bueno | {"version": MALOS[clave]}
        sonda(f"versión {clave}", lambda c, d=mala: c.post(url, d), {409, 422})
    vieja = bueno | {"version": int(bueno["version"]) + 1}
    r = sonda("versión vieja", lambda c: c.post(url, vieja), {302, 409, 422})
    if r.status_code == 409:
        queda = unescape(r.content.decode())
        sonda.problemas += [f"se perdió {t}" for t in textos if str(bueno[t]) not in queda]
    sonda.fin()


@pytest.mark.parametrize("accion", DE_UN_CASO)
def test_un_valor_malo_entre_buenos(g, accion):
    """At the door: done or refused in words, whatever the database makes of it.

    Of the values that may break a kind of field which stands in dozens of them each one tries a third, by
    turns from field to field and from act to act: what reads them is the kind's.
    """
    pedido, _ = lograr(g, accion, todo=True)
    bueno, objeto = repetible(pedido), getattr(pedido.fila, "pk", None)
    sonda = Sonda(pedido.usuario)
    for vez, (nombre, campo) in enumerate(
        formulario_de(pedido).fields.items(), DE_UN_CASO.index(accion)
    ):
        malos = malos_para(nombre, campo)
        if type(campo).__name__ in ABUNDAN:
            malos = malos[vez % 3 :: 3]
        for clave in malos:
            sonda.por_la_puerta(
                f"{nombre} {clave}",
                accion,
                pedido.usuario,
                caso=pedido.caso.pk,
                objeto=objeto,
                datos=bueno | {nombre: MALOS[clave]},
            )
    sonda.fin()


ABUNDAN = (
    "UUIDField",
    "CharField",
    "CampoPedido",
    "UnaDeLaLista",
    "CampoFuturo",
    "CampoLinea",
    "CampoPasado",
    "ChoiceField",
    "CampoFecha",
)
# Fields made in a loop: what is asked of the first of each kind goes for the rest.
REPETIDOS = (
    "_DH",
    "_OPE",
    "_NOM",
    "_RYS",
    "_JUR",
    "_dias_pago",
    "_sueldo",
    "_sede",
    "_servicios",
    "_turno",
)


def malos_para(nombre, campo):
    """The values that may break a kind of field, all its neighbours being right."""
    if nombre == "version" or nombre.endswith(REPETIDOS):
        return ()
    if isinstance(campo, CampoFechaHora | CampoFecha):
        return ("hora_anio_1", "hora_anio_9999", "anio_1", "anio_9999", "no_es_fecha", "nul")
    if isinstance(campo, forms.ModelChoiceField):
        return ("enorme", "menos", "pk_grande", "cero", "letras", "nul", "otros_digitos")
    if isinstance(campo, forms.IntegerField | forms.UUIDField):
        return ("enorme", "nan", "otros_digitos", "menos", "exponente")
    if isinstance(campo, CampoValor):
        dudosos = ("exponente", "otros_digitos", "nan", "infinito", "menos", "larguisimo")
        return dudosos if campo.unidad != "TEXTO" else ("larguisimo", "nul")
    if isinstance(campo, forms.ChoiceField):
        return ("comillas", "nul")
    if isinstance(campo, forms.CharField):
        return ("larguisimo", "nul", "rtl")
    return ()


@pytest.mark.parametrize("accion", DE_UN_CASO)
def test_un_paso_por_donde_no_se_debe(g, accion):
    """Wrong method, no token, another charset, too many fields, another case's row, another state."""
    pedido, _ = lograr(g, accion, todo=True)
    bueno, url, caso = repetible(pedido), pedido.boton.url, pedido.caso
    ajeno = g.hasta(E.EN_ANALISIS)
    anulado = g.hasta(E.ANULADO)
    sonda = Sonda(pedido.usuario)
    if accion in ("registrar_contacto", "opinar"):  # one view serves them all
        protocolo(sonda, url, bueno)
        cuerpos(sonda, url)
    raiz = f"/casos/{caso.folio}/{accion}/"
    for pk in ("0", "999999999", "abc", "-1", "1" + "0" * 30):
        otra = f"{raiz}{pk}/"
        if otra == url:
            continue
        sonda(f"objeto {pk}", lambda c, u=otra: c.post(u, bueno), {404})
        sonda(f"objeto {pk} GET", lambda c, u=otra: c.get(u), {404})
    if pedido.fila is not None:
        sonda("sin objeto", lambda c: c.post(raiz, bueno), {404})
        sonda("de otro caso", lambda c: c.post(url.replace(caso.folio, ajeno.folio), bueno), {404})
    elif E.ANULADO not in ACTOS[accion].estados:
        otra = url.replace(caso.folio, anulado.folio)
        r = sonda("otro estado", lambda c: c.post(otra, bueno), {404, 409})
        if r.status_code == 409:
            assert "Anulado" in texto_visible(r)
        sonda("otro estado GET", lambda c: c.get(otra), {403, 404, 409})
    sonda.fin()


def protocolo(sonda, url, bueno, metodos=frozenset({405})):
    """What any page that takes a POST owes to whoever speaks HTTP badly."""
    for metodo in ("put", "delete", "options"):
        sonda(metodo, lambda c, m=metodo: getattr(c, m)(url), metodos)
    estricto = Client(enforce_csrf_checks=True, raise_request_exception=False)
    estricto.cookies = sonda.cliente.cookies.copy()
    r = sonda("sin token", lambda c: estricto.post(url, bueno), {403})
    assert "tu navegador suele conservar lo que escribiste" in texto_visible(r)
    sonda(
        "token malo", lambda c: estricto.post(url, bueno | {"csrfmiddlewaretoken": "x\x00"}), {403}
    )
    sonda(
        "token de más", lambda c: estricto.post(url, bueno, HTTP_COOKIE="csrftoken=é"), {302, 403}
    )
    formulario = "application/x-www-form-urlencoded"
    for juego in ("utf-16", '"utf-7"', "nada", ""):
        cuerpo, tipo = "a=1&b=2".encode("utf-16"), f"{formulario}; charset={juego}"
        r = sonda(juego, lambda c, d=cuerpo, t=tipo: c.generic("POST", url, d, t), {415})
        assert "en una codificación que no aceptamos" in texto_visible(r)


def cuerpos(sonda, url, tambien=frozenset()):
    """Bodies that are too much, or that are not what they say."""
    formulario = "application/x-www-form-urlencoded"
    malos, demasiado = {302, 400, 409, 413, 422} | tambien, {400, 413} | tambien
    muchos = "&".join(f"c{i}=1" for i in range(10_000))
    sonda("10,000 campos", lambda c: c.generic("POST", url, muchos, formulario), demasiado)
    sonda("2 MB", lambda c: c.generic("POST", url, "a=" + "x" * 2_000_000, formulario), demasiado)
    sonda("bytes", lambda c: c.generic("POST", url, b"\xff\xfe=%ff%00&%=%&&&==", formulario), malos)
    sonda("json", lambda c: c.generic("POST", url, '{"a": [1', "application/json"), malos)
    sonda("sin tipo", lambda c: c.generic("POST", url, b"a=1", ""), malos)
    sonda(
        "multipart sin frontera",
        lambda c: c.generic("POST", url, b"x", "multipart/form-data"),
        {400} | tambien,
    )
    roto = b'--f\r\nContent-Disposition: form-data; name="a"\r\n\r\nsin cerrar'
    sonda(
        "multipart roto",
        lambda c: c.generic("POST", url, roto, "multipart/form-data; boundary=f"),
        malos,
    )
    for largo in ("-5", "", "3"):  # gunicorn itself answers 400 to what is not a number
        sonda(
            f"Content-Length {largo!r}",
            lambda c, n=largo: c.generic(
                "POST", url, "version=1&a=2", formulario, CONTENT_LENGTH=n
            ),
            malos,
        )


def test_el_folio_y_la_accion_que_no_existen(g):
    caso = g.hasta(E.EN_CONTACTO)
    sonda = Sonda(g.p.ventas)
    for url in (
        "/casos/SV-2026-999999/",
        "/casos/SV-0000-000000/anotar/",
        "/casos/abc/",
        f"/casos/{caso.folio}/no_existe/",
        f"/casos/{caso.folio}/registrar/",
        f"/casos/{caso.folio}/concluir_analisis/",
        f"/casos/{caso.folio}/anotar/0/",
        f"/casos/{caso.folio}/recalcular_plazo/",
        f"/casos/{caso.folio}/__class__/",
        f"/casos/{caso.folio.lower()}/",
        "/casos/SV-２０２６-000001/",
        "/archivos/0/",
        "/archivos/999999999999/",
        "/clientes/0/",
        "/clientes/-1/",
        "/avisos/0/",
        "/casos/%00/",
        "/casos/%ff%fe/",
        "/%E2%80%AE/",
        "/casos/../../etc/passwd",
        "/" + "x" * 8000,
    ):
        sonda(url[:40], lambda c, u=url: c.get(u), {400, 404})
        sonda(url[:40], lambda c, u=url: c.post(u, {"version": "1"}), {400, 404, 405})
    sonda.fin()


# -- through every door ----------------------------------------------------------------------------


def faltas_por_la_puerta(accion, usuario, **kw):
    with rechazada() as error:
        pedir(accion, usuario, **kw)
    return [f.mensaje for f in error.value.faltas]


@pytest.mark.parametrize("falta", ["sentido", "fundamento"])
def test_lo_que_falta_se_dice_igual_en_la_pagina_en_el_panel_y_en_la_puerta(g, falta):
    caso = g.hasta(E.EN_ANALISIS)
    [opinion] = caso.hechos.opiniones
    datos = {"version": opinion.version, "sentido": "A_FAVOR", "fundamento": "Alcanza."}
    datos[falta] = ""
    faltas = faltas_por_la_puerta("opinar", g.p.finanzas, caso=caso, objeto=opinion.pk, datos=datos)
    sonda = Sonda(g.p.finanzas)
    base = f"/casos/{caso.folio}/opinar/{opinion.pk}/"
    for url in (base, f"{base}?volver=panel"):
        visible = texto_visible(sonda(url, lambda c, u=url: c.post(u, datos), {422}))
        for mensaje in faltas:
            assert mensaje.split(": ", 1)[-1] in visible, (url, mensaje)
    sonda.fin()


def test_asignar_se_rechaza_igual_en_la_pagina_en_la_lista_y_en_la_puerta(g):
    """Nobody chosen, somebody who may not, a case that is over, a page that is old."""
    caso, cerrado = g.hasta(E.EN_CONTACTO), g.hasta(E.CERRADO)
    sonda = Sonda(g.p.gerente)

    def por_todas(caso, responsable, version):
        bueno = relleno(formulario("asignar", g.p.gerente, caso))
        datos = bueno | {"responsable": responsable, "version": version}
        faltas = faltas_por_la_puerta("asignar", g.p.gerente, caso=caso, datos=datos)
        sonda("página", lambda c: c.post(f"/casos/{caso.folio}/asignar/", datos), {409, 422})
        lote = {"responsable": responsable, "caso": f"{caso.folio}:{version}"}
        with transaction.atomic():
            antes = huella()
            visible = texto_visible(sonda.cliente.post("/casos/asignar/", lote, follow=True))
            assert huella() == antes
            transaction.set_rollback(True)
        return faltas, visible

    faltas, visible = por_todas(caso, "", caso.responsable_id)
    assert len(faltas) == 1 and "Elige a quién se los asignas." in visible
    for nadie in (g.p.auditor.pk, g.p.finanzas.pk, 999_999_999, "9" * 30):
        faltas, visible = por_todas(caso, nadie, caso.responsable_id)
        assert "Elige a una persona activa de la lista." in visible
        assert "Elige a una persona" in " ".join(faltas)
    faltas, visible = por_todas(cerrado, g.p.ventas2.pk, cerrado.responsable_id)
    assert faltas[0] in visible and "Cerrado" in faltas[0]
    faltas, visible = por_todas(caso, g.p.ventas2.pk, 123456)
    assert faltas[0] in visible
    sonda.fin()


# -- the other doors -------------------------------------------------------------------------------

OTRAS = {  # address → (who, the fields of the form, with what is right)
    "/casos/nuevo/": ("ventas", {"version": "0", "cliente_razon_social": "Nueva, S.A.", "cliente_rfc": "", "persona_nombre": "Ana Ruiz", "persona_puesto": "", "persona_telefono": "5555550100", "persona_correo": "ana@x.example", "recibido_en": "2026-11-20T10:00", "canal": "TELEFONO", "solicitud": "Piden menos plazas.", "asignacion": "", "contrato_numero": "C-9", "contrato_servicio": "Aseo", "contrato_desde": "2025-01-01", "deriva_de": "", "tipos": ""}),
    "/borrador/": ("ventas", {"nota": "x"}),
    "/borrador/descartar/": ("ventas", {"nota": "x"}),
    "/casos/asignar/": ("gerente", {"responsable": "{ventas}", "caso": "{folio}:1", "aqui": "q=x"}),
    "/casos/planear/": ("gerente", {"proxima_accion": "Llamar", "proxima_fecha": "2026-12-01", "motivo_sustitucion": "x", "caso": "{folio}:1", "aqui": "q=x"}),
    "/casos/columnas/": ("ventas", {"columna": "vence", "aqui": "q=x"}),
    "/casos/vistas/{otra}/compartir/": ("gerente", {"para": "TODOS", "aqui": "q=x"}),
    "/equipo/reasignar/": ("gerente", {"responsable": "{ventas}", "de": "{ventas2}", "caso": "{folio}:1"}),
    "/cuenta/calendario/": ("ventas", {}),
    "/cuenta/calendario/anular/": ("ventas", {"anular": ""}),
    "/cuenta/teclas/": ("ventas", {"teclas": "on"}),
    "/responder/firma-falsa/": (None, {"sentido": "A_FAVOR", "fundamento": "x"}),
    "/casos/vistas/": ("ventas", {"nombre": "Mía", "consulta": "estado=ABIERTOS"}),
    "/casos/vistas/{otra}/borrar/": ("ventas", {}),
    "/casos/{folio}/llamada/": ("ventas", {"version": "1", "efectivo": "NO", "resumen": "x", "sigue": "otro", "otro_dia": "2026-12-01", "cuando": "2026-11-20T10:00", "medio": "TELEFONO", "direccion": "SALIENTE", "persona": "1", "persona_nombre": "", "proxima_accion": "", "lugar": "lista-1", "motivo_sustitucion": "x"}),
    "/auditoria/nueva/": ("auditor", {"alcance": "x", "universo": "RECIBIDOS", "desde": "2020-01-01", "hasta": "2030-01-01", "tamano": "1", "estrato": "", "semilla": "s"}),
    "/auditoria/hallazgos/nuevo/": ("auditor", {"tipo": "MENOR", "clausula": "{clausula}", "folio": "{folio}", "encontrado": "x", "evidencia": "x", "responsable": "{ventas}", "vence": "2030-01-01", "accion": "x"}),
    "/auditoria/{muestra}/{folio}/hallazgo/": ("calidad", {"tipo": "MENOR", "clausula": "{clausula}", "encontrado": "x", "evidencia": "x", "responsable": "", "vence": "", "accion": ""}),
    "/auditoria/{muestra}/{folio}/nota/{clausula}/": ("auditor", {"version": "0", "texto": "x"}),
    "/auditoria/hallazgos/{hallazgo}/asignar/": ("auditor", {"version": "1", "responsable": "{ventas}", "vence": "2030-01-01", "accion": "x"}),
    "/auditoria/hallazgos/{hallazgo}/atender/": ("juridico", {"version": "1", "accion": "x", "hecho_fecha": "2026-11-20", "como": "x"}),
    "/auditoria/hallazgos/{hallazgo}/descartar/": ("calidad", {"version": "1", "porque": "x"}),
    "/procedimiento/nueva/": ("calidad", {}),
    "/procedimiento/3/acuse/": ("juridico", {"leida": "on"}),
    "/procedimiento/3/editar/": ("calidad", {"version": "1", "texto_7_1": "x", "descripcion": "x"}),
    "/procedimiento/3/pasar/": ("calidad", {"que": "aprobar", "version": "1", "porque": "x"}),
    "/procedimiento/distribucion/": ("calidad", {"mas": "VEN"}),
    "/procedimiento/sellos/": ("calidad", {"sello": "x"}),
    "/procedimiento/casos/": ("calidad", {"motivo": "x"}),
    "/clientes/nuevo/": ("ventas", {"razon_social": "Otra, S.A.", "nombre_comercial": "Otra", "rfc": "", "notas": "x"}),
    "/clientes/{cliente}/editar/": ("ventas", {"razon_social": "Otra, S.A.", "nombre_comercial": "Otra", "rfc": "", "notas": "x"}),
    "/clientes/{cliente}/fusionar/": ("gerente", {"destino": "{cliente}", "origen": "1"}),
    "/clientes/{cliente}/contratos/nuevo/": ("ventas", {"numero": "C-2", "servicio": "Aseo", "sede": "", "moneda": "MXN", "desde_fecha": "2026-01-01", "valor_tarifa": "1", "valor_inicio": "2026-01-01"}),
    "/clientes/{cliente}/contratos/{contrato}/pago/": ("ventas", {"nomina_cada": "SEMANAL", "nomina_ancla": "2026-01-05", "nomina_corte": "2"}),
    "/clientes/{cliente}/contratos/{contrato}/terminar/": ("gerente", {"fecha": "2026-01-01", "motivo": "x"}),
    "/clientes/{cliente}/personas/nueva/": ("ventas", {"nombre": "Eva", "puesto": "", "telefono": "", "correo": ""}),
    "/clientes/{cliente}/personas/{persona}/aviso/": ("ventas", {"aviso": "1", "como": "CORREO", "fecha": "2026-11-01"}),
    "/privacidad/personas/{persona}/bloquear/": ("direccion", {"motivo": "x", "hasta": "2026-12-24"}),
    "/privacidad/personas/{persona}/desbloquear/": ("direccion", {"motivo": "x"}),
    "/privacidad/personas/{persona}/suprimir/": ("direccion", {"otras_formas": "x"}),
    "/privacidad/empresa/{ventas}/aviso/": ("direccion", {"aviso": "1", "como": "CORREO", "fecha": "2026-11-01"}),
    "/privacidad/empresa/{ventas}/suprimir/": ("direccion", {"cuenta": "x"}),
    "/privacidad/solicitudes/nueva/": ("direccion", {"derecho": "ACCESO", "quien_pide": "x", "calidad": "TITULAR", "contacto": "x", "que_pide": "x", "via": "CORREO", "recibida_fecha": "2026-11-01", "persona": "", "usuario": "", "identidad": "x"}),
    "/privacidad/solicitudes/{otra}/completar/": ("direccion", {"version": "1", "persona": "", "usuario": "", "identidad": "x", "lleva": "1"}),
    "/privacidad/conservacion/": ("direccion", {"que": "CONSERVAR", "motivo": "x", "elegida": "1"}),
    "/archivos/{otra}/sensible/": ("ventas", {"sensible": "si"}),
    "/clientes/{cliente}/personas/{persona}/": ("ventas", {"nombre": "Eva", "puesto": "", "telefono": "", "correo": "", "activa": "on"}),
    "/cuenta/": ("ventas", {"first_name": "Eva", "last_name": "Paz", "telefono": "", "email": "e@x.example"}),
    "/cuenta/suplencia/": ("ventas", {"suplente": "{ventas2}", "desde": "2026-11-24", "hasta": "2026-12-24", "motivo": "x"}),
    "/cuenta/suplencia/{otra}/": ("ventas", {}),
    "/avisos/{aviso}/reenviar/": ("ventas", {}),
    "/cuenta/login/": (None, {"login": "ventas", "password": "mala", "next": "/"}),
    "/cuenta/logout/": ("ajena", {"next": "//malo.example"}),
    "/cuenta/password/reset/": (None, {"email": "x@x.example"}),
    "/cuenta/password/change/": ("ventas", {"oldpassword": "mala", "password1": "a", "password2": "b"}),
    "/cuenta/2fa/totp/activate/": ("ventas", {"code": "1"}),
    "/cuenta/2fa/authenticate/": (None, {"code": "1"}),
    "/cuenta/reauthenticate/": ("ventas", {"password": "mala"}),
    "/clientes/importar/": ("gerente", {"tipo": "clientes", "archivo": "no es archivo"}),
    "/importaciones/{importacion}/columnas/": ("gerente", {"columna_0": "Notas"}),
    "/importaciones/{importacion}/guardar/": ("gerente", {}),
    "/importaciones/{importacion}/cancelar/": ("gerente", {}),
}  # fmt: skip


def una_importacion(autor):
    from casos.models import Importacion

    columna = {"posicion": 0, "titulo": "Giro", "columna": "", "parecida": ""}
    leido = {"titulos": ["Giro"], "columnas": [columna], "libres": ["Notas"], "avisos": []}
    return Importacion.objects.create(autor=autor, tipo="clientes", estado="LISTA", leido=leido)


@pytest.fixture
def lugares(g):
    from casos.models import Aviso

    caso = g.hasta(E.EN_ANALISIS)
    return {
        "folio": caso.folio, "cliente": caso.cliente_id, "contrato": caso.contrato_id,
        "persona": caso.persona_id, "opinion": caso.hechos.opiniones[0].pk, "otra": 999_999,
        "aviso": Aviso.objects.first().pk, "ventas": g.p.ventas.pk, "ventas2": g.p.ventas2.pk,
        "importacion": una_importacion(g.p.gerente).pk,
        "muestra": (muestra := una_muestra(g.p, caso)).numero,
        "hallazgo": un_hallazgo(g.p, caso, muestra).pk,
        "clausula": muestra.hallazgos.get().clausula_id,
    }  # fmt: skip


@pytest.mark.parametrize("puerta_", OTRAS)
def test_las_demas_puertas_con_entrada_mala(g, lugares, puerta_):
    quien, campos = OTRAS[puerta_]
    url = puerta_.format(**lugares)
    bueno = {k: v.format(**lugares) for k, v in campos.items()}
    sonda = Sonda(getattr(g.p, quien) if quien else None)
    sonda("sin nada", lambda c: c.post(url, {}), RESPUESTAS)
    for clave in A_LA_VEZ:
        sonda(clave, lambda c, k=clave: c.post(url, dict.fromkeys(bueno, MALOS[k])), RESPUESTAS)
    for nombre in bueno:
        for clave in ("nul", "enorme", "rtl"):
            d = bueno | {nombre: MALOS[clave]}
            r = sonda(f"{nombre} {clave}", lambda c, d=d: c.post(url, d), RESPUESTAS)
            if r.status_code == 422 and clave == "rtl" and len(bueno) > 2:
                escritos = [v for k, v in d.items() if len(v) > 6 and k in ("notas", "solicitud")]
                queda = unescape(r.content.decode())
                sonda.problemas += [f"se perdió {v}" for v in escritos if v not in queda]
    sonda.fin()


@pytest.mark.parametrize(
    "puerta_", [p for p in OTRAS if not re.search("2fa/auth|guardar|cancelar|responder", p)]
)
def test_las_demas_puertas_por_donde_no_se_debe(g, lugares, puerta_):
    quien, campos = OTRAS[puerta_]
    url = puerta_.format(**lugares)
    bueno = {k: v.format(**lugares) for k, v in campos.items()}
    sonda = Sonda(getattr(g.p, quien) if quien else None)
    de_biblioteca = puerta_.startswith(("/admin/", "/cuenta/"))
    protocolo(sonda, url, bueno, RESPUESTAS if de_biblioteca else {405})
    cuerpos(sonda, url, tambien={200, 403, 404})
    sonda.fin()


LISTAS = {  # address → its parameters
    "/": ["q", "ver", "pagina"],
    "/casos/": ["q", "estado", "cliente", "responsable", "turno", "vencidos", "mios", "orden", "despues", "antes", "area", "resultado", "contrato", "desde", "hasta", "tipo", "edad", "semana", "area_vencida", "area_semana", "llego", "cerro_desde", "cerro_hasta", "cerro_como", "cerro_por", "cerro_area", "cerro_tamano", "cerro_contrato", "cerro_tiempo", "cerro_tiempo_area", "conformidad", "conformidad_en"],
    "/casos/exportar/": ["q", "estado", "orden", "cliente"],
    "/casos/nuevo/": ["cliente", "contrato", "buscar", "deriva_de"],
    "/clientes/": ["q", "despues"],
    "/avisos/": ["estado", "caso", "evento", "antes"],
    "/ayuda/": ["q"],
    "/equipo/": ["de", "reasignar", "q"],
    "/casos/{folio}/": ["ver", "antes"],
    "/procedimiento/": ["estado", "seccion"],
    "/procedimiento/conformidad/": ["desde", "hasta"],
    "/auditoria/": ["x"],
    "/auditoria/{muestra}/": ["sorteo"],
    "/auditoria/hallazgos/": ["estado", "tipo", "antes"],
    "/auditoria/hallazgos/exportar/": ["estado", "tipo"],
    "/privacidad/": ["q", "bloqueadas", "suprimidas"],
    "/privacidad/solicitudes/": ["hoja"],
    "/privacidad/empresa/": ["hoja"],
    "/tablero/informes/": ["anio"],
    "/tablero/": ["desde", "hasta", "tipo", "responsable", "area", "por"],
    "/cuenta/login/": ["next"],
    "/salud/": ["x"],
    "/admin/": ["x"],
    "/admin/casos/caso/": ["q", "p", "o", "e", "estado__exact", "id", "_to_field", "all", "_facets"],
    "/admin/casos/usuario/": ["q", "p", "o", "rol__exact"],
    "/admin/casos/opinion/": ["q", "p", "estado__exact"],
    "/clientes/importar/": ["tipo"],
    "/clientes/exportar/clientes/": ["q", "format"],
    "/clientes/plantilla/contratos/": ["x"],
    "/importaciones/{importacion}/": ["que", "despues"],
}  # fmt: skip


A_SOLAS = {
    "nul": re.compile(""),
    "enorme": re.compile(""),
    "anio_1": re.compile("desde|hasta|despues|antes"),
    "html": re.compile("^(q|buscar|next)$"),
}


@pytest.mark.parametrize("url", LISTAS)
def test_las_listas_con_parametros_malos(g, lugares, url):
    usuario = g.p.admin if "admin" in url else g.p.gerente
    if url.startswith("/auditoria/"):
        usuario = g.p.auditor
    if url.startswith("/privacidad/"):
        usuario = g.p.direccion
    sonda = Sonda(usuario)
    if "login" in url:
        sonda.cliente.logout()
    destino = url.format(**lugares)
    todos = LISTAS[url]
    for clave, malo in MALOS.items():
        if clave == "sin_codificar":
            pares = "&".join(f"{p}=%ff%fe%ed%a0%bd" for p in todos)
            sonda(clave, lambda c, p=pares: c.get(f"{destino}?{p}"), {200, 302, 400, 403, 404})
            continue
        malo = malo[:1500]
        sonda(
            clave,
            lambda c, m=malo: c.get(destino, dict.fromkeys(todos, m)),
            {200, 302, 400, 403, 404},
        )
        if clave in A_SOLAS:  # the others being right, it comes as far as the database
            for p in todos:
                if not A_SOLAS[clave].search(p):
                    continue
                sonda(
                    f"{p} {clave}",
                    lambda c, p=p, m=malo: c.get(destino, {p: m}),
                    {200, 302, 400, 403, 404},
                )
    repetidos = "&".join(f"{p}=1&{p}=2&{p}[]=3" for p in todos)
    sonda("repetidos", lambda c: c.get(f"{destino}?{repetidos}&%=&&=&;"), {200, 302, 400, 403, 404})
    sonda(
        "10,000",
        lambda c: c.get(destino + "?" + "&".join(f"c{i}=1" for i in range(10_000))),
        {200, 302, 400},
    )
    for metodo in ("post", "put", "delete"):
        if (
            url not in ("/casos/nuevo/", "/clientes/importar/", "/cuenta/login/")
            and "admin" not in url
        ):
            sonda(metodo, lambda c, m=metodo: getattr(c, m)(destino), {405})
    sonda.fin()


# -- files -----------------------------------------------------------------------------------------


def archivo(nombre, contenido, tipo="application/pdf"):
    return SimpleUploadedFile(nombre, contenido, content_type=tipo)


ARCHIVOS = {
    "html con otro nombre": lambda: archivo("propuesta.pdf", b"<html><script>alert(1)</script>"),
    "vacío": lambda: archivo("vacio.pdf", b""),
    "11 MB": lambda: archivo("grande.pdf", b"%PDF-1.7\n" + b"0" * (11 * 1024 * 1024)),
    "ejecutable": lambda: archivo("x.exe", b"MZ\x90\x00"),
    "svg": lambda: archivo("x.png", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
    "zip roto": lambda: archivo("x.docx", b"PK\x03\x04roto"),
    "nombre largo": lambda: archivo("ñ" * 300 + ".pdf", b"<html>"),
    "no es archivo": lambda: "texto",
}


@pytest.mark.parametrize("malo", ARCHIVOS)
def test_un_archivo_que_no_se_acepta(g, malo):
    caso = g.hasta(E.EN_CONTACTO)
    bueno = relleno(formulario("registrar_contacto", g.p.ventas, caso))
    url = f"/casos/{caso.folio}/registrar_contacto/"
    sonda = Sonda(g.p.ventas)
    datos = bueno | {"archivo": ARCHIVOS[malo](), "resumen": "Esto no se pierde."}
    if malo == "no es archivo":
        sonda(malo, lambda c: c.post(url, datos), {302, 422})
    else:
        r = sonda(malo, lambda c: c.post(url, datos), {400, 413, 422})
        assert r.status_code != 422 or "Esto no se pierde." in r.content.decode()
        antes = huella()
        assert antes == sonda.antes
    sonda.fin()
