"""Forms about people: sign-in, invitation, password, team."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from wtforms import EmailField, Field, PasswordField, RadioField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, EqualTo, InputRequired, Length, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from app.organisations.models import Lieu
from app.organisations.passwords import weakness
from app.organisations.roles import MEDIATEUR, NAMES, RESPONSABLE, Role
from app.web.forms import DeskForm

_NAME = Length(max=80, message="80 caractères au plus : raccourcissez.")
_NEW_PASSWORD = {"autocomplete": "new-password"}


def _strong(_form: DeskForm, field: Field) -> None:
    """Say what makes a password weak beside what else is to mend."""
    if reason := weakness(field.data):
        raise ValidationError(reason)


class SignInForm(DeskForm):
    """Ask for an e-mail and a password."""

    email = EmailField(
        "Votre adresse e-mail",
        [InputRequired("Écrivez votre adresse e-mail.")],
        render_kw={"autocomplete": "email"},
    )
    mot_de_passe = PasswordField(
        "Votre mot de passe",
        [InputRequired("Écrivez votre mot de passe.")],
        render_kw={"autocomplete": "current-password"},
    )


class InvitationForm(DeskForm):
    """Ask an invited person for a password of their own."""

    invitation = StringField(
        "Votre invitation",
        [InputRequired("Collez le code de l’invitation : la fin du lien, après le signe #.")],
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
    )
    mot_de_passe = PasswordField(
        "Choisissez un mot de passe",
        [InputRequired("Choisissez un mot de passe."), _strong],
        render_kw=_NEW_PASSWORD,
    )
    mot_de_passe_bis = PasswordField(
        "Le même, encore une fois",
        [
            InputRequired("Écrivez-le une seconde fois."),
            EqualTo("mot_de_passe", "Les deux mots de passe sont différents."),
        ],
        render_kw=_NEW_PASSWORD,
    )


class ForgottenForm(DeskForm):
    """Ask who forgot their password."""

    email = EmailField(
        "Votre adresse e-mail",
        [InputRequired("Écrivez votre adresse e-mail.")],
        render_kw={"autocomplete": "email"},
    )


class AccountForm(DeskForm):
    """Ask how one is called."""

    name = StringField(
        "Votre nom",
        [DataRequired("Écrivez votre prénom et votre nom."), _NAME],
        render_kw={"autocomplete": "name"},
    )


class PasswordForm(DeskForm):
    """Ask for the present password and the next one."""

    mot_de_passe_actuel = PasswordField(
        "Votre mot de passe actuel",
        [InputRequired("Écrivez votre mot de passe actuel.")],
        render_kw={"autocomplete": "current-password"},
    )
    mot_de_passe = PasswordField(
        "Le nouveau",
        [InputRequired("Choisissez un mot de passe."), _strong],
        render_kw=_NEW_PASSWORD,
    )
    mot_de_passe_bis = PasswordField(
        "Le même, encore une fois",
        [
            InputRequired("Écrivez-le une seconde fois."),
            EqualTo("mot_de_passe", "Les deux mots de passe sont différents."),
        ],
        render_kw=_NEW_PASSWORD,
    )


class StructureFields(DeskForm):
    """Ask for a structure and its first lieu."""

    structure = StringField(
        "Nom de la structure", [DataRequired("Écrivez le nom de la structure."), _NAME]
    )
    contact = StringField(
        "Adresse et téléphone",
        [
            DataRequired("Écrivez comment la joindre : c’est imprimé sur les affiches."),
            Length(max=200, message="200 caractères au plus : raccourcissez."),
        ],
    )
    lieu = StringField(
        "Premier lieu d’activité", [DataRequired("Écrivez le nom d’un lieu."), _NAME]
    )


class PersonForm(DeskForm):
    """Ask whom to give access to, by name and e-mail."""

    name = StringField(
        "Son nom", [DataRequired("Écrivez son prénom et son nom."), _NAME],
        render_kw={"autocomplete": "off"},
    )  # fmt: skip
    email = EmailField(
        "Son adresse e-mail",
        [InputRequired("Écrivez son adresse e-mail.")],
        render_kw={"autocomplete": "off"},
    )


class PlaceForm(DeskForm):
    """Ask what somebody does in the structure, and where."""

    role = RadioField(
        "Son rôle",
        [InputRequired("Choisissez un rôle.")],
        choices=[SelectChoice(role, NAMES[role]) for role in (MEDIATEUR, RESPONSABLE)],
    )
    portee = RadioField(
        "Où ?",
        [InputRequired("Choisissez où.")],
        choices=[
            SelectChoice("partout", "Dans tous les lieux"),
            SelectChoice("lieux", "Seulement dans les lieux cochés"),
        ],
    )
    lieux = SelectMultipleField(
        "Lieux", widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )

    def offer(self, lieux: Sequence[Lieu]) -> None:
        """Offer the lieux of the structure."""
        self.lieux.choices = [SelectChoice(str(lieu.id), lieu.name) for lieu in lieux]

    def validate_lieux(self, _field: Field) -> None:
        """Ask for a lieu when somebody does not work everywhere."""
        if self.given_lieux == []:
            raise ValidationError("Cochez au moins un lieu, ou choisissez « tous les lieux ».")

    @property
    def given_role(self) -> Role:
        """Return the role chosen."""
        return RESPONSABLE if self.role.data == RESPONSABLE else MEDIATEUR

    @property
    def given_lieux(self) -> list[UUID] | None:
        """Return the lieux given; None means everywhere, as for every responsable."""
        if self.given_role == RESPONSABLE or self.portee.data == "partout":
            return None
        return [UUID(lieu) for lieu in self.lieux.data or ()]

    @staticmethod
    def shown(role: str, lieux: Iterable[UUID] | None) -> dict[str, object]:
        """Return a role and its lieux as the form shows them."""
        return {
            "role": role,
            "portee": "partout" if lieux is None else "lieux",
            "lieux": [str(lieu) for lieu in lieux or ()],
        }


class ColleagueForm(PersonForm, PlaceForm):
    """Ask whom to invite, for what and where."""


class StructureForm(StructureFields, PersonForm):
    """Ask for a structure, its first lieu and its responsable."""
