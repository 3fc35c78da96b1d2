"""Types in the words of teams, lists as they are pasted, letters as they leave."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.campaigns.models import Link
from app.db import Database
from app.organisations.queries import Reach
from app.partners import queries
from app.partners.actions import note_sent
from app.partners.importing import MOST, read_list
from app.partners.letters import letter
from app.partners.models import Partner, PartnerInvitation
from app.partners.tokens import personal_address
from app.partners.types import recognised, type_names
from app.questionnaires import Library
from config import Keys
from tests.partners.conftest import DAY, Asked

BASE = "https://avis.example"


def test_the_types_are_those_of_la_coop(library: Library) -> None:
    assert list(type_names(library)) == [
        "administration",
        "mediation_numerique",
        "operateur_ou_organisme_en_charge",
        "aide_sociale",
        "insertion_professionnelle",
        "aide_aux_demarches_administratives",
        "autre",
    ]


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("CCAS", "aide_sociale"),
        ("Centre Social", "aide_sociale"),
        ("mairie", "administration"),
        ("PRÉFECTURE", "administration"),
        ("France Travail", "insertion_professionnelle"),
        ("Maison France services", "aide_aux_demarches_administratives"),
        ("CAF", "operateur_ou_organisme_en_charge"),
        ("médiation numérique", "mediation_numerique"),
        ("aide_sociale", "aide_sociale"),
        ("autre", "autre"),
        ("Café associatif", None),
        ("Boulangerie", None),
        ("", None),
    ],
)
def test_a_type_is_recognised_in_the_words_of_a_team(
    library: Library, typed: str, code: str | None
) -> None:
    assert recognised(typed, type_names(library)) == code


def test_a_list_is_read_as_far_as_it_can_be(library: Library) -> None:
    pasted = (
        "Nom ; Type ; Contact ; Courriel\n"
        "CCAS de Kerlann ; aide sociale ; Anne Riou ; ccas@kerlann.example\n"
        "\n"
        "Mission locale\tinsertion\t\tml@example.fr\n"
        "Les Amis de Lanvily\n"
        "Mairie ; mairie@example.fr\n"
        "ccas de kerlann ; social\n"
        " ; mairie ; Paul\n"
        "Déjà là ; autre\n"
        f"{'x' * 121} ; autre\n"
    )
    reading = read_list(pasted, type_names(library), ["déjà là"])
    assert [(one.name, one.kind, one.contact_name, one.email) for one in reading.found] == [
        ("CCAS de Kerlann", "aide_sociale", "Anne Riou", "ccas@kerlann.example"),
        ("Mission locale", "insertion_professionnelle", "", "ml@example.fr"),
        ("Les Amis de Lanvily", "autre", "", ""),
        ("Mairie", "administration", "", "mairie@example.fr"),
    ]
    assert [one.is_kind_unknown for one in reading.found] == [False, False, True, True]
    assert reading.known == ["ccas de kerlann", "Déjà là"]
    assert [reason[:18] for _, reason in reading.refused] == [
        "Il manque le nom, ",
        "Le nom est trop lo",
    ]


def test_a_list_stops_somewhere(library: Library) -> None:
    reading = read_list(
        "\n".join(f"Partenaire {n}" for n in range(MOST + 2)), type_names(library), []
    )
    assert (len(reading.found), len(reading.refused)) == (MOST, 2)


def test_a_letter_says_all_that_a_partner_must_know(
    database: Database,
    keys: Keys,
    partners: list[Partner],
    shared: Link,
    ask: Callable[..., Asked],
) -> None:
    asked = ask(partners[0], shared)
    with database.writing() as session:
        partner = session.get_one(Partner, partners[0].id)
        partner.contact_name = "Anne  Riou"
        [asking] = queries.askings(session, Reach(shared.organisation_id), DAY)
        invitation = session.get_one(PartnerInvitation, asked.invitation.id)
        first = letter(keys, BASE, partner, asking, invitation, "Nolwenn Le Guen")
        note_sent(session, invitation, DAY)
        again = letter(keys, BASE, partner, asking, invitation, "Nolwenn Le Guen")
    address = personal_address(BASE, keys, asked.invitation.id)
    for one in (first, again):
        said = one.body.replace("\u202f", " ").replace("\u00a0", " ")
        assert f"\n{address}\n" in said
        assert f"{BASE}/{shared.code}" in said
        assert "Bonjour Anne  Riou," in said
        assert "7 questions, 2 minutes" in said
        assert "31 décembre 2026" in said
        assert "CCAS de Kerlann" in said
        assert "votre organisation" in said.lower()
        assert said.endswith("Nolwenn Le Guen\nLe Fil numérique\n")
        assert "Le Fil numérique" in one.subject
        assert "'" not in said
    told = first.body.replace("\u202f", " ").replace("\u00a0", " ")
    assert "Votre adresse nous vient de notre travail ensemble." in told  # RGPD, article 14
    assert "puis 2 ans au plus" in told
    assert "Pour la faire effacer, ou ne plus recevoir ces lettres : 4 rue du Lavoir" in told
    assert (first.is_reminder, again.is_reminder) == (False, True)
    assert first.subject != again.subject
