"""Does the log still reach what was sealed? With a seal kept elsewhere, or with those of here. Reads only.

Each verdict asks for another answer, so they are told apart. Steps may go on meanwhile: what a seal
says of a case is an event that never moves, whatever comes after it.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from casos.catalogos import Hecho
from casos.models import (
    CabezaDeConfiguracion,
    CabezaDeSeguridad,
    CertificadoDeSello,
    Consecutivo,
    Evento,
    EventoDeConfiguracion,
    HechoDeSeguridad,
    HojaDeSello,
    Prueba,
    Sello,
)
from casos.models.bitacora import CERO
from casos.seguridad import llave
from casos.seguridad.certificado import certificador
from casos.seguridad.sellado import Arbol, cabeza_de, en_rango, por_tandas
from casos.seguridad.texto_de_sello import Cabeza, SelloIlegible

FALLAS_MAXIMO = 50  # told; how many there are is told too


class Dictamen(Enum):
    """What it is called, and what to do. In the order of their weight."""

    AJENO = (
        "De otra instalación, o los sellos de aquí se hicieron de nuevo",
        "Ningún sello de aquí lleva la llave del que diste. Si es de esta instalación, alguien rehízo los "
        "sellos: no uses la base, guarda una copia y restaura un respaldo en otra máquina para comparar.",
    )
    REESCRITO = (
        "Sello reescrito",
        "Alguien cambió, quitó o agregó sellos en la base. Guarda una copia de la base como está y "
        "compárala con los sellos que llegaron por correo y con un respaldo.",
    )
    ALTERADO = (
        "Alterado",
        "Lo que dice un caso ya no es lo que se selló. Guarda una copia de la base, no sigas con ese caso y "
        "compáralo con el último respaldo anterior al sello.",
    )
    CORTO = (
        "Más corto que lo sellado",
        "Falta algo que ya estaba. Si se restauró un respaldo, es lo que se hizo después de él: captúralo otra "
        "vez y anótalo. Si no, alguien lo borró: recupéralo de un respaldo.",
    )
    LARGO = (
        "Más largo, y no por lo que se agrega al final",
        "Algo se intercaló antes de lo sellado, o lo que sigue no continúa. Guarda una copia de la base y "
        "compara el caso con un respaldo.",
    )
    LLAVE = (
        "Firma otra llave",
        "Si quien opera el sistema te dijo que cambió la llave y esta es su huella, acéptala con "
        "--acepta-llave. Si no, esos sellos los hizo alguien más.",
    )
    INTEGRO = ("Coincide", "No hay nada que hacer. Sigue guardando los sellos fuera del sistema.")

    def __init__(self, titulo: str, que_hacer: str):
        self.titulo, self.que_hacer = titulo, que_hacer


@dataclass(frozen=True)
class Falla:
    clase: Dictamen
    dicho: str
    sello: int = 0  # the first one that tells otherwise


@dataclass
class Informe:
    """What came of it. ``desde``: the first seal that no longer holds, with its day."""

    guardado: Sello | None
    ultimo: Sello | None
    fallas: list[Falla] = field(default_factory=list)
    cuantas: int = 0
    dias: dict[int, date] = field(default_factory=dict)
    primero: int = 0

    @property
    def dictamenes(self) -> list[Dictamen]:
        clases = {f.clase for f in self.fallas}
        return [d for d in Dictamen if d in clases] or [Dictamen.INTEGRO]

    @property
    def integro(self) -> bool:
        return not self.cuantas

    @property
    def desde(self) -> str:
        if not self.primero:
            return ""
        dia = self.dias.get(self.primero)
        anterior = self.dias.get(self.primero - 1)
        dicho = f"Difiere desde el sello {self.primero}" + (f" ({dia:%d/%m/%Y})" if dia else "")
        if anterior:
            dicho += f"; con el {self.primero - 1} ({anterior:%d/%m/%Y}) coincide"
        return dicho + "."

    def anotar(self, falla: Falla) -> None:
        self.cuantas += 1
        if falla.sello:
            self.primero = min(self.primero or falla.sello, falla.sello)
        if len(self.fallas) < FALLAS_MAXIMO or falla.clase not in {f.clase for f in self.fallas}:
            self.fallas.append(falla)


def revisar(
    guardado: Sello | None = None, cabezas: Iterable[Cabeza] = (), llaves: Iterable[str] = ()
) -> Informe:
    """Compare with ``guardado`` and its heads, and with the seals of here; ``llaves``: fingerprints accepted.

    Raises ``SelloIlegible`` where the heads are not those of the seal.
    """
    del_archivo = _del_archivo(guardado, cabezas)
    ultimo = Sello.objects.order_by("-numero").first()
    informe = Informe(guardado, ultimo)
    for falla in _de_la_cadena(informe, set(llaves)):
        informe.anotar(falla)
    for falla in _de_los_certificados():
        informe.anotar(falla)
    if ultimo is None and not del_archivo:
        return informe
    for falla in _de_los_casos(informe, del_archivo):
        informe.anotar(falla)
    # One that was altered has been told, and says nothing that can be held against the rest.
    firmes = [s for s in (guardado, ultimo) if s is not None and s.calcular_huella() == s.huella]
    for sello in {s.numero: s for s in firmes}.values():
        for falla in _de_las_cuentas(sello):
            informe.anotar(falla)
    return informe


def _del_archivo(guardado: Sello | None, cabezas: Iterable[Cabeza]) -> dict[str, tuple[int, str]]:
    arbol, suyas = Arbol(), {}
    for folio, numero, huella in cabezas:
        arbol.agregar(folio, numero, huella)
        suyas[folio] = (numero, huella)
    if suyas and (guardado is None or arbol.raiz != guardado.raiz):
        raise SelloIlegible("Las cabezas del archivo no son las de su sello: está dañado.")
    return suyas


def _de_la_cadena(informe: Informe, aceptadas: set[str]) -> Iterator[Falla]:
    """Every seal from the first to the last, one after the other: none missing, each over the one before."""
    guardado, previo, visto, llaves = informe.guardado, CERO, 0, set()
    propias = {guardado.llave} if guardado else {llave.publica_si_hay()} - {""}
    de_otra: dict[str, int] = {}
    for sello in Sello.objects.order_by("numero").iterator(500):
        visto += 1
        llaves.add(sello.llave)
        informe.dias[sello.numero] = sello.dia
        esta = f"El sello {sello.numero} ({sello.dia:%d/%m/%Y})"
        if sello.numero != visto:
            yield Falla(Dictamen.REESCRITO, f"Falta el sello {visto}.", visto)
            visto = sello.numero
        elif sello.previo != previo:
            yield Falla(Dictamen.REESCRITO, f"{esta} no continúa al anterior.", visto)
        if sello.calcular_huella() != sello.huella:
            yield Falla(Dictamen.REESCRITO, f"{esta} fue alterado.", visto)
        elif not llave.es_su_firma(sello.llave, sello.huella, sello.firma):
            yield Falla(Dictamen.REESCRITO, f"{esta} no lleva una firma que le corresponda.", visto)
        elif guardado and visto == guardado.numero and sello.huella != guardado.huella:
            yield Falla(Dictamen.REESCRITO, f"{esta} no es el que guardaste.", visto)
        if sello.llave not in propias and (guardado is None or visto > guardado.numero):
            de_otra.setdefault(sello.llave, visto)
        previo = sello.huella
    if guardado and guardado.llave not in llaves:
        yield Falla(Dictamen.AJENO, "Ningún sello de aquí lleva la llave del que diste.")
    elif guardado and visto < guardado.numero:
        yield Falla(Dictamen.CORTO, f"Aquí hay {visto} sellos y diste el {guardado.numero}.")
    if guardado or informe.ultimo is None or informe.ultimo.llave in de_otra:
        for otra, numero in de_otra.items():
            if llave.corta(otra) not in aceptadas and otra not in aceptadas:
                dicho = f"Desde el sello {numero} firma otra llave, de huella {llave.corta(otra)}."
                yield Falla(Dictamen.LLAVE, dicho, numero)


def _de_los_certificados() -> Iterator[Falla]:
    """What a third party certified is the digest of its seal, in the row and in what they sent; none is missing."""
    suyos = list(CertificadoDeSello.objects.order_by("sello_id"))
    hechos = HechoDeSeguridad.objects.filter(hecho=Hecho.CERTIFICADO).order_by("numero")
    llegaron = {d.get("sello"): d.get("contenido") for d in hechos.values_list("datos", flat=True)}
    leer = getattr(certificador(), "huella_de", lambda contenido: "")
    de_cual = {s.pk: s for s in Sello.objects.filter(pk__in=[c.sello_id for c in suyos])}
    for suyo in suyos:
        sello = de_cual.get(suyo.sello_id)
        numero = sello.numero if sello else 0
        llego = llegaron.pop(numero, None)
        este = (
            f"El certificado {suyo.pk}, del sello {numero},"
            if numero
            else f"El certificado {suyo.pk}"
        )
        if sello is None:
            yield Falla(Dictamen.REESCRITO, f"{este} es de un sello que no está.")
        elif suyo.huella != sello.huella:
            yield Falla(Dictamen.REESCRITO, f"{este} es de otra huella.", numero)
        elif leer(_bytes(suyo.contenido)) not in ("", suyo.huella):
            yield Falla(Dictamen.REESCRITO, f"{este} no certifica lo que dice.", numero)
        elif llego is None and sello.regla > 1:  # of format 1 the record did not tell
            yield Falla(
                Dictamen.REESCRITO, f"{este} no consta en el registro de seguridad.", numero
            )
        elif llego and llego != hashlib.sha256(_bytes(suyo.contenido)).hexdigest():
            yield Falla(Dictamen.REESCRITO, f"{este} no es el que llegó.", numero)
    for numero in llegaron:
        yield Falla(Dictamen.CORTO, f"Falta el certificado del sello {numero}.")


def _bytes(contenido: bytes | memoryview | str) -> bytes:
    """SQLite keeps in a column whatever somebody put there."""
    return contenido.encode() if isinstance(contenido, str) else bytes(contenido)


def _de_los_casos(informe: Informe, del_archivo: dict[str, tuple[int, str]]) -> Iterator[Falla]:
    guardado, ultimo = informe.guardado, informe.ultimo
    hasta = ultimo.numero if ultimo else 0
    n = min(guardado.numero, hasta) if guardado else hasta
    firme = ultimo is not None and ultimo.calcular_huella() == ultimo.huella
    limite = guardado or (ultimo if firme else None)
    del_guardado, del_ultimo = Arbol(), Arbol()
    for rango, filas in por_tandas():
        hojas = defaultdict(list)
        suyas = HojaDeSello.objects.filter(sello__lte=hasta, **en_rango(rango))
        for folio, sello, numero, huella in suyas.order_by("folio", "sello").values_list(
            "folio", "sello", "numero", "huella"
        ):
            hojas[folio].append((sello, numero, huella))
        eventos = _eventos(rango)
        for folio in sorted(hojas):
            del_ultimo.agregar(folio, *hojas[folio][-1][1:])
            de_antes = [h for h in hojas[folio] if h[0] <= n]
            if de_antes:
                del_guardado.agregar(folio, *de_antes[-1][1:])
        en_el_archivo = {f: del_archivo.pop(f) for f in list(del_archivo) if _esta_en(rango, f)}
        hay = {folio for folio, *_ in filas}
        for folio in sorted(set(hojas) | set(en_el_archivo)):
            todas = list(hojas[folio])
            if guardado and folio in en_el_archivo:
                todas = sorted([*todas, (guardado.numero, *en_el_archivo[folio])])
            if falla := _del_caso(folio, todas, eventos[folio], folio in hay):
                yield falla
        for folio in sorted(hay):
            de_antes = folio in en_el_archivo or any(h[0] <= n for h in hojas[folio])
            if limite and not de_antes and int(folio[8:]) <= limite.folios.get(folio[3:7], 0):
                yield Falla(Dictamen.LARGO, f"{folio}: no estaba cuando se selló.", limite.numero)
    no_dan = "Las cabezas que la base guarda con el sello {} no dan su raíz."
    if ultimo and del_ultimo.raiz != ultimo.raiz:
        yield Falla(Dictamen.REESCRITO, no_dan.format(ultimo.numero))
    if guardado and n == guardado.numero != hasta and del_guardado.raiz != guardado.raiz:
        yield Falla(Dictamen.REESCRITO, no_dan.format(n), n)


@dataclass
class _Estacion:
    """An event where a seal may have found its case, and the heads that it then had."""

    huella: str
    previo: str
    cabezas: set[str]


def _eventos(rango: dict) -> dict[str, dict[int, _Estacion]]:
    """Folio → number → where it stood. Two statements."""
    de_los_casos = en_rango(rango, "caso__folio")
    pruebas = defaultdict(list)
    for evento, huella in Prueba.objects.filter(**de_los_casos).values_list(
        "huella_evento", "huella"
    ):
        pruebas[evento].append(huella)
    eventos: dict[str, dict[int, _Estacion]] = defaultdict(dict)
    suyos = Evento.objects.filter(**de_los_casos)
    for folio, numero, huella, previo in suyos.values_list(
        "caso__folio", "numero", "huella", "previo"
    ).iterator(2000):
        cabezas = {cabeza_de(huella, p) for p in ["", *pruebas[huella]]}
        eventos[folio][numero] = _Estacion(huella, previo, cabezas)
    return eventos


def _esta_en(rango: dict, folio: str) -> bool:
    return rango["gt"] < folio and ("lte" not in rango or folio <= rango["lte"])


def _del_caso(folio: str, hojas: list, eventos: dict[int, _Estacion], hay: bool) -> Falla | None:
    """The first head of a case that it no longer reaches; ``hojas`` by seal."""
    bueno = 0
    for sello, numero, huella in hojas:
        aqui = eventos.get(numero)
        if aqui and huella in aqui.cabezas:
            sigue = eventos.get(numero + 1)
            if sigue and sigue.previo != aqui.huella:
                dicho = f"{folio}: el evento {numero + 1} no continúa lo sellado."
                return Falla(Dictamen.LARGO, dicho, sello)
            bueno = numero
            continue
        if not hay:
            return Falla(
                Dictamen.CORTO, f"{folio}: falta el caso, con {numero} eventos sellados.", sello
            )
        if not aqui:
            hasta = max(eventos, default=0)
            dicho = f"{folio}: falta el evento {numero}, sellado; llega al {hasta}."
            return Falla(Dictamen.CORTO, dicho, sello)
        donde = next((k for k, e in eventos.items() if huella in e.cabezas), 0)
        if donde > numero:
            dicho = f"{folio}: hay {donde - numero} eventos de más antes del sellado, desde el {bueno + 1}."
            return Falla(Dictamen.LARGO, dicho, sello)
        if donde:
            dicho = f"{folio}: faltan {numero - donde} eventos antes del sellado."
            return Falla(Dictamen.CORTO, dicho, sello)
        entre = f"un evento del {bueno + 1} al {numero}" if bueno + 1 < numero else f"el {numero}"
        dicho = f"{folio}: no es lo que se selló: {entre}, o lo que dejó en sus datos."
        return Falla(Dictamen.ALTERADO, dicho, sello)
    return None


def _de_las_cuentas(sello: Sello) -> Iterator[Falla]:
    """The counters never go back, and the record of security still has the fact that was its last."""
    ultimos = Consecutivo.objects.de_casos()
    for anio, folio in sello.folios.items():
        if ultimos.get(int(anio), 0) < folio:
            dicho = f"El contador de folios de {anio} dice {ultimos.get(int(anio), 0)} y se sellaron {folio}."
            yield Falla(Dictamen.CORTO, dicho, sello.numero)
    yield from _de_lo_configurado(sello)
    cabeza = CabezaDeSeguridad.objects.filter(pk=1).values_list("numero", flat=True).first() or 0
    if not sello.hechos:
        return
    hecho = HechoDeSeguridad.objects.filter(numero=sello.hechos).values_list("huella", flat=True)
    if cabeza < sello.hechos or not hecho:
        dicho = f"El registro de seguridad tiene {cabeza} hechos y se sellaron {sello.hechos}."
        yield Falla(Dictamen.CORTO, dicho, sello.numero)
    elif hecho[0] != sello.cabeza_de_hechos:
        dicho = f"Registro de seguridad: un hecho hasta el {sello.hechos} no es el que se selló."
        yield Falla(Dictamen.ALTERADO, dicho, sello.numero)


def _de_lo_configurado(sello: Sello) -> Iterator[Falla]:
    hay = CabezaDeConfiguracion.objects.filter(pk=1).values_list("numero", flat=True).first() or 0
    if not sello.configurado:
        return
    eventos = EventoDeConfiguracion.objects.filter(numero=sello.configurado)
    huella = eventos.values_list("huella", flat=True).first()
    if hay < sello.configurado or not huella:
        dicho = f"La configuración tiene {hay} eventos y se sellaron {sello.configurado}."
        yield Falla(Dictamen.CORTO, dicho, sello.numero)
    elif huella != sello.cabeza_de_configuracion:
        dicho = f"Configuración: un evento hasta el {sello.configurado} no es el que se selló."
        yield Falla(Dictamen.ALTERADO, dicho, sello.numero)


def cabezas_de(sello: Sello) -> Iterator[Cabeza]:
    """The head of each case as of ``sello``, in order: what its text may carry."""
    suyas = HojaDeSello.objects.filter(sello__lte=sello.numero).order_by("folio", "sello")
    anterior = None
    for cabeza in suyas.values_list("folio", "numero", "huella").iterator(2000):
        if anterior and anterior[0] != cabeza[0]:
            yield anterior
        anterior = cabeza
    if anterior:
        yield anterior
