"""What the client is given in writing (§7.5, §7.6): put together, kept as it was given, and sent by mail.

A document is data until somebody asks for its PDF (``casos.impresos``): no act waits for one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from casos import calendario, telefonos
from casos.actos import ACEPTAR, ENVIAR_ACUERDO, ENVIAR_PROPUESTA
from casos.catalogos import Medio
from casos.expediente import Expediente, Hechos
from casos.expediente.lo_que_cambia import se_le_dice
from casos.formularios.base import Datos, FormularioPaso
from casos.impresos.congelar import congelar
from casos.impresos.documentos import (
    BORRADOR,
    Cambio,
    Documento,
    de_acuerdo,
    de_propuesta,
    dia,
    lo_que_cambio,
)
from casos.models import Caso, Empresa, Evento, Impreso, PersonaContacto, Propuesta, Usuario

from .en_curso import ActoEnCurso
from .situacion import referencia
from .tabla import paso

SIN_CORREO = "La persona de contacto no tiene correo: agrégaselo en su cliente."
SIN_NOMBRE = (
    "Todavía no se puede: el cliente no sabría quién le escribe. La gerencia o quien administra el sistema "
    "debe poner el nombre en Datos de la empresa."
)
Filas = list[dict[str, str]]


# -- rows ------------------------------------------------------------------------------------------


def filas_dichas(
    h: Hechos, columna: str, valores: Mapping[int, str] | None = None
) -> tuple[Filas, bool]:
    """The rows of one column that the client is told, and whether nothing else changes (D§4.7).

    ``valores``: what is typed and not stored yet, by concept.
    """
    filas: Filas = []
    nada_mas = True
    for f in h.condiciones:
        valor = getattr(f, columna) if valores is None else valores.get(f.concepto_id, "")
        if valor and se_le_dice(f.concepto, f, lambda: h.tipos):
            filas.append(
                {
                    "concepto": f.concepto.nombre,
                    "clave": f.concepto.clave,
                    "unidad": f.concepto.unidad,
                    "vigente": f.vigente,
                    columna: valor,
                }
            )
        elif valor not in ("", f.vigente):
            nada_mas = False
    return filas, nada_mas


def cambios_entre(antes: Propuesta, ahora: Propuesta, moneda: str) -> list[Cambio]:
    """What a version offers otherwise than an earlier one."""
    return lo_que_cambio(antes.filas, ahora.filas, moneda, (antes.vigencia, ahora.vigencia))


def la_anterior(h: Hechos, numero: int) -> Propuesta | None:
    """The newest version before that one."""
    return next((p for p in h.propuestas if p.numero < numero), None)


def cambios_por_presentar(h: Hechos) -> list[Cambio]:
    """What the sheet says now otherwise than the last version that was presented."""
    if not h.propuestas:
        return []
    filas, _ = filas_dichas(h, "propuesto")
    return lo_que_cambio(h.propuestas[0].filas, filas, h.caso.moneda)


# -- the proposal ----------------------------------------------------------------------------------


def documento_de(
    exp: Expediente, propuesta: Propuesta, empresa: Empresa, *, nada_mas: bool = False
) -> Documento:
    """A version that was presented. ``nada_mas``: no other row of the sheet changes."""
    anterior = la_anterior(exp.hechos, propuesta.numero)
    caso = exp.caso
    return de_propuesta(
        caso,
        empresa,
        numero=propuesta.numero,
        filas=propuesta.filas,
        texto=propuesta.texto,
        vigencia=propuesta.vigencia,
        fecha=propuesta.presentada_en,
        persona=propuesta.persona.nombre if propuesta.persona else "",
        firma=_firma(caso.responsable or propuesta.presentada_por, empresa),
        todo_lo_demas_sigue=nada_mas,
        anterior=anterior.numero if anterior else 0,
        cambios=cambios_entre(anterior, propuesta, caso.moneda) if anterior else (),
    )


def borrador_de(
    exp: Expediente,
    usuario: Usuario,
    *,
    valores: Mapping[int, str] | None = None,
    texto: str = "",
    vigencia: date | None = None,
    persona: str = "",
) -> Documento:
    """The next version before it is presented: of the sheet, or of what is typed. Nothing is kept."""
    h, caso, empresa = exp.hechos, exp.caso, Empresa.actual()
    anterior = h.propuestas[0] if h.propuestas else None
    filas, nada_mas = filas_dichas(h, "propuesto", valores)
    cambios: list[Cambio] = []
    if anterior:
        fechas = (anterior.vigencia, vigencia) if vigencia else None
        cambios = lo_que_cambio(anterior.filas, filas, caso.moneda, fechas)
    return de_propuesta(
        caso,
        empresa,
        numero=1 + (anterior.numero if anterior else 0),
        filas=filas,
        texto=texto,
        vigencia=vigencia,
        fecha=calendario.hoy(),
        persona=persona or (caso.persona.nombre if caso.persona else ""),
        firma=_firma(caso.responsable or usuario, empresa),
        todo_lo_demas_sigue=nada_mas,
        anterior=anterior.numero if anterior else 0,
        cambios=cambios,
        marca=BORRADOR,
    )


def entregar_propuesta(
    en_curso: ActoEnCurso[Any, Any],
    propuesta: Propuesta,
    empresa: Empresa,
    *,
    nada_mas: bool = False,
) -> None:
    """Keep the new version as it is given."""
    en_curso.impreso = congelar(
        en_curso.caso,
        Impreso.Clase.PROPUESTA,
        propuesta.numero,
        documento_de(en_curso.exp, propuesta, empresa, nada_mas=nada_mas),
        logo=empresa.logo,
        persona=propuesta.persona,
        en=en_curso.ahora,
    )
    en_curso.datos_extra["impreso"] = en_curso.impreso.huella


def entregar_otra_vez(en_curso: ActoEnCurso[Any, Any], propuesta: Propuesta) -> None:
    """The version that is presented, as it was kept; now, where it was presented before versions were kept."""
    en_curso.impreso = Impreso.objects.filter(
        caso=en_curso.caso, clase=Impreso.Clase.PROPUESTA, numero=propuesta.numero
    ).first()
    if en_curso.impreso is None:
        entregar_propuesta(en_curso, propuesta, Empresa.actual())


def _firma(quien: Usuario, empresa: Empresa) -> list[str]:
    """Who the client deals with, and the firm."""
    telefono = f"Tel. {telefonos.mostrar(quien.telefono)}" if quien.telefono else ""
    renglones = [str(quien), quien.puesto or quien.funcion, telefono, empresa.nombre]
    return [r for r in renglones if r]


# -- what was agreed -------------------------------------------------------------------------------


def entregar_acuerdo(
    en_curso: ActoEnCurso[Any, Any],
    acepto: Sequence[tuple[str, str]],
    persona: PersonaContacto | None,
) -> None:
    """§7.6 sí, and each time it is corrected (§7.7): the confirmation, which replaces the one before."""
    anterior = ultimo_acuerdo(en_curso.caso)
    numero = 1 + (anterior.numero if anterior else 0)
    en_curso.impreso = congelar(
        en_curso.caso,
        Impreso.Clase.ACUERDO,
        numero,
        acuerdo_de(en_curso.exp, en_curso.usuario, acepto, numero, anterior),
        logo=Empresa.actual().logo,
        persona=persona,
        en=en_curso.ahora,
    )
    en_curso.datos_extra["impreso"] = en_curso.impreso.huella


def acuerdo_de(
    exp: Expediente,
    usuario: Usuario,
    acepto: Sequence[tuple[str, str]],
    numero: int = 1,
    anterior: Impreso | None = None,
) -> Documento:
    """Column *Acordado* as the client is told it."""
    filas, nada_mas = filas_dichas(exp.hechos, "acordado")
    empresa = Empresa.actual()
    return de_acuerdo(
        exp.caso,
        empresa,
        numero=numero,
        filas=filas,
        fecha=timezone.now(),
        acepto=acepto,
        firma=_firma(exp.caso.responsable or usuario, empresa),
        todo_lo_demas_sigue=nada_mas,
        sustituye=f"la -A{anterior.numero}, del {dia(anterior.hecho_en)}" if anterior else "",
    )


def ultimo_acuerdo(caso: Caso) -> Impreso | None:
    """The confirmation that stands."""
    suyos = caso.impresos.filter(clase=Impreso.Clase.ACUERDO).select_related("logo")
    return suyos.order_by("-numero").first()


def quien_acepto(
    persona: PersonaContacto | None, cuando: datetime, medio: str
) -> list[tuple[str, str]]:
    return [
        ("Aceptó", persona.nombre if persona else ""),
        ("Cuándo", dia(cuando)),
        ("Cómo", str(Medio(medio).label)),
    ]


def lo_aceptado(caso: Caso) -> tuple[list[tuple[str, str]], PersonaContacto | None]:
    """Who accepted, when and how, from the log: for a confirmation made later."""
    evento = Evento.objects.filter(caso=caso, accion=ACEPTAR.nombre).order_by("-numero").first()
    if evento is None:
        return [], None
    pk = str(evento.datos.get("persona", "")).rpartition(":")[2]
    persona = PersonaContacto.objects.filter(pk=pk).first() if pk.isdecimal() else None
    cuando = datetime.fromisoformat(evento.datos["cuando"])
    return quien_acepto(persona, cuando, evento.datos["medio"]), persona


# -- sent by mail ----------------------------------------------------------------------------------


class EnvioForm(FormularioPaso):
    """A press: what leaves, to whom and from whom is said before."""

    empresa: Empresa

    def preparar(self) -> None:
        super().preparar()
        self.empresa = Empresa.actual()

    @property
    def dice(self) -> list[tuple[str, str]]:
        """What the page tells of it."""
        persona = self.caso.persona
        a_quien = f"{persona.nombre}, {persona.correo or 'que no tiene correo'}"
        return [("Para", a_quien), ("De parte de", self.empresa.nombre), ("Lleva", self.documento)]

    @property
    def documento(self) -> str:
        return ""

    def clean(self) -> Datos:
        datos = super().clean()
        if not self.caso.persona.correo:
            self.add_error(None, SIN_CORREO)
        elif not self.empresa.nombre:
            self.add_error(None, SIN_NOMBRE)
        return datos


class EnviarPropuestaForm(EnvioForm):
    """§7.5: only the version that the client has, and while it is in force."""

    @property
    def documento(self) -> str:
        viva = self.hechos.propuesta_viva
        return f"{viva}.pdf, vigente hasta el {dia(viva.vigencia)}" if viva else ""

    def clean(self) -> Datos:
        datos = super().clean()
        viva = self.hechos.propuesta_viva
        if viva is None or not self.hechos.propuesta_con_vigencia:
            self.add_error(None, "La propuesta ya venció: renuévala antes de enviarla.")
        return datos


class EnviarAcuerdoForm(EnvioForm):
    """§7.6 sí: what was agreed, as it stands."""

    @property
    def documento(self) -> str:
        ultimo = ultimo_acuerdo(self.caso)
        return ultimo.nombre if ultimo else f"{self.caso.folio}-A1.pdf"


@paso(ENVIAR_PROPUESTA, EnviarPropuestaForm)
def enviar_propuesta(en_curso: ActoEnCurso[EnviarPropuestaForm, None]) -> None:
    """§7.5 "o como sea acordado": the letter leaves from the outbox, with the version as it was presented."""
    viva = en_curso.hechos.propuesta_viva
    assert viva is not None  # the form asked
    entregar_otra_vez(en_curso, viva)
    en_curso.datos_extra |= {"propuesta": viva.numero, "persona": referencia(en_curso.caso.persona)}


@paso(ENVIAR_ACUERDO, EnviarAcuerdoForm)
def enviar_acuerdo(en_curso: ActoEnCurso[EnviarAcuerdoForm, None]) -> None:
    """§7.6 sí: the confirmation that stands; of a case accepted before there were any, the first."""
    en_curso.impreso = ultimo_acuerdo(en_curso.caso)
    if en_curso.impreso is None:
        entregar_acuerdo(en_curso, *lo_aceptado(en_curso.caso))
    assert en_curso.impreso is not None
    en_curso.datos_extra |= {
        "acuerdo": en_curso.impreso.numero, "persona": referencia(en_curso.caso.persona),
    }  # fmt: skip
