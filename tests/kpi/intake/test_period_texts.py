"""Periods that are said in words, lengths and ends: spans of months, years to date, days, and what only looks so."""

import pytest

from kpi.intake.period_text import parts_of, plain, settled, take_period
from kpi.periods import FiscalCalendar
from tests.kpi.intake.builders import errors, facts, inspect, workbook


def said(text: str, first_month: int = 1) -> str | None:
    """The whole period that a text names by itself, with ``to date`` behind it where its values are so."""
    calendar = FiscalCalendar(first_month=first_month)
    parts = parts_of(text)
    known = settled(parts, calendar) if parts else None
    period = known.period(calendar) if known else None
    return f"{period}{' to date' if known and known.cumulative else ''}" if period else None


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2025年7-9月", "2025Q3"),
        ("4月至6月 2025", "2025Q2"),
        ("2025年10月至12月", "2025Q4"),
        ("2025年7月1日至2025年9月30日", "2025Q3"),
        ("2025.07-09", "2025Q3"),
        ("2025/07-2025/09", "2025Q3"),
        ("202507-202509", "2025Q3"),
        ("Jul-Sep 2025", "2025Q3"),
        ("1 July 2025 to 30 September 2025", "2025Q3"),
        ("Jul 2025 - Sep 2025", "2025Q3"),
        ("Quarter ended 30 June 2025", "2025Q2"),
        ("Three months ended 30 June 2025", "2025Q2"),
        ("Three-month period ended March 31, 2025", "2025Q1"),
        ("截至2025年6月30日止三个月", "2025Q2"),
        ("Jul-Dec 2025", "2025H2"),
        ("25Q3-4", "2025H2"),
        ("Year ended 31 December 2025", "2025"),
    ],
)
def test_months_that_make_a_period_are_that_period(text: str, period: str) -> None:
    assert said(text) == period


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("Six months ended 30 June 2025", "2025-06"),
        ("6 months ended 30 Jun 2025", "2025-06"),
        ("Half year ended 30 June 2025", "2025-06"),
        ("Nine months to 30 September 2025", "2025-09"),
        ("First nine months of 2025", "2025-09"),
        ("first three quarters of 2025", "2025Q3"),
        ("9 months 2025", "2025-09"),
        ("截至2025年6月30日止六个月期间", "2025-06"),
        ("2025年前9个月", "2025-09"),
        ("2025年1月1日至9月30日", "2025-09"),
        ("2025年1-9月", "2025-09"),
        ("9M 2025", "2025-09"),
        ("6M25", "2025-06"),
        ("2025年9M", "2025-09"),
        ("25Q1-3", "2025Q3"),
        ("2025Q1-Q3", "2025Q3"),
        ("1Q-3Q25", "2025Q3"),
        ("2025年一至三季度", "2025Q3"),
    ],
)
def test_what_runs_from_the_start_of_the_year_is_to_date(text: str, period: str) -> None:
    assert said(text) == f"{period} to date"


@pytest.mark.parametrize(
    "text", ["HY25", "25H1", "1H25", "H1 2025", "2025半年度", "2025年中期", "Interim 2025", "2025 interim results"]
)
def test_half_years_have_many_names(text: str) -> None:
    parts, _ = take_period(plain(text))

    assert str(parts.period(FiscalCalendar())) == "2025H1"


@pytest.mark.parametrize("text", ["9M", "6M", "3M", "12M", "前三季度", "前9个月", "Q1-3"])
def test_a_length_alone_is_to_date_of_a_year_said_elsewhere(text: str) -> None:
    parts = parts_of(text)

    assert parts is not None
    assert parts.cumulative
    assert parts.year is None


@pytest.mark.parametrize("text", ["年初至报告期末", "年初至本报告期末", "本年年初至今", "年初到本季度末"])
def test_from_the_start_of_the_year_on_is_to_date(text: str) -> None:
    parts, rest = take_period(plain(text))

    assert parts.cumulative
    assert rest == ""


@pytest.mark.parametrize(
    "text",
    [
        *("2025年2-4月", "Nov-Dec 2025", "2025年4-12月", "Oct 2024-Mar 2025", "Three months ended 31 May 2025"),
        *("2025Q2-Q3", "2025年二至四季度", "Quarter ended 31 May 2025", "Year ended 30 June 2025"),
        *("Jul-Sep 2025 YTD", "2025年7月2日至9月30日", "13 months ended 30 June 2025", "2025年9-7月"),
    ],
)
def test_months_that_make_no_period_are_none(text: str) -> None:
    assert said(text) is None


def test_months_are_those_of_the_calendar_and_quarters_those_of_the_fiscal_year() -> None:
    assert said("2025年4-6月", first_month=4) == "2025Q1"
    assert said("Year ended 31 March 2026", first_month=4) == "2025"
    assert said("2025年4-6月", first_month=2) is None


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("30.09.2025", "2025Q3"),
        ("31/12/2025", "2025Q4"),
        ("30-Sep-2025", "2025Q3"),
        ("30th September 2025", "2025Q3"),
        ("09/2025", "2025-09"),
        ("9/2025", "2025-09"),
        ("2025/09", "2025-09"),
        ("01/01/2025", "2025-01"),
        ("25-Sep", "2025-09"),
    ],
)
def test_days_and_months_in_the_habits_of_many_countries(text: str, period: str) -> None:
    assert said(text) == period


@pytest.mark.parametrize("text", ["03/04/2025", "13/13/2025", "9/30/2025", "31/12/25"])
def test_a_day_that_may_be_a_month_names_nothing_not_even_its_year(text: str) -> None:
    parts, _ = take_period(plain(text))

    assert not parts.says_period


def test_the_last_day_of_a_month_is_no_year() -> None:
    parts = parts_of("30-Sep")

    assert parts is not None
    assert (parts.year, parts.ordinal) == (None, 9)


@pytest.mark.parametrize(
    "text", ["6月龄", "12月龄", "3月以内", "6月期", "May Life", "March Re", "提前3个月", "Persistency 12M", "中期票据"]
)
def test_a_name_with_a_word_of_periods_in_it_is_no_period(text: str) -> None:
    parts, rest = take_period(plain(text))

    assert not parts.says_period
    assert rest == plain(text)


@pytest.mark.parametrize("text", ["上季度末", "下季度末", "上年度末", "prior quarter-end", "last year end"])
def test_another_quarter_is_not_this_one(text: str) -> None:
    parts, _ = take_period(plain(text))

    assert not parts.says_period
    assert parts.cumulative is None


def _one_column(heading: str) -> bytes:
    return workbook(("实际 单位：万元",), ("指标", "机构", heading), ("标准保费", "北京", 10))


@pytest.mark.parametrize("heading", ["2025年7-9月", "Jul-Sep 2025", "Three months ended 30 September 2025"])
def test_a_column_of_the_months_of_a_quarter_holds_its_values(heading: str) -> None:
    assert facts(inspect(_one_column(heading))) == {"standard_premium|beijing|2025Q3|actual": "100000"}


@pytest.mark.parametrize(
    "heading", ["2025年2-4月", "2025年4-12月", "Three months ended 31 May 2025", "2025Q2-Q4", "Year ended 30 June 2025"]
)
def test_a_column_of_months_that_are_no_period_gives_no_value_and_is_told(heading: str) -> None:
    inspection = inspect(_one_column(heading))

    assert inspection.facts == ()
    assert [(code, cell) for code, cell, _ in errors(inspection)] == [("period_unclear", "C2")]


@pytest.mark.parametrize("heading", ["上季度末", "下季度末", "prior quarter-end", "03/04/2025"])
def test_a_column_of_another_or_an_unclear_day_is_not_of_the_quarter_of_the_title(heading: str) -> None:
    inspection = inspect(
        workbook(("2025年第三季度 实际 单位：万元",), ("指标", "机构", "2025Q3", heading), ("标准保费", "北京", 10, 99))
    )

    assert facts(inspection) == {"standard_premium|beijing|2025Q3|actual": "100000"}
    assert inspection.findings


def test_lengths_head_columns_as_years_to_date() -> None:
    inspection = inspect(
        workbook(("2025年 实际 单位：万元",), ("指标", "机构", "3M", "6M", "9M"), ("标准保费", "北京", 10, 30, 60))
    )

    assert facts(inspection) == {
        "standard_premium|beijing|2025Q1|actual": "100000",
        "standard_premium|beijing|2025Q2|actual": "200000",
        "standard_premium|beijing|2025Q3|actual": "300000",
    }


def test_a_length_among_values_is_told() -> None:
    inspection = inspect(
        workbook(("实际 单位：元",), ("指标", "机构", "2025Q1", "2025Q2"), ("标准保费", "北京", "1.2M", "9M"))
    )

    assert facts(inspection) == {"standard_premium|beijing|2025Q1|actual": "1200000"}
    assert [(code, cell) for code, cell, _ in errors(inspection)] == [("not_a_number", "D3")]


@pytest.mark.parametrize("heading", ["下季度末", "prior quarter-end", "Next quarter"])
def test_an_unknown_line_of_another_quarter_is_listed_without_a_period(heading: str) -> None:
    inspection = inspect(
        workbook(("2025年第三季度 单位：万元",), ("项目", "2025Q3", heading), ("杂项", 10, 9), ("其余", 1, 2))
    )

    assert {reading.cell: reading.period for reading in inspection.readings} == {
        **{"B3": "2025Q3", "B4": "2025Q3"},
        **{"C3": "", "C4": ""},
    }
