"""Two runs beside each other, and one computed again, as people meet them."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.conftest import wait_for_forecast
from tests.e2e.site import Site, visit
from tests.e2e.two_runs import two_runs

pytestmark = pytest.mark.e2e
Start = Callable[..., Site]
SHORT = {"SCORECAST_FORECAST_STEPS": "20", "SCORECAST_FORECAST_MEMBERS": "1"}


@pytest.mark.slow
def test_moves_between_two_runs_are_split_by_cause_beside_the_page_and_a_link_shows_them(
    browser: Browser, fresh_site: Start
) -> None:
    site = fresh_site(**SHORT)
    wait_for_forecast(site)
    with visit(browser, site) as visitor:
        visitor.open("runs", lang="en")
        expect(visitor.page.get_by_text("Only one finished run")).to_be_visible()
    old, new = two_runs(site, SHORT)

    with visit(browser, site) as visitor:
        page = visitor.page
        visitor.open("runs", lang="en", unit="beijing", old=old)
        choice = page.get_by_label("To", exact=True)
        choice.scroll_into_view_if_needed()
        page.wait_for_timeout(500)  # scrolling closes the list
        choice.fill(new[:8])
        page.get_by_role("option", name=re.compile(new[:8])).click()
        expect(page.get_by_text("1 changed (1 of 2026Q2 actual)")).to_be_visible()
        expect(page.get_by_text("1 in the scorecard")).to_be_visible()
        expect(page.get_by_role("columnheader", name="Move of P50")).to_be_visible()
        expect(page.get_by_role("columnheader", name="Definitions")).to_have_count(0)

        page.get_by_role("button", name="Split by cause").click()
        expect(page.get_by_test_id("stProgress")).to_contain_text(re.compile("computation"), timeout=120_000)
        expect(page.get_by_role("columnheader", name="Definitions")).to_be_visible(timeout=300_000)
        expect(page.get_by_role("button", name="Split by cause")).to_have_count(0)
        persistency = page.locator("tr.row").filter(has_text="13-month premium persistency").first
        expect(persistency).to_contain_text("pp")
        link = page.url
        assert visitor.console == []

    with visit(browser, site, 390, "dark") as other:
        other.page.goto(link.replace("lang=en", "lang=zh"))
        other.settle()
        expect(other.page.get_by_text("各列之和恰好等于移动")).to_be_visible()
        wide = other.page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth")
        assert (wide, other.console) == (0, [])
    assert "Traceback" not in site.logged()


@pytest.mark.slow
def test_a_run_is_verified_beside_the_page_after_a_first_try_was_cancelled(browser: Browser, fresh_site: Start) -> None:
    site = fresh_site(**SHORT)
    wait_for_forecast(site)
    with visit(browser, site) as visitor:
        page = visitor.page
        visitor.open("runs", lang="en")
        expect(page.get_by_text("This run has not been verified here yet.")).to_be_visible()
        verify = page.get_by_role("button", name="Verify", exact=True)
        verify.click()
        page.get_by_role("button", name="Cancel the verification").click()
        expect(page.get_by_text("The verification was cancelled; there is no verdict.")).to_be_visible(timeout=60_000)

        verify.click()
        expect(page.get_by_test_id("stProgress")).to_be_visible()
        expect(page.get_by_text("the rerun gave the same bytes")).to_be_visible(timeout=300_000)
        expect(page.locator("tr.row").filter(has_text="EXACT")).to_have_count(1)
        expect(page.get_by_text("Signed as the run: scorecast")).to_be_visible()
        assert visitor.console == []

    with visit(browser, site, 390, "dark") as other:
        other.open("runs", lang="zh")
        expect(other.page.get_by_text("完全一致，重新运行得到相同的字节。")).to_be_visible()
    assert "Traceback" not in site.logged()
