"""From the figures of a run to tables and verdicts. Reads nothing but the JSON that the run wrote."""

from .paginas import CLIENTES, OTRAS, PAGINAS

PISO = "floor"
CRECE = 1.15  # from the smallest to the largest number of cases
CAUDAL = 1 / 3  # of the floor's requests a second on the list
MEMORIA = 150  # MiB, master and two workers
SIEMBRA = 600  # cases a second


class Informe:
    def __init__(self, datos: dict):
        self.datos = datos
        self._por = {
            (m["base"], m["casos"], m["sitio"], m["pagina"], m["clientes"]): m
            for m in datos["mediciones"]
        }
        self.codigos = [c["nombre"] for c in datos["codigos"]]
        self.bases, self.casos = datos["opciones"]["base"], sorted(datos["opciones"]["casos"])
        medidas = {m["pagina"] for m in datos["mediciones"]}
        self.paginas = [p for p in PAGINAS + OTRAS if p.clave in medidas]

    def texto(self) -> str:
        partes = [self._encabezado()]
        for base in self.bases:
            motor = f"{base} {self.datos['maquina']['bases'][base]}"
            for casos in self.casos:
                for clientes in (1, CLIENTES):
                    titulo = (
                        f"### {motor}, {casos:,} cases, {clientes} client{'s' * (clientes > 1)}"
                    )
                    if tabla := self._razones(base, casos, clientes):
                        partes.append(f"{titulo}\n\n{tabla}")
            if len(self.casos) > 1:
                partes.append(f"### {motor}, growth\n\n{self._crecimiento(base)}")
        partes.append(f"### Requests a second, memory, sowing\n\n{self._recursos()}")
        partes.append(f"### Targets\n\n{self._veredictos()}")
        return "\n\n".join(p for p in partes if p)

    def _encabezado(self) -> str:
        m, o = self.datos["maquina"], self.datos["opciones"]
        codigos = "; ".join(f"*{c['nombre']}* = {c['commit']}" for c in self.datos["codigos"])
        return (
            f"{self.datos['fecha']}, {m['nucleos']} cores ({m['procesador']}), Python {m['python']}; "
            f"{o['vueltas']} rounds at one client, {o['tramos']} × {o['segundos']:g} s at {CLIENTES}; "
            f"load average {m['carga']:.1f} before. Milliseconds, median / 95th percentile. {codigos}."
        )

    def _ms(self, base, casos, sitio, pagina, clientes):
        return self._por.get((base, casos, sitio, pagina, clientes))

    def razon(self, base, casos, codigo, pagina, clientes=1) -> float | None:
        piso, suyo = (self._ms(base, casos, s, pagina, clientes) for s in (PISO, codigo))
        return suyo["mediana"] / piso["mediana"] if piso and suyo else None

    def _razones(self, base, casos, clientes) -> str:
        titulos = ["page", "person", PISO]
        for codigo in self.codigos:
            titulos += [codigo, "ratio"]
        if clientes == 1:
            titulos += ["≤", *(f"{que} {c}" for que in ("SQL", "KB") for c in self.codigos)]
        filas = []
        for p in self.paginas:
            piso = self._ms(base, casos, PISO, p.clave, clientes)
            if not piso:
                continue
            fila = [p.titulo, p.quien, _par(piso)]
            for codigo in self.codigos:
                suyo = self._ms(base, casos, codigo, p.clave, clientes)
                razon = self.razon(base, casos, codigo, p.clave, clientes)
                fila += [_par(suyo) if suyo else "–", f"{razon:.1f}" if razon else "–"]
            if clientes == 1:
                fila.append(f"{p.limite:g}" if p.limite else "")
                fila += [self._sql(base, casos, c, p.clave) for c in self.codigos]
                fila += [f"{self._ms(base, casos, c, p.clave, 1)['kb']:.1f}" for c in self.codigos]
            filas.append(fila)
        return _tabla(titulos, filas, izquierda=2) if filas else ""

    def _sql(self, base, casos, codigo, pagina) -> str:
        cuantas = self.datos["sentencias"].get(f"{base}/{casos}/{codigo}", {}).get(pagina)
        return "–" if cuantas is None else str(cuantas)

    def crece(self, base, sitio, pagina) -> float | None:
        antes, despues = (
            self._ms(base, n, sitio, pagina, 1) for n in (self.casos[0], self.casos[-1])
        )
        return despues["mediana"] / antes["mediana"] if antes and despues else None

    def _crecimiento(self, base) -> str:
        sitios = [PISO, *self.codigos]
        filas = [
            [p.titulo, p.quien, *(_dos(self.crece(base, s, p.clave)) for s in sitios)]
            for p in self.paginas
        ]
        titulo = f"{self.casos[0]:,} → {self.casos[-1]:,}"
        return _tabla([titulo, "person", *sitios], filas, izquierda=2)

    def _recursos(self) -> str:
        sitios = [PISO, *self.codigos]
        filas = []
        for base in self.bases:
            for casos in self.casos:
                suyos = [self._ms(base, casos, s, "lista", CLIENTES) for s in sitios]
                filas.append(
                    [
                        f"requests a second, list, {CLIENTES} clients",
                        base,
                        f"{casos:,}",
                        *(f"{m['rps']:.0f}" if m else "–" for m in suyos),
                    ]
                )
                suyos = [self.datos["memoria"].get(f"{base}/{casos}/{s}") for s in sitios]
                filas.append(
                    [
                        "MiB (PSS), master and workers",
                        base,
                        f"{casos:,}",
                        *(f"{m:.0f}" if m else "–" for m in suyos),
                    ]
                )
                suyos = [self.datos["siembra"].get(f"{base}/{casos}/{s}") for s in sitios]
                filas.append(
                    [
                        "`sembrar`: cases a second, peak MiB",
                        base,
                        f"{casos:,}",
                        *(f"{s['por_segundo']:.0f}, {s['pico']:.0f}" if s else "–" for s in suyos),
                    ]
                )
        return _tabla(["", "database", "cases", *sitios], filas, izquierda=2)

    # -- verdicts ----------------------------------------------------------------------------------

    def veredictos(self, codigo: str = "ours") -> list[tuple[str, float, float, bool]]:
        """What was promised on PostgreSQL: title, figure, limit, whether it is met."""
        base, todos = "postgres", []
        if base not in self.bases:
            return []
        for p in (p for p in self.paginas if p.limite):
            for casos in self.casos:
                razon = self.razon(base, casos, codigo, p.clave)
                todos.append((f"{p.titulo}, {casos:,}", razon, p.limite))
            if len(self.casos) > 1:
                todos.append((f"{p.titulo}, growth", self.crece(base, codigo, p.clave), CRECE))
        for casos in self.casos:
            suyo, piso = (self._ms(base, casos, s, "lista", CLIENTES) for s in (codigo, PISO))
            if suyo and piso:
                todos.append(
                    (
                        f"floor's requests a second / ours, list, {casos:,}",
                        piso["rps"] / suyo["rps"],
                        1 / CAUDAL,
                    )
                )
            memoria = self.datos["memoria"].get(f"{base}/{casos}/{codigo}")
            todos.append((f"MiB of master and workers, {casos:,}", memoria, MEMORIA))
            sembrado = self.datos["siembra"].get(f"{base}/{casos}/{codigo}")
            if sembrado:
                todos.append(
                    (f"ms to sow a case, {casos:,}", 1000 / sembrado["por_segundo"], 1000 / SIEMBRA)
                )
        return [(t, v, limite, v <= limite) for t, v, limite in todos if v is not None]

    def _veredictos(self) -> str:
        filas = [
            [titulo, f"{valor:.2f}", f"{limite:.4g}", "met" if cumple else "**not met**"]
            for titulo, valor, limite, cumple in self.veredictos()
        ]
        if not filas:
            return "They are for PostgreSQL, which was not measured."
        mal = sum(fila[-1] != "met" for fila in filas)
        return _tabla(["target", "measured", "≤", ""], filas) + (
            f"\n\n{len(filas) - mal} of {len(filas)} targets met."
        )


def _par(m: dict) -> str:
    return f"{m['mediana']:.1f} / {m['p95']:.1f}"


def _dos(valor) -> str:
    return "–" if valor is None else f"{valor:.2f}"


def _tabla(titulos: list, filas: list, izquierda: int = 1) -> str:
    rayas = ["---"] * izquierda + ["--:"] * (len(titulos) - izquierda)
    return "\n".join(f"| {' | '.join(fila)} |" for fila in [titulos, rayas, *filas])
