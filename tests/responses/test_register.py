"""The register says what is true of this installation, and what its campaigns really ask."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.campaigns.models import Campaign, Link
from app.db import Database
from app.organisations.actions import create_person, revise_notice, set_password
from app.organisations.models import Organisation
from app.organisations.team import share_with
from app.responses.register import register
from app.responses.retention import purge
from app.responses.upkeep import registre as command
from app.web.current import today
from config import Keys, Smtp
from tests.responses.conftest import Sender


@pytest.fixture
def responsable(client: FlaskClient, database: Database, organisation: Organisation) -> FlaskClient:
    """Return the browser of the person in charge, signed in."""
    with database.writing() as session:
        person = create_person(session, organisation.id, "nolwenn@exemple.fr", "Nolwenn")
        set_password(session, person, "moulin cerise tabouret")
    token = re.findall(r'csrf_token" value="([^"]+)"', client.get("/espace/connexion").text)[0]
    form = {"email": person.email, "mot_de_passe": "moulin cerise tabouret", "csrf_token": token}
    assert client.post("/espace/connexion", data=form).status_code == 303
    return client


def plain(text: str) -> str:
    """Return a text with ordinary spaces."""
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")


def _register(app: Flask, database: Database, organisation: Organisation, **changed: object) -> str:
    settings = replace(app.extensions["settings"], **changed)
    with app.app_context(), database.reading() as session:
        return plain(register(session, settings, organisation.id, date(2026, 5, 5)))


def _of_answers(text: str) -> str:
    """Return the register without what the rooms above say of theirs."""
    before, _, rest = text.partition("# Second traitement")
    return before + rest.partition("# Analyse d’impact (AIPD)")[2]


def test_it_holds_what_open_campaigns_ask_and_nothing_else(
    app: Flask,
    database: Database,
    organisation: Organisation,
    campaign_of: Callable[..., Campaign],
) -> None:
    nothing = _register(app, database, organisation)
    assert "Aucune campagne n’est ouverte ce jour" in nothing
    assert "non, aucune question sensible ouverte" in nothing
    campaign_of("satisfaction")
    simple = _register(app, database, organisation)
    assert "### Votre avis aujourd’hui (personnes accompagnées)" in simple
    assert "\n- L’accueil était-il bon ?\n" in simple
    assert "possible : un texte libre peut en contenir" in simple
    assert "565 jours" not in _of_answers(simple)
    campaign_of("progres", form="longue")
    linked = _register(app, database, organisation)
    assert "**Question sensible**" in linked
    assert "565 jours" in linked
    assert "\n\n\n" not in linked


def test_it_names_what_is_missing_here(
    app: Flask, database: Database, organisation: Organisation
) -> None:
    bare = _register(app, database, organisation, base_url="http://avis.exemple.fr")
    assert "À CORRIGER" in bare
    assert "sauf le serveur d’e-mail" not in bare
    assert "SQLite" in bare
    safe = _register(
        app, database, organisation, base_url="https://avis.exemple.fr",
        database_url="postgresql+psycopg://localhost/recueil",
        smtp=Smtp("courrier.exemple.fr", 587, False, "", ""),
    )  # fmt: skip
    assert "À CORRIGER" not in safe
    assert "PostgreSQL" in safe
    assert "sauf le serveur d’e-mail" in safe


def test_it_reassures_about_nothing_that_is_not_so(
    app: Flask, database: Database, organisation: Organisation
) -> None:
    text = _register(app, database, organisation)
    rows = dict(re.findall(r"^\| ([^|]+) \| (.+) \|$", text, re.MULTILINE))
    assert "aucune réponse" not in rows["Sommes qui font les indicateurs, mois arrêtés"]
    assert "1 à 4 personnes" in rows["Sommes qui font les indicateurs, mois arrêtés"]
    # recueil.key lies beside the database: a stolen server holds both.
    assert "tout peut se lire | **chiffrer le disque**" in rows["Vol du serveur"]
    for clear in ("réponses cochées", "e-mails de l’équipe et des partenaires", "mots de passe"):
        assert clear in rows["Vol d’une sauvegarde"]
    assert "export de La Coop" in rows["Croisement de fichiers"]
    assert "Recueil y lit alors les noms" in text


def test_it_names_who_receives_what_and_what_stays_to_be_said(
    app: Flask, database: Database, organisation: Organisation, keys: Keys
) -> None:
    alone = _register(app, database, organisation)
    assert "personne hors de la structure à ce jour" in alone
    assert "Sous-traitant : l’hébergeur de Recueil. À COMPLÉTER" in alone
    with database.writing() as session:
        share_with(session, keys, organisation.id, "lou@departement.example", "Lou Berthelot")
    assert "jamais une réponse : Lou Berthelot (depuis le" in _register(app, database, organisation)


def test_two_criteria_call_for_an_impact_assessment_and_one_does_not(
    app: Flask,
    database: Database,
    organisation: Organisation,
    campaign_of: Callable[..., Campaign],
) -> None:
    campaign_of("satisfaction")
    simple = _register(app, database, organisation)
    assert "Ici, un « oui » sûr" in simple
    assert "article 9" not in _of_answers(simple)
    campaign_of("progres", form="longue")
    sensitive = _register(app, database, organisation)
    assert "Ici, deux au moins" in sensitive
    assert "article 9" in _of_answers(sensitive)


def test_it_tells_of_testimonies_and_partners(
    app: Flask, database: Database, organisation: Organisation
) -> None:
    text = _register(app, database, organisation)
    treatments = re.findall("^# (.*?)[ :]*$", text, re.MULTILINE)
    assert treatments[1:3] == [
        "Second traitement : les témoignages", "Analyse d’impact : ce que les témoignages ajoutent",
    ]  # fmt: skip
    assert "trois ans au plus" in text
    assert "le consentement (article 6.1.a)" in text
    assert "# Troisième traitement : les partenaires sollicités" in text
    assert "{{" not in text


@pytest.mark.parametrize("written", ["Le conseil, les financeurs.", "tous nos élus", "Nous.\nEux."])
def test_who_receives_testimonies_reads_right_whatever_the_notice_says(
    app: Flask, database: Database, organisation: Organisation, written: str
) -> None:
    with database.writing() as session:
        revise_notice(session, organisation.id, recipients=written)
    text = _register(app, database, organisation)
    assert written in text  # once, on its own, with the answers
    _, _, testimonies = text.partition("# Second traitement")
    assert written not in testimonies
    for said in ("l’équipe des lieux", "jamais le texte d’origine", "financeurs", "internet"):
        assert said in testimonies.partition("## Destinataires")[2].replace("L’", "l’")


def test_the_command_prints_one_structure_or_all(app: Flask, organisation: Organisation) -> None:
    runner = app.test_cli_runner()
    printed = runner.invoke(command)
    assert plain(printed.stdout).startswith("# Registre des traitements : Le Fil numérique")
    assert runner.invoke(command, ["--structure", "Le Fil numérique"]).stdout == printed.stdout
    unknown = runner.invoke(command, ["--structure", "Ailleurs"])
    assert (unknown.exit_code, unknown.stdout) == (2, "")


def test_the_page_shows_what_goes_next_and_what_went(
    database: Database, sender: Sender, link: Link, responsable: FlaskClient
) -> None:
    old = date(today().year - 2, 4, 2)
    for _ in range(3):
        sender.send(link, day=old)
    page = plain(responsable.get("/espace/reglages/donnees").text)
    assert "Ceci a dépassé sa durée" in page
    assert f"avril {old.year}" in page
    assert "Aucun effacement pour l’instant" in page
    purge(database, link.organisation_id, today())
    after = plain(responsable.get("/espace/reglages/donnees").text)
    assert "Rien n’a dépassé sa durée aujourd’hui" in after
    assert "Les effacements passés" in after
    assert f"avril {old.year}" in after


def test_the_register_is_downloaded(responsable: FlaskClient) -> None:
    reply = responsable.get("/espace/reglages/registre.md")
    assert reply.headers["Content-Disposition"] == 'attachment; filename="registre.md"'
    assert reply.mimetype == "text/markdown"
    assert plain(reply.text).startswith("# Registre des traitements : Le Fil numérique")


def test_a_name_typed_by_people_is_text_on_the_page(
    database: Database, organisation: Organisation, responsable: FlaskClient
) -> None:
    with database.writing() as session:
        session.merge(organisation).name = "</textarea><script>alert(1)</script>"
    page = plain(responsable.get("/espace/reglages/donnees").text)
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page
