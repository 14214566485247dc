"""*Mi cuenta* and *Falta configurar*: pages about the person and the set-up, not about cases."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from casos.acciones import personas
from casos.consultas.configuracion import lo_que_falta
from casos.forms.cuenta import DatosForm, SuplenciaForm
from casos.models import Suplencia


def cuenta(request):
    """Own data; saving is a POST to the same address."""
    datos = DatosForm(request.POST if request.method == "POST" else None, instance=request.user)
    if request.method == "POST" and datos.is_valid():
        datos.save()
        messages.success(request, "Listo: guardamos tus datos.")
        return redirect("cuenta")
    return _pagina(request, datos=datos)


@require_POST
def nueva_suplencia(request):
    """Lend own work to another between two dates."""
    form = SuplenciaForm(request.POST, titular=request.user)
    if form.is_valid():
        try:
            personas.crear_suplencia(request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, f"Listo: {form.cleaned_data['suplente']} te suple.")
            return redirect("cuenta")
    return _pagina(request, suplencia=form, status=422)


@require_POST
def terminar_suplencia(request, pk):
    suplencia = get_object_or_404(Suplencia, pk=pk, titular=request.user)
    personas.terminar_suplencia(suplencia)
    messages.success(request, "Listo: la suplencia terminó.")
    return redirect("cuenta")


def _pagina(request, *, datos=None, suplencia=None, status=200):
    usuario = request.user
    if datos is not None and datos.is_bound:
        status = 422
    return render(
        request,
        "casos/cuenta.html",
        {
            "datos": datos or DatosForm(instance=usuario),
            "suplencia": suplencia or SuplenciaForm(titular=usuario),
            "dadas": usuario.suplencias_dadas.select_related("suplente")[:10],
            "tomadas": usuario.suplencias_tomadas.select_related("titular")[:10],
            "membresias": usuario.membresias.filter(activa=True).select_related("area"),
        },
        status=status,
    )


@require_safe
def falta_configurar(request):
    """What is missing before the firm can work; for the administrator and the gerente."""
    if not (request.user.is_superuser or request.user.es_gerente):
        raise PermissionDenied("Esta página es de quien administra el sistema.")
    return render(request, "casos/falta_configurar.html", {"falta": lo_que_falta()})
