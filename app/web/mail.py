"""E-mails: short French texts through the server of SMTP_URL, and a page never fails with them."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from urllib.parse import urlsplit

from app.web.current import settings
from app.web.journal import LOGGER
from app.web.typography import typographic
from config import Settings, Smtp

#: Seconds that the server of e-mails is waited for: somebody waits before a page meanwhile.
PATIENCE = 8
_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")


def can_send() -> bool:
    """Tell whether the installation sends e-mails at all."""
    return settings().smtp is not None


def send(to: str, subject: str, text: str) -> bool:
    """Send an e-mail; tell whether it left. The log says why not, and never to whom."""
    configured = settings()
    if configured.smtp is None:
        return False
    try:
        with _connected(configured.smtp, _host(configured)) as server:
            server.send_message(_message(configured, to, subject, text))
    except (OSError, smtplib.SMTPException, ValueError) as error:
        # An answer of the server may repeat the address: only its kind is kept.
        LOGGER.error("E-mail non parti : %s", type(error).__name__)
        return False
    return True


def _message(configured: Settings, to: str, subject: str, text: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = configured.mail_from or f"recueil@{_host(configured)}"
    message["To"] = to
    message["Subject"] = typographic(subject)
    message["Date"] = formatdate()
    message["Message-ID"] = make_msgid(domain=_host(configured))
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(typographic(text))
    return message


def _connected(smtp: Smtp, name: str) -> smtplib.SMTP:
    """Return a connection, encrypted when the server can; a password never travels in clear."""
    trusted = ssl.create_default_context()
    server: smtplib.SMTP
    if smtp.is_tls:
        server = smtplib.SMTP_SSL(smtp.host, smtp.port, name, timeout=PATIENCE, context=trusted)
    else:
        server = smtplib.SMTP(smtp.host, smtp.port, name, timeout=PATIENCE)
    try:
        server.ehlo()
        is_encrypted = smtp.is_tls
        if not is_encrypted and server.has_extn("starttls"):
            server.starttls(context=trusted)
            server.ehlo()
            is_encrypted = True
        if smtp.user:
            _sign_in(server, smtp, is_encrypted=is_encrypted)
    except BaseException:
        server.close()
        raise
    return server


def _sign_in(server: smtplib.SMTP, smtp: Smtp, *, is_encrypted: bool) -> None:
    if not is_encrypted and smtp.host not in _THIS_MACHINE:
        raise smtplib.SMTPNotSupportedError("the server offers no encryption")
    server.login(smtp.user, smtp.password)


def _host(configured: Settings) -> str:
    return urlsplit(configured.base_url).hostname or "localhost"
