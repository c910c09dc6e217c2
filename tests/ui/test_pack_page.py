"""The page of the board pack without a browser: what is chosen, what is kept, and what is refused."""

import os
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

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


def finish() -> None:
    """Wait for the job of the page."""
    process = packs.job()._process
    assert process is not None
    process.wait(timeout=60)


def ready(page: AppTest) -> bool:
    return any("The pack is ready" in str(title) for title in page.header.values)


def test_what_was_typed_last_is_in_the_pack_though_the_button_was_clicked_from_the_field(made: Company) -> None:
    assert made.run.snapshot_id == 1
    page = visit(pages="cover,overview", formats="json,html")
    page.text_area[0].input("Typed last.")
    make(page).click()
    page.run()
    assert not page.exception
    finish()
    page.run()
    assert ready(page)
    (file,) = (made.data_dir / "packs").glob("*/*.html")
    assert "Typed last." in file.read_text("utf-8")


def test_the_pages_are_those_of_the_runs_scorecard_whatever_is_in_force_today(
    made: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert made.run.snapshot_id == 1
    before = visit(pages="kpis", formats="html").selectbox[0].options
    monkeypatch.setenv("SCORECAST_SCORECARD", "balanced")
    st.cache_resource.clear()
    page = visit(pages="kpis", formats="html")
    assert page.selectbox[0].options == before
    make(page).click()
    page.run()
    finish()
    page.run()
    assert ready(page), packs.job().failure


def test_the_language_of_the_pack_is_kept_in_the_address(made: Company) -> None:
    assert made.run.snapshot_id == 1
    page = visit(pages="cover", pack_lang="zh")
    assert next(choice.value for choice in page.segmented_control if choice.key == "choice_pack_lang") == "zh"
    follows = visit(pages="cover")
    assert next(choice.value for choice in follows.segmented_control if choice.key == "choice_pack_lang") == "en"


def test_a_pack_is_there_for_whoever_asks_next_though_another_was_made_meanwhile(
    made: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert made.run.snapshot_id == 1
    for pages in ("cover", "evidence"):
        page = visit(pages=pages, formats="html")
        make(page).click()
        page.run()
        finish()
    assert ready(visit(pages="cover", formats="html"))
    assert ready(visit(pages="evidence", formats="html"))
    monkeypatch.setattr(packs, "product_hash", lambda: "another version")
    assert not ready(visit(pages="cover", formats="html"))


def test_nobody_ends_the_pack_of_another(made: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    assert made.run.snapshot_id == 1
    monkeypatch.setattr(packs, "REPORT", (sys.executable, "-c", "import time; time.sleep(60)"))
    packs.job.clear()
    mine = visit(pages="cover", formats="html")
    make(mine).click()
    mine.run()
    assert any(button.key == "cancel_pack" for button in mine.button)
    other = visit(pages="evidence", formats="html")
    assert make(other).disabled
    assert not any(button.key == "cancel_pack" for button in other.button)
    assert any("This is another pack" in str(text) for text in other.caption.values)
    packs.job().cancel()
    finish()
    mine.run()
    assert any("Cancelled" in str(text) for text in mine.info.values)


def test_packs_looked_at_outlast_those_that_nobody_looks_at(made: Company) -> None:
    folders = [made.data_dir / "packs" / f"old{number}" for number in range(packs.KEPT)]
    for folder in folders:
        folder.mkdir(parents=True)
    page = visit(pages="cover", formats="html")
    make(page).click()
    page.run()
    finish()
    kept = next(path.parent for path in (made.data_dir / "packs").glob("*/made.json"))
    os.utime(kept, (1, 1))
    assert ready(visit(pages="cover", formats="html"))
    packs._tidy(folders[0])
    assert kept.exists()


def test_two_who_write_at_once_lose_nothing(made: Company) -> None:
    assert made.run.snapshot_id == 1
    view = SimpleNamespace(org_unit="head_office", quarter="2026Q3")
    pages = [f"page{number}" for number in range(24)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda page: packs.say(view, "en", page, page), pages))  # type: ignore[arg-type]
    assert packs.commentary(view, "en") == {page: page for page in pages}  # type: ignore[arg-type]


def test_a_pack_that_was_made_is_handed_out_and_what_was_refused_is_told(
    made: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert made.run.snapshot_id == 1
    page = visit(pages="cover", formats="html")
    make(page).click()
    page.run()
    assert not page.exception
    finish()
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
    finish()
    other.run()
    assert any("no font here" in str(error) for error in other.error.values)


def test_no_pack_vouches_for_a_ledger_that_was_rewritten(made: Company) -> None:
    made.forge()
    page = visit()
    assert any("The ledger was rewritten" in str(error) for error in page.error.values)
    assert not any(button.key == "make_pack" for button in page.button)
