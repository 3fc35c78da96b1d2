"""Group by group: enough answers in each, nothing to find by subtraction, and exact numbers."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping
from datetime import date

import pytest
from click.testing import CliRunner
from sqlalchemy import delete, select

from app.campaigns.actions import issue_cards
from app.campaigns.models import Campaign, Link
from app.campaigns.queries import plan_of
from app.db import Database
from app.indicators import breakdowns
from app.indicators.breakdowns import Asked, Breakdown, breakdown
from app.indicators.period import Period
from app.indicators.queries import measured, sums_of
from app.indicators.selection import Selection, choices
from app.organisations.actions import add_lieu
from app.organisations.models import Lieu, Organisation
from app.organisations.queries import Reach
from app.questionnaires.definition import Passing
from app.responses.exporting import FORMATS, Export
from app.responses.exporting import Selection as Chosen
from app.responses.layouts import Codes
from app.responses.models import Response, Score
from app.responses.rollups import fold
from app.scoring import Thresholds
from app.scoring.cli import score
from config import Keys
from tests.responses.conftest import Sender

OpenCampaign = Callable[..., Campaign]
YEAR = Selection(Period("2026-01", "2026-12"))


@pytest.fixture
def broken(database: Database, organisation: Organisation) -> Callable[..., Breakdown]:
    """Return a function that breaks an indicator down."""

    def run(
        way: str,
        code: str = "satisfaction.aide",
        selection: Selection = YEAR,
        reach: Reach | None = None,
        thresholds: Thresholds | None = None,
    ) -> Breakdown:
        limits, mine = thresholds or Thresholds(), reach or Reach(organisation.id)
        with database.reading() as session:
            sums = sums_of(session, mine, selection)
            (whole,) = (
                one for one in measured(sums, limits) if one.figure.measure.indicator.id == code
            )
            asked = Asked(session, mine, selection, limits, sums.plans)
            return breakdown(asked, way, whole.figure, sums.tallies[whole.key])

    return run


def ns(table: Breakdown) -> dict[str, int | None]:
    """Return how many stand behind each group; None where it is hidden."""
    return {group.label: group.figure.n if group.figure else None for group in table.groups}


def send(
    sender: Sender, campaign: Campaign, count: int, door: str = "affiche", **answers: object
) -> None:
    link = next(one for one in campaign.links if one.door == door)
    for _ in range(count):
        sender.send(link, day=date(2026, 3, 10), answers={"sat2": 3, **answers})


@pytest.fixture
def second(database: Database, organisation: Organisation) -> Lieu:
    """Return another place of the structure."""
    with database.writing() as session:
        return add_lieu(session, organisation.id, "Annexe", "Kerlann")


def test_lieux_stand_in_alphabetical_order_with_their_own_figures(
    broken: Callable[..., Breakdown],
    sender: Sender,
    database: Database,
    organisation: Organisation,
    campaign_of: OpenCampaign,
    second: Lieu,
) -> None:
    send(sender, campaign_of("satisfaction"), 12)
    with database.writing() as session:
        fold(session, organisation.id)
    other = campaign_of("satisfaction", lieu_id=second.id)
    send(sender, other, 10)
    send(sender, other, 1, sat2=0)
    table = broken("lieu")
    assert ns(table) == {"Annexe": 11, "Médiathèque de Kerlann": 12}
    assert table.groups[0].figure is not None
    assert table.groups[0].figure.display == "10 réponses sur 11"


def test_doors_and_actions_come_from_the_sums(
    broken: Callable[..., Breakdown], sender: Sender, campaign_of: OpenCampaign
) -> None:
    campaign = campaign_of("satisfaction", doors=("affiche", "papier"), action="Ateliers")
    send(sender, campaign, 11)
    send(sender, campaign, 13, door="papier")
    assert ns(broken("porte")) == {"téléphone": 11, "papier": 13}
    send(sender, campaign_of("satisfaction"), 14)
    assert ns(broken("cadre")) == {"Ateliers": 24, breakdowns.NO_ACTION: 14}


def test_a_small_group_hides_with_another(
    broken: Callable[..., Breakdown], sender: Sender, campaign_of: OpenCampaign
) -> None:
    campaign = campaign_of("satisfaction", doors=("affiche", "borne", "papier"))
    for door, count in (("affiche", 30), ("borne", 4), ("papier", 20)):
        send(sender, campaign, count, door=door)
    table = broken("porte")
    assert ns(table) == {"téléphone": 30, "tablette": None, "papier": None}
    assert table.hides
    raised = broken("porte", thresholds=Thresholds(category=31))
    assert raised.groups == ()
    assert "il en faut 31" in raised.refusal


def test_a_table_that_a_replay_would_solve_is_withheld(
    broken: Callable[..., Breakdown], sender: Sender, campaign_of: OpenCampaign
) -> None:
    campaign = campaign_of("satisfaction", doors=("affiche", "borne", "papier"))
    for door, count in (("affiche", 12), ("borne", 12), ("papier", 10)):
        send(sender, campaign, count, door=door)
    assert broken("porte").refusal == breakdowns.WITHHELD


def test_ages_of_the_module_are_told_and_who_gave_none_is_counted(
    broken: Callable[..., Breakdown], sender: Sender, campaign_of: OpenCampaign
) -> None:
    campaign = campaign_of("satisfaction", modules=["profil"])
    send(sender, campaign, 12, age="soixante_dix_plus")
    send(sender, campaign, 11, age="dix_huit_vingt_quatre")
    send(sender, campaign, 6, age="refus")
    send(sender, campaign, 7)
    assert ns(broken("age")) == {
        "De 18 à 24 ans": 11,
        "70 ans et plus": 12,
        breakdowns.NOT_SAID: 13,
    }


def test_what_was_purged_is_one_more_group(
    broken: Callable[..., Breakdown],
    sender: Sender,
    database: Database,
    organisation: Organisation,
    campaign_of: OpenCampaign,
) -> None:
    campaign = campaign_of("satisfaction", modules=["profil"])
    send(sender, campaign, 12, genre="feminin")
    send(sender, campaign, 13, genre="masculin")
    with database.writing() as session:
        fold(session, organisation.id)
        men = [
            one.id
            for one in session.scalars(select(Response))
            if one.answers["genre"] == "masculin"
        ]
        session.execute(delete(Score).where(Score.response_id.in_(men)))
    assert ns(broken("genre")) == {"Une femme": 12, breakdowns.GONE: 13}
    with database.writing() as session:
        session.execute(delete(Score))
    assert broken("genre").refusal == breakdowns.PURGED
    assert ns(broken("lieu")) == {"Médiathèque de Kerlann": 25}


def test_a_module_that_was_not_asked_is_said(
    broken: Callable[..., Breakdown], sender: Sender, campaign: Campaign
) -> None:
    send(sender, campaign, 12)
    assert broken("age").refusal == breakdowns.NOT_ASKED


def test_two_ways_are_never_crossed(
    broken: Callable[..., Breakdown],
    database: Database,
    organisation: Organisation,
    sender: Sender,
    campaign_of: OpenCampaign,
) -> None:
    campaign = campaign_of("satisfaction", modules=["profil"])
    send(sender, campaign, 12, age="soixante_dix_plus")
    with database.reading() as session:
        offered = choices(session, Reach(organisation.id))
    one_lieu = Selection(YEAR.period, lieux=offered.lieux)
    one_campaign = Selection(YEAR.period, campaigns=offered.campaigns)
    for way in ("age", "porte", "cadre"):
        assert broken(way, selection=one_lieu).refusal == breakdowns.CROSSED
    assert broken("age", selection=one_campaign).refusal == breakdowns.CROSSED
    assert ns(broken("cadre", selection=one_campaign)) == {breakdowns.NO_ACTION: 12}
    assert ns(broken("lieu", selection=one_lieu)) == {"Médiathèque de Kerlann": 12}


def test_several_choices_are_not_broken_down(
    broken: Callable[..., Breakdown], sender: Sender, campaign_of: OpenCampaign
) -> None:
    campaign = campaign_of("progres_retrospectif", form="longue")
    motives = {"dro4": "oui", "dro5": "non", "dro6": ["pas_propose"]}
    for _ in range(12):
        sender.send(campaign.links[0], day=date(2026, 3, 10), answers=motives)
    assert broken("lieu", code="nonrecours.motifs").refusal == breakdowns.SEVERAL


@pytest.mark.parametrize(("received", "told"), [(12, True), (7, True), (9, False)])
def test_a_sensitive_count_below_five_withholds_the_table(
    broken: Callable[..., Breakdown],
    sender: Sender,
    campaign_of: OpenCampaign,
    received: int,
    *,
    told: bool,
) -> None:
    campaign = campaign_of("progres", doors=("affiche", "papier"))
    by_door = {link.door: link for link in campaign.links if link.wave == "suivi"}
    for door, positive in (("affiche", 7), ("papier", received)):
        for rank in range(12):
            answers = {"dro7": "recu" if rank < positive else "refuse"}
            sender.send(by_door[door], day=date(2026, 3, 10), answers=answers)
    table = broken("porte", code="nonrecours.ouverts")
    assert table.refusal == ("" if told else breakdowns.WITHHELD)


def test_the_age_of_a_card_counts_from_its_first_answer(
    broken: Callable[..., Breakdown], sender: Sender, campaign_of: OpenCampaign
) -> None:
    campaign = campaign_of("progres", modules=["profil"])
    links = {link.wave: link for link in campaign.links}
    with sender.database.writing() as session:
        codes = issue_cards(session, sender.keys, campaign, 24)
    for rank, card in enumerate(codes):
        age = "soixante_dix_plus" if rank < 12 else "dix_huit_vingt_quatre"
        entry = {"aut1": 0, "aut3": 0, "age": age}
        sender.send(links["entree"], day=date(2026, 3, 1), answers=entry, card=card)
        leaving = {"aut1": 2, "aut3": 2}
        sender.send(links["sortie"], day=date(2026, 5, 1), answers=leaving, card=card)
    table = broken("age", code="autonomie.progression")
    assert ns(table) == {"De 18 à 24 ans": 12, "70 ans et plus": 12}


def test_the_figures_of_a_group_are_those_of_the_command(
    broken: Callable[..., Breakdown],
    sender: Sender,
    database: Database,
    keys: Keys,
    organisation: Organisation,
    campaign_of: OpenCampaign,
) -> None:
    """Export the answers, keep one group's lines, and score the file: the same figure."""
    campaign = campaign_of("satisfaction", modules=["profil"])
    for rank in range(90):
        answers = {**sender.draw(passing_of(database, campaign)), "age": AGES[rank % 3]}
        sender.send(campaign.links[0], day=date(2026, 3, 10), answers=answers)
    with database.reading() as session:
        chosen = Chosen([campaign], Link.campaign_id == campaign.id, [], date(2026, 3, 10))
        with FORMATS["interop"].write(Export(session, keys, chosen, Codes)) as written:
            file = written.read().decode()
    lines = list(csv.DictReader(io.StringIO(file)))
    table = broken("age")
    assert len(table.groups) == len(AGES)
    by_words = {group.label: group.figure for group in table.groups}
    for age, words in zip(
        AGES, ("De 18 à 24 ans", "De 40 à 59 ans", "70 ans et plus"), strict=True
    ):
        expected = scored([line for line in lines if line["age"] == age], "satisfaction.aide")
        figure = by_words[words]
        assert figure is not None
        told = json.loads(json.dumps(figure.to_json()))
        assert {name: told[name] for name in ("k", "n", "ci", "aside", "display")} == {
            name: expected[name] for name in ("k", "n", "ci", "aside", "display")
        }


AGES = ("dix_huit_vingt_quatre", "quarante_cinquante_neuf", "soixante_dix_plus")


def passing_of(database: Database, campaign: Campaign) -> Passing:
    with database.reading() as session:
        return plan_of(session, campaign).passings["unique"]


def scored(lines: list[dict[str, str]], code: str) -> Mapping[str, object]:
    """Return what `recueil score` says of some lines of an export."""
    text = io.StringIO()
    table = csv.DictWriter(text, list(lines[0]), lineterminator="\n")
    table.writeheader()
    table.writerows(lines)
    printed = CliRunner().invoke(score, ["satisfaction", "-", "--json"], input=text.getvalue())
    found: dict[str, object] = next(
        one for one in json.loads(printed.stdout)["indicators"] if one["id"] == code
    )
    return found


def test_partners_stand_by_type_under_the_same_rules(
    broken: Callable[..., Breakdown], sender: Sender, campaign_of: OpenCampaign
) -> None:
    campaign = campaign_of("partenaire", doors=("partenaire",))
    for kind, count in (("aide_sociale", 12), ("administration", 14), ("autre", 3), ("refus", 4)):
        for _ in range(count):
            answers = {"type": kind, "obs1": 3}
            sender.send(campaign.links[0], day=date(2026, 3, 10), answers=answers)
    table = broken("type", code="partenaire.obs1")
    found = ns(table)
    assert found["Administration (mairie, préfecture…)"] == 14
    # The two small groups are 7 together: a third one hides them.
    assert found["Aide sociale (CCAS, centre social…)"] is None
    assert found["Autre (association, entreprise…)"] is None
    assert found[breakdowns.NOT_SAID] is None


def test_partners_who_did_not_say_their_type_make_no_table(
    broken: Callable[..., Breakdown], sender: Sender, campaign_of: OpenCampaign
) -> None:
    campaign = campaign_of("partenaire", doors=("partenaire",))
    for _ in range(12):
        sender.send(campaign.links[0], day=date(2026, 3, 10), answers={"obs1": 3})
    assert broken("type", code="partenaire.obs1").refusal == breakdowns.NO_TYPES
