"""Findings: the list, one with its history, raising it and each of its steps; for who audits and its owner."""

from __future__ import annotations

import tempfile

from django import forms
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from casos.auditorias import NoSePuede
from casos.auditorias import hallazgos as hacer
from casos.catalogos import Hecho
from casos.envio_unico import YaSeEnvio
from casos.lecturas import seguimiento_de_hallazgos as consulta
from casos.models import Caso, ClausulaISO, Hallazgo, Muestra, Usuario
from casos.permisos.del_auditor import audita
from casos.seguridad.anotar import anotar

from .borrador import recupera
from .formularios_de_auditoria import DE_CADA_PASO, FiltroHallazgos, HallazgoForm, lo_escrito
from .pagina_de_formulario import enviado, pagina_de_formulario
from .ver_auditoria import el_caso, la_muestra, quien_audita
from .ver_seguridad import XLSX

# The step that a finding waits for, in each state.
PRINCIPAL = {"ABIERTO": "asignar", "EN_ACCION": "atender", "ATENDIDO": "verificar"}


class AntesForm(forms.Form):
    """Where a page of the list begins, and which clause a finding is begun with."""

    antes = forms.IntegerField(required=False, min_value=1, max_value=999_999_999)
    clausula = forms.IntegerField(required=False, min_value=1, max_value=999_999_999)


def _pedido(request: HttpRequest, campo: str) -> int | None:
    form = AntesForm(request.GET)
    form.is_valid()
    return form.cleaned_data.get(campo)


@require_safe
def lista(request: HttpRequest) -> HttpResponse:
    usuario = quien_audita(request)
    filtro = FiltroHallazgos(request.GET)
    pedido = {k: v for k, v in filtro.cleaned_data.items() if v}
    filas, sigue = consulta.pagina(usuario, consulta.hallar(**pedido), _pedido(request, "antes"))
    exportar = reverse("hallazgos_exportar")
    contexto = {
        "filtro": filtro,
        "pedido": pedido,
        "lineas": filas,
        "siguiente_url": "?" + urlencode(pedido | {"antes": sigue}) if sigue else "",
        "exportar_url": f"{exportar}?{urlencode(pedido)}" if pedido else exportar,
    }
    return render(request, "casos/hallazgos.html", contexto)


@require_safe
def exportar(request: HttpRequest) -> FileResponse:
    """XLSX of what is filtered."""
    usuario = quien_audita(request)
    pedido = {k: v for k, v in FiltroHallazgos(request.GET).cleaned_data.items() if v}
    archivo = tempfile.TemporaryFile()
    cuantos = consulta.escribir_libro(usuario, consulta.hallar(**pedido), archivo)
    anotar(Hecho.EXPORTACION, que="hallazgos de auditoría", filas=cuantos)
    archivo.seek(0)
    nombre = f"hallazgos-{timezone.localdate():%Y-%m-%d}.xlsx"
    return FileResponse(archivo, as_attachment=True, filename=nombre, content_type=XLSX)


@recupera
@require_http_methods(["GET", "HEAD", "POST"])
def nuevo(request: HttpRequest) -> HttpResponse:
    """A finding of no sample; of a case, by its folio."""
    usuario = quien_audita(request)
    return _levantar(request, usuario, None, None, reverse("hallazgos"))


@recupera
@require_http_methods(["GET", "HEAD", "POST"])
def del_caso(request: HttpRequest, numero: int, folio: str) -> HttpResponse:
    """A finding of a case of a sample."""
    usuario = quien_audita(request)
    muestra = la_muestra(numero)
    caso = el_caso(usuario, muestra, folio)
    volver = reverse("muestra_caso", args=[numero, folio])
    return _levantar(request, usuario, muestra, caso, volver)


def _levantar(
    request: HttpRequest,
    usuario: Usuario,
    muestra: Muestra | None,
    caso: Caso | None,
    volver: str,
) -> HttpResponse:
    clausula = ClausulaISO.objects.filter(pk=_pedido(request, "clausula") or 0, activa=True).first()
    datos = enviado(request)
    inicial = {"clausula": clausula.pk} if clausula else {}
    form = HallazgoForm(datos, usuario=usuario, del_caso=caso, initial=inicial)
    if form.is_bound and form.is_valid():
        d = form.cleaned_data
        que = ("tipo", "clausula", "encontrado", "evidencia", "responsable", "vence", "accion",
               "ficha")  # fmt: skip
        try:
            hecho = hacer.levantar(
                usuario, caso=form.caso, muestra=muestra, **{campo: d[campo] for campo in que}
            )
        except YaSeEnvio as ya:
            messages.info(request, f"Ya estaba: es el hallazgo {ya.fila.clave}.")
            return redirect(ya.fila)
        except NoSePuede as error:
            form.add_error(error.campo, str(error))
        else:
            messages.success(request, f"Listo: quedó el hallazgo {hecho.clave}.")
            return redirect(hecho)
    return pagina_de_formulario(
        request,
        form,
        "Levantar hallazgo",
        volver,
        boton="Levantar hallazgo",
        explica=f"{caso.folio} · Muestra {muestra.numero}" if caso and muestra else "",
    )


def _el_hallazgo(request: HttpRequest, pk: int) -> Hallazgo:
    assert isinstance(request.user, Usuario)
    hallado = consulta.uno(request.user, pk)
    if hallado is None:
        raise Http404
    return hallado


@require_safe
def hallazgo(request: HttpRequest, pk: int) -> HttpResponse:
    """One finding, what may be done with it now, and its history."""
    suyo = _el_hallazgo(request, pk)
    usuario = request.user
    assert isinstance(usuario, Usuario)
    cubre = consulta.cubre_de(usuario, suyo)
    ve_el_caso = suyo.caso is not None and (
        Caso.objects.visibles_para(usuario).filter(pk=suyo.caso_id).exists()
    )
    contexto = {
        "h": suyo,
        "cubre": cubre,
        "trato": consulta.trato_de(suyo),
        "pasos": hacer.pasos_de(usuario, suyo),
        "principal": PRINCIPAL.get(suyo.estado, ""),
        "historia": consulta.historia_de(suyo, cubre),
        "audita": audita(usuario),
        "ve_el_caso": ve_el_caso,
    }
    return render(request, "casos/hallazgo.html", contexto)


@recupera
@require_http_methods(["GET", "HEAD", "POST"])
def dar_paso(request: HttpRequest, pk: int, accion: str) -> HttpResponse:
    suyo = _el_hallazgo(request, pk)
    usuario = request.user
    assert isinstance(usuario, Usuario)
    if accion not in hacer.PASOS:
        raise Http404
    paso = hacer.PASOS[accion]
    if no := hacer.por_que_no(usuario, suyo, accion):
        messages.error(request, no)
        return redirect(suyo)
    datos = enviado(request)
    escrita = consulta.cubre_de(usuario, suyo)(suyo.accion)
    inicial = lo_escrito(suyo) | {"accion": escrita}
    form = DE_CADA_PASO[accion](datos, vista=suyo.version, initial=inicial)
    if form.is_bound and form.is_valid():
        d = dict(form.cleaned_data)
        # Who reads it with names covered and leaves it so has changed nothing.
        if escrita and d.get("accion") == escrita:
            d["accion"] = suyo.accion
        try:
            hacer.dar_paso(usuario, pk, accion, d.pop("version"), **d)
        except NoSePuede as error:
            form.add_error(error.campo, str(error))
        else:
            messages.success(request, f"Listo: {suyo.clave}, {paso.hecho}.")
            return redirect(suyo)
    return pagina_de_formulario(
        request,
        form,
        paso.etiqueta,
        suyo.get_absolute_url(),
        explica=f"{suyo.clave} · {suyo.get_tipo_display()}",
        peligro=accion == "descartar",
    )
