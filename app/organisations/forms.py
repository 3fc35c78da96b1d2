"""Forms of the sign-in pages."""

from __future__ import annotations

from wtforms import EmailField, PasswordField, StringField
from wtforms.validators import EqualTo, InputRequired

from app.web.forms import DeskForm


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
        [InputRequired("Choisissez un mot de passe.")],
        render_kw={"autocomplete": "new-password"},
    )
    mot_de_passe_bis = PasswordField(
        "Le même, encore une fois",
        [
            InputRequired("Écrivez-le une seconde fois."),
            EqualTo("mot_de_passe", "Les deux mots de passe sont différents."),
        ],
        render_kw={"autocomplete": "new-password"},
    )
