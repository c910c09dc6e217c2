"""Scenarios in a real browser: typed, refreshed, kept, linked, compared, and seen nowhere else."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.conftest import wait_for_forecast
from tests.e2e.site import Site, Visit, serve, visit

pytestmark = pytest.mark.e2e
PREMIUM, CLAIMS = "standard_premium.head_office.2026Q4.p0.1", "claims_paid.beijing.2026Q4.v12500000"


@pytest.fixture(scope="module")
def assuming(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demo company with a short forecast, for scenarios to be kept in."""
    short = {"SCORECAST_FORECAST_STEPS": "20", "SCORECAST_FORECAST_MEMBERS": "1"}
    with serve(tmp_path_factory.mktemp("assuming"), 200, **short) as running:
        wait_for_forecast(running)
        yield running
        assert "Traceback" not in running.logged()


def choose(visitor: Visit, label: str, name: str) -> None:
    """Type into a choice and take what is found; typed again where a page still being drawn closed the list."""
    found = visitor.page.get_by_role("option", name=name, exact=True)
    for _ in range(3):
        visitor.page.get_by_role("combobox", name=label).fill(name)
        visitor.page.wait_for_timeout(500)
        if found.is_visible():
            break
        visitor.settle()
    found.click()
    visitor.settle()


def keep(visitor: Visit, name: str) -> None:
    page = visitor.page
    page.get_by_role("textbox", name="Name").fill(name)
    page.get_by_role("textbox", name="Reason").fill("to see what follows")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text(f"Kept as “{name}”")).to_be_visible()
    visitor.settle()


def elsewhere(visitor: Visit) -> list[str]:
    """What the other pages say."""
    said = []
    for name, kpi in (("", ""), ("kpi", "standard_premium_attainment")):
        visitor.open(name, lang="en", kpi=kpi)
        said.append(visitor.page.get_by_test_id("stMain").inner_text())
    return said


def test_a_number_that_is_typed_moves_the_year_end_and_survives_a_refresh_and_other_pages(
    browser: Browser, assuming: Site
) -> None:
    with visit(browser, assuming) as visitor:
        page = visitor.page
        visitor.open("whatif", lang="en")
        expect(page.get_by_text("Scenario, not actual")).to_have_count(0)
        choose(visitor, "What changes", "Standard premium")
        box = page.get_by_label("Q4 2026 · change (%)")
        box.fill("10")
        box.press("Enter")
        expect(page.get_by_text("Scenario, not actual").first).to_be_visible()
        expect(page).to_have_url(re.compile(rf"changes={PREMIUM}"))
        moved = page.locator("tr.row:visible").filter(has_text="Growth that adds value")
        expect(moved).to_contain_text("On track")

        page.reload()
        visitor.settle()
        expect(page.get_by_label("Q4 2026 · change (%)")).to_have_value("10")
        page.get_by_role("link", name="Scorecard").click()
        expect(page.get_by_text("Head office scorecard")).to_be_visible()
        expect(page.get_by_text("Scenario, not actual")).to_have_count(0)
        page.get_by_role("link", name="What if").click()
        expect(page.get_by_text("Scenario, not actual").first).to_be_visible()
        page.get_by_text("How the change flows").click()
        expect(page.get_by_text("Components, by quarter")).to_be_visible()
        page.get_by_role("link", name="Take back").click()
        expect(page.get_by_text("Scenario, not actual")).to_have_count(0)
        assert visitor.console == []
        assert visitor.elsewhere == []


def test_kept_scenarios_are_linked_and_compared_and_change_no_other_page(browser: Browser, assuming: Site) -> None:
    with visit(browser, assuming) as visitor:
        page = visitor.page
        before = elsewhere(visitor)
        visitor.open("whatif", lang="en", changes=PREMIUM)
        keep(visitor, "A strong finish")
        link = page.url
        assert elsewhere(visitor) == before

        visitor.open("whatif", lang="en", changes=CLAIMS)
        keep(visitor, "Few claims")
        choose(visitor, "The other scenario", "A strong finish")
        expect(page.get_by_text("others are alike")).to_be_visible()
        page.get_by_text("Kept scenarios").click()
        page.get_by_role("link", name="A strong finish").click()
        expect(page.get_by_text("Scenario “A strong finish”")).to_be_visible()
        assert visitor.console == []

    with visit(browser, assuming, 390, "dark") as other:
        other.page.goto(link.replace("lang=en", "lang=zh"))
        other.settle()
        expect(other.page.get_by_text("情景“A strong finish”")).to_be_visible()
        assert other.page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth") <= 0
        assert other.console == []
