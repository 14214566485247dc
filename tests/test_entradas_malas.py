"""Every door with bad input: an answer in Spanish, nothing half-written, nothing typed lost."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django import forms
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.signals import got_request_exception
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

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
    "larguisimo": "á" * 60_000,
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
    "sustitutos": "\ud83d"
}  # fmt: skip
MALOS["sustitutos"] = "\udcff".encode("utf-8", "surrogatepass")
TABLAS = [m._meta.db_table for m in apps.get_app_config("casos").get_models(include_auto_created=True)]


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
        self.falla = None
        got_request_exception.connect(self._anotar, weak=False, dispatch_uid="sonda")

    def _anotar(self, **kw):
        import sys
        import traceback

        tipo, valor, pila = sys.exc_info()
        ultimo = traceback.extract_tb(pila)[-1]
        self.falla = f"{tipo.__name__}: {str(valor)[:150]} ({ultimo.filename[-50:]}:{ultimo.lineno})"

    def __call__(self, nota, pedir, permitidos=RESPUESTAS):
        """``pedir(cliente)`` → its response, after judging it."""
        antes = huella()
        self.falla = None
        with transaction.atomic():
            respuesta = pedir(self.cliente)
            estado = respuesta.status_code
            if estado not in permitidos or self.falla:
                self.problemas.append(f"{nota}: {estado} {self.falla or ''}")
            if estado not in (200, 302) and not connection.needs_rollback and huella() != antes:
                self.problemas.append(f"{nota}: {estado} y quedó algo escrito")
            if estado != 302 and "text/html" in respuesta.get("Content-Type", ""):
                ingles = INGLES.search(texto_visible(respuesta))
                if ingles:
                    self.problemas.append(f"{nota}: en inglés «{ingles[0]}»")
            transaction.set_rollback(True)
        return respuesta

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


@pytest.mark.parametrize("accion", [a for a in puerta.REGISTRO if a != "registrar"])
def test_un_paso_con_entrada_mala(g, accion):
    caso, usuario, objeto, url = en_su_punto(g, accion)
    form = formulario(accion, caso, usuario, objeto)
    bueno = relleno(form)
    sonda = Sonda(usuario)
    pagina = sonda("página", lambda c: c.get(url))
    assert pagina.status_code == 200, accion
    sonda("sin nada", lambda c: c.post(url, {}), {302, 422})
    for clave, malo in MALOS.items():
        todos = dict.fromkeys(bueno, malo)
        respuesta = sonda(f"todo {clave}", lambda c, d=todos: c.post(url, d), {302, 409, 422})
        con_version = todos | {"version": bueno["version"]}
        respuesta = sonda(f"con versión {clave}", lambda c, d=con_version: c.post(url, d), {302, 422})
        textos = [n for n, c in form.fields.items() if es_texto(c)]
        if respuesta.status_code == 422 and clave in ("html", "emoji", "rtl", "comillas") and textos:
            queda = unescape(respuesta.content.decode()).count(malo)
            if queda < len(textos):
                sonda.problemas.append(f"{clave}: se perdió lo escrito ({queda} de {len(textos)})")
    for nombre, campo in form.fields.items():
        for clave in malos_para(campo):
            datos = bueno | {nombre: MALOS[clave]}
            sonda(f"{nombre} {clave}", lambda c, d=datos: c.post(url, d), {302, 409, 422})
    sonda.fin()


def malos_para(campo):
    """The values that may break a kind of field; all its neighbours are right."""
    if isinstance(campo, CampoFechaHora | CampoFecha):
        return ("hora_anio_1", "hora_anio_9999", "anio_9999")
    if isinstance(campo, forms.ModelChoiceField):
        return ("enorme", "menos", "pk_grande")
    if isinstance(campo, forms.IntegerField | forms.UUIDField):
        return ("enorme", "nan", "otros_digitos")
    if isinstance(campo, CampoValor):
        return ("exponente", "otros_digitos")
    if isinstance(campo, forms.CharField) and not isinstance(campo, forms.ChoiceField):
        return ("larguisimo", "nul")
    return ("comillas",)
