"""The sentences of a notice, complete on the first day; every structure may write its own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date

from app.organisations.models import Notice, Organisation
from app.web.typography import of

#: « L’équipe… » must hold on one line of a phone, beside « Qui lit ? ».
LONGEST_READERS = 26
#: « Pour mieux vous aider » stands on the first screen too, where every byte counts.
LONGEST_PURPOSE = 60
#: The other texts stand on a page of their own.
LONGEST_TEXT = 1_000


#: Names that a public body bears: to ask is then its mission, not its interest.
_PUBLIC = re.compile(
    r"\b(ccas|cias|mairie|commune|ville de|m[ée]tropole|communaut[ée] (de communes|d)|"
    r"conseil (d[ée]partemental|r[ée]gional)|d[ée]partement|m[ée]diath[èe]que|biblioth[èe]que)\b",
    re.IGNORECASE,
)
_SHORT_TEAM = ("equipe_courte", "L’équipe de la structure")
_INTEREST = (
    "interet",
    "Évaluer l’aide apportée est notre intérêt légitime (RGPD, article 6.1.f).",
)
_MISSION = (
    "mission",
    "Évaluer l’aide fait partie de notre mission d’intérêt public (RGPD, article 6.1.e).",
)
_RECIPIENTS = (
    "lit les réponses et les textes. Les financeurs et les partenaires reçoivent des chiffres. "
    "Ces chiffres ne font reconnaître personne. L’hébergeur du service garde les données. "
    "Rien n’est vendu. Rien ne sert à la publicité."
)


def default_notice(organisation: Organisation, today: date) -> Notice:
    """Write the first notice of a structure, from its name and contact."""
    return Notice(
        organisation_id=organisation.id,
        revision=1,
        purpose="Pour mieux vous aider",
        retention_years=1,
        rights_contact=f"{organisation.name}, {organisation.contact or 'à l’accueil'}",
        made_on=today,
        **{field: text for field, (_, text) in usual(organisation.name).items()},
    )


def usual(name: str) -> dict[str, tuple[str, str]]:
    """Return our own sentences for a structure, each by its field, with its key in `interface`.

    A page in another language says them in it, as long as the structure kept them.
    """
    team = f"L’équipe {of(name)}"
    return {
        "readers": ("equipe", team) if len(team) <= LONGEST_READERS else _SHORT_TEAM,
        "legal_basis": _MISSION if _PUBLIC.search(name) else _INTEREST,
        "recipients": ("destinataires", f"{team} {_RECIPIENTS}"),
    }


def kept_until(notice: Notice, day: date) -> date:
    """Return the last day on which an answer given that day is kept."""
    return date(day.year + notice.retention_years, 12, 31)


def end_of_keeping(revisions: Sequence[Notice], day: date) -> date:
    """Return until when an answer of a past day is kept; the latest revision comes first."""
    years = revisions[0].retention_years
    for notice in revisions:
        years = min(years, notice.retention_years)
        if notice.made_on < day:
            break
    return date(day.year + years, 12, 31)


def last_day_over(revisions: Iterable[Notice], today: date) -> date:
    """Return the last day whose answers are no longer kept; the latest revision comes first.

    What a person read before answering was promised: a shorter duration is for all answers, a
    longer one for those that follow it only. Of a day with two notices, the shorter holds.
    """
    years, end, over = today.year - 1, date.max, date.min
    for notice in revisions:
        years = min(years, notice.retention_years)
        over = max(over, min(end, date(today.year - years - 1, 12, 31)))
        end = notice.made_on
    return over
