"""What the queue calls. Each may run twice or late without harm."""

import json
import logging
import time
from datetime import date
from datetime import time as hora

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone

from casos import calendario
from casos.archivos import disco
from casos.catalogos import Rol
from casos.clientes import conservacion_de_datos
from casos.correo import bandeja_de_salida
from casos.correo.envio import enviar_pendientes, hay_por_enviar
from casos.importacion import guardado, pedidos
from casos.lecturas import informe_del_mes, resumen, sueltos
from casos.lecturas.periodos import Periodo
from casos.models import Aviso, Configuracion, InformeMensual, Latido, Resumen, Sello, Usuario
from casos.pasos import cotejo, recalculo
from casos.personas import a_medias, membrete
from casos.seguridad import llave, sellado, texto_de_sello

# The queue ends a task at 30 s and one mail may wait 20 s for the server (``settings``).
SEGUNDOS = 8
SEGUNDOS_DE_NOCHE = 20
FIN_DEL_DIA = hora(20)  # nobody is written in the evening what waits for the morning

registro = logging.getLogger(__name__)


def enviar_avisos() -> int:
    """Send what is due; what does not fit in the task's time is left to the next one."""
    Latido.dejar(Latido.TRABAJADOR)
    enviados = enviar_pendientes(segundos=SEGUNDOS)
    if enviados and hay_por_enviar():
        bandeja_de_salida.despertar()
    return enviados


def enviar_resumenes() -> int:
    """The morning of each person, once a business day: from the hour set on, never at night.

    Each is one transaction with its row, unique by person and day: whoever is killed in the middle, or
    comes second, writes none. A worker that was down comes to it when it is back.
    """
    ahora = timezone.localtime()
    if not Configuracion.actual().hora_resumen <= ahora.time() < FIN_DEL_DIA:
        return 0
    hoy = ahora.date()
    if not calendario.es_habil(hoy):
        return 0
    fin = time.monotonic() + SEGUNDOS
    escritos = 0
    for usuario in resumen.sin_resumen(hoy):
        if time.monotonic() > fin:
            break  # the next minute goes on
        try:
            escritos += _resumir(usuario, hoy)
        except Exception:  # one person's must not be everybody's
            registro.exception("No se pudo escribir el resumen de %s.", usuario.pk)
    bandeja_de_salida.soltar_lo_que_nadie_lee()
    return escritos


def _resumir(usuario: Usuario, hoy: date) -> bool:
    with transaction.atomic():
        try:
            with transaction.atomic():
                dia = Resumen.objects.create(usuario=usuario, fecha=hoy)
        except IntegrityError:
            return False  # another worker's
        bandeja_de_salida.retirar_las_de_antes(usuario)
        manana = resumen.manana_de(usuario)
        if not manana.vale_la_pena:
            return False  # the row stays: a morning without anything sends nothing all day
        dia.aviso = bandeja_de_salida.resumir(usuario, manana, manana.cartas)
        dia.save(update_fields=["aviso"])
        return True


def seguir_importacion(pk: int) -> None:
    """One turn of a workbook that comes in; what is left, after whatever else waits."""
    if guardado.seguir(pk):
        pedidos.encolar(pk)


def retomar_importaciones() -> int:
    return pedidos.retomar()


def olvidar_importaciones() -> int:
    return pedidos.olvidar()


def revisar_conservacion() -> int:
    """Each night: whose data are past their term is proposed; whose blocking is over is suppressed."""
    conservacion_de_datos.suprimir_las_vencidas(SEGUNDOS_DE_NOCHE)
    return conservacion_de_datos.proponer()


def recalcular_lo_pedido() -> int:
    """What was left of the open cases once the calendar changed, or who saved it was ended halfway."""
    return recalculo.recalcular_lo_pedido(SEGUNDOS_DE_NOCHE)[0]


def informar_del_mes() -> int:
    """The former month's report, once: on its first business day, from the hour of the morning's letter.

    How many it was sent to. A worker that was down gives it on the next business day.
    """
    ahora = timezone.localtime()
    if not Configuracion.actual().hora_resumen <= ahora.time() < FIN_DEL_DIA:
        return 0
    mes = informe_del_mes.mes_de(ahora.date()).anterior
    if InformeMensual.objects.filter(mes=mes.desde).exists() or not calendario.es_habil(
        ahora.date()
    ):
        return 0
    return dar_informe(mes)


def dar_informe(mes: Periodo) -> int:
    """Keep the report of a month and write its letters to Dirección, gerencia and Calidad: both or neither."""
    de_quien = Q(rol__in=[Rol.DG, Rol.CAL]) | Q(es_gerente=True)
    lectores = list(Usuario.objects.activos().filter(de_quien).exclude(email="").order_by("pk"))
    if not lectores:
        return 0  # nobody to be given it: tomorrow there may be
    datos = json.loads(json.dumps(informe_del_mes.informe_de(lectores[0], mes, se_da=True)))
    with transaction.atomic():
        try:
            with transaction.atomic():
                informe = InformeMensual.objects.create(
                    mes=mes.desde, datos=datos, hecho_en=timezone.now()
                )
        except IntegrityError:
            if InformeMensual.objects.filter(mes=mes.desde).exists():
                return 0  # another worker's
            raise
        for usuario in lectores:
            contexto = {
                "saludo": usuario,
                "mes": mes,
                "clave": informe_del_mes.clave_de(mes.desde),
                "cifras": informe_del_mes.cifras_de(datos),
                "base": settings.URL_BASE,
            }
            carta = render_to_string("correos/cuenta/informe.txt", contexto)
            asunto = f"Informe de {mes} para la revisión por la dirección"
            aviso = bandeja_de_salida.cuenta(
                usuario, usuario.email, asunto, carta, confidencial=False, plantilla=Aviso.DEL_MES
            )
            informe.avisos.add(aviso)
    return len(lectores)


def cotejar_conformidad(despues_de: int = 0) -> int:
    """Each night: what closed cases keep of their conformance is compared with their log, and put right.

    How many differed; the rest is left to the next task.
    """
    distintos, sigue = cotejo.cotejar_un_rato(SEGUNDOS_DE_NOCHE, despues_de)
    for folio in distintos:
        registro.error("La conformidad de %s no era la de su historia: se corrigió.", folio)
    if sigue is not None:
        cotejo.seguir_luego(sigue)
    return len(distintos)


def olvidar_borradores() -> int:
    return a_medias.olvidar()


def sellar_la_noche() -> int:
    """The seal of each business day, before it begins: with or without events since the former one."""
    return int(calendario.es_habil(timezone.localdate()) and sellar_el_dia() is not None)


def sellar_el_dia() -> Sello | None:
    """Today's seal and its letters to Calidad, both or neither; ``None`` if it was made. Raises ``LlaveIlegible``."""
    with transaction.atomic():
        sello = sellado.sellar(timezone.localdate())
        if sello is None:
            return None
        texto = "\n".join(texto_de_sello.escribir(sello))
        for usuario in Usuario.objects.activos().filter(rol=Rol.CAL).exclude(email=""):
            contexto = {
                "saludo": usuario,
                "sello": sello,
                "texto": texto,
                "llave": llave.corta(sello.llave),
                "base": settings.URL_BASE,
            }
            carta = render_to_string("correos/cuenta/sello.txt", contexto)
            asunto = f"Sello {sello.numero} del registro"
            bandeja_de_salida.cuenta(usuario, usuario.email, asunto, carta, confidencial=False)
    sellado.certificar(sello)
    return sello


def limpiar_archivos() -> int:
    """Each night: what no row names is removed, what is missing is told. The rest is for the next night."""
    membrete.quitar_los_que_nadie_usa()
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
