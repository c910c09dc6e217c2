"""Which KPIs are the main ones, and where they land on a scale on which the plan is 1 and more is better."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.main_landings import MainLanding, main_landings
from forecast.records import KpiForecast
from kpi.scorecard.compute import score
from kpi.scorecard.results import Status
from tests.forecast.standing import NOW, YEAR_END, landing
from tests.kpi.scorecard.builders import kpi, panel, quarters, template, version

BANDS = {"full": ["0.9", "1.1"], "warning": ["0.8", "1.2"]}
KPIS = [
    kpi("premium", version("premium")),
    kpi("claims", version("claims", direction="lower_better")),
    kpi("budget", version("budget", direction="on_target", bands=BANDS)),
    kpi("planless", version("planless")),
]
WEIGHTS = {"premium": "0.2", "claims": "0.4", "budget": "0.3", "planless": "0.1"}
TEMPLATE = template([{"kpi": code, "weight": weight} for code, weight in WEIGHTS.items()])
FACTS = [
    fact
    for code in ("premium", "claims", "budget")
    for scenario, values in (("actual", [25, 25, 25]), ("plan", [25, 25, 25, 25]))
    for fact in quarters(code, "south", 2026, values, scenario)
]
PANEL = panel([*FACTS, *quarters("planless", "south", 2026, [1, 1, 1])], KPIS, TEMPLATE)


def main(*landings: KpiForecast, count: int = 8) -> tuple[MainLanding, ...]:
    card = score(PANEL, TEMPLATE, "head", NOW)
    return main_landings(PANEL, TEMPLATE, card, {each.kpi: each for each in landings}, count)


def one(kpi: str, p10: float, p50: float, p90: float, **said: Any) -> MainLanding:
    (found,) = main(landing(kpi, p10=p10, p50=p50, p90=p90, **said))
    return found


def ends(found: MainLanding) -> tuple[Decimal, Decimal, Decimal]:
    return found.low, found.middle, found.high


def test_the_heaviest_come_first_and_no_more_than_wanted() -> None:
    everything = [landing(code) for code in WEIGHTS]
    assert [(each.kpi, each.share) for each in main(*everything)] == [
        ("claims", Decimal("0.4")),
        ("budget", Decimal("0.3")),
        ("premium", Decimal("0.2")),
    ]
    assert [each.kpi for each in main(*everything, count=1)] == ["claims"]


def test_a_kpi_without_a_landing_or_without_a_plan_makes_room_for_the_next() -> None:
    assert [each.kpi for each in main(landing("planless"), landing("premium"), count=1)] == ["premium"]


def test_more_is_better_whatever_the_direction() -> None:
    assert ends(one("premium", 80, 90, 110)) == (Decimal("0.8"), Decimal("0.9"), Decimal("1.1"))
    assert ends(one("claims", 80, 90, 110)) == (Decimal("0.9"), Decimal("1.1"), Decimal("1.2"))


def test_inside_its_band_a_budget_is_on_the_plan_and_on_both_sides_of_it_worse() -> None:
    assert ends(one("budget", 45, 100, 132)) == (Decimal("0.5"), Decimal(1), Decimal(1))
    assert one("budget", 45, 100, 165).low == Decimal("0.5")


def test_the_plan_is_that_of_the_whole_year() -> None:
    assert one("premium", 1, 2, 3).plan == 100
    assert one("premium", 1, 2, 3).landing.period == YEAR_END


@pytest.mark.parametrize(
    ("chances", "status"),
    [
        ((0.2, 0.5, 0.3), Status.AMBER),
        ((0.5, 0.0, 0.5), Status.GREEN),
        ((0.1, 0.2, 0.7), Status.RED),
        ((None, None, None), Status.NONE),
    ],
)
def test_the_status_is_the_likeliest_and_of_equals_the_better(
    chances: tuple[float | None, ...], status: Status
) -> None:
    assert one("premium", 1, 2, 3, **dict(zip(("green", "amber", "red"), chances, strict=True))).status is status


@given(st.sampled_from(["premium", "claims", "budget"]), st.lists(st.floats(-500, 500), min_size=3, max_size=3))
def test_the_ends_are_in_order_whatever_is_expected(kpi: str, drawn: list[float]) -> None:
    low, middle, high = ends(one(kpi, *sorted(drawn)))
    assert low <= middle <= high
