"""An appointment and its invitation, read by another parser than the one that wrote it (§7.5)."""

import email
import email.policy
from datetime import timedelta

import pytest
import vobject
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casos.catalogos import Estado, EstadoAviso
from casos.clientes.supresion import suprimir_persona
from casos.correo import envio
from casos.correo.invitaciones import texto_para
from casos.models import Aviso, Cita, Contacto, Empresa, PersonaContacto, Usuario
from casos.pasos.situacion import Rechazo

from .guion import actuar, formulario, fresco, hace
from .reloj import de_otro_proceso

pytestmark = pytest.mark.django_db
LUGAR = "https://video.example/sala?a=1&b=2"


def programar(g, caso, quien=None, **datos):
    datos = {
        "asunto": "Revisar la propuesta",
        "inicio": (timezone.localtime() + timedelta(days=2)).strftime("%Y-%m-%dT10:00"),
        "minutos": 45,
        "medio": "VIDEOLLAMADA",
        "lugar": LUGAR,
        "persona": caso.persona_id,
        "invitar": "on",
    } | datos
    return actuar("programar_cita", caso, quien or g.p.ventas, **datos)


def la_ultima(caso):
    return max(caso.hechos.citas, key=lambda c: c.pk)


def mover(g, caso, dias, **datos):
    cita = la_ultima(caso)
    inicio = (timezone.localtime() + timedelta(days=dias)).strftime("%Y-%m-%dT12:30")
    datos = {"inicio": inicio, "minutos": 30, "medio": cita.medio, "lugar": cita.lugar} | datos
    return actuar("mover_cita", caso, g.p.ventas, cita, motivo="Nos conviene a nosotros", **datos)


def cancelar(g, caso):
    cita = la_ultima(caso)
    return actuar("cancelar_cita", caso, g.p.ventas, cita, motivo="No le damos prioridad")


def invitaciones(caso, **filtro):
    return Aviso.objects.filter(caso=caso, cita__isnull=False, **filtro).order_by("pk")


def al_cliente(caso):
    return list(invitaciones(caso, usuario=None))


def leer(aviso):
    """Method and event, by the other parser, from the mail's own part and from its file: the same."""
    mime = email.message_from_bytes(
        envio.mensaje(aviso).message().as_bytes(), policy=email.policy.default
    )
    [parte] = [p for p in mime.walk() if p.get_content_type() == "text/calendar"]
    [archivo] = [p for p in mime.walk() if p.get_filename() == "invite.ics"]
    alternativa = next(p for p in mime.walk() if p.get_content_type() == "multipart/alternative")
    assert parte in alternativa.get_payload() and archivo not in alternativa.get_payload()
    texto = parte.get_content().replace("\r\n", "\n")
    assert texto == archivo.get_content().decode().replace("\r\n", "\n")
    calendario = vobject.readOne(texto)
    metodo = calendario.method.value
    assert parte["content-type"].params["method"] == metodo
    return metodo, calendario.vevent


@pytest.fixture
def caso(mundo):
    return mundo.hasta(Estado.EN_PROPUESTA)


def enviar_todo():
    Aviso.objects.filter(estado=EstadoAviso.PENDIENTE).update(proximo_en=timezone.now())
    envio.enviar_pendientes()


def test_programar_mover_y_cancelar_con_otro_lector(mundo, caso):
    """One UID for ever, a SEQUENCE that grows, the hour that was typed, no reason of ours."""
    caso = programar(mundo, caso)
    enviar_todo()
    caso = mover(mundo, caso, 3)
    enviar_todo()
    caso = cancelar(mundo, caso)
    enviar_todo()
    cita = caso.hechos.citas[-1]
    cartas = al_cliente(caso)
    leidas = [leer(a) for a in cartas]
    assert [m for m, _ in leidas] == ["REQUEST", "REQUEST", "CANCEL"]
    assert [int(v.sequence.value) for _, v in leidas] == [0, 1, 2]
    assert {v.uid.value for _, v in leidas} == {cita.uid} and str(cita.pk) not in cita.uid.split(
        "-"
    )
    assert [v.status.value for _, v in leidas] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    for v in (v for _, v in leidas[1:]):
        assert v.dtstart.value == cita.inicio and v.dtend.value - v.dtstart.value == timedelta(
            minutes=30
        )
        assert v.summary.value == cita.asunto and v.location.value == LUGAR
        asisten = {a.value: a.params["CN"] for a in v.attendee_list}
        assert asisten == {
            f"mailto:{caso.persona.correo}": [caso.persona.nombre],
            f"mailto:{mundo.p.ventas.email}": [str(mundo.p.ventas)],
        }
        assert v.organizer.value == f"mailto:{mundo.p.ventas.email}"
    for carta in cartas:
        juntos = carta.texto + carta.html + carta.calendario
        assert "conviene" not in juntos and "prioridad" not in juntos
        assert carta.remitente == Empresa.actual().nombre
    # Whoever organises it has it too, as something told: no calendar takes a request of its owner.
    suyas = invitaciones(caso, usuario=mundo.p.ventas)
    assert [leer(a)[0] for a in suyas] == ["PUBLISH"] * 3
    assert [int(leer(a)[1].sequence.value) for a in suyas] == [0, 1, 2]
    hora = timezone.localtime(cita.inicio)
    assert f"{hora:%d/%m/%Y %H:%M}" in cartas[1].texto or "12:30" in cartas[1].texto


def test_el_hilo_no_se_rompe(mundo, caso):
    caso = cancelar(mundo, mover(mundo, programar(mundo, caso), 3))
    caso = programar(mundo, caso)
    enviar_todo()
    enviadas = [a for a in al_cliente(caso) if a.estado == EstadoAviso.ENVIADO]
    caso = mover(mundo, caso, 5)
    enviar_todo()
    caso = cancelar(mundo, caso)
    enviar_todo()
    enviadas = [a for a in al_cliente(caso) if a.estado == EstadoAviso.ENVIADO]
    assert len(enviadas) == 3
    primera, *otras = (
        email.message_from_bytes(envio.mensaje(a).message().as_bytes()) for a in enviadas
    )
    anteriores = Aviso.objects.filter(caso=caso, para=enviadas[0].para, estado=EstadoAviso.ENVIADO)
    raiz = anteriores.order_by("pk").first().message_id
    assert primera["In-Reply-To"] in (None, raiz)
    assert {(m["In-Reply-To"], m["References"]) for m in otras} == {(raiz, raiz)}


def test_movida_dos_veces_antes_de_salir_sale_solo_la_ultima(mundo, caso):
    caso = mover(mundo, mover(mundo, programar(mundo, caso), 3), 4)
    enviar_todo()
    estados = [a.estado for a in al_cliente(caso)]
    assert estados == [EstadoAviso.RETIRADO, EstadoAviso.RETIRADO, EstadoAviso.ENVIADO]
    ultima = al_cliente(caso)[-1]
    metodo, evento = leer(ultima)
    assert (metodo, evento.sequence.value) == ("REQUEST", "2")
    assert "Invitación" in ultima.asunto  # to who had none, nothing changed


def test_llega_por_un_servidor_de_verdad_y_lo_suprimido_ya_no_lo_nombra(smtp, mundo, caso):
    """With the firm's picture and without, one letter in each box; then the person asks to be forgotten."""
    persona = caso.persona
    caso = programar(mundo, caso)
    envio.enviar_pendientes()
    [carta] = smtp.para(persona.correo)
    tipos = [p.get_content_type() for p in carta.walk() if not p.is_multipart()]
    assert tipos[:3] == ["text/plain", "text/html", "text/calendar"]
    assert tipos[-1] == "application/ics"
    calendario = next(p for p in carta.walk() if p.get_content_type() == "text/calendar")
    assert calendario.get_param("method") == "REQUEST"
    cita = la_ultima(caso)
    leido = vobject.readOne(calendario.get_payload(decode=True).decode()).vevent
    assert leido.uid.value == cita.uid
    suprimir_persona(persona)
    mover(mundo, fresco(caso), 6)
    assert not invitaciones(caso, usuario=None).exclude(para=Aviso.SUPRIMIDO).exists()
    for aviso in invitaciones(caso):
        assert "Laura" not in aviso.texto + aviso.calendario
        assert carta["To"] not in aviso.texto + aviso.calendario


def test_cancelada_antes_de_salir_no_manda_nada(mundo, caso):
    caso = cancelar(mundo, programar(mundo, caso))
    assert {a.estado for a in invitaciones(caso)} == {EstadoAviso.RETIRADO}


@de_otro_proceso
def test_lo_que_iba_saliendo_no_llega_despues(mundo, caso):
    """One that a worker has in hand: the newer waits for it, and it never leaves after the newer."""
    caso = programar(mundo, caso)
    [vieja] = al_cliente(caso)
    en_un_rato = timezone.now() + timedelta(minutes=2)
    Aviso.objects.filter(pk=vieja.pk).update(estado=EstadoAviso.ENVIANDO, tomado_hasta=en_un_rato)
    caso = cancelar(mundo, caso)
    _, nueva = al_cliente(caso)
    enviar_todo()
    nueva.refresh_from_db()
    assert nueva.estado == EstadoAviso.PENDIENTE and leer(nueva)[0] == "CANCEL"
    # Its attempt failed and it would be tried again.
    Aviso.objects.filter(pk=vieja.pk).update(estado=EstadoAviso.PENDIENTE, tomado_hasta=None)
    enviar_todo()
    assert [a.estado for a in al_cliente(caso)] == [EstadoAviso.RETIRADO, EstadoAviso.ENVIADO]


def test_cerrar_el_caso_cancela_lo_que_se_mando(mundo):
    caso = programar(mundo, mundo.hasta(Estado.EN_CONTACTO))
    enviar_todo()
    caso = actuar(
        "retirar",
        caso,
        mundo.p.ventas,
        quien="Ana",
        cuando=hace(minutes=1),
        motivo="Ya no",
        persona=caso.persona_id,
    )
    assert not caso.es_abierto
    assert leer(al_cliente(caso)[-1])[0] == "CANCEL"


def test_solo_se_invita_a_quien_tiene_correo(mundo, caso):
    """The page says so before; ticked all the same, nothing is written."""
    sin = PersonaContacto.objects.create(cliente=caso.cliente, nombre="Sin Correo")
    form = formulario("programar_cita", mundo.p.ventas, caso)
    assert caso.persona.correo in form.fields["invitar"].help_text and form["invitar"].initial
    assert "Sin Correo · sin correo" in str(form["persona"])
    for datos in ({"persona": sin.pk}, {"persona": ""}, {"persona": "", "persona_nombre": "Nueva"}):
        with pytest.raises(Rechazo) as dicho:
            programar(mundo, caso, **datos)
        assert set(dicho.value.form.errors) == {"invitar"}
    caso.persona.correo = ""
    caso.persona.save()
    form = formulario("programar_cita", mundo.p.ventas, fresco(caso))
    assert "no tiene correo: no se le envía nada" in form.fields["invitar"].help_text
    assert not form["invitar"].initial
    caso = programar(mundo, fresco(caso), invitar="")
    assert not caso.hechos.citas[-1].uid and not invitaciones(caso).exists()


def test_quien_lleva_el_caso_la_recibe_si_la_hizo_otro(mundo, caso):
    caso = programar(mundo, caso, quien=mundo.p.gerente)
    de = {a.usuario_id: leer(a)[0] for a in invitaciones(caso)}
    assert de == {None: "REQUEST", mundo.p.gerente.pk: "PUBLISH", mundo.p.ventas.pk: "REQUEST"}
    assert not Aviso.objects.filter(cita=None, evento=invitaciones(caso)[0].evento).exists()


def test_a_quien_ya_no_lleva_el_caso_se_le_quita_una_vez(mundo, caso):
    """Relieved after the invitation: the next change takes it off their calendar, and nothing more comes."""
    p = mundo.p
    caso = programar(mundo, caso, quien=p.gerente)
    enviar_todo()
    orden = {"ordeno": p.gerente.pk, "ordeno_verbal": "on", "ordeno_en": hace(minutes=5)}
    caso = actuar("asignar", caso, p.direccion, responsable=p.ventas2.pk, **orden)
    for dias in (3, 4):
        cita = la_ultima(caso)
        inicio = (timezone.localtime() + timedelta(days=dias)).strftime("%Y-%m-%dT12:30")
        caso = actuar(
            "mover_cita", caso, p.gerente, cita, inicio=inicio, minutos=30, medio=cita.medio,
            lugar=cita.lugar, motivo="Otro día", motivo_sustitucion="Está de vacaciones",
        )  # fmt: skip
        enviar_todo()
    caso = fresco(caso)

    def de(quien):
        return [leer(a) for a in invitaciones(caso, usuario=quien)]

    relevada = de(p.ventas)
    assert [m for m, _ in relevada] == ["REQUEST", "CANCEL"]
    assert relevada[1][1].status.value == "CANCELLED"
    assert int(relevada[1][1].sequence.value) == 1
    ultima = invitaciones(caso, usuario=p.ventas).last()
    assert "Ya no te toca la cita" in ultima.asunto and "se quita de tu calendario" in ultima.texto
    assert [m for m, _ in de(p.ventas2)] == ["REQUEST", "REQUEST"]
    assert [m for m, _ in de(p.gerente)] == ["PUBLISH"] * 3
    assert {m for m, _ in de(None)} == {"REQUEST"}


def test_no_se_presento_es_un_intento(mundo, caso):
    caso = programar(mundo, caso)
    cita = caso.hechos.citas[-1]
    with pytest.raises(Rechazo):
        actuar("anotar_ausencia", caso, mundo.p.ventas, cita)
    Cita.objects.filter(pk=cita.pk).update(inicio=hace(minutes=90))
    antes = Contacto.objects.filter(caso=caso).count()
    caso = actuar("anotar_ausencia", fresco(caso), mundo.p.ventas, cita)
    contacto = Contacto.objects.filter(caso=caso).latest("pk")
    assert Contacto.objects.filter(caso=caso).count() == antes + 1
    assert (contacto.medio, contacto.efectivo) == ("VIDEOLLAMADA", False)
    assert caso.hechos.citas[-1].get_estado_display() == "No se presentó"


@pytest.mark.parametrize(
    ("lugar", "es"),
    [
        (LUGAR, True),
        ("http://sala.example", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("https://", False),
        ("https://[mal", False),
        ("Zoom https://sala.example", False),
        ("//sala.example", False),
    ],
)
def test_solo_lo_que_es_de_la_red_es_un_enlace(mundo, caso, client, lugar, es):
    caso = programar(mundo, caso, lugar=lugar, invitar="")
    client.force_login(mundo.p.ventas)
    pagina = client.get(caso.get_absolute_url()).text
    assert ('rel="noopener noreferrer nofollow"' in pagina) is es


@given(texto=st.text(min_size=1, max_size=190))
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_ningun_texto_rompe_el_calendario(texto):
    """Whatever a name, subject or place holds: one event, the same words, lines of 75 octets."""
    from casos.models import Caso, Cliente
    from casos.textos import en_un_renglon

    u = Usuario(pk=1, username="u", first_name=texto[:60], email="u@x.mx")
    caso = Caso(folio="SV-2026-000001", cliente=Cliente(razon_social=texto), responsable=u)
    persona = PersonaContacto(nombre=texto, correo="o'hara+a@x.mx")
    cita = Cita(
        caso=caso, inicio=timezone.now(), asunto=texto, lugar=texto, persona=persona,
        organizada_por=u, uid="cita-1@x",
    )  # fmt: skip
    escrito = texto_para(cita, persona.correo, texto)
    assert all(len(r.encode()) <= 75 for r in escrito.split("\r\n"))
    [evento] = vobject.readOne(escrito).vevent_list
    assert evento.summary.value == en_un_renglon(texto) == evento.location.value
    assert len(evento.attendee_list) == 2
