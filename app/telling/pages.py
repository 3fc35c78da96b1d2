"""The page on which people tell, empty or given back, and the one that thanks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from flask import Response, render_template

from app.answering.entrance import FRENCH
from app.answering.pages import Error, style
from app.answering.told import told
from app.campaigns.addresses import typed_address
from app.questionnaires.kinds import clean
from app.telling.recording import PICTOGRAMS, recording, script_words
from app.telling.topics import THEMES
from app.testimonies.asking import CAPACITY, asked_capacity
from app.testimonies.changing import AGE
from app.testimonies.submission import LONGEST_SIGNATURE, LONGEST_TEXT
from app.web.current import settings
from app.web.headers import RECORDING, content_policy

if TYPE_CHECKING:
    from app.answering.pages import Voice
    from app.telling.story import Asking
    from app.testimonies.slips import Slip

#: Where people tell, before the code of the link they came by.
ROOT = "/temoigner"
_STYLES = ("page", "after", "kiosk", "trial")


@dataclass(frozen=True, slots=True)
class Written:
    """Be what a person typed and chose, to be shown again."""

    typed: Mapping[str, Sequence[str]] = field(default_factory=dict)
    #: What is wrong, by field.
    problems: Mapping[str, str] = field(default_factory=dict)
    hidden: Sequence[tuple[str, str]] = ()
    #: Files came with it, which no browser lets us give back.
    had_files: bool = False
    #: The organisation that signs by its personal link; None for everybody else.
    signing: str | None = None

    def first(self, name: str) -> str:
        """Return one field as it is safe to show, or nothing."""
        return clean(next(iter(self.typed.get(name, ())), ""))

    def has(self, name: str, code: str) -> bool:
        """Tell whether an answer was chosen."""
        return code in self.typed.get(name, ())


def path_of(voice: Voice) -> str:
    """Return where one tells by a link, without the language; a trial has its own address."""
    code = voice.entrance.link.code
    return f"/{code}" if voice.entrance.is_trial else f"{ROOT}/{code}"


def show_page(
    asking: Asking, key: str, written: Written | None = None, error: Error | None = None
) -> str:
    """Write the page on which people tell."""
    voice, written = asking.voice, written or Written()
    records = not asking.for_organisation
    deposit = "" if voice.entrance.is_trial else f"{path_of(voice)}/fichier"
    drawn = ("sans-nom", "coche", "croix", "fleche", "ecouter", *(PICTOGRAMS if records else ()))
    context = _context(voice, (*drawn, "attention") if error else drawn)
    return render_template(
        "telling/page.html",
        **context,
        **(recording(voice.say, deposit) if records else {}),
        **_names(asking),
        records=records,
        for_organisation=asking.for_organisation,
        notice=_notice(voice),
        consents=asking.consents,
        capacity=asked_capacity(voice.words) if records else None,
        themes=asking.themes,
        age=asking.age,
        written=written,
        error=error,
        key=key,
        script_words=script_words(voice.say),
    )


def show_thanks(
    voice: Voice, slip: Slip, problems: Sequence[str], *, has_media: bool, signing: str = ""
) -> str:
    """Write the page that says thank you, with the slip to print or copy."""
    kiosk = ("fleche",) if voice.entrance.is_kiosk else ()
    pictograms = ("photo", "crayon", "imprimer", "coche", "croix", "attention", *kiosk)
    context = _context(voice, pictograms)
    return render_template(
        "telling/thanks.html",
        **context,
        slip=slip,
        groups=slip.code.split("-"),
        address=typed_address(settings().base_url, f"recu{context['suffix']}"),
        problems=problems,
        has_media=has_media,
        signing=signing,
        for_organisation=voice.entrance.questionnaire.audience == "partenaire",
    )


def show_trial_thanks(voice: Voice) -> str:
    """Write the page that says thank you for a trial: nothing was kept."""
    return render_template("telling/trial_thanks.html", **_context(voice, ("fleche",)))


def dress(response: Response, *, is_framed: bool = False) -> Response:
    """Put on a page of this room the headers that it needs: it may record."""
    headers = response.headers
    headers["Content-Security-Policy"] = _policy("'self'" if is_framed else "'none'")
    headers["Permissions-Policy"] = RECORDING
    headers["Cache-Control"] = "no-store"
    if is_framed:
        headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


@cache
def _policy(framed_by: str) -> str:
    """Return one policy for every page of the room: one is shown in the place of another."""
    return content_policy(
        *(str(style(name)) for name in _STYLES), framed_by=framed_by, records=True
    )


def _context(voice: Voice, pictograms: Sequence[str]) -> dict[str, Any]:
    context = voice.context(pictograms, ("page", "after"))
    kiosk = ["kiosk.js"] if voice.entrance.is_kiosk else []
    return {
        **context,
        "scripts": [*kiosk, "telling.js"],
        "sheets": ["telling.css", "recording.css", "papier.css"],
        "root": path_of(voice),
        "is_french": voice.language == FRENCH,
    }


def _names(asking: Asking) -> dict[str, Any]:
    return {
        "THEMES": THEMES,
        "AGE": AGE,
        "CAPACITY": CAPACITY,
        "LONGEST_TEXT": LONGEST_TEXT,
        "LONGEST_SIGNATURE": LONGEST_SIGNATURE,
        "signature_field": asking.signature_field,
        "own": "_organisation" if asking.for_organisation else "",
    }


def _notice(voice: Voice) -> list[tuple[str, str, bool]]:
    """Return the short lines said first; the last value: in French only."""
    say = voice.say
    return [
        (say("qui_lit"), *told(voice.entrance, voice.words, "readers")),
        (say("obligatoire"), say("obligatoire_reponse"), False),
        (say("garde"), say("temoignage_garde"), False),
        (say("effacement"), say("effacement_reponse"), False),
    ]
