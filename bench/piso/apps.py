from django.apps import AppConfig


class PisoConfig(AppConfig):
    name = "bench.piso"
    label = "piso"
