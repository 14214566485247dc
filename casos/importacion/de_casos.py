"""Cases that a firm has open in a workbook. Each comes in by the door, as it is: received, assigned, with a note.

A row is known by their own reference, or by what it says; one that came in already is left as it is here.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from django.db import IntegrityError
from django.utils import timezone
from django.utils.crypto import salted_hmac

from casos import calendario
from casos.catalogos import Canal, Que
from casos.pasos.situacion import Rechazo
from casos.pasos.traer import traer
from casos.textos import igual

from .columnas_de_casos import (
    CANAL,
    CLIENTE,
    COLUMNAS,
    CONTRATO,
    DE_EJEMPLO,
    EJEMPLO,
    RECIBIDO,
    REFERENCIA,
    RESPONSABLE,
    RFC,
    SOLICITUD,
    TIPOS,
)
from .importador import Importador, agrupadas, otro_renglon, que_se_contradicen
from .lo_que_nombra import Cartera, Gente, YaEstan
from .renglon_de_caso import RenglonDeCaso
from .renglones import Comparada, Fila, Rechazado, momento_de

YA_ESTA = "Ese caso ya está: lo que cambió desde entonces se anota en su página."
SE_ANULO = (
    "Ese caso entró y se anuló: no se trae otra vez. Si sí va, regístralo con Registrar solicitud."
)


class ImportadorDeCasos(Importador):
    obligatorias = (CLIENTE, RECIBIDO, SOLICITUD)
    sin_ellas_nada = 3
    lote = 25
    ejemplo = DE_EJEMPLO

    @classmethod
    def columnas(cls):
        return COLUMNAS

    @classmethod
    def es_ejemplo(cls, fila: Fila) -> bool:
        return fila.dice(CLIENTE).startswith(EJEMPLO)

    @classmethod
    def que_se_puede_poner(cls):
        gente = Gente()
        return (
            (CANAL, [str(c.label) for c in Canal]),
            (TIPOS, gente.nombres),
            (RESPONSABLE, [f"{u} ({u.username})" for u in gente.personas]),
        )

    def llamada(self, fila: Fila) -> str:
        dice = [fila.dice(c) for c in (REFERENCIA, CLIENTE, CONTRATO, SOLICITUD)]
        return " · ".join(t for t in dice if t)[:400]

    def cargar(self, filas: Sequence[Fila]) -> None:
        opciones = self.importacion.opciones if self.importacion else {}
        self.con_clientes = bool(opciones.get("clientes"))
        self.con_contratos = opciones.get("contratos", "")
        self.hoy, self.ahora = calendario.hoy(), timezone.now()
        self.cartera = Cartera(*([f.dice(c) for f in filas] for c in (CLIENTE, RFC, CONTRATO)))
        self.gente = Gente()
        dias = [m for f in filas if (m := momento_de(f.dice(RECIBIDO)))]
        self.ya_estan = YaEstan(
            self.cartera.de_clave,
            [clave_de(f) for f in filas],
            [f.dice(REFERENCIA) for f in filas],
            min(dias, default=None),
        )
        self._antes_aqui: dict[str, int] = {}  # by what the row is known by, where it stands

    # -- one row ---------------------------------------------------------------------------------

    def comparar_bien(self, fila: Fila) -> Comparada:
        hecha = Comparada(Que.NUEVO, self.llamada(fila))
        r = RenglonDeCaso(self, fila, hecha)
        clave = clave_de(fila)
        if clave in self._antes_aqui:
            hecha.que = Que.IGUAL
            hecha.avisos.append(f"Es el mismo caso del renglón {self._antes_aqui[clave]}.")
            return hecha
        r.leer()
        if (folio := r.folio(clave)) and not r.fallos_de(CLIENTE, CONTRATO, RECIBIDO):
            hecha.que, hecha.folio, hecha.cambios = Que.IGUAL, folio, []
            hecha.avisos = [SE_ANULO if folio in self.ya_estan.anulados else YA_ESTA]
            return hecha
        if r.fallos:
            raise Rechazado(fallos=r.fallos)
        hecha.poner += [
            lambda: self._antes_aqui.__setitem__(clave, fila.numero),
            *((lambda: self.cartera.agregar(r.cliente),) if r.es_nuevo else ()),
            lambda: r.recordar(),  # no bound method: what is told of a row is copied
        ]
        if self.con_candado:
            hecha.poner.insert(0, lambda: self._por_la_puerta(r, clave, hecha))
        return hecha

    def _por_la_puerta(self, r: RenglonDeCaso, clave: str, hecha: Comparada) -> None:
        """The case with all that is new of it, or nothing of the row."""
        assert self.importacion is not None and self.autor is not None
        datos = r.datos | {
            "version": 0,
            "ordeno": self.autor.pk,
            "ordeno_en": self.ahora,
            "viene_de": f"renglón {r.fila.numero} de «{self.importacion.nombre[:240]}»",
            "hoja_sha256": self.importacion.leido["sha256"],
            "renglon": r.fila.numero,
            "clave": clave,
            "importacion": self.importacion.pk,
        }
        try:
            caso = traer(self.autor, datos).caso
        except Rechazo as rechazo:
            raise Rechazado(str(rechazo)) from None
        except IntegrityError:
            raise Rechazado("Alguien lo registró al mismo tiempo: súbelo otra vez.") from None
        hecha.folio = caso.folio
        r.quedaron(caso.cliente, caso.contrato, caso.persona)

    def guardar(self) -> None:
        """Each row came in by the door."""

    @classmethod
    def entre_si(cls, filas):
        malas: dict[int, str] = {}
        con_referencia = [f for f in filas if f.dice(REFERENCIA)]
        for grupo in agrupadas(
            con_referencia, lambda f: (igual(f.dice(REFERENCIA)), igual(f.dice(CLIENTE)))
        ):
            columnas = sorted({c for f in grupo for c in f.textos})
            if chocan := que_se_contradicen(grupo, columnas):
                for f in grupo:
                    malas[f.numero] = (
                        f"Trae la misma referencia {otro_renglon(grupo, f, 'que')}, con otro dato en "
                        f"{', '.join(chocan)}: deja uno, o no leas la columna Referencia."
                    )
        return malas, {}


def clave_de(fila: Fila) -> str:
    """What a row is known by, whoever its client turns out to be: nobody reads in it what it says."""
    cuando = momento_de(fila.dice(RECIBIDO))
    dicho = [igual(fila.dice(c)) for c in (REFERENCIA, CLIENTE, RFC, CONTRATO, SOLICITUD)]
    dicho.append(f"{timezone.localdate(cuando)}" if cuando else igual(fila.dice(RECIBIDO)))
    texto = json.dumps(dicho, ensure_ascii=False)
    return salted_hmac("casos.procedencia", texto, algorithm="sha256").hexdigest()
