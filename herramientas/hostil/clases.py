"""The kinds of hostile request: of forms and keys. Each takes the ground and a chance of its own, and makes one."""

import random
from collections.abc import Callable

from . import cuerpos, maldades
from .cable import Peticion
from .cuerpos import Pares
from .puertas import Direccion, Formulario, modelo_de
from .terreno import Persona, Terreno

CLASES: dict[str, Callable[[Terreno, random.Random], Peticion | None]] = {}


def clase(funcion):
    CLASES[funcion.__name__] = funcion
    return funcion


def lleno(t: Terreno, azar, persona=None, con: Callable = lambda f: True):
    persona = persona or t.alguien(azar)
    form = t.formulario(azar, persona, con)
    if form is None:
        return persona, None, []
    return persona, form, cuerpos.llenar(form, azar, persona.testigo)


def _se_escriben(form: Formulario, pares: Pares) -> list[str]:
    """Names of what is typed or chosen; never the hidden ones."""
    ocultos = {c.nombre for c in form.campos if c.clase in ("hidden", "boton")}
    return [n for n, _ in pares if n not in ocultos] or [n for n, _ in pares]


@clase
def valores(t, azar):
    """One wrong value among decent ones."""
    persona, form, pares = lleno(t, azar)
    if not pares:
        return None
    campo = azar.choice(_se_escriben(form, pares))
    return t.enviar(
        "valores", persona, form, cuerpos.cambiar(pares, campo, maldades.valor(azar)), nota=campo
    )


@clase
def todos(t, azar):
    """The same wrong value in every field."""
    persona, form, pares = lleno(t, azar)
    malo, nombres = maldades.valor(azar), set(_se_escriben(form, pares)) if form else set()
    return form and t.enviar(
        "todos", persona, form, [(n, malo if n in nombres else v) for n, v in pares]
    )


@clase
def inyeccion(t, azar):
    """SQL, HTML, templates, shells, spreadsheets and headers in what is free text; the rest is decent."""
    persona, form, pares = lleno(t, azar)
    if form is None:
        return None
    libres = {c.nombre for c in form.campos if c.clase in cuerpos.CON_LETRAS}
    malo = azar.choice(maldades.INYECCIONES)
    return t.enviar(
        "inyeccion", persona, form, [(n, malo if n in libres else v) for n, v in pares], nota=malo
    )


@clase
def campos(t, azar):
    """Too few, too many, twice, nested, or of somebody else's form."""
    persona, form, pares = lleno(t, azar)
    if not pares:
        return None
    nombres = [n for n, _ in pares]
    una = azar.choice(nombres)
    cambios = [
        lambda: [p for p in pares if p[0] != una],
        list,
        lambda: [p for p in pares if p[0] == "csrfmiddlewaretoken"],
        lambda: pares + pares,
        lambda: [*pares, (una, maldades.valor(azar)), (una, "")],
        lambda: pares + [(una, "1")] * 400,
        lambda: pares + [(f"c{i}", "1") for i in range(azar.choice([499, 501, 5_000]))],
        lambda: [
            *pares,
            *(
                (n, azar.choice(["1", "on", "true", "VEN", maldades.MARCA]))
                for n in azar.sample(maldades.DE_MAS, 12)
            ),
        ],
        lambda: [
            (n + azar.choice(["[]", "[0]", ".x", "\x00", " ", "__in", "_id"]), v) for n, v in pares
        ],
        lambda: [*pares, ("a" + "[b]" * 2_000, "1")],
        lambda: [*pares, ("a" * 50_000, "1")],
        lambda: [(n.upper(), v) for n, v in pares],
        lambda: [*pares, ("x", "a" * 900_000)],
        lambda: [*pares, ("x", "a" * 2_000_000)],
        lambda: [*pares, *cuerpos.llenar(t.formulario(azar, t.alguien(azar)), azar, "x")],
        lambda: azar.sample(pares, len(pares)),
    ]
    return t.enviar("campos", persona, form, azar.choice(cambios)())


@clase
def ocultos(t, azar):
    """What the page hides, changed: version, token, key, and the proof against forged requests."""
    persona, form, pares = lleno(t, azar, con=lambda f: f.metodo == "POST")
    escondidos = [c.nombre for c in form.campos if c.clase == "hidden"] if form else []
    if not escondidos:
        return None
    campo = azar.choice(escondidos)
    filas = azar.choice([f for f in t.mundo.filas.values() if f])
    otra = t.gente[azar.choice(sorted(t.gente))]
    opciones = [
        "",
        "0",
        "-1",
        "999",
        "9" * 30,
        azar.choice(filas),
        azar.choice(t.mundo.folios),
        otra.testigo,
        maldades.valor(azar),
    ]
    return t.enviar(
        "ocultos", persona, form, cuerpos.cambiar(pares, campo, azar.choice(opciones)), nota=campo
    )


@clase
def ajenas(t, azar):
    """An address of what is not theirs, read or with a form that would do on one's own."""
    persona = t.alguien(azar)
    con_llave = [d for d in t.direcciones if _es_ajena(t, d, persona.nombre)]
    if not con_llave:
        return None
    direccion = azar.choice(con_llave)
    ruta = t.de_direccion(azar, direccion, persona.nombre, ajena=True)
    if azar.random() < 0.5:
        return t.ver("ajenas", persona, ruta, nota=direccion.nombre, ajena=True)
    _, form, pares = lleno(
        t, azar, azar.choice(list(t.gente.values())), lambda f: f.metodo == "POST"
    )
    pares = cuerpos.cambiar(pares, "csrfmiddlewaretoken", persona.testigo)
    tipo, cuerpo = cuerpos.empacar(pares, False)
    return t.mandar("ajenas", persona, ruta, tipo, cuerpo, nota=direccion.nombre, ajena=True)


def _es_ajena(t: Terreno, direccion: Direccion, quien: str) -> bool:
    """Whether there is something of another's to put into this address."""
    if direccion.nombre.startswith("admin:"):
        return False  # what the panel shows to whom is by model: the table of tests/test_urls.py
    if "folio" in direccion.parametros:
        return len(t.mundo.visibles[quien]) < len(t.mundo.folios)
    return any(
        t.mundo.ajenas[quien].get(modelo_de(direccion, p) or "") for p in direccion.parametros
    )


@clase
def cruzadas(t, azar):
    """A row of one case under the folio of another; a key of anything in a field that holds a key."""
    persona = t.alguien(azar)
    if azar.random() < 0.5:
        direccion = next(d for d in t.direcciones if d.nombre == "paso_objeto")
        folios = sorted(t.mundo.visibles[persona.nombre]) or t.mundo.folios
        modelo = azar.choice(
            [
                "opinion",
                "ajuste",
                "contacto",
                "constancia",
                "cita",
                "propuesta",
                "evento",
                "usuario",
            ]
        )
        objeto = azar.choice(t.mundo.filas.get(modelo) or ["1"])
        ruta = direccion.con(
            {"folio": azar.choice(folios), "accion": azar.choice(t.acciones), "objeto": objeto}
        )
        _, form, pares = lleno(t, azar, persona, lambda f: f.metodo == "POST")
        if form is None or azar.random() < 0.3:
            return t.ver("cruzadas", persona, ruta, nota=modelo)
        tipo, cuerpo = cuerpos.empacar(pares, False)
        return t.mandar("cruzadas", persona, ruta, tipo, cuerpo, nota=modelo)
    persona, form, pares = lleno(t, azar, persona)
    llaves = (
        [c.nombre for c in form.campos if c.clase in ("select", "radio", "hidden", "checkbox")]
        if form
        else []
    )
    if not llaves:
        return None
    modelo = azar.choice([m for m, f in t.mundo.filas.items() if f])
    return t.enviar(
        "cruzadas",
        persona,
        form,
        cuerpos.cambiar(pares, azar.choice(llaves), azar.choice(t.mundo.filas[modelo])),
        nota=modelo,
    )


@clase
def repeticion(t, azar):
    """What was sent before, again: as it was, by another, or to another address."""
    if not t.enviadas:
        return None
    vieja = azar.choice(t.enviadas)
    persona = t.gente[vieja.quien] if azar.random() < 0.5 else t.alguien(azar)
    ruta = vieja.ruta if azar.random() < 0.8 else t.url(azar, persona)
    cuerpo = vieja.cuerpo
    antes, ahora = t.gente[vieja.quien].testigo.encode(), persona.testigo.encode()
    if antes and ahora and azar.random() < 0.7:
        cuerpo = cuerpo.replace(antes, ahora)
    tipo = next((v for n, v in vieja.cabeceras if n == "Content-Type"), "")
    return t.mandar("repeticion", persona, ruta, tipo, cuerpo, nota=vieja.clase)


@clase
def metodos(t, azar):
    """Any method at any address."""
    persona, direccion = t.alguien(azar), azar.choice(t.direcciones)
    metodo = azar.choice(maldades.METODOS if azar.random() < 0.7 else maldades.METODOS_RAROS)
    ruta = t.de_direccion(azar, direccion, persona.nombre)
    return un_metodo(t, persona, direccion, ruta, metodo)


def un_metodo(
    t: Terreno, persona: Persona, direccion: Direccion, ruta: str, metodo: str
) -> Peticion:
    """With the token of a form where it could write."""
    if metodo in ("GET", "HEAD", "OPTIONS", "TRACE"):
        return t.ver("metodos", persona, ruta, metodo=metodo, nota=direccion.nombre)
    cuerpo = f"csrfmiddlewaretoken={persona.testigo}".encode()
    return t.mandar(
        "metodos", persona, ruta, cuerpos.URLENCODED, cuerpo, metodo=metodo, nota=direccion.nombre
    )
