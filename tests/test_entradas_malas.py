"""Every door with bad input: an answer in Spanish, nothing half-written, nothing typed lost."""

import re
import sys
import traceback
from datetime import timedelta
from html import unescape

import pytest
from django import forms
from django.apps import apps
from django.core.signals import got_request_exception
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from casos import flujo
from casos.acciones import puerta
from casos.catalogos import Estado
from casos.forms.base import CampoFecha, CampoFechaHora
from casos.forms.valores import CampoValor
from casos.models import Caso
from casos.pasos import PASOS
from tests.guion import Guion, actuar, en_dias, fresco
from tests.test_matriz import ESPERADO, escenario

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
A_LA_VEZ = ("vacio", "larguisimo", "nul", "emoji", "rtl", "html", "comillas", "menos", "enorme",
            "hora_anio_1", "anio_9999", "sin_codificar")  # fmt: skip
TABLAS = [
    m._meta.db_table for m in apps.get_app_config("casos").get_models(include_auto_created=True)
]


def huella():
    """How many rows each table of the product holds, and where every case stands."""
    sql = " UNION ALL ".join(f"SELECT '{t}', count(*) FROM {t}" for t in TABLAS)
    with connection.cursor() as cursor:
        cursor.execute(sql)
        filas = dict(cursor.fetchall())
    estados = list(Caso.objects.order_by("pk").values_list(
        "estado", "version", "num_eventos", "huella_cabeza", "vence", "responsable"))  # fmt: skip
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
        got_request_exception.connect(self._anotar, weak=False, dispatch_uid="sonda")

    def _anotar(self, **kw):
        tipo, valor, pila = sys.exc_info()
        ultimo = traceback.extract_tb(pila)[-1]
        self.falla = (
            f"{tipo.__name__}: {str(valor)[:150]} ({ultimo.filename[-50:]}:{ultimo.lineno})"
        )

    def __call__(self, nota, pedir, permitidos=RESPUESTAS):
        """``pedir(cliente)`` → its response, after judging it."""
        self.antes = self.antes or huella()
        self.falla = None
        with transaction.atomic():
            respuesta = pedir(self.cliente)
            estado = respuesta.status_code
            if estado not in permitidos or self.falla:
                self.problemas.append(f"{nota}: {estado} {self.falla or ''}")
            if estado not in (200, 302) and not self.falla and huella() != self.antes:
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
                puerta.ejecutar(accion, usuario, **kw)
            except puerta.AccionRechazada as error:
                if not error.faltas or INGLES.search(str(error)):
                    self.problemas.append(f"{nota}: {error}")
            except Exception as error:
                self.problemas.append(f"{nota}: {type(error).__name__} {error}"[:300])
            transaction.set_rollback(True)

    def fin(self):
        got_request_exception.disconnect(dispatch_uid="sonda")
        assert not self.problemas, "\n" + "\n".join(dict.fromkeys(self.problemas))


@pytest.fixture
def g(personas):
    return Guion(personas)


# -- steps of a case -------------------------------------------------------------------------------


def con_vigente_atrasado(g):
    """A case whose contract was changed by another since."""
    uno = g.hasta(E.EN_PROPUESTA)
    otro = g.hasta(E.EN_MODIFICACION, contrato=uno.contrato)
    g.cerrar_modificado(g.confirmar(g.confirmar(otro, "JUR"), "NOM"))
    return fresco(uno)


def seguido(g):
    return actuar("seguir", g.hasta(E.EN_CONTACTO), g.p.ventas2)


A_MANO = {
    "actualizar_vigente": (con_vigente_atrasado, "ventas"),
    "dejar_de_seguir": (seguido, "ventas2"),
    "cerrar_sin_respuesta": (lambda g: g.intentos(g.hasta(E.EN_CONTACTO)), "gerente"),
    "corregir_datos": (lambda g: g.hasta(E.EN_CONTACTO), "ventas"),
    "declarar_viable": (lambda g: g.hasta(E.POR_DECIDIR), "ventas"),
    "seguir": (lambda g: g.hasta(E.EN_CONTACTO), "ventas2"),
    "aceptar": (lambda g: g.hasta(E.EN_RESPUESTA), "ventas"),
}


def en_su_punto(g, accion):
    """A case where ``accion`` may be done, by whom, and on which row."""
    if accion in A_MANO:
        hacer, nombre = A_MANO[accion]
        caso = hacer(g)
    else:
        estado, nombres = next(iter(sorted(ESPERADO[accion].items())))
        nombre = "ventas" if "ventas" in nombres else sorted(nombres)[0]
        caso = escenario(g, estado)
    caso = fresco(caso)
    usuario = getattr(g.p, nombre)
    opcion = next(o for o in puerta.disponibles(caso, usuario) if o.accion == accion)
    return caso, usuario, opcion.objeto, opcion.url


def formulario(accion, caso, usuario, objeto):
    return PASOS[accion].formulario(caso=caso, usuario=usuario, accion=accion, objeto=objeto)


def relleno(form):
    """What a person might well type in each field of ``form``."""
    datos = {}
    for nombre, campo in form.fields.items():
        inicial = form.get_initial_for_field(campo, nombre)
        if isinstance(campo, forms.FileField):
            continue
        if isinstance(campo, forms.ModelMultipleChoiceField):
            datos[nombre] = [campo.queryset.first().pk]
        elif isinstance(campo, forms.ModelChoiceField):
            fila = campo.queryset.first()
            datos[nombre] = fila.pk if fila else ""
        elif isinstance(campo, forms.MultipleChoiceField):
            datos[nombre] = [campo.choices[0][0]]
        elif isinstance(campo, forms.ChoiceField):
            datos[nombre] = inicial or next((v for v, _ in campo.choices if v), "")
        elif isinstance(campo, CampoFechaHora):
            datos[nombre] = f"{timezone.localtime() - timedelta(minutes=1):%Y-%m-%dT%H:%M}"
        elif isinstance(campo, CampoFecha):
            datos[nombre] = str(en_dias(20))
        elif isinstance(campo, CampoValor):
            datos[nombre] = {"FECHA": str(en_dias(20)), "TEXTO": "Nocturno"}.get(campo.unidad, "12")
        elif isinstance(campo, forms.BooleanField):
            datos[nombre] = "on"
        elif isinstance(campo, forms.IntegerField):
            datos[nombre] = inicial if inicial is not None else 30
        elif isinstance(campo, forms.UUIDField):
            continue
        else:
            datos[nombre] = inicial or "Texto de prueba"
    return datos


def es_texto(campo):
    return type(campo) is forms.CharField


DE_UN_CASO = [a for a in puerta.REGISTRO if a != "registrar"]


@pytest.mark.parametrize("accion", DE_UN_CASO)
def test_un_paso_con_entrada_mala(g, accion):
    caso, usuario, objeto, url = en_su_punto(g, accion)
    form = formulario(accion, caso, usuario, objeto)
    bueno = relleno(form)
    sonda = Sonda(usuario)
    assert sonda("página", lambda c: c.get(url)).status_code == 200
    sonda("sin nada", lambda c: c.post(url, {}), {422})
    textos = [n for n, c in form.fields.items() if type(c) is forms.CharField]
    for clave in A_LA_VEZ:
        todos = dict.fromkeys(bueno, MALOS[clave]) | {"version": bueno["version"]}
        r = sonda(f"todo {clave}", lambda c, d=todos: c.post(url, d), {302, 422})
        if r.status_code == 422 and clave in ("html", "emoji", "rtl", "comillas"):
            queda = unescape(r.content.decode()).count(MALOS[clave])
            if queda < len(textos):
                sonda.problemas.append(f"{clave}: se perdió lo escrito ({queda} de {len(textos)})")
    for clave in ("vacio", "menos", "enorme", "letras", "nul", "otros_digitos"):
        sonda(f"versión {clave}", lambda c, v=MALOS[clave]: c.post(url, bueno | {"version": v}), {409, 422})
    vieja = bueno | {"version": int(bueno["version"]) + 1}
    r = sonda("versión vieja", lambda c: c.post(url, vieja), {302, 409})
    assert r.status_code == (409 if puerta._es_por_version(accion) else 302)
    if r.status_code == 409:
        queda = unescape(r.content.decode())
        assert all(str(bueno[t]) in queda for t in textos), "lo escrito se perdió"
    for nombre, campo in form.fields.items():
        for clave in malos_para(nombre, campo):
            sonda.por_la_puerta(
                f"{nombre} {clave}", accion, usuario, caso=caso.pk,
                objeto=getattr(objeto, "pk", None), datos=bueno | {nombre: MALOS[clave]},
            )  # fmt: skip
    sonda.fin()


def malos_para(nombre, campo):
    """The values that may break a kind of field, all its neighbours being right."""
    if nombre[-4:].strip("_") in ("DH", "OPE", "NOM", "RYS") or nombre == "version":
        return ()  # as the areas before them
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
    caso, usuario, objeto, url = en_su_punto(g, accion)
    ajeno = g.hasta(E.EN_ANALISIS)
    anulado = g.hasta(E.ANULADO)
    bueno = relleno(formulario(accion, caso, usuario, objeto))
    sonda = Sonda(usuario)
    protocolo(sonda, url, bueno)
    raiz = f"/casos/{caso.folio}/{accion}/"
    for pk in ("0", "999999999", "abc", "-1", "1" + "0" * 30, ajeno.hechos.opiniones[0].pk):
        otra = f"{raiz}{pk}/"
        if otra == url:
            continue
        sonda(f"objeto {pk}", lambda c, u=otra: c.post(u, bueno), {404})
        sonda(f"objeto {pk} GET", lambda c, u=otra: c.get(u), {404})
    if objeto is not None:
        sonda("sin objeto", lambda c: c.post(raiz, bueno), {404})
        sonda("de otro caso", lambda c: c.post(url.replace(caso.folio, ajeno.folio), bueno), {404})
    elif E.ANULADO not in flujo.estados_de(accion):
        otra = url.replace(caso.folio, anulado.folio)
        r = sonda("otro estado", lambda c: c.post(otra, bueno), {404, 409})
        if r.status_code == 409:
            assert "Anulado" in texto_visible(r)
        sonda("otro estado GET", lambda c: c.get(otra), {403, 404, 409})
    sonda.fin()


def protocolo(sonda, url, bueno):
    """What any page that takes a POST owes to whoever speaks HTTP badly."""
    for metodo in ("put", "patch", "delete", "options", "trace"):
        sonda(metodo, lambda c, m=metodo: getattr(c, m)(url), {405})
    estricto = Client(enforce_csrf_checks=True, raise_request_exception=False)
    estricto.cookies = sonda.cliente.cookies.copy()
    r = sonda("sin token", lambda c: estricto.post(url, bueno), {403})
    assert "La página caducó" in texto_visible(r) or "caduc" in texto_visible(r)
    sonda("token malo", lambda c: estricto.post(url, bueno | {"csrfmiddlewaretoken": "x\x00"}), {403})
    sonda("token de más", lambda c: estricto.post(url, bueno, HTTP_COOKIE="csrftoken=é"), {302, 403})
    formulario = "application/x-www-form-urlencoded"
    cuerpo = "a=1&b=2".encode("utf-16")
    sonda("utf-16", lambda c: c.post(url, cuerpo, f"{formulario}; charset=utf-16"), {415})
    sonda("utf-7", lambda c: c.post(url, b"a=+AGE-", f'{formulario}; charset="utf-7"'), {415})
    sonda("no existe", lambda c: c.post(url, b"a=1", f"{formulario}; charset=nada"), {415})
    malos = {302, 400, 409, 413, 422}
    muchos = "&".join(f"c{i}=1" for i in range(10_000))
    sonda("10,000 campos", lambda c: c.post(url, muchos, formulario), {400, 413})
    sonda("2 MB", lambda c: c.post(url, "a=" + "x" * 2_000_000, formulario), {400, 413})
    sonda("bytes", lambda c: c.post(url, b"\xff\xfe=%ff%00&%=%&&&==", formulario), malos)
    sonda("json", lambda c: c.post(url, '{"a": [1', "application/json"), malos)
    sonda("sin tipo", lambda c: c.post(url, b"a=1", ""), malos)
    sonda("multipart sin frontera", lambda c: c.post(url, b"x", "multipart/form-data"), {400})
    roto = b'--f\r\nContent-Disposition: form-data; name="a"\r\n\r\nsin cerrar'
    sonda("multipart roto", lambda c: c.post(url, roto, "multipart/form-data; boundary=f"), malos)
    for largo in ("abc", "-5", "", "3"):
        sonda(
            f"Content-Length {largo!r}",
            lambda c, n=largo: c.post(url, "version=1&a=2", formulario, CONTENT_LENGTH=n),
            malos,
        )


def test_el_folio_y_la_accion_que_no_existen(g):
    caso = g.hasta(E.EN_CONTACTO)
    sonda = Sonda(g.p.ventas)
    for url in ("/casos/SV-2026-999999/", "/casos/SV-0000-000000/anotar/", "/casos/abc/",
                f"/casos/{caso.folio}/no_existe/", f"/casos/{caso.folio}/registrar/",
                f"/casos/{caso.folio}/concluir_analisis/", f"/casos/{caso.folio}/anotar/0/",
                f"/casos/{caso.folio}/recalcular_plazo/", f"/casos/{caso.folio}/__class__/",
                f"/casos/{caso.folio.lower()}/", "/casos/SV-２０２６-000001/", "/archivos/0/",
                "/archivos/999999999999/", "/clientes/0/", "/clientes/-1/", "/avisos/0/",
                "/casos/%00/", "/casos/%ff%fe/", "/%E2%80%AE/", "/casos/../../etc/passwd",
                "/" + "x" * 8000):  # fmt: skip
        sonda(url[:40], lambda c, u=url: c.get(u), {400, 404})
        sonda(url[:40], lambda c, u=url: c.post(u, {"version": "1"}), {400, 404})
    sonda.fin()
