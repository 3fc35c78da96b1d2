"""Every setting of Recueil, read once from the environment; defaults are safe in production."""

from __future__ import annotations

import hmac
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from urllib.parse import unquote, urlsplit

PROJECT = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Keys:
    """Derive each secret of the installation from the one key file.

    The file lies outside the database and outside its backups: losing it makes the texts
    unreadable and the receipts unusable, which is what erasing an installation means.
    """

    master: bytes

    @classmethod
    def in_folder(cls, folder: Path) -> Keys:
        """Read `recueil.key` in the folder, or create it, readable by its owner only."""
        path = folder / "recueil.key"
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return cls(bytes.fromhex(path.read_text("ascii").strip()))
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            master = secrets.token_bytes(32)
            file.write(master.hex() + "\n")
            file.flush()
            os.fsync(file.fileno())
        return cls(master)

    def derive(self, purpose: str) -> bytes:
        """Return the 32-byte key of one purpose (`session`, `texts`, `receipts`, `cards`…)."""
        return hmac.digest(self.master, purpose.encode(), sha256)


class SettingError(ValueError):
    """Name the setting that cannot be understood, and say what to write instead."""


@dataclass(frozen=True, slots=True)
class Smtp:
    """Say which server takes our e-mails."""

    host: str
    port: int
    #: Encrypted from the first byte; otherwise as soon as the server offers it.
    is_tls: bool
    user: str
    password: str = field(repr=False)

    @classmethod
    def from_url(cls, url: str) -> Smtp:
        """Read `smtp://user:password@host:587` or `smtps://…`; signs may be written %40."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            parts, port = urlsplit(""), None
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            # What was written may hold a password: it is not repeated.
            raise SettingError(
                "SMTP_URL : cette adresse ne se comprend pas. "
                "Exemple : smtp://nom:motdepasse@courrier.exemple.fr:587."
            )
        is_tls = parts.scheme == "smtps"
        return cls(
            parts.hostname,
            port or (465 if is_tls else 587),
            is_tls,
            unquote(parts.username or ""),
            unquote(parts.password or ""),
        )


@dataclass(frozen=True, slots=True)
class Settings:
    """Hold the settings of one process."""

    #: RECUEIL_DATA: folder of everything Recueil writes (database, key, media).
    data: Path
    #: DATABASE_URL: `sqlite:///…` (one process) or `postgresql://…` (several processes).
    database_url: str
    #: RECUEIL_BASE_URL: address printed on posters, without a final slash.
    base_url: str
    #: HOST and PORT: where `recueil serve` listens.
    host: str
    port: int
    #: RECUEIL_PROXIES: trusted proxies between a client and us; 0 ignores X-Forwarded-*.
    proxies: int
    #: RECUEIL_LIMIT: accepted answers in 10 minutes per address, campaign and process.
    limit: int
    #: RECUEIL_THREADS: threads of each process.
    threads: int
    #: RECUEIL_PROCESSES: processes; more than one needs PostgreSQL.
    processes: int
    #: RECUEIL_SURVEYS: folder of the questionnaires.
    surveys: Path
    #: SECRET_KEY_FALLBACKS: former session keys, separated by spaces, while they rotate.
    secret_key_fallbacks: tuple[str, ...]
    #: SMTP_URL: `smtp://user:password@host:587` or `smtps://…`; without it no e-mail leaves.
    smtp: Smtp | None
    #: RECUEIL_MAIL_FROM: sender of the e-mails; empty: `recueil@` and the host of the base URL.
    mail_from: str

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> Settings:
        """Read the settings; raise SettingError naming the setting that cannot be understood."""
        data = Path(environ.get("RECUEIL_DATA") or PROJECT / "data").expanduser().resolve()
        port = _whole_number(environ, "PORT", 8000)
        settings = cls(
            data=data,
            database_url=_database_url(environ.get("DATABASE_URL"), data),
            base_url=(environ.get("RECUEIL_BASE_URL") or f"http://localhost:{port}").rstrip("/"),
            host=environ.get("HOST") or "127.0.0.1",
            port=port,
            proxies=_whole_number(environ, "RECUEIL_PROXIES", 0),
            limit=_whole_number(environ, "RECUEIL_LIMIT", 600),
            threads=_whole_number(environ, "RECUEIL_THREADS", 8),
            processes=_whole_number(environ, "RECUEIL_PROCESSES", 1),
            surveys=Path(environ.get("RECUEIL_SURVEYS") or PROJECT / "surveys"),
            secret_key_fallbacks=tuple(environ.get("SECRET_KEY_FALLBACKS", "").split()),
            smtp=Smtp.from_url(environ["SMTP_URL"]) if environ.get("SMTP_URL") else None,
            mail_from=environ.get("RECUEIL_MAIL_FROM", ""),
        )
        if not settings.surveys.is_dir():
            raise SettingError(
                f"RECUEIL_SURVEYS : le dossier « {settings.surveys} » n'existe pas. "
                "Sans ce réglage, Recueil prend les questionnaires livrés."
            )
        if settings.processes > 1 and settings.database_url.startswith("sqlite"):
            raise SettingError(
                "RECUEIL_PROCESSES : SQLite n'accepte qu'un seul processus. "
                "Mettez RECUEIL_PROCESSES=1, ou une base PostgreSQL dans DATABASE_URL."
            )
        return settings

    def keys(self) -> Keys:
        """Return the keys of the installation, made at the first call."""
        self.data.mkdir(parents=True, exist_ok=True)
        return Keys.in_folder(self.data)


def _whole_number(environ: Mapping[str, str], name: str, default: int) -> int:
    text = environ.get(name) or str(default)
    if not text.isascii() or not text.isdecimal():
        raise SettingError(f"{name} : « {text} » n'est pas un nombre entier. Exemple : {default}.")
    return int(text)


def _database_url(text: str | None, data: Path) -> str:
    if not text:
        return f"sqlite:///{data / 'recueil.sqlite3'}"
    scheme, separator, rest = text.partition("://")
    if scheme in ("postgres", "postgresql"):
        return f"postgresql+psycopg{separator}{rest}"
    if scheme.partition("+")[0] not in ("postgresql", "sqlite"):
        raise SettingError(
            f"DATABASE_URL : « {scheme} » n'est pas une base que Recueil connaît. "
            "Exemples : sqlite:////srv/recueil/recueil.sqlite3, postgresql://nom@machine/base."
        )
    return text
