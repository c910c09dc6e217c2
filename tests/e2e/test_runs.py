"""A forecast run as people watch it: from any window, with the time left, cancelled and gone on with."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import wait_for_forecast
from tests.e2e.site import Site, visit
from tests.e2e.test_steps import approve, drop
from tests.kpi.intake.builders import workbook

pytestmark = pytest.mark.e2e
Start = Callable[..., Site]
LONG = {"SCORECAST_FORECAST_STEPS": "2000"}


def bar(page: Page, words: str) -> None:
    """The progress bar says this, too."""
    expect(page.get_by_test_id("stProgress")).to_contain_text(re.compile(words), timeout=60_000)


@pytest.mark.slow
def test_a_run_is_watched_and_cancelled_from_another_window_and_goes_on(browser: Browser, fresh_site: Start) -> None:
    """The demo company is forecast as soon as it is loaded."""
    site = fresh_site(**LONG)
    with visit(browser, site) as starter, visit(browser, site, 390, "dark", "zh-CN") as other:
        starter.page.goto(site.address("runs", lang="en"))
        other.page.goto(site.address("runs", lang="zh"))
        bar(starter.page, r"training the network, about \d+ (s|min) left")
        bar(other.page, r"训练网络，约剩 \d+ (秒|分钟)")
        expect(other.page.get_by_text("正在预测快照 #6")).to_be_visible()

        other.page.get_by_role("button", name="取消运行").click()
        for visitor, cancelled, start in (
            (starter, "Cancelled at", "Start a forecast"),
            (other, "处取消", "启动预测"),
        ):
            page = visitor.page
            expect(page.get_by_role("status").filter(has_text=cancelled)).to_be_visible(timeout=60_000)
            expect(page.get_by_role("button", name=start)).to_be_enabled()
        expect(starter.page.locator("tr.row").filter(has_text="Cancelled").first).to_be_visible()

        starter.page.get_by_role("button", name="Start a forecast").click()
        bar(starter.page, "training the network")
        bar(other.page, "训练网络")
        starter.page.get_by_role("button", name="Cancel the run").click()
        expect(starter.page.get_by_role("status").filter(has_text="Cancelled at")).to_be_visible(timeout=60_000)
        assert starter.console == []
        assert other.console == []
    assert "Traceback" not in site.logged()


def test_past_forecasts_stand_beside_what_came_once_a_later_quarter_is_approved(
    browser: Browser, fresh_site: Start
) -> None:
    site = fresh_site()
    wait_for_forecast(site)
    came = ("Standard premium", "Beijing branch", "2026Q4", "actual", "yuan", 350_000_000)
    shown = {"kpi": "standard_premium_attainment", "unit": "beijing"}
    with visit(browser, site) as visitor:
        page = visitor.page
        visitor.open("kpi", lang="en", **shown)
        page.get_by_text("Past forecasts beside what came").click()
        expect(page.get_by_text("The first comparison comes as soon as data of Q4 2026 is approved.")).to_be_visible()
        visitor.open("upload", lang="en")
        drop(page, "q4.xlsx", workbook(("KPI", "Org unit", "Period", "Scenario", "Unit", "Value"), came))
        approve(visitor, "closing of the year")
        expect(page.get_by_text("Approved. The new snapshot is in force.")).to_be_visible()

        visitor.open("kpi", lang="en", **shown)
        page.get_by_text("Past forecasts beside what came").click()
        rows = page.locator("tr.row").filter(has_text="snapshot #6")
        expect(rows).to_have_count(2)
        expect(rows.filter(has_text="Q4 2026")).to_contain_text(re.compile("Inside|Outside"))
        expect(rows.filter(has_text="Year 2026")).to_contain_text(re.compile("Inside|Outside"))
        expect(page.get_by_text("Actual values are those of the newest snapshot (#7)")).to_be_visible()

        visitor.open("runs", lang="zh")
        expect(page.get_by_text(re.compile(r"\d+ 个中 \d+ 个在区间内"))).to_be_visible()
        assert visitor.console == []
