"""How allauth behaves here: nobody signs up by themselves, and its mail goes to the outbox.

Its forms speak the product's Spanish. Nothing about cases, and no pages.
"""

from allauth.account import forms as de_cuenta
from allauth.account.adapter import DefaultAccountAdapter, get_adapter
from allauth.account.forms import default_token_generator
from allauth.account.internal.flows.password_reset import request_password_reset
from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from allauth.account.utils import user_pk_to_url_str
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.ratelimit import respond_429
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base import forms as de_mfa
from allauth.mfa.totp import forms as de_totp
from allauth.mfa.utils import is_mfa_enabled
from django import forms
from django.conf import settings
from django.db import transaction
from django.http import HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode

from casos.acceso import avisar, cifrado, limites, segundo_factor, sesiones
from casos.acceso.dispositivos import dio_su_contrasena, dispositivo_de
from casos.catalogos import Hecho
from casos.correo import bandeja_de_salida
from casos.formularios.faltas import decir_que_falta
from casos.formularios.telefono_y_correo import CampoCorreo
from casos.lecturas.falta_configurar import lo_que_falta
from casos.models import HechoDeSeguridad, Usuario
from casos.seguridad import de_donde
from casos.seguridad.anotar import anotar

AYUDA_DE_CLAVE = "Al menos 8 caracteres; mejor 12 o más. Ni solo números, ni tu nombre, ni palabras de la empresa o muy comunes."
DISPOSITIVO_DE = "dispositivo_de"  # in the session, until the login is done: whose device it is
ESPERA = "Espera unos minutos e inténtalo de nuevo."


class ConPalabras:
    """Labels say it all: allauth's placeholders repeat them, and its own words are formal."""

    etiquetas: dict = {}
    ayudas: dict = {}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for nombre, campo in self.fields.items():
            campo.label = self.etiquetas.get(nombre, campo.label)
            campo.help_text = self.ayudas.get(nombre, "")
            campo.widget.attrs.pop("placeholder", None)
        decir_que_falta(self.fields)


class ConClaveNueva(ConPalabras):
    """A new password, written twice."""

    etiquetas = {
        "oldpassword": "Contraseña actual",
        "password1": "Contraseña nueva",
        "password2": "Otra vez la contraseña nueva",
    }
    ayudas = {"password1": AYUDA_DE_CLAVE}

    def clean(self):
        datos = forms.Form.clean(self)  # the mixin's own sentence is formal
        una, otra = datos.get("password1"), datos.get("password2")
        if una and otra and una != otra:
            self.add_error("password2", "No es igual a la de arriba.")
        return datos


class EntrarForm(ConPalabras, de_cuenta.LoginForm):
    etiquetas = {"login": "Usuario", "password": "Contraseña"}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs["autocapitalize"] = "none"


class RecuperarForm(ConPalabras, de_cuenta.ResetPasswordForm):
    etiquetas = {"email": "Correo"}

    email = CampoCorreo(
        max_length=254, widget=forms.EmailInput({"autocomplete": "email", "autocapitalize": "none"})
    )

    def clean_email(self):
        """Only the address the account has today: a former one must not open it."""
        correo = super().clean_email()
        self.users = [u for u in self.users if u.email.casefold() == correo.casefold()]
        return correo

    def save(self, request, **kwargs):
        """The letter is written for an address that nobody has, too, and undone: it takes as long."""
        correo = self.cleaned_data["email"]
        if not limites.cabe_otra_carta(request, correo):
            return correo
        with avisar.como_a_cualquiera(next(iter(self.users), None)) as alguien:
            gente = self.users or [alguien]
            request_password_reset(request, correo, gente, default_token_generator)
        return correo


class ElegirClaveForm(ConClaveNueva, de_cuenta.ResetPasswordKeyForm):
    def save(self):
        """One link is used once: of two that come at the same instant, the later finds another password."""
        with transaction.atomic():
            ahora = Usuario.objects.select_for_update(no_key=True).get(pk=self.user.pk)
            if ahora.password != self.user.password:
                # The same address now says that the link is no good any more.
                raise ImmediateHttpResponse(HttpResponseRedirect(context.request.path))
            super().save()


class CambiarClaveForm(ConClaveNueva, de_cuenta.ChangePasswordForm):
    def clean_oldpassword(self):
        """Guessed here it is a wrong try as at any other door: counted and written down."""
        actual = self.cleaned_data["oldpassword"]
        adaptador = get_adapter()
        if not adaptador.reauthenticate(self.user, actual):
            raise adaptador.validation_error("enter_current_password")
        return actual


class ConCodigo(ConPalabras):
    """Wrong codes are counted as passwords are: who tries them closes nobody's way but their own."""

    etiquetas = {"code": "Código"}

    def clean_code(self):
        intento = limites.Intento(context.request, self.user.username, limites.CODIGO)
        if intento.empezar():
            raise get_adapter().validation_error("too_many_login_attempts")
        try:
            codigo = super().clean_code()
        except cifrado.SemillaIlegible:
            intento.soltar()  # no code is right
            raise
        except forms.ValidationError:
            es_una_serie = intento.fallar()
            if intento.cierra:
                anotar(Hecho.BLOQUEO, persona=self.user, peticion=context.request)
            if es_una_serie:
                avisar.de_codigos(context.request, self.user)
            raise
        except BaseException:
            intento.soltar()
            raise
        intento.acertar()
        return codigo


class CodigoForm(ConCodigo, de_mfa.AuthenticateForm):
    pass


class ConfirmarConCodigoForm(ConCodigo, de_mfa.ReauthenticateForm):
    pass


class ConfirmarForm(ConPalabras, de_cuenta.ReauthenticateForm):
    """The own password, and a code too where there is a second factor: what allauth asks one by one."""

    etiquetas = {"password": "Contraseña", "code": "Código"}
    ayudas = {"code": "El de tu aplicación, o uno de recuperación."}
    code = forms.CharField(widget=forms.TextInput({"autocomplete": "one-time-code"}))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.codigo = None
        if not is_mfa_enabled(self.user):
            del self.fields["code"]

    def clean(self):
        """The code last: a recovery code is used up by being right."""
        datos = super().clean()
        if "code" in self.fields and not self.errors:
            self.codigo = ConfirmarConCodigoForm({"code": datos["code"]}, user=self.user)
            for errores in self.codigo.errors.values():
                self.add_error("code", errores)
        return datos

    def save(self, request) -> None:
        reauthenticate_by_password(request)
        if self.codigo is not None:
            self.codigo.save()


class ConfirmacionForm(ConfirmarForm):
    """The same, beside what another form sends."""

    prefix = "confirma"


class ActivarForm(ConPalabras, de_totp.ActivateTOTPForm):
    etiquetas = {"code": "Código de seis cifras"}


class Adaptador(DefaultAccountAdapter):
    """Closed sign-up; mails are ``Aviso`` rows whose links never trust the Host header."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": "Tu cuenta está desactivada.",
        "enter_current_password": "Esa no es tu contraseña actual.",
        "incorrect_password": "Esa no es tu contraseña.",
        "invalid_password_reset": "Ese enlace ya no sirve: pide otro.",
        "rate_limited": f"Demasiados intentos. {ESPERA}",
        "too_many_login_attempts": f"Demasiados intentos fallidos. {ESPERA}",
        "username_password_mismatch": "El usuario o la contraseña no son correctos.",
    }

    def is_safe_url(self, url):
        """No address at all (``http://[``) leads nowhere; allauth would fail on it."""
        try:
            return super().is_safe_url(url)
        except ValueError:
            return False

    def is_open_for_signup(self, request):
        return False

    def send_mail(self, template_prefix, email, context):
        """Only to somebody who has an account, at the address the account has."""
        usuario = context.get("user")
        if usuario is None or not usuario.email:
            return
        enlace = context.get("password_reset_url", "")
        if enlace:
            anotar(Hecho.RECUPERACION, persona=usuario)
            context["password_reset_url"] = settings.URL_BASE + "/" + enlace.split("/", 3)[-1]
        context["base"] = settings.URL_BASE
        asunto = " ".join(render_to_string(f"{template_prefix}_subject.txt", context).split())
        texto = render_to_string(f"{template_prefix}_message.txt", context)
        bandeja_de_salida.cuenta(usuario, usuario.email, asunto, texto)

    def get_client_ip(self, request):
        return de_donde.direccion(request) or sesiones.SIN_DIRECCION

    def authenticate(self, request, **credentials):
        """A try counts once its password has been found wrong; cut by a crash it counts for nothing."""
        intento = limites.Intento(request, credentials.get("username", ""))
        cerrado = intento.empezar()
        if cerrado is limites.Cerrado.DIRECCION:
            raise ImmediateHttpResponse(respond_429(request))
        if cerrado:
            raise self.validation_error("too_many_login_attempts")
        try:
            usuario = super().authenticate(request, **credentials)
        except BaseException:
            intento.soltar()
            raise
        if usuario:
            intento.acertar()
            if intento.dispositivo:
                # Said now: the digest that its mark is bound to may have just been made anew.
                request.session[DISPOSITIVO_DE] = usuario.pk
            return usuario
        es_una_serie = intento.fallar()
        if intento.cierra:
            anotar(Hecho.BLOQUEO, persona=intento.usuario, peticion=request)
        if es_una_serie:
            avisar.de_intentos(request, intento.usuario, intento.cuenta)
        return None

    def pre_authenticate(self, request, **credentials):
        """allauth would count here, before it knows."""

    def login(self, request, user):
        # Of who came in before the record was kept no device is known: none of theirs is new.
        habia_entrado = HechoDeSeguridad.objects.filter(hecho=Hecho.ENTRADA, persona=user).exists()
        es_suyo = request.session.pop(DISPOSITIVO_DE, None) == user.pk
        super().login(request, user)
        sesiones.empezar(request)
        if habia_entrado and not es_suyo and not dispositivo_de(request, user):
            anotar(Hecho.DISPOSITIVO, persona=user, autor=user, peticion=request)
            avisar.de_dispositivo_nuevo(request, user)
        dio_su_contrasena(request, user)

    def post_login(self, request, user, **kwargs):
        respuesta = super().post_login(request, user, **kwargs)
        if segundo_factor.al_entrar(request, user):
            adonde = urlencode({"next": respuesta["Location"]})
            return HttpResponseRedirect(f"{reverse('segundo_factor')}?{adonde}")
        return respuesta

    def get_reauthentication_methods(self, user):
        """Not the code alone, nor the password alone of who has a code: one page asks all (``ConfirmarForm``)."""
        return [
            m for m in super().get_reauthentication_methods(user) if m["id"] == "reauthenticate"
        ]

    def logout(self, request):
        sesiones.olvidar(request)
        super().logout(request)

    def set_password(self, user, password):
        """Whoever was in with the old one is out; the count of wrong ones begins anew (``limites``)."""
        user.set_password(password)
        user.save(update_fields=["password"])
        de_quien = getattr(self.request, "user", None)
        es_suya = de_quien is not None and de_quien.pk == user.pk
        sesiones.cerrar(user, menos=self.request.session.session_key or "" if es_suya else "")
        if es_suya:
            dio_su_contrasena(self.request, user)

    def get_login_redirect_url(self, request):
        """An administrator of an empty installation is led to what is still missing."""
        if request.user.is_superuser and lo_que_falta():
            return reverse("falta_configurar")
        return super().get_login_redirect_url(request)

    def get_password_change_redirect_url(self, request):
        return reverse("cuenta")


def enlace_de_clave(usuario: Usuario) -> str:
    """One-time address where the person sets the password."""
    clave = default_token_generator.make_token(usuario)
    ruta = reverse(
        "account_reset_password_from_key",
        kwargs={"uidb36": user_pk_to_url_str(usuario), "key": clave},
    )
    return settings.URL_BASE + ruta


def invitar(usuario: Usuario) -> None:
    """Invitation mail to set the password; the account exists without a usable one."""
    if not usuario.has_usable_password():
        usuario.set_unusable_password()
        usuario.save(update_fields=["password"])
    anotar(Hecho.INVITACION, persona=usuario)
    contexto = {"usuario": usuario, "enlace": enlace_de_clave(usuario), "base": settings.URL_BASE}
    bandeja_de_salida.cuenta(
        usuario,
        usuario.email,
        "Te damos acceso a Seguimiento de venta",
        render_to_string("correos/cuenta/invitacion.txt", contexto),
    )


def quitar_segundo_factor(usuario: Usuario) -> bool:
    """For who lost telephone and codes; the administrator does it. ``False`` if there was none."""
    return segundo_factor.quitar(usuario)


class AdaptadorMFA(DefaultMFAAdapter):
    """Seeds are kept encrypted."""

    def encrypt(self, text):
        return cifrado.cifrar(text)

    def decrypt(self, encrypted_text):
        return cifrado.descifrar(encrypted_text)
