"""Each kind of question, through all its readings."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.questionnaires import Library, load_library
from app.questionnaires.definition import Answer, Posed, Question
from app.questionnaires.kinds import FULL_SCORE, Unreadable, clean
from app.questionnaires.translations import french_wording
from tests.questionnaires.support import SURVEYS

LIBRARY = load_library(SURVEYS)
QUESTIONS = {
    question.id: question
    for questionnaire in LIBRARY.questionnaires.values()
    for question in questionnaire.questions.values()
}
WORDING = french_wording(LIBRARY.questionnaires["choix"])


def read(name: str, *posted: str) -> Answer | str | None:
    question = QUESTIONS[name]
    return question.kind.read(question, posted)


def reason(name: str, *posted: str) -> str:
    with pytest.raises(Unreadable) as caught:
        read(name, *posted)
    return caught.value.reason


@pytest.mark.parametrize(
    ("name", "posted", "answer"),
    [
        ("hum1", ["3"], 3),
        ("hum1", ["nsp"], "nsp"),
        ("hum1", ["refus"], "refus"),
        ("hum1", [], None),
        ("hum1", [""], None),
        ("hum1", ["2", "2", ""], 2),
        ("fla1", ["0"], 0),
        ("att1", ["un_peu"], "un_peu"),
        ("dro6", ["honte", "connaissais_pas"], ["connaissais_pas", "honte"]),
        ("dro6", ["rien"], ["rien"]),
        ("dro6", ["nsp"], "nsp"),
        ("dro6", [""], None),
        ("obs1", ["nc"], "nc"),
    ],
)
def test_what_is_posted_becomes_a_stable_code(
    name: str, posted: list[str], answer: Answer | None
) -> None:
    assert read(name, *posted) == answer


@pytest.mark.parametrize(
    ("name", "posted", "why"),
    [
        ("hum1", ["4"], "inconnu"),
        ("hum1", ["03"], "inconnu"),
        ("hum1", ["Bien"], "inconnu"),
        ("hum1", ["nc"], "inconnu"),
        ("hum1", ["1", "2"], "plusieurs"),
        ("fla1", ["nsp"], "inconnu"),
        ("dro6", ["honte", "rien"], "exclusif"),
        ("dro6", ["honte", "nsp"], "exclusif"),
        ("dro6", ["nsp", "refus"], "exclusif"),
        ("dro6", ["honte", "autre"], "inconnu"),
        ("mot", ["a", "b"], "plusieurs"),
        ("mot", ["x" * 41], "trop_long"),
    ],
)
def test_what_is_no_answer_says_why(name: str, posted: list[str], why: str) -> None:
    assert reason(name, *posted) == why


def test_a_text_keeps_every_script_and_loses_what_breaks_an_export() -> None:
    assert read("frein", " d’accord 👩‍🦽\r\nشكرا\x00\x1b ") == "d’accord 👩‍🦽\nشكرا"
    assert read("frein", "e\u0301") == "é"
    assert read("frein", "\ud83d\ude00 \ud800") == "😀 \ufffd"
    assert read("frein", "\x00 ") is None


def test_a_text_at_its_limit_is_accepted_whatever_its_characters() -> None:
    assert read("mot", "😀" * 40) == "😀" * 40
    assert read("mot", "a\r\n" * 20) == ("a\n" * 20).strip()


@given(st.text())
def test_clean_text_can_be_stored_and_cleaned_again(text: str) -> None:
    cleaned = clean(text)
    cleaned.encode("utf-8")
    assert clean(cleaned) == cleaned


@given(st.lists(st.text(max_size=12), max_size=4))
def test_nothing_posted_breaks_a_kind(posted: list[str]) -> None:
    for question in QUESTIONS.values():
        try:
            answer = question.kind.read(question, posted)
        except Unreadable:
            continue
        if answer is not None:
            assert question.kind.words(question, answer, WORDING)


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_a_cell_gives_the_same_answer_back(question: Question) -> None:
    codes = [str(option.code) for option in question.options] + list(question.asides)
    for code in codes or ["des mots"]:
        answer = question.kind.read(question, [code])
        assert answer is not None
        assert question.kind.parse(question, question.kind.cell(question, answer)) == answer
    assert question.kind.parse(question, "") is None


def test_a_cell_joins_several_choices() -> None:
    question = QUESTIONS["dro6"]
    answer: Answer = ["connaissais_pas", "honte"]
    assert question.kind.cell(question, answer) == "connaissais_pas|honte"
    assert question.kind.parse(question, "honte|connaissais_pas") == answer


def test_words_are_those_of_the_language(tiny: Library) -> None:
    dro6, hum1, obs1 = (QUESTIONS[name] for name in ("dro6", "hum1", "obs1"))
    words = dro6.kind.words(dro6, ["connaissais_pas", "honte"], WORDING)
    assert words == "Je ne la connaissais pas, Je n'osais pas demander"
    assert obs1.kind.words(obs1, "nc", WORDING) == "Je ne revois pas ces personnes"
    arabic = tiny.wording(tiny.questionnaires["textes"], "ar")
    assert arabic is not None
    assert hum1.kind.words(hum1, 2, arabic) == "بخير"
    assert hum1.kind.words(hum1, "nsp", arabic) == "لا أعرف"


def test_a_scale_scores_exactly_and_a_reversed_one_mirrors() -> None:
    aut1, lie4, fla1 = (QUESTIONS[name] for name in ("aut1", "lie4", "fla1"))
    scores = [aut1.kind.score(aut1, step) for step in range(4)]
    assert scores == [0, FULL_SCORE // 3, 2 * FULL_SCORE // 3, FULL_SCORE]
    assert [lie4.kind.score(lie4, step) for step in range(4)] == scores[::-1]
    assert [fla1.kind.score(fla1, step) for step in (0, 1)] == [0, FULL_SCORE]
    assert FULL_SCORE % 12 == 0, "scales of two to five steps score without rounding"


@pytest.mark.parametrize(("name", "answer"), [("aut1", "nsp"), ("att1", "beaucoup")])
def test_what_has_no_score_is_not_zero(name: str, answer: str) -> None:
    question = QUESTIONS[name]
    assert question.kind.score(question, answer) is None


@pytest.mark.parametrize(
    ("name", "control", "layout"),
    [
        ("hum1", "radio", "row"),
        ("aut1", "radio", "list"),
        ("fla1", "radio", "pair"),
        ("att1", "radio", "list"),
        ("dro6", "checkbox", "list"),
        ("mot", "text", "list"),
        ("frein", "textarea", "list"),
    ],
)
def test_each_kind_has_its_field(name: str, control: str, layout: str) -> None:
    question = QUESTIONS[name]
    field = question.kind.field(Posed(question), WORDING, None)
    assert (field.name, field.control, field.layout) == (name, control, layout)


def test_faces_with_long_words_stand_in_a_list(tiny: Library) -> None:
    question = QUESTIONS["hum1"]
    arabic = tiny.wording(tiny.questionnaires["textes"], "ar")
    assert arabic is not None
    long = replace(arabic, texts={**arabic.texts, "visage4.3": "замечательно"})
    assert question.kind.field(Posed(question), long, None).layout == "list"


def test_a_field_keeps_what_was_answered_or_posted() -> None:
    dro6, mot = QUESTIONS["dro6"], QUESTIONS["mot"]
    posted = dro6.kind.field(Posed(dro6), WORDING, ["honte", "rien"])
    assert [choice.code for choice in posted.options if choice.checked] == ["honte", "rien"]
    assert [choice.code for choice in posted.options if choice.exclusive] == ["rien"]
    stored = dro6.kind.field(Posed(dro6), WORDING, "refus")
    assert [choice.code for choice in stored.asides if choice.checked] == ["refus"]
    typed = mot.kind.field(Posed(mot), WORDING, "bonjour")
    assert (typed.value, typed.max_length) == ("bonjour", 40)


def test_a_field_speaks_about_before_where_it_is_posed_so(tiny: Library) -> None:
    questionnaire = tiny.questionnaires["retrospectif"]
    posed = questionnaire.passing("unique").by_key["avant:aut1"]
    field = posed.question.kind.field(posed, french_wording(questionnaire), None)
    assert field.name == "avant:aut1"
    assert field.label.startswith("Avant de venir ici")
    assert field.hint == "Par exemple, le site des impôts."
