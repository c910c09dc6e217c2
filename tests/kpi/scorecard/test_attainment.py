from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.catalogue.models import Bands, Direction
from kpi.scorecard.attainment import attainment
from kpi.scorecard.results import Reason

HIGHER, LOWER, ON_TARGET = Direction.HIGHER_BETTER, Direction.LOWER_BETTER, Direction.ON_TARGET
BUDGET = Bands.model_validate({"full": ["0.9", "1.0"], "warning": ["0.85", "1.05"]})
amounts = st.decimals(-(10**15), 10**15, places=2)
scales = st.decimals("0.01", 10**6, places=2)


@pytest.mark.parametrize(
    ("actual", "target", "direction", "expected"),
    [
        ("110", "100", HIGHER, "1.1"),
        ("0", "100", HIGHER, "0"),
        ("-20", "100", HIGHER, "-0.2"),
        ("-100", "-500", HIGHER, "1.8"),  # a smaller loss than planned
        ("-600", "-500", HIGHER, "0.8"),
        ("9", "10", LOWER, "1.1"),
        ("25", "10", LOWER, "-0.5"),
        ("0", "10", LOWER, "2"),
        ("-12", "-10", LOWER, "1.2"),
    ],
)
def test_attainment_follows_the_direction_and_the_sign_of_the_target(
    actual: str, target: str, direction: Direction, expected: str
) -> None:
    assert attainment(Decimal(actual), Decimal(target), direction).amount == Decimal(expected)


@pytest.mark.parametrize(
    ("actual", "expected"), [("90", "1"), ("95", "1"), ("100", "1"), ("45", "0.5"), ("150", "0.5"), ("110", "0.9")]
)
def test_on_target_is_full_inside_the_band_and_falls_on_both_sides(actual: str, expected: str) -> None:
    assert attainment(Decimal(actual), Decimal(100), ON_TARGET, BUDGET).amount == Decimal(expected)


@pytest.mark.parametrize("direction", Direction)
def test_a_zero_target_gives_no_attainment_but_a_reason(direction: Direction) -> None:
    found = attainment(Decimal(5), Decimal(0), direction, BUDGET if direction is ON_TARGET else None)
    assert (found.amount, found.reason) == (None, Reason.ZERO_PLAN)


@given(amounts, amounts.filter(bool), scales, st.sampled_from([HIGHER, LOWER]))
def test_scaling_actual_and_target_alike_changes_nothing(
    actual: Decimal, target: Decimal, scale: Decimal, direction: Direction
) -> None:
    assert attainment(actual * scale, target * scale, direction) == attainment(actual, target, direction)


@given(amounts, amounts, amounts.filter(bool), st.sampled_from([HIGHER, LOWER]))
def test_a_better_value_never_lowers_attainment(
    one: Decimal, other: Decimal, target: Decimal, direction: Direction
) -> None:
    worse, better = sorted((one, other), reverse=direction is LOWER)
    low, high = (attainment(value, target, direction).amount for value in (worse, better))
    assert low is not None
    assert high is not None
    assert low <= high
