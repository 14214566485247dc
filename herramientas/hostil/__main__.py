"""``python -m herramientas.hostil``: the real product, attacked; exit code 1 if anything gave way.

make hostil                                            20,000 on PostgreSQL
python -m herramientas.hostil --motor sqlite --peticiones 2000
python -m herramientas.hostil --solo archivos partes --semilla 7
"""

import argparse
import json
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from time import monotonic

from bench import bases
from bench.cliente import Fallo

from . import huella, informe, sitio
from .cable import Cable

GENTE = ["ventas", "juridico", "auditor", "atencion", "gerente", "admin"]


def main() -> int:
    opciones = _opciones()
    # Ended politely, server and database are ended too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Ended."))
    with tempfile.TemporaryDirectory(prefix="hostil-") as carpeta:
        try:
            if opciones.a_la_vez > 1 and opciones.parte is None:
                with bases.abrir(opciones.motor, Path(carpeta)) as donde:
                    datos = _a_la_vez(opciones, donde.donde)
            else:
                datos = _correr(opciones, Path(carpeta))
        except Fallo as fallo:
            raise SystemExit(f"hostil: {fallo}") from None
    if opciones.salida:
        opciones.salida.write_text(json.dumps(datos, indent=1, ensure_ascii=False) + "\n")
    if opciones.parte is None:
        informe.contar(datos)
    return int(
        bool(datos["faltas"] or datos["honestas_mal"] or datos["trazas"] or datos["despues"])
    )


def _a_la_vez(opciones, servidor: str) -> dict:
    """The same run in parts, each with a server and a database of its own; told as one."""
    partes = range(opciones.a_la_vez)
    opciones.fallas.mkdir(parents=True, exist_ok=True)
    salidas = [opciones.fallas / f"parte-{k}.json" for k in partes]
    for salida in salidas:
        salida.unlink(missing_ok=True)
    hijos = [
        subprocess.Popen(
            [
                sys.executable,
                "-m",
                "herramientas.hostil",
                *_las_mismas(opciones),
                "--parte",
                str(k),
                "--servidor",
                servidor,
            ]
            + ["--salida", str(salidas[k]), "--fallas", str(opciones.fallas / str(k))]
        )
        for k in partes
    ]
    try:
        for hijo in hijos:
            hijo.wait()
    finally:
        for hijo in hijos:
            hijo.terminate()
    if not all(s.exists() for s in salidas):
        raise Fallo("a part did not end.")
    return informe.juntar([json.loads(s.read_text()) for s in salidas])


def _las_mismas(o) -> list[str]:
    solo = ["--solo", *o.solo] if o.solo else []
    dichas = ["--peticiones", o.peticiones, "--semilla", o.semilla, "--motor", o.motor]
    return [str(x) for x in [*dichas, "--a-la-vez", o.a_la_vez, "--personas", *o.personas, *solo]]


def _opciones():
    partes = argparse.ArgumentParser(
        prog="python -m herramientas.hostil", description=__doc__.splitlines()[0]
    )
    partes.add_argument("--peticiones", type=int, default=20_000)
    partes.add_argument("--semilla", type=int, default=8)
    partes.add_argument("--motor", choices=["postgres", "sqlite"], default="postgres")
    partes.add_argument("--personas", nargs="+", default=GENTE)
    partes.add_argument("--solo", nargs="+", default=[], help="these kinds and no other")
    partes.add_argument("--a-la-vez", type=int, default=1, help="in so many parts, side by side")
    partes.add_argument("--parte", type=int, help=argparse.SUPPRESS)
    partes.add_argument("--servidor", default="", help=argparse.SUPPRESS)
    partes.add_argument("--salida", type=Path, help="a JSON file with all of it")
    partes.add_argument(
        "--fallas", type=Path, default=Path("var/hostil"), help="where what failed is left"
    )
    return partes.parse_args()


def _correr(opciones, carpeta: Path) -> dict:
    plantados = []

    def plantar():
        from . import mundo

        plantados.extend(mundo.plantar())

    print(
        f"Semilla {opciones.semilla}: {opciones.peticiones:,} peticiones, {opciones.motor}.",
        flush=True,
    )
    with sitio.abrir(opciones, carpeta, plantar) as donde:
        from .ataque import Ataque
        from .mundo import Mundo

        vigia, puerto = huella.abrir(donde.url), donde.servidor.puerto
        cuentas = _cuentas(vigia)
        partes = opciones.a_la_vez
        ataque = Ataque(
            Cable(puerto),
            vigia,
            Mundo(opciones.personas, plantados),
            opciones.personas,
            opciones.semilla,
            alivio=lambda: vigia.mandar("DELETE FROM cache"),
            reparar=lambda: [vigia.mandar(orden) for orden in cuentas],
            parte=(opciones.parte or 0, partes),
            espera=donde.espera,
        )
        ataque.al_fallar = lambda f: print(
            f"  #{f.numero} {f.peticion.ruta[:80]}: {f.que}", flush=True
        )
        ataque.conocer()
        inicio, memoria = monotonic(), donde.servidor.memoria()
        total = opciones.peticiones // partes

        def avisar(n):
            if n % 480 == 0:
                print(
                    f"  {n:,} en {monotonic() - inicio:.0f} s, {len(ataque.faltas)} faltas",
                    flush=True,
                )

        ataque.correr(total, opciones.solo, avisar=avisar)
        datos = _datos(opciones, ataque, monotonic() - inicio)
        datos["memoria_mib"] = [round(memoria), round(donde.servidor.memoria())]
        datos["trazas"] = donde.bitacora.count("Traceback (most recent call last)")
        vigia.cerrar()
        datos["despues"] = _despues(donde)
        opciones.fallas.mkdir(parents=True, exist_ok=True)
        (opciones.fallas / "web.log").write_text(donde.bitacora)
        datos["fallas"] = [
            {
                "numero": f.numero, "clase": f.peticion.clase, "quien": f.peticion.quien, "que": f.que,
                "estado": f.respuesta.estado, "nota": f.peticion.nota,
                "otra_vez": f.peticion.curl(puerto, opciones.fallas, f.numero),
            }
            for f in ataque.faltas[:500]
        ]  # fmt: skip
    return datos


def _cuentas(vigia) -> list[str]:
    """Statements that give each account back what lets it in."""
    columnas = ["password", "username", "email", "rol"]
    filas = vigia.preguntar(f"SELECT id, {', '.join(columnas)} FROM casos_usuario")

    def una(pk, *valores):
        texto = ", ".join(
            "{} = '{}'".format(c, v.replace("'", "''"))
            for c, v in zip(columnas, valores, strict=True)
        )
        return f"UPDATE casos_usuario SET {texto}, is_active = true WHERE id = {pk}"

    return [
        *(una(*fila) for fila in filas),
        "DELETE FROM mfa_authenticator",
        "UPDATE casos_usuario SET veces_pospuesto = 0",
        "UPDATE casos_configuracion SET segundo_factor_de = '[]'",
    ]


def _despues(donde: sitio.Sitio) -> list[str]:
    """What must hold when all is over: the log verifies, and no row of a case names another's."""
    from .cruces import cruces

    faltas = cruces()
    try:
        donde.manage("verificar_bitacora")
    except Fallo as fallo:
        faltas.append(str(fallo)[-600:])
    return faltas


def _datos(opciones, ataque, segundos: float) -> dict:
    estados = Counter()
    for cuenta in ataque.cuentas.values():
        estados.update(cuenta.estados)
    return {
        "semilla": opciones.semilla, "motor": opciones.motor, "personas": opciones.personas, "segundos": round(segundos),
        "peticiones": sum(c.peticiones for c in ataque.cuentas.values()), "estados": dict(sorted(estados.items())),
        "direcciones": len(ataque.t.direcciones), "alcanzadas": sorted(ataque.alcanzadas),
        "formularios": len({f.forma[1:] for p in ataque.t.gente.values() for f in p.formularios}),
        "honestas": ataque.honestas, "honestas_mal": ataque.honestas_mal, "notas": ataque.notas, "entradas": ataque.entradas,
        "alivios": ataque.alivios, "reparadas": ataque.reparadas, "faltas": len(ataque.faltas),
        "clases": {n: asdict(c) | {"estados": dict(sorted(c.estados.items()))} for n, c in sorted(ataque.cuentas.items())},
    }  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
