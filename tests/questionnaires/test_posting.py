"""A whole form, read at once."""

from __future__ import annotations

from app.questionnaires import Library, read_posted


def test_answers_texts_and_problems_are_kept_apart(tiny: Library) -> None:
    passing = tiny.questionnaires["textes"].passing("unique")
    posted = read_posted(passing, {"hum1": ["3"], "mot": ["x" * 41], "frein": ["les mots"]})
    assert posted.answers == {"hum1": 3}
    assert posted.texts == {"frein": "les mots"}
    assert {key: problem.reason for key, problem in posted.problems.items()} == {"mot": "trop_long"}


def test_skipped_refused_and_unknown_stay_distinct(tiny: Library) -> None:
    passing = tiny.questionnaires["choix"].passing("unique")
    posted = read_posted(passing, {"hum1": ["refus"], "dro4": ["nsp"], "dro6": [""]})
    assert posted.answers == {"hum1": "refus", "dro4": "nsp"}


def test_only_the_questions_of_the_passing_are_read(tiny: Library) -> None:
    passing = tiny.questionnaires["apparie"].passing("entree")
    posted = read_posted(passing, {"aut1": ["1"], "aut2": ["1"], "_cle": ["x"]})
    assert posted.answers == {"aut1": 1}
    long = tiny.questionnaires["apparie"].passing("entree", "longue")
    assert read_posted(long, {"aut2": ["1"]}).answers == {"aut2": 1}


def test_before_and_now_have_their_own_answers(tiny: Library) -> None:
    passing = tiny.questionnaires["retrospectif"].passing("unique")
    posted = read_posted(passing, {"aut1": ["2"], "avant:aut1": ["0"]})
    assert posted.answers == {"aut1": 2, "avant:aut1": 0}
