"""How allauth behaves here: nobody signs up by themselves, and its mail goes to the outbox."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import LoginForm, default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from casos import avisos
from casos.consultas.configuracion import lo_que_falta
from casos.models import Usuario


class EntrarForm(LoginForm):
    """Labels say it all: no placeholders, and one link to recover the password, not two."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for campo in self.fields.values():
            campo.help_text = ""
            campo.widget.attrs.pop("placeholder", None)


class Adaptador(DefaultAccountAdapter):
    """Closed sign-up; mails are ``Aviso`` rows whose links never trust the Host header."""

    def is_open_for_signup(self, request):
        return False

    def send_mail(self, template_prefix, email, context):
        usuario = context.get("user")
        if usuario is None:
            return
        enlace = context.get("password_reset_url", "")
        if enlace:
            context["password_reset_url"] = settings.URL_BASE + "/" + enlace.split("/", 3)[-1]
        context["base"] = settings.URL_BASE
        asunto = " ".join(render_to_string(f"{template_prefix}_subject.txt", context).split())
        texto = render_to_string(f"{template_prefix}_message.txt", context)
        avisos.cuenta(usuario, email, asunto, texto)

    def get_login_redirect_url(self, request):
        """An administrator of an empty installation is led to what is still missing."""
        if request.user.is_superuser and lo_que_falta():
            return reverse("falta_configurar")
        return super().get_login_redirect_url(request)

    def get_password_change_redirect_url(self, request):
        return reverse("cuenta")


def enlace_de_clave(usuario: Usuario) -> str:
    """One-time address where the person sets the password."""
    clave = f"{user_pk_to_url_str(usuario)}-{default_token_generator.make_token(usuario)}"
    uidb36, _, llave = clave.partition("-")
    ruta = reverse("account_reset_password_from_key", kwargs={"uidb36": uidb36, "key": llave})
    return settings.URL_BASE + ruta


def invitar(usuario: Usuario) -> None:
    """Invitation mail to set the password; the account exists without a usable one."""
    if not usuario.has_usable_password():
        usuario.set_unusable_password()
        usuario.save(update_fields=["password"])
    contexto = {"usuario": usuario, "enlace": enlace_de_clave(usuario), "base": settings.URL_BASE}
    avisos.cuenta(
        usuario,
        usuario.email,
        "Te damos acceso a Seguimiento de venta",
        render_to_string("correos/cuenta/invitacion.txt", contexto),
    )
