"""axe (WCAG 2.0 to 2.2, A and AA) finds nothing on any page, narrow or wide, light or dark,
and nothing scrolls sideways at 320 and 360 px.

Each page is loaded once and looked at in the four dresses, everything folded being opened: what a
press or an answer would show is part of the page. One test gathers all that it finds. Colours do not
depend on the width: of what one template draws many times (a case in each state, the forms of the
actions and of clients, the panel) they are looked at on a phone, and wide in one of each.
"""

import re

import pytest
from allauth.mfa.totp.internal import auth as totp
from axe_playwright_python.base import AXE_SCRIPT

from tests.guion import un_contrato

from . import mundo as m
from .gente import ANCHOS_CHICOS, TEXTO, cuerpo, desbordes, palabras_inglesas

pytestmark = pytest.mark.navegador

REGLAS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# In the dark only colours change, and with them only these two rules can.
DE_COLOR = ["color-contrast", "link-in-text-block"]
VESTIDOS = (("dark", ["rule", DE_COLOR]), ("light", ["tag", REGLAS]))
# A colour on its way from one dress to the other is nobody's: what moves is brought to its end.
AXE = """async ([type, values, sin = []]) => {
  document.getAnimations().forEach((a) => a.finish());
  const rules = Object.fromEntries(sin.map((regla) => [regla, {enabled: false}]));
  if (type === "tag") rules["landmark-unique"] = {enabled: true};
  const r = await axe.run(document,
    {runOnly: {type, values}, rules, preload: false, resultTypes: ["violations"]});
  return r.violations.map((v) => `${v.id}: ` + v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160)
    + " — " + n.any.concat(n.all, n.none).map((x) => x.message).join("; ").slice(0, 160)).join(" | "));
}"""
# What is folded, and the fields that only an answer brings (see static/js/app.js).
DESPLEGAR = """() => {
  document.querySelectorAll("details:not([data-menu])").forEach((d) => { d.open = true; });
  document.querySelectorAll("[data-muestra-si]").forEach((e) => {
    const caja = e.matches("input, select, textarea") ? e.closest(".campo") || e : e;
    caja.hidden = false;
    caja.querySelectorAll("[disabled]").forEach((c) => { c.disabled = false; });
  });
}"""


# A label, an error or a link would lead to the first of two with one name.
REPETIDOS = """() => {
  const todos = [...document.querySelectorAll("[id]")].map((e) => e.id);
  return [...new Set(todos.filter((id, n) => todos.indexOf(id) !== n))];
}"""


def revisar(persona, de_color=(360, 1366)) -> list[str]:
    """What is wrong with the page that this person has open; its colours at the widths ``de_color``."""
    pagina, malo = persona.pagina, []
    repetidos = pagina.evaluate(REPETIDOS)
    if repetidos:
        malo.append(f"ids repetidos: {repetidos}")
    ingles = palabras_inglesas(pagina.evaluate(TEXTO))
    if ingles:
        malo.append(f"palabras en inglés: {sorted(ingles)}")
    pagina.evaluate(DESPLEGAR)
    for ancho in ANCHOS_CHICOS:
        malo += desbordes(pagina, ancho)
    pagina.evaluate(AXE_SCRIPT)
    for ancho in (360, 1366):
        pagina.set_viewport_size({"width": ancho, "height": 740})
        for tema, que in VESTIDOS:
            if ancho not in de_color:
                if tema == "dark":
                    continue
                que = [*que, DE_COLOR]
            pagina.emulate_media(color_scheme=tema)
            malo += [f"a {ancho} px, {tema}: {x}" for x in pagina.evaluate(AXE, que)]
    pagina.emulate_media(color_scheme=None)
    malo += [x for x in persona.consola if "Security Policy" in x]  # a 404 complains too, rightly
    persona.consola.clear()
    return [f"{persona.nombre or 'anónimo'} en {pagina.url}: {x}" for x in dict.fromkeys(malo)]


def recorrer(persona, rutas, estado=200, **como) -> list[str]:
    malo = []
    for ruta in rutas:
        respuesta = persona.pagina.goto(ruta)
        assert respuesta.status == estado, f"{ruta} contesta {respuesta.status}"
        malo += revisar(persona, **como)
    return malo


def sesion(escena, nombre):
    """Enter without looking: the login form has its own turn."""
    persona = escena.persona(nombre)
    persona.pagina.goto("/cuenta/login/")
    persona.pagina.locator("[name=login]").fill(nombre)
    persona.pagina.locator("[name=password]").fill("demo")
    with persona.pagina.expect_navigation():
        persona.pagina.get_by_role("button", name="Entrar").click()
    return persona


def decir(malo):
    assert not malo, f"{len(malo)} defectos:\n" + "\n".join(malo)


def test_sin_haber_entrado(escena):
    nadie = escena.persona()
    malo = recorrer(nadie, m.de_entrada())
    malo += recorrer(nadie, ["/no-existe/"], estado=404)
    # a wrong password, and the form to choose a new one that the mail leads to
    nadie.pagina.goto("/cuenta/login/")
    nadie.pagina.locator("[name=login]").fill("ventas")
    nadie.pagina.locator("[name=password]").fill("otra")
    with nadie.pagina.expect_navigation():
        nadie.pagina.get_by_role("button", name="Entrar").click()
    malo += revisar(nadie)
    nadie.pagina.goto("/cuenta/password/reset/")
    nadie.pagina.locator("[name=email]").fill("ventas@ejemplo.mx")
    with nadie.pagina.expect_navigation():
        nadie.pagina.locator("main button[type=submit]").click()
    enlace = re.search(r"https?://\S+", cuerpo(escena.correo("ventas", "ontraseña"))).group()
    malo += recorrer(nadie, [enlace])
    decir(malo)


def test_el_segundo_factor(escena):
    """Activated, asked for at the door, with its recovery codes."""
    ventas = sesion(escena, "ventas")
    malo = recorrer(ventas, m.de_cuenta())
    ventas.pagina.goto("/cuenta/2fa/totp/activate/")
    ventas.pagina.locator("[name=password]").fill("demo")  # asked again before such a change
    with ventas.pagina.expect_navigation():
        ventas.pagina.locator("main button[type=submit]").click()
    malo += revisar(ventas)
    secreto = ventas.pagina.locator("main code").inner_text()
    contador = next(totp.yield_hotp_counters_from_time())
    codigo = totp.format_hotp_value(totp.hotp_value(secreto, contador))
    ventas.pagina.locator("[name=code]").fill(codigo)
    with ventas.pagina.expect_navigation():
        ventas.pagina.locator("main form:has([name=code]) button[type=submit]").click()
    malo += revisar(ventas)
    rutas = [
        "mfa_index",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_deactivate_totp",
    ]
    malo += recorrer(ventas, [m.ruta(r) for r in rutas])
    ventas.contexto.clear_cookies()
    sesion(escena, "ventas")
    assert "/2fa/authenticate/" in ventas.pagina.url
    malo += revisar(ventas)
    decir(malo)


def test_las_paginas_de_quien_da_seguimiento(escena):
    mundo = m.construir(escena.guion)
    ventas = sesion(escena, "ventas")
    paginas, casos = m.de_casos(mundo), m.casos_de_cada_estado(mundo)
    malo = recorrer(ventas, [*paginas, casos[0], m.de_clientes(mundo)[0]])
    malo += recorrer(ventas, casos[1:], de_color=(360,))
    malo += recorrer(ventas, ["/casos/SV-2020-000001/"], estado=404)
    malo += recorrer(ventas, ["/configurar/"], estado=403)
    gerente = sesion(escena, "gerente")
    malo += recorrer(gerente, ["/", "/casos/", "/configurar/"])
    malo += recorrer(gerente, m.de_clientes(mundo), de_color=(360,))
    auditor = sesion(escena, "auditor")
    malo += recorrer(auditor, ["/", "/casos/", mundo.casos["MODIFICADO"].get_absolute_url()])
    decir(malo)


def test_dos_respuestas_abiertas_en_su_lugar(escena):
    """Two areas' questions answered on one page: each form is its own, and nothing typed is lost."""
    for n in range(2):
        contrato = un_contrato(f"CT-{n}")
        escena.guion.analizar(
            escena.guion.contactar(escena.guion.registrar(contrato=contrato)), "FIN"
        )
    finanzas = sesion(escena, "finanzas")
    pagina = finanzas.pagina
    pagina.goto("/")
    abrir = pagina.locator("a[data-hx-get*='/opinar/']")
    assert abrir.count() == 2
    for n in range(2):
        abrir.nth(n).click()
        pagina.locator("form.formulario").nth(n).wait_for()
    assert pagina.evaluate(REPETIDOS) == []
    segunda = pagina.locator("form.formulario").nth(1)
    segunda.get_by_text("En contra", exact=True).click()
    marcadas = [
        f.locator("input[value=EN_CONTRA]:checked").count()
        for f in pagina.locator("form.formulario").all()
    ]
    assert marcadas == [0, 1]
    segunda.locator("textarea").first.fill("No cabe en el margen.")
    # the same opener folds it, and brings it back as it was
    abrir.nth(1).click()
    assert not segunda.is_visible()
    assert abrir.nth(1).get_attribute("aria-expanded") == "false"
    abrir.nth(1).focus()
    pagina.keyboard.press("Space")
    assert segunda.is_visible()
    assert segunda.locator("textarea").first.input_value() == "No cabe en el margen."
    # another thing in its place would lose it: it asks
    preguntas = []
    pagina.once("dialog", lambda d: (preguntas.append(d.message), d.dismiss()))
    pagina.locator("a[data-hx-get*='/pedir_datos/']").nth(1).click()
    assert preguntas == ["Lo que escribiste aquí se borra. ¿Seguir?"]
    assert segunda.locator("textarea").first.input_value() == "No cabe en el margen."
    decir(revisar(finanzas))


def test_las_paginas_de_cada_accion(escena):
    mundo = m.construir(escena.guion)
    malo = []
    for nombre, rutas in m.de_acciones(mundo).items():
        malo += recorrer(sesion(escena, nombre), rutas, de_color=(360,))
    # a form sent empty, an action that is not for now, and one that is not theirs
    ventas = escena.gente["ventas"]
    caso = mundo.casos["EN_CONTACTO"].get_absolute_url()
    for ruta in ("/casos/nuevo/", f"{caso}analizar/", f"{caso}registrar_contacto/"):
        ventas.pagina.goto(ruta)
        with ventas.pagina.expect_navigation():
            ventas.formulario.locator("button.boton--primario").click()
        assert ventas.pagina.locator(".resumen-errores").count()
        malo += revisar(ventas)
    malo += recorrer(ventas, [f"{caso}presentar/"], estado=409)
    malo += recorrer(ventas, [f"{caso}anular/"], estado=403)
    decir(malo)


def test_el_panel(escena):
    mundo = m.construir(escena.guion)
    caso = mundo.casos["EN_ANALISIS"]
    opinion = next(o for o in caso.hechos.opiniones if o.area.codigo == "FIN")
    finanzas = sesion(escena, "finanzas")
    malo = recorrer(
        finanzas,
        [
            "/admin/",
            "/admin/casos/opinion/",
            f"/admin/casos/opinion/{opinion.pk}/change/",
            f"/admin/casos/opinion/{opinion.pk}/responder/opinar/",
        ],
    )
    rutas = m.del_panel(mundo.p.admin)
    assert len([r for r in rutas if r.endswith("/importar/")]) == 2
    malo += recorrer(sesion(escena, "admin"), rutas, de_color=(360,))
    decir(malo)
