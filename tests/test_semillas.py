"""What a new database starts with, and that nothing the firm changed comes back."""

import hashlib
import json
from datetime import date
from pathlib import Path

import pytest

from casos import calendario, disparadores
from casos.catalogos import Catalogo, Limite, OrigenInhabil, Unidad
from casos.datos import semillas
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
from casos.seguridad.lo_configurado import configurando

pytestmark = pytest.mark.django_db
ESTE = calendario.hoy().year
HUELLA_REVISION_3 = "77013cb3322baa1205fc0d13a939ccc9856a9d3f4cc72f3ab10b24a2fa272f7b"


def todo():
    return {
        m.__name__: list(m.objects.order_by("pk").values())
        for m in (
            Area,
            Concepto,
            Configuracion,
            DiaInhabil,
            Motivo,
            Plazo,
            TipoRequerimiento,
            RevisionInstruccion,
            SeccionInstruccion,
        )
    }


def test_las_areas_de_la_instruccion():
    opinan = set(Area.objects.filter(opina=True).values_list("codigo", flat=True))
    ajustan = set(Area.objects.filter(ajusta=True).values_list("codigo", flat=True))
    assert opinan == {"JUR", "DH", "OPE", "FIN"}
    assert ajustan == opinan | {"NOM", "RYS"}


def test_los_plazos_son_los_del_diseno():
    assert dict(Plazo.objects.values_list("estado", "dias")) == {
        "RECIBIDO": 1,
        "EN_CONTACTO": 2,
        "EN_ANALISIS": 3,
        "POR_DECIDIR": 1,
        "EN_PROPUESTA": 2,
        "EN_MODIFICACION": 5,
        "POR_INFORMAR": 1,
        "CERRADO": 3,  # whether it arrived as it was agreed, and what the client says
    }
    assert Configuracion.actual().vigencia_dias == 15
    assert Configuracion.actual().reapertura_dias == 30


def test_los_conceptos_de_la_hoja_dicen_su_limite_y_a_quien_le_importan():
    assert set(Concepto.objects.values_list("clave", "unidad", "limite")) == {
        ("puestos", Unidad.TEXTO, Limite.EXACTO),
        ("plazas", Unidad.ENTERO, Limite.MAXIMO),
        ("tarifa", Unidad.DINERO, Limite.MINIMO),
        ("margen", Unidad.PORCENTAJE, Limite.MINIMO),
        ("turno", Unidad.TEXTO, Limite.EXACTO),
        ("sede", Unidad.TEXTO, Limite.EXACTO),
        ("dias_pago", Unidad.ENTERO, Limite.MAXIMO),
        ("inicio", Unidad.FECHA, Limite.EXACTO),
        ("servicios", Unidad.TEXTO, Limite.EXACTO),
        ("sueldo", Unidad.DINERO, Limite.MAXIMO),
    }
    assert not Concepto.objects.filter(areas=None).exists()
    assert not TipoRequerimiento.objects.filter(areas=None).exists()
    assert not TipoRequerimiento.objects.exclude(areas__opina=True).exists()


def test_los_dos_catalogos_de_motivos():
    for catalogo in Catalogo:
        assert 8 <= Motivo.objects.filter(catalogo=catalogo).count() <= 15
        [otro] = Motivo.objects.filter(catalogo=catalogo, pide_detalle=True)
        assert (otro.nombre, otro.area, otro.texto_cliente) == ("Otro", None, "")
    nuestros = Motivo.objects.filter(catalogo=Catalogo.NUESTRO, pide_detalle=False)
    assert not nuestros.filter(area=None).exists()
    areas = set(Area.objects.values_list("codigo", flat=True))
    assert {m.area.codigo for m in nuestros.select_related("area")} == areas
    assert not nuestros.filter(texto_cliente="").exists()


def test_el_texto_para_el_cliente_no_dice_la_razon_interna():
    for motivo in Motivo.objects.filter(catalogo=Catalogo.NUESTRO):
        texto = motivo.texto_cliente.lower()
        assert motivo.nombre.lower() not in texto
        for palabra in ("margen", "utilidad", "rentab", "costo", "riesgo", "no conviene"):
            assert palabra not in texto


def test_los_dias_inhabiles_de_cuatro_anios():
    filas = DiaInhabil.objects.all()
    assert {f.fecha.year for f in filas} == set(range(ESTE - 1, ESTE + 3))
    assert {f.origen for f in filas} == {OrigenInhabil.LFT}
    assert all(filas.filter(fecha=date(a, 12, 25)).exists() for a in range(ESTE - 1, ESTE + 3))


def test_sembrar_otra_vez_no_cambia_nada(django_assert_max_num_queries):
    antes = todo()
    with django_assert_max_num_queries(12):
        semillas.sembrar_catalogos("default")
    assert todo() == antes


def test_sembrar_de_cero_es_rapido(django_assert_max_num_queries):
    disparadores.retirar("default", "casos_revisioninstruccion", "casos_seccioninstruccion")
    for modelo in (
        SeccionInstruccion,
        RevisionInstruccion,
        Motivo,
        TipoRequerimiento,
        Concepto,
        Plazo,
        DiaInhabil,
        Configuracion,
    ):
        modelo.objects.all().delete()
    Area.objects.all().delete()
    with configurando(), django_assert_max_num_queries(40):
        semillas.sembrar_catalogos("default")
    assert all(todo().values())
    disparadores.instalar("default")


def test_no_vuelve_lo_que_la_empresa_cambio_o_retiro():
    Area.objects.filter(codigo="DH").update(nombre="Capital Humano", opina=False)
    Motivo.objects.filter(nombre="Otro").update(activo=False)
    Motivo.objects.filter(catalogo=Catalogo.NUESTRO).last().delete()
    Concepto.objects.filter(clave="margen").delete()
    Plazo.objects.filter(estado="RECIBIDO").update(dias=4)
    DiaInhabil.objects.filter(fecha=date(ESTE, 5, 1)).delete()
    antes = todo()
    semillas.sembrar_catalogos("default")
    assert todo() == antes


def test_un_anio_nuevo_se_completa():
    DiaInhabil.objects.filter(fecha__year=ESTE + 2).delete()
    semillas.sembrar_catalogos("default")
    assert DiaInhabil.objects.filter(fecha__year=ESTE + 2).count() >= 7


# -- the instruction as data -----------------------------------------------------------------------


def test_la_instruccion_tiene_todas_sus_secciones_en_orden():
    revision = RevisionInstruccion.objects.get(estado="VIGENTE")
    assert (revision.codigo, revision.numero) == ("IT-AC-VTA-VTAS-21", 3)
    assert revision.fecha == date(2014, 6, 24)
    assert list(revision.secciones.values_list("clave", flat=True)) == [
        "1",
        "2",
        "3",
        "4",
        "5",
        "6",
        "7",
        "7.1",
        "7.2",
        "7.3",
        "7.4",
        "7.5",
        "7.6",
        "7.7",
        "7.8",
        "8",
        "9",
        "10",
        "11",
    ]


def test_el_texto_guardado_es_el_del_archivo():
    """Nobody retouches the controlled document: its digest, word by word, is that of revision 3."""
    datos = json.loads(Path(semillas.INSTRUCCION).read_text(encoding="utf-8"))
    texto = "\n".join(f"{s['clave']} {s['titulo']}\n{s['texto']}" for s in datos["secciones"])
    palabras = " ".join(texto.split())
    assert hashlib.sha256(palabras.encode()).hexdigest() == HUELLA_REVISION_3


def test_los_plazos_sembrados_y_los_de_siempre_son_los_mismos():
    assert dict(Plazo.objects.values_list("estado", "dias")) == {
        str(e): d for e, d in calendario.DIAS.items()
    }
