"""Headings in several rows, on either axis, in parts: each number gets its measure, org unit, period and scenario."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from kpi.facts import FactKey, Scenario
from kpi.intake.context import IntakeContext
from kpi.intake.inspect import inspect_workbook
from kpi.periods import Period
from tests.kpi.intake.builders import context, errors, facts, inspect, workbook

WIDE = ("指标", "机构", "2026Q1", "2026Q2")
ROW = ("标准保费", "北京", 10, 12)
TITLE = ("2026年实际 单位：万元",)
MONTHS = tuple(f"2026年{month}月" for month in range(1, 7))


def merged(*areas: str) -> Callable[[Any], None]:
    """Merge areas of the sheet."""

    def change(sheet: Any) -> None:
        for area in areas:
            sheet.merge_cells(area)

    return change


def read(expected: dict[str, str], *rows: tuple[object, ...], name: str, **options: Any) -> Any:
    """A case: these rows give exactly these facts, ``beijing|2026Q1|actual`` and the like being of standard premium."""
    return pytest.param(workbook(*rows, **options), expected, id=name)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        read(
            {"beijing|2026Q1|plan": "120000"},
            ("指标", "机构", "年度", "季度", "单位", "实际", "计划"),
            ("标准保费", "北京", 2026, "一季度", "万元", None, 12),
            name="year and quarter in two columns",
        ),
        read(
            {"claims_department|2026Q1|actual": "100000", "claims_department|2026Q1|plan": "120000"},
            ("指标", "公司", "部门", "期间", "单位", "实际", "计划"),
            ("标准保费", "海岳人寿", "理赔部", "2026Q1", "万元", 10, 12),
            name="company and department in two columns",
        ),
        read(
            {f"beijing|2026Q{quarter}|plan": f"{quarter}0000" for quarter in range(1, 5)},
            ("2026年计划 单位：万元",),
            ("指标", "机构", "2026年", "", "", ""),
            ("", "", "一季度", "二季度", "三季度", "四季度"),
            ("标准保费", "北京", 1, 2, 3, 4),
            change=merged("C2:F2"),
            name="quarters below their year",
        ),
        read(
            {"beijing|2026Q1|actual": "10000", "shanghai|2026Q1|actual": "20000"},
            ("机构：总公司",),
            TITLE,
            ("指标", "2026Q1", ""),
            ("", "北京", "上海"),
            ("标准保费", 1, 2),
            change=merged("B3:C3"),
            name="org units below a quarter",
        ),
        read(
            {
                **{"beijing|2026Q1|actual": "100000", "beijing|2026Q2|actual": "120000"},
                **{"beijing|2026Q1|plan": "30000", "beijing|2026Q2|plan": "40000"},
            },
            ("单位：万元",),
            ("", "", "实际", "", "计划", ""),
            (*WIDE, "2026Q1", "2026Q2"),
            (*ROW, 3, 4),
            change=merged("C2:D2", "E2:F2"),
            name="scenarios above the quarters",
        ),
        read(
            {"beijing|2026Q1|actual": "10000", "shanghai|2026Q1|actual": "20000"},
            ("指标", "期间", "情景", "单位", "北京", "上海"),
            ("标准保费", "2026Q1", "实际", "万元", 1, 2),
            name="org units across a long table",
        ),
        read(
            {"beijing|2026|plan": "100000", "beijing|2026Q1|actual": "120000", "beijing|2026Q2|actual": "90000"},
            TITLE,
            ("指标", "机构", "2026年目标", *WIDE[2:]),
            (*ROW, 9),
            name="the year's plan left of the quarters",
        ),
        read(
            {"beijing|2026Q1|actual": "100000", "beijing|2026Q1|plan": "80000"},
            ("指标", "机构", "2026Q1实际(万元)", "26Q1 计划（万元）"),
            ("标准保费", "北京", 10, 8),
            name="period, scenario and unit in one heading",
        ),
        read(
            {"beijing|2026Q1|actual": "60000", "beijing|2026Q2|actual": "150000"},
            TITLE,
            ("指标", "机构", *MONTHS),
            ("标准保费", "北京", 1, 2, 3, 4, 5, 6),
            name="months add up",
        ),
        read(
            {"beijing|2026Q1|actual": "60000"},
            TITLE,
            ("指标", "机构", date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)),
            ("标准保费", "北京", 1, 2, 3),
            name="last days of months add up",
        ),
        read(
            {"beijing|2026Q1|actual": "100000", "shanghai|2026Q1|actual": "110000"},
            ("标准保费  2026年一季度实际", "", "单位：万元"),
            ("机构", "金额"),
            ("北京", 10),
            ("上海", 11),
            title="标准保费",
            name="a sheet for one measure, the quarter in its title",
        ),
        read(
            {"beijing|2026Q1|actual": "100000", "beijing|2026Q2|actual": "120000"},
            ("北京分公司 单位：万元 实际",),
            ("期间", "标准保费"),
            ("2026年一季度", 10),
            ("2026年二季度", 12),
            name="quarters down, measures across",
        ),
        read(
            {"beijing|2026Q1|actual": "100000", "shanghai|2026Q1|actual": "110000"},
            TITLE,
            ("指标", "机构", "2026Q1"),
            ("标准保费", "北京", 10),
            ("", "上海", 11),
            name="a label in the first row of its group only",
        ),
        read(
            {"beijing|2026Q1|actual": "100000", "shanghai|2026Q1|actual": "110000"},
            TITLE,
            ("指标", "2026Q1"),
            ("北京分公司",),
            ("标准保费", 10),
            (),
            ("上海分公司",),
            ("标准保费", 11),
            name="org units as headings of sections",
        ),
    ],
)
def test_headings_are_put_together_from_wherever_they_stand(content: bytes, expected: dict[str, str]) -> None:
    inspection = inspect(content)

    assert facts(inspection) == {f"standard_premium|{key}": value for key, value in expected.items()}
    assert errors(inspection) == []


def test_tables_side_by_side_are_read_apart() -> None:
    inspection = inspect(
        workbook(
            TITLE,
            ("指标", "机构", "2026Q1", "", "指标", "机构", "2026Q2"),
            ("标准保费", "北京", 10, None, "公司总费用", "北京", 11),
        )
    )

    assert facts(inspection) == {
        "standard_premium|beijing|2026Q1|actual": "100000",
        "company_expense|beijing|2026Q2|actual": "110000",
    }


@pytest.mark.parametrize(
    ("rows", "cell"),
    [
        ([("2026年累计实际 单位：万元",), WIDE, ROW], "A1"),
        ([TITLE, WIDE, ROW, ("注：以上为年初至今数",)], "A4"),
        ([TITLE, ("指标", "机构", "2026Q1", "2026年上半年"), ROW], None),
    ],
)
def test_a_year_to_date_is_taken_apart_and_told(rows: list[tuple[object, ...]], cell: str | None) -> None:
    inspection = inspect(workbook(*rows))

    assert facts(inspection) == {
        "standard_premium|beijing|2026Q1|actual": "100000",
        "standard_premium|beijing|2026Q2|actual": "20000",
    }
    assert [(item.code, item.cell) for item in inspection.findings] == ([("year_to_date", cell)] if cell else [])
    assert inspection.facts[-1].origin.conversions[-1].startswith("year to date - ")


def test_a_year_to_date_needs_the_quarters_before_from_the_workbook_or_the_approved_data() -> None:
    content = workbook(("2026年实际 单位：万元",), ("指标", "机构", "2026年1-6月"), ROW[:3])
    first = FactKey(
        measure="standard_premium", org_unit="beijing", period=Period.quarter(2026, 1), scenario=Scenario.ACTUAL
    )
    known: IntakeContext = context()
    knowing = IntakeContext(known.catalogue, known.organisation, known.calendar, known.today, {first: Decimal(30_000)})

    assert [code for code, _, _ in errors(inspect(content))] == ["cumulative_alone"]
    assert facts(inspect_workbook(content, "half.xlsx", knowing)) == {"standard_premium|beijing|2026Q2|actual": "70000"}


def test_a_stock_is_never_taken_apart_and_a_ratio_is_left_out() -> None:
    rows = [("有效人力", "北京", 10, 12), ("赔付率", "北京", "61%", "62%")]
    inspection = inspect(workbook(("2026年累计实际 单位：人",), WIDE, *rows))

    assert all(fact.key.measure != "risk_loss_ratio" for fact in inspection.facts)
    assert "cumulative_ratio" in [item.code for item in inspection.findings]


def test_part_of_a_quarters_months_gives_no_value_and_says_so() -> None:
    content = workbook(
        ("2025年实际 单位：万元",),
        ("指标", "机构", date(2025, 1, 31), date(2025, 2, 28), date(2025, 3, 31)),
        ("标准保费", "北京", None, None, 5),
    )
    inspection = inspect(content)

    assert inspection.facts == ()
    assert [(item.code, item.cell) for item in inspection.findings] == [("quarter_incomplete", "E2")]


def test_a_table_of_unknown_measures_is_listed_with_its_labels_periods_and_values() -> None:
    inspection = inspect(
        workbook(
            ("某省保险业经营情况 2026年9月 单位：亿元",),
            ("项目", "本年累计", "", "同比增长"),
            ("", "财产险", "人身险", ""),
            ("某种收入", 1.5, 2, "3.5%"),
            ("某种支出", 1, 0.5, "-1%"),
            change=merged("B2:C2"),
        )
    )

    assert errors(inspection) == []
    listed = [
        (reading.cell, reading.label, reading.period, reading.cumulative, reading.scenario, str(reading.value))
        for reading in inspection.readings[:3]
    ]
    assert listed == [
        ("B4", "某种收入 / 财产险", "2026-09", True, "actual", "150000000.0"),
        ("C4", "某种收入 / 人身险", "2026-09", True, "actual", "200000000"),
        ("D4", "某种收入", "2026-09", False, "growth", "0.035"),
    ]


def test_a_range_from_january_is_no_year_to_date_where_the_year_begins_in_april() -> None:
    content = workbook(("2026年实际 单位：万元",), ("指标", "机构", "1-3月", "1-6月"), ROW)

    assert facts(inspect(content))["standard_premium|beijing|2026Q2|actual"] == "20000"
    assert {code for code, _, _ in errors(inspect(content, first_month=4))} == {"fiscal_year_differs"}


def test_months_are_those_of_the_calendar_wherever_the_fiscal_year_begins() -> None:
    content = workbook(TITLE, ("指标", "机构", "2026年4月", "2026年5月", "2026年6月"), ("标准保费", "北京", 1, 2, 3))

    assert list(facts(inspect(content, first_month=4))) == ["standard_premium|beijing|2026Q1|actual"]
