"""One figure of the annex: its exact questions, its formula, its result and its cautions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

from app.documents.section import AnnexRow
from app.scoring import IN_SHORT
from app.scoring.sentences import decimal, half_up, signed, spaced, whole
from app.scoring.trends import NOT_ESTABLISHED
from app.web.typography import number, typographic
from app.wording.formulas import formula_of
from app.wording.said import counts_of, direction, others_words, share_of
from app.wording.tracing import questions_of, title_of

if TYPE_CHECKING:
    from app.scoring import Figure
    from app.scoring.figures import Share
    from app.scoring.intervals import Interval
    from app.wording.told import Told

#: Signs of a version that tell it apart.
SIGNS = 8
FEWER = re.compile(r"moins de (\d+) réponses")


def result_of(figure: Figure) -> str:
    """Write a figure that may be shown, with its interval in brackets."""
    return spaced(" ; ".join(_result(figure)))


def row_of(one: Told) -> AnnexRow:
    """Write one figure alone."""
    figure, reason = one.measured.figure, one.reason
    return AnnexRow(
        title=title_of(one.measured),
        questions=" · ".join(questions_of(figure.measure)),
        formula=formula_of(figure.measure),
        result=spaced(reason) if reason else result_of(figure),
        n=below(reason) if reason else number(figure.n),
        method=figure.measure.method,
        cautions="" if reason else ", ".join(IN_SHORT[code] for code in figure.warnings),
        moments=one.measured.moments,
        code=one.indicator,
        questionnaire=typographic(one.measured.questionnaire),
        versions=", ".join(version[:SIGNS] for version in one.versions),
    )


def below(reason: str) -> str:
    """Write « < 5 » where the reason says so; what else is hidden has no n."""
    found = FEWER.search(reason)
    return f"<\u202f{found[1]}" if found else "–"


def _result(figure: Figure) -> Iterator[str]:
    share, counts = share_of(figure), counts_of(figure)
    if share is None:
        yield figure.display
        return
    said = f"{whole(share.k)} sur {whole(share.n)}{' en progrès' if counts else ''}"
    yield said + _rate(figure, share)
    if counts:
        yield others_words(counts)
    yield from _strong(figure)
    yield from _means(figure)


def _rate(figure: Figure, share: Share) -> str:
    interval = share.interval
    if not figure.visibility.percentages or interval is None:
        return ""
    rate, low, high = (
        int(half_up(100 * value)) for value in (share.fraction, interval.low, interval.high)
    )
    return f", soit {rate} % [{low} ; {high}]"


def _strong(figure: Figure) -> Iterator[str]:
    """Yield how many say that the place helped a lot (rule 5)."""
    strong = figure.values.get("strong")
    if not isinstance(strong, dict):
        return
    k = cast("int", strong["k"])
    if figure.values["k"] and not figure.measure.sensitive:
        yield f"dont {whole(k) if k else 'aucune'} « beaucoup »"
    unanswered = cast("int", figure.values["unanswered"])
    if unanswered:
        yield f"{whole(unanswered)} sans réponse sur cette aide"


def _means(figure: Figure) -> Iterator[str]:
    """Yield means, their difference, effect size and reliability, each where it may be shown."""
    values = figure.values
    if not figure.visibility.means:
        return
    if (average := values.get("mean")) is not None:
        yield f"moyenne {decimal(cast('float', average))} sur 100"
    interval = cast("Interval | None", values.get("delta_ci"))
    if interval is not None:
        decimals = 1 if "tasks" in values else 0
        low, high = (signed(end, decimals) for end in interval)
        delta = signed(cast("float", values["delta"]), decimals)
        unsure = "" if direction(figure) else f", {NOT_ESTABLISHED}"
        yield f"écart {delta} [{low} ; {high}]{unsure}"
    if (size := values.get("d_z")) is not None:
        yield f"taille d’effet {number(cast('float', size), 2)}"
    if figure.visibility.alpha and (alpha := values.get("alpha")) is not None:
        yield f"alpha {number(cast('float', alpha), 2)}"
