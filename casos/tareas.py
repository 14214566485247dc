"""What the queue calls. Each may run twice or late without harm."""

import logging
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models.functions import Coalesce
from django.utils import timezone

from casos import calendario
from casos.archivos import disco
from casos.catalogos import Estado, EstadoAjuste, EstadoConstancia, EstadoOpinion, EstadoPropuesta
from casos.correo import bandeja_de_salida
from casos.correo.envio import enviar_pendientes, hay_por_enviar
from casos.expediente.carga import el_mismo
from casos.importacion import guardado, pedidos
from casos.lecturas import sueltos
from casos.models import Ajuste, Constancia, Latido, Opinion, Propuesta

# The queue ends a task at 30 s and one mail may wait 20 s for the server (``settings``).
SEGUNDOS = 8
SEGUNDOS_DE_NOCHE = 20

registro = logging.getLogger(__name__)


def enviar_avisos() -> int:
    """Send what is due; what does not fit in the task's time is left to the next one."""
    Latido.dejar(Latido.TRABAJADOR)
    enviados = enviar_pendientes(segundos=SEGUNDOS)
    if enviados and hay_por_enviar():
        bandeja_de_salida.despertar()
    return enviados


def recordar_constancias() -> int:
    """Remind, once, whoever has not confirmed after one business day (rule 9)."""
    hoy = calendario.hoy()
    if not calendario.es_habil(hoy):
        return 0
    limite = timezone.make_aware(datetime.combine(hoy, datetime.min.time()))
    # Sent on to another, the day counts anew.
    enviadas = Constancia.objects.annotate(desde=Coalesce("reenviada_en", "registrada_en"))
    pendientes = enviadas.filter(
        estado=EstadoConstancia.SIN_CONFIRMAR,
        recordada_en=None,
        desde__lt=limite,
        desde__gt=limite - timedelta(days=60),
    ).exclude(caso__estado=Estado.ANULADO)
    pendientes = pendientes.select_related("destinatario", "registrada_por", "ajuste__area")
    return sum(_recordar(constancia) for constancia in pendientes)


def avisar_vencidos() -> int:
    """What became overdue and is somebody's move since: told once (rules 8, 13).

    Opinions and adjustments to gerencia, an expired proposal to who leads the case.
    """
    hoy = calendario.hoy()
    desde = hoy - timedelta(days=60)  # what was overdue long before is in the trays
    opiniones = Opinion.objects.filter(
        estado=EstadoOpinion.PENDIENTE,
        caso__estado=Estado.EN_ANALISIS,
        vence__range=(desde, _ayer(hoy)),
    )
    ajustes = Ajuste.objects.filter(
        estado=EstadoAjuste.PENDIENTE,
        caso__estado=Estado.EN_MODIFICACION,
        vence__range=(desde, _ayer(hoy)),
    )
    propuestas = Propuesta.objects.filter(
        estado=EstadoPropuesta.PRESENTADA,
        caso__estado=Estado.EN_RESPUESTA,
        vigencia__range=(desde, _ayer(hoy)),
    )
    avisos = 0
    for filas in (opiniones, ajustes, propuestas):
        for fila in filas.filter(vencida_avisada_en=None).order_by("pk"):
            avisos += _avisar_de(fila)
    return avisos


def seguir_importacion(pk: int) -> None:
    """One turn of a workbook that comes in; what is left, after whatever else waits."""
    if guardado.seguir(pk):
        pedidos.encolar(pk)


def retomar_importaciones() -> int:
    return pedidos.retomar()


def olvidar_importaciones() -> int:
    return pedidos.olvidar()


def _ayer(hoy: date) -> date:
    return hoy - timedelta(days=1)


def _avisar_de(fila) -> bool:
    """The mark and the letters together."""
    with transaction.atomic():
        sin_avisar = type(fila).objects.filter(
            pk=fila.pk, estado=fila.estado, vencida_avisada_en=None
        )
        marcada = sin_avisar.update(vencida_avisada_en=timezone.now())
        if marcada and bandeja_de_salida.avisar_de_vencida(el_mismo(fila.caso_id), fila):
            bandeja_de_salida.despertar()
    return bool(marcada)


def _recordar(constancia) -> bool:
    """The mark and the letter together: a kill between them would repeat it or lose it."""
    with transaction.atomic():
        # Two workers, or somebody confirming right now: one of them wins.
        marcada = Constancia.objects.filter(
            pk=constancia.pk, estado=EstadoConstancia.SIN_CONFIRMAR, recordada_en=None
        ).update(recordada_en=timezone.now())
        if marcada and bandeja_de_salida.recordar(el_mismo(constancia.caso_id), constancia):
            bandeja_de_salida.despertar()
    return bool(marcada)


def limpiar_archivos() -> int:
    """Each night: what no row names is removed, what is missing is told. The rest is for the next night."""
    hallado = sueltos.buscar(SEGUNDOS_DE_NOCHE)
    for fila in hallado.sin_archivo:
        registro.error("Falta un archivo: %s.", fila)
    if sueltos.parece_otra_base(hallado):
        registro.error(
            "Hay %d archivos que ningún caso nombra: no se quitó ninguno. Revisa que la base sea la de esta "
            "carpeta; si lo es, corre archivos_sueltos --borrar.",
            len(hallado.sin_fila),
        )
        return 0
    return len(quitar(hallado))


def quitar(hallado: sueltos.Sueltos) -> list[tuple[str, int]]:
    """Those that are still loose when their turn comes: an act may have written its row meanwhile."""
    quitados = []
    for ruta, peso in hallado.sin_fila:
        if sueltos.es_viejo(ruta) and not sueltos.nombrados([ruta]):
            disco.borrar(ruta)
            quitados.append((ruta, peso))
    if quitados:
        registro.warning("Se quitaron %d archivos que ningún caso nombra.", len(quitados))
    return quitados
