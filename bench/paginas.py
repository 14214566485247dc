"""What is measured: each page of the product, and the floor's page of the same kind.

An action is what a round asks of a client, given the round's number; it returns the one answer that
is timed. Nothing is known of the product but its tables, its addresses and the names of its fields.
"""

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from .cliente import Cliente, Fallo, Respuesta, leer_formulario

Accion = Callable[[Cliente, int], Respuesta]
CLIENTES = 8  # cases that a step changes are dealt out among so many
FILAS = {"tiene": r"/casos/SV-\d{4}-\d{6}/", "veces": 25}
FILAS_DEL_PISO = {"tiene": r"/registros/R-\d{7}/", "veces": 25}


@dataclass(frozen=True)
class Pagina:
    clave: str
    titulo: str
    quien: str
    piso: str  # the floor's page of the same kind
    limite: float | None = None  # the ratio to reach on PostgreSQL


PAGINAS = (
    Pagina("lista", "Casos, first page", "ventas", "lista", 3),
    Pagina("filtrada", "Casos, filtered by state", "ventas", "filtrada", 3),
    Pagina("en_medio", "Casos, a page in the middle", "ventas", "en_medio", 3),
    Pagina("folio", "Casos, search: a folio", "ventas", "folio", 3),
    Pagina("palabra", "Casos, search: a common word", "ventas", "palabra", 3),
    Pagina("pendientes", "Mis pendientes", "ventas", "pendientes", 3.5),
    Pagina("cerrado", "A case, closed", "ventas", "cerrado", 4),
    Pagina("abierto", "A case, open, form of `analizar`", "ventas", "abierto", 5),
    Pagina("por_presentar", "A case, open, form of `presentar`", "ventas", "abierto", 5),
    Pagina("contacto", "Step by POST: `registrar_contacto`", "ventas", "anotar", 4),
    Pagina("presentar", "Step by POST: `presentar`", "ventas", "anotar", 4),
    Pagina("volver", "Step by POST: `volver_a_presentar`", "ventas", "anotar", 4),
)
# With ``--todas``: nobody promised these; each beside the floor's nearest kind.
OTRAS = (
    Pagina("pendientes_ger", "Mis pendientes", "gerente", "pendientes"),
    Pagina("pendientes_fin", "Mis pendientes", "finanzas", "pendientes"),
    Pagina("pendientes_ac", "Mis pendientes", "atencion", "pendientes"),
    Pagina("lista_ger", "Casos, first page", "gerente", "lista"),
    Pagina("lista_fin", "Casos, first page", "finanzas", "lista"),
    Pagina("en_medio_fin", "Casos, a page in the middle", "finanzas", "en_medio"),
    Pagina("antiguos", "Casos, oldest first", "ventas", "lista"),
    Pagina("vence", "Casos, open by due date", "ventas", "filtrada"),
    Pagina("vencidos", "Casos, overdue", "ventas", "filtrada"),
    Pagina("mios", "Casos, mine and open", "ventas", "filtrada"),
    Pagina("tocan", "Casos, my move", "ventas", "filtrada"),
    Pagina("resultado", "Casos, by result and type", "ventas", "filtrada"),
    Pagina("area", "Casos, by area", "ventas", "filtrada"),
    Pagina("area_rara", "Casos, by area and a rare state", "ventas", "filtrada"),
    Pagina("un_mes", "Casos, a month ten months ago", "ventas", "filtrada"),
    Pagina("rfc", "Casos, search: an RFC", "ventas", "palabra"),
    Pagina("nada", "Casos, search: nothing found", "ventas", "palabra"),
    Pagina("nada_fin", "Casos, search: nothing found", "finanzas", "palabra"),
    Pagina("clientes", "Clientes", "ventas", "lista"),
    Pagina("cliente", "A client", "ventas", "cerrado"),
    Pagina("correos", "Correos enviados", "ventas", "lista"),
    Pagina("correos_fin", "Correos enviados", "finanzas", "lista"),
    Pagina("nuevo", "Registrar solicitud, the page", "ventas", "abierto"),
    Pagina("analizar", "The page of `analizar`", "ventas", "abierto"),
    Pagina("procedimiento", "Instrucción de trabajo", "ventas", "lista"),
    Pagina("tablero", "Tablero, this month", "gerente", "pendientes", 8),
    Pagina("tablero_persona", "Tablero, motives by person", "gerente", "pendientes", 8),
    Pagina("tablero_fin", "Tablero, this month", "finanzas", "pendientes", 8),
    Pagina("tablero_anio", "Tablero, this year", "gerente", "pendientes"),
)


def ver(*rutas: str, tiene: str = "", veces: int = 1) -> Accion:
    """Ask for one address after the other; raises ``Fallo`` where the page shows ``tiene`` less often."""

    def pedir(cliente: Cliente, turno: int) -> Respuesta:
        respuesta = cliente.ver(rutas[turno % len(rutas)])
        if tiene and turno == 0 and len(re.findall(tiene, respuesta.html)) < veces:
            raise Fallo(f"{respuesta.ruta} does not show «{tiene}» {veces} times.")
        return respuesta

    return pedir


def _paso(cliente: Cliente, ruta: str, tras: str, **valores) -> Respuesta:
    """Open the page of a form, send it filled in, follow its redirect: the POST alone is timed.

    ``tras`` is a field that the form has; ``valores`` what a person types.
    """
    formulario = leer_formulario(cliente.ver(ruta), tras)
    hecha = cliente.enviar(formulario.accion, formulario.lleno(**valores), ruta)
    cliente.ver(hecha.destino)
    return hecha


def _repartidos(filas: list, clientes: int, maximo: int, que: str) -> list:
    """Up to ``maximo``, evenly spread, as many to each client."""
    if len(filas) < clientes:
        raise Fallo(f"There are {len(filas)} {que}; {clientes} are needed: sow more cases.")
    cuantas = min(maximo, len(filas)) // clientes * clientes
    return [filas[k * len(filas) // cuantas] for k in range(cuantas)]


# -- the product -----------------------------------------------------------------------------------


class Producto:
    """The actions of a checkout, over what its database holds."""

    def __init__(self, bases, nombre: str, clientes: int = CLIENTES):
        self._bases, self._nombre, self._clientes = bases, nombre, clientes
        self._estados = {}  # of what is presented and taken back, as this run left it

    def _todo(self, sql: str, *valores) -> list:
        return [fila[0] for fila in self._bases.preguntar(self._nombre, sql, *valores)]

    def _uno(self, sql: str, *valores):
        return self._todo(sql, *valores)[0]

    def _suyos(self, *estados: str, maximo: int = 64, para: int = 0) -> list[str]:
        """Folios of what ``ventas`` leads in the first of ``estados`` that has enough; their contract was
        changed by no other case since."""
        sql = (
            "SELECT folio FROM casos_caso c LEFT JOIN casos_contrato k ON k.id = c.contrato_id"
            " WHERE c.estado = ? AND coalesce(k.version = c.version_contrato, true)"
            " AND c.responsable_id = (SELECT id FROM casos_usuario WHERE username = 'ventas')"
            " ORDER BY c.id"
        )
        para = para or self._clientes
        for estado in estados:
            if len(filas := self._todo(sql, estado)) >= para:
                break
        return _repartidos(filas, para, maximo, f"cases of ventas in {estado}")

    def acciones(self) -> dict[str, Accion]:
        total = self._uno("SELECT count(*) FROM casos_caso")
        medio = self._uno("SELECT id FROM casos_caso ORDER BY id LIMIT 1 OFFSET ?", total // 2)
        folios = self._todo("SELECT folio FROM casos_caso ORDER BY id")
        algunos = _repartidos(folios, 1, 64, "cases")
        cerrados = self._todo(
            "SELECT folio FROM casos_caso WHERE estado = 'CERRADO' AND resultado = 'MODIFICADO' ORDER BY id"
        )
        cerrados = _repartidos(cerrados, 1, 64, "closed cases")
        por_contactar = self._suyos("EN_ANALISIS")
        # So many that none gets versions that no real one has.
        presentados = self._suyos("EN_RESPUESTA", "EN_PROPUESTA", maximo=240)
        por_presentar = self._suyos("EN_PROPUESTA", para=1)
        return {
            "lista": ver("/casos/", **FILAS),
            "filtrada": ver("/casos/?estado=EN_ANALISIS", **FILAS),
            "en_medio": self._en_medio(medio),
            "folio": ver(*(f"/casos/?q={f}" for f in algunos), tiene=algunos[0]),
            "palabra": ver("/casos/?q=tarifa", **FILAS),
            "pendientes": ver("/", tiene="/casos/SV-"),
            "cerrado": ver(*(f"/casos/{f}/" for f in cerrados), tiene=cerrados[0]),
            "abierto": ver(
                *(f"/casos/{f}/" for f in self._suyos("EN_CONTACTO", para=1)), tiene="/analizar/"
            ),
            "por_presentar": ver(*(f"/casos/{f}/" for f in por_presentar), tiene="/presentar/"),
            "contacto": lambda c, n: _contactar(c, por_contactar[n % len(por_contactar)]),
            "volver": lambda c, n: self._volver(c, presentados[n % len(presentados)]),
            "presentar": lambda c, n: self._presentar(c, presentados[n % len(presentados)]),
        }

    def otras(self) -> dict[str, Accion]:
        cliente, rfc = self._bases.preguntar(
            self._nombre,
            "SELECT id, rfc FROM casos_cliente WHERE length(rfc) = 12 AND EXISTS"
            " (SELECT 1 FROM casos_caso WHERE cliente_id = casos_cliente.id) ORDER BY id DESC LIMIT 1",
        )[0]
        area = self._uno("SELECT id FROM casos_area WHERE codigo = 'FIN'")
        tipo = self._uno("SELECT tiporequerimiento_id FROM casos_caso_tipos ORDER BY id LIMIT 1")
        medio = self._uno("SELECT max(id) / 2 FROM casos_caso")
        mes = date.today() - timedelta(days=300)
        consultas = {
            "antiguos": "orden=antiguos",
            "vence": "estado=ABIERTOS&orden=vence",
            "vencidos": "vencidos=on&orden=vence",
            "mios": "estado=ABIERTOS&mios=on&orden=vence",
            "tocan": "tocan=on",
            "resultado": f"resultado=NO_AJUSTABLE&tipo={tipo}",
            "area": f"area={area}",
            "area_rara": f"area={area}&estado=POR_INFORMAR",
            "un_mes": f"desde={mes}&hasta={mes + timedelta(days=30)}",
            "rfc": f"q={rfc}",
            "nada": "q=zzzzqq",
            "nada_fin": "q=zzzzqq",
        }
        return {clave: ver(f"/casos/?{consulta}") for clave, consulta in consultas.items()} | {
            "pendientes_ger": ver("/"),
            "pendientes_fin": ver("/"),
            "pendientes_ac": ver("/"),
            "lista_ger": ver("/casos/"),
            "lista_fin": ver("/casos/"),
            "en_medio_fin": self._en_medio(medio),
            "clientes": ver("/clientes/"),
            "cliente": ver(f"/clientes/{cliente}/"),
            "correos": ver("/avisos/"),
            "correos_fin": ver("/avisos/"),
            "nuevo": ver("/casos/nuevo/"),
            "analizar": ver(*(f"/casos/{f}/analizar/" for f in self._suyos("EN_CONTACTO", para=1))),
            "procedimiento": ver("/procedimiento/"),
            "tablero": ver("/tablero/", tiene="/casos/[?]"),
            "tablero_persona": ver("/tablero/?por=persona", tiene="/casos/[?]"),
            "tablero_fin": ver("/tablero/", tiene="/casos/[?]"),
            "tablero_anio": ver(
                f"/tablero/?desde={date.today().year}-01-01&hasta={date.today().year}-12-31"
            ),
        }

    # Each case is presented and taken back in turn, so that they never run out.

    def _presentar(self, cliente: Cliente, folio: str) -> Respuesta:
        if self._estado(folio) == "EN_RESPUESTA":
            self._volver(cliente, folio)
        self._estados[folio] = "EN_RESPUESTA"
        return _paso(cliente, f"/casos/{folio}/presentar/", "version", como="TELEFONO")

    def _volver(self, cliente: Cliente, folio: str) -> Respuesta:
        if self._estado(folio) == "EN_PROPUESTA":
            self._presentar(cliente, folio)
        self._estados[folio] = "EN_PROPUESTA"
        motivo = "Pide verla otra vez."
        return _paso(cliente, f"/casos/{folio}/volver_a_presentar/", "version", motivo=motivo)

    def _estado(self, folio: str) -> str:
        if folio not in self._estados:
            self._estados[folio] = self._uno("SELECT estado FROM casos_caso WHERE folio = ?", folio)
        return self._estados[folio]

    def _en_medio(self, pk: int) -> Accion:
        """A page of keys is asked for as the list's own link asks, its key exchanged."""
        hecha = {}

        def pedir(cliente: Cliente, turno: int) -> Respuesta:
            if not hecha:
                sigue = re.search(r"despues=([\w-]+)", cliente.ver("/casos/").html)
                if not sigue:
                    raise Fallo("/casos/ has no next page.")
                crudo = base64.urlsafe_b64decode(sigue[1] + "=" * (-len(sigue[1]) % 4)).decode()
                crudo = re.sub(r"\d+$", str(pk), crudo)
                ficha = base64.urlsafe_b64encode(crudo.encode()).decode().rstrip("=")
                hecha["ver"] = ver(f"/casos/?despues={ficha}", **FILAS)
                hecha["ver"](cliente, 0)
            return hecha["ver"](cliente, turno)

        return pedir


def _contactar(cliente: Cliente, folio: str) -> Respuesta:
    return _paso(
        cliente,
        f"/casos/{folio}/registrar_contacto/",
        "version",
        medio="TELEFONO",
        resumen="Pregunta cómo va; le dijimos cuándo tendrá respuesta.",
        proxima_accion="Llamarle con lo que digan las áreas",
    )


# -- the floor -------------------------------------------------------------------------------------


class Piso:
    """The same kinds of page of the bare project."""

    def __init__(self, bases, nombre: str):
        self._bases, self._nombre = bases, nombre

    def _folios(self, donde: str, maximo: int = 64) -> list[str]:
        filas = self._bases.preguntar(
            self._nombre, f"SELECT folio FROM piso_registro WHERE {donde} ORDER BY id"
        )
        return _repartidos([f[0] for f in filas], CLIENTES, maximo, "rows of the floor")

    def acciones(self) -> dict[str, Accion]:
        total = self._bases.preguntar(self._nombre, "SELECT count(*) FROM piso_registro")[0][0]
        folios = self._folios("1 = 1")
        cerrados = self._folios("estado = 'CERRADO'")
        suyos = "estado <> 'CERRADO' AND responsable_id = (SELECT id FROM auth_user WHERE username = 'ventas')"
        abiertos = self._folios(suyos)
        return {
            "lista": ver("/registros/", **FILAS_DEL_PISO),
            "filtrada": ver("/registros/?estado=EN_CURSO", **FILAS_DEL_PISO),
            "en_medio": ver(f"/registros/?despues={total // 2}", **FILAS_DEL_PISO),
            "folio": ver(*(f"/registros/?q={f}" for f in folios), tiene=folios[0]),
            "palabra": ver("/registros/?q=tarifa", **FILAS_DEL_PISO),
            "pendientes": ver("/", **FILAS_DEL_PISO),
            "cerrado": ver(*(f"/registros/{f}/" for f in cerrados), tiene="<li>", veces=10),
            "abierto": ver(*(f"/registros/{f}/" for f in abiertos), tiene='name="version"'),
            "anotar": lambda c, n: _anotar(c, abiertos[n % len(abiertos)]),
        }


def _anotar(cliente: Cliente, folio: str) -> Respuesta:
    return _paso(cliente, f"/registros/{folio}/", "version", texto="Se habló con el cliente.")
