/* Smooths what works without it. Nothing here decides. */
(() => {
  "use strict";
  const cada = (sel, fn, raiz = document) => raiz.querySelectorAll(sel).forEach(fn);

  /* The one live region: the same sentence twice is said twice. */
  const voz = document.getElementById("voz");
  const decir = (texto) => {
    if (voz && texto) voz.textContent = voz.textContent === texto ? `${texto}\u00a0` : texto;
  };
  const barra = document.getElementById("sin-red");
  let otraVez;
  const sinRespuesta = (repetir) => {
    otraVez = repetir;
    barra.hidden = false;
    decir(barra.querySelector("p").textContent);
  };
  if (barra) barra.addEventListener("click", (e) => {
    const boton = e.target.closest("button");
    if (boton) barra.hidden = true;
    if (boton && boton.hasAttribute("data-otra-vez")) otraVez();
  });

  /* Fields asked after an answer: data-muestra-si="campo=valor|otro"; "campo=*": any value,
     "campo!=valor": any other. Hidden fields are not sent. */
  const valores = (form, nombre) => {
    const todos = [];
    for (const c of form.elements) {
      if (c.name !== nombre || c.disabled) continue;
      if ((c.type === "checkbox" || c.type === "radio") && !c.checked) continue;
      todos.push(c.value);
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
  /* What is done with the rows ticked shows with the first of them. */
  const elegidos = (form, avisa) => {
    const mando = form.querySelector("[data-elegidos]");
    if (!mando) return;
    const cajas = [...form.querySelectorAll("tbody [type=checkbox]")];
    const n = cajas.filter((c) => c.checked).length;
    if (!n && mando.contains(document.activeElement)) cajas[0].focus();
    mando.hidden = !n && !mando.querySelector(".errorlist");
    cada("[data-todos]", (c) => {
      c.closest("label").hidden = false;
      c.checked = n === cajas.length;
      c.indeterminate = n > 0 && !c.checked;
    }, mando);
    const cuantos = n === 1 ? "1 elegido" : `${n} elegidos`;
    cada("[data-cuantos]", (c) => { c.textContent = cuantos; }, mando);
    if (avisa) decir(cuantos);
  };
  const preparar = () => cada("form", (f) => {
    if (f.querySelector("[data-muestra-si]")) condiciones(f);
    elegidos(f);
  });

  /* Not sent yet: ask before leaving. */
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
    /* A text that the chosen option suggests, while there is none of their own. */
    const { sugiere, texto } = e.target.dataset;
    const caja = sugiere && f.elements[sugiere];
    if (caja && e.target.checked && (!caja.value || caja.value === caja.dataset.sugerido)) {
      caja.value = caja.dataset.sugerido = texto;
    } else if (caja && !e.target.checked && caja.value === texto) {
      /* What is no longer ticked suggests nothing; another that still is, its own. */
      const otra = f.querySelector(`[data-sugiere="${sugiere}"]:checked`);
      caja.value = caja.dataset.sugerido = otra ? otra.dataset.texto : "";
    }
    if (e.target.hasAttribute("data-todos")) cada("tbody [type=checkbox]", (c) => { c.checked = e.target.checked; }, f);
    if (e.target.type === "checkbox") elegidos(f, true);
  });
  window.addEventListener("beforeunload", (e) => {
    for (const f of sucios) if (!f.isConnected) sucios.delete(f);
    if (sucios.size) e.preventDefault();
  });

  /* A second press sends nothing; then the button is dead. */
  document.addEventListener("submit", (e) => {
    const f = e.target;
    if (e.submitter?.formTarget) return;
    if (f.dataset.enviando) return e.preventDefault();
    if (!navigator.onLine && barra) {
      e.preventDefault();
      return sinRespuesta(() => f.requestSubmit(e.submitter));
    }
    sucios.delete(f);
    if (e.defaultPrevented || f.method !== "post") return;
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
  window.addEventListener("pageshow", () => {
    soltar();
    preparar();
  });

  /* Menus close. */
  document.addEventListener("click", (e) => {
    const dentro = e.target.closest("details[data-menu]");
    cada("details[data-menu][open]", (d) => { if (d !== dentro) d.open = false; });
  });
  document.addEventListener("keydown", (e) => {
    if (e.key === "Escape") cada("details[data-menu][open]", (d) => {
      if (d.contains(document.activeElement)) d.querySelector("summary").focus();
      d.open = false;
    });
    const { teclas, ayuda } = document.body.dataset;
    const campo = e.target.closest("input:not([type=checkbox]), select, textarea, [contenteditable]");
    if (teclas && "/?njk".includes(e.key) && !(e.ctrlKey || e.metaKey || e.altKey || campo || document.querySelector("dialog[open]"))) {
      e.preventDefault();
      import(teclas).then((t) => t.pulsar(e.key, ayuda), () => {});
    }
    /* What opens something in its place is a button, whatever it is without scripts. */
    if (e.key === " " && e.target.matches("a[role=button]")) {
      e.preventDefault();
      e.target.click();
    }
  });

  const alError = (raiz) => {
    const e = raiz.querySelector(".resumen-errores") || raiz.querySelector("[aria-invalid=true]");
    if (!e) return;
    for (let d = e.closest("details:not([open])"); d; d = d.parentElement.closest("details:not([open])")) d.open = true;
    e.focus();
  };
  const abrirDestino = () => {
    const d = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const plegado = d && (d.matches("details") ? d : d.closest("details"));
    if (plegado && !plegado.hasAttribute("data-menu")) plegado.open = true;
  };
  window.addEventListener("hashchange", abrirDestino);

  /* htmx. A form that was asked for in its place ("aqui-…") is folded by its opener, and brought back as
     it was; another's asks before what is written there is lost. */
  const abierto = (lugar, abre, si) => {
    lugar.hidden = !si;
    cada(`[data-hx-target="#${lugar.id}"]`, (a) => a.setAttribute("aria-expanded", si && a === abre));
  };
  const botones = () =>
    cada("a[aria-expanded][data-hx-get], a[data-hx-target^='#aqui-']", (a) => {
      a.setAttribute("role", "button");
      if (!a.hasAttribute("aria-expanded")) a.setAttribute("aria-expanded", false);
    });
  document.addEventListener("htmx:beforeRequest", (e) => {
    const { elt, target: lugar, pathInfo } = e.detail;
    if (elt.dataset.falla) return;
    if (barra) barra.hidden = true;
    if (!lugar || !lugar.id.startsWith("aqui-")) return;
    if (lugar.dataset.de === pathInfo.requestPath) {
      e.preventDefault();
      return abierto(lugar, elt, lugar.hidden);
    }
    const escrito = [...sucios].some((f) => lugar.contains(f));
    if (escrito && !confirm("Lo que escribiste aquí se borra. ¿Seguir?")) e.preventDefault();
  });
  /* What came in says what it is (data-dice) and where reading goes on (data-foco). */
  document.addEventListener("htmx:afterSettle", (e) => {
    const { elt, pathInfo, requestConfig } = e.detail;
    preparar();
    botones();
    const dicho = elt.matches("[data-dice]") ? elt : elt.querySelector("[data-dice]");
    if (dicho) decir(dicho.dataset.dice);
    let foco = elt.querySelector("[data-foco]");
    if (elt.id.startsWith("aqui-")) {
      elt.dataset.de = pathInfo.requestPath;
      abierto(elt, requestConfig.elt, true);
      decir(requestConfig.elt.textContent.trim());
      foco = elt.querySelector("input:not([type=hidden]), select, textarea");
    }
    if (foco) foco.focus();
    alError(elt);
  });
  document.addEventListener("htmx:afterRequest", ({ detail: { elt, successful } }) => {
    if (elt.dataset.falla) return;
    soltar();
    if (successful) sucios.delete(elt);
  });
  const falla = ({ detail: { elt, requestConfig: r, pathInfo, xhr } }) => {
    // A draft.
    if (elt.dataset.falla) return elt.textContent = elt.dataset.falla;
    // A page that may not be swapped in (403, 404, 409) is opened as a page.
    if (xhr && xhr.status >= 400 && xhr.status < 500) return location.assign(pathInfo.requestPath);
    sinRespuesta(() => htmx.ajax(r.verb, r.path, { source: r.elt }));
  };
  for (const fallo of ["responseError", "sendError", "timeout"]) document.addEventListener(`htmx:${fallo}`, falla);

  preparar();
  botones();
  abrirDestino();
  alError(document);
  /* Where one begins to write, if the heading stays in sight. */
  const primero = document.querySelector("[data-primero]");
  if (primero && primero.getBoundingClientRect().bottom < innerHeight) primero.focus();
})();
