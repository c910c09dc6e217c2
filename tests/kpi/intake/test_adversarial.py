"""Workbooks that tempt the reader to take a wrong number: it takes none, or the workbook is refused."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.kpi.intake.builders import LONG_ZH, facts, inspect, workbook

T = ("2026年实际 单位：万元",)
HEAD = ("指标", "机构", "2026Q1")
WIDE = (*HEAD, "2026Q2")
ONE = ("标准保费", "北京", 10)
TWO = (*ONE, 22)
Q1 = {"standard_premium|beijing|2026Q1|actual": "100000"}
BOTH = {**Q1, "standard_premium|beijing|2026Q2|actual": "120000"}
EXPENSE = "company_expense|beijing|2026Q1|actual"


def merged(*areas: str) -> Callable[[Any], None]:
    """Merge areas of the sheet."""

    def change(sheet: Any) -> None:
        for area in areas:
            sheet.merge_cells(area)

    return change


def trap(name: str, true: dict[str, str], *rows: tuple[object, ...], **options: Any) -> Any:
    """A case: of these rows nothing but ``true`` may be taken."""
    return pytest.param(workbook(*rows, **options), true, id=name)


@pytest.mark.parametrize(
    ("content", "true"),
    [
        trap("currency in a line", {}, ("币种：港币", "单位：万元 2026年实际"), HEAD, ONE),
        trap("currency in the title", {}, ("2026年实际（港币） 单位：万元",), HEAD, ONE),
        trap(
            "currency in a column",
            {},
            ("指标", "机构", "期间", "币种", "单位", "实际", "计划"),
            ("标准保费", "北京", "2026Q1", "美元", "万元", 10, None),
        ),
        trap(
            "men and women",
            {},
            ("2026年实际 单位：人",),
            ("指标", "性别", "机构", "2026Q1"),
            ("在册人数", "男", "北京", 10),
            ("在册人数", "女", "上海", 10),
        ),
        trap(
            "channel",
            {},
            T,
            ("指标", "渠道", *HEAD[1:]),
            ("标准保费", "个险", *ONE[1:]),
            ("标准保费", "银保", "北京", 6),
        ),
        trap("channel to the right", {}, T, (*HEAD, "渠道"), (*ONE, "个险"), ("标准保费", "上海", 11, "银保")),
        trap("of which", Q1, T, HEAD, ONE, ("其中：个险", "北京", 4), ("　　银保", "北京", 6)),
        trap("of which, across", Q1, T, (*HEAD, "其中：个险"), (*ONE, 4)),
        trap(
            "parts below the quarter",
            {},
            T,
            (*HEAD, "", ""),
            ("", "", "个险", "银保", "合计"),
            ("标准保费", "北京", 4, 6, 10),
            change=merged("C2:E2"),
        ),
        trap("a column of percent", Q1, T, (*HEAD, "%"), (*ONE, 20)),
        trap("a share beside money", Q1, T, (*HEAD, "占比"), (*ONE, "20%")),
        trap(
            "rank below the quarter",
            Q1,
            T,
            (*HEAD, ""),
            ("", "", "金额", "排名"),
            (*ONE, 1),
            change=merged("C2:D2"),
        ),
        trap("no heading over a rate", Q1, T, (*HEAD, ""), (*ONE, 0.2)),
        trap("a value too many", Q1, T, HEAD, (*ONE, 15)),
        trap("a row shifted", Q1, T, HEAD, ONE, ("", "公司总费用", "北京", 10)),
        trap("merged across quarters", {}, T, WIDE, ("标准保费", "北京", 32, None), change=merged("C3:D3")),
        trap(
            "unit unlike the line's, in the name",
            {EXPENSE: "200000000"} | Q1,
            T,
            HEAD,
            ONE,
            ("公司总费用（亿元）", "北京", 2),
        ),
        trap(
            "units below the quarters",
            Q1 | {"standard_premium|beijing|2026Q2|actual": "2200000000"},
            ("2026年实际",),
            WIDE,
            ("", "", "万元", "亿元"),
            TWO,
        ),
        trap("a unit line in the middle", {}, T, HEAD, ONE, ("单位：亿元",), ("公司总费用", "北京", 2)),
        trap("dollars", {}, ("2026年实际 单位：万美元",), HEAD, ONE),
        trap(
            "last year's columns",
            Q1 | {"standard_premium|beijing|2025Q1|actual": "90000"},
            T,
            (*HEAD, "2025Q1"),
            (*ONE, 9),
        ),
        trap("last year beside", Q1, ("2026Q1 单位：万元",), ("指标", "机构", "实际", "上年同期"), (*ONE, 9)),
        trap("year before, in a section", Q1, T, HEAD, ONE, ("上年同期",), ("公司总费用", "北京", 12)),
        trap(
            "a plan, in a section",
            Q1 | {"company_expense|beijing|2026Q1|plan": "120000"},
            T,
            HEAD,
            ONE,
            ("计划：",),
            ("公司总费用", "北京", 12),
        ),
        trap("year to date in a title", BOTH, ("2026年累计实际 单位：万元",), WIDE, TWO),
        trap("year to date in a note", BOTH, T, WIDE, TWO, ("注：以上为累计数",)),
        trap(
            "year to date in a remark",
            BOTH,
            (*LONG_ZH, "备注"),
            ("标准保费", "北京", "2026Q1", "万元", 10, None, ""),
            ("标准保费", "北京", "2026Q2", "万元", 22, None, "累计数"),
        ),
        trap(
            "the days up to which flows run",
            BOTH,
            T,
            ("指标", "机构", "截至2026年3月31日", "截至2026年6月30日"),
            TWO,
        ),
        trap(
            "months as text",
            {"standard_premium|beijing|2026Q1|actual": "60000"},
            T,
            ("指标", "机构", "2026-01-31", "2026-02-28", "2026-03-31"),
            ("标准保费", "北京", 1, 2, 3),
        ),
        trap("only the last month", {}, T, ("指标", "机构", "2026年3月"), ONE),
        trap(
            "this year beside this quarter",
            Q1,
            ("2026Q1 单位：万元 实际",),
            ("指标", "机构", "本季", "本年累计"),
            (*ONE, 10),
        ),
        trap(
            "years that count policies",
            {f"policies_issued|beijing|2026Q{q}|actual": f"{2023 + q}" for q in (1, 2, 3)},
            ("2026年实际",),
            (*WIDE, "2026Q3"),
            ("承保件数", "北京", 2024, 2025, 2026),
        ),
        trap("numbers in a note", Q1, T, HEAD, ONE, ("注：本期较上年增长", 5, "亿元")),
        trap("numbers above", Q1, ("汇率", 7.1), T, HEAD, ONE),
        trap("totals first", {**Q1, EXPENSE: "30000"}, T, HEAD, ("合计", "", 13), ONE, ("公司总费用", "北京", 3)),
        trap("a total of branches", Q1, T, HEAD, ONE, ("标准保费", "合计", 30)),
        trap("a total to the right", Q1, ("2026Q1实际 单位：万元",), ("指标", "北京", "合计"), ("标准保费", 10, 30)),
        trap("plan and actual in one title", {}, ("2026年预算执行情况 单位：万元",), HEAD, ONE),
        trap("forecast", {}, ("2026年预测 单位：万元",), HEAD, ONE),
        trap(
            "two branches in a title", {}, ("北京、上海 2026年实际 单位：万元",), ("指标", "2026Q1"), ("标准保费", 10)
        ),
        trap("another branch", {}, T, HEAD, ("标准保费", "北京同业", 10), ("标准保费", "除北京外", 10)),
        trap("dollars in a cell", Q1, LONG_ZH, ("标准保费", "北京", "2026Q1", "万元", 10, "$12")),
        trap("percent of money", {}, LONG_ZH, ("标准保费", "北京", "2026Q1", "万元", "10%", None)),
        trap("growth in percent", Q1, T, (*HEAD, "2026Q2(%)"), (*ONE, 20)),
        trap(
            "two units, one for each column",
            Q1 | {"standard_premium|beijing|2026Q1|plan": "2000000000"},
            ("指标", "机构", "期间", "单位", "实际", "单位", "计划"),
            ("标准保费", "北京", "2026Q1", "万元", 10, "亿元", 20),
        ),
        trap(
            "months and quarters that disagree",
            {},
            ("指标", "机构", "季度", "月份", "单位", "实际", "计划"),
            *(("标准保费", "北京", "2026Q2", f"{month}月", "万元", month, None) for month in (1, 2, 3)),
        ),
        trap(
            "month, quarter, year",
            {"standard_premium|beijing|2026Q2|actual": "100000"},
            ("2026年二季度 单位：万元",),
            ("指标", "机构", "本月", "本季", "本年"),
            ("标准保费", "北京", 4, 10, 30),
        ),
        trap(
            "a serial number with a gap below a title",
            {"claims_paid|beijing|2026Q1|actual": "100000", "claims_paid|beijing|2026Q2|actual": "120000"}
            | {"claims_paid|shanghai|2026Q1|actual": "50000", "claims_paid|shanghai|2026Q2|actual": "40000"},
            ("本年累计实际数",),
            ("序号", "指标", "机构", "单位", "2026Q1", "2026Q2"),
            (1, "赔付支出", "北京", "万元", 10, 22),
            (),
            (4, "赔付支出", "上海", "万元", 5, 9),
        ),
    ],
)
def test_no_decoy_is_taken_for_a_value(content: bytes, true: dict[str, str]) -> None:
    inspection = inspect(content)

    assert inspection.refused or facts(inspection) == true
