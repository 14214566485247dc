"""The case page and its timeline. Reads only; every step is in ``dar_paso``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from casos import actos
from casos.catalogos import Estado, EstadoOpinion
from casos.expediente.carga import instruccion
from casos.expediente.completo import Completo, completo
from casos.formularios.base import FormularioBase
from casos.formularios.presentacion import Condiciones, condiciones_de, helper_de
from casos.lecturas import historia, siguiente_paso
from casos.lecturas.botones import Boton, botones, cerrados
from casos.lecturas.siguiente_paso import Siguiente
from casos.models import Ajuste, Cita, Constancia, Opinion, Propuesta, SeccionInstruccion, Usuario
from casos.pasos.tabla import PASOS
from casos.permisos import lectura

CONTACTOS_QUE_SE_CORRIGEN = 3


def numero_de(texto: str | None) -> int | None:
    """A whole number of at most nine digits from a query, or ``None``."""
    texto = texto or ""
    return int(texto) if texto.isascii() and texto.isdigit() and len(texto) <= 9 else None


@require_safe
def caso(request: HttpRequest, folio: str) -> HttpResponse:
    """The case: where it is, whose move it is, and everything that happened (D§6)."""
    assert isinstance(request.user, Usuario)
    exp = completo(request.user, folio=folio)
    if exp is None:
        raise Http404
    ver = request.GET.get("ver", "")
    ver = ver if ver in historia.VER else ""
    antes = numero_de(request.GET.get("antes"))
    cuantos = historia.POR_PAGINA if antes or ver else historia.AL_ABRIR
    renglones, sigue = historia.pagina(exp, ver, antes, cuantos)
    contexto = {
        "caso": exp.caso,
        "renglones": renglones,
        "sigue": sigue,
        "ver": ver,
        "antes": antes,
        "filtros": historia.VER.items(),
        "moneda": exp.caso.moneda,
    }
    if request.htmx and request.htmx.target == "historia":
        return render(request, "casos/_historia.html", contexto)
    pagina = PaginaDeCaso(exp, request.user)
    contexto |= {
        "pagina": pagina,
        "ultimo": renglones[0] if renglones and not antes and not ver else None,
    }
    return render(request, "casos/caso.html", contexto)


@dataclass
class PaginaDeCaso:
    """What the template asks, section by section, as one person reads it."""

    exp: Completo
    usuario: Usuario

    # -- the next step ---------------------------------------------------------------------------

    @cached_property
    def botones(self) -> list[Boton]:
        return botones(self.exp, self.usuario)

    @cached_property
    def siguiente(self) -> Siguiente | None:
        siguiente = siguiente_paso.siguiente(self.exp, self.usuario, self.botones)
        if siguiente and not siguiente.boton.faltas and not siguiente.es_eleccion:
            siguiente.formulario = self._formulario(siguiente.boton)
            siguiente.presentacion = helper_de(siguiente.formulario)
        return siguiente

    def _formulario(self, boton: Boton) -> FormularioBase:
        return PASOS[boton.acto.nombre].formulario(
            exp=self.exp,
            usuario=self.usuario,
            acto=boton.acto,
            permiso=boton.permiso,
            fila=boton.fila,
        )

    @cached_property
    def instruccion(self) -> SeccionInstruccion | None:
        """The words of what is to be done now; where nobody here has the turn, of where it stands."""
        de_siguiente = self.siguiente and self.siguiente.boton.acto.seccion
        seccion = de_siguiente or Estado(self.exp.caso.estado).seccion
        return instruccion(seccion)

    @property
    def dice_las_opiniones(self) -> bool:
        """Beside the decision, or the offer that must keep to it."""
        return self.exp.caso.estado in (Estado.POR_DECIDIR, Estado.EN_PROPUESTA)

    # -- the other acts --------------------------------------------------------------------------

    @cached_property
    def sueltos(self) -> list[Boton]:
        """What is not on the card of the next step; last, what stays locked and why."""
        en_la_tarjeta = [self.siguiente.boton, *self.siguiente.junto] if self.siguiente else []
        sueltos = [b for b in self.botones if b not in en_la_tarjeta]
        return [*sueltos, *cerrados(self.exp, self.usuario)]

    def a_la_mano(self, acto: actos.Acto) -> Boton | None:
        del_caso = (b for b in self.sueltos if b.acto is acto and b.fila is None)
        return next((b for b in del_caso if b.permiso), None)

    @property
    def contacto(self) -> Boton | None:
        return self.a_la_mano(actos.REGISTRAR_CONTACTO)

    @property
    def cita(self) -> Boton | None:
        return self.a_la_mano(actos.PROGRAMAR_CITA)

    @property
    def de_un_toque(self) -> list[Boton]:
        return [b for b in self.sueltos if b.de_un_toque and b.fila is None and b.permiso]

    @cached_property
    def otras(self) -> list[Boton]:
        """On the case itself: the steps, then the rest; what ends the case, last."""
        del_caso = [b for b in self.sueltos if b.fila is None and not (b.acto.lugar and b.permiso)]
        return sorted(
            del_caso, key=lambda b: (b.acto.peligroso, not b.permiso, not b.acto.es_transicion)
        )

    @property
    def otras_antes(self) -> list[Boton]:
        return [b for b in self.otras if not b.acto.peligroso]

    @property
    def otras_que_terminan(self) -> list[Boton]:
        return [b for b in self.otras if b.acto.peligroso]

    @property
    def nota(self) -> Boton | None:
        return self.a_la_mano(actos.ANOTAR)

    @property
    def contactos_propios(self) -> list[Boton]:
        corrige = [b for b in self.botones if b.acto is actos.CORREGIR_CONTACTO]
        return corrige[:CONTACTOS_QUE_SE_CORRIGEN]

    def botones_de(self, fila: Any) -> list[Boton]:
        """What may be done on one row, beside it."""
        return [b for b in self.sueltos if b.fila is fila]

    # -- who and what ----------------------------------------------------------------------------

    @property
    def persona(self) -> str:
        return lectura.persona_para(self.exp.caso.persona, self.usuario)

    def con_quien(self, fila: Cita | Propuesta) -> str:
        return lectura.persona_para(fila.persona, self.usuario)

    @property
    def ve_contacto(self) -> bool:
        return lectura.lee_datos_de_contacto(self.usuario)

    @property
    def rfc(self) -> str:
        return lectura.rfc_para(self.exp.caso.cliente, self.usuario)

    @property
    def ve_decision(self) -> bool:
        return lectura.ve_toda_la_hoja(self.exp.caso, self.usuario)

    @property
    def condiciones(self) -> Condiciones | None:
        return condiciones_de(self.exp.hoja, self.exp)

    @property
    def archivos(self) -> list[dict[str, Any]]:
        return historia.archivos_que_lee(self.exp, self.usuario)

    # -- opinions, proposals, adjustments, notices -----------------------------------------------

    @property
    def opiniones(self) -> list[Opinion]:
        return [o for o in self.exp.hechos.opiniones if o in self._actuales]

    @property
    def opiniones_pasadas(self) -> list[Opinion]:
        """Earlier rounds and what was withdrawn."""
        return [o for o in reversed(self.exp.hechos.opiniones) if o not in self._actuales]

    @cached_property
    def _actuales(self) -> list[Opinion]:
        return self.exp.hechos.opiniones_actuales

    def ve_fundamento(self, opinion: Opinion) -> bool:
        return lectura.ve_fundamentos(self.exp.hechos, self.usuario, opinion)

    def fue_dada(self, opinion: Opinion) -> bool:
        return opinion.estado == EstadoOpinion.DADA

    def ve_texto(self, constancia: Constancia) -> bool:
        return lectura.ve_lo_dicho(self.exp.hechos, self.usuario, constancia)

    def filas_de(self, propuesta: Propuesta) -> list[dict[str, Any]]:
        """Each version as it was presented; an area reads the rows that concern it."""
        if self.ve_decision:
            return propuesta.filas
        claves = {f.concepto.clave for f in self.exp.hoja}
        return [f for f in propuesta.filas if f["clave"] in claves]

    @property
    def ajustes(self) -> list[Ajuste]:
        return sorted(self.exp.hechos.ajustes, key=lambda a: (-a.aceptacion, a.pk))

    def es_de_la_ultima(self, ajuste: Ajuste) -> bool:
        return ajuste.aceptacion == self.exp.caso.aceptacion

    # -- what stands open ------------------------------------------------------------------------

    def esta_en(self, *estados: str) -> bool:
        return self.exp.caso.estado in estados

    @property
    def abre_opiniones(self) -> bool:
        return self.esta_en(Estado.EN_ANALISIS, Estado.POR_DECIDIR)

    @property
    def abre_propuestas(self) -> bool:
        return self.esta_en(Estado.EN_RESPUESTA, Estado.EN_PROPUESTA)

    @property
    def abre_ajustes(self) -> bool:
        return self.esta_en(Estado.EN_MODIFICACION)

    @property
    def abre_citas(self) -> bool:
        return any(c.esta_programada for c in self.exp.hechos.citas)

    @property
    def abre_constancias(self) -> bool:
        return any(c.esta_sin_confirmar for c in self.exp.hechos.constancias)
