"""axe (WCAG 2.0 to 2.2, A and AA) finds nothing on any page, narrow or wide, light or dark,
and nothing scrolls sideways at 320 and 360 px.

Each page is loaded once and looked at in the four dresses, everything folded being opened: what a
press or an answer would show is part of the page. One test gathers all that it finds. The forms of
the actions and the panel's pages, each drawn by one template, are seen in the dark only on a phone.
"""

import re

import pytest
from allauth.mfa.totp.internal import auth as totp
from axe_playwright_python.base import AXE_SCRIPT

from . import mundo as m
from .gente import ANCHOS_CHICOS, TEXTO, cuerpo, desbordes, palabras_inglesas

pytestmark = pytest.mark.navegador

REGLAS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# In the dark only colours change, and with them only these two rules can.
VESTIDOS = (
    ("dark", ["rule", ["color-contrast", "link-in-text-block"]]),
    ("light", ["tag", REGLAS]),
)
# A colour on its way from one dress to the other is nobody's: what moves is brought to its end.
AXE = """async ([type, values]) => {
  document.getAnimations().forEach((a) => a.finish());
  const r = await axe.run(document,
    {runOnly: {type, values}, preload: false, resultTypes: ["violations"]});
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


def revisar(persona, a_oscuras=(360, 1366)) -> list[str]:
    """What is wrong with the page that this person has open; dark at the widths ``a_oscuras``."""
    pagina, malo = persona.pagina, []
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
            if tema == "dark" and ancho not in a_oscuras:
                continue
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
    malo = recorrer(ventas, m.de_casos(mundo) + m.de_clientes(mundo)[:1])
    malo += recorrer(ventas, ["/casos/SV-2020-000001/"], estado=404)
    malo += recorrer(ventas, ["/configurar/"], estado=403)
    gerente = sesion(escena, "gerente")
    malo += recorrer(gerente, ["/", "/casos/", *m.de_clientes(mundo), "/configurar/"])
    auditor = sesion(escena, "auditor")
    malo += recorrer(auditor, ["/", "/casos/", mundo.casos["MODIFICADO"].get_absolute_url()])
    decir(malo)


def test_las_paginas_de_cada_accion(escena):
    mundo = m.construir(escena.guion)
    malo = []
    for nombre, rutas in m.de_acciones(mundo).items():
        malo += recorrer(sesion(escena, nombre), rutas, a_oscuras=(360,))
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
    malo += recorrer(sesion(escena, "admin"), rutas, a_oscuras=(360,))
    decir(malo)
