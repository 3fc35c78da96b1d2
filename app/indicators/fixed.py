"""The only periods of what leaves a structure: a year up to its last frozen month, a quarter."""

from __future__ import annotations

import re
from dataclasses import dataclass

_WRITTEN = re.compile(r"(20\d\d)(?:-T([1-4]))?", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class FixedPeriod:
    """Be a calendar year, or one of its quarters (0 for the whole year)."""

    year: int
    quarter: int = 0

    @classmethod
    def read(cls, written: str) -> FixedPeriod:
        """Read `2026` or `2026-T1`; raise ValueError with the sentence to show."""
        found = _WRITTEN.fullmatch(written)
        if found is None:
            raise ValueError("Choisissez une année ou un trimestre, par exemple 2026 ou 2026-T1.")
        return cls(int(found[1]), int(found[2] or 0))

    @classmethod
    def holding(cls, month: str) -> tuple[FixedPeriod, FixedPeriod]:
        """Return the year and the quarter of a month written `2026-03`."""
        year, number = int(month[:4]), int(month[5:])
        return cls(year), cls(year, (number + 2) // 3)

    @property
    def written(self) -> str:
        """Write the period as its address does: `2026`, `2026-T1`."""
        return f"{self.year}-T{self.quarter}" if self.quarter else str(self.year)

    @property
    def first(self) -> str:
        """Return its first month."""
        return f"{self.year}-{3 * self.quarter - 2 if self.quarter else 1:02d}"

    @property
    def last(self) -> str:
        """Return its last month."""
        return f"{self.year}-{3 * self.quarter if self.quarter else 12:02d}"

    @property
    def title(self) -> str:
        """Write the period in words: « année 2026 », « 1er trimestre 2026 »."""
        if not self.quarter:
            return f"année {self.year}"
        return f"{'1er' if self.quarter == 1 else f'{self.quarter}e'} trimestre {self.year}"
