"""Each layout gives the same facts, each with its cell of origin and what was done to it on the way."""

from decimal import Decimal
from typing import Any

import pytest

from kpi.demo.figures import figures, restatements
from kpi.facts import FactKey, Scenario
from kpi.periods import Period
from tests.kpi.intake.builders import DEMO, LONG_EN, LONG_ZH, demo_inspection, errors, facts, inspect, workbook

BEIJING_Q2 = {"standard_premium|beijing|2026Q2|actual": "1234500", "standard_premium|beijing|2026Q2|plan": "1200000"}


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(
            workbook(LONG_EN, ("Standard premium", "Beijing branch", "Q2 2026", "10k yuan", 123.45, 120)),
            id="long English",
        ),
        pytest.param(
            workbook(LONG_ZH, ("标准保费", "北京分公司", "2026年二季度", "万元", 123.45, 120)), id="long Chinese"
        ),
        pytest.param(
            workbook(
                ("KPI", "Org unit", "Period", "Scenario", "Unit", "Value"),
                ("standard_premium", "beijing", "2026Q2", "actual", "yuan", 1234500),
                ("standard_premium", "beijing", "2026Q2", "plan", "yuan", "1,200,000"),
            ),
            id="long with a scenario column",
        ),
        pytest.param(
            workbook(
                ("单位：万元",),
                ("指标", "机构", "2026Q1", "", "2026Q2", ""),
                ("", "", "实际", "计划", "实际", "计划"),
                ("标准保费", "北京", None, None, 123.45, 120),
            ),
            id="wide, actual and plan below each quarter",
        ),
        pytest.param(
            workbook(
                ("Unit: million yuan",),
                ("KPI", "Scenario", "2026Q1", "2026Q2"),
                ("Standard premium", "actual", None, 1.2345),
                ("Standard premium", "plan", None, 1.2),
                title="Beijing branch",
            ),
            id="wide, a sheet an org unit, scenarios in rows",
        ),
        pytest.param(
            workbook(
                ("编码", "机构", "期间", "实际(万元)", "计划(元)"),
                ("standard_premium", "北京", "2026Q2", "123.45", "１２０００００"),
            ),
            id="unit behind the column's name, numbers as text",
        ),
    ],
)
def test_the_same_two_figures_in_every_layout(content: bytes) -> None:
    inspection = inspect(content)

    assert facts(inspection) == BEIJING_Q2
    assert errors(inspection) == []


def test_the_demo_workbooks_give_exactly_the_figures_of_the_company() -> None:
    found: dict[FactKey, Decimal] = {}
    for file in sorted(DEMO.glob("*.xlsx")):
        found |= {fact.key: fact.value for fact in demo_inspection(file.name).facts}

    wanted = {
        FactKey(measure=measure, org_unit=unit, period=period, scenario=scenario): value
        for (measure, unit, period, scenario), value in {**figures(), **restatements()}.items()
    }
    assert found == wanted


def test_a_fact_keeps_its_cell_as_it_stood_and_each_conversion() -> None:
    (fact, _) = inspect(workbook(LONG_ZH, ("标准保费", "北京", "2026Q2", "亿元", "（1.5）", 2))).facts

    assert fact.value == Decimal("-150000000")
    assert (fact.origin.sheet, fact.origin.cell, fact.origin.text) == ("Sheet1", "E2", "（1.5）")
    assert fact.origin.conversions[-1] == "亿元 -> 元"


def test_an_empty_cell_and_a_dash_are_missing_and_a_zero_is_a_value() -> None:
    rows = [("承保件数", "北京", "2026Q1", "件", None, 5), ("承保件数", "北京", "2026Q2", "件", "—", 0)]

    assert facts(inspect(workbook(LONG_ZH, *rows))) == {
        "policies_issued|beijing|2026Q1|plan": "5",
        "policies_issued|beijing|2026Q2|plan": "0",
    }


@pytest.mark.parametrize(
    ("shown", "number_format", "unit", "stored"),
    [
        (0.85, "0.0%", "", "0.85"),
        (85, "General", "%", "0.85"),
        ("85%", "General", "", "0.85"),
        (0.85, "0%", "%", "0.85"),
    ],
)
def test_a_percentage_is_a_share_however_it_is_written(
    shown: object, number_format: str, unit: str, stored: str
) -> None:
    def percent(sheet: Any) -> None:
        sheet["F2"].number_format = number_format

    content = workbook(LONG_ZH, ("赔付率", "北京", "2026", unit, None, shown), change=percent)

    assert facts(inspect(content)) == {"risk_loss_ratio|beijing|2026|plan": stored}


def test_a_bare_fraction_or_amount_of_money_without_its_unit_is_refused() -> None:
    rows = [("赔付率", "北京", "2026", "", None, 0.62), ("标准保费", "北京", "2026", "", None, 620)]

    found = errors(inspect(workbook(LONG_ZH, *rows)))
    assert [(code, cell) for code, cell, _ in found] == [("unit_missing", "A2"), ("unit_missing", "A3")]


def test_totals_and_attainment_columns_are_told_but_not_counted() -> None:
    inspection = inspect(
        workbook(
            ("单位：万元",),
            ("指标", "机构", "2026Q1", "", ""),
            ("", "", "实际", "计划", "达成率"),
            ("标准保费", "北京", 10, 8, 1.25),
            ("标准保费", "上海", 20, 16, 1.25),
            ("合计", "", 30, 24, 1.25),
        )
    )

    assert len(inspection.facts) == 4
    assert [(item.code, item.severity.value) for item in inspection.findings] == [
        ("derived_column", "info"),
        ("total_row", "info"),
    ]


def test_rows_of_amounts_that_look_like_years_are_not_taken_for_headers() -> None:
    inspection = inspect(
        workbook(
            ("指标", "机构", "2026Q1", "2026Q2"),
            ("承保件数", "北京", 2019, 2043),
            ("结案件数", "北京", 2001, 1999),
            title="实际",
        )
    )

    assert len(inspection.facts) == 4
    assert len(inspection.tables) == 1


def test_a_plan_word_in_a_name_decides_the_scenario_and_may_not_contradict_the_column() -> None:
    rows = [("计划标准保费", "北京", "2026Q1", "万元", None, 8), ("计划标准保费", "北京", "2026Q2", "万元", 9, None)]
    inspection = inspect(workbook(LONG_ZH, *rows))

    assert facts(inspection) == {"standard_premium|beijing|2026Q1|plan": "80000"}
    assert errors(inspection) == [("scenario_conflict", "A3", "计划标准保费")]


def test_hidden_rows_are_read_and_told() -> None:
    def hide(sheet: Any) -> None:
        sheet.row_dimensions[2].hidden = True

    inspection = inspect(workbook(LONG_ZH, ("承保件数", "北京", "2026Q1", "件", 5, None), change=hide))

    assert [(item.code, item.cell) for item in inspection.findings] == [("hidden_data", "E2")]
    assert len(inspection.facts) == 1


def test_numbers_of_an_unknown_measure_are_still_read_for_the_list_of_readings() -> None:
    inspection = inspect(workbook(LONG_ZH, ("神秘指标", "北京", "2026Q1", "件", 5, None)))

    (reading,) = inspection.readings
    assert (reading.label, reading.kpi, reading.component, reading.value) == ("神秘指标", "", "", Decimal(5))


def test_dates_are_quarters_by_the_companys_fiscal_calendar() -> None:
    def dated(sheet: Any) -> None:
        from datetime import date  # noqa: PLC0415

        sheet["C2"] = date(2026, 6, 30)

    content = workbook(LONG_ZH, ("承保件数", "北京", None, "件", 5, None), change=dated)

    assert [fact.key.period for fact in inspect(content, first_month=1).facts] == [Period.quarter(2026, 2)]
    assert [fact.key.period for fact in inspect(content, first_month=4).facts] == [Period.quarter(2026, 1)]


def test_a_restated_value_stands_beside_the_first_one() -> None:
    content = (DEMO / "06_restatement_long_en.xlsx").read_bytes()

    assert [fact.key.scenario for fact in inspect(content).facts] == [Scenario.RESTATED]


def test_an_unknown_name_in_many_rows_is_one_finding_that_says_how_many() -> None:
    rows = [("神秘指标", "北京", f"{year}Q{index}", "件", 5, None) for year in (2024, 2025) for index in (1, 2, 3, 4)]
    others = [("另一指标", "北京", "2025Q1", "件", 5, None), ("承保件数", "北京", "2025Q1", "件", 5, None)]
    inspection = inspect(workbook(LONG_ZH, *rows, *others))

    assert errors(inspection) == [("unknown_measure", "A2", "神秘指标"), ("unknown_measure", "A10", "另一指标")]
    assert "8 个单元格" in inspection.findings[0].message.zh
    assert "cells" not in inspection.findings[1].message.en
