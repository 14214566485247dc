"""``manage.py trabajador``: the worker. Makes sure the schedules stand, then runs the cluster."""

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django_q.models import Schedule

# name, function, cron (in TIME_ZONE)
AGENDA = [
    ("barrido de correos", "casos.tareas.enviar_avisos", "* * * * *"),
    ("constancias sin confirmar", "casos.tareas.recordar_constancias", "0 8 * * 1-5"),
]


class Command(BaseCommand):
    help = "Envía los correos y corre lo programado. Se detiene con Ctrl-C o SIGTERM."

    def handle(self, *args, **kwargs):
        for nombre, funcion, cron in AGENDA:
            Schedule.objects.update_or_create(
                name=nombre,
                defaults={"func": funcion, "schedule_type": Schedule.CRON, "cron": cron},
            )
        Schedule.objects.exclude(name__in=[n for n, *_ in AGENDA]).delete()
        call_command("qcluster")
