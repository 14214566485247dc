"""*Correos enviados*: every mail with its delivery state; resend what failed."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from casos.catalogos import EstadoAviso
from casos.correo import bandeja_de_salida as correo
from casos.correo import envio
from casos.expediente.carga import el_mismo
from casos.lecturas import correos as consulta
from casos.models import Aviso
from casos.permisos import lectura
from casos.permisos.cargos import rc_o_gerencia
from casos.web.borrador import solo_post


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
        },
    )


def _visible(request, pk) -> Aviso:
    aviso = consulta.visibles_para(request.user).filter(pk=pk).first()
    if aviso is None:
        raise Http404
    completo = Aviso.objects.select_related("caso__cliente", "usuario", "area").get(pk=aviso.pk)
    return consulta.para_lector(completo, request.user)


@require_safe
def detalle(request, pk):
    aviso = _visible(request, pk)
    leible = lectura.lee_correo(aviso, request.user)
    return render(
        request,
        "casos/aviso.html",
        {"correo": aviso, "leible": leible, "puede_reenviar": _puede_reenviar(request.user, aviso)},
    )


def _puede_reenviar(usuario, aviso) -> bool:
    if aviso.estado != EstadoAviso.FALLIDO or aviso.para == Aviso.SUPRIMIDO:
        return False
    if usuario.is_superuser:
        return True
    return aviso.caso_id is not None and bool(
        rc_o_gerencia(el_mismo(aviso.caso_id).hechos, usuario)
    )


@solo_post(vuelve_a="../")
def reenviar(request, pk):
    aviso = _visible(request, pk)
    if not _puede_reenviar(request.user, aviso):
        raise PermissionDenied("Solo el responsable o la gerencia reenvían un correo que falló.")
    envio.reenviar(aviso)
    correo.despertar()
    messages.success(request, "Listo: el correo se va a enviar de nuevo.")
    return redirect("aviso", pk=aviso.pk)
