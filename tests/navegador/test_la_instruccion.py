"""Calidad writes revision 4, Dirección approves it, Calidad hands it out, and who heads an area signs for it (§9, §10)."""

from casos.models import Acuse, Evento, RevisionInstruccion

from .gente import TELEFONO
from .test_accesibilidad import decir, revisar

NUEVO = "Se obtendrá información por escrito sobre el requerimiento del cliente."


def oprimir(quien, boton, espera="Listo"):
    """A button that stands by itself, of no long form."""
    with quien.pagina.expect_navigation():
        quien.pagina.get_by_role("button", name=boton, exact=True).click()
    quien.mirar()
    return quien.lee(espera)


def test_calidad_escribe_direccion_aprueba_y_un_area_firma_de_recibido(escena):
    caso = escena.guion.hasta("EN_CONTACTO")
    calidad = escena.persona("calidad").entrar()
    oprimir(calidad.ir("/procedimiento/"), "Preparar una revisión", "Editar la revisión 4")
    decir(revisar(calidad))
    calidad.llenar(
        texto_7_1=NUEVO,
        texto_6="Todas las áreas.",
        descripcion="Se pide por escrito.",
        paginas="1",
        motivo="Hallazgo de la auditoría.",
    )
    calidad.enviar("Guardar y ver cómo queda").lee("Se agregó:").lee(NUEVO)
    decir(revisar(calidad))
    oprimir(calidad, "Marcar como revisada").lee("otra persona la apruebe")

    direccion = escena.persona("direccion", TELEFONO).entrar()
    direccion.ir("/").lee("espera aprobación").seguir("La revisión 4 de la instrucción")
    oprimir(direccion, "Aprobar: que rija desde hoy").lee("rige desde hoy")
    decir(revisar(direccion))

    calidad.ir("/procedimiento/").seguir("Distribución y acuses")
    oprimir(calidad, "Distribuir").lee("se entregó a 9 personas").lee("Sin acuse")
    decir(revisar(calidad))
    calidad.seguir("Pasarlos a la 4").llenar(motivo="Cambia lo que se pide.")
    calidad.enviar("Pasar los casos abiertos")
    assert Evento.objects.filter(caso=caso).latest("numero").datos["revision"] == [3, 4]

    juridico = escena.persona("juridico", TELEFONO).entrar()
    juridico.ir("/").seguir("Léela y firma de recibido").lee("Qué cambió respecto de la revisión 3")
    decir(revisar(juridico))
    juridico.pagina.get_by_label("Leí y entendí").check()
    oprimir(juridico, "Firmar de recibido").lee("Firmaste de recibido la revisión 4")
    vigente = RevisionInstruccion.objects.get(estado="VIGENTE")
    acuse = Acuse.objects.get(persona__username="juridico")
    assert (vigente.numero, acuse.huella) == (4, vigente.huella)
    calidad.ir("/procedimiento/distribucion/").lee("la leyeron 1 de 9")
