"""How a mail is put together from its row: headers, text and HTML, the firm's picture, the document. Sends nothing."""

from __future__ import annotations

import hashlib
import logging
from email.header import Header
from email.mime.application import MIMEApplication
from email.mime.image import MIMEImage
from email.utils import formataddr, parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, SafeMIMEMultipart
from django.core.mail.backends.base import BaseEmailBackend

from casos.impresos.congelar import pdf_de
from casos.models import Aviso, Impreso, InformeMensual, Logo
from casos.textos import en_un_renglon

from .invitaciones import ARCHIVO, metodo_de
from .por_enlace import con_enlaces

log = logging.getLogger(__name__)


def _en_su_renglon(dicho: str, cabecera: str = "Subject") -> str:
    """Encoded so that its first word stands on the line of the header; some servers refuse one without."""
    if dicho.isascii():
        return dicho
    return Header(dicho, "utf-8", maxlinelen=66, header_name=cabecera).encode(linesep="")


def _de(remitente: str) -> str:
    """Our address under the firm's name; no name breaks the header, whatever it holds."""
    nuestra = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    return formataddr((_en_su_renglon(en_un_renglon(remitente), "From"), nuestra))


class Correo(EmailMultiAlternatives):
    """A mail whose picture stays with its HTML, and whose document is a file beside it."""

    logo: MIMEImage | None = None
    adjunto_sha256 = ""

    def _create_alternatives(self, msg: Any) -> Any:
        armado = super()._create_alternatives(msg)  # type: ignore[misc]
        if self.logo is None:
            return armado
        junto = SafeMIMEMultipart(_subtype="related", encoding=self.encoding)
        junto.attach(armado)
        junto.attach(self.logo)
        return junto

    def adjuntar(self, impreso: Impreso | InformeMensual) -> None:
        """Raises ``NoSeImprimio``. Its file is called by folio and version, or by its month."""
        contenido = pdf_de(impreso)
        parte = MIMEApplication(contenido, "pdf")
        parte.add_header(
            "Content-Disposition", "attachment", filename=en_un_renglon(impreso.nombre)
        )
        self.attach(parte)
        self.adjunto_sha256 = hashlib.sha256(contenido).hexdigest()


def mensaje(aviso: Aviso, conexion: BaseEmailBackend | None = None) -> Correo:
    """The mail of a row: stable ``Message-ID``, threaded per case, text and HTML; its document made now.

    Raises ``NoSeImprimio``: no mail says that it carries what it does not.
    """
    cabeceras = {
        "Message-ID": aviso.message_id,
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "OOF, AutoReply",  # Exchange does not read the other one
    }
    if aviso.remitente:
        cabeceras["From"] = _de(aviso.remitente)
    if aviso.en_respuesta_a:
        cabeceras |= {"In-Reply-To": aviso.en_respuesta_a, "References": aviso.en_respuesta_a}
    texto, html = con_enlaces(aviso)
    correo = Correo(
        _en_su_renglon(aviso.asunto),
        texto,
        settings.DEFAULT_FROM_EMAIL,
        [aviso.para],
        headers=cabeceras,
        connection=conexion,
        reply_to=[aviso.responder_a] if aviso.responder_a else None,
    )
    if html:
        correo.attach_alternative(html, "text/html")
        if aviso.logo:
            _con_logo(correo, aviso.logo)
    if aviso.calendario:
        # In both shapes: some readers look for the part, others for the file.
        tipo = f"text/calendar; method={metodo_de(aviso.calendario)}"
        correo.attach_alternative(aviso.calendario, tipo)
        correo.attach(ARCHIVO, aviso.calendario.encode(), "application/ics")
    if documento := aviso.impreso or aviso.informe:
        correo.adjuntar(documento)
    return correo


def _con_logo(correo: Correo, logo: Logo) -> None:
    """The picture goes with the mail, which asks nothing of anybody's server; without it, its words are read."""
    try:
        contenido = logo.bytes()
    except OSError as error:
        log.error("Falta el archivo del logotipo %s: %s", logo.pk, error)
        return
    parte = MIMEImage(contenido, logo.tipo.partition("/")[2])
    parte["Content-ID"] = f"<{logo.cid}>"
    parte["Content-Disposition"] = "inline"
    correo.logo = parte
