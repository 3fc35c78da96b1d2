"""The pages that open before anybody is signed in: connexion, invitation, déconnexion."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from app.organisations import actions, queries, sessions
from app.organisations.forms import InvitationForm, SignInForm
from app.organisations.guard import open_to_all
from app.organisations.passwords import is_password, weakness
from app.web.current import database, keys
from app.web.protection import client_network

_UNKNOWN = "Adresse ou mot de passe inconnu. Rien n’est bloqué : essayez encore."
_WAIT = "Plusieurs essais à la suite. Attendez 10 minutes, puis essayez encore."
_NO_INVITATION = "Cette invitation n’existe pas, a déjà servi ou a expiré. Demandez-en une autre."


def routes(parent: Blueprint) -> None:
    """Add the sign-in pages."""
    both = ["GET", "POST"]
    parent.add_url_rule("/connexion", view_func=connexion, methods=both)
    parent.add_url_rule("/invitation", view_func=invitation, methods=both)
    parent.add_url_rule("/deconnexion", view_func=deconnexion, methods=["POST"])


@open_to_all
def connexion() -> Response | str | tuple[str, int]:
    """Let somebody in, then lead them where they were going."""
    following = inside(request.args.get("suite", ""))
    form = SignInForm()
    if request.method != "POST":
        return redirect(following) if sessions.is_signed_in() else _connexion_page(form)
    if not form.validate():
        return _connexion_page(form), 422
    attempts = sessions.attempts()
    email, address = actions.tidy_email(form.email.data), client_network(request)
    if attempts.too_many(email, address):
        form.mot_de_passe.errors = [_WAIT]
        return _connexion_page(form), 429
    if not _enter(email, form.mot_de_passe.data):
        attempts.failed(email, address)
        form.mot_de_passe.errors = [_UNKNOWN]
        return _connexion_page(form), 422
    attempts.succeeded(email, address)
    return redirect(following, 303)


@open_to_all
def invitation() -> Response | str | tuple[str, int]:
    """Let an invited person choose a password; the token comes from the `#` or from their hand."""
    form = InvitationForm()
    if request.method != "POST":
        return _invitation_page(form)
    if not form.validate():
        return _invitation_page(form), 422
    email = _accept(form)
    if not email or not _enter(email, form.mot_de_passe.data):
        return _invitation_page(form), 422
    flash(f"Votre mot de passe est enregistré. La prochaine fois, entrez avec {email}.")
    return redirect("/espace", 303)


@open_to_all
def deconnexion() -> Response:
    """Close the session."""
    sessions.sign_out()
    flash("Votre session est fermée.")
    return redirect("/espace/connexion", 303)


def _connexion_page(form: SignInForm) -> str:
    return render_template("organisations/connexion.html", form=form)


def _invitation_page(form: InvitationForm) -> str:
    return render_template("organisations/invitation.html", form=form)


def _enter(email: str, password: str) -> bool:
    with database().reading() as session:
        person = queries.find_person(session, email)
    known = is_password(person.password_hash if person else "", password)
    if person is None or not known or not person.active:
        return False
    with database().writing() as session:
        actions.note_visit(session, person.id)
        member = queries.find_member(session, person.id)
    if member is None:
        return False
    sessions.sign_in(member)
    return True


def _accept(form: InvitationForm) -> str:
    """Spend an invitation; return the e-mail it was bound to, or nothing and say why."""
    with database().writing() as session:
        person = actions.invited(session, keys(), form.invitation.data)
        if person is None:
            form.invitation.errors = [_NO_INVITATION]
            return ""
        if refusal := weakness(form.mot_de_passe.data, person.email, person.name):
            form.mot_de_passe.errors = [refusal]
            return ""
        try:
            actions.accept_invitation(session, person, form.mot_de_passe.data)
        except actions.OrganisationError:
            form.invitation.errors = [_NO_INVITATION]
            return ""
        return person.email


def inside(target: str) -> str:
    """Return the page of the desk asked for, or its first page: never an address elsewhere."""
    inside = target == "/espace" or target.startswith(("/espace/", "/espace?"))
    if not inside or any(sign in target for sign in "\\\r\n\t") or "//" in target:
        return "/espace"
    return target
