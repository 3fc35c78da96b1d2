"""The desk pages of the indicators: all of them at a glance, and one group by group."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, abort, render_template, request

from app.campaigns.periods import offered_months
from app.indicators import breakdowns
from app.indicators.accompanied import counted
from app.indicators.charts import dumbbell, share_chart
from app.indicators.looking import Looked, fold_first, looked_at
from app.indicators.queries import Results, results, waiting_in
from app.indicators.reading import group_of, laid_out, quotation, said_once, sentence_of
from app.indicators.selection import COMPARISONS
from app.organisations.guard import reserved_to
from app.organisations.roles import RESPONSABLE, TEAM
from app.organisations.sessions import current_member
from app.scoring import IN_SHORT, METHODS, WARNINGS
from app.scoring.explain import NOT_A_SAMPLE, margin_words
from app.web.current import database, today


def routes(parent: Blueprint) -> None:
    """Add the pages of the indicators."""
    parent.add_url_rule("/indicateurs", view_func=indicateurs)
    parent.add_url_rule("/indicateurs/<code>/details", view_func=details)


@reserved_to(*TEAM)
def indicateurs() -> tuple[str, int] | str:
    """Show each indicator measured, over whole months, for some campaigns or all."""
    fold_first()
    with database().reading() as session:
        looked = looked_at(session)
        shown = results(session, looked.reach, looked.selection, looked.thresholds)
        compared = looked.comparison(session)
    page = render_template(
        "indicators/indicateurs.html",
        **_words(looked),
        results=shown,
        said_once=said_once(shown),
        group_of=group_of,
        laid_out=laid_out,
        counted=counted,
        missing=_missing(looked, shown),
        compared=compared,
        may_declare=current_member().role == RESPONSABLE,
    )
    return (page, 422) if looked.problem else page


@reserved_to(*TEAM)
def details(code: str) -> tuple[str, int] | str:
    """Show one indicator group by group: by lieu, door, action, age, gender or situation."""
    fold_first()
    way = request.args.get("par", "lieu")
    if way not in breakdowns.WAYS:
        abort(404)
    with database().reading() as session:
        looked = looked_at(session)
        sums = looked.sums(session)
        found = looked.ways_of(session, sums, code)
        ways = breakdowns.ways_for(sums.plans, [one.figure.measure for one in found])
        if way not in ways:
            abort(404)
        waiting = waiting_in(session, looked.reach, looked.selection)
        asked = breakdowns.Asked(
            session, looked.reach, looked.selection, looked.thresholds, sums.plans
        )
        tables = [
            (one, breakdowns.breakdown(asked, way, one.figure, sums.tallies[one.key]))
            for one in found
            if not one.figure.visibility.hidden
        ]
    page = render_template(
        "indicators/details.html",
        **_words(looked),
        code=code,
        way=way,
        ways=ways,
        HIDDEN=breakdowns.HIDDEN,
        indicator=found[0].figure.measure.indicator,
        hidden=[one for one in found if one.figure.visibility.hidden],
        tables=tables,
        waiting=waiting,
    )
    return (page, 422) if looked.problem else page


def _missing(looked: Looked, shown: Results) -> list[str]:
    """Say which groups are missing among the answers, where enough people stand on both sides."""
    told = (one for one in shown.gaps if one.is_missing and one.may_be_told(looked.thresholds))
    return [one.sentence for one in told]


def _words(looked: Looked) -> dict[str, Any]:
    """Return what both pages say with."""
    return {
        "looked": looked,
        "selection": looked.selection,
        "period": looked.selection.period,
        "is_open": looked.selection.period.is_open(today()),
        "months": _months(looked, today()),
        "COMPARISONS": COMPARISONS,
        "share_chart": share_chart,
        "dumbbell": dumbbell,
        "sentence_of": sentence_of,
        "quotation": quotation,
        "IN_SHORT": IN_SHORT,
        "METHODS": METHODS,
        "margin_words": margin_words,
        "NOT_A_SAMPLE": NOT_A_SAMPLE,
        "WARNINGS": WARNINGS,
    }


def _months(looked: Looked, day: date) -> list[tuple[str, str]]:
    """Return the months that may be chosen, each with its words."""
    period = looked.selection.period
    first = min([one.starts_on for one in looked.offered.campaigns] + [period.first_day])
    return offered_months(first, max(day, period.last_month))
