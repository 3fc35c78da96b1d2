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
        sources=tuple(
            _source(one, people, most, leaves=bool(figures.last_month))
            for one in figures.asked
            if not one.is_partner
        ),
        doors=doors_drawing(figures.doors),
        limits=material.passage(Passage("methode", _limits(material))),
        accompanied=_accompanied(material),
    )


def _limits(material: Material) -> str:
    """Write what to be wary of; that nothing is compared is said here, once for all figures."""
    figures = material.figures
    said = phrases.limits(figures.told, figures.accompanied)
    return f"{said} {material.absence()}".strip() if said else ""


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


def _source(asked: Asked, people: int | None, most: int | None, *, leaves: bool) -> Source:
    questionnaire = asked.questionnaire
    method = questionnaire.method
    name = METHODS[method].name
    # Satisfaction is asked each time: its answers are not people, and have no rate.
    once = asked.pairs if method == "A" else asked.responses if method == "B" else None
    return Source(
        typographic(desk_title(questionnaire)),
        spaced(" ; ".join(_received(asked, once, people, leaves=leaves))),
        _margin(once, most),
        Badge(method, name),
    )


def _received(asked: Asked, once: int | None, people: int | None, *, leaves: bool) -> Iterator[str]:
    """Yield how many answers came, at which moments, and out of how many people."""
    if asked.responses is None:
        yield "nombre de réponses non diffusé"
        return
    if asked.responses < FEW:
        yield f"moins de {FEW} réponses"
        return
    rate, said = _rate(once, people), plural(asked.responses, "réponse")
    method = asked.questionnaire.method
    if method == "C":
        yield f"{said} (une personne peut répondre plusieurs fois)"
    elif method == "B":
        yield said + rate
    else:
        yield said + _moments(asked)
        if asked.pairs is not None and asked.pairs >= FEW:
            yield plural(asked.pairs, "personne suivie", "personnes suivies") + rate
        elif leaves and people:
            yield "taux non diffusé"


def _rate(once: int | None, people: int | None) -> str:
    """Write out of how many people: « sur 209 personnes (25 %) », accompanied as said above."""
    if once is None or people is None or once > people:
        return ""
    rate = f" ({percent(once / people)})" if people >= FEW * 4 else ""
    return f" sur {number(people)} personnes{rate}"


def _moments(asked: Asked) -> str:
    """Write how many answered at each moment; nothing where few did."""
    if not asked.moments or any(0 < count < FEW for _, count in asked.moments):
        return ""
    told = [
        f"{title[:1].lower()}{title[1:]} : {number(count)}"
        for title, count in asked.moments
        if count
    ]
    return f" ({', '.join(told)})"


def _margin(once: int | None, people: int | None) -> str:
    if once is None or once < FEW:
        return ""
    found = margin(once, people)
    return spaced(f"marge d’environ {margin_words(found)}") if found is not None else ""


def _accompanied(material: Material) -> str:
    figures = material.figures
    found = figures.accompanied or figures.longer
    if found is None:
        return ""
    if found.people is not None:
        noun = ("personne accompagnée", "personnes accompagnées")
        least = "au moins " if found.unnamed else ""
        said = f"{least}{plural(found.people, *noun)}"
    else:
        said = plural(found.supports or 0, "accompagnement")
    if figures.accompanied is None:  # of other months than the answers: no rate may be read
        period = months(first_day(found.first_month), first_day(found.last_month))
        return f"{said} {period} (nombre noté le {long_date(found.noted_on)})"
    source = "La Coop" if found.source == "coop" else "nombre compté par l’équipe"
    return f"{said} ({source})"
