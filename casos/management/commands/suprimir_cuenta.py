"""``manage.py suprimir_cuenta USUARIO``: what the record of security keeps of a person who left, and their drafts."""

from django.core.management.base import BaseCommand, CommandError

from casos.models import Usuario
from casos.seguridad.anotar import suprimir


class Command(BaseCommand):
    help = (
        "Borra del registro de seguridad las direcciones, los dispositivos y los textos de una persona "
        "que ya no está. Los hechos y su cadena quedan."
    )

    def add_arguments(self, parser):
        parser.add_argument("usuario", help="Nombre de usuario de una cuenta desactivada.")

    def handle(self, *args, usuario, **kwargs):
        persona = Usuario.objects.filter(username=usuario).first()
        if persona is None:
            raise CommandError(f"No hay ninguna cuenta «{usuario}».")
        if persona.is_active:
            raise CommandError("La cuenta sigue activa: desactívala antes en el panel.")
        persona.borradores.all().delete()
        self.stdout.write(f"Listo: se borró lo personal de {suprimir(persona)} hechos.")
