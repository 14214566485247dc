"""Cases where something may be done: what a state alone does not have.

``escenario`` gives the fullest case of a state, ``lograr`` does any act where it can be done. A new act
that asks for something stored which no case here has is given it here.
"""

import random
from contextlib import contextmanager
from datetime import timedelta
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from casos.actos import ACTOS
from casos.catalogos import Estado
from casos.formularios.base import version_de
from casos.lecturas.botones import Boton
from casos.models import Ajuste, Area, Caso, Evento, Opinion, Prueba, TextoEvento, Usuario
from casos.pasos.situacion import Rechazo
from casos.pruebas import probando

from .factories import (
    AjusteFactory,
    AreaFactory,
    AvisoFactory,
    CasoFactory,
    CitaFactory,
    ConstanciaFactory,
    ContactoFactory,
    MembresiaFactory,
    OpinionFactory,
    SuplenciaFactory,
    UsuarioFactory,
)
from .guion import Guion, actuar, botones_de, en_dias, formulario, fresco, hace, pedir
from .inventor import Inventor
from .personas import NOMBRES

E = Estado


def moviendo(caso):
    """Around a row moved in time as no act does: the record says what it is from then on."""
    return probando([caso.pk], Prueba.Motivo.RECUENTO)


def en_contacto(g):
    """An appointment for tomorrow."""
    caso = g.hasta(E.EN_CONTACTO)
    return actuar(
        "programar_cita",
        caso,
        g.p.ventas,
        asunto="Revisar",
        inicio=hace(days=-1),
        minutos=30,
        medio="VISITA",
        lugar="Su oficina",
    )


def con_cita_de_hoy(g):
    caso = en_contacto(g)
    with moviendo(caso):
        caso.citas.update(inicio=hace(minutes=10))
    return caso


def en_analisis(g):
    """Finanzas and Jurídico pending and overdue, Desarrollo Humano asked for data, Operaciones gave."""
    caso = g.analizar(g.hasta(E.EN_CONTACTO), "FIN", "JUR", "DH", "OPE")
    caso = g.opinar(caso, "OPE")
    dh = next(o for o in caso.hechos.opiniones if o.area.codigo == "DH")
    caso = actuar("pedir_datos", caso, g.p.dh, dh, datos_pedidos="¿Cuántas plazas?")
    with moviendo(caso):
        Opinion.objects.filter(caso=caso).update(vence=en_dias(-3))
    return fresco(caso)


def por_decidir(g):
    """One verbal opinion, unconfirmed."""
    caso = g.hasta(E.EN_ANALISIS)
    return actuar(
        "opinar_verbal",
        caso,
        g.p.ventas,
        caso.hechos.opiniones[0],
        quien=g.p.finanzas.pk,
        dicho_en=hace(minutes=3),
        sentido="A_FAVOR",
        fundamento="Me dijo que sí.",
    )


def en_modificacion(g):
    """JUR overdue; NOM confirmed; RYS cannot; FIN being undone; OPE cannot be undone."""
    caso = g.aceptar(g.hasta(E.EN_RESPUESTA), "JUR", "NOM", "RYS", "FIN", "OPE")
    for area in ("NOM", "FIN", "OPE"):
        caso = g.confirmar(caso, area)
    caso = g.no_puede(caso, "RYS")
    for area in ("FIN", "OPE"):
        caso = actuar(
            "pedir_deshacer",
            caso,
            g.p.ventas,
            g.ajuste(caso, area),
            que="Ya no va.",
            para=en_dias(3),
        )
    deshace = next(a for a in caso.hechos.ajustes if a.deshace_id and a.area.codigo == "OPE")
    caso = actuar("indicar_no_se_deshace", caso, g.p.operaciones, deshace, respuesta="Ya se usó.")
    with moviendo(caso):
        Ajuste.objects.filter(caso=caso, area__codigo="JUR").update(vence=en_dias(-3))
    return fresco(caso)


def en_contra(g):
    """An area is against."""
    return g.opinar(g.hasta(E.EN_ANALISIS), sentido="EN_CONTRA")


def elevado(g):
    """The same, taken to Dirección."""
    return actuar("elevar", en_contra(g), g.p.ventas, porque="Es nuestro mayor cliente.")


def con_condiciones(g):
    """Finanzas lays down a bound, which RC asks to be passed, and one in words."""
    caso = g.opinar(
        g.hasta(E.EN_ANALISIS),
        sentido="CONDICIONES",
        cond_1_sobre="tarifa",
        cond_1_como="MINIMO",
        cond_1_valor="14600",
        cond_2_sobre="LIBRE",
        cond_2_valor="Que firme el aval.",
    )
    porque = "Es nuestro mayor cliente."
    return actuar("pedir_sin_condicion", caso, g.p.ventas, caso.hechos.candados[0], porque=porque)


def por_informar(g):
    """Through Atención a Clientes."""
    return g.no(g.hasta(E.POR_DECIDIR), por_atencion="SI")


def con_vigente_atrasado(g):
    """A case whose contract was changed by another since."""
    uno = g.hasta(E.EN_PROPUESTA)
    otro = g.hasta(E.EN_MODIFICACION, contrato=uno.contrato)
    g.cerrar_modificado(g.confirmar(g.confirmar(otro, "JUR"), "NOM"))
    return fresco(uno)


def sin_respuesta(g):
    """Three attempts on different days, after the last effective contact."""
    caso = g.intentos(g.hasta(E.EN_CONTACTO, recibido_en=hace(days=10)))
    for i, fila in enumerate(caso.contactos.order_by("pk")):
        with moviendo(caso):
            caso.contactos.filter(pk=fila.pk).update(cuando=timezone.now() - timedelta(days=9 - i))
    return fresco(caso)


def por_cerrar(g):
    """Every area confirmed its adjustment."""
    return g.confirmar(g.confirmar(g.hasta(E.EN_MODIFICACION), "JUR"), "NOM")


def no_se_puede(g):
    """An area cannot, and no other did anything yet."""
    return g.no_puede(g.hasta(E.EN_MODIFICACION), "NOM")


def por_orden_verbal(g):
    """Assigned because the gerente said so, who has not confirmed it."""
    return actuar(
        "asignar",
        g.registrar(responsable=False),
        g.p.ventas2,
        responsable=g.p.ventas2.pk,
        ordeno=g.p.gerente.pk,
        ordeno_en=hace(minutes=9),
    )


def seguido(g):
    return actuar("seguir", g.hasta(E.EN_CONTACTO), g.p.ventas2)


def por_llamar(g):
    """Closed, and the client asked to be called again."""
    return g.rechazar(g.hasta(E.EN_RESPUESTA), llamar_fecha=en_dias(1))


def ya_viable(g):
    """Closed by our "no": its day has come, and a motive has not ceased."""
    caso = g.no(
        g.hasta(E.POR_DECIDIR), podria_cambiar="SI", viable_fecha=en_dias(0), viable_motivo="on"
    )
    return g.informar(caso)


def ya_se_pregunta(g):
    """Closed as modified, on the day that it is asked what came of it: the rows are brought near, not the clock."""
    caso = g.cerrar_modificado(por_cerrar(g))
    for filas in (caso.comprobaciones, caso.satisfacciones):
        with moviendo(caso):
            filas.update(desde_fecha=en_dias(0), vence=en_dias(4))
    return fresco(caso)


def no_llego(g):
    """The same; Nóminas says that it did not arrive, and Dirección has not said whether it is reopened."""
    caso = ya_se_pregunta(g)
    fila, que = caso.comprobaciones.get(), "Se pagó la tarifa anterior."
    return actuar("comprobar", caso, g.p.nominas, fila, llego="NO", diferencia=que)


# The fullest case of a state, where it is not the plainest.
DE_ESTADO = {
    E.EN_CONTACTO: en_contacto,
    E.EN_ANALISIS: en_analisis,
    E.POR_DECIDIR: por_decidir,
    E.EN_MODIFICACION: en_modificacion,
    E.POR_INFORMAR: por_informar,
}
ADEMAS = [
    con_cita_de_hoy, en_contra, elevado, por_cerrar, no_se_puede, con_vigente_atrasado,
    sin_respuesta, seguido, por_orden_verbal, por_llamar, con_condiciones,
    ya_viable, ya_se_pregunta, no_llego,
]  # fmt: skip


def escenario(g: Guion, estado):
    """The fullest case of ``estado``."""
    hacer = DE_ESTADO.get(estado)
    return (g.listo(hacer.__name__) or hacer(g)) if hacer else g.hasta(estado)


def todos(g: Guion) -> dict[str, int]:
    """Walk them all: name, or state of the plain ones → key of the case."""
    ricos = [*DE_ESTADO.values(), *ADEMAS]
    return {str(e): g.hasta(e).pk for e in Estado} | {h.__name__: h(g).pk for h in ricos}


class Punto(NamedTuple):
    """Where an act may be done: the name of a ready case, by whom, on which row."""

    cual: str
    quien: str
    fila: int | None


def puntos(g: Guion) -> dict[str, list[Punto]]:
    """Every act that somebody may do on a ready case, nothing that is stored missing for it."""
    listos = tuple(g.listos.items())
    if listos not in _hallados:  # looked for once: the cases are the same in every test
        _hallados.clear()
        _hallados[listos] = _buscar(listos, g)
    return _hallados[listos]


_hallados = {}


def _buscar(listos, g) -> dict[str, list[Punto]]:
    hallados = {}
    for cual, pk in listos:
        caso = fresco(Caso(pk=pk))
        for quien in NOMBRES:
            for o in botones_de(caso, getattr(g.p, quien)):
                if not o.faltas:
                    punto = Punto(cual, quien, getattr(o.fila, "pk", None))
                    hallados.setdefault(o.acto.nombre, []).append(punto)
    return hallados


class Pedido(NamedTuple):
    """What the door is asked: an act, by whom, on what, with what data."""

    accion: str
    usuario: Usuario
    caso: Caso | None
    boton: Boton | None
    datos: dict

    @property
    def fila(self):
        return self.boton and self.boton.fila

    def ejecutar(self):
        """Do it, with the version that the person would see now."""
        fila = self.fila and type(self.fila).objects.get(pk=self.fila.pk)
        datos = self.datos | {"version": version_de(ACTOS[self.accion], self.caso, fila)}
        return pedir(self.accion, self.usuario, caso=self.caso, objeto=fila, datos=datos)


def abrir(g: Guion, accion):
    """The ready cases where ``accion`` may be done: (name, person, case, button)."""
    if accion == "registrar":
        return [(None, g.p.gerente, None, None)]
    hallados = puntos(g).get(accion)
    assert hallados, f"ningún caso de tests/escenarios.py deja hacer «{accion}»"
    return (_abrir(g, punto, accion) for punto in hallados)


def _abrir(g, punto, accion):
    caso, usuario = fresco(Caso(pk=g.listos[punto.cual])), getattr(g.p, punto.quien)
    boton = next(
        b
        for b in botones_de(caso, usuario)
        if b.acto.nombre == accion and getattr(b.fila, "pk", None) == punto.fila
    )
    return punto.cual, usuario, caso, boton


@contextmanager
def sin_que_quede():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def lograr(g: Guion, accion, *, hacer=Pedido.ejecutar, todo=False, antes=lambda caso: caso):
    """Do ``accion`` where it can be done, filled in by a person who reads what is refused, and undo it.

    Returns what was asked, which is known to be accepted, and what ``hacer`` made of it. ``antes`` is
    done to the case before; the case that is used is no longer a ready one.
    """
    for cual, usuario, caso, boton in abrir(g, accion):
        caso = caso and antes(caso)
        form = formulario(accion, usuario, caso, boton and boton.fila)
        inventor = Inventor(form, random.Random(accion), todo)
        for _ in range(8):
            pedido = Pedido(accion, usuario, caso, boton, dict(inventor.datos))
            try:
                with sin_que_quede():
                    hecho = hacer(pedido)
            except Rechazo as error:
                inventor.corregir(error.faltas)
                dicho = str(error)
            else:
                g.listos.pop(cual, None)
                return pedido, hecho
    raise AssertionError(f"no se pudo {accion}: {dicho}")


# -- a case with much behind it ----------------------------------------------------------------------


def con_muchas_notas(caso, cuantas: int) -> Caso:
    """Through the door they would take minutes; rows like them are enough to read."""
    ultimo = caso.eventos.latest("numero")
    Evento.objects.bulk_create(
        Evento(
            caso=caso,
            numero=ultimo.numero + n,
            seccion="",
            revision=3,
            accion="anotar",
            de=caso.estado,
            a=caso.estado,
            actor=caso.registrado_por,
            en=hace(minutes=1),
            datos={},
            previo="0" * 64,
            huella="0" * 64,
        )
        for n in range(1, cuantas + 1)
    )
    TextoEvento.objects.bulk_create(
        TextoEvento(evento=e, campo="nota", etiqueta="Nota", texto=f"Nota {e.numero}", sal="x")
        for e in caso.eventos.filter(numero__gt=ultimo.numero)
    )
    Caso.objects.filter(pk=caso.pk).update(num_eventos=ultimo.numero + cuantas)
    return fresco(caso)


def engrosar(caso, n: int) -> Caso:
    """``n`` more of whatever hangs from a case or is read beside it, none of which bars any act."""
    gente = UsuarioFactory.create_batch(n, ventas=True)
    caso.seguidores.add(*gente)
    for area in Area.objects.all():
        MembresiaFactory.create_batch(n, area=area)
    for quien, area in zip(gente, AreaFactory.create_batch(n), strict=True):
        SuplenciaFactory(suplente=quien)
        ContactoFactory(caso=caso, efectivo=False, registrado_por=quien)
        CitaFactory(caso=caso, estado="CANCELADA", organizada_por=quien)
        ConstanciaFactory(
            caso=caso, estado="CONFIRMADA", respondida_en=hace(minutes=1), registrada_por=quien
        )
        AvisoFactory(caso=caso)
        CasoFactory(cliente=caso.cliente, contrato=caso.contrato)
        OpinionFactory(caso=caso, area=area, estado="RETIRADA", pedida_por=quien)
        AjusteFactory(caso=caso, area=area, estado="CANCELADO", pedido_por=quien)
    return con_muchas_notas(caso, n)
