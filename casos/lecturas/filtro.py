"""The GET form of the list of cases: what is asked, validated; what is nonsense, said and ignored.

Filters a queryset and names its filters. No pages, no HTML, no permissions.
"""

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.choices import flatten_choices

from casos.busqueda import LARGO_CONSULTA, buscar
from casos.calendario import medianoche
from casos.catalogos import (
    ABIERTOS,
    Catalogo,
    Estado,
    EstadoOpinion,
    Resultado,
    Turno,
)
from casos.formularios.campos import CampoFecha
from casos.formularios.fallos import ignorados
from casos.lecturas.filtro_de_cifras import SIN_DATO, DeLasCifras
from casos.lecturas.le_toca import le_toca_a
from casos.lecturas.paginas import ORDENES
from casos.lecturas.siguiente_paso import sin_siguiente_accion
from casos.models import Ajuste, Caso, Opinion
from casos.models.caso import juntar
from casos.models.de_su_registro import participa
from casos.permisos.cargos import cargos
from casos.permisos.lectura import busca_en, lee_clientes
from casos.veredicto import Veredicto

TODOS_LOS_ABIERTOS = "ABIERTOS"
VACIOS = (None, "", False, [])
SIN_ASIGNAR = "0"
GRUPOS = [
    ("Qué se busca", ["q", "tipo"]),
    ("Quién lo lleva", ["turno", "responsable", "registro"]),
    ("Áreas", ["area", "area_debe", "area_respondio"]),
    ("Cuándo", ["desde", "hasta", "cerrado_desde", "cerrado_hasta"]),
    ("Cómo terminó", ["resultado", "motivo", "conformidad"]),
]


@dataclass(frozen=True)
class Chip:
    """A filter in use, and the query of the list without it."""

    texto: str
    consulta: str


def _elegir(etiqueta, choices, vacio="Todos"):
    return forms.ChoiceField(
        label=etiqueta,
        choices=[("", vacio), *choices],
        required=False,
        error_messages={"invalid_choice": "Elige una opción de la lista."},
    )


def _marcar(etiqueta):
    return forms.BooleanField(label=etiqueta, required=False)


class FiltroCasos(DeLasCifras):
    q = forms.CharField(
        label="Buscar",
        max_length=LARGO_CONSULTA,
        required=False,
        widget=forms.TextInput({"type": "search", "autocomplete": "off"}),
        error_messages={"max_length": "Busca con menos de 100 letras."},
    )
    estado = forms.MultipleChoiceField(
        label="Estado",
        choices=[(TODOS_LOS_ABIERTOS, "Todos los abiertos"), *Estado.choices],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Elige estados de la lista."},
    )
    turno = _elegir("Pendiente de", [c for c in Turno.choices if c[0]], "Cualquiera")
    responsable = _elegir("Responsable", [])
    registro = _elegir("Registró", [], "Cualquiera")
    area = _elegir("Área que participa", [], "Cualquiera")
    area_debe = _elegir("Área que debe responder", [], "Cualquiera")
    area_respondio = _elegir("Área que ya respondió", [], "Cualquiera")
    tipo = _elegir("Tipo de requerimiento", [])
    resultado = _elegir("Resultado", Resultado.choices)
    motivo = _elegir("Motivo", [])
    conformidad = _elegir(
        "Conformidad",
        [
            *((v.name, v.dicho) for v in Veredicto),
            ("CUMPLEN", "Cumple, con observación o sin ella"),
        ],
    )
    desde = CampoFecha(label="Recibido desde", required=False)
    hasta = CampoFecha(label="Recibido hasta", required=False)
    cerrado_desde = CampoFecha(label="Cerrado desde", required=False)
    cerrado_hasta = CampoFecha(label="Cerrado hasta", required=False)
    vencidos = _marcar("Solo vencidos")
    sin_accion = _marcar("Solo sin siguiente acción")
    tocan = _marcar("Solo los que me tocan")
    mios = _marcar("Solo los míos")
    sigo = _marcar("Solo los que sigo")
    cliente = forms.IntegerField(
        label="Cliente",
        required=False,
        min_value=1,
        max_value=2_147_483_647,
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), "Ese cliente no existe."
        ),
    )
    orden = forms.ChoiceField(
        label="Orden",
        choices=[(o, o) for o in ORDENES],
        required=False,
        widget=forms.HiddenInput,
        error_messages={"invalid_choice": "Ese orden no existe."},
    )

    def __init__(self, datos, *, usuario, opciones, de_pocos=False):
        super().__init__(datos, label_suffix="")
        self.usuario = usuario
        self.de_pocos = de_pocos  # something else has made the cases few: each is asked by itself
        self.nombre_cliente = ""  # told by who reads the cases: only of one that may be seen
        # Read when they are drawn, or asked by.
        self._completar(
            "responsable", lambda: [(SIN_ASIGNAR, "Sin asignar"), *opciones.responsables]
        )
        self._completar("registro", lambda: opciones.responsables)
        for campo in ("area", "area_debe", "area_respondio", *self.DE_AREA):
            self._completar(campo, lambda: opciones.areas)
        if not lee_clientes(usuario):  # how many posts it has is not every area's
            self.fields["cerro_tamano"].choices = [("", "")]
        self._completar("cerro_area", lambda: [(SIN_DATO, "sin dato"), *opciones.areas])
        self._completar("tipo", lambda: opciones.tipos)
        for campo in ("motivo", "cerro_por"):
            [vacia] = self.fields[campo].choices
            self.fields[campo].choices = lambda vacia=vacia: [vacia, *_en_grupos(opciones.motivos)]
        for campo in self.fields.values():
            campo.sin_marca = True  # every filter is optional: saying so nine times is noise
        self.full_clean()

    def _completar(self, campo, filas) -> None:
        [vacia] = self.fields[campo].choices
        self.fields[campo].choices = lambda: [vacia, *((str(pk), n) for pk, n in filas())]

    def clean(self):
        datos = self.cleaned_data
        for cuando in ("", "cerrado_", "cerro_", "califico_"):
            desde, hasta = f"{cuando}desde", f"{cuando}hasta"
            if datos.get(desde) and datos.get(hasta) and datos[desde] > datos[hasta]:
                self.add_error(hasta, "La fecha final es anterior a la inicial.")
        return datos

    @property
    def ocultos(self) -> list[forms.BoundField]:
        """What goes on being asked when the form is sent again."""
        return [f for f in self.hidden_fields() if f.name in self.puestos]

    @property
    def grupos(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields as they are looked for on the page; the marks and the states stand apart."""
        return [(titulo, [self[campo] for campo in campos]) for titulo, campos in GRUPOS]

    # -- what is asked ---------------------------------------------------------------------------

    @property
    def puestos(self) -> dict:
        """The filters that count: valid and given, in the order of the form."""
        return {n: v for n in self.fields if (v := self.cleaned_data.get(n)) not in VACIOS}

    @property
    def ignorados(self) -> list[str]:
        return ignorados(self)

    @property
    def orden_pedido(self) -> str:
        return self.cleaned_data.get("orden") or ""

    def consulta(self, **cambios) -> str:
        """The query of the list, canonical, with ``cambios`` put over what is asked."""
        consulta = {
            nombre: "on" if valor is True else valor
            for nombre, valor in (self.puestos | cambios).items()
            if valor not in VACIOS
        }
        return urlencode(consulta, doseq=True)

    def chips(self) -> list[Chip]:
        """One removable chip per filter in use."""
        chips = []
        for nombre, valor in self.puestos.items():
            if nombre == "orden":
                continue
            if isinstance(valor, list):
                etiquetas = dict(self.fields[nombre].choices)
                chips += [
                    Chip(etiquetas[v], self.consulta(**{nombre: [x for x in valor if x != v]}))
                    for v in valor
                ]
            else:
                chips.append(Chip(self._texto(nombre, valor), self.consulta(**{nombre: None})))
        return chips

    def _texto(self, nombre, valor) -> str:
        campo = self.fields[nombre]
        if nombre == "q":
            return f"«{valor}»"
        if nombre == "cliente":
            return f"Cliente: {self.nombre_cliente or 'el elegido'}"
        if isinstance(campo, forms.BooleanField):
            return campo.label
        if isinstance(campo, forms.DateField):
            return f"{campo.label} {valor:%d/%m/%Y}"
        return f"{campo.label}: {_sin_grupos(campo.choices)[valor]}"

    # -- the cases -------------------------------------------------------------------------------

    def filtrar(self, casos: QuerySet) -> QuerySet:
        """``casos`` narrowed to what is asked."""
        for nombre, valor in self.puestos.items():
            aplicar = getattr(self, f"_por_{nombre}", None)
            if aplicar:
                casos = aplicar(casos, valor)
        return self.por_conformidad(self.por_calificacion(self.por_cierre(casos)))

    def _por_q(self, casos, valor):
        return buscar(casos, valor, busca_en(self.usuario))

    def _por_estado(self, casos, valor):
        estados = {e for e in valor if e != TODOS_LOS_ABIERTOS}
        if TODOS_LOS_ABIERTOS in valor:
            estados |= {e.value for e in ABIERTOS}
        if estados == {e.value for e in ABIERTOS}:
            return casos.abiertos()
        return casos.filter(estado__in=[e for e in Estado.values if e in estados])

    def _por_turno(self, casos, valor):
        return casos.abiertos().filter(turno=valor)

    def _por_responsable(self, casos, valor):
        return casos.filter(responsable=None if valor == SIN_ASIGNAR else int(valor))

    def _por_area(self, casos, valor):
        if self.de_pocos:
            return casos.filter(participa(int(valor)))
        return self._de_un_area(casos, valor, Opinion.objects.all(), Ajuste.objects.all())

    def _por_area_debe(self, casos, valor):
        """It was asked and the case waits for it: an opinion in 7.3, an adjustment in 7.7."""
        debe = (m.objects.pendientes() for m in (Opinion, Ajuste))
        return self._de_un_area(casos.abiertos(), valor, *debe)

    def _por_area_respondio(self, casos, valor):
        """It gave an opinion, or answered of an adjustment, at any moment of the case."""
        return self._de_un_area(
            casos,
            valor,
            Opinion.objects.filter(estado=EstadoOpinion.DADA),
            Ajuste.objects.filter(respondido_en__isnull=False),
        )

    @staticmethod
    def _de_un_area(casos, area, *filas):
        hallados = (suyas.filter(area=int(area)).values("caso_id") for suyas in filas)
        return casos.filter(pk__in=juntar(*hallados))

    def _por_registro(self, casos, valor):
        return casos.filter(registrado_por=int(valor))

    def _por_motivo(self, casos, valor):
        con_motivo = Caso.motivos.through.objects.filter(motivo_id=int(valor))
        return casos.filter(pk__in=con_motivo.values("caso_id"))

    def _por_tipo(self, casos, valor):
        con_tipo = Caso.tipos.through.objects.filter(tiporequerimiento_id=int(valor))
        return casos.filter(pk__in=con_tipo.values("caso_id"))

    def _por_resultado(self, casos, valor):
        return casos.filter(estado=Estado.CERRADO, resultado=valor)

    def _por_desde(self, casos, valor):
        return casos.filter(recibido_en__gte=medianoche(valor))

    def _por_hasta(self, casos, valor):
        return casos.filter(recibido_en__lt=medianoche(valor + timedelta(days=1)))

    def _por_cerrado_desde(self, casos, valor):
        return casos.filter(cerrado_en__gte=medianoche(valor))

    def _por_cerrado_hasta(self, casos, valor):
        return casos.filter(cerrado_en__lt=medianoche(valor + timedelta(days=1)))

    def _por_vencidos(self, casos, valor):
        return casos.abiertos().filter(vence__lt=timezone.localdate())

    def _por_sin_accion(self, casos, valor):
        return casos.abiertos().filter(sin_siguiente_accion(timezone.localdate()))

    def _por_tocan(self, casos, valor):
        """Those whose next move is mine: the same as the first tray of Mis pendientes."""
        return casos.abiertos().filter(le_toca_a(cargos(self.usuario), timezone.localdate()))

    def _por_mios(self, casos, valor):
        """Those I am responsible for, and those of whom I stand in for."""
        return casos.filter(responsable__in={c.usuario_id for c in self.usuario.cargos})

    def _por_sigo(self, casos, valor):
        seguidos = Caso.seguidores.through.objects.filter(usuario_id=self.usuario.pk)
        return casos.filter(pk__in=seguidos.values("caso_id"))

    def _por_cliente(self, casos, valor):
        return casos.filter(cliente=valor)


def _en_grupos(motivos) -> list:
    """Ours and theirs apart, as the two catalogues are."""
    por_catalogo: dict[str, list] = {}
    for pk, nombre, catalogo in motivos:
        por_catalogo.setdefault(Catalogo(catalogo).label, []).append((str(pk), nombre))
    return list(por_catalogo.items())


def _sin_grupos(choices) -> dict:
    return dict(flatten_choices(choices))
