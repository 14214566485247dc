"""The auditor's desk: anybody can draw a sample again, nobody alters it, a finding is followed to its closure."""

import io
import re
from datetime import timedelta
from html import unescape

import pytest
from django.core.management import call_command
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from casos.auditorias import NoSePuede, hallazgos
from casos.auditorias.muestreo import poblacion_de, volver_a_sortear
from casos.auditorias.notas_del_auditor import anotar
from casos.auditorias.sorteo import repartir, sortear
from casos.calendario import hoy
from casos.catalogos import Estado
from casos.clientes.bloqueo import bloquear
from casos.clientes.supresion import suprimir_persona
from casos.lecturas.evidencias import evidencias_de
from casos.lecturas.hallazgos_abiertos import hallazgos_abiertos
from casos.lecturas.verificacion import revisar_bitacora
from casos.models import (
    Aviso,
    CambioDeHallazgo,
    Caso,
    ClausulaISO,
    Consecutivo,
    Hallazgo,
    Muestra,
    NotaDeAuditoria,
    PersonaContacto,
)
from casos.vocabulario_de_auditoria import EstadoHallazgo, Estrato, Evidencia, Universo
from tests.auditoria import un_hallazgo, una_muestra
from tests.factories import CasoFactory
from tests.guion import fresco
from tests.personas import NOMBRES
from tests.test_consultas import cuantas

pytestmark = pytest.mark.django_db
E = EstadoHallazgo
SORTEADOS = [f"SV-2026-{n:06}" for n in (8, 9, 17, 20, 23, 30)]


# -- the draw --------------------------------------------------------------------------------------


def test_el_sorteo_es_aritmetica_que_cualquiera_repite():
    """Written out: whoever changes this changes every sample that was ever drawn."""
    poblacion = {f"SV-2026-{n:06}": "AB"[n % 3 == 0] for n in range(1, 31)}
    sorteo = sortear("semilla", 6, poblacion)
    assert [(e.clave, e.casos, e.sorteados) for e in sorteo.estratos] == [
        ("A", 20, 4),
        ("B", 10, 2),
    ]
    assert [f for f, _ in sorteo.folios] == SORTEADOS
    # In whatever order they were read, and by whatever keys another database has.
    al_reves = {f: {"A": "7", "B": "3"}[c] for f, c in sorted(poblacion.items(), reverse=True)}
    otro = sortear("semilla", 6, al_reves)
    assert [f for f, _ in otro.folios] == SORTEADOS and otro.huella == sorteo.huella
    assert [f for f, _ in sortear("otra", 6, poblacion).folios] != SORTEADOS


@pytest.mark.parametrize("tamano", range(3, 41))
def test_cada_estrato_da_en_proporcion_y_al_menos_uno(tamano):
    casos = {"grande": 30, "mediano": 9, "solo": 1}
    dados = repartir(tamano, casos, list(casos))
    assert sum(dados.values()) == tamano
    assert all(1 <= dados[c] <= casos[c] for c in casos)
    if tamano > 5:
        assert abs(dados["grande"] - tamano * 30 / 40) <= 1.5


def test_no_se_pide_lo_que_no_cabe():
    for tamano in (0, 1, 41):
        with pytest.raises(ValueError):
            repartir(tamano, {"a": 30, "b": 10}, ["a", "b"])


@pytest.mark.parametrize("estrato", Estrato.values)
def test_una_muestra_se_repite_mientras_no_crece_la_poblacion_y_si_no_dice_que_cambio(
    mundo, estrato
):
    mundo.hasta(Estado.EN_ANALISIS)
    caso = Caso.objects.first()
    m = una_muestra(mundo.p, *Caso.objects.all(), estrato=estrato)
    assert m.poblacion == m.tamano == Caso.objects.count()
    assert sum(hay for _, hay, _ in m.estratos) == m.poblacion
    otra = volver_a_sortear(m)
    assert (otra.igual, otra.misma_poblacion, otra.cambiaron) == (True, True, [])
    nuevo = CasoFactory(recibido_en=caso.recibido_en)
    otra = volver_a_sortear(m)
    assert not otra.misma_poblacion and otra.poblacion == m.poblacion + 1
    assert [f for f, _ in m.folios] == sorted(
        set(Caso.objects.values_list("folio", flat=True)) - {nuevo.folio}
    )
    assert otra.cambiaron or not estrato


def test_la_poblacion_son_los_dias_de_la_ciudad_de_mexico(personas):
    dia = hoy() - timedelta(days=40)
    medianoche = timezone.localtime().replace(
        year=dia.year, month=dia.month, day=dia.day, hour=0, minute=0, second=0, microsecond=0
    )
    dentro = [
        CasoFactory(recibido_en=medianoche).folio,
        CasoFactory(recibido_en=medianoche + timedelta(hours=23, minutes=59)).folio,
    ]
    CasoFactory(recibido_en=medianoche - timedelta(seconds=1))
    CasoFactory(recibido_en=medianoche + timedelta(days=1))
    assert sorted(poblacion_de(Universo.RECIBIDOS, dia, dia, "")) == sorted(dentro)
    assert poblacion_de(Universo.CERRADOS, dia, dia, "") == {}


MALOS = {
    "al revés": ({"desde": 0, "hasta": -1}, "hasta", "La fecha final es anterior a la inicial."),
    "cero": ({"tamano": "0"}, "tamano", "Pide al menos un caso."),
    "de más": (
        {"tamano": "5"},
        "tamano",
        "Hay 3 casos en esas fechas: pide 3 o menos, o abarca más días.",
    ),
    "demasiados": ({"tamano": "201"}, "tamano", "Pide 200 casos o menos."),
    "nada": ({"desde": -900, "hasta": -890}, "desde", "No hay casos recibidos en esas fechas."),
    "sin semilla": ({"semilla": " "}, "semilla", "Escribe la semilla."),
    "más grupos": (
        {"tamano": "2", "estrato": "CLIENTE"},
        "tamano",
        "Hay 3 grupos con casos y cada uno da al menos uno: pide 3 o más, o elige otros estratos.",
    ),
    "otro estrato": ({"estrato": "GIRO"}, "estrato", "Elige de la lista."),
}


@pytest.mark.parametrize("que", MALOS)
def test_lo_que_no_se_puede_se_dice_junto_a_su_campo_y_no_se_guarda(personas, client, que):
    for _ in range(3):
        CasoFactory(recibido_en=timezone.now() - timedelta(days=3))
    cambia, campo, dicho = MALOS[que]
    datos = {
        "universo": "RECIBIDOS", "desde": -10, "hasta": 0, "tamano": "3", "estrato": "",
        "semilla": "x", "alcance": "Lo que escribí",
    } | cambia  # fmt: skip
    for dia in ("desde", "hasta"):
        datos[dia] = (hoy() + timedelta(days=datos[dia])).isoformat()
    client.force_login(personas.auditor)
    respuesta = client.post("/auditoria/nueva/", datos)
    assert respuesta.status_code == 422 and not Muestra.objects.exists()
    assert dicho in respuesta.text and "Lo que escribí" in respuesta.text
    assert f'id="id_{campo}_error"' in respuesta.text


def test_el_auditor_saca_una_muestra_y_la_lee(mundo, client):
    caso = mundo.hasta(Estado.EN_ANALISIS)
    client.force_login(mundo.p.auditor)
    assert "Todavía no hay muestras" in client.get("/auditoria/").text
    dia = timezone.localdate(caso.recibido_en).isoformat()
    datos = {
        "universo": "RECIBIDOS", "desde": dia, "hasta": dia, "tamano": 1, "estrato": "",
        "semilla": "s-1", "alcance": "Auditoría de prueba",
    }  # fmt: skip
    respuesta = client.post("/auditoria/nueva/", datos)
    m = Muestra.objects.get()
    assert respuesta.url == f"/auditoria/{m.numero}/"
    pagina = client.get(f"{respuesta.url}?sorteo=1").text
    assert "s-1" in pagina and m.folios[0][0] in pagina
    assert "salen los mismos 1 caso" in pagina and "La población es la\nmisma." in pagina
    assert m.alcance in client.get("/auditoria/").text


# -- what is never altered -------------------------------------------------------------------------


def intocables(p):
    caso = CasoFactory()
    m = una_muestra(p, caso)
    nota = anotar(p.auditor, m, caso, ClausulaISO.objects.first(), "Visto.", 0)
    h = un_hallazgo(p, caso, m)
    return {
        "muestra": (m, {"semilla": "otra"}),
        "nota": (nota, {"texto": "Otra cosa."}),
        "hallazgo": (h, {"encontrado": "Nada."}),
        "evidencia": (h, {"evidencia": "Ninguna."}),
        "clase": (h, {"tipo": "OPORTUNIDAD"}),
        "historia": (h.historia.get(), {"cambios": []}),
    }


@pytest.mark.parametrize("que", ["muestra", "nota", "hallazgo", "evidencia", "clase", "historia"])
def test_la_base_no_deja_cambiar_ni_borrar_lo_que_hallo_una_auditoria(personas, que):
    fila, cambio = intocables(personas)[que]
    suya = type(fila).objects.filter(pk=fila.pk)
    with pytest.raises(DatabaseError, match="no se modifica ni se borra"), transaction.atomic():
        suya.update(**cambio)
    with pytest.raises(DatabaseError), transaction.atomic():
        suya._raw_delete("default")
    # A person's data may still be taken out, and it is said when.
    if que in ("nota", "hallazgo", "evidencia", "historia"):
        assert suya.update(**cambio, suprimido_en=timezone.now()) == 1


def test_una_nota_se_escribe_otra_vez_sin_perder_la_de_antes(personas, client):
    caso = CasoFactory()
    m, c = una_muestra(personas, caso), ClausulaISO.objects.first()
    url = reverse("muestra_nota", args=[m.numero, caso.folio, c.pk])
    client.force_login(personas.auditor)
    assert '<input type="hidden" name="version" value="0"' in client.get(url).text
    vacia = client.post(url, {"version": 0, "texto": " "}, follow=True).text
    assert "no se guardó ninguna nota" in vacia and "Listo" not in vacia
    assert client.post(url, {"version": 0, "texto": "Primera."}).status_code == 302
    client.force_login(personas.calidad)
    assert client.post(url, {"version": 1, "texto": "Segunda."}).status_code == 302
    # The page that was opened before says so, and gives back what was typed.
    client.force_login(personas.auditor)
    vieja = client.post(url, {"version": 1, "texto": "Tercera."})
    assert vieja.status_code == 422 and "Alguien más escribió esta nota" in vieja.text
    assert "Tercera." in vieja.text
    assert list(NotaDeAuditoria.objects.order_by("version").values_list("texto", flat=True)) == [
        "Primera.", "Segunda.",
    ]  # fmt: skip
    quitada = client.post(url, {"version": 2, "texto": ""}, follow=True).text
    assert "la nota se quitó" in quitada
    assert "Segunda." not in client.get(reverse("muestra_caso", args=[m.numero, caso.folio])).text


def test_lo_que_se_escribe_y_no_se_envia_se_recupera(personas, client):
    caso = CasoFactory()
    m, c = una_muestra(personas, caso), ClausulaISO.objects.first()
    de_caso = [m.numero, caso.folio]
    client.force_login(personas.auditor)
    for nombre, argumentos, campo in (
        ("muestra_nota", [*de_caso, c.pk], "texto"),
        ("muestra_hallazgo", de_caso, "encontrado"),
        ("muestra_nueva", [], "alcance"),
    ):
        url = reverse(nombre, args=argumentos)
        guarda = unescape(re.search(r'data-hx-post="([^"]+)"', client.get(url).text)[1])
        assert client.post(guarda, {campo: "A medio escribir."}).status_code == 200
        pagina = client.get(url).text
        assert "Recuperamos lo que habías escrito" in pagina and "A medio escribir." in pagina


# -- findings --------------------------------------------------------------------------------------


def paso(p, h, quien, nombre, **datos):
    h.refresh_from_db()
    return hallazgos.dar_paso(getattr(p, quien), h.pk, nombre, h.version, **datos)


ATENDIDO = {"accion": "Un candado.", "como": "Se puso.", "hecho_fecha": None}


def atender(p, h, quien="juridico"):
    return paso(p, h, quien, "atender", **ATENDIDO | {"hecho_fecha": hoy()})


def test_un_hallazgo_se_sigue_hasta_que_otra_persona_verifica_que_sirvio(personas):
    p = personas
    h = un_hallazgo(p, responsable=None, vence=None)
    assert (h.clave, h.estado) == (f"HA-{hoy().year}-001", E.ABIERTO)
    assert un_hallazgo(p).clave == f"HA-{hoy().year}-002"
    h = paso(p, h, "calidad", "asignar", responsable=p.juridico, vence=hoy(), accion="")
    h = paso(p, h, "juridico", "accion", accion="Se hará.")
    h = atender(p, h)
    for quien in ("juridico", "ventas"):
        with pytest.raises(NoSePuede):
            paso(p, h, quien, "verificar", verificacion="Bien.")
    h = paso(p, h, "calidad", "regresar", verificacion="Volvió a pasar.", vence=hoy())
    assert (h.estado, h.como, h.hecho_fecha) == (E.EN_ACCION, "", None)
    # Whoever of Calidad attends it in place of its owner does not verify it either.
    h = atender(p, h, "calidad")
    with pytest.raises(NoSePuede, match="Lo verifica otra persona"):
        paso(p, h, "calidad", "verificar", verificacion="Bien.")
    h = paso(p, h, "auditor", "verificar", verificacion="No se repitió.")
    assert h.estado == E.CERRADO and h.cerrado_en and h not in hallazgos_abiertos()
    assert [c.paso for c in h.historia.all()] == [
        "LEVANTAR", "ASIGNAR", "ACCION", "ATENDER", "REGRESAR", "ATENDER", "VERIFICAR",
    ]  # fmt: skip
    regreso = h.historia.get(paso="REGRESAR")
    assert ["como", "Se puso.", ""] in regreso.cambios
    with pytest.raises(NoSePuede, match="ese paso ya no toca"):
        paso(p, h, "calidad", "descartar", porque="x")


def test_quien_tiene_que_actuar_no_lo_cierra_sin_accion(personas):
    h = un_hallazgo(personas, responsable=personas.calidad)
    with pytest.raises(NoSePuede, match="otra persona"):
        paso(personas, h, "calidad", "descartar", porque="No es nada.")
    assert paso(personas, h, "auditor", "descartar", porque="No es nada.").estado == E.SIN_ACCION


A_QUIEN_SE_AVISA = {
    "a otra persona": ("dh", {"juridico": "Ya no eres", "dh": "Eres responsable"}),
    "a la misma": ("juridico", {"juridico": "Eres responsable"}),
    "a quien lo pasa": ("calidad", {"juridico": "Ya no eres"}),
    "sin acción": ("", {"juridico": "eras", "auditor": "levantaste"}),
}


@pytest.mark.parametrize("que", A_QUIEN_SE_AVISA)
def test_se_avisa_a_quien_lo_tiene_a_quien_lo_tenia_y_a_quien_lo_levanto(personas, que):
    a, avisa = A_QUIEN_SE_AVISA[que]
    h = un_hallazgo(personas, CasoFactory())
    Aviso.objects.all().delete()
    if a:
        datos = {"responsable": getattr(personas, a), "vence": hoy(), "accion": ""}
        paso(personas, h, "calidad", "asignar", **datos)
    else:
        paso(personas, h, "calidad", "descartar", porque="Se levantó por error.")
    cartas = {c.usuario: c.texto for c in Aviso.objects.all()}
    assert cartas.keys() == {getattr(personas, quien) for quien in avisa}
    for quien, dicho in avisa.items():
        texto = cartas[getattr(personas, quien)]
        assert dicho in texto and h.clave in texto
        # Only whoever may open it is led there.
        assert (h.get_absolute_url() in texto) == (dicho != "Ya no eres")


def test_de_uno_sin_responsable_se_avisa_a_quien_lo_levanto(personas):
    h = un_hallazgo(personas, responsable=None, vence=None)
    paso(personas, h, "calidad", "descartar", porque="Se levantó dos veces.")
    assert [c.usuario for c in Aviso.objects.all()] == [personas.auditor]


PUEDEN = {
    "asignar": {"calidad", "auditor"},
    "accion": {"calidad", "auditor", "juridico"},
    "atender": {"calidad", "auditor", "juridico"},
    "verificar": {"calidad", "auditor"},
    "regresar": {"calidad", "auditor"},
    "descartar": {"calidad", "auditor"},
}


def en_cada_estado(p):
    abierto = un_hallazgo(p, responsable=None, vence=None)
    en_accion, atendido = un_hallazgo(p), atender(p, un_hallazgo(p))
    cerrado = paso(p, atender(p, un_hallazgo(p)), "calidad", "verificar", verificacion="Bien.")
    sin_accion = paso(p, un_hallazgo(p), "calidad", "descartar", porque="Se levantó por error.")
    return [abierto, en_accion, atendido, cerrado, sin_accion]


def test_cada_paso_en_cada_estado_para_cada_persona(personas):
    todos = en_cada_estado(personas)
    assert {h.estado for h in todos} == set(EstadoHallazgo)
    for h in todos:
        for quien in NOMBRES:
            persona = getattr(personas, quien)
            pueden = {p.nombre for p in hallazgos.pasos_de(persona, h)}
            suyos = {
                n
                for n, p in hallazgos.PASOS.items()
                if h.estado in p.en and quien in PUEDEN[n]
                and (quien != "juridico" or h.responsable == persona)
            }  # fmt: skip
            assert pueden == suyos, (h.estado, quien)


def test_el_responsable_lo_encuentra_y_a_los_demas_no_les_existe(personas, client):
    p = personas
    correos = Aviso.objects.count()
    h = un_hallazgo(p, CasoFactory())
    carta = Aviso.objects.latest("pk")
    assert Aviso.objects.count() == correos + 1 and carta.usuario == p.juridico
    assert h.clave in carta.asunto and f"/auditoria/hallazgos/{h.pk}/" in carta.texto
    client.force_login(p.juridico)
    assert h.clave in client.get("/").text
    pagina = client.get(h.get_absolute_url()).text
    assert "Registrar que se atendió" in pagina and "Asignar responsable" not in pagina
    assert 'href="/auditoria/' not in pagina.replace(f'href="/auditoria/hallazgos/{h.pk}/', "")
    # What is typed is never taken for the key of a person, by which the history tells who.
    como = "usuario: no lo capturó"
    datos = {"version": 1, "accion": "Un candado.", "como": "", "hecho_fecha": hoy().isoformat()}
    url = f"{h.get_absolute_url()}atender/"
    assert '<input type="hidden" name="version" value="1"' in client.get(url).text
    mala = client.post(url, datos)
    assert mala.status_code == 422 and "Un candado." in mala.text
    manana = (hoy() + timedelta(days=1)).isoformat()
    tarde = client.post(url, datos | {"como": "Ya.", "hecho_fecha": manana})
    assert tarde.status_code == 422 and "Todavía no llega esa fecha" in tarde.text
    assert client.post(url, datos | {"como": como}).status_code == 302
    hecha = client.get(h.get_absolute_url()).text
    assert "se atendió" in hecha and hecha.count(como) == 2  # what was done, and its history
    assert h.clave not in client.get("/").text
    client.force_login(p.auditor)
    assert "Verificar si fue eficaz" in client.get("/").text
    # The page that was opened before.
    client.force_login(p.calidad)
    vieja = client.post(f"{h.get_absolute_url()}regresar/", {"version": 1, "verificacion": "No.", "vence": manana})  # fmt: skip
    assert vieja.status_code == 422 and "Alguien más movió este hallazgo" in vieja.text


def test_la_manana_recuerda_lo_que_vence(personas):
    from casos.lecturas.resumen import manana_de

    h = un_hallazgo(personas, vence=hoy() + timedelta(days=30))
    assert not manana_de(personas.juridico).vale_la_pena
    Hallazgo.objects.filter(pk=h.pk).update(vence=hoy() - timedelta(days=1))
    m = manana_de(personas.juridico)
    assert m.vale_la_pena and m.en_breve == "1 hallazgo"
    [(dicho, urge)] = m.hallazgos
    assert urge and h.clave in dicho and "ya venció" in dicho
    assert manana_de(personas.dh).hallazgos == []


def test_los_hallazgos_se_filtran_y_se_exportan(personas, client):
    abierto, *_ = en_cada_estado(personas)
    client.force_login(personas.auditor)
    for estado, cuantos in {"": 3, "TODOS": 5, "CERRADO": 1, "ABIERTO": 1}.items():
        pagina = client.get("/auditoria/hallazgos/", {"estado": estado}).text
        assert pagina.count(f"HA-{hoy().year}-") == cuantos, estado
    libro = client.get("/auditoria/hallazgos/exportar/", {"estado": "TODOS"})
    assert b"".join(libro.streaming_content)[:2] == b"PK"
    mala = client.get("/auditoria/hallazgos/", {"estado": "zzz"}).text
    assert "Elige un estado de la lista." in mala and abierto.clave in mala


# -- evidence and report ---------------------------------------------------------------------------


def test_la_evidencia_de_un_caso_lleva_a_su_historia(mundo):
    caso = mundo.hasta(Estado.POR_INFORMAR)
    call_command("sellar", verbosity=0)
    [leido] = evidencias_de(Caso.objects.filter(pk=caso.pk), mundo.p.auditor)
    for clase in (
        Evidencia.SOLICITUD, Evidencia.CONTACTOS, Evidencia.OPINIONES, Evidencia.DECISION,
        Evidencia.BITACORA, Evidencia.SELLO, Evidencia.CARTAS,
    ):  # fmt: skip
        datos = leido.datos[clase]
        assert datos and all(d.url.startswith("/") for d in datos), clase
    assert "cubre toda la historia" in leido.datos[Evidencia.SELLO][0].que
    assert caso.huella_cabeza in leido.datos[Evidencia.BITACORA][0].que
    assert not leido.datos[Evidencia.CONTRATO]
    dieron = [d.que for d in leido.datos[Evidencia.OPINIONES] if d.que.startswith("Se dio")]
    areas = [str(o.area) for o in caso.opiniones.all()]
    assert dieron and all(d.partition(" · ")[2] in areas for d in dieron)


def test_las_consultas_no_crecen_con_los_casos_de_la_muestra(mundo, client):
    caso = mundo.hasta(Estado.EN_ANALISIS)
    pocos = una_muestra(mundo.p, caso, tamano=1)
    muchos = una_muestra(mundo.p, *Caso.objects.all())
    assert muchos.tamano > 5
    for m in (pocos, muchos):
        for c in Caso.objects.filter(folio__in=[folio for folio, _ in m.folios]):
            for clausula in ClausulaISO.objects.all():
                anotar(mundo.p.calidad, m, c, clausula, "Visto.", 0)
            un_hallazgo(mundo.p, c, m)
    client.force_login(mundo.p.auditor)
    client.get("/auditoria/")  # what is read once
    for nombre in ("muestra", "muestra_pdf"):
        una, todas = (cuantas(client, reverse(nombre, args=[m.numero])) for m in (pocos, muchos))
        assert una == todas <= 36, nombre
    assert cuantas(client, reverse("hallazgos")) <= 14
    assert cuantas(client, reverse("auditoria")) <= 8


def texto_de(pdf: bytes) -> str:
    dicho = "\n".join(p.extract_text() for p in PdfReader(io.BytesIO(pdf)).pages)
    return " ".join(dicho.replace("\u200b", "").split())


def test_el_informe_dice_todo_y_es_el_mismo_mientras_nada_cambia(mundo, client):
    caso = mundo.hasta(Estado.EN_ANALISIS)
    m = una_muestra(mundo.p, caso, estrato="PASO", alcance="Auditoría interna")
    h = un_hallazgo(mundo.p, caso, m)
    anotar(mundo.p.auditor, m, caso, h.clausula, "Se revisó contra correos.", 0)
    client.force_login(mundo.p.auditor)
    uno, otro = (client.get(f"/auditoria/{m.numero}.pdf").content for _ in range(2))
    assert uno == otro and uno.startswith(b"%PDF")
    dice = texto_de(uno)
    for algo in (
        "Auditoría interna", m.semilla, m.huella[:20], caso.folio, h.clave, h.encontrado,
        "Se revisó contra correos.", "Página 1 de", "SHA-256", "7.5.3", "10.2",
    ):  # fmt: skip
        assert algo in dice, algo


@pytest.mark.parametrize("bloqueada", [False, True])
@pytest.mark.parametrize("quien", ["auditor", "calidad"])
def test_quien_audita_sin_datos_personales_no_lee_a_nadie_del_cliente(
    mundo, client, quien, bloqueada
):
    caso = mundo.hasta(Estado.EN_ANALISIS)
    PersonaContacto.objects.filter(pk=caso.persona_id).update(nombre="Xóchitl Zamarripa")
    m = una_muestra(mundo.p, caso, tamano=1, semilla="x")
    suyo = Caso.objects.get(folio=m.folios[0][0])
    PersonaContacto.objects.filter(pk=suyo.persona_id).update(nombre="Xóchitl Zamarripa")
    dicho = "Habló con Xochitl ZAMARRIPA, xz@cliente.example."
    h = un_hallazgo(mundo.p, suyo, m, encontrado=dicho, evidencia=dicho, accion=dicho)
    anotar(mundo.p.calidad, m, suyo, h.clausula, dicho, 0)
    if bloqueada:
        bloquear(fresco(suyo).persona, motivo="Lo pidió", hasta=hoy(), por=mundo.p.direccion)
    client.force_login(getattr(mundo.p, quien))
    de_la_muestra = [m.numero, suyo.folio]
    paginas = {
        "caso": client.get(reverse("muestra_caso", args=de_la_muestra)).text,
        "nota": client.get(reverse("muestra_nota", args=[*de_la_muestra, h.clausula_id])).text,
        "hallazgo": client.get(h.get_absolute_url()).text,
        "paso": client.get(f"{h.get_absolute_url()}accion/").text,
        "lista": client.get("/auditoria/hallazgos/").text,
        "pdf": texto_de(client.get(f"/auditoria/{m.numero}.pdf").content),
    }
    lee = {n for n, p in paginas.items() if "zamarripa" in p.lower() or "xz@cliente" in p.lower()}
    assert lee == (set() if quien == "auditor" else set(paginas))
    # What is read covered and sent back as it was is what was written.
    if quien == "auditor":
        suplente = f"Persona {suyo.persona_id}"
        assert suplente in paginas["hallazgo"]
        nota = NotaDeAuditoria.objects.get()
        url = reverse("muestra_nota", args=[*de_la_muestra, h.clausula_id])
        escrito = client.get(url).text.partition("<textarea")[2].partition(">")[2]
        escrito = escrito.partition("</textarea>")[0].strip()
        client.post(url, {"version": 1, "texto": escrito})
        assert NotaDeAuditoria.objects.get() == nota


def test_al_suprimir_a_una_persona_se_va_de_lo_que_se_anoto(personas):
    caso = CasoFactory()
    PersonaContacto.objects.filter(pk=caso.persona_id).update(
        nombre="Zoila Peña", correo="zoila@cliente.example"
    )
    m = una_muestra(personas, caso)
    dicho = "Lo dijo Zoila Peña (ZOILA@cliente.example); Zoilamar no."
    h = un_hallazgo(personas, caso, m, encontrado=dicho, evidencia=dicho)
    un_hallazgo(personas, None, None, encontrado=dicho)
    paso(personas, h, "auditor", "accion", accion=dicho)
    anotar(personas.auditor, m, caso, h.clausula, dicho, 0)
    suprimir_persona(PersonaContacto.objects.get(pk=caso.persona_id))
    filas = [NotaDeAuditoria, Hallazgo, CambioDeHallazgo]
    guardado = str([list(f.objects.values()) for f in filas])
    for algo in ("Zoila Peña", "zoila@", "ZOILA@"):
        assert algo not in guardado, algo
    assert guardado.count("Zoilamar no.") == 6


@pytest.mark.parametrize("quien", NOMBRES)
def test_la_navegacion_la_tiene_quien_audita(personas, client, quien):
    client.force_login(getattr(personas, quien))
    assert ('href="/auditoria/"' in client.get("/cuenta/").text) == (
        quien in ("calidad", "auditor")
    )


def test_calidad_cambia_que_evidencia_responde_una_clausula(personas, client):
    c = ClausulaISO.objects.get(numero="9.1.2")
    client.force_login(personas.calidad)
    datos = {
        "numero": c.numero, "titulo": c.titulo, "que_se_busca": "Otra cosa.", "orden": 1,
        "activa": "on", "evidencias": ["SATISFACCION", "CARTAS"],
    }  # fmt: skip
    url = reverse("admin:casos_clausulaiso_change", args=[c.pk])
    assert client.post(url, datos).status_code == 302
    c.refresh_from_db()
    assert (c.que_se_busca, c.evidencias) == ("Otra cosa.", ["SATISFACCION", "CARTAS"])
    mala = client.post(url, datos | {"evidencias": ["NADA"]})
    assert mala.status_code == 200 and "Elige evidencias de la lista." in mala.text


def test_se_halla_el_hallazgo_que_alguien_quita_de_la_base(personas):
    una_muestra(personas, CasoFactory())
    un_hallazgo(personas), un_hallazgo(personas)
    assert [f for f in revisar_bitacora(archivos=False) if "contador" in f] == []
    Consecutivo.objects.filter(serie__startswith="HA-").update(ultimo=3)
    anio = hoy().year
    fallas = [f for f in revisar_bitacora(archivos=False) if "contador" in f]
    assert fallas == [f"El contador «HA-{anio}» dice 3 y hay 2."]
