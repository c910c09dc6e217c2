"""The rules of the scorecard on arrays of float64, for many sample paths at once.

Each function does what its namesake does with decimals. NaN stands where there is no number. Only ``+ - * /`` and
comparisons are used, element by element, so that the results are the same bits on every machine; and whoever is exactly
on a limit or an anchor in decimals is so here, as long as the numbers have at most fifteen digits.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from kpi.catalogue.models import Bands, Direction
from kpi.scorecard.exact import divide
from kpi.scorecard.rollup import Mask
from kpi.scorecard.scoring import is_low_end
from kpi.scorecard.status import Span, Zones
from kpi.scorecard.template import AnchorScoring, Entry, GrowthScoring, PartKind, ScorecardTemplate

Floats = NDArray[np.float64]


def inside(values: Floats, span: Span) -> Mask:
    """Where ``values`` lie in ``span``; NaN lies nowhere."""
    low = -np.inf if span.low is None else float(span.low)
    high = np.inf if span.high is None else float(span.high)
    held: Mask = (values >= low) & (values <= high)
    return held


def shares_by_status(values: Floats, zones: Zones) -> tuple[float, float, float]:
    """The shares of ``values``, at least one and none of them NaN, that are green, amber and red."""
    green = inside(values, zones.green)
    amber = inside(values, zones.amber) & ~green
    counts = int(np.count_nonzero(green)), int(np.count_nonzero(amber))
    total = len(values)
    return counts[0] / total, counts[1] / total, (total - counts[0] - counts[1]) / total


def attainments(actual: Floats, target: Floats, direction: Direction, bands: Bands | None) -> Floats:
    """:func:`kpi.scorecard.attainment.attainment`; NaN against a target of zero and without one."""
    share = _over(actual, target)
    if direction is Direction.ON_TARGET:
        low, high = (float(edge) for edge in (bands.full if bands else (1, 1)))
        reached = np.where(share > high, 2.0 - _over(share, np.array(high)), np.where(np.isnan(share), np.nan, 1.0))
        return np.where(share < low, _over(share, np.array(low)), reached)
    rising = (target > 0) if direction is Direction.HIGHER_BETTER else (target < 0)
    return np.where(rising, share, 2.0 - share)


def anchor_scores(x: Floats, scoring: AnchorScoring) -> Floats:
    """:func:`kpi.scorecard.scoring.anchor_score`; exactly the anchor's score upon each anchor."""
    points = sorted(scoring.points)
    anchors = [(float(at), float(score)) for at, score in points]
    below, above = anchors[0][1], anchors[-1][1]
    if scoring.floor == "zero":
        below = 0.0 if is_low_end(points) else below
        above = 0.0 if is_low_end(points[::-1]) else above
    scores = np.where(x < anchors[0][0], below, np.where(x > anchors[-1][0], above, np.nan))
    for at, score in anchors:
        scores = np.where(x == at, score, scores)
    for (left, low), (right, high) in pairwise(anchors):
        between = low + (x - left) * (high - low) / (right - left)
        scores = np.where((x > left) & (x < right), between, scores)
    return scores


def growths(now: Floats, before: Floats, relative: bool) -> Floats:
    """:func:`kpi.scorecard.growth.growth`."""
    change = now - before
    return _over(change, np.where(before > 0, before, np.nan)) if relative else change


def growth_scores(growth: Floats, scoring: GrowthScoring) -> Floats:
    """:func:`kpi.scorecard.scoring.growth_score` for a growth given as a share, as percent of the mark."""
    mark = float(scoring.mark)
    points = float(scoring.mark * scoring.base_share) + growth * 100.0 * float(scoring.coefficient)
    return np.minimum(np.maximum(points, 0.0), mark) * 100.0 / mark


def entry_scores(
    entry: Entry, template: ScorecardTemplate, values: Floats, reached: Floats, grown: Floats | None
) -> Floats:
    """The score of one KPI from its values, its attainment and its change on the year before, whichever counts."""
    scoring = entry.scoring or template.scoring
    if isinstance(scoring, GrowthScoring):
        return np.full(values.shape, np.nan) if grown is None else growth_scores(grown, scoring)
    return anchor_scores(values if scoring.basis == "value" else reached, scoring)


def _over(top: Floats, below: Floats) -> Floats:
    usable = (below != 0) & ~np.isnan(below)
    shape = np.broadcast(top, below).shape
    quotient: Floats = np.divide(top, below, out=np.full(shape, np.nan), where=usable)
    return quotient


@dataclass(frozen=True)
class PartScores:
    """Scores of an objective, a group or the total; ``coverage`` is the share of its weight that had a score."""

    kind: PartKind
    code: str
    scores: Floats
    coverage: Floats


def part_scores(scores: Mapping[str, Floats], template: ScorecardTemplate) -> list[PartScores]:
    """Objectives, groups and the total from the scores of every entry by its KPI, all of one shape.

    A KPI without a score drops out: its weight is spread over the others of its group, and a group without any over
    the other groups. Below the template's minimum coverage there is no total.
    """
    group_of = {objective.code: objective.group for objective in template.objectives}
    weights = dict(zip([e.kpi for e in template.entries], _whole(e.weight for e in template.entries), strict=True))

    shape = next(iter(scores.values())).shape

    def mean(entries: Iterable[Entry]) -> _Mean:
        return _Mean.of([(weights[entry.kpi], scores[entry.kpi]) for entry in entries], shape)

    parts = []
    for objective in template.objectives:
        found = mean(template.entries_of(objective.code))
        parts.append(PartScores("objective", objective.code, found.scores, found.coverage))
    groups = [mean(e for e in template.entries if group_of[e.objective] == group.code) for group in template.groups]
    parts += [PartScores("group", g.code, m.scores, m.coverage) for g, m in zip(template.groups, groups, strict=True)]
    return [*parts, _total(groups, template)]


def _total(groups: "Sequence[_Mean]", template: ScorecardTemplate) -> PartScores:
    shares = _whole(group.weight for group in template.groups)
    scores = [group.scores for group in groups]
    whole = _Mean.of(list(zip(shares, scores, strict=True)), scores[0].shape)
    coverage = np.zeros(scores[0].shape)
    for share, group in zip(shares, groups, strict=True):
        coverage = coverage + share * group.coverage
    coverage = coverage / _scale(group.weight for group in template.groups)
    enough = _covered(groups, template)
    return PartScores("total", template.code, np.where(enough, whole.scores, np.nan), coverage)


def _covered(groups: "Sequence[_Mean]", template: ScorecardTemplate) -> Mask:
    """Where the coverage reaches the minimum, decided with decimals once for each combination that occurs."""
    held = np.stack([group.held.ravel() for group in groups])
    combinations, which = np.unique(held, axis=1, return_inverse=True)
    enough = []
    for combination in combinations.T.tolist():
        parts = zip(template.groups, groups, combination, strict=True)
        shares = [g.weight * divide(Decimal(had), Decimal(mean.everything)) for g, mean, had in parts if had]
        enough.append(sum(shares, Decimal(0)) >= template.minimum_coverage)
    reached: Mask = np.array(enough, dtype=np.bool_)[which].reshape(groups[0].held.shape)
    return reached


@dataclass(frozen=True)
class _Mean:
    """A weighted mean over what is there; ``held`` of the weight ``everything`` had a score."""

    scores: Floats
    held: Floats
    everything: int

    @classmethod
    def of(cls, parts: Sequence[tuple[int, Floats]], shape: tuple[int, ...]) -> "_Mean":
        """Weights are whole numbers, so that equal scores have exactly that mean."""
        top, held = np.zeros(shape), np.zeros(shape)
        for weight, scores in parts:
            there = ~np.isnan(scores)
            top = top + np.where(there, weight * scores, 0.0)
            held = held + np.where(there, float(weight), 0.0)
        return cls(_over(top, held), held, sum(weight for weight, _ in parts))

    @property
    def coverage(self) -> Floats:
        """The share of the weight that had a score."""
        return self.held / self.everything if self.everything else self.held


def _scale(weights: Iterable[Decimal]) -> int:
    """The power of ten that makes every weight whole."""
    return int(10 ** max((-int(weight.as_tuple().exponent) for weight in weights), default=0))


def _whole(weights: Iterable[Decimal]) -> list[int]:
    """The weights times their :func:`_scale`."""
    given = list(weights)
    scale = _scale(given)
    return [int(weight * scale) for weight in given]
