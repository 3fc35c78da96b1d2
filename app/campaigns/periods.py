"""Periods of whole months, and where a day stands in the life of a campaign."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal, TypeAlias

from app.web.typography import month

if TYPE_CHECKING:
    from app.campaigns.models import Campaign

State: TypeAlias = Literal["not_yet", "open", "grace", "closed"]

#: An answer begun before the closing may arrive during the day that follows (24 hours).
GRACE = timedelta(days=1)
MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])", re.ASCII)
#: What is said of two months that make no period.
NOT_MONTHS = "Choisissez deux mois, par exemple de janvier à mars 2026."
REVERSED = "Le premier mois vient après le dernier. Échangez-les."


def first_day(written: str) -> date:
    """Return the first day of a month written `2026-03`; raise ValueError when it is none."""
    found = MONTH.fullmatch(written.strip())
    if found is None:
        raise ValueError(
            f"« {written} » n’est pas un mois. Écrivez l’année puis le mois : 2026-03."
        )
    return date(int(found[1]), int(found[2]), 1)


def last_day(written: str) -> date:
    """Return the last day of a month written `2026-03`; raise ValueError when it is none."""
    first = first_day(written)
    return first.replace(day=monthrange(first.year, first.month)[1])


def is_whole_months(starts_on: date, ends_on: date) -> bool:
    """Tell whether a period begins with a month and ends with one."""
    return starts_on.day == 1 and (ends_on + timedelta(days=1)).day == 1


def months_around(day: date, before: int, after: int) -> list[date]:
    """Return the first days of the months around one, from so many before it to so many after."""
    number = day.year * 12 + day.month - 1
    return [date(one // 12, one % 12 + 1, 1) for one in range(number + before, number + after)]


def months_between(first: date, last: date) -> list[str]:
    """Return every month from the first day's to the last day's, written `2026-03`."""
    length = (last.year - first.year) * 12 + last.month - first.month + 1
    return [f"{day:%Y-%m}" for day in months_around(first, 0, length)]


def offered_months(first: date, last: date) -> list[tuple[str, str]]:
    """Return the months that a page offers between two days, each with its words."""
    return [(name, month(first_day(name))) for name in months_between(first, last)]


def next_period(campaign: Campaign, today: date) -> tuple[date, date]:
    """Return the first days of the first and the last month that follow a campaign's own.

    As many months as it had, and not before this one.
    """
    start = max(campaign.ends_on + timedelta(days=1), today.replace(day=1))
    first = campaign.starts_on
    length = (campaign.ends_on.year - first.year) * 12 + campaign.ends_on.month - first.month
    return start, months_around(start, length, length + 1)[0]


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
