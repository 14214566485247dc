"""When two firms' names are nearly equal: what they share once the form of the company is left out.

``parecida`` is kept in a column (``Cliente.razon_social_parecida``) and looked up there. Nearly equal is asked
about, never refused: two companies may be called alike. Equal is ``casos.textos.igual``.
"""

import re

from casos.textos import igual

# After punctuation became spaces: «S.A. de C.V.», «SA DE CV», «S. A. de C. V.» and «SADECV» read alike.
_FORMAS = re.compile(
    r" (?:"
    r"sociedad anonima(?: promotora de inversion)?(?: bursatil)?"
    r"|sociedad (?:civil|cooperativa|de responsabilidad limitada)|asociacion civil"
    r"|s ?a ?p ?i(?: ?b)?|s ?a ?b|s ?a ?s|s ?a|(?:s ?p ?r|s ?c)? ?(?:s ?)?de ?r ?l(?: ?m ?i)?|s ?r ?l"
    r"|s ?c ?p|s ?c|a ?c|a ?b ?p|i ?a ?p|s ?en ?[nc] ?c?|inc|l ?l ?c|ltd|corp"
    r")(?: ?de ?(?:c ?v|capital variable))?(?: ?de ?i ?p)?$"
)
_ENTIDAD = re.compile(r" (?:sofom|sofol)(?: ?e ?n ?r| ?e ?r)?$")
_NO_ES_LETRA = re.compile(r"[\W_]+")


def parecida(razon_social: object) -> str:
    """The name without its company form, punctuation and spaces; empty of what has no letter."""
    plano = " ".join(_NO_ES_LETRA.split(igual(razon_social).replace("&", " y "))).strip()
    nucleo = _ENTIDAD.sub("", plano)
    nucleo = _FORMAS.sub("", nucleo)
    nucleo = _ENTIDAD.sub("", nucleo)
    return nucleo.replace(" ", "")
