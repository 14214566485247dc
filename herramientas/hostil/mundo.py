"""Who is who and what is whose, as the database has it now: what a person may see, and what is planted to be kept."""

from dataclasses import dataclass

from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile

from casos.actos import ACTOS
from casos.catalogos import Estado, Rol
from casos.expediente.carga import el_mismo
from casos.formularios.base import version_de
from casos.lecturas import clientela, correos
from casos.models import (
    Ajuste,
    Caso,
    Cliente,
    Importacion,
    Opinion,
    PersonaContacto,
    Suplencia,
    Usuario,
    VistaGuardada,
)
from casos.pasos.puerta import ejecutar
from tests.guion import Guion, actuar, contacto, un_contrato
from tests.muestras import PDF
from tests.personas import leer_gente

# Where the planted cases stand; an area that was not asked sees none of them.
ESTADOS = [
    Estado.RECIBIDO,
    Estado.EN_CONTACTO,
    Estado.EN_ANALISIS,
    Estado.EN_PROPUESTA,
    Estado.EN_RESPUESTA,
    Estado.CERRADO,
]


@dataclass(frozen=True)
class Plantado:
    """A case whose every word is one of its own."""

    caso: int
    cliente: int
    folio: str
    palabras: tuple[str, ...]  # of client, request, note, file
    de_la_persona: tuple[str, ...]  # name, mail, telephone of who asked


def plantar(estados=ESTADOS) -> list[Plantado]:
    """Through the door, as ventas; finanzas is asked where an area has to be."""
    guion = Guion(leer_gente())
    return [_uno(guion, estado, n) for n, estado in enumerate(estados)]


def _uno(guion: Guion, estado, n: int) -> Plantado:
    letra = "ABCDEFGHIJ"[n]
    palabras = tuple(f"{p}{letra}oculta" for p in ("Clientela", "Peticion", "Notita", "Legajo"))
    persona = (f"Nombradita{letra}oculta", f"escribe{letra}@oculta.example", f"551234567{n}")
    cliente = Cliente.objects.create(
        razon_social=f"{palabras[0]}, S.A. de C.V.", nombre_comercial=palabras[0]
    )
    contrato = un_contrato(f"OCULTO-{letra}", cliente)
    PersonaContacto.objects.filter(cliente=cliente).update(
        nombre=persona[0], correo=persona[1], telefono=persona[2]
    )
    caso = guion.hasta(estado, contrato=contrato, solicitud=f"Pide {palabras[1]}.")
    caso = actuar("anotar", caso, guion.p.ventas, nota=f"Dijo {palabras[2]}.")
    if estado not in (Estado.RECIBIDO, Estado.CERRADO):
        _con_archivo(caso, guion.p.ventas, palabras[3])
    return Plantado(caso.pk, cliente.pk, caso.folio, palabras, persona)


def _con_archivo(caso: Caso, quien: Usuario, palabra: str) -> None:
    """A file named and filled with its word, handed in with a contact."""
    acto, exp = ACTOS["registrar_contacto"], el_mismo(caso.pk)
    datos = contacto(persona=caso.persona_id) | {"version": version_de(acto, exp.caso, None)}
    archivo = SimpleUploadedFile(f"{palabra}.pdf", PDF + f"% {palabra}".encode())
    ejecutar(acto, quien, caso=caso, datos=datos, archivos={"archivo": archivo})


class Mundo:
    """Read again when asked: what was accepted meanwhile may have shown a case to somebody."""

    def __init__(self, gente: list[str], plantados: list[Plantado]):
        self.gente, self.plantados = gente, plantados
        self.leer()

    def leer(self) -> None:
        casos = apps.get_app_config("casos")
        self.filas = {
            m._meta.model_name: [str(pk) for pk in m.objects.values_list("pk", flat=True)[:400]]
            for m in casos.get_models()
        }
        self.folios = list(Caso.objects.values_list("folio", flat=True))
        self.visibles: dict[str, set[str]] = {"": set()}
        self.ajenas: dict[str, dict[str, list[str]]] = {"": self.filas}
        for quien in self.gente:
            usuario = Usuario.objects.get(username=quien)
            visibles = dict(Caso.objects.visibles_para(usuario).values_list("pk", "folio"))
            self.visibles[quien] = set(visibles.values())
            self.ajenas[quien] = self._de_otros(usuario, visibles)

    def _de_otros(self, usuario: Usuario, visibles: dict) -> dict[str, list[str]]:
        """Of each model, rows that this person may neither read nor touch by a page of their own."""
        ajenas = {
            m._meta.model_name: m.objects.exclude(caso__in=visibles)
            for m in apps.get_app_config("casos").get_models()
            if any(f.name == "caso" for f in m._meta.get_fields() if not f.auto_created)
            and not m._meta.get_field("caso").null
        }
        ajenas["vistaguardada"] = VistaGuardada.objects.exclude(usuario=usuario)
        ajenas["suplencia"] = Suplencia.objects.exclude(titular=usuario)
        ajenas["importacion"] = Importacion.objects.exclude(autor=usuario)
        ajenas["aviso"] = apps.get_model("casos", "Aviso").objects.exclude(
            pk__in=correos.visibles_para(usuario).values("pk")
        )
        clientes = clientela.visibles_para(usuario)
        ajenas["cliente"] = Cliente.objects.filter(fusionado_en=None).exclude(
            pk__in=clientes.values("pk")
        )
        if usuario.rol == "" and not usuario.is_superuser:
            areas = usuario.membresias.filter(activa=True).values("area")
            ajenas["opinion"] = Opinion.objects.exclude(area__in=areas)
            ajenas["ajuste"] = Ajuste.objects.exclude(area__in=areas)
        return {
            m: [str(pk) for pk in q.values_list("pk", flat=True)[:300]] for m, q in ajenas.items()
        }

    def ocultas(self, quien: str) -> dict[str, str]:
        """Words that may be in no answer to ``quien``, and whose they are."""
        usuario = Usuario.objects.filter(username=quien).first()
        casos = clientes = set()
        con_personas = False
        if usuario is not None:
            casos = set(Caso.objects.visibles_para(usuario).values_list("pk", flat=True))
            clientes = set(clientela.visibles_para(usuario).values_list("pk", flat=True))
            con_personas = usuario.rol != Rol.AUD
        dichas = {}
        for p in self.plantados:
            if p.cliente not in clientes:
                dichas[p.palabras[0]] = p.folio
            if p.caso not in casos:
                dichas |= dict.fromkeys(p.palabras[1:], p.folio)
            if p.caso not in casos or not con_personas:
                dichas |= dict.fromkeys(p.de_la_persona, p.folio)
        return dichas
