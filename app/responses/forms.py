"""The form that makes a file of answers, already filled with what the list showed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from wtforms import RadioField, SelectField
from wtforms.fields.choices import SelectChoice

from app.campaigns.doors import DOORS
from app.responses.exporting import FORMATS
from app.responses.filters import month_choices
from app.web.forms import DeskForm
from app.web.typography import plural

if TYPE_CHECKING:
    from app.campaigns.names import NamedCampaign
    from app.responses.filters import Filters

#: Before the name of a questionnaire, of which every campaign is wanted.
EVERY = "toutes-"


class ExportForm(DeskForm):
    """Ask which answers, and which sort of file."""

    campagne = SelectField("Campagne")
    lieu = SelectField("Lieu")
    porte = SelectField("Porte")
    de = SelectField("Du mois de")
    a = SelectField("Au mois de")
    format = RadioField(
        "Quel fichier\u202f?",
        choices=[SelectChoice(one.name, f"{one.label} : {one.hint}") for one in FORMATS.values()],
        default="ods",
    )
    contenu = RadioField(
        "Comment écrire les réponses\u202f?",
        choices=[
            SelectChoice("mots", "En mots : « Plutôt oui »"),
            SelectChoice("codes", "En codes : « 3 », expliqués dans le dictionnaire"),
        ],
        default="mots",
    )

    def offer(
        self,
        campaigns: Sequence[NamedCampaign],
        filters: Filters,
        today: date,
    ) -> None:
        """Offer the campaigns within reach, their lieux, and the months since the first."""
        self.campagne.choices = list(_campaigns(campaigns))
        lieux = {str(one.lieu_id): one.lieu for one in campaigns}
        named = sorted(lieux.items(), key=lambda one: one[1])
        self.lieu.choices = [SelectChoice("", "Tous les lieux")]
        self.lieu.choices += [SelectChoice(value, name) for value, name in named]
        self.porte.choices = [SelectChoice("", "Toutes les portes")]
        self.porte.choices += [SelectChoice(one.code, one.label) for one in DOORS.values()]
        months = month_choices(campaigns, filters, today)
        choices = [SelectChoice(value, words) for value, words in months]
        self.de.choices = [SelectChoice("", "depuis le début"), *choices]
        self.a.choices = [SelectChoice("", "jusqu’à aujourd’hui"), *choices]


def _campaigns(campaigns: Sequence[NamedCampaign]) -> Iterator[SelectChoice]:
    """Yield each questionnaire that has several campaigns as a whole, then each campaign."""
    titles = {one.questionnaire: one.questionnaire_title for one in campaigns}
    for questionnaire, title in titles.items():
        count = sum(one.questionnaire == questionnaire for one in campaigns)
        if count > 1:
            words = f"{title} : toutes ({plural(count, 'campagne')})"
            yield SelectChoice(f"{EVERY}{questionnaire}", words)
    for one in campaigns:
        yield SelectChoice(str(one.id), one.title)
