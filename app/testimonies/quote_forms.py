"""The forms about quotes: where one is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wtforms import DateField, Field, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from app.testimonies.publications import LONGEST_PLACE, PLACES
from app.web.current import today
from app.web.forms import DeskForm

if TYPE_CHECKING:
    from app.testimonies.quotes import ShownQuote


class DayField(DateField):  # type: ignore[misc]
    """Ask for a day; what is no day is asked again, since a browser shows only days there."""

    def _value(self) -> str:
        return self.data.isoformat() if self.data else ""


class UseForm(DeskForm):
    """Ask where a quote is shown, for whom, since when."""

    usage = RadioField("Pour qui\u202f?", [InputRequired("Choisissez pour qui.")])
    ou = StringField(
        "Où est-elle montrée\u202f?",
        [
            DataRequired("Écrivez où : « Bilan 2026 », « affiche de l’accueil »."),
            Length(
                max=LONGEST_PLACE, message=f"{LONGEST_PLACE} caractères au plus : raccourcissez."
            ),
        ],
        render_kw={"maxlength": LONGEST_PLACE, "autocomplete": "off"},
    )
    jour = DayField("Depuis quel jour\u202f?", [InputRequired("Écrivez le jour : 09/11/2026.")])

    def offer(self, quote: ShownQuote) -> None:
        """Offer only what the person agreed to."""
        self.usage.choices = [SelectChoice(use, PLACES[use]) for use in quote.uses]

    def validate_jour(self, field: Field) -> None:
        """Take no day that is not there yet."""
        if field.data and field.data > today():
            raise ValidationError(
                "Ce jour n’est pas encore là : écrivez le jour où vous la montrez."
            )
