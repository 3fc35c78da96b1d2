"""What partners say: apart from the public’s words and figures everywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.documents.section import Passage, Words
from app.partners.queries import askings, standings
from app.scoring.disclosure import COUNTS
from app.web.typography import plural, typographic

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session

    from app.bilan.frames import Frame
    from app.bilan.material import Material
    from app.campaigns.models import Campaign
    from app.partners.standing import Standing

TITLE = "Ce que disent les partenaires"
#: More sentences than this would weigh more than what people say.
MOST_FINDINGS = 2
OTHERS = " ; d’autres réponses sont venues par le lien commun."
EACH = "Chaque phrase compte celles qui répondent à sa question."
_NOBODY = "Aucun des partenaires sollicités n’a répondu sur cette période."
_NOT_YET = "Le partenaire sollicité n’a pas répondu sur cette période."


def partners_part(session: Session, material: Material, today: date) -> Words | None:
    """Return the part of partners; None when nobody asked them, or when it was left out."""
    asked = _asked(session, material, today)
    told = material.figures.of_partners
    quotes = material.chooser.of_partners()
    written = "partenaires" in material.texts
    if not (asked or told or quotes or written) or material.is_out("partenaires", TITLE):
        return None
    kept = material.to_tell(told)[:MOST_FINDINGS]
    return Words(
        "partenaires",
        TITLE,
        material.passage(Passage("partenaires", asked)),
        tuple(material.beside(one) for one in kept),
        quotes,
    )


def _asked(session: Session, material: Material, today: date) -> str:
    """Say how many answers came over the period, and from whom: figures count among them."""
    reach, frame = material.scope.reach, material.scope.frame
    links = [
        one.link.id for one in askings(session, reach, today) if _is_spoken_of(one.campaign, frame)
    ]
    every = [
        one
        for found in standings(session, reach.organisation_id, *links).values()
        for one in found
        if _is_asked(one, frame)
    ]
    if not every:
        return ""
    signed = sum(one.state == "repondu" and _is_then(one, frame) for one in every)
    answers = [one.responses for one in material.figures.asked if one.is_partner]
    total = sum(one or 0 for one in answers)
    shared = max(0, total - signed)
    leaves = bool(material.figures.last_month)
    if None in answers or (leaves and 0 < shared < COUNTS):  # nobody signed them: not so few
        said = _signed(signed, len(every)) + OTHERS if signed else ""
    elif shared and signed:
        said = _both(total, signed, shared, len(every))
    elif shared:
        said = f"{plural(shared, 'réponse')}, par le lien commun."
    elif signed:
        said = f"{_signed(signed, len(every))}."
    else:
        return _NOBODY if len(every) > 1 else _NOT_YET
    is_partial = any(one.figure.n < total for one in material.figures.of_partners)
    return typographic(f"{said} {EACH}" if said and is_partial and None not in answers else said)


def _signed(signed: int, asked: int) -> str:
    verb = "a répondu" if signed == 1 else "ont répondu"
    noun = "sollicité" if asked == 1 else "sollicités"
    return f"{plural(signed, 'partenaire')} sur {asked} {noun} {verb}"


def _both(total: int, signed: int, shared: int, asked: int) -> str:
    came = "est venue" if shared == 1 else "sont venues"
    verb = "a signé" if signed == 1 else "ont signé"
    of_whom = f"{signed} des {asked} partenaires sollicités {verb} la sienne"
    if signed > 1:
        of_whom = of_whom.replace("la sienne", "la leur")
    if asked == 1:
        of_whom = "le partenaire sollicité a signé la sienne"
    return f"{plural(total, 'réponse')} : {of_whom}, {shared} {came} par le lien commun."


def _is_asked(one: Standing, frame: Frame) -> bool:
    """Tell whether a partner was asked by the end of the period."""
    if one.invitation is None or one.state == "prete":
        return False
    invitation = one.invitation
    day = invitation.sent_on or invitation.answered_on or invitation.told_on
    return day is not None and f"{day:%Y-%m}" <= frame.period.last


def _is_then(one: Standing, frame: Frame) -> bool:
    """Tell whether a partner answered over the period."""
    day = one.invitation.answered_on if one.invitation else None
    return day is not None and frame.period.first <= f"{day:%Y-%m}" <= frame.period.last


def _is_spoken_of(campaign: Campaign, frame: Frame) -> bool:
    period = frame.period
    months = (f"{campaign.starts_on:%Y-%m}", f"{campaign.ends_on:%Y-%m}")
    is_then = months[0] <= period.last and months[1] >= period.first
    return is_then and (not frame.actions or campaign.action in frame.actions)
