"""From a table to a model, with every mistake said in French at its line.

What is broken is reported and set aside, so that the rest can still be checked: an author sees
all the errors of a file at once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from app.questionnaires.problems import Place, Report, choose
from app.questionnaires.written import Written
from app.questionnaires.yaml_text import Row, Table, Word

Model = TypeVar("Model", bound=Written)

#: What an element of a list is called, by the key of the list.
_NAMES = {
    "questions": "question",
    "echelles": "échelle",
    "registres": "registre",
    "criteres": "critère",
    "indicateurs": "indicateur",
    "vagues": "vague",
    "ecrans": "écran",
    "modules": "module",
}
#: Lists whose broken elements are set aside while the others are checked.
_SET_ASIDE = set(_NAMES) - {"vagues"}


def validate(model: type[Model], table: Table, report: Report) -> tuple[Model | None, set[str]]:
    """Return the model, without its broken elements, and the ids of those."""
    broken: set[str] = set()
    first = True
    while True:
        try:
            return model.model_validate(table), broken
        except ValidationError as error:
            details = error.errors(include_url=False)
        for detail in details:
            # Once an element was set aside, a list that became too short is no mistake.
            if first or detail["type"] != "too_short":
                _Trail(table, detail).report(report)
        first = False
        dropped = _set_aside(table, details)
        if not dropped:
            return None, broken
        broken |= dropped


class _Trail:
    """Follow the path of an error through the tables, to say where it stands."""

    def __init__(self, table: Table, detail: ErrorDetails) -> None:
        self.detail = detail
        self.place = Place(table.file, table.line)
        self.where = ""
        #: The table or list in which the last key was looked for.
        self.container: object = table
        self.key = ""
        value: object = table
        for step in detail["loc"]:
            value = self._step(value, step)

    def _step(self, value: object, step: int | str) -> object:
        if isinstance(value, Table) and isinstance(step, str):
            if step in value:
                self.place = Place(value.file, value.lines.get(step, value.line))
                self.container, self.key = value, step
                return value[step]
        elif isinstance(value, Row) and isinstance(step, int) and step < len(value):
            element = value[step]
            self.place = Place(self.place.file, element.line)
            self._name(element, step)
            return element
        return value

    def _name(self, element: object, index: int) -> None:
        if self.key == "options" and isinstance(element, Table):
            self.where += f", option {element.get('code', index + 1)}"
        elif self.key in _NAMES:
            name = element.get("id") if isinstance(element, Table) else None
            self.where = f"{_NAMES[self.key]} {name or index + 1}"
        if isinstance(element, Table):
            self.container = element

    def report(self, report: Report) -> None:
        """Say the error, unless the YAML itself was already found wrong on this line."""
        if any(
            (problem.file, problem.line, problem.where) == (*self.place, "")
            for problem in report.errors
        ):
            return
        message, remedy = self._words()
        report.error(self.place, self.where, message, remedy)

    def _words(self) -> tuple[str, str]:
        kind, context = self.detail["type"], self.detail.get("ctx", {})
        last = str(self.detail["loc"][-1]) if self.detail["loc"] else ""
        if kind == "recueil":
            return str(context["message"]), str(context["remedy"])
        if kind in ("missing", "union_tag_not_found"):
            key = "formule" if kind == "union_tag_not_found" else last
            return f"il manque la clé « {key} »", f"ajoutez « {key}: … »"
        if kind == "extra_forbidden":
            return f"la clé « {last} » ne se met pas ici", choose(last, self._known() - {last})
        if kind in ("literal_error", "union_tag_invalid"):
            return self._not_among(context)
        return _SHAPES.get(kind, _shape)(context)

    def _known(self) -> set[str]:
        return self.container.known if isinstance(self.container, Table) else set()

    def _not_among(self, context: dict[str, Any]) -> tuple[str, str]:
        expected = str(context.get("expected") or context.get("expected_tags"))
        possible = [word.strip(" '") for word in expected.replace(" or ", ",").split(",")]
        given = self.detail["input"]
        if isinstance(given, Table):
            given = given.get("formule", "")
        shown = given[:60] if isinstance(given, str) else "…"
        return f"« {shown} » n'est pas possible ici", choose(shown, possible)


def _shape(_context: dict[str, Any]) -> tuple[str, str]:
    return "cette valeur n'a pas la forme attendue", "comparez avec un questionnaire livré"


def _keys(_context: dict[str, Any]) -> tuple[str, str]:
    return "des clés sont attendues ici", "écrivez « clé: valeur »"


def _list(_context: dict[str, Any]) -> tuple[str, str]:
    return "une liste est attendue ici", "écrivez « [a, b] », ou une ligne par « - »"


_SHAPES: dict[str, Callable[[dict[str, Any]], tuple[str, str]]] = {
    "model_type": _keys,
    "model_attributes_type": _keys,
    "dict_type": _keys,
    "tuple_type": _list,
    "string_type": lambda _: ("un texte est attendu ici", "écrivez un texte"),
    "too_short": lambda context: (
        "la liste est trop courte",
        f"écrivez-en au moins {context['min_length']}",
    ),
    "too_long": lambda context: (
        "la liste est trop longue",
        f"écrivez-en {context['max_length']} au plus",
    ),
    "greater_than_equal": lambda context: (
        "le nombre est trop petit",
        f"écrivez au moins {context['ge']}",
    ),
    "less_than_equal": lambda context: (
        "le nombre est trop grand",
        f"écrivez {context['le']} au plus",
    ),
}


def _set_aside(table: Table, details: list[ErrorDetails]) -> set[str]:
    """Take the broken elements out of their lists; return the ids they held."""
    doomed: dict[int, tuple[Row, set[int]]] = {}
    for detail in details:
        found = _deepest_element(table, detail["loc"])
        if found:
            row, index = found
            doomed.setdefault(id(row), (row, set()))[1].add(index)
    ids: set[str] = set()
    for row, indexes in doomed.values():
        for index in indexes:
            ids |= _ids(row[index])
        row[:] = [element for index, element in enumerate(row) if index not in indexes]
    return ids


def _deepest_element(table: Table, loc: tuple[int | str, ...]) -> tuple[Row, int] | None:
    found = None
    value: object = table
    key = ""
    for step in loc:
        if isinstance(value, Table) and isinstance(step, str) and step in value:
            key, value = step, value[step]
        elif isinstance(value, Row) and isinstance(step, int) and step < len(value):
            if key in _SET_ASIDE and (key == "ecrans" or isinstance(value[step], Table)):
                found = (value, step)
            value = value[step]
    return found


def _ids(value: object) -> set[str]:
    """Return every id within a broken element: those who name it are not to blame."""
    if isinstance(value, Row):
        return set().union(*map(_ids, value))
    if isinstance(value, Table):
        own = {str(value["id"])} if isinstance(value.get("id"), Word) else set()
        return own.union(*map(_ids, value.values()))
    return set()
