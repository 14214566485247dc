"""A sales person on a phone: an appointment made, its invitation seen in the outbox, moved, and held."""

from datetime import timedelta

from django.utils import timezone

from casos.models import Aviso
from tests.guion import fresco, hace

from .gente import TELEFONO, asunto
from .test_accesibilidad import decir, revisar

CUANDO = "%Y-%m-%dT10:30"


def test_una_cita_de_principio_a_fin(escena):
    caso = escena.guion.hasta("EN_PROPUESTA")
    correo = caso.persona.correo
    ventas = escena.persona("ventas", tamano=TELEFONO).con_sesion()
    ventas.ir(f"{caso.get_absolute_url()}programar_cita/")
    ventas.lee(correo)  # where it would go, before anything is pressed
    decir(revisar(ventas))
    dia = timezone.localtime() + timedelta(days=2)
    ventas.llenar(
        asunto="Revisar la propuesta",
        inicio=dia.strftime(CUANDO),
        medio="VIDEOLLAMADA",
        lugar="https://video.example/sala",
    )
    ventas.enviar("Programar cita")
    ventas.lee("se invitó por correo")
    escena.correo("ventas", "Se programó una cita")
    assert ["Invitación" in asunto(m) for m in escena.smtp.para(correo)] == [True]

    carta = Aviso.objects.get(caso=caso, plantilla="invitacion")
    ventas.ir("/avisos/").seguir(carta.asunto)
    ventas.pagina.get_by_text("invite.ics").click()
    ventas.lee("METHOD:REQUEST")
    decir(revisar(ventas))

    ventas.ir(caso.get_absolute_url()).seguir("Mover cita")
    ventas.lee(f"La nueva fecha le llega a {correo}")
    ventas.llenar(inicio=(dia + timedelta(days=1)).strftime(CUANDO), motivo="Pidieron otro día.")
    ventas.enviar("Mover cita")
    escena.correo("ventas", "Cambió la cita")
    assert "Cambió la cita" in asunto(escena.smtp.para(correo)[-1])

    caso.citas.update(inicio=hace(minutes=90))
    ventas.ir("/").lee("Ya pasó")
    ventas.ir(caso.get_absolute_url()).seguir("Marcar como celebrada")
    ventas.llenar(resumen="Se revisó renglón por renglón.").enviar("Marcar como celebrada")
    contacto = fresco(caso).contactos.latest("pk")
    assert (contacto.medio, contacto.efectivo) == ("VIDEOLLAMADA", True)
    assert len(escena.smtp.para(correo)) == 2
