"""The demonstration's audit: one sample of ten closed cases, a note and a finding that somebody has to act on."""

from datetime import timedelta

from casos import calendario
from casos.auditorias.hallazgos import levantar
from casos.auditorias.muestreo import sacar
from casos.auditorias.notas_del_auditor import anotar
from casos.lecturas.muestras import leer
from casos.models import ClausulaISO, Usuario
from casos.vocabulario_de_auditoria import Estrato, Evidencia, TipoHallazgo, Universo

SEMILLA = "auditoria-interna-1"


def auditar(gente: dict[str, Usuario]) -> None:
    """What it finds is what the rules of the instruction say of a case of the sample."""
    hoy = calendario.hoy()
    auditor = gente["auditor"]
    muestra = sacar(
        auditor,
        alcance="Auditoría interna del seguimiento de venta",
        universo=Universo.CERRADOS,
        desde=hoy - timedelta(days=365),
        hasta=hoy,
        estrato=Estrato.RESULTADO,
        tamano=10,
        semilla=SEMILLA,
    )
    clausulas = {c.numero: c for c in ClausulaISO.objects.all()}
    leidos = leer(muestra, auditor).casos
    con_algo = [c for c in leidos if c.de.datos[Evidencia.REGLAS]]
    visto = (con_algo or leidos)[0]
    anotar(
        auditor,
        muestra,
        visto.caso,
        clausulas["8.2.1"],
        "Consta cada contacto con su medio y su fecha; se revisó contra los correos enviados.",
        vista=0,
    )
    dicho = visto.de.datos[Evidencia.REGLAS][:1]
    levantar(
        auditor,
        tipo=TipoHallazgo.OBSERVACION,
        clausula=clausulas["8.2.3"],
        caso=visto.caso,
        muestra=muestra,
        encontrado=_contado(dicho[0].que) if dicho else "No consta cuándo se revisó.",
        evidencia=f"Renglón {dicho[0].renglon} de la historia." if dicho else "Historia del caso.",
        responsable=gente["operaciones"],
        vence=calendario.sumar_habiles(hoy, 10),
    )


def _contado(que: str) -> str:
    """ "6 Cumple con observación: se cerró sin…" → "Se cerró sin…"."""
    dicho = que.partition(": ")[2]
    return f"{dicho[:1].upper()}{dicho[1:]}."
