/* Keys that only shorten the way; asked for by the first press (see app.js). Nothing is remembered between presses,
   so whatever htmx brought is what there is. */
const FILAS = "main :is(tbody tr, .pendientes > li)";

const ver = (e) => e && e.checkVisibility();
const enlace = (fila) => [...fila.querySelectorAll("a[href]")].find(ver);

/* To the next row or the one before, by its first link, from where the focus is: Enter opens it. */
const mover = (sentido) => {
  const filas = [...document.querySelectorAll(FILAS)].filter((f) => ver(f) && enlace(f));
  const donde = document.activeElement.closest(FILAS) || document.activeElement;
  const aqui = filas.indexOf(donde);
  const lado = sentido > 0 ? Node.DOCUMENT_POSITION_FOLLOWING : Node.DOCUMENT_POSITION_PRECEDING;
  const deEseLado = filas.filter((f) => donde.compareDocumentPosition(f) & lado);
  const fila = aqui < 0 ? deEseLado.at(sentido > 0 ? 0 : -1) : filas[aqui + sentido];
  if (!fila) return;
  enlace(fila).focus();
  fila.scrollIntoView({ block: "nearest" });
};

/* The list of keys is a page; here it opens over this one, and Escape closes it. */
const lista = async (direccion) => {
  const hoja = new DOMParser().parseFromString(await (await fetch(direccion)).text(), "text/html");
  const teclas = hoja.getElementById("teclas");
  if (!teclas) return location.assign(direccion);
  const cuadro = document.createElement("dialog");
  cuadro.className = "cuadro-de-teclas";
  cuadro.setAttribute("aria-labelledby", "t-teclas");
  cuadro.append(teclas);
  document.body.append(cuadro);
  cuadro.addEventListener("close", () => cuadro.remove());
  cuadro.addEventListener("click", (e) => {
    if (e.target === cuadro || e.target.closest("[data-cierra]")) cuadro.close();
  });
  cuadro.showModal();
};

export const pulsar = (tecla, direccion) => {
  if (tecla === "j" || tecla === "k") mover(tecla === "j" ? 1 : -1);
  else if (tecla === "?") lista(direccion).catch(() => location.assign(direccion));
  else {
    const meta = document.querySelector(`[data-tecla="${tecla}"]`);
    if (meta) meta.matches("input") ? meta.focus() : meta.click();
  }
};
