"""The page of answers: what may be read of them, a page at a time, and the words they share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from sqlalchemy import and_, func, select

from app.campaigns.models import Campaign, Link
from app.campaigns.queries import published
from app.questionnaires import FRENCH
from app.responses.faces import first_face
from app.responses.models import Response, ResponseText
from app.responses.queries import texts_of
from app.responses.readable import is_readable
from app.responses.recurring import Recurring, recurring_words
from app.responses.search import Finder, Piece
from app.responses.texts import decrypt

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from app.organisations.queries import Reach
    from app.responses.filters import Filters
    from config import Keys

#: Answers on a page.
PAGE = 20
#: Latest answers with a comment in which words recur.
LATEST = 1_000
#: Latest answers with a comment that are searched: each must be decrypted, and it shows.
SOUGHT = 20_000
#: Rows read at once.
AT_ONCE = 500
#: A list shows the beginning of a comment.
_SHOWN = 280
#: Inside a day, by random ids.
_ORDER = (Response.day.desc(), Response.id)


class Comment(NamedTuple):
    """Be one free text, decrypted."""

    response_id: UUID
    item: str
    text: str


@dataclass(frozen=True, slots=True)
class Listed:
    """Be one answer of the list."""

    id: UUID
    day: date
    campaign_id: UUID
    door: str
    #: What it chose first, when that was a face: its words, and the face.
    opinion: str
    face: str | None
    #: Its first comment, cut where it has what is sought; empty when it has none.
    comment: Sequence[Piece]
    #: The comment goes on.
    is_cut: bool


@dataclass(frozen=True, slots=True)
class Listing:
    """Be one page of the list, and what is known of the whole."""

    answers: Sequence[Listed]
    #: How many may be read, with and without a comment, whatever is sought.
    readable: int
    commented: int
    #: How many wait for tomorrow, or for others.
    closed: int
    #: How many the list goes through: those sought.
    found: int
    page: int
    words: Sequence[Recurring]
    #: How many comments, the oldest, were too many to be searched.
    unsought: int

    @property
    def pages(self) -> int:
        """Return how many pages there are."""
        return max(1, -(-self.found // PAGE))


def listing(
    session: Session, keys: Keys, reach: Reach, filters: Filters, today: date, page: int
) -> Listing:
    """Return a page of the answers asked for, the latest day first.

    Inside a day the order is that of random ids: it tells nothing.
    """
    asked = filters.within(reach)
    open_today = is_readable(session, reach.organisation_id, today)
    may_read = and_(asked, open_today)
    # Only answers of the day may be closed: the months before are not looked at one by one.
    this_month = replace(filters, first=max(filters.first, f"{today:%Y-%m}")).within(reach)
    closed, closed_commented = _counted(
        session, and_(this_month, Response.day >= today, ~open_today)
    )
    there, there_commented = _counted(session, asked)
    readable, commented = there - closed, there_commented - closed_commented
    if filters.finder.is_idle:
        wanted = and_(may_read, Response.commented) if filters.commented else may_read
        found = commented if filters.commented else readable
        page = _within(page, found)
        ids = list(_ids(session, wanted, page))
    else:
        sought = list(_sought(session, keys, may_read, filters.finder))
        found = len(sought)
        page = _within(page, found)
        ids = sought[(page - 1) * PAGE : page * PAGE]
    latest = _comments(session, keys, and_(may_read, _recurs(filters)), LATEST)
    return Listing(
        _listed(session, keys, ids, filters.finder),
        readable,
        commented,
        closed,
        found,
        page,
        recurring_words(one.text for one in latest),
        0 if filters.finder.is_idle else max(0, commented - SOUGHT),
    )


def _recurs(filters: Filters) -> ColumnElement[bool]:
    """Return the condition on the answers in which words recur.

    The empty words we know are French, and the words of partners are not mixed with the public's.
    """
    in_french = Response.language == FRENCH
    if filters.is_about_partners:
        return in_french
    theirs = select(Link.id).where(Link.campaign_id.in_(filters.partners))
    return and_(in_french, Response.link_id.not_in(theirs))


def count_of(session: Session, wanted: ColumnElement[bool]) -> int:
    """Count responses, by a condition on them joined to their link and campaign."""
    query = select(func.count()).select_from(Response).join(Link, Response.link_id == Link.id)
    query = query.join(Campaign, Link.campaign_id == Campaign.id).where(wanted)
    return session.scalar(query) or 0


def _within(page: int, found: int) -> int:
    return min(max(page, 1), max(1, -(-found // PAGE)))


def _counted(session: Session, wanted: ColumnElement[bool]) -> tuple[int, int]:
    """Count responses, and those with a comment, in their index alone."""
    commented = func.count().filter(Response.commented)
    query = select(func.count(), commented).select_from(Response).where(wanted)
    answers, with_comment = session.execute(query).one()
    return answers, with_comment


def _ids(session: Session, wanted: ColumnElement[bool], page: int) -> Sequence[UUID]:
    query = select(Response.id).where(wanted).order_by(*_ORDER)
    return session.scalars(query.limit(PAGE).offset((page - 1) * PAGE)).all()


def _sought(
    session: Session, keys: Keys, wanted: ColumnElement[bool], finder: Finder
) -> Iterator[UUID]:
    """Yield the answers whose words hold what is sought, read one by one in memory."""
    latest: UUID | None = None
    for comment in _comments(session, keys, wanted, SOUGHT):
        if comment.response_id != latest and finder.finds(comment.text):
            latest = comment.response_id
            yield latest


def _comments(
    session: Session, keys: Keys, wanted: ColumnElement[bool], most: int
) -> Iterator[Comment]:
    """Yield the comments of some answers, the latest day first."""
    columns = (Response.id, Response.day)
    found = select(*columns).where(wanted, Response.commented).order_by(*_ORDER).limit(most)
    latest = found.subquery()
    query = (
        select(latest.c.id, ResponseText.item, ResponseText.ciphertext)
        .join(ResponseText, ResponseText.response_id == latest.c.id)
        .order_by(latest.c.day.desc(), latest.c.id, ResponseText.item)
        .execution_options(yield_per=AT_ONCE)
    )
    for response_id, item, sealed in session.execute(query):
        yield Comment(response_id, item, decrypt(keys, response_id, item, sealed))


def _listed(session: Session, keys: Keys, ids: Sequence[UUID], finder: Finder) -> list[Listed]:
    """Return some answers as the list shows them, in the order given."""
    texts = texts_of(session, keys, list(ids))
    columns = (
        *(Response.id, Response.day, Link.campaign_id, Link.door),
        *(Response.version, Response.wave, Response.answers),
    )
    query = select(*columns).join(Link, Response.link_id == Link.id).where(Response.id.in_(ids))
    found = {}
    for response_id, day, campaign_id, door, version, wave, answers in session.execute(query):
        questionnaire = published(session, version)
        order = list(questionnaire.questions)
        opinion, face = first_face(questionnaire, wave, answers)
        first = _first(texts[response_id], order, finder)
        pieces, is_cut = _beginning(finder.pieces(first))
        found[response_id] = Listed(
            response_id, day, campaign_id, door, opinion, face, pieces, is_cut
        )
    return [found[response_id] for response_id in ids]


def _first(texts: Mapping[str, str], order: Sequence[str], finder: Finder) -> str:
    """Return the first comment that holds what is sought, in the order of the questions."""
    ranks = {item: rank for rank, item in enumerate(order)}
    ordered = sorted(texts, key=lambda item: ranks.get(item, len(ranks)))
    return next((texts[item] for item in ordered if finder.finds(texts[item])), "")


def _beginning(pieces: Sequence[Piece]) -> tuple[list[Piece], bool]:
    """Return the beginning of a comment, from a little before what is sought."""
    before = 0
    if len(pieces) > 1 and not pieces[0].is_found and len(pieces[0].text) > _SHOWN // 2:
        before = len(pieces[0].text) - _SHOWN // 4
    shown, room = [], _SHOWN
    for rank, piece in enumerate(pieces):
        text = piece.text[before if rank == 0 else 0 :][:room]
        room -= len(text)
        if text:
            shown.append(Piece(text, piece.is_found))
    if before:
        shown[0] = Piece(f"[…] {shown[0].text}", is_found=False)
    length = sum(len(piece.text) for piece in pieces)
    return shown, length - before > _SHOWN
