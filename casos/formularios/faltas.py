"""What to do about a field that came empty, said by its label: «Escribe qué se habló.»

A label that asks makes the sentence; one that names has its own here. Only sentences, no rules.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from django.forms import CheckboxSelectMultiple, Field, RadioSelect, Select

PREGUNTAN = (
    "a quién", "con quién", "cuándo", "cómo", "dónde", "para cuándo", "por dónde", "por qué",
    "qué", "quién",
)  # fmt: skip
# Of a label that names: what to write or choose.
DE_NOMBRE = {
    "A partir del": "Escribe desde cuándo.",
    "Alternativa elegida": "Escribe la alternativa elegida.",
    "Apellidos": "Escribe los apellidos.",
    "Asunto": "Escribe el asunto.",
    "Código": "Escribe el código.",
    "Código de seis cifras": "Escribe el código de seis cifras.",
    "Consecuencia": "Escribe la consecuencia.",
    "Contraseña": "Escribe tu contraseña.",
    "Contraseña actual": "Escribe tu contraseña actual.",
    "Contraseña nueva": "Escribe la contraseña nueva.",
    "Convenio modificatorio": "Elige si hubo convenio.",
    "Correo": "Escribe el correo.",
    "Desde": "Escribe desde cuándo.",
    "Detalle": "Escribe el detalle.",
    "Detalle interno": "Escribe el detalle interno.",
    "Duración (minutos)": "Escribe cuántos minutos dura.",
    "El contrato": "Elige qué pasa con el contrato.",
    "En vigor a partir del": "Escribe desde cuándo está en vigor.",
    "Explica qué pasó": "Escribe qué pasó.",
    "Fecha de la siguiente acción": "Escribe para cuándo es la siguiente acción.",
    "Fecha y hora": "Escribe la fecha y la hora.",
    "Folio": "Escribe el folio.",
    "Fundamento": "Escribe el fundamento.",
    "Hasta": "Escribe hasta cuándo.",
    "La opinión correcta": "Elige la opinión correcta.",
    "Lugar o enlace": "Escribe el lugar o el enlace.",
    "Medio": "Elige el medio.",
    "Moneda": "Elige la moneda.",
    "Motivo": "Escribe el motivo.",
    "Motivo principal": "Elige el motivo principal.",
    "Motivos": "Elige al menos un motivo.",
    "Nombre": "Escribe el nombre.",
    "Nombre de usuario": "Escribe el nombre de usuario.",
    "Nota": "Escribe la nota.",
    "Número de contrato": "Escribe el número de contrato.",
    "Otra vez la contraseña nueva": "Escribe otra vez la contraseña nueva.",
    "Persona": "Elige a la persona.",
    "Primer periodo de nómina, al": "Escribe cuándo termina el primer periodo.",
    "Primer periodo de nómina, del": "Escribe cuándo empieza el primer periodo.",
    "Razón social": "Escribe la razón social.",
    "Respuesta": "Escribe la respuesta.",
    "Responsable": "Elige al responsable.",
    "Servicio": "Escribe el servicio.",
    "Termina el": "Escribe qué día termina.",
    "Siguiente acción": "Escribe la siguiente acción.",
    "Terminó el": "Escribe cuándo terminó.",
    "Texto para el cliente": "Escribe el texto para el cliente.",
    "Tipo de requerimiento": "Elige al menos un tipo de requerimiento.",
    "Tu opinión": "Elige tu opinión.",
    "Tu respuesta al área": "Escribe tu respuesta al área.",
    "Usuario": "Escribe tu usuario.",
    "Vigente desde": "Escribe desde cuándo está vigente.",
    "Vigente hasta": "Escribe hasta cuándo está vigente.",
    "Área de la que viene el motivo": "Elige el área de la que viene el motivo.",
}
GENERICA = Field.default_error_messages["required"]


def que_falta(campo: Field) -> str:
    """What is said of ``campo`` empty, or "" where its label tells nothing."""
    se_elige = isinstance(campo.widget, Select | RadioSelect | CheckboxSelectMultiple)
    return _de_su_etiqueta(str(campo.label or ""), se_elige)


@lru_cache(maxsize=2000)
def _de_su_etiqueta(etiqueta: str, se_elige: bool) -> str:
    if etiqueta in DE_NOMBRE:
        return DE_NOMBRE[etiqueta]
    if etiqueta.startswith("¿"):
        return f"Contesta: {etiqueta}"
    if not etiqueta.lower().startswith(PREGUNTAN):
        return ""
    return f"{'Elige' if se_elige else 'Escribe'} {etiqueta[0].lower()}{etiqueta[1:]}."


def decir_que_falta(campos: Mapping[str, Field]) -> None:
    """Each says its own sentence, unless it was given one where it is declared."""
    for campo in campos.values():
        if campo.error_messages.get("required") == GENERICA and (dicho := que_falta(campo)):
            campo.error_messages["required"] = dicho
