"""What each client first asked, from the log; and what each type of requirement moves."""

from django.db import migrations
from django.db.models import F

MUEVEN = {
    "Aumento de plazas": ("plazas", "SUBE"),
    "Reducción de plazas": ("plazas", "BAJA"),
    "Ajuste de tarifa": ("tarifa", "CAMBIA"),
    "Cambio de turno u horario": ("turno", "CAMBIA"),
    "Cambio de sede": ("sede", "CAMBIA"),
    "Condiciones de pago": ("dias_pago", "CAMBIA"),
    "Cambio de puestos o perfiles": ("puestos", "CAMBIA"),
    "Sueldos y prestaciones": ("sueldo", "CAMBIA"),
    "Servicios adicionales": ("servicios", "CAMBIA"),
}
PIDEN = ("analizar", "contraofertar", "editar_hoja")


def lo_primero(apps, schema_editor):
    """The first value that was analysed: what changed before was a correction of the request."""
    alias = schema_editor.connection.alias
    condiciones = apps.get_model("casos", "Condicion").objects.using(alias)
    eventos = apps.get_model("casos", "Evento").objects.using(alias)
    condiciones.update(pedido_primero=F("solicitado"))
    con_rondas = eventos.filter(accion__in=("contraofertar", "reabrir")).order_by()
    filas = eventos.filter(accion__in=PIDEN, caso_id__in=con_rondas.values("caso_id"))
    analizados, dichos = set(), set()
    for caso, accion, datos in (
        filas.order_by("caso_id", "numero").values_list("caso_id", "accion", "datos").iterator()
    ):
        for clave, par in (datos.get("cambios") or {}).items() if caso in analizados else ():
            columna, _, concepto = clave.partition(":")
            if columna == "solicitado" and (caso, concepto) not in dichos:
                dichos.add((caso, concepto))
                condiciones.filter(caso_id=caso, concepto__clave=concepto).update(
                    pedido_primero=par[0] or par[1]
                )
        if accion == "analizar":
            analizados.add(caso)


def lo_que_mueven(apps, schema_editor):
    """Of the types that the product came with; the firm's own stay as they are until it says."""
    alias = schema_editor.connection.alias
    conceptos = apps.get_model("casos", "Concepto").objects.using(alias).in_bulk(field_name="clave")
    tipos = apps.get_model("casos", "TipoRequerimiento").objects.using(alias)
    for nombre, (clave, sentido) in MUEVEN.items():
        if clave in conceptos:
            tipos.filter(nombre=nombre).update(concepto_id=conceptos[clave].pk, sentido=sentido)


class Migration(migrations.Migration):
    dependencies = [("casos", "0012_lo_que_pide_el_cliente")]

    operations = [
        migrations.RunPython(lo_primero, migrations.RunPython.noop),
        migrations.RunPython(lo_que_mueven, migrations.RunPython.noop),
    ]
