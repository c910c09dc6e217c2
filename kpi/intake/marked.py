"""The analyst's own workbook with every finding marked where it stands."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

from openpyxl import Workbook as Book
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink

from kpi.facts import canonical_decimal
from kpi.findings import Finding
from kpi.intake.grid import Cell, Sheet
from kpi.intake.marking import listing
from kpi.intake.marking.comments import AUTHOR
from kpi.intake.marking.package import MarkedPackage
from kpi.intake.marking.patch import Unpatchable
from kpi.intake.marking.styles import FILLS
from kpi.intake.plain_text import cell_text
from kpi.intake.readers import read_workbook, unlocked
from kpi.intake.readers.kinds import Kind, kind_of
from kpi.text import Language, Text

_LONGEST_COMMENT = 4_000
_LONGEST_TITLE = 31
_MOST_DIGITS = 15
_ONLY_VALUES = Text(
    zh="本文件只含读到的数值和文字；原文件的格式、公式、图表和图片请看原文件。",
    en="This file holds the values and texts that were read; for formats, formulas, charts and pictures see the "
    "original.",
)


def marked_workbook(content: bytes, filename: str, findings: Sequence[Finding], language: Language) -> bytes:
    """The workbook with a fill and a comment in the cell of each finding and a list of all findings in front.

    In an xlsx or xlsm nothing else is changed: values, formulas, formats, charts and macros are copied as they are. Any
    other file becomes an xlsx with the values that were read. Raises Refused for a file that cannot be read and
    PasswordNeeded for one that is encrypted.
    """
    opened = unlocked(content, filename)
    comments = _comments(findings, language)
    if kind_of(opened, filename) is Kind.XLSX:
        try:
            return MarkedPackage(opened, filename).mark(findings, comments, language)
        except (Unpatchable, ValueError):
            return _rebuilt(content, filename, findings, comments, language)
    return _rebuilt(content, filename, findings, comments, language)


def _comments(findings: Sequence[Finding], language: Language) -> dict[tuple[str, str], str]:
    """What to say in each cell, by sheet and address: code, message and remedy of every finding there."""
    said: dict[tuple[str, str], list[str]] = {}
    for item in findings:
        if item.sheet and item.cell:
            severity = listing.SEVERITIES[item.severity].in_(language)
            text = f"{severity} {item.code}\n{item.message.in_(language)}\n{item.remedy.in_(language)}"
            said.setdefault((item.sheet, item.cell), []).append(text)
    return {place: cell_text("\n\n".join(texts))[:_LONGEST_COMMENT] for place, texts in said.items()}


def _rebuilt(
    content: bytes,
    filename: str,
    findings: Sequence[Finding],
    comments: Mapping[tuple[str, str], str],
    language: Language,
) -> bytes:
    workbook = read_workbook(content, filename)
    book: Any = Book()
    first = book.active
    titles: dict[str, str] = {}
    for sheet in workbook.sheets:
        titles[sheet.name] = _title(sheet.name, titles.values())
        _write(book.create_sheet(titles[sheet.name]), sheet)
    first.title = listing.title_beside(titles.values(), language)
    moved = [item.model_copy(update={"sheet": titles.get(item.sheet, item.sheet)}) for item in findings]
    _write_list(first, listing.rows(moved, titles.values(), language), language)
    for item in sorted(findings, key=lambda item: list(FILLS).index(item.severity), reverse=True):
        if item.cell and item.sheet in titles:
            cell = book[titles[item.sheet]][item.cell]
            cell.fill = PatternFill("solid", fgColor=FILLS[item.severity])
    for (name, address), text in comments.items():
        if name in titles:
            cell = book[titles[name]][address]
            said = f"{cell.comment.text}\n{text}" if cell.comment else text
            cell.comment = Comment(said, AUTHOR, height=150, width=340)
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _title(name: str, taken: Any) -> str:
    """A name that a workbook may give a sheet."""
    plain = "".join("_" if letter in "[]:*?/\\" else letter for letter in cell_text(name)).strip("'") or "Sheet"
    title, number = plain[:_LONGEST_TITLE], 1
    while title.casefold() in {each.casefold() for each in taken}:
        number += 1
        title = f"{plain[: _LONGEST_TITLE - 6]} ({number})"
    return title


def _write(written: Any, sheet: Sheet) -> None:  # openpyxl has no types
    for (row, column), cell in sheet.cells.items():
        target = written.cell(row, column, _value(cell))
        if cell.number_format != "General":
            target.number_format = cell.number_format
    for top, left, bottom, right in sheet.merged:
        written.merge_cells(f"{get_column_letter(left)}{top}:{get_column_letter(right)}{bottom}")
    for (row, column), text in sheet.comments.items():
        written.cell(row, column).comment = Comment(cell_text(text), "")
    if sheet.hidden:
        written.sheet_state = "hidden"


def _value(cell: Cell) -> Decimal | date | bool | str | None:
    if isinstance(cell.content, Decimal):
        exact = len(cell.content.normalize().as_tuple().digits) <= _MOST_DIGITS
        return cell.content if exact else canonical_decimal(cell.content)
    return cell_text(cell.content) if isinstance(cell.content, str) else cell.content


def _write_list(sheet: Any, rows: Sequence[listing.Listed], language: Language) -> None:  # openpyxl has no types
    for column, (heading, width) in enumerate(listing.HEADINGS, 1):
        sheet.cell(1, column, heading.in_(language)).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(column)].width = width
    for number, row in enumerate(rows, 2):
        for column, text in enumerate(row.texts, 1):
            cell = sheet.cell(number, column, text)
            cell.alignment = Alignment(vertical="top", wrap_text=True)
        if row.severity:
            sheet.cell(number, 1).fill = PatternFill("solid", fgColor=FILLS[row.severity])
        if row.target:
            cell = sheet.cell(number, listing.WHERE + 1)
            cell.hyperlink = Hyperlink(ref=cell.coordinate, location=row.target)
            cell.font = Font(underline="single", color="FF1F5F8B")
    sheet.cell(len(rows) + 3, 1, _ONLY_VALUES.in_(language))
    sheet.freeze_panes = "A2"
