"""Cuts a sheet into tables: heading rows, body, and the lines above that speak of it; tables may stand side by side."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from kpi.intake.grid import Sheet
from kpi.intake.layouts.bands import Bands
from kpi.intake.layouts.lines import Line, is_line, lines_of
from kpi.intake.layouts.meaning import Vocabulary
from kpi.intake.layouts.window import Window


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


class _Cutter(Bands):
    """Cuts the tables out of a window, those side by side too."""

    def parts(self, first: int, last: int) -> list[tuple[int, int]]:
        """The column ranges of tables that stand side by side in a band: one, unless headings begin again."""
        window = self.window
        whole = [(window.left, window.right)]
        numbers = self.number_columns(first, last)
        if not numbers:
            return whole
        headings = self.heading_rows(first, 0, numbers)
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

    def frame(self, above: int, first: int, last: int, before: Frame | None) -> Frame | None:
        """The table whose numbers stand in rows ``first`` to ``last``, below row ``above`` of the table before."""
        window = self.window
        numbers = self.number_columns(first, last)
        if not numbers:
            return None
        headings = self.heading_rows(first, above, numbers)
        top = headings[0] if headings else first
        bottom = headings[-1] if headings else top - 1
        last = self._with_bad_rows(last, numbers)
        body = tuple(row for row in range(bottom + 1, last + 1) if window.kind(row) and not self.numbers_columns(row))
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
