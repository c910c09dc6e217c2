"""Workbooks of every kind as bytes, for the tests of the readers: the same small sheets, and odd ones by hand."""

import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from io import BytesIO
from struct import pack
from typing import Any

import xlwt
from msoffcrypto.format.ooxml import OOXMLFile
from odf import number as odf_number
from odf import office as odf_office
from odf import style as odf_style
from odf import table as odf_table
from odf import text as odf_text
from odf.opendocument import OpenDocumentSpreadsheet
from openpyxl import Workbook
from openpyxl.comments import Comment

KINDS = ("xlsx", "xlsb", "xls", "ods")
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


@cache
def same_book(kind: str) -> bytes:
    """Sheet 数据 with A1 0.85 shown 85%, B1 12.5 shown 12.5万元, C1 a date, D1 true, E1 text; row 2 hidden with 7 in
    A2, 0.5 shown 50.0% in B2 and 0.25 shown 25.0% in C2; column D hidden; A3:B4 merged with text; A5 #DIV/0!, C5
    -1234.5; sheet 草稿 hidden with "x" in A1."""
    return {"xlsx": _xlsx, "xlsb": _xlsb, "xls": _xls, "ods": _ods}[kind]()


@cache
def locked(content: bytes, password: str) -> bytes:
    """An xlsx behind a password."""
    buffer = BytesIO()
    OOXMLFile(BytesIO(content)).encrypt(password, buffer)
    return buffer.getvalue()


def _xlsx() -> bytes:
    book = Workbook()
    sheet: Any = book.active
    sheet.title = "数据"
    sheet.append([0.85, 12.5, date(2026, 3, 31), True, "标准保费"])
    sheet.append([7, 0.5, 0.25])
    sheet["A3"] = "merged"
    sheet.merge_cells("A3:B4")
    sheet["A5"] = "#DIV/0!"
    sheet["C5"] = -1234.5
    sheet["A1"].number_format = "0%"
    sheet["B1"].number_format = '0.0"万元"'
    sheet["B2"].number_format = sheet["C2"].number_format = "0.0%"
    sheet["E1"].comment = Comment("a remark", "me")
    sheet.row_dimensions[2].hidden = True
    sheet.column_dimensions["D"].hidden = True
    draft: Any = book.create_sheet("草稿")
    draft["A1"] = "x"
    draft.sheet_state = "hidden"
    return saved(book)


def saved(book: Any) -> bytes:
    """The bytes of a workbook of openpyxl or xlwt."""
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _xls() -> bytes:
    book = xlwt.Workbook(encoding="utf-8")

    def shown(code: str) -> Any:
        return xlwt.easyxf(num_format_str=code)

    sheet = book.add_sheet("数据")
    for column, (value, code) in enumerate([(0.85, "0%"), (12.5, '0.0"万元"'), (date(2026, 3, 31), "yyyy-mm-dd")]):
        sheet.write(0, column, value, shown(code))
    sheet.write(0, 3, True)
    sheet.write(0, 4, "标准保费")
    sheet.write(1, 0, 7)
    sheet.write(1, 1, 0.5, shown("0.0%"))
    sheet.write(1, 2, 0.25, shown("0.0%"))
    sheet.write_merge(2, 3, 0, 1, "merged")
    sheet.row(4).set_cell_error(0, "#DIV/0!")
    sheet.write(4, 2, -1234.5)
    sheet.row(1).hidden = True
    sheet.col(3).hidden = True
    draft = book.add_sheet("草稿")
    draft.write(0, 0, "x")
    draft.visibility = 1
    return saved(book)


def _ods() -> bytes:
    document = OpenDocumentSpreadsheet()
    document.automaticstyles.addElement(_data_style(odf_number.PercentageStyle(name="N1"), "%"))
    document.automaticstyles.addElement(_data_style(odf_number.NumberStyle(name="N2"), "万元"))
    for name, data in (("P", "N1"), ("W", "N2")):
        document.automaticstyles.addElement(odf_style.Style(name=name, family="table-cell", datastylename=data))
    unseen = odf_style.Style(name="T", family="table")
    unseen.addElement(odf_style.TableProperties(display="false"))
    document.automaticstyles.addElement(unseen)
    table = odf_table.Table(name="数据")
    table.addElement(odf_table.TableColumn(numbercolumnsrepeated=3))
    table.addElement(odf_table.TableColumn(visibility="collapse"))
    noted = ods_cell("标准保费", valuetype="string")
    note = odf_office.Annotation()
    note.addElement(odf_text.P(text="a remark"))
    noted.addElement(note)
    ods_row(
        table,
        ods_cell("85%", valuetype="percentage", value=0.85, stylename="P"),
        ods_cell("12.5万元", valuetype="float", value=12.5, stylename="W"),
        ods_cell("2026-03-31", valuetype="date", datevalue="2026-03-31"),
        ods_cell("TRUE", valuetype="boolean", booleanvalue="true"),
        noted,
    )
    halves = [ods_cell(text, valuetype="percentage", value=value) for text, value in (("50.0%", 0.5), ("25.0%", 0.25))]
    ods_row(table, ods_cell("7", valuetype="float", value=7), *halves, visibility="collapse")
    merged = ods_cell("merged", valuetype="string", numbercolumnsspanned=2, numberrowsspanned=2)
    ods_row(table, merged, odf_table.CoveredTableCell())
    ods_row(table, odf_table.CoveredTableCell(numbercolumnsrepeated=2))
    broken = ods_cell("#DIV/0!", valuetype="string", stringvalue="", formula="of:=1/0")
    ods_row(table, broken, odf_table.TableCell(), ods_cell("-1234.5", valuetype="float", value=-1234.5))
    ods_row(table, odf_table.TableCell(numbercolumnsrepeated=16384), numberrowsrepeated=1048571)
    document.spreadsheet.addElement(table)
    draft = odf_table.Table(name="草稿", stylename="T")
    ods_row(draft, ods_cell("x", valuetype="string"))
    document.spreadsheet.addElement(draft)
    return ods_bytes(document)


def ods_bytes(document: OpenDocumentSpreadsheet) -> bytes:
    """The bytes of an OpenDocument spreadsheet."""
    buffer = BytesIO()
    document.write(buffer)
    return buffer.getvalue()


def ods_cell(text: str, **attributes: Any) -> Any:
    """A cell that shows ``text``."""
    cell = odf_table.TableCell(**attributes)
    cell.addElement(odf_text.P(text=text))
    return cell


def ods_row(table: Any, *cells: Any, **attributes: Any) -> None:
    """Add a row to a table."""
    row = odf_table.TableRow(**attributes)
    for cell in cells:
        row.addElement(cell)
    table.addElement(row)


def _data_style(style: Any, text: str) -> Any:
    style.addElement(odf_number.Number(decimalplaces=1, minintegerdigits=1))
    style.addElement(odf_number.Text(text=text))
    return style


def archive(parts: Mapping[str, bytes | str]) -> bytes:
    """A packed archive of these parts."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return buffer.getvalue()


def parts_of(content: bytes) -> dict[str, bytes]:
    """The parts of an archive."""
    with zipfile.ZipFile(BytesIO(content)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def xlsx(rows: str, *, head: str = "", tail: str = "", book: str = "", shared: str = "", styles: str = "") -> bytes:
    """An xlsx with one sheet S of these ``<row>`` elements; ``styles`` are the number formats of cell styles 1, 2...,
    separated by bars, each a code or the number of one that needs none."""
    codes = styles.split("|") if styles else []
    own = {code: number for number, code in enumerate(dict.fromkeys(codes), 164) if not code.isdigit()}
    formats = "".join(f'<numFmt numFmtId="{number}" formatCode="{_escaped(code)}"/>' for code, number in own.items())
    xfs = "".join(f'<xf numFmtId="{own.get(code, code)}"/>' for code in ["0", *codes])
    kinds = {"rId1": ("worksheet", "worksheets/sheet1.xml"), "rId2": ("styles", "styles.xml")}
    fixed = "<fonts><font/></fonts><fills><fill><patternFill/></fill></fills><borders><border/></borders>"
    return archive(
        {
            "[Content_Types].xml": _content_types(),
            "_rels/.rels": _linked({"rId1": ("officeDocument", "xl/workbook.xml")}),
            "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">{book}'
            '<sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": _linked(kinds | {"rId3": ("sharedStrings", "sharedStrings.xml")}),
            "xl/styles.xml": _part("styleSheet", f"<numFmts>{formats}</numFmts>{fixed}<cellXfs>{xfs}</cellXfs>"),
            "xl/sharedStrings.xml": _part("sst", shared),
            "xl/worksheets/sheet1.xml": _part("worksheet", f"{head}<sheetData>{rows}</sheetData>{tail}"),
        }
    )


def _content_types() -> str:
    plain = {name: name for name in ("styles", "sharedStrings")}
    kinds = {"workbook": "sheet.main", "worksheets/sheet1": "worksheet"} | plain
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    one = f'<Override PartName="/xl/{{}}.xml" ContentType="{kind}.{{}}+xml"/>'
    inside = "".join(one.format(*kind) for kind in kinds.items())
    return f'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">{inside}</Types>'


def _part(root: str, inside: str) -> str:
    return f'<{root} xmlns="{_MAIN}">{inside}</{root}>'


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")


def _linked(parts: Mapping[str, tuple[str, str]]) -> str:
    one = '<Relationship Id="{}" Type="{}/{}" Target="{}"/>'
    links = "".join(one.format(key, _OFFICE, kind, to) for key, (kind, to) in parts.items())
    return f'<Relationships xmlns="{_RELATIONS}">{links}</Relationships>'


def record(kind: int, content: bytes = b"") -> bytes:
    """A record of an xlsb part."""
    length = bytearray()
    left = len(content)
    while left > 0x7F:
        length.append(left & 0x7F | 0x80)
        left >>= 7
    length.append(left)
    start = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    return start + bytes(length) + content


def _wide(text: str) -> bytes:
    return pack("<I", len(text)) + text.encode("utf-16-le")


def _cell(kind: int, column: int, content: bytes, style: int = 0) -> bytes:
    return record(kind, pack("<II", column, style) + content)


def _row(row: int, *cells: bytes, hidden: bool = False) -> bytes:
    return record(0, pack("<IIHBBBI", row, 0, 300, 0, 0x10 if hidden else 0, 0, 0)) + b"".join(cells)


def xlsb_sheet(*rows: bytes, before: bytes = b"", after: bytes = b"", extent: Sequence[int] = (0, 9, 0, 9)) -> bytes:
    """The part of an xlsb sheet."""
    size = record(148, pack("<IIII", *extent))
    return record(129) + size + before + record(145) + b"".join(rows) + record(146) + after + record(130)


def _xlsb() -> bytes:
    real, text, error, boolean = 5, 6, 3, 4
    data = xlsb_sheet(
        _row(
            0,
            _cell(real, 0, pack("<d", 0.85), 1),
            _cell(real, 1, pack("<d", 12.5), 2),
            _cell(real, 2, pack("<d", 46112.0), 3),
            _cell(boolean, 3, b"\1"),
            _cell(text, 4, _wide("标准保费")),
        ),
        _row(1, *_numbers(), hidden=True),
        _row(2, _cell(text, 0, _wide("merged"))),
        _row(4, _cell(error, 0, b"\x07"), _cell(real, 2, pack("<d", -1234.5))),
        before=record(390) + record(60, pack("<IIIIH", 3, 3, 2000, 0, 1)) + record(391),
        after=record(177, pack("<I", 1)) + record(176, pack("<IIII", 2, 3, 0, 1)) + record(178),
    )
    codes = {164: '0.0"万元"', 165: "0.0%"}
    formats = record(615, pack("<I", 2)) + b"".join(record(44, pack("<H", n) + _wide(c)) for n, c in codes.items())
    numbers = (0, 9, 164, 14, 165)
    xfs = b"".join(record(47, pack("<HHHHHBBBBBB", 0, number, 0, 0, 0, 0, 0, 0, 0, 0, 0)) for number in numbers)
    styles = record(278) + formats + record(616) + record(617, pack("<I", 5)) + xfs + record(618) + record(279)
    sheets = b"".join(
        record(156, pack("<II", state, number) + _wide(f"rId{number}") + _wide(name))
        for number, (name, state) in enumerate([("数据", 0), ("草稿", 1)], 1)
    )
    book = record(131) + record(153, pack("<IIHH", 0, 0, 0, 0)) + record(143) + sheets + record(144) + record(132)
    links = {f"rId{number}": ("worksheet", f"worksheets/sheet{number}.bin") for number in (1, 2)}
    return archive(
        {
            "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
            "_rels/.rels": _linked({"rId1": ("officeDocument", "xl/workbook.bin")}),
            "xl/workbook.bin": book,
            "xl/_rels/workbook.bin.rels": _linked(links | {"rId3": ("styles", "styles.bin")}),
            "xl/styles.bin": styles,
            "xl/worksheets/sheet1.bin": data,
            "xl/worksheets/sheet2.bin": xlsb_sheet(_row(0, _cell(text, 0, _wide("x"))), extent=(0, 0, 0, 0)),
        }
    )


def _numbers() -> tuple[bytes, ...]:
    """7 and two shares, as the packed numbers that Excel prefers."""
    seven = _cell(2, 0, pack("<I", 7 << 2 | 2))
    return seven, _cell(2, 1, pack("<I", 50 << 2 | 3), 4), _cell(2, 2, pack("<I", 25 << 2 | 3), 4)
