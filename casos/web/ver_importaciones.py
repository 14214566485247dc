"""Clients, contracts and open cases by a workbook: handed in, previewed, confirmed. The worker does it."""

import re

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from casos.archivos.disco import SinLugar
from casos.catalogos import EstadoImportacion, Hecho, Que, TipoImportacion
from casos.formularios.importar import ColumnasDeCasosForm, ColumnasForm, ImportarForm
from casos.importacion import libros, pedidos
from casos.importacion.previa import IMPORTADORES
from casos.importacion.renglones import BORRAR
from casos.lecturas import importaciones as lecturas
from casos.pasos.traer import NO_LE_TOCA
from casos.permisos import lectura
from casos.seguridad.anotar import anotar
from casos.web.borrador import solo_post
from casos.web.formatos import plural

E = EstadoImportacion
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_CURSOR = re.compile(r"([0-4])\.(\d{1,15})")
NO_ES_SUYO = "Esto lo hace la gerencia comercial."
YA_NO = "Esta importación ya no espera eso: mira cómo va."


def _exigir(request) -> tuple[TipoImportacion, ...]:
    """What this person brings in by a workbook."""
    if not (suyos := lectura.lo_que_importa(request.user)):
        raise PermissionDenied(NO_ES_SUYO)
    return suyos


def _suya(request, pk):
    suyos = _exigir(request)
    importacion = lecturas.de_su_autor(request.user, pk)
    if importacion is None or importacion.tipo not in suyos:
        raise Http404
    return importacion


def _tipo(request, tipo: str) -> TipoImportacion:
    """One of those that this person brings in."""
    suyos = _exigir(request)
    if tipo not in TipoImportacion.values:
        raise Http404
    if tipo not in suyos:
        raise PermissionDenied(NO_LE_TOCA if tipo == TipoImportacion.CASOS else NO_ES_SUYO)
    return TipoImportacion(tipo)


@require_http_methods(["GET", "HEAD", "POST"])
def importar(request):
    suyos = _exigir(request)
    if request.method == "POST":
        form = ImportarForm(request.POST, request.FILES, tipos=suyos)
        if form.is_valid():
            archivo = form.cleaned_data["archivo"]
            try:
                hecha = pedidos.recibir(
                    request.user, form.cleaned_data["tipo"], archivo, archivo.nombre
                )
            except SinLugar as error:
                form.add_error("archivo", str(error))
            else:
                return redirect("importacion", pk=hecha.pk)
        return _de_importar(request, form, suyos, status=422)
    tipo = request.GET.get("tipo")
    inicial = tipo if tipo in suyos else suyos[0]
    form = ImportarForm(initial={"tipo": inicial}, tipos=suyos)
    return _de_importar(request, form, suyos)


def _de_importar(request, form, suyos, status=200):
    _en_su_seccion(request, form["tipo"].value())
    contexto = {
        "form": form,
        "columnas": _columnas(suyos),
        "borrar": BORRAR,
        "cartera": TipoImportacion.CLIENTES in suyos,
        "casos": TipoImportacion.CASOS in suyos,
        "volver": "casos" if form["tipo"].value() == TipoImportacion.CASOS else "clientes",
    }
    return render(request, "casos/importar.html", contexto, status=status)


def _columnas(suyos) -> list[dict[str, object]]:
    """Of each kind, its words and what is read; what is not taken out here is taken out of its list."""
    return [
        {
            "tipo": t.value,
            "nombre": t.label,
            "cuales": ", ".join(IMPORTADORES[t].columnas()),
            "exporta": t is not TipoImportacion.CASOS,
        }
        for t in suyos
    ]


@require_safe
def importacion(request, pk):
    suya = _suya(request, pk)
    return _pagina(request, suya, _de_columnas(suya))


def _en_su_seccion(request, tipo) -> None:
    """Cases are brought in from *Casos*, whatever the address says."""
    if tipo == TipoImportacion.CASOS:
        request.seccion = reverse("casos")


def _pagina(request, suya, columnas_form, status=200):
    _en_su_seccion(request, suya.tipo)
    que = request.GET.get("que", "")
    clase = Que(int(que)) if re.fullmatch("[0-4]", que) else None
    cursor = _CURSOR.fullmatch(request.GET.get("despues", ""))
    filas, sigue, fichas = [], None, []
    if suya.estado in (E.LISTA, E.TERMINADA, E.CANCELADA) and not suya.olvidada:
        filas, sigue = lecturas.pagina(suya, clase, cursor and (int(cursor[1]), int(cursor[2])))
        fichas = lecturas.por_clase(suya)
    por_guardar = sum(f.cuantos for f in fichas if f.que in (Que.CAMBIA, Que.NUEVO))
    contexto = {
        "importacion": suya,
        "en_marcha": suya.esta_en_marcha,
        "nadie": lecturas.nadie_la_toma(suya),
        "lista": suya.estado == E.LISTA,
        "guardando": suya.estado == E.GUARDANDO,
        "dicho": _dicho(suya, por_guardar),
        "filas": [lecturas.en_palabras(f, suya.tipo) for f in filas],
        "de_casos": suya.tipo == TipoImportacion.CASOS,
        "siguiente_url": _consulta(que=que, despues=f"{sigue[0]}.{sigue[1]}") if sigue else "",
        "fichas": [
            {
                "texto": f.nombre,
                "cuantos": f"{f.cuantos:,}",
                "aqui": f.que == clase,
                "url": _consulta(que=int(f.que)),
            }
            for f in fichas
        ],
        "clase": clase,
        "hay_rechazados": any(f.que in (Que.RECHAZADO, Que.DEJADO) for f in fichas),
        "por_guardar": por_guardar,
        "desconocidas": [c for c in suya.leido["columnas"] if not c["columna"]],
        "leidas": [c for c in suya.leido["columnas"] if c["columna"]],
        "columnas_form": columnas_form,
        "form": _de_otro(suya) if suya.estado == E.FALLIDA else None,
    }
    return render(request, "casos/importacion.html", contexto, status=status)


def _consulta(**partes) -> str:
    return "?" + urlencode({k: v for k, v in partes.items() if v != ""})


def _dicho(suya, por_guardar: int) -> str:
    """Where it stands, in a sentence."""
    if suya.estado == E.LISTA:
        return f"Todavía no se guarda nada: {plural(por_guardar, 'renglón se guardaría,renglones se guardarían')}."
    if suya.estado == E.GUARDANDO:
        return f"Guardando: van {suya.avance:,} de {suya.total:,} renglones."
    if suya.estado in (E.TERMINADA, E.CANCELADA):
        guardados = (
            suya.renglones.filter(guardado=True).count() if not suya.olvidada else suya.avance
        )
        como = "Terminó" if suya.estado == E.TERMINADA else "Se canceló"
        que = plural(guardados, "renglón quedó guardado,renglones quedaron guardados")
        return suya.mensaje or f"{como}: {que}."
    if suya.estado == E.FALLIDA:
        return "No se pudo leer el archivo."
    if suya.total and suya.avance:
        return f"Leyendo: van {suya.avance:,} de {suya.total:,} renglones."
    return "Leyendo el archivo."


def _de_otro(suya) -> ImportarForm:
    """The form again, with what was wrong with the file beside its field."""
    form = ImportarForm({"tipo": suya.tipo}, tipos=lectura.lo_que_importa(suya.autor))
    form.errors.clear()
    form.add_error("archivo", suya.mensaje)
    return form


def _de_columnas(suya, data=None) -> ColumnasForm | None:
    """As what each heading is read, well or badly recognised; ``None`` where there is none."""
    columnas = suya.leido["columnas"]
    if suya.estado != E.LISTA or not columnas:
        return None
    propias = IMPORTADORES[suya.tipo].columnas()
    if suya.tipo == TipoImportacion.CASOS:
        return ColumnasDeCasosForm(data, columnas=columnas, propias=propias, dichas=suya.opciones)
    return ColumnasForm(data, columnas=columnas, propias=propias)


@solo_post(vuelve_a="../")
def columnas(request, pk):
    suya = _suya(request, pk)
    form = _de_columnas(suya, request.POST)
    if form is None:
        messages.warning(request, YA_NO)
    elif not form.is_valid():
        return _pagina(request, suya, form, status=422)
    else:
        pedidos.leer_con(suya, form.mapa(), form.opciones())
    return redirect("importacion", pk=pk)


@solo_post(vuelve_a="../")
def guardar(request, pk):
    if not pedidos.confirmar(_suya(request, pk)):
        messages.warning(request, YA_NO)
    return redirect("importacion", pk=pk)


@solo_post(vuelve_a="../")
def cancelar(request, pk):
    if not pedidos.cancelar(_suya(request, pk)):
        messages.warning(request, YA_NO)
    return redirect("importacion", pk=pk)


@require_safe
def rechazados(request, pk):
    suya = _suya(request, pk)
    if "titulos" not in suya.leido or suya.olvidada or suya.esta_en_marcha:
        raise Http404
    anotar(Hecho.EXPORTACION, que=f"rechazados de {suya.tipo}", libro=suya.pk)
    return _libro(libros.rechazados(suya), f"rechazados-{suya.pk}")


@require_safe
def plantilla(request, tipo):
    return _libro(libros.plantilla(_tipo(request, tipo)), f"plantilla-{tipo}")


@require_safe
def exportar(request, tipo):
    if (suyo := _tipo(request, tipo)) is TipoImportacion.CASOS:
        raise Http404  # the list of cases has its own workbook
    contenido, cuantos = libros.exportar(suyo)
    anotar(Hecho.EXPORTACION, que=tipo, filas=cuantos)
    return _libro(contenido, tipo)


def _libro(contenido: bytes, nombre: str) -> HttpResponse:
    respuesta = HttpResponse(contenido, content_type=XLSX)
    respuesta["Content-Disposition"] = f'attachment; filename="{nombre}.xlsx"'
    return respuesta
