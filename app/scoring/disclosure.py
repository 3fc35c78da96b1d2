"""Rule 11: what may be shown of a figure, by the number of people behind it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

#: The floors of the law; no setting goes below them.
COUNTS, MEANS, PERCENTAGES, ALPHA = 5, 10, 20, 30
SENSITIVE = 11
#: Each category of a breakdown.
CATEGORY = 11
SENSITIVE_COUNT = TYPE = 5

TOO_FEW = "non diffusé (moins de {} réponses)"
TOO_FEW_SENSITIVE = "non diffusé (donnée sensible, moins de {} réponses)"
SMALL_SENSITIVE_COUNT = "non diffusé (donnée sensible, un effectif est inférieur à 5)"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Hold how many people a structure wants behind what it shows: never less than the floors."""

    counts: int = COUNTS
    means: int = MEANS
    percentages: int = PERCENTAGES
    category: int = CATEGORY

    def __post_init__(self) -> None:
        """Refuse what the law does not allow, naming the threshold and its floor."""
        floors = {
            "counts": ("Nombres", COUNTS),
            "means": ("Moyennes", MEANS),
            "percentages": ("Pourcentages", PERCENTAGES),
            "category": ("Ventilations", CATEGORY),
        }
        for name, (label, floor) in floors.items():
            if getattr(self, name) < floor:
                raise ValueError(f"{label} : le seuil ne descend pas sous {floor}.")

    @property
    def sensitive(self) -> int:
        """Return how many people a sensitive figure wants."""
        return max(SENSITIVE, self.counts)

    @property
    def of_category(self) -> int:
        """Return how many people each category of a breakdown wants."""
        return max(self.category, self.counts)


#: What holds where no structure said more.
FLOORS = Thresholds()


@dataclass(frozen=True, slots=True)
class Visibility:
    """Say which readings of a figure may be shown."""

    counts: bool = False
    means: bool = False
    percentages: bool = False
    alpha: bool = False
    #: Why nothing may be shown; empty when something may.
    hidden: str = ""


def visibility(
    n: int,
    *,
    sensitive: bool = False,
    counts: Iterable[int] = (),
    thresholds: Thresholds = FLOORS,
) -> Visibility:
    """Return what may be shown of n people; `counts` are the numbers the figure would tell.

    A sensitive number shows only when it and its complement are 0 or at least 5.
    """
    if sensitive and n < thresholds.sensitive:
        return Visibility(hidden=TOO_FEW_SENSITIVE.format(thresholds.sensitive))
    if n < thresholds.counts:
        return Visibility(hidden=TOO_FEW.format(thresholds.counts))
    if sensitive and not all(may_tell(count, n) for count in counts):
        return Visibility(hidden=SMALL_SENSITIVE_COUNT)
    return Visibility(
        counts=True,
        means=n >= thresholds.means,
        percentages=n >= thresholds.percentages,
        alpha=n >= ALPHA,
    )


def may_tell(count: int, n: int) -> bool:
    """Tell whether a sensitive count and its complement are each 0 or at least 5."""
    return all(part == 0 or part >= SENSITIVE_COUNT for part in (count, n - count))
