"""Search finds the same on every database: folios, fragments, without accents, every word."""

import pytest
from django.db import connection

from casos.busqueda import buscar, normalizar, texto_de_caso
from casos.catalogos import Estado
from casos.models import Caso

from .factories import CasoFactory, ClienteFactory, ContratoFactory


def folios(consulta):
    return set(buscar(Caso.objects.all(), consulta).values_list("folio", flat=True))


@pytest.fixture
def casos(db):
    bajio = ClienteFactory(razon_social="Alimentos del Bajío, S.A.", rfc="ABA850101XY2")
    penon = ClienteFactory(razon_social="Textiles Peñón", nombre_comercial="100%_Algodón")
    CasoFactory(folio="SV-2026-000123", cliente=bajio, solicitud="Bajar la TARIFA nocturna")
    CasoFactory(
        folio="SV-2026-000124",
        cliente=penon,
        estado=Estado.EN_CONTACTO,
        contrato=ContratoFactory(cliente=penon, numero="CT-777", servicio="Jardinería"),
        solicitud="Más plazas de noche",
    )
    CasoFactory(folio="SV-2025-000123", cliente=penon, solicitud="Bajar la tarifa de día")


@pytest.mark.parametrize(
    ("texto", "normal"),
    [
        ("  Bajío\tÑandú ", "bajio nandu"),
        ("STRASSE Straße", "strasse strasse"),
        ("ﬁn Ⅳ", "fin iv"),
        ("a\x00b", "ab"),
        ("", ""),
        (None, ""),
    ],
)
def test_se_normaliza_sin_acentos_ni_mayusculas(texto, normal):
    assert normalizar(texto) == normal


@pytest.mark.parametrize(
    ("consulta", "hallados"),
    [
        ("SV-2026-000123", {"SV-2026-000123"}),
        ("sv 2026 123", {"SV-2026-000123"}),
        ("2025-000123", {"SV-2025-000123"}),
        ("SV-2026-000999", set()),
        ("sv-2026", {"SV-2026-000123", "SV-2026-000124"}),
        ("sv-2026-00012", {"SV-2026-000123", "SV-2026-000124"}),
        ("000123", {"SV-2026-000123", "SV-2025-000123"}),
        ("bajio", {"SV-2026-000123"}),
        ("BAJÍO", {"SV-2026-000123"}),
        ("peñ", {"SV-2026-000124", "SV-2025-000123"}),
        ("aba8501", {"SV-2026-000123"}),
        ("ct-777", {"SV-2026-000124"}),
        ("jardineria noche", {"SV-2026-000124"}),
        ("tarifa penon", {"SV-2025-000123"}),
        ("tarifa jardineria", set()),
        ("100%_", {"SV-2026-000124", "SV-2025-000123"}),
        ("100_%", set()),
        ("%", {"SV-2026-000124", "SV-2025-000123"}),
        ("\\", set()),
        ("' OR 1=1 --", set()),
        ("   ", {"SV-2026-000123", "SV-2026-000124", "SV-2025-000123"}),
    ],
)
def test_se_halla(casos, consulta, hallados):
    assert folios(consulta) == hallados


def test_una_consulta_enorme_no_rompe(casos):
    assert folios("tarifa " * 5000) == {"SV-2026-000123", "SV-2025-000123"}


def test_las_personas_de_contacto_no_se_buscan(db):
    """An auditor would find whom they may not see."""
    caso = CasoFactory()
    caso.persona.nombre = "Zacarías Únicoapellido"
    assert "zacarias" not in texto_de_caso(caso)
    assert normalizar(caso.cliente.razon_social) in texto_de_caso(caso)


@pytest.mark.skipif("connection.vendor != 'postgresql'")
def test_postgresql_busca_fragmentos_con_un_indice(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexdef FROM pg_indexes WHERE indexname = 'busqueda_caso_trigramas'"
        )
        assert "gin_trgm_ops" in cursor.fetchone()[0]
