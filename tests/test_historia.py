"""How the log reads: in the words of a record, and to each reader no more than the case page."""

import re

import pytest

from casos.actos import SUCESOS
from casos.catalogos import Estado
from casos.expediente.completo import completo
from casos.lecturas import historia
from casos.models import Caso, Configuracion, VersionContrato
from casos.pasos.tabla import PASOS, orden_de
from tests.guion import actuar, consultas, contacto, en_dias, hace

E = Estado


@pytest.fixture
def g(mundo):
    return mundo


def leida(caso, usuario) -> list:
    """(label, text) of every line of the log."""
    lineas = historia.pagina(completo(usuario, caso.folio))[0]
    return [par for r in lineas for par in (*r.textos, *r.datos)]


def etiquetas(caso, usuario) -> set:
    return {etiqueta for etiqueta, _ in leida(caso, usuario)}


def test_la_historia_se_lee_como_registro_y_no_como_formulario(g):
    caso = actuar(
        "registrar",
        None,
        g.p.ventas,
        cliente_razon_social="Telas",
        persona_nombre="Ana",
        contrato_numero="T-1",
        contrato_servicio="Costura",
        contrato_desde=hace(days=9).date(),
        recibido_en=hace(hours=2),
        solicitud="Más gente.",
    )
    caso = g.contactar(g.asignar(caso))
    caso = actuar(
        "registrar_contacto", caso, g.p.gerente, **contacto(persona="", persona_nombre="Laura")
    )
    suyo = next(c for c in caso.hechos.contactos if c.registrado_por_id == g.p.ventas.pk)
    actuar(
        "corregir_contacto", caso, g.p.ventas, suyo, resumen="Otra cosa.", motivo="Me equivoqué."
    )
    actuar(
        "corregir_datos",
        caso,
        g.p.ventas,
        solicitud="Menos gente.",
        persona=caso.persona_id,
        motivo="Así fue.",
    )
    caso = g.analizar(caso)
    opinion = caso.hechos.opiniones[0]
    caso = actuar("pedir_datos", caso, g.p.finanzas, opinion, datos_pedidos="¿Cuántos turnos?")
    caso = actuar("responder_datos", caso, g.p.ventas, opinion, datos_dados="Dos.")
    actuar("anular", caso, g.p.gerente, anulacion="ERROR", detalle="Se capturó de más.")
    leidas = etiquetas(caso, g.p.gerente)
    assert {
        "Persona agregada",
        "Por qué se corrigió",
        "Por qué actuó en su lugar",
        "Respuesta al área",
        "Qué pasó",
        "Contrato agregado",
        "Datos que pidió el área",
    } <= leidas
    al_que_escribe = ("Escribe", "Tu ", "Explica", "corriges", "haces", "necesitas", "¿", "Si ")
    assert not [e for e in leidas if any(p in e for p in al_que_escribe)]


def test_un_area_no_lee_en_la_historia_lo_que_la_pagina_no_le_muestra(client, g):
    caso = actuar(
        "registrar",
        None,
        g.p.ventas,
        cliente_razon_social="Telas",
        persona_nombre="Ana",
        persona_telefono="8112345678",
        persona_correo="ana@telas.example",
        contrato_numero="T-1",
        contrato_servicio="Costura",
        contrato_desde=hace(days=9).date(),
        recibido_en=hace(hours=2),
        solicitud="Más gente.",
    )
    caso = g.opinar(g.analizar(g.contactar(g.asignar(caso))))
    caso = actuar(
        "pedir_mas_analisis", g.viable(caso), g.p.ventas, que_falta="Lo de DH", **consultas("DH")
    )
    caso = g.no(g.opinar(caso, "DH"))
    dichos = (
        "ana@telas.example",
        "Bajar la tarifa a 14,500.",
        "Se conserva el margen.",
        "El margen no alcanza.",
    )
    for quien, debe in (("ventas", True), ("direccion", True), ("finanzas", False)):
        client.force_login(getattr(g.p, quien))
        pagina = client.get(caso.get_absolute_url()).text
        for dicho in dichos:
            assert (dicho in pagina) == debe, (quien, dicho)
    assert "12345678" not in pagina


def test_el_consentimiento_a_una_contraoferta_queda_a_la_vista(g):
    for consiente, visto in (("", False), ("on", True)):
        caso = actuar(
            "contraofertar",
            g.hasta(E.EN_RESPUESTA),
            g.p.direccion,
            pide="Más descuento.",
            solicitado_tarifa="100",
            consiente=consiente,
            **({} if consiente else consultas("FIN")),
        )
        par = ("Consintió rebasar lo declarado viable", "sí")
        assert (par in leida(caso, g.p.auditor)) == visto


@pytest.fixture
def enlazado(g):
    """A case of JUR's that derives from, duplicates and follows what JUR has never been asked."""
    Configuracion.objects.update_or_create(defaults={"ventas_ve_todo": False})
    origen = g.hasta(E.EN_MODIFICACION)
    origen = g.cerrar_modificado(g.confirmar(g.confirmar(origen, "JUR"), "NOM"))
    caso = actuar(
        "registrar",
        None,
        g.p.ventas,
        cliente=origen.cliente_id,
        contrato=origen.contrato_id,
        persona=origen.persona_id,
        recibido_en=hace(hours=1),
        solicitud="Otra vez.",
        deriva_de=origen.folio,
    )
    caso = g.analizar(g.contactar(g.asignar(caso)), "DH")
    assert VersionContrato.objects.filter(caso=origen, desde_fecha__gt=en_dias(0)).exists()
    return origen, caso


def test_otro_caso_solo_se_nombra_a_quien_lo_ve(client, g, enlazado):
    origen, caso = enlazado
    for quien, debe in (("ventas", True), ("gerente", True), ("dh", False)):
        client.force_login(getattr(g.p, quien))
        pagina = client.get(caso.get_absolute_url()).text
        assert (origen.folio in pagina) == debe, quien
    actuar(
        "anular", caso, g.p.gerente, anulacion="DUPLICADO", folio=origen.folio, detalle="Ya está."
    )
    for quien, debe in (("ventas", True), ("gerente", True), ("dh", False)):
        client.force_login(getattr(g.p, quien))
        pagina = client.get(caso.get_absolute_url()).text
        assert (origen.folio in pagina) == debe, quien
        assert "Es duplicado de otro caso" in pagina


def test_al_cerrar_se_lee_lo_que_se_dijo_y_si_no_se_dijo_lo_que_se_iba_a_decir(client, g):
    client.force_login(g.p.ventas)
    caso = g.informar(g.no(g.hasta(E.POR_DECIDIR)), que_se_dijo="Este año no, el otro sí.")
    pagina = client.get(f"{caso.get_absolute_url()}").text
    assert "Lo que se le explicó al cliente:</span> Este año no, el otro sí." in pagina
    caso = g.no(g.hasta(E.POR_DECIDIR))
    Caso.objects.filter(pk=caso.pk).update(recibido_en=hace(days=10), decidido_en=hace(days=9))
    for dias, medio in ((3, "TELEFONO"), (2, "WHATSAPP"), (1, "TELEFONO")):
        caso = actuar(
            "registrar_contacto",
            caso,
            g.p.ventas,
            persona=caso.persona_id,
            **contacto("NO", medio, cuando=hace(days=dias)),
        )
    caso = g.informar(caso, localizado="NO", aviso_en=hace(minutes=5), aviso_medio="CORREO")
    assert caso.estado == E.CERRADO
    pagina = client.get(caso.get_absolute_url()).text
    assert "Lo que se le iba a explicar:</span> Por ahora no es posible." in pagina
    assert "se le explicó al cliente" not in pagina


def test_lo_que_se_tecleo_va_en_el_orden_en_que_se_pide(g):
    """Whatever order the database keeps the keys of a JSON in."""
    caso = g.contactar(g.registrar())
    lineas = historia.pagina(completo(g.p.gerente, caso.folio))[0]
    for renglon, accion in ((lineas[0], "contactar"), (lineas[-1], "registrar")):
        campos = PASOS[accion].formulario.base_fields
        lugar = {
            str(
                getattr(campos[c], "bitacora", None)
                and campos[c].bitacora.etiqueta
                or campos[c].label
            ): n
            for c, n in orden_de(accion).items()
        }
        # Short free texts stand beside the log, and come last.
        dichas = [lugar[e] for e, _ in renglon.datos if e in lugar and e != "Siguiente acción"]
        assert len(dichas) > 2 and dichas == sorted(dichas), renglon.datos


def test_lo_contado_no_le_habla_a_quien_lo_lee():
    """A record, whoever reads it: nobody's *tú*, and of what was done, not of how it is."""
    for suceso in SUCESOS.values():
        palabras = set(re.findall(r"\w+", suceso.contado.lower()))
        assert not palabras & {"tu", "tú", "te", "ti", "ahora", "ya", "vuelve", "queda"}, (
            suceso.contado
        )
        assert not [p for p in palabras if re.search(r"(aste|iste)$", p)], suceso.contado


def test_quien_no_encontro_a_nadie_lee_que_fue_un_intento(g):
    caso = g.contactar(g.hasta(E.RECIBIDO), efectivo="NO")
    ultima = historia.pagina(completo(g.p.ventas, caso.folio))[0][0]
    assert ultima.que == "Se registró un intento de contacto"
