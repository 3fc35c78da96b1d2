"""Who is asked, who answered, and how often a partner may be reminded."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from random import Random
from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from app.campaigns.models import Link
from app.db import Database
from app.organisations.models import Organisation
from app.organisations.queries import Reach
from app.partners import queries
from app.partners.actions import (
    PartnerError,
    add_partner,
    archive,
    change_partner,
    invite,
    note_answer,
    note_reminded,
    note_sent,
    note_told,
    remove,
)
from app.partners.models import Partner, PartnerInvitation
from app.partners.retention import contacts_due, take_contacts
from app.partners.standing import remindable_on, state_of
from app.responses.actions import erase, record
from config import Keys
from tests.partners.conftest import DAY, NAMES, Asked
from tests.responses.conftest import Sender

Ask = Callable[..., Asked]
WEEK = timedelta(days=7)


@pytest.fixture
def sender(database: Database, keys: Keys) -> Sender:
    return Sender(database, keys, Random(3))


def read(database: Database, asked: Asked) -> PartnerInvitation:
    with database.reading() as session:
        return session.get_one(PartnerInvitation, asked.invitation.id)


def test_a_name_stands_once_in_the_list_of_a_structure(
    database: Database, organisation: Organisation, partners: list[Partner]
) -> None:
    with database.writing() as session:
        with pytest.raises(PartnerError, match="déjà dans la liste") as refused:
            add_partner(session, organisation.id, NAMES[0], "autre", today=DAY)
        assert refused.value.field == "name"
        first = session.get_one(Partner, partners[0].id)
        with pytest.raises(PartnerError):
            change_partner(session, first, NAMES[1], "autre", "", "")
        change_partner(session, first, NAMES[0], "autre", "Anne Riou", "a@example.fr")
    with database.reading() as session:
        found = queries.partner_of(session, organisation.id, partners[0].id)
        assert found
        assert (found.type, found.contact_name) == ("autre", "Anne Riou")


def test_an_invitation_is_one_and_its_token_is_nowhere(
    database: Database, keys: Keys, partners: list[Partner], shared: Link, ask: Ask
) -> None:
    first, again = ask(partners[0], shared), ask(partners[0], shared, DAY + WEEK)
    assert first.invitation.id == again.invitation.id
    assert again.invitation.made_on == DAY
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{13}", first.token)
    assert ask(partners[1], shared).token != first.token
    with database.reading() as session:
        rows = session.execute(select(PartnerInvitation.__table__)).all()
        assert first.token not in repr(rows)
        typed = f" {first.token[:4].lower()}-{first.token[4:8]} {first.token[8:]}"
        found = queries.invitation_of(session, keys, typed)
        assert found
        assert found.id == first.invitation.id
        for wrong in ("", "0" * 13, first.token[:-1], f"{first.token}0"):
            assert queries.invitation_of(session, keys, wrong) is None


def test_an_archived_partner_is_not_asked(
    database: Database, keys: Keys, partners: list[Partner], shared: Link
) -> None:
    with database.writing() as session:
        partner = session.get_one(Partner, partners[0].id)
        archive(session, partner, DAY, archived=True)
        with pytest.raises(PartnerError, match="archivé"):
            invite(session, keys, partner, shared, DAY)


def test_the_contact_of_an_archived_partner_goes_at_the_end_of_the_keeping(
    database: Database, keys: Keys, partners: list[Partner], shared: Link, ask: Ask
) -> None:
    organisation_id = shared.organisation_id
    with database.writing() as session:
        for number, one in enumerate(partners):
            partner = session.get_one(Partner, one.id)
            partner.contact_name, partner.email = f"Anne {number}", "anne@example.fr"
        archive(session, session.get_one(Partner, partners[0].id), DAY, archived=True)
        archive(session, session.get_one(Partner, partners[1].id), DAY, archived=True)
        archive(session, session.get_one(Partner, partners[1].id), DAY, archived=False)
    end = date(DAY.year + 1, 12, 31)
    with database.writing() as session:
        assert contacts_due(session, organisation_id, end) == {}
        assert take_contacts(session, organisation_id, end, 100).days == []
        late = end + timedelta(days=1)
        assert contacts_due(session, organisation_id, late) == {f"{DAY:%Y-%m}": 1}
        assert take_contacts(session, organisation_id, late, 100).days == [DAY]
        assert take_contacts(session, organisation_id, late, 100).days == []
    with database.reading() as session:
        found = session.get_one(Partner, partners[0].id)
        assert (found.contact_name, found.email, found.name) == ("", "", partners[0].name)
        assert session.get_one(Partner, partners[1].id).email == "anne@example.fr"


def test_a_partner_who_is_removed_leaves_its_counts_and_no_contact(
    database: Database, partners: list[Partner], shared: Link, ask: Ask
) -> None:
    ask(partners[0], shared)
    with database.writing() as session:
        for one in partners[:2]:
            session.get_one(Partner, one.id).email = "anne@example.fr"
    with database.writing() as session:
        assert not remove(session, session.get_one(Partner, partners[0].id), DAY)
        assert remove(session, session.get_one(Partner, partners[1].id), DAY)
    with database.reading() as session:
        kept = session.get_one(Partner, partners[0].id)
        assert (kept.email, kept.type, kept.archived_on) == ("", partners[0].type, DAY)
        assert session.get(Partner, partners[1].id) is None
        assert session.scalars(select(PartnerInvitation)).one().partner_id == kept.id


def test_a_reminder_leaves_once_a_week_at_most_and_never_after_an_answer(
    database: Database, partners: list[Partner], shared: Link, ask: Ask
) -> None:
    asked = ask(partners[0], shared)
    with database.writing() as session:
        one = session.get_one(PartnerInvitation, asked.invitation.id)
        assert state_of(one) == "prete"
        with pytest.raises(PartnerError, match="d’abord la lettre"):
            note_reminded(session, one, DAY)
        note_sent(session, one, DAY)
        assert (state_of(one), remindable_on(one)) == ("attend", DAY + WEEK)
        with pytest.raises(PartnerError, match="17"):
            note_reminded(session, one, DAY + WEEK - timedelta(days=1))
        note_reminded(session, one, DAY + WEEK)
        assert (state_of(one), one.reminders) == ("relance", 1)
        with pytest.raises(PartnerError, match="par semaine"):
            note_reminded(session, one, DAY + WEEK)
        note_reminded(session, one, DAY + 2 * WEEK)
        assert one.sent_on == DAY
        note_told(session, one, DAY + 2 * WEEK, has_answered=True)
        assert (state_of(one), remindable_on(one)) == ("commun", None)
        with pytest.raises(PartnerError, match="déjà répondu"):
            note_reminded(session, one, DAY + 4 * WEEK)
        note_told(session, one, DAY, has_answered=False)
        assert state_of(one) == "relance"


def test_an_answer_is_signed_once_and_its_erasure_shows(
    database: Database,
    keys: Keys,
    partners: list[Partner],
    shared: Link,
    ask: Ask,
    sender: Sender,
    tmp_path: Path,
) -> None:
    asked = ask(partners[0], shared)
    with database.writing() as session:
        outcome = record(session, keys, sender.build(shared))
        assert outcome.response_id
        assert note_answer(session, asked.invitation.id, outcome.response_id, DAY)
    other = sender.send(shared)
    assert other.response_id
    with database.writing() as session:
        assert not note_answer(session, asked.invitation.id, other.response_id, DAY)
    signed = read(database, asked)
    assert (state_of(signed), signed.response_id) == ("repondu", outcome.response_id)
    with database.reading() as session:
        everyone = queries.standings(session, shared.organisation_id, shared.id)
        assert queries.counts(session, everyone) == {shared.id: (1, 1, 0, 2, 1)}
    with database.writing() as session:
        assert erase(session, tmp_path, outcome.response_id, DAY)
    erased = read(database, asked)
    assert (state_of(erased), erased.answered_on, erased.response_id) == ("effacee", DAY, None)
    assert remindable_on(erased) is None
    with database.writing() as session:
        assert not note_answer(session, asked.invitation.id, other.response_id, DAY)


def test_two_colleagues_at_once_sign_one_answer(
    database: Database, keys: Keys, partners: list[Partner], shared: Link, ask: Ask, sender: Sender
) -> None:
    asked = ask(partners[0], shared)
    answers = [sender.send(shared).response_id for _ in range(6)]
    barrier, won = Barrier(len(answers)), []

    def sign(response_id: object) -> None:
        barrier.wait()
        with database.writing() as session:
            won.append(note_answer(session, asked.invitation.id, response_id, DAY))  # type: ignore[arg-type]

    threads = [Thread(target=sign, args=(one,)) for one in answers]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(won) == [False] * 5 + [True]


def test_who_waits_for_a_week_is_counted_by_campaign_and_within_reach(
    database: Database, partners: list[Partner], shared: Link, ask: Ask
) -> None:
    everywhere = Reach(shared.organisation_id)

    def waiting(day: date, reach: Reach = everywhere) -> dict[object, int]:
        with database.reading() as session:
            return dict(queries.to_remind(session, reach, day))

    asked = [ask(partner, shared) for partner in partners]
    assert waiting(DAY + 9 * WEEK) == {}
    with database.writing() as session:
        for one in asked:
            note_sent(session, session.get_one(PartnerInvitation, one.invitation.id), DAY)
    assert waiting(DAY + WEEK - timedelta(days=1)) == {}
    assert waiting(DAY + WEEK) == {shared.campaign_id: 3}
    with database.writing() as session:
        note_reminded(
            session, session.get_one(PartnerInvitation, asked[0].invitation.id), DAY + WEEK
        )
        archive(session, session.get_one(Partner, partners[1].id), DAY, archived=True)
    assert waiting(DAY + WEEK) == {shared.campaign_id: 1}
    assert waiting(DAY + 2 * WEEK) == {shared.campaign_id: 2}
    nowhere = Reach(shared.organisation_id, frozenset())
    assert waiting(DAY + 2 * WEEK, nowhere) == {}
    with database.reading() as session:
        assert queries.invitations_of(session, nowhere, partners[0].id) == {}
        assert queries.askings(session, nowhere, DAY) == []
