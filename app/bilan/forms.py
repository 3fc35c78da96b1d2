"""The forms of a bilan: its frame, its objectives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from wtforms import BooleanField, Field, HiddenField, RadioField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, ValidationError

from app.bilan.audiences import AUDIENCES
from app.bilan.drafting import OBJECTIVE, OBJECTIVES, Objective
from app.bilan.frames import Frame
from app.campaigns.forms import BOXES
from app.indicators.fixed import FixedPeriod
from app.indicators.period import Period
from app.web.forms import DeskForm, clean

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict

    from app.organisations.models import Lieu

#: What the list of periods says of two months chosen one by one.
OTHER = "mois"
HELP = {
    "employeur": "la direction, les élus",
    "financeur": "département, État, fondation…",
    "public": "tout le monde pourra le lire",
}


class FrameForm(DeskForm):
    """Ask which months, lieux and actions a bilan speaks of, and who reads it."""

    periode = SelectField("Période")
    de = SelectField("Du mois de")
    a = SelectField("Au mois de")
    audience = RadioField(
        "Qui le lira\u202f?",
        [InputRequired("Choisissez qui le lira.")],
        choices=[SelectChoice(name, one.title) for name, one in AUDIENCES.items()],
    )
    lieux = SelectMultipleField("Lieux", **BOXES)
    actions = SelectMultipleField("Actions", **BOXES)
    apart = BooleanField("Les témoignages forment une partie à eux seuls, juste après")
    revision = HiddenField()

    def offer(
        self,
        periods: Mapping[str, str],
        months: Sequence[tuple[str, str]],
        lieux: Iterable[Lieu],
        actions: Iterable[str],
    ) -> None:
        """Offer what may be chosen within reach."""
        self.periode.choices = [
            *(SelectChoice(value, words) for value, words in periods.items()),
            SelectChoice(OTHER, "D’un mois à un autre…"),
        ]
        for field in (self.de, self.a):
            field.choices = [SelectChoice(value, words) for value, words in months]
        self.lieux.choices = [SelectChoice(str(one.id), one.name) for one in lieux]
        self.actions.choices = [SelectChoice(one, one) for one in actions]

    def validate_a(self, field: Field) -> None:
        """Refuse a period that ends before it begins, when months are chosen one by one."""
        if self.periode.data == OTHER:
            try:
                Period(self.de.data, field.data)
            except ValueError as error:
                raise ValidationError(str(error)) from None

    def frame(self, everywhere: bool) -> Frame:
        """Return the frame that was asked; all the lieux ticked are the whole structure."""
        chosen = [UUID(one) for one in self.lieux.data or ()]
        if everywhere and len(chosen) == len(self.lieux.choices or ()):
            chosen = []
        return Frame(
            self._period(),
            tuple(chosen),
            tuple(self.actions.data or ()),
            str(self.audience.data),
            bool(self.apart.data),
        )

    def _period(self) -> Period:
        if self.periode.data == OTHER:
            return Period(self.de.data, self.a.data)
        fixed = FixedPeriod.read(self.periode.data)
        return Period(fixed.first, fixed.last)

    @staticmethod
    def shown(frame: Frame, offered: Iterable[str], lieux: Iterable[Lieu]) -> dict[str, Any]:
        """Return a frame as the form shows it."""
        fixed = frame.fixed
        is_offered = fixed is not None and fixed.written in offered
        return {
            "periode": fixed.written if fixed is not None and is_offered else OTHER,
            "de": frame.period.first,
            "a": frame.period.last,
            "audience": frame.audience,
            "lieux": [str(one) for one in frame.lieux] or [str(one.id) for one in lieux],
            "actions": list(frame.actions),
            "apart": frame.testimonies_apart,
        }


def read_objectives(
    typed: MultiDict[str, str], indicators: Iterable[str]
) -> tuple[list[Objective], dict[int, str]]:
    """Return the objectives of a form, all of them, and what is wrong with some, by their row."""
    known, found, problems = set(indicators), [], {}
    for row in range(OBJECTIVES):
        words = clean(typed.get(f"mots-{row}", ""))
        indicator = typed.get(f"indicateur-{row}", "")
        target = clean(typed.get(f"part-{row}", "")).removesuffix("%").strip()
        is_share = target.isascii() and target.isdecimal() and 1 <= int(target[:4]) <= 100
        if target and not is_share:
            problems[row] = "Écrivez un nombre de 1 à 100, ou rien."
        elif target and indicator not in known:
            problems[row] = "Pour viser une part, choisissez l’indicateur qui la mesure."
        if len(words) > OBJECTIVE:
            problems[row] = f"{len(words)} caractères\u00a0: gardez-en {OBJECTIVE} au plus."
        elif not words and (target or indicator in known):
            problems[row] = "Écrivez cet objectif avec vos mots."
        found.append(
            Objective(
                words, indicator if indicator in known else "", int(target) if is_share else None
            )
        )
    return found, problems
