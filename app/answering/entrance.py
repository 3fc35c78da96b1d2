"""Everything known of a link that people open, read again at most once a second."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, cast

from app.campaigns import queries as campaigns
from app.campaigns.codes import normalise
from app.campaigns.doors import DOORS
from app.campaigns.periods import closing_day, state_of
from app.organisations.notice import kept_until
from app.organisations.queries import current_notice
from app.responses.retention import LINKING_WINDOW

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from uuid import UUID

    from sqlalchemy.orm import Session

    from app.campaigns.models import Campaign, Link
    from app.campaigns.periods import State
    from app.db import Database
    from app.organisations.models import Notice, Organisation
    from app.questionnaires import Library
    from app.questionnaires.definition import Form, Interface, Passing, Questionnaire, Wording
    from app.scoring import Plan

FRENCH = "fr"
#: Seconds during which a link is not read again: a workshop opens it fifty times at once.
FRESH = 1.0
_MOST = 1_000


@dataclass(frozen=True)
class Entrance:
    """Be one link as people find it: its campaign, its notice, what it asks, in which languages."""

    link: Link
    notice: Notice
    questionnaire: Questionnaire
    plan: Plan
    passing: Passing
    #: Words of the questionnaire in each language that is on, French first.
    wordings: Mapping[str, Wording]
    interfaces: Mapping[str, Interface]
    #: Made of a questionnaire of the library: no structure asks, and nothing is kept.
    is_trial: bool = False

    @property
    def campaign(self) -> Campaign:
        """Return the campaign, loaded."""
        return self.link.campaign

    @property
    def organisation(self) -> Organisation:
        """Return the structure, loaded."""
        return self.link.campaign.organisation

    @property
    def is_kiosk(self) -> bool:
        """Tell whether several people answer on the same device."""
        return DOORS[self.link.door].is_kiosk

    @property
    def takes_cards(self) -> bool:
        """Tell whether a card may link this answer to another of the same person."""
        return len(self.questionnaire.waves) > 1

    @property
    def closing(self) -> date:
        """Return the last day of the campaign."""
        return closing_day(self.campaign)

    def kept_until(self, today: date) -> date:
        """Return the last day on which an answer of today may be kept.

        Answers that a card links leave together, with the last of them.
        """
        linked = min(self.closing, today + LINKING_WINDOW) if self.takes_cards else today
        return kept_until(self.notice, max(today, linked))

    def state(self, today: date) -> State:
        """Tell whether it is open today."""
        return state_of(self.campaign, today)

    @cached_property
    def fingerprint(self) -> tuple[UUID, int, tuple[str, ...]]:
        """Return what changes when a page must be written again."""
        digests = (wording.digest for wording in self.wordings.values())
        return (self.link.id, self.notice.revision, (self.organisation.name, *digests))


class Entrances:
    """Find links by their code, and remember them for a second."""

    def __init__(self, database: Database, library: Library) -> None:
        self._database = database
        self._library = library
        self._known: dict[str, tuple[float, Entrance]] = {}

    def find(self, typed: str) -> Entrance | None:
        """Return the entrance of a code typed in any letter case, or None."""
        code = normalise(typed)
        if code is None:
            return None
        read_at, entrance = self._known.get(code, (0.0, None))
        now = time.monotonic()
        if entrance is not None and now - read_at < FRESH:
            return entrance
        with self._database.reading() as session:
            found = load_entrance(session, self._library, code)
        if found is not None:
            if len(self._known) >= _MOST:
                self._known.clear()
            self._known[code] = (now, found)
        return found

    def forget(self) -> None:
        """Read every link again at its next opening."""
        self._known.clear()


def load_entrance(session: Session, library: Library, code: str) -> Entrance | None:
    """Read all that a link needs; None when the code is unknown."""
    link = campaigns.find_link(session, code)
    if link is None:
        return None
    campaign = link.campaign
    questionnaire = campaigns.published(session, campaign.version)
    languages = [FRENCH, *(on.language for on in campaign.languages)]
    wordings = {code: campaigns.wording_of(session, campaign, code) for code in languages}
    return Entrance(
        link=link,
        notice=current_notice(session, campaign.organisation_id),
        questionnaire=questionnaire,
        plan=campaigns.plan_of(session, campaign),
        passing=questionnaire.passing(
            link.wave, cast("Form", campaign.form), tuple(campaign.modules)
        ),
        wordings={code: wording for code, wording in wordings.items() if wording is not None},
        interfaces={code: library.interface(code) for code in library.languages},
    )
