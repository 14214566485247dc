"""Forms of 7.7: what each area adjusts, its answer, and the undoing."""

from django import forms
from django.utils import timezone

from casos import calendario
from casos.catalogos import Estado, EstadoAjuste, Medio
from casos.formularios.analisis import NoForm, areas_con_gente
from casos.formularios.base import ConArchivo, ConPersona, FormularioPaso, vencimientos
from casos.formularios.campos import (
    CampoFecha,
    CampoFuturo,
    CampoPasado,
    ahora_local,
    linea,
    opciones,
    texto,
)
from casos.formularios.renderizador import FechaHoraInput, FechaInput
from casos.models import Usuario

SIEMPRE = "JUR"
QUE_POR_OMISION = {
    "JUR": "Ajustar el contrato a lo acordado.",
    "NOM": "Ajustar la nómina a lo acordado.",
    "RYS": "Ajustar el servicio a lo acordado.",
}


class ConAjustes:
    """Adjustments to ask for, notified "vía mail o de manera verbal" (§7.7)."""

    ajustes_requeridos = True

    def areas_de_ajuste(self):
        return areas_con_gente(self.caso).filter(ajusta=True)

    def preparar(self):
        super().preparar()
        self.areas_ajuste = list(self.areas_de_ajuste())
        gente = {}
        # Never RC nor who writes it down: telling oneself is no evidence.
        pares = (
            Usuario.objects.activos()
            .filter(membresias__activa=True, membresias__area__in=self.areas_ajuste)
            .exclude(pk__in=[self.usuario.pk, self.caso.responsable_id])
        )
        for persona_id, area_id in pares.values_list("pk", "membresias__area_id"):
            gente.setdefault(area_id, []).append(persona_id)
        vence = vencimientos(Estado.EN_MODIFICACION)
        campos = []
        for area in self.areas_ajuste:
            c = area.codigo
            muestra = f"ajuste_{c}=on"
            verbal = f"aviso_{c}=VERBAL"
            self.fields[f"ajuste_{c}"] = forms.BooleanField(
                label=area.nombre, required=False, initial=self.ajustes_requeridos and c == SIEMPRE
            )
            self.fields[f"que_{c}"] = texto(
                f"Qué ajusta {area.nombre}", requerido=False, muestra_si=muestra, filas=2
            )
            self.fields[f"que_{c}"].initial = QUE_POR_OMISION.get(c, "")
            self.fields[f"para_{c}"] = CampoFuturo(
                label=f"Para cuándo ({area.nombre})",
                required=False,
                initial=vence(area),
                widget=FechaInput({"data-muestra-si": muestra}),
            )
            self.fields[f"aviso_{c}"] = opciones(
                f"Cómo se le avisa a {area.nombre}",
                [("CORREO", "Por correo"), ("VERBAL", "Ya le avisé de palabra")],
                requerido=False,
                inicial="CORREO",
                muestra_si=muestra,
            )
            self.fields[f"avisado_{c}"] = forms.ModelChoiceField(
                label=f"A quién le avisaste en {area.nombre}",
                queryset=Usuario.objects.filter(pk__in=gente.get(area.pk, [])),
                required=False,
                empty_label="Elige a la persona",
                widget=forms.Select({"data-muestra-si": verbal}),
            )
            self.fields[f"avisado_en_{c}"] = CampoPasado(
                label=f"Cuándo le avisaste ({area.nombre})",
                required=False,
                initial=ahora_local(),
                widget=FechaHoraInput({"data-muestra-si": verbal}),
            )
            campos += [
                f"{n}_{c}" for n in ("ajuste", "que", "para", "aviso", "avisado", "avisado_en")
            ]
        self.secciones = [*self.secciones, ("Qué ajusta cada área", campos)]

    def clean(self):
        datos = super().clean()
        ajustes = []
        for area in self.areas_ajuste:
            c = area.codigo
            if not datos.get(f"ajuste_{c}"):
                datos |= {f"que_{c}": "", f"para_{c}": None, f"aviso_{c}": "",
                          f"avisado_{c}": None, f"avisado_en_{c}": None}  # fmt: skip
                continue
            self.exigir(f"que_{c}", f"Falta qué ajusta {area.nombre}.")
            self.exigir(f"para_{c}", f"Falta para cuándo lo ajusta {area.nombre}.")
            verbal = datos.get(f"aviso_{c}") == "VERBAL"
            if verbal:
                self.exigir(f"avisado_{c}", f"Falta a quién le avisaste en {area.nombre}.")
                self.exigir(f"avisado_en_{c}", f"Falta cuándo le avisaste a {area.nombre}.")
            else:
                datos |= {f"avisado_{c}": None, f"avisado_en_{c}": None}
            ajustes.append(
                (area, datos.get(f"que_{c}"), datos.get(f"para_{c}"), verbal,
                 datos.get(f"avisado_{c}"), datos.get(f"avisado_en_{c}"))
            )  # fmt: skip
        if self.ajustes_requeridos and not ajustes:
            self.add_error(None, "Elige al menos un área y lo que debe ajustar.")
        self.ajustes = ajustes
        return datos


class AgregarAjusteForm(ConAjustes, FormularioPaso):
    """An area more, or again one that cannot, does not apply or was undone."""

    def areas_de_ajuste(self):
        h = self.caso.hechos
        ocupadas = [
            a.area_id
            for a in h.ajustes_actuales
            if a.estado in (EstadoAjuste.PENDIENTE, EstadoAjuste.CONFIRMADO)
            and not h.esta_deshecho(a)
        ]
        return super().areas_de_ajuste().exclude(pk__in=ocupadas)

    def preparar(self):
        super().preparar()
        for area in self.areas_ajuste:
            self.fields[f"ajuste_{area.codigo}"].initial = False


class ConfirmarAjusteForm(ConArchivo, FormularioPaso):
    """§7.7: what was done and from when; the pay period for Nóminas, the amendment for Jurídico."""

    def preparar(self):
        super().preparar()
        a = self.objeto
        self.fields["respuesta"] = texto("Qué se ajustó", 4000)
        self.fields["respuesta"].initial = a.respuesta
        self.fields["vigor_fecha"] = CampoFecha(
            label="En vigor a partir del", initial=a.vigor_fecha or self.caso.vigor_fecha
        )
        orden = ["respuesta", "vigor_fecha"]
        if a.area.codigo == "NOM":
            self.fields["periodo_inicio"] = CampoFecha(
                label="Primer periodo de nómina, del", initial=a.periodo_inicio
            )
            self.fields["periodo_fin"] = CampoFecha(
                label="Primer periodo de nómina, al", initial=a.periodo_fin
            )
            orden += ["periodo_inicio", "periodo_fin"]
        if a.area.codigo == "JUR":
            self.fields["convenio"] = opciones(
                "Convenio modificatorio",
                [("SI", "Sí, se hizo"), ("NO", "No se requiere")],
                inicial={True: "SI", False: "NO"}.get(a.convenio_requerido),
            )
            self.fields["convenio_referencia"] = linea(
                "Referencia del convenio", requerido=False, muestra_si="convenio=SI"
            )
            self.fields["convenio_referencia"].initial = a.convenio_referencia
            self.fields["convenio_fecha"] = CampoFecha(
                label="Fecha del convenio",
                required=False,
                initial=a.convenio_fecha,
                widget=FechaInput({"data-muestra-si": "convenio=SI"}),
            )
            orden += ["convenio", "convenio_referencia", "convenio_fecha"]
        self.order_fields([*orden, "archivo"])

    def clean(self):
        datos = super().clean()
        inicio, fin = datos.get("periodo_inicio"), datos.get("periodo_fin")
        if inicio and fin and fin < inicio:
            self.add_error("periodo_fin", "El periodo termina antes de empezar.")
        if datos.get("convenio") == "SI":
            self.exigir("convenio_referencia", "Falta la referencia del convenio.")
            self.exigir("convenio_fecha", "Falta la fecha del convenio.")
        elif "convenio" in self.fields:
            datos |= {"convenio_referencia": "", "convenio_fecha": None}
        return datos


class RespuestaForm(ConArchivo, FormularioPaso):
    """An answer that only needs to say why or what."""

    etiquetas = {
        "indicar_no_puede": "Por qué no se puede",
        "indicar_no_aplica": "Por qué no aplica",
        "confirmar_deshecho": "Qué se deshizo",
        "indicar_no_se_deshace": "Por qué no se puede deshacer",
    }

    def preparar(self):
        super().preparar()
        self.fields["respuesta"] = texto(self.etiquetas[self.accion], 4000)
        self.order_fields(["respuesta", "archivo"])


class PedirDeshacerForm(FormularioPaso):
    def preparar(self):
        super().preparar()
        self.fields["que"] = texto("Qué se debe deshacer y por qué")
        self.fields["para"] = CampoFuturo(
            label="Para cuándo",
            initial=None
            if self.is_bound
            else calendario.vence_para(Estado.EN_MODIFICACION, timezone.now()),
        )


class AceptarComoEstaForm(FormularioPaso):
    def preparar(self):
        super().preparar()
        self.fields["consecuencia"] = texto("Qué consecuencia tiene y por qué se acepta")


class CerrarModificadoForm(ConPersona, FormularioPaso):
    """§7.7: who told the client of the start, when and how."""

    secciones = [
        ("Aviso al cliente", ["informo", "persona", "persona_nombre", "cuando", "medio", "nota"])
    ]

    def preparar(self):
        super().preparar()
        self.fields["informo"] = forms.ModelChoiceField(
            label="Quién le avisó al cliente del inicio",
            queryset=Usuario.objects.comerciales(),
            initial=self.usuario.pk,
            empty_label="Elige a la persona",
        )
        self.fields["cuando"] = CampoPasado(label="Cuándo", initial=ahora_local())
        self.fields["medio"] = opciones("Medio", Medio.choices)
        self.fields["nota"] = texto("Nota de cierre", requerido=False, filas=2)

    def clean(self):
        datos = super().clean()
        # The acceptance may be written down days after it was said, and the client told meanwhile.
        presentada = self.caso.hechos.propuestas[0].presentada_en
        self.no_antes("cuando", presentada, "se le presentara la propuesta")
        return datos


class DeclararNoAjustableForm(NoForm):
    pass
