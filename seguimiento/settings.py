"""Settings of the project: one file, read from the environment (see ``docs/operacion.md``)."""

from pathlib import Path

from csp.constants import NONE, SELF

from . import entorno

CUERPO_MAXIMO = 12 * 1024 * 1024  # of a request: one file of 10 MB and the form around it
BASE_DIR = Path(__file__).resolve().parent.parent
VAR = BASE_DIR / "var"

DEBUG = entorno.booleano("DEBUG")
DEMO = entorno.booleano("DEMO")
HTTPS = entorno.booleano("HTTPS")
SECRET_KEY = entorno.clave(VAR / "clave_secreta", generar=DEBUG or DEMO)
SECRET_KEY_FALLBACKS = entorno.claves_anteriores()
ALLOWED_HOSTS = entorno.anfitriones()
URL_BASE = entorno.url_base()

INSTALLED_APPS = [
    "casos.apps.CasosConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "casos.panel.apps.PanelConfig",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "crispy_forms",
    "csp",
    "django_htmx",
    "django_q",
]

MIDDLEWARE = [
    "csp.middleware.CSPMiddleware",  # first: of static files and of the redirect to HTTPS too
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # pages; its random padding answers BREACH
    "seguimiento.middleware.Cabeceras",
    "seguimiento.middleware.EntradaLimpia",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "casos.web.vigilante.Vigilante",
    "seguimiento.middleware.ConBorrador",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "seguimiento.urls"
WSGI_APPLICATION = "seguimiento.wsgi.application"

# The product's own pages and letters are Jinja's; the panel's, and what libraries bring, are Django's.
EN_CADA_PAGINA = [
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
    "casos.web.contexto.navegacion",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,  # Django's own widgets
        "OPTIONS": {
            "environment": "casos.web.entorno_jinja.entorno",
            "context_processors": EN_CADA_PAGINA,
        },
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates" / "panel"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": ["django.template.context_processors.request", *EN_CADA_PAGINA]
        },
    },
]
FORM_RENDERER = "casos.formularios.renderizador.Renderizador"
CRISPY_TEMPLATE_PACK = "seguimiento"
CRISPY_ALLOWED_TEMPLATE_PACKS = ["seguimiento"]
CRISPY_FAIL_SILENTLY = False

DATABASES = {"default": entorno.base_de_datos(VAR / "seguimiento.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": entorno.cache()}
Q_CLUSTER = entorno.cola()

# Mail: rendered into the outbox in the step's transaction, sent by the worker.
globals().update(entorno.correo(VAR / "correo"))
DEFAULT_FROM_EMAIL = SERVER_EMAIL = entorno.remitente()
ADMINS = entorno.administradores()
SALUD_TOKEN = entorno.leer("SALUD_TOKEN")
CONTACTO_SEGURIDAD = entorno.contacto_de_seguridad(DEFAULT_FROM_EMAIL)

# People: allauth; nobody signs up alone, nobody enters without an account.
AUTH_USER_MODEL = "casos.Usuario"
AUTHENTICATION_BACKENDS = ["casos.acceso.quien_entro.Puerta"]
SESSION_ENGINE = "casos.acceso.quien_entro"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "casos.cuentas.Adaptador"
ACCOUNT_FORMS = {
    "login": "casos.cuentas.EntrarForm",
    "reset_password": "casos.cuentas.RecuperarForm",
    "reset_password_from_key": "casos.cuentas.ElegirClaveForm",
    "change_password": "casos.cuentas.CambiarClaveForm",
    "reauthenticate": "casos.cuentas.ConfirmarForm",
}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
# Behind the proxy the limits by address look at the one it reports.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if HTTPS else 0
# ``casos.acceso.limites`` counts the wrong passwords and codes, and the letters to one address. Many people
# of one office enter, or open their invitations, within a minute.
ACCOUNT_RATE_LIMITS = {
    "login": "",
    "login_failed": "",
    "reset_password": "60/m/ip",
    "reset_password_from_key": "120/m/ip",
}
MFA_ADAPTER = "casos.cuentas.AdaptadorMFA"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_FORMS = {
    "authenticate": "casos.cuentas.CodigoForm",
    "activate_totp": "casos.cuentas.ActivarForm",
}
MFA_TOTP_ISSUER = "Seguimiento de venta"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{nombre}"}
    for nombre in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
] + [{"NAME": "casos.contrasenas.SinPalabrasConocidas"}]

# Spanish of Mexico: "es" would write 1 234 567,50.
LANGUAGE_CODE = "es-mx"
FORMAT_MODULE_PATH = "seguimiento.formatos"
LOCALE_PATHS = [BASE_DIR / "seguimiento" / "locale"]
TIME_ZONE = "America/Mexico_City"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [BASE_DIR / "static", ("ayuda", BASE_DIR / "docs" / "manual" / "img")]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = VAR / "archivos"  # no MEDIA_URL: files are served by a view, as attachments
FILE_UPLOAD_PERMISSIONS = 0o600
# What is longer is refused before it is read (``EntradaLimpia``), and nothing waits in a folder of its own
# that could fill up before there is a form to say so.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = CUERPO_MAXIMO
CLAMD = entorno.antivirus()
# What signs the seals: never in the database, nor in its backup (docs/operacion.md).
LLAVE_DE_SELLOS = entorno.leer("LLAVE_DE_SELLOS") or VAR / "llave_de_sellos"
CERTIFICADOR = "casos.seguridad.certificado.Ninguno"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

# Security. HTTPS=1 behind TLS; plain http only for a try on one's own machine.
CSRF_FAILURE_VIEW = "casos.web.errores.csrf"
CSRF_TRUSTED_ORIGINS = [URL_BASE]
SESSION_COOKIE_AGE = 60 * 60 * 12  # in all; and without use:
SESION_SIN_USO = entorno.minutos("SESION_SIN_USO", 120, hasta=720) * 60
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
# Nobody else of the domain can set a cookie of that prefix.
PREFIJO_COOKIE = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"{PREFIJO_COOKIE}sessionid", f"{PREFIJO_COOKIE}csrftoken"
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = ["^salud/detalle/$"]  # a machine's, not a browser's
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "sin_firma": {"()": "seguimiento.fallas.SinFirma"},
        "un_renglon": {"()": "seguimiento.fallas.UnRenglon"},
    },
    "formatters": {"linea": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {
        # First: what the other one takes out of the record it has read already.
        "administradores": {
            "class": "seguimiento.fallas.AvisaAQuienAdministra",
            "level": "ERROR",
            "formatter": "linea",
            "filters": ["sin_firma"],
        },
        "consola": {
            "class": "logging.StreamHandler",
            "formatter": "linea",
            "filters": ["sin_firma", "un_renglon"],
        },
    },
    "root": {"handlers": ["administradores", "consola"], "level": "WARNING"},
    "loggers": {"casos": {"level": "INFO"}, "django-q": {"level": "WARNING"}},
}
