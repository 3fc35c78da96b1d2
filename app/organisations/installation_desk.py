"""Pages of the administrateur: the structures and who answers for them, never their contents."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.organisations import actions, letters, people, team
from app.organisations.access import Act, note
from app.organisations.actions import OrganisationError
from app.organisations.forms import PersonForm, StructureForm
from app.organisations.guard import reserved_to
from app.organisations.models import Organisation, Person
from app.organisations.roles import ADMINISTRATEUR, RESPONSABLE
from app.organisations.sessions import current_member
from app.web.current import database, keys, today


def routes(parent: Blueprint) -> None:
    """Add the pages of the installation."""
    one = "/installation/<uuid:organisation_id>"
    person = f"{one}/responsable/<uuid:person_id>"
    both = ["GET", "POST"]
    parent.add_url_rule("/installation", view_func=installation)
    parent.add_url_rule("/installation/nouvelle", view_func=nouvelle_structure, methods=both)
    parent.add_url_rule(one, view_func=structure_installee, methods=both)
    parent.add_url_rule(f"{person}/lien", view_func=lien_responsable, methods=["POST"])
    parent.add_url_rule(f"{person}/fermer", view_func=fermer_responsable, methods=both)
    parent.add_url_rule(f"{person}/rouvrir", view_func=rouvrir_responsable, methods=["POST"])


@reserved_to(ADMINISTRATEUR)
def installation() -> str:
    """Show every structure: its name, how many people, when one of them came last."""
    with database().reading() as session:
        found = people.structures(session)
    return render_template("organisations/installation.html", structures=found, today=today())


@reserved_to(ADMINISTRATEUR)
def nouvelle_structure() -> str | tuple[str, int]:
    """Create a structure with its first lieu, and invite its responsable."""
    form = StructureForm()
    if request.method != "POST":
        return _new_page(form)
    if not form.validate():
        return _new_page(form), 422
    try:
        with database().writing() as session:
            made = actions.create_organisation(
                session, form.structure.data, contact=form.contact.data
            )
            actions.add_lieu(session, made.id, form.lieu.data)
            person, token = _invite(session, made.id, form)
    except OrganisationError as error:
        form.email.errors = [str(error)]
        return _new_page(form), 422
    return _link_page(person, token, made)


@reserved_to(ADMINISTRATEUR)
def structure_installee(organisation_id: UUID) -> str | tuple[str, int]:
    """Show who answers for a structure, and invite one more."""
    form = PersonForm()
    if request.method != "POST":
        return _structure_page(organisation_id, form)
    if not form.validate():
        return _structure_page(organisation_id, form), 422
    try:
        with database().writing() as session:
            found = _structure(session, organisation_id)
            person, token = _invite(session, found.id, form)
    except OrganisationError as error:
        form.email.errors = [str(error)]
        return _structure_page(organisation_id, form), 422
    return _link_page(person, token, found)


@reserved_to(ADMINISTRATEUR)
def lien_responsable(organisation_id: UUID, person_id: UUID) -> str:
    """Make a new link for a responsable; the former one falls."""
    with database().writing() as session:
        person = _responsable(session, organisation_id, person_id)
        if not person.active:
            abort(404)
        token = actions.invite(session, keys(), person)
        _note(session, "password" if person.password_hash else "invited", person)
        found = _structure(session, organisation_id)
    return _link_page(person, token, found)


@reserved_to(ADMINISTRATEUR)
def fermer_responsable(organisation_id: UUID, person_id: UUID) -> str | Response:
    """Ask once more, then take the access of a responsable away, even of the last one."""
    if request.method != "POST":
        with database().reading() as session:
            person = _responsable(session, organisation_id, person_id)
            found = _structure(session, organisation_id)
        return render_template(
            "organisations/fermer_responsable.html", person=person, organisation=found
        )
    with database().writing() as session:
        person = _responsable(session, organisation_id, person_id)
        actions.disable(session, person)
        _note(session, "disabled", person)
    flash("L’accès est coupé, partout et tout de suite.")
    return redirect(url_for("espace.structure_installee", organisation_id=organisation_id), 303)


@reserved_to(ADMINISTRATEUR)
def rouvrir_responsable(organisation_id: UUID, person_id: UUID) -> Response:
    """Give the access of a responsable back."""
    with database().writing() as session:
        person = _responsable(session, organisation_id, person_id)
        team.reopen_access(session, person)
        _note(session, "reopened", person)
    flash("L’accès est rouvert.")
    return redirect(url_for("espace.structure_installee", organisation_id=organisation_id), 303)


def _invite(session: Session, organisation_id: UUID, form: PersonForm) -> tuple[Person, str]:
    person, token = team.invite_colleague(
        session, keys(), organisation_id, form.email.data, form.name.data, RESPONSABLE, None
    )
    _note(session, "invited", person)
    return person, token


def _structure(session: Session, organisation_id: UUID) -> Organisation:
    return session.get(Organisation, organisation_id) or abort(404)


def _responsable(session: Session, organisation_id: UUID, person_id: UUID) -> Person:
    """Return a responsable of the structure; nobody else is known here."""
    person = people.person_of(session, organisation_id, person_id)
    return person if person is not None and person.role == RESPONSABLE else abort(404)


def _note(session: Session, act: Act, person: Person) -> None:
    """Write what was done into the journal that the structure reads."""
    if person.organisation_id is not None:
        note(session, person.organisation_id, current_member().id, act, person.known_as)


def _new_page(form: StructureForm) -> str:
    return render_template("organisations/nouvelle_structure.html", form=form)


def _structure_page(organisation_id: UUID, form: PersonForm) -> str:
    with database().reading() as session:
        return render_template(
            "organisations/structure_installee.html",
            organisation=_structure(session, organisation_id),
            responsables=people.responsables_of(session, organisation_id),
            form=form,
            today=today(),
        )


def _link_page(person: Person, token: str, found: Organisation) -> str:
    page = url_for("espace.structure_installee", organisation_id=found.id)
    back = (page, f"Revenir à {found.name}")
    sender = "L’administration de ce service"
    # An account in use opens answers, which an administrateur never reads.
    return letters.hand_over(person, token, sender, back, is_private=bool(person.password_hash))
