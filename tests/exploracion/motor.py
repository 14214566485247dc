"""The search: breadth first, one case for each abstract state, every act that somebody may do."""

from __future__ import annotations

import math
import traceback
from collections import Counter, deque
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from pathlib import Path
from time import process_time
from typing import Any

from django.utils import timezone

from casos.actos import ACTOS, DE_UN_CASO, Acto
from casos.expediente import Expediente
from casos.formularios.base import version_de
from casos.models import Caso
from casos.pasos.puerta import ejecutar
from casos.pasos.situacion import Rechazo, faltas_de_la_maquina, filas_de
from tests.guion import Guion, fresco

from .abstracto import Clave, clave, en_texto
from .aristas import Arista, Retrato, faltas_de
from .bandejas import sin_bandeja
from .elenco import TODOS, Elenco
from .memoria import ENTRE_ACTOS, Foto, Memoria
from .mundos import Escena
from .ofertas import OFERTAS, Oferta, plazo_que_sigue
from .quien import segun_la_tabla

PASA_EL_TIEMPO, OTRO_CASO = "(pasa el tiempo)", "(otro caso cambia el contrato)"
FINES = ("CERRADO", "ANULADO")
# Who does it where several may: first who leads the case, last who stands in for them.
PREFERENCIA = ["ventas", "atencion", "gerente", "direccion"]


@dataclass(frozen=True)
class Paso:
    """An edge of the graph."""

    desde: Clave
    hacia: Clave
    accion: str
    variante: str
    quien: str
    habla: str  # who must have spoken: "areas", "cliente" or nobody

    def __str__(self) -> str:
        como = f" «{self.variante}»" if self.variante else ""
        return f"{self.accion}{como} {self.quien}".strip()


@dataclass(frozen=True)
class Violacion:
    """Something that does not hold, and the acts that lead to it."""

    que: str
    camino: tuple[str, ...]
    estado: Clave


@dataclass
class Grafo:
    """What was explored of a world."""

    mundo: str
    inicio: Clave = ()
    estados: dict[Clave, Paso | None] = field(default_factory=dict)  # with the edge that found it
    expandidos: set[Clave] = field(default_factory=set)
    pasos: list[Paso] = field(default_factory=list)
    violaciones: dict[str, Violacion] = field(default_factory=dict)  # the shortest of each kind
    veces: dict[str, int] = field(default_factory=dict)
    negados: dict[str, str] = field(
        default_factory=dict
    )  # an act that was offered and refused → why

    def camino(self, una: Clave) -> tuple[str, ...]:
        pasos: list[str] = []
        while (paso := self.estados[una]) is not None:
            pasos.append(str(paso))
            una = paso.desde
        return tuple(reversed(pasos))

    def anotar(self, que: str, una: Clave, *mas: str) -> None:
        """Breadth first: the first time is the shortest way."""
        self.veces[que] = self.veces.get(que, 0) + 1
        if que not in self.violaciones:
            self.violaciones[que] = Violacion(que, self.camino(una) + mas, una)


class Exploracion:
    """One world being explored."""

    def __init__(self, memoria: Memoria, escena: Escena):
        self.memoria, self.escena, self.p = memoria, escena, escena.p
        self.grafo = Grafo(escena.mundo.nombre)
        self._cola: deque[tuple[Clave, Foto]] = deque()
        self._limite = 0
        self._prueba_otros = True
        self._probados: set[tuple[str, ...]] = set()

    # -- the search ------------------------------------------------------------------------------

    def explorar(
        self,
        limite: int,
        segundos: float = math.inf,
        expandir: int | None = None,
        parejo: bool = False,
        otros: bool = True,
    ) -> Grafo:
        """Until the queue is empty; at most ``limite`` states are kept, and ``expandir`` looked at.

        ``segundos`` of processor end it too. Breadth first; or ``parejo``, each time of the step least
        looked at, so that few states reach every step. ``otros``: each act is tried by whoever else may.
        """
        g = self.grafo
        self._limite, self._prueba_otros = limite, otros
        g.inicio = self._clave(self._caso())
        g.estados[g.inicio] = None
        self._cola.append((g.inicio, self.memoria.foto()))
        vistos: Counter[str] = Counter()
        fin = process_time() + segundos
        while self._cola and len(g.expandidos) < (expandir or limite) and process_time() < fin:
            cual = self._el_menos_visto(vistos) if parejo else 0
            una, foto = self._cola[cual]
            del self._cola[cual]
            vistos[una[0]] += 1
            self._expandir(una, foto)
        return g

    def _el_menos_visto(self, vistos: Counter[str]) -> int:
        """Of the queue, the first whose step was looked at least."""
        veces = [vistos[una[0]] for una, _ in self._cola]
        return veces.index(min(veces))

    def _expandir(self, una: Clave, foto: Foto) -> None:
        self.grafo.expandidos.add(una)
        paginas, instante = self.memoria.revelar(foto), foto.instante
        self.memoria.volver(paginas, instante)
        caso = self._caso()
        elenco = Elenco.de(caso, self.p)
        self._revisar_bandejas(una, caso, elenco)
        retrato = Retrato.de(caso, elenco)
        # All of it asked now: the clock moves with what is done below.
        ofrecidas = [
            (accion, fila, puede, oferta)
            for accion, fila, puede in self._revisar_permisos(una, caso, elenco)
            if accion in OFERTAS and self._se_sigue(caso, accion)
            for oferta in OFERTAS[accion](caso, fila, self.p)
            if not self._calla(caso, oferta)
        ]
        hechos = 0
        for accion, mover in (
            (PASA_EL_TIEMPO, self._pasar_el_tiempo),
            (OTRO_CASO, self._otro_caso),
        ):
            self.memoria.volver(paginas, instante)
            llego = mover(caso)
            if llego:
                self._unir(Paso(una, llego, accion, "", "", ""))
        for accion, fila, puede, oferta in ofrecidas:
            quienes = puede & oferta.de(elenco) if oferta.de else puede
            for n, quien in enumerate(self._en_orden(quienes, elenco)):
                if n and not self._falta_probar(una, accion, oferta, quien):
                    break
                self.memoria.volver(paginas, instante)
                llego = self._hacer(una, caso, retrato, accion, fila, oferta, quien)
                if llego and not n:
                    hechos += llego != una
                    self._unir(Paso(una, llego, accion, oferta.variante, quien, oferta.habla))
        if not hechos and caso.estado not in FINES:
            self.grafo.anotar("nadie tiene un acto que mueva el caso", una)

    def _unir(self, paso: Paso) -> None:
        """An edge; its end is a new state while there is room for it."""
        g = self.grafo
        if paso.hacia not in g.estados:
            if len(g.estados) >= self._limite:
                return
            g.estados[paso.hacia] = paso
            self._cola.append((paso.hacia, self.memoria.foto()))
        g.pasos.append(paso)

    @property
    def en_cola(self) -> int:
        return len(self._cola)

    # -- one state -------------------------------------------------------------------------------

    def _caso(self) -> Any:
        return fresco(Caso(pk=self.escena.caso))

    def _clave(self, caso: Any) -> Clave:
        otro = self.escena.otro
        return clave(caso, bool(otro) and Caso.objects.get(pk=otro).estado == "EN_MODIFICACION")

    def _revisar_bandejas(self, una: Clave, caso: Any, elenco: Elenco) -> None:
        for quien, que, *_ in sin_bandeja(caso, elenco, self.p):
            rol = (
                "RC"
                if quien == elenco.rc
                else quien
                if quien in ("gerente", "direccion")
                else "área"
            )
            self.grafo.anotar(f"sin bandeja: {que} ({rol})", una)

    def _revisar_permisos(self, una: Clave, caso: Any, elenco: Elenco) -> Any:
        """Every act on every row with who may do it, compared with the table; those that can be done."""
        exp = Expediente(caso, caso.hechos)
        for acto in DE_UN_CASO:
            for fila in filas_de(caso.hechos, acto):
                puede = self._pueden(exp, acto, fila) & elenco.activos
                espera = segun_la_tabla(acto.nombre, caso, elenco, fila)
                if espera is not None and espera != puede:
                    sobra, falta = sorted(puede - espera), sorted(espera - puede)
                    self.grafo.anotar(f"permisos de {acto}: sobran {sobra}, faltan {falta}", una)
                if puede and not faltas_de_la_maquina(acto, exp):
                    yield acto.nombre, fila, puede

    def _pueden(self, exp: Expediente, acto: Acto, fila: Any) -> set[str]:
        """As ``situacion.situar`` asks it; which also reads who was relieved, and is slow."""
        if exp.caso.estado not in acto.estados:
            return set()
        return {n for n in TODOS if acto.quien(exp.hechos, getattr(self.p, n), fila)}

    def _se_sigue(self, caso: Any, accion: str) -> bool:
        """A case that nobody leads (it was withdrawn so, and reopened) is assigned first."""
        return bool(caso.responsable_id) or accion in ("asignar", "retirar", "anular", "reabrir")

    def _calla(self, caso: Any, oferta: Oferta) -> bool:
        """Whoever is silent in this world does not speak, but for the client's first contact."""
        primero = caso.estado == "EN_CONTACTO" and not caso.hechos.hay_contacto_efectivo
        if oferta.habla == "cliente" and primero and oferta.variante == "se habló":
            return False
        return oferta.habla in self.escena.mundo.callan

    def _en_orden(self, quienes: set[str], elenco: Elenco) -> list[str]:
        orden = [elenco.rc, *PREFERENCIA]
        return sorted(quienes, key=lambda n: (orden.index(n) if n in orden else len(orden), n))

    def _falta_probar(self, una: Clave, accion: str, oferta: Oferta, quien: str) -> bool:
        """Another person than the usual one: once for each step and act, for what is asked of edges."""
        caso = (una[0], accion, oferta.variante, quien)
        if not self._prueba_otros or caso in self._probados:
            return False
        self._probados.add(caso)
        return True

    # -- one edge --------------------------------------------------------------------------------

    def _hacer(self, una: Clave, caso: Any, retrato: Retrato, accion: str, fila: Any,
               oferta: Oferta, quien: str) -> Clave | None:  # fmt: skip
        """Do it through the door; where it led, or ``None`` where it was refused."""
        g, dicho = self.grafo, f"{accion} «{oferta.variante}» {quien}"
        usuario, acto = getattr(self.p, quien), ACTOS[accion]
        try:
            for _ in range(oferta.dias or 1):
                self.memoria.reloj.adelantar(timedelta(days=1) if oferta.dias else ENTRE_ACTOS)
                datos = oferta.datos() | {"version": version_de(acto, caso, fila)}
                if caso.responsable_id and usuario.pk != caso.responsable_id:
                    datos.setdefault("motivo_sustitucion", "Está de vacaciones.")
                hecho = ejecutar(acto, usuario, caso=caso.pk, fila=fila and fila.pk, datos=datos)
        except Rechazo as rechazo:
            g.negados.setdefault(f"{accion} «{oferta.variante}» en {una[0]}, {quien}", str(rechazo))
            return None
        except Exception as error:  # whatever is no refusal is a fault of the product
            donde = traceback.extract_tb(error.__traceback__)[-1]
            lugar = f"{Path(donde.filename).name}:{donde.lineno}"
            g.anotar(f"excepción: {type(error).__name__} en {lugar}: {error}", una, dicho)
            return None
        despues = self._caso()
        arista = Arista(
            accion, quien, retrato, despues, hecho.evento, fila, Elenco.de(despues, self.p)
        )
        for falta in faltas_de(arista):
            g.anotar(falta, una, dicho)
        return self._clave(despues)

    def _pasar_el_tiempo(self, caso: Any) -> Clave | None:
        plazo = plazo_que_sigue(caso)
        if plazo is None:
            return None
        dia = timezone.make_aware(datetime.combine(plazo + timedelta(days=1), time(12)))
        self.memoria.reloj.poner(dia)
        return self._clave(self._caso())

    def _otro_caso(self, caso: Any) -> Clave | None:
        if self.escena.otro is None:
            return None
        otro = fresco(Caso(pk=self.escena.otro))
        if otro.estado != "EN_MODIFICACION":
            return None
        self.memoria.reloj.adelantar(ENTRE_ACTOS)
        Guion(self.p).cerrar_modificado(otro)
        return self._clave(self._caso())


def titulo(violacion: Violacion) -> str:
    return (
        f"{violacion.que}\n    {' → '.join(violacion.camino)}\n    en: {en_texto(violacion.estado)}"
    )
