"""The revisions of the instruction: read one, write it, approve it, hand it out, say that it was read."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from casos import revisiones as hacer
from casos.catalogos import Hecho
from casos.estado_de_revision import EstadoRevision
from casos.impresos.del_reparto import del_registro
from casos.lecturas import acuses
from casos.lecturas import procedimiento as consulta
from casos.lecturas.comparacion import comparar
from casos.models import Caso
from casos.pasos.cambio_de_revision import pasar_a_la_vigente
from casos.permisos.del_documento import (
    aprueba_la_instruccion,
    escribe_la_instruccion,
    lee_los_acuses,
    por_que_no_aprueba,
)
from casos.seguridad.anotar import anotar

from .formularios_de_la_instruccion import (
    AcuseForm,
    DevolverForm,
    DistribuirForm,
    PasarCasosForm,
    RevisionForm,
)
from .ver_procedimiento import con_lo_suyo, empresa, imprimir_documento, la_que_lee, pintar

SOLO_CALIDAD = "La instrucción la escribe y la distribuye Calidad."


def _exige_calidad(usuario) -> None:
    if not escribe_la_instruccion(usuario):
        raise PermissionDenied(SOLO_CALIDAD)


@require_safe
def revision(request, numero):
    """One revision: as it reads, what it changes, and what may be done with it now."""
    return _pagina(request, la_que_lee(request, numero))


def _pagina(request, suya, status=200, **mas):
    anterior = consulta.la_anterior(suya)
    contexto = {
        "anterior": anterior,
        "cambios": comparar(anterior.secciones.all(), suya.secciones.all()) if anterior else [],
        "escribe": escribe_la_instruccion(request.user),
        "aprueba": aprueba_la_instruccion(request.user),
        "por_que_no": por_que_no_aprueba(request.user, {e.pk for e in suya.editores.all()}),
        "devolver": DevolverForm(),
        "renglon": "" if suya.rigio else hacer.renglon_del_registro(suya).split("\t"),
    }
    return pintar(request, suya, status=status, **(contexto | mas))


@require_safe
def comparacion(request, numero, otra):
    """Two revisions side by side, in words."""
    nueva, vieja = la_que_lee(request, numero), la_que_lee(request, otra)
    cambios = comparar(vieja.secciones.all(), nueva.secciones.all())
    return render(
        request, "casos/comparacion.html", {"vieja": vieja, "nueva": nueva, "cambios": cambios}
    )


@require_POST
def nueva(request):
    _exige_calidad(request.user)
    len(request.POST)  # read, so that a body that cannot be is refused as on every page
    try:
        borrador = hacer.empezar(request.user)
    except hacer.NoSePuede as error:
        messages.error(request, str(error))
        return redirect("procedimiento")
    return redirect("revision_editar", borrador.numero)


@require_http_methods(["GET", "HEAD", "POST"])
def editar(request, numero):
    _exige_calidad(request.user)
    suya = la_que_lee(request, numero)
    if request.method != "POST" and suya.estado != EstadoRevision.BORRADOR:
        messages.info(request, "Ya no es un borrador: para cambiarla, primero se devuelve.")
        return redirect("revision", numero)
    form = RevisionForm(request.POST if request.method == "POST" else None, revision=suya)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            d = form.cleaned_data
            que = {c: d[c] for c in ("descripcion", "paginas", "motivo")}
            try:
                hacer.guardar(
                    numero, request.user, secciones=form.escritas, vista=d["version"], **que
                )
            except hacer.NoSePuede as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, "Listo: el borrador quedó guardado.")
                return redirect("revision", numero)
    return render(
        request, "casos/revision_editar.html", {"revision": suya, "form": form}, status=status
    )


@require_POST
def pasar(request, numero):
    """Reviewed, sent back or approved: what the button says."""
    suya = la_que_lee(request, numero)
    que = request.POST.get("que", "")
    try:
        if que == "revisada":
            hacer.marcar_revisada(numero, request.user)
            dicho = "Listo: espera que otra persona la apruebe."
        elif que == "aprobar":
            vista = request.POST.get("version", "")
            hacer.aprobar(numero, request.user, int(vista[:9]) if vista.isdecimal() else -1)
            dicho = f"Listo: la revisión {numero} rige desde hoy. Falta que Calidad la distribuya."
        elif que == "devolver":
            form = DevolverForm(request.POST)
            if not form.is_valid():
                return _pagina(request, suya, status=422, devolver=form)
            hacer.devolver(numero, request.user, form.cleaned_data["porque"])
            messages.success(request, "Listo: se devolvió a Calidad.")
            return redirect("procedimiento")
        else:
            raise Http404
    except hacer.NoSePuede as error:
        messages.error(request, str(error))
    else:
        messages.success(request, dicho)
    return redirect("revision", numero)


@require_http_methods(["GET", "HEAD", "POST"])
def acuse(request, numero):
    """ "Leí y entendí": of the revision in force, by whom it was handed to."""
    if request.method != "POST":
        return redirect("procedimiento")
    la_que_lee(request, numero)
    form = AcuseForm(request.POST)
    if not form.is_valid():
        return con_lo_suyo(request, status=422, acuse_form=form)
    try:
        nuevo = hacer.acusar(request.user, numero)
    except hacer.NoSePuede as error:
        messages.error(request, str(error))
    else:
        dicho = "Listo: quedó tu acuse de recibo." if nuevo else "Ya habías firmado de recibido."
        messages.success(request, dicho)
    return redirect("procedimiento")


@require_http_methods(["GET", "HEAD", "POST"])
def distribucion(request):
    """The register of distribution; Calidad hands the revision in force out from here."""
    if not lee_los_acuses(request.user):
        raise Http404
    if request.method == "POST":
        _exige_calidad(request.user)
        form = DistribuirForm(request.POST)
        if form.is_valid():
            return _distribuir(request, form)
    else:
        form = None
    matriz = acuses.matriz()
    vigente = matriz.vigente
    if form is None:
        form = DistribuirForm(initial={"mas": vigente.reparto if vigente else []})
    contexto = {
        "matriz": matriz,
        "form": form,
        "escribe": escribe_la_instruccion(request.user),
        "otras": _casos_de_otra(vigente),
        "configuracion": request.user.configuracion,
    }
    status = 422 if form.is_bound else 200
    return render(request, "casos/distribucion.html", contexto, status=status)


def _distribuir(request, form) -> HttpResponse:
    try:
        cuantas = hacer.distribuir(request.user, form.cleaned_data["mas"])
    except hacer.NoSePuede as error:
        messages.error(request, str(error))
    else:
        dicho = f"Listo: se entregó a {cuantas} {'persona' if cuantas == 1 else 'personas'}."
        messages.success(
            request, dicho if cuantas else "Ya la tienen todas las personas de la lista."
        )
    return redirect("distribucion")


def _casos_de_otra(vigente) -> int:
    return Caso.objects.abiertos().exclude(revision=vigente.numero).count() if vigente else 0


@require_safe
def distribucion_pdf(request):
    if not lee_los_acuses(request.user):
        raise Http404
    suya = consulta.vigente()
    if suya is None:
        raise Http404
    anotar(Hecho.DESCARGA, que="registro de distribución")
    documento = del_registro(suya, acuses.matriz(), empresa())
    return imprimir_documento(request, documento, f"{suya.codigo}-distribucion.pdf")


@require_http_methods(["GET", "HEAD", "POST"])
def casos(request):
    """Open cases that obey a former revision pass to the one in force, with a reason."""
    _exige_calidad(request.user)
    suya = consulta.vigente()
    if suya is None:
        raise Http404
    form = PasarCasosForm(request.POST if request.method == "POST" else None)
    pasaron = None
    if form.is_bound and form.is_valid():
        pasaron = pasar_a_la_vigente(suya.numero, form.cleaned_data["motivo"], actor=request.user)
        if not pasaron.no and not pasaron.faltan:
            messages.success(
                request, f"Listo: pasaron a la revisión {suya.numero}: {pasaron.movidos}."
            )
            return redirect("distribucion")
    contexto = {
        "revision": suya, "form": form, "pasaron": pasaron, "cuantos": _casos_de_otra(suya),
    }  # fmt: skip
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "casos/pasar_de_revision.html", contexto, status=status)
