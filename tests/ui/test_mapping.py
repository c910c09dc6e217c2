import pytest

from kpi.findings import Finding, Severity
from kpi.intake.corrections import Corrections, SheetCorrection
from kpi.intake.findings import kinds
from kpi.intake.matching import Candidate
from kpi.intake.study import LabelFound, SheetPicture
from kpi.store.records import UploadRecord, UploadState, WorkbookRecord
from kpi.text import Text
from tests.kpi.store.builders import NOON
from ui.mapping import (
    FOR_SHEETS,
    Counts,
    Draft,
    Mark,
    choices_for,
    findings_by_sheet,
    first_sheet,
    grid_of,
    is_cut,
    is_shown,
    label_order,
    marked_name,
    marks_on,
    other_checks,
    place_of,
    said_of,
    sheet_in_question,
    spelled,
    usable,
    with_label,
    with_sheet,
)

WORDS = Text(zh="请看", en="look")
SAID = Corrections(measures={"Premium": "gwp"}, org_units={"北分": "beijing"}, sheets={"S": SheetCorrection(skip=True)})


def found(cell: str, severity: Severity = Severity.ERROR, sheet: str = "S", code: str = "odd") -> Finding:
    return Finding(code=code, severity=severity, sheet=sheet, cell=cell, found="", message=WORDS, remedy=WORDS)


def picture(*rows: tuple[str, ...], name: str = "S", hidden: bool = False, **more: object) -> SheetPicture:
    values = {"roles": {}, "merged": (), "rows": len(rows), "columns": 2} | more
    return SheetPicture(name=name, texts=rows, hidden=hidden, **values)  # type: ignore[arg-type]


def label(text: str, state: str = "open", kind: str = "measure", *codes: str) -> LabelFound:
    candidates = tuple(Candidate(code, code, 0.7, WORDS) for code in codes)
    return LabelFound(text, kind, "S", "A1", 3, state, "gwp" if state == "certain" else "", candidates)


def upload(number: int, sha256: str) -> UploadRecord:
    book = WorkbookRecord(sha256=sha256, filename="a.xlsx", size=1, received_at=NOON, received_by="li")
    return UploadRecord(
        id=number, workbook=book, state=UploadState.CHECKED, findings=(), fact_count=0, checked_at=NOON, checked_by="li"
    )


@pytest.mark.parametrize(
    ("address", "place"), [("A1", (1, 1)), ("AB12", (12, 28)), ("", None), ("12", None), ("A", None), ("A0", None)]
)
def test_an_address_becomes_a_place_or_nothing(address: str, place: tuple[int, int] | None) -> None:
    assert place_of(address) == place


def test_a_cell_with_several_findings_has_one_mark_that_says_all_the_gravest_first() -> None:
    findings = [found("B2", Severity.INFO, code="a"), found("A1"), found("B2", code="b"), found("C3", sheet="T")]
    marks = marks_on(findings, "S", lambda item: item.code)
    assert marks == (Mark(1, 1, "error", ("odd",)), Mark(2, 2, "error", ("b", "a")))


def test_a_finding_about_a_whole_sheet_marks_no_cell() -> None:
    assert marks_on([found("")], "S", lambda item: item.code) == ()


def test_a_grid_has_a_letter_for_each_role_and_counts_them() -> None:
    sheet = picture(("KPI", "2026Q1"), ("gwp", "5"), roles={(1, 1): "header", (1, 2): "period", (2, 2): "value"})
    grid = grid_of(sheet, [], lambda _: "")
    assert grid.roles == ("hp", " v")
    assert grid.counts == {"header": 1, "period": 1, "value": 1}


def test_an_empty_cell_with_a_finding_is_drawn_and_one_beyond_the_beginning_is_not() -> None:
    grid = grid_of(picture(("a",), ("b",)), [found("C2"), found("A3"), found("ZZ1")], lambda _: "x")
    assert grid.rows == (("a", "", ""), ("b", "", ""))
    assert [(mark.row, mark.column) for mark in grid.marks] == [(2, 3)]


def test_merged_areas_end_where_the_drawn_part_ends() -> None:
    grid = grid_of(picture(("a", "b"), ("c", "d"), merged=((1, 1, 9, 9), (5, 1, 6, 1))), [], lambda _: "")
    assert grid.merged == ((1, 1, 2, 2),)


def test_a_long_text_is_cut() -> None:
    assert len(grid_of(picture(("x" * 5000,)), [], lambda _: "").rows[0][0]) == 300


def test_what_is_hidden_is_told_as_far_as_it_is_drawn() -> None:
    grid = grid_of(picture(("a", "b"), hidden_rows=(1, 7), hidden_columns=(2, 9)), [], lambda _: "")
    assert (grid.hidden_rows, grid.hidden_columns) == ((1,), (2,))


def test_a_sheet_larger_than_the_drawn_part_says_so_and_knows_what_is_in_it() -> None:
    large = picture(*[("a",)] * 300, rows=301, columns=1)
    assert is_cut(large)
    assert not is_cut(picture(("a",)))
    assert is_shown(large, "B300")
    assert not is_shown(large, "A301")
    assert not is_shown(large, "")


def test_the_sheet_with_the_gravest_finding_is_opened_and_a_hidden_one_only_for_that() -> None:
    sheets = [picture(name="H", hidden=True), picture(name="A"), picture(name="B")]
    assert first_sheet(sheets, []) == "A"
    assert first_sheet(sheets, [found("A1", Severity.WARNING, "B"), found("A1", Severity.ERROR, "H")]) == "H"
    assert first_sheet(sheets, [found("A1", Severity.WARNING, "B")]) == "B"
    assert first_sheet(sheets[:1], []) == "H"


def test_findings_are_counted_by_sheet_and_severity() -> None:
    counted = findings_by_sheet([found("A1"), found("A2"), found("A1", Severity.INFO, "T"), found("", sheet="")])
    assert counted == {"S": {Severity.ERROR: 2}, "T": {Severity.INFO: 1}, "": {Severity.ERROR: 1}}


def test_a_sheet_that_does_not_say_its_unit_is_asked_for_it_and_every_such_finding_exists() -> None:
    assert sheet_in_question([found("A1"), found("B2", sheet="T", code="unit_missing")]) == "T"
    assert sheet_in_question([found("A1"), found("B2", Severity.WARNING, "T", "unit_jump")]) == ""
    assert set(kinds()) >= FOR_SHEETS


def test_a_reading_is_counted_as_facts_errors_and_warnings() -> None:
    assert Counts.of(5, [found("A1"), found("A2", Severity.WARNING), found("A3", Severity.INFO)]) == Counts(5, 1, 1)


def test_a_draft_is_pending_once_something_differs_and_can_be_undone() -> None:
    draft = Draft(SAID)
    assert not draft.pending
    one = draft.then(with_label(SAID, "measure", "Claims", "claims_paid"))
    two = one.then(with_label(one.now, "measure", "Claims", None))
    assert one.pending
    assert not two.pending
    assert two.undone().now == one.now
    assert two.reset().now == SAID
    assert two.reset().turn != two.turn, "the menus show what holds again"


def test_saying_the_same_again_is_no_step() -> None:
    assert Draft(SAID).then(SAID) == Draft(SAID)


def test_undoing_nothing_changes_nothing() -> None:
    assert Draft(SAID).undone().now == SAID


def test_a_label_is_said_once_however_it_is_written() -> None:
    said = with_label(SAID, "measure", "PREMIUM ", "nbv")
    assert said.measures == {"premium": "nbv"}
    assert with_label(said, "measure", "Premium", None).measures == {}
    assert with_label(SAID, "org_unit", "南分", "").org_units == {"北分": "beijing", "南分": ""}
    assert (said.org_units, said.sheets) == (SAID.org_units, SAID.sheets)


def test_a_sheet_without_anything_said_is_not_kept() -> None:
    said = with_sheet(SAID, "T", SheetCorrection(year=2026))
    assert set(said.sheets) == {"S", "T"}
    assert with_sheet(said, "T", SheetCorrection()) == SAID


def test_what_was_said_of_a_label_left_out_is_not_the_same_as_nothing_said() -> None:
    said = with_label(SAID, "measure", "Coffee", "")
    assert said_of(said, label("Coffee")) == ""
    assert said_of(said, label("Tea")) is None
    assert said_of(said, label("北分", kind="org_unit")) == "beijing"


def test_the_likely_codes_come_first_then_leaving_out_then_all_others_once() -> None:
    wanted = label("x", "open", "measure", "nbv", "gone")
    assert choices_for(wanted, ["gwp", "nbv", "claims"]) == ["nbv", "", "gwp", "claims"]


def test_labels_stay_in_place_while_they_are_corrected() -> None:
    labels = [label("Premium", "corrected"), label("A", "certain"), label("B"), label("C", "corrected")]
    assert [each.text for each in label_order(labels, False, SAID)] == ["B", "C", "Premium"]
    assert [each.text for each in label_order(labels, True, SAID)] == ["B", "C", "Premium", "A"]


def test_codes_that_are_gone_are_not_proposed() -> None:
    said = Corrections(
        measures={"a": "gwp", "b": "gone", "c": ""},
        org_units={"d": "gone", "e": "beijing"},
        sheets={"S": SheetCorrection(org_unit="gone", unit="yuan"), "T": SheetCorrection(org_unit="beijing")},
    )
    kept = usable(said, {"gwp"}, {"beijing"})
    assert kept.measures == {"a": "gwp", "c": ""}
    assert kept.org_units == {"e": "beijing"}
    assert kept.sheets == {"S": SheetCorrection(unit="yuan"), "T": SheetCorrection(org_unit="beijing")}


def test_labels_are_shown_as_the_workbook_spells_them() -> None:
    assert spelled([label("Premium (as we call it)")])["premiumaswecallit"] == "Premium (as we call it)"


def test_other_checks_of_the_same_bytes_come_newest_first() -> None:
    uploads = [upload(1, "a"), upload(2, "b"), upload(3, "a"), upload(4, "a")]
    assert [each.id for each in other_checks(uploads[2], uploads)] == [4, 1]


@pytest.mark.parametrize(
    ("filename", "name"),
    [
        ("Q3.xlsx", "Q3-marked.xlsx"),
        ("a.b.XLSM", "a.b-marked.xlsm"),
        ("t.csv", "t-marked.xlsx"),
        ("x", "x-marked.xlsx"),
    ],
)
def test_a_marked_workbook_is_named_after_the_file(filename: str, name: str) -> None:
    assert marked_name(filename, "en") == name


def test_a_marked_workbook_has_a_chinese_name_on_a_chinese_page() -> None:
    assert marked_name("月报.xls", "zh") == "月报-标注.xlsx"
