"""How many wrong passwords and codes are heard, and from whom.

A wrong one closes the *pair* of account and address at once; never a device that has signed in before as
that person, which has a count of its own. Many from one address, or at one account, make narrow: each pair is
heard once then, so that who is right enters. Only many more, which one place cannot send, close. A try
counts once it has been found wrong. The limits by address count failures alone.

Counted in the cache: what it may lose is a delay for who guesses, never somebody's work.
"""

import time
from dataclasses import dataclass
from enum import Enum

from allauth.account.internal.userkit import get_user_by_username
from allauth.core.internal.ratelimit import cache_lock
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from .dispositivos import dispositivo_de, red_de


@dataclass(frozen=True)
class Limite:
    """At most ``cuantos`` failures in so many seconds; each is forgotten by itself."""

    cuantos: int
    segundos: int


POR_PAR = Limite(5, 5 * 60)  # and so for a device that is known
POR_CUENTA = Limite(50, 60 * 60)  # from here on each pair is heard once
CUENTA_CERRADA = 200  # in the same time
DE_UNA_DIRECCION = 5  # of the account's: to close it takes forty
POR_DIRECCION = Limite(30, 60)  # whatever the accounts: the same
DIRECCION_CERRADA = 120  # in the same time: the server has its work to do
CARTAS = Limite(6, 60 * 60)  # of recovery, to one address of mail
DE_UN_LUGAR = 2  # of those: who asks in another's name leaves letters for the owner
SON_UNA_SERIE = 5  # from here on the person is told
ENLACES = Limite(60, 10 * 60)  # of letters that did not hold, from one address
CODIGO = "codigo:"  # of the second factor: a count apart
EN_CURSO = 15  # seconds that a try may take; one that a crash cut is forgotten then


class Cerrado(Enum):
    CUENTA = "la cuenta"
    DIRECCION = "la dirección"


class Intento:
    """One try of a password or a code: ``empezar``, and then how it went. The same work whoever is meant."""

    def __init__(self, peticion: HttpRequest, nombre: str, que: str = ""):
        self.usuario = get_user_by_username(nombre)
        self.red = red_de(peticion)
        self.dispositivo = dispositivo_de(peticion, self.usuario) if self.usuario else ""
        # With the password in it, who chooses another one starts anew.
        clave = self.usuario.password if self.usuario else ""
        self.cuenta = salted_hmac(__name__, f"{nombre.lower()}\0{clave}").hexdigest()
        self._par = f"{que}par:{self.cuenta}:{self.dispositivo or self.red}"
        self._en_la_cuenta = f"{que}cuenta:{self.cuenta}"
        self._en_la_red = f"{que}direccion:{self.red}"
        # Of codes there are a million, and who tries them has the password: no second chance by many.
        self._cierra_la_cuenta = POR_CUENTA.cuantos if que == CODIGO else CUENTA_CERRADA
        self._lugar = 0

    def empezar(self) -> Cerrado | None:
        """Why it is not heard; or takes one of the places that a wrong one would keep."""
        se_oyen, por_que = self._cuantos_se_oyen()
        for n in range(se_oyen):
            # Two at once never take the same one: what is heard at a time is limited too.
            if cache.add(self._ranura(n), 1, EN_CURSO):
                self._lugar = n
                return None
        return por_que

    def _cuantos_se_oyen(self) -> tuple[int, Cerrado]:
        """Of this pair, and what it is that closes."""
        se_oyen, por_que = POR_PAR.cuantos, Cerrado.CUENTA
        if self.dispositivo:
            return se_oyen, por_que
        for llave, limite, cierra, cual in (
            (self._en_la_cuenta, POR_CUENTA, self._cierra_la_cuenta, Cerrado.CUENTA),
            (self._en_la_red, POR_DIRECCION, DIRECCION_CERRADA, Cerrado.DIRECCION),
        ):
            van = len(_vivos(llave, limite))
            if van >= limite.cuantos and (una := int(van < cierra)) <= se_oyen:
                se_oyen, por_que = una, cual
        return se_oyen, por_que

    def soltar(self) -> None:
        """It was cut: it was no wrong password."""
        cache.delete(self._ranura(self._lugar))

    def acertar(self) -> None:
        for n in range(POR_PAR.cuantos):
            cache.delete(self._ranura(n))

    def fallar(self) -> bool:
        """It was wrong; returns whether there is a series by now."""
        cache.set(self._ranura(self._lugar), 1, POR_PAR.segundos)
        _sumar(self._en_la_red, POR_DIRECCION)
        if self.dispositivo:  # is no address of the account: it closes nobody's way but its own
            return self.cierra
        de_la_cuenta = _sumar(self._en_la_cuenta, POR_CUENTA, de=self.red, tope=DE_UNA_DIRECCION)
        return self.cierra or de_la_cuenta >= SON_UNA_SERIE

    @property
    def cierra(self) -> bool:
        """Whether this one, if it is wrong, is the last that is heard for a while."""
        return self._lugar == POR_PAR.cuantos - 1

    def _ranura(self, n: int) -> str:
        return f"{self._par}:{n}"


def cabe_otra_carta(peticion: HttpRequest, correo: str) -> bool:
    """Whether a recovery that is asked for is written; where it is not, the answer is the same."""
    llave = f"cartas:{salted_hmac(__name__, correo.casefold()).hexdigest()}"
    de = red_de(peticion)
    with cache_lock(llave):
        vivos = _vivos(llave, CARTAS)
        cabe = len(vivos) < CARTAS.cuantos and sum(o == de for _, o in vivos) < DE_UN_LUGAR
        if cabe:
            cache.set(llave, [*vivos, (time.time(), de)], CARTAS.segundos)
    return cabe


def hay_que_esperar(peticion: HttpRequest) -> bool:
    """Whether from this address came so many links that do not hold that no more are read for now."""
    return len(_vivos(f"enlaces:{red_de(peticion)}", ENLACES)) >= ENLACES.cuantos


def no_sirvio(peticion: HttpRequest) -> None:
    _sumar(f"enlaces:{red_de(peticion)}", ENLACES)


def _vivos(llave: str, limite: Limite) -> list[tuple[float, str]]:
    desde = time.time() - limite.segundos
    return [(cuando, de) for cuando, de in cache.get(llave) or () if cuando > desde]


def _sumar(llave: str, limite: Limite, *, de: str = "", tope: int = 0) -> int:
    """One more, unless who sent it already has as many as count; returns how many there are."""
    with cache_lock(llave):
        vivos = _vivos(llave, limite)
        if not tope or sum(otro == de for _, otro in vivos) < tope:
            vivos.append((time.time(), de))
            cache.set(llave, vivos, limite.segundos)
    return len(vivos)
