"""The morning's letter: what waits for each person, once a business day; and what only informs, in it."""

from collections import Counter
from datetime import date, datetime, time, timedelta

import pytest
import time_machine
from django.conf import settings
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from casos import calendario, tareas
from casos.catalogos import Entrega, Estado, EstadoAviso, GrupoDeCartas
from casos.correo import bandeja_de_salida, reglas
from casos.lecturas import resumen
from casos.lecturas.resumen import manana_de
from casos.models import Area, Aviso, Configuracion, DiaInhabil, Membresia, Resumen, Usuario
from tests.factories import SuplenciaFactory, UsuarioFactory
from tests.guion import Guion, actuar, fresco, hace, otra_vez
from tests.reloj import LA_SEMANA, calendario_de, en_mexico
from tests.test_concurrencia import _a_la_vez

E = Estado
MARTES, MIERCOLES, JUEVES, VIERNES = (f"2027-05-{d}" for d in (11, 12, 13, 14))
LUNES = "2027-05-17"


@pytest.fixture
def g(personas):
    calendario_de(2027, 2028)
    with time_machine.travel(en_mexico(f"{MARTES}T11:00"), tick=False):
        yield Guion(personas)


def amanece(dia: str, hora: str = "08:30") -> int:
    """The worker's turn at that instant."""
    with time_machine.travel(en_mexico(f"{dia}T{hora}"), tick=False):
        return tareas.enviar_resumenes()


def resumenes(persona) -> list[Aviso]:
    return list(Aviso.objects.filter(usuario=persona, plantilla="resumen").order_by("pk"))


def lo_de(persona, dia: str):
    with time_machine.travel(en_mexico(f"{dia}T08:30"), tick=False):
        return manana_de(otra_vez(persona))


def renglones(manana) -> dict[str, list[str]]:
    return {k: [r.que for r in filas] for k, filas in manana.partes.items()}


# -- once, in the morning of a business day --------------------------------------------------------


def test_una_carta_por_persona_y_dia_aunque_se_corra_muchas_veces(g):
    g.hasta(E.EN_ANALISIS)
    assert amanece(MIERCOLES) > 0
    primeros = Aviso.objects.filter(plantilla="resumen").count()
    assert [amanece(MIERCOLES, h) for h in ("08:31", "12:00", "19:59")] == [0, 0, 0]
    assert Aviso.objects.filter(plantilla="resumen").count() == primeros
    [suyo] = resumenes(g.p.finanzas)
    assert suyo.para == g.p.finanzas.email and suyo.estado == EstadoAviso.PENDIENTE
    assert amanece(JUEVES) > 0 and len(resumenes(g.p.finanzas)) == 2


@pytest.mark.parametrize(
    ("dia", "hora", "sale"),
    [
        (MIERCOLES, "08:29", False),
        (MIERCOLES, "08:30", True),
        (MIERCOLES, "14:10", True),  # the worker was down until then
        (MIERCOLES, "19:59", True),
        (MIERCOLES, "20:00", False),
        (MIERCOLES, "23:30", False),
        ("2027-05-15", "09:00", False),  # a Saturday
    ],
)
def test_sale_de_la_hora_en_adelante_y_nunca_de_noche_ni_en_dia_inhabil(g, dia, hora, sale):
    g.hasta(E.EN_ANALISIS)
    assert bool(amanece(dia, hora)) is sale


def test_a_la_hora_que_diga_la_configuracion(g):
    Configuracion.objects.update_or_create(pk=1, defaults={"hora_resumen": time(7, 15)})
    g.hasta(E.EN_ANALISIS)
    assert not amanece(MIERCOLES, "07:14") and amanece(MIERCOLES, "07:15")


@pytest.mark.parametrize("dia", ["2027-03-15", "2027-11-08"])
@pytest.mark.parametrize("hora", [time(6), time(8, 30), time(18)])
def test_el_dia_despues_de_cambiar_la_hora_sale_una_vez(g, dia, hora):
    """Tijuana changes its clock with the United States, on a Sunday; the hours that may be chosen are
    past the one that is skipped or told twice, so on the day itself it would be the same."""
    Configuracion.objects.update_or_create(pk=1, defaults={"hora_resumen": hora})
    g.hasta(E.EN_ANALISIS)
    with timezone.override("America/Tijuana"):
        for d in (date.fromisoformat(dia) - timedelta(days=1), date.fromisoformat(dia)):
            inicio = timezone.make_aware(datetime.combine(d, time()))
            salieron = 0
            for minutos in range(0, 26 * 60, 15):
                ahora = inicio + timedelta(minutes=minutos)
                if timezone.localdate(ahora) != d:
                    continue
                with time_machine.travel(ahora, tick=False):
                    DiaInhabil.objects.filter(fecha=d).delete()
                    salieron += bool(tareas.enviar_resumenes())
            assert salieron == (d.weekday() < 5), d


def test_con_todo_inhabil_nada_sale_ni_se_pierde(g):
    caso = g.hasta(E.POR_DECIDIR)
    DiaInhabil.objects.bulk_create(
        [
            DiaInhabil(fecha=date(2027, 5, 12) + timedelta(days=n), motivo="Cierre")
            for n in range(400)
        ],
        ignore_conflicts=True,
    )
    assert not amanece(MIERCOLES) and not amanece("2027-08-12")
    esperan = Aviso.objects.filter(caso=caso, estado=EstadoAviso.RESUMEN)
    assert esperan.exists()
    assert calendario.Cuenta().vez_y_media(date(2027, 5, 11), date(2027, 5, 20)) > date(2028, 6, 1)


def test_quien_muere_a_la_mitad_no_pierde_ni_repite(g, monkeypatch):
    g.hasta(E.POR_DECIDIR)
    vieja = bandeja_de_salida.componer

    def muere(carta, contexto):
        if carta is reglas.RESUMEN:
            raise KeyboardInterrupt
        return vieja(carta, contexto)

    monkeypatch.setattr(bandeja_de_salida, "componer", muere)
    with pytest.raises(KeyboardInterrupt):
        amanece(MIERCOLES)
    assert not Aviso.objects.filter(plantilla="resumen").exists()
    assert not Aviso.objects.filter(estado=EstadoAviso.RESUMIDO).exists()
    monkeypatch.undo()
    amanece(MIERCOLES)
    assert len(resumenes(g.p.ventas)) == 1


def test_la_falla_de_uno_no_deja_a_los_demas_sin_carta(g, monkeypatch):
    g.hasta(E.EN_ANALISIS)
    vieja = resumen.manana_de

    def falla(usuario):
        if usuario.username == "finanzas":
            raise ValueError
        return vieja(usuario)

    UsuarioFactory(username="finanzas2", areas=["FIN"])
    monkeypatch.setattr(resumen, "manana_de", falla)
    assert amanece(MIERCOLES) > 0
    assert not resumenes(g.p.finanzas)
    assert resumenes(Usuario.objects.get(username="finanzas2"))


def test_dos_resumenes_de_una_persona_el_mismo_dia_no_caben(g):
    Resumen.objects.create(usuario=g.p.ventas, fecha=date(2027, 5, 12))
    with pytest.raises(IntegrityError):
        Resumen.objects.create(usuario=g.p.ventas, fecha=date(2027, 5, 12))


def test_un_dia_sin_nada_no_manda_nada_ni_despues(g):
    assert amanece(MIERCOLES) == 0
    assert not Aviso.objects.exists()
    # What comes during the day is of the next morning.
    g.hasta(E.EN_ANALISIS)
    assert amanece(MIERCOLES, "13:00") == 0


# -- what waits, by what hurts ---------------------------------------------------------------------


def test_lo_vencido_primero_luego_lo_de_hoy_y_lo_demas(g):
    Membresia.objects.update(es_responsable=False)  # who is in charge of an area has one part more
    casos = [g.hasta(E.EN_ANALISIS) for _ in range(3)]
    for caso, vence in zip(
        casos, (date(2027, 5, 13), date(2027, 5, 17), date(2027, 5, 12)), strict=True
    ):
        caso.opiniones.update(vence=vence)
    m = lo_de(g.p.finanzas, JUEVES)
    assert [(k, [r.caso.pk for r in v]) for k, v in m.partes.items()] == [
        ("vencido", [casos[2].pk]), ("hoy", [casos[0].pk]), ("despues", [casos[1].pk]),
    ]  # fmt: skip
    amanece(JUEVES)
    [carta] = resumenes(g.p.finanzas)
    assert carta.asunto == "Tu resumen de hoy: 1 vencido, 1 para hoy y 1 más adelante"
    for texto in (carta.texto, carta.html):
        lugares = [texto.index(c.folio) for c in (casos[2], casos[0], casos[1])]
        assert lugares == sorted(lugares)
        for caso in casos:
            opinion = caso.opiniones.get()
            assert f"/casos/{caso.folio}/opinar/{opinion.pk}/" in texto
    assert "VENCIDO\n" in carta.texto and "venció el 12 may" in carta.texto


def test_lo_que_vence_en_fin_de_semana_se_recuerda_el_viernes(g):
    caso = g.hasta(E.EN_ANALISIS)
    caso.opiniones.update(vence=date(2027, 5, 16))
    assert list(lo_de(g.p.finanzas, JUEVES).partes) == ["despues"]
    assert list(lo_de(g.p.finanzas, VIERNES).partes) == ["hoy"]


def test_la_constancia_se_pide_al_dia_habil_siguiente(g):
    caso = g.aceptar(g.hasta(E.EN_RESPUESTA), "JUR", "NOM", verbal={"NOM": g.p.nominas})
    m = lo_de(g.p.nominas, MIERCOLES)
    assert "Confirmar constancia" in renglones(m)["hoy"]
    assert "Confirmar constancia" in renglones(lo_de(g.p.nominas, JUEVES))["vencido"]
    [ruta] = [r.ruta for r in m.partes["hoy"] if r.que == "Confirmar constancia"]
    assert ruta == f"/casos/{caso.folio}/confirmar_constancia/{caso.hechos.constancias[0].pk}/"


def test_a_quien_ya_contesto_no_le_llega_nada_mas(g):
    """An area's week: reminded on the day it falls due; answered from the mail's link; then nothing."""
    caso = g.hasta(E.EN_ANALISIS)
    caso.opiniones.update(vence=date(2027, 5, 14))
    opinion = caso.opiniones.get()
    dia = opinion.vence.isoformat()
    amanece(dia)
    assert len(resumenes(g.p.finanzas)) == 1
    with time_machine.travel(en_mexico(f"{dia}T09:30"), tick=False):
        g.opinar(fresco(caso))
    siguiente = calendario.sumar_habiles(opinion.vence, 1)
    amanece(siguiente.isoformat())
    assert len(resumenes(g.p.finanzas)) == 1
    assert len(resumenes(g.p.ventas)) >= 1  # whose move it is now


def test_al_suplente_le_llega_con_los_dos_nombres(g):
    """A substitute's week: the work lent is in their letter while it is lent, and whose it is."""
    g.hasta(E.EN_ANALISIS)
    g.hasta(E.EN_CONTACTO)
    SuplenciaFactory(
        titular=g.p.finanzas, suplente=g.p.nominas, desde=date(2027, 5, 12), hasta=date(2027, 5, 13)
    )
    SuplenciaFactory(
        titular=g.p.ventas, suplente=g.p.ventas2, desde=date(2027, 5, 12), hasta=date(2027, 5, 13)
    )
    for dia, cuantas in ((MIERCOLES, 1), (JUEVES, 2), (VIERNES, 2)):
        amanece(dia)
        assert len(resumenes(g.p.nominas)) == len(resumenes(g.p.ventas2)) == cuantas
    assert f"De {g.p.finanzas}" in resumenes(g.p.nominas)[0].texto
    assert f"De {g.p.ventas}" in resumenes(g.p.ventas2)[0].html
    assert len(resumenes(g.p.finanzas)) == 3  # the owner's own goes on


def test_quinientas_cosas_caben_en_una_carta(g):
    caso = type(g.hasta(E.EN_CONTACTO)).objects.get()
    copias = []
    for n in range(499):
        copia = type(caso).objects.get(pk=caso.pk)
        copia.pk, copia.folio = None, f"SV-2027-9{n:05d}"
        copias.append(copia)
    type(caso).objects.bulk_create(copias)
    m = lo_de(g.p.ventas, MIERCOLES)
    vistos = sum(len(v) for v in m.partes.values())
    assert vistos + m.mas == 500 and vistos <= resumen.CABEN
    amanece(MIERCOLES)
    [carta] = resumenes(g.p.ventas)
    assert f"Y {m.mas} más en Mis pendientes." in carta.texto and len(carta.html) < 40_000


def test_las_sentencias_son_fijas_por_persona(g):
    def sentencias() -> dict[str, int]:
        de = {}
        with time_machine.travel(en_mexico(f"{LUNES}T08:30"), tick=False):
            for quien in ("ventas", "gerente", "direccion", "finanzas", "juridico"):
                usuario = otra_vez(getattr(g.p, quien))
                with CaptureQueriesContext(connection) as capturadas:
                    tareas._resumir(usuario, calendario.hoy())
                de[quien] = len(capturadas)
        Resumen.objects.all().delete()
        Aviso.objects.filter(estado=EstadoAviso.RESUMIDO).update(
            estado=EstadoAviso.RESUMEN, resumen=None
        )
        enviada = {"estado": EstadoAviso.ENVIADO, "enviado_en": timezone.now()}
        Aviso.objects.filter(plantilla="resumen").update(**enviada)
        return de

    def llenar():
        for _ in range(3):
            g.hasta(E.EN_ANALISIS)
            g.hasta(E.POR_DECIDIR)
            g.confirmar(g.hasta(E.EN_MODIFICACION), "JUR")
            g.registrar(responsable=False)
            g.aceptar(g.hasta(E.EN_RESPUESTA), "JUR", "NOM", verbal={"NOM": g.p.nominas})

    llenar()
    pocas = sentencias()
    llenar()
    assert sentencias() == pocas
    # Of Dirección, who also looks after the personal data: the requests of their holders, and whose block is over.
    assert max(pocas.values()) <= 39, pocas


# -- one and a half times over its time ------------------------------------------------------------


@pytest.mark.parametrize("dias", range(1, 12))
def test_vez_y_media_contra_contar_con_los_dedos(g, dias):
    cuenta = calendario.Cuenta()
    for n in range(20):
        desde = date(2027, 9, 1) + timedelta(days=n)
        vence = calendario.sumar_habiles(desde, dias)
        dia, habiles = desde, 0
        while habiles < dias * 1.5:
            dia += timedelta(days=1)
            habiles += calendario.es_habil(dia)
        assert cuenta.vez_y_media(desde, vence) == dia


def test_lo_que_un_area_debe_sube_a_quien_la_tiene_a_cargo(g):
    """A four-day opinion: on the sixth business day."""
    Membresia.objects.filter(usuario=g.p.finanzas).update(es_responsable=False)
    jefa = UsuarioFactory(username="jefa", areas=["FIN"], areas__a_cargo=True)
    caso = g.hasta(E.EN_ANALISIS)
    caso.opiniones.update(vence=calendario.sumar_habiles(date(2027, 5, 11), 4))
    quinto, sexto = (calendario.sumar_habiles(date(2027, 5, 11), n).isoformat() for n in (5, 6))
    assert "rebasado" not in lo_de(jefa, quinto).partes
    assert renglones(lo_de(jefa, sexto))["rebasado"] == ["Dar opinión · Finanzas"]
    assert "vencido" not in lo_de(jefa, sexto).partes  # told once
    assert "rebasado" not in lo_de(g.p.finanzas, sexto).partes
    amanece(sexto)
    [carta] = resumenes(jefa)
    assert "1 con vez y media de su plazo" in carta.asunto
    with time_machine.travel(en_mexico(f"{sexto}T10:00"), tick=False):
        g.opinar(fresco(caso))
    septimo = calendario.sumar_habiles(date(2027, 5, 11), 7).isoformat()
    assert not lo_de(jefa, septimo).partes


def test_lo_que_debe_quien_lleva_el_caso_sube_a_gerencia_y_lo_de_gerencia_a_direccion(g):
    caso = g.hasta(E.EN_CONTACTO)  # two business days
    tercero, segundo = (calendario.sumar_habiles(date(2027, 5, 11), n).isoformat() for n in (3, 2))
    assert "rebasado" not in lo_de(g.p.gerente, segundo).partes
    [suyo] = lo_de(g.p.gerente, tercero).partes["rebasado"]
    assert suyo.caso.pk == caso.pk and str(g.p.ventas) in suyo.que
    assert "rebasado" not in lo_de(g.p.direccion, tercero).partes
    caso = g.asignar(caso, a=g.p.gerente)
    assert "rebasado" not in lo_de(g.p.gerente, tercero).partes
    assert [r.caso.pk for r in lo_de(g.p.direccion, tercero).partes["rebasado"]] == [caso.pk]


def constancias_en(m) -> list[str]:
    return [r.que for r in m.partes.get("rebasado", []) if "constancia" in r.que]


def test_una_constancia_sin_confirmar_sube_a_quien_tiene_a_cargo_a_quien_la_debe(g):
    """Due in one business day: told on the second. An area's to its head, a head's own to Dirección."""
    Membresia.objects.filter(usuario=g.p.nominas).update(es_responsable=False)
    jefa = UsuarioFactory(username="jefa", areas=["NOM"], areas__a_cargo=True)
    caso = g.aceptar(g.hasta(E.EN_RESPUESTA), "JUR", "NOM", verbal={"NOM": g.p.nominas})
    de_palabra = {"ordeno": g.p.direccion.pk, "ordeno_verbal": "on", "ordeno_en": hace(minutes=5)}
    ordenada = actuar(
        "asignar",
        g.registrar(responsable=False),
        g.p.gerente,
        responsable=g.p.ventas.pk,
        **de_palabra,
    )
    vence, rebasa = (calendario.sumar_habiles(date(2027, 5, 11), n).isoformat() for n in (1, 2))
    todos = (jefa, g.p.gerente, g.p.direccion, g.p.juridico, g.p.ventas)
    assert not any(constancias_en(lo_de(u, vence)) for u in todos)
    que = f"Confirmar constancia · {g.p.nominas}"
    dichas = {u.username: constancias_en(lo_de(u, rebasa)) for u in todos}
    assert dichas == {
        "jefa": [que], "gerente": [f"Confirmar constancia · {g.p.direccion}"],
        "direccion": [], "juridico": [], "ventas": [],
    }  # fmt: skip
    [suya] = [r for r in lo_de(jefa, rebasa).partes["rebasado"] if "constancia" in r.que]
    assert suya.ruta == caso.get_absolute_url() and suya.vence.isoformat() == vence
    # Nobody is told of their own: it goes higher.
    Membresia.objects.filter(usuario=g.p.nominas).update(es_responsable=True)
    ordenada.constancias.update(destinatario=g.p.gerente)
    de_direccion = constancias_en(lo_de(g.p.direccion, rebasa))
    assert sorted(de_direccion) == sorted([que, f"Confirmar constancia · {g.p.gerente}"])
    assert not constancias_en(lo_de(g.p.gerente, rebasa))
    # Confirmed, it is over.
    with time_machine.travel(en_mexico(f"{vence}T10:00"), tick=False):
        [c] = fresco(caso).constancias.all()
        actuar("confirmar_constancia", fresco(caso), g.p.nominas, c)
    assert not constancias_en(lo_de(jefa, rebasa))


@pytest.mark.parametrize("sin_jefa", ["nunca", "membresia", "persona"])
def test_la_constancia_de_un_area_sin_nadie_a_cargo_sube_a_gerencia(g, sin_jefa):
    """Nobody in charge, or only who no longer is: it is not told to nobody."""
    Membresia.objects.filter(area__codigo="NOM").update(es_responsable=False)
    jefa = UsuarioFactory(username="jefa", areas=["NOM"], areas__a_cargo=sin_jefa != "nunca")
    if sin_jefa == "membresia":
        jefa.membresias.update(activa=False)
    if sin_jefa == "persona":
        Usuario.objects.filter(pk=jefa.pk).update(is_active=False)
    g.aceptar(g.hasta(E.EN_RESPUESTA), "JUR", "NOM", verbal={"NOM": g.p.nominas})
    dichas = {u: constancias_en(lo_de(getattr(g.p, u), JUEVES)) for u in ("gerente", "direccion")}
    assert dichas == {"gerente": [f"Confirmar constancia · {g.p.nominas}"], "direccion": []}


def test_cuando_el_reloj_empieza_de_nuevo_la_vez_y_media_tambien(g):
    """Data asked for: two days of who leads it; data given: the area's three anew, not all that passed before."""
    Membresia.objects.filter(usuario=g.p.finanzas).update(es_responsable=False)
    jefa = UsuarioFactory(username="jefa", areas=["FIN"], areas__a_cargo=True)
    caso = g.hasta(E.EN_ANALISIS)
    [opinion] = caso.hechos.opiniones
    dia = {n: calendario.sumar_habiles(date(2027, 5, 11), n).isoformat() for n in range(1, 15)}
    with time_machine.travel(en_mexico(f"{dia[2]}T10:00"), tick=False):
        actuar("pedir_datos", caso, g.p.finanzas, opinion, datos_pedidos="¿Cuántas plazas?")
    assert "rebasado" not in lo_de(g.p.gerente, dia[4]).partes
    assert [r.caso.pk for r in lo_de(g.p.gerente, dia[5]).partes["rebasado"]] == [caso.pk]
    with time_machine.travel(en_mexico(f"{dia[8]}T10:00"), tick=False):
        actuar("responder_datos", caso, g.p.ventas, opinion, datos_dados="Doce.")
    assert "rebasado" not in lo_de(jefa, dia[12]).partes
    assert renglones(lo_de(jefa, dia[13]))["rebasado"] == ["Dar opinión · Finanzas"]


# -- what only informs -----------------------------------------------------------------------------


def un_si(g):
    """A plain "yes": two opinions, two adjustments."""
    caso = g.asignar(g.registrar(responsable=False))
    caso = g.analizar(g.contactar(caso), "FIN", "JUR")
    caso = g.opinar(g.opinar(caso, "FIN"), "JUR")
    caso = g.presentar(g.viable(caso))
    caso = g.aceptar(caso, "JUR", "NOM")
    return g.cerrar_modificado(g.confirmar(g.confirmar(caso, "JUR"), "NOM"))


def cuentas(caso) -> dict[str, tuple[int, int]]:
    """Person → letters about the case (which before were a mail each), and mails outside the morning's."""
    todas = Counter(Aviso.objects.filter(caso=caso).values_list("usuario__username", flat=True))
    solas = Counter(
        Aviso.objects.filter(caso=caso, estado=EstadoAviso.PENDIENTE).values_list(
            "usuario__username", flat=True
        )
    )
    return {quien or "cliente": (todas[quien], solas[quien]) for quien in todas}


def test_un_si_le_manda_a_cada_quien_tres_cartas_o_menos_fuera_del_resumen(g):
    """The table of the manual's appendix."""
    medido = cuentas(un_si(g))
    assert all(solas <= 3 for _, solas in medido.values()), medido
    manual = (settings.BASE_DIR / "docs" / "manual" / "apendice.md").read_text("utf-8")
    tabla = [f"| {QUIEN_ES[q]} | {medido[q][0]} | {medido[q][1]} |" for q in QUIEN_ES]
    todos = (sum(m[n] for m in medido.values()) for n in (0, 1))
    tabla.append("| todos | {} | {} |".format(*todos))
    assert "\n".join(tabla) in manual, "\n".join(tabla)
    assert set(medido) == set(QUIEN_ES)


QUIEN_ES = {
    "ventas": "quien lleva el caso",
    "gerente": "gerencia comercial",
    "juridico": "Jurídico (opina y ajusta)",
    "finanzas": "Finanzas (opina)",
    "nominas": "Nóminas (ajusta)",
    "atencion": "Atención a Clientes",
}


def test_lo_que_solo_informa_va_en_el_resumen_y_es_evidencia(g, client):
    caso = g.viable(g.hasta(E.POR_DECIDIR))
    carta = Aviso.objects.get(caso=caso, plantilla="viable", usuario=g.p.finanzas)
    assert carta.estado == EstadoAviso.RESUMEN and "Se declaró viable" in carta.asunto
    client.force_login(g.p.gerente)
    assert "Espera el resumen" in client.get("/avisos/").text
    amanece(MIERCOLES)
    carta.refresh_from_db()
    [suyo] = resumenes(g.p.finanzas)
    assert (carta.estado, carta.resumen) == (EstadoAviso.RESUMIDO, suyo)
    assert f"- Se declaró viable – {caso.cliente} ({caso.folio})" in suyo.texto
    assert f'href="{suyo.texto.split("  ")[-1].split()[0]}"' in suyo.html
    assert "En el resumen" in client.get(f"/avisos/?caso={caso.folio}").text
    pagina = client.get(f"/avisos/{carta.pk}/").text
    assert "Se declaró viable" in pagina and "12 may" in pagina
    Aviso.objects.filter(pk=suyo.pk).update(estado=EstadoAviso.ENVIADO, enviado_en=timezone.now())
    amanece(JUEVES)
    assert len(resumenes(g.p.finanzas)) == 1


@pytest.mark.parametrize("como_quedo", [EstadoAviso.PENDIENTE, EstadoAviso.FALLIDO])
def test_la_manana_que_no_salio_la_dice_la_siguiente(g, como_quedo):
    """One letter when the server is back, with what is so today."""
    g.viable(g.hasta(E.POR_DECIDIR))
    amanece(MIERCOLES)
    [ayer] = resumenes(g.p.finanzas)
    Aviso.objects.filter(pk=ayer.pk).update(estado=como_quedo)
    amanece(JUEVES)
    ayer, hoy = resumenes(g.p.finanzas)
    assert (ayer.estado, hoy.estado) == (EstadoAviso.OMITIDO, EstadoAviso.PENDIENTE)
    assert "Se declaró viable" in hoy.texto
    carta = Aviso.objects.get(usuario=g.p.finanzas, plantilla="viable")
    assert (carta.estado, carta.resumen) == (EstadoAviso.RESUMIDO, hoy)


def test_lo_que_no_se_pudo_escribir_no_pasa_por_de_otro(g, monkeypatch, caplog):
    g.viable(g.hasta(E.POR_DECIDIR))

    def falla(*_):
        raise IntegrityError("otra cosa")

    monkeypatch.setattr(tareas.bandeja_de_salida, "resumir", falla)
    assert amanece(MIERCOLES) == 0
    assert "No se pudo escribir el resumen" in caplog.text


def test_lo_que_se_leyo_en_la_pantalla_ya_no_va(g, client):
    caso = g.viable(g.hasta(E.POR_DECIDIR))
    client.force_login(g.p.finanzas)
    client.head(caso.get_absolute_url())
    assert Aviso.objects.filter(usuario=g.p.finanzas, estado=EstadoAviso.RESUMEN).exists()
    client.get(caso.get_absolute_url())
    assert not Aviso.objects.filter(usuario=g.p.finanzas, estado=EstadoAviso.RESUMEN).exists()
    amanece(MIERCOLES)
    assert not resumenes(g.p.finanzas)
    # Of another person nothing was read.
    otro = g.viable(g.hasta(E.POR_DECIDIR))
    client.force_login(g.p.gerente)
    client.get(otro.get_absolute_url())
    assert Aviso.objects.filter(usuario=g.p.finanzas, estado=EstadoAviso.RESUMEN).exists()


def test_quien_no_puede_abrir_el_caso_lee_la_carta_entera(g):
    caso = g.informar(g.no(g.hasta(E.POR_DECIDIR)))
    amanece(MIERCOLES)
    [suyo] = resumenes(g.p.atencion)
    assert caso.folio in suyo.texto and "cerró el caso" in suyo.texto
    assert caso.get_absolute_url() not in suyo.texto


@pytest.mark.parametrize("como", Entrega)
def test_cada_quien_elige_como_le_llega_lo_que_solo_informa(g, como):
    Usuario.objects.filter(pk=g.p.finanzas.pk).update(entrega_decisiones=como)
    caso = g.viable(g.hasta(E.POR_DECIDIR))
    carta = Aviso.objects.get(caso=caso, plantilla="viable", usuario=g.p.finanzas)
    assert (
        carta.estado
        == {
            Entrega.AL_MOMENTO: EstadoAviso.PENDIENTE,
            Entrega.RESUMEN: EstadoAviso.RESUMEN,
            Entrega.NO: EstadoAviso.OMITIDO,
        }[como]
    )
    amanece(MIERCOLES)
    assert bool(resumenes(g.p.finanzas)) is (como == Entrega.RESUMEN)


def test_lo_que_pide_algo_sale_al_momento_aunque_no_se_quiera_correo(g):
    Usuario.objects.update(
        entrega_decisiones=Entrega.NO, entrega_respuestas=Entrega.NO, entrega_novedades=Entrega.NO
    )
    caso = un_si(g)
    for carta in Aviso.objects.filter(caso=caso):
        pide = carta.plantilla in {
            "por_asignar", "asignado", "opinion_pedida", "analisis_concluido", "ajuste_pedido",
        }  # fmt: skip
        le_toca = carta.plantilla == "ajuste_respondido" and "Nóminas" in carta.asunto
        assert (carta.estado == EstadoAviso.PENDIENTE) is (pide or le_toca), carta.asunto


def test_lo_que_deja_la_jugada_en_sus_manos_no_espera_a_la_manana(g):
    caso = g.no_puede(g.hasta(E.EN_MODIFICACION), "NOM")
    carta = Aviso.objects.get(caso=caso, plantilla="ajuste_respondido")
    assert (carta.usuario, carta.estado) == (g.p.ventas, EstadoAviso.PENDIENTE)
    otro = g.confirmar(g.hasta(E.EN_MODIFICACION), "NOM")
    [carta] = Aviso.objects.filter(caso=otro, plantilla="ajuste_respondido")
    assert carta.estado == EstadoAviso.RESUMEN  # Jurídico has not answered yet


def test_toda_carta_sin_grupo_pide_algo_o_detiene():
    """By hand: what never waits for the morning."""
    cartas = {c for c in vars(reglas).values() if isinstance(c, reglas.Carta)}
    assert {c.plantilla for c in cartas if c.grupo} == {
        "opinion_dada", "viable", "no_viable", "no_se_reabre", "ajuste_respondido", "aceptado_como_esta",
        "modificado", "cerrado", "contrato_sigue", "reabierto", "en_tu_caso", "avance", "condicion_cumplida",
    }  # fmt: skip
    assert {c.grupo for c in cartas} == {None, *GrupoDeCartas}


def test_al_buzon_de_un_area_lo_que_se_le_pide_y_a_su_gente_lo_que_informa(g):
    Area.objects.filter(codigo="FIN").update(correo="finanzas@empresa.example")
    caso = g.viable(g.hasta(E.POR_DECIDIR))
    pedida, dicha = (
        Aviso.objects.get(caso=caso, plantilla=p, area__codigo="FIN")
        for p in ("opinion_pedida", "viable")
    )
    assert (pedida.para, pedida.estado) == ("finanzas@empresa.example", EstadoAviso.PENDIENTE)
    assert (dicha.usuario, dicha.estado) == (g.p.finanzas, EstadoAviso.RESUMEN)
    # Where nobody of the area has an address, the common one is all there is.
    Usuario.objects.filter(pk=g.p.finanzas.pk).update(email="")
    otro = g.viable(g.hasta(E.POR_DECIDIR))
    dicha = Aviso.objects.get(caso=otro, plantilla="viable", area__codigo="FIN")
    assert (dicha.para, dicha.estado) == ("finanzas@empresa.example", EstadoAviso.PENDIENTE)


def test_quien_se_va_no_deja_cartas_esperando(g):
    caso = g.viable(g.hasta(E.POR_DECIDIR))
    Usuario.objects.filter(pk=g.p.finanzas.pk).update(is_active=False)
    amanece(MIERCOLES)
    carta = Aviso.objects.get(caso=caso, plantilla="viable")
    assert carta.estado == EstadoAviso.OMITIDO and not resumenes(g.p.finanzas)


def test_solo_si_urge_calla_lo_que_falta_para_despues(g):
    Usuario.objects.filter(pk=g.p.finanzas.pk).update(resumen_solo_si_urge=True)
    caso = g.hasta(E.EN_ANALISIS)
    caso.opiniones.update(vence=date(2027, 5, 13))
    amanece(MIERCOLES)
    assert not resumenes(g.p.finanzas)
    amanece(JUEVES)
    assert len(resumenes(g.p.finanzas)) == 1


def test_a_quien_no_hace_nada_en_los_casos_no_se_le_escribe(g):
    g.hasta(E.EN_ANALISIS)
    assert amanece(MIERCOLES) and resumenes(g.p.finanzas)
    for quien in (g.p.ajena, g.p.auditor, g.p.calidad, g.p.admin):
        assert not resumenes(quien)


def test_nadie_mas_lee_el_resumen_de_otro(g, client):
    actuar("seguir", g.hasta(E.EN_ANALISIS), g.p.ventas2)
    amanece(MIERCOLES)
    [suyo] = resumenes(g.p.finanzas)
    client.force_login(g.p.finanzas)
    assert "Dar opinión" in client.get(f"/avisos/{suyo.pk}/").text
    assert suyo.asunto in client.get("/avisos/").text
    for otro in (g.p.ventas, g.p.gerente, g.p.direccion, g.p.auditor):
        client.force_login(otro)
        assert client.get(f"/avisos/{suyo.pk}/").status_code == 404
        assert suyo.asunto not in [
            c.asunto for c in client.get("/avisos/").context["correos"] if c.pk == suyo.pk
        ]
    client.force_login(g.p.admin)
    assert (
        "Dar opinión" not in client.get(f"/avisos/{suyo.pk}/").text
    )  # that it went, not what it says


# -- the hour, and what each person chooses --------------------------------------------------------


@pytest.mark.parametrize(
    ("hora", "dice"),
    [
        ("25:00", "Escribe la hora como 8:30."),
        ("a las ocho", "Escribe la hora como 8:30."),
        ("", "Falta este dato"),
        ("05:59", "Elige una hora entre las 6:00 y las 18:00."),
        ("18:01", "Elige una hora entre las 6:00 y las 18:00."),
        ("07:45", ""),
    ],
)
def test_la_hora_se_cambia_en_la_configuracion_y_una_mala_se_dice(client, personas, hora, dice):
    Configuracion.objects.update_or_create(pk=1, defaults={"hora_resumen": time(8, 30)})
    client.force_login(personas.gerente)
    url = "/admin/casos/configuracion/1/change/"
    datos = {
        "vigencia_dias": 15,
        "reapertura_dias": 30,
        "ventas_ve_todo": "on",
        "hora_resumen": hora,
        **LA_SEMANA,
    }
    respuesta = client.post(url, datos)
    if dice:
        assert respuesta.status_code in (200, 422) and dice in respuesta.text
        assert f'value="{hora}"' in respuesta.text  # nothing typed is lost
    quedo = Configuracion.objects.get(pk=1).hora_resumen
    assert quedo == (time(8, 30) if dice else time(7, 45))
    pagina = client.get(url).text
    assert 'type="time"' in pagina and "vTimeField" not in pagina


def test_en_mi_cuenta_se_elige_y_lo_malo_se_dice(client, personas):
    client.force_login(personas.finanzas)
    pagina = client.get("/cuenta/").text
    for grupo in GrupoDeCartas:
        assert grupo.label in pagina
    assert "8:30" in pagina and pagina.count("En el resumen de la mañana") == len(GrupoDeCartas)
    buenas = {
        "entrega_respuestas": "NO", "entrega_decisiones": "AL_MOMENTO",
        "entrega_novedades": "RESUMEN", "resumen_solo_si_urge": "1",
    }  # fmt: skip
    assert client.post("/cuenta/correos/", buenas).status_code == 302
    yo = otra_vez(personas.finanzas)
    assert [yo.entrega_de(g) for g in GrupoDeCartas] == ["NO", "AL_MOMENTO", "RESUMEN"]
    assert yo.resumen_solo_si_urge
    mala = client.post("/cuenta/correos/", buenas | {"entrega_respuestas": "CADA_HORA"})
    assert mala.status_code == 422 and "Elige una opción de la lista." in mala.text
    assert client.post("/cuenta/correos/", {}).status_code == 422
    assert client.post("/cuenta/correos/", buenas | {"resumen_solo_si_urge": ""}).status_code == 302
    assert not otra_vez(personas.finanzas).resumen_solo_si_urge
    # Who acts on no case gets no such letters, and is not asked.
    client.force_login(personas.auditor)
    assert "Qué correos me llegan" not in client.get("/cuenta/").text


@pytest.mark.django_db(transaction=True)
def test_dos_trabajadores_a_la_vez_escriben_una_carta_por_persona(personas):
    calendario_de(2027, 2028)
    with time_machine.travel(en_mexico(f"{MARTES}T11:00"), tick=False):
        g = Guion(personas)
        g.viable(g.hasta(E.POR_DECIDIR))
        g.hasta(E.EN_ANALISIS)
    with time_machine.travel(en_mexico(f"{MIERCOLES}T08:30"), tick=False):
        resultados = _a_la_vez(*[tareas.enviar_resumenes] * 4)
    assert all(isinstance(r, int) for r in resultados), resultados
    mananas = Aviso.objects.filter(plantilla="resumen")
    por_persona = Counter(mananas.values_list("usuario__username", flat=True))
    assert set(por_persona.values()) == {1} and {"ventas", "finanzas"} <= set(por_persona)
    assert sum(resultados) == mananas.count()
    assert not Aviso.objects.filter(estado=EstadoAviso.RESUMEN, usuario=personas.finanzas).exists()
