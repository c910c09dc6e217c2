"""What stands around every page: the choice of light or dark, the way back from a wrong address, the help."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.site import Site, visit

pytestmark = pytest.mark.e2e
WHITE, NIGHT = "rgb(255, 255, 255)", "rgb(16, 23, 30)"


def background(visitor: object) -> str:
    page = visitor.page  # type: ignore[attr-defined]
    return str(page.evaluate("() => getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor"))


def test_the_choice_of_dark_is_kept_on_other_pages_and_visits_and_can_be_taken_back(
    browser: Browser, site: Site
) -> None:
    with visit(browser, site) as visitor:
        visitor.open(lang="zh")
        assert background(visitor) == WHITE
        visitor.page.get_by_role("radio", name="深色").click()
        visitor.page.wait_for_load_state()
        visitor.settle()
        assert background(visitor) == NIGHT

        visitor.open("kpi", lang="en")
        assert background(visitor) == NIGHT
        assert visitor.page.evaluate("() => document.documentElement.lang") == "en"

        system = visitor.page.get_by_role("radio", name="System")
        visitor.page.get_by_role("radio", name="Dark").focus()
        visitor.page.keyboard.press("ArrowRight")
        expect(system).to_be_focused()
        system.press("Enter")
        visitor.page.wait_for_load_state()
        visitor.settle()
        assert background(visitor) == WHITE
        assert visitor.console == []


def test_an_address_that_is_no_page_leads_home_and_says_so(browser: Browser, site: Site) -> None:
    with visit(browser, site, locale="zh-CN") as visitor:
        visitor.page.goto(f"{site.url}/nowhere?lang=zh")
        visitor.settle()
        expect(visitor.page).to_have_url(re.compile(re.escape(site.url) + r"/\?"))
        expect(visitor.page.get_by_text("nowhere")).to_be_visible()
        assert visitor.console == []


def test_the_question_mark_explains_the_page_in_the_language_of_the_page(browser: Browser, site: Site) -> None:
    with visit(browser, site, 390) as visitor:
        page = visitor.page
        visitor.open("runs", lang="zh")
        page.get_by_role("button", name="本页说明").click()
        expect(page.get_by_text("一次运行的编号是输入、配置和代码的哈希")).to_be_visible()
        page.keyboard.press("Escape")
        visitor.open("upload", lang="en")
        page.get_by_role("button", name="About this page").click()
        expect(page.get_by_text("What was read from a workbook")).to_be_visible()
        assert visitor.console == []


def test_the_tour_comes_once_covers_nothing_that_is_needed_and_comes_back_when_asked(
    browser: Browser, site: Site
) -> None:
    with visit(browser, site, first=True) as visitor:
        page = visitor.page
        visitor.open(lang="en")
        card = page.get_by_role("region", name="First look round")
        expect(card).to_contain_text("1 / 5")
        for at in range(2, 6):
            card.get_by_role("button", name="Next").click()
            expect(card).to_contain_text(f"{at} / 5")
        card.get_by_role("button", name="Done").click()
        expect(card).to_have_count(0)

        visitor.open("kpi", lang="zh")
        expect(card).to_have_count(0)
        page.get_by_role("button", name="本页说明").click()
        page.get_by_role("button", name="再看一遍导览").click()
        again = page.get_by_role("region", name="首次导览")
        page.keyboard.press("Escape")  # closes the explanation, which holds the keyboard while it is open
        expect(page.get_by_role("button", name="再看一遍导览")).to_have_count(0)
        expect(again).to_contain_text("1 / 5")
        again.get_by_role("button", name="下一步").press("Escape")
        expect(again).to_have_count(0)
        assert visitor.console == []


def test_a_lost_connection_takes_nothing_that_was_typed_with_it(browser: Browser, site: Site) -> None:
    with visit(browser, site) as visitor:
        page = visitor.page
        page.add_init_script(
            "window.lines = []; const Line = WebSocket;"
            "window.WebSocket = class extends Line { constructor(...all) { super(...all); window.lines.push(this); } };"
        )
        visitor.open("kpi", lang="en", kpi="risk_loss_ratio", unit="beijing")
        comment = page.get_by_label("Comment", exact=True)
        comment.fill("half a thou")
        before = page.evaluate("() => window.lines.length")
        page.evaluate("() => window.lines.forEach((line) => line.close())")
        page.wait_for_function("before => window.lines.length > before", arg=before)
        visitor.settle()

        expect(comment).to_have_value("half a thou")
        comment.press_sequentially("ght")
        comment.press("Tab")
        visitor.settle()
        expect(comment).to_have_value("half a thought")
        expect(page).to_have_url(re.compile("unit=beijing"))


def test_a_reload_takes_nothing_that_was_typed_with_it_and_nobody_else_sees_it(browser: Browser, site: Site) -> None:
    with visit(browser, site) as visitor:
        page = visitor.page
        visitor.open("kpi", lang="en", kpi="risk_loss_ratio", unit="beijing")
        comment = page.get_by_label("Comment", exact=True)
        comment.fill("half a thought")
        comment.press("Tab")
        visitor.settle()

        page.reload()
        visitor.settle()
        expect(comment).to_have_value("half a thought")
        with visit(browser, site) as other:
            other.open("kpi", lang="en", kpi="risk_loss_ratio", unit="beijing")
            expect(other.page.get_by_label("Comment", exact=True)).to_have_value("")

        comment.fill("")
        comment.press("Tab")
        visitor.settle()
        page.reload()
        visitor.settle()
        expect(comment).to_have_value("")
