"""The personal link of a partner: the questions of its campaign, which the partner signs."""

from __future__ import annotations

from flask import Response, request

from app.answering.entrance import FRENCH
from app.answering.given_back import new_key
from app.answering.invited import find_invited
from app.answering.pages import Draft, Voice, write_personal
from app.answering.plain import show_answered, show_closed, show_not_yet, show_unknown
from app.answering.reception import dress, reception
from app.answering.sending import receive
from app.partners.tokens import PATH
from app.web.current import today

PERSONAL = f"/{PATH}/<token>"


def show_personal(token: str, language: str = FRENCH) -> Response:
    """Show the questions to one partner, or take what it answered; written for it alone."""
    invited = find_invited(token)
    entrance = reception().entrances.find(invited.code) if invited else None
    if invited is None or entrance is None:
        typed = request.form.to_dict(flat=False)
        return show_unknown("", typed, language, is_personal=True)
    if request.method == "POST":
        return receive(entrance, language, invited)
    if language not in entrance.wordings:
        return show_unknown("", language=language, is_personal=True)
    if invited.has_answered:
        return show_answered(entrance, language, invited)
    state = entrance.state(today())
    if state == "not_yet":
        return show_not_yet(entrance, language)
    if state in ("grace", "closed"):
        return show_closed(entrance, language)
    voice, draft = Voice(entrance, language), Draft(invited=invited)
    return dress(Response(write_personal(voice, today(), new_key(), draft)))
