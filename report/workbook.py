"""A table as an xlsx, with numbers as numbers."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from kpi.intake.plain_text import cell_text

_WIDTH, _FIRST_WIDTH = 16, 30
_SHARE = "0.0%"
Line = Sequence[str | float]


def as_xlsx(title: str, about: str, lines: Sequence[Line]) -> bytes:
    """``lines`` below ``title`` and what they are ``about``: the first holds the columns' names, numbers are shares.

    No text can become a formula.
    """
    book = Workbook(write_only=True)
    sheet: Any = book.create_sheet("Scorecast")  # openpyxl has no types
    sheet.freeze_panes = "B5"
    for index in range(1, len(lines[0]) + 1):
        letter = sheet.column_dimensions[get_column_letter(index)]
        letter.width = _FIRST_WIDTH if index == 1 else _WIDTH
    sheet.append([_cell(sheet, title, Font(bold=True, size=14))])
    sheet.append([_cell(sheet, about, Font())])
    sheet.append([])
    for number, line in enumerate(lines):
        sheet.append([_cell(sheet, value, Font(bold=number == 0)) for value in line])
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _cell(sheet: Any, value: str | float, font: Font) -> Any:
    cell = WriteOnlyCell(sheet, cell_text(value) if isinstance(value, str) else value)
    cell.font = font
    if isinstance(value, float):
        cell.number_format = _SHARE
    if font.bold:
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell
