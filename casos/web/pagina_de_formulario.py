"""A page of one form (``casos/formulario_simple.html``): what was sent to it, what was being typed, and how it is drawn."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from .borrador import borrador, desmarcar, huella_de


def enviado(request: HttpRequest) -> QueryDict | None:
    """By its method: an empty POST was sent too."""
    return request.POST if request.method == "POST" else None


def con_lo_escrito(request: HttpRequest, form: Any) -> None:
    """What was typed when the session ran out, put into the page as it is opened.

    A form without its own ``vista`` stands upon the values that it is opened with.
    """
    if not hasattr(form, "vista"):
        form.vista = huella_de(form.initial)
    if not form.is_bound:
        escrito = borrador(request)
        form.initial |= escrito
        desmarcar(form, escrito)


def pagina_de_formulario(
    request: HttpRequest,
    form: Any,
    titulo: str,
    volver: str,
    *,
    boton: str = "Guardar",
    explica: str = "",
    peligro: bool = False,
    cerrado: bool = False,
) -> HttpResponse:
    """The page, which gives back what was being typed; of one that was sent and did not do, 422.

    ``cerrado``: it cannot be filled in for now, and ``explica`` says why; no form is drawn.
    """
    con_lo_escrito(request, form)
    contexto = {
        "form": form, "titulo": titulo, "volver": volver, "boton": boton, "explica": explica,
        "peligro": peligro, "cerrado": cerrado,
    }  # fmt: skip
    status = 422 if form.is_bound else 200
    return render(request, "casos/formulario_simple.html", contexto, status=status)
