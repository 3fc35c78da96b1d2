"""The form that opens a campaign, already filled with good answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from wtforms import RadioField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from app.campaigns.doors import DOORS
from app.organisations.models import Lieu
from app.questionnaires import Library
from app.questionnaires.definition import Questionnaire
from app.web.forms import DeskForm
from app.web.typography import month, plural

#: What most people open first.
USUAL_QUESTIONNAIRE = "satisfaction"
USUAL_DOORS = ("affiche", "borne", "papier")


#: Boxes to tick, instead of a list to scroll.
BOXES = {"widget": ListWidget(prefix_label=False), "option_widget": CheckboxInput()}


class CampaignForm(DeskForm):
    """Ask what, where, when and by which doors."""

    questionnaire = RadioField(
        "Que demandez-vous ?", validators=[InputRequired("Choisissez un questionnaire.")]
    )
    lieu = SelectField("Lieu d’activité")
    action = StringField(
        "Action ou cadre (facultatif)",
        [Length(max=120, message="120 caractères au plus : raccourcissez.")],
    )
    first = SelectField("De")
    last = SelectField("À")
    doors = SelectMultipleField(
        "Par quelles portes ?",
        choices=[SelectChoice(door.code, door.label) for door in DOORS.values()],
        **BOXES,
    )
    form = RadioField(
        "Longueur",
        choices=[
            SelectChoice("courte", "Courte : l’essentiel"),
            SelectChoice("longue", "Longue : toutes les questions"),
        ],
    )
    modules = SelectMultipleField("Questions en plus", **BOXES)

    def offer(self, library: Library, lieux: Sequence[Lieu], today: date) -> None:
        """Offer this structure's lieux, our questionnaires, and the months around today."""
        asked = list(in_usual_order(library))
        self.questionnaire.choices = [SelectChoice(one.id, desk_title(one)) for one in asked]
        self.lieu.choices = [SelectChoice(str(lieu.id), lieu.name) for lieu in lieux]
        months = [date(today.year + i // 12, i % 12 + 1, 1) for i in range(-12, 24)]
        self.first.choices = [SelectChoice(f"{day:%Y-%m}", month(day)) for day in months]
        self.last.choices = self.first.choices
        self.modules.choices = list(_module_choices(asked))

    @classmethod
    def usual(cls, today: date) -> dict[str, Any]:
        """Return the answers that most people give: until the end of the year of the bilan."""
        return {
            "questionnaire": USUAL_QUESTIONNAIRE,
            "first": f"{today:%Y-%m}",
            "last": f"{today.year}-12",
            "doors": list(USUAL_DOORS),
            "form": "courte",
        }

    def refuse(self, field: str, reason: str) -> None:
        """Show why the campaign cannot open, beside the field it is about."""
        target = getattr(self, {"ends_on": "last"}.get(field, field), None)
        if target is None:
            self.form_errors.append(reason)
        else:
            target.errors = [reason]


def in_usual_order(library: Library) -> Iterator[Questionnaire]:
    """Yield the questionnaires as they are offered: the usual one, the public's, the partners'."""
    yield from sorted(
        library.questionnaires.values(),
        key=lambda one: (one.audience != "usager", one.id != USUAL_QUESTIONNAIRE, one.title.fr),
    )


def _module_choices(asked: Sequence[Questionnaire]) -> Iterator[SelectChoice]:
    """Yield each optional module once, with the questionnaires that have it."""
    titles: dict[str, str] = {}
    owners: dict[str, list[str]] = {}
    for one in asked:
        for module in one.modules:
            titles.setdefault(module.id, module.title.fr)
            owners.setdefault(module.id, []).append(desk_title(one))
    for module_id, title in titles.items():
        yield SelectChoice(module_id, f"{title} ({', '.join(owners[module_id])})")


def desk_title(questionnaire: Questionnaire) -> str:
    """Name a questionnaire for the team: the public reads the same title on both « progrès »."""
    title = questionnaire.title.fr
    return f"{title}, en une fois" if questionnaire.method == "B" else title


def length_of(questionnaire: Questionnaire) -> str:
    """Say how long a questionnaire is, in its short form."""
    passings = [questionnaire.passing(wave.id) for wave in questionnaire.waves]
    questions = max(len(passing.posed) for passing in passings)
    minutes = max(passing.minutes for passing in passings)
    length = f"{plural(questions, 'question')}, {plural(minutes, 'minute')}"
    if questionnaire.method == "B":
        return f"maintenant, puis avant : {length}"
    if len(passings) == 1:
        return length
    moments = ", ".join(wave.title.fr.lower() for wave in questionnaire.waves)
    return f"{moments} : {length} au plus à chaque fois"
