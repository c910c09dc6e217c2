"""The grid model: what stands in the cells of a workbook, before anybody says what it means."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property
from hashlib import sha256
from math import isfinite
from typing import NamedTuple

from openpyxl.utils import get_column_letter

from kpi.intake.number_format import is_percent

Content = str | Decimal | bool | date | None
Raw = str | int | float | Decimal | bool | date | datetime | time | timedelta | None
Place = tuple[int, int]
_WHOLE = 10**15
_ERRORS = frozenset({"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!", "#CALC!"})


class Cell(NamedTuple):
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
    """A sheet as its reader gave it; rows, columns and places ``(row, column)`` count from 1.

    ``values`` holds the rows from the first on, each from the first column on, as long as its reader made it; None and
    blank text are empty. ``merged`` areas are (top row, left column, bottom row, last column). ``formats`` has the
    number formats that say more than digits (percent, hidden thousands, words); ``uncalculated`` the formulas without
    a stored result; ``hidden`` covers the whole sheet.
    """

    name: str
    values: Sequence[Sequence[Raw]]
    merged: tuple[tuple[int, int, int, int], ...] = ()
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    formats: Mapping[Place, str] = field(default_factory=dict)
    uncalculated: frozenset[Place] = frozenset()
    comments: Mapping[Place, str] = field(default_factory=dict)
    _made: dict[Place, Cell] = field(default_factory=dict, compare=False, repr=False)

    def cell(self, row: int, column: int) -> Cell | None:
        """The filled cell at a place."""
        place = (row, column)
        made = self._made.get(place)
        if made is not None:
            return made
        line = self.values[row - 1] if 0 < row <= len(self.values) else ()
        content = content_of(line[column - 1]) if 0 < column <= len(line) else None
        uncalculated = content is None and place in self.uncalculated
        if content is None and not uncalculated:
            return None
        unseen = self.hidden or row in self.hidden_rows or column in self.hidden_columns
        shown = self.formats.get(place, "General") if self.formats else "General"
        made = self._made[place] = Cell(self.name, row, column, content, shown, unseen, uncalculated)
        return made

    def at(self, row: int, column: int) -> Cell | None:
        """The cell at a place; inside a merged area the one at its top left."""
        found = self.cell(row, column)
        if found is None and self.merged:
            corner = self.corners.get((row, column))
            found = self.cell(*corner) if corner else None
        return found

    @cached_property
    def corners(self) -> dict[Place, Place]:
        """The top left place of the merged area around each place inside one, as far as the sheet is filled."""
        return {
            (row, column): (top, left)
            for top, left, bottom, right in self.merged
            for row in range(top, min(bottom, len(self.values)) + 1)
            for column in range(left, min(right, self.last_column) + 1)
        }

    @cached_property
    def merged_places(self) -> frozenset[Place]:
        """The top left places of merged areas."""
        return frozenset((top, left) for top, left, _, _ in self.merged)

    @cached_property
    def last_column(self) -> int:
        """The last column that any row reaches."""
        return max((len(line) for line in self.values), default=1)

    @cached_property
    def cells(self) -> dict[Place, Cell]:
        """Every filled cell by place."""
        written = ((row, column) for row, line in enumerate(self.values, 1) for column in range(1, len(line) + 1))
        places = sorted({*written, *self.uncalculated}) if self.uncalculated else written
        return {place: cell for place in places if (cell := self.cell(*place)) is not None}


def content_of(raw: Raw) -> Content:
    """What a reader gave, exact: files keep numbers as binary floats, and the shortest digits that give the float are
    what was typed. A date keeps no time of day; blank text is nothing."""
    if isinstance(raw, str):
        return raw if raw and not raw.isspace() else None
    if raw is None or isinstance(raw, bool | Decimal):
        return raw
    if isinstance(raw, int | float):
        return _number(raw)
    if isinstance(raw, datetime):
        return raw.date()
    return raw if isinstance(raw, date) else str(raw)


def _number(raw: float) -> Content:
    if isinstance(raw, float) and not (raw.is_integer() and abs(raw) < _WHOLE):
        return Decimal(repr(raw)) if isfinite(raw) else str(raw)
    return Decimal(int(raw))


@dataclass(frozen=True)
class Workbook:
    """A workbook as it was given: name, hash of its bytes, sheets in order."""

    filename: str
    sha256: str
    sheets: tuple[Sheet, ...] = field(default=())


def digest(content: bytes) -> str:
    """The name under which a workbook's bytes are kept: their SHA-256, hexadecimal."""
    return sha256(content).hexdigest()
