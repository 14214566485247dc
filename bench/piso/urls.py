from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path

from . import views

urlpatterns = [
    path("", views.pendientes, name="pendientes"),
    path("registros/", views.lista, name="lista"),
    path("registros/<slug:folio>/", views.registro, name="registro"),
    path("cuenta/login/", LoginView.as_view(template_name="entrar.html"), name="login"),
    path("cuenta/salir/", LogoutView.as_view(), name="logout"),
]
