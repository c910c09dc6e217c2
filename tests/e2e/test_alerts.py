"""What rules raised on the demo company: looked at, followed to its KPI, acknowledged, and a rule added."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, expect

from forecast.alerts.book import AlertBook
from kpi.store import open_store
from tests.e2e.conftest import wait_for_alerts, wait_for_forecast
from tests.e2e.site import Site, store_url, visit

pytestmark = pytest.mark.e2e
Start = Callable[..., Site]
LICENCE = "The chance of meeting the plan of 2026 is <0.1 %, below 60 %."


@pytest.fixture
def raised(fresh_site: Start) -> Site:
    """The demo company after its first forecast."""
    site = fresh_site()
    wait_for_forecast(site)
    wait_for_alerts(site)
    return site


def test_an_alert_leads_to_its_kpi_and_is_acknowledged_and_a_rule_is_added(browser: Browser, raised: Site) -> None:
    book = AlertBook(open_store(store_url(raised.data_dir)))
    count = book.open_count()
    with visit(browser, raised) as visitor:
        page = visitor.page
        visitor.open("alerts", lang="en")
        expect(page.get_by_test_id("stSidebar").get_by_text(str(count), exact=True)).to_be_visible()
        row = page.locator("tr.row").filter(has_text="Agent licence rate").filter(has_text="Head office")
        expect(row).to_contain_text(LICENCE)

        row.get_by_role("link", name="Agent licence rate").click()
        visitor.settle()
        expect(page.locator("h1").first).to_contain_text("Agent licence rate")
        expect(page).to_have_url(re.compile("unit=head_office"))

        visitor.open("alerts", lang="en")
        page.get_by_role("button", name="Acknowledge", exact=True).click()
        expect(page.get_by_text("Please choose at least one alert first.")).to_be_visible()
        visitor.settle()
        page.get_by_label("Which alerts").fill("Agent licence rate, Head")  # a long list shows what was typed
        page.get_by_role("option", name=re.compile("^Agent licence rate, Head office")).click()
        page.keyboard.press("Escape")
        note = page.get_by_label("Note")
        note.fill("licences renewed in July")
        note.press("Tab")
        page.get_by_role("button", name="Acknowledge", exact=True).click()
        expect(page.get_by_text("Acknowledged: 1.")).to_be_visible()
        expect(page.get_by_text("licences renewed in July")).to_be_visible()
        assert book.open_count() == count - 1

        visitor.settle()
        page.get_by_text("Add or change a rule").click()
        visitor.settle()
        page.get_by_role("button", name="Save the rule").click()
        expect(page.get_by_text("asks the same already")).to_be_visible()
        visitor.settle()
        page.get_by_label("Below (%)").fill("75")
        page.get_by_label("Below (%)").press("Enter")
        visitor.settle()
        page.get_by_role("button", name="Save the rule").click()
        expect(page.get_by_text("The rule is in force; the next forecast run judges it.")).to_be_visible()
        expect(page.get_by_text("The chance of meeting the year's plan is below 75 %").first).to_be_visible()
        assert visitor.console == []
    assert open_store(store_url(raised.data_dir)).check_audit() is None
    assert "Traceback" not in raised.logged()


@pytest.mark.parametrize("width", [1440, 390])
def test_all_are_acknowledged_at_once_and_the_page_is_never_wider_than_the_window(
    browser: Browser, raised: Site, width: int
) -> None:
    with visit(browser, raised, width, "dark") as visitor:
        page = visitor.page
        visitor.open("alerts", lang="zh")
        assert page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth") <= 0
        page.get_by_role("button", name="全部确认").click()
        expect(page.get_by_text("没有待确认的提醒。")).to_be_visible()
        expect(page.get_by_role("heading", name="已确认与不再成立")).to_be_visible()
        visitor.settle()
        assert page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth") <= 0
        assert visitor.console == []
