"""Personal data (LFPDPPP): suppressing a person leaves no trace of them, and everything still verifies."""

import html
import json
import os
import subprocess
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Event
from time import sleep
from urllib.parse import quote

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.backends.db import SessionStore
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.db.models import JSONField, Q, TextField, Value
from django.urls import reverse
from django.utils import timezone
from django_q.models import Task

from casos import disparadores
from casos.calendario import hoy
from casos.catalogos import Estado, EstadoAviso
from casos.clientes import bloqueo, limpieza, supresion
from casos.clientes.altas import cambiar_persona
from casos.clientes.formas import Formas
from casos.correo import envio
from casos.datos_tratados import DecisionDeArchivo, PorDonde
from casos.formularios.quien_lo_pide import personas_de
from casos.lecturas import lo_que_guardamos
from casos.lecturas.sellos import revisar as revisar_sello
from casos.lecturas.verificacion import revisar_bitacora
from casos.lecturas.verificacion_de_seguridad import revisar_registro
from casos.models import (
    Adjunto,
    Aviso,
    AvisoPrivacidad,
    Caso,
    HechoDeSeguridad,
    Impreso,
    LecturaSensible,
    PersonaContacto,
    Prueba,
    Rastro,
    Supresion,
    TextoEvento,
    Usuario,
)
from casos.models.iguales import Clave
from casos.pasos import puerta
from casos.pasos.situacion import Rechazo
from casos.pruebas import probando
from casos.seguridad import sellado

from .auditoria import un_hallazgo, una_muestra
from .factories import AvisoFactory, CasoFactory, PersonaContactoFactory
from .guion import Guion, actuar, contacto, fresco, pedir

NOMBRE, CORREO, TELEFONO = "Zoé Ñuño", "zoe.n@zx.example", "+525587654321"
pytestmark = pytest.mark.django_db
FORMAS = (
    NOMBRE,
    "ZOE NUÑO",
    "Ñuño, Zoé",
    unicodedata.normalize("NFD", NOMBRE),
    "zoe_ñuño",
    "ñuño zoe",
    CORREO,
    CORREO.upper(),
    "55 8765 4321",
    "(55) 8765-4321",
)

# What else they say bars it of that row.
SIN_LUGAR: set[str] = set()


def buscadas() -> list[bytes]:
    """Each form as bytes: UTF-8, as JSON escapes it, normalised, in any case."""
    textos = set()
    for forma in (*FORMAS, "5587654321", "zoe nuno"):
        for variante in (forma, forma.upper(), forma.lower(), forma.casefold()):
            for n in ("NFC", "NFD"):
                normal = unicodedata.normalize(n, variante)
                textos |= {normal, normal.encode("ascii", "backslashreplace").decode()}
                sin = "".join(c for c in unicodedata.normalize("NFD", variante) if ord(c) < 128)
                textos.add(sin)
    return sorted(t.encode() for t in textos if len(t) > 5)


def volcado(tmp_path) -> bytes:
    """The whole database, as a backup has it."""
    if connection.vendor == "sqlite":
        ruta = tmp_path / "volcado.sqlite3"
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")
            cursor.execute("VACUUM INTO %s", [str(ruta)])
        return ruta.read_bytes() + "\n".join(connection.connection.iterdump()).encode()
    ajustes = connection.settings_dict
    entorno = os.environ | {"PGPASSWORD": ajustes["PASSWORD"] or ""}
    orden = ["pg_dump", "-h", ajustes["HOST"], "-p", str(ajustes["PORT"]), "-U", ajustes["USER"], ajustes["NAME"]]  # fmt: skip
    return subprocess.run(orden, env=entorno, check=True, capture_output=True).stdout


def carpeta(raiz) -> bytes:
    archivos = [p for p in Path(raiz).rglob("*") if p.is_file()]
    return b"\n".join([str(p).encode() + p.read_bytes() for p in archivos])


def rastros(todo: bytes) -> dict[str, str]:
    bajo = todo.lower()
    hallados = {}
    for forma in buscadas():
        lugar = bajo.find(forma.lower())
        if lugar >= 0:
            hallados[forma.decode()] = bajo[max(0, lugar - 80) : lugar + 60].decode(
                errors="replace"
            )
    return hallados


def con_su_historia(personas):
    """A case with what people type about the person by every door, and a second one to be touched by hand."""
    g = Guion(personas)
    g.hasta(Estado.EN_MODIFICACION)
    caso = g.hasta(Estado.EN_PROPUESTA)
    un_hallazgo(personas, caso=caso, muestra=una_muestra(personas, caso))
    persona = caso.persona
    cambiar_persona(persona, nombre=NOMBRE, correo=CORREO, telefono=TELEFONO, autor=personas.ventas)
    for forma in FORMAS:
        actuar("anotar", caso, personas.gerente, nota=f"Habló {forma}, y quedó de avisar.")
    archivo = SimpleUploadedFile(f"cv {NOMBRE}.txt", f"Currículum de {NOMBRE}.".encode())
    dicho = contacto(persona=persona.pk, resumen=f"Dice {NOMBRE} que sí", archivo_sensible="on")
    dicho["version"] = fresco(caso).version
    pedir(
        "registrar_contacto",
        personas.ventas,
        caso=caso,
        datos=dicho,
        archivos={"archivo": archivo},
    )
    g.presentar(fresco(caso), enviar_al_cliente="on", texto=f"Estimada {NOMBRE}: va la propuesta.")
    return persona


def en_cada_columna(cliente) -> set[str]:
    """The name written by hand in every text column there is a row of; what could not be."""
    saltadas = set()
    for modelo in limpieza.modelos():
        if modelo in (HechoDeSeguridad, TextoEvento, Impreso):
            continue  # under a digest: they hold what the doors wrote
        filas = modelo._base_manager.order_by("-pk")
        if not filas.exists():
            saltadas.add(modelo._meta.label)
            continue
        pk = filas.values_list("pk", flat=True)[0]
        for n, columna in enumerate(limpieza.columnas(modelo)):
            if isinstance(columna, Clave):
                continue
            forma = FORMAS[n % len(FORMAS)]
            valor = {"x": [f"de {forma}."]} if isinstance(columna, JSONField) else f"de {forma}."
            largo = getattr(columna, "max_length", None)
            if columna.get_internal_type() == "EmailField" or (largo and largo < len(valor)):
                valor = CORREO if "mail" in columna.get_internal_type().lower() else NOMBRE
            if largo and largo < len(valor):
                continue  # it does not fit
            try:
                with transaction.atomic():
                    modelo._base_manager.filter(pk=pk).update(**{columna.name: valor})
            except IntegrityError:
                saltadas.add(f"{modelo._meta.label}.{columna.name}")
    return saltadas


@pytest.mark.django_db(transaction=True)
def test_suprimir_no_deja_rastro_y_todo_sigue_verificando(personas, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "archivos"
    persona = con_su_historia(personas)
    LogEntry.objects.create(
        user=personas.gerente, action_flag=CHANGE, object_repr=NOMBRE, object_id="1",
        content_type=ContentType.objects.first(), change_message=f'[{{"x": "{FORMAS[2]}"}}]',
    )  # fmt: skip
    sesion = SessionStore()
    sesion["_messages"] = f"Listo: agregamos a {NOMBRE}"
    sesion.save()
    Task.objects.create(id="x", name="x", func="x", started="2026-01-01T00:00Z", stopped="2026-01-01T00:00Z", result=f"falló {NOMBRE}", args=(NOMBRE,), success=False)  # fmt: skip
    tablas = disparadores.tablas()
    disparadores.retirar("default", *tablas)
    with probando(Caso.objects.values_list("pk", flat=True), Prueba.Motivo.RECUENTO):
        saltadas = en_cada_columna(persona.cliente_id)
    disparadores.instalar("default")
    sellado.sellar(hoy())
    assert list(revisar_bitacora()) == [] and revisar_registro() == ""
    antes = tmp_path / "antes"
    antes.mkdir()
    assert len(rastros(volcado(antes))) > 10
    assert rastros(carpeta(settings.MEDIA_ROOT))
    formas = supresion.formas_de(persona)
    archivos = list(supresion.archivos_de(persona, formas))
    assert [a.sensible for a in archivos] == [True]
    supresion.suprimir_persona(
        persona,
        por=personas.direccion,
        archivos=[supresion.Decidido(a.pk, DecisionDeArchivo.BORRAR) for a in archivos],
    )
    assert rastros(volcado(tmp_path)) == {}
    assert rastros(carpeta(settings.MEDIA_ROOT)) == {}
    assert list(revisar_bitacora()) == [] and revisar_registro() == ""
    assert revisar_sello().integro
    persona.refresh_from_db()
    assert persona.nombre == f"Contacto suprimido nº {persona.pk}"
    # Where there was no row, or no room, nothing was written.
    assert {s for s in saltadas if "." in s.partition(".")[2]} <= SIN_LUGAR, saltadas


@pytest.fixture
def laura(mundo):
    persona = mundo.registrar().persona
    return cambiar_persona(persona, nombre="Laura Garay Ibsen", correo="garay@x.example")


def test_un_caso_registrado_mientras_se_buscaba_no_alarma(mundo, laura, monkeypatch):
    """Between listing its cases and locking them another one comes in: they are listed again."""
    listar, veces = supresion._casos_de, []

    def y_llega_otro(persona, formas):
        casos = listar(persona, formas)
        veces.append(len(casos))
        return casos if len(veces) > 1 else set()  # as if it was registered right after

    monkeypatch.setattr(supresion, "_casos_de", y_llega_otro)
    supresion.suprimir_persona(laura)
    assert len(veces) == 4 and min(veces) == 1 and list(revisar_bitacora()) == []


def test_lo_que_tambien_es_de_alguien_mas_se_queda_donde_es_suyo(mundo, laura):
    otra = PersonaContactoFactory(nombre=laura.nombre, correo="otra@x.example", telefono="")
    ajeno = CasoFactory(cliente=otra.cliente, persona=otra, solicitud=f"Pide {laura.nombre}.")
    assert laura.nombre in supresion.lo_que_es_de_otros(laura, supresion.formas_de(laura))
    supresion.suprimir_persona(laura)
    ajeno.refresh_from_db()
    otra.refresh_from_db()
    assert "Laura" in ajeno.solicitud and "Laura" in otra.nombre


def test_lo_que_se_guarda_de_alguien_no_dice_las_cartas_de_quien_tiene_su_correo(mundo, laura):
    otra = PersonaContactoFactory(nombre="Iris Sosa", correo=laura.correo, telefono="")
    ajeno = CasoFactory(cliente=otra.cliente, persona=otra)
    for caso, asunto in ((ajeno, "De otra empresa"), (laura.casos.first(), "De la suya")):
        AvisoFactory(
            caso=caso, para=laura.correo.upper(), asunto=asunto, area=None, usuario=None, texto="x"
        )
    dicho = repr(lo_que_guardamos.de_persona(laura))
    assert "De la suya" in dicho and "De otra empresa" not in dicho


def test_a_una_persona_se_le_halla_por_lo_que_se_sabe_de_ella(mundo, laura, client):
    """Blocked too; of nobody else. Who was suppressed is only their number, as requests tell it."""
    otra = PersonaContactoFactory(nombre="Iris Sosa", correo="", telefono="")
    client.force_login(mundo.p.direccion)

    def halla(q):
        texto = client.get(reverse("privacidad"), {"q": q}).text
        formulario = texto.partition('role="search"')[2].partition("</section>")[0]
        assert f"/privacidad/personas/{otra.pk}/" not in formulario
        return f"/privacidad/personas/{laura.pk}/" in formulario

    laura = cambiar_persona(laura, telefono=TELEFONO)
    conocidas = [laura.nombre.upper(), laura.correo, str(laura.pk), "55 8765 4321"]
    assert all(map(halla, conocidas)) and not halla("nadie se llama así") and not halla("%")
    bloqueo.bloquear(laura, motivo="Lo pidió.", hasta=hoy() + timedelta(9), por=mundo.p.direccion)
    laura.refresh_from_db()
    assert all(map(halla, conocidas))
    supresion.suprimir_persona(laura, por=mundo.p.direccion, otras_formas=[], archivos=[])
    assert [q for q in conocidas if halla(q)] == [str(laura.pk)]


def test_lo_que_se_guarda_se_dice_en_palabras(mundo, laura):
    """The name of no table, and where a case is, which."""
    documento = lo_que_guardamos.de_persona(laura)
    dicho = repr(documento)
    assert "Textos de" not in dicho and "arco'" not in dicho
    assert "Lo que encuentra el buscador" in dicho and laura.casos.first().folio in dicho
    cabeza = documento["cabeza"]
    assert all(cabeza[c] for c in cabeza if c != "marca")


@pytest.mark.parametrize(
    "texto, queda",
    [
        ("Va Laura Treviño.", "Va «suprimido»."),
        ("TREVINO, LAURA", "«suprimido»"),
        ("cv_laura_treviño.pdf", "cv_«suprimido».pdf"),
        ("Laura Treviñoza y Clara Treviño", "Laura Treviñoza y Clara Treviño"),
        ("El ing. Treviño", "El «suprimido»"),
        ("<b>Laura&nbsp;Treviño</b>", "<b>«suprimido»</b>"),
    ],
)
def test_de_un_texto_se_quita_solo_su_nombre(texto, queda):
    assert Formas({"Laura Treviño", "Ing. Treviño"}).buscador().sin(texto) == queda


ESCRITAS = (
    str, str.upper, str.lower, str.swapcase, lambda t: unicodedata.normalize("NFD", t),
    lambda t: json.dumps(t), lambda t: json.dumps(t.upper()), lambda t: " ".join(reversed(t.split())),
    lambda t: "_".join(t.split()), lambda t: "&nbsp;".join(t.split()), lambda t: quote(t, safe=""), html.escape,
)  # fmt: skip


@pytest.mark.parametrize(
    "suyo",
    [
        {"nombres": {"Íñigo Núñez-Ávila de la Peña"}},
        {"nombres": {"Zoé D'Angelo", "Li Po", "Öz"}},
        {"nombres": {"Ольга Чу", "株式 会社名"}},
        {"correos": {"o'hara+ñ@x.mx", "Zoé.Nuño@Muy-Largo.example"}},
        {"telefonos": {"+525587654321;ext=12,+12125550123"}},
        {"telefonos": {"Conmutador Ñ 5 (pide a Zoé)"}},
    ],
)
def test_la_base_busca_a_bulto_y_no_se_le_va_nada(personas, suyo):
    """What is taken out in Python, the short patterns of the database find, in its own dialect."""
    formas = Formas(**suyo)
    halladas = 0
    for forma in (*formas.nombres, *formas.correos, *formas.telefonos, "55 8765-4321 ext. 12"):
        for escrita in ESCRITAS:
            texto = f"Dijo que {escrita(forma)}, y ya."
            if formas.buscador().esta_en(texto):
                halladas += 1
                uno = Usuario.objects.annotate(texto=Value(texto, output_field=TextField()))
                donde = Q(*[("texto__regex", t) for t in formas.a_bulto()], _connector=Q.OR)
                assert uno.filter(donde).exists(), (texto, formas.a_bulto())
    assert halladas > 3


def test_un_archivo_se_conserva_solo_si_se_dice_por_que(mundo, laura, client):
    adjunto = con_archivo(mundo, laura)
    client.force_login(mundo.p.direccion)
    url = reverse("privacidad_suprimir", args=[laura.pk])
    campo = f"archivo_{adjunto.pk}"
    # What is decided of can be read first.
    assert f'href="{reverse("archivo", args=[adjunto.pk])}"' in client.get(url).text
    assert "Elige qué se hace con el archivo." in client.post(url, {"otras_formas": ""}).text
    for mala in ({campo: "CONSERVAR"}, {campo: "CONSERVAR", f"motivo_{adjunto.pk}": "  "}):
        respuesta = client.post(url, mala | {"otras_formas": "Lalo"})
        assert respuesta.status_code == 422 and "Escribe por qué se conserva." in respuesta.text
        assert "Lalo" in respuesta.text
    assert not Supresion.objects.exists()
    dicho = f"Es del contrato de {laura.nombre}"
    bien = {campo: "CONSERVAR", f"motivo_{adjunto.pk}": dicho, "otras_formas": "Lau"}
    assert client.post(url, bien).status_code == 302
    decision = Supresion.objects.get(persona=laura).decisiones.get()
    assert (decision.decision, decision.motivo) == (
        "CONSERVAR",
        "Es del contrato de «suprimido»",
    )
    assert client.get(reverse("archivo", args=[adjunto.pk])).status_code == 200
    assert client.post(url, bien).status_code == 404
    assert "Es del contrato" in client.get(reverse("privacidad_persona", args=[laura.pk])).text


def test_de_un_archivo_borrado_el_caso_no_dice_que_lo_tiene(mundo, laura, client):
    adjunto = con_archivo(mundo, laura)
    client.force_login(mundo.p.ventas)
    pagina = adjunto.caso.get_absolute_url()
    assert "contenido borrado" not in client.get(pagina).text
    client.force_login(mundo.p.direccion)
    datos = {f"archivo_{adjunto.pk}": "BORRAR", "otras_formas": ""}
    assert client.post(reverse("privacidad_suprimir", args=[laura.pk]), datos).status_code == 302
    client.force_login(mundo.p.ventas)
    assert "contenido borrado" in client.get(pagina).text


def con_archivo(mundo, persona, **mas) -> Adjunto:
    caso = persona.casos.first()
    archivo = SimpleUploadedFile("acta.txt", "Acta de la reunión.".encode())
    datos = contacto(persona=persona.pk, version=fresco(caso).version, **mas)
    caso = mundo.asignar(caso) if caso.responsable_id is None else caso
    datos["version"] = fresco(caso).version
    pedir("contactar", mundo.p.ventas, caso=caso, datos=datos, archivos={"archivo": archivo})
    return Adjunto.objects.get()


def test_de_un_archivo_sensible_se_anota_cada_lectura(mundo, laura, client):
    adjunto = con_archivo(mundo, laura, archivo_sensible="on")
    assert adjunto.sensible
    ficha, baja = (reverse(n, args=[adjunto.pk]) for n in ("archivo_ficha", "archivo"))
    client.force_login(mundo.p.ventas)
    assert ficha in client.get(adjunto.caso.get_absolute_url()).text
    pagina = client.get(ficha).text
    assert "queda anotado quién fue" in pagina and "Quién lo ha leído" not in pagina
    assert b"".join(client.get(baja).streaming_content)
    assert LecturaSensible.objects.get().usuario == mundo.p.ventas
    with pytest.raises(IntegrityError), transaction.atomic():
        LecturaSensible.objects.update(usuario=mundo.p.gerente)
    # In the ZIP too; who asks only whether it is there has read nothing.
    en_zip = reverse("expediente_zip", args=[adjunto.caso.folio])
    assert client.head(en_zip).status_code == 200 and LecturaSensible.objects.count() == 1
    assert client.get(en_zip).status_code == 200
    assert LecturaSensible.objects.latest("pk").por_donde == PorDonde.EXPEDIENTE
    # Who marked it does not take the mark away.
    marca = reverse("archivo_sensible", args=[adjunto.pk])
    assert client.post(marca, {"sensible": ""}).status_code == 403
    client.force_login(mundo.p.auditor)
    leidas = client.get(reverse("lecturas_sensibles")).text
    assert str(mundo.p.ventas) in leidas and "acta.txt" not in leidas
    client.force_login(mundo.p.direccion)
    assert "acta.txt" in client.get(reverse("lecturas_sensibles")).text
    assert str(mundo.p.ventas) in client.get(ficha).text
    assert client.post(marca, {"sensible": ""}).status_code == 302
    adjunto.refresh_from_db()
    assert not adjunto.sensible and list(revisar_bitacora()) == []


def test_a_quien_se_bloquea_no_se_le_ofrece_ni_se_le_ve_y_vuelve_igual(mundo, laura, client):
    antes = {c: getattr(laura, c) for c in bloqueo.CAMPOS}
    client.force_login(mundo.p.direccion)
    url = reverse("privacidad_bloquear", args=[laura.pk])
    assert client.post(url, {"motivo": "", "hasta": ""}).status_code == 422
    dice = {"motivo": "Lo pidió", "hasta": f"{hoy() + timedelta(30)}"}
    assert client.post(url, dice).status_code == 302
    caso = laura.casos.get()
    client.force_login(mundo.p.gerente)
    for pagina in (f"/clientes/{laura.cliente_id}/", caso.get_absolute_url(), "/clientes/?q=garay"):
        texto = client.get(pagina).text
        assert antes["nombre"] not in texto and antes["correo"] not in texto, pagina
    assert not personas_de(laura.cliente_id).filter(pk=laura.pk).exists()
    assert client.get(f"/clientes/{laura.cliente_id}/personas/{laura.pk}/").status_code == 404
    client.force_login(mundo.p.direccion)
    assert antes["nombre"] in client.get(reverse("privacidad")).text
    volver = reverse("privacidad_desbloquear", args=[laura.pk])
    assert client.post(volver, {"motivo": "Fue un error"}).status_code == 302
    laura.refresh_from_db()
    assert {c: getattr(laura, c) for c in bloqueo.CAMPOS} == antes
    assert list(revisar_bitacora()) == []


@pytest.mark.parametrize("quien", ["ella", "antes", "otra", "nadie"])
def test_a_quien_se_bloquea_no_se_le_envia_lo_que_esperaba(mundo, laura, smtp, quien):
    """Neither what waited nor what is sent again; what goes to an address that somebody else has, does."""
    caso, correo = laura.casos.get(), laura.correo
    Aviso.objects.update(proximo_en=timezone.now() + timedelta(days=1))
    aviso = AvisoFactory(caso=caso, para=correo.upper())
    if quien == "antes":
        cambiar_persona(laura, correo="otra.direccion@x.example")
    if quien == "otra":
        PersonaContactoFactory(cliente=caso.cliente, correo=correo)
    if quien != "nadie":
        bloqueo.bloquear(laura, motivo="Lo pidió", hasta=hoy(), por=mundo.p.direccion)
    salen = quien in ("otra", "nadie")
    for _ in range(2):
        assert envio.enviar_pendientes() == salen
        aviso.refresh_from_db()
        assert aviso.estado == (EstadoAviso.ENVIADO if salen else EstadoAviso.FALLIDO)
        assert ("bloqueados" in aviso.error) == (not salen)
        if salen:
            break
        envio.reenviar(Aviso.objects.filter(pk=aviso.pk))


def test_de_quien_esta_bloqueado_tambien_se_quita_todo(mundo, laura):
    nombre = laura.nombre
    bloqueo.bloquear(laura, motivo="Lo pidió", hasta=hoy(), por=mundo.p.direccion)
    supresion.suprimir_persona(laura)
    assert not Caso.objects.filter(solicitud__contains=nombre).exists()
    assert not Rastro.objects.filter(despues__contains=nombre).exists()


def test_de_donde_vienen_sus_datos_y_que_aviso_se_le_dio(mundo, laura, client):
    """Nothing says what nobody knows."""
    client.force_login(mundo.p.ventas)
    pagina = f"/clientes/{laura.cliente_id}/"
    sin = client.get(pagina).text
    assert "Aviso de privacidad: no se sabe" in " ".join(sin.split())
    url = f"{pagina}personas/{laura.pk}/aviso/"
    vacia = client.get(url).text
    assert "lo escribe quien administra" in vacia and 'name="como"' not in vacia
    aviso = AvisoPrivacidad.objects.create(
        version="2", desde_fecha=hoy(), enlace="https://x.example/"
    )
    bien = {"aviso": aviso.pk, "como": "CORREO", "fecha": f"{hoy()}"}
    for campo, valor in (
        ("aviso", ""),
        ("como", ""),
        ("fecha", "2999-01-01"),
        ("fecha", "2000-01-01"),
    ):
        assert client.post(url, bien | {campo: valor}).status_code == 422, campo
    assert client.post(url, bien).status_code == 302
    assert "2, se envió por correo" in " ".join(client.get(pagina).text.split())
    with pytest.raises(IntegrityError), transaction.atomic():
        laura.avisos_dados.update(como="FIRMADO")
    client.post(f"{pagina}personas/nueva/", {"nombre": "Eva Ruiz"})
    assert PersonaContacto.objects.get(nombre="Eva Ruiz").origen == ""
    client.post(f"{pagina}personas/nueva/", {"nombre": "Ida Paz", "origen": "PERSONA"})
    assert "Los dio la propia persona" in client.get(pagina).text


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("que", ["suprimir", "bloquear"])
def test_quien_se_eligio_y_se_fue_mientras_no_entra_en_un_registro(personas, monkeypatch, que):
    """The form was read before; the registration waits for the lock and sees what the other did."""
    g = Guion(personas)
    contrato = g.registrar().contrato
    persona = contrato.cliente.personas.get()
    leido, apartada = Event(), Event()
    candado = puerta.con_candado

    def ya_leido(fila):
        leido.set()
        assert apartada.wait(20)
        candado(fila)

    def registrar():
        try:
            g.registrar(contrato, solicitud=f"Lo pide {persona.nombre}.")
        except Rechazo as rechazo:
            return rechazo
        finally:
            connection.close()

    monkeypatch.setattr(puerta, "con_candado", ya_leido)
    with ThreadPoolExecutor(1) as otro:
        espera = otro.submit(registrar)
        assert leido.wait(20)
        with transaction.atomic():
            if que == "suprimir":
                supresion.suprimir_persona(persona, por=personas.direccion)
            else:
                bloqueo.bloquear(persona, motivo="x", hasta=hoy(), por=personas.direccion)
            apartada.set()
            sleep(0.3)  # it is at the lock by now, and waits
            assert not espera.done()
        rechazo = espera.result(20)
    assert [(f.campo, puerta.SE_FUE in f.mensaje) for f in rechazo.situacion.faltas] == [
        ("persona", True)
    ]
    assert Caso.objects.count() == 1 and list(revisar_bitacora()) == []
