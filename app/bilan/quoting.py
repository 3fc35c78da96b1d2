"""Which words of people stand where: those somebody chose, else those that are proposed.

Only the words whose author agreed to this use, today. Nothing of them is kept here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from sqlalchemy import select

from app.campaigns.models import Campaign, Link
from app.campaigns.periods import first_day, last_day
from app.documents.section import SectionQuote
from app.media.models import MediaFile
from app.testimonies.consents import agreements
from app.testimonies.models import Testimony, TestimonyMedia
from app.testimonies.quotes import ShownQuote, usable
from app.web.typography import listing, month

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.bilan.scope import Scope
    from app.testimonies.consents import Use
    from config import Keys

#: The title is read from afar.
LONGEST_TITLE = 110
#: How many are proposed for a part, and for a section of testimonies.
OF_A_PART, OF_TESTIMONIES = 2, 6
#: What testimonies call a critère of the référentiel, where the two names differ.
LABEL_OF: Mapping[str, str] = MappingProxyType({"nonrecours": "droits"})
USE_WORDS: Mapping[str, str] = MappingProxyType(
    {"lieu": "lieu", "bilan": "bilan", "financeurs": "financeurs", "public": "public"}
)
NAMING_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "rien": "sans nom",
        "prenom": "prénom choisi",
        "age_lieu": "âge et lieu",
        "organisation": "nom de l’organisation",
    }
)


class Offered(NamedTuple):
    """Be words that may stand in the bilan."""

    quote: SectionQuote
    criterion: str
    is_snag: bool
    #: They were told during the months, and by the actions, that the bilan speaks of.
    is_of_the_period: bool


@dataclass
class Chooser:
    """Give each part its quotes, none of them twice in the page."""

    offered: Sequence[Offered]
    #: Ids that somebody chose, by slot.
    chosen: Mapping[str, Sequence[str]]
    used: set[UUID] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.by_id = {str(one.quote.id): one for one in self.offered}
        self.kept = {one for ids in self.chosen.values() for one in ids}

    def title(self, *, is_favourable: bool) -> SectionQuote | None:
        """Return the title: a snag where no result is favourable, for another would flatter."""
        proposed = (
            one
            for one in self._free()
            if one.is_snag != is_favourable and len(one.quote.text) <= LONGEST_TITLE
        )
        ranked = sorted(proposed, key=_rank_of_title)
        found = self._take("titre", ranked[:1], is_partner=False)
        return found[0] if found else None

    def of_criterion(self, slot: str, criterion: str) -> tuple[SectionQuote, ...]:
        """Return the quotes of a critère: when one says what is difficult, it is among them."""
        label = LABEL_OF.get(criterion, criterion)
        mine = [one for one in self._free() if one.criterion == label]
        glad = [one for one in mine if not one.is_snag]
        snags = [one for one in mine if one.is_snag]
        few = [*glad[: OF_A_PART - bool(snags)], *snags[:1]]
        return self._take(slot, few, is_partner=False)

    def stuck(self) -> tuple[SectionQuote, ...]:
        """Return the quotes that say what is still difficult."""
        snags = [one for one in self._free() if one.is_snag]
        return self._take("coince", snags[:OF_A_PART], is_partner=False)

    def of_partners(self) -> tuple[SectionQuote, ...]:
        """Return the words of partners."""
        return self._take("partenaires", self._free(is_partner=True)[:OF_A_PART], is_partner=True)

    def apart(self) -> tuple[SectionQuote, ...]:
        """Return the quotes of a section of testimonies: what is difficult stands there too."""
        free = self._free()
        snags = [one for one in free if one.is_snag][: OF_TESTIMONIES // 3]
        glad = [one for one in free if not one.is_snag][: OF_TESTIMONIES - len(snags)]
        return self._take("temoignages", [*glad, *snags], is_partner=False)

    def nothing_proposed(self, slot: str) -> tuple[SectionQuote, ...]:
        """Return what somebody chose for a part to which nothing is proposed."""
        return self._take(slot, (), is_partner=False)

    def _free(self, *, is_partner: bool = False) -> list[Offered]:
        """Return what may still be proposed, first of those who said nothing here yet."""
        heard = {one.quote.testimony_id for one in self.offered if one.quote.id in self.used}
        free = [
            one
            for one in self.offered
            if one.quote.is_partner == is_partner
            and one.is_of_the_period
            and one.quote.id not in self.used
            and str(one.quote.id) not in self.kept
        ]
        return sorted(free, key=lambda one: one.quote.testimony_id in heard)

    def _take(
        self, slot: str, proposed: Iterable[Offered], *, is_partner: bool
    ) -> tuple[SectionQuote, ...]:
        found = list(proposed)
        if slot in self.chosen:
            known = (self.by_id.get(one) for one in self.chosen[slot])
            found = [one for one in known if one and one.quote.is_partner == is_partner]
        taken = [one.quote for one in found if one.quote.id not in self.used]
        self.used |= {one.id for one in taken}
        return tuple(taken)


def chooser(
    session: Session,
    keys: Keys,
    scope: Scope,
    use: Use,
    chosen: Mapping[str, Sequence[str]],
    today: date,
) -> Chooser:
    """Return what gives each part its quotes, among those that may reach the readers today."""
    shown = usable(session, keys, scope.reach, use, today)
    quotes = as_quotes(session, shown)
    current = _of_the_period(session, scope, {one.testimony_id for one in shown})
    offered = [
        Offered(quotes[one.id], one.criterion, one.is_snag, one.testimony_id in current)
        for one in shown
    ]
    return Chooser(offered, chosen)


def as_quotes(session: Session, shown: Sequence[ShownQuote]) -> dict[UUID, SectionQuote]:
    """Return quotes as a section shows them, with what their author agreed to."""
    ids = {one.testimony_id for one in shown}
    told = session.scalars(select(Testimony).where(Testimony.id.in_(ids))).all()
    testimonies = {one.id: one for one in told}
    agreed = agreements(session, told)
    spoken = _spoken(session, ids)
    return {
        one.id: SectionQuote(
            id=one.id,
            testimony_id=one.testimony_id,
            text=one.text,
            signature=one.signature,
            told=_told(testimonies[one.testimony_id], spoken),
            agreed=_agreed(one, agreed[one.testimony_id].naming),
            until=one.until,
            is_partner=one.is_partner,
        )
        for one in shown
    }


def _told(testimony: Testimony, spoken: Collection[UUID]) -> str:
    how = "vocal" if testimony.id in spoken else "écrit"
    if testimony.origin == "dictee":
        how = "dicté"
    return f"{month(testimony.day)}, {how}"


def _agreed(quote: ShownQuote, naming: str) -> str:
    return f"{listing([USE_WORDS[use] for use in quote.uses])}, {NAMING_WORDS[naming]}"


def _spoken(session: Session, ids: Collection[UUID]) -> set[UUID]:
    query = (
        select(TestimonyMedia.testimony_id)
        .join(MediaFile, MediaFile.id == TestimonyMedia.media_id)
        .where(TestimonyMedia.testimony_id.in_(ids), MediaFile.kind != "image")
    )
    return set(session.scalars(query))


def _of_the_period(session: Session, scope: Scope, ids: Collection[UUID]) -> set[UUID]:
    """Return the testimonies told during the period, by the actions that are spoken of."""
    period = scope.frame.period
    query = select(Testimony.id).where(
        Testimony.id.in_(ids),
        Testimony.day.between(first_day(period.first), last_day(period.last)),
    )
    if scope.frame.actions:
        told = select(Link.id).join(Campaign, Link.campaign_id == Campaign.id)
        told = told.where(Campaign.action.in_(scope.frame.actions))
        query = query.where(Testimony.link_id.in_(told))
    return set(session.scalars(query))


def _rank_of_title(one: Offered) -> tuple[bool, int]:
    """Put what a person says whole first, then what is short without being a word or two."""
    text = one.quote.text
    return "[…]" in text, abs(len(text) - LONGEST_TITLE // 2)
