"""The sentences of a notice, complete on the first day; every structure may write its own."""

from __future__ import annotations

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


def default_notice(organisation: Organisation, today: date) -> Notice:
    """Write the first notice of a structure, from its name and contact."""
    name = organisation.name
    team = f"L’équipe {of(name)}"
    return Notice(
        organisation_id=organisation.id,
        revision=1,
        readers=team if len(team) <= LONGEST_READERS else "L’équipe de la structure",
        purpose="Pour mieux vous aider",
        legal_basis=(
            "Évaluer l’aide apportée, pour l’améliorer et en rendre compte dans un bilan : "
            "intérêt légitime de la structure (article 6.1.f du RGPD) ; pour une collectivité "
            "ou un établissement public, mission d’intérêt public (article 6.1.e)."
        ),
        recipients=(
            f"{team} lit les réponses et les textes. Les financeurs et les partenaires reçoivent "
            "des résultats chiffrés, qui ne permettent de reconnaître personne. L’hébergeur du "
            "service garde les données. Rien n’est vendu, rien ne sert à la publicité."
        ),
        retention_years=1,
        rights_contact=f"{name}, {organisation.contact or 'à l’accueil'}",
        made_on=today,
    )


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
