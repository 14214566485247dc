"""Made-up firms, people and places for bulk data: enough variety for a search to mean something."""

GIROS = (
    "Aceros", "Empaques", "Textiles", "Autopartes", "Plásticos", "Alimentos", "Bebidas", "Logística",
    "Hoteles", "Farmacéutica", "Agroindustrias", "Muebles", "Vidrios", "Químicos", "Papelera",
    "Transportes", "Restaurantes", "Clínicas", "Tiendas", "Soporte Digital", "Constructora",
    "Maquinados", "Cartón y Papel", "Laboratorios", "Refrigeración",
)  # fmt: skip
LUGARES = (
    "del Norte", "del Bajío", "de Occidente", "del Golfo", "del Valle", "de la Sierra", "Anáhuac",
    "del Pacífico", "Regiomontana", "Tapatía", "del Sureste", "de la Laguna", "Peninsular",
    "del Istmo", "Potosina", "Hidalguense", "del Río Bravo", "de los Altos", "Costa Esmeralda",
    "de la Huasteca", "del Mayab", "de Aguascalientes", "del Papaloapan", "Zacatecana",
)  # fmt: skip
EMBLEMAS = (
    "San Andrés", "Santa Elena", "Altamira", "Chapultepec", "El Roble", "Tres Ríos", "La Esperanza",
    "Monte Albán", "Quetzal", "Obsidiana", "Cuauhtémoc", "Xochicalco", "Del Águila", "Mirador",
    "Los Pinos", "Jacaranda", "Nogales", "Palo Verde", "Ixtapa", "Tzintzuntzan",
)  # fmt: skip
FORMAS = ("S.A. de C.V.", "S.A. de C.V.", "S.A. de C.V.", "S. de R.L. de C.V.", "S.A.P.I. de C.V.")
PROPIOS = (
    "Laura", "Jorge", "Sofía", "Raúl", "Gabriela", "Miguel Ángel", "Paola", "Francisco", "Adriana",
    "Héctor", "Ana María", "Ricardo", "Norma", "Luis Fernando", "Claudia", "Íñigo", "Yolanda",
    "Andrés", "Verónica", "Emilio",
)  # fmt: skip
APELLIDOS = (
    "Treviño", "Mena", "Alcántara", "Escobedo", "Quintana", "Rojas", "Iturbide", "Lozano", "Bermúdez",
    "Valdovinos", "Coss", "Arizmendi", "Cavazos", "Félix", "Meneses", "Zúñiga", "Peña", "Ibáñez",
    "Cárdenas", "Ñáñez", "Muñoz", "Ochoa", "Villaseñor", "Tapia",
)  # fmt: skip
SEDES = (
    "Apodaca, N.L.", "León, Gto.", "Veracruz, Ver.", "Cuautitlán Izcalli, Méx.", "Altamira, Tamps.",
    "Puebla, Pue.", "Cancún, Q. Roo", "El Marqués, Qro.", "Ciudad de México", "Oaxaca, Oax.",
    "Guadalajara, Jal.", "Toluca, Méx.", "Monterrey, N.L.", "Ciudad Obregón, Son.", "Mérida, Yuc.",
    "Tijuana, B.C.", "Ciudad Juárez, Chih.", "Saltillo, Coah.", "San Luis Potosí, S.L.P.",
    "Aguascalientes, Ags.",
)  # fmt: skip
DETALLES = (
    "Lo comparan con otro proveedor.", "Su corporativo decide a fin de mes.",
    "Les urge por un pedido de exportación.", "Viene de la última auditoría.",
    "Abren una planta nueva en primavera.", "Cambiaron de director hace poco.",
    "Piden verlo con calma y en persona.", "Quieren que empiece con el siguiente periodo.",
    "Mandaron un oficio con las cifras.", "El sindicato también opina.",
    "Ya lo habían mencionado en la visita.", "Esperan respuesta por escrito.",
    "Depende de su presupuesto anual.", "Hay temporada alta en diciembre.",
    "Les preocupa la rotación.", "Es parte de un plan de austeridad.",
)  # fmt: skip
_LETRAS = "ABCDEFGHJKLMNPQRTUVWXY"


def empresa(azar) -> tuple[str, str, str]:
    """Legal name, trade name and an RFC of the right structure."""
    giro, emblema = azar.choice(GIROS), azar.choice(EMBLEMAS)
    nombre = f"{giro} {emblema}"
    razon = f"{nombre} {azar.choice(LUGARES)}, {azar.choice(FORMAS)}"
    fecha = f"{azar.randrange(80, 100):02d}{azar.randrange(1, 13):02d}{azar.randrange(1, 29):02d}"
    letras = "".join(azar.choices(_LETRAS, k=3))
    return (
        razon,
        nombre,
        f"{letras}{fecha}{azar.choice(_LETRAS)}{azar.randrange(10)}{azar.randrange(10)}",
    )


def persona(azar) -> str:
    return f"{azar.choice(PROPIOS)} {azar.choice(APELLIDOS)} {azar.choice(APELLIDOS)}"


def telefono(azar) -> str:
    return f"+5255{azar.randrange(1000, 10000)}{azar.randrange(10000):04d}"


def sede(azar) -> str:
    return azar.choice(SEDES)
