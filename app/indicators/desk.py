"""The desk pages that show what was collected."""

from __future__ import annotations

from flask import Blueprint

from app.indicators import (
    desk_accompanied,
    desk_changes,
    desk_consolidated,
    desk_dashboard,
    desk_downloads,
    desk_figures,
    desk_freezing,
)


def routes(parent: Blueprint) -> None:
    """Add the dashboard and the indicators."""
    desk_dashboard.routes(parent)
    desk_figures.routes(parent)
    desk_downloads.routes(parent)
    desk_freezing.routes(parent)
    desk_accompanied.routes(parent)
    desk_changes.routes(parent)
    desk_consolidated.routes(parent)
