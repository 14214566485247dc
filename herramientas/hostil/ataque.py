"""The attack itself: honest people at work in between, one hostile request after another, each answer judged."""

import random
import re
from collections import Counter, deque
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from typing import Protocol

from . import clases, cuerpos, maldades, puertas, surtido
from .cable import Peticion, Respuesta
from .juez import LENTA, Juez, es_hecho, lleva_a_entrar
from .mundo import Mundo
from .terreno import NADIE, Persona, Terreno

CLAVE = "demo"
ENTRADA = "/cuenta/login/"
CADA_CUANTO = 200  # hostile requests between two rounds of honest work
RECORDADAS = 400
LAS_DEMAS = 8_000
LIMITE = "Demasiados intentos"


class Enviador(Protocol):
    anfitrion: str

    def enviar(self, peticion: Peticion) -> Respuesta: ...


class Vigia(Protocol):
    def cambios(self) -> list[str]: ...


@dataclass
class Falta:
    numero: int
    peticion: Peticion
    respuesta: Respuesta
    que: list[str]


@dataclass
class Cuenta:
    """Of one kind."""

    peticiones: int = 0
    estados: Counter = field(default_factory=Counter)
    del_servidor: int = 0
    sin_respuesta: int = 0
    hechas: int = 0
    con_cambios: int = 0
    lentas: int = 0
    mas_lenta: float = 0.0
    faltas: int = 0


class Ataque:
    """``alivio`` empties the counts of attempts; ``reparar`` gives back accounts that were let in to be spoiled."""

    def __init__(
        self,
        cable: Enviador,
        vigia: Vigia,
        mundo: Mundo,
        gente,
        semilla,
        alivio,
        reparar,
        parte=(0, 1),
        espera=lambda: 0.0,
    ):
        self.cable, self.vigia, self.semilla = cable, vigia, semilla
        self.alivio, self.reparar = alivio, reparar
        self.espera = espera  # seconds that the server has waited for a processor, in all
        self.parte = parte  # which of how many that share one seed
        self.juez = Juez(mundo, cable.anfitrion)
        personas = {n: Persona(n) for n in (NADIE, *gente)}
        from casos.actos import ACTOS

        self.t = Terreno(personas, puertas.direcciones(), mundo, cable.anfitrion, sorted(ACTOS))
        self.t.enviadas = deque(maxlen=RECORDADAS)
        self.cuentas: dict[str, Cuenta] = {}
        self.faltas: list[Falta] = []
        self.alcanzadas: dict[str, set[str]] = {}
        self.honestas = self.honestas_mal = self.entradas = self.alivios = self.reparadas = 0
        self.notas = 0
        self._ya = -1
        self.al_fallar = lambda falta: None

    # -- honest people -----------------------------------------------------------------------------

    def _honesta(self, peticion: Peticion, recordar=True) -> Respuesta:
        respuesta = self.cable.enviar(peticion)
        self.honestas += 1
        if recordar:
            _recordar(self.t.gente[peticion.quien], respuesta)
        return respuesta

    def _ver(self, persona: Persona, ruta: str) -> Respuesta:
        return self._honesta(self.t.ver("honesta", persona, ruta))

    def entrar(self, persona: Persona) -> bool:
        """By the page, with their password; what the first day asks of them is put off."""
        persona.cookies.clear()
        self._ver(persona, ENTRADA)
        pares = [
            ("csrfmiddlewaretoken", persona.testigo),
            ("login", persona.nombre),
            ("password", CLAVE),
        ]
        tipo, cuerpo = cuerpos.empacar(pares, False)
        self._honesta(self.t.mandar("honesta", persona, ENTRADA, tipo, cuerpo))
        self.entradas += 1
        return self._dentro(persona)

    def _dentro(self, persona: Persona) -> bool:
        respuesta = self._ver(persona, "/")
        if respuesta.estado == 302 and not lleva_a_entrar(respuesta):
            self._posponer(persona, respuesta.cabecera("Location"))
            respuesta = self._ver(persona, "/")
        return respuesta.estado == 200

    def _posponer(self, persona: Persona, ruta: str) -> None:
        """A page that stands before all others and can be put off."""
        lector = puertas.leer(persona.nombre, ruta, self._ver(persona, ruta).texto)
        for form in lector.formularios:
            botones = [c for c in form.campos if c.clase == "boton"]
            if re.search("pospon|despues|luego", form.accion + " ".join(c.nombre for c in botones)):
                pares = cuerpos.llenar(form, random.Random(1), persona.testigo)
                pares += [(c.nombre, c.valor) for c in botones]
                tipo, cuerpo = cuerpos.empacar(pares, False)
                self._honesta(self.t.mandar("honesta", persona, form.accion, tipo, cuerpo))

    def conocer(self, tope=puertas.PAGINAS) -> None:
        """Everybody signs in and follows every link there is."""
        for persona in self.t.gente.values():
            if persona.nombre and not self.entrar(persona):
                raise SystemExit(f"hostil: {persona.nombre} cannot sign in.")

            def pedir(ruta, persona=persona):
                respuesta = self._ver(persona, ruta)
                return respuesta.texto if respuesta.tipo == "text/html" else ""

            persona.urls, persona.formularios = puertas.rastrear(persona.nombre, pedir, tope)
            if not persona.nombre:
                for ruta in (ENTRADA, "/cuenta/password/reset/"):
                    lector = puertas.leer("", ruta, pedir(ruta))
                    persona.urls += [ruta]
                    persona.formularios += lector.formularios

    def trabajar(self, azar: random.Random) -> None:
        """A round of honest work: all still get in, a form of each is read again, and a note is written."""
        for persona in self.t.gente.values():
            if persona.nombre and not self._dentro(persona) and not self._volver(persona):
                self.honestas_mal += 1
                raise SystemExit(f"hostil: {persona.nombre} cannot get in any more.")
            self._leer_otra_vez(persona, azar)
        self._anotar(azar)
        self.t.mundo.leer()

    def _volver(self, persona: Persona) -> bool:
        """Signed out, throttled, or their account spoiled by somebody who may do that: in again."""
        if self.entrar(persona):
            return True
        self.alivio()
        if self.entrar(persona):
            return True
        self.reparar()
        self.alivio()
        self.reparadas += 1
        return self.entrar(persona)

    def _leer_otra_vez(self, persona: Persona, azar: random.Random) -> None:
        """Some pages, as they are now: their versions and tokens would go stale."""
        for _ in range(1):
            if not persona.formularios:
                return
            pagina = azar.choice(persona.formularios).pagina
            respuesta = self._ver(persona, pagina)
            if respuesta.tipo != "text/html":
                continue
            lector = puertas.leer(persona.nombre, pagina, respuesta.texto)
            otros = [f for f in persona.formularios if f.pagina != pagina]
            de_ella = lector.formularios if respuesta.estado == 200 else []
            persona.formularios = otros + de_ella or persona.formularios

    def _anotar(self, azar: random.Random) -> None:
        """An honest step in the middle of it all is done."""
        persona = next((p for n, p in self.t.gente.items() if n in ("ventas", "gerente")), None)
        if persona is None:
            return
        folio = azar.choice(sorted(self.t.mundo.visibles[persona.nombre]))
        ruta = f"/casos/{folio}/anotar/"
        formularios = puertas.leer(persona.nombre, ruta, self._ver(persona, ruta).texto).formularios
        form = next((f for f in formularios if any(c.nombre == "nota" for c in f.campos)), None)
        if form is None:
            return  # a case that takes no note
        pares = cuerpos.cambiar(
            cuerpos.llenar(form, azar, persona.testigo), "nota", "Llamé, todo bien."
        )
        tipo, cuerpo = cuerpos.empacar(pares, form.multiparte)
        respuesta = self._honesta(self.t.mandar("honesta", persona, form.accion, tipo, cuerpo))
        self.notas += 1
        if respuesta.estado != 302:
            self.honestas_mal += 1

    # -- the others --------------------------------------------------------------------------------

    def todas_las_puertas(self) -> list[Peticion]:
        """Each address by each method as each person, once."""
        azar = random.Random(f"{self.semilla}:puertas")
        return [
            clases.un_metodo(self.t, p, d, self.t.de_direccion(azar, d, p.nombre), metodo)
            for d in self.t.direcciones
            for metodo in maldades.METODOS
            for p in self.t.gente.values()
        ]

    def correr(self, cuantas: int, solo=(), sirve=lambda p: True, avisar=lambda n: None) -> None:
        de_todas = [] if solo else self.todas_las_puertas()
        random.Random(f"{self.semilla}:orden").shuffle(de_todas)
        esta, partes = self.parte
        de_todas = de_todas[esta::partes]
        # All of them in a long run; in a short one the other kinds come to their turn too.
        del de_todas[max(cuantas // 2, cuantas - LAS_DEMAS // partes) :]
        for van in range(cuantas):
            n = van * partes + esta
            if van % CADA_CUANTO == 0:
                self.trabajar(random.Random(f"{self.semilla}:honesta:{n}"))
                avisar(van)
            azar = random.Random(f"{self.semilla}:{n}")
            # Spread over the whole run, so that they meet all that the others leave behind.
            toca = len(de_todas) > 0 and azar.random() < len(de_todas) / max(1, cuantas - van)
            p = self._al_dia(de_todas.pop()) if toca else surtido.una(self.t, azar, list(solo))
            if sirve(p):
                self.una(n, p)

    def _al_dia(self, p: Peticion) -> Peticion:
        """Made before: with the cookies and the token of now."""
        persona = self.t.gente[p.quien]
        direccion = next(d for d in self.t.direcciones if d.nombre == p.nota)
        return clases.un_metodo(self.t, persona, direccion, p.ruta, p.metodo)

    def una(self, numero: int, p: Peticion) -> None:
        if self.honestas != self._ya:  # what honest people left is not this one's
            self.vigia.cambios()
            self._ya = self.honestas
        r = self.cable.enviar(p)
        cambios = self.vigia.cambios()
        if LIMITE in r.texto or r.estado == 429:
            # Judged so: that there is a limit is right. The next ones are to get past it.
            self.alivio()
            self.alivios += 1
        _recordar(self.t.gente[p.quien], r, solo="messages")  # what has been said is not said again
        faltas = self.juez.faltas(p, r, cambios)
        segundos = r.segundos
        if segundos > LENTA and not p.es_deforme:
            segundos = min(self._sin_la_cola(p) for _ in range(2))
            self.vigia.cambios()
            if segundos > LENTA:
                faltas.append(f"{segundos:.1f} s")
        self._contar(p, r, cambios, faltas, segundos)
        if faltas:
            self.faltas.append(Falta(numero, p, r, faltas))
            self.al_fallar(self.faltas[-1])
        if p.quien and any(
            "sessionid=" in g and "max-age=0" in g.lower() for g in r.todas("Set-Cookie")
        ):
            self.entrar(self.t.gente[p.quien])
        if p.cuerpo and len(p.cuerpo) < 60_000:
            self.t.enviadas.append(p)

    def _sin_la_cola(self, p: Peticion) -> float:
        """Seconds it takes again, without those that the server waited for a processor: others use it too."""
        antes = self.espera()
        segundos = self.cable.enviar(p).segundos
        return segundos - (self.espera() - antes)

    def _contar(self, p: Peticion, r: Respuesta, cambios, faltas, segundos: float) -> None:
        c = self.cuentas.setdefault(p.clase, Cuenta())
        c.peticiones += 1
        c.estados[r.estado] += 1
        c.del_servidor += self.juez.es_del_servidor(p, r)
        c.sin_respuesta += r.estado == 0
        c.hechas += es_hecho(p, r)
        c.con_cambios += bool(cambios)
        c.lentas += segundos > LENTA
        c.mas_lenta = max(c.mas_lenta, segundos if not p.es_deforme else 0)
        c.faltas += bool(faltas)
        if p.clase == "metodos":
            self.alcanzadas.setdefault(p.nota, set()).add(p.metodo)


def _recordar(persona: Persona, respuesta: Respuesta, solo: str = "") -> None:
    for cabecera in respuesta.todas("Set-Cookie"):
        try:
            dadas = SimpleCookie(cabecera)
        except CookieError:
            continue
        for nombre, dado in dadas.items():
            if solo and nombre != solo:
                continue
            if dado["max-age"] == "0" or not dado.value:
                persona.cookies.pop(nombre, None)
            else:
                persona.cookies[nombre] = dado.coded_value
