"""The page that managers open first."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.site import Site, Theme, visit
from tests.e2e.test_map import serious

pytestmark = pytest.mark.e2e


def test_scores_needs_and_the_year_end_stand_on_one_page_with_what_they_rest_on(browser: Browser, site: Site) -> None:
    with visit(browser, site) as visitor:
        visitor.open(lang="en")
        page = visitor.page

        for card in ("Total score", "Financial", "Customer", "Internal process", "Learning and growth"):
            expect(page.get_by_role("region", name=card)).to_contain_text(re.compile(r"\d\.\d.*on last qtr.*Year-end"))
        expect(page.get_by_role("img", name="Scores of the last 8 quarters")).to_have_count(5)
        red = page.get_by_role("link", name="Core staff turnover")
        expect(red).to_contain_text("5.0% against a plan of 4.5%, 0.5 pp above it")
        expect(page.get_by_role("heading", name="On track now, unlikely to land")).to_be_visible()
        chart = page.locator("[role=graphics-document][aria-label^='Year-end of the 8 main KPIs']")
        expect(chart.get_by_text("P50 99.6% (99.0% – 100.3%) · plan 100.0%")).to_be_visible()
        expect(page.get_by_text("Data refreshed")).to_contain_text(
            re.compile("snapshot #6 .*Forecast finished .* run ", re.DOTALL)
        )
        assert visitor.console == []


def test_a_need_is_reached_by_keyboard_and_opens_its_kpi_for_the_same_quarter(browser: Browser, site: Site) -> None:
    with visit(browser, site) as visitor:
        visitor.open(lang="en", unit="liaoning", quarter="2026Q2")
        link = visitor.page.get_by_role("link", name="Standard premium attainment")
        link.focus()
        expect(link).to_be_focused()
        visitor.page.keyboard.press("Enter")

        expect(visitor.page).to_have_url(re.compile("kpi.*unit=liaoning.*quarter=2026Q2"))
        expect(visitor.page.locator("h1").first).to_contain_text("Standard premium attainment")
        assert visitor.console == []


def test_where_nothing_is_wrong_the_page_says_so_and_does_not_guess_at_a_year_that_is_over(
    browser: Browser, site: Site
) -> None:
    with visit(browser, site, 390, "dark") as visitor:
        visitor.open(lang="zh", unit="guangdong", quarter="2025Q4")

        expect(visitor.page.get_by_text("没有需要您处理的事项")).to_be_visible()
        expect(visitor.page.get_by_text("没有该年度的预测")).to_be_visible()
        visitor.page.get_by_role("link", name="记分卡：全部 20 项指标").click()
        expect(visitor.page.locator("h1").first).to_contain_text("广东分公司记分卡")


def test_the_year_end_is_there_as_a_table_too(browser: Browser, site: Site) -> None:
    with visit(browser, site) as visitor:
        visitor.open(lang="en")
        visitor.page.get_by_role("button", name="Table and picture").click()

        table = visitor.page.get_by_role("table", name="Year-end landing of the main KPIs")
        expect(table.locator("tr.row")).to_have_count(8)
        expect(table).to_contain_text("Plan of the year")


@pytest.mark.parametrize(("language", "width", "theme"), [("en", 1440, "light"), ("zh", 390, "dark")])
def test_the_page_has_no_grave_barrier(browser: Browser, site: Site, language: str, width: int, theme: Theme) -> None:
    with visit(browser, site, width, theme) as visitor:
        visitor.open(lang=language)
        assert serious(visitor.page) == []
