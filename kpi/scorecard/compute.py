"""The whole scorecard of one org unit at one quarter, and what it says first of many."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from functools import cached_property

from kpi.periods import Period
from kpi.scorecard.exact import CONTEXT, divide
from kpi.scorecard.line import Line
from kpi.scorecard.panel import Panel
from kpi.scorecard.results import (
    GateResult,
    Glance,
    Judged,
    KpiResult,
    PartResult,
    Reason,
    Scorecard,
    Status,
    Value,
    Window,
)
from kpi.scorecard.status import Zones, zones_of_part
from kpi.scorecard.template import ScorecardTemplate
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


def glances(
    panel: Panel, template: ScorecardTemplate, org_units: Sequence[str], quarter: Period, window: Window = Window.YTD
) -> dict[str, Glance]:
    """What :func:`score` says first of many org units, without the rest of their scorecards: how each KPI does, and
    the total. KPI by KPI, because org units have most of the looking up in common."""
    with localcontext(CONTEXT):
        lines = _lines(panel, template, quarter, window)
        columns = [[line.judged(unit) for unit in org_units] for line in lines]
        rows, zones = zip(*columns, strict=True), zones_of_part(template)
        return {unit: _glance(each, template, zones) for unit, each in zip(org_units, rows, strict=True)}


def judge(
    panel: Panel, template: ScorecardTemplate, kpi: str, org_units: Iterable[str], quarter: Period, window: Window
) -> dict[str, Judged]:
    """How one KPI of the scorecard does in many org units. Raises StopIteration for a KPI that is not in the
    scorecard, KeyError for an unknown org unit."""
    with localcontext(CONTEXT):
        line = _line(panel, template, kpi, quarter, window)
        return {unit: line.judged(unit) for unit in org_units}


def result_of(
    panel: Panel, template: ScorecardTemplate, kpi: str, org_unit: str, quarter: Period, window: Window
) -> KpiResult:
    """One row of the scorecard alone; without an effective weight, which hangs on the other rows. Raises as
    :func:`judge`."""
    with localcontext(CONTEXT):
        line = _line(panel, template, kpi, quarter, window)
        return line.result(org_unit, line.judged(org_unit))


def _line(panel: Panel, template: ScorecardTemplate, kpi: str, quarter: Period, window: Window) -> Line:
    entry = next(entry for entry in template.entries if entry.kpi == kpi)
    return Line(panel, template, entry, quarter, window)


def _lines(panel: Panel, template: ScorecardTemplate, quarter: Period, window: Window) -> list[Line]:
    return [Line(panel, template, entry, quarter, window) for entry in template.entries]


def _glance(rows: Sequence[Judged], template: ScorecardTemplate, zones: Zones) -> Glance:
    whole = _Whole(rows, template, zones)
    return Glance(tuple(rows), whole.total, whole.status)


def _score_card(panel: Panel, template: ScorecardTemplate, org_unit: str, quarter: Period, window: Window) -> Scorecard:
    lines, zones = _lines(panel, template, quarter, window), zones_of_part(template)
    rows = [line.judged(org_unit) for line in lines]
    whole = _Whole(rows, template, zones)
    return Scorecard(
        template=template.code,
        org_unit=org_unit,
        quarter=quarter,
        window=window,
        kpis=tuple(
            line.result(org_unit, row, whole.effective_weight(row)) for line, row in zip(lines, rows, strict=True)
        ),
        objectives=tuple(
            _part(each.code, [row for row in rows if row.objective == each.code], zones) for each in template.objectives
        ),
        groups=whole.groups,
        gates=tuple(_gate(panel, gate.kpi, gate.minimum, org_unit, quarter) for gate in template.gates),
        total=whole.total,
        coverage=whole.coverage,
        status=whole.status,
    )


@dataclass(frozen=True)
class _Whole:
    """Rows rolled up to groups and a total."""

    rows: Sequence[Judged]
    template: ScorecardTemplate
    zones: Zones

    @cached_property
    def groups(self) -> tuple[PartResult, ...]:
        """In the order of the template, each with its weight in the total."""
        group_of = self.template.group_of
        return tuple(
            _part(g.code, [row for row in self.rows if group_of[row.objective] == g.code], self.zones, g.weight)
            for g in self.template.groups
        )

    @cached_property
    def coverage(self) -> Decimal:
        """The share of the weight that had data."""
        return sum((group.weight * group.coverage for group in self.groups), _ZERO)

    @cached_property
    def _present(self) -> Decimal:
        """The weight of the groups that have a score."""
        return sum((group.weight for group in self.groups if group.score.amount is not None), _ZERO)

    @cached_property
    def total(self) -> Value:
        """The mean of the groups that have a score, unless too little had data."""
        scored = [(group.weight, group.score.amount) for group in self.groups if group.score.amount is not None]
        if not scored:
            return Value(reason=Reason.NO_DATA)
        if self.coverage < self.template.minimum_coverage:
            return Value(reason=Reason.LOW_COVERAGE)
        return Value(divide(sum((share * points for share, points in scored), _ZERO), self._present))

    @property
    def status(self) -> Status:
        """Of the total."""
        amount = self.total.amount
        return Status.NONE if amount is None else self.zones.status(amount)

    def effective_weight(self, row: Judged) -> Decimal:
        """A row's share of the total after the weights of those missing were spread."""
        if row.score.amount is None:
            return _ZERO
        code = self.template.group_of[row.objective]
        group = next(group for group in self.groups if group.code == code)
        return divide(divide(row.weight, group.coverage) * group.weight, self._present)


def _part(code: str, rows: Sequence[Judged], zones: Zones, share: Decimal | None = None) -> PartResult:
    """``share`` is its weight where that is not the sum of its rows'."""
    weight = sum((row.weight for row in rows), _ZERO)
    scored = [(row.weight, row.score.amount) for row in rows if row.score.amount is not None]
    held = sum((part for part, _ in scored), _ZERO)
    said = weight if share is None else share
    if not held:
        return PartResult(code, said, Value(reason=Reason.NO_DATA), _ZERO, Status.NONE)
    mean = divide(sum((part * points for part, points in scored), _ZERO), held)
    return PartResult(code, said, Value(mean), divide(held, weight), zones.status(mean))


def _gate(panel: Panel, kpi: str, minimum: Decimal, org_unit: str, quarter: Period) -> GateResult:
    value = KpiView(panel, panel.catalogue.kpi[kpi]).value(org_unit, quarter, Window.QUARTER)
    return GateResult(kpi, value, minimum, None if value.amount is None else value.amount >= minimum)
