"""What is still to be set up before the firm can work (*Falta configurar*). Reads only."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from casos import calendario
from casos.catalogos import Catalogo, QueAjusta, Rol
from casos.models import Area, DiaInhabil, Membresia, Motivo, Usuario

VUELVE = "volver=configurar"  # in the query of a form of the panel


@dataclass(frozen=True)
class Pendiente:
    """One gap, in words, and the page where it is closed; some only the administrator opens."""

    texto: str
    url: str
    de_administrador: bool = False

    @property
    def enlace(self) -> str:
        """Its form comes back here once it is saved."""
        if "/add/" not in self.url and "/change/" not in self.url:
            return self.url
        return f"{self.url}{'&' if '?' in self.url else '?'}{VUELVE}"


def lo_que_falta() -> list[Pendiente]:
    """Gaps that would stop a case, the gravest first. Five queries."""
    falta = []
    personas = "/admin/casos/usuario/"
    gerentes, sin_correo = _gente()
    if not gerentes:
        texto = "No hay gerente comercial que asigne los casos."
        alta = f"{personas}add/?rol={Rol.VEN}&es_gerente=1"
        falta.append(Pendiente(texto, alta, de_administrador=True))
    gente = Membresia.objects.filter(area=OuterRef("pk"), activa=True, usuario__is_active=True)
    areas = list(Area.objects.filter(activa=True).annotate(hay=Exists(gente)))
    for area in areas:
        if not area.hay:
            alta = f"/admin/casos/membresia/add/?area={area.pk}"
            texto = f"{area.nombre} no tiene a nadie que conteste."
            falta.append(Pendiente(texto, alta, de_administrador=True))
    if not any(area.ajusta and area.que_ajusta == QueAjusta.CONTRATO for area in areas):
        texto = "Ningún área ajusta el contrato: no se podría registrar ninguna aceptación."
        falta.append(Pendiente(texto, "/admin/casos/area/", de_administrador=True))
    if sin_correo:
        nombres = ", ".join(str(u) for u in sin_correo[:5])
        texto = f"Sin correo no reciben avisos: {nombres}."
        falta.append(Pendiente(texto, personas, de_administrador=True))
    con_motivos = set(Motivo.objects.filter(activo=True).values_list("catalogo", flat=True))
    for catalogo in Catalogo:
        if catalogo not in con_motivos:
            falta.append(
                Pendiente(f"El catálogo «{catalogo.label}» está vacío.", "/admin/casos/motivo/")
            )
    este = calendario.hoy().year
    dias = DiaInhabil.objects.filter(fecha__year__range=(este, este + 1))
    con_dias = {fecha.year for fecha in dias.values_list("fecha", flat=True)}
    for anio in (este, este + 1):  # a deadline of December ends in January
        if anio not in con_dias:
            falta.append(
                Pendiente(f"Faltan los días inhábiles de {anio}.", "/admin/casos/diainhabil/")
            )
    return falta


def _gente():
    personas = list(Usuario.objects.activos())
    return [p for p in personas if p.es_gerente], [p for p in personas if not p.email]
