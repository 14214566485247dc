"""§6: who follows the case up, by whose order (fields shared with 7.1), and the act itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from casos.actos import ASIGNAR
from casos.catalogos import TipoConstancia
from casos.formularios.base import Datos, FormularioBase, FormularioPaso
from casos.formularios.campos import (
    CampoPasado,
    PersonaConFuncion,
    ahora_local,
    con,
    de_lista,
    marca,
)
from casos.models import Usuario
from casos.permisos.cargos import cargo_de_gerencia, gerencia
from casos.textos import punto

from .constancias import dejar_constancias, lo_dicho, participa_su_area
from .en_curso import ActoEnCurso
from .situacion import referencia
from .tabla import paso

ASIGNAR_AHORA = "AHORA"
ELIGE_A_LA_PERSONA = "Elige a una persona de la lista."


class ConOrden(FormularioBase):
    """Who is in charge and who ordered it ("asignado por el Área Comercial de manera verbal")."""

    responsable = de_lista("Responsable", Usuario.objects.none(), ajena=ELIGE_A_LA_PERSONA)
    ordeno = de_lista(
        "Quién lo ordenó",
        Usuario.objects.none(),
        ajena=ELIGE_A_LA_PERSONA,
        bitacora="Lo ordenó",
        clase=PersonaConFuncion,
    )
    ordeno_verbal = marca(
        "Lo ordenó de palabra",
        ayuda="Se le envía una constancia para que la confirme.",
        bitacora="De palabra",
    )
    ordeno_en = con(CampoPasado(label="Cuándo lo ordenó", initial=ahora_local))

    orden_requerida = True

    def preparar(self) -> None:
        super().preparar()
        es_gerencia = self.es_gerencia()
        for campo in ("responsable", "ordeno", "ordeno_en"):
            self.fields[campo].required = self.orden_requerida
        self.ofrecer("ordeno", Usuario.objects.gerencia())
        self.ofrecer("responsable", self._responsables(es_gerencia))
        self.proponer("responsable", None if es_gerencia else self.usuario.pk)
        self.proponer("ordeno", self.usuario.pk if es_gerencia else None)
        self.proponer("ordeno_verbal", not es_gerencia)

    def es_gerencia(self) -> bool:
        """Whether who assigns may give it to anybody, by their own order."""
        if self.hechos is None:
            return cargo_de_gerencia(self.usuario) is not None
        return gerencia(self.hechos, self.usuario) is not None

    def _responsables(self, es_gerencia: bool) -> QuerySet[Usuario]:
        comerciales = Usuario.objects.comerciales()
        return comerciales if es_gerencia else comerciales.filter(pk=self.usuario.pk)

    def revisar_orden(self, datos: Datos) -> None:
        ordeno = datos.get("ordeno")
        if ordeno and ordeno.pk != self.usuario.pk:
            # Written down by another person: it was said, and the one who said it confirms.
            datos["ordeno_verbal"] = True


class AsignarForm(ConOrden, FormularioPaso):
    """§6: who follows it up, by whose order, verbally or not."""

    def clean(self) -> Datos:
        datos = super().clean()
        self.revisar_orden(datos)
        responsable = datos.get("responsable")
        if responsable and participa_su_area(self.hechos, responsable):
            self.add_error(
                "responsable", "Su área participa en este caso: no puede ser también responsable."
            )
        if responsable and responsable.pk == self.caso.responsable_id:
            self.add_error("responsable", "Ya es responsable de este caso.")
        return datos


def quien_me_lo_ordena(usuario: Usuario) -> Usuario | None:
    """§6: by whose order a person takes what they register, where it can be one only: the gerente.

    Gerencia takes it by its own. Where there is none, or several, it is asked in the form.
    """
    if cargo_de_gerencia(usuario) is not None:
        return usuario
    gerentes = list(Usuario.objects.activos().filter(es_gerente=True)[:2])
    return gerentes[0] if len(gerentes) == 1 else None


def orden_de_palabra(usuario: Usuario) -> dict[str, str]:
    """What the form says where the press itself said who follows it up and by whose order; or nothing."""
    ordeno = quien_me_lo_ordena(usuario)
    if ordeno is None:
        return {}
    return {
        "asignacion": ASIGNAR_AHORA,
        "responsable": f"{usuario.pk}",
        "ordeno": f"{ordeno.pk}",
        "ordeno_en": f"{ahora_local():%Y-%m-%dT%H:%M}",
        "ordeno_verbal": "" if ordeno.pk == usuario.pk else "on",
    }


def poner_responsable(
    en_curso: ActoEnCurso[Any, Any], responsable: Usuario, ordeno: Usuario, ordeno_en: datetime
) -> None:
    """Give the case to somebody; a verbal order written down by another becomes evidence."""
    caso = en_curso.caso
    antes: dict[str, Any] = {
        "antes": caso.responsable,
        "antes_por": caso.asignado_por,
        "antes_en": caso.asignado_en,
    }
    caso.responsable, caso.asignado_por, caso.asignado_en = responsable, ordeno, ordeno_en
    if ordeno.pk != en_curso.usuario.pk:
        dejar_constancias(
            en_curso,
            lo_dicho(
                en_curso,
                TipoConstancia.ASIGNACION,
                destinatario=ordeno,
                dicho_en=ordeno_en,
                texto=punto(f"{ordeno} asignó este caso a {responsable}"),
                **antes,
            ),
        )


@paso(ASIGNAR, AsignarForm)
def asignar(en_curso: ActoEnCurso[AsignarForm, None]) -> None:
    """§6 "dar seguimiento según sea asignado por el Área Comercial de manera verbal"."""
    anterior, d = en_curso.caso.responsable, en_curso.datos
    if anterior:
        en_curso.datos_extra["anterior"] = referencia(anterior)
    poner_responsable(en_curso, d["responsable"], d["ordeno"], d["ordeno_en"])
