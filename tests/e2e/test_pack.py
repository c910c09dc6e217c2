"""The board pack, made in the browser: choose, write, make, take along, and read what was taken."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.site import Site, visit
from tests.e2e.test_map import serious
from tests.report.pack.pdf_text import read_pdf

pytestmark = pytest.mark.e2e


def test_a_pack_is_made_beside_the_page_and_taken_along(browser: Browser, site: Site, tmp_path: Path) -> None:
    with visit(browser, site) as visitor:
        visitor.open("pack", lang="zh", pages="cover,overview,evidence", formats="pdf,html")
        page = visitor.page
        page.get_by_role("textbox", name="评注", exact=True).fill("三季度销售节奏改善 & <费用>可控。")
        page.get_by_role("button", name="生成报告").click()  # straight out of the field
        expect(page.get_by_text("1 页有评注")).to_be_visible()
        button = page.get_by_role("button", name="PDF ·")
        expect(button).to_be_visible(timeout=90_000)
        with page.expect_download() as taken:
            button.click()
        found = read_pdf(Path(taken.value.path()).read_bytes())
        assert len(found.pages) == 3
        assert "三季度销售节奏改善 & <费用>可控。" in found.pages[1]

        with page.expect_download() as taken:
            page.get_by_role("button", name="HTML ·").click()
        assert visitor.console == []
        assert serious(page) == []
        html = tmp_path / taken.value.suggested_filename
        taken.value.save_as(html)
        digest = page.get_by_test_id("stCode").first.inner_text().strip()

    with visit(browser, site, 390, "dark") as reader:
        reader.page.goto(html.as_uri())
        expect(reader.page.get_by_text(digest)).to_be_visible()
        wide = reader.page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0
        colour = reader.page.evaluate("() => getComputedStyle(document.body).backgroundColor")
        assert colour == "rgb(16, 23, 30)"
        assert reader.console == []
        assert [address for address in reader.elsewhere if not address.startswith("file:")] == []


def test_the_choice_and_the_commentary_are_still_there_after_a_reload(browser: Browser, site: Site) -> None:
    with visit(browser, site, 390, "dark") as visitor:
        visitor.open("pack", lang="en", unit="liaoning", pages="cover,evidence", formats="xlsx", pack_lang="zh")
        page = visitor.page
        page.get_by_role("textbox", name="Commentary", exact=True).fill("Kept.")
        page.get_by_role("textbox", name="Commentary", exact=True).blur()
        expect(page.get_by_text("Pages with commentary: 1")).to_be_visible()
        page.reload()
        visitor.settle()

        expect(page.get_by_role("textbox", name="Commentary", exact=True)).to_have_value("Kept.")
        expect(page.get_by_text("Where the year will land")).to_have_count(0)
        expect(page.get_by_label("Language of the pack").get_by_role("radio", name="中文")).to_be_checked()
        assert visitor.console == []
