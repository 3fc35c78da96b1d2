"""What a figure says, in words that its question supports: rules 4 to 7 and 11 made French.

A share is told over its true base; a movement by its three counts, always together, after
« Évolution non établie. » where the interval of the mean difference holds 0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, cast

from app.questionnaires.formulas import Contribution, Mean, Part, Tasks
from app.scoring.contribution import VERBS as CONTRIBUTED
from app.scoring.figures import Share
from app.scoring.progression import VERBS as MOVES
from app.scoring.sentences import (
    agree,
    between,
    capital,
    out_of,
    percent,
    quoted,
    rest,
    spaced,
    whole,
)
from app.scoring.shares import PartMeasure
from app.wording.bank import MOVED, SAID, WHEN

if TYPE_CHECKING:
    from app.scoring import Figure, Measure
    from app.scoring.intervals import Interval

NOT_ESTABLISHED = "Évolution non établie."
#: Fewer people than this who say something are no news, unless they are most of them.
FEW = 5


class Sentence(NamedTuple):
    """Be a sentence cut in two: what is read first, and the rest."""

    lead: str
    rest: str

    @property
    def whole(self) -> str:
        """Return the sentence."""
        return self.lead + self.rest

    def finished(self) -> Sentence:
        """Put its capital, its final point and the spaces that do not break."""
        return Sentence(spaced(capital(self.lead)), spaced(f"{self.rest}."))


class Counts(NamedTuple):
    """Be how many went up, stayed, or went down."""

    progress: int
    stable: int
    decline: int

    @property
    def n(self) -> int:
        """Return how many were compared."""
        return sum(self)


def counts_of(figure: Figure) -> Counts | None:
    """Return the three counts of a movement that may be shown; None for any other figure."""
    found = {part.id: part.count for part in figure.parts}
    if not figure.measure.from_wave or "progress" not in found:
        return None
    return Counts(found["progress"], found["stable"], found["decline"])


def share_of(figure: Figure) -> Share | None:
    """Return what a figure counts, over its base; None when it is no share or is not shown."""
    if not figure.visibility.counts:
        return None
    counts = counts_of(figure)
    return Share(counts.progress, counts.n) if counts else figure.share


def direction(figure: Figure) -> int | None:
    """Return 1 for an established progress, −1 for an established decline, 0 for neither.

    None where means may not be shown: their interval then supports nothing either.
    """
    interval = cast("Interval | None", figure.values.get("delta_ci"))
    if interval is None or not figure.visibility.means:
        return None
    return int(interval[0] > 0) - int(interval[1] < 0)


def told(figure: Figure) -> Sentence:
    """Say a figure that may be shown; of any other, the reason."""
    if figure.visibility.hidden:
        return Sentence("", capital(figure.visibility.hidden)).finished()
    if counts := counts_of(figure):
        return _movement(figure, counts).finished()
    if figure.share is None:
        lead, colon, words = figure.display.partition("\u00a0:")
        return Sentence(lead, colon + words).finished() if colon else _plain(figure.display)
    share = figure.share
    lead = out_of(share.k, share.n, figure.measure.unit)
    words = f"{_among(figure.measure)} {_claim(figure.measure, share.k)}"
    return Sentence(lead, f"{words}{_rate(figure, share)}{_beside(figure, share)}").finished()


def opening(figure: Figure) -> Sentence | None:
    """Say a figure in a few big words; None where nothing sure can be said so.

    Counts are the true ones: « 6 sur 10 » beside « 31 sur 55 » would look like ten people.

    What a progression says is not said again by what details it, which may be sure where the
    progression is not.
    """
    formula = figure.measure.indicator.formula
    if not figure.visibility.counts or isinstance(formula, (Contribution, Tasks)):
        return None
    if counts := counts_of(figure):
        way = direction(figure)
        if not way or (counts.progress - counts.decline) * way <= 0:
            return None
        return _opening_movement(figure, counts, way).finished()
    if figure.share is None or says_little(figure):
        return None
    measure, share = figure.measure, figure.share
    words = f"{_among(measure)} {_claim(measure, share.k)}{_beside(figure, share)}"
    return Sentence(out_of(share.k, share.n, measure.unit), words).finished()


def says_little(figure: Figure) -> bool:
    """Tell whether a share is that of a few, and its base does not make it telling either.

    An opinion that few people share is telling: nearly nobody was pleased.
    """
    share = share_of(figure)
    if share is None or counts_of(figure) or share.k >= FEW:
        return False
    if 2 * share.k > share.n:
        return False
    is_opinion = isinstance(figure.measure.indicator.formula, (Mean, Part))
    return not (is_opinion and share.interval is not None and 2 * share.interval.high < 1)


def movement_words(counts: Counts) -> str:
    """Write three counts: « 43 en progrès, 9 stables, 6 en recul, sur 58 »."""
    if counts.progress == counts.n:
        return f"{whole(counts.n)} en progrès sur {whole(counts.n)}, aucune stable ni en recul"
    progress = whole(counts.progress) if counts.progress else "aucune"
    return f"{progress} en progrès, {others_words(counts)}, sur {whole(counts.n)}"


def others_words(counts: Counts, *, is_less: bool = False) -> str:
    """Write what the others did: « 9 stables, 6 en recul »; once when nobody did."""
    last, way = (counts.progress, "en progrès") if is_less else (counts.decline, "en recul")
    if not counts.stable and not last:
        return f"aucune stable ni {way}"
    stable = "stables" if counts.stable > 1 else "stable"
    return f"{_count(counts.stable)} {stable}, {_count(last)} {way}"


def _count(count: int) -> str:
    return whole(count) if count else "aucune"


def _plain(display: str) -> Sentence:
    return Sentence("", capital(display)).finished()


def _movement(figure: Figure, counts: Counts) -> Sentence:
    """Give the three counts; what leads says whether anything is sure."""
    measure, way = figure.measure, direction(figure)
    is_less = way == -1
    _, stable, declined = MOVES[measure.unit]
    first, last = (
        (counts.decline, counts.progress) if is_less else (counts.progress, counts.decline)
    )
    last_verb = ("est en progrès", "sont en progrès") if is_less else declined
    share = Share(first, counts.n)
    lead = out_of(first, counts.n, measure.unit)
    words = f" {_compared(measure, first, is_less=is_less)}{_rate(figure, share)}"
    if counts.stable or last:
        words += f", {rest(counts.stable, *stable)}, {rest(last, *last_verb)}"
    else:
        words += f", aucune n’est stable ni {'en progrès' if is_less else 'en recul'}"
    if way == 0:
        return Sentence(NOT_ESTABLISHED, f" {capital(lead)}{words}")
    return Sentence(lead, words)


def _opening_movement(figure: Figure, counts: Counts, way: int) -> Sentence:
    """Say a movement in fewer words than its block, which says since when and how surely."""
    measure, is_less = figure.measure, way < 0
    moved = counts.decline if is_less else counts.progress
    claim = f"{agree(moved, 'décrit', 'décrivent')} {_moved(measure, is_less=is_less)}"
    words = f" {claim} ({others_words(counts, is_less=is_less)})"
    return Sentence(out_of(moved, counts.n, measure.unit), words)


def _compared(measure: Measure, count: int, *, is_less: bool) -> str:
    """Write « décrivent plus d’autonomie dans les démarches qu’avant de venir »."""
    since = _since(measure) if measure.indicator.id in MOVED else ""
    return f"{agree(count, 'décrit', 'décrivent')} {_moved(measure, is_less=is_less)}{since}"


def _moved(measure: Measure, *, is_less: bool) -> str:
    if known := MOVED.get(measure.indicator.id):
        return known.less if is_less else known.more
    title = quoted(measure.indicator.title.fr)
    return f"un recul sur {title}" if is_less else f"un progrès sur {title}"


def about(measure: Measure) -> str:
    """Name what a movement is about, inside a sentence: « les liens avec les autres »."""
    known = MOVED.get(measure.indicator.id)
    return known.about if known else quoted(measure.indicator.title.fr)


def _since(measure: Measure) -> str:
    if measure.told_at_once:
        return " qu’avant de venir"
    if measure.from_wave in WHEN and measure.to_wave in WHEN:
        return f" {WHEN[measure.to_wave]} qu’{WHEN[measure.from_wave]}"
    return " que la première fois"


def _among(measure: Measure) -> str:
    """Write who is counted, where not everybody is."""
    known = SAID.get(measure.indicator.id)
    among = known.among(measure.unit) if known else ""
    return f" {among}" if among else ""


def _claim(measure: Measure, count: int) -> str:
    """Write what a count of persons or responses says."""
    indicator, unit = measure.indicator, measure.unit
    if isinstance(indicator.formula, Contribution):
        return CONTRIBUTED[unit][min(count, 2)]
    known = SAID.get(indicator.id)
    if words := known.words if known else indicator.says:
        return f"{agree(count, 'dit', 'disent')} {words}"
    return f"{agree(count, 'va', 'vont')} dans le sens de {quoted(indicator.title.fr)}"


def _rate(figure: Figure, share: Share) -> str:
    """Write « (74 % ; entre 62 % et 84 %) » where percentages may be shown."""
    if not figure.visibility.percentages or share.interval is None:
        return ""
    return f" ({percent(share.fraction)} ; {between(share.interval)})"


def _beside(figure: Figure, share: Share) -> str:
    """Write what is counted apart: outcomes not known yet, people who say nothing of the help."""
    unanswered = figure.values.get("unanswered")
    if isinstance(unanswered, int) and unanswered:
        silent = agree(unanswered, "ne dit rien", "ne disent rien")
        return f" ; {whole(unanswered)} {silent} de cette aide"
    aside = figure.values.get("aside")
    if not isinstance(figure.measure, PartMeasure) or not isinstance(aside, dict):
        return ""
    words = figure.measure.beside(share, aside)
    return f" ; à part, {', '.join(words)}" if words else ""
