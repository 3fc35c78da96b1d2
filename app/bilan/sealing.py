"""« Arrêter » a bilan: its figures leave by the ledger, and what it says never changes again."""

from __future__ import annotations

from dataclasses import replace
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
    rewritten,
    section_from_json,
    section_to_json,
    with_quotes,
    without_words,
)
from app.bilan.models import BilanSeal
from app.bilan.queries import held_bilan, is_within, seal_of
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
from app.indicators.ledger import frozen_in
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
    from app.organisations.queries import Reach
    from config import Keys

__all__ = [
    "AlteredError", "RewrittenError", "SealingError", "Verification", "place_of", "seal",
    "section_of", "verify",
]  # fmt: skip

UNREADABLE = (
    "Ce bilan a été modifié hors de Recueil : il ne peut plus être montré. Prévenez la personne "
    "qui s’occupe du serveur, avec la dernière sauvegarde."
)


class SealingError(DraftError):
    """Say in French why a bilan cannot be « arrêté »."""


class RewrittenError(SealingError):
    """Ask to read again texts that were written when the figures said something else."""

    def __init__(self, passages: tuple[Passage, ...]) -> None:
        super().__init__(
            "Certains de vos textes ont été écrits quand les chiffres disaient autre chose. "
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

    `reread` says that texts written over other figures were read again. An error leaves nothing
    in the ledger: the caller rolls back.
    """
    # Two people cannot seal at once. The bilan comes first, as where its texts are written: two
    # who hold them in another order would wait for each other for ever.
    held_bilan(session, reach, bilan.id)
    hold(session, bilan.organisation_id)
    _refuse(session, reach, bilan, person_id)
    figures = released(session, reach, bilan, today)
    section = compose_from(session, keys, reach, bilan, figures, NO_STANDING, today)
    _refuse_section(section, reread=reread)
    content, kept = section_to_json(without_words(section)), _figures(session, bilan, figures)
    made = BilanSeal(
        bilan_id=bilan.id,
        sealed_on=today,
        sealed_by=person_id,
        last_month=figures.last_month,
        content=encrypt(keys, bilan.id, PART, content),
        figures=kept,
        digest=digest_of(bilan, figures.last_month, content, kept),
    )
    session.add(made)
    session.flush()
    _note_quotes(session, keys, bilan, section, person_id, today)
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
    if not reread and (texts := rewritten(section)):
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
    session: Session, keys: Keys, bilan: Bilan, section: Section, person_id: UUID, today: date
) -> None:
    """Note each quote in the register: a withdrawal then says that it is to be taken down."""
    use, named = AUDIENCES[cast("Audience", bilan.audience)].use, quote_ids(section)
    _hold_words(session, named)
    for one in shown_today(session, keys, bilan, named, today):
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
