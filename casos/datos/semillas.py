"""Catalogues that a new database starts with. Only what is missing is created; no demo data here.

A catalogue that already has rows is left alone: what the firm renamed or retired stays so.
"""

import json
from datetime import date
from functools import cache
from pathlib import Path

import holidays
from django.utils import timezone

from casos.calendario import DIAS
from casos.catalogos import (
    Catalogo,
    Limite,
    Movimiento,
    OrigenInhabil,
    QueAjusta,
    Unidad,
)
from casos.estado_de_revision import EstadoRevision
from casos.models import (
    Area,
    Concepto,
    Configuracion,
    DiaInhabil,
    Motivo,
    Plazo,
    RevisionInstruccion,
    SeccionInstruccion,
    TipoRequerimiento,
)
from casos.models.instruccion import huella_del_texto

from .clausulas import sembrar_clausulas

INSTRUCCION = Path(__file__).parent / "instruccion_rev3.json"

# code, name, gives opinions (7.3), adjusts (7.7), what, and what it is asked to
AREAS = [
    ("JUR", "Jurídico", True, True, QueAjusta.CONTRATO, "Ajustar el contrato a lo acordado."),
    ("DH", "Desarrollo Humano", True, True, QueAjusta.OTRO, ""),
    ("OPE", "Operaciones", True, True, QueAjusta.OTRO, ""),
    ("FIN", "Finanzas", True, True, QueAjusta.OTRO, ""),
    ("NOM", "Nóminas", False, True, QueAjusta.NOMINA, "Ajustar la nómina a lo acordado."),
    (
        "RYS",
        "Reclutamiento y Selección",
        False,
        True,
        QueAjusta.SERVICIO,
        "Ajustar el servicio a lo acordado.",
    ),
]
CONCEPTOS = [
    ("plazas", "Plazas", Unidad.ENTERO, Limite.MAXIMO, "JUR OPE RYS NOM"),
    ("puestos", "Puestos", Unidad.TEXTO, Limite.EXACTO, "JUR OPE RYS DH"),
    ("tarifa", "Tarifa mensual por persona", Unidad.DINERO, Limite.MINIMO, "FIN JUR"),
    ("margen", "Margen", Unidad.PORCENTAJE, Limite.MINIMO, "FIN"),
    ("sueldo", "Sueldo mensual por persona", Unidad.DINERO, Limite.MAXIMO, "NOM DH FIN"),
    ("turno", "Turno", Unidad.TEXTO, Limite.EXACTO, "OPE NOM RYS"),
    ("sede", "Sede", Unidad.TEXTO, Limite.EXACTO, "OPE NOM RYS JUR"),
    ("dias_pago", "Días naturales de crédito", Unidad.ENTERO, Limite.MAXIMO, "FIN JUR"),
    ("inicio", "Inicio", Unidad.FECHA, Limite.EXACTO, "JUR NOM RYS OPE"),
    ("servicios", "Servicios incluidos", Unidad.TEXTO, Limite.EXACTO, "JUR OPE"),
]
INTERNOS = ("margen", "sueldo")  # what the firm earns, and what it pays: no client is told
# name, areas that usually give an opinion, the concept it moves, and in which direction
TIPOS = [
    ("Aumento de plazas", "OPE DH FIN", "plazas", Movimiento.SUBE),
    ("Reducción de plazas", "OPE DH JUR", "plazas", Movimiento.BAJA),
    ("Ajuste de tarifa", "FIN JUR", "tarifa", Movimiento.CAMBIA),
    ("Cambio de turno u horario", "OPE DH", "turno", Movimiento.CAMBIA),
    ("Cambio de sede", "OPE DH JUR", "sede", Movimiento.CAMBIA),
    ("Condiciones de pago", "FIN JUR", "dias_pago", Movimiento.CAMBIA),
    ("Cambio de puestos o perfiles", "DH OPE", "puestos", Movimiento.CAMBIA),
    ("Sueldos y prestaciones", "DH FIN", "sueldo", Movimiento.CAMBIA),
    ("Ampliación del plazo", "JUR FIN", "", ""),
    ("Servicios adicionales", "OPE FIN", "servicios", Movimiento.CAMBIA),
    ("Terminación anticipada", "JUR FIN", "", ""),
]
OTRO = "Otro"  # in both catalogues: whoever chooses it says what it is
MOTIVOS_NUESTROS = [
    ("El margen no alcanza", "FIN", "En este momento no podemos ofrecer las condiciones económicas que nos solicitó."),
    ("Las condiciones de pago no son posibles", "FIN", "No nos es posible modificar las condiciones de pago de su contrato."),
    ("El contrato no lo permite", "JUR", "Los términos de su contrato vigente no permiten el cambio solicitado."),
    ("La actividad no está en nuestro registro", "JUR", "El servicio solicitado queda fuera de los que podemos prestarle conforme a la ley."),
    ("No hay personal disponible en la zona", "DH", "Por ahora no contamos con personal disponible en la zona que solicita."),
    ("El perfil no se consigue en el plazo", "DH", "No nos es posible reunir al personal con ese perfil en el plazo solicitado."),
    ("El turno no se puede cubrir", "OPE", "No podemos garantizar la cobertura del turno que solicita."),
    ("La sede queda fuera de nuestra operación", "OPE", "La sede solicitada queda fuera de nuestra zona de operación."),
    ("El plazo es demasiado corto", "OPE", "El plazo solicitado no permite hacer el cambio con la calidad que usted espera."),
    ("El periodo de nómina ya cerró", "NOM", "Ya no es posible aplicar el cambio en la fecha que solicita."),
    ("El esquema de pago no es posible", "NOM", "No nos es posible pagar al personal de la forma que solicita."),
    ("No hay candidatos con ese perfil en el plazo", "RYS", "Por ahora no podemos reunir al personal solicitado en la fecha que necesita."),
    ("No se alcanza a cubrir esa cantidad de vacantes", "RYS", "Por ahora no nos es posible reunir a todo el personal que solicita."),
    (OTRO, "", ""),
]  # fmt: skip
MOTIVOS_CLIENTE = [
    "El precio sigue siendo alto",
    "Eligió a otro proveedor",
    "Cambió su presupuesto",
    "Decidió dejar todo como está",
    "Pospuso la decisión",
    "El tiempo de inicio no le sirve",
    "No está conforme con el servicio",
    "Va a contratar directamente",
    "Cambió la persona que decide",
    OTRO,
]


def sembrar_catalogos(using: str = "default") -> None:
    """Fill what is missing after ``migrate``; idempotent."""
    _areas(using)
    _conceptos_y_tipos(using)
    _motivos(using)
    _parametros(using)
    _inhabiles(using)
    _instruccion(using)
    sembrar_clausulas(using)


def _areas(using):
    if Area.objects.using(using).exists():
        return
    Area.objects.using(using).bulk_create(
        Area(codigo=c, nombre=n, opina=o, ajusta=a, que_ajusta=q, que_se_le_pide=p, orden=i)
        for i, (c, n, o, a, q, p) in enumerate(AREAS, 1)
    )


def _conceptos_y_tipos(using):
    areas = {a.codigo: a.pk for a in Area.objects.using(using).all()}
    for modelo, filas in (
        (Concepto, [({"clave": k, "nombre": n, "unidad": u, "limite": m, "interno": k in INTERNOS}, a) for k, n, u, m, a in CONCEPTOS]),
        (TipoRequerimiento, [({"nombre": n, "concepto": k, "sentido": s}, a) for n, a, k, s in TIPOS]),
    ):  # fmt: skip
        if modelo is TipoRequerimiento:
            filas = _con_su_concepto(filas, using)
        if modelo.objects.using(using).exists():
            continue
        creadas = modelo.objects.using(using).bulk_create(
            modelo(**campos, orden=i) for i, (campos, _) in enumerate(filas, 1)
        )
        puente = modelo.areas.through
        campo = f"{modelo._meta.model_name}_id"
        puente.objects.using(using).bulk_create(
            puente(**{campo: fila.pk, "area_id": areas[c]})
            for fila, (_, codigos) in zip(creadas, filas, strict=True)
            for c in codigos.split()
            if c in areas
        )


def _con_su_concepto(tipos, using):
    """Each type with the row it moves; none of a catalogue where the firm retired that row."""
    conceptos = {c.clave: c for c in Concepto.objects.using(using).all()}
    for campos, _ in tipos:
        campos["concepto"] = conceptos.get(campos["concepto"])
        if campos["concepto"] is None:
            campos["sentido"] = ""
    return tipos


def _motivos(using):
    if Motivo.objects.using(using).exists():
        return
    areas = {a.codigo: a.pk for a in Area.objects.using(using).all()}
    Motivo.objects.using(using).bulk_create(
        [
            Motivo(
                catalogo=Catalogo.NUESTRO,
                nombre=n,
                area_id=areas.get(c),
                texto_cliente=t,
                pide_detalle=n == OTRO,
                orden=i,
            )
            for i, (n, c, t) in enumerate(MOTIVOS_NUESTROS, 1)
        ]
        + [
            Motivo(catalogo=Catalogo.CLIENTE, nombre=n, pide_detalle=n == OTRO, orden=i)
            for i, n in enumerate(MOTIVOS_CLIENTE, 1)
        ]
    )


def _parametros(using):
    if not Configuracion.objects.using(using).exists():
        Configuracion.objects.using(using).create()
    if not Plazo.objects.using(using).exists():
        Plazo.objects.using(using).bulk_create(Plazo(estado=e, dias=d) for e, d in DIAS.items())


@cache
def propuestos(anio: int) -> dict[date, str]:
    """Compulsory rest days of a year (LFT art. 74), as the ``holidays`` package gives them."""
    return dict(sorted(holidays.country_holidays("MX", years=anio, language="es").items()))


def _inhabiles(using):
    """Last year to the year after next; a year that has rows already is the firm's own."""
    este = timezone.localdate().year
    dias = DiaInhabil.objects.using(using)
    hay = {
        f.year
        for f in dias.filter(sede=None, fecha__year__range=(este - 1, este + 2)).values_list(
            "fecha", flat=True
        )
    }
    dias.bulk_create(
        DiaInhabil(fecha=fecha, motivo=motivo, origen=OrigenInhabil.LFT)
        for anio in range(este - 1, este + 3)
        if anio not in hay
        for fecha, motivo in propuestos(anio).items()
    )


def _instruccion(using):
    if RevisionInstruccion.objects.using(using).exists():
        return
    datos = json.loads(INSTRUCCION.read_text(encoding="utf-8"))
    revision = RevisionInstruccion(
        codigo=datos["codigo"],
        titulo=datos["titulo"],
        operacion=datos["operacion"],
        numero=datos["numero"],
        fecha=date.fromisoformat(datos["fecha"]),
        estado=EstadoRevision.VIGENTE,
    )
    secciones = [
        SeccionInstruccion(revision=revision, orden=i, congelada=True, **s)
        for i, s in enumerate(datos["secciones"], 1)
    ]
    revision.huella = huella_del_texto(secciones)
    revision.save(using=using)
    SeccionInstruccion.objects.using(using).bulk_create(secciones)
