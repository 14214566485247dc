"""Mis pendientes: what waits for each person and nobody else, overdue first, at a fixed cost."""

import re
from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone

from casos.catalogos import Estado, EstadoAjuste, Turno
from casos.expediente.carga import el_mismo
from casos.lecturas.asuntos import asuntos_de, por_dia
from casos.lecturas.le_toca import siguiente_de
from casos.lecturas.pendientes import LIMITE, pendientes_de
from casos.lecturas.resumen import manana_de
from casos.models import (
    Area,
    Caso,
    Concepto,
    Condicion,
    Configuracion,
    Contrato,
    Opinion,
    Usuario,
)
from casos.permisos.cargos import miembro
from casos.web.formatos import fecha_corta

from ..factories import (
    AjusteFactory,
    AreaFactory,
    AvisoFactory,
    CasoFactory,
    CitaFactory,
    ConstanciaFactory,
    ContactoFactory,
    OpinionFactory,
    SuplenciaFactory,
    UsuarioFactory,
)
from ..personas import NOMBRES
from ..reloj import mediodia

BANDEJAS = (
    "me_toca",
    "opiniones",
    "ajustes",
    "constancias",
    "citas",
    "acciones",
    "correos",
    "espero",
)


def dias(n):
    return timezone.localdate() + timedelta(days=n)


def bandejas(usuario) -> dict:
    """Ids per tray, of those that hold something."""
    p = pendientes_de(type(usuario).objects.get(pk=usuario.pk))
    return {b: [f.pk for f in getattr(p, b).filas] for b in BANDEJAS if getattr(p, b)}


# -- whose move it is ------------------------------------------------------------------------------


@pytest.fixture
def casos(personas):
    """One case per kind of turn, all of ``ventas``."""
    v = personas.ventas
    return {
        "nuevo": CasoFactory(registrado_por=v),
        "mio": CasoFactory(estado=Estado.EN_CONTACTO, responsable=v),
        "por_atencion": CasoFactory(estado=Estado.POR_INFORMAR, responsable=v, por_atencion=True),
        "en_contra": CasoFactory(estado=Estado.POR_DECIDIR, responsable=v, turno=Turno.DG),
        "del_cliente": CasoFactory(estado=Estado.EN_RESPUESTA, responsable=v),
        "de_areas": CasoFactory(estado=Estado.EN_ANALISIS, responsable=v),
    }


ESPERADO = {
    "ventas": {"mio"},
    "gerente": {"nuevo"},
    "atencion": {"por_atencion"},
    "direccion": {"en_contra"},
}


@pytest.mark.parametrize("quien", NOMBRES)
def test_a_cada_quien_lo_que_le_toca(client, personas, casos, quien):
    persona = getattr(personas, quien)
    esperado = [casos[n].pk for n in ESPERADO.get(quien, ())]
    assert bandejas(persona).get("me_toca", []) == esperado
    client.force_login(persona)
    assert [c.pk for c in client.get("/casos/?tocan=on").context["casos"]] == esperado


def test_lo_que_otros_tienen_lo_espera_el_responsable(personas, casos):
    espero = bandejas(personas.ventas)["espero"]
    assert set(espero) == {
        casos[n].pk for n in ("por_atencion", "en_contra", "del_cliente", "de_areas")
    }
    for quien in set(NOMBRES) - {"ventas"}:
        assert "espero" not in bandejas(getattr(personas, quien))


def test_sin_gerente_activo_direccion_ve_lo_que_falta_asignar(personas, casos):
    personas.gerente.is_active = False
    personas.gerente.save()
    assert casos["nuevo"].pk in bandejas(personas.direccion)["me_toca"]


def test_el_siguiente_pendiente_es_uno_de_mis_bandejas(personas):
    """After a step nobody is led to what they asked, to a case of their own or to nobody's turn."""
    ambas = UsuarioFactory(gerente=True, areas=["JUR"])
    OpinionFactory(caso__responsable=personas.ventas, pedida_por=ambas)
    OpinionFactory(caso__responsable=ambas, pedida_por=personas.direccion)
    AjusteFactory(caso__responsable=personas.ventas, pedido_por=ambas)
    AjusteFactory(caso__responsable=ambas, pedido_por=personas.direccion)
    assert bandejas(ambas).keys() == {"espero"}
    assert siguiente_de(ambas) is None
    ajena = OpinionFactory(caso__responsable=personas.ventas)
    assert siguiente_de(ambas) == ajena.caso


def test_sin_gerente_el_siguiente_de_direccion_es_lo_que_falta_asignar(personas, casos):
    casos["en_contra"].delete()
    assert siguiente_de(personas.direccion) is None
    personas.gerente.is_active = False
    personas.gerente.save()
    assert siguiente_de(personas.direccion) == casos["nuevo"]


def test_un_caso_terminado_no_espera_a_nadie(personas):
    CasoFactory(estado=Estado.CERRADO, responsable=personas.ventas)
    CasoFactory(estado=Estado.ANULADO, responsable=personas.ventas)
    assert bandejas(personas.ventas) == {}


def test_lo_vencido_va_primero(personas):
    v = personas.ventas
    fechas = [2, -5, None, 0, -1]
    casos = [
        CasoFactory(estado=Estado.EN_CONTACTO, responsable=v, vence=None if n is None else dias(n))
        for n in fechas
    ]
    orden = bandejas(v)["me_toca"]
    assert orden == [casos[i].pk for i in (1, 4, 3, 0, 2)]
    assert pendientes_de(v).vencidos == 2


def test_por_dia_y_en_cada_dia_lo_que_mas_duele(client, personas):
    """Overdue longest, then due first; of one day a contract at risk or ending, the client's date, the money."""
    v, miercoles = personas.ventas, date(2027, 3, 10)

    def caso(cuando, **mas):
        vence = None if cuando is None else miercoles + timedelta(days=cuando)
        return CasoFactory(estado=Estado.EN_CONTACTO, responsable=v, vence=vence, **mas)

    def de_su_contrato(c, **valores):
        Contrato.objects.filter(pk=c.contrato_id).update(**valores)
        return c

    with time_machine.travel(mediodia(miercoles), tick=False):
        vencido, muy_vencido = caso(-1), caso(-9)
        hoy, caro = caso(0), caso(0)
        for clave, valor in (("plazas", "90"), ("tarifa", "14000")):
            concepto = Concepto.objects.get(clave=clave)
            Condicion.objects.create(caso=caro, concepto=concepto, vigente=valor)
        espera = caso(0, espera_fecha=miercoles + timedelta(days=2))
        termina = de_su_contrato(caso(0), terminado_fecha=miercoles + timedelta(days=60))
        en_riesgo = caso(0)
        CasoFactory(
            estado=Estado.CERRADO, contrato=en_riesgo.contrato, contrato_tras_no="EN_RIESGO"
        )
        domingo, lunes, nunca = caso(4), caso(5), caso(None)
        opinion = OpinionFactory(caso=caso(30), vence=miercoles)
        Caso.objects.filter(pk=opinion.caso_id).update(responsable=personas.ventas2)
        asuntos = asuntos_de(pendientes_de(v))
        dias = {d.clave: [a.caso.pk for a in d.asuntos] for d in por_dia(pendientes_de(v), asuntos)}
        carta = [r.caso.pk for r in todos_los_renglones(v)]
        client.force_login(v)
        texto = client.get("/").text
    del_dia = [termina, en_riesgo, espera, caro, hoy]
    assert dias == {
        "hoy": [c.pk for c in (muy_vencido, vencido, *del_dia)],
        "semana": [domingo.pk],
        "despues": [lunes.pk, nunca.pk],
    }
    assert carta == sum(dias.values(), [])  # the letter's order is the page's
    titulos = re.findall(r"<h2 id=\"t-(\w+)\"", texto)
    assert titulos == ["hoy", "semana", "despues"]
    for dicho in (
        "Contrato en riesgo",
        "El contrato termina el 9 may",
        "Espera respuesta el 12 mar",
    ):
        assert texto.count(dicho) == 1


def todos_los_renglones(persona):
    return sum(manana_de(persona).partes.values(), [])


@pytest.mark.parametrize(
    ("estado", "extra", "dice"),
    [
        (Estado.RECIBIDO, {}, "Registrar primer contacto"),
        (Estado.EN_CONTACTO, {}, "Registrar contacto"),
        (Estado.EN_ANALISIS, {"turno": Turno.RC}, "Responder al área"),
        (Estado.POR_DECIDIR, {}, "Decidir si es viable"),
        (Estado.EN_PROPUESTA, {}, "Registrar presentación"),
        (Estado.EN_MODIFICACION, {"turno": Turno.RC}, "Revisar los ajustes"),
        (Estado.POR_INFORMAR, {}, "Registrar que se informó"),
    ],
)
def test_dice_que_hacer(client, personas, estado, extra, dice):
    CasoFactory(estado=estado, responsable=personas.ventas, **extra)
    client.force_login(personas.ventas)
    assert f"<strong>{dice}</strong>" in client.get("/").text


def test_con_contacto_efectivo_lo_que_sigue_es_pedir_opinion(client, personas):
    ContactoFactory(caso=CasoFactory(estado=Estado.EN_CONTACTO, responsable=personas.ventas))
    client.force_login(personas.ventas)
    assert "<strong>Pedir opinión a las áreas</strong>" in client.get("/").text


# -- what an area owes -----------------------------------------------------------------------------


def test_el_area_ve_las_opiniones_y_ajustes_que_debe(personas):
    opinion = OpinionFactory(caso__responsable=personas.ventas)
    ajuste = AjusteFactory(caso__responsable=personas.ventas)
    OpinionFactory(dada=True)
    AjusteFactory(confirmado=True)
    assert bandejas(personas.juridico) == {"opiniones": [opinion.pk], "ajustes": [ajuste.pk]}
    for quien in ("dh", "nominas", "ajena", "calidad", "auditor", "admin"):
        assert bandejas(getattr(personas, quien)) == {}


def test_se_contesta_ahi_mismo(client, personas):
    """The answer of an area opens in place; without JavaScript it is the link to its page."""
    opinion = OpinionFactory(caso__responsable=personas.ventas)
    ajuste = AjusteFactory(caso__responsable=personas.ventas)
    confirmado = AjusteFactory(
        confirmado=True,
        caso=CasoFactory(estado=Estado.EN_MODIFICACION, responsable=personas.ventas2),
    )
    deshacer = AjusteFactory(caso=confirmado.caso, deshace=confirmado, que="El convenio.")
    client.force_login(personas.juridico)
    texto = client.get("/").text
    for accion, fila in (
        ("opinar", opinion),
        ("pedir_datos", opinion),
        ("confirmar_ajuste", ajuste),
        ("indicar_no_puede", ajuste),
        ("confirmar_deshecho", deshacer),
        ("indicar_no_se_deshace", deshacer),
    ):
        url = f"/casos/{fila.caso.folio}/{accion}/{fila.pk}/"
        if accion == "opinar":  # opened by what one thinks, which then is chosen
            url += "?sentido=EN_CONTRA"
            assert re.search(r'value="EN_CONTRA"[^>]* checked', client.get(url).text)
        assert f'href="{url}" data-hx-get="{url}"' in texto
        pagina = client.get(url)
        assert pagina.status_code == 200, accion
        suya = url.partition("?")[0]
        assert f'<form class="formulario" method="post" action="{suya}"' in pagina.text


def test_quien_pide_o_lleva_el_caso_no_se_contesta_a_si_mismo(personas):
    """Never responsible and area in the same case (D§1, rule 4)."""
    ambos = UsuarioFactory(ventas=True, areas=["JUR"])
    OpinionFactory(caso__responsable=ambos)
    OpinionFactory(caso__responsable=personas.ventas, pedida_por=ambos)
    AjusteFactory(caso__responsable=ambos)
    assert set(bandejas(ambos)) == {"espero"}
    assert len(bandejas(personas.juridico)["opiniones"]) == 2


def test_lo_cancelado_no_se_debe(personas):
    AjusteFactory(estado=EstadoAjuste.CANCELADO)
    assert bandejas(personas.juridico) == {}


# -- notices, appointments, promises, mail ---------------------------------------------------------


def test_la_constancia_espera_a_quien_la_recibio_y_a_su_area(personas):
    caso = CasoFactory(estado=Estado.EN_ANALISIS, responsable=personas.ventas)
    mia = ConstanciaFactory(caso=caso, destinatario=personas.gerente)
    de_area = ConstanciaFactory(
        caso=caso,
        tipo="OPINION",
        destinatario=personas.juridico,
        opinion=OpinionFactory(caso=caso, dada=True, verbal=True),
    )
    otro = UsuarioFactory(areas=["JUR"])
    assert bandejas(personas.gerente)["constancias"] == [mia.pk]
    assert bandejas(personas.juridico)["constancias"] == [de_area.pk]
    assert bandejas(otro)["constancias"] == [de_area.pk]
    assert "constancias" not in bandejas(personas.ventas)


def test_las_citas_de_hoy_y_las_que_nadie_marco(personas):
    ahora, caso = (
        timezone.now(),
        CasoFactory(estado=Estado.EN_PROPUESTA, responsable=personas.ventas),
    )
    ayer = CitaFactory(caso=caso, inicio=ahora - timedelta(days=1))
    CitaFactory(caso=caso, inicio=ahora + timedelta(days=2))
    CitaFactory(caso=caso, inicio=ahora - timedelta(days=3), estado="CELEBRADA")
    hoy = CitaFactory(caso=caso, inicio=timezone.localtime().replace(hour=23, minute=59))
    p = pendientes_de(personas.ventas)
    assert [(c.pk, c.ya_paso) for c in p.citas.filas] == [(ayer.pk, True), (hoy.pk, False)]
    assert "citas" not in bandejas(personas.ventas2)


def test_lo_que_quede_en_hacer_llega_en_su_dia(personas):
    v = personas.ventas
    hoy = CasoFactory(
        estado=Estado.EN_RESPUESTA,
        responsable=v,
        proxima_fecha=dias(0),
        proxima_accion="Llamar a Compras",
    )
    ayer = CasoFactory(
        estado=Estado.EN_ANALISIS,
        responsable=v,
        proxima_fecha=dias(-1),
        proxima_accion="Recordar a Jurídico",
    )
    luego = CasoFactory(estado=Estado.EN_RESPUESTA, responsable=v, proxima_fecha=dias(1))
    esperado = bandejas(v)
    assert esperado["acciones"] == [ayer.pk, hoy.pk]
    assert esperado["espero"] == [luego.pk]


def test_lo_que_ya_paso_se_dice_con_palabras(client, personas):
    """Both where it is listed on its day and in the row of a case that waits for me."""
    v = personas.ventas
    CasoFactory(
        estado=Estado.EN_RESPUESTA,
        responsable=v,
        proxima_fecha=dias(-1),
        proxima_accion="Recordar al cliente",
    )
    CasoFactory(
        estado=Estado.EN_CONTACTO,
        responsable=v,
        proxima_fecha=dias(-2),
        proxima_accion="Pedir el detalle",
    )
    CasoFactory(
        estado=Estado.EN_CONTACTO,
        responsable=v,
        proxima_fecha=dias(0),
        proxima_accion="Mandar resumen",
    )
    client.force_login(v)
    texto = client.get("/").text
    for dicho in (
        f"Era para el {fecha_corta(dias(-1))}</span>",
        f"Atrasada:</span> Pedir el detalle · {fecha_corta(dias(-2))}",
    ):
        assert "#i-vencido" in texto[: texto.index(dicho)][-120:]
    assert f"Mandar resumen · {fecha_corta(dias(0))}" in texto


def test_en_el_telefono_la_barra_dice_pendientes(client, personas):
    client.force_login(personas.ventas)
    texto = client.get("/").text
    assert '<span class="navegacion__corto">Pendientes</span>' in texto


def test_los_correos_que_no_salieron_de_mis_casos(client, personas):
    mio = CasoFactory(estado=Estado.EN_RESPUESTA, responsable=personas.ventas)
    fallido = AvisoFactory(caso=mio, estado="FALLIDO", para="rota@cliente.mx")
    AvisoFactory(caso=mio)
    AvisoFactory(estado="FALLIDO")
    assert bandejas(personas.ventas)["correos"] == [fallido.pk]
    client.force_login(personas.ventas)
    texto = client.get("/").text
    assert "Correo que no salió:" in texto
    assert "rota@cliente.mx" in texto


# -- lent work -------------------------------------------------------------------------------------


def test_lo_prestado_llega_con_el_nombre_de_quien_es(client, personas):
    titular = personas.ventas2
    titular.first_name, titular.last_name = "Tomás", "Ibarra"
    titular.save()
    suyo = CasoFactory(estado=Estado.EN_CONTACTO, responsable=titular)
    OpinionFactory(caso__responsable=personas.gerente)
    SuplenciaFactory(titular=titular, suplente=personas.ventas)
    SuplenciaFactory(titular=personas.juridico, suplente=personas.ventas)
    p = pendientes_de(personas.ventas)
    assert [(c.pk, p.de_quien(c)) for c in p.me_toca.filas] == [(suyo.pk, "Tomás Ibarra")]
    assert [p.de_quien(o) for o in p.opiniones.filas] == [str(personas.juridico)]
    client.force_login(personas.ventas)
    assert "De Tomás Ibarra:" in client.get("/").text


def test_lo_que_debe_un_area_es_lo_que_sus_personas_pueden_contestar(personas):
    """The query of the trays and the rule of the door are one rule, said twice."""
    p = personas
    p.ventas_fin = UsuarioFactory(ventas=True, areas=["FIN"])
    SuplenciaFactory(titular=p.finanzas, suplente=p.ventas)
    SuplenciaFactory(titular=p.ventas2, suplente=p.finanzas)
    gente = [*vars(p).values()]
    for responsable in (p.ventas, p.ventas2, p.ventas_fin, p.finanzas, None):
        for quien in (p.ventas, p.gerente, p.finanzas, p.ventas_fin):
            for area in ("FIN", "JUR"):
                caso = CasoFactory(estado=Estado.EN_ANALISIS, responsable=responsable, vuelta=2)
                for estado in ("PENDIENTE", "DEVUELTA"):
                    OpinionFactory(
                        caso=caso,
                        area=Area.objects.get(codigo=area),
                        estado=estado,
                        pedida_por=quien,
                        vuelta=1 + (estado == "DEVUELTA"),
                    )
    leidos = [el_mismo(pk).hechos for pk in Caso.objects.values_list("pk", flat=True)]
    for persona in gente:
        persona = Usuario.objects.get(pk=persona.pk)
        deben = set(Opinion.objects.por_responder(persona))
        pueden = {
            o for h in leidos for o in h.opiniones if o.esta_pendiente and miembro(h, persona, o)
        }
        assert deben == pueden, persona
        assert deben or persona not in (p.finanzas, p.juridico, p.ventas)


def test_una_suplencia_vencida_no_presta_nada(personas):
    CasoFactory(estado=Estado.EN_CONTACTO, responsable=personas.ventas2)
    SuplenciaFactory(
        titular=personas.ventas2, suplente=personas.ventas, desde=dias(-9), hasta=dias(-1)
    )
    assert bandejas(personas.ventas) == {}


# -- the page --------------------------------------------------------------------------------------

# Three of them say what hurts: the cases, what they are worth, and the calendar where something is to be confirmed.
# One the clients to be asked what they say, another what is asked to be reopened, another whether it arrived.
# One what has become viable; of who decides in Dirección's place, another what is asked to be let pass.
# One of each is what waits for them of the audits.
SENTENCIAS = {"ventas": 18, "gerente": 25, "juridico": 21, "ambos": 28, "auditor": 5}


@pytest.mark.parametrize(
    "quien, cuantos", [*((quien, 1) for quien in SENTENCIAS), ("ventas", 30), ("ambos", 30)]
)
def test_cuesta_lo_mismo_con_uno_que_con_treinta(
    client, personas, django_assert_num_queries, quien, cuantos
):
    """Every tray full, with work lent: one statement a tray, whatever the rows."""
    personas.ambos = UsuarioFactory(gerente=True, areas=["JUR"])
    SuplenciaFactory(titular=personas.ventas2, suplente=getattr(personas, quien))
    nominas = AreaFactory(codigo="NOM")
    for _ in range(cuantos):
        CasoFactory()
        for responsable in (personas.ventas, personas.gerente, personas.ambos, personas.ventas2):
            mio = CasoFactory(estado=Estado.EN_CONTACTO, responsable=responsable)
            otro = CasoFactory(
                estado=Estado.EN_RESPUESTA,
                responsable=responsable,
                proxima_accion="Llamar",
                proxima_fecha=dias(0),
            )
            ConstanciaFactory(
                caso=mio, destinatario=getattr(personas, quien), registrada_por=personas.finanzas
            )
            CitaFactory(caso=mio, inicio=timezone.now() - timedelta(hours=3))
            AvisoFactory(caso=otro, estado="FALLIDO")
        OpinionFactory(caso__responsable=personas.ventas)
        ajuste = AjusteFactory(caso__responsable=personas.ventas)
        AjusteFactory(caso=ajuste.caso, area=nominas)
    client.force_login(getattr(personas, quien))
    client.get("/cuenta/")  # the first request of a session writes it
    with django_assert_num_queries(SENTENCIAS[quien]):
        respuesta = client.get("/")
    for bandeja in BANDEJAS:
        assert len(getattr(respuesta.context["p"], bandeja).filas) <= LIMITE


@pytest.mark.parametrize("quien", NOMBRES)
def test_todo_lo_que_ofrece_abre(client, personas, casos, quien):
    """No dead link: what a tray shows may be seen, and its buttons are this person's."""
    Configuracion.objects.update_or_create(pk=1, defaults={"ventas_ve_todo": False})
    CitaFactory(caso=casos["mio"], inicio=timezone.now() - timedelta(hours=3))
    AvisoFactory(caso=casos["mio"], estado="FALLIDO")
    ConstanciaFactory(caso=casos["mio"], destinatario=personas.gerente)
    opinion = OpinionFactory(caso=casos["de_areas"])
    ConstanciaFactory(
        caso=casos["de_areas"], tipo="OPINION", opinion=opinion, destinatario=personas.juridico
    )
    AjusteFactory(caso__responsable=personas.ventas)
    SuplenciaFactory(titular=personas.juridico, suplente=personas.dh)
    SuplenciaFactory(titular=personas.ventas, suplente=personas.ventas2)
    client.force_login(getattr(personas, quien))
    cuerpo = client.get("/").text.split("<main")[1]
    enlaces = set(re.findall(r'<a [^>]*href="(/[^"]*)"', cuerpo))
    for url in enlaces:
        respuesta = client.get(url.replace("&amp;", "&"))
        assert respuesta.status_code in (200, 302), url
    if quien in ("ventas", "ventas2", "gerente", "atencion", "direccion", "juridico", "dh"):
        assert any(url.startswith("/casos/SV-") for url in enlaces)


def test_una_bandeja_larga_lleva_a_la_lista_completa(client, personas):
    CasoFactory.create_batch(LIMITE + 1, estado=Estado.EN_CONTACTO, responsable=personas.ventas)
    CasoFactory(estado=Estado.EN_RESPUESTA, responsable=personas.ventas)
    client.force_login(personas.ventas)
    respuesta = client.get("/")
    assert respuesta.context["p"].me_toca.hay_mas
    assert f"{LIMITE}+" in respuesta.text
    enlace = "/casos/?tocan=on&orden=vence"
    assert enlace.replace("&", "&amp;") in respuesta.text
    assert client.get(enlace).context["siguiente_url"]


@pytest.mark.parametrize(
    ("quien", "dice"),
    [
        ("ventas", "Aquí verás lo que te espera"),
        ("juridico", "Lo que le pregunten o le pidan a tu área"),
        ("gerente", "Empieza por registrar la solicitud"),
        ("auditor", "tuyas son las muestras y sus hallazgos"),
        ("calidad", "tuya es la instrucción"),
        ("admin", "Tu cuenta administra el sistema"),
    ],
)
def test_una_bandeja_vacia_lo_dice_bien(client, personas, quien, dice):
    client.force_login(getattr(personas, quien))
    assert dice in client.get("/").text


def test_quien_ya_tuvo_casos_esta_al_dia(client, personas):
    CasoFactory(estado=Estado.CERRADO, responsable=personas.ventas)
    client.force_login(personas.ventas)
    assert "Estás al día" in client.get("/").text


def test_la_pagina_solo_se_lee(client, personas):
    client.force_login(personas.ventas)
    assert client.post("/").status_code == 405
    assert client.head("/").status_code == 200


def test_quien_ya_no_tiene_cargo_confirma_lo_que_oyo(client, mundo):
    """No role and no area any more: what was said to them is still theirs to confirm."""
    caso = mundo.aceptar(
        mundo.hasta(Estado.EN_RESPUESTA), "JUR", "NOM", verbal={"NOM": mundo.p.nominas}
    )
    [constancia] = [c for c in caso.hechos.constancias if c.destinatario == mundo.p.nominas]
    mundo.p.nominas.membresias.update(activa=False)
    client.force_login(mundo.p.nominas)
    url = f"{caso.get_absolute_url()}confirmar_constancia/{constancia.pk}/"
    assert client.post(url, {"version": constancia.version}, follow=True).status_code == 200
    constancia.refresh_from_db()
    assert constancia.estado == "CONFIRMADA"
