"""The grid model: what stands in the cells of a workbook, before anybody says what it means."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from hashlib import sha256

from openpyxl.utils import get_column_letter

from kpi.intake.number_format import is_percent

Content = str | Decimal | bool | date | None
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
