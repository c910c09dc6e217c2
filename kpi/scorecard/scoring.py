"""Scores from anchors and from growth."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from operator import itemgetter

from kpi.scorecard.exact import divide
from kpi.scorecard.template import AnchorScoring, GrowthScoring

_HUNDRED = Decimal(100)
Point = tuple[Decimal, Decimal]


class Place(StrEnum):
    """Where a number lies on the line of anchors."""

    BETWEEN = "between"  # two anchors, or upon the right one of them
    BELOW = "below"  # the first anchor, whose score it has
    ABOVE = "above"  # the last anchor, whose score it has
    CLIFF = "cliff"  # beyond the anchor under which there is nothing


@dataclass(frozen=True, slots=True)
class OnLine:
    """A score on the line of anchors, and the two anchors (or the one, twice) that it comes from."""

    score: Decimal
    place: Place
    left: Point
    right: Point


def anchor_score(x: Decimal, scoring: AnchorScoring) -> Decimal:
    """The score at ``x``: linear between anchors, level beyond the outer ones.

    With ``floor`` ``zero`` a value beyond an end towards which scores fall has score 0: that is the cliff of
    assessment sheets that give nothing below the minimum.
    """
    return on_line(x, scoring).score


def on_line(x: Decimal, scoring: AnchorScoring) -> OnLine:
    """The :func:`anchor_score` with where it comes from."""
    points = scoring.in_order
    first, last = points[0], points[-1]
    if x < first[0]:
        return _beyond(first, Place.BELOW, scoring.floor == "zero" and is_low_end(points))
    if x > last[0]:
        return _beyond(last, Place.ABOVE, scoring.floor == "zero" and is_low_end(points[::-1]))
    right_at = max(bisect_left(points, x, key=itemgetter(0)), 1)
    left, right = points[right_at - 1], points[right_at]
    between = left[1] + divide((x - left[0]) * (right[1] - left[1]), right[0] - left[0])
    return OnLine(between, Place.BETWEEN, left, right)


def _beyond(end: Point, place: Place, cliff: bool) -> OnLine:
    return OnLine(Decimal(0), Place.CLIFF, end, end) if cliff else OnLine(end[1], place, end, end)


def is_low_end(points: Sequence[Point]) -> bool:
    """Whether scores rise from the first anchor on, be it after a level stretch."""
    start = points[0][1]
    return next((score > start for _, score in points if score != start), False)


def growth_score(growth: Decimal, scoring: GrowthScoring) -> Decimal:
    """Points out of ``scoring.mark`` for ``growth`` in percentage points: the finance ministry's rule.

    ``base_share`` of the mark for no growth, plus growth times the floating coefficient, within 0 and the mark.
    Source: the ministry's performance evaluation rules for insurers, 财金〔2022〕72号.
    """
    return growth_points(growth, scoring).points


@dataclass(frozen=True, slots=True)
class GrowthPoints:
    """Points by the ministry's rule: ``base`` for no growth, ``added`` for the growth; ``points`` is their sum within 0
    and the mark, and ``score`` that as a percentage of the mark."""

    rule: GrowthScoring
    base: Decimal
    added: Decimal
    points: Decimal
    score: Decimal


def growth_points(growth: Decimal, scoring: GrowthScoring) -> GrowthPoints:
    """The :func:`growth_score` with where it comes from."""
    base, added = scoring.mark * scoring.base_share, growth * scoring.coefficient
    points = min(max(base + added, Decimal(0)), scoring.mark)
    return GrowthPoints(scoring, base, added, points, as_percent_of_mark(points, scoring))


def as_percent_of_mark(points: Decimal, scoring: GrowthScoring) -> Decimal:
    """Points out of the mark on the scale of the other scores, 0 to 100."""
    return divide(points * _HUNDRED, scoring.mark)
