"""*Mi cuenta* and *Falta configurar*: pages about the person and the set-up, not about cases."""

from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from casos.acceso import sesiones
from casos.acceso.enlace_de_calendario import vigente
from casos.formularios.cuenta import CorreosForm, DatosForm, SuplenciaForm, TeclasForm
from casos.lecturas.falta_configurar import lo_que_falta
from casos.models import Suplencia, Usuario
from casos.permisos.cargos import actua
from casos.personas import ritmo, salidas
from casos.web.borrador import borrador, recupera
from casos.web.confirmacion import con_confirmacion

CON_FORMULARIO = ["GET", "HEAD", "POST"]


@recupera
@require_http_methods(CON_FORMULARIO)
@con_confirmacion
def cuenta(request):
    """Own data; saving is a POST to the same address."""
    # A row of its own: what is typed must not change who the page says is here.
    yo = Usuario.objects.get(pk=request.user.pk)
    if request.method != "POST":
        return _pagina(request, datos=DatosForm(instance=yo, initial=borrador(request)))
    datos = DatosForm(request.POST, instance=yo)
    if not (datos.is_valid() and _a_buen_ritmo(datos, yo)):
        return _pagina(request, datos=datos, status=422)
    datos.save()  # of a new address the password is asked: it is the key to the account
    dicho = "Listo: guardamos tus datos"
    if "email" in datos.changed_data:
        dicho += " y avisamos a tu correo anterior"
    messages.success(request, f"{dicho}.")
    return redirect("cuenta")


@recupera
@require_http_methods(CON_FORMULARIO)
def correos(request):
    """How the letters that only inform reach this person."""
    yo = Usuario.objects.get(pk=request.user.pk)
    if request.method != "POST":
        return _pagina(request, correos=CorreosForm(instance=yo, initial=borrador(request)))
    form = CorreosForm(request.POST, instance=yo)
    if not form.is_valid():
        return _pagina(request, correos=form, status=422)
    form.save()
    messages.success(request, "Listo: así te llegarán los correos.")
    return redirect("cuenta")


TECLAS = [
    ("/", "Buscar"),
    ("n", "Registrar una solicitud"),
    ("j", "Ir al siguiente renglón de la lista"),
    ("k", "Ir al anterior"),
    ("Intro", "Abrir el renglón"),
    ("?", "Ver estas teclas"),
    ("Esc", "Cerrarlas"),
]


@require_http_methods(CON_FORMULARIO)
def teclas(request):
    """The list of keys, and whether this person wants them."""
    yo = Usuario.objects.get(pk=request.user.pk)
    form = TeclasForm(request.POST if request.method == "POST" else None, instance=yo)
    if request.method == "POST" and form.is_valid():
        form.save()
        dicho = "funcionan" if yo.con_teclas else "ya no funcionan"
        messages.success(request, f"Listo: las teclas rápidas {dicho}.")
        return redirect("cuenta_teclas")
    return render(request, "casos/teclas.html", {"form": form, "teclas": TECLAS})


@recupera
@require_http_methods(CON_FORMULARIO)
@con_confirmacion
def nueva_suplencia(request):
    """Lend own work to another between two dates; the password is asked: it lets them act for one.

    A GET comes from the login form, when the session had ended: what was typed is there again.
    """
    if request.method != "POST":
        titular, inicial = request.user, borrador(request)
        return _pagina(request, suplencia=SuplenciaForm(titular=titular, initial=inicial))
    form = SuplenciaForm(request.POST, titular=request.user)
    if form.is_valid() and _a_buen_ritmo(form, request.user):
        try:
            salidas.crear_suplencia(request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, f"Listo: {form.cleaned_data['suplente']} te suple.")
            return redirect("cuenta")
    return _pagina(request, suplencia=form, status=422)


@require_http_methods(CON_FORMULARIO)
def terminar_suplencia(request, pk):
    """It ends now; a GET (from the login form) only leads back to the account."""
    suplencia = get_object_or_404(Suplencia, pk=pk, titular=request.user)
    if request.method != "POST":
        return redirect("cuenta")
    salidas.terminar_suplencia(suplencia)
    messages.success(request, "Listo: la suplencia terminó.")
    return redirect("cuenta")


def _a_buen_ritmo(form, usuario) -> bool:
    try:
        ritmo.revisar(usuario)
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True


def _pagina(request, *, datos=None, correos=None, suplencia=None, status=200):
    usuario = request.user
    return render(
        request,
        "casos/cuenta.html",
        {
            "datos": datos or DatosForm(instance=usuario),
            "correos": correos or CorreosForm(instance=usuario),
            "recibe": actua(usuario),
            "enlace_de_calendario": vigente(usuario),
            "hora_resumen": usuario.configuracion.hora_resumen,
            "suplencia": suplencia or SuplenciaForm(titular=usuario),
            "presta": salidas.presta_su_trabajo(usuario),
            "segundo_factor": is_mfa_enabled(usuario),
            "sesiones": sesiones.abiertas(usuario, request.session.session_key),
            "dadas": usuario.suplencias_dadas.select_related("suplente")[:10],
            "tomadas": usuario.suplencias_tomadas.select_related("titular")[:10],
            "membresias": usuario.membresias.filter(activa=True).select_related("area"),
        },
        status=status,
    )


@require_safe
def a_mi_cuenta(request, clave=""):
    """allauth's pages for several addresses per person: here each has one, in *Mi cuenta*."""
    return redirect("cuenta")


@require_safe
def falta_configurar(request):
    """What is missing before the firm can work; for the administrator and the gerente."""
    if not (request.user.is_superuser or request.user.es_gerente):
        raise PermissionDenied("Esta página es de quien administra el sistema.")
    return render(request, "casos/falta_configurar.html", {"falta": lo_que_falta()})
