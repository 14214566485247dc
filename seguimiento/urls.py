"""Root of the URLs: accounts, the admin panel, and the app."""

from django.contrib import admin
from django.urls import include, path

handler400 = "casos.web.errores.peticion_invalida"
handler403 = "casos.web.errores.sin_permiso"
handler404 = "casos.web.errores.no_encontrado"
handler500 = "casos.web.errores.falla"

urlpatterns = [
    path("", include("casos.urls")),
    path("cuenta/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]
