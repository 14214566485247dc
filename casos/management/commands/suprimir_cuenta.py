"""``manage.py suprimir_cuenta USUARIO``: what ``/privacidad/`` does for somebody of the firm who left."""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from casos.models import Usuario
from casos.personas.supresion_de_cuentas import suprimir_cuenta


class Command(BaseCommand):
    help = (
        "Suprime los datos de una persona de la empresa que ya no está: su correo, su teléfono, lo que dejó a "
        "medias y, del registro de seguridad, las direcciones, los dispositivos y los textos. Quedan su nombre, "
        "los hechos y su cadena."
    )

    def add_arguments(self, parser):
        parser.add_argument("usuario", help="Nombre de usuario de una cuenta desactivada.")

    def handle(self, *args, usuario, **kwargs):
        persona = Usuario.objects.filter(username=usuario).first()
        if persona is None:
            raise CommandError(f"No hay ninguna cuenta «{usuario}».")
        try:
            supresion = suprimir_cuenta(persona)
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error
        self.stdout.write(
            f"Listo: se suprimió de {sum(supresion.lugares.values())} lugares; su nombre queda en lo que hizo."
        )
