"""Réglages → Équipe: who enters, what each may do, where, and no longer."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.organisations import actions, letters, people, queries, team
from app.organisations.access import note_mine
from app.organisations.actions import OrganisationError
from app.organisations.forms import ColleagueForm, PlaceForm
from app.organisations.guard import closed_in_visit, reserved_to
from app.organisations.models import Person
from app.organisations.people import Colleague
from app.organisations.rights import RIGHTS
from app.organisations.roles import NAMES, RESPONSABLE
from app.organisations.sessions import current_member, current_organisation_id, current_reach
from app.web.current import database, keys, today


@dataclass(frozen=True, slots=True)
class _Shown:
    """Be somebody whose page is open, with what their form is filled with."""

    colleague: Colleague
    form: PlaceForm


def routes(parent: Blueprint) -> None:
    """Add the pages of the team."""
    every, one = "/reglages/equipe", "/reglages/equipe/<uuid:person_id>"
    both = ["GET", "POST"]
    parent.add_url_rule(every, view_func=equipe)
    parent.add_url_rule(f"{every}/inviter", view_func=inviter, methods=both)
    parent.add_url_rule(one, view_func=membre, methods=both)
    parent.add_url_rule(f"{one}/lien", view_func=lien, methods=["POST"])
    parent.add_url_rule(f"{one}/fermer", view_func=fermer_acces, methods=both)
    parent.add_url_rule(f"{one}/rouvrir", view_func=rouvrir_acces, methods=["POST"])


@reserved_to(RESPONSABLE)
def equipe() -> str:
    """Show who enters here, who reads the frozen results, and what each role may do."""
    with database().reading() as session:
        return render_template(
            "organisations/equipe.html",
            people=people.team_of(session, current_organisation_id()),
            coordinateurs=people.coordinateurs_of(session, current_organisation_id()),
            me=current_member().id,
            names=NAMES,
            rights=RIGHTS,
            today=today(),
        )


@reserved_to(RESPONSABLE)
@closed_in_visit
def inviter() -> str | tuple[str, int]:
    """Invite somebody into the team, and show the link that lets them in."""
    form = ColleagueForm(data={"portee": "partout"})
    with database().reading() as session:
        form.offer(queries.lieux(session, current_reach()))
    if request.method != "POST":
        return _invite_page(form)
    if not form.validate():
        return _invite_page(form), 422
    try:
        with database().writing() as session:
            person, token = team.invite_colleague(
                session,
                keys(),
                current_organisation_id(),
                form.email.data,
                form.name.data,
                form.given_role,
                form.given_lieux,
            )
            note_mine(session, "invited", person.known_as)
    except OrganisationError as error:
        form.email.errors = [str(error)]
        return _invite_page(form), 422
    return _link_page(person, token)


@reserved_to(RESPONSABLE)
@closed_in_visit
def membre(person_id: UUID) -> str | tuple[str, int] | Response:
    """Show one person, and change what they do and where."""
    if person_id == current_member().id:
        return redirect(url_for("espace.compte"))
    shown = _shown(person_id)
    if request.method != "POST":
        return _member_page(shown)
    if not shown.form.validate():
        return _member_page(shown), 422
    try:
        with database().writing() as session:
            person = _theirs(session, person_id)
            team.change_role(session, person, shown.form.given_role, shown.form.given_lieux)
            note_mine(session, "role", person.known_as)
    except OrganisationError as error:
        shown.form.role.errors = [str(error)]
        return _member_page(shown), 422
    flash("C’est enregistré, et vrai dès maintenant.")
    return redirect(url_for("espace.equipe"), 303)


@reserved_to(RESPONSABLE)
@closed_in_visit
def lien(person_id: UUID) -> str:
    """Make a new link by which somebody chooses a password; the former link falls."""
    with database().writing() as session:
        person = _theirs(session, person_id)
        if not person.active:
            abort(404)
        token = actions.invite(session, keys(), person)
        note_mine(session, "password" if person.password_hash else "invited", person.known_as)
    return _link_page(person, token)


@reserved_to(RESPONSABLE)
@closed_in_visit
def fermer_acces(person_id: UUID) -> str | Response:
    """Ask once more, then take an access away: the person leaves every page at once."""
    if request.method != "POST":
        shown = _shown(person_id)
        return render_template("organisations/fermer_acces.html", colleague=shown.colleague)
    try:
        with database().writing() as session:
            person = _theirs(session, person_id)
            team.close_access(session, person, by=current_member().id)
            note_mine(session, "disabled", person.known_as)
    except OrganisationError as error:
        flash(str(error), "alerte")
    else:
        flash("L’accès est coupé, partout et tout de suite.")
    return redirect(url_for("espace.equipe"), 303)


@reserved_to(RESPONSABLE)
@closed_in_visit
def rouvrir_acces(person_id: UUID) -> Response:
    """Give an access back."""
    with database().writing() as session:
        person = _theirs(session, person_id)
        team.reopen_access(session, person)
        note_mine(session, "reopened", person.known_as)
    flash("L’accès est rouvert. Sans mot de passe, préparez un nouveau lien.")
    return redirect(url_for("espace.membre", person_id=person_id), 303)


def _shown(person_id: UUID) -> _Shown:
    with database().reading() as session:
        found = people.colleague(session, current_organisation_id(), person_id) or abort(404)
        given = None if found.person.everywhere else [lieu.id for lieu in found.lieux]
        form = PlaceForm(data=PlaceForm.shown(found.person.role, given))
        form.offer(queries.lieux(session, current_reach()))
    return _Shown(found, form)


def _theirs(session: Session, person_id: UUID) -> Person:
    """Return a person of this team; another's is unknown."""
    return people.person_of(session, current_organisation_id(), person_id) or abort(404)


def _invite_page(form: ColleagueForm) -> str:
    return render_template("organisations/inviter.html", form=form)


def _member_page(shown: _Shown) -> str:
    return render_template(
        "organisations/membre.html", colleague=shown.colleague, form=shown.form, today=today()
    )


def _link_page(person: Person, token: str) -> str:
    me = current_member()
    sender = f"{me.name} ({me.organisation})"
    back = (url_for("espace.equipe"), "Revenir à l’équipe")
    return letters.hand_over(person, token, sender, back)
