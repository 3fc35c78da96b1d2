"""The drawings of a section as files: SVG, and PNG at 300 points per inch for a document.

The shapes are those of the pages (`indicators/charts.html`). Each drawing carries its legend and
how many people it stands on, in words; its title is a caption, written by the document.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

from app.campaigns.printing import pdf_of
from app.campaigns.rasters import png_of as page_as_png
from app.documents.section import Drawing
from app.indicators.charts import Bar, Circles, Dumbbell, Segment
from app.web.typography import FILTERS, number, plural

#: In pixels: a text of 15 is 8,5 points on paper.
MILLIMETRE, MARGIN = 5, 1
#: As wide as the text of the document, in millimetres; half of it beside something else.
WIDTH, HALF = 150, 80
DPI = 300
BAR, ROW, CIRCLES_A_ROW, LINE = 34, 25, 10, 21
#: Where the words of both ends of an axis stand: beside its bracket, or below; and what follows.
BESIDE, BELOW, UNDER = 69, 95, 6
#: The height of a word that stands above the other.
ABOVE = 13
#: Over the highest word: it never touches the edge.
AIR = 4
#: Beside an axis: half a circle that stands at its end.
END = 13
#: Mean width of a sign, and what the square of the legend takes with the space that follows.
SIGN, AROUND = 7.6, 46
#: … of a sign under an axis, where the words are always the same; between two of these words.
AXIS_SIGN, APART = 7.2, 8


class Mark(NamedTuple):
    """Be one entry of a legend."""

    label: str
    #: Its number; None for words alone.
    said: str | None
    x: float
    y: float
    segment: Segment | None = None
    circle: str = ""


class Gap(NamedTuple):
    """Be the words of an interval, beside its bracket."""

    text: str
    x: float
    y: int
    anchor: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """Be a drawing whose every part has its place."""

    name: str
    title: str
    spoken: str
    width: int
    height: int
    legend: tuple[Mark, ...]
    bar: Bar | None = None
    circles: Circles | None = None
    dumbbell: Dumbbell | None = None
    gap: Gap | None = None
    #: Where it begins: nothing is drawn above.
    top: int = 0

    @property
    def ends(self) -> int:
        """Return where the words of the two ends of the axis stand."""
        return self.top + self.height - UNDER

    @property
    def inner(self) -> int:
        """Return the width that is drawn on."""
        return self.width - 2 * MARGIN

    @property
    def millimetres(self) -> tuple[float, float]:
        """Return the size on paper."""
        return self.width / MILLIMETRE, self.height / MILLIMETRE


def svg_of(drawing: Drawing, width: int = WIDTH) -> str:
    """Write a drawing as a file that stands by itself."""
    return _written(laid_out(drawing, width))


def png_of(drawing: Drawing, width: int = WIDTH) -> bytes:
    """Draw a drawing at 300 points per inch, so many millimetres wide."""
    return pngs_of([laid_out(drawing, width)])[0]


def pngs_of(drawn: Sequence[Drawn]) -> list[bytes]:
    """Draw several drawings, on the pages of one document: the fonts are read once."""
    if not drawn:
        return []
    svgs = [_written(one) for one in drawn]
    pdf = pdf_of(_templates().get_template("documents/dessins.html").render(all=drawn, svgs=svgs))
    return [_sized(page_as_png(pdf, DPI, page)) for page in range(len(drawn))]


def laid_out(drawing: Drawing, width: int = WIDTH) -> Drawn:
    """Give each part of a drawing its place."""
    chart, pixels = drawing.chart, width * MILLIMETRE
    inner = pixels - 2 * MARGIN
    name = re.sub(r"[^a-z0-9-]", "-", drawing.name)
    if isinstance(chart, Dumbbell):
        axis, top = inner - 2 * END, top_of(chart)
        gap = _gap(chart, axis)
        tall = ends_at(chart, axis) + UNDER - top
        return Drawn(
            name, drawing.caption, drawing.spoken, pixels, tall, (),
            dumbbell=chart, gap=gap, top=top,
        )  # fmt: skip
    if isinstance(chart, Circles):
        rows = -(-chart.n // CIRCLES_A_ROW)
        legend = tuple(_beside(drawing, chart, inner))
        height = max(ROW * rows, int(legend[-1].y) + 6) + MARGIN
        return Drawn(name, drawing.caption, drawing.spoken, pixels, height, legend, circles=chart)
    legend = tuple(_below(drawing, chart, inner))
    height = int(legend[-1].y) + 6 if legend else BAR
    return Drawn(name, drawing.caption, drawing.spoken, pixels, height, legend, bar=chart)


def _below(drawing: Drawing, chart: Bar, inner: int) -> Iterator[Mark]:
    """Place the legend of a bar, line after line, then how many there are in all."""
    x, y = 0.0, BAR + 17.0
    entries: list[tuple[str, str | None, Segment | None]] = [
        (segment.label, number(segment.count), segment) for segment in chart.segments
    ]
    total = sum(segment.count for segment in chart.segments)
    for label, count, segment in [*entries, (in_words(drawing, total), None, None)]:
        width = AROUND + SIGN * len(f"{label} {count or ''}")
        if x and x + width - 20 > inner:
            x, y = 0.0, y + LINE
        yield Mark(label, count, x, y, segment)
        x += width


def _beside(drawing: Drawing, chart: Circles, inner: int) -> Iterator[Mark]:
    """Place the legend of circles at their right: full, hollow, then how many in all."""
    left = ROW * min(chart.n, CIRCLES_A_ROW) + 22.0
    counts = [chart.k, chart.n - chart.k]
    named = zip([row[0] for row in drawing.table[1:3]], counts, ("g-1", "g-creux"), strict=False)
    entries: list[tuple[str, str | None, str]] = [
        (label, number(count), style) for label, count, style in named
    ]
    x, y = left, 17.0
    for label, count, style in [*entries, (in_words(drawing, chart.n), None, "")]:
        width = AROUND + SIGN * len(f"{label} {count or ''}")
        if x > left and x + width - 20 > inner:
            x, y = left, y + LINE
        yield Mark(label, count, x, y, circle=style)
        x += width


def in_words(drawing: Drawing, total: int) -> str:
    """Say how many a drawing stands on: « 58 personnes en tout »."""
    many = drawing.table[0][-1].lower() if drawing.table and drawing.table[0] else ""
    return f"{plural(total, many.removesuffix('s'), many)} en tout" if many else f"n = {total}"


def top_of(chart: Dumbbell) -> int:
    """Return where an axis begins: higher when one of its words stands above the other."""
    left, right = sorted((chart.before, chart.after))
    return (0 if round(left, 1) <= 35 or round(right, 1) >= 65 else ABOVE) - AIR


def ends_at(chart: Dumbbell, axis: int) -> int:
    """Return where the words of both ends stand: beside the bracket where they hold there."""
    left, right = (end * axis / 100 for end in chart.ends)
    length = AXIS_SIGN * len(f"écart {chart.bracket}") + 10
    before, after = (left - length, right) if left > axis - right else (left, right + length)
    first = AXIS_SIGN * len(f"0 : {chart.first_word}") + APART
    last = AXIS_SIGN * len(f"100 : {chart.last_word}") + APART
    return BESIDE if before > first and after < axis - last else BELOW


def _gap(chart: Dumbbell, axis: int) -> Gap | None:
    """Put the words of the interval where there is room: beside its bracket, or between the ends.

    Without room nothing is written: they are said beside every drawing.
    """
    left, right = (end * axis / 100 for end in chart.ends)
    text = f"écart {chart.bracket}"
    length = SIGN * len(text)
    if left - 10 > length and (left > axis - right or right + 10 + length >= axis):
        return Gap(text, round(left - 10, 1), 69, "end")
    if right + 10 + length < axis:
        return Gap(text, round(right + 10, 1), 69, "start")
    ends = SIGN * (len(f"0 : {chart.first_word}") + len(f"100 : {chart.last_word}"))
    if ends + length + 30 < axis:
        middle = SIGN * (len(chart.first_word) - len(chart.last_word) - 2) / 2
        return Gap(text, round(axis / 2 + middle, 1), 95, "middle")
    return None


def _written(drawn: Drawn) -> str:
    template = _templates().get_template("documents/dessin.svg")
    return template.render(shown=drawn, margin=MARGIN, end=END).strip()


def _sized(png: bytes) -> bytes:
    """Say in a PNG how many points it has per metre: it then takes its true size when pasted."""
    per_metre = round(DPI / 0.0254)
    content = b"pHYs" + struct.pack(">IIB", per_metre, per_metre, 1)
    part = struct.pack(">I", len(content) - 4) + content + struct.pack(">I", zlib.crc32(content))
    # After the signature and the first part, whose length never changes.
    return png[:33] + part + png[33:]


@cache
def _templates() -> Environment:
    templates = Environment(
        loader=ChoiceLoader([PackageLoader("app.documents"), PackageLoader("app.indicators")]),
        autoescape=True,
        undefined=StrictUndefined,
    )
    templates.filters.update(FILTERS)
    return templates
