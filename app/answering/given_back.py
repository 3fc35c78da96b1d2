"""A form as it was sent, and the page that gives it back with everything that was typed."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from flask import Response, request

from app.answering.entrance import FRENCH
from app.answering.pages import Draft, Error, Voice, write_again
from app.answering.reception import dress
from app.web.current import today
from app.web.protection import MAX_BODY, comes_from_us

if TYPE_CHECKING:
    from app.answering.entrance import Entrance
    from app.answering.invited import Invited
    from app.questionnaires.posting import Posted

#: Above the limit of an answer, a body is still read up to here, to give its words back.
MAX_GIVEN_BACK = 8 * MAX_BODY

_KEY = re.compile(r"[A-Za-z0-9_-]{16,64}")


def new_key() -> str:
    """Draw the key under which one form counts once."""
    return secrets.token_urlsafe(16)


def key_of(typed: Mapping[str, Sequence[str]]) -> str:
    """Return the key of a form; one that has none of ours gets one."""
    key = next(iter(typed.get("cle", ())), "")
    return key if _KEY.fullmatch(key) else new_key()


@dataclass(frozen=True)
class Sent:
    """Be a form as it was sent."""

    entrance: Entrance
    language: str
    typed: Mapping[str, Sequence[str]]
    key: str
    #: The partner who signs, when it came by a personal link.
    invited: Invited | None = None

    def first(self, name: str) -> str:
        """Return one field, or nothing."""
        return next(iter(self.typed.get(name, ())), "")


def read_sent(entrance: Entrance, language: str, invited: Invited | None = None) -> Sent:
    """Read the form of this request; without a key of ours it gets one."""
    language = language if language in entrance.wordings else FRENCH
    request.max_content_length = request.max_form_memory_size = MAX_GIVEN_BACK
    typed = request.form.to_dict(flat=False)
    key = key_of(typed)
    # Whoever would rather not sign sends the same form from the same page.
    return Sent(entrance, language, typed, key, None if typed.get("sans_signer") else invited)


def not_readable(sent: Sent) -> Response | None:
    """Return the page of a form that is not even read, or None."""
    if not comes_from_us(request):
        return give_back(sent, 403, error(sent, "ailleurs"))
    if (request.content_length or 0) > MAX_BODY:
        return give_back(sent, 413, error(sent, "lourd"))
    return None


def faulty(sent: Sent, posted: Posted) -> Response | None:
    """Return the page of a form that must be corrected, or None."""
    if posted.problems:
        return give_back(sent, 422, _faults(sent, posted), Draft(sent.typed, posted.problems))
    if not posted.answers and not posted.texts:
        return give_back(sent, 422, error(sent, "vide"))
    return None


def error(sent: Sent, name: str) -> Error:
    """Say one of the errors that the interface knows."""
    voice = Voice(sent.entrance, sent.language)
    return Error(voice.say(f"erreur_{name}"), (voice.say(f"erreur_{name}_suite"),))


def give_back(
    sent: Sent, status: int, said: Error, draft: Draft | None = None, retry_after: int = 0
) -> Response:
    """Show the questions again with everything that was typed."""
    draft = replace(draft or Draft(sent.typed), invited=sent.invited)
    day = sent.first("jour")
    if day:
        draft = replace(draft, hidden=(*draft.hidden, ("jour", day)))
    if sent.first("sans_signer"):
        draft = replace(draft, hidden=(*draft.hidden, ("sans_signer", "1")))
    voice = Voice(sent.entrance, sent.language)
    response = dress(Response(write_again(voice, today(), sent.key, draft, said), status))
    if retry_after:
        response.headers["Retry-After"] = str(retry_after)
    return response


def _faults(sent: Sent, posted: Posted) -> Error:
    """List what must be corrected, each with the way to it."""
    voice = Voice(sent.entrance, sent.language)
    ranks = {posed.key: rank for rank, posed in enumerate(sent.entrance.passing.posed, 1)}
    links = []
    for key in posted.problems:
        posed = sent.entrance.passing.by_key[key]
        anchor = f"t{ranks[key]}" if posed.question.kind.is_text else f"q{ranks[key]}"
        links.append((anchor, voice.typeset(voice.wording.say(posed.text))))
    return Error(voice.say("erreur_a_corriger"), (voice.say("rien_perdu"),), links)
