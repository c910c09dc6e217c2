from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from kpi.strategy.models import Milestone, closed, spread
from tests.kpi.strategy.builders import MILLION, gap

amounts = st.decimals(min_value=0, max_value=10**13, places=2)


def test_the_gap_is_what_is_expected_less_what_there_is() -> None:
    assert gap(expected=500, today=100).gap == 400 * MILLION


@given(amount=amounts, count=st.integers(1, 30), grain=st.sampled_from([Decimal("0.01"), Decimal(1), Decimal(10_000)]))
def test_a_gap_spread_over_years_is_closed_exactly_and_evenly(amount: Decimal, count: int, grain: Decimal) -> None:
    parts = spread(amount, count, grain)

    assert len(parts) == count
    assert closed(tuple(Milestone(year=2027 + at, amount=part) for at, part in enumerate(parts))) == amount
    assert max(parts) - min(parts) < 2 * grain
    assert all(part % grain == 0 for part in parts[:-1])


def test_what_does_not_divide_evenly_goes_to_the_first_years() -> None:
    assert [int(part) for part in spread(Decimal(10), 4, Decimal(1))] == [3, 3, 2, 2]
