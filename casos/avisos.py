"""Layer 2: who is told about which action. Renders and inserts ``Aviso`` rows; never sends.

Called by the door inside the step's transaction. It decides nothing about the step: it reads the
event and the rows that the action concerned. Client-facing letters never see internal reasons.
"""

import logging
import re
import uuid
from dataclasses import dataclass, field
from email.utils import parseaddr

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from casos import flujo
from casos.catalogos import ContratoTrasNo, EstadoOpinion, Rol
from casos.consultas.listas import rehacer
from casos.models import Area, Aviso, Concepto, Membresia, Suplencia, Usuario

log = logging.getLogger(__name__)

# action → letters: (who, template). Who is a function of ``Ocasion`` below.
REGLAS = {
    "registrar": [("gerentes", "por_asignar"), ("responsable", "asignado")],
    "asignar": [("responsable", "asignado"), ("anterior", "relevado")],
    "analizar": [("preguntadas", "opinion_pedida")],
    "consultar_area": [("preguntadas", "opinion_pedida")],
    "pedir_mas_analisis": [("preguntadas", "opinion_pedida")],
    "replantear": [("preguntadas", "opinion_pedida"), ("responsable", "avance")],
    "contraofertar": [("preguntadas", "opinion_pedida")],
    "retirar_consulta": [("area_del_objeto", "consulta_retirada")],
    "dispensar": [("area_del_objeto", "dispensada")],
    "opinar": [("responsable", "opinion_dada")],
    "opinar_verbal": [("responsable", "opinion_dada")],
    "pedir_datos": [("responsable", "datos_pedidos")],
    "responder_datos": [("area_del_objeto", "datos_dados")],
    "concluir_analisis": [("responsable", "analisis_concluido"), ("direccion_si_hay_contra", "analisis_concluido")],
    "declarar_viable": [("areas_consultadas", "viable")],
    "declarar_no_viable": [("atencion_si_pasa", "informar_cliente"), ("areas_consultadas", "no_viable")],
    "presentar": [("cliente_si_se_pidio", "propuesta")],
    "aceptar": [("avisadas", "ajuste_pedido")],
    "agregar_ajuste": [("avisadas", "ajuste_pedido")],
    "pedir_deshacer": [("avisadas", "deshacer_pedido")],
    "retirar_deshacer": [("area_del_objeto", "deshacer_retirado")],
    "confirmar_ajuste": [("responsable", "ajuste_respondido")],
    "indicar_no_puede": [("responsable", "ajuste_respondido"), ("area_si_respondio_otro", "ajuste_respondido")],
    "indicar_no_aplica": [("responsable", "ajuste_respondido"), ("area_si_respondio_otro", "ajuste_respondido")],
    "confirmar_deshecho": [("responsable", "ajuste_respondido")],
    "indicar_no_se_deshace": [("responsable", "ajuste_respondido")],
    "aceptar_como_esta": [("responsable", "aceptado_como_esta"), ("area_del_objeto", "aceptado_como_esta")],
    "cerrar_modificado": [("areas_y_atencion", "modificado")],
    "declarar_no_ajustable": [("atencion_si_pasa", "informar_cliente"), ("areas_de_ajuste", "no_viable")],
    "rechazar": [("areas_consultadas", "cerrado"), ("gerencia_si_hay_riesgo", "en_riesgo")],
    "informar": [("areas_y_atencion", "cerrado"), ("gerencia_si_hay_riesgo", "en_riesgo")],
    "cerrar_sin_respuesta": [("responsable", "cerrado")],
    "anular": [("responsable", "cerrado"), ("areas_consultadas", "cerrado")],
    "reabrir": [("responsable", "reabierto"), ("preguntadas", "opinion_pedida"), ("avisadas", "ajuste_pedido"), ("areas_sin_tarea", "reabierto")],
    "corregir_constancia": [("quien_la_registro", "constancia_corregida"), ("anterior", "relevado")],
}  # fmt: skip
TAMBIEN = [("destinatarios_de_constancia", "constancia"), ("detenidas", "alto")]

# letter → the act its button leads to; the rest lead to the case
ENLACES = {
    "por_asignar": "asignar",
    "opinion_pedida": "opinar",
    "datos_pedidos": "responder_datos",
    "datos_dados": "opinar",
    "ajuste_pedido": "confirmar_ajuste",
    "deshacer_pedido": "confirmar_deshecho",
    "constancia": "confirmar_constancia",
    "informar_cliente": "informar",
}
# letter → columns of the sheet it carries, in the words of the screens; the rest carry none
COLUMNAS = {
    "por_asignar": ["solicitado"],
    "asignado": ["vigente", "solicitado", "propuesto", "acordado"],
    "opinion_pedida": ["vigente", "solicitado", "propuesto", "acordado"],
    "datos_dados": ["vigente", "solicitado", "propuesto", "acordado"],
    "viable": ["vigente", "propuesto"],
    "propuesta": ["propuesto"],
    "ajuste_pedido": ["vigente", "acordado"],
    "deshacer_pedido": ["vigente", "acordado"],
    "modificado": ["vigente", "acordado"],
}
AQUI = "\x1a"  # stands for the sheet while a letter is put together; nobody types it


@dataclass(frozen=True)
class Destino:
    """Somebody to write to: a person, an area, or the client; ``sobre`` is the row it is about."""

    usuario: Usuario | None = None
    area: Area | None = None
    correo: str = ""
    sobre: object = None


@dataclass
class Ocasion:
    """One event and what a letter about it may need. Methods name who is written to."""

    evento: object
    caso: object
    datos: dict
    _gente: list = field(default=None)
    _conceptos: dict = field(default=None)

    def lista(self, clave: str) -> list:
        return self.datos.get(clave) or []

    @property
    def objeto(self):
        return self.datos.get("_objeto")

    @property
    def areas_del_caso(self) -> dict:
        """Areas with an opinion or an adjustment, by pk."""
        filas = [*self.caso.hechos.opiniones, *self.caso.hechos.ajustes]
        return {f.area_id: f.area for f in filas}

    def _personas(self, prueba):
        if self._gente is None:
            self._gente = list(
                Usuario.objects.activos().exclude(rol="").exclude(email="").order_by("pk")
            )
        return [Destino(usuario=u) for u in self._gente if prueba(u)]

    def conceptos_de(self, area) -> set:
        """Keys of the concepts that concern an area; all areas in one query."""
        if self._conceptos is None:
            self._conceptos = {}
            for fila in _traidas(self.caso, "incumbencias", Concepto.areas.through.objects.all()):
                self._conceptos.setdefault(fila.area_id, set()).add(fila.concepto_id)
        return self._conceptos.get(area.pk, set())

    def gerentes(self):
        return self._personas(lambda u: u.es_gerente) if not self.caso.responsable_id else []

    def gerencia_si_hay_riesgo(self):
        riesgo = (ContratoTrasNo.EN_RIESGO, ContratoTrasNo.TERMINA)
        if self.caso.contrato_tras_no not in riesgo:
            return []
        return self._personas(lambda u: u.es_gerente or u.rol == Rol.DG)

    def direccion_si_hay_contra(self):
        return self._personas(lambda u: u.rol == Rol.DG) if self.caso.hechos.en_contra else []

    def atencion_si_pasa(self):
        return self._personas(lambda u: u.rol == Rol.AC) if self.caso.por_atencion else []

    def responsable(self):
        return [Destino(usuario=self.caso.responsable)] if self.caso.responsable_id else []

    def anterior(self):
        pk = str(self.evento.datos.get("anterior", "")).partition(":")[2]
        if not pk or pk == str(getattr(self.objeto, "registrada_por_id", "")):
            return []  # who wrote a corrected order down is told of the correction
        return [Destino(usuario=Usuario.objects.get(pk=pk))]

    def quien_la_registro(self):
        return [Destino(usuario=self.objeto.registrada_por)]

    def destinatarios_de_constancia(self):
        return [Destino(usuario=c.destinatario, sobre=c) for c in self.lista("_constancias")]

    def preguntadas(self):
        return [Destino(area=o.area, sobre=o) for o in self.lista("_opiniones")]

    def avisadas(self):
        """By mail; who was told verbally gets the *constancia* instead (§7.7)."""
        return [Destino(area=a.area, sobre=a) for a in self.lista("_ajustes") if not a.verbal]

    def detenidas(self):
        return [Destino(area=o.area, sobre=o) for o in self.lista("_canceladas")]

    def area_del_objeto(self):
        return [Destino(area=self.objeto.area, sobre=self.objeto)]

    def area_si_respondio_otro(self):
        """GER or DG answered for an overdue area: the area is told."""
        return self.area_del_objeto() if self.objeto.area_id not in self._areas_del_actor() else []

    def _areas_del_actor(self):
        return self.evento.actor.areas_ids if self.evento.actor else frozenset()

    def areas_consultadas(self):
        """Those still asked: not the withdrawn, nor who is told to halt by this very event."""
        detenidas = {o.area_id for o in self.lista("_canceladas")}
        areas = {
            o.area_id: o.area
            for o in self.caso.hechos.opiniones
            if o.estado not in (EstadoOpinion.RETIRADA, EstadoOpinion.CANCELADA)
        }
        return [Destino(area=a) for pk, a in areas.items() if pk not in detenidas]

    def areas_de_ajuste(self):
        detenidas = {o.area_id for o in self.lista("_canceladas")}
        areas = {a.area_id: a.area for a in self.caso.hechos.ajustes_de_la_aceptacion}
        return [Destino(area=a) for pk, a in areas.items() if pk not in detenidas]

    def areas_sin_tarea(self):
        con_tarea = {f.area_id for f in [*self.lista("_opiniones"), *self.lista("_ajustes")]}
        return [Destino(area=a) for pk, a in self.areas_del_caso.items() if pk not in con_tarea]

    def areas_y_atencion(self):
        areas = [Destino(area=a) for a in self.areas_del_caso.values()]
        return areas + self._personas(lambda u: u.rol == Rol.AC)

    def cliente_si_se_pidio(self):
        if not self.datos.get("enviar_al_cliente"):
            return []
        viva = self.caso.hechos.propuesta_viva
        return [Destino(correo=self.caso.persona.correo, sobre=viva)]


def encolar(evento, caso, datos: dict) -> list[Aviso]:
    """Write the mails of ``evento`` into the outbox, in the caller's transaction.

    ``datos``: what was typed, plus the rows concerned (``_opiniones``, ``_ajustes``,
    ``_canceladas``, ``_constancias``, ``_objeto``). Nobody is written about their own act.
    """
    ocasion = Ocasion(evento, caso, datos)
    cartas = []
    for quienes, plantilla in [*REGLAS.get(evento.accion, []), *TAMBIEN]:
        cartas += [(d, plantilla) for d in getattr(ocasion, quienes)()]
    if evento.de and evento.a != evento.de:
        cartas += [(Destino(usuario=u), "avance") for u in _seguidores(caso)]
    if not cartas:
        return []
    direcciones = _direcciones(caso, [d for d, _ in cartas])
    avisos, escritos = [], set()
    for destino, plantilla in cartas:
        contexto = _contexto(ocasion, destino, plantilla)
        sobre = getattr(destino.sobre, "pk", None)
        for usuario, correo in direcciones(destino):
            # One letter to one person about one thing; the first rule says it best.
            propia = usuario is not None and usuario.pk == evento.actor_id
            if propia or not correo or (correo, sobre, plantilla) in escritos:
                continue
            if plantilla == "avance" and any(c == correo for c, *_ in escritos):
                continue
            escritos.add((correo, sobre, plantilla))
            avisos.append(_aviso(evento, caso, destino, usuario, correo, plantilla, contexto))
    Aviso.objects.bulk_create(avisos)
    if avisos:
        despertar()
    return avisos


def _seguidores(caso):
    return [u for u in getattr(caso, "quienes_siguen", ()) if u.is_active]


def _traidas(caso, lista: str, consulta) -> list:
    """Rows that came with the case from the door; a case just registered asks for them."""
    if hasattr(caso, f"lista_{lista}"):
        return rehacer(consulta.model, getattr(caso, f"lista_{lista}"))
    return list(consulta)


def _direcciones(caso, destinos):
    """A function destination → [(person, address)], with an area's members and substitutes."""
    miembros, suplentes = {}, {}
    if any(d.area and not d.area.correo for d in destinos):
        activas = Membresia.objects.filter(activa=True).select_related("usuario")
        for m in _traidas(caso, "miembros", activas):
            miembros.setdefault(m.area_id, []).append(m.usuario)
    for s in _traidas(caso, "suplencias", _suplencias_de_hoy()):
        suplentes.setdefault(s.titular_id, []).append(s.suplente)

    def direcciones(destino):
        if destino.correo:
            return [(None, destino.correo)]
        if destino.area and destino.area.correo:
            return [(None, destino.area.correo)]
        gente = miembros.get(destino.area.pk, []) if destino.area else [destino.usuario]
        gente = [*gente, *(s for u in gente for s in suplentes.get(u.pk, []))]
        return [(u, u.email) for u in gente if u.is_active]

    return direcciones


def _suplencias_de_hoy():
    hoy = timezone.localdate()
    return Suplencia.objects.filter(
        desde__lte=hoy, hasta__gte=hoy, suplente__is_active=True
    ).select_related("suplente")


def _contexto(ocasion: Ocasion, destino: Destino, plantilla: str) -> dict:
    caso, evento = ocasion.caso, ocasion.evento
    columnas, filas = _hoja(ocasion, destino, plantilla)
    return {
        "caso": caso,
        "cliente": caso.cliente,
        "evento": evento,
        "actor": evento.actor,
        "accion": flujo.ETIQUETAS[evento.accion],
        "datos": ocasion.datos,
        "objeto": ocasion.objeto,
        "area": destino.area,
        "sobre": destino.sobre,
        "columnas": columnas,
        "filas": filas,
        "boton": _boton(plantilla),
        "enlace": _enlace(ocasion, destino, plantilla),
        "para_cliente": bool(destino.correo),
    }


def _boton(plantilla: str) -> str:
    accion = ENLACES.get(plantilla)
    if accion in ("confirmar_constancia", "confirmar_deshecho", "confirmar_ajuste"):
        return "Contestar"  # the page also offers to correct, or to say that it cannot be done
    return flujo.ETIQUETAS[accion] if accion else "Abrir el caso"


def _enlace(ocasion: Ocasion, destino: Destino, plantilla: str) -> str:
    """The one link of a letter; none where it would not open."""
    caso = ocasion.caso
    if destino.correo or (plantilla in ("modificado", "cerrado") and not _abre(caso, destino)):
        return ""
    accion, fila = ENLACES.get(plantilla), destino.sobre or ocasion.objeto
    ruta = f"/casos/{caso.folio}/" + (f"{accion}/" if accion else "")
    if accion and fila is not None:
        ruta += f"{fila.pk}/"
    return settings.URL_BASE + ruta


def _abre(caso, destino) -> bool:
    """AC learns how every case ended, and opens its own and those passed to it (D§5)."""
    usuario = destino.usuario
    if usuario is None or caso.paso_por_atencion:
        return True
    suyos = {caso.responsable_id, caso.registrado_por_id}
    suyos |= {u.pk for u in getattr(caso, "quienes_siguen", ())}
    return usuario.pk in suyos or usuario.rol != Rol.AC


def _hoja(ocasion, destino, plantilla) -> tuple[list[str], list[dict]]:
    """Columns and rows of the sheet that concern the reader: an area only its own (D§3)."""
    caso, columnas = ocasion.caso, COLUMNAS.get(plantilla, [])
    if not columnas:
        return [], []
    if destino.correo:
        return ["Propuesta"], [
            {"concepto": f["concepto"], "unidad": f["unidad"], "valores": [f["propuesto"]]}
            for f in destino.sobre.filas
        ]
    suyas = None if destino.area is None else ocasion.conceptos_de(destino.area)
    nuevas = [c for c in columnas if c != "vigente"]
    condiciones = [
        f
        for f in caso.hechos.condiciones
        if (suyas is None or f.concepto_id in suyas) and any(getattr(f, c) for c in nuevas)
    ]
    columnas = [c for c in columnas if any(getattr(f, c) for f in condiciones)]
    filas = [
        {
            "concepto": f.concepto.nombre,
            "unidad": f.concepto.unidad,
            "valores": [getattr(f, c) for c in columnas],
        }
        for f in condiciones
    ]
    return [c.capitalize() for c in columnas], filas


def _aviso(evento, caso, destino, usuario, correo, plantilla, contexto) -> Aviso:
    asunto, texto, html = componer(plantilla, contexto)
    return Aviso(
        caso=caso,
        evento=evento,
        plantilla=plantilla,
        usuario=usuario,
        area=destino.area,
        para=correo,
        asunto=asunto,
        texto=texto,
        html=html,
        message_id=nuevo_message_id(),
        en_respuesta_a=hilo(caso),
    )


def componer(plantilla: str, contexto: dict) -> tuple[str, str, str]:
    """Subject, text and HTML of a letter. Its file: the subject, a blank line, the paragraphs.

    The rows of the sheet go after them, or where the file says ``{{ aqui_la_hoja }}``.
    """
    contexto = contexto | {"aqui_la_hoja": AQUI}
    crudo = render_to_string(f"correos/{plantilla}.txt", contexto).strip()
    asunto, _, cuerpo = crudo.replace("\r\n", "\n").replace("\r", "\n").partition("\n")
    # The line breaks that a person typed are kept: a question or an offer may be a list.
    renglones = [" ".join(r.split()) for r in cuerpo.split("\n")]
    parrafos = [p.strip() for p in re.split(r"\n{2,}", "\n".join(renglones)) if p.strip()]
    corte = parrafos.index(AQUI) if AQUI in parrafos else len(parrafos)
    completo = contexto | {"parrafos": parrafos[:corte], "cierre": parrafos[corte + 1 :]}
    texto = render_to_string("correos/_carta.txt", completo).strip() + "\n"
    html = render_to_string("correos/_carta.html", completo)
    # A line break in a subject would be a header of its own.
    return " ".join(asunto.split())[:255], texto, html


def dominio() -> str:
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition("@")[2] or "localhost"


def nuevo_message_id() -> str:
    return f"<sv-{uuid.uuid4().hex}@{dominio()}>"


def hilo(caso) -> str:
    """The same for all the mails of a case: what makes a mail reader thread them."""
    return f"<{caso.folio}@{dominio()}>"


def cuenta(usuario, para: str, asunto: str, texto: str, html="", confidencial=True) -> Aviso:
    """A mail about an account (invitation, password); its body is wiped once sent."""
    aviso = Aviso.objects.create(
        plantilla="cuenta",
        usuario=usuario,
        para=para,
        asunto=" ".join(asunto.split())[:255],
        texto=texto,
        html=html,
        message_id=nuevo_message_id(),
        confidencial=confidencial,
    )
    despertar()
    return aviso


def recordar(constancia) -> list[Aviso]:
    """Reminder of an unconfirmed *constancia* (rule 9); the case does not change.

    Goes to who was told and to whoever substitutes for them today.
    """
    caso, destinatario = constancia.caso, constancia.destinatario
    suplencias = _suplencias_de_hoy().filter(titular=destinatario)
    contexto = {
        "caso": caso, "cliente": caso.cliente, "sobre": constancia, "recordatorio": True,
        "actor": constancia.registrada_por, "boton": _boton("constancia"),
        "enlace": f"{settings.URL_BASE}/casos/{caso.folio}/confirmar_constancia/{constancia.pk}/",
    }  # fmt: skip
    asunto, texto, html = componer("constancia", contexto)
    return Aviso.objects.bulk_create(
        Aviso(
            caso=caso, plantilla="constancia", usuario=u, para=u.email, asunto=asunto,
            texto=texto, html=html, message_id=nuevo_message_id(), en_respuesta_a=hilo(caso),
        )
        for u in [destinatario, *(s.suplente for s in suplencias)]
        if u.email and u.is_active
    )  # fmt: skip


def despertar() -> None:
    """Wake the worker once the transaction is in; the minute's sweep is the guarantee."""
    conexion = transaction.get_connection()
    if conexion.in_atomic_block:
        if any(f[1] is _avisar_al_trabajador for f in conexion.run_on_commit):
            return
        transaction.on_commit(_avisar_al_trabajador)
    else:
        _avisar_al_trabajador()


def _avisar_al_trabajador() -> None:
    from django_q.tasks import async_task

    try:
        async_task("casos.tareas.enviar_avisos")
    except Exception:  # the broker may be down: the step is done, the sweep will send
        log.exception("No se pudo despertar al trabajador; el barrido enviará los correos.")
