"""Org units beside each other as a heat map, quarters beside each other, and movers: by mouse, keyboard and phone."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, Page, expect

from tests.e2e.site import Site, visit
from tests.e2e.test_map import serious

pytestmark = pytest.mark.e2e


def cell(page: Page, text: str) -> str:
    """What a cell of the heat map says to those who hear it, by its beginning."""
    return str(page.get_by_role("link", name=re.compile(f"^{text}")).get_attribute("aria-label"))


def units(page: Page) -> list[str]:
    """The names of the rows below the first."""
    names = page.locator(".row:not(.top) .unit .label")
    expect(names.first).to_be_visible()
    return names.all_inner_texts()


def test_the_heat_map_says_in_words_what_it_colours_and_keeps_its_choice_in_the_address(
    browser: Browser, site: Site
) -> None:
    with visit(browser, site) as visitor:
        visitor.open("compare", lang="en")
        page = visitor.page
        expect(page.get_by_role("gridcell")).to_have_count(12 * 21)
        expect(page.get_by_role("columnheader", name="Internal process")).to_be_visible()
        assert cell(page, "Liaoning branch, Average claim cycle time").endswith("65.8%, Off track")
        assert "No data" in cell(page, "Finance department, Standard premium attainment")

        page.get_by_role("radio", name="Trend").click()
        page.get_by_role("radio", name="On last year").click()
        expect(page).to_have_url(re.compile("heat=trend&since=year"))
        expect(page.get_by_text("Against Q3 2025")).to_be_visible()
        expect(
            page.get_by_role("link", name=re.compile("^Liaoning branch, Average claim.*days, worse"))
        ).to_be_visible()
        page.get_by_role("radio", name="Year-end chance").click()
        expect(
            page.get_by_role("link", name=re.compile("^Beijing.*% ?, to meet the year's plan")).first
        ).to_be_visible()
        assert visitor.console == []


def test_rows_are_sorted_from_a_heading_and_a_link_keeps_the_order(browser: Browser, site: Site) -> None:
    with visit(browser, site) as visitor:
        visitor.open("compare", lang="zh", heat="status")
        page = visitor.page
        assert units(page)[0] == "北京分公司"
        page.get_by_role("button", name="总分").click()
        expect(page.get_by_role("columnheader", name="总分")).to_have_attribute("aria-sort", "descending")
        expect(page.locator(".row:not(.top) .unit .label").first).to_have_text("广东分公司")
        expect(page.get_by_role("button", name="总分")).to_be_focused()
        page.get_by_role("button", name="总分").click()
        expect(page.locator(".row:not(.top) .unit .label").first).to_have_text("辽宁分公司")
        link = page.url

    with visit(browser, site, 390, "dark") as other:
        other.page.goto(link)
        other.settle()
        assert units(other.page)[0] == "辽宁分公司"
        assert other.console == []


def test_the_keyboard_walks_from_cell_to_cell_and_opens_the_kpi_there(browser: Browser, site: Site) -> None:
    with visit(browser, site) as visitor:
        visitor.open("compare", lang="en", quarter="2026Q2")
        page = visitor.page
        page.get_by_role("link", name="Head office", exact=True).focus()
        for key in ("ArrowDown", "ArrowRight", "ArrowRight"):
            page.keyboard.press(key)
        expect(page.get_by_role("link", name=re.compile("^Beijing branch, Standard premium"))).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator("h1").first).to_contain_text("Standard premium attainment")
        expect(page).to_have_url(re.compile("kpi.*unit=beijing.*quarter=2026Q2.*kpi=standard_premium_attainment"))
        assert "heat=" not in page.url
        assert visitor.console == []


def test_an_org_unit_stands_among_those_beside_it_and_the_way_leads_back_up(browser: Browser, site: Site) -> None:
    with visit(browser, site) as visitor:
        visitor.open("compare", lang="en", unit="liaoning")
        page = visitor.page
        expect(page.get_by_text("Liaoning branch has no org units below it")).to_be_visible()
        expect(page.locator(".row.chosen .label")).to_have_text("Liaoning branch")
        page.get_by_role("button", name="Head office ›").click()
        expect(page).to_have_url(re.compile("unit=head_office"))
        expect(page.locator(".row.chosen .label")).to_have_text("Head office")

        page.get_by_role("link", name="Guangdong branch", exact=True).click()
        expect(page.locator("h1").first).to_contain_text("Guangdong branch scorecard")
        assert visitor.console == []


def test_two_quarters_stand_side_by_side(browser: Browser, site: Site) -> None:
    with visit(browser, site) as visitor:
        visitor.open("compare", lang="en", part="quarters", base="2025Q3", unit="beijing")
        page = visitor.page
        expect(page.locator("tr.row")).to_have_count(20)
        expect(page.get_by_role("columnheader", name="Q3 2025", exact=True)).to_be_visible()
        row = page.locator("tr.row").filter(has_text="Standard premium attainment")
        expect(row).to_contain_text("+1.6 pp")
        page.get_by_role("combobox", name="From").click()
        page.get_by_role("option", name="Q2 2026").click()
        expect(page.get_by_text("so each is taken alone")).to_be_visible()
        expect(row).to_contain_text("+3.4 pp")
        expect(page).to_have_url(re.compile("base=2026Q2"))
        assert visitor.console == []


def test_movers_are_ranked_and_what_cannot_be_is_counted(browser: Browser, site: Site) -> None:
    with visit(browser, site, 390) as visitor:
        visitor.open("compare", lang="en", part="movers", base="2025Q3")
        page = visitor.page
        expect(page.get_by_text("11 org units × 20 KPIs = 220 pairs")).to_be_visible()
        expect(page.get_by_text("67 pairs have no comparable attainment")).to_be_visible()
        expect(page.locator("tr.row")).to_have_count(16)
        with page.expect_download() as waiting:
            page.get_by_role("button", name="Workbook (XLSX)").click()
        sheet = load_workbook(BytesIO(Path(waiting.value.path()).read_bytes())).active
        assert sheet is not None
        assert sheet.max_row == 7 + 220 - 67 - 9
        with page.expect_download(timeout=60_000) as waiting:
            page.get_by_role("button", name="Picture (PNG)").click()
        assert Path(waiting.value.path()).read_bytes().startswith(b"\x89PNG")
        page.get_by_role("link", name="Core staff turnover").first.click()
        expect(page.locator("h1").first).to_contain_text("Core staff turnover")
        assert visitor.console == []


def test_the_heat_map_comes_as_picture_and_workbook(browser: Browser, site: Site) -> None:
    with visit(browser, site) as visitor:
        visitor.open("compare", lang="zh")
        page = visitor.page
        page.get_by_role("button", name="数据表与图片").click()
        for name, start in (("图片 (PNG)", b"\x89PNG"), ("表格 (XLSX)", b"PK")):
            with page.expect_download(timeout=60_000) as waiting:
                page.get_by_role("button", name=name).click()
            assert Path(waiting.value.path()).read_bytes().startswith(start)
        assert visitor.console == []


@pytest.mark.parametrize("part", ["heat", "quarters", "movers"])
def test_the_page_fits_a_phone_and_bars_nobody(browser: Browser, site: Site, part: str) -> None:
    with visit(browser, site, 390, "dark") as visitor:
        visitor.open("compare", lang="en", part=part)
        page = visitor.page
        assert page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth") <= 0
        assert serious(page) == []
        if part == "heat":  # the box moves sideways and the names stay
            left = page.locator(".row.chosen .unit").evaluate("node => node.getBoundingClientRect().left")
            page.locator(".box").evaluate("node => (node.scrollLeft = 300)")
            assert page.locator(".row.chosen .unit").evaluate("node => node.getBoundingClientRect().left") == left
        assert visitor.console == []
