"""What the case page reads: the case with its lists and where it has been.

Reads only, under the one visibility rule. The timeline is in ``historia``, the next step in
``jugada``.
"""

from functools import cache, lru_cache

from django.db.models import Exists, F, OuterRef, Subquery
from django.utils import timezone

from casos.catalogos import Estado, EstadoAviso
from casos.expediente.hechos import Hechos
from casos.expediente.listas import ListaJSON, instante, rehacer
from casos.models import (
    Adjunto,
    Ajuste,
    Area,
    Aviso,
    Caso,
    Cita,
    Concepto,
    Condicion,
    Configuracion,
    Constancia,
    Contacto,
    Evento,
    Membresia,
    Motivo,
    Opinion,
    PersonaContacto,
    Propuesta,
    RevisionInstruccion,
    SeccionInstruccion,
    Suplencia,
    TextoEvento,
    TipoRequerimiento,
    Usuario,
    ValorContrato,
    VersionContrato,
)

CASOS_PREVIOS = 8

PERSONA = ("first_name", "last_name", "username")


DE_AREA = ("codigo", "nombre", "orden", "correo", "dias_opinion", "dias_ajuste")
DE_CONCEPTO = ("clave", "nombre", "unidad", "limite", "orden")


def _columnas(modelo, **relaciones) -> list[str]:
    """Every column of a model, and the named ones of the rows it points to."""
    propias = [c.attname for c in modelo._meta.concrete_fields if c.attname != "caso_id"]
    return [*propias, *(f"{r}__{c}" for r, campos in relaciones.items() for c in campos)]


def _lista(modelo, *orden, **relaciones) -> ListaJSON:
    filas = modelo.objects.filter(caso=OuterRef("pk")).order_by(*orden)
    return ListaJSON(filas, *_columnas(modelo, **relaciones))


# The lists of ``Hechos`` that come with the case, by the same names.
LISTAS = {
    "opiniones": Opinion,
    "ajustes": Ajuste,
    "propuestas": Propuesta,
    "constancias": Constancia,
    "condiciones": Condicion,
    "contactos": Contacto,
    "citas": Cita,
}


# -- the case with everything that hangs from it ---------------------------------------------------


@cache
def listas_de_hechos() -> dict:
    """Annotations that bring the lists of ``Hechos`` with the case, in the same statement.

    Built once: each use resolves its own copy.
    """
    caso = OuterRef("pk")
    return {
        "lista_contactos": ListaJSON(
            Contacto.objects.filter(caso=caso).order_by("-cuando", "-pk"),
            "id", "cuando", "medio", "direccion", "efectivo", "es_presentacion", "persona_id",
            "registrado_por_id",
        ),
        "lista_citas": _lista(Cita, "inicio", "pk", persona=("nombre",)),
        "lista_opiniones": _lista(
            Opinion, "vuelta", "area__orden", "pk",
            area=DE_AREA, pedida_por=PERSONA, dada_por=PERSONA,
        ),
        "lista_ajustes": _lista(
            Ajuste, "aceptacion", "pk", area=DE_AREA, pedido_por=PERSONA, respondido_por=PERSONA
        ),
        "lista_propuestas": _lista(
            Propuesta, "-numero", presentada_por=PERSONA, persona=("nombre",)
        ),
        "lista_condiciones": _lista(Condicion, "concepto__orden", "pk", concepto=DE_CONCEPTO),
        "lista_constancias": _lista(
            Constancia, "pk", destinatario=PERSONA, registrada_por=PERSONA
        ),
        "lista_configuracion": ListaJSON(
            Configuracion.objects.order_by("pk")[:1], *_columnas(Configuracion)
        ),
        "lista_gerencias": ListaJSON(
            Usuario.objects.gerencia().order_by("pk"), "id", "rol", "es_gerente"
        ),
        "lista_seguidores": ListaJSON(
            Usuario.objects.filter(casos_seguidos=caso).order_by("pk"),
            "id", *PERSONA, "email", "is_active",
        ),
        "lista_tipos": ListaJSON(
            TipoRequerimiento.objects.filter(casos=caso).order_by("orden", "nombre"), "id", "nombre"
        ),
    }  # fmt: skip


def listas_de_avisos(hoy) -> dict:
    """What the letters of a step need to know: who is in each area, who substitutes, which rows."""
    persona = ("first_name", "last_name", "username", "email", "is_active")
    return {
        "lista_miembros": ListaJSON(
            Membresia.objects.filter(activa=True, usuario__is_active=True).order_by("pk"),
            "id", "area_id", "usuario_id", *(f"usuario__{c}" for c in persona),
        ),
        "lista_suplencias": ListaJSON(
            Suplencia.objects.filter(
                desde__lte=hoy, hasta__gte=hoy, suplente__is_active=True
            ).order_by("pk"),
            "id", "titular_id", "suplente_id", *(f"suplente__{c}" for c in persona),
        ),
        "lista_incumbencias": ListaJSON(
            Concepto.areas.through.objects.order_by("pk"), "id", "area_id", "concepto_id"
        ),
    }  # fmt: skip


def bloqueado(pk) -> Caso:
    """The case locked until the transaction ends, with its facts. Two statements.

    The lock comes first: a statement that waits for it would read the lists as they were before.
    """
    Caso.objects.select_for_update().values_list("pk").get(pk=pk)
    caso = _con_todo(timezone.localdate()).get(pk=pk)
    preparar(caso)
    caso._prefetched_objects_cache = {}  # whoever writes ``tipos`` needs the real thing
    return caso


@lru_cache(maxsize=1)
def _con_todo(hoy):
    """Built once a day, as it takes longer than to run it; nobody evaluates this one itself."""
    revision = RevisionInstruccion.objects.filter(vigente=True).order_by("-numero")
    return Caso.objects.select_related(
        "cliente", "contrato", "responsable", "persona", "registrado_por", "motivo_principal"
    ).annotate(
        revision_vigente=Subquery(revision.values("numero")[:1]),
        ultima_vigencia=Subquery(
            VersionContrato.objects.filter(contrato=OuterRef("contrato"))
            .order_by("-desde_fecha")
            .values("desde_fecha")[:1]
        ),
        **listas_de_hechos(),
        **listas_de_avisos(hoy),
    )


def consulta(usuario):
    """Visible cases with the rows the page needs beside them, in one statement."""
    caso = OuterRef("pk")
    visibles = Caso.objects.visibles_para(usuario)
    mios = Area.objects.filter(pk__in=usuario.areas_ids)
    return visibles.select_related(
        "cliente", "contrato", "persona", "responsable", "registrado_por", "asignado_por",
        "motivo_principal", "deriva_de", "duplicado_de",
    ).annotate(
        **listas_de_hechos(),
        lista_recorrido=ListaJSON(
            Evento.objects.filter(caso=caso).exclude(a=F("de")).order_by("numero"), "a", "en"
        ),
        lista_instruccion=ListaJSON(_del_desarrollo(), "id", "clave", "titulo", "texto"),
        lista_vigentes=ListaJSON(
            ValorContrato.objects.en_vigor(
                OuterRef(OuterRef("contrato")), timezone.localdate()
            ).order_by("pk"),
            "id", "concepto_id", "valor",
        ),
        lista_por_venir=ListaJSON(
            ValorContrato.objects.por_venir(
                OuterRef(OuterRef("contrato")), timezone.localdate()
            ).order_by("concepto__orden", "pk"),
            "id", "concepto_id", "valor", "version_id", "version__desde_fecha", "version__caso_id",
            "version__caso__folio",
        ),
        lista_archivos=ListaJSON(
            Adjunto.objects.filter(caso=caso).order_by("-pk"),
            "id", "evento_id", "nombre", "tamano", "subido_en",
        ),
        lista_personas=ListaJSON(
            PersonaContacto.objects.filter(cliente=OuterRef("cliente")).order_by("pk"),
            "id", "nombre",
        ),
        lista_areas=ListaJSON(Area.objects.order_by("orden", "pk"), "id", "nombre"),
        lista_motivos=ListaJSON(Motivo.objects.order_by("orden", "nombre"), "id", "nombre"),
        lista_del_no=ListaJSON(
            Motivo.objects.filter(casos=caso).order_by("orden", "nombre"), "id", "nombre"
        ),
        lista_previos=ListaJSON(
            visibles.filter(contrato=OuterRef("contrato"))
            .exclude(pk=OuterRef("pk"))
            .order_by("-pk")[:CASOS_PREVIOS],
            "id", "folio", "estado", "resultado", "vence", "cerrado_en", "recibido_en", "solicitud",
        ),
        lista_conceptos_propios=ListaJSON(
            # Rows of the sheet that concern the reader's areas; only an area's person needs it.
            Concepto.objects.filter(areas__in=mios).distinct().order_by("pk"), "id"
        ),
        correos_fallidos=Exists(Aviso.objects.filter(caso=caso, estado=EstadoAviso.FALLIDO)),
        se_le_dijo=Subquery(_lo_dicho_al_informar(caso)),
    )  # fmt: skip


def _lo_dicho_al_informar(caso):
    """What the client was told, the last time (§7.8); nothing where they could not be found."""
    ultima = Evento.objects.filter(caso=OuterRef(caso), accion="informar").order_by("-numero")
    return TextoEvento.objects.filter(
        evento=Subquery(ultima.values("pk")[:1]), campo="que_se_dijo"
    ).values("texto")[:1]


def _del_desarrollo():
    return SeccionInstruccion.objects.filter(
        revision__vigente=True, clave__startswith="7."
    ).order_by("orden")


def instruccion(seccion: str, caso: Caso | None = None) -> SeccionInstruccion | None:
    """The instruction's own words for a section of the revision in force."""
    if caso is not None and hasattr(caso, "lista_instruccion"):
        secciones = rehacer(SeccionInstruccion, caso.lista_instruccion)
        return next((s for s in secciones if s.clave == seccion), None)
    return _del_desarrollo().filter(clave=seccion).first()


def vigentes(caso) -> dict:
    """Concept → value in force of the case's contract, before the sheet has its own column."""
    if caso.contrato is None:
        return {}
    if hasattr(caso, "lista_vigentes"):
        valores = rehacer(ValorContrato, caso.lista_vigentes)
    else:
        valores = ValorContrato.objects.en_vigor(caso.contrato_id, timezone.localdate())
    return {v.concepto_id: v.valor for v in valores}


def por_venir(caso) -> list[ValorContrato]:
    """What another case agreed for later, of the rows that the reader's sheet has."""
    de_hoy = {f.concepto_id: (f.concepto, f.vigente) for f in caso.hoja_visible}
    filas = []
    for v in rehacer(ValorContrato, caso.lista_por_venir):
        concepto, vigente = de_hoy.get(v.concepto_id, (None, ""))
        if concepto and v.valor != vigente and v.version.caso_id != caso.pk:
            v.concepto = concepto
            filas.append(v)
    return filas


def preparar(caso: Caso) -> Caso:
    """Give ``caso`` its ``hechos`` out of the lists that came with it."""
    hechos = caso.hechos = Hechos(caso)
    for nombre, modelo in LISTAS.items():
        filas = rehacer(modelo, getattr(caso, f"lista_{nombre}"))
        for fila in filas:
            fila.caso = caso
        setattr(hechos, nombre, filas)
    opiniones = {o.pk: o for o in hechos.opiniones}
    ajustes = {a.pk: a for a in hechos.ajustes}
    for c in hechos.constancias:
        c.opinion, c.ajuste = opiniones.get(c.opinion_id), ajustes.get(c.ajuste_id)
    for a in hechos.ajustes:
        a.deshace = ajustes.get(a.deshace_id)
    hechos.gerencias = [(u.pk, u.rol, u.es_gerente) for u in rehacer(Usuario, caso.lista_gerencias)]
    configuracion = rehacer(Configuracion, caso.lista_configuracion)
    hechos.configuracion = configuracion[0] if configuracion else Configuracion()
    # The step's form asks for ``caso.tipos.all()``: it came with the case.
    caso._prefetched_objects_cache = {"tipos": rehacer(TipoRequerimiento, caso.lista_tipos)}
    caso.quienes_siguen = rehacer(Usuario, caso.lista_seguidores)
    hechos.seguidores_ids = {u.pk for u in caso.quienes_siguen}
    return caso


# -- what the reader may see of it -----------------------------------------------------------------


def para_lector(caso, usuario) -> Caso:
    """Mark what of a prepared case this person reads: rows of the sheet, and which other cases.

    ``otros_visibles``: keys of the cases it names that the reader sees; one query where it names any.
    """
    caso.cliente.para(usuario)
    caso.hoja_visible = hoja(caso, usuario)
    otros = {caso.deriva_de_id, caso.duplicado_de_id} - {None}
    otros |= {v["version__caso_id"] for v in caso.lista_por_venir} - {None, caso.pk}
    if otros:
        visibles = Caso.objects.visibles_para(usuario).filter(pk__in=otros)
        otros = set(visibles.values_list("pk", flat=True))
    caso.otros_visibles = otros
    return caso


def ve_toda_la_hoja(caso, usuario) -> bool:
    """Areas read only the rows that concern them; everybody else the whole sheet (D§3)."""
    if usuario.ve_todo or caso.registrado_por_id == usuario.pk:
        return True
    return any(c.rol or c.usuario_id == caso.responsable_id for c in usuario.cargos)


def hoja(caso, usuario) -> list:
    filas = caso.hechos.condiciones
    if ve_toda_la_hoja(caso, usuario):
        return filas
    propias = {c.pk for c in rehacer(Concepto, caso.lista_conceptos_propios)}
    return [f for f in filas if f.concepto_id in propias]


def recorrido(caso) -> dict:
    """Section → when it was last entered: where the case has been on the path."""
    pasos = {}
    for fila in caso.lista_recorrido:
        if fila["a"] in Estado.values and Estado(fila["a"]).seccion:
            pasos[Estado(fila["a"]).seccion] = instante(fila["en"])
    return pasos


def rfc_para(cliente, usuario) -> str:
    """The RFC of a natural person identifies them: an auditor does not read it (D§5)."""
    if cliente.rfc and usuario.ve_enmascarado and cliente.es_persona_fisica:
        return "Dato personal"
    return cliente.rfc


def previos(caso) -> list:
    """Other cases of the same contract that the reader may see."""
    return rehacer(Caso, caso.lista_previos)


def motivos(caso) -> list[str]:
    """Names of the motives, the principal first."""
    nombres = [m["nombre"] for m in caso.lista_del_no]
    if caso.motivo_principal:
        principal = caso.motivo_principal.nombre
        return [principal, *(n for n in nombres if n != principal)]
    return nombres


def con_hechos(usuario, **filtro) -> Caso | None:
    """One visible case with its facts to be read as needed: for the steps and the files."""
    caso = (
        Caso.objects.visibles_para(usuario)
        .select_related("cliente", "contrato", "persona", "responsable", "registrado_por")
        .filter(**filtro)
        .first()
    )
    if caso is not None:
        caso.cliente.para(usuario)
        caso.hechos = Hechos(caso)
    return caso


def para_historia(caso, usuario) -> Caso:
    """The same case with the lists its log needs to be read."""
    con_listas = consulta(usuario).filter(pk=caso.pk).first()
    if con_listas is None:
        return caso
    return para_lector(preparar(con_listas), usuario)


def hoja_de(caso, fila) -> list:
    """Rows of the sheet that concern the area whose opinion or adjustment this is (D§3)."""
    origen = getattr(fila, "opinion", None) or getattr(fila, "ajuste", None) or fila
    area = getattr(origen, "area_id", None)
    if area is None:
        return []
    return list(
        caso.condiciones.filter(concepto__areas=area)
        .select_related("concepto")
        .order_by("concepto__orden", "pk")
    )
