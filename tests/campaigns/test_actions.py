"""Opening, closing, languages and cards, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from app.campaigns import actions, checks, codes, queries
from app.campaigns.checks import CampaignError
from app.campaigns.models import Campaign, Card, Link, PublishedTranslation, PublishedVersion
from app.campaigns.queries import (
    campaigns_of,
    find_link,
    frozen_source,
    plan_of,
    published,
    wording_of,
)
from app.db import Database
from app.organisations.actions import create_organisation, revise_notice
from app.organisations.models import Lieu, Organisation
from app.organisations.queries import Reach
from app.questionnaires import Library, read_frozen
from config import Keys

OpenCampaign = Callable[..., Campaign]


def test_each_door_and_wave_has_its_own_link(
    database: Database, lieu: Lieu, library: Library
) -> None:
    with database.writing() as session:
        opened = actions.open_campaign(
            session,
            library,
            lieu.organisation_id,
            questionnaire="progres",
            lieu_id=lieu.id,
            starts_on=date(2026, 3, 1),
            ends_on=date(2026, 6, 30),
            doors=["affiche", "aide", "affiche"],
            action=" Ateliers du mardi ",
            today=date(2026, 3, 10),
        )
    waves = [wave.id for wave in library.questionnaires["progres"].waves]
    with database.reading() as session:
        links = [find_link(session, link.code.lower()) for link in opened.links]
        found = [(link.door, link.wave) for link in links if link is not None]
        assert sorted(found) == sorted(
            (door, wave) for door in ("affiche", "aide") for wave in waves
        )
        link = links[0]
        assert link is not None
        assert link.organisation_id == lieu.organisation_id
        assert link.campaign.action == "Ateliers du mardi"
        assert link.campaign.lieu.name == lieu.name
        assert plan_of(session, link.campaign)


def test_the_version_is_frozen_once_and_reads_back_the_same(
    database: Database, campaign_of: OpenCampaign, library: Library
) -> None:
    first, second = campaign_of(), campaign_of()
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(PublishedVersion)) == 1
        assert first.version == second.version
        assert published(session, first.version).version == first.version
        code = session.scalars(select(Link.code).where(Link.campaign_id == first.id)).one()
        source = frozen_source(session, code)
        assert source is not None
        assert read_frozen(source) == read_frozen(library.questionnaires["satisfaction"].source)
        assert frozen_source(session, "ZZZZ9") is None


@pytest.mark.parametrize(
    ("options", "field", "words"),
    [
        ({"questionnaire": "satisfation"}, "questionnaire", "Vouliez-vous dire « satisfaction »"),
        ({"questionnaire": "xyz"}, "questionnaire", "Il y a : "),
        ({"doors": ()}, "doors", "au moins une porte"),
        ({"doors": ("afiche",)}, "doors", "« affiche »"),
        ({"doors": ("partenaire",)}, "doors", "questionnaire partenaire"),
        ({"questionnaire": "partenaire", "doors": ("affiche",)}, "doors", "lien du partenaire"),
        ({"questionnaire": "partenaire", "doors": ("borne",)}, "doors", "lien du partenaire"),
        ({"form": "moyenne"}, "form", "courte, longue"),
        ({"modules": ("nimporte",)}, "modules", "« nimporte » n’existe pas"),
        ({"waves": ("sortie",)}, "waves", "unique"),
        ({"starts_on": date(2027, 1, 1)}, "ends_on", "à l’envers"),
        ({"ends_on": date(2026, 12, 30)}, "ends_on", "mois entiers"),
        ({"lieu_id": uuid4()}, "lieu", "n’existe pas"),
    ],
)
def test_what_cannot_open_says_why_and_what_to_do(
    campaign_of: OpenCampaign,
    options: dict[str, object],
    field: str,
    words: str,
) -> None:
    with pytest.raises(CampaignError, match=words) as refusal:
        campaign_of(**options)
    assert refusal.value.field == field


@pytest.mark.parametrize(
    ("form", "modules", "field", "words"),
    [
        (
            "longue",
            ["insertion", "cyber", "information"],
            "modules",
            "retirez des questions en plus ou choisissez la forme courte.",
        ),
        ("courte", ["insertion", "cyber"], "modules", "retirez des questions en plus."),
        ("longue", [], "form", "Pour ouvrir, choisissez la forme courte."),
    ],
)
def test_too_many_questions_at_once_are_refused_with_the_way_out(
    form: str,
    modules: list[str],
    field: str,
    words: str,
    campaign_of: OpenCampaign,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(checks, "MOST_QUESTIONS", 16)
    with pytest.raises(CampaignError, match=r"« À la fin », il y aurait .* 16 au plus") as refusal:
        campaign_of("progres", form=form, modules=modules)
    assert refusal.value.field == field
    assert str(refusal.value).endswith(words)


@pytest.mark.parametrize(
    ("questionnaire", "form", "modules", "said"),
    [
        ("satisfaction", "courte", [], ""),
        ("satisfaction", "courte", ["profil"], "11\xa0questions, environ 3\xa0minutes :"),
        ("progres_retrospectif", "courte", [], ""),
        ("progres_retrospectif", "courte", ["profil"], "17\xa0questions, environ 4\xa0minutes : "),
        ("partenaire", "longue", [], ""),
    ],
)
def test_what_is_long_for_the_public_is_said_and_opens(
    questionnaire: str, form: str, modules: list[str], said: str, library: Library
) -> None:
    warning = checks.too_long(library.questionnaires[questionnaire], form, modules)
    assert warning.startswith(said)
    assert bool(warning) == bool(said)


def test_each_form_that_is_shipped_can_open(library: Library) -> None:
    for asked in library.questionnaires.values():
        checks.check_length(asked, "longue", [], [])
        checks.check_length(asked, "courte", [module.id for module in asked.modules], [])


def test_a_partner_opens_by_the_partner_door(campaign_of: OpenCampaign) -> None:
    assert campaign_of("partenaire", doors=("partenaire",)).id


def test_the_lieu_of_another_structure_is_unknown(
    database: Database, campaign_of: OpenCampaign, library: Library, lieu: Lieu
) -> None:
    with database.writing() as session:
        other = create_organisation(session, "Autre", contact="ailleurs")
        with pytest.raises(CampaignError, match="Ce lieu n’existe pas"):
            actions.open_campaign(
                session,
                library,
                other.id,
                questionnaire="satisfaction",
                lieu_id=lieu.id,
                starts_on=date(2026, 1, 1),
                ends_on=date(2026, 1, 31),
                doors=["affiche"],
                today=date(2026, 1, 1),
            )


def test_no_campaign_opens_while_the_notice_is_incomplete(
    database: Database, organisation: Organisation, campaign_of: OpenCampaign
) -> None:
    with database.writing() as session:
        revise_notice(session, organisation.id, recipients="  ")
    with pytest.raises(CampaignError, match="il manque « Destinataires »"):
        campaign_of()


def test_a_structure_sees_only_its_campaigns(
    database: Database, campaign: Campaign, organisation: Organisation
) -> None:
    with database.writing() as session:
        other = create_organisation(session, "Autre", contact="ailleurs")
        assert [found.id for found in campaigns_of(session, Reach(organisation.id))] == [
            campaign.id
        ]
        assert queries.campaign_of(session, Reach(other.id), campaign.id) is None
        assert campaigns_of(session, Reach(other.id)) == []


def test_a_campaign_closes_once_and_at_once(database: Database, campaign: Campaign) -> None:
    with database.writing() as session:
        mine = session.get_one(Campaign, campaign.id)
        actions.close_campaign(mine, date(2026, 3, 10))
        with pytest.raises(CampaignError, match="déjà fermée"):
            actions.close_campaign(mine, date(2026, 3, 10))
    with database.reading() as session:
        assert session.get_one(Campaign, campaign.id).closed_on == date(2026, 3, 10)


def test_a_language_is_off_until_it_is_turned_on_and_off_again_after(
    database: Database, campaign: Campaign, library: Library
) -> None:
    with database.writing() as session:
        mine = session.get_one(Campaign, campaign.id)
        assert wording_of(session, mine, "ar") is None
        wording = actions.turn_language_on(session, library, mine, "ar")
        actions.turn_language_on(session, library, mine, "ar")
    with database.writing() as session:
        mine = session.get_one(Campaign, campaign.id)
        shown = wording_of(session, mine, "ar")
        assert shown is not None
        assert (shown.digest, shown.texts) == (wording.digest, wording.texts)
        assert session.scalar(select(func.count()).select_from(PublishedTranslation)) == 1
        actions.turn_language_off(session, mine, "ar")
        assert wording_of(session, mine, "ar") is None
        french = wording_of(session, mine, "fr")
        assert french is not None
        assert french.language == "fr"


@pytest.mark.parametrize("language", ["fr", "xx"])
def test_a_language_without_translation_cannot_be_turned_on(
    database: Database, campaign: Campaign, library: Library, language: str
) -> None:
    with database.writing() as session:
        mine = session.get_one(Campaign, campaign.id)
        with pytest.raises(CampaignError, match="pas entièrement traduit"):
            actions.turn_language_on(session, library, mine, language)


def test_cards_are_drawn_once_and_only_their_hash_is_kept(
    database: Database, campaign_of: OpenCampaign, keys: Keys
) -> None:
    opened = campaign_of("progres", doors=("affiche", "carte"))
    with database.writing() as session:
        mine = session.get_one(Campaign, opened.id)
        issued = actions.issue_cards(session, keys, mine, 25)
    assert len(set(issued)) == 25
    with database.reading() as session:
        kept = set(session.scalars(select(Card.card_hash)))
    assert kept == {codes.card_hash(keys, opened.id, code) for code in issued}


@pytest.mark.parametrize("count", [0, -3, 501])
def test_an_unlikely_number_of_cards_is_refused(
    database: Database, campaign_of: OpenCampaign, keys: Keys, count: int
) -> None:
    opened = campaign_of("progres")
    with database.writing() as session:
        mine = session.get_one(Campaign, opened.id)
        with pytest.raises(CampaignError, match="entre 1 et 500"):
            actions.issue_cards(session, keys, mine, count)


def test_a_questionnaire_answered_once_needs_no_cards(
    database: Database, campaign: Campaign, keys: Keys
) -> None:
    with database.writing() as session:
        mine = session.get_one(Campaign, campaign.id)
        with pytest.raises(CampaignError, match="une seule fois"):
            actions.issue_cards(session, keys, mine, 10)


def test_a_code_that_is_taken_gives_way_to_a_longer_one(
    database: Database,
    campaign: Campaign,
    monkeypatch: pytest.MonkeyPatch,
    lieu: Lieu,
    library: Library,
) -> None:
    with database.reading() as session:
        taken = session.scalars(select(Link.code)).one()
    real = codes.draw
    monkeypatch.setattr(codes, "draw", lambda length: taken if length == 5 else real(length))
    with database.writing() as session:
        opened = actions.open_campaign(
            session,
            library,
            lieu.organisation_id,
            questionnaire="satisfaction",
            lieu_id=lieu.id,
            starts_on=date(2026, 1, 1),
            ends_on=date(2026, 1, 31),
            doors=["affiche"],
            today=date(2026, 1, 1),
        )
        assert [len(link.code) for link in opened.links] == [6]
