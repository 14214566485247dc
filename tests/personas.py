"""The people of a test by name: the demo's, plus ``ajena``, who has no role and no area."""

from types import SimpleNamespace

from casos.models import Empresa, Usuario

from .factories import UsuarioFactory

# What the panel asks again of who changes an account.
CON_CLAVE = {"confirma-password": "demo"}

COMERCIALES = {
    "ventas": {"ventas": True},
    "ventas2": {"ventas": True},
    "gerente": {"gerente": True},
    "atencion": {"atencion": True},
    "direccion": {"direccion": True},
}
DE_AREA = {
    "juridico": "JUR",
    "dh": "DH",
    "operaciones": "OPE",
    "finanzas": "FIN",
    "nominas": "NOM",
    "rys": "RYS",
}
LECTORES = {"calidad": {"calidad": True}, "auditor": {"auditor": True}}
NOMBRES = [*COMERCIALES, *DE_AREA, *LECTORES, "admin", "ajena"]
# Of the areas, one of both steps, one that gives opinions and one that adjusts: no rule names another.
DE_CADA_CLASE = [n for n in NOMBRES if n not in ("dh", "operaciones", "rys")]


def sesion_vencida(client, usuario) -> None:
    """Somebody worked in this browser and their session ended."""
    client.force_login(usuario)
    client.get("/cuenta/")
    del client.cookies["sessionid"]


def crear_empresa(**datos) -> Empresa:
    """The firm they work for: without its name no client is written to."""
    propios = {
        "razon_social": "Personal de Prueba, S.A. de C.V.",
        "nombre_comercial": "Personal de Prueba",
        "direccion": "Calle de la Prueba 1\nCiudad de México",
        "telefono": "+525555550199",
    }
    return Empresa.objects.create(**propios | datos)


def crear_gente() -> SimpleNamespace:
    gente = {n: UsuarioFactory(username=n, **r) for n, r in (COMERCIALES | LECTORES).items()}
    gente |= {
        n: UsuarioFactory(username=n, areas=[codigo], areas__a_cargo=True)
        for n, codigo in DE_AREA.items()
    }
    gente["admin"] = UsuarioFactory(username="admin", admin=True)
    gente["ajena"] = UsuarioFactory(username="ajena")
    crear_empresa()
    return SimpleNamespace(**gente)


def leer_gente() -> SimpleNamespace:
    """The same people, as a new request would read them."""
    return SimpleNamespace(**{u.username: u for u in Usuario.objects.order_by("pk")})
