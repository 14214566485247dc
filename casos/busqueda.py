"""Search over the texts kept beside clients and cases: the same meaning on every database (D§4.8).

Text is normalised here, never by the database. Reads only: ``clientes.indice`` keeps the texts, each in three parts
by who may read them: ``texto``, everybody; ``nombres`` (persons of contact, and what a client was called before),
whoever reads persons; ``contacto`` (their telephones and mails), whoever may call them (``permisos.lectura``).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.db.models.functions import Length

from casos import telefonos
from casos.models import Bloqueo, BusquedaCaso, PersonaContacto
from casos.models.cliente import LARGO_DE_PERSONA
from casos.permisos.lectura import TODO_LO_BUSCABLE
from casos.textos import igual

LARGO_CONSULTA = 100
PALABRAS_MAXIMO = 8
CIFRAS_MINIMO, CIFRAS_ENTERO, CIFRAS_NACIONAL = 4, 7, 10
# What a person types for a whole folio: "SV-2026-000123", "sv 2026 123".
_FOLIO = re.compile(r"sv[\s-]*(\d{4})[\s-]+(\d{6}|[1-9]\d{0,5})", re.ASCII)
_RFC_DE_PERSONA = re.compile(r"[A-ZÑ&]{4}[0-9]{6}[A-Z0-9]{3}")
_CALLADOS = re.compile(r"['\"]|(?<!\d)\.|\.(?!\d)")
_SUELTAS = re.compile(r"(?<![^\W_])([^\W\d_]) (?=[^\W\d_](?![^\W_]))")  # "s a de c v"
_PRINCIPIO = re.compile(r"sv-\d{1,4}(?:-\d{0,6})?", re.ASCII)
_ENLACE = re.compile(r"\b(?:mailto|tel|callto):\s*")
_ORILLAS = ".,;:()[]{}<>¿?¡!-_/|*#«»"
# A telephone among other words, however its figures are parted.
_CORRIDA = re.compile(r"(?<!\S)[+(]*\d(?:[\s().+/-]*\d)*\)?[.,;:]?(?!\S)", re.ASCII)
_PARTIDA = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)+")  # "coca-cola"


def normalizar(texto: str) -> str:
    """What is searched and what it is searched in: as names are compared, and without dots or quotes.

    «sa de cv» finds «S.A. de C.V.» and «S. A. de C. V.», and «dangelo» «D'Angelo»; a dot between figures stays.
    """
    plano = " ".join(_CALLADOS.sub("", igual(texto or "")).split())
    return re.sub(r" ?& ?", "&", _SUELTAS.sub(r"\1", plano))


def cifras_de(telefono: str) -> str:
    """The figures of those kept, each followed by a blank, so that the last ones are found as such."""
    numeros = telefono.split(",") if telefonos.es_guardado(telefono) else [telefono]
    cifras = [re.sub(r"\D", "", n.partition(";")[0]) for n in numeros]
    return "".join(f"{c} " for c in cifras if c)


@dataclass(frozen=True)
class Termino:
    """What must be found: all these words, or written otherwise, or a telephone with these figures."""

    palabras: tuple[str, ...]
    otra: str = ""
    cifras: str = ""

    def en(self, columnas: Mapping[str, str]) -> Q:
        """Figures are those of a telephone in ``contacto``, not a piece of any that is there."""
        donde = [c for parte, c in columnas.items() if parte != "contacto" or not self.cifras]
        q = Q()
        for palabra in self.palabras:
            q &= _en_alguna(donde, palabra)
        if self.otra:
            q |= _en_alguna(donde, self.otra)
        if self.cifras and "contacto" in columnas:
            q |= Q(**{f"{columnas['contacto']}__contains": self.cifras})
        return q

    def salta_a_la_vista(self, minusculas: str) -> bool:
        """Whether plain words are there as they were typed: then they are there however the text is normalised."""
        return all(p.isascii() and p.isalnum() and p in minusculas for p in self.palabras)

    def esta_en(self, normal: str) -> bool:
        return all(p in normal for p in self.palabras) or bool(self.otra and self.otra in normal)

    def es_de(self, telefono: str) -> bool:
        """Whether a kept telephone is meant."""
        cifras = cifras_de(telefono)
        return self.cifras in cifras if self.cifras else self.esta_en(cifras)


def _en_alguna(columnas: Iterable[str], fragmento: str) -> Q:
    q = Q()
    for columna in columnas:
        q |= Q(**{f"{columna}__contains": fragmento})
    return q


def terminos(consulta: str) -> list[Termino]:
    """What is asked for, in parts that must all be found; empty where nothing is."""
    normal = _ENLACE.sub("", normalizar(consulta))[:LARGO_CONSULTA]
    try:
        guardado = telefonos.leer(consulta)
    except ValidationError:
        guardado = ""
    if guardado and "," not in guardado:
        return [Termino(tuple(_palabras(normal)), cifras=_buscadas(cifras_de(guardado).strip()))]
    partes, desde = [], 0
    for corrida in _CORRIDA.finditer(normal):
        cifras = re.sub(r"\D", "", corrida[0])
        if len(cifras) >= CIFRAS_MINIMO:
            partes += [Termino((p,), _otra(p)) for p in _palabras(normal[desde : corrida.start()])]
            partes.append(Termino(tuple(_palabras(corrida[0])), cifras=_buscadas(cifras)))
            desde = corrida.end()
    partes += [Termino((p,), _otra(p)) for p in _palabras(normal[desde:])]
    # Of punctuation alone: as it is.
    return (partes or [Termino((p,)) for p in normal.split()])[:PALABRAS_MAXIMO]


def _palabras(normal: str) -> list[str]:
    return [p for palabra in normal.split() if (p := palabra.strip(_ORILLAS))][:PALABRAS_MAXIMO]


def _otra(palabra: str) -> str:
    return palabra.replace("-", " ") if _PARTIDA.fullmatch(palabra) else ""


def _buscadas(cifras: str) -> str:
    """Without the prefixes of before; of a few, those that a telephone ends in."""
    return cifras[-CIFRAS_NACIONAL:] if len(cifras) >= CIFRAS_ENTERO else f"{cifras} "


def rfc_buscable(rfc: str) -> str:
    """A natural person's is not found by parts: piece by piece it would tell what is masked."""
    return "" if len(rfc) == LARGO_DE_PERSONA else rfc


def es_rfc_de_persona(consulta: str) -> bool:
    return bool(_RFC_DE_PERSONA.fullmatch((consulta or "").strip().upper()))


def es_folio(consulta: str) -> bool:
    normal = normalizar(consulta)
    return bool(_FOLIO.fullmatch(normal) or _PRINCIPIO.fullmatch(normal))


def sin_personas(filas: QuerySet, rfc: str) -> QuerySet:
    """Whoever reads no personal data finds no natural person by words: their name would be told."""
    return filas.annotate(largo_del_rfc=Length(rfc)).filter(largo_del_rfc__lt=LARGO_DE_PERSONA)


def con_todos(textos: QuerySet, consulta: str, columnas: Mapping[str, str]) -> QuerySet:
    """Rows with every part of ``consulta`` in these columns; none where it asks for nothing."""
    partes = terminos(consulta)
    for parte in partes:
        textos = textos.filter(parte.en(columnas))
    return textos if partes else textos.none()


DE_CLIENTE = {"texto": "texto_busqueda", "nombres": "texto_nombres", "contacto": "texto_contacto"}


def buscar_clientes(
    clientes: QuerySet, consulta: str, partes: tuple[str, ...] = TODO_LO_BUSCABLE
) -> QuerySet:
    """Clients whose RFC it is, or that hold every word as a fragment."""
    if not (consulta or "").strip():
        return clientes
    if es_rfc_de_persona(consulta):
        return clientes.filter(rfc=consulta.strip().upper())
    if "nombres" not in partes:
        clientes = sin_personas(clientes, "rfc")
    return con_todos(clientes, consulta, {parte: DE_CLIENTE[parte] for parte in partes})


def buscar(casos: QuerySet, consulta: str, partes: tuple[str, ...] = TODO_LO_BUSCABLE) -> QuerySet:
    """Cases whose folio it is or begins with it; otherwise those that hold every word as a fragment."""
    if not (consulta or "").strip():
        return casos
    if es_rfc_de_persona(consulta):
        return casos.filter(cliente__rfc=consulta.strip().upper())
    normal = normalizar(consulta)[:LARGO_CONSULTA]
    if hallado := _FOLIO.fullmatch(normal):
        return casos.filter(folio=f"SV-{hallado[1]}-{int(hallado[2]):06d}")
    if _PRINCIPIO.fullmatch(normal):
        return casos.filter(folio__startswith=normal.upper())
    if "nombres" not in partes:
        casos = sin_personas(casos, "cliente__rfc")
    # Apart from the cases: the narrow table of texts is read alone, not beside each whole case.
    textos = con_todos(
        BusquedaCaso.objects.values("caso_id"), consulta, {parte: parte for parte in partes}
    )
    return casos.filter(pk__in=textos)


def buscar_personas(consulta: str) -> QuerySet[PersonaContacto]:
    """Contact persons by their number, name, mail or telephone, also of who is blocked.

    For who looks after privacy only: of who is blocked nobody else reads any of it.
    """
    palabras = igual(consulta).split()[:PALABRAS_MAXIMO]
    personas = PersonaContacto.objects.select_related("cliente", "bloqueo")
    personas = personas.order_by("nombre_igual", "pk")
    if not palabras:
        return personas.none()
    # Few at a time, and their rows say another name: they are compared one by one.
    apartados = [
        b.pk
        for b in Bloqueo.objects.only("nombre", "correo")
        if all(p in igual(f"{b.nombre} {b.correo}") for p in palabras)
    ]
    hay, nombre, correo = Q(pk__in=apartados), Q(), Q()
    for palabra in palabras:
        nombre &= Q(nombre_igual__contains=palabra)
        correo &= Q(correo__icontains=palabra)
    hay |= nombre | correo
    cifras = re.sub(r"\D", "", _como_telefono(consulta))
    if len(cifras) >= CIFRAS_MINIMO:
        hay |= Q(telefono__contains=cifras) | Q(bloqueo__telefono__contains=cifras)
    if consulta.strip().isascii() and consulta.strip().isdecimal() and len(consulta.strip()) < 10:
        hay |= Q(pk=int(consulta))
    return personas.filter(hay)


def _como_telefono(consulta: str) -> str:
    """As it is kept, where it is a whole one."""
    if not re.fullmatch(r"[\d\s().+/-]+", consulta.strip(), re.ASCII):
        return ""
    try:
        return telefonos.leer(consulta).partition(",")[0].partition(";")[0]
    except ValidationError:
        return consulta
