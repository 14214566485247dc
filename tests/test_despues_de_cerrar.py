"""Once closed as modified (§7.7): did it arrive, what does the client say, is it reopened. It always ends."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from casos.calendario import hoy
from casos.catalogos import Estado, Resultado, Rol
from casos.clientes.supresion import suprimir_persona
from casos.lecturas.asuntos import asuntos_de
from casos.lecturas.exportacion import Lector, _califica, _comenta, _llego
from casos.lecturas.pendientes import pendientes_de
from casos.lecturas.resumen import manana_de
from casos.models import Aviso, Caso, Comprobacion, Plazo, Satisfaccion, TextoEvento, Usuario
from casos.pasos.situacion import Clase
from tests.guion import NO_ES_SUYO, actuar, ajustes, en_dias, fresco, hace, ofrecidas, rechazada

NADIE_MAS = (*NO_ES_SUYO, Clase.YA_NO, Clase.BAJO_LLAVE)
pytestmark = pytest.mark.django_db
NO = {"llego": "NO", "diferencia": "Se pagó la tarifa anterior."}


@pytest.fixture
def g(mundo):
    return mundo


def modificado(g, *areas) -> Caso:
    """Closed as modified, by the ordinary way."""
    areas = areas or ("JUR", "NOM")
    caso = g.hasta(Estado.EN_RESPUESTA)
    sin = {} if {"NOM", "RYS"} & set(areas) else {"servicio_sin_cambio": "Solo cambia el contrato."}
    caso = g.aceptar(caso, *areas, **sin)
    for area in areas:
        caso = g.confirmar(caso, area)
    return g.cerrar_modificado(caso)


def preguntado(g, *areas) -> Caso:
    """The same, on the day that it is asked what came of it: the rows are brought near, not the clock."""
    caso = modificado(g, *areas)
    Comprobacion.objects.filter(caso=caso).update(desde_fecha=hoy(), vence=en_dias(4))
    Satisfaccion.objects.filter(caso=caso).update(desde_fecha=hoy(), vence=en_dias(4))
    return fresco(caso)


def contesta(caso, **mas):
    """What the client says."""
    return {"que_paso": "CONTESTO", "calificacion": "9", "persona": caso.persona_id,
            "cuando": timezone.now(), "medio": "TELEFONO"} | mas  # fmt: skip


def dichos(caso) -> list[str]:
    return [str(a) for a in Aviso.objects.filter(caso=caso).values_list("plantilla", flat=True)]


def de(caso, bandeja) -> list:
    """What a tray has of one case."""
    return [f for f in bandeja.filas if f.caso_id == caso.pk]


# -- what is asked, of whom, from when -------------------------------------------------------------


def test_se_pregunta_al_terminar_el_primer_periodo(g):
    caso = modificado(g)
    [c], [s] = caso.comprobaciones.all(), caso.satisfacciones.all()
    fin = g.ajuste(caso, "NOM").periodo_fin
    assert c.area.codigo == "NOM"
    assert c.desde_fecha == s.desde_fecha == fin + timedelta(days=1)
    assert c.vence > c.desde_fecha
    # Before that day nobody has it to do, and who would look for it is told when.
    assert "comprobar" not in ofrecidas(caso, g.p.nominas)
    assert not de(caso, pendientes_de(g.p.nominas).comprobaciones)
    with rechazada(match="Se pregunta a partir del"):
        actuar("comprobar", caso, g.p.nominas, c, llego="SI")


def test_sin_nominas_solo_se_le_pregunta_al_cliente_desde_que_aplica(g):
    caso = modificado(g, "JUR")
    assert not caso.comprobaciones.exists()
    assert caso.satisfacciones.get().desde_fecha == caso.vigor_fecha


def test_el_plazo_es_un_parametro(g):
    Plazo.objects.update_or_create(estado=Estado.CERRADO, defaults={"dias": 9})
    largo = modificado(g).comprobaciones.get()
    assert largo.vence > largo.desde_fecha + timedelta(days=9)


# -- who answers -----------------------------------------------------------------------------------


def test_solo_contesta_quien_toca(g):
    caso = preguntado(g)
    c, s = caso.comprobaciones.get(), caso.satisfacciones.get()
    pueden = {
        acto: {n for n in NOMBRES if acto in ofrecidas(caso, getattr(g.p, n))}
        for acto in ("comprobar", "registrar_satisfaccion", "no_reabrir")
    }
    assert pueden == {
        "comprobar": {"nominas"},
        "registrar_satisfaccion": {"ventas", "gerente", "direccion", "atencion"},
        "no_reabrir": set(),
    }
    for nombre in NOMBRES:
        quien = getattr(g.p, nombre)
        if nombre != "nominas":
            with rechazada(*NADIE_MAS):
                actuar("comprobar", caso, quien, c, **NO)
        if nombre not in pueden["registrar_satisfaccion"]:
            with rechazada(*NADIE_MAS):
                actuar("registrar_satisfaccion", caso, quien, s, **contesta(caso))
        with rechazada(*NADIE_MAS):
            actuar("no_reabrir", caso, quien, motivo="No.")
    assert not Comprobacion.objects.filter(caso=caso).exclude(estado="PENDIENTE").exists()


NOMBRES = ("ventas", "ventas2", "gerente", "atencion", "direccion", "juridico", "nominas", "rys", "finanzas",
           "calidad", "auditor", "admin")  # fmt: skip


def test_quien_lleva_el_caso_no_contesta_por_nominas(g):
    caso = preguntado(g)
    g.p.nominas.rol = Rol.VEN
    g.p.nominas.save()
    Caso.objects.filter(pk=caso.pk).update(responsable=g.p.nominas)
    quien = Usuario.objects.get(pk=g.p.nominas.pk)
    with rechazada():
        actuar("comprobar", fresco(caso), quien, caso.comprobaciones.get(), llego="SI")
    assert not de(caso, pendientes_de(quien).comprobaciones)


# -- the trays, the morning ------------------------------------------------------------------------


def test_espera_en_mis_pendientes_y_en_el_resumen(g, client):
    caso = preguntado(g)
    esperan = {
        n: {a.clase for a in asuntos_de(pendientes_de(getattr(g.p, n))) if a.caso.pk == caso.pk}
        for n in ("nominas", "atencion", "ventas", "juridico", "direccion")
    }
    assert esperan == {"nominas": {"comprobacion"}, "atencion": {"satisfaccion"}, "ventas": set(),
                       "juridico": set(), "direccion": set()}  # fmt: skip
    manana = manana_de(g.p.nominas)
    [renglon] = [r for filas in manana.partes.values() for r in filas if r.caso.pk == caso.pk]
    assert renglon.que == "¿Llegó como se acordó? · Nóminas"
    assert renglon.ruta.endswith(f"/comprobar/{caso.comprobaciones.get().pk}/")
    for nombre, dice in (
        ("nominas", "Sí, llegó"),
        ("atencion", "Registrar cómo califica el cliente"),
    ):
        client.force_login(getattr(g.p, nombre))
        assert dice in client.get("/").text
        assert client.get(f"/casos/{caso.folio}/").status_code == 200
    # Where nobody is of Atención a Clientes, it is of who leads the case.
    Usuario.objects.filter(rol=Rol.AC).update(is_active=False)
    assert de(caso, pendientes_de(g.p.ventas).satisfacciones)
    # And so is what was closed before there was somebody of it, who may not open the case.
    Usuario.objects.filter(rol=Rol.AC).update(is_active=True)
    Caso.objects.filter(pk=caso.pk).update(paso_por_atencion=False)
    assert de(caso, pendientes_de(g.p.ventas).satisfacciones)
    assert not de(caso, pendientes_de(g.p.atencion).satisfacciones)


# -- the answers -----------------------------------------------------------------------------------


def test_si_llego_no_le_queda_nada_a_nadie(g):
    caso = preguntado(g)
    caso = actuar("comprobar", caso, g.p.nominas, caso.comprobaciones.get(), llego="SI")
    caso = actuar(
        "registrar_satisfaccion", caso, g.p.atencion, caso.satisfacciones.get(), **contesta(caso)
    )
    assert (
        caso.comprobaciones.get().estado == "LLEGO" and caso.satisfacciones.get().calificacion == 9
    )
    assert caso.reapertura_pedida_en is None and "reapertura_pedida" not in dichos(caso)
    for nombre in NOMBRES:
        suyos = pendientes_de(getattr(g.p, nombre))
        assert not de(caso, suyos.comprobaciones) and not de(caso, suyos.satisfacciones)
        assert caso.pk not in {d.caso.pk for d in suyos.decidir}
    with rechazada():
        actuar("comprobar", caso, g.p.nominas, caso.comprobaciones.get(), **NO)


@pytest.mark.parametrize(
    "dicho, campos",
    [
        ({"llego": ""}, {"llego"}),
        ({"llego": "NO"}, {"diferencia"}),
        ({"llego": "QUIZA"}, {"llego"}),
    ],
)
def test_falta_algo_de_nominas(g, dicho, campos):
    caso = preguntado(g)
    with rechazada() as error:
        actuar("comprobar", caso, g.p.nominas, caso.comprobaciones.get(), **dicho)
    assert {f.campo for f in error.value.faltas} == campos


@pytest.mark.parametrize(
    "dicho, campos",
    [
        ({"calificacion": ""}, {"calificacion"}),
        ({"calificacion": "11"}, {"calificacion"}),
        ({"calificacion": "-1"}, {"calificacion"}),
        ({"calificacion": "7.5"}, {"calificacion"}),
        ({"que_paso": ""}, {"que_paso"}),
        ({"que_paso": "PENDIENTE"}, {"que_paso"}),
        ({"persona": ""}, {"persona"}),
        ({"medio": ""}, {"medio"}),
        ({"cuando": hace(days=400)}, {"cuando"}),
        ({"cuando": timezone.now() + timedelta(days=2)}, {"cuando"}),
        ({"comentario": "x" * 2001}, {"comentario"}),
    ],
)
def test_falta_algo_del_cliente_y_nada_queda_a_medias(g, dicho, campos):
    caso = preguntado(g)
    with rechazada() as error:
        actuar(
            "registrar_satisfaccion",
            caso,
            g.p.atencion,
            caso.satisfacciones.get(),
            **contesta(caso, **dicho),
        )
    assert {f.campo for f in error.value.faltas} == campos
    assert caso.satisfacciones.get().estado == "PENDIENTE"


@pytest.mark.parametrize("que", ["NO_QUISO", "NO_SE_LOC"])
def test_nadie_inventa_una_calificacion(g, que):
    caso = preguntado(g)
    datos = contesta(caso, que_paso=que, calificacion="3", comentario="Algo.", pide_reabrir="on")
    if que == "NO_SE_LOC":
        datos["persona"] = ""
    caso = actuar("registrar_satisfaccion", caso, g.p.ventas, caso.satisfacciones.get(), **datos)
    s = caso.satisfacciones.get()
    assert (s.estado, s.calificacion, s.comentario, s.pide_reabrir) == (que, None, "", False)
    assert caso.reapertura_pedida_en is None


@pytest.mark.parametrize(
    "n, pide, se_pide", [(6, "on", True), (6, "", False), (7, "on", False), (0, "on", True)]
)
def test_el_cliente_pide_que_se_revise_solo_si_lo_dice(g, n, pide, se_pide):
    caso = preguntado(g)
    datos = contesta(caso, calificacion=str(n), pide_reabrir=pide)
    caso = actuar("registrar_satisfaccion", caso, g.p.atencion, caso.satisfacciones.get(), **datos)
    assert (caso.reapertura_pedida_en is not None) == se_pide
    assert ("reapertura_pedida" in dichos(caso)) == se_pide


# -- a "no": Dirección reopens it, or says why not -------------------------------------------------


def negado(g) -> Caso:
    caso = preguntado(g)
    return actuar("comprobar", caso, g.p.nominas, caso.comprobaciones.get(), **NO)


def test_un_no_le_llega_a_direccion_con_el_motivo_listo(g, client):
    caso = negado(g)
    [carta] = Aviso.objects.filter(caso=caso, plantilla="reapertura_pedida")
    assert carta.usuario == g.p.direccion and NO["diferencia"] in carta.texto
    assert f"/casos/{caso.folio}/reabrir/" in carta.texto
    [d] = [d for d in pendientes_de(g.p.direccion).decidir if d.caso.pk == caso.pk]
    assert [a.nombre for a in d.actos] == ["reabrir", "no_reabrir"]
    assert caso.pk not in {d.caso.pk for d in pendientes_de(g.p.gerente).decidir}
    client.force_login(g.p.direccion)
    for acto in ("reabrir", "no_reabrir"):
        assert NO["diferencia"] in client.get(f"/casos/{caso.folio}/{acto}/").text
    # Whoever sees the case reads the reason; what is proposed says nothing that they may not read.
    form = client.get(f"/casos/{caso.folio}/reabrir/").context["form"]
    assert form["motivo"].value() == "Nóminas dice que no llegó como se acordó."
    # The first month of a monthly payroll is over before anybody can know: it may still be reopened.
    with time_machine.travel(timezone.now() + timedelta(days=200), tick=False):
        assert fresco(caso).hechos.puede_reabrirse


def test_reabierto_ya_no_se_pregunta_y_al_cerrar_otra_vez_si(g):
    caso = negado(g)
    caso = actuar("reabrir", caso, g.p.direccion, motivo="No llegó.", **ajustes("NOM"))
    assert caso.estado == Estado.EN_MODIFICACION and caso.reapertura_pedida_en is None
    assert caso.satisfacciones.get().estado == "CANCELADA"
    assert caso.comprobaciones.get().estado == "NO_LLEGO"  # what was said stays
    assert not de(caso, pendientes_de(g.p.atencion).satisfacciones)
    assert caso.pk not in {d.caso.pk for d in pendientes_de(g.p.direccion).decidir}
    caso = g.cerrar_modificado(g.confirmar(caso, "NOM"))
    assert caso.resultado == Resultado.MODIFICADO
    assert [c.estado for c in caso.comprobaciones.all()] == ["NO_LLEGO", "PENDIENTE"]
    assert [s.estado for s in caso.satisfacciones.all()] == ["CANCELADA", "PENDIENTE"]


def test_direccion_puede_decir_que_no_y_ahi_termina(g):
    caso = negado(g)
    with rechazada(match="Motivo"):
        actuar("no_reabrir", caso, g.p.direccion, motivo="")
    with rechazada(*NO_ES_SUYO):
        actuar("no_reabrir", caso, g.p.gerente, motivo="No procede.")
    caso = actuar(
        "no_reabrir", caso, g.p.direccion, motivo="Se paga la diferencia en la siguiente."
    )
    assert caso.estado == Estado.CERRADO and caso.reapertura_pedida_en is None
    assert "no_se_reabre" in dichos(caso)
    assert caso.pk not in {d.caso.pk for d in pendientes_de(g.p.direccion).decidir}
    textos = TextoEvento.objects.filter(evento__caso=caso, evento__accion="no_reabrir")
    assert textos.get(campo="motivo_anterior").texto == "Nóminas dice que no llegó como se acordó."


def test_sin_direccion_decide_gerencia(g):
    Usuario.objects.filter(rol=Rol.DG).update(is_active=False)
    caso = negado(g)
    assert "no_reabrir" in ofrecidas(caso, g.p.gerente)
    [carta] = Aviso.objects.filter(caso=caso, plantilla="reapertura_pedida")
    assert carta.usuario == g.p.gerente


# -- how it is told --------------------------------------------------------------------------------


def test_se_cuenta_en_la_historia_y_en_excel_y_un_auditor_no_lee_el_comentario(g, client):
    caso = negado(g)
    datos = contesta(caso, calificacion="4", comentario="Laura dice que fue un desorden.")
    caso = actuar("registrar_satisfaccion", caso, g.p.atencion, caso.satisfacciones.get(), **datos)
    caso = Caso.objects.get(pk=caso.pk)
    assert _llego(caso) == "No llegó como se acordó" and _califica(caso) == 4
    for nombre, lee in (("calidad", True), ("auditor", False)):
        quien = getattr(g.p, nombre)
        client.force_login(quien)
        pagina = client.get(f"/casos/{caso.folio}/?todo").text
        assert "Se respondió si llegó como se acordó" in pagina and "4 de 10" in pagina
        assert ("un desorden" in pagina) == lee
        assert ("un desorden" in _comenta(caso, Lector(quien))) == lee


def test_quien_solo_le_pregunta_al_cliente_no_lee_lo_de_adentro(g, client):
    caso = negado(g)
    motivo = "Se paga la diferencia en la siguiente."
    for como, lee in (("", {"nominas", "ventas"}), ("no_reabrir", {"nominas", "ventas"})):
        if como:
            caso = actuar("no_reabrir", caso, g.p.direccion, motivo=motivo)
        for nombre in ("nominas", "ventas", "atencion"):
            client.force_login(getattr(g.p, nombre))
            pagina = client.get(f"/casos/{caso.folio}/?todo").text
            assert (NO["diferencia"] in pagina) == (nombre in lee), (como, nombre)
            assert motivo not in pagina or nombre != "atencion"


def test_suprimir_a_la_persona_quita_sus_palabras_y_deja_la_calificacion(g):
    caso = preguntado(g)
    datos = contesta(caso, calificacion="4", comentario="Soy Laura y fue un desorden.")
    caso = actuar("registrar_satisfaccion", caso, g.p.atencion, caso.satisfacciones.get(), **datos)
    textos = TextoEvento.objects.filter(evento__caso=caso, texto__contains="un desorden")
    assert textos.exists()
    suprimir_persona(caso.persona)
    dicha = caso.satisfacciones.get()
    assert (dicha.comentario, dicha.calificacion) == ("", 4) and not textos.exists()


def test_en_el_panel_solo_se_mira(g, client):
    caso = negado(g)
    client.force_login(g.p.gerente)
    for modelo, fila in (
        ("comprobacion", caso.comprobaciones.get()),
        ("satisfaccion", caso.satisfacciones.get()),
    ):
        assert caso.folio in client.get(f"/admin/casos/{modelo}/").text
        assert client.get(f"/admin/casos/{modelo}/{fila.pk}/change/").status_code == 200
        assert (
            client.post(f"/admin/casos/{modelo}/{fila.pk}/change/", {"estado": "LLEGO"}).status_code
            == 403
        )
    client.force_login(g.p.juridico)
    assert client.get("/admin/casos/satisfaccion/").status_code == 403


# -- the database ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "modelo, mal",
    [
        (Comprobacion, {"estado": "NO_LLEGO", "respondida_en": timezone.now()}),
        (Comprobacion, {"estado": "LLEGO"}),
        (Comprobacion, {"diferencia": "Algo."}),
        (Comprobacion, {"estado": "OTRO"}),
        (Satisfaccion, {"calificacion": 5}),
        (Satisfaccion, {"estado": "CONTESTO", "respondida_en": timezone.now()}),
        (Satisfaccion, {"estado": "CONTESTO", "respondida_en": timezone.now(), "calificacion": 11}),
        (Satisfaccion, {"estado": "NO_QUISO", "respondida_en": timezone.now(), "calificacion": 3}),
        (Satisfaccion, {"estado": "NO_QUISO"}),
        (Satisfaccion, {"pide_reabrir": True, "estado": "CONTESTO", "respondida_en": timezone.now(),
                        "calificacion": 8}),
    ],
)  # fmt: skip
def test_la_base_no_guarda_lo_que_no_puede_ser(g, modelo, mal):
    caso = preguntado(g)
    with pytest.raises(IntegrityError), transaction.atomic():
        modelo.objects.filter(caso=caso).update(**mal)


def test_no_se_pregunta_dos_veces_a_la_vez(g):
    caso = preguntado(g)
    for fila in (caso.comprobaciones.get(), caso.satisfacciones.get()):
        fila.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            fila.save()
