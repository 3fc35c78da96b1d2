"""What answers add up to behind the figures of a bilan: live sums or frozen ones."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from sqlalchemy import select

from app.indicators.models import FrozenTally
from app.indicators.queries import Sums
from app.scoring import RESPONSES, Plan, Tally, add, measures

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy.orm import Session

    from app.indicators.ledger import Release
    from app.questionnaires.definition import Questionnaire
    from app.scoring import Measure

#: By measure and version.
Totals: TypeAlias = Mapping[tuple[str, str], Tally]


@dataclass(frozen=True, slots=True)
class Asked:
    """Be one questionnaire, and how many answers it received."""

    questionnaire: Questionnaire
    versions: tuple[str, ...]
    #: None when the number may not leave.
    responses: int | None
    #: In an apparié questionnaire, people whose beginning and end are linked.
    pairs: int | None = None
    #: Titles of its moments, with the answers to each; empty where that is not known, or leaves.
    moments: tuple[tuple[str, int], ...] = ()

    @property
    def is_partner(self) -> bool:
        """Tell whether it asks partners."""
        return self.questionnaire.audience == "partenaire"


@dataclass(frozen=True)
class Added:
    """Know what answers add up to, whatever they come from."""

    totals: Totals
    plans: Sequence[Plan]

    @cached_property
    def versions(self) -> Mapping[str, tuple[str, ...]]:
        """Return the versions that each measure adds up."""
        found: dict[str, list[str]] = defaultdict(list)
        for measure, version in sorted(self.totals):
            found[measure].append(version)
        return {measure: tuple(versions) for measure, versions in found.items()}

    @cached_property
    def sums(self) -> Sums:
        """Return the sums of each measure."""
        added: dict[str, Tally] = {}
        for (measure, _), tally in self.totals.items():
            add(added.setdefault(measure, {}), tally)
        counted = {measure: len(versions) for measure, versions in self.versions.items()}
        return Sums(added, counted, self.plans)

    @cached_property
    def partners(self) -> frozenset[str]:
        """Return the measures that partners’ answers bring."""
        return frozenset(
            measure.key
            for plan in self.plans
            if plan.questionnaire.audience == "partenaire"
            for measure in measures(plan)
        )

    @property
    def responses(self) -> int:
        """Return how many people answered what is measured."""
        return sum(one.responses or 0 for one in self.asked() if not one.is_partner)

    def asked(self, told: Mapping[str, int] | None = None) -> Iterator[Asked]:
        """Yield the questionnaires that were answered; `told` are the numbers that may leave."""
        seen: dict[str, list[Plan]] = defaultdict(list)
        for plan in self.plans:
            seen[plan.questionnaire.id].append(plan)
        for name, plans in seen.items():
            versions = tuple(dict.fromkeys(plan.version for plan in plans))
            came = (self.totals.get((RESPONSES, version), {}) for version in versions)
            responses = sum(tally.get("responses", 0) for tally in came)
            questionnaire = plans[0].questionnaire
            if told is not None:
                yield Asked(questionnaire, versions, told.get(name))
            elif responses:
                pairs, moments = self._pairs(plans) or None, self._moments(plans, responses)
                yield Asked(questionnaire, versions, responses, pairs, moments)

    def received(self, measure: Measure) -> int | None:
        """Return how many answers a figure was looked for in; None when its sum does not say."""
        is_paired = bool(measure.from_wave) and measure.method == "A"
        return self.sums.tallies[measure.key].get("pairs" if is_paired else "to")

    def _moments(self, plans: Sequence[Plan], responses: int) -> tuple[tuple[str, int], ...]:
        """Return how many answered at each moment, where they add up to all the answers."""
        waves = plans[0].questionnaire.waves
        counted = {wave.id: 0 for wave in waves}
        for one in {one.key: one for plan in plans for one in measures(plan)}.values():
            tally = self.sums.tallies.get(one.key, {})
            for wave, side in ((one.from_wave, "from"), (one.to_wave, "to")):
                if wave in counted:
                    counted[wave] = max(counted[wave], tally.get(side, 0))
        is_whole = len(waves) > 1 and sum(counted.values()) == responses
        return tuple((wave.title.fr, counted[wave.id]) for wave in waves) if is_whole else ()

    def _pairs(self, plans: Sequence[Plan]) -> int:
        paired = (
            one.key
            for plan in plans
            for one in measures(plan)
            if one.from_wave and one.method == "A"
        )
        return max((self.sums.tallies.get(key, {}).get("pairs", 0) for key in paired), default=0)


def frozen_totals(session: Session, scope_id: UUID, release: Release) -> Totals:
    """Return the frozen sums of a release."""
    totals: dict[tuple[str, str], Tally] = {}
    rows = select(FrozenTally.measure, FrozenTally.version, FrozenTally.tally).where(
        FrozenTally.scope_id == scope_id,
        FrozenTally.month.between(release.period.first, release.last_month),
    )
    for measure, version, tally in session.execute(rows):
        add(totals.setdefault((measure, version), {}), tally)
    return totals
