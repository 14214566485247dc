"""Pieces that several actions share: questions, adjustments, the sheet, notices. Writes rows."""

from casos import calendario
from casos.catalogos import EstadoConstancia, EstadoOpinion, TipoConstancia
from casos.models import Ajuste, Condicion, Constancia, Opinion, PersonaContacto, ValorContrato


def persona_de(g):
    """The person chosen, or the new one created in place at the client."""
    nombre = g.datos.get("persona_nombre")
    if nombre:
        persona = PersonaContacto.objects.create(
            cliente_id=g.caso.cliente_id,
            nombre=nombre,
            puesto=g.datos.get("persona_puesto") or "",
            telefono=g.datos.get("persona_telefono") or "",
            correo=g.datos.get("persona_correo") or "",
        )
        g.datos_extra["persona"] = f"personacontacto:{persona.pk}"
        return persona
    return g.datos.get("persona")


def planear(g) -> None:
    """Next action and date, where the form asked for them (rule 8)."""
    if g.datos.get("proxima_accion"):
        g.caso.proxima_accion = g.datos["proxima_accion"]
        g.caso.proxima_fecha = g.datos.get("proxima_fecha")


def preguntar(g) -> None:
    """Open the questions of the form in the case's current round (rule 1)."""
    caso = g.caso
    retiradas = {
        o.area_id: o
        for o in caso.hechos.opiniones
        if o.vuelta == caso.vuelta and o.estado == EstadoOpinion.RETIRADA
    }
    for area, pregunta, vence in g.form.consultas:
        opinion = retiradas.get(area.pk) or Opinion(caso=caso, area=area, vuelta=caso.vuelta)
        opinion.pregunta, opinion.vence = pregunta, vence
        opinion.pedida_por, opinion.pedida_en = g.usuario, g.ahora
        opinion.estado = EstadoOpinion.PENDIENTE
        opinion.datos_pedidos = opinion.datos_dados = ""
        if opinion.pk:
            opinion.version += 1
        if opinion.pk:
            opinion.save()
        g.opiniones.append(opinion)
    nuevas = Opinion.objects.bulk_create([o for o in g.opiniones if o.pk is None])
    for opinion in nuevas:
        caso.hechos.sumar("opiniones", opinion)
    g.datos_extra["vuelta"] = caso.vuelta


def pedir_ajustes(g) -> None:
    """Create the adjustments of the form under the case's last acceptance (rule 2)."""
    g.ajustes = Ajuste.objects.bulk_create(
        Ajuste(
            caso=g.caso,
            aceptacion=g.caso.aceptacion,
            area=area,
            que=que,
            vence=vence,
            verbal=verbal,
            pedido_por=g.usuario,
            pedido_en=g.ahora,
        )
        for area, que, vence, verbal, *_ in g.form.ajustes
    )
    for ajuste, pedido in zip(g.ajustes, g.form.ajustes, strict=True):
        g.caso.hechos.sumar("ajustes", ajuste)
        if ajuste.verbal:
            *_, avisado, avisado_en = pedido
            dejar_constancia(
                g,
                TipoConstancia.AJUSTE,
                destinatario=avisado,
                dicho_en=avisado_en,
                texto=ajuste.que,
                ajuste=ajuste,
            )


def dejar_constancia(g, tipo, *, destinatario, dicho_en, texto, opinion=None, ajuste=None):
    """A verbal notice becomes evidence; who received it confirms or corrects (rule 9)."""
    constancia = Constancia.objects.create(
        caso=g.caso,
        tipo=tipo,
        destinatario=destinatario,
        registrada_por=g.usuario,
        registrada_en=g.ahora,
        dicho_en=dicho_en,
        texto=texto[:2000],
        opinion=opinion,
        ajuste=ajuste,
        estado=EstadoConstancia.SIN_CONFIRMAR,
    )
    g.caso.hechos.sumar("constancias", constancia)
    g.constancias.append(constancia)
    return constancia


def escribir_columna(g, columna: str, valores: dict) -> bool:
    """Put ``valores`` ({Concepto: value}) in one column; every edit keeps old and new (rule 6)."""
    filas = {f.concepto_id: f for f in g.caso.hechos.condiciones}
    cambio = False
    for concepto, valor in valores.items():
        fila = filas.get(concepto.pk)
        if fila is None:
            if not valor:
                continue
            fila = Condicion(caso=g.caso, concepto=concepto)
            g.caso.hechos.condiciones.append(fila)
        viejo = getattr(fila, columna)
        if viejo != valor:
            setattr(fila, columna, valor)
            g.cambios[f"{columna}:{concepto.clave}"] = [viejo, valor]
            cambio = True
    return cambio


def guardar_hoja(g) -> None:
    """Write the rows of the sheet as they stand in memory, in one statement."""
    filas = g.caso.hechos.condiciones
    if filas:
        Condicion.objects.bulk_create(
            filas,
            update_conflicts=True,
            unique_fields=["caso", "concepto"],
            update_fields=["vigente", "solicitado", "propuesto", "viable", "acordado"],
        )


def copiar_vigente(g) -> None:
    """Column *Vigente* from what is in force today, with the contract's version (rule 6)."""
    caso = g.caso
    caso.version_contrato = caso.contrato.version
    valores = {f.concepto: "" for f in caso.hechos.condiciones}
    en_vigor = ValorContrato.objects.en_vigor(caso.contrato_id, calendario.hoy())
    for v in en_vigor.select_related("concepto"):
        valores[v.concepto] = v.valor
    escribir_columna(g, "vigente", valores)


def fijar_viable(g) -> None:
    """What may be offered from now on: the bound of later counter-offers (§7.6)."""
    for fila in g.caso.hechos.condiciones:
        fila.viable = fila.propuesto or fila.vigente
