"""The admin site: who enters and its words. Outside ``casos.panel``, which registers on it.

(Django builds the default site while that package is still being imported.)
"""

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from casos import permisos
from casos.catalogos import EstadoAjuste, EstadoOpinion
from casos.lecturas.configuracion import lo_que_falta


class Panel(admin.AdminSite):
    """Django's own admin, in Spanish, for managers; only the product's models appear."""

    site_header = "Seguimiento de venta"
    site_title = "Administración"
    index_title = "Administración"
    site_url = "/"
    enable_nav_sidebar = False

    def has_permission(self, request):
        usuario = request.user
        return usuario.is_authenticated and permisos.puede_administrar(usuario)

    def login(self, request, extra_context=None):
        """One door for everybody: who has entered and may not come in is told so."""
        destino = request.GET.get("next", "")
        if not url_has_allowed_host_and_scheme(destino, allowed_hosts=None):
            destino = reverse("admin:index")
        if not request.user.is_authenticated:
            return redirect_to_login(destino, reverse("account_login"))
        if not self.has_permission(request):
            raise PermissionDenied("El panel es de quienes encabezan un área.")
        return redirect(destino)

    def password_change(self, request, extra_context=None):
        """The account's own page, which counts the wrong tries."""
        return redirect("account_change_password")

    def index(self, request, extra_context=None):
        return super().index(
            request,
            {
                "title": "Configuración" if es_de_gerencia(request.user) else "Lo de tu área",
                **(extra_context or {}),
                "pendientes": pendientes(request.user),
                "falta_configurar": request.user.is_superuser and lo_que_falta(),
            },
        )


def es_de_gerencia(usuario) -> bool:
    return usuario.is_superuser or usuario.es_gerente


def pendientes(usuario) -> list:
    """What the manager's own areas owe now: opinions and adjustments, the overdue first."""
    from casos.models import Ajuste, Opinion

    areas = usuario.areas_a_cargo_ids
    if not areas:
        return []
    # Nobody answers what they asked, nor in a case of their own (rule 4): another of the area does.
    opiniones = Opinion.objects.filter(area__in=areas, estado=EstadoOpinion.PENDIENTE).exclude(
        pedida_por=usuario.pk
    )
    ajustes = Ajuste.objects.filter(area__in=areas, estado=EstadoAjuste.PENDIENTE).exclude(
        pedido_por=usuario.pk
    )
    filas = []
    for suyas in (opiniones, ajustes):
        suyas = suyas.exclude(caso__responsable=usuario.pk)
        filas += suyas.select_related("caso__cliente", "area").order_by("vence")[:20]
    for fila in filas:
        fila.encargo = getattr(fila, "pregunta", "") or getattr(fila, "que", "")
        fila.es_opinion = hasattr(fila, "pregunta")
    return sorted(filas, key=lambda f: f.vence)
