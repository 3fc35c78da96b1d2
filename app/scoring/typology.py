"""Typology: persons for each type of motive; one person may be in several (rules 6 and 11)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import cached_property

from app.questionnaires.formulas import Typology
from app.scoring.cautions import Evidence, cautions
from app.scoring.disclosure import TYPE, Visibility, may_tell, visibility
from app.scoring.figures import Circumstances, Figure, Segment
from app.scoring.intervals import margin
from app.scoring.readings import NOT_ASKED, Reading
from app.scoring.sentences import percent, some, spaced, whole
from app.scoring.single_wave import SingleWave
from app.scoring.tallies import Tally, add, under

#: A motive that its author gave no type.
OTHER = "autre"
ALL_TOO_SMALL = "non diffusé (chaque type de motif a trop peu de réponses)"
#: ODENORE's four forms, as they are written.
LABELS = {
    "non_connaissance": "non-connaissance",
    "non_demande": "non-demande",
    "non_proposition": "non-proposition",
    "non_reception": "non-réception",
    OTHER: "autre motif",
}


class TypologyMeasure(SingleWave[Typology]):
    """Count the persons who give a motive of each type."""

    @cached_property
    def types(self) -> Mapping[str, str]:
        """Return the type of each motive; « Rien ne m'a freiné » is none."""
        return {
            str(option.code): option.typology or OTHER
            for option in self.items[0].posed.question.options
            if not option.exclusive
        }

    def of_response(self, wave: str, reading: Reading) -> tuple[int | None, Tally]:  # noqa: ARG002
        tally = self.observe("to", reading)
        key = self.items[0].key
        answer = reading.answers.get(key)
        if answer is None:
            if (gap := reading.gaps[key]) != NOT_ASKED:
                add(tally, {f"aside.{gap}": 1})
            return None, tally
        codes = [str(code) for code in (answer if isinstance(answer, list) else [answer])]
        found = {self.types[code] for code in codes if code in self.types}
        if not found:
            add(tally, {f"aside.{codes[0]}": 1})
            return None, tally
        # Whole combinations, so that merged types still count each person once.
        add(tally, {"n": 1, f"types.{'+'.join(sorted(found))}": 1})
        return None, tally

    def figure(self, tally: Mapping[str, int], circumstances: Circumstances) -> Figure:
        n, together = tally.get("n", 0), under(tally, "types.")
        counts = {
            name: count
            for name in dict.fromkeys(self.types.values())
            if (count := _persons(together, [name]))
        }
        shown = visibility(n, sensitive=self.sensitive, thresholds=circumstances.thresholds)
        told, merged = self._told(n, counts, together)
        return Figure(
            measure=self,
            n=n,
            values={"n": n, "counts": counts, "aside": under(tally, "aside.")},
            display=spaced(shown.hidden or self._sentence(n, told, merged, shown)),
            headline="",
            warnings=cautions(Evidence(self, tally, n, circumstances)),
            visibility=shown,
            parts=self._parts(told, merged) if shown.counts else (),
            margin=margin(n, circumstances.accompanied),
        )

    def _told(
        self, n: int, counts: Mapping[str, int], together: Mapping[str, int]
    ) -> tuple[dict[str, int], int | None]:
        """Return the types of at least 5 persons, and the persons of the others merged.

        The merged number is 0 when nobody is left, None when it must stay hidden too.
        """
        told = {name: count for name, count in counts.items() if self._may_tell(count, n)}
        merged = _persons(together, counts.keys() - told.keys())
        return told, merged if not merged or self._may_tell(merged, n) else None

    def _may_tell(self, count: int, n: int) -> bool:
        return count >= TYPE and (not self.sensitive or may_tell(count, n))

    def _sentence(
        self, n: int, told: Mapping[str, int], merged: int | None, shown: Visibility
    ) -> str:
        if not told:
            return ALL_TOO_SMALL
        base = f"sur {some(n, self.unit)} avec au moins un motif"
        said = [f"{label(name)} {_amount(count, n, shown)}" for name, count in told.items()]
        if merged:
            said.append(f"autres motifs réunis {_amount(merged, n, shown)}")
        elif merged is None:
            said.append("autres motifs non diffusés (effectif trop petit)")
        several = " ; plusieurs motifs sont possibles, le total peut dépasser 100 %"
        return f"{base} : {', '.join(said)}{several}"

    def _parts(self, told: Mapping[str, int], merged: int | None) -> tuple[Segment, ...]:
        if not told:
            return ()
        parts = [Segment(name, label(name), count) for name, count in told.items()]
        return (
            (*parts, Segment("merged", "autres motifs réunis", merged)) if merged else tuple(parts)
        )

    def explanation(self) -> str:
        return spaced(
            f"Nombre de {self.unit}s pour chaque type de motif donné à la question « "
            f"{self.items[0].posed.text.fr} ». Une même personne peut donner plusieurs motifs : "
            f"le total peut dépasser 100 %."
        )


def label(name: str) -> str:
    """Write the name of a type."""
    return LABELS.get(name, name.replace("_", "-"))


def _persons(together: Mapping[str, int], types: Iterable[str]) -> int:
    """Count the persons with at least one of some types."""
    wanted = set(types)
    return sum(count for names, count in together.items() if wanted & set(names.split("+")))


def _amount(count: int, n: int, shown: Visibility) -> str:
    if shown.percentages:
        return f"{percent(Fraction(count, n))} ({whole(count)})"
    return whole(count)
