"""A landing that people set, as the page of its KPI tells it."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from playwright.sync_api import Browser, expect

from forecast.overlays import Overlays
from kpi.periods import Period
from kpi.store import open_store
from tests.e2e.conftest import wait_for_forecast
from tests.e2e.site import Site, store_url, visit

pytestmark = pytest.mark.e2e
SHORT = {"SCORECAST_FORECAST_STEPS": "20", "SCORECAST_FORECAST_MEMBERS": "1"}
PLACE = {"kpi": "persistency_13m_premium", "unit": "beijing"}


def test_an_approved_overlay_stands_beside_the_forecast_and_a_proposed_one_does_not(
    browser: Browser, fresh_site: Callable[..., Site]
) -> None:
    site = fresh_site(**SHORT)
    wait_for_forecast(site)
    store = open_store(store_url(site.data_dir))
    kept = Overlays(store)
    made = kept.propose(PLACE["kpi"], PLACE["unit"], Period.quarter(2026, 4), Decimal("0.81"), "a *big* lapse", "li")

    with visit(browser, site) as visitor:
        visitor.open("kpi", lang="en", **PLACE)
        forecast = visitor.page.get_by_test_id("stMetric").filter(has_text="Year-end P50").inner_text()
        expect(visitor.page.get_by_text("Set by hand")).to_have_count(0)
        kept.approve(made.id, "seen", "wang")
        visitor.open("kpi", lang="en", **PLACE)
        note = visitor.page.get_by_text("Set by hand: 81.0%")
        expect(note).to_contain_text("a *big* lapse (by li, approved by wang)")
        assert visitor.page.get_by_test_id("stMetric").filter(has_text="Year-end P50").inner_text() == forecast
        assert visitor.console == []
    with visit(browser, site, 390, "dark") as other:
        other.open("kpi", lang="zh", **PLACE)
        expect(other.page.get_by_text("人工调整：年末 81.0%")).to_be_visible()
        assert other.console == []
    store.close()
    assert "Traceback" not in site.logged()
