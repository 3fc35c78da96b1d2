"""Pages of the desk: the partners, who was asked, who answered, and one of them in full."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from flask import abort, render_template, request

from app.organisations.access import note_mine
from app.organisations.guard import reserved_to
from app.organisations.roles import TEAM
from app.organisations.sessions import current_member, current_reach
from app.partners import asking_desk, edit_desk, queries
from app.partners.edit_desk import mine
from app.partners.letters import Letter, letter
from app.partners.retention import contact_until
from app.partners.standing import ANSWERED, STATES, WAITING, Standing, remindable_on
from app.partners.tokens import personal_address
from app.partners.types import short_name, type_names
from app.responses.fiche import Fiche, fiche
from app.responses.queries import response_in_full
from app.web.current import database, keys, library, settings, today
from app.web.pictograms import drawing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from flask import Blueprint
    from sqlalchemy.orm import Session

    from app.partners.models import Partner
    from app.partners.queries import Asking

#: What may be asked to see, by the words of an address.
SHOWN: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "libre": ("à solliciter", ("libre",)),
    "prete": ("lettre à envoyer", ("prete",)),
    "attend": ("sans réponse", WAITING),
    "repondu": ("ont répondu", ANSWERED),
}
ARCHIVED = "archives"


def routes(parent: Blueprint) -> None:
    """Add the pages of partners to the desk."""
    parent.add_url_rule("/partenaires", view_func=partenaires)
    parent.add_url_rule("/partenaires/<uuid:partner_id>", view_func=partenaire)
    edit_desk.routes(parent)
    asking_desk.routes(parent)


class Line(NamedTuple):
    """Be one campaign on the page of a partner, and what may be done there."""

    asking: Asking
    standing: Standing
    address: str
    letter: Letter | None
    #: The first day of the next reminder, while it is too soon.
    not_before: date | None
    #: What was answered, in full: the organisation signed it.
    answer: Fiche | None


@reserved_to(*TEAM)
def partenaires() -> str:
    """Show every partner beside one campaign: who was asked, who answered."""
    reach, day = current_reach(), today()
    with database().reading() as session:
        askings = queries.askings(session, reach, day)
        asking = _chosen(askings)
        link_id = asking.link.id if asking else None
        links = {link_id, *(one.link.id for one in askings)}
        found = queries.standings(session, reach.organisation_id, *links)
        counts = queries.counts(session, found)
    everyone = found[link_id]
    state = request.args.get("etat", "")
    state = state if state in (*SHOWN, ARCHIVED) else ""
    return render_template(
        "partners/liste.html",
        askings=askings,
        asking=asking,
        others=[(one, counts[one.link.id]) for one in askings if one is not asking],
        count=counts.get(link_id),
        everyone=_listed(everyone, ""),
        shown=_listed(everyone, state),
        archived=_listed(everyone, ARCHIVED),
        state=state,
        SHOWN=SHOWN,
        types=_types(),
    )


def _listed(everyone: list[Standing], state: str) -> list[Standing]:
    """Return those to show: an archived partner stays beside what it was asked."""
    if state == ARCHIVED:
        return [one for one in everyone if one.partner.archived]
    wanted = SHOWN[state][1] if state else tuple(STATES)
    here = (one for one in everyone if one.invitation or not one.partner.archived)
    return [one for one in here if one.state in wanted]


@reserved_to(*TEAM)
def partenaire(partner_id: UUID) -> str:
    """Show one partner: its personal links, its letters, its answers in full."""
    with database().reading() as session:
        partner = mine(session, partner_id)
        since = partner.archived_on or today()
        until = contact_until(session, partner.organisation_id, since)
        lines = list(_lines(session, partner))
    if any(line.answer for line in lines):
        with database().writing() as session:
            note_mine(session, "read", "les réponses d’un partenaire")
    return render_template(
        "partners/partenaire.html",
        partner=partner,
        contact_until=until,
        lines=lines,
        types=_types(),
        may_mail=bool(partner.email) and asking_desk.may_mail(),
        drawing=drawing,
    )


def _lines(session: Session, partner: Partner) -> Iterator[Line]:
    """Yield the campaigns that asked a partner, or may ask it."""
    reach, day = current_reach(), today()
    known = queries.invitations_of(session, reach, partner.id)
    for asking in queries.askings(session, reach, day):
        standing = Standing(partner, known.get(asking.link.id))
        if standing.invitation is not None or (asking.is_open and not partner.archived):
            yield _line(session, asking, standing, day)


def _line(session: Session, asking: Asking, standing: Standing, day: date) -> Line:
    invitation = standing.invitation
    if invitation is None:
        return Line(asking, standing, "", None, None, None)
    is_waited = asking.is_open and standing.state not in ANSWERED and not standing.partner.archived
    soonest = remindable_on(invitation)
    base_url = settings().base_url
    return Line(
        asking,
        standing,
        personal_address(base_url, keys(), invitation.id),
        letter(keys(), base_url, standing.partner, asking, invitation, current_member().name)
        if is_waited
        else None,
        soonest if soonest and day < soonest else None,
        _answer(session, invitation.response_id),
    )


def _answer(session: Session, response_id: UUID | None) -> Fiche | None:
    """Return what a partner signed: it waits for nobody else, since it says who it is."""
    if response_id is None:
        return None
    full = response_in_full(session, keys(), current_reach(), response_id)
    return fiche(session, full) if full else None


def _chosen(askings: list[Asking]) -> Asking | None:
    """Return the campaign that is looked at: the one asked for, else an open one, else the last."""
    typed = request.args.get("campagne", "")
    if typed:
        found = (one for one in askings if str(one.campaign.id) == typed)
        return next(found, None) or abort(404)
    return next((one for one in askings if one.is_open), askings[0] if askings else None)


def _types() -> Mapping[str, str]:
    return {code: short_name(name) for code, name in type_names(library()).items()}
