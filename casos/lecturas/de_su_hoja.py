"""Of a case that came in open from a workbook: which row it was, and where it stood there. Reads only."""

from __future__ import annotations

from casos.expediente import Expediente
from casos.models import TextoEvento, Usuario
from casos.permisos.lectura import texto_para

CAMPOS = ("donde_va", "referencia", "viene_de")  # of ``TraerForm``


def de_su_hoja(exp: Expediente, usuario: Usuario) -> list[tuple[str, str]]:
    """What each is called, and what it says. One statement, of those that came in so."""
    if not exp.caso.primer_plazo_fecha:
        return []
    textos = TextoEvento.objects.filter(
        evento__caso=exp.caso, evento__numero=1, campo__in=CAMPOS
    ).order_by("campo")
    return [(t.etiqueta, texto_para(t, exp.caso, usuario)) for t in textos]
