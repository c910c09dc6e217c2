"""A part of a sheet under study: its rows by what stands in them."""

from collections.abc import Sequence
from decimal import Decimal
from functools import cached_property
from itertools import pairwise

from kpi.intake.grid import Cell, Raw, Sheet, content_of
from kpi.intake.numbers import is_missing, read_number
from kpi.intake.period_text import PeriodParts, period_of_number

_NUMERIC = (int, float, Decimal)


class Window:
    """The columns ``left`` to ``right`` of a sheet."""

    def __init__(self, sheet: Sheet, left: int = 1, right: int | None = None) -> None:
        self.sheet, self.left = sheet, left
        self.right = right or sheet.last_column
        self._texts: dict[str, tuple[bool, bool]] = {}
        self._kinds: dict[int, str] = {}

    def row(self, row: int) -> list[Cell]:
        """The filled cells of a row, from left to right."""
        line = self.sheet.values[row - 1] if row <= len(self.sheet.values) else ()
        last = min(self.right, len(line))
        columns = [column for column in range(self.left, last + 1) if line[column - 1] not in (None, "")]
        if self._uncalculated_in:
            columns = sorted({*columns, *self._uncalculated_in.get(row, ())})
        return [cell for column in columns if (cell := self.sheet.cell(row, column)) is not None]

    @cached_property
    def _uncalculated_in(self) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        for row, column in self.sheet.uncalculated:
            if self.left <= column <= self.right:
                found.setdefault(row, []).append(column)
        return found

    @cached_property
    def last_row(self) -> int:
        """The last row that may hold something."""
        return max(len(self.sheet.values), max(self._uncalculated_in, default=0))

    def _of_text(self, text: str) -> tuple[bool, bool]:
        if text not in self._texts:
            cell = Cell(self.sheet.name, 1, 1, text)
            self._texts[text] = (cell.is_error or read_number(cell) is not None, is_missing(cell))
        return self._texts[text]

    def is_number(self, cell: Cell | None) -> bool:
        """Whether a cell holds a number, or a formula or error value where one was meant."""
        if cell is None:
            return False
        if isinstance(cell.content, str):
            return self._of_text(cell.content)[0]
        return cell.uncalculated or (isinstance(cell.content, Decimal) and read_number(cell) is not None)

    def is_missing(self, cell: Cell) -> bool:
        """Whether a cell says in words that there is no value."""
        return isinstance(cell.content, str) and self._of_text(cell.content)[1]

    def raw_is_number(self, raw: Raw) -> bool:
        """The same of what the reader gave, without making a cell."""
        if isinstance(raw, str):
            return bool(raw) and self._of_text(raw)[0]
        return isinstance(raw, _NUMERIC) and not isinstance(raw, bool)

    def kind(self, row: int) -> str:
        """What a row holds: ``""`` nothing, ``n`` a number, ``p`` numbers that may all be periods, ``t`` else."""
        if row not in self._kinds:
            self._kinds[row] = self._kind(row) if 0 < row <= self.last_row else ""
        return self._kinds[row]

    def _kind(self, row: int) -> str:
        line = self.sheet.values[row - 1] if row <= len(self.sheet.values) else ()
        filled = [raw for raw in line[self.left - 1 : self.right] if raw is not None and raw != ""]
        if row in self._uncalculated_in:
            return "n"
        if not filled:
            return ""
        first = next((raw for raw in filled if type(raw) is float), None)
        if first is not None and _parts(first) is None:
            return "n"
        numbers = [raw for raw in filled if self.raw_is_number(raw)]
        if not numbers:
            return "t" if any(not isinstance(raw, str) or not raw.isspace() for raw in filled) else ""
        if len(numbers) <= _MOST_PERIODS and _may_be_periods(numbers):
            return "p"
        return "n"


_MOST_PERIODS = 200


def _may_be_periods(numbers: Sequence[Raw]) -> bool:
    """Whether numbers could head columns: years or months, each the same distance after the one before (or the same
    over several columns)."""
    parts = [_parts(raw) for raw in numbers]
    known = [part for part in parts if part is not None and part.year is not None and 1990 <= part.year <= 2100]
    if len(known) != len(numbers):
        return False
    places = [(part.year or 0) * 12 + (part.ordinal if part.grain else 0) for part in known]
    steps = {later - earlier for earlier, later in pairwise(places)} - {0}
    return len({abs(step) for step in steps}) <= 1 and all(abs(step) in (1, 3, 12) for step in steps)


def _parts(raw: Raw) -> PeriodParts | None:
    content = content_of(raw)
    if isinstance(content, str) and content.isascii() and content.replace(".", "", 1).isdigit():
        content = Decimal(content)
    return period_of_number(content) if isinstance(content, Decimal) else None
