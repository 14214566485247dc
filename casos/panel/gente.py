"""People: accounts by the administrator, the area's people by its manager (D§2 rule 5)."""

import unicodedata
from functools import partial

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.forms import UsernameField
from django.core.exceptions import ValidationError
from django.db import transaction

from casos import cuentas
from casos.acceso import sesiones
from casos.catalogos import ROLES_DE_LECTURA, Estado, Rol
from casos.formularios.campos import CampoLinea, CampoNombre
from casos.formularios.telefono_y_correo import (
    CampoCorreo,
    CampoTelefono,
    ConCorreoPropio,
    revisar_que_es_de_nadie,
)
from casos.lecturas.falta_configurar import hay_servidor_de_correo
from casos.models import Area, Membresia, Suplencia, Usuario
from casos.panel.modelos import Base, SoloLectura, es_administrador
from casos.pasos import recalculo
from casos.personas import salidas
from casos.seguridad.confirmar import exigir
from casos.textos import igual
from casos.web.formatos import fecha_hora


def decir_que_se_invito(request, correo: str) -> None:
    """Only of a mail that leaves is it said that it was sent, and once nothing undoes it any more."""
    transaction.on_commit(partial(_decir_que_se_invito, request, correo))


def _decir_que_se_invito(request, correo: str) -> None:
    if hay_servidor_de_correo():
        messages.success(request, f"Se envió la invitación a {correo}.")
        return
    messages.warning(
        request,
        f"La invitación para {correo} no salió: no hay servidor de correo y quedó en un archivo, "
        f"en {settings.EMAIL_FILE_PATH}.",
    )


SOLO_CON_CUENTA = ("invitar_otra_vez", "quitar_segundo_factor", "cerrar_sesiones")
DE_QUIEN_NO_TIENE_CUENTA = ("nombre", "apellidos", "usuario_nuevo", "correo")


def dichas(abiertas: list[sesiones.Abierta]) -> str:
    """Where a person is in, in one line."""
    if not abiertas:
        return "No tiene ninguna abierta."
    return (
        "Tiene: "
        + "; ".join(
            f"{a.dispositivo}{f' ({a.direccion})' if a.direccion else ''}, última vez {fecha_hora(a.vista)}"
            for a in abiertas
        )
        + "."
    )


def revisar_nombre_de_usuario(nombre: str, *, de: int | None = None) -> None:
    """None that reads as another's in a list or in the record."""
    if any(c.isalpha() and "LATIN" not in unicodedata.name(c, "") for c in nombre):
        raise ValidationError("Usa solo letras del alfabeto latino.")
    otros = Usuario.objects.exclude(pk=de).values_list("username", flat=True)
    if igual(nombre) in map(igual, otros):
        raise ValidationError("Ya existe ese nombre de usuario, u otro que se lee igual.")


class UsuarioForm(ConCorreoPropio, forms.ModelForm):
    """An account; leaving or losing a role is refused where rule 5 says so."""

    invitar_otra_vez = forms.BooleanField(
        label="Enviar otra vez la invitación",
        required=False,
        help_text="Si su enlace venció: sirve tres días naturales.",
    )
    quitar_segundo_factor = forms.BooleanField(
        label="Quitar su segundo factor",
        required=False,
        help_text="Si perdió el teléfono y sus códigos de recuperación.",
    )
    cerrar_sesiones = forms.BooleanField(label="Cerrar sus sesiones", required=False)

    class Meta:
        model = Usuario
        fields = ["username", "first_name", "last_name", "email", "puesto", "telefono", "rol", "es_gerente",
                  "lleva_privacidad", "is_active", "is_superuser"]  # fmt: skip
        field_classes = dict.fromkeys(("first_name", "last_name"), CampoNombre) | {
            "puesto": CampoLinea,
            "telefono": CampoTelefono,
            "email": CampoCorreo,
        }
        labels = {"first_name": "Nombre", "last_name": "Apellidos", "is_superuser": "Administra el sistema",
                  "is_active": "Activa"}  # fmt: skip
        help_texts = {"username": "Letras, números y @ . + - _", "is_active": "",
                      "is_superuser": "Configura todo, pero no actúa en ningún caso."}  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "email" in self.fields:
            self.fields["email"].required = self.fields["first_name"].required = True
        if not self.instance.pk:
            for campo in SOLO_CON_CUENTA:
                self.fields.pop(campo, None)
        elif "cerrar_sesiones" in self.fields:
            ayuda = dichas(sesiones.abiertas(self.instance))
            self.fields["cerrar_sesiones"].help_text = ayuda

    def clean_username(self):
        nombre = self.cleaned_data["username"]
        if nombre != self.initial.get("username"):
            revisar_nombre_de_usuario(nombre, de=self.instance.pk)
        return nombre

    def clean(self):
        datos = super().clean()
        if datos.get("es_gerente") and datos.get("rol") != Rol.VEN:
            self.add_error("es_gerente", "La gerencia comercial debe tener el rol de Ventas.")
        if self.instance.pk and not self.errors:
            self._revisar_salida(datos)
        return datos

    def _revisar_salida(self, datos):
        try:
            salidas.revisar_cambio(
                self.instance,
                rol=datos.get("rol", ""),
                es_gerente=datos.get("es_gerente", False),
                activa=datos.get("is_active", False),
                administra=datos.get("is_superuser", False),
            )
        except ValidationError as error:
            self.add_error(None, error)


@admin.register(Usuario)
class UsuarioAdmin(Base):
    form = UsuarioForm
    list_display = ["username", "nombre", "rol", "es_gerente", "email", "is_active"]
    list_filter = ["rol", "is_active"]
    search_fields = ["username", "first_name", "last_name", "email"]
    ordering = ["username"]

    def puede_cambiar(self, request, obj=None):
        # Of whom nothing is kept but the name that the log needs, nothing is written again.
        return self.puede_ver(request) and (obj is None or obj.suprimida_en is None)

    def get_fields(self, request, obj=None):
        # The form has the last two only for who already has an account.
        return [
            *UsuarioForm.Meta.fields,
            *(c for c in SOLO_CON_CUENTA if obj and self._toca(c, request, obj)),
        ]

    def get_form(self, request, obj=None, **kwargs):
        formulario = super().get_form(request, obj, **kwargs)
        for campo in SOLO_CON_CUENTA:
            if obj and not self._toca(campo, request, obj):
                formulario.base_fields.pop(campo, None)
        return formulario

    @staticmethod
    def _toca(campo, request, obj) -> bool:
        """The own second factor is taken off in *Mi cuenta*, where who must have one is held to it."""
        return campo != "quitar_segundo_factor" or obj.pk != request.user.pk

    @admin.display(description="nombre", ordering="first_name")
    def nombre(self, obj):
        return obj.get_full_name()

    @transaction.atomic
    def save_model(self, request, obj, form, change):
        obj.is_staff = obj.is_superuser
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)
        if {"rol", "is_active", "is_superuser"} & set(form.changed_data):
            # Whether DG decides against an opinion depends on there being a DG.
            recalculo.pedir_recalculo(Estado.POR_DECIDIR)
            transaction.on_commit(partial(recalculo.recalcular_lo_pedido, recalculo.AL_GUARDAR))
        if not change or form.cleaned_data.get("invitar_otra_vez"):
            cuentas.invitar(obj)
            decir_que_se_invito(request, obj.email)

        def decir(como, que):  # what is undone was not done
            transaction.on_commit(partial(como, request, que))

        if form.cleaned_data.get("quitar_segundo_factor"):
            if cuentas.quitar_segundo_factor(obj):
                decir(messages.success, "Entrará solo con su contraseña.")
            else:
                decir(messages.info, "No tenía segundo factor.")
        if form.cleaned_data.get("cerrar_sesiones"):
            exigir(f"cerrar las sesiones de {obj}")
            if sesiones.cerrar(obj):
                decir(messages.success, "Sus sesiones quedaron cerradas.")
            else:
                decir(messages.info, "No tenía ninguna sesión abierta.")


class MembresiaForm(forms.ModelForm):
    """Somebody who has an account, or somebody new who is invited into the area."""

    nombre = CampoNombre(label="¿No tiene cuenta? Nombre", max_length=150, required=False)
    apellidos = CampoNombre(label="Apellidos", max_length=150, required=False)
    usuario_nuevo = UsernameField(label="Nombre de usuario", max_length=150, required=False)
    correo = CampoCorreo(
        label="Correo", required=False, help_text="Ahí llega la invitación para elegir contraseña."
    )

    class Meta:
        model = Membresia
        fields = ["area", "usuario", "es_responsable", "activa"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            for campo in DE_QUIEN_NO_TIENE_CUENTA:
                self.fields.pop(campo, None)
        elif "usuario" in self.fields:
            self.fields["usuario"].required = False

    def clean_correo(self):
        revisar_que_es_de_nadie(self.cleaned_data["correo"])
        return self.cleaned_data["correo"]

    def clean(self):
        datos = super().clean()
        if self.instance.pk:
            if not datos.get("activa", True):
                self._revisar(datos)
            return datos
        if not datos.get("usuario"):
            for campo, falta in (("nombre", "Falta el nombre."), ("correo", "Falta el correo."),
                                 ("usuario_nuevo", "Falta el nombre de usuario.")):  # fmt: skip
                if not datos.get(campo) and campo not in self.errors:
                    self.add_error(campo, falta)
            nuevo = datos.get("usuario_nuevo")
            if nuevo:
                try:
                    Usuario._meta.get_field("username").run_validators(nuevo)
                    revisar_nombre_de_usuario(nuevo)
                except ValidationError as error:
                    self.add_error("usuario_nuevo", error)
        return datos

    def _revisar(self, datos):
        antes = Membresia.objects.get(pk=self.instance.pk)
        try:
            if antes.activa:
                salidas.revisar_salida(
                    antes.usuario, deja_gerencia=False, deja_casos=False, areas=[antes.area_id]
                )
        except ValidationError as error:
            self.add_error("activa", error)

    def _get_validation_exclusions(self):
        # The person may be about to be created together with the membership.
        fuera = super()._get_validation_exclusions()
        return fuera | {"usuario"} if not self.cleaned_data.get("usuario") else fuera


@admin.register(Membresia)
class MembresiaAdmin(Base):
    """The people of an area: its manager sees and changes only the own."""

    form = MembresiaForm
    list_display = ["usuario", "area", "es_responsable", "activa"]
    list_filter = ["activa"]
    search_fields = ["usuario__first_name", "usuario__last_name", "usuario__username"]

    def puede_ver(self, request):
        return es_administrador(request) or bool(request.user.areas_a_cargo_ids)

    def get_queryset(self, request):
        filas = super().get_queryset(request).select_related("usuario", "area")
        if es_administrador(request):
            return filas
        return filas.filter(area__in=request.user.areas_a_cargo_ids)

    def get_fields(self, request, obj=None):
        # One who is already in the area needs no invitation, and does not change areas.
        if obj:
            return ["del_area", "quien", "es_responsable", "activa"]
        return [*MembresiaForm.Meta.fields, *DE_QUIEN_NO_TIENE_CUENTA]

    def get_readonly_fields(self, request, obj=None):
        return ["del_area", "quien"] if obj else []

    # In words: Django would link an account that only the administrator opens.
    @admin.display(description="área")
    def del_area(self, obj):
        return str(obj.area)

    @admin.display(description="persona")
    def quien(self, obj):
        return str(obj.usuario)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "area" and not es_administrador(request):
            kwargs["queryset"] = Area.objects.filter(pk__in=request.user.areas_a_cargo_ids)
        if db_field.name == "usuario":
            kwargs["queryset"] = Usuario.objects.activos().exclude(rol__in=ROLES_DE_LECTURA)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @transaction.atomic
    def save_model(self, request, obj, form, change):
        if not change and obj.usuario_id is None:
            d = form.cleaned_data
            obj.usuario = Usuario.objects.create(
                username=d["usuario_nuevo"],
                first_name=d["nombre"],
                last_name=d["apellidos"],
                email=d["correo"],
                password="!",
            )
            cuentas.invitar(obj.usuario)
            decir_que_se_invito(request, d["correo"])
        salidas.guardar_membresia(obj)


@admin.register(Suplencia)
class SuplenciaAdmin(SoloLectura):
    """Only looked at: each person lends the own work, from *Mi cuenta*, with its checks."""

    list_display = ["titular", "suplente", "desde", "hasta"]
    fields = ["titular", "suplente", "desde", "hasta", "motivo"]
