"""Which quotes a page shows: by critère, lieu, use, and whose words they are."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from uuid import UUID

from app.testimonies.consents import USES
from app.testimonies.labels import LABELS
from app.testimonies.models import Quote, Testimony

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from sqlalchemy import ColumnElement

    from app.testimonies.quotes import ShownQuote

#: Quotes of one page.
PAGE = 20
#: Whose words: the people who come here, or partners.
PEOPLE, PARTNERS = "personnes", "partenaires"


@dataclass(frozen=True, slots=True)
class Chosen:
    """Be what somebody wants to see of the quotes; what is empty takes everything."""

    criterion: str = ""
    lieu: UUID | None = None
    use: str = ""
    who: str = ""
    page: int = 1

    def query(self, page: int) -> dict[str, str]:
        """Return the words of the address of another page of the same quotes."""
        said = {"critere": self.criterion, "lieu": self.lieu, "usage": self.use, "qui": self.who}
        asked = {name: str(value) for name, value in said.items() if value}
        return {**asked, "page": str(page)}

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return what the database can tell: the other quotes stay closed."""
        found: list[ColumnElement[bool]] = []
        if self.criterion:
            found.append(Quote.criterion == self.criterion)
        if self.lieu:
            found.append(Testimony.lieu_id == self.lieu)
        if self.who:
            is_partner = Testimony.origin == "partenaire"
            found.append(is_partner if self.who == PARTNERS else ~is_partner)
        return found

    def takes(self, quote: ShownQuote) -> bool:
        """Tell whether a quote is shown: what its consent says today is in no row."""
        return not self.use or self.use in quote.uses

    @property
    def is_narrow(self) -> bool:
        """Tell whether something was chosen."""
        return replace(self, page=1) != Chosen()


def read_chosen(args: Mapping[str, str], lieux: Collection[UUID]) -> Chosen | None:
    """Return what an address asks, or None when it names what is not there."""
    criterion, use, who = (args.get(name, "") for name in ("critere", "usage", "qui"))
    try:
        lieu = UUID(args["lieu"]) if args.get("lieu") else None
        page = int(args.get("page", "1")[:6])
    except ValueError:
        return None
    known = (
        page > 0
        and criterion in ("", *LABELS)
        and use in ("", *USES)
        and who in ("", PEOPLE, PARTNERS)
        and (lieu is None or lieu in lieux)
    )
    return Chosen(criterion, lieu, use, who, page) if known else None


def groups(quotes: Iterable[ShownQuote]) -> list[tuple[str, list[ShownQuote]]]:
    """Return quotes by critère, in the order of the référentiel."""
    found: dict[str, list[ShownQuote]] = {one: [] for one in LABELS}
    for quote in quotes:
        found.setdefault(quote.criterion, []).append(quote)
    return [(criterion, shown) for criterion, shown in found.items() if shown]


def paged(quotes: Sequence[ShownQuote], page: int) -> tuple[list[ShownQuote], int]:
    """Return one page of quotes, the people's before the partners', and how many pages there are.

    A page past the end is the last one.
    """
    spoken = [[one for one in quotes if one.is_partner is who] for who in (False, True)]
    ordered = [one for part in spoken for _, shown in groups(part) for one in shown]
    pages = max(1, -(-len(ordered) // PAGE))
    start = (min(page, pages) - 1) * PAGE
    return ordered[start : start + PAGE], pages
