"""The pages of a link, written once for everybody, or again with what one person typed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import rcssmin
from flask import render_template
from markupsafe import Markup

from app.answering.entrance import FRENCH
from app.answering.spliced import MARK
from app.answering.told import told
from app.campaigns.addresses import typed_address
from app.questionnaires.kinds import clean
from app.web.current import settings
from app.web.headers import content_policy
from app.web.typography import listing, typographic

if TYPE_CHECKING:
    from datetime import date

    from app.answering.entrance import Entrance
    from app.answering.invited import Invited
    from app.questionnaires.definition import Clause, Interface, Passing, Posed, Wording
    from app.questionnaires.kinds import Field, Unreadable

_BETWEEN_TAGS = re.compile(r">\s*\n\s*<")
_STYLES = Path(__file__).parent / "styles"
#: Sentences that the script says, in the order in which it takes them.
_SCRIPT_WORDS = (
    *("continuer", "envoyer", "reessayer", "envoi", "panne", "question_sur"),
    *("reste", "trop", "numero"),
)


@cache
def style(name: str) -> Markup:
    """Return a style sheet as it is inlined."""
    return Markup(rcssmin.cssmin((_STYLES / f"{name}.css").read_text("utf-8")))  # noqa: S704


@cache
def policy() -> str:
    """Return the content policy of every page of this room.

    A page that comes back after sending is shown in the place of the first one, under the first
    one's policy: so each allows the styles of all.
    """
    return content_policy(*(str(style(name)) for name in ("page", "after", "kiosk")))


@cache
def trial_policy() -> str:
    """Return the content policy of a trial: the gallery of the desk shows it in a frame."""
    styles = (str(style(name)) for name in ("page", "after", "trial"))
    return content_policy(*styles, framed_by="'self'")


@dataclass(frozen=True, slots=True)
class Shown:
    """Be a question as it stands on the page."""

    number: int
    field: Field
    #: For the script: `dro4=oui,non&dro5=1`.
    condition: str
    #: For people without it: « Si vous avez répondu Oui : ».
    when: str
    #: What is wrong with what was typed.
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Error:
    """Say what happened, that nothing is lost, and what to do."""

    title: str
    sentences: Sequence[str] = ()
    #: Anchor and label of each place to correct.
    links: Sequence[tuple[str, str]] = ()
    #: Name and label of the buttons offered at once; an empty name sends the form as it is.
    buttons: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """Be what a person typed, to be shown again."""

    typed: Mapping[str, Sequence[str]] = field(default_factory=dict)
    problems: Mapping[str, Unreadable] = field(default_factory=dict)
    card_problem: str = ""
    #: Fields that the form must carry besides.
    hidden: Sequence[tuple[str, str]] = ()
    #: The partner whose personal link this is, and who signs; None for everybody else.
    invited: Invited | None = None


class Voice:
    """Say everything of a link in one language."""

    def __init__(self, entrance: Entrance, language: str) -> None:
        self.entrance = entrance
        self.language = language
        self.words: Interface = entrance.interfaces[language]
        self.wording: Wording = entrance.wordings[language]

    def say(self, key: str, **values: object) -> str:
        """Return a sentence of the interface."""
        return self.typeset(self.words[key].format(**values))

    def typeset(self, text: str) -> str:
        """Return one of our texts with the spaces of French, in French."""
        return typographic(text) if self.language == FRENCH else text

    def context(self, pictograms: Sequence[str], styles: Sequence[str]) -> dict[str, Any]:
        """Return what every page of a link shows."""
        entrance = self.entrance
        kiosk = ("kiosk",) if entrance.is_kiosk else ()
        trial = ("trial",) if entrance.is_trial else ()
        return {
            "entrance": entrance,
            "words": self.words,
            "say": self.say,
            "typeset": self.typeset,
            "picto": picto,
            "pictograms": ("livret", *pictograms),
            "styles": [style(name) for name in (*styles, *kiosk, *trial)],
            "scripts": [f"{name}.js" for name in (*kiosk, "answer")],
            "languages": [entrance.interfaces[code] for code in entrance.wordings],
            "suffix": "" if self.language == FRENCH else f"/{self.language}",
        }


def picto(name: str, classes: str = "") -> Markup:
    """Return one use of a pictogram that the page holds."""
    return Markup('<svg class="picto{}" aria-hidden="true"><use href="#{}"/></svg>').format(
        f" {classes}" if classes else "", name
    )


def write_questions(voice: Voice, today: date, key: str = MARK) -> str:
    """Write the page on which people answer, for everybody."""
    return _BETWEEN_TAGS.sub("><", _page(voice, today, key, Draft()))


def write_personal(voice: Voice, today: date, key: str, draft: Draft) -> str:
    """Write the page on which one partner answers and signs."""
    return _page(voice, today, key, draft)


def write_again(voice: Voice, today: date, key: str, draft: Draft, error: Error) -> str:
    """Write the questions with what one person typed, under a word on what happened."""
    return _page(voice, today, key, draft, error)


def write_thanks(voice: Voice, invited: Invited | None = None) -> str:
    """Write the page that says thank you, with holes for the receipt code."""
    pictograms = ("photo", "crayon", *(("fleche",) if voice.entrance.is_kiosk else ()))
    context = voice.context(pictograms, ("page", "after"))
    return render_template(
        "answering/thanks.html",
        **context,
        address=typed_address(settings().base_url, f"recu{context['suffix']}"),
        closing=voice.typeset(voice.wording.say(voice.entrance.questionnaire.closing)),
        mark=MARK,
        invited=invited,
    )


def write_trial_thanks(voice: Voice) -> str:
    """Write the page that says thank you for a trial: there is no receipt, nothing was kept."""
    return render_template(
        "answering/trial_thanks.html",
        **voice.context(("fleche",), ("page", "after")),
        closing=voice.typeset(voice.wording.say(voice.entrance.questionnaire.closing)),
    )


def _page(voice: Voice, today: date, key: str, draft: Draft, error: Error | None = None) -> str:
    entrance = voice.entrance
    questions = shown(voice, entrance.passing, draft)
    faces = [f"visage-{rank}" for rank in range(1, 5)] if entrance.is_kiosk and not error else []
    used = [option.pictogram for one in questions for option in one.field.options]
    if any(one.field.control in ("text", "textarea") for one in questions):
        used.append("sans-nom")
    pictograms = (*faces, *filter(None, used), "fleche", "attention" if error else "ecouter")
    return render_template(
        "answering/trial.html" if entrance.is_trial else "answering/page.html",
        **voice.context(pictograms, ("page", "after") if error else ("page",)),
        title=voice.typeset(voice.wording.say(entrance.questionnaire.title)),
        notice=_notice(voice, today),
        questions=questions,
        total=len(questions),
        faces=faces,
        error=error,
        whole=error is not None,
        card="".join(draft.typed.get("carte", ())[:1]),
        card_problem=draft.card_problem,
        hidden=draft.hidden,
        invited=draft.invited,
        key=key,
        script_words="|".join(voice.say(name, **_KEPT) for name in _SCRIPT_WORDS),
    )


#: The script puts its own numbers in.
_KEPT = {"n": "{n}", "total": "{total}"}


def _notice(voice: Voice, today: date) -> list[tuple[str, str, bool]]:
    """Return the short lines said before the first question; the last value: in French only."""
    say, notice = voice.say, voice.entrance.notice
    translated = voice.wording.say(voice.entrance.questionnaire.purpose)
    purpose = typographic(notice.purpose) if voice.language == FRENCH else translated
    return [
        (say("qui_lit"), *told(voice.entrance, voice.words, "readers")),
        (say("pourquoi"), purpose, False),
        (say("obligatoire"), say("obligatoire_reponse"), False),
        (say("garde"), say("garde_reponse", annee=voice.entrance.kept_until(today).year), False),
        (say("effacement"), say("effacement_reponse"), False),
    ]


def shown(voice: Voice, passing: Passing, draft: Draft) -> list[Shown]:
    """Return the questions as they stand on the page, with what was typed."""
    numbers = {posed.key: number for number, posed in enumerate(passing.posed, 1)}
    return [
        Shown(
            number=numbers[posed.key],
            field=posed.question.kind.field(
                posed, voice.wording, [clean(text) for text in draft.typed.get(posed.key, ())]
            ),
            condition="&".join(
                f"{clause.question}={','.join(map(str, clause.codes))}"
                for clause in posed.question.condition
            ),
            when=_when(voice, passing, posed, numbers),
            problem=explain(voice, posed, draft),
        )
        for posed in passing.posed
    ]


def explain(voice: Voice, posed: Posed, draft: Draft) -> str:
    """Say what is wrong with an answer, and what to do."""
    problem = draft.problems.get(posed.key)
    if problem is None:
        return ""
    if problem.reason != "trop_long":
        return voice.say(f"faute_{problem.reason}")
    typed = "".join(draft.typed[posed.key][:1]).replace("\r\n", "\n").strip()
    return voice.say("trop", n=len(typed) - (posed.question.max_length or 0))


def _when(voice: Voice, passing: Passing, posed: Posed, numbers: Mapping[str, int]) -> str:
    """Say for whom a question is, to people whose browser runs no script."""
    parts = [
        _clause(voice, passing, clause, numbers[clause.question] - numbers[posed.key] == -1)
        for clause in posed.question.condition
        if clause.question in numbers
    ]
    if not parts:
        return ""
    return voice.say("si", conditions=voice.say("et").join(parts))


def _clause(voice: Voice, passing: Passing, clause: Clause, is_just_before: bool) -> str:
    asked = passing.by_key[clause.question]
    labels = [
        voice.typeset(asked.question.kind.words(asked.question, code, voice.wording))
        for code in clause.codes
    ]
    replies = listing(labels, voice.say("ou"))
    if is_just_before:
        return voice.say("vous_avez_repondu", reponses=replies)
    number = [one.key for one in passing.posed].index(clause.question) + 1
    return voice.say("vous_avez_repondu_a", reponses=replies, n=number)
