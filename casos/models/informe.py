"""The month's report for the management review, as it was given. Written by ``tareas.informar_del_mes`` alone."""

from __future__ import annotations

from django.db import models


class InformeMensual(models.Model):
    """Frozen (``disparadores``): its PDF is made from its data, and is the same whenever it is asked for."""

    logo = None  # it goes with the firm's name, as all that is ours alone

    mes = models.DateField("mes", unique=True)  # its first day
    datos = models.JSONField()  # all that the PDF says (``lecturas.informe_del_mes``)
    # Those that carried it; a column of theirs would be one of every mail.
    avisos = models.ManyToManyField("casos.Aviso", related_name="informes", editable=False)
    hecho_en = models.DateTimeField("hecho")

    class Meta:
        verbose_name = "informe mensual"
        verbose_name_plural = "informes mensuales"
        ordering = ["-mes"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(mes__day=1),
                name="informe_desde_el_dia_1",
                violation_error_message="Un informe es de un mes entero.",
            )
        ]

    def __str__(self) -> str:
        return self.nombre

    @property
    def clave(self) -> str:
        """2026-10."""
        return f"{self.mes:%Y-%m}"

    @property
    def nombre(self) -> str:
        """Of its file."""
        return f"informe-{self.clave}.pdf"
