"""The grid model: what stands in the cells of a workbook, before anybody says what it means."""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from functools import cached_property
from hashlib import sha256
from io import BytesIO
from math import isfinite
from typing import Any

import openpyxl
from openpyxl.utils import column_index_from_string, get_column_letter

from kpi.errors import Refused, refuse
from kpi.intake.number_format import is_percent

Content = str | Decimal | bool | date | None
MOST_BYTES = 500_000_000
MOST_MERGED = 200_000
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')
_ERRORS = frozenset({"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!", "#CALC!"})


@dataclass(frozen=True, slots=True)
class Cell:
    """One filled cell. ``row`` and ``column`` count from 1. A date keeps no time of day.

    ``uncalculated``: a formula whose result the workbook does not hold; then ``content`` is None.
    """

    sheet: str
    row: int
    column: int
    content: Content
    number_format: str = "General"
    hidden: bool = False
    uncalculated: bool = False

    @property
    def address(self) -> str:
        """A1 spelling."""
        return f"{get_column_letter(self.column)}{self.row}"

    @property
    def text(self) -> str:
        """The content as text; numbers in plain digits."""
        if self.content is None:
            return ""
        return format(self.content, "f") if isinstance(self.content, Decimal) else str(self.content)

    @property
    def shown_as_percent(self) -> bool:
        """Whether the cell shows its number times 100 with a percent sign."""
        return isinstance(self.content, Decimal) and is_percent(self.number_format)

    @property
    def is_error(self) -> bool:
        """Whether the cell holds one of Excel's error values."""
        return isinstance(self.content, str) and self.content in _ERRORS


@dataclass(frozen=True)
class Sheet:
    """The filled cells of a sheet by (row, column); merged areas as (top row, left column, bottom row, last column)."""

    name: str
    cells: dict[tuple[int, int], Cell]
    merged: tuple[tuple[int, int, int, int], ...] = ()
    hidden: bool = False

    def at(self, row: int, column: int) -> Cell | None:
        """The cell at a place; inside a merged area the one at its top left."""
        found = self.cells.get((row, column))
        if found is None and self.merged:
            found = self.cells.get(self._corners.get((row, column), (0, 0)))
        return found

    @cached_property
    def _corners(self) -> dict[tuple[int, int], tuple[int, int]]:
        last_row, last_column = max((row for row, _ in self.cells), default=1), self.last_column
        return {
            (row, column): (top, left)
            for top, left, bottom, right in self.merged
            for row in range(top, min(bottom, last_row) + 1)
            for column in range(left, min(right, last_column) + 1)
        }

    @cached_property
    def merged_places(self) -> frozenset[tuple[int, int]]:
        """The top left places of merged areas."""
        return frozenset((top, left) for top, left, _, _ in self.merged)

    @cached_property
    def last_column(self) -> int:
        """The last filled column."""
        return max((column for _, column in self.cells), default=1)

    @cached_property
    def rows(self) -> dict[int, tuple[Cell, ...]]:
        """The filled cells of each row, from left to right, rows from top to bottom."""
        found: dict[int, list[Cell]] = {}
        for cell in self.cells.values():
            found.setdefault(cell.row, []).append(cell)
        return {row: tuple(sorted(found[row], key=lambda cell: cell.column)) for row in sorted(found)}


@dataclass(frozen=True)
class Workbook:
    """A workbook as it was given: name, hash of its bytes, sheets in order."""

    filename: str
    sha256: str
    sheets: tuple[Sheet, ...] = field(default=())


def digest(content: bytes) -> str:
    """The name under which a workbook's bytes are kept: their SHA-256, hexadecimal."""
    return sha256(content).hexdigest()


def read_workbook(content: bytes, filename: str) -> Workbook:
    """The cells of an xlsx workbook. Raises Refused when the bytes are not one, are locked, or unpack to too much."""
    _refuse_what_is_no_xlsx(content, filename)
    try:
        _refuse_vast_merged_areas(content, filename)
        values = openpyxl.load_workbook(BytesIO(content), data_only=True, rich_text=False)
        formulas = openpyxl.load_workbook(BytesIO(content)) if _has_formulas(content) else None
        sheets = tuple(_sheet(sheet, formulas[sheet.title] if formulas else None) for sheet in values.worksheets)
    except Refused:
        raise
    except Exception as problem:  # damaged bytes make the reader raise nearly anything
        raise _unreadable(filename, problem) from problem
    return Workbook(filename, digest(content), sheets)


def _refuse_what_is_no_xlsx(content: bytes, filename: str) -> None:
    if not content:
        raise refuse(f"{filename} 是空文件。请重新保存后再上传。", f"{filename} is empty. Save it again and upload it.")
    if content[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise refuse(
            f"{filename} 设有密码，或是旧版 xls 格式。请在 Excel 中另存为不加密的 xlsx 后再上传。",
            f"{filename} is protected by a password or in the old xls format. Save it as an unprotected xlsx.",
        )
    if not zipfile.is_zipfile(BytesIO(content)):
        raise refuse(
            f"{filename} 不是 xlsx 工作簿。请在 Excel 中另存为 xlsx 后再上传。",
            f"{filename} is not an xlsx workbook. Save it as xlsx in Excel and upload that.",
        )
    with zipfile.ZipFile(BytesIO(content)) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > MOST_BYTES:
            limit = MOST_BYTES // 1_000_000
            raise refuse(
                f"{filename} 解压后超过 {limit} MB。请拆分成较小的工作簿。",
                f"{filename} unpacks to more than {limit} MB. Split it into smaller workbooks.",
            )


def _refuse_vast_merged_areas(content: bytes, filename: str) -> None:
    """The reader makes a cell of each place in a merged area, and a few bytes can merge a whole sheet."""
    areas = (match.groups() for sheet in _sheet_bytes(content) for match in _MERGED.finditer(sheet))
    if sum(_size(*(part.decode() for part in area)) for area in areas) > MOST_MERGED:
        raise refuse(
            f"{filename} 合并了过多的单元格（超过 {MOST_MERGED} 个）。请取消整行、整列或整张工作表的合并。",
            f"{filename} merges more than {MOST_MERGED} cells. Unmerge whole rows, columns or sheets.",
        )


def _size(left: str, top: str, right: str, bottom: str) -> int:
    width: int = column_index_from_string(right) - column_index_from_string(left) + 1
    return width * (int(bottom) - int(top) + 1)


def _sheet_bytes(content: bytes) -> Iterator[bytes]:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/"):
                yield archive.read(name)


def _unreadable(filename: str, problem: Exception) -> Refused:
    return refuse(
        f"{filename} 已损坏或不是 xlsx 工作簿（{problem}）。请在 Excel 中打开并另存为 xlsx。",
        f"{filename} is damaged or not an xlsx workbook ({problem}). Open it in Excel and save it as xlsx.",
    )


def _has_formulas(content: bytes) -> bool:
    return any(b"<f" in sheet for sheet in _sheet_bytes(content))


def _is_formula(formulas: Any, place: tuple[int, int]) -> bool:
    """A text formula whose stored result is empty, of type ``str``, is not asked for: it was calculated."""
    return formulas is not None and formulas.cell(*place).data_type == "f"


def _sheet(values: Any, formulas: Any) -> Sheet:  # openpyxl has no types
    hidden_rows = {row for row, dimension in values.row_dimensions.items() if dimension.hidden}
    hidden_columns = {
        column
        for dimension in values.column_dimensions.values()
        if dimension.hidden
        for column in range(dimension.min or 0, (dimension.max or 0) + 1)
    }
    hidden = values.sheet_state != "visible"
    cells: dict[tuple[int, int], Cell] = {}
    for place, raw in sorted(values._cells.items()):  # only the cells there are: a sheet may claim millions of rows
        uncalculated = raw.value is None and raw.data_type != "str" and _is_formula(formulas, place)
        content = _content(raw.value)
        if content is None and not uncalculated:
            continue
        unseen = hidden or raw.row in hidden_rows or raw.column in hidden_columns
        cells[place] = Cell(
            values.title, raw.row, raw.column, content, raw.number_format or "General", unseen, uncalculated
        )
    merged = tuple((area.min_row, area.min_col, area.max_row, area.max_col) for area in values.merged_cells.ranges)
    return Sheet(values.title, cells, merged, hidden)


def _content(value: Any) -> Content:
    """Excel keeps numbers as binary floats; the shortest digits that give the float are what was typed."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return Decimal(repr(value)) if isfinite(value) else str(value)
    if isinstance(value, date):
        return value.date() if isinstance(value, datetime) else value
    text = value.isoformat() if isinstance(value, time) else str(value)
    return text if text.strip() else None
