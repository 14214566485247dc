"""axe (WCAG 2.0 to 2.2, A and AA) finds nothing on any page, narrow or wide, light or dark,
and nothing scrolls sideways at 320 and 360 px.

Each page is loaded once and looked at in the four dresses (``make test``: in one of them, by turns),
everything folded being opened: what a press or an answer would show is part of the page. One test gathers all that it finds. The contrast of
a text follows from its own colour and size and from what is painted under it: of those that are alike
in all of that, on whatever page, axe measures one (``COLORES``); it was three quarters of its time.
The other rules do not depend on the width but for what it hides: wide they are asked of a page of each
template, and not of every form of an action or of a client, nor of the panel's lists.
"""

import itertools
import re

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import expect

from casos.models import Importacion
from tests.guion import un_contrato
from tests.reparto import CORTA, por_turnos
from tests.segundo_factor import codigo_de
from tests.test_importacion import ver

from . import mundo as m
from .gente import ANCHOS_CHICOS, TEXTO, a_lo_ancho, cuerpo, desbordes, palabras_inglesas

pytestmark = pytest.mark.navegador

REGLAS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# With the dress only colours change, and with them only these two rules can.
DE_COLOR = ["color-contrast", "link-in-text-block"]
AXE = """async ([type, values, sin]) => {
  const rules = Object.fromEntries(sin.map((regla) => [regla, {enabled: false}]));
  if (type === "tag") rules["landmark-unique"] = {enabled: true};
  const r = await axe.run(document,
    {runOnly: {type, values}, rules, preload: false, resultTypes: ["violations"]});
  return r.violations.map((v) => `${v.id}: ` + v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160)
    + " — " + n.any.concat(n.all, n.none).map((x) => x.message).join("; ").slice(0, 160)).join(" | "));
}"""
# Of every text to be seen, how it is painted: what is under it, from the root on, and its own ink. What
# axe passed is known from then on; what it could not tell, or did not want to look at, is asked again.
# A colour on its way from one dress to the other is nobody's: what moves is brought to its end.
COLORES = """async ([values, conocidas]) => {
  document.getAnimations().forEach((a) => a.finish());
  const sabidas = new Set(conocidas), fondos = new Map(), nuevas = new Map();
  const fondo = (e) => {
    if (!e) return "";
    if (fondos.has(e)) return fondos.get(e);
    const s = getComputedStyle(e), r = e.getBoundingClientRect();
    let de = fondo(e.parentElement);
    if (s.overflowX !== "visible" && (r.width <= 1 || r.height <= 1)) de = null;  // for screen readers
    const pinta = [s.backgroundColor, s.backgroundImage, s.opacity, s.filter, s.mixBlendMode].join();
    if (de !== null && pinta !== "rgba(0, 0, 0, 0),none,1,none,normal") de += `/${pinta}`;
    if (de !== null && !["static", "relative"].includes(s.position)) de += `/${s.position} ${e.className}`;
    fondos.set(e, de);
    return de;
  };
  const tinta = (e) => {
    const s = getComputedStyle(e);
    const propia = [s.color, s.fill, s.fontSize, s.fontWeight, s.textShadow];
    if (e.tagName !== "A") return propia.join();
    let bloque = e.parentElement;
    while (getComputedStyle(bloque).display.startsWith("inline")) bloque = bloque.parentElement;
    const sola = bloque.textContent.trim() === e.textContent.trim();
    return [...propia, sola, s.textDecorationLine, getComputedStyle(bloque).color].join();
  };
  for (const e of document.body.querySelectorAll("*")) {
    const dice = e.matches("input:not([type=radio], [type=checkbox]), select, textarea")
      || [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
    if (!dice || !e.checkVisibility({visibilityProperty: true})) continue;
    const r = e.getBoundingClientRect(), de = fondo(e);
    if (de === null || r.width < 2 || r.height < 2 || r.bottom + scrollY < 0) continue;
    const firma = `${e.disabled || ""}${de}|${tinta(e)}`;
    if (!sabidas.has(firma) && !nuevas.has(firma)) nuevas.set(firma, e);
  }
  if (!nuevas.size) return [[], []];
  const r = await axe.run({include: [...nuevas.values()]}, {runOnly: {type: "rule", values},
    preload: false, elementRef: true, selectors: false, resultTypes: ["passes", "violations", "incomplete"]});
  const de = (que) => new Set(que.flatMap((v) => v.nodes.map((n) => n.element)));
  const pasan = de(r.passes), dudosas = de([...r.violations, ...r.incomplete]);
  const buenas = [...nuevas].filter(([, e]) => pasan.has(e) && !dudosas.has(e)).map(([firma]) => firma);
  return [buenas, r.violations.map((v) => `${v.id}: ` + v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160)
    + " — " + n.any.concat(n.all, n.none).map((x) => x.message).join("; ").slice(0, 160)).join(" | "))];
}"""
CONOCIDAS: set[str] = set()
ANCHOS, TEMAS = (360, 1366), ("dark", "light")
PAGINAS = itertools.count()
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


# Of the panel, what only ``con_registros`` has a row of.
NUEVAS = "avisoprivacidad|plazodeconservacion|clausulaiso"


def de_turno(pagina: int) -> dict[int, tuple[str, ...]]:
    """The dresses a page is looked at in, by width: all of them, or in the short form one after another."""
    if not CORTA:
        return dict.fromkeys(ANCHOS, TEMAS)
    ancho, tema = [(360, "dark"), (360, "light"), (1366, "light"), (360, "dark")][pagina % 4]
    return {ancho: (tema,)}


def revisar(persona, enteras=(360, 1366)) -> list[str]:
    """What is wrong with the page that this person has open; ``enteras``: where all rules are asked."""
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
    if not persona.con_axe:  # each page that follows brings it along
        persona.contexto.add_init_script(AXE_SCRIPT)
        pagina.evaluate(AXE_SCRIPT)
        persona.con_axe = True
    for ancho, temas in de_turno(next(PAGINAS)).items():
        a_lo_ancho(pagina, ancho)
        if ancho in enteras:
            malo += [f"a {ancho} px: {x}" for x in pagina.evaluate(AXE, ["tag", REGLAS, DE_COLOR])]
        for tema in temas:
            pagina.emulate_media(color_scheme=tema)
            buenas, malas = pagina.evaluate(COLORES, [DE_COLOR, list(CONOCIDAS)])
            CONOCIDAS.update(buenas)
            malo += [f"a {ancho} px, {tema}: {x}" for x in malas]
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
    return escena.persona(nombre).con_sesion()


def decir(malo):
    assert not malo, f"{len(malo)} defectos:\n" + "\n".join(malo)


def test_sin_haber_entrado(escena):
    nadie = escena.persona()
    malo = recorrer(nadie, por_turnos(m.de_entrada(), 2))
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
    malo = recorrer(ventas, por_turnos(m.de_cuenta(), 2, 1))
    ventas.pagina.goto("/cuenta/2fa/totp/activate/")
    ventas.pagina.locator("[name=password]").fill("demo")  # asked again before such a change
    with ventas.pagina.expect_navigation():
        ventas.pagina.locator("main button[type=submit]").click()
    malo += revisar(ventas)
    secreto = ventas.pagina.locator("main code").inner_text()
    ventas.pagina.locator("[name=code]").fill(codigo_de(secreto))
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
    ventas.entrar()
    assert "/2fa/authenticate/" in ventas.pagina.url
    malo += revisar(ventas)
    decir(malo)


def de_quien_da_seguimiento(escena, mundo) -> list[str]:
    ventas = sesion(escena, "ventas")
    paginas, casos = m.de_casos(mundo), m.casos_de_cada_estado(mundo)
    malo = recorrer(ventas, [*por_turnos(paginas, 8), casos[0], m.de_clientes(mundo)[0]])
    malo += recorrer(ventas, por_turnos(casos[1:], 11, 3), enteras=(360,))
    malo += recorrer(ventas, ["/casos/SV-2020-000001/"], estado=404)
    malo += recorrer(ventas, ["/configurar/"], estado=403)
    gerente = sesion(escena, "gerente")
    de_ventas = f"/equipo/?de={mundo.casos['EN_CONTACTO'].responsable_id}"
    paginas = ["/", "/casos/", "/casos/?filtros=1", "/configurar/", m.TABLERO, de_ventas]
    paginas += ["/cuenta/teclas/", "/ayuda/opiniones/", "/ayuda/apendice/"]
    malo += recorrer(gerente, por_turnos(paginas, 2))
    malo += recorrer(gerente, por_turnos(m.de_clientes(mundo), 8), enteras=(360,))
    auditor = sesion(escena, "auditor")
    malo += recorrer(
        auditor, por_turnos(["/", "/casos/", mundo.casos["MODIFICADO"].get_absolute_url()], 3, 2)
    )
    return malo


def de_cada_accion(escena, mundo) -> list[str]:
    malo = []
    for nombre, rutas in m.de_acciones(mundo).items():
        malo += recorrer(sesion(escena, nombre), por_turnos(rutas, 28), enteras=(360,))
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
    malo += recorrer(sesion(escena, "ventas2"), [f"{caso}anular/"], estado=403)
    return malo


def del_panel(escena, mundo) -> list[str]:
    caso = mundo.casos["EN_ANALISIS"]
    opinion = next(o for o in caso.hechos.opiniones if o.area.codigo == "FIN")
    finanzas = sesion(escena, "finanzas")
    malo = recorrer(
        finanzas,
        [
            "/admin/",
            "/admin/casos/opinion/",
            f"/admin/casos/opinion/{opinion.pk}/change/",
            f"{caso.get_absolute_url()}opinar/{opinion.pk}/?volver=panel",
        ],
    )
    rutas = por_turnos(m.del_panel(mundo.p.admin), 20, 1)
    malo += recorrer(sesion(escena, "admin"), rutas, enteras=(360,))
    return malo


@pytest.mark.timeout(1200)  # in its long form all pages there are, each four times
def test_las_paginas_de_trabajo(escena):
    """One world for all of them: to walk its cases takes as long as to look at some thirty pages."""
    mundo = m.construir(escena.guion)
    malo = de_quien_da_seguimiento(escena, mundo)
    malo += de_cada_accion(escena, mundo)
    decir([*malo, *del_panel(escena, mundo)])


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
    abrir = pagina.locator("a[data-hx-get$='?sentido=A_FAVOR']")
    expect(abrir).to_have_count(2)
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
    expect(segunda).to_be_hidden()
    expect(abrir.nth(1)).to_have_attribute("aria-expanded", "false")
    abrir.nth(1).focus()
    pagina.keyboard.press("Space")
    expect(segunda).to_be_visible()
    assert segunda.locator("textarea").first.input_value() == "No cabe en el margen."
    # another thing in its place would lose it: it asks
    preguntas = []
    pagina.once("dialog", lambda d: (preguntas.append(d.message), d.dismiss()))
    pagina.locator("a[data-hx-get*='/pedir_datos/']").nth(1).click()
    assert preguntas == ["Lo que escribiste aquí se borra. ¿Seguir?"]
    assert segunda.locator("textarea").first.input_value() == "No cabe en el margen."
    decir(revisar(finanzas))


def test_lo_que_audita_y_lo_de_los_datos_personales(escena):
    registros = m.con_registros(escena.guion)
    auditor, direccion = sesion(escena, "auditor"), sesion(escena, "direccion")
    malo = recorrer(auditor, por_turnos(m.de_auditoria(registros), 8))
    malo += recorrer(direccion, por_turnos(m.de_privacidad(registros), 8))
    # A form sent empty says so where it is; of what nobody has found, the page is empty.
    for ruta in ("/privacidad/solicitudes/nueva/", "/privacidad/conservacion/"):
        direccion.pagina.goto(ruta)
        with direccion.pagina.expect_navigation():
            direccion.pagina.locator("main form button.boton--primario").click()
        assert direccion.pagina.locator(".resumen-errores").count()
        malo += revisar(direccion)
    malo += recorrer(direccion, ["/privacidad/?q=nadie"])
    admin = sesion(escena, "admin")
    rutas = [ruta for ruta in m.del_panel(escena.p.admin) if re.search(NUEVAS, ruta)]
    assert len(rutas) > 5
    malo += recorrer(admin, [*por_turnos(rutas, 8), "/configurar/estado/"], enteras=(360,))
    decir(malo)


def test_una_importacion(escena):
    filas = [
        ["Empresa", "RFC", "Giro"],
        *([f"Cliente {n}", "NO" * (n % 2), "x"] for n in range(60)),
    ]
    lista = ver(escena.p.gerente, *filas)
    en_marcha = Importacion.objects.create(
        autor=escena.p.gerente, tipo="contratos", nombre="x.xlsx"
    )
    casos = ver(
        escena.p.gerente,
        ["Folio", "Cliente", "Contacto", "Fecha", "Solicitud", "Ejecutivo", "Estatus", "Giro"],
        ["V-1", "Cliente 1", "Ana", "31/02/2026", "Pide algo", "ventas", "Esperando", "x"],
        tipo="casos",
    )
    rota = ver(escena.p.gerente, ["Nada", "de esto"], ["x", "y"])
    rutas = [f"/importaciones/{i.pk}/" for i in (lista, en_marcha, casos, rota)]
    gerente = sesion(escena, "gerente")
    decir(recorrer(gerente, ["/clientes/importar/", *rutas]))
    gerente.pagina.goto(rutas[0])
    assert gerente.pagina.evaluate("document.querySelectorAll('*').length") <= 700


def test_una_siguiente_accion_larga_no_ensancha_mis_pendientes(escena):
    """It stands beside what the step asks for, in the line; on a phone it has to break."""
    caso = escena.guion.hasta("EN_CONTACTO")
    caso.proxima_accion = "Mandar por correo el resumen de la reunión con Compras"
    caso.proxima_fecha = caso.vence
    caso.save(update_fields=["proxima_accion", "proxima_fecha"])
    ventas = sesion(escena, "ventas")
    ventas.pagina.goto("/")
    expect(ventas.pagina.get_by_text("Mandar por correo el resumen")).to_be_visible()
    decir([x for ancho in ANCHOS_CHICOS for x in desbordes(ventas.pagina, ancho)])
    # On a phone the line of the folio does not end in "…" beside a long date: it has up to three.
    cortados = "e => e.filter((x) => x.scrollWidth > x.clientWidth).map((x) => x.textContent)"
    assert ventas.pagina.locator(".asuntos .caso__folio").evaluate_all(cortados) == []
