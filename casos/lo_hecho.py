"""An act as it came out: who found nobody had no contact; what is brought in was registered elsewhere."""

from collections.abc import Mapping
from dataclasses import replace

from casos.actos import SUCESOS, Acto, Suceso
from casos.catalogos import SiNo


def como_salio(acto: Acto, datos: Mapping[str, object]) -> Acto:
    if acto.contacto and datos.get("efectivo") == SiNo.NO:
        return replace(acto, hecho="se registró un intento de contacto")
    if acto.abre_caso and "hoja_sha256" in datos:
        return replace(acto, hecho="se trajo el caso de una hoja de cálculo")
    return acto


def suceso_de(accion: str, datos: Mapping[str, object]) -> Suceso:
    suceso = SUCESOS.get(accion) or Suceso(accion, "", accion)
    return como_salio(suceso, datos) if isinstance(suceso, Acto) else suceso
