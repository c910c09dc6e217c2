"""What people do on the pages: upload, approve, forecast; and what they meet when something is missing."""

import re
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from kpi.store import open_store
from tests.e2e.conftest import wait_for_forecast
from tests.e2e.site import Site, Visit, serve, store_url, visit
from tests.kpi.intake.builders import LONG_EN, demo_with, workbook

pytestmark = pytest.mark.e2e
Start = Callable[..., Site]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
RESTATED = workbook(
    ("KPI", "Org unit", "Period", "Scenario", "Unit", "Value"),
    ("Standard premium", "Beijing branch", "2026Q3", "restated", "yuan", 500_000_000),
)


def drop(page: Page, name: str, content: bytes) -> None:
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": XLSX, "buffer": content})


def approve(visitor: Visit, reason: str) -> None:
    visitor.settle()  # while a page is drawn anew the old one stands beside it
    box = visitor.page.get_by_label("Reason")
    box.fill(reason)
    box.press("Tab")
    visitor.page.get_by_role("button", name="Approve").click()


def test_what_a_workbook_no_longer_has_is_told_before_it_is_approved(browser: Browser, fresh_site: Start) -> None:
    said = [("Standard premium", "Beijing branch", quarter, "actual", "yuan", 1) for quarter in ("2026Q1", "2026Q3")]
    content = workbook(("KPI", "Org unit", "Period", "Scenario", "Unit", "Value"), *said)
    with visit(browser, fresh_site()) as visitor:
        page = visitor.page
        visitor.open("upload", lang="en")
        drop(page, "gap.xlsx", content)
        expect(page.get_by_text("Missing since last time: 1 of 1")).to_be_visible()
        expect(page.get_by_text("Approval leaves these values in the snapshot.")).to_be_visible()
        expect(page.get_by_test_id("stMetricValue")).to_have_text(["0", "2", "0", "1"])
        assert visitor.console == []


def test_an_upload_is_checked_shown_and_approved_and_the_scorecard_follows(browser: Browser, fresh_site: Start) -> None:
    site = fresh_site()
    with visit(browser, site) as visitor:
        page = visitor.page
        visitor.open("kpi", lang="en", kpi="standard_premium_attainment", unit="beijing", window="quarter")
        before = page.get_by_test_id("stMetricValue").first.inner_text()
        visitor.open("upload", lang="en")
        drop(page, "correction.xlsx", RESTATED)
        expect(page.get_by_role("heading", name="correction.xlsx")).to_be_visible()
        expect(page.get_by_text("No findings").first).to_be_visible()

        page.get_by_role("button", name="Approve").click()
        expect(page.get_by_text("Please give a reason first.")).to_be_visible()
        approve(visitor, "Booked twice")
        expect(page.get_by_text("Approved. The new snapshot is in force.")).to_be_visible()
        expect(page.get_by_test_id("stSidebar").get_by_text("Snapshot #7")).to_be_visible()

        visitor.open("kpi", lang="en", kpi="standard_premium_attainment", unit="beijing", window="quarter")
        assert page.get_by_test_id("stMetricValue").first.inner_text() != before
        page.get_by_text("Cells of origin").click()
        expect(page.get_by_text("correction.xlsx").first).to_be_visible()
        assert visitor.console == []
    assert open_store(store_url(site.data_dir)).check_audit() is None


def test_a_workbook_with_a_fault_shows_its_cell_and_cannot_be_approved(browser: Browser, fresh_site: Start) -> None:
    def plant(sheet: Any) -> None:
        sheet["E10"] = "twelve"

    site = fresh_site()
    snapshot = open_store(store_url(site.data_dir)).latest_snapshot()
    with visit(browser, site) as visitor:
        visitor.open("upload", lang="zh")
        drop(visitor.page, "faulty.xlsx", demo_with("02_claims_and_service_long_en.xlsx", plant))

        expect(visitor.page.get_by_text("Claims and service!E10").first).to_be_visible()
        expect(visitor.page.get_by_text("这里应为数字。")).to_be_visible()
        expect(visitor.page.get_by_role("button", name="批准")).to_have_count(0)
        assert visitor.console == []
    assert open_store(store_url(site.data_dir)).latest_snapshot() == snapshot


def test_what_is_no_workbook_is_refused_in_words(browser: Browser, fresh_site: Start) -> None:
    with visit(browser, fresh_site()) as visitor:
        visitor.open("upload", lang="en")
        drop(visitor.page, "letter.xlsx", b"%PDF-1.7 not a workbook")

        expect(visitor.page.get_by_text("letter.xlsx is not an xlsx").first).to_be_visible()
        visitor.open("upload", lang="zh")
        expect(visitor.page.get_by_role("button", name=re.compile("选择文件"))).to_be_visible()
        drop(visitor.page, "说明.pdf", b"%PDF-1.7 not a workbook")

        expect(visitor.page.get_by_text("说明.pdf").first).to_be_visible()
        expect(visitor.page.get_by_text("not allowed")).to_have_count(0)
        assert visitor.console == []


def test_the_template_goes_out_and_comes_back(browser: Browser, fresh_site: Start, tmp_path: Path) -> None:
    with visit(browser, fresh_site()) as visitor:
        visitor.open("upload", lang="zh")
        with visitor.page.expect_download() as download:
            visitor.page.get_by_role("button", name="下载预填模板").click()
        content = Path(download.value.path()).read_bytes()
        drop(visitor.page, "模板.xlsx", content)

        expect(visitor.page.get_by_role("heading", name="模板.xlsx")).to_be_visible()
        expect(visitor.page.get_by_text("系统模板")).to_be_visible()
        expect(visitor.page.get_by_text("没有问题").first).to_be_visible()


def test_a_forecast_is_started_watched_and_the_same_again_trains_nothing(browser: Browser, fresh_site: Start) -> None:
    site = fresh_site()
    wait_for_forecast(site)
    with visit(browser, site) as visitor:
        page = visitor.page
        visitor.open("runs", lang="en")
        digest = re.compile("^[0-9a-f]{64}$")
        first = page.locator("code").filter(has_text=digest).all_inner_texts()
        page.get_by_text("Train again and compare").click()
        page.get_by_role("button", name="Start a forecast").click()
        expect(page.get_by_test_id("stProgress")).to_be_visible()
        expect(page.get_by_role("button", name="Start a forecast")).to_be_enabled(timeout=120_000)
        visitor.settle()

        assert page.locator("code").filter(has_text=digest).all_inner_texts() == first
        expect(page.get_by_text("The run did not finish")).to_have_count(0)
        with page.expect_download() as download:
            page.get_by_role("button", name="Download the passport").click()
        assert Path(download.value.path()).read_bytes()[:2] == b"PK"
        assert visitor.console == []


@pytest.mark.parametrize(("language", "words"), [("zh", "还没有批准的数据"), ("en", "There is no approved data yet")])
def test_without_data_every_page_says_what_to_do_next(
    browser: Browser, fresh_site: Start, language: str, words: str
) -> None:
    site = fresh_site(SCORECAST_DEMO="false")
    with visit(browser, site) as visitor:
        for page in ("", "scorecard", "kpi", "runs", "alerts"):
            visitor.open(page, lang=language)
            expect(visitor.page.get_by_text(words).first).to_be_visible()
        visitor.open("upload", lang=language)
        expect(visitor.page.get_by_text("python -m kpi.demo load")).to_be_visible()
        assert visitor.console == []


@pytest.mark.parametrize(("language", "words"), [("zh", "不是 SQLite 数据库"), ("en", "is not an SQLite database")])
def test_a_damaged_database_is_told_on_the_page_and_in_one_line_of_the_log(
    browser: Browser, tmp_path: Path, language: str, words: str
) -> None:
    (tmp_path / "scorecast.sqlite").write_text("nothing that a database would hold " * 9, encoding="utf-8")
    with serve(tmp_path, ready=503) as site, visit(browser, site) as visitor:
        visitor.page.goto(site.address("", lang=language))

        expect(visitor.page.get_by_text(words)).to_be_visible()
        assert "Traceback" not in site.logged()
        assert "not ready" in site.logged()


def test_an_unknown_scorecard_names_those_there_are(browser: Browser, tmp_path: Path) -> None:
    with serve(tmp_path, SCORECAST_SCORECARD="nonsense") as site, visit(browser, site) as visitor:
        visitor.page.goto(site.address("", lang="en"))

        expect(visitor.page.get_by_text("balanced, classic, finance_ministry")).to_be_visible()


def test_a_killed_dashboard_has_lost_nothing_that_was_confirmed(browser: Browser, tmp_path: Path) -> None:
    folder = tmp_path / "var"
    with serve(folder) as site, visit(browser, site) as visitor:
        visitor.open("upload", lang="en")
        drop(visitor.page, "correction.xlsx", workbook(LONG_EN, ("claims_paid", "beijing", "2026Q3", "yuan", 7, None)))
        approve(visitor, "before the crash")
        expect(visitor.page.get_by_text("Approved. The new snapshot is in force.")).to_be_visible()
        site.process.send_signal(signal.SIGKILL)
        site.process.wait()

    with serve(folder) as site, visit(browser, site) as visitor:
        visitor.open("upload", lang="en")
        expect(visitor.page.get_by_test_id("stSidebar").get_by_text("Snapshot #7")).to_be_visible()
        expect(visitor.page.get_by_text("before the crash")).to_be_visible()
        wait_for_forecast(site)  # the first forecast outlives the killed dashboard and is not lost either
