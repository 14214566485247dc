"""How the log of one case reads: lines with who, what, texts and figures, newest first.

Reads only. It decides which texts a reader gets (other areas' grounds, personal data); no HTML.
"""

from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from casos.catalogos import Estado, EstadoAviso
from casos.expediente.carga import ve_toda_la_hoja
from casos.expediente.listas import ListaJSON, rehacer
from casos.flujo import ETIQUETAS
from casos.lecturas.clientela import lee_todo
from casos.lecturas.reserva import archivos_de, area_de, fundamento_reservado
from casos.lecturas.rotulos import (
    AL_LEER,
    CLASES,
    COLUMNAS,
    DATOS,
    DE_CONTACTO,
    DE_CONTACTO_PERSONAL,
    DE_DECISION,
    DE_OTRO_CASO,
    ICONOS_DE_MEDIO,
    PALABRAS,
    PALABRAS_SUELTAS,
    SIEMPRE_VISIBLES,
    TEXTOS_CORTOS,
    icono_de,
)
from casos.models import Aviso, Evento, TextoEvento, Usuario

POR_PAGINA = 50


@dataclass
class Cifra:
    """A condition that an event changed."""

    nombre: str
    columna: str
    unidad: str
    antes: str
    ahora: str


@dataclass
class Renglon:
    """One line of the timeline, ready to be written down."""

    numero: int
    accion: str
    que: str
    icono: str
    clase: str
    seccion: str
    cuando: datetime
    quien: str
    de: str = ""
    a: str = ""
    marcas: list = field(default_factory=list)
    textos: list = field(default_factory=list)
    datos: list = field(default_factory=list)
    cifras: list = field(default_factory=list)
    archivos: list = field(default_factory=list)
    correos: int = 0
    correo: int | None = None  # the only one, to be opened itself
    fallidos: int = 0
    reservado: bool = False


def pagina(caso, usuario, ver: str = "", antes: int | None = None):
    """One keyset page of the log, newest first: its lines, and the number to go on from."""
    filas = Evento.objects.filter(caso=caso.pk).select_related("actor", "suple_a", "en_lugar_de")
    if antes is not None:
        filas = filas.filter(numero__lt=antes)
    if ver == "contactos":
        filas = filas.filter(accion__in=DE_CONTACTO)
    elif ver == "pasos":
        filas = filas.exclude(a=F("de"))
    elif ver == "notas":
        filas = filas.filter(accion="anotar")
    elif ver == "correos":
        filas = filas.filter(Exists(Aviso.objects.filter(evento=OuterRef("pk"))))
    filas = list(
        filas.annotate(
            lista_textos=ListaJSON(
                TextoEvento.objects.filter(evento=OuterRef("pk")).order_by("pk"),
                "id", "campo", "etiqueta", "texto", "personal", "suprimido_en",
            ),
            lista_correos=ListaJSON(
                Aviso.objects.filter(evento=OuterRef("pk")).order_by("pk"), "id", "estado"
            ),
        ).order_by("-numero")[: POR_PAGINA + 1]
    )  # fmt: skip
    visibles = filas[:POR_PAGINA]
    return renglones(visibles, caso, usuario), visibles[-1].numero if filas[POR_PAGINA:] else None


def renglones(eventos, caso, usuario) -> list[Renglon]:
    nombres = _Nombres(caso, usuario, eventos)
    return [_renglon(e, caso, usuario, nombres) for e in eventos]


def _renglon(evento, caso, usuario, nombres) -> Renglon:
    reservado = fundamento_reservado(evento, caso, usuario)
    textos, cortos = ([], []) if reservado else _textos(evento, caso, usuario)
    correos = getattr(evento, "lista_correos", [])
    return Renglon(
        numero=evento.numero,
        accion=evento.accion,
        que=_que(evento, caso),
        icono=_icono(evento),
        clase=CLASES.get(evento.accion, ""),
        seccion=evento.seccion,
        cuando=evento.en,
        quien=str(evento.actor) if evento.actor else "Por sí solo",
        de=_estado(evento.de) if evento.de != evento.a else "",
        a=_estado(evento.a) if evento.de != evento.a else "",
        marcas=_marcas(evento),
        textos=textos,
        datos=_datos(evento, nombres, reservado) + cortos,
        cifras=_cifras(evento, caso),
        archivos=[] if reservado else archivos_de(evento, caso),
        correos=len(correos),
        correo=correos[0]["id"] if len(correos) == 1 else None,
        fallidos=sum(c["estado"] == EstadoAviso.FALLIDO for c in correos),
        reservado=reservado,
    )


def _que(evento, caso) -> str:
    que = ETIQUETAS.get(evento.accion, evento.accion)
    area = area_de(evento, caso)
    return f"{que} · {area}" if area else que


def _icono(evento) -> str:
    medio = evento.datos.get("medio")
    if evento.accion in ("contactar", "registrar_contacto") and medio in ICONOS_DE_MEDIO:
        return ICONOS_DE_MEDIO[medio]
    return icono_de(evento.accion, evento.seccion)


def _estado(valor: str) -> str:
    return Estado(valor).label if valor in Estado.values else valor


def _marcas(evento) -> list[str]:
    marcas = []
    if evento.suple_a:
        marcas.append(f"suple a {evento.suple_a}")
    if evento.en_lugar_de:
        marcas.append(f"en lugar de {evento.en_lugar_de}")
    if evento.sin_segregacion:
        marcas.append("sin otra persona que pudiera decidir")
    return marcas


def _textos(evento, caso, usuario) -> tuple[list, list]:
    """Free texts with their labels: those to be read, and the short ones that go with the data."""
    largos, cortos = [], []
    for t in rehacer(TextoEvento, getattr(evento, "lista_textos", [])):
        if not _le_toca_leer(evento.accion, t.campo, caso, usuario):
            continue
        destino = cortos if t.campo in TEXTOS_CORTOS else largos
        etiqueta = AL_LEER.get((evento.accion, t.campo)) or AL_LEER.get(t.campo) or t.etiqueta
        destino.append((etiqueta, _texto_para(t, caso, usuario)))
    return largos, cortos


def _le_toca_leer(accion, campo, caso, usuario) -> bool:
    """What the case page does not show a reader is not in its log either (D§5)."""
    if campo in DE_CONTACTO_PERSONAL:
        return lee_todo(usuario)
    if campo in DE_DECISION.get(accion, ()):
        return ve_toda_la_hoja(caso, usuario)
    if campo in DE_OTRO_CASO:
        return getattr(caso, DE_OTRO_CASO[campo]) in caso.otros_visibles
    return True


def _texto_para(texto, caso, usuario) -> str:
    if texto.suprimido_en:
        return "Dato suprimido"
    if usuario.ve_enmascarado and _es_personal(texto, caso):
        return "Dato personal"
    return texto.texto


def _es_personal(texto, caso) -> bool:
    # A company's name and RFC are public; a natural person's are not (D§5). What the case's client
    # is no longer called may have been the name of one, merged or corrected since.
    if texto.personal or texto.campo in ("cliente_anterior", "cliente_nuevo"):
        return texto.personal
    cliente = caso.cliente
    suyos = (cliente.razon_social, cliente.nombre_comercial, cliente.rfc)
    del_cliente = texto.campo.startswith("cliente_")
    return del_cliente and (cliente.es_persona_fisica or texto.texto not in suyos)


# -- figures and references of the event -----------------------------------------------------------


class _Nombres:
    """Names behind the references of the log ("usuario:5"); one query at most, for persons."""

    def __init__(self, caso, usuario, eventos):
        self.usuario = usuario
        self.listas = {
            "area": {a["id"]: a["nombre"] for a in caso.lista_areas},
            "motivo": {m["id"]: m["nombre"] for m in caso.lista_motivos},
            "tiporequerimiento": {t["id"]: t["nombre"] for t in caso.lista_tipos},
            "personacontacto": {
                p["id"]: f"Persona {p['id']}" if usuario.ve_enmascarado else p["nombre"]
                for p in caso.lista_personas
            },
        }
        pedidos = {
            int(v.partition(":")[2])
            for e in eventos
            for v in e.datos.values()
            if isinstance(v, str) and v.startswith("usuario:") and v[8:].isdecimal()
        }
        conocidos = {
            u.pk: str(u) for e in eventos for u in (e.actor, e.suple_a, e.en_lugar_de) if u
        }
        faltan = pedidos - set(conocidos)
        if faltan:
            conocidos |= {u.pk: str(u) for u in Usuario.objects.filter(pk__in=faltan)}
        self.listas["usuario"] = conocidos

    def de(self, referencia: str) -> str:
        modelo, _, pk = referencia.partition(":")
        return self.listas.get(modelo, {}).get(int(pk), "") if pk.isdecimal() else ""


def _datos(evento, nombres, reservado) -> list[tuple[str, str]]:
    filas = []
    for clave, valor in evento.datos.items():
        etiqueta = DATOS.get(clave)
        if not etiqueta or (reservado and clave not in SIEMPRE_VISIBLES):
            continue
        texto = _en_palabras(clave, valor, nombres)
        if texto:
            filas.append((etiqueta, texto))
    return filas


def _en_palabras(clave, valor, nombres) -> str | date:
    if isinstance(valor, list):
        return ", ".join(filter(None, (_en_palabras(clave, v, nombres) for v in valor)))
    if valor is True:
        return "sí"
    texto = str(valor)
    if clave in PALABRAS:
        return dict(PALABRAS[clave].choices).get(texto, texto)
    if clave in PALABRAS_SUELTAS:
        return PALABRAS_SUELTAS[clave].get(texto, texto)
    if ":" in texto and texto.split(":")[0].isalpha():
        return nombres.de(texto)
    return _fecha(texto) or texto


def _fecha(texto: str) -> date | datetime | None:
    if len(texto) < 10 or texto[4:5] != "-":
        return None
    try:
        if len(texto) == 10:
            return date.fromisoformat(texto)
        momento = datetime.fromisoformat(texto)
    except ValueError:
        return None
    return timezone.make_aware(momento) if timezone.is_naive(momento) else momento


def _cifras(evento, caso) -> list[Cifra]:
    """Old and new of each row of the sheet; only the rows that the reader's sheet has."""
    cambios_ = evento.datos.get("cambios")
    if not isinstance(cambios_, dict):
        return []
    visibles = getattr(caso, "hoja_visible", caso.hechos.condiciones)
    filas = {str(f.concepto.clave): f.concepto for f in visibles}
    filas |= {str(f.concepto_id): f.concepto for f in visibles}
    cifras = []
    for clave, par in cambios_.items():
        columna, _, concepto = clave.partition(":")
        if columna in COLUMNAS and concepto in filas and isinstance(par, list) and len(par) == 2:
            c = filas[concepto]
            cifras.append(Cifra(c.nombre, columna.capitalize(), c.unidad, par[0], par[1]))
    return cifras
