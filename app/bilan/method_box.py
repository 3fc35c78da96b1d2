"""The box that says how all this is known: months, questionnaires, doors, what to be wary of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.bilan.doors import FEW, named, together
from app.campaigns.names import desk_title
from app.campaigns.periods import first_day
from app.documents.section import Badge, Drawing, Method, Passage, Source
from app.indicators.charts import stacked
from app.scoring import METHODS
from app.scoring.explain import margin_words
from app.scoring.intervals import margin
from app.scoring.sentences import percent, spaced
from app.web.typography import long_date, months, number, plural, typographic
from app.wording import phrases

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from app.bilan.material import Material
    from app.bilan.totals import Asked


def method_box(material: Material, today: date) -> Method:
    """Return the box."""
    material.is_out("methode", "La méthode")
    figures = material.figures
    noted = figures.accompanied
    most = noted.most if noted else None
    # Without some names, nobody knows out of how many: no rate, and the widest margin.
    people = None if noted and noted.unnamed else most
    return Method(
        period=period_words(material, today),
        sources=tuple(_source(one, people, most) for one in figures.asked if not one.is_partner),
        doors=doors_drawing(figures.doors),
        limits=material.passage(
            Passage("methode", phrases.limits(figures.told, figures.accompanied))
        ),
        accompanied=_accompanied(material),
    )


def period_words(material: Material, today: date) -> str:
    """Write the months: « année 2026 en cours : jusqu’au 22 novembre 2026 »."""
    frame, period = material.scope.frame, material.scope.frame.period
    if material.figures.last_month:
        return months(period.first_day, first_day(material.figures.last_month))
    if not period.is_open(today) or period.first_day > today:
        return months(period.first_day, period.last_month)
    said = frame.fixed.title if frame.fixed else months(period.first_day, period.last_month)
    return typographic(f"{said}, en cours : jusqu’au {long_date(today)}")


def doors_drawing(doors: Mapping[str, int]) -> Drawing | None:
    """Draw by which doors the answers came, the rarest together; None when nothing is told."""
    parts = [(named(groups), count) for groups, count in together(doors).items()]
    if len(parts) < 2:
        return None
    rows = tuple((name, number(count)) for name, count in parts)
    return Drawing(
        "portes",
        "Comment les réponses sont arrivées",
        stacked([(name, name, count) for name, count in parts]),
        (("Porte", "Réponses"), *rows),
    )


def _source(asked: Asked, people: int | None, most: int | None) -> Source:
    questionnaire = asked.questionnaire
    method = questionnaire.method
    name = METHODS[method].name
    # Satisfaction is asked each time: its answers are not people, and have no rate.
    once = asked.pairs if method == "A" else asked.responses if method == "B" else None
    return Source(
        typographic(desk_title(questionnaire)),
        spaced("\u00a0; ".join(_received(asked, once, people))),
        _margin(once, most),
        Badge(method, name),
    )


def _received(asked: Asked, once: int | None, people: int | None) -> Iterator[str]:
    if asked.responses is None:
        yield "nombre de réponses non diffusé"
        return
    if asked.responses < FEW:
        yield f"moins de {FEW} réponses"
        return
    is_rate = once is not None and people is not None and once <= people
    rate = f" sur {number(people or 0)} personnes accompagnées" if is_rate else ""
    if is_rate and (people or 0) >= FEW * 4:
        rate += f" ({percent((once or 0) / people)})" if people else ""
    if asked.questionnaire.method != "A":
        yield plural(asked.responses, "réponse") + rate
        return
    yield plural(asked.responses, "réponse")
    if asked.pairs is not None and asked.pairs >= FEW:
        yield plural(asked.pairs, "personne suivie", "personnes suivies") + rate


def _margin(once: int | None, people: int | None) -> str:
    if once is None or once < FEW:
        return ""
    found = margin(once, people)
    return spaced(f"marge d’environ {margin_words(found)}") if found is not None else ""


def _accompanied(material: Material) -> str:
    found = material.figures.accompanied
    if found is None:
        return ""
    source = "La Coop" if found.source == "coop" else "compté par l’équipe"
    if found.people is not None:
        noun = ("personne accompagnée", "personnes accompagnées")
        least = "au moins " if found.unnamed else ""
        return f"{least}{plural(found.people, *noun)} ({source})"
    return f"{plural(found.supports or 0, 'accompagnement')} ({source})"
