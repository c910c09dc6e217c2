"""Every page, as a visitor meets it."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.site import Site, Theme, visit

pytestmark = pytest.mark.e2e
TITLES = {
    "": {"zh": "总公司总览", "en": "Head office overview"},
    "scorecard": {"zh": "总公司记分卡", "en": "Head office scorecard"},
    "map": {"zh": "战略地图", "en": "Strategy map"},
    "kpi": {"zh": "标准保费达成率", "en": "Standard premium attainment"},
    "compare": {"zh": "对比", "en": "Compare"},
    "whatif": {"zh": "情景测算", "en": "What if"},
    "pack": {"zh": "董事会报告", "en": "Board pack"},
    "upload": {"zh": "上传数据", "en": "Upload"},
    "runs": {"zh": "预测运行", "en": "Forecast runs"},
    "schedule": {"zh": "自动运行", "en": "Schedule"},
    "alerts": {"zh": "提醒", "en": "Alerts"},
}


@pytest.mark.parametrize(("width", "theme"), [(1440, "light"), (390, "dark")])
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("page", TITLES)
def test_a_page_is_drawn_without_a_word_in_the_console_and_asks_nobody_else(
    browser: Browser, site: Site, page: str, language: str, width: int, theme: Theme
) -> None:
    with visit(browser, site, width, theme) as visitor:
        visitor.open(page, lang=language)

        expect(visitor.page.locator("h1").first).to_contain_text(TITLES[page][language])
        assert visitor.console == []
        assert visitor.elsewhere == []
        wide = visitor.page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, "the page is wider than the window"


def test_the_scorecard_shows_total_kpis_and_the_forecast(browser: Browser, site: Site) -> None:
    with visit(browser, site) as visitor:
        visitor.open("scorecard", lang="en")
        page = visitor.page

        expect(page.get_by_text("Total score")).to_be_visible()
        rows = page.locator("tr.row")
        expect(rows).to_have_count(20)
        premium = rows.filter(has_text="Standard premium attainment")
        expect(premium).to_contain_text("99.8%")
        expect(premium).to_contain_text("Watch")
        expect(premium.locator("td").last).to_contain_text("%")  # the chance of meeting the plan


def test_the_trend_of_an_older_quarter_ends_there_without_a_forecast(browser: Browser, site: Site) -> None:
    with visit(browser, site) as visitor:
        visitor.open("scorecard", lang="en")
        assert visitor.page.locator(".spark .ahead").count() == 20

        visitor.open("scorecard", lang="en", quarter="2024Q2")
        expect(visitor.page.locator(".spark .past").first).to_be_attached()
        assert visitor.page.locator(".spark .ahead").count() == 0


def test_filters_live_in_the_address_so_that_a_link_shows_the_same_thing(browser: Browser, site: Site) -> None:
    with visit(browser, site) as visitor:
        visitor.open(lang="en")
        page = visitor.page
        page.get_by_label("Org unit").first.click()
        page.get_by_role("option", name="Liaoning branch").click()
        expect(page.locator("h1").first).to_contain_text("Liaoning branch overview")
        expect(page).to_have_url(re.compile("unit=liaoning"))
        link = page.url

    with visit(browser, site, 390, "dark") as other:
        other.page.goto(link)
        other.settle()
        expect(other.page.locator("h1").first).to_contain_text("Liaoning branch overview")


def test_a_click_on_a_kpi_opens_it_for_the_same_org_unit_and_quarter(browser: Browser, site: Site) -> None:
    with visit(browser, site) as visitor:
        visitor.open("scorecard", lang="en", unit="guangdong", quarter="2025Q4")
        visitor.page.get_by_role("link", name="13-month premium persistency").click()
        visitor.settle()

        expect(visitor.page.locator("h1").first).to_contain_text("13-month premium persistency")
        expect(visitor.page).to_have_url(re.compile("kpi.*unit=guangdong.*quarter=2025Q4"))
        expect(visitor.page.get_by_text("Guangdong branch · Q4 2025")).to_be_visible()
        assert visitor.console == []


def test_a_kpi_shows_the_cells_its_numbers_came_from(browser: Browser, site: Site) -> None:
    with visit(browser, site) as visitor:
        visitor.open("kpi", lang="zh", kpi="standard_premium_attainment", unit="beijing", window="quarter")

        page = visitor.page
        page.get_by_text("数据来自哪些单元格").click()
        expect(page.get_by_text("05_template_2026Q3_en.xlsx").first).to_be_visible()
        expect(page.get_by_text("04_annual_plan_2026_zh.xlsx").first).to_be_visible()
        expect(page.get_by_text("万元 -> 元").first).to_be_visible()


def test_the_language_switch_keeps_everything_else(browser: Browser, site: Site) -> None:
    with visit(browser, site) as visitor:
        visitor.open(lang="en", unit="shanghai", quarter="2026Q1")
        visitor.page.get_by_test_id("stSidebar").get_by_text("中文").click()

        expect(visitor.page.locator("h1").first).to_contain_text("上海分公司总览")
        expect(visitor.page).to_have_url(re.compile("lang=zh.*unit=shanghai.*quarter=2026Q1"))


def test_a_browser_in_chinese_gets_chinese_without_asking(browser: Browser, site: Site) -> None:
    with visit(browser, site, locale="zh-CN") as visitor:
        visitor.open()

        expect(visitor.page.locator("h1").first).to_contain_text("总公司总览")


def test_a_link_with_unknown_codes_says_so_and_shows_the_default(browser: Browser, site: Site) -> None:
    with visit(browser, site) as visitor:
        visitor.open(lang="en", unit="atlantis", quarter="1999Q1")

        expect(visitor.page.get_by_text("The link names something that is not here")).to_be_visible()
        expect(visitor.page.locator("h1").first).to_contain_text("Head office overview")
