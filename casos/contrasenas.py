"""A password that whoever knows the firm, the person or the language would try first is none.

Django's own list of common passwords is English. No accounts here: one validator of ``settings``.
"""

import re

from django.conf import settings
from django.core.exceptions import ValidationError

from casos.textos import igual

QUEDAN = 4  # letters and figures, or different signs, that must be left without the known words
VARIAS = 5  # known words that together are nobody's first guess
# Of the product, of an office, and of what people here choose.
CONOCIDAS = frozenset(
    """
    seguimiento venta ventas cliente clientes contrato contratos caso casos juridico finanzas nominas nomina
    operaciones reclutamiento seleccion calidad auditor gerente gerencia direccion general atencion comercial
    contrasena clave secreto secreta password pass acceso entrar usuario admin administrador administracion sistema
    sistemas soporte prueba pruebas temporal cambiame cambiar inicio demo hola adios bienvenido bienvenida bienvenidos
    empresa oficina trabajo equipo personal recursos humanos mexico mexicano mexicana cdmx monterrey guadalajara puebla
    enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre lunes martes miercoles
    jueves viernes sabado domingo primavera verano otono invierno navidad
    juan jose maria guadalupe carlos luis miguel jesus francisco alejandro fernando ricardo eduardo roberto javier
    daniel rosa patricia laura veronica gabriela claudia leticia martha adriana sofia valentina ximena
    america chivas pumas tigres rayados cruzazul azul toluca santos leon aguilas seleccion futbol
    amor teamo tequiero micorazon corazon mivida vida familia hijo hija hijos bebe princesa reina rey angel dios cristo
    virgen morenita amigo amiga amigos gato gatito perro perrito luna sol estrella cielo rojo verde negro blanco
    viva mucho mucha nuevo nueva barcelona real madrid realmadrid cerveza tequila iloveyou love you pass word zaqwsx
    qwerty qwertyuiop asdf asdfgh asdfghjkl zxcvbn zxcvbnm abcd abcde abcdef
    """.split()
)
_PARTES = re.compile(r"[\W_]+")
_CORRIDOS = re.compile(
    r"0?123(?:4(?:5(?:6(?:7(?:89?0?)?)?)?)?)?|(?:(?:(?:(?:(?:9?8)?7)?6)?5)?4)?321|(.)\1{2,}|(?:19|20)\d\d"
)
_FECHA_O_NUMERO = re.compile(r"[\d\s./:_-]+")
_CIFRAS_POR_LETRAS = str.maketrans("013457@$", "oieastas")


class SinPalabrasConocidas:
    """Refuses one made of words of the product, the firm, the person or the language, and figures in a row."""

    def validate(self, password: str, user: object = None) -> None:
        """Raises ``ValidationError`` in Spanish."""
        if not password.strip():
            raise ValidationError("Una contraseña de puros espacios no protege nada.")
        palabras = CONOCIDAS | _propias(user)
        escrita = igual(password)
        # «M3x1c0» is «Mexico» to whoever tries.
        for texto in (escrita, _CORRIDOS.sub("", escrita).translate(_CIFRAS_POR_LETRAS)):
            if _FECHA_O_NUMERO.fullmatch(password) or _lo_que_queda(texto, palabras) < QUEDAN:
                raise ValidationError(
                    "Está hecha de palabras o números que cualquiera probaría: agrega otras que solo tú sepas."
                )

    def get_help_text(self) -> str:
        return "No uses palabras de la empresa, del sistema ni tu nombre."


def _propias(user: object) -> set[str]:
    """Words of the person's names and addresses, and of the site."""
    datos = [getattr(user, c, "") for c in ("username", "first_name", "last_name", "email")]
    palabras = {p for d in [*datos, settings.URL_BASE] for p in _PARTES.split(igual(d or ""))}
    return {p for p in palabras if len(p) > 2}


def _lo_que_queda(texto: str, palabras: set[str] | frozenset[str]) -> int:
    """How much is no known word, nor figures in a row; the longest words first. Many words are a phrase."""
    plano, signos = _PARTES.sub("", texto), set("".join(_PARTES.findall(texto))) - {" "}
    dichas = 0
    for palabra in sorted((p for p in palabras if p in plano), key=len, reverse=True):
        dichas += palabra in plano
        plano = plano.replace(palabra, "")
    de_sobra = QUEDAN if dichas >= VARIAS else 0
    return len(_CORRIDOS.sub("", plano)) + len(signos) + de_sobra
