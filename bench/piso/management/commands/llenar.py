"""``llenar --filas N``: the people, and as many rows as the product has cases, ten notes each."""

from datetime import timedelta

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand
from django.db import connection
from django.utils import timezone

from bench.piso.models import Nota, Registro

GENTE = ("ventas", "ventas2", "gerente", "finanzas")
CLAVE = "demo"
NOTAS = 10
TANDA = 1000
GIROS = ("Aceros", "Empaques", "Textiles", "Autopartes", "Alimentos", "Hoteles", "Muebles")
LUGARES = ("del Norte", "del Bajío", "de Occidente", "del Golfo", "del Valle")
ABIERTOS = ("NUEVO", "EN_CURSO", "EN_ESPERA")


class Command(BaseCommand):
    def add_arguments(self, parser):
        parser.add_argument("--filas", type=int, required=True)

    def handle(self, *args, filas, **kwargs):
        gente = [
            User.objects.create_user(n, password=CLAVE, first_name=n.capitalize(), last_name="Mena")
            for n in GENTE
        ]
        ahora = timezone.now()
        for desde in range(1, filas + 1, TANDA):
            nuevas = [
                _fila(n, filas, gente, ahora) for n in range(desde, min(desde + TANDA, filas + 1))
            ]
            Registro.objects.bulk_create(nuevas)
            Nota.objects.bulk_create(_nota(r, k) for r in nuevas for k in range(NOTAS))
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
                cursor.execute(
                    "CREATE INDEX registro_texto ON piso_registro USING gin (texto gin_trgm_ops)"
                )


def _fila(n: int, filas: int, gente: list, ahora) -> Registro:
    """One in twenty is open, half of those the first person's, as among the product's cases."""
    folio = f"R-{n:07d}"
    cliente = f"{GIROS[n % 7]} {LUGARES[n % 5]} {n // 12}, S.A. de C.V."
    asunto = (
        f"Pide revisar la tarifa y el servicio de la planta {n}. Lo comparan con otro proveedor."
    )
    creado = ahora - timedelta(days=730) * (1 - n / filas)
    return Registro(
        folio=folio,
        cliente=cliente,
        asunto=asunto,
        texto=f"{folio} {cliente} {asunto}".lower(),
        estado=ABIERTOS[n // 20 % 3] if n % 20 == 0 else Registro.Estado.CERRADO,
        responsable=gente[n // 20 % 2 * (1 + n % 3)],
        vence=(creado + timedelta(days=15)).date(),
        creado_en=creado,
        cambiado_en=creado,
    )


def _nota(registro: Registro, k: int) -> Nota:
    return Nota(
        registro=registro,
        texto=f"Nota {k + 1} de {registro.folio}: se habló con el cliente y quedó de contestar.",
        autor_id=registro.responsable_id,
        creada_en=registro.creado_en,
    )
