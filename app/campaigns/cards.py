"""Sheets of « cartes à code, sans nom »: a code that links two answers, and no name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.campaigns.addresses import typed_address
from app.campaigns.codes import show_card
from app.campaigns.printing import fit, write_pdf
from app.campaigns.queries import published

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from app.campaigns.models import Link

#: Cards of 85 × 55 mm on an A4 sheet: two columns of five, to cut along the marks.
COLUMNS, ROWS = 2, 5


def cards_pdf(session: Session, link: Link, base_url: str, codes: Sequence[str]) -> bytes:
    """Return the cards to print and cut.

    They name the address of every moment, by the door of the link: a card that named only one
    would send people to the first questionnaire again.
    """
    campaign = link.campaign
    questionnaire = published(session, campaign.version)
    by_wave = {other.wave: other.code for other in campaign.links if other.door == link.door}
    addresses = [
        (wave.title.fr, typed_address(base_url, by_wave[wave.id]))
        for wave in questionnaire.waves
        if wave.id in by_wave
    ]
    shown = [show_card(code) for code in codes]
    page = COLUMNS * ROWS
    sheets = [shown[start : start + page] for start in range(0, len(shown), page)]
    return write_pdf(
        "campaigns/cards.html",
        lieu=campaign.lieu.name,
        addresses=addresses,
        size=min(fit(f"{moment} : {address}", 71, [10, 9, 8, 7]) for moment, address in addresses),
        sheets=sheets,
        columns=COLUMNS,
        rows=ROWS,
    )
