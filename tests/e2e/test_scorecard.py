"""The scorecard's table: sorted, searched, filtered, taken away, and asked why."""

import csv
import re
from io import StringIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, Page, expect

from tests.e2e.site import Site, Theme, visit
from tests.e2e.test_map import serious

pytestmark = pytest.mark.e2e


def names(page: Page) -> list[str]:
    """The KPIs shown, from top to bottom."""
    return page.locator("tr.row th .main").all_inner_texts()


def test_a_click_on_a_title_sorts_and_a_link_keeps_it_and_the_keyboard_its_place(browser: Browser, site: Site) -> None:
    with visit(browser, site) as visitor:
        visitor.open("scorecard", lang="en")
        page = visitor.page
        own = names(page)
        assert len(own) == 20
        objective = page.locator("tr.level-part").filter(has_text="Growth that adds value")
        expect(objective.get_by_role("button")).to_have_text("103.1")
        chance = page.get_by_role("columnheader", name="Chance")
        expect(chance).to_have_attribute("aria-sort", "none")
        chance.get_by_role("button").focus()
        page.keyboard.press("Enter")
        expect(chance).to_have_attribute("aria-sort", "ascending")
        expect(chance.get_by_role("button")).to_be_focused()
        expect(page.locator("tr.level")).to_have_count(1)  # the total alone stands above them
        page.keyboard.press("Enter")
        expect(chance).to_have_attribute("aria-sort", "descending")
        expect(page).to_have_url(re.compile("order=-chance"))
        down, link = names(page), page.url
        assert down[-1] in ("Complaint resolution rate", "Agent licence rate")
        page.keyboard.press("Enter")
        expect(chance).to_have_attribute("aria-sort", "none")
        assert names(page) == own
        page.goto(link.replace("lang=en", "lang=zh"))
        visitor.settle()
        expect(page.get_by_role("columnheader", name="达标概率")).to_have_attribute("aria-sort", "descending")
        assert len(names(page)) == 20
        assert visitor.console == []


def test_search_and_filters_leave_rows_with_their_parents_and_live_in_the_address(browser: Browser, site: Site) -> None:
    with visit(browser, site, locale="zh-CN") as visitor:
        visitor.open("scorecard", lang="zh")
        page = visitor.page
        page.get_by_placeholder("按名称或编码查找").fill("claim")  # an English name on a Chinese page
        expect(page.get_by_text("显示 20 项中的 3 项。")).to_be_visible()
        expect(page).to_have_url(re.compile("find=claim"))
        page.get_by_role("button", name="关注", exact=True).click()
        expect(page.locator("tr.row")).to_have_count(2)
        expect(page.locator("tr.level-part")).to_have_count(2)
        page.get_by_role("button", name=re.compile("^筛选")).click()
        page.get_by_role("button", name="财务", exact=True).click()
        expect(page.locator("tr.row")).to_have_count(1)
        expect(page).to_have_url(re.compile("find=claim.*states=amber.*groups=financial"))
        page.goto(page.url.replace("find=claim", "find=nothing"))
        visitor.settle()
        expect(page.get_by_text("没有符合条件的指标")).to_be_visible()
        expect(page.locator("tr.row")).to_have_count(0)
        assert visitor.console == []


def test_columns_can_be_left_out_and_a_link_with_an_unknown_one_says_so(browser: Browser, site: Site) -> None:
    with visit(browser, site) as visitor:
        visitor.open("scorecard", lang="en")
        page = visitor.page
        page.get_by_role("button", name="Columns").click()
        page.get_by_role("button", name="Plan", exact=True).click()
        expect(page.get_by_role("columnheader", name="Plan")).to_have_count(0)
        expect(page).to_have_url(re.compile("columns=weight%2Cscore%2Cactual%2Cattainment"))

        visitor.open("scorecard", lang="en", columns="score,colour", outlook="unlikely")
        expect(page.get_by_role("columnheader")).to_have_count(2)
        expect(page.get_by_text("The link names something that is not here")).to_be_visible()
        expect(page.locator("tr.row")).to_have_count(10)


def test_what_is_shown_is_taken_away_as_numbers_with_snapshot_and_run(
    browser: Browser, site: Site, tmp_path: Path
) -> None:
    with visit(browser, site) as visitor:
        visitor.open("scorecard", lang="en", order="-score", groups="financial", columns="score,actual,plan,landing")
        page = visitor.page
        page.get_by_role("button", name="Download").click()
        taken = {}
        for label, suffix in (("Excel workbook", "xlsx"), ("CSV file", "csv")):
            with page.expect_download() as waiting:
                page.get_by_role("button", name=label).click()
            waiting.value.save_as(tmp_path / f"taken.{suffix}")
            taken[suffix] = waiting.value.suggested_filename
        shown = names(page)
        footer = page.get_by_test_id("stSidebar").inner_text()
    assert all(re.fullmatch(rf"scorecast-head_office-2026Q3-en-[0-9a-f]{{8}}\.{s}", name) for s, name in taken.items())

    sheet = load_workbook(tmp_path / "taken.xlsx").active
    about = {row[0].value: row[1].value for row in sheet.iter_rows(min_row=2, max_row=5)}
    assert str(about["Snapshot"]).partition(" · ")[2][:8] in footer
    assert str(about["Run"])[:8] in footer
    rows = list(sheet.iter_rows(min_row=7, values_only=True))
    assert rows[0][:5] == ("KPI", "Code", "Unit", "Score", "Actual")
    assert [row[0] for row in rows[1:]] == ["Total score", *shown]
    value = next(row for row in rows if row[1] == "embedded_value_increase")
    assert all(isinstance(number, int | float) for number in value[3:9])
    assert value[4] > 1e9

    with StringIO((tmp_path / "taken.csv").read_text(encoding="utf-8-sig")) as text:
        lines = list(csv.DictReader(text))
    line = next(line for line in lines if line["Code"] == "embedded_value_increase")
    assert float(line["Actual"]) == value[4]
    assert line["Snapshot"] in str(about["Snapshot"])
    assert line["Run"] == about["Run"]


def test_a_score_is_explained_from_the_total_down_to_the_cells(browser: Browser, site: Site) -> None:
    with visit(browser, site) as visitor:
        visitor.open("scorecard", lang="en")
        page = visitor.page
        premium = page.locator("tr.row").filter(has_text="Standard premium attainment").locator("button.action")
        score = premium.inner_text()
        page.locator("tr.level-total button.action").click()
        drawer = page.get_by_role("dialog")
        expect(drawer.locator("tbody td.col-points")).to_have_count(5)
        points = drawer.locator("tbody td.col-points").all_inner_texts()
        assert sum(round(float(text) * 100) for text in points[:-1]) == round(float(points[-1]) * 100)

        drawer.get_by_role("button", name=re.compile("Why this score: Financial")).click()
        expect(page).to_have_url(re.compile("why=group%3Afinancial"))
        drawer.get_by_role("button", name=re.compile("Why this score: Standard premium attainment")).click()
        expect(drawer).to_contain_text("lies between the anchors 80% (score 70.00) and 100% (score 100.00)")
        expect(drawer.get_by_test_id("stMetricValue").first).to_have_text(score)
        expect(drawer.get_by_role("row", name="Standard premium attainment Result")).to_contain_text("99.7861%")
        drawer.get_by_text("Cells of origin").click()
        expect(drawer.get_by_text("05_template_2026Q3_en.xlsx").first).to_be_visible()
        expect(drawer.get_by_text("万元 -> 元").first).to_be_visible()

        page.keyboard.press("Escape")
        expect(drawer).to_have_count(0)
        expect(page).not_to_have_url(re.compile("why="))
        assert visitor.console == []


def test_a_missing_kpi_is_explained_with_what_its_weight_is_spread_over(browser: Browser, site: Site) -> None:
    with visit(browser, site) as visitor:
        visitor.open("scorecard", lang="en", unit="liaoning", why="kpi:company_expense_budget_rate")
        drawer = visitor.page.get_by_role("dialog")
        expect(drawer).to_contain_text("Without a score in Financial: Increase in embedded value.")
        expect(drawer).to_contain_text("26.6667% × 35% = 9.3333%")
        expect(drawer).to_contain_text("below the full band of 90% to 100%")

        visitor.open("scorecard", lang="zh", unit="liaoning", why="kpi:embedded_value_increase")
        expect(drawer).to_contain_text("该指标没有得分，其权重由“财务”的其他指标分担。")
        assert visitor.console == []


@pytest.mark.parametrize(("width", "theme"), [(1440, "light"), (390, "dark")])
def test_table_and_drawer_fit_and_can_be_used_by_all(browser: Browser, site: Site, width: int, theme: Theme) -> None:
    with visit(browser, site, width, theme) as visitor:
        page = visitor.page
        visitor.open("scorecard", lang="en")
        wide = page.locator("table").first.evaluate("table => table.scrollWidth - table.parentElement.clientWidth")
        assert wide <= 0
        assert serious(page, "[data-testid=stMain]") == []
        visitor.open("scorecard", lang="zh", why="kpi:core_staff_turnover_rate")
        expect(page.get_by_role("dialog")).to_contain_text("分母取 3 个季度的平均值")
        assert serious(page, "[role=dialog]") == []
        assert visitor.console == []
