"""What a form answers is in our words: no field of any page says the library's generic sentences."""

import gettext
import re
from itertools import chain
from pathlib import Path

import allauth
import django
import pytest
from django import forms
from django.conf import settings
from django.contrib import admin
from django.http import QueryDict

from casos import cuentas
from casos.formularios import (
    clientes,
    cuenta,
    datos_de_empresa,
    de_datos_personales,
    de_solicitudes,
    importar,
)
from casos.formularios.base import FormularioBase
from casos.formularios.calendario_de_pago import ConPago
from casos.lecturas.conformidad_del_periodo import PedidoDeConformidad
from casos.lecturas.filtro import FiltroCasos
from casos.lecturas.filtro_de_cifras import DeLasCifras
from casos.lecturas.filtros_ofrecidos import Ofrecidos
from casos.lecturas.tablero_pedido import PedidoDeTablero
from casos.models import RevisionInstruccion, Usuario
from casos.pasos.tabla import PASOS
from casos.permisos.lectura import lo_que_importa, ve_tablero
from casos.web import formularios_de_auditoria as de_auditoria
from casos.web import formularios_de_la_instruccion as de_la_instruccion
from casos.web import ver_hallazgos, ver_seguridad, ver_sellos
from casos.web.tanda import AsignacionForm, ConCasos, PlanForm
from casos.web.ver_correos import FiltroForm
from casos.web.ver_equipo import DeQuienForm
from casos.web.ver_informes import AnioForm
from casos.web.ver_lista import ColumnasForm, CompartirForm, VistaForm
from tests.escenarios import abrir
from tests.guion import formulario

CATALOGOS = [
    (Path(django.__file__).parent / "conf" / "locale", ["es_MX"]),
    (Path(django.__file__).parent / "conf" / "locale", ["es"]),
    (Path(allauth.__file__).parent / "locale", ["es"]),
]


def de_la_biblioteca() -> set[str]:
    """Every sentence of Django and allauth, in Spanish and as it is written."""
    dichas = set()
    for donde, lenguas in CATALOGOS:
        catalogo = gettext.translation("django", donde, lenguas)._catalog
        ids = (k[0] if isinstance(k, tuple) else k for k in catalogo)
        dichas |= {t for t in chain(ids, catalogo.values()) if " " in t}
    return dichas


AJENAS = de_la_biblioteca()


def respuestas(form):
    """All that the fields of a form may answer: (field, what about, sentence)."""
    for nombre, campo in form.fields.items():
        mensajes = {
            c: m for c, m in campo.error_messages.items() if c != "required" or campo.required
        }
        for validador in campo.validators:
            if isinstance(dicho := getattr(validador, "message", ""), dict):
                mensajes |= dicho
            else:
                mensajes[type(validador).__name__] = dicho
        if (
            isinstance(form, forms.ModelForm)
            and nombre in form._meta.fields
            and nombre in form._meta.model._meta._forward_fields_map
        ):
            del_modelo = form._meta.model._meta.get_field(nombre)
            if del_modelo.unique:
                mensajes["unique"] = del_modelo.error_messages["unique"]
        for cual, mensaje in mensajes.items():
            for texto in _formas(mensaje):
                yield nombre, cual, texto


def _formas(mensaje):
    """Of a sentence with a number, the singular and the plural."""
    args = getattr(mensaje, "_proxy____args", ())
    return [str(a) for a in args[:2] if isinstance(a, str)] or [str(mensaje)]


def ajenas(form) -> list:
    quien = type(form).__name__
    return [f"{quien}.{c} ({q}): {t}" for c, q, t in respuestas(form) if t in AJENAS]


def test_la_biblioteca_si_dice_lo_que_se_busca():
    assert {"Este campo es obligatorio.", "This field is required."} <= AJENAS
    assert any("Escoja una opción válida" in t or "Seleccione una opción" in t for t in AJENAS)


@pytest.mark.parametrize("accion", list(PASOS))
def test_cada_campo_de_cada_acto_dice_que_hacer(mundo, accion):
    malas = {}
    for _, usuario, caso, boton in abrir(mundo, accion):
        form = formulario(accion, usuario, caso, boton and boton.fila)
        malas |= dict.fromkeys(ajenas(form))
    assert list(malas) == []


DE_OTRAS_PAGINAS = {
    clientes.ClienteForm: lambda p: {},
    clientes.PersonaForm: lambda p: {},
    clientes.ContratoForm: lambda p: {},
    ConPago: lambda p: {},
    clientes.PagoForm: lambda p: {"contrato": clientes.Contrato()},
    clientes.TerminarForm: lambda p: {"contrato": None},
    clientes.BuscarForm: lambda p: {},
    clientes.SigueForm: lambda p: {},
    clientes.FusionarForm: lambda p: {"origen": clientes.Cliente(pk=1), "candidatos": []},
    importar.ImportarForm: lambda p: {"tipos": lo_que_importa(p.gerente)},
    importar.ColumnasForm: lambda p: {
        "columnas": [{"posicion": 0, "titulo": "Giro", "columna": "", "parecida": ""}],
        "propias": ["Notas"],
    },
    importar.ColumnasDeCasosForm: lambda p: {
        "columnas": [{"posicion": 0, "titulo": "Giro", "columna": "", "parecida": ""}],
        "propias": ["Dónde va"],
        "dichas": {},
    },
    cuenta.DatosForm: lambda p: {"instance": p.ventas},
    cuenta.CorreosForm: lambda p: {"instance": p.ventas},
    cuenta.TeclasForm: lambda p: {"instance": p.ventas},
    DeLasCifras: lambda p: {},
    AnioForm: lambda p: {"data": {}},
    PedidoDeConformidad: lambda p: {"datos": QueryDict()},
    PedidoDeTablero: lambda p: {
        "datos": QueryDict(),
        "usuario": p.gerente,
        "alcance": ve_tablero(p.gerente),
    },
    de_auditoria.MuestraForm: lambda p: {},
    de_auditoria.DeAuditoria: lambda p: {},
    de_auditoria.ConVersion: lambda p: {},
    de_auditoria.PasoForm: lambda p: {},
    de_auditoria.NotaForm: lambda p: {},
    de_auditoria.QueHaceUno: lambda p: {},
    de_auditoria.HallazgoForm: lambda p: {"usuario": p.auditor},
    **{forma: lambda p: {} for forma in de_auditoria.DE_CADA_PASO.values()},
    de_auditoria.FiltroHallazgos: lambda p: {},
    ver_hallazgos.AntesForm: lambda p: {},
    de_la_instruccion.RevisionForm: lambda p: {"revision": RevisionInstruccion.objects.get()},
    de_la_instruccion.DevolverForm: lambda p: {},
    de_la_instruccion.DistribuirForm: lambda p: {},
    de_la_instruccion.AcuseForm: lambda p: {},
    de_la_instruccion.PasarCasosForm: lambda p: {},
    ver_sellos.SelloForm: lambda p: {},
    de_datos_personales.DarAvisoForm: lambda p: {},
    de_solicitudes.SolicitudForm: lambda p: {},
    de_solicitudes._Formulario: lambda p: {},
    de_solicitudes.ConLaPersona: lambda p: {},
    de_solicitudes.CompletarForm: lambda p: {"llevan": Usuario.objects.none()},
    de_solicitudes.AmpliarForm: lambda p: {},
    de_solicitudes.ContestarForm: lambda p: {},
    de_solicitudes.EfectivaForm: lambda p: {},
    de_datos_personales.ConservacionForm: lambda p: {"filas": []},
    de_datos_personales.BloquearForm: lambda p: {},
    de_datos_personales.DesbloquearForm: lambda p: {},
    de_datos_personales.BuscarPersonaForm: lambda p: {},
    de_datos_personales.SuprimirForm: lambda p: {"archivos": []},
    de_datos_personales.SuprimirCuentaForm: lambda p: {"usuario": "ana"},
    cuenta.SuplenciaForm: lambda p: {"titular": p.ventas},
    datos_de_empresa.EmpresaForm: lambda p: {},
    FiltroCasos: lambda p: {"datos": {}, "usuario": p.ventas, "opciones": Ofrecidos(p.ventas)},
    FiltroForm: lambda p: {},
    VistaForm: lambda p: {},
    AsignacionForm: lambda p: {"usuario": p.gerente},
    ConCasos: lambda p: {"usuario": p.gerente},
    PlanForm: lambda p: {"usuario": p.gerente},
    CompartirForm: lambda p: {},
    ColumnasForm: lambda p: {},
    DeQuienForm: lambda p: {},
    cuentas.EntrarForm: lambda p: {},
    cuentas.RecuperarForm: lambda p: {},
    cuentas.ElegirClaveForm: lambda p: {"user": p.ventas},
    cuentas.CambiarClaveForm: lambda p: {"user": p.ventas},
    cuentas.ConfirmarForm: lambda p: {"user": p.ventas},
    cuentas.CodigoForm: lambda p: {"user": p.ventas},
    cuentas.ConfirmarConCodigoForm: lambda p: {"user": p.ventas},
    cuentas.ConfirmacionForm: lambda p: {"user": p.ventas},
    ver_seguridad.FiltroForm: lambda p: {},
}


@pytest.mark.parametrize("clase", DE_OTRAS_PAGINAS, ids=lambda c: c.__name__)
def test_cada_campo_de_las_demas_paginas_tambien(personas, rf, clase):
    assert ajenas(clase(**DE_OTRAS_PAGINAS[clase](personas))) == []


def descendientes(clase):
    for hija in clase.__subclasses__():
        yield hija
        yield from descendientes(hija)


def test_no_falta_ningun_formulario():
    de_actos = set(descendientes(FormularioBase))
    # ActivarForm asks the session for its secret: its only field is that of CodigoForm.
    todos = {
        c
        for c in descendientes(forms.BaseForm)
        if c.__module__.startswith("casos.") and not c.__module__.startswith("casos.panel")
    }
    assert todos - de_actos - {FormularioBase, cuentas.ActivarForm} == set(DE_OTRAS_PAGINAS)


def test_en_el_panel_se_dice_de_que_dato(personas, rf):
    peticion = rf.get("/")
    peticion.user = personas.admin
    malas = []
    for pagina in admin.site._registry.values():
        if pagina.has_add_permission(peticion):
            malas += ajenas(pagina.get_form(peticion)())
    assert not malas, "\n".join(malas)


def test_lo_que_se_traduce_esta_compilado():
    """Django reads the .mo: a sentence of the .po that is not in it was never compiled."""
    donde = settings.LOCALE_PATHS[0]
    dichas = gettext.translation("django", donde, ["es_MX"])._catalog
    escritas = re.findall(
        r'^msgstr(?:\[\d\])? "(.+)"$', (donde / "es_MX/LC_MESSAGES/django.po").read_text(), re.M
    )
    assert set(escritas) <= set(dichas.values())
