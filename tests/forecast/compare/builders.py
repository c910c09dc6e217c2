"""Runs as their passports would tell them, without a computation."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from forecast.compare.evidence import Evidence, places
from forecast.config import ForecastConfig
from forecast.inputs import RunInputs
from forecast.records import KpiForecast
from forecast.series import Row
from kpi.facts import Scenario
from kpi.periods import Period
from kpi.scorecard.results import Window
from tests.forecast.builders import TINY, inputs, rows

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
HERE, ELSEWHERE = "c0de" * 16, "01d0" * 16
Q4, Q1 = Period.quarter(2026, 4), Period.quarter(2027, 1)
OTHER = TINY.model_copy(update={"seed": 2})


def forecast(
    p50: float = 100.0,
    chance: float | None = 0.5,
    kpi: str = "loss_ratio",
    org_unit: str = "beijing",
    period: Period = Q1,
    window: Window = Window.QUARTER,
) -> KpiForecast:
    """A forecast whose P10 and P90 lie 10 below and above its P50."""
    return KpiForecast(
        kpi=kpi,
        org_unit=org_unit,
        period=period,
        window=window,
        p10=p50 - 10,
        p50=p50,
        p90=p50 + 10,
        chance=chance,
    )


def more_facts() -> list[Row]:
    """The facts with one of them corrected and one more quarter."""
    facts = rows()
    facts[0] = (*facts[0][:4], facts[0][4] + 1)
    return [*facts, ("claims", "beijing", Q4, Scenario.ACTUAL, Decimal(7))]


def retargeted() -> RunInputs:
    """The small company with another target of the in-time rate in its scorecard."""
    given = inputs()
    entries = tuple(
        entry.model_copy(update={"target": Decimal("0.9")}) if entry.kpi == "in_time_rate" else entry
        for entry in given.template.entries
    )
    return replace(given, template=given.template.model_copy(update={"entries": entries}))


def evidence(
    given: RunInputs | None = None,
    config: ForecastConfig = TINY,
    code: str = HERE,
    forecasts: Iterable[KpiForecast] = (),
    **surroundings: dict[str, object],
) -> Evidence:
    """A run; its id tells inputs, configuration and code apart."""
    given = inputs() if given is None else given
    identity = given.digests | {"config": config.digest, "code": code, "numerics": config.numerics}
    run_id = "".join(digest[:8] for digest in (*given.digests.values(), config.digest, code))
    none: dict[str, dict[str, object]] = {name: {} for name in ("git", "software", "machine", "device", "fingerprint")}
    return Evidence(
        run_id=run_id,
        seal=run_id,
        started_at=NOON,
        snapshot_id=1,
        identity=identity,
        config=config.model_dump(mode="json"),
        surroundings=none | surroundings,
        inputs=given,
        forecasts=places(forecasts),
        start=b"",
    )
