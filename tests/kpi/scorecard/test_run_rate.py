"""If the rest of the year brings exactly the needed rate, the year ends exactly on target."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.catalogue.models import KpiVersion, OverTime
from kpi.periods import Period
from kpi.scorecard.results import Reason, Window
from kpi.scorecard.run_rate import Sides, needed_rate
from kpi.scorecard.values import kpi_value
from tests.kpi.scorecard.builders import fact, kpi, panel, version

YEAR_END = Period.quarter(2026, 4)
FORMS = [("", over) for over in ("sum", "average", "last")] + [
    ("base", over) for over in ("sum", "average", "sum_over_average", "last")
]
tops = st.lists(st.integers(-10_000, 10_000), min_size=4, max_size=4)
bases = st.lists(st.integers(1, 10_000), min_size=4, max_size=4)


def definition(below: str, over: str) -> KpiVersion:
    return kpi("k", version("top", below, over_time=over)).current


def of(*numbers: int | str) -> Sides:
    top, below = numbers
    return Sides(Decimal(top), Decimal(below))


@given(st.sampled_from(FORMS), tops, bases, st.integers(0, 3), st.decimals(-100, 100, places=3))
def test_the_needed_rate_brings_the_year_exactly_to_its_target(
    form: tuple[str, str], top: list[int], base: list[int], known: int, target: Decimal
) -> None:
    below, over = form
    counted = base if below else [1, 1, 1, 1]
    sides = Sides(Decimal(sum(top[:known])), Decimal(sum(counted[:known])))

    rate = needed_rate(target, sides, Decimal(sum(counted[known:])), definition(below, over)).amount

    assert rate is not None
    brought = [Decimal(number) for number in top[:known]] + [rate * part for part in counted[known:]]
    facts = [fact("top", "n1", f"2026Q{at + 1}", amount) for at, amount in enumerate(brought)]
    facts += [fact("base", "n1", f"2026Q{at + 1}", part) for at, part in enumerate(base) if below]
    year = kpi_value(panel(facts, [kpi("k", version("top", below, over_time=over))]), "k", "n1", YEAR_END, Window.YEAR)
    assert year.amount is not None
    assert abs(year.amount - target) < Decimal("1e-20")


def test_an_amount_is_spread_over_the_quarters_that_remain() -> None:
    """70 of 100 are there; the two quarters left need 15 each."""
    assert needed_rate(Decimal(100), of(70, 2), Decimal(2), definition("", "sum")).amount == 15


def test_a_target_already_passed_leaves_less_than_nothing_to_do() -> None:
    assert needed_rate(Decimal(100), of(120, 2), Decimal(2), definition("", "sum")).amount == -10


def test_a_ratio_weighs_what_is_known_with_its_denominator() -> None:
    """0.6 so far on 300, and 100 more to come: 0.4 there makes 0.55 of the year."""
    assert needed_rate(Decimal("0.55"), of(180, 300), Decimal(100), definition("base", "sum")).amount == Decimal("0.4")


def test_a_rate_over_an_average_needs_a_quarter_of_the_years_rate_each_quarter() -> None:
    """8 % a year on 100 people: 5 of 8 left in three quarters, so 3 more may in the last one."""
    over = definition("base", OverTime.SUM_OVER_AVERAGE)
    assert needed_rate(Decimal("0.08"), of(5, 300), Decimal(100), over).amount == Decimal("0.03")


def test_of_a_level_only_the_year_end_counts() -> None:
    assert needed_rate(Decimal(80), of(70, 2), Decimal(2), definition("", "last")).amount == 80


@pytest.mark.parametrize(
    ("target", "rest", "reason"), [(None, 1, Reason.NO_PLAN), (Decimal(1), 0, Reason.ZERO_DENOMINATOR)]
)
def test_without_a_target_or_a_denominator_there_is_a_reason(target: Decimal | None, rest: int, reason: Reason) -> None:
    found = needed_rate(target, of(1, 1), Decimal(rest), definition("base", "sum"))
    assert (found.amount, found.reason) == (None, reason)
