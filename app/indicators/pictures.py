"""A figure as a picture to put in a document: the drawing of the page, its sentence and its n."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from flask import render_template

from app.campaigns.printing import fits, pdf_of
from app.campaigns.rasters import png_of
from app.indicators.charts import Bar, Circles, Dumbbell, dumbbell, share_chart
from app.indicators.reading import sentence_of
from app.web.typography import number, typographic

if TYPE_CHECKING:
    from app.indicators.queries import Measured

#: In pixels of the screen, as the charts are drawn: 680 of them make 17 cm on paper.
WIDTH, MARGIN = 680, 16
INNER = WIDTH - 2 * MARGIN
MILLIMETRE, POINT = 4, 0.75 * 0.25 * 96 / 25.4
DPI = 300
ROW, CIRCLES_A_ROW = 25, 10


class Line(NamedTuple):
    """Be one line of text, at a height; `style` names a class of the picture."""

    text: str
    y: int
    style: str


class Mark(NamedTuple):
    """Be one entry of the legend of a bar."""

    rank: int
    x: float
    y: int


@dataclass(frozen=True, slots=True)
class Picture:
    """Be a picture whose every part has its place."""

    title: str
    #: What the picture says, for who does not see it.
    spoken: str
    lines: tuple[Line, ...]
    bar: Bar | None
    circles: Circles | None
    dumbbell: Dumbbell | None
    #: Heights of the counts, and of the means.
    chart_y: int
    means_y: int
    legend: tuple[Mark, ...]
    height: int


def picture(measured: Measured, below: Sequence[str]) -> Picture:
    """Lay out a figure that may be shown; `below` says what it stands on: n, method, period."""
    figure = measured.figure
    title = figure.measure.indicator.title.fr
    lead, rest = sentence_of(figure)
    layout = _Layout()
    layout.say(title, "titre", 18, 24)
    layout.say(lead, "phrase", 18, 25)
    layout.say(rest.strip(" ;,:"), "suite", 16, 23)
    chart, means = share_chart(figure), dumbbell(figure)
    chart_y = layout.leave(8 if chart else 0)
    legend: tuple[Mark, ...] = ()
    if isinstance(chart, Circles):
        layout.leave(ROW * -(-chart.n // CIRCLES_A_ROW))
    elif chart:
        layout.leave(42)
        legend = tuple(_legend(chart, layout))
    if means:
        said = f"Score moyen de 0 à 100 : écart de {means.difference}, {means.bracket} (trait fin)."
        layout.leave(6)
        layout.say(typographic(said), "note", 15, 21)
    means_y = layout.leave(0)
    layout.leave(102 if means else 0)
    layout.leave(8)
    for text in below:
        layout.say(text, "note", 15, 20)
    return Picture(
        title,
        " ".join([lead + rest, *(one.spoken for one in (chart, means) if one), *below]),
        tuple(layout.lines),
        chart if isinstance(chart, Bar) else None,
        chart if isinstance(chart, Circles) else None,
        means,
        chart_y,
        means_y,
        legend,
        layout.y + MARGIN,
    )


def svg_of(shown: Picture) -> str:
    """Write a picture as a file that stands by itself."""
    return render_template("indicators/image.svg", shown=shown, width=WIDTH, margin=MARGIN)


def png_of_picture(shown: Picture) -> bytes:
    """Draw a picture at 300 points per inch for 17 cm."""
    page = render_template(
        "indicators/image.html",
        title=shown.title,
        svg=svg_of(shown),
        width=WIDTH / MILLIMETRE,
        height=shown.height / MILLIMETRE,
    )
    return png_of(pdf_of(page), DPI)


class _Layout:
    """Put lines one under the other."""

    def __init__(self) -> None:
        self.y = MARGIN
        self.lines: list[Line] = []

    def leave(self, pixels: int) -> int:
        """Go down, and return where that leads."""
        self.y += pixels
        return self.y

    def say(self, text: str, style: str, size: int, height: int) -> None:
        """Write a text over as many lines as it takes."""
        for line in _cut(text, size):
            self.y += height
            self.lines.append(Line(line, self.y - height + size, style))


def _cut(text: str, size: int) -> Iterator[str]:
    """Yield the lines of a text at a size in pixels."""
    line = ""
    # Only plain spaces break a line: ours that must not break stay.
    for word in text.split(" "):
        longer = f"{line} {word}".strip()
        if line and not _holds(longer, size, INNER):
            yield line
            longer = word
        line = longer
    if line:
        yield line


def _holds(text: str, size: int, width: float) -> bool:
    # A word that breaks nowhere: the width of the whole text is what is asked.
    return fits(text.replace(" ", "\u00a0"), width / MILLIMETRE, size * POINT)


def _legend(chart: Bar, layout: _Layout) -> Iterator[Mark]:
    """Place the entries of a legend, line after line."""
    x = 0.0
    layout.leave(20)
    for rank, segment in enumerate(chart.segments):
        width = 26 + 8.4 * len(f"{segment.label} {number(segment.count)}") + 18
        if x and x + width > INNER:
            x = 0.0
            layout.leave(22)
        yield Mark(rank, x, layout.y)
        x += width
    layout.leave(8)
