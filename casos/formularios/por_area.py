"""Fields repeated for each area: a question (7.3) or an adjustment (7.7), with its due date.

Fields per area, not formsets: no management form to forge, and a person sees all areas at once.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import cache, partial
from typing import Any, NamedTuple

from django.db.models import F
from django.utils import timezone

from casos import calendario
from casos.catalogos import ComoSeAvisa, Estado, QueAjusta
from casos.models import Area, Caso, Usuario
from casos.textos import punto

from .base import Datos, FormularioPaso
from .campos import CampoFuturo, CampoPasado, UnaDeEstas, ahora_local, con, marca, radios, texto


class Pregunta(NamedTuple):
    """What an area is asked (rule 1)."""

    area: Area
    texto: str
    vence: date


class Encargo(NamedTuple):
    """What an area must adjust, and how it was told (§7.7)."""

    area: Area
    que: str
    vence: date
    verbal: bool
    avisado: Usuario | None
    avisado_en: datetime | None


def areas_con_gente(caso: Caso) -> Any:
    """Active areas where somebody other than the responsible can answer."""
    gente = Usuario.objects.activos().exclude(pk=caso.responsable_id)
    return Area.objects.filter(
        activa=True,
        pk__in=gente.filter(membresias__activa=True).values("membresias__area_id"),
    )


def vencimientos(
    estado: Estado, tope: date | None = None
) -> Callable[[Area], Callable[[], date | None]]:
    """The due date proposed to each area, counted when it is drawn: a step done asks nothing.

    Never later than ``tope``, the day when the client expects an answer, while the area has a business
    day ahead until then.
    """
    plazos = cache(partial(calendario.Plazos, estado, timezone.now()))

    def de(area: Area) -> date | None:
        vence = plazos().vence(area)
        if tope is None or (vence and vence <= tope):
            return vence
        return plazos().antes(area, tope) or vence

    return lambda area: partial(de, area)


class ConPreguntas(FormularioPaso):
    """Areas to ask, each with its question and due date (rule 1)."""

    crece = True
    areas_requeridas = True
    titulo_areas = "Áreas que deben opinar"

    areas: list[Area]
    preguntas: list[Pregunta]

    def areas_posibles(self) -> Any:
        return areas_con_gente(self.caso).filter(opina=True)

    def preparar(self) -> None:
        super().preparar()
        self.areas = list(self.areas_posibles())
        dia = self.caso.espera_respuesta
        vence = vencimientos(Estado.EN_ANALISIS, dia)
        espera = f"El cliente espera respuesta el {dia:%d/%m/%Y}." if dia else ""
        propios: list[str] = []
        for area in self.areas:
            c = area.codigo
            muestra = f"area_{c}=on"
            self.fields |= {
                f"area_{c}": marca(area.nombre),
                f"pregunta_{c}": texto(
                    f"Pregunta para {area.nombre}", requerido=False, muestra_si=muestra, filas=2
                ),
                f"vence_{c}": con(
                    CampoFuturo(
                        label=f"Para cuándo ({area.nombre})",
                        required=False,
                        initial=vence(area),
                        help_text=espera,
                    ),
                    muestra_si=muestra,
                ),
            }
            propios += [f"area_{c}", f"pregunta_{c}", f"vence_{c}"]
        self.secciones = [*self.secciones, (self.titulo_areas, propios)]

    def clean(self) -> Datos:
        datos = super().clean()
        preguntas = []
        for area in self.areas:
            c = area.codigo
            if not datos.get(f"area_{c}"):
                datos |= {f"vence_{c}": None, f"pregunta_{c}": ""}
                continue
            self.exigir(f"pregunta_{c}", punto(f"Falta la pregunta para {area.nombre}"))
            self.exigir(f"vence_{c}", punto(f"Falta para cuándo la necesitas de {area.nombre}"))
            preguntas.append(Pregunta(area, datos.get(f"pregunta_{c}"), datos.get(f"vence_{c}")))
        if not preguntas and self.areas_requeridas:
            self.faltar_en(self.titulo_areas, "Elige al menos un área, con su pregunta y su fecha.")
        self.preguntas = preguntas
        return datos


class ConAjustes(FormularioPaso):
    """Adjustments to ask for, notified "vía mail o de manera verbal" (§7.7)."""

    crece = True
    ajustes_requeridos = True
    propone_contrato = True  # the contract's area comes ticked
    titulo_ajustes = "Qué ajusta cada área"

    areas_ajuste: list[Area]
    encargos: list[Encargo]

    def areas_de_ajuste(self) -> Any:
        return areas_con_gente(self.caso).filter(ajusta=True)

    def preparar(self) -> None:
        super().preparar()
        self.areas_ajuste = list(self.areas_de_ajuste())
        gente = self._gente()
        vence = vencimientos(Estado.EN_MODIFICACION)
        propios: list[str] = []
        for area in self.areas_ajuste:
            campos = self._campos_de(area, gente.get(area.pk, []), vence(area))
            self.fields |= campos
            propios += campos
        self.secciones = [*self.secciones, (self.titulo_ajustes, propios)]

    def _gente(self) -> dict[int, list[Usuario]]:
        """Who may have been told, by area. One query."""
        # Never RC nor who writes it down: telling oneself is no evidence.
        pares = (
            Usuario.objects.activos()
            .filter(membresias__activa=True, membresias__area__in=self.areas_ajuste)
            .exclude(pk__in=[self.usuario.pk, self.caso.responsable_id])
            .annotate(de_area=F("membresias__area_id"))
        )
        gente: dict[int, list[Usuario]] = {}
        for persona in pares if self.areas_ajuste else ():
            gente.setdefault(persona.de_area, []).append(persona)
        return gente

    def _campos_de(self, area: Area, gente: list[Usuario], vence: Any) -> dict[str, Any]:
        c, nombre = area.codigo, area.nombre
        muestra, verbal = f"ajuste_{c}=on", f"aviso_{c}={ComoSeAvisa.VERBAL}"
        que = texto(f"Qué ajusta {nombre}", requerido=False, muestra_si=muestra, filas=2)
        que.initial = area.que_se_le_pide
        avisado = con(
            UnaDeEstas(
                gente,
                label=f"A quién le avisaste en {nombre}",
                vacio="Elige a la persona",
                required=False,
            ),
            muestra_si=verbal,
        )
        va = area.que_ajusta == QueAjusta.CONTRATO and self.propone_contrato
        return {
            f"ajuste_{c}": marca(nombre, inicial=va),
            f"que_{c}": que,
            f"para_{c}": con(
                CampoFuturo(label=f"Para cuándo ({nombre})", required=False, initial=vence),
                muestra_si=muestra,
            ),
            f"aviso_{c}": radios(
                f"Cómo se le avisa a {nombre}",
                ComoSeAvisa.choices,
                requerido=False,
                inicial=ComoSeAvisa.CORREO,
                muestra_si=muestra,
            ),
            f"avisado_{c}": avisado,
            f"avisado_en_{c}": con(
                CampoPasado(
                    label=f"Cuándo le avisaste ({nombre})", required=False, initial=ahora_local
                ),
                muestra_si=verbal,
            ),
        }

    def clean(self) -> Datos:
        datos = super().clean()
        encargos = []
        for area in self.areas_ajuste:
            c = area.codigo
            if not datos.get(f"ajuste_{c}"):
                datos |= {
                    f"que_{c}": "",
                    f"para_{c}": None,
                    f"aviso_{c}": "",
                    f"avisado_{c}": None,
                    f"avisado_en_{c}": None,
                }
                continue
            self.exigir(f"que_{c}", punto(f"Falta qué ajusta {area.nombre}"))
            self.exigir(f"para_{c}", punto(f"Falta para cuándo lo ajusta {area.nombre}"))
            verbal = datos.get(f"aviso_{c}") == ComoSeAvisa.VERBAL
            if verbal:
                self.exigir(f"avisado_{c}", punto(f"Falta a quién le avisaste en {area.nombre}"))
                self.exigir(f"avisado_en_{c}", punto(f"Falta cuándo le avisaste a {area.nombre}"))
            else:
                datos |= {f"avisado_{c}": None, f"avisado_en_{c}": None}
            encargos.append(
                Encargo(
                    area,
                    datos.get(f"que_{c}"),
                    datos.get(f"para_{c}"),
                    verbal,
                    datos.get(f"avisado_{c}"),
                    datos.get(f"avisado_en_{c}"),
                )
            )
        if self.ajustes_requeridos and not encargos:
            self.faltar_en(self.titulo_ajustes, "Elige al menos un área y lo que debe ajustar.")
        self.encargos = encargos
        return datos
