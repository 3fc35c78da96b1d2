"""Do what waits, one piece after the other, until it is done or until we are stopped."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Final, cast

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from app.media import ffmpeg, jobs, workshop
from app.media.conversion import UNREADABLE, Made, Unusable, convert
from app.media.models import MediaFile
from app.media.reception import FAILED, READY, WAITING, give_up
from app.media.store import Gone, Store, StoreFull, new_key
from app.web.current import today
from app.web.journal import LOGGER

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.db import Database
    from app.media.limits import Kind

#: Seconds between two looks at what is due, and two renewals of a claim.
PACE: Final = 2.0
RENEWED_EVERY: Final = 45.0
#: Seconds between two rounds of upkeep.
UPKEEP_EVERY: Final = 3600.0
#: How long work waits for what the machine lacks.
WITHOUT_FFMPEG = timedelta(hours=1)
WITHOUT_ROOM = timedelta(minutes=10)

NO_FFMPEG = (
    "En attente : il manque ffmpeg sur le serveur, qui rend lisibles les voix et les films. "
    "Rien n’est perdu. Prévenez la personne qui s’en occupe."
)
NO_ROOM = (
    "En attente : le disque du serveur est plein. Rien n’est perdu. "
    "Prévenez la personne qui s’en occupe."
)
NOT_MADE = (
    "La conversion n’a pas abouti après plusieurs essais. L’original est gardé. "
    "La personne qui s’occupe du serveur peut la relancer : « recueil work --retry »."
)


@dataclass(slots=True)
class Worker:
    """Be one who works: in the server itself, or by `recueil work`."""

    database: Database
    data: Path
    #: Set by whoever wants us to stop; what is being made is given back.
    stop: Event = field(default_factory=Event)
    #: Told after each piece, for who watches.
    tell: Callable[[str], None] = lambda _words: None
    _store: Store = field(init=False)

    def __post_init__(self) -> None:
        self._store = Store(self.data)

    def run(self) -> None:
        """Work until we are stopped; a database that pauses is waited for."""
        upkeep_at = 0.0
        while not self.stop.is_set():
            try:
                if time.monotonic() >= upkeep_at:
                    self.upkeep()
                    upkeep_at = time.monotonic() + UPKEEP_EVERY
                if self.work_once():
                    continue
            except (SQLAlchemyError, OSError) as error:
                LOGGER.error("Travail remis : %s", type(error).__name__)
            self.stop.wait(PACE)

    def upkeep(self) -> None:
        """Throw away what was left half-way: folders, files that nothing names."""
        workshop.clear_abandoned(self.data)
        with self.database.writing() as session:
            given_up = give_up(session, today())
        self._store.forget(*given_up)
        with self.database.reading() as session:
            self._store.sweep_orphans(session)

    def work_once(self) -> bool:
        """Do one piece of work; False when nothing is due."""
        now = jobs.universal_now()
        with self.database.reading() as session:
            if not jobs.is_due(session, now):
                return False
        with self.database.writing() as session:
            claimed = jobs.claim(session, now)
        if claimed is None:
            return False
        self._do(claimed)
        return True

    def _do(self, claimed: jobs.Claimed) -> None:
        with self.database.reading() as session:
            media = session.get(MediaFile, claimed.subject_id)
        if media is None or media.state != WAITING or claimed.kind != jobs.CONVERT:
            with self.database.writing() as session:
                jobs.done(session, claimed)
            return
        if claimed.is_hopeless:
            self._fail(claimed, NOT_MADE)
            return
        try:
            with workshop.workbench(self.data) as folder:
                self._convert(claimed, media, folder)
        except (Unusable, Gone) as error:
            self._fail(claimed, getattr(error, "words", UNREADABLE), keeps_original=False)
        except ffmpeg.Missing:
            self._wait(claimed, NO_FFMPEG, jobs.universal_now() + WITHOUT_FFMPEG)
        except (StoreFull, OSError):
            self._wait(claimed, NO_ROOM, jobs.universal_now() + WITHOUT_ROOM)
        except ffmpeg.Stopped:
            self._wait(claimed, "", jobs.universal_now())
        except Exception as error:  # a decoder of ours that breaks must not stop the others
            LOGGER.error("Conversion : %s", type(error).__name__)
            self._try_again(claimed)

    def _convert(self, claimed: jobs.Claimed, media: MediaFile, folder: Path) -> None:
        if not self._store.has_room(2 * media.size):
            raise StoreFull
        original = folder / "original"
        if self._store.size(media.original) != media.size:  # a piece is missing at its end
            raise Gone
        self._store.copy_to(media.original, original)
        made = convert(original, cast("Kind", media.kind), folder, self._beat(claimed))
        playable, poster = new_key(), new_key() if made.poster else ""
        is_kept = False
        try:
            self._store.put(playable, made.playable)
            if made.poster:
                self._store.put(poster, made.poster)
            with self.database.writing() as session:
                is_kept = _keep(session, claimed, made, playable, poster)
        finally:
            # Erased meanwhile, or made by another: what we made goes.
            self._store.forget(*((media.original,) if is_kept else (playable, poster)))
        self.tell(f"{media.id} · {made.kind} · {READY if is_kept else 'gone'}")

    def _beat(self, claimed: jobs.Claimed) -> ffmpeg.Beat:
        """Return what keeps a claim alive, and says whether to go on."""
        renewed_at = time.monotonic()

        def beat() -> bool:
            nonlocal renewed_at
            if self.stop.is_set():
                return False
            if time.monotonic() - renewed_at < RENEWED_EVERY:
                return True
            renewed_at = time.monotonic()
            with self.database.writing() as session:
                return jobs.renew(session, claimed, jobs.universal_now())

        return beat

    def _fail(self, claimed: jobs.Claimed, words: str, *, keeps_original: bool = True) -> None:
        forgotten = ""
        with self.database.writing() as session:
            media = _held(session, claimed)
            if jobs.done(session, claimed) and media is not None:
                media.state, media.problem = FAILED, words
                if not keeps_original:
                    forgotten, media.original = media.original, ""
        self._store.forget(forgotten)
        self.tell(f"{claimed.subject_id} · {FAILED} · {words}")

    def _try_again(self, claimed: jobs.Claimed) -> None:
        if claimed.attempts >= jobs.MOST_ATTEMPTS:
            self._fail(claimed, NOT_MADE)
            return
        with self.database.writing() as session:
            jobs.fail(session, claimed, jobs.universal_now())

    def _wait(self, claimed: jobs.Claimed, words: str, due_at: datetime) -> None:
        with self.database.writing() as session:
            media = _held(session, claimed)
            jobs.put_off(session, claimed, due_at)
            if media is not None and media.state == WAITING:
                media.problem = words
        if words:
            self.tell(f"{claimed.subject_id} · {WAITING} · {words}")


def retry(session: Session) -> int:
    """Ask again for what could not be made and whose original is here; return how many."""
    failed = session.scalars(
        select(MediaFile).where(MediaFile.state == FAILED, MediaFile.original != "")
    ).all()
    for media in failed:
        media.state, media.problem = WAITING, ""
        jobs.ask(session, jobs.CONVERT, media.id)
    return len(failed)


def _held(session: Session, claimed: jobs.Claimed) -> MediaFile | None:
    """Return the file of a piece of work, held before it: erasing takes them in this order."""
    return session.get(MediaFile, claimed.subject_id, with_for_update=True)


def _keep(session: Session, claimed: jobs.Claimed, made: Made, playable: str, poster: str) -> bool:
    """Write what was made, once; False when nobody waits for it any more."""
    media = _held(session, claimed)
    if not jobs.done(session, claimed) or media is None:
        return False
    media.kind, media.state, media.problem = made.kind, READY, ""
    media.original, media.playable, media.poster = "", playable, poster
    media.content_type, media.seconds = made.content_type, made.seconds
    media.width, media.height = made.width, made.height
    session.flush()
    return True
