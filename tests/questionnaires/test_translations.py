"""Languages: complete or not offered, read over or not, written from the right or the left."""

from __future__ import annotations

import pytest

from app.questionnaires import LANGUAGES, Library
from app.questionnaires.library import survey
from app.questionnaires.problems import Report
from tests.questionnaires.support import SURVEYS, Folder


def test_french_is_always_whole(tiny: Library) -> None:
    for questionnaire in tiny.questionnaires.values():
        wording = tiny.wording(questionnaire, "fr")
        assert wording is not None
        assert (wording.digest, wording.say(questionnaire.title)) == ("", questionnaire.title.fr)
        assert wording.reviewed_by


def test_a_language_is_offered_only_when_no_text_is_missing(tiny: Library) -> None:
    assert tiny.languages == ("fr", "ar")
    assert tiny.wording(tiny.questionnaires["choix"], "ar") is None
    assert tiny.wording(tiny.questionnaires["textes"], "uk") is None
    wording = tiny.wording(tiny.questionnaires["textes"], "ar")
    assert wording is not None
    assert wording.reviewed_by is None
    assert wording.say(tiny.questionnaires["textes"].closing) == "شكرا!"


def test_an_empty_text_is_a_missing_one(folder: Folder) -> None:
    library = folder.change("translations/ar.yaml", '"شكرا!"', '" "').load()
    assert library.wording(library.questionnaires["textes"], "ar") is None


def test_a_language_without_interface_is_not_offered(folder: Folder) -> None:
    (folder.path / "interface/ar.yaml").unlink()
    assert folder.load().languages == ("fr",)


@pytest.mark.parametrize("written", ["", " ~", " null", " non", " ''"])
def test_nobody_read_it_over_however_it_is_said(folder: Folder, written: str) -> None:
    library = folder.change("translations/ar.yaml", "relue_par:", f"relue_par:{written}").load()
    wording = library.wording(library.questionnaires["textes"], "ar")
    assert wording is not None
    assert wording.reviewed_by is None


def test_check_says_what_is_missing_and_what_is_unknown(folder: Folder) -> None:
    folder.change("translations/ar.yaml", "  frein:", "  frain:")
    report = Report()
    survey(folder.path, report)
    said = {(problem.message, problem.remedy) for problem in report.warnings}
    assert ("« textes » n'est pas proposé : textes manquants (1)", "traduisez : frein") in said
    assert ("aucun texte ne s'appelle « frain »", "vouliez-vous écrire « frein » ?") in said
    assert report.errors == []


def test_direction_comes_from_the_language(tiny: Library) -> None:
    assert [code for code in LANGUAGES if LANGUAGES[code].direction == "rtl"] == ["ar", "fa", "ps"]
    assert tiny.interface("ar").direction == "rtl"
    assert tiny.interface("ar").name == "العربية"
    assert tiny.interface("fr")["et"] == " et si ", "these words are joined to others"
    assert tiny.interface("fr")["etape"].format(rang=2, total=7) == "Question 2 sur 7"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('  continuer: "متابعة"\n', "", "il manque « continuer »"),
        ("continuer:", "continuez:", "« continuez » n'existe pas en français"),
        ("{rang} من", "{rank} من", "n'a pas les mêmes mots entre accolades"),
    ],
)
def test_an_interface_says_all_that_french_says(
    folder: Folder, old: str, new: str, message: str
) -> None:
    errors = folder.change("interface/ar.yaml", old, new).errors()
    assert any(message in problem.message for problem in errors)


def test_an_unknown_language_is_refused(folder: Folder) -> None:
    folder.change("translations/ar.yaml", "langue: ar", "langue: arabe")
    assert folder.error().message == "cette langue n'est pas connue"
    assert (SURVEYS / "translations/ar.yaml").exists()
