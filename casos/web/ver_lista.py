"""The list of cases, its columns, its saved views and its workbook.

Scoped by the one visibility query; the filter form says what is asked. No rules, and no case is changed here.
"""

import tempfile

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from casos.catalogos import Hecho
from casos.lecturas.a_quien_llamar import puede_llamar
from casos.lecturas.clientela import que_coinciden
from casos.lecturas.coincidencias import de_casos
from casos.lecturas.columnas_de_la_lista import (
    COLUMNAS,
    MAXIMO,
    columnas_de,
    lo_que_piden,
    por_guardar,
)
from casos.lecturas.exportacion import LOTE, con_lo_suyo, escribir_libro
from casos.lecturas.filtro import FiltroCasos
from casos.lecturas.filtros_ofrecidos import VISTAS_MAXIMO, Ofrecidos, puede_compartir
from casos.lecturas.paginas import TOPE, contar, leer_cursor, ordenar, paginar
from casos.models import Caso, Para, Usuario, VistaGuardada
from casos.permisos.cargos import cargo_de_gerencia, trae_casos
from casos.permisos.lectura import cliente_para
from casos.seguridad.anotar import anotar
from casos.web.borrador import solo_post
from casos.web.formatos import plural
from casos.web.tanda import Tanda

ABRE_FILTROS = "filtros"  # in the query: with the form of the filters
ENLACE_VIEJO = "Ese enlace de página ya no sirve: aquí está la lista desde el principio."


def _url(consulta: str, vista: str = "casos") -> str:
    return reverse(vista) + (f"?{consulta}" if consulta else "")


@require_safe
def lista(request: HttpRequest) -> HttpResponse:
    """All that the person may see, narrowed by the filters of the query."""
    return ver_lista(request, request.GET)


def ver_lista(
    request: HttpRequest, pedido: QueryDict, tanda: Tanda | None = None, status=200
) -> HttpResponse:
    """``tanda``: what is done with several rows, with what was typed, ticked and refused."""
    usuario = request.user
    tanda = tanda or Tanda(usuario)
    opciones = Ofrecidos(usuario)
    filtro = FiltroCasos(pedido, usuario=usuario, opciones=opciones)
    ignorados = filtro.ignorados
    atras = "antes" in pedido
    codigo = pedido.get("antes" if atras else "despues", "")
    cursor = leer_cursor(codigo, filtro.orden_pedido) if codigo else None
    if codigo and cursor is None:
        ignorados = [*ignorados, ENLACE_VIEJO]
    columnas = columnas_de(usuario)
    casos = filtro.filtrar(Caso.objects.visibles_para(usuario)).en_filas(**lo_que_piden(columnas))
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
    marcables = tanda.marcables(pagina.filas)
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
        "tanda": tanda,
        "busqueda": q,
        "halladas": halladas,
        "clientes": clientes,
        "mas_clientes_url": f"{reverse('clientes')}?{urlencode({'q': q})}" if mas_clientes else "",
        "exportar_url": _url(consulta, "casos_exportar"),
        "trae_casos": trae_casos(request.user),
        "vistas": vistas,
        "en_vista_fija": any(v["aqui"] and not v["fila"] for v in vistas),
        "para": Para.choices if puede_compartir(usuario) else (),
        "columnas": columnas,
        "todas_las_columnas": COLUMNAS,
        "se_puede_guardar": bool(filtro.puestos) and len(opciones.vistas) < VISTAS_MAXIMO,
        "orden": _ordenes(filtro),
        "marcables": marcables,
        "llamables": {c.pk for c in pagina.filas if puede_llamar(c, usuario)},
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
    """Views that everybody has, then the person's own, then those that others share."""
    fijas = [("Abiertos", "estado=ABIERTOS&orden=vence"), ("Vencidos", "vencidos=on&orden=vence")]
    if cargo_de_gerencia(usuario):
        fijas.append(("Por asignar", "estado=ABIERTOS&responsable=0&orden=vence"))
    elif usuario.es_comercial:
        fijas.append(("Míos", "estado=ABIERTOS&mios=on&orden=vence"))
    vistas = [
        {"nombre": n, "url": _url(c), "aqui": c == consulta, "fila": None, "de": ""}
        for n, c in fijas
    ]
    guardadas = [(v, "") for v in opciones.vistas]
    guardadas += [(v, str(v.usuario)) for v in opciones.compartidas]
    vistas += [
        {
            "nombre": v.nombre,
            "url": _url(v.consulta),
            "aqui": v.consulta == consulta,
            "fila": v,
            "de": de,  # who shares it, where it is another's
        }
        for v, de in guardadas
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


class CompartirForm(forms.Form):
    para = forms.ChoiceField(
        choices=Para.choices,
        required=False,
        error_messages={"invalid_choice": "Elige con quién, de la lista."},
    )


class ColumnasForm(forms.Form):
    """None chosen: the ordinary ones again."""

    columna = forms.MultipleChoiceField(
        choices=[(clave, c.titulo) for clave, c in COLUMNAS.items()],
        required=False,
        error_messages={"invalid_choice": "Elige columnas de la lista."},
    )

    def clean_columna(self):
        elegidas = self.cleaned_data["columna"]
        if len(elegidas) > MAXIMO:
            raise forms.ValidationError(f"Elige hasta {MAXIMO} columnas: más no caben.")
        return elegidas


@solo_post(vuelve_a="../")
def guardar_vista(request: HttpRequest) -> HttpResponse:
    """Keep the filters in use under a name."""
    form = VistaForm(request.POST)
    if not form.is_valid():
        messages.error(request, next(iter(form.errors.values()))[0])
        return HttpResponseRedirect(_url(limpia(request.POST.get("consulta", ""))))
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


@solo_post(vuelve_a="../../../")
def compartir_vista(request: HttpRequest, pk: int) -> HttpResponse:
    """With a role or with everybody, or with nobody any longer; only the owner's own."""
    vista = get_object_or_404(VistaGuardada, pk=pk, usuario=request.user)
    if not puede_compartir(request.user):
        raise PermissionDenied
    form = CompartirForm(request.POST)
    if form.is_valid():
        vista.para = Para(form.cleaned_data["para"])
        # Deleted meanwhile in another window, there is nothing to share.
        VistaGuardada.objects.filter(pk=vista.pk).update(para=vista.para)
        con = f"la comparten: {vista.para.label}" if vista.para else "ya nadie más la ve"
        messages.success(request, f"Listo: la vista «{vista.nombre}», {con}.")
    else:
        messages.error(request, next(iter(form.errors.values()))[0])
    return HttpResponseRedirect(_url(vista.consulta))


@solo_post(vuelve_a="../")
def guardar_columnas(request: HttpRequest) -> HttpResponse:
    """The columns of this person's list, on whatever device; the workbook is always complete."""
    form = ColumnasForm(request.POST)
    if form.is_valid():
        Usuario.objects.filter(pk=request.user.pk).update(
            columnas=por_guardar(form.cleaned_data["columna"])
        )
        messages.success(request, "Listo: así verás tu lista de casos.")
    else:
        messages.error(request, next(iter(form.errors.values()))[0])
    return HttpResponseRedirect(_url(limpia(request.POST.get("aqui", ""))))


def limpia(consulta: str) -> str:
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
