"""The auditor's desk: samples, each of their cases clause by clause, notes, the report. To others it does not exist."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from casos.auditorias import NoSePuede, muestreo
from casos.auditorias import notas_del_auditor as notas
from casos.catalogos import Hecho
from casos.envio_unico import YaSeEnvio
from casos.impresos.de_auditoria import informe
from casos.lecturas import muestras as consulta
from casos.lecturas.hallazgos_abiertos import hallazgos_abiertos
from casos.lecturas.lo_anotado import cubierto
from casos.lecturas.procedimiento import vigente
from casos.models import Caso, ClausulaISO, Muestra, Usuario
from casos.permisos.del_auditor import audita, cuida_las_clausulas
from casos.seguridad.anotar import anotar
from casos.vocabulario_de_auditoria import COMO_SE_REPITE

from .borrador import recupera
from .formularios_de_auditoria import MuestraForm, NotaForm
from .pagina_de_formulario import enviado, pagina_de_formulario
from .ver_procedimiento import empresa, imprimir_documento


def quien_audita(request: HttpRequest) -> Usuario:
    """Raises ``Http404`` for everybody else."""
    assert isinstance(request.user, Usuario)
    if not audita(request.user):
        raise Http404
    return request.user


def la_muestra(numero: int) -> Muestra:
    muestra = Muestra.objects.select_related("hecha_por").filter(numero=numero).first()
    if muestra is None:
        raise Http404
    return muestra


def el_caso(usuario: Usuario, muestra: Muestra, folio: str) -> Caso:
    """One of the sample."""
    caso = Caso.objects.visibles_para(usuario).filter(folio=folio).first()
    if caso is None or folio not in {f for f, _ in muestra.folios}:
        raise Http404
    return caso


@require_safe
def auditoria(request: HttpRequest) -> HttpResponse:
    """The samples, and what of the findings is not closed."""
    usuario = quien_audita(request)
    contexto = {
        "muestras": consulta.recientes(),
        "abiertos": hallazgos_abiertos().count(),
        "cuida_las_clausulas": cuida_las_clausulas(usuario),
    }
    return render(request, "casos/auditoria.html", contexto)


@recupera
@require_http_methods(["GET", "HEAD", "POST"])
def nueva(request: HttpRequest) -> HttpResponse:
    usuario = quien_audita(request)
    form = MuestraForm(enviado(request))
    if form.is_bound and form.is_valid():
        try:
            muestra = muestreo.sacar(usuario, **form.cleaned_data)
        except YaSeEnvio as ya:
            messages.info(request, f"Ya estaba: es la muestra {ya.fila.numero}.")
            return redirect("muestra", ya.fila.numero)
        except NoSePuede as error:
            form.add_error(error.campo, str(error))
        else:
            messages.success(request, f"Listo: quedó la muestra {muestra.numero}.")
            return redirect("muestra", muestra.numero)
    return pagina_de_formulario(
        request,
        form,
        "Sacar una muestra",
        reverse("auditoria"),
        boton="Sacar muestra",
        explica="Los casos se eligen al azar con una semilla; la muestra queda guardada y ya no cambia.",
    )


@require_safe
def muestra(request: HttpRequest, numero: int) -> HttpResponse:
    """The cases drawn; with ``?sorteo``, the same draw done again today."""
    usuario = quien_audita(request)
    suya = la_muestra(numero)
    otra, nombre_de = None, str
    if "sorteo" in request.GET:
        otra = muestreo.volver_a_sortear(suya)
        nuevas = [clave for clave, *_ in otra.cambiaron]
        nombre_de = consulta.nombres_de_estratos(suya, usuario, nuevas)
    contexto = {
        "leida": consulta.leer(suya, usuario),
        "otra": otra,
        "nombre_de": nombre_de,
        "como_se_repite": COMO_SE_REPITE,
    }
    return render(request, "casos/muestra.html", contexto)


@require_safe
def en_pdf(request: HttpRequest, numero: int) -> HttpResponse:
    usuario = quien_audita(request)
    suya = la_muestra(numero)
    revision = vigente()
    documento = informe(consulta.leer(suya, usuario), empresa(), str(revision or "sin revisión"))
    anotar(Hecho.DESCARGA, que=f"informe de la muestra {numero}")
    return imprimir_documento(request, documento, f"auditoria-muestra-{numero}.pdf")


@require_safe
def caso(request: HttpRequest, numero: int, folio: str) -> HttpResponse:
    """A case of the sample: by clause, what answers it, what was noted and found."""
    usuario = quien_audita(request)
    suya = la_muestra(numero)
    el_caso(usuario, suya, folio)
    leida = consulta.leer(suya, usuario, folio)
    [leido] = leida.casos
    folios = [f for f, _ in suya.folios]
    lugar = folios.index(folio)
    contexto = {
        "muestra": suya,
        "leido": leido,
        "lugar": lugar + 1,
        "anterior": folios[lugar - 1] if lugar else "",
        "siguiente": folios[lugar + 1] if lugar + 1 < len(folios) else "",
    }
    return render(request, "casos/muestra_caso.html", contexto)


@recupera
@require_http_methods(["GET", "HEAD", "POST"])
def nota(request: HttpRequest, numero: int, folio: str, clausula: int) -> HttpResponse:
    """What the auditor writes of a case by a clause."""
    usuario = quien_audita(request)
    suya = la_muestra(numero)
    suyo = el_caso(usuario, suya, folio)
    de = ClausulaISO.objects.filter(pk=clausula).first()
    if de is None:
        raise Http404
    ultima = notas.vigente(suya, suyo, de)
    vista = ultima.version if ultima else 0
    escrito = cubierto(usuario, [suyo])(ultima.texto) if ultima else ""
    datos = enviado(request)
    form = NotaForm(datos, vista=vista, initial={"texto": escrito})
    volver = f"{reverse('muestra_caso', args=[numero, folio])}#c{de.pk}"
    if form.is_bound and form.is_valid():
        texto = form.cleaned_data["texto"]
        # Who reads it with names covered and leaves it so has changed nothing.
        if ultima and texto == escrito:
            texto = ultima.texto
        try:
            notas.anotar(usuario, suya, suyo, de, texto, form.cleaned_data["version"])
        except NoSePuede as error:
            form.add_error(None, str(error))
        else:
            if texto:
                messages.success(request, "Listo: la nota quedó guardada.")
            elif ultima and ultima.texto:
                messages.success(request, "Listo: la nota se quitó.")
            else:
                messages.info(request, "No había nada escrito: no se guardó ninguna nota.")
            return redirect(volver)
    return pagina_de_formulario(
        request, form, f"Nota de {de.numero}", volver, explica=f"{folio} · {de.que_se_busca}"
    )
