"""Words that every document of a bilan says alike, and how they are put together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.web.sheets import clean
from app.web.typography import NARROW, NO_BREAK

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from app.documents.section import (
        AnnexRow,
        Drawing,
        Passage,
        Section,
        SectionQuote,
        Verdict,
    )

METHOD = "Méthode"
PERIOD = "Période"
CAUTION = "À lire avec prudence."
ALSO = "Et aussi"
LEARNT = "Ce que nous avons appris."
UNSHOWN = "Chiffres non montrés"
AGREED = "Publié avec son accord."
GONE = "Citation retirée à la demande de la personne."
ANNEX = f"Annexe{NO_BREAK}: d’où vient chaque chiffre"
INTRODUCTION = (
    f"Pour chaque chiffre{NO_BREAK}: les questions telles qu’elles sont posées, le calcul, le "
    "résultat et le nombre de réponses."
)
SAME_QUESTIONS = f"«{NARROW}Comme 1{NARROW}»{NO_BREAK}: les mêmes questions qu’à la ligne 1."
LETTERS = "Les lettres renvoient aux avertissements."
METHODS, WARNINGS = "Les méthodes", "Les avertissements"
QUOTES = "Les citations et leur accord"
DATA = "Les données des graphiques"
SOURCES = "Retrouver la source"

#: Headings of the tables.
FIGURE_COLUMNS = ("Indicateur", "Questions posées", "Calcul", "Résultat", "n", "Méth.")
QUOTE_COLUMNS = ("Citation", "Où", "Accord", "Jusqu’au")
OBJECTIVE_COLUMNS = ("Objectif", "Verdict, et ce que disent les chiffres")
#: A word and its mark: neither stands alone.
MARKS: dict[Verdict, str] = {
    "atteint": "●",
    "non atteint": "○",
    "non mesurable": "◐",
    "non mesuré par questionnaire": "◐",
}
#: Over the names of the drawings, beside their numbers.
DRAWN = "Graphique"
#: In an empty cell: it was not forgotten.
NOTHING = "–"
IN_TITLE = "en titre"
#: In signs: enough to find a quote again.
BEGINNING = 60


def lines_of(text: str) -> list[str]:
    """Return the lines of a text that say something."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def under_number(rest: str) -> str:
    """Return what follows a number in big letters: there, on a line of its own."""
    return rest.lstrip(f" ,:;{NO_BREAK}{NARROW}").rstrip()


def of_team(passage: Passage) -> str:
    """Say that a sentence is the team’s, beside the computed one; empty when it is computed."""
    if not passage.is_rewritten:
        return ""
    computed = " ".join(passage.proposed.split())
    return f"Phrase de l’équipe{NARROW}; calcul{NO_BREAK}: {computed}"


def quoted(text: str) -> str:
    """Put words between French quotation marks."""
    return f"«{NARROW}{' '.join(clean(text).split())}{NARROW}»"


def beginning(quote: SectionQuote) -> str:
    """Return the first words of a quote, between quotation marks."""
    text = " ".join(quote.text.split())
    if len(text) > BEGINNING:
        text = f"{text[:BEGINNING].rsplit(' ', 1)[0]}…"
    return quoted(text)


def source_of(quote: SectionQuote) -> str:
    """Say who speaks, and when: « Paulette, juin 2026, écrit »."""
    return ", ".join(part for part in (quote.signature, quote.told) if part)


def introduction(rows: Sequence[AnnexRow]) -> str:
    """Say what the table of figures holds, and how to read what it shortens."""
    said = [INTRODUCTION]
    if rows and rows[0].title.startswith("1."):
        said.append(SAME_QUESTIONS)
    if any(row.cautions for row in rows):
        said.append(LETTERS)
    return " ".join(said)


def result_of(row: AnnexRow) -> str:
    """Return a result with the letters of its warnings."""
    return f"{row.result} ({row.cautions})" if row.cautions else row.result


def captioned(drawing: Drawing) -> str:
    """Return what stands over a drawing, short: its alternative text says the rest."""
    return drawing.caption.partition(",")[0]


def drawn_of(title: str, figure: int) -> str:
    """Name a drawing beside its numbers: « Liens sociaux (figure 3) »."""
    return f"{title} (figure{NO_BREAK}{figure})"


def places_of(section: Section) -> dict[UUID, str]:
    """Return the part where each quote that is shown stands first."""
    places: dict[UUID, str] = {}
    if section.title_quote and "titre" not in section.hidden_slots:
        places[section.title_quote.id] = IN_TITLE
    for part in section.body:
        for quote in getattr(part, "quotes", ()):
            places.setdefault(quote.id, part.title)
    return places
