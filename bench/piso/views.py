from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from .models import Nota, Registro

TAMANO = 25


class NotaForm(forms.Form):
    texto = forms.CharField(widget=forms.Textarea, max_length=4000)
    version = forms.IntegerField(widget=forms.HiddenInput)


class ListaForm(forms.Form):
    q = forms.CharField(required=False, max_length=100)
    estado = forms.ChoiceField(choices=[("", "Todos"), *Registro.Estado.choices], required=False)
    despues = forms.IntegerField(required=False, min_value=0)


def lista(request):
    filtro = ListaForm(request.GET)
    pedido = filtro.cleaned_data if filtro.is_valid() else {}
    filas = Registro.objects.select_related("responsable").defer("texto")
    if pedido.get("estado"):
        filas = filas.filter(estado=pedido["estado"])
    q = pedido.get("q")
    if q and q.upper().startswith("R-"):
        filas = filas.filter(folio=q.upper())
    elif q:
        filas = filas.filter(texto__contains=q.lower())
    if pedido.get("despues"):
        filas = filas.filter(pk__lt=pedido["despues"])
    filas = list(filas[: TAMANO + 1])
    consulta = request.GET.copy()
    if sigue := len(filas) > TAMANO:
        filas.pop()
        consulta["despues"] = filas[-1].pk
    contexto = {"filas": filas, "siguiente": consulta.urlencode() if sigue else ""}
    return render(request, "lista.html", contexto)


def pendientes(request):
    """A counter per state and the first that are due."""
    mios = Registro.objects.filter(responsable=request.user).exclude(estado="CERRADO")
    contados = dict(mios.order_by().values_list("estado").annotate(n=Count("pk")))
    contadores = [(nombre, contados.get(valor, 0)) for valor, nombre in Registro.Estado.choices]
    contexto = {
        "contadores": contadores,
        "vencidos": mios.filter(vence__lt=timezone.localdate()).count(),
        "filas": mios.select_related("responsable").defer("texto").order_by("vence", "pk")[:TAMANO],
    }
    return render(request, "pendientes.html", contexto)


def registro(request, folio):
    """One row and its notes; an open one with the form that is answered here."""
    fila = get_object_or_404(Registro.objects.select_related("responsable"), folio=folio)
    if request.method == "POST":
        form = NotaForm(request.POST)
        if form.is_valid():
            _anotar(request, fila.pk, form.cleaned_data["texto"])
            messages.success(request, f"Listo: {folio} cambió.")
            return redirect("registro", folio)
    else:
        form = NotaForm(initial={"version": fila.version})
    notas = fila.notas.select_related("autor")
    abierto = fila.estado != Registro.Estado.CERRADO
    contexto = {"fila": fila, "notas": notas, "form": form if abierto else None}
    return render(request, "registro.html", contexto)


@transaction.atomic
def _anotar(request, pk, texto) -> None:
    fila = Registro.objects.select_for_update().get(pk=pk)
    fila.version += 1
    fila.cambiado_en = timezone.now()
    fila.save(update_fields=["version", "cambiado_en"])
    Nota.objects.create(registro=fila, texto=texto, autor=request.user, creada_en=fila.cambiado_en)
