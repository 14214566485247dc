"""Suppression of a contact person's data (LFPDPPP): everywhere, and the chains still verify.

What says so stays: case, event, who acted. Where a person's name, mail or telephone stands in a text it is
replaced; a text of the log goes with its salt, and what it is now is proved anew (``pruebas``).
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from casos import telefonos
from casos.archivos import disco
from casos.catalogos import EstadoAviso, EstadoImportacion, Hecho, TipoImportacion
from casos.datos_tratados import DecisionDeArchivo
from casos.models import (
    Adjunto,
    Aviso,
    Bloqueo,
    Borrador,
    Caso,
    Cita,
    Contacto,
    DecisionSobreArchivo,
    HechoDeSeguridad,
    Importacion,
    PersonaContacto,
    Propuesta,
    Prueba,
    Satisfaccion,
    Supresion,
    TextoEvento,
    Usuario,
)
from casos.pruebas import PROBADAS, probando
from casos.seguridad.anotar import anotar

from .bloqueo import en_lugar_del_nombre
from .formas import Formas
from .indice import poner_al_dia, reindexar
from .limpieza import Lugar, Solo, buscar, de_otros, quitar, quitar_de_la_cola, quitar_de_sesiones

OTRA_VEZ = (
    "Se suprimieron los datos de una persona y el archivo se borró: súbelo otra vez sin ellos."
)
VECES = 5  # that the places are looked for again, where cases came in between
LARGO_DEL_MOTIVO = DecisionSobreArchivo._meta.get_field("motivo").max_length
DE_UNA_PERSONA = ("nombre", "correo", "telefono")
# What of a case names a contact person, besides who asked for it: whom one talked to, met, offered to, asked afterwards.
CON_PERSONA = (Contacto, Cita, Propuesta, Satisfaccion)


class Decidido(NamedTuple):
    """What is done with a file that may name the person; of one that is kept, why."""

    adjunto: int
    decision: DecisionDeArchivo
    motivo: str = ""


class LlegaronCasos(Exception):
    """Cases that name the person came in after the places were looked for."""


def suprimir_persona(
    persona: PersonaContacto,
    *,
    por: Usuario | None = None,
    otras_formas: Iterable[str] = (),
    archivos: Iterable[Decidido] = (),
    solo_si_bloqueada: bool = False,
) -> Supresion:
    """Personal data go, also those typed in the log and in mails; the case and its chain stay.

    ``otras_formas``: how else the person is called in texts. ``archivos``: what was decided of each of
    ``archivos_de``. ``solo_si_bloqueada``: not of who got their data back meanwhile. LFPDPPP. Raises
    ``ValidationError`` where it was done already, or may not be.
    """
    decididos = list(archivos)
    de_mas: set[int] = set()
    for _ in range(VECES):
        try:
            return _de_una_vez(
                persona, por, set(otras_formas), decididos, de_mas, solo_si_bloqueada
            )
        except LlegaronCasos as llegaron:
            de_mas |= llegaron.args[0]
    raise ValidationError("Se están registrando casos de esta persona: inténtalo en un momento.")


@transaction.atomic
def _de_una_vez(
    persona: PersonaContacto,
    por: Usuario | None,
    otras: set[str],
    archivos: list[Decidido],
    de_mas: set[int],
    solo_si_bloqueada: bool,
) -> Supresion:
    # As who saves a batch: the import first, then whom it brings. The other way round each would wait for the other.
    importaciones = _importaciones_con_personas()
    formas = formas_de(persona, otras)
    # As an act: the case first, then whom it names.
    casos = _casos_de(persona, _lugares(persona, formas, dict.fromkeys(PROBADAS))) | de_mas
    casos |= set(
        Adjunto.objects.filter(pk__in=[a.adjunto for a in archivos]).values_list("caso", flat=True)
    )
    with probando(casos, Prueba.Motivo.SUPRESION):
        # Whoever is registering a case of theirs is waited for, and nobody else begins one.
        persona.refresh_from_db(from_queryset=PersonaContacto.objects.select_for_update())
        if persona.suprimida_en:
            raise ValidationError("Los datos de esta persona ya se suprimieron.")
        if solo_si_bloqueada and not persona.bloqueada_en:
            raise ValidationError("Los datos de esta persona ya no están bloqueados.")
        lugares = _lugares(persona, formas)
        nuevos = _casos_de(persona, lugares) - casos
        if nuevos:
            raise LlegaronCasos(nuevos)
        return _suprimir(persona, formas, lugares, importaciones, por, archivos)


def formas_de(persona: PersonaContacto, otras: Iterable[str] = ()) -> Formas:
    """All that the person is and was called, and how they are and were reached."""
    suyo = Bloqueo.objects.filter(persona=persona).first() or persona
    formas = Formas({suyo.nombre, *otras}, {suyo.correo}, {suyo.telefono})
    antes = persona.rastros.filter(suprimido_en=None, campo__in=DE_UNA_PERSONA)
    for campo, *valores in antes.values_list("campo", "antes", "despues"):
        donde = {"nombre": formas.nombres, "correo": formas.correos, "telefono": formas.telefonos}
        donde[campo].update(map(_leido, valores) if campo == "telefono" else valores)
    formas.correos.update(sus_correos(persona, formas).values_list("para", flat=True))
    formas.correos.discard(Aviso.SUPRIMIDO)
    for conjunto in (formas.nombres, formas.correos, formas.telefonos):
        conjunto.discard("")
    # One that stands for who is blocked is nobody's name.
    formas.nombres.discard(en_lugar_del_nombre(persona))
    return formas


def _leido(telefono: str) -> str:
    try:
        return telefonos.leer(telefono)
    except ValidationError:
        return telefono  # one that was never understood: as it was typed


def sus_correos(persona: PersonaContacto, formas: Formas) -> QuerySet[Aviso]:
    """The mails to them: a case's went to its person, perhaps by an address they had before."""
    otras = PersonaContacto.objects.filter(cliente=persona.cliente_id).exclude(pk=persona.pk)
    suyos = Q(caso__persona=persona) & ~Q(para__in=otras.exclude(correo="").values("correo"))
    for correo in formas.correos - {""}:
        suyos |= Q(para__iexact=correo)
    return Aviso.objects.filter(suyos, usuario=None, area=None, caso__cliente=persona.cliente_id)


def ajenas_y_propias(persona: PersonaContacto, formas: Formas) -> tuple[Formas, Formas]:
    """What is looked for in rows of the person's client, and in everybody's.

    What somebody else has too is left where it is theirs; a name of one word is looked for at the client only.
    """
    propias = formas.sin_las_de(de_otros(formas, persona, persona.cliente_id))
    ajenas = formas.sin_las_de(de_otros(formas, persona))
    ajenas.nombres = {n for n in ajenas.nombres if len(n.split()) > 1}
    return propias, ajenas


def _lugares(persona: PersonaContacto, formas: Formas, solo: Solo | None = None) -> list[Lugar]:
    propias, ajenas = ajenas_y_propias(persona, formas)
    return list(buscar(propias, ajenas, persona.cliente_id, solo))


def _casos_de(persona: PersonaContacto, lugares: list[Lugar]) -> set[int]:
    suyos = Q(cliente=persona.cliente_id) | Q(avisos__cita__persona=persona)
    casos = set(Caso.objects.filter(suyos).values_list("pk", flat=True))
    return casos.union(*(lugar.casos() for lugar in lugares))


def casos_con(persona: PersonaContacto) -> QuerySet[Caso]:
    """The cases that have to do with them."""
    suyos = Q(persona=persona)
    for modelo in CON_PERSONA:
        suyos |= Q(pk__in=modelo._base_manager.filter(persona=persona).values("caso"))
    return Caso.objects.filter(suyos)


def archivos_de(persona: PersonaContacto, formas: Formas) -> QuerySet[Adjunto]:
    """Files that may name them: of the cases of their client that had to do with them, and by their name."""
    nombrados = [pk for lugar in _lugares(persona, formas, {Adjunto: None}) for pk in lugar.filas]
    suyos = Q(caso__in=casos_con(persona).values("pk")) | Q(pk__in=nombrados)
    archivos = Adjunto.objects.filter(suyos, borrado_en=None)
    return archivos.select_related("caso").order_by("caso__folio", "pk")


def _suprimir(
    persona: PersonaContacto,
    formas: Formas,
    donde: list[Lugar],
    importaciones: list[Importacion],
    por: Usuario | None,
    archivos: list[Decidido],
) -> Supresion:
    """``donde``: looked for under the locks, before anything was written."""
    ahora = timezone.now()
    _suprimir_en_correos(persona, formas)
    # Every invitation to meet them names them, whoever it was sent to.
    invitaciones = Aviso.objects.filter(cita__persona=persona).exclude(calendario="")
    invitaciones.update(
        calendario="", suprimido_en=timezone.now()
    )  # another stamp, or it is refused
    # Their own words about the change; how they rated it stays, with nobody's name.
    Satisfaccion.objects.filter(persona=persona).update(comentario="")
    _suprimir_en_importaciones(importaciones)
    # What somebody was typing about the client goes as it is.
    Borrador.objects.filter(cliente=persona.cliente_id).update(datos={}, cerrado_en=ahora)
    # Who was created in place was typed there; the event says which person it was.
    TextoEvento.objects.filter(
        personal=True,
        evento__caso__cliente=persona.cliente_id,
        evento__datos__persona=f"personacontacto:{persona.pk}",
    ).update(texto="", sal="", suprimido_en=ahora)
    persona.rastros.filter(suprimido_en=None).update(antes="", despues="", suprimido_en=ahora)
    lugares: dict[str, int] = {}
    hechos: list[int] = []
    # As they are by now, which costs little: above, some of them were written already.
    for lugar in _lugares(persona, formas, {d.modelo: d.filas for d in donde}):
        if lugar.modelo is HechoDeSeguridad:
            suyos = HechoDeSeguridad.objects.filter(pk__in=lugar.filas, suprimido_en=None)
            hechos = sorted(suyos.values_list("numero", flat=True))
        lugares[lugar.modelo._meta.model_name] = quitar(lugar, timezone.now())
    propias, _ = ajenas_y_propias(persona, formas)
    lugares["sesiones"] = quitar_de_sesiones(propias)
    lugares["tareas"] = quitar_de_la_cola(propias)
    Bloqueo.objects.filter(persona=persona).delete()
    persona.nombre = f"Contacto suprimido nº {persona.pk}"
    persona.puesto = persona.telefono = persona.correo = ""
    persona.activa = False
    persona.bloqueada_en = None
    persona.suprimida_en = ahora
    persona.save()
    supresion = Supresion.objects.create(
        persona=persona, en=ahora, por=por, lugares={k: v for k, v in lugares.items() if v}
    )
    _decidir_archivos(supresion, archivos, propias)
    poner_al_dia(persona.cliente)
    reindexar(Caso.objects.filter(cliente=persona.cliente_id))
    anotar(
        Hecho.SUPRESION,
        autor=por,
        que=f"persona de contacto {persona.pk}",
        cliente=persona.cliente_id,
        hechos=hechos,
    )
    return supresion


def _decidir_archivos(supresion: Supresion, archivos: list[Decidido], formas: Formas) -> None:
    """The content goes, or stays and it is said why, without their name; the row and its SHA-256 stay as proof."""
    buscador = formas.buscador()
    filas = Adjunto.objects.in_bulk([a.adjunto for a in archivos])
    for decidido in archivos:
        adjunto = filas[decidido.adjunto]
        DecisionSobreArchivo.objects.create(
            supresion=supresion,
            adjunto=adjunto,
            decision=decidido.decision,
            motivo=buscador.sin(decidido.motivo)[:LARGO_DEL_MOTIVO],
        )
        if decidido.decision == DecisionDeArchivo.BORRAR:
            transaction.on_commit(partial(disco.borrar, adjunto.archivo.name))
            Adjunto.objects.filter(pk=adjunto.pk).update(archivo="", borrado_en=supresion.en)


def _importaciones_con_personas() -> list[Importacion]:
    con_personas = (TipoImportacion.CLIENTES, TipoImportacion.CASOS)
    filas = Importacion.objects.filter(tipo__in=con_personas, olvidada=False).order_by("pk")
    return list(filas.select_for_update())


def _suprimir_en_importaciones(importaciones: list[Importacion]) -> None:
    """What came in by a workbook a few days ago holds the same data: file and rows go now."""
    for importacion in importaciones:
        importacion.renglones.all().delete()
        transaction.on_commit(partial(disco.borrar, importacion.archivo.name))
        if importacion.estado != EstadoImportacion.TERMINADA:
            importacion.estado, importacion.mensaje = EstadoImportacion.CANCELADA, OTRA_VEZ
        importacion.archivo, importacion.olvidada = "", True
        importacion.leido = {}
        importacion.save(update_fields=["archivo", "olvidada", "estado", "mensaje", "leido"])


def _suprimir_en_correos(persona: PersonaContacto, formas: Formas) -> None:
    """What the firm offered stays readable; to whom, by address, does not, and what waits is not sent."""
    avisos = list(sus_correos(persona, formas).select_for_update(of=("self",)))
    for aviso in avisos:
        aviso.para, aviso.suprimido_en = Aviso.SUPRIMIDO, timezone.now()
        if aviso.estado in (EstadoAviso.PENDIENTE, EstadoAviso.FALLIDO):
            aviso.estado = EstadoAviso.FALLIDO
            aviso.error = "Los datos de la persona se suprimieron: ya no se le escribe."
    # One that a worker is sending right now keeps its claim.
    Aviso.objects.bulk_update(avisos, ["para", "error", "estado", "suprimido_en"])


def lo_que_es_de_otros(persona: PersonaContacto, formas: Formas) -> list[str]:
    """What of theirs somebody else has too, and so is not taken out of texts."""
    de_otras = de_otros(formas, persona)
    numeros = [telefonos.mostrar(t) for t in de_otras.telefonos]
    return sorted(de_otras.nombres) + sorted(de_otras.correos) + sorted(numeros)
