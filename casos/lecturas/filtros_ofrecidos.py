"""What the list of cases offers to filter by, and the person's saved views: one statement.

Reads only; no forms, no HTTP.
"""

from dataclasses import dataclass, field

from django.db.models import Case, CharField, F, IntegerField, Value, When
from django.db.models.functions import Cast, Coalesce, Concat, NullIf, Trim

from casos.catalogos import ROLES_COMERCIALES
from casos.models import Area, TipoRequerimiento, Usuario, VistaGuardada

VISTAS_MAXIMO = 20


@dataclass
class Ofrecidos:
    areas: list = field(default_factory=list)  # (pk, name)
    tipos: list = field(default_factory=list)
    responsables: list = field(default_factory=list)  # everybody who may have had a case
    activos: list = field(default_factory=list)  # those who may be given one
    vistas: list = field(default_factory=list)  # (pk, name, query)


def ofrecidos(usuario) -> Ofrecidos:
    texto = CharField()

    def filas(modelo, clase, nombre, orden, extra=None):
        return modelo.order_by().values_list(
            Value(clase, output_field=texto),
            F("pk"),
            Cast(nombre, texto),
            Cast(orden, IntegerField()),
            Cast(extra or Value(""), texto),
        )

    nombre = Coalesce(
        NullIf(Trim(Concat("first_name", Value(" "), "last_name")), Value("")), "username"
    )
    comerciales = Usuario.objects.filter(rol__in=ROLES_COMERCIALES, is_superuser=False)
    alta = Case(When(is_active=True, then=Value("alta")), default=Value(""))
    cero = Value(0)
    union = filas(Area.objects, "areas", F("nombre"), F("orden")).union(
        filas(TipoRequerimiento.objects, "tipos", F("nombre"), F("orden")),
        filas(comerciales, "responsables", nombre, cero, alta),
        filas(
            VistaGuardada.objects.filter(usuario=usuario),
            "vistas",
            F("nombre"),
            cero,
            F("consulta"),
        ),
        all=True,
    )
    hallados = Ofrecidos()
    for clase, pk, etiqueta, _orden, extra in sorted(union, key=lambda f: (f[3], f[2].casefold())):
        fila = (pk, etiqueta, extra) if clase == "vistas" else (pk, etiqueta)
        getattr(hallados, clase).append(fila)
        if extra and clase == "responsables":
            hallados.activos.append(fila)
    return hallados
