"""What fails around the product, told apart from its own faults; and who is told of a fault, once.

Used by the error pages and by ``LOGGING``. Asks no database: it may be what failed.
"""

import errno
import hashlib
import logging
import re
import threading
import time
import traceback
from pathlib import Path

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.core.mail import mail_admins
from django.db import InterfaceError, InternalError, OperationalError

DE_LA_BASE = (OperationalError, InterfaceError, InternalError)
DEL_DISCO = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EMFILE, errno.ENFILE}
# Of a statement of ours; SQLite says them by the same class.
_MAL_PEDIDO = re.compile(
    r'no such|near "|syntax error|wrong number of arguments|too complex|has no column'
)
_SE_CERRO = re.compile("read-only|terminat|shut", re.IGNORECASE)
CADA = 15 * 60  # seconds between two mails about one kind of fault


def es_de_alrededor(error: BaseException | None) -> bool:
    """The database away, read-only or locked, the disk full, the static files missing: it passes."""
    while error is not None:
        if isinstance(error, InternalError):
            return bool(_SE_CERRO.search(str(error)))
        if isinstance(error, DE_LA_BASE):
            return not _MAL_PEDIDO.search(str(error))
        if isinstance(error, OSError) and error.errno in DEL_DISCO:
            return True
        if isinstance(error, ValueError) and "staticfiles manifest" in str(error):
            return True
        # What was met while something else was being handled is a fault of its own.
        error = error.__cause__
    return False


def es_un_rechazo(record: logging.LogRecord) -> bool:
    """What was asked wrongly and refused: no fault. Django calls a foreign Host or an odd filter an error."""
    error = record.exc_info[1] if record.exc_info else None
    return record.levelno < logging.ERROR or isinstance(error, SuspiciousOperation)


class UnRenglon(logging.Filter):
    """Of an outage each request says one line; its 150 of traceback would be the same each time.

    So does what was refused: whoever knocks a thousand times must not write 30,000 lines.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if error and (es_un_rechazo(record) or es_de_alrededor(error)):
            dicho = " ".join(str(error).split())[:300]
            record.msg = f"{record.getMessage()} ({type(error).__name__}: {dicho})"
            record.args, record.exc_info, record.exc_text = (), None, None
        return True


# Addresses that are themselves the key: ``casos/correo/por_enlace.py``, ``casos/acceso/enlace_de_calendario.py``.
_FIRMA = re.compile(r"/(responder|calendario)/[^/\s?]+")


def sin_firma(dicho: str) -> str:
    """A line of a log without what would open an area's answer to whoever reads it."""
    return _FIRMA.sub(r"/\1/…", dicho)


class SinFirma(logging.Filter):
    """Django writes down the address of each refusal and each fault."""

    def filter(self, record: logging.LogRecord) -> bool:
        if _FIRMA.search(dicho := record.getMessage()):
            record.msg, record.args = sin_firma(dicho), ()
        return True


class AvisaAQuienAdministra(logging.Handler):
    """A mail to ``ADMINS``, once per kind of fault and quarter of an hour, of whichever process.

    From a thread, and straight to the mail server: neither a page nor the database waits for it.
    """

    def emit(self, record: logging.LogRecord) -> None:
        if not settings.ADMINS or es_un_rechazo(record) or not self._toca(_clase_de(record)):
            return
        asunto = " ".join(record.getMessage().split())[:150]
        detalle = self.format(record)[-8000:]
        threading.Thread(target=_mandar, args=(asunto, detalle), daemon=True).start()

    @staticmethod
    def _toca(clase: str) -> bool:
        """Whether this kind has not been told of lately; a file per kind says when."""
        carpeta = Path(settings.VAR, "fallas")
        marca = carpeta / hashlib.sha256(clase.encode()).hexdigest()[:16]
        try:
            carpeta.mkdir(exist_ok=True)
            try:
                marca.touch(exist_ok=False)
                return True
            except FileExistsError:
                if time.time() - marca.stat().st_mtime < CADA:
                    return False
                marca.touch()
                return True
        except (
            OSError
        ):  # a full or read-only disk is told of too: as long as it lasts, by each process
            ahora, antes = time.monotonic(), _EN_MEMORIA.get(clase, -CADA)
            _EN_MEMORIA[clase] = ahora if ahora - antes >= CADA else antes
            return ahora - antes >= CADA


_EN_MEMORIA: dict[str, float] = {}


def _clase_de(record: logging.LogRecord) -> str:
    error = record.exc_info[1] if record.exc_info else None
    if error is None:
        return f"{record.name}:{record.msg}"
    if es_de_alrededor(error):
        return type(error).__name__
    ultimo = traceback.extract_tb(error.__traceback__)[-1:]
    return f"{type(error).__name__}:{[(f.filename, f.lineno) for f in ultimo]}"


def _mandar(asunto: str, detalle: str) -> None:
    try:
        mail_admins(asunto, detalle)
    except Exception as error:  # the mail server may be away as well: the log has it
        logging.getLogger("casos").warning("No se pudo avisar a ADMINS: %s", error)
