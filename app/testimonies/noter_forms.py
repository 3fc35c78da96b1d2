"""The form by which a médiateur writes down what a person says, and asks each consent aloud."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
    StopValidation,
    ValidationError,
)

from app.testimonies.asking import CAPACITY
from app.testimonies.consents import OF_A_PERSON, OF_MEDIA
from app.testimonies.signatures import AGES
from app.testimonies.submission import LONGEST_SIGNATURE, LONGEST_TEXT
from app.web.forms import DeskForm

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from app.organisations.models import Lieu
    from app.testimonies.asking import Asked
    from app.testimonies.consents import Choice

#: The field that says how the person is named.
_NAMING = "accord_nom"


class DictatedForm(DeskForm):
    """Ask what was said and where; the consents are added by `dictated_form`."""

    #: Which consents were read aloud, in the words that were read.
    questions: tuple[Asked, ...] = ()

    key = HiddenField()
    lieu = SelectField("Dans quel lieu\u202f?", [InputRequired("Choisissez le lieu.")])
    texte = TextAreaField(
        "Ce que la personne dit",
        [
            DataRequired("Écrivez ce que la personne dit, avec ses mots."),
            Length(
                max=LONGEST_TEXT, message=f"{LONGEST_TEXT} caractères au plus : gardez l’essentiel."
            ),
        ],
        render_kw={"rows": 9, "maxlength": LONGEST_TEXT, "data-brouillon": ""},
    )
    prenom = StringField(
        "Le prénom à montrer",
        [
            Length(max=LONGEST_SIGNATURE, message=f"{LONGEST_SIGNATURE} caractères au plus."),
        ],
        render_kw={"maxlength": LONGEST_SIGNATURE, "autocomplete": "off"},
    )
    age = SelectField(
        "Son âge",
        filters=[lambda chosen: chosen or ""],
        choices=[SelectChoice("", "Choisissez"), *(SelectChoice(*one) for one in AGES.items())],
    )
    present = BooleanField(
        "La personne est présente et a entendu chaque question.",
        [InputRequired("Lisez chaque question à la personne, puis cochez cette case.")],
    )

    def offer(self, lieux: Iterable[Lieu]) -> None:
        """Offer the lieux within reach; one that stands alone is chosen."""
        found = [SelectChoice(str(lieu.id), lieu.name) for lieu in lieux]
        self.lieu.choices = [SelectChoice("", "Choisissez"), *found]
        if len(found) == 1 and not self.lieu.raw_data:
            self.lieu.data = found[0].value

    @property
    def asked_fields(self) -> list[tuple[Asked, Field]]:
        """Return each consent with its field."""
        return [(one, self[_name(one)]) for one in self.questions]

    @property
    def choices(self) -> tuple[Choice, ...]:
        """Return what was chosen, with the words that were read aloud."""
        return tuple(one.chosen(field.data) for one, field in self.asked_fields if field.data)

    def validate_prenom(self, field: Field) -> None:
        """Ask for the first name that is to be shown."""
        if self[_NAMING].data == "prenom" and not field.data:
            raise ValidationError("Écrivez le prénom à montrer, ou choisissez « Sans nom ».")

    def validate_age(self, field: Field) -> None:
        """Ask for the age that is to be shown."""
        if self[_NAMING].data == "age_lieu" and not field.data:
            raise ValidationError("Choisissez l’âge à montrer, ou choisissez « Sans nom ».")


def dictated_form(questions: Sequence[Asked], capacity: Asked, **data: Any) -> DictatedForm:
    """Return the form with one field for each consent to ask aloud; nothing is chosen."""
    # Somebody who dictates leaves no voice and no image to keep.
    kept = tuple(one for one in questions if one.scope not in OF_MEDIA)
    heard = InputRequired("Posez la question, puis cochez la réponse.")
    fields: dict[str, Any] = {_name(one): _radio(one, heard) for one in kept}
    fields[CAPACITY] = _radio(capacity, _needed_to_name)
    made = type("Dictated", (DictatedForm,), {**fields, "questions": kept})
    return cast("DictatedForm", made(**data))


def _radio(asked: Asked, validator: Any) -> Field:
    choices = [SelectChoice(one.code, one.label) for one in asked.options]
    return RadioField(asked.question, [validator], choices=choices)


def _name(asked: Asked) -> str:
    return f"accord_{asked.scope}"


def _needed_to_name(form: DictatedForm, field: Field) -> None:
    """Ask whether the person is of age only when a name, or an age, is to be shown."""
    if field.data:
        return
    field.errors = []
    if form[_NAMING].data in OF_A_PERSON:
        raise StopValidation("Posez la question : sans réponse, Recueil ne montre pas de nom.")
    raise StopValidation
