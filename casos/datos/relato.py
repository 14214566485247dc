"""The demonstration told act by act, through the door under a moved clock (``manage.py cargar_demo``).

People, firms and words are in ``demo``; here is who does what and when. The same every time.
"""

import random
from datetime import datetime, time, timedelta

import time_machine
from django.utils import timezone

from casos import calendario
from casos.actos import ACTOS
from casos.catalogos import Catalogo, QueSeOfrece
from casos.datos import demo
from casos.datos.desenlaces import Desenlaces
from casos.expediente.carga import el_mismo
from casos.formularios.base import version_de
from casos.models import Motivo, TipoRequerimiento, Usuario
from casos.pasos.puerta import ejecutar

# How the 60 cases end, oldest first; the open ones are the most recent.
CERRADOS = (
    "MODIFICADO NO_VIABLE MODIFICADO NO_INTERESADO MODIFICADO RETIRADO MODIFICADO NO_INTERESADO "
    "NO_VIABLE MODIFICADO SIN_RESPUESTA MODIFICADO NO_AJUSTABLE MODIFICADO NO_INTERESADO ANULADO "
    "MODIFICADO NO_VIABLE MODIFICADO NO_INTERESADO MODIFICADO RETIRADO NO_VIABLE MODIFICADO "
    "SIN_RESPUESTA NO_AJUSTABLE NO_INTERESADO NO_VIABLE MODIFICADO ANULADO"
).split()
ABIERTOS = (
    "EN_MODIFICACION EN_RESPUESTA POR_INFORMAR EN_MODIFICACION EN_ANALISIS EN_RESPUESTA POR_DECIDIR "
    "EN_MODIFICACION EN_PROPUESTA EN_ANALISIS POR_INFORMAR EN_CONTACTO EN_RESPUESTA POR_DECIDIR "
    "EN_ANALISIS EN_MODIFICACION EN_PROPUESTA EN_CONTACTO EN_ANALISIS POR_INFORMAR EN_RESPUESTA "
    "POR_DECIDIR EN_CONTACTO EN_ANALISIS EN_PROPUESTA EN_MODIFICACION RECIBIDO EN_CONTACTO RECIBIDO "
    "RECIBIDO"
).split()
RECORRIDO = ["RECIBIDO", "EN_CONTACTO", "EN_ANALISIS", "POR_DECIDIR", "EN_PROPUESTA", "EN_RESPUESTA",
             "EN_MODIFICACION"]  # fmt: skip


class Relator(Desenlaces):
    """Tells the cases one by one; ``t`` is the instant of the next act."""

    def __init__(self, gente, contratos):
        self.p, self.contratos = gente, contratos
        self.azar = random.Random(21)
        # The story ends with the last working day, so that it is the same at any hour of today.
        self.hoy = calendario.habil_hasta(calendario.hoy() - timedelta(days=1))
        self.fin = timezone.make_aware(datetime.combine(self.hoy, time(18, 30)))
        self.tipos = {t.nombre: t for t in TipoRequerimiento.objects.all()}
        self.nuestros = list(Motivo.objects.filter(catalogo=Catalogo.NUESTRO, pide_detalle=False))
        self.suyos = list(Motivo.objects.filter(catalogo=Catalogo.CLIENTE, pide_detalle=False))

    def contar(self):
        total = len(CERRADOS)
        for i, fin in enumerate(CERRADOS):
            hace = 362 - i * (362 - 45) // (total - 1)
            self.caso_hasta(fin, self.hoy - timedelta(days=hace), i, holgado=True)
        for i, fin in enumerate(ABIERTOS):
            hace = max(0, 26 - i)
            # A case per contract while it is being adjusted: the first contracts go to those.
            self.caso_hasta(fin, self.hoy - timedelta(days=hace), total + i, holgado=False)

    # -- the clock -------------------------------------------------------------------------------

    def empezar(self, dia):
        dia = calendario.habil_hasta(dia)
        hora = time(9 + self.azar.randint(0, 6), self.azar.choice([5, 15, 25, 40, 50]))
        self.t = timezone.make_aware(datetime.combine(dia, hora))

    def pasar(self, dias=0, minutos=35):
        """Time goes by in business days; never past the present."""
        t = self.t + timedelta(minutes=minutos)
        if dias:
            dia = self.dentro_de(t, dias)
            hora = time(min(timezone.localtime(t).hour, 16), timezone.localtime(t).minute)
            t = timezone.make_aware(datetime.combine(dia, hora))
        elif timezone.localtime(t).hour >= 18:
            # The office closes; the next act is tomorrow morning.
            dia = self.dentro_de(t, 1)
            t = timezone.make_aware(datetime.combine(dia, time(9, self.azar.randint(5, 50))))
        self.t = min(t, self.fin)

    def dentro_de(self, t, dias):
        dia = timezone.localdate(t)
        return calendario.sumar_habiles(dia, dias) or dia + timedelta(days=dias)

    def hacer(self, accion, quien, objeto=None, /, **datos):
        with time_machine.travel(self.t, tick=False):
            usuario = Usuario.objects.get(pk=self.p[quien].pk)
            acto = ACTOS[accion]
            datos["version"] = version_de(acto, self.caso, objeto)
            hecho = ejecutar(acto, usuario, caso=self.caso, fila=objeto, datos=datos)
            self.caso = el_mismo(hecho.caso.pk).caso
        self.pasar()

    def en(self, dias):
        return timezone.localdate(self.t) + timedelta(days=dias)

    # -- one case --------------------------------------------------------------------------------

    def caso_hasta(self, fin, dia, i, *, holgado):
        self.caso, self.i = None, i
        self.contrato = self.contratos[i % len(self.contratos)]
        self.rc = ["ventas", "ventas2", "ventas", "atencion"][i % 4]
        self.empezar(dia)
        self.ritmo = 2 if holgado else 1
        # The next time round, each contract asks for something else.
        cual = i + i // len(self.contratos)
        self.tipo, self.pide, self.filas = demo.SOLICITUDES[cual % len(demo.SOLICITUDES)]
        self.registrar(fin)
        if fin == "ANULADO":
            return self.hacer(
                "anular", "gerente", anulacion="ERROR", detalle="Se capturó dos veces."
            )
        if fin == "RECIBIDO":
            return None
        destino = {
            "NO_VIABLE": "POR_DECIDIR",
            "POR_INFORMAR": "POR_DECIDIR",
            "NO_INTERESADO": "EN_RESPUESTA",
            "MODIFICADO": "EN_MODIFICACION",
            "NO_AJUSTABLE": "EN_MODIFICACION",
            "SIN_RESPUESTA": "EN_CONTACTO",
            "RETIRADO": "EN_CONTACTO",
        }.get(fin, fin)
        for paso in RECORRIDO[1 : RECORRIDO.index(destino) + 1]:
            getattr(self, f"a_{paso.lower()}")(fin)
        terminar = getattr(self, f"fin_{fin.lower()}", None)
        return terminar() if terminar else None

    def registrar(self, fin):
        contacto = self.contrato.cliente.personas.first()
        asignada = not (fin == "RECIBIDO" and self.i % 2)
        datos = {}
        if asignada:
            datos = {"asignacion": "AHORA", "responsable": self.p[self.rc].pk,
                     "ordeno": self.p["gerente"].pk, "ordeno_en": self.t}  # fmt: skip
        # Whoever takes the call registers; the gerente gives it to somebody.
        quien = "gerente" if asignada and self.i % 3 else self.rc
        self.hacer(
            "registrar",
            quien,
            cliente=self.contrato.cliente_id,
            contrato=self.contrato.pk,
            persona=contacto.pk,
            recibido_en=self.t - timedelta(minutes=50),
            canal=self.azar.choice(["TELEFONO", "CORREO", "WHATSAPP", "VISITA"]),
            solicitud=self.pide,
            tipos=[self.tipos[self.tipo].pk],
            **datos,
        )
        for c in self.caso.hechos.constancias:
            if self.i % 5:
                self.pasar(minutos=90)
                self.hacer("confirmar_constancia", "gerente", c)

    def contacto(self, efectivo="SI", medio=None):
        return {
            "cuando": self.t,
            "medio": medio or self.azar.choice(["TELEFONO", "VISITA", "VIDEOLLAMADA"]),
            "direccion": "SALIENTE",
            "efectivo": efectivo,
            "persona": self.caso.persona_id,
            "resumen": self.azar.choice(demo.RESUMENES) if efectivo == "SI" else "",
            "que_paso": "No contestó." if efectivo == "NO" else "",
            "proxima_accion": self.azar.choice(
                ["Mandar resumen por correo", "Volver a llamar", "Pedir el detalle"]
            ),
            "proxima_fecha": self.en(2),
        }

    def a_en_contacto(self, fin):
        self.pasar(1)
        self.hacer("contactar", self.rc, **self.contacto("NO" if fin == "SIN_RESPUESTA" else "SI"))

    def a_en_analisis(self, fin):
        self.pasar(self.ritmo)
        hoy = {f.concepto.clave: f.vigente for f in self.caso.hechos.condiciones}
        base = int(hoy["plazas"]), float(hoy["tarifa"]), int(hoy["dias_pago"])
        valores = {k: self._valor(k, f, base) for k, f in self.filas.items()}
        areas = [a.codigo for a in self.tipos[self.tipo].areas.all() if a.codigo in demo.PREGUNTAS]
        self.areas = areas or ["FIN", "OPE"]
        consultas = {}
        for c in self.areas:
            consultas |= {
                f"area_{c}": "on",
                f"pregunta_{c}": demo.PREGUNTAS[c],
                f"vence_{c}": self.en(4),
            }
        self.hacer(
            "analizar",
            self.rc,
            tipos=[self.tipos[self.tipo].pk],
            **{f"solicitado_{k}": v for k, v in valores.items()},
            **consultas,
        )
        self.pedido = valores
        if fin == "EN_ANALISIS" and self.i % 2:
            self.pasar(1)
            self.opinar(self.areas[0], "A_FAVOR")

    @staticmethod
    def _valor(clave, funcion, base):
        valor = funcion(*base)
        if isinstance(valor, str):
            return valor
        return str(round(valor)) if clave in ("plazas", "dias_pago") else f"{round(valor, -1):.2f}"

    def opinar(self, codigo, sentido):
        opinion = next(o for o in self.caso.hechos.opiniones_pendientes if o.area.codigo == codigo)
        quien = {"FIN": "finanzas", "JUR": "juridico", "OPE": "operaciones", "DH": "dh"}[codigo]
        con = sentido == "CONDICIONES"
        self.hacer(
            "opinar",
            quien,
            opinion,
            sentido=sentido,
            fundamento=demo.FUNDAMENTOS[sentido],
            condiciones=demo.CONDICIONES if con else "",
            alternativas=demo.ALTERNATIVAS if con else "",
            **(self._condicion() if con and codigo == "FIN" else {}),
        )

    def _condicion(self):
        """What Finanzas wants kept: what is asked, where it is about being paid."""
        filas = [f for f in self.caso.hechos.condiciones if f.concepto.clave == "dias_pago"]
        valores = [int(v) for f in filas for v in (f.vigente, f.solicitado) if v]
        if not valores:
            return {}
        return {
            "cond_1_sobre": "dias_pago",
            "cond_1_como": "MAXIMO",
            "cond_1_valor": str(max(valores)),
        }

    def a_por_decidir(self, fin):
        negativo = fin in ("NO_VIABLE", "POR_INFORMAR") or (
            fin == "POR_DECIDIR" and self.i % 3 == 0
        )
        for n, codigo in enumerate(self.areas):
            self.pasar(1 if n == 0 else 0, minutos=75)
            sentido = (
                "EN_CONTRA" if negativo and n == 0 else ["A_FAVOR", "CONDICIONES"][(self.i + n) % 2]
            )
            if n == 0 and self.i % 6 == 1 and not negativo:
                self.opinion_verbal(codigo, confirma=fin != "POR_DECIDIR")
            else:
                self.opinar(codigo, sentido)

    def opinion_verbal(self, codigo, *, confirma):
        opinion = next(o for o in self.caso.hechos.opiniones_pendientes if o.area.codigo == codigo)
        quien = {"FIN": "finanzas", "JUR": "juridico", "OPE": "operaciones", "DH": "dh"}[codigo]
        self.hacer(
            "opinar_verbal",
            self.rc,
            opinion,
            quien=self.p[quien].pk,
            dicho_en=self.t,
            sentido="A_FAVOR",
            fundamento="Por teléfono dijo que sí se puede.",
        )
        if confirma:
            self.pasar(minutos=50)
            pendiente = next(
                c for c in self.caso.hechos.constancias if c.esta_sin_confirmar and c.opinion_id
            )
            self.hacer("confirmar_constancia", quien, pendiente)

    def a_en_propuesta(self, fin):
        self.pasar(1)
        self.hacer(
            "declarar_viable",
            self.rc,
            alternativa="Aceptar lo que piden con inicio en el siguiente periodo de nómina.",
            fundamento="Las áreas lo respaldan y se conserva la cuenta.",
            proxima_accion="Presentar la propuesta",
            proxima_fecha=self.en(2),
            **{f"decision_{k}": QueSeOfrece.COMO_LO_PIDE for k in self.pedido},
        )

    def a_en_respuesta(self, fin):
        self.pasar(self.ritmo)
        como = "TELEFONO"
        extra = {}
        if self.i % 3 == 0 and self.t + timedelta(hours=2) < self.fin:
            self.hacer(
                "programar_cita",
                self.rc,
                asunto="Presentar la propuesta",
                minutos=45,
                inicio=self.t + timedelta(minutes=20),
                medio="VISITA",
                lugar="Oficinas del cliente",
                persona=self.caso.persona_id,
            )
            self.hacer(
                "celebrar_cita",
                self.rc,
                self.caso.hechos.citas[-1],
                resumen="Se revisó la propuesta renglón por renglón.",
            )
            como, extra = "CITA", {"cita": self.caso.hechos.citas[-1].pk}
        self.hacer(
            "presentar",
            self.rc,
            como=como,
            cuando=self.t,
            persona=self.caso.persona_id,
            texto="Con gusto le presentamos las condiciones que platicamos.",
            vigencia=self.en(15),
            enviar_al_cliente=self.i % 4 == 0,
            **{f"propuesto_{k}": v for k, v in self.pedido.items()},
            **extra,
        )

    def a_en_modificacion(self, fin):
        self.pasar(self.ritmo)
        datos = {}
        for c, que in (("JUR", "Elaborar el convenio modificatorio."), ("NOM", "Aplicar el cambio en la nómina."),
                       ("RYS", "Ajustar la plantilla y las vacantes.")):  # fmt: skip
            datos |= {
                f"ajuste_{c}": "on",
                f"que_{c}": que,
                f"para_{c}": self.en(7),
                f"aviso_{c}": "CORREO",
            }
        if self.i % 4 == 1:
            datos |= {
                "aviso_RYS": "VERBAL",
                "avisado_RYS": self.p["rys"].pk,
                "avisado_en_RYS": self.t,
            }
        self.hacer(
            "aceptar",
            self.rc,
            persona=self.caso.persona_id,
            cuando=self.t,
            medio="CORREO",
            vigor_fecha=self.en(16),
            **{f"acordado_{k}": v for k, v in self.pedido.items()},
            **datos,
        )
        if fin == "EN_MODIFICACION":
            self.pasar(1)
            if self.i % 2:
                self.confirmar("JUR")
            if self.i % 3 == 0:
                self.no_puede("NOM")

    def _ajuste(self, codigo):
        return next(a for a in self.caso.hechos.ajustes_actuales if a.area.codigo == codigo)

    def confirmar(self, codigo):
        datos = {"respuesta": "Quedó aplicado.", "vigor_fecha": self.caso.vigor_fecha}
        if codigo == "NOM":
            datos |= {
                "periodo_inicio": self.caso.vigor_fecha,
                "periodo_fin": self.caso.vigor_fecha + timedelta(days=14),
            }
        if codigo == "JUR":
            datos |= {
                "convenio": "SI",
                "convenio_referencia": f"CM-{self.caso.folio[3:]}",
                "convenio_fecha": timezone.localdate(self.t),
            }
        self.hacer(
            "confirmar_ajuste",
            {"JUR": "juridico", "NOM": "nominas", "RYS": "rys"}[codigo],
            self._ajuste(codigo),
            **datos,
        )

    def no_puede(self, codigo):
        self.hacer(
            "indicar_no_puede",
            {"JUR": "juridico", "NOM": "nominas", "RYS": "rys"}[codigo],
            self._ajuste(codigo),
            respuesta="El corte del periodo ya cerró y no admite el cambio.",
        )

    def _no(self, accion, por_atencion):
        motivo = self.nuestros[self.i % len(self.nuestros)]
        self.hacer(
            accion,
            self.rc,
            motivos=[motivo.pk],
            area=motivo.area_id,
            detalle="Revisado con el área; no hay margen para más.",
            podria_cambiar="NO_SE",
            texto_cliente=motivo.texto_cliente,
            por_atencion=por_atencion,
        )

    def _persona(self, **mas):
        return {"persona": self.caso.persona_id, "cuando": self.t, "medio": "TELEFONO"} | mas
