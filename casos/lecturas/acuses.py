"""Who was handed each revision of the instruction and who said they read it (section 9). Reads only."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count

from casos.estado_de_revision import EstadoRevision
from casos.models import Acuse, RevisionInstruccion, Usuario
from casos.permisos.del_documento import aprueba_la_instruccion
from casos.revisiones import lista_de_distribucion

REVISIONES = 5  # the newest: more columns fit on no screen


@dataclass(frozen=True)
class Fila:
    """A person of the register, with a cell for each revision."""

    persona: Usuario
    como: str
    celdas: list  # of ``Acuse`` or ``None``


@dataclass(frozen=True)
class Matriz:
    revisiones: list
    filas: list
    faltan: list  # of the list, to whom the one in force was not handed: (person, as what)

    @property
    def vigente(self) -> RevisionInstruccion | None:
        return next((r for r in self.revisiones if r.es_vigente), None)

    @property
    def cuenta(self) -> tuple[int, int]:
        """Of the one in force: how many said they read it, of how many who have it."""
        suyos = [f.celdas[0] for f in self.filas if f.celdas and f.celdas[0]]
        return sum(1 for a in suyos if a.leido_en), len(suyos)


def matriz() -> Matriz:
    """Persons by revisions, the newest first. Four queries."""
    rigieron = [EstadoRevision.VIGENTE, EstadoRevision.SUSTITUIDA]
    revisiones = list(
        RevisionInstruccion.objects.filter(estado__in=rigieron).order_by("-numero")[:REVISIONES]
    )
    acuses = Acuse.objects.filter(revision__in=revisiones).select_related("persona")
    por_persona: dict[Usuario, dict[int, Acuse]] = {}
    for a in acuses.order_by("persona__first_name", "persona__last_name", "pk"):
        por_persona.setdefault(a.persona, {})[a.revision_id] = a
    filas = [
        Fila(p, max(suyos.values(), key=lambda a: a.entregado_en).como,
             [suyos.get(r.pk) for r in revisiones])
        for p, suyos in por_persona.items()
    ]  # fmt: skip
    vigente = next((r for r in revisiones if r.es_vigente), None)
    faltan = []
    if vigente:
        lista = lista_de_distribucion(vigente.reparto)
        faltan = [
            (p, como) for p, como in lista.items() if vigente.pk not in por_persona.get(p, {})
        ]
    return Matriz(revisiones, filas, faltan)


def cuantos_de(revision: RevisionInstruccion) -> tuple[int, int]:
    """How many said they read it, of how many who were handed it. One query."""
    cuenta = revision.acuses.aggregate(leyeron=Count("leido_en"), todos=Count("pk"))
    return cuenta["leyeron"], cuenta["todos"]


def acuse_de(usuario: Usuario, revision: RevisionInstruccion) -> Acuse | None:
    return revision.acuses.filter(persona=usuario).first()


def hasta_cuando(usuario: Usuario) -> date | None:
    """Until when they may say they read it without anything resting; ``None`` where they owe nothing."""
    desde = usuario.debe_acuse_desde
    return desde and desde + timedelta(days=usuario.configuracion.acuse_dias)


def por_aprobar(usuario: Usuario) -> RevisionInstruccion | None:
    """The revision that waits for who may approve it; asked of nobody else."""
    if not aprueba_la_instruccion(usuario):
        return None
    revisadas = RevisionInstruccion.objects.filter(estado=EstadoRevision.REVISADA)
    return revisadas.exclude(editores=usuario).first()


def al_abrir_el_dia(usuario: Usuario, hoy: date) -> list[tuple[str, bool]]:
    """What the instruction asks of a person: in words, and whether it is worth a letter by itself."""
    dichos = []
    hasta = hasta_cuando(usuario)
    if hasta is not None:
        assert usuario.debe_acuse_desde is not None
        dicho = f"Lee la revisión vigente de la instrucción y firma de recibido a más tardar el {hasta:%d/%m/%Y}"
        reciente = (hoy - usuario.debe_acuse_desde).days <= 3
        dichos.append((dicho, reciente or (hasta - hoy).days <= 7))
    revision = por_aprobar(usuario)
    if revision is not None:
        dichos.append((f"La revisión {revision.numero} de la instrucción espera aprobación", True))
    return dichos
