"""One row of open cases, read cell by cell: what is wrong of each, and what the door would be given. No writes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from casos import direcciones, telefonos
from casos.fechas import COMO_FECHA
from casos.formularios.importar import QuePasaConElContrato
from casos.models import Cliente, Contrato, PersonaContacto, TipoRequerimiento, Usuario
from casos.pasos.asignacion import ASIGNAR_AHORA
from casos.pasos.traer import TraerForm
from casos.rfc import GENERICOS, avisos_de_rfc, normalizar_rfc, validar_rfc
from casos.textos import igual

from .columnas_de_casos import (
    ACCION,
    ACCION_FECHA,
    CANAL,
    CLIENTE,
    CONTRATO,
    CORREO,
    DESDE,
    DONDE_VA,
    ESPERA,
    PERSONA,
    PUESTO,
    RECIBIDO,
    REFERENCIA,
    RESPONSABLE,
    RFC,
    SERVICIO,
    SOLICITUD,
    TELEFONO,
    TIPOS,
    canal_de,
)
from .lo_que_nombra import Dudoso
from .renglones import (
    Comparada,
    Fallo,
    Fila,
    como_fecha,
    fecha_de,
    linea_de,
    momento_de,
    nombre_de,
    texto_de,
)

if TYPE_CHECKING:
    from .de_casos import ImportadorDeCasos

# Nothing is created unless a person says so.
NO_ESTA = "No está en Clientes. Si es nuevo, marca arriba «Dar de alta los clientes que falten»."
NO_HAY_CONTRATO = "No está ese contrato. Elige arriba qué se hace con los contratos que falten."
NO_HAY_PERSONA = "Falta con quién se habla."


class RenglonDeCaso:
    """A row read cell by cell: what is wrong of each, and what the door would be given."""

    cliente: Cliente
    contrato: Contrato | None = None
    persona: PersonaContacto | None = None

    def __init__(self, importador: ImportadorDeCasos, fila: Fila, hecha: Comparada):
        self.de, self.fila, self.hecha = importador, fila, hecha
        self.fallos: list[Fallo] = []
        self.datos: dict[str, Any] = {}
        self.es_nuevo = False  # the client
        self.hay_cliente = False
        self.recibido: datetime | None = None

    def leer(self) -> None:
        if self._contrato_que_hay() and not self.fila.dice(CLIENTE):
            self._poner_cliente(self.de.cartera.de_clave.get(self.contrato.cliente_id))
        else:
            self._cliente()
        if self.hay_cliente:
            self._contrato()
            self._persona()
        self._la_solicitud()
        self._quien_lo_lleva()

    # -- cells -----------------------------------------------------------------------------------

    def fallar(self, columna: str, motivo: str) -> None:
        self.fallos.append((columna, como_fecha(self.fila.dice(columna)), motivo))

    def fallos_de(self, *columnas: str) -> bool:
        return any(c in columnas for c, _, _ in self.fallos)

    def celda(self, columna: str, leer: Callable[[str], Any], falta: str = "") -> Any:
        """What it says, or ``None``; what is wrong stands beside it."""
        texto = self.fila.dice(columna)
        if not texto:
            if falta:
                self.fallar(columna, falta)
            return None
        try:
            return leer(texto)
        except ValidationError as error:
            self.fallar(columna, _frase(" ".join(error.messages)))
        except (Dudoso, ValueError) as error:
            self.fallar(columna, str(error))
        return None

    def contar(self, columna: str, valor: str, como: str = "") -> None:
        """What stays of a cell, as the preview tells it: new, or already there."""
        self.hecha.cambios.append([columna, como, valor])

    # -- client, contract, person ------------------------------------------------------------------

    def _contrato_que_hay(self) -> Contrato | None:
        self.contrato = self.de.cartera.contratos.get(igual(self.fila.dice(CONTRATO)))
        return self.contrato

    def _poner_cliente(self, cliente: Cliente | None) -> None:
        if cliente is None:
            self.fallar(CONTRATO, "Es de un cliente que ya no está activo.")
            return
        self.cliente, self.hay_cliente = cliente, True
        self.datos["cliente"] = str(cliente.pk or "")
        self.contar(CLIENTE, cliente.razon_social, "Ya está")

    def _cliente(self) -> None:
        nombre = self.celda(CLIENTE, nombre_de(300), "Falta el cliente.")
        if nombre is None:
            return
        try:
            hallado = self.de.cartera.cliente(nombre, self.fila.dice(RFC))
        except Dudoso as duda:
            self.fallar(CLIENTE, str(duda))
            return
        if hallado is None:
            self._cliente_nuevo(nombre)
            return
        self._poner_cliente(hallado)
        suyos = (igual(hallado.razon_social), igual(hallado.nombre_comercial))
        if igual(nombre) not in suyos and normalizar_rfc(nombre) != hallado.rfc:
            self.hecha.avisos.append(f"«{nombre}» se toma como «{hallado.razon_social}».")
        if hallado.pk is None:
            self._nuevo_en_la_puerta(hallado)

    def _cliente_nuevo(self, nombre: str) -> None:
        if not self.de.con_clientes:
            self.fallar(CLIENTE, NO_ESTA)
            return
        rfc = self.celda(RFC, validar_rfc) or ""
        if _parece_rfc(nombre):
            self.fallar(CLIENTE, "Es un RFC que no está en Clientes: escribe la razón social.")
            return
        self.cliente, self.es_nuevo, self.hay_cliente = (
            Cliente(razon_social=nombre, rfc=rfc),
            True,
            True,
        )
        self.contar(CLIENTE, nombre, "Nuevo")
        self.hecha.avisos += avisos_de_rfc(rfc)
        self._nuevo_en_la_puerta(self.cliente)

    def _nuevo_en_la_puerta(self, cliente: Cliente) -> None:
        self.datos |= {
            "cliente": "",
            "cliente_razon_social": cliente.razon_social,
            "cliente_rfc": cliente.rfc,
        }

    def _contrato(self) -> None:
        numero = self.celda(CONTRATO, nombre_de(40))
        if numero is None:
            return
        if self.contrato is not None:
            self._el_que_hay(self.contrato)
        elif self.de.con_contratos == QuePasaConElContrato.SIN:
            self.hecha.avisos.append(f"El contrato {numero} no está: el caso entra sin contrato.")
        elif self.de.con_contratos == QuePasaConElContrato.ALTA:
            self._contrato_nuevo(numero)
        else:
            self.fallar(CONTRATO, NO_HAY_CONTRATO)

    def _el_que_hay(self, contrato: Contrato) -> None:
        de_quien = self.de.cartera.de_clave.get(contrato.cliente_id)
        if contrato.cliente_id:
            es_suyo = contrato.cliente_id == self.cliente.pk
        else:
            es_suyo = contrato.cliente is self.cliente  # both of a row above
        if not es_suyo:
            otro = de_quien.razon_social if de_quien else "otro cliente"
            self.fallar(CONTRATO, f"Es de «{otro}», no de este cliente.")
        elif contrato.esta_terminado:
            self.fallar(CONTRATO, "Ya terminó: no se renegocia.")
        else:
            self.contar(CONTRATO, contrato.numero, "Ya está")
            if otro := self.de.ya_estan.abierto_del(contrato):
                self.hecha.avisos.append(f"Ese contrato ya tiene un caso abierto: {otro}.")
            self.datos["contrato"] = contrato.pk

    def _contrato_nuevo(self, numero: str) -> None:
        servicio = self.celda(SERVICIO, linea_de(160), "Hace falta para dar de alta el contrato.")
        desde = self.celda(DESDE, fecha_de, "Hace falta para dar de alta el contrato.")
        if self.cliente.rfc in GENERICOS:
            self.fallar(CONTRATO, "El RFC genérico no sirve para un cliente con contrato.")
        if servicio is None or desde is None:
            return
        self.contrato = Contrato(
            numero=numero, cliente=self.cliente, servicio=servicio, desde_fecha=desde
        )
        self.contar(CONTRATO, numero, "Nuevo")
        self.contar(SERVICIO, servicio)
        self.contar(DESDE, f"{desde:%d/%m/%Y}")
        self.datos |= {
            "contrato_numero": numero,
            "contrato_servicio": servicio,
            "contrato_desde": desde,
        }

    def _persona(self) -> None:
        nombre = self.celda(PERSONA, nombre_de(120))
        if nombre is None and self.fallos_de(PERSONA):
            return
        conocido = not self.es_nuevo
        try:
            self.persona = self.de.cartera.persona(self.cliente, nombre or "") if conocido else None
        except Dudoso as duda:
            self.fallar(PERSONA, str(duda))
            return
        if self.persona is not None:
            self.contar(PERSONA, self.persona.nombre, "Ya está")
            if not nombre:
                self.hecha.avisos.append(f"No dice con quién: se toma a {self.persona.nombre}.")
            self._lo_que_ya_tiene(self.persona)
            self._a_la_puerta(self.persona)
            return
        if nombre is None:
            varias = conocido and self.de.cartera.con_contacto(self.cliente)
            self.fallar(
                PERSONA, "Di con cuál de sus personas se habla." if varias else NO_HAY_PERSONA
            )
            return
        self.persona = PersonaContacto(
            cliente=self.cliente,
            nombre=nombre,
            puesto=self.celda(PUESTO, linea_de(80)) or "",
            telefono=self.celda(TELEFONO, telefonos.leer) or "",
            correo=self.celda(CORREO, direcciones.leer) or "",
        )
        self.contar(PERSONA, nombre, "Nueva")
        de_ella = (
            (PUESTO, self.persona.puesto),
            (TELEFONO, telefonos.mostrar(self.persona.telefono)),
        )
        for columna, valor in (*de_ella, (CORREO, self.persona.correo)):
            if valor:
                self.contar(columna, valor)
        self._a_la_puerta(self.persona)

    def _a_la_puerta(self, persona: PersonaContacto) -> None:
        if persona.pk:
            self.datos["persona"] = persona.pk
            return
        campos = ("nombre", "puesto", "telefono", "correo")
        self.datos |= {f"persona_{c}": getattr(persona, c) for c in campos}

    def _lo_que_ya_tiene(self, persona: PersonaContacto) -> None:
        suyos = ((PUESTO, persona.puesto, linea_de(80)), (TELEFONO, persona.telefono, telefonos.leer),
                 (CORREO, persona.correo, direcciones.leer))  # fmt: skip
        for columna, actual, leer in suyos:
            dice = self.celda(columna, leer)
            if dice and igual(dice) != igual(actual):
                self.hecha.avisos.append(
                    f"{columna}: no cambia; se corrige en la página del cliente."
                )

    # -- the request -------------------------------------------------------------------------------

    def _la_solicitud(self) -> None:
        self.recibido = self.celda(RECIBIDO, self._recibido, "Falta cuándo se recibió.")
        solicitud = self.celda(SOLICITUD, texto_de(4000), "Falta qué pide el cliente.")
        canal = self.celda(CANAL, canal_de)
        tipos: list[TipoRequerimiento] = self.celda(TIPOS, self.de.gente.tipos) or []
        espera = self.celda(ESPERA, fecha_de)
        if espera and self.recibido and espera < timezone.localdate(self.recibido):
            self.fallar(ESPERA, "Es antes de que se recibiera la solicitud.")
        self.datos |= {
            "recibido_en": self.recibido,
            "solicitud": solicitud or "",
            "canal": canal.value if canal else "",
            "tipos": [t.pk for t in tipos],
            "espera_fecha": espera,
        }
        dichos = [
            (RECIBIDO, self.recibido and f"{timezone.localtime(self.recibido):%d/%m/%Y}"),
            (SOLICITUD, solicitud),
            (CANAL, canal and str(canal.label)),
            (TIPOS, ", ".join(t.nombre for t in tipos)),
            (ESPERA, espera and f"{espera:%d/%m/%Y}"),
        ]
        for columna, valor in dichos:
            if valor:
                self.contar(columna, valor)

    def _recibido(self, texto: str) -> datetime:
        """Of a day alone, its beginning: nobody knows the hour, and a contact of that morning may be told."""
        cuando = momento_de(texto)
        if cuando is None:
            fecha_de(texto)  # says why
            raise ValueError(COMO_FECHA)
        if cuando > self.de.ahora:
            raise ValueError("Todavía no llega esa fecha: escribe cuándo se recibió.")
        if cuando < self.de.ahora - TraerForm.antiguedad:
            raise ValueError(TraerForm.muy_vieja)
        return cuando

    def _quien_lo_lleva(self) -> None:
        responsable: Usuario | None = self.celda(RESPONSABLE, self.de.gente.responsable)
        donde = self.celda(DONDE_VA, texto_de(2000)) or ""
        accion = self.celda(ACCION, linea_de(200)) or ""
        fecha = self.celda(ACCION_FECHA, fecha_de)
        if responsable:
            self.contar(RESPONSABLE, str(responsable))
            self.datos |= {"asignacion": ASIGNAR_AHORA, "responsable": responsable.pk}
        if donde:
            self.contar(DONDE_VA, donde, "Queda como nota")
        if fecha and not accion:
            self.fallar(ACCION_FECHA, "Falta cuál es la siguiente acción.")
        elif fecha and (fecha < self.de.hoy or (fecha - self.de.hoy).days > 366):
            # Nobody comes to hundreds of overdue acts on the first morning; what was planned is told.
            donde = "\n".join(filter(None, [donde, f"{ACCION}: {accion} ({fecha:%d/%m/%Y})"]))
            que = "ya pasó" if fecha < self.de.hoy else "es dentro de más de un año"
            self.hecha.avisos.append(f"Siguiente acción: esa fecha {que}; queda en la nota.")
            accion, fecha = "", None
        if accion:
            self.contar(ACCION, accion)
        if fecha:
            self.contar(ACCION_FECHA, f"{fecha:%d/%m/%Y}")
        referencia = self.celda(REFERENCIA, linea_de(60)) or ""
        if referencia:
            self.contar(REFERENCIA, referencia)
        self.datos |= {
            "donde_va": donde,
            "proxima_accion": accion,
            "proxima_fecha": fecha,
            "referencia": referencia,
        }

    # -- what is there -------------------------------------------------------------------------------

    def folio(self, clave: str) -> str:
        if not self.hay_cliente or self.cliente.pk is None or self.recibido is None:
            return self.de.ya_estan.por_clave.get(clave, "")
        contrato = self.contrato.pk if self.contrato is not None else None
        return self.de.ya_estan.folio(
            clave,
            self.cliente.pk,
            contrato,
            self.recibido,
            self.datos.get("solicitud", ""),
            self.datos.get("referencia", ""),
        )

    def recordar(self) -> None:
        """What this row adds is there for those under it."""
        if self.contrato is not None:
            self.de.cartera.contratos.setdefault(igual(self.contrato.numero), self.contrato)
        if self.persona is not None:
            suyas = self.de.cartera.personas[id(self.cliente)][igual(self.persona.nombre)]
            if self.persona not in suyas:
                suyas.append(self.persona)

    def quedaron(
        self, cliente: Cliente, contrato: Contrato | None, persona: PersonaContacto
    ) -> None:
        """The rows in memory are those of the database from now on."""
        self.cliente.pk = cliente.pk
        self.de.cartera.de_clave.setdefault(cliente.pk, self.cliente)
        if self.contrato is not None and contrato is not None:
            self.contrato.pk = contrato.pk
            self.contrato.cliente_id = cliente.pk
        if self.persona is not None:
            self.persona.pk = persona.pk


def _parece_rfc(texto: str) -> bool:
    try:
        return bool(validar_rfc(texto))
    except ValidationError:
        return False


def _frase(dicho: str) -> str:
    return dicho[:1].upper() + dicho[1:]
