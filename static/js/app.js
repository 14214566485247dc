/* Smooths what already works without it. Nothing here decides, stores or asks the server for anything. */
(() => {
  "use strict";
  const cada = (sel, fn, raiz = document) => raiz.querySelectorAll(sel).forEach(fn);

  /* Fields that only make sense after an answer: data-muestra-si="campo=valor|otro".
     "campo=*" means any value, "campo!=valor" anything else. Hidden fields are not sent. */
  const valores = (form, nombre) => {
    const todos = [];
    for (const c of form.elements) {
      if (c.name !== nombre || c.disabled) continue;
      if ((c.type === "checkbox" || c.type === "radio") && !c.checked) continue;
      if (c.type === "select-multiple") todos.push(...[...c.selectedOptions].map((o) => o.value));
      else todos.push(c.value);
    }
    return todos.filter((v) => v !== "");
  };
  const cumple = (form, regla) => {
    const [, nombre, no, lista] = /^([^=!]+)(!?)=(.*)$/.exec(regla) || [];
    if (!nombre) return true;
    const puestos = valores(form, nombre);
    if (lista === "*") return puestos.length > 0 !== !!no;
    return puestos.some((v) => lista.split("|").includes(v)) !== !!no;
  };
  /* The mark may sit on a wrapper, or on a control: then its whole .campo comes and goes. */
  const condiciones = (form) =>
    cada("[data-muestra-si]", (marca) => {
      const control = marca.matches("input, select, textarea");
      const caja = (control && marca.closest(".campo")) || marca;
      caja.hidden = !cumple(form, marca.dataset.muestraSi);
      const apagar = (c) => {
        const ver = !c.closest("[hidden]");
        if (!ver && !c.disabled) {
          c.disabled = true;
          c.dataset.apagado = "1";
        } else if (ver && c.dataset.apagado) {
          c.disabled = false;
          delete c.dataset.apagado;
        }
      };
      if (caja === marca && control) apagar(caja);
      else cada("input, select, textarea", apagar, caja);
    }, form);
  const preparar = (raiz) => cada("form", (f) => f.querySelector("[data-muestra-si]") && condiciones(f), raiz);

  /* Work not sent yet: ask before leaving. */
  const sucios = new Set();
  const vigila = (f) => f && f.method === "post" && !f.hasAttribute("data-sin-aviso");
  document.addEventListener("input", (e) => {
    const f = e.target.form;
    if (vigila(f)) sucios.add(f);
  });
  document.addEventListener("change", (e) => {
    const f = e.target.form;
    if (!f) return;
    if (f.querySelector("[data-muestra-si]")) condiciones(f);
    if (e.target.hasAttribute("data-envia")) f.requestSubmit();
    /* A text that the chosen option suggests, while the person has written none of their own. */
    const { sugiere, texto } = e.target.dataset;
    const caja = sugiere && e.target.checked && f.elements[sugiere];
    if (caja && (!caja.value || caja.value === caja.dataset.sugerido)) caja.value = caja.dataset.sugerido = texto;
    const marca = e.target.dataset.marcaTodos;
    if (marca) cada(`input[type=checkbox][name="${CSS.escape(marca)}"]`, (c) => { c.checked = e.target.checked; }, f);
  });
  window.addEventListener("beforeunload", (e) => {
    for (const f of sucios) if (!f.isConnected) sucios.delete(f);
    if (sucios.size) e.preventDefault();
  });

  /* A second press sends nothing. The button goes dead after its own value has been collected. */
  document.addEventListener("submit", (e) => {
    const f = e.target;
    if (f.dataset.enviando) return e.preventDefault();
    sucios.delete(f);
    if (e.defaultPrevented || f.method !== "post" || f.target || f.hasAttribute("data-sin-guarda")) return;
    f.dataset.enviando = "1";
    setTimeout(() => cada("button:not([type=button]), input[type=submit]", (b) => {
      if (b.disabled) return;
      b.disabled = true;
      b.dataset.espera = "1";
    }, f));
  });
  const soltar = () => {
    cada("form[data-enviando]", (f) => delete f.dataset.enviando);
    cada("[data-espera]", (b) => {
      b.disabled = false;
      delete b.dataset.espera;
    });
  };
  window.addEventListener("pageshow", soltar);

  /* Menus: Escape and a press outside close them. */
  const cerrar = (menos) => cada("details[data-menu][open]", (d) => {
    if (d === menos) return;
    if (d.contains(document.activeElement) && !menos) d.querySelector("summary").focus();
    d.open = false;
  });
  document.addEventListener("click", (e) => {
    const dentro = e.target.closest("details[data-menu]");
    cada("details[data-menu][open]", (d) => { if (d !== dentro) d.open = false; });
  });
  document.addEventListener("keydown", (e) => {
    if (e.key === "Escape") cerrar(null);
    if (e.key === "/" && !e.ctrlKey && !e.metaKey && !e.altKey && !e.target.closest("input, select, textarea, [contenteditable]")) {
      const caja = document.querySelector("[data-tecla='/']");
      if (caja) {
        e.preventDefault();
        caja.focus();
      }
    }
  });

  /* After a refusal the reader starts at the list of what is missing. */
  const alError = (raiz) => {
    const e = raiz.querySelector(".resumen-errores") || raiz.querySelector("[aria-invalid=true]");
    if (!e) return;
    for (let d = e.closest("details:not([open])"); d; d = d.parentElement.closest("details:not([open])")) d.open = true;
    e.focus();
  };
  /* A link to a field inside something folded opens it. */
  const abrirDestino = () => {
    const d = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const plegado = d && (d.matches("details") ? d : d.closest("details"));
    if (plegado && !plegado.hasAttribute("data-menu")) plegado.open = true;
  };
  window.addEventListener("hashchange", abrirDestino);

  /* A form that was asked for in place is written in at once. */
  const alFormulario = (lugar) => {
    if (!lugar.id.startsWith("aqui-")) return;
    const campo = lugar.querySelector("input:not([type=hidden]), select, textarea");
    if (campo) campo.focus();
  };
  /* The opener of a form in its place folds it, and brings it back as it was; another's asks before
     what is written there is lost. */
  const abierto = (lugar, abre, si) => {
    lugar.hidden = !si;
    cada(`[hx-target="#${lugar.id}"]`, (a) => a.setAttribute("aria-expanded", si && a === abre));
  };
  document.addEventListener("htmx:beforeRequest", (e) => {
    const { elt, target: lugar, pathInfo } = e.detail;
    if (!lugar || !lugar.id.startsWith("aqui-")) return;
    if (lugar.dataset.de === pathInfo.requestPath) {
      e.preventDefault();
      return abierto(lugar, elt, lugar.hidden);
    }
    const escrito = [...sucios].some((f) => lugar.contains(f));
    if (escrito && !confirm("Lo que escribiste aquí se borra. ¿Seguir?")) e.preventDefault();
  });
  /* What opens something in its place is a button, whatever it is without scripts. */
  const botones = () => cada("a[aria-expanded][hx-get], a[hx-target^='#aqui-']", (a) => a.setAttribute("role", "button"));
  document.addEventListener("keydown", (e) => {
    if (e.key !== " " || !e.target.matches("a[role=button]")) return;
    e.preventDefault();
    e.target.click();
  });
  document.addEventListener("htmx:afterSettle", (e) => {
    const { elt, pathInfo, requestConfig } = e.detail;
    preparar(document);
    botones();
    if (elt.id.startsWith("aqui-")) {
      elt.dataset.de = pathInfo.requestPath;
      abierto(elt, requestConfig.elt, true);
    }
    alFormulario(elt);
    alError(e.detail.elt);
  });
  document.addEventListener("htmx:afterRequest", (e) => {
    soltar();
    if (e.detail.successful) sucios.delete(e.detail.elt);
  });

  // A page that may not be swapped in (403, 404, 409) is opened as a page.
  document.addEventListener("htmx:responseError", (e) => {
    if (e.detail.requestConfig.verb === "get") location.assign(e.detail.pathInfo.requestPath);
  });

  preparar(document);
  botones();
  abrirDestino();
  alError(document);
})();
