"""The desk pages of the bilan."""

from __future__ import annotations

from flask import Blueprint

from app.bilan import (
    desk_bilans,
    desk_composer,
    desk_consolidated_documents,
    desk_documents,
    desk_objectives,
    desk_quotes,
    desk_sealing,
)


def routes(parent: Blueprint) -> None:
    """Add the list of bilans, the composer, the documents and the page that seals."""
    desk_bilans.routes(parent)
    desk_composer.routes(parent)
    desk_quotes.routes(parent)
    desk_objectives.routes(parent)
    desk_documents.routes(parent)
    desk_sealing.routes(parent)
    desk_consolidated_documents.routes(parent)
