"""What somebody who knows the firm, the person or the language would try first is no password."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from casos.models import Usuario

ANA = Usuario(
    username="ana.lopez",
    first_name="Ana Sofía",
    last_name="López Núñez",
    email="ana@cuernavaca.example",
)


@pytest.mark.parametrize(
    "facil",
    ["contraseña", "Contraseña1", "seguimiento", "administrador", "hola12345", "sistema1", "demodemo1", "Mexico2026!",
     "        ", "M3x1c02026", "Ventas-2026", "BienvenidoJuan", "qwerty123456", "Diciembre.2026", "teamomaria",
     "López2026", "cuernavaca99", "Núñez Núñez", "aaaaaaaaaa", "nóminas 123", "gerente gerente", "15/09/1985", "teamomucho12", "vivamexico2026", "barcelona2026", "realmadrid10", "iloveyou2026", "987654321abc", "1985-09-15 2"],
)  # fmt: skip
def test_se_rechaza(facil):
    with pytest.raises(ValidationError):
        validate_password(facil, ANA)


@pytest.mark.parametrize(
    "buena",
    [
        "caballo-pila-grapa",
        "Zx9!uvQ2",
        "el tren de las 7 llegó",
        "venta de garage azulejo",
        "p4rr4nd4s-feb",
        "}$%&)*7@(_]x+=",
        "!#$%&/()=?¡*k9",
        "密码很长很长很长ab1",
        "gato luna verde perro estrella rosa",
    ],
)
def test_se_acepta(buena):
    validate_password(buena, ANA)


def test_dice_que_hacer(client, personas):
    client.force_login(personas.ventas)
    client.post("/cuenta/reauthenticate/", {"password": "demo"})
    datos = {"oldpassword": "demo", "password1": "Mexico2026!", "password2": "Mexico2026!"}
    respuesta = client.post("/cuenta/password/change/", datos)
    assert "cualquiera probaría" in respuesta.content.decode()
    personas.ventas.refresh_from_db()
    assert personas.ventas.check_password("demo")
