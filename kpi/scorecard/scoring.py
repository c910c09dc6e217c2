"""Scores from anchors and from growth."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from kpi.scorecard.exact import divide
from kpi.scorecard.template import AnchorScoring, GrowthScoring

_HUNDRED = Decimal(100)


def anchor_score(x: Decimal, scoring: AnchorScoring) -> Decimal:
    """The score at ``x``: linear between anchors, level beyond the outer ones.

    With ``floor`` ``zero`` a value beyond an end towards which scores fall has score 0: that is the cliff of
    assessment sheets that give nothing below the minimum.
    """
    points = sorted(scoring.points)
    (first, first_score), (last, last_score) = points[0], points[-1]
    if x < first:
        return Decimal(0) if scoring.floor == "zero" and is_low_end(points) else first_score
    if x > last:
        return Decimal(0) if scoring.floor == "zero" and is_low_end(points[::-1]) else last_score
    for (left, low), (right, high) in pairwise(points):
        if x <= right:
            return low + divide((x - left) * (high - low), right - left)
    return last_score


def is_low_end(points: Sequence[tuple[Decimal, Decimal]]) -> bool:
    """Whether scores rise from the first anchor on, be it after a level stretch."""
    start = points[0][1]
    return next((score > start for _, score in points if score != start), False)


def growth_score(growth: Decimal, scoring: GrowthScoring) -> Decimal:
    """Points out of ``scoring.mark`` for ``growth`` in percentage points: the finance ministry's rule.

    ``base_share`` of the mark for no growth, plus growth times the floating coefficient, within 0 and the mark.
    Source: the ministry's performance evaluation rules for insurers, 财金〔2022〕72号.
    """
    points = scoring.mark * scoring.base_share + growth * scoring.coefficient
    return min(max(points, Decimal(0)), scoring.mark)


def as_percent_of_mark(points: Decimal, scoring: GrowthScoring) -> Decimal:
    """Points out of the mark on the scale of the other scores, 0 to 100."""
    return divide(points * _HUNDRED, scoring.mark)
