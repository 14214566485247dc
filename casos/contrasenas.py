"""A password that whoever knows the firm, the person or the language would try first is none.

Django's own list of common passwords is English. No accounts here: one validator of ``settings``.
"""

import re

from django.conf import settings
from django.core.exceptions import ValidationError

from casos.textos import igual

QUEDAN = 4  # letters and figures that must be left once the known words are taken out
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
    qwerty qwertyuiop asdf asdfgh asdfghjkl zxcvbn zxcvbnm abcd abcde abcdef
    """.split()
)
_PARTES = re.compile(r"[^a-z0-9]+")
_CORRIDOS = re.compile(
    r"0123456789|123456789|12345678|1234567|123456|12345|1234|123|(.)\1{2,}|(?:19|20)\d\d"
)
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
            if len(_lo_que_queda(texto, palabras)) < QUEDAN:
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


def _lo_que_queda(texto: str, palabras: set[str] | frozenset[str]) -> str:
    """What is not a known word, nor figures in a row; the longest words first."""
    plano = _PARTES.sub("", texto)
    for palabra in sorted((p for p in palabras if p in plano), key=len, reverse=True):
        plano = plano.replace(palabra, "")
    return _CORRIDOS.sub("", plano)
