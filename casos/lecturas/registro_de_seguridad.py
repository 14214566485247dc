"""The record of security as a page reads it: filtered, newest first, in words. Reads only."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from casos.calendario import UN_DIA, medianoche
from casos.catalogos import Hecho
from casos.hojas.escritor import Libro
from casos.models import HechoDeSeguridad, Usuario
from casos.permisos import lectura

TAMANO = 50
GRUPOS = {
    "Entradas": ("ENTRADA", "ENTRADA_FALLIDA", "CONFIRMACION_FALLIDA", "BLOQUEO", "DISPOSITIVO",
                 "SALIDA", "SESIONES"),
    "Contraseña y segundo factor": ("CONTRASENA", "RECUPERACION", "CORREO", "SEGUNDO_FACTOR",
                                    "SIN_SEGUNDO_FACTOR", "CODIGOS", "CODIGO_USADO", "POSPUSO"),
    "Cuentas y permisos": ("ALTA", "INVITACION", "DATOS", "ROL", "GERENCIA", "ADMINISTRACION",
                           "ACTIVIDAD", "MEMBRESIA", "SUPLENCIA", "CALENDARIO"),
    "Configuración": ("AREA", "CORREO_DE_AREA", "CONFIGURACION", "CATALOGO"),
    "Lo que se pidió, salió o entró": ("NEGADO", "NO_EXISTE", "EXPORTACION", "DESCARGA",
                                       "IMPORTACION", "SUPRESION", "PRIVACIDAD", "REENVIO",
                                       "CERTIFICADO"),
}  # fmt: skip
OPCIONES = [(grupo, [(h, Hecho(h).label) for h in hechos]) for grupo, hechos in GRUPOS.items()]
# What a fact keeps under a name, as it is told.
ETIQUETAS = {
    "archivo": "Archivo", "filtro": "Filtro", "filas": "Filas", "cuantos": "Cuántos", "cuantas": "Cuántas", "quedan": "Le quedan", "ruta": "Dirección",
    "correo": "Correo", "usuario": "Usuario", "suplente": "Suplente", "desde": "Desde", "hasta": "Hasta",
    "responsable": "Responsable", "activa": "Activa", "rol": "Rol", "es_gerente": "Gerente comercial",
    "administra": "Administra el sistema", "con": "Con", "libro": "Importación", "cliente": "Cliente",
    "callados": "Otros iguales que no se anotaron", "alta": "Es nuevo", "baja": "Se borró",
    "sello": "Sello", "contenido": "SHA-256 de lo recibido",
}  # fmt: skip
COLUMNAS = [("Número", 10), ("Cuándo", 18), ("Qué pasó", 34), ("De quién es la cuenta", 28),
            ("Quién lo hizo", 28), ("Detalle", 70), ("Dispositivo", 24), ("Dirección de red", 18),
            ("Huella", 68)]  # fmt: skip


def hallar(
    *,
    persona: Usuario | None = None,
    hecho: str = "",
    desde: date | None = None,
    hasta: date | None = None,
) -> QuerySet[HechoDeSeguridad]:
    """Newest first. A person's: about the own account, or done by them."""
    hechos = HechoDeSeguridad.objects.select_related("persona", "autor").order_by("-numero")
    if persona:
        hechos = hechos.filter(Q(persona=persona) | Q(autor=persona))
    if hecho:
        hechos = hechos.filter(hecho=hecho)
    if desde:
        hechos = hechos.filter(en__gte=medianoche(desde))
    if hasta:
        hechos = hechos.filter(en__lt=medianoche(hasta + UN_DIA))
    return hechos


def pagina(
    hechos: QuerySet[HechoDeSeguridad], antes_de: int | None
) -> tuple[list[HechoDeSeguridad], int | None]:
    """A page, and the number that the next one begins before (``None`` at the end)."""
    if antes_de:
        hechos = hechos.filter(numero__lt=antes_de)
    filas = list(hechos[: TAMANO + 1])
    return filas[:TAMANO], filas[TAMANO - 1].numero if len(filas) > TAMANO else None


def para_lector(fila: HechoDeSeguridad, usuario: Usuario) -> HechoDeSeguridad:
    """With its ``detalle``; without what stands beside the chain for who reads no personal data."""
    if lectura.enmascara(usuario):
        fila.direccion = fila.dispositivo = fila.aparte = ""
    fila.detalle = list(_detalle(fila))
    return fila


def _detalle(fila: HechoDeSeguridad) -> Iterable[tuple[str, str]]:
    """(name, text), in order; the name is empty where the text says it all."""
    dicho = fila.datos | fila.textos
    if que := dicho.pop("que", ""):
        yield "", str(que)
    campo = str(dicho.pop("campo", ""))
    antes, despues = dicho.pop("antes", None), dicho.pop("despues", None)
    if antes is not None or despues is not None:
        yield campo[:1].upper() + campo[1:], f"{antes or 'nada'} → {despues or 'nada'}"
    elif campo:
        yield "", campo
    for nombre, valor in dicho.items():
        if nombre == "activa" and valor is True:
            continue
        if valor is True:
            yield "", ETIQUETAS.get(nombre, nombre)
        elif valor is False and nombre in ("responsable", "activa"):
            yield ETIQUETAS[nombre], "no"
        elif valor not in (None, "", False):
            yield ETIQUETAS.get(nombre, nombre), str(valor)
    if fila.suprimido_en:
        yield "", lectura.DATO_SUPRIMIDO


def escribir_libro(hechos: QuerySet[HechoDeSeguridad], usuario: Usuario, archivo) -> int:
    """Every fact to ``archivo``, as the page tells it; returns how many."""
    libro, cuantos = Libro(), 0
    hoja = libro.hoja("Registro de seguridad", COLUMNAS)
    for fila in hechos.iterator(chunk_size=500):
        para_lector(fila, usuario)
        detalle = "\n".join(f"{n}: {t}" if n else t for n, t in fila.detalle)
        hoja.agregar([
            fila.numero, fila.en, fila.get_hecho_display(), str(fila.persona or ""),
            str(fila.autor or ""), detalle, fila.dispositivo, fila.direccion, fila.huella,
        ])  # fmt: skip
        cuantos += 1
    libro.guardar(archivo)
    return cuantos
