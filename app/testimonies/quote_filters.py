"""Which quotes a page shows: by critère, lieu, use, and whose words they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from app.testimonies.consents import USES
from app.testimonies.labels import LABELS
from app.testimonies.models import Quote, Testimony

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from sqlalchemy import ColumnElement

    from app.testimonies.quotes import ShownQuote

#: Whose words: the people who come here, or partners.
PEOPLE, PARTNERS = "personnes", "partenaires"


@dataclass(frozen=True, slots=True)
class Chosen:
    """Be what somebody wants to see of the quotes; what is empty takes everything."""

    criterion: str = ""
    lieu: UUID | None = None
    use: str = ""
    who: str = ""

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
        return self != Chosen()


def read_chosen(args: Mapping[str, str], lieux: Collection[UUID]) -> Chosen | None:
    """Return what an address asks, or None when it names what is not there."""
    criterion, use, who = (args.get(name, "") for name in ("critere", "usage", "qui"))
    try:
        lieu = UUID(args["lieu"]) if args.get("lieu") else None
    except ValueError:
        return None
    known = (
        criterion in ("", *LABELS)
        and use in ("", *USES)
        and who in ("", PEOPLE, PARTNERS)
        and (lieu is None or lieu in lieux)
    )
    return Chosen(criterion, lieu, use, who) if known else None


def groups(quotes: Iterable[ShownQuote]) -> list[tuple[str, list[ShownQuote]]]:
    """Return quotes by critère, in the order of the référentiel."""
    found: dict[str, list[ShownQuote]] = {one: [] for one in LABELS}
    for quote in quotes:
        found.setdefault(quote.criterion, []).append(quote)
    return [(criterion, shown) for criterion, shown in found.items() if shown]
