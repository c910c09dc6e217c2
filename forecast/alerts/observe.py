"""Gathers what rules look at from a panel and the landings of runs."""

from collections.abc import Iterable

from forecast.alerts.evaluate import Seen, Subject, units_of
from forecast.alerts.rules import DataMissing, Rule, StatusFor
from forecast.records import KpiForecast, RunRecord, RunState
from kpi.periods import Period
from kpi.scorecard.compute import score
from kpi.scorecard.panel import Panel
from kpi.scorecard.results import KpiResult, Status, Window
from kpi.scorecard.template import ScorecardTemplate


def observe(
    panel: Panel,
    template: ScorecardTemplate,
    snapshot_id: int,
    forecasts: Iterable[KpiForecast],
    rules: Iterable[Rule],
) -> Seen | None:
    """What ``rules`` look at, and nothing they don't; None where no quarter has an actual."""
    if panel.last_actual is None:
        return None
    seen = Seen(
        snapshot_id=snapshot_id,
        newest=panel.last_actual,
        kpis=tuple(entry.kpi for entry in template.entries),
        units=panel.tree.units,
        landings={},
        statuses={},
    )
    wanted = {each for rule in rules for each in _cards(rule, seen)}
    statuses = {
        (row.kpi, unit, quarter): _status(row)
        for unit, quarter in wanted
        for row in score(panel, template, unit, quarter, Window.QUARTER).kpis
    }
    return Seen(seen.snapshot_id, seen.newest, seen.kpis, seen.units, landings_of(forecasts, seen.year), statuses)


def landings_of(forecasts: Iterable[KpiForecast], year: Period) -> dict[Subject, KpiForecast]:
    """The landings of ``year`` among ``forecasts``."""
    return {
        (row.kpi, row.org_unit): row for row in forecasts if row.window is Window.YEAR and row.period.year == year.year
    }


def run_shown(runs: Iterable[RunRecord], snapshot_id: int) -> RunRecord | None:
    """The run of the snapshot that the pages show: of those done the one that started last."""
    done = (run for run in runs if run.snapshot_id == snapshot_id and run.state is RunState.DONE)
    return max(done, key=lambda run: run.started_at, default=None)


def run_before(runs: Iterable[RunRecord], snapshot_id: int) -> RunRecord | None:
    """The run shown of the newest earlier snapshot that has any."""
    runs = list(runs)
    earlier = {run.snapshot_id for run in runs if run.snapshot_id < snapshot_id and run.state is RunState.DONE}
    return run_shown(runs, max(earlier)) if earlier else None


def _cards(rule: Rule, seen: Seen) -> Iterable[tuple[str, Period]]:
    """The org units and quarters whose statuses ``rule`` needs."""
    match rule:
        case StatusFor():
            back: Iterable[int] = range(rule.quarters)
        case DataMissing():
            back = (0, 4)
        case _:
            return ()
    return ((unit, seen.newest.shift(-steps)) for unit in units_of(rule, seen.units) for steps in back)


def _status(row: KpiResult) -> Status | None:
    return None if row.value.amount is None else row.status
