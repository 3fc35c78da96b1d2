"""What the running application holds: its settings, keys, database and questionnaires."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, cast
from zoneinfo import ZoneInfo

from flask import current_app

if TYPE_CHECKING:
    from app.db import Database
    from app.questionnaires import Library
    from config import Keys, Settings


FRANCE = ZoneInfo("Europe/Paris")


def settings() -> Settings:
    """Return the settings of the running application."""
    return cast("Settings", current_app.extensions["settings"])


def keys() -> Keys:
    """Return the keys of the installation."""
    return cast("Keys", current_app.extensions["keys"])


def database() -> Database:
    """Return the database of the running application."""
    return cast("Database", current_app.extensions["database"])


def library() -> Library:
    """Return the questionnaires shipped in `surveys/`."""
    return cast("Library", current_app.extensions["library"])


def now() -> datetime:
    """Return the hour it is here: a server left in universal time serves people in France."""
    here = datetime.now().astimezone()
    return here.astimezone(FRANCE) if here.tzname() == "UTC" else here


def today() -> date:
    """Return the day it is here."""
    return now().date()
