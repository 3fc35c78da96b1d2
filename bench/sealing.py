"""Sealing a bilan once every quarter of twelve lieux left: how long others wait for it.

    python -m bench.sealing FOLDER [--responses 12000] [--runs 3]

FOLDER keeps the structure for the next run, as that of `bench.section`. Each run seals in a copy
of it, where the quarters of two years leave first. Aim: the database held less than 300 ms.
"""

from __future__ import annotations

import argparse
import time
from contextlib import closing, contextmanager
from dataclasses import replace
from itertools import product
from pathlib import Path
from sqlite3 import connect
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.bilan.drafting import create_bilan
from app.bilan.figures import released
from app.bilan.frames import Frame
from app.bilan.sealing import seal_briefly
from app.db import Database
from app.indicators.fixed import FixedPeriod
from app.indicators.freezing import freezable, freeze
from app.indicators.models import Publication
from app.indicators.period import Period
from app.organisations.queries import lieux
from bench.section import THIS, TODAY, Structure, prepared

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

LIEUX = 12


class Timed(Database):
    """Remember how long each writer held the database."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.held: list[float] = []

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Yield a session that writes, and count its milliseconds until the commit."""
        with super().writing() as session:
            began = time.perf_counter()
            yield session
        self.held.append(1000 * (time.perf_counter() - began))


def _fill_the_ledger(structure: Structure) -> None:
    """Freeze every closed month, then publish each quarter of two years, of twelve lieux."""
    mine = structure.reach.organisation_id
    with structure.database.writing() as session:
        if waiting := freezable(session, mine, TODAY):
            freeze(session, mine, waiting[-1], structure.person_id, TODAY)
    with structure.database.reading() as session:
        places = [one.id for one in lieux(session, structure.reach)][:LIEUX]
    for year, rank in product((TODAY.year - 1, TODAY.year), range(1, 5)):
        quarter = FixedPeriod(year, rank)
        for place in (None, *places):
            with structure.database.writing() as session:
                frame = Frame(Period(quarter.first, quarter.last), (place,) if place else ())
                bilan = create_bilan(session, structure.reach, frame, structure.person_id, TODAY)
                ledger = released(session, structure.reach, bilan).ledger
                assert ledger
                ledger.write(session, TODAY)


def sealed(structure: Structure) -> tuple[float, float, int]:
    """Seal this year in a copy; return milliseconds in all, those held, and lines of the ledger."""
    with TemporaryDirectory() as folder:
        copy = Path(folder) / "recueil.sqlite3"
        source = structure.settings.data / "recueil.sqlite3"
        with closing(connect(source)) as read, closing(connect(copy)) as written:
            read.backup(written)
        database = Timed(f"sqlite:///{copy}")
        alone = replace(structure, database=database)
        _fill_the_ledger(alone)
        with database.reading() as session:
            bilan_id = alone.bilan(session, THIS).id
            lines = session.scalar(select(func.count()).select_from(Publication)) or 0
        database.held.clear()
        began = time.perf_counter()
        given = (alone.keys, alone.reach, bilan_id, alone.person_id, TODAY)
        seal_briefly(database, *given, reread=True)
        spent = 1000 * (time.perf_counter() - began)
        database.engine.dispose()
    return spent, max(database.held), lines


def main() -> None:
    """Seal several times, and print each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--responses", type=int, default=12_000)
    parser.add_argument("--runs", type=int, default=3)
    given = parser.parse_args()
    structure = Structure.within(prepared(given.folder, given.responses, 20))
    for _ in range(given.runs):
        spent, held, lines = sealed(structure)
        print(f"{lines} lines in the ledger: {spent:.0f} ms to seal, {held:.0f} ms held")


if __name__ == "__main__":
    main()
