"""``/privacidad/solicitudes/``: the register of ARCO requests, each with its clock and its history."""

import re

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from casos.envio_unico import YaSeEnvio
from casos.formularios.de_solicitudes import (
    SI,
    AmpliarForm,
    CompletarForm,
    ContestarForm,
    EfectivaForm,
    SolicitudForm,
)
from casos.lecturas import datos_de_personas as de_personas
from casos.lecturas import solicitudes_arco as consulta
from casos.models import SolicitudARCO
from casos.personas import arco

from .borrador import recupera
from .pagina_de_formulario import enviado, pagina_de_formulario
from .ver_privacidad import GET_POST, de_privacidad, hecho


@require_safe
@de_privacidad
def solicitudes(request):
    hoja = de_personas.hoja(consulta.todas(), request.GET)
    return render(request, "casos/solicitudes.html", {"solicitudes": hoja.filas, "hoja": hoja})


@recupera
@GET_POST
@de_privacidad
def nueva(request):
    form = SolicitudForm(enviado(request))
    # From the page of whose data they are.
    if re.fullmatch("[0-9]{1,9}", numero := request.GET.get("persona", "")):
        form.initial = {"persona": int(numero)}
    elif re.fullmatch("[0-9]{1,9}", numero := request.GET.get("usuario", "")):
        form.initial = {"usuario": int(numero)}
    hechas = []

    def hacer():
        datos = form.cleaned_data | {"lleva": request.user}
        hechas.append(arco.registrar(quien=request.user, **datos))

    try:
        hecha = hecho(form, hacer)
    except YaSeEnvio as ya:
        messages.info(request, f"Ya estaba: es la solicitud {ya.fila}.")
        return redirect("solicitud", pk=ya.fila.pk)
    if hecha:
        [solicitud] = hechas
        messages.success(request, f"Listo: quedó registrada la solicitud {solicitud}.")
        return redirect("solicitud", pk=solicitud.pk)
    return pagina_de_formulario(
        request,
        form,
        "Nueva solicitud ARCO",
        reverse("solicitudes"),
        boton="Registrar solicitud ARCO",
        explica="De quien pide acceder a sus datos, corregirlos, que se cancelen o que no se usen.",
    )


def _una(pk) -> SolicitudARCO:
    filas = SolicitudARCO.objects.select_related("persona__cliente", "usuario", "lleva")
    return get_object_or_404(filas, pk=pk)


@require_safe
@de_privacidad
def solicitud(request, pk):
    fila = _una(pk)
    movimientos = list(fila.movimientos.select_related("quien"))
    return render(request, "casos/solicitud.html", {"s": fila, "movimientos": movimientos})


def _completar(fila, request, form):
    return arco.completar(fila.pk, quien=request.user, **form.cleaned_data)


def _ampliar(fila, request, form):
    return arco.ampliar(fila.pk, quien=request.user, **form.cleaned_data)


def _contestar(fila, request, form):
    datos = form.cleaned_data | {"procede": form.cleaned_data["procede"] == SI}
    return arco.contestar(fila.pk, quien=request.user, **datos)


def _efectiva(fila, request, form):
    return arco.hacer_efectiva(fila.pk, quien=request.user, **form.cleaned_data)


# Name of the act → its form, its title, its button, what it does.
ACTOS = {
    "completar": (CompletarForm, "Completar la solicitud", "Guardar", _completar),
    "ampliar": (AmpliarForm, "Ampliar el plazo", "Ampliar plazo", _ampliar),
    "contestar": (ContestarForm, "Contestar", "Anotar lo contestado", _contestar),
    "efectiva": (EfectivaForm, "Anotar que se hizo efectiva", "Anotar que se hizo", _efectiva),
}


@recupera
@GET_POST
@de_privacidad
def solicitud_acto(request, pk, que):
    fila = _una(pk)
    if que not in ACTOS:
        raise Http404
    clase, titulo, boton, hacer = ACTOS[que]
    mas = {"llevan": consulta.las_que_llevan()} if clase is CompletarForm else {}
    form = clase(enviado(request), **mas)
    antes = arco.version_de(fila)
    form.initial = {"version": antes}
    if clase is CompletarForm:
        form.initial |= {
            "persona": fila.persona_id,
            "usuario": fila.usuario_id,
            "identidad": fila.identidad,
            "lleva": fila.lleva_id,
        }
    if hecho(form, lambda: hacer(fila, request, form)):
        if arco.version_de(fila) == antes:
            messages.info(request, f"No cambió nada de la solicitud {fila}.")
        else:
            messages.success(request, f"Listo: quedó anotado en la solicitud {fila}.")
        return redirect("solicitud", pk=pk)
    volver = reverse("solicitud", args=[pk])
    return pagina_de_formulario(request, form, f"{titulo}: {fila}", volver, boton=boton)
