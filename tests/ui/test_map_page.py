"""The page of the strategy map as a visitor meets it, without a browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from kpi.settings import DATA, ROOT
from kpi.store import Store, open_store
from kpi.strategy.book import StrategyBook
from kpi.strategy.load import default_strategy
from kpi.strategy.models import Part
from tests.forecast.company import SCORECARD, install
from tests.kpi.strategy.builders import template
from ui import data

pytestmark = pytest.mark.slow

SCRIPT = f"""
from pathlib import Path
from ui.components.notices import show_notices
from ui.view import current_view
show_notices(current_view())
exec(compile(Path({str(ROOT / "ui" / "pages" / "map.py")!r}).read_text("utf-8"), "map.py", "exec"), {{}})
"""


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """The store of a company with one approved snapshot, behind the pages."""
    monkeypatch.setenv("SCORECAST_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("SCORECAST_SCORECARD", SCORECARD)
    install(tmp_path)
    st.cache_resource.clear()
    opened = open_store(f"sqlite:///{tmp_path / 'scorecast.sqlite'}")
    yield opened
    opened.close()
    data.store().close()
    st.cache_resource.clear()


@pytest.fixture
def book(store: Store) -> StrategyBook:
    return StrategyBook(store, default_strategy(template(SCORECARD), DATA / "strategies"))


def visit(lang: str = "en", **params: str) -> AppTest:
    """A fresh session, as after a refresh."""
    page = AppTest.from_string(SCRIPT, default_timeout=60)
    for name, value in {"lang": lang, **params}.items():
        page.query_params[name] = value
    page.run()
    assert not page.exception
    return page


def text(page: AppTest) -> str:
    kinds = (page.title, page.header, page.markdown, page.caption, page.info, page.error, page.warning, page.success)
    return "\n".join(str(value) for kind in kinds for value in kind.values).replace("\\", "")


def press(page: AppTest, label: str) -> None:
    next(each for each in page.button if each.label == label).click().run()
    assert not page.exception


def write(page: AppTest, label: str, words: str, number: int = 0) -> None:
    [each for each in page.text_input if each.label == label][number].input(words).run()
    assert not page.exception


@pytest.mark.parametrize(
    ("lang", "name", "why"),
    [("en", "Insurance that protects", "the year is over"), ("zh", "回归保障本源", "该年度已结束")],
)
def test_an_objective_is_shown_with_its_statuses_and_links(book: StrategyBook, lang: str, name: str, why: str) -> None:
    page = visit(lang, objective="serve_the_nation", quarter="2024Q4")
    assert name in page.header.values
    link = next(link for link in book.default.links if link.cause == "serve_the_nation")
    assert link.reason.in_("zh" if lang == "zh" else "en") in text(page)
    assert why in text(page) or ("no forecast of this year" if lang == "en" else "还没有预测") in text(page)


def test_without_a_choice_the_objective_that_needs_attention_is_shown(store: Store) -> None:
    assert "needs attention most" in text(visit())


def test_what_was_typed_outlives_a_refresh_and_becomes_a_version_with_a_reason(book: StrategyBook) -> None:
    page = visit(section="design")
    write(page, "How it helps", "Because we say so")
    assert "A draft: kept, not in force yet" in text(page)
    again = visit(section="design")
    assert "Because we say so" in [each.value for each in again.text_input]
    assert book.newest().version == 0

    press(again, "Save as a new version")
    assert "Reason is still empty" in text(again)
    write(again, "Reason for the change", "a meeting")
    press(again, "Save as a new version")

    assert "Saved as version 1" in text(again)
    assert "Reason is still empty" not in text(again)
    record = book.newest()
    assert (record.reason, record.part) == ("a meeting", "links")
    assert record.strategy.links[0].reason.en == "Because we say so"
    assert record.strategy.links[0].reason.zh == book.default.links[0].reason.zh
    assert book.draft(Part.LINKS, "local") is None


def test_a_row_added_and_removed_leaves_no_draft(book: StrategyBook) -> None:
    page = visit(section="design")
    press(page, "Add a row")
    assert book.draft(Part.LINKS, "local") is not None
    [each for each in page.button if each.label == "Remove"][-1].click().run()
    assert book.draft(Part.LINKS, "local") is None


def test_the_design_check_follows_the_draft(book: StrategyBook) -> None:
    page = visit(section="design")
    before = next(value for value in page.header.values if value.startswith("Design check"))
    effects = [each for each in page.selectbox if each.label == "Effect"]
    causes = [each for each in page.selectbox if each.label == "Cause"]
    effects[0].set_value("develop_well").run()
    causes[0].set_value("earn_for_the_state").run()
    after = next(value for value in page.header.values if value.startswith("Design check"))
    assert before != after
    press(page, "Discard the draft")
    assert next(value for value in page.header.values if value.startswith("Design check")) == before
    assert book.draft(Part.LINKS, "local") is None


def test_an_edit_of_another_part_does_not_stand_in_the_way(book: StrategyBook) -> None:
    page = visit(section="design")
    write(page, "How it helps", "Because we say so")
    book.save(book.default.model_copy(update={"proposition": ()}), 0, Part.PROPOSITION, "wang", "elsewhere")
    again = visit(section="design")
    write(again, "Reason for the change", "mine")
    press(again, "Save as a new version")
    assert "Saved as version 2" in text(again)
    assert book.newest().strategy.proposition == ()


def test_who_is_overtaken_is_told_keeps_the_draft_and_may_go_on(book: StrategyBook) -> None:
    page = visit(section="design")
    write(page, "How it helps", "Because we say so")
    write(page, "Reason for the change", "mine")
    book.save(book.default.model_copy(update={"links": ()}), 0, Part.LINKS, "wang", "all gone")

    press(page, "Save as a new version")
    assert "wang saved version 1 of the strategy meanwhile (all gone)" in text(page)
    assert "wang saved version 1 meanwhile, and this part changed in it" in text(page)
    assert book.newest().version == 1
    press(page, "Go on from version 1")
    write(page, "Reason for the change", "mine")
    press(page, "Save as a new version")
    assert book.newest().version == 2
    assert book.newest().strategy.links[0].reason.en == "Because we say so"


def test_amounts_mean_the_same_in_both_languages_and_the_gap_is_computed(book: StrategyBook) -> None:
    page = visit("zh", section="steps", step="gap")
    for label, words in (
        ("衡量什么", "经营利润"),
        ("期望值（万元）", "50000"),
        ("现值（万元）", "1亿"),
        ("目标年份", "2028"),
    ):
        write(page, label, words)
    assert "差距：**4亿元**" in text(page)

    other = visit("en", section="steps", step="gap")
    assert [each.value for each in other.text_input][1:3] == ["500", "100"]
    assert "Gap: **¥400M**" in text(other)
    write(other, "Reason for the change", "strategy meeting")
    press(other, "Save as a new version")
    gap = book.newest().strategy.gap
    assert gap is not None
    assert gap.gap == 400_000_000
    assert gap.measure.zh == "经营利润"


def test_a_gap_spread_evenly_is_a_timetable_that_can_be_saved(book: StrategyBook) -> None:
    assert "Fill in and save the value gap in step 1 first" in text(visit(section="steps", step="timetable"))
    filled = {"measure.zh": "利润", "measure.en": "profit", "expected": "500 million", "today": "99 million"}
    book.keep_draft(Part.GAP, "local", 0, ({**filled, "by": "2029"},))
    page = visit(section="steps", step="gap")
    write(page, "Reason for the change", "begin")
    press(page, "Save as a new version")

    page = visit(section="steps", step="timetable")
    press(page, "Spread evenly over the years")
    assert "**¥401M** of the gap of ¥401M" in text(page)
    write(page, "Part of the gap (million yuan)", "100")
    assert "left" in text(page)
    write(page, "Reason for the change", "plan")
    press(page, "Save as a new version")
    assert "the years add up to" in text(page)
    press(page, "Spread evenly over the years")
    press(page, "Save as a new version")
    assert sum(each.amount for each in book.newest().strategy.timetable) == 401_000_000
    assert max(each.year for each in book.newest().strategy.timetable) == 2029


def test_the_steps_lead_on(store: Store) -> None:
    page = visit(section="steps")
    press(page, "2. Value proposition")
    assert "2. Value proposition" in page.header.values
