"""The page of a KPI: its fan, what changed it, its org units, and what people say of it."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from kpi.notes.book import NoteBook
from kpi.store import open_store
from tests.e2e.site import Site, Visit, store_url, visit
from tests.e2e.test_map import serious

pytestmark = pytest.mark.e2e
CLAIMS = {"kpi": "risk_loss_ratio", "window": "quarter"}
EXPENSE = {"kpi": "company_expense_budget_rate", "unit": "liaoning", "window": "quarter"}


def choose(visitor: Visit, name: str) -> None:
    visitor.page.get_by_role("radio", name=name, exact=True).click()
    visitor.settle()


def table_behind(visitor: Visit, key: str) -> None:
    """Open the table of a chart."""
    visitor.page.locator(f".st-key-{key}_more button").first.click()
    visitor.settle()


def write(page: Page, label: str, text: str) -> None:
    page.get_by_label(label, exact=True).fill(text)
    page.get_by_label(label, exact=True).press("Tab")


def test_the_chart_shows_its_fan_and_what_was_restated_and_remembers_its_span(browser: Browser, site: Site) -> None:
    with visit(browser, site) as visitor:
        page = visitor.page
        visitor.open("kpi", lang="en", **EXPENSE)
        expect(page.get_by_text("◇ Restated: Q4 2025")).to_be_visible()
        expect(page.get_by_text("from dark to light, should hold 50, 80 and 95 %")).to_be_visible()

        choose(visitor, "All")
        choose(visitor, "Rolling four")
        expect(page).to_have_url(re.compile("years=all.*window=rolling4|window=rolling4.*years=all"))
        table_behind(visitor, "history")
        expect(page.get_by_role("row").filter(has_text="Q4 2025")).to_contain_text("restated")
        expect(page.get_by_role("row").filter(has_text="Q4 2026")).to_contain_text(
            re.compile(r"([\d.]+% – [\d.]+%){3}")
        )
        assert visitor.console == []


def test_the_record_of_the_forecast_is_a_sentence_with_its_quarters_behind(browser: Browser, site: Site) -> None:
    with visit(browser, site, 390, "dark") as visitor:
        page = visitor.page
        visitor.open("kpi", lang="en", **CLAIMS)
        sentence = re.compile(r"In the last 8 quarters the forecast made a quarter before was within [\d.]+ percentage")
        expect(page.get_by_text(sentence)).to_contain_text("last year's same quarter would have been within")

        for key in ("definition_open", "origins_open", "add_plan"):
            page.locator(f".st-key-{key} summary").first.click()
            visitor.settle()
        # The platform's captions and buttons have contrasts of their own, which are no page's.
        assert serious(page, rules={"color-contrast": {"enabled": False}}) == []
        page.get_by_text("Quarter by quarter, and what the forecast is made of").click()
        visitor.settle()
        expect(page.get_by_text("Each quarter was forecast anew")).to_be_visible()
        expect(page.get_by_text("What the forecast of the next quarter adds up from")).to_be_visible()
        assert page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth") <= 0
        assert visitor.console == []


def test_a_change_is_told_by_org_unit_and_component_down_to_its_sum(browser: Browser, site: Site) -> None:
    with visit(browser, site) as visitor:
        page = visitor.page
        visitor.open("kpi", lang="en", **CLAIMS)
        expect(page.get_by_text("From 58.8% a year ago to 60.3%: +1.47 pp")).to_be_visible()
        table_behind(visitor, "change_units")
        total = page.get_by_role("row").filter(has_text="Sum, the whole change")
        expect(total).to_contain_text("+1.47 pp")
        expect(total).to_contain_text("100%")
        page.keyboard.press("Escape")

        choose(visitor, "Plan")
        expect(page.get_by_text(re.compile("against a plan of 60.5%: -0.2"))).to_be_visible()
        choose(visitor, "Last quarter")
        expect(page).to_have_url(re.compile("change=last_quarter"))
        expect(page.get_by_text(re.compile("last quarter to 60.3%"))).to_be_visible()
        assert visitor.console == []


def test_org_units_stand_by_rank_or_each_with_its_way(browser: Browser, site: Site) -> None:
    with visit(browser, site) as visitor:
        page = visitor.page
        visitor.open("kpi", lang="zh", **CLAIMS)
        expect(page.get_by_label(re.compile("^赔付率：各机构由好到差排列：北京分公司"))).to_be_attached()

        choose(visitor, "走势")
        expect(page.get_by_text("所有机构使用同一刻度")).to_be_visible()
        expect(page.get_by_label(re.compile("^赔付率：各机构的走势，由好到差排列：北京分公司"))).to_be_attached()
        table_behind(visitor, "lanes")
        expect(page.get_by_role("row").filter(has_text="辽宁分公司")).to_contain_text("67.8%")
        assert visitor.console == []


def test_what_is_written_stays_until_it_is_kept_and_then_everybody_sees_it(browser: Browser, site: Site) -> None:
    place = {"kpi": "claim_cycle_days", "unit": "hubei"}
    with visit(browser, site) as visitor:
        page = visitor.page
        visitor.open("kpi", lang="en", **place)
        write(page, "Comment", "two adjusters *left* in May")
        page.get_by_test_id("stSidebar").get_by_role("link", name="Upload").click()
        visitor.settle()
        page.go_back()
        visitor.settle()
        expect(page.get_by_label("Comment", exact=True)).to_have_value("two adjusters *left* in May")
        page.get_by_role("button", name="Add comment").click()
        expect(page.get_by_text("Your comment is kept")).to_be_visible()
        expect(page.get_by_label("Comment", exact=True)).to_have_value("")
        expect(page.get_by_text("two adjusters *left* in May")).to_be_visible()

        visitor.settle()
        page.get_by_text("New action plan").click()
        write(page, "What will be done", "hire two adjusters")
        page.get_by_role("button", name="Save action plan").click()
        expect(page.get_by_text("an action plan needs somebody who owns it")).to_be_visible()
        visitor.settle()
        expect(page.get_by_label("What will be done")).to_have_value("hire two adjusters")
        write(page, "Owner", "Zhao Min")
        write(page, "Due", "2999-12-31")
        page.get_by_role("button", name="Save action plan").click()
        expect(page.get_by_text("Zhao Min, by 2999-12-31")).to_be_visible()
        visitor.settle()
        page.get_by_role("button", name="Mark as done").click()
        expect(page.get_by_text("marked as done by")).to_be_visible()
        assert visitor.console == []

    with visit(browser, site, 390, "dark") as other:
        other.open("kpi", lang="zh", **place)
        expect(other.page.get_by_text("two adjusters *left* in May")).to_be_visible()
        expect(other.page.get_by_text("已完成")).to_be_visible()
        assert other.page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth") <= 0
        assert other.console == []
    store = open_store(store_url(site.data_dir))
    assert len(NoteBook(store).of(**{"kpi": place["kpi"], "org_unit": place["unit"]}).plans) == 1
    assert store.check_audit() is None
    store.close()
