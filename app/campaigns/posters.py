"""Posters: what one says, and the PDF that is printed. Formats are a registry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, cast

from app.campaigns.addresses import scanned_address, typed_address
from app.campaigns.doors import DOORS, PAPER, TABLET, TEAM
from app.campaigns.printing import image, write_pdf
from app.campaigns.queries import published
from app.questionnaires import LANGUAGES
from app.web.qr import qr_svg
from app.web.typography import listing

if TYPE_CHECKING:
    from datetime import date

    from markupsafe import Markup
    from sqlalchemy.orm import Session

    from app.campaigns.models import Campaign, Link
    from app.questionnaires.definition import Form


@dataclass(frozen=True, slots=True)
class Format:
    """Be one way of printing a poster."""

    id: str
    label: str
    hint: str
    template: str


#: The code itself, without its white border, is at least 80 mm wide on the A4: a phone reads it
#: from 80 cm.
FORMATS: Mapping[str, Format] = MappingProxyType(
    {"a4": Format("a4", "A4", "au mur, se lit jusqu’à 80 cm", "campaigns/poster_a4.html")}
)


@dataclass(frozen=True, slots=True)
class Poster:
    """Be what a poster says, whatever its format."""

    lieu: str
    #: « Au début », when the questionnaire is asked at several moments; else empty.
    moment: str
    minutes: int
    #: The address as people type it, and as the QR code holds it.
    typed: str
    scanned: str
    #: Groups of the other open doors, for those who have no phone.
    other_doors: frozenset[str]
    #: Languages turned on: code, own name, direction.
    languages: tuple[tuple[str, str, str], ...]
    structure: str
    contact: str
    ends_on: date

    @property
    def without_phone(self) -> str:
        """Say what to ask for without a phone: only what the campaign really offers."""
        things = [
            thing
            for group, thing in ((TABLET, "la tablette"), (PAPER, "la feuille"))
            if group in self.other_doors
        ]
        if TEAM in self.other_doors:
            return f"Demandez {listing(things, 'ou') or 'de l’aide'} à l’équipe."
        return f"Demandez {listing(things, 'ou')} à l’accueil." if things else ""

    @property
    def without_phone_pictures(self) -> list[str]:
        """Return the pictograms of what to ask for: two at most."""
        things = [
            picture
            for group, picture in ((TABLET, "tablette"), (PAPER, "feuille"))
            if group in self.other_doors
        ]
        return things or ["aide-1"]

    @property
    def qr(self) -> Markup:
        """Draw the QR code, four white modules around it."""
        return qr_svg(self.scanned)

    @property
    def qr_source(self) -> str:
        """Return the QR code as an image in itself, so that it can have an alternative text."""
        return image(self.qr)


def poster_of(session: Session, link: Link, base_url: str) -> Poster:
    """Gather what the poster of a link says."""
    campaign = link.campaign
    questionnaire = published(session, campaign.version)
    passing = questionnaire.passing(link.wave, cast("Form", campaign.form), tuple(campaign.modules))
    several = len(questionnaire.waves) > 1
    return Poster(
        lieu=campaign.lieu.name,
        moment=questionnaire.wave(link.wave).title.fr if several else "",
        minutes=passing.minutes,
        typed=typed_address(base_url, link.code),
        scanned=scanned_address(base_url, link.code),
        other_doors=_other_doors(campaign, link.wave),
        languages=tuple((on.language, *LANGUAGES[on.language]) for on in campaign.languages),
        structure=campaign.organisation.name,
        contact=campaign.organisation.contact,
        ends_on=campaign.ends_on,
    )


def poster_pdf(session: Session, link: Link, base_url: str, format_id: str = "a4") -> bytes:
    """Return the poster of a link as a tagged PDF; ValueError when its address is too long."""
    poster = poster_of(session, link, base_url)
    return write_pdf(FORMATS[format_id].template, poster=poster)


def _other_doors(campaign: Campaign, wave: str) -> frozenset[str]:
    return frozenset(DOORS[link.door].group for link in campaign.links if link.wave == wave)
