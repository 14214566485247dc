"""Who asks: the client, if it is new, and the person there. Near-equal names are asked about, never refused."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from casos.models import Cliente, PersonaContacto
from casos.rfc import validar_rfc

from .base import Datos, FormularioBase, FormularioPaso
from .campos import CampoConfirmacion, con, de_lista, linea
from .clientes import parecidos, que_se_parece, repetido, tocaya_de


def personas_de(cliente_id: int) -> Any:
    """Those at the client that somebody may have spoken with."""
    return PersonaContacto.objects.filter(
        cliente=cliente_id, activa=True, suprimida_en=None, bloqueada_en=None
    )


def es_de_las_de(cliente_id: int, persona: PersonaContacto) -> bool:
    """Whether ``personas_de`` finds this one, which was read already."""
    return persona.cliente_id == cliente_id and persona.activa and not persona.se_fue


class ConTocaya(FormularioBase):
    """Somebody new with the name of a person of the client: asked whether they are the same."""

    persona_es_otra = con(
        CampoConfirmacion(label="Es otra persona con el mismo nombre", junto_a="persona_nombre"),
        bitacora="",
    )

    def preguntar_por_tocaya(self, cliente_id: int) -> None:
        nombre = self.cleaned_data.get("persona_nombre")
        if nombre and "persona_nombre" not in self.errors and tocaya_de(cliente_id, nombre):
            self.confirmar(
                "persona_es_otra", f"Ya está «{nombre}»: elige a esa persona, o di que es otra."
            )


class ConPersona(ConTocaya, FormularioPaso):
    """With whom at the client: one of its persons, or a new one created in place."""

    persona_requerida = True

    persona = de_lista(
        "Con quién",
        PersonaContacto.objects.none(),
        requerido=False,
        ajena="Elige a una persona de este cliente.",
        sin_marca=True,
    )
    persona_nombre = linea(
        "Otra persona",
        requerido=False,
        ayuda="Si no está en la lista, se agrega al cliente.",
        bitacora="Persona agregada",
        sin_marca=True,
    )

    def preparar(self) -> None:
        super().preparar()
        cliente, la_del_caso = self.caso.cliente_id, self.caso.persona
        self.ofrecer(
            "persona",
            lambda: personas_de(cliente).order_by("nombre", "pk"),
            la_del_caso if es_de_las_de(cliente, la_del_caso) else None,
        )
        self.proponer("persona", la_del_caso.pk)

    def clean(self) -> Datos:
        datos = super().clean()
        if (
            self.persona_requerida
            and not datos.get("persona")
            and not datos.get("persona_nombre")
            and "persona" not in self.errors
        ):
            self.add_error("persona", "Falta decir con quién.")
        self.preguntar_por_tocaya(self.caso.cliente_id)
        return datos


class ConClienteNuevo(FormularioBase):
    """A client that is registered together with its request."""

    # Compulsory one way or the other: "(opcional)" would mislead.
    cliente_razon_social = linea(
        "Razón social del cliente nuevo",
        200,
        requerido=False,
        bitacora="Cliente agregado",
        sin_marca=True,
    )
    cliente_es_otro = con(
        CampoConfirmacion(label="Es otro cliente, aunque se llame casi igual"), bitacora=""
    )
    cliente_nombre = linea("Nombre comercial", 120, requerido=False)
    cliente_rfc = linea("RFC", 20, requerido=False)

    parecidos: Sequence[Cliente] = ()

    def clean_cliente_rfc(self) -> str:
        return validar_rfc(self.cleaned_data["cliente_rfc"])

    def revisar_que_no_se_repita(self, datos: Datos) -> None:
        razon, rfc = datos.get("cliente_razon_social"), datos.get("cliente_rfc")
        # First: what comes in between the two is equal, not nearly.
        otros = parecidos(razon) if razon and not datos.get("cliente_es_otro") else []
        if razon and rfc is not None and (falta := repetido(razon, rfc)):
            self.add_error(f"cliente_{falta[0]}", f"{falta[1]}: búscalo arriba y elígelo.")
        elif otros:
            self.parecidos = otros  # the page offers them above
            self.confirmar(
                "cliente_es_otro", f"{que_se_parece(otros)} Elígelo arriba, o di que es otro."
            )
