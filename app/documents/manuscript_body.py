"""The parts of a section in a document: title, headlines, method, critères, words, annex."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from app.documents import shortened, words
from app.documents.illustrations import illustrations_of, stand_side_by_side
from app.documents.manuscript import Cell, Column, Run, Style
from app.documents.manuscript_annex import write_annex, write_unshown
from app.documents.printing import rows_of
from app.documents.section import (
    Badge,
    Block,
    Drawing,
    Finding,
    Method,
    Objectives,
    Part,
    Passage,
    Section,
    SectionQuote,
    Source,
    Testimonies,
    Words,
)
from app.documents.words import lines_of
from app.web.typography import NARROW, NO_BREAK

if TYPE_CHECKING:
    from app.documents.illustrations import Illustration
    from app.documents.manuscript import Manuscript

OBJECTIVES = tuple(map(Column, words.OBJECTIVE_COLUMNS, (56, 115)))


def write_section(sheet: Manuscript, section: Section) -> None:
    """Write the whole section, its annex included."""
    section = shortened.laid_out(section)
    body = Body(sheet, illustrations_of(section))
    body.opening(section)
    for parts in rows_of(section.body):
        body.row(parts)
    if "annexe" in section.hidden_slots:
        write_unshown(sheet, section)
    else:
        write_annex(sheet, section, body.figures)


class Body:
    """Write the parts one after the other; `figures` remembers the number of each drawing."""

    def __init__(self, sheet: Manuscript, pictures: Mapping[str, Illustration]) -> None:
        self._sheet = sheet
        self._pictures = pictures
        self.figures: dict[str, int] = {}

    def opening(self, section: Section) -> None:
        """Write what comes before the parts: standing, title, headlines, method."""
        sheet, standing = self._sheet, section.standing
        if not standing.is_sealed:
            sheet.say(Style.PROVISIONAL, standing.words)
        if standing.since:
            sheet.say(Style.PROVISIONAL, standing.since)
        quote = section.title_quote
        if quote and not quote.is_gone and "titre" not in section.hidden_slots:
            sheet.head(1, section.heading, Style.OVER_QUOTE)
            sheet.say(Style.TITLE_QUOTE, words.quoted(quote.text), said_by_people=True)
            agreed = f"{words.source_of(quote)}. {words.AGREED}"
            sheet.say(Style.TITLE_SOURCE, agreed, under=quote.text)
        else:
            sheet.head(1, section.heading)
        if section.empty:
            sheet.say(Style.BODY, section.empty)
        if section.headlines and "phrases" not in section.hidden_slots:
            self._headlines(section)
        if "methode" not in section.hidden_slots:
            self._method(section.method)

    def row(self, parts: Sequence[Part]) -> None:
        """Write parts one after the other, or two short texts side by side."""
        if len(parts) > 1 and isinstance(parts[0], Block):
            self._briefly([part for part in parts if isinstance(part, Block)])
            return
        texts = [part for part in parts if isinstance(part, Words)]
        if len(texts) != 2 or not self._sheet.takes_columns:
            for part in parts:
                self._part(part)
            return
        with self._sheet.columns(is_narrow=True):
            for rank, part in enumerate(texts):
                self._words(part, in_next_column=bool(rank))

    def _part(self, part: Part) -> None:
        if isinstance(part, Block):
            self._block(part)
        elif isinstance(part, Objectives):
            self._objectives(part)
        elif isinstance(part, Testimonies):
            self._sheet.head(1, part.title)
            self._passage(part.passage)
            self._quotes(part.quotes)
        else:
            self._words(part)

    def _words(self, part: Words, *, in_next_column: bool = False) -> None:
        with self._sheet.together():
            self._sheet.head(2, part.title, in_next_column=in_next_column)
            said: set[str] = set()
            for finding in part.findings:
                if finding.margin or finding.drawings:
                    self._finding(finding, said)
                else:
                    self._passage(finding.passage, after=finding.evolution)
            if part.is_list:
                self._sheet.listed(lines_of(part.passage.text))
            else:
                self._passage(part.passage)
            self._quotes(part.quotes)

    def _headlines(self, section: Section) -> None:
        with self._sheet.columns():
            for headline in section.headlines:
                passage = headline.passage
                rest = words.under_number(passage.rest)
                if passage.strong:
                    self._sheet.say(Style.NUMBER, passage.strong)
                if rest:
                    own = _own(passage)
                    self._sheet.say(Style.NUMBER_REST, rest, *own, said_by_people=True)

    def _method(self, method: Method) -> None:
        sheet = self._sheet
        sheet.head(2, words.METHOD, Style.METHOD_HEADING)
        people = f". {method.accompanied}" if method.accompanied else ""
        sheet.say(Style.METHOD, *_told(words.PERIOD, method.period), people)
        if method.sources or method.doors:
            with sheet.columns():
                if method.doors:
                    self._drawings(method.doors)
                for rank, source in enumerate(method.sources):
                    beside = bool(method.doors) and not rank
                    sheet.say(Style.METHOD, *_source_runs(source), in_next_column=beside)
        caution = lines_of(method.limits.text)
        if caution:
            sheet.say(Style.CAUTION, Run(f"{words.CAUTION} ", Style.STRONG), " ".join(caution))

    def _briefly(self, parts: Sequence[Block]) -> None:
        """Write critères that are a sentence alone, under one heading."""
        with self._sheet.together():
            self._sheet.head(2, words.ALSO)
            for part in parts:
                (finding,) = part.findings
                text = finding.passage.text
                told = text if finding.passage.is_rewritten else shortened.brief(text)
                said = " ".join([*lines_of(told), finding.evolution]).strip()
                runs = (
                    Run(f"{part.title}. ", Style.STRONG),
                    Run(said),
                    Run(NO_BREAK),
                    _letter(finding.badge),
                    *_own(finding.passage),
                )
                self._sheet.say(Style.METHOD, *runs, said_by_people=True)

    def _block(self, part: Block) -> None:
        with self._sheet.together():
            self._sheet.head(2, part.title)
            said: set[str] = set()
            for finding in part.findings:
                self._finding(finding, said)
            self._quotes(part.quotes)
            for rank, line in enumerate(lines_of(part.learnt.text)):
                lead = () if rank else (Run(f"{words.LEARNT} ", Style.STRONG),)
                self._sheet.say(Style.LEARNT, *lead, line, said_by_people=True)

    def _finding(self, finding: Finding, said: set[str]) -> None:
        """Write a figure; without a drawing, what makes it precise follows on the same line.

        `said` are the cautions that the part has already written: each is written once.
        """
        beside = [note for note in finding.margin if note not in said]
        said |= {note for note in beside if note.endswith(".")}
        notes = "".join(f" · {note}" for note in beside)
        precise = (Run("  "), *_badge(finding.badge), Run(notes, Style.NOTE))
        if not finding.margin:
            letter = (Run(NO_BREAK), _letter(finding.badge))
            self._passage(finding.passage, Style.SECOND, after=finding.evolution, notes=letter)
            return
        if not finding.drawings:
            self._passage(finding.passage, Style.FINDING, after=finding.evolution, notes=precise)
            return
        self._passage(finding.passage, Style.FINDING, after=finding.evolution)
        if len(finding.drawings) == 1:
            self._drawings(*finding.drawings, before=(*precise[1:], Run(" · ", Style.NOTE)))
            return
        self._sheet.say(Style.MARGIN, *precise[1:])
        if stand_side_by_side(finding.drawings):
            self._drawings(*finding.drawings)
            return
        for drawing in finding.drawings:
            self._drawings(drawing)

    def _drawings(self, *drawings: Drawing, before: Sequence[Run] = ()) -> None:
        """Show drawings under their captions, which end the line of what makes them precise."""
        captions = [words.captioned(drawing) for drawing in drawings]
        ranks = self._sheet.caption("Figure", "Figure", *captions, before=before)
        self.figures |= {one.name: rank for one, rank in zip(drawings, ranks, strict=True)}
        self._sheet.pictures(*(self._pictures[drawing.name] for drawing in drawings))

    def _passage(
        self,
        passage: Passage,
        style: Style = Style.BODY,
        *,
        after: str = "",
        notes: Sequence[Run] = (),
    ) -> None:
        """Write a text, a paragraph a line; `after` and `notes` follow its last words."""
        lines = lines_of(passage.rest) or [""]
        if after:
            lines[-1] = f"{lines[-1]} {after}".strip()
        for rank, line in enumerate(lines):
            lead = passage.strong if not rank else ""
            # A sign that follows the number stays against it: « 9 sur 10 : … ».
            space = " " if lead and passage.rest[:1] == " " and line else ""
            ends = (*notes, *_own(passage)) if rank == len(lines) - 1 else ()
            if lead or line:
                runs = (Run(lead, Style.STRONG), Run(f"{space}{line}"), *ends)
                self._sheet.say(style, *runs, said_by_people=True)

    def _quotes(self, quotes: tuple[SectionQuote, ...]) -> None:
        for quote in quotes:
            if quote.is_gone:
                self._sheet.say(Style.GONE, words.GONE)
                continue
            self._sheet.say(Style.QUOTE, words.quoted(quote.text), said_by_people=True)
            self._sheet.say(Style.QUOTE_SOURCE, words.source_of(quote), under=quote.text)

    def _objectives(self, part: Objectives) -> None:
        self._sheet.head(2, part.title)
        rows = [
            (
                Cell(((Style.CELL_NAME, one.words),)),
                Cell(((Style.CELL, f"{words.MARKS[one.verdict]}{NO_BREAK}{said}. {one.reason}"),)),
            )
            for one in part.confronted
            for said in [one.verdict.replace(" ", NO_BREAK, 1)]
        ]
        self._sheet.table(OBJECTIVES, rows, "Objectifs", part.title)


def _own(passage: Passage) -> tuple[Run, ...]:
    own = words.of_team(passage)
    return (Run(f"  {own}", Style.NOTE),) if own else ()


def _letter(badge: Badge) -> Run:
    return Run(f"{NO_BREAK}{badge.letter}{NO_BREAK}", Style.BADGE)


def _badge(badge: Badge) -> tuple[Run, ...]:
    return (_letter(badge), Run(f"{NO_BREAK}{badge.name}", Style.NOTE))


def _told(label: str, *said: str) -> tuple[Run, ...]:
    told = f"{NARROW}; ".join(one for one in said if one)
    return (Run(label, Style.STRONG), Run(f"{NO_BREAK}: {told}"))


def _source_runs(source: Source) -> tuple[Run, ...]:
    told = _told(f"«{NARROW}{source.title}{NARROW}»", source.received, source.margin)
    return (*told, Run(NO_BREAK), _letter(source.badge)) if source.badge else told
