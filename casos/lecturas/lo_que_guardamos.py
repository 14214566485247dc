"""What is held of one person, place by place, to answer a request of access (LFPDPPP): as pieces of a document.

Texts of the log go by reference: which line of which case names them, not what it says of others.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Q
from django.utils import timezone

from casos import telefonos
from casos.clientes import limpieza, supresion
from casos.clientes.formas import Formas
from casos.impresos.de_la_instruccion import PLANTILLA
from casos.impresos.documentos import dia
from casos.impresos.piezas import Documento, Pieza, un_texto, un_titulo, una_tabla
from casos.models import (
    Adjunto,
    Aviso,
    Caso,
    Cita,
    Contacto,
    Empresa,
    EntregaDeAviso,
    Evento,
    HechoDeSeguridad,
    PersonaContacto,
    SolicitudARCO,
    TextoEvento,
    Usuario,
)

from .datos_de_personas import como_llegaron

NADA = "No hay nada."
# Where a table's own name says nothing to whose data they are.
EN_PALABRAS = {
    "casos.TextoEvento": "Historia de un caso",
    "casos.BusquedaCaso": "Lo que encuentra el buscador",
    "casos.Rastro": "Cambios a los datos del cliente",
    "casos.Borrador": "Formularios a medio llenar",
    "casos.Importacion": "Libros de Excel que se subieron",
    "casos.RenglonImportado": "Renglones de libros de Excel",
    "casos.Condicion": "Hoja de condiciones de un caso",
    "casos.ValorContrato": "Condiciones del contrato",
    "casos.VersionContrato": "Condiciones del contrato",
    "casos.CambioDeHallazgo": "Historia de un hallazgo",
    "casos.MovimientoARCO": "Historia de una solicitud ARCO",
    "casos.Adjunto": "Nombres de archivos",
    "casos.HechoDeSeguridad": "Registro de seguridad",
}


def de_persona(persona: PersonaContacto) -> Documento:
    """Of a contact person, what stands apart while they are blocked too."""
    formas = supresion.formas_de(persona)
    suyo: Any = getattr(persona, "bloqueo", None) or persona
    casos = supresion.casos_con(persona)
    contactos = Contacto.objects.filter(persona=persona).select_related("caso", "registrado_por")
    citas = Cita.objects.filter(persona=persona).select_related("caso")
    # Theirs as suppression counts them: of an address that somebody of another client has, nothing is told.
    correos = supresion.sus_correos(persona, formas).select_related("caso").defer("html")
    archivos = supresion.archivos_de(persona, formas)
    entregas = persona.avisos_dados.select_related("aviso", "anotada_por")
    piezas = [
        *_parte("Sus datos", ("Dato", "Qué se guarda"), _datos(persona, suyo), (1, 3)),
        *_avisos(entregas),
        *_parte(
            "Casos en que está",
            ("Caso", "Recibido", "Qué hace en él"),
            [
                (
                    c.folio,
                    dia(c.recibido_en),
                    "Lo pidió" if c.persona_id == persona.pk else "Se habló con ella",
                )
                for c in casos.order_by("folio")
            ],
        ),
        *_parte(
            "Conversaciones y citas",
            ("Cuándo", "Qué", "Caso"),
            [
                *((dia(c.cuando), c.get_medio_display(), c.caso.folio) for c in contactos),
                *((dia(c.inicio), f"Cita: {c.asunto}", c.caso.folio) for c in citas),
            ],
        ),
        *_correos(correos),
        *_parte(
            "Archivos que pueden nombrarla",
            ("Archivo", "Subido", "Caso"),
            [(a.nombre, dia(a.subido_en), a.caso.folio) for a in archivos],
        ),
        *_solicitudes(SolicitudARCO.objects.filter(persona=persona)),
        *_textos(formas, persona),
        *_parte(
            "Cambios de sus datos",
            ("Cuándo", "Qué", "Quién"),
            [(dia(r.en), r.etiqueta, str(r.autor or "Por sí solo")) for r in persona.rastros.select_related("autor").order_by("pk")],
        ),
    ]  # fmt: skip
    return _documento(
        piezas, f"persona de contacto {persona.pk}", suyo.nombre, str(persona.cliente)
    )


def _datos(persona: PersonaContacto, suyo: Any) -> list[Sequence[str]]:
    datos = [
        ("Nombre", suyo.nombre),
        ("Cliente", str(persona.cliente)),
        ("Puesto", suyo.puesto),
        ("Teléfono", telefonos.mostrar(suyo.telefono)),
        ("Correo", suyo.correo),
        ("De dónde vienen", como_llegaron(persona)),
    ]
    if suyo is not persona:
        datos.append(("Bloqueados", f"hasta el {dia(suyo.hasta)}: {suyo.motivo}"))
    if persona.suprimida_en:
        datos.append(("Suprimidos", dia(persona.suprimida_en)))
    return [(que, valor or "–") for que, valor in datos]


def datos_de_usuario(usuario: Usuario) -> list[tuple[str, str]]:
    """What stands of one of our own people in their account, each in words."""
    datos = [
        ("Nombre", usuario.get_full_name()),
        ("Usuario", usuario.username),
        ("Puesto", usuario.puesto),
        ("Función", usuario.funcion),
        ("Teléfono", telefonos.mostrar(usuario.telefono)),
        ("Correo", usuario.email),
        ("Cuenta", "Activa" if usuario.is_active else "Desactivada"),
        ("Alta", dia(usuario.date_joined)),
        ("Última entrada", dia(usuario.last_login) if usuario.last_login else ""),
        ("Áreas", ", ".join(str(m.area) for m in usuario.membresias.select_related("area"))),
    ]
    if usuario.suprimida_en:
        datos.append(("Suprimidos", dia(usuario.suprimida_en)))
    return [(que, valor or "–") for que, valor in datos]


def anotado_de_usuario(usuario: Usuario) -> list[tuple[str, int]]:
    """Where something of what they did was written down, and how many lines: it is the firm's record."""
    eventos = Evento.objects.filter(Q(actor=usuario) | Q(suple_a=usuario) | Q(en_lugar_de=usuario))
    hechos = HechoDeSeguridad.objects.filter(Q(persona=usuario) | Q(autor=usuario))
    return [
        ("Historia de los casos", eventos.count()),
        ("Registro de seguridad (con su dirección de red y dispositivo)", hechos.filter(suprimido_en=None).count()),
        ("Registro de seguridad (sin ellos)", hechos.exclude(suprimido_en=None).count()),
        ("Correos que se le enviaron", Aviso.objects.filter(usuario=usuario).count()),
        ("Sesiones abiertas", usuario.usersession_set.count()),
        ("Formularios a medio llenar", usuario.borradores.count()),
    ]  # fmt: skip


def de_usuario(usuario: Usuario) -> Documento:
    """Of one of our own people. What they did goes counted."""
    lleva = Caso.objects.filter(responsable=usuario)
    registro = Caso.objects.filter(registrado_por=usuario)
    archivos = Adjunto.objects.filter(subido_por=usuario).select_related("caso")
    suplencias = [*usuario.suplencias_dadas.select_related("titular", "suplente"),
                  *usuario.suplencias_tomadas.select_related("titular", "suplente")]  # fmt: skip
    piezas = [
        *_parte("Sus datos", ("Dato", "Qué se guarda"), datos_de_usuario(usuario), (1, 3)),
        *_avisos(usuario.avisos_dados.select_related("aviso", "anotada_por")),
        *_parte(
            "Casos",
            ("Caso", "Recibido", "Qué hace en él"),
            [
                *((c.folio, dia(c.recibido_en), "Lo lleva") for c in lleva.order_by("folio")),
                *((c.folio, dia(c.recibido_en), "Lo registró") for c in registro.order_by("folio")),
            ],
        ),
        *_parte(
            "Lo que quedó anotado de lo que hizo",
            ("Dónde", "Cuántos renglones"),
            [(donde, str(cuantos)) for donde, cuantos in anotado_de_usuario(usuario)],
            (3, 1),
        ),
        *_parte(
            "Suplencias",
            ("Quién", "A quién", "Fechas"),
            [(str(s.suplente), str(s.titular), f"{dia(s.desde)} a {dia(s.hasta)}") for s in suplencias],
        ),
        *_correos(Aviso.objects.filter(usuario=usuario).select_related("caso").defer("html")),
        *_parte(
            "Archivos que subió",
            ("Archivo", "Subido", "Caso"),
            [(a.nombre, dia(a.subido_en), a.caso.folio) for a in archivos],
        ),
        *_parte(
            "Libros de Excel que subió",
            ("Libro", "Cuándo"),
            [(i.nombre, dia(i.creada_en)) for i in usuario.importaciones.order_by("pk")],
        ),
        *_solicitudes(SolicitudARCO.objects.filter(usuario=usuario)),
    ]  # fmt: skip
    return _documento(
        piezas, f"persona {usuario.pk} de la empresa", usuario.get_full_name(), usuario.funcion
    )


# -- the parts -------------------------------------------------------------------------------------


def _parte(
    titulo: str,
    columnas: Sequence[str],
    filas: Iterable[Sequence[str]],
    anchos: Sequence[float] = (2, 2, 2),
) -> list[Pieza]:
    leidas = [list(map(str, f)) for f in filas]
    que = una_tabla(columnas, leidas, anchos) if leidas else un_texto(NADA)
    return [un_titulo(titulo), que]


def _avisos(entregas: Iterable[EntregaDeAviso]) -> list[Pieza]:
    return _parte(
        "Avisos de privacidad que se le dieron",
        ("Aviso", "Cómo", "Cuándo"),
        [(e.aviso, e.get_como_display(), dia(e.fecha)) for e in entregas],  # type: ignore[misc]
    )


def _correos(correos: Iterable[Aviso]) -> list[Pieza]:
    filas = [(dia(a.creado_en), a.asunto, a.get_estado_display()) for a in correos]
    return _parte("Correos", ("Cuándo", "Asunto", "En qué quedó"), filas, (1, 3, 1))


def _solicitudes(solicitudes: Iterable[SolicitudARCO]) -> list[Pieza]:
    filas = [(s, s.get_derecho_display(), s.get_estado_display()) for s in solicitudes]
    return _parte("Solicitudes ARCO", ("Número", "Qué pidió", "En qué quedó"), filas)  # type: ignore[arg-type]


def _textos(formas: Formas, persona: PersonaContacto) -> list[Pieza]:
    propias, ajenas = supresion.ajenas_y_propias(persona, formas)
    filas: list[tuple[str, str]] = []
    for lugar in limpieza.buscar(propias, ajenas, persona.cliente_id):
        modelo = lugar.modelo
        plural = str(modelo._meta.verbose_name_plural)
        nombre = EN_PALABRAS.get(modelo._meta.label, plural[:1].upper() + plural[1:])
        if modelo is TextoEvento:
            textos = TextoEvento.objects.filter(pk__in=lugar.filas).select_related("evento__caso")
            filas += [(nombre, f"{t.evento.caso.folio}, renglón {t.evento.numero}") for t in textos]
        else:
            veces = "1 vez" if len(lugar.filas) == 1 else f"{len(lugar.filas)} veces"
            folios = _folios(modelo, lugar.filas)
            filas.append((nombre, f"{veces}: {', '.join(folios)}" if folios else veces))
    return _parte("Dónde se le nombra", ("Qué", "Dónde"), filas, (1, 2))


def _folios(modelo: Any, filas: Iterable[int]) -> list[str]:
    """Of rows that hang from a case, which cases those are."""
    if not any(c.name == "caso" for c in modelo._meta.local_fields):
        return []
    suyas = modelo._base_manager.filter(pk__in=filas, caso__isnull=False)
    return list(suyas.order_by("caso__folio").values_list("caso__folio", flat=True).distinct())


def _documento(piezas: list[Pieza], de_quien: str, nombre: str, donde: str) -> Documento:
    """``nombre``: whose data they are; ``donde``: of which client, or what they do here."""
    empresa = Empresa.actual().nombre
    return {
        "plantilla": PLANTILLA,
        "edicion": 1,
        "titulo": "Datos personales que se guardan",
        "referencia": de_quien,
        "pie": f"Datos personales, {de_quien}",
        "cabeza": {
            "empresa": empresa,
            "clase": "DATOS PERSONALES",
            "area": "LO QUE SE GUARDA DE UNA PERSONA",
            "titulo": nombre,
            "codigo": de_quien[:1].upper() + de_quien[1:],
            "operacion": donde,
            "revision": "Derecho de acceso",
            "fecha": f"Hecho el {dia(timezone.now())}",
            "marca": "",
        },
        "piezas": piezas,
    }
