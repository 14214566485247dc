"""What Calidad does with the instruction: write, review, approve, distribute, acknowledge (sections 9, 10).

Text changes; the machine does not. Each function asks who may, in the database's own order (the rows are
locked), and raises ``NoSePuede`` with the sentence for the person. No requests, no pages.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from django.db import transaction
from django.utils import timezone

from casos import calendario
from casos.catalogos import ABIERTOS, Rol
from casos.estado_de_revision import EstadoRevision
from casos.impresos.de_la_instruccion import fecha_del_registro
from casos.models import Acuse, Membresia, RevisionInstruccion, SeccionInstruccion, Usuario
from casos.models.instruccion import huella_del_texto
from casos.permisos.del_documento import (
    aprueba_la_instruccion,
    escribe_la_instruccion,
    por_que_no_aprueba,
)

REGISTRO = "10"  # the section that the approvals write
PASOS = tuple(e.seccion for e in ABIERTOS)
# "7.9" and "7.4.1" name a step; an amount ("$7.95") or a rate ("7.9 %") does not.
_PASO = re.compile(r"(?<![\w$.,])7\.\d+(?!\s?%)(?!\d)")
CALIDAD, DIRECCION = "Sistema de Gestión de la Calidad", "Dirección General"
MAS_DESTINATARIOS = (
    ("VEN", "Ventas: todas las personas"),
    ("AC", "Atención a Clientes: todas las personas"),
    ("AREAS", "Áreas: todas sus personas, no solo quien la encabeza"),
    ("AUD", "Auditoría"),
)


class NoSePuede(Exception):
    """Why not, in a sentence for the person."""


def pasos_que_no_hay(texto: str) -> list[str]:
    """Steps of section 7 that a text names and the machine lacks."""
    return sorted({p for p in _PASO.findall(texto) if p not in PASOS})


def _exigir(puede: bool, quien: str) -> None:
    if not puede:
        raise NoSePuede(f"Esto lo hace {quien}.")


def _bajo_candado(numero: int) -> RevisionInstruccion:
    revision = RevisionInstruccion.objects.select_for_update().filter(numero=numero).first()
    if revision is None:
        raise NoSePuede("Esa revisión no existe.")
    return revision


def _vigente() -> RevisionInstruccion:
    vigente = (
        RevisionInstruccion.objects.select_for_update()
        .filter(estado=EstadoRevision.VIGENTE)
        .first()
    )
    if vigente is None:
        raise NoSePuede("Ninguna revisión está vigente.")
    return vigente


@transaction.atomic
def empezar(usuario: Usuario) -> RevisionInstruccion:
    """A draft with the text in force; the one being prepared, where there is one."""
    _exigir(escribe_la_instruccion(usuario), "Calidad")
    vigente = _vigente()
    otra = RevisionInstruccion.objects.filter(
        estado__in=(EstadoRevision.BORRADOR, EstadoRevision.REVISADA)
    ).first()
    if otra:
        return otra
    ultima = RevisionInstruccion.objects.order_by("-numero").first()
    assert ultima is not None
    revision = RevisionInstruccion.objects.create(
        codigo=vigente.codigo,
        titulo=vigente.titulo,
        operacion=vigente.operacion,
        numero=ultima.numero + 1,
        editada_por=usuario,
        editada_en=timezone.now(),
        reparto=vigente.reparto,
    )
    revision.editores.add(usuario)
    SeccionInstruccion.objects.bulk_create(
        SeccionInstruccion(
            revision=revision, clave=s.clave, titulo=s.titulo, texto=s.texto, orden=s.orden
        )
        for s in vigente.secciones.all()
    )
    return revision


@transaction.atomic
def guardar(
    numero: int,
    usuario: Usuario,
    *,
    secciones: Mapping[str, tuple[str, str]],
    descripcion: str,
    paginas: str,
    motivo: str,
    vista: int,
) -> RevisionInstruccion:
    """Write a draft. ``secciones``: title and text by key. ``vista``: the version that was seen."""
    _exigir(escribe_la_instruccion(usuario), "Calidad")
    revision = _bajo_candado(numero)
    if revision.estado != EstadoRevision.BORRADOR:
        raise NoSePuede("Ya no es un borrador: para cambiarla, primero se devuelve.")
    if revision.version != vista:
        quien = revision.editada_por
        raise NoSePuede(f"{quien} la guardó mientras la tenías abierta: ábrela otra vez.")
    escritas = [s for s in revision.secciones.all() if s.clave in secciones and s.clave != REGISTRO]
    for s in escritas:
        s.titulo, s.texto = secciones[s.clave]
        if sobran := pasos_que_no_hay(f"{s.titulo}\n{s.texto}"):
            raise NoSePuede(dicho_de_los_pasos(sobran))
    SeccionInstruccion.objects.bulk_update(escritas, ["titulo", "texto"])
    revision.descripcion, revision.paginas, revision.motivo = descripcion, paginas, motivo
    revision.editada_por, revision.editada_en = usuario, timezone.now()
    revision.version += 1
    revision.save()
    revision.editores.add(usuario)
    return revision


def dicho_de_los_pasos(sobran: Iterable[str]) -> str:
    return (
        f"Nombra {' y '.join(sobran)}, y el sistema no tiene ese paso: los suyos son {PASOS[0]} a "
        f"{PASOS[-1]}. Cambia el texto; los pasos los cambia quien mantiene el sistema."
    )


@transaction.atomic
def marcar_revisada(numero: int, usuario: Usuario) -> RevisionInstruccion:
    """The draft is ready to be approved: section 10 asks what changed, where and why."""
    _exigir(escribe_la_instruccion(usuario), "Calidad")
    revision = _bajo_candado(numero)
    if revision.estado != EstadoRevision.BORRADOR:
        raise NoSePuede("Ya no es un borrador.")
    if not (revision.descripcion and revision.paginas and revision.motivo):
        raise NoSePuede("Falta decir qué cambia, en qué páginas y por qué: edítala.")
    if not _cambio_algo(revision):
        raise NoSePuede("Dice lo mismo que la revisión vigente: edítala primero.")
    revision.estado = EstadoRevision.REVISADA
    revision.revisada_por, revision.revisada_en = usuario, timezone.now()
    revision.devuelta_porque = ""
    revision.version += 1
    revision.save()
    return revision


def _cambio_algo(revision: RevisionInstruccion) -> bool:
    antes = {s.clave: (s.titulo, s.texto) for s in _vigente().secciones.all()}
    return any((s.titulo, s.texto) != antes.get(s.clave) for s in revision.secciones.all())


@transaction.atomic
def devolver(numero: int, usuario: Usuario, porque: str) -> RevisionInstruccion:
    """Back to a draft, with the reason."""
    _exigir(aprueba_la_instruccion(usuario), "Calidad o Dirección General")
    revision = _bajo_candado(numero)
    if revision.estado != EstadoRevision.REVISADA:
        raise NoSePuede("No espera aprobación.")
    if not porque:
        raise NoSePuede("Di por qué se devuelve.")
    revision.estado, revision.devuelta_porque = EstadoRevision.BORRADOR, porque
    revision.revisada_por = revision.revisada_en = None
    revision.version += 1
    revision.save()
    return revision


@transaction.atomic
def aprobar(numero: int, usuario: Usuario, vista: int) -> RevisionInstruccion:
    """Put it in force: section 10 gets its line, the text is frozen, the former one is superseded.

    By another person than whoever wrote of it. Nobody is handed it yet: ``distribuir``.
    """
    _exigir(aprueba_la_instruccion(usuario), "Calidad o Dirección General")
    vigente = _vigente()
    revision = _bajo_candado(numero)
    if revision.estado != EstadoRevision.REVISADA:
        raise NoSePuede("No espera aprobación.")
    if revision.version != vista:
        raise NoSePuede("Cambió mientras la leías: léela otra vez antes de aprobarla.")
    editores = set(revision.editores.values_list("pk", flat=True))
    if no := por_que_no_aprueba(usuario, editores):
        raise NoSePuede(no)
    ahora = timezone.now()
    vigente.estado, vigente.sustituida_en = EstadoRevision.SUSTITUIDA, ahora
    vigente.save(update_fields=["estado", "sustituida_en"])
    revision.fecha = calendario.hoy()
    secciones = list(revision.secciones.all())
    antes = vigente.secciones.get(clave=REGISTRO)
    for s in secciones:
        if s.clave == REGISTRO:
            s.titulo, s.texto = antes.titulo, f"{antes.texto}\n{renglon_del_registro(revision)}"
        s.congelada = True
    SeccionInstruccion.objects.bulk_update(secciones, ["titulo", "texto", "congelada"])
    revision.estado = EstadoRevision.VIGENTE
    revision.aprobada_por, revision.aprobada_en = usuario, ahora
    revision.huella = huella_del_texto(secciones)
    revision.version += 1
    revision.save()
    # What they owed was to read the former one.
    Usuario.objects.exclude(debe_acuse_desde=None).update(debe_acuse_desde=None)
    return revision


def renglon_del_registro(revision: RevisionInstruccion) -> str:
    """The line of section 10, as the document writes them."""
    fecha = fecha_del_registro(revision.fecha) if revision.fecha else "al aprobarse"
    celdas = (str(revision.numero), fecha, revision.paginas, revision.descripcion)
    return "\t".join(" ".join(c.split()) for c in celdas)


# -- controlled distribution (section 9) -----------------------------------------------------------


def lista_de_distribucion(mas: Iterable[str]) -> dict[Usuario, str]:
    """Who is handed the instruction, and as what: Calidad and whoever heads an area; ``mas``: the roles added.

    Two queries.
    """
    mas = set(mas)
    lista: dict[int, tuple[Usuario, list[str]]] = {}

    def poner(persona: Usuario, como: str) -> None:
        lista.setdefault(persona.pk, (persona, []))[1].append(como)

    for p in Usuario.objects.activos():
        if p.rol == Rol.CAL:
            poner(p, CALIDAD)
        elif p.rol == Rol.DG:
            poner(p, DIRECCION)
        elif p.es_gerente:
            poner(p, "Gerencia comercial")
        elif p.rol and p.rol in mas:
            poner(p, p.get_rol_display())
    activas = Membresia.objects.filter(
        activa=True, area__activa=True, usuario__is_active=True, usuario__is_superuser=False
    )
    for m in activas.select_related("usuario", "area").order_by("area__orden", "pk"):
        if m.es_responsable:
            poner(m.usuario, f"Responsable de {m.area}")
        elif "AREAS" in mas:
            poner(m.usuario, str(m.area))
    return {persona: ", ".join(como)[:120] for persona, como in lista.values()}


@transaction.atomic
def distribuir(usuario: Usuario, mas: Iterable[str]) -> int:
    """Hand the revision in force to whoever of the list has it not; their days count from today. How many."""
    _exigir(escribe_la_instruccion(usuario), "Calidad")
    revision = _vigente()
    revision.reparto = sorted(set(mas) & {clave for clave, _ in MAS_DESTINATARIOS})
    revision.save(update_fields=["reparto"])
    ya = set(revision.acuses.values_list("persona_id", flat=True))
    lista = lista_de_distribucion(revision.reparto)
    nuevas = {p: como for p, como in lista.items() if p.pk not in ya}
    ahora = timezone.now()
    Acuse.objects.bulk_create(
        Acuse(revision=revision, persona=p, como=como, entregado_en=ahora, entregado_por=usuario)
        for p, como in nuevas.items()
    )
    Usuario.objects.filter(pk__in=[p.pk for p in nuevas]).update(debe_acuse_desde=calendario.hoy())
    return len(nuevas)


@transaction.atomic
def acusar(usuario: Usuario, numero: int) -> bool:
    """ "Leí y entendí": once, of the revision in force. Whether it was not said before."""
    revision = _bajo_candado(numero)
    if not revision.es_vigente:
        raise NoSePuede("Esa revisión ya no está vigente: lee la que la sustituyó.")
    acuse = Acuse.objects.select_for_update().filter(revision=revision, persona=usuario).first()
    if acuse is None:
        raise NoSePuede("No se te ha entregado esta revisión: la distribuye Calidad.")
    if acuse.leido_en is not None:
        return False
    acuse.leido_en, acuse.huella = timezone.now(), revision.huella
    acuse.save(update_fields=["leido_en", "huella"])
    Usuario.objects.filter(pk=usuario.pk).update(debe_acuse_desde=None)
    return True
