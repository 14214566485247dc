"""*Instrucción de trabajo*: the text in force and the diagram drawn from the machine."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from casos import diagrama
from casos.consultas import procedimiento as consulta


@require_safe
def procedimiento(request):
    revision = consulta.vigente()
    pasos = consulta.pasos_del_procedimiento(request.user)
    por_seccion = {p.seccion: p for p in pasos}
    secciones = [
        {"fila": s, "ancla": "s" + s.clave.replace(".", "-"), "paso": por_seccion.get(s.clave)}
        for s in (revision.secciones.all() if revision else ())
    ]
    return render(
        request,
        "casos/procedimiento.html",
        {
            "revision": revision,
            "secciones": secciones,
            "pasos": pasos,
            "total": sum(p.casos for p in pasos),
            "diagrama": diagrama.dibujar(),
        },
    )
