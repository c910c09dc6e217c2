"""The wide table: KPIs down, quarters across, with actual and plan side by side, in rows, or one of them only."""

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

from kpi.facts import Scenario
from kpi.intake.context import IntakeContext
from kpi.intake.findings import finding
from kpi.intake.grid import Cell, Sheet
from kpi.intake.layouts.headings import (
    ROLE_NAMES,
    area,
    lines_above,
    role_of,
    scenario_of,
    stated_org_unit,
    stated_scenario,
    stated_units,
)
from kpi.intake.names import TOTALS, folded
from kpi.intake.numbers import read_number
from kpi.intake.period_text import parse_period
from kpi.intake.report import TableFound
from kpi.intake.slots import Slot, TableRead
from kpi.units import Unit

_FEWEST = 2


@dataclass(frozen=True)
class _Column:
    """A column of numbers: the cell that names its period, and its scenario when the header says one."""

    column: int
    period: Cell
    scenario: Scenario | None
    scenario_cell: Cell | None


@dataclass
class _Frame:
    """What the header and the lines above say about every row below."""

    row: int
    depth: int
    labels: dict[str, Cell]
    columns: list[_Column]
    org_unit: str
    scenario: Scenario | None
    units: tuple[Unit, ...]


def read_wide(sheet: Sheet, context: IntakeContext) -> list[TableRead]:
    """Every wide table of a sheet, from its header row (two or more periods side by side) to the next one."""
    headers = [row for row, cells in sheet.rows.items() if _is_header(cells, context)]
    ends = [*headers[1:], max(sheet.rows, default=0) + 1][: len(headers)]
    return [_read_table(sheet, row, end, context) for row, end in zip(headers, ends, strict=True)]


def _is_header(cells: tuple[Cell, ...], context: IntakeContext) -> bool:
    """Two or more periods in words (one will do beside a heading for KPIs), or a run of bare years.

    Amounts that happen to look like years make no header.
    """
    written = [cell for cell in cells if read_number(cell) is None and _names_period(cell, context)]
    numbers = [number.value for cell in cells if (number := read_number(cell)) is not None]
    years = len(numbers) >= _FEWEST and all(1990 <= year <= 2100 for year in numbers)
    fewest = 1 if any(role_of(cell, context.catalogue.units)[0] in ("measure", "code") for cell in cells) else _FEWEST
    return len(written) >= fewest or (years and all(later - year == 1 for year, later in pairwise(numbers)))


def _names_period(cell: Cell, context: IntakeContext) -> bool:
    return parse_period(cell.content, context.calendar) is not None


def _read_table(sheet: Sheet, row: int, end: int, context: IntakeContext) -> TableRead:
    table = TableRead(TableFound(sheet=sheet.name, area="", layout="wide"))
    frame = _frame(sheet, row, end, context, table)
    body = [number for number in sheet.rows if row + frame.depth <= number < end]
    table.rows = frozenset(number for number in sheet.rows if row <= number < end)
    for number in body:
        _read_row(sheet, number, frame, table)
    first = min((*frame.labels.values(), frame.columns[0].period), key=lambda cell: cell.column)
    roles = {role: cell.address for role, cell in frame.labels.items()}
    roles["periods"] = f"{frame.columns[0].period.address}:{frame.columns[-1].period.address}"
    table.found = TableFound(sheet=sheet.name, area=area(first, max(table.rows), sheet), layout="wide", roles=roles)
    return table


def _frame(sheet: Sheet, row: int, end: int, context: IntakeContext, table: TableRead) -> _Frame:
    units = context.catalogue.units
    first = min(cell.column for cell in sheet.rows[row] if _names_period(cell, context))
    second = _second_header(sheet, row, first)
    depth = 2 if second else 1
    labels: dict[str, Cell] = {}
    for cell in (*sheet.rows[row], *(sheet.rows[row + 1] if second else ())):
        if cell.column < first and isinstance(cell.content, str):
            labels.setdefault(role_of(cell, units)[0] or "note", cell)
    if not labels.keys() & {"measure", "code"}:
        labels |= _guess_measure(sheet, range(row + depth, end), first, context)
    above = list(lines_above(sheet, row))
    columns = _columns(sheet, row, first, second, (row + depth, end), context, table)
    frame = _Frame(
        row=row,
        depth=depth,
        labels=labels,
        columns=columns,
        org_unit=stated_org_unit(sheet, above, context),
        scenario=stated_scenario(sheet, above),
        units=stated_units(above, units),
    )
    _check_frame(frame, table)
    return frame


def _guess_measure(sheet: Sheet, body: range, first: int, context: IntakeContext) -> dict[str, Cell]:
    """Under a blank or strange heading: the label column in which most words are known measures."""
    known = Counter(
        cell.column
        for row in body
        for cell in sheet.rows.get(row, ())
        if cell.column < first and context.names.measure(cell.text) is not None
    )
    column = next((column for column, _ in known.most_common(1)), None)
    places = (sheet.at(row, column) for row in (body.start - 1, *body)) if column else iter(())
    heading = next((cell for cell in places if cell is not None), None)
    return {"measure": heading} if heading else {}


def _second_header(sheet: Sheet, row: int, first: int) -> dict[int, Cell]:
    """Scenario cells of the row below by column; empty unless it names at least one scenario."""
    below = {cell.column: cell for cell in sheet.rows.get(row + 1, ()) if cell.column >= first}
    return below if any(scenario_of(cell) for cell in below.values()) else {}


def _columns(
    sheet: Sheet,
    row: int,
    first: int,
    second: dict[int, Cell],
    body: tuple[int, int],
    context: IntakeContext,
    table: TableRead,
) -> list[_Column]:
    columns: list[_Column] = []
    filled = _columns_with_numbers(sheet, body)
    period: Cell | None = None
    for column in range(first, max((first, *(cell.column for cell in sheet.rows[row]), *second, *filled)) + 1):
        own = sheet.at(row, column)
        period = own or (period if column in second else None)
        below = second.get(column)
        named = below or own
        role = role_of(named, context.catalogue.units)[0] if named else ""
        if role == "note":
            continue
        if named and role in ("derived", "reference"):
            table.findings += [finding("derived_column", named)] if column in filled else []
        elif period is not None and (_names_period(period, context) or _tries_to_name_period(period)):
            scenario = scenario_of(below) if below else None
            if second and scenario is None:
                table.findings += [finding("column_not_read", below or period)] if column in filled else []
            else:
                columns.append(_Column(column, period, scenario, below))
        elif column in filled:
            table.findings.append(finding("column_not_read", own or filled[column]))
    return columns


def _columns_with_numbers(sheet: Sheet, body: tuple[int, int]) -> dict[int, Cell]:
    """The first number of each column inside the rows ``body[0]`` to ``body[1] - 1``."""
    found: dict[int, Cell] = {}
    for row, cells in sheet.rows.items():
        if body[0] <= row < body[1]:
            for cell in cells:
                if read_number(cell) is not None:
                    found.setdefault(cell.column, cell)
    return found


def _tries_to_name_period(cell: Cell) -> bool:
    """A header such as 2026Q5 or 2026年五季度: meant as a period, to be reported as a wrong one."""
    text = cell.text.upper()
    return any(sign in text for sign in ("Q", "季", "年", "H", "-", "/", ".")) and any(sign.isdigit() for sign in text)


def _check_frame(frame: _Frame, table: TableRead) -> None:
    if not frame.labels.keys() & {"measure", "code"}:
        table.findings.append(finding("missing_column", frame.columns[0].period, column=ROLE_NAMES["measure"]))
    seen: dict[tuple[str, Scenario | None], _Column] = {}
    kept: list[_Column] = []
    for column in frame.columns:
        first = seen.setdefault((folded(column.period.text), column.scenario), column)
        if first is column:
            kept.append(column)
        elif first.period is not column.period:
            table.blame_once(finding("duplicate_column", column.period, other=first.period.address))
        elif first.scenario_cell and column.scenario_cell:
            table.findings.append(finding("duplicate_column", column.scenario_cell, other=first.scenario_cell.address))
    frame.columns = kept
    if any(column.scenario for column in kept):
        _check_pairs(frame, table)
    elif "scenario" not in frame.labels and frame.scenario is None:
        table.findings.append(finding("scenario_unclear", frame.columns[0].period))


def _check_pairs(frame: _Frame, table: TableRead) -> None:
    """Where most quarters tell actual from plan, each has to; a whole missing scenario is a missing column."""
    counts = Counter(column.scenario for column in frame.columns)
    if not counts[Scenario.PLAN] or not counts[Scenario.ACTUAL]:
        missing = "actual" if counts[Scenario.PLAN] else "plan"
        table.findings.append(finding("missing_column", frame.columns[0].period, column=ROLE_NAMES[missing]))
        return
    last_actual = max(column.column for column in frame.columns if column.scenario is Scenario.ACTUAL)
    by_period: dict[str, list[_Column]] = {}
    for column in frame.columns:
        by_period.setdefault(folded(column.period.text), []).append(column)
    for columns in by_period.values():
        has = {column.scenario for column in columns}
        absent = next((s for s in (Scenario.ACTUAL, Scenario.PLAN) if s not in has), None)
        only_planned = absent is Scenario.ACTUAL and columns[0].column > last_actual
        if absent and not only_planned:
            table.findings.append(
                finding(
                    "missing_plan_column",
                    columns[0].period,
                    period=columns[0].period.text,
                    column=ROLE_NAMES[absent.value],
                )
            )


def _read_row(sheet: Sheet, row: int, frame: _Frame, table: TableRead) -> None:
    def at(*names: str) -> Cell | None:
        cells = (sheet.at(row, frame.labels[name].column) for name in names if name in frame.labels)
        return next((cell for cell in cells if cell is not None), None)

    numbers = [(column, cell) for column in frame.columns if (cell := sheet.at(row, column.column)) is not None]
    measure, org_unit = at("code", "measure"), at("org_code", "org_unit")
    total = next((cell for cell in (measure, org_unit) if cell and folded(cell.text) in TOTALS), None)
    if not numbers or total is not None:
        table.findings += [finding("total_row", total)] if total and numbers else []
        return
    if measure is None:
        if frame.labels.keys() & {"measure", "code"} and any(read_number(cell) for _, cell in numbers):
            table.findings.append(finding("label_missing", numbers[0][1], column=ROLE_NAMES["measure"]))
        return
    if org_unit is None and not frame.org_unit:
        if frame.labels.keys() & {"org_unit", "org_code"}:
            table.findings.append(finding("label_missing", numbers[0][1], column=ROLE_NAMES["org_unit"]))
        else:
            table.blame_once(finding("org_unit_unclear", frame.columns[0].period))
        return
    named = at("scenario")
    row_scenario = scenario_of(named) if named else None
    if named and row_scenario is None:
        table.findings.append(finding("scenario_unclear", named))
        return
    for column, number in numbers:
        scenario = column.scenario or row_scenario or frame.scenario
        if scenario is not None:
            table.slots.append(
                Slot(
                    number=number,
                    measure=measure,
                    period=column.period,
                    scenario=scenario,
                    org_unit=org_unit,
                    org_unit_code=frame.org_unit,
                    unit_cell=at("unit"),
                    units=frame.units,
                )
            )
