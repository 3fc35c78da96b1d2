"""Documents made for print: our own templates, our own fonts, tagged PDF."""

from __future__ import annotations

import re
import unicodedata
from base64 import b64encode
from collections.abc import Iterator, Sequence
from functools import cache, partial
from math import ceil
from pathlib import Path
from typing import Any, cast

from jinja2 import Environment, PackageLoader, StrictUndefined
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream

from app import web
from app.web.pictograms import drawing
from app.web.typography import FILTERS

#: Where the templates find the fonts.
STATIC = Path(web.__file__).parent / "static"

#: Widths of Atkinson Hyperlegible Bold in thousandths of its size: enough to choose a size.
NARROW, WIDE = "!'’.,:;|()[]/Iijlft ", "MWmw@%—&"
WIDTHS = {**dict.fromkeys(NARROW, 340), **dict.fromkeys(WIDE, 900)}
POINT = 0.3528  # millimetres
_COLOUR = re.compile(r"#([0-9A-Fa-f]{2})([0-9A-Fa-f]{2})([0-9A-Fa-f]{2})\b")


class Greyed(Extension):
    """Turn the colours of a template into greys as it is read: what people typed is not touched."""

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        """Yield the parts of a template, those that are shown as they stand in greys."""
        for token in stream:
            shown = token.type == "data"
            yield Token(token.lineno, token.type, greyed(token.value)) if shown else token


def write_pdf(template: str, *, grey: bool = False, **context: Any) -> bytes:
    """Return the PDF of a template, titled, tagged for screen readers; in colour or in greys."""
    return pdf_of(_templates(grey).get_template(template).render(**context))


def pdf_of(html: str) -> bytes:
    """Return the PDF of a page that is already written."""
    # Imported when something is printed: it takes a second, and needs Pango, which may be missing.
    from weasyprint import HTML
    from weasyprint.text.fonts import FontConfiguration

    document = HTML(string=html, base_url=f"{STATIC.as_uri()}/")
    pdf = document.write_pdf(pdf_variant="pdf/ua-1", font_config=FontConfiguration())
    return cast("bytes", pdf)


def image(content: str | bytes) -> str:
    """Return a drawing (SVG) or a picture (PNG) as an address that a template can show."""
    if isinstance(content, bytes):
        return f"data:image/png;base64,{b64encode(content).decode()}"
    return f"data:image/svg+xml;base64,{b64encode(content.encode()).decode()}"


def background(pictogram: str, *, grey: bool = False) -> str:
    """Return the style that shows a pictogram behind the words that say the same."""
    svg = str(drawing(pictogram)).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    return f"background-image:url({image(greyed(svg) if grey else svg)})"


def greyed(text: str) -> str:
    """Return a style or a drawing with each colour as the grey that a printer makes of it."""
    return _COLOUR.sub(_grey_of, text)


def fits(text: str, width: float, size: float, lines: int = 1) -> bool:
    """Tell whether a bold text holds in so many lines of a width, at a size in points."""
    return _lines(text, width / (size * POINT)) <= lines


def fit(text: str, width: float, sizes: Sequence[float], lines: int = 1) -> float:
    """Return the first size, in points, at which the text holds in so many lines, or the last."""
    return next((size for size in sizes if fits(text, width, size, lines)), sizes[-1])


def direction(text: str) -> str:
    """Return how a text that people typed is written, by its first letter: ltr or rtl."""
    letters = (unicodedata.bidirectional(sign) for sign in text)
    first = next((letter for letter in letters if letter in ("L", "R", "AL")), "L")
    return "ltr" if first == "L" else "rtl"


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


def _grey_of(colour: re.Match[str]) -> str:
    red, green, blue = (int(part, 16) for part in colour.groups())
    level = round(0.299 * red + 0.587 * green + 0.114 * blue)
    return f"#{level:02X}{level:02X}{level:02X}"


@cache
def _templates(grey: bool) -> Environment:
    templates = Environment(
        loader=PackageLoader("app.campaigns"),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=[Greyed] if grey else [],
    )
    templates.filters.update(FILTERS)
    templates.globals.update(
        background=partial(background, grey=grey), direction=direction, fit=fit, fits=fits
    )
    return templates
