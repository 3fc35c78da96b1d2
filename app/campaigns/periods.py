"""Periods of whole months, and where a day stands in the life of a campaign."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from app.campaigns.models import Campaign

State: TypeAlias = Literal["not_yet", "open", "grace", "closed"]

#: An answer begun before the closing may arrive during the day that follows (24 hours).
GRACE = timedelta(days=1)
MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])", re.ASCII)


def first_day(month: str) -> date:
    """Return the first day of a month written `2026-03`; raise ValueError when it is none."""
    found = MONTH.fullmatch(month.strip())
    if found is None:
        raise ValueError(f"« {month} » n’est pas un mois. Écrivez l’année puis le mois : 2026-03.")
    return date(int(found[1]), int(found[2]), 1)


def last_day(month: str) -> date:
    """Return the last day of a month written `2026-03`; raise ValueError when it is none."""
    first = first_day(month)
    return first.replace(day=monthrange(first.year, first.month)[1])


def is_whole_months(starts_on: date, ends_on: date) -> bool:
    """Tell whether a period begins with a month and ends with one."""
    return starts_on.day == 1 and (ends_on + timedelta(days=1)).day == 1


def closing_day(campaign: Campaign) -> date:
    """Return the last day whose answers belong to the campaign."""
    return min(campaign.closed_on or campaign.ends_on, campaign.ends_on)


def state_of(campaign: Campaign, today: date) -> State:
    """Tell whether the campaign awaits its first day, is open, accepts late answers, is closed.

    Only days are known: somebody who closes it at noon leaves until the next midnight but one,
    which is at least 24 hours.
    """
    closing = closing_day(campaign)
    if campaign.closed_on is None or campaign.closed_on > today:
        if today < campaign.starts_on:
            return "not_yet"
        if today <= closing:
            return "open"
    return "grace" if today <= closing + GRACE else "closed"
