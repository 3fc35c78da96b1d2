"""The section as a seal would make it today: looked at, and nothing of the look is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.bilan.composing import compose_from
from app.bilan.figures import released
from app.bilan.outline import passages
from app.documents.section import Section, Standing
from app.indicators.freezing import suppose_frozen
from app.web.typography import long_date, typographic

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from sqlalchemy.orm import Session

    from app.bilan.models import Bilan
    from app.bilan.sealable import Sealable
    from app.documents.section import Passage
    from app.indicators.models import Accompanied
    from app.organisations.queries import Reach
    from config import Keys


@dataclass(frozen=True, slots=True)
class Foreseen:
    """Be what would leave, and how many people were accompanied over more months than that."""

    section: Section
    longer: Accompanied | None


def foresee(
    session: Session,
    keys: Keys,
    reach: Reach,
    bilan: Bilan,
    ready: Sealable,
    today: date,
) -> Foreseen:
    """Return the section that a seal would keep today.

    Its months are frozen and its figures published for good only by a seal: the session is
    thrown away.
    """
    if ready.to_freeze:
        suppose_frozen(session, bilan.organisation_id, ready.to_freeze, today)
    figures = released(session, reach, bilan)
    words = f"Provisoire, ne pas diffuser : tel qu’il serait arrêté le {long_date(today)}"
    standing = Standing(is_sealed=False, words=typographic(words))
    section = compose_from(session, keys, reach, bilan, figures, standing, today)
    return Foreseen(section, figures.longer)


def changes(shown: Section, foreseen: Section) -> list[tuple[str, str]]:
    """Return what figures say today beside what they will say, where they differ."""
    later = {one.slot: one for one in _figures(foreseen)}
    return [
        (_said(one), _said(later[one.slot]))
        for one in _figures(shown)
        if one.slot in later and _said(one) != _said(later[one.slot])
    ]


def _figures(section: Section) -> Iterator[Passage]:
    return (one for one, _ in passages(section) if one.says_a_figure)


def _said(passage: Passage) -> str:
    """Return the beginning of a sentence when its numbers are there, else all of it."""
    return passage.lead if any(map(str.isdigit, passage.lead)) else passage.proposed
