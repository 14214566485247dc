"""``manage.py recontar``: what the figures count of each case, from its log."""

from math import inf
from time import monotonic

from django.core.management.base import BaseCommand
from django.db.models import Exists, OuterRef, Q

from casos.catalogos import Estado
from casos.models import Caso, Cierre, Prueba
from casos.pasos.cotejo import cotejar_un_rato
from casos.pasos.cuentas_del_cierre import recontar
from casos.pruebas import probando


class Command(BaseCommand):
    help = "Cuenta lo que una versión anterior no contaba de los casos; con --todos, todo otra vez."

    def add_arguments(self, parser):
        parser.add_argument("--todos", action="store_true", help="También lo que ya está contado.")

    def handle(self, *args, todos, **kwargs):
        casos = Caso.objects.order_by("pk")
        if not todos:
            contados = Cierre.objects.filter(caso=OuterRef("pk"))
            sin_contar = Q(estado=Estado.CERRADO) & ~Exists(contados)
            casos = casos.filter(sin_contar | Q(pasos_andados=1) & ~Q(estado=Estado.RECIBIDO))
        claves = list(casos.values_list("pk", flat=True))
        if claves:
            self.contar(claves)
        distintos, _ = cotejar_un_rato(inf, **({} if todos else {"conformidad": None}))
        for folio in distintos:
            self.stdout.write(f"  {folio}: su conformidad no era la de su historia; se corrigió.")

    def contar(self, claves):
        inicio = monotonic()
        self.stdout.write("Contando los casos…")
        self.stdout.flush()
        for pk in claves:
            with probando([pk], Prueba.Motivo.RECUENTO):
                recontar(pk)
        self.stdout.write(f"  {len(claves):,} casos en {monotonic() - inicio:.0f} s.")
