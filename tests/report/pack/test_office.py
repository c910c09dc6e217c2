"""Slides and workbook: real numbers, tables and charts that can be changed, everything inside its page."""

import io
from decimal import Decimal

import pptx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from pptx.util import Inches

from kpi.text import LANGUAGES, Language
from kpi.units import Dimension
from report.pack import measures
from report.pack.book import xlsx_file
from report.pack.document import Document, Number
from report.pack.number_formats import number_format, shown_number
from report.pack.slides import pptx_file
from tests.report.pack.builders import KPIS, document, stamp

LONG = "这一季度的赔付率高于计划，原因是两家分公司的大额理赔集中到账。" * 60 + "\n\n" + "word " * 700


def deck(made: Document) -> "pptx.presentation.Presentation":
    return pptx.Presentation(io.BytesIO(pptx_file(made, stamp(made))))


def texts(slide: object) -> list[str]:
    shapes = slide.shapes  # type: ignore[attr-defined]
    said = [shape.text_frame.text for shape in shapes if shape.has_text_frame]
    cells = [cell.text for shape in shapes if shape.has_table for row in shape.table.rows for cell in row.cells]
    return said + cells


@pytest.mark.parametrize("language", LANGUAGES)
def test_slides_have_titles_native_tables_and_charts_and_the_foot(language: Language) -> None:
    made = document(language)
    slides = list(deck(made).slides)
    assert [slide.shapes.title.text.split("   ")[0] for slide in slides] == [page.title for page in made.pages]
    for slide in slides:
        assert stamp(made).foot(made) in texts(slide)
    kpi = slides[4]
    chart = next(shape.chart for shape in kpi.shapes if shape.has_chart)
    assert [series.name for series in chart.plots[0].series][-3:] == ["P50", "P10", "P90"]
    assert any(shape.has_table for shape in kpi.shapes)


def test_a_long_commentary_goes_on_over_slides_and_no_word_is_lost_or_outside() -> None:
    made = document("zh", ["overview"], {"overview": LONG})
    found = deck(made)
    assert len(found.slides) > 2
    said = "".join(text for slide in found.slides for text in texts(slide))
    squeezed = "".join(said.split())
    assert squeezed.count("大额理赔集中到账") == 60
    assert squeezed.count("word") == 700
    for slide in found.slides:
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.left + shape.width <= found.slide_width
            assert shape.top + shape.height <= Inches(7.5)


def test_the_workbook_holds_real_numbers_with_formats() -> None:
    made = document("en", ["scorecard", "landings"])
    book = load_workbook(io.BytesIO(xlsx_file(made, stamp(made))))
    sheet = book["Where the year will land"]
    row = next(row for row in sheet.iter_rows() if row[0].value == "loss_ratio")
    assert [cell.value for cell in row[3:6]] == [0.95, 0.97, 0.99]
    assert row[3].number_format == number_format(Dimension.SHARE, "en")
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


@given(st.decimals(-(10**12), 10**12, places=4, allow_nan=False))
def test_a_number_in_a_cell_is_the_exact_one_and_points_are_hundreds_of_shares(amount: Decimal) -> None:
    money, points = Number.of(amount, Dimension.MONEY), Number.of(amount, Dimension.SHARE_CHANGE)
    assert money is not None
    assert points is not None
    assert shown_number(money) == float(amount)
    assert shown_number(points) == float(amount * 100)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", [*Dimension, "percent", "chance", "weight", "change"])
def test_every_way_of_a_number_has_a_format(form: str, language: Language) -> None:
    number = Number.model_validate({"digits": "1", "form": form})
    code = number_format(number.form, language)
    assert "0" in code
    assert code.count('"') % 2 == 0


@given(st.text(st.characters(categories=["L", "N", "P", "Zs"]), max_size=80), st.floats(0.5, 12))
def test_lines_are_as_many_as_their_words_need(text: str, width: float) -> None:
    count = measures.lines(text, width, 10)
    assert count >= 1
    assert (count - 1) * width <= measures.inches(text, 10) + 0.01
    assert count * width >= measures.inches(text, 10) - 0.01
