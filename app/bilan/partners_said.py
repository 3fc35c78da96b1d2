"""What partners say: apart from the public’s words and figures everywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.documents.section import Passage, Words
from app.partners.queries import askings, counts, standings
from app.scoring.disclosure import COUNTS
from app.web.typography import plural, typographic

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session

    from app.bilan.frames import Frame
    from app.bilan.material import Material
    from app.campaigns.models import Campaign

TITLE = "Ce que disent les partenaires"
#: More sentences than this would weigh more than what people say.
MOST_FINDINGS = 2
_NOBODY = "Aucun des partenaires sollicités n’a encore répondu."
_NOT_YET = "Le partenaire sollicité n’a pas encore répondu."


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
    """Say how many partners answered, out of how many were asked, over the period."""
    links = [
        one.link.id
        for one in askings(session, material.scope.reach, today)
        if _is_spoken_of(one.campaign, material.scope.frame)
    ]
    found = counts(session, standings(session, material.scope.reach.organisation_id, *links))
    asked = sum(one.asked for one in found.values())
    answered = sum(one.answered for one in found.values())
    if not asked:
        return ""
    if not answered:
        return _NOBODY if asked > 1 else _NOT_YET
    verb = "a répondu" if answered == 1 else "ont répondu"
    noun = "sollicité" if asked == 1 else "sollicités"
    said = f"{plural(answered, 'partenaire')} {verb}, sur {asked} {noun}"
    shared = sum(one.shared for one in found.values())
    if shared and (shared >= COUNTS or not material.figures.last_month):
        came = "est venue" if shared == 1 else "sont venues"
        said += f" ; {plural(shared, 'réponse')} {came} par le lien commun"
    elif shared:  # nobody signed them: what leaves does not count so few
        said += " ; d’autres réponses sont venues par le lien commun"
    return typographic(f"{said}.")


def _is_spoken_of(campaign: Campaign, frame: Frame) -> bool:
    period = frame.period
    months = (f"{campaign.starts_on:%Y-%m}", f"{campaign.ends_on:%Y-%m}")
    is_then = months[0] <= period.last and months[1] >= period.first
    return is_then and (not frame.actions or campaign.action in frame.actions)
