"""A person at a browser: enters, reads mail, fills in forms, and looks at every page with care.

What is checked of each page is written once, in ``Persona.mirar``; journeys only walk.
"""

import re
from email.header import decode_header, make_header

from django.test import Client
from playwright.sync_api import Browser, Page, expect

from casos.models import Usuario

ESCRITORIO = {"width": 1366, "height": 768}
TELEFONO = {"width": 360, "height": 740}
ANCHOS_CHICOS = (320, 360)

# Words of interfaces in English, none of which is also a Spanish word. Names of brands and what
# people type are Spanish or proper names in these tests, so that any of these is a leak.
INGLES = frozenset(
    """save saved cancel delete deleted remove search submit home welcome log login logout sign
    password username required select choose add added change changed changes history edit view
    update updated create created upload download file files browse next previous first last page
    pages show hide open close closed filter filters clear apply reset back continue confirm warning
    success failed invalid please enter this that these those field fields value values the and for
    with from your you are was were been will would should must not cannot have click here there
    today yesterday tomorrow now yes all any none other more less than each select language toggle
    theme breadcrumbs skip content main navigation sidebar settings account email users
    groups permissions help documentation actions run items item selected results showing sort
    ascending descending order import export preview row rows column errors line number
    loading retry dismiss copy code codes authenticator recovery activate deactivate verify enabled
    disabled minutes hours days weeks months year years monday tuesday wednesday thursday friday
    saturday sunday january february march april june july august september october november
    december to of in on at by is it or if be an""".split()
)
PALABRA = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
NO_ES_TEXTO = re.compile(r"\S+@\S+|https?://\S+|/\S*/")

# Text and the attributes that are read aloud or shown. Script and style are not text.
TEXTO = """() => {
  const salida = [document.title];
  const ver = (n) => {
    if (n.nodeType === 3) { salida.push(n.data); return; }
    if (n.nodeType !== 1 || ["SCRIPT", "STYLE", "TEMPLATE"].includes(n.tagName)) return;
    for (const a of ["aria-label", "aria-description", "title", "placeholder", "alt"])
      if (n.hasAttribute(a)) salida.push(n.getAttribute(a));
    if (n.tagName === "INPUT" && ["submit", "button", "reset"].includes(n.type)) salida.push(n.value);
    n.childNodes.forEach(ver);
  };
  ver(document.body);
  return salida.join("\\n");
}"""

# Nothing is wider than the screen, nothing scrolls inside a box, nothing is cut without "…".
DESBORDES = """() => {
  const ancho = document.documentElement.clientWidth, malos = [];
  const nombre = (e) => e.tagName.toLowerCase() + (e.id ? "#" + e.id : "")
    + (e.getAttribute("class") ? "." + e.getAttribute("class").trim().split(/\\s+/).join(".") : "")
    + " «" + (e.textContent || "").trim().replace(/\\s+/g, " ").slice(0, 30) + "»";
  if (document.documentElement.scrollWidth > ancho)
    malos.push(`la página mide ${document.documentElement.scrollWidth}`);
  const dentro = new Set();  // of what is clipped to a pixel for screen readers, or ends in "…"
  for (const e of document.body.querySelectorAll("*")) {
    if (dentro.has(e.parentElement)) { dentro.add(e); continue; }
    if (e.ownerSVGElement || e.matches(EXENTOS)) { dentro.add(e); continue; }
    const r = e.getBoundingClientRect();
    const s = getComputedStyle(e);
    const corta = s.overflowX !== "visible";
    if (corta && ((r.width <= 1 && r.height <= 1) || s.textOverflow === "ellipsis")) dentro.add(e);
    if (r.width < 2 || r.height < 2 || !e.checkVisibility({visibilityProperty: true})) continue;
    if (r.right > ancho + 1 || r.left < -1)
      malos.push(`${nombre(e)} va de ${Math.round(r.left)} a ${Math.round(r.right)}`);
    if (e.scrollWidth <= e.clientWidth + 1 || ["INPUT", "SELECT", "TEXTAREA"].includes(e.tagName)) continue;
    if (["auto", "scroll"].includes(s.overflowX)) malos.push(`${nombre(e)} se desliza por dentro`);
    if (["hidden", "clip"].includes(s.overflowX) && s.textOverflow !== "ellipsis")
      malos.push(`${nombre(e)} se corta`);
  }
  return malos;
}"""
# Off the screen until it has the focus.
EXENTOS = ".salto, .skip-to-content-link"


def palabras_inglesas(texto: str) -> set[str]:
    # A digest, or the secret of a second factor, may spell a word by chance.
    limpio = re.sub(r"\b(?:[0-9a-f]{32,}|[A-Z2-7]{32,})\b", " ", NO_ES_TEXTO.sub(" ", texto))
    return {p.lower() for p in PALABRA.findall(limpio)} & INGLES


def a_lo_ancho(pagina: Page, width: int, height=740) -> None:
    """To draw the page again takes longer than to look at it: not when it has that size already."""
    tamano = {"width": width, "height": height}
    if pagina.viewport_size != tamano:
        pagina.set_viewport_size(tamano)


def desbordes(pagina: Page, width: int, height=740) -> list[str]:
    """What does not fit in a screen of this size, which the page keeps."""
    a_lo_ancho(pagina, width, height)
    malos = pagina.evaluate(DESBORDES.replace("EXENTOS", repr(EXENTOS)))
    return [f"a {width} px, {m}" for m in malos[:5]]


class Persona:
    """One person with a browser of their own; ``nombre`` is also who they enter as."""

    def __init__(self, navegador: Browser, url: str, nombre="", tamano=ESCRITORIO, javascript=True):
        self.nombre, self.url = nombre, url
        self.contexto = navegador.new_context(
            base_url=url,
            viewport=tamano,
            locale="es-MX",
            timezone_id="America/Mexico_City",
            java_script_enabled=javascript,
        )
        self.contexto.set_default_timeout(30_000)
        self.pagina = self.contexto.new_page()
        self.tamano, self.con_axe = tamano, False
        self.consola, self.ajenas, self.paginas = [], [], 0
        self.pagina.on("console", self._anotar)
        self.pagina.on("pageerror", lambda e: self.consola.append(f"excepción: {e}"))
        self.pagina.on("request", self._pedida)

    def _anotar(self, mensaje):
        if mensaje.type in ("error", "warning"):
            self.consola.append(f"{mensaje.type}: {mensaje.text} {mensaje.location.get('url', '')}")

    def _pedida(self, peticion):
        if not peticion.url.startswith((self.url, "data:")):
            self.ajenas.append(peticion.url)

    # -- going about ------------------------------------------------------------------------------

    def entrar(self, en="/"):
        """Ask for a page, be sent to the login form, fill it in and land where one wanted."""
        self.pagina.goto(en)
        expect(self.pagina.get_by_role("heading", name="Entrar")).to_be_visible()
        self.mirar()
        self.pagina.locator("[name=login]").fill(self.nombre)
        self.pagina.locator("[name=password]").fill("demo")
        with self.pagina.expect_navigation():
            self.pagina.get_by_role("button", name="Entrar").click()
        expect(self.pagina.get_by_role("heading", name="Entrar")).not_to_be_attached()
        return self.mirar()

    def con_sesion(self):
        """They have entered already: the login has tests of its own."""
        cliente = Client()
        cliente.force_login(Usuario.objects.get(username=self.nombre))
        self.contexto.clear_cookies()
        self.contexto.add_cookies(
            [{"name": n, "value": m.value, "url": self.url} for n, m in cliente.cookies.items()]
        )
        return self

    def ir(self, ruta):
        self.pagina.goto(ruta)
        return self.mirar()

    def seguir(self, nombre, dentro=None, exacto=True):
        """Press a link by its visible name."""
        with self.pagina.expect_navigation():
            (dentro or self.pagina).get_by_role("link", name=nombre, exact=exacto).first.click()
        return self.mirar()

    def abrir(self, nombre):
        """Open the form of what is theirs to do: in its place, or on its page without JavaScript."""
        self.pagina.locator("#siguiente .acciones").get_by_text(nombre, exact=True).click()
        self.pagina.locator("form.formulario").wait_for()
        return self.mirar()

    def abrir_correo(self, mensaje):
        """Follow the link of a mail; who has not entered yet has to."""
        enlace = enlace_de(mensaje)
        assert enlace.startswith(self.url), f"el correo lleva a otro sitio: {enlace}"
        if self.paginas:
            return self.ir(enlace)
        return self.entrar(enlace)

    # -- forms ------------------------------------------------------------------------------------

    @property
    def formulario(self):
        return self.pagina.locator("form.formulario, form:has(fieldset.respuesta)")

    def llenar(self, **campos):
        for nombre, valor in campos.items():
            campo = self.formulario.locator(f'[name="{nombre}"]')
            assert campo.count(), f"no hay «{nombre}» en {self.pagina.url}"
            self._abrir_plegado(campo.first)
            tipo = campo.first.evaluate("e => e.type")
            if tipo in ("radio", "checkbox") and valor is not True:
                for uno in valor if isinstance(valor, list) else [valor]:
                    self.formulario.locator(f'[name="{nombre}"][value="{uno}"]').check()
            elif tipo == "checkbox":
                campo.check()
            elif tipo.startswith("select"):
                campo.select_option(str(valor))
            elif tipo == "file":
                campo.set_input_files(valor)
            else:
                campo.fill(str(valor))
        return self

    def _abrir_plegado(self, campo):
        plegado = campo.locator("xpath=ancestor::details[not(@open)]")
        if plegado.count():
            plegado.first.locator("summary").first.click()

    def enviar(self, boton, espera="Listo"):
        """Press the form's button and read the answer."""
        with self.pagina.expect_navigation():
            self.formulario.get_by_role("button", name=boton, exact=True).click()
        self.mirar()
        self.lee(espera)
        return self

    def lee(self, texto):
        """The page says so, visibly."""
        expect(self.pagina.locator("body")).to_contain_text(texto)
        return self

    # -- looking ----------------------------------------------------------------------------------

    def mirar(self):
        """What every page of a journey promises, whoever sees it: on their screen and on the least.

        Both of the small ones, and with everything unfolded, are for ``test_accesibilidad``."""
        self.paginas += 1
        malo = [*self.consola, *(f"otro servidor: {u}" for u in self.ajenas)]
        ingles = palabras_inglesas(self.pagina.evaluate(TEXTO))
        if ingles:
            malo.append(f"palabras en inglés: {sorted(ingles)}")
        for tamano in ({"width": min(ANCHOS_CHICOS), "height": 740}, self.tamano):
            malo += desbordes(self.pagina, **tamano)
        assert not malo, f"{self.nombre or 'anónimo'} en {self.pagina.url}:\n" + "\n".join(malo)
        return self


def asunto(mensaje) -> str:
    return str(make_header(decode_header(mensaje["Subject"])))


def cuerpo(mensaje, tipo="text/plain") -> str:
    parte = next(p for p in mensaje.walk() if p.get_content_type() == tipo)
    return parte.get_payload(decode=True).decode(parte.get_content_charset() or "utf-8")


def enlace_de(mensaje) -> str:
    """The one link of a mail: the same in its text and in its HTML."""
    enlaces = re.findall(r"https?://\S+", cuerpo(mensaje))
    assert len(set(enlaces)) == 1, f"{asunto(mensaje)}: {enlaces}"
    assert f'href="{enlaces[0]}"' in cuerpo(mensaje, "text/html")
    return enlaces[0]
