"""The forms about partners: one of them, or a whole list pasted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wtforms import EmailField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, Optional, Regexp

from app.web.forms import DeskForm

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Longest name of a partner, and of who is written to there.
LONGEST_NAME, LONGEST_CONTACT, LONGEST_EMAIL = 120, 80, 254
_EMAIL = r"[^@\s]+@[^@\s]+\.[^@\s]+$"
#: Longest list that is pasted.
LONGEST_LIST = 20_000


def _most(length: int) -> Length:
    return Length(max=length, message=f"{length} caractères au plus : raccourcissez.")


class PartnerForm(DeskForm):
    """Ask who a partner is, and who is written to there."""

    name = StringField(
        "Son nom",
        [DataRequired("Écrivez le nom de la structure partenaire."), _most(LONGEST_NAME)],
        render_kw={"autocomplete": "off"},
    )
    kind = SelectField("Son type")
    contact_name = StringField(
        "La personne à qui écrire",
        [Optional(), _most(LONGEST_CONTACT)],
        render_kw={"autocomplete": "off"},
    )
    email = EmailField(
        "Son adresse e-mail",
        [
            Optional(),
            Regexp(_EMAIL, message="Cette adresse e-mail semble incomplète : vérifiez-la."),
            _most(LONGEST_EMAIL),
        ],
        render_kw={"autocomplete": "off"},
    )

    def offer(self, names: Mapping[str, str]) -> None:
        """Offer the types of partners."""
        unknown = SelectChoice("", "Choisissez")
        self.kind.choices = [unknown, *(SelectChoice(code, name) for code, name in names.items())]
        self.kind.validators = [DataRequired("Choisissez le type le plus proche.")]


class ListForm(DeskForm):
    """Ask for a list, one partner a line."""

    lines = TextAreaField(
        "Votre liste",
        [
            DataRequired("Collez au moins une ligne."),
            Length(max=LONGEST_LIST, message="La liste est trop longue : collez-la en deux fois."),
        ],
        render_kw={"rows": 10, "spellcheck": "false"},
    )
