"""What answers mean: the rules of the indicators, exact, with no web and no database."""

from app.scoring.disclosure import Thresholds, Visibility
from app.scoring.explain import IN_SHORT, METHODS, WARNINGS, Advice
from app.scoring.figures import Figure, Segment, Share
from app.scoring.measure import Measure
from app.scoring.measures import (
    RESPONSES,
    SCORING_VERSION,
    Scored,
    ScoredPair,
    figure,
    measures,
    score_pair,
    score_response,
)
from app.scoring.plans import Plan
from app.scoring.suppression import Suppression, suppress
from app.scoring.table import Problem, Row, Table, TableErrors, read_table
from app.scoring.tallies import Tally, add
from app.scoring.trends import Trend, trend

__all__ = [
    "IN_SHORT",
    "METHODS",
    "RESPONSES",
    "SCORING_VERSION",
    "WARNINGS",
    "Advice",
    "Figure",
    "Measure",
    "Plan",
    "Problem",
    "Row",
    "Scored",
    "ScoredPair",
    "Segment",
    "Share",
    "Suppression",
    "Table",
    "TableErrors",
    "Tally",
    "Thresholds",
    "Trend",
    "Visibility",
    "add",
    "figure",
    "measures",
    "read_table",
    "score_pair",
    "score_response",
    "suppress",
    "trend",
]
