"""When nothing can be written: the database is locked, stopped or away, or its disk is full."""

from __future__ import annotations

import errno
import sqlite3

from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.web.journal import LOGGER

#: What a database that rests raises; whoever catches it gives back what was typed.
OUTAGES = (OperationalError, PoolTimeout)

#: Seconds after which a full disk or a locked database may be tried again.
RETRY_AFTER = 10

#: As the system says that a disk takes no more: no space, over quota, read-only.
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS})
#: As PostgreSQL does: `disk_full`.
_SQLSTATE_FULL = "53100"


def status_of(trouble: Exception) -> int:
    """Write an outage in the journal, once; return 507 for a full disk, else 503."""
    cause = getattr(trouble, "orig", None) or trouble
    said = "" if isinstance(trouble, OSError) else str(cause)
    LOGGER.error("Indisponible : %s", said or type(cause).__name__)
    is_full = (
        getattr(cause, "errno", None) in FULL
        or getattr(cause, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
        or getattr(cause, "sqlstate", None) == _SQLSTATE_FULL
    )
    return 507 if is_full else 503
