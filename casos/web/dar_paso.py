"""Layer 5: one view serves every step (D§2); to register a request has its own, in ``registro``.

Fetch scoped → form → the door → redirect or the same page. No rules, no mail, no ``save()``.
"""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods

from casos import calendario, permisos
from casos.expediente import carga
from casos.expediente.hechos import Hechos
from casos.flujo import estados_de, seccion_de
from casos.formularios.base import version_de
from casos.formularios.escrito import lo_escrito
from casos.formularios.presentacion import condiciones_de, helper_de
from casos.lecturas import historia
from casos.lecturas.botones import disponibles, etiqueta_de, le_tocaba, pudo_tocarle, relevo_de
from casos.lecturas.turnos import siguiente_de
from casos.models import Caso
from casos.pasos.frases import en_infinitivo
from casos.pasos.puerta import (
    LISTA_DE,
    AccionRechazada,
    PaginaVieja,
    SinPermiso,
    ejecutar,
    falta_de_estado,
)
from casos.pasos.rechazo import faltas_de_la_maquina
from casos.pasos.tabla import PASOS
from casos.web.borrador import borrador, desmarcar, recupera

FALTA_ARCHIVO = "El archivo no se conserva: elígelo otra vez antes de enviar."


@recupera
@require_http_methods(["GET", "HEAD", "POST"])
def dar_paso(request: HttpRequest, folio: str, accion: str, objeto: int | None = None):
    """One action, page and press: 404 unseen, 403 not yours, 409 not now, 422 incomplete."""
    usuario = request.user
    caso = carga.con_hechos(usuario, folio=folio)
    paso = PASOS.get(accion)
    if paso is None or accion not in permisos.QUIEN:
        raise Http404
    if caso is None:
        return _relevado(request, folio, paso, objeto, None, Http404())
    fila = _fila(caso, accion, objeto)
    if request.method == "POST":
        return _enviar(request, caso, paso, fila)
    if not permisos.cargo_para(accion, caso, usuario, fila):
        if le_tocaba(usuario, fila):
            return _ya_no(request, caso, paso, fila)
        return _relevado(request, folio, paso, objeto, caso, SinPermiso())
    if caso.estado not in estados_de(accion):
        return _ya_no(request, caso, paso, fila)
    faltas = faltas_de_la_maquina(accion, caso)
    if faltas:
        escrito = _escrito(request, paso, caso, fila)
        return _pagina(request, caso, paso, fila, None, faltas=faltas, escrito=escrito)
    escrito = borrador(request)
    formulario = _formulario(paso, caso, usuario, fila, initial=_propuestos(accion) | escrito)
    desmarcar(formulario, escrito)
    return _pagina(request, caso, paso, fila, formulario)


def _propuestos(accion: str) -> dict:
    """What most people would type: a contact at the client's site takes under 20 seconds."""
    if accion in ("contactar", "registrar_contacto"):
        return {"proxima_fecha": calendario.sumar_habiles(calendario.hoy(), 2)}
    return {}


def _fila(caso, accion, pk):
    """The row of this case the action is done on; a row of another case does not exist."""
    sobre = permisos.SOBRE.get(accion)
    if sobre is None:
        if pk is not None:
            raise Http404
        return None
    fila = next((f for f in getattr(caso.hechos, LISTA_DE[sobre]) if f.pk == pk), None)
    if fila is None:
        raise Http404
    return fila


def _formulario(paso, caso, usuario, fila, datos=None, archivos=None, initial=None):
    return paso.formulario(
        datos,
        archivos,
        caso=caso,
        usuario=usuario,
        accion=paso.accion,
        objeto=fila,
        initial=initial,
    )


def _enviar(request, caso, paso, fila) -> HttpResponse:
    usuario = request.user
    try:
        hecho = ejecutar(
            paso.accion, usuario, caso=caso, objeto=getattr(fila, "pk", None),
            datos=request.POST, archivos=request.FILES,
        )  # fmt: skip
    except PaginaVieja as vieja:
        if carga.con_hechos(usuario, pk=caso.pk) is None:  # given away meanwhile, too
            objeto = getattr(fila, "pk", None)
            return _relevado(request, caso.folio, paso, objeto, None, Http404())
        return _vieja(request, paso, fila, vieja)
    except SinPermiso as negado:
        objeto = getattr(fila, "pk", None)
        visto = carga.con_hechos(usuario, pk=caso.pk)
        if visto is not None:
            fila = _fila(visto, paso.accion, objeto)
            if le_tocaba(usuario, fila):
                return _ya_no(request, visto, paso, fila)
        return _relevado(request, caso.folio, paso, objeto, visto, negado)
    except AccionRechazada as rechazo:
        caso = rechazo.caso or caso
        if rechazo.form is None:
            if fila is not None and not pudo_tocarle(paso.accion, caso, usuario, fila):
                raise SinPermiso from rechazo
            return _ya_no(request, caso, paso, fila, rechazo.faltas)
        return _pagina(request, caso, paso, fila, rechazo.form, faltas=rechazo.faltas, status=422)
    decir_lo_hecho(request, hecho)
    return HttpResponseRedirect(reverse("caso", args=[hecho.caso.folio]))


def _relevado(request, folio, paso, objeto, visto, negado: Exception) -> HttpResponse:
    """The case was given to another while this person typed: what they typed is still theirs.

    ``visto`` is the case, if they may still see it; otherwise nothing of it is told. Raises
    ``negado`` for whoever did not lead it.
    """
    caso = visto or Caso.objects.filter(folio=folio).first()
    relevo = caso and relevo_de(request.user, caso)
    if not relevo:
        raise negado
    if visto is None:
        caso.hechos = Hechos(caso)
    escrito = _escrito(request, paso, caso, _fila(caso, paso.accion, objeto))
    if request.method != "POST" and not escrito:
        raise negado
    contexto = {"que_paso": "Este caso ya no está a tu cargo", "escrito": escrito}
    if visto is None:
        contexto |= {"caso": caso, "titulo": paso.titulo, "relevo": relevo}
        return render(request, "casos/relevado.html", contexto, status=409)
    leido = carga.para_historia(caso, request.user)
    contexto["cambios"] = historia.renglones([relevo], leido, request.user)
    return _pagina(request, caso, paso, None, None, status=409, **contexto)


def decir_lo_hecho(request, hecho) -> None:
    """ "Listo: …, ahora le toca a …", and the way to the next pending case."""
    otro = siguiente_de(request.user, excepto=hecho.caso.pk)
    if otro is None:
        messages.success(request, hecho.mensaje)
        return
    enlace = format_html(
        '{} <a href="{}">Seguir con el siguiente pendiente: {} ({})</a>',
        hecho.mensaje, otro.get_absolute_url(), otro.cliente, otro.folio,
    )  # fmt: skip
    messages.success(request, enlace)


def _ya_no(request, caso, paso, fila, faltas=None) -> HttpResponse:
    """The case moved on: say so politely, with what it is now, and lose nothing that was typed."""
    if not faltas:
        permitido = caso.estado in estados_de(paso.accion)
        faltas = [] if permitido else [falta_de_estado(paso.accion, caso)]
    contexto = _contexto(request, caso, paso, fila) | {
        "faltas": [f.mensaje for f in faltas],
        "escrito": _escrito(request, paso, caso, fila),
    }
    return render(request, "casos/ya_no.html", contexto, status=409)


def _vieja(request, paso, fila, vieja) -> HttpResponse:
    """What changed meanwhile, and the form again with what was typed and the version of now."""
    caso, usuario = vieja.caso, request.user
    if fila is not None:
        fila = _fila(caso, paso.accion, fila.pk)
        if not pudo_tocarle(paso.accion, caso, usuario, fila):
            if not relevo_de(usuario, caso):
                raise SinPermiso from vieja
            # What was typed is still theirs; the row no longer is.
            contexto = _lo_cambiado(request, paso, fila, vieja)
            return _pagina(request, caso, paso, None, None, status=409, **contexto)
    puede = (
        caso.estado in estados_de(paso.accion)
        and permisos.cargo_para(paso.accion, caso, usuario, fila)
        and not faltas_de_la_maquina(paso.accion, caso)
    )
    formulario = None
    if puede:
        datos = request.POST.copy()
        datos["version"] = str(version_de(caso, fila, paso.accion))
        formulario = _formulario(paso, caso, usuario, fila, datos, request.FILES)
    contexto = _lo_cambiado(request, paso, fila, vieja) | ({"escrito": []} if puede else {})
    return _pagina(request, caso, paso, fila, formulario, status=409, **contexto)


def _lo_cambiado(request, paso, fila, vieja) -> dict:
    visto = carga.para_historia(vieja.caso, request.user)
    return {
        "que_paso": vieja.faltas[0].mensaje.partition(". ")[0],
        "cambios": historia.renglones(vieja.cambios, visto, request.user),
        "escrito": _escrito(request, paso, vieja.caso, fila),
    }


def _pagina(request, caso, paso, fila, formulario, *, faltas=(), status=200, **mas) -> HttpResponse:
    del_formulario = formulario is not None and formulario.is_bound
    suyas = set()
    if del_formulario:
        suyas = {str(e) for errores in formulario.errors.values() for e in errores}
    contexto = _contexto(request, caso, paso, fila) | {
        "form": formulario,
        "presentacion": formulario and helper_de(formulario),
        "faltantes": [
            {"texto": f.mensaje, "url": _enlace(caso, f)}
            for f in faltas
            if not f.campo and f.mensaje not in suyas
        ],
        "pide_archivo": del_formulario and request.FILES and FALTA_ARCHIVO,
        "otras_respuestas": _otras_respuestas(caso, request.user, paso, fila),
        **mas,
    }
    return render(request, "casos/paso.html", contexto, status=status)


def _otras_respuestas(caso, usuario, paso, fila) -> list:
    """What else may be answered on the same row: a mail leads to one act, and there may be others."""
    if fila is None:
        return []
    return [
        opcion
        for opcion in disponibles(caso, usuario)
        if opcion.accion != paso.accion
        and permisos.SOBRE.get(opcion.accion) == permisos.SOBRE[paso.accion]
        and opcion.objeto.pk == fila.pk
    ]


def _contexto(request, caso, paso, fila) -> dict:
    caso.cliente.para(request.user)
    seccion = seccion_de(paso.accion, caso.estado)
    return {
        "caso": caso,
        "paso": paso,
        "titulo": etiqueta_de(paso.accion, fila),
        "hacer": en_infinitivo(paso.accion),
        "fila": fila,
        "sobre": permisos.SOBRE.get(paso.accion),
        "seccion": seccion,
        "instruccion": carga.instruccion(seccion),
        "peligrosa": paso.accion in ("anular", "retirar", "cerrar_sin_respuesta"),
        "persona": caso.persona.nombre_para(request.user),
        "condiciones": condiciones_de(carga.hoja_de(caso, fila), caso),
    }


def _enlace(caso, falta) -> str:
    """Where what is missing is given: a place of the case page, or another action."""
    if not falta.enlace:
        return ""
    pagina = reverse("caso", args=[caso.folio])
    if falta.enlace.startswith("#"):
        return pagina + falta.enlace
    return reverse("paso", args=[caso.folio, falta.enlace])


def _escrito(request, paso, caso, fila) -> list[tuple[str, str]]:
    """What was typed, now or before the login, and can no longer be sent, to be copied elsewhere."""
    datos = request.POST if request.method == "POST" else borrador(request)
    if not datos:
        return []
    formulario = _formulario(paso, caso, request.user, fila)
    if motivo := formulario.fields.get("motivo_sustitucion"):
        motivo.label = "Por qué lo haces"  # its own words name who leads the case now
    return lo_escrito(formulario, datos)
