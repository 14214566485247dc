"""A text with the persons' names covered: each has one stand-in, the same wherever they are named.

The client's persons, our people, their mails and telephones; in what somebody typed, also part of a name alone. It
covers too much rather than too little: a word that is also somebody's surname is covered. What nobody's record holds
(a nickname, somebody of a third firm) is not known, and stays: the cover of the file says so.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from casos.models import Caso, Cliente, PersonaContacto, Rastro, TextoEvento, Usuario
from casos.permisos.lectura import DATO_PERSONAL
from casos.textos import limpio

CORREO = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
TELEFONO = re.compile(r"(?<![\w-])\+?\(?\d(?:[ ().-]{0,2}\d){9,12}(?![\w-])")
CORREO_CUBIERTO, TELEFONO_CUBIERTO = "«correo»", "«teléfono»"
# Of a name, what alone tells nobody.
SUELTAS = frozenset("de del la las los el y e san santa da dos van von di mac".split())
LARGO_DE_UNA_PARTE = 3
MAS_NO_DICEN = 3  # persons of one name: more tell nobody
Nombres = Iterable[tuple[str, str]]


class NombresCubiertos:
    """Covers what is known of the persons of one case.

    ``nombres``: what they are called, and what stands for them. ``partes``: of whom part of the name tells too.
    """

    def __init__(self, nombres: Nombres, partes: Nombres = (), sueltos: Iterable[str] = ()):
        enteros: dict[str, set[str]] = defaultdict(set)
        de_cada: dict[str, set[str]] = defaultdict(set)
        for texto in sueltos:
            if len(texto) > LARGO_DE_UNA_PARTE:
                enteros[" ".join(_palabras(texto))].add(DATO_PERSONAL)
        for nombre, suplente in nombres:
            clave = " ".join(_palabras(nombre))
            enteros[clave] = enteros[clave] - {DATO_PERSONAL} | {suplente}
        for nombre, suplente in partes:
            for palabra in _palabras(nombre):
                if len(palabra) >= LARGO_DE_UNA_PARTE and palabra not in SUELTAS:
                    de_cada[palabra].add(suplente)
        self._enteros, self._partes = _Buscado(enteros), _Buscado(de_cada)

    def en_lo_dicho(self, texto: str) -> str:
        """What somebody typed: also mails, telephones and parts of a name."""
        cubierto = CORREO.sub(CORREO_CUBIERTO, self(texto))
        return self._partes.cubrir(TELEFONO.sub(TELEFONO_CUBIERTO, cubierto))

    def __call__(self, texto: str) -> str:
        return self._enteros.cubrir(limpio(texto))

    def en_todo(self, valor: Any) -> Any:
        """Every text of what is to be printed."""
        if isinstance(valor, str):
            return self(valor)
        if isinstance(valor, dict):
            return {
                k: v if k in ("tipo", "plantilla") else self.en_todo(v) for k, v in valor.items()
            }
        if isinstance(valor, list | tuple):
            return [self.en_todo(v) for v in valor]
        return valor


class _Buscado:
    """Sequences of words, found whatever their case, accents and what stands between them."""

    def __init__(self, de_cada: dict[str, set[str]]):
        self.de_cada = {
            clave: " o ".join(sorted(de)) if len(de) <= MAS_NO_DICEN else DATO_PERSONAL
            for clave, de in de_cada.items()
            if clave
        }
        largos = sorted(self.de_cada, key=lambda c: (-len(c), c))
        # A digit after a whole name makes no other name («ana.ruiz2»); beside one word it may: digests.
        alternativas = (
            r"[\W_]+".join(map(re.escape, c.split())) + ("" if " " in c else r"(?!\d)")
            for c in largos
        )
        junto = "|".join(alternativas)
        self.patron = re.compile(rf"(?<![^\W_])(?:{junto})(?![^\W\d_])") if junto else None

    def cubrir(self, texto: str) -> str:
        if self.patron is None:
            return texto
        plano, lugares = _plano(texto)
        partes, desde = [], 0
        for hallado in self.patron.finditer(plano):
            inicio, fin = lugares[hallado.start()], lugares[hallado.end()]
            partes += [texto[desde:inicio], self.de_cada[" ".join(_palabras(hallado[0]))]]
            desde = fin
        return "".join([*partes, texto[desde:]])


def _plano(texto: str) -> tuple[str, list[int]]:
    """Without accents or capitals, and where each of its letters stood; one more for the end."""
    letras, lugares = [], []
    for i, letra in enumerate(texto):
        for suya in unicodedata.normalize("NFKD", letra).casefold():
            if not unicodedata.combining(suya):
                letras.append(suya)
                lugares.append(i)
    return "".join(letras), [*lugares, len(texto)]


def _palabras(nombre: str) -> list[str]:
    return re.findall(r"[^\W_]+", _plano(limpio(nombre))[0])


def suplente_de(persona: PersonaContacto | Usuario) -> str:
    """What stands for somebody: of the client's, what an auditor reads on every page."""
    clase = "Persona" if isinstance(persona, PersonaContacto) else "Colaborador"
    return f"{clase} {persona.pk}"


def de_este_caso(caso: Caso, nuestros: set[int]) -> NombresCubiertos:
    """Of all whom we know at its client and in our firm; ``nuestros``: who of these is in the case. Five statements."""
    partes, llamados, dichos = _de_los_clientes([caso])
    nombres = [*partes, *llamados]
    for u in Usuario.objects.only("username", "first_name", "last_name"):
        suyo = (str(u), suplente_de(u))
        nombres.append(suyo)
        if u.pk in nuestros:
            partes.append(suyo)
    return NombresCubiertos(nombres, partes, dichos)


def de_sus_clientes(casos: Iterable[Caso]) -> NombresCubiertos:
    """Of whom we know at the clients of some cases; our own people stay. Four statements, however many cases."""
    partes, llamados, dichos = _de_los_clientes(casos)
    return NombresCubiertos([*partes, *llamados], partes, dichos)


def _de_los_clientes(
    casos: Iterable[Caso],
) -> tuple[list[tuple[str, str]], list[tuple[str, str]], list[str]]:
    """The persons with what stands for them, natural persons who are clients, and what the log says of persons."""
    suyos = list(casos)
    clientes = {c.cliente_id for c in suyos}
    suyas = Q(cliente__in=clientes) | Q(pk__in={c.persona_id for c in suyos if c.persona_id})
    # Of who is blocked the row says no name: it stands apart, and still in what was written.
    personas = PersonaContacto.objects.filter(suyas, suprimida_en=None).select_related("bloqueo")
    partes = [(getattr(p, "bloqueo", p).nombre, suplente_de(p)) for p in personas]
    antes = Rastro.objects.filter(persona__cliente__in=clientes, campo="nombre", suprimido_en=None)
    for pk, viejo, nuevo in antes.values_list("persona", "antes", "despues"):
        partes += [(viejo, f"Persona {pk}"), (nuevo, f"Persona {pk}")]
    # Read again: whoever draws a page for an auditor has put the stand-in where the name was.
    llamados = [
        (como, f"Cliente {c.pk}")
        for c in Cliente.objects.filter(pk__in=clientes)
        if c.es_persona_fisica
        for como in (c.razon_social, c.nombre_comercial, c.rfc)
    ]
    de_personas = TextoEvento.objects.filter(
        evento__caso__in=[c.pk for c in suyos], personal=True, suprimido_en=None
    )
    return partes, llamados, list(de_personas.values_list("texto", flat=True))
