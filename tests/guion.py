"""A case walked through the door, step by step: what tests use to get a case into a state.

Every step goes through ``pasos.puerta.ejecutar`` with the data a person would type.
"""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.utils import timezone

from casos import calendario
from casos.actos import ACTOS
from casos.catalogos import Catalogo, Estado
from casos.clientes import contratos, indice
from casos.expediente.carga import Expediente, el_mismo
from casos.formularios.base import version_de
from casos.lecturas.botones import Boton, botones
from casos.models import (
    Caso,
    Cliente,
    Concepto,
    Contrato,
    Motivo,
    PersonaContacto,
    TipoRequerimiento,
    Usuario,
)
from casos.pasos.puerta import ejecutar
from casos.pasos.situacion import Clase, Rechazo, fila_de, situar
from casos.pasos.tabla import PASOS
from casos.web.dar_paso import formulario_de


def actuar(accion, caso, usuario, objeto=None, /, **datos):
    """Do ``accion`` as ``usuario`` with the version as it is now; returns the fresh case."""
    acto = ACTOS[accion]
    if caso is not None:
        exp = el_mismo(caso.pk)
        fila = None
        if objeto is not None:
            fila = fila_de(exp.hechos, acto, objeto.pk) or objeto
        datos.setdefault("version", version_de(acto, exp.caso, fila))
        permiso = acto.quien.alguna_vez(exp.hechos, usuario, fila)
        if permiso and permiso.en_lugar_de_rc and exp.caso.responsable_id:
            datos.setdefault("motivo_sustitucion", "Está de vacaciones.")
    else:
        datos.setdefault("version", 0)
    hecho = ejecutar(acto, usuario, caso=caso, fila=objeto, datos=datos)
    return fresco(hecho.caso)


def pedir(accion, usuario, *, caso=None, objeto=None, **lo_demas):
    """What a person asks of the door, the act by its name."""
    return ejecutar(ACTOS[accion], usuario, caso=caso, fila=objeto, **lo_demas)


def botones_de(caso, usuario) -> list[Boton]:
    """What ``usuario`` is offered on a case, as it was when it was read (``fresco``)."""
    return botones(Expediente(caso, caso.hechos), usuario)


def formulario(accion, usuario, caso=None, fila=None):
    """The form of an act as its page gives it."""
    acto = ACTOS[accion]
    if caso is None:
        return PASOS[accion].formulario(usuario=usuario, acto=acto)
    return formulario_de(situar(el_mismo(caso.pk), usuario, acto, getattr(fila, "pk", None)))


NO_ES_SUYO = (Clase.AJENO, Clase.NO_EXISTE)


@contextmanager
def rechazada(*clases, match=None):
    """The door refuses what is done inside, for one of these reasons.

    Where none is said: something is missing or no longer so, not that it is another's.
    """
    with pytest.raises(Rechazo, match=match) as error:
        yield error
    clase = error.value.situacion.clase
    assert clase in clases if clases else clase not in NO_ES_SUYO, clase


def rechaza(accion, caso, usuario, objeto=None, /, **datos):
    with rechazada() as error:
        actuar(accion, caso, usuario, objeto, **datos)
    return " ".join(f.mensaje for f in error.value.faltas)


def otra_vez(usuario) -> Usuario:
    """As a new request finds them, with what they were lent since."""
    return Usuario.objects.get(pk=usuario.pk)


def ofrecidas(caso, usuario) -> set:
    return {o.acto.nombre for o in botones_de(fresco(caso), otra_vez(usuario))}


def sin_responsable(caso, personas) -> Caso:
    """The order that gave it to ``ventas2`` is corrected by who is said to have given it."""
    caso = actuar(
        "asignar",
        caso,
        personas.direccion,
        responsable=personas.ventas2.pk,
        ordeno=personas.gerente.pk,
        ordeno_verbal="on",
        ordeno_en=hace(minutes=5),
    )
    # As if it had been nobody's before: else it would go back to who led it.
    caso.constancias.update(antes=None)
    return actuar(
        "corregir_constancia",
        caso,
        personas.gerente,
        fresco(caso).hechos.constancias[-1],
        correccion="Yo no lo dije.",
    )


def fresco(caso) -> Caso:
    """The case as it is now, with its facts."""
    return el_mismo(caso.pk).caso


def hace(**kw):
    return timezone.now() - timedelta(**kw)


def en_dias(n):
    return calendario.hoy() + timedelta(days=n)


def consultas(*codigos, vence=None):
    datos = {}
    for c in codigos:
        datos |= {
            f"area_{c}": "on",
            f"pregunta_{c}": f"¿Es posible, {c}?",
            f"vence_{c}": vence or en_dias(5),
        }
    return datos


def ajustes(*codigos, verbal=None):
    """Adjustments by mail; ``verbal`` maps an area to the person told verbally."""
    datos = {}
    for c in codigos:
        datos |= {
            f"ajuste_{c}": "on",
            f"que_{c}": f"Ajustar {c}",
            f"para_{c}": en_dias(7),
            f"aviso_{c}": "CORREO",
        }
        if verbal and c in verbal:
            datos |= {
                f"aviso_{c}": "VERBAL",
                f"avisado_{c}": verbal[c].pk,
                f"avisado_en_{c}": hace(minutes=5),
            }
    return datos


def contacto(efectivo="SI", medio="TELEFONO", cuando=None, **mas):
    return {
        "cuando": cuando or hace(minutes=10),
        "medio": medio,
        "direccion": "SALIENTE",
        "efectivo": efectivo,
        **(
            {"resumen": "Hablamos de la renegociación."}
            if efectivo == "SI"
            else {"que_paso": "No contestó."}
        ),
        "proxima_accion": "Volver a llamar",
        "proxima_fecha": en_dias(2),
    } | mas


def un_contrato(numero="CT-001", cliente=None) -> Contrato:
    """A client with a contact person and a contract with its conditions in force."""
    if cliente is None:
        suyos = Cliente.objects.filter(nombre_comercial="Aceros del Norte").count()
        cual = f" {suyos + 1}" if suyos else ""  # no two clients have one name
        cliente = Cliente.objects.create(
            razon_social=f"Aceros del Norte{cual}, S.A. de C.V.",
            nombre_comercial="Aceros del Norte",
        )
    PersonaContacto.objects.create(
        cliente=cliente, nombre="Laura Treviño", correo="laura@aceros.example"
    )
    indice.reindexar_clientes(Cliente.objects.filter(pk=cliente.pk))
    contrato = contratos.crear_contrato(
        cliente=cliente,
        numero=numero,
        servicio="Personal de almacén",
        desde_fecha=calendario.hoy() - timedelta(days=400),
    )
    conceptos = {c.clave: c for c in Concepto.objects.all()}
    contratos.nueva_version(
        contrato=contrato,
        desde_fecha=contrato.desde_fecha,
        valores={conceptos["plazas"]: "20", conceptos["tarifa"]: "15000.00"},
    )
    contrato.refresh_from_db()
    return contrato


class Guion:
    """Walks cases; ``p`` holds the persons by name (see ``tests.personas``)."""

    def __init__(self, personas, listos=None):
        self.p = personas
        self.contratos = 0
        self.listos = dict(listos or {})  # state, or name of a scenario → key of its case

    def registrar(self, contrato=None, responsable=True, con_contrato=True, **mas):
        self.contratos += 1
        if contrato is None:
            contrato = un_contrato(f"CT-{self.contratos:03d}-{Contrato.objects.count()}")
        datos = {
            "cliente": contrato.cliente_id,
            "contrato": contrato.pk if con_contrato else "",
            "persona": contrato.cliente.personas.first().pk,
            "recibido_en": hace(hours=1),
            "canal": "TELEFONO",
            "solicitud": "Pide bajar la tarifa.",
            "asignacion": "",
        }
        caso = actuar("registrar", None, self.p.ventas, **(datos | mas))
        if responsable:
            caso = self.asignar(caso)
        return caso

    def asignar(self, caso, a=None, por=None):
        por = por or self.p.gerente
        return actuar(
            "asignar",
            caso,
            por,
            responsable=(a or self.p.ventas).pk,
            ordeno=por.pk,
            ordeno_en=hace(minutes=30),
        )

    def contactar(self, caso, **mas):
        return actuar("contactar", caso, self.p.ventas, persona=caso.persona_id, **contacto(**mas))

    def analizar(self, caso, *areas, **mas):
        datos = {
            "tipos": [TipoRequerimiento.objects.first().pk],
            "solicitado_tarifa": "14000",
            **consultas(*(areas or ("FIN",))),
        }
        return actuar("analizar", caso, self.p.ventas, **(datos | mas))

    def opinar(self, caso, area="FIN", sentido="A_FAVOR", **mas):
        opinion = next(o for o in caso.hechos.opiniones_actuales if o.area.codigo == area)
        return actuar(
            "opinar",
            caso,
            self.de(area),
            opinion,
            sentido=sentido,
            fundamento="Cabe en el margen.",
            condiciones="Con pago a 15 días." if sentido == "CONDICIONES" else "",
            **mas,
        )

    def de(self, area):
        nombres = {
            "FIN": "finanzas",
            "JUR": "juridico",
            "DH": "dh",
            "OPE": "operaciones",
            "NOM": "nominas",
            "RYS": "rys",
        }
        return getattr(self.p, nombres[area])

    def viable(self, caso, por=None, **mas):
        datos = {
            "alternativa": "Bajar la tarifa a 14,500.",
            "fundamento": "Se conserva el margen.",
            "propuesto_tarifa": "14500",
            "confirma": "on",
        } | mas
        # What is asked and gets no value of its own stays as it is.
        for fila in caso.hechos.condiciones:
            clave = fila.concepto.clave
            if fila.solicitado and not datos.get(f"propuesto_{clave}"):
                datos.setdefault(f"decision_{clave}", "IGUAL")
        return actuar("declarar_viable", caso, por or self.p.ventas, **datos)

    def no(self, caso, accion="declarar_no_viable", por_atencion="NO", **mas):
        motivo = Motivo.objects.filter(catalogo=Catalogo.NUESTRO).first()
        datos = {
            "motivos": [motivo.pk],
            "area": caso.hechos.opiniones[0].area_id,
            "detalle": "El margen no alcanza.",
            "podria_cambiar": "NO_SE",
            "texto_cliente": "Por ahora no es posible.",
            "por_atencion": por_atencion,
        }
        return actuar(accion, caso, self.p.ventas, **(datos | mas))

    def presentar(self, caso, **mas):
        datos = {
            "como": "TELEFONO",
            "cuando": hace(minutes=2),
            "persona": caso.persona_id,
            "vigencia": en_dias(15),
            **{f"propuesto_{f.concepto.clave}": f.propuesto for f in caso.hechos.condiciones},
        }
        return actuar("presentar", caso, self.p.ventas, **(datos | mas))

    def aceptar(self, caso, *areas, verbal=None, **mas):
        areas = areas or ("JUR", "NOM")
        datos = {
            "persona": caso.persona_id,
            "cuando": hace(minutes=1),
            "medio": "TELEFONO",
            "vigor_fecha": en_dias(20),
            **{f"acordado_{f.concepto.clave}": f.propuesto for f in caso.hechos.condiciones},
            **ajustes(*areas, verbal=verbal),
        }
        return actuar("aceptar", caso, self.p.ventas, **(datos | mas))

    def rechazar(self, caso, **mas):
        motivo = Motivo.objects.filter(catalogo=Catalogo.CLIENTE).first()
        datos = {
            "motivo_principal": motivo.pk,
            "persona": caso.persona_id,
            "cuando": hace(minutes=1),
            "medio": "TELEFONO",
            "contrato_tras_no": "SIGUE",
        }
        return actuar("rechazar", caso, self.p.ventas, **(datos | mas))

    def ajuste(self, caso, area):
        return next(a for a in caso.hechos.ajustes_actuales if a.area.codigo == area)

    def confirmar(self, caso, area, **mas):
        acordada = caso.vigor_fecha
        datos = {"respuesta": "Quedó ajustado.", "vigor_fecha": acordada}
        if area == "NOM":
            datos |= {"periodo_inicio": acordada, "periodo_fin": acordada + timedelta(days=14)}
        if area == "JUR":
            datos |= {"convenio": "NO"}
        return actuar(
            "confirmar_ajuste", caso, self.de(area), self.ajuste(caso, area), **(datos | mas)
        )

    def no_puede(self, caso, area):
        return actuar(
            "indicar_no_puede",
            caso,
            self.de(area),
            self.ajuste(caso, area),
            respuesta="No se puede.",
        )

    def cerrar_modificado(self, caso, **mas):
        datos = {
            "informo": self.p.ventas.pk,
            "persona": caso.persona_id,
            "cuando": hace(minutes=1),
            "medio": "CORREO",
        }
        return actuar("cerrar_modificado", caso, self.p.ventas, **(datos | mas))

    def informar(self, caso, por=None, **mas):
        por = por or self.p.ventas
        datos = {
            "localizado": "SI",
            "informo": por.pk,
            "persona": caso.persona_id,
            "cuando": timezone.now(),  # a minute ago may have been yesterday, before it was decided
            "medio": "TELEFONO",
            "que_se_dijo": "Por ahora no es posible.",
            "reaccion": "Lo entendió.",
            "contrato_tras_no": "SIGUE",
        }
        return actuar("informar", caso, por, **(datos | mas))

    def retirar(self, caso, **mas):
        datos = {
            "persona": caso.persona_id,
            "cuando": hace(minutes=1),
            "motivo": "Ya no lo necesita.",
        }
        return actuar("retirar", caso, self.p.ventas, **(datos | mas))

    def anular(self, caso):
        return actuar(
            "anular", caso, self.p.gerente, anulacion="ERROR", detalle="Se capturó de más."
        )

    def intentos(self, caso, n=3):
        """Attempts on different days by two media, after whatever happened before."""
        for i in range(n):
            caso = actuar(
                "registrar_contacto",
                caso,
                self.p.ventas,
                persona=caso.persona_id,
                **contacto("NO", ["TELEFONO", "WHATSAPP"][i % 2], cuando=hace(minutes=i)),
            )
        return caso

    def listo(self, cual) -> Caso | None:
        """The case that the session has ready, once in each test."""
        pk = self.listos.pop(str(cual), None)
        return pk and fresco(Caso(pk=pk))

    def hasta(self, estado, **kw) -> Caso:
        """A fresh case standing in ``estado``, by the shortest way; the ready one, if there is."""
        if not kw and (listo := self.listo(estado)):
            return listo
        caso = self.registrar(**kw)
        pasos = [
            (Estado.EN_CONTACTO, self.contactar),
            (Estado.EN_ANALISIS, self.analizar),
            (Estado.POR_DECIDIR, self.opinar),
        ]
        if estado == Estado.ANULADO:
            return self.anular(caso)
        for llega, paso in pasos:
            if caso.estado == estado:
                return caso
            caso = paso(caso)
            assert caso.estado == llega
        if estado == Estado.POR_INFORMAR:
            return self.no(caso)
        if estado == Estado.CERRADO:
            return self.informar(self.no(caso))
        for llega, paso in [
            (Estado.EN_PROPUESTA, self.viable),
            (Estado.EN_RESPUESTA, self.presentar),
            (Estado.EN_MODIFICACION, self.aceptar),
        ]:
            if caso.estado == estado:
                return caso
            caso = paso(caso)
            assert caso.estado == llega
        return caso
