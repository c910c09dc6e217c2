"""One line of a scorecard at one quarter: how its KPI does in any org unit, and how it changed."""

from decimal import Decimal

from kpi.catalogue.models import KpiVersion
from kpi.periods import Period
from kpi.scorecard.attainment import attainment
from kpi.scorecard.growth import growth
from kpi.scorecard.panel import Panel
from kpi.scorecard.reading import Reading
from kpi.scorecard.results import Judged, KpiResult, Reason, Status, Value, Window
from kpi.scorecard.rollup import QUARTERS
from kpi.scorecard.scoring import anchor_score, as_percent_of_mark, growth_score
from kpi.scorecard.status import status_of
from kpi.scorecard.template import Entry, GrowthScoring, ScorecardTemplate
from kpi.scorecard.values import KpiView

_ZERO = Decimal(0)


def reached_by(version: KpiVersion, same: Value, goal: Value) -> Value:
    """How far a value meets its target, given over the same cells; with how many of them it rests on."""
    if same.amount is None or goal.amount is None:
        return Value(reason=same.reason or goal.reason)
    reached = attainment(same.amount, goal.amount, version.direction, version.bands)
    return Value(reached.amount, reached.reason, same.present, same.expected)


class Line:
    """An entry of the scorecard at one quarter over one window: what all org units have in common is looked up once.

    Every method raises KeyError for an unknown org unit.
    """

    def __init__(
        self, panel: Panel, template: ScorecardTemplate, entry: Entry, quarter: Period, window: Window
    ) -> None:
        """``entry`` is one of the template's."""
        self._view, self._quarter, self._window = KpiView(panel, panel.catalogue.kpi[entry.kpi]), quarter, window
        self._entry, self._amber_share = entry, template.amber_share
        self._scoring = entry.scoring or template.scoring
        self._now = self._view.at(quarter, window)
        self._before: dict[int, Reading | None] = {}

    def judged(self, org_unit: str) -> Judged:
        """Value, target, attainment, score and status."""
        entry, version, found = self._entry, self._now.version, self._now.measured(org_unit)
        reached, status = reached_by(version, found.same, found.goal), Status.NONE
        judged = found.value.amount if entry.limits is not None else found.same.amount
        if judged is not None:
            goal = found.goal.amount
            status = status_of(judged, goal, version.direction, version.bands, entry.limits, self._amber_share)
        return Judged(
            kpi=entry.kpi,
            objective=entry.objective,
            weight=entry.weight,
            value=found.value,
            target=found.target,
            attainment=reached,
            score=self._score(org_unit, found.value, reached),
            status=status,
        )

    def _score(self, org_unit: str, value: Value, reached: Value) -> Value:
        scoring = self._scoring
        if isinstance(scoring, GrowthScoring):
            grown = value if self._now.version.is_growth else self.on_last_year(org_unit, value)
            if grown.amount is None:
                return Value(reason=grown.reason)
            return Value(as_percent_of_mark(growth_score(grown.amount * 100, scoring), scoring))
        basis = value if scoring.basis == "value" else reached
        return Value(anchor_score(basis.amount, scoring)) if basis.amount is not None else Value(reason=basis.reason)

    def result(self, org_unit: str, judged: Judged, effective_weight: Decimal = _ZERO) -> KpiResult:
        """The whole line, once it is judged."""
        quarter = judged.value
        if self._window is not Window.QUARTER:
            quarter = self._view.value(org_unit, self._quarter)
        return KpiResult(
            kpi=judged.kpi,
            objective=judged.objective,
            weight=judged.weight,
            value=judged.value,
            target=judged.target,
            attainment=judged.attainment,
            score=judged.score,
            status=judged.status,
            effective_weight=effective_weight,
            on_last_quarter=self._change(org_unit, quarter, 1, Window.QUARTER),
            on_last_year=self.on_last_year(org_unit, judged.value),
        )

    def on_last_year(self, org_unit: str, value: Value) -> Value:
        """The change of ``value`` on the same window a year before; on the last quarter it is always quarter against
        quarter."""
        return self._change(org_unit, value, QUARTERS, self._window)

    def _change(self, org_unit: str, value: Value, back: int, over: Window) -> Value:
        if back not in self._before:
            earlier = self._quarter.shift(-back)
            broken = self._view.breaks_between(earlier, self._quarter)
            self._before[back] = None if broken else self._view.at(earlier, over)
        before = self._before[back]
        if before is None:
            return Value(reason=Reason.BREAK)
        return growth(value, before.value(org_unit), relative=not self._now.version.denominator)
