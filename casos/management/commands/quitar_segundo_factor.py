"""``manage.py quitar_segundo_factor USUARIO``: for who lost telephone and codes, and nobody else can take it off."""

from django.core.management.base import BaseCommand, CommandError

from casos import cuentas
from casos.models import Usuario


class Command(BaseCommand):
    help = (
        "Quita el segundo factor de una persona que perdió su teléfono y sus códigos de recuperación, cuando "
        "nadie más puede hacerlo en el panel. Se anota en el registro de seguridad y se le avisa por correo."
    )

    def add_arguments(self, parser):
        parser.add_argument("usuario", help="Nombre de usuario.")

    def handle(self, *args, usuario, **kwargs):
        persona = Usuario.objects.filter(username=usuario).first()
        if persona is None:
            raise CommandError(f"No hay ninguna cuenta «{usuario}».")
        if not cuentas.quitar_segundo_factor(persona):
            raise CommandError(f"{persona} no tenía segundo factor.")
        self.stdout.write(f"Listo: {persona} entra solo con su contraseña.")
