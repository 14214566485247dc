"""``manage.py sellar``: the seal of today, now, as the worker makes it each working night."""

from django.core.management.base import BaseCommand, CommandError

from casos.seguridad.llave import LlaveIlegible
from casos.seguridad.texto_de_sello import escribir
from casos.tareas import sellar_el_dia


class Command(BaseCommand):
    help = "Hace el sello de hoy, si no está hecho, y lo manda a Calidad."

    def handle(self, *args, **kwargs):
        try:
            sello = sellar_el_dia()
        except LlaveIlegible as error:
            raise CommandError(str(error)) from None
        if sello is None:
            self.stdout.write(
                "El sello de hoy ya estaba hecho: «manage.py mostrar_sello» lo muestra."
            )
            return
        self.stdout.write("\n".join(escribir(sello)))
