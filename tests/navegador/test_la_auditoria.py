"""An auditor samples ten cases, notes what they saw and raises a finding; its owner attends it on a phone (ISO 9001)."""

import pytest
from django.db import transaction

from casos.models import Hallazgo, Muestra
from tests.factories import CasoFactory

from .gente import TELEFONO
from .test_accesibilidad import decir, revisar
from .test_presupuestos import excesos, sin_cache

pytestmark = pytest.mark.navegador


def test_un_auditor_sortea_diez_casos_y_un_hallazgo_llega_a_su_responsable(escena):
    escena.guion.hasta("EN_CONTACTO")
    with transaction.atomic():
        CasoFactory.create_batch(11)
    auditor = escena.persona("auditor").entrar()
    auditor.ir("/auditoria/").lee("Todavía no hay muestras")
    decir(revisar(auditor))
    auditor.seguir("Sacar una muestra")
    auditor.pagina.get_by_label("Recibidos en el periodo").check()
    auditor.llenar(tamano="10", semilla="semilla-1", alcance="Auditoría interna")
    decir(revisar(auditor))
    auditor.enviar("Sacar muestra").lee("10 casos").lee("semilla-1")
    decir(revisar(auditor))
    muestra = Muestra.objects.get()
    assert len(muestra.folios) == 10
    auditor.seguir("Volver a sortear").lee("salen los mismos 10 casos")

    auditor.seguir(muestra.folios[0][0]).lee("8.2.1 Comunicación con el cliente")
    decir(revisar(auditor))
    auditor.seguir("Escribir nota de 8.2.1").llenar(texto="Se revisó el registro.")
    auditor.enviar("Guardar").lee("Se revisó el registro.")
    auditor.seguir("Levantar hallazgo de 8.2.3")
    auditor.pagina.get_by_label("No conformidad menor").check()
    auditor.pagina.get_by_label("Responsable").select_option(label="Juridico Pruebas")
    auditor.llenar(encontrado="No consta quién revisó.", evidencia="Renglón 1.", vence="2099-01-01")
    decir(revisar(auditor))
    auditor.enviar("Levantar hallazgo").lee("quedó el hallazgo HA-")
    decir(revisar(auditor))
    hallazgo = Hallazgo.objects.get()

    juridico = escena.persona("juridico", TELEFONO).entrar()
    juridico.ir("/").seguir(hallazgo.clave).lee("No consta quién revisó.")
    juridico.seguir("Registrar que se atendió")
    juridico.llenar(accion="Se revisa siempre.", hecho_fecha="2026-01-05", como="Se avisó a todos.")
    juridico.enviar("Guardar").lee("Atendido, por verificar")
    decir(revisar(juridico))

    auditor.ir("/").seguir(hallazgo.clave).seguir("Verificar: fue eficaz")
    auditor.llenar(verificacion="Se vieron tres casos.")
    auditor.enviar("Guardar").lee("Cerrado, fue eficaz")

    ligero = sin_cache(auditor)
    rutas = ("/auditoria/", f"/auditoria/{muestra.numero}/", hallazgo.get_absolute_url())
    malo = [e for ruta in (*rutas, "/auditoria/hallazgos/") for e in excesos(escena, ruta, ligero)]
    assert not malo, "\n".join(malo)
