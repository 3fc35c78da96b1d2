"""Forms of Réglages: the notice, the structure, its lieux."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from wtforms import (
    FileField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from app.organisations.lieux_schema import COMMUNE, FIELDS, NAME, UPDATED, Field, UnfitError
from app.organisations.notice import LONGEST_PURPOSE, LONGEST_READERS, LONGEST_TEXT
from app.scoring import Thresholds
from app.web.forms import DeskForm
from app.web.typography import number, plural, typographic

LONGEST_NAME, LONGEST_CONTACT = 300, 200
#: No structure needs more people than this behind a figure.
HIGHEST_THRESHOLD = 1_000
#: Fields of a lieu that take several lines.
LONG = ("horaires", "presentation_resume", "presentation_detail")


def at_most(longest: int) -> Callable[[Any, Any], None]:
    """Refuse a longer text, saying by how much; a browser told of it would cut what is pasted."""

    def check(_form: Any, field: Any) -> None:
        extra = len(field.data or "") - longest
        if extra > 0:
            raise ValidationError(
                f"{plural(extra, 'caractère')} de trop : {number(longest)} au plus. Raccourcissez."
            )

    return check


class NoticeForm(DeskForm):
    """Ask for what people are told before they answer."""

    readers = StringField(
        typographic("Qui lit ?"),
        [DataRequired("Écrivez qui lit, par exemple : L’équipe."), at_most(LONGEST_READERS)],
    )
    purpose = StringField(
        typographic("Pourquoi ?"),
        [
            DataRequired("Écrivez pourquoi, par exemple : Pour mieux vous aider."),
            at_most(LONGEST_PURPOSE),
        ],
    )
    rights_contact = TextAreaField(
        typographic("À qui écrire ou parler pour ses droits ?"),
        [
            DataRequired("Écrivez un nom et une adresse. Sans eux, personne ne peut demander."),
            at_most(LONGEST_TEXT),
        ],
        render_kw={"rows": "2"},
    )
    legal_basis = TextAreaField(
        "Base légale",
        [
            DataRequired("Écrivez la base légale : intérêt légitime, ou mission d’intérêt public."),
            at_most(LONGEST_TEXT),
        ],
        render_kw={"rows": "5"},
    )
    recipients = TextAreaField(
        "Destinataires",
        [DataRequired("Écrivez qui reçoit les textes et les résultats."), at_most(LONGEST_TEXT)],
        render_kw={"rows": "5"},
    )
    retention_years = SelectField(
        "Les réponses",
        coerce=int,
        choices=[
            SelectChoice(0, "La même année, fin décembre"),
            SelectChoice(1, "L’année suivante, fin décembre"),
            SelectChoice(2, "2 ans après, fin décembre"),
            SelectChoice(3, "3 ans après, fin décembre"),
        ],
    )
    journal_months = SelectField(
        "Le journal des accès",
        coerce=int,
        choices=[SelectChoice(months, f"{months} mois") for months in range(6, 13)],
    )


def _threshold(label: str, name: str) -> IntegerField:
    floor = getattr(Thresholds(), name)

    def check(_form: Any, field: Any) -> None:
        if field.data is None or not floor <= field.data <= HIGHEST_THRESHOLD:
            field.errors.clear()  # what the library says of a word
            raise ValidationError(f"Écrivez un nombre entre {floor} et {HIGHEST_THRESHOLD}.")

    return IntegerField(
        label,
        [InputRequired(f"Écrivez un nombre, {floor} au moins."), check],
        render_kw={"min": str(floor), "max": str(HIGHEST_THRESHOLD), "inputmode": "numeric"},
    )


class StructureForm(DeskForm):
    """Ask for the name, the contact and the thresholds of a structure."""

    name = StringField(
        "Nom de la structure",
        [DataRequired("Écrivez le nom, comme sur votre porte."), at_most(LONGEST_NAME)],
        render_kw={"autocomplete": "organization"},
    )
    contact = StringField("Adresse et téléphone", [at_most(LONGEST_CONTACT)])
    counts = _threshold("Nombres de personnes", "counts")
    means = _threshold("Moyennes", "means")
    percentages = _threshold("Pourcentages", "percentages")
    category = _threshold("Ventilations, par catégorie", "category")


class LogoForm(DeskForm):
    """Ask for the picture of a logo."""

    logo = FileField("Votre logo", render_kw={"accept": "image/png,image/jpeg,image/webp"})


class LieuxFileForm(DeskForm):
    """Ask for a file of lieux."""

    fichier = FileField(
        "Fichier CSV ou JSON", render_kw={"accept": ".csv,.json,text/csv,application/json"}
    )


class NewLieuForm(DeskForm):
    """Ask for what is enough to begin with a lieu."""

    nom = StringField(
        "Nom du lieu",
        [DataRequired("Écrivez le nom du lieu."), at_most(FIELDS[NAME].longest)],
    )
    commune = StringField("Commune", [at_most(FIELDS[COMMUNE].longest)])


def _fits(field: Field) -> Callable[[Any, Any], None]:
    def check(_form: Any, typed: Any) -> None:
        text = "|".join(typed.data or ()) if field.values else typed.data or ""
        try:
            field.read(text)
        except UnfitError as error:
            raise ValidationError(str(error)) from error

    return check


def _control(field: Field) -> Any:
    checks: list[Any] = [_fits(field)]
    if field.values:
        return SelectMultipleField(
            field.title,
            checks,
            choices=[SelectChoice(value, value) for value in field.values],
            widget=ListWidget(prefix_label=False),
            option_widget=CheckboxInput(),
        )
    if field.name == NAME:
        checks.insert(0, DataRequired("Écrivez le nom du lieu."))
    return (TextAreaField if field.name in LONG else StringField)(field.title, checks)


class _LieuForm(DeskForm):
    @property
    def values(self) -> dict[str, str]:
        """Return what was typed as the schéma writes it."""
        return {
            name: field.read(
                "|".join(self[name].data or ()) if field.values else self[name].data or ""
            )
            for name, field in FIELDS.items()
            if name in self
        }


#: Ask for every field of the schéma but the day, which is ours to write.
LieuForm: Any = type(
    "LieuForm",
    (_LieuForm,),
    {
        "__doc__": "Ask for every field of the schéma des lieux but the day.",
        **{name: _control(field) for name, field in FIELDS.items() if name != UPDATED},
    },
)
