"""The admin site: who enters, and its words."""

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from casos.lecturas.falta_configurar import lo_que_falta
from casos.lecturas.pendientes import respuestas_a
from casos.models import Ajuste, Opinion
from casos.permisos.lectura import puede_administrar
from casos.templatetags.seguimiento import VACIA
from casos.textos import igual
from casos.web.volver import desde_el_panel

# What may be opened: the people first, then what they choose from, its data, its traces.
SECCIONES = {
    "Personas y áreas": ("Usuario", "Membresia", "Area", "Suplencia"),
    "Catálogos": ("Motivo", "TipoRequerimiento", "Concepto", "Plazo", "DiaInhabil", "Sede", "Configuracion",
                  "Empresa", "RevisionInstruccion", "ClausulaISO", "AvisoPrivacidad", "PlazoDeConservacion"),
    "Datos": ("Cliente", "PersonaContacto", "Contrato"),
    "Registros": ("Caso", "Opinion", "Ajuste", "Comprobacion", "Satisfaccion", "Aviso", "Evento"),
}  # fmt: skip


class Panel(admin.AdminSite):
    """Django's own admin, in Spanish, for managers; only the product's models appear."""

    site_header = "Seguimiento de venta"
    site_title = "Administración"
    index_title = "Administración"
    site_url = "/"
    empty_value_display = VACIA

    def has_permission(self, request):
        usuario = request.user
        return usuario.is_authenticated and puede_administrar(usuario)

    def login(self, request, extra_context=None):
        """One door for everybody: who has entered and may not come in is told so."""
        destino = request.GET.get("next", "")
        # Of words ``redirect`` would make the name of a page.
        es_de_aqui = url_has_allowed_host_and_scheme(destino, allowed_hosts=None)
        if not es_de_aqui or not destino.startswith("/"):
            destino = reverse("admin:index")
        if not request.user.is_authenticated:
            return redirect_to_login(destino, reverse("account_login"))
        if not self.has_permission(request):
            raise PermissionDenied("El panel es de Calidad y de quienes encabezan un área.")
        return HttpResponseRedirect(destino)

    def password_change(self, request, extra_context=None):
        """The account's own page, which counts the wrong tries."""
        return redirect("account_change_password")

    def get_urls(self):
        """Without what answers for any row of any table, nor what only Django's scripts ask for."""
        fuera = ("view_on_site", "jsi18n", "autocomplete")
        return [u for u in super().get_urls() if getattr(u, "name", "") not in fuera]

    def get_app_list(self, request, app_label=None):
        """By section, each as a Spanish dictionary has it: «Áreas» is not after the z."""
        suyos = {
            m["object_name"]: m
            for a in super().get_app_list(request, app_label)
            for m in a["models"]
        }
        secciones = []
        for nombre, modelos in SECCIONES.items():
            estos = sorted(
                (suyos.pop(m) for m in modelos if m in suyos), key=lambda m: igual(m["name"])
            )
            if estos:
                secciones.append(
                    {"name": nombre, "app_label": "casos", "app_url": "", "models": estos}
                )
        assert not suyos, f"sin sección en el panel: {', '.join(suyos)}"
        return secciones

    def index(self, request, extra_context=None):
        return super().index(
            request,
            {
                "title": titulo_para(request.user),
                **(extra_context or {}),
                "pendientes": pendientes(request.user),
                "falta_configurar": request.user.is_superuser and lo_que_falta(),
            },
        )


def titulo_para(usuario) -> str:
    if es_de_gerencia(usuario):
        return "Configuración"
    return "Lo de tu área" if usuario.areas_a_cargo_ids else "Lo de Calidad"


def es_de_gerencia(usuario) -> bool:
    return usuario.is_superuser or usuario.es_gerente


def pendientes(usuario) -> list[dict]:
    """What the manager's own areas owe now: opinions and adjustments, the overdue first."""
    areas = usuario.areas_a_cargo_ids
    if not areas:
        return []
    filas = []
    for modelo in (Opinion, Ajuste):
        suyas = modelo.objects.por_responder(usuario).filter(area__in=areas)
        filas += suyas.select_related("caso__cliente", "area").order_by("vence")[:20]
    return [_pendiente(f) for f in sorted(filas, key=lambda f: f.vence)]


def _pendiente(fila: Opinion | Ajuste) -> dict:
    [acto, *_] = respuestas_a(fila)
    return {
        "fila": fila,
        "que": acto.en_infinitivo(),
        "url": desde_el_panel(acto, fila),
        "encargo": fila.pregunta if isinstance(fila, Opinion) else fila.que,
    }
