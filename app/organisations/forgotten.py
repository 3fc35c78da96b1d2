"""A forgotten password: a link by e-mail, or the name of who can help."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import cast

from flask import Blueprint, Flask, current_app, make_response, render_template, request
from werkzeug.wrappers import Response

from app.organisations import actions, letters, queries
from app.organisations.forms import ForgottenForm
from app.organisations.guard import open_to_all
from app.organisations.limits import Attempts, wait_words
from app.web import mail
from app.web.current import database, keys
from app.web.journal import LOGGER
from app.web.protection import client_network

#: Links that may be asked for one e-mail, in ten minutes.
MOST = 3


def routes(parent: Blueprint) -> None:
    """Add the page, and what it works with behind."""
    parent.add_url_rule(
        "/mot-de-passe-oublie", view_func=mot_de_passe_oublie, methods=["GET", "POST"]
    )
    parent.record_once(lambda state: _prepare(cast(Flask, state.app)))


def _prepare(app: Flask) -> None:
    app.extensions["forgotten_attempts"] = Attempts(MOST, email=MOST)
    app.extensions["forgotten_queue"] = ThreadPoolExecutor(1, "courrier")


@open_to_all
def mot_de_passe_oublie() -> str | tuple[str, int] | Response:
    """Send a link to who owns the address; say the same, as fast, whoever it is."""
    form = ForgottenForm()
    if request.method != "POST" or not mail.can_send():
        return _page(form)
    if not form.validate():
        return _page(form), 422
    email = actions.tidy_email(form.email.data)
    attempts = cast(Attempts, current_app.extensions["forgotten_attempts"])
    if wait := attempts.take(email, client_network(request)):
        form.email.errors = [wait_words(wait, "demandes")]
        return make_response(_page(form), 429, {"Retry-After": str(wait)})
    behind_the_page(_send, email)
    return _page(form, asked=email)


def behind_the_page(work: Callable[[str], None], email: str) -> None:
    """Do what concerns a known e-mail only, where the time of the page tells nobody."""
    queue = cast(ThreadPoolExecutor, current_app.extensions["forgotten_queue"])
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    queue.submit(_with, app, work, email).add_done_callback(_complain)


def _with(app: Flask, work: Callable[[str], None], email: str) -> None:
    with app.app_context():
        work(email)


def _send(email: str) -> None:
    with database().reading() as session:
        person = queries.find_person(session, email)
    if person is None or not person.active:
        return
    with database().writing() as session:
        token = actions.let_choose_again(session, keys(), person)
    letters.send_forgotten(person, token, actions.RESET_DAYS)


def _complain(work: Future[None]) -> None:
    if failure := work.exception():
        LOGGER.error("Derrière la page de connexion : %s", type(failure).__name__)


def _page(form: ForgottenForm, asked: str = "") -> str:
    return render_template(
        "organisations/oublie.html", form=form, asked=asked, can_send=mail.can_send()
    )
