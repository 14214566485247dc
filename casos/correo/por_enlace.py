"""The signed link of a letter, by which an area answers without entering.

It is made when the letter leaves and is not in the outbox, where others read what was sent. It says who, on
which row, as that row was then: any change of the row ends it, so it answers once. Nothing is kept of it.
"""

from __future__ import annotations

import re
from dataclasses import astuple, dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.crypto import salted_hmac

from casos.actos import ACTOS, DE_UN_CASO, Acto, Sobre
from casos.models import Ajuste, Aviso, Opinion, Usuario

DURA = timedelta(days=7)
SAL = "casos.respuesta-por-enlace"
MODELOS: dict[Any, type[Opinion] | type[Ajuste]] = {Sobre.OPINION: Opinion, Sobre.AJUSTE: Ajuste}
DEL_AREA = "|".join(a.nombre for a in DE_UN_CASO if a.del_area)
LUGAR = "<!-- por enlace -->"  # of the note, in a letter's HTML
PIE = "\n--\n"  # and in its text
NOTA = (
    "El enlace para contestar es solo tuyo: abre la respuesta sin contraseña, sirve una vez y siete días naturales. "
    "No reenvíes este correo: quien lo reciba podría contestar por ti."
)


@dataclass(frozen=True)
class Enlace:
    """What a link says; whether it still holds is asked of the row and of the person."""

    acto: str
    fila: int
    usuario: int
    version: int
    buzon: str  # to which address of theirs it went, and which was their password

    @property
    def a_que_lleva(self) -> Acto:
        return ACTOS[self.acto]

    def firma(self) -> str:
        return signing.dumps(astuple(self), salt=SAL)

    @classmethod
    def leer(cls, firma: str) -> tuple[Enlace, bool]:
        """What it says, and whether its time is over. Raises ``signing.BadSignature``."""
        try:
            return cls(*signing.loads(firma, salt=SAL, max_age=DURA)), False
        except signing.SignatureExpired:
            return cls(*signing.loads(firma, salt=SAL)), True

    def busca(self) -> Opinion | Ajuste | None:
        filas: Any = MODELOS[self.a_que_lleva.sobre].objects
        return filas.filter(pk=self.fila).select_related("area", "caso").first()


def buzon_de(correo: str, usuario: Usuario) -> str:
    """An address and a password without saying them: of either that is no longer the person's, nothing answers.

    Whoever changes their password because somebody reads their mail ends what that mail opens.
    """
    de_quien = f"{correo.casefold()}\n{usuario.password}"
    return salted_hmac(SAL, de_quien, algorithm="sha256").hexdigest()[:16]


def con_enlaces(aviso: Aviso) -> tuple[str, str]:
    """Text and HTML as they leave: to a person of an area that has it so, with the links of that person."""
    usuario = aviso.usuario
    if usuario is None:
        return aviso.texto, aviso.html
    ordinario = re.compile(rf"{re.escape(settings.URL_BASE)}/casos/[A-Z0-9-]+/({DEL_AREA})/(\d+)/")
    firmados = {}
    for hallado in ordinario.finditer(aviso.texto):
        acto, pk = hallado[1], int(hallado[2])
        modelo: Any = MODELOS[ACTOS[acto].sobre]
        version = modelo.objects.filter(pk=pk, area__contesta_por_enlace=True)
        for v in version.values_list("version", flat=True):
            firma = Enlace(acto, pk, usuario.pk, v, buzon_de(aviso.para, usuario)).firma()
            firmados[hallado[0]] = settings.URL_BASE + reverse("por_enlace", args=[firma])
    if not firmados:
        return aviso.texto, aviso.html

    def cambiar(escrito: str) -> str:
        return ordinario.sub(lambda m: firmados.get(m[0], m[0]), escrito)

    texto = cambiar(aviso.texto).replace(PIE, f"\n{NOTA}\n{PIE}", 1)
    return texto, cambiar(aviso.html).replace(LUGAR, NOTA, 1)
