"""What a text is, whatever door it came through: what looks empty is empty, what looks equal is equal.

Every form field passes ``limpio`` or ``en_un_renglon`` (``formularios/palabras.py``), and so does each cell of a
workbook; names are compared by ``igual``, kept in a column of their own (``models/claves.py``).
"""

import unicodedata

import regex

_SALTOS = regex.compile(r"\r\n|[\r\v\f\x85\u2028\u2029]")
# A joiner shapes an emoji or a script that joins its letters; anywhere else it is invisible.
_UNIDOR_UTIL = r"(?<=[\p{Extended_Pictographic}\uFE0F\p{Emoji_Modifier}\p{Arabic}\p{Syriac}\p{Mn}])[\u200C\u200D](?=[\p{L}\p{Extended_Pictographic}])"  # noqa: E501
_SELECTOR_UTIL = r"(?<=[\p{Emoji}\p{Extended_Pictographic}])[\uFE0E\uFE0F]"
# Controls, what turns the direction of writing, what takes no room, halves of characters, and no characters.
_INVISIBLES = regex.compile(
    rf"({_UNIDOR_UTIL}|{_SELECTOR_UTIL})"
    r"|[[\p{Cc}--[\n\t]]\p{Cf}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\p{Cs}\p{Noncharacter_Code_Point}]",
    regex.VERSION1,
)
_ESPACIOS = regex.compile(r"[\p{Zs}\u2800]")  # the blank of Braille too
_SE_VE = regex.compile(r"[\p{L}\p{N}\p{P}\p{S}\p{Co}]")
_DICE_ALGO = regex.compile(r"[\p{L}\p{N}]")
_MARCAS = regex.compile(r"\p{M}")
# What a program or a person writes where there is nothing to write.
NO_ES_DATO = frozenset(
    "n/a na n.a. n.a n/d nd n.d. s/d sd s/n null none nil nan nat undefined #n/a #n/d #na #null! #ref! #value! "
    "#¡valor! #¡ref! #name? #¿nombre? #div/0! #¡div/0! #num! #¡num! xx xxx xxxx".split()
)
_SIGNOS = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛ʼʻ`´′＇", "'"),
        **dict.fromkeys("“”„‟«»″＂", '"'),
        **dict.fromkeys("‐‑‒–—―−﹘﹣－", "-"),
        "…": "...", "·": ".", "⁄": "/", "∕": "/",
    }
)  # fmt: skip
# Cyrillic and Greek letters that are drawn as Latin ones.
_PARECIDAS = str.maketrans(
    "абвгдеёзіїјклмнорстухуѕԁһԛԝґαβεζηικμνορτυχγ",
    "aбbгдeeзiijkлmhopctyxysdhqwгaβezhikmvoptuxy",
)


def limpio(texto: object) -> str:
    """A text of several lines as it is kept: NFC, one kind of line end and of space, nothing invisible."""
    con_saltos = _SALTOS.sub("\n", unicodedata.normalize("NFC", str(texto)))
    visible = _INVISIBLES.sub(lambda m: m[1] or "", _ESPACIOS.sub(" ", con_saltos))
    junto = unicodedata.normalize("NFC", visible)  # what stood apart by something invisible
    limpio = "\n".join(renglon.rstrip() for renglon in junto.split("\n")).strip()
    return limpio if _SE_VE.search(limpio) else ""


def en_un_renglon(texto: object) -> str:
    """One line: in a letter, a second one would pass for a paragraph of ours."""
    return " ".join(limpio(texto).split())


def punto(texto: object) -> str:
    """A sentence's end: «S.A. de C.V.» already has its dot."""
    dicho = str(texto)
    return dicho if dicho.endswith((".", "?", "!", "…")) else f"{dicho}."


def largo(texto: str) -> int:
    """As a browser counts ``maxlength``: an emoji is two."""
    return len(texto) + sum(c > "\uffff" for c in texto)


def igual(texto: object) -> str:
    """What two texts have in common that a person would call the same: compared, never shown.

    Case, accents, width, and the forms of quotes, dashes and look-alike letters do not count.
    """
    ancho = unicodedata.normalize("NFKC", en_un_renglon(texto).translate(_SIGNOS))
    plano = _MARCAS.sub("", unicodedata.normalize("NFKD", ancho.casefold()))
    return " ".join(_sin_parecidas(plano.translate(_SIGNOS)).split())


def _sin_parecidas(texto: str) -> str:
    return texto if texto.isascii() else texto.translate(_PARECIDAS)


def es_dato(texto: object) -> bool:
    """Whether it says something: ``-``, ``.``, ``N/A`` and an error of a workbook do not."""
    clave = igual(texto)
    return bool(_DICE_ALGO.search(clave)) and clave not in NO_ES_DATO
