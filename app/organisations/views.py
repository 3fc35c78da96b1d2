"""The pages that open before anybody is signed in: connexion, invitation, déconnexion."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from app.organisations import actions, limits, queries, sessions, visiting
from app.organisations.access import note
from app.organisations.forgotten import behind_the_page
from app.organisations.forms import InvitationForm, SignInForm
from app.organisations.guard import open_to_all
from app.organisations.models import Person
from app.organisations.passwords import hash_password, is_password, weakness
from app.web.current import database, keys
from app.web.protection import client_network

_UNKNOWN = "Adresse ou mot de passe inconnu. Rien n’est bloqué : essayez encore."
_BUSY = "Beaucoup de personnes se connectent. Attendez quelques secondes, puis essayez encore."
_NO_INVITATION = "Cette invitation n’existe pas, a déjà servi ou a expiré. Demandez-en une autre."


def routes(parent: Blueprint) -> None:
    """Add the sign-in pages."""
    both = ["GET", "POST"]
    parent.add_url_rule("/connexion", view_func=connexion, methods=both)
    parent.add_url_rule("/invitation", view_func=invitation, methods=both)
    parent.add_url_rule("/deconnexion", view_func=deconnexion, methods=["POST"])


@open_to_all
def connexion() -> Response | str | tuple[str, int] | tuple[str, int, dict[str, str]]:
    """Let somebody in, then lead them where they were going."""
    following = inside(request.args.get("suite", ""))
    form = SignInForm()
    if request.method != "POST":
        return redirect(following) if sessions.is_signed_in() else _connexion_page(form)
    if not form.validate():
        return _connexion_page(form), 422
    refused, headers = _try(form)
    return redirect(following, 303) if not refused else (_connexion_page(form), refused, headers)


@open_to_all
def invitation() -> Response | str | tuple[str, int]:
    """Let an invited person choose a password; the token comes from the `#` or from their hand."""
    form = InvitationForm()
    if request.method != "POST":
        return _invitation_page(form)
    if not form.validate():
        return _invitation_page(form), 422
    person = _accept(form)
    if person is None or not _enter(person.id):
        return _invitation_page(form), 422
    flash(f"Votre mot de passe est enregistré. La prochaine fois, entrez avec {person.email}.")
    return redirect("/espace", 303)


@open_to_all
def deconnexion() -> Response:
    """Close every session of the person: a copy of the cookie opens nothing any more."""
    if person_id := visiting.own_id():
        with database().writing() as session:
            actions.cut_sessions(session, session.get_one(Person, person_id))
    sessions.sign_out()
    flash("Votre session est fermée, sur tous vos appareils.")
    return redirect("/espace/connexion", 303)


def _connexion_page(form: SignInForm) -> str:
    return render_template("organisations/connexion.html", form=form)


def _invitation_page(form: InvitationForm) -> str:
    return render_template("organisations/invitation.html", form=form)


def _try(form: SignInForm) -> tuple[int, dict[str, str]]:
    """Sign somebody in; return the status and headers of a refusal, whose reason is in the form."""
    attempts, password = sessions.attempts(), form.mot_de_passe
    email, address = actions.tidy_email(form.email.data), client_network(request)
    if wait := attempts.take(email, address):
        password.errors = [limits.wait_words(wait)]
        return 429, {"Retry-After": str(wait)}
    with database().reading() as session:
        person = queries.find_person(session, email)
    try:
        is_known = is_password(person.password_hash if person else "", password.data)
    except limits.Busy:
        attempts.give_back(email, address)
        password.errors = [_BUSY]
        return 503, {"Retry-After": str(limits.RETRY_AFTER)}
    if person is None or not is_known or not person.active or not _enter(person.id):
        if attempts.is_last(email, address):
            behind_the_page(_note_guesses, email)
        password.errors = [_UNKNOWN]
        return 422, {}
    attempts.succeeded(email, address)
    return 0, {}


def _enter(person_id: UUID) -> bool:
    with database().writing() as session:
        actions.note_visit(session, person_id)
        member = queries.find_member(session, person_id)
        if member is not None and member.reach is not None:
            note(session, member.reach.organisation_id, person_id, "entered")
    if member is None:
        return False
    sessions.sign_in(member)
    return True


def _note_guesses(email: str) -> None:
    """Write into the journal of a structure that one of its passwords was guessed at."""
    with database().writing() as session:
        person = queries.find_person(session, email)
        if person is not None and person.organisation_id is not None:
            note(session, person.organisation_id, person.id, "guessed")


def _accept(form: InvitationForm) -> Person | None:
    """Spend an invitation; return the person it was bound to, or nothing and say why."""
    with database().reading() as session:
        person = actions.invited(session, keys(), form.invitation.data)
    if person is None:
        form.invitation.errors = [_NO_INVITATION]
        return None
    if refusal := weakness(form.mot_de_passe.data, person.email, person.name):
        form.mot_de_passe.errors = [refusal]
        return None
    chosen = hash_password(form.mot_de_passe.data)  # slow: nobody waits to write meanwhile
    try:
        with database().writing() as session:
            person = actions.invited(session, keys(), form.invitation.data)
            if person is not None:
                actions.accept_invitation(session, person, chosen)
    except actions.OrganisationError:
        person = None
    if person is None:  # used, or taken back, between the two looks
        form.invitation.errors = [_NO_INVITATION]
    return person


def inside(target: str) -> str:
    """Return the page of the desk asked for, or its first page: never an address elsewhere."""
    inside = target == "/espace" or target.startswith(("/espace/", "/espace?"))
    if not inside or any(sign in target for sign in "\\\r\n\t") or "//" in target:
        return "/espace"
    return target
