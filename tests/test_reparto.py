"""The lists of ``tests.reparto`` name tests that are there."""

import pytest

from tests.reparto import CON_OTRO_RELOJ, EN_LAS_DOS, LARGOS, RAIZ


@pytest.mark.parametrize("parte", sorted({*sum(EN_LAS_DOS.values(), CON_OTRO_RELOJ + LARGOS)}))
def test_lo_que_se_nombra_existe(parte):
    archivo, _, prueba = parte.partition("::")
    assert f"def {prueba}" in (RAIZ / archivo).read_text(encoding="utf-8")
