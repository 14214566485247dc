"""7.7: what was agreed may be corrected, the contract follows the case, and a word counts (rules 9, 12)."""

import pytest

from casos import calendario
from casos.catalogos import Estado, EstadoAjuste, Resultado
from casos.models import Area, Aviso, ValorContrato
from casos.pasos.situacion import Clase

from .guion import (
    actuar,
    ajustes,
    consultas,
    en_dias,
    fresco,
    hace,
    ofrecidas,
    rechaza,
    rechazada,
)  # fmt: skip

E = Estado
pytestmark = pytest.mark.django_db


@pytest.fixture
def g(mundo):
    return mundo


def estados(caso) -> dict:
    return {a.area.codigo: a.estado for a in caso.hechos.ajustes_actuales}


def corregir(caso, quien, **mas):
    dice = {f"acordado_{f.concepto.clave}": f.acordado for f in caso.hechos.condiciones}
    datos = dice | {"vigor_fecha": caso.vigor_fecha, "motivo": "Se anotó mal."} | mas
    return actuar("corregir_acordado", caso, quien, **datos)


# -- corregir_acordado -----------------------------------------------------------------------------


def test_el_responsable_corrige_mientras_nadie_confirma(g):
    caso = corregir(g.hasta(E.EN_MODIFICACION), g.p.ventas, acordado_tarifa="14800")
    assert {f.concepto.clave: f.acordado for f in caso.hechos.condiciones}["tarifa"] == "14800.00"
    cartas = Aviso.objects.filter(caso=caso, plantilla="acuerdo_corregido")
    assert {c.usuario.username for c in cartas} == {"juridico", "nominas"}
    juridico = cartas.get(usuario=g.p.juridico).texto
    assert "14,500.00" in juridico and "14,800.00" in juridico
    nominas = cartas.get(usuario=g.p.nominas).texto
    assert "14,800.00" not in nominas and "no tocan a Nóminas" in nominas


def test_ya_confirmado_algo_corrige_gerencia_y_se_le_pide_otra_vez(g):
    caso = g.confirmar(g.confirmar(g.hasta(E.EN_MODIFICACION), "JUR"), "NOM")
    assert "corregir_acordado" not in ofrecidas(caso, g.p.ventas)
    caso = corregir(caso, g.p.gerente, acordado_tarifa="14800")
    # The tariff is of the contract, not of the payroll.
    assert estados(caso) == {"JUR": "PENDIENTE", "NOM": "CONFIRMADO"}
    caso = corregir(caso, g.p.gerente, vigor_fecha=en_dias(30))
    assert estados(caso) == {"JUR": "PENDIENTE", "NOM": "PENDIENTE"}
    nominas = Aviso.objects.filter(caso=caso, usuario=g.p.nominas).latest("pk").texto
    assert f"{en_dias(30):%d/%m/%Y}" in nominas and f"{en_dias(20):%d/%m/%Y}" in nominas
    caso = g.cerrar_modificado(g.confirmar(g.confirmar(caso, "JUR"), "NOM"))
    assert caso.resultado == Resultado.MODIFICADO


def test_una_correccion_no_pasa_de_lo_viable_ni_deja_todo_igual(g):
    caso = g.hasta(E.EN_MODIFICACION)
    with rechazada() as error:
        corregir(caso, g.p.ventas, acordado_tarifa="12000")
    assert [f.campo for f in error.value.faltas] == ["acordado_tarifa"]
    with rechazada(match="Corrige al menos una"):
        corregir(caso, g.p.ventas)


# -- the contract follows the case (rule 12) -------------------------------------------------------


def en_vigor(caso, dia) -> dict:
    valores = ValorContrato.objects.en_vigor(caso.contrato_id, dia).select_related("concepto")
    return {v.concepto.clave: v.valor for v in valores}


@pytest.fixture
def reabierto(g):
    """Closed as modified, and reopened by Dirección with Nóminas to adjust again."""
    caso = g.hasta(E.EN_MODIFICACION)
    antes = en_vigor(caso, en_dias(60))
    caso = g.cerrar_modificado(g.confirmar(g.confirmar(caso, "JUR"), "NOM"))
    assert en_vigor(caso, en_dias(60)) != antes
    caso = actuar(
        "reabrir", caso, g.p.direccion, motivo="No se pudo.", ajuste_FIN="on", que_FIN="Revisar",
        para_FIN=en_dias(5), aviso_FIN="CORREO",
    )  # fmt: skip
    return caso, antes


def deshecho(g, caso):
    for area in ("JUR", "NOM"):
        caso = actuar(
            "pedir_deshacer", caso, g.p.ventas, g.ajuste(caso, area), que="Ya no va.",
            para=en_dias(3),
        )  # fmt: skip
        deshace = next(a for a in caso.hechos.pendientes_de_ajuste if a.deshace_id)
        caso = actuar("confirmar_deshecho", caso, g.de(area), deshace, respuesta="Listo.")
    return g.no_puede(caso, "FIN")


def test_no_se_cierra_mientras_se_deshace_lo_que_el_area_ajusto_antes_de_reabrirlo(g):
    caso = g.confirmar(g.confirmar(g.hasta(E.EN_MODIFICACION), "JUR"), "NOM")
    anterior = g.ajuste(caso, "NOM")
    caso = g.cerrar_modificado(caso)
    caso = actuar("reabrir", caso, g.p.direccion, motivo="Otra fecha.", **ajustes("NOM"))
    caso = g.confirmar(caso, "NOM")
    caso = actuar(
        "pedir_deshacer", caso, g.p.ventas, anterior, que="Ya no va.", para=en_dias(3)
    )  # fmt: skip
    assert "deshaciendo" in rechaza("cerrar_modificado", caso, g.p.ventas)
    deshace = next(a for a in caso.hechos.pendientes_de_ajuste if a.deshace_id)
    caso = actuar("confirmar_deshecho", caso, g.p.nominas, deshace, respuesta="Listo.")
    assert g.cerrar_modificado(caso).resultado == Resultado.MODIFICADO


def no_ajustable(g, caso):
    return g.no(caso, "declarar_no_ajustable")


def retirado(g, caso):
    return actuar(
        "retirar",
        caso,
        g.p.ventas,
        persona=caso.persona_id,
        cuando=hace(minutes=1),
        motivo="Ya no.",
    )


def replanteado(g, caso):
    return actuar("replantear", caso, g.p.gerente, que_cambio="Otra cosa.", **consultas("FIN"))


@pytest.mark.parametrize("salida", [no_ajustable, retirado, replanteado])
def test_lo_que_no_se_sostuvo_sale_del_contrato(g, reabierto, salida):
    caso, antes = reabierto
    caso = salida(g, deshecho(g, caso))
    for dia in (calendario.hoy(), en_dias(25), en_dias(60)):
        assert en_vigor(caso, dia) == antes
    # Its version and the case's go together: the next step finds it up to date.
    assert fresco(caso).hechos.vigente_al_dia
    ultima = caso.contrato.versiones.order_by("-numero").first()
    assert (ultima.caso, ultima.regresa.caso) == (caso, caso)
    if salida is replanteado:
        assert {f.concepto.clave: f.vigente for f in caso.hechos.condiciones if f.vigente} == antes
    # Every area of what was agreed is told, also the one that has nothing to do any more.
    cartas = Aviso.objects.filter(caso=caso, evento=caso.eventos.filter(a=caso.estado).last())
    assert {a.codigo for a in Area.objects.filter(aviso__in=cartas)} >= {"JUR", "NOM", "FIN"}
    for carta in cartas.exclude(area=None):
        assert "El contrato vuelve a las condiciones que tenía" in carta.texto


def test_se_regresa_una_sola_vez_y_solo_lo_suyo(g, reabierto):
    caso, _ = reabierto
    caso = replanteado(g, deshecho(g, caso))
    cuantas = caso.contrato.versiones.count()
    caso = g.aceptar(g.presentar(g.viable(g.opinar(caso))), "JUR", "NOM")
    caso = replanteado(g, g.no_puede(caso, "JUR"))
    assert caso.contrato.versiones.count() == cuantas


def test_al_reabrirlo_se_corrige_una_cifra_y_la_fecha_aunque_sea_antes(g, reabierto):
    caso, _ = reabierto
    caso = corregir(caso, g.p.gerente, acordado_tarifa="14800", vigor_fecha=en_dias(10))
    for area in ("JUR", "NOM", "FIN"):
        caso = g.confirmar(caso, area)
    caso = g.cerrar_modificado(caso)
    for dia in (en_dias(10), en_dias(20), en_dias(60)):
        assert en_vigor(caso, dia)["tarifa"] == "14800.00"


# -- an answer given verbally ----------------------------------------------------------------------


def anotar(g, caso, area="NOM", dijo="CONFIRMADO", quien=None, **mas):
    datos = {
        "dijo": dijo, "quien": g.de(area).pk, "dicho_en": hace(minutes=1), "respuesta": "Ya quedó.",
    }  # fmt: skip
    if dijo == "CONFIRMADO":
        datos |= {"vigor_fecha": caso.vigor_fecha}
        if area == "NOM":
            datos |= {"periodo_inicio": en_dias(20), "periodo_fin": en_dias(34)}
        if area == "JUR":
            datos |= {"convenio": "NO"}
    return actuar(
        "anotar_respuesta", caso, quien or g.p.ventas, g.ajuste(caso, area), **(datos | mas)
    )


@pytest.mark.parametrize("dijo", ["CONFIRMADO", "NO_PUEDE", "NO_APLICA"])
def test_lo_dicho_cuenta_cuando_su_area_lo_confirma(g, dijo):
    caso = anotar(g, g.hasta(E.EN_MODIFICACION), dijo=dijo)
    assert estados(caso)["NOM"] == "PENDIENTE"
    constancia = caso.hechos.constancias[-1]
    assert (constancia.tipo, constancia.destinatario) == ("RESPUESTA", g.p.nominas)
    assert EstadoAjuste(dijo).label in constancia.texto and "Ya quedó." in constancia.texto
    caso = actuar("confirmar_constancia", caso, g.p.nominas, constancia)
    assert estados(caso)["NOM"] == dijo
    nominas = g.ajuste(caso, "NOM")
    assert (nominas.periodo_inicio is not None) == (dijo == "CONFIRMADO")


def test_si_su_area_calla_lo_acepta_gerencia_que_no_lo_anoto(g):
    caso = anotar(g, g.hasta(E.EN_MODIFICACION))
    constancia = caso.hechos.constancias[-1]
    assert "aceptar_constancia" not in ofrecidas(caso, g.p.ventas)
    caso = actuar("aceptar_constancia", caso, g.p.gerente, constancia, motivo="Me consta.")
    assert estados(caso)["NOM"] == "CONFIRMADO"


def test_sin_confirmar_no_se_cierra(g):
    caso = anotar(g, g.confirmar(g.hasta(E.EN_MODIFICACION), "JUR"))
    with rechazada(match="Faltan ajustes"):
        g.cerrar_modificado(caso)


def test_lo_que_el_area_dice_en_persona_sustituye_a_lo_anotado(g):
    caso = anotar(g, g.hasta(E.EN_MODIFICACION))
    caso = g.no_puede(caso, "NOM")
    assert estados(caso)["NOM"] == "NO_PUEDE"
    assert not any(c.esta_sin_confirmar for c in caso.hechos.constancias)


def test_si_lo_niega_el_ajuste_espera_su_respuesta(g):
    caso = anotar(g, g.hasta(E.EN_MODIFICACION))
    caso = actuar(
        "corregir_constancia", caso, g.p.nominas, caso.hechos.constancias[-1],
        correccion="No dije eso.",
    )  # fmt: skip
    nominas = g.ajuste(caso, "NOM")
    assert (nominas.estado, nominas.respuesta, nominas.vigor_fecha) == ("PENDIENTE", "", None)
    assert "confirmar_ajuste" in ofrecidas(caso, g.p.nominas)


def test_las_fechas_de_lo_dicho_se_revisan_como_las_demas(g):
    caso = g.hasta(E.EN_MODIFICACION)
    dicho = {"dijo": "CONFIRMADO", "quien": g.p.nominas.pk, "respuesta": "Sí."}
    dicho |= {"dicho_en": hace(minutes=1)}
    nominas = g.ajuste(caso, "NOM")
    assert rechaza("anotar_respuesta", caso, g.p.ventas, nominas, **dicho)
    mal = dicho | {"vigor_fecha": caso.vigor_fecha, "periodo_inicio": en_dias(-9)}
    assert "termina antes" in rechaza(
        "anotar_respuesta", caso, g.p.ventas, nominas, **mal, periodo_fin=en_dias(-2)
    )


# -- Jurídico really answered ----------------------------------------------------------------------


def vencido(caso, area):
    caso.ajustes.filter(area__codigo=area).update(vence=en_dias(-3))
    return fresco(caso)


def test_que_el_contrato_no_cambia_solo_lo_dice_juridico_o_direccion(g):
    caso = vencido(vencido(g.hasta(E.EN_MODIFICACION), "JUR"), "NOM")
    juridico = g.ajuste(caso, "JUR")
    with rechazada(Clase.AJENO, Clase.BAJO_LLAVE, Clase.YA_NO):
        actuar("indicar_no_aplica", caso, g.p.gerente, juridico, respuesta="No contesta.")
    assert actuar("indicar_no_aplica", caso, g.p.gerente, g.ajuste(caso, "NOM"), respuesta="No va.")
    caso = actuar("indicar_no_aplica", fresco(caso), g.p.direccion, juridico, respuesta="No va.")
    assert estados(caso)["JUR"] == "NO_APLICA"


def test_de_palabra_tampoco(g):
    caso = anotar(g, g.hasta(E.EN_MODIFICACION), "JUR", dijo="NO_APLICA")
    assert "aceptar_constancia" not in ofrecidas(caso, g.p.gerente)
    caso = actuar(
        "aceptar_constancia", caso, g.p.direccion, caso.hechos.constancias[-1], motivo="Me consta."
    )
    assert estados(caso)["JUR"] == "NO_APLICA"


# -- a "cannot" stops the others -------------------------------------------------------------------


def test_un_no_se_puede_detiene_a_las_que_siguen(g):
    caso = g.aceptar(g.hasta(E.EN_RESPUESTA), "JUR", "NOM", "RYS")
    caso = g.no_puede(g.confirmar(caso, "JUR"), "NOM")
    detente = Aviso.objects.filter(caso=caso, plantilla="detente")
    assert [a.area for a in detente] == [Area.objects.get(codigo="RYS")]
    assert "Nóminas indicó que no se puede" in detente.get().texto


# -- what a correction leaves behind ---------------------------------------------------------------


def cerrado_otra_vez(g, **corregido):
    """Closed as modified, reopened, corrected by gerencia, and closed again."""
    caso = g.hasta(E.EN_MODIFICACION)
    antes = en_vigor(caso, en_dias(60))
    caso = g.cerrar_modificado(g.confirmar(g.confirmar(caso, "JUR"), "NOM"))
    caso = actuar("reabrir", caso, g.p.direccion, motivo="Se anotó mal.", **ajustes("FIN"))
    caso = corregir(g.confirmar(caso, "FIN"), g.p.gerente, **corregido)
    for pendiente in list(caso.hechos.pendientes_de_ajuste):
        caso = g.confirmar(caso, pendiente.area.codigo)
    return g.cerrar_modificado(caso), antes


def test_lo_que_se_quita_de_lo_acordado_tampoco_queda_en_el_contrato(g):
    caso, antes = cerrado_otra_vez(g, acordado_tarifa="", acordado_plazas="20")
    assert en_vigor(caso, en_dias(60)) == antes


def test_lo_acordado_para_mas_tarde_no_rige_desde_la_fecha_equivocada(g):
    caso, antes = cerrado_otra_vez(g, vigor_fecha=en_dias(40))
    assert en_vigor(caso, en_dias(25)) == antes
    assert en_vigor(caso, en_dias(40)) != antes


def test_una_respuesta_de_palabra_sobre_lo_anterior_ya_no_cuenta(g):
    caso = anotar(g, g.hasta(E.EN_MODIFICACION), area="JUR")
    constancia = caso.hechos.constancias[-1]
    caso = corregir(caso, g.p.ventas, acordado_tarifa="14800")
    with rechazada():
        actuar("confirmar_constancia", caso, g.p.juridico, constancia)
    assert estados(caso)["JUR"] == "PENDIENTE" and not g.ajuste(caso, "JUR").respuesta_verbal


def test_quien_tenia_abierto_lo_anterior_no_lo_confirma(g):
    caso = g.hasta(E.EN_MODIFICACION)
    vista = {a.area.codigo: a.version for a in caso.hechos.ajustes_actuales}
    caso = corregir(caso, g.p.ventas, acordado_tarifa="14800")
    with rechazada(Clase.VIEJA):
        g.confirmar(caso, "JUR", version=vista["JUR"])
    g.confirmar(caso, "NOM", version=vista["NOM"])  # nothing of theirs changed


def test_de_lo_que_no_se_pudo_no_quedan_fechas(g):
    caso = g.no_puede(anotar(g, g.hasta(E.EN_MODIFICACION), area="NOM"), "NOM")
    nominas = g.ajuste(caso, "NOM")
    assert (nominas.vigor_fecha, nominas.periodo_inicio) == (None, None)
    carta = Aviso.objects.filter(caso=caso, plantilla="ajuste_respondido").latest("pk").texto
    assert "En vigor a partir" not in carta


@pytest.mark.parametrize("como", ["confirmar_constancia", "aceptar_constancia"])
def test_un_no_dicho_de_palabra_tambien_detiene_a_las_que_siguen(g, como):
    caso = anotar(g, g.hasta(E.EN_MODIFICACION), area="NOM", dijo="NO_PUEDE")
    quien, mas = (
        (g.p.nominas, {})
        if como == "confirmar_constancia"
        else (g.p.gerente, {"motivo": "Consta."})
    )
    caso = actuar(como, caso, quien, caso.hechos.constancias[-1], **mas)
    carta = Aviso.objects.get(caso=caso, plantilla="detente")
    assert carta.usuario == g.p.juridico and "Nóminas indicó que no se puede" in carta.texto


# -- the amendment (7.7, Jurídico) -----------------------------------------------------------------

CON_EL = {"convenio_referencia": "CM-1", "convenio_fecha": calendario.hoy}


@pytest.mark.parametrize("verbal", [False, True])
@pytest.mark.parametrize(
    ("dicho", "campos_que_faltan"),
    [
        ({}, {"convenio", "respuesta"}),
        ({"respuesta": "El anexo."}, {"convenio"}),
        ({"convenio": "SI", "respuesta": "El anexo."}, {"convenio_referencia", "convenio_fecha"}),
        ({"convenio_referencia": "CM-1"}, {"convenio_fecha", "respuesta"}),
        ({"convenio_fecha": calendario.hoy}, {"convenio_referencia", "respuesta"}),
        ({"convenio": "NO"}, {"respuesta"}),
        (
            CON_EL | {"convenio": "NO", "respuesta": "No."},
            {"convenio_referencia", "convenio_fecha"},
        ),
        (CON_EL, set()),
        (CON_EL | {"convenio": "SI", "respuesta": "El anexo."}, set()),
        ({"convenio": "NO", "respuesta": "No hizo falta."}, set()),
    ],
)
def test_del_convenio_se_escribe_cual_o_que_no_hizo_falta(g, dicho, campos_que_faltan, verbal):
    """Which it was says that there was one, and what was adjusted; nothing is taken for granted."""
    caso = g.hasta(E.EN_MODIFICACION)
    datos = {n: v() if callable(v) else v for n, v in dicho.items()}
    datos |= {"vigor_fecha": caso.vigor_fecha}
    acto, quien = ("confirmar_ajuste", g.p.juridico)
    if verbal:
        acto, quien = "anotar_respuesta", g.p.ventas
        datos |= {"dijo": "CONFIRMADO", "quien": g.p.juridico.pk, "dicho_en": hace(minutes=1)}
    if campos_que_faltan:
        with rechazada() as error:
            actuar(acto, caso, quien, g.ajuste(caso, "JUR"), **datos)
        assert {f.campo for f in error.value.faltas} == campos_que_faltan
        return
    ajuste = g.ajuste(actuar(acto, caso, quien, g.ajuste(caso, "JUR"), **datos), "JUR")
    con_el = dicho.get("convenio") != "NO"
    assert ajuste.convenio_requerido is con_el
    assert ajuste.convenio_referencia == ("CM-1" if con_el else "")
    assert ajuste.respuesta == dicho.get(
        "respuesta", f"Convenio CM-1, del {calendario.hoy():%d/%m/%Y}."
    )


def test_un_no_de_palabra_de_juridico_no_habla_de_convenio(g):
    caso = anotar(g, g.hasta(E.EN_MODIFICACION), area="JUR", dijo="NO_PUEDE")
    assert g.ajuste(caso, "JUR").convenio_requerido is None
