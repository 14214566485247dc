"""*Correos enviados*: every mail with its delivery state; resend what failed."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from casos.catalogos import EstadoAviso, Hecho
from casos.correo import bandeja_de_salida as correo
from casos.correo import envio
from casos.lecturas import correos as consulta
from casos.models import Aviso
from casos.permisos import lectura
from casos.seguridad.anotar import anotar
from casos.web.borrador import solo_post
from casos.web.formatos import plural

NADA_QUE_REENVIAR = "No hay correos que reenviar: ya salieron, o los reenvía quien lleva el caso."


class FiltroForm(forms.Form):
    estado = forms.ChoiceField(
        label="Estado", required=False, choices=[("", "Todos"), *EstadoAviso.choices]
    )
    caso = forms.RegexField(
        r"^SV-\d{4}-\d{6}$",
        label="Folio",
        required=False,
        max_length=16,
        error_messages={"invalid": "Escribe el folio completo: SV-2026-000123."},
    )
    evento = forms.IntegerField(required=False, min_value=1, max_value=999_999_999)
    antes = forms.IntegerField(required=False, min_value=1, max_value=999_999_999_999)


@require_safe
def lista(request):
    form = FiltroForm(request.GET, label_suffix="")
    form.is_valid()
    d = form.cleaned_data
    filas, siguiente = consulta.pagina(
        request.user,
        estado=d.get("estado") or "",
        folio=d.get("caso") or "",
        evento=d.get("evento"),
        antes_de=d.get("antes"),
    )
    # First, and apart, what needs somebody; a page that was filtered or turned shows what was asked.
    sin_pedir = not request.GET
    fallaron = consulta.que_fallaron(request.user) if sin_pedir else []
    filtros = {k: d[k] for k in ("estado", "caso", "evento") if d.get(k)}
    url = "?" + urlencode(filtros | {"antes": siguiente}) if siguiente else ""
    return render(
        request,
        "casos/avisos.html",
        {
            "form": form,
            "correos": filas,
            "fallaron": fallaron[: consulta.FALLADOS_MAXIMO],
            "hay_mas_fallos": len(fallaron) > consulta.FALLADOS_MAXIMO,
            "siguiente_url": url,
            "hay_filtro": bool(filtros or d.get("antes")),
            "reenviables": _cuantos_reenvia(request.user, d.get("caso") or "")
            if form.is_valid()
            and not d.get("evento")
            and (sin_pedir or d.get("estado") == EstadoAviso.FALLIDO)
            else 0,
        },
    )


def _cuantos_reenvia(usuario, folio: str) -> int:
    return len(consulta.de_un_caso(consulta.reenviables(usuario), folio).values_list("pk")[:1000])


def _visible(request, pk) -> Aviso:
    aviso = consulta.visibles_para(request.user).filter(pk=pk).first()
    if aviso is None:
        raise Http404
    relaciones = ("caso__cliente", "usuario", "area", "resumen", "impreso")
    completo = Aviso.objects.select_related(*relaciones).get(pk=aviso.pk)
    return consulta.para_lector(completo, request.user)


@require_safe
def detalle(request, pk):
    aviso = _visible(request, pk)
    leible = lectura.lee_correo(aviso, request.user)
    return render(
        request,
        "casos/aviso.html",
        {
            "correo": aviso,
            "leible": leible,
            "abre_resumen": aviso.resumen is not None
            and (aviso.resumen.usuario_id == request.user.pk or request.user.is_superuser),
            "puede_reenviar": consulta.reenviables(request.user).filter(pk=aviso.pk).exists(),
        },
    )


@solo_post(vuelve_a="../")
def reenviar(request, pk):
    aviso = _visible(request, pk)
    if not envio.reenviar(consulta.reenviables(request.user).filter(pk=aviso.pk)):
        raise PermissionDenied("Solo el responsable o la gerencia reenvían un correo que falló.")
    anotar(Hecho.REENVIO, que="un correo", correo=aviso.pk, cuantos=1)
    correo.despertar()
    messages.success(request, "Listo: el correo se va a enviar de nuevo.")
    return redirect("aviso", pk=aviso.pk)


@solo_post(vuelve_a="../")
def reenviar_los_que_fallaron(request):
    """All that failed of what the filter shows, and this person may send again."""
    form = FiltroForm(request.POST)
    if not form.is_valid():
        messages.error(request, "No se reenvió ninguno: revisa el filtro.")
        return redirect("avisos")
    folio = form.cleaned_data["caso"] or ""
    cuantos = envio.reenviar(consulta.de_un_caso(consulta.reenviables(request.user), folio))
    if cuantos:
        anotar(Hecho.REENVIO, que=folio or "todos los que fallaron", cuantos=cuantos)
    correo.despertar()
    dicho = plural(cuantos, "correo se va,correos se van")
    messages.success(
        request, f"Listo: {dicho} a enviar de nuevo." if cuantos else NADA_QUE_REENVIAR
    )
    return redirect("avisos")
