"""The queue of testimonies: what waits, what was decided, in an order that hides no difficulty."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain, zip_longest
from types import MappingProxyType
from typing import TYPE_CHECKING, cast
from uuid import UUID

from sqlalchemy import String, and_, exists, func, or_, select
from sqlalchemy import cast as sql_cast

from app.campaigns.doors import DOORS
from app.campaigns.models import Link
from app.organisations.models import Person
from app.partners.models import Partner
from app.testimonies.consents import agreements
from app.testimonies.glances import hard_ones, shown_texts
from app.testimonies.models import Testimony, TestimonyLabel
from app.testimonies.queries import is_readable, within
from app.testimonies.recordings import may_be_heard, recordings_of
from app.testimonies.statuses import NEW, STATUSES, TO_MASK, WITHDRAWN, Status
from app.web.typography import plural

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import InstrumentedAttribute, Session

    from app.media.models import MediaFile
    from app.organisations.queries import Reach
    from config import Keys

#: Testimonies of one page.
PAGE = 40
#: Testimonies listed beside the one that is read.
BESIDE = 12
#: The oldest that are sorted by what they seem to say; later ones come after, as they came.
SORTED = 60
#: Signs of a text that its line shows.
EXCERPT = 90
#: How each origin is chosen.
ORIGINS: Mapping[str, str] = MappingProxyType(
    {
        "personne": "Envoyé par la personne",
        "dictee": "Dicté à l’équipe",
        "partenaire": "D’un partenaire",
    }
)
_MEDIA = {"audio": "Message vocal", "video": "Film", "image": "Photo"}


@dataclass(frozen=True, slots=True)
class Asked:
    """Be what the address of the queue asks: a tab, filters, a page."""

    status: Status = NEW
    lieu: UUID | None = None
    campaign: UUID | None = None
    partner: UUID | None = None
    origin: str = ""
    criterion: str = ""
    page: int = 1

    def query(self, **changed: object) -> dict[str, str]:
        """Return the address's own words for this, with some changed."""
        said = {
            "statut": self.status,
            "lieu": self.lieu,
            "campagne": self.campaign,
            "partenaire": self.partner,
            "origine": self.origin,
            "critere": self.criterion,
            **changed,
        }
        return {name: str(value) for name, value in said.items() if value and value != NEW}

    @property
    def is_filtered(self) -> bool:
        """Tell whether something narrows the list."""
        return bool(self.lieu or self.campaign or self.partner or self.origin or self.criterion)

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return the conditions of the filters; the tab is apart."""
        found: list[ColumnElement[bool]] = []
        if self.lieu:
            found.append(Testimony.lieu_id == self.lieu)
        if self.campaign:
            links = select(Link.id).where(Link.campaign_id == self.campaign)
            found.append(Testimony.link_id.in_(links))
        if self.partner:
            found.append(Testimony.partner_id == self.partner)
        if self.origin:
            found.append(Testimony.origin == self.origin)
        if self.criterion:
            found.append(_is_about(self.criterion))
        return found


@dataclass(frozen=True, slots=True)
class Item:
    """Be one line of the queue."""

    id: UUID
    title: str
    #: The title is an excerpt of what was said.
    is_said: bool
    day: date
    where_from: str


@dataclass(frozen=True, slots=True)
class Queue:
    """Be one page of the queue."""

    items: tuple[Item, ...]
    counts: Mapping[Status, int]
    #: Those of the day, which still would tell their author.
    closed: int
    pages: int
    #: The order follows what the texts seem to say.
    is_balanced: bool

    @property
    def has_any(self) -> bool:
        """Tell whether there is any testimony to read or that was read."""
        return any(self.counts.values())


@dataclass(frozen=True, slots=True)
class Around:
    """Be what stands beside a testimony that is read."""

    items: tuple[Item, ...]
    #: Who to read next.
    following: UUID | None


def queue(session: Session, keys: Keys, reach: Reach, asked: Asked, today: date) -> Queue:
    """Return the testimonies that may be read today, for one tab and some filters."""
    readable = is_readable(session, reach, today)
    wanted = and_(within(reach), *asked.conditions())
    counts = _counts(session, and_(wanted, readable))
    closed = session.scalar(select(func.count()).select_from(Testimony).where(wanted, ~readable))
    start = (asked.page - 1) * PAGE
    ids = _ordered(session, keys, and_(wanted, readable), asked.status, start, PAGE)
    return Queue(
        items=_items(session, keys, ids),
        counts=counts,
        closed=closed or 0,
        pages=max(1, -(-counts[asked.status] // PAGE)),
        is_balanced=asked.status == NEW and counts[NEW] > 2,
    )


def around(session: Session, keys: Keys, reach: Reach, testimony: Testimony, today: date) -> Around:
    """Return the first lines of the tab of a testimony, and who follows among those to read."""
    wanted = and_(within(reach), is_readable(session, reach, today))
    new = _ordered(session, keys, wanted, NEW, 0, SORTED)
    status = cast("Status", testimony.status)
    listed = new if status == NEW else _ordered(session, keys, wanted, status, 0, BESIDE)
    return Around(_items(session, keys, listed[:BESIDE]), _after(new, testimony.id))


def _after(ids: Sequence[UUID], testimony_id: UUID) -> UUID | None:
    """Return who follows, or who is first when this one left."""
    if testimony_id not in ids:
        return ids[0] if ids else None
    at = ids.index(testimony_id) + 1
    return ids[at] if at < len(ids) else None


def origin_words(testimony: Testimony, door: str | None, person: str, partner: str) -> str:
    """Say by which way a testimony came."""
    if testimony.origin == "dictee":
        return f"dicté à {person}" if person else "dicté à l’équipe"
    if testimony.origin == "partenaire":
        return partner or "un partenaire"
    known = DOORS.get(door or "")
    return known.label[:1].lower() + known.label[1:] if known else "une page publique"


def origins_of(session: Session, testimonies: Sequence[Testimony]) -> dict[UUID, str]:
    """Say by which way each testimony came."""
    doors = _named(session, Link.id, Link.door, {one.link_id for one in testimonies})
    people = _named(session, Person.id, Person.name, {one.written_by for one in testimonies})
    partners = _named(session, Partner.id, Partner.name, {one.partner_id for one in testimonies})
    return {
        one.id: origin_words(
            one, doors.get(one.link_id), people.get(one.written_by, ""),
            partners.get(one.partner_id, ""),
        )
        for one in testimonies
    }  # fmt: skip


def media_title(files: Sequence[MediaFile]) -> str:
    """Name a testimony without words by what it is: « Message vocal, 48 secondes »."""
    if not files:
        return "Sans texte"
    first = files[0]
    title = _MEDIA.get(first.kind, "Enregistrement")
    if first.seconds is None:
        return title
    minutes, seconds = divmod(first.seconds, 60)
    lasts = f"{minutes} min {seconds:02}" if minutes else plural(seconds, "seconde")
    return f"{title}, {lasts}"


def _is_about(criterion: str) -> ColumnElement[bool]:
    """Return the condition that the team, or the person and not against the team, said so."""
    mine = (TestimonyLabel.testimony_id == Testimony.id, TestimonyLabel.criterion == criterion)
    said = sql_cast(Testimony.themes, String).contains(f'"{criterion}"', autoescape=True)
    return or_(
        exists().where(*mine, TestimonyLabel.holds),
        and_(said, ~exists().where(*mine, ~TestimonyLabel.holds)),
    )


def _counts(session: Session, wanted: ColumnElement[bool]) -> Mapping[Status, int]:
    rows = session.execute(
        select(Testimony.status, func.count()).where(wanted).group_by(Testimony.status)
    )
    found = {row[0]: row[1] for row in rows}
    return {status: found.get(status, 0) for status in STATUSES}


def _ordered(
    session: Session,
    keys: Keys,
    wanted: ColumnElement[bool],
    status: Status,
    start: int,
    size: int,
) -> list[UUID]:
    """Return some ids of a tab: what waits the longest, or what was decided the latest, first."""
    query = select(Testimony.id).where(wanted, Testimony.status == status)
    if status in (NEW, TO_MASK):
        query = query.order_by(Testimony.day, Testimony.id)
    else:
        query = query.order_by(Testimony.day.desc(), Testimony.id)
    if status != NEW or start >= SORTED:
        return list(session.scalars(query.offset(start).limit(size)))
    ids = list(session.scalars(query.limit(max(SORTED, start + size))))
    return (_balanced(session, keys, ids[:SORTED]) + ids[SORTED:])[start : start + size]


def _balanced(session: Session, keys: Keys, ids: list[UUID]) -> list[UUID]:
    """Alternate who seems to tell a difficulty and who does not: neither waits for the other."""
    hard = hard_ones(session, keys, ids)
    pairs = zip_longest(
        (one for one in ids if one in hard), (one for one in ids if one not in hard)
    )
    return [one for one in chain.from_iterable(pairs) if one is not None]


def _items(session: Session, keys: Keys, ids: Sequence[UUID]) -> tuple[Item, ...]:
    rows = session.scalars(select(Testimony).where(Testimony.id.in_(ids))).all()
    found = {one.id: one for one in rows}
    readable = [one.id for one in rows if one.status != WITHDRAWN]
    texts = {
        one: _excerpt(text) for one, text in shown_texts(session, keys, readable).items() if text
    }
    silent = [found[one] for one in readable if one not in texts]
    titles = {**_media_titles(session, silent), **texts}
    origins = origins_of(session, rows)
    return tuple(
        Item(
            one, titles.get(one, "Repris par la personne"), one in texts, found[one].day,
            origins[one],
        )
        for one in ids
    )  # fmt: skip


def _media_titles(session: Session, testimonies: Sequence[Testimony]) -> dict[UUID, str]:
    """Name testimonies without words."""
    if not testimonies:
        return {}
    files = recordings_of(session, [one.id for one in testimonies])
    agreed = agreements(session, testimonies)
    return {
        one.id: media_title(files[one.id] if may_be_heard(agreed[one.id]) else [])
        for one in testimonies
    }


def _excerpt(text: str) -> str:
    line = " ".join(text.split())
    if len(line) <= EXCERPT:
        return line
    cut = line[:EXCERPT]
    whole = cut.rpartition(" ")[0]
    shown = whole if len(whole) * 2 > EXCERPT else cut
    return f"{shown.rstrip(' ,;:')}…"


def _named(
    session: Session,
    key: InstrumentedAttribute[UUID],
    name: InstrumentedAttribute[str],
    ids: set[UUID | None],
) -> dict[UUID | None, str]:
    wanted = [one for one in ids if one is not None]
    if not wanted:
        return {}
    return {row[0]: row[1] for row in session.execute(select(key, name).where(key.in_(wanted)))}
