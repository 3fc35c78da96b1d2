"""What somebody asks to see of the answers: whole months, a campaign, a lieu, a door, words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from sqlalchemy import and_, select

from app.campaigns.doors import DOORS
from app.campaigns.models import Campaign, Link
from app.campaigns.periods import MONTH, NOT_MONTHS, REVERSED, first_day, last_day, offered_months
from app.campaigns.queries import within
from app.responses.models import Response
from app.responses.search import Finder
from app.web.typography import month, months

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Select

    from app.campaigns.names import NamedCampaign
    from app.organisations.queries import Reach

#: Longest search.
LONGEST = 80
PUBLIC, PARTNERS = "public", "partenaires"
#: Partners speak of people, and people for themselves: the two are read apart.
WHO: Mapping[str, str] = MappingProxyType(
    {PUBLIC: "des personnes accueillies", PARTNERS: "des partenaires"}
)


class FilterError(ValueError):
    """Say what cannot be asked, and what may be."""


class Tag(NamedTuple):
    """Be one filter that is on, and the address of the page without it."""

    words: str
    without: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Filters:
    """Be everything that was asked; months are written `2026-03`, empty for no bound."""

    first: str
    last: str
    campaign: UUID | None = None
    lieu: UUID | None = None
    door: str = ""
    #: Whose words: `public` or `partenaires`; empty for both.
    who: str = ""
    #: Only answers with a comment.
    commented: bool = False
    #: Sought in comments: all these words, and this whole word.
    search: str = ""
    word: str = ""
    #: The campaigns that ask partners, all others being the public's.
    partners: frozenset[UUID] = frozenset()

    @property
    def problem(self) -> str:
        """Say what is wrong with the months asked for, and how to mend it."""
        if self.first and self.last and self.first > self.last:
            return REVERSED
        return ""

    @property
    def is_about_partners(self) -> bool:
        """Tell whether only partners' answers are asked for."""
        return self.who == PARTNERS or self.campaign in self.partners

    @property
    def finder(self) -> Finder:
        """Return what finds the words asked for."""
        return Finder(self.search, self.word)

    @property
    def period(self) -> str:
        """Say the period: « de janvier à mars 2026 »."""
        if self.first and self.last:
            return months(first_day(self.first), first_day(self.last))
        if self.first:
            return f"depuis {month(first_day(self.first))}"
        return f"jusqu’à {month(first_day(self.last))}" if self.last else "depuis le début"

    def within(self, reach: Reach) -> ColumnElement[bool]:
        """Return the condition on a response, words apart."""
        asked = [Response.organisation_id == reach.organisation_id]
        if self.first:
            asked.append(Response.day >= first_day(self.first))
        if self.last:
            asked.append(Response.day <= last_day(self.last))
        if reach.lieux is not None or self.campaign or self.lieu or self.door or self.who:
            asked.append(Response.link_id.in_(self._links(reach)))
        return and_(*asked)

    def _links(self, reach: Reach) -> Select[UUID]:
        """Return the links asked for: found once, and not again beside each response."""
        asked = [within(reach)]
        if self.campaign:
            asked.append(Campaign.id == self.campaign)
        if self.lieu:
            asked.append(Campaign.lieu_id == self.lieu)
        if self.door:
            asked.append(Link.door == self.door)
        if self.who:
            theirs = Campaign.id.in_(self.partners)
            asked.append(theirs if self.who == PARTNERS else ~theirs)
        return select(Link.id).join(Campaign, Link.campaign_id == Campaign.id).where(*asked)

    def query(self) -> dict[str, str]:
        """Return the query of the address that asks the same."""
        asked = {
            "campagne": str(self.campaign or ""),
            "lieu": str(self.lieu or ""),
            "porte": self.door,
            "qui": self.who,
            "commentaire": "oui" if self.commented else "",
            "q": self.search,
            "mot": self.word,
        }
        # An absent month is the usual one; an empty one sets no bound.
        period = {"de": self.first, "a": self.last}
        return period | {name: value for name, value in asked.items() if value}

    def tags(self, campaigns: Sequence[NamedCampaign]) -> Iterator[Tag]:
        """Yield each filter that is on, with its words."""
        titles = {one.id: one.title for one in campaigns}
        lieux = {one.lieu_id: one.lieu for one in campaigns}
        if self.first or self.last:
            yield Tag(self.period, replace(self, first="", last="").query())
        if self.campaign:
            yield Tag(titles[self.campaign], replace(self, campaign=None).query())
        if self.lieu:
            yield Tag(lieux[self.lieu], replace(self, lieu=None).query())
        if self.door:
            yield Tag(DOORS[self.door].label, replace(self, door="").query())
        if self.who:
            yield Tag(WHO[self.who], replace(self, who="").query())
        if self.commented:
            yield Tag("avec un commentaire", replace(self, commented=False).query())
        if self.word:
            yield Tag(f"mot : {self.word}", replace(self, word="").query())
        if self.search:
            yield Tag(f"« {self.search} »", replace(self, search="").query())


def usual_filters(today: date, campaigns: Sequence[NamedCampaign] = ()) -> Filters:
    """Return 1 January → end of the current month, the habit of the field."""
    theirs = frozenset(one.id for one in campaigns if one.is_partner)
    return Filters(f"{today.year}-01", f"{today:%Y-%m}", partners=theirs)


def read_filters(
    asked: Mapping[str, str], campaigns: Sequence[NamedCampaign], today: date
) -> Filters:
    """Return what an address asks; raise FilterError, or KeyError for what is not of this reach."""
    usual = usual_filters(today, campaigns)
    first, last = asked.get("de", usual.first), asked.get("a", usual.last)
    if any(one and not MONTH.fullmatch(one) for one in (first, last)):
        raise FilterError(NOT_MONTHS)
    door = asked.get("porte", "")
    return Filters(
        first,
        last,
        _known(asked.get("campagne", ""), {one.id for one in campaigns}),
        _known(asked.get("lieu", ""), {one.lieu_id for one in campaigns}),
        DOORS[door].code if door else "",
        who if (who := asked.get("qui", "")) in WHO else "",
        bool(asked.get("commentaire")),
        asked.get("q", "").strip()[:LONGEST],
        asked.get("mot", "").strip()[:LONGEST],
        usual.partners,
    )


def month_choices(
    campaigns: Sequence[NamedCampaign], filters: Filters, today: date
) -> list[tuple[str, str]]:
    """Return every month from the first campaign to today, the latest first, with its words."""
    asked = [first_day(one) for one in (filters.first, filters.last) if one]
    first = min([one.starts_on for one in campaigns] + asked + [today])
    return offered_months(first, max([today, *asked]))[::-1]


def _known(asked: str, known: set[UUID]) -> UUID | None:
    """Return an id of this reach, None when nothing is asked; another's is unknown."""
    if not asked:
        return None
    return next((one for one in known if str(one) == asked), None) or _unknown(asked)


def _unknown(asked: str) -> UUID:
    raise KeyError(asked)
