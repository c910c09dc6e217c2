"""The mapping part of the upload page in a browser: see a cell, correct a label, use it, approve; and what helps."""

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, Locator, Page, expect

from kpi.store import open_store
from kpi.store.records import UploadState
from tests.e2e.messy import OWN_BRANCH, OWN_LABEL, messy
from tests.e2e.site import Site, store_url, visit
from tests.e2e.test_steps import approve, drop
from tests.kpi.intake.builders import LONG_EN, demo_with, workbook
from tests.kpi.intake.files import locked, ods_bytes, ods_cell, ods_row

pytestmark = pytest.mark.e2e
Start = Callable[..., Site]
OURS = "Premium as we call it"


def report(quarter: str = "2026Q3", amount: int = 425_000_000, label: str = OURS) -> bytes:
    known = ("Claims paid", "Beijing branch", quarter, "yuan", 60_000_000, None)
    return workbook(LONG_EN, known, (label, "Beijing branch", quarter, "yuan", amount, None), title="Report")


def say(page: Page, label: str, wanted: str) -> None:
    """Choose what a label means."""
    menu = page.get_by_role("combobox", name=label)
    menu.click()
    menu.fill(wanted)
    page.get_by_role("option").filter(has_text=wanted).first.click()


def cell(page: Page, place: str) -> Locator:
    """A cell of the sheet by row and column."""
    return page.locator(f"td[data-place='{place}']")


@pytest.mark.parametrize(("width", "theme"), [(1440, "light"), (390, "dark")])
def test_a_click_on_a_finding_goes_to_its_cell(browser: Browser, fresh_site: Start, width: int, theme: str) -> None:
    with visit(browser, fresh_site(), width, "dark" if theme == "dark" else "light") as visitor:
        page = visitor.page
        visitor.open("upload", lang="en")
        drop(page, "messy.xlsx", messy())
        page.get_by_role("link", name="Other figures!A4").click()
        expect(cell(page, "4:1")).to_have_class(re.compile("chosen"))
        expect(cell(page, "4:1")).to_be_in_viewport()
        expect(page.locator(".said")).to_contain_text("None of this table's items is in the catalogue")

        page.get_by_role("link", name="经营月报!E7").click()
        expect(cell(page, "7:5")).to_have_class(re.compile("chosen"))
        expect(cell(page, "7:5")).to_be_in_viewport()
        expect(cell(page, "7:5")).to_have_attribute("title", re.compile("Excel error value"))
        expect(cell(page, "8:7")).to_have_text('<b>含税</b> & "调整"')
        wide = page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, "the page is wider than the window"
        assert visitor.console == []


def test_a_label_is_corrected_used_and_approved_and_proposed_next_time(browser: Browser, fresh_site: Start) -> None:
    site = fresh_site()
    store = open_store(store_url(site.data_dir))
    with visit(browser, site) as visitor:
        page = visitor.page
        visitor.open("upload", lang="en")
        drop(page, "report.xlsx", report())
        expect(page.get_by_text("Labels to decide on: 1")).to_be_visible()
        expect(cell(page, "3:5")).to_have_class(re.compile("listed"))
        say(page, OURS, "standard_premium")
        expect(page.get_by_text("Values 1 → 2")).to_be_visible()
        expect(page.get_by_text("Errors 1 → 0")).to_be_visible()
        expect(cell(page, "3:5")).to_have_class(re.compile("value"))
        assert store.uploads()[-1].state is UploadState.REFUSED

        page.get_by_role("button", name="Use these corrections").click()
        expect(page.get_by_text("Read with the corrections and recorded as upload")).to_be_visible()
        approve(visitor, "closing")
        expect(page.get_by_text("Approved. The new snapshot is in force.")).to_be_visible()
        assert store.uploads()[-1].corrections.measures == {"premiumaswecallit": "standard_premium"}

        drop(page, "report_q4.xlsx", report("2026Q4", 430_000_000))
        expect(page.get_by_text("For workbooks of this form")).to_be_visible()
        expect(page.locator(".st-key-remembered")).to_contain_text(f"{OURS} → Standard premium")
        page.get_by_role("button", name="Apply").click()
        expect(page.get_by_text("Values 1 → 2")).to_be_visible()
        assert visitor.console == []
    assert "Traceback" not in site.logged()


def test_a_locked_workbook_is_opened_with_its_password(browser: Browser, fresh_site: Start) -> None:
    site = fresh_site()
    with visit(browser, site) as visitor:
        page = visitor.page
        visitor.open("upload", lang="en")
        drop(page, "locked.xlsx", locked(report(), "open sesame"))
        box = page.get_by_label("Password of the workbook")
        expect(box).to_have_attribute("type", "password")
        box.fill("wrong")
        page.get_by_role("button", name="Open the file").click()
        expect(page.get_by_text("The password of locked.xlsx is wrong")).to_be_visible()
        expect(box).to_have_value("")

        box.fill("open sesame")
        page.get_by_role("button", name="Open the file").click()
        expect(page.get_by_role("heading", name="locked.xlsx")).to_be_visible()
        expect(box).to_have_count(0)
        assert visitor.console == []
    assert "sesame" not in site.logged()


def test_the_workbook_comes_back_with_its_findings_marked(browser: Browser, fresh_site: Start) -> None:
    with visit(browser, fresh_site()) as visitor:
        visitor.open("upload", lang="zh")
        drop(visitor.page, "月报.xlsx", messy())
        with visitor.page.expect_download() as download:
            visitor.page.get_by_role("button", name="下载标注了问题的工作簿").click()
        assert re.fullmatch(r"月报-标注-[0-9a-f]{8}\.xlsx", download.value.suggested_filename)
        book = load_workbook(BytesIO(Path(download.value.path()).read_bytes()))
        assert book["经营月报"]["E7"].comment is not None
        assert visitor.console == []


def test_the_same_file_twice_is_recognised(browser: Browser, fresh_site: Start) -> None:
    site, content = fresh_site(), report()
    with visit(browser, site) as visitor:
        page = visitor.page
        visitor.open("upload", lang="en")
        drop(page, "report.xlsx", content)
        expect(page.get_by_role("heading", name="report.xlsx")).to_be_visible()
        visitor.open("upload", lang="en")
        drop(page, "copy of report.xlsx", content)
        expect(page.get_by_text("This file was checked on")).to_be_visible()
        page.get_by_role("button", name="Check it again").click()
        expect(page.get_by_text("Other checks of the same file")).to_be_visible()
        page.get_by_role("button", name=re.compile("^#7 ")).click()
        expect(page.get_by_role("button", name=re.compile("^#8 "))).to_be_visible()
        assert visitor.console == []
    assert len(open_store(store_url(site.data_dir)).uploads()) == 8


def ods() -> bytes:
    """The same report as an OpenDocument spreadsheet."""
    from odf import table as odf_table  # noqa: PLC0415
    from odf.opendocument import OpenDocumentSpreadsheet  # noqa: PLC0415

    document, sheet = OpenDocumentSpreadsheet(), odf_table.Table(name="Report")
    ods_row(sheet, *(ods_cell(text, valuetype="string") for text in LONG_EN[:5]))
    texts = ("Claims paid", "Beijing branch", "2026Q3", "yuan")
    number = ods_cell("60000000", valuetype="float", value=60_000_000)
    ods_row(sheet, *(ods_cell(text, valuetype="string") for text in texts), number)
    document.spreadsheet.addElement(sheet)
    return ods_bytes(document)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (
            "report.csv",
            "KPI,Org unit,Period,Unit,Actual\nClaims paid,Beijing branch,2026Q3,yuan,60000000\n".encode("gbk"),
        ),
        ("report.ods", ods()),
    ],
    ids=["csv", "ods"],
)
def test_other_kinds_of_files_are_read_and_shown(
    browser: Browser, fresh_site: Start, name: str, content: bytes
) -> None:
    with visit(browser, fresh_site()) as visitor:
        visitor.open("upload", lang="en")
        drop(visitor.page, name, content)
        expect(visitor.page.get_by_text("1 values understood")).to_be_visible()
        expect(cell(visitor.page, "2:5")).to_have_class(re.compile("value"))
        assert visitor.console == []


def test_a_messy_workbook_is_mended_on_the_page_until_nothing_is_wrong_with_its_labels(
    browser: Browser, fresh_site: Start
) -> None:
    with visit(browser, fresh_site()) as visitor:
        page = visitor.page
        visitor.open("upload", lang="zh")
        drop(page, "月报.xlsx", messy())
        say(page, OWN_LABEL, "premium_due_for_renewal")
        expect(page.get_by_text("已更正")).to_have_count(1)
        say(page, OWN_BRANCH, "不入库")
        expect(page.get_by_role("link", name="经营月报!B8")).to_have_count(0)
        page.get_by_role("button", name="撤销", exact=True).click()
        expect(page.get_by_role("link", name="经营月报!B8")).to_have_count(1)
        assert visitor.console == []


def test_a_correction_in_one_window_is_not_seen_in_another(browser: Browser, fresh_site: Start) -> None:
    site = fresh_site()
    with visit(browser, site) as one, visit(browser, site) as other:
        one.open("upload", lang="en")
        drop(
            one.page,
            "faulty.xlsx",
            demo_with("02_claims_and_service_long_en.xlsx", lambda sheet: sheet.__setitem__("A12", "Bonus")),
        )
        say(one.page, "Bonus", "claims_paid")
        expect(one.page.get_by_text("Preview, not recorded")).to_be_visible()
        other.open("upload", lang="en", upload="7")
        expect(other.page.get_by_text("Labels to decide on: 1")).to_be_visible()
        expect(other.page.get_by_text("Preview, not recorded")).to_have_count(0)
