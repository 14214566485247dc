"""What an act is: the class of the blocks of ``actos``. Which acts there are is not said here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, field
from enum import StrEnum

from casos.catalogos import Estado
from casos.flujo import TRANSICIONES
from casos.permisos.cargos import Regla


class Sobre(StrEnum):
    """The row an act is done on, by the name of its model; the others act on the case itself."""

    CASO = ""
    OPINION = "opinion"
    AJUSTE = "ajuste"
    CONSTANCIA = "constancia"
    CITA = "cita"
    CONTACTO = "contacto"
    COMPROBACION = "comprobacion"
    SATISFACCION = "satisfaccion"
    CANDADO = "candado"


class Lugar(StrEnum):
    """Where the case page offers an act that is not the next step."""

    ACCIONES = ""  # among the other actions, or beside its row
    A_LA_MANO = "a_la_mano"  # in the header
    DE_UN_TOQUE = "de_un_toque"  # a press, without a page of its own


DE_FUNDAMENTO = (Sobre.OPINION, Sobre.AJUSTE, Sobre.CONSTANCIA, Sobre.CANDADO)
ICONOS_DE_SECCION = {"7.3": "opinion", "7.5": "propuesta", "7.7": "ajuste", "7.8": "informar"}


@dataclass(frozen=True, eq=False)
class Suceso:
    """Something that the log tells: an act of a person, or what comes about by itself."""

    nombre: str
    seccion: str
    etiqueta: str
    _: KW_ONLY
    icono: str = ""
    tono: str = ""  # how it reads in the timeline: "hecho" or "rechazado"
    secciones: Mapping[str, str] = field(default_factory=dict)  # where it is another's, by state
    relato: str = ""  # how the timeline tells it, where it is not what the message says once done

    def __str__(self) -> str:
        return self.nombre

    def seccion_en(self, estado: str) -> str:
        """Section of the instruction it serves when done from ``estado``."""
        return self.secciones.get(estado, self.seccion)

    @property
    def contado(self) -> str:
        """How the timeline tells it: "Se registró el contacto"."""
        return self.relato or self.etiqueta

    @property
    def dibujo(self) -> str:
        """Name of its icon, in the timeline and on the buttons."""
        return self.dibujo_en(self.seccion)

    def dibujo_en(self, seccion: str) -> str:
        return self.icono or ICONOS_DE_SECCION.get(seccion, "derecha")


@dataclass(frozen=True, eq=False)
class Acto(Suceso):
    """An act of a person: a step of the machine, or one inside a state (``en``)."""

    hecho: str  # "se registró el contacto": what the message says once done
    quien: Regla
    _: KW_ONLY
    abre_caso: bool = False  # 7.1: there is no case yet
    en: tuple[Estado, ...] = ()
    sobre: Sobre = Sobre.CASO
    infinitivo: str = ""  # for "no se puede …" where the button is not an infinitive
    corrige: tuple[str, ...] = ()  # states of its row that are an answer already given (rule 7)
    al_corregir: str = ""  # its button then
    sin_version: bool = False  # makes nobody's page stale and minds nobody's (D§3)
    edita_hoja: bool = False  # counts the case's version without changing its state
    indexa: bool = False  # changes what a search looks at
    peligroso: bool = False  # ends the case: shown apart and last
    # In a state where one looks for it and it is not done: why, and which act is the way instead.
    en_otro: Mapping[Estado, tuple[str, str]] = field(default_factory=dict)
    sin_fundamento: bool = False  # though it is done on such a row
    del_area: bool = False  # the area's own answer, also offered in its panel
    contacto: bool = False  # under *Contactos* in the timeline
    lugar: Lugar = Lugar.ACCIONES
    junto_a: str = ""  # shown beside another, as the other honest answer
    pregunta: str = ""  # a question with several answers, each on its own page …
    explica: str = ""  # … and what is said under it
    # In a list it is opened by its first answer: the field, and what there is to choose.
    se_abre_con: tuple[str, tuple[tuple[str, str], ...]] | None = None

    @property
    def contado(self) -> str:
        return self.relato or self.hecho[0].upper() + self.hecho[1:]

    @property
    def es_transicion(self) -> bool:
        return self.nombre in TRANSICIONES

    @property
    def estados(self) -> tuple[Estado, ...]:
        """States from which it may be done."""
        return self.en or tuple(Estado(e) for e in TRANSICIONES.get(self.nombre, ()))

    @property
    def lleva_fundamento(self) -> bool:
        """Whether its texts are an area's grounds, which not everybody reads (D§5)."""
        return self.sobre in DE_FUNDAMENTO and not self.sin_fundamento

    def etiqueta_para(self, fila: object = None) -> str:
        """The words of its button and page; ``fila`` is the row it is done on."""
        estado = getattr(fila, "estado", None)
        return self.al_corregir if estado in self.corrige else self.etiqueta

    def en_infinitivo(self) -> str:
        """For "no se puede …": "marcar como viable", "dejar de pedir que se deshaga"."""
        return self.infinitivo or self.etiqueta[0].lower() + self.etiqueta[1:]
