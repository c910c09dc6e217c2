"""One fault in a workbook is one finding, at the right cell, and nothing else."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.kpi.intake.builders import beginning, demo_inspection, demo_with, errors, facts, inspect

WIDE, LONG_EN, LONG_ZH = "01_branches_wide_zh.xlsx", "02_claims_and_service_long_en.xlsx", "03_head_office_long_zh.xlsx"
PLAN, TEMPLATE, SCENARIO = "04_annual_plan_2026_zh.xlsx", "05_template_2026Q3_en.xlsx", "06_restatement_long_en.xlsx"


def put(cell: str, value: object) -> Callable[[Any], None]:
    """Write ``value`` into a cell."""

    def change(sheet: Any) -> None:
        sheet[cell] = value

    return change


def without(column: int) -> Callable[[Any], None]:
    """Delete a column."""

    def change(sheet: Any) -> None:
        sheet.delete_cols(column)

    return change


def repeat(row: int) -> Callable[[Any], None]:
    """Write a row once more at the end."""

    def change(sheet: Any) -> None:
        sheet.append([cell.value for cell in sheet[row]])

    return change


def another_value(sheet: Any) -> None:
    """Write row 10 once more at the end, with another actual value."""
    sheet.append([*(cell.value for cell in sheet[10][:4]), 1])


def unsaid(sheet: Any) -> None:
    """Neither title nor sheet name speaks of a plan."""
    sheet.title, sheet["A1"] = "年度", "海岳人寿 2026年度"


@pytest.mark.parametrize(
    ("file", "change", "code", "cell"),
    [
        pytest.param(LONG_EN, without(6), "missing_column", "A3", id="plan column removed, long English"),
        pytest.param(LONG_ZH, without(6), "missing_column", "A4", id="plan column removed, long Chinese"),
        pytest.param(TEMPLATE, without(9), "missing_column", "A4", id="plan column removed, template"),
        pytest.param(LONG_EN, put("E10", "twelve"), "not_a_number", "E10", id="text for a number, long"),
        pytest.param(LONG_ZH, put("E10", "待定"), "not_a_number", "E10", id="text for a number, Chinese"),
        pytest.param(WIDE, put("E10", "约三亿"), "not_a_number", "E10", id="text for a number, wide"),
        pytest.param(PLAN, put("D6", "tbd"), "not_a_number", "D6", id="text for a number, annual plan"),
        pytest.param(TEMPLATE, put("H10", "n.a.?"), "not_a_number", "H10", id="text for a number, template"),
        pytest.param(LONG_EN, repeat(10), "duplicate_row", "A41", id="row twice, long"),
        pytest.param(WIDE, repeat(10), "duplicate_row", "A41", id="row twice, wide"),
        pytest.param(TEMPLATE, repeat(10), "duplicate_row", "A41", id="row twice, template"),
        pytest.param(PLAN, repeat(6), "duplicate_row", "A14", id="row twice, annual plan"),
        pytest.param(LONG_EN, put("A10", "Bonus of the year"), "unknown_measure", "A10", id="unknown KPI, long"),
        pytest.param(WIDE, put("A10", "神秘指标"), "unknown_measure", "A10", id="unknown KPI, wide"),
        pytest.param(TEMPLATE, put("A10", "no_such_code"), "unknown_measure", "A10", id="unknown KPI, template"),
        pytest.param(TEMPLATE, put("B10", "Claims paid"), "labels_disagree", "B10", id="name of another KPI, template"),
        pytest.param(LONG_EN, put("C10", "Q5 2024"), "unknown_period", "C10", id="no such quarter, long"),
        pytest.param(LONG_ZH, put("C10", "2024年五季度"), "unknown_period", "C10", id="no such quarter, Chinese"),
        pytest.param(LONG_EN, put("C10", "Q3 2027"), "actual_in_future", "C10", id="quarter to come, long"),
        pytest.param(TEMPLATE, put("E10", "2026Q7"), "unknown_period", "E10", id="no such quarter, template"),
        pytest.param(PLAN, put("D4", "2062年度"), "implausible_period", "D4", id="year mistyped, annual plan"),
        pytest.param(WIDE, put("E3", "2020年第1季度"), "duplicate_column", "E3", id="quarter named twice, wide"),
        pytest.param(WIDE, put("E3", "2020年第9季度"), "unknown_period", "E3", id="no such quarter, wide"),
        pytest.param(LONG_EN, put("B10", "Tibet branch"), "unknown_org_unit", "B10", id="unknown org unit"),
        pytest.param(LONG_ZH, put("D10", "两"), "unknown_unit", "D10", id="unknown unit"),
        pytest.param(LONG_EN, put("D10", "days"), "unit_conflict", "D10", id="unit of another kind"),
        pytest.param(LONG_EN, put("E10", "#DIV/0!"), "error_value", "E10", id="error value"),
        pytest.param(LONG_EN, put("E10", "=1+1"), "formula_not_calculated", "E10", id="formula without its result"),
        pytest.param(LONG_EN, put("A10", None), "label_missing", "A10", id="label missing"),
        pytest.param(LONG_EN, put("C10", None), "label_missing", "C10", id="period missing"),
        pytest.param(LONG_EN, put("C10", "Q1 2020"), "duplicate_row", "A10", id="quarter of another row"),
        pytest.param(LONG_EN, another_value, "duplicate_row", "A41", id="row twice with another value"),
        pytest.param(LONG_EN, put("E3", "Actaul"), "heading_unknown", "E3", id="heading misspelt, long"),
        pytest.param(LONG_EN, put("E3", None), "heading_unknown", "E3", id="heading empty, long"),
        pytest.param(LONG_ZH, put("E4", "本期实祭"), "heading_unknown", "E4", id="heading misspelt, Chinese"),
        pytest.param(WIDE, put("C4", "实祭"), "heading_unknown", "C4", id="scenario misspelt, wide"),
        pytest.param(WIDE, put("C3", None), "unknown_period", "C3", id="first quarter's heading empty, wide"),
        pytest.param(WIDE, put("E3", None), "unknown_period", "E3", id="quarter's heading empty, wide"),
        pytest.param(WIDE, put("A2", None), "unit_missing", "A5", id="unit line removed, wide"),
        pytest.param(SCENARIO, put("F3", "Valeu"), "heading_unknown", "F3", id="value heading misspelt"),
        pytest.param(SCENARIO, put("D4", "perhaps"), "scenario_unclear", "D4", id="no such scenario"),
        pytest.param(PLAN, unsaid, "scenario_unclear", "D4", id="actual or plan unsaid"),
    ],
)
def test_one_fault_is_one_finding_at_its_cell(file: str, change: Callable[[Any], None], code: str, cell: str) -> None:
    inspection = inspect(demo_with(file, change))

    assert [(code, cell)] == [(found[0], found[1]) for found in errors(inspection)]
    assert inspection.refused


@pytest.mark.parametrize(
    ("file", "cell", "heading"),
    [(LONG_ZH, "D4", "单立"), (TEMPLATE, "E4", "Preiod"), (WIDE, "B3", "机沟"), (PLAN, "C4", "单立")],
)
def test_a_misspelt_heading_over_labels_is_told_and_read_by_what_stands_below(
    file: str, cell: str, heading: str
) -> None:
    inspection = inspect(demo_with(file, put(cell, heading)))

    assert [(item.code, item.cell, item.found) for item in inspection.findings] == [
        ("heading_by_content", cell, heading)
    ]
    assert facts(inspection) == facts(inspect(beginning(file)))


def test_without_any_fault_the_demo_workbooks_have_no_findings() -> None:
    for file in (WIDE, LONG_EN, LONG_ZH, PLAN, TEMPLATE, SCENARIO):
        assert demo_inspection(file).findings == ()


def test_a_finding_says_what_stood_there_and_what_to_do_in_both_languages() -> None:
    (finding,) = inspect(demo_with(WIDE, put("A10", "标准保肥"))).findings

    assert finding.where == "2020年!A10"
    assert finding.found == "标准保肥"
    assert "标准保费" in finding.remedy.zh
    assert "标准保费" in finding.remedy.en


def test_removing_every_plan_column_of_a_wide_table_is_one_finding_a_sheet() -> None:
    def no_plans(sheet: Any) -> None:
        for area in list(sheet.merged_cells.ranges):
            sheet.unmerge_cells(str(area))
        for column in (10, 8, 6, 4):
            sheet.delete_cols(column)

    assert errors(inspect(demo_with(WIDE, no_plans))) == [("missing_column", "C3", "2020年第1季度")]
