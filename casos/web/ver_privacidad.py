"""``/privacidad/``: what whoever looks after personal data does with them. For anybody else it is not there."""

from functools import wraps

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from casos.catalogos import Hecho
from casos.clientes import bloqueo, conservacion_de_datos, limpieza, supresion
from casos.datos_tratados import DecisionDeArchivo
from casos.formularios.de_datos_personales import (
    BloquearForm,
    BuscarPersonaForm,
    ConservacionForm,
    DesbloquearForm,
    SuprimirForm,
)
from casos.impresos.imprenta import NoSeImprimio, imprimir
from casos.lecturas import datos_de_personas as consulta
from casos.lecturas import lo_que_guardamos
from casos.models import Caso, PersonaContacto, Usuario
from casos.permisos.de_privacidad import lee_las_lecturas, lleva_privacidad
from casos.seguridad.anotar import anotar
from casos.web.borrador import recupera
from casos.web.pagina_de_formulario import enviado, pagina_de_formulario
from casos.web.ver_impresos import como_pdf

GET_POST = require_http_methods(["GET", "HEAD", "POST"])


def de_privacidad(vista):
    """Of who looks after personal data; to anybody else the page does not exist."""

    @wraps(vista)
    def envuelta(request, *args, **kwargs):
        if not lleva_privacidad(request.user):
            raise Http404
        return vista(request, *args, **kwargs)

    return envuelta


def hecho(form, hacer) -> bool:
    """Whether it was done; where it may not be, the form says why."""
    if not (form.is_bound and form.is_valid()):
        return False
    try:
        hacer()
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True


@require_safe
@de_privacidad
def privacidad(request):
    form = BuscarPersonaForm(request.GET)
    form.is_valid()
    q = form.cleaned_data.get("q") or ""
    halladas, hay_mas = consulta.que_coinciden(q)
    contexto = {
        "form": form,
        "q": q,
        "halladas": halladas,
        "hay_mas": hay_mas,
        "bloqueadas": consulta.hoja(consulta.bloqueadas(), request.GET, "bloqueadas"),
        "suprimidas": consulta.hoja(consulta.suprimidas(), request.GET, "suprimidas"),
    }
    return render(request, "casos/privacidad.html", contexto)


def _persona(pk) -> PersonaContacto:
    filas = PersonaContacto.objects.select_related("cliente", "origen_importacion")
    return get_object_or_404(filas, pk=pk)


@require_safe
@de_privacidad
def persona(request, pk):
    fila = _persona(pk)
    suyo = getattr(fila, "bloqueo", None)
    contexto = {
        "persona": fila,
        "bloqueo": suyo,
        "datos": suyo or fila,
        "origen": consulta.como_llegaron(fila),
        "entregas": list(fila.avisos_dados.select_related("aviso", "anotada_por")),
        "supresion": getattr(fila, "supresion", None),
        "puede_anotar": request.user.es_comercial or request.user.is_superuser,
    }
    return render(request, "casos/privacidad_persona.html", contexto)


@recupera
@GET_POST
@de_privacidad
def bloquear(request, pk):
    fila = _persona(pk)
    form = BloquearForm(enviado(request))
    if hecho(form, lambda: bloqueo.bloquear(fila, por=request.user, **form.cleaned_data)):
        messages.success(request, "Listo: sus datos quedaron bloqueados.")
        return redirect("privacidad_persona", pk=pk)
    return pagina_de_formulario(
        request,
        form,
        f"Bloquear los datos de {fila.nombre}",
        reverse("privacidad_persona", args=[pk]),
        boton="Bloquear datos",
        explica="Ya no se ofrece ni se muestra a nadie más, y no se le escribe. Los casos siguen; lo que se anotó en su "
        "historia se quita al suprimir.",
    )


@recupera
@GET_POST
@de_privacidad
def desbloquear(request, pk):
    fila = _persona(pk)
    form = DesbloquearForm(enviado(request))
    if hecho(form, lambda: bloqueo.desbloquear(fila, por=request.user, **form.cleaned_data)):
        messages.success(request, "Listo: sus datos se usan otra vez.")
        return redirect("privacidad_persona", pk=pk)
    return pagina_de_formulario(
        request,
        form,
        "Quitar el bloqueo",
        reverse("privacidad_persona", args=[pk]),
        boton="Quitar bloqueo",
    )


@recupera
@GET_POST
@de_privacidad
def suprimir(request, pk):
    fila = get_object_or_404(_personas_vivas(), pk=pk)
    formas = supresion.formas_de(fila)
    archivos = supresion.archivos_de(fila, formas)
    a_la_vista = archivos.filter(caso__in=Caso.objects.visibles_para(request.user))
    form = SuprimirForm(
        enviado(request), archivos=archivos, abre=set(a_la_vista.values_list("pk", flat=True))
    )

    def hacer():
        supresion.suprimir_persona(
            fila,
            por=request.user,
            otras_formas=form.cleaned_data["otras_formas"],
            archivos=[
                supresion.Decidido(a, DecisionDeArchivo(d), m) for a, d, m in form.decididos()
            ],
        )

    if hecho(form, hacer):
        messages.success(
            request, "Listo: se suprimieron sus datos. Los casos y la bitácora siguen."
        )
        return redirect("privacidad_persona", pk=pk)
    quedan = supresion.lo_que_es_de_otros(fila, formas)
    explica = (
        "Se quitan su nombre, puesto, teléfono y correo de todo el sistema. No se puede deshacer."
    )
    if quedan:
        explica += f" También es de alguien más, y ahí se queda: {', '.join(quedan)}."
    if se_queda := limpieza.donde_se_queda(formas, fila.cliente_id):
        explica += (
            f" No se puede quitar de {', '.join(se_queda)}: está en una cadena que no cambia."
        )
    if form.archivos:
        explica += " Decide de cada archivo: si se borra su contenido, quedan su renglón y su huella como prueba."
    return pagina_de_formulario(
        request,
        form,
        f"Suprimir los datos de {getattr(fila, 'bloqueo', fila).nombre}",
        reverse("privacidad_persona", args=[pk]),
        boton="Suprimir datos personales",
        explica=explica,
        peligro=True,
    )


def _personas_vivas():
    return PersonaContacto.objects.filter(suprimida_en=None).select_related("cliente")


@require_safe
@de_privacidad
def persona_pdf(request, pk):
    """What is held of a contact person, to answer a request of access."""
    fila = _persona(pk)
    return _en_pdf(request, lo_que_guardamos.de_persona(fila), f"datos-persona-{pk}.pdf")


@require_safe
@de_privacidad
def usuario_pdf(request, pk):
    """The same of one of our own people."""
    fila = get_object_or_404(Usuario, pk=pk)
    return _en_pdf(request, lo_que_guardamos.de_usuario(fila), f"datos-de-la-empresa-{pk}.pdf")


def _en_pdf(request, documento, nombre):
    try:
        contenido = imprimir(documento)
    except NoSeImprimio as error:
        messages.error(request, str(error))
        return redirect("privacidad")
    anotar(Hecho.DESCARGA, que=nombre, clase="datos personales")
    return como_pdf(request, contenido, nombre)


@GET_POST
@de_privacidad
def conservacion(request):
    """Whose data are past their term: confirmed or kept, several at once, with what came of each."""
    filas = list(consulta.por_confirmar()[: consulta.LECTURAS])
    form = ConservacionForm(enviado(request), filas=filas)
    salieron = []
    if form.is_bound and form.is_valid():
        elegidas, que = form.cleaned_data["elegidas"], form.cleaned_data["que"]
        salieron = conservacion_de_datos.decidir(
            elegidas,
            confirmar=que == ConservacionForm.CONFIRMAR,
            motivo=form.cleaned_data["motivo"],
            por=request.user,
        )
        filas = list(consulta.por_confirmar()[: consulta.LECTURAS])
        form = ConservacionForm(filas=filas)
    cuantas = consulta.por_confirmar().count()
    contexto = {"form": form, "filas": filas, "salieron": salieron, "cuantas": cuantas}
    estado = 422 if form.errors else 200
    return render(request, "casos/conservacion.html", contexto, status=estado)


@require_safe
def lecturas(request):
    """Who read the files marked sensitive."""
    if not lee_las_lecturas(request.user):
        raise Http404
    return render(
        request,
        "casos/lecturas_sensibles.html",
        {
            "lecturas": consulta.lecturas(request.user),
            "lleva_privacidad": lleva_privacidad(request.user),
        },
    )
