"""The simple pages around the questions: home, unknown code, closed, notice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from flask import Response, render_template

from app.answering.entrance import FRENCH
from app.answering.pages import Voice, picto
from app.questionnaires.kinds import clean
from app.web.current import library, today
from app.web.typography import long_date, typographic

if TYPE_CHECKING:
    from app.answering.entrance import Entrance
    from app.answering.invited import Invited
    from app.questionnaires.definition import Interface

#: Fields of our forms that nobody typed.
_OURS = frozenset({"cle", "jour", "premiere", "garder", "sans_carte", "sans_signer"})


class Leaf:
    """Say the simple pages in one language, with or without a link at hand."""

    def __init__(self, language: str, entrance: Entrance | None = None) -> None:
        self.language = language if language in library().languages else FRENCH
        self.words: Interface = library().interface(self.language)
        self.entrance = entrance

    def say(self, key: str, **values: object) -> str:
        """Return a sentence of the interface."""
        said = self.words[key].format(**values)
        return typographic(said) if self.language == FRENCH else said

    def show(self, template: str, status: int = 200, **context: Any) -> Response:
        """Return the page, never kept by a cache."""
        page = render_template(
            f"answering/{template}.html",
            words=self.words,
            language=self.language,
            direction=self.words.direction,
            skip_label=self.say("aller_au_contenu"),
            place=self.entrance.organisation.name if self.entrance else None,
            entrance=self.entrance,
            say=self.say,
            picto=picto,
            suffix="" if self.language == FRENCH else f"/{self.language}",
            **context,
        )
        return Response(page, status, headers={"Cache-Control": "no-store"})


def show_home() -> Response:
    """Show where to type a code, and the way to the desk."""
    return Leaf(FRENCH).show("home")


def show_unknown(typed: str, form: Mapping[str, Sequence[str]] | None = None) -> Response:
    """Show where to type the code again, with what was sent if anything was."""
    said = [
        clean(text)
        for name, texts in (form or {}).items()
        if name not in _OURS
        for text in texts
        if text.strip()
    ]
    return Leaf(FRENCH).show("unknown", 404, typed=clean(typed), said=said)


def show_not_yet(entrance: Entrance, language: str) -> Response:
    """Say from which day the questionnaire can be answered."""
    opening = long_date(entrance.campaign.starts_on)
    return Leaf(language, entrance).show("not_yet", 404, opening=opening)


def show_closed(
    entrance: Entrance, language: str, typed: Mapping[str, Sequence[str]] | None = None
) -> Response:
    """Say that it is closed, with the words of whoever sent an answer too late."""
    voice = Voice(entrance, language)
    said = []
    for posed in entrance.passing.posed:
        values = [clean(text) for text in (typed or {}).get(posed.key, ()) if text.strip()]
        if values:
            field = posed.question.kind.field(posed, voice.wording, values)
            chosen = [one.label for one in (*field.options, *field.asides) if one.checked]
            said.append((voice.typeset(field.label), ", ".join(chosen) or field.value))
    closing = long_date(entrance.closing)
    return Leaf(language, entrance).show("closed", 410, closing=closing, said=said)


def show_erased(entrance: Entrance, language: str) -> Response:
    """Say that the answer sent again was erased by its holder, and stays so."""
    return Leaf(language, entrance).show("erased", 410)


def show_answered(entrance: Entrance, language: str, invited: Invited) -> Response:
    """Say that the organisation of a personal link answered, and what is still possible."""
    return Leaf(language, entrance).show("answered", partner=invited.partner)


def show_notice(entrance: Entrance, language: str) -> Response:
    """Show the whole notice of a link."""
    notice = entrance.notice
    until = long_date(entrance.kept_until(today()))
    leaf = Leaf(language, entrance)
    return leaf.show(
        "notice",
        notice=notice,
        until=until,
        languages=[entrance.interfaces[code] for code in entrance.wordings],
    )
