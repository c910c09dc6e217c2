"""The pack as a workbook: a sheet a page, real numbers with formats, native charts, set up for print."""

import io
from datetime import datetime
from typing import Any

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from report.pack.book_blocks import Pen, add_block
from report.pack.document import Document, Page
from report.pack.stamp import Stamp
from report.pack.zipped_office import without_times

_COLUMNS = 13
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
_LONGEST_NAME = 31
_A4 = "9"


def xlsx_file(document: Document, stamp: Stamp) -> bytes:
    """The file; its bytes follow from the document and the stamp."""
    book = Workbook()
    book.remove(book.active)
    at = datetime.fromisoformat(document.at)
    about = book.properties
    about.title, about.creator, about.keywords = document.title, document.company, stamp.content
    about.created = about.modified = at.replace(tzinfo=None)
    taken: set[str] = set()
    for page in document.pages:
        sheet = book.create_sheet(_name(page.title, taken))
        _page(sheet, page, document, stamp)
    out = io.BytesIO()
    book.save(out)
    return without_times(out.getvalue(), at)


def _name(title: str, taken: set[str]) -> str:
    """A name for a sheet: short enough, without forbidden signs, unlike all ``taken`` in any case."""
    plain = title.translate(_FORBIDDEN).strip("' ")[:_LONGEST_NAME] or "-"
    name, count = plain, 2
    while name.casefold() in taken:
        end = f" {count}"
        name, count = plain[: _LONGEST_NAME - len(end)] + end, count + 1
    taken.add(name.casefold())
    return name


def _page(sheet: Worksheet, page: Page, document: Document, stamp: Stamp) -> None:
    pen = Pen(sheet, document.language, _COLUMNS)
    pen.title(page)
    if page.comment:
        pen.prose(page.comment)
    for block in page.blocks:
        add_block(pen, block, stamp)
    _print_set_up(sheet, pen.row, stamp.foot(document))


def _print_set_up(sheet: Worksheet, last: int, foot: str) -> None:
    """A4 landscape, one page wide, the foot and page numbers below."""
    sheet.sheet_view.showGridLines = False
    set_up: Any = sheet.page_setup
    set_up.orientation, set_up.paperSize, set_up.fitToWidth, set_up.fitToHeight = "landscape", _A4, 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_area = f"A1:{chr(ord('A') + _COLUMNS - 1)}{max(1, last)}"
    sheet.oddFooter.left.text = foot.replace("&", "&&")
    sheet.oddFooter.left.size, sheet.oddFooter.right.size = 7, 8
    sheet.oddFooter.right.text = "&P / &N"
    margins = sheet.page_margins
    margins.left = margins.right = 0.45
    margins.top, margins.bottom = 0.5, 0.65
