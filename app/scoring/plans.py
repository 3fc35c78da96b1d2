"""What is asked, wave by wave: the base on which everything is scored."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import combinations

from app.questionnaires.definition import Form, Passing, Posed, Questionnaire
from app.scoring.readings import Item

#: The two moments of the rétrospectif, both told in one passing.
BEFORE, NOW = "avant", "maintenant"


@dataclass(frozen=True, slots=True)
class Moment:
    """Be one time that answers speak of: a wave, or « avant » and « maintenant »."""

    name: str
    #: Scorable questions by id, in the order of the screens.
    items: Mapping[str, Item]


@dataclass(frozen=True)
class Plan:
    """Say which questions are posed in which waves; equal plans measure the same things."""

    version: str
    #: Posed keys of each wave, in order.
    posed: tuple[tuple[str, tuple[str, ...]], ...]
    questionnaire: Questionnaire = field(compare=False, repr=False)
    passings: Mapping[str, Passing] = field(compare=False, repr=False)

    @classmethod
    def of_campaign(
        cls, questionnaire: Questionnaire, form: Form = "courte", modules: Sequence[str] = ()
    ) -> Plan:
        """Plan what a campaign asks, by its form and its optional modules."""
        return cls._of(
            questionnaire,
            [questionnaire.passing(wave.id, form, tuple(modules)) for wave in questionnaire.waves],
        )

    @classmethod
    def of_columns(
        cls, questionnaire: Questionnaire, waves: Collection[str], columns: Collection[str]
    ) -> Plan:
        """Plan what a table holds: the waves that occur and the questions in its header."""
        return cls._of(
            questionnaire,
            [
                _only(everything_asked(questionnaire, wave.id), columns)
                for wave in questionnaire.waves
                if wave.id in waves
            ],
        )

    @classmethod
    def _of(cls, questionnaire: Questionnaire, passings: Sequence[Passing]) -> Plan:
        posed = tuple((p.wave, tuple(posed.key for posed in p.posed)) for p in passings)
        by_wave = {passing.wave: passing for passing in passings}
        return cls(questionnaire.version, posed, questionnaire, by_wave)

    @cached_property
    def moments(self) -> tuple[Moment, ...]:
        """Return each wave with its questions about today."""
        return tuple(
            Moment(wave, _items(posed for posed in passing.posed if not posed.before))
            for wave, passing in self.passings.items()
        )

    @cached_property
    def pairs(self) -> tuple[tuple[Moment, Moment], ...]:
        """Return the moments that may be compared; methods are never mixed."""
        if self.questionnaire.method == "A":
            return tuple(combinations(self.moments, 2))
        if self.questionnaire.method == "B":
            return tuple(self._told_at_once())
        return ()

    def _told_at_once(self) -> Iterable[tuple[Moment, Moment]]:
        for now, passing in zip(self.moments, self.passings.values(), strict=True):
            before = _items(posed for posed in passing.posed if posed.before)
            yield Moment(BEFORE, before), Moment(NOW, now.items)


def everything_asked(questionnaire: Questionnaire, wave: str) -> Passing:
    """Return the longest passing of a wave: the long form with every module."""
    modules = tuple(module.id for module in questionnaire.modules)
    return questionnaire.passing(wave, "longue", modules)


def _items(posed: Iterable[Posed]) -> Mapping[str, Item]:
    return {one.question.id: Item.of(one) for one in posed if not one.question.kind.is_text}


def _only(passing: Passing, columns: Collection[str]) -> Passing:
    screens = (
        replace(screen, posed=tuple(posed for posed in screen.posed if posed.key in columns))
        for screen in passing.screens
    )
    return replace(passing, screens=tuple(screen for screen in screens if screen.posed))
