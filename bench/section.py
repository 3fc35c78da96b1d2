"""The bilan over few and many answers: composed, drawn, sealed, checked; time, memory, and ratio.

    python -m bench.section FOLDER [--small 1000] [--large 100000] [--testimonies 500] [--runs 5]

FOLDER keeps both structures for the next run: 100,000 answers take minutes to write. Each has the
same number of testimonies, and last year’s bilan sealed. Each step runs in a process of its own,
the two structures in turns: the median of its runs, and the most memory that the process held.
What would change a structure is rolled back. A large demonstration has sixty lieux, a small one
one: what grows may grow with them.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from sqlite3 import connect
from statistics import median
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from sqlalchemy import event, select

from app.bilan.composing import compose
from app.bilan.drafting import create_bilan
from app.bilan.frames import Frame
from app.bilan.models import Bilan
from app.bilan.sealing import seal, section_of, verify
from app.db import Database
from app.indicators.accompanied import GROUPS, Count, note_accompanied
from app.indicators.period import Period
from app.organisations.models import Organisation, Person
from app.organisations.queries import Reach
from app.organisations.roles import RESPONSABLE
from app.responses.actions import erase
from app.responses.models import Response
from bench.server import Running, demonstration
from bench.testimonies import Filling
from config import Settings

if TYPE_CHECKING:
    from uuid import UUID

    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

    from app.documents.section import Section
    from config import Keys

DOCUMENTS = ("odt", "docx", "pdf", "html", "ods")
MEGABYTE = 1_000_000
TODAY = date.today()  # noqa: DTZ011
#: The year being written, and the one that is over.
THIS, LAST = (Period(f"{year}-01", f"{year}-12") for year in (TODAY.year, TODAY.year - 1))


class Spent(NamedTuple):
    """Be milliseconds: on the clock, and of the processor, the same on a busy machine."""

    wall: float
    cpu: float


class RollBackError(Exception):
    """Leave a structure as it was."""


@dataclass(frozen=True, slots=True)
class Structure:
    """Be a structure that is looked at from inside, without a server."""

    settings: Settings
    keys: Keys
    database: Database
    reach: Reach
    person_id: UUID

    @staticmethod
    def within(folder: Path, url: str = "") -> Structure:
        """Return the structure of a folder, or of another database that holds the same rows."""
        settings = Settings.from_environment({"RECUEIL_DATA": str(folder)})
        if url:
            settings = replace(settings, database_url=url)
        database = Database(settings.database_url)
        with database.reading() as session:
            found = session.scalars(select(Organisation.id)).one()
            mine = (Person.organisation_id == found, Person.role == RESPONSABLE)
            by = session.scalars(select(Person.id).where(*mine)).first()
        assert by
        return Structure(settings, settings.keys(), database, Reach(found), by)

    def bilan(self, session: Session, period: Period) -> Bilan:
        """Return the first bilan of a year."""
        months = (Bilan.first_month == period.first, Bilan.last_month == period.last)
        return session.scalars(select(Bilan).where(*months).order_by(Bilan.id)).one()

    def section(self) -> Section:
        """Return the section of this year, composed."""
        with self.database.reading() as session:
            bilan = self.bilan(session, THIS)
            return compose(session, self.keys, self.reach, bilan, TODAY)

    def sealed(self, session: Session, period: Period) -> None:
        """Seal the bilan of a year."""
        bilan = self.bilan(session, period)
        seal(session, self.keys, self.reach, bilan, self.person_id, TODAY, reread=True)


def prepared(folder: Path, responses: int, testimonies: int) -> Path:
    """Return the folder of a structure with so many answers, made now or by a former run."""
    running = Running(folder / str(responses))
    said, ready = running.folder / "said.txt", running.folder / "ready.txt"
    if not said.exists():
        said.parent.mkdir(parents=True, exist_ok=True)
        known = demonstration(running, responses)
        said.write_text("\n".join(f"{name} {value}" for name, value in known.items()), "utf-8")
    if not ready.exists():
        with closing(connect(running.folder / "recueil.sqlite3")) as database, database:
            database.execute("UPDATE organisation SET is_demo = 0")
        Filling(running.folder).fill(testimonies)
        _complete(Structure.within(running.folder), responses)
        ready.write_text("", "utf-8")
    return running.folder


def _complete(structure: Structure, responses: int) -> None:
    """Say who was accompanied, and seal the bilan of last year."""
    profile = {
        question: dict.fromkeys(codes, responses // len(codes))
        for question, codes in GROUPS.items()
    }
    count = Count(people=responses, profile=profile, source="coop")
    id_ = structure.reach.organisation_id
    with structure.database.writing() as session:
        note_accompanied(session, id_, id_, THIS, count, structure.person_id, TODAY)
        create_bilan(session, structure.reach, Frame(LAST), structure.person_id, TODAY)
    with structure.database.writing() as session:
        structure.sealed(session, LAST)


def composing(structure: Structure) -> Spent:
    """Compose the section of this year."""
    return _timed(structure.section)


def writing(_: Structure, kind: str, section: Section) -> Spent:
    """Write one document."""
    return _timed(partial(_writer(kind), section))


def _writer(kind: str) -> Callable[[Section], object]:
    if kind == "ods":
        from app.documents.sheets import write_figures

        return lambda section: write_figures(section, "ods").close()
    if kind == "odt":
        from app.documents.odt import write_odt

        return write_odt
    if kind == "docx":
        from app.documents.docx import write_docx

        return write_docx
    from app.documents.printing import page_of, write_pdf

    return write_pdf if kind == "pdf" else page_of


def sealing(structure: Structure) -> Spent:
    """Seal the bilan of this year, then leave everything as it was."""
    return _and_back(structure, lambda session: structure.sealed(session, THIS))


def reading(structure: Structure) -> Spent:
    """Read the sealed bilan of last year, as its page does."""
    with structure.database.reading() as session:
        bilan = structure.bilan(session, LAST)
        given = (session, structure.keys, structure.reach, bilan, TODAY)
        return _timed(lambda: section_of(*given))


def verifying(structure: Structure) -> Spent:
    """Verify the sealed bilan of last year."""
    with structure.database.reading() as session:
        return _timed(partial(_verify, structure, session, erased=0))


def verifying_after(structure: Structure) -> Spent:
    """Verify it once an answer of each of its months was erased, then leave it as it was."""

    def erased(session: Session) -> None:
        for month in LAST.months:
            mine = Response.day.between(date.fromisoformat(f"{month}-01"),
                                        date.fromisoformat(f"{month}-28"))  # fmt: skip
            one = session.scalars(select(Response.id).where(mine).limit(1)).one()
            erase(session, structure.settings.data, one, TODAY)

    check = partial(_verify, structure, erased=len(LAST.months))
    return _and_back(structure, check, before=erased)


def _verify(structure: Structure, session: Session, erased: int) -> None:
    proof = verify(session, structure.keys, structure.bilan(session, LAST), TODAY)
    assert proof
    assert not proof.altered
    assert proof.since.erased == erased, proof.since


def _and_back(
    structure: Structure,
    act: Callable[[Session], None],
    before: Callable[[Session], None] = lambda _: None,
) -> Spent:
    spent = Spent(0, 0)
    try:
        with structure.database.writing() as session:
            before(session)
            spent = _timed(lambda: act(session))
            raise RollBackError  # noqa: TRY301
    except RollBackError:
        return spent


def _timed(act: Callable[[], object]) -> Spent:
    began, used = time.perf_counter(), time.process_time()
    act()
    return Spent(1000 * (time.perf_counter() - began), 1000 * (time.process_time() - used))


STEPS: Mapping[str, Callable[[Structure], Spent]] = MappingProxyType(
    {
        "composer": composing,
        "arrêter": sealing,
        "lire, arrêté": reading,
        "vérifier": verifying,
        "… après 12 effacées": verifying_after,
    }
)
PAGE = "page du composeur"


def paged(structure: Structure, runs: int) -> dict[str, Any]:
    """Open the page of this year’s bilan inside this process, and count what it asks for."""
    from app import create_app

    app = create_app(structure.settings)
    client = app.test_client()
    _sign_in(client, structure.settings.data / "said.txt")
    with structure.database.reading() as session:
        address = f"/espace/bilan/{structure.bilan(session, THIS).id}"
    statements: list[str] = []
    engine = app.extensions["database"].engine
    event.listen(engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    body = b""

    def opened() -> None:
        nonlocal body
        statements.clear()
        reply = client.get(address)
        assert reply.status_code == 200, reply.status
        body = reply.data

    opened()
    return {
        "spent": [_timed(opened) for _ in range(runs)],
        "statements": len(statements),
        "bytes": len(gzip.compress(body, 6)),
    }


def _sign_in(client: FlaskClient, said: Path) -> None:
    known = dict(line.split(maxsplit=1) for line in said.read_text("utf-8").splitlines() if line)
    page = client.get("/espace/connexion").text
    email, password, token = (
        re.search(rf'<input[^>]*name="([^"]+)"[^>]*type="{kind}"', page)
        or re.search(rf'<input[^>]*type="{kind}"[^>]*name="([^"]+)"', page)
        for kind in ("email", "password", "hidden")
    )
    value = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert email, page
    assert password
    assert token
    assert value
    secret = known["mot"].removeprefix("de passe").strip()
    form = {token[1]: value[1], email[1]: known["identifiant"], password[1]: secret}
    origin = {"Origin": "http://localhost"}
    client.post("/espace/connexion", data=form, headers=origin)


def alone(folder: Path, step: str, runs: int, url: str) -> dict[str, Any]:
    """Run one step so many times in this process, once more before the clock counts."""
    structure = Structure.within(folder, url)
    if step == PAGE:
        found = paged(structure, runs)
    else:
        act = STEPS.get(step)
        if act is None:
            act = partial(writing, kind=step, section=structure.section())
        act(structure)
        found = {"spent": [act(structure) for _ in range(runs)]}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return {**found, "peak": peak / MEGABYTE}


def _in_a_process(folder: Path, step: str, runs: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.section", str(folder), "--alone", step]
    done = subprocess.run(
        [*command, "--runs", str(runs)], stdout=subprocess.PIPE, check=True, text=True
    )
    return cast("dict[str, Any]", json.loads(done.stdout.splitlines()[-1]))


def main() -> None:
    """Measure both sizes in turns, and print one line a step with its ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--small", type=int, default=1_000)
    parser.add_argument("--large", type=int, default=100_000)
    parser.add_argument("--testimonies", type=int, default=500)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--alone", help="one step, in this process, over the structure of FOLDER")
    parser.add_argument("--url", default="", help="with --alone: another database, same rows")
    given = parser.parse_args()
    if given.alone:
        print(json.dumps(alone(given.folder, given.alone, given.runs, given.url)))
        return
    few, many = (
        prepared(given.folder, size, given.testimonies) for size in (given.small, given.large)
    )
    print(f"{'median, ms':20}{given.small:>16}{given.large:>16}     ratio{'peak MB':>12}  ratio")
    print(f"{'':20}{'clock    cpu':>16}{'clock    cpu':>16}{'clock  cpu':>12}")
    for step in (*STEPS, *DOCUMENTS, PAGE):
        small, large = (_in_a_process(one, step, given.runs) for one in (few, many))
        (wall, cpu), (large_wall, large_cpu) = (
            tuple(median(times) for times in zip(*one["spent"], strict=True))
            for one in (small, large)
        )
        print(
            f"{step:20}{wall:9.0f}{cpu:7.0f}{large_wall:9.0f}{large_cpu:7.0f}"
            f"{large_wall / wall:7.2f}{large_cpu / cpu:5.2f}"
            f"{small['peak']:7.0f}{large['peak']:5.0f}{large['peak'] / small['peak']:7.2f}",
            flush=True,
        )
        if step == PAGE:
            for name, unit in (("statements", "SQL statements"), ("bytes", "bytes, gzip")):
                print(f"  {unit:18}{small[name]:12}{large[name]:12}")


if __name__ == "__main__":
    main()
