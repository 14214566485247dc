"""Who is told about which action (the last column of D§2), and what the letters say."""

from itertools import takewhile
from pathlib import Path

import pytest
from django.conf import settings

from casos import calendario
from casos.catalogos import Estado
from casos.correo import bandeja_de_salida
from casos.correo.reglas import REGLAS, RESUMEN, SIEMPRE
from casos.expediente.turno import como_quedo
from casos.models import Area, Aviso, Caso, Cliente, Suplencia, Usuario
from tests.factories import UsuarioFactory
from tests.guion import Guion, actuar, ajustes, consultas, en_dias, fresco, hace, un_contrato

from .guion import pedir

E = Estado
PLANTILLAS = Path(__file__).resolve().parent.parent / "templates" / "correos"


@pytest.fixture
def g(personas):
    return Guion(personas)


def enviados(caso, accion):
    """(recipient, template) of the mails of the last event of ``accion``."""
    evento = caso.eventos.filter(accion=accion).order_by("-numero").first()
    filas = Aviso.objects.filter(evento=evento).values_list("usuario__username", "plantilla")
    return sorted((u or "", p) for u, p in filas)


TARIFA = "Tarifa mensual por persona: $15,000.00 MXN → $14,500.00 MXN"


def renglones(carta) -> list:
    """The rows of the sheet that a letter lists."""
    _, _, hoja = carta.texto.partition("Condiciones (")
    lineas = hoja.partition(":\n")[2].splitlines()
    return [r.removeprefix("- ") for r in takewhile(lambda r: r.startswith("- "), lineas)]


def test_no_sobra_ninguna_carta():
    usadas = {c.plantilla for reglas in (*REGLAS.values(), SIEMPRE) for _, c in reglas}
    usadas.add(RESUMEN.plantilla)  # no act brings it about
    assert {p.stem for p in PLANTILLAS.glob("[!_]*.txt")} == usadas


def test_registrar_avisa_a_gerencia_y_asignar_al_nuevo_y_al_anterior(g):
    caso = g.registrar(responsable=False)
    assert enviados(caso, "registrar") == [("gerente", "por_asignar")]
    caso = g.asignar(caso)
    assert enviados(caso, "asignar") == [("ventas", "asignado")]
    caso = g.asignar(caso, a=g.p.ventas2)
    assert enviados(caso, "asignar") == [("ventas", "relevado"), ("ventas2", "asignado")]


def test_sin_gerente_activo_lo_que_falta_asignar_lo_sabe_direccion(g):
    g.p.gerente.is_active = False
    g.p.gerente.save()
    caso = g.registrar(responsable=False)
    assert enviados(caso, "registrar") == [("direccion", "por_asignar")]


def test_quien_no_lo_hizo_se_entera_de_que_le_toca(g):
    """Assigned while registering; and left without the case by a corrected order."""
    orden = {"responsable": g.p.ventas.pk, "ordeno": g.p.gerente.pk, "ordeno_en": hace(minutes=5)}
    contrato = un_contrato("CT-900")
    caso = actuar(
        "registrar",
        None,
        g.p.gerente,
        cliente=contrato.cliente_id,
        contrato=contrato.pk,
        persona=contrato.cliente.personas.get().pk,
        recibido_en=hace(hours=1),
        solicitud="Pide bajar la tarifa.",
        asignacion="AHORA",
        **orden,
    )
    assert enviados(caso, "registrar") == [("ventas", "asignado")]
    caso = g.registrar(responsable=False)
    caso = actuar("asignar", caso, g.p.direccion, ordeno_verbal="on", **orden)
    actuar(
        "corregir_constancia",
        caso,
        g.p.gerente,
        caso.hechos.constancias[0],
        correccion="No lo pedí.",
    )
    assert enviados(caso, "corregir_constancia") == [
        ("direccion", "constancia_corregida"),
        ("ventas", "relevado"),
    ]


def test_cada_area_recibe_su_pregunta_y_solo_la_suya(g):
    caso = g.analizar(g.hasta(E.EN_CONTACTO), "FIN", "JUR")
    assert enviados(caso, "analizar") == [
        ("finanzas", "opinion_pedida"),
        ("juridico", "opinion_pedida"),
    ]
    carta = Aviso.objects.get(plantilla="opinion_pedida", usuario=g.p.finanzas)
    assert "¿Es posible, FIN?" in carta.texto
    assert "JUR" not in carta.texto
    opinion = next(o for o in caso.hechos.opiniones if o.area.codigo == "FIN")
    assert f"/casos/{caso.folio}/opinar/{opinion.pk}/" in carta.texto


def test_el_correo_del_area_va_a_su_direccion_si_la_tiene(g):
    Area.objects.filter(codigo="FIN").update(correo="finanzas@empresa.example")
    g.hasta(E.EN_ANALISIS)
    assert Aviso.objects.get(plantilla="opinion_pedida").para == "finanzas@empresa.example"


def test_al_concluir_va_a_rc_aunque_haya_una_en_contra(g):
    caso = g.opinar(g.hasta(E.EN_ANALISIS))
    assert enviados(caso, "concluir_analisis") == [("ventas", "analisis_concluido")]
    caso = g.opinar(g.hasta(E.EN_ANALISIS), sentido="EN_CONTRA")
    assert enviados(caso, "concluir_analisis") == [("ventas", "analisis_concluido")]
    assert "llévalo a Dirección" in Aviso.objects.filter(caso=caso).latest("pk").texto


def test_el_asunto_del_ajuste_es_el_de_la_instruccion_y_lleva_sus_renglones(g):
    caso = g.aceptar(g.hasta(E.EN_RESPUESTA), "JUR", "NOM", "RYS", verbal={"RYS": g.p.rys})
    assert enviados(caso, "aceptar") == [
        ("juridico", "ajuste_pedido"),
        ("nominas", "ajuste_pedido"),
        ("rys", "constancia"),
    ]
    fecha = f"{caso.vigor_fecha:%d/%m/%Y}"
    asuntos = set(Aviso.objects.filter(plantilla="ajuste_pedido").values_list("asunto", flat=True))
    assert asuntos == {
        f"[{caso.folio}] Jurídico: ajustar contrato – Aceros del Norte, a partir del {fecha}",
        f"[{caso.folio}] Nóminas: ajustar servicio – Aceros del Norte, a partir del {fecha}",
    }
    juridico = Aviso.objects.get(usuario=g.p.juridico, plantilla="ajuste_pedido").texto
    assert "Tarifa mensual por persona: $15,000.00 MXN → $14,500.00 MXN" in juridico
    # The price is none of Nóminas' business.
    assert "Tarifa" not in Aviso.objects.get(usuario=g.p.nominas, plantilla="ajuste_pedido").texto


def test_el_cliente_solo_recibe_lo_suyo_y_solo_si_se_pide(g):
    caso = g.presentar(g.hasta(E.EN_PROPUESTA))
    assert enviados(caso, "presentar") == []
    caso = actuar("volver_a_presentar", caso, g.p.ventas, motivo="Otra vez.")
    caso = g.presentar(caso, enviar_al_cliente="on", texto="Con gusto.")
    carta = Aviso.objects.get(plantilla="propuesta")
    assert carta.para == "laura@aceros.example"
    assert "Con gusto." in carta.texto and "$14,500.00" in carta.texto
    assert carta.texto.index("$14,500.00") < carta.texto.index("Quedamos a sus órdenes.")
    for interno in ("Se conserva el margen", "Bajar la tarifa a 14,500", "http", "instrucción"):
        assert interno not in carta.texto + carta.html


def test_un_no_con_riesgo_avisa_a_gerencia_y_direccion(g):
    caso = g.rechazar(g.hasta(E.EN_RESPUESTA), contrato_tras_no="EN_RIESGO")
    assert {("gerente", "en_riesgo"), ("direccion", "en_riesgo")} <= set(enviados(caso, "rechazar"))
    caso = g.rechazar(g.hasta(E.EN_RESPUESTA))
    assert "en_riesgo" not in {p for _, p in enviados(caso, "rechazar")}


def test_no_viable_por_medio_de_atencion_avisa_a_atencion_con_el_texto(g):
    caso = g.no(g.hasta(E.POR_DECIDIR), por_atencion="SI")
    assert ("atencion", "informar_cliente") in enviados(caso, "declarar_no_viable")
    carta = Aviso.objects.get(plantilla="informar_cliente")
    assert "Por ahora no es posible." in carta.texto
    assert "El margen no alcanza." not in carta.texto


def test_al_retirar_las_areas_con_trabajo_abierto_reciben_alto(g):
    caso = g.analizar(g.hasta(E.EN_CONTACTO), "FIN", "JUR")
    caso = g.retirar(g.opinar(caso, "FIN"))
    assert enviados(caso, "retirar") == [("juridico", "alto")]


def test_cerrar_modificado_resume_a_las_areas_y_a_atencion(g):
    caso = g.confirmar(g.confirmar(g.hasta(E.EN_MODIFICACION), "JUR"), "NOM")
    caso = g.cerrar_modificado(caso)
    assert enviados(caso, "cerrar_modificado") == [
        ("atencion", "modificado"), ("finanzas", "modificado"), ("juridico", "modificado"),
        ("nominas", "modificado"),
    ]  # fmt: skip


def test_deshacer_va_al_area_y_su_respuesta_a_rc(g):
    caso = g.confirmar(g.hasta(E.EN_MODIFICACION), "JUR")
    caso = actuar(
        "pedir_deshacer", caso, g.p.ventas, g.ajuste(caso, "JUR"), que="No va.", para=en_dias(2)
    )
    assert enviados(caso, "pedir_deshacer") == [("juridico", "deshacer_pedido")]
    deshace = next(a for a in caso.hechos.ajustes if a.deshace_id)
    caso = actuar("confirmar_deshecho", caso, g.p.juridico, deshace, respuesta="Hecho.")
    assert enviados(caso, "confirmar_deshecho") == [("ventas", "ajuste_respondido")]


def test_reabrir_avisa_a_rc_y_a_las_areas(g):
    caso = actuar("reabrir", g.hasta(E.CERRADO), g.p.gerente, motivo="Volvió.", **consultas("FIN"))
    assert enviados(caso, "reabrir") == [("finanzas", "opinion_pedida"), ("ventas", "reabierto")]


def test_agregar_ajuste_avisa_al_area_nueva(g):
    caso = actuar("agregar_ajuste", g.hasta(E.EN_MODIFICACION), g.p.ventas, **ajustes("RYS"))
    assert enviados(caso, "agregar_ajuste") == [("rys", "ajuste_pedido")]


def test_nadie_recibe_correo_de_lo_que_hizo_y_sin_direccion_no_se_escribe(g):
    Usuario.objects.filter(username="finanzas").update(email="")
    caso = g.hasta(E.POR_DECIDIR)
    for evento in caso.eventos.exclude(actor=None):
        assert not Aviso.objects.filter(evento=evento, usuario=evento.actor).exists()
    assert not Aviso.objects.filter(usuario=g.p.finanzas).exists()


def test_quien_sigue_el_caso_se_entera_de_los_cambios_de_paso(g):
    caso = actuar("seguir", g.hasta(E.EN_CONTACTO), g.p.ventas2)
    caso = g.analizar(caso)
    assert ("ventas2", "avance") in enviados(caso, "analizar")


def test_los_correos_de_un_caso_van_en_un_hilo_y_sin_saltos_en_el_asunto(g):
    caso = g.registrar()
    caso.cliente.nombre_comercial = "ACME\r\nBcc: todos@x.example"
    caso.cliente.save()
    g.contactar(caso)
    caso = g.analizar(fresco(caso))
    cartas = Aviso.objects.filter(caso=caso)
    for carta in cartas:
        primera = cartas.filter(para=carta.para).order_by("pk").first()
        assert carta.en_respuesta_a == ("" if carta == primera else primera.message_id)
    assert len({a.message_id for a in cartas}) == cartas.count() > 1
    assert not [a for a in cartas if "\n" in a.asunto or "\r" in a.asunto]
    assert "<script" not in "".join(a.html for a in cartas)


def test_el_texto_de_las_personas_va_escapado_en_el_html(g):
    caso = g.hasta(E.EN_CONTACTO)
    datos = consultas("FIN") | {"pregunta_FIN": "<script>alert(1)</script> & «sí»"}
    g.analizar(caso, **datos)
    carta = Aviso.objects.get(plantilla="opinion_pedida")
    assert "<script>" in carta.texto
    assert "<script>" not in carta.html and "&lt;script&gt;" in carta.html


def test_el_boton_lleva_a_donde_se_contesta(g):
    caso = g.registrar(responsable=False)
    base = f"{settings.URL_BASE}/casos/{caso.folio}"
    assert f"Asignar responsable: {base}/asignar/\n" in Aviso.objects.get(caso=caso).texto
    caso = g.analizar(g.contactar(g.asignar(caso)), "FIN")
    opinion = caso.hechos.opiniones[0]
    actuar("pedir_datos", caso, g.p.finanzas, opinion, datos_pedidos="¿Cuántas plazas?")
    pregunta = Aviso.objects.get(plantilla="datos_pedidos")
    assert f"{base}/responder_datos/{opinion.pk}/" in pregunta.texto
    assert pregunta.html.count(f'href="{base}/responder_datos/{opinion.pk}/"') == 1


def test_el_ajuste_no_anuncia_lo_que_no_se_acordo(g):
    caso = g.presentar(g.viable(g.hasta(E.POR_DECIDIR), propuesto_plazas="17"))
    g.aceptar(caso, "JUR", "NOM", acordado_plazas="")
    juridico, nominas = (
        Aviso.objects.get(plantilla="ajuste_pedido", usuario=u) for u in (g.p.juridico, g.p.nominas)
    )
    assert "Condiciones (Vigente → Acordado):\n- Tarifa" in juridico.texto
    assert renglones(juridico) == [TARIFA]
    assert "Condiciones" not in nominas.texto


def test_al_cliente_no_se_le_muestra_el_margen(g):
    caso = g.presentar(
        g.viable(g.hasta(E.POR_DECIDIR), propuesto_margen="9.75"), enviar_al_cliente="on"
    )
    carta = Aviso.objects.get(plantilla="propuesta")
    assert {f.concepto.clave: f.propuesto for f in caso.hechos.condiciones}["margen"] == "9.75"
    assert [f["clave"] for f in caso.propuestas.get().filas] == ["tarifa"]
    assert "Tarifa mensual por persona: $14,500.00 MXN" in carta.texto
    for interno in ("Margen", "9.75"):
        assert interno not in carta.texto + carta.html


def test_los_renglones_de_quien_escribe_se_conservan(g):
    datos = consultas("FIN") | {
        "pregunta_FIN": "Dos cosas:\r\n- tarifa\r\n- plazas\r\n\r\nGracias."
    }
    g.analizar(g.hasta(E.EN_CONTACTO), **datos)
    carta = Aviso.objects.get(plantilla="opinion_pedida")
    assert "Pregunta: Dos cosas:\n- tarifa\n- plazas\n\nGracias.\n" in carta.texto
    assert "Dos cosas:<br>- tarifa<br>- plazas</p>" in carta.html


def test_al_anular_cada_area_recibe_una_sola_carta(g):
    caso = g.analizar(g.hasta(E.EN_CONTACTO), "FIN", "JUR")
    caso = g.opinar(caso, "FIN")
    caso = actuar("anular", caso, g.p.gerente, anulacion="ERROR", detalle="Se duplicó.")
    assert enviados(caso, "anular") == [
        ("finanzas", "cerrado"),
        ("juridico", "alto"),
        ("ventas", "cerrado"),
    ]


def test_a_quien_se_le_retiro_la_consulta_ya_no_se_le_escribe(g):
    caso = g.analizar(g.hasta(E.EN_CONTACTO), "FIN", "JUR")
    juridico = next(o for o in caso.hechos.opiniones if o.area.codigo == "JUR")
    caso = actuar("retirar_consulta", caso, g.p.ventas, juridico, motivo="No era para ellos.")
    caso = g.viable(g.opinar(caso, "FIN"))
    assert enviados(caso, "declarar_viable") == [("finanzas", "viable")]


def test_sin_enlace_a_quien_no_puede_abrir_el_caso(g):
    """Atención is told how it ended also of a case that never came to them; its area opens it."""
    caso = g.informar(g.hasta(E.POR_INFORMAR))
    atencion = Aviso.objects.get(caso=caso, plantilla="cerrado", usuario=g.p.atencion)
    assert "http" not in atencion.texto and "href" not in atencion.html
    de_un_area = Aviso.objects.filter(caso=caso, plantilla="cerrado").exclude(pk=atencion.pk)
    assert de_un_area.exists()
    assert all(f"/casos/{caso.folio}/" in aviso.texto for aviso in de_un_area)


def test_quien_sigue_el_caso_sabe_que_el_analisis_concluyo(g):
    caso = actuar("seguir", g.hasta(E.EN_ANALISIS), g.p.ventas2)
    caso = g.opinar(caso)
    assert enviados(caso, "concluir_analisis") == [
        ("ventas", "analisis_concluido"),
        ("ventas2", "avance"),
    ]


def test_quien_suple_tambien_recibe_y_el_area_inactiva_no(g):
    caso = g.hasta(E.EN_CONTACTO)
    Suplencia.objects.create(
        titular=g.p.finanzas, suplente=g.p.ventas2, desde=calendario.hoy(), hasta=calendario.hoy()
    )
    otra = UsuarioFactory(username="de_antes", areas=["FIN"])
    otra.membresias.update(activa=False)
    caso = g.analizar(caso)
    assert enviados(caso, "analizar") == [
        ("finanzas", "opinion_pedida"),
        ("ventas2", "opinion_pedida"),
    ]


def test_se_listan_las_condiciones_que_cambian_y_se_dice_que_lo_demas_sigue(g):
    """Four columns or two: a row is listed where something differs from what is in force."""
    caso = g.presentar(g.viable(g.hasta(E.POR_DECIDIR), propuesto_plazas="20"))
    caso = g.aceptar(caso, "JUR", "NOM")
    juridico, nominas = (
        Aviso.objects.get(plantilla="ajuste_pedido", usuario=u) for u in (g.p.juridico, g.p.nominas)
    )
    assert renglones(juridico) == [TARIFA]
    for carta in (juridico.texto, juridico.html):
        assert "$14,500.00 MXN" in carta and "Lo demás sigue igual." in carta
        assert "Plazas" not in carta
    assert "Condiciones (" not in nominas.texto and "igual" not in nominas.texto
    assert "De lo que toca a Nóminas nada cambia; cambian otras condiciones." in nominas.texto
    pregunta = Aviso.objects.get(plantilla="opinion_pedida").texto
    assert "Tarifa" in pregunta and "sigue igual" not in pregunta


def test_la_constancia_de_un_ajuste_dice_que_desde_cuando_y_para_cuando(g):
    caso = g.aceptar(g.hasta(E.EN_RESPUESTA), "JUR", "NOM", verbal={"JUR": g.p.juridico})
    ajuste = g.ajuste(caso, "JUR")
    [carta] = Aviso.objects.filter(plantilla="constancia")
    assert carta.asunto.split("] ")[1].startswith("Constancia de ")
    assert f"A partir del {caso.vigor_fecha:%d/%m/%Y}." in carta.texto
    assert f"Para el {ajuste.vence:%d/%m/%Y}." in carta.texto
    assert "- Tarifa mensual por persona: $15,000.00 MXN → $14,500.00 MXN" in carta.texto
    assert carta.texto.index("$14,500.00") < carta.texto.index("¿Fue así?")
    assert carta.texto.count("http") == 1 and carta.html.count("<a ") == 1


def test_la_constancia_de_una_orden_no_lleva_condiciones(g):
    g.asignar(g.registrar(responsable=False, solicitado_tarifa="14000"))
    g.hasta(E.EN_CONTACTO)
    for carta in Aviso.objects.filter(plantilla="constancia"):
        assert "Condiciones (" not in carta.texto and "Para el" not in carta.texto


def test_todo_asunto_empieza_con_mayuscula(g):
    g.aceptar(g.hasta(E.EN_RESPUESTA), "JUR", "NOM", verbal={"NOM": g.p.nominas})
    g.cerrar_modificado(g.confirmar(g.confirmar(g.hasta(E.EN_MODIFICACION), "JUR"), "NOM"))
    for asunto in Aviso.objects.values_list("asunto", flat=True):
        assert asunto.split("] ")[1][0].isupper(), asunto


def test_se_dice_a_quien_le_toca_como_se_habla(g):
    casos = {
        "Ahora le toca a la gerencia comercial.": g.registrar(responsable=False),
        f"Ahora le toca a {g.p.ventas}.": g.registrar(),
        "Ahora le toca a Finanzas.": g.analizar(g.hasta(E.EN_CONTACTO), "FIN"),
        "Ahora les toca a Jurídico y Finanzas.": g.analizar(g.hasta(E.EN_CONTACTO), "FIN", "JUR"),
        "Ahora le toca al cliente.": g.hasta(E.EN_RESPUESTA),
        "Ahora les toca a Jurídico y Nóminas.": g.hasta(E.EN_MODIFICACION),
        "El caso quedó como «No viable».": g.hasta(E.CERRADO),
    }
    assert {como_quedo(c.hechos, g.p.rys): c.estado for c in casos.values()} == {
        k: c.estado for k, c in casos.items()
    }
    caso = actuar("agregar_ajuste", g.hasta(E.EN_MODIFICACION), g.p.ventas, **ajustes("RYS"))
    for codigo in ("JUR", "NOM"):
        caso = g.confirmar(caso, codigo)
    assert como_quedo(caso.hechos, g.p.ventas) == "Ahora le toca a Reclutamiento y Selección."
    caso = g.analizar(g.hasta(E.EN_CONTACTO), "FIN", "JUR", "DH")
    devuelta = next(o for o in caso.hechos.opiniones if o.area.codigo == "DH")
    caso = actuar("pedir_datos", caso, g.p.dh, devuelta, datos_pedidos="¿Cuántos turnos?")
    assert caso.pendiente_de == f"{g.p.ventas}, Jurídico y Finanzas"
    actuar("seguir", g.hasta(E.EN_PROPUESTA), g.p.ventas2)
    g.presentar(fresco(Caso.objects.get(seguidores=g.p.ventas2)))
    assert "Ahora le toca al cliente." in Aviso.objects.filter(plantilla="avance").last().texto


def test_a_quien_le_toca_se_le_dice_a_el(g):
    caso = g.registrar()
    assert como_quedo(caso.hechos, g.p.ventas) == "Ahora te toca a ti."
    assert como_quedo(caso.hechos, g.p.gerente) == f"Ahora le toca a {g.p.ventas}."
    caso = g.hasta(E.CERRADO)
    actuar("reabrir", caso, g.p.gerente, motivo="Cambió.", **consultas("FIN"))
    carta = Aviso.objects.filter(plantilla="reabierto", usuario=g.p.ventas).last()
    assert "le toca a Finanzas" in carta.texto


def test_ninguna_carta_dice_dos_puntos_seguidos(g):
    """«S.A. de C.V.» ends many a sentence."""
    cliente = Cliente.objects.create(razon_social="Aceros del Golfo, S.A. de C.V.")
    contrato = un_contrato("CT-PUNTO", cliente)
    caso = g.aceptar(
        g.presentar(g.viable(g.opinar(g.analizar(g.contactar(g.registrar(contrato=contrato))))))
    )
    cartas = list(Aviso.objects.filter(caso=caso))
    assert len(cartas) > 4
    for carta in cartas:
        assert "C.V." in carta.texto
        assert ".." not in carta.texto.replace("...", ""), carta.texto


def test_el_mensaje_dice_lo_que_se_hizo_y_a_quien_le_toca(g):
    caso = g.contactar(g.registrar())
    hecho = pedir("anotar", g.p.ventas, caso=caso, datos={"version": caso.version, "nota": "Sí."})
    assert (
        hecho.mensaje
        == f"Listo: la nota quedó escrita ({caso.folio}). {como_quedo(caso.hechos, g.p.ventas)}"
    )


# -- the page of the mails -------------------------------------------------------------------------


def ver(client, persona, url):
    client.force_login(persona)
    return client.get(url)


def test_cada_quien_ve_los_correos_de_sus_casos(client, g):
    caso = g.analizar(g.hasta(E.EN_CONTACTO), "FIN", "JUR")
    carta = Aviso.objects.get(plantilla="opinion_pedida", usuario=g.p.finanzas)
    for persona in (g.p.ventas, g.p.finanzas, g.p.gerente, g.p.calidad):
        assert carta.asunto in ver(client, persona, "/avisos/").content.decode()
    for persona in (g.p.nominas, g.p.ajena):
        assert caso.folio not in ver(client, persona, "/avisos/").content.decode()
        assert client.get(f"/avisos/{carta.pk}/").status_code == 404
        assert client.post(f"/avisos/{carta.pk}/reenviar/").status_code == 404


def test_el_contenido_de_un_area_no_lo_lee_otra(client, g):
    g.analizar(g.hasta(E.EN_CONTACTO), "FIN", "JUR")
    carta = Aviso.objects.get(plantilla="opinion_pedida", usuario=g.p.finanzas)
    leen = {
        p.username: "¿Es posible, FIN?" in ver(client, p, f"/avisos/{carta.pk}/").content.decode()
        for p in (g.p.ventas, g.p.ventas2, g.p.finanzas, g.p.juridico, g.p.gerente, g.p.auditor)
    }
    assert leen == {
        "ventas": True,
        "ventas2": False,
        "finanzas": True,
        "juridico": False,
        "gerente": True,
        "auditor": False,
    }


def test_quien_lleva_el_caso_y_la_gerencia_leen_todas_sus_cartas(client, g):
    """D§5: they may read every area's grounds, so every letter of the case; accounts' never."""
    g.aceptar(g.hasta(E.EN_RESPUESTA), "JUR", "NOM", verbal={"NOM": g.p.nominas})
    actuar(
        "programar_cita",
        g.hasta(E.EN_PROPUESTA),
        g.p.ventas,
        asunto="Ver la propuesta",
        inicio=hace(days=-1),
        minutos=30,
        medio="VISITA",
        lugar="Su oficina",
    )
    bandeja_de_salida.cuenta(g.p.juridico, g.p.juridico.email, "Tu contraseña", "enlace-secreto")
    assert Aviso.objects.exclude(caso=None).count() > 8
    for persona in (g.p.ventas, g.p.gerente, g.p.direccion):
        for carta in Aviso.objects.all():
            respuesta = ver(client, persona, f"/avisos/{carta.pk}/")
            if carta.caso is None:
                assert respuesta.status_code == 404
            else:
                assert respuesta.context["leible"], (persona, carta.plantilla)


def test_lo_que_dijo_el_servidor_lo_lee_quien_lee_el_correo(client, g):
    """It may name the address the mail went to, which an auditor does not read."""
    g.hasta(E.EN_ANALISIS)
    aviso = Aviso.objects.get(plantilla="opinion_pedida")
    aviso.error = f"El servidor de correo contestó: 550 {aviso.para} unknown"
    aviso.save()
    for quien, debe in (
        ("finanzas", True),
        ("ventas", True),
        ("auditor", False),
        ("ventas2", False),
    ):
        client.force_login(getattr(g.p, quien))
        pagina = client.get(f"/avisos/{aviso.pk}/").text
        assert (aviso.para in pagina) == debe and ("No se pudo enviar." in pagina) != debe, quien


def test_los_de_cuenta_solo_los_lista_quien_administra_y_nadie_lee_los_confidenciales(client, g):
    bandeja_de_salida.cuenta(g.p.ventas, g.p.ventas.email, "Tu contraseña", "enlace-secreto")
    carta = Aviso.objects.get(plantilla="cuenta")
    assert "Tu contraseña" in ver(client, g.p.admin, "/avisos/").content.decode()
    assert "enlace-secreto" not in client.get(f"/avisos/{carta.pk}/").content.decode()
    for persona in (g.p.ventas, g.p.gerente, g.p.direccion):
        assert "Tu contraseña" not in ver(client, persona, "/avisos/").content.decode()
        assert client.get(f"/avisos/{carta.pk}/").status_code == 404


def test_se_filtra_por_estado_y_folio_y_se_pagina_sin_repetir(client, g, monkeypatch):
    monkeypatch.setattr("casos.lecturas.correos.TAMANO", 2)
    uno, otro = g.hasta(E.POR_DECIDIR), g.hasta(E.EN_ANALISIS)
    fallido = Aviso.objects.filter(caso=uno).latest("pk")
    Aviso.objects.filter(pk=fallido.pk).update(estado="FALLIDO")
    pagina = ver(client, g.p.ventas, "/avisos/?estado=FALLIDO").context["correos"]
    assert [c.pk for c in pagina] == [fallido.pk]
    vistos, url = [], f"?caso={uno.folio}"
    while url:
        contexto = client.get(f"/avisos/{url}").context
        vistos += [c.pk for c in contexto["correos"]]
        url = contexto["siguiente_url"]
    assert vistos == list(
        Aviso.objects.filter(caso=uno).order_by("-pk").values_list("pk", flat=True)
    )
    assert len(vistos) > 2 and Aviso.objects.filter(caso=otro).exists()


def test_la_historia_lleva_al_correo_o_a_los_de_ese_paso(client, g):
    caso = g.opinar(g.analizar(g.hasta(E.EN_CONTACTO), "FIN", "JUR"), "FIN")
    texto = ver(client, g.p.ventas, caso.get_absolute_url()).text
    dada = Aviso.objects.get(caso=caso, plantilla="opinion_dada")
    assert f'<a href="/avisos/{dada.pk}/">1 correo</a>' in texto
    pedidas = Aviso.objects.filter(caso=caso, plantilla="opinion_pedida")
    ruta = f"/avisos/?caso={caso.folio}&amp;evento={pedidas[0].evento.numero}"
    assert f'<a href="{ruta}">2 correos</a>' in texto
    pagina = client.get(ruta.replace("&amp;", "&"))
    assert {c.pk for c in pagina.context["correos"]} == {c.pk for c in pedidas}
    assert pagina.context["hay_filtro"]


def test_reenviar_lo_pide_el_responsable_y_solo_lo_que_fallo(client, g):
    g.hasta(E.EN_ANALISIS)
    carta = Aviso.objects.get(plantilla="opinion_pedida")
    url = f"/avisos/{carta.pk}/reenviar/"
    client.force_login(g.p.ventas)
    assert client.post(url).status_code == 403  # it has not failed
    Aviso.objects.filter(pk=carta.pk).update(estado="FALLIDO", intentos=6, error="No.")
    assert "Reenviar" not in ver(client, g.p.finanzas, f"/avisos/{carta.pk}/").content.decode()
    assert client.post(url).status_code == 403
    assert "Reenviar" in ver(client, g.p.ventas, f"/avisos/{carta.pk}/").content.decode()
    assert client.get(url).status_code == 405
    assert client.post(url).status_code == 302
    carta.refresh_from_db()
    assert (carta.estado, carta.intentos, carta.error) == ("PENDIENTE", 0, "")


def test_la_carta_de_quien_falta_por_asignar_dice_si_el_plazo_ya_paso(g):
    """Written down days later, it is overdue when the letter is written."""
    caso = g.registrar(responsable=False, recibido_en=hace(days=12))
    carta = Aviso.objects.filter(caso=caso, plantilla="por_asignar").latest("pk").texto
    assert "el plazo venció el" in carta and "a más tardar" not in carta
