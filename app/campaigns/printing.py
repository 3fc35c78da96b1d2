"""Documents made for print: our own templates, our own fonts, tagged PDF."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from functools import cache
from math import ceil
from pathlib import Path
from typing import Any, cast

from jinja2 import Environment, PackageLoader, StrictUndefined

from app import web
from app.web.pictograms import drawing
from app.web.typography import FILTERS

#: Where the templates find the fonts.
STATIC = Path(web.__file__).parent / "static"

#: Widths of Atkinson Hyperlegible Bold in thousandths of its size: enough to choose a size.
NARROW, WIDE = "!'’.,:;|()[]/Iijlft ", "MWmw@%—&"
WIDTHS = {**dict.fromkeys(NARROW, 340), **dict.fromkeys(WIDE, 900)}
POINT = 0.3528  # millimetres


def write_pdf(template: str, **context: Any) -> bytes:
    """Return the PDF of a template: French, titled, tagged for screen readers."""
    # Imported when something is printed: it takes a second, and needs Pango, which may be missing.
    from weasyprint import HTML
    from weasyprint.text.fonts import FontConfiguration

    html = _templates().get_template(template).render(**context)
    document = HTML(string=html, base_url=f"{STATIC.as_uri()}/")
    pdf = document.write_pdf(pdf_variant="pdf/ua-1", font_config=FontConfiguration())
    return cast("bytes", pdf)


def image(svg: str) -> str:
    """Return a drawing as an address that a template can show."""
    return f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"


def background(pictogram: str) -> str:
    """Return the style that shows a pictogram behind the words that say the same."""
    svg = str(drawing(pictogram)).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    return f"background-image:url({image(svg)})"


def fits(text: str, width: float, size: float, lines: int = 1) -> bool:
    """Tell whether a bold text holds in so many lines of a width, at a size in points."""
    return _lines(text, width / (size * POINT)) <= lines


def fit(text: str, width: float, sizes: Sequence[float], lines: int = 1) -> float:
    """Return the first size, in points, at which the text holds in so many lines, or the last."""
    return next((size for size in sizes if fits(text, width, size, lines)), sizes[-1])


def _lines(text: str, width: float) -> int:
    """Count the lines of a text, words kept whole; a word too long for a line takes several."""
    lines, room = 1, width
    for word in text.split():
        length = sum(WIDTHS.get(sign, 720 if sign.isupper() else 590) for sign in f"{word} ") / 1000
        if length - 0.34 > room:
            lines += ceil(length / width)
            room = width
        room -= length % width if length > width else length
    return lines


@cache
def _templates() -> Environment:
    templates = Environment(
        loader=PackageLoader("app.campaigns"), autoescape=True, undefined=StrictUndefined
    )
    templates.filters.update(FILTERS)
    templates.globals.update(background=background, fit=fit, fits=fits)
    return templates
