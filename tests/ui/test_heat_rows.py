"""How many rows of the heat map are drawn at once, and the way from page to page, without a browser."""

from collections.abc import Iterator

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from kpi.settings import ROOT
from kpi.text import Language
from report.format import Format
from report.heat_builder import Metric
from report.words import Words
from tests.kpi.scorecard.builders import organisation, panel, quarters
from tests.ui.small import QUARTER, SNAPSHOT, small_catalogue, small_template
from ui import data, heat
from ui.address import Choices, read_address
from ui.components.heat_parts import pager
from ui.view import DataView

BRANCHES = [f"b{number:02}" for number in range(40)]
TREE = organisation({"head": None, **dict.fromkeys(BRANCHES, "head")})
FACTS = [
    fact
    for number, unit in enumerate(BRANCHES)
    for scenario, amount in (("actual", 80 + number), ("plan", 100))
    for fact in quarters("sales", unit, 2026, [str(amount)] * 2, scenario)
]
PANEL = panel(FACTS, small_catalogue(), small_template(), tree=TREE)
SCRIPT = "from tests.ui.test_heat_rows import draw\ndraw()"


def company(language: Language = "en") -> DataView:
    """Forty branches, each a little better than the one before."""
    choices = Choices(language, tuple(TREE.by_code), (QUARTER,), ("sales_kpi",))
    address, unknown = read_address(st.query_params.to_dict(), choices)
    return DataView(
        address=address,
        t=Words(language),
        fmt=Format(language),
        snapshot=SNAPSHOT,
        run=None,
        choices=choices,
        unknown=unknown,
        organisation=TREE,
        panel=PANEL,
        quarter=QUARTER,
        last_actual=QUARTER,
        outlooks={},
        scores={},
    )


def draw() -> None:
    """The rows drawn, and the pager below them."""
    view = company()
    drawn = heat.heat_map(view, Metric.ATTAINMENT, "quarter")
    st.text(" ".join(row.key for row in drawn.heat.rows))
    pager(view, drawn.page)


@pytest.fixture(autouse=True)
def small_company(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The pages' doors lead to the forty branches."""
    monkeypatch.syspath_prepend(str(ROOT))
    monkeypatch.setattr(data, "template", small_template)
    monkeypatch.setattr(data, "catalogue", small_catalogue)
    monkeypatch.setattr(data, "panel_of", lambda *_: PANEL)
    st.cache_resource.clear()
    yield
    st.cache_resource.clear()


def visit(**params: str) -> AppTest:
    page = AppTest.from_string(SCRIPT, default_timeout=30)
    for name, value in params.items():
        page.query_params[name] = value
    return page.run()


def rows(page: AppTest) -> list[str]:
    assert not page.exception
    return str(page.text[0].value).split()


def test_a_page_of_rows_is_drawn_and_a_click_turns_it() -> None:
    page = visit()
    assert rows(page) == BRANCHES[:15]
    assert page.button[0].disabled
    assert rows(page.button[1].click().run()) == BRANCHES[15:30]
    assert page.caption[0].value == "16–30 of 40 org units"
    assert rows(page.button[0].click().run()) == BRANCHES[:15]


def test_whoever_wants_more_rows_begins_with_the_first_of_them() -> None:
    page = visit(rows="3")
    assert rows(page) == BRANCHES[30:]
    assert rows(page.selectbox[0].select("30").run()) == BRANCHES[:30]
    assert page.query_params["many"] == "30"
    assert rows(page.selectbox[0].select("60").run()) == BRANCHES
    assert all(button.disabled for button in page.button)


def test_rows_are_sorted_over_all_pages() -> None:
    assert rows(visit(sort="-score")) == BRANCHES[::-1][:15]
    assert rows(visit(sort="sales_kpi", rows="2")) == BRANCHES[15:30]
