"""The workbook: real numbers, charts that can be changed, set up for print, and no word cut off."""

import io
from dataclasses import replace

from openpyxl import load_workbook

from kpi.units import Dimension
from report.pack.book import xlsx_file
from report.pack.document import Band, Chart
from tests.report.pack.builders import KPIS, SNAPSHOT, document, source, stamp

HIGHEST_ROW = 409
"""Points; what spreadsheet programs allow."""
LONG = "这一季度的赔付率高于计划，原因是两家分公司的大额理赔集中到账。" * 120 + "\n\n" + "word " * 900


def test_the_workbook_holds_real_numbers_with_formats() -> None:
    made = document("en", ["scorecard", "landings"])
    book = load_workbook(io.BytesIO(xlsx_file(made, stamp(made))))
    sheet = book["Where the year will land"]
    row = next(row for row in sheet.iter_rows() if row[0].value == "loss_ratio")
    assert [cell.value for cell in row[3:6]] == [0.95, 0.97, 0.99]
    assert row[3].number_format == "0.0%"
    assert row[6].number_format == '[<0.01]"<1%";[>0.99]">99%";0%', "certain, where no forecast is"


def test_each_sheet_is_set_up_for_print_and_has_the_foot() -> None:
    made = document("zh")
    book = load_workbook(io.BytesIO(xlsx_file(made, stamp(made))))
    assert len(book.sheetnames) == len(made.pages)
    for sheet in book:
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.oddFooter.left.text.replace("&&", "&") == stamp(made).foot(made)
        assert "&P" in sheet.oddFooter.right.text
    assert sum(len(sheet._charts) for sheet in book) == 1 + len(KPIS)


def test_words_that_look_like_a_formula_stay_words() -> None:
    made = document("en", ["overview"], {"overview": '=HYPERLINK("http://x","y")'})
    book = load_workbook(io.BytesIO(xlsx_file(made, stamp(made))))
    cells = [cell for row in book["Overview"].iter_rows() for cell in row if str(cell.value).startswith("=HYPER")]
    assert [cell.data_type for cell in cells] == ["s"]


def test_a_text_that_no_row_is_high_enough_for_goes_on_in_the_next() -> None:
    made = document("zh", ["overview"], {"overview": LONG})
    sheet = load_workbook(io.BytesIO(xlsx_file(made, stamp(made))))["总览"]
    rows = [(row[0].row, str(row[0].value)) for row in sheet.iter_rows(min_row=3) if row[0].value]
    said = [(number, text) for number, text in rows if "大额理赔" in text or "word" in text]
    assert "".join(text for _, text in said).count("大额理赔集中到账") == 120
    assert " ".join(text for _, text in said).split().count("word") == 900
    for number, _ in said:
        assert sheet.row_dimensions[number].height <= HIGHEST_ROW


def test_what_people_wrote_elsewhere_holds_no_sign_that_a_workbook_cannot() -> None:
    given = replace(source(), snapshot=SNAPSHOT.model_copy(update={"reason": "first\x0bsecond\x01"}))
    made = document("en", ["evidence"], of=given)
    book = load_workbook(io.BytesIO(xlsx_file(made, stamp(made))))
    cells = [str(cell.value) for row in book["Evidence"].iter_rows() for cell in row]
    assert any(text.endswith("first\nsecond?") for text in cells)


def test_points_behind_a_chart_have_the_digits_that_tell_them_from_none() -> None:
    made = document("en", ["loss_ratio"])
    page = made.pages[0]
    chart = next(block for block in page.blocks if isinstance(block, Chart))
    points = tuple(point.model_copy(update={"amount": 0.0004, "low": None, "high": None}) for point in chart.points)
    small = chart.model_copy(update={"form": Dimension.SHARE_CHANGE, "points": points})
    alone = made.model_copy(update={"pages": (page.model_copy(update={"bands": (Band.of(small),)}),)})
    sheet = load_workbook(io.BytesIO(xlsx_file(alone, stamp(alone)))).worksheets[0]
    cells = [cell for row in sheet.iter_rows(min_col=18) for cell in row if isinstance(cell.value, float)]
    assert cells
    assert {(cell.value, cell.number_format.split(";")[0]) for cell in cells} == {(0.04, '+0.00" pp"')}
