"""What a person agrees to: separate choices, each with its exact words, its day, its way back.

Nothing is agreed to by silence: a choice that was not made is not there, and counts as a refusal.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias
from uuid import UUID

from sqlalchemy import insert, select

from app.db import insert_or_skip
from app.testimonies.models import Authorisation, Consent, ConsentText, Testimony
from app.testimonies.statuses import VALIDATED

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

Use: TypeAlias = Literal["lieu", "bilan", "financeurs", "public"]
Scope: TypeAlias = Literal[
    "lieu", "bilan", "financeurs", "public",
    "nom", "garder_media", "montrer_media", "relire", "duree",
]  # fmt: skip

#: Where words may go, from the nearest to the farthest.
USES: tuple[Use, ...] = ("lieu", "bilan", "financeurs", "public")
#: Everything that is asked, in the order in which it is.
SCOPES: tuple[Scope, ...] = (*USES, "nom", "garder_media", "montrer_media", "relire", "duree")
#: What is asked of a voice and of an image, where there is one.
OF_MEDIA: tuple[Scope, ...] = ("garder_media", "montrer_media")

YES: Final = "oui"
NO: Final = "non"
#: How a person may be named: not at all, by a first name they choose, by age band and lieu.
#: A partner is named by its organisation.
NAMINGS = ("rien", "prenom", "age_lieu", "organisation")
#: Those that show a name somebody wrote, and those that wait for the papers of a minor.
BY_NAME = ("prenom", "organisation")
OF_A_PERSON = ("prenom", "age_lieu")
#: How long: until the end of the bilan year, one year, three years.
DURATIONS: Mapping[str, int] = MappingProxyType({"bilan": 0, "un_an": 1, "trois_ans": 3})
#: The longest that a testimony is kept, and what silence gives.
LONGEST_YEARS = 3
CHOICES: Mapping[Scope, tuple[str, ...]] = MappingProxyType(
    dict.fromkeys(SCOPES, (YES, NO)) | {"nom": NAMINGS, "duree": tuple(DURATIONS)}
)

CAPACITIES = ("adulte", "mineur", "protege")
#: What image, voice and name wait for before they leave: signed papers, or, when the person did
#: not say whether they are of age, that somebody asks (`age`, which no paper answers).
SLOTS: Mapping[str | None, tuple[str, ...]] = MappingProxyType(
    {"adulte": (), "mineur": ("parent1", "parent2"), "protege": ("tuteur",), None: ("age",)}
)


@dataclass(frozen=True, slots=True)
class Choice:
    """Be one choice with the exact words it answers."""

    scope: Scope
    choice: str
    #: The whole text that was shown: question, explanation, and the option that was chosen.
    words: str
    language: str

    @property
    def digest(self) -> str:
        """Return the version of the text."""
        return sha256("\0".join((self.scope, self.language, self.words)).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Agreement:
    """Be all that one person agrees to today, with what it still waits for."""

    status: str
    capacity: str | None
    expires_on: date
    reread_on: date | None
    #: The latest choice on each scope; a scope that was never chosen is absent.
    choices: Mapping[str, str] = field(default_factory=dict)
    #: Papers that came, or that are not needed.
    papers: frozenset[str] = frozenset()

    @property
    def missing_papers(self) -> tuple[str, ...]:
        """Return the papers without which image, voice and name stay here."""
        return tuple(slot for slot in SLOTS[self.capacity] if slot not in self.papers)

    @property
    def waits_for_rereading(self) -> bool:
        """Tell whether the person asked to read again first, and has not yet."""
        return self.choices.get("relire") == YES and self.reread_on is None

    @property
    def uses(self) -> tuple[Use, ...]:
        """Return where the person lets their words go."""
        return tuple(use for use in USES if self.choices.get(use) == YES)

    def allows(self, use: Use, today: date) -> bool:
        """Tell whether words may be shown there today."""
        return (
            self.status == VALIDATED
            and use in self.uses
            and today <= self.expires_on
            and not self.waits_for_rereading
        )

    def allows_media(self, use: Use, today: date) -> bool:
        """Tell whether voice and image may be shown there today."""
        shown = self.choices.get("garder_media") == self.choices.get("montrer_media") == YES
        return shown and self.allows(use, today) and not self.missing_papers

    @property
    def naming(self) -> str:
        """Return how the person is named today; a name that waits for a paper is not given."""
        chosen = self.choices.get("nom", "rien")
        return "rien" if chosen in OF_A_PERSON and self.missing_papers else chosen


def ends_on(choice: str | None, day: date) -> date:
    """Return the last day of what a person chose on the duration; three years at most."""
    if choice == "bilan":
        return date(day.year + 1, 12, 31)
    years = DURATIONS.get(choice or "", LONGEST_YEARS)
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return date(day.year + years, 2, 28)


def write_choices(
    session: Session,
    testimony_id: UUID,
    choices: Iterable[Choice],
    day: date,
    noted_by: UUID | None = None,
) -> None:
    """Write choices as new revisions; one that repeats the latest choice adds nothing."""
    latest = _latest(session, [testimony_id]).get(testimony_id, {})
    skip = insert_or_skip(session.connection().dialect.name, ConsentText)
    for one in choices:
        before = latest.get(one.scope)
        if before is not None and (before.choice, before.text_digest) == (one.choice, one.digest):
            continue
        session.execute(
            skip,
            {
                "digest": one.digest,
                "scope": one.scope,
                "language": one.language,
                "words": one.words,
            },
        )
        session.execute(
            insert(Consent),
            {
                "testimony_id": testimony_id,
                "scope": one.scope,
                "revision": before.revision + 1 if before else 1,
                "choice": one.choice,
                "text_digest": one.digest,
                "day": day,
                "noted_by": noted_by,
            },
        )


def history(session: Session, testimony_id: UUID) -> list[tuple[Consent, ConsentText]]:
    """Return every choice of a testimony with its exact words, scope by scope, the latest first."""
    rows = session.execute(
        select(Consent, ConsentText)
        .join(ConsentText, ConsentText.digest == Consent.text_digest)
        .where(Consent.testimony_id == testimony_id)
        .order_by(Consent.revision.desc())
    ).all()
    return sorted(
        ((consent, text) for consent, text in rows),
        key=lambda row: (SCOPES.index(row[0].scope), -row[0].revision),
    )


def agreements(session: Session, testimonies: Iterable[Testimony]) -> dict[UUID, Agreement]:
    """Return what each person agrees to today."""
    found = {one.id: one for one in testimonies}
    chosen = _latest(session, found)
    papers: dict[UUID, set[str]] = {}
    for row in session.execute(
        select(Authorisation.testimony_id, Authorisation.slot).where(
            Authorisation.testimony_id.in_(found)
        )
    ):
        papers.setdefault(row.testimony_id, set()).add(row.slot)
    return {
        one.id: Agreement(
            one.status,
            one.capacity,
            one.expires_on,
            one.reread_on,
            {scope: consent.choice for scope, consent in chosen.get(one.id, {}).items()},
            frozenset(papers.get(one.id, ())),
        )
        for one in found.values()
    }


def agreement_of(session: Session, testimony: Testimony) -> Agreement:
    """Return what one person agrees to today."""
    return agreements(session, [testimony])[testimony.id]


def _latest(session: Session, testimony_ids: Iterable[UUID]) -> dict[UUID, dict[str, Any]]:
    """Return the latest row of each scope; bare columns, for a list reads thousands of them."""
    rows = session.execute(
        select(
            Consent.testimony_id,
            Consent.scope,
            Consent.revision,
            Consent.choice,
            Consent.text_digest,
        )
        .where(Consent.testimony_id.in_(list(testimony_ids)))
        .order_by(Consent.revision)
    )
    latest: dict[UUID, dict[str, Any]] = {}
    for row in rows:
        latest.setdefault(row.testimony_id, {})[row.scope] = row
    return latest
