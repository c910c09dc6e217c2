"""What a visitor takes away has real numbers, and says whose they are."""

import csv
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from report.scorecard_lines import Shown, arrange
from report.scorecard_sheet import scorecard_sheet
from report.sheets import Number, Sheet, SheetColumn, SheetRow, sheet_as_csv, sheet_as_xlsx
from tests.report.cards import card_template, lines, small_card

HEAD = 5  # the row of titles below two lines of what it is about


def taken(shown: Shown) -> Sheet:
    some = arrange(lines(sales_kpi=0.9, lapse_rate=0.2), shown, "en")
    about, stamp = {"Snapshot": "7 · abc"}, {"Snapshot": "abc", "Run": "def"}
    return scorecard_sheet(small_card(), card_template(), some, shown, "en", about, stamp)


def cells(sheet: Sheet) -> list[dict[str, Any]]:
    page = load_workbook(BytesIO(sheet_as_xlsx(sheet))).active
    head, *rows = page.iter_rows(min_row=len(sheet.about) + 2, values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_the_scorecards_own_order_stands_beneath_its_parts_and_any_other_beneath_the_total() -> None:
    assert [(row["KPI"], row["Score"]) for row in cells(taken(Shown()))] == [
        ("Total score", 77.5),
        ("money", 100),
        ("grow", 100),
        ("sales_kpi", 100),
        ("work", 62.5),
        ("keep", 62.5),
        ("lapse_rate", 62.5),
        ("surveys", None),
    ]
    assert [row["KPI"] for row in cells(taken(Shown(order="score")))] == [
        "Total score",
        "lapse_rate",
        "sales_kpi",
        "surveys",
    ]


def test_numbers_are_numbers_and_what_is_missing_is_empty() -> None:
    sales, missing = (
        next(row for row in cells(taken(Shown())) if row["Code"] == code) for code in ("sales_kpi", "surveys")
    )
    assert (sales["Actual"], sales["Plan"], sales["Attainment"], sales["Weight"]) == (20, 20, 1, 1)
    assert (sales["Year-end P10"], sales["Year-end"], sales["Year-end P90"], sales["Chance"]) == (38, 40.25, 42, 0.9)
    assert (sales["vs last year"], sales["Changes are"], sales["Status"]) == (0.25, "relative", "On track")
    assert [missing[title] for title in ("Actual", "Score", "Attainment", "Year-end")] == [None] * 4


def test_only_the_columns_shown_are_taken() -> None:
    titles = [column.title for column in taken(Shown(columns=("score", "trend"))).columns]
    assert titles == ["KPI", "Code", "Unit", "Score"]


def test_every_line_of_a_csv_says_where_it_came_from() -> None:
    content = sheet_as_csv(taken(Shown())).decode("utf-8-sig")
    rows = list(csv.DictReader(StringIO(content)))
    assert {(row["Snapshot"], row["Run"]) for row in rows} == {("abc", "def")}
    lapse = next(row for row in rows if row["Code"] == "lapse_rate")
    assert (lapse["Actual"], lapse["Score"], lapse["Chance"]) == ("0.125", "62.5", "0.2")
    assert next(row for row in rows if row["Code"] == "surveys")["Score"] == ""


def test_text_that_would_run_as_a_formula_stays_text() -> None:
    sheet = Sheet("=S", [("About", "")], [SheetColumn("a", "A")], [SheetRow({"a": '=HYPERLINK("x")'})])
    page = load_workbook(BytesIO(sheet_as_xlsx(sheet))).active
    assert page["A4"].value == '\'=HYPERLINK("x")'
    assert page["A4"].data_type == "s"
    assert "'=HYPERLINK" in sheet_as_csv(sheet).decode("utf-8-sig")


def test_a_workbook_is_ready_to_filter_to_fold_and_to_print() -> None:
    page = load_workbook(BytesIO(sheet_as_xlsx(taken(Shown())))).active
    assert page.freeze_panes == "B5"
    assert page.auto_filter.ref.startswith("A4:")
    assert [page.row_dimensions[row].outline_level for row in (5, 6, 7, 8)] == [0, 0, 1, 2]
    assert page.print_title_rows == "$4:$4"
    assert page["B2"].value == "7 · abc"
    assert page["E8"].number_format == "0.0"


@given(st.lists(st.decimals(-(10**15), 10**15, places=4), min_size=1, max_size=5))
def test_exact_numbers_keep_all_their_digits_as_csv_and_fifteen_in_a_workbook(numbers: list[Decimal]) -> None:
    rows = [SheetRow({"a": Number(number)}) for number in numbers]
    sheet = Sheet("S", [("About", "")], [SheetColumn("a", "A")], rows)
    written = [row["A"] for row in csv.DictReader(StringIO(sheet_as_csv(sheet).decode("utf-8-sig")))]
    assert list(map(Decimal, written)) == numbers
    assert [row["A"] for row in cells(sheet)] == [float(f"{number:.14e}") for number in numbers]
