"""Cases that a firm has open in a workbook, brought in as they are: what is told of each, and what stays."""

from datetime import date, timedelta

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from casos import calendario
from casos.catalogos import Estado, Que, Turno
from casos.clientes import altas, contratos, indice
from casos.importacion import guardado, libros, previa
from casos.importacion.de_casos import SE_ANULO, YA_ESTA
from casos.importacion.lo_que_nombra import Dudoso, Gente
from casos.lecturas import exportacion, verificacion
from casos.models import (
    Aviso,
    BusquedaCaso,
    Caso,
    Cliente,
    Contrato,
    Importacion,
    TextoEvento,
    TipoRequerimiento,
)
from casos.pasos.situacion import Rechazo
from casos.pasos.traer import NO_LE_TOCA, PARA_PONERSE_AL_DIA, traer
from tests.guion import actuar
from tests.test_importacion import confirmar, ver

TITULOS = ["Folio", "Cliente", "No. de contrato", "Contacto", "Tel.", "Fecha", "Solicitud", "Tipo", "Ejecutivo",
           "Estatus", "Próximo paso", "Fecha de seguimiento", "Fecha compromiso"]  # fmt: skip


def traidos(autor, *filas, opciones=None, mapa=None):
    importacion = ver(autor, TITULOS, *filas, tipo="casos", mapa=mapa)
    if opciones:
        Importacion.objects.filter(pk=importacion.pk).update(opciones=opciones, estado="RECIBIDA")
        guardado.seguir(importacion.pk)
        importacion.refresh_from_db()
    return importacion


def que(importacion) -> list:
    return [
        (Que(r.que).name, [(c, m) for c, _, m in r.datos.get("fallos", [])] or r.datos["avisos"])
        for r in importacion.renglones.all()
    ]


@pytest.fixture
def aceros(personas):
    cliente = altas.crear_cliente(razon_social="Aceros del Norte, S.A. de C.V.", rfc="APN980312QX4",
                                  nombre_comercial="Aceros")  # fmt: skip
    altas.agregar_persona(cliente, nombre="Laura Méndez", telefono="5512345678")
    contratos.crear_contrato(cliente=cliente, numero="CT-1", servicio="Almacén",
                             desde_fecha=calendario.hoy(), autor=personas.gerente)  # fmt: skip
    return cliente


def test_un_caso_entra_como_es_y_dice_de_donde_viene(personas, aceros, client):
    recibido = calendario.hoy() - timedelta(days=90)
    sigue = calendario.hoy() + timedelta(days=20)
    filas = [
        ["V-7", "ACEROS DEL NORTE SA DE CV", "ct-1", "laura mendez", "", recibido, "Pide bajar la tarifa", "",
         "ventas", "Esperando a Jurídico", "Llamar a Laura", sigue, recibido + timedelta(days=5)],
        ["V-8", "APN980312QX4", "", "", "", recibido, "Pide más plazas", "", "", "Propuesta enviada",
         "Ver si ya contestó", recibido, None],
    ]  # fmt: skip
    previa = traidos(personas.gerente, *filas)
    assert [q for q, _ in que(previa)] == ["NUEVO", "NUEVO"] and not Caso.objects.exists()
    hecha = confirmar(previa)
    assert hecha.avance == 2 and not Aviso.objects.exists()
    uno, dos = Caso.objects.order_by("pk")
    assert (uno.estado, uno.cliente, uno.contrato.numero, uno.persona.nombre) == (
        Estado.RECIBIDO, aceros, "CT-1", "Laura Méndez")  # fmt: skip
    assert (uno.responsable, uno.asignado_por) == (personas.ventas, personas.gerente)
    assert timezone.localdate(uno.recibido_en) == recibido
    assert (uno.proxima_accion, uno.proxima_fecha, uno.vence) == ("Llamar a Laura", sigue, sigue)
    # The clock of 7.1 begins here: nothing that ran in the sheet is overdue in the morning.
    hoy = calendario.hoy()
    assert (
        dos.vence == calendario.sumar_habiles(hoy, PARA_PONERSE_AL_DIA) and dos.turno == Turno.GER
    )
    assert dos.proxima_fecha is None
    textos = dict(TextoEvento.objects.filter(evento__caso=dos).values_list("campo", "texto"))
    assert textos["viene_de"] == "renglón 3 de «datos.xlsx»"
    assert textos["donde_va"].startswith("Propuesta enviada\nSiguiente acción: Ver si ya contestó")
    evento = uno.eventos.get()
    assert (evento.accion, evento.actor, evento.datos["renglon"]) == (
        "registrar",
        personas.gerente,
        2,
    )
    assert evento.datos["hoja_sha256"] == hecha.leido["sha256"]
    assert uno.procedencia.referencia == "V-7" and "v-7" in uno.busqueda.texto
    indice.reindexar(Caso.objects.all())
    assert "v-7" in BusquedaCaso.objects.get(caso=uno).texto
    assert not list(verificacion.revisar_bitacora())
    client.force_login(personas.ventas)
    pagina = client.get(uno.get_absolute_url()).text
    assert "Esperando a Jurídico" in pagina and "renglón 2 de «datos.xlsx»" in pagina
    assert uno.se_recibio == recibido  # the sheet told no hour, nor does ours
    [recibida] = [valor for titulo, _, valor in exportacion.CASOS if titulo == "Recibido"]
    assert recibida(uno, None) == recibido
    # Brought in again, with another word of where it stands: it is there, and stays as it is here.
    filas[0][9] = "Ya contestó Jurídico"
    otra = traidos(personas.gerente, *filas)
    assert [q for q, _ in que(otra)] == ["IGUAL", "IGUAL"]
    assert [r.datos["folio"] for r in otra.renglones.all()] == [uno.folio, dos.folio]
    # One that was annulled meanwhile is not said to go on in its page.
    actuar("anular", dos, personas.gerente, anulacion="ERROR", detalle="Se trajo por error.")
    for solicitud in ("Pide más plazas", "Otra redacción"):  # by the row, by their reference
        filas[1][6] = solicitud
        assert [a for _, [a] in que(traidos(personas.gerente, *filas))] == [YA_ESTA, SE_ANULO]


def test_lo_dudoso_se_dice_en_su_celda_y_nada_se_inventa(personas, aceros):
    altas.crear_cliente(razon_social="Norteña, S.A.")
    altas.crear_cliente(razon_social="Norteña, S.C.", rfc="NOR010203AB1")
    ayer = calendario.hoy() - timedelta(days=1)
    filas = [
        ["", "Nadie, S.A.", "", "Ana", "", ayer, "Pide algo"],
        ["", "Nortena", "", "Ana", "", ayer, "Pide algo"],
        ["", "Aceros", "CT-99", "Laura Méndez", "", ayer, "Pide algo"],
        ["", "Aceros", "", "Beto Paz", "123", ayer + timedelta(days=9), "", "Otra cosa", "nadie de aquí"],
        ["", "Norteña, S.A.", "CT-1", "Ana", "", ayer, "Pide algo"],
        ["", "Aceros", "", "", "", ayer, "Pide menos"],
        ["", "Aceros", "", "Laura Méndez", "", "31/02/2026", "Pide menos"],
    ]  # fmt: skip
    importacion = traidos(personas.direccion, *filas)
    celdas = [(q, {c for c, _ in m} if q == "RECHAZADO" else m) for q, m in que(importacion)]
    assert celdas[:5] == [
        ("RECHAZADO", {"Cliente"}), ("RECHAZADO", {"Cliente"}), ("RECHAZADO", {"Contrato"}),
        ("RECHAZADO", {"Teléfono", "Se recibió", "Qué pide", "Tipo de requerimiento", "Responsable"}),
        ("RECHAZADO", {"Contrato"}),
    ]  # fmt: skip
    assert celdas[5] == ("NUEVO", ["No dice con quién: se toma a Laura Méndez."])
    assert celdas[6] == ("RECHAZADO", {"Se recibió"})
    rechazados = libros.rechazados(importacion)
    assert rechazados[:2] == b"PK"


def test_se_da_de_alta_lo_que_falta_solo_si_se_dice(personas, aceros):
    hoy = calendario.hoy()
    titulos = [*TITULOS, "Servicio", "Inicio del contrato"]
    filas = [
        ["1", "Nueva, S.A.", "N-1", "Ana Ruiz", "5512345678", hoy, "Pide algo", *[""] * 6, "Limpieza", hoy],
        ["2", "nueva sa", "N-1", "Ana Ruiz", "", hoy, "Pide otra cosa", *[""] * 8],
        ["3", "Aceros", "CT-99", "Laura Méndez", "", hoy, "Pide algo", *[""] * 8],
    ]  # fmt: skip
    importacion = ver(personas.gerente, titulos, *filas, tipo="casos")
    assert {q for q, _ in que(importacion)} == {"RECHAZADO"}
    for opciones, nuevos in (
        ({"clientes": True, "contratos": "SIN"}, 3),
        ({"clientes": True, "contratos": "ALTA"}, 2),
    ):
        Importacion.objects.filter(pk=importacion.pk).update(opciones=opciones, estado="RECIBIDA")
        guardado.seguir(importacion.pk)
        assert [q for q, _ in que(importacion)].count("NUEVO") == nuevos
    importacion = confirmar(importacion)
    uno, dos = Caso.objects.order_by("pk")
    assert uno.cliente == dos.cliente == Cliente.objects.get(razon_social="Nueva, S.A.")
    assert uno.contrato == dos.contrato == Contrato.objects.get(numero="N-1")
    assert uno.persona == dos.persona and uno.persona.telefono and not Aviso.objects.exists()


def test_un_renglon_que_falla_no_escribe_nada_suyo_y_los_demas_entran(
    personas, aceros, monkeypatch
):
    """Meanwhile somebody took the right name: of that row neither case nor client stays."""
    hoy = calendario.hoy()
    filas = [
        ["1", "Nueva, S.A.", "", "Ana Ruiz", "", hoy, "Pide algo"],
        ["2", "Aceros", "", "Laura Méndez", "", hoy, "Pide algo", "", "ventas"],
        ["3", "Aceros", "", "Laura Méndez", "", hoy, "Pide otra cosa"],
    ]
    importacion = traidos(personas.gerente, *filas, opciones={"clientes": True})
    assert [q for q, _ in que(importacion)] == ["NUEVO"] * 3
    altas.crear_cliente(razon_social="Nueva, S.A.")
    type(personas.ventas).objects.filter(pk=personas.ventas.pk).update(is_active=False)
    importacion = confirmar(importacion)
    assert [q for q, _ in que(importacion)] == ["DEJADO", "DEJADO", "NUEVO"]
    assert Caso.objects.get().solicitud == "Pide otra cosa"
    assert not Cliente.objects.get(razon_social="Nueva, S.A.").personas.exists()


def test_quien_administra_y_quien_no_manda_no_traen_casos(personas, aceros, client):
    for quien in (personas.admin, personas.ventas, personas.calidad):
        with pytest.raises(Rechazo, match=NO_LE_TOCA):
            traer(quien, {})
        client.force_login(quien)
        assert client.get("/clientes/plantilla/casos/").status_code == 403
        assert client.post("/clientes/importar/", {"tipo": "casos"}).status_code in (403, 422)
        assert "?tipo=casos" not in client.get("/casos/").text
    client.force_login(personas.direccion)
    assert "?tipo=casos" in client.get("/casos/").text
    assert client.get("/clientes/plantilla/clientes/").status_code == 403
    assert client.get("/clientes/exportar/casos/").status_code == 404


def test_el_ejemplo_de_la_plantilla_no_entra(personas, aceros):
    importacion = Importacion(autor=personas.gerente, tipo="casos", nombre="plantilla.xlsx")
    importacion.archivo.save("p.xlsx", ContentFile(libros.plantilla("casos")))
    guardado.seguir(importacion.pk)
    importacion.refresh_from_db()
    assert not importacion.renglones.exists() and importacion.leido["faltan"] == []
    assert not [c for c in importacion.leido["columnas"] if not c["columna"]]
    assert "El renglón 2 es el ejemplo de la plantilla: no se trae." in importacion.leido["avisos"]


def test_su_tiempo_se_cuenta_desde_que_entro(personas, aceros):
    """Who had it while it was in the sheet is written down nowhere: no split says it."""
    recibido = calendario.hoy() - timedelta(days=90)
    confirmar(
        traidos(personas.gerente, ["", "Aceros", "", "", "", recibido, "Pide algo", "", "ventas"])
    )
    caso = Caso.objects.get()
    assert caso.se_cuenta_desde == caso.registrado_en > caso.recibido_en
    assert caso.vence > calendario.hoy()


def test_la_misma_hoja_dos_veces_antes_de_confirmar_entra_una(personas, aceros):
    fila = ["V-1", "Aceros", "CT-1", "Laura Méndez", "", calendario.hoy(), "Pide algo"]
    una, otra = (traidos(quien, fila) for quien in (personas.gerente, personas.direccion))
    confirmar(una), confirmar(otra)
    caso = Caso.objects.get()
    assert (caso.registrado_por, [q for q, _ in que(otra)]) == (personas.gerente, ["DEJADO"])
    # What else asks of that contract is told, and comes in all the same.
    fila[0], fila[-1] = "V-2", "Pide otra cosa"
    [(pasa, avisos)] = que(traidos(personas.gerente, fila))
    assert (pasa, avisos) == ("NUEVO", [f"Ese contrato ya tiene un caso abierto: {caso.folio}."])


def test_una_fecha_que_no_puede_ser_se_dice_de_su_celda_en_cualquier_columna(personas, aceros):
    """A contract of 1998, a day that does not exist, an hour beside it: a row of them stops no other."""
    ayer = calendario.hoy() - timedelta(days=1)
    buena = ["", "Aceros", "", "Laura Méndez", "", ayer, "Pide algo"]
    malas = ["2026-02-31", "1998-05-03", "9999-12-31 10:30", date(1998, 5, 3)]
    titulos = ["Folio", "Cliente", "No. de contrato", "Contacto", "Tel.", "Fecha", "Solicitud", "Tipo", "Ejecutivo",
               "Estatus", "Próximo paso", "Fecha de seguimiento", "Fecha compromiso", "Servicio",
               "Vigente desde", "Correo", "Puesto", "Canal", "RFC"]  # fmt: skip
    filas = []
    for mala in malas:
        for n in range(len(titulos)):
            fila = [*buena, *[""] * (len(titulos) - len(buena))]
            fila[2], fila[13], fila[14] = f"C-{len(filas)}", "Almacén", ayer
            fila[6] = f"Pide {len(filas)}"
            fila[n] = mala
            filas.append(fila)
    importacion = ver(personas.gerente, titulos, *filas, tipo="casos")
    Importacion.objects.update(opciones={"contratos": "ALTA", "clientes": True}, estado="RECIBIDA")
    guardado.seguir(importacion.pk)
    importacion.refresh_from_db()
    assert importacion.estado == "LISTA" and importacion.renglones.count() == len(filas)
    dichas = [f for r in importacion.renglones.all() for f in r.datos["fallos"]]
    assert ["Contrato vigente desde", "03/05/1998"] in [f[:2] for f in dichas]
    assert ["Se recibió", "31/02/2026"] in [f[:2] for f in dichas]


def test_quien_despierta_tarde_no_borra_lo_que_otro_dejo(personas, aceros):
    """A worker that stood still longer than its lease comes to itself when the preview is already another's."""
    ayer = calendario.hoy() - timedelta(days=1)
    importacion = ver(personas.gerente, TITULOS, ["V-1", "Aceros", "", "Laura Méndez", "", ayer, "Pide"],
                      tipo="casos")  # fmt: skip
    suyas = list(importacion.renglones.values_list("pk", flat=True))
    for estado in ("LISTA", "GUARDANDO", "LEYENDO"):
        Importacion.objects.filter(pk=importacion.pk).update(
            estado=estado, tomada_hasta=timezone.now() + timedelta(seconds=60)
        )
        dormida = Importacion.objects.get(pk=importacion.pk)
        dormida.tomada_hasta = timezone.now() - timedelta(seconds=1)
        previa.ver(dormida)
        assert list(importacion.renglones.values_list("pk", flat=True)) == suyas


@pytest.mark.django_db
def test_los_tipos_de_una_celda_aunque_su_nombre_tenga_lo_que_los_separa():
    TipoRequerimiento.objects.all().delete()
    for nombre in ("Alta/baja de plazas", "Tarifa", "Horario, turnos y descansos", "Alta"):
        TipoRequerimiento.objects.create(nombre=nombre)
    gente = Gente()
    for celda, son in {
        "Alta/baja de plazas": ["Alta/baja de plazas"],
        "alta/BAJA de plazas; tarifa": ["Alta/baja de plazas", "Tarifa"],
        "Tarifa/Alta/Baja de plazas/Horario, turnos y descansos": [
            "Tarifa", "Alta/baja de plazas", "Horario, turnos y descansos"],
        "Alta/Tarifa, ": ["Alta", "Tarifa"],
        "\nAlta\nTarifa;;Alta": ["Alta", "Tarifa"],
        "": [],
        ";" * 30_000: [],
    }.items():  # fmt: skip
        assert [t.nombre for t in gente.tipos(celda)] == son, celda[:40]
    with pytest.raises(Dudoso, match="«baja de turnos» no es uno"):
        gente.tipos("Alta/baja de turnos")
