"""Several tables in a workbook: each is read by its own lines, or the workbook is refused."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from openpyxl import Workbook

from tests.kpi.intake.builders import facts, inspect, saved, workbook

T = ("2026年实际 单位：万元",)
HEAD = ("指标", "机构", "2026Q1")
WIDE = (*HEAD, "2026Q2")
ONE = ("标准保费", "北京", 10)
TWO = (*ONE, 22)
Q1 = {"standard_premium|beijing|2026Q1|actual": "100000"}
BOTH = {**Q1, "standard_premium|beijing|2026Q2|actual": "120000"}
EXPENSE = "company_expense|beijing|2026Q1|actual"


def sheets(pages: Mapping[str, Sequence[tuple[object, ...]]]) -> bytes:
    """A workbook of several sheets."""
    book = Workbook()
    book.remove(book["Sheet"])
    for name, rows in pages.items():
        sheet: Any = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    return saved(book)


def trap(name: str, true: dict[str, str], *rows: tuple[object, ...], **options: Any) -> Any:
    """A case: of these rows nothing but ``true`` may be taken."""
    return pytest.param(workbook(*rows, **options), true, id=name)


@pytest.mark.parametrize(
    ("content", "true"),
    [
        trap(
            "side by side, a title each",
            {"standard_premium|beijing|2026Q1|actual": "100000", "company_expense|shanghai|2026Q1|actual": "110000"},
            ("北京 2026年实际 单位：万元", "", "", "上海 2026年实际 单位：万元"),
            ("指标", "2026Q1", "", "指标", "2026Q1"),
            ("标准保费", 10, None, "公司总费用", 11),
        ),
        trap("a second table of a channel", Q1, T, HEAD, ONE, (), ("个险渠道",), HEAD, ("公司总费用", "北京", 4)),
        trap(
            "side by side, a year each",
            {**Q1, "company_expense|beijing|2025Q1|actual": "110000"},
            ("2026年实际 单位：万元", "", "", "", "2025年实际 单位：万元"),
            ("指标", "机构", "一季度", "", "指标", "机构", "一季度"),
            ("标准保费", "北京", 10, None, "公司总费用", "北京", 11),
        ),
        trap(
            "side by side, a unit each",
            {**Q1, EXPENSE: "1100000000"},
            ("2026年实际 单位：万元", "", "", "", "2026年实际 单位：亿元"),
            ("指标", "机构", "一季度", "", "指标", "机构", "一季度"),
            ("标准保费", "北京", 10, None, "公司总费用", "北京", 11),
        ),
        trap(
            "side by side, actual and plan",
            {**Q1, "company_expense|beijing|2026Q1|plan": "110000"},
            ("2026年实际 单位：万元", "", "", "", "2026年计划 单位：万元"),
            ("指标", "机构", "一季度", "", "指标", "机构", "一季度"),
            ("标准保费", "北京", 10, None, "公司总费用", "北京", 11),
        ),
        trap(
            "a second table in another unit",
            {**Q1, "company_expense|beijing|2026Q1|actual": "100000000"},
            T,
            HEAD,
            ONE,
            (),
            ("2026年实际 单位：亿元",),
            HEAD,
            ("公司总费用", "北京", 1),
        ),
        trap(
            "a second table of another year",
            {**Q1, "standard_premium|beijing|2025Q1|actual": "80000"},
            T,
            ("指标", "机构", "一季度"),
            ONE,
            (),
            ("2025年实际 单位：万元",),
            ("指标", "机构", "一季度"),
            ("标准保费", "北京", 8),
        ),
        trap(
            "a second table of plans",
            {**Q1, "standard_premium|beijing|2026Q1|plan": "80000"},
            T,
            HEAD,
            ONE,
            (),
            ("2026年计划 单位：万元",),
            HEAD,
            ("标准保费", "北京", 8),
        ),
        trap(
            "headings again in another order",
            {**Q1, "standard_premium|beijing|2026Q2|actual": "220000", EXPENSE: "20000"}
            | {"company_expense|beijing|2026Q2|actual": "10000"},
            T,
            WIDE,
            TWO,
            ("指标", "机构", "2026Q2", "2026Q1"),
            ("公司总费用", "北京", 1, 2),
        ),
        trap(
            "headings again on the next page",
            {**Q1, "standard_premium|beijing|2026Q2|actual": "220000", EXPENSE: "10000"}
            | {"company_expense|beijing|2026Q2|actual": "20000"},
            T,
            WIDE,
            TWO,
            WIDE,
            ("公司总费用", "北京", 1, 2),
        ),
        pytest.param(
            sheets({"实际": [("单位：万元",), HEAD, ONE], "计划": [("单位：万元",), HEAD, ("标准保费", "北京", 12)]}),
            {**Q1, "standard_premium|beijing|2026Q1|plan": "120000"},
            id="sheets of actual and plan",
        ),
        pytest.param(
            sheets(
                {
                    "2026年": [("实际 单位：万元",), ("指标", "机构", "一季度"), ONE],
                    "2025年": [("实际 单位：万元",), ("指标", "机构", "一季度"), ("标准保费", "北京", 9)],
                }
            ),
            {**Q1, "standard_premium|beijing|2025Q1|actual": "90000"},
            id="sheets of two years",
        ),
    ],
)
def test_no_table_is_read_by_the_lines_of_another(content: bytes, true: dict[str, str]) -> None:
    inspection = inspect(content)

    assert inspection.refused or facts(inspection) == true
