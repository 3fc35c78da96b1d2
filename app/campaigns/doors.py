"""Doors: the ways by which an answer comes in; each has its own link, so that it is counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

PHONE, TABLET, PAPER = "téléphone", "tablette", "papier"
TEAM, PARTNER = "avec l’équipe", "partenaire"
#: How doors are shown, always in this order.
GROUPS = (PHONE, TABLET, PAPER, TEAM, PARTNER)

_DICTATED = "Ouvrez cette page, lisez les questions, choisissez ce que la personne répond."


@dataclass(frozen=True, slots=True)
class Door:
    """Be one way in."""

    code: str
    label: str
    group: str
    #: What it is for, in a few words, where a campaign is opened.
    hint: str
    #: What to do with its address, once the campaign is open; a poster says it itself.
    use: str = ""
    #: Several people answer on the same device: it keeps no draft and greets the next person.
    is_kiosk: bool = False
    #: Whose questionnaires it opens on: everybody's, or only partners'.
    audience: str = "usager"


DOORS: Mapping[str, Door] = MappingProxyType(
    {
        door.code: door
        for door in (
            Door("affiche", "L’affiche", PHONE, "au mur, avec un QR code"),
            Door("comptoir", "L’affichette de comptoir", PHONE, "à l’accueil, avec un QR code"),
            Door("chevalet", "Le chevalet", PHONE, "sur une table, avec un QR code"),
            Door("carte", "La carte", PHONE, "à donner, avec un QR code"),
            Door(
                "borne",
                "La tablette",
                TABLET,
                "s’efface entre deux personnes",
                "Ouvrez cette page sur la tablette, et laissez-la affichée.",
                is_kiosk=True,
            ),
            Door(
                "papier",
                "Le papier",
                PAPER,
                "feuille remplie, puis saisie au clavier",
                "Ouvrez cette page et imprimez-la : c’est la feuille. "
                "Ensuite, recopiez ici chaque feuille remplie.",
            ),
            Door("aide", "Avec l’équipe", TEAM, "on vous dicte les réponses", _DICTATED),
            Door("entretien", "L’entretien", TEAM, "sur rendez-vous ou par téléphone", _DICTATED),
            Door(
                "partenaire",
                "Le lien du partenaire",
                PARTNER,
                "par courriel, pour un questionnaire partenaire",
                "Envoyez cette adresse à vos partenaires, par courriel.",
                audience="partenaire",
            ),
        )
    }
)
#: The doors that only partners take: their words stay apart from the public's.
PARTNER_DOORS = tuple(door.code for door in DOORS.values() if door.group == PARTNER)
