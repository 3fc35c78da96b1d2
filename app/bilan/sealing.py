"""« Arrêter » a bilan: its figures leave by the ledger, and what it says never changes again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import select

from app.bilan.audiences import AUDIENCES, Audience
from app.bilan.composing import compose, compose_from
from app.bilan.drafting import DraftError, refuse_if_sealed
from app.bilan.figures import released
from app.bilan.frames import Frame
from app.bilan.kept import (
    NO_STANDING,
    digest_of,
    fingerprint,
    quote_ids,
    section_from_json,
    section_to_json,
    to_reread,
    with_quotes,
    without_words,
)
from app.bilan.models import BilanSeal
from app.bilan.queries import bilan_of, held_bilan, is_within, seal_of
from app.bilan.quoting import as_quotes
from app.bilan.sealable import NO_MONTH, provisional_for_ever, sealed_scope
from app.bilan.verifying import (
    PART,
    AlteredError,
    Verification,
    counted,
    opened,
    shown_today,
    since,
    verify,
)
from app.documents.section import Annex, Method, Passage, Section, SectionQuote, Standing
from app.indicators.freezing import hold
from app.indicators.ledger import TRIES, frozen_in
from app.organisations import access
from app.organisations.models import Person
from app.organisations.queries import organisation
from app.organisations.roles import RESPONSABLE
from app.responses.texts import encrypt
from app.scoring import SCORING_VERSION
from app.testimonies.models import Quote, Testimony
from app.testimonies.publications import note_use
from app.web.typography import long_date, typographic

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date
    from uuid import UUID

    from sqlalchemy.orm import Session

    from app.bilan.figures import Figures
    from app.bilan.models import Bilan
    from app.db import Database
    from app.organisations.queries import Reach
    from config import Keys

__all__ = [
    "AlteredError", "RewrittenError", "SealingError", "Verification", "place_of", "seal",
    "seal_briefly", "section_of", "verify",
]  # fmt: skip

UNREADABLE = (
    "Ce bilan a été modifié hors de Recueil : il ne peut plus être montré. Prévenez la personne "
    "qui s’occupe du serveur, avec la dernière sauvegarde."
)


@dataclass(frozen=True, slots=True)
class _Found:
    """Be what a seal keeps, and the revision of the bilan that it was worked out from."""

    revision: int
    figures: Figures
    #: The section, without the words of people.
    content: str
    #: See `_figures`.
    kept: list[dict[str, object]]
    quotes: tuple[UUID, ...]


class SealingError(DraftError):
    """Say in French why a bilan cannot be « arrêté »."""


class RewrittenError(SealingError):
    """Ask to read again texts that do not say what the figures say, or did not know them."""

    def __init__(self, passages: tuple[Passage, ...]) -> None:
        super().__init__(
            "Certains de vos textes ne disent pas la même chose que les chiffres. "
            "Relisez-les avant d’arrêter le bilan."
        )
        self.passages = passages


def seal(
    session: Session,
    keys: Keys,
    reach: Reach,
    bilan: Bilan,
    person_id: UUID,
    today: date,
    *,
    reread: bool = False,
) -> BilanSeal:
    """Seal a bilan over the frozen months of its period: its figures leave, for ever the same.

    `reread` says that texts that say other things than the figures were read again. Everybody
    waits for this until the commit: where people answer, see `seal_briefly`.
    """
    _hold(session, reach, bilan)
    found = _work_out(session, keys, reach, bilan, person_id, today, reread=reread)
    _hold_words(session, found.quotes)
    return _keep(session, keys, bilan, found, person_id, today)


def seal_briefly(
    database: Database,
    keys: Keys,
    reach: Reach,
    bilan_id: UUID,
    person_id: UUID,
    today: date,
    *,
    reread: bool = False,
) -> None:
    """Seal a bilan, and hold the database only to write what was worked out before.

    When what it says moved meanwhile it is worked out again, in the end while everybody waits.
    """
    for _ in range(TRIES):
        with database.reading() as session:
            bilan = _there(bilan_of(session, reach, bilan_id))
            found = _work_out(session, keys, reach, bilan, person_id, today, reread=reread)
        with database.writing() as session:
            bilan = _hold(session, reach, bilan)
            if _stands(session, keys, bilan, found, today):
                _refuse(session, reach, bilan, person_id)
                _keep(session, keys, bilan, found, person_id, today)
                return
    with database.writing() as session:
        bilan = _there(bilan_of(session, reach, bilan_id))
        seal(session, keys, reach, bilan, person_id, today, reread=reread)


def _there(bilan: Bilan | None) -> Bilan:
    if bilan is None:
        raise SealingError("Ce bilan n’est plus là : quelqu’un l’a supprimé.")
    return bilan


def _hold(session: Session, reach: Reach, bilan: Bilan) -> Bilan:
    """Let nobody else write this bilan, or publish for its structure, until the commit.

    The bilan comes first, as where its texts are written: two who hold them in another order
    would wait for each other for ever.
    """
    held = _there(held_bilan(session, reach, bilan.id))
    hold(session, held.organisation_id)
    return held


def _work_out(
    session: Session,
    keys: Keys,
    reach: Reach,
    bilan: Bilan,
    person_id: UUID,
    today: date,
    *,
    reread: bool,
) -> _Found:
    """Return what a seal would keep; raise, in French, when there is a reason to keep nothing."""
    revision = bilan.revision
    _refuse(session, reach, bilan, person_id)
    figures = released(session, reach, bilan)
    section = compose_from(session, keys, reach, bilan, figures, NO_STANDING, today)
    _refuse_section(section, reread=reread)
    content, kept = section_to_json(without_words(section)), _figures(session, bilan, figures)
    return _Found(revision, figures, content, kept, tuple(quote_ids(section)))


def _stands(session: Session, keys: Keys, bilan: Bilan, found: _Found, today: date) -> bool:
    """Tell whether nothing that was worked out moved: the texts, the ledger, the words lent."""
    _hold_words(session, found.quotes)
    return (
        bilan.revision == found.revision
        and found.figures.ledger is not None
        and found.figures.ledger.stands(session)
        and len(shown_today(session, keys, bilan, found.quotes, today)) == len(set(found.quotes))
    )


def _keep(
    session: Session, keys: Keys, bilan: Bilan, found: _Found, person_id: UUID, today: date
) -> BilanSeal:
    """Write the ledger, the seal, and where words were published."""
    last_month = found.figures.last_month
    if found.figures.ledger:
        found.figures.ledger.write(session, today)
    made = BilanSeal(
        bilan_id=bilan.id,
        sealed_on=today,
        sealed_by=person_id,
        last_month=last_month,
        content=encrypt(keys, bilan.id, PART, found.content),
        figures=found.kept,
        digest=digest_of(bilan, last_month, found.content, found.kept),
    )
    session.add(made)
    session.flush()
    _note_quotes(session, keys, bilan, found.quotes, person_id, today)
    access.note(session, bilan.organisation_id, person_id, "sealed", Frame.of(bilan).title)
    return made


def section_of(session: Session, keys: Keys, reach: Reach, bilan: Bilan, today: date) -> Section:
    """Return the section as it stands today: composed, or as it was sealed.

    The words of people are read again where they are kept: what was taken back is gone.
    """
    sealed = seal_of(session, bilan.id)
    if sealed is None:
        return compose(session, keys, reach, bilan, today)
    try:
        content = opened(keys, sealed)
        section = section_from_json(content)
    except (AlteredError, ValueError):
        return _unreadable(session, bilan, sealed)
    altered = digest_of(bilan, sealed.last_month, content, sealed.figures) != sealed.digest
    happened = since(session, keys, bilan, sealed, section, today).words
    standing = Standing(
        is_sealed=not altered,
        words=_words(session, sealed),
        since=UNREADABLE if altered else happened,
    )
    return _with_words(session, keys, bilan, replace(section, standing=standing), sealed, today)


def place_of(bilan: Bilan) -> str:
    """Return how the register of publications names a bilan: « Bilan qualitatif 2026 »."""
    return f"Bilan qualitatif {Frame.of(bilan).title}"


def _refuse(session: Session, reach: Reach, bilan: Bilan, person_id: UUID) -> None:
    """Raise, in French, when this bilan cannot be sealed, or not by this person."""
    person = session.get_one(Person, person_id)
    is_theirs = person.organisation_id == bilan.organisation_id and is_within(reach, bilan)
    if person.role != RESPONSABLE or not person.active or not is_theirs:
        raise SealingError(
            "Un bilan est arrêté par une personne responsable de la structure. Demandez-lui."
        )
    refuse_if_sealed(session, bilan)
    if problem := provisional_for_ever(bilan):
        raise SealingError(typographic(problem))
    fixed = Frame.of(bilan).fixed
    if fixed is None or not frozen_in(session, bilan.organisation_id, fixed):
        raise SealingError(typographic(NO_MONTH))


def _refuse_section(section: Section, *, reread: bool) -> None:
    """Raise, in French, when there is nothing to seal, or texts to read again first."""
    if section.empty:
        raise SealingError(section.empty)
    if not reread and (texts := to_reread(section)):
        raise RewrittenError(texts)


def _figures(session: Session, bilan: Bilan, figures: Figures) -> list[dict[str, object]]:
    """Return what each figure that leaves stands on: what `verify` recounts."""
    scope_id = sealed_scope(bilan) or bilan.organisation_id
    last = {one.measured.key: one.last_month for one in figures.shown}
    found = counted(session, scope_id, bilan.first_month, last)
    return [
        {
            "measure": key,
            "indicator": one.indicator,
            "first_month": bilan.first_month,
            "last_month": last[key],
            "versions": list(one.versions),
            "tally": dict(one.tally),
            "scoring": SCORING_VERSION,
        }
        for key, one in sorted(found.items())
    ]


def _note_quotes(
    session: Session,
    keys: Keys,
    bilan: Bilan,
    quotes: Collection[UUID],
    person_id: UUID,
    today: date,
) -> None:
    """Note each quote in the register: a withdrawal then says that it is to be taken down."""
    use = AUDIENCES[cast("Audience", bilan.audience)].use
    for one in shown_today(session, keys, bilan, quotes, today):
        note_use(session, one, use, place_of(bilan), today, person_id)


def _hold_words(session: Session, quotes: Collection[UUID]) -> None:
    """Let nobody take their words back until the commit: the register would not know of it."""
    told = select(Quote.testimony_id).where(Quote.id.in_(quotes))
    mine = select(Testimony.id).where(Testimony.id.in_(told)).order_by(Testimony.id)
    session.execute(mine.with_for_update(read=True, key_share=True))


def _words(session: Session, sealed: BilanSeal) -> str:
    # Whoever has no name yet does not leave by their address.
    by = session.get_one(Person, sealed.sealed_by).name or "une personne responsable"
    print_ = fingerprint(sealed.digest)
    return f"Arrêté le {long_date(sealed.sealed_on)} par {by}, empreinte {print_}"


def _with_words(
    session: Session, keys: Keys, bilan: Bilan, section: Section, sealed: BilanSeal, today: date
) -> Section:
    """Put the words of people back, for those who still agree; the rest is marked as gone."""
    shown = as_quotes(session, shown_today(session, keys, bilan, quote_ids(section), today))

    def read_again(quote: SectionQuote) -> SectionQuote:
        return shown.get(quote.id) or replace(quote, is_gone=True)

    whole = with_quotes(section, read_again)
    title = whole.title_quote
    printed = typographic(f"Empreinte du bilan arrêté : {fingerprint(sealed.digest)}.")
    annex = section.annex
    if annex.rows or annex.references:
        annex = replace(annex, references=(*annex.references, printed))
    return replace(
        whole, title_quote=None if title is None or title.is_gone else title, annex=annex
    )


def _unreadable(session: Session, bilan: Bilan, sealed: BilanSeal) -> Section:
    """Return a section that says it cannot be read: nothing of it can be believed."""
    changed: dict[str, Any] = {"words": _words(session, sealed), "since": typographic(UNREADABLE)}
    return Section(
        structure=organisation(session, bilan.organisation_id).name,
        place="",
        running_title=f"Bilan d’activité {Frame.of(bilan).title}",
        heading="Bilan qualitatif",
        title_quote=None,
        headlines=(),
        method=Method(Frame.of(bilan).title, (), None, Passage("methode", "")),
        body=(),
        unshown=(),
        annex=Annex((), (), (), ()),
        standing=Standing(is_sealed=False, **changed),
        empty=typographic(UNREADABLE),
    )
