"""From the files to frozen objects, and what is said when that cannot be."""

from __future__ import annotations

import dataclasses

import pytest

from app.questionnaires import Library, SurveyErrors, read_file
from app.questionnaires.definition import Text
from app.questionnaires.formulas import Progression
from tests.questionnaires.support import HEAD, REFERENTIEL, SURVEYS, Folder


def test_a_questionnaire_is_frozen(tiny: Library) -> None:
    questionnaire = tiny.questionnaires["choix"]
    with pytest.raises(dataclasses.FrozenInstanceError):
        questionnaire.title = Text("x", "y")  # type: ignore[misc]
    assert hash(questionnaire.passing("unique").posed)


def test_codes_that_yaml_mistakes_for_something_else_stay_texts(folder: Folder) -> None:
    codes = ["no", "on", "yes", "null", "true", "y", "off"]
    options = "".join(f"      - {{code: {code}, fr: {code}}}\n" for code in codes)
    folder.add(f"questions:\n  - id: piege\n    fr: 12:30\n    type: choix\n    options:\n{options}"
               "ecrans: [hum1, piege]")  # fmt: skip
    question = folder.load().questionnaires["essai"].questions["piege"]
    assert [option.code for option in question.options] == codes
    assert [option.text.fr for option in question.options] == codes
    assert question.text.fr == "12:30"


@pytest.mark.parametrize("code", ["1e3", "0x1f", "1_0", "-1", "100", "Oui", "é", "12:30", "1.5"])
def test_a_code_is_a_word_or_a_small_number(folder: Folder, code: str) -> None:
    problem = folder.change(REFERENTIEL, "code: honte", f"code: {code}").errors()[0]
    assert problem.message == f"« {code} » n'est pas un code"
    assert problem.where.startswith("question dro6, option")


def test_indicators_are_those_that_can_be_produced(tiny: Library) -> None:
    paired = tiny.questionnaires["apparie"]
    assert list(paired.indicators) == [
        "autonomie.contribution",
        "autonomie.progression",
        "autonomie.taches",
        "droits.demandes",
        "humeur",
    ]
    assert paired.indicators["autonomie.progression"].formula == Progression(("aut1", "aut2"))
    assert "autonomie.progression" not in tiny.questionnaires["echelle"].indicators
    assert "droits.evite" in tiny.questionnaires["choix"].indicators


def test_a_structure_declares_its_own_indicators(tiny: Library) -> None:
    registers = tiny.questionnaires["propre"].registers
    criteria = {
        criterion.id: [indicator.id for indicator in criterion.indicators]
        for register in registers
        for criterion in register.criteria
    }
    assert criteria == {"accueil": ["humeur", "accueil.jardin"], "propre": ["jardin.plaisir"]}


def test_forms_and_modules_choose_the_screens(tiny: Library) -> None:
    paired = tiny.questionnaires["apparie"]
    assert [p.key for p in paired.passing("sortie").posed] == ["hum1", "aut1", "att1"]
    everything = paired.passing("sortie", "longue", ("droits",))
    assert [p.key for p in everything.posed] == ["hum1", "aut1", "aut2", "att1", "dro4"]


def test_all_the_errors_are_said_at_once(folder: Folder) -> None:
    folder.change(REFERENTIEL, "image: aide-1", "image: main-1")
    folder.change(REFERENTIEL, "echelle: visage4}", "echelle: visages4}")
    folder.write("questionnaires/choix.yaml", "questionnaire: choix\nfr: [\n")
    folder.change("questionnaires/textes.yaml", "pourquoi:", "pourqoi:")
    folder.change("questionnaires/textes.yaml", "methode: C", "methode: D")
    folder.add("ecrans: [hum1, aut11]")
    said = [(p.file.rpartition("/")[2], p.line, p.message) for p in folder.errors()]
    assert said == [
        ("choix.yaml", 3, "une valeur manque, ou un crochet n'est pas refermé"),
        ("essai.yaml", 7, "la question « aut11 » n'existe pas"),
        ("textes.yaml", 2, "il manque la clé « pourquoi »"),
        ("textes.yaml", 4, "la clé « pourqoi » ne se met pas ici"),
        ("textes.yaml", 7, "« D » n'est pas possible ici"),
        ("referentiel.yaml", 8, "l'image « main-1 » n'existe pas"),
        ("referentiel.yaml", 26, "l'échelle « visages4 » n'existe pas"),
    ]


def test_a_broken_element_hides_no_other_error(folder: Folder) -> None:
    body = (
        "questions:\n"
        "  - {id: q1, fr: Un mot, type: texte_cour}\n"
        "  - {id: q2, fr: '', type: texte_court}\n"
        "  - {id: q3, fr: Un mot, typ: texte_court}\n"
        "ecrans: [hum1, q1, q2, q3, q4]"
    )
    said = {(p.line, p.where, p.message, p.remedy) for p in folder.add(body).errors()}
    assert said == {
        (8, "question q1", "« texte_cour » n'est pas possible ici",
         "vouliez-vous écrire « texte_court » ?"),
        (9, "question q2", "le texte est vide", "écrivez le texte, ou retirez la clé"),
        (10, "question q3", "la clé « typ » ne se met pas ici", "vouliez-vous écrire « type » ?"),
        (11, "questionnaire essai", "la question « q4 » n'existe pas",
         "choisissez parmi : " + ", ".join(sorted(folder.questions())[:12]) + "… (13 en tout)"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("type: texte_court, max: 40", "type: texte_court, echelle: aide4", "on ne sait pas"),
        ("type: texte_court, max: 40", "max: 40", "on ne sait pas"),
        ("type: texte_court, max: 40", "type: texte_court, max: beaucoup", "n'est pas un nombre"),
        ("type: texte_court, max: 40", "type: texte_court, max: 9999", "trop grand"),
        ("max: 40", "hors_echelle: [nsp]", "se laisse vide"),
        ("max: 40", "inverse: true", "seule une échelle s'inverse"),
        ("max: 40", "sensible: peut-être", "ni oui ni non"),
        ("max: 40", "hors_echelle: [rien]", "« rien » n'est pas possible"),
        ("exclusif: true}", "exclusif: true}\n      - {code: honte, fr: X}", "pris deux fois"),
        ("code: connaissais_pas", "code: 3", "est un nombre"),
        ("type: choix_multiple", "type: choix", "on ne choisit déjà qu'une réponse"),
        ("id: aut3,", "id: aut2,", "déjà pris"),
        ("id: aut3,", "id: Aut3,", "n'est pas un identifiant"),
        ("formule: moyenne", "formule: moyene", "« moyene » n'est pas possible ici"),
        ("formule: moyenne, ", "", "il manque la clé « formule »"),
    ],
)
def test_the_author_is_told(folder: Folder, old: str, new: str, message: str) -> None:
    messages = [problem.message for problem in folder.change(REFERENTIEL, old, new).errors()]
    assert any(message in said for said in messages), messages


def test_waves_and_methods_must_agree(folder: Folder) -> None:
    problem = folder.change("questionnaires/apparie.yaml", "methode: A", "methode: C").error()
    assert problem.line == 7
    folder.change("questionnaires/apparie.yaml", "id: entree", "id: debut")
    assert any("« debut » n'est pas possible" in p.message for p in folder.errors())


def test_a_question_is_posed_only_in_its_waves(folder: Folder) -> None:
    folder.change(REFERENTIEL, "{id: hum1,", "{id: hum1, vagues: [sortie],")
    problem = folder.error()
    assert problem.message == "la question « hum1 » ne se pose pas dans la vague « entree »"


def test_a_lone_file_draws_from_the_folder(folder: Folder) -> None:
    path = folder.path.parent / "le-mien.yaml"
    path.write_text(HEAD + "ecrans: [hum1, mot]", "utf-8")
    assert list(read_file(path, SURVEYS).questions) == ["hum1", "mot"]
    path.write_text("bonjour", "utf-8")
    with pytest.raises(SurveyErrors, match="ne commence pas par des clés"):
        read_file(path, SURVEYS)
    with pytest.raises(SurveyErrors, match="ne s'ouvre pas"):
        read_file(folder.path / "absent.yaml", folder.path)
