"""What a section is made of while it is composed: figures, words, texts, what was left out."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, cast

from app.campaigns.periods import first_day
from app.web.typography import month
from app.wording import phrases
from app.wording.choosing import chosen, ranked
from app.wording.claims import unproven
from app.wording.tracing import title_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from app.bilan.figures import Figures
    from app.bilan.models import Bilan
    from app.bilan.queries import Written
    from app.bilan.quoting import Chooser
    from app.bilan.scope import Scope
    from app.documents.section import Finding, Headline, Passage, Trace
    from app.scoring.intervals import Interval
    from app.wording.told import Told

#: Signs of the digest by which a version is named.
SIGNS = 12


@dataclass
class Material:
    """Hold what every part is made from, and remember what was told and what was left out."""

    bilan: Bilan
    scope: Scope
    figures: Figures
    texts: Mapping[str, Written]
    chooser: Chooser
    #: Slot and title of what somebody left out, in the order of the page.
    left_out: list[tuple[str, str]] = field(default_factory=list)
    #: Slots of the findings that stand in the page.
    told: set[str] = field(default_factory=set)
    #: Measures that a sentence of the page stands on: the annex begins with them.
    supporting: set[str] = field(default_factory=set)

    def is_out(self, slot: str, title: str) -> bool:
        """Tell whether somebody left something out, and remember it."""
        if slot not in self.bilan.left_out:
            return False
        if (slot, title) not in self.left_out:
            self.left_out.append((slot, title))
        return True

    def passage(self, proposed: Passage) -> Passage:
        """Return a text with what somebody wrote instead, and what it answered that day."""
        found = self.texts.get(proposed.slot)
        if found is None:
            return proposed
        seen = proposed.proposed in (found.proposed, found.sealed)
        # What leaves is compared with what leaves alone: a draft holds both, so as to ask once.
        both = seen and found.sealed and not self.figures.last_month
        known = (proposed.proposed, found.sealed or "") if both else (proposed.proposed,)
        return replace(
            proposed,
            written=found.text,
            outdated="" if seen else found.proposed,
            unproven=unproven(found.text, *known) if proposed.says_a_figure else (),
            is_kept=found.is_kept and seen,
        )

    def evolution(self, one: Told) -> str:
        """Say how a figure changed since the period before, or that its question did.

        That nothing is compared is said once, by the method (`absence`).
        """
        earlier = self.figures.comparison
        return earlier.sentence(one.figure) if earlier and earlier.stands(one.figure) else ""

    def absence(self) -> str:
        """Say why figures are not compared with the period before."""
        earlier = self.figures.comparison
        if earlier is None:
            return ""
        return earlier.absence([one.figure for one in ranked(self.figures.of_public)])

    def finding(self, one: Told, *, is_drawn: bool = False) -> Finding:
        """Return one figure told."""
        found = phrases.finding(
            one.measured,
            evolution=self.evolution(one),
            received=one.received,
            is_drawn=is_drawn,
        )
        self.told.add(found.passage.slot)
        self.supporting.add(one.measured.key)
        return replace(
            found,
            passage=self.passage(found.passage),
            margin=(*found.margin, *self._until(one)),
            trace=_traced(found.trace, one),
        )

    def headline(self, one: Told) -> Headline | None:
        """Return a figure as one of the sentences of the beginning; None when it is not sure."""
        found = phrases.headline(one.measured)
        if found is None or self.is_out(found.passage.slot, found.trace.title):
            return None
        self.supporting.add(one.measured.key)
        return replace(found, passage=self.passage(found.passage), trace=_traced(found.trace, one))

    def to_tell(self, among: Iterable[Told]) -> list[Told]:
        """Return figures, the one to be told first at the head, without those left out."""
        return [
            one for one in ranked(among) if not self.is_out(slot_of(one), title_of(one.measured))
        ]

    def is_told(self, one: Told) -> bool:
        """Tell whether an indicator stands in the page already, in this way or another."""
        return any(slot.startswith(f"constat:{one.indicator}:") for slot in self.told)

    def findings(self, among: Sequence[Told], *, is_drawn: bool) -> tuple[Finding, ...]:
        """Return the main figure, drawn, then one more sentence; what is left out stays out."""
        few = chosen(among, self.is_unfavourable)[: 2 if is_drawn else 1]
        kept = [one for one in few if not self.is_out(slot_of(one), title_of(one.measured))]
        return tuple(
            self.finding(one, is_drawn=is_drawn) if one is few[0] else self.beside(one)
            for one in kept
        )

    def beside(self, one: Told) -> Finding:
        """Return a figure told in a sentence alone: the annex makes it precise."""
        return replace(self.finding(one), margin=())

    def is_unfavourable(self, one: Told) -> bool:
        """Tell whether a figure went down, or did not surely go up."""
        return not_established(one) or self.evolution(one).startswith("−")

    def _until(self, one: Told) -> tuple[str, ...]:
        """Say that a figure stops before the others."""
        if not one.last_month or one.last_month == self.figures.last_month:
            return ()
        return (f"Jusqu’à {month(first_day(one.last_month))} seulement",)


def slot_of(one: Told) -> str:
    """Return the slot of the sentence of a figure."""
    return f"constat:{one.indicator}:{one.measured.key}"


def is_compared(one: Told) -> bool:
    """Tell whether the figure says who went up, stayed, or went down."""
    return bool(one.figure.measure.from_wave) and "progress" in one.figure.values


def not_established(one: Told) -> bool:
    """Tell whether two moments were compared, and people did not surely go up."""
    if not is_compared(one):
        return False
    interval = cast("Interval | None", one.figure.values.get("delta_ci"))
    if one.figure.visibility.means and interval is not None:
        return interval[0] <= 0
    parts = {part.id: part.count for part in one.figure.parts}
    return parts.get("decline", 0) >= parts.get("progress", 0)


def is_decline(one: Told) -> bool:
    """Tell whether people surely went down."""
    interval = cast("Interval | None", one.figure.values.get("delta_ci"))
    return bool(one.figure.visibility.means and interval and interval[1] < 0)


def leans_well(one: Told) -> bool:
    """Tell whether more people went up than down, or more than half of them said yes."""
    if is_compared(one):
        parts = {part.id: part.count for part in one.figure.parts}
        return parts.get("progress", 0) > parts.get("decline", 0)
    share = one.figure.share
    return bool(share and 2 * share.k > share.n)


def _traced(trace: Trace, one: Told) -> Trace:
    return replace(trace, versions=tuple(version[:SIGNS] for version in one.versions))
