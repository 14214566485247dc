"""Every address × every kind of person. An address that is not in the table fails the test."""

import pytest
from django.urls import reverse

from casos.catalogos import Estado
from casos.models import Aviso
from casos.urls import urlpatterns
from tests.guion import Guion
from tests.personas import NOMBRES

COMERCIALES = {"ventas", "ventas2", "gerente", "atencion", "direccion"}
AREAS = {"juridico", "dh", "operaciones", "finanzas", "nominas", "rys"}
LECTORES = {"calidad", "auditor"}
TODOS = set(NOMBRES)
VEN_EL_CASO = (TODOS - {"atencion", "ajena", *AREAS}) | {"finanzas"}
VEN_CLIENTES = COMERCIALES | LECTORES | {"admin", "finanzas"}
EDITAN = COMERCIALES | {"admin"}
GERENCIA = {"gerente", "direccion", "admin"}
PANEL = {"gerente", "admin", *AREAS}

# name → (arguments, who gets 200, what the others get). 405: only by POST.
TABLA = {
    "pendientes": ((), TODOS, None),
    "casos": ((), TODOS, None),
    "casos_exportar": ((), TODOS, None),
    "casos_asignar": ((), set(), 405),
    "vista_guardar": ((), set(), 405),
    "vista_borrar": (("pk",), set(), 405),
    "nuevo": ((), COMERCIALES, 403),
    "caso": (("folio",), VEN_EL_CASO, 404),
    "paso": (("folio", "anotar"), VEN_EL_CASO - LECTORES - {"admin"}, {404: {"atencion", "ajena"} | (AREAS - {"finanzas"}), 403: LECTORES | {"admin"}}),
    "paso_objeto": (("folio", "opinar", "opinion"), {"finanzas"}, {404: {"atencion", "ajena"} | (AREAS - {"finanzas"}), 403: (COMERCIALES - {"atencion"}) | LECTORES | {"admin"}}),
    "archivo": (("999999",), set(), 404),
    "clientes": ((), TODOS, None),
    "cliente": (("cliente",), VEN_CLIENTES, 404),
    "cliente_nuevo": ((), EDITAN, 403),
    "cliente_editar": (("cliente",), EDITAN, 403),
    "cliente_fusionar": (("cliente",), GERENCIA, 403),
    "contrato_nuevo": (("cliente",), EDITAN, 403),
    "contrato_terminar": (("cliente", "contrato"), GERENCIA, 403),
    "persona_nueva": (("cliente",), EDITAN, 403),
    "persona_editar": (("cliente", "persona"), EDITAN, 403),
    "persona_suprimir": (("cliente", "persona"), GERENCIA, 403),
    "avisos": ((), TODOS, None),
    "aviso": (("aviso",), VEN_EL_CASO, 404),
    "aviso_reenviar": (("aviso",), set(), 405),
    "procedimiento": ((), TODOS, None),
    "cuenta": ((), TODOS, None),
    "suplencia_nueva": ((), TODOS, None),
    "suplencia_terminar": (("1",), set(), 404),
    "account_email": ((), set(), 302),
    "account_email_verification_sent": ((), set(), 302),
    "account_confirm_email": (("x",), set(), 302),
    "falta_configurar": ((), {"gerente", "admin"}, 403),
    "salud": ((), TODOS, None),
}  # fmt: skip
SIN_ENTRAR = {"salud"}


@pytest.fixture
def mundo(personas):
    caso = Guion(personas).hasta(Estado.EN_ANALISIS)
    valores = {
        "folio": caso.folio,
        "cliente": caso.cliente_id,
        "contrato": caso.contrato_id,
        "persona": caso.persona_id,
        "opinion": caso.hechos.opiniones[0].pk,
        "aviso": Aviso.objects.filter(caso=caso).first().pk,
        "pk": 1,
    }
    return personas, valores


def propias() -> set:
    """Names of the product's own addresses, from the resolver."""
    return {p.name for p in urlpatterns}


def test_la_tabla_nombra_todas_las_direcciones():
    assert propias() == set(TABLA)


@pytest.mark.parametrize("nombre", sorted(TABLA))
def test_cada_direccion_para_cada_persona(mundo, client, nombre):
    personas, valores = mundo
    argumentos, entran, los_demas = TABLA[nombre]
    url = reverse(nombre, args=[valores.get(a, a) for a in argumentos])
    anonima = client.get(url)
    if nombre in SIN_ENTRAR:
        assert anonima.status_code == 200
    else:
        assert anonima.status_code == 302
        assert anonima.url.startswith("/cuenta/login/?next=")
    obtenido, esperado = {}, {}
    for quien in NOMBRES:
        client.force_login(getattr(personas, quien))
        obtenido[quien] = client.get(url).status_code
        if quien in entran:
            esperado[quien] = 200
        elif isinstance(los_demas, dict):
            esperado[quien] = next(c for c, gente in los_demas.items() if quien in gente)
        else:
            esperado[quien] = los_demas
    assert obtenido == esperado


@pytest.mark.parametrize("quien", NOMBRES)
def test_el_panel_para_cada_persona(mundo, client, quien):
    personas, _ = mundo
    client.force_login(getattr(personas, quien))
    assert (client.get("/admin/").status_code == 200) == (quien in PANEL)
