"""Writing a bilan: its frame, its texts, the order of its parts, its quotes, its objectives."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from sqlalchemy import delete

from app.bilan.audiences import AUDIENCES
from app.bilan.frames import Frame
from app.bilan.models import Bilan, BilanObjective, BilanText
from app.bilan.queries import Written, is_within, objectives_of, seal_of, text_of, texts_of
from app.db import ERASED
from app.responses.texts import encrypt, sweep
from app.testimonies.masking import digest_of

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session

    from app.organisations.queries import Reach
    from config import Keys

#: Characters of a passage, of an objective; how many objectives and quotes stand in a bilan.
LONGEST = 2_000
OBJECTIVE = 300
OBJECTIVES = 8
#: The title is one quote, a section of testimonies holds twelve, any other part two.
QUOTES = {"titre": 1, "temoignages": 12}
FEW_QUOTES = 2


class DraftError(ValueError):
    """Refuse what was typed, with the sentence to show."""


class SealedError(DraftError):
    """Refuse to change a bilan that is « arrêté »."""

    def __init__(self) -> None:
        super().__init__(
            "Ce bilan est arrêté\u00a0: il ne change plus. Faites-en une copie pour continuer."
        )


class ChangedError(DraftError):
    """Refuse to write over what a colleague wrote meanwhile."""

    def __init__(self, theirs: Written | None = None) -> None:
        super().__init__("Quelqu’un a changé cette page pendant que vous écriviez.")
        self.theirs = theirs


@dataclass(frozen=True, slots=True)
class Objective:
    """Be one objective as somebody typed it."""

    words: str
    indicator: str = ""
    target: int | None = None


def create_bilan(
    session: Session, reach: Reach, frame: Frame, person_id: UUID, today: date
) -> Bilan:
    """Begin a bilan: nothing is written in it yet, all is proposed."""
    bilan = Bilan(
        id=uuid4(),
        organisation_id=reach.organisation_id,
        parts_order=[],
        left_out=[],
        quotes={},
        revision=1,
        made_by=person_id,
        made_on=today,
    )
    _frame(bilan, frame)
    if not is_within(reach, bilan):
        raise DraftError("Choisissez au moins un de vos lieux.")
    session.add(bilan)
    session.flush()
    return bilan


def change_frame(
    session: Session, reach: Reach, bilan: Bilan, frame: Frame, *, revision: int
) -> None:
    """Make a bilan speak of other months, lieux or actions, or to others; texts stay."""
    refuse_if_sealed(session, bilan)
    _refuse_if_older(bilan, revision)
    _frame(bilan, frame)
    if not is_within(reach, bilan):
        raise DraftError("Choisissez au moins un de vos lieux.")
    _raise_revision(session, bilan)


def write_text(
    session: Session,
    keys: Keys,
    bilan: Bilan,
    slot: str,
    text: str,
    proposed: str,
    person_id: UUID,
    today: date,
    *,
    sealed: str | None = None,
    is_kept: bool = False,
) -> None:
    """Write a text in the place of what is proposed; the proposal itself stays one.

    `sealed` is what the figures about to be sealed propose; `is_kept` says that somebody looked
    at numbers that the figures do not say.
    """
    refuse_if_sealed(session, bilan)
    text = text.strip()
    _check_text(text, proposed)
    if text in (proposed.strip(), (sealed or proposed).strip()):
        take_proposal(session, bilan, slot)
        return
    session.info[ERASED] = True  # what stood there before leaves no trace either
    written = json.dumps(asdict(Written(text, proposed, sealed, is_kept)), ensure_ascii=False)
    session.merge(
        BilanText(
            bilan_id=bilan.id,
            slot=slot,
            ciphertext=encrypt(keys, bilan.id, slot, written),
            written_by=person_id,
            written_on=today,
        )
    )
    _raise_revision(session, bilan)


def mark_of(text: str | None) -> str:
    """Return what tells a text from any other; nothing where nobody wrote."""
    return "" if text is None else digest_of(text)


def refuse_if_rewritten(
    session: Session, keys: Keys, bilan: Bilan, slot: str, mark: str
) -> Written | None:
    """Return what is written, or raise ChangedError when it is not what somebody had read."""
    refuse_if_sealed(session, bilan)
    now = text_of(session, keys, bilan.id, slot)
    if mark != mark_of(now.text if now else None):
        raise ChangedError(now)
    return now


def take_proposal(session: Session, bilan: Bilan, slot: str) -> None:
    """Take what the figures propose again; what was written there goes."""
    refuse_if_sealed(session, bilan)
    session.execute(delete(BilanText).where(BilanText.bilan_id == bilan.id, BilanText.slot == slot))
    session.info[ERASED] = True
    session.flush()
    sweep(session.connection(), BilanText.__tablename__)
    _raise_revision(session, bilan)


def move_part(session: Session, bilan: Bilan, slot: str, by: int, order: Sequence[str]) -> None:
    """Move a part up (−1) or down (+1) among those of the page, given in their order."""
    refuse_if_sealed(session, bilan)
    if slot not in order:
        raise DraftError("Cette partie n’est plus dans le bilan. Rechargez la page.")
    slots = [one for one in order if one != slot]
    slots.insert(max(order.index(slot) + by, 0), slot)
    bilan.parts_order = slots
    _raise_revision(session, bilan)


def leave_out(session: Session, bilan: Bilan, slot: str) -> None:
    """Leave a part out: it stays in the list at the foot of the page, and comes back as it was."""
    refuse_if_sealed(session, bilan)
    bilan.left_out = [*(one for one in bilan.left_out if one != slot), slot]
    _raise_revision(session, bilan)


def bring_back(session: Session, bilan: Bilan, slot: str) -> None:
    """Put a part that was left out in its place again."""
    refuse_if_sealed(session, bilan)
    bilan.left_out = [one for one in bilan.left_out if one != slot]
    _raise_revision(session, bilan)


def choose_quotes(
    session: Session, bilan: Bilan, slot: str, quotes: Sequence[UUID], *, revision: int
) -> None:
    """Put quotes in a part, in order; none at all is a choice too."""
    refuse_if_sealed(session, bilan)
    _refuse_if_older(bilan, revision)
    most = most_quotes(slot)
    if len(quotes) > most:
        many = "une seule citation" if most == 1 else f"{most} citations au plus"
        raise DraftError(f"Gardez {many} ici\u00a0: vous en avez choisi {len(quotes)}.")
    bilan.quotes = {**bilan.quotes, slot: [str(one) for one in quotes]}
    _raise_revision(session, bilan)


def propose_quotes(session: Session, bilan: Bilan, slot: str) -> None:
    """Let Recueil propose the quotes of a part again."""
    refuse_if_sealed(session, bilan)
    bilan.quotes = {name: chosen for name, chosen in bilan.quotes.items() if name != slot}
    _raise_revision(session, bilan)


def most_quotes(slot: str) -> int:
    """Return how many quotes a part may hold."""
    return QUOTES.get(slot, FEW_QUOTES)


def set_objectives(
    session: Session, bilan: Bilan, objectives: Iterable[Objective], *, revision: int
) -> None:
    """Write the objectives of the mission, in order, in the place of the former ones."""
    refuse_if_sealed(session, bilan)
    _refuse_if_older(bilan, revision)
    kept = [one for one in objectives if one.words]
    if len(kept) > OBJECTIVES:
        raise DraftError(f"Gardez {OBJECTIVES} objectifs au plus.")
    for one in kept:
        _check(one)
    session.execute(delete(BilanObjective).where(BilanObjective.bilan_id == bilan.id))
    session.add_all(
        BilanObjective(
            bilan_id=bilan.id, rank=rank, words=one.words, indicator=one.indicator,
            target=one.target,
        )
        for rank, one in enumerate(kept, 1)
    )  # fmt: skip
    _raise_revision(session, bilan)


def copy_bilan(session: Session, keys: Keys, bilan: Bilan, person_id: UUID, today: date) -> Bilan:
    """Make a bilan with the same frame, texts, order, quotes and objectives, free to change."""
    copy = Bilan(
        id=uuid4(),
        organisation_id=bilan.organisation_id,
        parts_order=list(bilan.parts_order),
        left_out=list(bilan.left_out),
        quotes={slot: list(chosen) for slot, chosen in bilan.quotes.items()},
        revision=1,
        made_by=person_id,
        made_on=today,
    )
    _frame(copy, Frame.of(bilan))
    session.add(copy)
    session.flush()
    for slot, one in texts_of(session, keys, bilan.id).items():
        write_text(
            session, keys, copy, slot, one.text, one.proposed, person_id, today,
            sealed=one.sealed, is_kept=one.is_kept,
        )  # fmt: skip
    objectives = [
        Objective(one.words, one.indicator, one.target) for one in objectives_of(session, bilan.id)
    ]
    set_objectives(session, copy, objectives, revision=copy.revision)
    return copy


def delete_bilan(session: Session, bilan: Bilan) -> None:
    """Delete a draft with all that was written in it; one that is « arrêté » stays."""
    refuse_if_sealed(session, bilan)
    for table in (BilanText, BilanObjective):
        session.execute(delete(table).where(table.bilan_id == bilan.id))
    session.execute(delete(Bilan).where(Bilan.id == bilan.id))
    session.info[ERASED] = True
    session.flush()
    sweep(session.connection(), BilanText.__tablename__, BilanObjective.__tablename__)


def refuse_if_sealed(session: Session, bilan: Bilan) -> None:
    """Raise SealedError when a bilan is « arrêté »."""
    if seal_of(session, bilan.id) is not None:
        raise SealedError


def _refuse_if_older(bilan: Bilan, revision: int) -> None:
    if bilan.revision != revision:
        raise ChangedError


def _check_text(text: str, proposed: str) -> None:
    if len(text) > LONGEST:
        raise DraftError(
            f"Ce texte a {len(text)} caractères. Gardez-en {LONGEST} au plus\u00a0: "
            "le reste peut aller dans une autre partie."
        )
    if proposed and not text:
        raise DraftError(
            "Ce texte est vide. Écrivez quelques mots, ou reprenez la phrase proposée."
        )


def _check(objective: Objective) -> None:
    if len(objective.words) > OBJECTIVE:
        raise DraftError(
            f"Un objectif tient en {OBJECTIVE} caractères\u00a0: "
            f"« {objective.words[:40]}… » en a {len(objective.words)}."
        )
    if objective.target is not None and not 1 <= objective.target <= 100:
        raise DraftError("La part visée va de 1 à 100 %.")


def _frame(bilan: Bilan, frame: Frame) -> None:
    if frame.audience not in AUDIENCES:
        raise DraftError("Choisissez qui lira ce bilan.")
    bilan.first_month, bilan.last_month = frame.period.first, frame.period.last
    bilan.lieux = [str(lieu) for lieu in frame.lieux]
    bilan.actions = list(frame.actions)
    bilan.audience = frame.audience
    bilan.testimonies_apart = frame.testimonies_apart


def _raise_revision(session: Session, bilan: Bilan) -> None:
    bilan.revision += 1
    session.flush()
