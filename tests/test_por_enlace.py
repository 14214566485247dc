"""An area's answer by the signed link of its letter: once, as whom it was written to, and said so in the log."""

import io
import logging
import re
from datetime import timedelta

import pytest
from django.contrib.auth.hashers import make_password
from django.core import mail

from casos.acceso.limites import ENLACES, Limite
from casos.catalogos import Estado
from casos.correo.envio import enviar_pendientes
from casos.correo.por_enlace import NOTA, Enlace, buzon_de
from casos.lecturas.historia import _marcas
from casos.models import Area, Aviso, Evento, HechoDeSeguridad, Membresia, Usuario
from seguimiento.fallas import SinFirma
from tests.guion import Guion, actuar, fresco

ENLACE = re.compile(r"https?://[^/\s]+(/responder/[^\s\"<]+)")


@pytest.fixture
def g(personas):
    Area.objects.filter(codigo="FIN").update(contesta_por_enlace=True, correo="")
    return Guion(personas)


def carta(quien) -> mail.EmailMultiAlternatives:
    enviar_pendientes()
    return next(c for c in reversed(mail.outbox) if c.to == [quien.email])


def pedida(g):
    caso = g.hasta(Estado.EN_ANALISIS)
    [opinion] = caso.hechos.opiniones
    return caso, opinion, ENLACE.search(carta(g.p.finanzas).body)[1]


BUENA = {"sentido": "A_FAVOR", "fundamento": "Cabe."}


@pytest.mark.django_db(transaction=True)
def test_se_contesta_una_vez_y_la_bitacora_lo_dice(g, client):
    caso, opinion, enlace = pedida(g)
    enviada = carta(g.p.finanzas)
    assert NOTA in enviada.body and NOTA in enviada.alternatives[0][0]
    assert enlace in enviada.alternatives[0][0] and "/opinar/" not in enviada.body
    # Whoever reads the outbox reads no link.
    assert not Aviso.objects.filter(texto__contains="/responder/").exists()
    antes = Evento.objects.count()
    pagina = client.get(enlace)
    assert pagina.status_code == 200 and not pagina.cookies
    assert pagina["Referrer-Policy"] == "no-referrer" and "no-store" in pagina["Cache-Control"]
    assert "noindex" in pagina["X-Robots-Tag"]
    for dicho in (opinion.pregunta, caso.solicitud, f"contestas como {g.p.finanzas}"):
        assert dicho in pagina.text
    assert (
        f'href="{caso.get_absolute_url()}"' not in pagina.text and "/clientes/" not in pagina.text
    )
    assert Evento.objects.count() == antes  # nothing by GET
    vacia = client.post(enlace, {"sentido": "A_FAVOR"})
    assert vacia.status_code == 422 and "Escribe el fundamento." in vacia.text
    ficha = pagina.context["form"]["ficha"].value()
    for _doble_clic in range(2):
        hecha = client.post(enlace, BUENA | {"ficha": ficha})
        assert hecha.status_code == 200 and not hecha.cookies, hecha.text
    [evento] = Evento.objects.filter(caso=caso, accion="opinar")
    assert evento.actor == g.p.finanzas and evento.datos["por_enlace"] is True
    assert _marcas(evento) == ["respondió por enlace"]
    usado = client.get(enlace)
    assert usado.status_code == 410 and "ya se contestó o cambió" in usado.text
    assert f'href="{caso.get_absolute_url()}opinar/{opinion.pk}/"' in usado.text
    otra = client.post(enlace, BUENA | {"fundamento": "Otra cosa."})
    assert otra.status_code == 409 and "Otra cosa." in otra.text


@pytest.mark.django_db(transaction=True)
def test_lo_que_ya_no_sirve_se_dice_y_no_hace_nada(g, client, monkeypatch):
    caso, opinion, enlace = pedida(g)
    antes = Evento.objects.count()

    def rechaza(dicho, estado=410, escrito=BUENA["fundamento"]):
        leida, enviada = client.get(enlace), client.post(enlace, BUENA)
        for respuesta in (leida, enviada):
            assert respuesta.status_code in (estado, 409) and dicho in respuesta.text
        assert escrito in enviada.text  # nothing typed is lost
        assert Evento.objects.count() == antes

    finanzas = Area.objects.filter(codigo="FIN")
    persona = Usuario.objects.filter(pk=g.p.finanzas.pk)
    suya = Membresia.objects.filter(usuario=g.p.finanzas)
    for filas, campo in (
        (finanzas, "contesta_por_enlace"),
        (suya, "activa"),
    ):
        filas.update(**{campo: False})
        rechaza("ya no sirve")
        filas.update(**{campo: True})
    persona.update(is_active=False)
    rechaza("ya no sirve", escrito="")
    persona.update(
        is_active=True, email="otro@empresa.mx"
    )  # the letter is in a mailbox that was theirs
    rechaza("ya no sirve")
    persona.update(email=g.p.finanzas.email)
    # Somebody reads their mail: whoever notices changes the password.
    antes_de, _ = g.p.finanzas.password, persona.update(password=make_password("otra"))
    rechaza("ya no sirve")
    persona.update(password=antes_de)
    assert client.get(enlace).status_code == 200
    with monkeypatch.context() as m:
        m.setattr("casos.correo.por_enlace.DURA", timedelta(0))
        rechaza("Este enlace venció")
    assert client.get(f"{enlace}opinar_verbal/").status_code == 404  # not an area's own answer
    assert client.get(f"{enlace}confirmar_ajuste/").status_code == 404  # nor of this row
    assert client.get(enlace.replace("/responder/", "/responder/x")).status_code == 404
    # The row moved on: what was asked is no longer that.
    actuar("pedir_datos", caso, g.p.finanzas, opinion, datos_pedidos="¿Cuántas plazas?")
    antes += 1
    rechaza("ya se contestó o cambió")
    version = fresco(caso).hechos.opiniones[0].version
    suyo = buzon_de(g.p.finanzas.email, g.p.finanzas)
    de_ahora = Enlace("opinar", opinion.pk, g.p.finanzas.pk, version, suyo)
    assert client.get(f"/responder/{de_ahora.firma()}/").status_code == 200
    for n in range(ENLACES.cuantos):
        client.get(f"/responder/x{n}/")
    assert client.get(enlace).status_code == 429


@pytest.mark.django_db(transaction=True)
def test_sin_pedirlo_nadie_recibe_un_enlace_y_a_un_correo_comun_tampoco(g):
    Area.objects.filter(codigo="FIN").update(correo="finanzas@comun.mx")
    g.hasta(Estado.EN_ANALISIS)
    Area.objects.filter(codigo="FIN").update(correo="", contesta_por_enlace=False)
    g.hasta(Estado.EN_ANALISIS)
    enviar_pendientes()
    assert not any("/responder/" in c.body or NOTA in c.body for c in mail.outbox)


@pytest.mark.django_db(transaction=True)
def test_la_direccion_que_abre_la_respuesta_no_queda_en_ningun_registro(g, client, monkeypatch):
    """Refused as no act, with something missing, used: neither the log nor the record of security says it."""
    _, _, enlace = pedida(g)
    firma = enlace.split("/")[2]
    dichos = io.StringIO()
    [consola] = [h for h in logging.root.handlers if SinFirma in map(type, h.filters)][-1:]
    monkeypatch.setattr(consola, "stream", dichos)
    client.force_login(g.p.ventas)  # what somebody who has entered may not see is written down
    assert client.get(f"{enlace}no_existe/").status_code == 404
    assert client.post(enlace, {}).status_code == 422
    assert client.post(enlace, BUENA).status_code == 200
    assert client.get(enlace).status_code == 410
    assert dichos.getvalue().count("/responder/…/") == 3 and firma not in dichos.getvalue()
    assert not HechoDeSeguridad.objects.filter(aparte__contains="/responder/").exists()


@pytest.mark.django_db(transaction=True)
def test_lo_incompleto_no_cuenta_como_un_enlace_que_no_sirve(g, client, monkeypatch):
    _, _, enlace = pedida(g)
    monkeypatch.setattr("casos.acceso.limites.ENLACES", Limite(1, 60))
    for _ in range(2):
        assert client.post(enlace, {"sentido": "A_FAVOR"}).status_code == 422
