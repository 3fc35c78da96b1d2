"""The links by which somebody chooses a password: shown to who asked for one, and sent."""

from __future__ import annotations

from datetime import timedelta

from flask import render_template

from app.organisations.actions import INVITATION_DAYS
from app.organisations.models import Person
from app.web import mail
from app.web.current import settings, today
from app.web.typography import long_date

_INVITATION = """\
Bonjour {name},

{sender} vous ouvre un espace dans Recueil.
Ouvrez ce lien et choisissez votre mot de passe :

{link}

Ce lien est pour vous seulement. Il sert une fois, jusqu’au {until}.
Vous n’attendiez rien ? Ne faites rien : personne n’entre sans ce lien.
"""
_FORGOTTEN = """\
Bonjour {name},

Quelqu’un, vous sans doute, a oublié le mot de passe de votre espace Recueil.
Ouvrez ce lien et choisissez-en un nouveau :

{link}

Ce lien sert une fois, jusqu’au {until}.
Ce n’est pas vous ? Ne faites rien : votre mot de passe reste le même.
"""


def invitation_link(token: str) -> str:
    """Return the address that holds a token, after the # which no server and no log receives."""
    return f"{settings().base_url}/espace/invitation#{token}"


def hand_over(
    person: Person, token: str, sender: str, back: tuple[str, str], *, is_private: bool = False
) -> str:
    """Send an invitation and return the page that shows its link, once.

    `back` is the address and the words of what comes next. A private link is shown only when it
    could not be sent: it opens what is not for who asked.
    """
    until = long_date(today() + timedelta(days=INVITATION_DAYS))
    link = invitation_link(token)
    words = {"name": person.known_as, "link": link, "until": until, "sender": sender}
    is_sent = mail.send(person.email, "Votre espace Recueil", _INVITATION.format(**words))
    return render_template(
        "organisations/lien.html",
        person=person,
        link="" if is_private and is_sent else link,
        until=until,
        back=back,
        is_sent=is_sent,
        is_refused=mail.can_send() and not is_sent,
    )


def send_forgotten(person: Person, token: str, days: int) -> bool:
    """Send the link of a forgotten password."""
    until = long_date(today() + timedelta(days=days))
    words = {"name": person.known_as, "link": invitation_link(token), "until": until}
    return mail.send(person.email, "Choisir un nouveau mot de passe", _FORGOTTEN.format(**words))
