"""Every indicator, in every size and mood, says only what may be said, in right French."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.indicators.charts import Bar, Circles, Dumbbell
from app.indicators.models import Accompanied
from app.indicators.queries import Measured
from app.questionnaires import Library
from app.questionnaires.formulas import Contribution, Typology
from app.scoring import IN_SHORT, Plan
from app.scoring.explain import NOT_A_SAMPLE
from app.scoring.sentences import spaced
from app.wording import phrases
from app.wording.annex import annex_of
from app.wording.bank import FIRST, MOVED, SAID
from app.wording.limits import CONTRIBUTION, FEW, SOME_FEW, UNKNOWN, limits
from app.wording.said import direction
from tests.wording.crowds import SIZES, crowds, measured_over, plans, told_of, unknown

SPACES = re.compile(r" [;:!?»%]|« |  |[;:!?»%](?=\u202f|\u00a0) ")
WRONG = {
    "a plural with one": r"\b1[ \u00a0\u202f](personnes|réponses|sont|disent|indiquent|ont"
    r"|décrivent|reculent|stables)\b",
    "one with a plural verb": r"\b1 (personne|réponse) sur \d+ (disent|indiquent|ont|décrivent"
    r"|vont|sont)\b",
    "zero written as a number": r"\b0[ \u00a0\u202f](personne|réponse|sont|est|disent)",
    "« aucune » without « ne »": r"[Aa]ucune (personne|réponse) sur \d+ (?!ne |n’)",
    "« aucune » alone without « ne »": r"\baucune (?!personne|réponse|ne |n’|stable|en recul"
    r"|en progrès|«\u202fbeaucoup)",
    "« ne » without « aucune »": r"\b[1-9]\d* (personnes?|réponses?) sur \d+ (ne |n’)",
    "a plural with a singular verb": r"\b([2-9]|[1-9]\d+) (personnes|réponses) sur \d+ "
    r"(dit|indique|a|décrit|va|est)\b",
    "a wrong elision": r"\b(de|que|ne|le|la|se|ce|qu|je) ?[’]? (il|elle|on|un|une|aucune|à|au"
    r"|aide|avant|autre|autonomie)\b(?<!ce lieu)",
    "a straight apostrophe": r"'",
    "a cause": r"grâce à",
    "words never used": r"bénéficiaire|répondant|taux de non-recours|valider|soumettre|N/A",
    "a hyphen as a minus": r"(?<![\w<])-\d",
}


@pytest.fixture(scope="module")
def asked(library: Library) -> list[Plan]:
    return list(plans(library))


def everything(asked: list[Plan], n: int) -> Iterator[tuple[str, Measured]]:
    for plan in asked:
        for mood, crowd in crowds(n).items():
            for one in measured_over(plan, crowd):
                yield f"{one.figure.measure.indicator.id} {one.figure.measure.method} {mood}", one


def words_of(one: Measured) -> list[str]:
    """Return every word that the bank gives of a figure, without who is counted."""
    known = SAID.get(one.figure.measure.indicator.id)
    among = known.among(one.figure.measure.unit) if known else ""
    return [text.replace(f" {spaced(among)} ", " ") if among else text for text in _words_of(one)]


def _words_of(one: Measured) -> list[str]:
    received = one.figure.n + 3
    finding = phrases.finding(one, received=received, evolution="Évolution non établie.")
    headline = phrases.headline(one)
    row = annex_of(told_of([one]), ()).rows[0]
    trace = finding.trace
    return [
        finding.passage.text,
        *finding.margin,
        *([headline.passage.text] if headline else []),
        *(one.caption for one in finding.drawings),
        *(cell for one in finding.drawings for line in one.table for cell in line),
        *(row.title, row.questions, row.formula, row.result, row.n, row.cautions),
        *(trace.title, trace.figure, trace.counts, *trace.questions, trace.rule, *trace.cautions),
    ]


def test_the_bank_knows_every_indicator_and_only_them(library: Library) -> None:
    known = {name for made in library.questionnaires.values() for name in made.indicators}
    formulas = {
        name: one.formula
        for made in library.questionnaires.values()
        for name, one in made.indicators.items()
    }
    assert len(known) == 41
    by_themselves = {
        name for name, formula in formulas.items() if isinstance(formula, (Contribution, Typology))
    }
    assert MOVED.keys() | SAID.keys() | by_themselves == known
    assert set(FIRST) <= known
    assert len(set(FIRST)) == len(FIRST)


@pytest.mark.parametrize("n", SIZES)
def test_every_phrase_is_in_right_french(asked: list[Plan], n: int) -> None:
    for name, one in everything(asked, n):
        for text in words_of(one):
            assert text == text.strip(), (name, text)
            assert not SPACES.search(text), (name, text)
            for what, pattern in WRONG.items():
                assert not re.search(pattern, text), (what, name, text)


@pytest.mark.parametrize("n", SIZES)
def test_a_sentence_begins_with_a_capital_and_ends_with_one_point(
    asked: list[Plan], n: int
) -> None:
    for name, one in everything(asked, n):
        headline = phrases.headline(one)
        for passage in (
            phrases.finding(one).passage,
            *([headline.passage] if headline else []),
        ):
            assert re.fullmatch(r"[A-ZÉÀ0-9].*[^.…]\.", passage.text), (name, passage.text)
            assert passage.strong + passage.rest == passage.text
            assert passage.text.startswith(passage.lead)
            assert ".." not in passage.text


@pytest.mark.parametrize("n", SIZES)
def test_what_may_not_be_shown_gives_no_number(asked: list[Plan], n: int) -> None:
    hidden = 0
    for name, one in everything(asked, n):
        figure = one.figure
        reason = figure.visibility.hidden
        if not reason:
            continue
        hidden += 1
        finding, row = phrases.finding(one, received=61), annex_of(told_of([one]), ()).rows[0]
        told = [finding.passage.text, finding.trace.figure, row.result]
        assert {re.sub(r"\s|\.", "", text).casefold() for text in told} == {
            re.sub(r"\s", "", spaced(reason)).casefold()
        }, name
        assert finding.margin == finding.drawings == finding.trace.cautions == ()
        assert finding.trace.counts == row.cautions == ""
        assert row.n in ("<\u202f5", "<\u202f11", "–"), name
        assert phrases.headline(one) is None
    if n < 5:
        assert hidden


@pytest.mark.parametrize("n", [one for one in SIZES if 5 <= one < 20])
def test_no_percentage_is_written_of_fewer_than_20(asked: list[Plan], n: int) -> None:
    for name, one in everything(asked, n):
        finding, headline = phrases.finding(one), phrases.headline(one)
        row = annex_of(told_of([one]), ()).rows[0]
        texts = [finding.passage.text, finding.trace.figure, row.result]
        texts += [headline.passage.text] if headline else []
        for text in texts:
            assert not re.search(r"\d\s?%(?<!100\u202f%)", text), (name, text)
            assert "soit" not in text
        if not one.figure.visibility.hidden and one.figure.n < 20:
            assert IN_SHORT["W_PETIT_N"] in row.cautions, name
        assert not any(isinstance(d.chart, Dumbbell) for d in finding.drawings) or n >= 10


@pytest.mark.parametrize("n", [20, 25, 58, 200])
def test_from_20_a_share_stands_with_its_percentage_and_interval(asked: list[Plan], n: int) -> None:
    for name, one in everything(asked, n):
        figure = one.figure
        if not figure.visibility.percentages or figure.share is None:
            continue
        text = phrases.finding(one).passage.text
        assert re.search(r"\d+\u202f%\u202f; entre \d+\u202f% et \d+\u202f%", text), (name, text)
        assert re.search(r"soit \d+\u202f% \[\d+\u202f; \d+\]", annex_of(told_of([one]), ())
                         .rows[0].result), name  # fmt: skip


@pytest.mark.parametrize("n", [one for one in SIZES if one >= 5])
def test_a_movement_gives_its_three_counts_and_claims_only_what_is_established(
    asked: list[Plan], n: int
) -> None:
    seen = set()
    for name, one in everything(asked, n):
        figure = one.figure
        counts = {part.id: part.count for part in figure.parts}
        if "progress" not in counts or not figure.measure.from_wave:
            continue
        way = direction(figure)
        seen.add(way)
        finding, headline = phrases.finding(one), phrases.headline(one)
        shown = _written(finding.passage.text)
        for part, stands in (("progress", "en progrès|progr|plus|meilleure|mieux"),
                             ("stable", "stable"), ("decline", "recul|moins")):  # fmt: skip
            assert counts[part] in shown, (name, part, finding.passage.text)
            assert re.search(stands, finding.passage.text), (name, finding.passage.text)
        assert (finding.passage.lead == "Évolution non établie.") == (way == 0), name
        assert (way is None) == (n < 10), name
        if headline:
            assert way, name
            assert counts["progress"] != counts["decline"]
            assert {*counts.values()} <= set(_written(headline.passage.text)), name
            assert ("moins" in headline.passage.text) == (way < 0)
    assert seen == ({None} if n < 10 else {-1, 0, 1})


def _written(text: str) -> list[int]:
    """Return the numbers of a sentence, « aucune » being 0."""
    numbers = [int(one) for one in re.findall(r"\d+", re.sub(r"\u202f(?=\d{3})", "", text))]
    return [*numbers, *([0] * len(re.findall(r"[Aa]ucune", text)))]


def test_a_contribution_makes_no_headline_and_is_said_once(asked: list[Plan]) -> None:
    found = [one for _, one in everything(asked, 58)
             if isinstance(one.figure.measure.indicator.formula, Contribution)]  # fmt: skip
    assert found
    for one in found:
        assert phrases.headline(one) is None
        assert "groupe de comparaison" not in phrases.finding(one).passage.text
    said = limits(told_of(found), None)
    assert said.count("sans groupe de comparaison") == 1
    assert CONTRIBUTION in said


def test_motives_may_exceed_100_percent_and_small_types_stay_merged(asked: list[Plan]) -> None:
    for n in (11, 25, 58):
        for name, one in everything(asked, n):
            if not isinstance(one.figure.measure.indicator.formula, Typology):
                continue
            text = phrases.finding(one).passage.text
            if one.figure.parts:
                assert "peut dépasser 100\u202f%" in text, name
                assert all(part.count >= 5 for part in one.figure.parts)


def test_what_a_person_says_and_what_a_response_indicates_are_told_apart(
    asked: list[Plan],
) -> None:
    for name, one in everything(asked, 25):
        text = phrases.finding(one).passage.text
        if one.figure.visibility.hidden:
            continue
        other = "réponse" if one.figure.measure.unit == "personne" else "personne"
        assert not re.search(rf"\b{other}s? sur \d", text), (name, text)


def test_a_headline_gives_the_true_counts(asked: list[Plan]) -> None:
    """« 8 réponses sur 10 » beside « 43 sur 58 » would look like ten answers."""
    (retro,) = (plan for plan in asked if plan.questionnaire.method == "B")

    def lead(k: int, n: int) -> str:
        found = {one.figure.measure.indicator.id: one
                 for one in measured_over(retro, {"up": k, "down": n - k})}  # fmt: skip
        headline = phrases.headline(found["autonomie.progression"])
        assert headline
        return headline.passage.lead

    assert lead(43, 58) == "43 réponses sur 58"
    assert lead(20, 25) == "20 réponses sur 25"
    assert lead(15, 19) == "15 réponses sur 19"


def test_a_headline_is_shorter_than_its_block(asked: list[Plan]) -> None:
    (retro,) = (plan for plan in asked if plan.questionnaire.method == "B")
    crowd = {"up": 31, "same": 22, "down": 2}
    found = {one.figure.measure.indicator.id: one for one in measured_over(retro, crowd)}  # type: ignore[arg-type]
    headline = phrases.headline(found["autonomie.progression"])
    assert headline
    assert headline.passage.text == (
        "31 réponses sur 55 décrivent plus d’autonomie dans les démarches (22 stables, 2 en recul)."
    )


def test_who_is_counted_stands_in_the_sentence(asked: list[Plan]) -> None:
    apart = next(plan for plan in asked if plan.questionnaire.method == "A")
    crowd = measured_over(apart, {"up": 20, "down": 5})
    found = {one.figure.measure.indicator.id: one for one in crowd if one.moments == "À la fin"}
    for name, among in (
        ("insertion.sorties", "25 qui en cherchent disent avoir trouvé un emploi"),
        ("nonrecours.evite", "25 concernées par une demande d’aide disent en avoir fait une"),
        ("insertion.freins", "25 qu’un problème bloquait disent que ce problème est réglé"),
    ):
        assert f"personnes sur {among}" in phrases.finding(found[name]).passage.text
        headline = phrases.headline(found[name])
        assert headline
        assert among in headline.passage.text


def test_when_all_go_one_way_the_others_are_said_once(asked: list[Plan]) -> None:
    (retro,) = (plan for plan in asked if plan.questionnaire.method == "B")
    for crowd, words in (({"up": 12}, "en recul"), ({"down": 12}, "en progrès")):
        found = {one.figure.measure.indicator.id: one for one in measured_over(retro, crowd)}  # type: ignore[arg-type]
        text = phrases.finding(found["autonomie.progression"]).passage.text
        assert text.endswith(f", aucune n’est stable ni {words}.")
        assert text.count("aucune") == 1


def test_an_unknown_indicator_is_told_in_the_words_of_the_referentiel(asked: list[Plan]) -> None:
    for n in (7, 25):
        for name, known in everything(asked, n):
            for one in (unknown(known), unknown(known, "avoir vu une chose")):
                for text in words_of(one):
                    assert not SPACES.search(text), (name, text)
                    for what, pattern in WRONG.items():
                        assert not re.search(pattern, text), (what, name, text)
    part = next(one for name, one in everything(asked, 25)
                if name == "partage.transmission A mixed")  # fmt: skip
    said = phrases.finding(unknown(part, "avoir vu une chose")).passage.text
    assert said.startswith("15 personnes sur 25 disent avoir vu une chose")


def test_what_is_told_first_of_a_critere_is_what_tells_the_most(asked: list[Plan]) -> None:
    retro = next(plan for plan in asked if plan.questionnaire.method == "B")
    found = sorted(measured_over(retro, {"up": 25}), key=phrases.prominence)
    ids = [one.figure.measure.indicator.id for one in found]
    assert ids.index("nonrecours.evite") < ids.index("droits.progression")
    assert ids.index("droits.progression") < ids.index("droits.contribution")
    assert ids.index("autonomie.progression") < ids.index("autonomie.taches_sans_aide")
    apart = next(plan for plan in asked if plan.questionnaire.method == "A")
    waves = [one.moments for one in sorted(measured_over(apart, {"up": 25}),
                                           key=phrases.prominence)
             if one.figure.measure.indicator.id == "autonomie.progression"]  # fmt: skip
    assert waves[0] == "Au début → À la fin"


def test_drawings_have_names_safe_for_files_and_draw_what_they_say(asked: list[Plan]) -> None:
    for n in (7, 16, 25):
        for plan in asked:
            for crowd in crowds(n).values():
                names = []
                for one in measured_over(plan, crowd):
                    for drawing in phrases.drawings_of(one):
                        names.append(drawing.name)
                        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", drawing.name)
                        assert len({len(row) for row in drawing.table}) == 1
                        assert drawing.spoken
                        if isinstance(drawing.chart, Bar):
                            drawn = [str(part.count) for part in drawing.chart.segments]
                            assert [row[1] for row in drawing.table[1:]] == drawn
                        elif isinstance(drawing.chart, Circles):
                            assert drawing.table[1][1] == str(drawing.chart.k)
                assert len(names) == len(set(names))


def test_the_margin_says_how_many_were_received_and_the_difference(asked: list[Plan]) -> None:
    (retro,) = (plan for plan in asked if plan.questionnaire.method == "B")
    found = {one.figure.measure.indicator.id: one
             for one in measured_over(retro, {"up": 40, "same": 10, "down": 8})}  # fmt: skip
    margin = phrases.finding(found["autonomie.progression"], received=61).margin
    assert margin[0] == "n\u00a0= 58\u00a0réponses sur 61 reçues"
    assert re.fullmatch(r"Écart \+\d+ points, entre \+\d+ et \+\d+", margin[1])
    assert not any("souvenir" in line for line in margin)


def test_the_limits_say_once_what_holds_for_all(asked: list[Plan]) -> None:
    retro = next(plan for plan in asked if plan.questionnaire.method == "B")
    found = told_of(measured_over(retro, {"up": 25}))
    said = limits(found, None)
    assert said.startswith(spaced(UNKNOWN))
    assert "souvenir" in said
    assert NOT_A_SAMPLE not in said
    assert limits(told_of(measured_over(retro, {"up": 4})), None) == ""
    assert limits([replace(one, is_partner=True) for one in found], None) == ""
    known = Accompanied(people=200, supports=None, unnamed=0, source="saisie")
    assert limits(found, known).startswith(spaced(FEW))
    first = found[0].measured
    answered = replace(first, figure=replace(first.figure, warnings=()))
    some = [replace(found[0], measured=answered), *found[1:]]
    assert limits(some, known).startswith(spaced(SOME_FEW))


@settings(max_examples=40, deadline=None)
@given(st.integers(5, 300), st.integers(0, 300), st.integers(0, 300))
def test_any_movement_is_in_right_french(library: Library, up: int, same: int, down: int) -> None:
    retro = next(plan for plan in plans(library) if plan.questionnaire.method == "B")
    for one in measured_over(retro, {"up": up, "same": same, "down": down}):
        for text in words_of(one):
            assert not SPACES.search(text), text
            for what, pattern in WRONG.items():
                assert not re.search(pattern, text), (what, text)
