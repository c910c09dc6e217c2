"""Cuts a sheet into tables: heading rows, body, and the lines above that speak of it; tables may stand side by side."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from kpi.intake.grid import Cell, Sheet, content_of
from kpi.intake.layouts.lines import Line, is_line, lines_of
from kpi.intake.layouts.meaning import Meaning, Vocabulary
from kpi.intake.layouts.window import Window

_MOST_HEADING_ROWS = 4
_MOST_BLANKS = 2
_SECTION_HEADS = frozenset({"measure", "code", "org_unit", "org_code", "period"})


@dataclass(frozen=True)
class Frame:
    """One table. ``headings`` are its heading rows from the top, ``body`` the rows below them that hold something,
    ``lines`` the texts above, the nearest first, ``notes`` those below or between. ``outer`` are the lines of a table
    before it with the same headings: they hold as far as nearer lines say nothing."""

    window: Window
    headings: tuple[int, ...]
    body: tuple[int, ...]
    lines: tuple[Line, ...]
    notes: tuple[Line, ...]
    outer: tuple[Line, ...] = ()

    @property
    def sheet(self) -> Sheet:
        """The sheet that it stands on."""
        return self.window.sheet


def frames(sheet: Sheet, vocabulary: Vocabulary) -> Iterator[Frame]:
    """Every table of a sheet, from top to bottom and left to right."""
    if not sheet.values and not sheet.uncalculated:
        return
    whole = _Cutter(Window(sheet), vocabulary)
    above = 0
    before: Frame | None = None
    for first, last in whole.bands():
        for left, right in whole.parts(first, last):
            cutter = whole if (left, right) == (whole.window.left, whole.window.right) else None
            cutter = cutter or _Cutter(Window(sheet, left, right), vocabulary)
            found = cutter.frame(above, first, last, before)
            if found:
                yield found
                before = found
        above = last


class _Cutter:
    def __init__(self, window: Window, vocabulary: Vocabulary) -> None:
        self.window, self.vocabulary = window, vocabulary

    def is_data(self, row: int) -> bool:
        """Whether a row holds numbers that are no periods of a heading."""
        kind = self.window.kind(row)
        return kind == "n" or (kind == "p" and not self._heads_periods(row))

    def _heads_periods(self, row: int) -> bool:
        cells = self.window.row(row)
        words = [self.vocabulary.of(cell) for cell in cells if isinstance(cell.content, str)]
        words = [meaning for meaning in words if not meaning.is_period]
        if any(meaning.measure or meaning.org_unit or meaning.odd for meaning in words if not meaning.role):
            return False
        numbers = sum(self.window.is_number(cell) for cell in cells)
        if any(meaning.role in _SECTION_HEADS for meaning in words):
            return True
        below = next((self.window.kind(after) for after in range(row + 1, row + 4) if self.window.kind(after)), "")
        heading = all(meaning.heads or meaning.unit or meaning.total for meaning in words)
        if numbers == 1 and not words and self._periods_below(row):
            return True
        return numbers >= 2 and heading and below in ("n", "t", "p") and not self._data_above(row)

    def _periods_below(self, row: int) -> bool:
        cells = self.window.row(row + 1) if self.window.kind(row + 1) == "t" else []
        return any(self.vocabulary.of(cell).is_period for cell in cells)

    def _data_above(self, row: int) -> bool:
        return row > 1 and self.window.kind(row - 1) == "n"

    def bands(self) -> list[tuple[int, int]]:
        """First and last row of numbers of each table from top to bottom; what stands between belongs to headings."""
        found: list[tuple[int, int]] = []
        start = last = 0
        for row in range(1, self.window.last_row + 1):
            kind = self.window.kind(row)
            if not kind:
                continue
            if self.is_data(row):
                if not start:
                    start = row
                last = row
            elif start and self._opens_table(row, start, last):
                found.append((start, last))
                start = 0
        if start:
            found.append((start, last))
        return found

    def _opens_table(self, row: int, first: int, last: int) -> bool:
        """Whether a row without numbers below a table's data heads another table."""
        cells = self.window.row(row)
        if len(cells) < 2 or is_line(cells):
            return False
        meanings = [self.vocabulary.of(cell) for cell in cells]
        numbers = [column for column in self.number_columns(first, last) if column is not None]
        over = [
            (cell, meaning)
            for cell, meaning in zip(cells, meanings, strict=True)
            if cell.column in numbers and not self.window.is_missing(cell)
        ]
        if not over:
            return self._roles(meanings) >= 2 and self._data_follows(row)
        if not self._data_follows(row):
            return False
        known_row = any(meaning.measure and not meaning.role for meaning in meanings[:2])
        heading = sum(meaning.heads or bool(meaning.unit or meaning.org_unit) for _, meaning in over)
        gap = not self.window.kind(row - 1) or not self.is_data(row - 1)
        if heading and (heading * 2 >= len(over) or self._roles(meanings) >= 2):
            return not known_row or gap
        measures = sum(meaning.measure is not None for _, meaning in over)
        if measures * 2 >= len(over) and len(over) > 1:
            return True
        return gap and not known_row and len(over) * 2 >= len(numbers) and len(cells) >= 3

    def _roles(self, meanings: list[Meaning]) -> int:
        return len({meaning.role or meaning.scenario for meaning in meanings} - {""})

    def _data_follows(self, row: int) -> bool:
        for after in range(row + 1, min(row + 8, self.window.last_row) + 1):
            if self.window.kind(after) and self.is_data(after):
                return True
        return False

    def number_columns(self, first: int, last: int) -> list[int]:
        """The columns with a number in any row of numbers."""
        values, found = self.window.sheet.values, set[int]()
        for row in range(first, min(last, first + 400) + 1):
            if not self.window.kind(row) or not self.is_data(row):
                continue
            line = values[row - 1] if row <= len(values) else ()
            found |= {
                column
                for column in range(self.window.left, min(self.window.right, len(line)) + 1)
                if column not in found and self.window.raw_is_number(line[column - 1])
            }
            found |= {column for at, column in self.window.sheet.uncalculated if at == row}
        return [column for column in sorted(found) if column == max(found) or not self._counts(column, first, last)]

    def _is_noted(self, column: int, first: int) -> bool:
        """Whether one of the rows right above heads the column as a serial number or the like."""
        above = (self.window.sheet.cell(row, column) for row in range(max(1, first - _MOST_HEADING_ROWS), first))
        return any(self.vocabulary.of(cell).role == "note" for cell in above if cell is not None)

    def _counts(self, column: int, first: int, last: int) -> bool:
        """Whether a column only counts the rows: 1, 2, 3 and so on, two at least, or is headed so."""
        if self._is_noted(column, first):
            return True
        values = self.window.sheet.values
        numbers = [
            content_of(values[row - 1][column - 1])
            for row in range(first, min(last, first + 400, len(values)) + 1)
            if self.is_data(row) and len(values[row - 1]) >= column and values[row - 1][column - 1] not in (None, "")
        ]
        return len(numbers) > 1 and all(str(number) == str(count) for count, number in enumerate(numbers, 1))

    def parts(self, first: int, last: int) -> list[tuple[int, int]]:
        """The column ranges of tables that stand side by side in a band: one, unless headings begin again."""
        window = self.window
        whole = [(window.left, window.right)]
        numbers = self.number_columns(first, last)
        if not numbers:
            return whole
        headings = self._heading_rows(first, 0, numbers)
        starts = []
        seen: set[str] = set()
        for column in range(window.left, window.right + 1):
            cells = [window.sheet.cell(row, column) for row in headings]
            roles = {self.vocabulary.of(cell).role for cell in cells if cell} & {"measure", "code", "org_unit"}
            if column > numbers[0] and column not in numbers:
                again = bool(roles & seen) and "measure" in roles | seen
                if again or (not roles and self._begins(column, first, last)):
                    starts.append(column)
                    seen = set()
            seen |= roles
        if not starts:
            return whole
        edges = [window.left, *starts, window.right + 1]
        return [(left, right - 1) for left, right in pairwise(edges)]

    def _begins(self, column: int, first: int, last: int) -> bool:
        return self._gap_before(column, first, last) and self._labels(column, first, last)

    def _gap_before(self, column: int, first: int, last: int) -> bool:
        values = self.window.sheet.values
        return all(
            len(values[row - 1]) < column - 1 or values[row - 1][column - 2] in (None, "")
            for row in range(max(1, first - 2), min(last, len(values)) + 1)
        )

    def _labels(self, column: int, first: int, last: int) -> bool:
        """Whether a column begins another table: words that name measures or org units, numbers to the right."""
        cells = [self.window.sheet.cell(row, column) for row in range(first, last + 1)]
        filled = [cell for cell in cells if cell is not None]
        known = [m for cell in filled if (m := self.vocabulary.of(cell)).measure or m.org_unit or m.is_period]
        return len(filled) * 2 >= len(cells) and len(known) * 2 >= len(filled) > 0

    def _heading_rows(self, first: int, above: int, numbers: list[int]) -> list[int]:
        """The heading rows right above the first row of numbers, from the top."""
        found: list[int] = []
        blanks = 0
        for row in range(first - 1, above, -1):
            cells = self.window.row(row)
            if not cells:
                if found or blanks == _MOST_BLANKS:
                    break
                blanks += 1
                continue
            if self.is_data(row) or len(found) == _MOST_HEADING_ROWS:
                break
            blanks = 0
            if not self._is_heading(row, cells, numbers, bool(found)):
                if found:
                    break
                continue
            found.insert(0, row)
        return found

    def _is_heading(self, row: int, cells: list[Cell], numbers: list[int], inner: bool) -> bool:
        """Whether a row above the numbers heads them; ``inner`` when a heading row stands below it already."""
        if is_line(cells):
            return False
        over = [
            cell
            for column in numbers
            if (cell := self.window.sheet.at(row, column)) and not self.window.is_missing(cell)
        ]
        distinct = {(cell.row, cell.column) for cell in over}
        first_number = numbers[0]
        if not over:
            roles = self._roles([self.vocabulary.of(cell) for cell in cells])
            return roles >= 2 and len(cells) >= 2
        meanings = [self.vocabulary.of(cell) for cell in over]
        if len(cells) >= 2 and len(distinct) >= 1:
            title = len(distinct) == 1 and over[0].column < first_number
            if not title:
                known = any(self.vocabulary.of(cell).measure for cell in cells if cell.column < first_number)
                heads = any(not meaning.says_nothing for meaning in meanings)
                return heads or not known
            return False
        if len(distinct) != 1 or (over[0].column < first_number and not self._all_numbers_from(over[0], numbers)):
            return False
        meaning = meanings[0]
        return bool(meaning.heads or meaning.measure or meaning.org_unit or meaning.unit) or (
            inner and over[0].row == row and self._merged(over[0])
        )

    def _merged(self, cell: Cell) -> bool:
        return (cell.row, cell.column) in self.window.sheet.merged_places

    def _all_numbers_from(self, cell: Cell, numbers: list[int]) -> bool:
        return cell.column >= numbers[0]

    def frame(self, above: int, first: int, last: int, before: Frame | None) -> Frame | None:
        """The table whose numbers stand in rows ``first`` to ``last``, below row ``above`` of the table before."""
        window = self.window
        numbers = self.number_columns(first, last)
        if not numbers:
            return None
        headings = self._heading_rows(first, above, numbers)
        top = headings[0] if headings else first
        bottom = headings[-1] if headings else top - 1
        last = self._with_bad_rows(last, numbers)
        body = tuple(row for row in range(bottom + 1, last + 1) if window.kind(row))
        titles = [row for row in range(above + 1, top) if Window(window.sheet).row(row)]
        lines = tuple(self._lines(titles))
        again = before and headings and before.headings and self._same_texts(headings, before.headings)
        outer = (*before.lines, *before.outer) if before and again else ()
        below = self._notes_below(last)
        inside = [row for row in body if not self.is_data(row)]
        notes = tuple(lines_of(window, [*inside, *below]))
        return Frame(window, tuple(headings), body, lines, notes, outer)

    def _lines(self, rows: list[int]) -> Iterator[Line]:
        """The texts of the rows above, the nearest first. Where each of two tables side by side has its own, this one's
        only."""
        for row in reversed(rows):
            lines = lines_of(Window(self.window.sheet), [row])
            own = [line for line in lines if self.window.left <= line.cell.column <= self.window.right]
            yield from own if own and self.window.left > 1 else lines if not own or len(lines) == 1 else own

    def _with_bad_rows(self, last: int, numbers: list[int]) -> int:
        """The last row, those included that have labels like the others but words where numbers belong."""
        while self.window.kind(last + 1) == "t":
            cells = self.window.row(last + 1)
            meant = [cell for cell in cells if cell.column in numbers and not self.window.is_missing(cell)]
            labelled = [self.vocabulary.of(cell) for cell in cells if cell.column < numbers[0]]
            if not meant or is_line(cells) or not any(meaning.measure or meaning.org_unit for meaning in labelled):
                break
            last += 1
        return last

    def _notes_below(self, last: int) -> list[int]:
        found = []
        for row in range(last + 1, min(last + 40, self.window.last_row) + 1):
            if self.window.kind(row) and self.is_data(row):
                return []
            if self.window.kind(row):
                found.append(row)
        return found

    def _same_texts(self, one: list[int], other: tuple[int, ...]) -> bool:
        def texts(rows: list[int] | tuple[int, ...]) -> list[list[str]]:
            return [[cell.text for cell in self.window.row(row)] for row in rows]

        return texts(one) == texts(other)
