"""The long table: one row a figure, with columns for KPI, org unit, period, actual and plan; our template is one."""

from dataclasses import dataclass

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
    stated_units,
)
from kpi.intake.names import TOTALS, folded
from kpi.intake.report import TableFound
from kpi.intake.slots import Slot, TableRead
from kpi.units import Unit

_TELLING = frozenset(
    {"code", "measure", "org_code", "org_unit", "period", "actual", "plan", "restated", "value", "scenario"}
)
_FEWEST = 3
_VALUES = (Scenario.ACTUAL, Scenario.PLAN, Scenario.RESTATED)
TEMPLATE_MARKS = ("Scorecast", "scorecast")


@dataclass(frozen=True)
class _Header:
    """Cell of each role, and the unit that stands behind a value column's name."""

    row: int
    roles: dict[str, Cell]
    units: dict[str, Unit]

    @property
    def first(self) -> Cell:
        return min(self.roles.values(), key=lambda cell: cell.column)


def read_long(sheet: Sheet, context: IntakeContext) -> TableRead | None:
    """The long table of a sheet, or None when no row looks like its header.

    A missing column is a finding at the header; what the other columns say is read all the same.
    """
    header = _find_header(sheet, context)
    if header is None:
        return None
    above = list(lines_above(sheet, header.row))
    org_unit = stated_org_unit(sheet, above, context)
    body = [row for row in sheet.rows if row > header.row]
    layout = "template" if any(mark in cell.text for cell in above for mark in TEMPLATE_MARKS) else "long"
    found = TableFound(
        sheet=sheet.name,
        area=area(header.first, body[-1] if body else header.row, sheet),
        layout=layout,
        roles={role: cell.address for role, cell in header.roles.items()},
    )
    table = TableRead(found, rows=frozenset({header.row, *body}))
    for role in _missing_roles(header, org_unit):
        table.findings.append(finding("missing_column", header.first, column=ROLE_NAMES[role]))
    units = stated_units(above, context.catalogue.units)
    for row in body:
        _read_row(sheet, row, header, org_unit, units, table)
    return table


def _find_header(sheet: Sheet, context: IntakeContext) -> _Header | None:
    for row, cells in sheet.rows.items():
        roles: dict[str, Cell] = {}
        units: dict[str, Unit] = {}
        for cell in cells:
            role, unit = role_of(cell, context.catalogue.units) if isinstance(cell.content, str) else ("", None)
            if role and role not in roles:
                roles[role] = cell
                if unit is not None:
                    units[role] = unit
        if len(roles.keys() & _TELLING) >= _FEWEST:
            return _Header(row, roles, units)
    return None


def _missing_roles(header: _Header, org_unit: str) -> list[str]:
    roles = header.roles.keys()
    missing = [role for role in ("measure", "org_unit", "period") if not _has(header, role)]
    if org_unit and "org_unit" in missing:
        missing.remove("org_unit")
    if "value" in roles or "scenario" in roles:
        return missing + [role for role in ("scenario", "value") if role not in roles]
    return missing + [role for role in ("actual", "plan") if role not in roles]


def _has(header: _Header, role: str) -> bool:
    instead = {"measure": "code", "org_unit": "org_code"}.get(role, role)
    return role in header.roles or instead in header.roles


def _read_row(
    sheet: Sheet, row: int, header: _Header, org_unit: str, units: tuple[Unit, ...], table: TableRead
) -> None:
    def at(*names: str) -> Cell | None:
        cells = (sheet.at(row, header.roles[name].column) for name in names if name in header.roles)
        return next((cell for cell in cells if cell is not None), None)

    numbers = [(role, cell) for role in (*_VALUES, "value") if (cell := at(role)) is not None]
    labels = {"measure": at("code", "measure"), "org_unit": at("org_code", "org_unit"), "period": at("period")}
    if not numbers or _left_out(labels, numbers[0][1], header, table):
        return
    measure, period = labels["measure"], labels["period"]
    if measure is None or period is None or (labels["org_unit"] is None and not org_unit):
        return
    for role, number in numbers:
        scenario = _scenario(role, at("scenario"), number, header, table)
        if scenario is None:
            continue
        own = (header.units[role],) if role in header.units else ()
        table.slots.append(
            Slot(
                number=number,
                measure=measure,
                period=period,
                scenario=scenario,
                org_unit=labels["org_unit"],
                org_unit_code=org_unit,
                names=tuple(cell for role in _beside_codes(header) if (cell := at(role)) is not None),
                unit_cell=at("unit"),
                units=(*own, *units),
            )
        )


def _beside_codes(header: _Header) -> list[str]:
    return [name for code, name in (("code", "measure"), ("org_code", "org_unit")) if code in header.roles]


def _left_out(labels: dict[str, Cell | None], number: Cell, header: _Header, table: TableRead) -> bool:
    """Whether the row is one of totals, or lacks a label; either is told."""
    total = next((cell for cell in labels.values() if cell and folded(cell.text) in TOTALS), None)
    if total is not None:
        table.findings.append(finding("total_row", total))
        return True
    empty = next((role for role, cell in labels.items() if cell is None and _has(header, role)), None)
    if empty is not None:
        table.findings.append(finding("label_missing", number, column=ROLE_NAMES[empty]))
    return empty is not None


def _scenario(role: str, named: Cell | None, number: Cell, header: _Header, table: TableRead) -> Scenario | None:
    """The scenario of a value column: its own, or what the row's scenario cell says."""
    if role != "value":
        return Scenario(role)
    scenario = scenario_of(named) if named else None
    if scenario is None and "scenario" in header.roles:
        table.findings.append(finding("scenario_unclear", named or number))
    return scenario
