"""One browser, one dashboard with the demo company to look at, and fresh ones for those who change something."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from forecast.alerts.book import AlertBook
from forecast.ledger import Ledger
from forecast.records import RunState
from kpi.store import open_store
from tests.e2e.site import Site, serve, store_url

expect.set_options(timeout=20_000)  # busy machines draw slowly


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium as the system has it; let go after each module, because its event loop would disturb other tests."""
    from tests.e2e.site import launch  # noqa: PLC0415  (the quick suite needs no browser)

    with sync_playwright() as playwright:
        yield launch(playwright)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demo company with its first forecast done; tests only look at it."""
    with serve(tmp_path_factory.mktemp("site")) as running:
        wait_for_forecast(running)
        yield running
        assert "Traceback" not in running.logged()


@pytest.fixture
def fresh_site(tmp_path: Path) -> Iterator[Callable[..., Site]]:
    """Starts a dashboard of the test's own, with settings."""
    with ExitStack() as stack:
        yield lambda **settings: stack.enter_context(serve(tmp_path / "var", **settings))


def wait_for_forecast(site: Site, seconds: float = 180) -> None:
    """Until the newest run of the site is done."""
    ledger, give_up = Ledger(open_store(store_url(site.data_dir))), time.monotonic() + seconds
    while not any(run.state is RunState.DONE for run in ledger.runs()):
        assert time.monotonic() < give_up, ledger.runs()
        time.sleep(0.5)


def wait_for_alerts(site: Site, seconds: float = 60) -> None:
    """Until the rules were judged, which follows at once on the newest run."""
    book, give_up = AlertBook(open_store(store_url(site.data_dir))), time.monotonic() + seconds
    while not book.alerts(newest=1):
        assert time.monotonic() < give_up, site.logged()
        time.sleep(0.5)
