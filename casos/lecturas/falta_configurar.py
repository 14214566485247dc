"""What is still to be set up before the firm can work (*Falta configurar*). Reads only."""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Exists, OuterRef

from casos import calendario
from casos.catalogos import Catalogo, QueAjusta, Rol
from casos.models import Area, DiaInhabil, Empresa, Membresia, Motivo, Usuario
from casos.textos import punto

PERSONAS = "/admin/casos/usuario/"
EN_ARCHIVOS = "django.core.mail.backends.filebased.EmailBackend"
VUELVE = "volver=configurar"  # in the query of a form of the panel


@dataclass(frozen=True)
class Pendiente:
    """One gap, in words, and the page where it is closed; some only the administrator opens.

    Without a page it is closed where the system is installed.
    """

    texto: str
    url: str = ""
    de_administrador: bool = False

    @property
    def enlace(self) -> str:
        """Its form comes back here once it is saved."""
        if "/add/" not in self.url and "/change/" not in self.url:
            return self.url
        return f"{self.url}{'&' if '?' in self.url else '?'}{VUELVE}"


def lo_que_falta() -> list[Pendiente]:
    """Gaps that would stop a case, the gravest first. Seven queries, and one for an area without a head."""
    gente = list(Usuario.objects.activos())
    falta = _sin_quien(gente)
    sin_correo = [p for p in gente if not p.email]
    del_area = Membresia.objects.filter(area=OuterRef("pk"), activa=True, usuario__is_active=True)
    hay_gente = {"hay": Exists(del_area), "a_cargo": Exists(del_area.filter(es_responsable=True))}
    areas = list(Area.objects.filter(activa=True).annotate(**hay_gente))
    for area in areas:
        if not area.hay:
            alta = f"/admin/casos/membresia/add/?area={area.pk}"
            texto = f"{area.nombre} no tiene a nadie que conteste."
            falta.append(Pendiente(texto, alta, de_administrador=True))
        elif not area.a_cargo:
            texto = f"{area.nombre} no tiene a nadie a cargo que corrija sus respuestas."
            falta.append(Pendiente(texto, _de_alguien(area), de_administrador=True))
    if not any(area.ajusta and area.que_ajusta == QueAjusta.CONTRATO for area in areas):
        texto = "Ningún área ajusta el contrato: no se podría registrar ninguna aceptación."
        falta.append(Pendiente(texto, _del_contrato(areas), de_administrador=True))
    if not hay_servidor_de_correo():
        texto = (
            "No hay servidor de correo (EMAIL_URL): los avisos y las invitaciones quedan en "
            f"archivos, en {settings.EMAIL_FILE_PATH}."
        )
        falta.append(Pendiente(texto))
    falta += _de_la_empresa()
    if sin_correo:
        nombres = ", ".join(str(u) for u in sin_correo[:5])
        texto = punto(f"Sin correo no reciben avisos: {nombres}")
        falta.append(
            Pendiente(texto, f"{PERSONAS}{sin_correo[0].pk}/change/", de_administrador=True)
        )
    con_motivos = set(Motivo.objects.filter(activo=True).values_list("catalogo", flat=True))
    for catalogo in Catalogo:
        if catalogo not in con_motivos:
            alta = f"/admin/casos/motivo/add/?catalogo={catalogo}"
            falta.append(Pendiente(f"El catálogo «{catalogo.label}» está vacío.", alta))
    for de_quien in calendario.sin_habiles():
        falta.append(Pendiente(sin_ningun_habil(de_quien), "/admin/casos/configuracion/"))
    este = calendario.hoy().year
    dias = DiaInhabil.objects.filter(sede=None, fecha__year__range=(este, este + 1))
    con_dias = {fecha.year for fecha in dias.values_list("fecha", flat=True)}
    for anio in (este, este + 1):  # a deadline of December ends in January
        if anio not in con_dias:
            alta = f"/admin/casos/diainhabil/add/?fecha={anio}-01-01&motivo=Año+nuevo"
            falta.append(Pendiente(f"Faltan los días inhábiles de {anio}.", alta))
    return falta


def sin_ningun_habil(de_quien: str) -> str:
    return f"No viene ningún día hábil para {de_quien}: revisa el horario y los días inhábiles."


def _de_alguien(area: Area) -> str:
    """The first of its people: who is in charge is said in the person's own form."""
    suyas = Membresia.objects.filter(area=area, activa=True, usuario__is_active=True)
    return f"/admin/casos/membresia/{suyas.order_by('pk')[0].pk}/change/"


def _del_contrato(areas: list[Area]) -> str:
    """The form of the area that adjusts contracts: Jurídico, where there is one."""
    suya = next((a for a in areas if a.codigo == "JUR"), None)
    return f"/admin/casos/area/{suya.pk}/change/" if suya else "/admin/casos/area/add/?ajusta=1"


def _sin_quien(gente: list[Usuario]) -> list[Pendiente]:
    """Roles that nobody has, each with what would stop for want of it."""
    hay_gerente = any(p.es_gerente for p in gente)
    ademas = ", además de la gerencia," if hay_gerente else ""
    roles = [
        (hay_gerente, "No hay gerente comercial que asigne los casos.", f"{Rol.VEN}&es_gerente=1"),
        (
            any(p.rol == Rol.DG for p in gente),
            "No hay nadie en Dirección General: lo que un área vea en contra no se podría autorizar.",
            Rol.DG,
        ),
        (
            any(p.rol == Rol.VEN and not p.es_gerente for p in gente),
            f"No hay nadie en Ventas{ademas} que registre y lleve los casos.",
            Rol.VEN,
        ),
        (
            any(p.rol == Rol.AC for p in gente),
            "No hay nadie en Atención a Clientes a quien pasarle lo que se informa al cliente.",
            Rol.AC,
        ),
    ]
    return [
        Pendiente(texto, f"{PERSONAS}add/?rol={rol}", de_administrador=True)
        for hay, texto, rol in roles
        if not hay
    ]


def _de_la_empresa() -> list[Pendiente]:
    """What the clients read of the firm in their mails; a logo is the firm's own choice."""
    empresa = Empresa.actual()
    dichos = {
        "nombre": empresa.nombre,
        "dirección": empresa.direccion,
        "teléfono": empresa.telefono,
    }
    sin = [que for que, dicho in dichos.items() if not dicho]
    if not sin:
        return []
    url = (
        f"/admin/casos/empresa/{empresa.pk}/change/" if empresa.pk else "/admin/casos/empresa/add/"
    )
    datos = sin[0] if len(sin) == 1 else f"{', '.join(sin[:-1])} y {sin[-1]}"
    if empresa.nombre:
        return [Pendiente(f"Los correos al cliente no dicen de la empresa: {datos}.", url)]
    texto = f"No sale ningún correo al cliente mientras no se diga quién le escribe: {datos} de la empresa."
    return [Pendiente(texto, url)]


def hay_servidor_de_correo() -> bool:
    """Whether mail leaves at all; without ``EMAIL_URL`` each one is a file."""
    return settings.EMAIL_BACKEND != EN_ARCHIVOS


def le_falta_configurar(usuario: Usuario) -> bool:
    """Whether this person sets the system up, and something is still missing."""
    return (usuario.is_superuser or usuario.es_gerente) and bool(lo_que_falta())
