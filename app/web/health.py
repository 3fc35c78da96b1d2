"""Tell a supervisor whether the process lives, and whether it can keep an answer."""

from __future__ import annotations

import shutil
from pathlib import Path

from flask import Blueprint
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.db import Database
from app.web.current import database, settings

#: Under this many free bytes, no answer should be promised.
DISK_FLOOR = 100 * 1024 * 1024
_PLAIN = {"Content-Type": "text/plain; charset=utf-8"}


def routes(shell: Blueprint) -> None:
    """Add /healthz and /readyz."""
    shell.add_url_rule("/healthz", view_func=healthz)
    shell.add_url_rule("/readyz", view_func=readyz)


def healthz() -> tuple[str, dict[str, str]]:
    """Answer: the process lives."""
    return "ok\n", _PLAIN


def readyz() -> tuple[str, int, dict[str, str]]:
    """Answer whether the database takes writes and the disk has room."""
    problems = [
        problem
        for problem in (_database_problem(database()), _disk_problem(settings().data))
        if problem
    ]
    return "\n".join(problems or ["ok"]) + "\n", 503 if problems else 200, _PLAIN


def _database_problem(database: Database) -> str:
    try:
        with database.writing() as session:
            session.execute(text("UPDATE alembic_version SET version_num = version_num"))
    except SQLAlchemyError:
        return "La base de données ne prend pas d’écriture."
    return ""


def _disk_problem(folder: Path) -> str:
    if shutil.disk_usage(folder).free < DISK_FLOOR:
        return "Il reste trop peu de place sur le disque."
    return ""
