"""The kinds of hostile request: of bodies, addresses, headers and HTTP itself."""

from dataclasses import replace
from urllib.parse import quote_plus

from . import cuerpos, maldades
from .cable import Peticion
from .clases import clase, lleno
from .cuerpos import Archivo


@clase
def tipos(t, azar):
    """A body that is not what it says it is, or that says what we do not read."""
    persona, form, pares = lleno(t, azar, con=lambda f: f.metodo == "POST")
    ruta = form.accion if form and azar.random() < 0.8 else t.url(azar, persona)
    cuerpo = (
        azar.choice(maldades.CUERPOS) if azar.random() < 0.6 else cuerpos.empacar(pares, False)[1]
    )
    tipo = azar.choice(maldades.TIPOS)
    mas = [("X-CSRFToken", persona.testigo)] if azar.random() < 0.7 else []
    metodo = azar.choice(["POST", "POST", "POST", "PUT", "GET"])
    return t.mandar("tipos", persona, ruta, tipo, cuerpo, *mas, metodo=metodo, nota=tipo[:60])


@clase
def partes(t, azar):
    """A body of parts, broken in one place."""
    persona, form, pares = lleno(t, azar, con=lambda f: f.metodo == "POST")
    if form is None:
        return None
    if azar.random() < 0.4:
        pares = [*pares, ("archivo", Archivo("x.pdf", b"%PDF-1.7\n"))]
    cuerpo = cuerpos.romper(cuerpos.en_partes(pares), azar)
    mas = [("X-CSRFToken", persona.testigo)] if azar.random() < 0.8 else []
    tipo = f"multipart/form-data; boundary={cuerpos.RAYA}"
    return t.mandar("partes", persona, form.accion, tipo, cuerpo, *mas)


@clase
def archivos(t, azar):
    """Hostile files and names, where a file is asked for and where none is."""
    con_archivo = lambda f: any(c.clase == "file" for c in f.campos)  # noqa: E731
    persona, form, pares = lleno(
        t, azar, con=con_archivo if azar.random() < 0.85 else lambda f: f.metodo == "POST"
    )
    if form is None or form.metodo != "POST":
        return None
    nombres = (
        [c.nombre for c in form.campos if c.clase == "file"] or [n for n, _ in pares] or ["archivo"]
    )
    malo = cuerpos.malo(azar)
    pares = cuerpos.cambiar(pares, azar.choice(nombres), malo)
    if azar.random() < 0.1:
        pares += [(nombres[0], cuerpos.malo(azar)) for _ in range(azar.choice([1, 120]))]
    tipo, cuerpo = cuerpos.empacar(pares, True)
    if azar.random() < 0.05:
        cuerpo += b"x" * 13_000_000
    return t.mandar("archivos", persona, form.accion, tipo, cuerpo, nota=malo.nombre[:40])


@clase
def consulta(t, azar):
    """Wrong parameters of a page that is read."""
    persona = t.alguien(azar)
    form = t.formulario(azar, persona, lambda f: f.metodo == "GET")
    ruta = (form.accion if form and azar.random() < 0.5 else t.url(azar, persona)).partition("?")[0]
    de_forms = [c.nombre for c in form.campos] if form else []
    de_siempre = ["q", "p", "o", "e", "all", "antes", "despues", "ver", "orden", "estado", "caso", "cliente", "next", "tipo", "que", "buscar",
                  "evento", "todo", "pagina", "_to_field", "_popup", "estado__exact", "caso__cliente__notas__contains", "password__startswith", "_facets",
                  "term", "app_label", "model_name", "field_name", "moneda", "base", "solicitado_tarifa", "elegir", "deriva_de", "filtros"]  # fmt: skip
    pares = [
        (azar.choice(de_forms + de_siempre), maldades.valor(azar))
        for _ in range(azar.choice([1, 1, 1, 2, 3, 40]))
    ]
    texto = "&".join(f"{quote_plus(n)}={quote_plus(v)}" for n, v in pares)
    return t.ver(
        "consulta",
        persona,
        f"{ruta}?{texto[: azar.choice([1000, 3500, 3500, 8000])]}",
        nota=pares[0][0],
    )


@clase
def rutas(t, azar):
    """Out of the folder, through another spelling, or nowhere."""
    persona = t.alguien(azar)
    ruta = azar.choice(maldades.RUTAS)
    if azar.random() < 0.4:
        entera = t.url(azar, persona).partition("?")[0]
        corte = azar.randrange(1, len(entera) + 1)
        sucio = azar.choice(
            [
                "%00",
                "%0a",
                "%2e%2e/",
                "..;/",
                "%ff",
                "//",
                "%25",
                "%5c",
                ";",
                "%20",
                "é",
                "%C0%AF",
                "%E2%80%AE",
                "'",
                "%22",
                "<xq26>",
            ]
        )
        ruta = entera[:corte] + sucio + entera[corte:]
    metodo = azar.choice(["GET", "GET", "GET", "HEAD", "POST"])
    if metodo == "POST":
        return t.mandar(
            "rutas",
            persona,
            ruta,
            cuerpos.URLENCODED,
            f"csrfmiddlewaretoken={persona.testigo}".encode(),
        )
    return t.ver("rutas", persona, ruta, metodo=metodo)


@clase
def cabeceras(t, azar):
    """One or some headers that no browser sends so; those of htmx and of proxies forged."""
    persona = t.alguien(azar)
    mas = []
    for nombre in azar.sample(sorted(maldades.CABECERAS), azar.choice([1, 1, 2, 3])):
        mas.append((nombre, azar.choice(maldades.CABECERAS[nombre])))
    if azar.random() < 0.05:
        mas += [(f"X-{i}", "1") for i in range(azar.choice([60, 200]))]
    nota = ", ".join(n for n, _ in mas)[:60]
    if azar.random() < 0.6:
        return t.ver("cabeceras", persona, t.url(azar, persona), *mas, nota=nota)
    _, form, pares = lleno(t, azar, persona, lambda f: f.metodo == "POST")
    if form is None:
        return None
    tipo, cuerpo = cuerpos.empacar(pares, False)
    propias = [("Content-Type", tipo), ("Content-Length", str(len(cuerpo)))]
    dichas = {n.lower() for n, _ in mas}
    todas = t.cabeceras(persona, *mas, *(c for c in propias if c[0].lower() not in dichas))
    return Peticion("cabeceras", persona.nombre, "POST", form.accion, todas, cuerpo, nota=nota)


@clase
def galletas(t, azar):
    """Cookies spelled oddly, cut, doubled, swapped, or of another."""
    persona, otra = t.alguien(azar), t.alguien(azar)
    propias = persona.cookies
    nombre = azar.choice(sorted(propias) or ["sessionid"])
    valor = propias.get(nombre, "x" * 32)
    galleta = azar.choice([
        lambda: azar.choice(maldades.COOKIES),
        lambda: f"{persona.galleta}; {azar.choice(maldades.COOKIES)}",
        lambda: "; ".join(f"{n}={v}" for n, v in propias.items() if n != nombre),
        lambda: "; ".join(f"{n}={v[:-1] + azar.choice('abc') if n == nombre else v}" for n, v in propias.items()),
        lambda: f"{nombre}={valor[: azar.randrange(len(valor) + 1)]}",
        lambda: f'{nombre}="{valor}\\000"',
        lambda: f"{nombre}={valor}{azar.choice(['%00', ' ', ',', chr(255), '=', ';;'])}",
        lambda: "; ".join(f"{n}={otra.cookies.get(n, v) if n.endswith(('quien', 'csrftoken')) else v}" for n, v in propias.items()),
        lambda: "; ".join(f"{n.upper()}={v}" for n, v in propias.items()),
    ])()  # fmt: skip
    if azar.random() < 0.6:
        return t.ver("galletas", persona, t.url(azar, persona), ("Cookie", galleta))
    _, form, pares = lleno(t, azar, persona, lambda f: f.metodo == "POST")
    if form is None:
        return None
    tipo, cuerpo = cuerpos.empacar(pares, False)
    return t.mandar("galletas", persona, form.accion, tipo, cuerpo, ("Cookie", galleta))


@clase
def anfitrion(t, azar):
    """Another host than ours, in each place where one may be said; above all where a mail leaves."""
    persona = t.alguien(azar)
    malo = azar.choice(maldades.ANFITRIONES)
    mas = (
        [("Host", malo)]
        if azar.random() < 0.7
        else [
            (azar.choice(["X-Forwarded-Host", "X-Host", "Forwarded", "X-Forwarded-Server"]), malo)
        ]
    )
    if azar.random() < 0.5:
        ruta = t.url(azar, persona)
        ruta = f"http://{malo}{ruta}" if azar.random() < 0.15 and " " not in malo else ruta
        return t.ver("anfitrion", persona, ruta, *mas)
    cuerpo = f"csrfmiddlewaretoken={persona.testigo}&email=ventas@ejemplo.mx&login=ventas&clave=x".encode()
    ruta = azar.choice(
        ["/cuenta/password/reset/", "/cuenta/login/", "/cuenta/logout/x", "/casos/vistas/"]
    )
    return t.mandar("anfitrion", persona, ruta, cuerpos.URLENCODED, cuerpo, *mas)


@clase
def destinos(t, azar):
    """Where one is led afterwards, to be led out of the house."""
    persona = t.alguien(azar)
    malo = azar.choice(maldades.DESTINOS)
    nombre = azar.choice(
        ["next", "next", "next", "aqui", "volver", "consulta", "url", "redirect", "return"]
    )
    if azar.random() < 0.5:
        ruta = azar.choice(
            [
                "/cuenta/login/",
                "/cuenta/reauthenticate/",
                "/cuenta/logout/",
                "/admin/login/",
                "/cuenta/password/reset/",
                t.url(azar, persona).partition("?")[0],
            ]
        )
        return t.ver("destinos", persona, f"{ruta}?{nombre}={quote_plus(malo)}", nota=nombre)
    persona, form, pares = lleno(t, azar, persona, lambda f: f.metodo == "POST")
    if form is None:
        return None
    form = replace(form, accion=f"{form.accion.partition('?')[0]}?{nombre}={quote_plus(malo)}")
    return t.enviar("destinos", persona, form, cuerpos.cambiar(pares, nombre, malo), nota=nombre)


@clase
def protocolo(t, azar):
    """HTTP itself misspelled: other versions, no host, lengths that contradict each other, headers split in two."""
    persona = t.alguien(azar)
    ruta = t.url(azar, persona).encode("latin-1", "replace").replace(b" ", b"%20")
    host, galleta = t.anfitrion.encode(), persona.galleta.encode("latin-1", "replace")
    comun = b"Host: " + host + b"\r\nCookie: " + galleta + b"\r\n"
    cierra, cuerpo = (
        b"Connection: close\r\n\r\n",
        b"csrfmiddlewaretoken=" + persona.testigo.encode(),
    )
    formulario = b"Content-Type: application/x-www-form-urlencoded\r\n"
    otra = b"GET /admin/ HTTP/1.1\r\nHost: " + host + b"\r\n\r\n"
    largo = b"Content-Length: %d\r\n" % len(cuerpo)
    post, get = b"POST " + ruta, b"GET " + ruta
    crudas = [
        get + b" HTTP/1.0\r\n\r\n",
        get + b" HTTP/1.0\r\n" + comun + cierra,
        get + b" HTTP/0.9\r\n\r\n", get + b"\r\n\r\n", get + b" HTTP/2.0\r\n" + comun + cierra, get + b" HTTP/9.9\r\n\r\n", get + b" XQ/1.1\r\n\r\n",
        get + b" HTTP/1.1\r\n\r\n",
        get + b" HTTP/1.1\r\n" + comun + b"Host: malo.example\r\n" + cierra,
        get + b" HTTP/1.1\n" + comun.replace(b"\r\n", b"\n") + b"\n",
        get + b"  HTTP/1.1\r\n" + comun + cierra, b" " + get + b" HTTP/1.1\r\n" + comun + cierra, b"\r\n\r\n" + get + b" HTTP/1.1\r\n" + comun + cierra,
        get + b" HTTP/1.1\r\n" + comun + b"X-Doblada: a\r\n b\r\n" + cierra, get + b" HTTP/1.1\r\n" + comun + b"X-Sin-Dos-Puntos\r\n" + cierra,
        get + b" HTTP/1.1\r\n" + comun + b"X Y: 1\r\n" + cierra, get + b" HTTP/1.1\r\n" + comun + b"X: a\x00b\r\n" + cierra, get + b" HTTP/1.1\r\n" + comun + b": x\r\n" + cierra,
        get + b" HTTP/1.1\r\n" + comun + b"X: a\rX-Xq: inyectada\r\n" + cierra, get + b"\x00 HTTP/1.1\r\n" + comun + cierra,
        b"GET http://malo.example/ HTTP/1.1\r\n" + comun + cierra, b"GET //malo.example/ HTTP/1.1\r\n" + comun + cierra, b"CONNECT malo.example:443 HTTP/1.1\r\n" + comun + cierra,
        post + b" HTTP/1.1\r\n" + comun + formulario + largo + b"Transfer-Encoding: chunked\r\n" + cierra + b"0\r\n\r\n" + otra,
        post + b" HTTP/1.1\r\n" + comun + formulario + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n" + cierra + b"0\r\n\r\n" + otra,
        post + b" HTTP/1.1\r\n" + comun + formulario + b"Content-Length: 5\r\nContent-Length: 6\r\n" + cierra + b"a=1&b=2",
        post + b" HTTP/1.1\r\n" + comun + formulario + b"Transfer-Encoding: chunked\r\n" + cierra + b"zz\r\n" + cuerpo,
        post + b" HTTP/1.1\r\n" + comun + formulario + b"Transfer-Encoding: chunked\r\n" + cierra + b"5\r\nab",
        post + b" HTTP/1.1\r\n" + comun + formulario + b"Transfer-Encoding: chunked\r\n" + cierra + b"%x\r\n" % len(cuerpo) + cuerpo + b"\r\n0\r\n\r\n",
        post + b" HTTP/1.1\r\n" + comun + formulario + b"Transfer-Encoding: chunked\r\n" + cierra + b"ffffffffffffffff\r\nx",
        post + b" HTTP/1.1\r\n" + comun + formulario + b"Transfer-Encoding: chunked\r\n" + cierra + b"1;ext=" + b"x" * 20_000 + b"\r\na\r\n0\r\n\r\n",
        post + b" HTTP/1.1\r\n" + comun + formulario + b"Content-Length: 500\r\n" + cierra + cuerpo,
        post + b" HTTP/1.1\r\n" + comun + formulario + b"Content-Length: 1\r\n" + cierra + cuerpo + otra,
        post + b" HTTP/1.1\r\n" + comun + formulario + b"Content-Length: -1\r\n" + cierra + cuerpo,
        post + b" HTTP/1.1\r\n" + comun + formulario + b"Content-Length: 1e2\r\n" + cierra + cuerpo,
        post + b" HTTP/1.0\r\n" + comun + formulario + cierra + cuerpo,
        post + b" HTTP/1.1\r\n" + comun + formulario + b"Expect: 100-continue\r\n" + largo + cierra + cuerpo,
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"x" * 200, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"\x00" * 500, b"GET", b"\r\n" * 500, b"HELP\r\n",
        b"PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\n" + get + b" HTTP/1.1\r\n" + comun + cierra, b"OPTIONS * HTTP/1.1\r\n" + comun + cierra,
        get + b" HTTP/1.1\r\n" + comun + b"X: " + b"x" * 70_000 + b"\r\n" + cierra, get + b"?" + b"x" * 70_000 + b" HTTP/1.1\r\n" + comun + cierra,
        get + b" HTTP/1.1\r\n" + comun + b"X: 1\r\n" * 3_000 + cierra,
    ]  # fmt: skip
    return Peticion(
        "protocolo", persona.nombre, "GET", ruta.decode("latin-1"), cruda=azar.choice(crudas)
    )
