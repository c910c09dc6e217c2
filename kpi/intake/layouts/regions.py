"""Cuts a sheet into tables: a header row, the rows below it, and the lines above that speak of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from kpi.intake.context import IntakeContext
from kpi.intake.grid import Cell, Sheet
from kpi.intake.layouts.headings import VALUE_ROLES, is_number_like, role_of
from kpi.intake.layouts.lines import Line, lines_of
from kpi.intake.numbers import read_number
from kpi.intake.period_text import parse_period

_TELLING = frozenset({"code", "measure", "org_code", "org_unit", "period", "scenario", *VALUE_ROLES})
_FEWEST_ROLES = 3
_FEWEST_PERIODS = 2
_LONGEST_HEADING = 40


@dataclass(frozen=True)
class Region:
    """One table of a sheet. ``layout`` is ``long`` or ``wide``, ``row`` its header, ``rows`` the ones below, ``lines``
    the texts above, the nearest first."""

    layout: str
    row: int
    rows: tuple[int, ...]
    lines: tuple[Line, ...]


def regions(sheet: Sheet, context: IntakeContext) -> list[Region]:
    """Every table of a sheet from top to bottom.

    The lines between two tables belong to the lower one; a header that is repeated word for word, as at a page break,
    keeps the lines of the first.
    """
    headers = _headers(sheet, context)
    rows = list(sheet.rows)
    found: list[Region] = []
    for number, (row, layout) in enumerate(headers):
        above = [other for other in rows if other < row]
        if number:
            above = _title_rows(sheet, [other for other in above if other > headers[number - 1][0]], context)
            cut = above[0] if above else row
            found[-1] = _shortened(found[-1], cut)
        lines = tuple(lines_of(sheet, reversed(above)))
        if number and not lines and _texts(sheet, row) == _texts(sheet, found[-1].row):
            lines = found[-1].lines
        found.append(Region(layout, row, tuple(other for other in rows if other > row), lines))
    return found


def _shortened(region: Region, end: int) -> Region:
    return Region(region.layout, region.row, tuple(row for row in region.rows if row < end), region.lines)


def _texts(sheet: Sheet, row: int) -> list[str]:
    return [cell.text for cell in sheet.rows[row]]


def _title_rows(sheet: Sheet, between: list[int], context: IntakeContext) -> list[int]:
    """The last rows of ``between`` that hold neither numbers nor a known measure with something beside it."""
    found: list[int] = []
    for row in reversed(between):
        cells = sheet.rows[row]
        measure = len(cells) > 1 and any(context.names.measure(cell.text) for cell in cells)
        if measure or any(is_number_like(cell) for cell in cells):
            break
        found.insert(0, row)
    return found


def _headers(sheet: Sheet, context: IntakeContext) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    known: dict[str, str] = {}
    for row, cells in sheet.rows.items():
        below_wide = bool(found) and found[-1] == (row - 1, "wide")
        roles = {_role(cell, known, context) for cell in cells} - {""}
        if _is_wide(cells, roles, bool(found) and found[-1][1] == "long", context):
            found.append((row, "wide"))
        elif len(roles & _TELLING) >= _FEWEST_ROLES and not below_wide:
            found.append((row, "long"))
    return found


def _role(cell: Cell, known: dict[str, str], context: IntakeContext) -> str:
    if not isinstance(cell.content, str) or len(cell.content) > _LONGEST_HEADING:
        return ""
    if cell.content not in known:
        known[cell.content] = role_of(cell, context.catalogue.units)[0]
    return known[cell.content]


def _is_wide(cells: tuple[Cell, ...], roles: set[str], inside_long: bool, context: IntakeContext) -> bool:
    """Two or more periods in words (one will do beside a heading for KPIs), or a run of bare years.

    Amounts that happen to look like years make no header, nor does a row that begins with a known KPI.
    """
    headed = bool(roles & {"measure", "code"})
    if (inside_long and not headed) or ("period" in roles and roles.intersection(VALUE_ROLES)):
        return False
    periods = [cell for cell in cells if names_period(cell, context)]
    if not periods or _begins_with_measure(cells, context):
        return False
    written = [cell for cell in periods if read_number(cell) is None]
    if len(written) >= (1 if headed else _FEWEST_PERIODS):
        return True
    numbers = [number.value for cell in cells if (number := read_number(cell)) is not None]
    words = any(isinstance(cell.content, str) and read_number(cell) is None for cell in cells)
    return (
        len(numbers) == len(periods) >= _FEWEST_PERIODS
        and all(1990 <= year <= 2100 for year in numbers)
        and all(later - year == 1 for year, later in pairwise(numbers))
        and (bool(roles) or not words)
    )


def _begins_with_measure(cells: Iterable[Cell], context: IntakeContext) -> bool:
    return any(context.names.measure(cell.text) for cell in cells if isinstance(cell.content, str))


def names_period(cell: Cell, context: IntakeContext) -> bool:
    """Whether a cell names a period."""
    content = cell.content
    if isinstance(content, Decimal):
        return 1900 <= content <= 2999 and parse_period(content, context.calendar) is not None
    if content is None or (isinstance(content, str) and not any(sign.isdigit() for sign in content)):
        return False
    return parse_period(content, context.calendar) is not None
