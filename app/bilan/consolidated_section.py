"""The section of a coordinateur: figures of several structures, added up where nothing leaks.

It shows what the page of the coordinateur shows, and nothing else: the sums that
`indicators.consolidated` let through, and in the annex each structure as it lets itself be read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from app.bilan.material import not_established
from app.bilan.partners_said import TITLE
from app.campaigns.periods import first_day
from app.documents.section import (
    Annex,
    AnnexRow,
    Block,
    Finding,
    Headline,
    Method,
    Part,
    Passage,
    Section,
    Source,
    Standing,
    Words,
)
from app.scoring import SCORING_VERSION
from app.scoring.sentences import spaced
from app.web.typography import listing, long_date, month, number, plural, typographic
from app.wording import phrases
from app.wording.annex import annex_of
from app.wording.annex_rows import below, row_of
from app.wording.choosing import chosen, ranked
from app.wording.formulas import formula_of
from app.wording.told import Told
from app.wording.tracing import numbers_of, questions_of, title_of

if TYPE_CHECKING:
    from datetime import date

    from app.indicators.consolidated import Consolidated, Line, Structure
    from app.indicators.fixed import FixedPeriod
    from app.indicators.ledger import Leaving
    from app.indicators.queries import Block as Shown
    from app.indicators.queries import Measured

MOST_HEADLINES, MOST_DRAWN = 4, 5
#: Numbers of a sum that a structure may keep to itself: the others taken away, they would be its.
NEVER_ADDED = ("d_z", "alpha", "aside")
PROTECTED = (
    "Un chiffre qui désignerait moins de 5 personnes reste dans sa structure : l’addition compte "
    "seulement les structures dont le chiffre s’affiche."
)
APART = "pas d’addition"
KEPT = "non diffusé (trop peu de réponses dans chaque structure)"
NOTHING = "Aucun chiffre de cette période ne peut sortir de sa structure."
ALONE = (
    "Aucun chiffre ne s’additionne : il en faut un qui s’affiche dans au moins deux structures. "
    "L’annexe donne chaque structure à part."
)


def consolidated_section(shown: Consolidated, today: date) -> Section:
    """Return the section of a period that somebody froze."""
    if shown.period is None:
        raise ValueError("Aucune structure n’a arrêté de période.")
    parts = [_Criterion(shown, block) for block in shown.blocks]
    annex = _annex(shown)
    return Section(
        structure=plural(len(shown.structures), "structure réunie", "structures réunies"),
        place="",
        running_title=f"Bilan consolidé, {shown.period.title}",
        heading=typographic("Bilan qualitatif consolidé : ce qui a changé pour les personnes"),
        title_quote=None,
        headlines=tuple(_headlines(parts)),
        method=_method(shown, shown.period, parts),
        body=tuple(_body(parts)),
        unshown=tuple(_unshown(shown)),
        annex=annex,
        standing=Standing(
            is_sealed=True,
            words=f"Chiffres arrêtés par chaque structure, lus le {long_date(today)}",
        ),
        hidden_slots=("titre",),
        empty="" if shown.adds_up else ALONE if annex.rows else NOTHING,
    )


class _Criterion:
    """Gather the sums of one critère: what people say, and apart what partners say."""

    def __init__(self, shown: Consolidated, block: Shown) -> None:
        self.block = block
        sums = [
            _bare(line.together)
            for ways in block.indicators.values()
            for one in ways
            if (line := shown.lines[one.key]).together
        ]
        told = [Told(one) for one in filter(None, sums)]
        self.of_partners = [one for one in told if _asks_partners(one)]
        self.of_people = [one for one in told if not _asks_partners(one)]


def _bare(one: Measured | None) -> Measured | None:
    """Return a sum without what no structure gives of itself."""
    if one is None:
        return None
    values = {**one.figure.values, **dict.fromkeys(NEVER_ADDED)}
    return replace(one, figure=replace(one.figure, values=values))


def _asks_partners(one: Told) -> bool:
    return one.figure.measure.items[0].posed.question.audience == "partenaire"


def _headlines(parts: Sequence[_Criterion]) -> Iterator[Headline]:
    """Yield one sentence a critère, those at the heart first."""
    in_order = sorted(parts, key=lambda one: not one.block.criterion.core)
    found = (
        next(filter(None, (phrases.headline(one.measured) for one in ranked(part.of_people))), None)
        for part in in_order
    )
    for headline, _ in zip(filter(None, found), range(MOST_HEADLINES), strict=False):
        yield headline


def _body(parts: Sequence[_Criterion]) -> Iterator[Part]:
    told = sorted(
        (part for part in parts if ranked(part.of_people)),
        key=lambda one: not one.block.criterion.core,
    )
    for rank, part in enumerate(told):
        criterion = part.block.criterion
        yield Block(
            slot=f"bloc:{criterion.id}",
            title=typographic(criterion.title.fr),
            findings=_findings(part.of_people, is_drawn=rank < MOST_DRAWN),
            quotes=(),
            learnt=Passage(f"appris:{criterion.id}", ""),
        )
    partners = [one for part in parts for one in part.of_partners]
    if partners:
        findings = _findings(partners, is_drawn=True)
        yield Words("partenaires", TITLE, Passage("partenaires", ""), findings)


def _findings(found: Sequence[Told], *, is_drawn: bool) -> tuple[Finding, ...]:
    """Tell figures as a structure's own section does: the same way of asking speaks first."""
    return tuple(
        phrases.finding(one.measured, is_drawn=is_drawn and rank == 0)
        for rank, one in enumerate(chosen(found, not_established))
    )


def _method(shown: Consolidated, period: FixedPeriod, parts: Sequence[_Criterion]) -> Method:
    added = [one for part in parts for one in part.of_people]
    limits = " ".join(filter(None, (phrases.limits(added, None), spaced(PROTECTED))))
    return Method(
        period=period.title,
        sources=tuple(Source(one.name, _frozen(one), "", None) for one in shown.structures),
        doors=None,
        limits=Passage("methode", limits),
    )


def _frozen(structure: Structure) -> str:
    last = structure.release.last_month
    return f"arrêté jusqu’à {month(first_day(last))}" if last else "rien d’arrêté, non comptée"


def _unshown(shown: Consolidated) -> Iterator[tuple[str, str]]:
    for line in shown.lines.values():
        if not line.counted:
            yield title_of(line.example), KEPT


def _annex(shown: Consolidated) -> Annex:
    """Return the sums, each followed by the structures that it is made of."""
    lines = [
        shown.lines[one.key]
        for block in shown.blocks
        for ways in block.indicators.values()
        for one in ways
    ]
    sums = [Told(one) for line in lines if (one := _bare(line.together))]
    told = annex_of(sums, tuple(_references(shown)))
    of_sums = {one.measured.key: row_of(one) for one in sums}
    rows = [row for line in lines for row in _rows(shown, line, of_sums.get(line.example.key))]
    return replace(told, rows=tuple(rows))


def _rows(shown: Consolidated, line: Line, together: AnnexRow | None) -> Iterator[AnnexRow]:
    """Yield the sum of an indicator, or its questions alone, then its structures."""
    title, measure = title_of(line.example), line.example.figure.measure
    if together:
        counted = f"{line.counted} structures sur {len(shown.structures)}"
        yield replace(together, title=f"{title}, {counted}")
    else:
        questions = " · ".join(questions_of(measure))
        alone = AnnexRow(title, questions, formula_of(measure), APART, "–", measure.method, "")
        yield replace(alone, code=measure.indicator.id, questionnaire=line.example.questionnaire)
    for structure, leaving in line.figures:
        yield _row(structure, leaving)


def _row(structure: Structure, leaving: Leaving) -> AnnexRow:
    """Show one structure as it lets itself be read: the questions stand just above."""
    figure, reason = leaving.measured.figure, leaving.reason
    result = spaced(reason or numbers_of(figure))
    if not reason and leaving.last_month != structure.release.last_month:
        until = month(first_day(leaving.last_month))
        result += spaced(f" (jusqu’à {until} : la suite désignerait quelqu’un)")
    n = below(reason) if reason else number(figure.n)
    row = AnnexRow(f"dont {structure.name}", "", "", result, n, figure.measure.method, "")
    asked = leaving.measured.questionnaire
    return replace(row, code=figure.measure.indicator.id, questionnaire=asked)


def _references(shown: Consolidated) -> Iterator[str]:
    frozen = [one for one in shown.structures if one.release.last_month]
    names = listing([f"{one.name} ({_frozen(one)})" for one in frozen])
    if names:
        yield spaced(f"Chiffres arrêtés : {names}.")
    yield spaced(f"Règles de calcul de Recueil : version {SCORING_VERSION}.")
