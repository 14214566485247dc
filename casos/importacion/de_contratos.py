"""Contracts, known by their number. Conditions are read where there are none yet; after, a case changes them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError

from casos import calendario
from casos.catalogos import Moneda, Que, Unidad
from casos.clientes import indice
from casos.formularios.calendario_de_pago import revisar_pago
from casos.formularios.cifras import aviso_de
from casos.formularios.clientes import SEDE as CLAVE_DE_SEDE
from casos.formularios.valores import canonico, mostrar_valor
from casos.models import Caso, Cliente, Concepto, Contrato, ValorContrato, VersionContrato
from casos.models.cliente import MONEDA as MONEDA_USUAL
from casos.nomina import Periodicidad
from casos.rfc import GENERICOS, normalizar_rfc
from casos.textos import es_dato, igual

from .importador import Importador, agrupadas, otro_renglon, por_trozos, que_se_contradicen
from .renglones import (
    Comparada,
    Fila,
    Rechazado,
    dicho,
    es_borrar,
    fecha_de,
    frase,
    linea_de,
    nombre_de,
)

NUMERO, CLIENTE, SERVICIO, SEDE = "Número", "Cliente (RFC o razón social)", "Servicio", "Sede"
MONEDA, DESDE = "Moneda", "Vigente desde"
PAGO, ANCLA, CORTE = "Periodo de pago", "Inicio de un periodo de pago", "Días naturales de corte"
COLUMNAS = {
    NUMERO: (
        "Número de contrato",
        "Núm. de contrato",
        "No. de contrato",
        "Contrato",
        "No.",
        "Núm.",
    ),
    CLIENTE: ("Cliente", "RFC", "Razón social", "Empresa", "RFC del cliente"),
    SERVICIO: ("Servicio contratado", "Descripción del servicio", "Puesto"),
    SEDE: ("Lugar", "Ubicación", "Plaza", "Sucursal"),
    MONEDA: ("Divisa", "Tipo de moneda"),
    DESDE: ("Inicio", "Fecha de inicio", "Inicio de vigencia", "Desde"),
    PAGO: ("Periodicidad", "Periodicidad de pago"),
    ANCLA: ("Inicio de periodo", "Empieza un periodo"),
    CORTE: ("Corte", "Corte de nómina"),
}
_MONEDAS = {
    "mxn": "MXN", "m.n.": "MXN", "mn": "MXN", "pesos": "MXN", "pesos mexicanos": "MXN", "peso mexicano": "MXN",
    "usd": "USD", "dolares": "USD", "dolar": "USD", "dlls": "USD", "dls": "USD", "us$": "USD",
}  # fmt: skip


class ImportadorDeContratos(Importador):
    obligatorias = (NUMERO, CLIENTE)
    siempre = (CLIENTE,)
    ejemplo = {
        NUMERO: "CT-2026-001", CLIENTE: "CEJ010203AB1", SERVICIO: "Personal de almacén", SEDE: "Monterrey",
        MONEDA: "MXN", DESDE: date(2026, 3, 16), PAGO: "Quincenal", CORTE: "3",
    }  # fmt: skip

    @classmethod
    def columnas(cls):
        return COLUMNAS | {c.nombre: () for c in conceptos() if c.nombre not in COLUMNAS}

    def cargar(self, filas: Sequence[Fila]) -> None:
        self.conceptos = [c for c in conceptos() if c.nombre not in COLUMNAS]
        self.contratos: dict[str, Contrato] = {}
        contratos = self.bajo_candado(Contrato.objects.select_related("cliente"))
        for numeros in por_trozos(igual(f.dice(NUMERO)) for f in filas):
            hallados = contratos.filter(numero_igual__in=numeros)
            self.contratos |= {c.numero_igual: c for c in hallados}
        self.por_nombre: dict[str, list[Cliente]] = defaultdict(list)
        self.por_rfc: dict[str, list[Cliente]] = defaultdict(list)
        vivos = Cliente.objects.filter(fusionado_en=None)
        dichos = [f.dice(CLIENTE) for f in filas]
        for nombres in por_trozos(igual(t) for t in dichos if es_dato(t)):
            for cliente in vivos.filter(razon_social_igual__in=nombres):
                self.por_nombre[cliente.razon_social_igual].append(cliente)
        for claves in por_trozos(normalizar_rfc(t) for t in dichos if es_dato(t)):
            for cliente in vivos.filter(rfc__in=claves):
                self.por_rfc[cliente.rfc].append(cliente)
        self.vigentes = self._en_vigor()
        self._valores: dict[int, dict[Concepto, str]] = {}  # by id() of the contract, to be written

    def _en_vigor(self) -> dict[int, dict[int, str]]:
        """Of each contract its conditions of today, by concept; of the first version if none has begun."""
        hoy = calendario.hoy()
        con_algo = {c.pk for c in self.contratos.values() if c.version}
        cual: dict[int, tuple] = {}
        for claves in por_trozos(con_algo):
            versiones = VersionContrato.objects.filter(contrato__in=claves).order_by()
            for pk, de, numero, desde in versiones.values_list(
                "pk", "contrato", "numero", "desde_fecha"
            ):
                empezada = desde <= hoy
                orden = (empezada, desde, numero) if empezada else (False, date.min, -numero)
                cual[de] = max(cual.get(de, ((False, date.min, -(10**9)), 0)), (orden, pk))
        de_quien = {pk: de for de, (_, pk) in cual.items()}
        hoy_son: dict[int, dict[int, str]] = defaultdict(dict)
        for claves in por_trozos(de_quien):
            valores = ValorContrato.objects.filter(version__in=claves).order_by()
            for version, concepto, valor in valores.values_list("version", "concepto", "valor"):
                hoy_son[de_quien[version]][concepto] = valor
        return hoy_son

    def comparar_bien(self, fila: Fila) -> Comparada:
        errores: list[str] = []
        if not fila.dice(NUMERO):
            raise Rechazado("Falta el número.")
        hecha = Comparada(Que.IGUAL, self.llamada(fila))
        contrato = self.contratos.get(igual(fila.dice(NUMERO)))
        nuevo = contrato is None
        cliente = self._cliente(fila, contrato)
        if contrato is None:
            numero = self.leer(fila, NUMERO, "", nombre_de(40), errores=errores)
            contrato = Contrato(numero=numero, cliente=cliente, moneda="")
            hecha.que = Que.NUEVO
            hecha.cambios += [[NUMERO, "", numero], ["Cliente", "", cliente.razon_social]]
            agregado = contrato
            hecha.poner += [
                lambda: self.agregar(agregado),
                lambda: self.contratos.__setitem__(igual(numero), agregado),
            ]
        servicio = self.leer(fila, SERVICIO, contrato.servicio, linea_de(160), errores=errores)
        sede = self.leer(fila, SEDE, contrato.sede, linea_de(120), borrable=True, errores=errores)
        moneda = self.leer(fila, MONEDA, contrato.moneda, _moneda, errores=errores) or MONEDA_USUAL
        desde = self.leer(fila, DESDE, contrato.desde_fecha, fecha_de, errores=errores)
        pago = self._pago(fila, contrato, errores)
        if nuevo and not servicio and not errores:
            errores.append("Falta el servicio.")
        if nuevo and not desde and not errores:
            errores.append("Falta desde cuándo está vigente.")
        if contrato.terminado_fecha and desde and desde > contrato.terminado_fecha:
            errores.append("El término no puede ser anterior al inicio.")
        if not nuevo and contrato.version and moneda != contrato.moneda:
            errores.append("Moneda: no cambia en un contrato que ya tiene condiciones.")
        propios = (("servicio", SERVICIO, servicio), ("sede", SEDE, sede), ("moneda", MONEDA, moneda),
                   ("desde_fecha", DESDE, desde))  # fmt: skip
        for campo, columna, valor in propios:
            if (antes := getattr(contrato, campo)) != valor:
                hecha.cambios.append([columna, dicho(antes), dicho(valor)])
                hecha.poner.append(self.poner_en(contrato, campo, valor))
        for campo, valor in pago.items():
            if (antes := getattr(contrato, campo)) != valor:
                visto = _VISTO[campo]
                hecha.cambios.append([_DE_PAGO[campo], visto(antes), visto(valor)])
                hecha.poner.append(self.poner_en(contrato, campo, valor))
        self._condiciones(fila, hecha, contrato, moneda, errores)
        if errores:
            raise Rechazado(" ".join(errores))
        if hecha.que == Que.IGUAL and hecha.cambios:
            hecha.que = Que.CAMBIA
        if hecha.que == Que.CAMBIA and contrato.esta_terminado:
            raise Rechazado("Ese contrato ya terminó: no se cambia.")
        return hecha

    def _cliente(self, fila: Fila, contrato: Contrato | None) -> Cliente:
        clave = fila.dice(CLIENTE)
        if not clave:
            if contrato is None:
                raise Rechazado("Falta el cliente.")
            return contrato.cliente
        hallados = []
        if es_dato(clave):
            hallados = self.por_rfc.get(normalizar_rfc(clave)) or self.por_nombre.get(
                igual(clave), []
            )
        if contrato is not None and any(c.pk == contrato.cliente_id for c in hallados):
            return contrato.cliente
        if not hallados:
            raise Rechazado("No existe ese cliente.")
        if contrato is not None:
            raise Rechazado("Ese contrato es de otro cliente.")
        if len(hallados) > 1:
            raise Rechazado("Hay varios clientes así: usa otro dato.")
        if hallados[0].rfc in GENERICOS:
            raise Rechazado("El RFC genérico no sirve para un cliente con contrato.")
        return hallados[0]

    def _pago(self, fila: Fila, contrato: Contrato, errores: list[str]) -> dict[str, Any]:
        """How its payroll is paid; of what was written, all that there is or what is missing."""
        leido = {
            campo: self.leer(
                fila,
                columna,
                getattr(contrato, campo),
                _LEE[campo],
                mostrar=_VISTO[campo],
                borrable=True,
                errores=errores,
            )
            for campo, columna in _DE_PAGO.items()
        }
        # To erase leaves "", and of a date or a number that is none.
        sueltos = [leido[c] if leido[c] != "" else None for c in ("nomina_ancla", "nomina_corte")]
        pago, faltas = revisar_pago(leido["nomina_cada"], *sueltos)
        if not leido["nomina_cada"] and any(
            fila.dice(c) and not es_borrar(fila.dice(c)) for c in (ANCLA, CORTE)
        ):
            errores.append(f"{PAGO}: falta cada cuándo se paga.")
        errores += [frase(_DE_PAGO[c], ValidationError(f)) for c, f in faltas.items()]
        return pago

    def _condiciones(
        self, fila: Fila, hecha: Comparada, contrato: Contrato, moneda: str, errores: list[str]
    ) -> None:
        """What is agreed with the client changes with a case, and says so instead of being lost."""
        hoy = self.vigentes.get(contrato.pk, {}) if contrato.pk else {}
        valores = dict(self._valores.get(id(contrato), {}))
        con_version = bool(contrato.pk and contrato.version)
        for concepto in self.conceptos:
            texto = fila.dice(concepto.nombre)
            if not texto:
                continue
            antes = hoy.get(concepto.pk, "") or valores.get(concepto, "")
            visto = mostrar_valor(concepto, antes, moneda)
            try:
                if es_borrar(texto):
                    raise ValidationError("no se borra con un archivo: cámbialo con un caso.")
                valor = (
                    antes
                    if antes and igual(texto) == igual(visto)
                    else _valor(concepto, texto, moneda)
                )
            except ValidationError as error:
                errores.append(frase(concepto.nombre, error))
                continue
            if aviso := aviso_de(concepto.unidad, texto):
                hecha.avisos.append(f"{concepto.nombre}: {aviso[:1].lower()}{aviso[1:]}")
            if valor == antes:
                continue
            if con_version:
                errores.append(
                    f"{concepto.nombre}: hoy es {visto or 'sin valor'}; las condiciones se cambian con un caso."
                )
                continue
            valores[concepto] = valor
            hecha.cambios.append([concepto.nombre, visto, mostrar_valor(concepto, valor, moneda)])
        if not con_version and valores:
            hecha.poner.append(lambda: self._valores.__setitem__(id(contrato), valores))

    def guardar(self) -> None:
        con_condiciones = [
            c for c in (*self.nuevas(Contrato), *self.contratos.values()) if id(c) in self._valores
        ]
        con_condiciones = list({id(c): c for c in con_condiciones}.values())
        for contrato in con_condiciones:
            if contrato.pk and contrato not in self._antes:
                self.poner_en(contrato, "version", 1)()
            contrato.version = 1
        mudados = [c.pk for c in self.cambiadas(Contrato)]
        self.escribir(Contrato, ("servicio", "sede", "moneda", "desde_fecha", *_DE_PAGO, "version"))
        versiones = VersionContrato.objects.bulk_create(
            VersionContrato(contrato=c, numero=1, desde_fecha=c.desde_fecha, autor=self.autor)
            for c in con_condiciones
        )
        de_sede = next((c for c in conceptos() if c.clave == CLAVE_DE_SEDE), None)
        ValorContrato.objects.bulk_create(
            ValorContrato(version=v, concepto=concepto, valor=valor)
            for v in versiones
            for concepto, valor in self._con_sede(v.contrato, de_sede).items()
        )
        self.dejar_rastros()
        if mudados:
            indice.reindexar(Caso.objects.filter(contrato__in=mudados))

    def _con_sede(self, contrato: Contrato, de_sede: Concepto | None) -> dict[Concepto, str]:
        """Where the service is given is a condition too, as the page of a new contract keeps it."""
        suyos = self._valores[id(contrato)]
        return suyos | {de_sede: contrato.sede} if de_sede and contrato.sede else suyos

    @classmethod
    def entre_si(cls, filas):
        malas: dict[int, str] = {}
        dichas: dict[int, str] = {}
        con_numero = [f for f in filas if f.dice(NUMERO)]
        cifras = {c.nombre: partial(canonico, c.unidad) for c in conceptos()}
        for grupo in agrupadas(con_numero, lambda f: igual(f.dice(NUMERO))):
            columnas = {c for f in grupo for c in f.textos} - {NUMERO}
            chocan = que_se_contradicen(
                grupo, sorted(columnas), {DESDE: fecha_de, ANCLA: fecha_de} | cifras
            )
            for f in grupo:
                if chocan:
                    malas[f.numero] = (
                        f"Es el mismo contrato {otro_renglon(grupo, f, 'de')}, con otro dato en "
                        f"{', '.join(chocan)}: deja uno."
                    )
                else:
                    dichas[f.numero] = f"Está repetido {otro_renglon(grupo, f)}."
        return malas, dichas


def conceptos() -> list[Concepto]:
    return Concepto.activos()


def _cada(texto: str) -> str:
    """Of «Nómina quincenal», the word that says how often."""
    dicho = igual(texto)
    halladas = [p.value for p in Periodicidad if igual(p.label) in dicho.split()]
    if len(halladas) != 1:
        *otras, ultima = (p.label.lower() for p in Periodicidad)
        raise ValidationError(f"escribe {', '.join(otras)} o {ultima}.")
    return halladas[0]


def _dias(texto: str) -> int:
    dias = canonico(Unidad.ENTERO, texto)
    if len(dias) > 3 or int(dias) < 0:
        raise ValidationError("escribe un número de días naturales.")
    return int(dias)


_DE_PAGO = {"nomina_cada": PAGO, "nomina_ancla": ANCLA, "nomina_corte": CORTE}
_LEE: dict[str, Any] = {"nomina_cada": _cada, "nomina_ancla": fecha_de, "nomina_corte": _dias}
_VISTO: dict[str, Any] = {
    "nomina_cada": lambda v: Periodicidad(v).label if v else "",
    "nomina_ancla": dicho,
    "nomina_corte": lambda v: "" if v is None else str(v),
}


def _moneda(texto: str) -> str:
    moneda = _MONEDAS.get(igual(texto))
    if moneda not in Moneda.values:
        raise ValidationError("escribe MXN o USD.")
    return moneda


def _valor(concepto: Concepto, texto: str, moneda: str) -> str:
    if len(texto) > 200:
        raise ValidationError("usa 200 letras o menos.")
    return canonico(concepto.unidad, texto, moneda)
