"""Stored forecasts of past runs beside what came: which lay inside their interval, and how near they were beside last
year's value. Needs no torch.

The actual value is always that of the newest snapshot by today's definitions, restated figures included; so is last
year's. A forecast is judged once every cell that its value needs has been reported.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from statistics import median

from pydantic import BaseModel, ConfigDict

from forecast.records import KpiForecast
from kpi.catalogue.models import Catalogue, Kpi
from kpi.periods import Grain, Period
from kpi.scorecard.panel import Panel
from kpi.scorecard.results import Reason, Window
from kpi.scorecard.rollup import QUARTERS
from kpi.scorecard.values import KpiView
from kpi.text import Text

_JUDGED = (Window.QUARTER, Window.YEAR)


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PastRun(_Model):
    """A finished run: when it began, of which snapshot, and the first quarter that was not known to it."""

    run_id: str
    snapshot_id: int
    started_at: datetime
    first: Period
    passport: str


class Judged(_Model):
    """One forecast beside what came. ``period`` is a quarter, or the year of a landing; amounts are in base units.

    ``error`` is P50 less actual as a share of the actual's size, ``reason`` why there is none. ``naive`` is the value
    of the same period of the last year that the run knew, ``naive_error`` and ``naive_reason`` the same of it.
    ``redefined``: whether the KPI's definition has changed since the run; None where its passport is gone.
    """

    run_id: str
    snapshot_id: int
    made_at: datetime
    kpi: str
    org_unit: str
    period: Period
    p10: float
    p50: float
    p90: float
    actual: Decimal
    inside: bool
    error: float | None
    reason: Reason | None
    naive: Decimal | None
    naive_error: float | None
    naive_reason: Reason | None
    redefined: bool | None


class Summary(_Model):
    """Of the ``judged`` forecasts, how many lay ``inside`` P10 to P90.

    ``error`` and ``naive_error`` are median absolute ones over the ``compared`` forecasts for which both can be told.
    """

    judged: int
    inside: int
    compared: int
    error: float | None
    naive_error: float | None


@dataclass(frozen=True)
class _Scale:
    """A KPI on the newest panel: what came, and what was there before."""

    view: KpiView

    def actual(self, org_unit: str, period: Period) -> Decimal | None:
        """The value of a quarter or a year of which everything has been reported."""
        window = Window.YEAR if period.grain is Grain.YEAR else Window.QUARTER
        value = self.view.value(org_unit, _last_quarter(period), window)
        return value.amount if value.complete else None

    def naive(self, org_unit: str, period: Period, first: Period) -> tuple[Decimal | None, Reason | None]:
        """The value of the same period of the last year that was over before ``first``."""
        years = 1 if period.grain is Grain.YEAR else QUARTERS
        earlier = period.shift(-years)
        while _last_quarter(earlier) >= first:
            earlier = earlier.shift(-years)
        if self.view.breaks_between(earlier, period):
            return None, Reason.BREAK
        amount = self.actual(org_unit, earlier)
        return amount, Reason.NO_DATA if amount is None else None


def judge(
    run: PastRun, forecasts: Iterable[KpiForecast], panel: Panel, then: Catalogue | None = None
) -> tuple[Judged, ...]:
    """The forecasts of ``run`` that can be judged by ``panel``, the newest snapshot's, in the order they were given.

    Quarters alone and landings; ``then`` is the catalogue the run was made with. What is no longer in the catalogue or
    the organisation is left out.
    """
    return tuple(_judged(run, forecasts, panel, then))


def _judged(run: PastRun, forecasts: Iterable[KpiForecast], panel: Panel, then: Catalogue | None) -> Iterator[Judged]:
    seen: set[tuple[str, str, Period]] = set()
    for forecast in forecasts:
        known = forecast.kpi in panel.catalogue.kpi and forecast.org_unit in panel.position
        period = period_of(forecast)
        key = (forecast.kpi, forecast.org_unit, period)
        if forecast.window not in _JUDGED or not known or key in seen:
            continue  # a landing comes once with each quarter of its year
        seen.add(key)
        kpi = panel.catalogue.kpi[forecast.kpi]
        scale = _Scale(KpiView(panel, kpi))
        actual = scale.actual(forecast.org_unit, period)
        if actual is None:
            continue
        naive, missing = scale.naive(forecast.org_unit, period, run.first)
        error, reason = _error(Decimal(forecast.p50), actual)
        naive_error, naive_reason = (None, missing) if naive is None else _error(naive, actual)
        yield Judged(
            run_id=run.run_id,
            snapshot_id=run.snapshot_id,
            made_at=run.started_at,
            kpi=forecast.kpi,
            org_unit=forecast.org_unit,
            period=period,
            p10=forecast.p10,
            p50=forecast.p50,
            p90=forecast.p90,
            actual=actual,
            inside=Decimal(forecast.p10) <= actual <= Decimal(forecast.p90),
            error=error,
            reason=reason,
            naive=naive,
            naive_error=naive_error,
            naive_reason=naive_reason,
            redefined=None if then is None else _redefined(kpi, then, panel, period),
        )


def period_of(forecast: KpiForecast) -> Period:
    """The quarter of a forecast, or the year of a landing."""
    return Period(forecast.period.year, Grain.YEAR, 1) if forecast.window is Window.YEAR else forecast.period


def _last_quarter(period: Period) -> Period:
    return period.quarters()[-1]


def _error(said: Decimal, actual: Decimal) -> tuple[float | None, Reason | None]:
    return (float((said - actual) / abs(actual)), None) if actual else (None, Reason.ZERO_ACTUAL)


def _redefined(now: Kpi, then: Catalogue, panel: Panel, period: Period) -> bool:
    """Whether the formula that counts for ``period`` is another than in the catalogue of the run."""
    before = then.kpi.get(now.code)
    if before is None:
        return True
    parts = ("numerator", "denominator", "over_units", "over_time", "unit")
    mine, theirs = (kpi.on(panel.calendar.end(period)) for kpi in (now, before))
    return any(getattr(mine, part) != getattr(theirs, part) for part in parts)


def summarise(judged: Iterable[Judged]) -> Summary:
    """How good they were together."""
    rows = list(judged)
    pairs = [
        (abs(row.error), abs(row.naive_error)) for row in rows if row.error is not None and row.naive_error is not None
    ]
    return Summary(
        judged=len(rows),
        inside=sum(row.inside for row in rows),
        compared=len(pairs),
        error=median(own for own, _ in pairs) if pairs else None,
        naive_error=median(naive for _, naive in pairs) if pairs else None,
    )


def in_words(summary: Summary) -> Text:
    """The summary as one or two sentences; it says so when nothing could be judged."""
    if not summary.judged:
        return Text(zh="还没有可以与实际值对照的预测。", en="No forecast can be held beside an actual value yet.")
    share = f"{100 * summary.inside / summary.judged:.0f}"
    zh = f"{summary.judged} 个预测中，{summary.inside} 个({share}%)的实际值落在 P10 至 P90 之间(应为 80%)。"
    en = f"{summary.inside} of {summary.judged} actual values ({share} %) lay between P10 and P90, where 80 % should."
    if summary.error is not None and summary.naive_error is not None:
        own, other = (f"{100 * error:.1f}" for error in (summary.error, summary.naive_error))
        zh += f"误差中位数为 {own}%，若用上年同期值则为 {other}%。"
        en += f" The median error was {own} %; last year's value would have been {other} % off."
    return Text(zh=zh, en=en)
