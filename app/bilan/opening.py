"""The beginning of the section: the words of somebody as a title, four sentences at most."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from app.bilan.material import leans_well
from app.wording.choosing import ranked

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from app.bilan.by_criterion import Gathered
    from app.bilan.material import Material
    from app.documents.section import Headline, SectionQuote
    from app.wording.told import Told

MOST_HEADLINES = 4
#: The critère that no frame of results holds, told after those at the heart.
SATISFACTION = "satisfaction"


def title_quote(material: Material) -> SectionQuote | None:
    """Return the words that open the section, or None."""
    if material.is_out("titre", "La citation du titre"):
        return None
    told = [one for one in material.figures.of_public if one.figure.n]
    is_glad = not told or any(leans_well(one) for one in told)
    return material.chooser.title(is_favourable=is_glad)


def headlines(material: Material, gathered: Sequence[Gathered]) -> tuple[Headline, ...]:
    """Return the sentences that open the section: one a critère, unless there are too few."""
    if material.is_out("phrases", "Les phrases du début"):
        return ()
    heart = [one for one in gathered if one.criterion.core]
    pleased = [one for one in gathered if one.criterion.id == SATISFACTION]
    others = [one for one in gathered if one not in heart and one not in pleased]
    each = [_supported(material, one.told) for one in (*heart, *pleased, *others)]
    first = list(filter(None, (next(found, None) for found in each)))
    if len(first) < MOST_HEADLINES:
        first += list(chain.from_iterable(each))[: MOST_HEADLINES - len(first)]
    return tuple(first[:MOST_HEADLINES])


def _supported(material: Material, told: Sequence[Told]) -> Iterator[Headline]:
    """Yield the sentences that the figures of a critère support, the most telling first."""
    for one in ranked(told):
        if found := material.headline(one):
            yield found
