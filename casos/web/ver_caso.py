"""The case page and its timeline. Reads only; every step is in ``dar_paso``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from casos import actos
from casos.catalogos import Estado, EstadoOpinion, EstadoPropuesta, Resultado
from casos.correo.bandeja_de_salida import marcar_leidas
from casos.expediente.carga import instruccion
from casos.expediente.completo import completo
from casos.expediente.intentos import Intentos
from casos.expediente.kit import Kit, kit_de
from casos.expediente.lo_que_espera import Rebasa, lo_que_rebasa
from casos.formularios.presentacion import Condiciones, Fila, condiciones_de, helper_de
from casos.impresos.documentos import Cambio, lo_que_cambio
from casos.lecturas import historia, siguiente_paso
from casos.lecturas.botones import Boton, botones, cerrados
from casos.lecturas.de_quien_fue import DeQuienFue, de_quien_fue
from casos.lecturas.de_su_hoja import de_su_hoja
from casos.lecturas.lo_que_lee import LoQueLee
from casos.lecturas.siguiente_paso import Siguiente
from casos.models import Ajuste, Opinion, Propuesta, SeccionInstruccion, Usuario
from casos.pasos.entregas import la_anterior
from casos.permisos import lectura

from .dar_paso import abierto_en_el_caso
from .lo_acordado import ConLoAcordado

CONTACTOS_QUE_SE_CORRIGEN = 3
# What htmx asks for: the timeline with another filter, or more lines under those there are.
PARTES = ("historia", "historia-mas")
# Where the client may be looked for in vain, until it can be given up (D§2).
CON_INTENTOS = (Estado.EN_CONTACTO, Estado.EN_PROPUESTA, Estado.EN_RESPUESTA, Estado.POR_INFORMAR)
# §7.7, the ways on from an area that cannot.
SALIDAS = (
    actos.AGREGAR_AJUSTE,
    actos.PEDIR_DESHACER,
    actos.DECLARAR_NO_AJUSTABLE,
    actos.REPLANTEAR,
)
# Who may know no names is given the last alone.
EXPEDIENTES = (
    ("expediente_pdf", "Expediente en PDF"),
    ("expediente_zip", "Expediente completo (ZIP)"),
    ("expediente_cubierto", "Expediente con nombres cubiertos"),
)
DE_UNA_LLAMADA = (actos.CONTACTAR, actos.REGISTRAR_CONTACTO)


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
    if request.method == "GET":
        marcar_leidas(request.user, exp.caso)
    ver = request.GET.get("ver", "")
    ver = ver if ver in historia.VER else ""
    antes = numero_de(request.GET.get("antes"))
    todo = "todo" in request.GET
    cuantos = historia.POR_PAGINA if antes or ver else historia.AL_ABRIR
    renglones, sigue = historia.pagina(exp, ver, antes, historia.TODOS if todo else cuantos)
    contexto = {
        "caso": exp.caso,
        "renglones": renglones,
        "sigue": sigue,
        "ver": ver,
        "antes": antes,
        "filtros": historia.VER.items(),
        "moneda": exp.caso.moneda,
        "todo": todo,
    }
    if request.htmx and request.htmx.target in PARTES:
        return render(request, "casos/_historia.html", contexto | {"parte": request.htmx.target})
    return render(
        request, "casos/caso.html", contexto | {"pagina": PaginaDeCaso(exp, request.user, request)}
    )


@dataclass
class PaginaDeCaso(LoQueLee, ConLoAcordado):
    """What the template asks, section by section, as one person reads it."""

    request: HttpRequest

    # -- the next step ---------------------------------------------------------------------------

    @cached_property
    def botones(self) -> list[Boton]:
        return botones(self.exp, self.usuario)

    @cached_property
    def siguiente(self) -> Siguiente | None:
        siguiente = siguiente_paso.siguiente(self.exp, self.usuario, self.botones)
        if siguiente and siguiente.abierto:
            siguiente.formulario = abierto_en_el_caso(self.request, self.exp, siguiente.boton)
            siguiente.presentacion = helper_de(siguiente.formulario)
        return siguiente

    @cached_property
    def instruccion(self) -> SeccionInstruccion | None:
        """The words of what is to be done now; where nobody here has the turn, of where it stands."""
        de_siguiente = self.siguiente and self.siguiente.boton.acto.seccion
        seccion = de_siguiente or Estado(self.exp.caso.estado).seccion
        return instruccion(seccion, self.exp.caso.revision)

    @cached_property
    def documento(self) -> str:
        """The controlled document that a printed case names."""
        seccion = self.instruccion or instruccion(Estado.RECIBIDO.seccion, self.exp.caso.revision)
        return str(seccion.revision) if seccion else ""

    @property
    def ayuda(self) -> str:
        return Estado(self.exp.caso.estado).ayuda

    @property
    def ahora(self) -> datetime:
        return timezone.now()

    @property
    def kit(self) -> Kit | None:
        """For whoever may have to tell the client (§7.8)."""
        informa = any(b.acto is actos.INFORMAR and not b.faltas for b in self.botones)
        return kit_de(self.exp.caso, self.exp.no_decir) if informa else None

    @property
    def sin_respuesta(self) -> list[Boton]:
        """An expired offer: why the reader cannot give the case up."""
        if not self.siguiente or self.siguiente.boton.acto is not actos.VOLVER_A_PRESENTAR:
            return []
        return [b for b in self.cerrados if b.acto is actos.CERRAR_SIN_RESPUESTA]

    @property
    def rebasan(self) -> list[Rebasa]:
        """What is planned for after the day on which the client expects an answer."""
        return lo_que_rebasa(self.exp.hechos)

    @property
    def intentos(self) -> Intentos | None:
        """How often the client was looked for in vain, where it counts."""
        contados = self.exp.hechos.intentos
        return contados if self.esta_en(*CON_INTENTOS) and contados.dias else None

    # -- an area cannot (7.7) ----------------------------------------------------------------------

    @cached_property
    def no_pueden(self) -> list[Ajuste]:
        detenido = siguiente_paso.esta_detenido(self.exp.hechos)
        return self.exp.hechos.no_pueden if detenido else []

    @cached_property
    def salidas(self) -> list[Boton]:
        """The ways on, for who may take them; said at the head of the case."""
        if not self.no_pueden:
            return []
        return [b for acto in SALIDAS for b in self.botones if b.acto is acto]

    @property
    def detente(self) -> bool:
        """Whether the reader's own area still works on it."""
        return any(b.acto.del_area and b.fila.esta_pendiente for b in self.botones if b.fila)

    @property
    def dice_las_opiniones(self) -> bool:
        """Beside the decision, or the offer that must keep to it."""
        return self.exp.caso.estado in (Estado.POR_DECIDIR, Estado.EN_PROPUESTA)

    # -- the other acts --------------------------------------------------------------------------

    @cached_property
    def sueltos(self) -> list[Boton]:
        """What is not said above; last, what stays locked and why."""
        arriba = [self.siguiente.boton, *self.siguiente.junto] if self.siguiente else []
        arriba += self.salidas
        return [b for b in [*self.botones, *self.cerrados] if b not in arriba]

    @cached_property
    def cerrados(self) -> list[Boton]:
        return cerrados(self.exp, self.usuario)

    def a_la_mano(self, acto: actos.Acto) -> Boton | None:
        del_caso = (b for b in self.sueltos if b.acto is acto and b.fila is None)
        return next((b for b in del_caso if b.permiso), None)

    @property
    def contacto(self) -> Boton | None:
        return self.a_la_mano(actos.REGISTRAR_CONTACTO)

    @property
    def puede_llamar(self) -> bool:
        return any(b.acto in DE_UNA_LLAMADA and not b.faltas for b in self.botones)

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
    def expedientes(self) -> tuple[tuple[str, str], ...]:
        """The case to be taken away: the names of the addresses, and what each is called."""
        return EXPEDIENTES[-1:] if lectura.enmascara(self.usuario) else EXPEDIENTES

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

    @cached_property
    def condiciones(self) -> Condiciones | None:
        return condiciones_de(self.exp.hoja, self.exp)

    @property
    def acordado(self) -> list[Fila]:
        """What changed, of a case that ended in a modified contract."""
        if self.exp.caso.resultado != Resultado.MODIFICADO or not self.condiciones:
            return []
        return [f for f in self.condiciones.cambian if f.celdas[-1].cambia]

    @property
    def archivos(self) -> list[dict[str, Any]]:
        return historia.archivos_que_lee(self.exp, self.usuario)

    @property
    def de_su_hoja(self) -> list[tuple[str, str]]:
        return de_su_hoja(self.exp, self.usuario)

    @cached_property
    def tiempo(self) -> DeQuienFue | None:
        return de_quien_fue(self.exp)

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

    @property
    def dichas(self) -> list[Opinion]:
        """For who decides: what stands against comes first, in whatever round it was said."""
        en_contra = self.en_contra
        return [*en_contra, *(o for o in self.opiniones if o not in en_contra)]

    @property
    def en_contra(self) -> list[Opinion]:
        return self.exp.hechos.en_contra

    def fue_dada(self, opinion: Opinion) -> bool:
        return opinion.estado == EstadoOpinion.DADA

    def filas_de(self, propuesta: Propuesta) -> list[dict[str, Any]]:
        """Each version as it was presented; an area reads the rows that concern it."""
        if self.ve_decision:
            return propuesta.filas
        claves = {f.concepto.clave for f in self.exp.hoja}
        return [f for f in propuesta.filas if f["clave"] in claves]

    def cambios_de(self, propuesta: Propuesta) -> list[Cambio] | None:
        """What this version offers otherwise than the one before, in the rows that are read; of the first, nothing."""
        anterior = la_anterior(self.exp.hechos, propuesta.numero)
        if anterior is None:
            return None
        return lo_que_cambio(
            self.filas_de(anterior),
            self.filas_de(propuesta),
            self.exp.caso.moneda,
            (anterior.vigencia, propuesta.vigencia),
        )

    def la_sustituyeron(self, propuesta: Propuesta) -> bool:
        """Whether the client was presented a later version in its place."""
        ultima = self.exp.hechos.propuestas[0]
        return propuesta.estado == EstadoPropuesta.SUPERADA and propuesta.numero < ultima.numero

    @property
    def borrador(self) -> bool:
        """Whether the next version may be seen before it is presented."""
        siguiente = self.siguiente
        return bool(siguiente) and siguiente.boton.acto is actos.PRESENTAR

    @cached_property
    def da_impresos(self) -> bool:
        """Whether the reader is given what the client was given."""
        leidos = {f.concepto_id for f in self.exp.hoja}
        return lectura.lee_impresos(self.exp.hechos, self.usuario, leidos)

    @property
    def da_el_acuerdo(self) -> bool:
        en_pie = self.esta_en(Estado.EN_MODIFICACION)
        return self.da_impresos and (en_pie or self.exp.caso.resultado == Resultado.MODIFICADO)

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
        # Beside a decision the card says them.
        en_la_tarjeta = self.siguiente and self.dice_las_opiniones
        return self.esta_en(Estado.EN_ANALISIS, Estado.POR_DECIDIR) and not en_la_tarjeta

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
        """Where the reader has something to answer; how many wait stands in its heading."""
        contestan = (actos.CONFIRMAR_CONSTANCIA, actos.ACEPTAR_CONSTANCIA)
        return any(b.acto in contestan for b in self.botones)
