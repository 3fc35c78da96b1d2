"""The composed section: plain data that the page and every document show alike.

All that is here is already in French, protected by rule 11 and ready to be shown: who writes a
document computes nothing. It is also what a seal keeps (`section_to_json`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, TypeAlias
from uuid import UUID

from app.indicators.charts import Bar, Circles, Dumbbell

Verdict: TypeAlias = Literal[
    "atteint", "non atteint", "non mesurable", "non mesuré par questionnaire"
]
#: How the slots of sentences that say one figure begin.
OF_FIGURES = ("phrase:", "constat:")


@dataclass(frozen=True, slots=True)
class Passage:
    """Be one text that may be rewritten: what the figures propose, and what somebody wrote."""

    #: `phrase:autonomie.progression:KEY`, `appris:autonomie`, `coince`, `suite`…
    slot: str
    #: What the figures say today; empty where only a person can write.
    proposed: str
    #: The beginning of `proposed` that is read first: « 43 personnes sur 58 »; may be empty.
    lead: str = ""
    #: What somebody wrote instead; None while nobody did.
    written: str | None = None
    #: What was proposed when they wrote, where today's figures say something else; else empty.
    outdated: str = ""
    #: Numbers of what was written that the figures do not say, and if somebody kept them knowingly.
    unproven: tuple[str, ...] = ()
    is_kept: bool = False

    @property
    def text(self) -> str:
        """Return what is shown."""
        return self.proposed if self.written is None else self.written

    @property
    def is_rewritten(self) -> bool:
        """Tell whether the team says a computed figure in its own words."""
        return self.says_a_figure and self.written is not None and self.written != self.proposed

    @property
    def says_a_figure(self) -> bool:
        """Tell whether what is proposed is the sentence of one figure."""
        return self.slot.startswith(OF_FIGURES)

    @property
    def strong(self) -> str:
        """Return the part of the text shown in strong letters; empty when it was rewritten."""
        return self.lead if self.lead and self.text.startswith(self.lead) else ""

    @property
    def rest(self) -> str:
        """Return what follows the strong part."""
        return self.text[len(self.strong) :]


@dataclass(frozen=True, slots=True)
class Trace:
    """Lead from a sentence to what it stands on: figure, answers, questionnaire, rule."""

    #: Id of the indicator, and the comparability key of its measure.
    indicator: str
    measure: str
    title: str
    #: « 43 sur 58 »; the reason when nothing may be shown.
    figure: str
    #: « 58 réponses valables sur 61 reçues ».
    counts: str
    #: Title of the questionnaire, and the versions that were added up.
    questionnaire: str
    versions: tuple[str, ...]
    #: Exact wording of each question, and how the figure is computed.
    questions: tuple[str, ...]
    rule: str
    cautions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Drawing:
    """Be one chart, with the words above it and the numbers it draws."""

    #: Names its file: `autonomie-progression-b-personnes`, `…-moyennes`.
    name: str
    caption: str
    chart: Bar | Circles | Dumbbell
    #: Its data: headings, then rows, all text.
    table: tuple[tuple[str, ...], ...]

    @property
    def spoken(self) -> str:
        """Return what the chart says, for who does not see it."""
        return self.chart.spoken


@dataclass(frozen=True, slots=True)
class Badge:
    """Name a method: « B », « rétrospectif »."""

    letter: str
    name: str


@dataclass(frozen=True, slots=True)
class Finding:
    """Be one figure told: its sentence, its drawings, and in the margin what makes it precise."""

    passage: Passage
    badge: Badge
    #: « n = 58 réponses sur 61 reçues », « Écart +25 points, entre +20 et +30 »…
    margin: tuple[str, ...]
    drawings: tuple[Drawing, ...]
    trace: Trace
    #: How it changed since the period before, or why that is not said; empty when nobody asked.
    evolution: str = ""


@dataclass(frozen=True, slots=True)
class SectionQuote:
    """Be words of a person, with what they agreed to; the words are empty once they went."""

    id: UUID
    testimony_id: UUID
    text: str
    signature: str
    #: « mars 2026, écrit ».
    told: str
    #: « bilan et financeurs, sans nom ».
    agreed: str
    #: The last day they may be shown.
    until: date
    is_partner: bool = False
    #: The person took them back after the bilan was sealed.
    is_gone: bool = False


@dataclass(frozen=True, slots=True)
class Headline:
    """Be one of the four sentences at most that open the section."""

    #: Its lead is the number in big: « 3 personnes sur 4 ».
    passage: Passage
    trace: Trace


@dataclass(frozen=True, slots=True)
class Source:
    """Be one questionnaire that people answered."""

    title: str
    #: « 61 réponses », « 61 personnes sur 212 suivies (29 %) ».
    received: str
    #: « marge d’environ ± 11 points »; empty when it is not computed.
    margin: str
    badge: Badge | None


@dataclass(frozen=True, slots=True)
class Method:
    """Be the box that says how all this is known."""

    #: « de janvier à novembre 2026 ».
    period: str
    sources: tuple[Source, ...]
    #: By which doors the answers came; None while there is none.
    doors: Drawing | None
    #: « À lire avec prudence »: proposed from the warnings, may be completed.
    limits: Passage
    #: What was said of the number of accompanied people: « 212 personnes accompagnées (La Coop) ».
    accompanied: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """Be one critère: what was found, what people say, what the team learnt."""

    slot: str
    title: str
    #: The first one carries the drawings; the others are a sentence.
    findings: tuple[Finding, ...]
    quotes: tuple[SectionQuote, ...]
    learnt: Passage
    kind: Literal["critere"] = "critere"


@dataclass(frozen=True, slots=True)
class Words:
    """Be a part written by the team: what gets stuck, what will be done, partners’ returns."""

    slot: str
    title: str
    passage: Passage
    findings: tuple[Finding, ...] = ()
    quotes: tuple[SectionQuote, ...] = ()
    #: For the one who writes, never for the reader of the document.
    hints: tuple[str, ...] = ()
    #: Lines of `passage` are numbered: actions.
    is_list: bool = False
    kind: Literal["mots"] = "mots"


@dataclass(frozen=True, slots=True)
class Confronted:
    """Be one objective of the mission beside its result."""

    words: str
    verdict: Verdict
    #: « 43 personnes sur 58 (74 % ; entre 62 % et 84 %) : au moins 60 % étaient visés. ».
    reason: str
    trace: Trace | None = None


@dataclass(frozen=True, slots=True)
class Objectives:
    """Be the objectives of the mission, each with its verdict."""

    slot: str
    title: str
    confronted: tuple[Confronted, ...]
    kind: Literal["objectifs"] = "objectifs"


@dataclass(frozen=True, slots=True)
class Testimonies:
    """Be testimonies as a section of their own."""

    slot: str
    title: str
    passage: Passage
    quotes: tuple[SectionQuote, ...]
    kind: Literal["temoignages"] = "temoignages"


Part: TypeAlias = Block | Words | Objectives | Testimonies


@dataclass(frozen=True, slots=True)
class AnnexRow:
    """Be one figure of the annex: everything it stands on."""

    title: str
    questions: str
    formula: str
    #: « 43 sur 58, soit 74 % [62 ; 84] », or why nothing is shown.
    result: str
    #: « 58 », « < 5 ».
    n: str
    method: str
    #: Warnings in a few words.
    cautions: str
    #: Moments that its title names between brackets: « Au début → À la fin »; may be empty.
    moments: str = ""
    #: For a spreadsheet: its indicator, its questionnaire, the versions that it adds up.
    code: str = ""
    questionnaire: str = ""
    versions: str = ""
    #: The figures that it gathers, each alone; empty where it is one figure.
    figures: tuple[AnnexRow, ...] = ()


@dataclass(frozen=True, slots=True)
class Annex:
    """Be where each figure comes from."""

    #: One row an indicator and method; those that support a sentence come first.
    rows: tuple[AnnexRow, ...]
    #: Each warning that was raised: its few words, and what it means.
    warnings: tuple[tuple[str, str], ...]
    #: Methods used: « A, apparié », its sentence.
    methods: tuple[tuple[str, str], ...]
    #: « Mes progrès », version 7c2f91ab…; the rules; the fingerprint.
    references: tuple[str, ...]

    @property
    def figures(self) -> Iterator[AnnexRow]:
        """Yield every figure alone, as a spreadsheet keeps them."""
        for row in self.rows:
            yield from row.figures or (row,)


@dataclass(frozen=True, slots=True)
class Standing:
    """Say whether the section may leave, as the foot of each page says it."""

    is_sealed: bool
    #: « Provisoire, ne pas diffuser : chiffres du 22 novembre 2026 », « Arrêté le… par… ».
    words: str
    #: What happened to the answers since the seal; empty when nothing did.
    since: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Be the whole section."""

    structure: str
    #: « Médiathèque de Rostrenen »; empty for the whole structure.
    place: str
    #: « Bilan d’activité 2026 », at the head of each page.
    running_title: str
    #: « 5. Bilan qualitatif : ce qui a changé pour les personnes ».
    heading: str
    title_quote: SectionQuote | None
    headlines: tuple[Headline, ...]
    method: Method
    #: Critères, what gets stuck, partners, objectives, what comes next: in the order of the page.
    body: tuple[Part, ...]
    #: Figures that may not be shown: title and reason.
    unshown: tuple[tuple[str, str], ...]
    annex: Annex
    standing: Standing
    #: What somebody left out: slot and title, to bring it back.
    left_out: tuple[tuple[str, str], ...] = ()
    #: Slots that are off as a whole: `titre`, `phrases`, `methode`, `petits`, `annexe`.
    hidden_slots: tuple[str, ...] = ()
    #: Nothing was answered over the period: what to do, in a sentence; else empty.
    empty: str = field(default="")

    @property
    def quotes(self) -> Iterator[SectionQuote]:
        """Yield every quote once, in the order of the page."""
        seen: set[UUID] = set()
        shown = [self.title_quote] if self.title_quote else []
        for part in self.body:
            shown += getattr(part, "quotes", ())
        for quote in shown:
            if quote.id not in seen:
                seen.add(quote.id)
                yield quote

    @property
    def drawings(self) -> Iterator[Drawing]:
        """Yield every drawing, in the order of the page."""
        if self.method.doors:
            yield self.method.doors
        for part in self.body:
            for finding in getattr(part, "findings", ()):
                yield from finding.drawings
