"""The calendar of a person by its private address: what they may see, to nobody else, read by another parser."""

from datetime import timedelta

import pytest
import vobject
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from casos.acceso.enlace_de_calendario import anular, crear
from casos.acceso.limites import ENLACES
from casos.catalogos import Estado, Hecho
from casos.models import Caso, EnlaceDeCalendario, Evento, HechoDeSeguridad, Opinion, Suplencia
from seguimiento.fallas import sin_firma

from .guion import en_dias, fresco
from .test_citas import LUGAR, la_ultima, programar

pytestmark = pytest.mark.django_db


def pedir(clave, status=200):
    respuesta = Client().get(f"/calendario/{clave}.ics")
    assert respuesta.status_code == status
    return respuesta


def eventos(clave) -> dict:
    """Summary → event."""
    calendario = vobject.readOne(pedir(clave).content.decode())
    return {v.summary.value: v for v in getattr(calendario, "vevent_list", [])}


def test_dice_lo_que_le_toca_y_se_lee_con_otro_lector(mundo):
    caso = programar(mundo, mundo.hasta(Estado.EN_PROPUESTA), invitar="")
    otro = programar(mundo, mundo.hasta(Estado.EN_PROPUESTA), asunto="Revisar otra vez")
    ahora = eventos(crear(mundo.p.ventas))
    cita, invitada = (
        next(
            v
            for v in ahora.values()
            if c.folio in v.description.value and "Revisar" in v.summary.value
        )
        for c in (caso, otro)
    )
    assert cita.dtstart.value == la_ultima(caso).inicio and cita.location.value == LUGAR
    assert invitada.uid.value == la_ultima(otro).uid
    vence = ahora[f"Vence: {caso.etiqueta_estado} – {caso.cliente}"]
    assert vence.dtstart.value == fresco(caso).vence
    assert vence.dtend.value - vence.dtstart.value == timedelta(days=1)
    assert vence.url.value.endswith(caso.get_absolute_url())
    # It stands in servers that are not ours: nobody of the client's is named.
    assert not any(caso.persona.nombre in v.serialize() for v in ahora.values())


def test_un_area_ve_lo_que_debe_y_nada_mas(mundo):
    caso = mundo.hasta(Estado.EN_ANALISIS)
    ajeno = programar(mundo, mundo.hasta(Estado.EN_PROPUESTA))
    [opinion] = [o for o in caso.hechos.opiniones if o.esta_pendiente][:1]
    miembro = next(m.usuario for m in opinion.area.membresias.all())
    de_ella = eventos(crear(miembro))
    assert f"Opinión de {opinion.area} – {caso.cliente}" in de_ella
    assert not any(ajeno.folio in v.description.value for v in de_ella.values())
    # And who has nothing has an empty one, which is a calendar all the same.
    Opinion.objects.update(vence=en_dias(500))
    assert not any(s.startswith("Opinión") for s in eventos(crear(miembro)))


def test_quien_suple_ve_lo_que_suple(mundo):
    caso = programar(mundo, mundo.hasta(Estado.EN_PROPUESTA))
    clave = crear(mundo.p.ventas2)
    assert not any(caso.folio in v.description.value for v in eventos(clave).values())
    Suplencia.objects.create(
        titular=mundo.p.ventas, suplente=mundo.p.ventas2, desde=en_dias(0), hasta=en_dias(3)
    )
    assert any(caso.folio in v.description.value for v in eventos(clave).values())


def _anulado(usuario, clave):
    anular(usuario)


def _renovado(usuario, clave):
    crear(usuario)


def _sin_cuenta(usuario, clave):
    usuario.is_active = False
    usuario.save()


def _otra_contrasena(usuario, clave):
    usuario.set_password("Otra-clave-larga-2026")
    usuario.save()


def _ya_no_actua(usuario, clave):
    type(usuario).objects.filter(pk=usuario.pk).update(rol="AUD")


@pytest.mark.parametrize(
    "que",
    [_anulado, _renovado, _sin_cuenta, _otra_contrasena, _ya_no_actua],
    ids=lambda f: f.__name__,
)
def test_deja_de_servir(mundo, que):
    clave = crear(mundo.p.ventas)
    pedir(clave)
    que(mundo.p.ventas, clave)
    pedir(clave, 404)


def test_nada_de_fuera_lo_abre_ni_se_queda(mundo, caplog):
    clave = crear(mundo.p.ventas)
    fila = EnlaceDeCalendario.objects.get()
    assert len(clave) >= 43 and clave not in {fila.huella, fila.contrasena}
    antes = Evento.objects.count()
    buena = pedir(clave)
    assert Evento.objects.count() == antes
    assert not buena.cookies and buena["Content-Type"] == "text/calendar; charset=utf-8"
    assert "private" in buena["Cache-Control"] and buena["X-Content-Type-Options"] == "nosniff"
    for mala in ("x", clave[:-1], clave + "x", fila.huella, "á" * 50, "%00"[:1]):
        assert not pedir(mala, 404).cookies
    assert Client().post(f"/calendario/{clave}.ics").status_code == 405
    assert clave not in caplog.text and clave not in sin_firma(f"GET /calendario/{clave}.ics 200")
    for _ in range(ENLACES.cuantos):
        Client().get("/calendario/mala.ics")
    pedir(clave, 429)


def test_que_se_leyo_queda_anotado_una_vez_al_dia_de_cada_lugar(mundo):
    """A key that leaked is read from elsewhere: whose it is finds that in the record; a wrong one leaves nothing."""
    clave, hechos = crear(mundo.p.ventas), HechoDeSeguridad.objects.filter(hecho=Hecho.DESCARGA)
    for lugar, cuantos in (("10.0.0.1", 1), ("10.0.0.1", 1), ("10.0.0.2", 2), ("10.0.0.1", 2)):
        assert Client(REMOTE_ADDR=lugar).get(f"/calendario/{clave}.ics").status_code == 200
        assert hechos.count() == cuantos
    pedir("otra", 404)
    dichos = [(h.persona, h.autor, h.direccion) for h in hechos.order_by("numero")]
    assert dichos == [(mundo.p.ventas, None, f"10.0.0.{n}") for n in (1, 2)]
    assert not any(clave in str(h.datos) + h.aparte for h in hechos)


def test_no_se_le_ofrece_a_quien_solo_lee(mundo, client):
    for quien in ("auditor", "calidad", "admin"):
        client.force_login(getattr(mundo.p, quien))
        assert "/cuenta/calendario/" not in client.get("/cuenta/").text
        client.post("/cuenta/reauthenticate/", {"password": "demo"})
        assert client.post("/cuenta/calendario/").status_code == 403
    assert not EnlaceDeCalendario.objects.exists()


def test_se_crea_una_vez_se_ensena_una_vez_y_queda_anotado(mundo, client):
    client.force_login(mundo.p.ventas)
    assert client.get("/cuenta/calendario/").status_code == 302
    pide = client.post("/cuenta/calendario/")
    assert "el enlace de tu calendario" in pide.text and not EnlaceDeCalendario.objects.exists()
    client.post("/cuenta/reauthenticate/", {"password": "demo"})
    pagina = client.post("/cuenta/calendario/").text
    clave = pagina.partition("/calendario/")[2].partition(".ics")[0]
    pedir(clave)
    cuenta = client.get("/cuenta/").text
    assert clave not in cuenta and "Renovar enlace" in cuenta
    assert client.post("/cuenta/calendario/anular/", {"anular": ""}).status_code == 302
    pedir(clave, 404)
    hechos = HechoDeSeguridad.objects.filter(hecho=Hecho.CALENDARIO).order_by("pk")
    assert [h.datos["que"] for h in hechos] == ["creado", "anulado"]
    assert not any(clave in str(h.datos) + h.aparte for h in hechos)


def test_no_crecen_las_sentencias(mundo):
    caso = programar(mundo, mundo.hasta(Estado.EN_PROPUESTA))
    clave = crear(mundo.p.ventas)

    def cuantas():
        with CaptureQueriesContext(connection) as sentencias:
            pedir(clave)
        return len(sentencias)

    eran = len(eventos(clave))  # and that it was read is written down, once a day
    primero = cuantas()
    for _ in range(3):
        caso = programar(mundo, caso, invitar="", asunto=f"Otra {_}")
        programar(mundo, mundo.hasta(Estado.EN_PROPUESTA))
    Caso.objects.filter(responsable=mundo.p.ventas).update(
        proxima_accion="Llamar", proxima_fecha=timezone.localdate()
    )
    assert len(eventos(clave)) > eran + 3
    assert cuantas() == primero <= 14


def test_lo_muy_lejano_no_va(mundo):
    caso = programar(mundo, mundo.hasta(Estado.EN_PROPUESTA))
    clave = crear(mundo.p.ventas)
    for dias, va in ((-29, True), (-31, False), (364, True), (366, False)):
        caso.citas.update(inicio=timezone.now() + timedelta(days=dias))
        assert ("Revisar la propuesta" in pedir(clave).content.decode()) is va, dias
