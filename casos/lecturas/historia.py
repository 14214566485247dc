"""How the log of one case reads: lines with who, what, texts and figures, newest first.

Reads only. Words come from the act and from the field of its form where a thing was typed; what a
reader may not read is for ``permisos.lectura`` to say. No HTML.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django import forms
from django.db.models import Exists, F, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone

from casos import actos, lo_hecho
from casos.actos import SUCESOS, Acto, Sobre, Suceso
from casos.catalogos import Estado, EstadoAviso, Medio
from casos.expediente import Expediente
from casos.expediente.completo import Completo
from casos.formularios.campos import CampoLinea, EnBitacora
from casos.models import (
    Adjunto,
    Area,
    Aviso,
    Concepto,
    Evento,
    Motivo,
    PersonaContacto,
    TextoEvento,
    TipoRequerimiento,
    Usuario,
)
from casos.models.preparada import DeVarias, Preparada
from casos.pasos.situacion import LISTA_DE, referencia
from casos.pasos.tabla import campo_de, orden_de
from casos.permisos import lectura
from casos.permisos.lectura import Lee

# Lines of the case page, more of them on demand, and all to be printed.
AL_ABRIR, POR_PAGINA, TODOS = 5, 20, 1_000
VER = {
    "": "Todo",
    "contactos": "Contactos",
    "pasos": "Pasos",
    "correos": "Correos",
    "notas": "Notas",
}
DE_CONTACTO = [a.nombre for a in actos.ACTOS.values() if a.contacto]
ICONOS_DE_MEDIO = {
    Medio.TELEFONO: "telefono",
    Medio.VISITA: "visita",
    Medio.VIDEOLLAMADA: "videollamada",
    Medio.WHATSAPP: "whatsapp",
    Medio.CORREO: "correos",
}
COLUMNAS = ("vigente", "solicitado", "propuesto", "acordado")
# The result of an opinion is everybody's, whoever may not read its grounds.
SIEMPRE_VISIBLES = ("sentido", "dicho_en", "quien")
# Texts that the door adds, short enough to stand with the data.
CORTOS = ("cliente_anterior", "cliente_nuevo")
OTRO_CASO = {"folio": "duplicado_de_id"}  # field → the column that says which case it names
SIN_DECIR = EnBitacora(etiqueta="")


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
    marcas: list[str] = field(default_factory=list)
    textos: list[tuple[str, str]] = field(default_factory=list)
    datos: list[tuple[str, Any]] = field(default_factory=list)
    cifras: list[Cifra] = field(default_factory=list)
    archivos: list[dict[str, Any]] = field(default_factory=list)
    correos: int = 0
    correo: int | None = None  # the only one, to be opened itself
    fallidos: int = 0
    reservado: bool = False

    @property
    def hay_mas(self) -> bool:  # under its line
        largo = (self.textos, self.datos, self.cifras, self.archivos, self.correos, self.reservado)
        return any(largo)


def _eventos(caso: int) -> QuerySet[Evento]:
    eventos = Evento.objects.filter(caso=caso).select_related("actor", "suple_a", "en_lugar_de")
    return eventos.order_by("-numero")


_ULTIMOS = Preparada(lambda caso: _eventos(caso)[: AL_ABRIR + 1], int)
# Of the events from one number to another, which are those of a page of the whole log.
_TEXTOS = Preparada(
    lambda caso, desde, hasta: TextoEvento.objects.filter(
        evento__caso=caso, evento__numero__gte=desde, evento__numero__lte=hasta
    ).order_by("pk"),
    int, int, int,
)  # fmt: skip
_AVISOS = Preparada(
    lambda caso, desde, hasta: Aviso.objects.filter(
        evento__caso=caso, evento__numero__gte=desde, evento__numero__lte=hasta
    )
    .order_by("pk")
    .only("evento_id", "estado"),
    int, int, int,
)  # fmt: skip


def pagina(
    exp: Completo, ver: str = "", antes: int | None = None, cuantos: int = POR_PAGINA
) -> tuple[list[Renglon], int | None]:
    """One keyset page of the log, newest first: its lines, and the number to go on from."""
    if ver or antes is not None or cuantos != AL_ABRIR:
        filas = _eventos(exp.caso.pk)
        if antes is not None:
            filas = filas.filter(numero__lt=antes)
        if ver == "contactos":
            filas = filas.filter(accion__in=DE_CONTACTO)
        elif ver == "pasos":
            filas = filas.exclude(a=F("de"))
        elif ver == "notas":
            filas = filas.filter(accion=actos.ANOTAR.nombre)
        elif ver == "correos":
            filas = filas.filter(Exists(Aviso.objects.filter(evento=OuterRef("pk"))))
        leidas = list(filas[: cuantos + 1])
    else:
        leidas = _ULTIMOS(exp.caso.pk)
    visibles = leidas[:cuantos]
    sigue = visibles[-1].numero if leidas[cuantos:] else None
    lector = _Lector(exp, visibles)
    lector.leer_todo(exp, salteados=bool(ver))
    return [lector.renglon(e) for e in visibles], sigue


def renglones(eventos: Iterable[Evento], exp: Expediente) -> list[Renglon]:
    """What was done, by whom, as ``exp.lector`` reads it; of what was typed, choices and figures."""
    lector = _Lector(exp, list(eventos))
    return [lector.renglon(e) for e in lector.eventos]


def fila_de(evento: Evento, exp: Expediente) -> Any:
    """The opinion, adjustment or *constancia* that an event was done on; of a condition, its opinion."""
    sobre = evento.datos.get("de_opinion") or evento.datos.get("sobre", "")
    modelo, _, pk = str(sobre).partition(":")
    if modelo not in (Sobre.OPINION, Sobre.AJUSTE, Sobre.CONSTANCIA):
        return None
    filas = getattr(exp.hechos, LISTA_DE[Sobre(modelo)])
    return next((f for f in filas if str(f.pk) == pk), None)


def esta_reservado(evento: Evento, exp: Expediente, usuario: Usuario) -> bool:
    """Other areas' grounds: who may not read them learns only the result (D§5)."""
    acto = SUCESOS.get(evento.accion)
    if not isinstance(acto, Acto) or not acto.lleva_fundamento:
        return False
    return not lectura.ve_lo_dicho(exp.hechos, usuario, fila_de(evento, exp))


def archivos_que_lee(exp: Completo, usuario: Usuario) -> list[dict[str, Any]]:
    """Files of the case that the reader may open, newest first."""
    if not exp.archivos:
        return []
    reservados: set[int] = set()
    if lectura.algo_se_le_reserva(exp.hechos, usuario):
        eventos = Evento.objects.filter(pk__in=[a.evento_id for a in exp.archivos])
        reservados = {e.pk for e in eventos if esta_reservado(e, exp, usuario)}
    return [_archivo(a) for a in exp.archivos if a.evento_id not in reservados]


def _archivo(a: Adjunto) -> dict[str, Any]:
    url = reverse("archivo_ficha" if a.sensible or a.borrado_en else "archivo", args=[a.pk])
    return {"nombre": a.nombre, "url": url, "peso": a.tamano, "borrado": bool(a.borrado_en)}


class _Lector:
    """Turns events into lines for one reader; one query per kind of row that they refer to."""

    POR_CLAVE = {
        str(m._meta.model_name): DeVarias(
            lambda claves, m=m: m._default_manager.filter(pk__in=claves)
        )
        for m in (Usuario, Area, Motivo, TipoRequerimiento, PersonaContacto)
    }

    def __init__(self, exp: Expediente, eventos: list[Evento]):
        assert exp.lector is not None
        self.exp, self.usuario, self.eventos = exp, exp.lector, eventos
        self.otros_visibles: set[int] = set()
        self.archivos: dict[int, list[Adjunto]] = {}
        self.textos: dict[int, list[TextoEvento]] = {}
        self.avisos: dict[int, list[Aviso]] = {}
        self.conceptos: dict[str, Concepto] = {}
        self.nombres = self._nombres()

    def leer_todo(self, exp: Completo, *, salteados: bool) -> None:
        """Texts, mails, files and figures too; ``salteados``: the events do not follow one another."""
        self.otros_visibles = exp.otros_visibles
        self.archivos = _por_evento(exp.archivos)
        conceptos = [f.concepto for f in exp.hoja]
        self.conceptos = {c.clave: c for c in conceptos} | {str(c.pk): c for c in conceptos}
        if not self.eventos:
            return
        if salteados:
            self.textos = _por_evento(TextoEvento.objects.filter(evento__in=self.eventos))
            self.avisos = _por_evento(Aviso.objects.filter(evento__in=self.eventos).order_by("pk"))
        else:
            tramo = exp.caso.pk, self.eventos[-1].numero, self.eventos[0].numero
            self.textos, self.avisos = _por_evento(_TEXTOS(*tramo)), _por_evento(_AVISOS(*tramo))

    def renglon(self, evento: Evento) -> Renglon:
        suceso = lo_hecho.suceso_de(evento.accion, evento.datos)
        reservado = esta_reservado(evento, self.exp, self.usuario)
        textos, cortos = ([], []) if reservado else self._textos(evento)
        avisos = self.avisos.get(evento.pk, [])
        cambio = evento.de != evento.a
        return Renglon(
            numero=evento.numero,
            accion=evento.accion,
            que=self._que(suceso, evento),
            icono=_icono(suceso, evento),
            clase=suceso.tono,
            seccion=evento.seccion,
            cuando=evento.en,
            quien=str(evento.actor) if evento.actor else "Por sí solo",
            de=_estado(evento.de) if cambio else "",
            a=_estado(evento.a) if cambio else "",
            marcas=_marcas(evento),
            textos=textos,
            datos=self._datos(evento, reservado) + cortos,
            cifras=self._cifras(evento),
            archivos=[] if reservado else [_archivo(a) for a in self.archivos.get(evento.pk, ())],
            correos=len(avisos),
            correo=avisos[0].pk if len(avisos) == 1 else None,
            fallidos=sum(a.estado == EstadoAviso.FALLIDO for a in avisos),
            reservado=reservado,
        )

    def _que(self, suceso: Suceso, evento: Evento) -> str:
        fila = fila_de(evento, self.exp)
        fila = getattr(fila, "opinion", None) or getattr(fila, "ajuste", None) or fila
        area = str(getattr(fila, "area", "") or "")
        return f"{suceso.contado} · {area}" if area else suceso.contado

    def _textos(self, evento: Evento) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
        """Free texts with their labels: those to be read, and the short ones that go with the data."""
        largos: list[tuple[str, str]] = []
        cortos: list[tuple[str, str]] = []
        for t in self.textos.get(evento.pk, ()):
            campo = campo_de(evento.accion, t.campo)
            dice = getattr(campo, "bitacora", None) or EnBitacora()
            suyo = campo_de(evento.accion, t.campo.removesuffix("_anterior"))
            if not self._lee(getattr(getattr(suyo, "bitacora", None), "lee", dice.lee), t.campo):
                continue
            corto = t.campo in CORTOS or isinstance(campo, CampoLinea | forms.EmailField)
            texto = lectura.texto_para(t, self.exp.caso, self.usuario)
            (cortos if corto else largos).append((dice.etiqueta or t.etiqueta, texto))
        return largos, cortos

    def _lee(self, lee: Lee, campo: str) -> bool:
        otro = getattr(self.exp.caso, OTRO_CASO[campo]) if campo in OTRO_CASO else None
        return lectura.lee_campo(self.exp.caso, self.usuario, lee, otro in self.otros_visibles)

    def _datos(self, evento: Evento, reservado: bool) -> list[tuple[str, Any]]:
        filas, orden = [], orden_de(evento.accion)
        # PostgreSQL keeps the keys of a JSON in an order of its own.
        for clave, valor in sorted(evento.datos.items(), key=lambda dato: orden.get(dato[0], 99)):
            campo = campo_de(evento.accion, clave)
            if campo is None or (reservado and clave not in SIEMPRE_VISIBLES):
                continue
            dice = getattr(campo, "bitacora", SIN_DECIR)
            etiqueta = campo.label if dice.etiqueta is None else dice.etiqueta
            texto = etiqueta and self._en_palabras(campo, dice, valor)
            if texto:
                filas.append((str(etiqueta), texto))
        return filas

    def _en_palabras(self, campo: forms.Field, dice: EnBitacora, valor: Any) -> Any:
        if isinstance(valor, list):
            partes = (self._en_palabras(campo, dice, v) for v in valor)
            return ", ".join(str(p) for p in partes if p)
        if valor is True:
            return "sí"
        texto = str(valor)
        if dice.palabras:
            return dice.palabras.get(texto, texto)
        if isinstance(campo, forms.ModelChoiceField):
            return self.nombres.get(texto, "")
        if isinstance(campo, forms.ChoiceField):
            return dict(campo.choices).get(texto, texto)
        return _fecha(texto) or texto

    def _nombres(self) -> dict[str, str]:
        """Names behind the references of the log ("usuario:5")."""
        pedidos = defaultdict(set)
        for evento in self.eventos:
            for valor in evento.datos.values():
                for dicho in valor if isinstance(valor, list) else [valor]:
                    modelo, _, pk = str(dicho).partition(":")
                    if modelo in self.POR_CLAVE and pk.isdecimal():
                        pedidos[modelo].add(int(pk))
        nombres = {referencia(fila): self._nombre(fila) for fila in self._a_la_mano()}
        if isinstance(self.exp, Completo):
            nombres |= {f"motivo:{pk}": nombre for pk, nombre in self.exp.motivos.items()}
        for modelo, pks in pedidos.items():
            faltan = {pk for pk in pks if f"{modelo}:{pk}" not in nombres}
            nombres |= {referencia(f): self._nombre(f) for f in self.POR_CLAVE[modelo](faltan)}
        return nombres

    def _a_la_mano(self) -> list[Any]:
        """Rows with a name that came with the case or with its events."""
        h = self.exp.hechos
        personas = [u for e in self.eventos for u in (e.actor, e.suple_a, e.en_lugar_de) if u]
        areas = [f.area for f in (*h.opiniones, *h.ajustes)]
        return [*personas, *areas, *h.tipos, h.caso.persona]

    def _nombre(self, fila: Any) -> str:
        if isinstance(fila, PersonaContacto):
            return lectura.persona_para(fila, self.usuario)
        return str(fila)

    def _cifras(self, evento: Evento) -> list[Cifra]:
        """Old and new of each row of the sheet; only the rows that the reader's sheet has."""
        cambios = evento.datos.get("cambios")
        if not isinstance(cambios, dict):
            return []
        cifras = []
        for clave, par in cambios.items():
            columna, _, cual = clave.partition(":")
            c = self.conceptos.get(cual)
            if columna in COLUMNAS and c and isinstance(par, list) and len(par) == 2:
                cifras.append(Cifra(c.nombre, columna.capitalize(), c.unidad, par[0], par[1]))
        return cifras


def _por_evento(filas: Iterable[Any]) -> dict[int, list[Any]]:
    juntas = defaultdict(list)
    for fila in filas:
        juntas[fila.evento_id].append(fila)
    return juntas


def _icono(suceso: Suceso, evento: Evento) -> str:
    medio = evento.datos.get("medio")
    if suceso in (actos.CONTACTAR, actos.REGISTRAR_CONTACTO) and medio in ICONOS_DE_MEDIO:
        return ICONOS_DE_MEDIO[medio]
    return suceso.dibujo_en(evento.seccion)


def _estado(valor: str) -> str:
    return Estado(valor).label if valor in Estado.values else valor


def _marcas(evento: Evento) -> list[str]:
    dichas = {
        f"suple a {evento.suple_a}": evento.suple_a,
        f"en lugar de {evento.en_lugar_de}": evento.en_lugar_de,
        "sin otra persona que pudiera decidir": evento.sin_segregacion,
        "respondió por enlace": evento.datos.get("por_enlace"),
    }
    return [marca for marca, la_lleva in dichas.items() if la_lleva]


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
