"""Tables that have nothing to do with the catalogue: each number is listed with label, period, scenario and value."""

from typing import Any

import pytest

from tests.kpi.intake.builders import inspect, workbook

Row = tuple[object, ...]


def listed(expected: dict[str, Any], *rows: Row, name: str, merged: tuple[str, ...] = ()) -> Any:
    """A case: cell to ``label | period | scenario, with + for year to date | value``; None when it is no value."""

    def merge(sheet: Any) -> None:
        for area in merged:
            sheet.merge_cells(area)

    return pytest.param(workbook(*rows, change=merge), expected, id=name)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        listed(
            {"B4": "原保险保费收入 | 2026-09 | actual+ | 1000000000", "B5": "1、财产险 | 2026-09 | actual+ | 50000000"},
            ("2026年9月保险业经营情况表",),
            ("", "单位：亿元"),
            ("项目", "本年累计/截至当期"),
            ("原保险保费收入", 10),
            ("1、财产险", 0.5),
            name="a regulator's month",
        ),
        listed(
            {"C5": "Insurance revenue | 2025 | actual | 312000000", "E5": "Insurance revenue | 2025 | growth | 0.045"},
            ("For the year ended 31 December 2025",),
            ("(Expressed in RMB million, unless otherwise stated)",),
            (),
            ("", "Notes", "2025", "2024", "Change (%)"),
            ("Insurance revenue", 5, "312", "298", 4.5),
            ("Expenses", 6, "(250)", "(244)", 2.4),
            name="an annual report",
        ),
        listed(
            {
                **{
                    "B4": "Gross written premiums | 2025Q3 | actual | 120",
                    "C4": "Gross written premiums | 2024Q3 | actual | 110",
                },
                **{
                    "E4": "Gross written premiums | 2025-09 | actual+ | 410",
                    "D4": "Gross written premiums |  | variance | 0.093",
                },
            },
            ("Consolidated results",),
            ("", "Three months ended 30 September", "", "", "Nine months ended 30 September", "", ""),
            ("", 2025, 2024, "Change", 2025, 2024, "Change"),
            ("Gross written premiums", 120, 110, "9.3%", 410, 389, "5.4%"),
            merged=("B2:D2", "E2:G2"),
            name="three and nine months",
        ),
        listed(
            {
                "B4": "Net premiums earned | 2025-06 | actual+ | 105000000",
                "C4": "Net premiums earned | 2024-06 | actual+ | 99000000",
            },
            ("", "Unaudited", ""),
            ("", "Six months ended 30 June", ""),
            ("(in RMB million)", 2025, 2024),
            ("Net premiums earned", 105, 99),
            ("Net profits", 5, 9),
            merged=("B1:C1", "B2:C2"),
            name="six months, the unit in the corner",
        ),
        listed(
            {"B3": "Gross premiums | 2024Q1 | actual | 1234", "F3": "Gross premiums | 2025Q1 | actual | 1300"},
            ("Financial supplement",),
            ("", "1Q24", "2Q24", "3Q24", "4Q24", "1Q25"),
            ("Gross premiums", "1,234", "1,100", "1,050", "980", "1,300"),
            name="a quarterly supplement",
        ),
        listed(
            {"B2": "Net premiums | 2023 | actual | 100", "C2": "Net premiums | 2025 | forecast | 120"},
            ("Selected data", "2023A", "2025E"),
            ("Net premiums", 100, 120),
            ("Total premiums", 110, 130),
            name="letters behind years",
        ),
        listed(
            {"B4": "Development year / 1 | 2022 | actual | 100", "C5": "Development year / 2 | 2023 | actual | 160"},
            ("Paid by accident year",),
            ("Accident year", "Development year", "", ""),
            ("", 1, 2, 3),
            (2022, 100, 150, 170),
            (2023, 110, 160, None),
            merged=("B2:D2", "A2:A3"),
            name="a triangle",
        ),
        listed(
            {"C3": "甲人寿 / 保费 | 2026H1 | actual | 300000000000", "D3": "甲人寿 | 2026H1 | growth | 0.051"},
            ("2026年上半年排名", "", "（单位：亿元）"),
            ("排名", "公司", "保费", "同比增速"),
            (1, "甲人寿", 3000, "5.1%"),
            (2, "乙人寿", 2500, "-2.3%"),
            name="a ranking",
        ),
        listed(
            {"C3": "资本要求 | 2026Q2 | actual | 5000000000", "D3": "资本要求 | 2026Q2 | other | 4800000000"},
            ("公司名称：某财产保险公司", "", "2026年第2季度", "单位：万元"),
            ("行次", "项目", "期末数", "期初数"),
            (1, "资本要求", 500000, 480000),
            (2, "认可资产", 600000, 580000),
            name="a solvency form",
        ),
        listed(
            {"C3": "现金 | 2025 | actual | 100", "D3": "现金 | 2025 | prior_year | 90"},
            ("2025年度", "", "", "单位：元"),
            ("项目", "附注", "本期发生额", "上期发生额"),
            ("现金", "五、45", 100, 90),
            ("存款", "五、46", 10, 9),
            name="a statement with period and unit in one line",
        ),
        listed(
            {"C4": "CC100 / Travel | 2026-01 | plan | 10", "D5": "CC100 / Salaries | 2026-01 | actual | 100"},
            ("Expense report 2026",),
            ("Cost centre", "Account", "Jan", ""),
            ("", "", "Budget", "Actual"),
            ("CC100", "Travel", 10, 12),
            ("", "Salaries", 100, 100),
            merged=("C2:D2", "A4:A5"),
            name="a budget by cost centre",
        ),
        listed(
            {"B3": "甲 | 2026-08 | actual | 1230000000", "B7": "甲 | 2026-08 | actual | 550000"},
            ("一、保费收入（单位：亿元）",),
            ("公司", "2026年8月"),
            ("甲", 12.3),
            (),
            ("二、保单件数（单位：万件）",),
            ("公司", "2026年8月"),
            ("甲", 55),
            ("乙", 31),
            name="two tables, each in its own unit",
        ),
        listed(
            {
                **{"C2": "Premium |  | plan | 2", "D2": "Premium |  | variance | 3", "E2": "Premium |  | variance | 4"},
                **{"F2": "Premium |  | growth | 0.05", "G2": "Premium |  | forecast | 6"},
            },
            ("Item", "Actual", "AOP", "Fav/(Adv)", "Δ", "% chg", "Reforecast"),
            ("Premium", 1, 2, 3, 4, 5, 6),
            ("Claims", 1, 2, 3, 4, 5, 6),
            name="words of management reports",
        ),
        listed(
            {
                **{"B2": "Growth stocks | 2025 | actual | 1", "B3": "Plan assets | 2025 | actual | 2"},
                **{"B4": "准备金变动 | 2025 | actual | 3", "B5": "Premium | 2025 | actual | 4"},
                **{"B6": "Premium plan | 2025 | plan | 5", "B7": "Claims budget | 2025 | plan | 6"},
            },
            ("Item", "2025", "2026"),
            ("Growth stocks", 1, 2),
            ("Plan assets", 2, 2),
            ("准备金变动", 3, 2),
            ("Premium", 4, 2),
            ("Premium plan", 5, 2),
            ("Claims budget", 6, 2),
            name="a scenario is none as a part of a name",
        ),
        listed(
            {"B3": "Motor / Premium | 2025 | actual | 1", "B6": "Property / Premium | 2025 | actual | 4"},
            ("Item", "2025", "2026"),
            ("Motor",),
            ("Premium", 1, 2),
            ("Claims", 2, 3),
            ("Property",),
            ("Premium", 4, 5),
            name="names below a section",
        ),
        listed(
            {"B3": "1、车险 / 保费 | 2025 | actual | 1", "B4": "2、寿险 | 2025 | actual | 4"},
            ("项目", "2025年", "2026年"),
            ("1、车险",),
            ("保费", 1, 2),
            ("2、寿险", 4, 5),
            name="a row numbered like the section ends it",
        ),
        listed(
            {"B3": "Premium | 2025 | actual | 1", "B4": "Premium | 2025 | plan | 2", "B6": "Claims | 2025 | plan | 6"},
            ("Item", "2025", "2026"),
            ("Premium",),
            ("Actual", 1, 2),
            ("Budget", 2, 3),
            ("Claims", 5, 6),
            ("Budget", 6, 7),
            name="rows that only say actual or budget",
        ),
        listed(
            {"B1": None, "B2": "Bond A / 12 |  | actual | 1.1", "D3": "Bond B / 36 |  | actual | 3.4"},
            ("Tenor", 12, 24, 36),
            ("Bond A", 1.1, 2.2, 3.3),
            ("Bond B", 1.2, 2.3, 3.4),
            name="headings that are numbers",
        ),
        listed(
            {
                "B2": "Bond A | 2025 | actual | 10",
                "B5": "Bond C | 2025 | actual | 1",
                "D5": "Bond C | 2027 | actual | 3",
            },
            ("Item", "2025", "2026", "2027"),
            ("Bond A", 10, 24, 36),
            ("Bond B", 11, 23, 33),
            (),
            ("Bond C", 1, 2, 3),
            ("Bond D", 4, 4, 4),
            ("Bond E", 4, 4, 5),
            name="numbers that rise evenly below headings",
        ),
        listed(
            {"C2": None, "C3": "资产 |  | actual | 100", "D4": "负债 |  | other | 60"},
            ("项目", "行次", "期末", "期初"),
            ("栏次", "", 1, 2),
            ("资产", 1, 100, 200),
            ("负债", 2, 50, 60),
            name="numbers of columns are no values",
        ),
        listed(
            {"B2": "No | 2025 | actual | 5", "C3": "Yes | 2026 | actual | 8"},
            ("Answer", "2025", "2026"),
            ("No", 5, 6),
            ("Yes", 7, 8),
            name="a word of headings is a name below them",
        ),
        listed(
            {"B3": "车险 | 2025 | actual | 10000", "C4": "寿险 | 2026 | actual | 40000"},
            ("单位：万元",),
            ("类型", "2025年", "2026年"),
            ("车险", 1, 2),
            ("寿险", 3, 4),
            name="kinds that are no scenarios are names",
        ),
        listed(
            {"C2": "Premium | 2025Q1 | actual | 1", "C3": "Premium | 2025Q1 | plan | 3"},
            ("Item", "Version", "2025Q1"),
            ("Premium", "Actual", 1),
            ("Premium", "Budget", 3),
            name="versions that are scenarios are no names",
        ),
        listed(
            {"B2": "Agency | 2025Q1 | actual | 1", "C3": "Banks | 2025Q2 | actual | 4"},
            ("Source", "2025Q1", "2025Q2"),
            ("Agency", 1, 2),
            ("Banks", 3, 4),
            name="the only words are names, even below Source",
        ),
        listed(
            {"B2": "Open | 2025Q1 | actual | 1", "C3": "Closed | 2025Q2 | actual | 4"},
            ("Status", "2025Q1", "2025Q2"),
            ("Open", 1, 2),
            ("Closed", 3, 4),
            name="the only words are names, even below Status",
        ),
        listed(
            {"B2": "A | 2025Q1 | actual | 1", "B4": "C | 2025Q3 | actual | 3"},
            ("Item", "Value", "When"),
            ("A", 1, "2025Q1"),
            ("B", 2, "2025Q2"),
            ("C", 3, "2025Q3"),
            name="periods right of the values",
        ),
        listed(
            {"B2": None, "C2": "Cash | 2025 | actual | 100"},
            ("", "附注七", "2025年", "2024年"),
            ("Cash", 5, 100, 90),
            ("Deposits", 12, 100, 90),
            name="numbers of notes are no values",
        ),
    ],
)
def test_what_nobody_knows_is_still_read(content: bytes, expected: dict[str, str | None]) -> None:
    found = {
        reading.cell: " | ".join(
            (
                reading.label,
                reading.period,
                reading.scenario + ("+" if reading.cumulative else ""),
                f"{reading.value.normalize():f}",
            )
        )
        for reading in inspect(content).readings
    }

    assert {cell: found.get(cell) for cell in expected} == expected


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param([("(RMB bn)",), ("Item", "2025"), ("A", 1), ("B", 2)], "1000000000 yuan", id="RMB bn"),
        pytest.param([("Item", "2025 RMB mn"), ("A", 1), ("B", 2)], "1000000 yuan", id="RMB mn behind a year"),
        pytest.param([("¥m", "2025"), ("A", 1), ("B", 2)], "1000000 yuan", id="a unit in the corner"),
        pytest.param([("单位：千万元",), ("项目", "2025"), ("甲", 1), ("乙", 2)], "10000000 yuan", id="ten million"),
        pytest.param([("项目", "保费（亿）"), ("甲", 1), ("乙", 2)], "100000000 yuan", id="a bare scale of money"),
        pytest.param([("项目", "保单件数（万）"), ("甲", 1), ("乙", 2)], "10000 one", id="a bare scale of things"),
        pytest.param([("项目", "单位", "2025"), ("甲", "亿", 1), ("乙", "万", 2)], "100000000 yuan", id="a column"),
        pytest.param([("Item", "2025 (million)"), ("A", 1), ("B", 2)], "1000000 ", id="a scale of an unknown currency"),
        pytest.param([("All figures in thousands",), ("Item", "2025"), ("A", 1), ("B", 2)], "1000 ", id="in words"),
        pytest.param([("Branch", "Premium"), ("", "RMB mn"), ("A", 1), ("B", 2)], "1000000 yuan", id="a row of units"),
        pytest.param(
            [("单位：万元、%",), ("项目", "2025"), ("完成率", 1), ("保费", 2)], "0.01 share", id="two units, a rate"
        ),
        pytest.param(
            [("单位：万元",), ("项目", "2025"), ("Share capital", 1), ("B", 2)], "10000 yuan", id="share capital"
        ),
        pytest.param([("单位：万元、%",), ("项目", "2025"), ("10% bonds", 1), ("B", 2)], "10000 yuan", id="10 % bonds"),
    ],
)
def test_units_put_together_from_currency_and_scale_are_applied(rows: list[Row], expected: str) -> None:
    reading = inspect(workbook(*rows)).readings[0]

    assert f"{reading.value.normalize():f} {reading.unit}" == expected


@pytest.mark.parametrize(
    ("rows", "cell"),
    [
        ([("US$m", "2025"), ("A", 1), ("B", 2)], "A1"),
        ([("Item", "Sales (HK$ million)"), ("A", 1), ("B", 2)], "B1"),
        ([("单位：万两",), ("项目", "2025"), ("甲", 1), ("乙", 2)], "A1"),
        ([("项目", "单位", "2025"), ("甲", "万两", 1), ("乙", "两", 2)], "B2"),
    ],
)
def test_a_unit_that_can_not_be_applied_is_told(rows: list[Row], cell: str) -> None:
    inspection = inspect(workbook(*rows))

    assert [item.cell for item in inspection.findings if item.code == "unit_not_read"] == [cell]
    assert inspection.readings[0].value == 1


def test_a_scale_without_its_currency_is_refused_for_a_known_measure() -> None:
    content = workbook(("2026年实际",), ("指标", "机构", "2026Q1 (million)"), ("标准保费", "北京", 1))

    assert inspect(content).facts == ()
    assert "unknown_unit" in {item.code for item in inspect(content).findings}
