"""Numbers, periods and names as people write them."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi.intake.names import folded
from kpi.intake.numbers import parse_number
from kpi.intake.period_text import parts_of, settled
from kpi.periods import FiscalCalendar, Period
from tests.kpi.intake.builders import context

CALENDAR = FiscalCalendar()


def said(content: object) -> tuple[str, bool] | None:
    """The whole period that a cell names by itself, and whether its values are to date."""
    parts = parts_of(content)
    known = settled(parts, CALENDAR) if parts else None
    period = known.period(CALENDAR) if known else None
    return (str(period), bool(known and known.cumulative)) if period else None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1234.5", "1234.5"),
        ("1,234,567.80", "1234567.80"),
        ("１，２３４．５", "1234.5"),
        ("（1,234）", "-1234"),
        ("(12.5)", "-12.5"),
        ("1234-", "-1234"),
        ("−3.5", "-3.5"),
        ("'42", "42"),
        ("1.2万", "12000"),
        ("3.5亿", "350000000"),
        ("12.5%", "0.125"),
        ("-12.5％", "-0.125"),
        ("¥ 1,000", "1000"),
        (".5", "0.5"),
        ("–5.1%", "-0.051"),
        ("(5.1)%", "-0.051"),
        ("(5.1%)", "-0.051"),
        ("1\u2009234", "1234"),
        ("120\u00a0130", "120130"),
        ("-1 234.5", "-1234.5"),
        ("12 345 678", "12345678"),
        ("RMB1,234", "1234"),
        ("CNY 1,234.5", "1234.5"),
        ("RMB (1,234)", "-1234"),
        ("¥-5", "-5"),
        ("人民币1,234元", "1234"),
        ("3.5亿元", "350000000"),
        ("1.2M", "1200000"),
    ],
)
def test_numbers_in_every_habit(text: str, value: str) -> None:
    number = parse_number(text)

    assert number is not None
    assert number.value == Decimal(value)


@pytest.mark.parametrize(
    ("text", "mark"), [("1.2*", "*"), ("12%**", "**"), ("1,234 注1", "注1"), ("7 (Note 2)", "(Note 2)")]
)
def test_a_mark_behind_a_number_is_left_out_and_told(text: str, mark: str) -> None:
    number = parse_number(text)

    assert number is not None
    assert f"mark '{mark}' left out" in number.conversions


@pytest.mark.parametrize("text", ["1,234元", "1.2万元", "1.2万", "1.2M"])
def test_a_unit_behind_the_digits_is_not_to_be_applied_again(text: str) -> None:
    number = parse_number(text)

    assert number is not None
    assert number.scaled


@pytest.mark.parametrize(
    "text",
    [
        *("", "twelve", "1,23,4", "12 or 13", "--5", "(5", "1.2.3", "2026Q3", "10%万", "-(5)"),
        *("120 130", "1 23", "1 234 56", "1,234 567", "1.234,56", "(5)%%", "5%元", "–(5)", "5–", "–"),
        *("3M", "6M", "9m", "12M", "12.3x", "+5.1pp", "3#", "注1", "*", "US$10", "100(1)"),
    ],
)
def test_what_is_no_number_is_not_made_one(text: str) -> None:
    assert parse_number(text) is None


@settings(deadline=None)
@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**12), max_value=10**12))
def test_any_decimal_comes_back_exactly_with_thousands_separators(value: Decimal) -> None:
    number = parse_number(f"{value:,}")

    assert number is not None
    assert number.value == value


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2026Q3", "2026Q3"),
        ("Q3 2026", "2026Q3"),
        ("3Q26", "2026Q3"),
        ("2026-Q3", "2026Q3"),
        ("2026年三季度", "2026Q3"),
        ("2026年第3季度", "2026Q3"),
        ("2026年度第三季度", "2026Q3"),
        ("２０２６年３季", "2026Q3"),
        ("2026", "2026"),
        ("2026年", "2026"),
        ("2026年度", "2026"),
        ("FY2026", "2026"),
        ("2026年上半年", "2026H1"),
        ("2026H2", "2026H2"),
        ("2026-09", "2026-09"),
        ("2026年9月", "2026-09"),
        ("2026.09", "2026-09"),
        ("Sep-26", "2026-09"),
        ("September 2026", "2026-09"),
        ("2026M09", "2026-09"),
        ("26Q3", "2026Q3"),
        ("Q3 FY26", "2026Q3"),
        ("Q3'26", "2026Q3"),
        ("third quarter 2026", "2026Q3"),
        ("2026年二季度末", "2026Q2"),
        ("2026年9月30日", "2026Q3"),
        ("30 Sep 2026", "2026Q3"),
        ("1H26", "2026H1"),
    ],
)
def test_periods_in_every_habit(text: str, period: str) -> None:
    assert said(text) == (period, False)


@pytest.mark.parametrize(
    "text",
    [
        *("2026Q5", "Q0 2026", "2026年五季度", "2026-13", "1026Q3", "total", "", "Q3"),
        *("Persistency 13m", "18M", "13个月"),
    ],
)
def test_what_is_no_period_is_not_made_one(text: str) -> None:
    assert said(text) is None


@pytest.mark.parametrize("text", ["2026Q3 累计", "2026Q3 YTD", "2026年三季度（累计）", "2026年前三季度", "2026Q1-Q3"])
def test_year_to_date_is_noticed(text: str) -> None:
    assert said(text) == ("2026Q3", True)


def test_a_day_inside_a_quarter_names_no_quarter() -> None:
    assert said(date(2026, 8, 17)) is None


@given(st.integers(1950, 2080), st.integers(1, 4))
def test_every_spelling_of_our_own_comes_back(year: int, index: int) -> None:
    quarter = str(Period.quarter(year, index))

    assert said(quarter) == (quarter, False)


@pytest.mark.parametrize(
    ("label", "measure"),
    [
        ("standard_premium", "standard_premium"),
        ("Standard premium", "standard_premium"),
        (" 标准保费（万元） ", "standard_premium"),
        ("标准保费-实际", "standard_premium"),
        ("STANDARD  PREMIUM (plan)", "standard_premium"),
        ("13个月保费继续率", "persistency_13m_premium"),
    ],
)
def test_names_are_found_in_either_language_with_units_and_scenarios_around_them(label: str, measure: str) -> None:
    found = context().names.measure(label)

    assert found is not None
    assert found.measure == measure


def test_an_unknown_name_gets_suggestions_and_no_guess() -> None:
    names = context().names

    assert names.measure("标准保肥") is None
    assert "标准保费" in names.similar_measures("标准保肥")
    assert names.similar_org_units("北京分工司")[0] == "北京分公司"


@given(st.text())
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert folded(folded(text)) == folded(text)
