"""What is printed, read back before anybody prints it: a poster whose code fails is refused."""

from __future__ import annotations

from functools import lru_cache

from app.campaigns.formats import FORMATS
from app.campaigns.posters import Poster
from app.campaigns.printing import write_pdf
from app.campaigns.rasters import decoded, png_of

#: Dots an inch at which the codes are read back: what a poor printer and a poor camera leave.
PROOF = 50
#: Documents and previews remembered, each some tens of kilobytes.
MOST_DOCUMENTS, MOST_PREVIEWS = 32, 64
#: Width of a preview in pixels, twice that on screen.
PREVIEW = 820


class UnreadableError(ValueError):
    """Say that a machine could not read a poster back."""


@lru_cache(maxsize=MOST_DOCUMENTS)
def poster_pdf(poster: Poster, format_id: str, grey: bool) -> bytes:
    """Return a poster as a tagged PDF, once every code on it has been read back.

    ValueError when its address is too long for a code, or a code does not open it.
    """
    form = FORMATS[format_id]
    pdf = write_pdf(form.template, grey=grey, poster=poster, form=form, in_grey=grey)
    if decoded(pdf, PROOF) != [poster.scanned] * form.copies:
        raise UnreadableError(
            "La machine n’a pas pu relire le QR code de cette affiche. "
            "Choisissez un format plus grand, ou une adresse plus courte."
        )
    return pdf


@lru_cache(maxsize=MOST_PREVIEWS)
def poster_png(poster: Poster, format_id: str, grey: bool) -> bytes:
    """Return the same poster as a picture to look at on a screen."""
    dpi = round(PREVIEW / (FORMATS[format_id].width_mm / 25.4))
    return png_of(poster_pdf(poster, format_id, grey), dpi)
