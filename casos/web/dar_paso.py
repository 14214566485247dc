"""One view serves every step (D§2); to register a request has its own, in ``registrar``.

Ask what is so → the form, or the door → redirect or a page. What is so is said by
``pasos.situacion``; here it only gets a template and a status. No rules, no mail, no ``save()``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods

from casos.actos import (
    ACEPTAR,
    ACTOS,
    ANALIZAR,
    CONTRAOFERTAR,
    DECLARAR_NO_VIABLE,
    DECLARAR_VIABLE,
    PRESENTAR,
    VOLVER_A_PRESENTAR,
    Acto,
)
from casos.expediente import Expediente
from casos.expediente.carga import el_mismo, hoja_de, instruccion, pk_si_lo_ve
from casos.expediente.condiciones_de_las_areas import puestas_por
from casos.formularios.base import FormularioBase, version_de
from casos.formularios.condiciones_puestas import OTRA_CONDICION, ConCondiciones
from casos.formularios.escrito import lo_escrito
from casos.formularios.partes import ConHoja
from casos.formularios.presentacion import VER_VIGENTE, condiciones_de, helper_de
from casos.impresos.documentos import Cambio
from casos.lecturas import historia
from casos.lecturas.botones import Boton, botones
from casos.lecturas.le_toca import siguiente_de
from casos.lecturas.memoria import lo_pedido_negado, memoria
from casos.models import Caso, Usuario
from casos.pasos.entregas import cambios_entre, cambios_por_presentar, la_anterior
from casos.pasos.puerta import ActoHecho, ejecutar
from casos.pasos.situacion import Clase, Falta, Rechazo, Situacion, situacion
from casos.pasos.tabla import PASOS
from casos.permisos import lectura

from .borrador import borrador, borradores, como_inicial, desmarcar, recupera
from .volver import AL_PANEL, vuelve_al_panel

FALTA_ARCHIVO = "El archivo no se conserva: elígelo otra vez antes de enviar."


SOBRE_LO_OFRECIDO = (PRESENTAR, VOLVER_A_PRESENTAR, CONTRAOFERTAR, ACEPTAR)


# Where what the contract remembers is of use (7.3, 7.4).
CON_MEMORIA = (ANALIZAR, DECLARAR_VIABLE, DECLARAR_NO_VIABLE)


class Respecto(NamedTuple):
    """Two versions of the proposal side by side."""

    titulo: str
    antes: int
    ahora: int
    cambios: list[Cambio]


class SinPermiso(PermissionDenied):
    """An act that is not this person's: its page says what else there is."""


@recupera
@require_http_methods(["GET", "HEAD", "POST"])
def dar_paso(request: HttpRequest, folio: str, accion: str, objeto: int | None = None):
    """One act, page and press: 404 unseen, 403 not yours, 409 not now, 422 incomplete."""
    acto = ACTOS.get(accion)
    if acto is None or acto.abre_caso:
        raise Http404
    if request.method == "POST" and not solo_dibuja(request):
        return _enviar(request, folio, acto, objeto)
    actual = situacion(request.user, folio, acto, objeto)
    if actual.clase is Clase.PUEDE:
        # A contract was chosen: what it has today is shown beside what was typed; nothing is sent.
        escrito = como_inicial(request.POST) if request.method == "POST" else borrador(request)
        formulario = formulario_de(actual, initial=escrito or _traido(request, acto))
        desmarcar(formulario, escrito)
        return _pagina(request, actual, formulario)
    return responder(request, actual)


def pide_lo_vigente(request: HttpRequest) -> bool:
    """Whether the press only asks what the contract that was chosen has today."""
    return request.method == "POST" and VER_VIGENTE in request.POST


def pide_otra_condicion(request: HttpRequest) -> bool:
    """Whether the press only asks for one more row of conditions."""
    return request.method == "POST" and OTRA_CONDICION in request.POST


def solo_dibuja(request: HttpRequest) -> bool:
    """What was typed is drawn again with more beside it; nothing is sent."""
    return pide_lo_vigente(request) or pide_otra_condicion(request)


def formulario_de(actual: Situacion, datos=None, archivos=None, initial=None) -> FormularioBase:
    """The form of the act, as it is or as it was sent."""
    return PASOS[actual.acto.nombre].formulario(
        datos,
        archivos,
        exp=actual.exp,
        usuario=actual.usuario,
        acto=actual.acto,
        permiso=actual.permiso,
        fila=actual.fila,
        initial=initial,
    )


def abierto_en_el_caso(request: HttpRequest, exp: Expediente, boton: Boton) -> FormularioBase:
    """The form of the next step as it stands on the page of the case, with what was typed in it and not sent."""
    escrito = borradores(request, [boton.url]).get(boton.url, {})
    form = PASOS[boton.acto.nombre].formulario(
        exp=exp,
        usuario=request.user,
        acto=boton.acto,
        permiso=boton.permiso,
        fila=boton.fila,
        initial=escrito,
    )
    desmarcar(form, escrito)
    return form


def _traido(request: HttpRequest, acto: Acto) -> dict[str, str]:
    """What somebody typed in the act that sent them here (``FormularioPaso.lleva``), or opened this one with."""
    abre = acto.se_abre_con and acto.se_abre_con[0]
    return {n: v[:200] for n, v in request.GET.items() if n.startswith("solicitado_") or n == abre}


def _enviar(request: HttpRequest, folio: str, acto: Acto, objeto: int | None) -> HttpResponse:
    pk = pk_si_lo_ve(request.user, folio)
    if pk is None:
        return responder(request, situacion(request.user, folio, acto, objeto))
    try:
        hecho = ejecutar(
            acto, request.user, caso=pk, fila=objeto, datos=request.POST, archivos=request.FILES
        )
    except Rechazo as rechazo:
        return _rechazada(request, rechazo, objeto)
    decir_lo_hecho(request, hecho)
    if acto is ANALIZAR:
        decir_si_ya_se_nego(request, hecho)
    if vuelve_al_panel(request):
        return HttpResponseRedirect(reverse("admin:index"))
    return HttpResponseRedirect(reverse("caso", args=[hecho.caso.folio]))


def _rechazada(request: HttpRequest, rechazo: Rechazo, objeto: int | None) -> HttpResponse:
    """The refusal as this person may read it now: the case may have been given away meanwhile."""
    dicha = rechazo.situacion
    ahora = situacion(request.user, dicha.folio, dicha.acto, objeto)
    if ahora.exp is None:
        return responder(request, ahora)
    if dicha.clase is Clase.VIEJA:
        return _vieja(request, dicha, ahora)
    leida = replace(dicha, exp=ahora.exp)
    if rechazo.form is not None:
        return _pagina(request, leida, rechazo.form, status=422)
    return responder(request, leida)


def responder(request: HttpRequest, actual: Situacion) -> HttpResponse:
    """Whatever is not the form itself."""
    if actual.clase is Clase.FALTA:
        return _pagina(request, actual, None, escrito=_escrito(request, actual))
    if actual.clase is Clase.BAJO_LLAVE:
        return _pagina(request, actual, None, status=409, escrito=_escrito(request, actual))
    if actual.clase is Clase.YA_NO:
        return _ya_no(request, actual)
    if actual.clase is Clase.RELEVADO:
        return _relevado(request, actual)
    if actual.clase is Clase.AJENO:
        raise SinPermiso(" ".join(f.mensaje for f in actual.faltas))
    raise Http404


def _ya_no(request: HttpRequest, actual: Situacion) -> HttpResponse:
    """The case moved on: say so politely, with what it is now, and lose nothing that was typed."""
    contexto = _contexto(actual) | {
        "faltas": [f.mensaje for f in actual.faltas],
        "escrito": _escrito(request, actual),
    }
    return render(request, "casos/ya_no.html", contexto, status=409)


def _relevado(request: HttpRequest, actual: Situacion) -> HttpResponse:
    """The case was given to another while this person typed: what they typed is still theirs.

    Where they no longer see the case nothing of it is told.
    """
    escrito = _escrito(request, actual)
    if request.method != "POST" and not escrito:
        if actual.exp is None:
            raise Http404
        raise SinPermiso(" ".join(f.mensaje for f in actual.faltas))
    if actual.exp is None:
        contexto = {
            "folio": actual.folio,
            "titulo": actual.acto.etiqueta,
            "relevo": actual.cambios[0],
            "que_paso": "Este caso ya no está a tu cargo",
            "escrito": escrito,
        }
        return render(request, "casos/relevado.html", contexto, status=409)
    # Of the row, which is no longer theirs, nothing is told.
    actual = replace(actual, faltas=(), fila=None)
    return _pagina(request, actual, None, status=409, escrito=escrito)


def _vieja(request: HttpRequest, dicha: Situacion, ahora: Situacion) -> HttpResponse:
    """What changed meanwhile, and the form again with what was typed and the version of now."""
    # Of a row that is no longer theirs nothing is told; of the case they see, what changed.
    if ahora.clase is Clase.NO_EXISTE or (
        ahora.fila is not None and ahora.clase in (Clase.AJENO, Clase.RELEVADO)
    ):
        return responder(request, ahora)
    actual = replace(ahora, que_paso=dicha.que_paso, cambios=dicha.cambios, faltas=())
    if ahora.clase is not Clase.PUEDE:
        return _pagina(request, actual, None, status=409, escrito=_escrito(request, actual))
    datos = request.POST.copy()
    assert ahora.exp is not None
    datos["version"] = str(version_de(ahora.acto, ahora.exp.caso, ahora.fila))
    formulario = formulario_de(ahora, datos, request.FILES)
    return _pagina(request, actual, formulario, status=409)


def _pagina(
    request: HttpRequest,
    actual: Situacion,
    formulario: FormularioBase | None,
    *,
    status: int = 200,
    escrito: list[tuple[str, str]] | None = None,
) -> HttpResponse:
    del_formulario = formulario is not None and formulario.is_bound
    suyas: set[str] = set()
    if formulario is not None and del_formulario:
        suyas = {str(e) for errores in formulario.errors.values() for e in errores}
    assert actual.exp is not None
    contexto = _contexto(actual) | {
        "form": formulario,
        "presentacion": formulario and helper_de(formulario),
        "faltantes": [
            {"texto": f.mensaje, "url": _enlace(actual.exp.caso, f)}
            for f in actual.faltas
            if not f.campo and f.mensaje not in suyas
        ],
        "salida": formulario and _salida(actual, formulario),
        "pide_archivo": FALTA_ARCHIVO if del_formulario and request.FILES else "",
        "otras_respuestas": _otras_respuestas(actual),
        "que_paso": actual.que_paso,
        "cambios": historia.renglones(actual.cambios, actual.exp) if actual.cambios else [],
        "escrito": escrito or [],
        "respecto": formulario and _respecto_de(actual),
        "del_panel": f"?{AL_PANEL}" if vuelve_al_panel(request) else "",
    }
    if isinstance(formulario, ConHoja | ConCondiciones):
        contexto["con_htmx"] = True  # figures are counted as they are typed, a row is added
    return render(request, "casos/paso.html", contexto, status=status)


def _respecto_de(actual: Situacion) -> Respecto | None:
    """Beside an act about what is offered: what changed since the version before, or changes with the next one."""
    exp = actual.exp
    assert exp is not None
    if actual.acto not in SOBRE_LO_OFRECIDO or not exp.hechos.propuestas:
        return None
    ultima = exp.hechos.propuestas[0]
    if actual.acto is PRESENTAR:
        cambios = cambios_por_presentar(exp.hechos)
        return Respecto("Qué cambia", ultima.numero, ultima.numero + 1, cambios)
    anterior = la_anterior(exp.hechos, ultima.numero)
    if anterior is None:
        return None
    cambios = cambios_entre(anterior, ultima, exp.caso.moneda)
    return Respecto("Qué cambió", anterior.numero, ultima.numero, cambios)


def _salida(actual: Situacion, formulario: FormularioBase) -> tuple[str, str] | None:
    """The act that does what this one refused, where this person may do it now: words and address."""
    acto = getattr(formulario, "salida", None)
    if acto is None or acto.quien(actual.exp.hechos, actual.usuario) is None:
        return None
    url = reverse("paso", args=[actual.folio, acto])
    lleva = urlencode(formulario.lleva)
    return acto.etiqueta, f"{url}?{lleva}" if lleva else url


def _otras_respuestas(actual: Situacion) -> list[Boton]:
    """What else may be answered on the same row: a mail leads to one act, and there may be others."""
    if actual.fila is None:
        return []
    assert actual.exp is not None
    return [
        b
        for b in botones(actual.exp, actual.usuario)
        if b.acto is not actual.acto
        and b.acto.sobre == actual.acto.sobre
        and b.fila.pk == actual.fila.pk
    ]


def _contexto(actual: Situacion) -> dict[str, Any]:
    assert actual.exp is not None
    exp, acto = actual.exp, actual.acto
    return {
        "caso": exp.caso,
        "acto": acto,
        "titulo": acto.etiqueta_para(actual.fila),
        "hacer": acto.en_infinitivo(),
        "fila": actual.fila,
        "instruccion": instruccion(acto.seccion_en(exp.caso.estado), exp.caso.revision),
        "persona": lectura.persona_para(exp.caso.persona, actual.usuario),
        "condiciones": condiciones_de(hoja_de(exp, actual.fila), exp),
        "puestas": puestas_por(exp, actual.fila),
    } | _memoria(actual)


def _memoria(actual: Situacion) -> dict[str, Any]:
    caso = actual.exp.caso if actual.exp else None
    if caso is None or caso.contrato is None or actual.acto not in CON_MEMORIA:
        return {"memoria": None, "negado": None}
    return {
        "memoria": memoria(caso.contrato, actual.usuario, caso.pk),
        "negado": lo_pedido_negado(caso, actual.usuario),
    }


def decir_si_ya_se_nego(request: HttpRequest, hecho: ActoHecho) -> None:
    """What was just said that the client asks may have been refused before: it is said, nothing is stopped."""
    assert isinstance(request.user, Usuario)
    if negado := lo_pedido_negado(hecho.caso, request.user):
        enlace = '{} <a href="{}">Ver {}</a>'
        caso = negado.caso
        messages.warning(request, format_html(enlace, negado, caso.get_absolute_url(), caso.folio))


def _enlace(caso: Caso, falta: Falta) -> str:
    """Where what is missing is given: a place of the case page, or another act."""
    if not falta.enlace:
        return ""
    pagina = reverse("caso", args=[caso.folio])
    if falta.enlace.startswith("#"):
        return pagina + falta.enlace
    return reverse("paso", args=[caso.folio, falta.enlace])


def _escrito(request: HttpRequest, actual: Situacion) -> list[tuple[str, str]]:
    """What was typed, now or before the login, and can no longer be sent, to be copied elsewhere."""
    datos = request.POST if request.method == "POST" else borrador(request)
    if not datos:
        return []
    return lo_escrito(formulario_para_leer(actual), datos)


def formulario_para_leer(actual: Situacion) -> FormularioBase:
    """The form whose labels say what was typed; of a case that is not seen, only those."""
    exp = actual.exp or _de_nadie(actual.folio)
    return formulario_de(replace(actual, exp=exp, permiso=None))


def _de_nadie(folio: str) -> Expediente:
    return el_mismo(Caso.objects.values_list("pk", flat=True).get(folio=folio))


def decir_lo_hecho(request: HttpRequest, hecho: ActoHecho) -> None:
    """ "Listo: …, ahora le toca a …", and the way to the next pending case."""
    assert isinstance(request.user, Usuario)
    otro = siguiente_de(request.user, excepto=hecho.caso.pk)
    if otro is None:
        messages.success(request, hecho.mensaje)
        return
    enlace = format_html(
        '{} <a href="{}">Seguir con el siguiente pendiente: {} ({})</a>',
        hecho.mensaje,
        otro.get_absolute_url(),
        otro.cliente,
        otro.folio,
    )
    messages.success(request, enlace)
