"""The page that says how many people were accompanied: typed, or counted in La Coop's export."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from app.campaigns.periods import first_day, last_day, offered_months
from app.indicators.accompanied import (
    Count,
    accompanied_of,
    counted,
    every_accompanied,
    forget_accompanied,
    note_accompanied,
    said,
)
from app.indicators.coop_export import Counted, ExportError, read_exports
from app.indicators.fixed import FixedPeriod
from app.indicators.forms import LARGEST_FILES, AccompaniedForm
from app.indicators.models import Accompanied
from app.indicators.period import Period
from app.organisations.access import note_mine
from app.organisations.guard import receives, reserved_to
from app.organisations.queries import Reach, lieux
from app.organisations.roles import TEAM
from app.organisations.sessions import current_member, current_reach
from app.web.current import database, today
from app.web.typography import months, number, plural
from app.web.workbooks import WorkbookError

if TYPE_CHECKING:
    from sqlalchemy.orm import Session
    from werkzeug.datastructures import MultiDict

PAGE = "/espace/indicateurs/accompagnes"
#: Files at their heaviest, and the names of fields before each.
_BODY = LARGEST_FILES + (1 << 20)
EVERYWHERE = "Toute la structure"
#: A lieu that is no more, in what was noted before.
GONE = "Un lieu retiré"


class Shortcut(NamedTuple):
    """Be one period that people often ask for."""

    title: str
    query: str
    is_on: bool


class Noted(NamedTuple):
    """Be one line of what was noted."""

    noted: Accompanied
    place: str
    period: str
    counted: str
    query: str


class Asked(NamedTuple):
    """Be what the page is about: a scope within reach, and some months."""

    reach: Reach
    scope_id: UUID
    #: Titles of what may be chosen, by id.
    places: dict[UUID, str]
    period: Period
    problem: str

    @property
    def place(self) -> str:
        """Return the title of the scope."""
        return self.places[self.scope_id]

    @property
    def lieu(self) -> str:
        """Return the name of the lieu; empty for the structure."""
        return "" if self.scope_id == self.reach.organisation_id else self.place

    @property
    def query(self) -> str:
        """Return what the address asks, after the « ? »."""
        return _query(self.period, self.scope_id, self.reach)


def routes(parent: Blueprint) -> None:
    """Add the page and its forms."""
    page = "/indicateurs/accompagnes"
    parent.add_url_rule(page, view_func=accompagnes)
    parent.add_url_rule(page, view_func=noter_accompagnes, methods=["POST"])
    parent.add_url_rule(f"{page}/effacer", view_func=effacer_accompagnes, methods=["POST"])


@reserved_to(*TEAM)
def accompagnes() -> str | tuple[str, int]:
    """Show what is known of some months and a lieu, and ask for it."""
    asked = _asked(request.args)
    page = _page(asked, AccompaniedForm())
    return (page, 422) if asked.problem else page


@reserved_to(*TEAM)
@receives(_BODY, in_memory=True)
def noter_accompagnes() -> Response | tuple[str, int]:
    """Note the number that was typed, or the one that exports give."""
    asked, form = _asked(request.form), AccompaniedForm()
    if asked.problem:
        return _page(asked, form), 422
    count = _exported(asked, form) if "compter" in request.form else _typed(form)
    if count is None:
        return _page(asked, form), 422
    with database().writing() as session:
        noted = note_accompanied(
            session,
            asked.reach.organisation_id,
            asked.scope_id,
            asked.period,
            count.count,
            current_member().id,
            today(),
        )
        note_mine(session, "counted", f"{asked.place}, {_words(asked.period)}")
        flash(f"C’est noté : {said(noted)}.")
    for remark in _remarks(count):
        flash(remark, "alerte")
    return redirect(f"{PAGE}?{asked.query}", 303)


@reserved_to(*TEAM)
def effacer_accompagnes() -> Response:
    """Erase what was noted of some months and one scope."""
    reach = current_reach()
    form = request.form
    scope_id = _uuid(form.get("lieu", "")) or reach.organisation_id
    with database().writing() as session:
        noted = _exactly(session, reach, scope_id, form) or abort(404)
        period = Period(noted.first_month, noted.last_month)
        forget_accompanied(session, noted)
        note_mine(session, "counted", f"effacé, {_words(period)}")
    flash("Ce nombre est effacé.")
    return redirect(f"{PAGE}?{_query(period, scope_id, reach)}", 303)


def _exactly(
    session: Session, reach: Reach, scope_id: UUID, form: MultiDict[str, str]
) -> Accompanied | None:
    """Return what was noted of these very months, when it is within reach."""
    asked = (scope_id, form.get("de", ""), form.get("a", ""))
    every = every_accompanied(session, reach)
    return next(
        (one for one in every if (one.scope_id, one.first_month, one.last_month) == asked), None
    )


def _typed(form: AccompaniedForm) -> Counted | None:
    people = form.people()
    return None if people is None else Counted(Count(people), 0, 0, 0)


def _exported(asked: Asked, form: AccompaniedForm) -> Counted | None:
    contents = form.contents()
    if not contents:
        return None
    first, last = first_day(asked.period.first), last_day(asked.period.last)
    try:
        return read_exports(contents, first, last, asked.lieu)
    except (ExportError, WorkbookError) as error:
        form.fichiers.errors = [str(error)]
        return None


def _remarks(counted: Counted) -> Iterator[str]:
    """Yield what people should know of a count, one sentence each."""
    if counted.is_lieu_unknown:
        yield (
            "Aucune ligne ne porte le nom de ce lieu : toutes ont été comptées. Si l’export "
            "contient d’autres lieux, filtrez-le dans La Coop, puis recommencez."
        )
    if counted.elsewhere:
        yield f"{_many(counted.elsewhere)} d’un autre lieu : laissés de côté."
    if counted.outside:
        yield f"{_many(counted.outside)} d’une autre période : laissés de côté."
    if counted.undated:
        lines = plural(counted.undated, "ligne")
        yield f"{lines} sans date lisible : Recueil ne sait pas dans quelle période les compter."


def _many(count: int) -> str:
    return plural(count, "accompagnement").replace(str(count), number(count), 1)


def _page(asked: Asked, form: AccompaniedForm) -> str:
    reach = asked.reach
    with database().reading() as session:
        known = accompanied_of(
            session, reach.organisation_id, asked.scope_id, asked.period.first, asked.period.last
        )
        noted = [_line(asked, one) for one in every_accompanied(session, reach)]
    return render_template(
        "indicators/accompagnes.html",
        asked=asked,
        form=form,
        known=known,
        counted=counted,
        words=_words(asked.period),
        shortcuts=list(_shortcuts(asked)),
        months=_months(asked),
        noted=noted,
    )


def _line(asked: Asked, one: Accompanied) -> Noted:
    period = Period(one.first_month, one.last_month)
    place = asked.places.get(one.scope_id, GONE)
    return Noted(
        one, place, _words(period), counted(one), _query(period, one.scope_id, asked.reach)
    )


def _months(asked: Asked) -> list[tuple[str, str]]:
    """Return the months that may be chosen: three years, and those that are asked."""
    period, year = asked.period, today().year
    first, last = date(year - 2, 1, 1), date(year, 12, 1)
    return offered_months(min(first, period.first_day), max(last, period.last_month))


def _asked(told: MultiDict[str, str]) -> Asked:
    """Read what the page is about; what another structure owns, or is out of reach, is unknown."""
    reach = current_reach()
    with database().reading() as session:
        places = {one.id: one.name for one in lieux(session, reach)}
    if reach.lieux is None:
        places = {reach.organisation_id: EVERYWHERE, **places}
    named = told.get("lieu", "")
    scope_id = _uuid(named) if named else next(iter(places), None)
    if scope_id not in places or scope_id is None:
        abort(404)
    usual = _usual()
    try:
        period, problem = Period(told.get("de") or usual.first, told.get("a") or usual.last), ""
    except ValueError as error:
        period, problem = usual, str(error)
    return Asked(reach, scope_id, places, period, problem)


def _usual() -> Period:
    """Return the year: months to come hold nobody yet."""
    year = FixedPeriod(today().year)
    return Period(year.first, year.last)


def _shortcuts(asked: Asked) -> Iterator[Shortcut]:
    """Yield the years and the quarters that a bilan is made of, the latest first."""
    year, quarter = today().year, (today().month + 2) // 3
    fixed = [FixedPeriod(year), *(FixedPeriod(year, one) for one in range(quarter, 0, -1))]
    for one in (*fixed, FixedPeriod(year - 1)):
        period = Period(one.first, one.last)
        query = _query(period, asked.scope_id, asked.reach)
        yield Shortcut(one.title, query, period == asked.period)


def _query(period: Period, scope_id: UUID, reach: Reach) -> str:
    pairs = [("de", period.first), ("a", period.last)]
    if scope_id != reach.organisation_id:
        pairs.append(("lieu", str(scope_id)))
    return urlencode(pairs)


def _words(period: Period) -> str:
    return months(period.first_day, period.last_month)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
