"""What rules look at, and what they raise, made by hand."""

from collections.abc import Mapping
from typing import Any

from forecast.alerts.evaluate import Seen, Subject
from forecast.alerts.rules import RULE, Occasion, Rule
from forecast.records import KpiForecast
from kpi.periods import Period
from kpi.scorecard.results import Status, Window

NEWEST = Period.parse("2026Q3")
YEAR_END = Period.parse("2026Q4")
UNITS = ("head", "north")
KPIS = ("premium", "claims")
PREMIUM = ("premium", "head")
MARKS = {"g": Status.GREEN, "a": Status.AMBER, "r": Status.RED, "n": Status.NONE, "-": None}


def rule(kind: str, **said: Any) -> Rule:
    return RULE.validate_python({"kind": kind, **said})


def landing(
    chance: float | None = 0.5, red: float | None = None, kpi: str = "premium", unit: str = "head"
) -> KpiForecast:
    return KpiForecast(
        kpi=kpi, org_unit=unit, period=YEAR_END, window=Window.YEAR, p10=1, p50=2, p90=3, chance=chance, red=red
    )


def marks(text: str, kpi: str = "premium", unit: str = "head") -> dict[tuple[str, str, Period], Status | None]:
    """Statuses up to the newest quarter: ``gr-`` is green, red, and nothing in the newest."""
    return {(kpi, unit, NEWEST.shift(at + 1 - len(text))): MARKS[sign] for at, sign in enumerate(text)}


def seen(
    landings: Mapping[Subject, KpiForecast] | None = None,
    statuses: Mapping[tuple[str, str, Period], Status | None] | None = None,
    snapshot_id: int = 1,
) -> Seen:
    return Seen(snapshot_id, NEWEST, KPIS, UNITS, landings or {}, statuses or {})


def low(kpi: str = "premium", unit: str = "head", chance: float = 0.4, rule_id: int = 1) -> Occasion:
    """The chance of meeting the plan is below 60 %."""
    return Occasion(
        rule_id=rule_id,
        rule=rule("chance_below", limit="0.6"),
        kpi=kpi,
        org_unit=unit,
        period=Period.parse("2026"),
        chance=chance,
    )
