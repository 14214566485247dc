"""The page that asks whoever changes an account to say again who they are, and then sends it all again."""

from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from casos.cuentas import ConfirmacionForm
from casos.seguridad.confirmar import FaltaConfirmar

PROPIOS = ("csrfmiddlewaretoken",)


def con_confirmacion(vista):
    """Mark a view that changes accounts: refused with ``FaltaConfirmar`` it asks on a page of its own,
    with what was typed in it; right, the same request goes on."""

    @wraps(vista)
    def envuelta(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        form = None
        if request.method == "POST" and f"{ConfirmacionForm.prefix}-password" in request.POST:
            form = ConfirmacionForm(request.POST, user=request.user)
            if form.is_valid():
                form.save(request)
        try:
            return vista(request, *args, **kwargs)
        except FaltaConfirmar as falta:
            return _pagina(request, falta.que, form)

    return envuelta


def _pagina(request: HttpRequest, que: str, form: ConfirmacionForm | None) -> HttpResponse:
    status = 200 if form is None else 422
    form = form or ConfirmacionForm(user=request.user)
    propios = (*PROPIOS, *map(form.add_prefix, form.fields))
    escrito = [(k, v) for k, vs in request.POST.lists() if k not in propios for v in vs]
    archivos = [(k, a.name) for k, a in request.FILES.items()]
    contexto = {
        "archivos": archivos,
        "form": form,
        "que": que,
        "escrito": escrito,
        "volver": request.get_full_path(),
    }
    return render(request, "casos/confirmacion.html", contexto, status=status)
