"""Jinja's templates: they compile, they are strict, and they escape where it is HTML."""

from types import SimpleNamespace

import pytest
from django.template import TemplateDoesNotExist, engines
from django.template.loader import get_template
from django.utils.functional import SimpleLazyObject
from jinja2 import UndefinedError

from casos import models
from casos.catalogos import (
    Estado,
    EstadoAjuste,
    EstadoAviso,
    EstadoCita,
    EstadoConstancia,
    EstadoPropuesta,
    Sentido,
)
from casos.correo.cartas import componer
from casos.correo.reglas import CERRADO
from casos.formularios.renderizador import componente
from casos.significado import significado
from casos.web import errores
from herramientas.plantillas import faltas_de, nuestras

RARO = 'Tornillos & Cía. <Norte> "D\'Ors"'


@pytest.fixture
def env():
    return engines["jinja2"].env


@pytest.mark.parametrize("nombre", nuestras())
def test_cada_plantilla_compila_y_cabe(env, nombre):
    assert faltas_de(env, nombre) == []


@pytest.mark.parametrize("texto", ["{{ nadie }}", "{% if nadie %}{% endif %}", "{{ cosa.nada }}"])
def test_lo_que_nadie_dio_es_un_error(env, texto):
    with pytest.raises(UndefinedError):
        env.from_string(texto).render(cosa=SimpleNamespace())


def test_el_texto_de_una_carta_va_tal_cual_y_su_html_escapado():
    caso = SimpleNamespace(folio="SV-2026-000001", estado=Estado.ANULADO, etiqueta_estado="Anulado")
    contexto = {
        "caso": caso,
        "cliente": RARO,
        "actor": "Ana & Eva",
        "para_cliente": False,
        "filas": [],
        "columnas": [],
        "resto": "",
        "enlace": "",
        "boton": "",
    }
    asunto, texto, html = componer(CERRADO, contexto)
    assert asunto == f"[SV-2026-000001] Anulado – {RARO}"
    assert f"Caso SV-2026-000001, {RARO}." in texto
    assert "Ana & Eva cerró el caso" in texto
    assert "&lt;Norte&gt;" in html
    assert "<Norte>" not in html


def test_en_una_pagina_nada_entra_como_html():
    assert str(componente("componentes/piezas.html", "insignia")("hecho", "<b>")).endswith(
        "&lt;b&gt;</span>"
    )


@pytest.mark.parametrize("nombre", ["base.html", "casos/caso.html", "errores/404.html"])
def test_el_panel_no_toma_las_paginas_por_suyas(nombre):
    """What the libraries bring in Django's language must not extend what is in Jinja's."""
    with pytest.raises(TemplateDoesNotExist):
        get_template(nombre, using="django")


def test_la_pagina_de_una_falla_no_pregunta_nada(rf):
    """This test is given no database: looking at who is here would fail."""
    peticion = rf.get("/")
    peticion.user = SimpleLazyObject(models.Usuario.objects.get)
    respuesta = errores.falla(peticion)
    assert respuesta.status_code == 500
    assert "Algo falló de nuestro lado" in respuesta.text


@pytest.mark.parametrize(
    "modelo, campo, valores",
    [
        (models.Opinion, "sentido", Sentido),
        (models.Ajuste, "estado", EstadoAjuste),
        (models.Constancia, "estado", EstadoConstancia),
        (models.Cita, "estado", EstadoCita),
        (models.Propuesta, "estado", EstadoPropuesta),
        (models.Aviso, "estado", EstadoAviso),
        (models.Caso, "estado", Estado),
    ],
)
def test_cada_estado_significa_algo_que_se_dibuja(modelo, campo, valores):
    for valor in valores:
        clase = significado(modelo(**{campo: valor}))
        assert f"es-{clase}" in componente("componentes/piezas.html", "insignia")(clase, "x")
        assert clase in ("hecho", "espera", "rechazado", "vencido", "neutro"), valor
