"""The trial of a questionnaire: its real page, for no structure, of which nothing is kept."""

from __future__ import annotations

from datetime import date
from uuid import NAMESPACE_URL, uuid5

from flask import Response, abort, request

from app.answering.entrance import FRENCH, Entrance
from app.answering.given_back import Sent, faulty, new_key, not_readable, read_sent
from app.answering.pages import Voice, trial_policy, write_trial_thanks
from app.answering.reception import dress, reception, teller
from app.campaigns.doors import DOORS
from app.campaigns.models import Campaign, Link
from app.organisations.models import Organisation
from app.organisations.notice import default_notice
from app.questionnaires import Library
from app.questionnaires.definition import Questionnaire
from app.questionnaires.posting import read_posted
from app.scoring import Plan
from app.web.current import library, today

#: Who asks, on a page that nobody asks.
NOBODY = "Votre structure"


def trial_path(questionnaire: Questionnaire, wave: str = "", language: str = FRENCH) -> str:
    """Return the address of a trial, without what goes without saying."""
    wave = wave or questionnaire.waves[0].id
    parts = ["essai", questionnaire.id]
    if wave != questionnaire.waves[0].id or language != FRENCH:
        parts.append(wave)
    if language != FRENCH:
        parts.append(language)
    return "/" + "/".join(parts)


def try_out(code: str, wave: str = "", language: str = FRENCH) -> Response:
    """Show the page of a questionnaire, or check what was answered and forget it."""
    questionnaire = library().questionnaires.get(code) or abort(404)
    wave = wave or questionnaire.waves[0].id
    if wave not in [one.id for one in questionnaire.waves]:
        abort(404)
    entrance = entrance_of(library(), questionnaire, wave)
    if language not in entrance.wordings:
        abort(404)
    if questionnaire.collects_testimonies:
        return teller()(entrance, language)
    if request.method == "POST":
        return _frameable(_check(read_sent(entrance, language)))
    return _frameable(reception().questions(entrance, language, new_key()))


def _check(sent: Sent) -> Response:
    """Read a form as a real one is read; write nothing."""
    posted = read_posted(sent.entrance.passing, sent.typed)
    wrong = not_readable(sent) or faulty(sent, posted)
    return wrong or dress(Response(write_trial_thanks(Voice(sent.entrance, sent.language))))


def _frameable(response: Response) -> Response:
    """Let our own pages, and no other, show this one in a frame."""
    response.headers["Content-Security-Policy"] = trial_policy()
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


def entrance_of(library: Library, questionnaire: Questionnaire, wave: str) -> Entrance:
    """Build the entrance of a link that no database knows."""
    code = f"essai/{questionnaire.id}/{wave}"
    spoken = {one: library.wording(questionnaire, one) for one in library.languages}
    plan = Plan.of_campaign(questionnaire)
    return Entrance(
        link=_link(code, wave),
        notice=default_notice(Organisation(name=NOBODY), today()),
        questionnaire=questionnaire,
        plan=plan,
        passing=plan.passings[wave],
        wordings={one: wording for one, wording in spoken.items() if wording is not None},
        interfaces=library.interfaces,
        is_trial=True,
    )


def _link(code: str, wave: str) -> Link:
    campaign = Campaign(organisation=Organisation(name=NOBODY), languages=[], ends_on=date.max)
    door = next(iter(DOORS))
    return Link(id=uuid5(NAMESPACE_URL, code), code=code, door=door, wave=wave, campaign=campaign)
