"""What the demonstration tells: people, clients and requests of a made-up Mexican staffing firm."""

from datetime import date, datetime

from django.contrib.auth.hashers import make_password
from django.core.files.uploadedfile import SimpleUploadedFile

from casos import telefonos
from casos.archivos.logotipo import medir
from casos.archivos.tipos import PNG
from casos.clientes import altas, contratos
from casos.models import (
    Area,
    AvisoPrivacidad,
    Concepto,
    Configuracion,
    Empresa,
    Membresia,
    Usuario,
)
from casos.personas.membrete import guardar

from .logo_de_muestra import dibujar

# user, first name, last names, rol, gerente, area
PERSONAS = [
    ("ventas", "Mariana", "Solís Ortega", "VEN", False, ""),
    ("ventas2", "Rodrigo", "Peña Luna", "VEN", False, ""),
    ("gerente", "Patricia", "Garza Molina", "VEN", True, ""),
    ("atencion", "Daniela", "Ríos Cano", "AC", False, ""),
    ("direccion", "Ernesto", "Villarreal Díaz", "DG", False, ""),
    ("juridico", "Alejandra", "Núñez Prado", "", False, "JUR"),
    ("dh", "Hugo", "Cárdenas Vela", "", False, "DH"),
    ("operaciones", "Leticia", "Barrera Soto", "", False, "OPE"),
    ("finanzas", "Óscar", "Treviño Lara", "", False, "FIN"),
    ("nominas", "Verónica", "Aguilar Paz", "", False, "NOM"),
    ("rys", "Iván", "Montes Rueda", "", False, "RYS"),
    ("calidad", "Beatriz", "Fuentes Gil", "CAL", False, ""),
    ("auditor", "Samuel", "Ibarra Cruz", "AUD", False, ""),
]

# who signs to clients: position, telephone (no exchange of Mexico begins with 0: nobody's)
FIRMAN = {
    "ventas": ("Ejecutiva de cuenta", "55 0000 0111"),
    "ventas2": ("Ejecutivo de cuenta", "55 0000 0112"),
    "gerente": ("Gerente comercial", "55 0000 0110"),
    "atencion": ("Atención a Clientes", "55 0000 0120"),
    "direccion": ("Director general", "55 0000 0101"),
}
EMPRESA = {
    "razon_social": "Compañía de Demostración, S.A. de C.V.",
    "nombre_comercial": "Personal de Muestra",
    "direccion": "Calle de Ejemplo 123, Colonia Imaginaria\nCiudad de México",
    "telefono": "55 0000 0100",
    "sitio": "https://www.personal-de-muestra.example/",
}

# razón social, nombre comercial, RFC, persona, puesto, teléfono
CLIENTES = [
    ("Aceros y Perfiles del Norte, S.A. de C.V.", "Aceros del Norte", "APN980312QXA", "Laura Treviño Garza", "Gerente de Recursos Humanos", "81 8345 2210"),
    ("Empaques Bajío, S. de R.L. de C.V.", "Empaques Bajío", "EBA050721TRA", "Jorge Luis Mena", "Director de Planta", "477 712 4431"),
    ("Grupo Restaurantero La Parroquia, S.A.P.I. de C.V.", "La Parroquia", "GRP110405KJ8", "Sofía Alcántara", "Jefa de Capital Humano", "229 931 0875"),
    ("Centro Logístico Cuautitlán, S.A. de C.V.", "CeLog Cuautitlán", "CLC070219HU1", "Raúl Escobedo", "Gerente de Operaciones", "55 5872 6640"),
    ("Farmacéutica Altamira, S.A. de C.V.", "Farma Altamira", "FAL930610N70", "Gabriela Quintana", "Compras", "833 264 1190"),
    ("Textiles San Andrés, S.A. de C.V.", "Textiles San Andrés", "TSA881124B30", "Miguel Ángel Rojas", "Administrador", "222 285 7730"),
    ("Hoteles Costa Esmeralda, S.A. de C.V.", "Costa Esmeralda", "HCE020815LM2", "Paola Iturbide", "Directora General", "998 884 5521"),
    ("Autopartes Querétaro, S.A. de C.V.", "Autopartes Querétaro", "AQU960130PD1", "Francisco Lozano", "Relaciones Laborales", "442 229 3308"),
    ("Servicios Alimentarios del Valle, S.A. de C.V.", "Alimentos del Valle", "SAV080917F67", "Adriana Bermúdez", "Gerente Administrativa", "55 5604 9917"),
    ("Distribuidora Pacífico Sur, S.A. de C.V.", "Pacífico Sur", "DPS040503GE1", "Héctor Valdovinos", "Director Comercial", "951 516 2204"),
    ("Clínica Santa Elena, S.C.", "Clínica Santa Elena", "CSE990622R86", "Dra. Ana María Coss", "Dirección Médica", "33 3615 7742"),
    ("Plásticos Técnicos de Toluca, S.A. de C.V.", "PlasTec Toluca", "PTT010911VY1", "Ricardo Arizmendi", "Gerente de Producción", "722 214 8863"),
    ("Tiendas El Ahorro Regio, S.A. de C.V.", "El Ahorro Regio", "TAR120228CS4", "Norma Cavazos", "Recursos Humanos", "81 8190 4437"),
    ("Agroindustrias del Yaqui, S.P.R. de R.L.", "Agro Yaqui", "AYA060414MN7", "Luis Fernando Félix", "Gerente de Empaque", "644 415 2098"),
    ("Soporte Digital Anáhuac, S.A. de C.V.", "Soporte Anáhuac", "SDA150706QT3", "Claudia Meneses", "Gerente de Servicio", "55 5280 3316"),
]  # fmt: skip

# client (index), number, service, site, people, price, pay days
CONTRATOS = [
    (0, "CT-2023-014", "Personal de almacén", "Apodaca, N.L.", 42, 15800, 30),
    (0, "CT-2024-031", "Ayudantes generales", "Apodaca, N.L.", 18, 13900, 30),
    (1, "CT-2022-008", "Operarios de empaque", "León, Gto.", 60, 13250, 45),
    (2, "CT-2024-012", "Meseros y cocina", "Veracruz, Ver.", 35, 12800, 15),
    (3, "CT-2023-027", "Montacarguistas", "Cuautitlán Izcalli, Méx.", 24, 18900, 30),
    (3, "CT-2025-003", "Surtidores de pedido", "Cuautitlán Izcalli, Méx.", 80, 14100, 30),
    (4, "CT-2021-019", "Limpieza especializada", "Altamira, Tamps.", 16, 14700, 60),
    (5, "CT-2023-040", "Costura y acabado", "Puebla, Pue.", 55, 12600, 30),
    (6, "CT-2024-022", "Camaristas", "Cancún, Q. Roo", 70, 13100, 15),
    (6, "CT-2024-023", "Mantenimiento", "Cancún, Q. Roo", 12, 16400, 15),
    (7, "CT-2022-033", "Inspección de calidad", "El Marqués, Qro.", 28, 17600, 45),
    (8, "CT-2025-006", "Ayudantes de cocina", "Ciudad de México", 40, 12950, 30),
    (9, "CT-2023-009", "Promotoría en tienda", "Oaxaca, Oax.", 22, 14300, 30),
    (10, "CT-2024-018", "Camilleros y limpieza", "Guadalajara, Jal.", 19, 13700, 30),
    (11, "CT-2022-041", "Operadores de inyección", "Toluca, Méx.", 33, 16900, 45),
    (12, "CT-2025-001", "Cajeros de temporada", "Monterrey, N.L.", 90, 12400, 15),
    (12, "CT-2024-037", "Vigilancia de piso", "Monterrey, N.L.", 26, 13600, 15),
    (13, "CT-2023-016", "Selección y empaque", "Ciudad Obregón, Son.", 110, 11900, 30),
    (14, "CT-2024-009", "Mesa de ayuda", "Ciudad de México", 15, 21500, 30),
    (14, "CT-2025-010", "Soporte en sitio", "Ciudad de México", 9, 23800, 30),
]  # fmt: skip

# type of requirement, what is asked, rows asked as functions of (people, price, days)
SOLICITUDES = [
    ("Ajuste de tarifa", "Piden revisar la tarifa: comparan con una cotización de otro proveedor.", {"tarifa": lambda p, t, d: t * 0.94}),
    ("Aumento de plazas", "Abren una línea nueva y necesitan más personal desde el próximo mes.", {"plazas": lambda p, t, d: p * 1.25}),
    ("Reducción de plazas", "Bajó su demanda y quieren reducir el personal en el turno nocturno.", {"plazas": lambda p, t, d: p * 0.8}),
    ("Condiciones de pago", "Su corporativo ahora paga a más días y piden ampliar el crédito.", {"dias_pago": lambda p, t, d: d + 15}),
    ("Cambio de turno u horario", "Van a trabajar de lunes a sábado en tres turnos.", {"turno": lambda p, t, d: "Tres turnos, de lunes a sábado"}),
    ("Cambio de sede", "Mudan la operación a una nave nueva a 12 km.", {"sede": lambda p, t, d: "Nave nueva, parque industrial"}),
    ("Sueldos y prestaciones", "Quieren subir el sueldo base para bajar la rotación.", {"sueldo": lambda p, t, d: t * 0.62}),
    ("Ajuste de tarifa", "Por volumen piden una tarifa menor y más plazas.", {"tarifa": lambda p, t, d: t * 0.96, "plazas": lambda p, t, d: p * 1.4}),
]  # fmt: skip

PREGUNTAS = {
    "FIN": "¿Se sostiene el margen con lo que piden? ¿Hasta dónde podemos llegar?",
    "JUR": "¿El contrato permite el cambio? ¿Hace falta convenio modificatorio?",
    "OPE": "¿Podemos cubrirlo con la supervisión que hay en la sede?",
    "DH": "¿Hay candidatos en la zona con ese perfil y sueldo?",
}
FUNDAMENTOS = {
    "A_FAVOR": "Lo revisamos con los números del último trimestre y es posible.",
    "CONDICIONES": "Se puede, siempre que se respete lo que anotamos abajo.",
    "EN_CONTRA": "Con las cifras actuales quedaríamos por debajo del mínimo autorizado.",
    "NO_APLICA": "El cambio no toca nada de nuestra área.",
}
CONDICIONES = "Que el cambio arranque con un periodo de nómina completo y con el pago al corriente."
ALTERNATIVAS = "Ofrecer un ajuste escalonado a tres meses, revisable."
RESUMENES = [
    "Confirmó lo que pide y desde cuándo lo necesita; quedó de mandar el detalle por correo.",
    "Explicó que su corporativo se lo exige; está contento con el servicio.",
    "Le interesa resolverlo este mes; acepta revisar alternativas.",
    "Pidió que le llamemos después del cierre de mes.",
]


def crear_empresa() -> None:
    """The firm of the demonstration, with a logo of its own."""
    dibujo = dibujar()
    archivo = SimpleUploadedFile("logo.png", dibujo)
    archivo.tipo, archivo.medidas = PNG.mime, medir(dibujo, PNG)
    datos = EMPRESA | {"telefono": telefonos.leer(EMPRESA["telefono"])}
    guardar(Empresa(**datos), logo=archivo)


def crear_aviso_de_privacidad() -> None:
    """The notice that a contact person is shown; what it says is the firm's to write."""
    AvisoPrivacidad.objects.create(
        version="Contactos de clientes, versión 1",
        desde_fecha=date(2025, 1, 1),
        enlace="https://www.personal-de-muestra.example/aviso-de-privacidad",
    )


def crear_personas() -> dict:
    # It is tried without a telephone at hand.
    Configuracion.objects.update(segundo_factor_de=[])
    clave = make_password("demo")
    areas = {a.codigo: a for a in Area.objects.all()}
    gente = {}
    for usuario, nombre, apellidos, rol, gerente, area in PERSONAS:
        puesto, telefono = FIRMAN.get(usuario, ("", ""))
        persona = gente[usuario] = Usuario.objects.create(
            username=usuario,
            password=clave,
            first_name=nombre,
            last_name=apellidos,
            rol=rol,
            es_gerente=gerente,
            email=f"{usuario}@empresa.example",
            puesto=puesto,
            telefono=telefonos.leer(telefono),
        )
        if area:
            Membresia.objects.create(usuario=persona, area=areas[area], es_responsable=True)
    gente["admin"] = Usuario.objects.create(
        username="admin",
        password=clave,
        first_name="Administración",
        email="admin@empresa.example",
        is_superuser=True,
        is_staff=True,
    )
    return gente


def crear_contratos() -> list:
    conceptos = {c.clave: c for c in Concepto.objects.all()}
    filas = []
    for razon, nombre, rfc, persona, puesto, telefono in CLIENTES:
        cliente = altas.crear_cliente(razon_social=razon, nombre_comercial=nombre, rfc=rfc)
        correo = f"contacto@{nombre.split()[-1].lower().encode('ascii', 'ignore').decode()}.example"
        altas.agregar_persona(
            cliente, nombre=persona, puesto=puesto, telefono=telefono, correo=correo
        )
        filas.append(cliente)
    creados = []
    for i, numero, servicio, sede, plazas, tarifa, dias in CONTRATOS:
        desde = datetime(int(numero[3:7]), 1 + (plazas % 12), 1).date()
        contrato = contratos.crear_contrato(
            cliente=filas[i],
            numero=numero,
            servicio=servicio,
            sede=sede,
            desde_fecha=desde,
            valores={
                conceptos["plazas"]: str(plazas),
                conceptos["tarifa"]: f"{tarifa}.00",
                conceptos["dias_pago"]: str(dias),
                conceptos["turno"]: "Dos turnos, de lunes a viernes",
                conceptos["sede"]: sede,
            },
        )
        creados.append(contrato)
    return creados


def decir_como_se_pagan(creados: list, autor: Usuario) -> None:
    """As the clients pay today, of every other contract one way; of some nobody has said."""
    formas: tuple[dict[str, object], ...] = (
        {"nomina_cada": "QUINCENAL", "nomina_ancla": None, "nomina_corte": 3},
        {"nomina_cada": "SEMANAL", "nomina_ancla": date(2026, 1, 5), "nomina_corte": 2},
        {"nomina_cada": "CATORCENAL", "nomina_ancla": date(2026, 1, 5), "nomina_corte": 4},
        {},
    )
    for n, contrato in enumerate(creados):
        if forma := formas[n % len(formas)]:
            contratos.cambiar_contrato(contrato, autor=autor, **forma)
