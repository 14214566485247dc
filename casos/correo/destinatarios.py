"""Who is told about which action: a table, and the functions it names."""

from dataclasses import dataclass, field

from casos.catalogos import ContratoTrasNo, EstadoOpinion, Rol, Turno
from casos.expediente.listas import rehacer
from casos.models import Area, Concepto, Usuario

# action → letters: (who, template). Who is a function of ``Ocasion`` below.
REGLAS = {
    "registrar": [("gerentes", "por_asignar"), ("responsable", "asignado")],
    "asignar": [("responsable", "asignado"), ("anterior", "relevado")],
    "analizar": [("preguntadas", "opinion_pedida")],
    "consultar_area": [("preguntadas", "opinion_pedida")],
    "pedir_mas_analisis": [("preguntadas", "opinion_pedida")],
    "replantear": [("preguntadas", "opinion_pedida"), ("responsable", "avance")],
    "contraofertar": [("preguntadas", "opinion_pedida")],
    "retirar_consulta": [("area_del_objeto", "consulta_retirada")],
    "dispensar": [("area_del_objeto", "dispensada")],
    "opinar": [("responsable", "opinion_dada")],
    "opinar_verbal": [("responsable", "opinion_dada")],
    "pedir_datos": [("responsable", "datos_pedidos")],
    "responder_datos": [("area_del_objeto", "datos_dados")],
    "concluir_analisis": [("responsable", "analisis_concluido"), ("direccion_si_hay_contra", "analisis_concluido")],
    "declarar_viable": [("areas_consultadas", "viable"), ("responsable", "viable")],
    "declarar_no_viable": [("atencion_si_pasa", "informar_cliente"), ("areas_consultadas", "no_viable")],
    "presentar": [("cliente_si_se_pidio", "propuesta")],
    "aceptar": [("avisadas", "ajuste_pedido")],
    "agregar_ajuste": [("avisadas", "ajuste_pedido")],
    "pedir_deshacer": [("avisadas", "deshacer_pedido")],
    "retirar_deshacer": [("area_del_objeto", "deshacer_retirado")],
    "confirmar_ajuste": [("responsable", "ajuste_respondido")],
    "indicar_no_puede": [("responsable", "ajuste_respondido"), ("area_si_respondio_otro", "ajuste_respondido")],
    "indicar_no_aplica": [("responsable", "ajuste_respondido"), ("area_si_respondio_otro", "ajuste_respondido")],
    "confirmar_deshecho": [("responsable", "ajuste_respondido")],
    "indicar_no_se_deshace": [("responsable", "ajuste_respondido")],
    "aceptar_como_esta": [("responsable", "aceptado_como_esta"), ("area_del_objeto", "aceptado_como_esta")],
    "cerrar_modificado": [("areas_y_atencion", "modificado")],
    "declarar_no_ajustable": [("atencion_si_pasa", "informar_cliente"), ("areas_de_ajuste", "no_viable")],
    "rechazar": [("areas_consultadas", "cerrado"), ("gerencia_si_hay_riesgo", "en_riesgo")],
    "informar": [("areas_y_atencion", "cerrado"), ("gerencia_si_hay_riesgo", "en_riesgo")],
    "cerrar_sin_respuesta": [("responsable", "cerrado")],
    "anular": [("responsable", "cerrado"), ("areas_consultadas", "cerrado")],
    "reabrir": [("responsable", "reabierto"), ("preguntadas", "opinion_pedida"), ("avisadas", "ajuste_pedido"), ("areas_sin_tarea", "reabierto"), ("gerentes", "por_asignar")],
    "corregir_constancia": [("quien_la_registro", "constancia_corregida"), ("anterior", "relevado"), ("gerentes", "por_asignar"), ("direccion_si_le_toca", "analisis_concluido")],
}  # fmt: skip
TAMBIEN = [("destinatarios_de_constancia", "constancia"), ("detenidas", "alto")]


@dataclass(frozen=True)
class Destino:
    """Somebody to write to: a person, an area, or the client; ``sobre`` is the row it is about."""

    usuario: Usuario | None = None
    area: Area | None = None
    correo: str = ""
    sobre: object = None


@dataclass
class Ocasion:
    """One event and what a letter about it may need. Methods name who is written to."""

    evento: object
    caso: object
    datos: dict
    _gente: list = field(default=None)
    _conceptos: dict = field(default=None)

    def lista(self, clave: str) -> list:
        return self.datos.get(clave) or []

    @property
    def objeto(self):
        return self.datos.get("_objeto")

    @property
    def areas_del_caso(self) -> dict:
        """Areas with an opinion or an adjustment, by pk."""
        filas = [*self.caso.hechos.opiniones, *self.caso.hechos.ajustes]
        return {f.area_id: f.area for f in filas}

    def _personas(self, prueba):
        if self._gente is None:
            self._gente = list(
                Usuario.objects.activos().exclude(rol="").exclude(email="").order_by("pk")
            )
        return [Destino(usuario=u) for u in self._gente if prueba(u)]

    def conceptos_de(self, area) -> set:
        """Keys of the concepts that concern an area; all areas in one query."""
        if self._conceptos is None:
            self._conceptos = {}
            for fila in traidas(self.caso, "incumbencias", Concepto.areas.through.objects.all()):
                self._conceptos.setdefault(fila.area_id, set()).add(fila.concepto_id)
        return self._conceptos.get(area.pk, set())

    def gerentes(self):
        """Who assigns a case; DG where nobody heads the area, as in the trays."""
        if self.caso.responsable_id:
            return []
        if self.caso.hechos.hay_gerente:
            return self._personas(lambda u: u.es_gerente)
        return self._personas(lambda u: u.rol == Rol.DG)

    def gerencia_si_hay_riesgo(self):
        riesgo = (ContratoTrasNo.EN_RIESGO, ContratoTrasNo.TERMINA)
        if self.caso.contrato_tras_no not in riesgo:
            return []
        return self._personas(lambda u: u.es_gerente or u.rol == Rol.DG)

    def direccion_si_hay_contra(self):
        return self._personas(lambda u: u.rol == Rol.DG) if self.caso.hechos.en_contra else []

    def direccion_si_le_toca(self):
        """A corrected verbal opinion turned out to be against: the decision passes to DG."""
        return self.direccion_si_hay_contra() if self.caso.turno == Turno.DG else []

    def atencion_si_pasa(self):
        return self._personas(lambda u: u.rol == Rol.AC) if self.caso.por_atencion else []

    def responsable(self):
        return [Destino(usuario=self.caso.responsable)] if self.caso.responsable_id else []

    def anterior(self):
        pk = str(self.evento.datos.get("anterior", "")).partition(":")[2]
        if not pk or pk == str(getattr(self.objeto, "registrada_por_id", "")):
            return []  # who wrote a corrected order down is told of the correction
        return [Destino(usuario=Usuario.objects.get(pk=pk))]

    def quien_la_registro(self):
        return [Destino(usuario=self.objeto.registrada_por)]

    def destinatarios_de_constancia(self):
        return [Destino(usuario=c.destinatario, sobre=c) for c in self.lista("_constancias")]

    def preguntadas(self):
        return [Destino(area=o.area, sobre=o) for o in self.lista("_opiniones")]

    def avisadas(self):
        """By mail; who was told verbally gets the *constancia* instead (§7.7)."""
        return [Destino(area=a.area, sobre=a) for a in self.lista("_ajustes") if not a.verbal]

    def detenidas(self):
        return [Destino(area=o.area, sobre=o) for o in self.lista("_canceladas")]

    def area_del_objeto(self):
        return [Destino(area=self.objeto.area, sobre=self.objeto)]

    def area_si_respondio_otro(self):
        """GER or DG answered for an overdue area: the area is told."""
        return self.area_del_objeto() if self.objeto.area_id not in self._areas_del_actor() else []

    def _areas_del_actor(self):
        return self.evento.actor.areas_ids if self.evento.actor else frozenset()

    def areas_consultadas(self):
        """Those still asked: not the withdrawn, nor who is told to halt by this very event."""
        detenidas = {o.area_id for o in self.lista("_canceladas")}
        areas = {
            o.area_id: o.area
            for o in self.caso.hechos.opiniones
            if o.estado not in (EstadoOpinion.RETIRADA, EstadoOpinion.CANCELADA)
        }
        return [Destino(area=a) for pk, a in areas.items() if pk not in detenidas]

    def areas_de_ajuste(self):
        detenidas = {o.area_id for o in self.lista("_canceladas")}
        areas = {a.area_id: a.area for a in self.caso.hechos.ajustes_de_la_aceptacion}
        return [Destino(area=a) for pk, a in areas.items() if pk not in detenidas]

    def areas_sin_tarea(self):
        con_tarea = {f.area_id for f in [*self.lista("_opiniones"), *self.lista("_ajustes")]}
        return [Destino(area=a) for pk, a in self.areas_del_caso.items() if pk not in con_tarea]

    def areas_y_atencion(self):
        areas = [Destino(area=a) for a in self.areas_del_caso.values()]
        return areas + self._personas(lambda u: u.rol == Rol.AC)

    def cliente_si_se_pidio(self):
        if not self.datos.get("enviar_al_cliente"):
            return []
        viva = self.caso.hechos.propuesta_viva
        return [Destino(correo=self.caso.persona.correo, sobre=viva)]


def traidas(caso, lista: str, consulta) -> list:
    """Rows that came with the case from the door; a case just registered asks for them."""
    if hasattr(caso, f"lista_{lista}"):
        return rehacer(consulta.model, getattr(caso, f"lista_{lista}"))
    return list(consulta)
