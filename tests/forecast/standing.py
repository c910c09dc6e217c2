"""Scorecards and landings made by hand: where KPIs stand, and where they will."""

from decimal import Decimal
from typing import Any

from forecast.records import KpiForecast
from kpi.periods import Period
from kpi.scorecard.results import GateResult, KpiResult, Reason, Scorecard, Status, Value, Window
from kpi.scorecard.template import ScorecardTemplate
from tests.kpi.scorecard.builders import template

NOW = Period.parse("2026Q3")
YEAR_END = Period.parse("2026Q4")
NOTHING = Value(reason=Reason.NO_DATA)


def number(amount: object, present: int = 1, expected: int = 1) -> Value:
    return Value(Decimal(str(amount)), None, present, expected)


def row(kpi: str = "premium", status: Status = Status.GREEN, **said: Any) -> KpiResult:
    """90 against a plan of 100, scored 90, a fifth of the total, unless ``said`` otherwise."""
    usual: dict[str, Any] = {
        "objective": "only",
        "weight": Decimal("0.2"),
        "effective_weight": Decimal("0.2"),
        "value": number(90),
        "target": number(100),
        "attainment": number("0.9"),
        "score": number(90),
        "on_last_quarter": NOTHING,
        "on_last_year": NOTHING,
    }
    return KpiResult(kpi=kpi, status=status, **(usual | said))


def absent(kpi: str = "premium", reason: Reason = Reason.NO_DATA, **said: Any) -> KpiResult:
    """A KPI without a value."""
    without = dict.fromkeys(("value", "attainment", "score"), Value(reason=reason))
    return row(kpi, Status.NONE, **(without | {"effective_weight": Decimal(0)} | said))


def card(*rows: KpiResult, quarter: Period = NOW, gates: tuple[GateResult, ...] = ()) -> Scorecard:
    return Scorecard(
        template="small",
        org_unit="head",
        quarter=quarter,
        window=Window.YTD,
        kpis=rows,
        objectives=(),
        groups=(),
        gates=gates,
        total=number(90),
        coverage=Decimal(1),
        status=Status.AMBER,
    )


def cards(*newest: KpiResult, before: dict[int, KpiResult] | None = None, back: int = 7) -> list[Scorecard]:
    """The card of ``newest`` behind ``back`` earlier ones, empty but for the rows ``before``, by how many quarters."""
    known = before or {}
    rows = ((steps, [known[steps]] if steps in known else []) for steps in range(back, 0, -1))
    return [*(card(*earlier, quarter=NOW.shift(-steps)) for steps, earlier in rows), card(*newest)]


def gate(holds: bool | None, kpi: str = "solvency") -> GateResult:
    return GateResult(kpi, number("0.4"), Decimal("0.5"), holds)


def landing(kpi: str = "premium", chance: float | None = 0.3, **said: Any) -> KpiForecast:
    usual = {"org_unit": "head", "period": YEAR_END, "window": Window.YEAR, "p10": 110.0, "p50": 120.0, "p90": 130.0}
    return KpiForecast.model_validate({"kpi": kpi, "chance": chance, **usual, **said})


def small_template(**more: Any) -> ScorecardTemplate:
    """One group of one objective; the score is the attainment in percent, so that a KPI on target gets 100."""
    return template([{"kpi": "premium"}], **more)
