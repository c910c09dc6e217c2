"""Files of every kind give the same grid, whatever they are called."""

from datetime import date
from decimal import Decimal

import pytest

from kpi.errors import Refused
from kpi.intake.grid import Sheet
from kpi.intake.readers import SUFFIXES, read_workbook
from tests.kpi.intake.files import KINDS, same_book


def data(kind: str, name: str = "a.xlsx") -> Sheet:
    return read_workbook(same_book(kind), name).sheets[0]


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_values_come_out_of_every_kind(kind: str) -> None:
    sheet = data(kind)

    assert {cell.address: cell.content for cell in sheet.cells.values()} == {
        "A1": Decimal("0.85"),
        "B1": Decimal("12.5"),
        "C1": date(2026, 3, 31),
        "D1": True,
        "E1": "标准保费",
        "A2": 7,
        "B2": Decimal("0.5"),
        "C2": Decimal("0.25"),
        "A3": "merged",
        "A5": "#DIV/0!",
        "C5": Decimal("-1234.5"),
    }
    assert sheet.cells[2, 1].text == "7"
    assert sheet.cells[5, 1].is_error


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_shown_as_percent_is_known_in_every_kind(kind: str) -> None:
    cells = data(kind).cells.values()

    assert [cell.address for cell in cells if cell.shown_as_percent] == ["A1", "B2", "C2"]
    assert "万元" in data(kind).formats[1, 2]


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_hidden_or_merged_is_known_in_every_kind(kind: str) -> None:
    sheets = read_workbook(same_book(kind), "a.xlsx").sheets

    assert [(sheet.name, sheet.hidden) for sheet in sheets] == [("数据", False), ("草稿", True)]
    assert sheets[0].merged == ((3, 1, 4, 2),)
    assert sheets[0].hidden_rows == {2}
    assert sheets[0].hidden_columns == {4}
    found = sheets[0].at(4, 2)
    assert found is not None
    assert found.address == "A3"


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_comments_are_known(kind: str) -> None:
    assert dict(data(kind).comments) == {(1, 5): "a remark"}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("suffix", [*SUFFIXES, "dat"])
def test_a_wrong_name_changes_nothing(kind: str, suffix: str) -> None:
    assert data(kind, f"a.{suffix}").cells == data(kind).cells


@pytest.mark.parametrize("name", ["a.xls", "a.xlsx", "a.csv", "a"])
def test_text_in_columns_is_read_as_text_whatever_it_is_called(name: str) -> None:
    sheet = read_workbook("指标\t数值\n保费\t12\n".encode("gb18030"), name).sheets[0]

    assert [list(row) for row in sheet.values] == [["指标", "数值"], ["保费", "12"]]


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"<html><body><table><tr><td>1</td></tr></table>", "web page"),
        (b"\xef\xbb\xbf\r\n <TABLE border=1>", "web page"),
        (b"MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\n", "MHTML"),
        (
            b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
            b'<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
            "XML Spreadsheet 2003",
        ),
        (b'<?xml version="1.0"?><office:document>', "fods"),
        (b"%PDF-1.7", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "picture"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"\x09\x04\x06\x00\x00\x00\x10\x00", "Excel 4.0"),
        (b"", "empty"),
        (b"nothing in columns", "unknown kind"),
    ],
)
def test_another_kind_of_file_is_named_with_what_to_do(content: bytes, word: str) -> None:
    with pytest.raises(Refused, match=word) as refusal:
        read_workbook(content, "报表.xls")

    assert "报表.xls" in refusal.value.message.zh
    assert "xlsx" in refusal.value.message.zh or not content
