"""The page of the board pack without a browser: what is chosen, what is kept, and what is refused."""

import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Button

from forecast.overlays import Overlays
from kpi.periods import Period
from kpi.settings import ROOT
from tests.forecast.company import SCORECARD
from tests.report.pack.company import Company, company
from ui import data, packs

pytestmark = pytest.mark.slow

SCRIPT = f"""
from pathlib import Path
exec(compile(Path({str(ROOT / "ui" / "pages" / "pack.py")!r}).read_text("utf-8"), "pack.py", "exec"), {{}})
"""


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Company]:
    monkeypatch.setenv("SCORECAST_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("SCORECAST_SCORECARD", SCORECARD)
    found = company(tmp_path)
    st.cache_resource.clear()
    yield found
    data.store().close()
    st.cache_resource.clear()


def visit(**params: str) -> AppTest:
    page = AppTest.from_string(SCRIPT, default_timeout=60)
    for name, code in ({"lang": "en"} | params).items():
        page.query_params[name] = code
    page.run()
    assert not page.exception
    return page


def make(page: AppTest) -> Button:
    return next(button for button in page.button if button.key == "make_pack")


def test_everything_is_chosen_at_first_and_a_link_chooses_less(made: Company) -> None:
    assert made.run.snapshot_id == 1
    page = visit()
    assert page.multiselect[0].value == ["cover", "overview", "scorecard", "landings", "kpis", "evidence"]
    fewer = visit(pages="cover,evidence", formats="html")
    assert fewer.multiselect[0].value == ["cover", "evidence"]
    assert not make(fewer).disabled


def test_nothing_chosen_makes_nothing_and_says_so(made: Company) -> None:
    assert made.run.snapshot_id == 1
    page = visit(pages="-")
    assert make(page).disabled
    assert any("Choose at least one page" in str(text) for text in page.caption.values)


def test_commentary_outlives_the_visit_and_belongs_to_its_page_and_language(made: Company) -> None:
    assert made.run.snapshot_id == 1
    page = visit(pages="cover,overview")
    page.text_area[0].input("We are <late>.").run()
    assert not page.exception

    again = visit(pages="cover,overview")
    assert again.text_area[0].value == "We are <late>."
    assert any("Commentary on 1 pages" in str(text) for text in again.caption.values)
    assert visit(pages="cover,overview", lang="zh").text_area[0].value == ""


def test_a_pack_that_was_made_is_handed_out_and_what_was_refused_is_told(
    made: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert made.run.snapshot_id == 1
    page = visit(pages="cover", formats="html")
    make(page).click()
    page.run()
    assert not page.exception
    process = packs.job()._process
    assert process is not None
    process.wait(timeout=60)
    done = visit(pages="cover", formats="html")
    assert any("The pack is ready" in str(title) for title in done.header.values)
    assert any("python -m report pack --run" in str(code.value) for code in done.code)

    landings = Overlays(data.store())
    landing = landings.propose("loss_ratio", "head_office", Period.quarter(2026, 4), Decimal("0.7"), "hail", "li")
    assert any("The pack is ready" in str(title) for title in visit(pages="cover", formats="html").header.values)
    landings.approve(landing.id, "agreed", "wang")
    stale = visit(pages="cover", formats="html")
    assert not any("The pack is ready" in str(title) for title in stale.header.values), "it lacks the new landing"

    monkeypatch.setattr(packs, "REPORT", (sys.executable, "-c", "import sys; sys.exit('no font here')"))
    packs.job.clear()
    other = visit(pages="evidence", formats="html")
    make(other).click()
    other.run()
    process = packs.job()._process
    assert process is not None
    process.wait(timeout=60)
    other.run()
    assert any("no font here" in str(error) for error in other.error.values)


def test_no_pack_vouches_for_a_ledger_that_was_rewritten(made: Company) -> None:
    made.forge()
    page = visit()
    assert any("The ledger was rewritten" in str(error) for error in page.error.values)
    assert not any(button.key == "make_pack" for button in page.button)
