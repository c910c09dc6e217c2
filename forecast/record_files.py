"""The record of a run as CSV: the choice for each series, the backtest, and the account of each median."""

import csv
import io
from collections.abc import Iterable, Sequence

from forecast.backtest import Line
from forecast.choice import Choices
from forecast.combine import SIMPLEST_FIRST
from forecast.follow import RateTrial
from forecast.nearness import KpiPast
from forecast.reconcile import Trial
from forecast.results import spell
from forecast.series import SeriesPanel
from forecast.why import Account
from forecast.words import TERMS

SERIES_RECORD_KEYS = ("component", "org_unit", "method", "recommended", "unstable")
BACKTEST_KEYS = ("component", "ahead")
RECONCILIATION_KEYS = ("adopted",)
RATES_KEYS = ("component", "kpi", "adopted")
WHY_KEYS = ("component", "org_unit", "quarter")
KPI_RECORD_KEYS = ("kpi", "org_unit", "quarter")


def series_record_csv(panel: SeriesPanel, choices: Choices, digits: int | None = None) -> str:
    """How each series is forecast, by what record; ``miss_X`` is the mean miss of X in units of scale times cost."""
    header = (*SERIES_RECORD_KEYS, "origins", "targets", "disagreement", *(f"miss_{name}" for name in SIMPLEST_FIRST))
    lines: list[Sequence[str]] = [header]
    for (component, unit), method in zip(panel.ids, choices.methods, strict=True):
        record = method.record
        counts = ("0", "0") if record is None else (str(record.origins), str(record.targets))
        misses = [spell(record.losses[name] if record else None, digits) for name in SIMPLEST_FIRST]
        words = (method.method, _yes(method.recommended), _yes(method.unstable))
        lines.append((component, unit, *words, *counts, spell(method.disagreement, digits), *misses))
    return _csv(lines)


def backtest_csv(lines: Iterable[Line], digits: int | None = None) -> str:
    """A line for each component and horizon; an empty component or horizon stands for all."""
    shown = ("covered_80", "covered_95", "within", "within_naive", "within_seasonal_naive", "pinball")
    rows: list[Sequence[str]] = [
        (*BACKTEST_KEYS, "targets", "origins", *shown, *(f"pinball_{name}" for name in SIMPLEST_FIRST))
    ]
    for line in lines:
        keys = (line.component or "", "" if line.ahead is None else str(line.ahead))
        numbers = [getattr(line, name) for name in shown] + [line.beside[name] for name in SIMPLEST_FIRST]
        rows.append((*keys, str(line.targets), str(line.origins), *(spell(number, digits) for number in numbers)))
    return _csv(rows)


def why_csv(panel: SeriesPanel, choices: Choices, account: Account, digits: int | None = None) -> str:
    """The terms of each median forecast, which add up to it from left to right."""
    rows: list[Sequence[str]] = [(*WHY_KEYS, *TERMS, "median")]
    last = panel.quarters[-1]
    for index, ((component, unit), method) in enumerate(zip(panel.ids, choices.methods, strict=True)):
        if method.method == "ended":
            continue
        for ahead in range(account.median.shape[1]):
            numbers = [*account.terms[:, index, ahead].tolist(), float(account.median[index, ahead])]
            spelt = (spell(number, digits) for number in numbers)
            rows.append((component, unit, str(last.shift(ahead + 1)), *spelt))
    return _csv(rows)


def reconciliation_csv(trial: Trial, digits: int | None = None) -> str:
    """Whether forecasts were reconciled with the totals above them, and the mean misses of past totals by which that
    was decided, in units of scale times cost."""
    header = (*RECONCILIATION_KEYS, "origins", "targets", "miss_added_up", "miss_reconciled")
    misses = (spell(each, digits) for each in (trial.added_up, trial.reconciled))
    return _csv([header, (_yes(trial.passed), str(trial.origins), str(trial.targets), *misses)])


def rates_csv(trials: Iterable[RateTrial], digits: int | None = None) -> str:
    """Which numerators follow their denominators at their rate, and the mean misses of past rates and numerators by
    which that was decided, in units of scale times cost."""
    lines: list[Sequence[str]] = [
        (*RATES_KEYS, "origins", "targets", "miss_apart", "miss_by_rate", "miss_own", "miss_following")
    ]
    for each in trials:
        misses = (spell(miss, digits) for miss in (each.apart, each.by_rate, each.own, each.following))
        lines.append((each.component, each.kpi, _yes(each.passed), str(each.origins), str(each.targets), *misses))
    return _csv(lines)


def kpi_record_csv(rows: Iterable[KpiPast], digits: int | None = None) -> str:
    """What was said of each KPI a quarter before, what came, and last year's value of the same quarter."""
    lines: list[Sequence[str]] = [(*KPI_RECORD_KEYS, "said", "actual", "last_year")]
    for row in rows:
        numbers = (spell(number, digits) for number in (row.said, row.actual, row.last_year))
        lines.append((row.kpi, row.org_unit, str(row.quarter), *numbers))
    return _csv(lines)


def _yes(flag: bool) -> str:
    return "yes" if flag else "no"


def _csv(lines: Iterable[Sequence[str]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(lines)
    return out.getvalue()
