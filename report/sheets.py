"""A sheet of real numbers as CSV and as a formatted workbook: what a table shows, for those who go on calculating."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from kpi.facts import canonical_decimal
from kpi.intake.plain_text import cell_text, neutral

_LINE = Side(style="thin", color="DCE3E9")
_HEAD, _QUIET = PatternFill("solid", fgColor="F3F6F8"), Font(color="55626E")
_MOST_DIGITS = 15  # what spreadsheet programs keep of a number


@dataclass(frozen=True)
class Number:
    """A number as it is calculated with, and the pattern by which a spreadsheet program writes it."""

    amount: Decimal | float | None
    pattern: str = "General"


Entry = str | Number


@dataclass(frozen=True)
class SheetColumn:
    """A column; ``width`` is in characters, two for each Chinese one."""

    key: str
    title: str
    width: int = 14


@dataclass(frozen=True)
class SheetRow:
    """Entries by column key. ``level`` counts how many rows sum this one up; ``strong`` rows sum others up."""

    entries: Mapping[str, Entry]
    level: int = 0
    strong: bool = False


@dataclass(frozen=True)
class Sheet:
    """What goes into a file. ``about`` stands above the table in a workbook; ``stamp`` is what each line of a CSV ends
    with, so that a line cut out of it still says where it came from."""

    name: str
    about: Sequence[tuple[str, str]]
    columns: Sequence[SheetColumn]
    rows: Sequence[SheetRow] = field(default_factory=tuple)
    stamp: Mapping[str, str] = field(default_factory=dict)


def sheet_as_csv(sheet: Sheet) -> bytes:
    """UTF-8 with a mark; numbers with a point and all their digits, nothing where there is none."""
    out = StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([*(column.title for column in sheet.columns), *sheet.stamp])
    for row in sheet.rows:
        entries = (row.entries.get(column.key, "") for column in sheet.columns)
        writer.writerow([*map(_written, entries), *sheet.stamp.values()])
    return out.getvalue().encode("utf-8-sig")


def _written(entry: Entry) -> str:
    if isinstance(entry, str):
        return neutral(entry)
    amount = entry.amount
    if amount is None:
        return ""
    return canonical_decimal(amount) if isinstance(amount, Decimal) else repr(amount)


def sheet_as_xlsx(sheet: Sheet) -> bytes:
    """One sheet: what it is about, then the table with its first column and its heading held in sight, ready to filter
    and to print. Numbers have the digits that spreadsheet programs keep."""
    book = Workbook()
    page: Any = book.active  # openpyxl has no types
    page.title = cell_text(sheet.name)[:31]
    for at, (label, text) in enumerate(sheet.about, 1):
        page.cell(at, 1, cell_text(label)).font = Font(bold=True, size=13) if at == 1 else _QUIET
        page.cell(at, 2, cell_text(text)).font = _QUIET
    head = len(sheet.about) + 2
    for at, column in enumerate(sheet.columns, 1):
        cell = page.cell(head, at, cell_text(column.title))
        cell.font, cell.fill, cell.border = Font(bold=True), _HEAD, Border(bottom=_LINE)
        cell.alignment = Alignment(vertical="center", wrap_text=True)
        page.column_dimensions[get_column_letter(at)].width = column.width
    for at, row in enumerate(sheet.rows, head + 1):
        _fill(page, at, row, sheet.columns)
    _arrange(page, head, len(sheet.columns))
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _fill(page: Any, at: int, row: SheetRow, columns: Sequence[SheetColumn]) -> None:
    for place, column in enumerate(columns, 1):
        entry, cell = row.entries.get(column.key, ""), page.cell(at, place)
        if isinstance(entry, Number):
            cell.value = None if entry.amount is None else float(f"{entry.amount:.{_MOST_DIGITS - 1}e}")
            cell.number_format = entry.pattern
        else:
            cell.value = cell_text(entry) or None
        cell.font, cell.border = Font(bold=row.strong), Border(bottom=_LINE)
        if place == 1:
            cell.alignment = Alignment(indent=row.level)
        if row.strong and not row.level:
            cell.fill = _HEAD
    page.row_dimensions[at].outline_level = row.level


def _arrange(page: Any, head: int, columns: int) -> None:
    page.freeze_panes = page.cell(head + 1, 2)
    page.auto_filter.ref = f"A{head}:{get_column_letter(columns)}{max(page.max_row, head)}"
    page.sheet_properties.outlinePr.summaryBelow = False
    page.page_setup.orientation, page.page_setup.fitToHeight = "landscape", 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.print_title_rows = f"{head}:{head}"
