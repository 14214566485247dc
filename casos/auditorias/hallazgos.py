"""A finding, from who raises it to who verifies that what was done worked (ISO 9001, 10.2).

Each step locks the finding, compares the version that was seen, and leaves a line of its history. No requests.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from casos import calendario
from casos.correo import bandeja_de_salida
from casos.envio_unico import una_vez
from casos.models import (
    CambioDeHallazgo,
    Caso,
    ClausulaISO,
    Consecutivo,
    Hallazgo,
    Muestra,
    Usuario,
)
from casos.models.consecutivo import DE_HALLAZGOS
from casos.permisos.del_auditor import (
    audita,
    por_que_no_descarta,
    por_que_no_verifica,
    ve_el_hallazgo,
)
from casos.vocabulario_de_auditoria import EstadoHallazgo, PasoDeHallazgo, TipoHallazgo

from . import NoSePuede

E = EstadoHallazgo
P = PasoDeHallazgo
DE_QUIEN_AUDITA = "Esto lo hacen Calidad y Auditoría."
# What of a finding its history tells, old and new.
CONTADOS = (
    "responsable", "vence", "accion", "hecho_fecha", "como", "verificado_por", "verificacion",
)  # fmt: skip


@dataclass(frozen=True)
class Paso:
    """What may be done with a finding: from where, and to where."""

    nombre: str
    etiqueta: str
    paso: PasoDeHallazgo
    en: tuple[EstadoHallazgo, ...]
    a: EstadoHallazgo | None = None  # ``None``: it stays where it is

    @property
    def hecho(self) -> str:
        """How the message tells it once done: "se asignó"."""
        dicho = str(self.paso.label)
        return dicho[:1].lower() + dicho[1:]


PASOS = {
    p.nombre: p
    for p in (
        Paso("asignar", "Asignar responsable", P.ASIGNAR, (E.ABIERTO, E.EN_ACCION), E.EN_ACCION),
        Paso("accion", "Escribir la acción correctiva", P.ACCION, (E.EN_ACCION,)),
        Paso("atender", "Registrar que se atendió", P.ATENDER, (E.EN_ACCION,), E.ATENDIDO),
        Paso("verificar", "Verificar: fue eficaz", P.VERIFICAR, (E.ATENDIDO,), E.CERRADO),
        Paso("regresar", "Verificar: no fue eficaz", P.REGRESAR, (E.ATENDIDO,), E.EN_ACCION),
        Paso("descartar", "Cerrar sin acción", P.DESCARTAR, (E.ABIERTO, E.EN_ACCION), E.SIN_ACCION),
    )
}
DEL_RESPONSABLE = ("accion", "atender")


def por_que_no(usuario: Usuario, hallazgo: Hallazgo, nombre: str) -> str:
    """Why a person may not do a step now; "" where they may."""
    paso = PASOS[nombre]
    if hallazgo.estado not in paso.en:
        return f"El hallazgo está en «{hallazgo.get_estado_display()}»: ese paso ya no toca."
    if nombre in DEL_RESPONSABLE:
        if usuario.pk == hallazgo.responsable_id or audita(usuario):
            return ""
        return "Lo hace su responsable, Calidad o Auditoría."
    if not audita(usuario):
        return DE_QUIEN_AUDITA
    if nombre == "descartar":
        return por_que_no_descarta(usuario, hallazgo)
    return por_que_no_verifica(usuario, hallazgo) if nombre in ("verificar", "regresar") else ""


def pasos_de(usuario: Usuario, hallazgo: Hallazgo) -> list[Paso]:
    """What the person may do with it now, in the order of its life."""
    return [p for p in PASOS.values() if not por_que_no(usuario, hallazgo, p.nombre)]


def levantar(
    usuario: Usuario,
    *,
    tipo: TipoHallazgo | str,
    clausula: ClausulaISO,
    encontrado: str,
    evidencia: str,
    caso: Caso | None = None,
    muestra: Muestra | None = None,
    responsable: Usuario | None = None,
    vence: date | None = None,
    accion: str = "",
    ficha: uuid.UUID | None = None,
) -> Hallazgo:
    """Raise one; with its owner and date at once, or later. ``ficha``: of the page it was written on.

    Raises ``NoSePuede``, ``YaSeEnvio``.
    """
    if not audita(usuario):
        raise NoSePuede(DE_QUIEN_AUDITA)
    if (responsable is None) != (vence is None):
        falta = "vence" if vence is None else "responsable"
        raise NoSePuede("Con responsable va su fecha compromiso: escribe las dos o ninguna.", falta)
    with una_vez(Hallazgo.objects.filter(levantado_por=usuario), ficha, NoSePuede):
        anio = calendario.hoy().year
        hallazgo = Hallazgo.objects.create(
            anio=anio,
            numero=Consecutivo.objects.siguiente(f"{DE_HALLAZGOS}{anio}"),
            tipo=tipo,
            clausula=clausula,
            caso=caso,
            muestra=muestra,
            encontrado=encontrado,
            evidencia=evidencia,
            levantado_por=usuario,
            estado=E.EN_ACCION if responsable else E.ABIERTO,
            responsable=responsable,
            vence=vence,
            accion=accion,
            ficha=ficha,
        )
        _contar(hallazgo, usuario, P.LEVANTAR, "", _dichos(None), _dichos(hallazgo))
        _avisar(hallazgo, usuario, P.ASIGNAR)
    return hallazgo


def dar_paso(usuario: Usuario, pk: int, nombre: str, vista: int, **datos: Any) -> Hallazgo:
    """Do a step over the finding as it is now. ``vista``: the version that was seen. Raises ``NoSePuede``."""
    with transaction.atomic():
        hallazgo = Hallazgo.objects.select_for_update().get(pk=pk)
        if no := por_que_no(usuario, hallazgo, nombre):
            raise NoSePuede(no)
        if hallazgo.version != vista:
            raise NoSePuede("Alguien más movió este hallazgo: míralo otra vez antes de guardar.")
        paso, antes, de = PASOS[nombre], _dichos(hallazgo), hallazgo.estado
        era_de = hallazgo.responsable
        _HACER[nombre](hallazgo, usuario, **datos)
        if paso.a is not None:
            hallazgo.estado = paso.a
        if not hallazgo.esta_abierto:
            hallazgo.cerrado_en = timezone.now()
        hallazgo.version += 1
        hallazgo.save()
        _contar(hallazgo, usuario, paso.paso, de, antes, _dichos(hallazgo), datos.get("porque", ""))
        _avisar(hallazgo, usuario, paso.paso, era_de)
    return hallazgo


def _asignar(
    h: Hallazgo, usuario: Usuario, *, responsable: Usuario, vence: date, accion: str
) -> None:
    h.responsable, h.vence = responsable, vence
    h.accion = accion or h.accion


def _accion(h: Hallazgo, usuario: Usuario, *, accion: str) -> None:
    h.accion = accion


def _atender(h: Hallazgo, usuario: Usuario, *, accion: str, hecho_fecha: date, como: str) -> None:
    if hecho_fecha > calendario.hoy():
        raise NoSePuede("Todavía no llega esa fecha: escribe cuándo se hizo.", "hecho_fecha")
    h.accion, h.hecho_fecha, h.como, h.atendido_por = accion, hecho_fecha, como, usuario


def _verificar(h: Hallazgo, usuario: Usuario, *, verificacion: str) -> None:
    h.verificacion = verificacion
    h.verificado_por, h.verificado_en = usuario, timezone.now()


def _regresar(h: Hallazgo, usuario: Usuario, *, verificacion: str, vence: date) -> None:
    """What was done stays in the history; the finding waits for something else."""
    h.verificacion, h.vence = verificacion, vence
    h.hecho_fecha, h.como, h.atendido_por = None, "", None


def _descartar(h: Hallazgo, usuario: Usuario, *, porque: str) -> None:
    """Nothing to write but the reason, in the history."""


_HACER: dict[str, Callable[..., None]] = {
    "asignar": _asignar,
    "accion": _accion,
    "atender": _atender,
    "verificar": _verificar,
    "regresar": _regresar,
    "descartar": _descartar,
}


# Who is told of a step, and what: its owner of what is theirs, who raised it of what became of it.
_SE_AVISA: dict[PasoDeHallazgo, tuple[tuple[str, str], ...]] = {
    P.ASIGNAR: (("responsable", "Eres responsable de un hallazgo de auditoría: te toca atenderlo."),),
    P.ATENDER: (("levantado_por", "Se atendió un hallazgo que levantaste: falta verificar si fue eficaz."),),
    P.VERIFICAR: (("responsable", "El hallazgo del que eres responsable se cerró: lo que hiciste fue eficaz."),),
    P.REGRESAR: (("responsable", "El hallazgo del que eres responsable volvió a ti: lo que se hizo no fue eficaz."),),
    P.DESCARTAR: (
        ("responsable", "El hallazgo del que eras responsable se cerró sin acción."),
        ("levantado_por", "Un hallazgo que levantaste se cerró sin acción."),
    ),
}  # fmt: skip
_YA_NO_ES_SUYO = (
    "Ya no eres responsable de un hallazgo de auditoría: ahora lo atiende otra persona."
)


def _avisar(
    h: Hallazgo, autor: Usuario, paso: PasoDeHallazgo, era_de: Usuario | None = None
) -> None:
    """By the outbox, in the step's transaction; nobody is written about their own act, or twice."""
    a_quien: dict[Usuario, str] = {}
    for campo, dicho in _SE_AVISA.get(paso, ()):
        if persona := getattr(h, campo):
            a_quien.setdefault(persona, dicho)
    if era_de is not None and era_de != h.responsable:
        a_quien.setdefault(era_de, _YA_NO_ES_SUYO)
    for persona, dicho in a_quien.items():
        if persona != autor and persona.is_active and persona.email:
            _escribir(h, persona, dicho)


def _escribir(h: Hallazgo, persona: Usuario, dicho: str) -> None:
    base = settings.URL_BASE
    contexto = {
        "saludo": persona.first_name or str(persona),
        "dicho": dicho,
        "hallazgo": h,
        # Where it is read, by who may open it: whoever no longer has it is only told.
        "url": f"{base}{h.get_absolute_url()}" if ve_el_hallazgo(persona, h) else "",
        "base": base,
    }
    texto = render_to_string("correos/cuenta/hallazgo.txt", contexto)
    asunto = f"Hallazgo {h.clave}: {dicho.partition(': ')[2].rstrip('.') or dicho.rstrip('.')}"
    bandeja_de_salida.cuenta(persona, persona.email, asunto, texto, confidencial=False)


def _dichos(hallazgo: Hallazgo | None) -> dict[str, str]:
    """What the history tells of a finding, by its column; persons by their key, so that names are told when read."""
    if hallazgo is None:
        return {}
    return {campo: _dicho(getattr(hallazgo, campo)) for campo in CONTADOS}


def _dicho(valor: Any) -> str:
    if isinstance(valor, Usuario):
        return f"usuario:{valor.pk}"
    return valor.isoformat() if isinstance(valor, date) else str(valor or "")


def _contar(
    hallazgo: Hallazgo,
    autor: Usuario,
    paso: PasoDeHallazgo,
    de: str,
    antes: dict[str, str],
    ahora: dict[str, str],
    porque: str = "",
) -> None:
    cambios = [
        [campo, antes.get(campo, ""), valor]
        for campo, valor in ahora.items()
        if antes.get(campo, "") != valor
    ]
    if porque:
        cambios.append(["porque", "", porque])
    CambioDeHallazgo.objects.create(
        hallazgo=hallazgo,
        numero=hallazgo.version,
        paso=paso,
        autor=autor,
        de=de,
        a=hallazgo.estado,
        cambios=cambios,
    )
