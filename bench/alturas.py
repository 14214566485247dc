"""``python -m bench.alturas``: how long the case page is, as its responsible sees it.

It asks a product that is running with the demonstration (``make run``), in a real browser, for every
open case of each responsible, and prints the longest, and the longest of each step: height, where the
move begins and where the telephone is, at 1366 × 768 and 360 × 740. ``--folio`` measures those cases.
"""

import argparse

from playwright.sync_api import sync_playwright

TAMANOS = {"1366": {"width": 1366, "height": 768}, "360": {"width": 360, "height": 740}}
RESPONSABLES = ("ventas", "ventas2", "gerente", "atencion", "direccion")
MEDIR = """() => {
  const y = (sel) => {
    const e = [...document.querySelectorAll(sel)].find((e) => e.getBoundingClientRect().height);
    return e ? Math.round(e.getBoundingClientRect().top + scrollY) : null;
  };
  const barra = document.querySelector(".te-toca");
  const caja = barra && barra.getBoundingClientRect();
  return {
    alto: document.documentElement.scrollHeight,
    jugada: y("#siguiente"),
    boton: caja && caja.height && caja.bottom <= innerHeight ? Math.round(caja.top) : null,
    telefono: y("main a[href^='tel:']"),
    nodos: document.querySelectorAll("*").length,
    paso: (document.querySelector(".camino__ahora strong") || {}).textContent || "",
  };
}"""
FOLIOS = """() => [...document.querySelectorAll("main a.caso__enlace")].map((a) => a.pathname)"""


def main() -> None:
    opciones = argparse.ArgumentParser(description=__doc__)
    opciones.add_argument("--url", default="http://127.0.0.1:8000")
    opciones.add_argument("--clave", default="demo")
    opciones.add_argument("--cuantos", type=int, default=4)
    opciones.add_argument("--folio", nargs="*", default=[])
    opciones.add_argument("--navegador", default="/usr/bin/chromium")
    o = opciones.parse_args()
    with sync_playwright() as p:
        chromium = p.chromium.launch(executable_path=o.navegador, args=["--no-sandbox"])
        medidas: dict[str, dict] = {}
        for quien in RESPONSABLES:
            medidas |= _de(chromium, o, quien)
        chromium.close()
    largos = sorted(medidas.items(), key=lambda m: -m[1]["360"]["alto"])
    print(informe(largos if o.folio else largos[: o.cuantos]))
    if not o.folio:
        de_cada_paso = {m["1366"]["paso"]: (folio, m) for folio, m in reversed(largos)}
        print(f"\n{informe([*de_cada_paso.values()])}\n")
    for ancho in TAMANOS:
        print(
            f"{len(medidas)} cases; longest at {ancho}:", max(m[ancho]["alto"] for _, m in largos)
        )
        print(f"  most nodes at {ancho}:", max(m[ancho]["nodos"] for _, m in largos))


def _de(chromium, o, quien: str) -> dict[str, dict]:
    """The open cases that ``quien`` leads, measured at both sizes."""
    pagina = chromium.new_page(base_url=o.url)
    pagina.goto("/cuenta/login/")
    pagina.locator("[name=login]").fill(quien)
    pagina.locator("[name=password]").fill(o.clave)
    with pagina.expect_navigation():
        pagina.get_by_role("button", name="Entrar").click()
    pagina.goto("/casos/?estado=ABIERTOS&mios=on")
    rutas = pagina.evaluate(FOLIOS)
    while pagina.locator("a[rel=next]").count():
        pagina.locator("a[rel=next]").click()
        pagina.wait_for_load_state()
        rutas += pagina.evaluate(FOLIOS)
    if o.folio:
        rutas = [r for r in rutas if r.split("/")[2] in o.folio]
    medidas: dict[str, dict] = {}
    for ancho, tamano in TAMANOS.items():
        pagina.set_viewport_size(tamano)
        for ruta in dict.fromkeys(rutas):
            pagina.goto(ruta)
            folio = ruta.split("/")[2]
            medidas.setdefault(folio, {"quien": quien})[ancho] = pagina.evaluate(MEDIR)
    pagina.context.close()
    return medidas


def informe(medidas: list[tuple[str, dict]]) -> str:
    """A table in Markdown; the move's own button in brackets where it is fixed on the first screen."""
    titulos = ["case", "step", "RC"]
    titulos += [
        f"{ancho}: {que}" for ancho in TAMANOS for que in ("height", "move", "telephone", "nodes")
    ]
    filas = [titulos, ["---"] * len(titulos)]
    for folio, m in medidas:
        fila = [folio, m["1366"]["paso"], m["quien"]]
        for ancho in TAMANOS:
            d = m[ancho]
            jugada = str(d["jugada"]) + (f" [{d['boton']}]" if d["boton"] is not None else "")
            fila += [f"{d['alto']:,}", jugada, str(d["telefono"] or "–"), str(d["nodos"])]
        filas.append(fila)
    return "\n".join("| " + " | ".join(f) + " |" for f in filas)


if __name__ == "__main__":
    main()
