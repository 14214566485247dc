"""Letters about an account's own security: what changed, when, who did it, from where, and what to do.

Nothing confidential in them: no link that opens, no password. They go through the outbox in the
transaction of the change.
"""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.formats import date_format

from casos.catalogos import Hecho, PideSegundoFactor, Rol
from casos.correo import bandeja_de_salida
from casos.models import Area, Configuracion, HechoDeSeguridad, Membresia, Suplencia, Usuario

VARIOS = "Hubo cambios en tu cuenta"
DE_LA_EMPRESA = "Cambiaron los datos de la empresa"
A_MENOS = "Ya no se pide segundo factor a algunas personas"
ADMINISTRADORES = 2  # named in a letter


def de_la_cuenta(
    usuario: Usuario, antes: Usuario, hechos: list[tuple[str, HechoDeSeguridad | None]]
) -> None:
    """One letter of all that was changed at once; a changed address is told at both."""
    frases = [f for campo, _ in hechos if (f := _frase(campo, usuario, antes))]
    if not frases:
        return
    campos = {campo for campo, _ in hechos}
    buzones = [antes.email, usuario.email] if "email" in campos else [usuario.email]
    hecho = next(h for campo, h in hechos if _frase(campo, usuario, antes))
    _escribir(usuario, buzones, frases, hecho, con_otro_correo="email" in campos)
    if "is_superuser" in campos and usuario.is_superuser:
        hay_administrador(usuario, hecho)


def _frase(campo: str, u: Usuario, antes: Usuario) -> str:
    """What changed, as it is told; empty for what is only written down."""
    if campo == "password":
        que = "Cambió" if antes.has_usable_password() else "Se eligió"
        return f"{que} la contraseña de tu cuenta"
    if campo == "email":
        return f"Cambió el correo de tu cuenta: era {antes.email or 'ninguno'} y ahora es {u.email or 'ninguno'}"
    if campo == "username":
        return f"Cambió tu nombre de usuario: era {antes.username} y ahora entras con {u.username}"
    if campo == "rol":
        return f"Cambió tu rol: era {_rol(antes)} y ahora es {_rol(u)}"
    if campo == "es_gerente":
        return "Ahora eres gerente comercial" if u.es_gerente else "Ya no eres gerente comercial"
    if campo == "is_superuser":
        return "Ahora administras el sistema" if u.is_superuser else "Ya no administras el sistema"
    if campo == "is_active":
        return (
            "Se activó tu cuenta" if u.is_active else "Se desactivó tu cuenta: ya no puedes entrar"
        )
    return ""


def _rol(usuario: Usuario) -> str:
    return str(usuario.get_rol_display() or "ninguno")


def de_segundo_factor(usuario: Usuario, hecho: HechoDeSeguridad | None) -> None:
    if hecho is not None:
        frase = {
            Hecho.SEGUNDO_FACTOR.value: "Se activó el segundo factor de tu cuenta",
            Hecho.SIN_SEGUNDO_FACTOR.value: "Se quitó el segundo factor de tu cuenta: se entra solo con la contraseña",
            Hecho.CODIGOS.value: "Se hicieron códigos de recuperación nuevos para tu cuenta: los de antes ya no sirven",
        }[hecho.hecho]
        _escribir(usuario, [usuario.email], [frase], hecho)


def de_membresia(fila: Membresia, hecho: HechoDeSeguridad | None, *, alta: bool) -> None:
    """Not to who did it, nor to who has just been invited: that letter says it all."""
    persona = fila.usuario
    if hecho is None or hecho.autor_id is None or not persona.has_usable_password():
        return
    como = "como responsable" if fila.es_responsable else "sin ser responsable"
    if not fila.activa:
        frase = f"Ya no estás en el área de {fila.area}"
    elif alta:
        frase = f"Te agregaron al área de {fila.area}{' como responsable' if fila.es_responsable else ''}"
    else:
        frase = f"Ahora estás en el área de {fila.area} {como}"
    if persona.pk != hecho.autor_id:
        _escribir(persona, [persona.email], [frase], hecho)


def de_suplencia(fila: Suplencia, hecho: HechoDeSeguridad | None, *, alta: bool) -> None:
    """Who lends and who receives; of Dirección's work, whoever manages beside them. That it ended, the substitute."""
    titular, suplente = fila.titular, fila.suplente
    if hecho is None or hecho.autor_id is None:
        return
    if not alta:
        _escribir(suplente, [suplente.email], [f"Ya no suples a {titular}"], hecho)
        return
    fechas = f"del {_dia(fila.desde)} al {_dia(fila.hasta)} puede hacer en los casos"
    _escribir(
        titular, [titular.email], [f"{suplente} te suple: {fechas} lo que te toca a ti"], hecho
    )
    frase = f"Suples a {titular}: {fechas.replace('puede', 'puedes')} lo que le toca"
    _escribir(suplente, [suplente.email], [frase], hecho)
    if titular.rol == Rol.DG:
        for u in Usuario.objects.gerencia().exclude(pk__in=[titular.pk, suplente.pk]):
            frase = f"{suplente} suple a {titular}: {fechas} lo que le toca a Dirección General"
            _escribir(u, [u.email], [frase], hecho)


def _dia(dia: date) -> str:
    return date_format(dia, r"j \d\e F \d\e Y").lower()


def del_correo_de_area(area: Area, antes: Area, hecho: HechoDeSeguridad | None) -> None:
    """The old addresses are told; where there was none, whoever heads the area."""
    frase = f"Cambió el correo del área de {area}: era {antes.correo or 'ninguno'} y ahora es {area.correo or 'ninguno'}"
    buzones = [(None, correo) for correo in antes.correos]
    if not buzones:
        encabezan = Usuario.objects.activos().filter(
            membresias__area=area, membresias__activa=True, membresias__es_responsable=True
        )
        buzones = [(u, u.email) for u in encabezan if hecho is None or u.pk != hecho.autor_id]
    for usuario, correo in buzones:
        _escribir(usuario, [correo], [frase], hecho, saludo=f"área de {area}")


def de_la_empresa(frases: list[str], hecho: HechoDeSeguridad | None) -> None:
    """Whoever administers and Dirección: it goes in every mail to a client. Who did it knows."""
    autor = hecho.autor_id if hecho else None
    direccion = Usuario.objects.activos().filter(rol=Rol.DG).order_by("pk")
    for u in dict.fromkeys([*_administradores(), *direccion]):
        if u.pk != autor:
            _escribir(u, [u.email], frases, hecho, asunto=DE_LA_EMPRESA)


def hay_administrador(nuevo: Usuario, hecho: HechoDeSeguridad | None) -> None:
    """Whoever administers already hears of another one; who made it knows."""
    autor = hecho.autor_id if hecho else None
    for u in _administradores().exclude(pk__in=[nuevo.pk, autor or nuevo.pk]):
        _escribir(u, [u.email], [f"{nuevo} ahora administra el sistema"], hecho)


def de_a_quien_se_le_pide(
    antes: Configuracion, ahora: Configuracion, hecho: HechoDeSeguridad | None
) -> None:
    """Whoever else administers hears of whom the second factor is asked no more."""
    ya_no = [c for c in antes.segundo_factor_de if c not in ahora.segundo_factor_de]
    if not ya_no:
        return
    frase = f"Ya no se pide segundo factor a: {', '.join(str(PideSegundoFactor(c).label) for c in ya_no)}"
    for u in _administradores().exclude(pk=hecho.autor_id if hecho else None):
        _escribir(u, [u.email], [frase], hecho, asunto=A_MENOS)


def _administradores():
    return Usuario.objects.filter(is_superuser=True, is_active=True).order_by("pk")


def _escribir(
    usuario: Usuario | None,
    buzones: list[str],
    frases: list[str],
    hecho: HechoDeSeguridad | None,
    *,
    con_otro_correo: bool = False,
    saludo: str = "",
    asunto: str = "",
) -> None:
    autor = hecho.autor if hecho else None
    contexto = {
        "saludo": usuario or saludo,
        "frases": frases,
        "hecho": hecho,
        "quien": _quien(usuario, hecho),
        "desde": _desde(hecho),
        "propio": usuario is not None and (autor is None or autor.pk == usuario.pk),
        "con_otro_correo": con_otro_correo,
        "a_quien": _a_quien(usuario, autor),
        "base": settings.URL_BASE,
    }
    texto = render_to_string("correos/cuenta/cambio.txt", contexto)
    asunto = asunto or (frases[0].split(":")[0] if len(frases) == 1 else VARIOS)
    for buzon in dict.fromkeys(b for b in buzones if b):
        bandeja_de_salida.cuenta(usuario, buzon, asunto, texto, confidencial=False)


def _a_quien(usuario: Usuario | None, autor: Usuario | None) -> str:
    """Whom to tell of what was not expected: never the one who did it."""
    ellos = [u.pk for u in (usuario, autor) if u is not None]
    nombres = ", ".join(map(str, _administradores().exclude(pk__in=ellos)[:ADMINISTRADORES]))
    if nombres:
        return f"a quien administra el sistema ({nombres})"
    if autor is not None and autor.is_superuser:
        return "a tu gerente o a Dirección General"
    return "a quien administra el sistema"


def _quien(usuario: Usuario | None, hecho: HechoDeSeguridad | None) -> str:
    if hecho is None or hecho.autor is None:
        if hecho is not None and hecho.direccion:
            return "alguien que no había entrado, con el enlace que se mandó a tu correo"
        return "alguien con acceso al servidor"
    autor = hecho.autor
    if usuario is not None and autor.pk == usuario.pk:
        return "tú, con tu cuenta"
    funcion = "administra el sistema" if autor.is_superuser else autor.funcion
    return f"{autor} ({funcion})" if funcion else str(autor)


def _desde(hecho: HechoDeSeguridad | None) -> str:
    if hecho is None or not hecho.direccion:
        return ""
    return f"{hecho.dispositivo} ({hecho.direccion})"
