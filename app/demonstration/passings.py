"""Draw who answers, when, by which door, and with which card."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from app.campaigns.actions import MOST_CARDS, issue_cards
from app.campaigns.models import Campaign, Link
from app.campaigns.queries import plan_of, published
from app.db import Database
from app.demonstration.answers import Respondent, draw_answers
from app.questionnaires.definition import Questionnaire
from app.responses.submission import Submission
from app.scoring import Plan
from config import Keys

#: Share of the answers of two years that fall in the month that is still open.
OPEN_MONTH = 0.05
#: Of those who came in with a card: who answers at the exit, then at the follow-up.
LEAVES, FOLLOWED = 0.7, 0.25
WITHOUT_CARD = 0.1


@dataclass(frozen=True, slots=True)
class _Asked:
    """Hold what a campaign asks, read once."""

    campaign: Campaign
    questionnaire: Questionnaire
    plan: Plan
    today: date


def submissions(
    database: Database, keys: Keys, campaign: Campaign, count: int, random: Random, today: date
) -> Iterator[Submission]:
    """Yield `count` answers of a campaign, those of one person in the order of the waves."""
    with database.reading() as session:
        asked = _Asked(
            campaign, published(session, campaign.version), plan_of(session, campaign), today
        )
    cards = _cards(database, keys, campaign) if asked.questionnaire.method == "A" else iter(())
    written = 0
    while written < count:
        person = Respondent.draw(random)
        card = next(cards, None) if random.random() > WITHOUT_CARD else None
        for wave, day in _visits(random, asked):
            if written < count:
                yield _submission(random, asked, person, wave, day, card)
                written += 1


def _cards(database: Database, keys: Keys, campaign: Campaign) -> Iterator[str]:
    """Yield the codes of printed cards, a ream at a time."""
    while True:
        with database.writing() as session:
            printed = issue_cards(session, keys, campaign, MOST_CARDS)
        yield from printed


def _visits(random: Random, asked: _Asked) -> Iterator[tuple[str, date]]:
    """Yield the waves in which one person answers, with the day of each."""
    waves = [wave.id for wave in asked.questionnaire.waves]
    day = _day(random, asked)
    yield waves[0], day
    if len(waves) == 1:
        return
    for wave, goes_on, weeks in ((waves[1], LEAVES, (6, 20)), (waves[2], FOLLOWED, (12, 26))):
        day += timedelta(weeks=random.randint(*weeks))
        if random.random() > goes_on or day > asked.today:
            return
        yield wave, day


def _day(random: Random, asked: _Asked) -> date:
    month_start = asked.today.replace(day=1)
    if random.random() < OPEN_MONTH or asked.campaign.starts_on >= month_start:
        return month_start + timedelta(days=random.randrange(asked.today.day))
    return asked.campaign.starts_on + timedelta(
        days=random.randrange((month_start - asked.campaign.starts_on).days)
    )


def _submission(
    random: Random, asked: _Asked, person: Respondent, wave: str, day: date, card: str | None
) -> Submission:
    campaign = asked.campaign
    link = _link(random, campaign, wave)
    passing = asked.plan.passings[wave]
    answers, texts = draw_answers(random, passing, person, arrives=wave == "entree")
    return Submission(
        link=link,
        questionnaire=asked.questionnaire,
        plan=asked.plan,
        passing=passing,
        answers=answers,
        texts=texts,
        language="fr",
        translation=None,
        unreviewed=False,
        key=f"{random.getrandbits(128):032x}",
        day=day,
        card=card,
        late=False,
    )


def _link(random: Random, campaign: Campaign, wave: str) -> Link:
    links = [link for link in campaign.links if link.wave == wave]
    weights = [3.0 if link.door in ("affiche", "partenaire") else 1.0 for link in links]
    return random.choices(links, weights)[0]
