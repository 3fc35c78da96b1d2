"""E-mails leave through a real server, encrypted when it can; a failure never breaks a page."""

from __future__ import annotations

import logging
import ssl
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from flask import Flask

from app.web import mail
from config import SettingError, Settings, Smtp
from tests.mailbox import Mailbox, open_mailbox

TEXT = "Bonjour « Zoé » : voilà !\n"


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with open_mailbox() as mailbox:
        yield mailbox


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """Return the certificate of a server on this machine, which the machine trusts."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "certificate.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


def configure(app: Flask, url: str, **changed: Any) -> None:
    app.extensions["settings"] = replace(
        app.extensions["settings"], smtp=Smtp.from_url(url), **changed
    )


def send(app: Flask, to: str = "sam@example.fr", subject: str = "Un lien : voilà") -> bool:
    with app.app_context():
        return mail.send(to, subject, TEXT)


def test_without_a_server_nothing_leaves(app: Flask) -> None:
    with app.app_context():
        assert not mail.can_send()
    assert not send(app)


def test_an_email_arrives_in_french(app: Flask, mailbox: Mailbox) -> None:
    configure(app, f"smtp://127.0.0.1:{mailbox.port}", base_url="https://avis.exemple.fr")
    assert send(app)
    message = mailbox.received[0]
    assert (message["To"], message["From"]) == ("sam@example.fr", "recueil@avis.exemple.fr")
    assert message["Subject"] == "Un lien\u00a0: voilà"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content_type() == "text/plain"
    assert mailbox.text().strip() == TEXT.strip()


def test_the_sender_may_be_chosen(app: Flask, mailbox: Mailbox) -> None:
    configure(app, f"smtp://127.0.0.1:{mailbox.port}", mail_from="Recueil <ne-pas@exemple.fr>")
    assert send(app)
    assert mailbox.received[0]["From"] == "Recueil <ne-pas@exemple.fr>"


def test_the_connection_is_encrypted_when_the_server_offers_it(
    app: Flask, certificate: ssl.SSLContext
) -> None:
    signed_in: list[tuple[bytes, bytes]] = []

    def authenticate(_server: Any, session: Any, _envelope: Any, _how: str, who: Any) -> AuthResult:
        signed_in.append((who.login, who.password))
        return AuthResult(success=session.ssl is not None)

    with open_mailbox(
        tls_context=certificate, require_starttls=True, authenticator=authenticate
    ) as mailbox:
        configure(app, f"smtp://nom%40exemple.fr:m%3At%20passe@127.0.0.1:{mailbox.port}")
        assert send(app)
    assert signed_in == [(b"nom@exemple.fr", b"m:t passe")]
    assert len(mailbox.received) == 1


def test_it_may_be_encrypted_from_the_first_byte(app: Flask, certificate: ssl.SSLContext) -> None:
    with open_mailbox(ssl_context=certificate) as mailbox:
        configure(app, f"smtps://127.0.0.1:{mailbox.port}")
        assert send(app)


def test_a_server_that_nobody_vouches_for_gets_nothing(
    app: Flask, certificate: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with open_mailbox(tls_context=certificate) as mailbox:
        configure(app, f"smtp://127.0.0.1:{mailbox.port}")
        assert not send(app)
    assert mailbox.received == []


def test_a_password_never_travels_in_clear(
    app: Flask, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "_THIS_MACHINE", ())
    configure(app, f"smtp://nom:secret@127.0.0.1:{mailbox.port}")
    assert not send(app)
    assert mailbox.received == []


@pytest.mark.parametrize("is_there", [True, False])
def test_a_failure_is_said_and_logged_without_the_address(
    app: Flask, mailbox: Mailbox, caplog: pytest.LogCaptureFixture, is_there: bool
) -> None:
    mailbox.is_refusing = True
    configure(app, f"smtp://127.0.0.1:{mailbox.port if is_there else 9}")
    with caplog.at_level(logging.ERROR, "recueil"):
        assert not send(app)
    assert "E-mail non parti" in caplog.text
    assert "sam@" not in caplog.text


@pytest.mark.parametrize("to", ["a\r\nBcc: b@example.fr", "", "@", "zoé@exemple.fr"])
def test_a_strange_address_never_breaks_the_page(app: Flask, mailbox: Mailbox, to: str) -> None:
    configure(app, f"smtp://127.0.0.1:{mailbox.port}")
    send(app, to)
    assert all("b@example.fr" not in str(message) for message in mailbox.received)


@pytest.mark.parametrize(
    "url", ["courrier.exemple.fr", "http://a", "smtp://", "smtp://a:b", "smtp://a:99999"]
)
def test_an_address_of_server_that_is_not_one_is_said_without_repeating_it(url: str) -> None:
    with pytest.raises(SettingError, match="SMTP_URL") as refused:
        Settings.from_environment({"SMTP_URL": url})
    assert f"« {url} »" not in str(refused.value)


def test_the_password_is_never_shown_with_the_settings() -> None:
    settings = Settings.from_environment({"SMTP_URL": "smtps://nom:tournesol@exemple.fr"})
    assert settings.smtp is not None
    assert (settings.smtp.port, settings.smtp.is_tls) == (465, True)
    assert "tournesol" not in repr(settings)
