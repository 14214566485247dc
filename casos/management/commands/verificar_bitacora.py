"""``manage.py verificar_bitacora``: recompute every chain; names the first broken row."""

from datetime import datetime, timedelta

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from casos.lecturas import sellos
from casos.lecturas.verificacion import revisar_bitacora
from casos.lecturas.verificacion_de_configuracion import revisar_configuracion
from casos.lecturas.verificacion_de_seguridad import huella_de_las_cabezas, revisar_registro
from casos.management import con_sello
from casos.management.progreso import Progreso
from casos.models import Caso, Evento, EventoDeConfiguracion, HechoDeSeguridad, Latido

# A step or a change that began before then has ended: what it wrote is seen, and stays seen.
MARGEN = timedelta(minutes=5)


class Command(BaseCommand):
    help = "Recalcula la cadena de la bitácora y del registro de seguridad y compara todo; nombra la primera fila rota."

    def add_arguments(self, parser):
        parser.add_argument("--caso", default="", help="Solo este folio.")
        parser.add_argument(
            "--sin-archivos",
            action="store_true",
            help="No lee los archivos entregados: más rápido, pero no halla los que se cambiaron.",
        )
        parser.add_argument(
            "--al",
            default="",
            help="Solo dice la huella que debió dar en ese instante, para compararla con la que guardaste.",
        )

        parser.add_argument("--sello", default="", help="Compara con un sello guardado aparte.")
        parser.add_argument(
            "--estado",
            default="",
            help="Archivo con el último sello en que se confió; avanza solo.",
        )
        parser.add_argument(
            "--acepta-llave", action="append", default=[], help="Huella de una llave nueva."
        )

        parser.add_argument(
            "--progreso",
            action="store_true",
            help="Dice por dónde va, aunque la salida no sea una terminal.",
        )

    def handle(
        self, *args, caso, sin_archivos, al, sello, estado, acepta_llave, progreso, **kwargs
    ):
        if sello or estado:
            con_sello.comparar(self, sello, estado, acepta_llave)
        if al:
            self._decir_huella(self._instante(al))
            return
        if caso and not Caso.objects.filter(folio=caso).exists():
            raise CommandError(f"No hay ningún caso {caso}.")
        self.progreso = Progreso(self.stderr, progreso)
        fallas = list(self._fallas(caso, sin_archivos))
        if not caso:
            dicho = "" if not fallas else f"No está íntegra: {len(fallas)} fallas."
            Latido.dejar(Latido.VERIFICACION, bien=not fallas, dicho=dicho)
        if fallas:
            raise CommandError(f"La bitácora no está íntegra. Fallas: {len(fallas)}.")
        eventos = Evento.objects.filter(**({"caso__folio": caso} if caso else {}))
        self.stdout.write(f"Bitácora íntegra: {eventos.count()} eventos.")
        if not caso:
            hechos = HechoDeSeguridad.objects.count()
            self.stdout.write(f"Registro de seguridad íntegro: {hechos} hechos.")
            configurado = EventoDeConfiguracion.objects.count()
            self.stdout.write(f"Configuración íntegra: {configurado} eventos.")
            self._decir_huella(timezone.now() - MARGEN)

    def _fallas(self, caso, sin_archivos):
        casos = self.progreso.de(1 if caso else Caso.objects.count())
        for falla in revisar_bitacora(caso, archivos=not sin_archivos, avance=casos):
            self.stderr.write(falla)
            yield falla
        falla = "" if caso else revisar_registro()
        if falla:
            falla = f"Registro de seguridad: {falla}"
            self.stderr.write(falla)
            yield falla
        for falla in [] if caso else revisar_configuracion():
            falla = f"Configuración: {falla}"
            self.stderr.write(falla)
            yield falla
        for de_sello in [] if caso else sellos.revisar().fallas:
            self.stderr.write(f"{de_sello.clase.titulo}. {de_sello.dicho}")
            yield de_sello.dicho

    def _decir_huella(self, al):
        dicho = al.isoformat(timespec="microseconds")
        self.stdout.write(f"Huella de todas las cabezas --al {dicho}: {huella_de_las_cabezas(al)}")

    def _instante(self, dicho):
        try:
            al = datetime.fromisoformat(dicho)
        except ValueError:
            raise CommandError(
                "Escribe el instante como lo dio la orden: 2026-11-28T09:00:00.000000+00:00."
            ) from None
        return al if timezone.is_aware(al) else timezone.make_aware(al)
