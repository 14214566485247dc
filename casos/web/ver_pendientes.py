"""Mis pendientes, the first page: fetch the trays and show them by day. No rules, no writes."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from casos import calendario
from casos.lecturas.a_quien_llamar import puede_llamar
from casos.lecturas.acuses import hasta_cuando, por_aprobar
from casos.lecturas.asuntos import EL_RESTO, asuntos_de, con_mas, por_dia
from casos.lecturas.columnas_de_la_lista import LAS_DE_ESPERA
from casos.lecturas.datos_de_personas import bloqueos_por_decidir
from casos.lecturas.falta_configurar import le_falta_configurar
from casos.lecturas.hallazgos_abiertos import los_de, que_espera
from casos.lecturas.pendientes import LIMITE, Pendientes, pendientes_de
from casos.lecturas.solicitudes_arco import abiertas_para
from casos.models import Caso
from casos.permisos.cargos import cargo_comercial
from casos.permisos.del_auditor import audita
from casos.permisos.del_documento import escribe_la_instruccion


@require_safe
def pendientes(request: HttpRequest) -> HttpResponse:
    """``/``: what waits for me, by day and by what hurts, and what I wait for."""
    usuario = request.user
    p = pendientes_de(usuario)
    dias = por_dia(p, asuntos_de(p))
    indice = [(d.clave, d.titulo, d.cuantos) for d in dias]
    if p.espero:
        cuantos = f"{len(p.espero.filas)}{'+' if p.espero.hay_mas else ''}"
        indice.append(("espero", "Esperas de otros", cuantos))
    incompletas = con_mas(p)
    # Who has nothing waiting is told of what is still to be set up, instead of nothing.
    nada = not p.hay_algo_que_hacer
    if nada and usuario.is_superuser and not Caso.objects.exists() and le_falta_configurar(usuario):
        return redirect("falta_configurar")  # the first administrator, of an empty system
    primera_vez = nada and p.actua and not Caso.objects.visibles_para(usuario).exists()
    de_caso = [*p.me_toca.filas, *p.acciones.filas, *p.llamadas.filas, *p.espero.filas]
    contexto = {
        "p": p,
        "llamables": {c.pk for c in de_caso if puede_llamar(c, usuario)},
        "columnas_de_espera": LAS_DE_ESPERA,
        "dias": dias,
        "indice": indice,
        "limite": LIMITE,
        "hay_mas": bool(incompletas),
        "resto": [EL_RESTO[c] for c in incompletas if c in EL_RESTO],
        "falta_configurar": nada and le_falta_configurar(usuario),
        "primera_vez": primera_vez,
        "pista": _pista(p, usuario) if primera_vez else {},
        "acuse_hasta": hasta_cuando(usuario),
        "por_aprobar": por_aprobar(usuario),
        "solicitudes": abiertas_para(usuario),
        "bloqueos": bloqueos_por_decidir(usuario, calendario.hoy()),
        "lleva_la_instruccion": escribe_la_instruccion(usuario),
        "audita": audita(usuario),
        "hallazgos": [(h, que_espera(h)) for h in los_de(usuario)],
    }
    return render(request, "casos/pendientes.html", contexto)


def _pista(p: Pendientes, usuario: Any) -> dict[str, str]:
    """Of who never had a case: what will come here, and what to begin with."""
    if cargo_comercial(usuario):
        texto = (
            "Por día: el siguiente paso de cada caso tuyo, tus citas y lo que quedaste en hacer."
        )
        if any(c.es_gerencia for c in p.cargos):
            texto = "Por día: los casos por asignar, lo que te toca decidir y los que llevas tú."
        texto += " Empieza por registrar la solicitud de un cliente."
        return {"texto": texto, "url": reverse("nuevo"), "accion": "Registrar solicitud"}
    texto = (
        "Lo que le pregunten o le pidan a tu área, con su fecha: se contesta aquí mismo. "
        "Te avisamos por correo; mientras, mira en qué punto de la instrucción participas."
    )
    return {"texto": texto, "url": reverse("procedimiento"), "accion": "Ver la instrucción"}
