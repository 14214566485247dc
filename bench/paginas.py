"""How long the pages take with many cases, how much SQL and how much memory. Measures, asserts nothing.

``python bench/paginas.py --casos 10000`` makes a throw-away SQLite database; with ``DATABASE_URL`` it
uses that one, adding what it lacks. It writes to it (a note per round), so never point it at ``var/``.
"""

import argparse
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter

RAIZ = Path(__file__).resolve().parent.parent
NOMBRES = ("página", "quién", "mediana ms", "p95 ms", "SQL", "KB")


def main():
    pedir = argparse.ArgumentParser(description=__doc__)
    pedir.add_argument("--casos", type=int, default=10_000)
    pedir.add_argument("--vueltas", type=int, default=30)
    pedir.add_argument("--explicar", action="store_true", help="EXPLAIN of what takes over 50 ms")
    opciones = pedir.parse_args()
    os.environ |= {"DJANGO_SETTINGS_MODULE": "seguimiento.settings", "DEMO": "1", "DEBUG": "0"}
    with tempfile.TemporaryDirectory(prefix="bench") as carpeta:
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{carpeta}/bench.sqlite3")
        if str(RAIZ / "var") in os.environ["DATABASE_URL"]:
            raise SystemExit("That is the product's own database.")
        os.chdir(RAIZ)
        sys.path.insert(0, str(RAIZ))
        preparar(opciones.casos)
        medir(opciones)


def preparar(cuantos: int) -> None:
    """Tables, demonstration and bulk cases, in processes of their own: the memory measured is the pages'."""
    manage("migrate", "-v0")
    import django
    from django.conf import settings

    # No collected files are needed to measure.
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    settings.WHITENOISE_AUTOREFRESH = True
    django.setup()
    from casos.models import Caso

    if not Caso.objects.exists():
        manage("cargar_demo")
    faltan = cuantos - Caso.objects.count()
    if faltan > 0:
        manage("sembrar", "--casos", str(faltan))
    cartas()


def cartas() -> None:
    """A sent mail per event, as a firm has them after years. ``sembrar`` makes none."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO casos_aviso (caso_id, evento_id, usuario_id, plantilla, para, asunto, texto, html,"
            " message_id, en_respuesta_a, confidencial, estado, intentos, proximo_en, error, creado_en,"
            " enviado_en) SELECT caso_id, id, actor_id, 'avance', 'alguien@empresa.example',"
            " 'Avance del caso', 'Hola. El caso dio un paso más; entra a verlo.', '',"
            " '<' || id || '@bench>', '', false, 'ENVIADO', 1, en, '', en, en FROM casos_evento e"
            " WHERE NOT EXISTS (SELECT 1 FROM casos_aviso a WHERE a.evento_id = e.id)"
        )
        if connection.vendor == "postgresql":
            cursor.execute("ANALYZE casos_aviso")


def manage(*orden) -> None:
    subprocess.run([sys.executable, "manage.py", *orden], check=True)


def medir(opciones) -> None:
    from django.db import connection

    from casos.models import Caso, Evento

    motor = "SQLite" if connection.vendor == "sqlite" else "PostgreSQL"
    version = connection.get_database_version()
    print(
        f"\n{date.today()}, {motor} {'.'.join(map(str, version))}, Python {platform.python_version()}, "
        f"{os.cpu_count()} cores: {Caso.objects.count():,} cases, {Evento.objects.count():,} events, "
        f"{opciones.vueltas} rounds\n"
    )
    print(f"| {' | '.join(NOMBRES)} |\n|---|---|--:|--:|--:|--:|")
    for titulo, quien, pedir in paginas():
        print(renglon(titulo, quien, pedir, opciones), flush=True)
    pico = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"\nPeak memory of the process: {pico} MB")


def paginas():
    """Title, person, and what a round asks of the person's client (given the round's number)."""
    from casos.catalogos import Estado
    from casos.lecturas.paginas import Cursor
    from casos.models import Area, Caso, Cliente, TipoRequerimiento

    medio = Caso.objects.order_by("pk")[Caso.objects.count() // 2]
    vence = Caso.objects.abiertos().exclude(vence=None).order_by("vence", "pk")
    tarde = vence[vence.count() // 2]
    cliente = Cliente.objects.filter(casos__isnull=False).order_by("-pk").first()
    area = Area.objects.get(codigo="FIN").pk
    tipo = TipoRequerimiento.objects.filter(casos__isnull=False).first().pk
    mes = date.today() - timedelta(days=300)
    caso = Caso.objects.filter(estado=Estado.CERRADO, resultado="MODIFICADO").last()
    abierto = Caso.objects.filter(estado=Estado.EN_CONTACTO, responsable__username="ventas").last()
    for quien in ("ventas", "gerente", "finanzas", "atencion", "direccion"):
        yield "Mis pendientes", quien, ver("/")
    for quien in ("ventas", "finanzas", "atencion"):
        yield "Casos", quien, ver("/casos/")
        yield (
            "Casos, página de en medio",
            quien,
            ver(f"/casos/?despues={Cursor(0, medio.pk).ficha()}"),
        )
    for titulo, consulta in (
        ("antiguos primero", "orden=antiguos"),
        ("abiertos por vencimiento", "estado=ABIERTOS&orden=vence"),
        (
            "abiertos por vencimiento, en medio",
            f"estado=ABIERTOS&orden=vence&despues={Cursor(0, tarde.pk, tarde.vence).ficha()}",
        ),
        ("todos por vencimiento, al revés", "orden=-vence"),
        ("vencidos", "vencidos=on&orden=vence"),
        ("míos abiertos", "estado=ABIERTOS&mios=on&orden=vence"),
        ("en análisis", "estado=EN_ANALISIS"),
        ("resultado y tipo", f"resultado=NO_AJUSTABLE&tipo={tipo}"),
        ("resultado que no hay en este estado", "resultado=NO_AJUSTABLE&estado=EN_ANALISIS"),
        ("área que participa", f"area={area}"),
        ("área y estado raro", f"area={area}&estado=POR_INFORMAR"),
        ("un mes de hace diez", f"desde={mes}&hasta={mes + timedelta(days=30)}"),
        ("antes de que hubiera", "hasta=2015-01-01"),
        ("los que me tocan", "tocan=on"),
        ("de un cliente", f"cliente={cliente.pk}"),
        ("busca folio", f"q={medio.folio}"),
        ("busca cliente", f"q={cliente.razon_social[:40]}"),
        ("busca dos palabras comunes", "q=tarifa+planta"),
        ("busca RFC", f"q={cliente.rfc}"),
        ("busca lo que no hay", "q=zzzzqq"),
    ):
        yield f"Casos: {titulo}", "ventas", ver(f"/casos/?{consulta}")
    yield "Casos: busca lo que no hay", "finanzas", ver("/casos/?q=zzzzqq")
    yield "Casos: área y estado raro", "finanzas", ver(f"/casos/?area={area}&estado=POR_INFORMAR")
    yield "Clientes", "ventas", ver("/clientes/")
    yield "Clientes: busca", "ventas", ver(f"/clientes/?q={cliente.rfc}")
    yield "Un cliente", "ventas", ver(f"/clientes/{caso.cliente_id}/")
    yield "Caso cerrado", "ventas", ver(f"/casos/{caso.folio}/")
    yield "Caso abierto", "ventas", ver(f"/casos/{abierto.folio}/")
    yield "Paso: página de «analizar»", "ventas", ver(f"/casos/{abierto.folio}/analizar/")
    yield "Paso: se anota una nota", "ventas", anotar(abierto)
    yield "Registrar (página)", "ventas", ver("/casos/nuevo/")
    yield "Instrucción de trabajo", "ventas", ver("/procedimiento/")
    for quien in ("ventas", "finanzas", "atencion"):
        yield "Correos enviados", quien, ver("/avisos/")
    yield "Correos enviados: por enviar", "ventas", ver("/avisos/?estado=PENDIENTE")
    yield "Correos enviados: fallidos", "ventas", ver("/avisos/?estado=FALLIDO")
    yield "Correos enviados: de un caso", "ventas", ver(f"/avisos/?caso={caso.folio}")


def ver(url):
    return lambda cliente, _: cliente.get(url)


def anotar(caso):
    def enviar(cliente, vuelta):
        return cliente.post(f"/casos/{caso.folio}/anotar/", {"version": caso.version, "nota": f"Nota {vuelta}."})  # fmt: skip

    return enviar


class Sentencias:
    """Counts what a request asks of the database; keeps the slowest."""

    def __init__(self):
        self.cuantas, self.peor = 0, (0.0, "", ())

    def __call__(self, ejecutar, sql, parametros, many, contexto):
        inicio = perf_counter()
        try:
            return ejecutar(sql, parametros, many, contexto)
        finally:
            self.cuantas += 1
            self.peor = max(self.peor, (perf_counter() - inicio, sql, parametros or ()), key=lambda p: p[0])  # fmt: skip


def renglon(titulo, quien, pedir, opciones) -> str:
    from django.db import connection
    from django.test import Client

    from casos.models import Usuario

    cliente = Client(SERVER_NAME="localhost", HTTP_ACCEPT_ENCODING="gzip")
    cliente.force_login(Usuario.objects.get(username=quien))
    tiempos = []
    for vuelta in range(opciones.vueltas + 2):
        contadas = Sentencias()
        with connection.execute_wrapper(contadas):
            inicio = perf_counter()
            respuesta = pedir(cliente, vuelta)
            tiempos.append((perf_counter() - inicio) * 1000)
        if respuesta.status_code >= 400:
            raise SystemExit(f"{titulo} ({quien}): {respuesta.status_code}")
    tiempos = sorted(tiempos[2:])  # the first two warm up
    mediana = statistics.median(tiempos)
    p95 = tiempos[min(len(tiempos) - 1, int(len(tiempos) * 0.95))]
    if opciones.explicar and mediana > 50:
        explicar(*contadas.peor)
    kb = len(respuesta.content) / 1024
    return f"| {titulo} | {quien} | {mediana:.0f} | {p95:.0f} | {contadas.cuantas} | {kb:.0f} |"


def explicar(segundos, sql, parametros) -> None:
    from django.db import connection

    como = "EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN (ANALYZE, BUFFERS) "
    print(f"\n{segundos * 1000:.0f} ms: {sql}\n  {parametros}")
    with connection.cursor() as cursor:
        cursor.execute(como + sql, parametros)
        print("\n".join(f"    {fila}" for fila in cursor.fetchall()))


if __name__ == "__main__":
    main()
