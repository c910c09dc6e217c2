"""Workbooks in the habits of finance people: what is not said plainly is refused or told, never guessed."""

from collections.abc import Callable
from typing import Any

import pytest
from openpyxl import Workbook

from tests.kpi.intake.builders import LONG_EN, LONG_ZH, errors, facts, inspect, saved, workbook

PREMIUM = ("标准保费", "北京", "2026Q1", "万元", 10, 12)
WIDE = ("指标", "机构", "2026Q1", "2026Q2")
ROW = ("标准保费", "北京", 10, 12)
TITLE = ("2026年实际 单位：万元",)


def merged(*areas: str) -> Callable[[Any], None]:
    """Merge areas of the sheet."""

    def change(sheet: Any) -> None:
        for area in areas:
            sheet.merge_cells(area)

    return change


def shown(cell: str, number_format: str) -> Callable[[Any], None]:
    """Give a cell a number format."""

    def change(sheet: Any) -> None:
        sheet[cell].number_format = number_format

    return change


def refused(code: str, cell: str, *rows: tuple[object, ...], name: str, **options: Any) -> Any:
    """A case: these rows give exactly this finding."""
    return pytest.param(workbook(*rows, **options), code, cell, id=name)


@pytest.mark.parametrize(
    ("content", "code", "cell"),
    [
        refused("column_twice", "G1", (*LONG_ZH, "实际"), (*PREMIUM, 99), name="two columns of actual values"),
        refused("scenario_unclear", "C2", ("2026年预算执行情况 单位：万元",), WIDE, ROW, name="execution of a budget"),
        refused("scenario_unclear", "C2", ("计划财务部 单位：万元",), WIDE, ROW, name="planning department"),
        refused(
            "units_disagree",
            "D2",
            LONG_ZH,
            ("标准保费（亿元）", *PREMIUM[1:]),
            name="unit in the name and in its column",
        ),
        refused(
            "units_disagree",
            "D2",
            ("指标", "机构", "期间", "单位", "实际（亿元）", "计划"),
            PREMIUM,
            name="unit in the heading and in its column",
        ),
        refused("units_disagree", "E2", LONG_ZH, (*PREMIUM[:4], "1.2万", 12), name="1.2万 in a row of 万元"),
        refused("units_disagree", "E2", LONG_ZH, PREMIUM, change=shown("E2", '0.0"亿元"'), name="format says 亿元"),
        refused("format_hides_digits", "E2", LONG_ZH, PREMIUM, change=shown("E2", "#,##0.0,"), name="format divides"),
        refused("unit_conflict", "E2", LONG_ZH, PREMIUM, change=shown("E2", '"$"#,##0'), name="dollars by format"),
        refused("not_a_number", "E2", LONG_ZH, (*PREMIUM[:4], "$10", 12), name="dollars in text"),
        refused("unit_line_unclear", "A1", ("实际 单位：万元、亿元",), WIDE, ROW, name="two units of one kind"),
        refused("unit_line_unclear", "A4", TITLE, WIDE, ROW, ("注：单位为亿元",), name="another unit below"),
        refused(
            "unit_line_unclear",
            "A1",
            ("Actual, unit: thousands",),
            ("KPI", "Org unit", "2026Q1", "2026Q2"),
            ("Policies issued", "Beijing", 10, 11),
            name="counts in thousands",
        ),
        refused("unit_missing", "A3", ("2026年实际",), WIDE, ROW, (*ROW[:1], "上海", 1, 2), name="unit, told once"),
        refused(
            "merged_number", "F2", LONG_ZH, PREMIUM, PREMIUM, change=merged("F2:F3", "A3:E3"), name="merged number"
        ),
        refused("unknown_org_unit", "A1", ("机构：西藏分公司 单位：万元 实际",), WIDE[::2], ROW[::2], name="org unit"),
        refused(
            "org_units_disagree",
            "A1",
            ("上海分公司实际 单位：万元",),
            ("指标", *WIDE[2:]),
            ("标准保费", 1, 2),
            title="北京",
            name="title and sheet name two branches",
        ),
        refused(
            "org_unit_unclear",
            "B2",
            TITLE,
            ("指标", *WIDE[2:]),
            ("标准保费", 1, 2),
            title="财务",
            name="sheet named after a perspective",
        ),
        refused(
            "labels_disagree",
            "B3",
            TITLE,
            ("编码", *WIDE),
            ("standard_premium", "承保件数", *ROW[1:]),
            name="code and name, wide",
        ),
    ],
)
def test_what_is_not_plain_is_one_finding_at_its_cell(content: bytes, code: str, cell: str) -> None:
    assert [(found[0], found[1]) for found in errors(inspect(content))] == [(code, cell)]


@pytest.mark.parametrize("text", ["100²", "100①", "⑴", "12\n130", "120 130", "1" * 40])
def test_footnote_marks_and_two_numbers_in_a_cell_are_no_number(text: str) -> None:
    assert errors(inspect(workbook(LONG_ZH, (*PREMIUM[:4], text, 12)))) == [("not_a_number", "E2", text)]


@pytest.mark.parametrize(
    ("rows", "code", "cell"),
    [
        ([(*LONG_ZH, "本年累计"), (*PREMIUM, 99)], "column_not_read", "G1"),
        ([("指标", "权重", *LONG_ZH[1:]), ("标准保费", 0.3, *PREMIUM[1:])], "derived_column", "B1"),
        ([("汇率", 7.1), TITLE, WIDE, ROW], "numbers_outside", "B1"),
        ([LONG_ZH, ("标准保费", "北京", "2026Q4", "万元", 10, 12)], "quarter_unfinished", "C2"),
        ([LONG_ZH, ("赔付率", "北京", "2026", "%", None, 0.85)], "share_looks_wrong", "F2"),
    ],
)
def test_what_a_person_would_notice_is_told(rows: list[tuple[object, ...]], code: str, cell: str) -> None:
    inspection = inspect(workbook(*rows))

    assert [(item.code, item.cell) for item in inspection.findings] == [(code, cell)]
    assert inspection.facts


def test_tables_below_each_other_are_each_read_by_their_own_headings_and_lines() -> None:
    inspection = inspect(
        workbook(
            LONG_ZH,
            PREMIUM,
            (),
            ("指标", "机构", "期间", "单位", "计划", "实际"),
            ("公司总费用", "北京", "2026Q1", "万元", 5, 6),
            (),
            ("承保情况，计划", "", "单位：万件"),
            WIDE,
            ("承保件数", "北京", 1, 2),
        )
    )

    assert inspection.findings == ()
    assert facts(inspection) == {
        "standard_premium|beijing|2026Q1|actual": "100000",
        "standard_premium|beijing|2026Q1|plan": "120000",
        "company_expense|beijing|2026Q1|plan": "50000",
        "company_expense|beijing|2026Q1|actual": "60000",
        "policies_issued|beijing|2026Q1|plan": "10000",
        "policies_issued|beijing|2026Q2|plan": "20000",
    }


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(
            workbook(("机构：北京分公司　　单位：万元　实际",), ("指标", "2026Q1"), ("标准保费", 10)), id="one line"
        ),
        pytest.param(
            workbook(("单位：", "万元"), ("机构：", "北京"), ("实际",), ("指标", "2026Q1"), ("标准保费", 10)),
            id="in the next cell",
        ),
        pytest.param(
            workbook(("实际",), ("指标", "机构", "2026Q1", "单位"), ("标准保费", "北京", 10, "万元")), id="right"
        ),
        pytest.param(workbook(("实际",), WIDE, ROW[:3], ("单位：万元",)), id="below"),
        pytest.param(
            workbook(TITLE, WIDE, ROW[:3], ("说明：计划数另见",), ("制表：张三", "", "审核：李四")), id="notes"
        ),
        pytest.param(workbook(TITLE, ("指标（亿元）", *WIDE[1:]), ("标准保费", "北京", "0.001")), id="heading first"),
        pytest.param(
            workbook(
                LONG_EN, ("Standard premium", "Beijing", "2026Q1", "10k yuan", 10), ("Prepared by", "", "", "", "A")
            ),
            id="signature below a long table",
        ),
    ],
)
def test_units_org_units_and_notes_stand_where_people_put_them(content: bytes) -> None:
    inspection = inspect(content)

    assert facts(inspection) == {"standard_premium|beijing|2026Q1|actual": "100000"}
    assert inspection.findings == ()


def test_every_sheet_of_actual_or_plan_is_read_by_its_own_name() -> None:
    book = Workbook()
    for title in ("实际", "计划"):
        sheet: Any = book.create_sheet(title)
        for row in (("单位：万元",), WIDE, ROW):
            sheet.append(row)

    assert {str(fact.key.scenario) for fact in inspect(saved(book)).facts} == {"actual", "plan"}


def test_amounts_that_follow_like_years_are_no_header() -> None:
    inspection = inspect(workbook(("实际",), WIDE, ("承保件数", "北京", 2019, 2020), ("结案件数", "北京", 1, 2)))

    assert len(inspection.facts) == 4
    assert inspection.findings == ()
