"""What the rooms above keep for a time: each declares it, and the purge takes it like the rest."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, cast
from uuid import UUID

from flask import current_app

from app.responses.retention import CATEGORIES

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


class Taken(NamedTuple):
    """Be what one small transaction deleted: the day of each thing, and its files."""

    days: list[date]
    #: Keys of the store of media: they go once the transaction is committed.
    files: list[str]


Due: TypeAlias = "Callable[[Session, UUID, date], Mapping[str, int]]"
Take: TypeAlias = "Callable[[Session, UUID, date, int], Taken]"


@dataclass(frozen=True, slots=True)
class Keeper:
    """Know one category of what a room keeps for a time."""

    category: str
    #: In French and in the plural, as the page of data says it.
    label: str
    #: Count, by month, what is due in a structure on a day.
    due: Due
    #: Delete at most so many; what it returns is proved and committed at once.
    take: Take
    #: Tables of texts to write again, so that no copy stays.
    swept: tuple[str, ...] = ()
    #: Template of what the register says of it.
    register: str = ""


#: Take files out of the store, after the commit.
Forget: TypeAlias = Callable[[Sequence[str]], None]


@dataclass(frozen=True, slots=True)
class Upstairs:
    """Be what the rooms above keep, and how their files go."""

    keepers: tuple[Keeper, ...]
    forget: Forget
    #: Delete the files that nothing names.
    sweep_files: Callable[[Session], object]

    @property
    def labels(self) -> Mapping[str, str]:
        """Return how each category is said, those of this room first."""
        return {**CATEGORIES, **{one.category: one.label for one in self.keepers}}


def upstairs() -> Upstairs:
    """Return what the rooms above keep, as `create_app` was told."""
    return cast("Upstairs", current_app.extensions["upstairs"])
