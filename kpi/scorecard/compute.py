"""The whole scorecard of one org unit at one quarter."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal, localcontext

from kpi.catalogue.models import KpiVersion
from kpi.periods import Period
from kpi.scorecard.attainment import attainment
from kpi.scorecard.exact import CONTEXT, divide
from kpi.scorecard.growth import growth
from kpi.scorecard.panel import Panel
from kpi.scorecard.results import (
    GateResult,
    KpiResult,
    PartResult,
    Reason,
    Scorecard,
    Status,
    Value,
    Window,
)
from kpi.scorecard.scoring import anchor_score, as_percent_of_mark, growth_score
from kpi.scorecard.status import status_of, status_of_part
from kpi.scorecard.template import Entry, GrowthScoring, ScorecardTemplate
from kpi.scorecard.values import KpiView

_ZERO = Decimal(0)


def score(
    panel: Panel, template: ScorecardTemplate, org_unit: str, quarter: Period, window: Window = Window.YTD
) -> Scorecard:
    """Values, attainment, scores and status of every entry, rolled up to objectives, groups and a total.

    A KPI without a score drops out: its weight is spread over the others of its group, and a group without any over
    the other groups. ``coverage`` is the share of the weight that had data; below the template's minimum there is no
    total. Raises KeyError for an unknown org unit.
    """
    with localcontext(CONTEXT):  # whatever the caller's: 40 digits, as in the one division
        return _score_card(panel, template, org_unit, quarter, window)


def result_of(
    panel: Panel, template: ScorecardTemplate, kpi: str, org_unit: str, quarter: Period, window: Window
) -> KpiResult:
    """One row of the scorecard alone, for the same KPI in many org units; without an effective weight, which hangs on
    the other rows. Raises StopIteration for a KPI that is not in the scorecard, KeyError for an unknown org unit."""
    entry = next(entry for entry in template.entries if entry.kpi == kpi)
    with localcontext(CONTEXT):
        return _row(panel, template, entry, org_unit, quarter, window)


def _score_card(panel: Panel, template: ScorecardTemplate, org_unit: str, quarter: Period, window: Window) -> Scorecard:
    rows = [_row(panel, template, entry, org_unit, quarter, window) for entry in template.entries]
    group_of = {objective.code: objective.group for objective in template.objectives}
    objectives = tuple(_part(o.code, (r for r in rows if r.objective == o.code), template) for o in template.objectives)
    groups = tuple(
        replace(_part(g.code, (r for r in rows if group_of[r.objective] == g.code), template), weight=g.weight)
        for g in template.groups
    )
    coverage = sum((group.weight * group.coverage for group in groups), _ZERO)
    total = _total(groups, coverage, template)
    return Scorecard(
        template=template.code,
        org_unit=org_unit,
        quarter=quarter,
        window=window,
        kpis=tuple(_with_effective_weight(row, groups, group_of) for row in rows),
        objectives=objectives,
        groups=groups,
        gates=tuple(_gate(panel, gate.kpi, gate.minimum, org_unit, quarter) for gate in template.gates),
        total=total,
        coverage=coverage,
        status=status_of_part(total.amount, template),
    )


def _row(
    panel: Panel, template: ScorecardTemplate, entry: Entry, org_unit: str, quarter: Period, window: Window
) -> KpiResult:
    view = KpiView(panel, panel.catalogue.kpi[entry.kpi])
    version = view.version_at(quarter)
    value, target = view.value(org_unit, quarter, window), view.target(org_unit, quarter, window)
    changes = _changes(view, org_unit, quarter, window, relative=not version.denominator)
    same, goal = view.comparison(org_unit, quarter, window)
    reached, status = reached_by(version, same, goal), Status.NONE
    judged = value.amount if entry.limits is not None else same.amount
    if judged is not None:
        status = status_of(judged, goal.amount, version.direction, version.bands, entry.limits, template.amber_share)
    return KpiResult(
        kpi=entry.kpi,
        objective=entry.objective,
        weight=entry.weight,
        effective_weight=_ZERO,
        value=value,
        target=target,
        attainment=reached,
        score=_score(entry, template, value, reached, value if version.is_growth else changes.on_last_year),
        status=status,
        on_last_quarter=changes.on_last_quarter,
        on_last_year=changes.on_last_year,
    )


def reached_by(version: KpiVersion, same: Value, goal: Value) -> Value:
    """How far a value meets its target, given over the same cells; with how many of them it rests on."""
    if same.amount is None or goal.amount is None:
        return Value(reason=same.reason or goal.reason)
    reached = attainment(same.amount, goal.amount, version.direction, version.bands)
    return replace(reached, present=same.present, expected=same.expected)


@dataclass(frozen=True)
class _Changes:
    on_last_quarter: Value
    on_last_year: Value


def _changes(view: KpiView, org_unit: str, quarter: Period, window: Window, *, relative: bool) -> _Changes:
    """On the last quarter always quarter against quarter; on the last year window against the same window."""

    def change(back: int, over: Window) -> Value:
        if view.breaks_between(quarter.shift(-back), quarter):
            return Value(reason=Reason.BREAK)
        now, before = view.value(org_unit, quarter, over), view.value(org_unit, quarter.shift(-back), over)
        return growth(now, before, relative)

    return _Changes(change(1, Window.QUARTER), change(4, window))


def _score(entry: Entry, template: ScorecardTemplate, value: Value, reached: Value, grown: Value) -> Value:
    scoring = entry.scoring or template.scoring
    if isinstance(scoring, GrowthScoring):
        if grown.amount is None:
            return Value(reason=grown.reason)
        points = grown.amount * 100
        return Value(as_percent_of_mark(growth_score(points, scoring), scoring))
    basis = value if scoring.basis == "value" else reached
    return Value(anchor_score(basis.amount, scoring)) if basis.amount is not None else Value(reason=basis.reason)


def _part(code: str, rows: Iterable[KpiResult], template: ScorecardTemplate) -> PartResult:
    rows = list(rows)
    weight = sum((row.weight for row in rows), _ZERO)
    scored = [(row.weight, row.score.amount) for row in rows if row.score.amount is not None]
    held = sum((share for share, _ in scored), _ZERO)
    if not held:
        return PartResult(code, weight, Value(reason=Reason.NO_DATA), _ZERO, Status.NONE)
    mean = divide(sum((share * points for share, points in scored), _ZERO), held)
    return PartResult(code, weight, Value(mean), divide(held, weight), status_of_part(mean, template))


def _total(groups: tuple[PartResult, ...], coverage: Decimal, template: ScorecardTemplate) -> Value:
    scored = [(group.weight, group.score.amount) for group in groups if group.score.amount is not None]
    if not scored:
        return Value(reason=Reason.NO_DATA)
    if coverage < template.minimum_coverage:
        return Value(reason=Reason.LOW_COVERAGE)
    weight = sum((share for share, _ in scored), _ZERO)
    return Value(divide(sum((share * points for share, points in scored), _ZERO), weight))


def _with_effective_weight(row: KpiResult, groups: tuple[PartResult, ...], group_of: dict[str, str]) -> KpiResult:
    if row.score.amount is None:
        return row
    group = next(group for group in groups if group.code == group_of[row.objective])
    present = sum((other.weight for other in groups if other.score.amount is not None), _ZERO)
    return replace(row, effective_weight=divide(divide(row.weight, group.coverage) * group.weight, present))


def _gate(panel: Panel, kpi: str, minimum: Decimal, org_unit: str, quarter: Period) -> GateResult:
    value = KpiView(panel, panel.catalogue.kpi[kpi]).value(org_unit, quarter, Window.QUARTER)
    return GateResult(kpi, value, minimum, None if value.amount is None else value.amount >= minimum)
