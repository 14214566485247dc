"""What came out of it, as a table; and of several parts, one."""

from collections import Counter

SE_MUESTRAN = 25
SE_SUMAN = (
    "peticiones",
    "honestas",
    "honestas_mal",
    "notas",
    "entradas",
    "alivios",
    "reparadas",
    "faltas",
    "trazas",
)


def juntar(partes: list[dict]) -> dict:
    """Of runs side by side: counts are added, of times and memory the worst is kept."""
    junto = dict(partes[0])
    for llave in SE_SUMAN:
        junto[llave] = sum(p[llave] for p in partes)
    for llave in ("segundos", "formularios"):
        junto[llave] = max(p[llave] for p in partes)
    junto["alcanzadas"] = sorted({a for p in partes for a in p["alcanzadas"]})
    junto["memoria_mib"] = max(p["memoria_mib"] for p in partes)
    junto["estados"] = _sumar([p["estados"] for p in partes])
    junto["despues"] = [f for p in partes for f in p["despues"]]
    junto["fallas"] = [f for p in partes for f in p["fallas"]]
    nombres = sorted({n for p in partes for n in p["clases"]})
    junto["clases"] = {
        n: _una([p["clases"][n] for p in partes if n in p["clases"]]) for n in nombres
    }
    return junto


def _una(cuentas: list[dict]) -> dict:
    una = {k: sum(c[k] for c in cuentas) for k in cuentas[0] if k not in ("estados", "mas_lenta")}
    una["mas_lenta"] = max(c["mas_lenta"] for c in cuentas)
    return una | {"estados": _sumar([c["estados"] for c in cuentas])}


def _sumar(estados: list[dict]) -> dict:
    suma = Counter()
    for uno in estados:
        suma.update({int(e): n for e, n in uno.items()})
    return dict(sorted(suma.items()))


def contar(d: dict) -> None:
    print(
        "\n| kind | requests | 2xx | 3xx | 4xx | 5xx | by the web server | none | done | slowest | failures |"
    )
    print("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|")
    for nombre, c in d["clases"].items():
        cientos = [
            sum(n for e, n in c["estados"].items() if int(e) // 100 == k) for k in (2, 3, 4, 5)
        ]
        fila = [c["peticiones"], *cientos, c["del_servidor"], c["sin_respuesta"], c["hechas"]]
        print(
            f"| {nombre} | {' | '.join(f'{x:,}' for x in fila)} | {c['mas_lenta']:.2f} s | {c['faltas']} |"
        )
    print(f"\n{d['peticiones']:,} requests in {d['segundos']} s, {len(d['alcanzadas'])} of {d['direcciones']} addresses, "
          f"{d['formularios']} forms; {d['honestas']:,} honest ones beside them, {d['honestas_mal']} refused; "
          f"limits emptied {d['alivios']} times, accounts given back {d['reparadas']}; memory {d['memoria_mib']} MiB; "
          f"{d['trazas']} tracebacks; {d['faltas']} failures.")  # fmt: skip
    for falta in d["despues"]:
        print(f"DESPUÉS: {falta}")
    for f in d["fallas"][:SE_MUESTRAN]:
        print(
            f"\n#{f['numero']} {f['clase']} ({f['quien'] or 'nadie'}; {f['nota']}): {'; '.join(f['que'])}\n  {f['otra_vez'][:1500]}"
        )
