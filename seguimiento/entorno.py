"""Settings from the environment. Nonsense stops the start with one sentence in Spanish."""

import os
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key

SQLITE = {
    "timeout": 20,
    # BEGIN IMMEDIATE takes the write lock at once: it is what makes two people wait in turn.
    "transaction_mode": "IMMEDIATE",
    "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA cache_size=-20000;"
    "PRAGMA temp_store=MEMORY;PRAGMA mmap_size=134217728;PRAGMA journal_size_limit=67108864;"
    "PRAGMA recursive_triggers=ON;",
}

# A host that swallows packets must not hold a page, nor /salud/, for minutes: what was sent and nobody
# acknowledges, and who answers nothing while a statement runs there, are given up within half a minute.
PACIENCIA_CON_POSTGRES = {
    "connect_timeout": 5,
    "tcp_user_timeout": 20_000,  # milliseconds
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
}
# What a page asks takes milliseconds: where PostgreSQL expects much of it, it compiled it for tens of them, and what was
# prepared it planned the first five times all the same, on each connection. Something that hands connections out takes
# no such wishes from one of its clients.
COMO_SE_PLANEA = {"options": "-c jit=off -c plan_cache_mode=force_generic_plan"}
CON_SUS_PLANES = (
    60 * 60
)  # seconds that a connection lives, and with it what it planned; each page asks whether it does


def leer(nombre: str, omision: str = "") -> str:
    return os.environ.get(nombre, "").strip() or omision


def booleano(nombre: str, omision: bool = False) -> bool:
    """``0`` or ``1``; raises ``ImproperlyConfigured`` on anything else."""
    valor = leer(nombre, "1" if omision else "0")
    if valor not in ("0", "1"):
        raise ImproperlyConfigured(f"{nombre} debe ser 0 o 1; dice «{valor}».")
    return valor == "1"


def _partes(nombre: str, url: str, esquemas: tuple):
    try:
        partes = urlsplit(url)
    except ValueError:
        raise ImproperlyConfigured(f"{nombre} no se entiende como dirección.") from None
    if partes.scheme not in esquemas:
        raise ImproperlyConfigured(
            f"{nombre} debe empezar con {' o '.join(f'{e}://' for e in esquemas)}."
        )
    try:
        puerto = partes.port
    except ValueError:
        puerto = 0
    if puerto == 0:
        raise ImproperlyConfigured(f"{nombre} lleva un puerto que no es un número del 1 al 65535.")
    return partes


def _opciones(nombre: str, partes, permitidas: tuple = ()) -> dict:
    """The query of an address. What nobody reads would be a setting silently ignored."""
    opciones = dict(parse_qsl(partes.query, keep_blank_values=True))
    ajenas = sorted(set(opciones) - set(permitidas))
    if ajenas or partes.fragment:
        raise ImproperlyConfigured(
            f"{nombre} lleva algo que no se usa: «{', '.join(ajenas) or '#'}» (si es parte de la "
            "contraseña, escribe ? como %3F y # como %23)."
        )
    return opciones


def base_de_datos(omision: Path) -> dict:
    """``DATABASE_URL``: ``postgres://user:pass@host:port/name?sslmode=…&planes=no`` or ``sqlite:///path``."""
    url = leer("DATABASE_URL")
    if not url:
        omision.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": omision, "OPTIONS": SQLITE}
    return base_de_datos_en(url)


def base_de_datos_en(url: str) -> dict:
    """The settings of the database at an address; raises ``ImproperlyConfigured`` where it is none."""
    partes = _partes("DATABASE_URL", url, ("postgres", "postgresql", "sqlite"))
    nombre = unquote(partes.path.lstrip("/"))
    if not nombre:
        raise ImproperlyConfigured("DATABASE_URL no dice el nombre de la base.")
    if partes.scheme == "sqlite":
        _opciones("DATABASE_URL", partes)
        ruta = unquote(partes.path)
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": ruta, "OPTIONS": SQLITE}
    opciones = _opciones("DATABASE_URL", partes, ("sslmode", "sslrootcert", "planes"))
    planes = opciones.pop("planes", "si")
    if planes not in ("si", "no"):
        raise ImproperlyConfigured("DATABASE_URL dice planes=…, que es «si» o «no».")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": nombre,
        "USER": unquote(partes.username or ""),
        "PASSWORD": unquote(partes.password or ""),
        "HOST": partes.hostname or "",
        "PORT": partes.port or "",
        "OPTIONS": PACIENCIA_CON_POSTGRES | opciones | (COMO_SE_PLANEA if planes == "si" else {}),
        "CONN_MAX_AGE": CON_SUS_PLANES,
        "CONN_HEALTH_CHECKS": True,
        # The product's own (casos/models/preparada.py): a plan stays with its connection, which something that
        # hands connections out by transaction does not respect.
        "CON_PLANES": planes == "si",
    }


def correo(carpeta: Path) -> dict:
    """``EMAIL_URL``: ``smtp://``, ``smtp+tls://`` (STARTTLS) or ``smtp+ssl://``; default files."""
    url = leer("EMAIL_URL")
    if not url:
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": carpeta,
        }
    partes = _partes("EMAIL_URL", url, ("smtp", "smtp+tls", "smtp+ssl"))
    if not partes.hostname:
        raise ImproperlyConfigured("EMAIL_URL no dice el servidor.")
    _opciones("EMAIL_URL", partes)
    puertos = {"smtp": 25, "smtp+tls": 587, "smtp+ssl": 465}
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": partes.hostname,
        "EMAIL_PORT": partes.port or puertos[partes.scheme],
        "EMAIL_HOST_USER": unquote(partes.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(partes.password or ""),
        "EMAIL_USE_TLS": partes.scheme == "smtp+tls",
        "EMAIL_USE_SSL": partes.scheme == "smtp+ssl",
        "EMAIL_TIMEOUT": 20,
    }


def remitente() -> str:
    """``from`` of the mails: ``CORREO_REMITENTE``."""
    valor = leer("CORREO_REMITENTE", "Seguimiento de venta <seguimiento@localhost>")
    if "@" not in valor or "\n" in valor:
        raise ImproperlyConfigured("CORREO_REMITENTE no es una dirección de correo.")
    return valor


def administradores() -> list[tuple[str, str]]:
    """Who is told of a fault: ``ADMINS``, addresses with commas between; default nobody."""
    direcciones = [d.strip() for d in leer("ADMINS").split(",") if d.strip()]
    if any("@" not in d or d.split() != [d] for d in direcciones):
        raise ImproperlyConfigured("ADMINS lleva direcciones de correo separadas por comas.")
    return [("", d) for d in direcciones]


def contacto_de_seguridad(remitente: str) -> str:
    """Whom to tell of a hole: ``CONTACTO_SEGURIDAD``, or who signs the mails."""
    valor = leer("CONTACTO_SEGURIDAD") or parseaddr(remitente)[1]
    if "@" not in valor or valor.split() != [valor]:
        raise ImproperlyConfigured("CONTACTO_SEGURIDAD no es una dirección de correo.")
    return valor


def cache() -> dict:
    """``CACHE_URL``: ``redis://…``; default a table of the database, shared by all processes."""
    url = leer("CACHE_URL")
    if url:
        _partes("CACHE_URL", url, ("redis", "rediss"))
        # One that swallows packets must not hold a login for minutes.
        limites = {"socket_connect_timeout": 2, "socket_timeout": 2}
        return {"BACKEND": "seguimiento.cache.Redis", "LOCATION": url, "OPTIONS": limites}
    return {
        "BACKEND": "seguimiento.cache.Tabla",
        "LOCATION": "cache",
        # The default of 300 would cull the counters that throttle the login.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }


def cola() -> dict:
    """``COLA_URL``: ``redis://…``; default the database itself."""
    url = leer("COLA_URL")
    comun = {
        "name": "seguimiento", "workers": 2, "recycle": 500, "timeout": 30, "retry": 45,
        "max_attempts": 3, "ack_failures": False, "queue_limit": 20, "bulk": 1, "poll": 0.5,
        "catch_up": False, "save_limit": 250,
    }  # fmt: skip
    if url:
        _partes("COLA_URL", url, ("redis", "rediss"))
        # One that swallows packets must not hold a step or /salud/ for minutes.
        limites = "socket_connect_timeout=2&socket_timeout=5"
        return comun | {"redis": f"{url}{'&' if '?' in url else '?'}{limites}"}
    return comun | {"orm": "default"}


def antivirus() -> tuple[str, int] | str | None:
    """``CLAMD_URL``: ``tcp://host:port`` or ``unix:///path``; without it nothing is scanned."""
    url = leer("CLAMD_URL")
    if not url:
        return None
    partes = _partes("CLAMD_URL", url, ("tcp", "unix"))
    _opciones("CLAMD_URL", partes)
    if partes.scheme == "unix":
        if partes.netloc or len(partes.path) < 2:
            raise ImproperlyConfigured("CLAMD_URL es unix:///ruta/del/socket, con tres diagonales.")
        return unquote(partes.path)
    if not partes.hostname or partes.path.strip("/") or partes.username:
        raise ImproperlyConfigured("CLAMD_URL es tcp://servidor:puerto, sin nada después.")
    return partes.hostname, partes.port or 3310


def clave(archivo: Path, generar: bool) -> str:
    """``SECRET_KEY``, or what ``archivo`` holds (made by ``make run`` or, to try it out, here).

    Without ``generar`` a key must be given: two machines that each made their own would refuse
    each other's sessions and queue.
    """
    valor = leer("SECRET_KEY")
    if valor:
        # 50 is also what "check --deploy" asks for.
        if len(valor) < 50:
            raise ImproperlyConfigured("SECRET_KEY debe llevar al menos 50 caracteres.")
        return valor
    if generar:
        generar_clave(archivo)
    if not archivo.exists():
        raise ImproperlyConfigured(
            "Falta SECRET_KEY: al menos 50 caracteres al azar, los mismos en cada máquina."
        )
    return archivo.read_text().strip()


def claves_anteriores() -> list[str]:
    """``SECRET_KEY_FALLBACKS``: keys that were in use before, with spaces between; still read, never written with."""
    claves = leer("SECRET_KEY_FALLBACKS").split()
    if any(len(c) < 50 for c in claves):
        raise ImproperlyConfigured(
            "SECRET_KEY_FALLBACKS lleva las claves anteriores separadas por espacios, de 50 caracteres o más."
        )
    return claves


def minutos(nombre: str, omision: int, *, hasta: int) -> int:
    valor = leer(nombre, str(omision))
    if not (valor.isascii() and valor.isdecimal() and 5 <= int(valor) <= hasta):
        raise ImproperlyConfigured(f"{nombre} son minutos, de 5 a {hasta}; dice «{valor}».")
    return int(valor)


def generar_clave(archivo: Path) -> None:
    """A random key that only its owner reads; of two processes at once, one wins."""
    if archivo.exists():
        return
    archivo.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    propio = archivo.with_name(f"{archivo.name}.{os.getpid()}")
    propio.touch(mode=0o600)
    propio.write_text(get_random_secret_key() + get_random_secret_key())
    try:
        os.link(propio, archivo)
    except FileExistsError:
        pass
    finally:
        propio.unlink()


def anfitriones() -> list[str]:
    valor = leer("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
    lista = [h.strip() for h in valor.split(",") if h.strip()]
    if any("/" in h or " " in h for h in lista):
        raise ImproperlyConfigured("ALLOWED_HOSTS lleva nombres separados por comas, sin http://.")
    return lista


def url_base() -> str:
    """``URL_BASE``: where people reach the site; the links of the mails start with it."""
    valor = leer("URL_BASE", "http://127.0.0.1:8000").rstrip("/")
    partes = _partes("URL_BASE", valor, ("http", "https"))
    if not partes.hostname:
        raise ImproperlyConfigured("URL_BASE no dice el servidor.")
    if partes.path or partes.query or partes.fragment:
        raise ImproperlyConfigured("URL_BASE es solo http(s)://servidor, sin nada después.")
    return valor
