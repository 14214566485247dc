"""Honest people: they open the page, fill it in, press, and press again where the answer did not come.

They walk a case from 7.1 to its end, over HTTP alone, and write down what they saw on the way.
"""

import gzip
import http.client
import re
import threading
import time
import uuid
from dataclasses import dataclass, field
from datetime import date, timedelta
from html import unescape
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from bench.cliente import Fallo, Formulario, Respuesta, leer_formulario
from casos.archivos.disco import SIN_LUGAR

from .procesos import ANFITRION

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
PACIENCIA = 180  # seconds that a person goes on pressing
ENTRADA = "/cuenta/login/"


@dataclass
class Paso:
    """One press that was answered in the end."""

    ficha: str
    accion: str
    veces: int


@dataclass
class Visto:
    """What somebody got instead of the page they asked for."""

    que: str
    accion: str
    cuando: float


@dataclass
class Cuaderno:
    """What all of them have written down."""

    pasos: list[Paso] = field(default_factory=list)
    visto: list[Visto] = field(default_factory=list)
    casos: list[str] = field(default_factory=list)  # walked to the end
    cortes: threading.Event = field(
        default_factory=threading.Event
    )  # they cut their own connections


class Persona:
    """A browser: cookies, and a form read as a browser does."""

    def __init__(self, puerto: int, nombre: str, cuaderno: Cuaderno):
        self.puerto, self.nombre, self.cuaderno = puerto, nombre, cuaderno
        self.cookies: dict[str, str] = {}

    def entrar(self):
        formulario = leer_formulario(self.ver(ENTRADA), "login")
        datos = formulario.lleno(login=self.nombre, password="demo")
        self._insistir(
            "entrar", lambda: self._pedir("POST", ENTRADA, urlencode(datos).encode()), 302
        )

    def ver(self, ruta: str) -> Respuesta:
        return self._insistir("ver", lambda: self._pedir("GET", ruta), 200)

    def enviar(self, accion: str, formulario: Formulario, archivo: bytes = b"", **valores) -> str:
        """Press until it is answered; returns where it leads."""
        datos = formulario.lleno(**valores)
        tipo, cuerpo = "application/x-www-form-urlencoded", urlencode(datos, doseq=True).encode()
        if archivo:
            tipo, cuerpo = _en_partes(datos, archivo)
        veces = 0

        def apretar():
            nonlocal veces
            veces += 1
            corta = self.cuaderno.cortes.is_set() and veces == 1
            return self._pedir("POST", formulario.accion, cuerpo, tipo, corta=corta)

        respuesta = self._insistir(accion, apretar, 302)
        self.cuaderno.pasos.append(Paso(datos["ficha"], accion, veces))
        return respuesta.destino

    def _insistir(self, accion: str, pide, esperado: int) -> Respuesta:
        fin = time.monotonic() + PACIENCIA
        while True:
            try:
                respuesta = pide()
                if respuesta.estado == esperado and ENTRADA not in respuesta.destino:
                    return respuesta
                if respuesta.estado == 302 and ENTRADA in respuesta.destino:
                    self.entrar()
                    continue
                dicho = f"{respuesta.estado} «{_titulo(respuesta)}»"
                if respuesta.estado == 422 and SIN_LUGAR in unescape(_html(respuesta)):
                    dicho = f"422 «{SIN_LUGAR}»"
                elif respuesta.estado < 500:
                    raise Fallo(
                        f"{self.nombre}, {accion}, {respuesta.ruta}: {dicho}\n{_texto(respuesta)}"
                    )
            except ConnectionRefusedError:
                dicho = "connection refused"
            except TimeoutError:
                dicho = "no answer in 45 s"
            except (OSError, http.client.HTTPException, EOFError):
                dicho = "connection cut"
            self.cuaderno.visto.append(Visto(dicho, accion, time.monotonic()))
            if time.monotonic() > fin:
                raise Fallo(f"{self.nombre}, {accion}: {dicho} durante {PACIENCIA} s.")
            time.sleep(0.3)

    def _pedir(
        self, metodo, ruta, cuerpo=None, tipo="application/x-www-form-urlencoded", corta=False
    ):
        conexion = http.client.HTTPConnection(ANFITRION, self.puerto, timeout=45)
        try:
            origen = f"http://{ANFITRION}:{self.puerto}"
            cabeceras = {
                "Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()),
                "Accept-Encoding": "gzip",
            }
            if cuerpo is not None:
                cabeceras |= {"Content-Type": tipo, "Origin": origen, "Referer": origen + ruta}
            inicio = time.perf_counter()
            conexion.request(metodo, ruta, cuerpo, cabeceras)
            if corta:
                raise ConnectionResetError("se cortó antes de leer la respuesta")
            r = conexion.getresponse()
            leido = r.read()
        finally:
            conexion.close()
        for cabecera in r.headers.get_all("Set-Cookie") or ():
            for nombre, dado in SimpleCookie(cabecera).items():
                self.cookies[nombre] = dado.coded_value
        comprimido = r.headers.get("Content-Encoding") == "gzip"
        ms = (time.perf_counter() - inicio) * 1000
        return Respuesta(r.status, ms, leido, ruta, r.headers.get("Location", ""), comprimido)


def _en_partes(datos: dict, archivo: bytes) -> tuple[str, bytes]:
    raya = f"aguante-{uuid.uuid4().hex}"
    planos = [(k, v) for k, vs in datos.items() for v in (vs if isinstance(vs, list) else [vs])]
    partes = [
        f'--{raya}\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n'.encode()
        for n, v in planos
    ]
    cabeza = (
        f'--{raya}\r\nContent-Disposition: form-data; name="archivo"; filename="minuta.pdf"\r\n\r\n'
    )
    fin = f"\r\n--{raya}--\r\n".encode()
    return f"multipart/form-data; boundary={raya}", b"".join(
        [*partes, cabeza.encode(), archivo, fin]
    )


def _titulo(respuesta: Respuesta) -> str:
    hallado = re.search(r"<h1[^>]*>(.*?)</h1>", _html(respuesta), re.S)
    return (
        " ".join(unescape(re.sub(r"<[^>]+>", " ", hallado[1])).split()) if hallado else "sin título"
    )


def _html(respuesta: Respuesta) -> str:
    crudo = gzip.decompress(respuesta.cuerpo) if respuesta.comprimido else respuesta.cuerpo
    return crudo.decode(errors="replace")


def _texto(respuesta: Respuesta) -> str:
    principal = re.search(r"<main.*?</main>", _html(respuesta), re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", principal[0] if principal else "").split())[:1500]


# -- a case --------------------------------------------------------------------------------------------


@dataclass
class Equipo:
    """Those who walk cases together, each with their own browser."""

    puerto: int
    cuaderno: Cuaderno
    cliente: int
    contrato: int

    def __post_init__(self):
        nombres = ("ventas", "gerente", "finanzas", "juridico", "nominas")
        self.gente = {n: Persona(self.puerto, n, self.cuaderno) for n in nombres}

    def entrar(self):
        for persona in self.gente.values():
            persona.entrar()

    def caminar(self, archivo: bytes = PDF) -> str:
        """7.1 to the end: two opinions, two adjustments; returns the folio."""
        ventas, gerente = self.gente["ventas"], self.gente["gerente"]
        nuevo = ventas.ver(f"/casos/nuevo/?cliente={self.cliente}&contrato={self.contrato}")
        form = leer_formulario(nuevo, "solicitud")
        valores = {
            "canal": "TELEFONO",
            "contrato": self.contrato,
            "solicitud": "Pide bajar la tarifa.",
            "asignacion": "",
        }
        if not form.datos.get("persona"):
            valores["persona"] = _opcion(nuevo, "persona")
        form.accion = "/casos/nuevo/"
        destino = ventas.enviar("registrar", form, **valores)
        self.folio = re.search(r"SV-\d{4}-\d{6}", destino)[0]
        self._dar(gerente, "asignar", responsable=_opcion_de(gerente, self.folio, "Ventas|Mariana"))
        self._dar(
            ventas, "contactar", archivo, medio="TELEFONO", resumen="Hablamos de la tarifa.",
            proxima_accion="Consultar a las áreas", proxima_fecha=_en(2),
        )  # fmt: skip
        pagina = ventas.ver(f"/casos/{self.folio}/analizar/")
        consulta = {"tipos": [_primera(pagina, "tipos")], "solicitado_tarifa": "14000"}
        for area in ("FIN", "JUR"):
            consulta |= {f"area_{area}": "on", f"pregunta_{area}": "¿Es posible?"}
        self._dar(ventas, "analizar", **consulta)
        for area in ("finanzas", "juridico"):
            self._dar_en(self.gente[area], "opinar", sentido="A_FAVOR", fundamento="Cabe.")
        self._dar(
            ventas, "declarar_viable", alternativa="Bajar la tarifa.", decision_tarifa="OTRO",
            fundamento="Las áreas están a favor.", propuesto_tarifa="14000",
        )  # fmt: skip
        self._dar(ventas, "presentar", como="TELEFONO")
        vigor = _en(20)
        acepta = {"medio": "TELEFONO", "vigor_fecha": vigor}
        for area in ("JUR", "NOM"):
            acepta |= {
                f"ajuste_{area}": "on",
                f"que_{area}": "Aplicar la tarifa.",
                f"aviso_{area}": "CORREO",
            }
        self._dar(ventas, "aceptar", **acepta)
        hecho = {"respuesta": "Quedó aplicado.", "vigor_fecha": vigor}
        self._dar_en(self.gente["juridico"], "confirmar_ajuste", **hecho, convenio="NO")
        periodo = {"periodo_inicio": vigor, "periodo_fin": _en(34)}
        self._dar_en(self.gente["nominas"], "confirmar_ajuste", **hecho, **periodo)
        self._dar(ventas, "cerrar_modificado", medio="TELEFONO")
        self.cuaderno.casos.append(self.folio)
        return self.folio

    def anotar(self, nota: str) -> None:
        self._dar(self.gente["ventas"], "anotar", nota=nota)

    def _dar(self, persona: Persona, accion: str, archivo: bytes = b"", **valores):
        ruta = f"/casos/{self.folio}/{accion}/"
        self._llenar(persona, accion, ruta, archivo, valores)

    def _dar_en(self, persona: Persona, accion: str, **valores):
        """The act on its row: where the case's page leads."""
        pagina = persona.ver(f"/casos/{self.folio}/")
        ruta = re.search(rf"/casos/{self.folio}/{accion}/\d+/", _html(pagina))
        if ruta is None:
            raise Fallo(f"{persona.nombre} no ve cómo {accion} en {self.folio}: {_texto(pagina)}")
        self._llenar(persona, accion, ruta[0], b"", valores)

    def _llenar(self, persona, accion, ruta, archivo, valores):
        form = leer_formulario(persona.ver(ruta), "ficha")
        form.accion = ruta
        persona.enviar(accion, form, archivo, **valores)


def _en(dias: int) -> str:
    return (date.today() + timedelta(days=dias)).isoformat()


def _opcion(pagina: Respuesta, nombre: str, dice: str = "") -> str:
    lista = re.search(rf'<select[^>]*name="{nombre}".*?</select>', _html(pagina), re.S)
    if lista is None:
        return _primera(pagina, nombre)
    return re.search(rf'value="(\d+)"[^>]*>[^<]*(?:{dice})', lista[0])[1]


def _primera(pagina: Respuesta, nombre: str) -> str:
    return re.search(
        rf'name="{nombre}"[^>]*value="(\d+)"|value="(\d+)"[^>]*name="{nombre}"', _html(pagina)
    )[1]


def _opcion_de(persona: Persona, folio: str, dice: str) -> str:
    return _opcion(persona.ver(f"/casos/{folio}/asignar/"), "responsable", dice)
