"""Change, remove and import lieux: what is written about the places of a structure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.db import Base, table_of
from app.organisations import queries
from app.organisations.actions import OrganisationError
from app.organisations.lieux_reading import Reading, Remark, Understood
from app.organisations.lieux_schema import COMMUNE, IDENTIFIER, NAME, UPDATED, folded
from app.organisations.lieux_writing import values_of
from app.organisations.models import Lieu, PersonLieu
from app.organisations.queries import Reach


class LieuError(OrganisationError):
    """Say in French why a lieu cannot be written, and which field of it is to change."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column = column


@dataclass(frozen=True, slots=True)
class Step:
    """Be what one line of a file will do: add a lieu, or change one."""

    read: Understood
    #: The lieu that is there already; None when it is new.
    lieu: Lieu | None
    #: Fields that change.
    changes: tuple[str, ...]


@dataclass(slots=True)
class Plan:
    """Be what an import will do, before it does it."""

    added: list[Step] = field(default_factory=list)
    changed: list[Step] = field(default_factory=list)
    same: list[Step] = field(default_factory=list)
    refused: list[Remark] = field(default_factory=list)

    @property
    def steps(self) -> list[Step]:
        """Return what will be written."""
        return [*self.added, *self.changed]


def change_lieu(session: Session, lieu: Lieu, values: Mapping[str, str], today: date) -> None:
    """Write what somebody typed of a lieu: an empty value clears its field."""
    for other in queries.lieux(session, Reach(lieu.organisation_id)):
        if other.id == lieu.id:
            continue
        if other.name == values[NAME]:
            raise LieuError(NAME, "Un autre de vos lieux porte ce nom. Choisissez-en un autre.")
        if values_of(other)[IDENTIFIER] == values.get(IDENTIFIER):
            raise LieuError(IDENTIFIER, f"« {other.name} » a déjà cet identifiant. Changez-le.")
    _write(lieu, {**values_of(lieu), UPDATED: today.isoformat(), **values})
    session.flush()


def remove_lieu(session: Session, lieu: Lieu) -> None:
    """Remove a lieu that nothing uses, or say what does."""
    session.refresh(lieu, with_for_update=True)  # nobody opens a campaign here meanwhile
    reason = why_kept(session, lieu.id)
    if reason:
        raise OrganisationError(reason)
    session.delete(lieu)
    session.flush()


def why_kept(session: Session, lieu_id: UUID) -> str:
    """Say what keeps a lieu from being removed; empty when nothing does."""
    used = {
        column.table.name
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if column.references(table_of(Lieu).c.id)
        and session.scalar(select(exists().where(column == lieu_id)))
    }
    if used - {PersonLieu.__tablename__}:
        return (
            "Des campagnes ont eu lieu ici : leurs réponses comptent dans le bilan. "
            "Vous pouvez renommer ce lieu."
        )
    if used:
        return "Ce lieu est confié à quelqu’un de l’équipe. Changez d’abord ses lieux."
    return ""


def plan_import(session: Session, organisation_id: UUID, reading: Reading) -> Plan:
    """Find what each line of a file would add or change, by the schéma's id, or by name."""
    known = queries.lieux(session, Reach(organisation_id))
    by_id = {values_of(lieu)[IDENTIFIER]: lieu for lieu in known}
    by_id |= {str(lieu.id): lieu for lieu in known}
    by_name = {folded(lieu.name): lieu for lieu in known}
    plan, lines = Plan(), dict[str, int]()
    for read in reading.lieux:
        name, identifier = folded(read.values[NAME]), read.values.get(IDENTIFIER, "")
        namesake = by_name.get(name)
        lieu = by_id.get(identifier) or namesake
        keys = {f"nom {name}", f"id {identifier or name}", f"lieu {lieu.id if lieu else name}"}
        twin = next((lines[key] for key in sorted(keys) if key in lines), 0)
        lines |= dict.fromkeys(keys, read.line)
        if twin:
            reason = f"Ce lieu est déjà dans le fichier, {reading.unit} {twin}. Gardez-en un."
        elif namesake is not None and namesake is not lieu:
            reason = "Un autre de vos lieux porte ce nom. Changez l’un des deux noms."
        else:
            _place(plan, read, lieu)
            continue
        plan.refused.append(Remark(read.line, NAME, read.values[NAME], reason))
    return plan


def carry_out(session: Session, organisation_id: UUID, steps: Iterable[Step], today: date) -> None:
    """Write what a plan says; what a file leaves empty stays as it was."""
    for step in steps:
        lieu = step.lieu or Lieu(organisation_id=organisation_id, details={})
        before = values_of(lieu) if step.lieu else {}
        _write(lieu, {**before, UPDATED: today.isoformat(), **step.read.values})
        session.add(lieu)
    session.flush()


def _place(plan: Plan, read: Understood, lieu: Lieu | None) -> None:
    before = values_of(lieu) if lieu else {}
    changes = tuple(name for name, value in read.values.items() if before.get(name) != value)
    target = plan.added if lieu is None else plan.changed if changes else plan.same
    target.append(Step(read, lieu, changes))


def _write(lieu: Lieu, values: Mapping[str, str]) -> None:
    lieu.name, lieu.commune = values[NAME], values.get(COMMUNE, "")
    own = (NAME, COMMUNE, *([IDENTIFIER] if values.get(IDENTIFIER) == str(lieu.id) else []))
    lieu.details = {name: value for name, value in values.items() if value and name not in own}
