"""A seal as text that can be kept, and back. What comes back is data that anybody may have written."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime

from casos.models import Sello
from casos.models.bitacora import CERO

from . import llave

INICIO, FIN = "-----INICIO DEL SELLO-----", "-----FIN DEL SELLO-----"
LARGO_MAXIMO = 10 * 1024 * 1024  # characters: a seal with the heads of some 100,000 cases
LARGO_DEL_BLOQUE = 8000
_NUMERO, _HUELLA = r"[0-9]{1,15}", r"[0-9a-f]{64}"
CAMPOS = {
    "Formato": "[12]",
    "Sello": r"[0-9]{1,9}",
    "Dia": r"[0-9]{4}-[0-9]{2}-[0-9]{2}",
    "Hecho": r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{15}\+00:00",
    "Casos": _NUMERO,
    "Eventos": _NUMERO,
    "Folios": r"(ninguno|[0-9]{4}=[0-9]{1,6}(, [0-9]{4}=[0-9]{1,6}){0,99})",
    "Hechos de seguridad": _NUMERO,
    "Cabeza de seguridad": _HUELLA,
    "Configuracion": _NUMERO,
    "Cabeza de configuracion": _HUELLA,
    "Raiz": _HUELLA,
    "Anterior": _HUELLA,
    "Llave": _HUELLA,
    "Huella": _HUELLA,
    "Firma": r"[0-9a-f]{128}",
}
DESDE_EL_2 = ("Configuracion", "Cabeza de configuracion")  # a seal of format 1 has none of these
_CABEZA = re.compile(r"(SV-[0-9]{4}-[0-9]{6}) ([0-9]{1,9}) ([0-9a-f]{64})", re.ASCII)
Cabeza = tuple[str, int, str]  # folio, number of events, digest of the last


class SelloIlegible(ValueError):
    """What was given is no seal, or it was damaged; says which, in Spanish."""


def escribir(sello: Sello, cabezas: Iterable[Cabeza] = ()) -> Iterator[str]:
    """Lines. With ``cabezas`` the file names the first case that differs even if the database forgot."""
    folios = ", ".join(f"{anio}={n}" for anio, n in sorted(sello.folios.items()))
    valores = [
        sello.regla,
        sello.numero,
        sello.dia.isoformat(),
        sello.en.astimezone(UTC).isoformat(timespec="microseconds"),
        sello.casos,
        sello.eventos,
        folios or "ninguno",
        sello.hechos,
        sello.cabeza_de_hechos,
        sello.configurado,
        sello.cabeza_de_configuracion,
        sello.raiz,
        sello.previo,
        sello.llave,
        sello.huella,
        sello.firma,
    ]
    yield INICIO
    for campo, valor in zip(CAMPOS, valores, strict=True):
        if sello.regla == 1 and campo in DESDE_EL_2:
            continue
        yield f"{campo}: {valor}"
    yield FIN
    for folio, numero, huella in cabezas:
        yield f"{folio} {numero} {huella}"


def leer(texto: str) -> tuple[Sello, list[Cabeza]]:
    """Raises ``SelloIlegible``. A whole mail may be given, quoted too."""
    if len(texto) > LARGO_MAXIMO:
        raise SelloIlegible("Es demasiado grande para ser un sello.")
    _, hay, resto = texto.partition(INICIO)
    bloque, cierra, despues = resto.partition(FIN)
    if not hay or not cierra:
        raise SelloIlegible(f"No trae un sello: copia desde «{INICIO}» hasta «{FIN}».")
    if len(bloque) > LARGO_DEL_BLOQUE or INICIO in despues:
        raise SelloIlegible("Trae de más: deja un solo sello.")
    dichos: dict[str, str] = {}
    for linea in bloque.splitlines():
        campo, _, valor = linea.strip("> \t\xa0").partition(": ")
        if campo in CAMPOS and campo not in dichos:
            dichos[campo] = valor.strip()
        elif campo:
            raise SelloIlegible("El sello está dañado: tiene una línea que no es suya.")
    if dichos.get("Formato") == "1":
        if any(campo in dichos for campo in DESDE_EL_2):
            raise SelloIlegible("El sello está dañado: tiene una línea que no es suya.")
        dichos |= {"Configuracion": "0", "Cabeza de configuracion": CERO}
    for campo, forma in CAMPOS.items():
        if not re.fullmatch(forma, dichos.get(campo, ""), re.ASCII):
            raise SelloIlegible(f"El sello está dañado: falta «{campo}», o no está completo.")
    sello = _armar(dichos)
    if sello.calcular_huella() != sello.huella or not llave.es_su_firma(
        sello.llave, sello.huella, sello.firma
    ):
        raise SelloIlegible("El sello que diste no es como se firmó: alguien lo cambió o se dañó.")
    return sello, list(_cabezas(despues))


def _armar(d: dict[str, str]) -> Sello:
    try:
        dia, en = date.fromisoformat(d["Dia"]), datetime.fromisoformat(d["Hecho"])
    except ValueError:
        raise SelloIlegible("El sello está dañado: su fecha no existe.") from None
    folios = {}
    if d["Folios"] != "ninguno":
        folios = {par[:4]: int(par[5:]) for par in d["Folios"].split(", ")}
    return Sello(
        numero=int(d["Sello"]), dia=dia, en=en, casos=int(d["Casos"]), eventos=int(d["Eventos"]),
        folios=folios, hechos=int(d["Hechos de seguridad"]),
        cabeza_de_hechos=d["Cabeza de seguridad"], regla=int(d["Formato"]),
        configurado=int(d["Configuracion"]), cabeza_de_configuracion=d["Cabeza de configuracion"],
        raiz=d["Raiz"], previo=d["Anterior"],
        llave=d["Llave"], huella=d["Huella"], firma=d["Firma"],
    )  # fmt: skip


def _cabezas(texto: str) -> Iterator[Cabeza]:
    anterior = ""
    for linea in texto.splitlines():
        if casa := _CABEZA.fullmatch(linea.strip()):
            folio = casa[1]
            if folio <= anterior:
                raise SelloIlegible("Las cabezas del archivo no van en orden: está dañado.")
            anterior = folio
            yield folio, int(casa[2]), casa[3]
