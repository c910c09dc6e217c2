"""Xlsx as programs write it: what stands in a cell, and what is said around it, whichever way it is written."""

from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from kpi.errors import Refused
from kpi.intake.grid import Cell, Content, Sheet
from kpi.intake.readers import limits, read_workbook, xlsx
from kpi.intake.readers.careful import read_carefully
from kpi.intake.readers.sheets import Read
from tests.kpi.intake import files
from tests.kpi.intake.builders import DEMO, saved

SHARED = (
    "<si><t>plain</t></si><si><r><t>ri</t></r><r><t>ch</t></r></si>"
    '<si><t>東京</t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh><phoneticPr fontId="1"/></si><si><t>a_x000D_b</t></si>'
    "<si><t>007</t></si>"
)
STYLES = '14|22|[h]:mm:ss|0.0%|#,##0,|0.0"万元"|31|9|General'


def sheet_of(rows: str, **options: str) -> Sheet:
    return read_workbook(files.xlsx(rows, shared=SHARED, styles=STYLES, **options), "a.xlsx").sheets[0]


def cell(attributes: str, inside: str, **options: str) -> Cell | None:
    return sheet_of(f'<row r="1"><c r="A1" {attributes}>{inside}</c></row>', **options).cell(1, 1)


@pytest.mark.parametrize(
    ("attributes", "inside", "content"),
    [
        ("", "<v>1</v>", Decimal(1)),
        ("", "<v>0.84999999999999998</v>", Decimal("0.85")),
        ("", "<v>1E+22</v>", Decimal("1e22")),
        ('t="n"', "<v>-0.5</v>", Decimal("-0.5")),
        ('t="b"', "<v>1</v>", True),
        ('t="e"', "<v>#DIV/0!</v>", "#DIV/0!"),
        ('t="e"', "<v>#SPILL!</v>", "#SPILL!"),
        ('t="e"', "<f>1/0</f><v>#N/A</v>", "#N/A"),
        ('t="str"', "<f>A2</f><v>#REF!</v>", "#REF!"),
        ('t="s"', "<v>0</v>", "plain"),
        ('t="s"', "<v>1</v>", "rich"),
        ('t="s"', "<v>2</v>", "東京"),
        ('t="s"', "<v>3</v>", "a\rb"),
        ('t="s"', "<v>4</v>", "007"),
        ('t="inlineStr"', "<is><r><t>in</t></r><r><t>line</t></r><rPh><t>ruby</t></rPh></is>", "inline"),
        ('t="d"', "<v>2024-03-01</v>", date(2024, 3, 1)),
        ('s="1"', "<v>45000</v>", date(2023, 3, 15)),
        ('s="2"', "<v>45000.75</v>", date(2023, 3, 15)),
        ('s="1"', "<v>59</v>", date(1900, 2, 28)),
        ('s="1"', "<v>61</v>", date(1900, 3, 1)),
        ('s="3"', "<v>1.5</v>", "1 day, 12:00:00"),
        ('s="7"', "<v>45000</v>", date(2023, 3, 15)),
        ('t="str"', "<f>A2</f><v></v>", None),
    ],
)
def test_a_cell_holds_what_its_program_meant(attributes: str, inside: str, content: Content) -> None:
    found = cell(attributes, inside)

    assert (found.content if found else None) == content


def test_dates_may_count_from_1904() -> None:
    for style in ("1", "7"):
        found = cell(f's="{style}"', "<v>45000</v>", book='<workbookPr date1904="1"/>')
        assert found is not None
        assert found.content == date(2027, 3, 16)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ('<c r="A1" s="4">', "</c>"),
        ('<c r="A1" s="4" t="n">', "</c>"),
        ('<c r="A1" t="n" s="4">', "</c>"),
        ('<c s="4" r="A1">', "</c>"),
        ("<c r='A1' s='4'>", "</c>"),
        ('<c r="A1"  s="4" >', "</c>"),
        ('<c\nr="A1"\ns="4">', "</c>"),
        ('<c r="A1" s="4" vm="1"><f>1*1</f>', "</c>"),
        ('<c r="A1" s="4"><f t="shared" si="0"/>', "</c>"),
        ('<c r="A1" cm="1" s="4"><f t="array" ref="A1">SUM(B1)</f>', "</c>"),
        ('<c r="A1" s="8">', "</c>"),
        ('<c s="4">', "</c>"),
    ],
)
def test_a_percent_is_known_however_it_is_written(start: str, end: str) -> None:
    sheet = sheet_of(f'<row r="1">{start}<v>0.85</v>{end}</row>')

    found = sheet.cell(1, 1)
    assert found is not None
    assert (found.content, found.shown_as_percent) == (Decimal("0.85"), True)


def test_names_of_elements_may_have_a_prefix() -> None:
    parts = files.parts_of(files.xlsx("", styles=STYLES))
    parts["xl/worksheets/sheet1.xml"] = (
        b'<?xml version="1.0"?><x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        b'<x:cols><x:col min="2" max="2" hidden="1"/></x:cols><x:sheetData><x:row r="1" hidden="1">'
        b'<x:c r="A1" s="4"><x:v>0.5</x:v></x:c><x:c r="B1"><x:f>1+1</x:f></x:c></x:row></x:sheetData></x:worksheet>'
    )
    (sheet,) = read_workbook(files.archive(parts), "a.xlsx").sheets

    assert sheet.formats == {(1, 1): "0.0%"}
    assert sheet.uncalculated == {(1, 2)}
    assert sheet.hidden_rows == {1}
    assert sheet.hidden_columns == {2}


def test_a_workbook_whose_ordinary_style_is_percent_shows_percent_without_saying_so() -> None:
    parts = files.parts_of(files.xlsx('<row r="1"><c r="A1"><v>0.5</v></c></row>'))
    parts["xl/styles.xml"] = parts["xl/styles.xml"].replace(b'numFmtId="0"', b'numFmtId="10"')

    assert read_workbook(files.archive(parts), "a.xlsx").sheets[0].formats == {(1, 1): "0.00%"}


@pytest.mark.parametrize(
    ("inside", "missing"),
    [
        ("<f>1+1</f>", True),
        ("<f>1+1</f><v/>", True),
        ("<f>1+1</f><v></v>", True),
        ('<f t="shared" si="0"/>', True),
        ("<f>1+1</f><v>2</v>", False),
        ("<f>A2&lt;B2</f><v>2</v>", False),
    ],
)
def test_a_formula_without_a_stored_result_is_told(inside: str, missing: bool) -> None:
    found = cell("", inside)

    assert found is not None
    assert found.uncalculated is missing


def test_numbers_shown_as_plain_digits_and_dates_are_not_among_the_formats() -> None:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    for row, code in enumerate(
        ("0.00", "#,##0", "yyyy-mm-dd", 'yyyy"年"m"月"', "0%", '"¥"#,##0', "#,##0元", "0.0,"), 1
    ):
        sheet.cell(row, 1).value = 5
        sheet.cell(row, 1).number_format = code

    formats = read_workbook(saved(book), "a.xlsx").sheets[0].formats
    assert formats == {(5, 1): "0%", (6, 1): '"¥"#,##0', (7, 1): "#,##0元", (8, 1): "0.0,"}


@pytest.mark.parametrize("file", sorted(path.name for path in DEMO.glob("*.xlsx")))
def test_the_demo_workbooks_read_as_another_reader_reads_them(file: str) -> None:
    content = (DEMO / file).read_bytes()
    careful = read_carefully(content, file)

    workbook = read_workbook(content, file)

    assert [sheet.name for sheet in workbook.sheets] == list(careful)
    for sheet in workbook.sheets:
        other = Read(sheet.name, *careful[sheet.name]).sheet()
        assert sheet.cells == other.cells
        assert [cell.text for cell in sheet.cells.values()] == [cell.text for cell in other.cells.values()]
        assert sorted(sheet.merged) == sorted(other.merged)
        assert (sheet.hidden, sheet.hidden_rows, sheet.hidden_columns) == (
            other.hidden,
            other.hidden_rows,
            other.hidden_columns,
        )


def test_sheets_of_charts_are_left_out() -> None:
    book = openpyxl.Workbook()
    book.create_chartsheet("图", 0).add_chart(openpyxl.chart.BarChart())

    assert [sheet.name for sheet in read_workbook(saved(book), "a.xlsx").sheets] == ["Sheet"]


def test_threaded_comments_are_read_with_their_replies() -> None:
    parts = files.parts_of(files.xlsx('<row r="1"><c r="B2"><v>1</v></c></row>'.replace('r="1"', 'r="2"', 1)))
    parts["xl/worksheets/_rels/sheet1.xml.rels"] = (
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
        b'Type="http://schemas.microsoft.com/office/2017/10/relationships/threadedComment" '
        b'Target="../threadedComments/threadedComment1.xml"/></Relationships>'
    )
    parts["xl/threadedComments/threadedComment1.xml"] = (
        b'<ThreadedComments xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments">'
        b'<threadedComment ref="B2"><text>why?</text></threadedComment>'
        b'<threadedComment ref="B2"><text>because</text></threadedComment></ThreadedComments>'
    )

    assert dict(read_workbook(files.archive(parts), "a.xlsx").sheets[0].comments) == {(2, 2): "why?\nbecause"}


def test_cells_far_apart_are_read_one_by_one_and_too_many_of_them_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = (
        '<row r="1"><c r="A1" s="4"><v>0.5</v></c></row>'
        '<row r="1048576" hidden="1"><c r="XFD1048576"><v>7</v></c></row>'
    )
    sheet = sheet_of(rows)

    assert {cell.address: cell.text for cell in sheet.cells.values()} == {"A1": "0.5", "XFD1048576": "7"}
    assert sheet.formats == {(1, 1): "0.0%"}
    assert sheet.hidden_rows == {1_048_576}
    monkeypatch.setattr(limits, "MOST_SCATTERED", 1)
    with pytest.raises(Refused, match="vast an area"):
        sheet_of(rows)


def test_formatted_but_empty_cells_far_away_do_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "read_carefully", None)
    sheet = sheet_of('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576" s="4"/></row>')

    assert [cell.address for cell in sheet.cells.values()] == ["A1"]


def test_a_sheet_of_many_blocks_is_read_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kpi.intake.readers.archive.BLOCK", 100)
    rows = "".join(
        f'<row r="{row}"><c r="A{row}" s="4"><v>0.5</v></c><c r="B{row}" t="e"><v>#N/A</v></c></row>'
        for row in range(1, 60)
    )
    sheet = sheet_of(rows)

    assert len(sheet.formats) == 59
    assert [sheet.values[row][1] for row in (0, 30, 58)] == ["#N/A"] * 3


def test_a_workbook_of_openpyxl_is_the_same_bytes_for_both_readers() -> None:
    content = files.same_book("xlsx")

    assert openpyxl.load_workbook(BytesIO(content)).sheetnames == [s.name for s in read_workbook(content, "a").sheets]
