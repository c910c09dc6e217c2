"""Names, titles and notes that say more than the measure or the quarter: no value of the quarter is taken from them."""

import pytest

from tests.kpi.intake.builders import facts, inspect, workbook

T = ("2026年实际 单位：万元",)
HEAD = ("指标", "机构", "2026Q1")
ONE = ("标准保费", "北京", 10)
LABELS_ZH = (
    *("标准保费增长率", "去年同期标准保费", "标准保费占比", "标准保费差异", "标准保费预测", "承保件数同比"),
    *("标准保费环比", "标准保费排名", "标准保费缺口", "标准保费（上年同期）", "上期标准保费", "平均标准保费"),
    *("标准保费（不含团险）", "个险标准保费", "标准保费-银保", "人均标准保费", "标准保费（元/人）", "非标准保费"),
    *("2025年标准保费", "标准保费（2季度）", "标准保费(美元)", "标准保费（%）", "标准保费预算", "标准保费合计"),
    *("标准保费（月均）", "标准保费（预计）", "标准保费 件均", "标准保费 V2", "减：标准保费"),
)  # fmt: skip
LABELS_EN = (
    *("Standard premium growth", "Standard premium prior year", "Standard premium YoY"),
    *("Standard premium budget", "Standard premium forecast", "Standard premium per head"),
    *("Standard premium variance", "Standard premium (USD)", "Average standard premium"),
)  # fmt: skip
HEADINGS = (
    *("2026Q3E", "2026Q3F", "26Q3E", "2026Q3B", "2026Q3(预)", "2026Q3（快报）", "2026Q3预计", "2026Q3 est."),
    *("Q3 2026 FC", "LTM Q3 2026", "TTM 2026Q3", "2026Q3年化", "2026Q3 annualised", "Q3 2026 LY", "Q3 2026 vs PY"),
    *("2026Q3 chg", "2026Q3 Y/Y", "2026Q1-Q3", "2026Q3月均", "2026Q3 avg", "2026Q3人均", "2026Q3 占比"),
    *("2026Q3增量", "2026Q3累计", "2026Q3 YTD", "截至2026Q3", "上年2026Q3", "2026Q3得分", "2026Q3 gross"),
    *("2026Q3 P50", "3/31/2026", "滚动12个月", "2026", "2026H1", "2026Q3（美元）", "Q3 2026 (USD)"),
    *("2026Q3本月", "2026年三季度当月", "2026Q3 MTD", "2026Q3(%)"),
)  # fmt: skip


@pytest.mark.parametrize("label", LABELS_ZH)
def test_a_label_that_says_more_than_the_measure_gives_no_value_of_it(label: str) -> None:
    inspection = inspect(workbook(T, HEAD, (label, "北京", 5)))

    assert inspection.refused or inspection.facts == ()
    assert inspection.findings


@pytest.mark.parametrize("label", LABELS_EN)
def test_an_english_label_that_says_more_than_the_measure_gives_no_value_of_it(label: str) -> None:
    rows = (("2026 actual, unit: million yuan",), ("KPI", "Org unit", "2026Q1"), (label, "Beijing", 5))
    inspection = inspect(workbook(*rows))

    assert inspection.refused or inspection.facts == ()
    assert inspection.findings


@pytest.mark.parametrize("heading", HEADINGS)
def test_a_heading_that_says_more_than_the_quarter_gives_no_value_of_it(heading: str) -> None:
    inspection = inspect(workbook(("实际 单位：万元",), ("指标", "机构", heading), ONE))

    assert inspection.refused or inspection.facts == ()
    assert inspection.findings


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([("上年同期数 单位：万元",), HEAD, ONE], id="last year"),
        pytest.param([("同比增长率 单位：万元",), HEAD, ONE], id="growth"),
        pytest.param([("2026 variance to last year, unit: million yuan",), HEAD, ONE], id="variance"),
        pytest.param([("2026年实际（日均） 单位：万元",), HEAD, ONE], id="averages"),
        pytest.param([T, (*HEAD, "备注"), (*ONE, "单位：亿元")], id="another unit in a remark"),
        pytest.param([T, (*HEAD, "备注"), (*ONE, "预估数")], id="an estimate in a remark"),
        pytest.param([T, HEAD, ONE, ("再保分出部分",), ("公司总费用", "上海", 12)], id="a section unknown"),
        pytest.param([("2026年实际同比增减额 单位：万元",), HEAD, ONE], id="differences"),
        pytest.param([("2026年实际占比 单位：件",), HEAD, ("承保件数", "北京", 10)], id="shares"),
        pytest.param([("个险渠道2026年实际 单位：万元",), HEAD, ONE], id="a channel"),
        pytest.param([("2026年实际 单位：万元（不含广东）",), HEAD, ONE], id="without a branch"),
        pytest.param([T, HEAD, ONE, ("注：以上为2025年数据",)], id="another year in a note"),
        pytest.param([T, HEAD, ONE, ("注：三季度为预计数",)], id="estimates in a note"),
        pytest.param([T, HEAD, ONE, ("注：标准保费单位为亿元",)], id="another unit in a note"),
    ],
)
def test_words_that_change_what_the_numbers_mean_are_at_least_told(rows: list[tuple[object, ...]]) -> None:
    assert inspect(workbook(*rows)).findings


def test_an_ordinary_note_or_remark_is_no_finding() -> None:
    rows = (T, (*HEAD, "备注"), (*ONE, "已核对"), ("注：本表数据未经审计。",), ("制表：张三", "", "审核：李四"))
    inspection = inspect(workbook(*rows))

    assert facts(inspection) == {"standard_premium|beijing|2026Q1|actual": "100000"}
    assert inspection.findings == ()
