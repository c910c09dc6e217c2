"""The strategy map with keyboard and finger, and a strategy that is written, lost sight of, found again and saved."""

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.e2e.site import Site, Theme, visit

pytestmark = pytest.mark.e2e


def serious(page: Page, inside: str | None = None, **options: Any) -> list[str]:
    """What axe calls serious or worse, as rule and place; on the whole page or ``inside`` a part of it."""
    found = Axe().run(page, context=inside, options=options).response["violations"]
    return [
        f"{each['id']}: {node['target']}"
        for each in found
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"]
    ]


def test_an_objective_is_opened_by_keyboard_and_keeps_the_focus(browser: Browser, site: Site) -> None:
    with visit(browser, site) as visitor:
        visitor.open("map", lang="en")
        page = visitor.page
        claims = page.get_by_role("button", name=re.compile("^Fast claims"))
        expect(claims).to_contain_text("Leads to: Customers who stay")
        claims.focus()
        page.keyboard.press("Enter")
        expect(page.locator("h2", has_text="Fast claims")).to_be_visible()
        expect(page).to_have_url(re.compile("objective=fast_claims"))
        expect(claims).to_have_attribute("aria-pressed", "true")
        expect(claims).to_be_focused()
        expect(page.get_by_role("listitem").filter(has_text="A claim is when the promise is tested")).to_be_visible()
        expect(page.locator("svg.arrows g.own")).to_have_count(2)

        before = claims.inner_text()
        slider = page.get_by_role("slider")
        slider.focus()
        for _ in range(3):
            page.keyboard.press("ArrowLeft")
        expect(page).to_have_url(re.compile("quarter=2025Q4"))
        expect(page.get_by_text("the year is over; as it came")).to_be_visible()
        assert claims.inner_text() != before

        page.get_by_role("link", name="Claim cycle time").click()
        expect(page).to_have_url(re.compile(r"/kpi\?.*kpi=claim_cycle_days"))
        assert "objective=" not in page.url
        assert visitor.console == []


@pytest.mark.parametrize(("language", "width", "theme"), [("zh", 1440, "dark"), ("en", 390, "light")])
@pytest.mark.parametrize("section", ["map", "design", "steps"])
def test_a_section_has_no_serious_fault_for_who_cannot_see_it(
    browser: Browser, site: Site, section: str, language: str, width: int, theme: Theme
) -> None:
    with visit(browser, site, width, theme) as visitor:
        visitor.open("map", lang=language, section=section)
        # The platform's captions and buttons have contrasts of their own, which are no page's.
        assert serious(visitor.page, rules={"color-contrast": {"enabled": False}}) == []
        if section == "map":
            assert serious(visitor.page, inside=".st-key-strategy_map") == []
        assert visitor.console == []
        wide = visitor.page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0


def test_on_a_phone_the_links_are_in_words_and_a_touch_leads_to_the_detail(browser: Browser, site: Site) -> None:
    with visit(browser, site, 390) as visitor:
        visitor.open("map", lang="zh")
        page = visitor.page
        expect(page.locator("svg.arrows")).to_be_hidden()
        expect(page.get_by_text("源于： 稳定而投入的员工").first).to_be_visible()
        page.get_by_role("button", name=re.compile("^快速理赔")).click()
        expect(page.locator("h2", has_text="快速理赔")).to_be_in_viewport()


def test_the_map_leaves_as_table_and_picture(browser: Browser, site: Site) -> None:
    with visit(browser, site) as visitor:
        visitor.open("map", lang="en")
        page = visitor.page
        page.get_by_role("button", name=re.compile("Table and picture")).click()
        with page.expect_download() as download:
            page.get_by_role("button", name=re.compile("PNG")).click()
        assert download.value.path().read_bytes().startswith(b"\x89PNG")


def test_what_was_typed_is_there_after_a_reload_and_saved_with_a_reason(browser: Browser, site: Site) -> None:
    with visit(browser, site) as visitor:
        page = visitor.page
        visitor.open("map", lang="en", section="steps", step="gap")
        page.get_by_label("Expected (million yuan)").fill("600")
        page.keyboard.press("Tab")
        expect(page.get_by_text(re.compile("Gap:"))).to_contain_text("¥500M")
        page.reload()
        visitor.settle()
        expect(page.get_by_label("Expected (million yuan)")).to_have_value("600")
        expect(page.get_by_text("A draft: kept, not in force yet")).to_be_visible()
        page.get_by_label("Reason for the change").fill("strategy meeting")
        page.get_by_role("button", name="Save as a new version").click()
        expect(page.get_by_text("Saved as version 1 of the strategy.")).to_be_visible()

        visitor.open("map", lang="zh", section="design")
        expect(page.get_by_role("cell", name="各年合计 400000000 元")).to_be_visible()
        page.get_by_text("版本记录").click()
        expect(page.get_by_role("cell", name="strategy meeting")).to_be_visible()
        assert visitor.console == []
