"""Two periods: compared only when they asked the same thing, and never more sure than they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.campaigns.models import Campaign
from app.db import Database
from app.indicators.comparison import BREAK, NO_SHARE, Comparison, comparison
from app.indicators.period import Period
from app.indicators.queries import measured, sums_of
from app.indicators.selection import Selection
from app.organisations.models import Organisation
from app.organisations.queries import Reach
from app.scoring import Figure, Thresholds
from app.scoring.sentences import spaced
from tests.responses.conftest import Sender

NOW = Selection(Period("2026-03", "2026-04"), comparison="precedente")


@pytest.fixture
def said(database: Database, organisation: Organisation) -> Callable[..., str]:
    """Return a function that says how an indicator changed."""

    def sentence(code: str = "satisfaction.aide", selection: Selection = NOW) -> str:
        reach, limits = Reach(organisation.id), Thresholds()
        with database.reading() as session:
            found = comparison(session, reach, selection, limits)
            assert found is not None
            (now,) = (
                one.figure
                for one in measured(sums_of(session, reach, selection), limits)
                if one.figure.measure.indicator.id == code
            )
        return found.sentence(now)

    return sentence


def send(sender: Sender, campaign: Campaign, day: date, yes: int, no: int, **more: Any) -> None:
    for answer in [3] * yes + [0] * no:
        sender.send(campaign.links[0], day=day, answers={"sat2": answer, **more})


MARCH, FEBRUARY, LAST_YEAR = date(2026, 3, 5), date(2026, 2, 5), date(2025, 4, 5)


def test_a_change_that_chance_may_explain_is_not_established(
    said: Callable[..., str], sender: Sender, campaign: Campaign
) -> None:
    send(sender, campaign, FEBRUARY, 14, 11)
    send(sender, campaign, MARCH, 24, 8)
    assert said() == spaced(
        "Évolution non établie (+19 points ; entre −5 et +41), par rapport à 14 sur 25, "
        "de janvier à février 2026."
    )


def test_the_same_months_of_last_year_may_be_compared(
    said: Callable[..., str], sender: Sender, campaign: Campaign
) -> None:
    send(sender, campaign, LAST_YEAR, 40, 40)
    send(sender, campaign, MARCH, 66, 24)
    assert said(selection=replace(NOW, comparison="an-dernier")) == spaced(
        "+23 points ; entre +9 et +37, par rapport à 40 sur 80, de mars à avril 2025."
    )
    assert said() == "Aucune réponse à comparer, de janvier à février 2026."


def test_few_answers_are_not_compared(
    said: Callable[..., str], sender: Sender, campaign: Campaign
) -> None:
    send(sender, campaign, MARCH, 24, 8)
    send(sender, campaign, FEBRUARY, 4, 0)
    assert said() == "Trop peu de réponses à comparer, de janvier à février 2026."
    send(sender, campaign, FEBRUARY, 10, 5)
    assert "il faut 20" in said()


def figure_now(database: Database, organisation: Organisation) -> Figure:
    with database.reading() as session:
        sums = sums_of(session, Reach(organisation.id), NOW)
        return next(
            one.figure
            for one in measured(sums, Thresholds())
            if one.figure.measure.indicator.id == "satisfaction.aide"
        )


def test_another_wording_breaks_the_series(
    database: Database, organisation: Organisation, sender: Sender, campaign: Campaign
) -> None:
    send(sender, campaign, MARCH, 24, 8)
    now = figure_now(database, organisation)
    # The figure of an earlier version, whose words were others: known under another key.
    earlier = Comparison("en 2025", {"another key": now}, Thresholds())
    assert earlier.sentence(now) == spaced(BREAK)
    same = Comparison("en 2025", {now.measure.key: replace(now, share=None)}, Thresholds())
    assert same.sentence(now) == spaced(NO_SHARE)


def test_nothing_is_compared_unless_somebody_asks(
    database: Database, organisation: Organisation
) -> None:
    with database.reading() as session:
        alone = replace(NOW, comparison="")
        assert comparison(session, Reach(organisation.id), alone, Thresholds()) is None


def test_what_may_not_leave_is_not_said_to_be_nothing(
    database: Database, organisation: Organisation, sender: Sender, campaign: Campaign
) -> None:
    """A document that leaves must not say « aucune réponse » of answers that it may not show."""
    send(sender, campaign, MARCH, 24, 8)
    now = figure_now(database, organisation)
    before = "d’avril à juin 2026"
    inside, outside = (Comparison(before, {}, Thresholds(), leaves=one) for one in (False, True))
    assert outside.sentence(now) == f"Pas de chiffre diffusable à comparer, {before}."
    assert inside.sentence(now) == f"Aucune réponse à comparer, {before}."
    assert outside.absence([now]) == spaced(
        f"Pas de comparaison possible avec la période d’avant, {before} : "
        "pas de chiffre diffusable à comparer."
    )
    assert not outside.stands(now)
    whole = Comparison(before, {now.measure.key: now}, Thresholds(), leaves=True)
    assert whole.stands(now)
    assert whole.absence([now]) == ""
