"""Export a campaign, and read the file back."""

from __future__ import annotations

from datetime import date

from app.campaigns.models import Campaign, Link
from app.db import Database
from app.responses.exporting import FORMATS, LAYOUTS, Export, Selection
from config import Keys

DAY = date(2026, 11, 22)


def exported(
    database: Database,
    keys: Keys,
    *campaigns: Campaign,
    name: str = "interop",
    layout: str = "mots",
) -> bytes:
    """Return the file of some campaigns in a format."""
    wanted = Link.campaign_id.in_([campaign.id for campaign in campaigns])
    selection = Selection(campaigns, wanted, [("Structure", "Le Fil numérique")], DAY)
    form = FORMATS[name]
    with database.reading() as session:
        export = Export(session, keys, selection, form.layout or LAYOUTS[layout])
        with form.write(export) as file:
            return file.read()


def text(
    database: Database,
    keys: Keys,
    *campaigns: Campaign,
    name: str = "interop",
    layout: str = "mots",
) -> str:
    """Return a CSV as text."""
    return exported(database, keys, *campaigns, name=name, layout=layout).decode("utf-8-sig")
