"""What somebody looks at: a period, some campaigns, some lieux, and what to compare it with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from sqlalchemy import ColumnElement, true

from app.campaigns.models import Campaign
from app.campaigns.names import NamedCampaign, named_campaigns
from app.indicators.period import Period
from app.web.typography import months

if TYPE_CHECKING:
    from sqlalchemy.orm import Session
    from werkzeug.datastructures import MultiDict

    from app.organisations.queries import Reach

#: What a period may be compared with, as an address says it.
COMPARISONS: Mapping[str, str] = MappingProxyType(
    {
        "": "rien",
        "precedente": "la période précédente",
        "an-dernier": "la même période l’an dernier",
    }
)


class NamedLieu(NamedTuple):
    """Be a lieu that may be chosen."""

    id: UUID
    title: str


One = TypeVar("One", NamedCampaign, NamedLieu)


class Tag(NamedTuple):
    """Be one filter that is on, and the address of the page without it."""

    label: str
    query: str


class Unknown(Exception):  # noqa: N818 - the answer is « introuvable », whatever was asked
    """Say that an address names a campaign or a lieu that is not within reach."""


@dataclass(frozen=True, slots=True)
class Choices:
    """Be what may be chosen within reach."""

    campaigns: tuple[NamedCampaign, ...]
    lieux: tuple[NamedLieu, ...]


@dataclass(frozen=True, slots=True)
class Selection:
    """Be what is looked at. No campaign means all of them, no lieu all within reach."""

    period: Period
    campaigns: tuple[NamedCampaign, ...] = ()
    lieux: tuple[NamedLieu, ...] = ()
    #: A key of COMPARISONS.
    comparison: str = ""

    def scopes(self, reach: Reach) -> tuple[UUID, ...]:
        """Return what to add up over: some campaigns, some lieux, or everything within reach."""
        if self.campaigns:
            held = {lieu.id for lieu in self.lieux}
            return tuple(one.id for one in self.campaigns if not held or one.lieu_id in held)
        return tuple(lieu.id for lieu in self.lieux) or reach.scopes

    @property
    def campaigns_asked(self) -> ColumnElement[bool]:
        """Return the condition that a campaign is among those looked at."""
        condition: ColumnElement[bool] = true()
        if self.campaigns:
            condition &= Campaign.id.in_([one.id for one in self.campaigns])
        if self.lieux:
            condition &= Campaign.lieu_id.in_([lieu.id for lieu in self.lieux])
        return condition

    @property
    def compared(self) -> Selection | None:
        """Return what to compare with, or None; raise ValueError before the year 2000."""
        if not self.comparison:
            return None
        by = 12 if self.comparison == "an-dernier" else self.period.length
        return replace(self, period=self.period.earlier(by), comparison="")

    @property
    def alone(self) -> Selection:
        """Return the same period, with no other filter."""
        return Selection(self.period)

    @property
    def query(self) -> str:
        """Return the address of what is looked at, as it stands after the « ? »."""
        pairs = [("de", self.period.first), ("a", self.period.last)]
        pairs += [("campagne", str(one.id)) for one in self.campaigns]
        pairs += [("lieu", str(one.id)) for one in self.lieux]
        return urlencode([*pairs, *([("comparer", self.comparison)] if self.comparison else [])])

    @property
    def words(self) -> str:
        """Write what is looked at: « Ateliers du mardi, de janvier à mars 2026 »."""
        named = [one.title for one in self.campaigns] or ["toutes les campagnes"]
        named += [lieu.title for lieu in self.lieux]
        return ", ".join([*named, months(self.period.first_day, self.period.last_month)])

    def tags(self, usual: Period) -> list[Tag]:
        """Return the filters that are on, each with the address that takes it off."""
        found = []
        if self.period != usual:
            label = months(self.period.first_day, self.period.last_month)
            found.append(Tag(label, replace(self, period=usual).query))
        for one in self.campaigns:
            others = tuple(other for other in self.campaigns if other != one)
            found.append(Tag(one.title, replace(self, campaigns=others).query))
        for lieu in self.lieux:
            rest = tuple(other for other in self.lieux if other != lieu)
            found.append(Tag(lieu.title, replace(self, lieux=rest).query))
        if self.comparison:
            label = f"comparé avec {COMPARISONS[self.comparison]}"
            found.append(Tag(label, replace(self, comparison="").query))
        return found


def choices(session: Session, reach: Reach) -> Choices:
    """Return the campaigns within reach, the latest first, and their lieux by name."""
    campaigns = named_campaigns(session, reach)
    lieux = {NamedLieu(one.lieu_id, one.lieu) for one in campaigns}
    return Choices(campaigns, tuple(sorted(lieux, key=lambda one: (one.title.casefold(), one.id))))


def read_selection(
    offered: Choices, asked: MultiDict[str, str], usual: Period
) -> tuple[Selection, str]:
    """Return what an address asks for, and what is wrong with its period; raise Unknown."""
    campaigns = _named(offered.campaigns, asked.getlist("campagne"))
    lieux = _named(offered.lieux, asked.getlist("lieu"))
    comparison = asked.get("comparer", "")
    selection = Selection(usual, campaigns, lieux, comparison if comparison in COMPARISONS else "")
    try:
        period = Period(asked.get("de") or usual.first, asked.get("a") or usual.last)
        selection = replace(selection, period=period)
        _ = selection.compared
    except ValueError as error:
        return replace(selection, comparison=""), str(error)
    return selection, ""


def _named(offered: Sequence[One], asked: Sequence[str]) -> tuple[One, ...]:
    """Return what is named in the address; what another structure owns is unknown here."""
    wanted = {name for name in asked if name}
    found = tuple(one for one in offered if str(one.id) in wanted)
    if len(found) < len(wanted):
        raise Unknown
    return found
