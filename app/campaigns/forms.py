"""The form that opens a campaign, already filled with good answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4, uuid5

from wtforms import HiddenField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from app.campaigns.doors import DOORS
from app.campaigns.names import desk_title
from app.campaigns.periods import months_around, next_period
from app.organisations.models import Lieu
from app.questionnaires import Library
from app.questionnaires.definition import Questionnaire
from app.web.forms import DeskForm
from app.web.typography import month, plural

if TYPE_CHECKING:
    from app.campaigns.models import Campaign

#: What most people open first.
USUAL_QUESTIONNAIRE = "satisfaction"
USUAL_DOORS = ("affiche", "borne", "papier")
USUAL_PARTNER_DOORS = ("partenaire",)


_NOT_ANSWERS = ("key", "csrf_token")
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
    #: Drawn for each form that is shown: the same form, sent twice, opens one campaign.
    key = HiddenField()

    @property
    def campaign_id(self) -> UUID:
        """Return the id that these very answers give to the campaign they open."""
        try:
            key = UUID(self.key.data)
        except ValueError:
            key = uuid4()
        answers = {field.name: field.data for field in self if field.name not in _NOT_ANSWERS}
        return uuid5(key, repr(sorted(answers.items())))

    def offer(self, library: Library, lieux: Sequence[Lieu], today: date) -> None:
        """Offer this structure's lieux, our questionnaires, and the months around today."""
        asked = list(in_usual_order(library))
        self.questionnaire.choices = [SelectChoice(one.id, desk_title(one)) for one in asked]
        self.lieu.choices = [SelectChoice(str(lieu.id), lieu.name) for lieu in lieux]
        self.first.choices = month_choices(months_around(today, -12 - today.month + 1, 24))
        self.last.choices = self.first.choices
        self.modules.choices = list(_module_choices(asked))

    @classmethod
    def usual(cls, today: date) -> dict[str, Any]:
        """Return the answers that most people give: until the end of the year of the bilan."""
        return {
            "questionnaire": USUAL_QUESTIONNAIRE,
            "action": "",
            "first": f"{today:%Y-%m}",
            "last": f"{today.year}-12",
            "doors": list(USUAL_DOORS),
            "form": "courte",
            "key": str(uuid4()),
        }

    @classmethod
    def like(cls, campaign: Campaign, questionnaire: str, today: date) -> dict[str, Any]:
        """Return the answers that opened a campaign, for as many months, after its own."""
        first, last = next_period(campaign, today)
        doors = {link.door for link in campaign.links}
        return {
            "questionnaire": questionnaire,
            "lieu": str(campaign.lieu_id),
            "action": campaign.action,
            "first": f"{first:%Y-%m}",
            "last": f"{last:%Y-%m}",
            "doors": [door for door in DOORS if door in doors],
            "form": campaign.form,
            "modules": list(campaign.modules),
            "key": str(uuid4()),
        }

    def refuse(self, field: str, reason: str) -> None:
        """Show why the campaign cannot open, beside the field it is about."""
        target = getattr(self, {"ends_on": "last"}.get(field, field), None)
        if target is None:
            self.form_errors.append(reason)
        else:
            target.errors = [reason]


class ReopenForm(DeskForm):
    """Ask until when a closed campaign opens again."""

    last = SelectField("Jusqu’à la fin de")

    def offer(self, campaign: Campaign, today: date) -> None:
        """Offer the end of its own period, or of this month when that is past, and later ones."""
        start = max(campaign.ends_on, today)
        self.last.choices = month_choices(months_around(start, 0, 24))


def month_choices(months: Sequence[date]) -> list[SelectChoice]:
    """Return months to choose from, in words."""
    return [SelectChoice(f"{day:%Y-%m}", month(day)) for day in months]


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


def usual_doors(questionnaire: Questionnaire) -> tuple[str, ...]:
    """Return the doors by which the people that a questionnaire asks usually come."""
    return USUAL_PARTNER_DOORS if questionnaire.audience == "partenaire" else USUAL_DOORS


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
