"""The one way answers leave the database, with all that hangs on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from app.db import table_of
from app.responses.models import (
    Pair,
    PairScore,
    Receipt,
    Response,
    ResponseText,
    Score,
    Unrolled,
)

if TYPE_CHECKING:
    from collections.abc import Collection
    from uuid import UUID

    from sqlalchemy.engine import Connection

#: What names a response, before the response itself.
_PARTS = (ResponseText, Receipt, Score, PairScore)


def delete_answers(
    connection: Connection,
    organisation_id: UUID,
    response_ids: Collection[UUID],
    pair_ids: Collection[UUID],
) -> bool:
    """Delete answers that the rollups no longer need, and the pairs of which nothing is left.

    Return whether free texts went: `texts.sweep` then takes their last traces away.
    """
    had_texts = False
    for table in _PARTS:
        gone = delete(table).where(table_of(table).c.response_id.in_(response_ids))
        count = connection.execute(gone.execution_options(preserve_rowcount=True)).rowcount
        had_texts = had_texts or (table is ResponseText and count > 0)
    waiting = (Unrolled.organisation_id == organisation_id, Unrolled.response_id.in_(response_ids))
    connection.execute(delete(Unrolled).where(*waiting))
    connection.execute(delete(Response).where(Response.id.in_(response_ids)))
    if pair_ids:
        left = select(Response.id).where(Response.pair_id == Pair.id)
        connection.execute(delete(Pair).where(Pair.id.in_(pair_ids), ~left.exists()))
    return had_texts
