"""Several people at once: nothing that was written is lost, nobody waits for ever."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from random import Random

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.bilan import desk_documents, foreseen, sealing
from app.bilan.composing import compose_from
from app.bilan.drafting import ChangedError, SealedError, refuse_if_rewritten, write_text
from app.bilan.foreseen import foresee
from app.bilan.models import Bilan, BilanSeal
from app.bilan.queries import held_bilan, texts_of
from app.bilan.sealable import sealable
from app.bilan.sealing import seal, seal_briefly, section_of, verify
from app.bilan.verifying import opened
from app.db import Database
from app.indicators.fixed import FixedPeriod
from app.indicators.freezing import freezable, freeze, frozen_months
from app.indicators.ledger import TRIES, publish
from app.indicators.models import FrozenMonth, Publication
from app.organisations.models import Person
from app.questionnaires import Library
from app.responses.actions import erase
from app.responses.models import Response
from app.responses.rollups import fold
from app.testimonies.erasure import change
from app.testimonies.models import QuoteUse
from config import Keys, Settings
from tests.bilan.sealed import freeze_closed, lend, seal_one, shown
from tests.bilan.structures import TODAY, Made, answer, structure_with
from tests.bilan.test_desk_documents import enter
from tests.organisations.conftest import PASSWORD, set_password
from tests.testimonies.teller import choices

#: Longer than anything here takes: who still waits then waits for ever.
PATIENCE = 120
NOTHING = dict.fromkeys(("lieu", "bilan", "financeurs", "public"), "non")
TEXTS = [f"phrase:{rank}" for rank in range(8)]


@pytest.fixture
def made(database: Database, keys: Keys, library: Library) -> Made:
    """Return a structure where 20 people answered each questionnaire, in ten months."""
    return structure_with(database, keys, library, 20)


def together(*acts: Callable[[], object]) -> list[object]:
    """Begin everything at the same moment; return what each one gave, or the error it met."""
    ready = threading.Barrier(len(acts))

    def begin(act: Callable[[], object]) -> object:
        ready.wait()
        try:
            return act()
        except Exception as error:
            return error

    with ThreadPoolExecutor(len(acts)) as pool:
        begun = [pool.submit(begin, act) for act in acts]
        return [one.result(PATIENCE) for one in begun]


def write(database: Database, keys: Keys, made: Made, bilan: Bilan, slot: str, text: str) -> None:
    """Write a text as the page does, over a page where nothing was written."""
    with database.writing() as session:
        mine = held_bilan(session, made.reach, bilan.id)
        assert mine
        refuse_if_rewritten(session, keys, mine, slot, "")
        write_text(session, keys, mine, slot, text, "Proposé.", made.person_id, TODAY)


def written(database: Database, keys: Keys, bilan: Bilan) -> dict[str, str]:
    with database.reading() as session:
        return {slot: one.text for slot, one in texts_of(session, keys, bilan.id).items()}


def test_people_who_write_different_texts_at_once_lose_nothing(
    database: Database, keys: Keys, made: Made
) -> None:
    bilan = made.bilan(database)
    acts = [partial(write, database, keys, made, bilan, slot, f"De {slot}.") for slot in TEXTS]
    assert together(*acts) == [None] * len(TEXTS)
    assert written(database, keys, bilan) == {slot: f"De {slot}." for slot in TEXTS}
    with database.reading() as session:
        assert session.get_one(Bilan, bilan.id).revision == 1 + len(TEXTS)


def test_of_two_who_write_the_same_text_the_second_is_shown_the_first(
    database: Database, keys: Keys, made: Made
) -> None:
    bilan = made.bilan(database)
    ours = ["La mienne.", "La tienne."]
    acts = [partial(write, database, keys, made, bilan, "coince", text) for text in ours]
    ended = together(*acts)
    (refused,) = [one for one in ended if one is not None]
    assert isinstance(refused, ChangedError)
    assert refused.theirs
    kept = written(database, keys, bilan)["coince"]
    assert kept == refused.theirs.text == ours[ended.index(None)]


def test_answers_that_arrive_while_months_are_frozen_are_counted_or_late_never_lost(
    database: Database, keys: Keys, made: Made
) -> None:
    acts = [partial(answer, database, keys, made, 10, tone="positive") for _ in range(3)]
    together(*acts, partial(freeze_closed, database, made))
    seal_one(database, keys, made, bilan := made.bilan(database))
    with database.reading() as session:
        said = verify(session, keys, session.get_one(Bilan, bilan.id), TODAY)
        counted = sum(one.responses for one in frozen_months(session, made.organisation_id))
        answers = session.scalar(select(func.count()).select_from(Response))
    assert said
    assert not said.is_altered
    assert (said.since.erased, counted + said.since.late) == (0, answers)


@pytest.mark.parametrize("rank", range(3))
def test_a_seal_by_the_page_and_another_by_the_command_make_one(
    database: Database, keys: Keys, made: Made, rank: int
) -> None:
    freeze_closed(database, made)
    bilan = made.bilan(database)

    def by_the_page() -> None:
        seal_briefly(database, keys, made.reach, bilan.id, made.person_id, TODAY)

    ended = together(by_the_page, partial(seal_one, database, keys, made, bilan))
    assert sorted(type(one).__name__ for one in ended) == ["NoneType", "SealedError"]


def meanwhile(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> list[object]:
    """Act from another thread each time a section is worked out; return what it gave."""
    gave: list[object] = []

    def watched(*given: object) -> object:
        made = compose_from(*given)  # type: ignore[arg-type]
        with ThreadPoolExecutor(1) as pool:
            gave.append(pool.submit(act).result(PATIENCE))
        return made

    for room in (sealing, foreseen):
        monkeypatch.setattr(room, "compose_from", watched)
    return gave


def test_people_answer_while_a_bilan_is_worked_out(
    database: Database, keys: Keys, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    freeze_closed(database, made)
    bilan = made.bilan(database)
    gave = meanwhile(monkeypatch, partial(answer, database, keys, made, 1, tone="positive"))
    seal_one(database, keys, made, bilan)
    assert gave == [None]
    assert shown(database, keys, made, bilan).standing.is_sealed


def test_people_answer_while_somebody_looks_at_what_would_be_sealed(
    database: Database, keys: Keys, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    bilan = made.bilan(database)
    gave = meanwhile(monkeypatch, partial(answer, database, keys, made, 1, tone="positive"))
    with database.reading() as session:
        ready = sealable(session, bilan, TODAY)
        assert ready.to_freeze
        foresee(session, keys, made.reach, bilan, ready, TODAY)
    assert gave == [None]
    with database.reading() as session:
        assert not frozen_months(session, made.organisation_id)
        assert session.scalars(select(Publication)).all() == []


@pytest.mark.parametrize("times", [1, TRIES])
def test_a_text_written_while_a_bilan_is_worked_out_is_in_its_seal(
    database: Database, keys: Keys, made: Made, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    freeze_closed(database, made)
    bilan = made.bilan(database)
    texts = [f"Ouvrir le jeudi, {rank}." for rank in range(times)]
    waiting = iter(texts)

    def write_next() -> None:
        if text := next(waiting, ""):
            with database.writing() as session:
                mine = session.get_one(Bilan, bilan.id)
                write_text(session, keys, mine, "suite", text, "", made.person_id, TODAY)

    begun = meanwhile(monkeypatch, write_next)
    seal_one(database, keys, made, bilan)
    assert len(begun) == times + 1
    with database.reading() as session:
        assert texts[-1] in opened(keys, session.get_one(BilanSeal, bilan.id))


def test_words_taken_back_while_a_bilan_is_sealed_are_to_be_taken_down(
    database: Database, keys: Keys, settings: Settings, made: Made
) -> None:
    told, _ = lend(database, keys, made)
    freeze_closed(database, made)
    bilan = made.bilan(database)

    def take_back() -> None:
        with database.writing() as session:
            refused = choices(NOTHING)
            change(session, keys, settings.data, told, refused, TODAY)

    with ThreadPoolExecutor(1) as pool:
        with database.writing() as session:
            mine = session.get_one(Bilan, bilan.id)
            seal(session, keys, made.reach, mine, made.person_id, TODAY)
            taking = pool.submit(take_back)
            with pytest.raises(TimeoutError):  # who takes back waits for the commit
                taking.result(0.5)
        taking.result(PATIENCE)
    with database.reading() as session:
        noted = session.scalars(select(QuoteUse).where(QuoteUse.testimony_id == told)).all()
    assert [one.withdrawn_on for one in noted] == [TODAY]
    assert all(one.is_gone for one in shown(database, keys, made, bilan).quotes)


@pytest.mark.document
@pytest.mark.parametrize("kind", ["odt", "docx", "pdf"])
def test_nothing_is_held_while_a_document_is_drawn(
    client: FlaskClient,
    database: Database,
    made: Made,
    kind: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with database.writing() as session:
        set_password(session, person := session.get_one(Person, made.person_id), PASSWORD)
    enter(client, person.email)
    bilan, real, held = made.bilan(database), desk_documents.written, []

    def watched(*given: object) -> bytes:
        held.append(database.engine.pool.checkedout())  # type: ignore[attr-defined]
        return real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(desk_documents, "written", watched)
    assert client.get(f"/espace/bilan/{bilan.id}/section.{kind}").status_code == 200
    assert held == [0]


@pytest.mark.parametrize("seed", range(2))
def test_eight_people_at_once_never_wait_for_each_other_for_ever(
    database: Database, keys: Keys, settings: Settings, made: Made, seed: int
) -> None:
    told = [lend(database, keys, made, f"Mot {rank} : tout va mieux.")[0] for rank in range(3)]
    year, quarter = made.bilan(database), made.bilan(database, last_month="2026-03")
    with database.reading() as session:
        answers = session.scalars(select(Response.id).order_by(Response.id)).all()
        waiting = freezable(session, made.organisation_id, TODAY)

    def one(act: Callable[..., object], *given: object) -> None:
        with database.writing() as session:
            act(session, *given)

    def sealing(bilan: Bilan) -> None:
        seal_one(database, keys, made, bilan)

    def reading() -> None:
        with database.reading() as session:
            mine = session.get_one(Bilan, year.id)
            section_of(session, keys, made.reach, mine, TODAY)
            verify(session, keys, mine, TODAY)

    def freezing(month: str) -> None:
        one(freeze, made.organisation_id, month, made.person_id, TODAY)

    mine = (made.organisation_id, made.organisation_id)
    every: list[Callable[[], object]] = [
        *(partial(freezing, month) for month in waiting),
        *(partial(sealing, bilan) for bilan in (year, quarter) * 3),
        *(partial(write, database, keys, made, year, slot, slot) for slot in TEXTS),
        *(partial(one, erase, settings.data, known, TODAY) for known in answers[:6]),
        *(partial(one, publish, *mine, FixedPeriod(2026, n), TODAY) for n in (0, 1, 2)),
        *(partial(one, fold, made.organisation_id) for _ in range(3)),
        *(partial(one, change, keys, settings.data, known, choices({"bilan": "non"}), TODAY)
          for known in told),
        *(partial(answer, database, keys, made, 2) for _ in range(4)),
        *(reading for _ in range(4)),
    ]  # fmt: skip
    Random(seed).shuffle(every)

    def some(first: int) -> list[object]:
        return [_ended(act) for act in every[first::8]]

    ended = [one for many in together(*(partial(some, rank) for rank in range(8))) for one in many]
    # A refusal in French is a ValueError; a deadlock is not.
    errors = [one for one in ended if isinstance(one, Exception)]
    assert [one for one in errors if not isinstance(one, ValueError)] == []
    freeze_closed(database, made)
    for bilan in (year, quarter):
        last = _ended(partial(sealing, bilan))
        assert last is None or isinstance(last, SealedError), last
    with database.reading() as session:
        seals = session.scalars(select(BilanSeal)).all()
        assert {one.bilan_id for one in seals} == {year.id, quarter.id}
        for bilan in (year, quarter):
            proof = verify(session, keys, session.get_one(Bilan, bilan.id), TODAY)
            assert proof
            assert not proof.is_altered
        assert session.scalar(select(func.count()).select_from(FrozenMonth)) == len(waiting)
        left = [
            (one.measure, one.scope_id, one.first_month, one.last_month)
            for one in session.scalars(select(Publication))
        ]
        assert len(left) == len(set(left)) > 0


def _ended(act: Callable[[], object]) -> object:
    try:
        return act()
    except Exception as error:
        return error
