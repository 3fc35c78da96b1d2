"""« Ce que la personne accepte »: each choice in words, with its day and what it waits for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.organisations.models import Person
from app.testimonies.consents import OF_MEDIA, SCOPES, YES, Agreement, agreement_of, history
from app.testimonies.papers import PAPERS, papers_of
from app.testimonies.signatures import AGES, signature
from app.web.typography import long_date

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from app.testimonies.models import Consent, ConsentText, Testimony

_TITLES = {
    "lieu": "Montrer ses mots dans le lieu",
    "bilan": "Mettre ses mots dans le bilan",
    "financeurs": "Donner ses mots aux financeurs",
    "public": "Montrer ses mots sur internet et dans la presse",
    "nom": "Être nommée",
    "garder_media": "Garder sa voix ou son image",
    "montrer_media": "Montrer sa voix ou son image",
    "relire": "Relire avant",
    "duree": "Jusqu’à quand",
}
_NOT_SAID = "pas de réponse : cela compte comme un non"


@dataclass(frozen=True, slots=True)
class Line:
    """Be one choice, in words."""

    title: str
    words: str
    is_yes: bool
    #: The exact text that was answered, empty when nothing was.
    text: str


@dataclass(frozen=True, slots=True)
class Paper:
    """Be one paper that came, or need not."""

    slot: str
    words: str


@dataclass(frozen=True, slots=True)
class Agreed:
    """Be all that one person accepts today, and what it waits for."""

    agreement: Agreement
    lines: tuple[Line, ...]
    signature: str
    missing: tuple[tuple[str, str], ...]
    papers: tuple[Paper, ...]

    @property
    def is_nowhere(self) -> bool:
        """Tell whether the words may be shown nowhere."""
        return not self.agreement.uses


def agreed_of(
    session: Session, testimony: Testimony, name: str, lieu: str, *, has_media: bool
) -> Agreed:
    """Return what one person accepts; `name` is the first name or organisation they gave."""
    agreement = agreement_of(session, testimony)
    latest: dict[str, tuple[Consent, ConsentText]] = {}
    for consent, text in history(session, testimony.id):
        latest.setdefault(consent.scope, (consent, text))
    people = _people(session, testimony)
    lines = []
    for scope in SCOPES:
        if scope in OF_MEDIA and not has_media:
            continue
        lines.append(_line(scope, latest.get(scope), testimony, name, people))
    return Agreed(
        agreement,
        tuple(lines),
        signature(testimony, agreement, name, lieu),
        tuple((slot, PAPERS[slot]) for slot in agreement.missing_papers),
        tuple(_papers(session, testimony, people)),
    )


def _line(
    scope: str,
    latest: tuple[Consent, ConsentText] | None,
    testimony: Testimony,
    name: str,
    people: Mapping[object, str],
) -> Line:
    title = _TITLES[scope]
    if scope == "duree":
        words = f"jusqu’au {long_date(testimony.expires_on)}, puis tout est effacé"
        return Line(title, words, True, latest[1].words if latest else "")
    if latest is None:
        return Line(title, _NOT_SAID, False, "")
    consent, text = latest
    said = _said(scope, consent.choice, testimony, name)
    by = people.get(consent.noted_by)
    # What was said with the testimony needs neither day nor hand: the page gives both once.
    with_it = (consent.day, consent.noted_by) == (testimony.day, testimony.written_by)
    when = (
        "" if with_it else f", dit le {long_date(consent.day)}" + (f", noté par {by}" if by else "")
    )
    return Line(title, f"{said}{when}", consent.choice not in ("non", "rien"), text.words)


def _said(scope: str, choice: str, testimony: Testimony, name: str) -> str:
    if scope == "nom":
        age = AGES.get(testimony.age_band or "", "âge non dit")
        return {
            "prenom": f"par le prénom « {name} »",
            "organisation": f"par le nom « {name} »",
            "age_lieu": f"par son âge et le lieu ({age})",
        }.get(choice, "non, sans nom")
    if scope == "relire" and choice == YES and testimony.reread_on:
        return f"oui, et d’accord le {long_date(testimony.reread_on)}"
    return choice


def _papers(session: Session, testimony: Testimony, people: Mapping[object, str]) -> list[Paper]:
    found = []
    for row in papers_of(session, testimony.id):
        by = people.get(row.noted_by, "l’équipe")
        when = f"le {long_date(row.received_on)}, noté par {by}"
        said = (
            f"Un seul parent exerce l’autorité parentale : dit {when}"
            if row.not_needed
            else f"{PAPERS[row.slot]} : reçu {when}"
        )
        found.append(Paper(row.slot, said))
    return found


def _people(session: Session, testimony: Testimony) -> Mapping[object, str]:
    mine = Person.organisation_id == testimony.organisation_id
    rows = session.execute(select(Person.id, Person.name, Person.email).where(mine))
    return {row.id: row.name or row.email for row in rows}
