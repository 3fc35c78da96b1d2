"""What the first page of the desk says: what arrived, what is open, what is said, what is next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.campaigns.models import Campaign, Link
from app.campaigns.names import desk_title
from app.campaigns.queries import published, within
from app.indicators.charts import Bar
from app.indicators.live import MOST_SHOWN, door_counts, open_campaigns, responses_in
from app.indicators.next_steps import Step, StepsAbove, next_steps, nothing_above
from app.indicators.period import Period
from app.indicators.queries import Measured, Results, results
from app.indicators.selection import Selection
from app.organisations.models import Lieu
from app.organisations.queries import Member, Reach, thresholds_of
from app.questionnaires.formulas import Mean, Progression
from app.responses.models import Response
from app.responses.queries import readable_texts
from app.scoring import Figure
from app.scoring.sentences import between, out_of, percent, spaced
from app.web.typography import typographic
from config import Keys

#: Tiles beside the number of answers: one a questionnaire.
MOST_TILES = 3
MOST_COMMENTS = 3
#: Above, an exact number says nothing more, and would be long to count.
MANY = 1_000


@dataclass(frozen=True, slots=True)
class OpenCampaign:
    """Be one campaign that people may answer today."""

    campaign: Campaign
    title: str
    responses: int
    #: Whether its questionnaire measures anything: a testimony is read, not counted.
    has_figures: bool
    #: Whether people testify by it: what came are testimonies, to read elsewhere.
    collects_testimonies: bool
    #: By which doors the answers came; None while there is none.
    doors: Bar | None


@dataclass(frozen=True, slots=True)
class Tile:
    """Be one figure in big, as rule 11 lets it be shown."""

    big: str
    label: str
    base: str
    #: Empty where the label says it.
    questionnaire: str
    #: Its explanation, and where it stands in full.
    explanation: str
    indicator: str


@dataclass(frozen=True, slots=True)
class Comment:
    """Be one of the latest comments that may be read."""

    text: str
    day: date
    title: str


@dataclass(frozen=True, slots=True)
class Since:
    """Say how much arrived since the last visit, its own day included."""

    day: date
    responses: int

    @property
    def is_many(self) -> bool:
        """Tell whether there are more than are counted."""
        return self.responses > MANY


@dataclass(frozen=True, slots=True)
class Dashboard:
    """Be the first page."""

    period: Period
    responses: int
    #: Those of them that no figure counts yet.
    waiting: int
    since: Since | None
    tiles: tuple[Tile, ...]
    open: tuple[OpenCampaign, ...]
    #: Open campaigns that are not shown here.
    others: int
    comments: tuple[Comment, ...]
    steps: tuple[Step, ...]
    #: The first day of the first campaign; None when none was ever opened.
    begun_on: date | None


def dashboard(
    session: Session,
    keys: Keys,
    member: Member,
    reach: Reach,
    period: Period,
    today: date,
    above: StepsAbove = nothing_above,
) -> Dashboard:
    """Return the first page of somebody, over a period; `above` asks for more steps."""
    running = open_campaigns(session, reach, today)
    thresholds = thresholds_of(session, reach.organisation_id)
    found = results(session, reach, Selection(period), thresholds)
    begun_on = session.scalar(select(func.min(Campaign.starts_on)).where(within(reach)))
    return Dashboard(
        period=period,
        responses=responses_in(session, reach, period),
        waiting=found.waiting,
        since=_since(session, reach, member.previous_visit),
        tiles=tuple(_tiles(found)),
        open=tuple(_open(session, reach, running[:MOST_SHOWN])),
        others=len(running[MOST_SHOWN:]),
        comments=tuple(_comments(session, keys, reach, today)),
        steps=tuple(next_steps(session, member, reach, running, today, above)),
        begun_on=begun_on,
    )


def _since(session: Session, reach: Reach, day: date | None) -> Since | None:
    if day is None:
        return None
    arrived = (
        select(Response.id)
        .join(Link, Response.link_id == Link.id)
        .join(Campaign, Link.campaign_id == Campaign.id)
        .where(Response.organisation_id == reach.organisation_id, Response.day >= day)
        .where(within(reach))
        .limit(MANY + 1)
    )
    return Since(day, session.scalar(select(func.count()).select_from(arrived.subquery())) or 0)


def _open(session: Session, reach: Reach, campaigns: Sequence[Campaign]) -> Iterator[OpenCampaign]:
    came = door_counts(session, reach, campaigns)
    for campaign in campaigns:
        questionnaire = published(session, campaign.version)
        counted = came[campaign.id]
        yield OpenCampaign(
            campaign,
            desk_title(questionnaire),
            counted.total,
            bool(questionnaire.indicators),
            questionnaire.collects_testimonies,
            counted.bar,
        )


def _comments(session: Session, keys: Keys, reach: Reach, today: date) -> Iterator[Comment]:
    # Partners speak of people, not for them: their words stand on their own pages.
    latest = readable_texts(session, keys, reach, None, today, MOST_COMMENTS, is_public=True)
    campaigns = (
        select(Campaign.id, Campaign.version, Lieu.name)
        .join(Lieu, Campaign.lieu_id == Lieu.id)
        .where(within(reach), Campaign.id.in_({one.campaign_id for one in latest}))
    )
    titles = {
        campaign_id: f"{desk_title(published(session, version))}, {lieu}"
        for campaign_id, version, lieu in session.execute(campaigns)
    }
    for one in latest:
        yield Comment(one.text, one.day, titles[one.campaign_id])


def _tiles(found: Results) -> Iterator[Tile]:
    """Yield one figure a questionnaire, those that most answers stand behind first."""
    chosen: dict[str, Measured] = {}
    for measured in sorted(
        (one for block in found.blocks for ways in block.indicators.values() for one in ways),
        key=_rank,
    ):
        if measured.figure.share is not None and measured.figure.visibility.counts:
            chosen.setdefault(measured.questionnaire, measured)
    biggest = sorted(chosen.values(), key=lambda one: -one.figure.n)
    tiles = [_tile(one) for one in biggest[:MOST_TILES]]
    said = Counter(one.label for one in tiles)
    yield from (_told_apart(one) if said[one.label] > 1 else one for one in tiles)


def _told_apart(tile: Tile) -> Tile:
    """Name the questionnaire in the title, where another tile bears the same."""
    return replace(tile, label=f"{tile.label}, « {tile.questionnaire} »", questionnaire="")


def _rank(measured: Measured) -> int:
    """Put what a questionnaire is for first: to please, then to progress."""
    formula = measured.figure.measure.indicator.formula
    return 0 if isinstance(formula, Mean) else 1 if isinstance(formula, Progression) else 2


def _tile(measured: Measured) -> Tile:
    figure, measure = measured.figure, measured.figure.measure
    return Tile(
        big=_big(figure),
        label=spaced(_label(figure)),
        base=spaced(_base(figure)),
        questionnaire=measured.questionnaire,
        explanation=measure.explanation(),
        indicator=measure.indicator.id,
    )


def _big(figure: Figure) -> str:
    share = figure.share
    if share is None:
        raise ValueError(figure.measure.indicator.id)
    if figure.visibility.percentages:
        return spaced(percent(share.fraction))
    return f"{share.k} sur {share.n}"


def _label(figure: Figure) -> str:
    """Write what the number says: « disent avoir appris », « personnes en progrès : autonomie »."""
    indicator, share = figure.measure.indicator, figure.share
    said = f"{'dit' if share and share.k == 1 else 'disent'} {indicator.says}"
    if not indicator.says:
        title = typographic(indicator.title.fr)
        said = f"{figure.parts[0].label} : {title[:1].lower()}{title[1:]}"
    return said if figure.visibility.percentages else f"{figure.measure.unit}s {said}"


def _base(figure: Figure) -> str:
    """Write the share in full beside a percentage, with its interval."""
    share = figure.share
    if share is None or not figure.visibility.percentages:
        return ""
    base = out_of(share.k, share.n, figure.measure.unit)
    return f"{base} ; {between(share.interval)}" if share.interval else base
