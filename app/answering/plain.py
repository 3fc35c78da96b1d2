"""The simple pages around the questions: home, unknown code, closed, notice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from flask import Response, render_template, request

from app.answering.entrance import FRENCH
from app.answering.pages import Voice, picto
from app.answering.reception import reception
from app.answering.told import told
from app.questionnaires.kinds import clean
from app.testimonies.asking import day_in
from app.testimonies.consents import CHOICES
from app.web.current import library, today
from app.web.typography import typographic

if TYPE_CHECKING:
    from datetime import date

    from app.answering.entrance import Entrance
    from app.answering.invited import Invited
    from app.questionnaires.definition import Interface

#: Fields of our forms that nobody typed.
_OURS = frozenset({"cle", "jour", "premiere", "garder", "sans_carte", "sans_signer"})

#: What the structure wrote of its notice, or kept of ours.
_WRITTEN = ("readers", "recipients", "legal_basis")


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
            borne=self._borne(),
            ways=[] if context.get("is_personal") else self._ways("mark" in context),
            **context,
        )
        return Response(page, status, headers={"Cache-Control": "no-store"})

    def day(self, day: date) -> str:
        """Write a day as the readers of this page do."""
        return day_in(self.language, day)

    def _ways(self, may_turn: bool) -> list[tuple[str, Interface]]:
        """Return the address of this page in each other language that it has.

        A page that gives back what was sent has no other address: leaving it would lose the words.
        """
        if request.method == "POST" and not may_turn:
            return []
        ours = library()
        root = f"/{request.path.strip('/')}".rstrip("/")
        if root.rpartition("/")[2] in ours.languages:
            root = root.rpartition("/")[0]
        codes = self.entrance.wordings if self.entrance else ours.languages
        return [
            ((root if code == FRENCH else f"{root}/{code}") or "/", ours.interface(code))
            for code in codes
            if code != self.language
        ]

    def _borne(self) -> str:
        """Return the code of the shared tablet on which this page is read, or nothing."""
        code = request.args.get("borne", "")
        found = self.entrance or (reception().entrances.find(code) if code else None)
        return found.link.code if found is not None and found.is_kiosk else ""


def show_home(language: str = FRENCH) -> Response:
    """Show where to type a code, and the way to the desk."""
    return Leaf(language).show("home", typed="")


def show_unknown(
    typed: str,
    form: Mapping[str, Sequence[str]] | None = None,
    language: str = FRENCH,
    *,
    is_personal: bool = False,
) -> Response:
    """Show where to type the code again, with the words that were sent if any were.

    The link of a partner has no poster: it is copied again.
    """
    chosen = _codes() if form else set()
    said = [
        clean(text)
        for name, texts in (form or {}).items()
        if name not in _OURS
        for text in texts
        if text.strip() and (name, text) not in chosen
    ]
    return Leaf(language).show(
        "unknown",
        404,
        typed=clean(typed),
        said=said,
        is_sent=bool(form),
        is_personal=is_personal,
    )


def _codes() -> set[tuple[str, str]]:
    """Return choices as our forms send them: nobody can read « 1 »."""
    consents = {(scope, code) for scope, codes in CHOICES.items() for code in codes}
    return consents | {
        (posed.key, str(option.code))
        for questionnaire in library().questionnaires.values()
        for wave in questionnaire.waves
        for screen in wave.screens
        for posed in screen.posed
        for option in posed.question.options
    }


def show_not_yet(entrance: Entrance, language: str) -> Response:
    """Say from which day the questionnaire can be answered."""
    leaf = Leaf(language, entrance)
    return leaf.show("not_yet", 404, opening=leaf.day(entrance.campaign.starts_on))


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
    leaf, is_sent = Leaf(language, entrance), typed is not None
    closing = leaf.day(entrance.closing)
    return leaf.show("closed", 410, closing=closing, said=said, is_sent=is_sent)


def show_erased(entrance: Entrance, language: str) -> Response:
    """Say that the answer sent again was erased by its holder, and stays so."""
    return Leaf(language, entrance).show("erased", 410)


def show_answered(entrance: Entrance, language: str, invited: Invited) -> Response:
    """Say that the organisation of a personal link answered, and what is still possible."""
    return Leaf(language, entrance).show("answered", partner=invited.partner)


def show_notice(entrance: Entrance, language: str) -> Response:
    """Show the whole notice of a link."""
    notice = entrance.notice
    leaf = Leaf(language, entrance)
    until = leaf.day(entrance.kept_until(today()))
    ours = {field: told(entrance, leaf.words, field) for field in _WRITTEN}
    purpose = entrance.wordings[language].say(entrance.questionnaire.purpose)
    return leaf.show("notice", notice=notice, ours=ours, purpose=purpose, until=until)
