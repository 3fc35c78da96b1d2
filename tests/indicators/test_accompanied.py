"""How many people were accompanied: exact months and scope, rate, margin, and who is missing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

import pytest

from app.campaigns.actions import issue_cards
from app.campaigns.models import Campaign
from app.db import Database
from app.indicators.accompanied import (
    Count,
    accompanied_of,
    counted,
    every_accompanied,
    note_accompanied,
    people_asked,
    said,
    scope_of,
)
from app.indicators.models import Accompanied
from app.indicators.period import Period
from app.indicators.queries import results, sums_of
from app.indicators.selection import Selection, choices
from app.organisations.actions import add_lieu, create_organisation, create_person
from app.organisations.models import Lieu, Organisation
from app.organisations.queries import Reach
from app.scoring import Thresholds
from tests.responses.conftest import Sender

OpenCampaign = Callable[..., Campaign]
YEAR, SO_FAR = Period("2026-01", "2026-12"), Period("2026-01", "2026-11")
DAY = date(2026, 11, 22)
AGES = ("soixante_dix_plus", "vingt_cinq_trente_neuf")


def note(
    database: Database, scope: Organisation | Lieu, count: Count, period: Period = YEAR
) -> None:
    organisation_id = getattr(scope, "organisation_id", scope.id)
    with database.writing() as session:
        person = create_person(session, organisation_id, f"{uuid4()}@exemple.fr")
        note_accompanied(session, organisation_id, scope.id, period, count, person.id, DAY)


def plain(sentence: str) -> str:
    return sentence.replace("\u202f", " ").replace("\u00a0", " ")


def known(database: Database, scope: UUID, organisation: Organisation, period: Period) -> int:
    with database.reading() as session:
        found = accompanied_of(session, organisation.id, scope, period.first, period.last)
    return found.people or 0 if found else 0


def warnings_of(database: Database, reach: Reach, selection: Selection) -> dict[str, set[str]]:
    with database.reading() as session:
        shown = results(session, reach, selection)
    return {
        name: set(way.figure.warnings)
        for block in shown.blocks
        for name, ways in block.indicators.items()
        for way in ways
    }


def answer(
    sender: Sender, campaign: Campaign, count: int, age: str = "", **answers: object
) -> None:
    for _ in range(count):
        told = {"sat2": 3, **answers, **({"age": age} if age else {})}
        sender.send(campaign.links[0], day=date(2026, 3, 10), answers=told)


def test_a_number_is_of_exactly_its_months_and_its_scope(
    database: Database, organisation: Organisation, lieu: Lieu
) -> None:
    note(database, organisation, Count(200))
    note(database, lieu, Count(50))
    note(database, organisation, Count(30), Period("2026-04", "2026-06"))
    assert known(database, organisation.id, organisation, YEAR) == 200
    assert known(database, lieu.id, organisation, YEAR) == 50
    assert known(database, organisation.id, organisation, Period("2026-04", "2026-06")) == 30
    for other in (
        Period("2026-01", "2026-06"),
        Period("2026-02", "2026-12"),
        Period("2026-01", "2026-10"),
    ):
        assert known(database, organisation.id, organisation, other) == 0


def test_months_to_come_hold_nobody(database: Database, organisation: Organisation) -> None:
    note(database, organisation, Count(200))  # in November
    assert known(database, organisation.id, organisation, SO_FAR) == 200
    note(database, organisation, Count(190), SO_FAR)
    assert known(database, organisation.id, organisation, SO_FAR) == 190
    assert known(database, organisation.id, organisation, YEAR) == 200


def test_a_second_number_takes_the_place_of_the_first(
    database: Database, organisation: Organisation
) -> None:
    note(database, organisation, Count(3, 9, 2, {"genre": {"feminin": 3}}, "coop"))
    note(database, organisation, Count(200))
    with database.reading() as session:
        (only,) = every_accompanied(session, Reach(organisation.id))
    assert (only.people, only.supports, only.unnamed, only.profile) == (200, None, 0, {})


def test_each_reads_what_is_within_reach(
    database: Database, organisation: Organisation, lieu: Lieu
) -> None:
    with database.writing() as session:
        other = create_organisation(session, "Ailleurs", contact="2 quai Neuf")
    for scope in (organisation, lieu, other):
        note(database, scope, Count(10))
    with database.reading() as session:
        everything = every_accompanied(session, Reach(organisation.id))
        mine = every_accompanied(session, Reach(organisation.id, frozenset({lieu.id})))
    assert {one.scope_id for one in everything} == {organisation.id, lieu.id}
    assert {one.scope_id for one in mine} == {lieu.id}


def test_what_is_looked_at_names_one_scope_or_none(
    database: Database, organisation: Organisation, campaign: Campaign
) -> None:
    with database.writing() as session:
        annexe = add_lieu(session, organisation.id, "Annexe")
    with database.reading() as session:
        offered = choices(session, Reach(organisation.id))
    everything, one = Reach(organisation.id), Reach(organisation.id, frozenset({annexe.id}))
    whole = Selection(YEAR)
    there = replace(whole, lieux=offered.lieux)
    assert scope_of(everything, whole) == organisation.id
    assert scope_of(everything, there) == campaign.lieu_id
    assert scope_of(one, whole) == annexe.id
    assert scope_of(Reach(organisation.id, frozenset({annexe.id, campaign.lieu_id})), whole) is None
    assert scope_of(everything, replace(whole, campaigns=offered.campaigns)) is None


@pytest.mark.parametrize(
    ("count", "warns"),
    [
        (Count(66), False),
        (Count(67), True),
        (Count(20), False),
        (Count(19), True),  # more answers than people is no rate
        (Count(None, 66, source="coop"), True),
        (Count(60, 70, 6, source="coop"), False),
        (Count(60, 70, 7, source="coop"), True),  # each without a name may be one more
    ],
)
def test_the_rate_is_out_of_the_people(
    database: Database,
    organisation: Organisation,
    campaign: Campaign,
    sender: Sender,
    count: Count,
    warns: bool,
) -> None:
    answer(sender, campaign, 20)
    note(database, organisation, count)
    reach, selection = Reach(organisation.id), Selection(SO_FAR)
    found = warnings_of(database, reach, selection)["satisfaction.aide"]
    assert ("W_TAUX" in found) == warns
    elsewhere = warnings_of(database, reach, Selection(Period("2026-01", "2026-03")))
    assert "W_TAUX" in elsewhere["satisfaction.aide"]
    assert "W_PROFIL" not in found


@pytest.mark.parametrize(
    ("count", "margin"),
    [
        (Count(40), 0.15693),  # 1.96 · √(0.25/20) · √(20/39)
        (Count(30, 50, 10, source="coop"), 0.15693),
        (Count(19), None),
        (Count(None, 40, source="coop"), None),
    ],
)
def test_the_margin_is_out_of_the_people(
    database: Database,
    organisation: Organisation,
    campaign: Campaign,
    sender: Sender,
    count: Count,
    margin: float | None,
) -> None:
    answer(sender, campaign, 20)
    note(database, organisation, count)
    with database.reading() as session:
        shown = results(session, Reach(organisation.id), Selection(YEAR))
    (way,) = shown.blocks[0].indicators["satisfaction.aide"]
    assert way.figure.margin == (None if margin is None else pytest.approx(margin, abs=1e-4))


def test_what_partners_said_is_not_out_of_the_people(
    database: Database, organisation: Organisation, campaign_of: OpenCampaign, sender: Sender
) -> None:
    asking = campaign_of("partenaire", doors=("partenaire",))
    for _ in range(20):
        sender.send(asking.links[0], day=date(2026, 3, 10), answers={"res3": 1, "pres1": 1})
    note(database, organisation, Count(25))
    found = warnings_of(database, Reach(organisation.id), Selection(YEAR))
    assert found
    assert all("W_TAUX" in warnings for warnings in found.values())


def gaps(
    database: Database, organisation: Organisation, period: Period = YEAR
) -> dict[tuple[str, str], tuple[int, int, int, int]]:
    reach, selection = Reach(organisation.id), Selection(period)
    with database.reading() as session:
        plans = sums_of(session, reach, selection).plans
        found = people_asked(session, reach, selection, plans).gaps
    return {
        (one.question, one.code): (
            *(one.answered.k, one.answered.n),
            *(one.accompanied.k, one.accompanied.n),
        )
        for one in found
    }


@pytest.mark.parametrize(("old", "apart"), [(4, False), (5, True)])
def test_ten_points_exactly_are_a_gap(
    database: Database,
    organisation: Organisation,
    campaign_of: OpenCampaign,
    sender: Sender,
    old: int,
    apart: bool,
) -> None:
    campaign = campaign_of("satisfaction", modules=["profil"])
    answer(sender, campaign, old, AGES[0])
    answer(sender, campaign, 20 - old, AGES[1])
    ages = {AGES[0]: 30, AGES[1]: 170}  # 15 %, beside 20 % or 25 %
    note(database, organisation, Count(200, 300, 0, {"age": ages}, "coop"))
    found = gaps(database, organisation)
    assert found == (
        {("age", AGES[0]): (5, 20, 30, 200), ("age", AGES[1]): (15, 20, 170, 200)} if apart else {}
    )
    raised = warnings_of(database, Reach(organisation.id), Selection(YEAR))
    assert ("W_PROFIL" in raised["satisfaction.aide"]) == apart


def test_fewer_than_twenty_answers_tell_no_gap(
    database: Database, organisation: Organisation, campaign_of: OpenCampaign, sender: Sender
) -> None:
    campaign = campaign_of("satisfaction", modules=["profil"])
    answer(sender, campaign, 19, AGES[0])
    answer(sender, campaign, 9, "refus")
    answer(sender, campaign, 9)
    note(database, organisation, Count(200, 300, 0, {"age": {AGES[1]: 200}}, "coop"))
    assert gaps(database, organisation) == {}
    answer(sender, campaign, 1, AGES[0])
    assert gaps(database, organisation) == {
        ("age", AGES[0]): (20, 20, 0, 200), ("age", AGES[1]): (0, 20, 200, 200)
    }  # fmt: skip
    note(database, organisation, Count(200, 300, 0, {"age": {AGES[1]: 19}}, "coop"))
    assert gaps(database, organisation) == {}


def test_answers_of_other_months_campaigns_and_partners_stay_apart(
    database: Database, organisation: Organisation, campaign_of: OpenCampaign, sender: Sender
) -> None:
    campaign = campaign_of("satisfaction", modules=["profil"])
    answer(sender, campaign, 20, AGES[0])
    spring = Period("2026-04", "2026-06")
    count = Count(200, 300, 0, {"age": {AGES[1]: 200}}, "coop")
    note(database, organisation, count, spring)
    assert gaps(database, organisation, spring) == {}
    assert gaps(database, organisation) == {}  # nobody noted that year


def test_a_card_that_answered_twice_counts_once(
    database: Database, organisation: Organisation, campaign_of: OpenCampaign, sender: Sender
) -> None:
    campaign = campaign_of("progres", modules=["profil"])
    links = {link.wave: link for link in campaign.links}
    with database.writing() as session:
        cards = issue_cards(session, sender.keys, campaign, 20)
    for rank, card in enumerate(cards):
        told = {"aut1": 1, "age": AGES[rank % 2]}
        sender.send(links["entree"], day=date(2026, 3, 10), answers=told, card=card)
        sender.send(links["sortie"], day=date(2026, 3, 20), answers={"aut1": 2}, card=card)
    note(database, organisation, Count(200, 300, 0, {"age": {AGES[0]: 200}}, "coop"))
    assert gaps(database, organisation)["age", AGES[0]] == (10, 20, 200, 200)


def test_a_missing_group_is_named_when_enough_people_stand_on_both_sides(
    database: Database, organisation: Organisation, campaign_of: OpenCampaign, sender: Sender
) -> None:
    campaign = campaign_of("satisfaction", modules=["profil"])
    answer(sender, campaign, 10, AGES[0])
    answer(sender, campaign, 82, AGES[1])
    ages = {AGES[0]: 62, AGES[1]: 138}
    note(database, organisation, Count(200, 300, 0, {"age": ages}, "coop"))

    def missing() -> list[tuple[str, bool]]:
        with database.reading() as session:
            shown = results(session, Reach(organisation.id), Selection(YEAR))
        return [
            (
                plain(one.sentence),
                one.may_be_told(Thresholds()),
            )
            for one in shown.gaps
            if one.is_missing
        ]

    told = "Les 70 ans et plus : 11 % des réponses, 31 % des personnes accompagnées"
    assert missing() == [(told, False)]
    answer(sender, campaign, 1, AGES[0])
    assert missing() == [(told.replace("11 %", "12 %"), True)]


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (Count(212), "212 personnes accompagnées, de janvier à décembre 2026"),
        (Count(1), "1 personne accompagnée, de janvier à décembre 2026"),
        (
            Count(1212, 2534, source="coop"),
            "1 212 personnes différentes, 2 534 accompagnements, de janvier à décembre 2026",
        ),
        (
            Count(89, 143, 19, source="coop"),
            "au moins 89 personnes différentes, 143 accompagnements, de janvier à décembre 2026",
        ),
        (Count(None, 1, source="coop"), "1 accompagnement, de janvier à décembre 2026"),
    ],
)
def test_a_number_is_said_as_it_is_known(count: Count, words: str) -> None:
    noted = Accompanied(
        first_month="2026-01", last_month="2026-12", people=count.people,
        supports=count.supports, unnamed=count.unnamed, source=count.source,
    )  # fmt: skip
    assert plain(said(noted)) == words
    assert words.startswith(plain(counted(noted)))
