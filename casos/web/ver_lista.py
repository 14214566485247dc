"""The list of cases, its saved views, its workbook and the assignment of many at once.

Scoped by the one visibility query; the filter form says what is asked. No rules, no ``save()`` of
a case: assigning goes through the door, case by case.
"""

import tempfile

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.validators import RegexValidator
from django.db import IntegrityError, transaction
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from casos.actos import ASIGNAR
from casos.catalogos import Hecho
from casos.lecturas.clientela import que_coinciden
from casos.lecturas.coincidencias import de_casos
from casos.lecturas.exportacion import LOTE, con_lo_suyo, escribir_libro
from casos.lecturas.filtro import FiltroCasos
from casos.lecturas.filtros_ofrecidos import VISTAS_MAXIMO, Ofrecidos
from casos.lecturas.paginas import TAMANO, TOPE, contar, leer_cursor, ordenar, paginar
from casos.models import Caso, Usuario, VistaGuardada
from casos.pasos.puerta import ejecutar
from casos.pasos.situacion import Rechazo
from casos.permisos.cargos import cargo_de_gerencia, trae_casos
from casos.permisos.lectura import cliente_para
from casos.seguridad.anotar import anotar
from casos.web.borrador import solo_post
from casos.web.formatos import plural, punto

ABRE_FILTROS = "filtros"  # in the query: with the form of the filters
ENLACE_VIEJO = "Ese enlace de página ya no sirve: aquí está la lista desde el principio."


def _url(consulta: str, vista: str = "casos") -> str:
    return reverse(vista) + (f"?{consulta}" if consulta else "")


@require_safe
def lista(request: HttpRequest) -> HttpResponse:
    """All that the person may see, narrowed by the filters of the query."""
    return _lista(request, request.GET)


def _lista(
    request: HttpRequest, pedido: QueryDict, *, elegidos=(), error="", status=200
) -> HttpResponse:
    """``elegidos``: folios that were ticked; ``error``: why they were not assigned."""
    usuario = request.user
    opciones = Ofrecidos(usuario)
    filtro = FiltroCasos(pedido, usuario=usuario, opciones=opciones)
    ignorados = filtro.ignorados
    atras = "antes" in pedido
    codigo = pedido.get("antes" if atras else "despues", "")
    cursor = leer_cursor(codigo, filtro.orden_pedido) if codigo else None
    if codigo and cursor is None:
        ignorados = [*ignorados, ENLACE_VIEJO]
    casos = filtro.filtrar(Caso.objects.visibles_para(usuario)).en_filas()
    pagina = paginar(casos, filtro.orden_pedido, cursor, atras=atras)
    q = filtro.cleaned_data.get("q", "")
    halladas = de_casos(pagina.filas, q, usuario) if q else {}
    clientes, mas_clientes = que_coinciden(usuario, q) if q and not cursor else ([], False)
    for caso in pagina.filas:
        cliente_para(caso.cliente, usuario)
    if pagina.filas:
        filtro.nombre_cliente = str(pagina.filas[0].cliente)
    consulta = filtro.consulta()
    vistas = _vistas(filtro, usuario, opciones, consulta)
    marcar = any(c.es_abierto for c in pagina.filas) and bool(cargo_de_gerencia(usuario))
    contexto = {
        "filtro": filtro,
        "ignorados": ignorados,
        "casos": pagina.filas,
        "anterior_url": _pagina(consulta, "antes", pagina.anterior),
        "siguiente_url": _pagina(consulta, "despues", pagina.siguiente),
        "fichas": [{"texto": c.texto, "url": _url(c.consulta)} for c in filtro.chips()],
        "limpiar_url": _url(filtro.consulta(**dict.fromkeys(set(filtro.puestos) - {"orden"}))),
        "consulta": consulta,
        "aqui": pedido.urlencode()[:1500],
        "dicho": _cuantos(len(pagina.filas), contar(casos)),
        "elegidos": elegidos,
        "error": error,
        "busqueda": q,
        "halladas": halladas,
        "clientes": clientes,
        "mas_clientes_url": f"{reverse('clientes')}?{urlencode({'q': q})}" if mas_clientes else "",
        "exportar_url": _url(consulta, "casos_exportar"),
        "trae_casos": trae_casos(request.user),
        "vistas": vistas,
        "en_vista_fija": any(v["aqui"] and "pk" not in v for v in vistas),
        "se_puede_guardar": bool(filtro.puestos) and len(opciones.vistas) < VISTAS_MAXIMO,
        "orden": _ordenes(filtro),
        "marcar": marcar,
        "asignables": opciones.activos if marcar else (),
        "abre_filtros": bool(filtro.errors) or ABRE_FILTROS in pedido,
        "filtros_url": _url("&".join(p for p in (consulta, f"{ABRE_FILTROS}=1") if p)),
    }
    respuesta = render(request, "casos/lista.html", contexto, status=status)
    if request.htmx and not cursor and request.htmx.target != "filtros":
        # The address bar keeps what is asked, without the form's empty fields.
        respuesta["HX-Push-Url"] = _url(consulta)
    return respuesta


def _cuantos(aqui: int, hay: int) -> str:
    """«25 de más de 200 casos»: what this page shows of all that there is."""
    if hay > TOPE:
        return f"{aqui} de más de {TOPE} casos"
    return plural(hay, "caso,casos") if aqui == hay else f"{aqui} de {plural(hay, 'caso,casos')}"


def _pagina(consulta: str, hacia: str, codigo: str) -> str:
    if not codigo:
        return ""
    return _url("&".join(p for p in (consulta, f"{hacia}={codigo}") if p))


def _ordenes(filtro) -> dict:
    """Links of the headers that sort, each with its direction now ("" where it does not rule)."""
    orden = filtro.orden_pedido

    def enlace(nuevo):
        return _url(filtro.consulta(orden=nuevo))

    return {
        "folio_url": enlace("antiguos" if orden == "" else ""),
        "folio": {"": "descending", "antiguos": "ascending"}.get(orden, ""),
        "vence_url": enlace("-vence" if orden == "vence" else "vence"),
        "vence": {"vence": "ascending", "-vence": "descending"}.get(orden, ""),
    }


def _vistas(filtro, usuario, opciones, consulta) -> list[dict]:
    """Views that everybody has, then the person's own."""
    fijas = [("Abiertos", "estado=ABIERTOS&orden=vence"), ("Vencidos", "vencidos=on&orden=vence")]
    if cargo_de_gerencia(usuario):
        fijas.append(("Por asignar", "estado=ABIERTOS&responsable=0&orden=vence"))
    elif usuario.es_comercial:
        fijas.append(("Míos", "estado=ABIERTOS&mios=on&orden=vence"))
    vistas = [{"nombre": n, "url": _url(c), "aqui": c == consulta} for n, c in fijas]
    vistas += [
        {"nombre": n, "url": _url(c), "aqui": c == consulta, "pk": pk}
        for pk, n, c in opciones.vistas
    ]
    return vistas


# -- saved views -----------------------------------------------------------------------------------


class VistaForm(forms.Form):
    nombre = forms.CharField(
        label="Nombre de la vista",
        max_length=60,
        error_messages={
            "required": "Escribe un nombre para la vista.",
            "max_length": "Usa un nombre de 60 letras o menos.",
        },
    )
    consulta = forms.CharField(max_length=3000, required=False)


@solo_post(vuelve_a="../")
def guardar_vista(request: HttpRequest) -> HttpResponse:
    """Keep the filters in use under a name."""
    form = VistaForm(request.POST)
    if not form.is_valid():
        messages.error(request, next(iter(form.errors.values()))[0])
        return HttpResponseRedirect(_url(_limpia(request.POST.get("consulta", ""))))
    usuario = request.user
    opciones = Ofrecidos(usuario)
    datos = QueryDict(form.cleaned_data["consulta"])
    consulta = FiltroCasos(datos, usuario=usuario, opciones=opciones).consulta()
    nombre = form.cleaned_data["nombre"]
    if not consulta or len(consulta) > 1000:
        messages.error(request, "No hay filtros que guardar: elige alguno primero.")
    elif len(opciones.vistas) >= VISTAS_MAXIMO:
        messages.error(request, "Ya tienes muchas vistas: borra alguna primero.")
    else:
        try:
            with transaction.atomic():
                VistaGuardada.objects.create(usuario=usuario, nombre=nombre, consulta=consulta)
            messages.success(request, f"Listo: guardaste la vista «{nombre}».")
        except IntegrityError:
            messages.error(request, "Ya tienes una vista con ese nombre.")
    return HttpResponseRedirect(_url(consulta))


@solo_post(vuelve_a="../../../")
def borrar_vista(request: HttpRequest, pk: int) -> HttpResponse:
    """Only the person's own."""
    vista = get_object_or_404(VistaGuardada, pk=pk, usuario=request.user)
    vista.delete()
    messages.success(request, f"Listo: borraste la vista «{vista.nombre}».")
    return HttpResponseRedirect(reverse("casos"))


def _limpia(consulta: str) -> str:
    """A query string that came in a form, safe to send back to the list's own address."""
    return QueryDict(consulta[:1500]).urlencode()


# -- workbook --------------------------------------------------------------------------------------


@require_safe
def exportar(request: HttpRequest) -> HttpResponse:
    """XLSX of exactly what is filtered, every row, in the order of the list."""
    usuario = request.user
    opciones = Ofrecidos(usuario)
    filtro = FiltroCasos(request.GET, usuario=usuario, opciones=opciones)
    casos = con_lo_suyo(filtro.filtrar(Caso.objects.visibles_para(usuario)))
    archivo = tempfile.TemporaryFile()
    filas = (
        caso
        for tramo in ordenar(casos, filtro.orden_pedido)
        for caso in tramo.iterator(chunk_size=LOTE)
    )
    cuantos = escribir_libro(filas, usuario, archivo)
    anotar(Hecho.EXPORTACION, que="casos", filas=cuantos, aparte={"filtro": filtro.consulta()})
    archivo.seek(0)
    return FileResponse(
        archivo,
        as_attachment=True,
        filename=f"casos-{timezone.localdate():%Y-%m-%d}.xlsx",
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )


# -- many at once ----------------------------------------------------------------------------------


class CasosElegidos(forms.Field):
    """Values ``folio:version seen``, at most a page of them."""

    widget = forms.MultipleHiddenInput
    forma = RegexValidator(r"^SV-[0-9]{4}-[0-9]{6}:[0-9]{1,10}\Z")

    def to_python(self, value):
        elegidos = {}
        for texto in (value or [])[: TAMANO + 1]:
            self.forma(texto)
            folio, _, vista = texto.partition(":")
            elegidos[folio] = int(vista)
        if len(elegidos) > TAMANO:
            raise forms.ValidationError("Elige los casos de una sola página.")
        return elegidos


class AsignacionForm(forms.Form):
    responsable = forms.ModelChoiceField(
        queryset=Usuario.objects.none(),
        error_messages={
            "required": "Elige a quién se los asignas.",
            "invalid_choice": "Elige a una persona activa de la lista.",
        },
    )
    caso = CasosElegidos(
        error_messages={
            "required": "Elige al menos un caso.",
            "invalid": "Elige casos de la lista.",
        }
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["responsable"].queryset = Usuario.objects.comerciales()
        self.fields["caso"].forma.message = "Elige casos de la lista."


@solo_post(vuelve_a="../")
def asignar(request: HttpRequest) -> HttpResponse:
    """§6: GER or DG give several cases to one person; each refusal is said by its folio."""
    usuario = request.user
    cargo = cargo_de_gerencia(usuario)
    if cargo is None:
        raise PermissionDenied
    volver = HttpResponseRedirect(_url(_limpia(request.POST.get("aqui", ""))))
    form = AsignacionForm(request.POST)
    if not form.is_valid():
        # Here and not back by a link: what was ticked stays so.
        return _lista(
            request,
            QueryDict(_limpia(request.POST.get("aqui", ""))),
            elegidos={c.partition(":")[0] for c in request.POST.getlist("caso")[:TAMANO]},
            error=" ".join(errores[0] for errores in form.errors.values()),
            status=422,
        )
    responsable, vistos = form.cleaned_data["responsable"], form.cleaned_data["caso"]
    casos = Caso.objects.visibles_para(usuario).filter(folio__in=vistos).order_by("pk")
    datos = {
        "responsable": responsable.pk,
        "ordeno": cargo.usuario_id,
        "ordeno_verbal": "",
        "ordeno_en": timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
    }
    hechos, rechazos = 0, []
    for caso in casos:
        try:
            ejecutar(ASIGNAR, usuario, caso=caso, datos=datos | {"version": vistos[caso.folio]})
            hechos += 1
        except Rechazo as rechazo:
            rechazos.append((caso.folio, str(rechazo)))
    _informar(request, responsable, hechos, rechazos)
    return volver


def _informar(request, responsable, hechos, rechazos) -> None:
    if hechos:
        cuantos = "1 caso quedó asignado" if hechos == 1 else f"{hechos} casos quedaron asignados"
        messages.success(request, f"Listo: {cuantos} a {punto(responsable)}")
    if rechazos:
        messages.warning(
            request,
            format_html(
                "<p>Estos casos no se asignaron:</p><ul>{}</ul>",
                format_html_join("", "<li>{}: {}</li>", rechazos),
            ),
        )
    if not hechos and not rechazos:
        messages.error(request, "Esos casos ya no están en tu lista.")
