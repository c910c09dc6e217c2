"""Which rows of a window hold data, which head it, and where one table ends and the next begins."""

import re
from itertools import pairwise

from kpi.intake.grid import Cell, content_of
from kpi.intake.labels import folded
from kpi.intake.layouts.lines import is_line
from kpi.intake.layouts.meaning import Meaning, Vocabulary
from kpi.intake.layouts.window import Window
from kpi.intake.numbers import read_number

_MOST_HEADING_ROWS = 4
_MOST_BLANKS = 2
_FEWEST_COUNTED = 3
_LOOKED_AT = 40
_NUMBERING = re.compile(r"栏次|行次|列次|列号|序号|编号|栏|no|nos|column|columnno|col|ref")
_NO_NUMBERS = frozenset({"note", "period", "code", "org_code"})
_SECTION_HEADS = frozenset({"measure", "code", "org_unit", "org_code", "period"})


def _whole_numbers(cells: list[Cell]) -> list[int]:
    """The whole numbers of cells, as far as they are such."""
    found = (read_number(cell) for cell in cells)
    return [int(one.value) for one in found if one and not one.percent and one.value == int(one.value)]


class Bands:
    """The tables of a window from top to bottom."""

    def __init__(self, window: Window, vocabulary: Vocabulary) -> None:
        self.window, self.vocabulary = window, vocabulary
        self._found: dict[tuple[int, int], list[int]] = {}
        self._counting: dict[int, bool] = {}

    def is_data(self, row: int) -> bool:
        """Whether a row holds numbers that are no periods of a heading."""
        kind = self.window.kind(row)
        if kind == "n":
            return not self._counts_columns(row)
        return kind == "p" and not self._heads_periods(row)

    def _counts_columns(self, row: int) -> bool:
        """Whether a row only numbers the columns below a row of headings, 1, 2, 3 and so on, as years of development
        are."""
        if row not in self._counting:
            line = self.window.sheet.values[row - 1] if row <= len(self.window.sheet.values) else ()
            filled = [raw for raw in line[self.window.left - 1 : self.window.right] if raw is not None and raw != ""]
            if self.numbers_columns(row) or self._heads_steps(row):
                self._counting[row] = True
                return True
            counted = len(filled) >= _FEWEST_COUNTED and str(content_of(filled[0])) in ("0", "1")
            if counted:
                first = int(str(content_of(filled[0])))
                counted = [str(content_of(raw)) for raw in filled] == [str(first + n) for n in range(len(filled))]
            below = self.window.kind(row + 1) == "n" and self.window.kind(row - 1) == "t"
            self._counting[row] = counted and below and any(self.window.row(row - 1))
        return self._counting[row]

    def numbers_columns(self, row: int) -> bool:
        """Whether a row right below headings says 栏次, No. or the like and then 1, 2, 3: it holds no values."""
        cells = self.window.row(row)
        words = [cell for cell in cells if isinstance(cell.content, str) and not self.window.is_number(cell)]
        named = bool(words) and words[0] is cells[0] and all(_NUMBERING.fullmatch(folded(cell.text)) for cell in words)
        if not named or self.window.kind(row - 1) not in ("t", "p"):
            return False
        numbers = _whole_numbers([cell for cell in cells if cell not in words])
        if words[0].text.isascii() and (len(numbers) < _FEWEST_COUNTED or numbers[0] != 1):
            return False  # No may be an answer
        return len(numbers) == len(cells) - len(words) > 0 and all(b - a == 1 for a, b in pairwise(numbers))

    def _heads_steps(self, row: int) -> bool:
        """Whether a row that nothing but titles stand above has whole numbers rising by equal steps behind a text that
        names nothing known, as 12, 24, 36 months behind Tenor, over rows filled alike."""
        cells = self.window.row(row)
        numbers = _whole_numbers(cells[1:])
        if len(numbers) < _FEWEST_COUNTED or len(numbers) != len(cells) - 1 or self.window.kind(row - 1):
            return False
        corner = self.vocabulary.of(cells[0])
        steps = {later - earlier for earlier, later in pairwise(numbers)}
        if corner.measure or corner.org_unit or corner.total or not isinstance(cells[0].content, str):
            return False
        if numbers[0] < 0 or len(steps) != 1 or min(steps) <= 0 or self.window.is_number(cells[0]):
            return False
        above = [self.window.row(before) for before in range(1, row)]
        if any(len(before) > 1 and not is_line(before) for before in above):
            return False
        columns = [cell.column for cell in cells]
        below = [self.window.row(after) for after in (row + 1, row + 2)]
        return all([cell.column for cell in after] == columns for after in below) and all(
            all(self.window.is_number(cell) for cell in after[1:]) for after in below
        )

    def _heads_periods(self, row: int) -> bool:
        cells = self.window.row(row)
        words = [self.vocabulary.of(cell) for cell in cells if isinstance(cell.content, str)]
        words = [meaning for meaning in words if not meaning.is_period]
        numbers = sum(self.window.is_number(cell) for cell in cells)
        corner = self.vocabulary.of(cells[0])
        if numbers > 1 and corner.org_unit and not self.window.kind(row - 1) and self.window.kind(row + 1) == "n":
            words = [meaning for meaning in words if meaning is not corner]
        if any(meaning.measure or meaning.org_unit or meaning.odd for meaning in words if not meaning.role):
            return False
        if any(meaning.role in _SECTION_HEADS for meaning in words):
            return True
        below = next((self.window.kind(after) for after in range(row + 1, row + 4) if self.window.kind(after)), "")
        heading = all(meaning.heads or meaning.unit or meaning.total for meaning in words)
        if numbers == 1 and heading and self._periods_below(row):
            return True
        unknown = sum(not (meaning.heads or meaning.unit or meaning.total) for meaning in words)
        if unknown <= 1 and below in ("n", "t") and self._nothing_over(row, cells):
            return True
        return numbers >= 2 and heading and below in ("n", "t", "p") and not self._data_above(row)

    def _nothing_over(self, row: int, cells: list[Cell]) -> bool:
        """Whether no text stands right above the numbers of a row, and its corner is text: then they are headings, as
        rows of data have headings themselves."""
        if not isinstance(cells[0].content, str) and self.window.sheet.cell(row, self.window.left) is not None:
            return False
        above = (self.window.sheet.cell(row - 1, cell.column) for cell in cells if self.window.is_number(cell))
        return not any(cell is not None for cell in above) and self.window.kind(row - 1) != "n"

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
        if (first, last) not in self._found:
            self._found[first, last] = self._number_columns(first, last)
        return self._found[first, last]

    def _number_columns(self, first: int, last: int) -> list[int]:
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
        """Whether one of the rows right above heads the column as serial numbers, periods or codes, or years stand in
        it."""
        above = (self.window.sheet.cell(row, column) for row in range(max(1, first - _MOST_HEADING_ROWS), first))
        if any(self.vocabulary.of(cell).role in _NO_NUMBERS for cell in above if cell is not None):
            return True
        years = [cell for row in range(first, first + _LOOKED_AT) if (cell := self.window.sheet.cell(row, column))]
        parts = [self.vocabulary.of(cell).parts for cell in years]
        return len(parts) > 1 and all(part.year and not part.grain and 1990 <= part.year <= 2100 for part in parts)

    def _counts(self, column: int, first: int, last: int) -> bool:
        """Whether a column only counts the rows: 1, 2, 3 and so on, two at least, or is headed so."""
        if self._is_noted(column, first):
            return True
        values = self.window.sheet.values
        top = values[first - 1] if first <= len(values) else ()
        if len(top) < column or top[column - 1] not in (1, "1"):
            return False
        numbers = [
            content_of(values[row - 1][column - 1])
            for row in range(first, min(last, first + 400, len(values)) + 1)
            if self.is_data(row) and len(values[row - 1]) >= column and values[row - 1][column - 1] not in (None, "")
        ]
        return len(numbers) > 1 and all(str(number) == str(count) for count, number in enumerate(numbers, 1))

    def heading_rows(self, first: int, above: int, numbers: list[int]) -> list[int]:
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
            if self.numbers_columns(row):
                continue
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
