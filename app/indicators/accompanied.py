"""How many people were accompanied: what answers are out of, and who is missing among them.

One number stands for exactly some months and one scope: it is never added up nor cut, for the
same person may come to two lieux and in two months.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from sqlalchemy import distinct, func, select

from app.campaigns.models import Campaign, Link
from app.campaigns.periods import first_day, last_day
from app.campaigns.queries import within
from app.indicators.models import Accompanied
from app.indicators.period import Period
from app.responses.models import Response
from app.responses.readable import is_readable
from app.scoring import Plan, Share, Thresholds
from app.scoring.disclosure import PERCENTAGES
from app.scoring.sentences import percent, spaced
from app.web.current import today
from app.web.typography import months, number, plural

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from sqlalchemy.orm import Session

    from app.indicators.selection import Selection
    from app.organisations.queries import Reach

Source: TypeAlias = Literal["saisie", "coop"]
#: Question → code → the group as a sentence begins with it. Codes are those of La Coop.
GROUPS: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "genre": MappingProxyType({"feminin": "Les femmes", "masculin": "Les hommes"}),
        "age": MappingProxyType(
            {
                "moins_de_douze": "Les moins de 12 ans",
                "douze_dix_huit": "Les 12 à 17 ans",
                "dix_huit_vingt_quatre": "Les 18 à 24 ans",
                "vingt_cinq_trente_neuf": "Les 25 à 39 ans",
                "quarante_cinquante_neuf": "Les 40 à 59 ans",
                "soixante_soixante_neuf": "Les 60 à 69 ans",
                "soixante_dix_plus": "Les 70 ans et plus",
            }
        ),
        "statut": MappingProxyType(
            {
                "scolarise": "Les personnes à l’école ou en études",
                "sans_emploi": "Les personnes sans emploi",
                "en_emploi": "Les personnes en emploi",
                "retraite": "Les personnes à la retraite",
            }
        ),
    }
)
#: Two shares so far apart do not speak of the same people (rule 15).
APART: Final = Fraction(1, 10)


@dataclass(frozen=True, slots=True)
class Count:
    """Be how many people were accompanied, as it was typed or counted."""

    people: int | None
    supports: int | None = None
    unnamed: int = 0
    profile: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    source: Source = "saisie"


@dataclass(frozen=True, slots=True)
class Gap:
    """Be one group whose share of the answers is far from its share of the accompanied people."""

    question: str
    code: str
    answered: Share
    accompanied: Share

    @property
    def is_missing(self) -> bool:
        """Tell whether the group answered less than the others."""
        return self.answered.fraction < self.accompanied.fraction

    def may_be_told(self, thresholds: Thresholds) -> bool:
        """Tell whether enough people stand on both sides to name the group (rule 11)."""
        return min(self.answered.k, self.accompanied.k) >= thresholds.of_category

    @property
    def sentence(self) -> str:
        """Say it: « Les 70 ans et plus : 12 % des réponses, 31 % des personnes accompagnées »."""
        shares = percent(self.answered.fraction), percent(self.accompanied.fraction)
        name = GROUPS[self.question][self.code]
        return spaced("{} : {} des réponses, {} des personnes accompagnées".format(name, *shares))


@dataclass(frozen=True, slots=True)
class People:
    """Be the accompanied people that a selection is about, as far as somebody said."""

    accompanied: Accompanied | None = None
    gaps: tuple[Gap, ...] = ()

    @property
    def most(self) -> int | None:
        """Return the most people there may be; None when nobody counted them."""
        return self.accompanied.most if self.accompanied else None


def accompanied_of(
    session: Session, organisation_id: UUID, scope_id: UUID, first_month: str, last_month: str
) -> Accompanied | None:
    """Return what was noted of exactly these months and this scope; None when nobody did.

    Months that were still to come held nobody: « année 2026 », noted in November, is also the
    number of January to November.
    """
    asked = select(Accompanied).where(
        Accompanied.organisation_id == organisation_id,
        Accompanied.scope_id == scope_id,
        Accompanied.first_month == first_month,
        Accompanied.last_month >= last_month,
    )
    for one in session.scalars(asked.order_by(Accompanied.last_month)):
        if last_month in (one.last_month, f"{one.noted_on:%Y-%m}"):
            return one
    return None


def accompanied_for(session: Session, reach: Reach, selection: Selection) -> Accompanied | None:
    """Return what was noted of the people that a selection is about; None when nobody did."""
    scope_id, period = scope_of(reach, selection), selection.period
    if scope_id is None:
        return None
    return accompanied_of(session, reach.organisation_id, scope_id, period.first, period.last)


def people_asked(
    session: Session, reach: Reach, selection: Selection, plans: Sequence[Plan]
) -> People:
    """Return how many people a selection is about, and which groups are far from the answers."""
    noted = accompanied_for(session, reach, selection)
    return People(noted, profile_gap(session, reach, selection, plans, noted))


def scope_of(reach: Reach, selection: Selection) -> UUID | None:
    """Return the structure or the one lieu that is looked at; None for some campaigns or lieux."""
    scopes = () if selection.campaigns else selection.scopes(reach)
    return scopes[0] if len(scopes) == 1 else None


def every_accompanied(session: Session, reach: Reach) -> Sequence[Accompanied]:
    """Return all that was noted within reach, the latest period first."""
    mine = Accompanied.organisation_id == reach.organisation_id
    found = select(Accompanied).where(mine).order_by(
        Accompanied.last_month.desc(), Accompanied.first_month, Accompanied.scope_id
    )  # fmt: skip
    if reach.lieux is not None:
        found = found.where(Accompanied.scope_id.in_(reach.lieux))
    return session.scalars(found).all()


def note_accompanied(
    session: Session,
    organisation_id: UUID,
    scope_id: UUID,
    period: Period,
    count: Count,
    person_id: UUID,
    today: date,
) -> Accompanied:
    """Write how many people were accompanied, in the place of what was known before."""
    noted = Accompanied(
        organisation_id=organisation_id,
        scope_id=scope_id,
        first_month=period.first,
        last_month=period.last,
        people=count.people,
        supports=count.supports,
        unnamed=count.unnamed,
        profile={question: dict(codes) for question, codes in count.profile.items()},
        source=count.source,
        noted_by=person_id,
        noted_on=today,
    )
    return session.merge(noted)


def forget_accompanied(session: Session, noted: Accompanied) -> None:
    """Erase what was noted of some months and one scope."""
    session.delete(noted)


def said(noted: Accompanied) -> str:
    """Say the number: « 212 personnes différentes, 534 accompagnements, de mars à mai 2026 »."""
    period = months(first_day(noted.first_month), first_day(noted.last_month))
    return f"{counted(noted)}, {period}"


def counted(noted: Accompanied) -> str:
    """Say the number without its period: « 212 personnes différentes, 534 accompagnements »."""
    told = []
    if noted.people is not None:
        kind = ("personne différente", "personnes différentes")
        if noted.source != "coop":
            kind = ("personne accompagnée", "personnes accompagnées")
        least = "au moins " if noted.unnamed else ""
        told.append(f"{least}{_many(noted.people, *kind)}")
    if noted.supports is not None:
        told.append(_many(noted.supports, "accompagnement"))
    return ", ".join(told)


def _many(count: int, singular: str, many: str = "") -> str:
    return plural(count, singular, many).replace(str(count), number(count), 1)


def profile_gap(
    session: Session,
    reach: Reach,
    selection: Selection,
    plans: Sequence[Plan],
    accompanied: Accompanied | None,
) -> tuple[Gap, ...]:
    """Return the groups, by gender, age and situation, whose two shares are 10 points apart.

    A question that fewer than 20 people answered, on either side, tells nothing.
    """
    if accompanied is None or not accompanied.profile:
        return ()
    answered = _profile_of_answers(session, reach, selection, plans)
    return tuple(
        gap
        for question in GROUPS
        for gap in _gaps(question, answered[question], accompanied.profile.get(question, {}))
    )


def _gaps(question: str, answered: Mapping[str, int], accompanied: Mapping[str, int]) -> list[Gap]:
    n, people = sum(answered.values()), sum(accompanied.values())
    if min(n, people) < PERCENTAGES:
        return []
    pairs = (
        Gap(
            question, code, Share(answered.get(code, 0), n), Share(accompanied.get(code, 0), people)
        )
        for code in GROUPS[question]
    )
    return [one for one in pairs if abs(one.answered.fraction - one.accompanied.fraction) >= APART]


def _profile_of_answers(
    session: Session, reach: Reach, selection: Selection, plans: Sequence[Plan]
) -> dict[str, dict[str, int]]:
    """Count people of the public by each answer; a card that answered twice counts once."""
    public = {
        one.questionnaire.version
        for one in plans
        if one.questionnaire.audience == "usager" and _asks_who(one)
    }
    counts: dict[str, dict[str, int]] = {question: {} for question in GROUPS}
    if not public:  # the only sums of this module that read each answer: not for nothing
        return counts
    person = func.coalesce(Response.pair_id, Response.id).label("person")
    said = [Response.answers[question].as_string().label(question) for question in GROUPS]
    period = selection.period
    asked = (
        select(person, *said)
        .join(Link, Response.link_id == Link.id)
        .join(Campaign, Link.campaign_id == Campaign.id)
        .where(
            within(reach),
            selection.campaigns_asked,
            Campaign.version.in_(public),
            Response.organisation_id == reach.organisation_id,
            Response.day.between(first_day(period.first), last_day(period.last)),
            is_readable(session, reach.organisation_id, today()),
        )
        .subquery()
    )
    answers = [asked.c[question] for question in GROUPS]
    grouped = select(*answers, func.count(distinct(asked.c.person))).group_by(*answers)
    for *codes, people in session.execute(grouped):
        for question, code in zip(GROUPS, codes, strict=True):
            if code in GROUPS[question]:
                counts[question][code] = counts[question].get(code, 0) + people
    return counts


def _asks_who(plan: Plan) -> bool:
    """Tell whether a campaign asks anything of the profile."""
    asked = {posed.key for passing in plan.passings.values() for posed in passing.posed}
    return not asked.isdisjoint(GROUPS)
