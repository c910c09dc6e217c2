"""What can be wrong with the rows of a table, whichever its layout."""

from collections.abc import Iterable
from decimal import Decimal

from kpi.findings import Finding
from kpi.intake.context import IntakeContext
from kpi.intake.findings import finding
from kpi.intake.grid import Cell, Sheet
from kpi.intake.layouts.headings import is_number_like
from kpi.intake.layouts.lines import Line, lines_of, says_year_to_date
from kpi.intake.layouts.regions import Region
from kpi.intake.numbers import is_missing
from kpi.intake.slots import TableRead


def empty_cell(sheet: Sheet, row: int, column: int) -> Cell:
    """The cell at an empty place, to point at."""
    return sheet.at(row, column) or Cell(sheet.name, row, column, None)


def heading_below(sheet: Sheet, region: Region, columns: Iterable[int], context: IntakeContext) -> Cell | None:
    """The first cell of a second heading line: words where numbers belong, right below the header, in a row that
    names no KPI."""
    row = region.row + 1
    if row not in region.rows:
        return None
    cells = sheet.rows[row]
    if any(is_number_like(cell) or context.names.measure(cell.text) for cell in cells):
        return None
    wanted = set(columns)
    return next((cell for cell in cells if cell.column in wanted and not is_missing(cell)), None)


def blame_merged(sheet: Sheet, number: Cell, table: TableRead) -> None:
    """Say that a number stands in cells that were merged: nobody knows how it is shared among them."""
    if (number.row, number.column) in sheet.merged_places and is_number_like(number):
        table.findings.append(finding("merged_number", number))


def notes_of(sheet: Sheet, region: Region) -> list[Line]:
    """The texts of rows without numbers: headings of sections, notes below."""
    rows = (row for row in region.rows if not any(isinstance(cell.content, Decimal) for cell in sheet.rows[row]))
    return lines_of(sheet, rows)


def year_to_date(sheet: Sheet, region: Region, headings: Iterable[Cell]) -> list[Finding]:
    """At most one finding: the sheet's name, a line above, a heading or a note below speaks of year-to-date values."""
    lines = (line.cell for line in (*region.lines, *notes_of(sheet, region)))
    said = next(
        (cell for cell in (*headings, *lines) if isinstance(cell.content, str) and says_year_to_date(cell.content)),
        None,
    )
    if said is None and says_year_to_date(sheet.name):
        said = sheet.rows[region.row][0]
    return [finding("cumulative_period", said)] if said else []
