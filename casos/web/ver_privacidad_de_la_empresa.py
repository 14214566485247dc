"""``/privacidad/empresa/``: personal data of our own people, for who looks after them. For anybody else not there."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from casos.formularios.de_datos_personales import DarAvisoForm, SuprimirCuentaForm
from casos.lecturas import datos_de_personas as consulta
from casos.lecturas import lo_que_guardamos
from casos.models import AvisoPrivacidad, Usuario
from casos.personas import supresion_de_cuentas
from casos.seguridad.confirmar import exigir
from casos.web.borrador import recupera
from casos.web.confirmacion import con_confirmacion
from casos.web.pagina_de_formulario import enviado, pagina_de_formulario
from casos.web.ver_privacidad import GET_POST, de_privacidad, hecho

SIN_AVISOS = "Todavía no hay ninguno que anotar: lo escribe quien administra, en Administración."
QUE_SE_SUPRIME = (
    "Se quitan su correo, su teléfono, su contraseña, lo que dejó a medias y, del registro de seguridad, sus "
    "direcciones y dispositivos. Su nombre queda en lo que hizo, y los correos como se enviaron. No se puede deshacer."
)


@require_safe
@de_privacidad
def empresa(request):
    hoja = consulta.hoja(consulta.de_la_empresa(), request.GET)
    contexto = {"hoja": hoja, "avisos": consulta.avisos_dados_a_cuentas(hoja.filas)}
    return render(request, "casos/privacidad_empresa.html", contexto)


@require_safe
@de_privacidad
def usuario(request, pk):
    fila = get_object_or_404(Usuario, pk=pk)
    contexto = {
        "u": fila,
        "datos": lo_que_guardamos.datos_de_usuario(fila),
        "anotado": lo_que_guardamos.anotado_de_usuario(fila),
        "entregas": list(fila.avisos_dados.select_related("aviso", "anotada_por")),
        "supresion": getattr(fila, "supresion", None),
        "porques": supresion_de_cuentas.por_que_no(fila, request.user),
    }
    return render(request, "casos/privacidad_usuario.html", contexto)


@recupera
@GET_POST
@de_privacidad
def usuario_aviso(request, pk):
    """Which privacy notice they were given (LFPDPPP)."""
    fila = get_object_or_404(Usuario, pk=pk)
    form = DarAvisoForm(enviado(request))
    volver = reverse("privacidad_usuario", args=[pk])

    def anotarlo():
        supresion_de_cuentas.dar_aviso(fila, por=request.user, **form.cleaned_data)

    if hecho(form, anotarlo):
        messages.success(request, "Listo: quedó anotado el aviso de privacidad.")
        return redirect(volver)
    cerrado = "" if AvisoPrivacidad.objects.filter(activo=True).exists() else SIN_AVISOS
    if fila.suprimida_en:
        cerrado = supresion_de_cuentas.YA
    return pagina_de_formulario(
        request,
        form,
        f"Aviso de privacidad que se dio a {fila}",
        volver,
        explica=cerrado,
        cerrado=bool(cerrado) and not form.is_bound,
    )


@recupera
@con_confirmacion
@GET_POST
@de_privacidad
def usuario_suprimir(request, pk):
    """Of somebody who left; who does it says again who they are, as for all that changes an account."""
    fila = get_object_or_404(Usuario, pk=pk)
    form = SuprimirCuentaForm(enviado(request), usuario=fila.username)
    volver = reverse("privacidad_usuario", args=[pk])

    def suprimirla():
        exigir(f"suprimir los datos de {fila}")
        supresion_de_cuentas.suprimir_cuenta(fila, por=request.user)

    if hecho(form, suprimirla):
        messages.success(
            request, "Listo: se suprimieron sus datos. Su nombre queda en lo que hizo."
        )
        return redirect(volver)
    porques = supresion_de_cuentas.por_que_no(fila, request.user)
    return pagina_de_formulario(
        request,
        form,
        f"Suprimir los datos de {fila}",
        volver,
        boton="Suprimir datos personales",
        explica=" ".join(porques) or QUE_SE_SUPRIME,
        peligro=True,
        cerrado=bool(porques) and not form.is_bound,
    )
