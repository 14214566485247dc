"""How the cases of the demonstration end, result by result: the other half of ``Relator``."""

from datetime import timedelta

from django.utils import timezone


class Desenlaces:
    def fin_modificado(self):
        for codigo in ("JUR", "NOM", "RYS"):
            self.pasar(1)
            self.confirmar(codigo)
        self.pasar(1)
        self.hacer(
            "cerrar_modificado",
            self.rc,
            **self._persona(informo=self.p[self.rc].pk, medio="CORREO"),
        )
        self.despues_de_cerrar()

    def despues_de_cerrar(self):
        """What is asked once its first payroll was paid, where that was weeks ago."""
        [comprobacion], [satisfaccion] = (
            list(de.all()) for de in (self.caso.comprobaciones, self.caso.satisfacciones)
        )
        falta = (satisfaccion.desde_fecha - timezone.localdate(self.t)).days
        self.empezar(timezone.localdate(self.t) + timedelta(days=max(falta, 0) + 4))
        if self.t > self.fin - timedelta(days=21):  # the last ones wait for their answer
            return
        self.hacer("comprobar", "nominas", comprobacion, llego="SI")
        self.pasar(1)
        calificacion = (9, 10, 8, 9, 6)[self.i % 5]
        no_quiso = {"que_paso": "NO_QUISO"}
        contesto = {"que_paso": "CONTESTO", "calificacion": calificacion}
        datos = no_quiso if self.i == 6 else contesto
        self.hacer(
            "registrar_satisfaccion",
            "atencion",
            satisfaccion,
            **(self._persona(medio="TELEFONO") | {"cuando": self.t} | datos),
        )

    def fin_por_informar(self):
        self._no("declarar_no_viable", "SI" if self.i % 3 else "NO")

    def fin_no_viable(self):
        por_atencion = self.i % 2 == 0
        self._no("declarar_no_viable", "SI" if por_atencion else "NO")
        self.informar("atencion" if por_atencion else self.rc)

    def fin_no_ajustable(self):
        self.pasar(1)
        self.no_puede("NOM")
        self._no("declarar_no_ajustable", "NO")
        self.informar(self.rc)

    def informar(self, quien):
        self.pasar(1)
        self.hacer(
            "informar",
            quien,
            **self._persona(
                localizado="SI",
                informo=self.p[quien].pk,
                que_se_dijo=self.caso.texto_cliente,
                reaccion="Lo entendió; pidió que lo busquemos si algo cambia.",
                contrato_tras_no="SIGUE" if self.i % 3 else "EN_RIESGO",
            ),
        )

    def fin_no_interesado(self):
        self.pasar(2)
        motivo = self.suyos[self.i % len(self.suyos)]
        self.hacer(
            "rechazar",
            self.rc,
            **self._persona(
                motivo_principal=motivo.pk,
                detalle="Agradeció la propuesta.",
                con_que_si="Con un tres por ciento menos." if self.i % 2 else "",
                contrato_tras_no="EN_RIESGO" if self.i % 2 else "SIGUE",
                llamar_fecha=self.en(60),
            ),
        )

    def fin_sin_respuesta(self):
        for medio in ("TELEFONO", "WHATSAPP", "CORREO"):
            self.pasar(2)
            self.hacer("registrar_contacto", self.rc, **self.contacto("NO", medio))
        self.pasar(1)
        self.hacer(
            "cerrar_sin_respuesta",
            "gerente",
            detalle="No contestó por ningún medio en dos semanas.",
        )

    def fin_retirado(self):
        self.pasar(1)
        self.hacer(
            "retirar", self.rc, **self._persona(motivo="Su corporativo congeló los cambios.")
        )
