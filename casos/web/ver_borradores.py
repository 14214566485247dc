"""Where a form sends what is being typed in it, and where it is thrown away. Nothing is read back here."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import TooManyFieldsSent
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils import timezone

from casos.actos import ACTOS
from casos.lecturas.seguimiento_de_hallazgos import uno
from casos.models import Caso, Cliente, PersonaContacto, SolicitudARCO, Usuario
from casos.permisos.cargos import actua, cargo_comercial
from casos.permisos.de_privacidad import lleva_privacidad
from casos.permisos.del_auditor import audita
from casos.personas import a_medias

from .borrador import en_segundo_plano, solo_post

# The forms that keep what is typed in them, by the name of their address; none that asks for a password.
DE_CASOS = frozenset({"paso", "paso_objeto", "llamada"})
DE_CLIENTES = frozenset(
    "nuevo cliente_nuevo cliente_editar contrato_nuevo contrato_pago contrato_terminar contrato_sigue "
    "persona_nueva persona_editar persona_aviso".split()
)
# Of who audits; a step of a finding, also of its owner.
DE_AUDITORIA = frozenset(
    "muestra_nueva muestra_nota muestra_hallazgo hallazgo_nuevo hallazgo_paso".split()
)
# Of who looks after personal data.
DE_PRIVACIDAD = frozenset(
    "solicitud_nueva solicitud_acto privacidad_bloquear privacidad_desbloquear privacidad_suprimir "
    "privacidad_usuario_aviso privacidad_usuario_suprimir".split()
)

# What a page says of its form, and nobody ever types.
RUTA = re.compile(r"/[a-zA-Z0-9/_-]{1,199}")
SEGUNDOS = re.compile(r"[0-9]{1,11}(\.[0-9]{1,6})?")


@en_segundo_plano
def guardar(request: HttpRequest) -> HttpResponse:
    """Keep what is typed; 404 of a form that is none, or of a case that is not seen."""
    ruta, abierto = _ruta(request), request.GET.get("abierto", "")
    if not SEGUNDOS.fullmatch(abierto):
        raise Http404
    try:
        datos = a_medias.lo_que_se_guarda(dict(request.POST.lists()))
    except (a_medias.Demasiado, TooManyFieldsSent):
        return HttpResponse(status=413)
    assert isinstance(request.user, Usuario)
    hay = a_medias.guardados(request.user.pk)
    cliente = _del_cliente(request.user, ruta, datos)
    guardado = a_medias.guardar(
        request.user.pk,
        ruta,
        datos,
        abierto=min(_instante(abierto), timezone.now()),
        vista=(request.POST.get("version") or request.GET.get("vista", "")).replace("\0", ""),
        cliente=cliente,
        hay=hay,
    )
    contexto = {"guardado": guardado.name, "ahora": timezone.localtime()}
    return render(request, "casos/_borrador.html", contexto)


@solo_post("/")
def descartar(request: HttpRequest) -> HttpResponse:
    """Throw it away, and open the form as it would be."""
    ruta = _ruta(request)
    if not _da_lo_escrito(ruta):
        raise Http404
    a_medias.cerrar(request.user.pk, ruta)
    messages.info(request, "Listo: descartamos el borrador.")
    return HttpResponseRedirect(ruta)


def _ruta(request: HttpRequest) -> str:
    ruta = request.GET.get("ruta", "")
    if not RUTA.fullmatch(ruta):
        raise Http404
    return ruta


def _instante(segundos: str) -> datetime:
    """At most some thousands of years from now, by ``SEGUNDOS``."""
    return datetime.fromtimestamp(float(segundos), UTC)


def _da_lo_escrito(ruta: str) -> bool:
    """Whether it is a page that gives back, of those that ask for a password too."""
    try:
        return getattr(resolve(ruta).func, "recupera_borrador", False)
    except Resolver404:
        return False


def _formulario(ruta: str) -> tuple[str, dict[str, Any]] | None:
    """Which form an address is, with what it names; none that keeps nothing."""
    try:
        hallada = resolve(ruta)
    except Resolver404:
        return None
    nombre = hallada.url_name or ""
    if nombre in DE_AUDITORIA | DE_PRIVACIDAD:
        return nombre, hallada.kwargs
    if nombre not in DE_CASOS | DE_CLIENTES:
        return None
    acto = ACTOS.get(hallada.kwargs.get("accion", "anotar"))
    return (nombre, hallada.kwargs) if acto and not acto.abre_caso else None


def _del_cliente(usuario: Usuario, ruta: str, datos: dict[str, list[str]]) -> int | None:
    """The client that it is about, where it is known. Raises ``Http404``. One statement at most."""
    hallada = _formulario(ruta)
    if hallada is None:
        raise Http404
    nombre, partes = hallada
    if nombre in DE_AUDITORIA:
        return _de_auditoria(usuario, partes)
    if nombre in DE_PRIVACIDAD:
        return _de_privacidad(usuario, nombre, partes)
    if nombre in DE_CASOS:
        visibles = Caso.objects.visibles_para(usuario).filter(folio=partes["folio"])
        cliente = visibles.values_list("cliente", flat=True).first()
        if cliente is None or not actua(usuario):
            raise Http404
        return cliente
    if not (cargo_comercial(usuario) or usuario.is_superuser):
        raise Http404
    elegido = (datos.get("cliente") or [""])[0]
    pk = partes.get("pk") or (
        int(elegido) if elegido.isascii() and elegido.isdigit() and len(elegido) < 10 else 0
    )
    if not pk:
        return None
    hay = Cliente.objects.filter(pk=pk).exists()
    if not hay and "pk" in partes:
        raise Http404
    return pk if hay else None


def _de_auditoria(usuario: Usuario, partes: dict[str, Any]) -> int | None:
    """Of a case of a sample, or of a finding's; a new one is of no client yet. Raises ``Http404``."""
    if "pk" in partes:
        hallazgo = uno(usuario, partes["pk"])
        if hallazgo is None:
            raise Http404
        return hallazgo.caso.cliente_id if hallazgo.caso else None
    if not audita(usuario):
        raise Http404
    if "folio" not in partes:
        return None
    visibles = Caso.objects.visibles_para(usuario).filter(folio=partes["folio"])
    cliente = visibles.values_list("cliente", flat=True).first()
    if cliente is None:
        raise Http404
    return cliente


def _de_privacidad(usuario: Usuario, nombre: str, partes: dict[str, Any]) -> int | None:
    """Of whom it is about; a request may be about nobody that is here. Raises ``Http404``."""
    if not lleva_privacidad(usuario):
        raise Http404
    if "pk" not in partes:
        return None
    if nombre == "solicitud_acto":
        solicitud = SolicitudARCO.objects.select_related("persona").filter(pk=partes["pk"]).first()
        if solicitud is None:
            raise Http404
        return solicitud.persona.cliente_id if solicitud.persona else None
    if nombre.startswith("privacidad_usuario"):  # one of ours: of no client
        if not Usuario.objects.filter(pk=partes["pk"]).exists():
            raise Http404
        return None
    cliente = PersonaContacto.objects.filter(pk=partes["pk"]).values_list("cliente", flat=True)
    if not cliente:
        raise Http404
    return cliente[0]
