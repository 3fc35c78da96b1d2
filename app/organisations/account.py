"""Everybody's own page: a name, a password."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from app.organisations import actions, queries, sessions
from app.organisations.forms import AccountForm, PasswordForm
from app.organisations.guard import closed_in_visit, reserved_to
from app.organisations.limits import Busy, wait_words
from app.organisations.models import Person
from app.organisations.passwords import hash_password, is_password, weakness
from app.organisations.roles import EVERYONE
from app.organisations.sessions import current_member
from app.web.current import database
from app.web.protection import client_network

_WRONG = "Ce n’est pas votre mot de passe actuel. Rien n’est changé : essayez encore."


def routes(parent: Blueprint) -> None:
    """Add the pages of one's own account."""
    both = ["GET", "POST"]
    parent.add_url_rule("/compte", view_func=compte, methods=both)
    parent.add_url_rule("/compte/mot-de-passe", view_func=mot_de_passe, methods=both)


@reserved_to(*EVERYONE)
@closed_in_visit
def compte() -> str | tuple[str, int] | Response:
    """Show who one is here, and let one's name be written otherwise."""
    with database().reading() as session:
        person = session.get_one(Person, current_member().id)
    form = AccountForm(obj=person)
    if request.method != "POST":
        return render_template("organisations/compte.html", form=form, person=person)
    if not form.validate():
        return render_template("organisations/compte.html", form=form, person=person), 422
    with database().writing() as session:
        actions.rename(session, session.get_one(Person, person.id), form.name.data)
    flash("Votre nom est enregistré.")
    return redirect("/espace/compte", 303)


@reserved_to(*EVERYONE)
@closed_in_visit
def mot_de_passe() -> str | tuple[str, int] | Response:
    """Change one's own password: the other sessions fall, this one stays."""
    form = PasswordForm()
    if request.method != "POST":
        return _password_page(form)
    refusal = 422 if not form.validate() else _change(form)
    if refusal:
        return _password_page(form), refusal
    flash("Votre mot de passe est changé. Vos autres appareils sont déconnectés.")
    return redirect("/espace/compte", 303)


def _password_page(form: PasswordForm) -> str:
    return render_template("organisations/mot_de_passe.html", form=form)


def _change(form: PasswordForm) -> int:
    """Write the password; return the status of a refusal, whose reason stands in the form."""
    with database().reading() as session:
        person = session.get_one(Person, current_member().id)
    attempts, address = sessions.attempts(), client_network(request)
    if wait := attempts.take(person.email, address):
        form.mot_de_passe_actuel.errors = [wait_words(wait)]
        return 429
    try:
        is_known = is_password(person.password_hash, form.mot_de_passe_actuel.data)
    except Busy:
        attempts.give_back(person.email, address)
        raise
    if not is_known:
        form.mot_de_passe_actuel.errors = [_WRONG]
        return 422
    attempts.succeeded(person.email, address)
    if reason := weakness(form.mot_de_passe.data, person.email, person.name):
        form.mot_de_passe.errors = [reason]
        return 422
    chosen = hash_password(form.mot_de_passe.data)
    with database().writing() as session:
        actions.keep_password(session, session.get_one(Person, person.id), chosen)
        member = queries.find_member(session, person.id)
    if member is not None:
        sessions.sign_in(member)
    return 0
