"""The instruction is controlled: written, approved by another, handed out, read, and never rewritten (§9, §10)."""

import io
from datetime import timedelta

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils import timezone
from pypdf import PdfReader

from casos import revisiones
from casos.actos import ACTOS, CERRAR_MODIFICADO, DECLARAR_NO_VIABLE, DECLARAR_VIABLE
from casos.catalogos import Estado
from casos.models import Acuse, Caso, Configuracion, Evento, RevisionInstruccion, Usuario
from casos.pasos import cambio_de_revision
from casos.pasos.cambio_de_revision import pasar_a_la_vigente
from tests.escenarios import botones_de, escenario, fresco
from tests.factories import CasoFactory
from tests.personas import NOMBRES

pytestmark = pytest.mark.django_db
NUEVO = "Se obtendrá información por escrito sobre el requerimiento del cliente."
CAMBIO = {
    "descripcion": "Se pide por escrito.",
    "paginas": "1",
    "motivo": "Hallazgo de auditoría.",
}


def una_borrador(p, **mas) -> RevisionInstruccion:
    r = revisiones.empezar(p.calidad)
    textos = {s.clave: (s.titulo, s.texto) for s in r.secciones.all()}
    textos["7.1"] = (textos["7.1"][0], NUEVO)
    return revisiones.guardar(
        r.numero, p.calidad, secciones=textos, vista=r.version, **CAMBIO | mas
    )


def una_vigente(p) -> RevisionInstruccion:
    r = una_borrador(p)
    r = revisiones.marcar_revisada(r.numero, p.calidad)
    return revisiones.aprobar(r.numero, p.direccion, r.version)


def distribuida(p) -> RevisionInstruccion:
    r = una_vigente(p)
    revisiones.distribuir(p.calidad, [])
    return r


# -- written and approved --------------------------------------------------------------------------


def campos_de(r, **mas):
    datos = {"version": r.version, **CAMBIO}
    for s in r.secciones.exclude(clave="10"):
        clave = s.clave.replace(".", "_")
        datos |= {f"titulo_{clave}": s.titulo, f"texto_{clave}": s.texto}
    return datos | mas


def test_calidad_escribe_otra_persona_aprueba_y_el_registro_se_escribe_solo(client, personas):
    client.force_login(personas.calidad)
    respuesta = client.post("/procedimiento/nueva/")
    assert respuesta.url == "/procedimiento/4/editar/"
    borrador = RevisionInstruccion.objects.get(numero=4)
    client.post("/procedimiento/4/editar/", campos_de(borrador, texto_7_1=NUEVO))
    pagina = client.get("/procedimiento/4/").text
    assert "Se quitó:" in pagina and "Se agregó:" in pagina and NUEVO in pagina
    assert "4 · al aprobarse · 1 · Se pide por escrito." in pagina
    client.post("/procedimiento/4/pasar/", {"que": "revisada"})
    borrador.refresh_from_db()
    # Not who wrote it, however the request is made.
    client.post("/procedimiento/4/pasar/", {"que": "aprobar", "version": borrador.version})
    borrador.refresh_from_db()
    assert borrador.estado == "REVISADA"
    client.force_login(personas.direccion)
    assert "espera aprobación" in client.get("/").text
    assert "Aprobar: que rija desde hoy" in client.get("/procedimiento/4/").text
    client.post("/procedimiento/4/pasar/", {"que": "aprobar", "version": borrador.version})
    vigente = RevisionInstruccion.objects.get(estado="VIGENTE")
    assert (vigente.numero, vigente.aprobada_por) == (4, personas.direccion)
    assert vigente.fecha == timezone.localdate()
    anterior = RevisionInstruccion.objects.get(numero=3)
    assert anterior.estado == "SUSTITUIDA"
    registro = vigente.secciones.get(clave="10").texto.split("\n")
    assert registro[:-1] == anterior.secciones.get(clave="10").texto.split("\n")
    numero, _, paginas, que = registro[-1].split("\t")
    assert (numero, paginas, que) == ("4", "1", "Se pide por escrito.")
    assert NUEVO in client.get("/procedimiento/").text
    assert NUEVO not in client.get("/procedimiento/3/").text
    assert "Se agregó:" in client.get("/procedimiento/4/comparar/3/").text


@pytest.mark.parametrize("quien", NOMBRES)
def test_quien_escribe_y_quien_aprueba(personas, quien):
    persona = getattr(personas, quien)
    r = una_borrador(personas)
    hechos = {}
    for que, hacer in {
        "empezar": lambda: revisiones.empezar(persona),
        "revisar": lambda: revisiones.marcar_revisada(r.numero, persona),
        "distribuir": lambda: revisiones.distribuir(persona, []),
    }.items():
        try:
            with transaction.atomic():
                hacer()
                hechos[que] = True
        except revisiones.NoSePuede:
            hechos[que] = False
    assert set(hechos.values()) == {quien == "calidad"}
    RevisionInstruccion.objects.filter(pk=r.pk).update(estado="REVISADA")
    r.refresh_from_db()
    if quien == "direccion":
        assert revisiones.aprobar(r.numero, persona, r.version).es_vigente
    else:
        with pytest.raises(revisiones.NoSePuede):
            revisiones.aprobar(r.numero, persona, r.version)


def test_no_la_aprueba_nadie_que_haya_escrito_en_ella(personas):
    """Not only the last one: also who wrote before."""
    otra = Usuario.objects.create(username="calidad2", rol="CAL")
    r = una_borrador(personas)
    r = revisiones.guardar(
        r.numero, otra, secciones={"1": ("OBJETIVO", "Otro.")}, vista=r.version, **CAMBIO
    )
    r = revisiones.marcar_revisada(r.numero, otra)
    for quien in (personas.calidad, otra):
        with pytest.raises(revisiones.NoSePuede, match="otra persona"):
            revisiones.aprobar(r.numero, quien, r.version)


@pytest.mark.parametrize("malo", ["Pasa al 7.9.", "Ver 7.10", "(7.0)", "Del 7.1 al 7.12"])
def test_un_paso_que_el_sistema_no_tiene_se_rechaza_con_palabras(client, personas, malo):
    client.force_login(personas.calidad)
    client.post("/procedimiento/nueva/")
    r = RevisionInstruccion.objects.get(numero=4)
    respuesta = client.post("/procedimiento/4/editar/", campos_de(r, texto_6=malo))
    assert respuesta.status_code == 422
    assert "el sistema no tiene ese paso: los suyos son 7.1 a 7.8" in respuesta.text
    assert malo in respuesta.text  # nothing typed is lost
    assert not r.secciones.filter(texto=malo).exists()
    with pytest.raises(revisiones.NoSePuede):
        revisiones.guardar(4, personas.calidad, secciones={"6": ("X", malo)}, vista=1, **CAMBIO)


@pytest.mark.parametrize("bueno", ["Pasa al 7.8.", "$7.95", "7.9 %", "17.9", "1,7.9", "7"])
def test_una_cifra_no_es_un_paso(bueno):
    assert revisiones.pasos_que_no_hay(bueno) == []


def test_dos_que_escriben_a_la_vez_y_una_revision_a_la_vez(personas):
    r = revisiones.empezar(personas.calidad)
    assert revisiones.empezar(personas.calidad) == r
    revisiones.guardar(r.numero, personas.calidad, secciones={}, vista=1, **CAMBIO)
    with pytest.raises(revisiones.NoSePuede, match="mientras la tenías abierta"):
        revisiones.guardar(r.numero, personas.calidad, secciones={}, vista=1, **CAMBIO)


def test_no_se_aprueba_lo_que_dice_lo_mismo_ni_lo_que_no_dice_por_que(personas):
    r = revisiones.empezar(personas.calidad)
    with pytest.raises(revisiones.NoSePuede, match="Falta decir"):
        revisiones.marcar_revisada(r.numero, personas.calidad)
    revisiones.guardar(r.numero, personas.calidad, secciones={}, vista=1, **CAMBIO)
    with pytest.raises(revisiones.NoSePuede, match="lo mismo"):
        revisiones.marcar_revisada(r.numero, personas.calidad)


def test_se_devuelve_con_su_porque_y_entonces_no_se_aprueba(client, personas):
    r = una_borrador(personas)
    revisiones.marcar_revisada(r.numero, personas.calidad)
    client.force_login(personas.direccion)
    url = f"/procedimiento/{r.numero}/pasar/"
    assert client.post(url, {"que": "devolver", "porque": ""}).status_code == 422
    client.post(url, {"que": "devolver", "porque": "Falta el alcance."})
    r.refresh_from_db()
    assert (r.estado, r.devuelta_porque) == ("BORRADOR", "Falta el alcance.")
    assert client.get(f"/procedimiento/{r.numero}/").status_code == 404  # a draft is Calidad's
    with pytest.raises(revisiones.NoSePuede):
        revisiones.aprobar(r.numero, personas.direccion, r.version)


@pytest.mark.parametrize(
    "orden",
    [
        "UPDATE casos_seccioninstruccion SET texto = 'x' WHERE revision_id = {r} AND clave = '1'",
        "UPDATE casos_seccioninstruccion SET congelada = {no} WHERE revision_id = {r}",
        "DELETE FROM casos_seccioninstruccion WHERE revision_id = {r}",
        "UPDATE casos_revisioninstruccion SET titulo = 'x' WHERE id = {r}",
        "UPDATE casos_revisioninstruccion SET fecha = '2020-01-01' WHERE id = {r}",
        "UPDATE casos_revisioninstruccion SET estado = 'BORRADOR' WHERE id = {r}",
        "UPDATE casos_revisioninstruccion SET aprobada_por_id = NULL WHERE id = {r}",
        "DELETE FROM casos_revisioninstruccion WHERE id = {r}",
        "UPDATE casos_acuse SET leido_en = NULL, huella = '' WHERE revision_id = {r}",
        "UPDATE casos_acuse SET persona_id = entregado_por_id WHERE revision_id = {r}",
        "DELETE FROM casos_acuse WHERE revision_id = {r}",
    ],
)
def test_lo_que_rige_o_rigio_no_se_cambia_ni_por_sql(personas, orden):
    vigente = distribuida(personas)
    revisiones.acusar(personas.juridico, vigente.numero)
    no = "0" if connection.vendor == "sqlite" else "FALSE"
    revisados = [vigente.pk] if "acuse" in orden or "aprobada" in orden else [
        vigente.pk, RevisionInstruccion.objects.get(numero=3).pk,
    ]  # fmt: skip
    for r in revisados:
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as c:
            c.execute(orden.format(r=r, no=no))


# -- handed out and read ---------------------------------------------------------------------------


def test_la_reciben_calidad_y_quien_encabeza_cada_area_y_a_quien_se_agrega(personas):
    distribuida(personas)
    entregadas = set(Acuse.objects.values_list("persona__username", flat=True))
    heads = {"juridico", "dh", "operaciones", "finanzas", "nominas", "rys"}
    assert entregadas == heads | {"calidad", "direccion", "gerente"}
    assert revisiones.distribuir(personas.calidad, ["VEN"]) == 2
    assert revisiones.distribuir(personas.calidad, ["VEN"]) == 0
    deben = Usuario.objects.exclude(debe_acuse_desde=None)
    assert set(deben.values_list("username", flat=True)) == entregadas | {"ventas", "ventas2"}


def test_lo_que_debe_cada_quien_es_lo_que_dicen_los_acuses(personas):
    """``debe_acuse_desde`` repeats the acknowledgements of the revision in force, at every turn."""

    def iguales():
        deben = Acuse.objects.filter(revision__estado="VIGENTE", leido_en=None)
        dicen = {(a.persona_id, timezone.localdate(a.entregado_en)) for a in deben}
        suyos = Usuario.objects.exclude(debe_acuse_desde=None)
        return dicen == set(suyos.values_list("pk", "debe_acuse_desde"))

    vigente = distribuida(personas)
    assert iguales()
    revisiones.acusar(personas.juridico, vigente.numero)
    assert iguales()
    r = una_borrador(personas, descripcion="Otra vez.")
    textos = {"7.1": ("Se recibe requerimiento de cliente.", "Otro texto.")}
    r = revisiones.guardar(r.numero, personas.calidad, secciones=textos, vista=r.version, **CAMBIO)
    r = revisiones.marcar_revisada(r.numero, personas.calidad)
    revisiones.aprobar(r.numero, personas.direccion, r.version)
    assert iguales()
    revisiones.distribuir(personas.calidad, ["AREAS"])
    assert iguales()


def test_nadie_debe_nada_mientras_calidad_no_distribuye(personas):
    """On the day of the upgrade, and when a revision begins to be in force."""
    una_vigente(personas)
    assert not Usuario.objects.exclude(debe_acuse_desde=None).exists()
    assert not Acuse.objects.exists()


def test_quien_encabeza_un_area_la_lee_con_lo_que_cambio_y_firma(client, personas):
    distribuida(personas)
    client.force_login(personas.juridico)
    assert "Léela y firma de recibido" in client.get("/").text
    pagina = client.get("/procedimiento/").text
    assert "Qué cambió respecto de la revisión 3" in pagina and "Se agregó:" in pagina
    assert client.post("/procedimiento/4/acuse/", {}).status_code == 422
    client.post("/procedimiento/4/acuse/", {"leida": "on"})
    acuse = Acuse.objects.get(persona=personas.juridico)
    assert acuse.leido_en and acuse.huella == acuse.revision.huella
    assert "Léela y firma de recibido" not in client.get("/procedimiento/").text
    assert "Léela y firma" not in client.get("/").text
    client.post("/procedimiento/4/acuse/", {"leida": "on"})  # again: nothing
    assert Acuse.objects.get(persona=personas.juridico).leido_en == acuse.leido_en


def test_no_firma_quien_no_la_recibio_ni_una_que_ya_no_rige(client, personas):
    distribuida(personas)
    for quien, numero in ((personas.ventas, 4), (personas.juridico, 3)):
        with pytest.raises(revisiones.NoSePuede):
            revisiones.acusar(quien, numero)


def vencer(persona, dias):
    desde = timezone.localdate() - timedelta(days=dias)
    Usuario.objects.filter(pk=persona.pk).update(debe_acuse_desde=desde)
    return Usuario.objects.get(pk=persona.pk)


@pytest.mark.parametrize(
    ("estado", "actos"),
    [
        (Estado.POR_DECIDIR, {DECLARAR_VIABLE, DECLARAR_NO_VIABLE}),
        (Estado.EN_MODIFICACION, {CERRAR_MODIFICADO}),
    ],
)
def test_pasados_los_dias_lee_pero_no_decide_7_4_ni_cierra_7_7(client, mundo, estado, actos):
    caso = fresco(escenario(mundo, estado))
    antes = {b.acto for b in botones_de(caso, mundo.p.ventas)}
    assert actos <= antes
    en_plazo = vencer(mundo.p.ventas, 30)
    assert {b.acto for b in botones_de(caso, en_plazo)} == antes
    tarde = vencer(mundo.p.ventas, 31)
    assert {b.acto for b in botones_de(caso, tarde)} == antes - actos
    client.force_login(tarde)
    pagina = client.get(caso.get_absolute_url())
    assert pagina.status_code == 200 and "/procedimiento/#acuse" in pagina.text
    for acto in actos:
        r = client.post(f"{caso.get_absolute_url()}{acto}/", {"version": caso.version})
        assert r.status_code == 409
        assert "lee la revisión vigente" in r.text and "/procedimiento/#acuse" in r.text
    Configuracion.objects.update(acuse_obliga=False)
    assert {b.acto for b in botones_de(caso, vencer(mundo.p.ventas, 31))} == antes
    assert set(ACTOS.values()) >= actos


def test_quien_entra_despues_tiene_sus_dias_desde_que_se_le_entrego(personas):
    distribuida(personas)
    nueva = Usuario.objects.create(username="dg2", rol="DG", first_name="Dora")
    assert nueva.sin_acuse == ""
    assert revisiones.distribuir(personas.calidad, []) == 1
    nueva.refresh_from_db()
    assert nueva.debe_acuse_desde == timezone.localdate()


def test_el_registro_en_pagina_y_en_pdf(client, personas):
    vigente = distribuida(personas)
    revisiones.acusar(personas.juridico, vigente.numero)
    client.force_login(personas.auditor)
    pagina = " ".join(client.get("/procedimiento/distribucion/").text.split())
    assert "la leyeron 1 de 9" in pagina
    assert "Responsable de Jurídico" in pagina and "<strong>Leída</strong>" in pagina
    pdf = client.get("/procedimiento/distribucion.pdf")
    texto = " ".join(p.extract_text() for p in PdfReader(io.BytesIO(pdf.content)).pages)
    texto = " ".join(texto.split())
    assert "la leyeron 1 de 9" in texto and "Responsable de Jurídico" in texto


# -- what each case obeys --------------------------------------------------------------------------


def test_un_caso_sigue_con_la_suya_y_el_que_se_abre_con_la_vigente(mundo):
    viejo = mundo.hasta(Estado.EN_CONTACTO)
    una_vigente(mundo.p)
    nuevo = mundo.hasta(Estado.EN_CONTACTO)
    mundo.analizar(fresco(viejo), "FIN")
    assert (fresco(viejo).revision, fresco(nuevo).revision) == (3, 4)
    assert set(Evento.objects.filter(caso=viejo).values_list("revision", flat=True)) == {3}
    assert set(Evento.objects.filter(caso=nuevo).values_list("revision", flat=True)) == {4}


def test_los_abiertos_pasan_con_su_porque_y_los_cerrados_no(client, mundo):
    abierto = mundo.hasta(Estado.EN_CONTACTO)
    cerrado = CasoFactory(estado=Estado.CERRADO)
    una_vigente(mundo.p)
    client.force_login(mundo.p.calidad)
    assert client.post("/procedimiento/casos/", {"motivo": ""}).status_code == 422
    assert (
        client.post("/procedimiento/casos/", {"motivo": "Cambia lo que se pide."}).status_code
        == 302
    )
    evento = Evento.objects.filter(caso=abierto).latest("numero")
    assert (evento.accion, evento.actor, evento.revision) == (
        "cambiar_revision",
        mundo.p.calidad,
        4,
    )
    assert evento.datos["revision"] == [3, 4]
    assert evento.textos.get(campo="motivo").texto == "Cambia lo que se pide."
    assert Caso.objects.get(pk=cerrado.pk).revision == 3
    assert "Cambia lo que se pide." in client.get(f"{abierto.get_absolute_url()}?ver=todo").text
    antes = abierto.eventos.count()
    assert pasar_a_la_vigente(4, "Otra vez", actor=mundo.p.calidad).movidos == 0
    assert abierto.eventos.count() == antes


def test_el_que_no_se_puede_mover_se_dice(mundo, monkeypatch):
    caso = mundo.hasta(Estado.EN_CONTACTO)
    una_vigente(mundo.p)

    def ocupado(*args, **kwargs):
        raise OperationalError("locked")

    monkeypatch.setattr(cambio_de_revision, "fuera_de_paso", ocupado)
    pasaron = pasar_a_la_vigente(4, "x", actor=mundo.p.calidad)
    assert caso.folio in {folio for folio, _ in pasaron.no}
    assert pasaron.movidos == 0
