"""YAML read as text: no value ever becomes a boolean, a date or a float behind one's back.

Only what an author needs is accepted: mappings, lists and texts. Limits are enforced on the
stream of events, before anything is built, so that a hostile file costs next to nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

import yaml

from app.questionnaires.problems import Place, Report, SurveyErrors

MOST_BYTES = 1_000_000
MOST_EVENTS = 30_000
MOST_DEPTH = 20

#: What is read; each remembers the line where it was written.
Value: TypeAlias = "Word | Table | Row"

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_Dumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)

#: The usual mistakes, by a part of what the parser says of them.
_MISTAKES = {
    "mapping values are not allowed": (
        "un deux-points se trouve dans un texte sans guillemets",
        'mettez le texte entre guillemets : "…"',
    ),
    "cannot start any token": (
        "ce signe ne peut pas commencer une valeur",
        "mettez la valeur entre guillemets, et des espaces à la place des tabulations",
    ),
    "found unexpected end of stream": (
        "un guillemet, une accolade ou un crochet n'est pas refermé",
        "refermez-le",
    ),
    "expected ',' or": ("une accolade ou un crochet n'est pas refermé", "refermez-le"),
    "expected node content": (
        "une valeur manque, ou un crochet n'est pas refermé",
        "écrivez la valeur, et refermez ce qui est ouvert",
    ),
    "unknown escape character": (
        "« \\ » a un sens particulier entre guillemets doubles",
        "écrivez « \\\\ », ou prenez des guillemets simples",
    ),
    "expected '-' indicator": (
        "cette ligne n'est pas alignée avec la liste",
        "alignez-la avec les lignes qui commencent par « - »",
    ),
    "did not find expected key": (
        "cette ligne n'est pas alignée avec les autres, ou un guillemet manque",
        "alignez les clés d'un même bloc, ou mettez le texte entre guillemets",
    ),
    "could not find expected ':'": (
        "il manque un deux-points après la clé",
        "écrivez « clé: valeur »",
    ),
}


class Word(str):
    """Be a text that remembers where it was written."""

    file: str
    line: int

    def __new__(cls, text: str, file: str, line: int) -> Word:
        word = super().__new__(cls, text)
        word.file = file
        word.line = line
        return word


class Table(dict[str, "Value"]):
    """Be a mapping that remembers where each of its keys was written."""

    def __init__(self, file: str, line: int) -> None:
        super().__init__()
        self.file = file
        self.line = line
        self.lines: dict[str, int] = {}
        #: Keys that the format knows here, told by the model that read the table.
        self.known: set[str] = set()


class Row(list["Value"]):
    """Be a list that remembers where it was written."""

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line


def read_yaml(content: str | bytes, file: str, report: Report) -> Table:
    """Read one mapping; raise SurveyErrors when nothing can be built from the file."""
    try:
        text = content.decode("utf-8-sig") if isinstance(content, bytes) else content
        size = len(text.encode())
    except UnicodeError:
        raise _fatal(
            Place(file, 1),
            "ce fichier n'est pas écrit en UTF-8",
            "enregistrez-le avec l'encodage UTF-8",
        ) from None
    if size > MOST_BYTES:
        raise _too_big(Place(file, 1))
    try:
        return _Builder(file, report).document(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        said = str(error.problem)
        message, remedy = next(
            (words for part, words in _MISTAKES.items() if part in said),
            ("cette ligne n'est pas du YAML lisible", "vérifiez les guillemets et l'alignement"),
        )
        raise _fatal(Place(file, line), message, remedy) from None
    except yaml.YAMLError:
        raise _fatal(
            Place(file, 1),
            "ce fichier contient un caractère de contrôle",
            "retirez les caractères invisibles",
        ) from None


def write_yaml(data: object) -> str:
    """Write plain mappings, lists and texts as YAML, without anchors, in the given order."""
    return str(
        yaml.dump(data, Dumper=_PlainDumper, allow_unicode=True, sort_keys=False, width=10_000)
    )


class _PlainDumper(_Dumper):  # type: ignore[misc]
    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002
        return True


class _Builder:
    """Build texts, tables and rows from the events of the parser."""

    def __init__(self, file: str, report: Report) -> None:
        self.file = file
        self.report = report

    def document(self, text: str) -> Table:
        events = self._limited(text)
        first = next(event for event in events if not isinstance(event, _OPENING))
        if isinstance(first, yaml.StreamEndEvent):
            raise _fatal(Place(self.file, 1), "ce fichier est vide", "écrivez-y un questionnaire")
        value = self._value(first, events, 1)
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                raise _fatal(
                    self._place(event),
                    "ce fichier contient plusieurs documents",
                    "gardez un seul document : retirez la ligne « --- »",
                )
        if not isinstance(value, Table):
            raise _fatal(
                self._place(first),
                "ce fichier ne commence pas par des clés",
                "commencez par « questionnaire: identifiant »",
            )
        return value

    def _limited(self, text: str) -> Iterator[yaml.Event]:
        for count, event in enumerate(yaml.parse(text, Loader=_Loader)):
            if count > MOST_EVENTS:
                raise _too_big(self._place(event))
            yield event

    def _value(self, event: yaml.Event, events: Iterator[yaml.Event], depth: int) -> Value:
        if depth > MOST_DEPTH:
            raise _fatal(
                self._place(event),
                f"les blocs sont imbriqués sur plus de {MOST_DEPTH} niveaux",
                "simplifiez",
            )
        self._refuse_tricks(event)
        if isinstance(event, yaml.MappingStartEvent):
            return self._table(event, events, depth)
        if isinstance(event, yaml.SequenceStartEvent):
            row = Row(_line(event))
            for child in events:
                if isinstance(child, yaml.SequenceEndEvent):
                    break
                row.append(self._value(child, events, depth + 1))
            return row
        text = event.value if isinstance(event, yaml.ScalarEvent) else ""
        return Word(text, self.file, _line(event))

    def _table(
        self, event: yaml.MappingStartEvent, events: Iterator[yaml.Event], depth: int
    ) -> Table:
        table = Table(self.file, _line(event))
        for child in events:
            if isinstance(child, yaml.MappingEndEvent):
                break
            key = self._value(child, events, depth + 1)
            value = self._value(next(events), events, depth + 1)
            if not isinstance(key, str) or key == "<<":
                self._error(child, "cette clé n'est pas un texte simple", "écrivez « clé: valeur »")
            elif key in table:
                self._error(
                    child,
                    f"la clé « {key} » est écrite deux fois (déjà ligne {table.lines[key]})",
                    "gardez une seule des deux",
                )
            else:
                table.lines[key] = _line(child)
                table[key] = value
        return table

    def _refuse_tricks(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.AliasEvent):
            self._error(event, f"« *{event.anchor} » est un renvoi", "recopiez la valeur")
            return
        if getattr(event, "anchor", None):
            self._error(event, "les ancres « & » ne sont pas acceptées", "retirez l'ancre")
        if getattr(event, "tag", None):
            self._error(
                event,
                "les types « ! » ne sont pas acceptés",
                "retirez-le, ou mettez le texte entre guillemets",
            )

    def _error(self, event: yaml.Event, message: str, remedy: str) -> None:
        self.report.error(self._place(event), "", message, remedy)

    def _place(self, event: yaml.Event) -> Place:
        return Place(self.file, _line(event))


_OPENING = (yaml.StreamStartEvent, yaml.DocumentStartEvent)


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _fatal(place: Place, message: str, remedy: str) -> SurveyErrors:
    report = Report()
    report.error(place, "", message, remedy)
    return SurveyErrors(report.problems)


def _too_big(place: Place) -> SurveyErrors:
    return _fatal(
        place,
        "ce fichier est trop grand pour un questionnaire",
        f"restez sous {MOST_EVENTS // 3} valeurs et {MOST_BYTES // 1000} ko",
    )
