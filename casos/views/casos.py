"""Layer 5: the case page, its timeline and its files. Reads only; every step is in ``pasos``."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from casos import permisos
from casos.acciones.opciones import disponibles
from casos.catalogos import Estado, EstadoCita, EstadoOpinion
from casos.consultas import ficha, historia, jugada, reserva, rotulos
from casos.consultas.clientes import lee_todo
from casos.forms.archivos import FIRMAS, OFFICE
from casos.forms.presentacion import condiciones_de, helper_de
from casos.models import Adjunto, Caso
from casos.pasos import PASOS

# Offered as a press on the page itself, without a page of their own.
DE_UN_TOQUE = ("seguir", "dejar_de_seguir")
# Shown apart and last: after these the case is over.
TERMINAN = ("cerrar_sin_respuesta", "retirar", "anular")
# These live in the header or beside their row, not among the other actions.
A_LA_MANO = ("registrar_contacto", "anotar", "programar_cita")
TIPOS_SERVIDOS = frozenset({*FIRMAS.values(), *OFFICE.values()})


def numero_de(texto: str | None) -> int | None:
    """A whole number of at most nine digits from a query, or ``None``."""
    texto = texto or ""
    return int(texto) if texto.isascii() and texto.isdigit() and len(texto) <= 9 else None


@require_safe
def caso(request: HttpRequest, folio: str) -> HttpResponse:
    """The case: where it is, whose move it is, and everything that happened (D§6)."""
    usuario = request.user
    caso = get_object_or_404(ficha.consulta(usuario), folio=folio)
    ficha.para_lector(ficha.preparar(caso), usuario)
    ver = request.GET.get("ver", "")
    ver = ver if ver in rotulos.VER else ""
    antes = numero_de(request.GET.get("antes"))
    renglones, sigue = historia.pagina(caso, usuario, ver, antes)
    contexto = {
        "caso": caso,
        "renglones": renglones,
        "sigue": sigue,
        "ver": ver,
        "antes": antes,
        "filtros": rotulos.VER.items(),
        "moneda": caso.moneda,
    }
    if request.htmx and request.htmx.target == "historia":
        return render(request, "casos/_historia.html", contexto)
    opciones = disponibles(caso, usuario)
    siguiente = jugada.siguiente(caso, usuario, opciones)
    if siguiente and not siguiente.opcion.faltas and not siguiente.es_eleccion:
        siguiente.formulario = _formulario(caso, usuario, siguiente.opcion)
        siguiente.presentacion = helper_de(siguiente.formulario)
    en_la_tarjeta = [siguiente.opcion, *siguiente.junto] if siguiente else []
    sueltas = [o for o in opciones if o not in en_la_tarjeta]
    # The words of what is to be done now; where nobody here has the turn, those of where it stands.
    seccion = (siguiente and siguiente.opcion.seccion) or Estado(caso.estado).seccion
    nota = _formulario_de_nota(caso, usuario, opciones)
    contexto |= {
        "siguiente": siguiente,
        "instruccion": ficha.instruccion(seccion, caso),
        "acciones": _acciones(sueltas),
        "nota": nota,
        "presentacion_de_nota": nota and helper_de(nota),
        "recorrido": ficha.recorrido(caso),
        "ultimo": renglones[0] if renglones and not antes and not ver else None,
        "persona": caso.persona.nombre_para(usuario),
        "ve_contacto": lee_todo(usuario) and not usuario.ve_enmascarado,
        "rfc": ficha.rfc_para(caso.cliente, usuario),
        "tipos": [t["nombre"] for t in caso.lista_tipos],
        "motivos": ficha.motivos(caso),
        "ve_decision": ficha.ve_toda_la_hoja(caso, usuario),
        **_opiniones(caso, usuario, sueltas),
        "propuestas": _propuestas(caso, usuario),
        "citas": _con_opciones(caso.hechos.citas, sueltas, usuario),
        "ajustes": _ajustes(caso, sueltas),
        "constancias": _constancias(caso, usuario, sueltas),
        # What the areas said stands beside the decision, and beside the offer that must keep to it.
        "recuerda_opiniones": caso.estado in (Estado.POR_DECIDIR, Estado.EN_PROPUESTA),
        "abre": {
            "ajustes": caso.estado == Estado.EN_MODIFICACION,
            "propuestas": caso.estado in (Estado.EN_PROPUESTA, Estado.EN_RESPUESTA),
            "opiniones": caso.estado in (Estado.EN_ANALISIS, Estado.POR_DECIDIR),
            "citas": any(c.estado == EstadoCita.PROGRAMADA for c in caso.hechos.citas),
            "constancias": any(c.esta_sin_confirmar for c in caso.hechos.constancias),
        },
        "condiciones": condiciones_de(caso.hoja_visible, caso),
        "por_venir": ficha.por_venir(caso) if caso.es_abierto else [],
        "archivos": reserva.archivos(caso, usuario),
        "previos": ficha.previos(caso),
        "contactos_propios": [o for o in opciones if o.accion == "corregir_contacto"][:3],
    }
    return render(request, "casos/caso.html", contexto)


def _formulario(caso, usuario, opcion):
    return PASOS[opcion.accion].formulario(
        caso=caso, usuario=usuario, accion=opcion.accion, objeto=opcion.objeto
    )


def _formulario_de_nota(caso, usuario, opciones):
    """A note is written on the page itself; its ids must not meet those of the step's form."""
    if not any(o.accion == "anotar" for o in opciones):
        return None
    formulario = PASOS["anotar"].formulario(caso=caso, usuario=usuario, accion="anotar")
    formulario.auto_id = "nota_%s"
    return formulario


def _acciones(opciones) -> dict:
    """Actions on the case itself, by where they are shown."""
    del_caso = [o for o in opciones if o.objeto is None]
    resto = [
        (o, rotulos.icono_de(o.accion, o.seccion))
        for o in del_caso
        if o.accion not in (*A_LA_MANO, *DE_UN_TOQUE)
    ]
    return {
        "a_la_mano": {o.accion: o for o in del_caso if o.accion in A_LA_MANO},
        "de_un_toque": [o for o in del_caso if o.accion in DE_UN_TOQUE],
        "pasos": [p for p in resto if p[0].cambia_estado and p[0].accion not in TERMINAN],
        "actos": [p for p in resto if not p[0].cambia_estado],
        "terminan": [p for p in resto if p[0].accion in TERMINAN],
    }


def _de(fila, opciones) -> list:
    return [o for o in opciones if o.objeto is fila]


def _con_opciones(filas, opciones, usuario=None) -> list:
    for fila in filas:
        fila.opciones = _de(fila, opciones)
        if usuario is not None:
            fila.con_quien = fila.persona.nombre_para(usuario) if fila.persona else ""
    return filas


def _opiniones(caso, usuario, opciones) -> dict:
    """Current ones; earlier rounds and what was withdrawn go below, folded."""
    actuales = {o.pk for o in caso.hechos.opiniones_actuales}
    filas = _con_opciones(caso.hechos.opiniones, opciones)
    for o in filas:
        o.ve_fundamento = permisos.ve_fundamentos(caso, usuario, o)
        o.es_actual = o.pk in actuales
        o.fue_dada = o.estado == EstadoOpinion.DADA
    return {
        "opiniones": [o for o in filas if o.es_actual],
        "opiniones_pasadas": [o for o in reversed(filas) if not o.es_actual],
    }


def _propuestas(caso, usuario) -> list:
    """Each version as it was presented; an area reads the rows that concern it."""
    claves = {f.concepto.clave for f in caso.hoja_visible}
    completa = ficha.ve_toda_la_hoja(caso, usuario)
    for p in caso.hechos.propuestas:
        p.con_quien = p.persona.nombre_para(usuario) if p.persona else ""
        p.filas_visibles = [f for f in p.filas if completa or f["clave"] in claves]
    return caso.hechos.propuestas


def _ajustes(caso, opciones) -> list:
    filas = _con_opciones(caso.hechos.ajustes, opciones)
    for a in filas:
        a.es_de_la_ultima = a.aceptacion == caso.aceptacion
    return sorted(filas, key=lambda a: (-a.aceptacion, a.pk))


def _constancias(caso, usuario, opciones) -> list:
    filas = _con_opciones(caso.hechos.constancias, opciones)
    for c in filas:
        c.ve_texto = c.opinion is None or permisos.ve_fundamentos(caso, usuario, c.opinion)
    return filas


@require_safe
def archivo(request: HttpRequest, pk: int) -> HttpResponse:
    """A file, by its case's visibility and its act's grounds; always as an attachment (D§4.1)."""
    adjunto = get_object_or_404(
        Adjunto.objects.select_related("evento").filter(
            caso__in=Caso.objects.visibles_para(request.user)
        ),
        pk=pk,
    )
    caso = ficha.con_hechos(request.user, pk=adjunto.caso_id)
    if reserva.fundamento_reservado(adjunto.evento, caso, request.user):
        raise Http404
    try:
        contenido = adjunto.archivo.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    tipo = adjunto.tipo if adjunto.tipo in TIPOS_SERVIDOS else "application/octet-stream"
    respuesta = FileResponse(
        contenido, content_type=tipo, as_attachment=True, filename=adjunto.nombre
    )
    respuesta["X-Content-Type-Options"] = "nosniff"
    respuesta["Content-Security-Policy"] = "default-src 'none'; sandbox"
    respuesta["Cache-Control"] = "private, no-store"
    return respuesta
