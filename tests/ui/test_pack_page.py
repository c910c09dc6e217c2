"""The page of the board pack without a browser: what is chosen, what is kept, and what is refused."""

import shutil
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
from kpi.settings import DATA, ROOT
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


def press(page: AppTest) -> None:
    """Make the pack, with whatever else was entered since the last run of the page, and wait for the command's end."""
    make(page).click()
    page.run()
    assert not page.exception
    process = packs.job()._process
    assert process is not None
    process.wait(timeout=60)


def is_ready(page: AppTest) -> bool:
    return "The pack is ready" in page.header.values


def html_of(made: Company) -> str:
    """The newest."""
    path = max(made.data_dir.glob("packs/*/*.html"), key=lambda each: each.stat().st_mtime_ns)
    return path.read_text(encoding="utf-8")


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
    assert any("Pages with commentary: 1" in str(text) for text in again.caption.values)
    assert visit(pages="cover,overview", lang="zh").text_area[0].value == ""


def test_a_pack_that_was_made_is_handed_out_and_what_was_refused_is_told(
    made: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert made.run.snapshot_id == 1
    press(visit(pages="cover", formats="html"))
    done = visit(pages="cover", formats="html")
    assert is_ready(done)
    assert any("python -m report pack --run" in str(code.value) for code in done.code)

    landings = Overlays(data.store())
    landing = landings.propose("loss_ratio", "head_office", Period.quarter(2026, 4), Decimal("0.7"), "hail", "li")
    assert is_ready(visit(pages="cover", formats="html"))
    landings.approve(landing.id, "agreed", "wang")
    assert not is_ready(visit(pages="cover", formats="html")), "it lacks the new landing"

    monkeypatch.setattr(packs, "REPORT", (sys.executable, "-c", "import sys; sys.exit('no font here')"))
    packs.job.clear()
    other = visit(pages="evidence", formats="html")
    press(other)
    other.run()
    assert any("no font here" in str(error) for error in other.error.values)


def test_no_pack_vouches_for_a_ledger_that_was_rewritten(made: Company) -> None:
    made.forge()
    page = visit()
    assert any("The ledger was rewritten" in str(error) for error in page.error.values)
    assert not any(button.key == "make_pack" for button in page.button)


def test_commentary_still_in_its_field_as_make_is_clicked_is_in_the_pack(made: Company) -> None:
    """The browser sends the text, because the field is left, and the click in one run of the page."""
    page = visit(pages="cover,overview", formats="html")
    page.text_area[0].input("Typed last.")
    press(page)
    assert is_ready(page.run())
    assert "Typed last." in html_of(made)

    page.text_area[0].input("Thought better.")
    press(page)
    assert is_ready(page.run())
    assert "Thought better." in html_of(made)


def test_the_language_of_the_pack_is_in_the_address(made: Company) -> None:
    assert made.run.snapshot_id == 1
    page = visit(pages="cover", formats="html", pack_lang="zh")
    (language,) = (each for each in page.segmented_control if each.key == "choice_pack_lang")
    assert language.value == "zh"
    language.set_value("en").run()
    assert page.query_params["pack_lang"] == "en"
    press(visit(pages="cover", formats="html", pack_lang="zh"))
    assert '<html lang="zh' in html_of(made)


def grow(made: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put one KPI more on the scorecard than the run knows."""
    folder = made.data_dir / "scorecards"
    shutil.copytree(DATA / "scorecards", folder)
    file = folder / f"{SCORECARD}.yaml"
    old = "- {kpi: dividend_payment_rate, objective: earn_for_the_state, weight: "
    lines, entry = file.read_text(encoding="utf-8"), f'{old}"0.2", target: "0.3"}}'
    assert entry in lines
    new = '- {kpi: combined_ratio, objective: earn_for_the_state, weight: "0.1", target: "1"}'
    file.write_text(lines.replace(entry, f'{old}"0.1", target: "0.3"}}\n{new}'), encoding="utf-8")
    monkeypatch.setenv("SCORECAST_SCORECARDS_DIR", str(folder))
    st.cache_resource.clear()


def test_all_kpis_are_those_of_the_runs_scorecard_and_newer_ones_are_told(
    made: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    grow(made, monkeypatch)
    page = visit(pages="kpis,combined_ratio,moon", formats="html")
    assert page.multiselect[0].value == ["kpis"]
    (told,) = page.info
    assert "Combined ratio" in told.value
    assert "After a new forecast" in told.value
    assert "moon" in page.warning[0].value
    assert "combined_ratio" not in page.selectbox[0].options

    press(page)

    assert is_ready(page.run())
    assert "python -m report pack --run" in page.code[1].value
    assert "--pages kpis --lang" in page.code[1].value
    assert "combined_ratio" not in html_of(made)
    assert 'id="page-return_on_equity"' in html_of(made)


def test_whoever_asks_while_another_pack_is_made_sees_that_and_cannot_end_it(
    made: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert made.run.snapshot_id == 1
    monkeypatch.setattr(packs, "REPORT", (sys.executable, "-c", "import time; time.sleep(60)"))
    mine = visit(pages="cover", formats="html")
    make(mine).click()
    mine.run()
    assert [button.key for button in mine.button] == ["make_pack", "cancel_pack"]

    other = visit(pages="evidence", formats="html")
    assert make(other).disabled
    assert [button.key for button in other.button] == ["make_pack"]
    assert "Another pack is being made. This one can be made once that is done." in other.caption.values

    mine.button(key="cancel_pack").click().run()
    process = packs.job()._process
    assert process is not None
    process.wait(timeout=60)
    assert "Cancelled; no file was made." in visit(pages="cover", formats="html").info[0].value
    assert not visit(pages="evidence", formats="html").info
