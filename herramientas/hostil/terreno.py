"""Where it happens: who is signed in, the addresses, and the ways to make a request of them."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import quote, quote_plus

from . import cuerpos
from .cable import Peticion
from .cuerpos import Archivo, Pares
from .mundo import Mundo
from .puertas import Direccion, Formulario, modelo_de

NADIE = ""


@dataclass
class Persona:
    """Somebody signed in, or nobody; ``cookies`` as their browser has them."""

    nombre: str
    cookies: dict[str, str] = field(default_factory=dict)
    urls: list[str] = field(default_factory=list)
    formularios: list[Formulario] = field(default_factory=list)

    @property
    def testigo(self) -> str:
        """What the hidden field of every form may bear."""
        return next((v for n, v in self.cookies.items() if n.endswith("csrftoken")), "")

    @property
    def galleta(self) -> str:
        return "; ".join(f"{n}={v}" for n, v in self.cookies.items())


@dataclass
class Terreno:
    gente: dict[str, Persona]
    direcciones: list[Direccion]
    mundo: Mundo
    anfitrion: str
    acciones: list[str]
    enviadas: list[Peticion] = field(default_factory=list)  # of those with a body, the last ones

    def alguien(self, azar: random.Random) -> Persona:
        """Nobody, one time in eight."""
        if azar.random() < 0.125:
            return self.gente[NADIE]
        return azar.choice([p for n, p in self.gente.items() if n])

    def formulario(self, azar: random.Random, persona: Persona, con: Callable = lambda f: True):
        """One of the person's, each shape as often as another; somebody else's where they have none."""
        propios = [f for f in persona.formularios if con(f)]
        todos = propios or [f for p in self.gente.values() for f in p.formularios if con(f)]
        if not todos:
            return None
        por_forma: dict[tuple, list[Formulario]] = {}
        for f in todos:
            por_forma.setdefault(f.forma, []).append(f)
        return azar.choice(por_forma[azar.choice(sorted(por_forma))])

    def url(self, azar: random.Random, persona: Persona) -> str:
        if persona.urls and azar.random() < 0.7:
            return azar.choice(persona.urls)
        return self.de_direccion(azar, azar.choice(self.direcciones), persona.nombre)

    def de_direccion(self, azar, direccion: Direccion, quien: str, *, ajena=False) -> str:
        """An address filled in: with what there is, with what is another's, or with nothing like it."""
        valores = {p: self._valor(azar, direccion, p, quien, ajena) for p in direccion.parametros}
        return direccion.con({p: quote(v, safe="") for p, v in valores.items()})

    def _valor(self, azar, direccion: Direccion, parametro: str, quien: str, ajena: bool) -> str:
        if parametro == "folio":
            otros = sorted(set(self.mundo.folios) - self.mundo.visibles[quien])
            return azar.choice((otros if ajena else self.mundo.folios) or ["SV-2026-999999"])
        if parametro == "accion":
            return azar.choice(self.acciones)
        modelo = modelo_de(direccion, parametro)
        if modelo is not None:
            filas = (self.mundo.ajenas[quien] if ajena else self.mundo.filas).get(modelo)
            if filas:
                return azar.choice(filas)
        return azar.choice(
            ["1", "2", "9", "40", "999999", "0", "x", "clientes", "contratos", "tarifa", "casos"]
        )

    # -- requests ----------------------------------------------------------------------------------

    def cabeceras(self, persona: Persona, *mas: tuple[str, str]) -> tuple[tuple[str, str], ...]:
        dichas = {n.lower() for n, _ in mas}
        propias = [
            ("Host", self.anfitrion),
            ("Accept", "text/html,application/xhtml+xml"),
            ("Accept-Language", "es-MX"),
            ("Connection", "close"),
        ]
        if persona.galleta:
            propias.append(("Cookie", persona.galleta))
        return tuple(c for c in propias if c[0].lower() not in dichas) + mas

    def ver(
        self, clase: str, persona: Persona, ruta: str, *mas, metodo="GET", **lo_demas
    ) -> Peticion:
        return Peticion(
            clase, persona.nombre, metodo, ruta, self.cabeceras(persona, *mas), **lo_demas
        )

    def mandar(
        self, clase, persona, ruta, tipo: str, cuerpo: bytes, *mas, metodo="POST", **lo_demas
    ):
        propias = (*mas, ("Content-Type", tipo), ("Content-Length", str(len(cuerpo))))
        cabeceras = self.cabeceras(persona, *propias)
        return Peticion(clase, persona.nombre, metodo, ruta, cabeceras, cuerpo, **lo_demas)

    def enviar(self, clase, persona, form: Formulario, pares: Pares, **lo_demas) -> Peticion:
        """A form as its page says: by the address, or by the body."""
        if form.metodo == "GET":
            consulta = "&".join(
                f"{quote_plus(n)}={quote_plus(v)}" for n, v in pares if not isinstance(v, Archivo)
            )
            separa = "&" if "?" in form.accion else "?"
            return self.ver(clase, persona, f"{form.accion}{separa}{consulta}", **lo_demas)
        tipo, cuerpo = cuerpos.empacar(pares, form.multiparte)
        return self.mandar(clase, persona, form.accion, tipo, cuerpo, **lo_demas)
