"""The dictionary of a table: what each column asks, and what its codes mean."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from app.campaigns.doors import DOORS
from app.scoring import measures

if TYPE_CHECKING:
    from app.questionnaires.definition import Question, Wording
    from app.responses.layouts import Asked, Layout
    from app.web.sheets import Row

HEADING = (
    "Colonne",
    "Code",
    "Ce qu’elle contient",
    "Réponse attendue",
    "Codes et libellés",
    "Indicateurs",
    "Moments",
    "Version",
)


def dictionary(asked: Asked, layout: Layout) -> Iterator[Row]:
    """Yield one line a column, and one more for each version that words it otherwise."""
    yield HEADING
    for heading in layout.about():
        name = str(heading)
        codes = _doors() if name.lower() == "porte" else ""
        yield [name, "", layout.ABOUT[name], "", codes, "", "", ""]
    indicators = _indicators(asked)
    for key in asked.posed:
        seen = set()
        for version, known in asked.by_version.items():
            if key not in known:
                continue
            question, wording = known[key].question, asked.wordings[version]
            said = (wording.say(known[key].text), question.kind.awaits, _codes(question, wording))
            if said in seen:
                continue
            seen.add(said)
            titles = ", ".join(indicators.get(question.id, {}))
            moments = _moments(asked, version, key)
            yield [layout.column(key), key, *said, titles, moments, f"v{version[:12]}"]


def _codes(question: Question, wording: Wording) -> str:
    """Return the codes of a question with their words; none for a text."""
    options = [f"{option.code} = {wording.say(option.text)}" for option in question.options]
    asides = zip(question.asides, question.aside_texts, strict=False)
    options += [f"{code} = {wording.say(text)}" for code, text in asides] if options else []
    return " | ".join(options)


def _doors() -> str:
    return " | ".join(f"{door.code} = {door.label}" for door in DOORS.values())


def _indicators(asked: Asked) -> dict[str, dict[str, None]]:
    """Return the titles of the indicators that read a question, in their usual order."""
    found: dict[str, dict[str, None]] = {}
    for plan in asked.plans:
        for measure in measures(plan):
            for item in (*measure.asked, *measure.earlier):
                found.setdefault(item.id, {})[measure.indicator.title.fr] = None
    return found


def _moments(asked: Asked, version: str, key: str) -> str:
    """Return when a question is asked, where there are several moments."""
    questionnaire = asked.questionnaires[version]
    if len(questionnaire.waves) == 1:
        return ""
    posed = {
        wave
        for plan in asked.plans
        if plan.version == version
        for wave, passing in plan.passings.items()
        if key in passing.by_key
    }
    return ", ".join(wave.title.fr for wave in questionnaire.waves if wave.id in posed)
