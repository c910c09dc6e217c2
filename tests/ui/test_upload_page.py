"""The upload page as a visitor meets it, without a browser: corrections, what is remembered, passwords, known files."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from kpi.intake.corrections import Corrections, SheetCorrection
from kpi.settings import ROOT
from kpi.store import Store
from kpi.store.records import UploadState
from tests.kpi.intake.builders import LONG_EN, context, saved, workbook
from tests.kpi.intake.files import locked
from ui import data, reading
from ui.components import dropzone
from ui.drafts import Aim

pytestmark = pytest.mark.slow

OURS = "Premium as we call it"
# Run from a folder of its own: beside the other pages, the reader's process would take ui/pages/kpi.py for our package.
SCRIPT = f"""
from pathlib import Path
exec(compile(Path({str(ROOT / "ui" / "pages" / "upload.py")!r}).read_text("utf-8"), "upload.py", "exec"), {{}})
"""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def report(quarter: str = "2026Q3", amount: int = 5, label: str = OURS) -> bytes:
    """A measure everybody knows beside one that only the sender knows."""
    known = ("Claims paid", "Beijing branch", quarter, "yuan", amount, None)
    return workbook(LONG_EN, known, (label, "Beijing branch", quarter, "yuan", amount, None), title="Report")


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A store with a company and nothing else, behind the pages."""
    monkeypatch.setenv("SCORECAST_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("SCORECAST_DEMO", "false")
    monkeypatch.setattr(dropzone, "free", lambda _file: None)  # there is no server to free it from
    st.cache_resource.clear()
    opened = data.store()
    opened.save_organisation(context().organisation, "li", "start")
    yield opened
    opened.close()
    st.cache_resource.clear()


def visit(upload: int | None = None, lang: str = "en") -> AppTest:
    """A visitor's page, drawn."""
    page = AppTest.from_string(SCRIPT, default_timeout=60)
    page.query_params["lang"] = lang
    if upload:
        page.query_params["upload"] = str(upload)
    page.run()
    assert not page.exception
    return page


def received(content: bytes, name: str = "report.xlsx") -> int:
    """The id of the upload of a workbook."""
    upload = reading.receive(content, name).upload
    assert upload is not None
    return upload.id


def click(page: AppTest, label: str) -> AppTest:
    """Press the first button that starts with these words."""
    next(button for button in page.button if button.label.startswith(label)).click().run()
    assert not page.exception
    return page


def choose(page: AppTest, label: str, code: str | None) -> AppTest:
    """Say what a label means."""
    next(menu for menu in page.selectbox if menu.label == label).set_value(code).run()
    assert not page.exception
    return page


def drop(page: AppTest, name: str, content: bytes) -> AppTest:
    page.file_uploader[0].upload(name, content, XLSX).run()
    assert not page.exception
    return page


def text(page: AppTest) -> str:
    """Everything the page says in words."""
    kinds: tuple[Any, ...] = (page.markdown, page.caption, page.info, page.error, page.header)
    labels = [button.label for button in page.button] + [each.label for each in page.expander]
    return "\n".join([*(str(value) for kind in kinds for value in kind.values), *labels])


def test_an_unknown_label_is_corrected_seen_at_once_and_used(store: Store) -> None:
    page = visit(received(report()))
    assert "Labels to decide on: 1" in text(page)

    choose(page, OURS, "standard_premium")
    assert "Values 1 → 2 · Errors 1 → 0" in text(page)
    assert "not yet used" in text(page)
    assert len(store.uploads()) == 1, "looking writes nothing"

    click(page, "Use these corrections")
    used = store.uploads()[-1]
    assert page.query_params["upload"] in ("2", ["2"])
    assert (used.state, used.fact_count, used.corrections.count) == (UploadState.CHECKED, 2, 1)
    assert "Read with 1 corrections by local at" in text(page)
    assert f"**{OURS}** → Standard premium" in text(page)
    assert "Preview" not in text(page)

    page.text_input[0].set_value("closing").run()
    click(page, "Approve")
    assert store.uploads()[-1].state is UploadState.APPROVED


def test_a_likely_meaning_is_taken_with_one_click_and_taken_back(store: Store) -> None:
    page = visit(received(report(label="Claims paidd")))

    click(page, "Take")
    assert "Errors 1 → 0" not in text(page), "two values for one key are an error of their own"
    assert "Preview" in text(page)
    click(page, "Undo")
    assert "Preview" not in text(page)
    assert next(menu for menu in page.selectbox if menu.label == "Claims paidd").value is None


def test_a_label_left_out_costs_its_numbers_and_the_error(store: Store) -> None:
    page = choose(visit(received(report())), OURS, "")
    assert "Values 1 → 1 · Errors 1 → 0" in text(page)
    assert "Left out" in text(page)


def test_everything_said_is_taken_back_at_once(store: Store) -> None:
    page = choose(visit(received(report())), OURS, "")
    next(each for each in page.toggle if each.label == "Leave this sheet out").set_value(True).run()
    assert "Values 1 → 0" in text(page)

    click(page, "Reset")
    assert "Preview" not in text(page)
    assert not next(each for each in page.toggle if each.label == "Leave this sheet out").value


def test_what_holds_for_a_sheet_fills_in_what_it_does_not_say(store: Store) -> None:
    bare = workbook(("KPI", "Q1"), ("Standard premium", 10), ("Claims paid", 5), title="Table")
    page = visit(received(bare))
    for label, code in (("Org unit", "beijing"), ("Actual, plan or restated", "plan"), ("Unit", "wan_yuan")):
        choose(page, label, code)
    page.number_input[0].set_value(2027).run()

    assert "Values 0 → 2" in text(page)
    click(page, "Use these corrections")
    said = SheetCorrection(org_unit="beijing", scenario="plan", year=2027, unit="wan_yuan")
    assert store.uploads()[-1].corrections == Corrections(sheets={"Table": said})
    assert "**Table** → Beijing branch\\, Plan\\, 2027\\, ten thousand yuan" in text(page)


def test_labels_of_a_table_that_nothing_is_known_of_can_be_matched(store: Store) -> None:
    strange = workbook(("Item", "2026Q1", "2026Q2"), ("Coffee", 3, 4), ("Seats", 5, 6), title="Odds")
    page = visit(received(strange))
    assert {"Coffee", "Seats"} <= {menu.label for menu in page.selectbox}


def test_what_was_confirmed_is_proposed_for_the_next_workbook_of_the_form(store: Store) -> None:
    first = received(report("2026Q2"))
    click(choose(visit(first), OURS, "standard_premium"), "Use these corrections")

    page = visit(received(report("2026Q3", 6), "next.xlsx"))
    assert "For workbooks of this form, local confirmed on" in text(page)
    assert f"- **{OURS}** → Standard premium" in text(page)

    click(page, "Apply")
    assert "Values 1 → 2" in text(page)
    assert "For workbooks of this form" not in text(page)
    click(page, "Use these corrections")
    assert store.uploads()[-1].corrections.measures == {"premiumaswecallit": "standard_premium"}


def test_what_was_confirmed_can_be_left_this_time(store: Store) -> None:
    click(choose(visit(received(report("2026Q2"))), OURS, "standard_premium"), "Use these corrections")
    page = click(visit(received(report("2026Q3", 6))), "Not this time")
    assert "For workbooks of this form" not in text(page)
    assert "Preview" not in text(page)


def test_what_is_no_workbook_is_refused_in_words(store: Store) -> None:
    page = drop(visit(), "letter.xlsx", b"%PDF-1.7 no workbook")
    assert "letter.xlsx is not an xlsx" in str(page.session_state["_notices"])
    assert store.uploads() == []


def test_two_visitors_do_not_see_each_others_corrections(store: Store) -> None:
    upload = received(report())
    one, other = visit(upload), visit(upload)
    choose(one, OURS, "standard_premium")
    assert "Preview" not in text(other.run())


def test_the_same_file_again_is_recognised_and_may_still_be_checked(store: Store) -> None:
    content = report()
    drop(visit(), "report.xlsx", content)
    page = drop(visit(), "copy.xlsx", content)
    assert len(store.uploads()) == 1
    assert "This file was checked on" in text(page)
    assert "(#1, Has errors)" in text(page)

    click(page, "Check it again")
    assert len(store.uploads()) == 2
    assert "Other checks of the same file:" in text(page)
    click(page, "\\#1 ")
    assert page.query_params["upload"] in ("1", ["1"])


def test_a_locked_file_is_asked_for_its_password_which_is_kept_nowhere(store: Store) -> None:
    page = drop(visit(), "locked.xlsx", locked(report(), "open sesame"))
    assert "is protected by a password" in text(page)
    assert store.uploads() == []

    page.text_input[0].set_value("wrong")
    click(page, "Open")
    assert "password of locked.xlsx is wrong" in str(page.session_state["_notices"])
    assert "is protected by a password" in text(page)

    page.text_input[0].set_value("open sesame")
    click(page, "Open")
    assert [upload.workbook.filename for upload in store.uploads()] == ["locked.xlsx"]
    assert "is protected by a password" not in text(page)
    assert "_locked_file" not in page.session_state
    assert "open sesame" not in repr(page.session_state)
    assert "open sesame" not in repr(store.audit_entries())


def test_a_locked_file_can_be_given_up(store: Store) -> None:
    page = click(drop(visit(), "locked.xlsx", locked(report(), "open sesame")), "Cancel")
    assert "is protected by a password" not in text(page)
    assert "_locked_file" not in page.session_state


def test_findings_go_back_in_the_workbook_only_where_there_are_any(store: Store) -> None:
    faulty, sound = received(report()), received(report(label="Standard premium"))
    labels = [[each.label for each in visit(upload).download_button] for upload in (faulty, sound)]
    assert [any("marked" in label for label in each) for each in labels] == [True, False]


def test_a_file_that_cannot_be_read_has_neither_sheets_nor_corrections(store: Store) -> None:
    damaged = report()[:-300] + bytes(300)
    store.keep_workbook(damaged, "damaged.xlsx", "li")
    page = visit(store.record_check(sha256(damaged).hexdigest(), (), (), "li").id)
    assert "The sheet as it is" not in text(page)
    assert "Corrections" not in text(page)


def test_a_label_opens_its_cell(store: Store) -> None:
    upload = received(report())
    page = click(visit(upload), "Report\\!A3")
    assert page.session_state["_aim"] == Aim(upload, "Report", "A3")


def test_a_cell_beyond_the_part_that_is_drawn_is_told(store: Store) -> None:
    rows = [("Claims paid", "Beijing branch", "2026Q3", "yuan", 5, None)]
    long = workbook(
        LONG_EN, *rows, *[()] * 320, title="Report", change=lambda sheet: sheet.append([OURS, *rows[0][1:]])
    )
    upload = received(long)
    page = AppTest.from_string(SCRIPT, default_timeout=60)
    page.query_params["lang"], page.query_params["upload"] = "en", str(upload)
    page.session_state["_aim"] = Aim(upload, "Report", "A323")
    page.run()
    assert "lies beyond the part that is shown" in text(page)
    assert "the first 300 rows and 60 columns are shown" in text(page)


def test_words_of_a_workbook_never_become_markup(store: Store) -> None:
    page = visit(received(report(label="**bold** <b>:red[x]</b>")))
    assert "\\*\\*bold\\*\\* \\<b\\>\\:red\\[x\\]\\<\\/b\\>" in text(page)


def test_many_sheets_are_chosen_from_a_menu(store: Store) -> None:
    from openpyxl import Workbook  # noqa: PLC0415

    book: Any = Workbook()
    for number in range(9):
        book.create_sheet(f"Part {number}")["A1"] = "note"
    page = visit(received(saved(book)))
    (menu,) = (menu for menu in page.selectbox if str(menu.key).startswith("sheet_of_"))
    assert len(menu.options) == 10
    menu.set_value("Part 3").run()
    assert not page.exception


def test_the_page_reads_in_chinese(store: Store) -> None:
    page = choose(visit(received(report()), "zh"), OURS, "standard_premium")
    assert "数值 1 → 2 · 错误 1 → 0" in text(page)
