"""Clients and their contact persons: several rows may speak of one client, with a person each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from casos import direcciones, telefonos
from casos.catalogos import Que
from casos.clientes import indice
from casos.datos_tratados import OrigenDeDatos
from casos.formularios.clientes import PARECIDOS, que_se_parece
from casos.models import Caso, Cliente, PersonaContacto
from casos.razon_social import parecida
from casos.rfc import GENERICOS, avisos_de_rfc, normalizar_rfc, validar_rfc
from casos.textos import igual

from .importador import (
    Importador,
    agrupadas,
    otro_renglon,
    por_trozos,
    que_se_contradicen,
)
from .renglones import Comparada, Fila, Rechazado, dicho, linea_de, nombre_de, texto_de

RAZON, RFC, COMERCIAL, NOTAS = "Razón social", "RFC", "Nombre comercial", "Notas"
PERSONA, PUESTO, TELEFONO, CORREO = "Persona de contacto", "Puesto", "Teléfono", "Correo"
DE_PERSONA = (PUESTO, TELEFONO, CORREO)
COLUMNAS = {
    RAZON: ("Empresa", "Cliente", "Nombre o razón social", "Nombre fiscal", "Denominación",
            "Denominación social", "Nombre de la empresa", "Nombre del cliente", "Compañía",
            "Organización", "Company"),
    RFC: ("R.F.C.", "Registro federal de contribuyentes", "RFC del cliente", "Tax ID"),
    COMERCIAL: ("Marca", "Nombre corto", "Alias"),
    NOTAS: ("Observaciones", "Obs.", "Comentarios", "Nota"),
    PERSONA: ("Contacto", "Nombre del contacto", "Contacto principal", "Atención a", "Contact"),
    PUESTO: ("Cargo", "Puesto del contacto"),
    TELEFONO: ("Tel.", "Tel", "Teléfono del contacto", "Celular", "Cel.", "Móvil", "WhatsApp",
               "Teléfono celular", "Teléfono de contacto", "Phone"),
    CORREO: ("E-mail", "Email", "Mail", "Correo electrónico", "Correo del contacto"),
}  # fmt: skip


def casi_iguales(uno: str, otro: str) -> bool:
    """«Acme, S.A. de C.V.» and «ACME SA DE CV» are one name."""
    return parecida(uno) == parecida(otro) != ""


class ImportadorDeClientes(Importador):
    obligatorias = (RAZON, RFC)
    ejemplo = {
        RAZON: "Comercializadora Ejemplo, S.A. de C.V.", RFC: "CEJ010203AB1", COMERCIAL: "Ejemplo",
        NOTAS: "Factura los viernes", PERSONA: "Ana Ruiz", PUESTO: "Compras",
        TELEFONO: "55 1234 5678 ext. 12", CORREO: "ana.ruiz@ejemplo.com.mx",
    }  # fmt: skip

    @classmethod
    def columnas(cls):
        return COLUMNAS

    def cargar(self, filas: Sequence[Fila]) -> None:
        self.por_nombre: dict[str, list[Cliente]] = defaultdict(list)
        self.por_rfc: dict[str, list[Cliente]] = defaultdict(list)
        self.por_parecida: dict[str, list[Cliente]] = defaultdict(list)
        self.personas: dict[int, dict[str, list[PersonaContacto]]] = {}  # by id() of the client
        vistos: dict[int, Cliente] = {}
        clientes = self.bajo_candado(Cliente.objects.select_related("fusionado_en"))
        for nombres in por_trozos(igual(f.dice(RAZON)) for f in filas):
            vistos |= {c.pk: c for c in clientes.filter(razon_social_igual__in=nombres)}
        for nombres in por_trozos(parecida(f.dice(RAZON)) for f in filas):
            vistos |= {c.pk: c for c in clientes.filter(razon_social_parecida__in=nombres)}
        for claves in por_trozos(_rfc(f) for f in filas if _rfc(f) not in GENERICOS):
            vistos |= {c.pk: c for c in clientes.filter(rfc__in=claves)}
        for cliente in vistos.values():
            self._conocer(cliente)
        personas = self.bajo_candado(
            PersonaContacto.objects.filter(suprimida_en=None, bloqueada_en=None)
        )
        for claves in por_trozos(vistos):
            for persona in personas.filter(cliente__in=claves):
                persona.cliente = vistos[persona.cliente_id]
                self.personas[id(persona.cliente)][persona.nombre_igual].append(persona)

    def _conocer(self, cliente: Cliente) -> None:
        self.personas[id(cliente)] = defaultdict(list)
        self.por_nombre[igual(cliente.razon_social)].append(cliente)
        self.por_parecida[parecida(cliente.razon_social)].append(cliente)
        if cliente.rfc:
            self.por_rfc[cliente.rfc].append(cliente)

    def comparar_bien(self, fila: Fila) -> Comparada:
        errores: list[str] = []
        if not fila.dice(RAZON):
            raise Rechazado("Falta la razón social.")
        hecha = Comparada(Que.IGUAL, self.llamada(fila))
        cliente = self._hallar(fila, hecha)
        if cliente is None:
            cliente = self._nuevo(fila, hecha, errores)
        else:
            rfc = cliente.rfc or self.leer(fila, RFC, "", validar_rfc, errores=errores)
            self._poner(hecha, cliente, "rfc", RFC, rfc)
        lectores = (
            ("nombre_comercial", COMERCIAL, linea_de(120)),
            ("notas", NOTAS, texto_de(2000)),
        )
        for campo, columna, leer in lectores:
            actual = getattr(cliente, campo)
            valor = self.leer(fila, columna, actual, leer, borrable=True, errores=errores)
            self._poner(hecha, cliente, campo, columna, valor)
        self._persona(fila, hecha, cliente, errores)
        if errores:
            raise Rechazado(" ".join(errores))
        if hecha.que == Que.IGUAL and hecha.cambios:
            hecha.que = Que.CAMBIA
        return hecha

    def _hallar(self, fila: Fila, hecha: Comparada) -> Cliente | None:
        """Known by its name and its RFC; where the row has no RFC, by the name alone."""
        rfc, razon = _rfc(fila), fila.dice(RAZON)
        tocayos = self.por_nombre.get(igual(razon), [])
        suyos = [c for c in tocayos if c.rfc == rfc] if rfc else tocayos
        vivos = [c for c in suyos if c.fusionado_en_id is None]
        if len(vivos) > 1:
            if (ya := next((c for c in vivos if self._ya_dice(c, fila)), None)) is not None:
                return ya
            raise Rechazado(
                "Hay dos clientes con ese nombre y ese RFC: fusiónalos antes."
                if rfc or not any(c.rfc for c in vivos)
                else "Hay varios clientes con ese nombre: escribe su RFC."
            )
        if vivos:
            return vivos[0]
        del_rfc = [] if rfc in GENERICOS else self.por_rfc.get(rfc, [])
        otros = [c for c in del_rfc if c.fusionado_en_id is None]
        casi = [c for c in otros if casi_iguales(c.razon_social, razon)]
        if len(casi) == 1:
            hecha.avisos.append(f"Ya está como «{casi[0].razon_social}»; su nombre no cambia.")
            return casi[0]
        if otros:
            raise Rechazado(
                f"Ese RFC ya es de {_entre_comillas(otros[0])}: si cambió de nombre, cámbialo en su "
                "página; si es otro, regístralo en Clientes."
            )
        if suyos:  # merged, every one
            raise Rechazado(f"Ese cliente se fusionó con {_entre_comillas(suyos[0].fusionado_en)}.")
        sin_rfc = [c for c in tocayos if not c.rfc and c.fusionado_en_id is None]
        if rfc and len(sin_rfc) == 1 and rfc not in GENERICOS:
            return sin_rfc[0]
        if any(c.fusionado_en_id is None for c in tocayos):
            hecha.avisos.append("Ya hay otro cliente con ese nombre y otro RFC.")
        else:
            self._avisar_de_parecidos(razon, hecha)
        return None

    def _avisar_de_parecidos(self, razon: str, hecha: Comparada) -> None:
        clave = parecida(razon)
        vivos = [c for c in self.por_parecida[clave] if c.fusionado_en_id is None] if clave else []
        if vivos:
            hecha.avisos.append(f"{que_se_parece(vivos[:PARECIDOS])} Revisa que no sea el mismo.")

    def _ya_dice(self, cliente: Cliente, fila: Fila) -> bool:
        """Whether a row would change nothing of it: of two that are alike, that is the one."""
        suyos = ((COMERCIAL, cliente.nombre_comercial), (NOTAS, cliente.notas))
        if not all(_dice_eso(fila, c, valor) for c, valor in suyos):
            return False
        personas = self.personas[id(cliente)].get(igual(fila.dice(PERSONA)), [])
        return not fila.dice(PERSONA) or any(_es_esa(fila, p) for p in personas)

    def _nuevo(self, fila: Fila, hecha: Comparada, errores: list[str]) -> Cliente:
        razon = self.leer(fila, RAZON, "", nombre_de(300), errores=errores)
        rfc = self.leer(fila, RFC, "", validar_rfc, errores=errores)
        cliente = Cliente(razon_social=razon, rfc=rfc)
        hecha.que = Que.NUEVO
        hecha.cambios.append([RAZON, "", razon])
        if rfc:
            hecha.cambios.append([RFC, "", rfc])
            hecha.avisos += avisos_de_rfc(rfc)
        hecha.poner += [lambda: self.agregar(cliente), lambda: self._conocer(cliente)]
        return cliente

    def _persona(self, fila: Fila, hecha: Comparada, cliente: Cliente, errores: list[str]) -> None:
        nombre = fila.dice(PERSONA)
        if not nombre:
            if any(fila.dice(c) for c in DE_PERSONA):
                errores.append(
                    f"Escribe la persona de contacto: sin ella no se sabe de quién es "
                    f"{_en_lista([c for c in DE_PERSONA if fila.dice(c)])}."
                )
            return
        persona, nueva = self._la_persona(fila, cliente), False
        if persona is None:
            nueva = True
            leido = self.leer(fila, PERSONA, "", nombre_de(120), errores=errores)
            persona = PersonaContacto(cliente=cliente, nombre=leido)
            if self.importacion:
                persona.origen = OrigenDeDatos.IMPORTACION
                persona.origen_importacion = self.importacion
            hecha.cambios.append([PERSONA, "", leido])
            agregada = persona
            hecha.poner += [
                lambda: self.agregar(agregada),
                lambda: self.personas[id(cliente)][igual(leido)].append(agregada),
            ]
        for campo, columna, leer, mostrar in _DE_PERSONA:
            actual = getattr(persona, campo)
            valor = self.leer(
                fila, columna, actual, leer, mostrar=mostrar, borrable=True, errores=errores
            )
            de_quien = columna if nueva else f"{columna} de {persona.nombre}"
            self._poner(hecha, persona, campo, de_quien, valor, mostrar)

    def _la_persona(self, fila: Fila, cliente: Cliente) -> PersonaContacto | None:
        suyas = self.personas.get(id(cliente), {}).get(igual(fila.dice(PERSONA)), [])
        if len(suyas) > 1:
            iguales = [p for p in suyas if _es_esa(fila, p)]
            if not iguales:
                raise Rechazado(
                    "Hay dos personas con ese nombre: cámbialas en la página del cliente."
                )
            return iguales[0]
        return suyas[0] if suyas else None

    def _poner(
        self, hecha: Comparada, fila: Any, campo: str, columna: str, valor: str, mostrar=dicho
    ) -> None:
        if (antes := getattr(fila, campo)) != valor:
            hecha.cambios.append([columna, mostrar(antes), mostrar(valor)])
            hecha.poner.append(self.poner_en(fila, campo, valor))

    def guardar(self) -> None:
        nuevos, personas = self.nuevas(Cliente), self.nuevas(PersonaContacto)
        suyas = defaultdict(list)
        for persona in personas:
            suyas[id(persona.cliente)].append(persona)
        for cliente in nuevos:
            indice.preparar_nuevo(cliente, suyas[id(cliente)])
        self.escribir(Cliente, ("nombre_comercial", "rfc", "notas"))
        self.escribir(PersonaContacto, ("puesto", "telefono", "correo"))
        self.dejar_rastros()
        de_personas = [*personas, *self.cambiadas(PersonaContacto)]
        tocados = {c.pk for c in self.cambiadas(Cliente)} | {p.cliente_id for p in de_personas}
        if ya_estaban := tocados - {c.pk for c in nuevos}:
            indice.reindexar_clientes(Cliente.objects.filter(pk__in=ya_estaban))
            indice.reindexar(Caso.objects.filter(cliente__in=ya_estaban))

    @classmethod
    def entre_si(cls, filas):
        malas: dict[int, str] = {}
        dichas: dict[int, str] = {}
        con_nombre = [f for f in filas if f.dice(RAZON)]
        for grupo in agrupadas(con_nombre, _cliente_de):
            if chocan := que_se_contradicen(grupo, (COMERCIAL, NOTAS)):
                for f in grupo:
                    malas[f.numero] = (
                        f"Es el mismo cliente {otro_renglon(grupo, f, 'de')}, con otro dato en "
                        f"{_en_lista(chocan)}: deja uno."
                    )
        for grupo in agrupadas(con_nombre, lambda f: (*_cliente_de(f), igual(f.dice(PERSONA)))):
            chocan = que_se_contradicen(grupo, DE_PERSONA, _LEEN)
            for f in grupo:
                if chocan and f.dice(PERSONA):
                    malas[f.numero] = (
                        f"Es la misma persona {otro_renglon(grupo, f, 'de')}, con otro dato en "
                        f"{_en_lista(chocan)}: deja uno."
                    )
                else:
                    dichas[f.numero] = f"Está repetido {otro_renglon(grupo, f)}."
        for grupo in agrupadas(
            con_nombre, lambda f: _rfc(f) if _rfc(f) not in ("", *GENERICOS) else None
        ):
            if not all(casi_iguales(grupo[0].dice(RAZON), f.dice(RAZON)) for f in grupo):
                for f in grupo:
                    malas[f.numero] = (
                        f"Trae el mismo RFC {otro_renglon(grupo, f, 'que')}, con otro nombre."
                    )
        return malas, dichas


_DE_PERSONA = (
    ("puesto", PUESTO, linea_de(80), dicho),
    ("telefono", TELEFONO, telefonos.leer, telefonos.mostrar),
    ("correo", CORREO, direcciones.leer, dicho),
)


_LEEN = {columna: leer for _, columna, leer, _ in _DE_PERSONA}


def _rfc(fila: Fila) -> str:
    return normalizar_rfc(fila.dice(RFC))


def _cliente_de(fila: Fila) -> tuple[str, str]:
    return igual(fila.dice(RAZON)), _rfc(fila)


def _dice_eso(fila: Fila, columna: str, actual: str) -> bool:
    return not fila.dice(columna) or igual(fila.dice(columna)) == igual(actual)


def _es_esa(fila: Fila, persona: PersonaContacto) -> bool:
    return all(_dice_eso(fila, c, ver(getattr(persona, a))) for a, c, _, ver in _DE_PERSONA)


def _entre_comillas(cliente: Cliente) -> str:
    return f"«{cliente.razon_social}»"


def _en_lista(columnas: Sequence[str]) -> str:
    nombres = [c.lower() for c in columnas]
    return nombres[0] if len(nombres) == 1 else f"{', '.join(nombres[:-1])} y {nombres[-1]}"
