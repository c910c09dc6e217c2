from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.periods import PERIODS_PER_YEAR, FiscalCalendar, Grain, Period, quarter_range

periods = st.builds(
    lambda year, grain, index: Period(year, grain, index % PERIODS_PER_YEAR[grain] + 1),
    st.integers(1950, 2900),
    st.sampled_from(Grain),
    st.integers(0, 11),
)
calendars = st.builds(FiscalCalendar, first_month=st.integers(1, 12), named_after=st.sampled_from(["start", "end"]))


@given(periods)
def test_a_period_reads_back_from_its_own_spelling(period: Period) -> None:
    assert Period.parse(str(period)) == period


@pytest.mark.parametrize("text", ["2026Q5", "2026Q0", "2026H3", "2026-13", "26Q3", "2026 Q3", "", "20260"])
def test_anything_but_the_canonical_spelling_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"not a period such as 2026Q3"):
        Period.parse(text)


@given(periods, st.integers(-40, 40))
def test_shifting_forth_and_back_returns(period: Period, steps: int) -> None:
    assert period.shift(steps).shift(-steps) == period
    assert period.shift(steps).ordinal - period.ordinal == steps


def test_quarters_sort_before_the_half_and_the_year_that_end_with_them() -> None:
    names = ["2026Q4", "2026", "2026H2", "2026Q1", "2026-12", "2027-01"]
    assert [str(p) for p in sorted(map(Period.parse, names))] == [
        "2026Q1",
        "2026-12",
        "2026Q4",
        "2026H2",
        "2026",
        "2027-01",
    ]


def test_longer_periods_know_their_quarters() -> None:
    assert [str(q) for q in Period.parse("2026H2").quarters()] == ["2026Q3", "2026Q4"]
    assert [str(q) for q in Period.parse("2026").quarters()] == ["2026Q1", "2026Q2", "2026Q3", "2026Q4"]
    assert [str(q) for q in Period.parse("2026-09").quarters()] == ["2026Q3"]
    span = quarter_range(Period.parse("2025Q4"), Period.parse("2026Q2"))
    assert [str(q) for q in span] == ["2025Q4", "2026Q1", "2026Q2"]


def test_a_fiscal_year_may_start_in_april_and_carry_the_number_of_its_start_or_end() -> None:
    february = date(2026, 2, 14)
    assert str(FiscalCalendar(first_month=4).period_of(february)) == "2025Q4"
    assert str(FiscalCalendar(first_month=4, named_after="end").period_of(february)) == "2026Q4"


@given(calendars, st.dates(date(1951, 1, 1), date(2899, 12, 31)), st.sampled_from(Grain))
def test_every_day_lies_inside_the_period_that_claims_it(calendar: FiscalCalendar, day: date, grain: Grain) -> None:
    period = calendar.period_of(day, grain)
    assert calendar.start(period) <= day <= calendar.end(period)
    assert calendar.start(period.shift(1)) == calendar.end(period) + timedelta(days=1)
