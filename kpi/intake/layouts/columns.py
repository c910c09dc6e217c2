"""The columns of numbers of a table and the headings above each, through as many rows as there are."""

import re
from dataclasses import dataclass
from functools import cached_property

from kpi.intake.grid import Cell, Sheet
from kpi.intake.layouts.axes import Said, said_by
from kpi.intake.layouts.frame import Frame
from kpi.intake.layouts.meaning import Vocabulary
from kpi.intake.period_text import PeriodParts, plain

_THIS_YEAR = re.compile(r"(?:本年|当年|今年)(?:度)?(?:实际|数|值|金额|完成)?|(?:this|current) year(?: actual)?|cy")


@dataclass(frozen=True)
class Column:
    """A column of numbers with its headings from the outer to the inner one, and what they say together.

    ``blank`` is the empty place in a row of headings where one seems to be missing.
    """

    column: int
    headings: tuple[Cell, ...]
    said: Said
    blank: Cell | None = None

    @cached_property
    def text(self) -> str:
        """The headings in one line."""
        return " ".join(cell.text for cell in self.headings)

    @property
    def inner(self) -> Cell | None:
        """The lowest heading."""
        return self.headings[-1] if self.headings else None


def column_paths(frame: Frame, vocabulary: Vocabulary, numbers: list[int]) -> list[Column]:
    """What stands above each column of numbers. An upper heading reaches over blank cells to its right, until the
    headings below begin to repeat; merged headings reach as far as they are merged."""
    if not numbers:
        return []
    paths: dict[int, list[Cell]] = {column: [] for column in numbers}
    blanks: dict[int, Cell] = {}
    for row in reversed(frame.headings):
        inner = {column: tuple(cell.text for cell in paths[column]) for column in numbers}
        lowest = row == frame.headings[-1]
        places = {column: said_by(paths[column], vocabulary).parts for column in numbers}
        over, blank = _row_over(frame.sheet, row, numbers, inner, lowest, _falls_back(numbers, places))
        says_period = any(vocabulary.of(cell).parts.says_period for cell in over.values())
        for column in numbers:
            if column in over:
                paths[column].insert(0, over[column])
            elif column in blank and says_period:
                blanks.setdefault(column, Cell(frame.sheet.name, row, blank[column], None))
    found = []
    for column in numbers:
        headings = tuple(dict.fromkeys(paths[column]))
        found.append(Column(column, headings, said_by(headings, vocabulary), blanks.get(column)))
    return found


def years_to_date(columns: list[Column]) -> list[Column]:
    """Beside 本季 or 本月, 本年 is the year to date."""
    if not any(column.said.parts.cumulative is False for column in columns):
        return columns
    for column in columns:
        this_year = any(_THIS_YEAR.fullmatch(plain(cell.text)) for cell in column.headings)
        if this_year and column.said.parts.cumulative is None:
            column.said.parts = column.said.parts._replace(cumulative=True)
    return columns


def with_common_year(columns: list[Column]) -> list[Column]:
    """A quarter or month without its year, beside others that all lie in one and the same year, lies in it too."""
    years = {column.said.parts.year for column in columns if column.said.parts.grain} - {None}
    if len(years) == 1:
        for column in columns:
            parts = column.said.parts
            if parts.grain is not None and parts.year is None and column.blank is None:
                column.said.parts = parts._replace(year=next(iter(years)))
    return columns


def _falls_back(numbers: list[int], places: dict[int, PeriodParts]) -> set[int]:
    """The columns at which quarters or months begin again, as those of another year do."""
    found: set[int] = set()
    before: PeriodParts | None = None
    for column in numbers:
        part = places[column]
        if part.grain is None:
            continue
        if before is not None and part.grain is before.grain and part.ordinal < before.ordinal:
            found.add(column)
        before = part
    return found


def _row_over(
    sheet: Sheet, row: int, numbers: list[int], inner: dict[int, tuple[str, ...]], lowest: bool, falls_back: set[int]
) -> tuple[dict[int, Cell], dict[int, int]]:
    """The heading of each column in one row, and the blank places with the column they begin at."""
    over: dict[int, Cell] = {}
    blank: dict[int, int] = {}
    spans = any(top == row and right > left and right >= numbers[0] for top, left, _, right in sheet.merged)
    reaching: Cell | None = None
    seen: set[tuple[str, ...]] = set()
    start = 0
    for column in range(numbers[0], numbers[-1] + 1):
        cell = sheet.at(row, column)
        if cell is not None:
            reaching, seen = cell, set()
            start = 0
        elif (row, column) in sheet.merged_places:
            reaching, start, seen = None, column, set()
        if column not in inner:
            continue
        if cell is not None:
            over[column] = cell
            seen.add(inner[column])
            continue
        repeats = inner[column] in seen or not any(inner[column]) or column in falls_back
        if start or lowest or spans or reaching is None or repeats:
            if not start or inner[column] in seen:
                start, seen = column, set()
            seen.add(inner[column])
            if not lowest:
                reaching = None
            blank[column] = _start_of(sheet, row, start or column)
            continue
        over[column] = reaching
        seen.add(inner[column])
    return over, blank


def _start_of(sheet: Sheet, row: int, column: int) -> int:
    return sheet.corners.get((row, column), (row, column))[1] if sheet.merged else column
