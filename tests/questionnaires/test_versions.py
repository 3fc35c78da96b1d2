"""The version says what a questionnaire means, and nothing else."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from app.questionnaires import Library, load_library, read_file, read_frozen
from app.questionnaires.freezing import frozen
from tests.questionnaires.support import REFERENTIEL, SURVEYS, Folder

TINY = load_library(SURVEYS)
NAMES = sorted(TINY.questionnaires)


def versions(library: Library) -> dict[str, str]:
    return {name: library.questionnaires[name].version for name in NAMES}


def changed(folder: Folder) -> set[str]:
    after = versions(folder.load())
    return {name for name, version in versions(TINY).items() if after[name] != version}


@pytest.mark.parametrize("name", NAMES)
def test_what_is_frozen_reads_back_the_same(name: str) -> None:
    questionnaire = TINY.questionnaires[name]
    again = read_frozen(questionnaire.source)
    assert again == questionnaire
    assert frozen(again) == questionnaire


@pytest.mark.parametrize("name", NAMES)
def test_a_frozen_file_is_read_like_any_other(folder: Folder, name: str) -> None:
    path = folder.path / "fige.yaml"
    path.write_text(TINY.questionnaires[name].source, "utf-8")
    assert read_file(path, folder.path) == TINY.questionnaires[name]


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        (REFERENTIEL, "Un mot pour nous ?", "Un mot ?", {"textes"}),
        (REFERENTIEL, "Pas bien", "Mal", set(NAMES) - {"partenaire"}),
        (REFERENTIEL, "code: honte", "code: gene", {"choix"}),
        (REFERENTIEL, "max: 40", "max: 41", {"textes"}),
        (REFERENTIEL, "satisfait: [2, 3]", "satisfait: [3]", set(NAMES) - {"partenaire"}),
        (REFERENTIEL, "Avant de venir ici : vous saviez aller", "Avant : vous saviez aller",
         {"retrospectif"}),
        (REFERENTIEL, "si: {dro4: [oui]}", "si: {dro4: [oui, pas_besoin]}", {"choix"}),
        (REFERENTIEL, "Je ne revois pas ces personnes", "Je ne les revois pas", {"partenaire"}),
        ("questionnaires/textes.yaml", "Merci !", "Merci beaucoup !", {"textes"}),
        ("questionnaires/textes.yaml", "[hum1, mot, frein]", "[hum1, frein, mot]", {"textes"}),
        ("questionnaires/apparie.yaml", "forme: longue}]", "forme: longue}, mot]", {"apparie"}),
    ],
)  # fmt: skip
def test_a_change_of_meaning_is_another_version(
    folder: Folder, file: str, old: str, new: str, expected: set[str]
) -> None:
    if "code: gene" in new:
        folder.change(file, "positif: [honte,", "positif: [gene,")
    assert changed(folder.change(file, old, new)) == expected


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (REFERENTIEL, "# A référentiel", "# Another comment\n\n# A référentiel"),
        (REFERENTIEL, "Un mot pour nous ?", "Un  mot\n      pour nous ?"),
        (REFERENTIEL, "Très bien", "Tre\u0300s bien"),
        (REFERENTIEL, "satisfait: [2, 3]", "satisfait: [3, 2, 3]"),
        (REFERENTIEL, "si: {dro4: [oui, non]}", "si: {dro4: [non, oui]}"),
        (REFERENTIEL, "{id: mot, fr: \"Un mot pour nous ?\",", "{fr: Un mot pour nous ?, id: mot,"),
        (REFERENTIEL, "Remplir une demande", "Faire une demande"),
        (REFERENTIEL, "fr: \"Référentiel d'essai\"", "fr: Essai"),
        (REFERENTIEL, "sensible: true}\n  - {id: fla1", "sensible: oui}\n  - {id: fla1"),
        ("translations/ar.yaml", "شكرا", "شكرا جزيلا"),
        ("interface/ar.yaml", "متابعة", "التالي"),
        ("questionnaires/textes.yaml", "ecrans: [hum1, mot, frein]",
         "ecrans:\n    - hum1\n    - question: mot\n      moment: maintenant\n    - frein"),
    ],
)  # fmt: skip
def test_a_change_of_writing_is_the_same_version(
    folder: Folder, file: str, old: str, new: str
) -> None:
    assert changed(folder.change(file, old, new)) == set()


@settings(max_examples=25, deadline=None)
# Narrower, PyYAML's own writer breaks an escaped text badly.
@given(data=st.data(), width=st.integers(80, 200), indent=st.integers(2, 6), flow=st.booleans())
def test_another_layout_is_the_same_version(
    data: st.DataObject, width: int, indent: int, flow: bool
) -> None:
    name = data.draw(st.sampled_from(NAMES))
    tree = yaml.load(TINY.questionnaires[name].source, Loader=yaml.BaseLoader)
    keys = data.draw(st.permutations(list(tree)))
    text = yaml.dump(
        {key: tree[key] for key in keys},
        width=width, indent=indent, default_flow_style=flow, sort_keys=data.draw(st.booleans()),
        allow_unicode=data.draw(st.booleans()),
    )  # fmt: skip
    assert read_frozen(text).version == TINY.questionnaires[name].version


def test_a_translation_has_a_digest_of_its_own_words_only(folder: Folder) -> None:
    def digest() -> str:
        library = folder.load()
        wording = library.wording(library.questionnaires["textes"], "ar")
        assert wording is not None
        return wording.digest

    before = digest()
    folder.change("translations/ar.yaml", "relue_par:", "relue_par: Samira\n")
    with (folder.path / "translations/ar.yaml").open("a", encoding="utf-8") as file:
        file.write('  choix.titre: "طلباتكم"\n')
    assert digest() == before
    folder.change("translations/ar.yaml", "شكرا", "شكرا جزيلا")
    assert digest() != before


def test_what_it_collects_is_frozen_only_when_it_says_something(folder: Folder) -> None:
    """A campaign opened before testimonies were told apart reads its version as before."""
    path = folder.path / "questionnaires/textes.yaml"
    path.write_text(
        path.read_text("utf-8").replace("methode: C", "methode: C\nrecueille: reponses"), "utf-8"
    )
    assert changed(folder) == set()
    written = path.read_text("utf-8").replace("reponses", "temoignages")
    path.write_text(written.replace("[hum1, mot, frein]", "[mot]"), "utf-8")
    told = folder.load().questionnaires["textes"]
    assert told.collects_testimonies
    assert read_frozen(told.source) == told
    assert told.version != TINY.questionnaires["textes"].version
    assert all("recueille" not in one.source for one in TINY.questionnaires.values())
