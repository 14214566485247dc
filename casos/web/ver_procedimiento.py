"""*Instrucción de trabajo*: the text in force and the diagram drawn from the machine. GET only."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from casos import camino, diagrama
from casos.lecturas import procedimiento as consulta


@require_safe
def procedimiento(request):
    revision = consulta.vigente()
    pasos = consulta.pasos_del_procedimiento(request.user)
    secciones = revision.secciones.all() if revision else ()
    dibujo = diagrama.dibujar(
        titulos={s.clave: s.titulo for s in secciones},
        casos={p.estado.value: p.casos for p in pasos},
    )
    return render(
        request,
        "casos/procedimiento.html",
        {
            "revision": revision,
            "secciones": [_seccion(s, pasos) for s in secciones],
            "pasos": pasos,
            "recorrido": [_en_el_camino(p) for p in pasos],
            "total": sum(p.casos for p in pasos),
            "diagrama": dibujo,
            "salidas": diagrama.salidas_generales(),
        },
    )


def _seccion(fila, pasos) -> dict:
    """A section as drawn: its text, or its table where the lines are tabulated (§10)."""
    renglones = [r.split("\t") for r in fila.texto.split("\n")]
    es_tabla = len(renglones) > 1 and all(len(r) > 1 for r in renglones)
    return {
        "fila": fila,
        "ancla": "s" + fila.clave.replace(".", "-"),
        "paso": next((p for p in pasos if p.seccion == fila.clave), None),
        "columnas": renglones[0] if es_tabla else None,
        "renglones": [list(zip(renglones[0], r, strict=False)) for r in renglones[1:]]
        if es_tabla
        else None,
    }


def _en_el_camino(paso) -> camino.Parada:
    return camino.Parada(
        seccion=paso.seccion,
        numero=camino.indice(paso.estado),
        etiqueta=paso.estado.label,
        trato="pendiente",
        nota=f"{paso.casos:,} {'caso' if paso.casos == 1 else 'casos'}",
        url=paso.url,
    )
