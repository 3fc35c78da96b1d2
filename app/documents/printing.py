"""The section on paper: a page to print from a browser, and a tagged PDF of the same template."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from app.campaigns.printing import pdf_of
from app.documents import shortened
from app.documents.drawn_files import ends_at
from app.documents.section import Block, Objectives, Part, Section, Testimonies, Words
from app.documents.words import lines_of, of_team, under_number
from app.web.static import FOLDER, static_url
from app.web.typography import FILTERS, FrenchSpacing

STYLES = ("bilan-imprime.css", "bilan-dessins.css")
#: Signs of a text that still stands in half a page.
HALF = 560


@dataclass(frozen=True, slots=True)
class Links:
    """Be where the bar above the page leads, on a screen."""

    composer: str
    #: Empty where there is no file to take away.
    odt: str = ""
    docx: str = ""
    pdf: str = ""


def page_of(section: Section, links: Links | None = None) -> str:
    """Return the section as a page of its own, to read on a screen and to print."""
    return _rendered(section, on_paper=False, links=links)


def write_pdf(section: Section) -> bytes:
    """Return the section as an A4 document, tagged for who listens to it."""
    return pdf_of(_rendered(section, on_paper=True))


def rows_of(body: Sequence[Part]) -> Iterator[tuple[Part, ...]]:
    """Yield the parts that say something; brief critères together, short texts two by two."""
    for is_short, parts in groupby(filter(says_something, body), is_brief):
        if is_short:
            yield tuple(parts)
        else:
            yield from _two_by_two(parts)


def _two_by_two(parts: Iterable[Part]) -> Iterator[tuple[Part, ...]]:
    waits: Words | None = None
    for part in parts:
        if isinstance(part, Words) and _holds_in_half(part):
            if waits is None:
                waits = part
                continue
            yield waits, part
        else:
            if waits is not None:
                yield (waits,)
            yield (part,)
        waits = None
    if waits is not None:
        yield (waits,)


def is_brief(part: Part) -> bool:
    """Tell whether a critère is a sentence alone: several of them stand together."""
    return (
        isinstance(part, Block)
        and len(part.findings) == 1
        and not part.findings[0].drawings
        and not part.quotes
        and not part.learnt.text.strip()
    )


def says_something(part: Part) -> bool:
    """Tell whether a part has anything to show: nobody prints a heading over nothing."""
    if isinstance(part, Objectives):
        return bool(part.confronted)
    if isinstance(part, Block):
        return bool(part.findings or part.quotes or part.learnt.text.strip())
    if isinstance(part, Testimonies):
        return bool(part.quotes or part.passage.text.strip())
    return bool(part.findings or part.quotes or part.passage.text.strip())


def _holds_in_half(part: Words) -> bool:
    said = [part.passage.text, *(one.passage.text for one in part.findings)]
    said += [quote.text for quote in part.quotes]
    drawn = any(one.drawings for one in part.findings)
    return not part.is_list and not drawn and sum(map(len, said)) <= HALF


def _rendered(section: Section, *, on_paper: bool, links: Links | None = None) -> str:
    section = shortened.laid_out(section)
    return _templates().get_template("documents/imprime.html").render(
        section=section,
        rows=tuple(rows_of(section.body)),
        annexed=shortened.rows_of(section),
        warned=shortened.warned(section.annex),
        unshown=shortened.unshown(section),
        numbers=shortened.numbers_of(section),
        on_paper=on_paper,
        links=links,
        # The PDF is drawn without an application around it: its styles travel in the page.
        styles={name: (FOLDER / name).read_text("utf-8") for name in STYLES} if on_paper else {},
    )  # fmt: skip


@cache
def _templates() -> Environment:
    templates = Environment(
        loader=ChoiceLoader([PackageLoader("app.documents"), PackageLoader("app.indicators")]),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=[FrenchSpacing],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters.update(FILTERS)
    templates.filters.update(paragraphs=lines_of, opened=under_number, stop=_stop, ends_at=ends_at)
    templates.filters.update(of_team=of_team, brief=shortened.brief)
    templates.filters["bound"] = _bound
    templates.globals["static_url"] = static_url
    return templates


def _bound(title: str) -> Markup:
    """Return a title whose compound words stay whole, and whose last line holds two words."""
    words = title.split(" ")
    pieces = [*words[:-2], " ".join(words[-2:])]
    whole = Markup('<span class="lie">{}</span>')
    return Markup(" ").join(
        whole.format(piece) if "-" in piece or " " in piece else escape(piece) for piece in pieces
    )


def _stop(line: str) -> str:
    """Return a line without its full stop: it stands between dots."""
    return line.removesuffix(".")
