"""What was taken from people who sign in after a backup does not come back with it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.backup.cli import restore as restore_command
from app.backup.restoring import restore_archive
from app.backup.writing import write_archive
from app.db import Database
from app.organisations import actions, team, withdrawals
from app.organisations.models import Coordination, Invitation, Organisation, Person
from app.organisations.passwords import is_password
from app.organisations.roles import MEDIATEUR
from app.organisations.withdrawals import Withdrawn, read
from config import Keys, Settings
from tests.backup.test_backup import NewPlace, new_place  # noqa: F401

FORMER, CHOSEN = "moulin cerise tabouret", "lampe tortue violon"
ELSEWHERE = pytest.mark.parametrize(
    "elsewhere", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]
)


@pytest.fixture
def team_of(
    database: Database, settings: Settings, keys: Keys, organisation: Organisation
) -> dict[str, Person]:
    """Return the people of a structure and a coordinatrice who reads its results."""
    withdrawals.watch(database, settings.data)
    people = {}
    with database.writing() as session:
        for name in ("sam", "yann", "lou"):
            role = (organisation.id, f"{name}@fil.example", name, MEDIATEUR)
            if name == "lou":
                people[name], _ = team.share_with(session, keys, organisation.id, role[1], name)
            else:
                people[name] = actions.create_person(session, *role)
            actions.set_password(session, people[name], FORMER)
    return people


def _take(database: Database, keys: Keys, people: dict[str, Person], organisation: Organisation,
          *, back: bool = False) -> None:  # fmt: skip
    """Close an access, replace a password, share no more; then give it all back."""
    with database.writing() as session:
        sam, yann, lou = (session.get_one(Person, people[one].id) for one in ("sam", "yann", "lou"))
        actions.disable(session, sam)
        actions.set_password(session, yann, CHOSEN)
        team.stop_sharing(session, organisation.id, lou.id)
        session.flush()
        if back:
            team.reopen_access(session, sam)
            team.share_with(session, keys, organisation.id, lou.email, "")


@ELSEWHERE
@pytest.mark.parametrize("source", ["machine", "archive"])
def test_what_was_taken_after_the_backup_is_taken_again(
    elsewhere: str, source: str, database: Database, settings: Settings, keys: Keys,
    organisation: Organisation, team_of: dict[str, Person], new_place: NewPlace,  # noqa: F811
    tmp_path: Path,
) -> None:  # fmt: skip
    """Told by the file of the machine, or by that of the archive, read after its rows."""
    if source == "machine":
        write_archive(database, keys, settings.data, tmp_path / "a.zip")
    else:
        _write_between(database, keys, settings, organisation, team_of, tmp_path / "a.zip")
    with database.writing() as session:
        yann = session.get_one(Person, team_of["yann"].id)
        actions.let_choose_again(session, keys, yann)
    if source == "machine":
        _take(database, keys, team_of, organisation)
    there, restored = new_place(elsewhere)
    if source == "machine":
        shutil.copy(settings.data / withdrawals.NAME, there.data)
    _, buried = restore_archive(restored, there, keys, tmp_path / "a.zip")
    assert buried.withdrawn == Withdrawn(accesses=1, shared=1, passwords=1)
    assert read(there.data) == read(settings.data) != []
    with restored.reading() as session:
        found = {one.name: one for one in session.scalars(select(Person)) if one.name in team_of}
        assert [found[name].active for name in ("sam", "yann", "lou")] == [False, True, True]
        assert not is_password(found["yann"].password_hash, FORMER)
        assert is_password(found["lou"].password_hash, FORMER)
        assert session.scalar(select(func.count()).select_from(Coordination)) == 0
        waiting = session.scalars(select(Invitation.person_id)).all()
        assert not {found["sam"].id, found["yann"].id} & set(waiting)
        # Above what a cookie of before, or of after, may hold.
        assert found["yann"].session_epoch == 3
        assert found["lou"].session_epoch == team_of["lou"].session_epoch + 1


def _write_between(
    database: Database, keys: Keys, settings: Settings, organisation: Organisation,
    people: dict[str, Person], file: Path,
) -> None:  # fmt: skip
    """Write an archive whose rows were read before, and whose files were copied after."""
    with pytest.MonkeyPatch.context() as patched:
        from app.backup import writing

        grown, done = writing._grown, list[str]()

        def take_first(*given: object) -> dict[str, object]:
            if not done:
                done.append("taken")
                _take(database, keys, people, organisation)
            return grown(*given)  # type: ignore[arg-type]

        patched.setattr(writing, "_grown", take_first)
        write_archive(database, keys, settings.data, file)


@ELSEWHERE
def test_what_the_archive_knows_is_left_as_it_is(
    elsewhere: str, database: Database, settings: Settings, keys: Keys,
    organisation: Organisation, team_of: dict[str, Person], new_place: NewPlace,  # noqa: F811
    tmp_path: Path,
) -> None:  # fmt: skip
    """A password chosen before the backup stays; what was given back before it stays given."""
    _take(database, keys, team_of, organisation, back=True)
    write_archive(database, keys, settings.data, tmp_path / "a.zip")
    there, restored = new_place(elsewhere)
    shutil.copy(settings.data / withdrawals.NAME, there.data)
    _, buried = restore_archive(restored, there, keys, tmp_path / "a.zip")
    assert buried.withdrawn == Withdrawn()
    with restored.reading() as session:
        yann = session.get_one(Person, team_of["yann"].id)
        assert is_password(yann.password_hash, CHOSEN)
        assert session.get_one(Person, team_of["sam"].id).active
        assert session.scalar(select(func.count()).select_from(Coordination)) == 1


def test_the_file_says_who_and_which_day_and_nothing_else(
    database: Database, settings: Settings, keys: Keys, organisation: Organisation,
    team_of: dict[str, Person],
) -> None:  # fmt: skip
    _take(database, keys, team_of, organisation)
    text = (settings.data / withdrawals.NAME).read_text("ascii")
    with database.reading() as session:
        hashes = session.scalars(select(Person.password_hash)).all()
    for secret in ("@", FORMER, CHOSEN, "argon", *filter(None, hashes)):
        assert secret not in text
    assert {one.what for one in read(settings.data)} >= {"ferme", "mot-de-passe", "partage-repris"}


def test_the_application_keeps_the_file_and_the_command_says_what_to_do(
    app: Flask, organisation: Organisation, keys: Keys, new_place: NewPlace,  # noqa: F811
    tmp_path: Path,
) -> None:  # fmt: skip
    from app import create_app

    database, data = app.extensions["database"], app.extensions["settings"].data
    with database.writing() as session:
        sam = actions.create_person(session, organisation.id, "s@fil.example", "Sam", MEDIATEUR)
        actions.set_password(session, sam, FORMER)
    write_archive(database, keys, data, tmp_path / "a.zip")
    with database.writing() as session:
        actions.set_password(session, session.get_one(Person, sam.id), CHOSEN)
    there, _ = new_place("sqlite")
    shutil.copy(data / withdrawals.NAME, there.data)
    other = create_app(there)
    done = other.test_cli_runner().invoke(restore_command, [str(tmp_path / "a.zip")])
    other.extensions["database"].engine.dispose()
    assert done.exit_code == 0, done.output
    assert "Mots de passe remplacés depuis, et de nouveau : 1" in done.stderr
    assert "recueil organisations invite EMAIL" in done.stderr
