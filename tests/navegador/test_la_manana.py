"""The morning's letter, from the mailbox: each line opens where the thing is done, and then it is silent."""

import re

from casos.models import Area, Aviso
from tests.factories import SuplenciaFactory
from tests.guion import en_dias, fresco

from .gente import TELEFONO, cuerpo
from .test_accesibilidad import decir, revisar


def lleva_a(mensaje, que) -> str:
    """The address under the line of the letter that says ``que``; the same in its HTML."""
    enlace = re.search(rf"- [^\n]*{que}[^\n]*\n\s+(https?://\S+)", cuerpo(mensaje))[1]
    assert f'href="{enlace}"' in cuerpo(mensaje, "text/html")
    return enlace


def resumenes(nombre) -> int:
    return Aviso.objects.filter(usuario__username=nombre, plantilla="resumen").count()


def test_la_semana_de_un_area(escena, ventana):
    """Reminded on its day; answered from the letter; nothing more comes."""
    caso = escena.guion.hasta("EN_ANALISIS")
    caso.opiniones.update(vence=en_dias(0))
    escena.amanece()
    carta = escena.correo("finanzas", "Tu resumen de hoy")
    ventana.turno_de("finanzas", lleva_a(carta, "Dar opinión · Finanzas"))
    ventana.marca("A favor", "Tu opinión").pone("Fundamento", "El margen queda arriba.")
    ventana.envia("Dar opinión")
    assert fresco(caso).estado == "POR_DECIDIR"
    for dia in (1, 2, 3):
        escena.amanece(dia)
    assert resumenes("finanzas") == 1


def test_la_semana_de_un_area_que_contesta_desde_el_correo(escena):
    """The same without entering: the reminder's own link opens the answer, once; nothing more comes."""
    caso = escena.guion.hasta("EN_ANALISIS")
    caso.opiniones.update(vence=en_dias(0))
    Area.objects.filter(codigo="FIN").update(contesta_por_enlace=True)
    escena.amanece()
    enlace = lleva_a(escena.correo("finanzas", "Tu resumen de hoy"), "Dar opinión · Finanzas")
    quien = escena.persona(tamano=TELEFONO)
    quien.ir(enlace).llenar(sentido="A_FAVOR", fundamento="El margen queda arriba.")
    quien.enviar("Dar opinión")
    assert fresco(caso).estado == "POR_DECIDIR"
    assert not quien.contexto.cookies()
    decir(revisar(quien))
    quien.pagina.goto(enlace)
    quien.lee("ya se contestó o cambió")
    for dia in (1, 2, 3):
        escena.amanece(dia)
    assert resumenes("finanzas") == 1


def test_la_semana_de_quien_suple(escena, ventana):
    """What is lent comes with whose it is, opens and is done by the substitute; both names stay."""
    g = escena.guion
    caso = g.hasta("EN_ANALISIS")
    caso.opiniones.update(vence=en_dias(0))
    SuplenciaFactory(
        titular=g.p.finanzas, suplente=g.p.nominas, desde=en_dias(-1), hasta=en_dias(9)
    )
    escena.amanece()
    carta = escena.correo("nominas", "Tu resumen de hoy")
    assert f"De {g.p.finanzas}" in cuerpo(carta)
    ventana.turno_de("nominas", lleva_a(carta, "Dar opinión · Finanzas"))
    ventana.marca("A favor", "Tu opinión").pone("Fundamento", "Se puede.").envia("Dar opinión")
    evento = fresco(caso).eventos.get(accion="opinar")
    assert (evento.actor, evento.suple_a) == (g.p.nominas, g.p.finanzas)
    escena.amanece(1)
    assert resumenes("nominas") == resumenes("finanzas") == 1
