"""What became of a bilan since it was « arrêté »: the same, answers gone since, or altered."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, cast
from uuid import UUID

from cryptography.exceptions import InvalidTag
from sqlalchemy import select

from app.bilan.audiences import AUDIENCES, Audience
from app.bilan.kept import digest_of, fingerprint, quote_ids, rewritten, section_from_json
from app.bilan.queries import seal_of
from app.bilan.sealable import sealed_scope
from app.campaigns.periods import first_day
from app.indicators.freezing import compare, frozen_months
from app.indicators.freezing import verify as verify_month
from app.indicators.models import FrozenTally
from app.organisations.queries import Reach
from app.responses.texts import decrypt
from app.scoring import SCORING_VERSION, Tally, add
from app.testimonies.models import Quote
from app.testimonies.quotes import ShownQuote, quotes
from app.web.typography import listing, month, plural

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session

    from app.bilan.models import Bilan, BilanSeal
    from app.documents.section import Section
    from app.indicators.models import FrozenMonth
    from config import Keys

#: What a seal is encrypted as, beside the id of its bilan.
PART = "seal"


class AlteredError(ValueError):
    """Say that what was sealed cannot be read: it was changed outside Recueil, or other keys."""


@dataclass(frozen=True, slots=True)
class Since:
    """Say what happened to the answers and to the quotes of a bilan since its seal."""

    erased: int = 0
    late: int = 0
    #: Months whose answers went at the end of their time.
    purged: tuple[str, ...] = ()
    quotes_gone: int = 0
    #: The same answers give other sums today: the rules of computing changed.
    recomputed: bool = False

    @property
    def said(self) -> tuple[str, ...]:
        """Say each thing that happened."""
        found = []
        if self.erased:
            gone = "effacée" if self.erased == 1 else "effacées"
            found.append(f"{plural(self.erased, 'réponse')} {gone} depuis")
        if self.late:
            came = "tardive, restée" if self.late == 1 else "tardives, restées"
            found.append(f"{plural(self.late, 'réponse')} {came} en dehors")
        if self.purged:
            named = listing([month(first_day(one)) for one in self.purged])
            found.append(f"purgé\u00a0: réponses de {named} parties à leur échéance")
        if self.quotes_gone:
            taken = "retirée" if self.quotes_gone == 1 else "retirées"
            found.append(f"{plural(self.quotes_gone, 'citation')} {taken}")
        if self.recomputed:
            found.append("les règles de calcul ont changé depuis")
        return tuple(found)

    @property
    def words(self) -> str:
        """Say it as the foot of a page does; empty when nothing happened."""
        if not self.said:
            return ""
        return f"{', '.join(self.said)}\u00a0: les chiffres sont ceux du jour de l’arrêt"


@dataclass(frozen=True, slots=True)
class Verification:
    """Be the proof of a sealed bilan: whether it is whole, and what happened since."""

    sealed_on: date
    #: « 7C2F 91AB 04D6 ».
    fingerprint: str
    #: What is no longer as it was sealed, in French; empty when all is.
    altered: tuple[str, ...]
    since: Since
    #: Sentences of figures that the team says in its own words.
    rewritten: int = 0

    @property
    def is_altered(self) -> bool:
        """Tell whether somebody changed it outside Recueil."""
        return bool(self.altered)

    @property
    def is_identical(self) -> bool:
        """Tell whether nothing at all changed since."""
        return not self.altered and not self.since.said

    @property
    def said(self) -> tuple[str, ...]:
        """Say it, a line each: « identique », or what changed; then what the team rewrote."""
        found = self.altered or self.since.said or ("identique",)
        return (*found, self.in_own_words) if self.rewritten else found

    @property
    def in_own_words(self) -> str:
        """Say how many sentences the team rewrote; empty when none."""
        if not self.rewritten:
            return ""
        said = ("phrase réécrite", "phrases réécrites")
        return f"{plural(self.rewritten, *said)} par l’équipe"


class Counted(NamedTuple):
    """Be what frozen sums give for one measure over some months."""

    indicator: str
    versions: tuple[str, ...]
    tally: Tally


def verify(session: Session, keys: Keys, bilan: Bilan, today: date) -> Verification | None:
    """Recompute a sealed bilan from the frozen sums and the answers; None when it has no seal."""
    seal = seal_of(session, bilan.id)
    if seal is None:
        return None
    altered = []
    section = None
    try:
        content = opened(keys, seal)
        section = section_from_json(content)
        if digest_of(bilan, seal.last_month, content, seal.figures) != seal.digest:
            altered.append("l’empreinte ne correspond plus\u00a0: le cadre ou les chiffres du "
                           "bilan ont été modifiés hors de Recueil")  # fmt: skip
    except AlteredError as error:
        altered.append(str(error))
    altered += _recounted(session, bilan, seal)
    altered += _frozen_again(session, bilan, seal)
    happened = since(session, keys, bilan, seal, section, today)
    return Verification(
        seal.sealed_on,
        fingerprint(seal.digest),
        tuple(altered),
        happened,
        len(rewritten(section)) if section else 0,
    )


def opened(keys: Keys, seal: BilanSeal) -> str:
    """Return the content of a seal; raise AlteredError when it cannot be read."""
    try:
        return decrypt(keys, seal.bilan_id, PART, seal.content)
    except (InvalidTag, ValueError) as error:
        raise AlteredError(
            "le texte du bilan ne peut plus être lu\u00a0: il a été modifié hors de Recueil, "
            "ou la clé est une autre"
        ) from error


def since(
    session: Session,
    keys: Keys,
    bilan: Bilan,
    seal: BilanSeal,
    section: Section | None,
    today: date,
) -> Since:
    """Return what happened to the answers and quotes that a bilan counted."""
    scope_id = sealed_scope(bilan)
    lieu_id = None if scope_id == bilan.organisation_id else scope_id
    months = _months(session, bilan, seal)
    after = {one.month: compare(session, one, lieu_id) for one in months}
    erased, late = (
        sum(getattr(one, name) for one in after.values()) for name in ("erased", "late")
    )
    purged = tuple(sorted(name for name, one in after.items() if one.purged))
    changed = any(not (one.same or one.purged or one.erased or one.late) for one in after.values())
    other_rules = any(
        one.get("scoring", SCORING_VERSION) != SCORING_VERSION for one in seal.figures
    )
    gone = 0
    if section is not None:
        named = set(quote_ids(section))
        gone = len(named - {one.id for one in shown_today(session, keys, bilan, named, today)})
    return Since(erased, late, purged, gone, bool(other_rules) or changed)


def shown_today(
    session: Session, keys: Keys, bilan: Bilan, ids: Collection[UUID], today: date
) -> list[ShownQuote]:
    """Return those quotes of a bilan whose author lets its readers see them today."""
    if not ids:
        return []
    use = AUDIENCES[cast("Audience", bilan.audience)].use
    # Whoever reads a sealed bilan reads the same: not only the quotes of their own lieux.
    reach = Reach(bilan.organisation_id)
    found = quotes(session, keys, reach, today, Quote.id.in_(list(ids)))
    return [one for one in found if use in one.uses]


def counted(
    session: Session, scope_id: UUID, first: str, last: Mapping[str, str]
) -> dict[str, Counted]:
    """Add frozen sums up from a month to the last one of each measure."""
    if not last:
        return {}
    columns = (FrozenTally.month, FrozenTally.measure, FrozenTally.version,
               FrozenTally.indicator, FrozenTally.tally)  # fmt: skip
    mine = select(*columns).where(
        FrozenTally.scope_id == scope_id,
        FrozenTally.month.between(first, max(last.values())),
        FrozenTally.measure.in_(last),
    )
    tallies: dict[str, Tally] = {}
    versions: dict[str, set[str]] = {}
    indicators: dict[str, str] = {}
    for at, measure, version, indicator, tally in session.execute(mine):
        if at <= last[measure]:
            add(tallies.setdefault(measure, {}), tally)
            versions.setdefault(measure, set()).add(version)
            indicators[measure] = indicator
    return {
        key: Counted(indicators[key], tuple(sorted(versions[key])), tally)
        for key, tally in tallies.items()
    }


def _months(session: Session, bilan: Bilan, seal: BilanSeal) -> list[FrozenMonth]:
    frozen = frozen_months(session, bilan.organisation_id)
    return [one for one in frozen if bilan.first_month <= one.month <= seal.last_month]


def _recounted(session: Session, bilan: Bilan, seal: BilanSeal) -> Iterable[str]:
    """Yield the indicators whose sealed figure is not what the frozen sums give."""
    scope_id = sealed_scope(bilan) or bilan.organisation_id
    last = {str(one["measure"]): str(one["last_month"]) for one in seal.figures}
    found = counted(session, scope_id, bilan.first_month, last)
    differing = {
        str(one["indicator"])
        for one in seal.figures
        if not _same(one, found.get(str(one["measure"])))
    }
    if differing:
        yield f"ne se recompte plus comme ce jour-là\u00a0: {listing(sorted(differing))}"


def _same(kept: Mapping[str, Any], found: Counted | None) -> bool:
    if found is None:
        return False
    return (kept["tally"], kept["versions"]) == (dict(found.tally), list(found.versions))


def _frozen_again(session: Session, bilan: Bilan, seal: BilanSeal) -> Iterable[str]:
    """Yield the months whose frozen sums are no longer those of the day they were frozen."""
    for one in reversed(_months(session, bilan, seal)):
        proof = verify_month(session, bilan.organisation_id, one.month)
        if proof is not None and not proof.intact:
            yield f"les sommes de {month(first_day(one.month))} ont été modifiées"
