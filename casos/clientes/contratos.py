"""Contracts: new, with a new version of their conditions, ended. Who may is asked by the page."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from casos import calendario
from casos.catalogos import Estado
from casos.models import Caso, Concepto, Contrato, Usuario, ValorContrato, VersionContrato
from casos.models.cliente import MONEDA
from casos.rfc import validar_rfc
from casos.textos import en_un_renglon

from .altas import con_candado
from .cambios import dejar_alta, dejar_rastro, leida
from .indice import reindexar
from .posibilidades import revisar_las_del_contrato


def crear_contrato(
    *,
    cliente,
    numero,
    servicio,
    desde_fecha: date,
    sede="",
    moneda=MONEDA,
    valores=None,
    autor: Usuario | None = None,
    **pago,
) -> Contrato:
    """A new contract with its conditions in force (version 1 where there are any).

    ``pago``: how its payroll is paid (``nomina_…``), where it is known.

    Raises ``ValidationError`` for a client with a generic RFC.
    """
    validar_rfc(cliente.rfc, con_contrato=True)
    with transaction.atomic(savepoint=False):
        contrato = Contrato.objects.create(
            cliente=cliente,
            numero=en_un_renglon(numero),
            servicio=en_un_renglon(servicio),
            sede=en_un_renglon(sede),
            moneda=moneda,
            desde_fecha=desde_fecha,
            **pago,
        )
        dejar_alta(contrato, autor)
        if valores:
            nueva_version(contrato=contrato, desde_fecha=desde_fecha, valores=valores, autor=autor)
    return contrato


@transaction.atomic(savepoint=False)
def nueva_version(
    *,
    contrato: Contrato,
    desde_fecha: date,
    valores: dict[Concepto, str],
    caso=None,
    regresa=None,
    autor: Usuario | None = None,
) -> VersionContrato:
    """Conditions of a contract from a date on; ``caso`` is the one that changed them (§7.7).

    Called inside the transaction of who changes the contract.
    """
    numero = (
        Contrato.objects.select_for_update().values_list("version", flat=True).get(pk=contrato.pk)
    )
    contrato.version = numero + 1
    contrato.save(update_fields=["version"])
    version = VersionContrato.objects.create(
        contrato=contrato,
        numero=contrato.version,
        desde_fecha=desde_fecha,
        caso=caso,
        regresa=regresa,
        autor=autor,
    )
    ValorContrato.objects.bulk_create(
        ValorContrato(version=version, concepto=c, valor=v) for c, v in valores.items() if v
    )
    revisar_las_del_contrato(contrato)
    return version


def dejar_lo_acordado(
    *,
    contrato: Contrato,
    desde_fecha: date,
    acordado: dict[Concepto, str],
    caso: Caso,
    autor: Usuario | None = None,
) -> VersionContrato:
    """What ``caso`` agreed becomes the contract's conditions from that date on (§7.7).

    A row that was not renegotiated stays as it will be that day. What the same case had agreed before
    it was reopened holds no longer: not before that day, not after it, nor in a row left out since.
    """

    def version(fecha: date, valores: dict[Concepto, str]) -> VersionContrato:
        return nueva_version(
            contrato=contrato, desde_fecha=fecha, valores=valores, caso=caso, autor=autor
        )

    suyas = contrato.versiones.filter(caso=caso).values_list("desde_fecha", flat=True)
    otros_dias = set(suyas) - {desde_fecha} if caso.cerrado_primera_vez_en else set()
    for fecha in sorted(f for f in otros_dias if f < desde_fecha):
        version(fecha, _sin_el_caso(contrato, caso, fecha))
    acordado = _sin_el_caso(contrato, caso, desde_fecha) | acordado
    escrita = version(desde_fecha, acordado)
    for fecha in sorted(f for f in otros_dias if f > desde_fecha):
        escrita = version(fecha, acordado)
    return escrita


def _sin_el_caso(contrato: Contrato, caso: Caso, dia: date) -> dict[Concepto, str]:
    """Its conditions as they would be that day without ``caso``: of the last begun, else the first."""
    ajenas = contrato.versiones.exclude(caso=caso)
    empezada = ajenas.filter(desde_fecha__lte=dia).order_by("-desde_fecha", "-numero").first()
    antes = empezada or ajenas.order_by("numero").first()
    if antes is None:
        return {}
    return {v.concepto: v.valor for v in antes.valores.select_related("concepto")}


def regresar_lo_acordado(
    contrato: Contrato, caso: Caso, autor: Usuario | None = None
) -> VersionContrato | None:
    """Take back what ``caso`` wrote into the contract: its former conditions, as a new version.

    ``None`` where the contract's last version is not this case's, or takes one back already (rule 12).
    """
    ultima = contrato.versiones.order_by("-numero").first()
    if ultima is None or ultima.caso_id != caso.pk or ultima.regresa_id is not None:
        return None
    desde = max(calendario.hoy(), ultima.desde_fecha)
    return nueva_version(
        contrato=contrato,
        desde_fecha=desde,
        valores=_sin_el_caso(contrato, caso, desde),
        caso=caso,
        regresa=ultima,
        autor=autor,
    )


@transaction.atomic
def cambiar_contrato(contrato: Contrato, *, autor: Usuario | None, **valores) -> Contrato:
    """Its own data; the conditions change with a case."""
    con_candado(contrato)
    antes = leida(contrato)
    for campo, valor in valores.items():
        setattr(contrato, campo, en_un_renglon(valor) if isinstance(valor, str) else valor)
    contrato.save(update_fields=valores)
    dejar_rastro(contrato, antes, autor)
    reindexar(contrato.casos.all())
    return contrato


@transaction.atomic
def terminar_contrato(
    contrato: Contrato, *, fecha: date, motivo: str, autor: Usuario | None = None
) -> None:
    """Its last day in force, which may be to come; refused while a case of it is being adjusted."""
    # Its cases first, as the door does: an acceptance under way is seen here, or sees the end.
    casos = Caso.objects.abiertos().filter(contrato=contrato).order_by("pk")
    estados = casos.select_for_update(no_key=True).values_list("estado", flat=True)
    if Estado.EN_MODIFICACION in list(estados):
        raise ValidationError("Hay un caso de este contrato en ajuste: ciérralo primero.")
    con_candado(contrato)
    if contrato.esta_terminado:
        raise ValidationError("Ese contrato ya terminó.")
    poner_termino(contrato, fecha=fecha, motivo=motivo, autor=autor)


def poner_termino(contrato: Contrato, *, fecha: date, motivo: str, autor: Usuario | None) -> None:
    """The end of a contract locked by the caller; a later word of the client replaces it."""
    if fecha < contrato.desde_fecha:
        raise ValidationError("El término no puede ser anterior al inicio.")
    antes = leida(contrato)
    contrato.terminado_fecha, contrato.motivo_termino = fecha, motivo
    contrato.save(update_fields=["terminado_fecha", "motivo_termino"])
    dejar_rastro(contrato, antes, autor)


def terminar_por_el_cliente(caso: Caso, fecha: date, autor: Usuario) -> None:
    """Rule 12: what the client said in ``rechazar`` or ``informar`` is so. Inside their transaction."""
    contrato = caso.contrato
    assert contrato is not None
    con_candado(contrato)
    if not contrato.esta_terminado:
        motivo = f"Lo terminó el cliente ({caso.folio})"
        poner_termino(contrato, fecha=fecha, motivo=motivo, autor=autor)


def quitar_termino(contrato: Contrato, *, motivo: str, autor: Usuario) -> None:
    """It goes on: its end is taken back, with the reason. Inside the caller's transaction."""
    con_candado(contrato)
    if contrato.terminado_fecha is None:
        raise ValidationError("Este contrato ya no tiene fecha de término.")
    antes = leida(contrato)
    contrato.terminado_fecha, contrato.motivo_termino = None, ""
    contrato.save(update_fields=["terminado_fecha", "motivo_termino"])
    dejar_rastro(contrato, antes, autor, motivo)
