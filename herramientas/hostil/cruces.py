"""Afterwards: nothing of one case hangs from another, and nothing of one client from another's case."""

from django.apps import apps
from django.db.models import F

from casos.models import Caso


def cruces() -> list[str]:
    """By the models themselves: of two rows that each name a case and one of which names the other, both name the same."""
    faltas = []
    con_caso = [m for m in apps.get_app_config("casos").get_models() if _de_un_caso(m)]
    for modelo in con_caso:
        for campo in modelo._meta.get_fields():
            if campo.many_to_one and not campo.auto_created and campo.related_model in con_caso:
                if campo.name == "caso":
                    continue
                mal = modelo.objects.exclude(**{campo.name: None}).exclude(
                    **{f"{campo.name}__caso": F("caso")}
                )
                if n := mal.count():
                    faltas.append(f"{n} {modelo._meta.model_name}.{campo.name} de otro caso")
    for campo in ("contrato", "persona"):
        mal = Caso.objects.exclude(**{campo: None}).exclude(**{f"{campo}__cliente": F("cliente")})
        if n := mal.count():
            faltas.append(f"{n} casos con {campo} de otro cliente")
    return faltas


def _de_un_caso(modelo) -> bool:
    return any(f.name == "caso" and f.many_to_one for f in modelo._meta.get_fields())
