"""What the desk does to ask partners: prepare their links, send a letter, remind, note."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort, flash, redirect, request, url_for

from app.organisations.access import note_mine
from app.organisations.guard import reserved_to
from app.organisations.queries import organisation
from app.organisations.roles import TEAM
from app.organisations.sessions import current_member, current_organisation_id, current_reach
from app.partners import actions, queries
from app.partners.actions import PartnerError
from app.partners.edit_desk import mine
from app.partners.letters import letter
from app.partners.models import PartnerInvitation
from app.web import mail
from app.web.current import database, keys, settings, today
from app.web.typography import plural

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from flask import Blueprint
    from sqlalchemy.orm import Session
    from werkzeug.wrappers import Response

    from app.partners.models import Partner
    from app.partners.queries import Asking

_NO_CAMPAIGN = "Choisissez d’abord une campagne partenaire encore ouverte."
_NOT_SENT = "L’e-mail n’a pas pu partir. Copiez la lettre et envoyez-la vous-même."


def routes(parent: Blueprint) -> None:
    """Add what is done to ask partners."""
    one = "/partenaires/<uuid:partner_id>"
    parent.add_url_rule("/partenaires/inviter", view_func=inviter_les_partenaires, methods=["POST"])
    parent.add_url_rule(f"{one}/inviter", view_func=inviter_partenaire, methods=["POST"])
    parent.add_url_rule(f"{one}/lettre", view_func=lettre_partenaire, methods=["POST"])
    parent.add_url_rule(f"{one}/lien-commun", view_func=lien_commun, methods=["POST"])


@reserved_to(*TEAM)
def inviter_les_partenaires() -> Response:
    """Prepare a personal link for every partner that a campaign has not asked."""
    with database().writing() as session:
        asking = _asking(session)
        if asking is None:
            return _sorry(None)
        link_id = asking.link.id
        found = queries.standings(session, current_organisation_id(), link_id)
        free = [
            one.partner
            for one in found[link_id]
            if one.state == "libre" and not one.partner.archived
        ]
        for partner in free:
            actions.invite(session, keys(), partner, asking.link, today())
        campaign_id = asking.campaign.id
        if free:
            note_mine(session, "asked", plural(len(free), "partenaire"))
    flash(f"{plural(len(free), 'lettre prête', 'lettres prêtes')} : ouvrez chaque partenaire.")
    return redirect(url_for("espace.partenaires", campagne=campaign_id, etat="prete"), 303)


@reserved_to(*TEAM)
def inviter_partenaire(partner_id: UUID) -> Response:
    """Prepare the personal link of one partner."""
    try:
        with database().writing() as session:
            partner = mine(session, partner_id)
            asking = _asking(session)
            if asking is None:
                return _sorry(partner_id)
            actions.invite(session, keys(), partner, asking.link, today())
            note_mine(session, "asked", partner.name)
    except PartnerError as error:
        flash(str(error), "alerte")
    return _back(partner_id)


@reserved_to(*TEAM)
def lettre_partenaire(partner_id: UUID) -> Response:
    """Send the letter that comes next, or note that somebody of the team did."""
    by_mail = request.form.get("geste") == "courriel" and may_mail()
    try:
        with database().writing() as session:
            partner = mine(session, partner_id)
            asking = _asking(session)
            invitation = _invitation(session, partner, asking)
            if asking is None or invitation is None:
                return _sorry(partner_id)
            before = (invitation.sent_on, invitation.reminded_on, invitation.reminders)
            written = letter(
                keys(), settings().base_url, partner, asking, invitation, current_member().name
            )
            # Noted before it leaves: two clicks send one e-mail.
            _note(session, partner, invitation, is_reminder=written.is_reminder)
            to, invitation_id = partner.email, invitation.id
    except PartnerError as error:
        flash(str(error), "alerte")
        return _back(partner_id)
    if by_mail and not (to and mail.send(to, written.subject, written.body)):
        _take_back(invitation_id, before)
        flash(_NOT_SENT, "alerte")
    else:
        flash("La lettre est partie." if by_mail else "C’est noté : la lettre est envoyée.")
    return _back(partner_id)


@reserved_to(*TEAM)
def lien_commun(partner_id: UUID) -> Response:
    """Note that a partner says it answered by the shared link, or take that back."""
    has_answered = request.form.get("reprendre") != "oui"
    with database().writing() as session:
        partner = mine(session, partner_id)
        invitation = _invitation(session, partner, _asking(session))
        if invitation is None:
            return _sorry(partner_id)
        actions.note_told(session, invitation, today(), has_answered=has_answered)
    flash("C’est noté : vous ne le relancez plus." if has_answered else "C’est repris.")
    return _back(partner_id)


def may_mail() -> bool:
    """Tell whether letters may leave: nobody writes to the partners of a demonstration."""
    if not mail.can_send():
        return False
    with database().reading() as session:
        return not organisation(session, current_organisation_id()).is_demo


def _asking(session: Session) -> Asking | None:
    """Return the campaign that a form names, while it is open; another's is unknown."""
    typed = request.form.get("campagne", "")
    if not typed:
        return None
    found = queries.askings(session, current_reach(), today())
    asking = next((one for one in found if str(one.campaign.id) == typed), None) or abort(404)
    return asking if asking.is_open else None


def _invitation(
    session: Session, partner: Partner, asking: Asking | None
) -> PartnerInvitation | None:
    if asking is None:
        return None
    return queries.invitations_of(session, current_reach(), partner.id).get(asking.link.id)


def _note(
    session: Session, partner: Partner, invitation: PartnerInvitation, *, is_reminder: bool
) -> None:
    if partner.archived:
        raise PartnerError("partner", "Ce partenaire est archivé : vous ne lui écrivez plus.")
    if is_reminder or invitation.sent_on is not None or invitation.answered_on is not None:
        actions.note_reminded(session, invitation, today())
    else:
        actions.note_sent(session, invitation, today())
    note_mine(session, "asked", partner.name)


def _take_back(invitation_id: UUID, before: tuple[date | None, date | None, int]) -> None:
    with database().writing() as session:
        invitation = session.get_one(PartnerInvitation, invitation_id)
        invitation.sent_on, invitation.reminded_on, invitation.reminders = before


def _sorry(partner_id: UUID | None) -> Response:
    flash(_NO_CAMPAIGN, "alerte")
    return _back(partner_id) if partner_id else redirect(url_for("espace.partenaires"), 303)


def _back(partner_id: UUID) -> Response:
    return redirect(url_for("espace.partenaire", partner_id=partner_id), 303)
