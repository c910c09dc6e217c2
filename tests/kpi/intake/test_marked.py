"""The marked workbook: every finding in its cell, and nothing else changed."""

import re
import zipfile
from collections.abc import Sequence
from io import BytesIO
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from kpi.errors import Refused
from kpi.findings import Finding, Severity
from kpi.intake.marked import marked_workbook
from kpi.intake.plain_text import neutral
from kpi.intake.readers import PasswordNeeded, read_workbook
from kpi.text import Text
from tests.kpi.intake.builders import DEMO, inspect
from tests.kpi.intake.files import archive, locked, parts_of, same_book, saved, xlsx

ERROR, WARNING, INFO = "FFFFC7CE", "FFFFEB9C", "FFDDEBF7"


def finding(cell: str, severity: Severity = Severity.ERROR, sheet: str = "数据", says: str = "坏") -> Finding:
    message, remedy = Text(zh=says, en="it is wrong"), Text(zh="请改正", en="mend it")
    return Finding(
        code="a_code", severity=severity, sheet=sheet, cell=cell, found="=1+1", message=message, remedy=remedy
    )


def rich() -> bytes:
    """A workbook with a bit of everything that people put into one."""
    book = Workbook()
    sheet: Any = book.active
    sheet.title = "数据"
    sheet.append(["指标", "机构", "2026Q3"])
    sheet.append(["标准保费", "江苏", 12.5])
    sheet.append(["赔款", "江苏", "=C2*2"])
    sheet["C2"].number_format = '#,##0.0"万元"'
    sheet["C2"].font = Font(bold=True, color="FF0000FF")
    sheet["A3"].alignment = Alignment(indent=2)
    sheet["A2"].fill = PatternFill("solid", fgColor="FF00FF00")
    sheet["A5"] = "合并"
    sheet.merge_cells("A5:C6")
    sheet.column_dimensions["A"].width = 33
    sheet.row_dimensions[2].height = 40
    sheet["B2"].comment = Comment("先前的批注", "王")
    sheet["A1"].hyperlink = "https://example.com/"
    sheet.auto_filter.ref = "A1:C3"
    sheet.freeze_panes = "A2"
    sheet.conditional_formatting.add("C2:C9", CellIsRule(operator="lessThan", formula=["0"]))
    choices = DataValidation(type="list", formula1='"江苏,浙江"')
    choices.add("B2:B9")
    sheet.add_data_validation(choices)
    chart: Any = BarChart()
    chart.add_data(Reference(sheet, min_col=3, min_row=1, max_row=3))
    sheet.add_chart(chart, "E5")
    other: Any = book.create_sheet("It's")
    other["B2"] = 7
    other.print_area = "A1:C3"
    other.defined_names.add(DefinedName("local", attr_text="'It''s'!$B$2"))
    book.create_sheet("空").sheet_state = "hidden"
    book.active = 1
    return saved(book)


FINDINGS = (
    finding("C2"),
    finding("C2", Severity.INFO, says="也要看"),
    finding("B2", Severity.WARNING),
    finding("A5", Severity.INFO),
    finding("D2", Severity.WARNING),
    finding("B9"),
    finding("B2", Severity.WARNING, sheet="It's"),
    finding("", Severity.WARNING, sheet="It's"),
    finding("", Severity.INFO, sheet=""),
)


def looks(cell: Any) -> tuple[object, ...]:
    """All of a cell but its fill and its comment."""
    link = cell.hyperlink.target if cell.hyperlink else None
    style = [repr(part) for part in (cell.font, cell.border, cell.alignment, cell.protection)]
    return cell.value, cell.data_type, cell.number_format, *style, link


def same_but_marks(before: bytes, after: bytes, findings: Sequence[Finding]) -> Any:
    """The marked workbook, after every cell has been compared with the original."""
    old, new = load_workbook(BytesIO(before)), load_workbook(BytesIO(after))
    assert new.sheetnames[1:] == old.sheetnames
    for sheet in old.worksheets:
        other = new[sheet.title]
        marked = {item.cell for item in findings if item.sheet == sheet.title}
        rows = range(1, max(sheet.max_row, other.max_row) + 1)
        columns = range(1, max(sheet.max_column, other.max_column) + 1)
        for row in rows:
            for column in columns:
                one, two = sheet.cell(row, column), other.cell(row, column)
                if one.value is None and one.coordinate in marked:
                    assert two.value is None
                    continue
                assert looks(two) == looks(one)
                if one.coordinate not in marked:
                    assert repr(two.fill) == repr(one.fill)
                    assert (two.comment and two.comment.text) == (one.comment and one.comment.text)
        assert other.merged_cells.ranges == sheet.merged_cells.ranges
        assert {key: each.width for key, each in other.column_dimensions.items()} == {
            key: each.width for key, each in sheet.column_dimensions.items()
        }
        assert (other.sheet_state, other.freeze_panes) == (sheet.sheet_state, sheet.freeze_panes)
    return new


def test_every_cell_but_for_fill_and_comment_is_as_it_was() -> None:
    before = rich()

    book = same_but_marks(before, marked_workbook(before, "b.xlsx", FINDINGS, "zh"), FINDINGS)

    sheet = book["数据"]
    fills = {cell: sheet[cell].fill.fgColor.rgb for cell in ("C2", "B2", "A5", "D2", "B9")}
    assert fills == {"C2": ERROR, "B2": WARNING, "A5": INFO, "D2": WARNING, "B9": ERROR}
    assert book["It's"]["B2"].fill.fgColor.rgb == WARNING
    assert sheet["C2"].comment.text == "错误 a_code\n坏\n请改正\n\n提示 a_code\n也要看\n请改正"
    assert sheet["B2"].comment.text.startswith("先前的批注")
    assert sheet["B2"].comment.text.endswith("警告 a_code\n坏\n请改正")
    assert sheet["C2"].font.bold


def test_the_list_in_front_names_every_finding_and_leads_to_its_cell() -> None:
    book = load_workbook(BytesIO(marked_workbook(rich(), "b.xlsx", FINDINGS, "en")))
    sheet = book.worksheets[0]
    rows = list(sheet.iter_rows(min_row=2))

    assert sheet.title == "Findings"
    assert [row[2].value for row in rows] == [item.where for item in FINDINGS]
    assert [row[2].hyperlink and row[2].hyperlink.location for row in rows] == [
        "'数据'!C2",
        "'数据'!C2",
        "'数据'!B2",
        "'数据'!A5",
        "'数据'!D2",
        "'数据'!B9",
        "'It''s'!B2",
        "'It''s'!A1",
        None,
    ]
    assert [cell.value for cell in rows[0]] == ["error", "a_code", "数据!C2", "'=1+1", "it is wrong", "mend it"]
    assert rows[0][0].fill.fgColor.rgb == ERROR


def test_only_the_parts_that_must_are_changed_and_only_by_additions() -> None:
    before = rich()

    old, new = parts_of(before), parts_of(marked_workbook(before, "b.xlsx", FINDINGS, "zh"))

    changed = {name for name in old if new[name] != old[name]}
    assert changed == {
        "[Content_Types].xml",
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "xl/styles.xml",
        "xl/worksheets/sheet1.xml",
        "xl/worksheets/sheet2.xml",
        "xl/comments/comment1.xml",
        "xl/drawings/commentsDrawing1.vml",
    }
    for name, content in new.items():
        ElementTree.fromstring(content)
        assert name.encode() in new["[Content_Types].xml"] or not name.startswith("xl/scorecast")
    sheet = re.sub(rb'<c r="(?:D2|B9)" s="\d+"/>|<row r="9">(?=<c r="B9")', b"", new["xl/worksheets/sheet1.xml"])
    sheet = sheet.replace(b"</row></row>", b"</row>").replace(b"</row></sheetData>", b"</sheetData>")
    plain = re.compile(rb' s="\d+"')
    before_data = old["xl/worksheets/sheet1.xml"].replace(b"</row></sheetData>", b"</sheetData>")
    assert plain.sub(b"", sheet) == plain.sub(b"", before_data)


def test_what_counts_sheets_counts_the_new_one_and_the_sheet_in_view_stays() -> None:
    book = load_workbook(BytesIO(marked_workbook(rich(), "b.xlsx", FINDINGS, "zh")))

    assert book.active.title == "It's"
    assert book["It's"].print_area == "'It''s'!$A$1:$C$3"
    assert book["It's"].defined_names["local"].attr_text == "'It''s'!$B$2"


def test_macros_and_other_parts_are_copied_byte_for_byte() -> None:
    parts: dict[str, bytes | str] = dict(parts_of(rich()))
    parts["xl/vbaProject.bin"] = bytes(range(256)) * 9
    parts["customXml/item1.xml"] = b"<anything/>"

    new = parts_of(marked_workbook(archive(parts), "b.xlsm", FINDINGS, "zh"))

    for name in ("xl/vbaProject.bin", "customXml/item1.xml", "xl/theme/theme1.xml", "xl/charts/chart1.xml"):
        assert new[name] == parts[name]


def test_a_workbook_marked_twice_has_both_lists_and_both_remarks() -> None:
    once = marked_workbook(rich(), "b.xlsx", FINDINGS[:1], "zh")

    twice = load_workbook(BytesIO(marked_workbook(once, "b.xlsx", FINDINGS[:1], "zh")))

    assert twice.sheetnames[:2] == ["检查结果 (2)", "检查结果"]
    assert twice["数据"]["C2"].comment.text.count("a_code") == 2


def test_without_findings_there_is_a_list_that_says_so() -> None:
    book = same_but_marks(rich(), marked_workbook(rich(), "b.xlsx", (), "en"), ())

    assert book.worksheets[0]["A2"].value == "Nothing was found."


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1"><c r="A1"><v>1</v></c><c r="C1"><v>2</v></c></row><row r="4"><c r="A4"><v>3</v></c></row>',
        "<row><c><v>1</v></c><c/><c><v>2</v></c></row><row/><row/><row><c><v>3</v></c></row>",
        '<row r="1" s="1" customFormat="1"/><row r="2"/>',
        "",
    ],
)
@pytest.mark.parametrize("prefixed", [False, True])
@pytest.mark.filterwarnings("ignore:Workbook contains no")
def test_cells_and_rows_that_are_not_there_are_added_in_their_places(rows: str, prefixed: bool) -> None:
    content = xlsx(rows, styles="0.00%")
    if prefixed:
        parts: dict[str, bytes | str] = dict(parts_of(content))
        for name in ("xl/worksheets/sheet1.xml", "xl/styles.xml"):
            text = re.sub(rb"<(/?)(\w)", rb"<\1x:\2", bytes(parts[name])).replace(b" xmlns=", b" xmlns:x=")  # type: ignore[arg-type]
            parts[name] = text
        content = archive(parts)
    marks = [finding(cell, sheet="S") for cell in ("A1", "B1", "D1", "A2", "B3", "A4", "C7", "B7")]

    after = marked_workbook(content, "b.xlsx", marks, "zh")

    book = same_but_marks(content, after, marks)
    assert all(book["S"][item.cell].fill.fgColor.rgb == ERROR for item in marks)
    assert all(book["S"][item.cell].comment is not None for item in marks)
    numbers = [int(each) for each in re.findall(rb'<(?:x:)?row r="(\d+)"', parts_of(after)["xl/worksheets/sheet1.xml"])]
    assert numbers == sorted(set(numbers))
    assert [row for row in read_workbook(after, "b.xlsx").sheets[1].values if any(row)] == [
        row for row in read_workbook(content, "b.xlsx").sheets[0].values if any(row)
    ]


def test_a_place_for_comments_stands_before_tables_and_extensions() -> None:
    tail = '<pageMargins left="1" right="1" top="1" bottom="1" header="0" footer="0"/><extLst/>'
    content = xlsx('<row r="1"><c r="A1"><v>1</v></c></row>', tail=tail)

    sheet = parts_of(marked_workbook(content, "b.xlsx", [finding("A1", sheet="S")], "zh"))["xl/worksheets/sheet1.xml"]

    assert sheet.index(b"<pageMargins") < sheet.index(b"<legacyDrawing") < sheet.index(b"<extLst")


@pytest.mark.filterwarnings("ignore:Workbook contains no")
def test_rows_out_of_order_give_a_workbook_of_values_with_the_marks() -> None:
    content = xlsx('<row r="2"><c r="A2"><v>1</v></c></row><row r="1"><c r="A1"><v>5</v></c></row>')

    book = load_workbook(BytesIO(marked_workbook(content, "b.xlsx", [finding("A1", sheet="S")], "zh")))

    assert (book["S"]["A1"].value, book["S"]["A1"].fill.fgColor.rgb) == (5, ERROR)
    assert "只含读到的数值" in book.worksheets[0]["A4"].value


@pytest.mark.parametrize("kind", ["xls", "xlsb", "ods"])
def test_other_kinds_become_an_xlsx_with_values_and_marks(kind: str) -> None:
    book = load_workbook(BytesIO(marked_workbook(same_book(kind), f"b.{kind}", [finding("B1"), finding("E1")], "zh")))

    assert book.sheetnames == ["检查结果", "数据", "草稿"]
    assert [cell.value for cell in book["数据"][1]][:2] == [0.85, 12.5]
    assert book["数据"]["B1"].fill.fgColor.rgb == ERROR
    assert "a_code" in book["数据"]["B1"].comment.text
    assert [str(area) for area in book["数据"].merged_cells.ranges] == ["A3:B4"]
    assert book.worksheets[0]["C2"].hyperlink.location == "'数据'!B1"


def test_a_delimited_text_becomes_an_xlsx_in_which_no_text_is_a_formula() -> None:
    content = "指标,机构,实际\n=HYPERLINK(1),@江苏,-5\n+cmd|x,江苏,abc\n".encode()
    name = read_workbook(content, "b.csv").sheets[0].name

    book = load_workbook(BytesIO(marked_workbook(content, "b.csv", [finding("C3", sheet=name)], "en")))
    sheet = book.worksheets[1]

    assert [cell.value for cell in sheet[2]] == ["'=HYPERLINK(1)", "'@江苏", "-5"]
    assert sheet["A3"].value == "'+cmd|x"
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} == {"s"}
    assert sheet["C3"].fill.fgColor.rgb == ERROR


def test_a_demo_workbook_reads_alike_after_marking() -> None:
    content = (DEMO / "04_annual_plan_2026_zh.xlsx").read_bytes()
    before = inspect(content)
    marks = [finding(reading.cell, sheet=reading.sheet) for reading in before.readings]

    after = inspect(marked_workbook(content, "plan.xlsx", marks, "zh"))

    assert [(fact.key, fact.value) for fact in after.facts] == [(fact.key, fact.value) for fact in before.facts]


def test_what_cannot_be_read_is_refused_and_a_locked_workbook_asks_for_its_password() -> None:
    with pytest.raises(Refused):
        marked_workbook(b"%PDF-1.4", "b.xlsx", (), "zh")
    with pytest.raises(PasswordNeeded):
        marked_workbook(locked(rich(), "secret"), "b.xlsx", (), "zh")


def test_characters_that_xml_has_not_do_not_break_the_list() -> None:
    odd = finding("C2", says="a\0b\ud800_x0041_<&>\x0b")

    book = load_workbook(BytesIO(marked_workbook(rich(), "b.xlsx", [odd], "zh")))

    assert book.worksheets[0]["E2"].value.startswith("a\ufffdb\ufffd")
    assert "<&>" in book["数据"]["C2"].comment.text
    with zipfile.ZipFile(BytesIO(marked_workbook(rich(), "b.xlsx", [odd], "zh"))) as whole:
        assert whole.testzip() is None


@pytest.mark.parametrize("text", ["=1", "+1+1", "-x", "@a", "\tx", "\rx", "＝1", "-"])
def test_text_that_begins_a_formula_is_neutralised(text: str) -> None:
    assert neutral(text) == f"'{text}"


@given(st.integers() | st.decimals(allow_nan=False, allow_infinity=False, places=3))
def test_numbers_stay_numbers(number: object) -> None:
    assert neutral(f"{number:f}" if not isinstance(number, int) else str(number)).startswith("'") is False


def test_a_workbook_of_the_strict_kind_is_marked_in_its_own_names() -> None:
    office, strict = b"http://schemas.openxmlformats.org/", b"http://purl.oclc.org/ooxml/"
    names = {office + b"spreadsheetml/2006/main": strict + b"spreadsheetml/main"}
    names |= {office + b"officeDocument/2006/relationships": strict + b"officeDocument/relationships"}
    usual = re.compile(b"|".join(map(re.escape, names)))
    plain = parts_of(xlsx('<row r="1"><c r="A1"><v>1</v></c></row>'))
    parts = {name: usual.sub(lambda found: names[found[0]], content) for name, content in plain.items()}

    after = marked_workbook(archive(parts), "b.xlsx", [finding("A1", sheet="S")], "zh")

    assert [sheet.name for sheet in read_workbook(after, "b.xlsx").sheets] == ["检查结果", "S"]
    assert read_workbook(after, "b.xlsx").sheets[1].comments[1, 1].startswith("错误 a_code")
    assert not any(usual.search(content) for content in parts_of(after).values())
