"""The pages of testimonies and partners over few and many of them, and the ratio of the two.

    python -m bench.testimonies FOLDER [--responses 100000] [--small 5] [--large 500] [--runs 15]

FOLDER keeps both structures for the next run. They begin as one demonstration with its answers;
testimonies, quotes, uses and partners are then added through the real functions. The two servers
take turns on each page: what the machine does meanwhile slows both.
"""

from __future__ import annotations

import argparse
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from random import Random
from sqlite3 import connect
from statistics import median
from types import MappingProxyType
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from urllib.request import OpenerDirector, Request, urlopen

from sqlalchemy import select

from app.campaigns.doors import PARTNER_DOORS
from app.campaigns.models import Campaign, Link
from app.db import Database
from app.demonstration.stories import STORIES
from app.organisations.models import Organisation, Person
from app.organisations.queries import Reach, lieux
from app.partners.actions import add_partner, invite, note_sent
from app.questionnaires import load_library
from app.testimonies.actions import keep
from app.testimonies.asking import asked
from app.testimonies.cutting import Stretch, stretches
from app.testimonies.deciding import decide
from app.testimonies.labels import set_label
from app.testimonies.masking import masking_of
from app.testimonies.models import Testimony
from app.testimonies.publications import note_use
from app.testimonies.queries import parts_of
from app.testimonies.quotes import cut, find_quote, masked_text
from app.testimonies.submission import Told
from bench.bilan import sign_in, timed
from bench.server import Running, demonstration
from config import Settings

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy.orm import Session

    from config import Keys

CHOSEN = MappingProxyType(
    {
        **dict.fromkeys(("lieu", "bilan", "financeurs", "public"), "oui"),
        "nom": "prenom",
        "duree": "trois_ans",
    }
)
PAGES: Mapping[str, str] = MappingProxyType(
    {
        "file, à relire": "/espace/temoignages",
        "file, gardés": "/espace/temoignages?statut=valide",
        "file, par critère": "/espace/temoignages?critere=confiance",
        "un nouveau": "/espace/temoignages/{new}",
        "un gardé": "/espace/temoignages/{kept}",
        "citations": "/espace/temoignages/citations",
        "… par critère": "/espace/temoignages/citations?critere=confiance",
        "publications": "/espace/temoignages/publications",
        "partenaires": "/espace/partenaires",
        "tableau de bord": "/espace",
        "indicateurs": "/espace/indicateurs",
    }
)
RECEIPT = "/recu"


class Filling:
    """Add testimonies and partners to the structure of a folder."""

    def __init__(self, folder: Path) -> None:
        settings = Settings.from_environment({"RECUEIL_DATA": str(folder)})
        self.keys: Keys = settings.keys()
        self.database = Database(settings.database_url)
        self.library = load_library(settings.surveys)
        self.random = Random(4)
        self.today = date.today()  # noqa: DTZ011
        with self.database.reading() as session:
            self.organisation_id = session.scalars(
                select(Campaign.organisation_id).join(Organisation)
            ).first()
            assert self.organisation_id
            self.reach = Reach(self.organisation_id)
            self.lieux = [one.id for one in lieux(session, self.reach)]
            mine = Person.organisation_id == self.organisation_id
            self.person_id = session.scalars(select(Person.id).where(mine)).first()

    def fill(self, count: int) -> dict[str, str]:
        """Add so many; return a receipt, and the ids of one to read and of one that is kept."""
        said: dict[str, str] = {}
        for rank in range(count):
            with self.database.writing() as session:
                testimony_id, receipt = self._tell(session, rank)
                if rank % 2:
                    self._read(session, testimony_id, rank)
                said["kept" if rank % 2 else "new"] = str(testimony_id)
                said["recu"] = receipt
        with self.database.writing() as session:
            self._ask(session, count)
        self.database.engine.dispose()
        return said

    def _tell(self, session: Session, rank: int) -> tuple[UUID, str]:
        words = " ".join(one.text for one in self.random.sample(STORIES, 4))
        questions = asked(self.library.interface("fr"), "L’équipe", self.today)
        kept = keep(
            session,
            self.keys,
            Told(
                organisation_id=self.reach.organisation_id,
                lieu_id=self.random.choice(self.lieux),
                origin="personne",
                key=f"banc-{rank}-{self.random.getrandbits(64):016x}",
                day=self.today - timedelta(1 + rank % 300),
                language="fr",
                text=words,
                choices=tuple(
                    one.chosen(CHOSEN[one.scope]) for one in questions if one.scope in CHOSEN
                ),
                signature="Liliane",
                capacity="adulte",
                themes=("confiance",),
            ),
        )
        assert kept.testimony_id is not None
        assert kept.receipt is not None
        return kept.testimony_id, kept.receipt

    def _read(self, session: Session, testimony_id: UUID, rank: int) -> None:
        """Keep it, as somebody of the team does; one in two is quoted, and shown somewhere."""
        testimony, by = session.get_one(Testimony, testimony_id), self.person_id
        assert by
        seen = masking_of(parts_of(session, self.keys, [testimony_id])[testimony_id]).digest
        decide(session, self.keys, testimony, "garder", confirmed=True, seen=seen, today=self.today)
        set_label(session, testimony_id, "confiance", True, by)
        if rank % 4 == 1:
            text = masked_text(session, self.keys, testimony_id)
            chosen = [Stretch(*stretches(text)[0])]
            quote = cut(session, self.keys, testimony, chosen, "confiance", by, self.today)
            shown = find_quote(session, self.keys, self.reach, quote.id, self.today)
            assert shown
            note_use(session, shown, "bilan", f"Bilan, page {rank}", self.today, by)

    def _ask(self, session: Session, count: int) -> None:
        query = select(Link).where(Link.door.in_(PARTNER_DOORS))
        link = session.scalars(query).first()
        for rank in range(count):
            name = f"Partenaire {rank:04}"
            partner = add_partner(
                session, self.reach.organisation_id, name, "autre", today=self.today
            )
            if link is not None and rank % 2:
                note_sent(
                    session, invite(session, self.keys, partner, link, self.today), self.today
                )


def prepared(folder: Path, responses: int, count: int) -> tuple[Running, dict[str, str]]:
    """Return a server over a structure with so many testimonies, made now or by a former run."""
    running, said = Running(folder / str(count)), folder / str(count) / "said.txt"
    if not said.exists():
        base = Running(folder / "base")
        known = dict(_lines(base.folder / "said.txt")) or demonstration(base, responses)
        _write(base.folder / "said.txt", known)
        shutil.copytree(base.folder, running.folder)
        with closing(connect(running.folder / "recueil.sqlite3")) as database, database:
            database.execute("UPDATE organisation SET is_demo = 0")
        _write(said, {**known, **Filling(running.folder).fill(count)})
    return running, dict(_lines(said))


def _lines(file: Path) -> Iterator[tuple[str, str]]:
    if file.exists():
        for line in file.read_text("utf-8").splitlines():
            name, _, value = line.partition(" ")
            yield name, value.strip()


def _write(file: Path, known: Mapping[str, str]) -> None:
    file.write_text("\n".join(f"{name} {value}" for name, value in known.items()), "utf-8")


def looks(running: Running, known: Mapping[str, str]) -> dict[str, Callable[[], float]]:
    """Return, for each page, what opens it and tells the milliseconds."""
    opener: OpenerDirector = sign_in(running, dict(known))
    pages: dict[str, Callable[[], float]] = {
        name: partial(timed, opener, running, page.format(**known)) for name, page in PAGES.items()
    }
    address = f"http://127.0.0.1:{running.port}{RECEIPT}"
    form = urlencode({"code": known["recu"]}).encode()

    def receipt() -> float:
        began = time.perf_counter()
        with urlopen(Request(address, form, {"Origin": address.removesuffix(RECEIPT)})) as reply:
            assert b"enregistrer" in reply.read()
        return 1000 * (time.perf_counter() - began)

    return {**pages, "reçu": receipt}


def main() -> None:
    """Measure both sizes in turns, and print one line a page with its ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--responses", type=int, default=100_000)
    parser.add_argument("--small", type=int, default=5)
    parser.add_argument("--large", type=int, default=500)
    parser.add_argument("--runs", type=int, default=15)
    given = parser.parse_args()
    made = [prepared(given.folder, given.responses, size) for size in (given.small, given.large)]
    for running, _ in made:
        running.start("/healthz")
    try:
        few, many = (looks(running, known) for running, known in made)
        print(f"{'ms, warm':20}{given.small:>8}{given.large:>8}   ratio")
        for name in few:
            few[name](), many[name]()
            pairs = [(few[name](), many[name]()) for _ in range(given.runs)]
            small, large = (median(times) for times in zip(*pairs, strict=True))
            print(f"{name:20}{small:8.1f}{large:8.1f}{large / small:8.2f}", flush=True)
    finally:
        for running, _ in made:
            running.stop()


if __name__ == "__main__":
    main()
