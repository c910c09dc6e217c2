"""The schedule as people use it: a rule by the form, something approved, and the run that follows unwatched."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from kpi.store import open_store
from tests.e2e.site import Site, store_url, visit
from tests.forecast.company import SCORECARD, install
from tests.kpi.store.builders import approve, fact, key

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


def test_a_rule_given_on_the_page_forecasts_what_is_approved_later(
    browser: Browser, fresh_site: Callable[..., Site], tmp_path: Path
) -> None:
    made = install(tmp_path / "var")
    site = fresh_site(SCORECAST_DEMO="false", SCORECAST_SCORECARD=SCORECARD)
    with visit(browser, site) as visitor:
        page = visitor.page
        visitor.open("schedule", lang="zh")
        expect(page.get_by_text("还没有规则", exact=True)).to_be_visible()
        expect(page.get_by_text("还没有调度程序工作过")).to_be_visible()
        page.get_by_text("添加规则").click()
        visitor.settle()  # the form moves while its box opens
        page.get_by_role("button", name="添加", exact=True).click()
        expect(page.get_by_text("每当新的快照获批准")).to_be_visible()

        store = open_store(store_url(site.data_dir))
        approve(store, fact(key("actual_capital"), 5))
        store.close()
        done = made.forecast("schedule", "--once")
        assert done.code == 0, done.err
        expect(page.locator("tr.row").filter(has_text="完成")).to_contain_text("#2", timeout=20_000)

        visitor.open("schedule", lang="en")
        expect(page.get_by_text("A scheduler was last at work")).to_be_visible()
        page.get_by_role("button", name="Pause").click()
        expect(page.get_by_text("Paused. What comes due meanwhile is not made up.")).to_be_visible()
        assert visitor.console == []
    with visit(browser, site, 390, "dark") as narrow:
        narrow.open("schedule", lang="en")
        narrow.page.get_by_role("button", name="Remove").click()
        expect(narrow.page.get_by_text("There is no rule yet")).to_be_visible()
        wide = narrow.page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0
        assert narrow.console == []
    assert "Traceback" not in site.logged()
