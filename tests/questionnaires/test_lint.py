"""The linter refuses what the product forbids, at the right line, and warns of the rest."""

from __future__ import annotations

import re

import pytest

from app.questionnaires.library import survey
from app.questionnaires.problems import Report
from config import PROJECT
from tests.questionnaires.support import HEAD, REFERENTIEL, Folder

OPTION = '{code: honte, fr: "Je n\'osais pas demander", motif: non_demande}'


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("ecrans: [hum1, dro5, dro4]", "condition porte sur « dro4 », posée plus loin"),
        ("ecrans: [hum1, dro5]", "« dro4 », qui n'est pas posée"),
        ("ecrans: [hum1, {question: dro4, forme: longue}, dro5]", "qui peut manquer"),
        ("ecrans: [hum1, {questions: [aut1, aut2]}]", "font une grille"),
        ("ecrans: [hum1, obs1]", "s'adresse aux partenaires"),
        ("ecrans: [hum1, hum1]", "posée deux fois"),
        ("ecrans: [hum1, hum2]", "« hum2 » n'existe pas"),
        ("ecrans: [hum1, {question: aut1, module: cyber}]", "« cyber » n'est pas déclaré"),
    ],
)
def test_a_questionnaire_is_refused(folder: Folder, body: str, message: str) -> None:
    problem = folder.add(body).error()
    assert message in problem.message
    assert (problem.file, problem.line) == ("surveys/questionnaires/essai.yaml", 7)
    assert problem.remedy


def test_a_questionnaire_poses_something_as_its_method_says(folder: Folder) -> None:
    assert "ne pose aucune question" in folder.add("modules: []").error().message
    problem = folder.add("ecrans: [hum1, {question: aut1, moment: avant}]").error()
    assert "la méthode C" in problem.message
    assert problem.line == 6


def test_a_condition_on_another_module_or_wave_is_refused(folder: Folder) -> None:
    body = (
        "modules: [{id: droits, fr: Vos droits}]\n"
        "ecrans: [hum1, {question: dro4, module: droits}, dro5]"
    )
    assert "qui peut manquer" in folder.add(body).error().message
    waves = (
        "vagues:\n"
        "  - {id: entree, fr: Au début, ecrans: [hum1, dro4]}\n"
        "  - {id: sortie, fr: À la fin, ecrans: [hum1, dro5]}\n"
    )
    problem = folder.add(waves, HEAD.replace("methode: C", "methode: A")).error()
    assert "pas posée dans la même passation" in problem.message
    assert problem.line == 9


CODE_LIKE_A_KEY = (
    "questions:\n  - id: q1\n    fr: Et\n    aide: {fr: Oui}\n    type: choix\n"
    "    options: [{code: aide, fr: Autre}, {code: non, fr: Non}]\necrans: [hum1, q1]"
)
ASIDE_SAID_TWICE = (
    "hors_echelle: {nsp: {fr: Aucune idée}}\n"
    "questions: [{id: q1, fr: Et, echelle: oui_non}]\necrans: [hum1, q1]"
)


@pytest.mark.parametrize("body", [CODE_LIKE_A_KEY, ASIDE_SAID_TWICE])
def test_two_texts_never_share_an_id(folder: Folder, body: str) -> None:
    assert "deux textes différents portent le nom" in folder.add(body).error().message


def test_a_file_that_says_it_is_complete_is_checked_as_well(folder: Folder) -> None:
    path = folder.path / "questionnaires/choix.yaml"
    source = folder.load().questionnaires["choix"].source
    path.write_text(source.replace("Qu'est-ce qui a", "En non-recours, qu'est-ce qui a"), "utf-8")
    assert "« non-recours »" in folder.error().message


def test_a_condition_in_the_same_module_is_accepted(folder: Folder) -> None:
    folder.add(
        "modules: [{id: droits, fr: Vos droits}]\n"
        "ecrans: [hum1, {question: dro4, module: droits}, {question: dro5, module: droits}]"
    ).load()


@pytest.mark.parametrize(
    ("screens", "message"),
    [
        ("[hum1, {questions: [aut1, {question: aut1, moment: avant}]}]", "sur le même écran"),
        ("[hum1, {question: aut1, moment: avant}, aut1]", "« maintenant » ne l'est pas encore"),
        ("[hum1, aut1, {question: aut1, moment: avant}, aut2, {question: aut2, moment: avant}]",
         "« maintenant » ne l'est pas encore"),
        ("[hum1, aut3, {question: aut3, moment: avant}]", "sans avoir de texte pour cela"),
        ("[hum1, aut1]", "la méthode B"),
    ],
)  # fmt: skip
def test_a_retrospective_asks_about_now_first(folder: Folder, screens: str, message: str) -> None:
    problem = folder.add(f"ecrans: {screens}", HEAD.replace("methode: C", "methode: B")).error()
    assert message in problem.message


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("Envoyer un message : vous", "Envoyer un long message " + "très " * 10 + ": vous", "mots"),
        ("Un mot pour nous ?", "Êtes-vous en non-recours ?", "« non-recours » ne se dit pas"),
        ('public: {fr: "Faire seul"}', 'public: {fr: "Le non recours"}', "« non-recours »"),
        ("image: aide-1", "image: main-1", "l'image « main-1 » n'existe pas"),
        ("fr: Bien, image", 'fr: "…", image', "jamais sans mot"),
        ("code: honte", "code: refus", "réservé aux réponses à part"),
        ("code: 2, fr: Bien", "code: 5, fr: Bien", "du plus bas au plus haut"),
        ("si: {dro4: [oui]}\n", "si: {dro4: [ouii]}\n", "« ouii » n'est pas une réponse"),
        ("si: {dro4: [oui]}\n", "si: {dro9: [oui]}\n", "« dro9 » n'existe pas"),
        ("si: {dro4: [oui]}\n", "si: {dro4: []}\n", "la condition est vide"),
        ("id: autonomie.progression, ", "id: humeur, ", "déjà pris"),
        ("base: autonomie.progression", "base: humeur", "n'est pas un indicateur de progression"),
        ("question: hum1, satisfait", "question: att1, satisfait", "ne convient pas"),
        ("question: dro6, sensible", "question: dro4, sensible", "ne convient pas"),
        ("positif: [1]}", "positif: [2]}", "« 2 » n'est pas une réponse"),
        ("questions: [aut1, aut2, aut3]", "questions: [aut1, fla1]", "même nombre de réponses"),
    ],
)  # fmt: skip
def test_the_referentiel_is_refused(folder: Folder, old: str, new: str, message: str) -> None:
    errors = folder.change(REFERENTIEL, old, new).errors()
    found = [problem for problem in errors if message in problem.message]
    assert found, errors
    lines = (folder.path / REFERENTIEL).read_text("utf-8").splitlines()
    pointed = lines[found[0].line - 1]
    assert new.strip() in pointed or pointed.strip() == "options:"
    assert found[0].where.split()[0] in {"question", "échelle", "indicateur", "critère"}


def test_one_attribution_question_serves_one_critere(folder: Folder) -> None:
    added = (
        "        indicateurs:\n"
        "          - {id: accueil.contribution, fr: C, formule: contribution, "
        "base: autonomie.progression, attribution: att1, attribue: [beaucoup], fort: [beaucoup]}\n"
    )
    folder.change(REFERENTIEL, "        public: {fr: \"L'accueil\"}\n        indicateurs:\n",
                  "        public: {fr: \"L'accueil\"}\n" + added)  # fmt: skip
    assert "« att1 » sert déjà le critère « autonomie »" in folder.error().message


def test_before_over_twelve_words_counts_each_side_of_a_colon(folder: Folder) -> None:
    text = "Avant de venir ici : vous saviez remplir et envoyer une demande sur internet ?"
    folder.change(REFERENTIEL, "Avant de venir ici : vous saviez envoyer un message ?", text).load()


def test_a_partner_may_read_a_longer_sentence(folder: Folder) -> None:
    long = "Voyez-vous, depuis que ces gens viennent ici, plus d'autonomie dans leurs démarches ?"
    folder.change(REFERENTIEL, "Voyez-vous plus d'autonomie dans les démarches ?", long).load()


def test_a_licensed_question_cannot_be_reworded(folder: Folder) -> None:
    question = "{id: sw1, fr: Utile, echelle: oui_non, licence: SWEMWBS, modifiable: false%s}"
    body = "questions:\n  - " + question + "\necrans: [hum1, sw1]"
    asked = folder.add(body % "").error()
    found = re.search(r"empreinte: (\w+)", asked.remedy)
    assert found
    digest = f", empreinte: {found[1]}"
    folder.add(body % digest).load()
    folder.add((body % digest).replace("Utile", "Très utile"))
    assert "ont été modifiés" in folder.error().message
    folder.add((body % digest).replace("modifiable: false", "modifiable: true"))
    assert "vont ensemble" in folder.error().message


def test_a_module_that_makes_the_short_form_too_long_is_named() -> None:
    report = Report()
    survey(PROJECT / "surveys", report)
    said = " | ".join(problem.message for problem in report.problems)
    assert "avec « profil », la forme courte de « Mes progrès » a 17 écrans" in said
    assert "avec « insertion », la forme courte de « À la fin » a 18 écrans" in said
    assert "la forme courte de « Satisfaction" not in said


def test_warnings_let_the_questionnaire_through(folder: Folder) -> None:
    assert folder.warnings() == []
    many = ", ".join(f"t{number}" for number in range(15))
    questions = "\n".join(
        f"  - {{id: t{number}, fr: Et ensuite, type: texte_court}}" for number in range(15)
    )
    folder.add(f"questions:\n{questions}\necrans: [{many}]")
    folder.change(REFERENTIEL, "{code: 0, fr: Non, image: croix}", "{code: 0, fr: Non}")
    folder.change(REFERENTIEL, "Un mot pour nous ?", "Un mot de bénéficiaire ?")
    said = " | ".join(folder.warnings())
    assert "a 15 écrans" in said
    assert "ne montre pas de visages" in said
    assert "n'a pas d'image" in said
    assert "« bénéficiaire » met à distance" in said


def test_what_people_tell_is_never_measured(folder: Folder) -> None:
    head = HEAD.replace("methode: C", "methode: C\nrecueille: temoignages")
    problem = folder.add("ecrans: [hum1, obs1]", head.replace("usager", "partenaire")).error()
    assert "des témoignages ne font pas de chiffres" in problem.message
    assert problem.line == 7
