"""The panel as its people use it: an area manager's hour, and a system set up from nothing."""

import pytest

from casos.lecturas.falta_configurar import lo_que_falta
from casos.models import (
    Area,
    Caso,
    DiaInhabil,
    Empresa,
    Evento,
    Membresia,
    Motivo,
    Opinion,
    Usuario,
)

pytestmark = pytest.mark.navegador


def confirma(ventana, dice):
    """What changes an account asks for the own password; what was typed is saved then."""
    return ventana.llenar(**{"confirma-password": "demo"}).envia("Confirmar y guardar", dice)


def test_la_hora_de_quien_dirige_un_area(escena, ventana):
    """Answers what the area owes, brings somebody in and moves a deadline, never leaving the panel for good."""
    caso = escena.guion.hasta("EN_ANALISIS")
    ventana.turno_de("finanzas", "/admin/")
    ventana.lee("Lo que debe tu área").va_a(f"{caso.folio}: dar opinión")
    ventana.marca("A favor", "Tu opinión").pone("Fundamento", "El margen queda arriba.")
    ventana.envia("Dar opinión")
    assert ventana.pagina.url.endswith("/admin/")  # and back where one was
    ventana.no_lee(caso.folio + ": dar opinión")
    assert Evento.objects.get(caso=caso, accion="opinar").actor == escena.p.finanzas

    ventana.va_a("Agregar en Personas del área")
    ventana.llenar(nombre="Eva", usuario_nuevo="eva.luna", correo="eva@ejemplo.mx")
    ventana.envia("Guardar", "Confirma que eres tú")
    confirma(ventana, "Se envió la invitación a eva@ejemplo.mx.")
    assert Membresia.objects.get(usuario__username="eva.luna").area.codigo == "FIN"

    ventana.va_a("Administración").va_a("Áreas").va_a("Finanzas")
    ventana.pone("Días hábiles para opinar", "3").envia("Guardar")
    assert Area.objects.get(codigo="FIN").dias_opinion == 3
    ventana.va_a("Administración").va_a("Opiniones").va_a(caso.folio)
    ventana.va_a("Corregir opinión").pone("Fundamento", "Alcanza, con lo de este mes.")
    ventana.envia("Corregir opinión")
    assert ventana.pagina.url.endswith("/admin/")
    assert Opinion.objects.get(caso=caso).fundamento == "Alcanza, con lo de este mes."


def vaciar():
    """A system that was just installed: areas and the administrator, and nothing else."""
    Membresia.objects.all().delete()
    Usuario.objects.exclude(username="admin").update(is_active=False, email="")
    Area.objects.exclude(codigo__in=["JUR", "FIN"]).update(activa=False)
    Empresa.objects.all().delete()
    Motivo.objects.all().delete()
    DiaInhabil.objects.all().delete()


def test_de_un_sistema_vacio_al_primer_caso(escena, ventana):
    """Entering leads to what is missing, each *Resolver* to its form and back, and the end to the first case."""
    vaciar()
    ventana.turno_de("admin")
    assert ventana.pagina.url.endswith("/configurar/")
    correo = 0
    for _ in range(20):
        resolver = ventana.pagina.locator("main").get_by_role("link", name="Resolver")
        if not resolver.count():
            break
        faltaban = len(lo_que_falta())
        ventana.va_a("Resolver")
        ruta, correo = ventana.pagina.url, correo + 1
        persona = {"correo": f"p{correo}@ejemplo.mx", "usuario": f"persona{correo}"}
        if "/usuario/add/" in ruta:
            ventana.llenar(username=persona["usuario"], first_name="Ana", email=persona["correo"])
        elif "/membresia/add/" in ruta:
            ventana.llenar(es_responsable=True, nombre="Eva", usuario_nuevo=persona["usuario"])
            ventana.llenar(correo=persona["correo"])
        elif "/empresa/" in ruta:
            ventana.llenar(razon_social="Prueba, S.A.", direccion="Calle 1", telefono="5555550100")
        elif "/motivo/add/" in ruta:
            ventana.llenar(nombre=f"Motivo {correo}")
        else:
            assert "/diainhabil/add/" in ruta, ruta
        with ventana.pagina.expect_navigation():
            ventana.formulario.get_by_role("button", name="Guardar", exact=True).click()
        if ventana.pagina.locator("[name='confirma-password']").count():
            confirma(ventana, "")
        assert ventana.pagina.url.endswith("/configurar/"), ventana.texto
        assert len(lo_que_falta()) < faltaban
    ventana.lee("Todo está listo")

    gerente = Usuario.objects.activos().get(es_gerente=True)
    ventana.turno_de(gerente.username, "/configurar/").va_a("Registrar solicitud")
    ventana.llenar(cliente_razon_social="Aceros del Bajío, S.A.", persona_nombre="Luis Vela")
    ventana.llenar(solicitud="Pide bajar la tarifa.").envia("Registrar solicitud")
    assert Caso.objects.get().cliente.razon_social == "Aceros del Bajío, S.A."
