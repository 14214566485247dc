"""*Mi equipo*: how each person's open cases stand, and giving them to another right there, case by case."""

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from casos.actos import ASIGNAR
from casos.lecturas.equipo import CIFRAS, casos_de, equipo_de
from casos.lecturas.filtros_ofrecidos import Ofrecidos
from casos.permisos.cargos import cargo_de_gerencia
from casos.web.borrador import solo_post
from casos.web.tanda import Tanda


class DeQuienForm(forms.Form):
    """Whose cases: 0, nobody's."""

    de = forms.IntegerField(
        min_value=0,
        max_value=2_147_483_647,
        required=False,
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), "Esa persona no está en tu equipo."
        ),
    )


def _solo_gerencia(request: HttpRequest) -> None:
    if cargo_de_gerencia(request.user) is None:
        raise PermissionDenied("Esta página es de gerencia y de dirección.")


@require_safe
def equipo(request: HttpRequest) -> HttpResponse:
    """GER or DG: everybody's open cases, and those of whom they ask for."""
    _solo_gerencia(request)
    return _pagina(request, request.GET)


@solo_post(vuelve_a="../")
def reasignar(request: HttpRequest) -> HttpResponse:
    """§6: several cases of one person, to another."""
    _solo_gerencia(request)
    tanda = Tanda(request.user, ASIGNAR, request.POST)
    if not tanda.hacer():
        return _pagina(request, request.POST, tanda, status=422)
    tanda.decir(request)
    form = DeQuienForm(request.POST)
    de = form.cleaned_data["de"] if form.is_valid() else None
    return HttpResponseRedirect(reverse("equipo") + ("" if de is None else f"?de={de}"))


def _pagina(
    request: HttpRequest, pedido, tanda: Tanda | None = None, status: int = 200
) -> HttpResponse:
    usuario = request.user
    filas = equipo_de(usuario, Ofrecidos(usuario))
    form = DeQuienForm(pedido)
    de = form.cleaned_data.get("de") if form.is_valid() else None
    elegida = next((f for f in filas if f.pk == de), None)
    casos, hay_mas = casos_de(usuario, elegida.pk) if elegida else ([], False)
    tanda = tanda or Tanda(usuario)
    contexto = {
        "filas": filas,
        "columnas": [titulo for titulo, _ in CIFRAS.values()],
        "hay": any(f.cuenta["abiertos"] for f in filas),
        "elegida": elegida,
        "nadie": "de" in pedido and not elegida,
        "casos": casos,
        "hay_mas": hay_mas,
        "marcables": tanda.marcables(casos),
        "tanda": tanda,
    }
    return render(request, "casos/equipo.html", contexto, status=status)
