"""Why a score is what it is: every step of :mod:`kpi.scorecard.compute` again, as values that can be shown.

Nothing here is a rule of its own: each step calls the function that made the score.
"""

from dataclasses import dataclass
from decimal import Decimal, localcontext

from kpi.catalogue.models import KpiVersion
from kpi.scorecard.attainment import Reached, reached
from kpi.scorecard.breakdown import Breakdown, breakdown
from kpi.scorecard.exact import CONTEXT
from kpi.scorecard.origins import Cell, cells_read
from kpi.scorecard.panel import Panel
from kpi.scorecard.points import points_of
from kpi.scorecard.results import KpiResult, PartResult, Scorecard, Status, Value
from kpi.scorecard.rollup import QUARTERS
from kpi.scorecard.scoring import GrowthPoints, OnLine, growth_points, on_line
from kpi.scorecard.status import Zones, zones_of
from kpi.scorecard.template import AnchorScoring, Entry, GrowthScoring, PartKind, ScorecardTemplate
from kpi.scorecard.values import KpiView


@dataclass(frozen=True, slots=True)
class Spread:
    """How the weights of what is missing are spread. ``missing`` are the KPIs of the group without a score, ``present``
    the share of the group's weight that the others hold; ``groups_missing`` and ``groups_present`` likewise."""

    group: str
    group_weight: Decimal
    missing: tuple[str, ...]
    present: Decimal
    groups_missing: tuple[str, ...]
    groups_present: Decimal


@dataclass(frozen=True, slots=True)
class KpiTrace:
    """The way from components to the score of one KPI.

    ``same`` is the value over the cells that have a plan, held against ``goal``; ``reached`` their attainment. ``x`` is
    what is scored: the attainment, the value, or the growth in percentage points; ``found`` where it lies. None where a
    step had nothing to work on: the result says why. ``zones`` judge ``judged``. ``cells`` are what was read.
    """

    result: KpiResult
    version: KpiVersion
    scoring: AnchorScoring | GrowthScoring
    same: Value
    goal: Value
    reached: Reached | None
    x: Value
    found: OnLine | GrowthPoints | None
    zones: Zones | None
    judged: Decimal | None
    spread: Spread
    made_of: Breakdown
    cells: frozenset[Cell]


@dataclass(frozen=True, slots=True)
class Contribution:
    """A part of a mean: its weight, its score, and the points it brings."""

    code: str
    weight: Decimal
    score: Value
    points: Decimal


@dataclass(frozen=True, slots=True)
class PartTrace:
    """Why an objective, a group or the total has its score: the contributions add up to it exactly.

    Without a score there are none, but for their weights and scores. ``coverage`` is the share of the weight that had
    data; ``minimum`` is what the total needs of it, None for others.
    """

    kind: PartKind
    code: str
    score: Value
    status: Status
    contributions: tuple[Contribution, ...]
    coverage: Decimal
    minimum: Decimal | None = None


def trace_kpi(panel: Panel, template: ScorecardTemplate, card: Scorecard, kpi: str) -> KpiTrace:
    """Why a KPI of ``card`` has its score; ``card`` is :func:`kpi.scorecard.compute.score` of the same panel and
    template. Raises KeyError for a KPI that is not on it."""
    result = next((row for row in card.kpis if row.kpi == kpi), None)
    entry = next((each for each in template.entries if each.kpi == kpi), None)
    if result is None or entry is None:
        raise KeyError(kpi)
    with localcontext(CONTEXT):
        return _trace(KpiView(panel, panel.catalogue.kpi[kpi]), template, card, entry, result)


def _trace(view: KpiView, template: ScorecardTemplate, card: Scorecard, entry: Entry, result: KpiResult) -> KpiTrace:
    version = view.version_at(card.quarter)
    same, goal = view.comparison(card.org_unit, card.quarter, card.window)
    both = None
    if same.amount is not None and goal.amount is not None:
        both = reached(same.amount, goal.amount, version.direction, version.bands)
    scoring = entry.scoring or template.scoring
    x = _scored(scoring, result, result.value if version.is_growth else result.on_last_year)
    found: OnLine | GrowthPoints | None = None
    if x.amount is not None:
        found = on_line(x.amount, scoring) if isinstance(scoring, AnchorScoring) else growth_points(x.amount, scoring)
    return KpiTrace(
        result=result,
        version=version,
        scoring=scoring,
        same=same,
        goal=goal,
        reached=both,
        x=x,
        found=found,
        zones=zones_of(goal.amount, version.direction, version.bands, entry.limits, template.amber_share),
        judged=result.value.amount if entry.limits is not None else same.amount,
        spread=_spread(template, card, result),
        made_of=breakdown(view, card.org_unit, card.quarter, card.window),
        cells=_cells(view, version, card, back=QUARTERS if isinstance(scoring, GrowthScoring) else 0),
    )


def _cells(view: KpiView, version: KpiVersion, card: Scorecard, back: int) -> frozenset[Cell]:
    """What the value reads, and where growth is scored, that of ``back`` quarters ago."""
    quarters = {card.quarter, card.quarter.shift(-back)}
    read = (cells_read(view.kpi, version, view.panel.catalogue, quarter, card.window) for quarter in quarters)
    return frozenset().union(*read)


def _scored(scoring: AnchorScoring | GrowthScoring, result: KpiResult, grown: Value) -> Value:
    if isinstance(scoring, AnchorScoring):
        return result.value if scoring.basis == "value" else result.attainment
    return grown if grown.amount is None else Value(grown.amount * 100)


def _spread(template: ScorecardTemplate, card: Scorecard, result: KpiResult) -> Spread:
    code = template.objective[result.objective].group
    group = next(group for group in card.groups if group.code == code)
    silent = [row.kpi for row in kpis_of(template, card, "group", code) if row.score.amount is None]
    others = [each for each in card.groups if each.score.amount is not None]
    return Spread(
        group=code,
        group_weight=group.weight,
        missing=tuple(silent),
        present=group.coverage,
        groups_missing=tuple(each.code for each in card.groups if each.score.amount is None),
        groups_present=sum((each.weight for each in others), Decimal(0)),
    )


def kpis_of(template: ScorecardTemplate, card: Scorecard, kind: PartKind, code: str) -> list[KpiResult]:
    """The KPIs of an objective or a group, in the order of the card."""
    group_of = {objective.code: objective.group for objective in template.objectives}
    return [row for row in card.kpis if code == (row.objective if kind == "objective" else group_of[row.objective])]


def trace_part(template: ScorecardTemplate, card: Scorecard, kind: PartKind, code: str) -> PartTrace:
    """Why an objective, a group or the total of ``card`` has its score. Raises KeyError for an unknown code."""
    if kind == "total":
        parts = [(group.code, group.weight, group.score) for group in card.groups]
        points = _points(parts, card.total)
        minimum = template.minimum_coverage
        return PartTrace(kind, code, card.total, card.status, points, card.coverage, minimum)
    part = _part(card, kind, code)
    rows = [(row.kpi, row.weight, row.score) for row in kpis_of(template, card, kind, code)]
    return PartTrace(kind, code, part.score, part.status, _points(rows, part.score), part.coverage)


def _part(card: Scorecard, kind: PartKind, code: str) -> PartResult:
    found = next((p for p in (card.objectives if kind == "objective" else card.groups) if p.code == code), None)
    if found is None:
        raise KeyError(code)
    return found


def _points(parts: list[tuple[str, Decimal, Value]], mean: Value) -> tuple[Contribution, ...]:
    brought = (Decimal(0),) * len(parts)
    if mean.amount is not None:
        brought = points_of([(weight, score.amount) for _, weight, score in parts], mean.amount)
    return tuple(Contribution(*part, points) for part, points in zip(parts, brought, strict=True))
