"""Deciding: what is kept was confirmed; labels, papers and transcription."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest

from app.media.models import MediaFile
from app.organisations.models import Person
from app.questionnaires import Library
from app.testimonies.actions import MASKED, ORIGINAL
from app.testimonies.consents import agreement_of
from app.testimonies.deciding import TRANSCRIPT, DecisionError, decide, transcribe
from app.testimonies.labels import LABELS, labels_of, set_label
from app.testimonies.masking import masking_of
from app.testimonies.models import Testimony, TestimonyMedia
from app.testimonies.papers import PaperError, note_paper, set_capacity, take_paper_back
from app.testimonies.queries import parts_of
from tests.testimonies.teller import BEFORE, EVERYWHERE, TODAY, Teller

PHONE = "Appelez le 06 12 34 56 78, je montre à Jeannine."


def parts(teller: Teller, testimony_id: UUID) -> dict[str, str]:
    with teller.database.reading() as session:
        return dict(parts_of(session, teller.keys, [testimony_id])[testimony_id])


def act(
    teller: Teller,
    testimony_id: UUID,
    what: str,
    *,
    confirmed: bool = True,
    seen: str | None = None,
    today: date = TODAY,
) -> str:
    """Decide as the page does, having read the text that is there now."""
    read = masking_of(parts(teller, testimony_id)).digest if seen is None else seen
    with teller.database.writing() as session:
        testimony = session.get_one(Testimony, testimony_id)
        decide(session, teller.keys, testimony, what, today, confirmed=confirmed, seen=read)
        return testimony.status


def write(teller: Teller, testimony_id: UUID, text: str, person: Person) -> None:
    """Write down what is heard."""
    with teller.database.writing() as session:
        testimony = session.get_one(Testimony, testimony_id)
        transcribe(session, teller.keys, testimony, text, person.id, "2026-03-10")


def record(teller: Teller, testimony_id: UUID, state: str) -> None:
    with teller.database.writing() as session:
        media = MediaFile(
            organisation_id=teller.lieu.organisation_id, kind="audio", state=state, day=BEFORE,
            announced=9, seconds=48,
        )  # fmt: skip
        session.add(media)
        session.flush()
        session.add(TestimonyMedia(media_id=media.id, testimony_id=testimony_id))


def test_what_is_kept_is_written_masked(teller: Teller) -> None:
    testimony_id = teller.tell(PHONE, status="nouveau", masked="")
    assert act(teller, testimony_id, "garder") == "valide"
    assert parts(teller, testimony_id)[MASKED] == "Appelez le [téléphone], je montre à Jeannine."
    assert parts(teller, testimony_id)[ORIGINAL] == PHONE


def test_nothing_is_kept_that_nobody_confirmed_or_read(teller: Teller) -> None:
    testimony_id = teller.tell(PHONE, status="nouveau", masked="")
    with pytest.raises(DecisionError, match="cochez la case"):
        act(teller, testimony_id, "garder", confirmed=False)
    with pytest.raises(DecisionError, match="a changé"):
        act(teller, testimony_id, "garder", seen="un autre texte")
    with pytest.raises(DecisionError):
        act(teller, testimony_id, "publier")
    assert MASKED not in parts(teller, testimony_id)


def test_nothing_is_kept_while_somebody_can_be_recognised(teller: Teller) -> None:
    testimony_id = teller.tell(PHONE, status="nouveau", masked=PHONE)
    with pytest.raises(DecisionError, match="06 12 34 56 78"):
        act(teller, testimony_id, "garder")


@pytest.mark.parametrize(
    ("state", "said", "on"),
    [("waiting", "se prépare", TODAY), ("receiving", "jusqu’au 4.mars 2026", date(2026, 3, 4))],
)
def test_a_voice_is_heard_before_it_is_kept(
    teller: Teller, state: str, said: str, on: date
) -> None:
    given = {**EVERYWHERE, "garder_media": "oui", "montrer_media": "oui"}
    testimony_id = teller.tell("", given, status="nouveau", masked="")  # type: ignore[arg-type]
    record(teller, testimony_id, state)
    with pytest.raises(DecisionError, match=said):
        act(teller, testimony_id, "garder", today=on)


def test_a_voice_that_stopped_coming_holds_nothing_back_for_ever(teller: Teller) -> None:
    """On PostgreSQL without `recueil work`, nobody ever notes that it was given up."""
    given = {**EVERYWHERE, "garder_media": "oui"}
    testimony_id = teller.tell(PHONE, given, status="nouveau", masked="")  # type: ignore[arg-type]
    record(teller, testimony_id, "receiving")
    assert act(teller, testimony_id, "garder", today=date(2026, 3, 5)) == "valide"


def test_aside_later_and_back(teller: Teller) -> None:
    testimony_id = teller.tell(PHONE, status="nouveau", masked="")
    for what, status in (
        ("masquer", "a_masquer"), ("ecarter", "refuse"), ("relire", "nouveau"),
    ):  # fmt: skip
        assert act(teller, testimony_id, what, confirmed=False) == status


def test_what_the_person_took_back_is_touched_no_more(teller: Teller, person: Person) -> None:
    testimony_id = teller.tell(PHONE, status="retire")
    for what in ("garder", "relire", "ecarter"):
        with pytest.raises(DecisionError, match="a repris"):
            act(teller, testimony_id, what)
    with pytest.raises(DecisionError, match="a repris"):
        write(teller, testimony_id, "Bonjour", person)


def test_a_voice_is_written_down_and_its_masking_begins_again(
    teller: Teller, person: Person
) -> None:
    testimony_id = teller.tell("", {"garder_media": "oui"}, status="nouveau", masked="")
    record(teller, testimony_id, "ready")
    for wrong in ("", "a" * 2_001):
        with pytest.raises(DecisionError):
            write(teller, testimony_id, wrong, person)
    write(teller, testimony_id, PHONE, person)
    found = parts(teller, testimony_id)
    assert (found[ORIGINAL], found[TRANSCRIPT]) == (PHONE, f"2026-03-10 {person.id}")
    assert act(teller, testimony_id, "garder") == "valide"
    write(teller, testimony_id, "J’ose appeler Oumou.", person)
    found = parts(teller, testimony_id)
    assert MASKED not in found
    with teller.database.reading() as session:
        assert session.get_one(Testimony, testimony_id).status == "nouveau"


def test_what_the_person_wrote_is_never_written_over(teller: Teller, person: Person) -> None:
    testimony_id = teller.tell(PHONE)
    record(teller, testimony_id, "ready")
    with pytest.raises(DecisionError, match="elle-même"):
        write(teller, testimony_id, "Mieux dit", person)


def test_labels_are_decided_changed_and_forgotten(teller: Teller, person: Person) -> None:
    testimony_id = teller.tell()
    with teller.database.writing() as session:
        for criterion, holds in (("lien", True), ("coince", False), ("droits", True)):
            set_label(session, testimony_id, criterion, holds, person.id)
        set_label(session, testimony_id, "lien", False, person.id)
        set_label(session, testimony_id, "droits", None, person.id)
        with pytest.raises(KeyError):
            set_label(session, testimony_id, "autre", True, person.id)
    with teller.database.reading() as session:
        assert labels_of(session, [testimony_id]) == {
            testimony_id: {"lien": False, "coince": False}
        }


def test_labels_are_the_themes_that_people_choose_from(library: Library) -> None:
    question = library.questionnaires["temoignage"]
    themes = question.questions["themes"]
    assert {option.code for option in themes.options} - {"autre"} == set(LABELS) - {"coince"}


def test_of_age_or_not_and_the_papers_that_follow(teller: Teller, person: Person) -> None:
    testimony_id = teller.tell(given={"nom": "prenom"}, signature="Léa", capacity=None)

    def missing() -> tuple[str, ...]:
        with teller.database.reading() as session:
            return agreement_of(session, session.get_one(Testimony, testimony_id)).missing_papers

    assert missing() == ("age",)
    with teller.database.writing() as session:
        testimony = session.get_one(Testimony, testimony_id)
        with pytest.raises(PaperError):
            note_paper(session, testimony, "age", TODAY, person.id)
        with pytest.raises(PaperError):
            set_capacity(testimony, "ancien")
        set_capacity(testimony, "mineur")
    assert missing() == ("parent1", "parent2")
    with teller.database.writing() as session:
        testimony = session.get_one(Testimony, testimony_id)
        with pytest.raises(PaperError, match="avant le témoignage"):
            note_paper(session, testimony, "parent1", BEFORE - timedelta(days=1), person.id)
        with pytest.raises(PaperError, match="nécessaire"):
            note_paper(session, testimony, "parent1", TODAY, person.id, not_needed=True)
        with pytest.raises(PaperError, match="pas attendu"):
            note_paper(session, testimony, "tuteur", TODAY, person.id)
        note_paper(session, testimony, "parent1", TODAY, person.id)
        note_paper(session, testimony, "parent2", TODAY, person.id, not_needed=True)
        with pytest.raises(PaperError, match="elle-même"):
            set_capacity(testimony, "adulte")
    assert missing() == ()
    with teller.database.writing() as session:
        take_paper_back(session, testimony_id, "parent1")
    assert missing() == ("parent1",)
