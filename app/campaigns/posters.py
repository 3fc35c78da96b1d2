"""Posters: what one says, in French or in a language of the campaign."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, cast

from app.campaigns.addresses import scanned_address, typed_address
from app.campaigns.doors import DOORS, PAPER, TABLET, TEAM
from app.campaigns.printing import image
from app.campaigns.queries import published, wording_of
from app.organisations.queries import logo_of
from app.questionnaires import LANGUAGES
from app.web.images import grey
from app.web.qr import qr_svg
from app.web.typography import long_date, typographic

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session

    from app.campaigns.models import Campaign, Link
    from app.questionnaires import Library
    from app.questionnaires.definition import Form, Interface

FRENCH = "fr"


@dataclass(frozen=True, slots=True)
class Sentences:
    """Be the sentences that the public reads, in one language."""

    title: str
    #: The first three steps, then the three short sentences of the last.
    steps: tuple[str, str, str]
    answer: tuple[str, str, str]
    here: str
    type_it: str
    without_phone: str
    #: What to ask for without a phone: only what the campaign offers, or empty.
    ask: str
    unnamed: str
    in_brief: str
    #: Shorter still, for a card.
    unnamed_in_brief: str
    with_card: str
    until: str
    qr: str


@dataclass(frozen=True, slots=True)
class Poster:
    """Be what a poster says, whatever its format; equal posters print alike."""

    language: str
    direction: Literal["ltr", "rtl"]
    lieu: str
    #: « Au début », when the questionnaire is asked at several moments; else empty.
    moment: str
    says: Sentences
    #: The address as people type it, and as the QR code holds it.
    typed: str
    scanned: str
    #: Pictograms of what to ask for without a phone: two at most.
    ask_pictures: tuple[str, ...]
    #: The other languages of the questionnaire: code, own name, direction.
    languages: tuple[tuple[str, str, str], ...]
    structure: str
    contact: str
    #: A PNG, or nothing.
    logo: bytes = b""

    @property
    def qr_source(self) -> str:
        """Return the QR code as an image in itself, so that it can have an alternative text."""
        return image(qr_svg(self.scanned))

    def logo_source(self, *, in_grey: bool) -> str:
        """Return the logo as an image in itself."""
        return image(grey(self.logo) if in_grey else self.logo)


def poster_of(
    session: Session, library: Library, link: Link, base_url: str, language: str = FRENCH
) -> Poster:
    """Gather what the poster of a link says; ValueError when the language is not turned on."""
    campaign = link.campaign
    questionnaire = published(session, campaign.version)
    wording = wording_of(session, campaign, language)
    if wording is None:
        raise ValueError(
            f"La langue « {language} » n’est pas proposée par cette campagne. "
            "Proposez-la d’abord sur la page de la campagne."
        )
    passing = questionnaire.passing(link.wave, cast("Form", campaign.form), tuple(campaign.modules))
    several = len(questionnaire.waves) > 1
    typed = typed_address(base_url, link.code)
    groups = {DOORS[other.door].group for other in campaign.links if other.wave == link.wave}
    logo = logo_of(session, campaign.organisation_id)
    return Poster(
        language=language,
        direction=LANGUAGES[language].direction,
        lieu=campaign.lieu.name,
        moment=wording.texts[questionnaire.wave(link.wave).title.id] if several else "",
        says=sentences(
            library.interface(language), passing.minutes, groups, campaign.ends_on, typed
        ),
        typed=typed,
        scanned=scanned_address(base_url, link.code),
        ask_pictures=_pictures(groups),
        languages=_other_languages(campaign, language),
        structure=campaign.organisation.name,
        contact=campaign.organisation.contact,
        logo=logo.image if logo else b"",
    )


def sentences(
    words: Interface, minutes: int, groups: set[str], ends_on: date, typed: str
) -> Sentences:
    """Return what is said in a language, of a length, the open doors, an end and an address."""

    def say(key: str, **values: object) -> str:
        text = words[f"affiche_{key}"].format(**values)
        return typographic(text) if words.language == FRENCH else text

    counted = {1: "une_minute", 2: "deux_minutes"}.get(minutes, "minutes")
    length = say(counted, n=minutes)
    day = long_date(ends_on) if words.language == FRENCH else f"{ends_on:%d/%m/%Y}"
    what = _thing(groups)
    ask = "demandez_equipe" if TEAM in groups else "demandez"
    return Sentences(
        title=say("titre"),
        steps=(say("etape_1"), say("etape_2"), say("etape_3")),
        answer=(say("repondez"), say("gratuit"), say("duree", duree=length)),
        here=say("visez_ici"),
        type_it=say("tapez"),
        without_phone=say("sans_telephone"),
        ask=say(ask, quoi=say(what)) if what else "",
        unnamed=say("sans_nom"),
        in_brief=say("en_bref", duree=length),
        unnamed_in_brief=say("sans_votre_nom", duree=length),
        with_card=say("avec_carte"),
        until=say("jusque", jour=day),
        qr=say("qr", adresse=typed),
    )


def _thing(groups: set[str]) -> str:
    """Name what to ask for without a phone; nothing when the campaign offers nothing else."""
    if {TABLET, PAPER} <= groups:
        return "tablette_feuille"
    if TABLET in groups:
        return "tablette"
    if PAPER in groups:
        return "feuille"
    return "de_l_aide" if TEAM in groups else ""


def _pictures(groups: set[str]) -> tuple[str, ...]:
    drawn = ((TABLET, "tablette"), (PAPER, "feuille"))
    return tuple(picture for group, picture in drawn if group in groups) or ("aide-1",)


def _other_languages(campaign: Campaign, language: str) -> tuple[tuple[str, str, str], ...]:
    codes = [FRENCH, *(on.language for on in campaign.languages)]
    return tuple((code, *LANGUAGES[code]) for code in codes if code != language)
